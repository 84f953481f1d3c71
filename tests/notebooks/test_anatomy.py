"""What every committed notebook looks like: executed, clean, complete, with its parts in place."""

from __future__ import annotations

import ast
import re
from urllib.parse import unquote

import alone
import execute
import nbformat
import pytest
from findings import findings, texts

from lecture_utils.lessons import all_lessons
from lecture_utils.studio.claims import NOT_JUDGED, VERDICTS

MEGABYTES = 1.5
LINES, COLUMNS = 20, 100  # of a cell of code that is not folded; of every line
# In a recast lesson (design, section 3) the core is what stands before *Going deeper*.
RECAST = {"01_hessian_review", "05_loss_profiles_1d"}
CORE_LINES, CORE_COLUMNS = 10, 80
# What a cell may be tagged with: what it answers (covers.py), and that the book folds it away.
TAG = re.compile(r"(answers|shows)-\w+|notebook-only")
ALT, READING = 20, 60  # characters
# The empty text continues the slide.
SLIDE_TYPES = {"slide", "subslide", "notes", "skip", ""}
MACHINE = re.compile(r"0x[0-9a-f]{6,}|site-packages|/home/|/tmp/|CpuDevice|cuda:\d")
LESSONS = {lesson.notebook: lesson for lesson in all_lessons()}


@pytest.fixture(scope="module")
def notebooks():
    return {path.stem: nbformat.read(path, as_version=4) for path in execute.NOTEBOOKS}


@pytest.fixture
def cells(notebooks):
    """(notebook, place, cell) of the whole course."""
    return [(name, i, c) for name, nb in notebooks.items() for i, c in enumerate(nb.cells)]


def codes(cells):
    """The lesson's own code; the cell that fetches the course is held by test_alone.py."""
    return [
        (name, place, cell)
        for name, place, cell in cells
        if cell.cell_type == "code" and cell.id != alone.ID
    ]


def folded(cell):
    return "jupyter" in cell.metadata


# --- the file ---------------------------------------------------------------------------------


def test_executed_in_order(notebooks):
    assert notebooks, "notebooks/ holds no notebook"
    for name, notebook in notebooks.items():
        counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
        assert counts == list(range(1, len(counts) + 1)), f"{name}: run `make notebooks`"


def test_stored_as_execute_stores_it(tmp_path):
    for path in execute.NOTEBOOKS:
        stored = nbformat.read(path, as_version=nbformat.NO_CONVERT)
        nbformat.validate(stored)
        assert (stored.nbformat, stored.nbformat_minor) == (4, 5)
        assert stored.metadata == execute.METADATA, f"{path.stem}: run `make notebooks`"
        extra = [set(cell.metadata) - execute.CELL_METADATA for cell in stored.cells]
        assert not any(extra), f"{path.stem}: cell metadata {extra}: run `make notebooks`"
        execute.write(nbformat.read(path, as_version=4), tmp_path / "again.ipynb")
        again = (tmp_path / "again.ipynb").read_text(encoding="utf-8")
        assert path.read_text(encoding="utf-8") == again, f"{path.stem}: run `make notebooks`"
        assert path.stat().st_size < MEGABYTES * 1e6, path.stem


def test_outputs_are_clean(cells):
    for name, place, cell in cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error", f"{name}[{place}]"
            assert output.get("name") != "stderr", f"{name}[{place}] writes to stderr"
            assert execute.WIDGET_VIEW not in output.get("data", {}), "run `make notebooks`"
            for text in (output.get("text", ""), *texts(cell)):
                found = MACHINE.search(text)
                assert not found, f"{name}[{place}]: {found.group()!r} tells of one machine"


# --- the parts --------------------------------------------------------------------------------


def test_title_cell_says_what_to_expect(notebooks):
    parts = {
        "minutes": r"\d+ min",
        "what to know first": r"prerequisite|know first|before you start|you need",
        "the slides it covers": r"\bS\d+|\bN\d|slides? \d+|beyond the lecture",
    }
    for name, notebook in notebooks.items():
        title = notebook.cells[0]
        assert title.cell_type == "markdown" and title.source.startswith("# "), name
        assert "?" in title.source, f"{name}: one question"
        objectives = re.findall(r"^\s*(?:[-*]|\d+\.) ", title.source, re.MULTILINE)
        assert 3 <= len(objectives) <= 5, f"{name}: 3 to 5 objectives, not {len(objectives)}"
        for part, pattern in parts.items():
            found = re.search(pattern, title.source, re.IGNORECASE)
            assert found, f"{name}: the title cell does not say {part}"


