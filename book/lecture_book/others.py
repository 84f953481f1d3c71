"""The pages beside the lessons: contents, glossary, what stands elsewhere, progress."""

from __future__ import annotations

import html
import json
import re
import tomllib
from pathlib import Path

from docutils.nodes import make_id
from PIL import Image

from lecture_utils.studio.lesson import Lesson

from .lessons import link
from .packing import FOLDER
from .wording import for_readers, in_book

__all__ = [
    "PROGRESS",
    "contents",
    "course",
    "first_explorer",
    "glossary",
    "guide",
    "notebooks",
    "read",
    "slug",
    "tasks",
    "teaching",
    "words",
]

PROGRESS = """# Your page

What you predict, mark as solved and reach in the explorers is kept in this browser and sent to
nobody. *Export* writes it to a file, in the form in which the notebooks keep it, for you or to
hand in. *Import* reads such a file and adds it to what is here: so your answers go from a laptop
to a telephone. *Forget all* asks twice.

```{raw} html
<div class="lu-progress"><noscript>This page needs JavaScript.</noscript></div>
```

A browser that keeps nothing for pages opened from disk (in a private window, say) forgets your
answers when the page is closed.
"""


# The explorer of the first page, and the lesson that its goal is counted for.
_FIRST, _ITS_LESSON = "01-Newton", "01_hessian_review"


def first_explorer(recordings: Path) -> str:
    """The explorer of the first page: alive where it was recorded, else its picture."""
    if not (recordings / f"{_FIRST}.js").is_file():
        return (
            '<figure class="lu-figure"><img class="dark-light" src="images/explorer.png" alt="An '
            "explorer: two paths on a loss surface from one start, one to a saddle, one to a "
            'minimum."></figure>'
        )
    report = json.loads(read(recordings / f"{_FIRST}.json"))
    with Image.open(recordings / f"{_FIRST}.webp") as picture:
        width, height = picture.size
    return (
        f'<div class="lu-lesson" data-lesson="{_ITS_LESSON}"></div>\n'
        f'<figure class="lu-explorer" data-explorer="{_FIRST}" '
        f'data-script="recordings/{_FIRST}.js"><img class="dark-light" '
        f'src="recordings/{_FIRST}.webp" alt="{html.escape(report["alt"])}" width="{width}" '
        f'height="{height}"></figure>'
    )


def course(project: str) -> str:
    """How to come by the course, from what pyproject.toml says of its address."""
    address = tomllib.loads(project)["project"].get("urls", {}).get("Repository", "")
    newest = f", or as it is today from <{address}>" if address else ""
    return (
        "[The notebooks](notebooks.md) come with this book, in one file with what belongs to them"
        f"{newest}; in its folder `make lab` (or `python -m lecture_utils`) opens them in "
        "JupyterLab, with Python 3.11 or newer."
    )


_NOTEBOOKS = f"""# The notebooks

Each lesson of this book is also a **notebook**: the same text and pictures, with code that you can
change and run, exercises that check your lines, and explorers that take every value. A notebook is
a file for *JupyterLab*, a program that runs on a computer with Python. A browser alone shows
nothing but the raw text of it, and a telephone cannot run it.

## 1. Take the course

<a href="notebooks/course.zip" download>course.zip</a> (SIZE MB) holds all ten notebooks and what
belongs to them. Save it and unpack it: that makes a folder `{FOLDER}`.NEWEST

## 2. Open it

Open a terminal in that folder. On Linux or macOS with Python 3.11 or newer:

```
make lab
```

On Windows, or wherever there is conda:

```
conda env create -f environment.yml
conda activate lecture
python -m lecture_utils
```

Or, with pip alone, in a virtual environment: `pip install -e ".[lab]"`, then
`python -m lecture_utils`.

The first time this fetches what Python lacks, which takes one to five minutes and needs the
network; after that it starts in seconds, without it. JupyterLab opens with a copy of the notebooks
that is yours. Begin with `00_start_here.ipynb`; *Shift + Enter* runs a cell.

## One notebook alone

For somebody who has the course already, or works on a server that has it: each file holds one
notebook. Opened where there is no course, its first cell says so.

| lesson | notebook |
|:--|:--|
ROWS
"""


