"""Naming critical points, Newton's way to them, and the ways out of a saddle."""

from concurrent.futures import ThreadPoolExecutor

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from jax.flatten_util import ravel_pytree
from threadpoolctl import threadpool_info
from unit_helpers import PARAMS, PROPERTY, counted_compilations, net_loss, refuses

from lecture_utils import (
    classify_critical_point,
    escape_direction,
    find_critical_points,
    gradient,
    hessian,
    linear_autoencoder_points,
    newton_step,
    saddle_free_newton_step,
    surfaces,
)
from lecture_utils.trees import astype


def newton_iterates(loss, start, steps):
    """Start and iterates of Newton's method on a function of one variable."""
    points = [start]
    for _ in range(steps):
        points.append(float(points[-1] + newton_step(loss, points[-1])))
    return points


# --- naming ---


@pytest.mark.parametrize(
    "eigenvalues, name",
    [
        ([1, 2], "minimum"),
        ([-1, -2], "maximum"),
        ([-1, 2], "saddle"),
        ([-1, 0, 2], "saddle"),
        ([0, 2], "degenerate"),
        ([-2, 0], "degenerate"),
        ([0, 0], "degenerate"),
        ([1e-20, 1], "degenerate"),
        ([-1e-20, 1], "degenerate"),
        ([1e-20], "minimum"),
    ],
)
def test_the_names_of_critical_points(eigenvalues, name):
    assert classify_critical_point(eigenvalues) == name
    assert classify_critical_point(eigenvalues[::-1], grad_norm=1e-7) == name
    assert classify_critical_point(eigenvalues, grad_norm=1e-5) == "not critical"


@given(arrays(float, st.integers(1, 6), elements=st.integers(-2, 2).map(float)))
@PROPERTY
def test_turning_the_loss_upside_down_swaps_minimum_and_maximum(values):
    swapped = {"minimum": "maximum", "maximum": "minimum"}
    name = classify_critical_point(values)
    assert classify_critical_point(-values) == swapped.get(name, name)


def test_the_tolerances_are_the_caller_s():
    assert classify_critical_point([1e-3, 1.0], tol=1e-2) == "degenerate"
    assert classify_critical_point([1.0], grad_norm=0.1, grad_tol=0.2) == "minimum"
    assert classify_critical_point([1.0], grad_norm=np.nan) == "not critical"


@pytest.mark.parametrize("bad", [[], 1.0, [[1.0, 2.0]], [np.nan], [np.inf, 1.0]], ids=str)
def test_bad_eigenvalues_are_refused_in_one_sentence(bad):
    with refuses("eigenvalues"):
        classify_critical_point(bad)


# --- Newton ---


def test_newton_falls_into_the_maximum_of_the_double_well():
    points = newton_iterates(surfaces.double_well_1d, 0.4, 5)
    assert points[1:4] == pytest.approx([-0.246154, 0.0364567, -9.7e-5], rel=5e-3)
    assert abs(points[-1]) < 1e-30


def test_newton_cycles_for_ever_from_one_over_root_five():
    root = 1 / np.sqrt(5)
    points = newton_iterates(surfaces.double_well_1d, root, 4)
    assert points == pytest.approx([root, -root, root, -root, root], abs=1e-12)


def test_newton_diverges_on_a_convex_function():
    points = newton_iterates(surfaces.square_root_bowl, 1.1, 3)
    assert points == pytest.approx([1.1, -1.331, 2.357948, -13.11], rel=1e-4)


@given(st.floats(0.01, 3))
@PROPERTY
def test_newton_on_the_square_root_bowl_is_minus_x_cubed(x):
    assert newton_iterates(surfaces.square_root_bowl, x, 1)[1] == pytest.approx(-(x**3), abs=1e-12)


@given(st.floats(0.01, 100))
@PROPERTY
def test_newton_only_contracts_by_two_thirds_on_the_quartic(x):
    assert newton_iterates(surfaces.quartic, x, 1)[1] == pytest.approx(2 / 3 * x)


@pytest.mark.parametrize("a, b, c", [(2, 0, 6), (-2, 0, 6), (-1, 0.5, -3), (0, 1, 0)])
def test_one_newton_step_solves_any_quadratic_saddle_or_not(a, b, c):
    quadratic = surfaces.quadratic(a, b, c)

    def shifted(theta):
        return quadratic(theta - jnp.array([0.3, -0.7]))

    for start in (jnp.array([5.0, -4.0]), jnp.array([-1.0, 2.0])):
        np.testing.assert_allclose(start + newton_step(shifted, start), [0.3, -0.7], atol=1e-13)


