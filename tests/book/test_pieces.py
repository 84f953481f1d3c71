"""The pieces of the book: what is covered, where links lead, what is taken out of an output."""

import json
import re
import zipfile
from types import SimpleNamespace

import pytest
from lecture_book import instruments, lessons, others, packing, printing, search, site
from lecture_book.lessons import cells_of, link
from lecture_book.wording import in_book
from reader import NOTEBOOKS

PICTURE = {"output_type": "execute_result", "data": {"image/png": "", "text/plain": "Figure: x"}}


def code(source, *outputs, **metadata):
    return {"cell_type": "code", "source": source, "outputs": outputs, "metadata": metadata}


def text(source, **metadata):
    return {"cell_type": "markdown", "source": source, "metadata": metadata}


def test_a_cell_is_covered_by_what_it_answers_and_the_code_of_the_first_may_be_read():
    tags = {"tags": ["answers-a", "answers-b"]}
    found = cells_of({"cells": [code("f()"), code("g()", **tags), text("So it is.", **tags)]})
    assert [cell.covered_by for cell in found] == [(), ("a", "b"), ("a", "b")]
    assert [cell.shown_first for cell in found] == [False, True, False]


ASKS = code('lesson.predict("a")'), code('lesson.predict("b")')


def test_what_sums_up_is_covered_until_all_that_was_asked_before_it_is_committed():
    told = "## 3. Summary\n\n* So it is.\n\n**Next:** [02](02_x.ipynb).\n\n**Further reading.** X."
    cells = [
        code('lesson.claim("first", {})'), *ASKS, text("## 2. More"), code('lesson.claim("c", {})'),
        code("f()"), text(told), text("## What the lecture says\n\nAll of it."),
        code("lesson.claims()"),
    ]  # fmt: skip
    found = cells_of({"cells": cells})
    covered = [cell.source for cell in found if cell.covered_by == ("a", "b") and cell.sums]
    assert covered == ['lesson.claim("c", {})', "* So it is.", "lesson.claims()"]
    assert {cell.covered_by for cell in found if not cell.sums} == {()}
    onward = "**Next:** [02](02_x.ipynb).\n\n**Further reading.** X."
    assert [cell.source for cell in found][-4:-2] == ["* So it is.", onward]
    assert not any(cell.shown_first for cell in found if cell.sums)


def test_what_sums_up_says_so_and_its_heading_stands_before_the_cover(tmp_path):
    told = text("## Summary\n\n* So it is.\n\n**Next:** 02.")
    lesson = SimpleNamespace(number="01", notebook="01_x", predictions={"a": None})
    notebook = {"cells": [text("# 01 · X"), ASKS[0], told]}
    page = lessons.Page(lesson, notebook, None, tmp_path)
    page._outputs = page._end = lambda *cell: ""
    found = page.markdown()
    order = ["## Summary", '<div class="lu-cover lu-sums" data-for="a">', "So it is", "</div>\n`",
             "**Next:**"]  # fmt: skip
    places = [found.index(part) for part in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("After this notebook you can", "After this lesson you can"),
        ("Notebook 05 and notebooks [01](01_x.ipynb)", "Lesson 05 and lessons [01](01_x.ipynb)"),
        ("| notebook | its question |", "| lesson | its question |"),
        ("no other notebook; claims of all notebooks", "no other lesson; claims of all lessons"),
        ("Run in the notebook, a cell says it.", "Run in the notebook, a cell says it."),
    ],
)
def test_whoever_reads_the_book_reads_lessons(written, found):
    assert in_book(written) == found


def test_the_pages_beside_the_lessons_speak_to_who_reads_the_book():
    scorecard, teacher = (NOTEBOOKS / f"{name}.md" for name in ("SCORECARD", "TEACHING"))
    told = others.guide(scorecard)
    assert "make pages" not in told and "it prints" not in told
    assert "by the criteria that stand with its numbers, and nothing else" in told
    title, first = others.teaching(teacher).split("\n\n")[:2]
    assert title == "# For the teacher" and first.startswith("**From this book alone**")


