"""Intervals of a mean and of a share, against a second library and by their coverage."""

import numpy as np
import pytest
import scipy.stats
from unit_helpers import refuses

from lecture_utils.intervals import mean_interval, wilson


@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_the_mean_s_interval_is_scipy_s(confidence):
    values = np.random.default_rng(0).normal(3, 2, 7)
    found = mean_interval(values, confidence)
    theirs = scipy.stats.ttest_1samp(values, 0).confidence_interval(confidence)
    np.testing.assert_allclose(found[:2], theirs)
    assert found.middle == pytest.approx(values.mean())


@pytest.mark.parametrize(("hits", "runs"), [(0, 10), (3, 10), (10, 10), (1, 1), (41, 70)])
def test_wilson_is_scipy_s(hits, runs):
    theirs = scipy.stats.binomtest(hits, runs).proportion_ci(0.95, "wilson")
    found = wilson(hits, runs)
    np.testing.assert_allclose(found[:2], theirs, atol=1e-12)
    assert found.middle == hits / runs


def test_a_share_is_covered_as_often_as_it_says():
    """Exactly, over all outcomes of 20 runs, averaged over many shares."""
    shares, hits = np.linspace(0.05, 0.95, 19), np.arange(21)
    ends = np.array([wilson(int(k), 20)[:2] for k in hits])
    inside = (ends[:, :1] <= shares) & (shares <= ends[:, 1:])
    covered = (scipy.stats.binom.pmf(hits[:, None], 20, shares) * inside).sum(0)
    assert covered.mean() == pytest.approx(0.95, abs=0.015)


def test_bad_input_is_refused():
    for values in ([1.0], [[1.0, 2.0]], [1.0, np.nan]):
        with refuses("values"):
            mean_interval(values)
    with refuses("confidence"):
        mean_interval([1.0, 2.0], 95)
    for hits, runs in ((3, 2), (-1, 2), (0, 0)):
        with refuses("hits"):
            wilson(hits, runs)
