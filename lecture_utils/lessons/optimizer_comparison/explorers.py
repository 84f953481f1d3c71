"""The explorers of notebook 07: the race, the ball with its energy, the quadratic in two views."""

from functools import cache, partial
from typing import NamedTuple

import ipywidgets as widgets
import jax
import jax.numpy as jnp
import numpy as np
import optax

from lecture_utils import surfaces
from lecture_utils.optimizers import adam, gradient_descent, momentum, rms, rmsprop
from lecture_utils.studio.controls import (
    Choice,
    Formula,
    Integer,
    LogSlider,
    Point,
    Slider,
    Toggle,
)
from lecture_utils.studio.formula import function
from lecture_utils.studio.player import Player
from lecture_utils.studio.style import METHODS
from lecture_utils.training import diverged_at

from . import figures

__all__ = ["Energy", "Quadratic", "Race"]


# --- the race -------------------------------------------------------------------------------------

_STEPS = 300
_GOOD = 1e-6  # L - L* below it counts as arrived
_TRACKS = {
    "ravine": surfaces.ravine,
    "rotated ravine": surfaces.rotated_ravine,
    "Rosenbrock": surfaces.rosenbrock,
    "Beale": surfaces.beale,
    "saddle": surfaces.double_well,
    "hill": surfaces.hill,
    "plateau and cliff": surfaces.cliff,
    "Himmelblau": surfaces.himmelblau,
}
_LOOKS = {"saddle": {}, "hill": {}, "plateau and cliff": {"log": True, "floor": 0.01}}
_RACERS = {
    "gradient descent": lambda rate, decay: gradient_descent(rate),
    "momentum": momentum,
    "Nesterov": lambda rate, decay: optax.sgd(rate, momentum=decay, nesterov=True),
    "RMS": lambda rate, decay: rms(rate),
    "RMSProp": rmsprop,
    "Adam": adam,
    "Lion": lambda rate, decay: optax.lion(rate, b1=decay),
}
_RATES = dict(zip(_RACERS, (0.03, 0.01, 0.01, 0.1, 0.02, 0.1, 0.02), strict=True))
_MOMENTUM = list(_RACERS).index("momentum")


@partial(jax.jit, static_argnums=0)
def _race(own, track, start, rates, decay):
    """All racers on the surface of that number: iterates (steps + 1, racers, 2), losses, slopes.

    One compiled function for all surfaces: neither a slider nor another surface compiles again;
    only a surface that the reader typed, ``own`` (else None), is compiled by itself.
    """
    surfaces_ = [own] if own else _TRACKS.values()
    losses = [lambda theta, surface=surface: surface(theta) for surface in surfaces_]
    loss = lambda theta: jax.lax.switch(track, losses, theta)  # noqa: E731
    rules = [rule(rates[k], decay) for k, rule in enumerate(_RACERS.values())]

    def step(carry, _):
        points, states = carry
        values, slopes = jax.vmap(jax.value_and_grad(loss))(points)
        moves, states = zip(
            *[
                rule.update(slope, state, point)
                for rule, slope, state, point in zip(rules, slopes, states, points, strict=True)
            ],
            strict=True,
        )
        return (points + jnp.stack(moves), states), (points, values, slopes)

    points = jnp.tile(start, (len(rules), 1))
    states = tuple(rule.init(start) for rule in rules)
    _, results = jax.lax.scan(step, (points, states), length=_STEPS + 1)
    return results


@cache
def _floor(shape) -> float:
    """The lowest loss of a track; of one that was typed, the lowest that is seen."""
    wells = [p for p, nature in shape.critical_points if nature == "minimum"]
    if not wells:
        return float(np.nanmin(shape.grid()[2]))
    return min(float(shape(np.array(p))) for p in wells)


def _shape(surface, own):
    """The surface of that name, or what was typed."""
    side = (-2.0, 2.0)
    return _TRACKS.get(surface) or surfaces.Surface("your own", own, function(own), (side, side))


