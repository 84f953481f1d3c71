"""Whole runs, compiled: every iterate of a small problem, every epoch of a network."""

from collections.abc import Callable, Sequence
from functools import partial
from inspect import Parameter, signature
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from .bound import Frozen, bind, value_of
from .trees import check_count, check_like, check_params, join, moving, norm, weights_of


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
    loss : params -> scalar.
    optimizer : any (init, update) pair in optax's convention.
    limit : a loss above it counts as divergence.
    """
    _check_run(num_steps, limit)
    loss = bind(loss, params)
    params, state = loss.params, _check_optimizer(optimizer).init(loss.params)

    def run(params, state, limit):
        return _run(loss, optimizer.update, num_steps, params, state, limit)

    run = Frozen(run, params, state, float(limit)).run(params, state, float(limit))
    if isinstance(run.diverged_at, jax.core.Tracer):
        return run
    return run._replace(diverged_at=int(run.diverged_at))


def trajectories(loss, params, rule, rates, num_steps: int, limit: float = 1e12) -> Trajectory:
    """The same for every learning rate in one compiled call: for problems of a few parameters.

    Parameters
    ----------
    rule : learning rate -> optimizer, such as ``lu.momentum`` or ``optax.adam``.
    rates : array (R,); all parts of the result get this leading axis.
    """
    _check_run(num_steps, limit)
    loss = bind(loss, params)
    rates = _check_rates(rule, rates, loss.params)

    def run(params, rate, limit):
        optimizer = rule(rate)
        return _run(loss, optimizer.update, num_steps, params, optimizer.init(params), limit)

    run = jax.vmap(run, (None, 0, None))
    return Frozen(run, loss.params, rates, float(limit)).run(loss.params, rates, float(limit))


def _run(loss, update, num_steps, params, state, limit):
    def step(carry, _):
        value, _, after = _step(lambda p: loss(weights_of(p)), update, *carry)
        return after, (carry[0], value)

    (last, _), (iterates, losses) = jax.lax.scan(step, (params, state), length=num_steps)
    iterates = jax.tree.map(lambda path, end: jnp.concatenate([path, end[None]]), iterates, last)
    losses = jnp.append(losses, loss(weights_of(last)))
    return Trajectory(iterates, losses, _first_bad(losses, limit))


def _step(loss, update, params, state):
    """One step: the loss before it, the norm of the gradient, and (params, state) after it.

    What is held beside the weights stays; a float64 rate must not promote float32 weights.
    """
    value, slope = jax.value_and_grad(lambda weights: loss(join(weights, params)))(
        weights_of(params)
    )
    length, slope = norm(slope), moving(slope, params)
    extras = {"value": value, "grad": slope, "value_fn": loss} if _asks_for_more(update) else {}
    move, after = update(slope, state, params, **extras)
    weights = [p + m.astype(p.dtype) for p, m in zip(*map(weights_of, (params, move)), strict=True)]
    after = jax.tree.map(lambda new, old: jnp.asarray(new, jnp.result_type(old)), after, state)
    return value, length, (join(weights, params), after)


def _asks_for_more(update) -> bool:
    """Whether an optimizer takes the loss too, as line searches do (optax's extra arguments)."""
    kinds = {parameter.kind for parameter in signature(update).parameters.values()}
    return Parameter.VAR_KEYWORD in kinds


def _first_bad(losses, limit):
    bad = ~(jnp.abs(losses) < limit)  # also NaN
    return jnp.where(jnp.any(bad), jnp.argmax(bad), -1)


def _check_run(num_steps, limit):
    check_count(num_steps, "num_steps")
    if not limit > 0:
        raise ValueError(f"limit must be a positive loss, but is {limit}.")


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
    carry = params, _check_optimizer(optimizer).init(params)
    rng = np.random.default_rng(seed)
    example = np.zeros((size // batch_size, batch_size), int)
    run = Frozen(partial(_epoch, loss, optimizer.update), carry, data, example)
    losses, norms, diverged_at = [], [], -1
    for epoch in range(epochs):
        order = _shuffled(rng, size, batch_size)
        carry, values, slopes = run.run(carry, data, order)
        # This waits, so that on_epoch is never called ahead of the work.
        values = np.asarray(values, float)
        losses.append(np.mean(values))
        norms.append(np.mean(np.asarray(slopes, float)))
        lost = ~(np.abs(values) < _LOST)
        if diverged_at < 0 and lost.any():
            diverged_at = epoch * len(order) + int(np.argmax(lost))
        if on_epoch is not None:
            on_epoch(epoch + 1, carry[0])
    return Epochs(carry[0], np.asarray(losses), np.asarray(norms), diverged_at)


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
    rule : learning rate -> optimizer.
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
    run = Frozen(partial(_whole, loss, rule), first, orders[0], data, rates[0])
    runs = [
        [run.run(*job, data, rate) for job in zip(starts, orders, strict=True)] for rate in rates
    ]
    stacked = jax.tree.map(lambda *leaves: np.stack(leaves), *[
        jax.tree.map(lambda *leaves: np.stack(leaves), *row) for row in runs
    ])  # fmt: skip
    params, values = stacked
    values = values.astype(float)
    lost = ~(np.abs(values.reshape(*values.shape[:2], -1)) < _LOST)
    diverged_at = np.where(lost.any(axis=-1), lost.argmax(axis=-1), -1)
    return Sweep(params, values.mean(axis=-1), diverged_at)


def _whole(loss, rule, start, order, data, rate):
    optimizer = rule(rate)

    def epoch(carry, rows):
        carry, values, _ = _epoch(loss, optimizer.update, carry, data, rows)
        return carry, values

    (params, _), values = jax.lax.scan(epoch, (start, optimizer.init(start)), order)
    return params, values


def _epoch(loss, update, carry, data, order):
    """One step per row of ``order``: (params, state), minibatch losses and gradient norms."""

    def step(carry, rows):
        batch = jax.tree.map(lambda leaf: leaf[rows], data)
        value, length, carry = _step(lambda p: value_of(loss, p, batch), update, *carry)
        return carry, (value, length)

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
    return check_params(params), data, size
