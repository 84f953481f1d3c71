"""Explorers of notebook 00: one unit by hand, two humps and gradient descent, a cube of copies."""

from functools import lru_cache

import ipywidgets as widgets
import numpy as np

from lecture_utils.studio.live import LivePicture
from lecture_utils.studio.panel import AssembledExplorer, slider

from . import figures

__all__ = ["explore_by_hand", "explore_copies", "explore_two_humps"]

X = np.linspace(-3, 3, 41)
GRID = np.linspace(-3, 3, 241)
# Input weights, biases and output weights of the four units of f*, one unit per column.
TARGET = np.array([[3.0, 3.0, 3.0, 3.0], [6.0, 3.0, -3.0, -6.0], [0.5, -0.5, -0.5, 0.5]])


def _network(theta, x):
    """Outputs on ``x`` (points,) for parameters (..., 3, units)."""
    w, b, v = np.moveaxis(theta[..., None], -3, 0)
    return np.sum(v * np.tanh(w * x + b), axis=-2)


def _data_axes(ax, title, target):
    """The plot of functions that all three share: data as dots."""
    (dots,) = ax.plot(X, target, "o", color=figures.BLACK, ms=4, label="data")
    ax.set(xlabel="input x", ylabel="output f(x)", xlim=(-3, 3), ylim=(-1.45, 1.45))
    ax.set_title(title)
    return dots


# --- one unit by hand -----------------------------------------------------------------------------

_TARGETS = {"a step": 0.8 * np.tanh(2.5 * (X - 0.7)), "hill and valley": _network(TARGET, X)}


@figures.styled
def explore_by_hand() -> AssembledExplorer:
    """Fit one tanh unit by hand: drag its center and height, slide its steepness."""
    fig, (data, bar) = figures.canvas(1, 2, size=(9.6, 3.8), width_ratios=[5, 1])
    dots = _data_axes(data, "drag the square: sideways and up", _TARGETS["a step"])
    (fit,) = data.plot(GRID, GRID, color=figures.BLUE, ls="-", label="your unit")
    (level,) = data.plot([], [], color=figures.GREY, ls=":", lw=1.4)
    (handle,) = data.plot([], [], "s", ms=13, color=figures.RED, mec="white")
    data.legend(loc="upper left")
    numbers = data.text(2.9, -1.35, "", ha="right", color=figures.GREY)
    bar.set(yscale="log", ylim=(1e-5, 3), xlim=(0, 1), xticks=[], ylabel="loss L")
    bar.axhline(1e-3, color=figures.GREY, ls="--", lw=1.4)
    bar.text(1, 0.8e-3, "goal", ha="right", va="top", color=figures.GREY, fontsize=11)
    (height,) = bar.plot([], [], color=figures.BLUE, ls="-", lw=14, solid_capstyle="butt")
    picture = LivePicture(
        fig,
        "Left, data and the curve of one tanh unit whose center and height can be dragged; right, "
        "a bar with the loss.",
    )
    picture.animate(dots, fit, level, handle, height, numbers)

    def loss(target, w, center):
        return np.mean((center[1] * np.tanh(w * (X - center[0])) - _TARGETS[target]) ** 2)

    def update(target, w, center):
        value = loss(target, w, center)
        dots.set_ydata(_TARGETS[target])
        fit.set_ydata(center[1] * np.tanh(w * (GRID - center[0])))
        level.set_data([center[0], center[0]], [0, center[1]])
        handle.set_data([center[0]], [center[1]])
        numbers.set_text(f"w = {w:.1f}")
        height.set_data([0.25, 0.25], [1e-5, max(value, 1e-5)])
        return (
            f"Center c = {center[0]:.2f}, height v = {center[1]:.2f}, steepness w = {w:.2f}: "
            f"loss L = <b>{value:.4f}</b>, the mean of 41 squared errors."
        )

    def check(values):
        if values["target"] == "a step" and loss(**values) < 1e-3:
            return "you have just trained a network by hand. Reset brings the start back."
        return None

    return AssembledExplorer(
        picture,
        update,
        {
            "w": slider(0.6, -6, 6, 0.1, "steepness w"),
            "target": widgets.Dropdown(options=list(_TARGETS), description="target"),
        },
        points={"center": (data, (-1.0, 0.4))},
        title="one unit by hand",
        goal="fit the step until the loss L is below 0.001.",
        presets={
            "steep": {"target": "a step", "w": 6.0, "center": (-1.0, 1.0)},
            "upside down": {"target": "a step", "w": 2.0, "center": (0.7, -0.8)},
            "hill and valley": {"target": "hill and valley"},
        },
        check=check,
    )


