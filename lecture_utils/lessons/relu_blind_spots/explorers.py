"""The explorers of notebook 03: one unit by hand, a descent that may die, networks born dead."""

from functools import lru_cache
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from lecture_utils.datasets import FIVE_POINTS
from lecture_utils.networks import ACTIVATIONS
from lecture_utils.studio import field
from lecture_utils.studio.controls import Choice, Integer, Point, Slider
from lecture_utils.studio.explorer import Explorer
from lecture_utils.studio.packing import letters
from lecture_utils.studio.player import Player, evenly_in_log
from lecture_utils.training import DIVERGENCE, diverged_at

from . import figures

__all__ = ["BornDead", "Descent", "OneUnit"]

X, Y = FIVE_POINTS


def _squares(v, c, b, w):
    """Squared errors on the five points, along the last axis."""
    unit = np.maximum(np.multiply.outer(w, X) + np.asarray(b)[..., None], 0)
    return (v * unit + c - Y) ** 2


class _Plane(NamedTuple):
    """A rectangle of (w, b), and where the unit is dead in it."""

    extent: tuple[float, float, float, float]  # of w, of b
    w: np.ndarray  # (b, w)
    b: np.ndarray
    dead: np.ndarray

    @classmethod
    def of(cls, across, up):
        """141 by 141 places between these ends."""
        w, b = np.meshgrid(np.linspace(*across, 141), np.linspace(*up, 141))
        dead = np.all(np.multiply.outer(w, X) + b[..., None] <= 0, axis=-1)
        return cls((*across, *up), w, b, dead)

    def losses(self, v, c):
        """log₁₀ L there, masked where the unit is dead."""
        height = np.log10(np.maximum(_squares(v, c, self.b, self.w).sum(-1), 1e-9))
        return np.ma.masked_where(self.dead, height)

    def paint(self, ax, label="squared error L"):
        """The image that is to show the losses, over the dead region, which is hatched."""
        left, right, low, _ = self.extent
        image = ax.imshow(
            self.w,
            origin="lower",
            extent=self.extent,
            aspect="auto",
            cmap="viridis",
            vmin=1.1,
            vmax=3.1,
            interpolation="nearest",
        )
        field.note_image(image, "L", log=True)
        # Hatched once and for all: where the unit is dead the image is see-through.
        across = np.array([left, 0, right])
        ax.fill_between(
            across, low, np.minimum(across, -5 * across), fc="#DDDDDD", ec=figures.GREY, hatch="//"
        )
        ax.set(xlabel="input weight w", ylabel="bias b")
        ax.set(xlim=self.extent[:2], ylim=self.extent[2:])
        scale = ax.figure.colorbar(image, ax=ax, ticks=[np.log10(14), 2, 3], pad=0.02)
        scale.ax.set_yticklabels(["14", "100", "1000"])
        scale.set_label(label)
        return image


# --- one unit by hand -----------------------------------------------------------------------------

_AROUND = _Plane.of((-3, 3), (-17, 17))
_GRID = np.linspace(-1.8, 5.6, 200)


class _Fit(NamedTuple):
    """One unit beside the five points."""

    losses: np.ndarray  # log₁₀ L over (w, b), masked where dead
    bias: float
    curve: np.ndarray  # the fit on _GRID
    fitted: np.ndarray  # on the five points
    on: np.ndarray  # at which points the unit is active
    squares: np.ndarray  # squared errors, rounded as they are told, so that they add up
    total: float


