"""The look of every picture: colors, sizes, a canvas, and a figure that knows its alt text."""

import functools
import io

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
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
    "RMS": {"color": SKY, "marker": "<", "linestyle": ":"},
    "Nesterov": {"color": "#882255", "marker": ">", "linestyle": "--"},
    "Adagrad": {"color": "#332288", "marker": "p", "linestyle": ":"},
    "AdamW": {"color": GREY, "marker": "X", "linestyle": "--"},
    "Lion": {"color": "#8A7400", "marker": "h", "linestyle": "-"},
    "Muon": {"color": "#B22222", "marker": "*", "linestyle": "-."},
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


def canvas(rows: int | list = 1, columns: int = 1, size=None, **subplots):
    """A new figure in the course's style and its axes (one Axes, or an array of them).

    ``size`` is in inches of 100 pixels.  ``rows`` may be a mosaic, rows of names; then the axes
    come as a dict.  No pyplot: nothing is shown until :func:`show`.
    """
    with mpl.rc_context(STYLE):
        fig = Figure(figsize=size or (4.6 * columns, 3.7 * rows), dpi=DPI, layout="constrained")
        FigureCanvasAgg(fig)
        if isinstance(rows, int):
            axes = fig.subplots(rows, columns, **subplots)
        else:
            axes = fig.subplot_mosaic(rows, **subplots)
        for ax in fig.axes:  # else a frame drawn later counts its ticks by the reader's size
            ax.tick_params(labelsize=STYLE["xtick.labelsize"])
        return fig, axes


def styled(function):
    """Run a drawing function under the course's style, whatever the reader's own settings."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        with mpl.rc_context(STYLE):
            return function(*args, **kwargs)

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
            if any(axes.name == "3d" for axes in self.figure.axes):
                _look_once(self.figure)
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


def _look_once(figure: Figure) -> None:
    """Matplotlib 3.10 knows where an axis in space lies only once it has drawn it, and its layout
    asks before."""
    engine = figure.get_layout_engine()
    figure.set_layout_engine("none")
    figure.draw_without_rendering()
    figure.set_layout_engine(engine)


def show(figure: Figure, alt: str) -> Picture:
    """Return the figure for display; ``alt`` says in a sentence what it shows."""
    return Picture(figure, alt)
