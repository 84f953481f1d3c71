"""The questions of notebook 02: solvable, and each typical mistake is named."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from lecture_utils import hessian, linear_autoencoder_points
from lecture_utils.lessons.deep_linear_networks import questions as deep_linear_networks
from lecture_utils.lessons.deep_linear_networks.questions import lesson


def test_the_gradient_agrees_with_automatic_differentiation():
    w = np.array([0.9, 0.0, 1.3])
    by_hand = deep_linear_networks.chain_gradient(w)
    np.testing.assert_allclose(by_hand, jax.grad(lambda w: (1 - jnp.prod(w)) ** 2)(w))
    card = lesson.check("chain_gradient", jax.grad(lambda w: (1 - jnp.prod(w)) ** 2))
    assert card.feedback.status == "correct"


def test_the_rate_agrees_with_the_hessian():
    w = np.array([2.0, 2.0, 0.25])
    top = np.linalg.eigvalsh(hessian(lambda w: (1 - jnp.prod(w)) ** 2, w))[-1]
    assert deep_linear_networks.largest_rate(w) == pytest.approx(2 / top)


def test_the_time_inverts_the_formula():
    s, u0, share = 3.0, 1e-3, 0.7
    growth = np.exp(2 * s * deep_linear_networks.time_to_learn(s, u0, share))
    assert s * growth / (growth - 1 + s / u0) == pytest.approx(share * s)


def test_the_index_agrees_with_the_package():
    variances = np.array([0.9, 0.7, 0.4, 0.2])
    for point in linear_autoencoder_points(variances, 3):
        found = deep_linear_networks.saddle_index(variances, list(point.kept), 3)
        assert found == point.swaps + point.idle
