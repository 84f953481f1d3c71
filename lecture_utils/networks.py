"""Small networks as pairs of pure functions: ``init(key) -> params`` and ``apply(params, x)``.

Parameters are a list with one ``{"W": …, "b": …}`` per layer; W has shape (fan_in, fan_out), so
a layer is ``x @ W + b`` and one unit's incoming weights are one column of W.  Convolution kernels
have shape (height, width, channels_in, channels_out).
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp


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


def _activation(activation) -> Callable:
    if callable(activation):
        return activation
    if activation not in ACTIVATIONS:
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
    sizes = tuple(int(size) for size in sizes)
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes must list at least two positive layer widths, got {sizes}.")
    sigma = _activation(activation)
    gains = [_gain(activation)] * (len(sizes) - 2) + [1.0]

    def init(key):
        layers = []
        for k, gain, fan_in, fan_out in zip(
            jax.random.split(key, len(gains)), gains, sizes[:-1], sizes[1:], strict=True
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
    sigma = _activation(activation)
    if not channels:
        raise ValueError("channels must list at least one convolution's width, got none.")
    fan_ins = (depth, *channels[:-1])
    for _ in channels:
        height, width = -(-height // 2), -(-width // 2)
    features = height * width * channels[-1]

    def init(key):
        *keys, last = jax.random.split(key, len(channels) + 1)
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
            x = jax.lax.conv_general_dilated(
                x, layer["W"], (2, 2), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")
            )
            x = sigma(x + layer["b"])
        head = params[-1]
        return x.reshape(len(x), -1) @ head["W"] + head["b"]

    return Network(init, apply)


def cross_entropy(logits, labels):
    """Mean of -log softmax(logits)[label]; logits (batch, classes), integer labels (batch,)."""
    log_p = jax.nn.log_softmax(logits)
    return -jnp.mean(jnp.take_along_axis(log_p, labels[:, None], axis=1))


def accuracy(logits, labels):
    """The share of rows whose largest logit sits at the label."""
    return jnp.mean(jnp.argmax(logits, axis=-1) == labels)
