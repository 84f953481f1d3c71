"""A notebook becomes a page: Markdown as it stands, and around the code what a reader needs.

What is covered until a prediction is committed the cells say by their tags `answers-NAME`
(tests/notebooks/covers.py).  A page is read in any order, so that here also what sums up is covered
until all is committed that was asked before it: summaries, claims elsewhere, the table of claims.
What speaks to somebody in JupyterLab the cells say by `notebook-only`: it stands in a closed fold,
and before it what the book says in its place (book/instead.md).  A "notebook" is a "lesson" here.
"""

from __future__ import annotations

import ast
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote

from lecture_utils.studio.lesson import Lesson

from . import cards
from .explorers import explorers_shown
from .pictures import Pictures
from .wording import in_book

__all__ = ["NOTEBOOK_ONLY", "Cell", "Page", "cells_of", "link", "own_texts"]

NOTEBOOK_ONLY = "notebook-only"
_ASKS = re.compile(r"^lesson\.(predict|check)\(\"(\w+)\"", re.MULTILINE)
_HEADING = re.compile(r"#{1,4} ")
_SUMS = re.compile(r"#{2,3} (?:\d+\. )?(?:Summary|The answer)\b")
_LEADS_ON = re.compile(r"\n\n(?=\*\*(?:Next|Before|Further reading))")
_CLAIMS = re.compile(r"^lesson\.claims?\(", re.MULTILINE)


@dataclass
class Cell:
    """A cell of a notebook, and what it does for a reader."""

    source: str
    markdown: bool
    hidden: bool = False
    outputs: list[dict] = field(default_factory=list)
    predicts: str = ""  # the prediction or the exercise that it shows
    checks: str = ""
    covered_by: tuple[str, ...] = ()  # its outputs are covered until these are committed
    shown_first: bool = False  # only the outputs are covered: the code may be read before
    sums: bool = False  # it sums up what these ask, and stands elsewhere
    explorer: str = ""  # the name of the one that it shows
    id: str = ""
    notebook_only: bool = False  # it speaks to somebody in JupyterLab

    @property
    def shown(self) -> list[dict]:
        """Its outputs without notes of progress and without the question itself."""
        asks = self.predicts or self.checks
        return [
            output
            for output in self.outputs
            if not (asks and "text/markdown" in output.get("data", {}))
            and not _text(output.get("data", {}).get("text/plain", "")).startswith("Progress")
        ]


def cells_of(notebook: dict) -> list[Cell]:
    """The cells of a notebook (its JSON), in order, with what covers them."""
    cells: list[Cell] = []
    asked: list[str] = []  # the predictions so far
    summing = False  # inside a summary
    for raw in notebook["cells"]:
        if raw.get("id") == "alone":  # it fetches the course, for a notebook that has none
            continue
        source, told = _text(raw["source"]), raw["metadata"]
        markdown = raw["cell_type"] == "markdown"
        asks = {} if markdown else dict(_ASKS.findall(source))
        tags = told.get("tags", [])
        covering = tuple(t[8:] for t in tags if t.startswith("answers-"))
        only = NOTEBOOK_ONLY in tags
        before = cells[-1].covered_by if cells else ()
        if markdown and _HEADING.match(source):
            summing = bool(_SUMS.match(source))
        if markdown and summing and asked and not only:  # whatever the notebook covers of it
            cells += _summary(source, tuple(asked))
            summing = not _LEADS_ON.search(source)
            continue
        sums = bool(asked and not covering and not markdown and _CLAIMS.search(source))
        covering = tuple(asked) if sums else covering
        asked += [asks["predict"]] if "predict" in asks else []
        cells.append(
            Cell(
                source,
                markdown,
                bool(told.get("jupyter", {}).get("source_hidden")),
                raw.get("outputs", []),
                asks.get("predict", ""),
                asks.get("check", ""),
                covering,
                shown_first=not markdown and not only and not sums and covering != before,
                sums=sums,
                id=raw.get("id", ""),
                notebook_only=only,
            )
        )
    return cells


def _summary(source: str, asked: tuple[str, ...]) -> list[Cell]:
    """A summary in parts: its heading, what these predictions cover, and what leads on from it."""
    heading, _, rest = source.partition("\n") if _HEADING.match(source) else ("", "", source)
    body, *onward = _LEADS_ON.split(rest.strip(), maxsplit=1)
    parts = [
        Cell(heading, markdown=True),
        Cell(body, markdown=True, covered_by=asked, sums=True),
        *(Cell(text, markdown=True) for text in onward),
    ]
    return [part for part in parts if part.source]


