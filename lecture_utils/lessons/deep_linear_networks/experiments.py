"""The many starts, depths and rates of notebook 02, and the numbers that its claims judge."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import scipy.stats

from lecture_utils.critical_points import linear_autoencoder_points
from lecture_utils.training import trajectory

__all__ = [
    "around_origin",
    "final_losses",
    "half_times",
    "index_against_loss",
    "plateau_times",
    "rank_correlation",
    "relative_error",
    "settling_share",
    "share_going_down",
]


def relative_error(found, exact) -> float:
    """The largest |found − exact| / (|exact| + 0.001): ``np.allclose`` asks for at most 1e-5."""
    found, exact = np.asarray(found), np.asarray(exact)
    return float(np.max(np.abs(found - exact) / (np.abs(exact) + 1e-3)))


# --- the chain of weights ----------------------------------------------------------------------


def around_origin(function, weights: int, distances, key, directions: int = 25) -> np.ndarray:
    """``function(w)`` for random directions of w (weights,) at each distance from the origin.

    Shape (directions, distances); the same directions serve all distances.
    """
    v = jax.random.normal(key, (directions, 1, weights))
    starts = distances[:, None] * v / jnp.linalg.norm(v, axis=-1, keepdims=True)
    return np.asarray(jax.vmap(jax.vmap(function))(starts))


def _chain(w, weights):
    """(1 − w₁⋯w_K)² of the first K of the weights w, so that one compilation serves every K."""
    return (1 - jnp.prod(jnp.where(jnp.arange(len(w)) < weights, w, 1.0))) ** 2


def plateau_times(optimizer, starts, depths, steps: int = 4000) -> np.ndarray:
    """Steps until (1 − w₁⋯w_K)² is below ½, for each start and each number K of weights.

    starts (runs, most weights), of which the first K are used; depths: the numbers K.
    Returns (runs, depths); 0 where it never happened within ``steps``.
    """

    def wait(w, weights):
        losses = trajectory(lambda w: _chain(w, weights), w, optimizer, steps).losses
        return jnp.argmax(losses < 0.5)

    each_depth = jax.vmap(wait, (None, 0))
    return np.asarray(jax.jit(jax.vmap(each_depth, (0, None)))(starts, depths))


def settling_share(starts, weights: int, rates) -> np.ndarray:
    """Share of the runs of gradient descent whose loss is below 1e-6 after 2000 steps.

    starts (runs, most weights), of which the first ``weights`` are used.  One share for each rate.
    """
    return np.asarray(_settles(starts, weights, rates)).mean(axis=1)


@jax.jit
def _settles(starts, weights, rates):
    def end(w, rate):
        def step(w, _):
            return w - rate * jax.grad(_chain)(w, weights), None

        return _chain(jax.lax.scan(step, w, length=2000)[0], weights) < 1e-6

    return jax.vmap(lambda rate: jax.vmap(lambda w: end(w, rate))(starts))(rates)


# --- matrices ----------------------------------------------------------------------------------


def share_going_down(loss, point, radii, key, directions: int = 20_000) -> np.ndarray:
    """Share of random directions in which ``loss`` is lower, at each distance from ``point``.

    ``point`` is one array.  Lower means by more than 1e-12, above what rounding makes.
    """
    v = jax.random.normal(key, (directions, *point.shape))
    v /= jnp.sqrt(jnp.sum(v**2, axis=tuple(range(1, v.ndim)), keepdims=True))
    losses, level = jax.jit(jax.vmap(loss)), loss(point) - 1e-12
    return np.array([float(jnp.mean(losses(point + r * v) < level)) for r in radii])


def final_losses(loss, starts, optimizer, steps: int = 4000) -> np.ndarray:
    """The loss at the end of each run; the arrays of ``starts`` have a leading axis of runs."""
    return np.asarray(jax.jit(jax.vmap(partial(_final_loss, loss, optimizer, steps)))(starts))


def _final_loss(loss, optimizer, steps, start):
    return trajectory(loss, start, optimizer, steps).losses[-1]


def half_times(strengths, s) -> np.ndarray:
    """The step at which each mode first exceeds half of its full strength s (modes,).

    strengths (runs, steps, modes).  Returns (runs, modes); a million where it never does.
    """
    above = np.asarray(strengths) > np.asarray(s) / 2
    return np.where(above.any(axis=1), above.argmax(axis=1), 10**6)


# --- the autoencoder ---------------------------------------------------------------------------


def index_against_loss(variances, width: int) -> np.ndarray:
    """(kinds, 2): fraction of negative eigenvalues, and loss as a share of the total variance.

    One row for each kind of critical point of the linear autoencoder with ``width`` hidden units.
    """
    points = linear_autoencoder_points(variances, width)
    size, total = 2 * len(variances) * width, np.sum(variances)
    return np.array([[(p.swaps + p.idle) / size, p.loss / total] for p in points])


def rank_correlation(x, y) -> float:
    """Spearman's: 1 if both orders agree; values that differ by rounding only share a rank."""
    return float(scipy.stats.spearmanr(np.round(x, 12), np.round(y, 12)).statistic)
