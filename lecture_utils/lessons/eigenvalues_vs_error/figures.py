"""The drawings of notebook 04: critical points by loss and index, and a fitted curve's band."""

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
