"""Seven networks that fail to read the digits, each for one reason, and what to do about it.

A `Case` holds everything that decides a run; a patient is a case with one wrong number in it, and
a treatment replaces numbers.  Patient G has no wrong number: its test images are of another kind
than its training images.  `run` trains the case by gradient descent on all training images,
`examine` reads the course's instruments at any parameters of the run, `losses` has what the guide
asks for.  The network, the training and the Lanczos run are those of `networks`, `training` and
`spectra`.
"""

from functools import lru_cache
from typing import NamedTuple

import jax
import numpy as np

from lecture_utils.datasets import digits, noisy_labels
from lecture_utils.diagnosis import Reading
from lecture_utils.networks import accuracy, active_units, cross_entropy, deep_mlp
from lecture_utils.optimizers import gradient_descent, weight_decay
from lecture_utils.spectra import Ends, extreme_eigenvalues
from lecture_utils.training import Record, descend, kept_after

MOST_STEPS = 2000
TEST = 597  # images; the other 1200 may be used for training
MOMENTS = 8  # of a run at which its parameters are kept, beside the first


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


LIMITS = {
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
        low, high = LIMITS[name]
        kind = int if isinstance(low, int) else float
        if isinstance(value, bool) or not isinstance(value, int | float | np.number):
            raise ValueError(f"{name} must be a number, got {value!r}.")
        if kind(value) != value or not low <= value <= high:
            whole = "a whole number " if kind is int else ""
            raise ValueError(f"{name} must be {whole}between {low} and {high}, got {value!r}.")
        treatment[name] = kind(value)
    return case._replace(**treatment)


class Run(NamedTuple):
    """A trained case: the case, and the record of `training.descend`, under the clinic's names.

    Curves have shape (steps + 1,): entry k is measured after k steps.  The record's ``params`` are
    those of the start and of `MOMENTS` equally spaced moments up to the last step.
    """

    case: Case
    record: Record

    @property
    def train_loss(self) -> np.ndarray:
        """The loss on the training images, wrong labels included, without weight decay."""
        return self.record.losses

    @property
    def grad_norm(self) -> np.ndarray:
        """The norm of that loss's gradient."""
        return self.record.grad_norms

    @property
    def test_loss(self) -> np.ndarray:
        """The loss on the test images."""
        return self.record.measured["loss"]

    @property
    def test_accuracy(self) -> np.ndarray:
        """The share of the test images that are read correctly."""
        return self.record.measured["accuracy"]

    @property
    def diverged_at(self) -> int:
        """The first step whose training loss diverged (`training.diverged_at`), or -1."""
        return self.record.diverged_at


@lru_cache(maxsize=128)
def run(case: Case, seed: int = 0, other: float | None = None) -> Run:
    """Train the case from the start that ``seed`` draws; the same call again is free.

    The loss is the mean cross-entropy; weight decay only enters the steps.  ``seed`` also decides
    which images are for testing and which labels are wrong, ``other`` where images come from (see
    `data`).
    """
    case = treat(case, **case._asdict())
    loss, test_measures = _losses(case.skip)
    rule = weight_decay(gradient_descent(case.learning_rate), case.decay, _weights)
    record = descend(
        loss, initial(case, seed), data(case, seed, other), rule, case.steps,
        measure=test_measures, moments=MOMENTS, most_steps=MOST_STEPS,
    )  # fmt: skip
    return Run(case, record)


def _weights(params):
    return [{"W": True, "b": False} for _ in params]  # the equal layers' biases have two axes


def initial(case: Case, seed: int):
    """Where the run starts: He's weights times the scale, as `networks.deep_mlp` has them.

    Three layers: the first, all inner ones on a leading axis of length depth - 2, and the last.
    """
    sizes = {"width": case.width, "depth": case.depth, "skip": case.skip}
    start = {"scale": case.scale, "bias_start": case.bias}
    return deep_mlp(**sizes, **start, loop=True).init(np.random.default_rng([seed, 1]))


def network(skip: bool):
    """``apply(params, x)``, one for all widths and depths: what compiled it once knows it."""
    return deep_mlp(skip=skip, loop=True).apply


@lru_cache(maxsize=2)
def _losses(skip: bool):
    """(params, data) -> the training loss, and what is measured on the test images."""
    apply = network(skip)

    def loss(params, data):
        (x, y), _ = data
        return cross_entropy(apply(params, x), y)

    def test_measures(params, data):
        _, (x, y) = data
        logits = apply(params, x)
        return {"loss": cross_entropy(logits, y), "accuracy": accuracy(logits, y)}

    return loss, test_measures


def data(case: Case, seed: int, other: float | None = None):
    """((x, y) for training, (x, y) for testing); test labels are never wrong.

    With ``other`` all test images come from another scanner (`other_scanner`), and so does this
    share of the training images; by default one scanner has made them all.
    """
    x, y = _digits()
    # numpy pads a seed with zeros: [seed, 0] would be the stream that draws the wrong labels.
    order = np.random.default_rng([seed, 2]).permutation(len(y))
    used, test = order[: case.examples], order[-TEST:]
    labels = np.asarray(noisy_labels(y[used], case.wrong_labels, seed))
    if other is None:
        return (x[used], labels), (x[test], y[test])
    few = round(other * case.examples)
    mixed = np.concatenate([other_scanner(x[used[:few]]), x[used[few:]]])
    return (mixed, labels), (other_scanner(x[test]), y[test])


def held_out(case: Case, seed: int):
    """(x, y) not used for training, from its source: the same scanner, as many wrong labels.

    They are the images that `data` has for testing, as the training images' scanner shows them.
    """
    _, (x, y) = data(case, seed)
    return x, np.asarray(noisy_labels(y, case.wrong_labels, seed))


def other_scanner(x):
    """Images (n, 64) as another scanner cuts them out: everything one pixel further right."""
    images = np.zeros_like(x).reshape(-1, 8, 8)
    images[:, :, 1:] = x.reshape(-1, 8, 8)[:, :, :-1]
    return images.reshape(x.shape)


@lru_cache(maxsize=1)
def _digits():
    return tuple(np.asarray(part) for part in digits())


# --- the instruments ----------------------------------------------------------------------------


class Signs(NamedTuple):
    """What the instruments read at one point of a run.

    ``highest`` and ``lowest`` are the extreme eigenvalues of the training loss's Hessian (NaN where
    the run has left the finite numbers), ``active`` the share of (image, unit) pairs at which a
    unit is on, for each hidden layer, and ``dead`` the share of all hidden units that are off on
    every training image.
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
    found, step, everything = run(case, seed), step_of(case, moment), data(case, seed)
    params, loss = at(found, moment), found.train_loss[step]
    ends = Ends(np.nan, np.nan, found.grad_norm[step])
    if all(np.all(np.isfinite(leaf)) for leaf in jax.tree.leaves([params, loss])):
        ends = extreme_eigenvalues(_losses(case.skip)[0], params, everything)
    on = activity(case, params, everything[0][0])
    dead = np.mean([~layer.any(axis=0) for layer in on])
    active = np.array([layer.mean() for layer in on])
    return Signs(float(loss), float(ends.grad_norm), ends.highest, ends.lowest, active, float(dead))


def at(found: Run, moment: int):
    """The parameters at one of the moments, 0 to `MOMENTS`."""
    if not 0 <= moment <= MOMENTS:
        raise ValueError(f"moment must be between 0 and {MOMENTS}, got {moment}.")
    return jax.tree.map(lambda leaf: leaf[moment], found.record.params)


def step_of(case: Case, moment: int) -> int:
    """After how many steps a moment was kept."""
    return int(kept_after(case.steps, MOMENTS)[moment])


def activity(case: Case, params, x) -> list[np.ndarray]:
    """For each hidden layer which unit is on at which image: bool (images, width)."""
    return active_units(params, x, case.skip)


# --- the patients -------------------------------------------------------------------------------


class Patient(NamedTuple):
    """A case with one thing wrong in it, the name of that thing, and a treatment that works."""

    case: Case
    cause: str
    remedy: dict


GUESSING = float(np.log(10))  # the loss of giving every digit the same chance
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


TWINS = {
    "A": {"scale": 1.0},
    "B": {"wrong_labels": 0.0},
    "C": {"learning_rate": 0.2},
    "D": {"bias": 0.0},
    "E": {"width": 16},
    "F": {"depth": 3},
}
"""For each patient the one number in which a network that works differs from it."""

NAMES = (*PATIENTS, "G", "healthy")


def case_of(name: str) -> Case:
    """The case of a patient, of G or of the healthy network; the last two have the same."""
    return PATIENTS[name].case if name in PATIENTS else Case()


def admit(name: str, seed: int = 0) -> Run:
    """The run of anyone in `NAMES`, as it comes."""
    return run(case_of(name), seed, 0.0 if name == "G" else None)


def losses(name: str, seed: int = 0) -> dict[str, float]:
    """What the guide asks for, by the names that `lecture_utils.diagnose` has for it.

    The smaller network has one hidden layer of half the units; all else is the patient's.
    """
    found, case = admit(name, seed), case_of(name)
    small = run(treat(case, depth=2, width=max(1, case.width // 2)), seed)
    x, y = held_out(case, seed)
    return {
        "training": float(found.train_loss[-1]),
        "smaller": float(small.train_loss[-1]),
        "held_out": float(cross_entropy(network(case.skip)(at(found, MOMENTS), x), y)),
        "test": float(found.test_loss[-1]),
    }


def reading(name: str, seed: int = 0, moment: int = 0) -> Reading:
    """`examine` in the form that `lecture_utils.diagnose` takes; G has the healthy one's."""
    case = case_of(name)
    signs = examine(case, seed, moment)
    return Reading(
        signs.loss, signs.grad_norm, signs.highest, signs.lowest, signs.dead, case.learning_rate
    )


def healed(found: Run) -> bool:
    """Whether a run ends well: it did not diverge and reads enough of the test images."""
    return found.diverged_at < 0 and bool(found.test_accuracy[-1] >= HEALED)
