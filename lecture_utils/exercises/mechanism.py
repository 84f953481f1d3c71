"""Predictions, exercises and the ledger: the pieces every notebook shares.

A notebook's own questions live beside this file (``exercises/hessian_review.py``); they are data
plus a few functions, and this file turns them into cards that a cell returns.

    lesson = Lesson("01_hessian_review", predictions=[...], exercises=[...])
    lesson.predict("newton")                        # a card: choose, commit, read why
    lesson.check("newton_step", my_newton_step)     # a card: verdict, hints, solution

What an author writes (questions, tasks, hints, feedback on a prediction) may hold inline HTML.
A `Feedback` is plain text, because it may quote a student; `backticks` in it become code.
"""

from __future__ import annotations

import dis
import functools
import inspect
import linecache
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lecture_utils.exercises.answers import (
    Feedback,
    compare,
    compare_on,
    is_unfilled,
    name_error,
    show,
)
from lecture_utils.exercises.cards import ExerciseCard, PredictionCard


@dataclass(frozen=True, eq=False)
class Prediction:
    """A question that the student answers before running the cell that shows the truth.

    ``options`` maps each label (plain text) to the sentence shown once it has been committed.
    Raises ValueError for fewer than two options or an answer that is none of them.
    """

    name: str
    question: str
    options: Mapping[str, str]
    answer: str
    reveal: str = ""

    def __post_init__(self):
        if len(self.options) < 2:
            raise ValueError(
                f"prediction {self.name!r} has {len(self.options)} option(s): give at least two."
            )
        if self.answer not in self.options:
            raise ValueError(
                f"prediction {self.name!r}: answer {self.answer!r} is none of the options "
                f"{list(self.options)}: copy one of these labels."
            )


@dataclass(frozen=True, eq=False)
class Exercise:
    """A task whose check knows the typical mistakes.

    ``mistakes`` maps the sentence a student reads to the wrong function (or value) that earns
    it. With ``inputs``, a sequence of argument tuples, the check is `compare_on` those inputs;
    where the answer is a plain value it is `compare`. Anything else goes into ``check``: it gets
    the attempt and returns None (correct), a sentence (wrong) or a `Feedback`; ``mistakes`` then
    only serves the tests. ``why`` is shown below the solution.
    Raises ValueError for a function with neither two inputs nor a check.
    """

    name: str
    title: str
    task: str
    hints: Sequence[str]
    solution: Any
    mistakes: Mapping[str, Any]
    inputs: Sequence[tuple] = ()
    check: Callable[[Any], Feedback | str | None] | None = None
    rtol: float = 1e-4
    why: str = ""

    def __post_init__(self):
        if self.check is None and callable(self.solution) and len(self.inputs) < 2:
            raise ValueError(
                f"exercise {self.name!r} has {len(self.inputs)} input(s): give at least two, "
                "so that a constant cannot pass, or a check."
            )


# ---------------------------------------------------------------------------------------------
# Grading: whatever the student's code does ends as one sentence
# ---------------------------------------------------------------------------------------------


class _Stop(Exception):
    """Not an error: it carries a verdict out of a check."""

    def __init__(self, feedback: Feedback):
        super().__init__(str(feedback))
        self.feedback = feedback


def grade(exercise: Exercise, attempt: Any) -> Feedback:
    """The exercise's feedback on ``attempt``; never raises for what the student did."""
    if is_unfilled(attempt):
        return Feedback.not_attempted()
    if callable(exercise.solution) and not callable(attempt):
        return Feedback.wrong(
            f"expected a function but got {show(attempt)}; pass the function's name alone, "
            "without parentheses"
        )
    if callable(attempt) and not callable(exercise.solution):
        return Feedback.wrong("expected a value but got a function; call it and pass its result")
    try:
        verdict = _run_check(exercise, _guarded(attempt) if callable(attempt) else attempt)
    except _Stop as stop:
        return stop.feedback
    except Exception as error:
        return Feedback.wrong(
            f"the check could not use your answer ({name_error(error)})", specific=False
        )
    if verdict is None:
        return Feedback.correct()
    if isinstance(verdict, str):
        return Feedback.wrong(verdict)
    if not isinstance(verdict, Feedback):
        raise ValueError(
            f"the check of exercise {exercise.name!r} returned {show(verdict)}: "
            "return None, a sentence or a Feedback."
        )
    return verdict


def _run_check(exercise: Exercise, attempt):
    if exercise.check is not None:
        return exercise.check(attempt)
    if callable(exercise.solution):
        return compare_on(
            attempt, exercise.solution, exercise.inputs, exercise.mistakes, exercise.rtol
        )
    return compare(attempt, exercise.solution, exercise.mistakes, exercise.rtol)


def _guarded(function: Callable) -> Callable:
    """The student's function, ending the check with a sentence if it fails or returns nothing."""

    @functools.wraps(function)
    def call(*args, **kwargs):
        try:
            value = function(*args, **kwargs)
        except Exception as error:
            raise _Stop(_feedback_on_error(function, error)) from error
        if value is None and not _is_stub(function):
            raise _Stop(
                Feedback.wrong("your function returned nothing (None): did you forget `return`?")
            )
        if is_unfilled(value):
            raise _Stop(Feedback.not_attempted())
        return value

    return call


def _is_stub(function: Callable) -> bool:
    """Whether the body does nothing at all: dots, `pass`, or a bare docstring."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is None:
        return False
    idle = {"RESUME", "NOP", "POP_TOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
    return {step.opname for step in dis.get_instructions(code)} <= idle


def _feedback_on_error(function: Callable, error: Exception) -> Feedback:
    # dots left inside an expression: `2 * ...` complains about an 'ellipsis'
    dots = isinstance(error, (TypeError, ValueError)) and "ellipsis" in str(error).lower()
    if dots or isinstance(error, NotImplementedError):
        return Feedback.not_attempted()
    code = getattr(inspect.unwrap(function), "__code__", None)
    where, trace = "", error.__traceback__
    while trace is not None and code is not None:  # the last line in the student's own cell
        if trace.tb_frame.f_code.co_filename == code.co_filename:
            source = linecache.getline(code.co_filename, trace.tb_lineno).strip()
            where = f" at line {trace.tb_lineno}" + (f", `{source:.60}`" if source else "")
        trace = trace.tb_next
    return Feedback.wrong(f"your function raised {name_error(error)}{where}")


# ---------------------------------------------------------------------------------------------
# A notebook's questions together
# ---------------------------------------------------------------------------------------------


class Lesson:
    """All predictions and exercises of one notebook, by name.

    Raises ValueError for a name used twice and for a name that does not exist.
    """

    def __init__(
        self,
        notebook: str,
        predictions: Sequence[Prediction] = (),
        exercises: Sequence[Exercise] = (),
    ):
        self.notebook = notebook
        self.predictions = _by_name("prediction", predictions)
        self.exercises = _by_name("exercise", exercises)

    def predict(self, name: str) -> PredictionCard:
        return PredictionCard(_find("prediction", self.predictions, name))

    def check(self, name: str, attempt: Any) -> ExerciseCard:
        exercise = _find("exercise", self.exercises, name)
        return ExerciseCard(exercise, grade(exercise, attempt))


def _by_name(kind: str, items: Sequence) -> dict[str, Any]:
    named = {item.name: item for item in items}
    if len(named) != len(items):
        raise ValueError(f"two {kind}s share a name in {[i.name for i in items]}: rename one.")
    return named


def _find(kind: str, named: dict[str, Any], name: str):
    if name not in named:
        raise ValueError(f"no {kind} is called {name!r}: use one of {list(named)}.")
    return named[name]
