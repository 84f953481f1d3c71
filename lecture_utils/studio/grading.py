"""Grading: whatever a student's answer is or does ends as feedback in one sentence.

A sentence that says *why* follows from evidence about this answer: a known mistake does the same
on every input, or the answers have a measured relation to the right ones on every input.  Where
nothing fits, the smallest input that differs is quoted as code, with what came and what is right.
"""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lecture_utils.studio.attempts import (
    dots_in,
    draws,
    is_stub,
    line_of,
    name_error,
    unused,
    within,
)
from lecture_utils.studio.questions import Exercise
from lecture_utils.studio.relations import (
    factor_between,
    nearly,
    on_a_grid,
    other_arguments,
    parts_of,
    relation,
    relation_by_parts,
    renamed,
    where_wrong,
)
from lecture_utils.studio.values import (
    MOST_SHOWN,
    call_code,
    copied,
    kept,
    shape_text,
    show,
)


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


def compare(value, right, mistakes: Mapping[str, Any] | None = None, rtol=1e-4, atol=1e-9):
    """Feedback on one value: correct, a known mistake, or how it differs.

    ``right`` is a number, an array, a text, a bool, or a tuple or dict of those. Arrays (numpy or
    jax) agree when their shapes do and no entry is off by more than ``atol + rtol * max|right|``:
    the rounding error of a zero is forgiven. NaN agrees with NaN only. A column or a row does for
    a vector, one entry for a number.
    """
    if is_unfilled(value):
        return Feedback.not_attempted()
    clause = _difference(value, right, rtol, atol)
    if clause is None:
        return Feedback.correct()
    for sentence, wrong in (mistakes or {}).items():
        if _difference(value, wrong, rtol, atol) is None:
            return Feedback.wrong(sentence)
    return Feedback.wrong(f"I {clause}", specific=False)


@dataclass(frozen=True)
class _Raised:
    """An outcome: the call ended with an error; ``feedback`` says so to the student."""

    kind: str
    feedback: Feedback | None = None


def outcome(function: Callable, arguments: tuple, canonical: Callable | None = None):
    """What a call of ``function`` on copies of ``arguments`` comes to: its value or `_Raised`."""
    try:
        value = kept(function(*map(copied, arguments)))
        return value if canonical is None else _in_form(canonical, value, arguments)
    except _Stop as stop:
        if stop.feedback.status == "not attempted":
            raise
        return _Raised(stop.kind, stop.feedback)
    except Exception as error:
        return _Raised(type(error).__name__)


def _in_form(canonical, value, arguments):
    try:
        return canonical(value, *map(copied, arguments))
    except Exception:  # a value of another kind: it is compared, and told, as it is
        return value


def compare_on(
    attempt: Callable,
    right: Callable,
    inputs: Sequence[tuple],
    mistakes: Mapping[str, Callable] | None = None,
    rtol: float = 1e-4,
    atol: float = 1e-9,
    canonical: Callable | None = None,
    probe: bool = True,
) -> Feedback:
    """Feedback on a function, from its values on several ``inputs`` (argument tuples).

    It is correct if it agrees with ``right`` on all inputs.  A mistake is named if it does the
    same as the attempt on every input, errors included, and answers at least one.  ``canonical``
    brings answers that are equally good, and the arguments they belong to, to the same form.
    Without ``probe`` ``right`` is called with these inputs only.
    """
    values = [outcome(attempt, arguments, canonical) for arguments in inputs]
    if any(is_unfilled(value) for value in values):
        return Feedback.not_attempted()
    rights = [outcome(right, arguments, canonical) for arguments in inputs]
    found = [_clause(v, r, rtol, atol) for v, r in zip(values, rights, strict=True)]
    if not any(found):
        return Feedback.correct()
    answered = [not isinstance(value, _Raised) for value in values]
    if all(map(_is_nan, values)) and not any(map(_is_nan, rights)):
        return Feedback.wrong(_NO_NUMBER)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for sentence, wrong in (mistakes or {}).items() if any(answered) else ():
            if all(
                _clause(value, outcome(wrong, arguments, canonical), rtol, atol) is None
                for value, arguments in zip(values, inputs, strict=True)
            ):
                return Feedback.wrong(sentence)
        # Two things at once: a relation to what is right comes before one to a mistake.
        names = list(inspect.signature(right).parameters)
        told = relation(values, rights, inputs, names) if all(answered) else None
        unread = _unread(attempt, right, names) if all(answered) else None
        if told is None and unread is None and all(answered):
            told = _multiple_of_a_mistake(values, inputs, mistakes or {}, canonical)
        if told is None and unread is None and probe and all(answered):
            told = _answers_another(values, rights, right, inputs, names, canonical, rtol, atol)
        if told is None and all(answered):
            told = _several_mistakes(values, rights, inputs, mistakes or {}, canonical, rtol, atol)
        if told is None and all(answered):
            told = relation_by_parts(values, rights, inputs, names)
        if told is None and not all(answered):
            told = _mistake_beside_error(
                values, rights, right, inputs, mistakes or {}, canonical, rtol, atol
            )
    if told:
        return Feedback.wrong(told)
    quoted = _quote(right.__name__, inputs, values, found)
    if not all(answered):
        return quoted
    with np.errstate(all="ignore"):
        near = unread or _drawn(attempt, right) or where_wrong(values, rights)
        near = near or on_a_grid(values, rights, inputs) or nearly(values, rights)
    return Feedback.wrong(f"{near}; {quoted.text}") if near else quoted


