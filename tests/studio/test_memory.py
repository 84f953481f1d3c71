"""Remembered answers: what was committed, solved and reached is there the next evening."""

import json

import pytest
from test_grading import a_lesson, climb, newton_exercise, newton_step, saddle_prediction

from lecture_utils.lessons.deep_linear_networks.explorers import Modes
from lecture_utils.lessons.hessian_review.explorers import Newton
from lecture_utils.studio import memory
from lecture_utils.studio.memory import Keeper, Memory
from lecture_utils.studio.progress_page import ProgressPage, progress_of


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv("LECTURE_ANSWERS", str(tmp_path / "answers"))
    return tmp_path / "answers"


def test_a_committed_prediction_is_committed_in_the_next_kernel():
    question = saddle_prediction()
    card = a_lesson([question]).predict(question.name)
    assert not card.radio.disabled
    card.radio.value = question.answer
    card.commit.click()
    again = a_lesson([question]).predict(question.name)
    assert again.radio.disabled
    assert again.radio.value == question.answer
    assert again.feedback == card.feedback


def test_an_option_that_was_reworded_is_asked_again():
    question = saddle_prediction()
    a_lesson().memory.put("predictions", question.name, answer="an older wording", right=False)
    assert not a_lesson([question]).predict(question.name).radio.disabled


def test_an_exercise_once_solved_stays_solved():
    lesson = a_lesson(exercises=[newton_exercise()])
    entry = lambda: lesson.memory.get("exercises", "newton")  # noqa: E731
    lesson.check("newton", None)
    assert entry() == {}, "an untouched stub is no try"
    lesson.check("newton", climb)
    assert entry() == {"solved": False}
    lesson.check("newton", newton_step)
    lesson.check("newton", climb)
    assert entry() == {"solved": True}


def test_a_committed_prediction_says_so_to_the_page_and_in_the_saved_text():
    question = saddle_prediction()
    card = a_lesson([question]).predict(question.name)
    assert card._page.committed == ""
    assert "Run the cell, choose and commit" in card._markdown()
    card.radio.value = question.answer
    card.commit.click()
    again = a_lesson([question]).predict(question.name)
    for shown in (card, again):
        assert shown._page.committed == question.answer
        assert shown._page.verdict == "✔ correct"
        assert question.options[question.answer] in shown._markdown()


def test_an_exercise_solved_before_says_so_beside_todays_verdict():
    lesson = a_lesson(exercises=[newton_exercise()])
    assert "Solved before" not in lesson.check("newton", None)._markdown()
    assert "Solved before" not in lesson.check("newton", newton_step)._markdown()
    for attempt in (None, climb):
        assert "✔ Solved before." in lesson.check("newton", attempt)._markdown()


def test_hints_go_on_after_a_try():
    """Each try makes a new card; the hints that were asked for stand on it, until it is right."""
    lesson = a_lesson(exercises=[newton_exercise()])
    hints = lesson.exercises["newton"].hints
    told = lambda card: [hint in card._message.value for hint in hints]  # noqa: E731
    card = lesson.check("newton", None)
    assert told(card) == [False] * 3
    card.hint.click()
    card = lesson.check("newton", climb)
    assert told(card) == [True, False, False] and card.hint.description == "Hint 2 of 3"
    card.hint.click()
    right = lesson.check("newton", newton_step)
    assert told(right) == [False] * 3, "who is right needs none"
    card = lesson.check("newton", climb)
    assert told(card) == [True, True, False] and card.hint.description == "Hint 3 of 3"
    assert lesson.memory.get("exercises", "newton") == {"solved": True, "hints": 2}
    for nonsense in ("two", None, -1, 99):
        lesson.memory.put("exercises", "newton", hints=nonsense)
        assert lesson.check("newton", climb).hints_shown == (3 if nonsense == 99 else 0)


def test_whatever_is_asked_of_a_card_is_answered(tmp_path, monkeypatch):
    """The page shows that it waits until the kernel counts one more answer."""
    monkeypatch.chdir(tmp_path)
    question = saddle_prediction()
    lesson = a_lesson([question], exercises=[newton_exercise()])
    card = lesson.predict(question.name)
    counts = [card._page.answered]
    card.radio.value = question.answer
    counts.append(card._page.answered)
    card.commit.click()
    counts.append(card._page.answered)
    assert counts == [0, 1, 2]
    page, exercise = ProgressPage([(lesson, ())]), lesson.check("newton", climb)
    failing = exercise._button("fails", lambda: 1 / 0)
    for asked, button in [
        (page, page.export), (page, page.renew), (page, page.forget), (exercise, exercise.solution),
        (exercise, exercise.hint), (exercise, failing),
    ]:  # fmt: skip
        before = asked._page.answered
        button.click()
        assert asked._page.answered == before + 1, button.description


