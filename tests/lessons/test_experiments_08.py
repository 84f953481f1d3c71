"""What notebook 08 repeats: noise against its law, the split, and the pairs of runs."""

import jax.numpy as jnp
import numpy as np
import pytest

from lecture_utils.datasets import Dataset
from lecture_utils.lessons.batch_size_and_sharpness import experiments
from lecture_utils.lessons.batch_size_and_sharpness.experiments import EndPoint


def test_batch_noise_follows_its_two_laws():
    G = np.random.default_rng(1).standard_normal((50, 7)).astype(np.float32)
    V = np.sum(np.var(G, axis=0))
    again, once = experiments.batch_noise(G, 10, np.random.default_rng(2), draws=4000)
    assert again == pytest.approx(V / 10, rel=0.05)
    assert once == pytest.approx(V / 10 * 40 / 49, rel=0.05)


def test_the_whole_set_drawn_once_has_no_noise():
    G = np.arange(12, dtype=np.float32).reshape(4, 3)
    again, once = experiments.batch_noise(G, 4, np.random.default_rng(0))
    assert again > 1 and once == pytest.approx(0, abs=1e-9)


def test_timing_counts_the_updates_and_leaves_the_first_call_out():
    calls = []
    found = experiments.seconds_per_update(lambda: calls.append(0), 64, times=3)
    assert len(calls) == 4 and found >= 0


def test_a_split_loses_nothing_and_spoils_training_labels_only():
    data = Dataset(np.arange(1797.0)[:, None], np.arange(1797) % 10)
    train, test = experiments.split(data, 0.2, [3, 4], 5)
    assert (len(train.y), len(test.y)) == (1000, 797)
    assert set(np.concatenate([train.x, test.x]).ravel()) == set(range(1797))
    assert np.sum(train.y != train.x[:, 0].astype(int) % 10) == 200
    np.testing.assert_array_equal(test.y, test.x[:, 0].astype(int) % 10)


def test_a_difference_is_taken_pair_by_pair():
    def end(accuracy):
        return EndPoint(*[0.0] * 4, accuracy, 0.0, 0.0)

    ends = {("clean", B, 2000, seed): end(90.0 + seed + (B == 200) * (1 + 0.1 * (-1) ** seed))
            for B in (10, 200) for seed in range(8)}  # fmt: skip
    ends |= {("20 % wrong", 200, 2000, seed): end(0.0) for seed in range(8)}
    np.testing.assert_allclose(experiments.values(ends, "accuracy", "clean", 10), 90 + np.arange(8))
    low, high, mean = experiments.difference(ends, "accuracy", "clean")
    assert mean == pytest.approx(1)
    assert (
        mean - low
        == pytest.approx(high - mean)
        == pytest.approx(2.3646 * 0.10690 / 8**0.5, rel=1e-3)
    )


def test_what_resting_moves_is_the_change_of_the_difference():
    def end(keskar):
        return EndPoint(0.0, 0.0, keskar, *[0.0] * 4)

    jobs = [("clean", B, 2000, seed) for B in (10, 200) for seed in range(8)]
    before = {job: end(job[1] / 100 + job[3]) for job in jobs}
    after = {job: end(job[1] / 100 + job[3] + (job[1] == 200) * (1 + job[3] % 2)) for job in jobs}
    low, high, mean = experiments.moved(before, after, "keskar", "clean")
    assert mean == pytest.approx(1.5) and low < 1.5 < high


def test_the_noise_scale_is_the_batch_whose_noise_is_as_long_as_the_gradient():
    G = np.random.default_rng(1).standard_normal((500, 3)) + 0.5
    B = experiments.noise_scale(G)
    again = np.mean(np.sum((G - G.mean(axis=0)) ** 2, axis=1)) / B
    assert again == pytest.approx(np.sum(G.mean(axis=0) ** 2))


def test_steps_are_counted_until_the_loss_is_reached():
    def loss(w, x, y):
        return jnp.mean((w - x) ** 2) / 2

    data = Dataset(jnp.zeros(8), jnp.zeros(8))
    rows = np.zeros((100, 2), int)
    # w halves in each step, so the loss ½w² is below 1e-3 after 5 steps; it is looked at after 8
    count, w = experiments.steps_to_reach(loss, jnp.float32(1), data, rows, 0.5, 1e-3)
    assert count == 8 and w == pytest.approx(0.5**8)
    assert experiments.steps_to_reach(loss, jnp.float32(1), data, rows[:4], 0.5, 1e-3)[0] == np.inf
    assert experiments.steps_to_reach(loss, jnp.float32(1), data, rows, 3.0, 1e-3)[0] == np.inf


def test_the_best_rate_needs_the_fewest_steps_on_average():
    steps = {0.1: [10, 12], 0.2: [4, 6], 0.4: [2, np.inf]}
    assert experiments.best_rate(steps) == (0.2, 5)


def test_between_two_and_four_over_lambda_descent_is_thrown_to_a_flatter_place():
    rng = np.random.default_rng(3)
    stays, flies, leaves = (experiments.thrown(c, rng, runs=60, steps=1500) for c in (1.5, 2.5, 5))
    assert stays.rested == 1 and stays.sharpness == pytest.approx(1, abs=0.02)
    assert flies.rested > 0.9 and flies.sharpness < 0.8 and flies.edge <= 1
    assert leaves.diverged == 1 and np.isnan(leaves.sharpness)
