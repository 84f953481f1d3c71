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


@styled
def coins_and_matrices(n, coins, exact, sizes, sampled, pair, shuffled):
    """The probability that all eigenvalues are positive, and the distances of two of them."""
    fig, (left, right) = canvas(1, 2, size=(11, 3.6))
    left.semilogy(n, coins, color=GREY, ls="--", marker="s", label="coins, $2^{-N}$")
    left.semilogy(n, exact, color=RED, ls="-", label="GOE, exact")
    left.semilogy(
        sizes, np.maximum(sampled, 1e-6), "o", color=BLACK, ms=8, mfc="none", label="GOE, sampled"
    )
    label(
        left,
        xlabel="number of eigenvalues N",
        ylabel="probability of a minimum",
        title="Repulsion makes minima rarer still",
        legend="lower left",
    )
    look = {"bins": 60, "range": (0, 3), "density": True}
    right.hist(pair / pair.mean(), color=RED, alpha=0.85, label="of one matrix", **look)
    right.hist(
        shuffled / shuffled.mean(),
        histtype="step",
        lw=2,
        color=BLACK,
        label="of two different matrices",
        **look,
    )
    label(
        right,
        xlabel="distance of the two eigenvalues / its mean",
        ylabel="density",
        title="N = 2: eigenvalues keep apart",
        legend="upper right",
    )
    return show(
        fig,
        "Left, the probability that all eigenvalues are positive against their number: "
        "far below the coins. Right, distances of two eigenvalues: near zero none from one "
        "matrix, many from two.",
    )


@styled
def moving_below_zero(z, curves: dict, excess, exact, ratios, sampled):
    """Spectra at growing error, and the negative fraction against the excess error."""
    fig, (left, right) = canvas(1, 2, size=(11, 3.6))
    looks = zip(curves.items(), (BLACK, BLUE, GREEN, RED), ("-", "--", "-.", ":"), strict=True)
    for (ratio, curve), color, dash in looks:
        left.plot(z, curve, color=color, ls=dash, label=f"$ε = {ratio:g}\\,ε_c$")
    left.axvline(0, color=GREY, lw=1, ls="-")
    label(
        left,
        xlabel="eigenvalue λ",
        ylabel="density",
        xlim=(-1.2, 3.2),
        ylim=(0, 1.1),
        title="With the error, mass moves below zero",
        legend="upper right",
    )
    right.loglog(excess, exact, color=BLACK, ls="-", label="exact α")
    right.loglog(excess, 0.12 * excess**1.5, color=GREY, ls=":", label="slope 3/2")
    right.plot(
        ratios[1:] - 1, sampled[1:], "o", color=RED, ms=9, mfc="none", label="one 400 × 400 matrix"
    )
    label(
        right,
        xlabel="excess $ε/ε_c - 1$",
        ylabel="negative fraction α",
        ylim=(1e-6, 1),
        title="3/2 is the slope at the very start",
        legend="lower right",
    )
    return show(
        fig,
        "Left, four spectra with growing error, moving over zero. Right, the negative "
        "fraction on log-log axes: slope three halves near the critical error, flatter later; "
        "three sampled matrices lie on the curve.",
    )


