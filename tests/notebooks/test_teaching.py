"""The teacher's pages are up to date, and what is off the slides is not on them."""

from __future__ import annotations

import inspect
import math
import re

import nbformat
import numpy as np
import pages
import pytest
import teaching

from lecture_utils.lessons import all_lessons, explorers_of
from lecture_utils.studio.grading import grade

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
    rooms = [name for section in sections for name in section.held("room")]
    assert text.count("**Ask:**") == len(asked)
    assert text.count("**Ask the room:**") == len(rooms) == len(teaching.rooms_of(lesson))
    assert text.count("” ✔:") == len(asked) + len(rooms)
    for name in asked:
        for option in lesson.predictions[name].options:
            assert f"“{option}”" in text
    assert f"{lesson.minutes[0]} minutes of class" in text
    assert "<i>" not in text and "<b>" not in text


@pytest.mark.parametrize("number", LESSONS)
def test_what_remains_fits_the_class_and_its_marks_are_minutes(number, written):
    """The true need is said; what is left for home is named, and the rest fits."""
    lesson, text = LESSONS[number], written[number]
    sections, _ = on_slides(lesson)
    spared, minutes = teaching.spared_from(sections, lesson.minutes[0]), lesson.minutes[0]
    marks = [int(mark) for mark in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)]
    assert marks[0] == 0 and marks[-1] == math.ceil(teaching.need(sections, set(spared))) <= minutes
    assert marks == sorted(marks)
    assert f"until {minutes + teaching.QUESTIONS}" in text
    assert f"Everything needs {math.ceil(teaching.need(sections))} minutes" in text
    assert text.count("**Explore, at home:**") == sum(kind == "explorer" for kind, _ in spared)
    assert ("Speaking from this page" in text) == (teaching.REST in spared)
    for item in spared:
        if item != teaching.REST:
            named = teaching.called(item, sections, lesson, explorers_of(lesson))
            assert named in text.partition("**Leave for home from the start:**")[2]


@pytest.mark.parametrize("number", LESSONS)
def test_an_hour_says_what_comes_back_and_when_it_ends(number, written):
    """Each piece was left for home, and the lesson still fits, its minutes added up."""
    lesson, text = LESSONS[number], written[number]
    sections, _ = on_slides(lesson)
    spared = teaching.spared_from(sections, lesson.minutes[0])
    line = re.search(r"^\*\*In 60 minutes\*\* .*$", text, re.MULTILINE)[0]
    names = {item: teaching.called(item, sections, lesson, explorers_of(lesson)) for item in spared}
    back = [item for item, name in names.items() if f"{name} (" in line]
    assert len(back) == len(re.findall(r" \(\d+\)(?=[;.])", line))
    end = math.ceil(teaching.need(sections, set(spared) - set(back)))
    assert not back or f"ends at minute {end}." in line
    assert end <= teaching.HOUR - teaching.QUESTIONS


@pytest.mark.parametrize("number", LESSONS)
def test_no_text_before_a_question_says_its_answer(number):
    lesson = LESSONS[number]
    for section in on_slides(lesson)[0]:
        before = ""
        for kind, name in section.items:
            before += teaching.letters(name) if kind in teaching.TEXTS else ""
            if kind in ("prediction", "room"):
                asked = lesson.predictions if kind == "prediction" else teaching.rooms_of(lesson)
                said = [label for label in asked[name].options if teaching.letters(label) in before]
                assert len(asked[name].answer) < 10 or said != [asked[name].answer], name


def test_no_kept_sentence_points_back_to_a_cut_one(written):
    for text in written.values():
        for after in re.findall(r"\[…[^]]*\] (\S[^.?!]*)", text):
            assert not re.match(teaching.POINTS_BACK, after.lstrip("*")), after
    long = "A sentence of some forty characters is this. "
    kept = f"{long * 3}Two lie apart. {teaching.KEPT[0]}"
    assert teaching.short(kept, 40, "notes").endswith(f"[…, notes] {teaching.KEPT[0]}")
    kept = f"{long * 3}Two lie apart. All are positive."
    assert teaching.short(kept, 40, "notes", leads=True).endswith(
        "[…, notes] Two lie apart. All are positive."
    )


