"""A notebook that shows every explorer, prediction and exercise of the course, quick to run."""

from __future__ import annotations

from pathlib import Path

import nbformat

from lecture_utils.lessons import all_lessons, explorers_of

GALLERY = "gallery"

SETUP = """
from importlib import import_module

from lecture_utils.lessons import all_lessons

lessons = {lesson.notebook: lesson for lesson in all_lessons()}
"""


def write(path: Path) -> None:
    """Write it, not executed."""
    cells = [SETUP.strip()]
    for lesson in all_lessons():
        cells += [f"{call}" for call in calls_of(lesson)]
        this = f"lessons[{lesson.notebook!r}]"
        cells += [f"{this}.predict({name!r})" for name in lesson.predictions]
        cells += [f"{this}.check({name!r}, None)" for name in lesson.exercises]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in cells])
    for cell in notebook.cells:  # a slide for each explorer; cards are tried on the page
        shown = ".example()" in cell.source
        cell.metadata["slideshow"] = {"slide_type": "slide" if shown else "skip"}
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, path)


def calls_of(lesson) -> list[str]:
    """A line of code for each explorer of a lesson, which makes it with small data."""
    module = f"import_module('lecture_utils.lessons.{lesson.name}.explorers')"
    return [f"{module}.{name}.example()" for name in explorers_of(lesson)]
