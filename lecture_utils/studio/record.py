"""An explorer as a file that answers without Python: recorded states, or a twin in JavaScript.

`record` runs an explorer over a grid of its controls and points.  What stands still is kept once,
as a picture; of each state only what moves, the sentence, and whether the goal is reached.  The
grid is as fine as the limits allow, and holds the values that the explorer starts with, those of
its presets, and those of its answer; which values of a control are kept, a lesson can say in
``recorded``.

An explorer whose lesson has a *twin*, ``twins/<Class>.js`` beside its ``explorers.py``, needs no
grid: the twin computes in the page what ``compute``, ``draw``, ``tell`` and ``goal`` do, and only
the looks of the artists and the still parts are kept.

``recorded.js`` plays both.
"""

from __future__ import annotations

import base64
import inspect
import io
import itertools
import json
import math
import re
import time
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.quiver import Quiver
from PIL import Image

from lecture_utils.studio.controls import (
    Choice,
    Formula,
    Integer,
    LogSlider,
    Pick,
    Press,
    Slider,
    Switch,
    Toggle,
)
from lecture_utils.studio.explorer import Explorer
from lecture_utils.studio.memory import Memory
from lecture_utils.studio.packing import Pool, factored, vertices
from lecture_utils.studio.panels import panels_of
from lecture_utils.studio.player import Player
from lecture_utils.studio.style import STYLE
from lecture_utils.studio.tracing import Tracer

__all__ = ["Recording", "record", "still_of", "twin_of"]

# The limits of one recording; the seconds are the processor's, so that a busy machine records as
# much as an idle one.
STATES, BYTES, SECONDS = 6000, 1_500_000, 300.0
SHARP = 1.6  # pixels of a still picture for each pixel of the page
NUMBER = re.compile(r"(\d+(?:\.\d+)?)")


class Recording:
    """What the page needs to answer in place of the explorer.

    ``data`` is all of it, ``still`` the picture as it starts (WebP), ``twin`` the text of its twin
    or nothing, ``states`` how many were recorded, in how many ``seconds`` of processor, and
    ``why`` the limit that made the grid coarser, or nothing.
    """

    def __init__(self, data: dict, still: bytes, twin: str, states: int, seconds: float, why: str):
        self.data, self.still, self.twin = data, still, twin
        self.states, self.seconds, self.why = states, seconds, why

    def script(self, name: str) -> str:
        """The text of NAME.js: a classic script, so that it loads from a disk too."""
        told = json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))
        told = told.replace("</", "<\\/")
        twin = f", {self.twin}" if self.twin else ""
        return f"luExplorer({json.dumps(name)}, {told}{twin});\n"

    def report(self) -> dict:
        """How it answers, with how many states and bytes, and what limited it."""
        size = len(self.script("").encode())
        dims = self.data.get("recorded", {}).get("dims", [])
        return {
            "title": self.data["title"],
            "answers": "twin" if self.twin else "recorded",
            "states": self.states,
            "grid": {_dim_name(dim): len(dim["values"]) for dim in dims},
            "bytes": size,
            "still bytes": len(self.still),
            "seconds": round(self.seconds, 1),
            "limited by": self.why,
        }


def record(
    explorer: Explorer,
    *,
    states: int = STATES,
    size: int = BYTES,
    seconds: float = SECONDS,
    twin: bool = True,
) -> Recording:
    """Record an explorer.

    Args:
        explorer: any explorer; it is back at its initial values afterwards, its memory untouched.
        states, size, seconds: at most so many states, bytes of the script, seconds of processor.
            Where a limit is met the grid becomes coarser, and the report says which it was.
        twin: whether to use the lesson's twin in JavaScript where there is one.

    Raises:
        ValueError: for a limit that is not positive, or where even three values of each control
            are more states than the limits allow.
    """
    for name, limit in (("states", states), ("size", size), ("seconds", seconds)):
        if not limit > 0:
            raise ValueError(f"{name} must be positive, got {limit!r}; leave it out for the usual.")
    source = twin_of(type(explorer)) if twin else None
    begun = time.process_time()
    with _quiet(explorer):
        stage = _Stage(explorer)
        if source:
            told = stage.scene() | {"twin": stage.twin()}
            return Recording(told, stage.still, source, 0, time.process_time() - begun, "")
        return _recorded(stage, states, size, seconds, begun)


