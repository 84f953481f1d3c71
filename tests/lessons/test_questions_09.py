"""The questions of notebook 09: curable, and a wrong cure is told what it did."""

import json
from pathlib import Path

import pytest

from lecture_utils.lessons.training_clinic import clinic
from lecture_utils.lessons.training_clinic.questions import CONCLUSIONS, lesson, verdicts
from lecture_utils.studio.claims import Ledger


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("A", {"cause": "saddle plateau", "steps": 2000}),
        ("B", {"cause": "label noise", "wrong_labels": 0.0}),
        ("B", {"cause": "label noise", "steps": 150}),
        ("C", {"cause": "learning rate", "learning_rate": 0.5}),
        ("F", {"cause": "too deep", "skip": True}),
    ],
)
def test_any_cure_that_works_is_accepted(name, answer):
    feedback = lesson.check(f"patient_{name}", answer).feedback
    assert feedback.status == "correct", feedback.text
    assert "test accuracy" in feedback.text


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"cause": "bad luck", "bias": 0.0}, "must be one of"),
        ({"cause": "dead units"}, "nothing was changed"),
        ({"cause": "dead units", "bias": -3.0}, "nothing was changed"),
        ({"cause": "dead units", "biases": 0.0}, "no knob"),
        ({"cause": "dead units", "bias": 100.0}, "between -10"),
        ({"cause": "too deep", "bias": 0.0}, "the cure works"),
        ({"cause": "dead units", "learning_rate": 0.1}, "the cause is right, but"),
        ({"cause": "dead units", "bias": 3.0, "scale": 9.0, "learning_rate": 50.0}, "diverged at"),
        ("too deep", "a dict such as"),
    ],
)
def test_wrong_answers_are_told_why(answer, words):
    feedback = lesson.check("patient_D", answer).feedback
    assert feedback.status == "wrong" and words in feedback.text


def test_dots_anywhere_are_no_attempt():
    assert lesson.check("patient_A", {"cause": ...}).feedback.status == "not attempted"
    half = {"cause": "too deep", "depth": ...}
    assert lesson.check("patient_A", half).feedback.status == "not attempted"


def test_every_cause_has_one_patient():
    assert sorted(patient.cause for patient in clinic.PATIENTS.values()) == sorted(clinic.CAUSES)


def test_conclusions_are_read_from_the_ledgers(tmp_path):
    statement, ((notebook, claim), *_) = next(iter(CONCLUSIONS.items()))
    ledger = Ledger(notebook)
    ledger.add(claim, "S74", "theory", "measured", holds=1 < 2, qualified="somewhere")
    cell = {"outputs": [{"data": {"text/plain": repr(ledger).splitlines(keepends=True)}}]}
    (tmp_path / f"{notebook}.ipynb").write_text(json.dumps({"cells": [{}, cell]}))
    found = verdicts(tmp_path)
    assert found[0] == (statement, notebook, claim, "qualified")
    assert len(found) == sum(map(len, CONCLUSIONS.values()))
    assert {row[3] for row in found[1:]} == {"not here yet"}


def test_every_conclusion_has_its_row_in_a_ledger():
    folder = Path(__file__).resolve().parents[2] / "notebooks"
    assert [row for row in verdicts(folder) if row[3] == "not here yet"] == []
