"""Whole runs, compiled: every iterate of a small problem, every epoch of a network."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from .trees import check_count, check_like, check_loss, check_params, norm


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
    params = _check_run(loss, params, num_steps, limit)
    state = _check_optimizer(optimizer).init(params)
    run = _run(loss, optimizer.update, num_steps, params, state, float(limit))
    if isinstance(run.diverged_at, jax.core.Tracer):
        return run
    return run._replace(diverged_at=int(run.diverged_at))


def trajectories(loss, params, rule, rates, num_steps: int, limit: float = 1e12) -> Trajectory:
    """The same for every learning rate in one compiled call: for problems of a few parameters.

    Parameters
    ----------
    rule : learning rate -> optimizer, such as ``lu.momentum`` or ``optax.adam``; compiled once per
        function object.
    rates : array (R,); all parts of the result get this leading axis.
    """
    params = _check_run(loss, params, num_steps, limit)
    rates = _check_rates(rule, rates, params)
    return _run_all(loss, rule, num_steps, params, rates, float(limit))


@partial(jax.jit, static_argnums=(0, 1, 2))
def _run(loss, update, num_steps, params, state, limit):
    def step(carry, _):
        params, state = carry
        value, slope = jax.value_and_grad(loss)(params)
        move, state = update(slope, state, params)
        return (jax.tree.map(jnp.add, params, move), state), (params, value)

    (last, _), (iterates, losses) = jax.lax.scan(step, (params, state), length=num_steps)
    iterates = jax.tree.map(lambda path, end: jnp.concatenate([path, end[None]]), iterates, last)
    losses = jnp.append(losses, loss(last))
    return Trajectory(iterates, losses, _first_bad(losses, limit))


@partial(jax.jit, static_argnums=(0, 1, 2))
def _run_all(loss, rule, num_steps, params, rates, limit):
    def run(rate):
        optimizer = rule(rate)
        return _run(loss, optimizer.update, num_steps, params, optimizer.init(params), limit)

    return jax.vmap(run)(rates)


def _first_bad(losses, limit):
    bad = ~(jnp.abs(losses) < limit)  # also NaN
    return jnp.where(jnp.any(bad), jnp.argmax(bad), -1)


def _check_run(loss, params, num_steps, limit):
    params = check_params(params)
    check_loss(loss, params)
    check_count(num_steps, "num_steps")
    if not limit > 0:
        raise ValueError(f"limit must be a positive loss, but is {limit}.")
    return params


def _check_optimizer(optimizer):
    if not (hasattr(optimizer, "init") and hasattr(optimizer, "update")):
        raise ValueError(
            "optimizer must be an (init, update) pair such as gradient_descent(0.1), but is a "
            f"{type(optimizer).__name__}: a rule still needs its learning rate."
        )
    return optimizer


def _check_rates(rule, rates, params):
    if not callable(rule):
        raise ValueError(
            f"rule must make an optimizer of a learning rate, as momentum does, but is a "
            f"{type(rule).__name__}."
        )
    rates = np.asarray(rates, dtype=float)
    if rates.ndim != 1 or not rates.size or not np.all(rates > 0):
        raise ValueError(f"rates must be positive learning rates in one array (R,), got {rates!r}.")
    # A float64 rate inside optax would promote float32 parameters.
    return jnp.asarray(rates, jnp.result_type(*jax.tree.leaves(params)))


class Epochs(NamedTuple):
    """A minibatch run: the last ``params`` and, per epoch, means over its minibatches.

    ``diverged_at`` is the first step (from 0) whose minibatch loss is not finite or beyond 10⁶,
    or -1.
    """

    params: Any
    losses: np.ndarray
    grad_norms: np.ndarray
    diverged_at: int


_LOST = 1e6  # a minibatch loss above it counts as divergence


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
    params, data, size = _check_training(loss, params, data, epochs, batch_size)
    state = _check_optimizer(optimizer).init(params)
    rng = np.random.default_rng(seed)
    losses, norms, diverged_at = [], [], -1
    for epoch in range(epochs):
        order = _shuffled(rng, size, batch_size)
        (params, state), values, slopes = _epoch(
            loss, optimizer.update, (params, state), data, order
        )
        # This waits, so that on_epoch is never called ahead of the work.
        values = np.asarray(values, float)
        losses.append(np.mean(values))
        norms.append(np.mean(np.asarray(slopes, float)))
        lost = ~(np.abs(values) < _LOST)
        if diverged_at < 0 and lost.any():
            diverged_at = epoch * len(order) + int(np.argmax(lost))
        if on_epoch is not None:
            on_epoch(epoch + 1, params)
    return Epochs(params, np.asarray(losses), np.asarray(norms), diverged_at)


class Sweep(NamedTuple):
    """Runs for every learning rate and start: leading axes (R, S).

    ``losses`` (R, S, epochs) are means over the minibatches of an epoch, ``diverged_at`` as in
    `Epochs`, ``params`` the last parameters.
    """

    params: Any
    losses: np.ndarray
    diverged_at: np.ndarray


def sweep(
    loss: Callable,
    starts: Sequence,
    data,
    rule: Callable,
    rates,
    *,
    epochs: int,
    batch_size: int,
    seed: int,
) -> Sweep:
    """`train` for every learning rate and every start: one compiled run, called for each.

    One after another: on a CPU that is faster for networks than all at once by ``vmap``, whose
    activations would leave the cache.  Other rates or more starts do not compile again.

    Parameters
    ----------
    starts : parameters to start from; start s shuffles with ``seed + s``.
    rule : learning rate -> optimizer, compiled once per function object.
    rates : array (R,) of learning rates.
    """
    starts = list(starts)
    if not starts:
        raise ValueError("starts must hold parameters to start from, got none.")
    first, data, size = _check_training(loss, starts[0], data, epochs, batch_size)
    starts = [check_like(start, first, "starts") for start in starts]
    rates = _check_rates(rule, rates, first)
    rngs = [np.random.default_rng(seed + s) for s in range(len(starts))]
    orders = [np.array([_shuffled(rng, size, batch_size) for _ in range(epochs)]) for rng in rngs]
    runs = [
        [_whole(loss, rule, *job, data, rate) for job in zip(starts, orders, strict=True)]
        for rate in rates
    ]
    stacked = jax.tree.map(lambda *leaves: np.stack(leaves), *[
        jax.tree.map(lambda *leaves: np.stack(leaves), *row) for row in runs
    ])  # fmt: skip
    params, values = stacked
    values = values.astype(float)
    lost = ~(np.abs(values.reshape(*values.shape[:2], -1)) < _LOST)
    diverged_at = np.where(lost.any(axis=-1), lost.argmax(axis=-1), -1)
    return Sweep(params, values.mean(axis=-1), diverged_at)


@partial(jax.jit, static_argnums=(0, 1))
def _whole(loss, rule, start, order, data, rate):
    optimizer = rule(rate)

    def epoch(carry, rows):
        carry, values, _ = _epoch(loss, optimizer.update, carry, data, rows)
        return carry, values

    (params, _), values = jax.lax.scan(epoch, (start, optimizer.init(start)), order)
    return params, values


@partial(jax.jit, static_argnums=(0, 1))
def _epoch(loss, update, carry, data, order):
    """One step per row of ``order``: (params, state), minibatch losses and gradient norms."""

    def step(carry, rows):
        params, state = carry
        batch = jax.tree.map(lambda leaf: leaf[rows], data)
        value, slope = jax.value_and_grad(loss)(params, batch)
        move, state = update(slope, state, params)
        return (jax.tree.map(jnp.add, params, move), state), (value, norm(slope))

    carry, (values, norms) = jax.lax.scan(step, carry, order)
    return carry, values, norms


def _shuffled(rng, size, batch_size):
    """One epoch's rows, (batches, batch_size)."""
    return rng.permutation(size)[: size - size % batch_size].reshape(-1, batch_size)


def _check_training(loss, params, data, epochs, batch_size):
    data = jax.tree.map(jnp.asarray, data)
    sizes = {leaf.shape[:1] for leaf in jax.tree.leaves(data)}
    if len(sizes) != 1 or sizes == {()}:
        raise ValueError(
            "data must be arrays that share their leading axis, one row per example, but its "
            f"leaves lead with {sorted(sizes)}."
        )
    ((size,),) = sizes
    check_count(batch_size, "batch_size", 1, size)
    check_count(epochs, "epochs")
    params = check_params(params)
    check_loss(lambda p: loss(p, jax.tree.map(lambda leaf: leaf[:batch_size], data)), params)
    return params, data, size
