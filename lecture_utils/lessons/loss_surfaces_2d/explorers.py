"""The explorers of notebook 06: a surface with a ball, and the same minimum in other scales."""

import threading
from functools import cache, lru_cache, partial

import ipywidgets as widgets
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
from lecture_utils.optimizers import momentum
from lecture_utils.profiles import grid
from lecture_utils.studio.live import LivePicture
from lecture_utils.studio.panel import AssembledExplorer, slider
from lecture_utils.trees import ravel, ravel_pytree
from lecture_utils.walks import loss_pieces, mlp_loss

from . import figures

__all__ = ["explore_rescaling", "explore_surface"]

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


class SurfaceExplorer(AssembledExplorer):
    """An explorer whose plane is computed in the background, with progress and a way to cancel."""

    def __init__(self, loss, path):
        self.loss, self.path = loss, path
        self.center = jax.tree.map(lambda leaf: jnp.asarray(leaf[-1]), path)
        self._away = flat_path(path) - np.asarray(ravel(self.center)[0], dtype=float)
        self._basis = lru_cache(self._make_basis)
        self.shown, self._job, self._stop = None, None, threading.Event()
        self._thread, self._turn = None, threading.RLock()
        self.bar = widgets.IntProgress(layout=widgets.Layout(width="180px", visibility="hidden"))
        self._paint()
        reach = float(np.linalg.norm(self._away[0]))
        super().__init__(
            self.picture,
            self._move,
            {
                "kind": widgets.Dropdown(options=list(KINDS), description="plane"),
                "radius": slider(
                    round(1.2 * reach), 1, 20, 1, "radius", continuous_update=False,
                    readout_format=".0f",
                ),
                "resolution": widgets.SelectionSlider(
                    options=[11, 15, 21, 31, 41, 51], value=31, description="points a side",
                    continuous_update=False,
                ),
                "trajectory": widgets.Checkbox(value=True, description="path of training"),
            },
            points={"ball": (self._plan, (-0.6 * reach, 0.45 * reach))},
            title="a loss surface with a ball on it",
            goal="on a random plane, drop the ball where the loss is above 3, so that the free one "
            "ends at least 70 times lower than the ball bound to the plane.",
            presets={
                "start of the path": {"kind": "PCA of the path", "ball": tuple(self._start())},
                "a random plane": {"kind": "random", "ball": (0.0, 4.0), "radius": 9.0},
                "where it bends most": {"kind": "top curvature", "ball": (0.0, 1.5), "radius": 3.0},
            },
            check=self._reached,
        )  # fmt: skip

    def _rows(self):
        rows = super()._rows()
        buttons = (self._button("Cancel", self.cancel), self._button("Save picture", self.save))
        rows[-1].children = (*rows[-1].children, *buttons, self.bar)
        return rows

    # --- the plane

    def _make_basis(self, kind):
        """Orthonormal columns (N, 2), so that every plane is measured in the same distances."""
        pair = _directions(kind, self.loss, self.path, self.center)
        columns = np.stack([np.asarray(ravel(d)[0], dtype=float) for d in pair], axis=1)
        basis, upper = np.linalg.qr(columns)
        return basis * np.sign(np.diag(upper))

    def _start(self):
        return np.round(self._away[0] @ self._basis("PCA of the path"), 2)

    def _pieces(self, kind, radius, resolution):
        axis = grid(radius, resolution)
        points = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
        unravel = ravel(self.center)[1]
        dtype = jax.tree.leaves(self.center)[0].dtype
        pair = [unravel(jnp.asarray(d, dtype)) for d in self._basis(kind).T]
        return loss_pieces(self.loss, self.center, pair, points)

    def _compute(self, wanted, stop):
        parts, total = [], wanted[2] ** 2
        pieces = self._pieces(*wanted)
        for part in pieces:
            if stop.is_set():
                pieces.close()
                return
            parts.append(part)
            self.bar.value = round(100 * sum(map(len, parts)) / total)
        with self.picture._drawing:
            if stop.is_set():
                return
            self._draw_plane(wanted, np.concatenate(parts).reshape(wanted[2], wanted[2]))
            self._job = None
        self.bar.layout.visibility = "hidden"

    def _in_background(self, wanted, stop):
        try:
            self._compute(wanted, stop)
        except Exception as error:
            with self._turn:
                self._job = None
                self._fail(error)
        else:
            if not stop.is_set():
                self._refresh()

    def _want(self, wanted):
        self._stop.set()
        self._stop = threading.Event()
        self.bar.value, self.bar.layout.visibility = 0, "visible"
        self._job = wanted
        self._thread = threading.Thread(
            target=self._in_background, args=(wanted, self._stop), daemon=True
        )
        self._thread.start()

    def wait(self):
        """Until the plane that was asked for last is there."""
        thread = None
        while thread is not self._thread:
            thread = self._thread
            thread.join()

    # The reader and the finished plane take turns: neither moves the artists under the other.
    def _refresh(self):
        with self._turn:
            super()._refresh()

    def _on_control(self, change):
        with self._turn:
            super()._on_control(change)

    def set(self, **values):
        with self._turn:
            super().set(**values)

    def cancel(self):
        """Stop computing and go back to the plane that is shown."""
        self._stop.set()
        self._job = None
        self.bar.layout.visibility = "hidden"
        self.set(**dict(zip(("kind", "radius", "resolution"), self.shown, strict=True)))

    def save(self, name="loss_surface.png"):
        """Write the picture as it is now beside the notebook."""
        with open(name, "wb") as file:
            file.write(self.picture.frame())
        self.picture.caption = f"Saved as <b>{name}</b>, beside this notebook."

    # --- the picture

    def _paint(self):
        fig, (self._plan, self._curve) = figures.canvas(
            1, 2, size=(10.6, 4.3), width_ratios=[1, 1.15]
        )
        self._still = []
        curve, steps = self._curve, np.arange(STEPS + 1)
        figures.label(
            curve, xlabel="step", ylabel="loss L", xlim=(0, STEPS), ylim=(1e-3, 60),
            yscale="log", title="how the two balls roll",
        )  # fmt: skip
        looks = {"color": figures.BLACK, "ls": "-"}, {"color": figures.RED, "ls": "--"}
        names = "bound to the plane", "free, in all directions"
        self._losses = [
            curve.plot(steps, steps + 1.0, label=name, **look)[0]
            for name, look in zip(names, looks, strict=True)
        ]
        curve.legend(loc="upper right")
        self._trails = [self._plan.plot([], [], lw=2.6, **look)[0] for look in looks]
        outline = [withStroke(linewidth=4.5, foreground="white")]
        for trail in self._trails:
            trail.set_path_effects(outline)
        (self._dot,) = self._plan.plot([], [], "o", ms=13, color="white", mec="black", mew=2.5)
        (self._end,) = self._plan.plot([], [], "s", ms=9, color=figures.RED, mec="white")
        self.picture = LivePicture(
            fig,
            "Left, a plane of the loss around trained weights with the path of training and a ball "
            "that rolls in the plane and in all directions; right, the loss of both balls.",
        )
        self.picture.animate(*self._trails, *self._losses, self._dot, self._end)

    def _draw_plane(self, wanted, losses):
        for artist in self._still:
            artist.remove()
        kind, radius, resolution = self.shown = wanted
        plan, axis = self._plan, grid(radius, resolution)
        before = set(plan.get_children())
        figures.landscape(plan, axis, axis, losses, labels=False, title=KINDS[kind])
        self._path = figures.trail(plan, self._away @ self._basis(kind))
        self._still = [artist for artist in plan.get_children() if artist not in before]
        self._trail_parts = [a for a in self._still if a in plan.lines]
        self.picture.invalidate()

    def _move(self, kind, radius, resolution, trajectory, ball):
        wanted = kind, int(radius), resolution
        waiting = ""
        if self.shown is None:  # the first plane comes with the explorer
            self._compute(wanted, self._stop)
        elif wanted not in (self.shown, self._job):
            self._want(wanted)
        elif wanted == self.shown and self._job is not None:
            self._stop.set()
            self._job, self.bar.layout.visibility = None, "hidden"
        if self._job is not None:
            waiting = "A new plane is being computed… "
        for artist in self._trail_parts[:-1]:  # θ* itself stays
            if artist.get_visible() != trajectory:
                artist.set_visible(trajectory)
        bound, free, distance = self._roll(ball)
        for (places, losses), trail, line in zip(
            (bound, free), self._trails, self._losses, strict=True
        ):
            trail.set_data(places.T)
            line.set_ydata(np.maximum(losses, 1e-3))
        self._dot.set_data([ball[0]], [ball[1]])
        self._end.set_data(free[0][-1:].T)
        return (
            f"{waiting}Dropped at loss <b>{bound[1][0]:.3g}</b>. After {STEPS} steps: bound to the "
            f"plane <b>{bound[1][-1]:.3g}</b>, free <b>{free[1][-1]:.3g}</b>, and by then "
            f"<b>{distance[-1]:.2f}</b> away from the plane."
        )

    def _roll(self, ball):
        basis = self._basis(self.shown[0])
        center = np.asarray(ravel(self.center)[0])
        start = (center + basis @ np.asarray(ball)).astype(center.dtype)
        rolled = _roll(self.loss, self.center, basis.astype(center.dtype), start)
        return jax.tree.map(np.asarray, rolled)

    def _reached(self, values):
        if self.shown[0] != "random" or self._job is not None:
            return None
        (_, bound), (_, free), _ = self._roll(values["ball"])
        if bound[0] > 3 and bound[-1] > 70 * free[-1]:
            return "the plane hides the way down; the free ball found it at once."
        return None


