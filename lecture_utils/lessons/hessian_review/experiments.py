"""What notebook 01 measures many times: errors, seconds, escapes, plateaus, gradient norms."""

from __future__ import annotations

import time
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from threadpoolctl import threadpool_limits

from lecture_utils import datasets, networks
from lecture_utils.critical_points import classify_critical_point
from lecture_utils.optimizers import gradient_descent
from lecture_utils.spectra import top_eigenpairs
from lecture_utils.studio.progress import parallel
from lecture_utils.training import train, trajectory
from lecture_utils.trees import norm

__all__ = [
    "descend",
    "escape_times",
    "for_all_pairs",
    "growth",
    "last_over_first",
    "let_rest",
    "model_errors",
    "network_plateaus",
    "newton_on_parabolas",
    "newton_seconds",
    "parabolas",
    "plateaus",
    "random_curvatures",
    "steps_to_leave",
    "train_on_digits",
    "walk_around",
]


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


def model_errors(loss, theta0, lengths, seed: int, directions: int = 40) -> np.ndarray:
    """|forecast − loss| of tangent, parabola and parabola without ½: (directions, lengths, 3)."""
    v = jax.random.normal(jax.random.key(10 * seed), (directions, len(theta0)))
    v /= jnp.linalg.norm(v, axis=1, keepdims=True)
    value, g, H = loss(theta0), jax.grad(loss)(theta0), jax.hessian(loss)(theta0)

    def errors(v, length):
        delta = length * v
        tangent, curved = value + g @ delta, delta @ H @ delta
        forecasts = jnp.array([tangent, tangent + 0.5 * curved, tangent + curved])
        return jnp.abs(loss(theta0 + delta) - forecasts)

    return for_all_pairs(errors, v, jnp.asarray(lengths))


def growth(x, y) -> np.ndarray:
    """The power p of y ∝ x^p: the slope on logarithmic axes.

    ``y`` (x,) gives a number; (runs, x, kinds) gives one for each kind, from the runs' medians.
    """
    y = np.asarray(y)
    typical = y if y.ndim == 1 else np.median(y, axis=0)
    return np.polyfit(np.log(np.asarray(x)), np.log(typical), 1)[0]


def steps_to_leave(loss, distances, eta, seed: int, step=None, directions: int = 25) -> np.ndarray:
    """Steps until the loss is below ½ from each distance: (directions, distances).

    ``step`` is one step of a method, θ ↦ θ; gradient descent with ``eta`` by default.
    """
    turns = 2 * jnp.pi * jax.random.uniform(jax.random.key(10 * seed + 1), (directions, 1, 1))
    around = jnp.concatenate([jnp.cos(turns), jnp.sin(turns)], axis=-1)
    starts = jnp.asarray(distances)[:, None] * around
    return escape_times(step or (lambda theta: theta - eta * jax.grad(loss)(theta)), loss, starts)


class Plateaus(NamedTuple):
    """Runs from ever smaller starts: ``curves`` (starts, scales, steps + 1), ``steps`` until L < 2.

    Of the longest run of each start: ``flat`` the smallest gradient norm, ``lowest`` the lowest
    eigenvalue there, and the ``forecast`` of steps for a factor of 10 that follows from it.
    """

    curves: np.ndarray
    steps: np.ndarray
    flat: np.ndarray
    lowest: np.ndarray
    forecast: np.ndarray


def network_plateaus(seed: int, eta: float = 0.5) -> Plateaus:
    """A 64-16-10 tanh network on 500 digits, all at once, from its usual start times 1 to 10⁻⁴."""
    net, data = networks.mlp([64, 16, 10], "tanh"), datasets.digits(500)

    def loss(params):
        return networks.cross_entropy(net.apply(params, data.x), data.y)

    scales = 10.0 ** -np.arange(5)
    starts = [net.init(jax.random.key(10 * seed + k)) for k in range(3)]
    runs = parallel(lambda start: plateaus(loss, start, scales, eta), starts, "leaving the origin")
    curves, flat, lowest = map(np.array, zip(*runs, strict=True))
    forecast = np.log(10) / np.log(1 - eta * lowest)
    return Plateaus(curves, np.argmax(curves < 2.0, axis=2), flat, lowest, forecast)


def newton_on_parabolas(sizes, seed: int) -> tuple[np.ndarray, list[str]]:
    """One Newton step on random parabolas: the gradient's norm after it, and where it led."""
    rng, left, natures = np.random.default_rng(seed), [], []
    for n in sizes:
        A, b = rng.standard_normal((n, n)), rng.standard_normal(n)
        H = A + A.T
        theta = np.linalg.solve(H, -b)
        left.append(np.linalg.norm(H @ theta + b))
        natures.append(classify_critical_point(np.linalg.eigvalsh(H)))
    return np.array(left), natures


def random_curvatures(size: int, seed: int, count: int = 2000):
    """Eigenvalues (size,) from −2 to 2; curvatures along random directions, measured two ways.

    Returns the eigenvalues, vᵀHv (count,) and Σ aᵢ²λᵢ (count,).
    """
    rng = np.random.default_rng([seed, size])
    eigenvalues = np.linspace(-2, 2, size)
    V, _ = np.linalg.qr(rng.standard_normal((size, size)))
    H = V @ np.diag(eigenvalues) @ V.T
    v = rng.standard_normal((count, size))
    v /= np.linalg.norm(v, axis=1, keepdims=True)
    return eigenvalues, np.einsum("ni,ij,nj->n", v, H, v), (v @ V) ** 2 @ eigenvalues


