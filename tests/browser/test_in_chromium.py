"""In JupyterLab as a student meets it: run, touch, present, run again, restart.

In `make test` the page is a gallery: an explorer for each mechanism of the studio, with small
data, and a card of each kind from each lesson (gallery.py).  In `make nightly` it is each notebook
of the course, run as a whole.
The tests follow each other on one page, because every Run All costs its time.
"""

from __future__ import annotations

import json
import re
from statistics import median

import pytest
from gallery import ASKED, CODE, FIRST, GALLERY, HEADING, LONG, READ
from lab import SECOND, Explorer, Notebook
from playwright.sync_api import Error as PlaywrightError
from slides import Slides

pytestmark = pytest.mark.browser

TOUCHES = 3  # of each kind are timed, after one that warms up
SHORT = 10 * SECOND
TALLEST = 800  # px of a screen hold an explorer: its goal, its picture and its controls
PROJECTOR = {"width": 1280, "height": 720}


@pytest.fixture(scope="module")
def opened(request, chromium, address):
    """The notebook of that name, just opened."""
    page = chromium.new_page(viewport={"width": 1400, "height": 1000})
    notebook = Notebook(page, address, f"{request.param}.ipynb")
    notebook.name = request.param
    yield notebook
    notebook.shut_down()  # ten idle kernels would fill a small machine
    page.close()


@pytest.fixture(scope="module")
def ran(opened):
    """The same, after Run All."""
    opened.seconds = opened.run_all()
    return opened


@pytest.fixture
def bare(ran):
    """The same with nothing covered, whichever tests ran before."""
    ran.command("course:uncover")
    return ran


def test_opens_without_a_question(opened):
    opened.page.wait_for_timeout(1.5 * SECOND)  # a question about news comes late
    for selector in (".jp-Dialog", ".Toastify__toast"):
        popups = opened.page.locator(selector)
        assert popups.count() == 0, popups.first.inner_text()
    if opened.name != GALLERY:
        stills = opened.page.locator(".jp-Notebook img").count()
        assert stills > 0, "no still picture before Run All"


def test_to_open_it_is_no_change(opened):
    """Else JupyterLab would save it, and it would be taken for one that was worked in."""
    assert _language(opened), "JupyterLab has not written yet what would be the change"
    assert not opened.dirty
    opened.page.evaluate(_WRITE, opened.active)
    assert opened.dirty, "what is written is a change"
    opened.page.evaluate(_CLEAN)


def _language(notebook) -> str:
    """The version of Python that stands in the notebook's metadata: of its kernel, once it is."""
    return notebook.page.evaluate(
        "() => jupyterapp.shell.currentWidget.context.model.getMetadata('language_info')?.version"
    )


_WRITE = """(place) => {
  const { sharedModel } = jupyterapp.shell.currentWidget.content.widgets[place].model;
  sharedModel.setSource(sharedModel.source + " ");
  sharedModel.setSource(sharedModel.source.slice(0, -1));
}"""
_CLEAN = "() => { jupyterapp.shell.currentWidget.context.model.dirty = false; }"


def test_runs(ran, record_property):
    record_property("run all", f"{ran.name}: Run All {ran.seconds:.1f} s in JupyterLab")
    assert ran.of_kind("Explorer: "), "no explorer"


