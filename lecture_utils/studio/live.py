"""The live picture: a matplotlib figure that answers clicks, drags and arrow keys in place.

The kernel keeps the figure's still part as a cached background. A frame restores it, draws the
few artists that move on top, and sends the PNG; the page (``live.js``) paints it and returns
pointer positions as fractions of the picture. A frame costs a few milliseconds this way, where
rebuilding a contour figure costs hundreds.
"""

from __future__ import annotations

import base64
import io
import pathlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from lecture_utils.studio import field
from lecture_utils.studio.panels import panels_of

_SCREEN_PIXELS_PER_INCH = 100  # natural size on the page, whatever the figure's own dpi
_TALLEST = 500  # px on the page, of all parts of a picture that stand one below another
_FINEST = 2.0  # pixels of the picture for one of the page, at most: beyond it nobody sees a gain

_CSS = """
.lecture-picture canvas { display: block; width: 100%; height: auto; touch-action: pan-y;
  user-select: none; border-radius: 2px; }
.lecture-picture canvas.lecture-picture-answers { touch-action: none; }
.lecture-picture canvas:focus { outline: 3px solid #0072b2; outline-offset: -3px; }
.lecture-picture-caption { font-size: 15px; line-height: 1.5; min-height: 1.5em; padding: 2px 4px; }
.lecture-picture-caption:empty, .lecture-picture-status:empty { display: none; }
.lecture-picture-status { font-size: 15px; color: #a33b00; padding: 2px 4px; }
.lecture-picture-stage { position: relative; }
.lecture-picture-tip { position: absolute; z-index: 1; pointer-events: none; white-space: nowrap;
  font-size: 13px; line-height: 20px; padding: 0 7px; border-radius: 4px; color: #111;
  background: #fffffff2; border: 1px solid #555; }
.lecture-picture-sign { position: absolute; right: 6px; top: 6px; z-index: 1; pointer-events: none;
  font-size: 13px; line-height: 22px; padding: 0 9px; border-radius: 11px; color: white;
  background: #0072b2; }
.lecture-picture-tip[hidden], .lecture-picture-sign[hidden], .lecture-picture-code:empty {
  display: none; }
.lecture-picture-code { font-size: 14px; line-height: 1.5; padding: 2px 4px; }
.lecture-picture-code code { font-size: 13px; overflow-wrap: anywhere; user-select: all; }
.lecture-explorer { --jp-widgets-font-size: 15px; --jp-widgets-inline-height: 30px; }
body[data-jp-deck-mode="presenting"] .jp-MarkdownCell { --jp-content-font-size1: 20px; }
body[data-jp-deck-mode="presenting"] .jp-OutputArea .jp-RenderedHTMLCommon:has(> table) {
  max-height: calc(100vh - 150px); overflow-y: auto; }
body[data-jp-deck-mode="presenting"] .jp-OutputArea td { padding: 3px 8px !important; }
.lecture-explorer .lecture-goal { font-size: 16px; line-height: 1.4; }
.lecture-reached { display: grid; min-height: 1.3em; }
.lecture-reached > * { grid-area: 1 / 1; }
.lecture-room { visibility: hidden; user-select: none; }
.lecture-narrow { --jp-widgets-font-size: 14px; --jp-widgets-inline-height: 26px;
  --jp-widgets-margin: 1px; }
.lecture-narrow .lecture-goal { font-size: 15px; line-height: 1.3; }
.lecture-narrow .lecture-picture-caption { font-size: 14px; line-height: 1.35; padding: 0 4px; }
.lecture-narrow .jupyter-button { padding: 0 7px; }
.lecture-narrow .lecture-folded > .lecture-secondary { display: none; }
.lecture-explorer:not(.lecture-narrow) .lecture-fold { display: none; }
.lecture-column, .lecture-column .widget-hslider { overflow: visible; }
.lecture-column .widget-hslider { flex-flow: row wrap; height: auto; padding-bottom: 8px; }
.lecture-column .widget-hslider .slider-container { order: 1; flex: 1 1 100%; }
.lecture-column .widget-hslider .widget-label { width: auto; min-width: 0; }
.lecture-column .widget-hslider .widget-readout { margin-left: auto; }
.lecture-narrow > .widget-box { gap: 1px 6px !important; }
.lecture-narrow .lecture-column .widget-hslider { padding-bottom: 4px; }
.lecture-narrow .lecture-column .widget-hslider :is(.widget-label, .widget-readout) {
  height: 18px; line-height: 18px; }
"""