def test_one_setup_cell(notebooks):
    allowed = (ast.Import, ast.ImportFrom, ast.Assign)
    for name, notebook in notebooks.items():
        first, *rest = [cell.source for _, _, cell in codes([(name, 0, c) for c in notebook.cells])]
        assert re.findall(r"^SEED = .*$", first, re.MULTILINE) == ["SEED = 0"], name
        others = [node for node in ast.parse(first).body if not isinstance(node, allowed)]
        assert not others, f"{name}: the set-up cell does more: {ast.unparse(others[0])}"
        for code in rest:
            late = re.search(r"^(import|from)\s|^SEED =", code, re.MULTILINE)
            assert not late, f"{name}: this belongs into the set-up cell:\n{code}"


def test_code_is_short_and_fits_the_page(cells):
    core = dict.fromkeys(RECAST, True)
    for name, place, cell in cells:
        if name in core and re.search(r"^#+ Going deeper", cell.source, re.MULTILINE):
            core[name] = False
        if cell.cell_type != "code":
            continue
        lines = [line for line in cell.source.splitlines() if line.strip()]
        strict = core.get(name, False) and not folded(cell) and "import jax" not in cell.source
        wide = [line for line in lines if len(line) > (CORE_COLUMNS if strict else COLUMNS)]
        assert not wide, f"{name}[{place}] is too wide:\n{wide[0]}"
        most = CORE_LINES if strict else LINES
        assert folded(cell) or len(lines) <= most, f"{name}[{place}]: {len(lines)} lines"


def test_only_drawing_and_bookkeeping_is_folded_away(cells):
    """A folded cell (jupyter.source_hidden) draws or judges a claim; mathematics stays open."""
    for name, place, cell in codes(cells):
        if folded(cell):
            assert cell.metadata["jupyter"] == {"source_hidden": True}
            told = re.search(r"figures\.|^lesson\.claims?\(", cell.source, re.MULTILINE)
            assert told, f"{name}[{place}]:\n{cell.source}"
            assert not re.search(r"jax\.|lax\.|^def ", cell.source, re.MULTILINE), cell.source


def test_tags_are_known_and_what_is_only_for_the_notebook_holds_no_part_of_the_lesson(cells):
    """The book folds such a cell away: no heading, no picture, nothing that asks or judges."""
    for name, place, cell in cells:
        tags = cell.metadata.get("tags", [])
        unknown = [tag for tag in tags if not TAG.fullmatch(tag)]
        assert not unknown, f"{name}[{place}]: the tag {unknown[0]!r} is unknown"
        if "notebook-only" in tags:
            part = re.search(r"^#+ |^lesson\.", cell.source, re.MULTILINE)
            assert cell.cell_type == "code" or not part, f"{name}[{place}]: {part[0]!r}"
            assert "lesson." not in cell.source, f"{name}[{place}] asks or judges"
            shown = [kind for o in cell.get("outputs", []) for kind in o.get("data", {})]
            assert not shown, f"{name}[{place}] shows {shown}"


def test_what_a_lesson_asks_is_asked_once_and_nothing_is_solved(notebooks):
    for name, notebook in notebooks.items():
        lesson, shown = LESSONS[name], [t for cell in notebook.cells for t in texts(cell)]
        source = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
        for ask, declared in (("predict", lesson.predictions), ("check", lesson.exercises)):
            asked = re.findall(rf'lesson\.{ask}\("(\w+)"', source)
            assert sorted(asked) == sorted(declared), f"{name}: {ask}"
        assert any(t.startswith("Explorer: ") for t in shown), name
        solved = [t for t in shown if t.startswith("Exercise") and not t.endswith("attempted yet.")]
        assert not solved, f"{name}: a solution is committed: {solved}"


# --- claims -----------------------------------------------------------------------------------


