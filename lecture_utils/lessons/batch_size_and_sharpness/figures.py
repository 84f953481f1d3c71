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


# --- the notebook's larger figures ----------------------------------------------------------------


@styled
def noise_and_time(sizes, noises, V: float, n: int, update):
    """Gradient noise (sizes, 2), independent draws first, on its laws; time an update and epoch.

    ``update`` (sizes,) is in seconds, ``V`` the variance over the ``n`` examples.
    """
    fig, (left, right) = canvas(1, 2, size=(11, 3.7))
    B = np.geomspace(1, n - 7, 200)
    left.loglog(B, V / B, color=BLUE, ls="-", label="V / B")
    law = {"color": RED, "ls": "--", "label": "V / B · (n − B) / (n − 1)"}
    left.loglog(B, V / B * (n - B) / (n - 1), **law)
    left.loglog(sizes, noises[:, 0], "o", color=BLUE, label="drawn independently")
    left.loglog(sizes, noises[:, 1], "s", color=RED, mfc="none", ms=10, label="each at most once")
    words = {"xlabel": "batch size B", "ylabel": "mean ‖g_B − ḡ‖²", "ylim": (1e-4, 60)}
    label(left, title="Gradient noise: the variance goes with 1/B", legend="lower left", **words)
    right.loglog(sizes, 1e3 * update, color=BLUE, ls="-", marker="o", label="one update")
    epoch = update * n / sizes
    right.loglog(sizes, 1e3 * epoch, color=RED, ls="--", marker="s", label="one epoch")
    words = {"xlabel": "batch size B", "ylabel": "milliseconds, on this computer"}
    words |= {"ylim": (0.0015, 60), "title": "An update costs more, an epoch less"}
    label(right, legend="upper right", **words)
    return fig


@styled
def two_valleys(x, training, test, minima: dict, rises: dict, shifts, price: dict, laws: dict):
    """A curve (x,) and the same one shifted, and what shifts cost at its two minima.

    ``minima``: "flat" and "sharp" -> x, ``rises``: -> the test loss there, ``price`` and its
    ``laws``: -> (shifts,).
    """
    fig, (left, right) = canvas(1, 2, size=(11, 3.6))
    left.plot(x, training, color=BLACK, ls="-", label="training loss")
    left.plot(x, test, color=RED, ls="--", label="test loss: shifted by 0.3")
    looks = {"flat": (BLUE, "o", (0, 15)), "sharp": (RED, "s", (-40, -4))}
    for name, (color, marker, beside) in looks.items():
        place, rise = minima[name], rises[name]
        left.plot([place, place], [0, rise], color=color, ls="-", lw=4)
        left.plot([place], [rise], marker, color=color, ms=9)
        where = {"xytext": beside, "textcoords": "offset points", "ha": "center"}
        left.annotate(f"+{rise:.3f}", (place, rise), **where)
        right.plot(shifts, price[name], marker, color=color, label=f"{name} minimum")
        right.plot(shifts, laws[name], color=color, ls="-", lw=1.4)
    words = {"xlabel": "parameter x", "ylabel": "loss L", "ylim": (0, 4.2)}
    label(left, title="The same shift, two prices", legend="upper center", **words)
    words = {"xlabel": "shift s", "ylabel": "rise of the loss"}
    label(right, title="Markers: measured; lines: ½λs²", legend="upper left", **words)
    return fig


@styled
def pairs_of_runs(panels: dict):
    """One panel a measure: title -> (its axis' name, groups as in `paired_dots`)."""
    fig, axes = canvas(1, len(panels), size=(12.2, 3.9))
    for ax, (title, (ylabel, groups)) in zip(axes, panels.items(), strict=True):
        paired_dots(ax, groups, ylabel=ylabel, title=title)
    axes[0].plot([], [], "o", color=BLUE, label="B = 10")
    axes[0].plot([], [], "s", color=RED, label="B = 200")
    axes[0].legend(loc="upper left")
    return fig


@styled
def rescaled_copies(factors, sharpness):
    """λ_max (factors,) of copies of one function, each marked with its number."""
    fig, ax = canvas(size=(7.5, 3.4))
    ax.loglog(factors, sharpness, color=RED, ls="-", marker="s")
    above = {"xytext": (0, 10), "textcoords": "offset points", "ha": "center"}
    for factor, top in zip(factors, sharpness, strict=True):
        ax.annotate(short_number(top), (factor, top), **above)
    words = {"xlabel": "factor α", "ylabel": "largest eigenvalue λ_max"}
    limits = (0.5 * np.min(sharpness), 4 * np.max(sharpness))
    label(ax, title="One function, many sharpnesses", ylim=limits, **words)
    return fig


@styled
def steps_against_batch(sizes, steps, rates, scale: float):
    """Steps to one loss (sizes,), each at its best rate (sizes,), with the law of small batches.

    ``scale``: the gradient-noise scale at the start, a vertical line.
    """
    fig, ax = canvas(size=(7.5, 3.7))
    sizes = np.asarray(sizes)
    law = {"color": GREY, "ls": "--", "label": "4 times the batch, a quarter of the steps"}
    ax.loglog(sizes, steps[0] * sizes[0] / sizes, **law)
    ax.loglog(sizes, steps, color=BLUE, ls="-", marker="o", label="measured, best η of five")
    ax.axvline(scale, color=BLACK, ls=":", label="noise scale V/‖g‖² at the start")
    above = {"xytext": (0, 8), "textcoords": "offset points", "ha": "center"}
    for size, count, rate in zip(sizes, steps, rates, strict=True):
        ax.annotate(f"η = {rate:g}", (size, count), **above)
    ax.set(xticks=sizes, xticklabels=sizes, ylim=(np.min(steps) / 8, 8 * np.max(steps)))
    ax.minorticks_off()
    words = {"xlabel": "batch size B", "ylabel": "steps to a loss of 0.1"}
    label(ax, title="Beyond some size a larger batch saves no steps", legend="upper right", **words)
    return fig


@styled
def edge_of_stability(steps, runs: dict):
    """λ_max and the loss along runs: learning rate -> (2, steps), the loss first."""
    fig, (left, right) = canvas(1, 2, size=(11, 4.1), width_ratios=[1.5, 1])
    looks = zip([BLUE, GREEN, RED], "o^s", strict=True)
    for (rate, (loss, sharpness)), (color, marker) in zip(runs.items(), looks, strict=True):
        to_the_edge(left, steps, sharpness, 2 / rate, color, f"η = {rate}", marker)
        right.semilogy(steps, loss, color=color, ls="-", lw=1.4, label=f"η = {rate}")
        beside = {"xytext": (3, 5), "textcoords": "offset points", "color": color}
        left.annotate(f"2/η = {2 / rate:.2f}", (steps[-1], 2 / rate), **beside)
    words = {"xlabel": "step", "ylabel": "largest eigenvalue λ_max", "ylim": (0, 3.1)}
    words |= {"xlim": (0, 4900), "xticks": [0, 1000, 2000, 3000, 4000]}
    label(left, title="λ_max rises to 2/η and stays there", legend="lower right", **words)
    words = {"xlabel": "step", "ylabel": "training loss L"}
    label(right, title="while the loss goes on falling", legend="upper right", **words)
    return fig
