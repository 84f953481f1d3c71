"""The book of one lesson, opened from disk: what a reader without Python can do with it."""

import json
import re
import zipfile

import pytest
from docutils.nodes import make_id
from reader import NOTEBOOKS, alts_of, broken_links, dead_touches, living, parsed, reading

import lecture_utils as lu
from lecture_utils.lessons.start_here import lesson

OLD = "ignore:.*Check CHANGES for Sphinx API"  # what the theme still calls
pytestmark = pytest.mark.filterwarnings(OLD)
NAME = "00_start_here"
BLANK = "mean_squared_error"
EXPLORER = "00-ByHand"
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def reader(chromium, one_lesson):
    with reading(chromium, one_lesson, viewport={"width": 1280, "height": 800}) as found:
        found.open(f"{NAME}.html")
        yield found


@pytest.fixture
def fresh(chromium, one_lesson):
    """A reader who has answered nothing yet."""
    with reading(chromium, one_lesson, viewport={"width": 1280, "height": 800}) as found:
        yield found


# --- what stands in the files ---------------------------------------------------------------------


def test_every_picture_has_the_alt_text_that_the_notebook_gave_it(one_lesson):
    images = parsed(one_lesson / f"{NAME}.html").images
    ours = ("pictures/", "recordings/")
    shown = [image["alt"] for image in images if image["src"].startswith(ours)]
    assert shown == alts_of(NAME)
    assert all(image.get("alt") for image in images)


def test_every_word_of_the_glossary_is_told_on_hover(one_lesson):
    script = (one_lesson / "_static" / "words.js").read_text(encoding="utf-8")
    told = json.loads(script.removeprefix("window.luWords = ").rstrip(";\n"))
    text = (NOTEBOOKS / "GLOSSARY.md").read_text(encoding="utf-8")
    assert [word for word, _ in told.values()] == re.findall(r"^### (.+)$", text, re.MULTILINE)
    terms = {link for link in parsed(one_lesson / f"{NAME}.html").links if "glossary.html#" in link}
    assert terms and terms <= {f"glossary.html#{anchor}" for anchor in told}


def test_every_link_leads_somewhere(one_lesson):
    others = {f"{path.stem}.html" for path in NOTEBOOKS.glob("*.ipynb") if path.stem != NAME}
    assert broken_links(one_lesson, absent=others) == []


def test_the_reference_holds_every_public_name_and_its_example(one_lesson):
    page = parsed(one_lesson / "reference.html")
    assert [name for name in lu.__all__ if make_id(name) not in page.ids] == []
    text = (one_lesson / "reference.html").read_text(encoding="utf-8")
    assert text.count("&gt;&gt;&gt; ") > len(lu.__all__) / 2


# --- in Chromium ----------------------------------------------------------------------------------


@pytest.mark.browser
def test_it_opens_without_a_request_to_the_outside_or_a_complaint(reader):
    assert reader.page.locator("mjx-container").count() > 10, "no formula is set"
    assert reader.outside == []
    assert reader.complaints == []
    assert reader.bytes < 2 * MEGABYTE


@pytest.mark.browser
def test_a_prediction_commits_and_reveals_and_is_kept(fresh):
    page = fresh.open(f"{NAME}.html")
    asked = lesson.predictions["found"]
    card = page.locator('[data-name="found"]')
    cover = page.locator('.lu-cover[data-for="found"]')
    commit = card.get_by_role("button")
    assert commit.is_disabled() and not cover.is_visible()
    wrong = next(label for label in asked.options if label != asked.answer)
    card.get_by_label(wrong, exact=True).check()
    commit.click()
    told = card.locator(".lu-message").inner_text()
    assert asked.options[wrong][:20] in told and f"The right answer: {asked.answer}" in told
    assert cover.is_visible() and "lu-wrong" in card.get_attribute("class")
    card = fresh.open(f"{NAME}.html").locator('[data-name="found"]')
    assert card.get_by_label(wrong, exact=True).is_checked()
    assert page.locator('.lu-cover[data-for="found"]').is_visible()
    assert not page.locator('.lu-cover[data-for="midpoint"]').is_visible()


