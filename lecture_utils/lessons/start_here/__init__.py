"""Lesson 00 · Start here."""

from . import explorers, figures
from .questions import lesson

__all__ = ["explorers", "figures", "lesson"]
