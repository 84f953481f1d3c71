"""The explorers of notebook 01: models, curvatures, a walk around, Newton, and an escape."""

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from matplotlib.patheffects import withStroke

from lecture_utils import surfaces
from lecture_utils.critical_points import classify_critical_point
from lecture_utils.spectra import definiteness, eigh
from lecture_utils.studio.controls import Choice, Formula, Integer, Point, Slider
from lecture_utils.studio.explorer import Explorer
from lecture_utils.studio.formula import function
from lecture_utils.studio.numbers import counted, typeset
from lecture_utils.studio.player import Player, evenly_in_log
from lecture_utils.training import diverged_at

from . import figures

__all__ = [
    "Curvature",
    "Escape",
    "Newton",
    "Taylor",
    "WalkAround",
]


@partial(jax.jit, static_argnums=0)
def _local_shape(surface, theta):
    """Value, gradient (2,) and Hessian (2, 2) of a surface at θ."""
    value, slope = jax.value_and_grad(surface)(theta)
    return value, slope, jax.hessian(surface)(theta)


@partial(jax.jit, static_argnums=0)
def _values(surface, points):
    return jax.vmap(surface)(points)


def _typed(text, side):
    """The surface that a reader typed, over a square around the origin."""
    return surfaces.Surface("your own", text, function(text), ((-side, side), (-side, side)))


# --- tangent and parabola -------------------------------------------------------------------


class _Section(NamedTuple):
    """A surface along a direction v through θ, and its two models there."""

    theta: np.ndarray  # (2,)
    places: np.ndarray  # (distances, 2)
    loss: np.ndarray  # (distances,)
    tangent: np.ndarray
    parabola: np.ndarray
    value: float  # at θ
    steepness: float  # ‖g‖
    slope: float  # gᵀv
    curvature: float  # vᵀHv


class Taylor(Explorer):
    """Drag θ₀ and turn the direction v: the loss along v with its tangent and its parabola."""

    title = "tangent and parabola along any direction"
    aim = (
        "find a point where the gradient vanishes and a direction along which the parabola "
        "opens downward."
    )
    alt = (
        "Left, a loss surface with a movable point and a direction; right, the loss along that "
        "direction with its tangent line and its parabola."
    )
    controls = {"angle": Slider(35, 0, 180, 1, "direction v, degrees", ".0f")}
    points = {"point": Point("plan", start=(-1.35, 0.75))}
    presets = {
        "on the slope": {"point": (-1.35, 0.75), "angle": 35},
        "at a minimum": {"point": (1.0, 0.0), "angle": 90},
        "where the curvature along x is 0": {"point": (1 / np.sqrt(3), 0.0), "angle": 0},
    }
    answer = {"point": (0.0, 0.0), "angle": 0}
    reach = np.linspace(-1.5, 1.5, 121)

    def __init__(self, surface=surfaces.double_well):
        self.surface = surface
        super().__init__()

    def paint(self):
        fig, (self.plan, section) = figures.canvas(1, 2, size=(10, 4.5))
        plan, t = self.plan, self.reach
        figures.contours(plan, *self.surface.grid(), labels=False)
        across, up = self.surface.domain
        figures.label(plan, xlabel="x", ylabel="y", title="drag the point θ₀", xlim=across, ylim=up)
        section.set(xlabel="distance t along v", ylabel="loss L", xlim=(-1.5, 1.5))
        section.set_ylim(-0.6, 1.6)
        section.set_title("the loss along v, and two models of it")
        (self.line,) = plan.plot([], [], color="white", linestyle="-", linewidth=2)
        (self.dot,) = plan.plot([], [], "o", color=figures.RED, mec="white", ms=13)
        (self.loss,) = section.plot(t, t, color=figures.BLACK, linestyle="-", label="loss")
        (self.tangent,) = section.plot(t, t, color=figures.BLUE, ls="--", label="tangent")
        (self.parabola,) = section.plot(t, t, color=figures.RED, ls="-.", label="parabola")
        hollow = {"mfc": "white", "mec": figures.RED, "mew": 2.5}  # not to be dragged
        (self.center,) = section.plot([0], [0], "o", ms=10, ls="", label="θ₀", **hollow)
        fig.legend(loc="outside lower right", ncols=4, fontsize=11, handlelength=1.8)
        return fig, [self.line, self.dot, self.loss, self.tangent, self.parabola, self.center]

    def compute(self, angle, point):
        theta, v = np.array(point), np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        value, gradient, matrix = map(np.asarray, _local_shape(self.surface, theta))
        places = theta + self.reach[:, None] * v
        slope, curvature = gradient @ v, v @ matrix @ v
        tangent = value + slope * self.reach
        parabola = tangent + 0.5 * curvature * self.reach**2
        loss = np.asarray(_values(self.surface, places))
        steepness = np.linalg.norm(gradient)
        return _Section(theta, places, loss, tangent, parabola, value, steepness, slope, curvature)

    def draw(self, result):
        self.line.set_data(result.places.T)
        self.dot.set_data(result.theta[:, None])
        self.loss.set_ydata(result.loss)
        self.tangent.set_ydata(result.tangent)
        self.parabola.set_ydata(result.parabola)
        self.center.set_ydata([result.value])

    def tell(self, result):
        (x, y), slope, bend = result.theta, result.slope, result.curvature
        return (
            f"At θ₀ = ({x:.2f}, {y:.2f}): ‖g‖ = <b>{result.steepness:.2f}</b>. "
            f"Along v: slope gᵀv = <b>{slope:+.2f}</b>, curvature vᵀHv = <b>{bend:+.2f}</b>"
        )

    def goal(self, result):
        if result.steepness < 0.06 and result.curvature < -0.3:
            return "flat to first order, and the parabola opens downward: you stand on a saddle."
        return None