def test_a_slide_names_the_question_that_it_waits_for(ran):
    """And the overview names each slide without its code; a question stands without its call."""
    if ran.name != GALLERY:
        pytest.skip("once is enough")
    slides = Slides(ran)
    slides.start()
    assert slides.count.startswith("1 / "), "the first time a deck begins with its first slide"
    slides.press("o")
    heading, question, answer, text = slides.titles[-4:]
    assert heading == HEADING and question.startswith("Question: ") and question.endswith("?")
    assert answer == text == f"{HEADING} (continued)", "the text that answers says nothing here"
    slides.press("o")
    slides.go(HEADING)
    assert re.search(r"\(1 of \d\)$", slides.count) and HEADING in slides.text
    assert slides.code.count("\n") + 1 == LONG, "not both cells at once"
    slides.press("End")
    asked = question.removeprefix("Question: ")
    assert slides.text.startswith("Answer first: “") and asked in slides.text
    assert READ not in slides.text
    slides.press("PageUp")
    assert asked in slides.text and "what answers it" not in slides.text
    slides.press("PageUp")
    assert slides.code == CODE, "of the cell that asks, what only asks is left out"
    editor = ran.page.locator(".lecture-clipped .cm-editor:visible").first
    box = editor.bounding_box()
    ran.page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] * 0.7)
    ran.page.mouse.down()
    ran.page.wait_for_timeout(200)
    assert editor.bounding_box() == box, "code that moves under a pressed mouse is selected"
    ran.page.mouse.up()
    assert "lesson.predict" in slides.code, "who edits sees all of it"
    slides.press("PageDown")
    slides.press("End")
    slides.press("u")
    assert slides.text == READ
    slides.press("Escape")
    slides.start()
    assert slides.text == READ, "it goes on where it was left"
    slides.press("Escape")
    ran.active = FIRST + 2  # after the notes; somebody looks something up
    slides.start()
    assert slides.cells == [FIRST + 2]
    slides.press("Escape")


def test_answers_are_covered_until_somebody_asks(ran):
    covered = ran.page.locator(".lecture-covered")
    before = covered.count()
    assert before > 0, "nothing is covered"
    first = covered.first
    assert not first.locator(".jp-OutputArea-output").first.is_visible()
    assert _covered_texts(ran), "the text that reads the first output says what came out"
    first.get_by_role("button", name="Show it").click()
    covered.nth(before - 1).wait_for(state="detached", timeout=SHORT)
    ran.command("course:uncover")
    covered.first.wait_for(state="detached", timeout=SHORT)
    assert not _covered_texts(ran)


def _covered_texts(notebook) -> list[str]:
    """The texts of which nothing is to be seen, also where JupyterLab has scrolled them away."""
    return notebook.page.evaluate(
        "() => jupyterapp.shell.currentWidget.content.widgets.filter(({ model, node }) =>"
        " model.type === 'markdown' && node.classList.contains('lecture-covered'))"
        ".map(({ model }) => model.sharedModel.source)"
    )


def test_explorers_answer(ran, record_property):
    silent = []
    for place, text in ran.of_kind("Explorer: ").items():
        name = f"{ran.name}, {text.removeprefix('Explorer: ').split('.')[0]}"
        explorer = Explorer(ran, place)
        touches = {"click": explorer.click, "key": explorer.step, "slider": explorer.slide}
        frames = {}
        for kind, touch in touches.items():
            before = explorer.pixels
            try:
                took = touch(1)
                assert explorer.pixels != before, "the new picture is the old one"
                # By day the first touch is enough: another by itself would be at the same place.
                frames[kind] = took[0] if ran.name == GALLERY else median(touch(TOUCHES))
                assert explorer.readout, "no readout"
                assert not explorer.status, explorer.status
            except (AssertionError, PlaywrightError) as error:
                silent.append(f"{name}, {kind}: {error}")
        record_property("frames", json.dumps({"name": name} | frames))
    assert not silent, "\n".join(silent)


def test_moves_are_taken_back_and_done_again_by_keys(ran):
    explorer = Explorer(ran, _first_explorer(ran))
    keyboard = ran.page.keyboard
    told = [explorer.readout]
    for touch in (explorer.slide, explorer.step):
        ran.page.wait_for_timeout(SECOND)  # a move of its own
        touch(1)
        told.append(explorer.readout)
    explorer.canvas.focus()
    for keys, moved in [("Control+z", 1), ("Control+z", 0), ("Control+Shift+z", 1),
                        ("Control+y", 2), ("Control+z", 1)]:  # fmt: skip
        explorer._timed(lambda keys=keys: keyboard.press(keys))
        assert explorer.readout == told[moved], keys
    explorer.cell.get_by_role("button", name="Redo").click()
    explorer.cell.get_by_role("button", name="Redo").and_(ran.page.locator(":disabled")).wait_for()
    assert explorer.readout == told[2]


