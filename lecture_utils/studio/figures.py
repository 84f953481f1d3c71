"""The drawings that every notebook uses: arrays and an Axes in, artists out.

Curves use the Okabe-Ito colors with a marker or dash beside the color; losses use viridis, which
survives color-blindness and greyscale; curvature uses a diverging map centered on zero.
"""

import matplotlib as mpl
import numpy as np
from matplotlib.colors import TwoSlopeNorm
from matplotlib.patheffects import withStroke

from lecture_utils.studio import field
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
    "check_plane",
    "contours",
    "curvature_histogram",
    "curves",
    "diverging",
    "diverging_bands",
    "hatch_undefined",
    "heat_map",
    "iterates",
    "label",
    "logarithm",
    "path",
    "power_laws",
    "short_number",
    "show",
    "styled",
    "surface3d",
]


@styled
def contours(
    ax, x, y, z, *, log=False, levels=14, labels=True, floor=None, cmap="viridis", name="L"
):
    """Filled contours of z[y, x] with thin labelled lines on top; where z is not finite, hatching.

    ``name`` is what the page calls z where it says its value at the pointer.

    ``log`` spaces the levels evenly in log₁₀(z), for a loss over decades, from ``floor`` up: four
    to a decade where ``floor`` is a power of ten, so that whole decades can be labelled.  What is
    the same everywhere has one color and no lines.
    """
    z = check_plane(x, y, z)
    field.note(ax, x, y, z, name)
    if log:
        if floor is None:
            above = z[z > 0]  # without a value above zero, every floor is as good
            floor = (
                np.quantile(above.data[~np.ma.getmaskarray(above)], 0.002) if above.count() else 1.0
            )
            edges = np.linspace(np.log10(floor), np.log10(max(z.max(), floor)), levels)
        else:
            edges = np.arange(np.log10(floor), np.log10(max(z.max(), floor)) + 0.25, 0.25)
        shown = logarithm(z, 10 ** edges[0])
    else:
        shown, edges = z, np.linspace(z.min(), z.max(), levels)
    flat = len(edges) < 2 or not np.all(np.diff(edges) > 1e-12 * np.max(np.abs(edges)))
    if flat:
        edges = edges[0] + max(abs(edges[0]), 1.0) * np.array([-0.1, 0.1])
    filled = ax.contourf(x, y, shown, levels=edges, cmap=cmap, alpha=0.85)
    hatch_undefined(ax, x, y, shown)
    if flat or np.ma.ptp(shown) == 0:
        return filled
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


LARGEST = 1e300  # beyond it differences overflow: drawn like infinity


def check_plane(x, y, z):
    """Return z[y, x] in float64, masked where it is not finite, or raise a ValueError."""
    z = np.asarray(z, dtype=float)
    rows, columns = len(y), np.shape(x)[-1]
    if z.shape != (rows, columns) or min(z.shape) < 2:
        raise ValueError(
            f"z must have one row for each of at least two y and one column for each of at least "
            f"two x, but has shape {z.shape} for {rows} y and {columns} x."
        )
    z = np.ma.masked_invalid(np.where(np.abs(z) < LARGEST, z, np.nan))
    if not z.count():
        raise ValueError("z is NaN or infinite everywhere: there is nothing to draw.")
    return z


def logarithm(z, floor: float):
    """log₁₀ of z, from ``floor`` up; a z below zero, which has none, is refused."""
    lowest, highest = np.nanmin(z), np.nanmax(z)
    if lowest < -1e-6 * abs(highest):  # less is a rounded zero
        raise ValueError(
            f"z must not be negative where its logarithm is drawn, but reaches {lowest:.3g}: draw "
            "z itself, or its distance from the lowest value."
        )
    return np.log10(np.maximum(z, floor))


def hatch_undefined(ax, x, y, z):
    """Grey hatching over the cells of the grid where z[y, x] is masked; None where it never is."""
    holes = np.ma.getmaskarray(z)
    if not holes.any():
        return None
    # Every cell with an undefined corner lies above this level.
    patch = ax.contourf(
        x,
        y,
        holes.astype(float),
        levels=[1e-6, 2],
        colors=["#DDDDDD"],
        hatches=["////"],
        zorder=0.9,
    )
    patch.set(edgecolor=GREY, linewidth=0)
    return patch


