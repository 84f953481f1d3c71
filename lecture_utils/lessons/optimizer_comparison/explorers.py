"""The explorers of notebook 07: the race, the ball with its energy, the quadratic in two views."""

import ipywidgets as widgets
import jax
import jax.numpy as jnp
import numpy as np
import optax

from lecture_utils import surfaces
from lecture_utils.optimizers import adam, gradient_descent, momentum, rms, rmsprop
from lecture_utils.studio.live import LivePicture
from lecture_utils.studio.panel import AssembledExplorer, slider
from lecture_utils.studio.player import Player, PlayingPicture
from lecture_utils.training import diverged_at

from . import figures

__all__ = ["explore_energy", "explore_quadratic", "explore_race"]


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


@jax.jit
def _race(track, start, rates, decay):
    """All racers on the surface of that number: iterates (steps + 1, racers, 2), losses, slopes.

    One compiled function for all surfaces: neither a slider nor another surface compiles again.
    """
    losses = [lambda theta, surface=surface: surface(theta) for surface in _TRACKS.values()]
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


def _first(condition) -> int:
    """The first place where it holds, or -1."""
    return int(np.argmax(condition)) if np.any(condition) else -1


class _Result:
    """One race, as the picture needs it."""

    def __init__(self, surface, start, rates, decay):
        track = list(_TRACKS).index(surface)
        results = _race(track, np.array(start), np.array(rates), decay)
        self.points, self.losses, self.slopes = map(np.asarray, results)
        wells = [p for p, nature in _TRACKS[surface].critical_points if nature == "minimum"]
        floor = min(float(_TRACKS[surface](np.array(p))) for p in wells)
        self.gap = np.maximum(self.losses - floor, 1e-12)
        self.lost = diverged_at(self.losses.T)
        self.arrived = [
            _first(column < _GOOD) if end < 0 else -1
            for column, end in zip(self.gap.T, self.lost, strict=True)
        ]

    def tell(self, racer, step) -> str:
        """How a racer does at that step, in three words."""
        lost, arrived = self.lost[racer], self.arrived[racer]
        if 0 <= lost <= step:
            return f"<b>diverged at step {lost}</b>"
        if 0 <= arrived <= step:
            return f"below 10⁻⁶ at step <b>{arrived}</b>"
        return f"{self.gap[step, racer]:.2g}"


