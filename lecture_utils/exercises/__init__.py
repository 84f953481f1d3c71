"""Predictions, exercises and the ledger; one file per notebook holds its questions."""

from lecture_utils.exercises.mechanism import (
    Exercise,
    Feedback,
    Ledger,
    Lesson,
    Prediction,
    check_lesson,
    compare,
    compare_on,
    parse_ledger,
)

__all__ = [
    "Exercise",
    "Feedback",
    "Ledger",
    "Lesson",
    "Prediction",
    "check_lesson",
    "compare",
    "compare_on",
    "parse_ledger",
]
