"""Lesson 02 · Deep linear networks."""

from . import explorers, figures
from .questions import lesson

__all__ = ["explorers", "figures", "lesson"]
