"""What notebook 01 measures many times: model errors, seconds, escapes and plateaus."""

from __future__ import annotations

import time
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from threadpoolctl import threadpool_limits

from lecture_utils.optimizers import gradient_descent
from lecture_utils.spectra import top_eigenpairs
from lecture_utils.training import trajectory
from lecture_utils.trees import norm

__all__ = ["escape_times", "for_all_pairs", "newton_seconds", "plateaus"]


def for_all_pairs(function, first, second) -> np.ndarray:
    """``function(a, b)`` for every a of ``first`` (A, …) and b of ``second`` (B, …): (A, B, …)."""
    over_second = jax.vmap(function, (None, 0))
    return np.asarray(jax.vmap(over_second, (0, None))(first, second))


def newton_seconds(sizes, seed: int = 0, at_least: float = 0.1) -> np.ndarray:
    """Processor seconds of one Newton step, ``solve(H, -g)``, for each N in ``sizes``: (sizes,).

    H is a random symmetric N×N matrix.  The linear algebra gets one thread, and the clock is that
    thread's own: with more, the result would depend on the number of cores, and threads that wait
    for work burn time too.  The smallest of three means is returned, each over steps that together
    last ``at_least`` seconds, which is long for the coarsest clock.
    """
    rng, seconds = np.random.default_rng(seed), []
    with threadpool_limits(1):
        for n in sizes:
            A, g = rng.standard_normal((n, n)), rng.standard_normal(n)
            H = A + A.T
            step = partial(np.linalg.solve, H, -g)
            seconds.append(min(_mean_seconds(step, at_least) for _ in range(3)))
    return np.array(seconds)


def _mean_seconds(task, at_least: float) -> float:
    """Seconds of this thread for one call of ``task``: the mean over ``at_least`` seconds."""
    calls, start = 0, time.thread_time()
    while (passed := time.thread_time() - start) < at_least:
        task()
        calls += 1
    return passed / calls


def escape_times(step, loss, starts, below: float = 0.5, most: int = 600) -> np.ndarray:
    """How many steps until the loss is less than ``below``: ints (…) for starts (…, N).

    ``step`` is one step of a method, θ ↦ θ.
    Raises ValueError where a run has not got there within ``most`` steps.
    """
    starts = jnp.asarray(starts)

    def losses(start):  # before each step
        return jax.lax.scan(lambda theta, _: (step(theta), loss(theta)), start, length=most)[1]

    runs = jax.jit(jax.vmap(losses))(starts.reshape(-1, starts.shape[-1]))  # (runs, most)
    low = np.asarray(runs) < below
    if not low.any(axis=1).all():
        raise ValueError(
            f"most = {most} steps are too few: {np.sum(~low.any(axis=1))} of {len(low)} starts "
            f"have not reached a loss below {below}, so allow more steps."
        )
    return low.argmax(axis=1).reshape(starts.shape[:-1])


def plateaus(loss, start, scales, eta: float, num_steps: int = 250):
    """Gradient descent from ``start`` times each of ``scales``; what the last run's plateau is.

    Returns the losses (scales, num_steps + 1), and at the flattest point of the last run the norm
    of the gradient and the lowest eigenvalue of the Hessian.
    """

    def scaled(factor):
        return jax.tree.map(lambda w: factor * w, start)

    runs = [trajectory(loss, scaled(scale), gradient_descent(eta), num_steps) for scale in scales]
    path = runs[-1].params
    norms = jax.lax.map(lambda params: norm(jax.grad(loss)(params)), path)
    flattest = jax.tree.map(lambda w: w[jnp.argmin(norms)], path)
    lowest = top_eigenpairs(loss, flattest, 1, "smallest").eigenvalues[0]
    return np.array([run.losses for run in runs]), float(norms.min()), float(lowest)
