"""The explorers of notebook 08: walkers between two valleys, and a run that must flatten."""

from functools import cache
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from lecture_utils.studio.controls import Integer, Point, Slider
from lecture_utils.studio.player import Player
from lecture_utils.training import DIVERGENCE, diverged_at

from . import figures

__all__ = ["Catapult", "Valleys"]

# --- two valleys of the same depth, one sixteen times as sharp -----------------------------------

FLAT, SHARP = (-2.0, 1.0), (1.0, 16.0)  # (place, curvature)
_STEPS, _WALKERS, _SOFT = 250, 1500, 0.3
_EDGES = np.linspace(-5.5, 3.5, 91)


def two_valleys(x):
    """-T log(exp(-a/T) + exp(-b/T)): the lower of two parabolas a and b, with a rounded top."""
    a, b = (curvature * (x - place) ** 2 / 2 for place, curvature in (FLAT, SHARP))
    return -_SOFT * jnp.logaddexp(-a / _SOFT, -b / _SOFT)


@jax.jit
def _walk(start, rate, noise, shift, draws):
    """Places (steps, walkers), mean training and mean shifted loss after each step."""
    slope = jax.vmap(jax.grad(two_valleys))

    def step(x, xi):
        x = x - rate * (slope(x) + noise * xi)
        return x, (x, jnp.mean(two_valleys(x)), jnp.mean(two_valleys(x - shift)))

    return jax.lax.scan(step, jnp.full(draws.shape[1], start, draws.dtype), draws)[1]


@cache
def _draws():
    """The noise of all walkers, (steps, walkers); moved to the device once."""
    draws = np.random.default_rng(0).standard_normal((_STEPS, _WALKERS)).astype(np.float32)
    return jnp.asarray(draws)


class _Crowd(NamedTuple):
    """Where all walkers are after 0, 1, … steps, and what they pay on the way."""

    bars: np.ndarray  # how many are between the _EDGES, (steps + 1, bars)
    moved: np.ndarray  # the shifted loss on _GRID
    start: tuple[float, float]  # place and loss
    train: np.ndarray  # mean losses after each step, (steps,)
    test: np.ndarray
    share: float  # that end in the flat valley


_GRID = np.linspace(_EDGES[0], _EDGES[-1], 400)


def _counts(places):
    """How many of each row lie between the _EDGES, the last one included."""
    bins, count = np.searchsorted(_EDGES, places, side="right") - 1, len(_EDGES) - 1
    bins[places == _EDGES[-1]] = count - 1
    inside = (bins >= 0) & (bins < count)
    rows = np.broadcast_to(np.arange(len(places))[:, None], places.shape)
    flat = (rows * count + bins)[inside]
    return np.bincount(flat, minlength=len(places) * count).reshape(-1, count)


