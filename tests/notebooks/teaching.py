"""One page for the teacher of each lesson, from what lessons and notebooks say of themselves.

`make pages` writes it to notebooks/TEACHING.md; a test compares.  Minutes are computed, by MINUTES
below, from what a section puts on the slides.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from findings import texts

from lecture_utils.lessons import all_lessons, explorers_of

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
# What readers with a watch took for one of each (CONTRIBUTING.md), and a calm voice for the words.
MINUTES = {"prediction": 2.0, "explorer": 4.0, "blank": 4.0, "figure": 1.0, "code": 0.5}
WORDS_A_MINUTE = 130
TITLE = 2.0  # the question of the lesson, and what was before
LINES = 12  # longer code is not on the slides


@dataclass
class Section:
    """What a section of a notebook puts on the slides."""

    heading: str
    words: int = 0
    slides: int = 0
    held: dict[str, list[str]] = field(default_factory=dict)  # kind of MINUTES -> names

    @property
    def minutes(self) -> float:
        """What it asks of a class."""
        held = sum(MINUTES[kind] * len(names) for kind, names in self.held.items())
        return held + self.words / WORDS_A_MINUTE


def on_slides(notebook) -> tuple[list[Section], list[str]]:
    """The sections (the first is the title), and the exercises left as homework."""
    sections, homework = [], []
    for cell in notebook.cells:
        kind, source = cell.metadata.slideshow.slide_type, cell.source
        found = re.match(r"##? (.+)", source) if cell.cell_type == "markdown" else None
        if found:
            sections.append(Section(found[1].strip()))
        asked = re.findall(r'lesson\.check\("(\w+)"', source) if cell.cell_type == "code" else []
        if kind == "skip":
            homework += asked
        elif kind != "notes":
            _put(sections[-1], cell, asked)
            sections[-1].slides += kind in ("slide", "subslide")
    kept = [section for section in sections if section.slides]
    return kept, homework


def _put(section: Section, cell, asked: list[str]) -> None:
    """Count a cell of the slides."""
    if cell.cell_type == "markdown":
        section.words += len(cell.source.partition("**Further reading.**")[0].split())
        return
    shown = " ".join(text.split(":")[0] for text in texts(cell))
    calls = re.fullmatch(r"(explorers|figures|lesson)\..*(\n[ )].*)*", cell.source)
    folded = "jupyter" in cell.metadata or calls or not 1 < cell.source.count("\n") + 1 <= LINES
    found = {
        "prediction": re.findall(r'lesson\.predict\("(\w+)"', cell.source),
        "explorer": re.findall(r"explorers\.(\w+)\(", cell.source) if "Explorer" in shown else [],
        "blank": asked,
        "figure": ["figure"] * shown.count("Figure"),
        "code": [] if folded or asked else ["code"],
    }
    for kind, names in found.items():
        section.held.setdefault(kind, []).extend(names)


# --- words ------------------------------------------------------------------------------------


def counted(section: Section) -> str:
    """ "2 predictions, 1 explorer"."""
    parts = []
    for kind in ("prediction", "blank", "explorer", "figure"):
        number = len(section.held.get(kind, []))
        if number:
            parts.append(f"{number} {kind}" + ("s" if number > 1 else ""))
    return ", ".join(parts) or "text"


def plain(text: str) -> str:
    """Text with inline HTML as one line of Markdown; a star or an underscore stays one."""
    text = re.sub(r"</?(i|em)>", "*", re.sub(r"\s+", " ", text))
    text = re.sub(r"</?(b|strong)>", "**", text)
    text = re.sub(r"</?code>", "`", text)
    return html.unescape(re.sub(r"<(?!/?su[bp]>)[^>]+>", "", text)).strip()


def asking(prediction) -> str:
    """A question, what the room will say, and what to answer."""
    lines = [f"* **Ask:** {plain(prediction.question)}"]
    for label, reply in prediction.options.items():
        right = " ✔" if label == prediction.answer else ""
        lines.append(f"    * “{label}”{right}: {plain(reply)}")
    if prediction.reveal:
        lines.append(f"    * Then: {plain(prediction.reveal)}")
    return "\n".join(lines)


def exploring(kind) -> str:
    """An explorer's goal, and a way to it where the lesson gives one in plain values."""
    aim = getattr(kind, "aim", "")  # some explorers word it from their data
    way = ""
    if isinstance(getattr(kind, "answer", None), dict) and kind.answer:
        values = (f"{name} = {value_text(value)}" for name, value in kind.answer.items())
        way = f" One way there: {', '.join(values)}."
    goal = f" Goal: {plain(aim)}" if aim else ""
    return f"* **Explore** *{plain(kind.title)}*.{goal}{way}"


