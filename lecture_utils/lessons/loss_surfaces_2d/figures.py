"""The drawings of notebook 06: surfaces with a path on top, triangles, strategies side by side."""

import numpy as np
from matplotlib.ticker import LogLocator, NullLocator

from lecture_utils.studio import field
from lecture_utils.studio.figures import *


def clipped(z, top):
    """z with everything above ``top``, infinity too, at ``top``: one color for all."""
    return np.minimum(z, top)


@styled
def landscape(ax, x, y, z, *, path=None, top=30.0, floor=1e-3, title="", labels=True):
    """The loss z[y, x] as contours, four a decade, from ``floor`` to ``top``; a path on top.

    ``path`` (steps, 2), in the plane's coordinates: a ring where it starts, a star where it ends.
    What lies above ``top`` has one color, and hatching is where the loss is NaN.
    """
    filled = contours(ax, x, y, clipped(z, top), log=True, floor=floor, labels=labels)
    field.note(ax, x, y, z)  # not as it was cut
    if path is not None:
        trail(ax, path)
    label(ax, xlabel="distance along d₁", ylabel="distance along d₂", title=title)
    ax.set(xlim=(np.min(x), np.max(x)), ylim=(np.min(y), np.max(y)), aspect="equal")
    return filled


@styled
def trail(ax, path, color="white", every=5):
    """A trajectory (steps, 2) on a surface: dots every few steps, ring at the start, star at θ*."""
    path = np.asarray(path)
    (line,) = ax.plot(*path.T, color=color, ls="-", lw=1.6, marker="o", ms=4, markevery=every)
    ax.plot(*path[0], "o", ms=11, mfc="none", mec=color, mew=2.2)
    ax.plot(*path[-1], "*", ms=17, color=RED, mec="white")
    return line


@styled
def landscape3d(ax, x, y, z, path, heights, *, top=30.0, floor=1e-3, title=""):
    """The same surface in space, its height log₁₀ of the loss, and a path at its true losses."""
    shown = logarithm(check_plane(x, y, clipped(z, top)), floor).filled(np.nan)
    surface = ax.plot_surface(
        *np.meshgrid(x, y), shown, cmap="viridis", lw=0, rstride=1, cstride=1, alpha=0.75
    )
    ax.computed_zorder = False  # or the surface hides what lies on it
    lifted = np.log10(np.clip(heights, floor, top))
    ax.plot(*np.transpose(path), lifted, color=RED, ls="-", lw=2.2, zorder=5)
    ax.plot(*np.transpose(path)[:, -1:], lifted[-1:], "*", color=RED, mec="white", ms=15, zorder=6)
    ax.set(xticklabels=[], yticklabels=[], zticks=[-2, -1, 0, 1])
    ax.set_zticklabels(["0.01", "0.1", "1", "10"])
    ax.set_xlabel("d₁", labelpad=-10)
    ax.set_ylabel("d₂", labelpad=-10)
    ax.set_title(title, loc="center")
    ax.view_init(38, -58)
    return surface


@styled
def triangle(ax, profile, names, *, top=10.0, floor=1e-3, title=""):
    """A plane through three solutions, a ``Triangle``, in true distances, the corners named."""
    shown = np.ma.masked_invalid(clipped(profile.losses, top))
    edges = np.arange(np.log10(floor), np.log10(top) + 0.01, 0.25)
    filled = ax.contourf(profile.x, profile.y, logarithm(shown, floor), levels=edges, extend="max")
    closed = np.vstack([profile.corners, profile.corners[:1]])
    ax.plot(*closed.T, color="white", ls="--", lw=1.2)
    middle = profile.corners.mean(axis=0)
    for name, place in zip(names, profile.corners, strict=True):
        ax.plot(*place, "*", ms=16, color=RED, mec="white")
        ha = "center" if abs(place[0] - middle[0]) < 0.1 * np.ptp(closed[:, 0]) else None
        ha = ha or ("right" if place[0] < middle[0] else "left")
        up = place[1] > middle[1]
        box = {"boxstyle": "round,pad=0.2", "fc": "white", "ec": "none", "alpha": 0.85}
        ax.annotate(
            name,
            place,
            xytext=(0, 11 if up else -11),
            textcoords="offset points",
            ha="center" if up else ha,
            va="bottom" if up else "top",
            bbox=box,
            fontsize=11,
        )
    label(ax, xlabel="distance in weights", ylabel="distance", title=title)
    there = np.isfinite(profile.losses)
    for limits, places in ((ax.set_xlim, profile.x), (ax.set_ylim, profile.y)):
        limits(places[there].min(), places[there].max())
    ax.set_aspect("equal")
    return filled


