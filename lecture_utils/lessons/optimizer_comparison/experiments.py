"""The many-start and many-rate versions of what notebook 07 shows once."""

import time
from functools import lru_cache, partial
from itertools import combinations

import jax
import jax.numpy as jnp
import numpy as np

from lecture_utils import networks, surfaces
from lecture_utils.optimizers import adam, momentum
from lecture_utils.training import sweep, trajectory

__all__ = [
    "deep_runs",
    "digits_runs",
    "distances",
    "ends",
    "first_steps",
    "leaving",
    "pairs_in_other_order",
    "seconds_per_step",
    "steps_to_a_millionth",
    "steps_to_leave",
    "tuned_steps",
]


# --- momentum: saddles and hills ------------------------------------------------------------------


def steps_to_leave(optimizer, distances, num_steps: int = 1000):
    """Steps until L < -0.2 on the double well, from beside its ridge: (n,), -1 for never.

    ``distances`` (n,) from the ridge; 0 starts on the ridge itself.
    """
    starts = [jnp.array([distance, 1.0]) for distance in distances]
    runs = [trajectory(surfaces.double_well, start, optimizer, num_steps) for start in starts]
    low = np.array([run.losses for run in runs]) < -0.2
    return np.where(low.any(axis=1), low.argmax(axis=1), -1)


def leaving(optimizer, starts, angle: float = 0.0, num_steps: int = 2500):
    """The same for any ``starts`` (n, 2), with the surface and them turned by ``angle`` degrees."""
    turn = _rotation(angle)
    runs = [trajectory(_turned_well(angle), turn @ start, optimizer, num_steps) for start in starts]
    low = np.array([run.losses for run in runs]) < -0.2
    return np.where(low.any(axis=1), low.argmax(axis=1), -1)


def _rotation(angle):
    """The matrix that turns by that angle in degrees; exactly the identity for 0."""
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return jnp.array([[c, -s], [s, c]])


@lru_cache(maxsize=4)
def _turned_well(angle):
    """The double well in turned coordinates; one function for each angle, compiled once."""
    back = _rotation(angle).T
    return lambda place: surfaces.double_well(back @ place)


@partial(jax.jit, static_argnums=0)
def ends(loss, decays, starts, rate):
    """Where momentum is after 2000 steps on a ``loss`` of one number: (decays, starts).

    Give the same function object again: each is compiled anew.
    """

    def roll(decay, x):
        def step(_, ball):
            x, m = ball
            m = decay * m - rate * jax.grad(loss)(x)
            return x + m, m

        return jax.lax.fori_loop(0, 2000, step, (x, 0.0))[0]

    return jax.vmap(lambda decay: jax.vmap(lambda x: roll(decay, x))(starts))(decays)


# --- the heavy ball on ½(x² + κy²) ----------------------------------------------------------------


def distances(kappas, decays, rates, num_steps: int):
    """Distance from the minimum, start included: (runs, num_steps + 1), from (1, 0.3).

    It is ∞ where a run has left the finite numbers.  Condition numbers, memories (0 is gradient
    descent) and rates are broadcast to (runs,).
    """
    parts = map(jnp.asarray, np.broadcast_arrays(kappas, decays, rates))
    path = np.asarray(_heavy_balls(*parts, num_steps))
    return np.nan_to_num(np.hypot(path[..., 0], path[..., 1]), nan=np.inf, posinf=np.inf)


@partial(jax.jit, static_argnums=3)
def _heavy_balls(kappas, decays, rates, num_steps):
    def run(kappa, decay, rate):
        def loss(c):
            return 0.5 * (c[0] ** 2 + kappa * c[1] ** 2)

        return trajectory(loss, jnp.array([1.0, 0.3]), momentum(rate, decay), num_steps).params

    return jax.vmap(run)(kappas, decays, rates)


def steps_to_a_millionth(kappas, decays, rates, num_steps: int = 12_000):
    """The step from which each run stays nearer than 10⁻⁶, arguments as in `distances`: (runs,)."""
    far = distances(kappas, decays, rates, num_steps) > 1e-6
    return far.shape[1] - np.argmax(far[:, ::-1], axis=1)


# --- a ravine at every angle ----------------------------------------------------------------------


