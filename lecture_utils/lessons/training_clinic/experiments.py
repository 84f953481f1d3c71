"""The patients of notebook 09 from several draws: as they come, diagnosed, and treated."""

from collections.abc import Sequence

import jax
import numpy as np

from lecture_utils.diagnosis import Diagnosis, Reading, diagnose
from lecture_utils.networks import cross_entropy

from . import clinic

__all__ = [
    "diagnosed",
    "hidden_gradient",
    "named_rightly",
    "reference",
    "runs",
    "signs_at_start",
    "with_other_images",
]


def runs(name: str, seeds: Sequence[int], **treatment) -> list[clinic.Run]:
    """A patient's training from each of the draws, with some knobs turned."""
    case = clinic.treat(clinic.PATIENTS[name].case, **treatment)
    return [clinic.run(case, seed) for seed in seeds]


def signs_at_start(name: str, seeds: Sequence[int]) -> list[clinic.Signs]:
    """What the instruments read at a patient's start, for each of the draws."""
    return [clinic.examine(clinic.PATIENTS[name].case, seed) for seed in seeds]


def hidden_gradient(name: str, seed: int) -> float:
    """The largest entry, in size, of the gradient for hidden weights at a patient's start."""
    case = clinic.PATIENTS[name].case
    (x, y), _ = clinic.data(case, seed)
    apply = clinic.network(case.skip)
    slope = jax.grad(lambda p: cross_entropy(apply(p, x), y))(clinic.initial(case, seed))
    return max(float(np.max(np.abs(layer["W"]), initial=0)) for layer in slope[:-1])


def with_other_images(seeds: Sequence[int], share: float) -> list[clinic.Run]:
    """Patient G treated: ``share`` of its training images come from the test's scanner too."""
    return [clinic.run(clinic.case_of("G"), seed, share) for seed in seeds]


def diagnosed(name: str, seed: int, instruments: bool = True) -> Diagnosis:
    """What the guide says of a patient, from its losses alone or with its instruments."""
    readings = {}
    if instruments:
        readings["start"] = clinic.reading(name, seed)
        readings["end"] = clinic.reading(name, seed, clinic.MOMENTS)
    return diagnose(**clinic.losses(name, seed), guessing=clinic.GUESSING, **readings)


RIGHT = {
    "A": ("optimization", "plateau of a saddle"),
    "B": ("overfitting", None),
    "C": ("optimization", "learning rate"),
    "D": ("optimization", "dead units"),
    "E": ("model bias", None),
    "F": ("optimization", None),  # that the layers are too many no instrument says
    "G": ("mismatch", None),
    "healthy": ("nothing is wrong", None),
}
"""The answer and the first suspect that are right, for those in `clinic.NAMES`."""


def named_rightly(name: str, found: Diagnosis) -> bool:
    """Whether a diagnosis of this patient ends where it should, with the right first suspect."""
    answer, suspect = RIGHT[name]
    return found.answer == answer and (
        suspect is None or [s.name for s in found.suspects[:1]] == [suspect]
    )


def reference(seeds: Sequence[int]) -> dict[str, tuple[Reading, Reading]]:
    """What the instruments read on healthy networks of these draws, at "start" and "end".

    Each is a pair of `Reading`s: the least and the largest of every number.
    """
    ranges = {}
    for when, moment in (("start", 0), ("end", clinic.MOMENTS)):
        numbers = zip(*(clinic.reading("healthy", seed, moment) for seed in seeds), strict=True)
        low, high = zip(*((min(values), max(values)) for values in numbers), strict=True)
        ranges[when] = Reading(*low), Reading(*high)
    return ranges
