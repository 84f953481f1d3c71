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
Work that takes more than a moment goes into ``prepare`` or ``search``, which run beside.

In the book no Python runs.  There an explorer answers from states that `studio.record` has kept, of
the values that ``recorded`` names or of all, or by a twin in JavaScript: ``twins/<Class>.js``
beside the lesson's ``explorers.py``, with the same functions and the numbers of ``twin_data``.
"""

from __future__ import annotations

import inspect
import sys
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

import ipywidgets as widgets
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from lecture_utils.studio.background import Preparation, Search
from lecture_utils.studio.controls import Point, Press, nearest
from lecture_utils.studio.live import LivePicture
from lecture_utils.studio.memory import Keeper, Memory
from lecture_utils.studio.panel import Panel
from lecture_utils.studio.style import styled

__all__ = ["Explorer"]

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
    redraws: tuple[str, ...] = ()  # names of the controls for which `draw` changes a still artist
    answer: Mapping | Callable | None = None  # a way to the aim; the tests go it
    recorded: Mapping = {}  # name, or "point.x", "point.y" -> the values kept in the book
    searches = 0  # how many findings `search` can make; with 0 there is no search
    Picture = LivePicture

    def __init__(self):
        for group, names in self.groups.items():
            if unknown := sorted({*names} - {*self.controls, *self.points}):
                raise ValueError(f"the group {group} names no control or point: {unknown}.")
        figure, moving = styled(self.paint)()
        picture = self.Picture(figure, self.alt)
        picture.animate(*moving)
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

    def press(self, name: str) -> None:
        """Do what the button of that name, a `Press`, does."""
        if name not in self._takes:
            raise ValueError(f"{name!r} is no button here; choose from {sorted(self._takes)}.")
        self.set(**{name: self._value(self._takes[name], self.values)})

    def result(self, **values):
        """What ``compute`` gives for these values, kept for the next time."""
        asked = self._asked(self.compute, values)
        key = tuple(asked.items())
        if self._preparation:
            shown, asked["prepared"] = self._preparation.get(self._asked(self.prepare, values))
            key = shown, key
        if key not in self._kept:
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
            self._behind = behind
            styled(self.draw_backdrop)(result, **self._asked(self.draw_backdrop, values))
        self.draw(result, **self._asked(self.draw, values))
        for name, place in self.places(result, **self._asked(self.places, values)).items():
            self.picture.set_point(self._tied[name], *place)
        readout = self.tell(result, **self._asked(self.tell, values))
        if self._preparation and self._preparation.busy:
            return f"A new picture is being computed… {readout}", None
        reached = self.goal(result, **self._asked(self.goal, values))
        if reached and not self.goal_reached:
            self.memory.put("goals", type(self).__name__, reached=reached)
        return readout, reached

    # --- what is remembered ------------------------------------------------------------------

    def _refresh(self) -> None:
        super()._refresh()
        self.keeper.changed()

    def _entry(self) -> dict:
        """What the reader has moved, as far as a file can hold it."""
        values = self.values
        moved = [name for name in self._lasting() if values[name] != self._initial[name]]
        return {"values": {name: values[name] for name in moved if _storable(values[name])}}

    def _lasting(self) -> list[str]:
        """The names of the values that outlive the kernel: not what a search has found."""
        found = self._search.controls if self._search else {}
        return [name for name in self._initial if name not in found]

    def _restore(self) -> None:
        kept = self.memory.get("explorers", type(self).__name__).get("values", {})
        for name in kept.keys() & {*self._lasting()}:
            value = kept[name]
            try:
                self._assign(name, tuple(value) if isinstance(value, list) else value)
            except (ValueError, TypeError):  # the lesson has changed since: its own value
                self._assign(name, self._initial[name])

    def _followed(self, values) -> dict:
        """The values, once those that depend on what changed have followed."""
        changed = {name for name, value in values.items() if value != self._before.get(name, value)}
        if changed:
            wanted = self.follow(changed, **self._asked(self.follow, values))
            for name in wanted.keys() - self._given:
                self._assign(name, wanted[name])
        self._before = self.values
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
        super().reset()

    def _rows(self) -> list[widgets.Widget]:
        rows = super()._rows()
        if self._preparation:
            rows[-1].children = (*rows[-1].children, *self._preparation.widgets)
        return rows


def _storable(value) -> bool:
    """Whether a file of JSON gives the same value back, a list for a tuple apart."""
    if isinstance(value, (list, tuple)):
        return all(map(_storable, value))
    return value is None or type(value) in (bool, int, float, str)


def memory_of(explorer: type) -> Memory:
    """The memory of the lesson that declares this class; one that keeps nothing for all others."""
    package = explorer.__module__.rpartition(".")[0]
    lesson = getattr(sys.modules.get(package), "lesson", None)
    return getattr(lesson, "memory", None) or Memory("")
