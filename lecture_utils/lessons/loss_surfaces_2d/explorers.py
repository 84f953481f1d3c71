"""The explorers of notebook 06: a surface with a ball, and the same minimum in other scales."""

from functools import cache, lru_cache, partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from matplotlib.patheffects import withStroke

from lecture_utils import datasets, networks
from lecture_utils.directions import (
    eigenvector_directions,
    filter_normalize,
    flat_path,
    pca_directions,
    random_direction,
)
from lecture_utils.evaluation import loss_pieces, mlp_loss
from lecture_utils.optimizers import momentum
from lecture_utils.profiles import grid
from lecture_utils.studio.controls import Choice, Integer, Pick, Point, Slider, Switch
from lecture_utils.studio.explorer import Explorer
from lecture_utils.studio.player import Film
from lecture_utils.trees import ravel, ravel_pytree

from . import figures

__all__ = ["Rescaling", "Surface"]

STEPS = 80  # of a rolling ball
RATE, LONGEST = 0.1, 0.25  # its learning rate, and the longest step, where the surface is steep


@cache
def _trained():
    """A loss on 300 digits, small enough to answer at once, and the path of a run on it."""
    x, y = datasets.digits(300)
    net, rule = networks.mlp([64, 32, 32, 10]), momentum(0.02)
    loss = mlp_loss(x, y)

    @jax.jit
    def run(params, batches):
        def step(carry, rows):
            params, state = carry
            slope = jax.grad(lambda p: networks.cross_entropy(net.apply(p, x[rows]), y[rows]))
            move, state = rule.update(slope(params), state, params)
            return (jax.tree.map(jnp.add, params, move), state), params

        (last, _), path = jax.lax.scan(step, (params, rule.init(params)), batches)
        return jax.tree.map(lambda p, e: jnp.concatenate([p[::10], e[None]]), path, last)

    batches = np.random.default_rng(0).integers(0, 300, (400, 32))
    path = jax.device_get(run(net.init(jax.random.key(0)), batches))
    return loss, path, (x, y, net)


# --- the surface ----------------------------------------------------------------------------------

KINDS = {
    "PCA of the path": "d₁ and d₂: where the path varies most",
    "random": "d₁ and d₂: random",
    "filter-normalized": "d₁ and d₂: random, each unit scaled",
    "top curvature": "d₁ and d₂: where the loss bends most",
}


def _directions(kind, loss, path, center):
    if kind == "PCA of the path":
        return pca_directions(path).directions
    if kind == "top curvature":
        return eigenvector_directions(loss, center).directions
    raw = [random_direction(jax.random.key(k), center) for k in (1, 2)]
    return raw if kind == "random" else [filter_normalize(d, center) for d in raw]


@partial(jax.jit, static_argnums=0)
def _roll(loss, center, basis, start):
    """Two balls from one start (N,): in the plane, and in all directions; steps of bounded length.

    Returns for each the places (STEPS + 1, 2) in the plane's coordinates and the losses, and the
    distance of the free ball from the plane.
    """
    center, unravel = ravel_pytree(center)
    slope = jax.value_and_grad(lambda v: loss(unravel(v)))

    def step(points, _):  # row 0 is bound, row 1 is free
        values, down = jax.lax.map(slope, points)
        down = down.at[0].set(basis @ (down[0] @ basis))
        length = jnp.linalg.norm(down, axis=1, keepdims=True)
        move = jnp.minimum(RATE, LONGEST / jnp.maximum(length, 1e-12)) * down
        away = points - center
        places = away @ basis
        return points - move, (places, values, jnp.linalg.norm(away[1] - basis @ places[1]))

    both = jnp.stack([start, start])
    _, (places, values, distance) = jax.lax.scan(step, both, length=STEPS + 1)
    return (places[:, 0], values[:, 0]), (places[:, 1], values[:, 1]), distance


class Plane(NamedTuple):
    """A plane around the center: its orthonormal columns, and what is seen on it."""

    kind: str
    basis: np.ndarray  # (N, 2)
    axis: np.ndarray  # (resolution,), the same for both directions
    losses: np.ndarray  # (resolution, resolution)
    path: np.ndarray  # (steps, 2), the run, projected


class Ball(NamedTuple):
    """A ball that rolls: its places (STEPS + 1, 2) in the plane's coordinates, and its losses."""

    places: np.ndarray
    losses: np.ndarray


class Rolled(NamedTuple):
    """Two balls from one start on the plane that is shown."""

    plane: Plane
    bound: Ball
    free: Ball
    distance: np.ndarray  # of the free ball from the plane, (STEPS + 1,)