@styled
def certified_and_impostors(found, impostors, points, fakes, rho, fake_rho: float):
    """Loss and negative fraction of ``points`` and ``fakes`` (2, n), and both searches' gradients.

    ``rho`` is an interval.
    """
    fig, (left, middle, right) = canvas(1, 3, size=(13, 3.8), sharey=False)
    index_against_loss(
        left,
        *points,
        title="Certified: index follows loss",
        note=f"{found.certified.sum()} of {len(found.loss)} starts certified,\n"
        f"{len(points[0])} points; rank correlation\n"
        f"{rho.middle:.2f} [{rho.low:.2f}, {rho.high:.2f}]",
    )
    index_against_loss(
        middle,
        *fakes,
        marker="x",
        color=GREY,
        title="Impostors: not one is critical",
        note=f"{len(fakes[0])} of {len(impostors.loss)} ends of minimizing ‖g‖²\n"
        f"stay above 1e-6; rank correlation {fake_rho:.2f}",
    )
    bins = np.logspace(-17, 0, 35)
    right.hist(np.maximum(found.grad_norm, 2e-17), bins=bins, color=BLUE, alpha=0.7, label="Newton")
    right.hist(
        np.maximum(impostors.grad_norm, 2e-17),
        bins=bins,
        histtype="step",
        lw=2,
        color=GREY,
        label="minimizing ‖g‖²",
    )
    right.axvline(1e-8, ymax=0.72, color=RED, ls="--")
    label(
        right,
        xlabel="gradient norm ‖g‖ at the end",
        ylabel="starts",
        xscale="log",
        title="Two kinds of endings",
        legend="upper right",
    )
    return show(
        fig,
        "Left, certified critical points: the negative fraction rises with the loss. "
        "Middle, the end points of minimizing the gradient norm: the same curve, not "
        "critical. Right, the gradient norms of both.",
    )


@styled
def met_by_descent(moments, losses, at, numbers, points, met):
    """Descents with the critical points beside their dips, and which of all points are met."""
    fig, (left, right) = canvas(1, 2, size=(11, 4))
    falling(left, moments, losses, ["first weights", "× 0.3", "× 0.1"], at, numbers)
    levels(right, *points, *met)
    return show(
        fig,
        "Left, three falling losses with circles where the gradient norm dips, labeled "
        "with the index of the critical point beside. Right, loss against index of all "
        "points found; rings, those beside a descent, lie at the bottom and at the very top.",
    )


@styled
def exponents(grid, fits, best, loss, alpha, exponents: dict, theory: dict, intervals):
    """The fitted power with its band, and exponents of fits to all points and to the close ones.

    ``intervals`` are those of both exponents.
    """
    fig, (left, right) = canvas(1, 2, size=(11, 3.6))
    fit_band(left, grid, fits, best, loss, alpha)
    label(
        left,
        xlabel="loss L",
        ylabel="negative fraction α",
        xscale="log",
        title="A power below 1 fits all points",
        legend="upper left",
        xticks=[0.2, 0.5, 1, 2],
        xticklabels=["0.2", "0.5", "1", "2"],
    )
    left.minorticks_off()
    look = {"bins": 60, "range": (0, 3), "lw": 2}
    all_p, close_p = intervals
    right.hist(
        exponents["all points"], color=BLUE, histtype="stepfilled", label="all points", **look
    )
    right.hist(
        exponents["L < 1.5 × lowest"],
        color=ORANGE,
        histtype="step",
        label="L < 1.5 × lowest",
        **look,
    )
    for place, color, dash, words in (
        (theory[0], BLUE, "-", "theory's curve, all"),
        (theory[1], ORANGE, "--", "theory's curve, close"),
        (1.5, BLACK, ":", "3/2"),
    ):
        right.axvline(place, ymax=0.6, color=color, ls=dash, label=words)
    label(
        right,
        xlabel="exponent p",
        ylabel="bootstrap fits",
        xlim=(0, 3),
        title=f"All: p = {all_p.middle:.2f} [{all_p.low:.2f}, {all_p.high:.2f}], "
        f"close: [{close_p.low:.2f}, {close_p.high:.2f}]",
        legend="upper right",
    )
    return show(
        fig,
        "Left, certified points and the fitted power law with its band. Right, the "
        "exponents of 200 bootstrap fits to all points and to the close ones; lines mark the "
        "theory's own curve and 3/2.",
    )


