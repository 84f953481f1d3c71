"""Grading: whatever a student's answer is or does ends as feedback in one sentence."""

from __future__ import annotations

import dis
import functools
import inspect
import linecache
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lecture_utils.studio.questions import Exercise


@dataclass(frozen=True)
class Feedback:
    """What a check says: ``status`` is "correct", "wrong" or "not attempted".

    ``specific`` is False where the check saw only *that* the answer is wrong, not why.
    """

    status: str
    text: str = ""
    specific: bool = True

    @classmethod
    def correct(cls, text: str = "") -> Feedback:
        return cls("correct", text)

    @classmethod
    def wrong(cls, text: str, specific: bool = True) -> Feedback:
        return cls("wrong", text, specific)

    @classmethod
    def not_attempted(cls) -> Feedback:
        return cls("not attempted", "replace the dots, then run this cell again")

    def __str__(self) -> str:
        """One sentence, as in a cell's plain-text output."""
        if self.status == "not attempted":
            return "not attempted yet."
        head = "correct" if self.status == "correct" else "not yet"
        return sentence(f"{head}: {self.text}" if self.text else head)


_MOST_SHOWN = 16  # entries of an array in a sentence


def compare(value, right, mistakes: Mapping[str, Any] | None = None, rtol=1e-4, atol=1e-9):
    """Feedback on one value: correct, a known mistake, or how it differs.

    ``right`` is a number, an array, a text, a bool, or a tuple or dict of those. Arrays (numpy or
    jax) agree when their shapes do and no entry is off by more than ``atol + rtol * max|right|``:
    the rounding error of a zero is forgiven. NaN agrees with NaN only.
    """
    wrongs = {sentence: lambda w=wrong: [w] for sentence, wrong in (mistakes or {}).items()}
    return _first_match([value], [right], wrongs, [""], rtol, atol)


def compare_on(
    attempt: Callable,
    right: Callable,
    inputs: Sequence[tuple],
    mistakes: Mapping[str, Callable] | None = None,
    rtol: float = 1e-4,
    atol: float = 1e-9,
) -> Feedback:
    """Feedback on a function, from its values on several ``inputs`` (argument tuples).

    It is correct if it agrees with ``right`` on all inputs; a mistake is named if it explains all.
    """

    def values(function):
        return [function(*map(_copy, arguments)) for arguments in inputs]

    attempted = values(attempt)  # first: an untouched stub ends the check here
    wrongs = {sentence: lambda w=wrong: values(w) for sentence, wrong in (mistakes or {}).items()}
    names = inspect.signature(right).parameters
    places = [
        "for " + ", ".join(f"{n} = {show(a)}" for n, a in zip(names, arguments, strict=False))
        for arguments in inputs
    ]
    return _first_match(attempted, values(right), wrongs, places, rtol, atol)


def _first_match(values, rights, wrongs, places, rtol, atol) -> Feedback:
    if any(is_unfilled(value) for value in values):
        return Feedback.not_attempted()

    def differences(others):
        return [_difference(v, o, rtol, atol) for v, o in zip(values, others, strict=True)]

    found = differences(rights)
    if not any(found):
        return Feedback.correct()
    for sentence, wrong in wrongs.items():
        if not any(differences(wrong())):  # called here: a right answer never waits for them
            return Feedback.wrong(sentence)
    place, clause = next(pair for pair in zip(places, found, strict=True) if pair[1])
    return Feedback.wrong(f"{place} I {clause}".strip(), specific=False)


def _difference(value, right, rtol, atol) -> str | None:
    """None if the two agree, else a clause "expected ... but got ..."."""
    mismatch = f"expected {show(right)} but got {show(value)}"
    if isinstance(right, dict):
        if not isinstance(value, dict) or set(value) != set(right):
            return f"expected a dict with the keys {list(right)} but got {show(value)}"
        parts = [(f"[{key!r}]", value[key], right[key]) for key in right]
    elif isinstance(right, tuple):
        if isinstance(value, (str, dict)) or not np.iterable(value) or len(value) != len(right):
            return f"expected {len(right)} results but got {show(value)}"
        parts = [(f"[{i}]", v, r) for i, (v, r) in enumerate(zip(value, right, strict=True))]
    elif isinstance(right, str):
        return None if isinstance(value, str) and value == right else mismatch
    else:
        return _array_difference(value, right, rtol, atol)
    clauses = ((key, _difference(v, r, rtol, atol)) for key, v, r in parts)
    return next((f"{clause} in part {key}" for key, clause in clauses if clause), None)