class OneUnit(Explorer):
    """Place the kink by hand: the fit, its squared errors, and the loss over (w, b)."""

    title = "one hidden unit by hand"
    aim = "reach a squared error below 14.1."
    alt = (
        "Left, five data points and the fit of one ReLU unit, whose kink can be dragged; right, "
        "the squared error over input weight and bias with the dead region hatched."
    )
    controls = {
        "v": Slider(1.0, -3, 3, 0.05, "output weight v"),
        "w": Slider(0.5, -3, 3, 0.05, "input weight w"),
    }
    points = {"kink_at": Point("data", start=(1.5, -1.0))}
    presets = {
        "the slide's A": {"v": 1.0, "w": 1.0, "kink_at": (3.0, 0.0)},
        "facing left": {"v": 1.0, "w": -1.0, "kink_at": (3.0, -1.0)},
        "dead": {"v": 1.0, "w": 1.0, "kink_at": (5.3, 0.6)},
    }
    answer = {"v": 1.0, "w": -3.0, "kink_at": (0.0, 0.0)}

    def paint(self):
        fig, (self.data, plan) = figures.canvas(1, 2, size=(10.6, 4.2))
        data, blue, black = self.data, figures.BLUE, figures.BLACK
        data.axhline(0, color="#CCCCCC", lw=1, ls="-")
        data.set(xlabel="input x", ylabel="target y", xlim=(-1.8, 5.6), ylim=(-4.2, 4.2))
        data.set_title("drag the kink (diamond)")
        (self.fit,) = data.plot(_GRID, _GRID, color=blue, ls="-")
        (self.gaps,) = data.plot([], [], color=figures.RED, ls="-", lw=1.6)
        (self.active,) = data.plot([], [], "o", color=black, ms=9, label="unit active")
        (self.silent,) = data.plot([], [], "o", color=black, mfc="white", ms=9, label="inactive")
        (self.kink,) = data.plot([], [], "D", color=blue, mec="white", ms=12)
        data.legend(loc="upper center", ncols=2, handlelength=1)
        self.image = _AROUND.paint(plan)
        plan.set_title("the loss; ✕: this unit; hatched: dead")
        (self.here,) = plan.plot([], [], "X", mfc="white", mec=black, mew=1.5, ms=13)
        moving = [self.image, self.fit, self.gaps, self.active, self.silent, self.kink, self.here]
        return fig, moving

    def compute(self, v, w, kink_at):
        kink, c = kink_at
        b = -w * kink
        squares = np.round(_squares(v, c, b, w), 2)
        return _Fit(
            losses=_AROUND.losses(v, c),
            bias=b,
            curve=v * np.maximum(w * _GRID + b, 0) + c,
            fitted=v * np.maximum(w * X + b, 0) + c,
            on=w * X + b > 1e-12,
            squares=squares,
            total=round(sum(squares.tolist()), 2),
        )

    def twin_data(self):
        return {"xs": X.tolist(), "ys": Y.tolist()}

    def draw(self, result, w, kink_at):
        on = result.on
        self.image.set_data(result.losses)
        self.fit.set_ydata(result.curve)
        ends = np.stack([Y, result.fitted, np.full(5, np.nan)], axis=1)
        self.gaps.set_data(np.repeat(X, 3), ends.ravel())
        self.active.set_data(X[on], Y[on])
        self.silent.set_data(X[~on], Y[~on])
        self.kink.set_data([kink_at[0]], [kink_at[1]])
        self.here.set_data([w], [result.bias])

    def tell(self, result, kink_at):
        on = result.on
        terms = " + ".join(f"{value:.2f}" for value in result.squares)
        state = f"active on {on.sum()} of 5 points" if on.any() else "<b>dead</b>"
        return (
            f"Kink at x = {kink_at[0]:.2f}, b = {result.bias + 0.0:.2f}, unit {state}. "
            f"L = {terms} = <b>{result.total:.2f}</b>"
        )

    def goal(self, result):
        if result.total < 14.1:
            return "the unit gives up three points, takes the far left one, and beats A by 4."
        return None


# --- one descent, four endings --------------------------------------------------------------------

_STEPS = 4000
_FILM = evenly_in_log(_STEPS)
_SHOWN = _FILM[1:]
_NEAR = _Plane.of((-4, 4), (-7, 7))


def _loss(theta):
    v, c, b, w = theta
    return jnp.sum((v * jax.nn.relu(w * X + b) + c - Y) ** 2)


@jax.jit
def _descent(start, rate):
    """All iterates (steps + 1, 4) of gradient descent on the five points, and their losses."""

    def step(theta, _):
        value, slope = jax.value_and_grad(_loss)(theta)
        return theta - rate * slope, (theta, value)

    return jax.lax.scan(step, start, length=_STEPS + 1)[1]


def _end(theta, losses) -> str:
    """How a run ends, in words."""
    lost = diverged_at(losses)
    if lost >= 0:
        return f"diverged at step {lost}"
    off = ~np.any(theta[:, 3:] * X + theta[:, 2:3] > 0, axis=1)
    if off[-1]:
        born = "dead from the start" if off[0] else f"died at step {int(np.argmax(off))}"
        return f"<b>{born}</b>, L = {losses[-1]:.2f}"
    names = {14.0: "the best, B", 18.0: "stuck like A", 21.17: "a straight line"}
    for level, name in names.items():
        if abs(losses[-1] - level) < 0.004:
            return f"<b>{name}</b>, L = {losses[-1]:.2f}"
    return f"still on its way after {_STEPS} steps, L = {losses[-1]:.2f}"