@dataclass(eq=False)
class MovablePoint:
    """One point of a live picture that the hand can move: where it is and whom to tell."""

    axes: Axes
    callback: Callable[[float, float], object]
    step: tuple[float, float]
    x: float
    y: float


class LivePicture(anywidget.AnyWidget):
    """A matplotlib figure that updates in place and reports click, drag and arrow keys.

    Args:
        figure: a plain ``matplotlib.figure.Figure`` (not pyplot's; it needs no window). Its size in
            inches times 100 is the largest size on the page in pixels; on a narrower page it
            shrinks.
        alt: one or two sentences saying what is to be seen, for those who do not see it.

    ``last_error`` holds the last exception of a callback, or None; ``on_error``, when set, is
    called with it; ``on_undo`` answers Ctrl+Z, ``on_redo`` Ctrl+Shift+Z and
    Ctrl+Y. ``full_draws`` and ``frames`` count what was drawn.

    Raises:
        ValueError: when ``alt`` is empty or ``figure`` is not a Figure.
    """

    _esm = pathlib.Path(__file__).with_name("live.js")
    _css = _CSS

    alt = traitlets.Unicode().tag(sync=True)
    caption = traitlets.Unicode().tag(sync=True)  # one line under the picture; simple HTML
    status = traitlets.Unicode().tag(sync=True)  # plain text, shown as a warning
    _png = traitlets.Bytes().tag(sync=True)
    _size = traitlets.List([1, 1]).tag(sync=True)  # natural size in CSS pixels
    _panels = traitlets.List().tag(sync=True)  # parts [left, right], in pixels at natural size
    _natural = traitlets.Dict().tag(sync=True)  # its height and panels before any page was narrow
    tallest = traitlets.Int(_TALLEST).tag(sync=True)  # px, of parts that stand one below another
    _boxes = traitlets.List().tag(sync=True)  # one [left, top, right, bottom] per answering axes
    _choices = traitlets.Int().tag(sync=True)  # how many points the arrow keys can move
    _scale = traitlets.Float(1.0).tag(sync=True)  # pixels of the picture for one of the page
    code = traitlets.Unicode().tag(sync=True)  # what gives this state again, for "Copy state"
    _fields = traitlets.List().tag(sync=True)  # what the axes of surfaces show: field.told
    _ack = traitlets.List(["", 0]).tag(sync=True)  # the event answered last: [client, sequence]

    def __init__(self, figure: Figure, alt: str):
        if not isinstance(figure, Figure):
            raise ValueError(
                f"figure must be a matplotlib Figure, got {type(figure).__name__}; "
                "make one with matplotlib.figure.Figure(figsize=(9, 4.5))."
            )
        if not isinstance(alt, str) or not alt.strip():
            raise ValueError(
                f"alt must be a sentence describing the picture, got {alt!r}; write what it shows."
            )
        self.figure = figure
        self.canvas = FigureCanvasAgg(figure)
        self.last_error: Exception | None = None
        self.on_error: Callable[[Exception], object] | None = None
        self.on_undo: Callable[[], object] | None = None
        self.on_redo: Callable[[], object] | None = None
        self.hand: tuple | None = None  # the drag that is being answered
        self.full_draws = 0
        self.frames = 0
        # JupyterLab answers widgets in a thread of their own while a cell is running, and that cell
        # may move the same picture.
        self._drawing = threading.RLock()
        self._background = None
        self._noted: list | None = None  # the arrays that the page has
        self._moving: list[Artist] = []
        self._points: list[MovablePoint] = []
        self._active: MovablePoint | None = None
        self._gesture: tuple | None = None
        self._coarse = figure.dpi  # dots per inch at scale 1
        self._engine = None  # what lays the figure out, once it has settled
        self._centered: list[Axes] = []  # axes of equal aspect, in the middle of their room
        width, height = figure.get_size_inches() * _SCREEN_PIXELS_PER_INCH
        super().__init__(alt=alt, _size=[round(width), round(height)])
        self.on_msg(self._on_message)

    # --- drawing ---------------------------------------------------------------------------

    def animate(self, *artists: Artist | Iterable[Artist]) -> None:
        """Declare the artists that move: they leave the background and are drawn every frame.

        Takes artists, or lists and containers of artists. They are drawn over everything still,
        in the order of their ``zorder``.
        """
        for artist in artists:
            if not isinstance(artist, Artist):
                self.animate(*artist)
            elif artist not in self._moving:
                artist.set_animated(True)
                self._moving.append(artist)
        self.invalidate()

    def invalidate(self) -> None:
        """Let the next ``update()`` draw the whole figure anew."""
        self._background = None

    def redraw(self) -> None:
        """Draw the whole figure anew and show it: for new limits, contours or labels."""
        self.invalidate()
        self.update()

    def settle(self) -> None:
        """Lay the figure out once more and then never again, so that its axes stay in place.

        A layout of axes with equal aspect rests only after the second time, and would jump when
        something is drawn anew; without it a whole drawing also takes little more than half.
        """
        with self._drawing, np.errstate(over="ignore"):
            self._engine = self.figure.get_layout_engine()
            shaped = [axes for axes in self.figure.axes if axes.get_aspect() != "auto"]
            self._centered = [axes for axes in shaped if axes.get_anchor() == "C"]
            self.canvas.draw()
            self.figure.set_layout_engine("none")
            self._note_panels()
            self._natural = {"height": self._size[1], "panels": self._panels}

    def _note_panels(self) -> None:
        """Tell the page into what parts the figure can be cut, and show it."""
        natural = self._size[0] / self.figure.bbox.width
        self._panels = [[natural * edge for edge in part] for part in panels_of(self.figure)]
        self.redraw()

    def _flatten(self, share: float) -> None:
        """Lay the figure out at this share of its natural height, its letters as large as before.

        Where parts stand one below another, all of it then has room on a screen.
        """
        height = round(share * self._natural.get("height", 0))
        if not height or height == self._size[1]:  # a picture that has not settled has one height
            return
        with self._drawing:
            self._size = [self._size[0], height]
            self.figure.set_size_inches(np.array(self._size) / _SCREEN_PIXELS_PER_INCH)
            # Lower, they leave room beside them: to their right, where their title needs it.
            for axes in self._centered:
                axes.set_anchor("C" if share == 1 else "W")
            for _ in range(2 if self._engine else 0):  # as `settle` says
                self._engine.execute(self.figure)
            self._note_panels()

    def update(self) -> None:
        """Show the figure as it is now, drawing only the animated artists when nothing else moved.

        A still artist that was changed marks the figure stale (matplotlib's own bookkeeping, from
        which animated artists are exempt); then everything is drawn, so a frame is never wrong.
        """
        with self._drawing, np.errstate(over="ignore"):  # of what is too large to be drawn
            if self._background is None or self.figure.stale:
                self.canvas.draw()
                self._background = self.canvas.copy_from_bbox(self.figure.bbox)
                self.full_draws += 1
                self._boxes = [self._fractions_of(axes) for axes in self._answering()]
                self._noted = None
            else:
                self.canvas.restore_region(self._background)
            renderer = self.canvas.get_renderer()
            for artist in sorted(self._moving, key=_depth):
                artist.draw(renderer)
            self.frames += 1
            self._note_fields()
            self._png = self._encode(self.canvas.buffer_rgba())

    def _note_fields(self) -> None:
        """Tell the page what the surfaces show, where that is something new."""
        found = [(axes, field.of(axes)) for axes in self.figure.axes]
        found = [(axes, shown) for axes, shown in found if shown is not None]
        noted = [shown.z for _, shown in found]
        if self._noted is None or list(map(id, noted)) != list(map(id, self._noted)):
            self._noted = noted
            self._fields = [shown.told(axes, self._fractions_of(axes)) for axes, shown in found]

    def computing(self, on: bool) -> None:
        """Tell the page that work begins or is done; it says so where that takes a while.

        A message of its own: what is set in `hold_sync` comes only when all is done.
        """
        self.send({"kind": "computing", "on": on})

    def frame(self) -> bytes:
        """The current picture as PNG bytes."""
        if not self._png or self._background is None:
            self.update()
        return self._png

    # --- the hand --------------------------------------------------------------------------

    def on_point(
        self,
        axes: Axes,
        callback: Callable[[float, float], object],
        *,
        step: float | tuple[float, float] = 0.02,
        start: tuple[float, float] | None = None,
    ) -> MovablePoint:
        """Call ``callback(x, y)`` when the reader clicks, drags or presses an arrow key.

        Args:
            axes: the axes that answers; ``x, y`` are its data coordinates (log axes included),
                never outside its limits.
            callback: moves artists; the picture updates itself afterwards.
            step: how far an arrow key moves the point, as a fraction of the axes' width and
                height. Shift makes it five times finer.
            start: where the point is at first; the middle of the axes by default.

        Returns the point, which :meth:`set_point` takes. When an axes has several, a click takes
        the nearest. The arrow keys move the point touched last, at first the first; the space bar
        passes on to the next.

        Raises:
            ValueError: when ``axes`` belongs to another figure or ``step`` is not positive.
        """
        if axes not in self.figure.axes:
            raise ValueError(
                f"axes must belong to the picture's figure, got {axes!r}; pass one of figure.axes."
            )
        steps = np.broadcast_to(np.asarray(step, dtype=float), 2)
        if not np.all(steps > 0):
            raise ValueError(
                f"step must be a positive fraction of the axes, got {step!r}; try 0.02."
            )
        x, y = self._to_data(axes, 0.5, 0.5) if start is None else start
        point = MovablePoint(axes, callback, tuple(steps), float(x), float(y))
        self._points.append(point)
        self._choices = len(self._points)
        self.invalidate()
        return point

    def set_point(self, point: MovablePoint, x: float, y: float) -> None:
        """Tell where a point is now, so that the arrow keys go on from there."""
        if point not in self._points:
            raise ValueError(
                f"point must be what on_point returned, got {point!r}; call on_point first."
            )
        point.x, point.y = float(x), float(y)

    def _on_message(self, _widget, event: dict, _buffers) -> None:
        """Answer one event of the page; the acknowledgement travels with the frame."""
        with self.hold_sync():
            try:
                self._answer(event)
            except Exception as error:
                self.last_error = error
                if self.on_error is not None:
                    self.on_error(error)
            finally:  # also after an interrupt: the page is waiting for it
                self._ack = [str(event.get("client", "")), int(event.get("sequence", 0))]

    def _answer(self, event: dict) -> None:
        if event["kind"] == "hello":
            self._sharpen(float(event.get("scale", 1.0)))
            self.update()
        elif event["kind"] == "room":
            self._flatten(float(event["share"]))
        elif event["kind"] == "point":
            self._answer_pointer(event)
        elif event["kind"] == "step":
            self._answer_arrow(float(event["dx"]), float(event["dy"]))
        elif event["kind"] == "next":
            self._answer_next()
        elif event["kind"] in ("undo", "redo"):
            walk = self.on_undo if event["kind"] == "undo" else self.on_redo
            for _ in range(int(event.get("times", 1)) if walk is not None else 0):
                walk()

    def _sharpen(self, scale: float) -> None:
        """Draw with as many pixels as the finest of the screens that show the picture."""
        scale = min(max(scale, self._scale), _FINEST)
        if scale > self._scale:
            with self._drawing:
                self._scale = scale
                self.figure.set_dpi(self._coarse * scale)
                self.invalidate()

    def _answer_pointer(self, event: dict) -> None:
        axes = self._answering()[event["box"]]
        gesture = (event.get("client"), event["gesture"])
        if gesture != self._gesture:  # the first event of a click or drag decides which point
            self._gesture = gesture
            press = self._pixels(event["origin"])
            self._active = min(
                (p for p in self._points if p.axes is axes),
                key=lambda p: np.hypot(*(axes.transData.transform((p.x, p.y)) - press)),
            )
        across, up = axes.transAxes.inverted().transform(self._pixels(event["at"]))
        self.hand = gesture
        try:
            self._move(self._active, across, up)
        finally:
            self.hand = None

    def _answer_arrow(self, dx: float, dy: float) -> None:
        point = self._chosen()
        if point is None:
            return
        # Steps are taken in fractions of the axes, so they are even on a log axis too.
        pixels = point.axes.transData.transform((point.x, point.y))
        across, up = point.axes.transAxes.inverted().transform(pixels)
        self._move(point, across + dx * point.step[0], up + dy * point.step[1])

    def _answer_next(self) -> None:
        points = self._points
        if points:
            self._active = points[(points.index(self._chosen()) + 1) % len(points)]

    def _chosen(self) -> MovablePoint | None:
        """The point that the arrow keys move."""
        return self._active or next(iter(self._points), None)

    def _move(self, point: MovablePoint, across: float, up: float) -> None:
        self._active = point
        point.x, point.y = self._to_data(point.axes, across, up)
        frames = self.frames
        point.callback(point.x, point.y)
        if self.frames == frames:  # the callback may have updated the picture itself
            self.update()

    # --- coordinates -----------------------------------------------------------------------

    def _answering(self) -> list[Axes]:
        return list(dict.fromkeys(point.axes for point in self._points))

    def _pixels(self, fractions: tuple[float, float]) -> np.ndarray:
        """Pixels from the bottom left, from fractions counted from the top left."""
        x, y = fractions
        return np.array([x * self.figure.bbox.width, (1 - y) * self.figure.bbox.height])

    def _fractions_of(self, axes: Axes) -> list[float]:
        """[left, top, right, bottom] of an axes as fractions of the picture, top left (0, 0)."""
        box, whole = axes.bbox, self.figure.bbox
        return [
            round(float(value), 6)
            for value in (
                box.x0 / whole.width,
                1 - box.y1 / whole.height,
                box.x1 / whole.width,
                1 - box.y0 / whole.height,
            )
        ]

    def _to_data(self, axes: Axes, across: float, up: float) -> tuple[float, float]:
        """Data coordinates of a place given as fractions of an axes, clamped to its limits."""
        limits = (axes.get_xlim(), axes.get_ylim())  # first: this settles a pending autoscale
        found = axes.transData.inverted().transform(axes.transAxes.transform((across, up)))
        x, y = (
            float(np.clip(value, *sorted(ends))) for value, ends in zip(found, limits, strict=True)
        )
        return x, y

    def _encode(self, pixels: memoryview) -> bytes:
        return encode(pixels, format="PNG", compress_level=1)  # quick rather than small

    # --- what the notebook shows ------------------------------------------------------------

    def __repr__(self) -> str:
        return f"Live picture: {self.alt}"

    def _repr_mimebundle_(self, **kwargs):
        return with_still_picture(view_of(self, self), repr(self), self)

    _ipython_display_ = None  # ipywidgets 7 would display it its own way, without the picture


