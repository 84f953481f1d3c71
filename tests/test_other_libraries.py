"""The instruments on models of Flax, Equinox, optax and PyTorch's layout, with and without x64."""

import itertools
import json
import os
import pathlib
import subprocess
import sys

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from flax import linen as nn
from flax import nnx
from unit_helpers import refuses

import lecture_utils as lu
from lecture_utils import layouts, networks
from lecture_utils.networks import cross_entropy

pytestmark = pytest.mark.nightly  # five libraries' models are slow to compile

ROOT = pathlib.Path(__file__).resolve().parents[1]
X = np.random.default_rng(0).standard_normal((20, 16)).astype("float32")
Y = np.arange(20) % 3
KEY = jax.random.key(0)


def linen(model, x=X):
    """(loss, variables) of a Flax model."""
    variables = model.init(KEY, x)
    return lambda v: cross_entropy(_at_least_float32(model.apply(v, x)), Y), variables


def _at_least_float32(x):
    return x.astype(jnp.promote_types(x.dtype, jnp.float32))


def dense(dtype=None, param_dtype=jnp.float32):
    """Two dense layers."""
    return nn.Sequential(
        [
            nn.Dense(4, dtype=dtype, param_dtype=param_dtype),
            nn.tanh,
            nn.Dense(3, dtype=dtype, param_dtype=param_dtype),
        ]
    )


class Recurrent(nn.Module):
    """A cell whose first state is float32, whatever its parameters become."""

    @nn.compact
    def __call__(self, x):
        return nn.Dense(3)(nn.RNN(nn.LSTMCell(2))(x.reshape(-1, 4, 4))[:, -1])


def courses_cnn():
    """The package's own convolutions on images that stay float32."""
    net = networks.cnn((4, 4, 1), (2, 3), 3)
    return lambda p: cross_entropy(net.apply(p, X), Y), net.init(KEY)


# --- models that fix their own precision ---

LOW = {
    "float32 layers": (lambda: linen(dense(jnp.float32)), "float32", 1e-3),
    "bfloat16 layers": (lambda: linen(dense(jnp.bfloat16)), "bfloat16", 0.1),
    "float16 layers": (lambda: linen(dense(jnp.float16)), "float16", 0.02),
    "recurrent": (lambda: linen(Recurrent()), "float32", 1e-3),
    "the course's cnn": (courses_cnn, "float32", 1e-3),
    "float64": (lambda: linen(dense(jnp.float64, jnp.float64)), "float64", 1e-9),
    "plain": (lambda: linen(dense()), "float64", 1e-3),
}


@pytest.mark.parametrize("name", LOW)
def test_models_that_fix_their_own_precision_are_read_in_it(name):
    make, precision, close = LOW[name]
    loss, params = make()
    matrix = np.asarray(lu.hessian(loss, params), dtype=float)
    truth = np.linalg.eigvalsh((matrix + matrix.T) / 2)
    values = lu.hessian_eigh(loss, params).eigenvalues
    assert str(values.dtype) == precision
    scale = np.abs(truth).max()
    np.testing.assert_allclose(values.astype(float), truth, atol=close * scale)
    top = lu.top_eigenpairs(loss, params, 2, "largest", tol=1e-4)
    np.testing.assert_allclose(top.eigenvalues, truth[[-1, -2]], atol=close * scale)
    page = lu.report(loss, params, learning_rate=0.1)
    assert page.precision == precision
    assert page.sharpness == pytest.approx(truth[-1], rel=close)
    assert any(precision in sentence for sentence in page.sentences) == (precision != "float64")
    # Rounding is not counted as curvature: in the dtype of the values, zero begins where it ends.
    assert lu.nullity(values) + lu.index(values) <= len(values)
    assert lu.index(values) == page.index
    step = lu.saddle_free_newton_step(loss, params, damping=1.0)
    assert jax.tree.structure(step) == jax.tree.structure(params)


