"""The drawings of notebook 07: the boards of its three explorers, and a ranking."""

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
    title = "thick arrow: last step   thin: −gradient"
    label(plan, xlabel="θ₁", ylabel="θ₂", title=title)
    curve.set(yscale="log", xlim=(0, steps), ylim=(1e-8, 1e4))
    curve.axhline(goal, color=GREY, ls=":", lw=1.2)
    title = "below the dotted line: arrived"
    label(curve, xlabel="step", ylabel="loss above the lowest, L − L*", title=title)
    handles = [curve.plot([], [], label=name, **METHODS[name])[0] for name in names]
    fig.legend(handles=handles, loc="outside right upper", handlelength=2.2)
    return board


@styled
def race_track(plan, surface, **looks) -> list:
    """The still part of the race: contours and critical points; returns what to remove later."""
    before = set(plan.get_children())
    contours(plan, *surface.grid(161), labels=False, **looks)
    for (x, y), nature in surface.critical_points:
        mark = {"minimum": "*", "saddle": "x", "maximum": "^"}[nature]
        plan.plot(x, y, mark, color="white", ms=11, mew=2)
    plan.set(xlim=surface.domain[0], ylim=surface.domain[1])
    return [artist for artist in plan.get_children() if artist not in before]


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
    label(basis, title="the same, turned: eigenbasis", aspect="equal", **words, **box)
    curve.set(yscale="log", xlim=(0, steps), ylim=(1e-6, 1e6))
    words = {"xlabel": "step", "ylabel": "coefficient |c|", "legend": "upper right"}
    label(curve, title="lines: theory   dots: run", **words)
    return board
