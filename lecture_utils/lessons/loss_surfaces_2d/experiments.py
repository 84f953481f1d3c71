"""What lesson 06 does many times: training strategies with their controls, and deep networks."""

from functools import lru_cache, partial

import jax
import jax.numpy as jnp
import numpy as np
from scipy.stats import mannwhitneyu

from lecture_utils import networks
from lecture_utils.derivatives import hvp
from lecture_utils.directions import filter_normalize, random_direction
from lecture_utils.profiles import barrier, grid, line_profile, plane_profile
from lecture_utils.studio.progress import parallel
from lecture_utils.trees import norm, ravel

__all__ = [
    "basin_widths",
    "control_of",
    "curvature",
    "each",
    "largest_change",
    "local_minima",
    "measure",
    "p_by_ranks",
    "plans",
    "random_plane",
    "random_walk",
    "straight",
    "train_clipped",
    "trainer",
]


def each(function, groups, what: str) -> list[dict]:
    """``function(item)`` for every item of every group {name: item}, in parallel: such groups."""
    groups = list(groups)
    found = iter(parallel(function, [item for group in groups for item in group.values()], what))
    return [{name: next(found) for name in group} for group in groups]


def p_by_ranks(low, high) -> float:
    """How often chance alone gives ranks like these or better for "``low`` is lower than ``high``".

    The one-sided p of Mann and Whitney's test, which looks at the order only: a value may be ∞.
    """
    return float(mannwhitneyu(low, high, alternative="less").pvalue)


# --- around one point ---------------------------------------------------------------------------


@partial(jax.jit, static_argnums=0)
def curvature(loss, w, d):
    """dᵀHd along the direction ``d``, a pytree like ``w``."""
    return jnp.vdot(ravel(d)[0], ravel(hvp(loss, w, d))[0])


def largest_change(before, after) -> float:
    """The largest |ln(after/before)| of two surfaces: 0.01 is one per cent, 0.69 a factor of 2."""
    return float(np.max(np.abs(np.log(np.asarray(after) / np.asarray(before)))))


@lru_cache(maxsize=16)
def straight(loss):
    """(a, b) -> the loss at 21 points of the straight way; compiled once for each loss."""
    return jax.jit(lambda a, b: line_profile(loss, a, b, np.linspace(0, 1, 21)))


def basin_widths(loss, w, key, levels=(0.1, 1.0), walks: int = 12) -> np.ndarray:
    """How far it is from ``w`` until the loss has risen by each of ``levels``: (levels,).

    Means over ``walks`` random filter-normalized directions.  A walk ends after 1.5 lengths of the
    direction; what has not risen by then counts as 1.5.
    """
    radii, found = np.linspace(0, 1.5, 21), []
    for one in jax.random.split(key, walks):
        d = filter_normalize(random_direction(one, w), w)
        rise = straight(loss)(w, jax.tree.map(lambda p, step: p + 1.5 * step, w, d))
        climbed = np.maximum.accumulate(rise - rise[0])
        found.append([np.interp(level, climbed, radii) for level in levels])
    return np.mean(found, axis=0)


def random_plane(loss, w, key, size: int = 17) -> np.ndarray:
    """The loss on a filter-normalized random plane around ``w``, from −1 to 1: (size, size).

    All ∞ where the weights are not finite: after a run that diverged there is nothing to see.
    """
    if not np.isfinite(norm(w)):
        return np.full((size, size), np.inf)
    pair = [filter_normalize(random_direction(one, w), w) for one in jax.random.split(key)]
    return plane_profile(loss, w, *pair, grid(1, size))


def local_minima(plane) -> int:
    """How many inner points of ``plane`` are lower than their eight neighbors.

    A point on the border does not count: nobody knows what lies beyond it.
    """
    plane = np.asarray(plane)
    rows, columns = plane.shape
    around = [
        plane[i : rows - 2 + i, j : columns - 2 + j]
        for i in range(3)
        for j in range(3)
        if (i, j) != (1, 1)
    ]
    return int(np.sum(plane[1:-1, 1:-1] < np.min(around, axis=0)))


def random_walk(path, seed):
    """A path (a pytree, points on the leading axis) of as many steps, each as long, at random.

    It begins where ``path`` does; every step has a direction of its own, uniform on the sphere.
    """
    leaves, structure = jax.tree.flatten(path)
    rng = np.random.default_rng(seed)
    steps = [np.diff(np.asarray(leaf, float), axis=0) for leaf in leaves]
    drawn = [rng.standard_normal(step.shape) for step in steps]
    scale = np.sqrt(_squares(steps) / _squares(drawn))
    walked = [
        leaf[:1] + np.cumsum([0 * move[0], *(move.T * scale).T], axis=0)
        for leaf, move in zip(leaves, drawn, strict=True)
    ]
    return jax.tree.unflatten(structure, walked)


