"""The questions of notebook 01: solvable, and each typical mistake is named."""

import numpy as np
import pytest

from lecture_utils.exercises import check_lesson
from lecture_utils.exercises.hessian_review import lesson


def test_lesson_is_complete():
    check_lesson(lesson)


@pytest.mark.parametrize("sign", [1, -1])
def test_an_escape_direction_may_point_either_way(sign):
    card = lesson.check("way_out", lambda H: sign * np.linalg.eigh(H)[1][:, 0])
    assert card.feedback.status == "correct"


def test_a_list_of_the_wrong_length_is_named():
    card = lesson.check("way_out", lambda H: [1.0])
    assert card.feedback.status == "wrong"
    assert "shape" in card.feedback.text


def test_inverting_instead_of_solving_is_accepted():
    card = lesson.check("newton", lambda g, H: -np.linalg.inv(H) @ g)
    assert card.feedback.status == "correct"
