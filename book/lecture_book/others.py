"""The pages beside the lessons: contents, glossary, what stands elsewhere, progress."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

from docutils.nodes import make_id

from lecture_utils.studio.lesson import Lesson

from .lessons import link

__all__ = ["PROGRESS", "contents", "glossary", "guide", "read", "slug", "tasks", "words"]

PROGRESS = """# Your page

What you predict, mark as solved and reach in the explorers is kept in this browser and sent to
nobody. *Export* writes it to a file, in the form in which the notebooks keep it, for you or to
hand in; *Forget all* asks twice.

```{raw} html
<div class="lu-progress"><noscript>This page needs JavaScript.</noscript></div>
```

A browser that keeps nothing for pages opened from disk (in a private window, say) forgets your
answers when the page is closed.
"""


def contents(lessons: list[Lesson], template: str, built: set[str], others: list[str]) -> str:
    """The first page: ``template`` with the map of the course, and the table of contents."""
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
    return template.replace("<!-- lessons -->", pages).replace("<!-- pages -->", "\n".join(others))


def glossary(text: str) -> str:
    """The glossary, its own links pointed at the book, and each word where its links lead."""

    def heading(found: re.Match) -> str:
        name = slug(found[1])
        return found[0] if name == make_id(found[1]) else f'{found[0]}\n<span id="{name}"></span>'

    return re.sub(r"^### (.+)$", heading, link(text), flags=re.MULTILINE)


def slug(word: str) -> str:
    """The anchor of a heading as the notebooks write it."""
    return word.replace(" ", "-").replace("'", "")


def guide(file: Path) -> str:
    """A page of the repository as it stands, its links pointed at the book."""
    return link(read(file))


_ENTRY = re.compile(r"^### (.+)\n(.+)$", re.MULTILINE)


def words(text: str) -> str:
    """The glossary as a script: anchor -> [word, definition], for the definitions on hover."""
    found = {slug(word): [word, _told(told)] for word, told in _ENTRY.findall(text)}
    return f"window.luWords = {json.dumps(found, ensure_ascii=False)};\n"


def _told(definition: str) -> str:
    """An entry as HTML, its Chinese marked as such: fonts and voices differ."""
    text = re.sub(r"\*(.+?)\*", r"<i>\1</i>", html.escape(definition, quote=False))
    chinese, _, english = text.partition(" · ")
    return f'<span lang="zh-Hant">{chinese}</span> · {english}'


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
