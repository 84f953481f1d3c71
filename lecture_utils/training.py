"""Whole runs, compiled: every iterate of a small problem, every epoch of a network."""

from collections.abc import Callable, Sequence
from functools import partial
from inspect import Parameter, signature
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from .bound import Frozen, bind, value_of
from .trees import (
    check_count,
    check_like,
    check_params,
    is_traced,
    join,
    moving,
    norm,
    weights_of,
)

DIVERGENCE = 1e6
"""A loss beyond it, in size, counts as divergence, everywhere in this package.

It lies far above where our surfaces and networks start (the highest corner of a surface has a loss
of 7000), and far below 10³⁸, where float32 ends.  A run may jump over a hill and come back from a
loss of thousands; of the networks that we drove beyond a million none came back to better than
guessing.  And as a run that leaves multiplies its loss in every step, ten times the limit would
date it only a step or a few later.  For a loss that is larger by nature, such as a sum over many
examples, ask `diverged_at` with a limit of your own.
"""


def diverged_at(losses, limit: float = DIVERGENCE):
    """The first step whose loss is NaN, infinite or beyond the limit, |L| ≥ limit; -1 for none.

    ``losses`` has shape (..., steps); the result has shape (...), a plain int for one run.

    >>> lu.diverged_at([1.0, 50.0, np.inf]), lu.diverged_at([1.0, 0.5])
    (2, -1)
    """
    if not limit > 0:
        raise ValueError(f"limit must be a positive loss, but is {limit}.")
    array = jnp if is_traced(losses) else np
    losses = array.asarray(losses)
    losses = losses.astype(jnp.promote_types(losses.dtype, jnp.float32))  # the limit is no float16
    bad = ~(array.abs(losses) < limit)  # also NaN
    first = array.where(bad.any(axis=-1), bad.argmax(axis=-1), -1)
    return int(first) if first.ndim == 0 and not is_traced(first) else first


class Record(NamedTuple):
    """What is kept of a run, by whichever function here made it.

    ``params``: of `trajectory` all iterates, num_steps + 1 on a leading axis; of `descend` those
    at some moments, on a leading axis; of `train` and `sweep` the last.

    ``losses``: of `trajectory` and `descend` one per iterate, entry k after k steps; of `train` and
    `sweep` per epoch the mean over its minibatches, each taken before its step.

    ``diverged_at``: the first step (from 0) whose loss diverged, as `diverged_at` finds it, or -1;
    in `train` and `sweep` every minibatch is a step.

    ``grad_norms``: norms of the gradients, beside the losses; only `train` and `descend` keep them.
    ``measured``: what `descend` was asked to measure, one entry per iterate.

    All parts of `trajectories` have a leading axis (R,) of learning rates, those of `sweep` two,
    (R, S): learning rates and starts.
    """

    params: Any
    losses: Any
    diverged_at: Any
    grad_norms: Any = None
    measured: Any = None


def trajectory(loss, params, optimizer, num_steps: int) -> Record:
    """Run ``optimizer`` on ``loss`` from ``params`` and keep every iterate.

    Parameters
    ----------
    loss : params -> scalar.
    optimizer : any (init, update) pair in optax's convention.

    >>> run = lu.trajectory(lambda p: p @ p, jnp.ones(2), lu.gradient_descent(0.25), 2)
    >>> run.losses.tolist()
    [2.0, 0.5, 0.125]
    """
    check_count(num_steps, "num_steps")
    loss = bind(loss, params)
    params, state = loss.params, _check_optimizer(optimizer).init(loss.params)

    def run(params, state):
        return _run(loss, optimizer.update, num_steps, params, state)

    run = Frozen(run, params, state).run(params, state)
    if isinstance(run.diverged_at, jax.core.Tracer):
        return run
    return run._replace(diverged_at=int(run.diverged_at))


def trajectories(loss, params, rule, rates, num_steps: int) -> Record:
    """The same for every learning rate in one compiled call: for problems of a few parameters.

    Parameters
    ----------
    rule : learning rate -> optimizer, such as ``lu.momentum`` or ``optax.adam``.
    rates : array (R,); all parts of the result get this leading axis.

    >>> run = lu.trajectories(lambda p: p @ p, jnp.ones(1), lu.gradient_descent, [0.25, 0.5], 1)
    >>> run.losses.tolist()
    [[1.0, 0.25], [1.0, 0.0]]
    """
    check_count(num_steps, "num_steps")
    loss = bind(loss, params)
    rates = _check_rates(rule, rates, loss.params)

    def run(params, rate):
        optimizer = rule(rate)
        return _run(loss, optimizer.update, num_steps, params, optimizer.init(params))

    run = jax.vmap(run, (None, 0))
    return Frozen(run, loss.params, rates).run(loss.params, rates)


def _run(loss, update, num_steps, params, state):
    def step(carry, _):
        value, _, after = _step(lambda p: loss(weights_of(p)), update, *carry)
        return after, (carry[0], value)

    (last, _), (iterates, losses) = jax.lax.scan(step, (params, state), length=num_steps)
    iterates = jax.tree.map(lambda path, end: jnp.concatenate([path, end[None]]), iterates, last)
    losses = jnp.append(losses, loss(weights_of(last)))
    return Record(iterates, losses, diverged_at(losses))


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