# --- the 2x2 Hessian ------------------------------------------------------------------------


class _Quadratic(NamedTuple):
    """½ vᵀHv: over the square, in every direction, and along one."""

    surface: np.ndarray  # (y, x)
    up: np.ndarray  # (angles, 2): |vᵀHv| v where it is positive, else nan
    down: np.ndarray  # and where it is negative
    eigenvalues: np.ndarray  # (2,), ascending
    eigenvectors: np.ndarray  # (2, 2), in columns
    kind: str
    shares: np.ndarray  # (2,): of the direction v in each eigenvector
    bend: float  # vᵀHv along it
    tip: np.ndarray  # (2,): |vᵀHv| v


_SIDE = np.linspace(-1, 1, 151)
_ANGLES = np.linspace(0, 2 * np.pi, 361)
_CIRCLE = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1)


class Curvature(Explorer):
    """Three sliders make a symmetric 2×2 Hessian: its surface, its curvatures, its name."""

    title = "a 2 by 2 Hessian and its curvatures"
    aim = "keep a and c positive, so that both axes curve up, and still make the surface a saddle."
    alt = (
        "Left, the quadratic surface of a 2 by 2 Hessian with its two eigenvectors and a probe "
        "direction; right, the curvature in every direction as a closed curve."
    )
    controls = {
        "a": Slider(2.0, -3, 3, 0.1, "a = ∂²L/∂x²"),
        "b": Slider(0.5, -2, 2, 0.1, "b = ∂²L/∂x∂y"),
        "c": Slider(1.0, -3, 3, 0.1, "c = ∂²L/∂y²"),
    }
    points = {"v": Point("plan", start=(0.35, -0.35 * np.sqrt(3)))}
    presets = {
        "minimum": {"a": 1.0, "b": 0.0, "c": 3.0},
        "saddle": {"a": -1.0, "b": 0.0, "c": 3.0},
        "valley": {"a": 2.0, "b": 0.0, "c": 0.0},
        "dome": {"a": -2.0, "b": 0.5, "c": -1.0},
    }
    answer = {"a": 1.0, "b": 2.0, "c": 1.0}

    def paint(self):
        fig, (self.plan, wheel) = figures.canvas(1, 2, size=(10, 4.6))
        plan, green = self.plan, {"color": figures.GREEN, "marker": "D", "ls": "-"}
        self.bands = figures.diverging_bands(plan, np.ones((151, 151)), bound=4.0, name="½ vᵀHv")
        plan.set(xlabel="x", ylabel="y", aspect="equal", xticks=[-1, 0, 1], yticks=[-1, 0, 1])
        plan.set_title("½ vᵀHv: red is up, blue is down")
        wheel.set(xlim=(-5.2, 5.2), ylim=(-5.2, 5.2), aspect="equal")
        wheel.set_axis_off()
        wheel.set_title("curvature |vᵀHv| in every direction")
        for radius in (1, 3, 5):
            wheel.plot(*(radius * _CIRCLE.T), color="#BBBBBB", lw=0.8, ls="-")
            wheel.text(0.15, radius - 0.1, str(radius), color=figures.GREY, va="top", fontsize=11)
        (self.up,) = wheel.plot(
            [], [], color=figures.RED, ls="-", lw=2.5, label="positive: curves up"
        )
        (self.down,) = wheel.plot(
            [], [], color=figures.BLUE, ls="--", lw=2.5, label="negative: down"
        )
        hollow = green | {"mfc": "white", "mew": 2.5}  # not to be dragged
        wheel.plot([], [], ms=9, label="along v", **hollow)
        fig.legend(loc="outside right upper", handlelength=1.8, title="curvature")
        self.arrows = [
            plan.plot([], [], color=color, ls="-", lw=3, marker=marker, ms=9, mec="white")[0]
            for color, marker in ((figures.BLACK, "o"), (figures.GREY, "s"))
        ]
        outline = [withStroke(linewidth=3, foreground="white")]
        self.tags = [
            plan.text(0, 0, "", fontsize=12, weight="bold", ha="center", path_effects=outline)
            for _ in self.arrows
        ]
        (self.probe,) = plan.plot([], [], lw=2, ms=10, mec="white", **green)
        (self.probe_wheel,) = wheel.plot([], [], ms=9, **hollow)
        moving = [self.bands, self.up, self.down, *self.arrows, *self.tags]
        return fig, [*moving, self.probe, self.probe_wheel]

    def compute(self, a, b, c, v):
        matrix = np.array([[a, b], [b, c]])
        values, vectors = eigh(matrix)
        x, y = _SIDE, _SIDE[:, None]
        curvatures = np.einsum("ni,ij,nj->n", _CIRCLE, matrix, _CIRCLE)[:, None]
        curve = np.abs(curvatures) * _CIRCLE
        direction = np.array(v) / (np.hypot(*v) or 1.0)
        bend = direction @ matrix @ direction
        return _Quadratic(
            surface=0.5 * (a * x**2 + 2 * b * x * y + c * y**2),
            up=np.where(curvatures >= 0, curve, np.nan),
            down=np.where(curvatures < 0, curve, np.nan),
            eigenvalues=values,
            eigenvectors=vectors,
            kind=definiteness(matrix),
            shares=(vectors.T @ direction) ** 2,
            bend=bend,
            tip=abs(bend) * direction,
        )

    def draw(self, result, v):
        self.bands.set_data(result.surface)
        self.up.set_data(result.up.T)
        self.down.set_data(result.down.T)
        pairs = zip(result.eigenvalues, result.eigenvectors.T, strict=True)
        for (value, vector), arrow, tag in zip(pairs, self.arrows, self.tags, strict=True):
            arrow.set_data([0, 0.7 * vector[0]], [0, 0.7 * vector[1]])
            above = 0.08 if vector[1] >= 0 else -0.15
            tag.set(position=0.7 * vector + [0, above], text=typeset(f"λ = {value:.2f}"))
        self.probe.set_data([0, v[0]], [0, v[1]])
        self.probe_wheel.set_data([0, result.tip[0]], [0, result.tip[1]])

    def tell(self, result, a, b, c):
        values, shares = result.eigenvalues, result.shares
        return (
            f"H = [[{a:.1f}, {b:.1f}], [{b:.1f}, {c:.1f}]] is <b>{result.kind}</b>. "
            f"Along the green v: vᵀHv = {shares[0]:.3f}·({values[0]:.2f}) + "
            f"{shares[1]:.3f}·({values[1]:.2f}) = <b>{result.bend:.2f}</b>"
        )

    def goal(self, result, a, c):
        if a > 0 and c > 0 and result.eigenvalues[0] < -0.05:
            return "both axes curve up, yet between them the surface falls: b² > ac."
        return None


