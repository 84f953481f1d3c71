"""What lesson 04 does many times: bootstraps, starts of a search, trainings of many sizes."""

import jax
import jax.numpy as jnp
import numpy as np
from scipy.stats import spearmanr

from lecture_utils import networks
from lecture_utils.intervals import Interval
from lecture_utils.optimizers import adam
from lecture_utils.random_matrices import critical_error, index_of_error

__all__ = [
    "blurred",
    "bootstrap",
    "final_losses",
    "local_slope",
    "memorized",
    "noisy_stages",
    "rank_correlation",
]


# --- statistics ---------------------------------------------------------------------------------


def bootstrap(statistic, *columns, draws: int, seed: int) -> np.ndarray:
    """``statistic(*columns)`` of the rows drawn anew, with repetition: shape (draws, …)."""
    columns = [np.asarray(column) for column in columns]
    size = len(columns[0])
    if any(len(column) != size for column in columns):
        raise ValueError(
            f"columns must be equally long, but have lengths {[len(c) for c in columns]}."
        )
    rows = np.random.default_rng(seed).integers(size, size=(draws, size))
    return np.array([statistic(*(column[row] for column in columns)) for row in rows])


def rank_correlation(loss, index, seed: int, draws: int = 1000) -> Interval:
    """Spearman's correlation of two columns; the interval is the middle 95 % of a bootstrap."""
    samples = bootstrap(lambda *two: spearmanr(*two)[0], loss, index, draws=draws, seed=seed)
    low, high = np.quantile(samples, [0.025, 0.975])
    return Interval(float(low), float(high), float(spearmanr(loss, index)[0]))


# --- spectra ------------------------------------------------------------------------------------


def local_slope(ratio: float, phi: float, reach: float = 1e-4) -> float:
    """d log α / d log(ε/ε_c − 1) of the exact curve, at ε = ``ratio`` · ε_c, ratio > 1, φ < 1."""
    if not (ratio > 1 and 0 < phi < 1):
        raise ValueError(
            "the slope exists above ε_c > 0 only: ratio must be above 1 and phi between 0 and 1, "
            f"but they are {ratio} and {phi}."
        )
    excess = (ratio - 1) * np.exp([-reach, reach])
    low, high = np.log(index_of_error(critical_error(phi) * (1 + excess), phi))
    return float((high - low) / (2 * reach))


def blurred(eigenvalues, grid, width: float) -> np.ndarray:
    """The density of ``eigenvalues`` on ``grid``, each a normal curve of that width: (grid,)."""
    steps = (np.asarray(grid)[:, None] - np.asarray(eigenvalues)) / width
    return np.mean(np.exp(-(steps**2) / 2), axis=1) / (width * np.sqrt(2 * np.pi))


# --- many runs ----------------------------------------------------------------------------------


def noisy_stages(downhill, weights, stages, key, noise: float = 0.1) -> np.ndarray:
    """Points along descents, each moved a little: shape (stages · rows, N).

    ``downhill(weights, steps)`` descends from each row of ``weights`` (rows, N); ``stages`` counts
    the steps after which the points are kept.  Each is then moved in a random direction by
    ``noise`` times its length.
    """
    path = []
    for steps in np.diff(stages, prepend=0):
        weights = downhill(weights, steps)
        path.append(weights)
    path = np.concatenate(path)
    push = np.asarray(jax.random.normal(key, path.shape))
    length, long = (np.linalg.norm(rows, axis=1, keepdims=True) for rows in (path, push))
    return path + noise * push * length / long


def final_losses(width: int, train, test, key, *, runs=16, steps=150, rate=0.02) -> np.ndarray:
    """Final losses of ``runs`` tanh networks with one hidden layer, by Adam: (runs, 2).

    ``train`` and ``test`` are pairs (x, y) of ten classes; the columns are the losses on them.
    """
    rule = adam(rate)
    net = networks.mlp([train[0].shape[1], width, 10], "tanh")

    def cost(params, data):
        return networks.cross_entropy(net.apply(params, data[0]), data[1])

    @jax.jit
    def run(params, train, test):
        def step(carry, _):
            params, state = carry
            move, state = rule.update(jax.grad(cost)(params, train), state, params)
            return (jax.tree.map(jnp.add, params, move), state), None

        (params, _), _ = jax.lax.scan(step, (params, rule.init(params)), length=steps)
        return cost(params, train), cost(params, test)

    return np.array([run(net.init(each), train, test) for each in jax.random.split(key, runs)])


def memorized(width: int, x, y, scales, key, *, steps=2000, rate=0.3) -> np.ndarray:
    """The loss on (x, y) after gradient descent from ``scale`` times the same weights: (scales,).

    Tanh networks with one hidden layer and ten classes.
    """
    net = networks.mlp([x.shape[1], width, 10], "tanh")

    @jax.jit
    def end(scale, params, x, y):
        def cost(params):
            return networks.cross_entropy(net.apply(params, x), y)

        def step(_, params):
            return jax.tree.map(lambda p, g: p - rate * g, params, jax.grad(cost)(params))

        return cost(jax.lax.fori_loop(0, steps, step, jax.tree.map(lambda p: scale * p, params)))

    first = net.init(key)
    return np.array([float(end(scale, first, x, y)) for scale in scales])
