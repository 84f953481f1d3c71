"""Drawings of notebook 08: seeds beside each other with their interval, colors for sharpness."""

import matplotlib as mpl
import numpy as np

from lecture_utils.studio.figures import *


def sharp_to_flat(sharpness, low, high):
    """One color per λ_max, red sharp and blue flat, on a logarithmic scale from low to high."""
    share = np.log(np.asarray(sharpness) / low) / np.log(high / low)
    return mpl.colormaps["RdBu_r"](0.08 + 0.84 * np.clip(share, 0, 1))


@styled
def paired_dots(ax, groups: dict, **labels):
    """Two columns of dots per group, one dot per seed, lines between the two runs of a seed.

    ``groups`` maps a name to (small, large), each of shape (seeds,): small batches are blue
    circles on the left, large ones red squares on the right; black bars are means.
    """
    for place, (small, large) in enumerate(groups.values()):
        ends = place + np.array([-0.2, 0.2])
        ax.plot(ends, np.stack([small, large]), color="#BBBBBB", ls="-", lw=1)
        for x, values, color, marker in zip(ends, (small, large), (BLUE, RED), "os", strict=True):
            ax.plot(np.full(len(values), x), values, marker, color=color, ms=7)
            ax.plot([x - 0.12, x + 0.12], [np.mean(values)] * 2, color=BLACK, ls="-", lw=2.5)
    ax.set_xlim(-0.5, len(groups) - 0.5)
    label(ax, xticks=range(len(groups)), xticklabels=groups, xlabel="training labels", **labels)


@styled
def to_the_edge(ax, steps, sharpness, edge, color, name, marker):
    """λ_max along a run (steps,), and its edge 2/η as a dashed line of the same color."""
    (line,) = ax.plot(steps, sharpness, color=color, ls="-", lw=1.8, label=name)
    ax.axhline(edge, color=color, ls="--", lw=1.3)
    ax.plot(steps[:: len(steps) // 10], sharpness[:: len(steps) // 10], marker, color=color, ms=7)
    return line