class Runs(NamedTuple):
    """One race: arrays by step, then by racer, and for each racer when it was lost."""

    points: np.ndarray
    losses: np.ndarray
    slopes: np.ndarray
    gap: np.ndarray  # L - L*
    lost: list[int]  # the step, or -1

    def arrived(self, racer, step) -> int:
        """Since when it is close to the lowest loss and has stayed there until ``step``, or -1."""
        away = np.flatnonzero(~(self.gap[: step + 1, racer] < _GOOD))
        since = int(away[-1]) + 1 if away.size else 0
        return since if since <= step else -1

    def words(self, racer, step) -> str:
        """How a racer does at that step, in three words."""
        lost, arrived = self.lost[racer], self.arrived(racer, step)
        if 0 <= lost <= step:
            return f"<b>diverged at step {lost}</b>"
        if arrived >= 0:
            return f"arrived at step <b>{arrived}</b>"
        return f"{self.gap[step, racer]:.2g}"


def _scene(surface, start, decay=0.9, **rates) -> dict:
    """Values of the race: who is named races, with its learning rate, from step 0."""
    rates = {name.replace("_", " "): rate for name, rate in rates.items()}
    values = {"step": 0, "surface": surface, "start": start, "decay": decay}
    values |= {name: name in rates for name in _RACERS}
    return values | {f"rate of {name}": rate for name, rate in rates.items()}


# Decades by which rules that step with the gradient are slower, so that no start diverges at once.
_CALM = {"Rosenbrock": -1.52, "Beale": -1.0, "plateau and cliff": -1.0}


def _suits(surface) -> dict:
    """Learning rates that suit a surface, on the steps of their sliders."""
    power = 10.0 ** _CALM.get(surface, 0.0)
    racers = ("gradient descent", "momentum", "Nesterov")
    wanted = {f"rate of {name}": _RATES[name] * power for name in racers}
    return {name: 10.0 ** round(round(np.log10(rate) / 0.02) * 0.02, 12)
            for name, rate in wanted.items()}  # fmt: skip


_FOUR = {"gradient_descent": 0.07, "momentum": 0.01, "RMSProp": 0.02, "Adam": 0.1}
_SLOW_FOUR = _FOUR | {"gradient_descent": 0.01, "momentum": 0.002}


