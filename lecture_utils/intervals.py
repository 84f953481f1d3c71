"""Intervals for what is measured a few times: of a mean, and of a share."""

from typing import NamedTuple

import numpy as np
import scipy.stats

__all__ = ["Interval", "mean_interval", "wilson"]


class Interval(NamedTuple):
    """From ``low`` to ``high``, ends included; ``middle`` is the estimate itself."""

    low: float
    high: float
    middle: float


def mean_interval(values, confidence: float = 0.95) -> Interval:
    """Student's t interval of the mean of ``values`` (n,), n ≥ 2: it minds that they are few.

    Raises ValueError for fewer than two values, or for a value that is not finite.
    """
    values = np.asarray(values, dtype=float)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(
            f"values must be one row of at least two numbers, but has shape {values.shape}."
        )
    if not np.all(np.isfinite(values)):
        raise ValueError("values must be finite, but hold NaN or infinity.")
    middle, error = values.mean(), values.std(ddof=1) / len(values) ** 0.5
    reach = scipy.stats.t.ppf(0.5 + _checked(confidence) / 2, len(values) - 1) * error
    return Interval(float(middle - reach), float(middle + reach), float(middle))


def wilson(hits: int, runs: int, confidence: float = 0.95) -> Interval:
    """Wilson's score interval of a share: ``hits`` of ``runs``; sensible near 0 and 1 too.

    Raises ValueError unless 0 ≤ hits ≤ runs and runs ≥ 1.
    """
    if not (runs >= 1 and 0 <= hits <= runs):
        raise ValueError(f"hits must be between 0 and runs, but {hits} of {runs} was given.")
    z2 = scipy.stats.norm.ppf(0.5 + _checked(confidence) / 2) ** 2
    share = hits / runs
    middle = (share + z2 / (2 * runs)) / (1 + z2 / runs)
    spread = np.sqrt(z2 * share * (1 - share) / runs + (z2 / (2 * runs)) ** 2) / (1 + z2 / runs)
    return Interval(float(middle - spread), float(middle + spread), float(share))


def _checked(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, but is {confidence}: try 0.95.")
    return confidence