def test_arrows_stay_in_the_picture(ran):
    places = list(ran.of_kind("Explorer: "))
    for place in places[:2] if ran.name == GALLERY else places:
        explorer = Explorer(ran, place)
        explorer.click(1)
        before = ran.active
        for key in ("ArrowRight", "ArrowDown", "ArrowUp", "ArrowLeft"):
            ran.page.keyboard.press(key)
        ran.page.wait_for_timeout(200)
        assert ran.active == before
        assert explorer.canvas.evaluate("(canvas) => canvas === document.activeElement")


def test_arrows_go_on_where_the_track_of_a_slider_was_clicked(ran):
    """Also on a slide: the handle has the focus then."""
    place = _first_explorer(ran)
    explorer, slides = Explorer(ran, place), Slides(ran)
    for on_slide in (False, True):
        if on_slide:
            slides.start()
            slides.press("Home")
        track = ran.cell(place).locator(".noUi-base").first
        track.scroll_into_view_if_needed()
        box = track.bounding_box()
        told = [explorer.readout]
        for share in (0.8, 0.3):  # one of them is elsewhere
            ran.page.mouse.click(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
            ran.page.wait_for_timeout(SECOND)
            told.append(explorer.readout)
        assert told[0] != told[-1] or told[0] != told[1]
        ran.page.keyboard.press("ArrowRight")
        ran.page.wait_for_timeout(SECOND)
        assert explorer.readout != told[-1], "the arrow key moved nothing"
        assert explorer.slider.evaluate("(handle) => handle === document.activeElement")
        if on_slide:
            assert slides.count.startswith("1 / ")
            slides.stop()


def test_who_waits_is_told_that_it_is_being_computed(ran):
    if ran.name != GALLERY:
        pytest.skip("once is enough")
    place = _first_explorer(ran)
    explorer = Explorer(ran, place)
    sign = ran.cell(place).locator(".lecture-picture-sign").first
    explorer.step(1)
    assert not sign.is_visible()
    ran.page.evaluate(_BUSY, _HOLD)
    ran.page.wait_for_timeout(300)  # it has the lock
    explorer.canvas.focus()
    ran.page.keyboard.press("ArrowLeft")
    sign.wait_for(state="visible", timeout=SHORT)
    box = explorer.canvas.bounding_box()
    sign.wait_for(state="hidden", timeout=SHORT)
    assert explorer.canvas.bounding_box() == box, "it moves nothing"


# Widgets are answered beside a cell that runs: what they wait for is their lock.
_HOLD = """
import time
from contextlib import ExitStack
from ipywidgets.widgets.widget import _instances
with ExitStack() as held:
    for widget in list(_instances.values()):
        if hasattr(widget, "lock"):
            held.enter_context(widget.lock)
    time.sleep(1.5)
"""
_BUSY = """(code) => {
  const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
  kernel.requestExecute({ code, silent: true });
}"""


def test_predictions_by_keyboard(ran):
    for place, text in ran.of_kind("Prediction: ").items():
        cell, keyboard = ran.cell(place), ran.page.keyboard
        cell.scroll_into_view_if_needed()
        cell.locator("input[type=radio]").first.focus()
        keyboard.press("Space")
        commit = cell.get_by_role("button", name="Commit")
        commit.and_(ran.page.locator(":enabled")).wait_for(timeout=SHORT)
        keyboard.press("Tab")
        assert commit.evaluate("(button) => button === document.activeElement"), text
        keyboard.press("Enter")
        feedback = cell.get_by_role("status").filter(has_text=re.compile(r"\w{2}.{18}"))
        feedback.first.wait_for(timeout=SHORT)
        assert cell.locator("input[type=radio]:enabled").count() == 0, text
    said = ran.page.locator('.lecture-note[data-kind="cover"]').filter(has_text="You predicted: ")
    said.first.wait_for(timeout=SHORT)
    if ran.name == GALLERY:
        above = ran.page.evaluate(_PREDICTED)
        assert above and all("answers" in code for code in above), above


# The sources of the cells above whose output stands what was predicted.
_PREDICTED = """() => jupyterapp.shell.currentWidget.content.widgets
  .filter(({ node }) => /You predicted: /.test(
    node.querySelector('.lecture-note[data-kind="cover"]')?.textContent ?? ""))
  .map(({ model }) => model.sharedModel.source)"""


def test_everything_that_moves_has_a_name(ran):
    for place, text in ran.of_kind("Explorer: ").items():
        for handle in ran.cell(place).get_by_role("slider").all():
            assert handle.get_attribute("aria-label"), text
            assert handle.get_attribute("aria-valuetext"), text


def test_the_first_tab_from_the_cell_reaches_the_picture(ran):
    for place, text in ran.of_kind("Explorer: ").items():
        order = ran.cell(place).locator(".lecture-explorer").first.evaluate(_TAB_ORDER)
        assert order[0] == "CANVAS", text


def test_a_move_is_taken_back_and_its_state_copied(ran):
    """By keys alone: Ctrl+Z in the picture, and the button that copies."""
    page, place = ran.page, _first_explorer(ran)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    explorer = Explorer(ran, place)
    explorer.step(1)
    page.wait_for_timeout(SECOND)  # what comes now is a move of its own
    before = explorer.readout
    explorer.step(1)
    after = explorer.readout
    assert after != before
    ran.cell(place).get_by_role("button", name="Copy state").press("Enter")
    copied = ran.cell(place).locator(".lecture-picture-code code")
    copied.wait_for(timeout=SHORT)
    line = page.evaluate("navigator.clipboard.readText()")
    assert line == copied.inner_text() and ".at({" in line
    explorer.canvas.focus()
    page.keyboard.press("Control+z")
    page.wait_for_timeout(SECOND)
    assert explorer.readout == before
    assert copied.count() == 0, "a state that is no longer shown"
    assert page.evaluate("(canvas) => document.activeElement === canvas",
                         explorer.canvas.element_handle())  # fmt: skip


def test_the_pointer_reads_the_surface(ran):
    """Nobody asks the kernel: the value stands beside the pointer at once."""
    read = []
    for place in ran.of_kind("Explorer: "):
        explorer = Explorer(ran, place)
        explorer.canvas.scroll_into_view_if_needed()
        frame = explorer.canvas.get_attribute("data-frame")
        box = explorer.canvas.bounding_box()
        ran.page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 0.4 * box["height"])
        tip = ran.cell(place).locator(".lecture-picture-tip").first
        read += [tip.inner_text()] if tip.is_visible() else []
        assert explorer.canvas.get_attribute("data-frame") == frame
    assert any(re.search(r"≈ −?[\d.]+.* at \(", text) for text in read), read


