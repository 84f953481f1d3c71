"""The drawings of notebook 09: patients' curves, the guide as a tree, a report on one page."""

import textwrap

import numpy as np
from matplotlib.patches import FancyBboxPatch
from matplotlib.ticker import MaxNLocator

from lecture_utils.studio.figures import *


@styled
def admission(axes, patients: dict):
    """Training and test loss of each patient: name -> (train, test), entry k after k steps."""
    for ax, (name, (train, test)) in zip(np.ravel(axes), patients.items(), strict=True):
        for curve, color, dash, label in (
            (train, BLUE, "-", "training loss"),
            (test, RED, "--", "test loss"),
        ):
            ax.plot(np.arange(len(curve)), curve, color=color, ls=dash, lw=2, label=label)
        ax.axhline(np.log(10), color=GREY, lw=1, ls=":", label="guessing, ln 10")
        ax.set(ylim=(0, 4), xlim=(0, len(train) - 1))
        ax.set_title(name)
    for ax in np.atleast_2d(axes)[-1]:
        ax.set_xlabel("steps of gradient descent")
    for ax in np.atleast_2d(axes)[:, 0]:
        ax.set_ylabel("loss L")
    np.ravel(axes)[0].legend(loc="upper right", fontsize=FONT_SIZE)


@styled
def chart(ax, rows: dict, columns):
    """A table drawn as a picture: name -> one text per column; the last row is set apart."""
    ax.axis("off")
    table = ax.table(
        list(rows.values()), rowLabels=list(rows), colLabels=columns, loc="center", cellLoc="center"
    )
    table.auto_set_font_size(False)
    table.set_fontsize(FONT_SIZE + 1)
    for (row, column), cell in table.get_celld().items():
        cell.set(edgecolor="#CCCCCC", linewidth=0.8)
        cell.set_height(0.15 if row in (0, len(rows)) else 0.092)
        if row == len(rows):
            cell.set_facecolor("#E8F1F8")
        if column < 0:
            cell.get_text().set_weight("bold")
    return table


@styled
def vital_signs(start: dict, end: dict, healthy: dict):
    """The `chart` of the patients: by name what the instruments read at start and end.

    ``healthy``: "start" and "end" -> the least and the largest of each reading on networks that
    are well, which make the last row.
    """
    fig, ax = canvas(size=(11.4, 4.2))
    rows = {name: [told(start[name], end[name]) for told in _SIGNS.values()] for name in start}
    low, high = (
        [told(healthy["start"][k], healthy["end"][k]) for told in _SIGNS.values()] for k in (0, 1)
    )
    rows["healthy range"] = [f"{a} to\n{b}" for a, b in zip(low, high, strict=True)]
    chart(ax, rows, list(_SIGNS))
    return show(
        fig,
        "A table of the instruments at start and end for seven patients, with the range "
        "over ten healthy networks in its last row.",
    )


def _short(value: float) -> str:
    return "0" if abs(value) < 1e-9 else f"{value:.2g}"


_SIGNS = {
    "loss\nstart": lambda start, end: f"{start.loss:.2f}",
    "loss\nend": lambda start, end: f"{end.loss:.2f}",
    "‖g‖\nstart": lambda start, end: _short(start.grad_norm),
    "‖g‖\nend": lambda start, end: _short(end.grad_norm),
    "λ_max\nstart": lambda start, end: _short(start.highest),
    "η λ_max / 2\nstart": lambda start, end: _short(start.edge),
    "λ_min\nstart": lambda start, end: _short(start.lowest),
    "dead\nstart": lambda start, end: f"{100 * start.silent:.0f} %",
    "dead\nend": lambda start, end: f"{100 * end.silent:.0f} %",
}


@styled
def tree(ax, nodes: dict, edges):
    """A decision tree: nodes name -> (x, y, text), edges (from, to, answer).

    Returns the boxes by name and the lines by (from, to), to be colored.
    """
    lines, boxes = {}, {}
    for start, end, answer in edges:
        (x0, y0, _), (x1, y1, _) = nodes[start], nodes[end]
        (lines[start, end],) = ax.plot([x0, x1], [y0, y1], color=GREY, ls="-", lw=1.5, zorder=1)
        ax.text((x0 + x1) / 2, (y0 + y1) / 2, answer, ha="center", va="center", zorder=2,
                bbox={"fc": "white", "ec": "none", "pad": 1.5})  # fmt: skip
    for name, (x, y, text) in nodes.items():
        boxes[name] = FancyBboxPatch(
            (x - 0.1, y - 0.065), 0.2, 0.13, boxstyle="round,pad=0.005,rounding_size=0.02",
            fc="white", ec=GREY, lw=1.5, zorder=3, mutation_aspect=2,
        )  # fmt: skip
        ax.add_patch(boxes[name])
        ax.text(x, y, text, ha="center", va="center", zorder=5)
    ax.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set_visible(False)
    return boxes, lines


