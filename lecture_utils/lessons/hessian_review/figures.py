"""The drawings of lesson 01: arrays and surfaces in, a picture with its alt text out."""

import numpy as np

from lecture_utils.studio.figures import *


@styled
def along_the_axes(surface):
    """The loss along either axis through the origin, with a ball in the middle."""
    fig, axes = canvas(1, 2, size=(9, 3), sharey=True)
    t = np.linspace(-1, 1, 81)
    for ax, name, path in zip(axes, "₁₂", ((t, 0 * t), (0 * t, t)), strict=True):
        ax.plot(t, np.asarray(surface.function(*path)), color=BLACK, ls="-")
        ax.plot(0, float(surface(np.zeros(2))), "o", ms=13, color="white", mec="black", mew=1.5)
        ax.set(xlabel=f"weight w{name} (the other is 0)", ylim=(0, 2))
    axes[0].set(ylabel="loss L")
    axes[0].set_title("A ball at the origin, seen along each axis")
    return show(
        fig,
        "The loss along the first and along the second axis through the origin: two level lines at "
        "1, with a ball in the middle of each.",
    )


@styled
def rectangle_and_triangle():
    """The slope of a walk against the distance, and the area below it in two parts."""
    fig, ax = canvas(size=(7, 3.4))
    t, start, end = 1.0, 0.5, 1.3
    ax.fill_between([0, t], 0, start, color=SKY, alpha=0.5, lw=0)
    ax.fill_between([0, t], start, [start, end], color=ORANGE, alpha=0.5, lw=0)
    ax.plot([0, t], [start, end], color=BLACK, ls="-")
    x = np.linspace(0, 1.15, 60)
    tangent = start + (end - start) * x
    true = tangent + 0.25 * x**2
    ax.plot(x, true, color=GREY, ls="--")
    ax.fill_between(x, tangent, true, where=x <= t, color=GREY, alpha=0.35, lw=0)
    arrow = {"arrowstyle": "->", "color": GREY}
    ax.annotate("sliver", (0.9, 1.3), (0.55, 1.3), va="center", color=GREY, arrowprops=arrow)
    ax.text(0.5, 0.22, "rectangle: t gᵀv", ha="center", va="center")
    ax.text(0.68, 0.66, "triangle", ha="center", va="center")
    ax.annotate("", (1.03, end), (1.03, start), arrowprops={"arrowstyle": "<->"})
    ax.text(1.06, 0.5 * (start + end), "ct", va="center")
    ax.text(0.72, 1.42, "true slope", ha="right", va="bottom", color=GREY)
    ax.set(xlabel="distance", ylabel="slope φ′", xlim=(0, 1.25), ylim=(0, 1.75))
    ax.set(xticks=[0, t], xticklabels=["0", "t"], yticks=[0, start], yticklabels=["0", "gᵀv"])
    ax.set_title("The height gained is the area below the slope")
    return show(
        fig,
        "The slope of a walk against the distance: a straight line that rises by c t over a "
        "distance t, with a rectangle and a triangle below it, and the true slope leaving it, with "
        "a sliver between the two.",
    )


@styled
def two_factors(path):
    """A descent (steps + 1, 2) beside a saddle: its path, and its parts along both eigenvectors."""
    fig, (plan, parts) = canvas(1, 2, size=(10.5, 3.7))
    steps = np.arange(len(path))
    along = np.abs(path @ np.array([[1, -1], [1, 1]]) / np.sqrt(2))
    plan.plot(*path.T, color=BLUE, ls="-", marker="o", ms=4)
    plan.plot(0, 0, "o", ms=11, color="white", mec="black", mew=1.5)
    reach = np.array([-1.0, 1.2])
    for slope, name, x in ((1, "(1, 1)", 0.62), (-1, "(−1, 1)", -0.3)):
        plan.plot(reach, slope * reach, color=GREY, ls=":", lw=1.2)
        plan.text(x, slope * x + 0.12, name, ha="right", va="bottom", color=GREY)
    plan.set(xlabel="weight w₁", ylabel="weight w₂", xlim=(-0.9, 1.3), ylim=(-0.9, 1.3))
    plan.set_aspect("equal")
    plan.set_title("The way out: along (1, 1)")
    parts.semilogy(steps, along[:, 0], color=BLUE, ls="-", label="along (1, 1): × 1.1")
    shown = along[:, 1] > 1e-18
    parts.semilogy(steps[shown], along[shown, 1], color=RED, ls="--", label="along (−1, 1): × 0.9")
    parts.set(xlabel="step", ylabel="part of the distance", ylim=(1e-14, 10))
    parts.set_title("One part grows by a factor, one shrinks")
    parts.legend(loc="lower left")
    note = {"ha": "right", "va": "top", "color": GREY}
    parts.text(len(path), 0.002 * along[-1, 0], "here the parabola\nno longer holds", **note)
    return show(
        fig,
        "Left, a descent that leaves the saddle along the diagonal. Right, its two parts on a "
        "logarithmic axis: a straight line upwards along (1, 1), and one downwards across.",
    )


