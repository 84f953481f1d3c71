"""Lesson 09 · Training clinic."""

from . import clinic, explorers, figures
from .conclusions import verdicts
from .questions import lesson

__all__ = ["clinic", "explorers", "figures", "lesson", "verdicts"]
