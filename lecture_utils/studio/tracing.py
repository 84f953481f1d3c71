"""What an artist draws, as data: a renderer that notes down paths, markers and texts.

Everything is in pixels of the page (100 to the inch), counted from the top left corner.  The book
replays these operations on a canvas; matplotlib itself decides where a line runs and how a legend
is laid out, so that both pictures agree.
"""

from __future__ import annotations

import json
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import Collection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

__all__ = ["Operation", "Tracer"]

FAR = 3.0  # pictures; a vertex beyond is brought back to there


class Operation(NamedTuple):
    """One thing to draw: ``kind`` is "path", "markers", "text" or "image".

    ``style`` is JSON; ``x`` and ``y`` are the vertices, the places of the markers or of the text,
    with NaN for a gap; ``text`` is what a text says; ``pixels`` (rows, columns, 4) are an image's.
    """

    kind: str
    style: str
    x: np.ndarray
    y: np.ndarray
    text: str = ""
    pixels: np.ndarray | None = None


class Tracer(RendererBase):
    """A renderer that draws nothing and remembers what it was asked to draw."""

    def __init__(self, figure: Figure):
        super().__init__()
        self.figure = figure
        self.width, self.height = figure.bbox.width, figure.bbox.height
        self.scale = figure.dpi / 72  # pixels a point
        self._agg = FigureCanvasAgg(figure).get_renderer()  # it knows how wide a text is
        self._found: list[Operation] = []
        self._outline: list = []
        self._markers: dict = {}
        self._of_collection = False

    def trace(self, artist: Artist) -> list[Operation]:
        """What this artist draws now."""
        self._found, self._outline = [], []
        self._of_collection = isinstance(artist, Collection)
        if not artist.get_visible():
            return []
        if isinstance(artist, AxesImage):
            self._image(artist)
        elif isinstance(artist, Text):
            self._text(artist)
        else:
            artist.draw(self)
        return self._found

    # --- what matplotlib asks of a renderer --------------------------------------------------

    def get_canvas_width_height(self):
        return self.width, self.height

    def points_to_pixels(self, points):
        return points * self.scale

    def get_text_width_height_descent(self, s, prop, ismath):
        return self._agg.get_text_width_height_descent(s, prop, ismath)

    def draw_path(self, gc, path, transform, rgbFace=None):
        flat = path.cleaned(transform=transform, curves=False, simplify=False)
        x, y, closed = self._vertices(flat)
        if len(x):
            style = self._style(gc, rgbFace) | ({"closed": 1} if closed else {})
            self._note("path", style, x, y)

    def draw_markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None):
        if self._of_collection:  # a single shape goes this way too, and it may be large
            for x, y in trans.transform(path.vertices):
                place = Affine2D().translate(x, y)
                self.draw_path(gc, marker_path, marker_trans.frozen() + place, rgbFace)
            return
        across, up, closed = self._marker(marker_path, marker_trans)
        places = trans.transform(path.vertices)
        x, y = places[:, 0], self.height - places[:, 1]
        if len(x) and len(across):
            outline = [
                [_short(a), _short(b)] if np.isfinite(a) else None  # between the strokes of a cross
                for a, b in zip(across, up, strict=True)
            ]
            style = self._style(gc, rgbFace) | {"marker": outline, "closed": int(closed)}
            self._note("markers", style, x, y)

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        width, *_ = self.get_text_width_height_descent(s, prop, ismath)
        align = mtext.get_ha() if mtext is not None else "left"
        shift = {"left": 0.0, "center": width / 2, "right": width}[align]
        color = _css(gc.get_rgb(), gc.get_alpha() if gc.get_forced_alpha() else None)
        style = {"color": color, "size": _short(prop.get_size_in_points() * self.scale)}
        style |= {"align": align} if align != "left" else {}
        style |= {"weight": "bold"} if prop.get_weight() in ("bold", 700) else {}
        style |= {"outline": self._outline} if self._outline else {}
        # RendererAgg gets y from the top; here flipy() says so too.
        self._note("text", style, np.array([x + shift]), np.array([y]), s)

    def _marker(self, path, transform):
        """The outline of a marker around its place; there are few, and they come again."""
        key = path.vertices.tobytes(), transform.get_matrix().tobytes()
        if key not in self._markers:
            shape = path.cleaned(transform=transform, curves=False, simplify=False)
            self._markers[key] = self._vertices(shape, origin=True)
        return self._markers[key]

    # --- helpers -----------------------------------------------------------------------------

    def _note(self, kind, style, x, y, text="", pixels=None):
        style = json.dumps(style, separators=(",", ":"))
        self._found.append(Operation(kind, style, self._near(x), self._near(y), text, pixels))

    def _near(self, values):
        reach = FAR * max(self.width, self.height)
        return np.clip(np.asarray(values, dtype=float), -reach, reach)

    def _vertices(self, path: Path, origin=False):
        """x, y with NaN between parts, and whether the parts are closed."""
        codes = path.codes if path.codes is not None else np.full(len(path.vertices), Path.LINETO)
        places, codes = path.vertices[codes != Path.STOP], codes[codes != Path.STOP]
        closes = np.flatnonzero(codes == Path.CLOSEPOLY)
        starts = np.flatnonzero(codes == Path.MOVETO)
        places = places.copy()
        for k in closes:
            places[k] = places[starts[np.searchsorted(starts, k) - 1]]
        x, y = np.insert(places, starts[starts > 0], np.nan, axis=0).T.copy()
        closed = len(closes) > 0
        y = -y if origin else self.height - y
        gap = ~np.isfinite(x) | ~np.isfinite(y)
        x[gap] = y[gap] = np.nan
        return x, y, closed

    def _style(self, gc, face) -> dict:
        style, forced = {}, gc.get_alpha() if gc.get_forced_alpha() else None
        if face is not None and (forced is None or forced > 0) and (len(face) < 4 or face[3] > 0):
            style["fill"] = _css(face, forced)
        width, edge = gc.get_linewidth() * self.scale, gc.get_rgb()
        if width > 0 and (len(edge) < 4 or edge[3] > 0):
            style |= {"stroke": _css(edge, forced), "width": _short(width)}
            offset, dashes = gc.get_dashes()
            if dashes is not None:
                style["dash"] = [_short(d * self.scale) for d in dashes]
                style |= {"offset": _short(offset * self.scale)} if offset else {}
            cap = {"projecting": "square"}.get(gc.get_capstyle(), gc.get_capstyle())
            style |= {"cap": cap} if cap != "butt" else {}
            style |= {"join": gc.get_joinstyle()} if gc.get_joinstyle() != "miter" else {}
        clip = gc.get_clip_rectangle()
        if clip is not None:
            style["clip"] = [
                _short(value)
                for value in (clip.x0, self.height - clip.y1, clip.x1, self.height - clip.y0)
            ]
        return style

    def _text(self, artist: Text):
        """A text with its outline, which matplotlib would turn into shapes of letters."""
        effects = artist.get_path_effects()
        for effect in effects:
            look = getattr(effect, "_gc", {})
            if "linewidth" in look:
                color = look.get("foreground", artist.get_color())
                self._outline = [_css(color), _short(look["linewidth"] * self.scale)]
        artist.set_path_effects([])
        try:
            artist.draw(self)
        finally:
            artist.set_path_effects(effects)

    def _image(self, artist: AxesImage):
        """An image at its own resolution, and the rectangle that it fills."""
        left, right, low, high = artist.get_extent()
        (x0, y0), (x1, y1) = artist.axes.transData.transform([(left, low), (right, high)])
        x, y = np.sort([x0, x1]), np.sort([self.height - y0, self.height - y1])
        pixels = artist.to_rgba(artist.get_array(), bytes=True, norm=True)
        if artist.origin == "lower":
            pixels = pixels[::-1]
        clip = artist.axes.bbox
        rectangle = clip.x0, self.height - clip.y1, clip.x1, self.height - clip.y0
        self._note("image", {"clip": [_short(v) for v in rectangle]}, x, y, pixels=pixels)

    def flipy(self):
        return True


def _short(value: float) -> float:
    value = round(float(value), 2)
    return int(value) if value == int(value) else value


def _css(color, alpha=None) -> str:
    """A color as #rrggbb, or #rrggbbaa where it lets something through."""
    if alpha is not None and not isinstance(color, str):
        color = (*color[:3], alpha)
    text = to_hex(color, keep_alpha=True)
    return text[:7] if text.endswith("ff") and len(text) == 9 else text
