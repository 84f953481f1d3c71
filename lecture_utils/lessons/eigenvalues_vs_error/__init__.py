"""Lesson 04 · Eigenvalues against error."""

from . import explorers, figures
from .questions import lesson

__all__ = ["explorers", "figures", "lesson"]
