"""Nothing of the lecture is left out, and what is made from the lessons is up to date."""

from __future__ import annotations

import re

import execute
import nbformat
import pages

from lecture_utils.lessons import all_lessons

SOURCES = [f"S{n}" for n in range(1, 75)]
SOURCES += ["N1", "N2", "N3", "N3.1", "N3.2", "N3.2.1", "N3.2.2", "N3.2.3"]


def headings(path):
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return re.findall(r"^#{1,3} (.+?)\s*$", text, re.MULTILINE)


def test_every_lesson_has_its_notebook_and_every_notebook_its_lesson():
    assert [lesson.notebook for lesson in all_lessons()] == [p.stem for p in execute.NOTEBOOKS]


def test_a_title_cell_says_what_the_map_says():
    for lesson in all_lessons():
        title = nbformat.read(pages.FOLDER / f"{lesson.notebook}.ipynb", as_version=4).cells[0]
        text, (minutes, alone) = title.source, lesson.minutes
        assert text.startswith(f"# {lesson.number} · {lesson.title}"), lesson.notebook
        assert re.search(rf"\b{minutes} min", text), f"{lesson.notebook}: {minutes} min of class"
        assert re.search(rf"\b{alone}\b[^.]*alone", text), f"{lesson.notebook}: {alone} min alone"
        for part in lesson.sources.split(", "):
            section = part.replace("N", "section ")  # of the note: both are said
            assert part in text or section in text, f"{lesson.notebook} does not cover {part}"


def test_every_slide_and_section_is_covered_by_a_heading_that_exists():
    covered = [row for lesson in all_lessons() for row in lesson.covers]
    assert set(SOURCES) <= {row.source for row in covered}
    assert all(row.idea.strip() for row in covered)
    for lesson in all_lessons():
        there = headings(pages.FOLDER / f"{lesson.notebook}.ipynb")
        lost = [row for row in lesson.covers if row.heading not in there]
        assert not lost, f"{lesson.notebook} has no heading for {lost}"


def test_what_is_made_is_up_to_date():
    advice = "run `make pages`"
    text, _ = pages.scorecard()
    assert (pages.FOLDER / "SCORECARD.md").read_text(encoding="utf-8") == text, advice
    assert (pages.FOLDER / "coverage.csv").read_text(encoding="utf-8") == pages.coverage(), advice
    assert (pages.ROOT / "README.md").read_text(encoding="utf-8") == pages.readme(), advice
    notebook = nbformat.read(pages.FOLDER / "00_start_here.ipynb", as_version=4)
    before = [cell.source for cell in notebook.cells]
    pages.start_here(notebook)
    assert [cell.source for cell in notebook.cells] == before, advice
    for path, png in pages.pictures().items():
        assert path.read_bytes() == png, f"{path.name}: {advice}"


def test_a_recorded_seed_names_claims_of_its_notebook():
    for path in execute.NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        ids = {row["id"] for row in pages.findings(notebook)}
        for moved in pages.seeds_of(path, notebook).values():
            assert set(moved) <= ids


def test_seeds_are_told_as_spans():
    assert pages.spans({0, 1, 2, 5, 7, 8}) == "0–2, 5, 7–8"
