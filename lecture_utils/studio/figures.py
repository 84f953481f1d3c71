"""The drawings that every notebook uses: arrays and an Axes in, artists out.

Curves use the Okabe-Ito colors with a marker or dash beside the color; losses use viridis, which
survives color-blindness and greyscale; curvature uses a diverging map centered on zero.
"""

import matplotlib as mpl
import numpy as np
from matplotlib.colors import TwoSlopeNorm
from matplotlib.patheffects import withStroke

from lecture_utils.studio.style import (
    BLACK,
    BLUE,
    CYCLE,
    DPI,
    FONT_SIZE,
    GREEN,
    GREY,
    METHODS,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    STYLE,
    YELLOW,
    Picture,
    canvas,
    show,
    styled,
)

__all__ = [
    "BLACK",
    "BLUE",
    "CYCLE",
    "DPI",
    "FONT_SIZE",
    "GREEN",
    "GREY",
    "METHODS",
    "ORANGE",
    "PURPLE",
    "RED",
    "SKY",
    "STYLE",
    "YELLOW",
    "Picture",
    "around",
    "bands",
    "canvas",
    "contours",
    "curvature_histogram",
    "curves",
    "diverging",
    "diverging_bands",
    "heat_map",
    "iterates",
    "label",
    "path",
    "power_laws",
    "short_number",
    "show",
    "styled",
    "surface3d",
]


@styled
def contours(ax, x, y, z, *, log=False, levels=14, labels=True, floor=None, cmap="viridis"):
    """Filled contours of z[y, x] with thin labelled lines on top.

    ``log`` spaces the levels evenly in log₁₀(z), for a loss over decades, from ``floor`` up: four
    to a decade where ``floor`` is a power of ten, so that whole decades can be labelled.
    """
    z = np.asarray(z)
    if log:
        if floor is None:
            edges = np.linspace(np.log10(np.quantile(z[z > 0], 0.002)), np.log10(z.max()), levels)
        else:
            edges = np.arange(np.log10(floor), np.log10(z.max()) + 0.25, 0.25)
        floor = 10 ** edges[0]
        shown = np.log10(np.maximum(z, floor))
    else:
        shown, edges = z, np.linspace(z.min(), z.max(), levels) if z.max() > z.min() else 3
    filled = ax.contourf(x, y, shown, levels=edges, cmap=cmap, alpha=0.85)
    lines = ax.contour(
        x, y, shown, levels=edges, colors="white", linewidths=0.6, alpha=0.7, linestyles="solid"
    )
    if labels:
        decades = [edge for edge in lines.levels[:-1] if log and abs(edge - round(edge)) < 1e-9]
        marked = decades or lines.levels[1::3]
        texts = ax.clabel(
            lines,
            marked,
            fontsize=FONT_SIZE,
            colors="white",
            fmt=lambda level: short_number(10**level if log else level),
        )
        for text in texts:  # an outline keeps white readable on the bright end of the map
            text.set_path_effects([withStroke(linewidth=2.5, foreground="#404040")])
    return filled


def short_number(value: float) -> str:
    """Two significant digits without an exponent: 0.044, 1.3, 160."""
    if value == 0 or not np.isfinite(value):
        return f"{value:g}"
    digits = max(0, 1 - int(np.floor(np.log10(abs(value)))))
    return f"{float(f'{value:.2g}'):.{digits}f}"


@styled
def diverging(ax, x, y, z, *, levels=21):
    """Filled contours of a signed quantity, white at zero."""
    bound = np.max(np.abs(z)) or 1.0
    return ax.contourf(
        x,
        y,
        z,
        levels=np.linspace(-bound, bound, levels),
        cmap="RdBu_r",
        norm=TwoSlopeNorm(0.0, -bound, bound),
    )


