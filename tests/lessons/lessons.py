"""What every lesson of every notebook must offer."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
from mutants import survivors, with_dots

from lecture_utils.studio.cards import solution_text
from lecture_utils.studio.grading import grade
from lecture_utils.studio.lesson import Lesson
from lecture_utils.studio.questions import Exercise
from lecture_utils.studio.values import call_code


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
    _raise(lacks + _lacks_of_all(lesson, _exercise_lacks))


def check_mutants(lesson: Lesson) -> None:
    """Raise AssertionError for a mutant of a solution that no input tells from it.

    Also for a mutant that is declared equivalent and is not: such a line has no reason any more.
    """
    _raise(_lacks_of_all(lesson, _mutants_alive))


def check_forms(lesson: Lesson) -> None:
    """Raise AssertionError where a right answer in another form is rejected.

    In JAX's arrays, in float32, as lists or tuples, as columns, as 0-d arrays; and from a function
    that spoils its arguments or writes into one array again and again.
    """
    _raise(_lacks_of_all(lesson, _forms_rejected))


def check_quotes(lesson: Lesson) -> None:
    """Raise AssertionError where the one input that differs is not quoted as code to paste."""
    _raise(_lacks_of_all(lesson, _badly_quoted))


def check_dots(lesson: Lesson) -> None:
    """Raise AssertionError where a solution with dots in it is taken for an attempt."""
    _raise(_lacks_of_all(lesson, _dots_unseen))


def _raise(lacks: list[str]) -> None:
    assert not lacks, "\n".join(lacks)


def _lacks_of_all(lesson: Lesson, lacks_of: Callable[[Exercise], list[str]]) -> list[str]:
    return [
        f"exercise {exercise.name}: {lack}"
        for exercise in lesson.exercises.values()
        for lack in lacks_of(exercise)
    ]


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
        if exercise.check is None:
            other = verdict.text != mistake
            expect(not (named and other), f"the mistake {mistake!r} is told {verdict.text!r}")
        texts.append(verdict.text)
    expect(len(set(texts)) >= 2, "fewer than two mistakes with a sentence of their own")
    expect(len(set(texts)) == len(texts), "two mistakes get the same sentence")
    expect(len(exercise.hints) >= 2, "fewer than two hints")
    return lacks


def _mutants_alive(exercise: Exercise) -> list[str]:
    if not callable(exercise.solution) or not exercise.inputs:
        return []
    alive, _ = survivors(exercise)
    declared = {mutant for mutants in exercise.equivalent.values() for mutant in mutants}
    return [
        *(f"no input tells the mutant {label!r} from the solution" for label in alive
          if label not in declared),
        *(f"{label!r} is declared equivalent, but is killed or no mutant"
          for label in sorted(declared - set(alive))),
    ]  # fmt: skip


def _mapped(change: Callable, value):
    """The answer with ``change`` made to each of its arrays and numbers."""
    if isinstance(value, tuple):
        return tuple(_mapped(change, part) for part in value)
    return value if isinstance(value, (str, bool, np.bool_)) else change(value)


def _columns(value):
    array = np.asarray(value)
    return array[:, None] if array.ndim == 1 else array


def _float32(value):
    if callable(value) or isinstance(value, (int, str, list, tuple)):
        return value
    return np.asarray(value).astype(np.float32) if np.asarray(value).dtype.kind == "f" else value


def _spoil(value):
    if isinstance(value, np.ndarray):
        value[...] = 0
    elif isinstance(value, list):
        value.clear()


def _forms_rejected(exercise: Exercise) -> list[str]:
    right = exercise.solution
    if not callable(right):
        return []

    def spoils(*arguments):
        value = right(*arguments)
        answer = _mapped(lambda part: np.array(part), value)
        for argument in arguments:
            _spoil(argument)
        return answer

    written: dict[tuple, np.ndarray] = {}

    def writes_again(part):
        array = np.asarray(part)
        written.setdefault((array.shape, array.dtype), np.empty_like(array))[...] = array
        return written[array.shape, array.dtype]

    def listed(value):
        return np.asarray(value).tolist()

    forms = {
        "JAX's arrays": lambda *a: _mapped(jnp.asarray, right(*a)),
        "arrays without axes": lambda *a: _mapped(np.asarray, right(*a)),
        "lists": lambda *a: _mapped(listed, right(*a)),
        "columns": lambda *a: _mapped(_columns, right(*a)),
        "float32": lambda *a: _mapped(_float32, right(*map(_float32, a))),
        "the arguments spoiled": spoils,
    }
    if not isinstance(right(*exercise.inputs[0]) if exercise.inputs else (), tuple):
        forms["one array, written again and again"] = lambda *a: _mapped(writes_again, right(*a))
    else:
        forms["a list of results"] = lambda *a: list(right(*a))
    if any(isinstance(x, str) for x in [right(*a) for a in exercise.inputs]):
        forms = {"the arguments spoiled": spoils}
    lacks = []
    for name, form in forms.items():
        for _ in range(2):  # what one attempt does to its arguments must not reach the next
            verdict = grade(exercise, functools.update_wrapper(form, right))
            if verdict.status != "correct":
                lacks.append(f"the right answer is rejected in another form, {name}: {verdict}")
    return lacks


def _differing_once(exercise: Exercise, place: int) -> Callable:
    """The solution, but for one of the inputs."""
    calls = iter(range(len(exercise.inputs)))

    def attempt(*arguments):
        value = exercise.solution(*arguments)
        return (
            value if next(calls) != place else _mapped(lambda x: 1.37 * np.asarray(x) + 7.1, value)
        )

    return functools.update_wrapper(attempt, exercise.solution)


def _badly_quoted(exercise: Exercise) -> list[str]:
    lacks = []
    for place, arguments in enumerate(exercise.inputs):
        answer = exercise.solution(*arguments)
        if isinstance(answer, (str, bool, np.bool_)):
            continue
        verdict = grade(exercise, _differing_once(exercise, place))
        call = call_code(exercise.solution.__name__, arguments)
        if call not in verdict.text or "expected" not in verdict.text:
            lacks.append(f"{call} differs, and what is said is {verdict}")
    calls = [call_code("f", arguments) for arguments in exercise.inputs]
    if calls and min(map(len, calls)) > 250:
        lacks.append(f"give a smaller input; the smallest is {min(calls, key=len)}")
    return lacks


def _dots_unseen(exercise: Exercise) -> list[str]:
    if not callable(exercise.solution):
        return []
    verdicts = {m.label: grade(exercise, m.function) for m in with_dots(exercise.solution)}
    return [
        f"{label} gets {verdict}"
        for label, verdict in verdicts.items()
        if verdict.status == "wrong"
    ]
