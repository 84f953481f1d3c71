"""The questions of notebook 01: solvable, and each typical mistake is named."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from lecture_utils.lessons.hessian_review.questions import lesson


@pytest.mark.parametrize("sign", [1, -1])
def test_an_escape_direction_may_point_either_way(sign):
    card = lesson.check("way_out", lambda H: sign * np.linalg.eigh(H)[1][:, 0])
    assert card.feedback.status == "correct"


def test_a_list_of_the_wrong_length_is_named():
    card = lesson.check("way_out", lambda H: [H[0, 0]])
    assert card.feedback.status == "wrong"
    assert "shape" in card.feedback.text


def test_inverting_instead_of_solving_is_accepted():
    card = lesson.check("newton", lambda g, H: -np.linalg.inv(H) @ g)
    assert card.feedback.status == "correct"


def test_a_saddle_that_fails_is_quoted_as_code():
    def next_to_lowest(H):
        return np.linalg.eigh(H)[1][:, min(1, len(H) - 2)]

    text = lesson.check("way_out", next_to_lowest).feedback.text
    assert "for `way_out(np.array([[" in text and "2 of 5 inputs come out right" in text


@pytest.mark.parametrize("name", ["forecast", "curvature", "plateau_length", "newton", "way_out"])
def test_compiled_answers_are_accepted(name):
    ways = {
        "forecast": lambda g, H, d: jnp.vdot(g, d) + jnp.einsum("i,ij,j", d, H, d) / 2,
        "curvature": lambda lambdas, V, v: v @ (V * lambdas) @ V.T @ v,
        "plateau_length": lambda eta, lam, d: -jnp.log(d) / jnp.log1p(-eta * lam),
        "newton": lambda g, H: jnp.linalg.solve(-H, g),
        "way_out": lambda H: jnp.linalg.eigh(H)[1].T[0],
    }
    assert lesson.check(name, jax.jit(ways[name])).feedback.status == "correct"


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
