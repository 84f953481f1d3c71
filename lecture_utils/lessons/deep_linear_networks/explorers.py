"""The explorers of notebook 02: the chain, equal minima, modes in time, an autoencoder."""

from functools import lru_cache
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from lecture_utils.critical_points import AutoencoderPoint, linear_autoencoder_points
from lecture_utils.optimizers import adam, gradient_descent, momentum
from lecture_utils.studio import field
from lecture_utils.studio.controls import Integer, Point, Slider
from lecture_utils.studio.explorer import Explorer
from lecture_utils.studio.player import Player, evenly_in_log
from lecture_utils.training import diverged_at

from . import figures

__all__ = ["Chain", "EqualMinima", "Modes", "Staircase"]


def _first(condition) -> int:
    """The first place where it holds, or -1."""
    return int(np.argmax(condition)) if np.any(condition) else -1


def _inside(path):
    """A path (steps, 2) as far as it can be drawn."""
    far = _first(~(np.abs(path) < 10).all(axis=1))
    return path[:far] if far > 0 else path


# --- the plateau of a chain -----------------------------------------------------------------------

_RULES = {"gradient descent": gradient_descent, "momentum": momentum, "Adam": adam}
_STEPS = 2000
_FILM = evenly_in_log(_STEPS)
_MOST = 1.4  # half the width of the chain's landscape
_SIDE = np.linspace(-_MOST, _MOST, 141)


def _power(x, exponent):
    """x^exponent for a traced whole exponent up to 6, also of negative x."""
    result = jnp.ones_like(x)
    for i in range(6):
        result = jnp.where(i < exponent, result * x, result)
    return result