def test_hints_by_keyboard(ran):
    for place in ran.of_kind("Exercise "):
        cell = ran.cell(place)
        hint = cell.get_by_role("button", name=re.compile("^Hint 1"))
        hint.scroll_into_view_if_needed()
        hint.focus()
        ran.page.keyboard.press("Enter")
        cell.get_by_text("Hint 1.").wait_for(timeout=SHORT)


_TAB_ORDER = """(root) => [...root.querySelectorAll("*")].filter((e) => e.tabIndex >= 0)
  .map((e) => e.tagName)"""


@pytest.mark.parametrize(("width", "tall"), [(1400, 1000), (1000, 800)])
def test_fits_the_page(ran, shots, width, tall):
    """Goal, picture and controls are seen together and can be read, also in a small window."""
    page = ran.page
    page.set_viewport_size({"width": width, "height": tall})
    try:
        for place, text in ran.of_kind("Explorer: ").items():
            cell = ran.cell(place)
            cell.scroll_into_view_if_needed()
            page.wait_for_timeout(200)
            if shots:
                cell.screenshot(path=shots / f"{ran.name}-{width}-cell{place:02d}.png")
            cut = cell.locator(".jp-OutputArea-output").evaluate_all(
                "(outputs) => Math.max(...outputs.map((o) => o.scrollWidth - o.clientWidth))"
            )
            assert cut <= 1, f"{text} is {cut} pixels too wide in a window of {width}"
            height = _settled_height(cell)
            assert height <= TALLEST, f"{text} is {height} pixels tall in a window of {width}"
            small = cell.locator(".lecture-picture canvas").first.evaluate(_SMALLEST_WORDS)
            assert small >= 10, f"{text} has words of {small:.1f} pixels in a window of {width}"
        if shots:
            _photograph(ran, shots, width)
    finally:
        page.set_viewport_size({"width": 1400, "height": 1000})


