"""The report: its numbers are those of the single instruments, its sentences follow from them."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from unit_helpers import refuses

import lecture_utils as lu
from lecture_utils import networks

NET = networks.mlp([3, 4, 2])
X = jax.random.normal(jax.random.key(0), (20, 3))
Y = jnp.arange(20) % 2
PARAMS = NET.init(jax.random.key(1))


def loss(params):
    return networks.cross_entropy(NET.apply(params, X), Y)


@pytest.fixture(scope="module")
def page():
    return lu.report(loss, PARAMS, learning_rate=0.1)


def test_the_numbers_are_those_of_the_single_instruments(page):
    values = lu.hessian_eigh(loss, PARAMS).eigenvalues
    np.testing.assert_allclose(page.eigenvalues, values, atol=1e-9)
    assert (page.size, page.index, page.zeros) == (26, lu.index(values), lu.nullity(values))
    assert page.loss == pytest.approx(float(loss(PARAMS)), rel=1e-5)
    assert page.sharpness == page.eigenvalues[-1]
    assert page.density is None
    assert page.plane.shape == (25, 25) and page.plane[12, 12] == pytest.approx(page.loss)
    assert page.line[1][0] == pytest.approx(page.loss)
    step = jax.tree.map(lambda p, g: p - 0.1 * g, PARAMS, jax.grad(loss)(PARAMS))
    assert page.after_step == pytest.approx(float(loss(step)), rel=1e-4)
    assert page.line[0][-1] >= 0.1, "the line must reach the step"


def test_the_plane_curves_as_the_eigenvalues_say(page):
    h = page.radius / 12
    across, up = page.plane[12], page.plane[:, 12]
    for line, value in ((across, page.eigenvalues[-1]), (up, page.eigenvalues[0])):
        bend = (line[13] - 2 * line[12] + line[11]) / h**2
        assert bend == pytest.approx(value, rel=0.3, abs=0.02)


@pytest.mark.nightly
def test_the_page_says_how_its_spectrum_is_drawn(page):
    low, high = f"{page.eigenvalues[0]:.2g}", f"{page.eigenvalues[-1]:.2g}"
    assert f'aria-label="Spectrum: eigenvalue λ from {low} to {high} over rank"' in page.html()
    assert page.html().count("equal heights are equal factors") == 1


def test_large_networks_get_ends_and_a_density():
    large = lu.report(loss, PARAMS, most=10)
    full = lu.hessian_eigh(loss, PARAMS).eigenvalues
    assert large.index is None and large.density is not None
    np.testing.assert_allclose(large.eigenvalues[[0, -1]], full[[0, -1]], rtol=1e-3)
    assert "Curvature runs from" in large.sentences[1]


@pytest.mark.nightly
def test_sentences_warn_of_a_rate_above_the_edge(page):
    assert "Learning rate 0.1 is below 2/λ_max" in page.sentences[2]
    assert "ABOVE" in lu.report(loss, PARAMS, learning_rate=1e3).sentences[2]
    assert len(lu.report(loss, PARAMS).sentences) == 3
    for rate, words in ((0.25, "the loss falls by 1.5."), (1.5, "the loss rises by 6.")):
        assert words in lu.report(lambda p: p @ p, jnp.ones(2), rate).sentences[2]


def test_curvature_and_its_limit_are_printed_to_three_digits():
    """2/λ_max for 1.94 is 1.03: "1" would be a limit that is none."""
    page = lu.report(lambda p: 0.97 * jnp.sum(p**2), jnp.ones(2), learning_rate=1.02)
    assert "to 1.94:" in page.sentences[1]
    assert "1.02 is below 2/λ_max = 1.03;" in page.sentences[2]


@pytest.mark.nightly
@pytest.mark.parametrize("axis", [-1, 0])
def test_units_without_gradient_are_counted(axis):
    params = {"W": jnp.ones((3, 5)) if axis == -1 else jnp.ones((5, 3)), "b": jnp.zeros(5)}

    def two_of_five(p):
        W = p["W"] if axis == -1 else p["W"].T
        return jnp.sum((X @ W[:, :2]) ** 2) + jnp.sum(p["b"] ** 2)

    page = lu.report(two_of_five, params, unit_axis=axis)
    assert page.silent == {"W": (3, 5)}
    assert "3 of 5 in W" in page.sentences[-1]


def test_at_a_point_without_slope_nothing_breaks():
    page = lu.report(lambda p: jnp.sum(p**2), jnp.zeros(2), learning_rate=0.5)
    assert page.grad_norm == 0 and np.all(page.line[1] == 0)
    flat = lu.report(lambda p: 0.0 * jnp.sum(p), jnp.ones(2), learning_rate=0.5)
    assert np.all(flat.plane == 0) and "No direction curves up" in flat.sentences[2]


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf")])
def test_a_bad_learning_rate_is_refused(rate):
    with pytest.raises(ValueError, match="learning_rate must be positive"):
        lu.report(loss, PARAMS, learning_rate=rate)


@pytest.mark.nightly
def test_a_loss_that_is_not_finite_is_said_wherever_it_is_met():
    with refuses("loss"):
        lu.report(lambda p: jnp.sum(jnp.log(p)), -jnp.ones((2, 2)))
    with pytest.raises(ValueError, match="the loss is NaN at params"):
        lu.report(lambda p: jnp.sum(jnp.log(p)), -jnp.ones((2, 2)))
    after = lu.report(lambda p: jnp.sum(jnp.log(p)), jnp.ones((2, 2)), learning_rate=10.0)
    assert "the loss is NaN." in after.sentences[2]
    broken = lu.report(lambda p: jnp.sum(p**2) - jnp.log(p[0] - 0.95), jnp.ones(2))
    share = np.mean(np.isnan(broken.plane))
    assert 0.2 < share < 0.5
    assert broken.sentences[-1] == f"On {share:.0%} of the plane the loss is NaN or infinite."


@pytest.mark.nightly
def test_a_hessian_that_is_mostly_flat_comes_to_an_end():
    """Softmax regression on images with a blank rim: half of 7850 eigenvalues are zero."""
    rng = np.random.default_rng(0)
    x = np.zeros((300, 784))
    x[:, 200:600] = rng.random((300, 400))
    y = rng.integers(0, 10, 300)
    page = lu.report(
        lambda p: networks.cross_entropy(x @ p["W"] + p["b"], y),
        {"W": jnp.zeros((784, 10)), "b": jnp.zeros(10)},
    )
    assert abs(page.eigenvalues[0]) < 1e-9 and page.sharpness > 1
    assert "no direction found curves down" in page.sentences[1]


@pytest.mark.nightly
def test_models_of_other_libraries():
    eqx = pytest.importorskip("equinox")
    nn = pytest.importorskip("flax.linen")
    params, rest = eqx.partition(
        eqx.nn.MLP(3, 2, 4, 1, key=jax.random.key(0)), eqx.is_inexact_array
    )
    page = lu.report(
        lambda p: networks.cross_entropy(jax.vmap(eqx.combine(p, rest))(X), Y), params, unit_axis=0
    )
    assert page.size == 26 and [total for _, total in page.silent.values()] == [4, 2]
    model = nn.Sequential([nn.Dense(4), nn.relu, nn.Dense(2)])
    params = model.init(jax.random.key(0), X)
    page = lu.report(lambda p: networks.cross_entropy(model.apply(p, X), Y), params)
    assert page.size == 26 and [total for _, total in page.silent.values()] == [4, 2]