def still_of(explorer: Explorer) -> bytes:
    """The picture of an explorer as it starts, WebP: where nothing else can be kept."""
    with _quiet(explorer):
        return _Stage(explorer).still


def twin_of(kind: type[Explorer]) -> str | None:
    """The text of the twin that a lesson has for an explorer of this class, or None."""
    path = Path(inspect.getfile(kind)).parent / "twins" / f"{kind.__name__}.js"
    return path.read_text(encoding="utf-8").strip().rstrip(";") if path.exists() else None


@contextmanager
def _quiet(explorer):
    """Let an explorer move without a frame each, without remembering, and put it back."""
    picture, memory, reached = explorer.picture, explorer.memory, explorer.goal_reached
    comparing = explorer.comparing
    explorer.memory, explorer.comparing = Memory(""), False  # no ghost in a recorded state
    picture.update = lambda: None
    try:
        with mpl.rc_context(STYLE):
            explorer.reset()
            yield
    finally:
        explorer.reset()
        explorer.wait()
        explorer.memory, explorer.goal_reached = memory, reached
        explorer.comparing = comparing
        explorer.history.clear()
        del picture.update
        picture.redraw()


# --- the explorer on a stage ------------------------------------------------------------------


class _Stage:
    """An explorer that is led from state to state, and what it shows in each."""

    def __init__(self, explorer: Explorer):
        self.explorer, self.figure = explorer, explorer.picture.figure
        self.tracer = Tracer(self.figure)
        ghosts = {*explorer.ghost_of.values()}
        moving = [artist for artist in explorer.picture._moving if artist not in ghosts]
        self.artists = sorted(moving, key=_depth)
        self.controls = _on_a_page(explorer.declared)
        self.backs: dict[tuple, tuple[str, list]] = {}
        self.back_names = tuple(
            name
            for name in dict.fromkeys([*explorer.backdrop, *explorer.redraws])
            if name in self.controls or name not in explorer.declared
        )
        self.initial = self.values()
        self.still = self.whole()

    def values(self) -> dict:
        """The values that a page can set: without a search and what it found, or what was typed."""
        search = self.explorer._search.controls if self.explorer._search else {}
        lacks = {*search, *(self.explorer.declared.keys() - self.controls.keys())}
        return {n: v for n, v in self.explorer.values.items() if n not in lacks}

    def show(self, values: Mapping) -> None:
        """Bring the explorer to these values, all at once, and wait for what it prepares."""
        self.explorer.set(**values)
        self.explorer.wait()
        if self.explorer.last_error is not None:
            raise self.explorer.last_error

    # --- pictures

    def back(self) -> int:
        """The number of the still picture behind the present state."""
        key = tuple(self.explorer._value(n, self.explorer.values) for n in self.back_names)
        if key not in self.backs:
            picture = self._drawn(lambda canvas: canvas.draw())
            self.backs[key] = _data_url(_webp(picture)), [self._axes(a) for a in self.figure.axes]
        return list(self.backs).index(key)

    def whole(self) -> bytes:
        """The picture with all that moves, as WebP."""

        def draw(canvas):
            canvas.draw()
            for artist in self.artists:
                artist.draw(canvas.get_renderer())

        return _webp(self._drawn(draw))

    def _drawn(self, draw) -> np.ndarray:
        dpi, old = self.figure.dpi, self.figure.canvas
        self.figure.set_dpi(dpi * SHARP)
        try:
            canvas = FigureCanvasAgg(self.figure)
            draw(canvas)
            return np.asarray(canvas.buffer_rgba()).copy()
        finally:
            self.figure.set_dpi(dpi)
            self.figure.set_canvas(old)

    def operations(self) -> list[list]:
        """What moves, as it is drawn now: operations for each artist."""
        return [self.tracer.trace(artist) for artist in self.artists]

    # --- what never changes

    def scene(self) -> dict:
        """All that the page needs besides states: texts, controls, points, panels."""
        explorer, (width, height) = self.explorer, self.figure.bbox.size
        self.back()
        told = {
            "title": explorer.title,
            "aim": explorer.aim,
            "alt": explorer.alt,
            "size": [round(width), round(height)],
            "panels": [[round(a), round(b)] for a, b in panels_of(self.figure)],
            "controls": [_control(name, control) for name, control in self.controls.items()],
            "groups": {name: list(members) for name, members in explorer.groups.items()},
            "points": [self._point(name, point) for name, point in explorer.points.items()],
            "presets": {label: _plain(self._flat(v)) for label, v in explorer.presets.items()},
            "initial": _plain(self.initial),
        }
        labels = [control["label"] for control in told["controls"]]
        for control in told["controls"]:  # in the notebook their places tell them apart
            if labels.count(control["label"]) > 1:
                control["label"] += f", {control['name']}"
            if switch := explorer.part_of.get(control["name"]):
                control["with"] = switch
        if isinstance(explorer, Player):
            told["player"] = {"clock": explorer.clock, "speed": explorer.speed}
        if explorer.searches:
            told["lacks"] = "The search itself needs Python: it runs in the notebook."
            told["elsewhere"] = explorer.aim_searches
        if self.controls.keys() != explorer.declared.keys():
            told["lacks"] = "A function of your own needs Python: type it in the notebook."
        if explorer.ghost_of:
            told["run"] = [name for name in explorer.run_names if name in self.initial]
        return told

    def _flat(self, values: Mapping) -> dict:
        """The same values, with groups spelled out."""
        flat = {}
        for name, value in values.items():
            if name in self.explorer.groups:
                flat |= dict(zip(self.explorer.groups[name], value, strict=True))
            else:
                flat[name] = value
        return flat

    def _point(self, name, point) -> dict:
        moved = (self.explorer._tied | self.explorer._points)[name]
        told = {"name": name, "axes": self.figure.axes.index(moved.axes), "step": list(moved.step)}
        return told | ({"x": point.x, "y": point.y} if point.tied else {})

    def _axes(self, axes) -> dict:
        box, told = axes.bbox, {}
        for name, axis, limits in (
            ("x", axes.xaxis, axes.get_xlim()),
            ("y", axes.yaxis, axes.get_ylim()),
        ):
            told[name] = [*map(float, limits), axis.get_scale()]
            if axis.get_scale() == "symlog":
                told[name].append(float(axis.get_transform().linthresh))
        edges = box.x0, self.tracer.height - box.y1, box.x1, self.tracer.height - box.y0
        return {"box": [round(float(edge), 2) for edge in edges]} | told

    # --- a twin

    def twin(self) -> dict:
        """The looks of all artists, and the still picture for every value that it depends on."""
        explorer, start = self.explorer, self.initial
        options = [_options(self.controls[name]) for name in self.back_names]
        for choice in itertools.product(*options):
            self.show(start | dict(zip(self.back_names, choice, strict=True)))
            self.back()
        self.show(start)
        names = _names(explorer)
        return {
            "artists": [self._look(k, artist, names) for k, artist in enumerate(self.artists)],
            "data": explorer.twin_data(),
        } | self.told_backs()

    def told_backs(self) -> dict:
        return {
            "backs": {
                "names": list(self.back_names),
                "keys": [_plain_value(list(key)) for key in self.backs],
                "pictures": [picture for picture, _ in self.backs.values()],
                "axes": [axes for _, axes in self.backs.values()],
            }
        }

    def _look(self, k, artist, names) -> dict:
        told = {"name": names.get(id(artist), f"_{k}"), "kind": type(artist).__name__}
        if artist in self.explorer.ghost_of:
            told["ghost"] = True
        if getattr(artist, "axes", None) is not None:
            told["axes"] = self.figure.axes.index(artist.axes)
        if isinstance(artist, AxesImage):
            rows, columns = artist.get_array().shape[:2]
            palette = artist.cmap(np.arange(artist.cmap.N), bytes=True)
            low, high = artist.get_clim()
            (found,) = self.tracer.trace(artist)
            return told | {
                "rows": rows,
                "columns": columns,
                "clim": [float(low), float(high)],
                "palette": palette.tolist(),
                "bad": artist.cmap.get_bad().tolist(),
                "rectangle": [*found.x.tolist(), *found.y.tolist()],
                "clip": json.loads(found.style)["clip"],
                "operations": [],
            }
        if isinstance(artist, Quiver):
            told["thick"] = artist.width * artist.axes.bbox.width
        shown = self.tracer.trace(artist)
        if isinstance(artist, Line2D) and not shown:
            shown, told["empty"] = self._line(artist), True
        return told | {
            "operations": [
                {"kind": o.kind, "style": json.loads(o.style), "text": o.text}
                | {"x": vertices(o.x), "y": vertices(o.y)}
                for o in shown
            ]
        }

    def _line(self, line: Line2D):
        """A line with two vertices in its axes: how it looks, also where it is empty now."""
        kept = line.get_data(orig=True)
        box = line.axes.transAxes
        if line.get_transform() == line.axes.transData:
            corners = line.axes.transData.inverted().transform(
                box.transform([(0.4, 0.4), (0.6, 0.6)])
            )
            line.set_data(*corners.T)
        shown = self.tracer.trace(line)
        line.set_data(*kept)
        return shown