def tuned_steps(rule, angles, rates, starts, num_steps: int = 500):
    """Steps to arrive in a ravine of κ = 100, tuned for each angle: (angles,), ∞ for never.

    To arrive means that the loss is below 10⁻⁴ of its first value and stays there.  The learning
    rate with the smallest median over the ``starts`` (S, 2) counts.  ``angles`` are in degrees
    from the first axis, and the starts turn with the ravine; ``rule`` makes an optimizer of a rate.
    """
    run = jax.vmap(partial(_arrival, rule, num_steps), (None, 0, None))
    run = jax.jit(jax.vmap(run, (None, None, 0)))  # (rates, starts)
    return np.array([np.median(run(*_turned(a, starts), rates), axis=1).min() for a in angles])


def _turned(angle, starts):
    """The ravine's Hessian and the starts, turned by that angle in degrees."""
    turn = _rotation(angle)
    return turn @ jnp.diag(jnp.array([1.0, 100.0])) @ turn.T, starts @ turn.T


def _arrival(rule, num_steps, H, start, rate):
    optimizer = rule(rate)

    def step(carry, _):
        theta, state = carry
        move, state = optimizer.update(H @ theta, state, theta)
        return (theta + move, state), theta @ H @ theta

    losses = jax.lax.scan(step, (start, optimizer.init(start)), length=num_steps)[1]
    far = ~(losses < 1e-4 * losses[0])
    return jnp.where(far[-1], jnp.inf, num_steps - jnp.argmax(far[::-1]))


# --- networks for the digits ----------------------------------------------------------------------

_SMALL = networks.mlp([64, 32, 10], "tanh")
_DEEP = networks.mlp([64, 64, 64, 64, 10], "relu")


def _small_loss(params, batch):
    return networks.cross_entropy(_SMALL.apply(params, batch.x), batch.y)


def _deep_loss(params, batch):
    return networks.cross_entropy(_DEEP.apply(params, batch.x), batch.y)


def digits_runs(rule, rates, data, seeds):
    """Losses (rates, seeds, 20 epochs) of a 64-32-10 tanh network, in batches of 64.

    ``seeds`` are whole numbers in a row: each draws a start and the order of the images.
    """
    starts = [_SMALL.init(jax.random.key(seed)) for seed in seeds]
    plan = {"epochs": 20, "batch_size": 64, "seed": seeds[0]}
    return sweep(_small_loss, starts, data, rule, rates, **plan).losses


def seconds_per_step(rule, rate, data, seed: int) -> float:
    """The best of five runs of `digits_runs`, which must have been compiled before."""

    def timed():
        began = time.perf_counter()
        digits_runs(rule, [rate], data, [seed])
        return time.perf_counter() - began

    return min(timed() for _ in range(5)) / (20 * (len(data.y) // 64))


def pairs_in_other_order(before, after) -> int:
    """How many pairs of entries of two lists (n,) are ordered differently; NaN counts as ∞."""
    before, after = (np.where(np.isnan(x), np.inf, x) for x in (before, after))
    pairs = combinations(range(len(before)), 2)
    return sum(int((before[i] < before[j]) != (after[i] < after[j])) for i, j in pairs)


def deep_runs(schedule, peaks, data, seeds):
    """Adam's loss (peaks, seeds) in the last of 10 epochs of a 64-64-64-64-10 ReLU network.

    ``schedule`` makes a schedule of its peak rate; ``seeds`` as in `digits_runs`.
    """
    starts = [_DEEP.init(jax.random.key(seed)) for seed in seeds]
    plan = {"epochs": 10, "batch_size": 64, "seed": seeds[0]}
    return sweep(_deep_loss, starts, data, lambda r: adam(schedule(r)), peaks, **plan).losses[
        ..., -1
    ]


def first_steps(rate, data, seeds, num_steps: int = 40):
    """Losses (seeds, num_steps + 1) of Adam on that deeper network, all ``data`` in each step.

    ``rate`` is a number or a schedule.
    """

    def loss(params):
        return _deep_loss(params, data)

    starts = [_DEEP.init(jax.random.key(seed)) for seed in seeds]
    return np.array([trajectory(loss, start, adam(rate), num_steps).losses for start in starts])