class _Course(NamedTuple):
    """Gradient descent from one start, over the loss at its first v."""

    losses: np.ndarray  # log₁₀ L over (w, b) at that v and c = 0, masked where dead
    path: np.ndarray  # (steps, 2): w and b, as far as they can be drawn
    heights: np.ndarray  # L after the steps _SHOWN, nan once diverged
    first: float  # L at the start
    on: int  # on how many points the unit starts active
    ending: str


class Descent(Player):
    """Drop a start on the loss over (w, b): gradient descent finds 14, 18, a line, or death."""

    title = "one descent, four endings"
    aim = "start with a unit active on all five points, and let gradient descent kill it."
    alt = (
        "Left, the squared error over input weight and bias with the dead region hatched and the "
        "path of gradient descent from a movable start; right, the error against the step."
    )
    controls = {
        "v": Slider(1.0, -3, 3, 0.05, "output weight v at the start"),
        "rate": Slider(-2.3, -3.5, -1.0, 0.05, "log₁₀ of the learning rate η"),
        "frame": Integer(len(_FILM) - 1, 0, len(_FILM) - 1, "frame of the film"),
    }
    clock, speed = "frame", 20
    points = {"start": Point("plan", start=(1.5, -1.0))}
    presets = {
        "ends like A": {"v": 1.0, "rate": -2.3, "start": (1.5, -1.0)},
        "ends at B": {"v": 1.0, "rate": -2.3, "start": (-2.0, 0.0)},
        "inside the dead region": {"v": 1.0, "rate": -2.3, "start": (0.0, -4.0)},
        "η too large": {"v": 1.0, "rate": -1.3, "start": (1.5, -1.0)},
    }
    ghosts = ("trail", "line")
    answer = {"v": 1.0, "rate": -2.3, "start": (3.0, 4.4)}

    def paint(self):
        fig, (self.plan, curve) = figures.canvas(1, 2, size=(10.6, 4.2))
        plan = self.plan
        self.image = _NEAR.paint(plan, label="")
        plan.set_title("drag the start; color: the loss L")
        (self.trail,) = plan.plot([], [], color="white", ls="-", lw=2.2)
        (self.dot,) = plan.plot([], [], "o", ms=13, mfc="white", mec="black", mew=2)
        (self.end,) = plan.plot([], [], "*", ms=18, color=figures.RED, mec="white")
        (self.line,) = curve.plot(_SHOWN, _SHOWN, color=figures.BLUE, ls="-")
        for level, name in [(14, "B: 14"), (18, "A: 18"), (21.2, "dead or a line: 21.2")]:
            curve.axhline(level, color=figures.GREY, ls=":", lw=1.2)
            curve.text(1.1, level - 0.15, name, color=figures.GREY, va="top", fontsize=11)
        curve.set(xlabel="step", ylabel="squared error L", xscale="log")
        curve.set(xlim=(1, _STEPS), ylim=(12.5, 32))
        curve.set_title("where does it end?")
        return fig, [self.image, self.trail, self.dot, self.end, self.line]

    def compute(self, v, rate, start):
        w, b = start
        theta, losses = map(np.asarray, _descent(np.array([v, 0.0, b, w]), 10.0**rate))
        inside = np.all(np.abs(theta) < 1e3, axis=1)  # not too far away to be drawn
        path = theta if inside.all() else theta[: int(np.argmin(inside))]
        heights = losses[_SHOWN]
        return _Course(
            losses=_NEAR.losses(v, 0.0),
            path=path[:, [3, 2]],
            heights=np.where(heights < DIVERGENCE, heights, np.nan),
            first=losses[0],
            on=int(np.sum(w * X + b > 0)),
            ending=_end(theta, losses),
        )

    def twin_data(self):
        return {"xs": X.tolist(), "ys": Y.tolist(), "shown": _SHOWN.tolist()}

    def draw(self, result, start, frame):
        path = result.path[: _FILM[frame] + 1]
        self.image.set_data(result.losses)
        self.trail.set_data(path.T)
        self.dot.set_data([start[0]], [start[1]])
        self.end.set_data(path[-1:].T)
        self.line.set_data(_SHOWN[:frame], result.heights[:frame])

    def tell(self, result, rate, frame):
        now = _FILM[frame]
        ending = result.ending if now == _STEPS else f"step {now} of {_STEPS}"
        return (
            f"The unit starts active on {result.on} of 5 points, at L = {result.first:.2f}. "
            f"Gradient descent (η = {10**rate:.2g}): {ending}."
        )

    def goal(self, result, frame):
        if result.on == len(X) and "died" in result.ending and _FILM[frame] == _STEPS:
            return "alive on all five points at the start, and trained to death."
        return None