class Page:
    """One lesson as Markdown for Sphinx.

    Args:
        lesson: what the lesson says of itself.
        notebook: the JSON of its notebook.
        pictures: where its pictures go.
        recordings: the folder with the recorded explorers; one that is not there stays a still.
        pdf: whether the page offers a PDF.
        own: what the book says in place of a cell that is only for the notebook, by its id.
    """

    def __init__(
        self,
        lesson: Lesson,
        notebook: dict,
        pictures: Pictures,
        recordings: Path,
        pdf: bool = True,
        own: Mapping[str, str] = MappingProxyType({}),
    ):
        self.lesson, self.pictures = lesson, pictures
        self.recordings, self.pdf = recordings, pdf
        self.own, self.cells = own, cells_of(notebook)
        if lost := [*own.keys() - {cell.id for cell in self.cells if cell.notebook_only}]:
            raise ValueError(
                f"book/instead.md has a text for {lost[0]!r} of {lesson.notebook}, which is no "
                f"cell with the tag {NOTEBOOK_ONLY!r} there: mend the id, or tag the cell."
            )
        sources = ["" if cell.markdown else cell.source for cell in self.cells]
        for place, name in explorers_shown(sources, lesson.number).items():
            self.cells[place].explorer = name
        self._count = 0

    def markdown(self) -> str:
        """The text of the page."""
        first, *rest = self.cells
        title, _, opening = first.source.partition("\n")
        parts = [title, _raw(self._start()), link(in_book(opening.strip()))]
        covering: tuple[tuple[str, ...], bool] = (), False
        for (cover, only), run in groupby(
            rest, lambda cell: ((cell.covered_by, cell.sums), cell.notebook_only)
        ):
            cells = [*run]
            if cover != covering:
                if covering[0]:
                    parts.append(_raw("</div>"))
                if cells[0].shown_first:
                    parts.append(self._code(cells[0]))
                if cover[0]:
                    looks = "lu-cover lu-sums" if cover[1] else "lu-cover"
                    parts.append(_raw(f'<div class="{looks}" data-for="{" ".join(cover[0])}">'))
                covering = cover
            parts += self._folded(cells) if only else self._shown(cells)
        if covering[0]:
            parts.append(_raw("</div>"))
        parts.append(self._end())
        return "\n\n".join(part for part in parts if part) + "\n"

    def _shown(self, cells: list[Cell]) -> list[str]:
        parts = []
        for cell in cells:
            if cell.markdown:
                text = cell.source if cell.notebook_only else in_book(cell.source)
                parts.append(link(text))
            else:
                parts += [*([] if cell.shown_first else [self._code(cell)]), *self._outputs(cell)]
        return parts

    def _folded(self, cells: list[Cell]) -> list[str]:
        """Cells for the notebook, and before them what the book says in their place."""
        return [
            *(link(self.own[cell.id]) for cell in cells if cell.id in self.own),
            _raw('<details class="lu-folded lu-elsewhere"><summary>Only in the notebook</summary>'),
            *self._shown(cells),
            _raw("</details>"),
        ]

    def _start(self) -> str:
        where = json.dumps(self.lesson.notebook)
        notebook = '<a href="notebooks.html">the notebook</a>'
        paper = f'<a href="pdf/{self.lesson.notebook}.pdf">a PDF to print</a>'
        return (
            f'<div class="lu-lesson" data-lesson={where}></div>\n'
            '<p class="lu-offers">The code on this page is there to be read: it has been run, and '
            "what it printed stands below it. Explorers and predictions answer here. Exercises "
            f"give their hints and solutions here; {notebook} checks your own lines. What you "
            'answer stays in this browser: <a href="progress.html">your page</a>.'
            + (f" The lesson is also there as {paper}." if self.pdf else "")
            + "</p>"
        )

    def _end(self) -> str:
        predicts = [self.lesson.predictions[c.predicts] for c in self.cells if c.predicts]
        checks = [self.lesson.exercises[c.checks] for c in self.cells if c.checks]
        if not predicts and not checks:
            return ""
        told = cards.answers(predicts, checks)
        return _raw(f'<div class="lu-print"><h2>Answers, hints, solutions</h2>{told}</div>')

    # --- cells ----------------------------------------------------------------------------------

    def _code(self, cell: Cell) -> str:
        source = cell.source.rstrip()
        if cell.markdown or not source or _only_shows(source):
            return ""
        if cell.predicts:  # the call that shows the card says nothing to a reader
            source = _ASKS.sub("", source).removesuffix(")").rstrip()
            return _fenced(source) if source else ""
        if cell.checks:
            source = re.sub(r"\n*^lesson\.check\(.*\)$", "", source, flags=re.MULTILINE).rstrip()
        setup = re.search(r"^SEED = ", source, re.MULTILINE)
        if not (cell.hidden or setup):
            return _fenced(source)
        name = "Set-up" if setup else "Code"
        return (
            _raw(f'<details class="lu-folded"><summary>{name}</summary>')
            + f"\n\n{_fenced(source)}\n\n"
            + _raw("</details>")
        )

    def _outputs(self, cell: Cell) -> list[str]:
        parts = [self._output(output, cell) for output in cell.shown]
        if cell.predicts:
            parts.append(_raw(cards.prediction(self.lesson, self._asked(cell.predicts))))
        if cell.checks:
            parts.append(_raw(cards.exercise(self.lesson, self.lesson.exercises[cell.checks])))
        return parts

    def _asked(self, name: str):
        return self.lesson.predictions[name]

    def _output(self, output: dict, cell: Cell) -> str:
        data = output.get("data", {})
        plain = _text(data.get("text/plain", ""))
        if output["output_type"] == "stream":
            return _raw(f'<pre class="lu-printed" tabindex="0">{_escaped(output["text"])}</pre>')
        if plain.startswith("Explorer: "):
            return self._explorer(output, cell)
        if "image/png" in data:
            return _raw(f'<figure class="lu-figure">{self._img(output)}</figure>')
        if "text/html" in data:
            return _raw(in_book(_unstyled(_text(data["text/html"]))))
        if plain.startswith("Your progress"):
            return _raw('<div class="lu-progress"></div>')
        return _raw(f'<pre class="lu-printed" tabindex="0">{_escaped(plain)}</pre>')

    def _img(self, output: dict) -> str:
        self._count += 1
        alt = html.escape(output["metadata"]["image/png"]["alt"])
        name = f"{self.lesson.number}-{self._count:02}"
        source, width, height = self.pictures.add(name, _text(output["data"]["image/png"]))
        return (
            f'<img class="dark-light" src="{source}" alt="{alt}" width="{width}" '
            f'height="{height}" loading="lazy" decoding="async">'
        )

    def _explorer(self, output: dict, cell: Cell) -> str:
        name = cell.explorer
        image = self._img(output)
        if (self.recordings / f"{name}.js").is_file():
            if (self.recordings / f"{name}.webp").is_file():
                image = re.sub(r'src="[^"]*"', f'src="recordings/{name}.webp"', image)
            where = f'data-explorer="{name}" data-script="recordings/{name}.js"'
            return _raw(f'<figure class="lu-explorer" {where}>{image}</figure>')
        told = (
            'A still picture: this explorer answers in <a href="notebooks.html">the notebook</a>.'
        )
        return _raw(f'<figure class="lu-still">{image}<figcaption>{told}</figcaption></figure>')


