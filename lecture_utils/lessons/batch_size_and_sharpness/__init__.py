"""Lesson 08 · Batch size and sharpness."""

from . import experiments, explorers, figures
from .questions import lesson

__all__ = ["experiments", "explorers", "figures", "lesson"]
