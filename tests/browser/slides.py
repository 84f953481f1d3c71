"""A presentation driven like a teacher would: by its button, its keys, and the mouse."""

from __future__ import annotations

from contextlib import suppress

from lab import ANSWER, SECOND, Notebook
from playwright.sync_api import TimeoutError as PlaywrightTimeout

LINES = 12  # of code, at most, on a page


class Slides:
    """The slides of an open notebook."""

    def __init__(self, notebook: Notebook):
        self.notebook, self.page = notebook, notebook.page

    def start(self) -> None:
        """Press the button of the toolbar."""
        self.page.locator("[data-command='slides:start']").first.click()
        self.page.wait_for_selector("body[data-slides]", state="attached", timeout=ANSWER)
        self.page.wait_for_function(_STARTED, timeout=ANSWER)
        self.page.wait_for_timeout(300)

    def go(self, title: str) -> None:
        """To the slide of that title, by the overview."""
        self.press("o")
        self.page.locator(".lecture-slides-overview button").filter(has_text=title).first.click()
        self.page.wait_for_timeout(200)

    def press(self, key: str) -> None:
        """A key, and the moment in which the next slide comes."""
        self.page.keyboard.press(key)
        self.page.wait_for_timeout(200)

    def stop(self) -> None:
        """Escape, until the notebook is back."""
        self.page.evaluate("() => jupyterapp.commands.execute('slides:stop')")
        self.page.wait_for_selector("body:not([data-slides])", state="attached")

    @property
    def on(self) -> bool:
        """Whether they are shown."""
        return self.page.locator("body[data-slides]").count() == 1

    @property
    def count(self) -> str:
        """What the counter says, such as "3 / 27 (1 of 2)"."""
        return self.page.locator(".lecture-slides-count").inner_text()

    @property
    def cells(self) -> list[int]:
        """The places of the cells of which something is seen."""
        return self.page.evaluate(_SEEN)

    @property
    def text(self) -> str:
        """What is read on this page."""
        return " ".join(self.page.evaluate(_TEXT).replace("¶", "").split())

    @property
    def code(self) -> str:
        """The lines of code that are seen whole."""
        return self.page.evaluate(_CODE)

    @property
    def titles(self) -> list[str]:
        """What the overview calls the slides."""
        return self.page.locator(".lecture-slides-overview li").all_inner_texts()

    def walk(self):
        """Every page of every slide from here on; yields what the counter says."""
        last = None
        while self.count != last:
            last = self.count
            yield last
            self.press("PageDown")

    def faults(self) -> list[str]:
        """What the back row of a room could not see or read on this page."""
        fits = (
            f"() => {{ const {{ over, wide }} = ({_MEASURE})(); return Math.max(over, wide) < 2; }}"
        )
        with suppress(PlaywrightTimeout):  # a picture just shown may be laid out anew for its place
            self.page.wait_for_function(fits, timeout=5 * SECOND)
        seen = self.page.evaluate(_MEASURE)
        found = []
        if seen["over"] > 1:
            found.append(f"{seen['over']:.0f} pixels taller than the screen")
        if seen["wide"] > 1:
            found.append(f"{seen['wide']:.0f} pixels wider than the screen")
        for size, least, text in seen["small"]:
            found.append(f"{size:.1f} pixels, and not {least}: {text}")
        if seen["lines"] > LINES:
            found.append(f"{seen['lines']} lines of code, more than {LINES}")
        if seen["untitled"]:
            found.append("an explorer without a title")
        found += [f"a control lies over the next one: {text}" for text in seen["lying"]]
        return found


_STARTED = "() => document.querySelector('.lecture-slides-count')?.textContent"
_SEEN = """() => {
  const { widgets } = jupyterapp.shell.currentWidget.content;
  return widgets.flatMap(({ node }, i) => node.getBoundingClientRect().height > 0 ? [i] : []);
}"""
_TEXT = """() => [...document.querySelectorAll(".lecture-slides .lecture-on")]
  .map((cell) => cell.innerText).join(" ")"""
_CODE = """() => {
  const bottom = (node) => node.getBoundingClientRect().bottom;
  return [...document.querySelectorAll(".lecture-slides .lecture-on .cm-line")]
    .filter((line) => bottom(line) < bottom(line.closest(".cm-editor")))
    .map((line) => line.textContent).join("\\n").trim();
}"""
_MEASURE = """() => {
  const screen = document.querySelector(".lecture-slides-screen");
  const small = [];
  for (const node of screen.querySelectorAll("p, li, td, pre, .cm-line, label, button")) {
    const words = node.cloneNode(true); // a formula that is wide is set smaller
    words.querySelectorAll("mjx-container").forEach((formula) => formula.remove());
    const text = words.textContent.trim();
    if (!text || node.getBoundingClientRect().height === 0) continue;
    const size = parseFloat(getComputedStyle(node).fontSize);
    const prose = node.matches(".jp-RenderedHTMLCommon :is(p, li):not(.jupyter-widgets *)");
    const least = prose ? 24 : 20;
    if (size < least - 0.01) small.push([size, least, text.slice(0, 40)]);
  }
  const lying = [...screen.querySelectorAll(".widget-inline-hbox")].filter((box) => {
    const ends = [...box.children].map((part) => part.getBoundingClientRect().right);
    return Math.max(...ends) > box.getBoundingClientRect().right + 1;
  }).map((box) => box.textContent.trim().slice(0, 40));
  const seen = (node) => node.getBoundingClientRect().height > 0;
  const bottom = (node) => node.getBoundingClientRect().bottom;
  const lines = [...screen.querySelectorAll(".lecture-on .cm-line")]
    .filter((line) => seen(line) && bottom(line) < bottom(line.closest(".cm-editor"))).length;
  const explorers = [...screen.querySelectorAll(".lecture-explorer")].filter(seen);
  const headings = [...screen.querySelectorAll(":is(h1, h2, h3, h4)")].filter(seen);
  return { small: small.slice(0, 3), lying, lines,
    untitled: explorers.length > 0 && headings.length === 0,
    over: screen.scrollHeight - screen.clientHeight,
    wide: screen.scrollWidth - screen.clientWidth };
}"""
