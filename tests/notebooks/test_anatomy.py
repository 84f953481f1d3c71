"""What every committed notebook looks like: executed, clean, complete, with its parts in place."""

from __future__ import annotations

import ast
import re
import warnings
from urllib.parse import unquote

import execute
import nbformat
import pytest
from ledgers import VERDICTS, ledger, texts

# How many of each a notebook has at least; a notebook may promise more than the course does.
MINIMUM = {"Explorer": 3, "Prediction": 3, "Exercise": 3, "claims": 1}
PROMISED = {
    "01_hessian_review": {"Explorer": 4, "Prediction": 4, "Exercise": 4, "claims": 8},
    "02_deep_linear_networks": {"Explorer": 4, "Prediction": 5, "Exercise": 4, "claims": 17},
    "03_relu_blind_spots": {"Explorer": 3, "Prediction": 5, "Exercise": 4, "claims": 9},
    "04_eigenvalues_vs_error": {"Explorer": 3, "Prediction": 4, "Exercise": 4, "claims": 10},
    "05_loss_profiles_1d": {"Explorer": 2, "Prediction": 4, "Exercise": 4, "claims": 7},
    "06_loss_surfaces_2d": {"Explorer": 2, "Prediction": 4, "Exercise": 4, "claims": 8},
    "07_optimizer_comparison": {"Explorer": 3, "Prediction": 4, "Exercise": 4, "claims": 12},
    "08_batch_size_and_sharpness": {"Explorer": 2, "Prediction": 4, "Exercise": 4, "claims": 9},
}
CELLS = range(25, 46)
MEGABYTES = 1.5
LINES, MOST_LINES = 15, 20  # of code in a cell: the aim and the limit
ALT, READING = 20, 60  # characters
# Not "-": the slideshow shows such a cell on no slide. The empty text continues the slide.
SLIDE_TYPES = {"slide", "subslide", "fragment", "notes", "skip", ""}
MACHINE = re.compile(r"0x[0-9a-f]{6,}|site-packages|/home/|/tmp/|CpuDevice|cuda:\d")


@pytest.fixture
def cells(notebook):
    return nbformat.read(notebook, as_version=4).cells


def test_there_are_notebooks():
    assert execute.NOTEBOOKS, "notebooks/ holds no notebook"


# --- the file ---------------------------------------------------------------------------------


def test_executed_in_order(cells):
    counts = [cell.execution_count for cell in cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1)), "run `make notebooks`"


def test_metadata_is_clean(notebook):
    stored = nbformat.read(notebook, as_version=nbformat.NO_CONVERT)
    nbformat.validate(stored)
    assert (stored.nbformat, stored.nbformat_minor) == (4, 5)
    assert stored.metadata == execute.METADATA, "run `make notebooks`"
    extra = [set(cell.metadata) - execute.CELL_METADATA for cell in stored.cells]
    assert not any(extra), f"cell metadata {extra}: run `make notebooks`"


def test_file_is_stored_as_execute_stores_it(notebook, tmp_path):
    execute.write(nbformat.read(notebook, as_version=4), tmp_path / "again.ipynb")
    again = (tmp_path / "again.ipynb").read_text(encoding="utf-8")
    assert notebook.read_text(encoding="utf-8") == again, "run `make notebooks`"


def test_file_is_small(notebook):
    assert notebook.stat().st_size < MEGABYTES * 1e6


def test_outputs_are_clean(cells):
    for cell in cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error", cell.source
            assert output.get("name") != "stderr", f"stderr from:\n{cell.source}"
            assert execute.WIDGET_VIEW not in output.get("data", {}), "run `make notebooks`"
            for text in (output.get("text", ""), *texts(cell)):
                found = MACHINE.search(text)
                assert not found, f"{found.group()!r} tells of one machine, from:\n{cell.source}"


# --- the parts --------------------------------------------------------------------------------


def test_title_cell_says_what_to_expect(cells):
    title = cells[0]
    assert title.cell_type == "markdown"
    text = title.source
    assert text.startswith("# "), "the first line is the title"
    assert "?" in text, "one question"
    objectives = re.findall(r"^\s*(?:[-*]|\d+\.) ", text, re.MULTILINE)
    assert 3 <= len(objectives) <= 5, f"3 to 5 objectives as a list, not {len(objectives)}"
    parts = {
        "minutes": r"\d+ min",
        "what to know first": r"prerequisite|know first|before you start|you need",
        "the slides it covers": r"\bS\d+|slides? \d+",
    }
    for part, pattern in parts.items():
        assert re.search(pattern, text, re.IGNORECASE), f"the title cell does not say {part}"