def _settled_height(cell) -> float:
    """Of an explorer, in pixels of the page, once the kernel has laid its picture out anew."""
    explorer = cell.locator(".lecture-explorer").first
    return explorer.evaluate(_HEIGHT, [TALLEST, SHORT])


def _photograph(notebook, shots, width) -> None:
    """The whole notebook, page by page."""
    page = notebook.page
    page.set_viewport_size({"width": width, "height": 2000})
    page.wait_for_timeout(SECOND)
    for number in range(1, 30):
        more = page.evaluate(_TURN_PAGE, number - 1)
        page.wait_for_timeout(300)
        page.screenshot(path=shots / f"{notebook.name}-{width}-page{number:02d}.png")
        if not more:
            return


# Words have at least ten points, of which 72 make 100 pixels at natural size.
_SMALLEST_WORDS = """(canvas) => {
  const scale = canvas.getBoundingClientRect().width / canvas.width;
  const dense = Math.round(window.devicePixelRatio);
  return 10 * 100 / 72 * scale * dense;
}"""
_HEIGHT = """async (explorer, [most, patience]) => {
  const end = performance.now() + patience;
  const height = () => Math.round(explorer.getBoundingClientRect().height);
  while (height() > most && performance.now() < end) await new Promise((r) => setTimeout(r, 100));
  return height();
}"""
_TURN_PAGE = """(number) => {
  const view = document.querySelector(".jp-WindowedPanel-outer");
  const height = view.clientHeight - 100;
  view.scrollTop = number * height;
  const last = [...document.querySelectorAll(".jp-Notebook-cell")].at(-1);
  return last.getBoundingClientRect().bottom > window.innerHeight;
}"""


def test_slides(bare, shots):
    """Explorers are alive on their slides, and the back row reads every page of every slide."""
    ran = bare
    page, explorers, problems = ran.page, ran.of_kind("Explorer: "), []
    page.set_viewport_size(PROJECTOR)
    slides, met = Slides(ran), set()
    slides.start()
    slides.press("Home")
    for number, count in enumerate(slides.walk(), start=1):
        if shots:
            page.screenshot(path=shots / f"{ran.name}-slide{number:02d}.png")
        problems += [f"slide {count}: {fault}" for fault in slides.faults()]
        for place in sorted(explorers.keys() & set(slides.cells) - met):
            met.add(place)
            try:
                _answers_on_its_slide(slides, Explorer(ran, place))
            except (AssertionError, PlaywrightError) as error:
                problems.append(f"slide {count}, {explorers[place]}: {error}")
    slides.stop()
    page.set_viewport_size({"width": 1400, "height": 1000})
    assert ran.name != GALLERY or met == explorers.keys(), "an explorer is on no slide"
    assert not problems, "\n".join(problems)


def _answers_on_its_slide(slides, explorer) -> None:
    explorer.slider.focus()
    before, here = explorer.pixels, slides.count
    explorer.slide(1)
    assert explorer.pixels != before, "the slider moved, the picture did not"
    explorer.step(1)  # off the place where an earlier click may have left the point
    explorer.click(1)
    assert slides.count == here, "an arrow key left the slide"


