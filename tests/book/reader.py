"""A reader of the book: pages opened from disk, with everything written down that they ask for."""

from __future__ import annotations

import json
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


class Reader:
    """Open pages of a site in one browser profile, so that what is kept is kept between them."""

    def __init__(self, chromium, site: Path, **settings):
        self.site = site
        self.context = chromium.new_context(**settings)
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("requestfailed", lambda request: self.complaints.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)

    def _listen(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def open(self, name: str, wait: bool = True):
        """The page of that name, its formulas set."""
        self.asked.clear()
        self.page.goto(f"{self.site.as_uri()}/{name}")
        if wait:
            self.page.evaluate("async () => await window.luFormulas")
        return self.page

    @property
    def outside(self) -> list[str]:
        """What was asked for beyond the folder of the site."""
        inside = (self.site.as_uri(), "data:", "blob:")
        return [url for url in self.asked if not url.startswith(inside)]

    @property
    def bytes(self) -> int:
        """How much was loaded, each file once."""
        files = {unquote(urlsplit(url).path) for url in self.asked if url.startswith("file:")}
        return sum(Path(file).stat().st_size for file in files)


@contextmanager
def reading(chromium, site: Path, **settings):
    reader = Reader(chromium, site, **settings)
    try:
        yield reader
    finally:
        reader.context.close()


class _Parsed(HTMLParser):
    def __init__(self, text: str):
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.images: list[dict] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if "id" in found:
            self.ids.add(found["id"])
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag == "img":
            self.images.append(found)


def parsed(page: Path) -> _Parsed:
    return _Parsed(page.read_text(encoding="utf-8"))


def broken_links(site: Path, absent: set[str] = frozenset()) -> list[str]:
    """Links inside the site that lead nowhere; pages in ``absent`` were not built."""
    pages = {page.name: parsed(page) for page in site.glob("*.html")}
    broken = []
    for name, page in pages.items():
        for href in page.links:
            parts = urlsplit(href)
            if parts.scheme or href == "#" or parts.path in absent:
                continue
            target = unquote(parts.path) or name
            anchor = unquote(parts.fragment)
            if not (site / target).exists() or (anchor and anchor not in pages[target].ids):
                broken.append(f"{name}: {href}")
    return broken


def alts_of(notebook: str) -> list[str]:
    """The alt text of every picture that a notebook shows, in order."""
    cells = json.loads((NOTEBOOKS / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return [o["metadata"]["image/png"]["alt"] for o in outputs if "image/png" in o.get("data", {})]


# --- explorers ------------------------------------------------------------------------------------

# What is seen once the picture rests, and where the slider stands.
_SEEN = """async ([figure, slider]) => {
  const show = figure.luShow;
  const waits = () => show.asked !== undefined || show.coming !== undefined || show.old;
  for (let k = 0; k < 600 && waits(); k += 1) {
    await new Promise(requestAnimationFrame);
  }
  return {
    place: Number(slider.value), said: slider.getAttribute("aria-valuetext"),
    told: show.told.textContent, picture: show.canvas.toDataURL(),
  };
}"""


def living(page, name: str):
    """The figure of an explorer, once it answers."""
    figure = page.locator(f'figure[data-explorer="{name}"]').first
    figure.scroll_into_view_if_needed()
    figure.locator("canvas[data-frame]").wait_for()
    return figure


def dead_touches(page, figure) -> list[str]:
    """Touches of an explorer's sliders, by every key and by a drag, that it did not answer."""
    dead = []
    player = figure.evaluate("(figure) => figure.luShow.data.player ?? {}")
    for slider in figure.locator("input[type=range]:enabled").all():
        name = slider.get_attribute("id").split("-", 2)[-1]
        if name == player.get("speed"):
            continue  # it is seen only while the film plays
        figure.get_by_role("button", name="Reset").click()  # what the last slider did is no matter
        off = figure.locator(".lu-toggle[aria-pressed=false]")  # what a slider moves is to be shown
        off.evaluate_all("all => all.map((button) => button.click())")
        film = name == player.get("clock")  # a run may come to rest: then a step changes nothing
        slider.scroll_into_view_if_needed()
        label = slider.evaluate("input => input.labels[0].textContent")
        low, high, step = (float(slider.get_attribute(name)) for name in ("min", "max", "step"))
        both = [figure.element_handle(), slider.element_handle()]
        before = page.evaluate(_SEEN, both)

        def look(touch, wanted, label=label, both=both, ends=(low, high, step), film=film):
            nonlocal before
            low, high, step = ends
            now = page.evaluate(_SEEN, both)
            if not wanted(now["place"] / step):
                dead.append(f"{label}: {touch} went from {before['said']} to {now['said']}")
            elif abs(now["place"] - before["place"]) > (0.99 * (high - low) if film else 0) and all(
                now[part] == before[part] for part in ("told", "picture")
            ):
                dead.append(f"{label}: {touch} to {now['said']} changed nothing that is seen")
            before = now

        ends = {"Home": low / step, "End": high / step}
        for key in ("Home", "End", "Home", "PageUp", "ArrowRight", "End", "PageDown", "ArrowLeft"):
            place = before["place"] / step
            slider.press(key)
            if key in ends:
                look(key, lambda at, end=ends[key]: abs(at - end) < 0.01)
            elif key.startswith("Page"):
                way = 1 if key == "PageUp" else -1
                look(key, lambda at, place=place, way=way: way * (at - place) > 0.99)
            else:
                way = 1 if key == "ArrowRight" else -1
                end = min(max(place + way, ends["Home"]), ends["End"])
                look(key, lambda at, end=end: abs(at - end) < 0.01)
        for name, start, stop in (("a drag", 0.9, 0.1), ("a drag back", 0.1, 0.9)):
            box = slider.bounding_box()
            middle = box["y"] + box["height"] / 2
            page.mouse.move(box["x"] + start * box["width"], middle)
            page.mouse.down()
            page.mouse.move(box["x"] + stop * box["width"], middle, steps=4)
            page.mouse.up()
            half = (ends["Home"] + ends["End"]) / 2
            look(name, lambda at, stop=stop, half=half: (at - half) * (stop - 0.5) > 0)
    return dead
