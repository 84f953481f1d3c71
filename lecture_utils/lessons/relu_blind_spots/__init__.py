"""Lesson 03 · ReLU blind spots."""

from . import experiments, explorers, figures
from .questions import lesson

__all__ = ["experiments", "explorers", "figures", "lesson"]
