"""The lecture's conclusions rest on claims that exist, and are read from the notebooks' tables."""

import importlib
import json
from pathlib import Path

from lecture_utils.lessons.training_clinic.conclusions import CONCLUSIONS, verdicts
from lecture_utils.studio.claims import Claim, Findings, findings_in, judge, measured

NOTEBOOKS = sorted(Path(__file__).resolve().parents[2].glob("notebooks/[0-9][0-9]_*.ipynb"))
NAMES = [name for names in CONCLUSIONS.values() for name in names]  # "number id"


def test_every_conclusion_names_declared_claims():
    declared = set()
    for path in NOTEBOOKS:
        claims = importlib.import_module(f"lecture_utils.lessons.{path.stem[3:]}.claims")
        declared |= {f"{path.stem[:2]} {claim.id}" for claim in claims.CLAIMS}
    assert [name for name in NAMES if name not in declared] == []
    assert all(CONCLUSIONS.values())


def test_every_table_of_claims_holds_what_the_conclusions_look_for():
    for path in NOTEBOOKS:
        shown = {f"{path.stem[:2]} {row['id']}" for row in findings_in(path)}
        wanted = {name for name in NAMES if name.startswith(path.stem[:2])}
        assert not shown or wanted <= shown, f"{path.stem} lacks {wanted - shown}"


def test_verdicts_are_read_from_the_table_and_what_lacks_is_said(tmp_path):
    statement, (name, *_) = next(iter(CONCLUSIONS.items()))
    number, id = name.split()
    claim = Claim(id, "it is so", "S74", "none", qualified="somewhere")
    finding = judge(claim, {"a number": measured(1) < 2})
    table = Findings(f"{number}_any", {id: claim}, {id: finding})
    cell = {"outputs": [{"data": {"text/plain": repr(table).splitlines(keepends=True)}}]}
    (tmp_path / f"{number}_any.ipynb").write_text(json.dumps({"cells": [{}, cell]}))
    found = verdicts(tmp_path)
    assert found[0] == (statement, number, "it is so", "qualified")
    assert len(found) == len(NAMES)
    assert {row[3] for row in found[1:]} == {"not here yet"}
