"""The questions of notebook 01: solvable, and each typical mistake is named."""

import jax
import numpy as np
import pytest

from lecture_utils.lessons.hessian_review.questions import lesson


@pytest.mark.parametrize("sign", [1, -1])
def test_an_escape_direction_may_point_either_way(sign):
    card = lesson.check("way_out", lambda H: sign * np.linalg.eigh(H)[1][:, 0])
    assert card.feedback.status == "correct"


def test_a_list_of_the_wrong_length_is_named():
    card = lesson.check("way_out", lambda H: [1.0])
    assert card.feedback.status == "wrong"
    assert "shape" in card.feedback.text


def test_inverting_instead_of_solving_is_accepted():
    card = lesson.check("newton", lambda g, H: -np.linalg.inv(H) @ g)
    assert card.feedback.status == "correct"


def test_the_first_saddle_that_fails_is_quoted():
    def smallest_in_size(H):
        values, vectors = np.linalg.eig(H)
        return vectors[:, np.argmin(np.abs(values))]

    text = lesson.check("way_out", smallest_in_size).feedback.text
    assert "[1.0, 2.0, 0.0]" in text


@pytest.mark.parametrize(
    "attempt",
    [
        lambda loss, p, v: jax.hessian(loss)(p) @ v,
        lambda loss, p, v: jax.jit(jax.jacfwd(jax.grad(loss)))(p) @ v,
    ],
)
def test_building_the_hessian_is_refused(attempt):
    card = lesson.check("my_hvp", attempt)
    assert card.feedback.status == "wrong"
    assert "built H" in card.feedback.text


@pytest.mark.parametrize(
    "attempt",
    [
        lambda loss, p, v: jax.grad(lambda q: jax.grad(loss)(q) @ v)(p),
        lambda loss, p, v: jax.vjp(jax.grad(loss), p)[1](v)[0],
        lambda loss, p, v: jax.linearize(jax.grad(loss), p)[1](v),
    ],
)
def test_every_way_without_the_hessian_is_accepted(attempt):
    assert lesson.check("my_hvp", attempt).feedback.status == "correct"