# --- recorded states ----------------------------------------------------------------------------


def _recorded(stage: _Stage, states: int, size: int, seconds: float, begun: float) -> Recording:
    told, known, why = stage.scene(), {}, ""
    dims, musts = _grid(stage)
    if _count(dims) > states:
        coarser, why = _shrink(dims, musts, states), "states"
        if coarser is None:
            raise ValueError(
                f"{stage.explorer.title!r} has more than {states} states even on its coarsest "
                "grid; allow more, or declare fewer values in `recorded`."
            )
        dims = coarser
    while True:
        late = _fill(stage, dims, known, begun + seconds)
        if late:
            room = max(len(known), math.prod(3 if d["free"] else len(d["values"]) for d in dims))
            why, smaller = "seconds", _shrink(dims, musts, min(room, _count(dims) - 1))
            if smaller is None:
                raise ValueError(
                    f"{stage.explorer.title!r} takes longer than {seconds} s even on its coarsest "
                    "grid; allow more seconds, or declare fewer values in `recorded`."
                )
            dims, seconds = smaller, 2 * seconds
            continue
        packed = _packed(stage, dims, known) | stage.told_backs()
        found = Recording(
            told | {"recorded": packed}, stage.still, "", _count(dims),
            time.process_time() - begun, why,
        )  # fmt: skip
        spent = len(found.script("").encode())
        if spent <= size:
            return found
        smaller = _shrink(dims, musts, max(1, int(_count(dims) * 0.8)))
        if smaller is None:
            raise ValueError(
                f"{stage.explorer.title!r} takes {spent} bytes even on its coarsest grid, more "
                f"than {size}; allow more, or declare fewer values in `recorded`."
            )
        dims, why = smaller, "bytes"