class Race(Player):
    """Seven optimizers from one start, on eight surfaces: play, pause, step, scrub."""

    title = "seven optimizers race"
    aim = (
        "on the ravine, bring momentum below 10⁻⁶ within 40 steps, from a start with "
        "L ≥ 10. (Theory says how: section 4.)"
    )
    tallest = 350  # seven racers have their switches below it
    alt = (
        "Left, a loss surface with the trails of several optimizers from one movable start, their "
        "last steps and gradients as arrows; right, their losses against the step on a log axis."
    )
    controls = {
        "step": Integer(_STEPS, 0, _STEPS),
        "surface": Choice([*_TRACKS, "your own"]),
        "own": Formula("x**2 + 5*y**2 + sin(5*x)", "surface"),
        "decay": Slider(0.9, 0, 0.99, 0.01, "memory λ, k, β₁"),
        "speed": Integer(30, 5, 100, "steps/s", step=5),
        **{
            name: Toggle(name in ("gradient descent", "momentum", "RMSProp", "Adam"), name)
            for name in _RACERS
        },
        **{f"rate of {n}": LogSlider(rate, -4, 0.5, 0.02, "η") for n, rate in _RATES.items()},
    }
    groups = {"racing": tuple(_RACERS), "rates": tuple(f"rate of {name}" for name in _RACERS)}
    part_of = {f"rate of {name}": name for name in _RACERS}
    speed = "speed"
    points = {"start": Point("plan", start=(-2.0, 0.9))}
    presets = {
        "ravine": _scene("ravine", (-2.0, 0.9), **_FOUR),
        "rotated ravine": _scene("rotated ravine", (-2.0, -0.9), **_FOUR),
        "plateau, then cliff": _scene("plateau and cliff", (0.5, 0.62), **_SLOW_FOUR),
        "over the hill": _scene("hill", (1.7, 0.8), gradient_descent=0.05, momentum=0.05),
        "beside a saddle": _scene(
            "saddle", (0.001, 1.0), gradient_descent=0.05, momentum=0.05, Adam=0.05
        ),
        "η just below 2/L": _scene("ravine", (-2.0, 0.9), gradient_descent=0.0789, momentum=0.001),
        "η just above 2/L": _scene("ravine", (-2.0, 0.9), gradient_descent=0.0813, momentum=0.001),
    }
    backdrop = ("surface", "own")
    ghosts = ("board.trails", "board.gaps")
    answer = {"decay": 0.44, "rate of momentum": 0.11}

    def paint(self):
        board = self.board = figures.race_board(_RACERS, _STEPS, _GOOD)
        self.plan = board.plan
        moving = [board.trails, board.gaps, board.marks]
        arrows = [board.velocity, board.descent]
        return board.fig, [*moving, *arrows, board.ring, board.dots, board.legend]

    def compute(self, surface, start, decay, rates, own=""):
        shape = _shape(surface, own)
        typed = None if surface in _TRACKS else shape
        track = 0 if typed else list(_TRACKS).index(surface)
        points, losses, slopes = map(
            np.asarray, _race(typed, track, np.array(start), np.array(rates), decay)
        )
        lowest = _floor(shape)
        if typed:  # nobody knows its minima
            lowest = min(lowest, np.nanmin(losses, initial=lowest, where=np.abs(losses) < 1e6))
        gap = np.maximum(losses - lowest, 1e-12)
        lost = diverged_at(losses.T).tolist()
        return Runs(points, losses, slopes, gap, lost)

    def twin_data(self):
        return {
            "suits": {surface: _suits(surface) for surface in _TRACKS},
            "sides": {name: track.domain for name, track in _TRACKS.items()},
        }

    def follow(self, changed, surface, own, start):
        """Another surface brings learning rates that suit it; the start stays in sight."""
        if "surface" not in changed:
            return {}
        ends = _shape(surface, own).domain
        inside = all(low <= x <= high for x, (low, high) in zip(start, ends, strict=True))
        place = start if inside else tuple(low + 0.35 * (high - low) for low, high in ends)
        return _suits(surface) | {"start": place}

    def draw_backdrop(self, result, surface, own):
        with self.still(self.plan):
            looks = _LOOKS.get(surface, {"log": surface in _TRACKS})
            figures.race_track(self.plan, _shape(surface, own), **looks)

    def draw(self, result, step, surface, own, start, racing):
        board, steps = self.board, np.arange(step + 1)
        width = np.ptp(_shape(surface, own).domain[0])
        on_track = np.array(racing) & [not 0 <= lost <= step for lost in result.lost]
        here = np.where(on_track[:, None], result.points[step], np.nan)
        for k, (chosen, lost) in enumerate(zip(racing, result.lost, strict=True)):
            end = min(step + 1, lost if lost >= 0 else step + 1) if chosen else 0
            board.trails[k].set_data(result.points[:end, k].T)
            board.gaps[k].set_data(steps[:end], result.gap[:end, k])
            board.dots[k].set_data(here[k : k + 1].T)
            board.marks[k].set_data(steps[:end][-1:], result.gap[:end, k][-1:])
        last = result.points[step] - result.points[max(step - 1, 0)]
        for arrows, vectors in ((board.velocity, last), (board.descent, -result.slopes[step])):
            vectors = figures.compressed(np.where(on_track[:, None], vectors, 0.0), width)
            arrows.set_offsets(np.where(on_track[:, None], here, 1e6))  # out of sight
            arrows.set_UVC(*vectors.T)
        board.ring.set_data([start[0]], [start[1]])
        figures.name_racers(board.legend, racing)

    def tell(self, result, step, surface, racing):
        words = [f"{n} {result.words(k, step)}" for k, n in enumerate(_RACERS) if racing[k]]
        if not words:
            return "No optimizer is switched on."
        told = f"Step {step}, L − L* (arrived: below 10⁻⁶ to stay): " + ", ".join(words) + "."
        if surface not in _TRACKS:
            here = np.abs(result.points[step][np.array(racing)])
            away = np.sum(np.any(here > 2, axis=1))  # what diverged is out of sight too
            told += f" Outside the picture, which ends at ±2: {away}." if away else ""
        return told

    def goal(self, result, surface, racing, step):
        arrived = result.arrived(_MOMENTUM, step)
        if surface != "ravine" or not racing[_MOMENTUM]:
            return None
        if result.losses[0, 0] >= 10 and 0 <= arrived <= 40:
            return f"momentum needed {arrived} steps; section 4 says which η and λ are the best."
        return None

    def _rows(self):
        """One column for each racer: its switch, in its color, and its learning rate below."""
        widths = {"surface": "210px", "decay": "340px", "speed": "300px"}
        for name, width in widths.items():
            self.controls[name].layout.width = width
        everything, buttons = super()._rows()
        everything.children = [self.controls[name] for name in (*widths, "own")]
        columns = []
        for name in _RACERS:
            switch, rate = self.controls[name], self.controls[f"rate of {name}"]
            switch.layout.width = "100%"
            switch.layout.border_left = f"8px solid {METHODS[name]['color']}"
            rate.layout = widgets.Layout(width="100%", margin="0")
            room = widgets.Layout(flex="1 1 160px", max_width="260px")  # names and tracks whole
            columns.append(widgets.VBox([switch, rate], layout=room).add_class("lecture-column"))
        wrap = widgets.Layout(flex_flow="row wrap")
        return [everything, widgets.Box(columns, layout=wrap), buttons]