def test_the_dtype_can_be_asked_for():
    loss, params = linen(dense())
    for dtype in (jnp.float32, jnp.float64):
        assert lu.hessian(loss, params, dtype=dtype).dtype == dtype
        assert lu.hessian_eigh(loss, params, dtype=dtype).eigenvalues.dtype == dtype
        assert lu.report(loss, params, dtype=dtype).precision == np.dtype(dtype).name
        line = lu.line_profile(loss, params, params, [0.0, 1.0], dtype=dtype)
        assert line.shape == (2,)
    loss, params = linen(Recurrent())
    with refuses("loss"):
        lu.hessian_eigh(loss, params, dtype=jnp.float64)


# --- leaves that are no weights ---


def test_running_means_are_held_and_named():
    model = nn.Sequential([nn.Dense(4), nn.BatchNorm(use_running_average=True), nn.Dense(3)])
    loss, v = linen(model)
    size = sum(leaf.size for leaf in jax.tree.leaves(v["params"]))
    page = lu.report(loss, v)
    assert page.size == size and page.held == {"batch_stats": 8}
    assert any("batch_stats (8 numbers)" in sentence for sentence in page.sentences)
    assert lu.hessian(loss, v).shape == (size, size)
    alone = lu.hessian(lambda p: loss({**v, "params": p}), v["params"])
    np.testing.assert_allclose(lu.hessian(loss, v), alone)
    slope = lu.gradient(loss, v)
    assert not any(np.any(leaf) for leaf in jax.tree.leaves(slope["batch_stats"]))
    d = lu.filter_normalize(lu.random_direction(KEY, v), v, keep_vectors=True)
    line = lu.line_profile(loss, v, jax.tree.map(jnp.add, v, d), np.linspace(-2, 2, 5))
    assert np.all(np.isfinite(line)) and np.ptp(line) > 0
    run = lu.trajectory(loss, v, optax.adamw(0.1, weight_decay=0.1), 3)
    for path, leaf in zip(
        *map(jax.tree.leaves, (run.params["batch_stats"], v["batch_stats"])), strict=True
    ):
        np.testing.assert_array_equal(path, np.broadcast_to(leaf, path.shape))
    assert float(run.losses[-1]) < float(run.losses[0])


def test_a_line_between_two_trained_networks_moves_their_statistics_too():
    model = nn.Sequential([nn.Dense(4), nn.BatchNorm(use_running_average=True), nn.Dense(3)])
    loss, a = linen(model)
    b = jax.tree.map(lambda leaf: 1.5 * leaf + 0.1, a)
    ends = lu.line_profile(loss, a, b, [0.0, 1.0])
    np.testing.assert_allclose(ends, [loss(a), loss(b)], rtol=1e-5)


class Small(nnx.Module):
    """A module of nnx with statistics."""

    def __init__(self, rngs, dropout=False):
        self.first = nnx.Linear(16, 4, rngs=rngs)
        self.norm = nnx.BatchNorm(4, use_running_average=True, rngs=rngs)
        self.last = nnx.Linear(4, 3, rngs=rngs)
        if dropout:
            self.dropout = nnx.Dropout(0.5, rngs=rngs)

    def __call__(self, x):
        return self.last(self.norm(self.first(x)))