class Surface(Film):
    """A plane around the end of ``path``, and a ball to drop on it.

    ``loss`` is any loss, ``path`` a run as ``trajectory`` keeps it; by default 300 digits.
    """

    title = "a loss surface with a ball on it"
    aim = (
        "on a random plane, drop the ball where the loss is above 3, so that the free one "
        "ends at least 70 times lower than the ball bound to the plane."
    )
    alt = (
        "Left, a plane of the loss around trained weights with the path of training and a ball "
        "that rolls in the plane and in all directions; right, the loss of both balls."
    )
    backdrop = ("kind", "radius", "resolution")
    redraws = ("trajectory",)
    speed = 16

    recorded = {
        "radius": (3.0, 9.0, 15.0),
        "resolution": (31,),
        "step": (STEPS,),
        "ball.x": (-14.0, -9.0, -6.0, -4.0, -2.5, -1.2, 0.0, 1.2, 2.5, 4.0, 6.0, 9.0, 14.0),
        "ball.y": (-14.0, -9.0, -6.0, -4.0, -2.5, -1.2, 0.0, 1.2, 2.5, 4.0, 6.0, 9.0, 14.0),
    }

    def __init__(self, loss=None, path=None):
        if (loss is None) != (path is None):
            raise ValueError("loss and path belong together: pass both, or neither for the digits.")
        self.loss, self.path = _trained()[:2] if loss is None else (loss, path)
        self.center = jax.tree.map(lambda leaf: jnp.asarray(leaf[-1]), self.path)
        self.away = flat_path(self.path) - np.asarray(ravel(self.center)[0], dtype=float)
        self._basis = lru_cache(self._make_basis)
        reach = float(np.linalg.norm(self.away[0]))
        self.controls = {
            "kind": Choice(list(KINDS), label="plane"),
            "radius": Slider(round(1.2 * reach), 1, 20, 1, "radius", ".0f", eager=False),
            "resolution": Pick([11, 15, 21, 31, 41, 51], 31, "points a side"),
            "step": Integer(STEPS, 0, STEPS, "step of the balls"),
            "trajectory": Switch(True, "path of training"),
        }
        self.points = {"ball": Point("plan", start=(-0.6 * reach, 0.45 * reach))}
        start = np.round(self.away[0] @ self._basis("PCA of the path"), 2)
        self.presets = {
            "start of the path": {"kind": "PCA of the path", "ball": tuple(start)},
            "a random plane": {"kind": "random", "ball": (0.0, 4.0), "radius": 9.0},
            "where it bends most": {"kind": "top curvature", "ball": (0.0, 1.5), "radius": 3.0},
        }
        super().__init__()

    def answer(self):
        """Far out on a large random plane: radius 15, the ball at (−14, −14)."""
        self.set(kind="random", radius=15.0)
        self.wait()
        self.set(ball=(-14.0, -14.0))

    def _rows(self):
        rows = super()._rows()
        save = self._button("Save picture", self.save).add_class("lecture-secondary")
        rows[-1].children = (*rows[-1].children, save)
        return rows

    def save(self, name="loss_surface.png"):
        """Write the picture as it is now beside the notebook."""
        with open(name, "wb") as file:
            file.write(self.picture.frame())
        self.picture.caption = f"Saved as <b>{name}</b>, beside this notebook."

    # --- the plane

    def _make_basis(self, kind):
        """Orthonormal columns (N, 2), so that every plane is measured in the same distances."""
        pair = _directions(kind, self.loss, self.path, self.center)
        columns = np.stack([np.asarray(ravel(d)[0], dtype=float) for d in pair], axis=1)
        basis, upper = np.linalg.qr(columns)
        return basis * np.sign(np.diag(upper))

    def prepare(self, kind, radius, resolution):
        basis, axis = self._basis(kind), grid(radius, resolution)
        points = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
        unravel = ravel(self.center)[1]
        dtype = jax.tree.leaves(self.center)[0].dtype
        pair = [unravel(jnp.asarray(d, dtype)) for d in basis.T]
        parts, done = [], 0
        for part in loss_pieces(self.loss, self.center, pair, points):
            parts.append(part)
            done += len(part)
            yield done / len(points)
        losses = np.concatenate(parts).reshape(resolution, resolution)
        return Plane(kind, basis, axis, losses, self.away @ basis)

    # --- the picture

    def paint(self):
        fig, (self.plan, curve) = figures.canvas(1, 2, size=(10.6, 4.3), width_ratios=[1, 1.15])
        self.plan.set_anchor("W")  # in the middle, it would move with every new layout
        steps = np.arange(STEPS + 1)
        figures.label(
            curve, xlabel="step", ylabel="loss L", xlim=(0, STEPS), ylim=(1e-3, 60),
            yscale="log", title="how the two balls roll",
        )  # fmt: skip
        looks = {"color": figures.BLACK, "ls": "-"}, {"color": figures.RED, "ls": "--"}
        names = "bound to the plane", "free, in all directions"
        self.heights = [
            curve.plot(steps, steps + 1.0, label=name, **look)[0]
            for name, look in zip(names, looks, strict=True)
        ]
        curve.legend(loc="upper right")
        self.trails = [self.plan.plot([], [], lw=2.6, **look)[0] for look in looks]
        outline = [withStroke(linewidth=4.5, foreground="white")]
        for trail in self.trails:
            trail.set_path_effects(outline)
        (self.dot,) = self.plan.plot([], [], "o", ms=13, color="white", mec="black", mew=2.5)
        (self.end,) = self.plan.plot([], [], "s", ms=9, color=figures.RED, mec="white")
        return fig, [*self.trails, *self.heights, self.dot, self.end]

    def draw_backdrop(self, result):
        plane, before = result.plane, set(self.plan.lines)
        with self.still(self.plan):
            figures.landscape(
                self.plan, plane.axis, plane.axis, plane.losses, labels=False,
                title=KINDS[plane.kind],
            )  # fmt: skip
            figures.trail(self.plan, plane.path)
        *self.run, _ = [line for line in self.plan.lines if line not in before]  # θ* itself stays

    def compute(self, prepared, ball):
        center = np.asarray(ravel(self.center)[0])
        start = (center + prepared.basis @ np.asarray(ball)).astype(center.dtype)
        rolled = _roll(self.loss, self.center, prepared.basis.astype(center.dtype), start)
        bound, free, distance = jax.tree.map(np.asarray, rolled)
        return Rolled(prepared, Ball(*bound), Ball(*free), distance)

    def draw(self, result, trajectory, ball, step):
        for line in self.run:
            if line.get_visible() != trajectory:
                line.set_visible(trajectory)
        balls = result.bound, result.free
        for rolled, trail, line in zip(balls, self.trails, self.heights, strict=True):
            trail.set_data(rolled.places[: step + 1].T)
            line.set_data(np.arange(step + 1), np.maximum(rolled.losses[: step + 1], 1e-3))
        self.dot.set_data([ball[0]], [ball[1]])
        self.end.set_data(result.free.places[step : step + 1].T)

    def tell(self, result, step):
        bound, free = result.bound.losses, result.free.losses
        return (
            f"Dropped at loss <b>{bound[0]:.3g}</b>. After {step} step{'s' * (step != 1)}: bound "
            f"to the plane <b>{bound[step]:.3g}</b>, free <b>{free[step]:.3g}</b>, and by then "
            f"<b>{result.distance[step]:.2f}</b> away from the plane."
        )

    def goal(self, result, step):
        bound, free = result.bound.losses, result.free.losses
        if (
            step == STEPS
            and result.plane.kind == "random"
            and bound[0] > 3
            and bound[-1] > 70 * free[-1]
        ):
            return "the plane hides the way down; the free ball found it at once."
        return None


