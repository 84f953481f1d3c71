"""The whole book, each page in light and dark: slow, for `make nightly`."""

from __future__ import annotations

import re

import build
import pytest
from reader import alts_of, broken_links, dead_touches, living, parsed, reading

from lecture_utils.lessons import all_lessons

OLD = "ignore:.*Check CHANGES for Sphinx API"  # what the theme still calls
pytestmark = [pytest.mark.nightly, pytest.mark.browser, pytest.mark.filterwarnings(OLD)]
MEGABYTE = 1_000_000
LESSONS = [lesson.notebook for lesson in all_lessons()]
PAGES = ["index", *build.PAGES]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """All lessons with their PDF, and the recorded explorers where `make book` left them."""
    out = tmp_path_factory.mktemp("book")
    return build.build(out, set(), recordings=build.BOOK / "_build" / "recordings", pdf=True)


def test_the_site_is_small_and_holds_together(book):
    assert sum(file.stat().st_size for file in book.rglob("*") if file.is_file()) < 60 * MEGABYTE
    assert broken_links(book) == []


@pytest.mark.parametrize("name", LESSONS)
def test_every_picture_says_what_the_notebook_says_of_it(book, name):
    images = parsed(book / f"{name}.html").images
    ours = [i["alt"] for i in images if i["src"].startswith(("pictures/", "recordings/"))]
    assert ours == alts_of(name)


@pytest.mark.parametrize("name", LESSONS)
def test_its_pdf_is_tagged_and_has_an_outline(book, name):
    pdf = (book / "pdf" / f"{name}.pdf").read_bytes()
    assert b"/StructTreeRoot" in pdf and b"/Lang (en)" in pdf
    headings = len(re.findall(r"<h[23]>", (book / f"{name}.html").read_text(encoding="utf-8")))
    assert pdf.count(b"/Title ") >= headings > 3


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("name", [*LESSONS, *PAGES, "search"])
def test_a_page_opens_alone_and_axe_finds_nothing_serious(book, chromium, name, mode):
    from axe_playwright_python.sync_playwright import Axe

    size = {"width": 1280, "height": 800}
    with reading(chromium, book, viewport=size, color_scheme=mode) as reader:
        page = reader.open(f"{name}.html")
        assert reader.outside == [] and reader.complaints == []
        assert reader.bytes < 2 * MEGABYTE
        page.evaluate("""() => {
          document.querySelectorAll(".lu-veil button").forEach((button) => button.click());
          document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
        }""")
        found = Axe().run(page).response["violations"]
    serious = [v for v in found if v["impact"] in ("serious", "critical")]
    assert not serious, [(v["id"], v["nodes"][0]["html"][:200]) for v in serious]


@pytest.mark.parametrize("name", [*LESSONS, *PAGES])
def test_nothing_sticks_out_on_a_telephone(book, chromium, name):
    with reading(chromium, book, viewport={"width": 390, "height": 844}) as reader:
        page = reader.open(f"{name}.html")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("name", LESSONS)
def test_every_explorer_answers_each_key_and_drag_of_its_sliders(book, chromium, name):
    text = (book / f"{name}.html").read_text(encoding="utf-8")
    dead = {}
    with reading(chromium, book, viewport={"width": 1280, "height": 800}) as reader:
        page = reader.open(f"{name}.html")
        page.evaluate("document.querySelectorAll('.lu-veil button').forEach((b) => b.click())")
        for explorer in dict.fromkeys(re.findall('data-explorer="([^"]+)"', text)):
            if found := dead_touches(page, living(page, explorer)):
                dead[explorer] = found
        assert reader.complaints == []
    assert dead == {}


# Of an explorer: pixels of its smallest letters, and of the picture that are cut off.
LETTERS = """(figure) => {
  const { luShow: show } = figure;
  const edge = show.stage.getBoundingClientRect();
  return [show.letters() * show.scale, show.canvas.getBoundingClientRect().width - edge.width,
    getComputedStyle(show.stage).overflowX];
}"""


@pytest.mark.parametrize("width", [1280, 768, 390])
@pytest.mark.parametrize("name", LESSONS)
def test_the_letters_of_every_explorer_are_readable(book, chromium, name, width):
    text = (book / f"{name}.html").read_text(encoding="utf-8")
    with reading(chromium, book, viewport={"width": width, "height": 800}) as reader:
        page = reader.open(f"{name}.html")
        page.evaluate("document.querySelectorAll('.lu-veil button').forEach((b) => b.click())")
        for explorer in dict.fromkeys(re.findall('data-explorer="([^"]+)"', text)):
            letters, beyond, overflow = living(page, explorer).evaluate(LETTERS)
            assert letters >= 9, explorer
            assert beyond < 1 or overflow == "auto", explorer
