"""What notebook 05 measures many times: barriers of every pair, and whether two groups differ."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import scipy.stats

from lecture_utils.directions import align_neurons

__all__ = ["chance_of_split", "pair_barriers"]


def pair_barriers(height, solutions) -> np.ndarray:
    """Barriers between every two of n solutions, as trained and reordered: (n (n − 1) / 2, 2).

    ``height(a, b)`` is the barrier on the way from a to b.  In the second column the units of the
    later network are put into the order of the earlier one's first.
    """
    return np.array(
        [[height(a, b), height(a, align_neurons(b, a))] for a, b in combinations(solutions, 2)]
    )


def chance_of_split(few, many, bound: float) -> float:
    """Fisher's exact test, one-sided: is a value above ``bound`` rarer in ``few`` than in ``many``?

    The chance of a split at least as uneven as this one if the groups did not differ.
    """
    above = [(int(np.sum(np.asarray(group) > bound)), len(group)) for group in (few, many)]
    return float(scipy.stats.fisher_exact([[up, n - up] for up, n in above], "less").pvalue)
