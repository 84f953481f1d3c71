"""The drawings of notebook 04: critical points by loss and index, descents, a fit's band."""

import numpy as np

from lecture_utils.studio.figures import *


@styled
def index_against_loss(ax, loss, alpha, *, title: str, note: str = "", marker="o", color=BLUE):
    """Points by loss (logarithmic) and negative fraction, with a ``note`` in the upper left."""
    loss = np.asarray(loss)
    (points,) = ax.plot(loss, alpha, marker, color=color, ls="none", ms=6, alpha=0.8)
    ticks = np.geomspace(loss.min(), loss.max(), 4)
    label(ax, xlabel="loss L", ylabel="negative fraction α", title=title, xscale="log")
    ax.minorticks_off()
    ax.set_xticks(ticks, [short_number(tick) for tick in ticks])
    ax.set_ylim(-0.02, 1.45 * max(np.max(alpha), 0.05))
    if note:
        ax.text(0.03, 0.97, note, transform=ax.transAxes, va="top", fontsize=11)
    return points


@styled
def fit_band(ax, grid, samples, best, x, y):
    """Points (x, y), the best curve on ``grid``, the middle 95 % of ``samples`` (draws, grid)."""
    low, high = np.quantile(samples, [0.025, 0.975], axis=0)
    ax.fill_between(grid, low, high, color=RED, alpha=0.2, lw=0, label="95 % of the fits")
    (line,) = ax.plot(grid, best, color=RED, ls="-", label="best fit")
    ax.plot(x, y, "o", color=BLUE, mec=GREY, ls="none", label="certified points")
    return line


@styled
def falling(ax, moments, loss, labels, at, index):
    """Descents (moments, runs) against their steps; ``at`` holds the moments and runs of dips, and
    each is labeled with the ``index`` of the critical point beside it ("?" where that is < 0)."""
    steps = np.asarray(moments) + 1
    looks = zip(np.transpose(loss), labels, (BLUE, ORANGE, BLACK), ("-", "--", ":"), strict=False)
    for values, name, color, dash in looks:
        ax.plot(steps, values, color=color, ls=dash, label=name)
    for moment, run, number in zip(*at, index, strict=True):
        place = (steps[moment], loss[moment, run])
        ax.plot(*place, "o", color=RED, mfc="white", ms=8)
        ax.annotate("?" if number < 0 else str(number), place, (0, 9), ha="center", fontsize=11,
                    textcoords="offset points")  # fmt: skip
    label(ax, xlabel="step of descent (first: 1)", ylabel="loss L", xscale="log", yscale="log",
          legend="upper right", title="Descent passes few critical points")  # fmt: skip
    ax.set_yticks([0.2, 0.5, 1, 2], ["0.2", "0.5", "1", "2"])
    ax.minorticks_off()


@styled
def levels(ax, loss, index, met_loss, met_index):
    """The loss of saddles and minima against their index, and rings around those that are met.

    An inset shows the lowest ones again, up to 1.2 times the lowest loss.
    """
    loss, index = np.asarray(loss), np.asarray(index)
    inset = ax.inset_axes([0.12, 0.52, 0.36, 0.42])
    for place in (ax, inset):
        for kind, color, marker, name in (
            (index > 0, BLUE, "o", "saddles"),
            (index == 0, GREEN, "v", "minima"),
        ):
            place.plot(index[kind], loss[kind], marker, color=color, ls="none", ms=5, label=name)
        place.plot(met_index, met_loss, "o", color=RED, mfc="none", ms=10, ls="none",
                   label="beside a descent")  # fmt: skip
    lowest = loss.min()
    inset.set(xlim=(-0.7, 6.7), ylim=(0.985 * lowest, 1.2 * lowest), xticks=[0, 2, 4, 6])
    label(ax, xlabel="index: negative eigenvalues", ylabel="loss L", yscale="log",
          legend="lower right", title="Saddles high up, minima low down")  # fmt: skip
    ax.set_yticks([0.2, 0.5, 1, 2], ["0.2", "0.5", "1", "2"])
    ax.minorticks_off()
