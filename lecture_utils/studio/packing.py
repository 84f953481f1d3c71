"""How a recording is written down small: pools of what is different, and numbers as letters.

A vertex is kept to a quarter of a pixel.  Of a list of numbers the second differences are kept,
which are small where a curve is smooth, in the base-64 letters that source maps use: five bits
and a sign in the first, a letter more where they do not suffice.  ``recorded.js`` reads them.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

import numpy as np

__all__ = ["Pool", "factored", "letters", "vertices"]

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
GAP = "~"  # in place of a vertex
FINE = 4  # parts of a pixel


def _written(number: int) -> str:
    rest, text = (abs(number) << 1) | (number < 0), ""
    while True:
        digit, rest = rest & 31, rest >> 5
        text += ALPHABET[digit | 32 if rest else digit]
        if not rest:
            return text


_USUAL = 2048
_WORDS = [_written(number) for number in range(-_USUAL, _USUAL)]


def letters(numbers) -> str:
    """Whole numbers as letters, each on its own."""
    return "".join(
        _WORDS[n + _USUAL] if -_USUAL <= n < _USUAL else _written(n)
        for n in np.asarray(numbers, dtype=int).tolist()
    )


def vertices(values) -> str:
    """Coordinates in pixels, NaN for a gap: a digit for the order of differences, then letters."""
    return _vertices(np.round(np.asarray(values, dtype=float) * FINE).tobytes())


@lru_cache(maxsize=4096)
def _vertices(values: bytes) -> str:
    values = np.frombuffer(values)
    there = np.isfinite(values)
    whole = values[there].astype(int)
    first, second = whole.copy(), whole.copy()
    first[1:] -= whole[:-1]
    second[:] = first
    second[1:] -= first[:-1]
    order, small = (2, second) if np.abs(second).sum() < np.abs(first).sum() else (1, first)
    if there.all():
        return f"{order}{letters(small)}"
    numbers = iter(small.tolist())
    return str(order) + "".join(letters([next(numbers)]) if k else GAP for k in there.tolist())


class Pool:
    """Things by number: the same thing gets the same number."""

    def __init__(self):
        self.things: list = []
        self._numbers: dict[Hashable, int] = {}

    def number(self, thing: Hashable) -> int:
        """The number of this thing."""
        if thing not in self._numbers:
            self._numbers[thing] = len(self.things)
            self.things.append(thing)
        return self._numbers[thing]


def factored(numbers: np.ndarray):
    """An array of small numbers over the grid, without the axes along which nothing changes.

    Returns one number where nothing changes at all, else [axes, letters of the rest].
    """
    axes = list(range(numbers.ndim))
    for axis in reversed(range(numbers.ndim)):
        if np.all(numbers == numbers.take([0], axis=axis)):
            numbers = numbers.take(0, axis=axis)
            axes.remove(axis)
    if not axes:
        return int(numbers)
    flat = numbers.ravel()
    return [axes, letters(np.diff(flat, prepend=0))]
