"""What notebook 05 trains and measures many times: lines, pairs, widths, and the path of training.

A *run* is the list of a network's parameters before training and after each epoch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from itertools import combinations
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import scipy.stats

import lecture_utils as lu
from lecture_utils import datasets, networks
from lecture_utils.directions import align_neurons
from lecture_utils.profiles import barrier, bezier, interpolate
from lecture_utils.studio.progress import parallel
from lecture_utils.trees import ravel_pytree

__all__ = [
    "WAY",
    "another_start",
    "barriers_by_width",
    "chance_of_split",
    "climb",
    "control_point",
    "large_steps",
    "off_the_line",
    "one_start",
    "pair_barriers",
    "pairs_three_ways",
    "profiles",
    "random_walk",
    "reorder",
    "shuffled",
    "train",
    "train_others",
    "walks",
]

WAY = np.linspace(0, 1, 51)  # from one end of a line to the other
BEYOND = np.linspace(0, 2, 101)  # from a start to the end of training, and as far again

NETWORKS = {"MLP": networks.mlp([64, 64, 64, 10]), "CNN": networks.cnn(), "LSTM": networks.lstm()}


def _rule(name: str):
    """Momentum for all but the LSTM, which needs Adam to learn in this time."""
    return lu.adam(0.01) if name == "LSTM" else lu.momentum(0.05, 0.9)


@cache
def _loss_of(apply):
    """The cross-entropy of a network on a batch: (params, (images, labels)) -> number."""

    def loss(params, batch):
        return networks.cross_entropy(apply(params, batch[0]), batch[1])

    return loss


@partial(jax.jit, static_argnums=0)
def _losses(apply, a, b, alphas):
    """Loss and accuracy over all digits at each place on the line from a to b: (places, 2)."""
    digits = datasets.digits()

    def at(alpha):
        scores = apply(interpolate(a, b, alpha), digits.x)
        right = networks.accuracy(scores, digits.y)
        return jnp.stack([networks.cross_entropy(scores, digits.y), right.astype(scores.dtype)])

    return jax.lax.map(at, alphas)


def _on_line(apply, a, b, alphas=WAY) -> np.ndarray:
    """The losses on the line from a to b: (places,)."""
    return np.asarray(_losses(apply, a, b, jnp.asarray(alphas, jnp.float32))[:, 0], float)


# --- training ---------------------------------------------------------------------------------


def _run(network, rule, start, seed: int, epochs: int = 30) -> list:
    path = [start]
    lu.train(
        _loss_of(network.apply), start, datasets.digits(), rule,
        epochs=epochs, batch_size=64, seed=seed, on_epoch=lambda _, params: path.append(params),
    )  # fmt: skip
    return path


def _from_scratch(network, rule, seed: int) -> list:
    return _run(network, rule, jax.jit(network.init)(jax.random.key(seed)), seed)


def train(name: str, seed: int, count: int) -> list[list]:
    """``count`` runs of the MLP, CNN or LSTM, 30 epochs on the digits, from as many starts."""
    network, rule = NETWORKS[name], _rule(name)
    seeds = [10 * seed + k for k in range(count)]
    return parallel(partial(_from_scratch, network, rule), seeds, f"training {count} networks")


def train_others(seed: int) -> dict[str, list[list]]:
    """Three runs of the CNN, and three of the LSTM."""
    jobs = [(name, 10 * seed + k) for name in ("CNN", "LSTM") for k in range(3)]
    runs = parallel(
        lambda job: _from_scratch(NETWORKS[job[0]], _rule(job[0]), job[1]),
        jobs, "training three convolutional and three recurrent networks",
    )  # fmt: skip
    return {"CNN": runs[:3], "LSTM": runs[3:]}


# --- lines from a start to an end -------------------------------------------------------------


class Profiles(NamedTuple):
    """Lines from the start of training through its end: (runs, places) for each kind."""

    alphas: np.ndarray
    losses: dict[str, np.ndarray]
    accuracies: dict[str, np.ndarray]

    def way(self, name: str) -> np.ndarray:
        """The losses from the start to the end of training, without what lies beyond."""
        return self.losses[name][:, self.alphas <= 1 + 1e-9]


def profiles(kinds: Mapping[str, Sequence[list]], alphas=BEYOND) -> Profiles:
    """The line of every run, from its start through its end and as far again."""
    losses, accuracies = {}, {}
    for name, runs in kinds.items():
        apply, places = NETWORKS[name].apply, jnp.asarray(alphas, jnp.float32)
        found = np.array([_losses(apply, run[0], run[-1], places) for run in runs], float)
        losses[name], accuracies[name] = found[..., 0], found[..., 1]
    return Profiles(np.asarray(alphas), losses, accuracies)


def climb(losses) -> np.ndarray:
    """The largest rise above the lowest loss met so far, along the last axis: (…) for (…, n)."""
    losses = np.asarray(losses)
    return np.max(losses - np.minimum.accumulate(losses, axis=-1), axis=-1)


def large_steps(seed: int) -> dict[str, np.ndarray]:
    """Lines of runs with a hundred times Adam's usual rate, plain and normalized: (6, places)."""
    nets = {
        "MLP, large steps": NETWORKS["MLP"],
        "normalized, large steps": networks.deep_mlp(64, width=64, depth=3, normalize=True),
    }

    def one(job):
        name, k = job
        run = _from_scratch(nets[name], lu.adam(0.1), 10 * seed + k)
        return _on_line(nets[name].apply, run[0], run[-1])

    jobs = [(name, k) for name in nets for k in range(6)]
    found = np.array(parallel(one, jobs, "training twelve networks with large steps"))
    return dict(zip(nets, (found[:6], found[6:]), strict=True))