# --- the ball and its energy ----------------------------------------------------------------------

_ROLL = 250
_GRID = np.linspace(-1.9, 1.9, 241)
_MEMORIES = np.linspace(0.01, 0.99, 99)  # what the slider can say


def _well(x, tilt):
    return surfaces.double_well_1d(x) + tilt * x


@jax.jit
def _roll(start, rate, memories, tilt):
    """Positions and movements (steps + 1, balls), one ball for each memory."""
    slope = jax.vmap(jax.grad(_well), in_axes=(0, None))

    def step(carry, _):
        x, m = carry
        moved = memories * m - rate * slope(x, tilt)
        return (x + moved, moved), carry

    still = jnp.zeros(memories.shape)
    _, path = jax.lax.scan(step, (still + start, still), length=_ROLL + 1)
    return path


def _hill_top(tilt):
    """Where the hill between the two wells is highest: the middle root of x³ - x + tilt."""
    return float(np.sort(np.roots([1.0, 0.0, -1.0, tilt]).real)[1])


def _enough(start, rate, tilt) -> float:
    """The smallest memory with which the ball comes to rest in the left well, or NaN."""
    x, m = map(np.asarray, _roll(start, rate, _MEMORIES, tilt))
    rests = (x[-1] < _hill_top(tilt)) & (np.abs(m[-1]) < 1e-3)
    return float(_MEMORIES[np.argmax(rests)]) if np.any(rests) else np.nan


class Balls(NamedTuple):
    """Gradient descent (0) and momentum (1) on two wells: arrays by step, until one is lost."""

    places: np.ndarray  # (steps, 2)
    losses: np.ndarray  # (steps, 2)
    energies: np.ndarray  # (steps,), of momentum
    lost: int  # the step, or -1
    ground: np.ndarray  # the loss on _GRID
    summit: tuple[float, float]  # of the hill: its place, its loss
    enough: float  # the smallest memory that brings the ball to rest in the left well, or NaN

    def at(self, step) -> int:
        """The last row that is there at that step."""
        return min(step, len(self.places) - 1)

    def within_reach(self, step):
        """The part of _GRID that momentum's energy reaches: one side while the hill is higher."""
        energy, (place, top) = self.energies[step], self.summit
        same_side = (place > _GRID) == (self.places[step, 1] < place)
        return (self.ground <= energy) & (same_side | (energy > top))


