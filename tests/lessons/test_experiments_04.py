"""What lesson 04 does many times, on small cases whose answer is known."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from lecture_utils.lessons.eigenvalues_vs_error import experiments
from lecture_utils.random_matrices import critical_error, index_of_error


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


@pytest.mark.nightly
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


@pytest.mark.nightly
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


def test_pairs_say_how_often_one_side_is_higher():
    assert experiments.share_of_pairs([0, 1], [2, 3], seed=0) == (1, 1, 1)
    mixed = experiments.share_of_pairs([0, 2], [1, 3], seed=0)
    assert mixed.middle == 0.75 and mixed.low <= 0.5 and mixed.high == 1
    rng = np.random.default_rng(0)
    same = experiments.share_of_pairs(rng.standard_normal(60), rng.standard_normal(60), seed=0)
    assert same.low < 0.5 < same.high
    with pytest.raises(ValueError, match="have 0 and 1"):
        experiments.share_of_pairs([], [1.0], seed=0)


def test_points_of_the_model_follow_its_exact_curve():
    multiples = np.array([0.5, 3.0, 6.0])
    drawn = experiments.model_points(multiples, 200, 0.25, seed=0)
    exact = index_of_error(multiples * critical_error(0.25), 0.25)
    np.testing.assert_allclose(drawn, exact, atol=0.015)


def test_descents_on_a_bowl_shrink_by_the_same_factor():
    def bowl(theta):
        return jnp.sum(theta**2) / 2

    weights, moments = np.array([[1.0, 0.0], [3.0, 4.0]]), np.array([0, 1, 5])
    path = experiments.descents(bowl, weights, moments, rate=0.1)
    np.testing.assert_allclose(path.theta, 0.9 ** moments[:, None, None] * weights, rtol=1e-12)
    np.testing.assert_allclose(path.slope, 0.9 ** moments[:, None] * [1, 5], rtol=1e-12)
    np.testing.assert_allclose(path.loss, path.slope**2 / 2, rtol=1e-12)
    with pytest.raises(ValueError, match=r"moments must rise from 0 on, but are \[3, 1\]"):
        experiments.descents(bowl, weights, [3, 1], rate=0.1)


def test_dips_are_lower_than_their_neighbors_in_time():
    slope = np.array([[3, 1], [1, 2], [2, 1], [1, 3], [5, 4]])
    moments, runs = experiments.dips(slope)
    assert list(zip(moments, runs, strict=True)) == [(1, 0), (2, 1), (3, 0)]


@pytest.mark.nightly
def test_without_decay_points_say_how_long_they_are():
    points, lengths = experiments.without_decay(0, starts=4, steps=3)
    assert points.loss.shape == lengths.shape == (4,)
    np.testing.assert_allclose(lengths, np.linalg.norm(points.params, axis=1))
