"""The small networks: shapes, starts, symmetries, and the loss against optax."""

import math
from functools import partial
from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jax.flatten_util import ravel_pytree
from unit_helpers import NET, PARAMS, PROPERTY, X, Y, refuses

from lecture_utils import networks

KEY = jax.random.key(0)


@given(
    st.lists(st.integers(1, 6), min_size=2, max_size=4),
    st.booleans(),
    st.sampled_from([jnp.float32, jnp.float64]),
)
@PROPERTY
def test_an_mlp_has_the_shapes_and_the_dtype_it_was_asked_for(sizes, bias, dtype):
    net = networks.mlp(sizes, bias=bias, dtype=dtype)
    params = jax.eval_shape(net.init, KEY)
    assert [layer["W"].shape for layer in params] == list(pairwise(sizes))
    assert all(("b" in layer) is bias for layer in params)
    assert {leaf.dtype for leaf in jax.tree.leaves(params)} == {np.dtype(dtype)}
    out = jax.eval_shape(net.apply, params, jax.ShapeDtypeStruct((3, sizes[0]), dtype))
    assert (out.shape, out.dtype) == ((3, sizes[-1]), dtype)


def test_the_benchmark_s_net_has_1930_parameters():
    params = jax.eval_shape(networks.mlp([64, 20, 20, 10], "tanh").init, KEY)
    assert sum(leaf.size for leaf in jax.tree.leaves(params)) == 1930


def test_a_key_gives_one_start_and_another_key_another():
    first, again, other = NET.init(KEY), NET.init(KEY), NET.init(jax.random.key(1))
    np.testing.assert_array_equal(ravel_pytree(first)[0], ravel_pytree(again)[0])
    assert not np.allclose(first[0]["W"], other[0]["W"])
    assert not np.allclose(first[0]["W"][:3, :3], first[1]["W"][:3, :3])


@pytest.mark.parametrize(
    "activation, gain",
    [("relu", 2), ("gelu", 2), (jax.nn.relu, 2), ("tanh", 1), ("identity", 1), (jnp.sin, 1)],
)
def test_weights_start_with_the_documented_variance(activation, gain):
    first, last = networks.mlp([100, 200, 100], activation, scale=0.5).init(KEY)
    assert np.var(first["W"]) == pytest.approx(0.25 * gain / 100, rel=0.05)
    assert np.var(last["W"]) == pytest.approx(0.25 / 200, rel=0.05)
    assert not np.any(first["b"])


def test_apply_is_the_formula():
    (first, last), x = PARAMS, X[:5]
    expected = np.tanh(x @ first["W"] + first["b"]) @ last["W"] + last["b"]
    np.testing.assert_allclose(NET.apply(PARAMS, x), expected, atol=1e-15)


def test_a_deep_linear_network_is_one_matrix():
    net = networks.deep_linear([4, 3, 5, 2])
    params = net.init(KEY)
    product = params[0]["W"] @ params[1]["W"] @ params[2]["W"]
    assert product.dtype == jnp.float64
    np.testing.assert_allclose(net.apply(params, X), X @ product, atol=1e-14)


def test_permuting_hidden_units_keeps_the_function():
    order = np.random.default_rng(0).permutation(10)
    first, last = PARAMS
    permuted = [
        {"W": first["W"][:, order], "b": first["b"][order]},
        {"W": last["W"][order], "b": last["b"]},
    ]
    np.testing.assert_allclose(NET.apply(permuted, X), NET.apply(PARAMS, X), atol=1e-14)


def test_flipping_a_tanh_unit_keeps_the_function():
    first, last = PARAMS
    sign = np.where(np.arange(10) == 4, -1.0, 1.0)
    flipped = [
        {"W": first["W"] * sign, "b": first["b"] * sign},
        {"W": last["W"] * sign[:, None], "b": last["b"]},
    ]
    np.testing.assert_allclose(NET.apply(flipped, X), NET.apply(PARAMS, X), atol=1e-14)


