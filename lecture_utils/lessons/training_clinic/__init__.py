"""Lesson 09 · Training clinic."""

from . import clinic, explorers, figures
from .questions import lesson, verdicts

__all__ = ["clinic", "explorers", "figures", "lesson", "verdicts"]
