"""What a notebook cites stands in the list of references, once, and its link is its number."""

from __future__ import annotations

import re

import execute
import nbformat

PAGE = execute.FOLDER / "REFERENCES.md"
NUMBER = re.compile(r"arXiv:((?:cond-mat/)?[\d.]*\d)")
ROWS = [
    row.strip("| ").split(" | ")
    for row in PAGE.read_text(encoding="utf-8").splitlines()
    if row.startswith("| ") and not row.startswith("| work")
]


def cited(path) -> set[str]:
    """The arXiv numbers in a notebook's text."""
    cells = nbformat.read(path, as_version=4).cells
    return {
        number
        for cell in cells
        if cell.cell_type == "markdown"
        for number in NUMBER.findall(cell.source)
    }


def test_every_cited_work_is_listed_with_its_notebook():
    notebooks = {}
    for _, link, numbers in ROWS:
        for number in NUMBER.findall(link):
            assert number not in notebooks, f"{number} is listed twice"
            notebooks[number] = numbers.split(", ")
    for path in execute.NOTEBOOKS:
        for number in cited(path):
            assert path.name[:2] in notebooks.get(number, []), f"{path.name} cites {number}"


def test_every_row_names_title_venue_and_year_and_leads_where_it_says():
    for work, link, _ in ROWS:
        assert re.search(r": \*[^*]+\*\. .*\b(19|20)\d\d\b", work), work
        found = re.fullmatch(r"\[arXiv:(.+)\]\(https://arxiv\.org/abs/(.+)\)", link)
        assert found is None or found[1] == found[2], link
        assert not re.search(r"\*\. (19|20)\d\d\.", work), f"no venue: {work}"


def test_works_are_sorted_by_their_first_author():
    names = []
    for work, _, _ in ROWS:
        words = re.split(r",|:| et al", work)[0].split()
        names.append(" ".join(word for word in words if not word.endswith(".")).lower())
    assert names == sorted(names)
