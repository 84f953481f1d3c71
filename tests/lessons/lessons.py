"""What every lesson of every notebook must offer."""

from __future__ import annotations

import functools
from typing import Any

from lecture_utils.studio.cards import solution_text
from lecture_utils.studio.grading import grade
from lecture_utils.studio.lesson import Lesson
from lecture_utils.studio.questions import Exercise


def check_lesson(lesson: Lesson) -> None:
    """Raise AssertionError listing all that a lesson lacks; each notebook's tests call it.

    An exercise accepts its solution, says "not attempted" to a stub, rejects a constant, names
    at least two mistakes, each with a sentence of its own, and has two hints or more. A
    prediction has feedback of at least 20 characters on every option.
    """
    lacks = [
        f"prediction {p.name}: the feedback on {label!r} is shorter than 20 characters"
        for p in lesson.predictions.values()
        for label, feedback in p.options.items()
        if len(feedback) < 20
    ]
    for exercise in lesson.exercises.values():
        lacks += [f"exercise {exercise.name}: {lack}" for lack in _exercise_lacks(exercise)]
    assert not lacks, "\n".join(lacks)


def _exercise_lacks(exercise: Exercise) -> list[str]:
    lacks = []

    def expect(fine: bool, lack: str):
        lacks.extend([] if fine else [lack])

    answer = exercise.solution
    seen: list[Any] = []
    if callable(answer):

        def solution(*args, **kwargs):
            seen.append(answer(*args, **kwargs))
            return seen[-1]

        functools.update_wrapper(solution, answer)
    else:
        solution = answer
    verdict = grade(exercise, solution)
    expect(verdict.status == "correct", f"the solution is not accepted: {verdict.text}")
    stubs = [None, ..., *([lambda *a, **k: None, lambda *a, **k: ...] if callable(answer) else [])]
    for stub in stubs:
        verdict = grade(exercise, stub)
        expect(verdict.status == "not attempted", f"a stub gets {verdict.status!r}")
    if seen:
        expect(grade(exercise, lambda *a, **k: seen[0]).status == "wrong", "a constant passes")
        source = solution_text(exercise)
        expect(source.startswith(("def ", "@", "class ")), "the solution's source is no `def`")
    texts = []
    for mistake, wrong in exercise.mistakes.items():
        verdict = grade(exercise, wrong)
        named = verdict.status == "wrong" and verdict.specific
        expect(named, f"the mistake {mistake!r} is not named but gets {verdict}")
        texts.append(verdict.text)
    expect(len(set(texts)) >= 2, "fewer than two mistakes with a sentence of their own")
    expect(len(set(texts)) == len(texts), "two mistakes get the same sentence")
    expect(len(exercise.hints) >= 2, "fewer than two hints")
    return lacks