@pytest.mark.parametrize("number", LESSONS)
def test_the_title_slide_names_the_minutes_of_the_page(number):
    sections, _ = on_slides(LESSONS[number])
    title = nbformat.read(pages.FOLDER / f"{LESSONS[number].notebook}.ipynb", 4).cells[0].source
    whole, minutes = 5 * math.ceil(teaching.need(sections) / 5), LESSONS[number].minutes[0]
    more = f" \\({whole} with everything" if whole > minutes else ","
    assert re.search(rf"\b{minutes} min\w* of class{more}", title)


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
            assert teaching.plain(exercise.hints[0]) in text
            assert teaching.flat(section.tasks[name]) in text and section.tasks[name]
        for alt in section.held("figure"):
            assert re.search(rf"\*\*Show(, at home)?:\*\* {re.escape(alt)}", text)
    explored = re.findall(r"\*\*Explore.*Goal: .+\n    \* A way there: .+", text)
    assert len(explored) == sum(len(section.held("explorer")) for section in sections)


@pytest.mark.parametrize("number", LESSONS)
def test_every_section_comes_to_a_sentence_and_the_lesson_to_its_answer(number, written):
    """It is marked where it stands and is not told twice; an explorer alone has its goal."""
    text = written[number]
    sections, _ = on_slides(LESSONS[number])
    answer = text.partition("**The answer of the lesson**\n\n")[2].partition("\n\n")[0]
    assert len(answer) > 200 and answer[-1] in ".?"
    for section in sections[1:-1]:
        told = text.partition(f"\n\n**{section.heading}**\n")[2].partition("\n\n**")[0]
        alone = {"explorer", "work", *teaching.TEXTS}
        assert told.count("⇒ ") or not set(dict(section.items)) - alone
        for end in re.findall(r"\*\*⇒ (.+?[.?!)*])\*\*", told):
            assert told.count(end) == 1, end


@pytest.mark.parametrize("number", LESSONS)
def test_each_formula_of_the_page_stands_in_the_lesson(number, written):
    """No formula is cut or stripped on its way."""
    lesson = LESSONS[number]
    notebook = nbformat.read(pages.FOLDER / f"{lesson.notebook}.ipynb", 4)
    asked = [p.question + str(p.options) + (p.reveal or "") for p in lesson.predictions.values()]
    asked += [exercise.task + str(exercise.hints) for exercise in lesson.exercises.values()]
    there = re.sub(r"\s", "", " ".join([*(c.source for c in notebook.cells), *asked]))
    for formula in re.findall(r"\$([^$]+)\$", written[number]):
        assert re.sub(r"\s", "", formula) in there, formula


def test_a_formula_is_no_tag():
    told = r"$\prod_{i<j}|\lambda_i-\lambda_j|$ and $$P(\text{all}>0)\sim e^{-N}$$ <b>so</b>"
    assert teaching.flat(told) == (
        r"$\prod_{i<j}|\lambda_i-\lambda_j|$ and $P(\text{all}>0)\sim e^{-N}$ **so**"
    )


def test_a_cut_is_marked_and_no_list_and_no_proof_is_cut():
    words = "A sentence of some forty characters is this. "
    assert teaching.short(3 * words, 40, "notes") == f"{words}[…, notes]"
    assert teaching.short(words, 40, "notes") == words.strip()
    listed = f"Two things:\n\n* {words}\n* {words}\n\n{words}{words}"
    assert teaching.short(listed, 10, "slide").count(words.strip()) == 2
    assert teaching.short(listed, 10, "slide").endswith("[…, slide]")
    derived = f"Hence\n\n$$a=b$$\n\nand so on. {words}\n\n{words}{words}"
    assert teaching.short(derived, 5, "slide").startswith("Hence $a=b$ and so on. A sentence")
    proved = f"**Look.** {words * 3}\n\n**The proof.** {words}Hence it is so. {words * 3}"
    told = teaching.short(proved, 5, "notes")
    assert told.endswith(f"[…, notes] **The proof.** {words}Hence it is so. {words * 3}".strip())