# --- Newton against gradient descent --------------------------------------------------------

_STEPS = 60
_RACES = {
    "double well": surfaces.double_well,
    "bowl x²+3y²": surfaces.bowl,
    "Himmelblau": surfaces.himmelblau,
}


# Whose path leaves the picture of a typed surface: Newton's, descent's.
_WHO = {
    (True, True): "Both leave",
    (True, False): "Newton leaves",
    (False, True): "Gradient descent leaves",
}
_SUITS = {"bowl x²+3y²": -1.0, "Himmelblau": -2.0, "your own": -1.0}  # log₁₀ η


@partial(jax.jit, static_argnums=0)
def _paths(surface, start, rate):
    """Newton's and gradient descent's iterates (steps + 1, 2), their losses and their ‖g‖."""
    slope, matrix = jax.grad(surface), jax.hessian(surface)

    def run(step):
        _, points = jax.lax.scan(lambda p, _: (step(p), p), start, length=_STEPS + 1)
        slopes = jnp.linalg.norm(jax.vmap(slope)(points), axis=1)
        return points, jax.vmap(surface)(points), slopes

    newton = run(lambda p: p - jnp.linalg.solve(matrix(p), slope(p)))
    return newton, run(lambda p: p - rate * slope(p))


class _Path(NamedTuple):
    """What one method did: its iterates as far as they can be drawn, ‖g‖, and where it ended."""

    trail: np.ndarray  # (steps, 2)
    slopes: np.ndarray  # (all steps,)
    ending: str