def test_newton_s_step_solves_the_linear_system():
    theta = jnp.array([0.7, -1.2])
    expected = -np.linalg.solve(
        hessian(surfaces.himmelblau, theta), gradient(surfaces.himmelblau, theta)
    )
    np.testing.assert_allclose(newton_step(surfaces.himmelblau, theta), expected, rtol=1e-12)


def test_a_linear_change_of_variables_does_not_change_newton():
    change, theta = np.array([[2.0, 1], [0.5, -1]]), jnp.array([0.7, -1.2])
    changed = newton_step(
        lambda z: surfaces.himmelblau(change @ z), jnp.linalg.solve(change, theta)
    )
    np.testing.assert_allclose(change @ changed, newton_step(surfaces.himmelblau, theta))


@pytest.mark.parametrize("step", [newton_step, saddle_free_newton_step])
def test_a_singular_hessian_is_refused_in_one_sentence(step):
    for loss in (surfaces.plain, surfaces.quartic_valley, surfaces.monkey_saddle):
        with refuses("params"):
            step(loss, jnp.zeros(2))


# --- ways out ---


@pytest.mark.parametrize("start", [(3.5, 2.5), (3.0, 3.0), (-4.0, -3.0)])
def test_saddle_free_newton_is_newton_where_the_hessian_is_positive_definite(start):
    theta = jnp.array(start)
    np.testing.assert_allclose(
        saddle_free_newton_step(surfaces.himmelblau, theta),
        newton_step(surfaces.himmelblau, theta),
        rtol=1e-10,
    )


@given(st.floats(-1, 1), st.floats(1e-3, 1))
@PROPERTY
def test_saddle_free_newton_leaves_the_saddle_that_newton_jumps_to(y, x):
    theta = jnp.array([x, y])
    np.testing.assert_allclose(theta + newton_step(surfaces.saddle, theta), 0, atol=1e-12)
    away = theta + saddle_free_newton_step(surfaces.saddle, theta)
    np.testing.assert_allclose(away, [2 * x, 0], atol=1e-12)


@given(st.floats(-4, 4), st.floats(-4, 4))
@PROPERTY
def test_saddle_free_newton_points_downhill(x, y):
    theta = jnp.array([x, y])
    slope = gradient(surfaces.himmelblau, theta)
    step = saddle_free_newton_step(surfaces.himmelblau, theta, damping=1e-3)
    assert slope @ step <= 0


def test_damping_shortens_the_step_and_allows_a_singular_hessian():
    theta = jnp.array([0.5, 0.0])
    short = saddle_free_newton_step(surfaces.saddle, theta, damping=2.0)
    np.testing.assert_allclose(short, [0.25, 0])
    lost = saddle_free_newton_step(surfaces.quartic_valley, jnp.array([1.0, 0.0]), damping=1e-9)
    np.testing.assert_allclose(lost, [-1, 0], atol=1e-8)
    with refuses("damping"):
        saddle_free_newton_step(surfaces.saddle, theta, damping=-1.0)
    with refuses("damping"):
        saddle_free_newton_step(surfaces.saddle, theta, damping=np.nan)


def test_the_step_out_of_two_weights_in_a_row():
    loss = surfaces.linear_chain
    direction = escape_direction(loss, jnp.zeros(2))
    np.testing.assert_allclose(direction, np.array([1, 1]) / np.sqrt(2))
    for a in (0.5, -0.5):
        assert float(loss(a * direction)) == pytest.approx(0.765625)
        assert float(loss(a * direction)) > 1 - a**2  # the quadratic forecast, 0.75


@pytest.mark.nightly
def test_the_escape_direction_of_a_network_is_the_steepest_way_to_bend_down():
    direction = escape_direction(net_loss, PARAMS)
    assert jax.tree.structure(direction) == jax.tree.structure(PARAMS)
    flat, matrix = ravel_pytree(direction)[0], hessian(net_loss, PARAMS)
    assert float(flat @ flat) == pytest.approx(1)
    lowest = np.linalg.eigvalsh(matrix)[0]
    assert lowest < 0
    assert float(flat @ matrix @ flat) == pytest.approx(lowest)


