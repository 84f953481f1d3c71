"""Whole runs, compiled: every iterate of a small problem, every epoch of a network."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from .trees import check_loss, check_params, norm


class Trajectory(NamedTuple):
    """A run.  ``params`` has a leading axis of num_steps + 1, as have ``losses``.

    ``diverged_at`` is the first step whose loss is not finite or beyond the limit, or -1.
    """

    params: Any
    losses: jnp.ndarray
    diverged_at: int


def trajectory(loss, params, optimizer, num_steps: int, limit: float = 1e12) -> Trajectory:
    """Run ``optimizer`` on ``loss`` from ``params`` and keep every iterate.

    Parameters
    ----------
    loss : params -> scalar, compiled once per function object.
    optimizer : any (init, update) pair in optax's convention.
    limit : a loss above it counts as divergence.
    """
    params = check_params(params)
    check_loss(loss, params)
    if num_steps < 1:
        raise ValueError(f"num_steps must be at least 1, but is {num_steps}.")
    iterates, losses = _run(loss, optimizer.update, params, optimizer.init(params), num_steps)
    bad = ~(jnp.abs(losses) < limit)
    diverged_at = jnp.where(jnp.any(bad), jnp.argmax(bad), -1)
    if not isinstance(diverged_at, jax.core.Tracer):
        diverged_at = int(diverged_at)
    return Trajectory(iterates, losses, diverged_at)


@partial(jax.jit, static_argnums=(0, 1, 4))
def _run(loss, update, params, state, num_steps):
    def step(carry, _):
        params, state = carry
        value, slope = jax.value_and_grad(loss)(params)
        move, state = update(slope, state, params)
        return (jax.tree.map(jnp.add, params, move), state), (params, value)

    (last, _), (iterates, losses) = jax.lax.scan(step, (params, state), length=num_steps)
    iterates = jax.tree.map(lambda path, end: jnp.concatenate([path, end[None]]), iterates, last)
    return iterates, jnp.append(losses, loss(last))


class Epochs(NamedTuple):
    """A minibatch run: the last ``params`` and, per epoch, means over its minibatches."""

    params: Any
    losses: np.ndarray
    grad_norms: np.ndarray


def train(
    loss: Callable,
    params,
    data,
    optimizer,
    *,
    epochs: int,
    batch_size: int,
    seed: int,
    on_epoch: Callable | None = None,
) -> Epochs:
    """Minibatch training, shuffled every epoch; the incomplete last batch is left out.

    Parameters
    ----------
    loss : (params, batch) -> scalar, with ``batch`` a pytree like ``data``.
    data : pytree of arrays with the same leading axis.
    seed : of the shuffling.
    on_epoch : called after each epoch with (epochs done, params), to measure on the way.

    Returns
    -------
    Per epoch the mean minibatch loss and the mean norm of the minibatch gradient, both taken
    *before* each step, as an observer of the training would see them.
    """
    data = jax.tree.map(jnp.asarray, data)
    sizes = {leaf.shape[:1] for leaf in jax.tree.leaves(data)}
    if len(sizes) != 1 or sizes == {()}:
        raise ValueError(
            "data must be arrays that share their leading axis, one row per example, but its "
            f"leaves lead with {sorted(sizes)}."
        )
    ((size,),) = sizes
    if not 1 <= batch_size <= size:
        raise ValueError(f"batch_size must be between 1 and {size}, got {batch_size}.")
    if epochs < 1:
        raise ValueError(f"epochs must be at least 1, but is {epochs}.")
    params = check_params(params)
    check_loss(lambda p: loss(p, jax.tree.map(lambda leaf: leaf[:batch_size], data)), params)
    state = optimizer.init(params)
    rng = np.random.default_rng(seed)
    losses, norms = [], []
    for epoch in range(epochs):
        order = rng.permutation(size)[: size - size % batch_size].reshape(-1, batch_size)
        params, state, value, slope = _epoch(loss, optimizer.update, params, state, data, order)
        losses.append(float(value))  # waits, so that on_epoch is never called ahead of the work
        norms.append(float(slope))
        if on_epoch is not None:
            on_epoch(epoch + 1, params)
    return Epochs(params, np.asarray(losses), np.asarray(norms))


@partial(jax.jit, static_argnums=(0, 1))
def _epoch(loss, update, params, state, data, order):
    def step(carry, rows):
        params, state = carry
        batch = jax.tree.map(lambda leaf: leaf[rows], data)
        value, slope = jax.value_and_grad(loss)(params, batch)
        move, state = update(slope, state, params)
        return (jax.tree.map(jnp.add, params, move), state), (value, norm(slope))

    (params, state), (values, norms) = jax.lax.scan(step, (params, state), order)
    return params, state, jnp.mean(values), jnp.mean(norms)
