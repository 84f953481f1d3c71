"""The questions of notebook 08: solvable, and each typical mistake is named."""

import jax
import numpy as np
import pytest
from scipy import optimize, stats

from lecture_utils.lessons.batch_size_and_sharpness.questions import (
    _slope,
    lesson,
    mean_rise,
    minibatch_noise,
    paired_difference,
    sam_step,
)


def test_the_noise_is_what_draws_show():
    rng = np.random.default_rng(0)
    G = rng.standard_normal((7, 3))
    means = G[rng.integers(0, 7, (200_000, 5))].mean(axis=1)
    found = np.mean(np.sum((means - G.mean(axis=0)) ** 2, axis=1))
    assert minibatch_noise(G, 5) == pytest.approx(found, rel=0.01)


def test_the_mean_rise_is_what_draws_show():
    H = np.array([[2.0, 0.5], [0.5, 1.0]])
    shifts = 0.3 * np.random.default_rng(0).standard_normal((400_000, 2))
    rises = np.einsum("ki,ij,kj->k", shifts, H, shifts) / 2
    assert mean_rise(H, 0.3) == pytest.approx(np.mean(rises), rel=0.01)


def test_other_ways_to_the_answer_are_accepted():
    def noise(G, B):
        return np.mean(np.sum((G - G.mean(0)) ** 2, axis=1)) / B

    def rise(H, s):
        return s**2 * sum(np.linalg.eigvalsh(H)) / 2

    answers = {
        "minibatch_noise": noise,
        "mean_rise": rise,
        "paired_difference": lambda a, b: [(b - a).mean(), stats.sem(b - a)],
        "balanced": by_search,
        "sam_step": jax.jit(sam_step_in_jax, static_argnums=0),
    }
    for name, answer in answers.items():
        assert lesson.check(name, answer).feedback.status == "correct"
    by_covariance = lesson.check(
        "minibatch_noise", lambda G, B: np.trace(np.cov(G.T, bias=True)) / B
    )
    assert by_covariance.feedback.status == "correct"


def by_search(W1, b1, W2):
    def size(log_a):
        a = np.exp(log_a)
        return np.sum((a * W1) ** 2) + np.sum((a * b1) ** 2) + np.sum((W2 / a) ** 2)

    return np.exp(optimize.minimize_scalar(size, options={"xtol": 1e-8}).x)


def sam_step_in_jax(grad, theta, rate, rho):
    g = grad(theta)
    return theta - rate * grad(theta + rho * g / jax.numpy.sqrt(g @ g))


def test_the_standard_error_is_what_samples_show():
    rng = np.random.default_rng(0)
    pairs = rng.standard_normal((2, 100_000, 8)) + rng.standard_normal((100_000, 8))
    found = [paired_difference(*pair) for pair in zip(*pairs[:, :4000], strict=True)]
    means, errors = np.array(found).T
    assert np.std(means) == pytest.approx(np.sqrt(np.mean(errors**2)), rel=0.05)


def test_sam_without_a_radius_is_gradient_descent_and_jax_may_be_used():
    theta = np.array([0.4, -1.0])
    np.testing.assert_allclose(sam_step(_slope, theta, 0.1, 0), theta - 0.1 * _slope(theta))
    assert jax.numpy.ndim(sam_step(_slope, jax.numpy.asarray(theta), 0.1, 0.05)) == 1