def test_no_escape_where_nothing_bends_down():
    for loss in (surfaces.bowl, surfaces.quartic_saddle):
        with refuses("params"):
            escape_direction(loss, jnp.zeros(2))


@pytest.mark.parametrize(
    "function", [newton_step, saddle_free_newton_step, escape_direction], ids=lambda f: f.__name__
)
def test_steps_come_in_the_shape_and_dtype_of_the_parameters(function):
    params = {"x": jnp.float32(0.3), "y": jnp.array([0.4], dtype=jnp.float32)}
    step = function(lambda p: surfaces.saddle(jnp.stack([p["x"], p["y"][0]])), params)
    assert jax.tree.map(jnp.shape, step) == {"x": (), "y": (1,)}
    assert {leaf.dtype for leaf in jax.tree.leaves(step)} == {np.dtype("float32")}


@pytest.mark.parametrize(
    "function", [newton_step, saddle_free_newton_step, escape_direction], ids=lambda f: f.__name__
)
def test_bad_input_is_refused_in_one_sentence(function):
    for params in ({}, jnp.arange(2), jnp.array([0.0, np.nan])):
        with refuses("params"):
            function(surfaces.bowl, params)
    with refuses("loss"):
        function(lambda theta: theta, jnp.ones(2))


# --- finding them ---


