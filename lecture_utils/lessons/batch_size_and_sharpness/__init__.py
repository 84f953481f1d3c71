"""Lesson 08 · Batch size and sharpness."""

from . import explorers, figures
from .questions import lesson

__all__ = ["explorers", "figures", "lesson"]
