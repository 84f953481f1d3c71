"""The drawings of notebook 07: the boards of its three explorers, and its larger figures."""

from types import SimpleNamespace

import numpy as np
from matplotlib.patheffects import withStroke

from lecture_utils.studio.figures import *


@styled
def race_board(names, steps: int, goal: float) -> SimpleNamespace:
    """A surface with trails and arrows for each racer, and their losses on a log axis."""
    fig, (plan, curve) = canvas(1, 2, size=(10.4, 3.9), width_ratios=[1.25, 1])
    outline = [withStroke(linewidth=3.6, foreground="white")]
    board = SimpleNamespace(fig=fig, plan=plan, curve=curve, trails=[], dots=[], gaps=[], marks=[])
    for name in names:
        look = {k: METHODS[name][k] for k in ("color", "linestyle")}
        ball = {"marker": METHODS[name]["marker"], "color": look["color"], "ls": "", "mec": "white"}
        board.trails += plan.plot([], [], lw=2, path_effects=outline, **look)
        board.dots += plan.plot([], [], ms=10, mew=1.5, **ball)
        board.gaps += curve.plot([], [], lw=2, **look)
        board.marks += curve.plot([], [], ms=8, **ball)
    colors = [METHODS[name]["color"] for name in names]
    arrows = {"angles": "xy", "scale_units": "xy", "scale": 1, "color": colors, "zorder": 5}
    nowhere = [np.zeros(len(colors))] * 4
    board.velocity = plan.quiver(*nowhere, width=0.009, ec="white", lw=0.6, **arrows)
    board.descent = plan.quiver(*nowhere, width=0.004, **arrows)
    (board.ring,) = plan.plot([], [], "o", ms=13, mfc="none", mec="white", mew=2.5)
    title = "thick: last step   thin: −gradient"
    label(plan, xlabel="θ₁", ylabel="θ₂", title=title)
    curve.set(yscale="log", xlim=(0, steps), ylim=(1e-8, 1e4))
    curve.axhline(goal, color=GREY, ls=":", lw=1.2)
    title = "below the dotted line: arrived"
    label(curve, xlabel="step", ylabel="above the lowest, L − L*", title=title)
    handles = [curve.plot([], [], label=name, **METHODS[name])[0] for name in names]
    board.legend = fig.legend(handles=handles, loc="outside right upper", handlelength=2.2)
    return board


PALE = 0.25  # opacity of who does not race, in the legend


def name_racers(legend, racing) -> None:
    """Make the entries of a legend pale, except those of who races."""
    for chosen, handle, text in zip(racing, legend.legend_handles, legend.get_texts(), strict=True):
        for part in (handle, text):
            part.set_alpha(None if chosen else PALE)


@styled
def race_track(plan, surface, **looks) -> None:
    """The still part of the race: contours and critical points."""
    contours(plan, *surface.grid(161), labels=False, **looks)
    for (x, y), nature in surface.critical_points:
        mark = {"minimum": "*", "saddle": "x", "maximum": "^"}[nature]
        plan.plot(x, y, mark, color="white", ms=11, mew=2)
    plan.set(xlim=surface.domain[0], ylim=surface.domain[1])