def _path(surface, points, losses, slopes) -> _Path:
    inside = np.all(np.abs(points) < 1e3, axis=1)  # not too far away to be drawn
    trail = points if inside.all() else points[: int(np.argmin(inside))]
    return _Path(trail, slopes, _destination(surface, points, losses))


def _destination(surface, points, losses) -> str:
    """Where a path ends, in words."""
    lost = diverged_at(losses)
    if lost >= 0:
        return f"diverged at step {lost}"
    _, slope, matrix = map(np.asarray, _local_shape(surface, points[-1]))
    kind = classify_critical_point(np.linalg.eigvalsh(matrix), np.linalg.norm(slope), grad_tol=1e-3)
    place = f"({points[-1][0] + 0.0:.2f}, {points[-1][1] + 0.0:.2f})".replace("-0.00", "0.00")
    if kind == "not critical":
        return f"still on its way after {_STEPS} steps, at {place}"
    arrived = int(np.argmax(np.linalg.norm(points - points[-1], axis=1) < 1e-2))
    return f"<b>{kind}</b> {place}, within 0.01 after {arrived} step{'s' * (arrived != 1)}"


class Newton(Player):
    """Newton's method against gradient descent from any start."""

    title = "Newton against gradient descent"
    aim = (
        "on the double well, start at least 0.4 to one side of the saddle, and still let Newton "
        "end there while gradient descent ends at a minimum."
    )
    alt = (
        "Left, a loss surface with the paths of Newton's method and of gradient descent from one "
        "movable start; right, their gradient norms against the step on a log axis."
    )
    controls = {
        "surface": Choice([*_RACES, "your own"], label="surface"),
        "own": Formula("cos(2*x) + cos(2*y) + 0.3*x", "surface"),
        "rate": Slider(-0.7, -3, 0.2, 0.05, "log₁₀ of the learning rate η"),
        "step": Integer(_STEPS, 0, _STEPS),
    }
    speed = 10
    points = {"start": Point("plan", start=(0.2, 0.9))}
    presets = {
        "Newton: one step on a bowl": {
            "surface": "bowl x²+3y²",
            "start": (-1.2, 1.0),
            "rate": -1.0,
        },
        "Newton: into the other valley": {
            "surface": "double well",
            "start": (0.5, 0.8),
            "rate": -0.7,
        },
        "nine critical points": {"surface": "Himmelblau", "start": (4.0, 3.5), "rate": -2.0},
        "descent: η too large": {"surface": "Himmelblau", "start": (0.5, 0.5), "rate": -1.4},
    }
    backdrop = ("surface", "own")
    ghosts = ("trails", "errors")
    answer = {"surface": "double well", "start": (0.42, 0.5)}

    def paint(self):
        fig, (self.plan, curve) = figures.canvas(1, 2, size=(10, 4.5))
        plan, steps = self.plan, np.arange(_STEPS + 1)
        self.trails, self.ends, self.errors = [], [], []
        for method in ("Newton", "gradient descent"):
            look = figures.METHODS[method]
            self.trails += plan.plot([], [], ms=5, lw=1.8, label=method, **look)
            self.ends += plan.plot([], [], "*", ms=17, color=look["color"], mec="white")
            self.errors += curve.plot(steps, steps + 1.0, ms=4, label=method, **look)
        (self.begin,) = plan.plot([], [], "o", ms=13, mfc="white", mec="black", mew=2)
        plan.set(xlabel="x", ylabel="y")
        plan.set_title("▼ min   ✕ saddle   ▲ max   ○ start   ★ end")
        curve.set(xlabel="step (bottom: 10⁻¹⁰ or less)", ylabel="length of the gradient, ‖g‖")
        curve.set(yscale="log", ylim=(5e-11, 1e3))
        curve.set_title("the gradient on the way")
        curve.legend(loc="upper right")
        return fig, [*self.trails, *self.ends, *self.errors, self.begin]

    def draw_backdrop(self, result, surface, own):
        shape, plan = self._shape(surface, own), self.plan
        markers = {"minimum": "v", "saddle": "x", "maximum": "^"}
        with self.still(plan):
            figures.contours(plan, *shape.grid(), log=surface == "Himmelblau", labels=False)
            for (x, y), nature in shape.critical_points:
                plan.plot(x, y, markers[nature], color="white", ms=9, mew=2.5, mec="white")
        plan.set(xlim=shape.domain[0], ylim=shape.domain[1])

    @staticmethod
    def _shape(surface, own):
        return _RACES.get(surface) or _typed(own, 2.0)

    def follow(self, changed, surface):
        """Another surface brings a learning rate that suits it."""
        return {"rate": _SUITS.get(surface, -0.7)} if "surface" in changed else {}

    def compute(self, surface, rate, start, own=""):
        shape = self._shape(surface, own)
        runs = _paths(shape, np.array(start), 10.0**rate)
        return [_path(shape, *map(np.asarray, run)) for run in runs]

    def draw(self, result, start, step):
        artists = zip(self.trails, self.ends, self.errors, strict=True)
        for path, (trail, end, error) in zip(result, artists, strict=True):
            walked, slopes = path.trail[: step + 1], path.slopes[: step + 1]
            trail.set_data(walked.T)
            end.set_data(walked[-1:].T)
            # An exact zero sits at the bottom.
            error.set_data(np.arange(len(slopes)), np.maximum(slopes, 1e-10))
        self.begin.set_data([start[0]], [start[1]])

    def tell(self, result, surface, rate, step):
        newton, descent = result
        if step < _STEPS:
            return f"Step {step} of {_STEPS}. Gradient descent: η = {10**rate:.3g}."
        told = f"Newton: {newton.ending}. Gradient descent (η = {10**rate:.3g}): {descent.ending}."
        away = [surface not in _RACES and np.abs(path.trail).max() > 2 for path in result]
        if any(away):
            told += f" {_WHO[tuple(away)]} the picture, which ends at ±2."
        return told

    def goal(self, result, surface, start, step):
        newton, descent = (path.ending for path in result)
        there = "saddle" in newton and "minimum" in descent and step == _STEPS
        if surface == "double well" and abs(start[0]) >= 0.4 and there:
            return (
                "same start, same loss, and one of them went to the saddle. A little farther out "
                "Newton ends elsewhere: try it."
            )
        return None