class Valleys(Player):
    """Where does noisy descent settle, and what does a shifted test loss say of it?"""

    title = "a flat and a sharp valley"
    aim = (
        "with B ≥ 256, noise ≥ 2 and shift ≥ 0.4, start in the sharp valley and reach a mean "
        "test loss below 0.1."
    )
    alt = (
        "Left, a loss with a flat and a sharp valley, the same loss shifted, and the places where "
        "1500 noisy descents from a movable start end; right, their mean losses against the step."
    )
    controls = {
        "batch": Integer(1, 0, 10, "log₂ B", room=205),  # four share a row
        "rate": Slider(-1.3, -2.5, -0.3, 0.05, "log₁₀ η", room=205),
        "noise": Slider(6.0, 0, 10, 0.5, "noise σ", room=205),
        "shift": Slider(0.4, 0, 1, 0.05, "shift s", room=205),
        "step": Integer(_STEPS, 0, _STEPS, room=205),
    }
    speed = 50
    points = {"start": Point("plan", start=(1.0, 0.0))}
    presets = {
        "small batch": {"batch": 0, "rate": -1.3, "noise": 6.0, "start": (1.0, 0.0)},
        "large batch": {"batch": 8, "rate": -1.3, "noise": 6.0, "start": (1.0, 0.0)},
        "no noise, η > 2/λ": {"batch": 8, "rate": -0.75, "noise": 0.0, "start": (1.3, 0.0)},
    }
    ghosts = ("train", "test")
    answer = {"batch": 8, "rate": -0.8, "noise": 4.0, "start": (1.0, 0.0)}

    def paint(self):
        fig, (self.plan, curve) = figures.canvas(1, 2, size=(10.6, 3.9), width_ratios=[1.35, 1])
        plan, heights = self.plan, np.asarray(two_valleys(_GRID))
        black, red, sky, blue = figures.BLACK, figures.RED, figures.SKY, figures.BLUE
        plan.plot(_GRID, heights, color=black, ls="-", label="training loss")
        (self.moved,) = plan.plot(_GRID, heights, color=red, ls="--", label="test loss (shifted)")
        # One outline, drawn ten times as fast as ninety bars; the curve behind it shows through.
        self.bars = plan.stairs(0 * _EDGES[1:], _EDGES, fill=True, color=sky, alpha=0.7)
        (self.dot,) = plan.plot([], [], "o", ms=13, mfc="white", mec=blue, mew=3, clip_on=False)
        plan.set(xlabel="parameter x", ylabel="loss L", xlim=(-5.5, 3.5), ylim=(0, 4.6))
        plan.set_title("drag the start; bars: where the walkers are")
        plan.legend(loc="upper center", bbox_to_anchor=(0.47, 1.0), handlelength=1.2)
        steps = np.arange(1, _STEPS + 1)
        (self.train,) = curve.plot(steps, steps, color=black, ls="-", label="training")
        (self.test,) = curve.plot(steps, steps, color=red, ls="--", label="test")
        curve.set(xlabel="step", ylabel="mean loss of all walkers", xlim=(1, _STEPS))
        curve.set(yscale="log", ylim=(1e-3, 20))
        curve.set_title("what they pay")
        curve.legend(loc="upper right", ncols=2, handlelength=1.6)
        return fig, [self.bars, self.moved, self.dot, self.train, self.test]

    def compute(self, batch, rate, noise, shift, start):
        spread = np.float32(noise / np.sqrt(2.0**batch))
        place = np.float32(np.clip(start[0], -5.5, 3.5))
        walked = _walk(place, np.float32(10**rate), spread, np.float32(shift), _draws())
        places, train, test = map(np.asarray, walked)
        places = np.concatenate([np.full_like(places[:1], place), places])
        return _Crowd(
            bars=_counts(places),
            moved=np.asarray(two_valleys(_GRID - shift)),
            start=(start[0], float(two_valleys(start[0]))),
            train=train,
            test=test,
            share=float(np.mean(places[-1] < 0.4)),  # the top between the valleys
        )

    def twin_data(self):
        drawn_from = np.random.default_rng(0).bit_generator.state["state"]
        return {
            "flat": FLAT,
            "sharp": SHARP,
            "soft": _SOFT,
            "steps": _STEPS,
            "walkers": _WALKERS,
            "edges": _EDGES.tolist(),
            "state": f"{drawn_from['state']:032x}",
            "increment": f"{drawn_from['inc']:032x}",
        }

    def draw(self, result, step):
        bars = result.bars[step]
        self.bars.set_data(bars / max(bars.max(), 1) * 1.6)
        self.moved.set_ydata(result.moved)
        self.dot.set_data(*([value] for value in result.start))
        for line, losses in ((self.train, result.train), (self.test, result.test)):
            line.set_data(np.arange(1, step + 1), np.maximum(losses[:step], 1e-9))

    def tell(self, result, batch, rate, step):
        said = (
            f"B = {2**batch}, η = {10**rate:.3g} (2/λ is {2 / SHARP[1]:.3g} in the sharp valley, "
            f"{2 / FLAT[1]:.3g} in the flat one): "
        )
        if step < _STEPS:
            return f"{said}step {step} of {_STEPS}."
        return (
            f"{said}<b>{result.share:.0%} end in the flat valley</b>; mean training loss "
            f"{result.train[-1]:.2f}, mean test loss <b>{result.test[-1]:.2f}</b>."
        )

    def goal(self, result, batch, noise, shift, start, step):
        if step < _STEPS:
            return None
        big, shaken = batch >= 8 and shift >= 0.4, noise >= 2
        sharp, low = abs(start[0] - SHARP[0]) < 0.4, round(float(result.test[-1]), 2) < 0.1
        if big and shaken and sharp and low:  # no more than is asked
            return "with little noise left, a step beyond 2/λ is what the sharp valley cannot hold."
        return None


# --- (1 - w₁w₂)²: a valley that is flat in the middle and sharp at its ends -----------------------

_SCRUB = 150


def _descend(start, rate):
    """Iterates (steps + 1, 2) of gradient descent on (1 - w₁w₂)²; stops where it diverges."""
    (a, b), path = start, [start]
    for _ in range(_SCRUB):
        pull = 2 * rate * (1 - a * b)
        a, b = a + pull * b, b + pull * a
        path.append((a, b))
        if not (1 - a * b) ** 2 < DIVERGENCE:
            break
    return np.array(path)


def _sharpness(path):
    """λ_max of the Hessian [[2b², 4ab - 2], [4ab - 2, 2a²]] at each point."""
    a, b = path.T
    return a**2 + b**2 + np.hypot(a**2 - b**2, 4 * a * b - 2)


class _Thrown(NamedTuple):
    """A run in the valley, entry k after k steps; it ends where it diverges."""

    path: np.ndarray  # (steps + 1, 2)
    losses: np.ndarray
    sharpness: np.ndarray
    diverged: bool

    def last(self, shown) -> int:
        """The last step that is shown."""
        return min(shown, len(self.path) - 1)


