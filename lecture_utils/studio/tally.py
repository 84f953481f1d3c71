"""The answers of a room: exported answers of many students as one picture and one table.

    python -m lecture_utils tally folder

reads every JSON file below the folder: exports of the page of progress (my_answers.json), or the
files that the course keeps in ``.answers``.  Names of files, and of students, are not kept.
"""

from __future__ import annotations

import html
import json
import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from lecture_utils.studio import style
from lecture_utils.studio.lesson import Lesson
from lecture_utils.studio.memory import KINDS

__all__ = ["Room", "draw_room", "read_room", "room_table"]

QUESTION, OPTION = 72, 36  # characters in a line of the picture


@dataclass(frozen=True)
class Room:
    """What a room answered of one lesson.

    ``chosen`` maps each prediction to {option: how many}, in the order of the card; ``solved`` each
    exercise, and ``reached`` each goal, to how many; ``people`` is how many answered anything.
    """

    lesson: Lesson
    people: int
    chosen: dict[str, dict[str, int]]
    solved: dict[str, int]
    reached: dict[str, int]


def read_room(folder: Path | str, lessons: Iterable[Lesson]) -> list[Room]:
    """What the files below ``folder`` answer, for each of the lessons that anyone answered.

    Raises ValueError where there is no such folder, where a file is no export, and where nothing
    was answered; the sentence names the file.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(f"folder must be a folder of exported answers, but {folder} is none.")
    students = [_read(path) for path in sorted(folder.rglob("*.json"))]
    rooms = [_room(lesson, students) for lesson in lessons]
    answered = [room for room in rooms if room.people]
    if not answered:
        raise ValueError(
            f"folder holds no answers ({len(students)} JSON files below {folder}): let everyone "
            "press Export on the page of progress in notebook 00, and collect my_answers.json."
        )
    return answered


def _read(path: Path) -> dict[str, dict]:
    """Notebook -> kind -> name -> entry, of one file."""
    advice = "take the file that Export writes, unchanged, or leave it out."
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ValueError(f"{path} cannot be read as JSON: {advice}") from None
    if isinstance(stored, dict) and stored.keys() & set(KINDS):
        stored = {path.stem: stored}  # a file of .answers: one lesson
    kinds = stored.values() if isinstance(stored, dict) else [None]
    for entries in kinds:
        if not isinstance(entries, dict) or not all(
            isinstance(entries.get(kind, {}), dict) for kind in KINDS
        ):
            raise ValueError(f"{path} is no export of answers: {advice}")
    return stored


def _room(lesson: Lesson, students: Sequence[dict]) -> Room:
    theirs = [student[lesson.notebook] for student in students if lesson.notebook in student]
    theirs = [one for one in theirs if any(one.get(kind) for kind in KINDS)]
    chosen = {}
    for name, prediction in lesson.predictions.items():
        given = Counter(_entry(one, "predictions", name).get("answer") for one in theirs)
        # An option that was reworded since is counted nowhere.
        chosen[name] = {option: given[option] for option in prediction.options}
    solved = {
        name: sum(_entry(one, "exercises", name).get("solved") is True for one in theirs)
        for name in lesson.exercises
    }
    goals = sorted({name for one in theirs for name in one.get("goals", {})})
    reached = {name: sum(name in one.get("goals", {}) for one in theirs) for name in goals}
    return Room(lesson, len(theirs), chosen, solved, reached)


def _entry(student: dict, kind: str, name: str) -> dict:
    found = student.get(kind, {}).get(name)
    return found if isinstance(found, dict) else {}


# --- the picture and the table ----------------------------------------------------------------


def draw_room(rooms: Sequence[Room]) -> Figure:
    """A bar for each option of each prediction that anyone made; the right one has a tick."""
    asked = [
        (room, name) for room in rooms for name in room.chosen if sum(room.chosen[name].values())
    ]
    if not asked:
        raise ValueError("rooms hold no prediction: nobody has committed one yet.")
    heights = [0.5 * len(room.chosen[name]) for room, name in asked]
    titles = sum(0.35 + 0.25 * _question(room, name).count("\n") for room, name in asked)
    size = (11, sum(heights) + titles + 0.3 * len(asked))
    figure, axes = style.canvas(len(asked), 1, size=size, squeeze=False, height_ratios=heights)
    for ax, (room, name) in zip(axes[:, 0], asked, strict=True):
        _draw_question(ax, room, name)
    return figure


def _draw_question(ax, room: Room, name: str) -> None:
    prediction, counts = room.lesson.predictions[name], room.chosen[name]
    right = [option == prediction.answer for option in counts]
    bars = ax.barh(
        range(len(counts)),
        list(counts.values()),
        color=[style.GREEN if yes else style.GREY for yes in right],
        height=0.7,
    )
    ax.bar_label(bars, [f"{n}" for n in counts.values()], padding=4)
    labels = [
        textwrap.fill(("✔ " if yes else "") + option, OPTION)
        for option, yes in zip(counts, right, strict=True)
    ]
    ax.set_yticks(range(len(counts)), labels)
    ax.invert_yaxis()
    ax.set_xlim(0, 1.05 * sum(counts.values()))
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.set_title(_question(room, name), loc="left")


def _question(room: Room, name: str) -> str:
    """A question in lines that fit the picture, with how many answered it."""
    asked = f"{room.lesson.number}: {_plain(room.lesson.predictions[name].question)}"
    return textwrap.fill(f"{asked} ({sum(room.chosen[name].values())} answered)", QUESTION)


def room_table(rooms: Sequence[Room]) -> str:
    """The same as Markdown, with exercises and goals."""
    parts = ["# The answers of the room"]
    for room in rooms:
        lesson = room.lesson
        parts.append(f"## {lesson.number} {lesson.title}: {room.people} took part")
        rows = []
        for name, counts in room.chosen.items():
            prediction, total = lesson.predictions[name], sum(counts.values())
            for option, number in counts.items():
                right = " ✔" if option == prediction.answer else ""
                share = f"{number / total:.0%}" if total else "–"
                rows.append([_plain(prediction.question), option + right, str(number), share])
        parts.append(_markdown(["prediction", "answer", "how many", "share"], rows))
        done = [[lesson.exercises[n].title, "solved", str(k)] for n, k in room.solved.items()]
        done += [[name, "goal reached", str(number)] for name, number in room.reached.items()]
        parts.append(_markdown(["exercise or explorer", "", "how many"], done))
    return "\n\n".join(parts) + "\n"


def _markdown(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(x.replace("|", "∣") for x in line) + " |" for line in lines)


def _plain(text: str) -> str:
    """A question without its inline HTML."""
    return " ".join(html.unescape(re.sub(r"</?[a-zA-Z][^>]*>", "", text)).split())
