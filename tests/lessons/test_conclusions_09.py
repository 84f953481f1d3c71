"""The lecture's conclusions rest on claims that exist; sides and weighing follow from verdicts."""

import importlib
import json
import re
from pathlib import Path

import pytest

from lecture_utils.lessons.training_clinic import conclusions
from lecture_utils.lessons.training_clinic.conclusions import CONCLUSIONS, Conclusion, Page, weigh
from lecture_utils.studio.claims import VERDICTS, Claim, Findings, findings_in, judge, measured

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("[0-9][0-9]_*.ipynb"))
NAMES = [name for conclusion in CONCLUSIONS for name in conclusion.names]  # "number id"


def test_every_conclusion_names_declared_claims():
    declared = set()
    for path in NOTEBOOKS:
        claims = importlib.import_module(f"lecture_utils.lessons.{path.stem[3:]}.claims")
        declared |= {f"{path.stem[:2]} {claim.id}" for claim in claims.CLAIMS}
    assert [name for name in NAMES if name not in declared] == []
    for conclusion in CONCLUSIONS:
        assert conclusion.agree and len(set(conclusion.names)) == len(conclusion.names)


def test_every_table_of_claims_holds_what_the_conclusions_look_for():
    for path in NOTEBOOKS:
        shown = {f"{path.stem[:2]} {row['id']}" for row in findings_in(path)}
        wanted = {name for name in NAMES if name.startswith(path.stem[:2])}
        assert not shown or wanted <= shown, f"{path.stem} lacks {wanted - shown}"


def test_no_sentence_knows_a_verdict():
    for conclusion in CONCLUSIONS:
        said = {word for word in VERDICTS if word in f"{conclusion.remark} {conclusion.reach}"}
        assert not said, conclusion.remark


TWO = Conclusion("it is so", ("01 yes",), ("02 no",), "As far as it goes.")


@pytest.mark.parametrize(
    ("yes", "no", "sides", "words"),
    [
        ("confirmed", "confirmed", "for against", "1 of 2 claims speak for it, 1 against."),
        ("confirmed", "not reproduced", "for for", "All 2 claims that could decide speak for it."),
        ("not reproduced", "confirmed", "against against", "speak against it."),
        (
            "qualified: here",
            "open: x",
            "for silent",
            "The one claim that could decide speaks for it, under a condition.",
        ),
        ("qualified: here", "confirmed", "for against", "; 1 of them only under a condition."),
        ("slip: other", "not tested here: x", "silent silent", "Nothing that was measured"),
    ],
)
def test_sides_and_weighing_follow_from_the_verdicts(yes, no, sides, words):
    rows = {"01 yes": {"claim": "a", "verdict": yes}, "02 no": {"claim": "b", "verdict": no}}
    found = weigh(TWO, rows)
    where = {claim: side for side, rows in found.sides.items() for _, claim, _ in rows}
    assert [where["a"], where["b"]] == sides.split()
    assert words in found.sentence and found.sentence.endswith("As far as it goes.")


def _write(folder, number, claim, finding):
    table = Findings(f"{number}_any", {claim.id: claim}, {claim.id: finding})
    cell = {"outputs": [{"data": {"text/plain": repr(table).splitlines(keepends=True)}}]}
    (folder / f"{number}_any.ipynb").write_text(json.dumps({"cells": [{}, cell]}))


def test_the_page_is_read_from_the_tables_and_what_lacks_is_said(tmp_path):
    number, id = CONCLUSIONS[0].agree[0].split()
    claim = Claim(id, "it is so", "S74", "no theorem", qualified="some <where>")
    _write(tmp_path, number, claim, judge(claim, {"a number": measured(1) < 2}))
    page = Page(tmp_path)
    assert page.remarks[0].sides["for"] == [(number, "it is so", "qualified: some <where>")]
    silent = [row for remark in page.remarks for row in remark.sides["silent"]]
    assert len(silent) == len(NAMES) - 1
    assert {word for _, _, word in silent} == {conclusions.NOT_HERE}
    assert "for 1 of the 1 claims" in repr(page)
    assert "some &lt;where&gt;" in page._repr_html_()


def test_the_page_is_found_from_the_repository_s_root_too(monkeypatch):
    monkeypatch.chdir(FOLDER)
    here = repr(Page())
    monkeypatch.chdir(FOLDER.parent)
    assert repr(Page()) == here
    known = [row for remark in Page().remarks for row in remark.sides["for"]]
    assert known and not re.search(conclusions.NOT_HERE, here)