def another_start(runs) -> np.ndarray:
    """Lines to the end of each of three MLP runs from a start of another one: (3, places)."""
    apply = NETWORKS["MLP"].apply
    return np.array([_on_line(apply, runs[k + 1][0], runs[k][-1]) for k in range(3)])


def chance_of_split(few, many, bound: float) -> float:
    """Fisher's exact test, one-sided: is a value above ``bound`` rarer in ``few`` than in ``many``?

    The chance of a split at least as uneven as this one if the groups did not differ.
    """
    above = [(int(np.sum(np.asarray(group) > bound)), len(group)) for group in (few, many)]
    return float(scipy.stats.fisher_exact([[up, n - up] for up, n in above], "less").pvalue)


# --- the order of the units -------------------------------------------------------------------


def reorder(params, k: int, order) -> list:
    """The MLP with the units of hidden layer k in another order: the new unit i is order[i]."""
    new = [dict(layer) for layer in params]
    new[k] = {"W": params[k]["W"][:, order], "b": params[k]["b"][order]}
    new[k + 1]["W"] = params[k + 1]["W"][order]
    return new


def shuffled(params, seed: int) -> list:
    """The same MLP with the units of every hidden layer in a random order."""
    rng = np.random.default_rng(seed)
    for k, layer in enumerate(params[:-1]):
        params = reorder(params, k, rng.permutation(layer["W"].shape[1]))
    return params


def pair_barriers(height, solutions) -> np.ndarray:
    """Barriers between every two of n solutions, as trained and reordered: (n (n − 1) / 2, 2).

    ``height(a, b)`` is the barrier on the way from a to b.  In the second column the units of the
    later network are put into the order of the earlier one's first.
    """
    return np.array(
        [[height(a, b), height(a, align_neurons(b, a))] for a, b in combinations(solutions, 2)]
    )


def _height(apply, a, b) -> float:
    return barrier(_on_line(apply, a, b))


def barriers_by_width(seed: int, runs, widths=(16, 64, 256)) -> np.ndarray:
    """Barriers of three pairs for each width, as trained and reordered: (widths, 3, 2).

    ``runs`` are those of the MLP with 64 units; the others are trained here.
    """
    nets = {width: networks.mlp([64, width, width, 10]) for width in widths if width != 64}
    jobs = [(width, 10 * seed + k) for k in range(3) for width in nets]
    trained = parallel(
        lambda job: _from_scratch(nets[job[0]], _rule("MLP"), job[1])[-1],
        jobs, "training three networks of each of two more widths",
    )  # fmt: skip
    ends = {width: trained[i :: len(nets)] for i, width in enumerate(nets)}
    nets[64], ends[64] = NETWORKS["MLP"], [run[-1] for run in runs[:3]]
    return np.array(
        [pair_barriers(partial(_height, nets[width].apply), ends[width]) for width in widths]
    )


def one_start(seed: int, runs) -> np.ndarray:
    """Barriers between two ends from one start, the batches in another order; and to the end of
    another start's run: (3, 2)."""
    network, rule = NETWORKS["MLP"], _rule("MLP")
    starts = [run[0] for run in runs[:3]]
    again = parallel(
        lambda start: _run(network, rule, start, 10 * seed + 8)[-1], starts,
        "training from the same three starts again",
    )  # fmt: skip
    ends = [run[-1] for run in runs]
    height = partial(_height, network.apply)
    return np.array([[height(ends[k], again[k]), height(ends[k], ends[k + 1])] for k in range(3)])