@pytest.mark.parametrize("dropout", [False, True], ids=["statistics", "and keys, counters"])
def test_variables_of_nnx_that_are_no_weights_are_held(dropout):
    model = Small(nnx.Rngs(0), dropout)
    graph, state = nnx.split(model)
    loss = lambda s: cross_entropy(nnx.merge(graph, s)(X), Y)  # noqa: E731
    page = lu.report(loss, state)
    weights = nnx.state(model, nnx.Param)
    assert page.size == sum(leaf.size for leaf in jax.tree.leaves(weights))
    assert "norm" in " ".join(page.held)
    assert {n: total for n, (_, total) in page.silent.items()} == {
        "first/kernel/value": 4, "last/kernel/value": 3,
    } or [total for _, total in page.silent.values()] == [4, 3]  # fmt: skip
    direction = lu.random_direction(KEY, state)
    assert not np.any(jax.tree.leaves(direction["norm"]["mean"])[0])


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        ({"mask": np.ones(3, bool)}, "mask"),
        ({"step": 3}, "step"),
        ({"key": jax.random.key(0)}, "key"),
        ({"activation": jnp.tanh}, "activation"),
    ],
)
def test_other_leaves_that_are_no_weights_are_named(extra, named):
    params = {"W": jnp.ones((2, 2)), **extra}
    for function in (lu.gradient, lu.hessian_eigh, lu.report):
        with refuses(named):
            function(lambda p: jnp.sum(p["W"] ** 2), params)
    loss = lambda p: jnp.sum(p["W"] ** 2)  # noqa: E731
    np.testing.assert_allclose(lu.gradient(loss, {"W": jnp.ones(2), "none": None})["W"], 2)


# --- layouts ---


def lengths(leaf, axis):
    """The lengths of the units' incoming weights."""
    units = np.moveaxis(np.asarray(leaf, float), axis, 0)
    return np.linalg.norm(units.reshape(len(units), -1), axis=1)


def arrays(module):
    """The weights of an Equinox module."""
    return eqx.partition(module, eqx.is_inexact_array)[0]


PLACES = {
    "equinox linear": (lambda: arrays(eqx.nn.Linear(5, 3, key=KEY)), lambda p: p.weight, 0),
    "equinox square": (lambda: arrays(eqx.nn.Linear(4, 4, key=KEY)), lambda p: p.weight, 0),
    "equinox conv": (lambda: arrays(eqx.nn.Conv2d(2, 5, 3, key=KEY)), lambda p: p.weight, 0),
    "equinox mlp": (
        lambda: arrays(eqx.nn.MLP(4, 2, 6, 1, key=KEY)), lambda p: p.layers[0].weight, 0,
    ),
    "pytorch": (
        lambda: {"0.weight": jax.random.normal(KEY, (6, 4)), "0.bias": jnp.ones(6)},
        lambda p: p["0.weight"], 0,
    ),
    "pytorch transposed": (
        lambda: {"up.weight": jax.random.normal(KEY, (6, 4, 3, 3)), "up.bias": jnp.ones(4)},
        lambda p: p["up.weight"], 1,
    ),
    "flax dense": (
        lambda: nn.Dense(4).init(KEY, X), lambda p: p["params"]["kernel"], -1,
    ),
    "flax conv": (
        lambda: nn.Conv(5, (3, 3)).init(KEY, X.reshape(-1, 4, 4, 1)),
        lambda p: p["params"]["kernel"], -1,
    ),
    "haiku": (
        lambda: {"linear": {"w": jax.random.normal(KEY, (4, 6)), "b": jnp.ones(6)}},
        lambda p: p["linear"]["w"], -1,
    ),
    "the course": (lambda: networks.mlp([4, 6]).init(KEY), lambda p: p[0]["W"], -1),
    "names that tell nothing": (
        lambda: {"m": jax.random.normal(KEY, (6, 4)), "bias": jnp.ones(6)}, lambda p: p["m"], 0,
    ),
    "a bare array": (lambda: jax.random.normal(KEY, (6, 4)), lambda p: p, -1),
}  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_filters_are_found_in_every_library_s_layout(name):
    make, weight_of, axis = PLACES[name]
    params = make()
    direction = lu.filter_normalize(lu.random_direction(jax.random.key(1), params), params)
    np.testing.assert_allclose(
        lengths(weight_of(direction), axis), lengths(weight_of(params), axis), rtol=1e-5
    )
    biases = [
        leaf for leaf in jax.tree.leaves(direction) if leaf.ndim == 1 or leaf.shape[1:] == (1, 1)
    ]
    assert not any(np.any(leaf) for leaf in biases)