@pytest.mark.browser
def test_one_click_lifts_a_cover_and_commits_nothing(reader):
    page = reader.page
    page.get_by_role("button", name="Show it now").first.click()
    assert page.locator(".lu-cover").first.is_visible()
    assert page.evaluate("localStorage.getItem('geometry-of-training')") is None


@pytest.mark.browser
def test_an_exercise_gives_hints_one_by_one_and_its_solution_when_asked_twice(fresh):
    page = fresh.open(f"{NAME}.html")
    page.evaluate("document.querySelectorAll('.lu-veil button').forEach((b) => b.click())")
    asked, card = lesson.exercises[BLANK], page.locator(f'[data-name="{BLANK}"]')
    second = asked.hints[1]
    card.get_by_role("button", name="Hint 1").click()
    assert card.locator(".lu-message p").count() == 1 and second not in card.inner_text()
    card.get_by_role("button", name="Hint 2").click()
    assert card.locator(".lu-message p").count() == 2
    assert card.get_by_role("button", name="No more hints").is_visible() == (len(asked.hints) == 2)
    card.get_by_role("button", name="Show solution").click()
    assert not card.locator(".lu-solution").is_visible()
    card.get_by_role("button", name="Sure? Press again").click()
    assert "np.mean(" in card.locator(".lu-solution").inner_text()
    row = page.locator(".lu-progress tbody tr", has_text="00 Start here")
    asked = len(lesson.exercises)
    assert row.locator("td").nth(1).inner_text() == f"0 of {asked}"
    card.get_by_label("I have solved it").check()
    assert row.locator("td").nth(1).inner_text() == f"1 of {asked}", "the table counts at once"
    card = fresh.open(f"{NAME}.html").locator(f'[data-name="{BLANK}"]')
    assert card.locator("input").is_checked()


@pytest.mark.browser
def test_a_word_explains_itself_when_pointed_at_and_by_keyboard(reader):
    page = reader.page
    term, tip = page.locator("a.lu-term").first, page.locator(".lu-tip")
    term.hover()
    assert tip.is_visible() and len(tip.inner_text()) > 30
    page.keyboard.press("Escape")
    assert not tip.is_visible()
    term.focus()
    assert tip.is_visible() and term.get_attribute("aria-describedby") == tip.get_attribute("id")


# Before any script of the page has run: a fold with formulas and code, each narrow and wide.
FOLD = r"""addEventListener("readystatechange", () => {
  if (document.readyState !== "interactive") return;
  const sum = Array(80).fill("x").join("+");
  document.querySelector(".bd-article").insertAdjacentHTML("beforeend", `<details id="fold">
    <summary>More</summary>
    <p class="narrow"><span class="math">\\(x+x\\)</span></p><pre class="narrow">x</pre>
    <div class="narrow"><div class="math">\\[x+x\\]</div></div>
    <p class="wide"><span class="math">\\(${sum}\\)</span></p><pre class="wide">${sum}</pre>
    <div class="wide"><div class="math">\\[${sum}\\]</div></div>
  </details>`);
}, true)"""


@pytest.mark.browser
def test_what_is_wide_in_a_fold_that_opens_later_is_scrolled_by_keys(fresh):
    fresh.context.add_init_script(FOLD)
    page = fresh.open(f"{NAME}.html")
    reached = "#fold mjx-container[tabindex='0'], #fold pre[tabindex='0']"
    assert page.locator("#fold mjx-container").count() == 4, "a formula is not set"
    page.locator("#fold summary").click()
    page.wait_for_function("(all) => document.querySelectorAll(all).length >= 3", arg=reached)
    wide = page.locator("#fold .wide mjx-container[tabindex='0'], #fold pre.wide[tabindex='0']")
    assert wide.count() == page.locator(reached).count() == 3, "what fits needs no key"
    for one in wide.all():
        one.press("ArrowRight")
        page.wait_for_function("(one) => one.scrollLeft > 0", arg=one.element_handle())
    page.add_style_tag(content="#fold, #fold pre { font-size: 3px; }")
    page.wait_for_function("(all) => !document.querySelector(all)", arg=reached)