@pytest.mark.nightly
def test_a_rectifier_s_scale_can_move_to_the_next_layer():
    net = networks.mlp([4, 6, 3], "relu", bias=False, dtype=jnp.float64)
    first, last = net.init(KEY)
    moved = [{"W": 10 * first["W"]}, {"W": last["W"] / 10}]
    np.testing.assert_allclose(net.apply(moved, X), net.apply([first, last], X), atol=1e-14)


@pytest.mark.parametrize(
    "net, kernels, inputs, classes",
    [
        (networks.cnn(), [(3, 3, 1, 8), (3, 3, 8, 16), (2 * 2 * 16, 10)], 64, 10),
        (networks.cnn((7, 5, 3), (4,), 2), [(3, 3, 3, 4), (4 * 3 * 4, 2)], 7 * 5 * 3, 2),
    ],
    ids=["digits", "odd sides"],
)
def test_the_cnn_s_shapes(net, kernels, inputs, classes):
    params = jax.eval_shape(net.init, KEY)
    assert [layer["W"].shape for layer in params] == kernels
    assert [layer["b"].shape for layer in params] == [(shape[-1],) for shape in kernels]
    assert {leaf.dtype for leaf in jax.tree.leaves(params)} == {np.dtype("float32")}
    images = jax.ShapeDtypeStruct((5, inputs), jnp.float32)
    assert jax.eval_shape(net.apply, params, images).shape == (5, classes)


@pytest.mark.nightly
def test_the_cnn_s_convolution_is_a_sliding_product():
    net = networks.cnn((8, 8, 1), channels=(2,), classes=32, activation="identity")
    params = net.init(KEY)
    params[-1] = {"W": jnp.eye(32), "b": jnp.zeros(32)}  # the head passes the features through
    image = np.random.default_rng(0).standard_normal((8, 8))
    features = np.asarray(net.apply(params, image.reshape(1, 64).astype("float32")))
    padded = np.pad(image, (0, 1))  # stride 2 on an even side: the padding is at the far end
    expected = [
        np.sum(padded[2 * i : 2 * i + 3, 2 * j : 2 * j + 3] * params[0]["W"][:, :, 0, channel])
        for i in range(4)
        for j in range(4)
        for channel in range(2)
    ]
    np.testing.assert_allclose(features[0], expected, atol=1e-5)


def test_cross_entropy_is_optax_s():
    logits = NET.apply(PARAMS, X)
    expected = optax.softmax_cross_entropy_with_integer_labels(logits, Y).mean()
    assert float(networks.cross_entropy(logits, Y)) == pytest.approx(float(expected))


@given(st.floats(-50, 50))
@PROPERTY
def test_cross_entropy_ignores_a_shift_of_all_logits(shift):
    logits = NET.apply(PARAMS, X)
    found = networks.cross_entropy(logits + shift, Y)
    assert float(found) == pytest.approx(float(networks.cross_entropy(logits, Y)), abs=1e-12)


@pytest.mark.nightly
def test_cross_entropy_of_no_opinion_and_of_certainty():
    none = networks.cross_entropy(jnp.zeros((5, 10)), jnp.arange(5))
    assert float(none) == pytest.approx(np.log(10))
    sure = networks.cross_entropy(1e4 * jnp.eye(5), jnp.arange(5))
    wrong = networks.cross_entropy(1e4 * jnp.eye(5), (jnp.arange(5) + 1) % 5)
    assert (float(sure), float(wrong)) == (0.0, 1e4)


def test_accuracy_is_a_share():
    logits = jnp.array([[0.0, 1.0], [2.0, 1.0], [0.0, 3.0], [5.0, 1.0]])
    assert float(networks.accuracy(logits, jnp.array([1, 0, 0, 0]))) == 0.75


@pytest.mark.parametrize("sizes", [[], [3], [3, 0], [-1, 2], [3, 2.5]], ids=str)
def test_bad_sizes_are_refused_in_one_sentence(sizes):
    with refuses("sizes"):
        networks.mlp(sizes)


