"""The drawings of this lesson: those that all lessons share."""

import numpy as np

from lecture_utils.studio.figures import *


@styled
def around_two_minima(radii, lowest: dict, shift, pieces: dict, loss):
    """The lowest change of the loss around three points, and the two parabolas that meet at A."""
    fig, (left, right) = canvas(1, 2, size=(11, 3.5))
    looks = {"A": (RED, "o", "-"), "B": (BLUE, "s", "--"), "saddle": (GREY, "D", ":")}
    for name, (color, marker, dash) in looks.items():
        left.semilogx(
            radii, lowest[name] / radii**2, color=color, marker=marker, ls=dash, label=name
        )
    left.axhline(0, color=GREY, lw=1, ls="-")
    label(
        left,
        xlabel="radius r of the sphere",
        ylabel="lowest change of L, divided by r²",
        title="Around A and B nothing is lower",
        legend="center right",
    )
    for (name, values), color, dash in zip(pieces.items(), (BLUE, RED), ("--", "-."), strict=True):
        right.plot(shift, values, color=color, ls=dash, lw=1.6, label=f"if {name}")
    right.plot(shift, loss, color=BLACK, ls="-", label="loss L")
    label(
        right,
        xlabel="shift of the bias b from A",
        ylabel="squared error L",
        title="At the kink two parabolas meet",
        legend="upper center",
    )
    return show(
        fig,
        "Left, the lowest loss change over random directions: not below zero around A "
        "and B, negative around the saddle. Right, the loss along the bias made of two half "
        "parabolas.",
    )


@styled
def valleys_and_endings(kinks, profile: dict, shares: dict):
    """The best error by the place of the kink, and the share of starts in each ending."""
    fig, (left, right) = canvas(1, 2, size=(11, 3.5))
    left.plot(kinks, profile[1], color=RED, ls="-", label="active on the right")
    left.plot(kinks, profile[-1], color=BLUE, ls="--", label="active on the left")
    left.plot([3], [18], "o", color=RED, ms=9)
    left.annotate("A", (3, 18), xytext=(0, -17), textcoords="offset points", ha="center")
    left.plot([-4 / 7], [14], "s", color=BLUE, ms=9)
    left.annotate("B", (-4 / 7, 14), xytext=(0, 9), textcoords="offset points", ha="center")
    label(
        left,
        xlabel="position of the kink",
        ylabel="best squared error L",
        ylim=(13, 24.8),
        title="Two valleys: one ends at 18, one at 14",
        legend="upper left",
    )
    colors = [BLUE, RED, ORANGE, GREY]
    for row, (low, high, share) in enumerate(shares.values()):
        right.barh(row, share, color=colors[row], height=0.6)
        right.plot([low, high], [row, row], color="black", lw=3, ls="-")
        right.text(high + 0.01, row, f"{100 * share:.0f} %", va="center")
    label(
        right,
        xlabel="share of 4000 starts",
        ylabel="final L",
        xlim=(0, 0.42),
        yticks=range(4),
        yticklabels=shares,
        title="Four endings share the starts",
    )
    right.invert_yaxis()
    return show(
        fig,
        "Left, the best error for each kink position: a valley at 18 when active on the "
        "right, 14 when active on the left. Right, four endings with shares of 18 to 31 "
        "percent.",
    )


@styled
def dead_and_inactive(w, b, loss, points: dict, biases, theory, inactive: dict, dead: dict):
    """The loss over weight and bias with the dead wedge, and the shares inactive and dead."""
    fig, (left, right) = canvas(1, 2, size=(11, 3.8))
    contours(left, w, b, loss, log=True, levels=12)
    left.fill_between(w, -8, np.minimum(w, -5 * w), fc="#DDDDDD", ec=GREY, hatch="//")
    for name in "AB":
        place = np.asarray(points[name])[[3, 2]]
        left.plot(*place, "o", color="white", mec="black", ms=8)
        left.annotate(
            name, place, xytext=(7, 6), textcoords="offset points", weight="bold", color="white"
        )
    label(
        left,
        xlabel="input weight w",
        ylabel="bias b",
        xlim=(-8, 4),
        ylim=(-8, 6),
        title="Hatched: dead, no slope for v, b and w",
    )
    right.plot(biases, theory, color=BLACK, ls="-", label="Φ(−μ)")
    right.plot(biases, inactive["digits"], "o", color=BLUE, label="off on one digit")
    right.plot(
        biases, dead["digits"], color=RED, marker="s", ls="--", label="dead: off on 1797 digits"
    )
    right.plot(
        biases,
        dead["noise"],
        color=ORANGE,
        marker="D",
        ls=":",
        label="dead: off on 1797 noise images",
    )
    label(
        right,
        xlabel="bias μ",
        ylabel="probability",
        ylim=(-0.03, 1.62),
        yticks=[0, 0.5, 1],
        title="Inactive is easy, dead is harder",
        legend="upper right",
    )
    return show(
        fig,
        "Left, the loss over weight and bias with a hatched wedge where the unit is "
        "dead. Right, inactive shares on the curve Phi, and the smaller shares that are dead "
        "on all inputs.",
    )