@pytest.mark.browser
def test_every_slider_answers_each_key_and_a_drag(fresh):
    page = fresh.open(f"{NAME}.html")
    page.evaluate("document.querySelectorAll('.lu-veil button').forEach((b) => b.click())")
    assert dead_touches(page, living(page, EXPLORER)) == []


@pytest.mark.browser
def test_the_page_of_progress_counts_exports_and_forgets(fresh, tmp_path):
    page = fresh.open(f"{NAME}.html")
    card = page.locator('[data-name="midpoint"]')
    right = lesson.predictions["midpoint"].answer
    card.get_by_label(right, exact=True).check()
    card.get_by_role("button").click()
    page = fresh.open("progress.html")
    row = page.locator(".lu-progress tbody tr", has_text="00 Start here")
    shown = len(lesson.predictions)
    assert row.locator("td").first.inner_text() == f"1 of {shown}"
    with page.expect_download() as started:
        page.get_by_role("button", name="Export").click()
    started.value.save_as(tmp_path / "answers.json")
    kept = json.loads((tmp_path / "answers.json").read_text(encoding="utf-8"))
    assert kept[NAME]["predictions"] == {"midpoint": {"answer": right, "right": True}}
    page.get_by_role("button", name="Forget all").click()
    assert row.locator("td").first.inner_text() == f"1 of {shown}", "it asks twice"
    page.get_by_role("button", name="Sure? Press again").click()
    assert row.locator("td").first.inner_text() == f"0 of {shown}"


@pytest.mark.browser
def test_a_goal_is_kept_once_counted_exported_and_forgotten(fresh, tmp_path):
    def goal(address):
        fresh.page.goto("about:blank")  # an address that differs in its end alone loads nothing
        figure = fresh.open(f"{NAME}.html#{EXPLORER}{address}").locator("figure.lu-explorer").first
        figure.get_by_text("Goal:").wait_for()
        return figure.locator(".lu-reached").inner_text()

    assert "Reached" not in goal("")
    assert "Reached: " in goal("?center=0.7,0.8&w=2.5")
    assert "Reached before" in goal("")
    page = fresh.open("progress.html")
    row = page.locator(".lu-progress tbody tr", has_text="00 Start here")
    assert row.locator("td").last.inner_text().startswith("1 of ")
    with page.expect_download() as started:
        page.get_by_role("button", name="Export").click()
    started.value.save_as(tmp_path / "answers.json")
    kept = json.loads((tmp_path / "answers.json").read_text(encoding="utf-8"))
    assert [*kept[NAME]["goals"]] == ["ByHand"]
    for _ in range(2):
        page.get_by_role("button", name=re.compile("Forget all|Sure")).click()
    kept = set(page.evaluate("Object.keys(localStorage)"))
    assert kept <= {"geometry-of-training", "theme", "mode"}
    assert "Reached" not in goal("")


