"""The questions of notebook 09: curable, and a wrong cure is told what it did."""

import pytest

from lecture_utils.lessons.training_clinic import clinic
from lecture_utils.lessons.training_clinic.questions import lesson


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("A", {"cause": "saddle plateau", "steps": 2000}),
        ("B", {"cause": "label noise", "wrong_labels": 0.0}),
        ("B", {"cause": "label noise", "steps": 150}),
        ("C", {"cause": "learning rate", "learning_rate": 0.5}),
        ("F", {"cause": "too deep", "depth": 5}),
        # At F's own rate draw 0 ends near the limit, on either side of it on different processors.
        ("F", {"cause": "too deep", "skip": True, "learning_rate": 0.03}),
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
