"""What lesson 04 does many times, on small cases whose answer is known."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from lecture_utils.lessons.eigenvalues_vs_error import experiments
from lecture_utils.random_matrices import index_of_error


def test_a_bootstrap_draws_whole_rows():
    first = np.arange(30.0)
    samples = experiments.bootstrap(
        lambda a, b: (b - 2 * a).mean(), first, 2 * first, draws=9, seed=0
    )
    np.testing.assert_array_equal(samples, np.zeros(9))
    means = experiments.bootstrap(np.mean, first, draws=2000, seed=0)
    np.testing.assert_allclose(means.std(), first.std() / 30**0.5, rtol=0.1)
    with pytest.raises(ValueError, match=r"equally long, but have lengths \[30, 2\]"):
        experiments.bootstrap(np.mean, first, first[:2], draws=1, seed=0)


def test_a_rank_correlation_lies_in_its_interval():
    noisy = np.arange(60) + 10 * np.sin(np.arange(60.0) ** 2)
    low, high, middle = experiments.rank_correlation(np.arange(60), noisy, seed=0)
    assert -1 < low < middle < high < 1
    cubes = experiments.rank_correlation(np.arange(60), np.arange(60) ** 3, seed=0)
    np.testing.assert_allclose(cubes, 1)  # the same order, in every draw


def test_the_slope_is_three_halves_at_the_critical_error_only():
    assert experiments.local_slope(1.0001, 0.25) == pytest.approx(1.5, abs=1e-3)
    # Far away from the edge, where the curve is smooth, a difference quotient agrees.
    limit = (1 - 20 / 4 - 8 / 16 + 3**1.5) / 16
    alpha = index_of_error(limit * np.array([2.99, 3.01]), 0.25)
    slope = np.diff(np.log(alpha))[0] / np.log(2.01 / 1.99)
    assert experiments.local_slope(3.0, 0.25) == pytest.approx(slope, rel=1e-4)
    for ratio, phi in ((1.0, 0.25), (2.0, 1.0)):
        with pytest.raises(ValueError, match="above"):
            experiments.local_slope(ratio, phi)


def test_a_blurred_spectrum_has_area_one_and_its_mean():
    grid = np.linspace(-3, 6, 2001)
    density = experiments.blurred([-1.0, 0.0, 4.0], grid, width=0.1)
    assert np.trapezoid(density, grid) == pytest.approx(1)
    assert np.trapezoid(density * grid, grid) == pytest.approx(1)


def test_stages_follow_the_descent_and_are_moved_by_a_tenth():
    weights, key = np.array([[1.0, 2.0, 2.0], [0.0, 3.0, 4.0]]), jax.random.key(0)

    def halve(theta, steps):
        return theta / 2.0**steps

    exact = experiments.noisy_stages(halve, weights, (0, 1, 3), key, noise=0.0)
    np.testing.assert_allclose(exact, np.concatenate([weights, weights / 2, weights / 8]))
    moved = experiments.noisy_stages(halve, weights, (0, 1, 3), key) - exact
    np.testing.assert_allclose(
        np.linalg.norm(moved, axis=1), 0.1 * np.linalg.norm(exact, axis=1), rtol=1e-6
    )


def test_networks_learn_and_a_network_of_zeros_does_not():
    rng = np.random.default_rng(0)
    y = np.arange(40) % 10
    x = (np.eye(10)[y] + 0.1 * rng.standard_normal((40, 10))).astype(np.float32)
    ends = experiments.final_losses(5, (x, y), (x, y), jax.random.key(0), runs=2)
    assert ends.shape == (2, 2) and np.all(ends < 0.5)
    np.testing.assert_array_equal(ends[:, 0], ends[:, 1])  # it was tested on what it learned
    assert ends[0, 0] != ends[1, 0]
    scales = jnp.array([0.0, 1.0])
    zero, ordinary = experiments.memorized(8, x, y, scales, jax.random.key(1), steps=300)
    assert zero == pytest.approx(np.log(10), rel=1e-4) and ordinary < 0.5
