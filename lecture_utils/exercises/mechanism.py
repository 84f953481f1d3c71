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
import html
import inspect
import linecache
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import anywidget
import ipywidgets as widgets
import numpy as np

GREEN, ORANGE, VERMILLION = "#009E73", "#E69F00", "#D55E00"  # Okabe and Ito's

# ---------------------------------------------------------------------------------------------
# What an author declares
# ---------------------------------------------------------------------------------------------


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
        return _sentence(f"{head}: {self.text}" if self.text else head)


# ---------------------------------------------------------------------------------------------
# Comparing an answer with the right one
# ---------------------------------------------------------------------------------------------

_MOST_SHOWN = 16  # entries of an array in a sentence


def compare(value, right, mistakes: Mapping[str, Any] | None = None, rtol=1e-4, atol=1e-9):
    """Feedback on one value: correct, a known mistake, or how it differs.

    ``right`` is a number, an array, a text, a bool, or a tuple or dict of those. Arrays (numpy or
    jax) agree when their shapes do and no entry is off by more than ``atol + rtol * max|right|``:
    the rounding error of a zero is forgiven. NaN agrees with NaN only.
    """
    wrongs = {sentence: [wrong] for sentence, wrong in (mistakes or {}).items()}
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
    wrongs = {sentence: values(wrong) for sentence, wrong in (mistakes or {}).items()}
    names = inspect.signature(right).parameters
    places = [
        "for " + ", ".join(f"{n} = {_show(a)}" for n, a in zip(names, arguments, strict=False))
        for arguments in inputs
    ]
    return _first_match(attempted, values(right), wrongs, places, rtol, atol)


def _first_match(values, rights, wrongs, places, rtol, atol) -> Feedback:
    if any(_is_unfilled(value) for value in values):
        return Feedback.not_attempted()

    def differences(others):
        return [_difference(v, o, rtol, atol) for v, o in zip(values, others, strict=True)]

    found = differences(rights)
    if not any(found):
        return Feedback.correct()
    for sentence, wrong in wrongs.items():
        if not any(differences(wrong)):
            return Feedback.wrong(sentence)
    place, clause = next(pair for pair in zip(places, found, strict=True) if pair[1])
    return Feedback.wrong(f"{place} I {clause}".strip(), specific=False)


def _difference(value, right, rtol, atol) -> str | None:
    """None if the two agree, else a clause "expected ... but got ..."."""
    mismatch = f"expected {_show(right)} but got {_show(value)}"
    if isinstance(right, dict):
        if not isinstance(value, dict) or set(value) != set(right):
            return f"expected a dict with the keys {list(right)} but got {_show(value)}"
        parts = [(f"[{key!r}]", value[key], right[key]) for key in right]
    elif isinstance(right, tuple):
        if isinstance(value, (str, dict)) or not np.iterable(value) or len(value) != len(right):
            return f"expected {len(right)} results but got {_show(value)}"
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
        return f"expected {_shape(right)} but got {_show(value)}"
    if number.shape != right.shape:
        if right.ndim and number.ndim:
            return f"expected shape {right.shape} but got {number.shape}"
        return f"expected {_shape(right)} but got {_shape(number)}"
    if right.dtype == bool and array.dtype != bool:
        return f"expected True or False but got {_show(value)}"
    wanted, is_bool = right.astype(float), right.dtype == bool
    for name, test in (("NaN", np.isnan), ("infinity", np.isinf)):
        if np.any(test(number) & ~test(wanted)):
            return f"expected {_show(right)} but your answer contains {name}"
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
    digits = 4 if _show(number) != _show(wanted) else 10
    return f"expected {_show(wanted, digits)}{where} but got {_show(number, digits)}"


def _copy(argument):
    """An in-place `g -= ...` in a student's function must not change our test inputs."""
    return argument.copy() if isinstance(argument, np.ndarray) else argument


def _is_unfilled(value) -> bool:
    if isinstance(value, (tuple, list)) and value:
        return any(item is Ellipsis for item in value)
    return value is None or value is Ellipsis


def _shape(array: np.ndarray) -> str:
    return "a single number" if array.ndim == 0 else f"an array of shape {array.shape}"