@styled
def diverging_bands(ax, z, *, bound: float, bands: int = 16, extent=(-1, 1, -1, 1)):
    """An image of z[y, x] in bands of a diverging map, white at zero: contours that move fast.

    ``set_data`` on the result is some twenty times cheaper than new contours.
    """
    cmap = mpl.colormaps["RdBu_r"].resampled(bands)
    return ax.imshow(
        z,
        origin="lower",
        extent=extent,
        cmap=cmap,
        vmin=-bound,
        vmax=bound,
        interpolation="nearest",  # smoothing and transparency would double the price of a frame
    )


@styled
def path(ax, points, method: str | None = None, **kwargs):
    """A trajectory (steps, 2): line with markers, a ring at the start and a star at the end."""
    points = np.asarray(points)
    look = METHODS.get(method, {}) | {"label": method} | kwargs
    (line,) = ax.plot(points[:, 0], points[:, 1], markersize=4, linewidth=1.6, **look)
    color = line.get_color()
    ax.plot(*points[0], "o", ms=10, mfc="none", mec=color, mew=2)
    ax.plot(*points[-1], "*", ms=14, color=color, mec="white")
    return line


def _check_series(series: dict) -> None:
    if not 1 <= len(series) <= 4:
        raise ValueError(
            f"series must hold one to four curves, but holds {len(series)}: more cannot be told "
            "apart, so split them over two axes."
        )


@styled
def power_laws(ax, x, series: dict, *, xlabel: str, ylabel: str, title: str = ""):
    """Curves on log-log axes, each y of shape (points,) or (samples, points).

    Samples are shown as their median and the middle half of them: on a log axis one lucky sample
    near zero would otherwise fill the picture.
    """
    lines = []
    _check_series(series)
    looks = zip(series.items(), [BLUE, RED, GREEN, ORANGE], "osD^", [5, 5, 9, 5], strict=False)
    for (label, y), color, marker, size in looks:
        y = np.atleast_2d(y)
        face = "none" if size > 5 else color  # open markers let a curve underneath show
        (line,) = ax.loglog(
            x, np.median(y, 0), marker=marker, color=color, label=label, ms=size, mfc=face
        )
        if len(y) > 1:
            low, high = np.quantile(y, [0.25, 0.75], axis=0)
            ax.fill_between(x, low, high, color=color, alpha=0.15, linewidth=0)
        lines.append(line)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.set_title(title)
    ax.legend()
    return lines


@styled
def bands(ax, x, series: dict, *, xlabel: str, ylabel: str, title: str = "", legend=True):
    """Curves with the range over seeds: each y has shape (seeds, points).

    A label that names a method in ``METHODS`` gets that method's color and dash.
    """
    lines = []
    _check_series(series)
    looks = zip(series.items(), [BLUE, RED, ORANGE, GREEN], ["-", "--", ":", "-."], strict=False)
    for (label, y), color, dash in looks:
        y = np.atleast_2d(y)
        color = METHODS.get(label, {}).get("color", color)
        dash = METHODS.get(label, {}).get("linestyle", dash)
        (line,) = ax.plot(x, np.median(y, 0), color=color, linestyle=dash, label=label)
        ax.fill_between(x, y.min(0), y.max(0), color=color, alpha=0.18, linewidth=0)
        lines.append(line)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.set_title(title)
    if legend:
        ax.legend()
    return lines


@styled
def label(ax, *, xlabel: str, ylabel: str, title: str = "", legend: str | None = None, **limits):
    """Axis labels, title and legend (its place) of a plot drawn by hand, in the course's style."""
    ax.set(xlabel=xlabel, ylabel=ylabel, **limits)
    ax.set_title(title)
    if legend:
        ax.legend(loc=legend)


@styled
def curves(ax, series: dict, **labels):
    """Curves by label, each (x, y) or (x, y, look); ``labels`` go to :func:`label`."""
    lines = [
        ax.plot(x, y, label=name, **(look[0] if look else {}))[0]
        for name, (x, y, *look) in series.items()
    ]
    label(ax, **labels)
    return lines


