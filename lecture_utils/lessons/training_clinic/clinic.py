"""Six networks that fail to learn the digits, each for one reason, and what to do about it.

A `Case` holds everything that decides a run; a patient is a case with one wrong number in it, and
a treatment replaces numbers.  `run` trains the case by gradient descent on all training images,
`examine` reads the course's instruments at any parameters of the run.
"""

from functools import lru_cache, partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import matfree.decomp
import numpy as np
import scipy.linalg

from lecture_utils.datasets import digits, noisy_labels
from lecture_utils.networks import accuracy, cross_entropy
from lecture_utils.trees import norm, ravel_pytree

MOST_STEPS = 2000
TEST = 597  # images; the other 1200 may be used for training
MOMENTS = 8  # of a run at which its parameters are kept, beside the first
LOST = 100.0  # a training loss above it counts as divergence


class Case(NamedTuple):
    """What decides a run; the defaults are those of a healthy one."""

    learning_rate: float = 0.2
    scale: float = 1.0  # of the initial weights, in units of He's
    bias: float = 0.0  # of all hidden units, initially
    width: int = 16  # units in each hidden layer
    depth: int = 3  # weight layers
    skip: bool = False  # add to a hidden layer's output its input
    wrong_labels: float = 0.0  # share of the training labels
    decay: float = 0.0  # weight decay: adds decay/2·|W|² to the training loss
    examples: int = 500  # training images
    steps: int = 400


_LIMITS = {
    "learning_rate": (1e-4, 100.0),
    "scale": (1e-3, 10.0),
    "bias": (-10.0, 10.0),
    "width": (1, 64),
    "depth": (2, 24),
    "wrong_labels": (0.0, 0.9),
    "decay": (0.0, 1.0),
    "examples": (50, 1200),
    "steps": (1, MOST_STEPS),
}


def treat(case: Case, **treatment) -> Case:
    """The case with some numbers replaced, each checked."""
    for name, value in treatment.items():
        if name not in Case._fields:
            raise ValueError(f"{name} is no knob of this clinic: use {', '.join(Case._fields)}.")
        if name == "skip":
            if not isinstance(value, bool | np.bool_):
                raise ValueError(f"skip must be True or False, got {value!r}.")
            continue
        low, high = _LIMITS[name]
        kind = int if isinstance(low, int) else float
        if isinstance(value, bool) or not isinstance(value, int | float | np.number):
            raise ValueError(f"{name} must be a number, got {value!r}.")
        if kind(value) != value or not low <= value <= high:
            whole = "a whole number " if kind is int else ""
            raise ValueError(f"{name} must be {whole}between {low} and {high}, got {value!r}.")
        treatment[name] = kind(value)
    return case._replace(**treatment)


class Run(NamedTuple):
    """A trained case.  Curves have shape (steps + 1,): entry k is measured after k steps.

    ``path`` holds the parameters at `MOMENTS` + 1 equally spaced moments, the first and the last
    step among them, on a leading axis.

    ``diverged_at`` is the first step whose training loss is not finite or beyond `LOST`, or -1.
    """

    case: Case
    path: Any
    train_loss: np.ndarray
    test_loss: np.ndarray
    train_accuracy: np.ndarray
    test_accuracy: np.ndarray
    grad_norm: np.ndarray
    diverged_at: int


@lru_cache(maxsize=128)
def run(case: Case, seed: int = 0) -> Run:
    """Train the case from the start that ``seed`` draws; the same call again is free.

    The loss is the mean cross-entropy; weight decay only enters the steps.  ``seed`` also decides
    which images are for testing and which labels are wrong.
    """
    case = treat(case, **case._asdict())
    (x, y), test = data(case, seed)
    params = initial(case, seed)
    numbers = (case.learning_rate, case.decay, case.steps)
    path, curves = _train(network(case.skip), params, x, y, *test, *numbers)
    curves = np.asarray(curves, dtype=float)[: case.steps + 1].T
    bad = ~(curves[0] < LOST)
    return Run(case, path, *curves, int(np.argmax(bad)) if bad.any() else -1)


