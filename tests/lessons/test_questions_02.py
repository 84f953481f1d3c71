"""The questions of notebook 02: solvable, and each typical mistake is named."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from lecture_utils import hessian, linear_autoencoder_points
from lecture_utils.lessons.deep_linear_networks import questions as deep_linear_networks
from lecture_utils.lessons.deep_linear_networks.questions import lesson


@pytest.mark.nightly
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


@pytest.mark.nightly
def test_other_ways_to_the_answer_are_accepted():
    def by_place(variances, kept, p):  # the variances fall, so a smaller number is a larger one
        lost = [j for j in range(len(variances)) if j not in kept]
        return sum(j < i for i in kept for j in lost) + (p - len(kept)) * len(lost)

    def by_sorting_what_it_was_given(variances, kept, p):
        kept.sort()
        ways = by_place(variances, kept, p)
        kept.clear()
        return ways

    answers = {
        "saddle_index": [by_place, by_sorting_what_it_was_given],
        "largest_rate": [
            lambda w: 1 / np.sum(w**-2.0),
            jax.jit(lambda w: 2 / jnp.linalg.eigvalsh(jax.hessian(chain)(w))[-1]),
        ],
        "time_to_learn": [
            jax.jit(lambda s, u, a: (jnp.log(a / (1 - a)) + jnp.log(s / u - 1)) / s / 2)
        ],
        "chain_gradient": [jax.jit(jax.grad(chain))],
    }
    for name, ways in answers.items():
        for answer in ways:
            assert lesson.check(name, answer).feedback.status == "correct", name


def chain(w):
    return (1 - jnp.prod(w)) ** 2