def _grid(stage: _Stage):
    """The finest grid: all values of all controls, and of points as far as an arrow key goes."""
    explorer, dims, musts = stage.explorer, [], []
    wanted = [stage.initial, *map(stage._flat, explorer.presets.values()), _answered(stage)]
    for name, control in stage.controls.items():
        if isinstance(control, Press):
            continue
        must = list(dict.fromkeys(v[name] for v in wanted if name in v))
        kept = explorer.recorded.get(name)
        values = list(kept) if kept is not None else _options(control)
        numeric = isinstance(control, Slider | LogSlider | Integer)
        dims.append(_dim(name, None, values, must, numeric))
        musts.append(must)
    for name, point in explorer.points.items():
        if point.tied:
            continue
        axes = getattr(explorer, point.axes)
        for part, letter in enumerate("xy"):
            must = list(dict.fromkeys(float(v[name][part]) for v in wanted if name in v))
            kept = explorer.recorded.get(f"{name}.{letter}")
            values = list(kept) if kept is not None else _along(axes, part)
            if kept is not None and len(kept) == 1:
                must = list(kept)
            dims.append(_dim(name, part, values, must, True))
            musts.append(must)
    return dims, musts


def _dim(name, part, values, must, numeric) -> dict:
    if numeric:
        values = _merged(values, must)
    return {"name": name, "part": part, "values": values, "free": numeric}


