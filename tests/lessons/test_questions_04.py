"""Notebook 04's questions: complete, and fair to other right answers."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from lecture_utils.lessons.eigenvalues_vs_error.questions import lesson


def by_listing_all_signs(n, p):
    share = 0.0
    for signs in itertools.product([True, False], repeat=n):
        if 0 < sum(signs) < n:
            share += p ** sum(signs) * (1 - p) ** (n - sum(signs))
    return share


def test_other_ways_to_the_answer_are_accepted():
    def by_counting(g, H):
        return float(np.sqrt(g @ g)) < 1e-8, len([v for v in np.linalg.eigh(H)[0] if v < -1e-8])

    def by_formula(loss, alpha, critical):
        keep = (alpha > 0) & (loss > critical)
        x, y = np.log(loss[keep] / critical - 1), np.log(alpha[keep])
        return np.cov(x, y)[0, 1] / np.var(x, ddof=1)

    def by_sum(eigenvalues):
        return sum(eigenvalues > 1e-10 * abs(eigenvalues).max()) / len(eigenvalues)

    answers = {"certify": by_counting, "exponent": by_formula, "minimum_degree": by_sum}
    for name, answer in answers.items():
        assert lesson.check(name, answer).feedback.status == "correct", name
    for share in (lambda n, p: 1 - (p**n + (1 - p) ** n), by_listing_all_signs):
        assert lesson.check("share_of_saddles", share).feedback.status == "correct"


def test_the_exponent_is_recovered_from_an_exact_power_law():
    loss = np.linspace(0.2, 1, 9)
    solution = lesson.exercises["exponent"].solution
    assert solution(loss, 0.1 * (loss / 0.2 - 1) ** 1.5, 0.2) == pytest.approx(1.5)


def test_points_without_logarithm_are_named():
    def careless(loss, alpha, critical):
        return np.polyfit(np.log(loss / critical - 1), np.log(alpha), 1)[0]

    feedback = lesson.check("exponent", careless).feedback
    assert feedback.status == "wrong"
    assert "the logarithm of 0" in feedback.text


def test_certification_is_the_library_s():
    def saddle(t):
        return t[0] ** 2 - 3 * t[1] ** 2 + t[0] * t[1]

    theta = jnp.zeros(2)
    solution = lesson.exercises["certify"].solution
    certified, index = solution(jax.grad(saddle)(theta), jax.hessian(saddle)(theta))
    assert (certified, index) == (True, 1)