def test_the_course_is_packed_without_what_was_built_or_answered(tmp_path):
    root = tmp_path / "root"
    for name in ("README.md", "notebooks/00_x.ipynb", "notebooks/.answers/a.json",
                 "lecture_utils/__pycache__/x.pyc", "lecture_utils/x.py", "book/_build/y.html",
                 ".jupyter/overrides.json", ".jupyter/home/z", "mine.txt"):  # fmt: skip
        root.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        root.joinpath(name).write_text(name)
    packed = packing.course(root, tmp_path)
    with zipfile.ZipFile(packed) as found:
        names = [name.partition("/")[2] for name in found.namelist()]
        assert found.read("geometry-of-training/lecture_utils/x.py") == b"lecture_utils/x.py"
    assert sorted(names) == [
        ".jupyter/overrides.json", "README.md", "lecture_utils/x.py", "notebooks/00_x.ipynb",
    ]  # fmt: skip
    before = packed.read_bytes()
    assert packing.course(root, tmp_path).read_bytes() == before, "the same files, the same bytes"


def test_the_words_of_the_glossary_say_in_which_language_they_are():
    found = others.glossary("### adam's rule\nAdam 演算法 · An *optimizer* · of two means.\n")
    assert '<span lang="zh-Hant">Adam 演算法 · </span>An *optimizer* · of' in found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (r"\(L(w_1,w_2)=(1-w_1w_2)^2\)", "L(w₁,w₂)=(1-w₁w₂)²"),
        (r"\(v^\top Hv\)", "vᵀHv"),
        (r"\(\lambda_{\max}>2/\eta\)", "λ_max>2/η"),
        (r"\(10^{-6}\)", "10⁻⁶"),
        (r"\(e^{-\eta t}\)", "…"),
        (r"\(\frac12\)", "…"),
    ],
)
def test_a_formula_in_an_excerpt_is_a_line_of_text_or_left_out(written, found):
    assert search._plain(written) == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("[w](GLOSSARY.md#a-b)", '<a class="lu-term" href="glossary.html#a-b">w</a>'),
        ("[02](02_deep_linear_networks.ipynb)", '<a href="02_deep_linear_networks.html">02</a>'),
        ("[s](SCORECARD.md)", '<a href="scorecard.html">s</a>'),
        ('<a href="REFERENCES.md">r</a>', '<a href="references.html">r</a>'),
        ("[out](https://doi.org/1)", "[out](https://doi.org/1)"),
    ],
)
def test_links_lead_to_pages_of_the_book(written, found):
    assert link(written) == found


def test_a_heading_is_no_link():
    assert link("## [00 · S](00_s.ipynb)").startswith("## 00 · S\n\n")


def test_a_word_has_the_anchor_that_the_notebooks_write():
    told = json.loads(others.words("### newton's method\n牛頓法 · To *jump*.\n")[17:-2])
    assert told == {
        "newtons-method": [
            "newton's method",
            '<span lang="zh-Hant">牛頓法 · </span>To <i>jump</i>.',
        ]
    }


def test_an_explorer_is_mounted_where_it_was_recorded_and_else_a_still(tmp_path):
    output = PICTURE | {"metadata": {"image/png": {"alt": "A <b>."}}}
    output["data"] = {"image/png": "", "text/plain": "Explorer: x. Run the cell."}
    cell = code("explorers.Newton()", output)
    lesson = SimpleNamespace(number="01", notebook="01_x")
    pictures = SimpleNamespace(add=lambda name, png: (f"pictures/{name}.webp", 10, 5))
    notebook = {"cells": [text("# 01 · X"), cell]}

    def page():
        return lessons.Page(lesson, notebook, pictures, tmp_path).markdown()

    assert "lu-still" in page() and "lu-explorer" not in page()
    (tmp_path / "01-Newton.js").touch()
    assert 'data-explorer="01-Newton"' in page() and 'src="pictures/01-01.webp"' in page()
    (tmp_path / "01-Newton.webp").touch()
    assert 'src="recordings/01-Newton.webp" alt="A &lt;b&gt;."' in page()


def page(cells, tmp_path, own):
    lesson = SimpleNamespace(number="01", notebook="01_x")
    notebook = {"cells": [text("# 01 · X"), *cells]}
    return lessons.Page(lesson, notebook, None, tmp_path, own=own).markdown()


def test_what_is_only_for_the_notebook_shares_one_fold_below_what_the_book_says(tmp_path):
    tags = {"tags": ["notebook-only", "answers-a"]}
    cells = [
        text("So it is.", tags=["answers-a"]),
        text("Press *Renew*.", **tags) | {"id": "renew"},
        code("check()", **tags),
        text("Look.", tags=["answers-a"]),
    ]
    found = page(cells, tmp_path, own={"renew": "Reload the [page](progress.md)."})
    order = ["lu-cover", "So it is.", 'Reload the <a href="progress.html">page</a>.',
             "Only in the notebook", "Press *Renew*.", "check()", "</details>",
             "Look.", "</div>\n`"]  # fmt: skip
    places = [found.index(part, found.index("lu-cover")) for part in order]
    assert places == sorted(places)
    assert found.count("Only in the notebook") == found.count("lu-cover") == 1