# --- one minimum, many scales ---------------------------------------------------------------------

REACH = np.linspace(-1.5, 1.5, 61)


def rescale(params, a, b):
    """The same ReLU network: layer 1 times a, layer 2 times b/a, layer 3 divided by b."""
    first, second, third = params
    return [
        {"W": a * first["W"], "b": a * first["b"]},
        {"W": b / a * second["W"], "b": b * second["b"]},
        {"W": third["W"] / b, "b": third["b"]},
    ]


@partial(jax.jit, static_argnums=0)
def _scales(loss, params, raw, a, b):
    """Losses along the raw and the filter-normalized direction, and λ_max, after rescaling."""
    point = rescale(params, jnp.float32(a), jnp.float32(b))
    normal = filter_normalize(raw, point)

    def along(direction):
        def at(t):
            return loss(jax.tree.map(lambda p, d: p + t.astype(p.dtype) * d, point, direction))

        return jax.lax.map(at, jnp.asarray(REACH))

    flat, unravel = ravel_pytree(point)
    slope = jax.grad(lambda v: loss(unravel(v)))

    def power(vector, _):
        product = jax.jvp(slope, (flat,), (vector,))[1]
        return product / jnp.linalg.norm(product), vector @ product

    start = ravel_pytree(normal)[0]
    _, values = jax.lax.scan(power, start / jnp.linalg.norm(start), length=30)
    return along(raw), along(normal), values[-1]


class Scaled(NamedTuple):
    """The minimum in one scale: losses along the raw and the normalized direction, and more."""

    curves: tuple[np.ndarray, np.ndarray]  # at REACH
    top: float  # λ_max
    changed: int  # predictions