def compressed(vectors, width: float):
    """The same directions (n, 2), lengths growing with the logarithm: small ones are seen too."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        shown = np.clip(0.16 + 0.03 * np.log10(length / width), 0.03, 0.16) * width
        return np.where(length > 0, vectors / length * shown, 0.0)


@styled
def energy_board(grid, steps: int) -> SimpleNamespace:
    """Two wells with two balls, and their losses beside the energy of one of them."""
    fig, (well, energy) = canvas(1, 2, size=(10, 3.9))
    blue, orange = (METHODS[name]["color"] for name in ("gradient descent", "momentum"))
    board = SimpleNamespace(fig=fig, well=well)
    (board.ground,) = well.plot(grid, grid, color=GREY, ls="-", lw=2)
    (board.level,) = well.plot([], [], color=orange, ls="--", lw=2)
    ball = {"ms": 13, "mec": "white", "ls": ""}
    board.dots = well.plot([], [], "o", color=blue, **ball)
    board.dots += well.plot([], [], "D", color=orange, **ball)
    (board.ring,) = well.plot([], [], "o", ms=17, mfc="none", mec=BLACK, mew=1.5)
    limits = {"ylim": (-0.75, 1.4)}
    title = "dashed: the energy of the orange ball"
    label(well, xlabel="parameter x", ylabel="loss L", title=title, xlim=(-1.9, 1.9), **limits)
    (board.total,) = energy.plot([], [], color=orange, ls="--", label="energy L + m²/2α")
    (board.height,) = energy.plot([], [], color=orange, ls="-", label="loss L, momentum")
    (board.plain,) = energy.plot([], [], color=blue, ls="-", label="loss L, gradient descent")
    (board.top,) = energy.plot([0, steps], [0, 0], color=GREY, ls=":", label="top of the hill")
    label(
        energy,
        xlabel="step",
        ylabel="loss, energy",
        title="friction eats the energy, step by step",
        legend="upper right",
        xlim=(0, steps),
        **limits,
    )
    return board


@styled
def quadratic_board(turn, steps: int) -> SimpleNamespace:
    """A quadratic in parameter space, in its eigenbasis (columns of ``turn``), and a log plot."""
    fig, (plan, basis, curve) = canvas(1, 3, size=(10.4, 3.7), width_ratios=[1, 1, 1.15])
    views, tones = (plan, basis), ((BLUE, "-", "o"), (ORANGE, "--", "s"))
    board = SimpleNamespace(fig=fig, plan=plan, sizes=[], laws=[])
    board.rings = [
        [ax.plot([], [], color="#9A9A9A", ls="-", lw=1)[0] for _ in "1234"] for ax in views
    ]
    for k, (name, (color, dash, marker)) in enumerate(zip(("v₁", "v₂"), tones, strict=True)):
        for ax, vector in ((plan, turn[:, k]), (basis, np.eye(2)[k])):
            ax.plot(*np.outer(vector, [-3, 3]), color=color, ls=dash, lw=1.3)
            ax.text(*(1.75 * vector + [0.06, 0.08]), name, color=color)
        look = {"color": color, "ls": "", "marker": marker, "ms": 4}
        board.sizes += curve.plot([], [], label=f"|c| along {name}", **look)
        board.laws += curve.plot([], [], color=color, ls=dash, lw=1.6)
    trail = {"color": BLACK, "ls": "-", "lw": 1.4, "marker": ".", "ms": 6}
    board.paths = [ax.plot([], [], **trail)[0] for ax in views]
    start = {"ms": 12, "mfc": "white", "mec": BLACK, "mew": 2}
    board.dots = [ax.plot([], [], "o", **start)[0] for ax in views]
    box = {"xlim": (-2.2, 2.2), "ylim": (-2.2, 2.2), "xticks": [-2, 0, 2], "yticks": [-2, 0, 2]}
    label(plan, xlabel="θ₁", ylabel="θ₂", title="parameters θ", aspect="equal", **box)
    words = {"xlabel": "c₁ along v₁ (flat)", "ylabel": "c₂ along v₂ (steep)"}
    label(basis, title="in the eigenbasis", aspect="equal", **words, **box)
    curve.set(yscale="log", xlim=(0, steps), ylim=(1e-6, 1e6))
    words = {"xlabel": "step", "ylabel": "coefficient |c|", "legend": "upper right"}
    label(curve, title="lines: theory   dots: run", **words)
    return board


# --- the notebook's larger figures ----------------------------------------------------------------

_THREE = ((BLUE, "-"), (ORANGE, "--"), (BLACK, "-."))


@styled
def step_lengths(lengths: dict):
    """How long the steps are, name -> (500,), on 100 steep, 300 flat and 100 steep gradients."""
    fig, ax = canvas(size=(9, 3.3))
    words = {"xlabel": "step", "ylabel": "step length, in units of α"}
    title = "Steep, flat, steep: who adapts, and how fast?"
    bands(ax, np.arange(500), lengths, title=title, legend=False, **words)
    ax.set(yscale="log", ylim=(0.004, 12))
    ax.legend(loc="center", bbox_to_anchor=(0.6, 0.46), frameon=False)
    for place, text in ((50, "gradient 1"), (250, "gradient 0.01"), (450, "gradient 1")):
        ax.text(place, 7, text, ha="center", va="center")
    return show(
        fig,
        "Step lengths of four rules while the gradient is 1, then 0.01, then 1 again: "
        "RMSProp regains its length in a hundred steps, RMS does not, and both "
        "overshoot at the end.",
    )


@styled
def what_momentum_does(weights: dict, decays, crossed: dict, distances, left_at: dict):
    """Weights of past gradients, the share of starts that cross a hill, and leaving a saddle.

    ``weights``: λ -> (ages,), the oldest first.  ``crossed``: α -> bool (decays, starts).
    ``left_at``: method -> steps (distances,).
    """
    fig, (left, middle, right) = canvas(1, 3, size=(12, 3.5))
    for (decay, w), (color, dash) in zip(weights.items(), _THREE, strict=True):
        left.plot(np.arange(len(w))[::-1], w, color=color, ls=dash, label=f"λ = {decay}")
    words = {"xlabel": "age of the gradient, in steps", "ylabel": "weight in m"}
    label(left, title="All past gradients, fading", legend="upper right", **words)
    for (rate, hits), (color, dash) in zip(crossed.items(), _THREE, strict=True):
        middle.plot(decays, hits.mean(axis=1), color=color, ls=dash, label=f"α = {rate}")
    words = {"xlabel": "memory λ", "ylabel": "share of starts that cross", "ylim": (-0.015, 0.5)}
    label(middle, title="Momentum crosses, sometimes", legend="upper left", **words)
    for name, count in left_at.items():
        right.semilogx(distances, count, label=name, ms=6, **METHODS[name])
    words = {"xlabel": "distance from the saddle's ridge", "ylabel": "steps until L < −0.2"}
    title = "Near a saddle both get away"
    label(right, title=title, legend="upper right", ylim=(0, None), **words)
    return show(
        fig,
        "Left, the weights of past gradients in the movement, fading geometrically. "
        "Middle, the share of starts from which momentum crosses a hill. Right, steps "
        "to leave a saddle, growing with the log of the distance.",
    )


@styled
def paces(rates: dict, found: dict, says: dict, kappas, counts: dict, laws: dict):
    """The factor per step of the heavy ball against η, and steps against κ.

    ``rates``, ``found`` and ``says`` (theory): β -> (rates,).  ``counts`` and ``laws`` (theory):
    method -> (kappas,).
    """
    fig, (left, right) = canvas(1, 2, size=(11.5, 3.2), width_ratios=[1.4, 1])
    looks = ((BLUE, "-", "o"), (GREEN, "--", "s"), (ORANGE, "-.", "^"))
    for decay, (color, dash, marker) in zip(rates, looks, strict=True):
        line = {"color": color, "ls": dash, "lw": 1.6, "label": f"β = {decay:.2g}"}
        left.plot(rates[decay], says[decay], **line)
        left.plot(rates[decay], found[decay], marker, color=color, ms=4, ls="none")
    left.axhline(1, color=GREY, ls=":", lw=1.2)
    left.text(0.0002, 1.004, "above: diverges", color=GREY, va="bottom")
    words = {"xlabel": "learning rate η", "ylabel": "factor per step", "ylim": (0.8, 1.05)}
    label(left, title="κ = 100: lines theory, markers measured", legend="lower left", **words)
    for name, count in counts.items():
        color, marker = METHODS[name]["color"], METHODS[name]["marker"]
        right.loglog(kappas, count, marker=marker, color=color, ls="none", label=name)
        right.loglog(kappas, laws[name], color=color, lw=1.6, ls="-")
    words = {"xlabel": "condition number κ", "ylabel": "steps to a millionth"}
    label(right, title="κ steps, or √κ", legend="upper left", **words)
    return show(
        fig,
        "Left, the measured factor per step against the learning rate for three "
        "memories, on the theory. Right, steps needed against the condition number: "
        "proportional to it, or to its root.",
    )


@styled
def turning_ravine(angles, needed: dict):
    """Steps to arrive, method -> (angles,), against the ravine's angle in degrees."""
    fig, ax = canvas(size=(8.5, 3.4))
    for name, count in needed.items():
        ax.plot(angles, count, label=name, **METHODS[name])
    words = {"xlabel": "angle between ravine and axis, degrees", "xticks": angles}
    words |= {"ylabel": "steps to arrive (median)", "ylim": (0, 320)}
    label(ax, title="RMS gains from the axis, and loses it as the ravine turns", **words)
    ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
    return show(
        fig,
        "Steps to arrive against the angle of the ravine for five tuned methods: flat "
        "for gradient descent and momentum, nearly flat for Adam and RMSProp, rising "
        "eightfold for RMS.",
    )