def _show(value, digits: int = 4) -> str:
    """A short text for a value in a sentence: never a default repr with an address in it."""
    if callable(value):
        name = getattr(value, "__name__", "<lambda>").lstrip("_")
        return "a function" if name == "<lambda>" else f"the function `{name}`"
    if value is None or isinstance(value, (bool, np.bool_)):
        return str(value)
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {_show(v, digits)}" for k, v in value.items()) + "}"
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
    if _is_unfilled(attempt):
        return Feedback.not_attempted()
    if callable(exercise.solution) and not callable(attempt):
        return Feedback.wrong(
            f"expected a function but got {_show(attempt)}; pass the function's name alone, "
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
            f"the check could not use your answer ({_name_error(error)})", specific=False
        )
    if verdict is None:
        return Feedback.correct()
    if isinstance(verdict, str):
        return Feedback.wrong(verdict)
    if not isinstance(verdict, Feedback):
        raise ValueError(
            f"the check of exercise {exercise.name!r} returned {_show(verdict)}: "
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
        if _is_unfilled(value):
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
    return Feedback.wrong(f"your function raised {_name_error(error)}{where}")


def _name_error(error: Exception) -> str:
    first_line = (str(error).strip().splitlines() or [""])[0]
    return f"{type(error).__name__}: {textwrap.shorten(first_line, 160)}".rstrip(": ")


# ---------------------------------------------------------------------------------------------
# Cards
# ---------------------------------------------------------------------------------------------


class _Page(anywidget.AnyWidget):
    """The cards' style, and radio buttons that answer the arrow keys.

    ipywidgets leaves its radio buttons without a common name, so that the browser does not know
    them as a group, and JupyterLab takes an arrow key as a move to the next cell.
    """

    _esm = """
    const prepare = (el) => {
      const card = el.closest(".lecture-card");
      if (!card) return requestAnimationFrame(() => prepare(el));
      const name = "lecture-" + Math.random().toString(36).slice(2);
      card.addEventListener("focusin", () => {
        card.querySelectorAll("input[type=radio]").forEach((radio) => {
          radio.name = name;
          radio.dataset.lmSuppressShortcuts = "true";
        });
      });
    };
    export default { render: ({ el }) => prepare(el) };
    """
    _css = f"""
    .lecture-card {{ border-left: 5px solid var(--jp-border-color1, #9e9e9e); margin: 6px 0;
      padding: 6px 4px 6px 14px; max-width: 50em; overflow: visible;
      font-size: max(15px, var(--jp-content-font-size1, 15px)); }}
    .lecture-right {{ border-left-color: {GREEN}; }}
    .lecture-wrong {{ border-left-color: {VERMILLION}; }}
    .lecture-card .widget-htmlmath {{ height: auto; }}
    .lecture-card .widget-htmlmath-content, .lecture-card label, .lecture-card button {{
      font-size: max(15px, var(--jp-content-font-size1, 15px)) !important;
      line-height: 1.5 !important; white-space: normal;
      color: var(--jp-content-font-color1, inherit); }}
    .lecture-card .widget-radio-box label {{ display: flex; flex-direction: row-reverse;
      justify-content: flex-end; align-items: flex-start; height: auto; padding: 2px 0; }}
    .lecture-card .widget-radio-box input {{ flex: none; height: 1.5em; margin-right: 8px; }}
    .lecture-card > button {{ align-self: flex-start; }}
    .lecture-card pre {{ background: var(--jp-layout-color2, rgba(128, 128, 128, 0.15));
      color: inherit; padding: 8px; overflow-x: auto; line-height: 1.4;
      font-size: 14px !important; }}
    """


class _Card(widgets.VBox):
    """A box with a left border that becomes green or vermillion, and a fixed static form."""

    last_error: Exception | None = None

    def __init__(self, rows: Sequence[widgets.Widget]):
        super().__init__([*rows, _Page()])
        self.add_class("lecture-card")

    def _color_border(self, right: bool):
        self.add_class("lecture-right" if right else "lecture-wrong")

    def _button(self, label: str, act: Callable[[], None], **settings) -> widgets.Button:
        button = widgets.Button(description=label, layout={"width": "auto"}, **settings)

        def press(_):
            try:
                act()
            except Exception as error:  # a widget never shows a traceback
                self.last_error = error
                self._message.value = _html(f"Something went wrong ({_name_error(error)}).")

        button.on_click(press)
        return button

    def _repr_mimebundle_(self, include=None, exclude=None, **kwargs):
        bundle = super()._repr_mimebundle_(include=include, exclude=exclude, **kwargs)
        return bundle | {"text/plain": repr(self), "text/markdown": self._markdown()}


class PredictionCard(_Card):
    """Choose, commit, read why. The answer reaches the page only with the commit."""

    def __init__(self, prediction: Prediction):
        self._prediction = prediction
        self._message = widgets.HTMLMath()
        self.radio = widgets.RadioButtons(
            options=list(prediction.options), value=None, layout={"width": "auto"}
        )
        self.commit = self._button("Commit", self._commit, disabled=True)
        self.radio.observe(self._chosen, "value")
        question = widgets.HTMLMath(f"<b>Predict.</b> {prediction.question}")
        super().__init__([question, self.radio, self.commit, self._message])

    @property
    def feedback(self) -> str:
        """The HTML below the button, empty before the commit."""
        return self._message.value

    def _chosen(self, _):
        self.commit.disabled = self.radio.value is None

    def _commit(self):
        given, p = self.radio.value, self._prediction
        if given is None or self.radio.disabled:
            return
        self.radio.disabled = True
        self.commit.description = "Committed"  # not disabled: the keyboard focus would be lost
        right = given == p.answer
        sign = _mark("correct" if right else "wrong")
        lines = [f"{sign} <b>{html.escape(given)}</b>: {p.options[given]}"]
        if not right:
            lines.append(f"The right answer: <b>{html.escape(p.answer)}</b>. {p.options[p.answer]}")
        self._color_border(right)
        self._message.value = _html(*lines, p.reveal)

    def __repr__(self) -> str:
        options = " / ".join(self._prediction.options)
        question = _plain(self._prediction.question)
        return f"Prediction: {question} Options: {options} (run the cell and commit an answer)"

    def _markdown(self) -> str:
        options = "\n".join(f"- {html.escape(label)}" for label in self._prediction.options)
        return (
            f"**Predict.** {self._prediction.question}\n\n{options}\n\n"
            "*Run the cell, choose and commit.*"
        )


class ExerciseCard(_Card):
    """The verdict on an attempt, staged hints, and the solution on a second press."""

    def __init__(self, exercise: Exercise, feedback: Feedback):
        self.exercise, self.feedback = exercise, feedback
        self.hints_shown = 0
        self._message, self._solution = widgets.HTMLMath(), widgets.HTMLMath()
        self.hint = self._button("", self._next_hint)
        self.solution = self._button("Show solution", self._ask_or_show)
        self._label_hint()
        verdict = widgets.HTMLMath(_html(f"{_mark(feedback.status)} {_inline(feedback)}"))
        task = widgets.HTMLMath(f"<b>Exercise: {exercise.title}.</b> {exercise.task}")
        buttons = widgets.HBox([self.hint, self.solution])
        super().__init__([task, verdict, buttons, self._message, self._solution])
        if feedback.status != "not attempted":
            self._color_border(feedback.status == "correct")

    def _label_hint(self):
        total = len(self.exercise.hints)
        more = self.hints_shown < total
        self.hint.description = (
            f"Hint {self.hints_shown + 1} of {total}" if more else "No more hints"
        )

    def _next_hint(self):
        self.hints_shown = min(self.hints_shown + 1, len(self.exercise.hints))
        shown = self.exercise.hints[: self.hints_shown]
        self._message.value = _html(*(f"<b>Hint {i}.</b> {h}" for i, h in enumerate(shown, 1)))
        self._label_hint()

    def _ask_or_show(self):
        """Two presses to show, a third hides again."""
        if self.solution.description == "Show solution":
            self.solution.description = "Sure? Press again"
        elif self.solution.description == "Sure? Press again":
            self.solution.description = "Hide solution"
            code = html.escape(solution_text(self.exercise))
            self._solution.value = f"<pre>{code}</pre>" + _html(self.exercise.why)
        else:
            self.solution.description = "Show solution"
            self._solution.value = ""

    def __repr__(self) -> str:
        return f"Exercise {_plain(self.exercise.title)}: {self.feedback}"

    def _markdown(self) -> str:
        status = html.escape(str(self.feedback), quote=False)
        _, sign = _MARKS[self.feedback.status]
        return f"**Exercise: {self.exercise.title}.** {self.exercise.task}\n\n{sign} {status}"


_MARKS = {"correct": (GREEN, "✔"), "wrong": (VERMILLION, "✘"), "not attempted": ("inherit", "○")}


def solution_text(exercise: Exercise) -> str:
    """The source of the solution, or its value where it is no function."""
    if callable(exercise.solution):
        return textwrap.dedent(inspect.getsource(exercise.solution)).rstrip()
    return _show(exercise.solution).removeprefix("the text ")


def _mark(status: str) -> str:
    """Color and symbol together; the text beside them keeps the page's own color."""
    color, sign = _MARKS[status]
    return f'<b style="color:{color}">{sign}</b>'


def _html(*lines: str) -> str:
    return (
        '<div role="status">' + "".join(f"<div>{line}</div>" for line in lines if line) + "</div>"
    )


def _inline(feedback: Feedback) -> str:
    """The verdict line: the student's own text escaped, `backticks` as code."""
    text = str(feedback)
    if feedback.status == "not attempted":
        text = _sentence(f"not attempted yet: {feedback.text}")
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"</?[a-zA-Z][^>]*>", "", text)).split())


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else text + "."


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