@pytest.mark.browser
def test_answers_go_from_one_browser_to_another(fresh, tmp_path):
    page = fresh.open("progress.html")
    row = page.locator(".lu-progress tbody tr", has_text="00 Start here")
    said = page.locator(".lu-progress .lu-message")
    here = {NAME: {"predictions": {"found": {"answer": "x", "right": False}}}}
    page.evaluate("(kept) => localStorage.setItem('geometry-of-training', kept)", json.dumps(here))
    file = tmp_path / "my_answers.json"

    def bring(text):
        file.write_text(text, encoding="utf-8")
        with page.expect_file_chooser() as chooser:
            page.get_by_role("button", name="Import").click()
        chooser.value.set_files(file)
        page.wait_for_function("(said) => said.textContent", arg=said.element_handle())
        return said.inner_text()

    for other in ("nonsense", "[1]", "{}", '{"a": {"marks": {"b": {}}}}', '{"a": {"goals": [1]}}'):
        said.evaluate("(said) => { said.textContent = ''; }")
        assert "is not a file of answers" in bring(other), other
        kept = page.evaluate("JSON.parse(localStorage.getItem('geometry-of-training'))")
        assert kept == here, other
    said.evaluate("(said) => { said.textContent = ''; }")
    right = {"answer": lesson.predictions["midpoint"].answer, "right": True}
    brought = {"predictions": {"midpoint": right}, "exercises": {BLANK: {"solved": True}}}
    assert "2 answers read" in bring(json.dumps({NAME: brought}))
    cells = row.locator("td").all_inner_texts()
    assert [cell.split()[0] for cell in cells] == ["2", "1", "0"]
    card = fresh.open(f"{NAME}.html").locator('[data-name="midpoint"]')
    assert card.get_by_label(right["answer"], exact=True).is_checked()


@pytest.mark.browser
def test_the_search_finds_places_from_disk_and_shows_them(fresh, one_lesson):
    assert (one_lesson / "_static" / "sections.js").stat().st_size < MEGABYTE
    for question in ("saddle", "What is a saddle point?"):
        page = fresh.open(f"search.html?q={question}")
        assert page.locator(".bd-search-container input").input_value() == question
        first = page.locator(".lu-found li").first
        assert first.locator("a").inner_text() == "Glossary › saddle point"
        assert first.locator("a").get_attribute("href") == "glossary.html#saddle-point"
        lessons = page.locator(".lu-found li", has_text="00 · Start here")
        marks = lessons.first.locator("p mark").all_inner_texts()
        assert any(mark.lower().startswith("saddle") for mark in marks)
        first.locator("a").click()
        page.wait_for_url("**/glossary.html#saddle-point")
    page = fresh.open("search.html?q=convex+copies")
    found = page.locator(".lu-found a").evaluate_all("all => all.map((a) => a.href)")
    assert any(href.endswith(f"{NAME}.html#copies-of-a-network") for href in found)
    page.locator(".bd-search-container input").fill("Why is a convex saddle a zebra?")
    page.locator(".lu-count", has_text="No place holds all of: convex, saddle, zebra; ").wait_for()
    held = [set(li.locator("mark").all_inner_texts()) for li in page.locator(".lu-found li").all()]
    kinds = [len({mark.lower()[:6] for mark in marks}) for marks in held]
    assert kinds[0] == 2 and kinds[-1] == 1, "what holds more of the words stands first"
    page.locator(".bd-search-container input").fill("zebra")
    page.locator(".lu-count", has_text="Nothing holds any word of “zebra”").wait_for()
    assert fresh.complaints == [] and fresh.outside == []


@pytest.mark.browser
def test_the_contents_mark_where_the_reader_is(fresh):
    page = fresh.open(f"{NAME}.html")
    marked = page.locator("#lu-contents a[aria-current]")
    links = [link.get_attribute("href") for link in page.locator("#lu-contents a").all()]
    assert len(links) > 8
    for href in (links[6], links[3], links[7]):  # a jump down, a jump up, and down again
        page.evaluate("""(href) => {
          const end = document.querySelector(href).getBoundingClientRect().bottom;
          scrollBy({ top: end - innerHeight / 2, behavior: "instant" });
        }""", href)  # fmt: skip
        page.locator(f"#lu-contents a[aria-current][href='{href}']").wait_for()
        assert marked.count() == 1


