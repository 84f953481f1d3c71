"""What a lesson asks: predictions and exercises, as data.

What an author writes (questions, tasks, hints, feedback on a prediction) may hold inline HTML.
A `Feedback` is plain text, because it may quote a student; `backticks` in it become code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Exercise", "Prediction"]


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
    the attempt and returns None (correct), a sentence (wrong) or a `grading.Feedback`;
    ``mistakes`` then only serves the tests. ``why`` is shown below the solution.

    Inputs tell apart: the tests change the solution's source in every small way (a sign, an axis,
    a dropped term, …), and each such mutant has to differ on one of them, unless ``equivalent``,
    reason -> mutants, says why it answers every admissible input rightly.

    ``canonical``, called with an answer and its arguments, brings equally good answers to one
    form. ``afterwards`` is asked of an attempt whose answers are all right, and returns None or
    what is still missing. ``seconds`` is how long all of its answers may compute. ``probe`` is
    False where the solution must not be called with other arguments (LAPACK prints what it
    dislikes).
    Raises ValueError for a function with neither two inputs nor a check.
    """

    name: str
    title: str
    task: str
    hints: Sequence[str]
    solution: Any
    mistakes: Mapping[str, Any]
    inputs: Sequence[tuple] = ()
    check: Callable[[Any], Any] | None = None
    rtol: float = 1e-4
    why: str = ""
    atol: float = 1e-9
    canonical: Callable | None = None
    afterwards: Callable[[Callable], str | None] | None = None
    equivalent: Mapping[str, Sequence[str]] = field(default_factory=dict)
    seconds: float = 20.0
    probe: bool = True

    def __post_init__(self):
        if self.check is None and callable(self.solution) and len(self.inputs) < 2:
            raise ValueError(
                f"exercise {self.name!r} has {len(self.inputs)} input(s): give at least two, "
                "so that a constant cannot pass, or a check."
            )
