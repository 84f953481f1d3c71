"""Eigenvalues and what they say: numpy and scipy beside ours, inertia, tolerance, float32."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.sparse.linalg
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from unit_helpers import PARAMS, PROPERTY, SIZE, counted_compilations, net_loss, refuses

from lecture_utils import (
    curvature,
    datasets,
    definiteness,
    extreme_eigenvalues,
    goe,
    hessian,
    hessian_eigh,
    index,
    negative_fraction,
    networks,
    nullity,
    positive_fraction,
    semicircle,
    spectra,
    spectral_density,
    surfaces,
    top_eigenpairs,
)
from lecture_utils.trees import astype

SPECTRA = arrays(float, st.integers(1, 8), elements=st.integers(-3, 3).map(float))


@st.composite
def symmetric(draw, smallest=1):
    """A symmetric matrix with moderate integer entries."""
    n = draw(st.integers(smallest, 5))
    matrix = draw(arrays(float, (n, n), elements=st.integers(-4, 4).map(float)))
    return matrix + matrix.T


@pytest.fixture(scope="module")
def dense():
    """The Hessian of the small network as a matrix, and its spectrum by numpy."""
    matrix = np.asarray(hessian(net_loss, PARAMS))
    return matrix, np.linalg.eigvalsh(matrix)


# --- counting signs ---


@pytest.mark.nightly
@given(SPECTRA)
@PROPERTY
def test_every_eigenvalue_is_negative_zero_or_positive(values):
    size = len(values)
    assert index(values) == np.sum(values < 0)
    assert nullity(values) == np.sum(values == 0)
    assert negative_fraction(values) == index(values) / size
    assert positive_fraction(values) == index(-values) / size
    total = negative_fraction(values) + positive_fraction(values) + nullity(values) / size
    assert total == pytest.approx(1)
    assert isinstance(index(values), int)


@given(SPECTRA, st.floats(1e-200, 1e200))
@PROPERTY
def test_scaling_the_loss_changes_no_count(values, scale):
    assert (index(scale * values), nullity(scale * values)) == (index(values), nullity(values))


def test_many_spectra_are_counted_at_once():
    spectra_of_two = np.array([[[-1.0, 0, 2], [-3, -2, -1]], [[1e-30, 5, 6], [-1e-30, 1e-30, 1]]])
    np.testing.assert_array_equal(index(spectra_of_two), [[1, 3], [0, 0]])
    np.testing.assert_array_equal(nullity(spectra_of_two), [[1, 0], [1, 2]])
    np.testing.assert_allclose(negative_fraction(spectra_of_two), [[1 / 3, 1], [0, 0]])


def test_zero_is_a_tolerance():
    values = np.array([-1.0, -1e-16, 0, 1e-16, 1e-3])
    assert (index(values), nullity(values)) == (1, 3)
    assert (index(values, tol=0), nullity(values, tol=0)) == (2, 1)
    assert (index(values, tol=0.01), nullity(values, tol=0.01)) == (1, 4)
    assert index(values, tol=np.float64(2.0)) == 0


def test_the_tolerance_follows_size_scale_and_dtype():
    eps = np.finfo(float).eps
    assert spectra.zero_tolerance([1.0, -10.0]) == 32 * eps * 10
    assert spectra.zero_tolerance(np.ones(1000)) == 1000 * eps
    single = spectra.zero_tolerance(np.ones(2, np.float32))
    assert single == 32 * np.finfo(np.float32).eps


@pytest.mark.parametrize("count", [index, nullity, negative_fraction, positive_fraction])
@pytest.mark.parametrize(
    "bad", [[], 1.0, [1.0, np.nan], [np.inf, 1.0], [1 + 1j, 1 - 1j], np.ones((2, 0))], ids=str
)
def test_bad_eigenvalues_are_refused_in_one_sentence(count, bad):
    with refuses("eigenvalues"):
        count(bad)


@pytest.mark.parametrize("tol", [-1.0, np.nan])
def test_a_tolerance_below_zero_is_refused(tol):
    with refuses("tol"):
        index([-1.0, 1.0], tol)


# --- definiteness and curvature ---


@pytest.mark.parametrize(
    "eigenvalues, name",
    [
        ([1, 2], "positive definite"),
        ([-1, -2], "negative definite"),
        ([0, 2], "positive semidefinite"),
        ([-2, 0], "negative semidefinite"),
        ([-1, 2], "indefinite"),
        ([-1, 0, 2], "indefinite"),
        ([0, 0], "zero"),
        ([3], "positive definite"),
    ],
)
def test_the_names_of_slide_16(eigenvalues, name):
    rotation, _ = np.linalg.qr(np.random.default_rng(0).standard_normal([len(eigenvalues)] * 2))
    assert definiteness(np.diag(eigenvalues)) == name
    assert definiteness(rotation @ np.diag(eigenvalues) @ rotation.T) == name


@given(symmetric())
@PROPERTY
def test_definiteness_is_what_numpy_s_eigenvalues_say(matrix):
    values = np.linalg.eigvalsh(matrix)
    tolerance = 1e-9
    low, high = values[0], values[-1]
    expected = {
        "zero": abs(low) < tolerance and abs(high) < tolerance,
        "positive definite": low > tolerance,
        "negative definite": high < -tolerance,
        "indefinite": low < -tolerance and high > tolerance,
        "positive semidefinite": abs(low) < tolerance < high,
        "negative semidefinite": low < -tolerance and abs(high) < tolerance,
    }
    assert expected[definiteness(matrix)]
    assert [name for name, holds in expected.items() if holds] == [definiteness(matrix)]


@given(symmetric())
@PROPERTY
def test_a_change_of_basis_keeps_the_counts(matrix):
    # Sylvester's law of inertia.  This S is triangular with a unit diagonal, hence invertible.
    change = np.tril(np.ones_like(matrix))
    before, after = np.linalg.eigvalsh(matrix), np.linalg.eigvalsh(change.T @ matrix @ change)
    assert index(before, 1e-9) == index(after, 1e-9)
    assert nullity(before, 1e-9) == nullity(after, 1e-9)


@given(symmetric(), st.integers(0, 100))
@PROPERTY
def test_curvature_is_a_weighted_mean_of_the_eigenvalues(matrix, seed):
    direction = np.random.default_rng(seed).standard_normal(len(matrix))
    values, vectors = spectra.eigh(matrix)
    weights = (vectors.T @ direction) ** 2 / (direction @ direction)
    found = curvature(matrix, direction)
    assert found == pytest.approx(weights @ values, abs=1e-10)
    assert values[0] - 1e-9 <= found <= values[-1] + 1e-9
    np.testing.assert_allclose(curvature(matrix, vectors.T), values, atol=1e-12)


def test_curvature_ignores_the_length_and_the_sign_of_the_direction():
    matrix = np.array([[2.0, 1], [1, -3]])
    directions = np.array([[1, 0], [-10, 0], [0, 1e-3], [1, 1]])
    np.testing.assert_allclose(curvature(matrix, directions), [2, 2, -3, 0.5])


@pytest.mark.parametrize("bad", [[0.0, 0], [1, 2, 3], 1.0, [np.nan, 1]], ids=str)
def test_bad_directions_are_refused_in_one_sentence(bad):
    with refuses("direction"):
        curvature(np.eye(2), bad)


# --- matrices let in and refused ---


@pytest.mark.parametrize(
    "bad",
    [
        np.ones(3),
        np.ones((2, 3)),
        np.ones((0, 0)),
        np.ones((2, 2, 2)),
        [[1, 2], [3, 4]],
        [[1, 1e-6], [0, 1]],
        np.array([[0, 1j], [-1j, 0]]),
        [[np.nan, 0], [0, 1]],
        [[np.inf, 0], [0, 1]],
        np.array([["a", "b"], ["c", "d"]]),
        np.float32([[1, 1e-3], [0, 1]]),
    ],
    ids=str,
)
def test_a_matrix_that_is_no_hessian_is_refused_in_one_sentence(bad):
    for function in (definiteness, spectra.eigh, lambda matrix: curvature(matrix, [1.0, 0])):
        with refuses("matrix"):
            function(bad)


@given(symmetric(smallest=2), st.integers(0, 100))
@PROPERTY
def test_rounding_is_no_asymmetry(matrix, seed):
    noise = np.random.default_rng(seed).uniform(-1e-12, 1e-12, matrix.shape)
    checked = spectra.check_symmetric(matrix + noise * np.max(np.abs(matrix)))
    np.testing.assert_array_equal(checked, checked.T)
    np.testing.assert_allclose(checked, matrix, atol=1e-11)


def test_integers_are_real_numbers():
    assert definiteness([[2, 0], [0, 6]]) == "positive definite"


# --- eigenvectors ---


@given(arrays(float, (4, 3), elements=st.floats(-1, 1)), arrays(bool, 3))
@PROPERTY
def test_signs_do_not_depend_on_the_solver(vectors, flips):
    fixed = spectra.fix_signs(vectors)
    flipped = spectra.fix_signs(vectors * np.where(flips, -1, 1))
    np.testing.assert_array_equal(fixed, flipped)
    np.testing.assert_array_equal(np.abs(fixed), np.abs(vectors))
    np.testing.assert_array_equal(spectra.fix_signs(fixed), fixed)


def test_rounding_does_not_decide_the_sign_of_a_balanced_vector():
    balanced = np.array([[1.0, 1.0], [-1 - 1e-15, -1 + 1e-15]]) / np.sqrt(2)
    np.testing.assert_array_equal(np.sign(spectra.fix_signs(balanced)), [[1, 1], [-1, -1]])


@given(symmetric())
@PROPERTY
def test_eigh_rebuilds_the_matrix(matrix):
    values, vectors = spectra.eigh(matrix)
    assert np.all(np.diff(values) >= 0)
    np.testing.assert_allclose(vectors @ np.diag(values) @ vectors.T, matrix, atol=1e-12)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(len(matrix)), atol=1e-12)


# --- the spectrum of a loss ---


def test_hessian_eigh_is_numpy_s_on_the_dense_hessian(dense):
    matrix, expected = dense
    values, vectors = hessian_eigh(net_loss, PARAMS)
    np.testing.assert_allclose(values, expected, atol=1e-14)
    np.testing.assert_allclose(matrix @ vectors, vectors * values, atol=1e-13)


@pytest.mark.parametrize("loss, params", [(surfaces.himmelblau, [1.0, 2.0]), (net_loss, PARAMS)])
def test_float32_parameters_give_a_float64_spectrum(loss, params):
    params = astype(jnp.asarray(params) if isinstance(params[0], float) else params, jnp.float32)
    values, vectors = hessian_eigh(loss, params)
    assert (values.dtype, vectors.dtype) == (np.float64, np.float64)
    expected = np.linalg.eigvalsh(hessian(loss, astype(params, jnp.float64)))
    np.testing.assert_allclose(values, expected, rtol=1e-12, atol=1e-14)


@pytest.mark.nightly
def test_raw_float32_signs_miscount_where_float64_does_not():
    # Pixels that are 0 in every image make H singular; float32 gives those zeros random signs.
    data, net = datasets.digits(200), networks.mlp([64, 4, 10], "tanh")
    params = net.init(jax.random.key(0))

    def loss(params):
        return networks.cross_entropy(net.apply(params, data.x), data.y)

    single = np.linalg.eigvalsh(hessian(loss, params))
    assert single.dtype == np.float32
    values = hessian_eigh(loss, params).eigenvalues
    truth = index(values)
    # The zeros stand apart from the rest by orders of magnitude, so the truth is no choice of tol.
    assert truth == index(values, 100 * spectra.zero_tolerance(values))
    assert np.sum(single < 0) > truth + 0.05 * len(values)
    assert abs(index(single) - truth) < abs(np.sum(single < 0) - truth)


@pytest.mark.parametrize(
    "which, order",
    [("magnitude", lambda v: -np.abs(v)), ("largest", lambda v: -v), ("smallest", lambda v: v)],
)
@pytest.mark.parametrize("k", [1, 5, SIZE - 1, SIZE])
def test_top_eigenpairs_are_the_dense_ones(dense, which, order, k):
    matrix, values = dense
    expected = values[np.argsort(order(values))][:k]
    found, vectors = top_eigenpairs(net_loss, PARAMS, k, which)
    assert vectors.shape == (SIZE, k)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    np.testing.assert_allclose(matrix @ vectors, vectors * found, atol=1e-9)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=0), 1)


def test_top_eigenpairs_are_scipy_s_on_the_dense_matrix(dense):
    matrix, _ = dense
    expected = scipy.sparse.linalg.eigsh(matrix, 4, which="LA", return_eigenvectors=False)
    found = top_eigenpairs(net_loss, PARAMS, 4, "largest").eigenvalues
    np.testing.assert_allclose(found, np.sort(expected)[::-1], atol=1e-12)


def test_top_eigenpairs_of_a_few_parameters_and_of_no_curvature():
    values, vectors = top_eigenpairs(surfaces.saddle, jnp.zeros(2), 2)
    np.testing.assert_allclose(values, [6, -2])
    np.testing.assert_allclose(vectors, [[0, 1], [1, 0]])
    values, vectors = top_eigenpairs(lambda theta: jnp.sum(theta), jnp.ones(100), 3)
    np.testing.assert_array_equal(values, np.zeros(3))
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(3), atol=1e-12)


@pytest.mark.by_day("smallest-float32", "magnitude-float64")
@pytest.mark.parametrize("dtype, exact", [(jnp.float64, 1e-7), (jnp.float32, 1e-5)])
@pytest.mark.parametrize("which", ["magnitude", "largest", "smallest"])
def test_a_looser_tolerance_is_met(dense, which, dtype, exact):
    strict = top_eigenpairs(net_loss, PARAMS, 3, which)
    loose = top_eigenpairs(net_loss, PARAMS, 3, which, tol=1e-3, dtype=dtype)
    assert loose.eigenvalues == pytest.approx(strict.eigenvalues, rel=exact)
    residuals = dense[0] @ loose.eigenvectors - loose.eigenvalues * loose.eigenvectors
    assert np.all(np.linalg.norm(residuals, axis=0) <= 2e-3 * np.abs(loose.eigenvalues))


@pytest.mark.nightly
def test_both_ends_are_the_dense_ones(dense):
    _, values = dense
    ends = extreme_eigenvalues(net_loss, PARAMS)
    slope = jax.flatten_util.ravel_pytree(jax.grad(net_loss)(PARAMS))[0]
    assert ends.lowest == pytest.approx(values[0], rel=1e-6)
    assert ends.highest == pytest.approx(values[-1], rel=1e-9)
    assert ends.grad_norm == pytest.approx(float(jnp.linalg.norm(slope)))
    few = extreme_eigenvalues(net_loss, PARAMS, num_steps=4)
    assert values[0] < few.lowest and few.highest < values[-1], "estimates come from inside"


@pytest.mark.nightly
def test_both_ends_where_lanczos_is_exhausted_early_or_finds_nothing():
    def loss(params, bends):
        return jnp.sum(bends * params**2) / 2

    params = jnp.ones(50, jnp.float32)
    assert extreme_eigenvalues(loss, params, 0.0) == (0, 0, 0)
    two = np.where(np.arange(50) < 20, -1.0, 3.0)  # the Krylov space has two dimensions
    np.testing.assert_allclose(extreme_eigenvalues(loss, params, two)[:2], (-1, 3), rtol=1e-9)
    one = extreme_eigenvalues(loss, params[:1], 2.0)
    np.testing.assert_allclose(one, (2, 2, 2))


@pytest.mark.nightly
def test_other_data_do_not_compile_the_ends_again():
    def loss(params, x):
        return jnp.sum((x @ params) ** 2)

    first = extreme_eigenvalues(loss, np.ones(3, np.float32), np.eye(3))
    with counted_compilations() as made:
        second = extreme_eigenvalues(loss, np.zeros(3, np.float32), 2 * np.eye(3))
    assert not made
    np.testing.assert_allclose([first.highest, second.highest], [2, 8])


@pytest.mark.nightly
def test_ends_that_do_not_exist_are_refused():
    with refuses("loss"):
        extreme_eigenvalues(lambda p: jnp.sum(jnp.sqrt(p)), jnp.zeros(3))
    with refuses("loss"):
        extreme_eigenvalues(lambda p, x: p * x, jnp.zeros(3), 2.0)
    with refuses("num_steps"):
        extreme_eigenvalues(net_loss, PARAMS, num_steps=0)
    with refuses("params"):
        extreme_eigenvalues(net_loss, {})


def test_a_loose_tolerance_also_survives_no_curvature_and_a_wrong_one_is_refused():
    flat = top_eigenpairs(lambda x: jnp.sum(x), jnp.ones(100), 2, tol=1e-3)
    assert np.all(flat.eigenvalues == 0)
    with refuses("tol"):
        top_eigenpairs(net_loss, PARAMS, 2, tol=0.0)


@pytest.mark.parametrize("k", [0, -1, SIZE + 1, 1.5])
def test_more_eigenpairs_than_there_are_is_refused(k):
    with refuses("k"):
        top_eigenpairs(net_loss, PARAMS, k)


def test_other_bad_input_is_refused_in_one_sentence():
    with refuses("which"):
        top_eigenpairs(net_loss, PARAMS, 1, which="LM")
    for function in (hessian_eigh, lambda loss, params: top_eigenpairs(loss, params, 1)):
        with refuses("params"):
            function(net_loss, {})
        with refuses("params"):
            function(net_loss, jnp.arange(100))
        with refuses("loss"):
            function(lambda theta: theta, jnp.ones(100))
        with refuses("loss"):
            function(lambda theta: jnp.sum(jnp.sqrt(theta)), jnp.zeros(100))


# --- densities ---

KEY = jax.random.key(0)


def bells(eigenvalues, grid, width):
    """The exact spectrum as the same Gaussians: what quadrature should give."""
    curves = np.exp(-(((grid[:, None] - eigenvalues) / width) ** 2) / 2)
    return np.mean(curves, axis=1) / (width * np.sqrt(2 * np.pi))


def quadratic(eigenvalues):
    """A loss with a diagonal Hessian."""
    scale = jnp.asarray(eigenvalues)
    return lambda x: jnp.sum(scale * x**2) / 2


@pytest.mark.by_day("float32")
@pytest.mark.parametrize("dtype, gap", [(jnp.float64, 0.1), (jnp.float32, 0.1)])
def test_the_density_is_the_smoothed_spectrum(dense, dtype, gap):
    params = astype(PARAMS, dtype)
    grid, density = spectral_density(net_loss, params, KEY, num_probes=200)
    assert np.trapezoid(density, grid) == pytest.approx(1, abs=1e-3)
    width = (grid[-1] - grid[0]) / 90  # the default: range / 80 and 5 widths on either side
    exact = bells(dense[1], grid, width)
    assert np.trapezoid(np.abs(density - exact), grid) < gap


def test_the_mean_over_all_probes_is_exact():
    # On a diagonal H with distinct entries each probe of signs weighs all eigenvalues alike.
    values = np.array([-1.0, 0.0, 0.5, 2.0, 3.0])
    grid, density = spectral_density(quadratic(values), jnp.ones(5), KEY, num_probes=1, width=0.1)
    assert density == pytest.approx(bells(values, grid, 0.1), abs=1e-8)


@pytest.mark.nightly
def test_the_density_of_a_random_matrix_is_the_semicircle():
    matrix = jnp.asarray(goe(jax.random.key(1), 1000))
    found = spectral_density(lambda x: x @ matrix @ x / 2, jnp.ones(1000), KEY, num_probes=16)
    gap = np.abs(found.density - semicircle(found.grid))
    assert np.trapezoid(gap, found.grid) < 0.1


@pytest.mark.nightly
def test_few_eigenvalues_exhaust_lanczos_without_harm():
    values = np.repeat([1.0, 4.0], 40)
    grid, density = spectral_density(quadratic(values), jnp.ones(80), KEY, width=0.05)
    assert np.trapezoid(density * (grid < 2.5), grid) == pytest.approx(0.5, abs=0.05)
    assert np.trapezoid(density, grid) == pytest.approx(1, abs=1e-3)
    flat = spectral_density(lambda x: jnp.sum(x), jnp.ones(3), KEY)  # H = 0
    assert np.trapezoid(flat.density, flat.grid) == pytest.approx(1, abs=1e-3)
    assert flat.grid[np.argmax(flat.density)] == pytest.approx(0, abs=0.01)


@pytest.mark.nightly
def test_the_density_on_a_grid_of_one_s_own():
    grid = np.linspace(-1, 5, 77)
    found = spectral_density(net_loss, PARAMS, KEY, grid=grid, width=0.1)
    assert found.grid is not None and found.density.shape == (77,)
    again = spectral_density(net_loss, PARAMS, KEY, grid=grid, width=0.1)
    assert np.array_equal(found.density, again.density)


@pytest.mark.parametrize(
    "name, wrong",
    [
        ("num_probes", 0),
        ("num_steps", 2.5),
        ("num_points", 1),
        ("width", -1.0),
        ("width", 0.0),
        ("grid", []),
        ("grid", [1.0, 0.0]),
    ],
)
def test_bad_input_of_the_density_is_refused(name, wrong):
    with refuses(name):
        spectral_density(net_loss, PARAMS, KEY, **{name: wrong})


def test_a_number_is_no_random_key():
    with refuses("key"):
        spectral_density(net_loss, PARAMS, 0)


@pytest.mark.nightly
def test_a_hessian_that_is_not_finite_has_no_density():
    with refuses("loss"):
        spectral_density(lambda x: jnp.sum(jnp.abs(x) ** 1.5), jnp.zeros(3), KEY)
