"""Small networks as pairs of pure functions: ``init(key) -> params`` and ``apply(params, x)``.

Parameters are a list with one ``{"W": …, "b": …}`` per layer; W has shape (fan_in, fan_out), so
a layer is ``x @ W + b`` and one unit's incoming weights are one column of W.  Convolution kernels
have shape (height, width, channels_in, channels_out).  A layer with batch normalization also has
a ``"gain"``; biases and gains are the leaves with one axis.
"""

import math
from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from .trees import check_count, check_key, is_traced


class Network(NamedTuple):
    """``init(key) -> params`` and ``apply(params, x) -> outputs`` (batch first)."""

    init: Callable
    apply: Callable


ACTIVATIONS = {
    "relu": jax.nn.relu,
    "tanh": jnp.tanh,
    "gelu": jax.nn.gelu,
    "leaky_relu": jax.nn.leaky_relu,
    "identity": lambda x: x,
}


def activation_of(activation) -> Callable:
    """The function of that name in ACTIVATIONS; a function is handed back."""
    if callable(activation):
        return activation
    if not isinstance(activation, str) or activation not in ACTIVATIONS:
        raise ValueError(
            f"activation must be a function or one of {', '.join(ACTIVATIONS)}, got {activation!r}."
        )
    return ACTIVATIONS[activation]


def _gain(activation) -> float:
    # He et al. 2015 for rectifiers, Glorot's 1 otherwise: the variance a layer passes on.
    rectifiers = ("relu", "leaky_relu", "gelu")
    return 2.0 if activation in (*rectifiers, *map(ACTIVATIONS.get, rectifiers)) else 1.0


def mlp(sizes, activation="relu", bias: bool = True, scale: float = 1.0, dtype=jnp.float32):
    """A multilayer perceptron with layer widths ``sizes``, linear in its last layer.

    Weights start as N(0, gain/fan_in)·scale² with gain 2 for rectifiers and 1 otherwise, biases
    at zero.  ``activation="identity", bias=False`` is the deep linear network of slide 34.
    """
    sizes = tuple(check_count(size, "each of sizes") for size in sizes)
    if len(sizes) < 2:
        raise ValueError(f"sizes must list at least two layer widths, got {sizes}.")
    sigma = activation_of(activation)
    gains = [_gain(activation)] * (len(sizes) - 2) + [1.0]

    def init(key):
        layers = []
        for k, gain, fan_in, fan_out in zip(
            jax.random.split(check_key(key), len(gains)), gains, sizes[:-1], sizes[1:], strict=True
        ):
            std = scale * (gain / fan_in) ** 0.5
            layer = {"W": std * jax.random.normal(k, (fan_in, fan_out), dtype)}
            layers.append(layer | {"b": jnp.zeros(fan_out, dtype)} if bias else layer)
        return layers

    def apply(params, x):
        for depth, layer in enumerate(params):
            x = x @ layer["W"]
            if "b" in layer:
                x = x + layer["b"]
            if depth < len(params) - 1:
                x = sigma(x)
        return x

    return Network(init, apply)


def deep_linear(sizes, scale: float = 1.0, dtype=jnp.float64):
    """y = W_K … W_1 x without biases (slide 34)."""
    return mlp(sizes, "identity", bias=False, scale=scale, dtype=dtype)


