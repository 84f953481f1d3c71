"""Notebook 04's questions: complete, and fair to other right answers."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from lecture_utils.lessons.eigenvalues_vs_error.questions import lesson


def test_other_ways_to_the_answer_are_accepted():
    def by_rank(loss, theta):
        g, h = jax.grad(loss)(theta), np.asarray(jax.hessian(loss)(theta))
        return float(np.sqrt(g @ g)) < 1e-8, len([v for v in np.linalg.eigh(h)[0] if v < -1e-8])

    def by_formula(loss, alpha, critical):
        keep = (alpha > 0) & (loss > critical)
        x, y = np.log(loss[keep] / critical - 1), np.log(alpha[keep])
        return np.cov(x, y)[0, 1] / np.var(x, ddof=1)

    def by_sum(eigenvalues):
        return sum(eigenvalues > 1e-10 * abs(eigenvalues).max()) / len(eigenvalues)

    answers = {"certify": by_rank, "exponent": by_formula, "minimum_degree": by_sum}
    for name, answer in answers.items():
        assert lesson.check(name, answer).feedback.status == "correct", name
    right = lesson.check("share_of_saddles", lambda n, p: 1 - (p**n + (1 - p) ** n))
    assert right.feedback.status == "correct"


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


@pytest.mark.parametrize("name", ["share_of_saddles", "minimum_degree"])
def test_a_first_failing_input_is_quoted(name):
    feedback = lesson.check(name, lambda *_: 0.123).feedback
    assert feedback.status == "wrong"
    assert "expected" in feedback.text


def test_certification_is_jax_s_to_the_letter():
    solution = lesson.exercises["certify"].solution
    assert solution(lambda t: t[0] ** 2 - t[1] ** 2, jnp.zeros(2)) == (True, 1)
