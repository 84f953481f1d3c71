"""The panel: a live picture with its goal, controls, presets, reset and readout.

`Explorer` is what lessons declare; this is what every explorer has, whoever computes its answers.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from contextlib import contextmanager

import ipywidgets as widgets
from traitlets import TraitError

from lecture_utils.studio.controls import share_of_row
from lecture_utils.studio.history import History
from lecture_utils.studio.live import LivePicture, view_of, with_still_picture
from lecture_utils.studio.numbers import typeset

__all__ = ["Panel"]

_GOAL = "goal reached"  # no control has this name: it stands beside them in the history
_LONGEST = 120  # letters of what is said of a goal, for which room is kept at most


class Panel(widgets.VBox):
    """A live picture together with everything that moves it.

    Args:
        picture: the live picture; its moving artists are declared with ``picture.animate``.
        controls: ipywidgets by name; a control without a description gets its name as one.
        title: names the explorer in plain text.
        goal: what the reader should try to reach, one sentence.
        presets: button label -> the values it sets (controls and points, any subset).
        points: name -> ``(axes, (x, y))``: points the reader can click, drag and move by keys.

    A subclass answers: ``_answer(values)`` moves the artists and returns the readout and, where
    the goal is reached, a sentence.  An exception in it is kept in ``last_error`` and becomes one
    sentence under the picture; never a traceback.  Whoever moves the panel from another thread
    holds ``lock``, as everything here does.

    What the reader did can be taken back, move by move, by a button and by Ctrl+Z, and done again
    by another and by Ctrl+Shift+Z or Ctrl+Y.

    Raises:
        ValueError: for a name used twice, a control without a value, or a preset naming no control.
    """

    _room = 0  # letters of the longest sentence that says that the goal is reached

    def __init__(
        self,
        picture: LivePicture,
        controls: dict[str, widgets.Widget],
        *,
        title: str,
        goal: str,
        presets: dict[str, dict[str, object]] | None = None,
        points: dict[str, tuple] | None = None,
    ):
        self.lock = threading.RLock()
        self.picture = picture
        self.title = title
        self.goal_text = goal
        self.controls = dict(controls)
        self.presets = dict(presets or {})
        self.last_error: Exception | None = None
        self.goal_reached = False
        self.reached: str | None = None  # what is said of the goal where the panel stands now
        self._readout = ""
        self._holding = False
        self._places = {name: tuple(start) for name, (_, start) in (points or {}).items()}
        self._require_names()
        self._points = {
            name: picture.on_point(axes, self._mover(name), start=start)
            for name, (axes, start) in (points or {}).items()
        }
        self._initial = self.values
        self._restore()
        self.history = History(self._state())
        self._took_back = False
        self._undo = self._button("Undo", self.undo)
        self._redo = self._button("Redo", self.redo)
        self._show_history()
        self._goal_line = widgets.HTML()
        # The picture before its controls: the Tab key comes to it first.
        super().__init__([self._goal_line, picture, *self._rows()])
        self.add_class("lecture-explorer")
        picture.on_error = self._fail
        picture.on_undo, picture.on_redo = self.undo, self.redo
        for control in self.controls.values():
            control.observe(self._on_control, names="value")
        self._refresh()

    def _answer(self, values: dict[str, object]) -> tuple[str, str | None]:
        """Move the artists; the readout, and a sentence when the goal is reached."""
        raise NotImplementedError

    def _advice(self) -> str:
        """What the reader is told to do next, behind the sentence."""
        return ""

    def _restore(self) -> None:
        """Take up where the reader left it."""

    def _lasting(self) -> list[str]:
        """The names of the values that can be taken back."""
        return list(self._initial)

    # --- values ----------------------------------------------------------------------------

    @property
    def values(self) -> dict[str, object]:
        """The current value of every control and point by name."""
        return {name: control.value for name, control in self.controls.items()} | self._places

    def set(self, **values) -> None:
        """Set several controls and points at once: one update, one frame.

        Raises:
            ValueError: for an unknown name or a value that the control cannot take.
        """
        self._require_known(values)
        with self.lock:
            try:
                with self._hold():
                    for name, value in values.items():
                        self._assign(name, value)
            finally:
                self._refresh()

    def preset(self, label: str) -> None:
        """Do what the preset button of that label does."""
        if label not in self.presets:
            raise ValueError(
                f"label must name a preset, got {label!r}; choose from {sorted(self.presets)}."
            )
        self.history.rest()
        self.set(**self.presets[label])

    def reset(self) -> None:
        """Go back to the initial values."""
        self.history.rest()
        self.goal_reached = False
        self.set(**self._initial)

    def undo(self) -> None:
        """Take the last move back: a drag, a key, a slider, a preset, also Reset."""
        self._walk(self.history.back)

    def redo(self) -> None:
        """Do the move again that was taken back last."""
        self._walk(self.history.forth)

    def _walk(self, step: Callable[[], dict | None]) -> None:
        """Go one move back or forth in the history, where there is one."""
        with self.lock:
            state = step()
            if state is None:
                return
            self.goal_reached = self.goal_reached or state[_GOAL]
            # A goal once reached stays reached, which is no move of its own.
            self.history.settle(state | {_GOAL: self.goal_reached})
            self._took_back = True
            try:
                self.set(**{name: value for name, value in state.items() if name != _GOAL})
            finally:
                self._took_back = False

    @property
    def readout(self) -> str:
        """The sentence under the picture: what it says in numbers."""
        return self._readout

    @property
    def status(self) -> str:
        """What went wrong last, or the empty string."""
        return self.picture.status

    # --- moving ----------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Update the artists, draw one frame, renew the texts: one message to the page."""
        with self.lock, self._hold(), self.picture.hold_sync():
            self._begins = self.history.went_to(self._state(), self.picture.hand)
            self._begins = self._begins or self._took_back
            try:
                readout, reached = self._answer(self.values)
                self.picture.update()
            except Exception as error:
                self._fail(error)
            else:
                self.last_error = None
                self.picture.status = ""
                self._readout = typeset(readout or "")
                self.picture.caption = self._readout + self._advice()
                self._show_goal(reached)
            self.history.settle(self._state())
            self._show_history()

    def _show_history(self) -> None:
        """Whether there is a move to take back or to do again; a gray button says why not."""
        back, ahead = len(self.history), self.history.ahead
        self._undo.disabled, self._redo.disabled = not back, not ahead
        gone = "nothing to take back yet: moves from before a restart are not kept"
        self._undo.tooltip = "take the last move back (Ctrl+Z)" if back else gone
        again = "do it again (Ctrl+Shift+Z or Ctrl+Y)"
        self._redo.tooltip = again if ahead else "nothing was taken back"

    def _state(self) -> dict:
        """What a move can change."""
        values = self.values
        return {name: values[name] for name in self._lasting()} | {_GOAL: self.goal_reached}

    def _fail(self, error: Exception) -> None:
        self.last_error = error
        reason = str(error).strip().split("\n")[0].rstrip(".") or type(error).__name__
        cure = getattr(error, "cure", "Press Reset.")
        self.picture.status = f"This does not work here: {reason}. {cure}"

    def _show_goal(self, reached: str | None) -> None:
        self.reached = reached
        # The goal stays to be read, and what is said of it never contradicts the picture.
        self.goal_reached = self.goal_reached or bool(reached)
        said = f"✔ <b>Reached:</b> {typeset(reached)}" if reached else ""
        if self.goal_reached and not reached:
            said = "✔ Reached before."
        # Its room is kept from the start, so that the picture stays in place when it appears.
        room = "room " * (2 + min(self._room, _LONGEST) // 5)
        self._goal_line.value = (
            f'<div class="lecture-goal"><b>Goal:</b> {self.goal_text}<div class="lecture-reached">'
            f'<span class="lecture-room" aria-hidden="true">{room}</span>'
            f"<span>{said}</span></div></div>"
        )

    def _on_control(self, _change) -> None:
        with self.lock:
            if not self._holding:
                self._refresh()

    def _mover(self, name: str) -> Callable[[float, float], None]:
        def move(x: float, y: float) -> None:
            with self.lock:
                self._places[name] = (x, y)
                self._refresh()

        return move

    def _assign(self, name: str, value) -> None:
        if name in self._points:
            x, y = value
            self._places[name] = (float(x), float(y))
            self.picture.set_point(self._points[name], x, y)
            return
        control = self.controls[name]
        try:
            control.value = value
        except TraitError as error:
            raise ValueError(f"{name} cannot be set to {value!r}: {error}") from error
        # A slider silently takes its nearest end instead.
        if isinstance(value, (int, float)) and not math.isclose(control.value, value):
            raise ValueError(
                f"{name} cannot be set to {value!r}: it is out of range; "
                f"the nearest value is {control.value!r}."
            )

    @contextmanager
    def _hold(self):
        """Let controls change without an update each."""
        before, self._holding = self._holding, True
        try:
            yield
        finally:
            self._holding = before

    # --- looks -----------------------------------------------------------------------------

    def _rows(self) -> list[widgets.Widget]:
        for name, control in self.controls.items():
            _dress(name, control)
        buttons = [
            self._button(label, lambda label=label: self.preset(label), self._said(values))
            for label, values in self.presets.items()
        ]
        reset = self._button("Reset", self.reset, "back to how it was at first")
        rows = [list(self.controls.values()), [*buttons, self._undo, self._redo, reset]]
        wrap = {"flex_flow": "row wrap", "align_items": "center", "grid_gap": "2px 12px"}
        return [widgets.Box(row, layout=widgets.Layout(**wrap)) for row in rows if row]

    def _said(self, values: dict) -> str:
        """What a preset sets, in words: for the pointer that rests on its button."""
        words = {name: getattr(self.controls.get(name), "description", "") for name in values}
        parts = [f"{words[name] or name}: {_short(value)}" for name, value in values.items()]
        return "sets " + ", ".join(parts)

    def _button(self, label: str, action: Callable[[], None], tooltip: str = "") -> widgets.Button:
        def press(_button) -> None:
            try:
                action()
            except Exception as error:
                self._fail(error)

        button = widgets.Button(
            description=label, tooltip=tooltip, layout=widgets.Layout(width="auto")
        )
        button.on_click(press)
        return button

    # --- names -----------------------------------------------------------------------------

    def _require_names(self) -> None:
        twice = sorted(set(self.controls) & set(self._places))
        if twice:
            raise ValueError(f"points and controls must not share names, got {twice}; rename one.")
        mute = [name for name, control in self.controls.items() if not hasattr(control, "value")]
        if mute:
            raise ValueError(
                f"controls must be widgets with a value, got {mute} without; use a preset instead."
            )
        for label, values in self.presets.items():
            self._require_known(values, f"preset {label!r}")

    def _require_known(self, values: dict, who: str = "set") -> None:
        unknown = sorted(set(values) - set(self.values))
        if unknown:
            raise ValueError(
                f"{who} names no control or point: {unknown}; choose from {sorted(self.values)}."
            )

    # --- what the notebook shows -------------------------------------------------------------

    def __repr__(self) -> str:
        return f"Explorer: {self.title}. Run the cell to make it live."

    def _repr_mimebundle_(self, **kwargs):
        return with_still_picture(view_of(self, self.picture), repr(self), self.picture)

    _ipython_display_ = None  # see LivePicture


def _short(value) -> str:
    """A value in a few letters."""
    if isinstance(value, (tuple, list)):
        return f"({', '.join(map(_short, value))})"
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _dress(name: str, control: widgets.Widget) -> None:
    """Readable description, and a width that lets two or three controls share a row."""
    if not control.description:
        control.description = name
    if control.has_trait("style") and control.style.has_trait("description_width"):
        control.style.description_width = "initial"
    if control.has_trait("indent"):  # a checkbox leaves room for a description it does not have
        control.indent = False
        control.layout.width = "auto"
    if control.layout.width is None and control.has_trait("readout"):
        # A track that a mouse can use needs some 80 px beside its words and its number.
        room = max(260, round(165 + 7.5 * len(control.description)))
        for trait, value in share_of_row(room).items():
            setattr(control.layout, trait, value)
