"""An explorer with a clock: play, pause, step and scrub through a run that is already computed.

No timer runs in the kernel.  While it plays, the page asks for a frame each time the last one has
been painted (``live.js``), so frames can never queue up, and a page that is gone asks for none.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import ipywidgets as widgets
import numpy as np
import traitlets

from lecture_utils.studio.explorer import Explorer
from lecture_utils.studio.live import LivePicture, encode

__all__ = ["Film", "Player", "evenly_in_log"]

_LONGEST = 0.2  # s; after a pause of the page the film goes on where it was
_STEP = "Step ▸"
_AGAIN = "↺ First step"  # what the same button does at the end


def evenly_in_log(last: int, frames: int = 120) -> np.ndarray:
    """The steps 0, 1, 2, … ``last`` that a film over a log axis shows: at first every one."""
    shown = np.round(np.logspace(0, np.log10(last), frames)).astype(int)
    return np.unique([0, *shown])


class PlayingPicture(LivePicture):
    """A live picture that can ask for frame after frame: ``on_tick`` is called for each."""

    _playing = traitlets.Bool().tag(sync=True)
    on_tick: Callable[[], object] | None = None

    def _answer(self, event: dict) -> None:
        if event["kind"] != "tick":
            super()._answer(event)
        elif self._playing and self.on_tick is not None:
            self.on_tick()

    def _encode(self, pixels: memoryview) -> bytes:
        # A PNG takes longer than all the drawing; a frame that lasts 30 ms need not be exact.
        if self._playing:
            return encode(pixels, format="JPEG", quality=90, subsampling=0)
        return super()._encode(pixels)


class Film(Explorer):
    """An explorer whose control ``clock``, a whole number, runs by itself.

    Beside what an `Explorer` declares: ``clock``, the control that counts the steps of the run, and
    ``speed``, steps per second or the name of the control that says it.  Where ``compute`` does
    not name the clock, the run is computed once and a step only draws.

    At its last step a film stops; playing it again starts at the first, where a resting film says
    that it waits to be played.  Where the clock stands at its end at first, so that the whole run
    is seen, a preset shows the whole run too, unless it says otherwise.
    """

    clock = "step"
    speed: float | str = 30
    Picture = PlayingPicture

    def __init__(self):
        self._ticked, self._due = 0.0, 0.0
        self._button_play = widgets.ToggleButton(
            description="▶ Play",
            tooltip="play or pause",
            layout=widgets.Layout(width="auto", min_width="max(90px, 5em)"),  # em: on slides
        )
        self._button_play.observe(self._on_play, names="value")
        self._button_step = self._button(_STEP, self._step)
        self._button_step.layout.min_width = "8em"  # of both its words: its neighbors stay
        clock = self.controls[self.clock]
        if clock.value == getattr(clock, "high", None):
            end = {self.clock: clock.value}
            self.presets = {label: end | values for label, values in self.presets.items()}
        super().__init__()
        self.picture.on_tick = self._tick

    @property
    def playing(self) -> bool:
        """Whether the clock runs; setting it starts or stops it."""
        return self._button_play.value

    @playing.setter
    def playing(self, value: bool) -> None:
        self._button_play.value = value

    @property
    def _judges(self) -> bool:
        """A film that runs past what is looked for has not found it; where it stops, it counts."""
        clock = self.controls[self.clock]
        return not self.playing or clock.value == clock.max

    def advance(self, steps: int) -> None:
        """Move the clock on by so many steps, at most to its end."""
        clock = self.controls[self.clock]
        self.set(**{self.clock: min(clock.value + steps, clock.max)})
        if clock.value == clock.max:
            self.playing = False

    def preset(self, label: str) -> None:
        """Do what the preset button of that label does, and stop the clock."""
        self.playing = False
        super().preset(label)

    def undo(self) -> None:
        """Take the last move back and stop the clock."""
        self.playing = False
        super().undo()

    def redo(self) -> None:
        """Do the move again that was taken back last, and stop the clock."""
        self.playing = False
        super().redo()

    def reset(self) -> None:
        """Go back to the initial values and stop the clock."""
        self.playing = False
        super().reset()

    @property
    def _waits(self) -> bool:
        """Whether it rests at its start."""
        clock = self.controls[self.clock]
        return not self.playing and clock.value == clock.min

    def _advice(self) -> str:
        return " <b>This is the start: press ▶ Play.</b>" if self._waits else ""

    def _refresh(self) -> None:
        super()._refresh()
        clock = self.controls[self.clock]
        self._button_step.description = _AGAIN if clock.value == clock.max else _STEP
        self._button_play.button_style = "primary" if self._waits else ""

    def _rows(self) -> list[widgets.Widget]:
        *rows, buttons = super()._rows()
        clock = self.controls[self.clock]  # beside the buttons that move it
        for row in rows:
            row.children = [control for control in row.children if control is not clock]
        buttons.children = (
            self._button_play,
            self._button_step,
            clock,
            *buttons.children,
        )
        return [*(row for row in rows if row.children), buttons]

    def _step(self) -> None:
        self.playing = False
        clock = self.controls[self.clock]
        if clock.value == clock.max:
            self.set(**{self.clock: clock.min})  # as Play does
        else:
            self.advance(1)

    def _on_play(self, _change) -> None:
        clock = self.controls[self.clock]
        self._button_play.description = "‖ Pause" if self.playing else "▶ Play"
        if self.playing and clock.value == clock.max:
            self.set(**{self.clock: clock.min})
        elif self.playing and clock.value == clock.min:
            self._refresh()  # it waits no longer
        self._ticked, self._due = time.monotonic(), 0.0
        self.picture._playing = self.playing
        if not self.playing:
            self._refresh()  # the frame that stays is exact, and judged

    def _tick(self) -> None:
        """The page can show another frame: how many steps are due since the last one?"""
        now = time.monotonic()
        speed = self.values[self.speed] if isinstance(self.speed, str) else self.speed
        self._due += min(now - self._ticked, _LONGEST) * speed
        self._ticked = now
        steps = int(self._due)
        if steps:
            self._due -= steps
            self.advance(steps)


class Player(Film):
    """A film that the book plays too.

    One whose recording in the book has no room for every step of the clock is a plain `Film`, and
    its ``recorded`` keeps the last step alone.
    """
