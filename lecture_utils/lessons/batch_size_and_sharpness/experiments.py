"""What notebook 08 repeats many times: batches drawn, updates timed, pairs of runs compared."""

import time
from collections.abc import Mapping
from typing import NamedTuple

import jax
import numpy as np

from lecture_utils.datasets import Dataset, noisy_labels
from lecture_utils.intervals import Interval, mean_interval

__all__ = [
    "EndPoint",
    "batch_noise",
    "difference",
    "seconds_per_update",
    "split",
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