def test_several_axes_of_units_are_one_unit_each():
    params = nn.DenseGeneral((2, 3)).init(KEY, X)
    direction = lu.filter_normalize(lu.random_direction(jax.random.key(1), params), params)
    got, wanted = (
        np.linalg.norm(np.asarray(p["params"]["kernel"]), axis=0) for p in (direction, params)
    )
    np.testing.assert_allclose(got, wanted, rtol=1e-5)


def test_the_layout_can_be_said():
    params = jax.random.normal(KEY, (6, 4))
    direction = lu.filter_normalize(jnp.ones((6, 4)), params, unit_axis=0)
    np.testing.assert_allclose(lengths(direction, 0), lengths(params, 0), rtol=1e-5)
    for function in (
        lambda: lu.filter_normalize(params, params, unit_axis=2),
        lambda: lu.report(lambda p: jnp.sum(p**2), params, unit_axis="rows"),
    ):
        with refuses("unit_axis"):
            function()


def test_the_report_counts_units_where_they_are():
    layer = arrays(eqx.nn.Linear(5, 3, key=KEY))
    page = lu.report(lambda p: jnp.sum((p.weight[:2] @ jnp.ones(5)) ** 2), layer)
    assert list(page.silent.values()) == [(1, 3)]


def shuffled(params, seed):
    """The same network with its hidden units in another order, by the layers of `layouts`."""
    rng, layers = np.random.default_rng(seed), layouts.chain(params)
    leaves, structure = jax.tree.flatten(params)
    leaves = [np.asarray(leaf) for leaf in leaves]
    for layer, after in itertools.pairwise(layers):
        count = leaves[layer.weight].shape[layer.units]
        order = rng.permutation(count)
        leaves[layer.weight] = np.take(leaves[layer.weight], order, layer.units)
        for k in layer.vectors:
            leaves[k] = leaves[k].reshape(-1)[order].reshape(leaves[k].shape)
        rows = np.arange(leaves[after.weight].shape[after.inputs])
        if after.units > after.inputs:
            rows = rows.reshape(-1, count)[:, order].ravel()
        else:
            rows = rows.reshape(count, -1)[order].ravel()
        leaves[after.weight] = np.take(leaves[after.weight], rows, after.inputs)
    return jax.tree.unflatten(structure, leaves)


class Images(nn.Module):
    """Convolutions, then dense layers, as Flax flattens them: channels last."""

    @nn.compact
    def __call__(self, x):
        x = x.reshape(-1, 4, 4, 1)
        for width in (5, 6):
            x = nn.relu(nn.Conv(width, (3, 3))(x))
        x = nn.relu(nn.Dense(7)(x.reshape(len(x), -1)))
        return nn.Dense(3)(x)


class ImagesFirst(eqx.Module):
    """The same in Equinox: channels first."""

    layers: list

    def __init__(self):
        self.layers = [
            eqx.nn.Conv2d(1, 5, 3, key=KEY),
            eqx.nn.Conv2d(5, 4, 2, key=KEY),
            eqx.nn.Linear(4, 6, key=KEY),
            eqx.nn.Linear(6, 3, key=KEY),
        ]

    def __call__(self, x):
        x = x.reshape(1, 4, 4)
        x = jax.nn.relu(self.layers[0](x))
        x = jax.nn.relu(self.layers[1](x))
        x = jax.nn.relu(self.layers[2](x.ravel()))
        return self.layers[3](x)


def deep_flax():
    """Twelve layers: Dense_10 stands before Dense_2 in a dictionary."""

    class Deep(nn.Module):
        @nn.compact
        def __call__(self, x):
            for width in (5, 6, 7, 5, 6, 7, 5, 6, 7, 5, 6):
                x = nn.tanh(nn.Dense(width)(x))
            return nn.Dense(3)(x)

    return Deep()