def test_what_a_figure_shows_is_kept_and_how_it_was_made_is_cut_first():
    words = "A sentence of some forty characters is this. "
    text = f"**Look.** Lines are medians over 20 starts. L rises by half. {words * 3}So it rises."
    told = teaching.short(text, 20, "notes", shows=True)
    assert told == f"**Look.** […, notes] L rises by half. {words}{words}[…] So it rises."
    assert teaching.short(text, 20, "notes").startswith("**Look.** Lines are medians")
    brief = "**Look.** Lines are medians. It rises."  # nothing is cut of what is short
    assert teaching.short(brief, 200, "notes", shows=True) == brief


def test_beyond_a_cut_each_labelled_part_says_its_first_words():
    long = "A sentence of some forty characters is this, and it goes on for forty characters more. "
    text = f"**Look, left.** {long}{long}{long}\n\n**Right.** Short. {long}{long}{long}\n\n{long}"
    told = teaching.short(text, 40, "notes")
    assert told == f"**Look, left.** {long}[…, notes] **Right.** Short. {long}[…]"
    ends = teaching.short(f"{text}We try eight points.", 40, "notes", leads=True)
    assert ends == f"{told} We try eight points."
    at_once = f"**Look.** {long}\n\n**Right.** {long}\n\n{long}"  # nothing is cut before "Right."
    assert teaching.short(at_once, 40, "notes") == f"**Look.** {long}**Right.** {long}[…, notes]"


def test_a_text_leads_to_what_is_printed_or_shown_next():
    words = "Words of a note that go on and on, so that they have to be cut. " * 9
    for kind, name, leads in (
        ("printed", "1.0", True),
        ("figure", "f", True),
        ("slide", "S", False),
    ):
        made = teaching.Section("1. A", items=[("notes", f"{words}We try it."), (kind, name)])
        assert made.said(0).endswith("[…, notes] We try it.") == leads


def test_what_leads_to_a_question_is_whole():
    made = teaching.Section("1. A", items=[("slide", "S"), ("code", "code"), ("prediction", "p")])
    made.items += [("figure", "f"), ("slide", "S"), ("figure", "g"), ("slide", "S"), ("blank", "b")]
    assert [made.least(place) for place in (0, 4, 6)] == [
        math.inf,
        teaching.SAID["slide"],
        math.inf,
    ]


def printing(text):
    cell = nbformat.v4.new_code_cell("a\nb")
    cell.outputs = [nbformat.v4.new_output("stream", text=text)]
    return cell


def test_of_a_long_output_whole_tables_are_cut():
    """No line stands below a heading that is not its own."""
    tables = [f"table {k}\n" + f"    a: {k}\n" * 9 for k in range(4)]
    told = teaching.printed(printing("".join(tables)))[0]
    kept = (tables[0], "[… 20 lines, slide]\n", tables[3])
    assert told == "".join(kept).rstrip() and told.count("\n") < teaching.PRINTED


def test_no_output_of_the_lessons_is_cut(written):
    """If one grows too long to stand here as a whole, look at what is left of it."""
    for text in written.values():
        assert " lines, slide]" not in text


def test_long_output_keeps_its_columns_and_its_head():
    def prints(count):
        text = "step   loss\n" + "".join(f"{i:4}   {i * i:4}\n" for i in range(count))
        return teaching.printed(printing(text))[0].splitlines()

    assert prints(8)[4] == "   3      9" and len(prints(8)) == 9


def test_what_a_cell_prints_above_a_card_comes_before_its_question():
    made = notebook(("slide", "# A"), ("slide", "## 1. B\n\nWords."), ("", 'lesson.predict("p")'))
    made.cells[2].outputs = [nbformat.v4.new_output("stream", text="A  L = 18\n")]
    (_, section), _ = teaching.on_slides(made)
    assert [kind for kind, _ in section.items] == ["slide", "printed", "prediction"]
    assert section.least(0) == math.inf  # what leads to a question is whole


