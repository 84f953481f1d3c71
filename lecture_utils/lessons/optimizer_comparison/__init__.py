"""Lesson 07 · Seven ways down."""

from . import explorers, figures
from .questions import lesson

__all__ = ["explorers", "figures", "lesson"]
