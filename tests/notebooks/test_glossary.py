"""Every word of the glossary is linked from a notebook, and every such link leads somewhere."""

from __future__ import annotations

import re

import execute
import nbformat

GLOSSARY = execute.NOTEBOOKS[0].parent / "GLOSSARY.md"
TERMS = re.findall(r"^### (.+)$", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
ANCHORS = {term.replace(" ", "-").replace("'", "") for term in TERMS}


def links():
    return {
        anchor
        for path in execute.NOTEBOOKS
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "markdown"
        for anchor in re.findall(r"\(GLOSSARY\.md#([^)]+)\)", cell.source)
    }


def test_links_and_terms_agree():
    assert links() == ANCHORS


def test_terms_are_sorted_and_in_both_languages():
    assert sorted(TERMS) == TERMS
    text = GLOSSARY.read_text(encoding="utf-8")
    for entry in text.split("### ")[1:]:
        assert re.search(r"\n[^\n]*[\u4e00-\u9fff][^\n]* · \w", entry), entry