def test_what_the_page_needs_is_kept_beyond_a_cut(written, monkeypatch):
    """Each such sentence stands on one page, and only because it is named."""
    sections = [section for lesson in LESSONS.values() for section in on_slides(lesson)[0]]
    for sentence in teaching.KEPT:
        assert sum(sentence in text for text in written.values()) == 1, sentence
    kept = f"{'A sentence of some forty characters is this. ' * 3}{teaching.KEPT[0]}"
    assert teaching.short(kept, 40, "notes").endswith(f"this. […, notes] {teaching.KEPT[0]}")
    named = teaching.KEPT
    monkeypatch.setattr(teaching, "KEPT", ("\0",))
    places = [(part, i) for part in sections for i, (kind, _) in enumerate(part.items)
              if kind in teaching.TEXTS]  # fmt: skip
    told = "\n".join(part.said(i) for part, i in places)
    assert [sentence for sentence in named if sentence in told] == []


def test_a_table_is_printed_below_its_text(written):
    assert teaching.tables("Words:\n\n| a | [b](c.md) |\n|:-|-:|\n| 1 | 2 |\n\nMore.") == [
        "| a | b |\n|:-|-:|\n| 1 | 2 |"
    ]
    for text in written.values():
        assert "table on the slide" not in text
        for after in text.split(teaching.BELOW)[1:]:
            assert re.match(r"[^\n]*\n\n  \|", after)


def test_the_title_says_its_words_and_what_to_know_first(written):
    first = written["03"].partition("**The question**")[2].partition("**1. ")[0]
    assert "(*Bad*: a local minimum" in first and "**rectified linear unit**" in first
    assert "Know first: 00 (section 6: a network and its copies, convex), 01 (" in written["05"]
    assert "Know first: 00; partial derivatives" in written["01"]  # its title does not name 00


def test_the_last_column_wins_back_what_it_says_or_all_that_is_ahead(written):
    """Eight minutes late: in every row but the last ones the column has as much, or everything."""
    for lesson in LESSONS.values():
        sections, _ = on_slides(lesson)
        explorers = explorers_of(lesson)
        spared = teaching.spared_from(sections, lesson.minutes[0])
        last = re.findall(r"^\| \d+ \|.*\| ([^|]+) \|$", written[lesson.number], re.MULTILINE)
        assert len(last) == len(sections) and teaching.READ not in last[:-1]
        assert last[-1] == teaching.READ
        for place, said in enumerate(last[:-1]):
            won = [int(minutes) for minutes in re.findall(r" \((\d+)\)(?=;|$)", said)]
            every = teaching.late(sections[max(place, 1) :], spared, lesson, explorers)
            assert sum(won) >= teaching.LATE or len(won) == len(every), (lesson.number, said)
            assert ("nothing left" in said) == (not every)


def test_who_leaves_out_what_the_column_names_is_that_much_faster():
    lesson = LESSONS["01"]
    asked = teaching.Section("1. A", slides=1, items=[("prediction", "plateau"), ("figure", "f")])
    told = teaching.Section("2. B", slides=1, items=[("slide", "word " * 520)])
    end = teaching.Section("Summary", slides=1)
    asked.items += [("figure", "g"), ("notes", "Word word. " * 260)]
    found = dict(teaching.late([asked, told, end], [], lesson, {}))
    assert next(iter(found)) == "figure 2 of section 1, and its words"
    assert found["section 2 as a whole"] == pytest.approx(4, abs=0.4)
    rest = [name for name in found if name.endswith("after its question")]
    assert rest == ["section 1 after its question"]
    assert "section 2 as a whole (4)" in teaching.drops([asked, told, end], [], lesson, {})
    assert teaching.drops([end], [], lesson, {}) == "nothing left to drop"


@pytest.mark.parametrize("number", LESSONS)
def test_homework_says_where_it_stands_and_what_to_do(number, written):
    lesson, told = LESSONS[number], written[number].partition("**Homework**\n")[2]
    _, homework = on_slides(lesson)
    for name, under in homework.items():
        assert f"* *{teaching.named(lesson.exercises[name])}*, in *{under}*: " in told


def test_another_form_of_a_solution_is_right_too():
    """`line` of lesson 05 on arrays, as the page says."""
    space = {"line": lambda a, b, alpha: a + alpha * (b - a), "np": np}
    for lesson in LESSONS.values():
        for name in set(teaching.ALSO) & set(lesson.exercises):
            exercise = lesson.exercises[name]
            names = ", ".join(inspect.signature(exercise.solution).parameters)
            exec(f"def attempt({names}):\n    {teaching.ALSO[name]}", space)
            assert grade(exercise, space["attempt"]).correct, name
            assert f"`{teaching.ALSO[name]}`" in teaching.doing(exercise)


