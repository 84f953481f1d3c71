"""Lesson 06 · Loss surfaces in two dimensions."""

from . import experiments, explorers, figures
from .questions import lesson

__all__ = ["experiments", "explorers", "figures", "lesson"]
