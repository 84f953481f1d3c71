"""Explorers of notebook 00: one unit by hand, two humps and gradient descent, a cube of copies."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from lecture_utils.studio import field
from lecture_utils.studio.controls import Choice, Integer, Point, Slider
from lecture_utils.studio.explorer import Explorer
from lecture_utils.studio.numbers import counted, typeset
from lecture_utils.studio.player import Player

from . import figures

__all__ = ["ByHand", "Copies", "TwoHumps"]

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


class _Fit(NamedTuple):
    """One unit beside the data."""

    data: np.ndarray  # on X
    curve: np.ndarray  # the unit on GRID
    loss: float


class ByHand(Explorer):
    """Fit one tanh unit by hand: drag its center and height, slide its steepness."""

    title = "one unit by hand"
    aim = "fit the target “a step” until the loss L is below 0.001."
    alt = (
        "Left, data and the curve of one tanh unit whose center and height can be dragged; right, "
        "a bar with the loss."
    )
    controls = {
        "w": Slider(0.6, -6, 6, 0.1, "steepness w"),
        "target": Choice(list(_TARGETS), label="target"),
    }
    points = {"center": Point("data", start=(-1.0, 0.4))}
    presets = {
        "steep": {"target": "a step", "w": 6.0, "center": (-1.0, 1.0)},
        "upside down": {"target": "a step", "w": 2.0, "center": (0.7, -0.8)},
        "hill and valley": {"target": "hill and valley"},
    }
    answer = {"w": 2.5, "center": (0.7, 0.8)}

    def paint(self):
        fig, (self.data, bar) = figures.canvas(1, 2, size=(8, 3.8), width_ratios=[4, 1])
        data = self.data
        self.dots = _data_axes(data, "drag the square: sideways and up", _TARGETS["a step"])
        (self.fit,) = data.plot(GRID, GRID, color=figures.BLUE, ls="-", label="your unit")
        (self.level,) = data.plot([], [], color=figures.GREY, ls=":", lw=1.4)
        (self.handle,) = data.plot([], [], "s", ms=13, color=figures.RED, mec="white")
        data.legend(loc="upper left")
        self.numbers = data.text(2.9, -1.35, "", ha="right", color=figures.GREY)
        bar.set(yscale="log", ylim=(1e-5, 3), xlim=(0, 1), xticks=[], ylabel="loss L")
        bar.axhline(1e-3, color=figures.GREY, ls="--", lw=1.4)
        bar.text(1, 0.8e-3, "goal", ha="right", va="top", color=figures.GREY, fontsize=11)
        (self.height,) = bar.plot([], [], color=figures.BLUE, ls="-", lw=14, solid_capstyle="butt")
        return fig, [self.dots, self.fit, self.level, self.handle, self.height, self.numbers]

    def compute(self, target, w, center):
        place, height = center
        unit = height * np.tanh(w * (X - place))
        loss = np.mean((unit - _TARGETS[target]) ** 2)
        return _Fit(_TARGETS[target], height * np.tanh(w * (GRID - place)), loss)

    def draw(self, result, w, center):
        self.dots.set_ydata(result.data)
        self.fit.set_ydata(result.curve)
        self.level.set_data([center[0], center[0]], [0, center[1]])
        self.handle.set_data([center[0]], [center[1]])
        self.numbers.set_text(typeset(f"w = {w:.1f}"))
        self.height.set_data([0.25, 0.25], [1e-5, max(result.loss, 1e-5)])

    def tell(self, result, w, center):
        return (
            f"Center c = {center[0]:.2f}, height v = {center[1]:.2f}, steepness w = {w:.2f}: "
            f"loss L = <b>{result.loss:.4f}</b>, the mean of 41 squared errors."
        )

    def goal(self, result, target):
        if target == "a step" and round(result.loss, 4) < 1e-3:  # as it is told
            return "you have just trained a network by hand. Reset brings the start back."
        return None


# --- a hill and a valley, released ----------------------------------------------------------------

_STEPS, _RATE = 300, 1.0


def _hump(z):
    return 0.5 * (np.tanh(3 * (z + 0.5)) - np.tanh(3 * (z - 0.5)))


def _hump_slope(z):
    return 1.5 * (np.tanh(3 * (z - 0.5)) ** 2 - np.tanh(3 * (z + 0.5)) ** 2)


def _two_humps(p, q, x):
    return _hump(x - p[..., None]) - _hump(x - q[..., None])


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


class _Release(NamedTuple):
    """Gradient descent from one start, entry k after k steps."""

    path: np.ndarray  # (steps + 1, 2)
    losses: np.ndarray  # (steps + 1,)
    curves: np.ndarray  # the networks on GRID, (steps + 1, points)


class TwoHumps(Player):
    """Place a hill and a valley, release them: gradient descent finds f*, or it does not."""

    title = "a hill and a valley, released"
    aim = "start with a loss below 0.13, and let gradient descent miss f* all the same."
    alt = (
        "Left, the loss over the positions of a hill and a valley, with a movable start and the "
        "path of gradient descent from it; right, the data, the start and the network now."
    )
    controls = {"steps": Integer(_STEPS, 0, _STEPS, "steps of gradient descent")}
    clock, speed = "steps", 60
    points = {"start": Point("plan", start=(1.0, 2.0))}
    presets = {
        "a lucky start": {"steps": _STEPS, "start": (-0.5, 2.5)},
        "both on the left": {"steps": _STEPS, "start": (-1.0, -2.5)},
        "hill right, valley left": {"steps": _STEPS, "start": (2.0, -2.2)},
    }
    ghosts = ("trail", "now")
    answer = {"start": (-1.5, 3.7)}

    def paint(self):
        fig, (self.plan, data) = figures.canvas(1, 2, size=(10.6, 4.2))
        plan, grid = self.plan, np.linspace(-4.2, 4.2, 85)
        p, q = np.meshgrid(grid, grid)
        heights = np.mean((_two_humps(p, q, X) - _TARGETS["hill and valley"]) ** 2, axis=-1)
        filled = figures.contours(plan, grid, grid, heights, labels=False)
        fig.colorbar(filled, ax=plan, label="loss L", ticks=[0, 0.2, 0.4, 0.6, 0.8], pad=0.02)
        plan.plot([-1.5], [1.5], "x", color="white", ms=11, mew=3)
        plan.set(xlabel="position p of the hill", ylabel="position q of the valley")
        plan.set_aspect("equal")
        plan.set_title("drag the start; ×: f* is here")
        (self.trail,) = plan.plot([], [], color="white", ls="-", lw=2.2)
        (self.ring,) = plan.plot([], [], "o", ms=12, mfc="white", mec="black", mew=2)
        (self.star,) = plan.plot([], [], "*", ms=18, color=figures.RED, mec="white")
        _data_axes(data, "the network at this step", _TARGETS["hill and valley"])
        grey, blue = figures.GREY, figures.BLUE
        (self.first,) = data.plot(GRID, GRID, color=grey, ls=":", lw=1.6, label="at the start")
        (self.now,) = data.plot(GRID, GRID, color=blue, ls="-", label="now")
        data.legend(loc="upper right")
        self.counter = data.text(-2.9, -1.35, "", color=figures.GREY)
        return fig, [self.trail, self.ring, self.first, self.now, self.star, self.counter]

    def compute(self, start):
        path, losses = _descent(*start)
        return _Release(path, losses, _two_humps(*path.T, GRID))

    def draw(self, result, steps):
        path = result.path
        self.trail.set_data(*path[: steps + 1].T)
        self.ring.set_data(path[:1].T)
        self.star.set_data(path[steps : steps + 1].T)
        self.first.set_ydata(result.curves[0])
        self.now.set_ydata(result.curves[steps])
        self.counter.set_text(f"step {steps}")

    def tell(self, result, steps):
        losses = result.losses
        said = (
            f"L = {losses[0]:.3f} at the start, <b>{losses[steps]:.3f}</b> after "
            f"{counted(steps, 'step')} of gradient descent"
        )
        if steps < _STEPS:
            return f"{said}."
        return f"{said}: it {'finds f*' if losses[-1] < 1e-3 else '<b>does not find f*</b>'}."

    def goal(self, result, steps):
        low = round(result.losses[0], 3) < 0.13  # as it is told
        if low and result.losses[-1] > 0.05 and steps == _STEPS:
            return "lower than most starts that succeed, and yet it never arrives."
        return None


# --- a cube of copies -----------------------------------------------------------------------------


def _between(across, up, sign):
    """Parameters (..., 3, 4): units 1, 2 exchanged by ``across``, 3, 4 by ``up``; all signs."""
    across, up = np.broadcast_arrays(across, up)
    weights = np.zeros((*across.shape, 4, 4))  # of the old unit (row) in the new one (column)
    for i, j, share in [(0, 1, across), (2, 3, up)]:
        weights[..., i, i] = weights[..., j, j] = 1 - share
        weights[..., i, j] = weights[..., j, i] = share
    return sign * (TARGET @ weights)


_SIDE = np.linspace(-0.25, 1.25, 41)
_SQUARE = np.meshgrid(_SIDE, _SIDE)


def _loss(theta):
    return np.mean((_network(theta, X) - _TARGETS["hill and valley"]) ** 2, axis=-1)


@lru_cache(maxsize=64)  # a drag leaves it as it is
def _square(sign):
    """The losses (up, across) between and around the four copies."""
    return _loss(_between(*_SQUARE, sign))


class _Place(NamedTuple):
    """One network on the square of copies, and the losses of all."""

    square: np.ndarray  # losses, (up, across)
    curve: np.ndarray  # the network at the star, on GRID
    loss: float


class Copies(Explorer):
    """Walk between a network and copies of it: every corner is as good, the way is not."""

    title = "between copies of a network"
    aim = "exchange both pairs and turn all signs around, with a loss below 0.002."
    alt = (
        "Left, the loss on a square whose four corners are copies of one network, dark at the "
        "corners and bright between them, with a movable star; right, the network at the star."
    )
    controls = {"sign": Slider(1.0, -1.2, 1.2, 0.05, "all numbers times")}
    points = {"place": Point("plan", start=(0.3, 0.1))}
    presets = {
        "the original": {"sign": 1.0, "place": (0.0, 0.0)},
        "halfway": {"sign": 1.0, "place": (0.5, 0.0)},
        "the middle": {"sign": 1.0, "place": (0.5, 0.5)},
        "signs turned": {"sign": -1.0, "place": (0.0, 0.0)},
    }
    answer = {"sign": -1.0, "place": (1.0, 1.0)}

    def paint(self):
        fig, (self.plan, data) = figures.canvas(1, 2, size=(10.6, 4.2))
        plan = self.plan
        self.image = plan.imshow(
            np.zeros((41, 41)),
            origin="lower",
            extent=(-0.25, 1.25, -0.25, 1.25),
            vmin=0,
            vmax=0.3,
            interpolation="nearest",
        )
        field.note_image(self.image, "L")
        fig.colorbar(self.image, ax=plan, label="loss L", ticks=[0, 0.1, 0.2, 0.3], pad=0.02)
        (square,) = plan.plot([0, 1, 1, 0, 0], [0, 0, 1, 1, 0], color="white", ls=":", lw=1.5)
        plan.set(xlabel="units 1 and 2 exchanged", ylabel="units 3 and 4 exchanged")
        plan.set(xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
        plan.set_title("each corner is a copy")
        (self.star,) = plan.plot([], [], "*", ms=18, color=figures.RED, mec="white")
        _data_axes(data, "the network at the star", _TARGETS["hill and valley"])
        (self.now,) = data.plot(GRID, GRID, color=figures.BLUE, ls="-", label="network")
        data.legend(loc="upper right")
        return fig, [self.image, square, self.star, self.now]

    def compute(self, sign, place):
        theta = _between(*place, sign)
        return _Place(_square(sign), _network(theta, GRID), _loss(theta))

    def draw(self, result, place):
        self.image.set_data(result.square)
        self.star.set_data([place[0]], [place[1]])
        self.now.set_ydata(result.curve)

    def tell(self, result, sign, place):
        return (
            f"Units 1 and 2 exchanged {100 * place[0]:.0f} %, units 3 and 4 {100 * place[1]:.0f} "
            f"%, all numbers times {sign:.2f}: loss L = <b>{result.loss:.4f}</b>."
        )

    def goal(self, result, sign, place):
        far = min(place) > 0.9 and sign < -0.9
        if far and round(result.loss, 4) < 0.002:  # as it is told
            return "no unit is where it was, every sign is turned, and the loss is the same."
        return None
