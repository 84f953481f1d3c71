"""A recorded explorer on a page from disk: it answers slider, click, drag, key, preset and link."""

from __future__ import annotations

import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from lab import SECOND

from lecture_utils.lessons.hessian_review.explorers import Newton, Taylor
from lecture_utils.lessons.loss_profiles_1d.explorers import PathAndLine
from lecture_utils.studio import record as room

pytestmark = pytest.mark.browser

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>explorers</title>
<link rel="stylesheet" href="recorded.css"><script src="recorded.js" defer></script></head><body>
{figures}
</body></html>
"""
FIGURE = """<figure class="lu-explorer" data-explorer="{name}">
<img src="{name}.webp" alt="{alt}"></figure>"""
NAMES = ("01-Recorded", "01-Twin")
GHOSTLY = ("Newton-Recorded", "Newton-Twin")
FILM = "PathAndLine"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A page with one explorer twice: with recorded states, and with its twin."""
    out, studio = tmp_path_factory.mktemp("page"), Path(room.__file__).parent
    explorer = Taylor()
    for name in NAMES:
        found = room.record(explorer, states=300, twin=name == "01-Twin")
        out.joinpath(f"{name}.js").write_text(found.script(name), encoding="utf-8")
        out.joinpath(f"{name}.webp").write_bytes(found.still)
    for file in ("recorded.js", "recorded.css"):
        shutil.copy(studio / file, out / file)
    descending = Newton()
    descending.recorded = {
        "step": (60,),
        "rate": (-1.0, -0.7),
        "start.x": (-1.2, 0.2, 0.5),
        "start.y": (0.9,),
    }
    for name in GHOSTLY:
        found = room.record(descending, states=300, twin=name.endswith("Twin"))
        out.joinpath(f"{name}.js").write_text(found.script(name), encoding="utf-8")
        out.joinpath(f"{name}.webp").write_bytes(found.still)
    film = room.record(PathAndLine.example(), states=300, twin=False)
    out.joinpath(f"{FILM}.js").write_text(film.script(FILM), encoding="utf-8")
    out.joinpath(f"{FILM}.webp").write_bytes(film.still)
    names = (*NAMES, *GHOSTLY, FILM)
    figures = "\n".join(FIGURE.format(name=name, alt=explorer.alt) for name in names)
    out.joinpath("page.html").write_text(PAGE.format(figures=figures), encoding="utf-8")
    return out


