"""Update rules as (init, update) pairs in optax's convention, so that optax's drop in beside them.

The note writes its rules for one parameter θⱼ; so does this file, for one array of parameters at a
time.  Learning rate (or schedule) and constants live in the state, not in a closure: a run compiled
once serves every learning rate, and a slider move never recompiles.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax.tree_util import Partial

from .trees import is_traced


class Optimizer(NamedTuple):
    """``init(params) -> state``; ``update(gradients, state, params) -> (step, state)``.

    The step is *added* to the parameters.
    """

    init: Callable
    update: Callable


class State(NamedTuple):
    """What a rule knows between two steps.

    Its learning rate (a number, or a schedule: a function of the number of steps taken), its other
    constants, the number of steps taken, and what it remembers: pytrees like the parameters.
    """

    learning_rate: Any
    constants: tuple
    count: jnp.ndarray
    memory: tuple


# --- the rules of the note ------------------------------------------------------------------------


def gradient_descent(learning_rate) -> Optimizer:
    """θ ← θ - α g (note, section 3.2.1, with the learning rate α that it leaves out).

    ``learning_rate`` is here and below a positive number or a schedule.

    >>> run = lu.trajectory(lambda p: p @ p, jnp.ones(2), lu.gradient_descent(0.25), 2)
    >>> run.params.tolist()  # each step halves p
    [[1.0, 1.0], [0.5, 0.5], [0.25, 0.25]]
    """
    return _optimizer(_gradient_descent, learning_rate)


def momentum(learning_rate, decay: float = 0.9) -> Optimizer:
    """m ← λ m - α g, θ ← θ + m, starting at m = 0 (note, section 3.2.2).

    ``decay`` is the note's λ, 0 ≤ λ < 1.  The same iterates as ``optax.sgd(α, momentum=λ)`` for a
    number α.  (With a schedule, optax scales the sum of all gradients by the rate of today, the
    note each gradient by the rate of its own day.)

    >>> run = lu.trajectory(lambda p: p @ p, jnp.ones(1), lu.momentum(0.25, decay=0.5), 2)
    >>> run.params.ravel().tolist()  # steps of -0.5, then 0.5 · -0.5 - 0.25
    [1.0, 0.5, 0.0]
    """
    _check_share(decay, "decay")
    return _optimizer(_momentum, learning_rate, decay, remembers=1)


def rms(learning_rate) -> Optimizer:
    """θ ← θ - α g / σ with σ the root mean square of *all* gradients so far (note, 3.2.3).

    ``rms`` with the schedule α/√(i+1) is Adagrad, whose σ is the root of the *sum*.  Where every
    gradient so far was zero, the note's 0/0 counts as no step.

    >>> run = lu.trajectory(lambda p: p @ p, jnp.ones(1), lu.rms(0.25), 1)
    >>> run.params.ravel().tolist()  # the first step is one learning rate long
    [1.0, 0.75]
    """
    return _optimizer(_rms, learning_rate, remembers=1)


def rmsprop(learning_rate, decay: float = 0.9) -> Optimizer:
    """θ ← θ - α g / σ with σ² ← k σ² + (1 - k) g², started at σ² = g² (note, 3.2.3).

    ``decay`` is the note's k, 0 ≤ k < 1.  Libraries start at σ² = 0 instead and add a small ε;
    their first step is 1/√(1-k) times longer.

    >>> run = lu.trajectory(lambda p: p @ p, jnp.ones(1), lu.rmsprop(0.25), 1)
    >>> run.params.ravel().tolist()  # the first step is one learning rate long
    [1.0, 0.75]
    """
    _check_share(decay, "decay")
    return _optimizer(_rmsprop, learning_rate, decay, remembers=1)


def adam(
    learning_rate,
    decay_mean: float = 0.9,
    decay_square: float = 0.999,
    epsilon: float = 1e-8,
) -> Optimizer:
    """θ ← θ - α m̂ / (√v̂ + ε), for each parameter by itself (Kingma & Ba 2014, arXiv 1412.6980).

    m ← β₁ m + (1 - β₁) g and v ← β₂ v + (1 - β₂) g² are running means that start at zero;
    m̂ = m / (1 - β₁ⁱ) and v̂ = v / (1 - β₂ⁱ) after i steps undo that start.  The note's last
    formula divides the *movement* of momentum, which already holds -α, and has no correction;
    this is what it stands for.

    >>> run = lu.trajectory(lambda p: p @ p, jnp.ones(2), lu.adam(0.1), 1)
    >>> run.params[1].round(3).tolist()  # the first step is one learning rate long, whatever g
    [0.9, 0.9]
    """
    _check_share(decay_mean, "decay_mean")
    _check_share(decay_square, "decay_square")
    if not is_traced(epsilon) and not epsilon > 0:
        raise ValueError(f"epsilon must be positive, but is {epsilon}: try 1e-8.")
    return _optimizer(_adam, learning_rate, decay_mean, decay_square, epsilon, remembers=2)


def weight_decay(optimizer: Optimizer, decay: float, mask: Callable | None = None) -> Optimizer:
    """The rule ``optimizer`` with g + λW in place of g: what a penalty λ/2·‖W‖² adds to the slope.

    ``decay`` is λ ≥ 0.  ``mask(params)`` says with a pytree of booleans which arrays decay; by
    default those of two or more axes, which are the weights of a layer, and not biases or gains.
    (AdamW subtracts αλW *after* the rule; for gradient descent the two are one.)

    >>> rule = lu.weight_decay(lu.gradient_descent(0.25), 1.0)
    >>> run = lu.trajectory(lambda W: 0.0 * jnp.sum(W), jnp.ones((1, 1)), rule, 1)
    >>> run.params.ravel().tolist()  # no slope but that of the penalty
    [1.0, 0.75]
    """
    if not is_traced(decay) and not decay >= 0:
        raise ValueError(f"decay must be at least 0, but is {decay}.")
    decay, never = _float(decay), _float(0.0)

    def init(params):
        chosen = jax.tree.map(lambda p: jnp.ndim(p) > 1, params) if mask is None else mask(params)
        pull = jax.tree.map(lambda yes, _: decay if yes else never, chosen, params)
        return optimizer.init(params), pull

    return Optimizer(init, _with_weight_decay(optimizer.update))


@lru_cache(maxsize=32)
def _with_weight_decay(rule):
    # One function for each rule: a run compiled once serves every decay.
    def update(gradients, state, params):
        state, pull = state
        gradients = jax.tree.map(lambda g, d, p: g + _times(d, p), gradients, pull, params)
        step, state = rule(gradients, state, params)
        return step, (state, pull)

    return update


def _optimizer(update, learning_rate, *constants, remembers=0) -> Optimizer:
    rate, constants = _rate(learning_rate), tuple(map(_float, constants))
    count = jnp.zeros((), dtype=int)  # here, once: a run of 10 000 steps takes about a millisecond

    def init(params):
        zeros = jax.tree.map(jnp.zeros_like, params) if remembers else None
        return State(rate, constants, count, (zeros,) * remembers)

    return Optimizer(init, update)


def _on_every_leaf(rule):
    """Make ``rule(g, i, rate, constants, *memory) -> (step, *memory)`` an update of pytrees.

    ``i`` counts the steps before this one, as the note's superscripts do.
    """

    def update(gradients, state, params=None):
        rate = state.learning_rate
        rate = jnp.asarray(rate(state.count)) if callable(rate) else rate
        results = jax.tree.map(
            lambda g, *memory: rule(g, state.count, rate, *state.constants, *memory),
            gradients,
            *state.memory,
        )
        parts = jax.tree.structure((0,) * (1 + len(state.memory)))
        step, *memory = jax.tree.transpose(jax.tree.structure(gradients), parts, results)
        return step, state._replace(count=state.count + 1, memory=tuple(memory))

    return update


@_on_every_leaf
def _gradient_descent(g, i, rate):
    return (-_times(rate, g),)


@_on_every_leaf
def _momentum(g, i, rate, decay, movement):
    movement = _times(decay, movement) - _times(rate, g)
    return movement, movement


@_on_every_leaf
def _rms(g, i, rate, square):
    square = square + (jnp.square(g) - square) / (i + 1).astype(g.dtype)
    return -_times(rate, g) / _root(square), square


@_on_every_leaf
def _rmsprop(g, i, rate, decay, square):
    square = jnp.where(i == 0, jnp.square(g), _running_mean(decay, square, jnp.square(g)))
    return -_times(rate, g) / _root(square), square


@_on_every_leaf
def _adam(g, i, rate, decay_mean, decay_square, epsilon, mean, square):
    mean = _running_mean(decay_mean, mean, g)
    square = _running_mean(decay_square, square, jnp.square(g))
    unbiased = mean / (1 - decay_mean ** (i + 1)).astype(g.dtype)
    spread = jnp.sqrt(square / (1 - decay_square ** (i + 1)).astype(g.dtype))
    return -_times(rate, unbiased) / (spread + epsilon.astype(g.dtype)), mean, square


def _times(number, array):
    """Their product in the array's precision: a float64 rate must not promote float32 weights."""
    return number.astype(array.dtype) * array