@styled
def sweep_and_ranking(rates, worst: dict, fresh: dict, scores: dict, seconds: dict):
    """Nine optimizers: two panels of the sweep, their ranking, and four against the clock.

    ``worst``: name -> score (rates,), the worst of the tuning seeds.  For the fresh seeds
    ``fresh``: name -> losses (seeds, epochs), ``scores``: name -> (seeds,).  ``seconds`` a step.
    """
    fig, ((left, right), (rank, clock)) = canvas(2, 2, size=(11.5, 6.3))
    order = sorted(scores, key=lambda name: np.median(scores[name]))
    _sweep(left, rates, worst, list(worst)[:5], "The sweep: the note's five")
    _sweep(right, rates, worst, list(worst)[5:], "… and four beyond the lecture")
    for row, name in enumerate(order[::-1]):
        color, ends = METHODS[name]["color"], (scores[name].min(), scores[name].max())
        rank.plot(ends, [row, row], color=color, ls="-", lw=3)
        ball = {"marker": METHODS[name]["marker"], "color": color, "ms": 9, "ls": "none"}
        rank.plot(np.median(scores[name]), row, **ball)
    rank.set_xscale("log")
    names = [f"{name}  ({1e6 * seconds[name]:.0f} µs/step)" for name in order[::-1]]
    words = {"xlabel": "score: mean loss of the last 5 epochs, new seeds", "ylabel": ""}
    words |= {"yticks": range(len(order)), "yticklabels": names}
    label(rank, title="Ranking at equal steps", **words)
    for name in ("gradient descent", "momentum", "Adam", "Muon"):
        curve = np.median(fresh[name], axis=0)
        time = np.arange(1, len(curve) + 1) * 28 * seconds[name]  # 28 steps an epoch
        clock.semilogy(time, curve, label=name, markevery=3, **METHODS[name])
    words = {"xlabel": "seconds of computing", "ylabel": "loss L (median)"}
    label(clock, title="The same against time", legend="upper right", **words)
    return show(
        fig,
        "Above, the final loss against the learning rate for nine optimizers, each with "
        "a valley of its own. Below, their ranking with the range over five seeds, and "
        "loss against computing time for four of them.",
    )


