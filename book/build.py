"""Build the book: the committed notebooks, unexecuted, to pages that open from disk.

    python book/build.py                      # all lessons, with a PDF each where Chromium is found
    python book/build.py --only 01 --no-pdf   # one lesson

The pages are written as Markdown into _build/source, and Sphinx makes _build/html of them.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

from lecture_book import chromium, instruments, others, packing, printing, search, site
from lecture_book.lessons import Page, own_texts
from lecture_book.pictures import Pictures
from sphinx.cmd.build import build_main

from lecture_utils.lessons import all_lessons, explorers_of

BOOK = Path(__file__).resolve().parent
ROOT = BOOK.parent
NOTEBOOKS = ROOT / "notebooks"
PAGES = {  # to look up, in the order of the table of contents: name -> what makes its text
    "glossary": lambda: others.glossary(others.read(NOTEBOOKS / "GLOSSARY.md")),
    "references": lambda: others.guide(NOTEBOOKS / "REFERENCES.md"),
    "scorecard": lambda: others.guide(NOTEBOOKS / "SCORECARD.md"),
    "instruments": lambda: others.guide(ROOT / "INSTRUMENTS.md"),
    "reference": instruments.reference,
    "teaching": lambda: others.teaching(NOTEBOOKS / "TEACHING.md"),
    "progress": lambda: others.PROGRESS,
    "notebooks": None,  # from the files that are packed: write_pages
}


def write_pages(source: Path, only: set[str], recordings: Path, kept: Path, pdf: bool) -> list[str]:
    """Write everything that Sphinx reads; the notebooks in the book, by name."""
    extra = source / "_extra"
    pictures = Pictures(extra / "pictures", kept)
    packed = extra / "notebooks"
    packed.mkdir(parents=True)
    lessons = all_lessons()
    chosen = [lesson for lesson in lessons if not only or lesson.number in only]
    if unknown := only - {lesson.number for lesson in lessons}:
        raise SystemExit(f"--only names no lesson: {', '.join(sorted(unknown))}; use 00 to 09.")
    asked, own = {}, own_texts(others.read(BOOK / "instead.md"))
    for lesson in chosen:
        path = NOTEBOOKS / f"{lesson.notebook}.ipynb"
        said = own.get(lesson.notebook, {})
        page = Page(lesson, json.loads(others.read(path)), pictures, recordings, pdf, said)
        _write(source / f"{lesson.notebook}.md", page.markdown())
        packing.notebook(path, packed)
        explorers = explorers_of(lesson)
        shown = [cell.explorer.partition("-")[2] for cell in page.cells if cell.explorer]
        asked[lesson.notebook] = {
            "predictions": [cell.predicts for cell in page.cells if cell.predicts],
            "exercises": [cell.checks for cell in page.cells if cell.checks],
            "goals": [name for name in shown if not explorers[name].aim_searches],
        }
    built = {lesson.notebook for lesson in chosen}
    template = others.read(BOOK / "index.md")
    living = others.first_explorer(recordings)
    project = others.read(ROOT / "pyproject.toml")
    index = others.contents(lessons, template, built, [*PAGES], living, project)
    _write(source / "index.md", index)
    packing.course(ROOT, packed)
    for name, text in PAGES.items():
        told = text() if text else others.notebooks(chosen, packed, project)
        _write(source / f"{name}.md", told)
    static = extra / "_static"
    static.mkdir()
    _write(static / "words.js", others.words(others.read(NOTEBOOKS / "GLOSSARY.md")))
    _write(static / "tasks.js", others.tasks(lessons, asked))
    site.bring_mathjax(static)
    shutil.copytree(NOTEBOOKS / "images", extra / "images")
    if recordings.is_dir():
        shutil.copytree(recordings, extra / "recordings")
        for name in ("recorded.js", "recorded.css"):
            if (ROOT / "lecture_utils" / "studio" / name).is_file():
                shutil.copy(ROOT / "lecture_utils" / "studio" / name, static / name)
    return sorted(built)


def build(out: Path, only: set[str], recordings: Path, pdf: bool) -> Path:
    """The site under ``out``/html."""
    source, html = out / "source", out / "html"
    for folder in (source, html):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    pdf = pdf and chromium.missing() is None
    built = write_pages(source, only, recordings, out / "pictures", pdf)
    arguments = [
        "-q",
        "-E",
        "-W",
        "--keep-going",
        "-b",
        "html",
        "-c",
        str(BOOK),
        "-d",
        str(out / "doctrees"),
    ]
    arguments += ["-D", f"html_extra_path={source / '_extra'}"]
    if recordings.is_dir():
        arguments += ["-A", "explorers=1"]
    if build_main([*arguments, str(source), str(html)]):
        raise SystemExit("Sphinx could not build the book for the reason above.")
    site.trim(html)
    _write(html / "_static" / "sections.js", search.index(html))
    if pdf:
        printing.print_lessons(html, built)
    return html


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the book.")
    parser.add_argument("--only", nargs="*", default=[], help="lessons by number, such as 01 05")
    parser.add_argument("--out", type=Path, default=BOOK / "_build")
    parser.add_argument("--recordings", type=Path, help="the folder of recorded explorers")
    parser.add_argument("--no-pdf", action="store_true", help="print no PDF")
    given = parser.parse_args()
    recordings = given.recordings or given.out / "recordings"
    html = build(given.out.resolve(), set(given.only), recordings.resolve(), not given.no_pdf)
    print(f"The book is in {html}: open {html / 'index.html'}.")


if __name__ == "__main__":
    main()
