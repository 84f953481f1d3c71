"""The drawings of notebook 06: surfaces with a path on top, triangles, strategies side by side."""

import numpy as np
from matplotlib.ticker import LogLocator, NullLocator

from lecture_utils.studio import field
from lecture_utils.studio.figures import *


def clipped(z, top):
    """z with everything above ``top``, infinity too, at ``top``: one color for all."""
    return np.minimum(z, top)


@styled
def landscape(ax, x, y, z, *, path=None, top=30.0, floor=1e-3, title="", labels=True):
    """The loss z[y, x] as contours, four a decade, from ``floor`` to ``top``; a path on top.

    ``path`` (steps, 2), in the plane's coordinates: a ring where it starts, a star where it ends.
    What lies above ``top`` has one color, and hatching is where the loss is NaN.
    """
    filled = contours(ax, x, y, clipped(z, top), log=True, floor=floor, labels=labels)
    field.note(ax, x, y, z)  # not as it was cut
    if path is not None:
        trail(ax, path)
    label(ax, xlabel="distance along d₁", ylabel="distance along d₂", title=title)
    ax.set(xlim=(np.min(x), np.max(x)), ylim=(np.min(y), np.max(y)), aspect="equal")
    return filled


@styled
def trail(ax, path, color="white", every=5):
    """A trajectory (steps, 2) on a surface: dots every few steps, ring at the start, star at θ*."""
    path = np.asarray(path)
    (line,) = ax.plot(*path.T, color=color, ls="-", lw=1.6, marker="o", ms=4, markevery=every)
    ax.plot(*path[0], "o", ms=11, mfc="none", mec=color, mew=2.2)
    ax.plot(*path[-1], "*", ms=17, color=RED, mec="white")
    return line


@styled
def landscape3d(ax, x, y, z, path, heights, *, top=30.0, floor=1e-3, title=""):
    """The same surface in space, its height log₁₀ of the loss, and a path at its true losses."""
    shown = logarithm(check_plane(x, y, clipped(z, top)), floor).filled(np.nan)
    surface = ax.plot_surface(
        *np.meshgrid(x, y), shown, cmap="viridis", lw=0, rstride=1, cstride=1, alpha=0.75
    )
    ax.computed_zorder = False  # or the surface hides what lies on it
    lifted = np.log10(np.clip(heights, floor, top))
    ax.plot(*np.transpose(path), lifted, color=RED, ls="-", lw=2.2, zorder=5)
    ax.plot(*np.transpose(path)[:, -1:], lifted[-1:], "*", color=RED, mec="white", ms=15, zorder=6)
    ax.set(xticklabels=[], yticklabels=[], zticks=[-2, -1, 0, 1])
    ax.set_zticklabels(["0.01", "0.1", "1", "10"])
    ax.set_xlabel("d₁", labelpad=-10)
    ax.set_ylabel("d₂", labelpad=-10)
    ax.set_title(title, loc="center")
    ax.view_init(38, -58)
    return surface


@styled
def triangle(ax, profile, names, *, top=10.0, floor=1e-3, title=""):
    """A plane through three solutions, a ``Triangle``, in true distances, the corners named."""
    shown = np.ma.masked_invalid(clipped(profile.losses, top))
    edges = np.arange(np.log10(floor), np.log10(top) + 0.01, 0.25)
    filled = ax.contourf(profile.x, profile.y, logarithm(shown, floor), levels=edges, extend="max")
    closed = np.vstack([profile.corners, profile.corners[:1]])
    ax.plot(*closed.T, color="white", ls="--", lw=1.2)
    middle = profile.corners.mean(axis=0)
    for name, place in zip(names, profile.corners, strict=True):
        ax.plot(*place, "*", ms=16, color=RED, mec="white")
        ha = "center" if abs(place[0] - middle[0]) < 0.1 * np.ptp(closed[:, 0]) else None
        ha = ha or ("right" if place[0] < middle[0] else "left")
        up = place[1] > middle[1]
        box = {"boxstyle": "round,pad=0.2", "fc": "white", "ec": "none", "alpha": 0.85}
        ax.annotate(
            name,
            place,
            xytext=(0, 11 if up else -11),
            textcoords="offset points",
            ha="center" if up else ha,
            va="bottom" if up else "top",
            bbox=box,
            fontsize=11,
        )
    label(ax, xlabel="distance in weights", ylabel="distance", title=title)
    there = np.isfinite(profile.losses)
    for limits, places in ((ax.set_xlim, profile.x), (ax.set_ylim, profile.y)):
        limits(places[there].min(), places[there].max())
    ax.set_aspect("equal")
    return filled


@styled
def color_bar(figure, filled, axes, ticks=(0.001, 0.01, 0.1, 1, 10)):
    """A bar that reads the logarithmic colors of the surfaces above as losses."""
    bar = figure.colorbar(filled, ax=axes, ticks=np.log10(ticks), shrink=0.85)
    bar.ax.set_yticklabels([f"{tick:g}" for tick in ticks])
    bar.set_label("loss L")
    return bar


STRATEGIES = {
    "SGD": {"color": BLUE, "marker": "o"},
    "momentum": {"color": METHODS["momentum"]["color"], "marker": "D"},
    "Adam": {"color": BLACK, "marker": "P"},
    "other order": {"color": GREY, "marker": "s"},
    "other init": {"color": RED, "marker": "X"},
    "Adam → SGD": {"color": PURPLE, "marker": "v"},
    "SGD → Adam": {"color": GREEN, "marker": "^"},
}
"""One look per training strategy."""


@styled
def strategies(ax, values: dict, *, xlabel: str, title: str, log=False, reference=None, note=""):
    """One row per strategy, one marker per seed: each value has shape (seeds,).

    ``reference`` draws a dashed line, the lecture's number, named by ``note``.
    """
    spread = np.log10(np.maximum(np.concatenate(list(map(np.ravel, values.values()))), 1e-12))
    for row, (name, value) in enumerate(values.items()):
        known = [key for key in STRATEGIES if name.startswith(key)]  # "Adam → SGD" before "Adam"
        look = STRATEGIES[max(known, key=len)] if known else {"color": BLUE, "marker": "o"}
        ax.plot(value, np.full(len(value), row), ls="none", ms=9, mfc="none", mew=1.8, **look)
    if reference is not None:
        ax.axvline(reference, color=GREY, ls="--", lw=1.4)
        place = (reference, len(values) - 0.45)
        ax.annotate(note, place, xytext=(-3, 0), textcoords="offset points", ha="right",
                    va="center", color=GREY, fontsize=FONT_SIZE)  # fmt: skip
    if log:
        ax.set_xscale("log")
        ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if np.ptp(spread) < 1.5 else (1,)))
        ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        ax.xaxis.set_minor_locator(NullLocator())
    ax.set(yticks=range(len(values)), yticklabels=values, ylim=(len(values) - 0.3, -0.6))
    label(ax, xlabel=xlabel, ylabel="", title=title)
    return ax.lines
