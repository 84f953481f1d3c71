"""One page for the teacher of each lesson, from what lessons and notebooks say of themselves.

`make pages` writes it to notebooks/TEACHING.md; a test compares.  The clock marks share out the
minutes of the class in proportion to MINUTES and WORDS_A_MINUTE, from what is on the slides.
"""

from __future__ import annotations

import ast
import html
import inspect
import re
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from findings import texts

from lecture_utils.lessons import all_lessons, explorers_of
from lecture_utils.studio.cards import solution_text

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
# What readers with a watch took for one of each (CONTRIBUTING.md), and a calm voice for the words.
MINUTES = {"prediction": 2.0, "explorer": 4.0, "blank": 4.0, "figure": 1.0, "code": 0.5}
WORDS_A_MINUTE = 130
TITLE = 2.0  # the question of the lesson, and what was before
QUESTIONS = 5  # minutes after the lesson, for the room's own
LINES = 12  # longer code is not on the slides
SCENE = 260  # characters that set the scene of a section
LEAST = 80  # a shorter sentence takes the next one along
SEEN = 150  # characters of what is seen first
SAID = 900  # characters of a text between two pictures, with its reasons: nearly always all
PRINTED = 6  # lines that a cell prints are told; longer output is a table of its own
# How the sentences begin that only say which line of a figure is which.
LEGEND = (
    r"(Left\b|Right\b|Middle\b|Both axes|Lines are|Medians|Markers|Each (ring|dot|marker|thin)|"
    r"The (solid|dashed|vertical|last two|slice|marker)|The same page|Dashed|One row|A gray|"
    r"Three of|On spheres|Below,)"
)
LAST = ("The answer", "Summary")


@dataclass
class Section:
    """What a section of a notebook puts on the slides, and what it says of its results."""

    heading: str
    words: int = 0
    slides: int = 0
    items: list[tuple[str, str]] = field(default_factory=list)  # kind of MINUTES, name, in order
    scene: str = ""  # the text of the slides before the first question or result
    told: list[str] = field(default_factory=list)  # the first text after each measured result
    noted: list[str] = field(default_factory=list)  # every text, notes among them
    answers: dict[str, str] = field(default_factory=dict)  # explorer -> the answer folded below it
    play: str = ""  # what a text asks of the explorer that follows
    fresh: bool = False  # a result was shown that no text has spoken of

    def held(self, kind: str) -> list[str]:
        """The names of one kind, in running order."""
        return [name for what, name in self.items if what == kind]

    @property
    def minutes(self) -> float:
        """What it asks of a class."""
        return sum(MINUTES.get(kind, 0) for kind, _ in self.items) + self.words / WORDS_A_MINUTE


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
            continue
        if kind != "notes":
            _put(sections[-1], cell, asked)
            sections[-1].slides += kind in ("slide", "subslide")
        if cell.cell_type == "markdown":
            _hear(sections[-1], source, seen=kind != "notes")
    kept = [section for section in sections if section.slides]
    return [section for section in kept if section.heading != "Going deeper"], homework


def _put(section: Section, cell, asked: list[str]) -> None:
    """Count a cell of the slides."""
    if cell.cell_type == "markdown":
        section.words += len(cell.source.partition("**Further reading.**")[0].split())
        return
    shown = [text for text in texts(cell) if text.startswith(("Figure", "Explorer"))]
    live = any(text.startswith("Explorer") for text in shown)
    calls = re.fullmatch(r"(explorers|figures|lesson)\..*(\n[ )].*)*", cell.source)
    folded = "jupyter" in cell.metadata or calls or not 1 < cell.source.count("\n") + 1 <= LINES
    asks = re.findall(r'lesson\.predict\("(\w+)"', cell.source)
    plays = re.findall(r"explorers\.(\w+)\(", cell.source) if live else []
    found = {
        "prediction": asks,
        "explorer": plays,
        "blank": asked,
        "printed": printed(cell) if not (asks or asked or plays) else [],
        "figure": [text.partition(": ")[2] for text in shown if text.startswith("Figure")],
        "code": [] if folded or asked else ["code"],
    }
    section.items += [(kind, name) for kind, names in found.items() for name in names]
    section.fresh = bool(cell.get("outputs")) and not (asks or asked or plays)
    if asks:  # what was told before the question does not answer it
        section.told.clear()


