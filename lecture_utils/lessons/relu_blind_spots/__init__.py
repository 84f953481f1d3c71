"""Lesson 03 · ReLU blind spots."""

from . import explorers, figures
from .questions import lesson

__all__ = ["explorers", "figures", "lesson"]
