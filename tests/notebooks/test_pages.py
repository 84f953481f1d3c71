"""Nothing of the lecture is left out, and what is made from the lessons is up to date."""

from __future__ import annotations

import re

import alone
import execute
import nbformat
import pages
from findings import texts, verdicts

from lecture_utils.lessons import all_lessons
from lecture_utils.studio.claims import VERDICTS

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


def sections(path) -> dict[str, list]:
    """Heading -> the cells below it, up to the next heading that is not smaller."""
    found, open_ = {}, []  # open_: (level, cells) of the headings we are under
    for cell in nbformat.read(path, as_version=4).cells:
        told = cell.source if cell.cell_type == "markdown" else ""
        for marks, heading in re.findall(r"^(#{1,4}) (.+?)\s*$", told, re.MULTILINE):
            open_ = [(level, cells) for level, cells in open_ if level < len(marks)]
            open_.append((len(marks), found.setdefault(heading, [])))
        for _, cells in open_:
            cells.append(cell)
    return found


TITLES = {"S1", "S28", "S36", "S56", "N3"}  # slides and a section that are nothing but titles
# What some slides hold is neither claimed nor drawn: idea -> what its section then has.
OTHERWISE = {
    "references": "**Further reading.**",
    "the outline": "<!-- map -->",
    "concluding remarks": "Page()",
    "what is known": "Page()",
    "spin glasses": "\n| 7 |",  # the table of the seven assumptions
}


def delivered(row, cells) -> bool:
    """Whether a section holds a claim, an explorer or a figure, or what the idea else needs."""
    needed = [text for idea, text in OTHERWISE.items() if row.idea.startswith(idea)]
    if needed:
        return any(needed[0] in cell.source for cell in cells)
    shown = [text for cell in cells for text in texts(cell)]
    claimed = any(cell.cell_type == "code" and "lesson.claim(" in cell.source for cell in cells)
    return claimed or any(text.startswith(("Explorer: ", "Figure: ")) for text in shown)


def test_a_section_delivers_what_it_is_said_to_cover():
    for lesson in all_lessons():
        there = sections(pages.FOLDER / f"{lesson.notebook}.ipynb")
        title = next(iter(there))
        for row in lesson.covers:
            where = f"{lesson.notebook}, {row.heading!r}: {row.source}"
            assert row.heading != title or row.source in TITLES, f"{where} needs a section"
            assert delivered(row, there[row.heading]), f"{where} is neither claimed nor shown"


def test_what_is_made_is_up_to_date():
    advice = "run `make pages`"
    text, _ = pages.scorecard()
    assert (pages.FOLDER / "SCORECARD.md").read_text(encoding="utf-8") == text, advice
    assert (pages.FOLDER / "coverage.csv").read_text(encoding="utf-8") == pages.coverage(), advice
    assert (pages.ROOT / "README.md").read_text(encoding="utf-8") == pages.readme(), advice
    for stored in execute.NOTEBOOKS:
        notebook = nbformat.read(stored, as_version=4)
        again = nbformat.read(stored, as_version=4)
        alone.lay(again)
        if stored.stem == "00_start_here":
            pages.start_here(again)
        assert again == notebook, f"{stored.name}: {advice}"
    for path, png in pages.pictures().items():
        assert path.read_bytes() == png, f"{path.name}: {advice}"


def test_a_recorded_seed_names_claims_of_its_notebook():
    for path in execute.NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        ids = {row["id"] for row in pages.findings(notebook)}
        for moved in pages.seeds_of(path, notebook).values():
            assert set(moved) <= ids


def test_a_claim_says_what_the_fresh_seeds_gave():
    """`fresh` of every claim is what the record holds, as long as that is of the present code."""
    for lesson in all_lessons():
        notebook = nbformat.read(pages.FOLDER / f"{lesson.notebook}.ipynb", as_version=4)
        seeds = pages.seeds_of(pages.FOLDER / f"{lesson.notebook}.ipynb", notebook)
        if any(seed in pages.FRESH for seed in seeds):
            for name, here in verdicts(notebook).items():
                told = pages.fresh_verdicts(seeds, name, here)
                assert lesson.declared[name].fresh == told, f"{lesson.notebook}: {name}"


def test_seeds_are_told_as_spans():
    assert pages.spans({0, 1, 2, 5, 7, 8}) == "0–2, 5, 7–8"


def test_fresh_seeds_are_counted_apart():
    hill = {"hill": "open"}
    seeds = {0: {}, 1: hill, 2: {}, 1000: {}, 1001: hill, 1002: hill}
    assert pages.stood(seeds, "hill", fresh=False) == "2 of 3 (not 1)"
    assert pages.stood(seeds, "hill", fresh=True) == "1 of 3 (not 1001–1002)"
    assert pages.stood(seeds, "valley", fresh=True) == "3 of 3"
    assert pages.fresh_verdicts(seeds, "hill", "confirmed") == "1 confirmed, 2 open"
    assert pages.fresh_verdicts(seeds, "valley", "confirmed") == ""
    assert pages.stood({0: {}}, "hill", fresh=True) == "not run"


def test_every_verdict_says_how_it_is_reached():
    assert list(pages.MEANING) == list(VERDICTS)
    text, headline = pages.scorecard()
    lecture, ours = map(int, re.search(r"(\d+) of the lecture and (\d+) of its own", text).groups())
    rows = re.findall(r"^\| \S \D+ \| .+ \| (\d+) \| (\d+) \|$", text, re.MULTILINE)
    assert [sum(map(int, column)) for column in zip(*rows, strict=True)] == [lecture, ours]
    assert f"**{lecture + ours} claims**" in headline