def test_one_setup_cell(cells):
    codes = [cell.source for cell in cells if cell.cell_type == "code"]
    assert re.findall(r"^SEED = .*$", codes[0], re.MULTILINE) == ["SEED = 0"]
    allowed = (ast.Import, ast.ImportFrom, ast.Assign)
    others = [node for node in ast.parse(codes[0]).body if not isinstance(node, allowed)]
    assert not others, f"the set-up cell does more: {ast.unparse(others[0])}"
    for code in codes[1:]:
        assert not re.search(r"^(import|from)\s|^SEED =", code, re.MULTILINE), (
            f"this belongs into the set-up cell:\n{code}"
        )


def test_number_of_cells(cells):
    assert len(cells) in CELLS


def test_only_drawing_and_bookkeeping_is_folded_away(cells):
    """A folded cell (jupyter.source_hidden) draws or keeps the ledger; mathematics stays open."""
    for cell in cells:
        if "jupyter" in cell.metadata:
            assert cell.metadata["jupyter"] == {"source_hidden": True}
            assert re.search(r"figures\.show\(|^ledger$", cell.source, re.MULTILINE), cell.source
            assert not re.search(r"jax\.|lax\.|^def ", cell.source, re.MULTILINE), cell.source


def test_code_cells_are_short(cells):
    for cell in cells:
        lines = sum(bool(line.strip()) for line in cell.source.splitlines())
        if "jupyter" in cell.metadata:
            continue
        if cell.cell_type == "code" and lines > LINES:
            warnings.warn(f"{lines} lines, aim at {LINES}:\n{cell.source}", stacklevel=1)
            assert lines <= MOST_LINES, cell.source


def test_enough_to_do(notebook, cells):
    """Counted in the outputs, so a card that was made but not shown does not count."""
    shown = [text for cell in cells for text in texts(cell)]
    counts = {
        kind: sum(text.startswith(kind) for text in shown)
        for kind in ("Explorer", "Prediction", "Exercise")
    }
    counts["claims"] = len(ledger(nbformat.read(notebook, as_version=4)))
    promised = PROMISED.get(notebook.stem, MINIMUM)
    lacking = {kind: counts[kind] for kind in promised if counts[kind] < promised[kind]}
    assert not lacking, f"found only {lacking} of {promised}"


def test_exercises_are_untouched(cells):
    for cell in cells:
        for text in texts(cell):
            if text.startswith("Exercise"):
                assert text.endswith("not attempted yet."), f"a solution is committed: {text}"


def test_ledger_verdicts(notebook):
    for row in ledger(nbformat.read(notebook, as_version=4)):
        assert row["verdict"].split(":")[0] in VERDICTS


def test_ledger_is_computed(cells):
    """`holds=True` would be a verdict that no run can change."""
    calls = [
        node
        for cell in cells
        if cell.cell_type == "code"
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "add"
    ]
    for call in calls:
        holds = [keyword.value for keyword in call.keywords if keyword.arg == "holds"]
        for value in holds or call.args[4:5]:
            assert not isinstance(value, ast.Constant), ast.unparse(call)


# --- pictures ---------------------------------------------------------------------------------


def test_pictures_have_alt_text(cells):
    for cell in cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                alt = output.metadata.get("image/png", {}).get("alt", "")
                assert len(alt) >= ALT, f"alt text {alt!r} of the picture from:\n{cell.source}"


def test_figures_are_read(cells):
    """The paragraph below a figure also serves readers to whom the alt text does not come."""
    for cell, below in zip(cells, [*cells[1:], None], strict=True):
        if any(text.startswith("Figure: ") for text in texts(cell)):
            assert below is not None and below.cell_type == "markdown", (
                f"no paragraph reads the figure from:\n{cell.source}"
            )
            assert len(below.source) >= READING, f"too short a reading: {below.source!r}"


# --- slides and links -------------------------------------------------------------------------


def test_slides(cells):
    types = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in cells]
    for cell, kind in zip(cells, types, strict=True):
        assert kind in SLIDE_TYPES, f"slide_type {kind!r} of:\n{cell.source}"
        if re.match(r"##? ", cell.source) and cell.cell_type == "markdown":
            assert kind in ("slide", "subslide"), f"a section starts a slide:\n{cell.source}"
    assert "notes" in types, "the prose that only a lone reader needs is `notes`"


def test_links_to_notebooks(notebook, cells):
    for cell in cells:
        if cell.cell_type != "markdown":
            continue
        for link in re.finditer(r"\]\(([^)\s]+\.ipynb)[^)]*\)([^\n]*)", cell.source):
            target, rest = unquote(link[1]), link[2]
            there = target.startswith("http") or (notebook.parent / target).exists()
            assert there or "to come" in rest, f"{target} does not exist: write (to come)"