# --- a hill and a valley, released ----------------------------------------------------------------

_STEPS, _RATE = 300, 1.0


def _hump(z):
    return 0.5 * (np.tanh(3 * (z + 0.5)) - np.tanh(3 * (z - 0.5)))


def _hump_slope(z):
    return 1.5 * (np.tanh(3 * (z - 0.5)) ** 2 - np.tanh(3 * (z + 0.5)) ** 2)


def _two_humps(p, q, x):
    return _hump(x - p[..., None]) - _hump(x - q[..., None])


@lru_cache(maxsize=64)
def _descent(p, q):
    """All iterates (steps + 1, 2) of gradient descent on the two positions, and their losses."""
    here, path = np.array([p, q]), []
    for _ in range(_STEPS + 1):
        path.append(here)
        error = _two_humps(*here, X) - _TARGETS["hill and valley"]
        slopes = np.stack([-_hump_slope(X - here[0]), _hump_slope(X - here[1])])
        here = here - _RATE * 2 * np.mean(error * slopes, axis=1)
    path = np.array(path)
    return path, np.mean((_two_humps(*path.T, X) - _TARGETS["hill and valley"]) ** 2, axis=-1)


@figures.styled
def explore_two_humps() -> AssembledExplorer:
    """Place a hill and a valley, release them: gradient descent finds f*, or it does not."""
    fig, (plan, data) = figures.canvas(1, 2, size=(10.6, 4.2))
    grid = np.linspace(-4.2, 4.2, 85)
    p, q = np.meshgrid(grid, grid)
    heights = np.mean((_two_humps(p, q, X) - _TARGETS["hill and valley"]) ** 2, axis=-1)
    filled = figures.contours(plan, grid, grid, heights, labels=False)
    fig.colorbar(filled, ax=plan, label="loss L", ticks=[0, 0.2, 0.4, 0.6, 0.8], pad=0.02)
    plan.plot([-1.5], [1.5], "x", color="white", ms=11, mew=3)
    plan.set(xlabel="position p of the hill", ylabel="position q of the valley", aspect="equal")
    plan.set_title("drag the start; ×: f* is here")
    (trail,) = plan.plot([], [], color="white", ls="-", lw=2.2)
    (ring,) = plan.plot([], [], "o", ms=12, mfc="white", mec="black", mew=2)
    (star,) = plan.plot([], [], "*", ms=18, color=figures.RED, mec="white")
    _data_axes(data, "the network at this step", _TARGETS["hill and valley"])
    (first,) = data.plot(GRID, GRID, color=figures.GREY, ls=":", lw=1.6, label="at the start")
    (now,) = data.plot(GRID, GRID, color=figures.BLUE, ls="-", label="now")
    data.legend(loc="upper right")
    clock = data.text(-2.9, -1.35, "", color=figures.GREY)
    picture = LivePicture(
        fig,
        "Left, the loss over the positions of a hill and a valley, with a movable start and the "
        "path of gradient descent from it; right, the data, the start and the network now.",
    )
    picture.animate(trail, ring, first, now, star, clock)

    def update(steps, start):
        path, losses = _descent(*start)
        trail.set_data(*path[: steps + 1].T)
        ring.set_data([start[0]], [start[1]])
        star.set_data(*path[steps : steps + 1].T)
        first.set_ydata(_two_humps(*path[0], GRID))
        now.set_ydata(_two_humps(*path[steps], GRID))
        clock.set_text(f"step {steps}")
        ending = "finds f*" if losses[-1] < 1e-3 else "<b>does not find f*</b>"
        return (
            f"L = {losses[0]:.3f} at the start, <b>{losses[steps]:.3f}</b> after {steps} steps of "
            f"gradient descent. After {_STEPS} steps it {ending}: L = {losses[-1]:.3f}."
        )

    def check(values):
        _, losses = _descent(*values["start"])
        if losses[0] < 0.13 and losses[-1] > 0.05:
            return "lower than most starts that succeed, and yet it never arrives."
        return None

    return AssembledExplorer(
        picture,
        update,
        {
            "steps": widgets.IntSlider(
                value=_STEPS, min=0, max=_STEPS, step=5, description="steps of gradient descent"
            )
        },
        points={"start": (plan, (1.0, 2.0))},
        title="a hill and a valley, released",
        goal="start with a loss below 0.13, and let gradient descent miss f* all the same.",
        presets={
            "a lucky start": {"steps": _STEPS, "start": (-0.5, 2.5)},
            "both on the left": {"steps": _STEPS, "start": (-1.0, -2.5)},
            "exchanged": {"steps": _STEPS, "start": (2.0, -2.2)},
        },
        check=check,
    )