class Energy(Player):
    """A ball on two wells: it crosses the hill while its energy is higher than the hill."""

    title = "a ball and its energy"
    aim = (
        "start at x ≥ 1.4 with a tilt of 0.05 or more, and find the smallest λ with which "
        "the ball comes to rest in the deep well."
    )
    alt = (
        "Left, a loss with two wells and a hill between them, with the ball of gradient descent "
        "and the ball of momentum; right, their losses and momentum's energy against the step."
    )
    controls = {
        "step": Integer(_ROLL, 0, _ROLL),
        "decay": Slider(0.95, 0, 0.99, 0.01, "memory λ"),
        "rate": Slider(0.02, 0.005, 0.1, 0.005, "learning rate α", ".3f"),
        "tilt": Slider(0.15, 0, 0.3, 0.01, "tilt"),
    }
    speed = 40
    points = {"start": Point("well", start=(1.7, 0.9))}
    presets = {
        "it crosses": {"step": 0, "decay": 0.9, "rate": 0.02, "tilt": 0.15, "start": (1.7, 1)},
        "it stays": {"step": 0, "decay": 0.7, "rate": 0.02, "tilt": 0.15, "start": (1.7, 1)},
        "too low a start": {"step": 0, "decay": 0.99, "rate": 0.01, "start": (1.1, 0)},
        "back and forth": {"step": 0, "decay": 0.97, "rate": 0.02, "start": (1.8, 1)},
    }
    ghosts = ("board.total", "board.height", "board.plain")
    answer = {"start": (1.7, 0.0), "decay": 0.89}

    def paint(self):
        board = self.board = figures.energy_board(_GRID, _ROLL)
        self.well = board.well
        moving = [board.ground, board.level, board.ring, board.dots]
        return board.fig, [*moving, board.top, board.total, board.height, board.plain]

    def compute(self, start, rate, decay, tilt):
        x, m = map(np.asarray, _roll(start[0], rate, np.array([0.0, decay]), tilt))
        lost = diverged_at(np.abs(_well(x, tilt)).max(axis=1))
        if lost >= 0:
            x, m = x[: max(lost, 1)], m[: max(lost, 1)]
        losses, summit = _well(x, tilt), _hill_top(tilt)
        return Balls(
            x,
            losses,
            energies=losses[:, 1] + m[:, 1] ** 2 / (2 * rate),
            lost=lost,
            ground=_well(_GRID, tilt),
            summit=(summit, _well(summit, tilt)),
            enough=_enough(start[0], rate, tilt),
        )

    def draw(self, result, step, start, tilt):
        board, now = self.board, result.at(step)
        board.ground.set_ydata(result.ground)
        board.top.set_ydata([result.summit[1]] * 2)
        board.ring.set_data([start[0]], [_well(start[0], tilt)])
        for dot, place, height in zip(
            board.dots, result.places[now], result.losses[now], strict=True
        ):
            dot.set_data([place], [height])
        reached = result.within_reach(now)
        board.level.set_data(_GRID, np.where(reached, result.energies[now], np.nan))
        steps = np.arange(now + 1)
        board.total.set_data(steps, result.energies[: now + 1])
        board.height.set_data(steps, result.losses[: now + 1, 1])
        board.plain.set_data(steps, result.losses[: now + 1, 0])

    def tell(self, result, step):
        if 0 <= result.lost <= step:
            return f"<b>diverged at step {result.lost}</b>"
        now = result.at(step)
        (plain, height), energy = result.losses[now], result.energies[now]
        return (
            f"Step {step}. Momentum: L {height:+.3f} + motion {energy - height:.3f} = energy "
            f"<b>{energy:+.3f}</b>; the hill is {result.summit[1]:+.3f} high. "
            f"Gradient descent: L {plain:+.3f}."
        )

    def goal(self, result, start, tilt, decay, step):
        smallest = np.isclose(decay, result.enough)
        if start[0] >= 1.4 and tilt >= 0.05 and smallest and step == _ROLL:
            return f"with λ = {decay - 0.01:.2f} or less it stays in the shallow well."
        return None


# --- the quadratic in two views -------------------------------------------------------------------

_DESCENT = 100
_TURN = np.array([[np.cos(0.5), -np.sin(0.5)], [np.sin(0.5), np.cos(0.5)]])  # columns v₁, v₂
_ANGLES = np.linspace(0, 2 * np.pi, 97)
_CIRCLE = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)])


def _heavy_ball(start, bends, rate, decay):
    """Coefficients (steps + 1, 2) along the eigenvectors: each is a recursion of its own."""
    path = np.empty((_DESCENT + 1, 2))
    c, m = np.array(start), np.zeros(2)
    for step in range(_DESCENT + 1):
        path[step] = c
        m = decay * m - rate * bends * c
        c = c + m
    return path


def _factor(bend, rate, decay) -> float:
    """The factor per step in the long run: the larger root of z² - (1 + β - ηλ) z + β."""
    return float(np.max(np.abs(np.roots([1.0, -(1 + decay - rate * bend), decay]))))


def _law(sizes, factor):
    """The predicted sizes (steps + 1,): factorᵗ, as high as the largest of the early dots.

    An oscillating run touches its envelope there.
    """
    steps = np.arange(_DESCENT + 1)
    anchor = np.max(sizes[:10] / factor ** steps[: len(sizes[:10])])
    return np.clip(anchor * factor**steps, 1e-12, 1e9)


