"""Which way to look: random, filter-normalized, principal and Hessian directions; alignment.

A direction is a pytree like the parameters.  A filter is one unit's incoming weights; which axis of
an array counts the units is found out by `layouts`.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import scipy.optimize

from .layouts import chain, unit_axes
from .spectra import fix_signs, top_eigenpairs
from .trees import (
    are_weights,
    check_count,
    check_key,
    check_like,
    check_params,
    direction_of,
    is_float,
    is_traced,
    moving,
    weights_of,
)


def random_direction(key, params):
    """Independent standard normal numbers, one for each weight: length about √N.

    >>> lu.random_direction(jax.random.key(0), {"W": jnp.ones((2, 3))})["W"].shape
    (2, 3)
    """
    params = check_params(params)
    weights = weights_of(params)
    keys = jax.random.split(check_key(key), len(weights))
    numbers = [jax.random.normal(k, p.shape, p.dtype) for k, p in zip(keys, weights, strict=True)]
    return moving(numbers, params)


def filter_normalize(
    direction, params, keep_vectors: bool = False, *, unit_axis: int | None = None
):
    """Give each filter of ``direction`` the length of the same filter of ``params``.

    Li et al. 2018 (arXiv 1712.09913): d ← d ‖θ‖/‖d‖ for one unit's incoming weights at a time, so
    that a step of 1 changes every unit by as much as it weighs, however a ReLU network's layers
    are scaled.

    Parameters
    ----------
    keep_vectors : biases and the parameters of normalization layers, the arrays with one axis, are
        set to zero, as in the paper; if True, each is normalized as one filter instead.
    unit_axis : the axis of a weight array that counts the units: -1 where a layer is ``x @ W``
        (this course, Flax, Haiku), 0 where it is ``W @ x`` (Equinox, PyTorch); by default found
        out from names and biases, and the last one where they do not tell.

    >>> W = jnp.array([[3.0, 0.0], [4.0, 1.0]])  # two units, one a column, of lengths 5 and 1
    >>> direction = lu.filter_normalize(jnp.array([[0.0, 2.0], [1.0, 0.0]]), W)
    >>> direction.tolist()
    [[0.0, 1.0], [5.0, 0.0]]
    """
    params = check_params(params)
    direction = check_like(direction, params, "direction")
    layout = unit_axes(params, unit_axis)
    if not keep_vectors and not any(layout):
        raise ValueError(
            "params must hold a weight array with two axes or more, because vectors are set to "
            "zero: pass keep_vectors=True to normalize them too."
        )

    def normalized(d, p, units):
        if units is None and not keep_vectors:
            return jnp.zeros_like(d)
        axes = None if units is None else tuple(k for k in range(p.ndim) if k not in units)
        wide = jnp.promote_types(p.dtype, jnp.float32)  # squares of float16 leave its range
        p, d = xp.asarray(p).astype(wide), xp.asarray(d).astype(wide)
        wanted, length = (_lengths(xp, a, axes) for a in (p, d))
        return xp.where(length > 0, d * (wanted / xp.where(length > 0, length, 1)), 0)

    xp = jnp if is_traced((direction, params)) else np  # numpy: nothing to compile
    leaves = []
    marks = are_weights(params)
    for d, p, units, weight in zip(
        jax.tree.leaves(direction), jax.tree.leaves(params), layout, marks, strict=True
    ):
        if weight:
            leaves.append(jnp.asarray(normalized(d, p, units), p.dtype))
    return moving(leaves, params)


def _lengths(xp, array, axes):
    """Euclidean norms over ``axes``, scaled so that no square leaves the range of numbers."""
    largest = xp.max(xp.abs(array), axis=axes, keepdims=True)
    safe = xp.where(largest > 0, largest, 1)
    return safe * xp.sqrt(xp.sum((array / safe) ** 2, axis=axes, keepdims=True)) * (largest > 0)


class PCA(NamedTuple):
    """Orthonormal ``directions`` (a list of pytrees) and the share of variance each explains."""

    directions: list
    explained: np.ndarray


def pca_directions(path, k: int = 2) -> PCA:
    """The k principal directions of a path: the plane that shows most of it.

    Parameters
    ----------
    path : pytree with a leading axis of steps, as ``trajectory`` gives it.

    Returns
    -------
    ``directions``, unit length, mutually orthogonal, first the one along which the points vary
    most; ``explained`` (k,), the fraction of the variance about the mean point along each.

    >>> found = lu.pca_directions(jnp.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]]), k=1)
    >>> found.explained.round(6).tolist(), np.abs(found.directions[0]).round(6).tolist()
    ([1.0], [0.6, 0.8])
    """
    points = flat_path(path)
    check_count(k, "k", 1, min(len(points) - 1, points.shape[1]))
    _, spread, rows = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)
    if not spread[0] > 0:
        raise ValueError("path must move, but all its points are the same.")
    start = jax.tree.map(lambda leaf: leaf[0], path)
    return PCA(_pytrees(fix_signs(rows[:k].T), start), spread[:k] ** 2 / np.sum(spread**2))


class Eigen(NamedTuple):
    """Orthonormal ``directions`` (a list of pytrees) and the curvature along each."""

    directions: list
    eigenvalues: np.ndarray


def eigenvector_directions(
    loss, params, k: int = 2, which: str = "largest", *, tol: float = 1e-9, dtype=None
) -> Eigen:
    """The Hessian's k extreme eigenvectors as unit pytrees: where the loss bends most.

    ``which`` is "largest", "smallest" or "magnitude"; it, ``tol`` and ``dtype`` are those of
    ``top_eigenpairs``.

    >>> found = lu.eigenvector_directions(lambda p: p[0] ** 2 - p[1] ** 2, jnp.ones(2), 1)
    >>> found.directions[0].tolist()
    [1.0, 0.0]
    """
    values, vectors = top_eigenpairs(loss, params, k, which, tol=tol, dtype=dtype)
    params = check_params(params)
    return Eigen(_pytrees(vectors, params), values)


def flat_path(path) -> np.ndarray:
    """A path, a pytree with a leading axis of steps, as a float64 matrix (steps, N)."""
    leaves = [np.asarray(leaf) for leaf in jax.tree.leaves(path) if is_float(leaf)]
    lengths = {leaf.shape[:1] for leaf in leaves}
    if len(lengths) != 1 or lengths & {(), (0,)}:
        raise ValueError(
            "path must be a pytree whose leaves share a leading axis of steps, but they lead "
            f"with {sorted(lengths)}."
        )
    points = np.concatenate([leaf.reshape(len(leaf), -1) for leaf in leaves], axis=1, dtype=float)
    if not np.all(np.isfinite(points)):
        raise ValueError("path holds NaN or infinity: cut it off where the run diverged.")
    return points


def _pytrees(columns, params) -> list:
    params = jax.tree.map(lambda leaf: jnp.asarray(leaf) if is_float(leaf) else leaf, params)
    return [direction_of(column, params) for column in columns.T]


# --- permutations of hidden units ---------------------------------------------------------------


def align_neurons(params, reference, max_rounds: int = 100):
    """Reorder the hidden units of a network to resemble ``reference``; the function stays the same.

    Weight matching (Ainsworth et al. 2022, arXiv 2209.04836): for one hidden layer after another,
    the order that makes Σ ⟨reference weights, weights⟩ over the arrays on both its sides largest is
    a linear assignment problem; repeat until no layer changes.  A local optimum, not the best of
    all orders.

    Parameters
    ----------
    params, reference : the parameters of one architecture, in which each layer, dense or a
        convolution, feeds the next one only (no skips): of ``networks.mlp`` and ``cnn``, Flax,
        Equinox or PyTorch; layers are taken in the order of their names.

    Returns
    -------
    A copy of ``params`` whose units are permuted within each hidden layer.

    >>> net = [{"W": jnp.array([[1.0, 2.0]]), "b": jnp.zeros(2)}, {"W": jnp.ones((2, 1))}]
    >>> turned = [{"W": jnp.array([[2.0, 1.0]]), "b": jnp.zeros(2)}, {"W": jnp.ones((2, 1))}]
    >>> lu.align_neurons(turned, net)[0]["W"].tolist()
    [[1.0, 2.0]]
    """
    check_count(max_rounds, "max_rounds")
    reference = check_params(reference, "reference")
    params = check_like(check_params(params), reference, "params")
    layers = chain(reference, "reference")
    ours, theirs = (_Chain(net, layers) for net in (params, reference))
    orders = [np.arange(weights.shape[2]) for weights in ours.weights]  # the last, outputs, stays
    for _ in range(max_rounds):
        changed = False
        for depth in range(len(layers) - 1):
            likeness = _likeness(ours, theirs, orders, depth)
            _, best = scipy.optimize.linear_sum_assignment(likeness, maximize=True)
            rows = np.arange(len(best))
            gain = likeness[rows, best].sum() - likeness[rows, orders[depth]].sum()
            if gain > 1e-9 * np.abs(likeness).sum():  # a tie is no reason to go on
                orders[depth], changed = best, True
        if not changed:
            break
    return _reordered(params, layers, ours, orders)


class _Chain:
    """Each layer's weights as (inputs, places, units) and its vectors as (vectors, units)."""

    def __init__(self, params, layers):
        leaves = [np.asarray(leaf, dtype=float) for leaf in jax.tree.leaves(params)]
        self.weights, self.vectors = [], []
        for layer in layers:
            moved = np.moveaxis(leaves[layer.weight], (layer.inputs, layer.units), (0, -1))
            self.weights.append(moved.reshape(len(moved), -1, moved.shape[-1]))
            self.vectors.append([leaves[k].ravel() for k in layer.vectors])
        # Where a layer flattens an image, the places of a channel follow it or are as far apart.
        self.channels_last = [layer.units > layer.inputs for layer in layers]

    def inputs_of(self, depth, order):
        """The rows of a layer's weights when the units before it stand in this order."""
        rows = np.arange(len(self.weights[depth]))
        if self.channels_last[depth]:
            return rows.reshape(-1, len(order))[:, order].ravel()
        return rows.reshape(len(order), -1)[order].ravel()

    def outgoing(self, depth, order):
        """The weights from each unit into the next layer, whose units stand in this order."""
        weights = self.weights[depth + 1][..., order]
        count = self.weights[depth].shape[2]
        if self.channels_last[depth + 1]:
            weights = np.moveaxis(weights.reshape(-1, count, *weights.shape[1:]), 1, 0)
        return weights.reshape(count, -1)


def _likeness(ours, theirs, orders, depth):
    # [i, j]: how much our unit j, as it stands between its neighbors, resembles their unit i.
    weights = ours.weights[depth]
    if depth:
        weights = weights[ours.inputs_of(depth, orders[depth - 1])]
    likeness = np.tensordot(theirs.weights[depth], weights, ((0, 1), (0, 1)))
    for their, our in zip(theirs.vectors[depth], ours.vectors[depth], strict=True):
        likeness += np.outer(their, our)
    stay = np.arange(len(orders[depth + 1]))
    return likeness + theirs.outgoing(depth, stay) @ ours.outgoing(depth, orders[depth + 1]).T


def _reordered(params, layers, ours, orders):
    leaves, structure = jax.tree.flatten(params)
    for depth, layer in enumerate(layers):
        if depth:
            rows = ours.inputs_of(depth, orders[depth - 1])
            leaves[layer.weight] = jnp.take(leaves[layer.weight], rows, axis=layer.inputs)
        leaves[layer.weight] = jnp.take(leaves[layer.weight], orders[depth], axis=layer.units)
        for k in layer.vectors:
            leaves[k] = leaves[k].ravel()[orders[depth]].reshape(leaves[k].shape)
    return jax.tree.unflatten(structure, leaves)