def printed(cell) -> list[str]:
    """What a cell prints, as one line, where that is a few lines."""
    out = "".join(o.text for o in cell.get("outputs", []) if o.output_type == "stream")
    lines = [re.sub(r"\s+", " ", line).strip() for line in out.splitlines() if line.strip()]
    return ["; ".join(lines)] if 0 < len(lines) <= PRINTED else []


def _hear(section: Section, source: str, seen: bool) -> None:
    """Keep what a text says: the scene, what comes of a result, the answer to an explorer."""
    folded = re.match(r"<details><summary>Answer</summary>(.*?)</details>", source, re.DOTALL)
    if folded:
        if section.items and section.items[-1][0] == "explorer":
            section.answers[section.items[-1][1]] = f"{flat(section.play)} {folded[1]}".strip()
        source = source[folded.end() :]
    text = re.sub(r"^##? .*", "", source).partition("**Further reading.**")[0].strip()
    text = text.partition("**Next:**")[0].partition("**Before:**")[0].strip()
    if not text:
        return
    section.noted.append(text)
    section.play = text.partition("**Play.** ")[2] or section.play
    if seen and not any(kind != "code" for kind, _ in section.items):
        section.scene = f"{section.scene}\n\n{text}".strip()
    elif not text.startswith(("**Your turn", "**Play", "<details>")):
        section.items.append(("said", text))
    if section.fresh and not text.startswith(("**Your turn", "**Play")):
        section.told.append(text)
        section.fresh = False


# --- words ------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """Text with inline HTML as one line of Markdown; a star or an underscore stays one."""
    text = re.sub(r"</?(i|em)>", "*", re.sub(r"\s+", " ", text))
    text = re.sub(r"</?(b|strong)>", "**", text)
    text = re.sub(r"</?code>", "`", text)
    return html.unescape(re.sub(r"<(?!/?su[bp]>)/?[A-Za-z][^>]*>", "", text)).strip()


def flat(text: str) -> str:
    """A text of a notebook as one line: formulas inline, links as their words, no labels."""
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text.replace("$$", "$"))
    text = re.sub(r"^\*\*(Look|Left|Right|Why|The|Is)[^*]*[.?:]\*\* ", "", text)
    text = re.sub(r"(\n *\|.*)+", " (the table of the slide)", text)
    return plain(re.sub(r"(^|\n+) *(\*|\d\.) ", " · ", text))


def sentences(text: str) -> list[str]:
    """The sentences of one line; a full stop inside a formula or brackets ends none."""
    parts, now = [], ""
    for piece in re.split(r"(?<=[.?!]) (?=[A-Z*$“])| (?=· )|(?<=[.?!][)*]) (?=[A-Z*$“(])", text):
        now = f"{now} {piece}".strip()
        if now.count("$") % 2 == 0 and now.count("(") <= now.count(")"):
            parts.append(now)
            now = ""
    return [*parts, now] if now else parts


def start_of(text: str, least: int) -> str:
    """The first sentences of a text, as many as make ``least`` characters."""
    taken = ""
    for sentence in sentences(text):
        taken = f"{taken} {sentence}".strip()
        if len(taken) >= least:
            break
    return taken


def letters(text: str) -> str:
    """Letters and digits alone, to compare what is said twice."""
    return re.sub(r"[^\w½⅒]", "", plain(text)).lower()


