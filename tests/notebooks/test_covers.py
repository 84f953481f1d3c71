"""Which cells answer a prediction, and are covered until it is committed."""

import covers
import nbformat


def shown(text):
    return nbformat.v4.new_output("execute_result", data={"text/plain": text})


PICTURE, CARD = shown("Figure: x"), shown("Prediction: x")


def code(source, *outputs):
    return nbformat.v4.new_code_cell(source, outputs=list(outputs))


text = nbformat.v4.new_markdown_cell


def covered(*cells):
    """What each cell answers."""
    return covers.answers(nbformat.from_dict({"cells": cells}))


ASK_A, ASK_B = code('lesson.predict("a")', CARD), code('lesson.predict("b")', CARD)
SHOW = code("f()", PICTURE)


def test_a_prediction_covers_from_what_is_shown_first_to_the_next_heading():
    found = covered(ASK_A, text("Set-up."), SHOW, text("So it is."), SHOW, text("## 2. Next"), SHOW)
    assert found == [(), (), ("a",), ("a",), ("a",), (), ()]


def test_a_new_question_ends_what_the_one_before_covers():
    assert covered(ASK_A, SHOW, ASK_B, SHOW) == [(), ("a",), (), ("b",)]


def test_two_questions_in_a_row_cover_the_same():
    assert covered(ASK_A, ASK_B, SHOW) == [(), (), ("a", "b")]


def test_a_question_before_which_nothing_is_shown_waits_for_the_next_section():
    assert covered(ASK_A, text("Words."), text("## 2. Next"), SHOW)[-1] == ("a",)


def test_an_answer_that_is_kept_for_a_section_is_covered_there():
    kept = text("Commit now; the picture follows in section 3.")
    found = covered(ASK_A, kept, SHOW, text("## 2. Two"), SHOW, text("## 3. Three"), SHOW)
    assert found == [(), (), (), (), (), (), ("a",)]


def test_a_note_of_progress_and_the_check_of_a_blank_are_no_answer():
    progress = shown("Progress: training.")
    blank = code('def f():\n    ...\n\nlesson.check("f", f)', CARD)
    assert covered(ASK_A, code("g()", progress), blank, SHOW) == [(), (), (), ("a",)]


def test_a_look_at_what_was_shown_before_the_question_is_covered():
    assert covered(ASK_A, text("**Look.** It rises."), SHOW) == [(), ("a",), ("a",)]


def test_other_tags_of_a_cell_stay():
    notebook = nbformat.v4.new_notebook(cells=[ASK_A, code("f()", PICTURE), text("## 2. Next")])
    old = [["kept"], ["kept", "answers-old"], ["answers-a"]]
    for cell, tags in zip(notebook.cells, old, strict=True):
        cell.metadata["tags"] = tags
    covers.tag(notebook)
    new = [cell.metadata.get("tags") for cell in notebook.cells]
    assert new == [["kept"], ["kept", "answers-a"], None]


def test_every_prediction_of_the_course_covers_its_answer(notebook):
    found = nbformat.read(notebook, as_version=4)
    asked = {name for cell in found.cells for name in covers.ASKS.findall(cell.source)}
    assert {name for names in covers.answers(found) for name in names} == asked


def test_what_was_committed_stands_above_one_output_that_may_answer_it(notebook):
    """Not above a claim or a note of progress; where an author says so, above that cell."""
    found = nbformat.read(notebook, as_version=4)
    answered = covers.answers(found)
    for asked in {name for names in answered for name in names}:
        cells = [c for c, names in zip(found.cells, answered, strict=True) if asked in names]
        tagged = [c for c in found.cells if f"{covers.SHOWS}{asked}" in c.metadata.get("tags", [])]
        assert len(tagged) <= 1 and all(c in cells for c in tagged), asked
        assert any(map(_tells, tagged or cells)), asked
    known = {name for names in answered for name in names}
    for cell in found.cells:
        told = [t for t in cell.metadata.get("tags", []) if t.startswith(covers.SHOWS)]
        assert {t.removeprefix(covers.SHOWS) for t in told} <= known


def _tells(cell):
    said = [o.get("data", {}).get("text/plain", "") for o in cell.get("outputs", [])]
    return not all(text.startswith(("Claim ", "Our claim ", "Progress: ")) for text in said)
