"""Lesson 01 · Hessian review."""

from . import experiments, explorers, figures
from .questions import lesson

__all__ = ["experiments", "explorers", "figures", "lesson"]