def test_a_text_of_the_book_has_its_cell_in_the_notebook(tmp_path):
    with pytest.raises(ValueError, match="has a text for 'renew' of 01_x"):
        page([text("Press *Renew*.") | {"id": "renew"}], tmp_path, own={"renew": "x"})
    assert lessons.own_texts("Why.\n\n<!-- 01_x a-b -->\nOne\ntwo.\n\n<!-- 02_y c -->\n3.\n") == {
        "01_x": {"a-b": "One\ntwo."},
        "02_y": {"c": "3."},
    }


def test_sections_are_what_a_reader_sees_of_them():
    found = search.sections(
        """<section id="a"><h1>One<a class="headerlink" href="#a">#</a></h1>
        <p>Code <span class="math">\\(\\eta\\le 2\\)</span>,
        <span class="math">\\(\\frac12\\)</span>.</p><script>no</script>
        <section id="b"><h2>Two</h2><details class="lu-folded"><details>x</details>y</details>
        <div>end</div>.</section></section>"""
    )
    assert found == [("a", "One", "Code η≤2, …."), ("b", "Two", "end .")]


def test_the_course_comes_with_the_book_and_is_as_it_is_today_at_its_address(tmp_path):
    (tmp_path / "course.zip").write_bytes(bytes(5_400_000))
    plain = "[project]\nname='x'"
    address = "[project]\n[project.urls]\nRepository = 'https://host/owner/name'"
    for told in (others.course, lambda project: others.notebooks([], tmp_path, project)):
        assert "<https://host/owner/name>" in told(address) and "<https" not in told(plain)
    assert "[The notebooks](notebooks.md)" in others.course(plain)
    assert "(5 MB)" in others.notebooks([], tmp_path, plain)


def test_a_docstring_becomes_markdown():
    found = instruments._prose("Uses ``a|b``, see :func:`gradient`.\n\n>>> 1 + 1\n2\n\nMore.")
    assert found == (
        'Uses `a|b`, see <a href="#gradient"><code>gradient</code></a>.\n\n'
        "```pycon\n>>> 1 + 1\n2\n```\n\nMore."
    )


def test_the_outline_says_each_heading_once_and_no_byte_moves():
    twice = b"/Title (4. A method4. A method) /Title <FEFF0041004200430041004200430044> /Title (a)"
    found = printing.mended(twice)
    assert len(found) == len(twice)
    assert found.split() == b"/Title (4. A method) /Title <FEFF0041004200430044> /Title (a)".split()


STYLE = """
html[data-theme="light"] .highlight { background: #fff; color: #111 }
html[data-theme="light"] .highlight .n { color: #111 } /* Name */
html[data-theme="light"] .highlight .k { color: #11f } /* Keyword */
html[data-theme="light"] .highlight .p { color: #111 }
html[data-theme="dark"] .highlight { background: #000; color: #eee }
html[data-theme="dark"] .highlight .n { color: #eee } /* Name */
html[data-theme="dark"] .highlight .k { color: #11f }
html[data-theme="dark"] .highlight .p { color: #e0e }
"""


def test_a_page_has_no_element_for_code_that_looks_like_all_code(tmp_path):
    assert site.plain_tokens(STYLE) == {"n"}, "p has a color of its own in the dark"
    tmp_path.joinpath("_static").mkdir()
    tmp_path.joinpath("_static", "pygments.css").write_text(STYLE)
    page = tmp_path / "a.html"
    page.write_text(
        '<span class="k">if</span> <span class="n">x</span><span class="p">:</span>'
        '<script defer src="_static/scripts/bootstrap.js?v=1"></script>'
        '<script src="_static/book.js"></script>'
    )
    site.lighten(tmp_path)
    assert page.read_text() == (
        '<span class="k">if</span> x<span class="p">:</span>'
        '<script type="text/plain" class="lu-later" '
        'src="_static/scripts/bootstrap.js?v=1"></script>'
        '<script src="_static/book.js"></script>'
    )


def test_no_heading_lies_under_a_cover():
    """A section that began inside a cover would take the rest of the page into it."""
    for path in sorted(NOTEBOOKS.glob("0*.ipynb")):
        for cell in cells_of(json.loads(path.read_text(encoding="utf-8"))):
            heading = cell.markdown and re.match(r"#{1,4} ", cell.source)
            assert not (heading and cell.covered_by), f"{path.name}: {cell.source[:60]}"