def first_difference(exercise: Exercise, attempt: Callable) -> int | None:
    """The first of the exercise's inputs on which ``attempt`` is not right, or None."""
    for place, arguments in enumerate(exercise.inputs):
        value = outcome(attempt, arguments, exercise.canonical)
        right = outcome(exercise.solution, arguments, exercise.canonical)
        if is_unfilled(value) or _clause(value, right, exercise.rtol, exercise.atol):
            return place
    return None


def _clause(value, other, rtol, atol) -> str | None:
    """None if two outcomes are the same, else what differs."""
    if isinstance(value, _Raised) or isinstance(other, _Raised):
        return None if _kind(value) == _kind(other) else "raised"
    return _difference(value, other, rtol, atol)


def _kind(value) -> str:
    """How a call failed; LAPACK says "no convergence" of what other routines call NaN."""
    if isinstance(value, _Raised):
        return value.kind
    number = isinstance(value, (float, np.floating)) or getattr(value, "shape", None) == ()
    return "LinAlgError" if number and not np.isfinite(float(value)) else ""


def _multiple_of_a_mistake(values, inputs, mistakes, canonical) -> str | None:
    """A sentence where the values are a mistake's but for a factor, or for what words it uses."""
    for sentence, wrong in mistakes.items():
        others = [outcome(wrong, arguments, canonical) for arguments in inputs]
        if any(isinstance(other, _Raised) for other in others):
            continue
        factor = factor_between(values, others)
        if factor:
            return f"{sentence}; and beside this your answer is {factor}"
        words = renamed(values, others)
        if words and len(set(map(str, values))) == len(set(map(str, others))):
            return f"{sentence}; and beside this {words}"
    return None


_NO_NUMBER = (
    "your answer contains NaN, and no number, on every input: that comes of 0/0, of the root or "
    "the logarithm of a negative number, or of another function outside of its range"
)


def _is_nan(value) -> bool:
    """Whether an outcome is made of NaN alone."""
    try:
        array = np.asarray(value)
    except ValueError:  # arrays of several shapes
        return False
    return array.dtype.kind == "f" and array.size > 0 and bool(np.all(np.isnan(array)))


def _mistake_beside_error(values, rights, right, inputs, mistakes, canonical, rtol, atol):
    """A sentence where the values are a mistake's wherever there is no error, or None.

    Three values have to agree, and more than there are errors: fewer may do by chance.
    """
    places = [i for i, value in enumerate(values) if not isinstance(value, _Raised)]
    differ = any(_clause(values[i], rights[i], rtol, atol) for i in places)
    if not differ or len(places) < max(3, len(values) / 2 + 0.5):
        return None
    failed = next(i for i, value in enumerate(values) if isinstance(value, _Raised))
    for sentence, wrong in mistakes.items():
        if all(
            _clause(values[i], outcome(wrong, inputs[i], canonical), rtol, atol) is None
            for i in places
        ):
            call = call_code(right.__name__, inputs[failed])
            end = " And" if sentence.endswith(("?", "!", ".")) else "; and"
            return f"{sentence}{end} `{call}` raised {values[failed].kind}"
    return None


def _several_mistakes(values, rights, inputs, mistakes, canonical, rtol, atol) -> str | None:
    """A sentence where each wrong one of several results is that of a mistake in it alone."""
    if not all(isinstance(right, tuple) for right in rights):
        return None

    def wrong_parts(answers):
        """{label: its values} of the parts that are wrong; none where the form is wrong."""
        flat = [parts_of(answer, right) for answer, right in zip(answers, rights, strict=True)]
        if None in flat or len(set(map(len, flat))) > 1:
            return {}
        return {
            part[0][0]: [value for _, value, _ in part]
            for part in zip(*flat, strict=True)
            if any(_difference(value, right, rtol, atol) for _, value, right in part)
        }

    told = dict.fromkeys(wrong_parts(values))
    for sentence, wrong in mistakes.items() if len(told) > 1 else ():
        found = wrong_parts([outcome(wrong, arguments, canonical) for arguments in inputs])
        label, others = next(iter(found.items()), ("", []))
        if len(found) == 1 and label in told and told[label] is None:
            pairs = zip(wrong_parts(values)[label], others, strict=True)
            if not any(_difference(value, other, rtol, atol) for value, other in pairs):
                told[label] = sentence
    return "; and beside this, ".join(told.values()) if told and all(told.values()) else None