@styled
def between_the_axes(surface):
    """The surface of two weights in a row from above, and what it does in four directions."""
    fig, ax = canvas(size=(5.6, 4.6))
    contours(ax, *surface.grid(241), log=True, floor=0.01)
    ax.set(xlabel="weight w₁", ylabel="weight w₂", aspect="equal")
    ax.set_title("The same ball, from above")
    for v, name in (((1, 0), "level"), ((1, 1), "falls"), ((0, 1), "level"), ((-1, 1), "rises")):
        v = np.array(v) / np.hypot(*v)
        ax.annotate("", 0.95 * v, 0.12 * v, arrowprops={"arrowstyle": "-|>", "lw": 2, "color": "w"})
        ax.text(*(1.2 * v), name, color="white", ha="center", va="center", weight="bold")
    ax.plot(0, 0, "o", ms=13, color="white", mec="black", mew=1.5)
    return show(
        fig,
        "The loss of two weights in a row from above: zero along two curves in opposite corners, "
        "high in the two others; from the ball in the middle it falls along (1, 1), rises along "
        "(-1, 1), and is level along the axes.",
    )


@styled
def model_errors(lengths, errors, slopes):
    """Errors (directions, lengths, 3) of tangent, parabola and parabola without ½."""
    fig, ax = canvas(size=(8, 4))
    names = ["tangent", "parabola", "parabola without its ½"]
    series = {
        f"{name}: slope {slope:.1f}": errors[..., k]
        for k, (name, slope) in enumerate(zip(names, slopes, strict=True))
    }
    power_laws(
        ax,
        lengths,
        series,
        xlabel="distance from θ₀",
        ylabel="error of the forecast",
        title="The parabola's error falls with slope 3",
    )
    return show(
        fig,
        "Errors of tangent, parabola, and parabola without its one half against the distance, on "
        "logarithmic axes: straight lines of slope two, three and two.",
    )


@styled
def plateaus(distances, leave, net):
    """Steps to leave a saddle (directions, distances), and loss curves of a network's plateaus."""
    fig, (left, right) = canvas(1, 2, size=(11.5, 3.9))
    per_decade = np.diff(np.median(leave, axis=0)).mean() / 2
    bands(
        left,
        distances,
        {"25 directions": leave},
        xlabel="distance of the start (right is closer)",
        ylabel="steps until L < ½",
        title=f"Two weights: {per_decade:.0f} steps per factor 10",
        legend=False,
    )
    left.set(xscale="log", xlim=(2e-2, 5e-15))
    for k, curve in enumerate(net.curves[0]):
        right.plot(
            curve,
            color=BLUE,
            ls="-",
            alpha=1 - 0.17 * k,
            label="usual start" if k == 0 else f"start × 10⁻{'¹²³⁴'[k - 1]}",
        )
    right.set(xlabel="step", ylabel="training loss L")
    counted = np.diff(net.steps, axis=1)[:, 1:].mean()
    right.set_title(f"1210 weights: {counted:.0f} steps per factor 10")
    right.legend(loc="upper right")
    return show(
        fig,
        "Left, the steps needed to leave a saddle against the distance of the start: a straight "
        "line on a logarithmic axis. Right, loss curves of a network with flat stretches that "
        "lengthen evenly as the start gets closer to the origin.",
    )


@styled
def newton_on_curves(cases, paths, parabolas):
    """Newton's first iterates on four losses of one variable, and the parabola at each start."""
    fig, axes = canvas(1, 4, size=(13, 3.4))
    titles = ["up, to the maximum", "to and fro for ever", "away: x becomes −x³", "x becomes ⅔x"]
    spans = [1.4, 1.4, 3.0, 1.7]
    for ax, (loss, _), path, parabola, title, span in zip(
        axes, cases, paths, parabolas, titles, spans, strict=True
    ):
        iterates(ax, loss, path[:3], span=(-span, span), title=title, ylabel="", parabola=parabola)
    axes[0].set_ylabel("loss L")
    return show(
        fig,
        "Four losses of one variable with Newton's numbered steps: climbing to a maximum, cycling, "
        "running away, and creeping towards a flat minimum.",
    )