@styled
def color_bar(figure, filled, axes, ticks=(0.001, 0.01, 0.1, 1, 10)):
    """A bar that reads the logarithmic colors of the surfaces above as losses."""
    bar = figure.colorbar(filled, ax=axes, ticks=np.log10(ticks), shrink=0.85)
    bar.ax.set_yticklabels([f"{tick:g}" for tick in ticks])
    bar.set_label("loss L")
    return bar


STRATEGIES = {
    "SGD": {"color": BLUE, "marker": "o"},
    "momentum": {"color": METHODS["momentum"]["color"], "marker": "D"},
    "Adam": {"color": BLACK, "marker": "P"},
    "other order": {"color": GREY, "marker": "s"},
    "other init": {"color": RED, "marker": "X"},
    "Adam → SGD": {"color": PURPLE, "marker": "v"},
    "SGD → Adam": {"color": GREEN, "marker": "^"},
}
"""One look per training strategy."""


@styled
def strategies(ax, values: dict, *, xlabel: str, title: str, log=False, reference=None, note=""):
    """One row per strategy, one marker per seed: each value has shape (seeds,).

    ``reference`` draws a dashed line, the lecture's number, named by ``note``.
    """
    spread = np.log10(np.maximum(np.concatenate(list(map(np.ravel, values.values()))), 1e-12))
    for row, (name, value) in enumerate(values.items()):
        known = [key for key in STRATEGIES if name.startswith(key)]  # "Adam → SGD" before "Adam"
        look = STRATEGIES[max(known, key=len)] if known else {"color": BLUE, "marker": "o"}
        ax.plot(value, np.full(len(value), row), ls="none", ms=9, mfc="none", mew=1.8, **look)
    if reference is not None:
        ax.axvline(reference, color=GREY, ls="--", lw=1.4)
        place = (reference, len(values) - 0.45)
        ax.annotate(note, place, xytext=(-3, 0), textcoords="offset points", ha="right",
                    va="center", color=GREY, fontsize=FONT_SIZE)  # fmt: skip
    if log:
        ax.set_xscale("log")
        ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if np.ptp(spread) < 1.5 else (1,)))
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        ax.xaxis.set_minor_locator(NullLocator())
    ax.set(yticks=range(len(values)), yticklabels=values, ylim=(len(values) - 0.3, -0.6))
    label(ax, xlabel=xlabel, ylabel="", title=title)
    return ax.lines


@styled
def four_planes(axis, planes: dict, placed: dict):
    """Four planes through the same weights, with the path of training on each."""
    fig, axes = canvas(1, 4, size=(12.6, 3.7), sharey=True)
    for ax, (name, plane) in zip(axes, planes.items(), strict=True):
        filled = landscape(
            ax, axis, axis, plane, path=placed[name].coordinates, title=name, labels=False
        )
        ax.set_ylabel("")
    axes[0].set_ylabel("distance along d₂")
    color_bar(fig, filled, axes)
    return show(
        fig,
        "Four planes through the same trained weights at one scale: random and "
        "filter-normalized ones are smooth bowls with the path shrunk to a point, PCA shows "
        "the whole path, top curvature a steep pit.",
    )


@styled
def path_and_shadow(axis, plane, inside, true, steps, shadow: dict):
    """The PCA plane from above and in space, and the losses of the path and of its shadows."""
    fig, axes = canvas(1, 3, size=(12.4, 4.1), width_ratios=[1, 1.15, 1])
    landscape(axes[0], axis, axis, plane, path=inside.coordinates, title="from above")
    axes[1].remove()
    space = fig.add_subplot(1, 3, 2, projection="3d")
    landscape3d(space, axis, axis, plane, inside.coordinates, true, title="in space")

    def look(color, dash):
        return {"color": color, "ls": dash}

    curves(
        axes[2],
        {
            "true loss": (steps, true, look(RED, "-")),
            "loss of its shadow, PCA": (steps, shadow["PCA of the path"], look(BLUE, "--")),
            "loss of its shadow, random": (steps, shadow["random"], look(GREEN, "-.")),
            "distance from the PCA plane": (steps[:-1], inside.residual[:-1], look(GREY, ":")),
        },
        xlabel="step",
        ylabel="loss L, or distance",
        yscale="log",
        ylim=(1e-3, 300),
        title="a shadow can look right or wrong",
        legend="upper right",
    )
    return show(
        fig,
        "The PCA plane from above and in space with the path of training at its true "
        "losses; right, the true loss and the loss of the path's shadow on the PCA plane "
        "agree, the shadow on a random plane is at the final loss all the time.",
    )