@pytest.mark.browser
def test_code_fits_its_column_and_nothing_lies_on_the_pictures_of_a_telephone(fresh):
    page = fresh.open(f"{NAME}.html")
    page.evaluate("document.querySelectorAll('.lu-veil button').forEach((b) => b.click())")
    letters, columns = page.evaluate("""() => {
      const code = document.querySelector(".highlight pre");
      const style = getComputedStyle(code);
      const line = code.appendChild(document.createElement("span"));
      line.textContent = "x".repeat(100);
      const room = code.clientWidth - parseFloat(style.paddingLeft) * 2;
      return [parseFloat(style.fontSize), room / line.getBoundingClientRect().width * 100];
    }""")
    assert letters >= 12 and columns >= 80
    page.set_viewport_size({"width": 390, "height": 844})
    cut = page.locator("pre.lu-after")
    cut.first.wait_for()  # it fades where it goes on
    cut.first.evaluate("""(code) => {
      window.luCode = code;
      code.scrollLeft = code.scrollWidth;
    }""")
    page.wait_for_function("""() => !luCode.classList.contains("lu-after")
      && luCode.classList.contains("lu-before")""")
    page.mouse.wheel(0, 4000)
    page.mouse.wheel(0, -500)
    assert not page.locator("#pst-back-to-top").is_visible()


@pytest.mark.browser
def test_without_the_list_of_lessons_the_text_keeps_a_margin(fresh):
    page = fresh.open(f"{NAME}.html")
    page.locator(".sidebar-toggle.primary-toggle:visible").click()
    page.wait_for_function("""() => {
      const { left } = document.querySelector(".bd-main").getBoundingClientRect();
      return left === 0;
    }""")
    text = page.locator(".bd-article section").first.bounding_box()
    assert text["x"] >= 12


@pytest.mark.browser
def test_the_first_page_says_for_whom_it_is_and_shows_what_it_is(fresh):
    page = fresh.open("index.html")
    shown = page.locator("figure.lu-explorer, figure.lu-figure").first
    told = page.locator(".bd-article").inner_text()
    assert told.index("partial derivatives") < told.index("How to read it.")
    assert told.index("How to read it.") < told.index("To run it yourself")
    assert shown.locator("img").first.get_attribute("alt")
    assert fresh.outside == [] and fresh.complaints == []


@pytest.mark.browser
def test_it_is_dark_where_the_reader_has_chosen_dark(chromium, one_lesson):
    with reading(chromium, one_lesson, color_scheme="dark") as dark:
        page = dark.open(f"{NAME}.html", wait=False)
        color = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert sum(map(int, color.removeprefix("rgb(").rstrip(")").split(","))) < 150
        white = page.locator(".lu-figure img").first
        assert "brightness" in white.evaluate("one => getComputedStyle(one).filter"), "no lamp"


@pytest.mark.browser
def test_the_page_is_made_dark_by_its_button(fresh):
    """The theme's scripts wait for explorers, and come."""
    page = fresh.open(f"{NAME}.html#{EXPLORER}")
    page.locator(".theme-switch-button").click()
    page.locator(".theme-change-button[data-mode='dark']").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert fresh.complaints == [] and fresh.outside == []


@pytest.mark.browser
def test_a_link_to_a_notebook_says_what_it_is_and_gives_it_as_a_file(fresh, tmp_path):
    page = fresh.open(f"{NAME}.html")
    page.get_by_role("link", name="the notebook").first.click()
    page.wait_for_url("**/notebooks.html")
    told = page.locator(".bd-article").inner_text()
    assert "make lab" in told and "python -m lecture_utils" in told
    for name, holds in (("course.zip", "README.md"), (f"{NAME}.zip", f"{NAME}.ipynb")):
        with page.expect_download() as started:
            page.get_by_role("link", name=name).click()
        started.value.save_as(tmp_path / name)
        with zipfile.ZipFile(tmp_path / name) as packed:
            assert any(inner.endswith(holds) for inner in packed.namelist())
    saved = [url for url in fresh.complaints if url.endswith(".zip")]  # no page is shown for them
    assert fresh.complaints == saved and fresh.outside == []


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.mark.browser
def test_a_tap_on_a_word_tells_it_where_the_reader_is(chromium, one_lesson):
    with reading(chromium, one_lesson, **PHONE) as phone:
        page = phone.open(f"{NAME}.html")
        term, tip = page.locator("a.lu-term").nth(1), page.locator(".lu-tip")
        dismissals = (
            lambda: page.locator(".bd-article h1").first.tap(position={"x": 5, "y": 5}),
            lambda: page.keyboard.press("Escape"),
            lambda: page.mouse.wheel(0, 120),
        )
        for dismiss in dismissals:
            page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
            term.tap()
            assert tip.is_visible() and len(tip.inner_text()) > 30
            assert page.url.endswith(f"{NAME}.html"), "the reader stays"
            box = tip.bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= 390
            dismiss()
            tip.wait_for(state="hidden")
        page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
        term.tap()
        tip.get_by_role("link", name="More in the glossary").tap()
        page.wait_for_url("**/glossary.html#*")


