"""The student's page: what is predicted, solved and reached in every lesson, to keep or hand in."""

from __future__ import annotations

import html
import time
from collections.abc import Collection, Sequence

import ipywidgets as widgets

from lecture_utils.studio import memory
from lecture_utils.studio.cards import Card
from lecture_utils.studio.lesson import Lesson

__all__ = ["ProgressPage", "progress_of"]

_FORGET, _SURE = "Forget all", "Sure? Press again"
_MEANT = 20.0  # seconds for which the first press counts


def progress_of(lesson: Lesson, goals: Collection[str]) -> dict[str, tuple[int, int]]:
    """What is done, and of how much: predictions committed, exercises solved, goals reached."""
    kept = lesson.memory.all()
    solved = {name for name, entry in kept["exercises"].items() if entry.get("solved")}
    done = {
        "predictions": kept["predictions"].keys() & lesson.predictions.keys(),
        "exercises": solved & lesson.exercises.keys(),
        "goals": kept["goals"].keys() & set(goals),
    }
    there = {"predictions": lesson.predictions, "exercises": lesson.exercises, "goals": goals}
    return {kind: (len(done[kind]), len(there[kind])) for kind in done}


class ProgressPage(Card):
    """A table of all lessons, with an export to hand in and a reset.

    Args:
        lessons: (lesson, names of the explorers that have a goal), in order.
    """

    def __init__(self, lessons: Sequence[tuple[Lesson, Collection[str]]]):
        self.lessons = list(lessons)
        self.table = widgets.HTML()
        self._message = widgets.HTML()
        self.renew = self._button("Renew", self.show)
        self.export = self._button("Export", self._export)
        self.forget = self._button(_FORGET, self._ask_or_forget)
        self._asked = -_MEANT
        buttons = widgets.HBox([self.renew, self.export, self.forget])
        super().__init__([self.table, buttons, self._message])
        self.show()

    def show(self) -> None:
        """Read what is remembered, and show it."""
        self.forget.description = _FORGET
        cell = "padding:3px 12px;text-align:left"
        rows = ""
        for lesson, goals in self.lessons:
            counts = progress_of(lesson, goals)
            done = all(have == there for have, there in counts.values())
            name = html.escape(f"{lesson.number} {lesson.title}") + (" ✔" if done else "")
            cells = "".join(
                f'<td style="{cell}">{have} of {there}</td>' for have, there in counts.values()
            )
            rows += f'<tr><th scope="row" style="{cell}">{name}</th>{cells}</tr>'
        head = "".join(
            f'<th scope="col" style="{cell}">{name}</th>'
            for name in ("lesson", "predicted", "exercises solved", "goals reached")
        )
        self.table.value = f"<table><tr>{head}</tr>{rows}</table>"

    def _export(self) -> None:
        target = memory.export()
        self._say(f"Written to <b>{html.escape(target.name)}</b>, beside this notebook.")

    def _ask_or_forget(self) -> None:
        """Two presses to forget, the second soon after the first."""
        before, self._asked = self._asked, time.monotonic()
        if self.forget.description != _SURE or self._asked - before > _MEANT:
            self.forget.description = _SURE
            self._say("A second press forgets the answers of all lessons.")
            return
        memory.forget()
        self.show()
        self._say("All answers are forgotten. Run the cells again to answer anew.")

    def __repr__(self) -> str:
        return "Your progress: run the cell to see it."

    def _markdown(self) -> str:
        return "*Your progress: run the cell to see it.*"