# --- networks born dead ---------------------------------------------------------------------------

_NETS, _WIDTH, _DEPTH = 100, 10, 20
_INPUTS = np.linspace(-2, 2, 17)
_DRAWS = np.random.default_rng(0).standard_normal((_DEPTH, _NETS, _WIDTH, _WIDTH))
_READOUTS = np.random.default_rng(1).standard_normal((_NETS, _WIDTH))


@jax.jit
def _responses(kind, bias, draws, readouts):
    """Outputs (width, depth, net, input) of random networks, all widths and depths at once."""

    def of_width(width):
        real = jnp.arange(_WIDTH) < width
        first = jnp.zeros((_NETS, len(_INPUTS), _WIDTH)).at[..., 0].set(_INPUTS)

        def layer(carry, weights):
            hidden, fan_in = carry
            sums = hidden @ weights * jnp.sqrt(2 / fan_in) + bias
            hidden = jax.lax.switch(kind, [ACTIVATIONS[name] for name in _KINDS], sums) * real
            outputs = jnp.einsum("nxw,nw->nx", hidden, readouts) / jnp.sqrt(width)
            return (hidden, 1.0 * width), (outputs, jnp.max(jnp.ptp(hidden, axis=1), axis=-1))

        return jax.lax.scan(layer, (first, 1.0), draws)[1]

    return jax.vmap(of_width)(jnp.arange(1, _WIDTH + 1))


_KINDS = ("relu", "leaky_relu", "gelu", "tanh")


@lru_cache(maxsize=32)
def _survey(kind: str, bias: float):
    """Outputs (10, 20, 100, 17) and which of the networks are constant (10, 20, 100)."""
    outputs, spread = _responses(_KINDS.index(kind), bias, _DRAWS, _READOUTS)
    return np.asarray(outputs), np.asarray(spread) == 0


class _Network(NamedTuple):
    """A hundred networks of one size, and the share that is constant of every size."""

    shares: np.ndarray  # (width, depth)
    depth: int
    width: int
    outputs: np.ndarray  # minus their mean, (100, inputs)
    off: np.ndarray  # which are constant, (100,)
    nearly: int  # how many more vary by less than 0.001


