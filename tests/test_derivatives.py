"""Gradient, Hessian and Taylor model against closed forms, jax.hessian, differences, symmetry."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jax.flatten_util import ravel_pytree
from unit_helpers import PARAMS, PROPERTY, SIZE, counted_compilations, net_loss, refuses

from lecture_utils import (
    finite_difference_gradient,
    finite_difference_hessian,
    gradient,
    hessian,
    hessian_operator,
    hvp,
    quadratic_model,
    surfaces,
)
from lecture_utils.trees import astype

FLAT, UNRAVEL = ravel_pytree(PARAMS)
COORDINATE = st.floats(-3, 3)
QUADRATICS = [surfaces.quadratic(2, 1, 3), surfaces.quadratic(-1, 2, 1)]
# Shapes, nesting and dtype of the same six numbers; every loss below sees them flat.
NESTINGS = {
    "dict": lambda v: {"W": v[:4].reshape(2, 2), "b": v[4:]},
    "deep": lambda v: ({"a": [v[0], v[1:3]]}, (v[3:5].reshape(1, 2), {"z": v[5]})),
}


def bumpy(params):
    """A loss of any pytree whose derivatives of every order are full."""
    flat, _ = ravel_pytree(params)
    return jnp.sin(flat @ jnp.arange(1.0, flat.size + 1)) + jnp.sum(flat**4) + jnp.prod(flat)


def square(theta):
    """Its Hessian is twice the identity."""
    return jnp.sum(theta**2)


def kinked(theta):
    """NaN derivatives at the origin, though its value there is 0."""
    return jnp.sqrt(jnp.sum(theta**2))


@pytest.fixture(scope="module")
def dense():
    """The Hessian of the small network, by a second route."""
    return np.asarray(jax.jit(jax.hessian(lambda flat: net_loss(UNRAVEL(flat))))(FLAT))


@pytest.fixture(scope="module")
def ours():
    """The Hessian of the small network, by ours."""
    return np.asarray(hessian(net_loss, PARAMS))


# --- against a second library and against differences ---


@pytest.mark.parametrize("batch_size", [16, 1000])
def test_hessian_equals_jax_hessian_whatever_the_batch(dense, batch_size):
    np.testing.assert_allclose(hessian(net_loss, PARAMS, batch_size), dense, atol=1e-14)


def test_hessian_follows_the_dtype_of_the_parameters(dense):
    single = hessian(net_loss, astype(PARAMS, jnp.float32))
    assert single.dtype == jnp.float32
    np.testing.assert_allclose(single, dense, atol=1e-6)


def test_hvp_is_the_hessian_times_the_vector(dense):
    vector = jax.tree.map(jnp.cos, PARAMS)
    product, _ = ravel_pytree(hvp(net_loss, PARAMS, vector))
    np.testing.assert_allclose(product, dense @ ravel_pytree(vector)[0], atol=1e-14)


def test_gradient_agrees_with_central_differences():
    slope, _ = ravel_pytree(gradient(net_loss, PARAMS))
    np.testing.assert_allclose(finite_difference_gradient(net_loss, PARAMS), slope, atol=1e-9)


def test_hessian_agrees_with_second_differences():
    theta = jnp.array([0.7, -1.2])
    expected = hessian(surfaces.himmelblau, theta)
    found = finite_difference_hessian(surfaces.himmelblau, theta)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_hessian_agrees_with_differences_of_the_gradient(dense):
    step = 1e-5 * jnp.cos(FLAT)

    def slope(flat):
        return ravel_pytree(gradient(net_loss, UNRAVEL(flat)))[0]

    difference = (slope(FLAT + step) - slope(FLAT - step)) / 2
    np.testing.assert_allclose(difference, dense @ step, atol=1e-13)


@pytest.mark.parametrize(
    "differences, derivative",
    [
        (finite_difference_gradient, gradient),
        (finite_difference_hessian, hessian),
    ],
)
def test_the_error_of_differences_falls_with_the_square_of_the_step(differences, derivative):
    loss, theta = surfaces.himmelblau, jnp.array([0.7, -1.2])
    exact = derivative(loss, theta)
    coarse, fine = (np.max(np.abs(differences(loss, theta, step) - exact)) for step in (0.1, 0.05))
    assert coarse / fine == pytest.approx(4, rel=0.05)


@given(COORDINATE, COORDINATE)
@PROPERTY
def test_second_differences_are_exactly_symmetric(x, y):
    found = np.asarray(finite_difference_hessian(surfaces.himmelblau, jnp.array([x, y])))
    np.testing.assert_array_equal(found, found.T)


# --- closed forms ---


@given(COORDINATE, COORDINATE)
@PROPERTY
def test_the_monkey_saddle_s_hessian(x, y):
    found = hessian(surfaces.monkey_saddle, jnp.array([x, y]))
    np.testing.assert_allclose(found, [[6 * x, -6 * y], [-6 * y, -6 * x]], atol=1e-12)


@given(COORDINATE, COORDINATE)
@PROPERTY
def test_himmelblau_s_gradient(x, y):
    u, v = x**2 + y - 11, x + y**2 - 7
    expected = [4 * x * u + 2 * v, 2 * u + 4 * y * v]
    np.testing.assert_allclose(
        gradient(surfaces.himmelblau, jnp.array([x, y])), expected, rtol=1e-12, atol=1e-11
    )


def test_a_scalar_parameter_has_a_one_by_one_hessian():
    np.testing.assert_allclose(hessian(surfaces.double_well_1d, 0.4), [[3 * 0.4**2 - 1]])


# --- invariances ---


@pytest.mark.nightly
@pytest.mark.parametrize(
    "nesting, dtype",
    [("dict", jnp.float64), ("deep", jnp.float64), ("deep", jnp.float32)],
)
def test_nesting_changes_nothing(nesting, dtype):
    nest, vector = NESTINGS[nesting], jnp.linspace(-0.9, 1.1, 6)
    nested, flat = hessian(bumpy, nest(vector.astype(dtype))), hessian(bumpy, vector)
    assert nested.shape == (6, 6)
    np.testing.assert_allclose(nested, flat, rtol=1e-3 if dtype == jnp.float32 else 1e-13)
    slope = gradient(bumpy, nest(vector.astype(dtype)))
    assert jax.tree.structure(slope) == jax.tree.structure(nest(vector))
    assert {leaf.dtype for leaf in jax.tree.leaves(slope)} == {np.dtype(dtype)}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_product_repeated_along_a_sum_is_not_computed_wrong(dtype):
    """Fused with the sum by XLA for a CPU (JAX 0.10), and more than one column at a time, it is."""
    rng = np.random.default_rng(0)
    x, weights = rng.standard_normal((300, 4)), rng.standard_normal((300, 300))
    data, rows = jnp.asarray(x, dtype), jnp.asarray(weights, dtype)
    params = jnp.ones(4, dtype)

    def loss(w):
        return jnp.mean((rows * (data @ w)[:, None]) ** 2)

    exact = 2 / 300 * (x * np.mean(weights**2, axis=1)[:, None]).T @ x
    close = {"rtol": 0, "atol": 1e-5 if dtype == "float32" else 1e-12}
    np.testing.assert_allclose(hessian(loss, params), exact, **close)
    operator = hessian_operator(lambda w, batch: loss(w), params, [data])
    np.testing.assert_allclose(operator @ np.eye(4), exact, **close)


def test_hessian_is_symmetric(ours):
    np.testing.assert_allclose(ours, ours.T, atol=1e-15)


def test_scaling_the_loss_scales_the_hessian(ours):
    scaled = hessian(lambda params: -3 * net_loss(params), PARAMS)
    np.testing.assert_allclose(scaled, -3 * ours, atol=1e-14)


def test_an_orthogonal_change_of_variables_turns_the_hessian_and_keeps_its_eigenvalues(ours):
    rotation, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((SIZE, SIZE)))
    turned = hessian(lambda z: net_loss(UNRAVEL(rotation @ z)), rotation.T @ FLAT)
    np.testing.assert_allclose(turned, rotation.T @ ours @ rotation, atol=1e-13)
    np.testing.assert_allclose(np.linalg.eigvalsh(turned), np.linalg.eigvalsh(ours), atol=1e-13)


def test_permuting_hidden_units_permutes_the_hessian(ours):
    def permuted(params):
        order = np.array([3, 0, 5, 1, 4, 2, 9, 6, 8, 7])
        first, last = params
        first = {"W": first["W"][:, order], "b": first["b"][order]}
        return [first, {"W": last["W"][order], "b": last["b"]}]

    rows, _ = ravel_pytree(permuted(UNRAVEL(jnp.arange(float(SIZE)))))
    rows = rows.astype(int)
    assert float(net_loss(permuted(PARAMS))) == pytest.approx(float(net_loss(PARAMS)))
    there = hessian(net_loss, permuted(PARAMS))
    np.testing.assert_allclose(there, ours[np.ix_(rows, rows)], atol=1e-14)


# --- Taylor ---


@pytest.mark.parametrize(
    "loss, params, direction",
    [
        (surfaces.himmelblau, jnp.array([0.7, -1.2]), jnp.array([0.6, 0.8])),
        (net_loss, PARAMS, jax.tree.map(jnp.sin, PARAMS)),
    ],
    ids=["himmelblau", "network"],
)
def test_the_remainders_fall_with_slopes_two_and_three(loss, params, direction):
    model, slope = quadratic_model(loss, params), gradient(loss, params)
    sizes = np.array([0.02, 0.01, 0.005])
    linear_errors, quadratic_errors = [], []
    for size in sizes:
        delta = jax.tree.map(lambda leaf, size=size: size * leaf, direction)
        there = loss(jax.tree.map(jnp.add, params, delta))
        along = ravel_pytree(slope)[0] @ ravel_pytree(delta)[0]
        linear_errors.append(abs(there - loss(params) - along))
        quadratic_errors.append(abs(there - model(delta)))
    for errors, expected in [(linear_errors, 2), (quadratic_errors, 3)]:
        measured = np.polyfit(np.log(sizes), np.log(errors), 1)[0]
        assert measured == pytest.approx(expected, abs=0.1)


@given(st.sampled_from(QUADRATICS), st.tuples(*[COORDINATE] * 4))
@PROPERTY
def test_the_model_of_a_quadratic_is_the_quadratic(quadratic, numbers):
    x, y, dx, dy = numbers
    found = quadratic_model(quadratic, jnp.array([x, y]))(jnp.array([dx, dy]))
    assert float(found) == pytest.approx(quadratic.function(x + dx, y + dy), abs=1e-11)


def test_the_model_has_the_value_slope_and_curvature_of_the_loss(ours):
    model, zero = quadratic_model(net_loss, PARAMS), jax.tree.map(jnp.zeros_like, PARAMS)
    # Compiled and not: JAX 0.7 adds in another order, and the last bit differs.
    assert float(model(zero)) == pytest.approx(float(net_loss(PARAMS)), abs=1e-15)
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, atol=1e-15),
        gradient(model, zero),
        gradient(net_loss, PARAMS),
    )
    np.testing.assert_allclose(hessian(model, zero), ours, atol=1e-14)


# --- compiled, mapped, refused ---


def test_a_second_point_does_not_compile_again():
    here, there = jnp.ones(3), 2 * jnp.ones(3)
    hessian(lambda theta: jnp.sum(theta**4), here)
    with counted_compilations() as made:
        found = hessian(lambda theta: jnp.sum(theta**4), there)
    np.testing.assert_allclose(found, 48 * np.eye(3))
    assert made == []


def test_derivatives_work_under_jit_and_vmap():
    points = jnp.array([[1.0, 2.0], [0.5, -1.0], [0.0, 0.0]])
    mapped = jax.jit(jax.vmap(lambda theta: hessian(surfaces.monkey_saddle, theta)))(points)
    for found, (x, y) in zip(mapped, points, strict=True):
        np.testing.assert_allclose(found, [[6 * x, -6 * y], [-6 * y, -6 * x]])
    slopes = jax.vmap(lambda theta: gradient(surfaces.bowl, theta))(points)
    np.testing.assert_allclose(slopes, points * jnp.array([2.0, 6.0]))


TAKES_A_LOSS = {
    "gradient": gradient,
    "hessian": hessian,
    "hvp": lambda loss, params: hvp(loss, params, params),
    "quadratic_model": quadratic_model,
    "finite_difference_gradient": finite_difference_gradient,
    "finite_difference_hessian": finite_difference_hessian,
}


@pytest.mark.parametrize("function", TAKES_A_LOSS.values(), ids=TAKES_A_LOSS)
def test_bad_input_is_refused_in_one_sentence(function):
    for params in ({}, jnp.arange(3), [jnp.ones(2), np.nan], "W"):
        with refuses("params"):
            function(lambda p: 1.0, params)
    for loss in (lambda p: p, 1.0, lambda p: (jnp.sum(p), p), lambda p: p @ jnp.ones(7)):
        with refuses("loss"):
            function(loss, jnp.ones(3))


@given(st.sampled_from(sorted(TAKES_A_LOSS)), st.sampled_from([np.nan, np.inf, -np.inf]))
@PROPERTY
def test_a_point_that_is_not_finite_is_refused(name, value):
    with refuses("params"):
        TAKES_A_LOSS[name](surfaces.bowl, jnp.array([0.0, value]))


@pytest.mark.parametrize("name", ["gradient", "hessian", "hvp", "quadratic_model"])
def test_a_nan_derivative_is_refused(name):
    with refuses("params"):
        TAKES_A_LOSS[name](kinked, jnp.zeros(2))


@given(st.integers(1, 4), st.integers(1, 4))
@PROPERTY
def test_a_direction_of_another_size_is_refused(ours, theirs):
    params, vector = jnp.ones(ours), jnp.ones(theirs)
    if ours == theirs:
        np.testing.assert_allclose(hvp(square, params, vector), 2 * vector)
        return
    with refuses("vector"):
        hvp(square, params, vector)
    with refuses("delta"):
        quadratic_model(square, params)(vector)


@pytest.mark.parametrize("function", [finite_difference_gradient, finite_difference_hessian])
@pytest.mark.parametrize("step", [0.0, -1e-4, float("nan")])
def test_a_step_that_is_not_positive_is_refused(function, step):
    with refuses("step"):
        function(surfaces.bowl, jnp.ones(2), step)


@pytest.mark.parametrize("batch_size", [0, -1, 2.5, "4"])
def test_an_empty_batch_is_refused(batch_size):
    with refuses("batch_size"):
        hessian(surfaces.bowl, jnp.ones(2), batch_size)
