"""The many-start versions of notebook 07: against closed forms, on few and short runs."""

import jax.numpy as jnp
import numpy as np
import pytest

from lecture_utils import datasets
from lecture_utils.lessons.optimizer_comparison import experiments
from lecture_utils.optimizers import gradient_descent, momentum, rms


def test_on_the_ridge_nothing_leaves_and_beside_it_a_decade_costs_the_same():
    steps = experiments.steps_to_leave(gradient_descent(0.05), [1e-2, 1e-4, 1e-6, 0.0])
    assert steps[-1] == -1
    # Near the saddle one step multiplies the distance by 1.05.
    assert np.diff(steps[:-1]) == pytest.approx(np.log(100) / np.log(1.05), abs=2)


def test_the_stable_manifold_holds_on_the_axis_and_leaks_by_rounding_when_turned():
    line = np.array([[0.0, -0.8], [0.0, 0.5]])
    rule = gradient_descent(0.05)
    assert experiments.leaving(rule, line, 0, 1500).tolist() == [-1, -1]
    turned = experiments.leaving(rule, line, 30, 1500)
    assert np.all(np.abs(turned - np.log(1e16) / np.log(1.05)) < 150)
    beside = experiments.leaving(rule, np.array([[1e-2, 1.0]]), 0, 1500)
    assert beside == experiments.steps_to_leave(rule, [1e-2])


def test_pairs_are_counted_once_and_what_diverged_is_last():
    assert experiments.pairs_in_other_order([1, 2, 3], [1, 2, 3]) == 0
    assert experiments.pairs_in_other_order([1, 2, 3], [3, 2, 1]) == 3
    assert experiments.pairs_in_other_order([1, 2, 3], [np.nan, 2, 3]) == 2


def test_a_ball_without_memory_falls_into_its_own_well_and_with_it_sometimes_crosses():
    def wells(x):
        return x**4 / 4 - x**2 / 2 + 0.15 * x

    starts = jnp.linspace(0.2, 1.8, 30)
    ends = np.asarray(experiments.ends(wells, jnp.array([0.0, 0.98]), starts, 0.01))
    right, _, left = np.sort(np.roots([1, 0, -1, 0.15]))[::-1]
    np.testing.assert_allclose(ends[0], right, atol=1e-6)
    assert 0 < np.sum(np.isclose(ends[1], left, atol=1e-3)) < 30


def test_distances_follow_the_closed_form_without_memory():
    found = experiments.distances([4.0, 9.0], 0.0, 0.1, 30)
    k = np.arange(31)
    expected = [np.hypot(0.9**k, 0.3 * (1 - 0.1 * kappa) ** k) for kappa in (4.0, 9.0)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_what_leaves_the_finite_numbers_is_infinitely_far():
    assert (
        experiments.distances(100.0, [0.0, 0.9], [0.1, 0.1], 3000)[:, -1].tolist() == [np.inf] * 2
    )


def test_steps_to_a_millionth_are_those_of_the_slowest_direction():
    kappas = np.array([4.0, 16.0])
    steps = experiments.steps_to_a_millionth(kappas, 0.0, 2 / (1 + kappas), 200)
    law = np.log(1e-6) / np.log((kappas - 1) / (kappas + 1))
    assert steps == pytest.approx(law, abs=1.5)


@pytest.mark.nightly
def test_only_rms_knows_the_axes():
    starts = jnp.array([[1.0, 0.0], [0.6, 0.8], [-0.8, 0.6]])
    angles, rates = [0, 45], jnp.array([0.003, 0.01, 0.019, 0.1, 0.3])
    for rule in (gradient_descent, momentum):
        level, turned = experiments.tuned_steps(rule, angles, rates, starts)
        assert level == turned < np.inf
    level, turned = experiments.tuned_steps(rms, angles, rates, starts)
    assert level < turned


def test_what_never_arrives_takes_forever():
    starts = jnp.array([[0.6, 0.8]])
    found = experiments.tuned_steps(gradient_descent, [0], jnp.array([1e-6, 1.0]), starts, 20)
    assert found.tolist() == [np.inf]


@pytest.fixture(scope="module")
def digits():
    return datasets.digits(192)


@pytest.mark.nightly
def test_runs_on_the_digits_learn_and_are_those_of_their_seeds(digits):
    both = experiments.digits_runs(momentum, [0.03, 0.3], digits, range(5, 7))
    assert both.shape == (2, 2, 20)
    assert np.all(both[..., -1] < both[..., 0])
    alone = experiments.digits_runs(momentum, [0.3], digits, [6])
    np.testing.assert_allclose(alone[0, 0], both[1, 1], rtol=1e-5)


@pytest.mark.nightly
def test_the_deeper_network_starts_as_given_and_warm_up_keeps_its_first_step(digits):
    ended = experiments.deep_runs(lambda rate: lambda i: rate, [0.003], digits, [1, 2])
    assert ended.shape == (1, 2) and np.all(ended < 2)
    losses = experiments.first_steps(lambda i: 0.01 * jnp.minimum(i, 1), digits, [1, 2], 3)
    assert losses.shape == (2, 4)
    np.testing.assert_array_equal(losses[:, 0], losses[:, 1])