@figures.styled
def explore_race() -> Player:
    """Seven optimizers from one start, on eight surfaces: play, pause, step, scrub."""
    board = figures.race_board(_RACERS, _STEPS, _GOOD)
    picture = PlayingPicture(
        board.fig,
        "Left, a loss surface with the trails of several optimizers from one movable start, their "
        "last steps and gradients as arrows; right, their losses against the step on a log axis.",
    )
    picture.animate(board.trails, board.gaps, board.marks)
    picture.animate(board.velocity, board.descent, board.ring, board.dots)
    shown, drawn = {"inputs": None, "surface": None, "result": None}, []

    def draw_track(name):
        while drawn:
            drawn.pop().remove()
        looks = {"saddle": {}, "hill": {}, "plateau and cliff": {"log": True, "floor": 0.01}}
        looks = looks.get(name, {"log": True})
        drawn.extend(figures.race_track(board.plan, _TRACKS[name], **looks))
        picture.invalidate()

    def rates_of(values):
        return [values[f"rate of {name}"] for name in _RACERS]

    def update(step, surface, decay, speed, start, **chosen):
        if shown["surface"] != surface:
            shown["surface"] = surface
            draw_track(surface)
        inputs = (surface, start, decay, tuple(rates_of(chosen)))
        if shown["inputs"] != inputs:
            shown["inputs"], shown["result"] = (
                inputs,
                _Result(surface, start, rates_of(chosen), decay),
            )
        result, width = shown["result"], np.ptp(_TRACKS[surface].domain[0])
        steps, words = np.arange(step + 1), []
        racing = np.array([chosen[name] for name in _RACERS])
        racing &= [not 0 <= lost <= step for lost in result.lost]
        here = np.where(racing[:, None], result.points[step], np.nan)
        for k, name in enumerate(_RACERS):
            lost = result.lost[k]
            end = min(step + 1, lost if lost >= 0 else step + 1) if chosen[name] else 0
            board.trails[k].set_data(result.points[:end, k].T)
            board.gaps[k].set_data(steps[:end], result.gap[:end, k])
            board.dots[k].set_data(here[k : k + 1].T)
            board.marks[k].set_data(steps[:end][-1:], result.gap[:end, k][-1:])
            if chosen[name]:
                words.append(f"{name} {result.tell(k, step)}")
        last = result.points[step] - result.points[max(step - 1, 0)]
        for arrows, vectors in ((board.velocity, last), (board.descent, -result.slopes[step])):
            vectors = figures.compressed(np.where(racing[:, None], vectors, 0.0), width)
            arrows.set_offsets(np.where(racing[:, None], here, 1e6))  # out of sight
            arrows.set_UVC(*vectors.T)
        board.ring.set_data([start[0]], [start[1]])
        if not words:
            return "No optimizer is switched on."
        return f"Step {step}, L − L*: " + ", ".join(words) + "."

    def check(values):
        if values["surface"] != "ravine" or not values["momentum"]:
            return None
        result = shown["result"]
        arrived = result.arrived[list(_RACERS).index("momentum")]
        if result.losses[0, 0] >= 10 and 0 <= arrived <= 40:
            return f"momentum needed {arrived} steps; section 4 says which η and λ are the best."
        return None

    controls = {
        "step": widgets.IntSlider(value=_STEPS, min=0, max=_STEPS),
        "surface": widgets.Dropdown(options=list(_TRACKS), layout={"width": "210px"}),
        "decay": slider(0.9, 0, 0.99, 0.01, "memory λ, k, β₁"),
        "speed": widgets.IntSlider(value=30, min=5, max=100, step=5, description="steps/s"),
    }
    for name, width in {"step": "290px", "decay": "290px", "speed": "230px"}.items():
        controls[name].layout.width = width
    for name in _RACERS:
        on = name in ("gradient descent", "momentum", "RMSProp", "Adam")
        controls[name] = widgets.ToggleButton(value=on, description=name)
    for name, rate in _RATES.items():
        controls[f"rate of {name}"] = widgets.FloatLogSlider(
            value=rate, min=-4, max=0.5, step=0.02, description="η", readout_format=".2g"
        )
    return _Race(
        picture,
        update,
        controls,
        clock="step",
        speed="speed",
        points={"start": (board.plan, (-2.0, 0.9))},
        title="seven optimizers race",
        goal="on the ravine, bring momentum below 10⁻⁶ within 40 steps, from a start with "
        "L ≥ 10. (Theory says how: section 4.)",
        presets=_presets(),
        check=check,
    )


class _Race(Player):
    """A player with one column for each racer: its switch, and its learning rate below."""

    def _rows(self):
        everything, buttons = super()._rows()
        names = ("step", "surface", "decay", "speed")
        everything.children = [self.controls[name] for name in names]
        columns = []
        for name in _RACERS:
            switch, rate = self.controls[name], self.controls[f"rate of {name}"]
            switch.layout.width = "100%"
            rate.layout = widgets.Layout(width="100%", margin="0")
            room = widgets.Layout(flex="1 1 132px")  # in a narrow window they take two rows
            columns.append(widgets.VBox([switch, rate], layout=room))
        wrap = widgets.Layout(flex_flow="row wrap")
        return [everything, widgets.Box(columns, layout=wrap), buttons]


def _presets() -> dict:
    def scene(surface, start, decay=0.9, **rates):
        """Switch on who is named, with its learning rate, at step 0."""
        rates = {name.replace("_", " "): rate for name, rate in rates.items()}
        values = {"step": 0, "surface": surface, "start": start, "decay": decay}
        values |= {name: name in rates for name in _RACERS}
        return values | {f"rate of {name}": rate for name, rate in rates.items()}

    four = {"gradient_descent": 0.07, "momentum": 0.01, "RMSProp": 0.02, "Adam": 0.1}
    return {
        "ravine": scene("ravine", (-2.0, 0.9), **four),
        "rotated": scene("rotated ravine", (-2.0, -0.9), **four),
        "plateau": scene(
            "plateau and cliff",
            (0.5, 0.62),
            **four | {"gradient_descent": 0.01, "momentum": 0.002},
        ),
        "over the hill": scene("hill", (1.7, 0.8), gradient_descent=0.05, momentum=0.05),
        "saddle": scene("saddle", (0.001, 1.0), gradient_descent=0.05, momentum=0.05, Adam=0.05),
        "η just below 2/L": scene("ravine", (-2.0, 0.9), gradient_descent=0.0789, momentum=0.001),
        "η just above 2/L": scene("ravine", (-2.0, 0.9), gradient_descent=0.0813, momentum=0.001),
    }


# --- the ball and its energy ----------------------------------------------------------------------

