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
    return show(
        fig,
        "Left, squared gradient noise against batch size on the line V over B, and "
        "below it without repetition. Right, time per update rises with B, time per "
        "epoch falls.",
    )


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
    return show(
        fig,
        "Left, a loss with a flat and a sharp minimum and the same curve shifted: the "
        "sharp one rises sixteen times as much. Right, the rise against the shift on "
        "the parabolas.",
    )


_MEASURES = {  # of a run: what its panel says, and its axis
    "sharpness": ("Larger for B = 200", "largest eigenvalue λ_max"),
    "keskar": ("Smaller for B = 200", "Keskar's sharpness, ε = 0.001"),
    "keskar_wide": ("Another box size", "Keskar's sharpness, ε = 0.01"),
    "accuracy": ("Within two points", "test accuracy, %"),
}


@styled
def pairs_of_runs(sharpness: dict, keskar: dict, keskar_wide: dict, accuracy: dict):
    """One panel a measure, its groups as in `paired_dots`."""
    fig, axes = canvas(1, 4, size=(12.2, 3.9))
    measured = (sharpness, keskar, keskar_wide, accuracy)
    for ax, (title, ylabel), groups in zip(axes, _MEASURES.values(), measured, strict=True):
        paired_dots(ax, groups, ylabel=ylabel, title=title)
    axes[0].plot([], [], "o", color=BLUE, label="B = 10")
    axes[0].plot([], [], "s", color=RED, label="B = 200")
    axes[0].legend(loc="upper left")
    return show(
        fig,
        "Eight pairs of runs with clean and with wrong labels at equal steps: the "
        "largest eigenvalue is higher for B = 200 in each pair, Keskar's sharpness "
        "depends on the box, the test accuracies overlap.",
    )


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
    return show(
        fig,
        "Largest Hessian eigenvalue against the rescaling factor alpha for networks "
        "that compute the same function: lowest near alpha 1, far higher on both sides.",
    )


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
    start = {"color": BLACK, "ls": ":", "label": "noise scale V/‖g‖² at the start"}
    ax.axvline(scale, ymax=0.7, **start)  # the legend is above
    above = {"xytext": (3, 6), "textcoords": "offset points", "ha": "left"}
    above["bbox"] = {"fc": "white", "ec": "none", "alpha": 0.8, "pad": 0.5}
    for size, count, rate in zip(sizes, steps, rates, strict=True):
        ax.annotate(f"η = {rate:g}", (size, count), **above)
    ax.set(xticks=sizes, xticklabels=sizes, ylim=(np.min(steps) / 8, 8 * np.max(steps)))
    ax.set_xlim(sizes[0] / 1.5, 3 * sizes[-1])
    ax.minorticks_off()
    words = {"xlabel": "batch size B", "ylabel": "steps to a loss of 0.1"}
    label(ax, title="Beyond some size a larger batch saves no steps", legend="upper right", **words)
    return show(
        fig,
        "Steps to a training loss of 0.1 against batch size, each size at its best of "
        "five rates: they fall at first and stay level from 256 to 1000.",
    )


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
    return show(
        fig,
        "Left, the largest Hessian eigenvalue along three runs: each rises to its "
        "dashed line two over eta and hovers there. Right, the losses fall meanwhile.",
    )


@styled
def scaled_rates(batches, kept, scaled):
    """The training loss (seeds, sizes) by batch size, with the rate kept and with it scaled."""
    fig, ax = canvas(size=(7.5, 3.5))
    bands(
        ax,
        batches,
        {"η kept at 0.05": kept, "η = 0.005 B": scaled},
        xlabel="batch size B",
        ylabel="training loss",
        title="Scaling η with B keeps pace, up to a limit",
    )
    ax.set(xscale="log", yscale="log", xticks=batches, xticklabels=batches)
    ax.minorticks_off()
    return show(
        fig,
        "Training loss after 20 epochs against batch size: rising steadily with the "
        "learning rate kept, and flat with the rate scaled in proportion until the largest "
        "batch.",
    )