class BornDead(Explorer):
    """Which share of random networks is constant before any training, by depth and width."""

    title = "networks born dead"
    aim = (
        "with ReLU and bias 0, find the narrowest network of 20 hidden layers of which fewer "
        "than 10 in 100 are born dead."
    )
    alt = (
        "Left, the share of random networks that are constant, over depth and width, with a "
        "movable choice; right, the outputs of a hundred networks of that size."
    )
    controls = {
        "activation": Choice(_KINDS, label="activation"),
        "bias": Slider(0.0, -1, 1, 0.05, "bias of every unit"),
    }
    points = {"network": Point("plan", start=(10.0, 2.0))}
    presets = {
        "width 2, depth 10": {"activation": "relu", "bias": 0.0, "network": (10, 2)},
        "a little bias": {"activation": "relu", "bias": 0.3, "network": (10, 2)},
        "leaky": {"activation": "leaky_relu", "bias": 0.0, "network": (20, 2)},
        "tanh": {"activation": "tanh", "bias": 0.0, "network": (20, 2)},
    }
    answer = {"network": (20, 7)}

    def paint(self):
        fig, (self.plan, curve) = figures.canvas(1, 2, size=(10.6, 4.2))
        plan, blue, red = self.plan, figures.BLUE, figures.RED
        self.image = plan.imshow(
            np.zeros((_WIDTH, _DEPTH)),
            origin="lower",
            extent=(0.5, _DEPTH + 0.5, 0.5, _WIDTH + 0.5),
            aspect="auto",
            cmap="cividis",
            vmin=0,
            vmax=1,
            interpolation="nearest",
        )
        plan.set(xlabel="hidden layers", ylabel="units per layer", xticks=[1, 5, 10, 15, 20])
        plan.set_yticks([1, 2, 4, 6, 8, 10])
        plan.set_title("share born dead: click a network")
        fig.colorbar(self.image, ax=plan, ticks=[0, 0.5, 1], pad=0.02)
        (self.here,) = plan.plot([], [], "s", ms=13, mfc="none", mec=red, mew=3)
        (self.hand,) = plan.plot([], [], "o", ms=5, color=red, mec="white", mew=0.7)
        curve.set(xlabel="input x", ylabel="output minus its mean", xlim=(-2, 2), ylim=(-2.5, 2.5))
        curve.set_title("100 networks before training")
        (self.live,) = curve.plot([], [], color=blue, ls="-", lw=0.7)
        (self.dead,) = curve.plot([], [], color=red, ls="-", lw=3)
        curve.plot([], [], color=blue, ls="-", lw=1.5, label="alive")
        curve.plot([], [], color=red, ls="-", lw=3, label="constant")
        curve.legend(loc="lower right", ncols=2, framealpha=0.9, frameon=True)
        return fig, [self.image, self.live, self.dead, self.here, self.hand]

    def compute(self, activation, bias, network):
        outputs, constant = _survey(activation, round(bias, 2))
        depth, width = (
            int(np.clip(round(size), 1, most))
            for size, most in zip(network, (_DEPTH, _WIDTH), strict=True)
        )
        chosen, off = outputs[width - 1, depth - 1], constant[width - 1, depth - 1].copy()
        nearly = int(np.sum(np.ptp(chosen, axis=1)[~off] < 1e-3))
        chosen = chosen - chosen.mean(axis=1, keepdims=True)
        return _Network(constant.mean(axis=2), depth, width, chosen, off, nearly)

    def twin_data(self):
        states = [np.random.default_rng(k).bit_generator.state["state"] for k in (0, 1)]
        draws, readouts = ([f"{s['state']:032x}", f"{s['inc']:032x}"] for s in states)
        sizes = {"nets": _NETS, "most": _WIDTH, "deepest": _DEPTH}
        bias = self.declared["bias"]
        count = round((bias.high - bias.low) / bias.step) + 1
        biases = [round(bias.low + k * bias.step, 2) for k in range(count)]
        # Which smooth networks are constant is decided by the last bit of their outputs, which
        # another processor rounds another way; a ReLU network that is dead gives exact zeros.
        constant = {
            kind: [_runs(_survey(kind, value)[1].ravel()) for value in biases]
            for kind in _KINDS
            if kind != "relu"
        }
        return {
            "draws": draws,
            "readouts": readouts,
            "biases": biases,
            "constant": constant,
        } | sizes

    def draw(self, result, network):
        self.image.set_data(result.shares)
        self.here.set_data([result.depth], [result.width])
        self.hand.set_data([network[0]], [network[1]])  # an arrow key may stay within a cell
        self.live.set_data(*_joined(result.outputs[~result.off]))
        self.dead.set_data(*_joined(result.outputs[result.off]))

    def tell(self, result, activation, bias):
        depth, width, dead = result.depth, result.width, result.off.sum()
        layers = f"{depth} hidden layer{'s' * (depth > 1)} of {width}"
        text = f"{layers}: <b>{dead} of 100</b> born dead"
        if activation == "relu" and bias == 0:
            text += f" (bound {1 - (1 - 2.0**-width) ** depth:.2f})"
        return f"{text}; {result.nearly} more vary by less than 0.001 over all inputs shown."

    def goal(self, result, activation, bias):
        if activation != "relu" or bias != 0:
            return None
        share, width = result.shares[:, result.depth - 1], result.width
        if result.depth == _DEPTH and width > 1 and share[width - 1] < 0.1 <= share[width - 2]:
            return f"{width} units per layer keep 20 layers alive; one unit less does not."
        return None


def _runs(flags) -> str:
    """How many in a row are off, then on, then off, … in letters."""
    changes = np.flatnonzero(np.diff(flags.astype(int), prepend=0))
    return letters(np.diff(np.concatenate([[0], changes, [len(flags)]])))


def _joined(outputs):
    """Several outputs (networks, inputs) as one line with gaps."""
    gap = np.full((len(outputs), 1), np.nan)
    return np.tile([*_INPUTS, np.nan], len(outputs)), np.hstack([outputs, gap]).ravel()
