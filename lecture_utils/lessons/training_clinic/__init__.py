"""Lesson 09 · Training clinic."""

from . import clinic, experiments, explorers, figures
from .questions import lesson

__all__ = ["clinic", "experiments", "explorers", "figures", "lesson"]