class Walk(NamedTuple):
    """A walk around a point: the loss above its middle on the largest circle, and what that is."""

    formula: str
    heights: np.ndarray
    name: str


_NAMES = {
    (True, False): "minimum",
    (False, True): "maximum",
    (True, True): "saddle",
    (False, False): "flat",
}


def walk_around(surfaces, angles, radii) -> dict[str, Walk]:
    """Each surface walked around its origin on circles; named only if all circles agree."""
    turn = np.radians(angles)
    circle, found = np.stack([np.cos(turn), np.sin(turn)]), {}
    for surface in surfaces:
        middle = float(surface(np.zeros(2)))
        heights = [np.asarray(surface(radius * circle)) - middle for radius in radii]
        names = {_NAMES[bool(h.max() > 1e-12), bool(h.min() < -1e-12)] for h in heights}
        name = names.pop() if len(names) == 1 else "depends on the radius"
        found[surface.name] = Walk(surface.formula, heights[0], name)
    return found


class Trained(NamedTuple):
    """Runs on digits, (seeds, epochs) each: loss and gradient norm of a minibatch, mean over an
    epoch, and the gradient norm over all the data after it; and what made them."""

    losses: np.ndarray
    norms: np.ndarray
    whole_norms: np.ndarray
    wrong: float
    seeds: tuple
    kept: tuple  # for each seed the parameters after every epoch


_DIGITS_NET = (64, 64, 64, 10)


def _digits_loss(params, batch):
    images, labels = batch
    return networks.cross_entropy(networks.mlp(_DIGITS_NET, "relu").apply(params, images), labels)


_whole_slope = jax.jit(jax.grad(_digits_loss))


def train_on_digits(wrong: float, seeds, epochs: int = 120) -> Trained:
    """Minibatch descent (32 images, η = 0.05) on 1797 digits of which a share is labelled wrong."""
    digits, net = datasets.digits(), networks.mlp(_DIGITS_NET, "relu")

    def train_one(seed):
        data, norms, kept = (digits.x, datasets.noisy_labels(digits.y, wrong, seed)), [], []

        def look(_epoch, params):
            norms.append(norm(_whole_slope(params, data)))
            kept.append(params)

        run = train(
            _digits_loss, net.init(jax.random.key(seed)), data, gradient_descent(0.05),
            epochs=epochs, batch_size=32, seed=seed, on_epoch=look,
        )  # fmt: skip
        return run.losses, run.grad_norms, np.array(norms), tuple(kept)

    what = f"training {len(seeds)} networks"
    losses, norms, whole, kept = zip(*parallel(train_one, seeds, what), strict=True)
    return Trained(*map(np.array, (losses, norms, whole)), wrong, tuple(seeds), kept)


def last_over_first(curves, epochs: int = 10) -> np.ndarray:
    """The mean over the last epochs, divided by that over the first: (runs,)."""
    return curves[:, -epochs:].mean(1) / curves[:, :epochs].mean(1)


class Rested(NamedTuple):
    """Gradient norms over all the data before and after resting, and λ_max: (seeds, epochs)."""

    epochs: tuple
    before: np.ndarray
    after: np.ndarray
    highest: np.ndarray


def let_rest(runs: Trained, epochs, rate: float, steps: int) -> Rested:
    """Take the weights after some epochs, and make small steps with all the data from there.

    What the noise of minibatches had displaced decays meanwhile; the slope of the floor stays.
    """
    digits = datasets.digits()

    def rest_one(job):
        run, epoch = job
        labels = datasets.noisy_labels(digits.y, runs.wrong, runs.seeds[run])
        data, params = (digits.x, labels), runs.kept[run][epoch - 1]
        before = norm(_whole_slope(params, data))
        rested = _descend(params, data, rate, steps)
        top = top_eigenpairs(lambda p: _digits_loss(p, data), rested, 1).eigenvalues[0]
        return float(before), float(norm(_whole_slope(rested, data))), float(top)

    jobs = [(run, epoch) for run in range(len(runs.seeds)) for epoch in epochs]
    found = np.array(parallel(rest_one, jobs, "letting the weights rest"))
    before, after, highest = found.reshape(len(runs.seeds), len(epochs), 3).transpose(2, 0, 1)
    return Rested(tuple(epochs), before, after, highest)


@partial(jax.jit, static_argnums=3)
def _descend(params, data, rate, steps):
    def step(params, _):
        slope = jax.grad(_digits_loss)(params, data)
        return jax.tree.map(lambda w, g: w - (rate * g).astype(w.dtype), params, slope), None

    return jax.lax.scan(step, params, length=steps)[0]


def parabolas(cases) -> list:
    """For each (loss, x₀) the parabola that lies closest to a loss of one variable at x₀."""

    def at(loss, x0):
        value, slope = loss(x0), jax.grad(loss)(x0)
        curvature = jax.grad(jax.grad(loss))(x0)
        return lambda x: value + slope * (x - x0) + 0.5 * curvature * (x - x0) ** 2

    return [at(loss, x0) for loss, x0 in cases]


def descend(loss, start, eta: float, steps: int) -> np.ndarray:
    """Gradient descent from ``start`` (N,): all its points (steps, N), the start first."""

    def step(theta, _):
        return theta - eta * jax.grad(loss)(theta), theta

    return np.asarray(jax.lax.scan(step, jnp.asarray(start), length=steps)[1])
