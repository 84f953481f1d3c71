"""Update rules as (init, update) pairs in optax's convention, so that optax's drop in beside them.

Hyperparameters live in the state, not in a closure: a run compiled once serves every learning
rate, and a slider move never recompiles.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from .trees import is_traced


class Optimizer(NamedTuple):
    """``init(params) -> state``; ``update(gradients, state, params) -> (step, state)``.

    The step is *added* to the parameters.
    """

    init: Callable
    update: Callable


class GradientDescentState(NamedTuple):
    """What gradient descent remembers between two steps: only its learning rate η."""

    learning_rate: jnp.ndarray


def gradient_descent(learning_rate: float) -> Optimizer:
    """θ ← θ - η g (note, section 3.2.1, with the learning rate η that it leaves out)."""
    _check_rate(learning_rate)

    def init(params):
        return GradientDescentState(jnp.asarray(learning_rate, dtype=float))

    return Optimizer(init, _gradient_descent_update)


def _gradient_descent_update(gradients, state, params=None):
    step = jax.tree.map(lambda g: -state.learning_rate.astype(g.dtype) * g, gradients)
    return step, state


class MomentumState(NamedTuple):
    """Learning rate α, decay λ, and the last movement m, a pytree like the parameters."""

    learning_rate: jnp.ndarray
    decay: jnp.ndarray
    movement: Any


def momentum(learning_rate: float, decay: float = 0.9) -> Optimizer:
    """m ← λ m - α g, θ ← θ + m, starting at m = 0 (note, section 3.2.2).

    ``decay`` is the note's λ, 0 ≤ λ < 1.  The same iterates as ``optax.sgd(α, momentum=λ)``.
    """
    _check_rate(learning_rate)
    _check_share(decay, "decay")

    def init(params):
        zeros = jax.tree.map(jnp.zeros_like, params)
        return MomentumState(*_floats(learning_rate, decay), zeros)

    return Optimizer(init, _momentum_update)


def _momentum_update(gradients, state, params=None):
    movement = jax.tree.map(
        lambda m, g: state.decay.astype(g.dtype) * m - state.learning_rate.astype(g.dtype) * g,
        state.movement,
        gradients,
    )
    return movement, state._replace(movement=movement)


class AdamState(NamedTuple):
    """Its four constants, the number of steps taken, and the two running means."""

    learning_rate: jnp.ndarray
    decay_mean: jnp.ndarray
    decay_square: jnp.ndarray
    epsilon: jnp.ndarray
    count: jnp.ndarray
    mean: Any
    square: Any


def adam(
    learning_rate: float,
    decay_mean: float = 0.9,
    decay_square: float = 0.999,
    epsilon: float = 1e-8,
) -> Optimizer:
    """θ ← θ - α m̂ / (√v̂ + ε), for each parameter by itself (Kingma & Ba 2014, arXiv 1412.6980).

    m ← β₁ m + (1 - β₁) g and v ← β₂ v + (1 - β₂) g² are running means that start at zero;
    m̂ = m / (1 - β₁ⁱ) and v̂ = v / (1 - β₂ⁱ) after i steps undo that start.  The note's last
    formula divides the *movement* of momentum, which already holds -α, and has no correction;
    this is what it stands for.
    """
    _check_rate(learning_rate)
    _check_share(decay_mean, "decay_mean")
    _check_share(decay_square, "decay_square")
    if not is_traced(epsilon) and not epsilon > 0:
        raise ValueError(f"epsilon must be positive, but is {epsilon}: try 1e-8.")

    def init(params):
        zeros = jax.tree.map(jnp.zeros_like, params)
        constants = _floats(learning_rate, decay_mean, decay_square, epsilon)
        return AdamState(*constants, jnp.zeros((), dtype=int), zeros, zeros)

    return Optimizer(init, _adam_update)


def _adam_update(gradients, state, params=None):
    count = state.count + 1

    def running(decay, old, new):
        return jax.tree.map(
            lambda m, x: decay.astype(x.dtype) * m + (1 - decay).astype(x.dtype) * x, old, new
        )

    mean = running(state.decay_mean, state.mean, gradients)
    square = running(state.decay_square, state.square, jax.tree.map(jnp.square, gradients))
    fill_mean, fill_square = 1 - state.decay_mean**count, 1 - state.decay_square**count

    def step(m, v):
        rate, eps = state.learning_rate.astype(m.dtype), state.epsilon.astype(m.dtype)
        spread = jnp.sqrt(v / fill_square.astype(m.dtype))
        return -rate * (m / fill_mean.astype(m.dtype)) / (spread + eps)

    state = state._replace(count=count, mean=mean, square=square)
    return jax.tree.map(step, mean, square), state


def _floats(*numbers):
    return [jnp.asarray(number, dtype=float) for number in numbers]


def _check_rate(learning_rate):
    if not is_traced(learning_rate) and not learning_rate > 0:
        raise ValueError(f"learning_rate must be positive, but is {learning_rate}.")


def _check_share(decay, name):
    if not is_traced(decay) and not 0 <= decay < 1:
        raise ValueError(f"{name} must be at least 0 and below 1, but is {decay}.")