class Page:
    """The open page, what it complained of and what it asked for."""

    def __init__(self, chromium, folder, name, address="", **settings):
        self.page = chromium.new_page(**{"viewport": {"width": 1100, "height": 900}} | settings)
        self.complaints, self.requests = [], []
        self.page.on("console", lambda m: m.type == "error" and self.complaints.append(m.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(folder.joinpath("page.html").as_uri() + address)
        self.figure = self.page.locator(f'figure[data-explorer="{name}"]')
        self.figure.scroll_into_view_if_needed()  # what is far below is not loaded before
        self.canvas = self.figure.locator("canvas[data-frame]")
        self.canvas.wait_for(timeout=60 * SECOND)

    @property
    def told(self):
        return self.figure.locator(".lu-tell").inner_text()

    def picture(self):
        """The picture once it rests: all its pixels as text."""
        last = None
        for _ in range(100):
            self.page.wait_for_timeout(120)
            now = self.canvas.evaluate("canvas => canvas.toDataURL()")
            if now == last:
                return now
            last = now
        raise AssertionError("the picture never rests")


@pytest.fixture(scope="module", params=NAMES)
def shown(request, chromium, folder):
    page = Page(chromium, folder, request.param)
    page.name = request.param
    yield page
    page.page.close()


def answers(shown, touch):
    """Touch it: another picture and another sentence."""
    picture, told = shown.picture(), shown.told
    touch()
    assert shown.picture() != picture
    assert shown.told != told


def test_it_answers_a_slider(shown):
    slider = shown.figure.locator('input[type="range"]').first
    answers(shown, lambda: slider.press("End"))
    assert slider.get_attribute("aria-valuetext") == "180"


@pytest.mark.by_day("Twin")
def test_it_answers_click_and_drag(shown):
    shown.canvas.scroll_into_view_if_needed()
    box = shown.canvas.bounding_box()
    mouse, (x, y) = (
        shown.page.mouse,
        (box["x"] + 0.3 * box["width"], box["y"] + 0.45 * box["height"]),
    )
    answers(shown, lambda: mouse.click(x, y))
    mouse.move(x, y)
    mouse.down()
    answers(shown, lambda: mouse.move(x - 90, y + 60, steps=5))
    mouse.up()


@pytest.mark.by_day("Twin")
def test_a_mouse_over_a_curve_is_told_its_value(shown):
    shown.canvas.scroll_into_view_if_needed()
    shown.picture()
    x, y, *place = shown.figure.evaluate("""(figure) => {
      const { luShow: show } = figure, box = show.canvas.getBoundingClientRect();
      const axes = show.axes[0][1], [left, top, right, bottom] = axes.box;
      const curve = show.frame.operations.find((one) => one?.kind === "path" && one.x.length > 20
        && one.x[0] >= left - 1);
      const k = curve.y.findIndex((y, k) => k > 5 && y > top + 20 && y < bottom - 20);
      return [box.left + curve.x[k] * show.scale, box.top + curve.y[k] * show.scale,
              axes.x.value(curve.x[k]), axes.y.value(curve.y[k])];
    }""")
    value = shown.figure.locator(".lu-value")
    shown.page.mouse.move(x, y)
    told = re.fullmatch(r"\((.+), (.+)\)", value.inner_text()).groups()
    assert [float(t.replace("−", "-")) for t in told] == pytest.approx(place, abs=0.02)
    shown.page.mouse.move(2, 2)
    assert value.is_hidden()


@pytest.mark.by_day("Twin")
def test_it_answers_arrow_keys(shown):
    shown.canvas.focus()
    answers(shown, lambda: shown.page.keyboard.press("ArrowRight"))
    answers(shown, lambda: shown.page.keyboard.press("ArrowUp"))


@pytest.mark.by_day("Twin")
def test_presets_reach_the_goal_and_reset_goes_back(shown):
    first = shown.told
    answers(shown, lambda: shown.figure.get_by_role("button", name="at a minimum").click())
    assert shown.told.startswith("At θ₀ = (1.00, 0.00)")
    shown.figure.get_by_role("button", name="Reset").click()
    assert shown.told != first and shown.told.startswith("At θ₀ = (−1.35, 0.75)")


@pytest.mark.by_day("Twin")
def test_moves_are_taken_back_by_key_and_button(shown):
    shown.page.wait_for_timeout(800)  # what comes now is a move of its own
    first = shown.told
    shown.figure.get_by_role("button", name="at a minimum").click()
    second = shown.told
    answers(shown, lambda: shown.figure.locator('input[type="range"]').first.press("Home"))
    shown.canvas.focus()
    answers(shown, lambda: shown.page.keyboard.press("Control+z"))
    assert shown.told == second
    undo = shown.figure.get_by_role("button", name="Undo")
    undo.click()
    assert shown.told == first
    redo = shown.figure.get_by_role("button", name="Redo")
    redo.click()
    assert shown.told == second
    shown.canvas.focus()
    answers(shown, lambda: shown.page.keyboard.press("Control+y"))
    assert redo.is_disabled()
    shown.page.keyboard.press("Control+z")
    assert shown.told == second
    answers(shown, lambda: shown.page.keyboard.press("Control+Shift+z"))
    undo.click()
    shown.page.wait_for_timeout(800)
    shown.canvas.focus()
    answers(shown, lambda: shown.page.keyboard.press("ArrowRight"))
    assert redo.is_disabled(), "a move of one's own leaves what was taken back"


@pytest.mark.by_day("Newton-Twin")
def test_the_last_run_stays_paler_beside_the_present_one(ghostly):
    page = ghostly
    first = page.picture()
    page.figure.locator('input[type="range"]').first.press("Home")
    page.picture()
    moved = page.picture()
    box = page.figure.get_by_role("checkbox", name="last run, paler")
    box.uncheck()
    assert page.picture() != moved, "the last run was not to be seen"
    box.check()
    assert page.picture() == moved
    page.figure.get_by_role("button", name="Reset").click()
    assert page.picture() == first


@pytest.fixture(params=GHOSTLY)
def ghostly(request, chromium, folder):
    page = Page(chromium, folder, request.param)
    yield page
    assert page.complaints == []
    page.page.close()


@pytest.mark.by_day("Newton-Recorded")
def test_what_needs_python_is_said(ghostly):
    rate = ghostly.figure.get_by_role("slider", name="log₁₀ of the learning rate")
    assert rate.get_attribute("aria-valuetext") == "−0.70 (0.2)", "an exponent with its value"
    assert "A function of your own needs Python" in ghostly.figure.locator(".lu-note").inner_text()
    assert "your own" not in ghostly.figure.locator("select").inner_text()


def test_a_film_reaches_its_goal_only_where_it_stops(chromium, folder):
    page = Page(chromium, folder, FILM, f"#{FILM}?epoch=0")
    controls = page.figure.locator(".lu-controls")
    place, reached = controls.bounding_box(), page.figure.locator(".lu-reached")
    play = page.figure.get_by_role("button", name="Play")
    play.click()
    page.figure.get_by_role("button", name="Pause").wait_for()
    play.wait_for(timeout=60 * SECOND)  # it came to its end, past the goal
    assert reached.inner_text() == ""
    link = Page(chromium, folder, FILM, f"#{FILM}?epoch=0")
    slider = link.figure.get_by_role("slider", name="epoch")
    for _ in range(PathAndLine.example().answer["epoch"]):
        assert "✔" not in link.figure.inner_text()
        slider.press("ArrowRight")
    link.figure.get_by_text("✔ Reached:").wait_for()
    assert link.figure.locator(".lu-goal").inner_text().startswith("✔ Goal:")
    assert controls.bounding_box() == place, "what is reached moves no control"
    page.page.close()
    link.page.close()


def test_a_film_at_its_start_says_that_it_is_to_be_played(chromium, folder):
    page = Page(chromium, folder, FILM, f"#{FILM}?epoch=0")
    play, step = page.figure.locator(".lu-play"), page.figure.locator(".lu-step")
    waits = "This is the start: press ▶ Play."
    assert waits in page.told and "lu-waits" in play.get_attribute("class")
    step.click()
    assert waits not in page.told and "lu-waits" not in play.get_attribute("class")
    page.figure.get_by_role("slider", name="epoch").press("End")
    assert step.inner_text() == "↺ First step", "at the end a step begins again, and says so"
    step.click()
    assert waits in page.told and step.inner_text() == "Step ▸"
    play.click()
    page.page.wait_for_function(
        "([told, words]) => !told.textContent.includes(words)",
        arg=[page.figure.locator(".lu-tell").element_handle(), waits],
    )
    assert page.complaints == []
    page.page.close()


# Where the point of an explorer is on the page, and the middle of the axes that it is in.
SPOT = """(figure) => {
  const { luShow: show } = figure, box = show.canvas.getBoundingClientRect();
  const [x, y] = show.pointPlace(show.data.points[0]);
  return [box.left + x * show.scale, box.top + y * show.scale];
}"""


@pytest.mark.by_day("Twin")
@pytest.mark.parametrize("name", NAMES)
def test_a_finger_scrolls_the_page_unless_it_takes_the_point_or_taps(chromium, folder, name):
    page = Page(chromium, folder, name, viewport={"width": 390, "height": 700}, has_touch=True)
    hand = page.page.context.new_cdp_session(page.page)

    def finger(*places):
        for k, (x, y) in enumerate(places):
            told = {"type": "touchMove" if k else "touchStart", "touchPoints": [{"x": x, "y": y}]}
            hand.send("Input.dispatchTouchEvent", told)
        hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def settled():
        page.canvas.evaluate("canvas => canvas.scrollIntoView({ block: 'start' })")
        page.picture()
        return page.figure.evaluate(SPOT), page.page.evaluate("scrollY")

    (x, y), height = settled()
    told = page.told
    far = x + 60, y + 90
    finger(*((far[0], far[1] - 9 * k) for k in range(14)))
    page.page.wait_for_function("before => scrollY > before + 40", arg=height)
    page.picture()
    assert page.told == told, "what scrolls moves no point"
    (x, y), height = settled()
    finger((x + 60, y + 90))
    page.picture()
    tapped = page.told
    assert tapped != told, "a tap moves the point there"
    (x, y), height = settled()
    finger(*((x, y + 6 * k) for k in range(10)))
    page.picture()
    assert page.told != tapped, "a finger that takes the point drags it"
    assert page.page.evaluate("scrollY") == height
    assert page.complaints == []
    page.page.close()


def test_a_finger_pans_a_picture_wider_than_its_place_and_moves_its_point(chromium, folder):
    size = {"width": 250, "height": 800}
    page = Page(chromium, folder, NAMES[1], viewport=size, has_touch=True)
    touch = page.page.context.new_cdp_session(page.page)
    stage = page.figure.locator(".lu-stage")
    page.canvas.evaluate("canvas => canvas.scrollIntoView({ block: 'center' })")
    page.picture()
    panned = stage.evaluate("stage => stage.scrollLeft")
    told, box = page.told, stage.bounding_box()
    point = page.figure.evaluate("""(figure) => {
      const { luShow: show } = figure, box = show.canvas.getBoundingClientRect();
      const [x, y] = show.pointPlace(show.data.points[0]);
      return [box.left + x * show.scale, box.top + y * show.scale];
    }""")
    far = [box["x"] + box["width"] / 2, point[1] + 70]
    assert abs(far[1] - point[1]) > 44, "more than a finger away"

    def finger(*places):
        for k, (x, y) in enumerate(places):
            told = {"type": "touchMove" if k else "touchStart", "touchPoints": [{"x": x, "y": y}]}
            touch.send("Input.dispatchTouchEvent", told)
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    finger(*([far[0] - 5 * k, far[1]] for k in range(13)))
    page.page.wait_for_function(
        "([stage, before]) => stage.scrollLeft > before + 30", arg=[stage.element_handle(), panned]
    )
    assert page.told == told, "what pans moves no point"
    finger(far)
    page.picture()
    assert page.told != told, "a tap moves the point"
    assert page.complaints == []
    page.page.close()


@pytest.mark.by_day("Twin")
def test_a_copied_link_gives_the_same_picture(shown, chromium, folder):
    shown.figure.get_by_role("button", name="where the curvature").click()
    picture, told = shown.picture(), shown.told
    shown.page.wait_for_timeout(500)
    address = shown.page.evaluate("location.hash")
    assert address.startswith(f"#{shown.name}?") and "angle=0" in address
    other = Page(chromium, folder, shown.name, address)
    assert other.told == told
    assert other.picture() == picture
    other.page.close()
    reached = Page(chromium, folder, shown.name, f"#{shown.name}?point=0,0&angle=0")
    assert "Reached:" in reached.figure.locator(".lu-reached").inner_text()
    reached.page.close()


@pytest.mark.by_day("Twin")
def test_on_a_telephone_the_parts_stand_one_below_another(shown):
    wide = shown.canvas.bounding_box()
    shown.page.set_viewport_size({"width": 390, "height": 800})
    shown.picture()
    narrow = shown.canvas.bounding_box()
    assert narrow["width"] <= 390 and narrow["height"] > wide["height"]
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= 390
    shown.page.set_viewport_size({"width": 1100, "height": 900})


# What the Tab key meets, from above: [is it the picture, its top, its name].
MET = """(figure) => [...figure.querySelectorAll("button:enabled, input, select, canvas")]
  .map((one) => [one.tagName === "CANVAS", one.getBoundingClientRect().top, one.textContent])"""


@pytest.mark.by_day("Twin")
def test_the_keyboard_goes_as_the_eye_at_every_width(shown):
    for width, first in ((1100, False), (390, True), (1100, False)):
        shown.page.set_viewport_size({"width": width, "height": 900})
        shown.picture()
        shown.figure.evaluate("figure => figure.scrollIntoView()")
        met = shown.figure.evaluate(MET)
        assert met[0][0] == first, "on a telephone the picture is met first, else the controls"
        tops = [top for _, top, _ in met]
        assert all(above <= below + 20 for above, below in pairwise(tops)), "a row is one height"


@pytest.mark.by_day("Twin")
def test_what_a_picture_says_stands_right_below_it_at_every_width(shown):
    for width in (390, 1100):
        shown.page.set_viewport_size({"width": width, "height": 900})
        shown.picture()
        bottom, said, undo = shown.figure.evaluate("""(figure) =>
          [".lu-stage", ".lu-tell", ".lu-undo"].map((name, k) => {
            const { top, bottom } = figure.querySelector(name).getBoundingClientRect();
            return k ? top : bottom;
          })""")
        assert 0 <= said - bottom < 8 and undo > said


@pytest.mark.by_day("Twin")
def test_the_frame_of_a_focused_picture_lies_around_it(shown):
    shown.canvas.focus()
    shown.page.keyboard.press("ArrowLeft")
    frames = shown.figure.evaluate("""(figure) => [".lu-canvas", ".lu-stage"].map((name) => {
      const { outlineStyle, outlineOffset } = getComputedStyle(figure.querySelector(name));
      return [outlineStyle, outlineOffset];
    })""")
    assert frames == [["none", frames[0][1]], ["solid", "0px"]]


# A twin whose compute takes as long as it is told, and tells what the page showed meanwhile.
SLOWLY = """(figure) => {
  const { rules } = figure.luShow.model, { compute } = rules;
  const sign = figure.querySelector(".lu-computing");
  figure.luSeen = [];
  rules.compute = (values) => {
    const begun = performance.now();
    while (performance.now() - begun < 150);
    figure.luSeen.push(!sign.hidden);
    return compute(values);
  };
}"""


def test_while_a_twin_computes_the_page_says_so(chromium, folder):
    page = Page(chromium, folder, GHOSTLY[1], f"#{GHOSTLY[1]}")
    page.picture()
    page.figure.evaluate(SLOWLY)
    page.figure.get_by_role("button", name="nine critical points").click()
    page.page.wait_for_function(
        "(figure) => figure.luSeen.length", arg=page.figure.element_handle()
    )
    page.picture()
    page.figure.get_by_role("slider").first.press("Home")
    page.page.wait_for_function(
        "(figure) => figure.luSeen.length > 1", arg=page.figure.element_handle()
    )
    page.picture()
    assert all(page.figure.evaluate("figure => figure.luSeen"))
    assert not page.figure.locator(".lu-computing").is_visible()
    assert page.complaints == []
    page.page.close()


def test_on_a_telephone_what_plays_stays_in_sight_beside_the_picture(chromium, folder):
    size = {"width": 390, "height": 844}
    page = Page(chromium, folder, GHOSTLY[1], f"#{GHOSTLY[1]}", viewport=size, has_touch=True)
    page.picture()
    top, bottom, letters = page.figure.evaluate("""(figure) => {
      const [stage, play] = [".lu-stage", ".lu-play"].map((c) => figure.querySelector(c));
      const { luShow: show } = figure;
      return [stage.getBoundingClientRect().top, play.getBoundingClientRect().bottom,
              show.letters() * show.scale];
    }""")
    assert 0 <= top < bottom <= 844 and letters >= 9.2
    tall = page.page.viewport_size["height"] // 2
    page.page.set_viewport_size({"width": 390, "height": tall})
    page.figure.locator(".lu-stage").evaluate("stage => stage.scrollIntoView()")
    play = page.figure.locator(".lu-play").bounding_box()
    assert play["y"] + play["height"] <= tall, "it sticks to the edge while the picture is in sight"
    page.page.close()


@pytest.mark.by_day("Twin")
def test_it_has_a_name_and_says_what_the_keys_do(shown):
    label = shown.canvas.get_attribute("aria-label")
    assert label.startswith("Left, a loss surface") and "Arrow keys" in label
    for control in shown.figure.locator("input, select").all():
        assert control.evaluate("e => e.labels.length") == 1


def test_it_complains_of_nothing_and_asks_for_nothing_outside(shown):
    assert shown.complaints == []
    outside = [url for url in shown.requests if not url.startswith(("file:", "data:"))]
    assert outside == []
