"""The teacher's pages are up to date, and what is off the slides is not on them."""

from __future__ import annotations

import itertools
import re

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


@pytest.fixture(scope="module")
def written():
    """The page of each lesson, by number."""
    return {number: teaching.page(lesson) for number, lesson in LESSONS.items()}


def on_slides(lesson):
    return teaching.on_slides(nbformat.read(pages.FOLDER / f"{lesson.notebook}.ipynb", 4))


@pytest.mark.parametrize("number", LESSONS)
def test_every_lesson_has_its_plan(number, written):
    """Every prediction on its slides is asked with all its options, and one of them is right."""
    lesson, text = LESSONS[number], written[number]
    sections, _ = on_slides(lesson)
    asked = [n for section in sections for n in section.held("prediction")]
    assert asked, "a class predicts nothing"
    assert text.count("**Ask:**") == len(asked) == text.count("” ✔:")
    for name in asked:
        for option in lesson.predictions[name].options:
            assert f"“{option}”" in text
    assert f"{lesson.minutes[0]} minutes of class" in text
    assert "<i>" not in text and "<b>" not in text


@pytest.mark.parametrize("number", LESSONS)
def test_the_clock_rises_to_the_minutes_of_the_class(number, written):
    """One plan only: its marks rise, and its last is where the questions of the room begin."""
    minutes = LESSONS[number].minutes[0]
    marks = [int(mark) for mark in re.findall(r"^\| (\d+) \|", written[number], re.MULTILINE)]
    assert marks[0] == 0 and marks[-1] == minutes
    assert all(early < late for early, late in itertools.pairwise(marks)), marks
    assert f"until {minutes + teaching.QUESTIONS}" in written[number]


@pytest.mark.parametrize("number", LESSONS)
def test_blanks_explorers_and_figures_say_what_a_teacher_needs(number, written):
    """A blank has its key line and a mistake, an explorer its goal and a way or a picture."""
    lesson, text = LESSONS[number], written[number]
    sections, _ = on_slides(lesson)
    for section in sections:
        for name in section.held("blank"):
            exercise = lesson.exercises[name]
            assert f"`{teaching.key_line(exercise)}`" in text and "return" in text
            assert teaching.plain(next(iter(exercise.mistakes))) in text
        for alt in section.held("figure"):
            assert f"**Show:** {alt}" in text
    explored = re.findall(r"\*\*Explore.*Goal: (.+)\n    \* (.+): (.+) At the goal.*“(.+)”", text)
    assert len(explored) == sum(len(section.held("explorer")) for section in sections)
    assert all(way in ("A way there", "It shows") for _, way, _, _ in explored)


@pytest.mark.parametrize("number", LESSONS)
def test_every_section_comes_to_a_sentence_and_the_lesson_to_its_answer(number, written):
    """Only a section that is one explorer may come to nothing but its goal."""
    text = written[number]
    sections, _ = on_slides(LESSONS[number])
    done = [[kind for kind, _ in s.items if kind in teaching.MINUTES] for s in sections[1:-1]]
    talked = [kinds for kinds in done if kinds != ["explorer"]]
    assert text.count("**It comes to:** ") == len(talked)
    answer = text.partition("**The answer of the lesson**\n\n")[2].partition("\n\n")[0]
    assert len(answer) > 200 and answer[-1] in ".?"


def test_the_five_lines_at_the_top_start_a_class():
    five = re.findall(r"^\d\. .+", teaching.HEAD, re.MULTILINE)
    for line, said in zip(
        five, ("make lab", "Run All", "press *slides*", "*Commit*", "laptops"), strict=True
    ):
        assert said in line
    assert "S and a number" in teaching.HEAD and "make pages" not in teaching.HEAD


def test_the_words_of_a_question_are_explained_before_its_answer(written):
    """Lesson 05 asks about A, B, a barrier, a copy and C: each is introduced first."""
    text = written["05"]
    for letter, question in (
        ("its end $A$, which we call", "in a straight line. What does"),
        ("$B$ is a network of the same kind", "A and B both read"),
        ("The **barrier** is the largest height above", "Goes in: `return np.max(losses"),
        ("so the copy computes the same function", "The copy computes exactly"),
        ("Take a third network $C$", "C is found by descent"),
    ):
        assert 0 < text.find(letter) < text.find(question)


def test_a_size_is_no_term_and_a_term_is_quoted_in_its_own_sentence():
    before = [teaching.Section("1. B", noted=["We walk. The **width** is a mean. $B$ is a net."])]
    assert teaching.meant("Which width has B?", before) == [
        "$B$ is a net.",
        "The **width** is a mean.",
    ]
    assert teaching.meant("Layers of width 32", before) == []


def test_a_section_comes_to_its_answer_in_italics_or_to_what_is_seen():
    lesson = LESSONS["01"]
    made = teaching.Section("1. B", items=[("prediction", "plateau")])
    made.noted = ["Check it by hand. So it takes longer: *about $2k$* in all, which is not much."]
    assert "*about $2k$*" in teaching.comes_to(made, lesson)
    seen = teaching.Section("1. B", told=["**Look, left.** Lines are medians. It falls."])
    seen.noted = seen.told
    assert teaching.comes_to(seen, lesson) == "It falls."


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
    assert teaching.marks([title, section], 45) == [0, round(45 * 2 / 5.5), 45]


def test_what_is_no_slide_is_not_planned():
    """Exercises, tables of claims and the talk to teachers are off the slides."""
    for lesson in LESSONS.values():
        sections, homework = on_slides(lesson)
        for section in sections:
            for off in ("Your turn", "What the lecture says", "For teachers", "Going deeper"):
                assert off not in section.heading, lesson.notebook
        assert homework, f"{lesson.notebook}: nothing is left to do at home"


def test_inline_html_becomes_markdown():
    assert teaching.plain("a <i>b</i> &lt; x\n <b>c</b>") == "a *b* < x **c**"
    assert teaching.plain("L < 0.1 and w > 9") == "L < 0.1 and w > 9"


def test_codes_of_the_lecture_become_words():
    told = teaching.of_lecture("S7–S27, N2")
    assert told == "slides 7–27 of the lecture, section 2 of its note"
    assert teaching.of_lecture("N3.1") == "section 3.1 of the lecture's note"
