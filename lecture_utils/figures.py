"""The look of the course: arrays and an Axes in, artists out.  Nothing here computes a loss.

Curves use the Okabe-Ito colors with a marker or dash beside the color; losses use viridis, which
survives color-blindness and greyscale; curvature uses a diverging map centered on zero.
"""

import io
from contextlib import suppress

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from PIL import Image

BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, RED, PURPLE = (
    "#000000",
    "#E69F00",
    "#56B4E9",
    "#009E73",
    "#F0E442",
    "#0072B2",
    "#D55E00",
    "#CC79A7",
)
GREY = "#6B6B6B"

METHODS = {
    "gradient descent": {"color": BLUE, "marker": "o", "linestyle": "-"},
    "Newton": {"color": RED, "marker": "s", "linestyle": "--"},
    "saddle-free Newton": {"color": GREEN, "marker": "^", "linestyle": "-."},
    "momentum": {"color": ORANGE, "marker": "D", "linestyle": "-"},
    "RMSProp": {"color": PURPLE, "marker": "v", "linestyle": "--"},
    "Adam": {"color": BLACK, "marker": "P", "linestyle": "-."},
}
"""One color, marker and dash per method, the same in every notebook."""

CYCLE = mpl.cycler(
    color=[BLUE, RED, GREEN, ORANGE, PURPLE, BLACK, SKY],
    linestyle=["-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1)), (0, (3, 1, 1, 1))],
)

STYLE = {
    "font.size": 12,
    "axes.labelsize": 12,
    "axes.titlesize": 12.5,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.prop_cycle": CYCLE,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "legend.fontsize": 11,
    "legend.frameon": False,
    "lines.linewidth": 2.2,
    "lines.markersize": 6,
    "image.cmap": "viridis",
    "figure.facecolor": "white",
    "mathtext.fontset": "dejavusans",
}
DPI = 100
FONT_SIZE = 10  # the smallest text allowed in a figure, in points; a test holds it


def canvas(rows: int = 1, columns: int = 1, size=None, **subplots):
    """A new figure in the course's style and its axes (one Axes, or an array of them).

    ``size`` is in inches of 100 pixels.  No pyplot: nothing is shown until :func:`show`.
    """
    with mpl.rc_context(STYLE):
        fig = Figure(figsize=size or (4.6 * columns, 3.7 * rows), dpi=DPI, layout="constrained")
        FigureCanvasAgg(fig)
        return fig, fig.subplots(rows, columns, **subplots)


def styled(function):
    """Run a drawing function under the course's style, whatever the reader's own settings."""

    def wrapper(*args, **kwargs):
        with mpl.rc_context(STYLE):
            return function(*args, **kwargs)

    wrapper.__doc__, wrapper.__name__ = function.__doc__, function.__name__
    return wrapper


class Picture:
    """A finished figure: a PNG for the eye, its alt text for everyone else."""

    def __init__(self, figure: Figure, alt: str):
        if len(alt) < 20:
            raise ValueError(f"alt must say what the figure shows in a sentence, got {alt!r}.")
        self.figure, self.alt = figure, alt

    def png(self) -> bytes:
        """The picture as PNG bytes."""
        with mpl.rc_context(STYLE):
            self.figure.canvas.draw()
        image = Image.fromarray(np.asarray(self.figure.canvas.buffer_rgba())).convert("RGB")
        buffer = io.BytesIO()
        # A palette of 256 is invisible on contours and lines, and a third of the bytes.
        image.quantize(256, dither=Image.Dither.NONE).save(buffer, "png", optimize=True)
        return buffer.getvalue()

    def __repr__(self):
        return f"Figure: {self.alt}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {"text/plain": repr(self), "image/png": self.png()}
        return data, {"image/png": {"alt": self.alt}}


def show(figure: Figure, alt: str) -> Picture:
    """Return the figure for display; ``alt`` says in a sentence what it shows."""
    return Picture(figure, alt)


@styled
def contours(ax, x, y, z, *, log=False, levels=14, labels=True, floor=None, cmap="viridis"):
    """Filled contours of z[y, x] with thin labelled lines on top.

    ``log`` spaces the levels evenly in log₁₀(z), for a loss over decades, from ``floor`` up.
    """
    z = np.asarray(z)
    if log:
        floor = np.quantile(z[z > 0], 0.002) if floor is None else floor
        edges = np.linspace(np.log10(floor), np.log10(z.max()), levels)
        shown = np.log10(np.maximum(z, floor))
    else:
        shown, edges = z, np.linspace(z.min(), z.max(), levels) if z.max() > z.min() else 3
    with mpl.rc_context(), suppress(UserWarning):
        filled = ax.contourf(x, y, shown, levels=edges, cmap=cmap, alpha=0.85)
        lines = ax.contour(
            x, y, shown, levels=edges, colors="white", linewidths=0.6, alpha=0.7, linestyles="solid"
        )
    if labels:
        texts = ax.clabel(
            lines,
            lines.levels[1::3],
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


@styled
def power_laws(ax, x, series: dict, *, xlabel: str, ylabel: str, title: str = ""):
    """Curves on log-log axes, each y of shape (points,) or (samples, points).

    Samples are shown as their median and the middle half of them: on a log axis one lucky sample
    near zero would otherwise fill the picture.
    """
    lines = []
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
def iterates(ax, function, points, *, span, title: str, show_last: int | None = None):
    """A curve of one variable and the points that a method visits on it, numbered in order."""
    grid = np.linspace(*span, 300)
    ax.plot(grid, function(grid), color=GREY, linestyle="-", linewidth=1.8)
    points = np.asarray(points)[:show_last]
    (line,) = ax.plot(points, function(points), color=RED, marker="s", ls=":", lw=1.2, ms=7)
    for step, x in enumerate(points):
        ax.annotate(
            str(step), (x, function(x)), xytext=(0, 9), textcoords="offset points", ha="center"
        )
    ax.set(xlabel="parameter x", ylabel="loss L")
    ax.margins(y=0.18)  # room for the numbers
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
    """Loss minus its value at the center, on a small circle around it: up is +, down is -."""
    heights = np.asarray(heights)
    (line,) = ax.plot(np.degrees(angles), heights, color=BLACK, linestyle="-", linewidth=1.2)
    ax.fill_between(np.degrees(angles), heights, 0, where=heights > 0, color=BLUE, alpha=0.6)
    ax.fill_between(np.degrees(angles), heights, 0, where=heights < 0, color=RED, alpha=0.6)
    ax.axhline(0, color=GREY, linewidth=1)
    ax.set(xticks=[0, 90, 180, 270, 360], yticks=[])
    ax.set_title(title, fontsize=12)
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