def _running_mean(decay, old, new):
    return _times(decay, old) + _times(1 - decay, new)


def _root(square):
    # 0 only where all gradients were 0, and then so is the numerator: no step.
    return jnp.where(square > 0, jnp.sqrt(square), 1)


# --- schedules: the learning rate as a function of the number of steps taken ----------------------


def constant(rate) -> Partial:
    """Always ``rate``: a plain number does the same."""
    _check_rate(rate)
    return Partial(_constant, _float(rate))


def step_decay(rate, every: float, factor: float = 0.5) -> Partial:
    """``rate``, times ``factor`` at once after each ``every`` steps."""
    return _decay(_step_decay, rate, every, factor)


def exponential_decay(rate, every: float, factor: float = 0.5) -> Partial:
    """``rate`` times factor^(i/every): as step decay, but smooth."""
    return _decay(_exponential_decay, rate, every, factor)


def cosine_decay(rate, num_steps: float) -> Partial:
    """Half a cosine from ``rate`` at step 0 down to 0 at ``num_steps``, then 0."""
    return _decay(_cosine_decay, rate, num_steps)


def warm_up(num_steps: float, then) -> Partial:
    """A straight line from 0 over ``num_steps`` steps to the start of ``then``, a rate or schedule.

    The learning rate is i/num_steps of its height at step i, so the very first step has length 0.
    """
    _check_length(num_steps)
    return Partial(_warm_up, _float(num_steps), _rate(then))