@styled
def rescaled_planes(near, scaled: dict):
    """Planes of one function before and after rescaling, raw ones and normalized ones."""
    fig, axes = canvas(1, 4, size=(12.6, 3.6), sharey=True)
    for ax, name in zip(axes, sorted(scaled, key=lambda name: name[0] == "f"), strict=True):
        title = name.replace(", ", ",\n")
        filled = landscape(ax, near, near, scaled[name], title=title, labels=False)
        label(ax, xlabel="α", ylabel="", xticks=[-1, 0, 1], title=title)
    axes[0].set_ylabel("β")
    color_bar(fig, filled, axes)
    return show(
        fig,
        "Planes of one function before and after rescaling: the raw planes differ, a "
        "wide and a narrow pit, the two filter-normalized planes are the same picture.",
    )


@styled
def strategies_compared(loss: dict, disagreement: dict, barrier: dict):
    """Final losses, disagreements and barriers of five strategies."""
    fig, axes = canvas(1, 3, size=(12.4, 3.5), sharey=True)
    strategies(axes[0], loss, xlabel="final training loss", log=True, title="all losses are small")
    strategies(
        axes[1],
        disagreement,
        reference=8,
        note="CIFAR-10",
        xlabel="disagreement with SGD, %",
        title="a few per cent, chance included",
    )
    strategies(
        axes[2], barrier, xlabel="barrier to SGD's end", title="only another start has a barrier"
    )
    return show(
        fig,
        "Five strategies, three seeds each: final losses below 0.03, disagreement with "
        "SGD of 1 to 5 percent, barriers near zero except for another initialization, about "
        "one to two.",
    )


@styled
def strategies_with_noise(disagreement: dict, barrier: dict):
    """Disagreements and barriers with wrong labels, at two sets of learning rates."""
    fig, axes = canvas(1, 2, size=(11.5, 4.2), sharey=True)
    strategies(
        axes[0],
        {name: 100 * value for name, value in disagreement.items()},
        xlabel="disagreement with SGD, %",
        title="far more, and so does chance",
    )
    strategies(
        axes[1], barrier, xlabel="barrier to SGD's end", title="with larger rates Adam has one"
    )
    return show(
        fig,
        "With 30 percent wrong labels: disagreement with SGD of 9 to 21 percent at the "
        "old rates, about twice that at larger ones; the barrier between SGD and Adam rises "
        "with the rates to about a third of that of another start.",
    )


@styled
def two_triangles(one_start, three_starts):
    """The planes through the ends of three runs: from one start, and from three."""
    fig, axes = canvas(1, 2, size=(11, 4.2))
    triangle(
        axes[0], one_start, ["SGD", "SGD, then Adam", "Adam"], title="one start, three strategies"
    )
    filled = triangle(
        axes[1], three_starts, ["seed 1", "seed 2", "seed 3"], title="SGD from three starts"
    )
    color_bar(fig, filled, axes)
    return show(
        fig,
        "Left, the plane through the ends of three strategies from one start: one valley "
        "holds all three. Right, through the ends of three starts: three separate pits with "
        "a ridge between them.",
    )


@styled
def switched(distance: dict, barrier: dict, width: dict):
    """Where runs end whose rule was switched: distances, barriers, and widths (seeds, levels)."""
    fig, axes = canvas(1, 3, size=(12.6, 4.4))
    strategies(axes[0], distance, xlabel="distance to SGD's end", title="Adam walks far")
    strategies(
        axes[1], barrier, xlabel="barrier to Adam's end", title="the first rule leaves its mark"
    )
    axes[1].set_yticklabels([])
    rows = {
        f"{name}, level {level}": value[:, k]
        for k, level in enumerate((0.1, 1))
        for name, value in width.items()
    }
    strategies(axes[2], rows, xlabel="width", title="wider low down, not higher up")
    return show(
        fig,
        "Left, switched runs end at distances of 3 to 10 from SGD's end, more the longer "
        "Adam was at work; chance alone moves SGD's end by 1 to 4. Middle, their barriers to "
        "Adam's end are small, and zero if Adam was first. Right, the widths around the "
        "ends of SGD and Adam overlap.",
    )


@styled
def deep_networks(losses: dict, axis, planes: dict, minima: dict):
    """Final losses of deep networks by kind, and a plane around one end of each kind."""
    fig, axes = canvas(1, 5, size=(12.8, 3.5), width_ratios=[1.5, 1, 1, 1, 1])
    strategies(axes[0], losses, xlabel="final loss L", log=True, title="five seeds each")
    for ax, name in zip(axes[1:], ["plain", "batch norm", "skip", "both"], strict=True):
        filled = landscape(ax, axis, axis, planes[name], title=name, labels=False, floor=1e-3)
        counts = " ".join(map(str, minima[name]))
        label(
            ax,
            xlabel="local minima on it,\nfive seeds: " + counts,
            ylabel="",
            title=name,
            yticks=[],
        )
    color_bar(fig, filled, axes[1:])
    return show(
        fig,
        "Left, final losses of 16 layers: plain nets high with a wide spread, far lower "
        "with batch norm, skips, both, or cut gradients. Right, a plane around one end of "
        "each kind.",
    )
