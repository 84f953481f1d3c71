"""A lesson: all that one notebook says of itself, asks and claims.

lesson = Lesson("01_hessian_review", question="…", minutes=45, …)
lesson.predict("newton")                        # a card: choose, commit, read why
lesson.check("newton_step", my_newton_step)     # a card: verdict, hints, solution
lesson.claim("rate", {"steps": measured(n) <= 40})  # one line: claim, counts, verdict
lesson.claims()                                 # all of them in one table
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lecture_utils.studio.cards import ExerciseCard, PredictionCard
from lecture_utils.studio.claims import Claim, Finding, Findings, judge
from lecture_utils.studio.grading import grade
from lecture_utils.studio.memory import Memory
from lecture_utils.studio.questions import Exercise, Prediction

__all__ = ["Covers", "Lesson"]


class Covers(NamedTuple):
    """Where an idea of the sources is found: slide or section, the idea, the notebook's heading."""

    source: str
    idea: str
    heading: str


class Lesson:
    """What one notebook says of itself; maps, coverage and scorecard are made from it.

    Args:
        notebook: the file's name without its ending, "01_hessian_review".
        title: as the map shows it, "Hessian review".
        question: the one question that it answers.
        minutes: (of class, alone).
        needs: numbers of the lessons to know first, "01, 05".
        sources: the slides and sections it covers, as the map shows them.
        covers: heading of the notebook -> the (slide or section, idea) that it covers.
        pictures: file in notebooks/images -> beginning of the alt text of the output it shows.

    Raises ValueError for a name used twice and for a name that does not exist.
    """

    def __init__(
        self,
        notebook: str,
        *,
        title: str,
        question: str,
        minutes: tuple[int, int],
        sources: str,
        needs: str = "",
        covers: Mapping[str, Sequence[tuple[str, str]]] | None = None,
        pictures: Mapping[str, str] | None = None,
        predictions: Sequence[Prediction] = (),
        exercises: Sequence[Exercise] = (),
        claims: Sequence[Claim] = (),
    ):
        if not re.fullmatch(r"\d\d_[a-z0-9_]+", notebook):
            raise ValueError(f"notebook must be like '01_hessian_review', but is {notebook!r}.")
        self.notebook, self.title, self.question = notebook, title, question
        self.minutes, self.needs, self.sources = minutes, needs, sources
        self.covers = [
            Covers(source, idea, heading)
            for heading, rows in (covers or {}).items()
            for source, idea in rows
        ]
        self.pictures = dict(pictures or {})
        self.predictions = _by_name("prediction", predictions, "name")
        self.exercises = _by_name("exercise", exercises, "name")
        self.declared = _by_name("claim", claims, "id")
        self.findings: dict[str, Finding] = {}
        self.memory = Memory(notebook)

    @property
    def number(self) -> str:
        """Its place in the course, "01"."""
        return self.notebook[:2]

    @property
    def name(self) -> str:
        """The folder under lessons/: "hessian_review"."""
        return self.notebook[3:]

    def predict(self, name: str) -> PredictionCard:
        """The card of a prediction; what was committed before is committed still."""
        return PredictionCard(_find("prediction", self.predictions, name), self.memory)

    def check(self, name: str, attempt: Any) -> ExerciseCard:
        """The card with the verdict on an attempt."""
        exercise = _find("exercise", self.exercises, name)
        return ExerciseCard(exercise, grade(exercise, attempt), self.memory)

    def claim(self, id: str, criteria: Mapping[str, Any] | None = None, note: str = "") -> Finding:
        """Judge a claim by ``criteria``, {name: comparison}, and show it as one line.

        A comparison is ``measured(numbers) > bound`` (also an `Interval`), a bool or an array of
        bools; all have to hold.  ``note`` is shown beside them and judged by nothing.  Judging a
        claim again replaces its finding, so a cell may be run twice.
        """
        finding = judge(_find("claim", self.declared, id), criteria, note)
        self.findings[id] = finding
        return finding

    def claims(self) -> Findings:
        """All claims of the lesson with what this run found, in one table."""
        return Findings(self.notebook, self.declared, self.findings)


def _by_name(kind: str, items: Sequence, key: str) -> dict[str, Any]:
    named = {getattr(item, key): item for item in items}
    if len(named) != len(items):
        names = [getattr(item, key) for item in items]
        raise ValueError(f"two {kind}s share a name in {names}: rename one.")
    return named


def _find(kind: str, named: dict[str, Any], name: str):
    if name not in named:
        raise ValueError(f"no {kind} is called {name!r}: use one of {list(named)}.")
    return named[name]
