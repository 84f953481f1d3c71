"""Which cells an explorer of the book needs, what it is called, and when it is recorded again."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "book"))
import recordings
from lecture_book.explorers import explorers_shown

CELLS = [
    "from lecture_utils.lessons.start_here import explorers, lesson\nSEED = 0",
    "data = SEED + 1",
    "noise = 7\nprint(noise)",
    "kept = []\nkept.append(data)",
    "lesson.predict('x')",
    "explorers.ByHand()",
    "explorers.Copies(kept)",
    "explorers.ByHand()",
]


def test_explorers_are_found_where_a_cell_shows_one_and_told_apart():
    found = explorers_shown(CELLS, "00")
    assert found == {5: "00-ByHand", 6: "00-Copies", 7: "00-ByHand-2"}
    assert explorers_shown(["x = explorers.ByHand()", "explorers.ByHand", ""], "00") == {}


def test_only_what_an_explorer_depends_on_is_run():
    assert recordings.needed(CELLS, [5]) == [0, 5]
    assert recordings.needed(CELLS, [6]) == [0, 1, 3, 6]


def test_every_explorer_that_a_notebook_shows_is_found():
    for path in sorted(recordings.NOTEBOOKS.glob("[0-9]*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        shown = sum(
            "".join(output.get("data", {}).get("text/plain", [])).startswith("Explorer: ")
            for cell in cells
            if cell["cell_type"] == "code"
            for output in cell["outputs"]
        )
        found = explorers_shown(recordings.code_cells(path), path.name[:2])
        assert len(found) == shown, path.name


def test_what_has_changed_is_recorded_again(tmp_path):
    path = next(recordings.NOTEBOOKS.glob("00*.ipynb"))
    before = recordings.fingerprint(path, CELLS, [6])
    assert before == recordings.fingerprint(path, CELLS, [6])
    other = [*CELLS]
    other[2] = "noise = 8"  # nothing depends on it
    assert recordings.fingerprint(path, other, [6]) == before
    other[1] = "data = SEED + 2"
    assert recordings.fingerprint(path, other, [6]) != before
    report = {"answers": "recorded", "fingerprint": before}
    (tmp_path / "00-Copies.json").write_text(json.dumps(report))
    assert not recordings.up_to_date(tmp_path, "00-Copies", before)
    for ending in ("js", "webp"):
        (tmp_path / f"00-Copies.{ending}").write_text("")
    assert recordings.up_to_date(tmp_path, "00-Copies", before)
    assert not recordings.up_to_date(tmp_path, "00-Copies", "another")


def test_an_unknown_notebook_is_refused(capsys, tmp_path):
    with pytest.raises(SystemExit):
        recordings.main(["--only", "77", "--out", str(tmp_path)])
    assert "--only names no notebook: ['77']" in capsys.readouterr().err