def _answers_another(values, rights, right, inputs, names, canonical, rtol, atol) -> str | None:
    """A sentence where the values are the right ones for other arguments, on every input.

    Among a few words, and True and False, too much agrees by chance: there no argument is changed.
    """
    if sum(not _is_nan(value) for value in values) < 2:
        return None
    few = all(isinstance(r, (str, bool, np.bool_)) for r in rights)
    for sentence, others in other_arguments(inputs, names, changed=not few):
        if all(
            _clause(value, outcome(right, arguments, canonical), rtol, atol) is None
            for value, arguments in zip(values, others, strict=True)
        ):
            return sentence
    return None


def _unread(attempt, right, names) -> str | None:
    """A sentence on an argument that the answer depends on and the attempt never reads."""
    missing = sorted(unused(attempt) - unused(right))
    if missing and len(inspect.signature(attempt).parameters) == len(names):
        return f"your function never uses its argument `{names[missing[0]]}`"
    return None


def _drawn(attempt, right) -> str | None:
    if draws(attempt) and not draws(right):
        return "your function draws random numbers, and the exact answer needs none"
    return None


def _quote(name, inputs, values, found) -> Feedback:
    """The failing input that is shortest to read, as code, with what came and what is right."""
    wrong = [place for place, clause in enumerate(found) if clause]
    calls = {place: call_code(name, inputs[place]) for place in wrong}
    errors = [place for place in wrong if isinstance(values[place], _Raised)]
    place = min(errors or wrong, key=lambda place: len(calls[place]))
    if errors:
        stop = values[place].feedback
        if stop is None:
            return Feedback.wrong(f"`{calls[place]}` raised {values[place].kind}", specific=False)
        return Feedback(stop.status, f"{stop.text}, for `{calls[place]}`", stop.specific)
    fine = len(inputs) - len(wrong)
    also = f" ({fine} of {len(inputs)} inputs come out right)" if fine else ""
    return Feedback.wrong(f"for `{calls[place]}` I {found[place]}{also}", specific=False)


def _difference(value, right, rtol, atol) -> str | None:
    """None if the two agree, else a clause "expected ... but got ..."."""
    mismatch = f"expected {show(right)} but got {show(value)}"
    if value is None or right is None:  # NaN, if it were made a number
        return None if value is right else mismatch
    if isinstance(right, dict):
        if not isinstance(value, dict) or set(value) != set(right):
            return f"expected a dict with the keys {list(right)} but got {show(value)}"
        parts = [(f"[{key!r}]", value[key], right[key]) for key in right]
    elif isinstance(right, tuple):
        if isinstance(value, (str, dict)) or not np.iterable(value) or len(value) != len(right):
            return f"expected {len(right)} results but got {show(value)}"
        parts = [(f"[{i}]", v, r) for i, (v, r) in enumerate(zip(value, right, strict=True))]
    elif isinstance(right, str):
        text = value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value
        return None if isinstance(text, str) and text == right else mismatch
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
        number = _floats(array.real if np.iscomplexobj(array) else array)
    except (TypeError, ValueError):
        return f"expected {shape_text(right)} but got {show(value)}"
    if number.shape != right.shape and _is_column_of(number.shape, right.shape):
        number, array = number.reshape(right.shape), array.reshape(right.shape)
    if number.shape != right.shape:
        if right.ndim and number.ndim:
            return f"expected shape {right.shape} but got {number.shape}"
        return f"expected {shape_text(right)} but got {shape_text(number)}"
    if right.dtype == bool and array.dtype != bool:
        return f"expected True or False but got {show(value)}"
    wanted, is_bool = _floats(right), right.dtype == bool
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
    if wanted.size > MOST_SHOWN:
        place = tuple(np.argwhere(~agree)[0].tolist())
        number, wanted, where = number[place], wanted[place], f" at index {list(place)}"
    if is_bool:
        number, wanted = np.asarray(number, bool), np.asarray(wanted, bool)
    digits = 4 if show(number) != show(wanted) else 10
    return f"expected {show(wanted, digits)}{where} but got {show(number, digits)}"


def _floats(array: np.ndarray) -> np.ndarray:
    """The numbers as floats; infinity where a whole number is too large for one."""
    try:
        return array.astype(float)
    except OverflowError:
        large = 10**308
        fits = [x if abs(x) < large else np.copysign(np.inf, x > 0 or -1) for x in array.flat]
        return np.reshape(np.array(fits, dtype=float), array.shape)


