"""What lesson 04 does many times: bootstraps, starts of a search, trainings of many sizes."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree
from scipy.stats import spearmanr

from lecture_utils import networks
from lecture_utils.critical_points import find_critical_points
from lecture_utils.intervals import Interval
from lecture_utils.optimizers import adam
from lecture_utils.random_matrices import critical_error, index_of_error, wishart_wigner

__all__ = [
    "Descents",
    "blurred",
    "bootstrap",
    "descents",
    "dips",
    "final_losses",
    "local_slope",
    "memorized",
    "model_points",
    "noisy_stages",
    "rank_correlation",
    "share_of_pairs",
    "without_decay",
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


def share_of_pairs(low, high, seed: int, draws: int = 1000) -> Interval:
    """How often one of ``high`` lies above one of ``low``; the interval is the middle 95 % of a
    bootstrap of both.  One half where neither lies higher."""
    low, high = np.asarray(low, float), np.asarray(high, float)
    if not (low.size and high.size):
        raise ValueError(
            f"low and high need at least one value each, but have {low.size} and {high.size}."
        )
    above = high[:, None] > low
    rng = np.random.default_rng(seed)
    samples = [
        above[rng.integers(high.size, size=high.size)][:, rng.integers(low.size, size=low.size)]
        for _ in range(draws)
    ]
    ends = np.quantile([sample.mean() for sample in samples], [0.025, 0.975])
    return Interval(float(ends[0]), float(ends[1]), float(above.mean()))


# --- spectra ------------------------------------------------------------------------------------


def model_points(multiples, n: int, phi: float, seed: int) -> np.ndarray:
    """α of one n × n matrix of the model at each multiple of its critical error: (multiples,)."""
    keys = jax.random.split(jax.random.key(seed), len(multiples))
    errors = critical_error(phi) * np.asarray(multiples)
    drawn = (wishart_wigner(key, n, error, phi) for key, error in zip(keys, errors, strict=True))
    return np.array([np.mean(np.linalg.eigvalsh(matrix) < 0) for matrix in drawn])


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


class Descents(NamedTuple):
    """Points of several descents at chosen moments: ``theta`` (moments, runs, N), ``loss`` and
    ``slope``, the norm of the gradient, (moments, runs)."""

    theta: np.ndarray
    loss: np.ndarray
    slope: np.ndarray


def descents(loss, weights, moments, rate: float) -> Descents:
    """Gradient descent from each row of ``weights`` (runs, N), looked at after ``moments`` steps.

    ``moments`` must rise, from 0 or later.
    """
    waits = np.diff(moments, prepend=0)
    if np.any(waits < 0):
        raise ValueError(f"moments must rise from 0 on, but are {list(moments)[:5]}…")
    look = jax.vmap(jax.value_and_grad(loss))

    def go(theta, steps):
        def step(_, theta):
            return theta - rate * look(theta)[1]

        theta = jax.lax.fori_loop(0, steps, step, theta)
        value, slope = look(theta)
        return theta, (theta, value, jnp.linalg.norm(slope, axis=1))

    _, seen = jax.jit(lambda theta: jax.lax.scan(go, theta, waits))(jnp.asarray(weights))
    return Descents(*map(np.asarray, seen))


def dips(slope) -> tuple[np.ndarray, np.ndarray]:
    """Where the slope is lower than before and after it: moments and runs, of (moments, runs)."""
    slope = np.asarray(slope)
    lower = (slope[1:-1] < slope[:-2]) & (slope[1:-1] <= slope[2:])
    moments, runs = np.nonzero(lower)
    return moments + 1, runs


def without_decay(seed: int, starts: int = 24, steps: int = 100):
    """Newton's search on a squared error without weight decay: points, and their lengths ‖θ‖.

    164 random numbers as targets of 8 random inputs each, a network of 4 tanh units: 41 weights, a
    quarter of the data.  The starts are points of descents, moved by a tenth of their length.
    """
    rng = np.random.default_rng(seed)
    x, y = jnp.asarray(rng.standard_normal((164, 8))), jnp.asarray(rng.standard_normal(164))
    network = networks.mlp([8, 4, 1], "tanh", dtype=jnp.float64)
    first, second = jax.random.split(jax.random.key(seed))
    stages = (0, 30, 300, 3000)
    rows = [network.init(key) for key in jax.random.split(first, starts // len(stages))]
    unravel = ravel_pytree(rows[0])[1]

    def loss(theta):
        return jnp.mean((network.apply(unravel(theta), x)[:, 0] - y) ** 2) / 2

    weights = np.stack([ravel_pytree(row)[0] for row in rows])
    path = descents(loss, weights, stages, rate=0.2).theta.reshape(-1, weights.shape[1])
    begin = noisy_stages(lambda theta, _: theta, path, (0,), second)
    points = find_critical_points(loss, begin, steps)
    return points, np.linalg.norm(points.params, axis=1)


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