def test_all_nine_critical_points_of_himmelblau_are_found_and_named():
    surface = surfaces.himmelblau
    grid = jnp.linspace(-5, 5, 9)
    starts = jnp.stack(jnp.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    found = find_critical_points(surface, starts)
    assert found.params.shape == (81, 2)
    assert np.all(found.certified)
    names = {"minimum": 0, "saddle": 1, "maximum": 2}
    for point, nature in surface.critical_points:
        here = np.linalg.norm(found.params - np.array(point), axis=1) < 1e-6
        assert np.any(here), point
        assert set(found.index[here]) == {names[nature]}
        np.testing.assert_allclose(found.loss[here], surface(jnp.array(point)), atol=1e-9)
    known = np.array([point for point, _ in surface.critical_points])
    distances = np.linalg.norm(found.params[:, None] - known, axis=-1)
    assert np.max(np.min(distances, axis=1)) < 1e-6


@pytest.mark.nightly
def test_no_start_is_dropped_and_none_is_certified_without_reason():
    def runaway(theta):
        return jnp.exp(-theta[0])  # no critical point anywhere

    starts = jnp.array([[0.0], [1.0]])
    found = find_critical_points(runaway, starts, num_steps=5)
    assert not np.any(found.certified)
    assert found.eigenvalues.shape == (2, 1)
    np.testing.assert_allclose(found.grad_norm, np.exp(-found.params[:, 0]))


def test_a_singular_start_stays_where_it_is():
    found = find_critical_points(surfaces.plain, jnp.array([[0.5, 0.5]]), num_steps=3)
    np.testing.assert_array_equal(found.params, [[0.5, 0.5]])
    assert found.certified.tolist() == [True]
    np.testing.assert_array_equal(found.eigenvalues, [[0, 0]])


@pytest.mark.by_day("0.01")
@pytest.mark.parametrize("max_step", [0.1, 0.01])
def test_no_step_is_longer_than_allowed(max_step):
    start = jnp.array([[3.0, 4.0]])
    found = find_critical_points(surfaces.bowl, start, num_steps=1, max_step=max_step)
    moved = np.linalg.norm(found.params - start)
    assert moved == pytest.approx(5 * max_step)


@pytest.mark.nightly
def test_pytrees_of_float32_starts_are_searched_in_float64():
    starts = {"x": jnp.array([0.4, 1.5]), "y": jnp.array([[0.1], [-0.2]])}

    def loss(params):
        return surfaces.double_well(jnp.stack([params["x"], params["y"][0]]))

    found = find_critical_points(loss, astype(starts, jnp.float32))
    assert found.params["x"].dtype == jnp.float64
    np.testing.assert_allclose(found.params["x"], [0, 1], atol=1e-12)
    np.testing.assert_allclose(found.params["y"], 0, atol=1e-12)
    assert found.index.tolist() == [1, 0]


@pytest.mark.parametrize(
    "starts",
    [1.0, {}, jnp.ones((2, 2), int), [jnp.ones(2), jnp.ones(3)], jnp.array([np.nan])],
    ids=["a scalar", "empty", "integers", "unequal", "NaN"],
)
def test_bad_starts_are_refused_in_one_sentence(starts):
    with refuses("starts"):
        find_critical_points(lambda params: 0.0, starts)


def test_one_start_without_its_axis_is_refused():
    with refuses("loss"):
        find_critical_points(surfaces.bowl, jnp.ones(2))


@pytest.mark.nightly
@pytest.mark.by_day("newton")
@pytest.mark.parametrize("method", ["newton", "rational", "gradient_norm"])
def test_every_method_s_certified_points_are_himmelblau_s(method):
    surface = surfaces.himmelblau
    grid = jnp.linspace(-4.5, 4.5, 7)
    starts = jnp.stack(jnp.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    found = find_critical_points(surface, starts, method=method)
    assert found.certified.mean() > (0.3 if method == "gradient_norm" else 0.95)
    indices = {"minimum": 0, "saddle": 1, "maximum": 2}
    known = np.array([point for point, _ in surface.critical_points])
    natures = np.array([indices[nature] for _, nature in surface.critical_points])
    gaps = np.linalg.norm(np.asarray(found.params)[:, None] - known, axis=-1)
    assert np.max(np.min(gaps, axis=1)[found.certified]) < 1e-6
    np.testing.assert_array_equal(
        found.index[found.certified], natures[np.argmin(gaps, axis=1)][found.certified]
    )


def test_the_smallest_gradient_nearby_is_no_critical_point():
    def slope_at_least_one(theta):  # L' = 1 + θ²: smallest at 0, and never zero
        return theta[0] + theta[0] ** 3 / 3

    found = find_critical_points(slope_at_least_one, jnp.array([[0.7]]), method="gradient_norm")
    np.testing.assert_allclose(found.params, 0, atol=1e-3)
    assert found.grad_norm == pytest.approx(1, abs=1e-5)
    assert found.certified.tolist() == [False]
    assert found.iterations.tolist() == [200]


def test_another_number_of_starts_compiles_nothing():
    def of_its_own(theta):  # no other test has searched it
        return surfaces.himmelblau(theta) + 0.37 * theta[0]

    starts = np.resize([[0.3, 0.1], [-0.9, 0.1], [2.0, 2.0]], (35, 2))  # more than one block
    with counted_compilations() as made:
        few = find_critical_points(of_its_own, starts[:2])
    assert made
    with counted_compilations() as made:  # neither the search nor what joins the results
        many = find_critical_points(of_its_own, starts)
    assert made == []
    for once, again in zip(few, many, strict=True):
        np.testing.assert_array_equal(once, again[:2])
        np.testing.assert_array_equal(again[33:], once)  # in the next block


@pytest.mark.nightly
def test_every_method_comes_to_the_saddle_of_two_weights_in_a_row():
    start = jnp.array([[0.3, -0.1]])
    for method in ("newton", "rational", "gradient_norm"):
        found = find_critical_points(surfaces.linear_chain, start, method=method)
        np.testing.assert_allclose(found.params, 0, atol=1e-8)
        assert (found.index.tolist(), found.certified.tolist()) == ([1], [True])
        np.testing.assert_allclose(found.eigenvalues, [[-2, 2]], atol=1e-7)


@pytest.mark.nightly
def test_iterations_are_counted_until_the_threshold():
    bowl = surfaces.quadratic(2, 0, 6)
    found = find_critical_points(bowl, jnp.array([[0.0, 0.0], [0.5, -0.4]]), max_step=1.0)
    assert found.iterations.tolist() == [0, 1]
    few = find_critical_points(bowl, jnp.array([[30.0, 0.0]]), num_steps=3)
    assert (few.iterations.tolist(), few.certified.tolist()) == ([3], [False])


@pytest.mark.nightly
def test_a_start_ends_as_it_would_alone():
    starts = jnp.array([[0.3, 0.2], [3.5, 2.5], [-4.4, 1.0]])
    together = find_critical_points(surfaces.himmelblau, starts)
    for row, start in enumerate(starts):
        alone = find_critical_points(surfaces.himmelblau, start[None])
        np.testing.assert_allclose(together.params[row], alone.params[0], atol=1e-12)
        assert together.iterations[row] == alone.iterations[0]


def test_searches_in_threads_leave_blas_as_it_was():
    def threads():
        return [lib["num_threads"] for lib in threadpool_info() if lib["user_api"] == "blas"]

    before = threads()
    starts = [jnp.array([[0.3 + 0.1 * k, 0.2]]) for k in range(6)]
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda s: find_critical_points(surfaces.himmelblau, s), starts))
    assert all(f.certified.all() for f in found)
    assert threads() == before