# --- bent paths -------------------------------------------------------------------------------


@partial(jax.jit, static_argnums=0)
def _bend(apply, a, b, times):
    digits, rule = datasets.digits(), lu.adam(0.01)

    def slope(c, t):
        return jax.grad(lambda c: _loss_of(apply)(bezier(a, c, b, t), digits))(c)

    def step(carry, t):
        c, state = carry
        move, state = rule.update(slope(c, t), state)
        return (jax.tree.map(jnp.add, c, move), state), None

    middle = interpolate(a, b, 0.5)
    return jax.lax.scan(step, (middle, rule.init(middle)), times)[0][0]


def control_point(a, b, seed: int, steps: int = 400):
    """A trained control point of the curve from a to b, both MLPs of the lesson."""
    times = np.random.default_rng(seed).random(steps)
    return _bend(NETWORKS["MLP"].apply, a, b, jnp.asarray(times, jnp.float32))


@partial(jax.jit, static_argnums=0)
def _on_curve(apply, a, c, b, times):
    digits = datasets.digits()
    return jax.lax.map(lambda t: _loss_of(apply)(bezier(a, c, b, t), digits), times)


def pairs_three_ways(solutions, seed: int) -> dict[str, np.ndarray]:
    """Losses on the ways between every two of n MLPs of the lesson: (pairs, places) for each way.

    Straight as trained, straight with the units of the second reordered, and bent as trained.
    """
    apply, times = NETWORKS["MLP"].apply, jnp.asarray(WAY, jnp.float32)

    def one(pair):
        k, (a, b) = pair
        c = control_point(a, b, seed=10 * seed + 5 if k == 0 else 10**6 + 100 * seed + k)
        curve = np.asarray(_on_curve(apply, a, c, b, times), float)
        return _on_line(apply, a, b), _on_line(apply, a, align_neurons(b, a)), curve

    pairs = list(enumerate(combinations(solutions, 2)))
    found = np.array(parallel(one, pairs, f"bending {len(pairs)} paths"))
    names = ("straight line, as trained", "straight line, units reordered", "bent path, as trained")
    return dict(zip(names, found.swapaxes(0, 1), strict=True))


# --- the path that training walks -------------------------------------------------------------


class Walk(NamedTuple):
    """A run beside the line from its start to its end, after each epoch: (epochs + 1,) each.

    ``place`` α along the line and ``distance`` from it in units of its length, the losses
    ``on_path`` and ``on_line`` at that place, and the ``share`` of the squared distances from the
    start that the line explains.
    """

    place: np.ndarray
    distance: np.ndarray
    on_path: np.ndarray
    on_line: np.ndarray
    share: float


def off_the_line(points) -> tuple[np.ndarray, np.ndarray, float]:
    """Place along, distance from, and share explained by the line between the ends: (steps, N)."""
    moved = np.asarray(points, float) - points[0]
    d = moved[-1]
    place = moved @ d / (d @ d)
    rest = moved - np.outer(place, d)
    share = 1 - np.sum(rest**2) / np.sum(moved**2)
    return place, np.linalg.norm(rest, axis=1) / np.linalg.norm(d), float(share)


def walks(kinds: Mapping[str, Sequence[list]]) -> dict[str, list[Walk]]:
    """Every run beside its line."""
    digits = datasets.digits()

    def one(job):
        name, run = job
        apply = NETWORKS[name].apply
        points = np.stack([np.asarray(ravel_pytree(params)[0], float) for params in run])
        place, distance, share = off_the_line(points)
        loss = jax.jit(_loss_of(apply))
        on_path = np.array([float(loss(params, digits)) for params in run])
        return Walk(place, distance, on_path, _on_line(apply, run[0], run[-1], place), share)

    jobs = [(name, run) for name, runs in kinds.items() for run in runs]
    found = iter(parallel(one, jobs, "measuring the paths"))
    return {name: [next(found) for _ in runs] for name, runs in kinds.items()}


def random_walk(seed: int, steps: int = 300, dimensions: int = 4000):
    """Place, distance and share explained for a walk of independent steps."""
    moves = np.random.default_rng(10 * seed + 6).standard_normal((steps + 1, dimensions))
    return off_the_line(np.cumsum(moves, axis=0))