@figures.styled
def explore_surface(loss=None, path=None) -> SurfaceExplorer:
    """A plane around the end of ``path``, and a ball to drop on it.

    ``loss`` is any loss, ``path`` a run as ``trajectory`` keeps it; by default 300 digits.
    """
    if (loss is None) != (path is None):
        raise ValueError("loss and path belong together: pass both, or neither for the digits.")
    return SurfaceExplorer(*((loss, path) if loss is not None else _trained()[:2]))


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


@figures.styled
def explore_rescaling() -> AssembledExplorer:
    """Two factors that leave the network's function alone, and what two pictures make of them."""
    loss, path, (x, _, net) = _trained()
    params = jax.tree.map(lambda leaf: leaf[-1], path)
    raw = random_direction(jax.random.key(3), params)
    length = float(jnp.linalg.norm(ravel(filter_normalize(raw, params))[0]))
    raw = jax.tree.map(lambda d: d * (length / float(jnp.linalg.norm(ravel(raw)[0]))), raw)
    outputs = np.asarray(net.apply(params, x))
    fig, axes = figures.canvas(1, 2, size=(10.6, 4.1), sharey=True)
    lines, dots = [], []
    base = _scales(loss, params, raw, 1.0, 1.0)
    for ax, before, title in zip(
        axes, base, ("raw random direction", "the same, filter-normalized"), strict=False
    ):
        ax.plot(REACH, before, color=figures.GREY, ls="-", lw=5, alpha=0.45, label="as trained")
        lines += ax.plot(REACH, before, color=figures.BLUE, ls="-", label="rescaled")
        dots += ax.plot([0], [1], "o", color=figures.RED, mec="white", ms=12)
        figures.label(ax, xlabel="step t along the direction", ylabel="loss L", title=title,
                      yscale="log", ylim=(1e-3, 1e3), xlim=(-1.5, 1.5))  # fmt: skip
    axes[0].legend(loc="lower left")
    picture = LivePicture(
        fig,
        "The loss along a random direction through one minimum before and after rescaling: left "
        "the raw direction, right the filter-normalized one, which does not change.",
    )
    picture.animate(*lines, *dots)

    def measure(a, b):
        return [np.asarray(v) for v in _scales(loss, params, raw, 10.0**a, 10.0**b)]

    def update(a, b, step):
        *curves, top = measure(a, b)
        heights = []
        for line, dot, curve in zip(lines, dots, curves, strict=True):
            line.set_ydata(np.clip(curve, 1e-3, 1e3))
            heights.append(float(np.interp(step[0], REACH, curve)))
            dot.set_data([step[0]], [np.clip(heights[-1], 1e-3, 1e3)])
        same = np.argmax(net.apply(rescale(params, 10.0**a, 10.0**b), x), 1)
        changed = int(np.sum(same != outputs.argmax(1)))
        return (
            f"λ_max = <b>{top:.3g}</b> (as trained {base[2]:.3g}); predictions changed: "
            f"<b>{changed}</b> of 300. At t = {step[0]:.2f}: raw {heights[0]:.3g}, normalized "
            f"{heights[1]:.3g} (as trained {np.interp(step[0], REACH, base[0]):.3g} and "
            f"{np.interp(step[0], REACH, base[1]):.3g})."
        )

    def check(values):
        top = measure(values["a"], values["b"])[2]
        if 49 < top < 51:
            return "one function, any sharpness you like: λ_max alone is no property of a network."
        return None

    return AssembledExplorer(
        picture,
        update,
        {
            "a": slider(0.0, -1, 1, 0.01, "log₁₀ a (1 ↔ 2)"),
            "b": slider(0.0, -1, 1, 0.01, "log₁₀ b (2 ↔ 3)"),
        },
        points={"step": (axes[0], (0.5, 1.0))},
        title="one minimum in many scales",
        goal="bring the top curvature λ_max to 50 (49 to 51) without changing a prediction.",
        presets={
            "layer 1 ×10": {"a": 1.0, "b": 0.0},
            "layer 1 ÷10": {"a": -1.0, "b": 0.0},
            "layer 3 ÷10": {"a": 0.0, "b": 1.0},
        },
        check=check,
    )