def _merged(values, must) -> list:
    """The values in order, with those that must be there in place of their nearest neighbors."""
    if len(values) < 2:
        return sorted({*values, *must})
    near = 0.35 * np.min(np.diff(np.sort(np.asarray(values, dtype=float))))
    kept = [v for v in values if all(abs(v - m) > near for m in must)]
    return sorted({*kept, *must})


def _along(axes, part, count=41) -> list[float]:
    """Places from end to end of an axis, evenly spaced as they are drawn."""
    shares = np.linspace(0, 1, count)
    points = np.stack([shares, shares], axis=1)
    found = axes.transData.inverted().transform(axes.transAxes.transform(points))[:, part]
    return [float(f"{value:.6g}") for value in found]


def _answered(stage: _Stage) -> dict:
    """The values of the answer; one that needs a search is left out."""
    answer = stage.explorer.answer
    if isinstance(answer, Mapping) or answer is None:
        return stage._flat(answer or {})
    if stage.explorer.searches:
        return {}
    answer()
    stage.explorer.wait()
    found = stage.values()
    stage.show(stage.initial)
    return found


def _shrink(dims, musts, states: int):
    """The same grid with every other value of its longest free axes, until it has so few states.

    None where it has so few already, or cannot.
    """
    if _count(dims) <= states:
        return None
    dims = [dict(dim) for dim in dims]
    while _count(dims) > states:
        k = max(
            (k for k, dim in enumerate(dims) if dim["free"] and len(dim["values"]) > 3),
            key=lambda k: len(dims[k]["values"]),
            default=None,
        )
        if k is None:
            return None
        thinner = _thinned(dims[k]["values"], musts[k])
        if len(thinner) == len(dims[k]["values"]):
            dims[k]["free"] = False
        dims[k]["values"] = thinner
    return dims


def _thinned(values, must) -> list:
    """Every other value, both ends and those that must be there."""
    kept, last = [], len(values) - 1
    for k, value in enumerate(values):
        if value in must or k in (0, last) or not kept or (kept[-1] != values[k - 1]):
            kept.append(value)
    return kept


def _count(dims) -> int:
    return math.prod(len(dim["values"]) for dim in dims)


def _fill(stage: _Stage, dims, known: dict, until: float) -> bool:
    """Record the states of the grid that are not known yet; whether time ran out."""
    # What `compute` does not ask for runs fastest, so that its results are used again.
    asked = inspect.signature(stage.explorer.compute).parameters
    order = sorted(range(len(dims)), key=lambda k: dims[k]["name"] not in asked)
    back = np.argsort(order)
    for turned in itertools.product(*(dims[k]["values"] for k in order)):
        key = tuple(turned[k] for k in back)
        if key in known:
            continue
        if time.process_time() > until:
            return True
        stage.show(stage.initial | _state(dims, key))
        explorer = stage.explorer
        places = {name: _pixels(stage, point) for name, point in explorer._tied.items()}
        known[key] = (
            [[_kept(o) for o in found] for found in stage.operations()],
            explorer.readout,
            explorer.reached or "",
            stage.back(),
            places,
        )
    return False


