"""What an explorer's reader can move, as data: each declaration makes a widget of its own.

A declaration says all that another host of the explorer (the book) needs to draw a control too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import ipywidgets as widgets
import traitlets

__all__ = [
    "Choice",
    "Formula",
    "Integer",
    "LogSlider",
    "Pick",
    "Point",
    "Press",
    "Slider",
    "Switch",
    "Toggle",
]


def share_of_row(room: int) -> dict:
    """The layout of a slider with so many pixels in its row, and up to 160 more where they are."""
    return {"width": "auto", "flex": f"1 1 {room}px", "max_width": f"{room + 160}px"}


@dataclass(frozen=True)
class Slider:
    """A number from ``low`` to ``high``; with ``eager`` False it counts when it is let go.

    ``room``, in pixels, is what it asks of its row; by default what its label needs.
    """

    value: float
    low: float
    high: float
    step: float
    label: str = ""
    format: str = ".2f"
    eager: bool = True
    room: int = 0

    def widget(self) -> widgets.Widget:
        """An ipywidget."""
        return widgets.FloatSlider(
            value=self.value,
            min=self.low,
            max=self.high,
            step=self.step,
            description=self.label,
            readout_format=self.format,
            continuous_update=self.eager,
            layout=share_of_row(self.room) if self.room else {},
        )


@dataclass(frozen=True)
class LogSlider:
    """A positive number, its exponent to base ten from ``low`` to ``high``."""

    value: float
    low: float
    high: float
    step: float
    label: str = ""
    format: str = ".2g"

    def widget(self) -> widgets.Widget:
        """An ipywidget; its value is the number, not the exponent.

        It starts on a step: a page would put it there, as if the reader had moved it.
        """
        steps = round((math.log10(self.value) - self.low) / self.step)
        return widgets.FloatLogSlider(
            value=10.0 ** round(self.low + steps * self.step, 12),
            min=self.low,
            max=self.high,
            step=self.step,
            description=self.label,
            readout_format=self.format,
        )


@dataclass(frozen=True)
class Integer:
    """A whole number from ``low`` to ``high``; ``room`` as of a `Slider`."""

    value: int
    low: int
    high: int
    label: str = ""
    step: int = 1
    room: int = 0

    def widget(self) -> widgets.Widget:
        """An ipywidget."""
        return widgets.IntSlider(
            value=self.value,
            min=self.low,
            max=self.high,
            step=self.step,
            description=self.label,
            layout=share_of_row(self.room) if self.room else {},
        )


@dataclass(frozen=True)
class Choice:
    """One of several options, in a list that drops down; ``room`` is its width in pixels."""

    options: Sequence
    value: object = None  # the first option
    label: str = ""
    room: int = 0

    def widget(self) -> widgets.Widget:
        """An ipywidget."""
        value = self.options[0] if self.value is None else self.value
        return widgets.Dropdown(
            options=list(self.options),
            value=value,
            description=self.label,
            layout={"width": f"{self.room}px"} if self.room else {},
        )


@dataclass(frozen=True)
class Formula:
    """A function of x and y that the reader types; its value is the text (`studio.formula`).

    It stands beside the list named ``list`` and is seen while ``option`` is chosen there, which
    stands for it.  In the book, which computes nothing, both are left out.
    """

    value: str
    list: str
    option: str = "your own"
    label: str = "your own f(x, y) ="

    def widget(self) -> widgets.Widget:
        """An ipywidget that counts when Enter is pressed or the field is left."""
        return widgets.Text(
            value=self.value,
            description=self.label,
            continuous_update=False,
            layout={"width": "auto", "flex": "1 1 330px", "max_width": "480px"},
        )


@dataclass(frozen=True)
class Pick:
    """One of several ordered options, on a slider that counts when it is let go."""

    options: Sequence
    value: object
    label: str = ""

    def widget(self) -> widgets.Widget:
        """An ipywidget."""
        return widgets.SelectionSlider(
            options=list(self.options),
            value=self.value,
            description=self.label,
            continuous_update=False,
        )


@dataclass(frozen=True)
class Switch:
    """On or off, as a box to tick."""

    value: bool
    label: str = ""

    def widget(self) -> widgets.Widget:
        """An ipywidget."""
        return widgets.Checkbox(value=self.value, description=self.label)


@dataclass(frozen=True)
class Toggle:
    """On or off, as a button that stays down."""

    value: bool
    label: str = ""

    def widget(self) -> widgets.Widget:
        """An ipywidget."""
        return widgets.ToggleButton(value=self.value, description=self.label)


@dataclass(frozen=True)
class Press:
    """A button that takes note: its value is what ``takes`` was when it was pressed, before None.

    ``takes`` is the name of a control, a point or a group.
    """

    takes: str
    label: str

    def widget(self) -> widgets.Widget:
        """A button with a value; the explorer gives it one."""
        return NotingButton(description=self.label, button_style="success")


class NotingButton(widgets.Button):
    """A button whose value stays in the kernel."""

    value = traitlets.Any()


@dataclass(frozen=True)
class Point:
    """A point that the hand can move, in the axes that the explorer keeps under this name.

    A free point has a place ``start`` and is a value (x, y) of its own.  A tied one has none: its
    x, its y, or both set the control named ``x`` or ``y``, and it is drawn where the explorer's
    ``places`` says.
    """

    axes: str
    start: tuple[float, float] | None = None
    x: str = ""
    y: str = ""

    def __post_init__(self):
        if (self.start is None) == (not (self.x or self.y)):
            raise ValueError(
                "a point is either free, with start=(x, y), or tied to a control by x= or y=."
            )

    @property
    def tied(self) -> bool:
        """Whether it moves controls instead of itself."""
        return self.start is None


def nearest(control: widgets.Widget, value: float):
    """The value of a control that lies nearest to a number: on its step, within its ends."""
    if hasattr(control, "options"):
        return min(control.options, key=lambda option: abs(option - value))
    if hasattr(control, "base"):
        return float(min(max(value, control.base**control.min), control.base**control.max))
    value = min(max(value, control.min), control.max)
    value = control.min + round((value - control.min) / control.step) * control.step
    whole = isinstance(control, widgets.IntSlider)
    return round(value) if whole else round(min(value, control.max), 12)