# --- stepping off a saddle ------------------------------------------------------------------


_LONG = 400
_FILM = evenly_in_log(_LONG)


@jax.jit
def _descent_length(start, rate):
    """400 gradient steps on (1-w₁w₂)²: iterates, losses, and the first loss < 0.01 (or -1)."""
    chain = surfaces.linear_chain

    def step(point, _):
        return point - rate * jax.grad(chain)(point), (point, chain(point))

    _, (points, losses) = jax.lax.scan(step, start, length=_LONG + 1)
    return points, losses, jnp.where(jnp.any(losses < 0.01), jnp.argmax(losses < 0.01), -1)


class _Escape(NamedTuple):
    """One step from the saddle along v, what was forecast for it, and the descent that follows."""

    landing: np.ndarray  # (2,)
    bend: float  # vᵀHv
    value: float  # the loss after the step
    expected: float  # the quadratic forecast of it
    loss: np.ndarray  # along v
    forecast: np.ndarray
    trail: np.ndarray  # (steps, 2) of the descent
    length: int  # steps until the loss is 0.01; -1: never
    lost: int  # the step at which it diverges; -1: never


class Escape(Player):
    """Step off the saddle of (1-w₁w₂)² by a, in any direction, and compare with the forecast."""

    title = "stepping off a saddle"
    aim = (
        "find the longest step that still lands below the saddle's loss of 1. "
        "Drag the green point to turn the direction."
    )
    alt = (
        "Left, the loss of two weights in a row with a step away from the saddle at the origin and "
        "the descent that follows; right, the loss along the step beside its quadratic forecast."
    )
    controls = {
        "a": Slider(0.5, 0, 2.4, 0.01, "step a"),
        "rate": Slider(0.05, 0.01, 0.3, 0.01, "learning rate η of the descent"),
        "frame": Integer(len(_FILM) - 1, 0, len(_FILM) - 1, "frame of the film"),
    }
    clock, speed = "frame", 10
    points = {"point": Point("plan", start=(1.2, 1.2))}
    presets = {
        "along u, the eigenvector of −2": {"a": 0.5, "point": (1.2, 1.2)},
        "a tiny step": {"a": 0.01, "point": (1.2, 1.2)},
        "along the eigenvector of +2": {"a": 0.5, "point": (1.2, -1.2)},
        "along an axis, curvature 0": {"a": 0.5, "point": (0.0, 1.2)},
    }
    ghosts = ("trail",)
    answer = {"a": 1.99, "point": (1.0, 1.0)}
    chain = surfaces.linear_chain
    reach = np.linspace(0, 2.4, 97)

    def __init__(self):
        self.matrix = np.asarray(_local_shape(self.chain, np.zeros(2))[2])
        super().__init__()

    def paint(self):
        fig, (self.plan, section) = figures.canvas(1, 2, size=(10, 4.3))
        plan, a = self.plan, self.reach
        figures.contours(plan, *self.chain.grid(361), log=True, floor=0.01)
        plan.set(xlabel="w₁", ylabel="w₂", aspect="equal")
        plan.set_title("one step from the saddle, then descent")
        section.set(xlabel="step a", ylabel="loss L", xlim=(0, 2.4), ylim=(-1.5, 3.0))
        section.set_title("forecast 1 + ½ a² vᵀHv against the loss")
        section.axhline(1.0, color=figures.GREY, ls=":", lw=1.2)
        section.text(1.2, 1.03, "loss at the saddle", ha="center", va="bottom", color=figures.GREY)
        (self.loss,) = section.plot(a, a, color=figures.BLACK, ls="-", label="loss")
        (self.forecast,) = section.plot(a, a, color=figures.RED, ls="-.", label="parabola")
        (self.mark,) = section.plot([], [], "o", color=figures.BLACK, ms=11, mec="white")
        (self.mark_forecast,) = section.plot([], [], "s", color=figures.RED, ms=10, mec="white")
        section.legend(loc="upper left")
        (self.trail,) = plan.plot(
            [], [], color=figures.BLUE, ls="-", lw=2, marker="o", ms=4, zorder=3.5
        )
        (self.arrow,) = plan.plot([], [], color="white", ls="-", lw=3, zorder=3)
        (self.handle,) = plan.plot([], [], "D", color=figures.GREEN, mec="white", ms=10, zorder=4)
        (self.landing,) = plan.plot([], [], "o", color=figures.RED, mec="white", ms=12, zorder=4)
        moving = [self.loss, self.forecast, self.mark, self.mark_forecast, self.arrow, self.trail]
        return fig, [*moving, self.handle, self.landing]

    def compute(self, a, rate, point):
        length = np.hypot(*point)
        v = np.array(point) / length if length > 0 else np.array([1.0, 1.0]) / np.sqrt(2)
        landing, bend = a * v, v @ self.matrix @ v
        points, losses, steps = _descent_length(landing, rate)
        points, steps = np.asarray(points), int(steps)
        outside = ~(np.abs(points) < 10).all(axis=1)  # of the picture
        end = int(np.argmax(outside | (np.arange(_LONG + 1) == steps))) or _LONG + 1
        return _Escape(
            landing=landing,
            bend=bend,
            value=float(_values(self.chain, landing[None])[0]),
            expected=1 + 0.5 * bend * a**2,
            loss=np.asarray(_values(self.chain, self.reach[:, None] * v)),
            forecast=1 + 0.5 * bend * self.reach**2,
            trail=points[:end],
            length=steps,
            lost=diverged_at(losses),
        )

    def draw(self, result, a, point, frame):
        there = result.landing
        self.loss.set_ydata(result.loss)
        self.forecast.set_ydata(result.forecast)
        self.mark.set_data([a], [result.value])
        self.mark_forecast.set_data([a], [result.expected])
        self.arrow.set_data([0, there[0]], [0, there[1]])
        self.landing.set_data(there[:, None])
        self.handle.set_data([point[0]], [point[1]])
        self.trail.set_data(result.trail[: _FILM[frame] + 1].T)

    def twin_data(self):
        return {"film": _FILM.tolist()}

    def tell(self, result, frame):
        step = int(_FILM[frame])
        descent = f"has not reached 0.01 after <b>{counted(step, 'step')}</b>"
        if 0 <= result.length <= step:
            descent = f"takes <b>{counted(result.length, 'step')}</b> to reach 0.01"
        if 0 <= result.lost <= step:
            descent = f"<b>diverges at step {result.lost}</b>"
        return (
            f"vᵀHv = {result.bend + 0.0:+.2f}. Loss after the step: <b>{result.value:.3f}</b>, "
            f"forecast {result.expected:.3f}. Descent then {descent}."
        )

    def goal(self, result, a, frame):
        below = round(float(result.value), 3) < 1  # as the sentence shows it
        if a >= 1.98 and below and _FILM[frame] == _LONG:
            return "just below a = 2 the loss is still under 1; beyond it, (1 - a²/2)² exceeds 1."
        return None


