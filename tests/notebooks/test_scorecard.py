"""Nothing of the lecture is left out, and the scorecard says what the notebooks say."""

from __future__ import annotations

import csv
import re

import execute
import nbformat
import pytest
import scorecard

SOURCES = [f"S{n}" for n in range(1, 75)]
SOURCES += ["N1", "N2", "N3", "N3.1", "N3.2", "N3.2.1", "N3.2.2", "N3.2.3"]
with (scorecard.FOLDER / "coverage.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
PATHS = {path.stem: path for path in execute.NOTEBOOKS}


def headings(path):
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return re.findall(r"^#{1,3} (.+?)\s*$", text, re.MULTILINE)


def test_every_slide_and_section_is_covered_once_or_more():
    assert set(SOURCES) == {row["source"] for row in ROWS}
    assert all(row["idea"].strip() for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['source']}-{row['notebook']}")
def test_a_row_points_to_a_heading_that_exists(row):
    assert row["notebook"] in PATHS, f"no notebook {row['notebook']}"
    assert row["section"] in headings(PATHS[row["notebook"]])


def test_the_scorecard_is_what_the_ledgers_say():
    text, headline = scorecard.page()
    assert scorecard.PAGE.read_text(encoding="utf-8") == text, "run `make scorecard`"
    assert scorecard.README.read_text(encoding="utf-8") == scorecard.readme(headline)


def test_a_recorded_seed_names_claims_of_its_notebook():
    for path in execute.NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        claims = {row["claim"] for row in scorecard.ledger(notebook)}
        for moved in scorecard.seeds_of(path, notebook).values():
            assert set(moved) <= claims


def test_seeds_are_told_as_spans():
    assert scorecard.spans({0, 1, 2, 5, 7, 8}) == "0–2, 5, 7–8"
