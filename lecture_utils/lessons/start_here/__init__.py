"""Lesson 00 · Start here."""

from . import experiments, explorers, figures
from .questions import lesson

__all__ = ["experiments", "explorers", "figures", "lesson"]