def test_other_bad_input_is_refused_in_one_sentence():
    with refuses("activation"):
        networks.mlp([2, 2], "softplus")
    with refuses("activation"):
        networks.cnn(activation="Relu")
    for channels in ((), (4, 0)):
        with refuses("channels"):
            networks.cnn(channels=channels)
    with refuses("classes"):
        networks.cnn(classes=0)
    with refuses("key"):
        networks.mlp([2, 2]).init(0)


# --- deep networks, with and without skips and batch normalization -----------------------------

BATCH = np.random.default_rng(2).standard_normal((20, 64)).astype("float32")
DEEP = {
    "mlp": partial(networks.deep_mlp, width=8, depth=6),
    "cnn": partial(networks.deep_cnn, channels=4),
}
deep = pytest.mark.parametrize("make", DEEP.values(), ids=list(DEEP))
variants = pytest.mark.parametrize("normalize", [False, True], ids=["plain", "normalized"])


@pytest.mark.nightly
@deep
@variants
def test_a_skip_adds_the_input_and_starts_smaller(make, normalize):
    plain, skip = (make(skip=skip, normalize=normalize) for skip in (False, True))
    params = plain.init(KEY)
    assert len(params) == 6
    for depth, (layer, other) in enumerate(zip(params, skip.init(KEY), strict=True)):
        factor = 0.5 if 0 < depth < 5 else 1.0  # four layers with a skip
        np.testing.assert_allclose(other["W"], factor * layer["W"], rtol=1e-6)
        assert ("gain" in layer) is (normalize and depth < 5)
    # With silent inner layers a skip leaves first and last layer alone; without it nothing passes.
    silent = [
        layer if depth in (0, 5) else jax.tree.map(jnp.zeros_like, layer)
        for depth, layer in enumerate(params)
    ]
    assert np.ptp(np.asarray(skip.apply(silent, BATCH)), axis=0).max() > 0.1
    np.testing.assert_array_equal(plain.apply(silent, BATCH), np.zeros((20, 10)))


@deep
def test_a_deep_network_without_extras_is_its_layers_in_a_row(make):
    net = make(activation="identity")
    params = net.init(KEY)
    out = net.apply(params, BATCH)
    np.testing.assert_allclose(net.apply(params, 2 * BATCH), 2 * out, atol=1e-4)
    if make is DEEP["mlp"]:
        product = np.linalg.multi_dot([layer["W"] for layer in params])
        np.testing.assert_allclose(out, BATCH @ product, atol=1e-4)


@pytest.mark.by_day("True-cnn")
@deep
@pytest.mark.parametrize("skip", [False, True])
def test_normalization_is_over_the_batch_and_hides_the_scale_of_the_weights(make, skip):
    net = make(skip=skip, normalize=True)
    params = net.init(KEY)
    out = net.apply(params, BATCH)
    larger = [layer | {"W": 10 * layer["W"]} for layer in params[:-1]] + params[-1:]
    np.testing.assert_allclose(net.apply(larger, BATCH), out, atol=2e-3)
    order = np.random.default_rng(0).permutation(20)
    np.testing.assert_allclose(net.apply(params, BATCH[order]), out[order], atol=1e-4)
    assert np.abs(net.apply(params, BATCH[:10]) - out[:10]).max() > 0.01  # other company


def test_standardized_means_mean_zero_and_variance_one():
    for shape in ((50, 3), (10, 4, 4, 3)):
        z = 5 + 3 * np.random.default_rng(1).standard_normal(shape)
        found = np.asarray(networks._standardize(z)).reshape(-1, 3)
        np.testing.assert_allclose(found.mean(0), 0, atol=1e-12)
        np.testing.assert_allclose(found.std(0), 1, atol=1e-5)