def equinox(module):
    """(parameters, outputs of them) of an Equinox module."""
    params, rest = eqx.partition(module, eqx.is_inexact_array)
    return params, lambda p: jax.vmap(eqx.combine(p, rest))(X.astype(float))


def flax(model):
    """(parameters, outputs of them) of a Flax model."""
    return model.init(KEY, X), lambda p: model.apply(p, X)


def course(net):
    """(parameters, outputs of them) of a network of the course."""
    return net.init(KEY), lambda p: net.apply(p, X)


@pytest.mark.parametrize(
    "make",
    [
        lambda: course(networks.mlp([16, 8, 6, 3])),
        lambda: course(networks.cnn((4, 4, 1), (5, 6), 3)),
        lambda: flax(Images()),
        lambda: equinox(eqx.nn.MLP(16, 3, 7, 2, key=KEY)),
        lambda: equinox(ImagesFirst()),
    ],
    ids=["mlp", "cnn", "flax images", "equinox mlp", "equinox images"],
)
def test_units_are_aligned_in_every_library_s_layout(make):
    params, outputs = make()
    other = shuffled(params, 3)
    np.testing.assert_allclose(outputs(other), outputs(params), atol=1e-5)
    pairs = zip(jax.tree.leaves(other), jax.tree.leaves(params), strict=True)
    assert not all(np.allclose(ours, theirs) for ours, theirs in pairs)
    back = lu.align_neurons(other, params)
    jax.tree.map(np.testing.assert_array_equal, back, params)
    stranger = jax.tree.map(lambda leaf: leaf + 0.3 * jnp.sin(37 * leaf + 1), params)
    np.testing.assert_allclose(
        outputs(lu.align_neurons(stranger, params)), outputs(stranger), atol=1e-4
    )


def test_layers_are_taken_in_the_order_of_their_numbers():
    params, outputs = flax(deep_flax())
    widths = [jax.tree.leaves(params)[layer.weight].shape[-1] for layer in layouts.chain(params)]
    assert widths == [5, 6, 7, 5, 6, 7, 5, 6, 7, 5, 6, 3]
    other = shuffled(params, 0)
    np.testing.assert_allclose(outputs(lu.align_neurons(other, params)), outputs(params), atol=1e-5)


def test_a_network_that_is_no_chain_is_refused_by_name():
    for model in (
        nn.Sequential([nn.Dense(4), nn.LayerNorm(), nn.Dense(3)]),
        nn.Sequential([nn.Dense(4), nn.BatchNorm(use_running_average=True), nn.Dense(3)]),
    ):
        v = model.init(KEY, X)
        with refuses("reference"):
            lu.align_neurons(v, v)


# --- optimizers of optax ---


def square(p):
    """Its minimum is at 1."""
    return jnp.sum((p - 1) ** 2)


@pytest.mark.parametrize(
    "make",
    [
        optax.lbfgs,
        optax.polyak_sgd,
        lambda: optax.chain(optax.sgd(0.1), optax.contrib.reduce_on_plateau()),
    ],
    ids=["lbfgs", "polyak", "plateau"],
)
def test_optimizers_that_ask_for_the_loss_get_it(make):
    run = lu.trajectory(square, jnp.zeros(3), make(), 20)
    assert float(run.losses[-1]) < 1e-3
    batches = lu.train(
        lambda p, batch: square(p) + 0 * jnp.sum(batch), jnp.zeros(3), np.zeros(4), make(),
        epochs=10, batch_size=2, seed=0,
    )  # fmt: skip
    assert batches.losses[-1] < 1e-2


@pytest.mark.parametrize(
    "make", [optax.sgd, optax.adam, lambda rate: optax.sgd(rate, momentum=0.9)]
)
def test_a_rate_of_numpy_does_not_promote_float32_weights(make):
    ours = [
        lu.trajectory(square, jnp.zeros(3, jnp.float32), make(rate), 5)
        for rate in (0.1, np.float64(0.1))
    ]
    assert all(run.params.dtype == jnp.float32 for run in ours)
    np.testing.assert_allclose(ours[1].losses, ours[0].losses, rtol=1e-6)