def test_slides_by_key_mouse_and_clicker(ran):
    """As a teacher has them: from the first slide, by every key, and back to where one was."""
    if ran.name != GALLERY:
        pytest.skip("once is enough")
    page, explorers = ran.page, sorted(ran.of_kind("Explorer: "))
    slides, total = Slides(ran), len(explorers) + 4
    last = f"{total} / {total}"
    slides.start()
    slides.press("Home")
    assert slides.count.startswith("1 / ") and slides.cells == [explorers[0]]
    for key, count in [("PageDown", "2 / "), ("PageUp", "1 / "), ("ArrowRight", "2 / "),
                       ("ArrowLeft", "1 / "), ("End", last), ("Home", "1 / ")]:  # fmt: skip
        slides.press(key)
        assert slides.count.startswith(count), key
    for key in ("b", "PageDown"):
        slides.press(key)
    assert slides.count.startswith("1 / "), "a clicker that wakes the screen turned a page"
    explorer = Explorer(ran, explorers[0])
    explorer.step(1)  # off the place where an earlier click may have left the point
    explorer.click(1)  # the picture has the focus now: its arrows are its own, a clicker's are not
    slides.press("ArrowRight")
    assert slides.count.startswith("1 / ")
    slides.press("PageDown")
    assert slides.count.startswith("2 / ")
    cells = len(ran.outputs())
    for key in ("d", "d", "x", "a", "Enter"):  # commands of the notebook, not meant here
        slides.press(key)
    assert len(ran.outputs()) == cells and slides.count.startswith("2 / ")
    slides.press("o")
    page.locator(".lecture-slides-overview li button").nth(2).click()
    assert slides.count.startswith("3 / ") and slides.cells == [explorers[2]]
    hidden = page.evaluate(
        "() => [...document.querySelectorAll('.lecture-slides .jp-OutputArea-promptOverlay')]"
        ".every((strip) => strip.getBoundingClientRect().width === 0)"
    )
    assert hidden, "a click near the left edge would collapse an output"
    slides.press("Escape")
    assert not slides.on and ran.active == explorers[2], "Escape returns to the cell shown"
    page.wait_for_timeout(SECOND)
    box = ran.cell(explorers[2]).bounding_box()
    assert box["y"] < 900 and box["y"] + box["height"] > 100, "the cell shown is out of sight"
    slides.start()
    slides.press("Escape")
    ran.active = explorers[1]
    page.wait_for_timeout(SECOND)
    assert ran.active == explorers[1], "who goes elsewhere at once is called back"


def test_the_notes_are_in_a_window_of_their_own(ran):
    """What a lone reader finds between the slides, a clock, and what comes next."""
    if ran.name != GALLERY:
        pytest.skip("once is enough")
    slides = Slides(ran)
    slides.start()
    slides.press("Home")
    with ran.page.expect_popup() as opened_by:
        slides.press("n")
    notes = opened_by.value
    told = notes.locator("main").inner_text()
    assert "Notes of the first slide." in told and ASKED not in told
    notes.wait_for_function(_FONT, timeout=SHORT)
    assert notes.locator("main mjx-c").first.evaluate(_LETTER) not in ("none", ""), (
        "an empty formula"
    )
    assert notes.locator("footer").inner_text().startswith("Next: ")
    notes.keyboard.press("PageDown")  # a clicker works in either window
    assert slides.count.startswith("2 / ")
    assert notes.locator("main").inner_text() == f"Vary. {ASKED}", "on the slide that it speaks of"
    notes.keyboard.press("PageDown")
    assert notes.locator("main").inner_text() == ""
    slides.stop()
    assert notes.is_closed()


# A letter of a formula is set in MathJax's own font.
_FONT = """() => [...document.fonts].some((font) =>
  font.family.includes("MJXTEX") && font.status === "loaded")"""
_LETTER = """(c) => {
  const own = (node) => getComputedStyle(node, "::before").content;
  const all = [c, ...c.querySelectorAll("*")].map(own);
  return all.find((found) => found !== "none") ?? c.textContent;
}"""


@pytest.mark.nightly
def test_a_closed_browser_opens_as_a_notebook(ran, chromium, address):
    """Slides are nothing that JupyterLab remembers."""
    if ran.name != GALLERY:
        pytest.skip("once is enough")
    page = chromium.new_page(viewport=PROJECTOR)
    again = Notebook(page, address, f"{GALLERY}.ipynb")
    Slides(again).start()
    page.wait_for_timeout(2 * SECOND)  # JupyterLab stores what it remembers a second later
    page.reload()
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60 * SECOND)
    page.wait_for_timeout(2 * SECOND)
    assert not Slides(again).on
    for menu in ("#jp-menu-panel", ".jp-NotebookPanel-toolbar", ".lm-DockPanel-tabBar"):
        assert page.locator(menu).first.is_visible(), menu
    page.close()


