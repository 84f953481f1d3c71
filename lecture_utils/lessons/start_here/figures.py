"""The drawings of this lesson: those that all lessons share."""

import numpy as np

from lecture_utils.studio.figures import *


@styled
def ends_by_size(x, y, grid, fits: dict, losses: dict, found: dict, best: float):
    """Data with typical fits, and all final losses by size; ``best`` is what one unit holds."""
    fig, (left, right) = canvas(1, 2, size=(11, 3.7))
    left.plot(x, y, "o", color=BLACK, ms=4, label="data")
    for n, color, dash in [(1, ORANGE, ":"), (4, RED, "--"), (16, BLUE, "-")]:
        left.plot(
            grid, fits[n], color=color, ls=dash, label=f"{n} unit{'s' * (n > 1)}, a typical end"
        )
    label(
        left,
        xlabel="input x",
        ylabel="output f(x)",
        ylim=(-1.45, 1.75),
        legend="upper right",
        title="Typical: 16 units fit, 4 do not",
    )
    spread = np.linspace(-0.28, 0.28, 40)
    for place, n in enumerate(losses):
        good = losses[n] < 0.01
        right.plot(place + spread[good], losses[n][good], "o", color=BLUE, ms=5, alpha=0.7)
        right.plot(place + spread[~good], losses[n][~good], "s", color=RED, ms=5, alpha=0.7)
        right.text(place, 0.55, f"{100 * found[n]:.0f} %", ha="center")
    right.axhline(0.01, color=GREY, lw=1.2, ls="--")
    right.plot([-0.4, 0.4], [best, best], color=BLACK, ls="-", lw=2)
    right.text(0, 0.8 * best, "the best that\none unit holds", ha="center", va="top", fontsize=11)
    label(
        right,
        xlabel="number of hidden units n",
        ylabel="final loss L",
        yscale="log",
        ylim=(1e-4, 1.2),
        xticks=range(len(losses)),
        xticklabels=list(losses),
        title="Share of 40 starts that find a good fit",
    )
    return show(
        fig,
        "Left, data of a hill and a valley with typical fits of 1, 4 and 16 units: only "
        "16 fit. Right, final losses of 40 starts for each size; the share below 0.01 grows "
        "with the size.",
    )


@styled
def way_to_a_copy(t, profiles, exchanged: int, lowest: float, grid, outputs):
    """The losses ``profiles`` (copies, places) along straight lines, and three functions.

    ``outputs`` (3, grid) are those of the network, of the copy number ``exchanged``, and of the
    midpoint between both.
    """
    fig, (left, right) = canvas(1, 2, size=(11, 3.6))
    for row in profiles:
        left.plot(t, row, color=SKY, ls="-", lw=0.5, alpha=0.5)
    left.plot(t, profiles[exchanged], color=RED, ls="-", label="units 1 and 2 exchanged")
    left.plot([0, 1], [lowest] * 2, "o", color=BLACK, ms=8, clip_on=False, zorder=5)
    label(
        left,
        xlabel="share t of the way from A to the copy",
        ylabel="loss L",
        xlim=(0, 1),
        ylim=(0, None),
        legend="upper right",
        title="From A to each of its 383 copies: uphill first",
    )
    right.plot(grid, outputs[0], color=BLUE, ls="-", lw=4, alpha=0.5, label="A")
    right.plot(grid, outputs[1], color=BLACK, ls=":", label="its copy")
    right.plot(grid, outputs[2], color=RED, ls="--", label="midpoint of both")
    label(
        right,
        xlabel="input x",
        ylabel="output f(x)",
        ylim=(-1.6, 2.3),
        legend="upper right",
        title="Same function at both ends, another between",
    )
    return show(
        fig,
        "Left, the loss along straight lines from a network to its 383 copies: low at "
        "both ends, higher between. Right, network and copy are one function, their midpoint "
        "is another.",
    )
