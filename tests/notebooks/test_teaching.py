"""The teacher's pages are up to date, and what is off the slides is not on them."""

from __future__ import annotations

import nbformat
import pages
import pytest
import teaching

from lecture_utils.lessons import all_lessons

LESSONS = {lesson.number: lesson for lesson in all_lessons()}


def notebook(*cells):
    """A notebook of (slide type, source); what begins with "#" or a star is text."""
    made = []
    for kind, source in cells:
        text = source[0] in "#*"
        cell = (nbformat.v4.new_markdown_cell if text else nbformat.v4.new_code_cell)(source)
        cell.metadata["slideshow"] = {"slide_type": kind}
        made.append(cell)
    return nbformat.v4.new_notebook(cells=made)


def test_the_page_is_up_to_date():
    told = (pages.FOLDER / "TEACHING.md").read_text(encoding="utf-8")
    assert told == teaching.teaching(), "run `make pages`"


@pytest.mark.parametrize("number", LESSONS)
def test_every_lesson_has_its_plan(number):
    """Every prediction on its slides is asked with all its options, and one of them is right."""
    lesson = LESSONS[number]
    text = teaching.page(lesson)
    shown = nbformat.read(pages.FOLDER / f"{lesson.notebook}.ipynb", as_version=4)
    sections, _ = teaching.on_slides(shown)
    asked = [n for section in sections for n in section.held.get("prediction", [])]
    assert asked, "a class predicts nothing"
    assert text.count("**Ask:**") == len(asked) == text.count("” ✔:")
    for name in asked:
        for option in lesson.predictions[name].options:
            assert f"“{option}”" in text
    assert f"{lesson.minutes[0]} minutes of class" in text
    assert "<i>" not in text and "<b>" not in text


def test_minutes_are_those_of_what_is_on_the_slides():
    made = notebook(
        ("slide", "# A"),
        ("slide", "## 1. B " + "word " * 127),
        ("", 'lesson.predict("p")'),
        ("notes", "* a note " + "word " * 500),
        ("subslide", "a = 1\nb = 2"),
        ("skip", 'lesson.check("homework", f)'),
        ("subslide", "\n".join(["x = 1"] * (teaching.LINES + 1))),
        ("skip", "## Your turn"),
    )
    (title, section), homework = teaching.on_slides(made)
    assert title.heading == "A" and section.slides == 3
    assert section.minutes == pytest.approx(130 / 130 + 2 + 0.5)
    assert homework == ["homework"]


def test_what_is_no_slide_is_not_planned():
    """Exercises, tables of claims and the talk to teachers are off the slides."""
    for lesson in LESSONS.values():
        shown = nbformat.read(pages.FOLDER / f"{lesson.notebook}.ipynb", as_version=4)
        sections, homework = teaching.on_slides(shown)
        for section in sections:
            for off in ("Your turn", "What the lecture says", "For teachers"):
                assert off not in section.heading, lesson.notebook
        assert homework, f"{lesson.notebook}: nothing is left to do at home"


def test_inline_html_becomes_markdown():
    assert teaching.plain("a <i>b</i> &lt; x\n <b>c</b>") == "a *b* < x **c**"