def initial(case: Case, seed: int):
    """Where the run starts: He's weights times the scale; the last layer's variance is 1/width.

    The parameters are {"first", "inner", "last"}, each with "W" and "b"; the inner layers lie on a
    leading axis of length depth - 2.  With skips they start smaller by 1/√(depth - 2).
    """
    rng, inner = np.random.default_rng([seed, 1]), case.depth - 2
    shapes = {"first": (64, case.width), "inner": (inner, case.width, case.width)}
    shapes["last"] = (case.width, 10)
    variance = {"first": 2 / 64, "inner": 2 / case.width, "last": 1 / case.width}
    if case.skip:
        variance["inner"] /= max(inner, 1)
    bias = {"first": case.bias, "inner": case.bias, "last": 0.0}
    return {
        name: {
            "W": np.float32(case.scale * variance[name] ** 0.5 * rng.standard_normal(shape)),
            "b": np.full((*shape[:-2], shape[-1]), bias[name], np.float32),
        }
        for name, shape in shapes.items()
    }


def _relu(z):
    # With jax.nn.relu inside a scan the Hessian came out unsymmetric (JAX 0.10) where units are at
    # exactly 0, as those are that get no input and have no bias; with this it is symmetric.
    return jnp.where(z > 0, z, 0)


@lru_cache(maxsize=2)
def network(skip: bool):
    """``apply(params, x)`` of a ReLU network; its equal layers are a loop, quick to compile."""

    def apply(params, x):
        def layer(x, weights):
            z = _relu(x @ weights["W"] + weights["b"])
            return x + z if skip else z, None

        x = _relu(x @ params["first"]["W"] + params["first"]["b"])
        x, _ = jax.lax.scan(layer, x, params["inner"])
        return x @ params["last"]["W"] + params["last"]["b"]

    return apply


def data(case: Case, seed: int):
    """((x, y) for training, (x, y) for testing); test labels are never wrong."""
    x, y = _digits()
    # numpy pads a seed with zeros: [seed, 0] would be the stream that draws the wrong labels.
    order = np.random.default_rng([seed, 2]).permutation(len(y))
    used, test = order[: case.examples], order[-TEST:]
    labels = np.asarray(noisy_labels(y[used], case.wrong_labels, seed))
    return (x[used], labels), (x[test], y[test])


@lru_cache(maxsize=1)
def _digits():
    return tuple(np.asarray(part) for part in digits())