@styled
def born_dead_by_depth(depths, born: dict, bound: dict):
    """The share of networks that are born dead against depth, by width, and its upper bounds."""
    fig, ax = canvas(size=(8.5, 3.6))
    looks = zip(born.items(), [RED, ORANGE, GREEN, BLUE], "osD^", strict=True)
    for (width, share), color, marker in looks:
        ax.plot(depths, share, color=color, marker=marker, ls="none", label=f"width {width}")
        ax.plot(depths, bound[width], color=color, ls="--", lw=1.4)
    ax.plot([], [], color=GREY, ls="--", lw=1.4, label="upper bound")
    label(
        ax,
        xlabel="hidden layers",
        ylabel="share born dead",
        xticks=[1, 5, 10, 15, 20],
        xlim=(0.5, 26),
        title="Deeper is deadlier, wider is safer",
        legend="center right",
    )
    return show(
        fig,
        "Share of random networks that are born dead against depth for four widths, "
        "below their dashed bounds; width 2 reaches 0.99 at 20 layers.",
    )


@styled
def losses_by_start(means, scales, final, stuck):
    """The final loss (scales, means) over the mean and scale of the first weights."""
    fig, ax = canvas(size=(8.5, 4.2))
    heat_map(
        ax,
        means,
        scales,
        final,
        marked=stuck,
        mark="dead",
        value="final training loss",
        xlabel="mean m of the initial weights",
        ylabel="scale s",
        title="Same network, same optimizer: only the start differs",
    )
    return show(
        fig,
        "Map of the final training loss over mean and scale of the initial weights: "
        "stuck at ln 10 for negative means with small scales, best near mean 0 and scale 1.",
    )


@styled
def bad_minima(reported: dict, intervals: dict, ends: dict):
    """The share of bad minima by size, with intervals (3, sizes), and their lowest eigenvalues."""
    fig, (left, right) = canvas(1, 2, size=(11, 3.7))
    looks = [(0, RED, "o", "n = k"), (1, BLUE, "s", "n = k + 1")]
    for extra, color, marker, name in looks:
        low, high, share = intervals[extra]
        reach = [np.maximum(share - low, 0), np.maximum(high - share, 0)]
        left.errorbar(
            list(reported),
            share,
            reach,
            color=color,
            marker=marker,
            ls="none",
            capsize=4,
            label=f"{name}, measured",
        )
    left.plot(
        list(reported),
        list(reported.values()),
        "_",
        color="black",
        ms=22,
        mew=2,
        label="n = k, reported",
    )
    label(
        left,
        xlabel="teacher units k",
        ylabel="share of bad minima",
        xticks=list(reported),
        ylim=(-0.02, 0.52),
        title="Bad minima become common",
        legend="upper left",
    )
    colors = [GREEN, ORANGE, PURPLE, RED]
    for k, color, marker in zip(ends, colors, "^Dso", strict=True):
        right.plot(*ends[k], marker, color=color, ls="none", label=f"k = n = {k}", mfc="none", ms=8)
    label(
        right,
        xlabel="loss F at the bad minimum",
        ylabel="smallest eigenvalue",
        ylim=(0, 0.045),
        xticks=[0.02, 0.03, 0.04, 0.05],
        xlim=(0.015, 0.055),
        title="All curve up: true minima",
        legend="upper right",
    )
    return show(
        fig,
        "Left, the share of bad minima rising with k to about a third at k = 10, on the "
        "reported values, and near zero with one more unit. Right, all smallest eigenvalues "
        "are positive.",
    )


@styled
def three_kinds_of_data(epochs, losses: dict):
    """The training loss by epoch, with its range, for three kinds of data."""
    fig, ax = canvas(size=(8, 3.1))
    bands(
        ax,
        epochs,
        losses,
        xlabel="epoch",
        ylabel="training loss L",
        title="Without structure the same network learns far more slowly",
    )
    ax.set_ylim(0)
    return show(
        fig,
        "Training loss over 60 epochs: near zero on digits, still above one with "
        "shuffled pixels or shuffled labels.",
    )