def test_an_explorer_is_found_as_it_was_left():
    first = Newton()
    control, slider = next((n, c) for n, c in first.controls.items() if hasattr(c, "max"))
    point = next(iter(first._points), None)
    moved = {control: slider.max} | ({point: (0.25, -0.5)} if point else {})
    first.set(**moved)
    first.keeper.write()
    again = Newton()
    assert again.values == first.values
    assert (again.readout, again.picture.frame()) == (first.readout, first.picture.frame())
    assert again.picture.frames == 2, "it is drawn as it was left, not first as it was declared"
    first.keeper.write()  # both keep one entry: nothing of the first may come late, over the second
    again.reset()
    again.keeper.write()
    assert Newton().values == again.values == again._initial
    assert again.values != first.values


@pytest.mark.nightly
def test_an_explorer_that_has_changed_since_starts_afresh():
    values = {"a control that is gone": 1, **dict.fromkeys(Modes().controls, "nonsense")}
    Modes().memory.put("explorers", "Modes", values=values)
    again = Modes()
    assert again.values == again._initial
    assert not again.status


def test_what_moves_all_the_time_is_written_once_a_moment():
    values = iter(range(9))
    keeper = Keeper(Memory("01_a"), "explorers", "Walk", lambda: {"values": next(values)})
    keeper.write()
    assert Memory("01_a").get("explorers", "Walk") == {}, "nothing has changed"
    for _ in range(5):
        keeper.changed()
    keeper.write()
    keeper.write()
    assert Memory("01_a").get("explorers", "Walk") == {"values": 0}


def test_lessons_are_kept_apart_and_exported_together(tmp_path):
    Memory("01_a").put("goals", "Hill", reached="high")
    Memory("02_b").put("predictions", "p", answer="x", right=True)
    stored = json.loads(memory.export(tmp_path / "mine.json").read_text(encoding="utf-8"))
    assert stored["01_a"]["goals"] == {"Hill": {"reached": "high"}}
    assert stored["02_b"]["predictions"] == {"p": {"answer": "x", "right": True}}
    memory.forget("01_a")
    assert Memory("01_a").get("goals", "Hill") == {}
    assert Memory("02_b").get("predictions", "p")
    memory.forget()
    assert Memory("02_b").get("predictions", "p") == {}


def test_a_broken_file_counts_as_empty(kept):
    kept.mkdir()
    for text in ("{", "[]", '{"goals": 3}', '{"goals": {"a": 1}}'):
        (kept / "01_a.json").write_text(text)
        assert Memory("01_a").get("goals", "a") == {}
        assert Memory("01_a").put("goals", "b", reached="yes")
        assert Memory("01_a").get("goals", "b") == {"reached": "yes"}


def test_where_nothing_can_be_written_nothing_is_raised(kept, monkeypatch):
    kept.write_text("a file where the folder should be")
    assert Memory("01_a").put("goals", "b", reached="yes") is False
    monkeypatch.setenv("LECTURE_ANSWERS", "off")
    assert Memory("01_a").put("goals", "b", reached="yes") is False
    assert memory.folder() is None
    monkeypatch.delenv("LECTURE_ANSWERS")
    assert memory.folder() is None, "a process without a notebook remembers nothing"


def test_no_half_written_file_is_left(kept, monkeypatch):
    Memory("01_a").put("goals", "b", reached="yes")

    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(memory.os, "replace", full)
    assert Memory("01_a").put("goals", "c", reached="yes") is False
    assert [path.name for path in kept.iterdir()] == ["01_a.json"]
    assert Memory("01_a").get("goals", "b") == {"reached": "yes"}


def test_the_progress_page_counts_exports_and_forgets(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    question = saddle_prediction()
    lesson = a_lesson([question], [newton_exercise()])
    page = ProgressPage([(lesson, ["Hill", "Valley"])])
    assert "0 of 1" in page.table.value and "0 of 2" in page.table.value
    lesson.memory.put("predictions", question.name, answer=question.answer, right=True)
    lesson.memory.put("predictions", "one that is gone", answer="x", right=True)
    lesson.check("newton", newton_step)
    lesson.memory.put("goals", "Hill", reached="high")
    page.renew.click()
    assert progress_of(lesson, ["Hill", "Valley"]) == {
        "predictions": (1, 1),
        "exercises": (1, 1),
        "goals": (1, 2),
    }
    assert page.table.value.count("1 of 1") == 2 and "1 of 2" in page.table.value
    page.export.click()
    assert "99_test" in json.loads((tmp_path / "my_answers.json").read_text(encoding="utf-8"))
    for clock in (0.0, 100.0):
        monkeypatch.setattr("time.monotonic", lambda now=clock: now)
        page.forget.click()
        assert lesson.memory.get("goals", "Hill"), "one press forgets nothing, nor a late second"
    page.forget.click()
    assert not lesson.memory.get("goals", "Hill")
    assert "0 of 2" in page.table.value
    assert repr(page) == "Your progress: run the cell to see it."