def _chain_loss(a, b, depth):
    """(1 - w₁⋯w_K)² with the odd-numbered weights at a and the even-numbered ones at b."""
    return (1 - _power(a, (depth + 1) // 2) * _power(b, depth // 2)) ** 2


@jax.jit
def _chain_runs(start, depth, rate):
    """Iterates (3, steps + 1, 2) and losses (3, steps + 1) of the three methods."""
    m, n = (depth + 1) // 2, depth // 2

    def slope(theta):  # of one weight of each kind; equal weights stay equal
        a, b = theta
        error = 1 - _power(a, m) * _power(b, n)
        ones = jnp.stack([_power(a, m - 1) * _power(b, n), _power(a, m) * _power(b, n - 1)])
        return -2 * error * ones

    def run(rule):
        def step(carry, _):
            theta, state = carry
            move, state = rule.update(slope(theta), state, theta)
            return (theta + move, state), theta

        _, path = jax.lax.scan(step, (start, rule.init(start)), length=_STEPS + 1)
        return path, _chain_loss(path[:, 0], path[:, 1], depth)

    paths, losses = zip(*[run(rule(rate)) for rule in _RULES.values()], strict=True)
    return jnp.stack(paths), jnp.stack(losses)


@lru_cache
def _landscape(depth):
    """L - 1 over the square of a and b, (b, a), cut off at 1."""
    return np.clip(np.asarray(_heights(*np.meshgrid(_SIDE, _SIDE), depth)) - 1, -1, 1)


_heights = jax.jit(_chain_loss)


class _Run(NamedTuple):
    """What one method did on the chain: its path as far as it can be drawn, and its fate."""

    path: np.ndarray  # (steps, 2)
    losses: np.ndarray  # along that path
    lost: int  # the step at which it diverged, or -1
    left: int  # the first step below L = 1/2, or -1
    done: int  # the first step below L = 0.01, or -1
    last: float  # the loss after all steps

    def words(self, step: int) -> str:
        """How long it has stayed on the plateau by that step."""
        if 0 <= self.lost <= step:
            return f"<b>diverged at step {self.lost}</b>"
        if not 0 <= self.left <= step:
            return f"still on it after {step}"
        if 0 <= self.done <= step:
            return f"<b>{self.left}</b> (L < 0.01 at {self.done})"
        return f"<b>{self.left}</b>" + (" (then no rest)" if step == _STEPS else "")


def _run(path, losses) -> _Run:
    shown = _inside(path)
    events = diverged_at(losses), _first(losses < 0.5), _first(losses < 0.01)
    return _Run(shown, losses[: len(shown)], *events, float(losses[-1]))


class _Plateau(NamedTuple):
    """The landscape of one depth, and the three runs from one start."""

    landscape: np.ndarray  # L - 1, (b, a), cut off at 1
    runs: tuple[_Run, ...]


class Chain(Player):
    """Depth, initial scale and learning rate; drag the start; three methods on one plateau."""

    title = "the plateau of a chain"
    aim = (
        "with K = 11, start on the plateau (L within 0.01 of 1) and let gradient descent "
        "reach L < 0.01 in at most 60 steps, and stay there."
    )
    alt = (
        "Left, the loss of a chain of weights over two groups of them, a white plateau around the "
        "origin, with the paths of three optimizers; right, their loss against the step."
    )
    controls = {
        "depth": Integer(6, 2, 11, "weights K"),
        "scale": Slider(0.6, 0.05, _MOST, 0.01, "initial scale"),
        "rate": Slider(0.05, 0.005, 0.2, 0.005, "learning rate η", ".3f"),
        "frame": Integer(len(_FILM) - 1, 0, len(_FILM) - 1, "frame of the film"),
    }
    clock, speed = "frame", 20
    points = {"start": Point("plan", start=(0.75, 0.4))}
    presets = {
        "K = 2: a short plateau": {"depth": 2, "start": (0.75, 0.4), "rate": 0.05},
        "K = 11, near the origin": {"depth": 11, "start": (0.55, 0.55), "rate": 0.02},
        "start on the wrong side": {"depth": 5, "start": (-0.5, 0.8), "rate": 0.05},
        "η too large": {"depth": 11, "start": (0.8, 0.8), "rate": 0.12},
    }
    ghosts = ("trails", "losses")
    answer = {"depth": 11, "start": (0.616, 0.616), "rate": 0.085}

    def paint(self):
        fig, (self.plan, curve) = figures.canvas(1, 2, size=(10, 4.2), width_ratios=[1, 1.35])
        plan, extent = self.plan, (-_MOST, _MOST, -_MOST, _MOST)
        blank = np.zeros((len(_SIDE), len(_SIDE)))
        self.bands = figures.diverging_bands(plan, blank, bound=1.0, bands=17, extent=extent)
        field.note_image(self.bands, "L − 1", most=1.0)  # as far as _landscape goes
        plan.set(xlabel="weights 1, 3, 5, …: a", ylabel="weights 2, 4, 6, …: b", aspect="equal")
        plan.set_title("white: L ≈ 1   blue: lower   red: higher", fontsize=11.5)
        curve.set(xlabel="step (log scale)", ylabel="loss L", xscale="log", ylim=(-0.03, 2.1))
        curve.set_xlim(1, _STEPS)
        curve.axhline(0.5, color=figures.GREY, ls=":", lw=1.2)
        curve.text(1.1, 0.53, "L = ½", color=figures.GREY)
        curve.set_title("the plateau is over when L < ½")
        self.trails, self.ends, self.losses = [], [], []
        for method, width in zip(_RULES, (4.5, 3, 1.8), strict=True):
            look = figures.METHODS[method] | {"marker": "", "lw": width}
            self.trails += plan.plot([], [], **look)
            self.ends += plan.plot([], [], "*", ms=15, color=look["color"], mec="white")
            self.losses += curve.plot([], [], label=method, **look)
        curve.legend(loc="upper right")
        (self.dot,) = plan.plot([], [], "o", ms=12, mfc="white", mec="black", mew=2)
        return fig, [self.bands, self.trails, self.ends, self.losses, self.dot]

    def follow(self, changed, scale, start):
        """Slider and point say the same: whichever was moved, the other follows."""
        size = np.hypot(*start) / np.sqrt(2)
        if "start" in changed:
            return {"scale": float(np.clip(round(size, 2), 0.05, _MOST))}
        if "scale" in changed:
            way = np.array(start) / size if size > 0.01 else np.ones(2)
            return {"start": tuple(np.clip(scale * way, -_MOST, _MOST))}
        return {}

    def compute(self, depth, rate, start):
        paths, losses = map(np.asarray, _chain_runs(np.array(start), depth, rate))
        return _Plateau(_landscape(depth), tuple(map(_run, paths, losses)))

    def twin_data(self):
        return {"film": _FILM.tolist()}

    def draw(self, result, start, frame):
        self.bands.set_data(result.landscape)
        moving = zip(result.runs, self.trails, self.ends, self.losses, strict=True)
        for run, trail, end, line in moving:
            path, losses = run.path[: _FILM[frame] + 1], run.losses[: _FILM[frame] + 1]
            trail.set_data(path.T)
            end.set_data(path[-1:].T)
            line.set_data(np.arange(1, len(losses)), np.minimum(losses[1:], 10.0))
        self.dot.set_data([start[0]], [start[1]])

    def tell(self, result, frame):
        runs = zip(_RULES, result.runs, strict=True)
        words = ", ".join(f"{name} {run.words(_FILM[frame])}" for name, run in runs)
        first = result.runs[0].losses[0]
        return f"Start: L = {first:.4f}. Steps on the plateau: {words}."

    def goal(self, result, depth, frame):
        if _FILM[frame] < _STEPS:
            return None
        descent = result.runs[0]
        on_plateau = abs(descent.losses[0] - 1) < 0.01
        if depth == 11 and on_plateau and 0 < descent.done <= 60 and descent.last < 0.01:
            return (
                f"{descent.done} steps, from the edge of the plateau and close to the largest "
                "stable η."
            )
        return None


# --- equal minima ---------------------------------------------------------------------------------


_FALL = 300


@jax.jit
def _valley_run(start, rate):
    """300 gradient steps on (1 - w₁w₂)²: iterates (301, 2) and losses (301,)."""

    def step(theta, _):
        slope = -2 * (1 - theta[0] * theta[1]) * theta[::-1]
        return theta - rate * slope, theta

    _, path = jax.lax.scan(step, start, length=_FALL + 1)
    return path, (1 - path[:, 0] * path[:, 1]) ** 2


_LOW, _HIGH = 0.25, 2.75
_VALLEY = np.geomspace(0.37, 2.7, 200)  # w₁ along the minima


class _Minimum(NamedTuple):
    """One minimum, which part of the valley is stable, and the descent from beside it."""

    place: np.ndarray  # (2,)
    sharpness: float
    stable: np.ndarray  # (places in the valley,)
    path: np.ndarray  # as far as it can be drawn
    losses: np.ndarray  # (301,)
    fate: str
    back: bool  # whether it comes back


class EqualMinima(Player):
    """Slide along the minima w₁w₂ = 1 of two weights: which of them hold gradient descent?"""

    title = "equal minima, unequal sharpness"
    aim = "find a minimum to which gradient descent comes back with η of at least 0.45."
    alt = (
        "Left, the valley of minima of two weights, its stable part marked, with a movable "
        "minimum and the descent from beside it; right, the loss against the step."
    )
    controls = {
        "rate": Slider(0.2, 0.02, 0.6, 0.01, "learning rate η"),
        "step": Integer(_FALL, 0, _FALL),
    }
    speed = 40
    points = {"minimum": Point("plan", start=(1.8, 1 / 1.8))}
    presets = {
        "(1, 1), the flattest": {"minimum": (1.0, 1.0), "rate": 0.3},
        "(2, ½), stable": {"minimum": (2.0, 0.5), "rate": 0.2},
        "(2, ½), unstable": {"minimum": (2.0, 0.5), "rate": 0.26},
        "η too large for all": {"minimum": (1.0, 1.0), "rate": 0.55},
    }
    ghosts = ("trail", "loss")
    answer = {"rate": 0.46, "minimum": (1.1, 1.0)}

    def paint(self):
        steps, side = np.arange(_FALL + 1), np.linspace(_LOW, _HIGH, 121)
        fig, (self.plan, section) = figures.canvas(1, 2, size=(10, 4.2), width_ratios=[1, 1.35])
        plan, (x, y) = self.plan, np.meshgrid(side, side)
        figures.contours(plan, side, side, (1 - x * y) ** 2, log=True, labels=False, floor=1e-3)
        plan.set(xlabel="w₁", ylabel="w₂", xlim=(_LOW, _HIGH), ylim=(_LOW, _HIGH), aspect="equal")
        plan.set_title("all minima have w₁w₂ = 1")
        sky, red = figures.SKY, figures.RED
        (self.held,) = plan.plot([], [], color=sky, ls="-", lw=5, label="stable at this η")
        (self.loose,) = plan.plot([], [], color=red, ls=":", lw=4, label="unstable")
        (self.trail,) = plan.plot([], [], color="white", ls="-", lw=1.4, marker="o", ms=3.5)
        (self.home,) = plan.plot([], [], "o", ms=12, mfc="white", mec="black", mew=2)
        (self.end,) = plan.plot([], [], "*", ms=16, color=figures.BLACK, mec="white")
        plan.legend(loc="upper right", frameon=True)
        (self.loss,) = section.plot(steps, steps + 1.0, color=figures.BLUE, ls="-")
        section.set(xlabel="step", ylabel="loss L", yscale="log", xlim=(0, 80), ylim=(1e-12, 1e2))
        section.set_title("descent from 0.05 beside the minimum")
        return fig, [self.held, self.loose, self.trail, self.home, self.end, self.loss]

    def compute(self, rate, minimum):
        w1 = float(np.clip(np.sqrt(minimum[0] / minimum[1]), 0.4, 2.5))
        place = np.array([w1, 1 / w1])
        start = place - 0.05 * place[::-1] / np.linalg.norm(place)
        path, losses = map(np.asarray, _valley_run(start, rate))
        stable = rate * (_VALLEY**2 + _VALLEY**-2.0) < 1
        fate, back = _fate(place, path, losses)
        return _Minimum(place, 2 * place @ place, stable, _inside(path), losses, fate, back)

    def draw(self, result, step):
        stable, path = result.stable, result.path[: step + 1]
        self.held.set_data(np.where(stable, _VALLEY, np.nan), 1 / _VALLEY)
        self.loose.set_data(np.where(stable, np.nan, _VALLEY), 1 / _VALLEY)
        self.trail.set_data(path.T)
        self.end.set_data(path[-1:].T)
        self.home.set_data(result.place[:, None])
        losses = np.clip(np.nan_to_num(result.losses[: step + 1], nan=1e9), 1e-30, 1e9)
        self.loss.set_data(np.arange(step + 1), losses)

    def tell(self, result, rate, step):
        (w1, w2), sharp = result.place, result.sharpness
        fate = result.fate if step == _FALL else f"is at step {step} of {_FALL}"
        return (
            f"Minimum ({w1:.2f}, {w2:.2f}): λ = 2(w₁² + w₂²) = <b>{sharp:.2f}</b>, "
            f"2/λ = {2 / sharp:.3f}. With η = {rate:.2f} gradient descent {fate}."
        )

    def goal(self, result, rate, step):
        if result.back and rate >= 0.45 and step == _FALL:
            return "only the flattest minima, near (1, 1), hold such a step; beyond ½ none does."
        return None


def _fate(place, path, losses) -> tuple[str, bool]:
    """What became of the descent, in words, and whether it came back to the minimum."""
    lost, end = diverged_at(losses), path[-1]
    if lost >= 0:
        return f"<b>diverged at step {lost}</b>", False
    if losses[-1] > 1e-6:
        return "<b>finds no rest</b> in 300 steps", False
    if np.linalg.norm(end - place) < 0.3 and losses.max() <= 1.01 * losses[0]:
        return "<b>comes back</b>", True
    sharp = 2 * end @ end
    return f"leaves, and settles at ({end[0]:.2f}, {end[1]:.2f}) where λ = {sharp:.2f}", False


# --- two modes against the exact solution ---------------------------------------------------------

_MODE_STEPS, _LONGEST = 2000, 10.0
_TENTHS = 100  # of a unit of time, until _LONGEST
_NOISE = np.random.default_rng(0).standard_normal((2, 2, 2)) / np.sqrt(2)
_TIMES = np.linspace(0, _LONGEST, 400)


@jax.jit
def _mode_runs(target, weights, rate):
    """Gradient descent on ½‖S - W₂W₁‖²: diagonals of W₂W₁, (steps + 1, modes), and losses."""

    def step(weights, _):
        one, two = weights
        error = target - two @ one
        move = jnp.stack([two.T @ error, error @ one.T])
        return weights + rate * move, (jnp.diagonal(two @ one), jnp.sum(error**2) / 2)

    return jax.lax.scan(step, weights, length=_MODE_STEPS + 1)[1]


class _Learned(NamedTuple):
    """Two modes in time: measured and by the formula; a time is None where it never came."""

    times: np.ndarray  # of the dots that are shown
    measured: np.ndarray  # strengths there, (times, 2)
    exact: np.ndarray  # strengths at _TIMES, (2, times)
    half: list[float | None]  # when each mode is half learned
    exact_half: list[float]
    done: float | None  # when the stronger mode has 95 %
    begun: float | None  # when the weaker one has 5 %
    lost: int  # the step at which it diverged, or -1
    restless: bool  # η too large for it to settle


def _when(strengths, rate, target, share):
    """The time at which a mode first has that share of its target, or None."""
    step = _first(strengths >= share * target)
    return step * rate if 0 <= step * rate <= _LONGEST and step >= 0 else None


def _swings(strengths) -> bool:
    return bool(np.any(np.ptp(strengths, axis=0) > 0.1))


class Modes(Player):
    """Two modes of a matrix, learned by gradient descent, on top of the exact solution."""

    title = "two modes against the exact solution"
    aim = (
        "let the weaker mode begin (5 %) only after the stronger one is learned (95 %), "
        "with the weaker target at least half the stronger."
    )
    alt = (
        "Left, the plane of two target strengths with a movable point; right, the strengths of "
        "two modes during training as dots on top of the S-shaped curves of the exact formula."
    )
    controls = {
        "start": Slider(-2, -8, -0.5, 0.1, "log₁₀ of the start u₀", ".1f"),
        "rate": Slider(0.02, 0.005, 0.4, 0.005, "learning rate η", ".3f"),
        "mix": Slider(0, 0, 1, 0.05, "random part of the start"),
        "tenths": Integer(_TENTHS, 0, _TENTHS, "time shown, in tenths"),
    }
    clock, speed = "tenths", 20
    points = {"targets": Point("plan", start=(3.0, 1.2))}
    presets = {
        "targets 3 and 1.2": {"targets": (3.0, 1.2), "start": -3.0, "rate": 0.02, "mix": 0.0},
        "equal targets": {"targets": (2.0, 2.0), "start": -3.0, "rate": 0.02, "mix": 0.0},
        "random start": {"targets": (3.0, 1.2), "start": -3.0, "rate": 0.02, "mix": 1.0},
        "η too large": {"targets": (3.0, 1.2), "start": -3.0, "rate": 0.4, "mix": 0.0},
    }
    ghosts = ("lines", "dots")
    answer = {"targets": (4.0, 2.2), "start": -7.0}

    def paint(self):
        fig, (self.plan, curve) = figures.canvas(1, 2, size=(10, 4.2), width_ratios=[1, 1.6])
        plan = self.plan
        plan.set(xlabel="target strength s₁", ylabel="target strength s₂", xlim=(0.2, 4))
        plan.set(ylim=(0.2, 4), aspect="equal")
        plan.plot([0, 4], [0, 4], color=figures.GREY, ls=":", lw=1.5)
        plan.text(1.3, 3.4, "mode 2 first", ha="center", color=figures.RED)
        plan.text(2.9, 0.6, "mode 1 first", ha="center", color=figures.BLUE)
        plan.set_title("drag the targets")
        curve.set(xlabel="time t = steps · η", ylabel="strength u of the mode")
        curve.set(xlim=(0, _LONGEST), ylim=(-0.15, 4.6))
        curve.set_title("dots: measured   lines: formula")
        (self.dot,) = plan.plot([], [], "o", ms=13, color=figures.GREEN, mec="white")
        self.lines, self.dots = [], []
        for color, name, marker in ((figures.BLUE, "mode 1", "o"), (figures.RED, "mode 2", "s")):
            self.lines += curve.plot(_TIMES, _TIMES, color=color, ls="-", lw=2, label=name)
            self.dots += curve.plot([], [], marker, color=color, ms=6, mfc="none", mew=1.6)
        curve.legend(loc="upper right", ncols=2)
        return fig, [self.dot, self.lines, self.dots]

    def compute(self, start, rate, mix, targets):
        u0, s = 10.0**start, np.array(targets)
        weights = 10.0 ** (start / 2) * ((1 - mix) * np.eye(2) + mix * _NOISE)
        measured, losses = map(np.asarray, _mode_runs(np.diag(s), weights, rate))
        lost = diverged_at(losses)
        times = rate * np.arange(len(measured))
        last = min(lost if lost >= 0 else len(times), int(_LONGEST / rate) + 1, len(times))
        shown = slice(0, last, max(1, last // 40))
        growth = np.exp(-2 * s[:, None] * _TIMES)
        strong, weak = int(np.argmax(s)), int(np.argmin(s))
        return _Learned(
            times=times[shown],
            measured=measured[shown],
            exact=s[:, None] / (1 + (s[:, None] / u0 - 1) * growth),
            half=[_when(measured[:, i], rate, s[i], 0.5) for i in range(2)],
            exact_half=[max(np.log(max(s[i] / u0 - 1, 1e-9)) / (2 * s[i]), 0) for i in range(2)],
            done=_when(measured[:, strong], rate, s[strong], 0.95),
            begun=_when(measured[:, weak], rate, s[weak], 0.05),
            lost=lost,
            restless=lost < 0 and rate * s.max() > 1 and _swings(measured[last - 20 : last]),
        )

    def twin_data(self):
        return {"noise": [matrix.ravel().tolist() for matrix in _NOISE]}

    def draw(self, result, targets, tenths):
        self.dot.set_data([targets[0]], [targets[1]])
        count = int(np.sum(result.times <= tenths / 10 + 1e-9))
        for i in range(2):
            self.lines[i].set_ydata(result.exact[i])
            self.dots[i].set_data(result.times[:count], result.measured[:count, i])

    def tell(self, result, start, rate, targets, tenths):
        if tenths < _TENTHS:
            return f"Time t = {tenths / 10:.1f}. Start u₀ = {10.0**start:.1g}, η = {rate:.3f}."
        if result.lost >= 0:
            return f"Gradient descent <b>diverged at step {result.lost}</b>: η is larger than 1/s."
        if result.restless:
            return f"<b>No rest</b>: η = {rate:.3f} is larger than 1/s = {1 / max(targets):.3f}."
        words = ["not yet" if half is None else f"<b>{half:.2f}</b>" for half in result.half]
        exact = result.exact_half
        return (
            f"Half learned at t: mode 1 {words[0]} (formula {exact[0]:.2f}), mode 2 "
            f"{words[1]} (formula {exact[1]:.2f}). Start u₀ = {10.0**start:.1g}, η = {rate:.3f}."
        )

    def goal(self, result, targets, tenths):
        if tenths < _TENTHS:
            return None
        if result.lost >= 0 or result.restless or min(targets) < 0.5 * max(targets):
            return None
        if result.done and result.begun and result.begun >= result.done:
            return "a clean stage: the tinier the start, the sharper the steps."
        return None


# --- the staircase of a linear autoencoder --------------------------------------------------------

_DIRECTIONS = 6  # principal directions of what the autoencoder squeezes


class _Steps(NamedTuple):
    """All critical points of one autoencoder, and the one that is picked."""

    variances: np.ndarray  # (directions,)
    places: np.ndarray  # (points, 2): fraction of negative eigenvalues, loss
    near: int  # which one is picked
    picked: AutoencoderPoint
    best: float  # the loss of the global minimum


class Staircase(Explorer):
    """All critical points of a linear autoencoder: pick one, see what it keeps and its index."""

    title = "the staircase of a linear autoencoder"
    aim = "find a saddle of index 1 whose loss is less than 5 % above the global minimum."
    alt = (
        "Left, the variances of six principal directions, kept ones and lost ones; right, loss "
        "against the fraction of negative eigenvalues for all critical points of an autoencoder."
    )
    controls = {
        "width": Integer(2, 1, 5, "hidden units p"),
        "ratio": Slider(0.6, 0.4, 0.98, 0.01, "each variance / the one before"),
    }
    points = {"pick": Point("stairs", start=(0.25, 0.6))}
    presets = {
        "the minimum": {"pick": (0.0, 0.0), "width": 2, "ratio": 0.6},
        "the origin": {"pick": (0.5, 1.0), "width": 2, "ratio": 0.6},
        # Both units used, for the two weakest directions: 8 swaps, 8 of 24 eigenvalues.
        "both units, weakest directions": {"pick": (1 / 3, 0.913), "width": 2, "ratio": 0.6},
        "five units": {"pick": (0.2, 0.4), "width": 5, "ratio": 0.8},
    }
    answer = {"width": 5, "ratio": 0.98, "pick": (0.016, 0.18)}

    def paint(self):
        fig, (bars, self.stairs) = figures.canvas(1, 2, size=(10, 4.2), width_ratios=[1, 1.5])
        names, stairs = np.arange(1, _DIRECTIONS + 1), self.stairs
        bars.set(xlabel="principal direction", ylabel="share of the variance", ylim=(0, 0.75))
        bars.set(xlim=(0.4, _DIRECTIONS + 0.6), xticks=names)
        bars.set_title("blue: kept   orange: lost")
        self.columns = bars.bar(names, np.ones(_DIRECTIONS), width=0.7)
        stairs.set(xlabel="fraction of negative eigenvalues α", ylabel="loss / variance")
        stairs.set(xlim=(-0.02, 0.53), ylim=(-0.04, 1.06))
        stairs.set_title("every critical point; click one")
        (self.cloud,) = stairs.plot([], [], "o", color=figures.BLUE, ms=7, alpha=0.55)
        (self.ring,) = stairs.plot([], [], "o", ms=16, mfc="none", mec=figures.RED, mew=2.5)
        (self.hand,) = stairs.plot([], [], "+", ms=12, color=figures.GREEN, mew=2.5)
        return fig, [self.columns, self.cloud, self.ring, self.hand]

    def compute(self, width, ratio, pick):
        variances = ratio ** np.arange(_DIRECTIONS)
        variances /= variances.sum()
        points = linear_autoencoder_points(variances, width)
        places = np.array([[p.swaps + p.idle, p.loss] for p in points], dtype=float)
        places[:, 0] /= 2 * _DIRECTIONS * width
        near = int(np.argmin(np.hypot((places[:, 0] - pick[0]) / 0.55, places[:, 1] - pick[1])))
        best = min(point.loss for point in points)
        return _Steps(variances, places, near, points[near], best)

    def twin_data(self):
        return {"colors": {"kept": figures.BLUE.lower(), "lost": figures.ORANGE.lower()}}

    def draw(self, result, pick):
        kept = result.picked.kept
        for i, column in enumerate(self.columns):
            color = figures.BLUE if i in kept else figures.ORANGE
            column.set(height=result.variances[i], color=color)
        self.cloud.set_data(result.places.T)
        self.ring.set_data(result.places[result.near : result.near + 1].T)
        self.hand.set_data([pick[0]], [pick[1]])

    def tell(self, result, width):
        kept, loss, swaps, idle = result.picked
        kind = "the global minimum" if swaps + idle == 0 else "a saddle"
        listed = ", ".join(str(i + 1) for i in kept) or "nothing"
        return (
            f"Keeps {listed}: loss {loss:.3f}, <b>{kind}</b>. Index {swaps + idle} = {swaps} "
            f"(a lost direction beats a kept one) + {idle} ({width - len(kept)} idle × "
            f"{_DIRECTIONS - len(kept)} lost), of {2 * _DIRECTIONS * width} eigenvalues."
        )

    def goal(self, result):
        picked = result.picked
        if picked.swaps + picked.idle == 1 and picked.loss < 1.05 * result.best:
            return "one way down among dozens, for a gain of less than 5 %: hard to notice."
        return None