def test_an_explorer_whose_goal_its_data_decide_has_a_way_from_a_run(written):
    """Every explorer of the slides says how to reach its goal; 05's names a pair and a place."""
    for lesson in LESSONS.values():
        for section in on_slides(lesson)[0]:
            for name in section.held("explorer"):
                assert teaching.way_to(explorers_of(lesson)[name]), name
    assert "set *solutions* to 1 and 3, *place α* to 0.5 (so in our run)" in written["05"]


@pytest.mark.nightly
def test_the_way_that_a_run_found_reaches_the_goal():
    from lecture_utils.lessons.loss_profiles_1d import experiments, explorers

    ends = [run[-1] for run in experiments.train("MLP", 0, 4)]
    found = explorers.TwoSolutions(ends)
    assert found.answer == teaching.FOUND["TwoSolutions"]


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["RandomHessian", "Rescaling", "OneStep"])
def test_the_place_that_the_page_names_reaches_the_goal(name):
    kinds = {
        found.__name__: found for one in LESSONS.values() for found in explorers_of(one).values()
    }
    explorer = kinds[name]()
    explorer.set(**teaching.FOUND[name])
    explorer.wait()
    assert explorer.goal_reached


def test_a_section_quotes_also_its_last_result(written):
    third = written["05"].partition("**3. One network, two places**\n")[2]
    assert re.search(r"⇒ [^⇒]*nine tenths went away", third.partition("**4. Not straight**\n")[0])


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


def test_a_section_comes_to_its_answer_in_italics_and_to_what_is_seen():
    lesson = LESSONS["01"]
    made = teaching.Section("1. B", items=[("prediction", "plateau")])
    made.noted = ["Check it by hand. So it takes longer: *about $2k$* in all, which is not much."]
    assert teaching.comes_to(made, lesson) == [
        "So it takes longer: *about $2k$* in all, which is not much."
    ]
    seen = teaching.Section("1. B", told=["**Look, left.** Lines are medians. It falls."])
    seen.noted = seen.told
    assert teaching.comes_to(seen, lesson) == ["It falls."]
    assert teaching.marked(["* **Say:** It falls."], ["It falls."]) == [
        "* **Say:** **⇒ It falls.**"
    ]


def test_minutes_are_those_of_the_slides_and_of_the_notes():
    made = notebook(
        ("slide", "# A"),
        ("slide", "## 1. B\n\n" + "word " * 130),
        ("", 'lesson.predict("p")'),
        ("notes", "* a note\n\n" + "Word word. " * 128 + "Word."),
        ("subslide", "a = 1\nb = 2"),
        ("skip", 'lesson.check("homework", f)'),
        ("subslide", "\n".join(["x = 1"] * (teaching.LINES + 1))),
        ("notes", "**Your turn.** " + "word " * 130),
        ("slide", 'lesson.check("b", f)'),
        ("skip", "## Your turn"),
    )
    (title, section), homework = teaching.on_slides(made)
    assert title.heading == "A" and section.slides == 4
    assert section.minutes(said=False) == pytest.approx(130 / 130 + 2.5 + 0.5 + 4)
    assert section.minutes() == pytest.approx(130 / 130 + 2.5 + 0.5 + 4 + 260 / 130 + 130 / 130)
    assert section.minutes({("blank", "b")}) == pytest.approx(section.minutes() - 3)
    assert homework == {"homework": "1. B"}
    assert teaching.marks([title, section]) == [0, 2, 13]
    assert teaching.spared_from([title, section], 13) == []
    assert teaching.spared_from([title, section], 10) == [("blank", "b")]
    assert teaching.spared_from([title, section], 9) == [teaching.CODE, ("blank", "b")]


def test_what_went_home_too_much_comes_back():
    """Where the second explorer alone would have been enough, the first one stays."""
    made = teaching.Section("1. A", items=[("blank", "b"), ("explorer", "E"), ("explorer", "F")])
    made.plays |= {"E": "", "F": "Word word. " * 260}
    assert teaching.need([made, made]) == pytest.approx(teaching.TITLE + 4 + 4 + 4 + 4)
    assert teaching.spared_from([made, made], 15) == [("explorer", "E")]
    assert teaching.spared_from([made, made], 11) == [("explorer", "F")]