def value_text(value) -> str:
    """0.25 as "0.25", a point as "(0.3, 0.1)"."""
    if isinstance(value, (tuple, list)):
        return "(" + ", ".join(map(value_text, value)) + ")"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def page(lesson) -> str:
    """The teacher's page of one lesson."""
    notebook = nbformat.read(FOLDER / f"{lesson.notebook}.ipynb", as_version=4)
    sections, homework = on_slides(notebook)
    explorers, (minutes, _) = explorers_of(lesson), lesson.minutes
    rows, blocks, now = [], [], 0.0
    for place, section in enumerate(sections):
        took = TITLE if place == 0 else section.minutes
        name = "The question" if place == 0 else section.heading
        rows.append(f"| {now:.0f}–{now + took:.0f} | {name} | {counted(section)} |")
        now += took
        lines = [asking(lesson.predictions[n]) for n in section.held.get("prediction", [])]
        for n in section.held.get("blank", []):
            lines.append(f"* **Their turn:** {plain(lesson.exercises[n].title)}")
        lines += [exploring(explorers[n]) for n in section.held.get("explorer", [])]
        if lines:
            blocks.append(f"**{name}**\n\n" + "\n".join(lines))
    table = "| minutes | section | in it |\n|:--|:--|:--|\n" + "\n".join(rows)
    parts = [
        f"## {lesson.number} {lesson.title}",
        f"*{lesson.question}* {minutes} minutes of class. [The notebook]({lesson.notebook}.ipynb); "
        f"know first: {lesson.needs or 'nothing'}; of the lecture: {lesson.sources}.",
        table,
        skipping(sections, now, minutes, explorers),
        *blocks,
    ]
    if homework:
        titles = "; ".join(plain(lesson.exercises[name].title) for name in homework)
        parts.append(f"**Homework:** {titles}.")
    return "\n\n".join(parts)


def skipping(sections: list[Section], total: float, minutes: int, explorers: dict) -> str:
    """What goes first when time is short: explorers, the last before the others."""
    spare = [name for section in reversed(sections) for name in section.held.get("explorer", [])]
    order = ", then ".join(f"*{plain(explorers[name].title)}*" for name in spare[:3])
    over = round(total - minutes)
    if over > 0:
        fit = f"That is {over} more than the class has."
    elif over < 0:
        fit = f"That leaves {-over} for questions."
    else:
        fit = "That is just what the class has."
    cut = f" Leave out first, each four minutes: the explorer {order}." if order else ""
    return f"**If time is short.** All of it takes about {total:.0f} minutes. {fit}{cut}"


def teaching() -> str:
    """The text of TEACHING.md."""
    model = ", ".join(f"{MINUTES[kind]:g} for each {kind}" for kind in MINUTES)
    head = (
        "# For the teacher\n\n"
        "One page a lesson: minutes for each section, what to ask, what the room will say, what to "
        "leave out. **Ask** the question, let them commit (or raise hands) before anything runs, "
        "and answer the wrong options with the sentence beside them: it says why one thinks so. "
        "The right option has a ✔. What a lone reader finds between the slides is in the window of "
        "notes (*n* on a slide).\n\n"
        "The minutes are computed, not measured in your room: "
        f"{model} of at most {LINES} lines, and {WORDS_A_MINUTE} words a minute of the texts on "
        "the slides. Readers with a watch put 01 and 05 at 48 to 50 minutes.\n\n"
        "**Keys.** → or Page Down, ← or Page Up (also of a clicker), Home, End, *o* all slides, "
        "*n* notes, *c* the code of this slide, *b* black, Escape back to the notebook at the "
        "slide that was shown. *Run › Run All Cells* before the class.\n\n"
        "**The answers of the room.** Everyone presses *Export* on the page of progress in "
        "notebook 00 and hands in `my_answers.json`; with all of these files in one folder\n\n"
        "```\npython -m lecture_utils tally folder\n```\n\n"
        "draws what the room predicted, question by question (`room.png`), and writes the table "
        "beside it (`room.md`). No account and no network is needed.\n\n"
        "This page is made by `make pages`.\n\n"
    )
    return head + "\n\n".join(page(lesson) for lesson in all_lessons()) + "\n"