class Rescaling(Explorer):
    """Two factors that leave the network's function alone, and what two pictures make of them."""

    title = "one minimum in many scales"
    aim = "bring the top curvature λ_max to 50 (49 to 51) without changing a prediction."
    alt = (
        "The loss along a random direction through one minimum before and after rescaling: left "
        "the raw direction, right the filter-normalized one, which does not change."
    )
    controls = {
        "a": Slider(0.0, -1, 1, 0.01, "log₁₀ a (1 ↔ 2)"),
        "b": Slider(0.0, -1, 1, 0.01, "log₁₀ b (2 ↔ 3)"),
    }
    points = {"step": Point("raw", start=(0.5, 1.0))}
    presets = {
        "layer 1 ×10": {"a": 1.0, "b": 0.0},
        "layer 1 ÷10": {"a": -1.0, "b": 0.0},
        "layer 3 ÷10": {"a": 0.0, "b": 1.0},
    }

    recorded = {
        "a": tuple(np.round(np.linspace(-1, 1, 21), 2).tolist()),
        "b": tuple(np.round(np.linspace(-1, 1, 11), 2).tolist()),
        "step.x": tuple(np.round(np.linspace(-1.5, 1.5, 13), 2).tolist()),
        "step.y": (1.0,),
    }

    def __init__(self):
        loss, path, (x, _, net) = _trained()
        params = jax.tree.map(lambda leaf: leaf[-1], path)
        raw = random_direction(jax.random.key(3), params)
        length = float(jnp.linalg.norm(ravel(filter_normalize(raw, params))[0]))
        raw = jax.tree.map(lambda d: d * (length / float(jnp.linalg.norm(ravel(raw)[0]))), raw)
        answers = np.argmax(net.apply(params, x), 1)

        @lru_cache(maxsize=64)  # the step along the direction moves without it
        def scaled(a, b) -> Scaled:
            *curves, top = map(np.asarray, _scales(loss, params, raw, 10.0**a, 10.0**b))
            same = np.argmax(net.apply(rescale(params, 10.0**a, 10.0**b), x), 1)
            return Scaled(tuple(curves), float(top), int(np.sum(same != answers)))

        self.scaled, self.base = scaled, scaled(0.0, 0.0)
        super().__init__()

    def answer(self):
        """The factor of layer 1 whose λ_max is nearest to 50."""
        values = np.arange(80, 100) / 100
        self.set(a=min(values, key=lambda a: abs(self.scaled(a, 0.0).top - 50)))

    def paint(self):
        fig, axes = figures.canvas(1, 2, size=(10.6, 4.1), sharey=True)
        self.raw, self.lines, self.dots = axes[0], [], []
        for ax, before, title in zip(
            axes, self.base.curves, ("raw random direction", "the same, filter-normalized"),
            strict=True,
        ):  # fmt: skip
            ax.plot(REACH, before, color=figures.GREY, ls="-", lw=5, alpha=0.45, label="as trained")
            self.lines += ax.plot(REACH, before, color=figures.BLUE, ls="-", label="rescaled")
            self.dots += ax.plot([0], [1], "o", color=figures.RED, mec="white", ms=12)
            figures.label(ax, xlabel="step t along the direction", ylabel="loss L", title=title,
                          yscale="log", ylim=(1e-3, 1e3), xlim=(-1.5, 1.5))  # fmt: skip
        axes[0].legend(loc="lower left")
        return fig, [*self.lines, *self.dots]

    def compute(self, a, b, step):
        """The scaled minimum, and its heights and those of the trained one at the step."""
        scaled = self.scaled(a, b)
        heights = [
            [float(np.interp(step[0], REACH, curve)) for curve in curves]
            for curves in (scaled.curves, self.base.curves)
        ]
        return scaled, *heights

    def draw(self, result, step):
        scaled, heights, _ = result
        for line, dot, curve, height in zip(
            self.lines, self.dots, scaled.curves, heights, strict=True
        ):
            line.set_ydata(np.clip(curve, 1e-3, 1e3))
            dot.set_data([step[0]], [np.clip(height, 1e-3, 1e3)])

    def tell(self, result, step):
        scaled, (raw, normalized), before = result
        return (
            f"λ_max = <b>{scaled.top:.3g}</b> (as trained {self.base.top:.3g}); predictions "
            f"changed: <b>{scaled.changed}</b> of 300. At t = {step[0]:.2f}: raw {raw:.3g}, "
            f"normalized {normalized:.3g} (as trained {before[0]:.3g} and {before[1]:.3g})."
        )

    def goal(self, result):
        if 49 < result[0].top < 51:
            return "one function, any sharpness you like: λ_max alone is no property of a network."
        return None