class Catapult(Player):
    """Gradient descent in a valley of varying sharpness: it stays only where λ_max < 2/η."""

    title = "a sharp valley throws gradient descent out"
    aim = "start where L < 0.1 and w₁² + w₂² > 9, and come to rest where λ_max < 5."
    alt = (
        "Left, the loss over two weights with a valley that is flat in the middle and sharp at its "
        "ends, and gradient descent from a movable start; right, λ_max against the step and 2/η."
    )
    controls = {
        "rate": Slider(0.1, 0.02, 0.3, 0.005, "learning rate η", ".3f"),
        "shown": Integer(_SCRUB, 0, _SCRUB, "show up to step"),
    }
    clock = "shown"
    points = {"start": Point("plan", start=(0.3, 3.4))}
    presets = {
        "η < 2/λ: stays": {"rate": 0.06, "shown": _SCRUB, "start": (0.3, 3.4)},
        "η just above 2/λ: thrown out": {"rate": 0.1, "shown": _SCRUB, "start": (0.3, 3.4)},
        "η far above: diverges": {"rate": 0.22, "shown": _SCRUB, "start": (0.3, 3.4)},
    }
    ghosts = ("trail", "line")
    answer = {"rate": 0.13, "start": (0.3, 3.4)}

    def paint(self):
        fig, (self.plan, curve) = figures.canvas(1, 2, size=(10.6, 4.2), width_ratios=[1, 1.15])
        plan, axis, orange = self.plan, np.linspace(-4.2, 4.2, 211), figures.ORANGE
        loss = (1 - np.multiply.outer(axis, axis)) ** 2
        figures.contours(plan, axis, axis, loss, log=True, floor=0.1, labels=False)
        valley = np.geomspace(1 / 4.2, 4.2, 160)
        sharp = _sharpness(np.stack([valley, 1 / valley], axis=1))
        colors = figures.sharp_to_flat(sharp, 2.0, 36.0)
        for sign in (1, -1):
            plan.scatter(sign * valley, sign / valley, c=colors, s=14, zorder=2)
        (self.trail,) = plan.plot([], [], color="white", ls="-", lw=1.2, marker=".", ms=5, zorder=3)
        (self.dot,) = plan.plot([], [], "o", ms=13, mfc="white", mec=figures.BLUE, mew=3, zorder=4)
        (self.end,) = plan.plot([], [], "*", ms=18, color=orange, mec="black", zorder=5)
        plan.set(xlabel="weight w₁", ylabel="weight w₂", xlim=(-4.2, 4.2), ylim=(-4.2, 4.2))
        plan.set_title("valley w₁w₂ = 1: red sharp, blue flat")
        (self.line,) = curve.plot([], [], color=figures.BLACK, ls="-", marker=".", ms=4, lw=1)
        self.edge = curve.axhline(1, color=figures.RED, ls="--", label="the edge 2/η")
        (self.rest,) = curve.plot([], [], "*", ms=16, color=orange, mec="black")
        curve.set(xlabel="step", ylabel="largest eigenvalue λ_max", xlim=(0, 155), ylim=(0, 50))
        curve.set_title("sharpness along the run")
        curve.legend(loc="upper right")
        return fig, [self.trail, self.dot, self.end, self.line, self.edge, self.rest]

    def compute(self, rate, start):
        path = _descend(start, rate)
        losses = (1 - path.prod(axis=1)) ** 2
        return _Thrown(path, losses, _sharpness(path), diverged_at(losses) >= 0)

    def draw(self, result, rate, shown):
        path, sharp, last = result.path, result.sharpness, result.last(shown)
        self.trail.set_data(*np.clip(path[: last + 1], -9, 9).T)
        self.dot.set_data(path[:1].T)
        self.end.set_data(path[last : last + 1].T)
        self.line.set_data(np.arange(last + 1), np.minimum(sharp[: last + 1], 999))
        self.rest.set_data([last], [min(sharp[last], 999)])
        self.edge.set_ydata([2 / rate] * 2)

    def tell(self, result, rate, shown):
        last = result.last(shown)
        text = f"η = {rate:.3f}, so 2/η = {2 / rate:.2f}. "
        if result.diverged and last == len(result.path) - 1:
            return f"{text}<b>Diverged at step {last}.</b>"
        a, b = result.path[last]
        return (
            f"{text}At step {last}: w = ({a:.2f}, {b:.2f}), L = {result.losses[last]:.2g}, "
            f"λ_max = <b>{result.sharpness[last]:.2f}</b>."
        )

    def goal(self, result, shown):
        far = result.path[0] @ result.path[0] > 9 and result.losses[0] < 0.1
        settled = result.losses[-1] < 1e-6 and result.sharpness[-1] < 5
        if far and settled and shown == _SCRUB:
            return "thrown out of the sharp part, it came to rest in the flat one."
        return None
