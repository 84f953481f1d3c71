"""Lesson 01 · Hessian review."""

from . import explorers, figures
from .questions import lesson

__all__ = ["explorers", "figures", "lesson"]