@styled
def spectrum_in_time(steps, losses, spectra, shares, outliers, lanczos, exact):
    """The largest eigenvalues at three steps, loss and curvature along training, and a density."""
    fig, (left, middle, right) = canvas(1, 3, size=(13, 3.7))
    for row, color, marker in zip((0, 2, 4), (GREY, RED, BLUE), "so^", strict=True):
        left.plot(
            np.arange(1, 26),
            spectra[row, ::-1][:25],
            color=color,
            marker=marker,
            ls="none",
            label=f"step {steps[row]}, loss {losses[row]:.2f}",
        )
    left.axvline(outliers + 0.5, color=BLACK, lw=1, ls=":")
    label(
        left,
        xlabel="rank from the top",
        ylabel="eigenvalue λ",
        title="Nine stand out while it learns",
        legend="upper right",
    )
    at, lowest = np.maximum(steps, 3), spectra[:, 0] / spectra[0, 0]
    middle.semilogx(
        at,
        np.array(losses) / losses[0],
        color=BLACK,
        ls="--",
        marker="s",
        label="loss / first loss",
    )
    middle.semilogx(at, lowest, color=BLUE, ls="-", marker="v", label="lowest λ / first lowest λ")
    middle.semilogx(at, shares, color=GREEN, ls=":", marker="o", label="negative fraction α")
    label(
        middle,
        xlabel="step of descent (first: 0)",
        ylabel="share",
        ylim=(0, 1.15),
        title="What bends down is soon shallow",
        legend="upper right",
    )
    right.semilogy(lanczos.grid, exact, color=BLACK, lw=4, alpha=0.4, label="exact")
    right.semilogy(lanczos.grid, lanczos.density, color=RED, ls="--", label="Lanczos")
    label(
        right,
        xlabel="eigenvalue λ",
        ylabel="density",
        ylim=(1e-3, 100),
        title="Lanczos sees bulk and outliers",
        legend="upper right",
    )
    return show(
        fig,
        "Left, the largest eigenvalues by rank at three steps: at step 30 nine stand "
        "above a gap. Middle, loss and lowest eigenvalue shrink to almost nothing, the "
        "negative fraction does not. Right, Lanczos density on the exact one.",
    )


@styled
def losses_by_width(widths, ends, spread, scales, capacity):
    """Final losses (widths, runs, 2) by width, and those on random labels by width and scale."""
    fig, (left, right) = canvas(1, 2, size=(11, 3.6))
    for width, part, wide_by in zip(widths, ends, spread, strict=True):
        places = width * np.exp(np.linspace(-0.12, 0.12, 16))
        left.plot(places, part[:, 1], "o", color=BLUE, ms=5)
        left.plot(places, part[:, 0], "s", color=ORANGE, ms=4)
        left.annotate(
            f"±{wide_by:.3f}",
            (width, part[:, 1].max()),
            xytext=(0, 8),
            textcoords="offset points",
            ha="center",
        )
    left.plot([], [], "o", color=BLUE, label="test (± standard deviation)")
    left.plot([], [], "s", color=ORANGE, label="training")
    label(
        left,
        xlabel="hidden width",
        ylabel="final loss L",
        xscale="log",
        yscale="log",
        xticks=widths,
        xticklabels=widths,
        xlim=(1.7, 180),
        ylim=(8e-4, 2.5),
        title="Wider: runs end closer together",
        legend="lower left",
    )
    left.minorticks_off()
    sizes_shown = (1, 3, 10, 30, 100)
    colors = [GREY, BLUE, BLACK, ORANGE, RED]
    looks = zip(scales, capacity.T, colors, "xo^sD", ["--", "-", "-", "-.", ":"], strict=True)
    for scale, values, color, marker, dash in looks:
        right.loglog(
            sizes_shown,
            np.maximum(values, 1e-3),
            color=color,
            marker=marker,
            ls=dash,
            label=f"first weights × {scale:g}",
        )
    label(
        right,
        xlabel="hidden width",
        ylabel="final loss, random labels",
        xticks=sizes_shown,
        xticklabels=sizes_shown,
        title="Wide enough, even noise is learned",
        legend="lower left",
    )
    right.minorticks_off()
    return show(
        fig,
        "Left, final losses of 16 runs at widths 3 to 100: the training losses fall and "
        "the test losses draw together. Right, the final loss on random labels against width "
        "for five initial scales: it falls, except from zero weights.",
    )