def _state(dims, key) -> dict:
    values: dict = {}
    for dim, value in zip(dims, key, strict=True):
        if dim["part"] is None:
            values[dim["name"]] = value
        else:
            values.setdefault(dim["name"], []).append(value)
    return {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}


def _kept(operation):
    """An operation as texts: kind, style, x, y, text or picture."""
    written = operation.text
    if operation.pixels is not None:
        written = _image_url(operation.pixels.tobytes(), operation.pixels.shape)
    return operation.kind, operation.style, vertices(operation.x), vertices(operation.y), written


@lru_cache(maxsize=256)
def _image_url(pixels: bytes, shape) -> str:
    return _data_url(_webp(np.frombuffer(pixels, dtype=np.uint8).reshape(shape), lossless=True))


def _pixels(stage, point) -> tuple[float, float]:
    x, y = point.axes.transData.transform((point.x, point.y))
    return float(x), float(stage.tracer.height - y)


def _packed(stage: _Stage, dims, known: dict) -> dict:
    """The states of the grid in pools, each part without the axes on which it does not depend."""
    shape = [len(dim["values"]) for dim in dims]
    frames = [known[key] for key in itertools.product(*(dim["values"] for dim in dims))]
    arrays, strings = Pool(), Pool()

    def field(numbers):
        return factored(np.array(numbers, dtype=int).reshape(shape or ()))

    operations = []
    for group in _groups(stage.artists):
        parts = [_joined([o for k in group for o in frame[0][k]]) for frame in frames]
        for slot in range(max(map(len, parts), default=0)):
            there = [part[slot] if slot < len(part) else None for part in parts]
            kinds = {o[0] for o in there if o}
            for kind in sorted(kinds):
                mine = [o if o and o[0] == kind else None for o in there]
                told = {
                    "kind": kind,
                    "style": field([strings.number(o[1]) if o else -1 for o in mine]),
                }
                if stage.artists[group[0]] in stage.explorer.ghost_of:
                    told["ghost"] = True
                for name, place in (("x", 2), ("y", 3)):
                    told[name] = field([arrays.number(o[place]) if o else -1 for o in mine])
                if kind in ("text", "image"):
                    told["text"] = field([strings.number(o[4]) if o else -1 for o in mine])
                operations.append(told)
    sentences = [NUMBER.split(frame[1]) for frame in frames]
    most = max(len(parts) // 2 for parts in sentences)
    tokens = [
        field([strings.number(p[2 * k + 1]) if 2 * k + 1 < len(p) else -1 for p in sentences])
        for k in range(most)
    ]
    return {
        "dims": [
            {"name": d["name"], "part": d["part"], "values": _plain_value(d["values"])}
            for d in dims
        ],
        "operations": operations,
        "tell": field([strings.number("\x00".join(parts[::2])) for parts in sentences]),
        "numbers": tokens,
        "goal": field([strings.number(frame[2]) for frame in frames]),
        "back": field([frame[3] for frame in frames]),
        "places": {
            name: field([arrays.number(vertices(frame[4][name])) for frame in frames])
            for name in stage.explorer._tied
        },
        "arrays": arrays.things,
        "strings": strings.things,
    }


def _groups(artists) -> list[list[int]]:
    """Numbers of artists, bars that follow each other together: ninety of them are one path."""
    groups: list[list[int]] = []
    for k, artist in enumerate(artists):
        bar = isinstance(artist, Rectangle)
        if bar and groups and isinstance(artists[groups[-1][-1]], Rectangle):
            groups[-1].append(k)
        else:
            groups.append([k])
    return groups


def _joined(operations) -> list:
    """Paths of one look that follow each other, as one path with gaps."""
    joined: list = []
    for operation in operations:
        last = joined[-1] if joined else None
        if last and operation[0] == last[0] == "path" and operation[1] == last[1]:
            x, y = (f"{last[k]} {operation[k]}" for k in (2, 3))
            joined[-1] = (*last[:2], x, y, last[4])
        else:
            joined.append(operation)
    return joined


# --- plain data -----------------------------------------------------------------------------------


def _on_a_page(declared: Mapping) -> dict:
    """The controls that need no Python: no function to type, nor the option that stands for it."""
    typed = {control.list: control.option for control in declared.values()
             if isinstance(control, Formula)}  # fmt: skip
    kept = {name: c for name, c in declared.items() if not isinstance(c, Formula)}
    for name, option in typed.items():
        options = [o for o in kept[name].options if o != option]
        kept[name] = replace(kept[name], options=options)
    return kept


def _options(control) -> list:
    """All values of a control, in order."""
    if isinstance(control, Choice | Pick):
        return list(control.options)
    if isinstance(control, Switch | Toggle):
        return [False, True]
    if isinstance(control, Press):
        return [None]
    count = round((control.high - control.low) / control.step)
    steps = [control.low + k * control.step for k in range(count + 1)]
    if isinstance(control, LogSlider):
        return [float(f"{10.0**step:.6g}") for step in steps]
    if isinstance(control, Integer):
        return [int(step) for step in steps]
    return [round(float(step), 12) for step in steps]


def _control(name, control) -> dict:
    told = {"name": name, "kind": type(control).__name__, "label": control.label or name}
    if isinstance(control, Press):
        return told | {"takes": control.takes, "value": None}
    if isinstance(control, Choice):
        told["value"] = _plain_value(control.options[0] if control.value is None else control.value)
    else:
        told["value"] = _plain_value(control.value)
    if isinstance(control, Choice | Pick):
        return told | {"options": _plain_value(list(control.options))}
    if isinstance(control, Slider | LogSlider | Integer):
        told |= {"low": control.low, "high": control.high, "step": control.step}
        told["format"] = getattr(control, "format", "d")
    return told


def _plain(values: Mapping) -> dict:
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value):
    """The value as JSON knows it."""
    if isinstance(value, list | tuple):
        return [_plain_value(v) for v in value]
    if isinstance(value, np.generic):
        return value.item()
    return value


