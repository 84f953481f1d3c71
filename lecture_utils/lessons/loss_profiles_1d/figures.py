"""Drawings of notebook 05: a wall of digits with the label that a network reads on each."""

import numpy as np

from lecture_utils.studio.figures import *

_SIDE = 10  # pixels from one digit to the next: eight of the image, two of margin


@styled
def digit_wall(ax, rows: int, columns: int):
    """An empty wall for rows·columns digits of 8×8: its image, and a text under each digit."""
    # Between two rows of digits stands a row of texts, half as high.
    height, width = rows * (_SIDE + 5), columns * _SIDE
    image = ax.imshow(
        np.zeros((height, width)), cmap="Greys", vmin=0, vmax=1, interpolation="nearest"
    )
    ax.set_axis_off()
    texts = [
        ax.text(
            column * _SIDE + 4.5,
            row * (_SIDE + 5) + 11,
            "",
            ha="center",
            va="center",
            weight="bold",
            fontsize=FONT_SIZE + 3,
        )
        for row in range(rows)
        for column in range(columns)
    ]
    return image, texts


def fill_digit_wall(image, texts, pixels, labels, answers) -> None:
    """Put digits (n, 64) on a wall, each over what it was read as: blue right, orange wrong."""
    wall = np.zeros(image.get_array().shape)
    columns = wall.shape[1] // _SIDE
    reads = zip(texts, pixels, labels, answers, strict=False)  # a text may stay empty
    for k, (text, digit, label, answer) in enumerate(reads):
        row, column = divmod(k, columns)
        top, left = row * (_SIDE + 5), column * _SIDE + 1
        wall[top : top + 8, left : left + 8] = np.reshape(digit, (8, 8))
        good = answer == label
        text.set(text=str(label) if good else f"{answer}, is {label}", color=BLUE if good else RED)
    image.set_data(wall)