@styled
def newton_time(sizes, seconds):
    """Seconds of one Newton step against N, with a line of slope three through the last."""
    fig, ax = canvas(size=(8, 3.3))
    line = seconds[-1] * (sizes / sizes[-1]) ** 3.0
    power_laws(
        ax,
        sizes,
        {"measured here": seconds, "slope 3": line},
        xlabel="number of parameters N",
        ylabel="seconds of one core",
        title="The time of a Newton step grows almost like N³",
    )
    ax.set_xticks(sizes, map(str, sizes))
    ax.minorticks_off()
    return show(fig, "Time of a Newton step against N on logarithmic axes, with a line of slope 3.")


@styled
def curvatures_by_dimension(sizes, seen):
    """How the curvatures along random directions spread, for each number of parameters."""
    fig, axes = canvas(1, len(sizes), size=(12, 3.3), sharex=True)
    for ax, size, (eigenvalues, direct, _) in zip(axes, sizes, seen, strict=True):
        curvature_histogram(ax, direct, eigenvalues, title=f"{size} parameters")
    return show(
        fig,
        "Curvature along random directions for 2, 10 and 100 parameters, with the eigenvalues as "
        "ticks: ever narrower, far from the extreme eigenvalues.",
    )


@styled
def gallery(surfaces, verdicts):
    """Seven surfaces in space, each with its formula and verdict."""
    fig, axes = canvas(2, 4, size=(11, 4.8), subplot_kw={"projection": "3d"})
    axes.flat[-1].set_axis_off()
    for ax, surface in zip(axes.flat, surfaces, strict=False):
        x, y, z = surface.grid(61)
        title = f"${surface.formula}$\n{verdicts[surface.name]}"
        surface3d(ax, *np.meshgrid(x, y), z, title)
    return show(
        fig,
        "Seven surfaces: a bowl, a saddle, a valley with a quartic floor, a quartic saddle, a "
        "dome, a plain, and the monkey saddle with three ways down.",
    )


@styled
def walks(angles, found):
    """The loss on a circle around each origin, red above the middle and blue below it."""
    fig, axes = canvas(2, 4, size=(11, 4.2))
    axes.flat[-1].set_axis_off()
    for ax, walk in zip(axes.flat, found.values(), strict=False):
        around(ax, np.radians(angles), walk.heights, f"${walk.formula}$: {walk.name}")
        ax.set(ylabel="" if ax not in axes[:, 0] else "L − L(0)")
    return show(
        fig,
        "The loss on a circle around each origin: above zero for bowl and quartic valley, of both "
        "signs for three saddles, below zero for the dome, zero for the plain.",
    )


@styled
def ways_out(distances, leave):
    """Steps until the loss has fallen, against the distance of the start, for each method."""
    fig, ax = canvas(size=(8, 3.5))
    bands(
        ax,
        distances,
        leave,
        xlabel="distance of the start from the saddle (right is closer)",
        ylabel="steps until L < ½",
        title="Only the jump does not mind the distance",
    )
    ax.set(xscale="log", xlim=(2e-2, 5e-15))
    return show(
        fig,
        "Steps needed to leave the saddle against the starting distance, on a log axis: a rising "
        "line for gradient descent, a lower one for saddle-free Newton, flat for the jump.",
    )


@styled
def growing_norms(clean, noisy):
    """Loss, minibatch gradient norm and full gradient norm over the epochs, with bands."""
    fig, axes = canvas(1, 3, size=(13, 3.5))
    labels = ["training loss L", "mean ‖g‖ of a minibatch", "‖g‖ over all the data"]
    titles = ["Both losses fall", "The gradient norm can grow", "also over all the data"]
    for k, (ax, ylabel, title) in enumerate(zip(axes, labels, titles, strict=True)):
        pair = {"clean labels": clean[k], "40 % wrong labels": noisy[k]}
        epochs = np.arange(1, clean[k].shape[1] + 1)
        bands(ax, epochs, pair, xlabel="epoch", ylabel=ylabel, title=title, legend=k == 0)
        ax.set_ylim(0)
    return show(
        fig,
        "Loss, minibatch gradient norm and full gradient norm over 120 epochs, five seeds: with "
        "wrong labels both norms grow while the loss falls; with clean labels both end near zero.",
    )


@styled
def difference_errors(spacings, gaps):
    """The error of a Hessian by differences against the spacing, on logarithmic axes."""
    fig, ax = canvas(size=(8, 3.3))
    power_laws(
        ax,
        spacings,
        {"differences minus autodiff": gaps},
        xlabel="spacing h",
        ylabel="largest gap in H",
        title="Differences need a spacing, and the best one is not known before",
    )
    return show(fig, "The error of finite differences against their spacing: a V, best near 1e-4.")