@styled
def heat_map(ax, x, y, z, *, value: str, marked=None, mark: str = "", **labels):
    """Numbers z[y, x] > 0 in cells colored by their logarithm; ``marked`` cells read ``mark``.

    ``value`` names the color bar; ``labels`` go to :func:`label`.
    """
    image = ax.imshow(np.log10(z), origin="lower", aspect="auto", vmin=-1, vmax=1)
    for (row, column), number in np.ndenumerate(z):
        text = mark if marked is not None and marked[row, column] else short_number(number)
        color = "black" if number > 1.5 else "white"
        ax.text(column, row, text, ha="center", va="center", fontsize=FONT_SIZE, color=color)
    bar = ax.figure.colorbar(image, ax=ax, ticks=[-1, 0, 1], extend="both")
    bar.ax.set_yticklabels(["0.1", "1", "10"])
    bar.set_label(value)
    label(ax, xticks=range(len(x)), yticks=range(len(y)), **labels)
    ax.set_xticklabels([short_number(entry) for entry in x])
    ax.set_yticklabels([short_number(entry) for entry in y])
    return image


@styled
def iterates(ax, function, points, *, span, title: str, parabola=None, ylabel="loss L"):
    """A curve of one variable and the points that a method visits on it, numbered in order.

    ``parabola``, a function of x, is the model at the first point: Newton jumps to its vertex.
    """
    grid, points = np.linspace(*span, 300), np.asarray(points)
    values = np.asarray(function(grid))
    ax.plot(grid, values, color=GREY, linestyle="-", linewidth=1.8)
    reach = np.ptp(values)
    ax.set_ylim(values.min() - 0.15 * reach, values.max() + 0.2 * reach)
    if parabola is not None:
        ax.plot(grid, parabola(grid), color=BLUE, linestyle="--", linewidth=1.6)
    (line,) = ax.plot(points, function(points), color=RED, marker="s", ls=":", lw=1.2, ms=7)
    visits = {}  # a point visited twice gets one label with both numbers
    for step, x in enumerate(points):
        visits.setdefault(round(float(x), 6), []).append(str(step))
    for x, steps in visits.items():
        text, place = ", ".join(steps), (x, function(x))
        ax.annotate(text, place, xytext=(0, 9), textcoords="offset points", ha="center")
    ax.set(xlabel="parameter x", ylabel=ylabel, xlim=span)
    ax.set_title(title)
    return line


@styled
def surface3d(ax, x, y, z, title: str):
    """A loss surface seen from above, without the clutter of tick labels."""
    surface = ax.plot_surface(
        x, y, z, cmap="viridis", linewidth=0, rstride=2, cstride=2, alpha=0.95
    )
    ax.set_title(title, loc="center", fontsize=12)
    ax.set(xticklabels=[], yticklabels=[], zticklabels=[])
    ax.set_xlabel("x", labelpad=-12)
    ax.set_ylabel("y", labelpad=-12)
    ax.view_init(28, -60)
    return surface


@styled
def around(ax, angles, heights, title: str):
    """Loss minus its value at the center on a circle around it: higher is red, lower blue."""
    angles, heights = np.degrees(angles), np.asarray(heights)
    (line,) = ax.plot(angles, heights, color=BLACK, linestyle="-", linewidth=1.2)
    ax.fill_between(angles, heights, 0, where=heights > 0, color=RED, alpha=0.6)
    ax.fill_between(angles, heights, 0, where=heights < 0, color=BLUE, alpha=0.6)
    ax.axhline(0, color=GREY, linewidth=1)
    ax.set(xticks=[0, 90, 180, 270], yticks=[], xlabel="direction, degrees", ylabel="L − L(0)")
    ax.set_title(title)
    return line


@styled
def curvature_histogram(ax, curvatures, eigenvalues, title: str):
    """How often a random direction has which curvature; ticks below mark the eigenvalues."""
    counts, _, bars = ax.hist(curvatures, bins=40, range=(-2.5, 2.5), color=BLUE, alpha=0.7)
    low = -0.1 * counts.max()
    ax.vlines(eigenvalues, low, low * 0.15, color=RED, linewidth=1.3)
    ax.set(xlabel="curvature vᵀHv", ylabel="random directions", ylim=(1.25 * low, None))
    ax.set_yticks([])
    ax.set_title(title)
    return bars
