"""Every surface is what it says it is: formula, values, critical points and their nature."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit_helpers import PROPERTY, refuses

from lecture_utils import classify_critical_point, gradient, hessian, surfaces

SURFACES = (*surfaces.GALLERY, surfaces.linear_chain, surfaces.double_well, surfaces.himmelblau)
SURFACES += (surfaces.ravine, surfaces.rotated_ravine, surfaces.rosenbrock, surfaces.beale)
SURFACES += (surfaces.cliff, surfaces.hill)
POINTS = [
    pytest.param(surface, jnp.array(point), nature, id=f"{surface.name} {point}")
    for surface in SURFACES
    for point, nature in surface.critical_points
]
FLAT_SOMEWHERE = [surfaces.quartic_valley, surfaces.quartic_saddle, surfaces.quartic_dome]
FLAT_SOMEWHERE += [surfaces.plain, surfaces.monkey_saddle]
each_surface = pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.name)


@pytest.mark.parametrize("surface, point, nature", POINTS)
def test_the_gradient_vanishes_at_the_known_critical_points(surface, point, nature):
    np.testing.assert_allclose(gradient(surface, point), 0, atol=1e-10)


@pytest.mark.parametrize("surface, point, nature", POINTS)
def test_the_second_order_test_finds_the_nature_or_says_that_it_cannot(surface, point, nature):
    found = classify_critical_point(np.linalg.eigvalsh(hessian(surface, point)))
    # Every minimum of (1-w₁w₂)² has a neighbor as good as itself, so one eigenvalue is zero.
    in_a_valley = surface in (surfaces.linear_chain, surfaces.cliff) and nature == "minimum"
    silent = in_a_valley or surface in FLAT_SOMEWHERE
    assert found == ("degenerate" if silent else nature)


@pytest.mark.parametrize("surface, point, nature", POINTS)
def test_the_values_around_the_point_have_its_nature(surface, point, nature):
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    x, y = point[:, None] + 0.01 * np.array([np.cos(angles), np.sin(angles)])
    rises = np.asarray(surface.function(x, y)) - float(surface(point))
    # Critical along a whole curve, (1-w₁w₂)² stays level on it: hence ≥ and not >.
    signs = {
        "minimum": np.all(rises >= 0) and np.any(rises > 0),
        "maximum": np.all(rises <= 0) and np.any(rises < 0),
        "saddle": np.any(rises > 0) and np.any(rises < 0),
        "flat": np.all(rises == 0),
    }
    assert [name for name, fits in signs.items() if fits] == [nature]


@each_surface
def test_the_critical_points_lie_in_the_domain(surface):
    (left, right), (low, high) = surface.domain
    for (x, y), _ in surface.critical_points:
        assert left < x < right
        assert low < y < high


@pytest.mark.parametrize(
    "surface, diagonal",
    [
        (surfaces.bowl, (2, 6)),
        (surfaces.saddle, (-2, 6)),
        (surfaces.quartic_valley, (2, 0)),
        (surfaces.quartic_saddle, (2, 0)),
        (surfaces.quartic_dome, (0, 0)),
        (surfaces.plain, (0, 0)),
        (surfaces.monkey_saddle, (0, 0)),
    ],
)
def test_the_gallery_s_hessians_at_the_origin(surface, diagonal):
    np.testing.assert_array_equal(hessian(surface, jnp.zeros(2)), np.diag(diagonal))


def test_the_gallery_is_in_the_lecture_s_order():
    assert [surface.formula for surface in surfaces.GALLERY] == [
        "x^2+3y^2",
        "-x^2+3y^2",
        "x^2+y^4",
        "x^2-y^4",
        "-x^4-y^4",
        "0",
        "x^3-3xy^2",
    ]


@given(st.floats(-2, 2), st.floats(-2, 2))
@PROPERTY
def test_the_monkey_saddle_bends_by_six_times_the_radius(x, y):
    values = np.linalg.eigvalsh(hessian(surfaces.monkey_saddle, jnp.array([x, y])))
    np.testing.assert_allclose(values, np.array([-6, 6]) * np.hypot(x, y), atol=1e-12)


@pytest.mark.parametrize("a, b, c", [(2, 0, 6), (1, -2, 1), (0, 0, 0)])
def test_the_quadratic_has_the_hessian_it_was_given(a, b, c):
    surface = surfaces.quadratic(a, b, c)
    np.testing.assert_allclose(hessian(surface, jnp.array([0.3, -0.8])), [[a, b], [b, c]])


def test_two_weights_in_a_row():
    loss, origin = surfaces.linear_chain, jnp.zeros(2)
    np.testing.assert_array_equal(hessian(loss, origin), [[0, -2], [-2, 0]])
    away = 0.5 * jnp.array([1.0, 1.0]) / jnp.sqrt(2.0)
    assert float(loss(away)) == pytest.approx(0.765625)
    # Every point of the hyperbola w₁w₂ = 1 is a minimum, flat along the curve.
    values = np.linalg.eigvalsh(hessian(loss, jnp.array([2.0, 0.5])))
    np.testing.assert_allclose(values, [0, 2 * (2**2 + 0.5**2)], atol=1e-14)


@each_surface
def test_the_grid_is_indexed_y_then_x(surface):
    x, y, z = surface.grid(points=7)
    assert z.shape == (7, 7)
    assert (x[0], x[-1]) == surface.domain[0]
    assert (y[0], y[-1]) == surface.domain[1]
    for column, row in [(0, 0), (5, 2), (2, 5), (6, 6)]:
        expected = float(surface(jnp.array([x[column], y[row]])))
        assert z[row, column] == pytest.approx(expected, abs=1e-12)


@each_surface
def test_a_surface_is_a_scalar_loss_that_can_be_compiled(surface):
    value = jax.jit(surface)(jnp.array([0.3, -0.8]))
    assert value.shape == ()
    assert value.dtype == jnp.float64


def test_the_rotated_ravine_is_the_ravine_turned_by_45_degrees():
    turn = np.array([[1, -1], [1, 1]]) / np.sqrt(2)
    straight = np.asarray(hessian(surfaces.ravine, jnp.zeros(2)))
    turned = hessian(surfaces.rotated_ravine, jnp.zeros(2))
    np.testing.assert_allclose(turned, turn @ straight @ turn.T, atol=1e-13)


def test_the_cliff_is_the_chain_of_eleven_weights():
    weights = jnp.array([0.7, 0.9])[jnp.arange(11) % 2]
    chain = (1 - jnp.prod(weights)) ** 2
    assert float(surfaces.cliff(jnp.array([0.7, 0.9]))) == pytest.approx(float(chain))


def test_the_hill_stands_between_a_shallow_and_a_deep_well():
    (deep, top, shallow) = (float(surfaces.hill(p)) for p, _ in surfaces.hill.critical_points)
    assert deep < shallow < top


def test_the_double_well_of_one_variable():
    slope, bend = jax.grad(surfaces.double_well_1d), jax.grad(jax.grad(surfaces.double_well_1d))
    for x, curvature in [(0.0, -1), (1.0, 2), (-1.0, 2)]:
        assert float(slope(x)) == 0
        assert float(bend(x)) == curvature
    for x in (1 / np.sqrt(3), -1 / np.sqrt(3)):
        assert float(bend(x)) == pytest.approx(0, abs=1e-12)


@given(st.floats(-50, 50))
@PROPERTY
def test_the_square_root_bowl_is_convex(x):
    bend = jax.grad(jax.grad(surfaces.square_root_bowl))(x)
    assert float(bend) == pytest.approx((1 + x**2) ** -1.5, abs=1e-12)


def test_the_quartic_has_a_minimum_without_curvature():
    assert float(jax.grad(surfaces.quartic)(0.0)) == 0
    assert float(jax.grad(jax.grad(surfaces.quartic))(0.0)) == 0
    assert surfaces.quartic(0.1) > surfaces.quartic(0.0)


def test_three_coordinates_are_refused():
    with refuses("theta"):
        surfaces.bowl(jnp.ones(3))
    with refuses("points"):
        surfaces.bowl.grid(1)