def _only_shows(source: str) -> bool:
    """Whether a cell is one call that shows something: the picture itself tells more."""
    statements = ast.parse(source).body
    if len(statements) != 1 or not isinstance(statements[0], ast.Expr):
        return False
    called = ast.unparse(getattr(statements[0].value, "func", statements[0].value))
    return called.startswith(("explorers.", "figures.", "lesson.claims", "progress_page"))


# --- text -----------------------------------------------------------------------------------------


def link(markdown: str) -> str:
    """The links of a notebook's text, pointed at the pages of the book."""
    # A heading is repeated in the page's contents, and cannot be a link itself.
    markdown = re.sub(
        r"^(#+) \[([^\[\]]+)\](\([\w.]+\))$", r"\1 \2\n\n[Open the lesson]\3", markdown, flags=re.M
    )
    markdown = re.sub(
        r"\[([^\[\]]+)\]\(GLOSSARY\.md#([^)]+)\)",
        lambda found: f'<a class="lu-term" href="{_page("GLOSSARY.md", found[2])}">{found[1]}</a>',
        markdown,
    )
    markdown = re.sub(
        r"\[([^\[\]]+)\]\((?:notebooks/)?([\w.]+\.(?:ipynb|md))(?:#([^)]+))?\)",
        lambda found: f'<a href="{_page(found[2], found[3])}">{found[1]}</a>',
        markdown,
    )
    return re.sub(
        r'href="(?:notebooks/)?([\w.]+\.(?:ipynb|md))(?:#([^"]+))?"',
        lambda found: f'href="{_page(found[1], found[2])}"',
        markdown,
    )


_OWN = re.compile(r"^<!-- (\w+) (\S+) -->\n(.*?)(?=^<!-- |\Z)", re.MULTILINE | re.DOTALL)


def own_texts(text: str) -> dict[str, dict[str, str]]:
    """What book/instead.md holds: notebook -> id of a cell -> the text in its place."""
    found: dict[str, dict[str, str]] = {}
    for notebook, cell, told in _OWN.findall(text):
        found.setdefault(notebook, {})[cell] = told.strip()
    return found


def _page(file: str, anchor: str | None) -> str:
    stem, _, kind = file.rpartition(".")
    page = stem if kind == "ipynb" else stem.lower()
    return f"{page}.html" + (f"#{unquote(anchor)}" if anchor else "")


def _raw(text: str) -> str:
    return f"``````````{{raw}} html\n{text}\n``````````"


def _fenced(code: str) -> str:
    return f"``````{{code-block}} python\n{code}\n``````"


def _unstyled(text: str) -> str:
    """HTML of an output, with classes in place of the styles that it carries in a notebook."""
    text = re.sub(r'<details style="border-left:5px solid (#\w+)[^"]*"',
                  r'<details class="lu-claim" style="--lu-verdict: \1"', text)  # fmt: skip
    text = re.sub(r'<(span|b) style="color:(#\w+)"',
                  r'<\1 class="lu-sign" style="--lu-verdict: \2"', text)  # fmt: skip
    text = re.sub(r'<(td|th|table)([^>]*?) style="[^"]*"', r"<\1\2", text)
    if "<table" in text:
        return f'<div class="lu-table" tabindex="0" role="region" aria-label="Table">{text}</div>'
    return text


def _escaped(text) -> str:
    return html.escape(_text(text).rstrip("\n"), quote=False)


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)