_ROLL = 250


@jax.jit
def _roll(start, rate, decay, tilt):
    """Positions and movements (steps + 1, 2) of gradient descent and of momentum on the wells."""
    slope = jax.vmap(jax.grad(lambda x: surfaces.double_well_1d(x) + tilt * x))
    keep = jnp.stack([0.0 * decay, decay])

    def step(carry, _):
        x, m = carry
        moved = keep * m - rate * slope(x)
        return (x + moved, moved), carry

    _, path = jax.lax.scan(step, (jnp.full(2, start), jnp.zeros(2)), length=_ROLL + 1)
    return path


def _hill_top(tilt):
    """Where the hill between the two wells is highest: the middle root of x³ - x + tilt."""
    return float(np.sort(np.roots([1.0, 0.0, -1.0, tilt]).real)[1])


def _ends_left(start, rate, decay, tilt) -> bool:
    """Whether momentum has come to rest in the left well."""
    x, m = (np.asarray(part)[:, 1] for part in _roll(start, rate, decay, tilt))
    return bool(x[-1] < _hill_top(tilt) and np.abs(m[-1]) < 1e-3)


@figures.styled
def explore_energy() -> Player:
    """A ball on two wells: it crosses the hill while its energy is higher than the hill."""
    steps, grid = np.arange(_ROLL + 1), np.linspace(-1.9, 1.9, 241)
    board = figures.energy_board(grid, _ROLL)
    picture = PlayingPicture(
        board.fig,
        "Left, a loss with two wells and a hill between them, with the ball of gradient descent "
        "and the ball of momentum; right, their losses and momentum's energy against the step.",
    )
    picture.animate(board.ground, board.level, board.ring, board.dots)
    picture.animate(board.top, board.total, board.height, board.plain)

    def update(step, decay, rate, tilt, start):
        loss = lambda x: surfaces.double_well_1d(x) + tilt * x  # noqa: E731
        x, m = map(np.asarray, _roll(start[0], rate, decay, tilt))
        end = step + 1
        values = loss(x[:end])
        energies = values[:, 1] + m[:end, 1] ** 2 / (2 * rate)
        board.ground.set_ydata(loss(grid))
        summit = _hill_top(tilt)
        board.top.set_ydata([loss(summit)] * 2)
        board.ring.set_data([start[0]], [loss(start[0])])
        for dot, place, value in zip(board.dots, x[end - 1], values[-1], strict=True):
            dot.set_data([place], [value])
        # Below the top of the hill the ball is shut in on its own side.
        reached = (loss(grid) <= energies[-1]) & (
            (energies[-1] > loss(summit)) | ((grid < summit) == (x[end - 1, 1] < summit))
        )
        board.level.set_data(grid, np.where(reached, energies[-1], np.nan))
        board.total.set_data(steps[:end], energies)
        board.height.set_data(steps[:end], values[:, 1])
        board.plain.set_data(steps[:end], values[:, 0])
        kinetic = energies[-1] - values[-1, 1]
        return (
            f"Step {step}. Momentum: L {values[-1, 1]:+.3f} + motion {kinetic:.3f} = energy "
            f"<b>{values[-1, 1] + kinetic:+.3f}</b>; the hill is {loss(summit):+.3f} high. "
            f"Gradient descent: L {values[-1, 0]:+.3f}."
        )

    def check(values):
        start, rate, tilt = values["start"][0], values["rate"], values["tilt"]
        decay = values["decay"]
        if start < 1.4 or tilt < 0.05 or not _ends_left(start, rate, decay, tilt):
            return None
        if any(_ends_left(start, rate, less, tilt) for less in np.arange(decay - 0.01, 0, -0.01)):
            return None
        return f"with λ = {decay - 0.01:.2f} or less it stays in the shallow well."

    return Player(
        picture,
        update,
        {
            "step": widgets.IntSlider(value=_ROLL, min=0, max=_ROLL, description="step"),
            "decay": slider(0.95, 0, 0.99, 0.01, "memory λ"),
            "rate": slider(0.02, 0.005, 0.1, 0.005, "learning rate α", readout_format=".3f"),
            "tilt": slider(0.15, 0, 0.3, 0.01, "tilt"),
        },
        clock="step",
        speed=40,
        points={"start": (board.well, (1.7, 0.9))},
        title="a ball and its energy",
        goal="start at x ≥ 1.4 with a tilt of 0.05 or more, and find the smallest λ with which "
        "the ball comes to rest in the deep well.",
        presets={
            "it crosses": {"step": 0, "decay": 0.9, "rate": 0.02, "tilt": 0.15, "start": (1.7, 1)},
            "it stays": {"step": 0, "decay": 0.7, "rate": 0.02, "tilt": 0.15, "start": (1.7, 1)},
            "too low a start": {"step": 0, "decay": 0.99, "rate": 0.01, "start": (1.1, 0)},
            "back and forth": {"step": 0, "decay": 0.97, "rate": 0.02, "start": (1.8, 1)},
        },
        check=check,
    )