def _squares(steps):
    """Squared length of each step over all leaves: (steps,)."""
    return sum(np.sum(step.reshape(len(step), -1) ** 2, axis=1) for step in steps)


# --- training -----------------------------------------------------------------------------------


def trainer(network, data, rules, keep: int = 25):
    """run(params, kinds, batches) -> the path: every ``keep``-th point, then the end.

    Step i takes rule number ``kinds[i]`` of ``rules`` {name: optimizer} and the rows ``batches[i]``
    of ``data`` (x, y), so that a run may switch on the way; a rule rests while another is at work.
    The path is a pytree like ``params``, of numpy arrays with a leading axis of points.
    """
    rules = list(rules.values())

    def using(k, slope, states, params):
        move, state = rules[k].update(slope, states[k], params)
        return move, [*states[:k], state, *states[k + 1 :]]

    branches = [partial(using, k) for k in range(len(rules))]

    @jax.jit
    def run(params, kinds, batches, x, y):
        def batch_loss(params, rows):
            return networks.cross_entropy(network.apply(params, x[rows]), y[rows])

        def step(carry, now):
            (params, states), (kind, rows) = carry, now
            slope = jax.grad(batch_loss)(params, rows)
            move, states = jax.lax.switch(kind, branches, slope, states, params)
            return (jax.tree.map(jnp.add, params, move), states), params

        start = params, [rule.init(params) for rule in rules]
        (end, _), path = jax.lax.scan(step, start, (kinds, batches))
        return jax.tree.map(lambda p, last: jnp.concatenate([p[::keep], last[None]]), path, end)

    return lambda *inputs: jax.device_get(run(*inputs, *data))


def plans(network, strategies, order, chance, key) -> dict:
    """{name: (first weights, kinds, minibatches)}: the ``strategies`` {name: kinds}, and controls.

    All start from the same weights and see the minibatches ``order`` (steps, batch).  The controls
    are SGD all the way: "other init" from other weights; "other order" with the minibatches
    ``chance`` instead, from the first step on or after 25, 50 or 75 % of the steps.
    """
    start, other = (network.init(one) for one in jax.random.split(key))
    sgd = strategies["SGD"]
    found = {name: (start, kinds, order) for name, kinds in strategies.items()}
    found |= {"other init": (other, sgd, order), "other order": (start, sgd, chance)}
    for share in (0.25, 0.5, 0.75):
        at = round(share * len(order))
        mixed = np.concatenate([order[:at], chance[at:]])
        found[f"other order at {100 * share:.0f} %"] = start, sgd, mixed
    return found


def control_of(strategy: str) -> str:
    """The control in which chance had as many steps as the second rule of a switch from SGD."""
    first, _, rest = strategy.partition(" → ")
    return "other order" + rest.removeprefix("Adam") if first == "SGD" else "other order"


def measure(network, loss, ends, test) -> dict[str, dict[str, float]]:
    """How each of ``ends`` {name: weights} compares with the ends of SGD and of Adam.

    For each name: its "loss"; its "accuracy" on ``test`` (x, y); its "disagreement", the share of
    test inputs on which its guess differs from SGD's; the "barrier" on the straight way from SGD's
    end and, "to Adam", from Adam's; the "distance" from SGD's end.
    """
    guesses = {name: np.argmax(network.apply(w, test.x), axis=1) for name, w in ends.items()}

    def wall(a, b):
        return barrier(straight(loss)(ends[a], ends[b]))

    def compare(name):
        away = jax.tree.map(jnp.subtract, ends[name], ends["SGD"])
        return {
            "loss": float(loss(ends[name])),
            "accuracy": np.mean(guesses[name] == np.asarray(test.y)),
            "disagreement": np.mean(guesses[name] != guesses["SGD"]),
            "barrier": wall("SGD", name),
            "to Adam": wall("Adam", name),
            "distance": float(norm(away)),
        }

    return {name: compare(name) for name in ends}


@partial(jax.jit, static_argnums=(0, 1))
def train_clipped(network, rule, cap, params, rows, x, y):
    """The end of a run in which no gradient is longer than ``cap``, which may be ∞.

    ``rule``: an optimizer; step i sees ``rows[i]`` of the data x, y.
    """

    def step(carry, rows):
        params, state = carry

        def batch_loss(params):
            return networks.cross_entropy(network.apply(params, x[rows]), y[rows])

        slope = jax.grad(batch_loss)(params)
        shrink = jnp.minimum(1, cap / norm(slope))
        move, state = rule.update(jax.tree.map(lambda g: g * shrink, slope), state, params)
        return (jax.tree.map(jnp.add, params, move), state), None

    return jax.lax.scan(step, (params, rule.init(params)), rows)[0][0]