@pytest.mark.browser
def test_who_comes_back_finds_covers_folds_hints_and_the_place_as_they_were(fresh):
    page = fresh.open(f"{NAME}.html#{EXPLORER}?w=2.5")
    page.get_by_role("button", name="Show it now").nth(1).click()
    page.locator("details").nth(3).evaluate("fold => { fold.open = true; }")
    card = page.locator('[data-name="number_of_copies"]')
    card.get_by_role("button", name="Hint 1").click()
    card.evaluate("card => card.scrollIntoView({ behavior: 'instant' })")
    page.wait_for_timeout(300)  # what comes near the window is made alive
    state = """() => {
      const all = (what, told) => [...document.querySelectorAll(what)].map(told);
      return [all(".lu-cover", (cover) => cover.classList.contains("lu-open")),
        all(".bd-article details", (fold) => fold.open),
        all(".lu-message p", (line) => line.textContent)];
    }"""
    before, place = page.evaluate(state), card.bounding_box()["y"]
    page.evaluate("location.href = 'glossary.html'")
    page.wait_for_url("**/glossary.html")
    page.go_back()
    page.evaluate("async () => await window.luFormulas")
    assert page.evaluate(state) == before
    page.wait_for_function(
        "([card, y]) => Math.abs(card.getBoundingClientRect().y - y) < 3",
        arg=[card.element_handle(), place],
    )
    anew = fresh.open(f"{NAME}.html")
    assert anew.locator(".lu-cover.lu-open").count() == 0, "a link begins at the beginning"


@pytest.mark.browser
def test_summaries_and_claims_elsewhere_wait_for_the_predictions(fresh):
    page = fresh.open(f"{NAME}.html")
    told = page.locator(".bd-article")
    summary = "The loss of a network is not convex:"
    assert page.get_by_text(summary).is_hidden() and "Why the usual case" not in told.inner_text()
    assert page.locator(".lu-claim:visible").count() == 0
    page.locator(".lu-veil", has_text="What stands here answers").last.get_by_role("button").click()
    assert page.get_by_text(summary).is_visible()
    assert page.locator(".lu-claim:visible").count() >= 4, "what waits for the same is lifted too"
    cover = page.locator('.lu-cover[data-for="found"]')
    assert not cover.is_visible(), "what answers one prediction waits for it"


@pytest.mark.browser
def test_chinese_is_marked_as_such_and_gone_where_no_font_has_it(fresh):
    page = fresh.open("glossary.html")
    words = page.locator("[lang='zh-Hant']")
    told = (NOTEBOOKS / "GLOSSARY.md").read_text(encoding="utf-8")
    assert words.count() == len(re.findall(r"^### ", told, re.MULTILINE))
    there = page.evaluate("luHan()")
    assert words.first.is_visible() == there
    for fonts in (True, False):
        page.evaluate("no => document.documentElement.classList.toggle('lu-no-han', no)", not fonts)
        assert words.first.is_visible() == fonts
    page = fresh.open("search.html?q=saddle+point")
    excerpt = page.locator(".lu-found p").first.inner_text()
    assert bool(re.search("[\u4e00-\u9fff]", excerpt)) == there
