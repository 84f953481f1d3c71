"""Profiles: exact on quadratics, symmetric where they must be, honest about what they hide."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit_helpers import NET, PARAMS, PROPERTY, net_loss, refuses

from lecture_utils import (
    barrier,
    barycentric_profile,
    bezier,
    grid,
    interpolate,
    line_profile,
    plane_profile,
    project,
    random_direction,
)
from lecture_utils.trees import ravel

MATRIX = np.array([[3.0, 1.0, 0.0], [1.0, 2.0, -1.0], [0.0, -1.0, 4.0]])
CENTER, D1, D2 = np.array([0.3, -1.0, 2.0]), np.array([1.0, 0.5, 0.0]), np.array([0.0, 2.0, -1.0])


def quadratic(params):
    return 0.5 * params @ MATRIX @ params


def tree(vector):
    """Three numbers as a pytree with two leaves."""
    return {"a": jnp.asarray(vector[:1]), "b": jnp.asarray(vector[1:])}


def of_tree(params):
    return quadratic(ravel(params)[0])


OTHER = NET.init(jax.random.key(5))
DIRECTIONS = [random_direction(jax.random.key(k), PARAMS) for k in (1, 2)]


@given(st.floats(1e-3, 1e3), st.integers(1, 40))
@PROPERTY
def test_a_grid_is_symmetric_with_the_center_exactly_on_it(radius, half):
    values = grid(radius, 2 * half + 1)
    assert values[half] == 0 and values[-1] == radius
    np.testing.assert_array_equal(values, -values[::-1])


def test_a_quadratic_gives_the_exact_quadratic_in_the_right_orientation():
    alphas, betas = grid(1, 7), grid(2, 5)
    plane = plane_profile(of_tree, tree(CENTER), tree(D1), tree(D2), alphas, betas)
    assert plane.shape == (5, 7)
    for i, beta in enumerate(betas):
        for j, alpha in enumerate(alphas):
            exact = quadratic(CENTER + alpha * D1 + beta * D2)
            assert plane[i, j] == pytest.approx(float(exact), rel=1e-13)


def test_the_center_is_the_loss_there_and_swapped_axes_transpose_the_plane():
    plane = plane_profile(net_loss, PARAMS, *DIRECTIONS, grid(1, 5), grid(0.5, 7))
    assert plane[3, 2] == pytest.approx(float(net_loss(PARAMS)), rel=1e-13)
    swapped = plane_profile(net_loss, PARAMS, *DIRECTIONS[::-1], grid(0.5, 7), grid(1, 5))
    np.testing.assert_allclose(swapped, plane.T, rtol=1e-12)


def test_a_line_is_a_row_of_a_plane_and_its_ends_are_the_two_losses():
    line = line_profile(net_loss, PARAMS, OTHER, [0.0, 0.5, 1.0])
    ends = [float(net_loss(p)) for p in (PARAMS, interpolate(PARAMS, OTHER, 0.5), OTHER)]
    np.testing.assert_allclose(line, ends, rtol=1e-12)
    step = jax.tree.map(jnp.subtract, OTHER, PARAMS)
    plane = plane_profile(net_loss, PARAMS, step, DIRECTIONS[0], [0.0, 0.5, 1.0], [0.0])
    np.testing.assert_allclose(plane[0], line, rtol=1e-12)
    assert line_profile(net_loss, PARAMS, OTHER).shape == (51,)


def test_interpolation_keeps_the_dtype_and_goes_beyond():
    a, b = jnp.array([1.0, 2.0], jnp.float32), jnp.array([3.0, 2.0], jnp.float32)
    for alpha, first in ((0, 1), (1, 3), (0.25, 1.5), (2.0, 5)):
        point = interpolate(a, b, np.float64(alpha))
        assert point.dtype == jnp.float32 and point[0] == first and point[1] == 2


def test_a_bezier_curve_starts_ends_and_bends_as_it_should():
    a, c, b = tree(CENTER), tree(D1), tree(D2)
    for t, weights in ((0, (1, 0, 0)), (1, (0, 0, 1)), (0.5, (0.25, 0.5, 0.25))):
        expected = weights[0] * CENTER + weights[1] * D1 + weights[2] * D2
        np.testing.assert_allclose(ravel(bezier(a, c, b, t))[0], expected, atol=1e-14)
    slope = jax.jacobian(lambda t: ravel(bezier(a, c, b, t))[0])(0.0)
    np.testing.assert_allclose(slope, 2 * (D1 - CENTER), atol=1e-13)


def test_a_triangle_has_its_corners_on_the_grid_and_true_distances():
    points = [CENTER, D1, D2]
    triangle = barycentric_profile(of_tree, *map(tree, points), resolution=4, margin=0.5)
    for corner, point in enumerate(points):
        ((i, j),) = np.argwhere(
            np.isclose(triangle.weights[..., corner], 1)
            & (np.abs(triangle.weights).sum(-1) < 1 + 1e-9)
        )
        assert triangle.losses[i, j] == pytest.approx(float(quadratic(point)), rel=1e-12)
        place = triangle.x[i, j], triangle.y[i, j]
        np.testing.assert_allclose(place, triangle.corners[corner], atol=1e-12)
    for i, j in ((0, 1), (0, 2), (1, 2)):
        distance = np.linalg.norm(triangle.corners[i] - triangle.corners[j])
        assert distance == pytest.approx(np.linalg.norm(points[i] - points[j]))
    shown = np.isfinite(triangle.losses)
    np.testing.assert_array_equal(shown, np.all(triangle.weights > -0.5 - 1e-9, axis=-1))
    np.testing.assert_allclose(triangle.weights.sum(-1), 1)
    exact = [quadratic(np.array(w) @ points) for w in triangle.weights[shown]]
    np.testing.assert_allclose(triangle.losses[shown], exact, rtol=1e-10)


def test_a_barrier_is_the_height_above_the_line_between_the_ends():
    assert barrier([0.0, 2.0, 1.0]) == pytest.approx(1.5)
    assert barrier([1.0, 0.5, 0.0]) == pytest.approx(0)
    assert barrier([3.0, 0.0, 1.0]) == 0
    assert barrier([0.0, 2.0, 1.0], [0, 3, 4]) == pytest.approx(1.25)


def test_projection_is_exact_in_the_plane_for_slanted_directions():
    places = np.random.default_rng(0).standard_normal((6, 2))
    normal = np.cross(D1, D2) / np.linalg.norm(np.cross(D1, D2))
    heights = np.arange(6.0)
    points = CENTER + places @ [D1, D2] + heights[:, None] * normal
    path = {"a": points[:, :1], "b": points[:, 1:]}
    coordinates, residual = project(path, tree(CENTER), tree(D1), tree(D2))
    np.testing.assert_allclose(coordinates, places, atol=1e-12)
    np.testing.assert_allclose(residual, heights, atol=1e-12)


def test_bad_input_is_refused_in_one_sentence():
    a, d1, d2 = tree(CENTER), tree(D1), tree(D2)
    path = jax.tree.map(lambda leaf: jnp.stack([leaf, leaf]), a)
    for named, wrong in (
        ("radius", lambda: grid(0)),
        ("resolution", lambda: grid(1, 4)),
        ("resolution", lambda: grid(1, 5.5)),
        ("b", lambda: interpolate(a, D1, 0.5)),
        ("a", lambda: interpolate([1, 2], [3, 4], 0.5)),
        ("alpha", lambda: interpolate(a, d1, [0.1, 0.2])),
        ("alphas", lambda: line_profile(of_tree, a, d1, [[0.0]])),
        ("betas", lambda: plane_profile(of_tree, a, d1, d2, [0.0], [np.nan])),
        ("d2", lambda: plane_profile(of_tree, a, d1, D2)),
        ("resolution", lambda: barycentric_profile(of_tree, a, d1, d2, 1)),
        ("margin", lambda: barycentric_profile(of_tree, a, d1, d2, margin=-1)),
        ("c", lambda: barycentric_profile(of_tree, a, d1, interpolate(a, d1, 0.3))),
        ("control", lambda: bezier(a, D1, d2, 0.5)),
        ("losses", lambda: barrier([1.0])),
        ("losses", lambda: barrier([np.nan, 1.0])),
        ("alphas", lambda: barrier([1.0, 2.0], [1.0, 0.0])),
        ("d2", lambda: project(path, a, d1, jax.tree.map(lambda leaf: 2 * leaf, d1))),
        ("path", lambda: project(D1, a, d1, d2)),
    ):
        with refuses(named):
            wrong()