def view_of(widget: widgets.DOMWidget, inner: anywidget.AnyWidget) -> tuple[dict, dict]:
    """The mime bundle by which a page finds ``widget``, of ipywidgets 7 as of 8.

    ``inner`` is what anywidget draws in it, or the widget itself: anywidget knows what Colab needs
    to be told so that it loads it.
    """
    data, metadata = anywidget.AnyWidget._repr_mimebundle_(inner)
    view = "application/vnd.jupyter.widget-view+json"
    return {view: data[view] | {"model_id": widget.model_id}}, metadata


def with_still_picture(
    bundle: tuple[dict, dict], text: str, picture: LivePicture
) -> tuple[dict, dict]:
    """Add a fixed text and the current frame to a widget's mime bundle.

    The text is what strict nbval compares; the frame is what GitHub, static HTML and print show.
    """
    data, metadata = bundle
    png = base64.b64encode(picture.frame()).decode("ascii")
    data = {**data, "text/plain": text, "image/png": png}
    return data, {**metadata, "image/png": {"alt": picture.alt}}


def _depth(artist: Artist) -> tuple[float, float]:
    """Drawing order: by axes, then by artist; what belongs to no axes comes last."""
    axes = getattr(artist, "axes", None)
    return (np.inf if axes is None else axes.get_zorder(), artist.get_zorder())


def encode(pixels: memoryview, **how) -> bytes:
    """An (height, width, 4) buffer as an image file; ``how`` goes to Pillow."""
    image = Image.frombuffer("RGBA", pixels.shape[1::-1], pixels, "raw", "RGBA", 0, 1)
    stream = io.BytesIO()
    image.convert("RGB").save(stream, **how)
    return stream.getvalue()
