"""The measurements of notebook 01, on problems whose answer is known."""

import itertools

import jax.numpy as jnp
import numpy as np
import pytest
from threadpoolctl import threadpool_info
from unit_helpers import refuses

from lecture_utils import surfaces
from lecture_utils.lessons.hessian_review import experiments


def test_every_pair_in_order():
    first, second = np.array([[1.0, 2.0], [3.0, 5.0], [0.0, 1.0]]), np.array([10.0, 100.0])
    found = experiments.for_all_pairs(lambda v, length: length * v, first, second)
    assert np.array_equal(found, first[:, None] * second[:, None])


def test_an_escape_takes_as_many_steps_as_doublings_are_needed():
    starts = 2.0 ** -np.array([[[1, 0], [2, 0]], [[5, 0], [10, 0]]]) * [1, 0]
    found = experiments.escape_times(lambda w: 2 * w, lambda w: -w[0], starts, below=-0.75, most=20)
    assert np.array_equal(found, [[1, 2], [5, 10]])


def test_descent_from_a_saddle_takes_the_time_that_its_eigenvalue_forecasts():
    eta, way_out = 0.05, np.array([1.0, 1.0]) / 2**0.5

    def gradient(w):
        return -2 * (1 - w[0] * w[1]) * w[::-1]

    starts = np.array([1e-4, 1e-8, 1e-12])[:, None] * way_out
    found = experiments.escape_times(lambda w: w - eta * gradient(w), surfaces.linear_chain, starts)
    assert np.diff(found) == pytest.approx(np.log(1e4) / np.log(1 + 2 * eta), abs=1)


def test_a_start_that_stays_is_not_counted_as_gone():
    with refuses("most"):
        experiments.escape_times(lambda w: w, lambda w: jnp.sum(w), np.ones((3, 2)), most=5)


@pytest.mark.nightly
def test_a_plateau_is_the_saddle_it_was_made_from():
    # w₁w₂ is to be 1; the start leaves the origin along the eigenvector of −2.
    losses, slope, lowest = experiments.plateaus(
        surfaces.linear_chain, jnp.array([1.0, 1.0]), [0.1, 1e-4], 0.05, num_steps=150
    )
    assert losses.shape == (2, 151)
    assert losses[:, -1] == pytest.approx(0, abs=1e-6)
    # The flattest point of the second run is its start or its end; here the end, λ = 0 and 4.
    assert slope < 1e-3
    assert lowest == pytest.approx(0, abs=1e-2)


def test_a_newton_step_is_timed_on_one_thread(monkeypatch):
    solve, seen = np.linalg.solve, []

    def watched(H, b):
        threads = {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}
        seen.append((len(H), np.array_equal(H, H.T), *threads))
        return solve(H, b)

    monkeypatch.setattr(np.linalg, "solve", watched)
    seconds = experiments.newton_seconds([4, 6], at_least=1e-4)
    assert seconds.shape == (2,)
    assert set(seen) == {(4, True, 1), (6, True, 1)}


def test_seconds_are_the_least_of_three_means(monkeypatch):
    # A clock that another program holds up in the first and the third of the means.
    ticks = itertools.accumulate([0, 0, 8, 8, 0, 0, 2, 2, 2, 2, 2, 0, 0, 9, 9])
    monkeypatch.setattr(experiments.time, "thread_time", lambda: float(next(ticks)))
    assert experiments.newton_seconds([3], at_least=10.0) == pytest.approx(2.0)
