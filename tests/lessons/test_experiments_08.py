"""What notebook 08 repeats: noise against its law, the split, and the pairs of runs."""

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