def descend(
    loss: Callable,
    params,
    data,
    optimizer,
    num_steps: int,
    *,
    measure: Callable | None = None,
    moments: int = 8,
    most_steps: int | None = None,
) -> Record:
    """Full-batch training: every iterate is measured, a few of them are kept.

    Compiled once for all learning rates, starts and data of one shape, and for every ``num_steps``
    up to ``most_steps``: for runs that a slider starts.

    Parameters
    ----------
    loss : (params, data) -> scalar.
    data : pytree of arrays, handed to ``loss`` and ``measure`` as it is.
    measure : (params, data) -> pytree of numbers, such as the loss on other images.
    moments : the iterates kept are the start and these, equally spaced up to the last; after how
        many steps each, `kept_after` says.
    most_steps : by default ``num_steps``.

    >>> loss = lambda p, data: jnp.mean((p - data) ** 2)
    >>> run = lu.descend(loss, jnp.array(0.0), jnp.array([1.0, 3.0]), lu.gradient_descent(0.25), 1)
    >>> run.losses.tolist()  # half of the way to the mean, 2; the data's variance, 1, stays
    [5.0, 2.0]
    """
    params = check_params(params)
    check_count(num_steps, "num_steps", 1, most_steps)
    check_count(moments, "moments")
    state = _check_optimizer(optimizer).init(params)
    numbers = () if measure is None else jax.eval_shape(measure, params, data)
    if any(number.shape != () for number in jax.tree.leaves(numbers)):
        raise ValueError("measure must return numbers, each of shape (): reduce it by jnp.mean.")
    run = partial(_descend, loss, measure, optimizer.update, moments, most_steps or num_steps)
    kept, table = Frozen(run, num_steps, params, state, data).run(num_steps, params, state, data)
    losses, norms, *rest = np.asarray(table, float)[: num_steps + 1].T
    measured = jax.tree.unflatten(jax.tree.structure(numbers), rest) if rest else None
    return Record(jax.tree.map(np.asarray, kept), losses, diverged_at(losses), norms, measured)


def kept_after(num_steps: int, moments: int = 8) -> np.ndarray:
    """After how many steps `descend` keeps its iterates: ⌈m·num_steps/moments⌉, m = 0 … moments."""
    return _opening(np.arange(moments + 1), num_steps, moments)


def _opening(moment, num_steps, moments):
    return -(-moment * num_steps // moments)


def _descend(loss, measure, update, moments, most_steps, num_steps, params, state, data):
    def step(k, carry):
        params, state, kept, table = carry
        # Iterate k opens moment ⌊k·moments/num_steps⌋ or lies inside one; those inside are written
        # to a row of their own.
        moment = k * moments // num_steps
        row = jnp.where(k == _opening(moment, num_steps, moments), moment, moments + 1)
        kept = jax.tree.map(lambda rows, now: rows.at[row].set(now), kept, params)
        value, length, after = _step(lambda p: value_of(loss, p, data), update, params, state)
        rest = [] if measure is None else jax.tree.leaves(measure(params, data))
        numbers = jnp.stack([jnp.asarray(n, value.dtype) for n in (value, length, *rest)])
        return *after, kept, table.at[k].set(numbers)

    others = [] if measure is None else jax.tree.leaves(jax.eval_shape(measure, params, data))
    width = 2 + len(others)
    table = jnp.zeros(
        (most_steps + 1, width), jax.eval_shape(partial(value_of, loss), params, data).dtype
    )
    kept = jax.tree.map(lambda leaf: jnp.stack([leaf] * (moments + 2)), params)
    carry = (params, state, kept, table)
    _, _, kept, table = jax.lax.fori_loop(0, num_steps + 1, step, carry)
    # With fewer steps than moments, one iterate stands for several of them.
    after = _opening(jnp.arange(moments + 1), num_steps, moments)
    return jax.tree.map(lambda rows: rows[after * moments // num_steps], kept), table


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
) -> Record:
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

    >>> loss = lambda p, batch: jnp.mean((p - batch) ** 2)
    >>> rule = lu.gradient_descent(0.25)
    >>> run = lu.train(loss, 0.0, np.ones(4), rule, epochs=3, batch_size=2, seed=0)
    >>> run.params.item()  # six steps, each half of the way to 1
    0.984375
    """
    params, data, size = _check_training(loss, params, data, epochs, batch_size)
    carry = params, _check_optimizer(optimizer).init(params)
    rng = np.random.default_rng(seed)
    losses, norms = [], []
    example = np.zeros((size // batch_size, batch_size), int)
    run = Frozen(partial(_epoch, loss, optimizer.update), carry, data, example)
    for epoch in range(epochs):
        order = _shuffled(rng, size, batch_size)
        carry, values, slopes = run.run(carry, data, order)
        # This waits, so that on_epoch is never called ahead of the work.
        losses.append(np.asarray(values, float))
        norms.append(np.asarray(slopes, float))
        if on_epoch is not None:
            on_epoch(epoch + 1, carry[0])
    losses, norms = np.array(losses), np.array(norms)
    return Record(carry[0], losses.mean(axis=1), diverged_at(losses.ravel()), norms.mean(axis=1))


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
) -> Record:
    """`train` for every learning rate and every start: one compiled run, called for each.

    One after another: on a CPU that is faster for networks than all at once by ``vmap``, whose
    activations would leave the cache.  Other rates or more starts do not compile again.

    Parameters
    ----------
    starts : parameters to start from; start s shuffles with ``seed + s``.
    rule : learning rate -> optimizer.
    rates : array (R,) of learning rates.

    >>> loss = lambda p, batch: jnp.mean((p - batch) ** 2)
    >>> run = lu.sweep(loss, [0.0, 1.0], np.ones(4), lu.gradient_descent, [0.1, 0.2, 0.3],
    ...                epochs=5, batch_size=2, seed=0)
    >>> run.losses.shape  # learning rates, starts, epochs
    (3, 2, 5)
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
    steps = values.reshape(*values.shape[:2], -1)
    return Record(params, values.mean(axis=-1), diverged_at(steps))


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