@pytest.mark.parametrize(
    "name, value",
    [
        ("method", "magic"),
        ("num_steps", 2.5),
        ("grad_tol", 0.0),
        ("max_step", -0.1),
        ("rcond", 2.0),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(name, value):
    with refuses(name):
        find_critical_points(surfaces.bowl, jnp.ones((1, 2)), **{name: value})
    with refuses("rcond"):
        find_critical_points(surfaces.bowl, jnp.ones((1, 2)), rcond=1e-9, method="rational")


# --- losses with a continuous symmetry ---

VARIANCES = np.array([0.9, 0.5, 0.2])


def autoencoder(w):
    return jnp.sum((jnp.eye(3) - w["A"] @ w["B"]) ** 2 * VARIANCES)


def test_all_critical_points_of_an_autoencoder_are_found_as_the_closed_form_says():
    rng = np.random.default_rng(0)
    scale = rng.uniform(0.1, 0.6, (600, 1, 1))
    starts = {
        "A": scale * rng.standard_normal((600, 3, 2)),
        "B": scale * rng.standard_normal((600, 2, 3)),
    }
    found = find_critical_points(autoencoder, starts, 50, max_step=0.3, rcond=1e-7, tol=1e-6)
    known = linear_autoencoder_points(VARIANCES, 2)
    assert found.certified.mean() > 0.9
    seen = set()
    for loss, index in zip(found.loss[found.certified], found.index[found.certified], strict=True):
        (point,) = [p for p in known if abs(p.loss - loss) < 1e-9]
        assert index == point.swaps + point.idle
        seen.add(point.kept)
    assert seen == {point.kept for point in known}


@pytest.mark.parametrize("kept", [(), (1,), (0, 2)])
def test_the_closed_form_s_points_are_critical_with_that_loss_and_index(kept):
    keep = np.eye(3)[:, kept]
    A = np.hstack([keep, np.zeros((3, 2 - len(kept)))])
    w = {"A": jnp.array(A), "B": jnp.array(A.T)}
    (point,) = [p for p in linear_autoencoder_points(VARIANCES, 2) if p.kept == kept]
    assert np.abs(ravel_pytree(gradient(autoencoder, w))[0]).max() < 1e-12
    assert float(autoencoder(w)) == pytest.approx(point.loss)
    eigenvalues = np.linalg.eigvalsh(hessian(autoencoder, w))
    assert np.sum(eigenvalues < -1e-9) == point.swaps + point.idle


def test_as_many_kinds_as_there_are_choices_and_one_minimum():
    points = linear_autoencoder_points(VARIANCES, 2)
    assert len(points) == 1 + 3 + 3
    (lowest,) = [p for p in points if p.swaps + p.idle == 0]
    assert lowest.kept == (0, 1)
    assert lowest.loss == min(p.loss for p in points)
    assert len(linear_autoencoder_points(VARIANCES, 9)) == 2**3


@pytest.mark.parametrize(
    "variances", [[1.0, 1.0], [1.0, 0.0], [1.0, -1.0], [[1.0, 2.0]], [float("nan"), 1.0]]
)
def test_bad_variances_are_refused_in_one_sentence(variances):
    with refuses("variances"):
        linear_autoencoder_points(variances, 1)


def test_a_width_of_zero_and_a_bad_rcond_are_refused():
    with refuses("width"):
        linear_autoencoder_points(VARIANCES, 0.5)
    with refuses("rcond"):
        find_critical_points(surfaces.bowl, jnp.ones((1, 2)), rcond=1.0)


def test_on_a_valley_rcond_walks_straight_to_the_floor():
    def valley(p):
        return (p[0] + p[1]) ** 2

    start = jnp.array([[0.3, 0.2]])
    found = find_critical_points(valley, start, 5, max_step=1.0, rcond=1e-9)
    np.testing.assert_allclose(found.params[0], [0.05, -0.05], atol=1e-12)
    assert found.certified.all()