def test_what_is_said_of_an_explorer_at_home_is_left_unsaid():
    """Notes below it that lead to nothing; what leads to a figure is said."""
    made = teaching.Section("1. A", items=[("explorer", "E"), ("notes", "Word word. " * 65)])
    made.plays["E"] = ""
    home = {("explorer", "E")}
    assert made.minutes(home) == 0 and made.unsaid(home) == {1} and made.unsaid(set()) == set()
    made.items.append(("figure", "f"))
    assert made.minutes(home) == pytest.approx(1 + 1)


def test_a_slide_that_only_derives_can_go_and_one_that_states_a_rule_stays():
    words = "Multiply it out, and the two cancel."
    made = teaching.Section("1. A", items=[("figure", "f"), ("slide", f"**Why?** {words}")])
    assert made.derivations() == [made.items[1]]
    said = teaching.spoken(f"**Why?** {words}")
    assert made.minutes({made.items[1]}) == pytest.approx(made.minutes() - said)
    for more in ("So it is two.", "*Along an eigenvector it is the eigenvalue.*"):
        told = teaching.Section("1. A", items=[("slide", f"**Why?** {words} {more}")])
        assert told.derivations() == []


def test_a_class_that_is_far_too_short_leaves_a_section_without_a_card_for_home():
    made = [teaching.Section(f"{n}. A", slides=1, items=[("figure", "f")]) for n in range(4)]
    made[1].items.append(("prediction", "p"))
    assert teaching.spared_from(made, 6) == [("section", "2. A")]
    assert teaching.need(made, {("section", "2. A")}) == pytest.approx(2 + 3.5 + 1)


def test_long_formulas_of_a_table_are_read_too():
    table = "| a | b |\n|:-|-:|\n| $x$ | $\\frac{a+b}{a-b}+c$ |"
    words = len(table.split()) / teaching.WORDS_A_MINUTE
    assert teaching.spoken(table) == pytest.approx(words + 0.5 + teaching.CELL)


def test_what_a_class_does_with_its_pencil_is_counted_and_said(written):
    made = notebook(("slide", "# A"), ("slide", "## 1. B"),
                    ("notes", "**With pencil, four minutes.** Follow the guide."))  # fmt: skip
    section = teaching.on_slides(made)[0][1]
    assert section.minutes() == pytest.approx(4 + 7 / 130)
    assert "* **With pencil, four minutes:** Follow the guide for each patient" in written["09"]


def test_the_key_names_each_cause_and_cure(written):
    from lecture_utils.lessons.training_clinic import clinic

    key = written["09"].partition("**The key**")[2].partition("**Homework**")[0]
    for name, patient in clinic.PATIENTS.items():
        ((knob, value),) = patient.remedy.items()
        assert f"| {name} | {patient.cause} | *" in key
        assert f"from {getattr(patient.case, knob):g} to {value:g} |".replace("-", "−") in key
    assert "the explorer *the clinic*" not in written["09"].partition("**The question**")[0]


def test_what_the_notes_say_beyond_the_page_can_be_left_unsaid():
    made = teaching.Section("1. A", items=[("figure", "f"), ("notes", "Word word. " * 130)])
    assert made.minutes() == pytest.approx(1 + 2)
    assert made.minutes({teaching.REST}) < 1 + 0.5
    assert teaching.droppable([made, made]) == [teaching.REST]
    assert teaching.spared_from([made, made], 45) == [
        teaching.REST
    ]  # it fits, and goes all the same


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


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("a = 1\nb = 2\nlesson.predict('x')", 2),
        ("a = 1\n\nfigures.two(\n    a,\n)\nexplorers.One(a)", 1),
        ("figures.one(\n    [1],\n)", 0),
        ("def f(x):\n    return ...\n\nlesson.check('f', f)", 2),
        ("lesson.predict('x')\na = 1", 2),
    ],
)
def test_the_calls_at_the_end_of_a_cell_are_not_on_a_slide(code, lines):
    """As in slides.js, whose rule tests/browser tries."""
    assert teaching.lines_shown(code) == lines


