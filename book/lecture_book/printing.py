"""A PDF for each lesson, printed by Chromium: tagged, with an outline, all folds open."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

__all__ = ["possible", "print_lessons"]

_FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_READY = """async () => {
  document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
  document.querySelectorAll("img").forEach((image) => { image.loading = "eager"; });
  await Promise.all([...document.images].map((image) => image.decode().catch(() => null)));
  if (window.MathJax) await MathJax.startup.promise;
  await document.fonts.ready;
}"""


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def possible() -> bool:
    """Whether there is a browser that prints."""
    return bool(chromium() and importlib.util.find_spec("playwright"))


def print_lessons(site: Path, notebooks: list[str]) -> None:
    """Write pdf/NAME.pdf into the site for each lesson."""
    from playwright.sync_api import sync_playwright  # not needed where nothing is printed

    (site / "pdf").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=_FLAGS)
        for name in notebooks:
            page = browser.new_page(viewport={"width": 1000, "height": 1400})
            page.goto((site / f"{name}.html").as_uri())
            page.emulate_media(media="print", color_scheme="light")
            page.evaluate(_READY)
            page.pdf(
                path=site / "pdf" / f"{name}.pdf",
                format="A4",
                print_background=True,
                tagged=True,
                outline=True,
                margin={side: "16mm" for side in ("top", "bottom", "left", "right")},
            )
            page.close()
        browser.close()
