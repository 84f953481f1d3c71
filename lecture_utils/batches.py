"""Data in minibatches: what counts as batches, and one loss of all of them.

A batch is any pytree of arrays with its examples on the first axis of its first one, most often a
pair (x, y).  A loss of a batch is the mean over its examples; a mean over all data counts each
batch by its length, so that a shorter last one is exact.
"""

from collections.abc import Iterable, Iterator

import jax
import jax.numpy as jnp
import numpy as np

from .bound import value_of


class Batches:
    """The reader's batches as arrays, a tuple of one argument each, at every pass again."""

    def __init__(self, batches):
        if (
            not isinstance(batches, Iterable)
            or hasattr(batches, "dtype")
            or isinstance(batches, str | dict)
        ):
            raise ValueError(
                "batches must be an iterable of batches such as [(x, y)], but is "
                f"{type(batches).__name__}."
            )
        if isinstance(batches, Iterator):
            raise ValueError(
                f"batches must give the data at every pass, but is a {type(batches).__name__} that "
                "runs dry after one: pass list(batches) or the loader itself."
            )
        self.batches = batches

    def __iter__(self) -> Iterator[tuple]:
        for batch in self.batches:
            yield (jax.tree.map(_array, batch),)


class Pairs(Batches):
    """The same, as (x, y)."""

    def __iter__(self) -> Iterator[tuple]:
        for batch in self.batches:
            if not (isinstance(batch, tuple | list) and len(batch) == 2):
                raise ValueError(
                    f"batches must hold pairs (x, y), but holds a {type(batch).__name__}"
                    f"{f' of {len(batch)}' if isinstance(batch, tuple | list) else ''}."
                )
            yield tuple(jax.tree.map(_array, part) for part in batch)


class Nothing:
    """No batches: a loss is a function of the parameters alone."""

    def __iter__(self) -> Iterator[tuple]:
        yield ()


EMPTY = "batches is empty: pass at least one batch with an example in it."


def _array(leaf):
    if isinstance(leaf, jax.Array):
        return leaf
    array = np.asarray(leaf)
    if array.dtype.kind in "OSUM":
        raise ValueError(f"batches must hold arrays of numbers, but holds a {type(leaf).__name__}.")
    return array


def length_of(args: tuple) -> int:
    """How many examples a batch has, by the first of its arrays."""
    if not args:
        return 1
    first = next(iter(jax.tree.leaves(args)), None)
    if np.ndim(first) == 0:
        raise ValueError(
            "batches must have their examples on the first axis of their first array, which has "
            'none: with reduction="sum" they need not be counted.'
        )
    return len(first)


def shape_of(args: tuple):
    """What two batches share that the same compiled code can take."""
    leaves, structure = jax.tree.flatten(args)
    return structure, *((leaf.shape, leaf.dtype) for leaf in leaves)


def over_batches(loss, batches, *, reduction: str = "mean"):
    """One ``loss(params)`` of all data, from a loss of a batch: what every instrument takes.

    All batches are kept in memory, but the activations of one only, also in derivatives.  Data
    that memory does not hold are for `hessian_operator`, which keeps one batch.

    Parameters
    ----------
    loss : (params, batch) -> scalar, the mean over the examples of a batch.
    batches : an iterable of batches, gone through once, here.
    reduction : "mean" over all examples, each batch counting by its length; "sum" where the loss
        sums over its batch.

    >>> batches = [jnp.array([1.0, 2.0]), jnp.array([6.0])]
    >>> loss = lu.over_batches(lambda p, x: jnp.mean(p * x), batches)
    >>> float(loss(1.0)), float(lu.gradient(loss, 1.0))
    (3.0, 3.0)
    """
    if reduction not in ("mean", "sum"):
        raise ValueError(f'reduction must be "mean" or "sum", but is {reduction!r}.')
    groups = {}
    for (batch,) in Batches(batches):
        weight = length_of((batch,)) if reduction == "mean" else 1
        if weight:
            groups.setdefault((weight, shape_of(batch)), []).append(batch)
    if not groups:
        raise ValueError(EMPTY)
    stacked = [
        (weight, len(group), jax.tree.map(lambda *leaves: _stack(leaves), *group))
        for (weight, _), group in groups.items()
    ]
    total = sum(weight * count for weight, count, _ in stacked) if reduction == "mean" else 1

    def loss_of_all(params):
        # A step of the scan is computed again for its derivative: no activations are kept.
        one = jax.checkpoint(lambda params, batch: value_of(loss, params, batch), prevent_cse=False)
        parts = []
        for weight, _, batches in stacked:
            values = jax.lax.map(lambda batch: one(params, batch), batches)
            parts.append(weight / total * jnp.sum(values))
        return sum(parts)

    return loss_of_all


def _stack(leaves):
    return jnp.stack(leaves) if isinstance(leaves[0], jax.Array) else np.stack(leaves)
