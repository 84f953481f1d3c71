"""Directions: against their definitions, and what must not change when neurons are reordered."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit_helpers import PARAMS, PROPERTY, SIZE, X, net_loss, refuses

from lecture_utils import (
    align_neurons,
    eigenvector_directions,
    filter_normalize,
    gradient_descent,
    hessian_eigh,
    pca_directions,
    random_direction,
    trajectory,
)
from lecture_utils.directions import flat_path
from lecture_utils.networks import mlp
from lecture_utils.trees import ravel


@pytest.mark.nightly
def test_a_random_direction_is_standard_normal_and_depends_on_its_key():
    big = {"W": jnp.zeros((100, 100)), "b": jnp.zeros(100, jnp.float32)}
    a, b = (random_direction(jax.random.key(k), big) for k in (0, 1))
    assert a["b"].dtype == jnp.float32
    assert abs(float(jnp.mean(a["W"]))) < 0.05 and abs(float(jnp.std(a["W"])) - 1) < 0.05
    assert float(jnp.max(jnp.abs(a["W"] - b["W"]))) > 1


@given(st.floats(0.01, 100))
@PROPERTY
def test_each_filter_gets_the_length_it_has_in_the_network(scale):
    raw = random_direction(jax.random.key(0), PARAMS)
    scaled = jax.tree.map(lambda leaf: scale * leaf, raw)
    for layer, theirs, before in zip(filter_normalize(scaled, PARAMS), PARAMS, raw, strict=True):
        lengths = [np.linalg.norm(w["W"], axis=0) for w in (layer, theirs)]
        np.testing.assert_allclose(*lengths, rtol=1e-12)
        cosines = np.sum(layer["W"] * before["W"], 0) / lengths[0]
        np.testing.assert_allclose(cosines, np.linalg.norm(before["W"], axis=0), rtol=1e-12)
        assert not np.any(layer["b"])


def test_kernels_are_filters_and_normalization_parameters_stay():
    kernel = np.random.default_rng(0).standard_normal((3, 3, 2, 4))
    params = {"W": jnp.asarray(kernel), "gain": jnp.ones(4), "b": jnp.ones(4)}
    direction = filter_normalize(random_direction(jax.random.key(1), params), params)
    lengths = [np.linalg.norm(np.reshape(w, (-1, 4)), axis=0) for w in (direction["W"], kernel)]
    np.testing.assert_allclose(*lengths, rtol=1e-12)
    assert not np.any(direction["gain"]) and not np.any(direction["b"])


def test_vectors_can_be_kept_and_zeros_stay_zeros():
    raw = random_direction(jax.random.key(0), PARAMS)
    kept = filter_normalize(raw, PARAMS, keep_vectors=True)
    for layer, theirs in zip(kept, PARAMS, strict=True):
        assert np.linalg.norm(layer["b"]) == pytest.approx(np.linalg.norm(theirs["b"]))
    nothing = jax.tree.map(jnp.zeros_like, PARAMS)
    assert not any(np.any(leaf) for leaf in jax.tree.leaves(filter_normalize(nothing, PARAMS)))


def test_principal_directions_of_a_flat_path_span_it():
    rng = np.random.default_rng(0)
    plane, places = np.linalg.qr(rng.standard_normal((12, 2)))[0], rng.standard_normal((30, 2))
    points = rng.standard_normal(12) + places * [3, 1] @ plane.T
    path = {"a": points[:, :4].reshape(30, 2, 2), "b": points[:, 4:]}
    directions, explained = pca_directions(path)
    basis = np.stack([ravel(d)[0] for d in directions], 1)
    np.testing.assert_allclose(basis.T @ basis, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(basis @ (basis.T @ plane), plane, atol=1e-12)
    assert explained.sum() == pytest.approx(1) and explained[0] > explained[1]
    assert directions[0]["a"].shape == (2, 2)


def test_explained_variance_is_numpy_s():
    path = trajectory(net_loss, PARAMS, gradient_descent(0.5), 40).params
    explained = pca_directions(path, 3).explained
    values = np.linalg.eigvalsh(np.cov(flat_path(path).T))[::-1]
    np.testing.assert_allclose(explained, values[:3] / values.sum(), rtol=1e-8)


@pytest.mark.nightly
def test_eigenvectors_are_the_hessian_s():
    values, vectors = hessian_eigh(net_loss, PARAMS)
    top = eigenvector_directions(net_loss, PARAMS, 2)
    np.testing.assert_allclose(top.eigenvalues, values[[-1, -2]], rtol=1e-8)
    for k, direction in enumerate(top.directions):
        assert abs(ravel(direction)[0] @ vectors[:, -1 - k]) == pytest.approx(1, abs=1e-6)
    assert jax.tree.structure(top.directions[0]) == jax.tree.structure(PARAMS)
    lowest = eigenvector_directions(net_loss, PARAMS, 1, "smallest").eigenvalues
    np.testing.assert_allclose(lowest, values[:1], rtol=1e-6)
    assert len(values) == SIZE


# --- alignment ---

DEEP = mlp([4, 12, 9, 3], "relu", dtype=jnp.float64)


def shuffled(params, seed):
    """The same function with hidden units in random order."""
    rng, before, layers = np.random.default_rng(seed), np.arange(4), []
    for depth, layer in enumerate(params):
        fan_out = layer["W"].shape[1]
        order = rng.permutation(fan_out) if depth < len(params) - 1 else np.arange(fan_out)
        layers.append({"W": layer["W"][before][:, order], "b": layer["b"][order]})
        before = order
    return layers


@pytest.mark.nightly
@pytest.mark.by_day("0")
@pytest.mark.parametrize("seed", range(3))
def test_a_shuffled_copy_is_put_back_in_order(seed):
    params = DEEP.init(jax.random.key(seed))
    aligned = align_neurons(shuffled(params, seed), params)
    jax.tree.map(np.testing.assert_array_equal, aligned, params)


@pytest.mark.parametrize("bias", [True, False])
def test_alignment_keeps_the_function_and_brings_networks_closer(bias):
    net = mlp([4, 12, 9, 3], "relu", bias=bias, dtype=jnp.float64)
    a, b = (net.init(jax.random.key(k)) for k in (0, 1))
    aligned = align_neurons(b, a)
    np.testing.assert_allclose(net.apply(aligned, X), net.apply(b, X), atol=1e-12)
    distance = [np.linalg.norm(ravel(p)[0] - ravel(a)[0]) for p in (b, aligned)]
    assert distance[1] < 0.95 * distance[0]
    again = align_neurons(aligned, a)
    jax.tree.map(np.testing.assert_array_equal, again, aligned)


def test_a_net_without_hidden_units_is_left_alone():
    params = [{"W": jnp.ones((4, 3)), "b": jnp.ones(3)}]
    jax.tree.map(np.testing.assert_array_equal, align_neurons(params, params), params)


# --- bad input ---


def test_bad_input_is_refused_in_one_sentence():
    with refuses("direction"):
        filter_normalize(PARAMS[:1], PARAMS)
    with refuses("params"):
        filter_normalize(jnp.ones(3), jnp.ones(3))
    with refuses("params"):
        random_direction(jax.random.key(0), {})
    with refuses("path"):
        pca_directions({"a": jnp.ones((3, 2)), "b": jnp.ones((4, 2))})
    with refuses("path"):
        pca_directions(jnp.ones((5, 3)))
    with refuses("path"):
        pca_directions(jnp.full((5, 3), np.nan))
    with refuses("key"):
        random_direction(0, PARAMS)
    with refuses("k"):
        pca_directions(jnp.eye(3), k=3)
    with refuses("which"):
        eigenvector_directions(net_loss, PARAMS, 1, "steepest")
    with refuses("params"):
        align_neurons(PARAMS, DEEP.init(jax.random.key(0)))
    with refuses("reference"):
        align_neurons([jnp.ones(2)], [jnp.ones(2)])