def _arrow(ax, x, low, high):
    """A double arrow from low to high at x."""
    look = {"arrowstyle": "<->", "lw": 2, "color": BLACK, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", (x, low), (x, high), arrowprops=look)


@styled
def climb_and_barrier(down, between):
    """The barrier on a line from a start to its end (51,), and both on a line between two ends."""
    fig, axes = canvas(1, 2, size=(11, 3.9))
    titles = ["An LSTM's line, from its start to its end", "The line from A to B"]
    for ax, losses, title in zip(axes, (down, between), titles, strict=True):
        alphas, losses = np.linspace(0, 1, len(losses)), np.asarray(losses)
        chord = losses[0] + alphas * (losses[-1] - losses[0])
        ax.plot(alphas, losses, color=BLUE, ls="-", label="loss")
        lowest = np.minimum.accumulate(losses)
        ax.plot(alphas, lowest, color=RED, ls="--", lw=2, label="lowest so far")
        ax.plot(alphas, chord, color=GREY, ls=":", lw=1.6, label="from end to end")
        k = int(np.argmax(losses - chord))
        _arrow(ax, alphas[k], chord[k], losses[k])
        top, right = 1.3 * losses.max(), alphas[k] > 0.4
        low = chord[k] + 0.15 * (losses[k] - chord[k])  # where a hill is wide enough for the names
        at = (alphas[k] + 0.02, low) if right else (alphas[k] - 0.02, 0.82 * chord[k])
        ax.text(*at, "barrier", ha="left" if right else "center", va="center", weight="bold")
        k = int(np.argmax(losses - lowest))
        if right and losses[k] > lowest[k]:
            _arrow(ax, alphas[k] - 0.04, lowest[k], losses[k])
            ax.text(alphas[k] - 0.06, low, "climb", ha="right", va="center", weight="bold")
        label(ax, xlabel="place α on the line", ylabel="loss L", ylim=(-0.03 * top, top))
        ax.legend(loc="upper right")
        ax.set_title(title)
    return show(
        fig,
        "Left, the loss on an LSTM's line from its start to its end falls all the way, so that the "
        "climb is zero, but first runs above the straight line from end to end: the barrier. "
        "Right, the loss on the line from A to B, a hill, with its climb and its barrier marked.",
    )


@styled
def mirror():
    """A network of two units, its copy with the units swapped, and the mean of both."""
    fig, axes = canvas(1, 3, size=(11, 3.2), sharey=True)
    x = np.linspace(-1.5, 1.5, 121)
    cases = [
        ("two units: weights 1, −1", (1, -1)),
        ("units swapped: −1, 1", (-1, 1)),
        ("their mean: 0, 0; both tasks lost", (0, 0)),
    ]
    looks = [(SKY, "--"), (ORANGE, "-.")]
    for ax, (title, weights) in zip(axes, cases, strict=True):
        units = [np.maximum(weight * x, 0) for weight in weights]
        for k, (unit, (color, dash)) in enumerate(zip(units, looks, strict=True)):
            ax.plot(x, unit + 0.02, color=color, ls=dash, lw=2, label=f"unit {k + 1}")
        ax.plot(x, sum(units), color=BLACK, ls="-", lw=2.5, label="output", zorder=1.5)
        ax.set(xlabel="input x", ylim=(-0.15, 1.7))
        ax.set_title(title)
    axes[0].set_ylabel("output")
    axes[1].legend(loc="upper center")
    return show(
        fig,
        "Three small networks: one computes the absolute value of x by two units, its copy with "
        "the units swapped computes the same, and the mean of the two is zero everywhere.",
    )


@styled
def three_lines(between, to_copy, aligned):
    """The losses (51,) from A to B, from A to its own copy, and from A to B reordered."""
    fig, ax = canvas(size=(8.5, 3.8))
    way = np.linspace(0, 1, len(between))
    curves(
        ax,
        {
            "from A to B": (way, between, {"color": RED, "ls": "-"}),
            "from A to its own copy": (way, to_copy, {"color": ORANGE, "ls": ":"}),
            "from A to B, units reordered": (way, aligned, {"color": BLUE, "ls": "--"}),
        },
        xlabel="place α on the line",
        ylabel="loss L",
        legend="upper right",
        title="Most of the hill is the order of the units",
    )
    ax.set_ylim(-0.05, 1.55 * max(np.max(between), np.max(to_copy)))
    return show(
        fig,
        "The loss on three lines: from A to B a hill, from A to its own shuffled copy a hill of "
        "about the same height, from A to B with its units reordered a low bump.",
    )


@styled
def bending():
    """How a bent path is made of straight lines (a sketch)."""
    fig, ax = canvas(size=(7.6, 3.6))
    a, c, b = np.array([[-1.0, 0.0], [-0.1, 1.6], [1.0, 0.0]])
    t = 0.35
    times = np.linspace(0, 1, 61)[:, None]
    path = (1 - times) ** 2 * a + 2 * times * (1 - times) * c + times**2 * b
    first, second = a + t * (c - a), c + t * (b - c)
    ax.plot(*np.array([a, c, b]).T, color=GREY, ls="--", lw=1.4, label="from A to C, from C to B")
    ax.plot(*np.array([first, second]).T, color=ORANGE, ls="-", lw=2, label="the rope")
    ax.plot(*path.T, color=BLUE, ls="-", label="bent path")
    ax.plot(*np.array([first, second]).T, "o", color=GREY, ms=8, label="the two walkers")
    ax.plot(*(first + t * (second - first)), "o", color=BLUE, ms=11, mec="white", label="we")
    for place, name in ((a, "A"), (b, "B"), (c, "C")):
        ax.plot(*place, "*", ms=16, color="white", mec="black")
        away = -20 if name == "A" else 10
        ax.annotate(name, place, xytext=(away, 6), textcoords="offset points", weight="bold")
    ax.set(xlim=(-1.35, 2.35), ylim=(-0.2, 1.95), aspect="equal")
    ax.set_axis_off()
    ax.legend(loc="upper right", fontsize=FONT_SIZE)
    ax.set_title("At t = 0.35 (a sketch)")
    return show(
        fig,
        "One walker is a third of the way from A to C, another a third of the way from C to B; "
        "between them a rope, and we are a third of it away from the first. The places where we "
        "stand in the course of time make a bow from A to B, which C pulls to its side.",
    )


@styled
def bent_path(straight, bent):
    """The losses (51,) on the bent path beside those on the straight line."""
    fig, ax = canvas(size=(8.5, 3.6))
    way = np.linspace(0, 1, len(straight))
    curves(
        ax,
        {
            "straight line": (way, straight, {"color": RED, "ls": "--"}),
            "bent path": (way, bent, {"color": BLUE, "ls": "-"}),
        },
        xlabel="place on the way from A to B (α, and t)",
        ylabel="loss L (log axis)",
        legend="upper right",
        title="Around the hill there is a way",
    )
    ax.set_yscale("log")
    return show(
        fig,
        "The loss between A and B on a logarithmic axis: a hill on the straight line; on the bent "
        "path it sinks below its ends.",
    )


@styled
def all_pairs(heights):
    """Barriers of six pairs (6,) for each way, as dots on a log axis."""
    fig, ax = canvas(size=(9, 2.9))
    looks = zip((RED, BLUE, GREEN), "osD", strict=True)
    for row, ((_, found), (color, marker)) in enumerate(zip(heights.items(), looks, strict=True)):
        shown = np.maximum(found, 1e-4)
        ax.semilogx(shown, [row] * len(shown), marker, color=color, ms=10, alpha=0.6, ls="none")
    label(ax, xlabel="barrier (log axis; left end: 0.0001 or less)", ylabel="")
    ax.set(yticks=range(len(heights)), yticklabels=list(heights), ylim=(len(heights) - 0.4, -0.6))
    ax.set(xlim=(7e-5, 3))
    ax.set_title("Six pairs: the barrier depends on the way")
    return show(
        fig,
        "The barriers between six pairs of solutions: about one on the straight lines, about a "
        "tenth of that with the units reordered, and next to nothing on the bent paths.",
    )


@styled
def nine_lines(lines):
    """The lines of three kinds of network, from their starts through their ends and beyond."""
    fig, ax = canvas(size=(8.5, 3.9))
    looks = zip(lines.losses.items(), [(BLUE, "-"), (RED, "--"), (GREEN, "-.")], strict=True)
    for (name, found), (color, dash) in looks:
        for k, losses in enumerate(found):
            ax.plot(lines.alphas, losses, color=color, ls=dash, lw=1.8, label=None if k else name)
    ax.axvline(1, color=GREY, lw=1.4, ls=":", label="end of training")
    label(ax, xlabel="place α on the line", ylabel="loss L", ylim=(-0.1, 2.9), legend="upper right")
    ax.set_title("Nine lines, from the start to the end of training and as far again")
    return show(
        fig,
        "The loss of three networks each of three kinds falls from 2.3 at the start to near 0 at "
        "the end of training, the LSTM's last, and rises slowly beyond, the LSTM's soonest.",
    )


@styled
def climbs(ways, heights):
    """Lines of runs with small and with large steps, and the climb of each line."""
    fig, (left, right) = canvas(1, 2, size=(11, 3.8), width_ratios=[1.2, 1])
    names = ["MLP, small steps", "MLP, large steps", "normalized, large steps"]
    looks = zip(names, [BLUE, RED, GREEN], ["-", "--", "-."], strict=True)
    for name, color, dash in looks:
        for k, losses in enumerate(ways[name]):
            way = np.linspace(0, 1, len(losses))
            left.semilogy(way, losses, color=color, ls=dash, lw=1.6, label=None if k else name)
    label(
        left,
        xlabel="place α on the line",
        ylabel="loss L (log axis)",
        title="Large steps: often a dip before the end",
        legend="lower left",
    )
    left.set_ylim(2e-4, 4)
    for row, (name, values) in enumerate(heights.items()):
        color = RED if "large" in name else BLUE
        right.plot(values, [row] * len(values), "o", color=color, ms=9, alpha=0.6)
    label(
        right,
        xlabel="climb",
        ylabel="",
        yticks=range(len(heights)),
        yticklabels=list(heights),
        title="The climb of each line",
    )
    right.set(xlim=(-0.002, None), ylim=(len(heights) - 0.4, -0.6))
    right.locator_params(axis="x", nbins=4)
    return show(
        fig,
        "Left, the loss on the lines of runs with small and large steps on a log axis. Right, "
        "the climb of each line: zero for nearly all with small steps, up to a few hundredths for "
        "most with large ones.",
    )


@styled
def by_width(widths, barriers):
    """Barriers (widths, pairs, 2) as trained and reordered, and the share that is left."""
    fig, (left, right) = canvas(1, 2, size=(11, 3.7))
    looks = [("as trained", RED, "o", "-"), ("units reordered", BLUE, "s", "--")]
    for heights, (name, color, marker, dash) in zip(
        np.moveaxis(barriers, -1, 0), looks, strict=True
    ):
        left.loglog(widths, heights.mean(1), color=color, ls=dash, label=f"{name}, mean")
        left.plot(np.repeat(widths, 3), heights.ravel(), marker, color=color, ms=6, alpha=0.5)
    label(
        left, xlabel="units in each hidden layer", ylabel="barrier (log axis)", legend="upper right"
    )
    left.set_title("With and without the order")
    left.set_ylim(None, 8 * barriers.max())
    share = barriers[..., 1] / barriers[..., 0]
    right.semilogx(np.repeat(widths, 3), 100 * share.ravel(), "D", color=GREEN, ms=8, alpha=0.6)
    label(right, xlabel="units in each hidden layer", ylabel="left after reordering, %")
    right.set_title("What is left, of each pair")
    right.set_ylim(0, None)
    for ax in (left, right):
        ax.set_xticks(widths, map(str, widths))
        ax.minorticks_off()
    return show(
        fig,
        "Left, the barriers of three pairs at each of three widths on log axes, as trained and, "
        "far lower, reordered. Right, the share that is left after reordering, in percent.",
    )


@styled
def path_against_line(walks):
    """How far training is from its line, and how high it is beside it, for nine runs."""
    fig, (left, right) = canvas(1, 2, size=(11, 3.8))
    looks = zip(walks.items(), [(BLUE, "o"), (RED, "s"), (ORANGE, "D")], strict=True)
    for (name, runs), (color, marker) in looks:
        for k, walk in enumerate(runs):
            left.plot(
                walk.place, walk.distance, color=color, marker=marker, ms=4, ls="-", lw=1,
                label=None if k else name,
            )  # fmt: skip
            right.loglog(
                walk.on_line[1:-1], walk.on_path[1:-1], marker, color=color, ms=4, alpha=0.7
            )
    right.loglog([0.002, 2], [0.002, 2], color=GREY, ls="--", lw=1.2, label="equally high")
    t = np.linspace(0, 1, 101)
    left.plot(
        t, np.sqrt(t * (1 - t)), color=GREY, ls="--", lw=1.4, label="random walk, √(α(1 − α))"
    )
    label(
        left,
        xlabel="place αₑ along the line",
        ylabel="distance from it, ‖rₑ‖ / ‖d‖",
        title="A bow, a third of the line away",
        legend="lower center",
    )
    label(
        right,
        xlabel="loss on the line at the same place",
        ylabel="loss on the real path",
        title="Above the diagonal the line is lower",
        legend="upper left",
    )
    return show(
        fig,
        "Left, the distance of nine training runs from their straight lines: bows that rise to a "
        "third of the line's length. Right, the loss on the path against the loss on the line, "
        "around the diagonal.",
    )
