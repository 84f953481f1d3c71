"""What a plot of a surface shows, as numbers: so that the page can say the value at the pointer."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

__all__ = ["Field", "note", "note_image", "of"]

MOST = 121  # values along an axis that the page is given


class Field(NamedTuple):
    """Values z[y, x] on an even grid between the ends of x and of y, and what they are called.

    Where ``log`` is set, z is the logarithm to base ten of what is called so; what reaches ``most``
    was cut off there.
    """

    z: np.ndarray
    x: tuple[float, float]
    y: tuple[float, float]
    name: str
    log: bool = False
    most: float | None = None

    def told(self, axes: Axes, box) -> dict:
        """What the page needs: the box of the axes, its limits, and at most MOST² values."""
        rows, columns = (max(1, -(-(count - 1) // (MOST - 1))) for count in self.z.shape)
        z = np.ma.filled(np.ma.asarray(self.z[::rows, ::columns], dtype="<f4"), np.nan)
        ends = []
        for (low, high), count, step in ((self.x, self.z.shape[1], columns),
                                         (self.y, self.z.shape[0], rows)):  # fmt: skip
            kept = (count - 1) // step * step
            ends.append([low, low + (high - low) * kept / (count - 1)])
        return {
            "name": self.name,
            "log": self.log,
            "most": self.most,
            "box": box,
            "limits": [*map(float, axes.get_xlim()), *map(float, axes.get_ylim())],
            "x": ends[0],
            "y": ends[1],
            "shape": list(z.shape),
            "z": z.tobytes(),
        }


def note(axes: Axes, x, y, z, name: str = "L") -> None:
    """Keep what ``axes`` shows, z[y, x]; on an uneven grid or another axis nothing is kept."""
    x, y = (np.asarray(side, dtype=float) for side in (x, y))
    even = all(side.ndim == 1 and np.allclose(np.diff(side), np.ptp(side) / (len(side) - 1))
               for side in (x, y))  # fmt: skip
    axes.lecture_field = None
    if even:
        ends = [(float(side[0]), float(side[-1])) for side in (x, y)]
        axes.lecture_field = Field(z, *ends, name)


def note_image(image, name: str, **how) -> None:
    """Keep what an image of numbers is called, whose first and last values stand at its edges.

    ``how`` are ``log`` and ``most`` of a `Field`.
    """
    left, right, bottom, top = image.get_extent()
    image.lecture_field = {"x": (left, right), "y": (bottom, top), "name": name} | how


def of(axes: Axes) -> Field | None:
    """What ``axes`` shows: what was noted of it or of its image, with the numbers of now."""
    if (axes.get_xscale(), axes.get_yscale()) != ("linear", "linear"):
        return None
    for image in axes.images:
        if hasattr(image, "lecture_field"):
            return Field(image.get_array(), **image.lecture_field)
    return getattr(axes, "lecture_field", None)
