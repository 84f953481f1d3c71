"""The explorers of notebook 05: walk between two solutions, and bend the path by hand."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import combinations

import ipywidgets as widgets
import jax
import jax.numpy as jnp
import numpy as np

from lecture_utils.datasets import digits
from lecture_utils.directions import align_neurons
from lecture_utils.networks import mlp
from lecture_utils.profiles import barrier, interpolate
from lecture_utils.studio.live import LivePicture
from lecture_utils.studio.panel import AssembledExplorer, slider
from lecture_utils.trees import norm
from lecture_utils.walks import mlp_loss

from . import figures

__all__ = ["explore_bend", "explore_two_solutions"]

_ALPHAS = np.linspace(0, 1, 51)
_SHOWN = (3, 4)  # rows and columns of digits


@partial(jax.jit, static_argnums=0)
def _scores(apply, a, b, x):
    """What the networks on the line answer: (places, images, classes)."""
    return jax.lax.map(lambda alpha: apply(interpolate(a, b, alpha), x), jnp.asarray(_ALPHAS))


class _Line:
    """Loss and answers at every place on the line from a to b."""

    def __init__(self, apply, a, b, data):
        scores = np.asarray(_scores(apply, a, b, data.x), dtype=float)
        labels = np.asarray(data.y)
        true = scores[:, np.arange(len(labels)), labels]
        highest = scores.max(-1, keepdims=True)
        logs = highest[..., 0] + np.log(np.exp(scores - highest).sum(-1))
        self.losses = np.mean(logs - true, axis=1)
        self.answers = scores.argmax(-1)
        self.right = self.answers == labels
        self.barrier = barrier(self.losses, _ALPHAS)


def _telling(right, labels):
    """Digits that both ends read right and the line between them gets wrong, of many classes."""
    lost = np.where(right[0] & right[-1], (~right).sum(0), -1)
    by_class = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    ranked = [members[np.argsort(-lost[members], kind="stable")][:12] for members in by_class]
    rank = np.concatenate([np.arange(len(members)) for members in ranked])
    members = np.concatenate(ranked)
    return members[np.lexsort((-lost[members], rank))][:12]


@figures.styled
def explore_two_solutions(solutions) -> AssembledExplorer:
    """Walk from one solution to another, in either order of the hidden units.

    ``solutions`` are parameters of MLPs with ReLU for the digits, 64-…-10, of one size, each from
    a start of its own.
    """
    data = digits()
    apply = mlp([leaf["W"].shape[0] for leaf in solutions[0]] + [10]).apply
    pairs = list(combinations(range(len(solutions)), 2))
    names = {f"{i + 1} and {j + 1}": (i, j) for i, j in pairs}
    lines = {}
    for name, (i, j) in names.items():
        a, b = solutions[i], solutions[j]
        lines[name] = [_Line(apply, a, end, data) for end in (b, align_neurons(b, a))]
    summit = max(plain.losses.max() for plain, _ in lines.values())
    images, labels = np.asarray(data.x), np.asarray(data.y)
    # The same digits for both orders of the units: those that the plain line loses for longest.
    chosen = {name: _telling(plain.right, labels) for name, (plain, _) in lines.items()}

    fig, (curve, wall) = figures.canvas(1, 2, size=(10, 4.2), width_ratios=[1.15, 1])
    curve.set(xlabel="place α on the line", ylabel="loss L", xlim=(-0.03, 1.03))
    curve.set_ylim(-0.06 * summit, 1.12 * summit)
    curve.set_title("solutions at α = 0 and α = 1")
    looks = [(figures.RED, "-", "as trained"), (figures.BLUE, "--", "units reordered")]
    drawn = [
        curve.plot(_ALPHAS, _ALPHAS, color=color, ls=dash, label=label)[0]
        for color, dash, label in looks
    ]
    curve.legend(loc="upper right")
    (mark,) = curve.plot([], [], "o", ms=13, mec="white", mew=1.5)
    mosaic, texts = figures.digit_wall(wall, *_SHOWN)
    wall.set_title("read as: blue right, red wrong")
    picture = LivePicture(
        fig,
        "Left, the loss on the straight line between two solutions, with the second as trained and "
        "with its units reordered; right, twelve digits with the label read at the chosen place.",
    )
    picture.animate(*drawn, mark, mosaic, *texts)
    holder, last = [], [None]

    def place(alpha, at):
        """The grid index that the slider or, when it moved last, the point asks for."""
        if last[0] is not None and at[0] != last[0][1]:
            alpha = float(_ALPHAS[np.argmin(np.abs(_ALPHAS - at[0]))])
        return int(np.argmin(np.abs(_ALPHAS - alpha)))

    def update(pair, reorder, alpha, at):
        k = place(alpha, at)
        alpha = round(float(_ALPHAS[k]), 2)
        plain, aligned = lines[pair]
        line = aligned if reorder else plain
        for artist, one, taken in zip(drawn, lines[pair], (not reorder, reorder), strict=True):
            artist.set_ydata(one.losses)
            artist.set_alpha(1.0 if taken else 0.45)
        there = (alpha, float(line.losses[k]))
        mark.set_data([there[0]], [there[1]])
        mark.set_color(looks[reorder][0])
        last[0] = (alpha, there[0])
        if holder:
            holder[0].set(alpha=alpha, at=there)
        shown = chosen[pair]
        figures.fill_digit_wall(mosaic, texts, images[shown], labels[shown], line.answers[k][shown])
        wrong = int(np.sum(~line.right[k]))
        return (
            f"At α = {alpha:.2f}: loss <b>{line.losses[k]:.3f}</b>, accuracy "
            f"{100 * line.right[k].mean():.1f} %, {wrong} of {len(data.y)} digits wrong. "
            f"Barrier of this line: <b>{line.barrier:.3f}</b>."
        )

    def check(values):
        line = lines[values["pair"]][0]
        height = line.losses[int(np.argmin(np.abs(_ALPHAS - values["alpha"])))]
        if not values["reorder"] and height > 0.995 * summit:
            return f"L = {height:.3f}, the summit of all {len(names)} lines. Now reorder the units."
        return None

    first = next(iter(names))
    start = round(float(lines[first][0].losses[10]), 3)
    explorer = AssembledExplorer(
        picture,
        update,
        {
            "pair": widgets.Dropdown(options=list(names), description="solutions"),
            "reorder": widgets.Checkbox(value=False, description="reorder the units of the second"),
            "alpha": slider(0.2, 0, 1, 0.02, "place α", readout_format=".2f"),
        },
        points={"at": (curve, (0.2, start))},
        title="two solutions and the line between them",
        goal="find the highest point of all the lines between these solutions, as trained.",
        presets={
            "the first solution": {"alpha": 0.0, "at": (0.0, 0.0)},
            "a quarter of the way": {"alpha": 0.24, "at": (0.24, 0.0)},
            "the second solution": {"alpha": 1.0, "at": (1.0, 0.0)},
        },
        check=check,
    )
    holder.append(explorer)
    return explorer


@partial(jax.jit, static_argnums=0)
def _at_points(loss, prepared, points):
    return jax.lax.map(lambda c: loss.at(prepared, c), points)


@figures.styled
def explore_bend(a, b, control) -> AssembledExplorer:
    """Drag the control point of a curve from solution a to solution b over the loss.

    The plane shown holds a, b and ``control``, all of them parameters of one MLP for the digits.
    """
    data = digits()
    loss = mlp_loss(data.x, data.y)
    middle = interpolate(a, b, 0.5)
    across = jax.tree.map(lambda x, y: (y - x) / 2, a, b)  # a is at (-1, 0), b at (1, 0)
    away = jax.tree.map(jnp.subtract, control, middle)
    overlap = sum(map(jnp.vdot, jax.tree.leaves(away), jax.tree.leaves(across)))
    share = overlap / norm(across) ** 2
    up = jax.tree.map(lambda v, w: v - share * w, away, across)
    height = norm(up) / norm(across)
    up = jax.tree.map(lambda v: v / height, up)
    reach = float(np.clip(height + 0.5, 1.2, 4.0))
    x, y = np.linspace(-1.6, 1.6, 42), np.linspace(-reach, reach, 35)
    times = np.linspace(0, 1, 21)
    along = partial(_at_points, loss, loss.prepare(middle, [across, up]))
    straight = np.asarray(along(np.stack([2 * times - 1, 0 * times], axis=1)))
    # The same compiled function for the map as for a path: as many points at a time.
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 21, 2)
    with ThreadPoolExecutor(2) as pool:
        heights = np.concatenate(list(pool.map(along, points))).reshape(len(y), len(x))
    limit = max(straight[0], straight[-1]) + 0.01 * barrier(straight)

    fig, (plan, curve) = figures.canvas(1, 2, size=(10, 4.3), width_ratios=[1.2, 1])
    figures.contours(plan, x, y, heights, log=True, floor=0.9 * heights.min(), labels=False)
    plan.set(xlabel="along the line from a to b", ylabel="away from the line")
    plan.set_title("brighter is higher; drag the diamond")
    for place, name in (((-1, 0), "a"), ((1, 0), "b")):
        plan.plot(*place, "*", ms=15, color="white", mec="black")
        plan.annotate(name, place, xytext=(9, 8), textcoords="offset points", color="white")
    top = 1.5 * straight.max()
    curve.set(
        xlabel="place t on the path", ylabel="loss L", xlim=(-0.02, 1.02), ylim=(-top / 25, top)
    )
    curve.set_title("blue: your path, red: straight line")
    curve.plot(times, straight, color=figures.RED, ls="--")
    (bent,) = curve.plot(times, times, color=figures.BLUE, ls="-")
    (ball,) = curve.plot([], [], "o", color=figures.BLUE, ms=11, mec="white")
    (trail,) = plan.plot([], [], color="white", ls="-", lw=3)
    (handle,) = plan.plot([], [], "D", color=figures.ORANGE, mec="white", ms=11)
    (place_on,) = plan.plot([], [], "o", color=figures.BLUE, mec="white", ms=11)
    picture = LivePicture(
        fig,
        "Left, the loss over a plane through two solutions a and b with a curve from one to the "
        "other and its movable control point; right, the loss along curve and straight line.",
    )
    picture.animate(trail, place_on, handle, bent, ball)

    early, half, late = (1 - times) ** 2, 2 * times * (1 - times), times**2

    def update(t, control):
        points = np.stack([late - early + half * control[0], half * control[1]], axis=1)
        losses = np.asarray(along(points))
        k = int(np.argmin(np.abs(times - t)))
        trail.set_data(points.T)
        handle.set_data([control[0]], [control[1]])
        bent.set_ydata(losses)
        place_on.set_data([points[k, 0]], [points[k, 1]])
        ball.set_data([times[k]], [losses[k]])
        highest = int(np.argmax(losses))
        return (
            f"Highest loss on your path: <b>{losses[highest]:.3f}</b> at t = {times[highest]:.2f}; "
            f"on the straight line {straight.max():.3f}. At t = {times[k]:.2f}: {losses[k]:.3f}."
        )

    def check(_values):
        highest = np.max(bent.get_ydata())
        if highest < limit:
            return f"the path never rises above {highest:.3f}: no hill between the two solutions."
        return None

    return AssembledExplorer(
        picture,
        update,
        {"t": slider(0.5, 0, 1, 0.05, "place t on the path")},
        points={"control": (plan, (0.0, 0.25 * reach))},
        title="bending the path between two solutions",
        goal=f"bend the path so that its highest loss is below {limit:.3f}.",
        presets={
            "the straight line": {"control": (0.0, 0.0)},
            "the other way": {"control": (0.0, -0.8 * reach)},
            "to the side": {"control": (1.5, 0.0)},
        },
        check=check,
    )
