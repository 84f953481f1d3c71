"""What a notebook calls a notebook, whoever reads the book reads as a lesson."""

from __future__ import annotations

import re

__all__ = ["for_readers", "in_book"]

# "notebook" before a number or its link, and where it is the one that is being read.
_NOTEBOOK = re.compile(
    r"\b(?:([Nn])otebook(?=s? (?:\[|<a |\d\d\b))|(?<=[Tt]his )notebook|(?<=no other )notebook"
    r"|(?<=the last )notebook|(?<=all )notebook(?=s\b)|(?<=of the )notebook(?=s beside this)"
    r"|(?<=where a )notebook)"
    r"|(?<=^\| )notebook(?= \|)",
    re.MULTILINE,
)


def in_book(text: str) -> str:
    """A text of a notebook as the book says it: who reads it reads a lesson."""
    return _NOTEBOOK.sub(lambda found: "Lesson" if found[1] == "N" else "lesson", text)


# What a page of the repository says to whoever maintains it, and as the book says the rest.
_MAINTAINERS = re.compile(r"^This page is made by `make \w+`\.\n+", re.MULTILINE)
_PRINTS = "The notebook reaches it by the criteria that it prints below the numbers"
_STANDS = "The lesson reaches it by the criteria that stand with its numbers"


def for_readers(text: str) -> str:
    """A page of the repository without the lines for its maintainers."""
    return _MAINTAINERS.sub("", text).replace(_PRINTS, _STANDS)
