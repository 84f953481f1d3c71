"""What notebook 08 repeats many times: batches drawn, updates timed, pairs of runs compared."""

import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

import jax
import numpy as np

from lecture_utils.datasets import Dataset, noisy_labels
from lecture_utils.intervals import Interval, mean_interval
from lecture_utils.training import DIVERGENCE

__all__ = [
    "EndPoint",
    "Fate",
    "batch_noise",
    "best_rate",
    "difference",
    "moved",
    "noise_scale",
    "seconds_per_update",
    "split",
    "steps_to_reach",
    "thrown",
    "values",
]


def batch_noise(G, B: int, rng, draws: int = 200) -> list[float]:
    """Mean ‖g_B − ḡ‖² over that many batches of size ``B``, drawn from the rows of ``G`` (n, N).

    First with examples drawn independently, then with no example drawn twice.
    """
    n = len(G)
    again = rng.multinomial(B, np.full(n, 1 / n), size=draws)  # how often each example is drawn
    once = rng.random((draws, n)).argsort(axis=1) < B
    mean = G.mean(axis=0)
    return [
        float(np.mean(np.sum((counts.astype(np.float32) @ G / B - mean) ** 2, axis=1)))
        for counts in (again, once)
    ]


def noise_scale(G) -> float:
    """V/‖ḡ‖² of the rows of ``G`` (n, N): the batch whose noise is as long as the gradient."""
    mean = np.mean(G, axis=0)
    return float(np.sum(np.var(G, axis=0)) / np.sum(mean**2))


def seconds_per_update(run, updates: int, times: int = 7) -> float:
    """The best of several timings of ``run()``, which makes that many updates; not its first."""

    def timed():
        begin = time.perf_counter()
        jax.block_until_ready(run())
        return time.perf_counter() - begin

    timed()
    return min(timed() for _ in range(times)) / updates


def split(data: Dataset, wrong: float, seed, label_seed: int) -> tuple[Dataset, Dataset]:
    """1000 examples to train on, that share of their labels replaced, and the rest to test on."""
    order = np.random.default_rng(seed).permutation(len(data.y))
    train, test = (Dataset(data.x[rows], data.y[rows]) for rows in (order[:1000], order[1000:]))
    return train._replace(y=noisy_labels(train.y, wrong, seed=label_seed)), test


class EndPoint(NamedTuple):
    """What is measured where a training ended."""

    loss: float  # on the training set
    sharpness: float  # λ_max of the training loss
    keskar: float  # Keskar's measure, in percent, ε = 0.001
    keskar_wide: float  # the same with ε = 0.01
    accuracy: float  # on the test set, in percent
    slope: float  # norm of the training loss's gradient
    test_slope: float  # norm of the test loss's gradient


def values(ends: Mapping[tuple, EndPoint], what: str, labels: str, B: int, steps: int = 2000):
    """One measure of all runs with these labels, batch size and steps: (seeds,).

    ``ends`` maps (labels, B, steps, seed) to the end point of that run, seeds ascending.
    """
    return np.array(
        [getattr(end, what) for job, end in ends.items() if job[:3] == (labels, B, steps)]
    )


def difference(
    ends: Mapping[tuple, EndPoint], what: str, labels: str, steps: int = 2000
) -> Interval:
    """B = 200 after that many steps minus B = 10 after 2000: mean over the pairs, 95 % interval."""
    large, small = values(ends, what, labels, 200, steps), values(ends, what, labels, 10)
    return mean_interval(large - small)


def moved(
    before: Mapping[tuple, EndPoint], after: Mapping[tuple, EndPoint], what: str, labels: str
) -> Interval:
    """By how much resting moves that difference: mean over the pairs, 95 % interval."""
    apart = [values(ends, what, labels, 200) - values(ends, what, labels, 10)
             for ends in (before, after)]  # fmt: skip
    return mean_interval(apart[1] - apart[0])


# --- beyond the critical batch --------------------------------------------------------------------

_CHECKED = 4  # steps between two looks at the loss of all data


@partial(jax.jit, static_argnums=0)
def _steps(loss, params, data, rows, rate, target):
    def step(k, params):
        slope = jax.grad(loss)(params, data.x[rows[k]], data.y[rows[k]])
        return jax.tree.map(lambda p, g: p - rate * g, params, slope)

    def block(state):
        k, params, _ = state
        params = jax.lax.fori_loop(k, k + _CHECKED, step, params)
        return k + _CHECKED, params, loss(params, data.x, data.y)

    def going(state):
        k, _, now = state
        return (k + _CHECKED <= len(rows)) & (now > target)  # NaN ends it as well

    k, params, now = jax.lax.while_loop(going, block, (0, params, loss(params, data.x, data.y)))
    return jax.numpy.where(now <= target, k, jax.numpy.inf), params


def steps_to_reach(loss, params, data: Dataset, rows, rate: float, target: float):
    """Steps of SGD at that rate until the loss of all ``data`` is at most ``target``, and where.

    ``rows`` (steps, B) holds the examples of each batch, ``loss(params, x, y)`` is a scalar.  The
    loss is looked at after every 4 steps; a run that does not arrive within ``rows`` counts ∞.
    """
    count, params = _steps(loss, params, data, np.asarray(rows), rate, target)
    return float(count), params


def best_rate(steps: Mapping[float, Sequence[float]]) -> tuple[float, float]:
    """The rate whose runs needed the fewest steps on average, and that mean; rate -> (seeds,)."""
    means = {rate: float(np.mean(counts)) for rate, counts in steps.items()}
    rate = min(means, key=means.get)
    return rate, means[rate]


# --- between 2/λ and 4/λ --------------------------------------------------------------------------


class Fate(NamedTuple):
    """What became of many descents from a sharp part of a valley, as shares and factors."""

    rested: float  # share that came to rest at a minimum
    diverged: float  # share whose loss left every bound
    sharpness: float  # median of λ_max where they rest, in that where they began
    edge: float  # largest ηλ_max/2 where they rest; 1 is the edge 2/η


def thrown(factor: float, rng, runs: int = 400, steps: int = 2000) -> Fate:
    """Gradient descent on (1 − w₁w₂)² with η = ``factor``/λ_max of its own start.

    Starts lie 0.05 beside the valley w₁w₂ = 1, in a random direction, where w₁ is 1.5 to 4.
    NaN where no run rests.
    """
    a, angle = rng.uniform(1.5, 4, runs), rng.uniform(0, 2 * np.pi, runs)
    a, b = a + 0.05 * np.cos(angle), 1 / a + 0.05 * np.sin(angle)
    began = _valley_sharpness(a, b)
    rate, lost = factor / began, np.zeros(runs, bool)
    for _ in range(steps):
        pull = np.where(lost, 0, 2 * rate * (1 - a * b))  # who is lost stays where it is
        a, b = a + pull * b, b + pull * a
        lost |= ~((1 - a * b) ** 2 < DIVERGENCE)
    rested = ~lost & ((1 - a * b) ** 2 < 1e-6)
    if not rested.any():
        return Fate(0.0, float(lost.mean()), np.nan, np.nan)
    ended = _valley_sharpness(a[rested], b[rested])
    share, edge = np.median(ended / began[rested]), np.max(ended * rate[rested] / 2)
    return Fate(float(rested.mean()), float(lost.mean()), float(share), float(edge))


def _valley_sharpness(a, b):
    """λ_max of the Hessian [[2b², 4ab − 2], [4ab − 2, 2a²]] of (1 − ab)²."""
    return a**2 + b**2 + np.hypot(a**2 - b**2, 4 * a * b - 2)