def test_sizes_of_text_are_the_courses(ran):
    """JupyterLab reads its theme's sizes from a user's own settings only."""
    sizes = ran.page.evaluate(
        "() => ['--jp-code-font-size', '--jp-content-font-size1'].map((name) =>"
        " getComputedStyle(document.body).getPropertyValue(name).trim())"
    )
    assert sizes == ["14px", "15px"]


def test_runs_again(ran):
    """A second run makes new pictures beside the old; of the gallery, its first explorer does."""
    ran.run_all() if ran.name != GALLERY else ran.run(_first_explorer(ran))
    Explorer(ran, _first_explorer(ran)).click(2)


@pytest.mark.nightly
def test_runs_after_a_restart(ran):
    ran.restart()
    again = ran.note(_first_explorer(ran), "still")
    again.filter(has_text="restarted: run this cell again").wait_for(timeout=SHORT)
    ran.run_all() if ran.name != GALLERY else ran.run(0, _first_explorer(ran))
    Explorer(ran, _first_explorer(ran)).slide(2)


def _first_explorer(notebook) -> int:
    return next(iter(notebook.of_kind("Explorer: ")))


def test_nothing_complained(ran):
    """After all of the above. JupyterLab alone says nothing, so there is no list of exceptions."""
    assert not ran.complaints, "\n".join(ran.complaints)
    assert not ran.outside, f"the page asked outside: {ran.outside}"


# --- another evening ------------------------------------------------------------------------------
# After the above, because the widget manager complains of widgets that are gone.


@pytest.fixture
def small(opened):
    """The gallery; a whole notebook has shown the rest."""
    if opened.name != GALLERY:
        pytest.skip("shown by the gallery")
    return opened


@pytest.mark.nightly
def test_a_middle_cell_first_says_which_cell_to_run(small):
    place = FIRST
    small.restart()
    small.active = place
    small.command("notebook:run-cell")
    note = small.note(place, "order")
    note.filter(has_text="the first code cell").wait_for(timeout=SHORT)
    assert not small.cell(place).get_by_text("NameError").first.is_visible()
    note.get_by_role("button", name=re.compile("Run it")).click()
    small.cell(place).locator("canvas[data-frame]").wait_for(timeout=60 * SECOND)
    assert note.count() == 0


def test_the_next_evening(small, chromium, address):
    """Moved, saved, ended, opened again: a still picture that says how, and then as it was left."""
    place = FIRST
    explorer = Explorer(small, place)
    explorer.slide(1)
    explorer.step(1)
    small.page.wait_for_timeout(SECOND)  # the memory writes a moment later
    left, picture = explorer.readout, explorer.pixels
    assert small.dirty, "who moves an explorer changes what the notebook shows"
    small.save()
    assert explorer.pixels == picture and explorer.readout == left, "it lives on"
    small.shut_down()
    page = chromium.new_page(viewport={"width": 1400, "height": 1000})
    evening = Notebook(page, address, f"{GALLERY}.ipynb")
    note = evening.note(place, "still")
    note.wait_for(timeout=SHORT)
    still = evening.cell(place).locator("img")
    assert still.is_visible()
    assert still.get_attribute("src").split() == picture.split(), "not as it was left"
    note.filter(has_text="as it was saved. Run this cell to go on where you were").wait_for()
    assert not evening.dirty, "to look at it is no change"
    _assert_it_says_what_was_committed(evening)
    assert page.get_by_text("model not found").count() == 0
    note.get_by_role("button", name="Run").click()
    evening.cell(place).locator("canvas[data-frame]").wait_for(timeout=60 * SECOND)
    assert Explorer(evening, place).readout == left
    evening.shut_down()
    page.close()


def _assert_it_says_what_was_committed(evening):
    """A prediction that was committed says so, and does not ask to be committed."""
    place = next(iter(evening.of_kind("Prediction: ")))
    evening.cell(place).scroll_into_view_if_needed()
    evening.note(place, "still").filter(has_text="You committed: ").wait_for(timeout=SHORT)
    asked = evening.cell(place).get_by_text("Run the cell, choose and commit.")
    assert not asked.is_visible()