def _dim_name(dim) -> str:
    return dim["name"] if dim["part"] is None else f"{dim['name']}.{'xy'[dim['part']]}"


def _names(explorer) -> dict[int, str]:
    """By the identity of an artist: under which name the explorer keeps it, parts after dots."""
    found: dict[int, str] = {}

    def walk(thing, name, depth):
        if isinstance(thing, Artist):
            found.setdefault(id(thing), name)
        elif depth and isinstance(thing, list | tuple):
            for k, part in enumerate(thing):
                walk(part, f"{name}.{k}", depth - 1)
        elif depth and isinstance(thing, dict | SimpleNamespace):
            parts = thing if isinstance(thing, dict) else vars(thing)
            for key, part in parts.items():
                key = "_".join(key) if isinstance(key, tuple) else str(key)
                walk(part, f"{name}.{key}", depth - 1)

    own = {n: v for n, v in vars(explorer).items() if not n.startswith("_") and n != "picture"}
    for name, thing in own.items():
        walk(thing, name, 3)
    return found


def _depth(artist):
    axes = getattr(artist, "axes", None)
    return (np.inf if axes is None else axes.get_zorder(), artist.get_zorder())


def _webp(pixels: np.ndarray, lossless=False) -> bytes:
    stream = io.BytesIO()
    image = Image.fromarray(np.ascontiguousarray(pixels), "RGBA")
    if lossless:
        image.save(stream, "WEBP", lossless=True, method=4)
    else:
        image.convert("RGB").save(stream, "WEBP", quality=82, method=4)
    return stream.getvalue()


def _data_url(picture: bytes) -> str:
    return "data:image/webp;base64," + base64.b64encode(picture).decode("ascii")