def _decay(function, rate, length, *factor):
    _check_rate(rate)
    _check_length(length)
    if factor and not is_traced(factor[0]) and not 0 < factor[0] <= 1:
        raise ValueError(f"factor must be above 0 and at most 1, but is {factor[0]}.")
    return Partial(function, _float(rate), _float(length), *map(_float, factor))


def _constant(rate, i):
    return rate


def _step_decay(rate, every, factor, i):
    return rate * factor ** jnp.floor(i / every)


def _exponential_decay(rate, every, factor, i):
    return rate * factor ** (i / every)


def _cosine_decay(rate, num_steps, i):
    return rate * (1 + jnp.cos(jnp.pi * jnp.minimum(i / num_steps, 1))) / 2


def _warm_up(num_steps, then, i):
    after = jnp.maximum(i - num_steps, 0)
    height = then(after) if callable(then) else then
    return height * jnp.minimum(i / num_steps, 1)


# --- what they refuse -----------------------------------------------------------------------------


def _float(number):
    return jnp.asarray(number, dtype=float)


def _rate(learning_rate):
    """A number as an array, a schedule as a pytree of its numbers: both can live in a state."""
    if callable(learning_rate):
        return learning_rate if isinstance(learning_rate, Partial) else Partial(learning_rate)
    _check_rate(learning_rate)
    return _float(learning_rate)


def _check_rate(rate):
    if not is_traced(rate) and not rate > 0:
        raise ValueError(f"learning_rate must be positive, but is {rate}.")


def _check_length(num_steps):
    if not is_traced(num_steps) and not num_steps > 0:
        raise ValueError(f"the number of steps must be positive, but num_steps is {num_steps}.")


def _check_share(decay, name):
    if not is_traced(decay) and not 0 <= decay < 1:
        raise ValueError(f"{name} must be at least 0 and below 1, but is {decay}.")