def test_what_a_room_reads_or_answers_takes_its_minutes():
    """Long output, a formula, a fourth option and a question without a card are counted."""
    made = notebook(
        ("slide", "# A"),
        ("slide", "## 1. B\n\nWord:\n\n$$a=b$$"),
        ("", 'lesson.predict("p")'),
        ("notes", "**Ask the room.** Which is it?"),
        ("slide", "## 2. C"),
    )
    section = teaching.on_slides(made)[0][1]
    assert section.items[-1] == ("room", "Which is it?") and "Which" not in section.noted
    before = section.minutes()
    assert before == pytest.approx(2.5 + 2.5 + teaching.FORMULA + 5 / 130)
    for options, more in ((3, 0), (4, teaching.HANDS)):
        card = {"text/markdown": "**Predict.** Q\n\n" + "- an option\n" * options}
        made.cells[2].outputs = [nbformat.v4.new_output("execute_result", card)]
        assert teaching.on_slides(made)[0][1].minutes() == pytest.approx(before + more)
    for lines, minutes in ((4, 0), (5, 0.5), (20, 2)):
        told = teaching.Section("1. B", items=[("printed", "\n".join(["1"] * lines))])
        assert told.minutes() == pytest.approx(minutes)


def test_a_room_with_four_options_takes_as_long_as_a_vote_with_four():
    (asked,) = [text for text in teaching.wide_rooms() if text.startswith("Which starts hold")]
    made = teaching.Section("1. B", items=[("room", asked)])
    assert made.minutes(said=False) == 3
    made.items = [("room", "Which is it?")]
    assert made.minutes(said=False) == 2.5


@pytest.mark.parametrize("number", LESSONS)
def test_what_follows_a_question_to_the_room_is_not_covered(number):
    """As the page says: there is no card, and so nothing to press."""
    cells = nbformat.read(pages.FOLDER / f"{LESSONS[number].notebook}.ipynb", 4).cells
    for place, cell in enumerate(cells):
        if cell.source.startswith("**Ask the room.**"):
            tags = [
                tag for after in cells[place : place + 4] for tag in after.metadata.get("tags", [])
            ]
            assert not [tag for tag in tags if tag.startswith("answers-")], cell.source


def test_both_clocks_stand_in_the_table(written):
    """The second one with all that an hour puts back; its last row is where that ends."""
    for number, text in written.items():
        rows = re.findall(r"^\| (\d+) \| (\d+) \| (.+?) \|", text, re.MULTILINE)
        here, hour = ([int(row[k]) for row in rows] for k in (0, 1))
        assert hour == sorted(hour) and all(a <= b for a, b in zip(here, hour, strict=True))
        assert f"ends at minute {hour[-1]}." in text, number


def test_a_long_section_says_when_its_parts_begin(written):
    found = re.findall(r"^\*from minute (\d+), in 60 minutes from (\d+):\* \*\*(.+)\*\*$",
                       written["06"], re.MULTILINE)  # fmt: skip
    assert [name for *_, name in found][:1] == ["The same on a noisier task"] and len(found) == 3
    rows = re.findall(r"^\| (\d+) \| (\d+) \| [34]\. ", written["06"], re.MULTILINE)
    for k in (0, 1):
        (begin, end), parts = [int(row[k]) for row in rows], [int(part[k]) for part in found]
        assert begin < parts[0] < parts[1] < parts[2] < end


def test_each_work_on_paper_has_its_answer_and_the_guide_ends_where_it_is_run(written):
    """What the page says of the seven patients is what the notebook prints in section 7."""
    lesson = LESSONS["09"]
    said = teaching.pencil_of(lesson, "Follow the guide for each patient")
    assert teaching.plain(said) in written["09"]
    printed = dict(re.findall(r"^  ([A-G])       ([a-z ]+)$", written["09"], re.MULTILINE))
    assert len(printed) == 7
    for names, end in re.findall(r"((?:[A-G](?:, | and )?)+) (?:end )?at <i>(.+?)</i>", said):
        for name in re.findall("[A-G]", names):
            assert printed.pop(name) == end, name
    assert not printed
    with pytest.raises(ValueError, match="has 0 answers"):
        teaching.pencil_of(lesson, "Draw a line")


