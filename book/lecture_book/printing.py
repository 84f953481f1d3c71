"""A PDF for each lesson, printed by Chromium: tagged, with an outline, all folds open."""

from __future__ import annotations

import re
from pathlib import Path

from .chromium import started

__all__ = ["print_lessons"]

_READY = """async () => {
  document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
  document.querySelectorAll("img").forEach((image) => { image.loading = "eager"; });
  await Promise.all([...document.images].map((image) => image.decode().catch(() => null)));
  await window.luFormulas;
  await document.fonts.ready;
}"""


_TITLE = re.compile(rb"(/Title )(\((?:\\.|[^\\()])*\)|<[0-9A-F]+>)")
_TWICE = re.compile(rb"([(<](?:FEFF)?)(.{8,})\2", re.DOTALL)


def mended(pdf: bytes) -> bytes:
    """The outline without the words that Chromium writes twice.

    It does so where a heading goes over to the next page together with what follows it.  Blanks
    take their place, so that no byte of the file moves.
    """

    def once(found: re.Match) -> bytes:
        return (found[1] + _TWICE.sub(rb"\1\2", found[2])).ljust(len(found[0]))

    return _TITLE.sub(once, pdf)


def print_lessons(site: Path, notebooks: list[str]) -> None:
    """Write pdf/NAME.pdf into the site for each lesson."""
    (site / "pdf").mkdir(exist_ok=True)
    with started() as browser:
        for name in notebooks:
            page = browser.new_page(viewport={"width": 1000, "height": 1400})
            # On paper an explorer is its still picture, with the words for it.
            page.route("**/recorded.js", lambda route: route.abort())
            page.goto((site / f"{name}.html").as_uri())
            page.emulate_media(media="print", color_scheme="light")
            page.evaluate(_READY)
            printed = page.pdf(
                format="A4",
                print_background=True,
                tagged=True,
                outline=True,
                margin=dict.fromkeys(("top", "bottom", "left", "right"), "16mm"),
            )
            (site / "pdf" / f"{name}.pdf").write_bytes(mended(printed))
            page.close()