def _array_difference(value, right, rtol, atol) -> str | None:
    right = np.asarray(right)
    try:
        array = np.asarray(value)
        if array.dtype.kind in "USMm" or (np.iscomplexobj(array) and np.any(array.imag)):
            raise TypeError  # text would be read as numbers, complex ones would lose a part
        number = np.real(array).astype(float)
    except (TypeError, ValueError):
        return f"expected {_shape(right)} but got {show(value)}"
    if number.shape != right.shape:
        if right.ndim and number.ndim:
            return f"expected shape {right.shape} but got {number.shape}"
        return f"expected {_shape(right)} but got {_shape(number)}"
    if right.dtype == bool and array.dtype != bool:
        return f"expected True or False but got {show(value)}"
    wanted, is_bool = right.astype(float), right.dtype == bool
    for name, test in (("NaN", np.isnan), ("infinity", np.isinf)):
        if np.any(test(number) & ~test(wanted)):
            return f"expected {show(right)} but your answer contains {name}"
    scale = np.max(np.abs(wanted[np.isfinite(wanted)]), initial=0.0)
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(number - wanted) <= atol + rtol * scale
    agree = near | (number == wanted) | (np.isnan(number) & np.isnan(wanted))
    if np.all(agree):
        return None
    where = ""
    if wanted.size > _MOST_SHOWN:
        place = tuple(np.argwhere(~agree)[0].tolist())
        number, wanted, where = number[place], wanted[place], f" at index {list(place)}"
    if is_bool:
        number, wanted = np.asarray(number, bool), np.asarray(wanted, bool)
    digits = 4 if show(number) != show(wanted) else 10
    return f"expected {show(wanted, digits)}{where} but got {show(number, digits)}"


def _copy(argument):
    """An in-place `g -= ...` in a student's function must not change our test inputs."""
    return argument.copy() if isinstance(argument, np.ndarray) else argument


def is_unfilled(value) -> bool:
    """Whether an answer still holds the dots, or nothing."""
    if isinstance(value, (tuple, list)) and value:
        return any(item is Ellipsis for item in value)
    return value is None or value is Ellipsis


def _shape(array: np.ndarray) -> str:
    return "a single number" if array.ndim == 0 else f"an array of shape {array.shape}"


def show(value, digits: int = 4) -> str:
    """A short text for a value in a sentence: never a default repr with an address in it."""
    if callable(value):
        name = getattr(value, "__name__", "<lambda>").lstrip("_")
        return "a function" if name == "<lambda>" else f"the function `{name}`"
    if value is None or isinstance(value, (bool, np.bool_)):
        return str(value)
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {show(v, digits)}" for k, v in value.items()) + "}"
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biufc":
            array = array.astype(float)
    except Exception:  # whatever a student may return
        return f"something of type {type(value).__name__}"
    if array.size > _MOST_SHOWN:
        return _shape(array)
    return _show_nested(array.tolist(), digits)


def _show_nested(value, digits: int) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_show_nested(item, digits) for item in value) + "]"
    return str(value) if isinstance(value, bool) else f"{value + 0.0:.{digits}g}"


def sentence(text: str) -> str:
    """The text with a full stop, unless it ends a sentence already."""
    return text if text.endswith((".", "!", "?")) else text + "."


def name_error(error: Exception) -> str:
    """An error's kind and the first line of what it says."""
    first_line = (str(error).strip().splitlines() or [""])[0]
    return f"{type(error).__name__}: {textwrap.shorten(first_line, 160)}".rstrip(": ")


# --- an exercise's check, run on an attempt ------------------------------------------------------


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