@pytest.mark.parametrize("image", [(8, 8, 1), (28, 28, 1), (32, 32, 3), (7, 5, 2)], ids=str)
@pytest.mark.parametrize("skip", [False, True])
def test_the_six_layer_cnn_takes_small_images(image, skip):
    net = networks.deep_cnn(image, channels=3, classes=4, skip=skip, normalize=True)
    params = jax.eval_shape(net.init, KEY)
    side = [math.ceil(size / 4) for size in image[:2]]
    assert [layer["W"].shape for layer in params] == [
        (3, 3, image[2], 3),
        *[(3, 3, 3, 3)] * 4,
        (side[0] * side[1] * 3, 4),
    ]
    images = jax.ShapeDtypeStruct((5, np.prod(image)), jnp.float32)
    out = jax.eval_shape(net.apply, params, images)
    assert (out.shape, out.dtype) == ((5, 4), jnp.float32)


def test_a_pool_is_the_mean_of_what_is_there():
    x = np.arange(9.0).reshape(1, 3, 3, 1)
    pooled = np.asarray(networks._pool(x))[0, :, :, 0]
    np.testing.assert_allclose(pooled, [[2, 3.5], [6.5, 8]])


@pytest.mark.nightly
def test_the_lstm_is_its_formula_and_reads_in_order():
    net = networks.lstm((3, 4), units=5, classes=2, dtype=jnp.float64)
    params = net.init(KEY)
    cell, head = params
    assert (cell["W"].shape, head["W"].shape) == ((9, 20), (5, 2))
    np.testing.assert_array_equal(cell["b"], [0] * 5 + [1] * 5 + [0] * 10)
    images = np.random.default_rng(3).standard_normal((6, 12))
    output, memory = np.zeros((6, 5)), np.zeros((6, 5))
    for line in images.reshape(6, 3, 4).transpose(1, 0, 2):
        z = np.hstack([line, output]) @ cell["W"] + cell["b"]
        take, keep, tell = (1 / (1 + np.exp(-z[:, 5 * i : 5 * i + 5])) for i in range(3))
        memory = keep * memory + take * np.tanh(z[:, 15:])
        output = tell * np.tanh(memory)
    np.testing.assert_allclose(net.apply(params, images), output @ head["W"] + head["b"])
    backwards = images.reshape(6, 3, 4)[:, ::-1].reshape(6, 12)
    assert np.abs(net.apply(params, backwards) - net.apply(params, images)).max() > 1e-3


# --- equal layers as one loop -------------------------------------------------------------------

looped = partial(networks.deep_mlp, width=8, loop=True)


@pytest.mark.by_day("plain-True-3-relu", "normalized-True-3-tanh")
@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize("depth", [2, 3, 6])
@pytest.mark.parametrize("skip", [False, True])
@variants
def test_a_loop_is_the_same_network(activation, depth, skip, normalize):
    arguments = {"depth": depth, "skip": skip, "normalize": normalize, "activation": activation}
    loop, plain = looped(**arguments), networks.deep_mlp(width=8, **arguments)
    params = loop.init(KEY)
    assert len(params) == 3 and params[1]["W"].shape == (depth - 2, 8, 8)
    layers = networks.unstacked(params)
    expected = plain.init(KEY)
    assert jax.tree.structure(layers) == jax.tree.structure(expected)
    for a, b in zip(jax.tree.leaves(layers), jax.tree.leaves(expected), strict=True):
        np.testing.assert_array_equal(a, b)
    # A batch norm behind a skip divides by spreads near zero: rounding shows in the fourth digit.
    np.testing.assert_allclose(
        loop.apply(params, BATCH), plain.apply(layers, BATCH), rtol=1e-4, atol=1e-4
    )
    assert jax.eval_shape(loop.init, KEY)[1]["W"].shape == (depth - 2, 8, 8)


def test_networks_that_differ_in_size_or_start_share_what_is_compiled():
    some, other = looped(depth=3), looped(depth=9, scale=0.1, bias_start=1.0)
    assert some.apply is other.apply
    assert some.apply is not looped(depth=3, skip=True).apply
    assert some.apply is not looped(depth=3, activation="tanh").apply


def test_twenty_layers_are_traced_as_three():
    def operations(depth):
        net = looped(depth=depth)
        gradient = jax.grad(lambda params: net.apply(params, BATCH).sum())
        return [str(e.primitive) for e in jax.make_jaxpr(gradient)(net.init(KEY)).eqns]

    assert operations(20) == operations(3)


