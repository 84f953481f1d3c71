"""Lesson 06 · Loss surfaces in two dimensions."""

from . import explorers, figures
from .questions import lesson

__all__ = ["explorers", "figures", "lesson"]
