"""Lesson 02 · Deep linear networks."""

from . import experiments, explorers, figures
from .questions import lesson

__all__ = ["experiments", "explorers", "figures", "lesson"]