@partial(jax.jit, static_argnums=0)
def _train(apply, params, x, y, x_test, y_test, rate, decay, steps):
    def loss(params):
        logits = apply(params, x)
        return cross_entropy(logits, y), accuracy(logits, y)

    def measure(params):
        (value, right), slope = jax.value_and_grad(loss, has_aux=True)(params)
        logits = apply(params, x_test)
        tested = cross_entropy(logits, y_test), accuracy(logits, y_test)
        return slope, jnp.stack([value, tested[0], right, tested[1], norm(slope)])

    def step(k, carry):
        params, curves, path = carry
        # The first step at or after moment m is ⌈m·steps/MOMENTS⌉; later ones are written to a
        # row of their own, which is dropped.
        moment = k * MOMENTS // steps
        first = k == -(-moment * steps // MOMENTS)
        row = jnp.where(first, moment, MOMENTS + 1)
        path = jax.tree.map(lambda kept, now: kept.at[row].set(now), path, params)
        slope, measured = measure(params)
        params = jax.tree.map(lambda p, g, d: p - rate * (g + d * p), params, slope, pull)
        return params, curves.at[k].set(measured), path

    pull = {name: {"W": decay, "b": 0.0} for name in params}  # biases are left alone
    curves = jnp.zeros((MOST_STEPS + 1, 5), jnp.float32)
    path = jax.tree.map(lambda leaf: jnp.stack([leaf] * (MOMENTS + 2)), params)
    _, curves, path = jax.lax.fori_loop(0, steps + 1, step, (params, curves, path))
    return jax.tree.map(lambda kept: kept[:-1], path), curves


# --- the instruments ----------------------------------------------------------------------------


class Signs(NamedTuple):
    """What the instruments read at one point of a run.

    ``highest`` and ``lowest`` are the extreme eigenvalues of the training loss's Hessian,
    ``active`` the share of (image, unit) pairs at which a unit is on, for each hidden layer, and
    ``dead`` the share of all hidden units that are off on every training image.
    """

    loss: float
    grad_norm: float
    highest: float
    lowest: float
    active: np.ndarray
    dead: float


@lru_cache(maxsize=64)
def examine(case: Case, seed: int = 0, moment: int = 0) -> Signs:
    """The vital signs of a run at one of its moments, 0 (the start) to `MOMENTS` (the end)."""
    params, (x, y) = at(run(case, seed), moment), data(case, seed)[0]
    loss, slope, diagonal, beside = map(np.asarray, _lanczos(network(case.skip), params, x, y))
    highest = lowest = np.nan
    if np.all(np.isfinite([loss, diagonal[0]])):
        # Where the Krylov space is exhausted before its time, what follows is made of rounding.
        spent = ~(beside > 1e-6 * np.abs(diagonal).max(where=np.isfinite(diagonal), initial=0))
        size = int(np.argmax(np.append(spent, True))) + 1
        ends = scipy.linalg.eigvalsh_tridiagonal(diagonal[:size], beside[: size - 1])
        lowest, highest = ends[0], ends[-1]
    on = activity(case, params, x)
    dead = np.mean([~layer.any(axis=0) for layer in on])
    active = np.array([layer.mean() for layer in on])
    return Signs(float(loss), float(slope), float(highest), float(lowest), active, float(dead))


def at(found: Run, moment: int):
    """The parameters at one of the moments, 0 to `MOMENTS`."""
    if not 0 <= moment <= MOMENTS:
        raise ValueError(f"moment must be between 0 and {MOMENTS}, got {moment}.")
    return jax.tree.map(lambda leaf: np.asarray(leaf)[moment], found.path)


def step_of(case: Case, moment: int) -> int:
    """After how many steps a moment was kept."""
    return -(-moment * case.steps // MOMENTS)


@partial(jax.jit, static_argnums=0)
def _lanczos(apply, params, x, y):
    """Loss, gradient norm, and the tridiagonal matrix of 40 Lanczos steps, in float64."""
    params = jax.tree.map(lambda leaf: leaf.astype(jnp.float64), params)
    flat, unravel = ravel_pytree(params)
    value, slope = jax.value_and_grad(lambda v: cross_entropy(apply(unravel(v), x), y))(flat)
    _, product = jax.linearize(jax.grad(lambda v: cross_entropy(apply(unravel(v), x), y)), flat)
    lanczos = matfree.decomp.tridiag_sym(
        min(40, flat.size), materialize=False, reortho="full", custom_vjp=False
    )
    start = jnp.cos(jnp.arange(flat.size, dtype=flat.dtype) ** 2)  # no direction is favored
    return value, jnp.linalg.norm(slope), *lanczos(product, start).J_small


def activity(case: Case, params, x) -> list[np.ndarray]:
    """For each hidden layer which unit is on at which image: bool (images, width)."""

    def on(x, layer):
        found.append(x @ np.asarray(layer["W"]) + np.asarray(layer["b"]) > 0)
        return np.maximum(x @ np.asarray(layer["W"]) + np.asarray(layer["b"]), 0)

    found = []
    x = on(np.asarray(x), params["first"])
    for weights, biases in zip(*map(np.asarray, params["inner"].values()), strict=True):
        x = on(x, {"W": weights, "b": biases}) + (x if case.skip else 0)
    return found


# --- the patients -------------------------------------------------------------------------------


class Patient(NamedTuple):
    """A case with one thing wrong in it, the name of that thing, and a treatment that works."""

    case: Case
    cause: str
    remedy: dict


HEALED = 0.75  # share of test images that are read correctly: a patient at or above it is cured
CAUSES = (
    "dead units",
    "label noise",
    "learning rate",
    "saddle plateau",
    "too deep",
    "too small",
)
PATIENTS = {
    "A": Patient(Case(scale=0.05), "saddle plateau", {"scale": 1.0}),
    "B": Patient(
        Case(wrong_labels=0.3, examples=300, width=32, steps=1500), "label noise", {"decay": 0.02}
    ),
    "C": Patient(Case(learning_rate=3.0), "learning rate", {"learning_rate": 0.2}),
    "D": Patient(Case(bias=-3.0), "dead units", {"bias": 0.0}),
    "E": Patient(Case(width=2, depth=2), "too small", {"width": 16}),
    "F": Patient(Case(learning_rate=0.05, depth=20), "too deep", {"depth": 3}),
}


def healed(found: Run) -> bool:
    """Whether a run ends well: it did not diverge and reads enough of the test images."""
    return found.diverged_at < 0 and bool(found.test_accuracy[-1] >= HEALED)