def test_small_pieces_go_first_and_what_later_sections_need_stays(written):
    lesson = LESSONS["09"]
    sections, _ = on_slides(lesson)
    found = [name for name, _ in teaching.late(sections[1:], [], lesson, explorers_of(lesson))]
    assert not [name for name in found if name.startswith(("section 3", "section 5"))]
    rows = re.findall(r"^\| \d+ \| \d+ \| [1-5]\. .*$", written["07"], re.MULTILINE)
    for row in rows:  # its fair comparison goes after everything else
        told = row.split("|")[-2].split(";")
        places = [place for place, one in enumerate(told) if "section 6" in one]
        assert all("section 6" in one for one in told[places[0] :]) if places else True
    card, room = (
        teaching.Section(f"{n}. A", slides=1, items=[(kind, "guide"), ("figure", "f")] * 2)
        for n, kind in ((1, "prediction"), (2, "room"))
    )
    for section in (card, room):
        section.noted = ["So it is, and nobody has seen it otherwise in any run of ours."]
        section.told = section.noted
    end = teaching.Section("Summary", slides=1)
    names = [name for name, _ in teaching.late([card, room, end], [], lesson, {})]
    assert names[-1] == "section 2 as a whole" and "section 1 as a whole" not in names


def test_an_objective_of_a_section_at_home_says_so(written):
    assert "choose a schedule (section 7, at home)" in written["07"]
    assert "(section 9, at home)" in written["09"]
    title = teaching.Section("A", noted=["**Q?** W.\n\n1. go (section 2);\n2. stay (section 3)."])
    assert "go (section 2); stay (section 3, at home)." in teaching.opening(title, {"section 2"})


def test_what_is_said_alone_and_written_is_for_the_board(written):
    assert re.search(r"\*\*Say, on the board:\*\* .*18\+2c\^2", written["03"])
    assert "* **Ask the room:** " in written["08"]
    parts = teaching.sentences("A known reason. Frankle et al. (2020) let two share. Two differ.")
    assert parts == ["A known reason.", "Frankle et al. (2020) let two share.", "Two differ."]


@pytest.mark.parametrize("number", LESSONS)
def test_what_goes_late_never_takes_the_arrow_with_it(number, written):
    """A figure whose words hold a ⇒ is named so, its ⇒ is counted, and the page prints it still."""
    lesson = LESSONS[number]
    sections, _ = on_slides(lesson)
    late = dict(teaching.late(sections[1:], [], lesson, explorers_of(lesson)))
    for section in sections:
        ends = teaching.comes_to(section, lesson)
        for name in section.held("figure")[1:]:
            item = ("figure", name)
            went = " ".join(teaching.flat(section.items[i][1]) for i in section.unsaid({item}))
            takes = [end for end in ends if end in went]
            called = teaching.called(item, sections, lesson, {})
            assert called.endswith("all but ⇒") == bool(takes)
            shown = teaching.teaching_of(section, [], {item}, lesson, "")
            assert all(f"⇒ {end.replace('**', '')}" in shown for end in takes)
            if takes and not name.startswith(teaching.NEEDED_FIGURES):
                won = section.minutes() - section.minutes({item})
                assert late[called] < won


def test_a_figure_that_a_later_section_needs_is_never_dropped(written):
    assert "figure 2 of section 8" in written["09"]
    assert "figure 2 of section 3" not in written["09"]  # the vital signs: the clinic treats them
    (table,) = teaching.NEEDED_FIGURES
    sections, _ = on_slides(LESSONS["09"])
    assert any(name.startswith(table) for part in sections for name in part.held("figure"))
    assert "section 2 after its question" not in written["07"]  # it has Adam's only formula


def test_a_section_that_asks_twice_names_the_question_after_which_it_goes(written):
    assert "section 1 after its second question" in written["01"] + written["08"]
    assert "after its second question" not in written["02"]


def test_homework_names_its_letters_before_it_uses_them(written):
    homework = written["03"].partition("**Homework**")[2]
    assert homework.index("g one value per row") < homework.index("(mean over x of h<sub>S</sub>")