# --- a cube of copies -----------------------------------------------------------------------------


def _between(across, up, sign):
    """Parameters (..., 3, 4): units 1, 2 exchanged by ``across``, 3, 4 by ``up``; all signs."""
    across, up = np.broadcast_arrays(across, up)
    weights = np.zeros((*across.shape, 4, 4))  # of the old unit (row) in the new one (column)
    for i, j, share in [(0, 1, across), (2, 3, up)]:
        weights[..., i, i] = weights[..., j, j] = 1 - share
        weights[..., i, j] = weights[..., j, i] = share
    return sign * (TARGET @ weights)


@figures.styled
def explore_copies() -> AssembledExplorer:
    """Walk between a network and copies of it: every corner is as good, the way is not."""
    fig, (plan, data) = figures.canvas(1, 2, size=(10.6, 4.2))
    side = np.linspace(-0.25, 1.25, 41)
    across, up = np.meshgrid(side, side)
    image = plan.imshow(
        np.zeros((41, 41)),
        origin="lower",
        extent=(-0.25, 1.25, -0.25, 1.25),
        vmin=0,
        vmax=0.3,
        interpolation="nearest",
    )
    fig.colorbar(image, ax=plan, label="loss L", ticks=[0, 0.1, 0.2, 0.3], pad=0.02)
    (square,) = plan.plot([0, 1, 1, 0, 0], [0, 0, 1, 1, 0], color="white", ls=":", lw=1.5)
    plan.set(xlabel="units 1 and 2 exchanged", ylabel="units 3 and 4 exchanged")
    plan.set(xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
    plan.set_title("drag the star: corners are copies")
    (star,) = plan.plot([], [], "*", ms=18, color=figures.RED, mec="white")
    _data_axes(data, "the network at the star", _TARGETS["hill and valley"])
    (now,) = data.plot(GRID, GRID, color=figures.BLUE, ls="-", label="network")
    data.legend(loc="upper right")
    picture = LivePicture(
        fig,
        "Left, the loss on a square whose four corners are copies of one network, dark at the "
        "corners and bright between them, with a movable star; right, the network at the star.",
    )
    picture.animate(image, square, star, now)

    def loss(theta):
        return np.mean((_network(theta, X) - _TARGETS["hill and valley"]) ** 2, axis=-1)

    def update(sign, place):
        image.set_data(loss(_between(across, up, sign)))
        theta = _between(*place, sign)
        star.set_data([place[0]], [place[1]])
        now.set_ydata(_network(theta, GRID))
        return (
            f"Units 1 and 2 exchanged {100 * place[0]:.0f} %, units 3 and 4 {100 * place[1]:.0f} "
            f"%, all numbers times {sign:.2f}: loss L = <b>{loss(theta):.4f}</b>."
        )

    def check(values):
        far = min(values["place"]) > 0.9 and values["sign"] < -0.9
        if far and loss(_between(*values["place"], values["sign"])) < 0.002:
            return "no unit is where it was, every sign is turned, and the loss is the same."
        return None

    return AssembledExplorer(
        picture,
        update,
        {"sign": slider(1.0, -1.2, 1.2, 0.05, "all numbers times")},
        points={"place": (plan, (0.3, 0.1))},
        title="between copies of a network",
        goal="exchange both pairs and turn all signs around, with a loss below 0.002.",
        presets={
            "the original": {"sign": 1.0, "place": (0.0, 0.0)},
            "halfway": {"sign": 1.0, "place": (0.5, 0.0)},
            "the middle": {"sign": 1.0, "place": (0.5, 0.5)},
            "signs turned": {"sign": -1.0, "place": (0.0, 0.0)},
        },
        check=check,
    )