def cnn(
    image_shape=(8, 8, 1), channels=(8, 16), classes: int = 10, activation="relu", dtype=jnp.float32
):
    """3×3 convolutions with stride 2 and these ``channels``, then one linear layer.

    ``apply`` takes flat images (batch, height·width·channels), as ``datasets.digits`` gives them.
    """
    height, width, depth = image_shape
    sigma = activation_of(activation)
    if not channels or min(height, width, depth, classes, *channels) < 1:
        raise ValueError(
            "channels must list at least one width, and it, image_shape and classes be positive, "
            f"but got {tuple(channels)}, {tuple(image_shape)} and {classes}."
        )
    fan_ins = (depth, *channels[:-1])
    for _ in channels:
        height, width = -(-height // 2), -(-width // 2)
    features = height * width * channels[-1]

    def init(key):
        *keys, last = jax.random.split(check_key(key), len(channels) + 1)
        layers = []
        for k, fan_in, fan_out in zip(keys, fan_ins, channels, strict=True):
            std = (_gain(activation) / (9 * fan_in)) ** 0.5
            kernel = std * jax.random.normal(k, (3, 3, fan_in, fan_out), dtype)
            layers.append({"W": kernel, "b": jnp.zeros(fan_out, dtype)})
        head = jax.random.normal(last, (features, classes), dtype) / features**0.5
        return [*layers, {"W": head, "b": jnp.zeros(classes, dtype)}]

    def apply(params, x):
        x = x.reshape(-1, *image_shape)
        for layer in params[:-1]:
            x = sigma(_conv(x, layer["W"], stride=2) + layer["b"])
        head = params[-1]
        return x.reshape(len(x), -1) @ head["W"] + head["b"]

    return Network(init, apply)


def deep_mlp(
    inputs: int = 64,
    width: int = 32,
    depth: int = 16,
    classes: int = 10,
    skip: bool = False,
    normalize: bool = False,
    activation="relu",
    dtype=jnp.float32,
    *,
    scale: float = 1.0,
    bias_start: float = 0.0,
    loop: bool = False,
):
    """``depth`` weight layers of one ``width``, plain or with skips or batch normalization.

    For ``skip`` and ``normalize`` see :func:`deep_cnn`.  All weights start ``scale`` times larger,
    the biases of the hidden units at ``bias_start``.

    ``loop`` runs the equal layers, all but the first and the last, as one compiled loop: twenty
    layers compile as quickly as three.  The parameters are then three layers, the middle one with
    all the equal ones on a leading axis (`unstacked` makes a list of ``depth`` of them), and
    networks that differ in their sizes or starts alone share one ``apply``: what is compiled for
    one shape is not compiled again for another start.
    """
    if depth < 2 or min(inputs, width, classes) < 1:
        raise ValueError(
            "depth must be at least 2 and inputs, width, classes at least 1, but got depth "
            f"{depth}, inputs {inputs}, width {width}, classes {classes}."
        )
    shapes = [(inputs, width), *[(width, width)] * (depth - 2), (width, classes)]
    layers = [(_same, shape, jnp.matmul) for shape in shapes]
    network = _stack(layers, skip, normalize, activation, dtype, scale, bias_start)
    if not loop:
        return network
    empty = {"W": np.zeros((0, width, width), dtype), "b": np.zeros((0, width), dtype)}
    if normalize:
        empty["gain"] = empty["b"]
    return Network(lambda key: _stacked(network.init(key), empty), _looped(activation, skip))


def _stacked(layers, empty):
    """First layer, all equal ones on a leading axis (``empty`` if there are none), and last."""
    first, *equal, last = layers
    stack = jnp.stack if is_traced(equal) else np.stack  # numpy compiles nothing
    middle = jax.tree.map(lambda *leaves: stack(leaves), *equal) if equal else empty
    return [first, jax.device_put(middle), last]


def unstacked(params) -> list:
    """One layer per entry, also of the parameters of a :func:`deep_mlp` with ``loop``."""
    layers = []
    for layer in params:
        if np.ndim(layer.get("b", 0)) < 2:
            layers.append(layer)
        else:
            layers += [
                {name: leaf[k] for name, leaf in layer.items()} for k in range(len(layer["b"]))
            ]
    return layers


def deep_cnn(
    image_shape=(8, 8, 1),
    channels: int = 16,
    classes: int = 10,
    skip: bool = False,
    normalize: bool = False,
    activation="relu",
    dtype=jnp.float32,
):
    """Six weight layers for small images: five 3×3 convolutions and a linear one.

    The first convolution and a 2×2 mean in the middle halve the image.  ``apply`` takes flat
    images (batch, height·width·channels).

    ``skip`` adds to a layer's output its input (He et al. 2015, arXiv 1512.03385), wherever the
    two have one shape; the weights of these layers then start smaller by 1/√(their number), so
    that the sum does not grow with depth.

    ``normalize`` is batch normalization (Ioffe & Szegedy 2015, arXiv 1502.03167) *in its training
    mode*: before its activation each unit is brought to mean 0 and variance 1 over the batch it
    sees, then scaled by ``"gain"`` and shifted by ``"b"``.  No running average is kept, so the
    output is a pure function of the parameters and the batch: one image's output depends on the
    images beside it, and a batch of one is a constant.  Compare losses on one and the same batch.
    """
    height, width, depth = image_shape
    if min(height, width, depth, channels, classes) < 1:
        raise ValueError(
            f"image_shape, channels and classes must be positive, but got {tuple(image_shape)}, "
            f"{channels} and {classes}."
        )
    for _ in range(2):
        height, width = -(-height // 2), -(-width // 2)
    inner, head = (3, 3, channels, channels), (height * width * channels, classes)
    layers = [
        (lambda x: x.reshape(-1, *image_shape), (3, 3, depth, channels), partial(_conv, stride=2)),
        (_same, inner, _conv),
        (_same, inner, _conv),
        (_pool, inner, _conv),
        (_same, inner, _conv),
        (lambda x: x.reshape(len(x), -1), head, jnp.matmul),
    ]
    return _stack(layers, skip, normalize, activation, dtype)


def _stack(layers, skip, normalize, activation, dtype, scale=1.0, bias_start=0.0):
    """A network of ``layers``, each (what prepares its input, shape of W, product of x and W).

    Its ``init`` also takes a numpy Generator, which draws layer after layer and, unlike a key,
    compiles nothing for a new shape.
    """
    sigma, gain, last = activation_of(activation), _gain(activation), len(layers) - 1

    def init(key):
        shapes = [shape for _, shape, _ in layers]
        params = []
        for depth, (shape, normal) in enumerate(
            zip(shapes, _normals(key, shapes, dtype), strict=True)
        ):
            variance = (gain if depth < last else 1.0) / math.prod(shape[:-1])
            if skip and 0 < depth < last:
                variance /= last - 1
            # Made by numpy, what numpy drew compiles nothing.
            array = np if isinstance(normal, np.ndarray) else jnp
            layer = {
                "W": array.asarray(scale * variance**0.5 * normal, dtype),
                "b": np.full(shape[-1], bias_start if depth < last else 0.0, dtype),
            }
            if normalize and depth < last:
                layer["gain"] = jnp.ones(shape[-1], dtype)
            params.append(jax.device_put(layer))
        return params

    def apply(params, x):
        for depth, (layer, (prepare, _, product)) in enumerate(zip(params, layers, strict=True)):
            x = prepare(x)
            z = _before_activation(layer, x, product)
            if depth < last:
                z = sigma(z)
                if skip and depth > 0:
                    z = x + z
            x = z
        return x

    return Network(init, apply)


def _normals(key, shapes, dtype):
    """One array of standard normal draws for each shape, from a JAX key or a numpy Generator."""
    if isinstance(key, np.random.Generator):
        return [key.standard_normal(shape) for shape in shapes]
    keys = jax.random.split(check_key(key), len(shapes))
    return [jax.random.normal(k, shape, dtype) for k, shape in zip(keys, shapes, strict=True)]


def _before_activation(layer, x, product=jnp.matmul):
    z = product(x, layer["W"])
    if "gain" in layer:
        z = layer["gain"] * _standardize(z)
    return z + layer["b"]


@lru_cache(maxsize=16)
def _looped(activation, skip):
    """``apply`` of a perceptron whose layers between the first and the last are equal: one loop."""
    # With jax.nn.relu inside a scan the Hessian came out unsymmetric (JAX 0.10) where units are at
    # exactly 0, as those are that get no input and have no bias; with a plain `where` it does not.
    rectifies = activation in ("relu", jax.nn.relu)
    sigma = _plain_relu if rectifies else activation_of(activation)

    def apply(params, x):
        def layer(x, one):
            z = sigma(_before_activation(one, x))
            return x + z if skip else z, None

        first, equal, last = params
        x, _ = jax.lax.scan(layer, sigma(_before_activation(first, x)), equal)
        return _before_activation(last, x)

    return apply


def _plain_relu(z):
    return jnp.where(z <= 0, 0, z)  # and not z > 0, which would turn NaN into 0


def active_units(params, x, skip: bool = False) -> list[np.ndarray]:
    """Which hidden units of a ReLU perceptron are on at which example: bool (examples, width) each.

    For the parameters of :func:`mlp` and of :func:`deep_mlp` (with its ``skip``, not with batch
    normalization), one array per hidden layer; in numpy, so that nothing is compiled.
    """
    found, x = [], np.asarray(x)
    for depth, layer in enumerate(unstacked(jax.tree.map(np.asarray, params))[:-1]):
        z = x @ layer["W"] + layer.get("b", 0)
        found.append(z > 0)
        x = np.maximum(z, 0) + (x if skip and depth > 0 else 0)
    return found


def _same(x):
    return x


def _conv(x, kernel, stride: int = 1):
    return jax.lax.conv_general_dilated(
        x, kernel, (stride, stride), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")
    )


def _pool(x):
    """The mean of each 2×2 square; at an odd edge, of the pixels that are there."""
    square = (1, 2, 2, 1)

    def total(values):
        return jax.lax.reduce_window(values, 0.0, jax.lax.add, square, square, "SAME")

    return total(x) / total(jnp.ones((1, *x.shape[1:3], 1), x.dtype))


def _standardize(z, epsilon=1e-5):
    axes = tuple(range(z.ndim - 1))  # over the batch and, for images, over all places
    return (z - jnp.mean(z, axes)) / jnp.sqrt(jnp.var(z, axes) + epsilon)


def lstm(image_shape=(8, 8), units: int = 32, classes: int = 10, dtype=jnp.float32):
    """Reads an image row by row, keeping notes: a long short-term memory, then one linear layer.

    At each row the cell computes from the row and its last output three gates between 0 and 1 and
    a candidate: memory ← forget·memory + input·candidate, output = out·tanh(memory) (Hochreiter &
    Schmidhuber 1997).  Parameters: ``[{"W": (row + units, 4·units), "b"}, {"W", "b"}]``, the four
    in the order input, forget, out, candidate; the forget bias starts at 1, so that it remembers.
    ``apply`` takes flat images (batch, rows·row).
    """
    rows, row = image_shape
    if min(rows, row, units, classes) < 1:
        raise ValueError(
            f"image_shape, units and classes must be positive, but got {tuple(image_shape)}, "
            f"{units} and {classes}."
        )

    def init(key):
        cell, head = jax.random.split(check_key(key))
        fan_in = row + units
        bias = jnp.zeros(4 * units, dtype).at[units : 2 * units].set(1.0)
        return [
            {"W": jax.random.normal(cell, (fan_in, 4 * units), dtype) / fan_in**0.5, "b": bias},
            {
                "W": jax.random.normal(head, (units, classes), dtype) / units**0.5,
                "b": jnp.zeros(classes, dtype),
            },
        ]

    def apply(params, x):
        cell, head = params
        x = x.reshape(-1, rows, row)

        def read(state, line):
            output, memory = state
            z = jnp.concatenate([line, output], axis=1) @ cell["W"] + cell["b"]
            gates, candidate = jax.nn.sigmoid(z[:, : 3 * units]), jnp.tanh(z[:, 3 * units :])
            take, keep, tell = jnp.split(gates, 3, axis=1)
            memory = keep * memory + take * candidate
            return (tell * jnp.tanh(memory), memory), None

        nothing = jnp.zeros((len(x), units), jnp.result_type(x, cell["W"]))
        (output, _), _ = jax.lax.scan(read, (nothing, nothing), jnp.swapaxes(x, 0, 1))
        return output @ head["W"] + head["b"]

    return Network(init, apply)


def cross_entropy(logits, labels):
    """Mean of -log softmax(logits)[label]; logits (batch, classes), integer labels (batch,)."""
    log_p = jax.nn.log_softmax(logits)
    return -jnp.mean(jnp.take_along_axis(log_p, labels[:, None], axis=1))


def accuracy(logits, labels):
    """The share of rows whose largest logit sits at the label."""
    return jnp.mean(jnp.argmax(logits, axis=-1) == labels)
