"""What the reader did to an explorer, move by move, so that it can be taken back and done again.

A drag, a held key or a slider that is pulled along changes a value many times and is one move.
"""

from __future__ import annotations

import math
import time
from collections import deque

__all__ = ["History", "same"]

MOST = 50  # moves that can be taken back
PAUSE = 0.7  # s; the same value moved again so soon is the same move


def same(a, b) -> bool:
    """Whether two values are the same to a reader: a page rounds numbers in their last places."""
    if isinstance(a, float) and isinstance(b, int | float):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(a, tuple | list) and isinstance(b, tuple | list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


class History:
    """States (name -> value), the present one, those before it, and those taken back."""

    def __init__(self, state: dict):
        self.now = dict(state)
        self._past: deque[dict] = deque(maxlen=MOST)
        self._ahead: list[dict] = []  # what was taken back, the next one last
        self._names: frozenset = frozenset()
        self._hand, self._last = None, -PAUSE

    def __len__(self) -> int:
        return len(self._past)

    @property
    def ahead(self) -> int:
        """How many moves can be done again."""
        return len(self._ahead)

    def went_to(self, state: dict, hand=None) -> bool:
        """Note where it stands now; True where a new move begins with it.

        ``hand`` names the drag that brought it here, None where there was none.
        """
        names = frozenset(name for name in state if not same(state[name], self.now.get(name)))
        if not names:
            return False
        self._ahead.clear()
        now = time.monotonic()
        no_hand = hand is None and self._hand is None
        goes_on = now - self._last < PAUSE if no_hand else hand == self._hand
        begins = not (self._past and names == self._names and goes_on)
        if begins:
            self._past.append(self.now)
        self.now, self._names, self._hand, self._last = dict(state), names, hand, now
        return begins

    def settle(self, state: dict) -> None:
        """The present state brought other values along: they belong to it."""
        self.now = dict(state)

    def back(self) -> dict | None:
        """Take the last move back: the state before it, or None where there is none."""
        if not self._past:
            return None
        self._ahead.append(self.now)
        self.now, self._names = self._past.pop(), frozenset()
        return self.now

    def forth(self) -> dict | None:
        """Do the move again that was taken back last: the state after it, or None."""
        if not self._ahead:
            return None
        self._past.append(self.now)
        self.now, self._names = self._ahead.pop(), frozenset()
        return self.now

    def rest(self) -> None:
        """What comes next is a move of its own, however soon."""
        self._names = frozenset()

    def clear(self) -> None:
        """Forget all moves: the present state is the first."""
        self._past.clear()
        self._ahead.clear()