@styled
def report_page(report, title: str):
    """A `Report` on one page: spectrum, the line downhill, a small surface, and the sentences."""
    fig, axes = canvas(2, 3, size=(11.5, 5.6), height_ratios=[2.6, 1])
    spectrum, line, plane = axes[0]
    _spectrum(spectrum, report)
    times, losses = report.line
    line.plot(times, losses, color=BLACK, ls="-")
    line.plot(times[0], losses[0], "o", color=BLUE, ms=6, label="here", zorder=4)
    if report.learning_rate is not None and not np.isfinite(report.after_step):
        line.axvline(
            report.learning_rate, color=RED, lw=2, ls=":", label="one step: no finite loss"
        )
    elif report.learning_rate is not None:
        falls = report.after_step < report.loss
        line.plot(report.learning_rate, report.after_step, "s" if falls else "X", ms=11,
                  color=GREEN if falls else RED, label="after one step")  # fmt: skip
    line.set(xlabel="step t along −gradient", ylabel="loss L")
    line.legend()
    line.set_title("Down the gradient")
    edge = np.linspace(-report.radius, report.radius, len(report.plane))
    filled = diverging(plane, edge, edge, report.plane - report.loss)
    plane.plot(0, 0, "o", color=BLACK, ms=6)
    plane.set(xlabel="along the highest curvature", ylabel="along the lowest one")
    broken = not np.all(np.isfinite(report.plane))
    plane.set_title("Red: up, blue: down, hatched: none" if broken else "Red: higher, blue: lower")
    bar = fig.colorbar(filled, ax=plane, shrink=0.85, format="%.2g", ticks=MaxNLocator(5))
    bar.set_label("change of L")
    for ax in axes[1]:
        ax.axis("off")
    text = "\n".join(
        "\n".join(textwrap.wrap(f"• {sentence}", 125, subsequent_indent="   "))
        for sentence in report.sentences
    )
    words = axes[1][0].text(
        -0.12, 0.95, text, transform=axes[1][0].transAxes, va="top", linespacing=1.5
    )
    words.set_in_layout(False)  # it runs below all three columns
    fig.suptitle(title, x=0.01, ha="left", weight="bold")
    return show(
        fig,
        f"A report: {title}. The eigenvalues, the loss along the gradient, a small surface, and "
        f"sentences{_outcome(report)}.",
    )


def _outcome(report) -> str:
    """What a step with the learning rate of the report does, as the end of a sentence."""
    if report.learning_rate is None:
        return ""
    if not np.isfinite(report.after_step):
        return "; one step with its learning rate leaves no finite loss"
    falls = report.after_step < report.loss
    return f"; one step with its learning rate {'lowers' if falls else 'raises'} the loss"


def _spectrum(ax, report):
    if report.density is None:
        values = np.asarray(report.eigenvalues)
        ranks = np.arange(1, len(values) + 1)
        ax.plot(ranks, values, color=GREY, ls="-", lw=1)
        for color, shown in ((BLUE, values < 0), (RED, values > 0)):
            ax.plot(ranks[shown], values[shown], ".", color=color, ms=4)
        ax.set(xlabel="rank", ylabel="eigenvalue λ")
        ax.set_yscale("symlog", linthresh=max(1e-3 * abs(values).max(), 1e-9))
    else:
        low = max(report.density.density.max() * 1e-5, 1e-12)
        ax.semilogy(
            report.density.grid, np.maximum(report.density.density, low), color=BLACK, ls="-"
        )
        ax.set(xlabel="eigenvalue λ", ylabel="density")
    ax.set_title("Eigenvalues of the Hessian")


@styled
def admitted(curves: dict):
    """The losses of seven patients and of a healthy network, on axes of their own."""
    fig, axes = canvas(2, 4, size=(12.6, 5.2))
    admission(axes, curves)
    return show(
        fig,
        "Training and test loss of seven patients and a healthy network. A, C and D end "
        "at the loss of guessing, B and G have low training and high test loss, E and F a "
        "high training loss.",
    )