def _claims(cell):
    """(id, call) of the claims that a cell judges."""
    for node in ast.walk(ast.parse(cell.source)):
        function = getattr(node, "func", None)
        if (
            getattr(function, "attr", "") == "claim"
            and getattr(function.value, "id", "") == "lesson"
        ):
            yield ast.literal_eval(node.args[0]), node


def test_every_claim_is_judged_once_and_by_what_the_run_measured(notebooks):
    for name, notebook in notebooks.items():
        judged = []
        for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
            for id, call in _claims(cell):
                judged.append(id)
                constants = [node for node in ast.walk(call) if isinstance(node, ast.Name)]
                untested = LESSONS[name].declared[id].untested
                assert untested or len(constants) > 1, f"{name}: {id} is judged by no number"
        assert sorted(judged) == sorted(LESSONS[name].declared), f"{name}: declared, and judged"


def test_the_table_of_claims_comes_last_and_is_complete(notebooks):
    for name, notebook in notebooks.items():
        places = [i for i, c in enumerate(notebook.cells) if c.source.strip() == "lesson.claims()"]
        assert len(places) == 1, f"{name}: lesson.claims() stands in {places}"
        late = [i for i, c in enumerate(notebook.cells) if "lesson.claim(" in c.source]
        assert max(late) < places[0], f"{name}: a claim below the table"
        rows = findings(notebook)
        assert [row["id"] for row in rows] == list(LESSONS[name].declared), name
        for row in rows:
            assert row["verdict"] != NOT_JUDGED, f"{name}: {row['id']}"
            assert row["verdict"].split(":")[0] in VERDICTS


# --- pictures ---------------------------------------------------------------------------------


def test_a_cell_does_not_say_what_its_picture_will_show(cells):
    """Alt texts and titles stand with the drawing, in the lesson's figures; code is read first."""
    for name, place, cell in codes(cells):
        told = re.search(r"\bshow\(|\balt=|figures\.canvas\(|title=", cell.source)
        assert not told, f"{name}[{place}]: {told.group()!r} belongs into the lesson's figures"


def test_pictures_have_alt_text_and_figures_are_read(notebooks):
    """The paragraph below a figure also serves readers to whom the alt text does not come."""
    for name, notebook in notebooks.items():
        for cell, below in zip(notebook.cells, [*notebook.cells[1:], None], strict=True):
            for output in cell.get("outputs", []):
                if "image/png" in output.get("data", {}):
                    alt = output.metadata.get("image/png", {}).get("alt", "")
                    assert len(alt) >= ALT, f"{name}: alt text {alt!r} from:\n{cell.source}"
            if any(text.startswith("Figure: ") for text in texts(cell)):
                read = below is not None and below.cell_type == "markdown"
                assert read, f"{name}: no paragraph reads the figure from:\n{cell.source}"
                assert len(below.source) >= READING, f"{name}: too short: {below.source!r}"


# --- slides and links -------------------------------------------------------------------------


def test_slides(notebooks):
    for name, notebook in notebooks.items():
        kinds = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in notebook.cells]
        for cell, kind in zip(notebook.cells, kinds, strict=True):
            assert kind in SLIDE_TYPES, f"{name}: slide_type {kind!r} of:\n{cell.source}"
            if re.match(r"##? ", cell.source) and cell.cell_type == "markdown":
                assert kind in ("slide", "subslide", "skip"), f"{name}: no slide:\n{cell.source}"
            if "lesson.claim" in cell.source and cell.cell_type == "code":
                assert kind == "skip", f"{name}: a claim is for readers, not for a slide"
            if "lesson.check(" in cell.source and name not in RECAST:
                assert kind == "skip", f"{name}: an exercise is homework, not for a slide"
        assert "notes" in kinds, f"{name}: the prose that only a lone reader needs is `notes`"


def test_links_to_notebooks(cells):
    for name, _, cell in cells:
        if cell.cell_type == "markdown":
            for link in re.finditer(r"\]\(([^)\s]+\.ipynb)[^)]*\)", cell.source):
                target = unquote(link[1])
                there = target.startswith("http") or (execute.FOLDER / target).exists()
                assert there, f"{name}: {target} does not exist"
