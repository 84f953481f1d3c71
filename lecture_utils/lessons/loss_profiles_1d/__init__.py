"""Lesson 05 · Loss profiles."""

from . import explorers, figures
from .questions import lesson

__all__ = ["explorers", "figures", "lesson"]
