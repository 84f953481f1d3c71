"""A notebook with one explorer for each mechanism of the studio, and a card of each kind a lesson.

What an explorer computes, draws and says is tested without a browser, for every one of them, and so
are all cards.  What only a browser can show is whether the mechanisms answer on the page, so that a
few explorers that use them all are enough here; every explorer and card of every notebook is
driven in Chromium by `make nightly`.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import nbformat

from lecture_utils.lessons import all_lessons, explorers_of
from lecture_utils.studio.explorer import Explorer

GALLERY = "gallery"
FIRST = 1  # the place of its first explorer, after the set-up cell
ASKED = "What does the second one show?"  # in the notes before it
LONG = 7  # lines; a slide holds two such cells, and each has a page of its own
# Its last slides, of a question and of what answers it.
HEADING, CODE, READ = "A section of its own", "double = 2 * 3\nhalf = double / 4", "It came out so."

SETUP = """
from importlib import import_module

from lecture_utils.lessons import all_lessons

lessons = {lesson.notebook: lesson for lesson in all_lessons()}
lesson = next(iter(lessons.values()))
"""


def write(path: Path) -> None:
    """Write it, not executed."""
    cells = [SETUP.strip()]
    cells += [f"import_module({kind.__module__!r}).{kind.__name__}.example()" for kind in telling()]
    answers = {}  # the place of a cell -> the prediction that it answers
    other = {}  # the same for what is covered with it and does not answer it
    for lesson in all_lessons():
        this = f"lessons[{lesson.notebook!r}]"
        for name in list(lesson.predictions)[:1]:
            cells.append(f"{this}.predict({name!r})")
            if not other:
                claim = f"{this}.claim({next(iter(lesson.declared))!r}, {{'x': True}})"
                other = dict.fromkeys((len(cells), len(cells) + 1), name)
                cells += [claim, "print('what comes on the way')"]
            cells.append("print('what answers it')")
            answers[len(cells) - 1] = name
        cells += [f"{this}.check({name!r}, None)" for name in list(lesson.exercises)[:1]]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in cells])
    for place, name in (other | answers).items():
        notebook.cells[place].metadata["tags"] = [f"answers-{name}"]
    # Of two outputs the second answers the first question; after a claim nobody need say so.
    first, name = next(iter(answers.items()))
    notebook.cells[first].metadata["tags"].append(f"shows-{name}")
    for cell in notebook.cells:  # a slide for each explorer; cards are tried on the page
        shown = ".example()" in cell.source
        cell.metadata["slideshow"] = {"slide_type": "slide" if shown else "skip"}
    notes = nbformat.v4.new_markdown_cell(f"Notes of the first slide. $\\xi$\n\n**Vary.** {ASKED}")
    notes.metadata["slideshow"] = {"slide_type": "notes"}
    notebook.cells.insert(2, notes)
    notebook.cells += _deck(list(next(iter(all_lessons())).predictions)[1])
    read = nbformat.v4.new_markdown_cell("What came out of it.")
    read.metadata |= {"tags": [f"answers-{next(iter(answers.values()))}"]}
    read.metadata["slideshow"] = {"slide_type": "skip"}
    notebook.cells.append(read)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    notebook.metadata["language_info"] = {"name": "python"}  # as the notebooks of the course
    nbformat.write(notebook, path)


def _deck(question: str) -> list:
    """Four slides: a heading over two long cells, a question below two lines of code, its answer,
    and a text on it."""
    asks = f"{CODE}\nlesson.predict({question!r})"
    cells = [nbformat.v4.new_markdown_cell(f"## {HEADING}")]
    long = "\n".join(["total = 0"] * (LONG - 1) + ["print(total)"])
    cells += [nbformat.v4.new_code_cell(long) for _ in range(2)]
    cells += [nbformat.v4.new_code_cell(asks)]
    cells += [nbformat.v4.new_code_cell("print(half)\nprint('what', 'answers', 'it')")]
    cells += [nbformat.v4.new_markdown_cell(READ)]
    for place, cell in enumerate(cells):
        cell.metadata["slideshow"] = {"slide_type": "" if place in (1, 2) else "subslide"}
    for cell in cells[4:]:
        cell.metadata["tags"] = [f"answers-{question}"]
    return cells


def telling() -> list[type[Explorer]]:
    """The course's first explorer, and few that together use all mechanisms of the studio."""
    course = []
    for lesson in all_lessons():
        module = import_module(f"lecture_utils.lessons.{lesson.name}.explorers")
        course += [getattr(module, name) for name in explorers_of(lesson)]
    chosen, missing = course[:1], set().union(*map(mechanisms, course)) - mechanisms(course[0])
    while missing:  # the one that brings most of what is missing
        chosen.append(max(course, key=lambda kind: len(mechanisms(kind) & missing)))
        missing -= mechanisms(chosen[-1])
    return sorted(chosen, key=course.index)


def mechanisms(kind: type[Explorer]) -> set[str]:
    """What an explorer takes from the studio: the hooks that it defines, its kinds of controls."""
    bases = kind.__mro__[: kind.__mro__.index(Explorer)]
    own = {name for base in bases for name in vars(base) if not name.startswith("_")}
    declared = kind.controls if isinstance(kind.controls, dict) else {}
    return own & {*dir(Explorer)} | {type(control).__name__ for control in declared.values()}