# --- nothing global ---

SCRIPT = """
import json, jax, jax.numpy as jnp, numpy as np
before = {k: str(v) for k, v in jax.config.values.items()}
import lecture_utils as lu
from lecture_utils import networks
from flax import linen as nn
X = np.random.default_rng(0).standard_normal((20, 16)).astype("float32")
Y = np.arange(20) % 3
model = nn.Sequential([nn.Dense(4), nn.relu, nn.Dense(3)])
p = model.init(jax.random.key(0), X)
L = lambda p: networks.cross_entropy(model.apply(p, X), Y)
wide = lambda tree: np.concatenate([np.ravel(np.asarray(l, float)) for l in jax.tree.leaves(tree)])
values, vectors = lu.hessian_eigh(L, p)
page = lu.report(L, p, learning_rate=0.1)
large = lu.report(L, p, most=10)
starts = jax.tree.map(lambda leaf: jnp.stack([leaf, 2 * leaf]), p)
points = lu.find_critical_points(L, starts, 3)
found = {
    "eigenvalues": values.tolist(), "dtype": str(values.dtype),
    "top": lu.top_eigenpairs(L, p, 2, "largest").eigenvalues.tolist(),
    "sharpness": page.sharpness, "index": page.index, "line": page.line[1].tolist(),
    "large": large.eigenvalues.tolist(),
    "gradient": wide(lu.gradient(L, p)).tolist(),
    "gradient dtype": str(jax.tree.leaves(lu.gradient(L, p))[0].dtype),
    "hessian dtype": str(lu.hessian(L, p).dtype),
    "newton": wide(lu.saddle_free_newton_step(L, p, 1.0)).tolist(),
    "newton dtype": str(jax.tree.leaves(lu.saddle_free_newton_step(L, p, 1.0))[0].dtype),
    "escape": wide(lu.escape_direction(L, p)).tolist(),
    "points": points.eigenvalues.tolist(),
    "plane": lu.plane_profile(L, p, p, p, [0.0, 0.5]).tolist(),
    "run": np.asarray(lu.trajectory(L, p, lu.adam(0.1), 3).losses).tolist(),
    "double": wide(lu.gradient(L, p, dtype=jnp.float64)).tolist(),
    "mass": float(np.trapezoid(*lu.spectral_density(L, p, jax.random.key(0))[::-1])),
}
after = {k: str(v) for k, v in jax.config.values.items()}
found["changed"] = [k for k in before if before[k] != after.get(k)]
found["plain"] = str((jnp.ones(2) / 3).dtype)
print(json.dumps(found))
"""


def in_a_process(x64):
    """What the script finds with x64 off or on."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "JAX_ENABLE_X64": x64,
    }
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", SCRIPT],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_importing_and_using_the_library_changes_nothing_and_finds_the_same():
    off, on = in_a_process("0"), in_a_process("1")
    assert off["changed"] == on["changed"] == []
    assert (off["plain"], on["plain"]) == ("float32", "float64")
    assert off["dtype"] == on["dtype"] == "float64"
    assert off["gradient dtype"] == off["newton dtype"] == off["hessian dtype"] == "float32"
    assert off["index"] == on["index"]
    close = {"line": 1e-6, "gradient": 1e-5, "run": 1e-5, "plane": 1e-5}
    for name in ("eigenvalues", "top", "sharpness", "large", "line", "gradient", "newton",
                 "escape", "points", "plane", "run", "double"):  # fmt: skip
        tolerance = close.get(name, 1e-6)
        np.testing.assert_allclose(
            off[name], on[name], rtol=tolerance, atol=tolerance, err_msg=name
        )
    assert off["mass"] == pytest.approx(1, abs=1e-3)
    np.testing.assert_allclose(off["double"], off["gradient"], atol=1e-6)
    assert off["double"] != off["gradient"], "float64 is more than float32"