# ---------------------------------------------------------------------------------------------
# The ledger
# ---------------------------------------------------------------------------------------------

_COLUMNS = {  # key in a row: heading in the table
    "claim": "claim",
    "lecture": "lecture says",
    "theory": "theory predicts",
    "measured": "we measured",
    "verdict": "verdict",
}
_BAR = " │ "  # not the ASCII bar: claims speak of |λ|
_SIGNS = {
    "confirmed": (GREEN, "✔"),
    "qualified": (ORANGE, "◐"),
    "not reproduced": (VERMILLION, "✘"),
}


class Ledger:
    """The notebook's claims, each with a verdict that this run computed.

    Returned by a cell it is a table (``text/html``, where ``$...$`` is typeset) and aligned
    rows of text that `parse_ledger` reads back.
    """

    def __init__(self, notebook: str):
        self.notebook = notebook
        self.rows: list[dict[str, str]] = []

    def add(
        self,
        claim: str,
        lecture: str,
        theory: str,
        measured: str,
        holds: Any,
        qualified: str | None = None,
    ) -> None:
        """Enter a claim; the same claim again replaces its row, so a cell may be run twice.

        ``holds`` is the bool computed from this run's numbers (Python's, numpy's or jax's);
        ``qualified`` says under which reservation it holds. All texts are one line.
        Raises ValueError for an empty text and for a ``holds`` that is no bool.
        """
        texts = {"claim": claim, "lecture": lecture, "theory": theory, "measured": measured}
        if qualified is not None:
            texts["qualified"] = qualified
        for name, text in texts.items():
            if not isinstance(text, str) or not text.strip():
                raise ValueError(f"{name} must be a non-empty text, got {text!r}: write one.")
        truth = np.asarray(holds)
        if truth.shape != () or truth.dtype != bool:
            raise ValueError(
                f"holds must be one bool computed by the run, got {_show(holds)}: "
                "pass the result of a comparison."
            )
        verdict = "not reproduced"
        if truth:
            verdict = "confirmed" if qualified is None else f"qualified: {qualified}"
        texts = texts | {"verdict": verdict}
        row = {key: " ".join(texts[key].replace("│", "|").split()) for key in _COLUMNS}
        claims = [old["claim"] for old in self.rows]
        if row["claim"] in claims:
            self.rows[claims.index(row["claim"])] = row
        else:
            self.rows.append(row)

    @property
    def verdicts(self) -> dict[str, str]:
        """Claim to verdict, for comparing runs with different seeds."""
        return {row["claim"]: row["verdict"] for row in self.rows}

    def __repr__(self) -> str:
        if not self.rows:
            return f"Ledger {self.notebook}: empty, no claim has been entered yet."
        table = [list(_COLUMNS.values()), *(list(row.values()) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [
            _BAR.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
            for cells in table
        ]
        return "\n".join([f"Ledger {self.notebook}: {self._summary()}", *lines])

    def _summary(self) -> str:
        kinds = [row["verdict"].split(":")[0] for row in self.rows]
        return ", ".join(f"{kinds.count(kind)} {kind}" for kind in _SIGNS)

    def _repr_html_(self) -> str:
        if not self.rows:
            return f"<p>{html.escape(repr(self))}</p>"
        cell = "text-align:left;vertical-align:top;white-space:normal;padding:6px 10px"
        head = "".join(f'<th scope="col" style="{cell}">{name}</th>' for name in _COLUMNS.values())
        body = ""
        for row in self.rows:
            color, sign = _SIGNS[row["verdict"].split(":")[0]]
            texts = [html.escape(row[key], quote=False) for key in _COLUMNS]
            texts[-1] = f'<b style="color:{color}">{sign}</b> {texts[-1]}'
            body += "<tr>" + "".join(f'<td style="{cell}">{t}</td>' for t in texts) + "</tr>\n"
        return (
            '<table style="font-size:max(14px,var(--jp-content-font-size1,14px))">\n'
            f"<thead><tr>{head}</tr></thead>\n"
            f"<tbody>\n{body}</tbody>\n</table>\n<p>{self._summary()}</p>"
        )


def parse_ledger(output_text: str) -> list[dict[str, str]]:
    """The rows of a ledger's ``text/plain`` output: claim, lecture, theory, measured, verdict.

    Other lines around it do not matter. Raises ValueError if there is no ledger in the text.
    """
    lines = [line.split("│") for line in output_text.splitlines()]
    rows = [[cell.strip() for cell in line] for line in lines if len(line) == len(_COLUMNS)]
    heading = list(_COLUMNS.values())
    if heading not in rows:
        if re.search(r"^Ledger .*: empty", output_text, re.MULTILINE):
            return []
        raise ValueError(
            f"output_text holds no ledger, got {output_text[:60]!r}: pass the text/plain of the "
            "cell that returns it."
        )
    return [dict(zip(_COLUMNS, row, strict=True)) for row in rows if row != heading]
