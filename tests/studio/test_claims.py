"""Claims: what is printed is what is judged; six verdicts; one table that is read back."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_grading import a_lesson
from unit_helpers import PROPERTY, refuses

from lecture_utils.intervals import Interval
from lecture_utils.studio.claims import (
    VERDICTS,
    Claim,
    Criterion,
    Findings,
    findings_in,
    judge,
    measured,
    of_this_run,
    read_findings,
    settled,
)


def claim(**changes) -> Claim:
    words = {
        "id": "hill",
        "says": "between two solutions there is a hill",
        "lecture": "S60: a hill",
        "theory": "none",
    }
    return Claim(**(words | changes))


TRUE, FALSE = measured([1.0, 2.0]) > 0, measured([1.0, -2.0]) > 0
OPEN = measured(Interval(-0.1, 0.3, 0.1)) > 0


@pytest.mark.parametrize(
    ("changes", "criteria", "verdict"),
    [
        ({}, {"a": TRUE}, "confirmed"),
        ({}, {"a": TRUE, "b": np.bool_(True), "c": np.array([True, True])}, "confirmed"),
        ({"qualified": "if small"}, {"a": TRUE}, "qualified: if small"),
        ({"qualified": "if small"}, {"a": FALSE}, "not reproduced"),
        ({}, {"a": TRUE, "b": FALSE}, "not reproduced"),
        ({}, {"a": TRUE, "b": False}, "not reproduced"),
        ({"slip": "½ is missing"}, {"a": FALSE}, "slip: ½ is missing"),
        ({"slip": "½ is missing"}, {"a": TRUE}, "confirmed"),
        ({}, {"a": TRUE, "b": OPEN}, "open: the interval holds both answers"),
        ({}, {"a": FALSE, "b": OPEN}, "not reproduced"),
    ],
)
def test_the_criteria_decide(changes, criteria, verdict):
    found = judge(claim(**changes), criteria)
    assert found.verdict == verdict
    assert found.kind in VERDICTS


def test_what_is_not_tested_here_says_what_would_test_it():
    found = judge(claim(untested="CIFAR-10 on a GPU"), None)
    assert found.verdict == "not tested here: CIFAR-10 on a GPU"
    with refuses("claim"):
        judge(claim(untested="x"), {"a": TRUE})
    with refuses("claim"):
        judge(claim(), None)


@pytest.mark.parametrize(
    ("criterion", "text", "holds"),
    [
        (measured([0.3, 0.4]) > 0.3, "x > 0.3: 1 of 2 (≈ 0.3 to 0.4)", False),
        (measured([0.3, 0.4]) >= 0.3, "x ≥ 0.3: 2 of 2 (≈ 0.3 to 0.4)", True),
        (measured(0.25) < 0.3, "x < 0.3: ≈ 0.25", True),
        (measured([2, 3]) < 3, "x < 3: 1 of 2 (2 to 3)", False),
        (measured(3) == 3, "x = 3: 3", True),
        (measured(3) <= 2, "x ≤ 2: 3", False),
        (measured([1.5]).between(1, 2), "x from 1 to 2: ≈ 1.5", True),
        (measured([1.5, 2.5]).between(1, 2), "x from 1 to 2: 1 of 2 (≈ 1.5 to 2.5)", False),
        (
            measured(Interval(0.1, 0.3, 0.2)) > 0,
            "x > 0: ≈ 0.2, 95 % interval ≈ 0.1 to 0.3",
            True,
        ),
        (measured(Interval(0.1, 0.3, 0.2)) < 0, None, False),
        (measured(Interval(-0.1, 0.3, 0.2)).between(0, 1), None, None),
        (measured(Interval(0.1, 0.3, 0.2)).between(0, 1), None, True),
        (measured(Interval(2.0, 3.0, 2.5)).between(0, 1), None, False),
        (measured(Interval(-2.0, 3.0, 0.5)).between(0, 1), None, None),
        (measured(np.nan) > 0, "x > 0: ≈ NaN", False),
    ],
)
def test_a_comparison_prints_what_it_judges(criterion, text, holds):
    assert criterion.holds is holds
    if text is not None:
        assert criterion.text("x") == text


@PROPERTY
@given(st.lists(st.floats(-10, 10), min_size=1, max_size=5), st.floats(-10, 10))
def test_all_numbers_have_to_pass(values, bound):
    assert (measured(values) > bound).holds == all(value > bound for value in values)
    assert (measured(values) <= bound).holds == all(value <= bound for value in values)


def test_what_is_no_comparison_is_refused():
    with refuses("measured"):
        Criterion(["a"], ">", 1)
    with refuses("measured"):
        measured([]) > 0  # noqa: B015
    with refuses("criterion"):
        judge(claim(), {"a": 3})
    with refuses("interval"):
        measured(Interval(0.0, 1.0, 0.5)) == 0  # noqa: B015


@pytest.mark.parametrize(
    "changes",
    [{"id": "Two words"}, {"says": " "}, {"theory": "a\nb"}, {"lecture": "somewhere"}],
)
def test_a_claim_is_complete(changes):
    (name,) = changes
    with refuses(name):
        claim(**changes)


def test_a_lesson_shows_a_claim_as_a_line_and_all_in_a_table():
    lesson = a_lesson(claims=[claim(), claim(id="ours", lecture="ours (Lucas et al. 2021)")])
    line = lesson.claim("hill", {"barrier": measured([0.5, 0.6]) > 0.3}, note="two pairs")
    assert repr(line) == (
        "Claim hill: between two solutions there is a hill. barrier > 0.3: 2 of 2 "
        "(≈ 0.5 to 0.6); two pairs. ✔ confirmed"
    )
    assert "<summary><b>Claim:</b> between" in line._repr_html_()
    table = lesson.claims()
    assert repr(table).startswith("Claims of 99_test: 1 confirmed, 1 not judged yet\n")
    assert [row["verdict"] for row in table.rows] == ["confirmed", "not judged yet"]
    assert repr(lesson.claim("ours", {"a": False})).startswith("Our claim ours: ")
    lesson.claim("hill", {"barrier": measured(0.1) > 0.3})  # a cell may be run twice
    assert [row["verdict"] for row in lesson.claims().rows] == ["not reproduced"] * 2
    with refuses("claim"):
        lesson.claim("hull", {"a": True})


def test_the_table_is_read_back_and_escapes_text():
    texts = {"says": "|λ| < 1 & more", "theory": "$a < b$"}
    claims = {name: claim(id=name, **texts) for name in ("one", "two")}
    found = {"one": judge(claims["one"], {"a │ b": True})}
    table = Findings("01_x", claims, found)
    assert read_findings(f"before\n{table!r}\nafter") == table.rows
    assert "|λ| &lt; 1 &amp; more" in table._repr_html_()
    with refuses("output_text"):
        read_findings("nothing")


def test_findings_in_a_notebook(tmp_path):
    table = a_lesson(claims=[claim()]).claims()
    output = {"data": {"text/plain": repr(table).splitlines(keepends=True)}}
    path = tmp_path / "99_test.ipynb"
    path.write_text(json.dumps({"cells": [{"outputs": [output]}, {"source": ""}]}))
    assert findings_in(path) == table.rows
    path.write_text(json.dumps({"cells": [{"source": ""}]}))
    assert findings_in(path) == []


@pytest.mark.parametrize(
    "verdict, fresh, stands",
    [
        ("confirmed", "9 confirmed, 1 open", "qualified"),
        ("confirmed", "7 confirmed, 3 open", "open"),
        ("qualified: on random slices", "8 qualified, 2 open", "qualified"),
        ("qualified: on random slices", "2 qualified, 8 open", "open"),
        ("not reproduced", "8 not reproduced, 2 open", "not reproduced"),
        ("not reproduced", "6 not reproduced, 4 open", "open"),
        ("open: the interval holds both answers", "8 confirmed, 2 open", "qualified"),
    ],
)
def test_what_most_fresh_seeds_give_stands_and_is_at_best_qualified(verdict, fresh, stands):
    told = settled(verdict, fresh)
    assert told.partition(":")[0] == stands and fresh in told
    assert of_this_run(told) == of_this_run(verdict) == verdict.partition(":")[0]
    assert ("random slices" in told) == (verdict.startswith("qualified") and stands == "qualified")


def test_a_claim_says_what_fresh_seeds_gave():
    claim = Claim("hill", "there is a hill", "S1: a hill", "none", fresh="9 confirmed, 1 open")
    found = judge(claim, {"height": measured(1.0) > 0})
    assert found.kind == "qualified" and "9 confirmed, 1 open" in repr(found)
    for bad in ("most", "9 of 10", "9 confirmed 1 open", "nine confirmed"):
        with pytest.raises(ValueError, match="fresh"):
            Claim("hill", "there is a hill", "S1: a hill", "none", fresh=bad)
