"""Predictions, exercises and the ledger; one file per notebook holds its questions."""

from lecture_utils.exercises.answers import Feedback, compare, compare_on
from lecture_utils.exercises.ledger import Ledger, parse_ledger
from lecture_utils.exercises.mechanism import Exercise, Lesson, Prediction

__all__ = [
    "Exercise",
    "Feedback",
    "Ledger",
    "Lesson",
    "Prediction",
    "compare",
    "compare_on",
    "parse_ledger",
]
