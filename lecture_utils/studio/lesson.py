"""All that one notebook asks and claims, by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lecture_utils.studio.cards import ExerciseCard, PredictionCard
from lecture_utils.studio.grading import grade
from lecture_utils.studio.questions import Exercise, Prediction


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
