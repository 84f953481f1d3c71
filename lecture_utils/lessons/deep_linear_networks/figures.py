"""The drawings of this lesson: those that all lessons share."""

import numpy as np

from lecture_utils.studio.figures import *


@styled
def waits_by_distance(distances, leave: dict, powers: dict):
    """Steps to leave the origin against the distance of the start, for 2, 3 and 4 weights."""
    fig, ax = canvas(size=(8, 3.5))
    names = {
        2: "2 weights: no power",
        **{K: f"{K} weights: power −{-powers[K]:.1f}" for K in (3, 4)},
    }
    power_laws(
        ax,
        distances,
        {names[K]: n for K, n in leave.items()},
        xlabel="distance of the start from the origin",
        ylabel="steps until L < ½",
        title="The more weights, the longer a flat saddle holds",
    )
    ax.set_xticks([0.03, 0.1, 0.2], ["0.03", "0.1", "0.2"])
    ax.set_xticks([], minor=True)
    return show(
        fig,
        "Steps to leave the origin against the distance of the start, log-log: nearly "
        "flat for two weights, a falling line for three, a steeper one for four.",
    )


@styled
def plateau_and_slices(t, depths, slices: dict, flat: dict):
    """The loss along the diagonal for some depths, and three slices (rows, columns) of it."""
    fig, axes = canvas(1, 4, size=(13.5, 3.6), width_ratios=[1.35, 1, 1, 1])
    curves(
        axes[0],
        {f"K = {K}": (t, (1 - t**K) ** 2) for K in depths},
        xlim=(0, 1.2),
        ylim=(0, 2.5),
        xlabel="all weights t",
        ylabel="loss L",
        legend="upper left",
        title="a plateau, then a cliff",
    )
    names = [("w₁", "w₂"), ("w₁", "w₂"), ("a", "b")]
    for ax, (name, z), (x, y) in zip(axes[1:], slices.items(), names, strict=True):
        diverging_bands(
            ax, np.clip(z - 1, -1, 1), bound=1.0, bands=17, extent=(-1.2, 1.2, -1.2, 1.2)
        )
        label(
            ax,
            xlabel=x,
            ylabel=y,
            xticks=[-1, 0, 1],
            yticks=[-1, 0, 1],
            title=f"{name}:\n{100 * flat[name]:.0f} % plateau",
        )
    return show(
        fig,
        "Left, the loss along the diagonal for 2, 3 and 11 weights; then three slices, "
        "white where L is close to 1, blue where lower, red where higher: eleven weights are "
        "mostly white.",
    )


@styled
def waits_by_depth(depths, waits: dict):
    """Steps on the plateau against the number of weights: by method, (starts, depths)."""
    fig, ax = canvas(size=(8, 3.5))
    bands(
        ax,
        depths,
        waits,
        xlabel="number of weights K",
        ylabel="steps until L < ½",
        title="Depth costs descent and momentum far more than Adam",
        legend=False,
    )
    ax.set(yscale="log", xticks=depths)
    for name, place in (("gradient descent", 1.35), ("momentum", 1.5), ("Adam", 0.45)):
        ax.text(
            8.3,
            np.median(waits[name][:, 6]) * place,
            name,
            ha="right",
            color=METHODS[name]["color"],
        )
    return show(
        fig,
        "Steps on the plateau against depth on a log axis: rising steeply for gradient "
        "descent, and less high for momentum, flat near twenty for Adam.",
    )


@styled
def sharpness_and_rates(minima, top, formula, marked, settled: dict, eta_K):
    """The sharpness along the minima, and the share of runs that settle by learning rate."""
    fig, (left, right) = canvas(1, 2, size=(11, 3.5))
    marks = {"color": BLACK, "marker": "o", "ls": "", "ms": 9}
    dotted = {"color": BLACK, "ls": ":"}
    curves(
        left,
        {
            "largest eigenvalue": (minima, top, {"color": RED, "ls": "-"}),
            "2(w₁² + w₂²), w₁w₂ = 1": (minima, formula, dotted),
            "_marks": ([1, 2], marked, marks),
        },
        xlabel="w₁ along the minima w₁w₂ = 1",
        ylabel="sharpness λ",
        ylim=(0, 14.5),
        title="The same loss, not the same sharpness",
        legend="upper center",
    )
    left.annotate("4 at (1, 1)", (1, 4), (1.0, 2.2), ha="center", fontsize=11)
    left.annotate("8.5 at (2, ½)", (2, 8.5), (1.93, 8.7), ha="right", fontsize=11)
    shares = {
        f"K = {K}": (eta_K, 100 * share, {"marker": marker})
        for (K, share), marker in zip(settled.items(), "osD^", strict=True)
    }
    curves(
        right,
        shares,
        xlabel="learning rate times depth, ηK",
        ylabel="runs that settle, %",
        title="Beyond η = 1/K no minimum holds",
        legend="lower left",
    )
    right.axvline(1, color=GREY, ls=":")
    return show(
        fig,
        "Left, sharpness along the minima of two weights, lowest at w1 = 1; right, the "
        "percentage of runs that settle at a minimum drops to zero where the learning rate "
        "passes 1/K.",
    )


