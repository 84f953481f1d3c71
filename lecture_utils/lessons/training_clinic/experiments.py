"""The patients of notebook 09 from several draws: as they come, and treated."""

from collections.abc import Sequence

import jax
import numpy as np

from lecture_utils.networks import cross_entropy

from . import clinic

__all__ = ["hidden_gradient", "runs", "signs_at_start"]


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