@pytest.mark.nightly
@pytest.mark.parametrize("skip", [False, True])
def test_a_hessian_is_symmetric_where_units_of_a_loop_are_at_exactly_zero(skip):
    # Silent units in the first layer: what they hand on is exactly 0, and so are the units after.
    net = networks.deep_mlp(4, 3, 4, 2, skip, dtype=jnp.float64, loop=True)
    params = net.init(KEY)
    params[0]["b"] -= 100.0
    flat, unravel = ravel_pytree(params)
    x = np.abs(np.random.default_rng(0).standard_normal((6, 4)))
    labels = np.arange(6) % 2
    H = jax.hessian(lambda v: networks.cross_entropy(net.apply(unravel(v), x), labels))(flat)
    assert np.abs(H).max() > 0.01
    np.testing.assert_allclose(H, H.T, atol=1e-12)


def test_a_loop_hands_nan_on():
    net = looped(depth=4)
    params = net.init(KEY)
    params[1]["W"] = params[1]["W"].at[0].set(np.nan)
    assert np.all(np.isnan(net.apply(params, BATCH)))


@pytest.mark.nightly
def test_the_start_can_be_scaled_and_moved_and_drawn_by_numpy():
    plain, moved = (
        networks.deep_mlp(64, 32, 5, scale=scale, bias_start=bias)
        for scale, bias in ((1, 0), (3, -2))
    )
    for depth, (a, b) in enumerate(zip(plain.init(KEY), moved.init(KEY), strict=True)):
        np.testing.assert_allclose(b["W"], 3 * a["W"], rtol=1e-6)
        np.testing.assert_array_equal(b["b"], a["b"] - (2 if depth < 4 else 0))
    rng = np.random.default_rng(5)
    drawn, again = moved.init(rng), np.random.default_rng(5)
    for layer, variance in zip(drawn, [2 / 64, *[2 / 32] * 3, 1 / 32], strict=True):
        normal = again.standard_normal(layer["W"].shape)
        np.testing.assert_array_equal(layer["W"], np.float32(3 * variance**0.5 * normal))
        assert layer["W"].dtype == layer["b"].dtype == np.float32


@pytest.mark.parametrize("skip", [False, True])
@pytest.mark.parametrize("loop", [False, True])
def test_active_units_are_those_that_pass_something_on(skip, loop):
    net = networks.deep_mlp(64, 8, 5, skip=skip, loop=loop, bias_start=0.1)
    params = net.init(KEY)
    on, layers = networks.active_units(params, BATCH, skip), networks.unstacked(params)
    assert [layer.shape for layer in on] == [(20, 8)] * 4
    x = BATCH
    for depth, (layer, mask) in enumerate(zip(layers[:-1], on, strict=True)):
        z = np.where(mask, x @ layer["W"] + layer["b"], 0)
        assert np.all(z >= 0)
        x = x + z if skip and depth > 0 else z
    out = x @ layers[-1]["W"] + layers[-1]["b"]
    np.testing.assert_allclose(out, net.apply(params, BATCH), atol=1e-4)


@pytest.mark.nightly
def test_active_units_of_a_perceptron_without_biases():
    net = networks.mlp([64, 6, 10], bias=False)
    (on,) = networks.active_units(params := net.init(KEY), BATCH)
    np.testing.assert_array_equal(on, BATCH @ params[0]["W"] > 0)


@pytest.mark.parametrize(
    "make, argument",
    [
        (partial(networks.deep_mlp, depth=1), "depth"),
        (partial(networks.deep_mlp, width=0), "width"),
        (partial(networks.deep_cnn, (8, 0, 1)), "image_shape"),
        (partial(networks.deep_cnn, channels=0), "channels"),
        (partial(networks.lstm, units=0), "units"),
        (partial(networks.deep_cnn, activation="Relu"), "activation"),
    ],
)
def test_bad_deep_networks_are_refused_in_one_sentence(make, argument):
    with refuses(argument):
        make()