@styled
def ways_down(a, along: dict, radii, down: dict):
    """The loss along the second direction, and the share of random directions that go down."""
    fig, (left, right) = canvas(1, 2, size=(11, 3.3))
    looks = {2: {"color": BLUE, "ls": "-"}, 3: {"color": RED, "ls": "--"}}
    lines = {
        f"{K} matrices: (1 − a{'²³'[K - 2]})²": (a, along[K], look) for K, look in looks.items()
    }
    curves(
        left,
        lines,
        xlabel="step a: all Wᵢ + a diag(0, 1)",
        ylabel="loss L",
        ylim=(0, 1.05),
        title="Both have a way down",
        legend="lower left",
    )
    shares = {
        f"{K} matrices": (radii, 100 * down[K], look | {"marker": "os"[K - 2]})
        for K, look in looks.items()
    }
    curves(
        right,
        shares,
        xlabel="distance from the saddle",
        xscale="log",
        ylim=(-0.3, 6),
        ylabel="directions that go down, %",
        title="Chance finds it for two, not for three",
        legend="center left",
    )
    return show(
        fig,
        "Left, the loss along the second direction falls for two and for three matrices, "
        "more slowly for three; right, about five percent of random directions go down for "
        "two, about none for three.",
    )


@styled
def ends_of_runs(excess: dict, counts: dict):
    """The excess of each run by layer widths, and at which losses runs with a bottleneck end."""
    fig, (left, right) = canvas(1, 2, size=(11, 3.3))
    for place, values in enumerate(excess.values()):
        left.plot(
            np.maximum(values, 1e-16),
            place + np.linspace(-0.2, 0.2, 20),
            "o",
            color=BLUE,
            alpha=0.6,
        )
    left.axvline(1e-3, color=GREY, ls=":")
    label(
        left,
        xscale="log",
        xlim=(1e-17, 1),
        ylim=(-0.6, 3.6),
        yticks=range(len(excess)),
        yticklabels=list(excess),
        xlabel="loss above the global minimum, relative",
        ylabel="layer widths",
        title="Squares: every run ends at the bottom",
    )
    for width, shift, color in ((1, -0.2, RED), (2, 0.2, BLUE)):
        bars = right.bar(
            np.arange(3) + shift,
            counts[width],
            0.38,
            color=color,
            label=f"{'one hidden unit' if width == 1 else 'two hidden units'}",
        )
        right.bar_label(bars)
    label(
        right,
        xlabel="loss at the end",
        ylabel="runs of 300",
        xticks=range(3),
        xticklabels=["0", "0.64", "1"],
        ylim=(0, 340),
        legend="upper right",
        title="Weighted squares: a bottleneck traps",
    )
    return show(
        fig,
        "Left, relative excess over the global minimum for four shapes, twenty runs "
        "each, all tiny; right, final weighted loss: two groups at 0.64 and 1 with one hidden "
        "unit, all at 0 with two.",
    )


@styled
def modes_in_order(time, exact, aligned, random, s):
    """The strengths of the modes: the formula with one aligned start, and with ten random ones."""
    fig, (left, right) = canvas(1, 2, size=(11, 3.5), sharey=True)
    for i, (color, marker) in enumerate(zip((BLUE, RED, GREEN), "osD", strict=True)):
        left.plot(time, exact[:, i], "-", color=color, lw=2.2)
        left.plot(
            time[::250],
            aligned[::250, i],
            marker,
            color=color,
            mfc="none",
            mew=1.6,
            label=f"s = {s[i]:.0f}",
        )
        right.plot(time, exact[:, i], "-", color=color, lw=2.2)
        right.fill_between(
            time, random[:, :, i].min(0), random[:, :, i].max(0), color=color, alpha=0.3, lw=0
        )
    label(
        left,
        xlabel="time t = steps · η",
        ylabel="strength u of the mode",
        ylim=(-0.1, 3.9),
        title="Aligned start: on the formula (lines)",
    )
    left.legend(loc="upper center", ncols=3, frameon=False)
    label(
        right,
        xlabel="time t = steps · η",
        ylabel="",
        title="Ten random starts (bands): the same order",
    )
    return show(
        fig,
        "Left, measured mode strengths as markers on S-shaped theory curves; right, "
        "bands of ten random starts around the same curves: strength 3 first, then 2, then 1.",
    )


@styled
def index_against_loss(known, index, loss, cloud):
    """Critical points by index and loss: found ones in rings of known ones, and a larger cloud."""
    fig, (left, right) = canvas(1, 2, size=(11, 3.8))
    for point in known:
        place, kept = (point.swaps + point.idle, point.loss), [str(i + 1) for i in point.kept]
        left.plot(*place, "o", ms=14, mfc="none", mec=RED, mew=2)
        left.annotate(
            ", ".join(kept) or "none",
            place,
            (12, 0),
            textcoords="offset points",
            fontsize=10,
            va="center",
        )
    left.plot(index, loss, "o", color=BLUE, ms=5)
    label(
        left,
        xlabel="index: number of negative eigenvalues",
        ylabel="loss L",
        xlim=(-0.5, 9.3),
        ylim=(0.8, 2.45),
        title="Found (dots) = closed form (rings)",
    )
    right.plot(*cloud.T, "o", color=BLUE, ms=4, alpha=0.3)
    label(
        right,
        xlabel="fraction of negative eigenvalues α",
        ylabel="loss / total variance",
        title=f"{len(cloud)} kinds: high loss, many ways down",
    )
    return show(
        fig,
        "Left, loss against index of all critical points found, dots inside the rings of "
        "the closed form, rising; right, the same for a larger autoencoder, a dense rising "
        "band.",
    )
