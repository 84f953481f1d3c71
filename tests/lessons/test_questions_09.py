"""The questions of notebook 09: curable, and a wrong cure is told what it did."""

import re

import pytest

from lecture_utils.lessons.training_clinic import clinic
from lecture_utils.lessons.training_clinic.questions import DRAWS, lesson
from lecture_utils.studio.cards import solution_text

SLOW = pytest.mark.nightly  # some seconds of training each


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        pytest.param("A", {"cause": "saddle plateau", "steps": 2000}, marks=SLOW),
        pytest.param("B", {"cause": "label noise", "wrong_labels": 0.0}, marks=SLOW),
        ("B", {"cause": "label noise", "steps": 150}),
        ("C", {"cause": "learning rate", "learning_rate": 0.5}),
        ("D", {"cause": " Dead units", "bias": 0.0}),
        pytest.param("F", {"cause": "too deep", "depth": 5}, marks=SLOW),
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
        ({"cause": "dead units", "bias": -3.0}, "nothing was changed: bias already is -3.0"),
        ({"cause": "dead units", "biases": 0.0}, "no knob"),
        ({"cause": "dead units", "bias": 100.0}, "between -10"),
        ({"cause": "too deep", "bias": 0.0}, "the cure works"),
        ({"cause": "dead units", "learning_rate": 0.1}, "the cause is right, but"),
        ({"cause": "dead units", "bias": 0.0, "learning_rate": 0.1}, "you turned 2 knobs (bias"),
        ({"cause": "dead units", "bias": 0.0, "learning_rate": 0.2}, None),  # that is its rate
        pytest.param({"cause": "dead units", "depth": 24}, "the cause is right, but", marks=SLOW),
        ("too deep", "a dict such as"),
    ],
)
def test_wrong_answers_are_told_why(answer, words):
    feedback = lesson.check("patient_D", answer).feedback
    assert feedback.status == ("wrong" if words else "correct")
    assert (words or "test accuracy") in feedback.text


def test_a_run_that_diverges_is_told():
    answer = {"cause": "learning rate", "learning_rate": 100.0}
    assert "diverged at step" in lesson.check("patient_C", answer).feedback.text


def test_one_lucky_start_is_no_cure():
    """Four units cure from two of three starts, so the check does not accept them."""
    accuracies = [
        clinic.run(clinic.Case(width=4, depth=2), draw).test_accuracy[-1] for draw in DRAWS
    ]
    assert min(accuracies) < clinic.HEALED < max(accuracies)
    feedback = lesson.check("patient_E", {"cause": "too small", "width": 4}).feedback
    assert feedback.status == "wrong" and "from each start" in feedback.text
    assert re.search(r"test accuracy 0\.\d\d\d, 0\.75 is needed", feedback.text)


def test_what_would_take_minutes_is_not_begun():
    answer = {"cause": "too small", "width": 64}
    assert "choose a smaller number" in lesson.check("patient_F", answer).feedback.text


def test_a_solution_can_be_pasted():
    for exercise in lesson.exercises.values():
        assert eval(solution_text(exercise)) == exercise.solution


def test_dots_anywhere_are_no_attempt():
    assert lesson.check("patient_A", {"cause": ...}).feedback.status == "not attempted"
    half = {"cause": "too deep", "depth": ...}
    assert lesson.check("patient_A", half).feedback.status == "not attempted"


def test_every_cause_has_one_patient():
    assert sorted(patient.cause for patient in clinic.PATIENTS.values()) == sorted(clinic.CAUSES)