def short_number(value: float) -> str:
    """Two significant digits, without an exponent unless it is long: 0.044, 1.3, 160, 2.0e+09."""
    if value == 0 or not np.isfinite(value):
        return f"{value:g}".replace("nan", "NaN").replace("inf", "∞")
    if not 1e-6 <= abs(value) < 1e7:
        return f"{value:.1e}"
    digits = max(0, 1 - int(np.floor(np.log10(abs(value)))))
    return f"{float(f'{value:.2g}'):.{digits}f}"


@styled
def diverging(ax, x, y, z, *, levels=21, name="value"):
    """Filled contours of a signed quantity, white at zero; where z is not finite, hatching."""
    z = check_plane(x, y, z)
    field.note(ax, x, y, z, name)
    bound = np.max(np.abs(z))
    bound = bound if bound > 1 / LARGEST else 1.0
    hatch_undefined(ax, x, y, z)
    return ax.contourf(
        x,
        y,
        z,
        levels=np.linspace(-bound, bound, levels),
        cmap="RdBu_r",
        norm=TwoSlopeNorm(0.0, -bound, bound),
    )


@styled
def diverging_bands(ax, z, *, bound: float, bands: int = 16, extent=(-1, 1, -1, 1), name="value"):
    """An image of z[y, x] in bands of a diverging map, white at zero: contours that move fast.

    ``set_data`` on the result is some twenty times cheaper than new contours.  Grey is where z is
    not finite.
    """
    if not 0 < bound < np.inf:
        raise ValueError(f"bound must be positive and finite, but is {bound}.")
    cmap = mpl.colormaps["RdBu_r"].resampled(bands).with_extremes(bad=GREY)
    image = ax.imshow(
        z,
        origin="lower",
        extent=extent,
        cmap=cmap,
        vmin=-bound,
        vmax=bound,
        interpolation="nearest",  # smoothing and transparency would double the price of a frame
    )
    field.note_image(image, name)
    return image


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
    near zero would otherwise fill the picture.  What is not positive and finite is left out.
    """
    lines = []
    _check_series(series)
    if not any(np.any((y > 0) & np.isfinite(y)) for y in map(np.asarray, series.values())):
        raise ValueError(
            "series holds no positive finite number: a logarithmic axis shows nothing else, so "
            "draw it with curves or bands."
        )
    looks = zip(series.items(), [BLUE, RED, GREEN, ORANGE], "osD^", [5, 5, 9, 5], strict=False)
    for (label, y), color, marker, size in looks:
        y = np.atleast_2d(y).astype(float)
        y[:, ~np.all(np.isfinite(y), axis=0)] = np.nan  # its quantiles would be neither
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
    """Numbers z[y, x] ≥ 0 in cells colored by their logarithm; ``marked`` cells read ``mark``.

    A cell that is not finite is grey and says what it holds.  ``value`` names the color bar;
    ``labels`` go to :func:`label`.
    """
    z = np.asarray(z, dtype=float)
    finite = np.ma.masked_where(~np.isfinite(z), z)
    shown = logarithm(finite, 1e-300) if finite.count() else finite
    cmap = mpl.colormaps["viridis"].with_extremes(bad=GREY)
    image = ax.imshow(shown, cmap=cmap, origin="lower", aspect="auto", vmin=-1, vmax=1)
    for (row, column), number in np.ndenumerate(z):
        text = mark if marked is not None and marked[row, column] else short_number(number)
        color = "black" if np.isfinite(number) and number > 1.5 else "white"
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
    there = values[np.isfinite(values)]
    if not there.size:
        raise ValueError(f"function is NaN or infinite everywhere on {span}: nothing can be drawn.")
    reach = np.ptp(there) or max(abs(there[0]), 1.0)
    ax.set_ylim(there.min() - 0.15 * reach, there.max() + 0.2 * reach)
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
    """A loss surface seen from above, without the clutter of tick labels; open where not finite."""
    z = check_plane(x, np.asarray(y)[..., 0], z).filled(np.nan)
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