def _sweep(ax, rates, worst, names, title):
    for name in names:
        ax.loglog(rates, np.clip(worst[name], 1e-4, 20), label=name, **METHODS[name])
    words = {"xlabel": "learning rate", "ylabel": "score, worst of 3 seeds", "ylim": (2e-6, 20)}
    label(ax, title=title, **words)
    ax.legend(loc="lower left", ncols=2, frameon=False)


@styled
def schedule_figure(shapes: dict, first: dict, peaks, ended: dict):
    """Five schedules, Adam's first steps, and where it ends.

    ``shapes``: schedule -> (steps + 1,).  ``first``: name -> losses (seeds, 41).
    ``ended``: schedule -> losses (peaks, seeds).
    """
    fig, (left, middle, right) = canvas(1, 3, size=(12, 3.4))
    words = {"xlabel": "step", "ylabel": "learning rate / peak", "yticks": [0, 0.5, 1]}
    words |= {"ylim": (-0.03, 2.25), "title": "Five schedules", "legend": "upper right"}
    curves(left, {name: (np.arange(len(y)), y) for name, y in shapes.items()}, **words)
    words = {"xlabel": "step", "ylabel": "loss L", "title": "Adam's first steps at α = 0.1"}
    bands(middle, np.arange(41), first, **words)
    middle.set(yscale="log", ylim=(0.1, 60))
    words = {"xlabel": "peak learning rate", "ylabel": "loss after 10 epochs"}
    ended = {name: losses.T for name, losses in ended.items()}
    power_laws(right, peaks, ended, title="Decay settles it", **words)
    return show(
        fig,
        "Left, five schedules. Middle, the loss in Adam's first steps with and without "
        "warm-up. Right, the final loss against the peak rate: decay lowers it, warm-up "
        "widens the range.",
    )


@styled
def as_printed(losses: dict):
    """The losses on a ravine of both rules, as printed and mended."""
    black, blue = {"color": BLACK}, {"color": BLUE}
    looks = {
        "Adam as printed": black | {"ls": ":"},
        "Adam": black | {"ls": "-."},
        "descent as printed": blue | {"ls": ":"},
        "gradient descent": blue | {"ls": "-"},
    }
    fig, ax = canvas(size=(8, 3.3))
    curves(
        ax,
        {name: (np.arange(len(loss)), loss, looks[name]) for name, loss in losses.items()},
        xlabel="step",
        ylabel="loss L",
        yscale="log",
        ylim=(1e-5, 1e5),
        title="As printed, both formulas climb (dotted)",
        legend="lower left",
    )
    return show(
        fig, "Loss on a ravine: Adam and gradient descent as printed climb, mended they descend."
    )
