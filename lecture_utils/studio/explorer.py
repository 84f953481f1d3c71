"""The explorer: a picture that answers, declared and not assembled.

A lesson declares what can be moved, and four functions; everything else is here, once.

    class Parabola(Explorer):
        title = "a parabola"
        aim = "make it steep."
        alt = "A parabola whose steepness a slider sets."
        controls = {"a": Slider(1.0, 0.0, 5.0, 0.1, "steepness a")}
        points = {"touch": Point("plot", start=(0.0, 0.0))}
        presets = {"flat": {"a": 0.0}}
        answer = {"a": 5.0}

        def paint(self):  # once: the figure, and the artists that move
            figure, self.plot = figures.canvas()
            (self.curve,) = self.plot.plot(X, X)
            return figure, [self.curve]

        def compute(self, a):  # pure: the same values, the same result; kept
            return a * X**2

        def draw(self, result):  # moves artists
            self.curve.set_ydata(result)

        def tell(self, result, a):  # the sentence below the picture
            return f"At x = 1 the slope is {2 * a:.1f}."

        def goal(self, result, a):  # a sentence once the aim is reached, else None
            return "steep enough." if a > 4 else None

Every function gets the values that it names; ``compute`` runs anew only when one of *its* values
changed.  Where still parts depend on a control, its name stands in ``backdrop``, and
``draw_backdrop`` draws them, inside ``self.still(axes)``, which takes away what it drew before.
Several controls of one kind get a name together in ``groups``: the tuple of their values.
Where one value brings others along, ``follow`` says which.
Where something descends, ``ghosts`` names the lines that stay, paler, as they were before the last
move, so that two runs can be compared.
Work that takes more than a moment goes into ``prepare`` or ``search``, which run beside.

In the book no Python runs.  There an explorer answers from states that `studio.record` has kept, of
the values that ``recorded`` names or of all, or by a twin in JavaScript: ``twins/<Class>.js``
beside the lesson's ``explorers.py``, with the same functions and the numbers of ``twin_data``.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from operator import attrgetter

import ipywidgets as widgets
import numpy as np
from IPython import get_ipython
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lecture_utils.studio.background import Preparation, Search
from lecture_utils.studio.controls import Formula, Point, Press, nearest
from lecture_utils.studio.formula import Unreadable, function
from lecture_utils.studio.history import same
from lecture_utils.studio.live import LivePicture
from lecture_utils.studio.memory import Keeper, Memory
from lecture_utils.studio.panel import Panel
from lecture_utils.studio.style import styled

__all__ = ["Explorer"]

PALE = 0.4  # opacity of the last run
KEPT = 64  # results of compute: a drag to and fro does not compute twice


class Explorer(Panel):
    """The base of all declared explorers; the module's text shows one.

    A subclass that needs data takes it in its own ``__init__``, prepares what never changes, may
    set any of the attributes below on itself, and calls ``super().__init__()`` last.
    """

    title: str
    aim: str
    alt: str
    controls: Mapping = {}
    points: Mapping[str, Point] = {}
    presets: Mapping = {}
    groups: Mapping[str, Sequence[str]] = {}  # a name for several controls at once
    backdrop: tuple[str, ...] = ()  # names of the values that the still parts depend on
    ghosts: tuple[str, ...] = ()  # attributes that hold the lines of a run, dots allowed
    redraws: tuple[str, ...] = ()  # names of the controls for which `draw` changes a still artist
    answer: Mapping | Callable | None = None  # a way to the aim; the tests go it
    recorded: Mapping = {}  # name, or "point.x", "point.y" -> the values kept in the book
    part_of: Mapping[str, str] = {}  # control -> the switch without which it does nothing
    _judges = True  # whether the goal can be reached now
    tallest: int | None = None  # px, of a picture whose parts stand one below another
    searches = 0  # how many findings `search` can make; with 0 there is no search
    aim_searches = False  # whether the aim needs a search, which the book cannot make
    Picture = LivePicture

    def __init__(self):
        for group, names in self.groups.items():
            if unknown := sorted({*names} - {*self.controls, *self.points}):
                raise ValueError(f"the group {group} names no control or point: {unknown}.")
        figure, moving = styled(self.paint)()
        picture = self.Picture(figure, self.alt)
        if self.tallest:
            picture.tallest = self.tallest
        self.ghost_of = {line: _paler(line) for line in _lines(self, self.ghosts)}
        picture.animate(*self.ghost_of.values(), *moving)
        self._run: tuple | None = None  # the result that is shown, and its values
        self._ghost: tuple | None = None  # those of the run before the last move
        self._left: dict = {}  # the values of that run, where another kernel has left them
        self._computing = False  # whether the page was told that work has begun
        self._room = longest_said(self.goal)
        self._compare = widgets.Checkbox(True, description="last run, paler", indent=False)
        self._compare.layout.width = "auto"
        self._compare.observe(self._on_control, names="value")
        self._made_by = _call_of(type(self).__name__)
        self.declared = dict(self.controls)  # what their widgets are made from
        self._kept: OrderedDict = OrderedDict()
        self._named: dict[str, tuple[str, ...] | None] = {}
        self._still: list[Artist] = []
        self._behind = None  # the values that the backdrop shows
        self._before: dict = {}  # the values of the last answer
        self._given: Collection[str] = ()  # the names of those that are being set
        self._preparation = Preparation(self) if self._has("prepare") else None
        self._search = Search(self, self.searches) if self.searches else None
        self.memory = memory_of(type(self))
        self.keeper = Keeper(self.memory, "explorers", type(self).__name__, self._entry)
        made = {name: control.widget() for name, control in self.controls.items()}
        self._typed = {n: c for n, c in self.controls.items() if isinstance(c, Formula)}
        self._takes = {n: c.takes for n, c in self.controls.items() if isinstance(c, Press)}
        for name in self._takes:
            made[name].on_click(lambda _, name=name: self.press(name))
        self._tied = {
            name: picture.on_point(
                getattr(self, point.axes),
                self._move_controls(point),
                step=self._stride(point, made),
            )
            for name, point in self.points.items()
            if point.tied
        }
        super().__init__(
            picture,
            (self._search.controls if self._search else {}) | made,
            title=self.title,
            goal=self.aim,
            presets=self.presets,
            points={
                name: (getattr(self, point.axes), point.start)
                for name, point in self.points.items()
                if not point.tied
            },
        )
        picture.settle()
        if self.memory.get("goals", type(self).__name__):
            self.goal_reached = True
            self._refresh()

    # --- what a lesson declares --------------------------------------------------------------

    @classmethod
    def example(cls) -> Explorer:
        """One that is quick to make, with small data where it needs any: for tests, galleries."""
        return cls()

    def paint(self) -> tuple[Figure, list]:
        """Draw the still parts, once; the figure, and the artists that move."""
        raise NotImplementedError

    def compute(self, **values):
        """From values to a result, and from nothing else."""
        return None

    def draw(self, result, **values) -> None:
        """Move the artists."""
        raise NotImplementedError

    def tell(self, result, **values) -> str:
        """What the picture says, in one sentence; simple HTML allowed."""
        raise NotImplementedError

    def goal(self, result, **values) -> str | None:
        """A sentence once the aim is reached."""
        return None

    def places(self, result, **values) -> dict[str, tuple[float, float]]:
        """Where each tied point stands."""
        return {}

    def follow(self, changed: set[str], **values) -> dict:
        """The values that others bring along: name -> value, when those in ``changed`` changed.

        What was set at the same time stays as it was set.
        """
        return {}

    def draw_backdrop(self, result, **values) -> None:
        """Draw the still parts that depend on the values named in ``backdrop``."""

    @contextmanager
    def still(self, *axes):
        """What is drawn into ``axes`` in this block takes the place of what was drawn before."""
        while self._still:
            self._still.pop().remove()
        before = {artist for ax in axes for artist in ax.get_children()}
        yield
        self._still = [a for ax in axes for a in ax.get_children() if a not in before]
        self.picture.invalidate()

    def twin_data(self) -> dict:
        """Numbers that the twin of this explorer in the book needs: lists and dicts of them."""
        return {}

    def prepare(self, **values) -> Iterator[float]:
        """Slow work that ``compute`` needs: a generator of shares done, from 0 to 1.

        What it returns goes to ``compute`` as ``prepared``.  At first it is waited for; later it
        runs beside, with a bar and a Cancel button, while the picture goes on with what it has.
        """
        raise NotImplementedError

    def search(self, done: int) -> Iterator:
        """A search that a button starts and stops: yields one finding after another.

        ``done`` findings are there already.  ``self.findings()`` gives those that count now; the
        value ``found`` says how many, so ``compute`` names it if it reads them.
        """
        raise NotImplementedError

    def findings(self) -> list:
        """What the search has found, as far as the control ``found`` counts it."""
        return self._search.findings()

    # --- how it answers ----------------------------------------------------------------------

    def set(self, **values) -> None:
        """Set several controls, points and groups at once: one update, one frame.

        Raises:
            ValueError: for an unknown name or a value that the control cannot take.
        """
        for group in self.groups.keys() & values.keys():
            names, wanted = self.groups[group], values.pop(group)
            if len(wanted) != len(names):
                raise ValueError(f"{group} takes {len(names)} values, got {wanted!r}.")
            values |= dict(zip(names, wanted, strict=True))
        with self.lock:
            self._given = values.keys()
            try:
                super().set(**values)
            finally:
                self._given = ()

    def at(self, state: Mapping) -> Explorer:
        """This explorer, where ``state`` says (name -> value); all else is as it is at first.

        "Copy state" copies a line of code that says so.  Raises ValueError as `set` does.
        """
        state = dict(state)
        for group in self.groups.keys() & state.keys():
            state |= dict(zip(self.groups[group], state.pop(group), strict=True))
        self._require_known(state, "at")
        self._run = self._ghost = None
        self.set(**{name: self._initial[name] for name in self._lasting()} | state)
        self.history.clear()
        self._show_history()
        return self

    @property
    def code(self) -> str:
        """A line of code that makes this explorer as it stands now."""
        values = self._entry()["values"]
        if not values:
            return self._made_by
        told = ", ".join(f"{name!r}: {_written(value)}" for name, value in values.items())
        return f"{self._made_by}.at({{{told}}})"

    @property
    def comparing(self) -> bool:
        """Whether the last run stays, paler, beside the present one."""
        return self._compare.value

    @comparing.setter
    def comparing(self, value: bool) -> None:
        self._compare.value = value

    @property
    def run_names(self) -> list[str]:
        """The names of the values that ``compute`` reads: they make a run what it is."""
        asked = self._named["compute"]
        return [member for name in asked for member in self.groups.get(name, (name,))]

    def press(self, name: str) -> None:
        """Do what the button of that name, a `Press`, does."""
        if name not in self._takes:
            raise ValueError(f"{name!r} is no button here; choose from {sorted(self._takes)}.")
        self.history.rest()
        self.set(**{name: self._value(self._takes[name], self.values)})

    def result(self, **values):
        """What ``compute`` gives for these values, kept for the next time."""
        asked = self._asked(self.compute, values)
        key = tuple(asked.items())
        if self._preparation:
            shown, asked["prepared"] = self._preparation.get(self._asked(self.prepare, values))
            key = shown, key
        if key not in self._kept:
            self._begin_work()
            self._kept[key] = self.compute(**asked)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _answer(self, values):
        values = self._followed(values)
        if self._search:
            self._search.follow(values["search"])
        result = self.result(**values)
        # What is being prepared is shown only once it is there.
        wanted = tuple(values[name] for name in self.backdrop)
        behind = self._preparation.shown if self._preparation else wanted
        if behind != self._behind:
            self._begin_work()
            self._behind = None  # what cannot be drawn is tried again, and is not taken for drawn
            styled(self.draw_backdrop)(result, **self._asked(self.draw_backdrop, values))
            self._behind = behind
        self._draw_ghost(result, values)
        self.draw(result, **self._asked(self.draw, values))
        for name, place in self.places(result, **self._asked(self.places, values)).items():
            self.picture.set_point(self._tied[name], *place)
        readout = self.tell(result, **self._asked(self.tell, values))
        if self._preparation and self._preparation.busy:
            return f"A new picture is being computed… {readout}", None
        reached = None
        if self._judges:
            reached = self.goal(result, **self._asked(self.goal, values))
        if reached and not self.goal_reached:
            self.memory.put("goals", type(self).__name__, reached=reached)
        return readout, reached

    def _draw_ghost(self, result, values) -> None:
        """Draw the run before the last move into the paler lines, at what else is shown now."""
        if self._left:
            self._ghost, self._left = self._run_of(values | self._left), {}
        if self._run is None or result is not self._run[0]:
            if self._begins:
                self._ghost = self._run
            self._run = result, values
        if not self.ghost_of:
            return
        run, then = self._ghost or (None, values)
        elsewhere = any(then[name] != values[name] for name in self.backdrop)
        if run is None or elsewhere or run is result or not self._compare.value:
            for pale in self.ghost_of.values():
                pale.set_data([], [])
            return
        shown = values | {name: then[name] for name in self.run_names}
        self.draw(run, **self._asked(self.draw, shown))
        for line, pale in self.ghost_of.items():
            _fade(line, pale)

    def _run_of(self, values) -> tuple | None:
        """A run and its values; None where the lesson has changed so that there is none."""
        try:
            return self.result(**values), values
        except Exception:  # whatever the lesson's compute may raise at values of another lesson
            return None

    # --- what is remembered ------------------------------------------------------------------

    def _refresh(self) -> None:
        # What a reader types may be infinite anywhere: numpy need not warn of it.
        with np.errstate(all="ignore") if self._typed else nullcontext():
            try:
                super()._refresh()
            finally:
                self._end_work()
        self.picture.code = self.code
        self.keeper.changed()

    def _begin_work(self) -> None:
        if not self._computing:
            self._computing = True
            self.picture.computing(True)

    def _end_work(self) -> None:
        if self._computing:
            self._computing = False
            self.picture.computing(False)

    @property
    def _own(self) -> str | None:
        """The function that the reader has typed, where it is the one that is shown."""
        for name, formula in self._typed.items():
            if self.controls[formula.list].value == formula.option:
                return self.controls[name].value
        return None

    def _fail(self, error: Exception) -> None:
        own = None if isinstance(error, Unreadable) else self._own
        if own is not None and isinstance(error, ValueError | ArithmeticError):
            told = f"{own!r} is infinite or undefined at places that the picture needs"
            error, cause = Unreadable(told), error
            error.__cause__ = cause
        super()._fail(error)

    def _entry(self) -> dict:
        """What the reader has moved, and the run before, as far as a file can hold them."""
        values = self.values
        moved = [name for name in self._lasting() if not same(values[name], self._initial[name])]
        entry = {"values": {name: values[name] for name in moved if _storable(values[name])}}
        if self._ghost and self.ghost_of and not (self._preparation or self._search):
            then = {name: self._ghost[1][name] for name in (*self.run_names, *self.backdrop)}
            entry |= {"before": then} if _storable([*then.values()]) else {}
        return entry

    def _lasting(self) -> list[str]:
        """The names of the values that outlive the kernel: not what a search has found."""
        found = self._search.controls if self._search else {}
        return [name for name in self._initial if name not in found]

    def _restore(self) -> None:
        entry = self.memory.get("explorers", type(self).__name__)
        kept, then = entry.get("values", {}), entry.get("before", {})
        if isinstance(then, dict) and then.keys() <= self._initial.keys():
            self._left = {n: tuple(v) if isinstance(v, list) else v for n, v in then.items()}
        for name in kept.keys() & {*self._lasting()}:
            value = kept[name]
            try:
                if name in self._typed:
                    function(value)
                self._assign(name, tuple(value) if isinstance(value, list) else value)
            except (ValueError, TypeError):  # the lesson has changed since: its own value
                self._assign(name, self._initial[name])

    def _followed(self, values) -> dict:
        """The values, once those that depend on what changed have followed."""
        changed = {name for name, value in values.items() if value != self._before.get(name, value)}
        if changed:
            typed = [self._typed[name] for name in changed & self._typed.keys()]
            wanted = {one.list: one.option for one in typed}  # who types one wants to see it
            asked = self._asked(self.follow, values | wanted)
            wanted |= self.follow(changed | wanted.keys(), **asked)
            for name in wanted.keys() - self._given:
                self._assign(name, wanted[name])
        self._before = self.values
        for name, formula in self._typed.items():  # a field that nobody needs takes no room
            shown = self._before[formula.list] == formula.option
            self.controls[name].layout.display = None if shown else "none"
        return self._before

    def _value(self, name: str, values):
        """The value of a control, a point or a group."""
        if name in self.groups:
            return tuple(values[member] for member in self.groups[name])
        return values[name]

    def _has(self, name: str) -> bool:
        """Whether the lesson has declared this function."""
        return getattr(type(self), name) is not getattr(Explorer, name)

    def _asked(self, function, values) -> dict:
        """The values that a function names; all of them where it takes any."""
        name = function.__name__
        if name not in self._named:
            parameters = inspect.signature(function).parameters.values()
            names = {p.name for p in parameters if p.kind is not p.VAR_KEYWORD}
            known = {*values, *self.groups}
            unknown = names - {"result", "prepared", "changed"} - known
            if unknown:
                raise ValueError(
                    f"{name} of {type(self).__name__} asks for {sorted(unknown)}: its values are "
                    f"{sorted(known)}."
                )
            everything = self._has(name) and len(names) < len(parameters)
            self._named[name] = tuple(values if everything else sorted(names & known))
        return {name: self._value(name, values) for name in self._named[name]}

    def _stride(self, point: Point, made) -> tuple[float, float]:
        """How far an arrow key moves a tied point: at least one step of its control."""
        axes, strides = getattr(self, point.axes), []
        for name, ends in ((point.x, axes.get_xlim()), (point.y, axes.get_ylim())):
            even = hasattr(made.get(name), "step") and not hasattr(made[name], "base")
            one = made[name].step / abs(ends[1] - ends[0]) if even else 0.0
            strides.append(max(0.02, one))
        return tuple(strides)

    def _move_controls(self, point: Point):
        def move(x: float, y: float) -> None:
            wanted = {point.x: x, point.y: y}
            self.set(**{n: nearest(self.controls[n], v) for n, v in wanted.items() if n})

        return move

    def wait(self) -> None:
        """Until all that runs beside has ended: for tests."""
        for work in filter(None, (self._preparation, self._search)):
            work.wait()

    def reset(self) -> None:
        """Go back to the initial values, and forget what was found."""
        if self._search:
            with self.lock:
                self._search.forget()
                self._kept.clear()  # another search may find something else
        self._run = self._ghost = None
        super().reset()

    def _rows(self) -> list[widgets.Widget]:
        rows = super()._rows()
        copy = widgets.Button(description="Copy state", layout={"width": "auto"})
        copy.tooltip = "copies a line of code that gives this picture again"
        copy.add_class("lecture-copy")  # the page does it, in live.js
        ghosts = (self._compare,) if self.ghost_of else ()
        for widget in (copy, *ghosts):
            widget.add_class("lecture-secondary")
        rows[-1].children = (*rows[-1].children, _fold(rows[-1]), copy, *ghosts)
        if self._preparation:
            rows[-1].children = (*rows[-1].children, *self._preparation.widgets)
        return rows


def _fold(row: widgets.Box) -> widgets.ToggleButton:
    """A button, seen on a narrow page only, that shows what is secondary in a row."""
    fold = widgets.ToggleButton(description="More", layout={"width": "auto"})
    fold.tooltip = "shows what is needed less often"
    row.add_class("lecture-folded")

    def turn(change) -> None:
        (row.remove_class if change["new"] else row.add_class)("lecture-folded")

    fold.observe(turn, names="value")
    return fold.add_class("lecture-fold")


def _lines(explorer, names) -> list[Line2D]:
    """The lines that attributes of these names hold, alone or in lists."""
    found = []
    for name in names:
        held = attrgetter(name)(explorer)
        found += held if isinstance(held, list | tuple) else [held]
    wrong = [line for line in found if not isinstance(line, Line2D)]
    if wrong:
        raise ValueError(f"ghosts must name lines of plots, but name {wrong}.")
    return found


def _paler(line: Line2D) -> Line2D:
    """An empty line beneath another, with its looks."""
    pale = Line2D([], [], label="_ghost")
    line.axes.add_line(pale)
    return pale


def _fade(line: Line2D, pale: Line2D) -> None:
    pale.update_from(line)
    # An outline would be drawn twice as often, and hide how pale the line is.
    looks = {"alpha": PALE, "zorder": line.get_zorder() - 0.1, "path_effects": []}
    pale.set(label="_ghost", **looks)
    pale.set_data(*line.get_data(orig=True))


def _call_of(name: str) -> str:
    """The call in the cell that is running that makes an explorer of this class."""
    cells = getattr(get_ipython(), "user_ns", {}).get("In") or [""]
    with suppress(SyntaxError, ValueError):
        for node in ast.walk(ast.parse(cells[-1])):
            called = node.func if isinstance(node, ast.Call) else None
            if name in (getattr(called, "attr", ""), getattr(called, "id", "")):
                return ast.unparse(node)
    return f"explorers.{name}()"


def _written(value) -> str:
    """A value as code; eight digits of a number give the same picture."""
    if isinstance(value, list | tuple):
        return "(" + ", ".join(map(_written, value)) + ")"
    return f"{value:.8g}" if isinstance(value, float) else repr(value)


def _storable(value) -> bool:
    """Whether a file of JSON gives the same value back, a list for a tuple apart."""
    if isinstance(value, (list, tuple)):
        return all(map(_storable, value))
    return value is None or type(value) in (bool, int, float, str)


def longest_said(function: Callable) -> int:
    """How many letters the longest sentence has that a function returns as it is written.

    A number in a sentence counts as four; what the function asks of others is not seen.
    """
    with suppress(OSError, TypeError, SyntaxError):
        body = ast.parse(textwrap.dedent(inspect.getsource(function)))
        said = [node.value for node in ast.walk(body) if isinstance(node, ast.Return)]
        return max((_letters(node) for node in said if node is not None), default=0)
    return 0


def _letters(node: ast.expr) -> int:
    if isinstance(node, ast.Constant):
        return len(node.value) if isinstance(node.value, str) else 0
    if isinstance(node, ast.IfExp):
        return max(_letters(node.body), _letters(node.orelse))
    if isinstance(node, ast.JoinedStr):
        return sum(4 if isinstance(p, ast.FormattedValue) else _letters(p) for p in node.values)
    if isinstance(node, ast.BinOp):
        return _letters(node.left) + _letters(node.right)
    return 0


def memory_of(explorer: type) -> Memory:
    """The memory of the lesson that declares this class; one that keeps nothing for all others."""
    package = explorer.__module__.rpartition(".")[0]
    lesson = getattr(sys.modules.get(package), "lesson", None)
    return getattr(lesson, "memory", None) or Memory("")