def comes_to(section: Section, lesson) -> str:
    """What a section comes to: the answer in italics, or "So …", or what is seen first."""
    right = [letters(lesson.predictions[n].answer) for n in section.held("prediction")]
    noted = [sentence for text in section.noted for sentence in sentences(flat(text))]
    for place, sentence in enumerate(noted):
        for said in map(letters, re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", sentence)):
            if len(said) > 5 and any(said in answer or answer in said for answer in right):
                more = noted[place + 1 : place + 2] if len(sentence) < LEAST else []
                return " ".join([sentence, *more])
    told = [sentence for text in section.told for sentence in sentences(flat(text))]
    so = [s for s in told if re.match(r"(So|Hence|Therefore) ", s) and len(s) > 40]
    rule = [s for s in noted if re.fullmatch(r"\*[A-Z][^*]{20,}\.\*", s)]
    if so or rule:
        return " ".join(so[-1:] + rule[:1])
    read = [sentence for sentence in told if not re.match(LEGEND, sentence.lstrip("*"))]
    if read:
        return start_of(" ".join(read), SEEN)
    for name in section.held("prediction"):
        return plain(lesson.predictions[name].options[lesson.predictions[name].answer])
    if section.held("explorer") or not noted:
        return ""
    return next((s for s in noted if s.startswith("**")), noted[-1])


def meant(asked: str, before: list[Section]) -> list[str]:
    """What earlier texts say of the letters and the terms of a question, in their own sentences."""
    told = [s for part in before for text in part.noted for s in sentences(flat(text))]
    letters_of = set(re.findall(r"\b[B-H]\b", asked))
    if re.search(r"(?<=[a-z] )A\b|\bA(?= (and|has|to)\b|'s)", asked):
        letters_of.add("A")
    terms = {term for s in told for term in re.findall(r"\*\*([a-z]{5,})\*\*", s)}
    ways = [rf"\${letter}\b" for letter in sorted(letters_of)]
    # "of width 32" is a size, and not the term that a text defines.
    sought = [term for term in sorted(terms) if re.search(rf"\b{term}\b(?! \d)", asked)]
    ways += [rf"\*\*{term}\*\*" for term in sought]
    found = (next((s for s in told if re.search(way, s)), "") for way in ways)
    return list(dict.fromkeys(s.lstrip("· ") for s in found if s))


def asking(prediction, words: list[str] = ()) -> str:
    """A question, what its letters mean, what the room will say, and what to answer."""
    lines = [f"* **Ask:** {plain(prediction.question)}"]
    if words:
        lines.append(f"    * Said before: {' '.join(words)}")
    for label, reply in prediction.options.items():
        right = " ✔" if label == prediction.answer else ""
        lines.append(f"    * “{label}”{right}: {plain(reply)}")
    if prediction.reveal:
        lines.append(f"    * Then: {plain(prediction.reveal)}")
    return "\n".join(lines)


def named(exercise) -> str:
    """The title of an exercise, without where it stands."""
    return plain(exercise.title).replace(" (in the lesson)", "").replace(" (in Going deeper)", "")


def key_line(exercise) -> str:
    """What stands in the solution below its head, on one line."""
    lines = [line.split("  #")[0].strip() for line in solution_text(exercise).splitlines()]
    body = " ".join(line for line in lines if line)
    if body.startswith("def "):
        tree = ast.parse(solution_text(exercise)).body[0]
        body = "; ".join(ast.unparse(step) for step in tree.body)
    return body


def doing(exercise, words: list[str] = ()) -> str:
    """A blank: its task, what goes in, a likely mistake, and how to skip it."""
    task, mistake = plain(exercise.task), plain(next(iter(exercise.mistakes)))
    said = [f"    * Said before: {' '.join(words)}"] if words else []
    return "\n".join(
        [
            f"* **Their turn, four minutes:** *{named(exercise)}*. {task}",
            *said,
            f"    * Goes in: `{key_line(exercise)}` To skip: show the solution (press twice).",
            f"    * A likely mistake, and what the card says to it: {mistake}.",
        ]
    )


def _wording(node) -> str:
    """A string of the source; what a run fills in is left open."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_wording(part) for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "…"


def _source(kind, method: str) -> ast.AST:
    """The source of a method, parsed; nothing of it is run."""
    return ast.parse(textwrap.dedent(inspect.getsource(getattr(kind, method))))


def aim_of(kind) -> str:
    """An explorer's goal, also where it is worded from data ("…" for these)."""
    if hasattr(kind, "aim"):
        return kind.aim
    for node in ast.walk(_source(kind, "__init__")):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "self.aim":
            return _wording(node.value)
    return ""


def reached(kind) -> str:
    """What an explorer says at its goal, read from its source."""
    returned = [node for node in ast.walk(_source(kind, "goal")) if isinstance(node, ast.Return)]
    said = [_wording(node.value) for node in returned]
    return next((text for text in said if re.search(r"[a-z]", text)), "")


def _turned(kind, name: str, value) -> str:
    """ "*log₂ B* to 8", by the words beside the slider, or "the start to (0.3, 3.4)"."""
    if name in kind.points:
        return f"the {name.replace('_at', '')} to {value_text(value)}"
    label = plain(getattr(kind.controls.get(name), "label", ""))
    return f"*{label if len(label) > 2 else name}* to {value_text(value)}"


def way_to(kind) -> str:
    """The declared way to an explorer's goal: values, or a sentence."""
    way = getattr(kind, "answer", None)
    if isinstance(way, dict) and way:
        return "set " + ", ".join(_turned(kind, n, value) for n, value in way.items()) + "."
    return plain(inspect.getdoc(way) or "") if callable(way) else ""


def exploring(kind, folded: str = "") -> str:
    """An explorer: its goal, a way there, and what to expect."""
    lines = [f"* **Explore, four minutes:** *{plain(kind.title)}*. Goal: {plain(aim_of(kind))}"]
    way, seen = way_to(kind), plain(folded)
    there = f"A way there: {way}" if way else f"It shows: {plain(kind.alt)}"
    lines.append(f"    * {there} At the goal it says: “{plain(reached(kind))}”")
    if seen:
        lines.append(f"    * In the notebook, question and answer: {seen}")
    return "\n".join(lines)


def value_text(value) -> str:
    """0.25 as "0.25", a point as "(0.3, 0.1)"."""
    if isinstance(value, (tuple, list)):
        return "(" + ", ".join(map(value_text, value)) + ")"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def of_lecture(sources: str) -> str:
    """ "S7–S27, N2" is "slides 7–27 of the lecture, section 2 of its note"."""
    parts = sources.split(", ")
    slides = ", ".join(part.replace("S", "") for part in parts if part.startswith("S"))
    notes = ", ".join(part.replace("N", "") for part in parts if part.startswith("N"))
    told = [f"slides {slides} of the lecture"] if slides else []
    whose = "its" if slides else "the lecture's"
    return ", ".join(told + ([f"section {notes} of {whose} note"] if notes else []))


# --- a page -----------------------------------------------------------------------------------


def marks(sections: list[Section], minutes: int) -> list[int]:
    """The minute at which each section begins, and the end: the class's minutes, shared out."""
    took = [TITLE, *(section.minutes for section in sections[1:])]
    done = [sum(took[:place]) for place in range(len(took) + 1)]
    return [round(minutes * at / done[-1]) for at in done]


def spare(sections: list[Section], lesson, explorers: dict) -> str:
    """What to drop first of what is still ahead, or where nothing is."""
    named_as = {
        "explorer": lambda name: f"the explorer *{plain(explorers[name].title)}*",
        "blank": lambda name: f"the blank *{named(lesson.exercises[name])}* (show the solution)",
    }
    ahead = [
        word(name)
        for kind, word in named_as.items()
        for section in sections
        for name in section.held(kind)
    ]
    if not ahead:
        shown = [section for section in sections if section.held("figure")]
        return "all but the first figure of each section" if shown else "nothing more: read it out"
    late = [f"{4 * place} minutes late: {what}" for place, what in enumerate(ahead[:3], 1)]
    return "; ".join([late[0], *(f"{also.replace(': ', ': also ', 1)}" for also in late[1:])])


def plan(sections: list[Section], lesson, explorers: dict) -> str:
    """The table of the clock: what runs when, in order, and what to drop when late."""
    words = {"prediction": "ask", "blank": "blank", "explorer": "explore", "figure": "figure"}
    rows = ["| at minute | section | in this order | not here by then? drop |", "|:--|:--|:--|:--|"]
    for place, at in enumerate(marks(sections, lesson.minutes[0])):
        if place == len(sections):
            rows.append(f"| {at} | questions of the room, until {at + QUESTIONS} | | |")
            break
        section = sections[place]
        order = [words[kind] for kind, _ in section.items if kind in words]
        name, drop = section.heading, spare(sections[place:], lesson, explorers)
        rows.append(
            f"| {at} | {'The question' if place == 0 else name} | "
            f"{', '.join(order) or 'read and talk'} | {drop if place else ''} |"
        )
    return "\n".join(rows)


def teaching_of(section: Section, before: list[Section], lesson, page: str) -> str:
    """What to do and say in a section, in running order; ``page`` is what stands before it."""
    explorers = explorers_of(lesson)
    lines = [f"**{section.heading}**\n"]
    asked = section.held("prediction") + section.held("blank")
    scene, known = flat(section.scene), [*before, Section("", noted=[section.scene])]
    if asked and scene:
        lines.append(f"* **Set the scene:** {start_of(scene, SCENE)}")
    for kind, name in section.items:
        told = "\n".join([page, *lines])
        if kind == "prediction":
            prediction = lesson.predictions[name]
            words = meant(" ".join([prediction.question, *prediction.options]), known)
            lines.append(asking(prediction, [said for said in words if said not in told]))
        elif kind == "blank":
            exercise = lesson.exercises[name]
            words = meant(f"{exercise.title} {exercise.task}", [*known, section])
            lines.append(doing(exercise, [said for said in words if said not in told]))
        elif kind == "explorer":
            lines.append(exploring(explorers[name], section.answers.get(name, "")))
        elif kind == "figure":
            lines.append(f"* **Show:** {name}")
        elif kind == "printed":
            lines.append(f"* **Run:** it prints {name}")
        elif kind == "said" and (reasons := start_of(flat(name), SAID)):
            lines.append(f"* **Say:** {reasons}")
    end = comes_to(section, lesson)
    if end:
        lines.append(f"* **It comes to:** {end}")
    return "\n".join(lines)


def page(lesson) -> str:
    """The teacher's page of one lesson."""
    notebook = nbformat.read(FOLDER / f"{lesson.notebook}.ipynb", as_version=4)
    sections, homework = on_slides(notebook)
    explorers, minutes = explorers_of(lesson), lesson.minutes[0]
    first, *body = sections
    last = next(section for section in body if section.heading.endswith(LAST))
    blocks = []
    for place, section in enumerate(body):
        if section is not last:
            blocks.append(teaching_of(section, body[:place], lesson, "\n".join(blocks)))
    parts = [
        f"## {lesson.number} {lesson.title}",
        f"*{lesson.question}* {minutes} minutes of class, and {QUESTIONS} for questions. "
        f"[The notebook]({lesson.notebook}.ipynb). Know first: {lesson.needs or 'nothing'}. "
        f"It covers {of_lecture(lesson.sources)}.",
        plan([first, *body], lesson, explorers),
        *blocks,
        "**The answer of the lesson**\n\n" + final(last),
    ]
    if homework:
        titles = "; ".join(named(lesson.exercises[name]) for name in homework)
        parts.append(f"**Homework:** {titles}.")
    return "\n\n".join(parts)


def final(section: Section) -> str:
    """The first paragraph of the lesson's summary, or its list."""
    first = section.noted[0].split("\n\n")[0]
    lines = [flat(line.removeprefix("* ")) for line in re.split(r"\n(?=\* )", first)]
    return lines[0] if len(lines) == 1 else "\n".join(f"* {line}" for line in lines)


HEAD = f"""# For the teacher

**To start, in five lines.**

1. *Install and open:* `make lab` in the folder of the course (Linux, macOS; Python 3.11 or newer; \
the first time takes a few minutes and the network). Elsewhere: `pip install -e ".[lab]"`, then \
`python -m lecture_utils`. It opens your own copy of the notebooks in the browser.
2. *Before the class:* open the notebook, *Run › Run All Cells*. Nothing stops: a blank says \
“not attempted yet”, a prediction waits for its answer, and outputs that would give the answer \
away stay covered until you commit or ask for them.
3. *Slides:* press *slides* in the notebook's toolbar. → or Page Down (a clicker too) goes on, \
← or Page Up back, *n* opens notes and a clock in a second window, *o* shows all slides, *c* the \
code of this one, *b* darkens, Escape goes back to the notebook. Cards and explorers stay live.
4. *Commit for the room:* ask for hands, choose the answer of most, press *Commit*. The card says \
what is right and why; what was measured is on the next slide.
5. *Without laptops* that is all, and at a blank the room dictates what you type. *With laptops* \
all open their own copy as in line 1, commit for themselves, and have four minutes for each blank \
and each explorer.

**How to read a page.** The table is the clock: where each section begins, what comes in it and in \
which order, and what to drop if you are not there by then. It fills the minutes of the class; \
{QUESTIONS} more are for questions. The marks are an estimate from what is on the slides, not \
measured in your room. **Ask** comes before anything runs; the options are what the room will \
say, each with the sentence to answer it, and the right one has a ✔. **Show** says in words what a \
figure shows, **Run** what the committed run of a cell prints (numbers after ≈ differ a little on \
your machine), **Say** how the text of the slide or of its notes begins, **It comes to** \
is the notebook's own sentence. “…” stands for a number that the run \
fills in. S and a number is a slide of the lecture *Optimization* (Hung-yi Lee), N and a number a \
section of its note *What to do if my network fails to train*.

**The answers of the room.** With laptops, everyone presses *Export* on the page of progress in \
notebook 00 and hands in `my_answers.json`; with all of these files in one folder

```
python -m lecture_utils tally folder
```

draws what the room predicted, question by question (`room.png`), and writes the table beside it \
(`room.md`). No account and no network is needed.

"""


def teaching() -> str:
    """The text of TEACHING.md."""
    return HEAD + "\n\n".join(page(lesson) for lesson in all_lessons()) + "\n"