# --- the quadratic in two views -------------------------------------------------------------------

_DESCENT = 100
_TURN = np.array([[np.cos(0.5), -np.sin(0.5)], [np.sin(0.5), np.cos(0.5)]])  # columns v₁, v₂


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


@figures.styled
def explore_quadratic() -> AssembledExplorer:
    """One descent seen in parameter space, in the eigenbasis, and coefficient by coefficient."""
    board = figures.quadratic_board(_TURN, _DESCENT)
    angles, steps = np.linspace(0, 2 * np.pi, 97), np.arange(_DESCENT + 1)
    circle = np.stack([np.cos(angles), np.sin(angles)])
    picture = LivePicture(
        board.fig,
        "Left, a descent on a turned quadratic; middle, the same in the basis of eigenvectors; "
        "right, the two coefficients against the step on a log axis beside the predicted rates.",
    )
    picture.animate(board.rings, board.paths, board.dots, board.laws, board.sizes)

    def update(rate, decay, kappa, start):
        bends = np.array([1.0, kappa])
        path = _heavy_ball(_TURN.T @ np.array(start), bends, rate, decay)
        lost = diverged_at(path**2 @ bends / 2)
        path = path[: lost + 1] if lost >= 0 else path
        for view, turn in enumerate((_TURN, np.eye(2))):
            for line, size in zip(board.rings[view], (0.5, 1.0, 1.5, 2.0), strict=True):
                line.set_data(turn @ (size * circle / np.sqrt(bends)[:, None] * kappa**0.25))
            places = turn @ path.T
            board.paths[view].set_data(places)
            board.dots[view].set_data(places[:, :1])
        factors = [_factor(bend, rate, decay) for bend in bends]
        words = []
        for k, (line, law, factor) in enumerate(zip(board.sizes, board.laws, factors, strict=True)):
            sizes_of = np.maximum(np.abs(path[:, k]), 1e-12)
            line.set_data(steps[: len(path)], sizes_of)
            # Through the largest of the early dots: an oscillating run touches its envelope there.
            anchor = np.max(sizes_of[:10] / factor ** steps[: len(sizes_of[:10])])
            law.set_data(steps, np.clip(anchor * factor**steps, 1e-12, 1e9))
            words.append(f"v{'₁₂'[k]}: ηλ = {rate * bends[k]:.2f}, factor <b>{factor:.3f}</b>")
        end = f" <b>Diverged at step {lost}.</b>" if lost >= 0 else ""
        return f"Per step, along {words[0]}; along {words[1]}.{end}"

    def check(values):
        if values["decay"] == 0 and values["kappa"] >= 10:
            slow, fast = (_factor(b, values["rate"], 0) for b in (1.0, values["kappa"]))
            if abs(slow - fast) < 0.01 and slow < 1:
                return (
                    f"η = 2/(μ + L) = {2 / (1 + values['kappa']):.3f}: both factors are {slow:.2f}."
                )
        return None

    return AssembledExplorer(
        picture,
        update,
        {
            "rate": slider(0.05, 0.005, 0.5, 0.001, "learning rate η", readout_format=".3f"),
            "decay": slider(0.0, 0, 0.99, 0.01, "memory β"),
            "kappa": slider(25.0, 1, 60, 1, "κ = L/μ, with μ = 1", readout_format=".0f"),
        },
        points={"start": (board.plan, (-1.9, 0.4))},
        title="a quadratic in two views",
        goal="with β = 0 and κ of 10 or more, find the η for which both coefficients shrink "
        "equally fast.",
        presets={
            "too slow along v₁": {"rate": 0.01, "decay": 0.0, "kappa": 25.0},
            "diverges along v₂ only": {"rate": 0.082, "decay": 0.0, "kappa": 25.0},
            "best heavy ball": {"rate": 0.111, "decay": 0.44, "kappa": 25.0},
            "β = 0.9": {"rate": 0.05, "decay": 0.9, "kappa": 25.0},
        },
        check=check,
    )