class Descent(NamedTuple):
    """A run on the quadratic: its coefficients by step, until it is lost, and what theory says."""

    path: np.ndarray  # (steps, 2)
    sizes: np.ndarray  # |coefficients|, (steps, 2)
    laws: list[np.ndarray]  # predicted sizes along v₁ and v₂
    factors: list[float]  # per step
    lost: int  # the step, or -1
    rings: list[np.ndarray]  # lines of equal loss in the eigenbasis, each (2, n)


class Quadratic(Player):
    """One descent seen in parameter space, in the eigenbasis, and coefficient by coefficient."""

    title = "a quadratic in two views"
    aim = (
        "with β = 0 and κ of 10 or more, find the η for which both coefficients shrink "
        "equally fast."
    )
    alt = (
        "Left, a descent on a turned quadratic; middle, the same in the basis of eigenvectors; "
        "right, the two coefficients against the step on a log axis beside the predicted rates."
    )
    controls = {
        "rate": Slider(0.05, 0.005, 0.5, 0.001, "learning rate η", ".3f"),
        "decay": Slider(0.0, 0, 0.99, 0.01, "memory β"),
        "kappa": Slider(25.0, 1, 60, 1, "κ = L/μ, with μ = 1", ".0f"),
        "step": Integer(_DESCENT, 0, _DESCENT),
    }
    speed = 15
    points = {"start": Point("plan", start=(-1.9, 0.4))}
    presets = {
        "too slow along v₁": {"rate": 0.01, "decay": 0.0, "kappa": 25.0},
        "diverges along v₂ only": {"rate": 0.082, "decay": 0.0, "kappa": 25.0},
        "best heavy ball": {"rate": 1 / 9, "decay": 4 / 9, "kappa": 25.0},  # section 4
        "β = 0.9: too much memory": {"rate": 0.05, "decay": 0.9, "kappa": 25.0},
    }
    ghosts = ("board.paths", "board.sizes")
    answer = {"rate": 0.077, "decay": 0.0, "kappa": 25.0}

    def paint(self):
        board = self.board = figures.quadratic_board(_TURN, _DESCENT)
        self.plan = board.plan
        return board.fig, [board.rings, board.paths, board.dots, board.laws, board.sizes]

    def compute(self, rate, decay, kappa, start):
        bends = np.array([1.0, kappa])
        path = _heavy_ball(_TURN.T @ np.array(start), bends, rate, decay)
        lost = diverged_at(path**2 @ bends / 2)
        path = path[: lost + 1] if lost >= 0 else path
        sizes = np.maximum(np.abs(path), 1e-12)
        factors = [_factor(bend, rate, decay) for bend in bends]
        laws = [_law(column, factor) for column, factor in zip(sizes.T, factors, strict=True)]
        axes = kappa**0.25 / np.sqrt(bends)[:, None]
        rings = [size * axes * _CIRCLE for size in (0.5, 1.0, 1.5, 2.0)]
        return Descent(path, sizes, laws, factors, lost, rings)

    def draw(self, result, step):
        board, steps = self.board, np.arange(_DESCENT + 1)
        path = result.path[: step + 1]
        for view, turn in enumerate((_TURN, np.eye(2))):
            for line, ring in zip(board.rings[view], result.rings, strict=True):
                line.set_data(turn @ ring)
            places = turn @ path.T
            board.paths[view].set_data(places)
            board.dots[view].set_data(places[:, :1])
        for k in (0, 1):
            board.sizes[k].set_data(steps[: len(path)], result.sizes[: len(path), k])
            board.laws[k].set_data(steps, result.laws[k])

    def tell(self, result, rate, kappa, step):
        flat, steep = (
            f"{name}: ηλ = {rate * bend:.2f}, factor <b>{factor:.3f}</b>"
            for name, bend, factor in zip(("v₁", "v₂"), (1.0, kappa), result.factors, strict=True)
        )
        end = f" <b>Diverged at step {result.lost}.</b>" if 0 <= result.lost <= step else ""
        return f"Per step, along {flat}; along {steep}.{end}"

    def goal(self, result, decay, kappa, step):
        slow, fast = result.factors
        if step == _DESCENT and decay == 0 and kappa >= 10 and abs(slow - fast) < 0.01 and slow < 1:
            return f"η = 2/(μ + L) = {2 / (1 + kappa):.3f}: both factors are {slow:.2f}."
        return None
