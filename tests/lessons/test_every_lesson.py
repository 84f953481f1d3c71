"""What every lesson asks is complete; a new lesson is tested here without a line of its own."""

from lessons import check_lesson


def test_what_it_asks_is_complete(lesson):
    check_lesson(lesson)


def test_what_it_says_of_itself(lesson):
    assert lesson.question.endswith("?")
    assert 0 < lesson.minutes[0] <= 60 and lesson.minutes[0] <= lesson.minutes[1] <= 240
    assert lesson.declared, "a lesson claims something"
