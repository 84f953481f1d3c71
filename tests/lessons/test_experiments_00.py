"""What notebook 00 computes beside its argument."""

import numpy as np
import pytest

from lecture_utils.lessons.start_here.experiments import lowest_loss_of_one_unit, random_copy

X = np.linspace(-3, 3, 41)


@pytest.mark.parametrize("flip", [1, -1])
def test_one_unit_fits_a_step_and_no_hill(flip):
    assert lowest_loss_of_one_unit(X, flip * 0.8 * np.tanh(2.5 * (X - 0.7))) < 1e-4
    assert lowest_loss_of_one_unit(X, flip * np.exp(-(X**2))) > 0.05


def test_no_unit_that_was_not_tried_is_far_better():
    y = np.sin(2 * X)
    rng = np.random.default_rng(0)
    w, c = np.exp(rng.uniform(-2, 2, 2000)), rng.uniform(-3, 3, 2000)
    h = np.tanh(w[:, None] * (X - c[:, None]))
    v = h @ y / np.sum(h**2, axis=1)
    tried = np.mean((v[:, None] * h - y) ** 2, axis=1)
    assert lowest_loss_of_one_unit(X, y) == pytest.approx(tried.min(), rel=1e-2)


def test_a_copy_is_the_same_function_elsewhere():
    theta = np.random.default_rng(1).standard_normal((3, 7))
    copy = random_copy(theta, np.random.default_rng(2))

    def outputs(w, b, v):
        return np.tanh(np.multiply.outer(X, w) + b) @ v

    np.testing.assert_allclose(outputs(*copy), outputs(*theta), atol=1e-12)
    assert not np.allclose(copy, theta)
    np.testing.assert_array_equal(np.sort(np.abs(copy)), np.sort(np.abs(theta)))