def notebooks(lessons: list[Lesson], folder: Path, project: str) -> str:
    """The page that every link to a notebook leads to: what it is, how to open it, the files.

    Args:
        lessons: those in the book.
        folder: where the files are.
        project: the text of pyproject.toml.
    """
    address = tomllib.loads(project)["project"].get("urls", {}).get("Repository", "")
    newest = f" As it is today it is at <{address}>." if address else ""
    rows = (
        f'| <a href="{lesson.notebook}.html">{lesson.number} {lesson.title}</a> '
        f'| <a href="notebooks/{lesson.notebook}.zip" download>{lesson.notebook}.zip</a> |'
        for lesson in lessons
    )
    size = f"{(folder / 'course.zip').stat().st_size / 1e6:.0f}"
    page = _NOTEBOOKS.replace("SIZE", size).replace("NEWEST", newest)
    return page.replace("ROWS", "\n".join(rows))


def contents(
    lessons: list[Lesson],
    template: str,
    built: set[str],
    others: list[str],
    living: str,
    project: str,
) -> str:
    """The first page: ``template`` with an explorer, the map, and the table of contents.

    Args:
        lessons: all of the course.
        template: book/index.md.
        built: the notebooks in the book.
        others: the pages to look up.
        living: the explorer, as HTML.
        project: the text of pyproject.toml.
    """
    rows = [
        "| lesson | its question | minutes: class, alone | know first |",
        "|:--|:--|:-:|:--|",
    ]
    for lesson in lessons:
        name = f"{lesson.number} {lesson.title}"
        name = f'<a href="{lesson.notebook}.html">{name}</a>' if lesson.notebook in built else name
        minutes = ", ".join(map(str, lesson.minutes))
        rows.append(f"| {name} | {lesson.question} | {minutes} | {lesson.needs or '–'} |")
    pages = "\n".join(lesson.notebook for lesson in lessons if lesson.notebook in built)
    template = template.replace("<!-- map -->", "\n".join(rows))
    template = template.replace("<!-- course -->", course(project))
    template = template.replace("<!-- explorer -->", f"```{{raw}} html\n{living}\n```")
    return template.replace("<!-- lessons -->", pages).replace("<!-- pages -->", "\n".join(others))


def glossary(text: str) -> str:
    """The glossary, its own links pointed at the book, and each word where its links lead."""

    def heading(found: re.Match) -> str:
        name = slug(found[1])
        return found[0] if name == make_id(found[1]) else f'{found[0]}\n<span id="{name}"></span>'

    text = _CHINESE.sub(r'\1<span lang="zh-Hant">\2 · </span>', link(in_book(text)))
    return re.sub(r"^### (.+)$", heading, text, flags=re.MULTILINE)


# The first words of an entry; fonts and voices differ.
_CHINESE = re.compile(r"^(### .+\n)([^·\n]+) · ", re.MULTILINE)


def slug(word: str) -> str:
    """The anchor of a heading as the notebooks write it."""
    return word.replace(" ", "-").replace("'", "")


def guide(file: Path) -> str:
    """A page of the repository as it stands, its links pointed at the book."""
    return link(for_readers(read(file)))


def teaching(file: Path) -> str:
    """The page for the teacher, and in front what is otherwise where the book is shown."""
    title, rest = link(read(file)).split("\n", 1)
    return f"{title}\n\n{_FROM_THE_BOOK}\n{rest}"


_FROM_THE_BOOK = """**From this book alone**, without a notebook, you teach in the browser: show the
lesson's page, ask the room at each question before you press *Commit* (what answers it is covered
until then), play the explorers where they stand, and let the blanks be; what follows is written for
who shows the notebook as slides, and its clock and its questions serve you as well.
"""

_ENTRY = re.compile(r"^### (.+)\n(.+)$", re.MULTILINE)


def words(text: str) -> str:
    """The glossary as a script: anchor -> [word, definition], for the definitions on hover."""
    found = {slug(word): [word, _told(told)] for word, told in _ENTRY.findall(text)}
    return f"window.luWords = {json.dumps(found, ensure_ascii=False)};\n"


def _told(definition: str) -> str:
    """An entry as HTML, its Chinese marked as such: fonts and voices differ."""
    text = re.sub(r"\*(.+?)\*", r"<i>\1</i>", html.escape(definition, quote=False))
    chinese, _, english = text.partition(" · ")
    return f'<span lang="zh-Hant">{chinese} · </span>{english}'


def tasks(lessons: list[Lesson], asked: dict[str, dict[str, list[str]]]) -> str:
    """What there is to be done, as a script: the page of progress counts it."""
    rows = [
        {
            "notebook": lesson.notebook,
            "title": f"{lesson.number} {lesson.title}",
        }
        | asked[lesson.notebook]
        for lesson in lessons
        if lesson.notebook in asked
    ]
    return f"window.luTasks = {json.dumps(rows, ensure_ascii=False)};\n"


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
