"""The data: scikit-learn's digits as they are, and noise that is exactly as much as asked for."""

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_digits
from unit_helpers import PROPERTY, refuses

from lecture_utils import datasets


def test_all_digits():
    x, y = datasets.digits()
    original = load_digits()
    assert x.shape == (1797, 64)
    assert x.dtype == jnp.float32
    assert (float(x.min()), float(x.max())) == (0, 1)
    np.testing.assert_array_equal(16 * x, original.data)
    np.testing.assert_array_equal(y, original.target)
    assert jnp.issubdtype(y.dtype, jnp.integer)


@pytest.mark.parametrize("num, dtype", [(1, jnp.float32), (300, jnp.float64), (1797, jnp.float32)])
def test_the_first_digits(num, dtype):
    x, y = datasets.digits(num, dtype)
    assert (x.shape, x.dtype, y.shape) == ((num, 64), dtype, (num,))
    assert int(y[0]) == 0


@pytest.mark.parametrize("num", [0, -1, 1798])
def test_too_few_or_too_many_digits_are_refused(num):
    with refuses("num"):
        datasets.digits(num)


def test_the_five_points_of_slide_38():
    points = list(zip(*datasets.FIVE_POINTS, strict=True))
    assert points == [(-1, 3), (1, -3), (3, 0), (4, 1), (5, 2)]


@given(st.lists(st.integers(0, 9), max_size=40), st.floats(0, 1), st.integers(0, 2**32))
@PROPERTY
def test_exactly_the_asked_fraction_of_labels_becomes_another_class(labels, fraction, seed):
    labels = np.array(labels, dtype=int)
    before = labels.copy()
    noisy = np.asarray(datasets.noisy_labels(labels, fraction, seed))
    assert np.sum(noisy != labels) == round(fraction * len(labels))
    assert set(noisy.tolist()) <= set(range(10))
    np.testing.assert_array_equal(labels, before)
    np.testing.assert_array_equal(datasets.noisy_labels(labels, fraction, seed), noisy)


def test_every_other_class_is_equally_likely():
    noisy = np.asarray(datasets.noisy_labels(np.full(9000, 3), 1.0, seed=0))
    counts = np.bincount(noisy, minlength=10)
    assert counts[3] == 0
    assert np.all(np.abs(np.delete(counts, 3) - 1000) < 150)  # five standard deviations


@pytest.mark.parametrize("fraction", [-0.1, 1.1, float("nan")])
def test_a_fraction_beyond_its_range_is_refused(fraction):
    with refuses("fraction"):
        datasets.noisy_labels([0, 1], fraction, seed=0)


@pytest.mark.parametrize("labels", [np.array([0.5, 1.0]), np.zeros((2, 3), int)])
def test_labels_that_are_not_a_list_of_integers_are_refused(labels):
    with refuses("labels"):
        datasets.noisy_labels(labels, 0.5, seed=0)


def test_one_class_has_no_other():
    with refuses("classes"):
        datasets.noisy_labels([0, 0], 0.5, seed=0, classes=1)
