"""What every lesson asks is complete; a new lesson is tested here without a line of its own."""

import pytest
from lessons import check_dots, check_forms, check_lesson, check_mutants, check_quotes
from mutants import mutants

from lecture_utils.lessons import all_lessons
from lecture_utils.studio.grading import grade


@pytest.mark.nightly_for("09")  # its solutions train networks; by day test_questions_09 has some
def test_what_it_asks_is_complete(lesson):
    check_lesson(lesson)


@pytest.mark.nightly
def test_its_inputs_tell_every_mutant_of_a_solution_from_it(lesson):
    check_mutants(lesson)


def test_a_right_answer_is_accepted_in_every_form(lesson):
    check_forms(lesson)


def test_dots_anywhere_are_no_attempt(lesson):
    check_dots(lesson)


@pytest.mark.nightly
def test_the_input_that_differs_is_quoted(lesson):
    check_quotes(lesson)


def test_what_it_says_of_itself(lesson):
    assert lesson.question.endswith("?")
    assert 0 < lesson.minutes[0] <= 60 and lesson.minutes[0] <= lesson.minutes[1] <= 240
    assert lesson.declared, "a lesson claims something"


@pytest.mark.nightly
def test_every_mutant_is_answered_in_one_sentence(lesson):
    for exercise in lesson.exercises.values():
        declared = {mutant for labels in exercise.equivalent.values() for mutant in labels}
        if not callable(exercise.solution):
            continue
        for mutant in mutants(exercise.solution, exercise.inputs):
            verdict = grade(exercise, mutant.function)
            wanted = "correct" if mutant.label in declared else "wrong"
            assert verdict.status == wanted, (exercise.name, mutant.label, verdict)
            assert "\n" not in verdict.text and " at 0x" not in verdict.text


def test_the_first_option_is_right_about_as_often_as_chance():
    """Over the whole course: options stand in their natural order, else mixed."""
    asked = [p for lesson in all_lessons() for p in lesson.predictions.values()]
    expected = sum(1 / len(p.options) for p in asked)
    for place in (0, -1):
        right = sum(list(p.options)[place] == p.answer for p in asked)
        assert 0.6 * expected < right < 1.4 * expected, f"option {place} is right {right} times"
