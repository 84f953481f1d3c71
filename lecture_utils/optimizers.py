"""Update rules as (init, update) pairs in optax's convention, so that optax's drop in beside them.

Hyperparameters live in the state, not in a closure: a run compiled once serves every learning
rate, and a slider move never recompiles.
"""

from collections.abc import Callable
from typing import NamedTuple

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
    if not is_traced(learning_rate) and not learning_rate > 0:
        raise ValueError(f"learning_rate must be positive, but is {learning_rate}.")

    def init(params):
        return GradientDescentState(jnp.asarray(learning_rate, dtype=float))

    return Optimizer(init, _gradient_descent_update)


def _gradient_descent_update(gradients, state, params=None):
    step = jax.tree.map(lambda g: -state.learning_rate.astype(g.dtype) * g, gradients)
    return step, state
