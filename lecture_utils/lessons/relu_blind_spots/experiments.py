"""The many runs of notebook 03: trainings from a map of starts, and students of a teacher."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from lecture_utils.teacher_student import population_loss

__all__ = ["BadEnds", "losses_after_training", "lowest_curvature", "standard_errors", "teach"]


# --- consider your initialization --------------------------------------------------------------


@partial(jax.jit, static_argnums=(0, 1, 2))
def losses_after_training(network, loss, optimizer, keys, means, scale, data, batches):
    """The training losses at the end of runs that start with different means of the weights.

    A start is ``network.init(key)`` with weights times ``scale`` plus mean·√(2 / inputs).

    Parameters
    ----------
    loss : (params, (x, y)) -> scalar.
    keys, means : (runs,), one for each run; all share the scale and the steps.
    data : (x, y), all examples.
    batches : (steps, batch) rows of the data; the time grows in proportion to the steps.
    """

    def final_loss(key, mean):
        params = [
            {"W": scale * layer["W"] + mean * (2 / len(layer["W"])) ** 0.5, "b": layer["b"]}
            for layer in network.init(key)
        ]

        def step(carry, rows):
            params, state = carry
            slope = jax.grad(loss)(params, (data[0][rows], data[1][rows]))
            move, state = optimizer.update(slope, state, params)
            return (optax.apply_updates(params, move), state), None

        (params, _), _ = jax.lax.scan(step, (params, optimizer.init(params)), batches)
        return loss(params, data)

    return jax.vmap(final_loss)(keys, means)


# --- teacher and student -----------------------------------------------------------------------


class BadEnds(NamedTuple):
    """Where students ended above zero: loss and lowest curvature of each, and unfinished runs."""

    loss: np.ndarray
    curvature: np.ndarray
    unfinished: int


def teach(
    loss: Callable, gradient: Callable, k: int, n: int, *, seed: int, runs: int = 300
) -> BadEnds:
    """Gradient descent of ``runs`` students of n units on a teacher of k units; their `BadEnds`.

    The teacher's units are the unit vectors; a student starts from N(0, 1/k), with learning rate
    5/k.  A run ends when the loss is below 0.001, or when the gradient's norm is below 1e-8: then
    it is a bad end.

    Parameters
    ----------
    loss, gradient : of (student (n, k), teacher (k, k)).
    seed : with k and n it fixes the starts, so that every (k, n) has its own.
    """
    rng, teacher = np.random.default_rng([seed, k, n]), np.eye(k)
    students = rng.standard_normal((runs, n, k)) / np.sqrt(k)
    losses, norms, unfinished = np.ones(runs), np.ones(runs), np.arange(runs)
    for _ in range(4 * runs):
        batch = np.resize(unfinished, 100)  # the first hundred of them, repeated if they are fewer
        advanced = _advance(loss, gradient, students[batch], teacher)
        students[batch], losses[batch], norms[batch] = advanced
        unfinished = unfinished[(losses[unfinished] > 1e-3) & (norms[unfinished] > 1e-8)]
        if not unfinished.size:
            break
    bad = (losses > 1e-3) & (norms <= 1e-8)
    curvature = np.array([lowest_curvature(student) for student in students[bad]])
    return BadEnds(losses[bad], curvature, len(unfinished))


@partial(jax.jit, static_argnums=(0, 1))
def _advance(loss, gradient, students, teacher):
    """250 steps for each student of a batch: weights, losses and norms of the gradients."""
    slopes, rate = jax.vmap(gradient, (0, None)), 5 / len(teacher)

    def step(_, students):
        return students - rate * slopes(students, teacher)

    students = jax.lax.fori_loop(0, 250, step, students)
    losses = jax.vmap(loss, (0, None))(students, teacher)
    return students, losses, jnp.linalg.norm(slopes(students, teacher), axis=(1, 2))


_hessian = jax.jit(jax.hessian(population_loss))


def lowest_curvature(student) -> float:
    """The smallest eigenvalue of the loss's Hessian at a student (n, k) of the unit vectors."""
    (n, k), size = student.shape, max(10, student.shape[1])
    padded = np.zeros((n + size - k, size))  # the same unit added on both sides cancels,
    padded[:n, :k], padded[n:, k:] = student, np.eye(size - k)  # so one compiled size serves all k
    H = _hessian(padded, np.eye(size))[:n, :k, :n, :k]
    return float(np.linalg.eigvalsh(H.reshape(n * k, n * k))[0])


def standard_errors(hits: int, runs: int, share: float) -> float:
    """How far ``hits`` of ``runs`` are from ``share``, in standard errors of such a sample.

    At most z says the same as: Wilson's interval for z standard errors holds ``share``.
    """
    return abs(hits / runs - share) / np.sqrt(share * (1 - share) / runs)
