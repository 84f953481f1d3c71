"""Which axis of a weight array counts the units: every library has its own order.

A layer is ``x @ W`` here, in Flax and in Haiku, with the units on the last axis, and ``W @ x`` in
Equinox and PyTorch, with the units on the first.  Where the names in a pytree or the size of a
bias tell which, nobody has to say it.
"""

import re
from typing import NamedTuple

import jax
import numpy as np

from .trees import are_weights, is_float

FIRST = {"weight", "weight_ih", "weight_hh", "weight_ih_l0", "weight_hh_l0"}  # Equinox, PyTorch
VECTORS = {"b", "bias", "bias_n", "gain", "scale", "offset", "beta", "gamma"}


def unit_axes(params, unit_axis: int | None = None) -> list[tuple[int, ...] | None]:
    """For each leaf the axes that count units, or None for a vector and for what is held.

    ``unit_axis`` is -1 or 0 to say it for all, None to find out.
    """
    if unit_axis not in (None, -1, 0):
        raise ValueError(f"unit_axis must be -1, 0 or None, but is {unit_axis!r}.")
    leaves = {_name(path): leaf for path, leaf in jax.tree_util.tree_leaves_with_path(params)}
    return [
        _axes(name, leaf, leaves, unit_axis) if weight and is_float(leaf) else None
        for (name, leaf), weight in zip(leaves.items(), are_weights(params), strict=True)
    ]


def is_vector(path_name: tuple[str, ...], leaf) -> bool:
    """Biases and the parameters of normalization layers, whatever their shape."""
    return np.ndim(leaf) < 2 or path_name[-1] in VECTORS


def _axes(name, leaf, leaves, unit_axis):
    if is_vector(name, leaf):
        return None
    ndim = np.ndim(leaf)
    if unit_axis is not None:
        return (unit_axis % ndim,)
    last = (ndim - 1,)
    bias = next((leaves[(*name[:-1], b)] for b in ("bias", "b") if (*name[:-1], b) in leaves), None)
    shape, units = np.shape(leaf), np.size(bias) if bias is not None else None
    if name[-1] in FIRST:
        # a transposed convolution of PyTorch counts its units on the second axis
        return (1,) if units not in (None, shape[0]) and units == shape[1] else (0,)
    if bias is None:
        return last
    many = np.ndim(bias)
    if name[-1] == "kernel" and many > 1 and shape[-many:] == np.shape(bias):
        return tuple(range(ndim - many, ndim))  # Flax: several axes of units, as heads of attention
    if name[-1] not in ("W", "w", "kernel") and units == shape[0] != shape[-1]:
        return (0,)
    return last


def names(params) -> list[str]:
    """A readable name for each leaf."""
    paths = [path for path, _ in jax.tree_util.tree_leaves_with_path(params)]
    return [jax.tree_util.keystr(path, simple=True, separator="/") for path in paths]


def _name(path) -> tuple[str, ...]:
    """The keys on the way to a leaf; ``value``, the inside of a variable of nnx, is none."""
    text = jax.tree_util.keystr(path, simple=True, separator="/").replace(".", "/")
    parts = text.split("/")
    return tuple(parts[:-1] if len(parts) > 1 and parts[-1] == "value" else parts)


def as_units(leaf, axes) -> np.ndarray:
    """A weight array as (units, incoming weights)."""
    moved = np.moveaxis(np.asarray(leaf), axes, range(len(axes)))
    return moved.reshape(int(np.prod(moved.shape[: len(axes)])), -1)


class Layer(NamedTuple):
    """A layer in a chain: the place of its weight array and of its vectors among the leaves."""

    weight: int
    vectors: list[int]
    inputs: int  # the axis that counts the inputs
    units: int


def chain(params, name: str = "params") -> list[Layer]:
    """The layers of a network in which each feeds the next one only, in order, or a ValueError."""
    paths = jax.tree_util.tree_leaves_with_path(params)
    groups = {}
    for k, (path, leaf) in enumerate(paths):
        groups.setdefault(_name(path)[:-1], []).append(k)
        if not (is_float(leaf) and are_weights(params)[k]):
            raise ValueError(_no_chain(name, _name(path)))
    layout, layers = unit_axes(params), []
    for key in sorted(groups, key=_natural):
        weights = [k for k in groups[key] if layout[k] is not None]
        if len(weights) != 1 or len(layout[weights[0]]) != 1:
            raise ValueError(_no_chain(name, key))
        (weight,), (units,) = weights, layout[weights[0]]
        shape = np.shape(paths[weight][1])
        inputs = len(shape) - 2 if units == len(shape) - 1 else 1
        vectors = [k for k in groups[key] if k != weight]
        if any(np.size(paths[k][1]) != shape[units] for k in vectors):
            raise ValueError(_no_chain(name, key))
        if layers:
            before = layers[-1]
            if shape[inputs] % np.shape(paths[before.weight][1])[before.units]:
                raise ValueError(_no_chain(name, key))
        layers.append(Layer(weight, vectors, inputs, units))
    return layers


def _no_chain(name, key):
    place = "/".join(key) or "its only part"
    return (
        f"{name} must be a chain of dense or convolutional layers, each with its bias, but {place} "
        "is no layer after the one before it."
    )


def _natural(key):
    """Sort Dense_2 before Dense_10."""
    parts = [re.split(r"(\d+)", part) for part in key]
    return [[(int(p), "") if p.isdigit() else (-1, p) for p in part] for part in parts]
