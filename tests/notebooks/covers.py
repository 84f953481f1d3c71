"""Which cells answer a prediction: they carry the tag `answers-NAME`, which `make pages` writes.

A prediction covers what comes after it, from the first thing shown on, to the next heading or the
next question; the last one also covers "The answer" of the lesson.  One before which nothing is
shown waits for the next section; "the picture follows in section 2" waits for that one.
JupyterLab (covers.js) and the book read the tags and know no
rule.

Where it is committed, JupyterLab writes it above the output that answers it: the first that is
covered, claims and notes of progress apart, or the one that an author has tagged `shows-NAME`.
"""

from __future__ import annotations

import re

TAG, SHOWS = "answers-", "shows-"
LAST = "## The answer"
ASKS = re.compile(r"^lesson\.predict\(\"(\w+)\"", re.MULTILINE)
_CHECKS = re.compile(r"^lesson\.check\(", re.MULTILINE)
_KEEP = re.compile(r"[Cc]ommit now; the picture follows in section (\d+)")
_HEADING = re.compile(r"#{2,4} (?:(\d+)\.)?")


def answers(notebook) -> list[tuple[str, ...]]:
    """For each cell the predictions that it would answer."""
    found: list[tuple[str, ...]] = []
    waiting: list[str] = []
    later: dict[str, list[str]] = {}
    covering: tuple[str, ...] = ()
    for cell in notebook.cells:
        code = cell.cell_type == "code"
        heading = None if code else _HEADING.match(cell.source)
        asked = ASKS.findall(cell.source) if code else []
        if heading:
            if not cell.source.startswith(LAST):  # which tells the last prediction's answer too
                covering = ()
            waiting += later.pop(heading[1], [])
        elif not code and (kept := _KEEP.search(cell.source)):
            later.setdefault(kept[1], []).extend(waiting)
            waiting = []
        if asked:
            covering = ()
            waiting += asked
        elif waiting and not covering and _tells(cell):
            covering, waiting = tuple(waiting), []
        found.append(covering)
    return found


def _tells(cell) -> bool:
    """Whether it shows something that may be an answer: no note of progress, and no card."""
    if cell.cell_type == "markdown":
        return cell.source.startswith("**Look")
    said = [o.get("data", {}).get("text/plain", "") for o in cell.get("outputs", [])]
    return not all(t.startswith("Progress") for t in said) and not _CHECKS.search(cell.source)


def tag(notebook) -> None:
    """Give each cell its tags, in place; other tags stay."""
    for cell, names in zip(notebook.cells, answers(notebook), strict=True):
        others = [t for t in cell.metadata.get("tags", []) if not t.startswith(TAG)]
        cell.metadata.pop("tags", None)
        if tags := [*others, *(f"{TAG}{name}" for name in names)]:
            cell.metadata["tags"] = tags
