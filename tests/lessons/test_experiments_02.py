"""The many starts, depths and rates of notebook 02, held against what is known by hand."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import lecture_utils as lu
from lecture_utils.lessons.deep_linear_networks import experiments

KEY = jax.random.key(0)


def test_the_relative_error_is_that_of_allclose():
    exact = np.array([0.0, 1.0, -100.0])
    for off, close in ((0.9, True), (1.1, False)):
        found = exact + off * (1e-8 + 1e-5 * np.abs(exact))
        assert (experiments.relative_error(found, exact) <= 1e-5) == close
        assert np.allclose(found, exact) == close
    assert experiments.relative_error(exact, exact) == 0


@pytest.mark.nightly
def test_starts_have_their_distance_and_a_direction_serves_all_distances():
    distances = np.array([0.1, 2.0])
    lengths = experiments.around_origin(jnp.linalg.norm, 3, distances, KEY, directions=7)
    np.testing.assert_allclose(lengths, np.tile(distances, (7, 1)))
    first = experiments.around_origin(lambda w: w[0], 3, distances, KEY, directions=7)
    np.testing.assert_allclose(first[:, 0] / 0.1, first[:, 1] / 2.0)


def test_the_plateau_is_counted_as_a_plain_loop_would():
    starts = 0.5 + 0.02 * np.random.default_rng(0).standard_normal((2, 4))
    found = experiments.plateau_times(lu.gradient_descent(0.02), starts, np.array([2, 4]), 400)
    for run, start in enumerate(starts):
        for place, depth in enumerate((2, 4)):
            w, steps = start[:depth].copy(), 0
            while (1 - w.prod()) ** 2 >= 0.5:
                w += 0.02 * 2 * (1 - w.prod()) * w.prod() / w
                steps += 1
            assert found[run, place] == steps


def test_two_weights_settle_up_to_one_half():
    starts = 1 + 0.01 * np.random.default_rng(1).standard_normal((20, 5))
    shares = experiments.settling_share(starts, 2, np.array([0.4, 0.52]))
    np.testing.assert_array_equal(shares, [1, 0])


@pytest.mark.nightly
def test_half_of_all_directions_go_down_a_slope_and_none_from_a_minimum():
    point = jnp.ones((2, 2))
    down = experiments.share_going_down(jnp.sum, point, [0.1, 1.0], KEY, directions=4000)
    np.testing.assert_allclose(down, 0.5, atol=0.03)
    flat = experiments.share_going_down(lambda w: jnp.sum((w - 1) ** 2), point, [0.1], KEY, 100)
    np.testing.assert_array_equal(flat, [0])


def test_final_losses_are_those_of_each_run():
    starts = {"w": jnp.array([1.0, -3.0])}
    ends = experiments.final_losses(lambda p: p["w"] ** 2, starts, lu.gradient_descent(0.25), 10)
    np.testing.assert_allclose(ends, np.array([1.0, 9.0]) * 0.5**20)


def test_half_times():
    s = np.array([2.0, 1.0])
    rising = np.array([[0, 0], [0.5, 0], [1.5, 0.4], [2, 0.5]])  # one run, four steps, two modes
    np.testing.assert_array_equal(experiments.half_times(rising[None], s), [[2, 10**6]])


def test_the_autoencoder_s_kinds_lie_between_the_minimum_and_the_origin():
    cloud = experiments.index_against_loss(np.array([3.0, 2.0, 1.0]), 2)
    assert len(cloud) == 1 + 3 + 3  # no direction kept, one, two
    assert [0, pytest.approx(1 / 6)] in cloud.tolist()  # the two largest kept
    assert [0.5, pytest.approx(1)] in cloud.tolist()  # the origin
    assert np.all((cloud >= 0) & (cloud <= [0.5, 1]))


def test_the_rank_correlation_shares_ranks_among_ties():
    assert experiments.rank_correlation([1, 2, 3], [10, 20, 500]) == pytest.approx(1)
    assert experiments.rank_correlation([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    x, y = [1, 1 + 1e-14, 2, 3], [1, 1, 3, 2]
    ranks = np.corrcoef([1.5, 1.5, 3, 4], [1.5, 1.5, 4, 3])[0, 1]
    assert experiments.rank_correlation(x, y) == pytest.approx(ranks)