# --- a walk around a critical point ----------------------------------------------------------

_AROUND = {
    "two weights in a row": surfaces.linear_chain,
    "H = (1 2; 2 1)": surfaces.quadratic(1.0, 2.0, 1.0),
    "x² + y⁴": surfaces.quartic_valley,
    "x² − y⁴": surfaces.quartic_saddle,
    "monkey saddle": surfaces.monkey_saddle,
    "−x⁴ − y⁴": surfaces.quartic_dome,
}


class _Around(NamedTuple):
    """The loss above its middle, and what the parabola says, on the circle through a place."""

    eigenvalues: np.ndarray  # (2,)
    nature: str
    circle: np.ndarray  # (2, angles)
    place: np.ndarray  # (2,), on it
    heights: np.ndarray  # (angles,)
    forecasts: np.ndarray
    angle: float  # of the place, in degrees
    height: float
    forecast: float


class WalkAround(Explorer):
    """Walk around a critical point on a circle: what the loss does, and what its Hessian says."""

    title = "a walk around a critical point"
    aim = "find a place where the parabola says up and the loss says down."
    alt = (
        "Left, a loss around a critical point with a circle through a movable place; right, the "
        "loss on that circle against the direction, beside the forecast of the parabola."
    )
    controls = {
        "surface": Choice([*_AROUND, "your own"], label="surface"),
        "own": Formula("x*y + x**4", "surface"),
        "radius": Slider(0.6, 0.05, 1.0, 0.05, "radius of the circle"),
    }
    points = {"hand": Point("plan", start=(0.5, 0.35))}
    presets = {
        "an axis of two weights": {"surface": "two weights in a row", "hand": (0.6, 0.0)},
        "both axes go up": {"surface": "H = (1 2; 2 1)", "hand": (0.6, 0.0)},
        "the same matrix": {"surface": "x² + y⁴", "hand": (0.0, 0.8), "radius": 0.8},
        "three ways down": {"surface": "monkey saddle", "hand": (-0.8, 0.0), "radius": 0.8},
    }
    backdrop = ("surface", "own")
    answer = {"surface": "x² − y⁴", "hand": (0.15, 0.9), "radius": 0.9}
    angles = np.arange(0, 361)
    reach = 1.2  # of the heights in the list's surfaces

    def paint(self):
        fig, axes = figures.canvas(1, 2, size=(10, 4.3), width_ratios=[1, 1.25])
        self.plan, self.around = axes
        around = self.around
        self.plan.set(xlabel="x", ylabel="y", aspect="equal", xlim=(-1, 1), ylim=(-1, 1))
        self.plan.set_anchor("W")  # centered, it would move when the figure is laid out again
        self.plan.set_title("red is higher than the middle")
        around.set(xlabel="direction in degrees", ylabel="loss above the middle")
        around.set(xlim=(0, 360), ylim=(-self.reach, self.reach), xticks=range(0, 361, 45))
        around.set_title("around the circle")
        around.axhline(0, color=figures.GREY, lw=1, ls="-")
        x = self.angles
        (self.loss,) = around.plot(x, x, color=figures.BLACK, ls="-", label="loss")
        (self.parabola,) = around.plot(x, x, color=figures.RED, ls="--", label="parabola")
        (self.mark,) = around.plot([], [], "o", color=figures.BLACK, ms=10, mec="white")
        (self.mark_parabola,) = around.plot([], [], "s", color=figures.RED, ms=9, mec="white")
        around.legend(loc="upper right", ncols=2)
        (self.circle,) = self.plan.plot([], [], color=figures.BLACK, ls="-", lw=1.5)
        look = {"color": figures.GREEN, "ms": 11, "mec": "white", "label": "you"}
        (self.dot,) = self.plan.plot([], [], "D", **look)
        self.plan.legend(loc="lower right", frameon=True, framealpha=0.9)
        self.plan.plot(0, 0, "+", color=figures.BLACK, ms=12, mew=2)
        lines = [self.loss, self.parabola, self.mark, self.mark_parabola]
        return fig, [*lines, self.circle, self.dot]

    @staticmethod
    def _shape(surface, own):
        return _AROUND.get(surface) or _typed(own, 1.0)

    def follow(self, changed, hand, radius):
        """The hand stays on the circle: an arrow key that leads outside turns all the way."""
        length = np.hypot(*hand)
        if not changed & {"hand", "radius"} or length == 0:
            return {}
        return {"hand": (hand[0] * radius / length, hand[1] * radius / length)}

    def compute(self, surface, radius, hand, own=""):
        shape = self._shape(surface, own)
        middle, slope, matrix = map(np.asarray, _local_shape(shape, np.zeros(2)))
        angle = np.degrees(np.arctan2(hand[1], hand[0])) % 360  # a click says which way
        turns = np.radians(np.append(self.angles, angle))
        places = radius * np.stack([np.cos(turns), np.sin(turns)])
        heights = np.asarray(_values(shape, places.T)) - middle
        # The middle of a typed surface may be no critical point: the parabola leans with it.
        forecasts = slope @ places + 0.5 * np.einsum("in,ij,jn->n", places, matrix, places)
        eigenvalues = np.linalg.eigvalsh(matrix)
        return _Around(
            eigenvalues=eigenvalues,
            nature=classify_critical_point(eigenvalues, np.linalg.norm(slope)),
            circle=places[:, :-1],
            place=places[:, -1],
            heights=heights[:-1],
            forecasts=forecasts[:-1],
            angle=angle,
            height=float(heights[-1]),
            forecast=float(forecasts[-1]),
        )

    def draw_backdrop(self, result, surface, own):
        x = np.linspace(-1, 1, 121)
        z = np.asarray(self._shape(surface, own).function(*np.meshgrid(x, x)))
        with self.still(self.plan):
            figures.diverging(self.plan, x, x, z - z[60, 60], name="loss minus the middle")
        reach = self.reach
        if surface not in _AROUND:  # a typed one is as high as it is, on all circles
            heights = np.abs(z - z[60, 60])[np.hypot(*np.meshgrid(x, x)) <= 1]
            reach = 1.05 * np.max(heights, initial=0, where=np.isfinite(heights)) or self.reach
        self.around.set_ylim(-reach, reach)

    def draw(self, result):
        self.loss.set_ydata(result.heights)
        self.parabola.set_ydata(result.forecasts)
        self.mark.set_data([result.angle], [result.height])
        self.mark_parabola.set_data([result.angle], [result.forecast])
        self.circle.set_data(result.circle)
        self.dot.set_data(result.place[:, None])

    def tell(self, result):
        low, high = (f"{value + 0.0:.3g}" for value in result.eigenvalues)
        return (
            f"Eigenvalues {low} and {high}: <b>{result.nature}</b>. At {result.angle:.0f}° the "
            f"parabola says {result.forecast + 0.0:+.3f}, the loss says "
            f"<b>{result.height + 0.0:+.3f}</b>."
        )

    def goal(self, result):
        if result.forecast > 0.002 and result.height < -0.002:
            return "second derivatives are silent about y⁴, and it wins."
        return None
