"""The questions of notebook 06: solvable, and each typical mistake is named."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from lecture_utils import filter_normalize, plane_profile, project
from lecture_utils.lessons.loss_surfaces_2d.questions import lesson, rescaled


def test_the_package_s_own_functions_are_accepted():
    answers = {
        "normalized": lambda D, W: np.asarray(filter_normalize({"W": D}, {"W": W})["W"]),
        "off_plane": lambda delta, d1, d2: project(delta[None], 0 * delta, d1, d2).residual[0],
        "plane": plane_profile,
    }
    for name, answer in answers.items():
        assert lesson.check(name, answer).feedback.status == "correct", name


def by_vmap(f, center, d1, d2, alphas, betas):
    row = jax.vmap(lambda a, b: f(center + a * d1 + b * d2), (0, None))
    return jax.vmap(row, (None, 0))(alphas, betas)


def by_map(f, center, d1, d2, alphas, betas):
    def row(b):
        return jax.lax.map(lambda a: f(center + a * d1 + b * d2), alphas)

    return jax.lax.map(row, betas)


def by_meshgrid(f, center, d1, d2, alphas, betas):
    A, B = np.meshgrid(alphas, betas)
    values = [f(center + a * d1 + b * d2) for a, b in zip(A.ravel(), B.ravel(), strict=True)]
    return np.reshape(values, A.shape)


@pytest.mark.parametrize("way", [by_vmap, by_map, by_meshgrid, jax.jit(by_vmap, static_argnums=0)])
def test_the_plane_is_accepted_by_every_way(way):
    assert lesson.check("plane", way).feedback.status == "correct"


def test_rescaling_in_single_precision_is_accepted():
    def single(layers, a):
        return [[jnp.asarray(part, jnp.float32) for part in layer] for layer in rescaled(layers, a)]

    assert lesson.check("rescaled", single).feedback.status == "correct"
    assert lesson.check("rescaled", jax.jit(rescaled)).feedback.status == "correct"


def test_the_function_stays():
    for layers, a in lesson.exercises["rescaled"].inputs:
        x = np.linspace(-2, 2, 7 * len(layers[0][0])).reshape(7, -1)
        np.testing.assert_allclose(outputs(rescaled(layers, a), x), outputs(layers, x))


def outputs(layers, x):
    (W1, b1), (W2, b2) = layers
    return np.maximum(x @ W1 + b1, 0) @ W2 + b2


def test_a_wrong_shape_is_named_not_raised():
    for answer in (lambda layers, a: layers[0], lambda layers, a: ((1, 2), (3, 4))):
        assert lesson.check("rescaled", answer).feedback.status == "wrong"