def _is_column_of(shape: tuple, right: tuple) -> bool:
    """A column or a row for a vector, one entry for a number."""
    return len(right) <= 1 and tuple(n for n in shape if n != 1) == tuple(
        n for n in right if n != 1
    )


def is_unfilled(value) -> bool:
    """Whether an answer still holds the dots anywhere, or is nothing."""
    return value is None or _holds_dots(value)


def _holds_dots(value) -> bool:
    if isinstance(value, (tuple, list)):
        return any(map(_holds_dots, value))
    if isinstance(value, dict):
        return any(map(_holds_dots, value.values()))
    if isinstance(value, np.ndarray) and value.dtype == object:
        return any(map(_holds_dots, value.ravel().tolist()))
    return value is Ellipsis


def sentence(text: str) -> str:
    """The text with a full stop, unless it ends a sentence already."""
    return text if text.endswith((".", "!", "?")) else text + "."


# --- an exercise's check, run on an attempt ------------------------------------------------------


class _Stop(Exception):
    """Not an error: it carries a verdict out of a check."""

    def __init__(self, feedback: Feedback, kind: str = ""):
        super().__init__(str(feedback))
        self.feedback, self.kind = feedback, kind


def grade(exercise: Exercise, attempt: Any) -> Feedback:
    """The exercise's feedback on ``attempt``; never raises for what the student did."""
    if is_unfilled(attempt):
        return Feedback.not_attempted()
    if callable(exercise.solution) and not callable(attempt):
        return Feedback.wrong(
            f"expected a function but got {show(attempt)}; pass the function's name alone, "
            "without parentheses"
        )
    if not callable(exercise.solution):
        if callable(attempt):
            return Feedback.wrong(
                "expected a value but got a function; call it and pass its result"
            )
        return _verdict(exercise, lambda: _run_check(exercise, attempt))
    seen: list[tuple] = []
    guarded = _guarded(attempt, seen)
    try:
        found = within(
            exercise.seconds, lambda: _verdict(exercise, lambda: _run_check(exercise, guarded))
        )
    except TimeoutError:
        call = call_code(exercise.solution.__name__, seen[-1]) if seen else "your function"
        return Feedback.wrong(
            f"your function had not answered `{call}` after {exercise.seconds:g} s: does a loop "
            "never end, or go through more cases than it has to?"
        )
    if found.status == "wrong" and dots_in(attempt) == "expression":
        return Feedback.not_attempted()
    return found


def _verdict(exercise: Exercise, check: Callable[[], Any]) -> Feedback:
    try:
        verdict = check()
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
    right, rtol, atol = exercise.solution, exercise.rtol, exercise.atol
    if not callable(right):
        return compare(attempt, right, exercise.mistakes, rtol, atol)
    found = compare_on(
        attempt,
        right,
        exercise.inputs,
        exercise.mistakes,
        rtol,
        atol,
        exercise.canonical,
        exercise.probe,
    )
    if found.status == "correct" and exercise.afterwards is not None:
        return exercise.afterwards(attempt)
    return found


def _guarded(function: Callable, seen: list[tuple]) -> Callable:
    """The student's function, ending a call with a sentence if it fails or returns nothing.

    ``seen`` gets the arguments of each call.
    """

    @functools.wraps(function)
    def call(*args, **kwargs):
        seen.append(tuple(map(copied, args)))
        try:
            value = function(*args, **kwargs)
        except (Exception, SystemExit) as error:
            raise _Stop(_feedback_on_error(function, error), type(error).__name__) from error
        if value is None and not is_stub(function) and not dots_in(function):
            raise _Stop(
                Feedback.wrong("your function returned nothing (None): did you forget `return`?"),
                "None",
            )
        if is_unfilled(value):
            raise _Stop(Feedback.not_attempted())
        return value

    return call


def _feedback_on_error(function: Callable, error: BaseException) -> Feedback:
    # dots left inside an expression: `2 * ...` complains about an 'ellipsis', or about less
    told = isinstance(error, (TypeError, ValueError)) and "ellipsis" in str(error).lower()
    if told or isinstance(error, NotImplementedError) or dots_in(function) in _LEFT:
        return Feedback.not_attempted()
    said = f"your function raised {name_error(error)}{line_of(function, error)}"
    if isinstance(error, TypeError) and ("bitwise_xor" in str(error) or "for ^" in str(error)):
        said = f"`^` is no power in Python, ** is; {said}"
    if isinstance(error, TypeError) and "converted to Python scalars" in str(error):
        said += "; functions of `math` take one number, and this is an array: use those of `np`"
    return Feedback.wrong(said)


_LEFT = {"expression", "perhaps"}
