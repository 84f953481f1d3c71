"""A headless Chromium: to print the lessons, and to test what a browser shows."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from importlib.util import find_spec

__all__ = ["missing", "started"]

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _found() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


def missing() -> str | None:
    """What a browser lacks here, and how to get it; None where nothing is missing."""
    if _found() is None:
        return "Chromium not found; on Debian: apt install chromium libatomic1"
    if find_spec("playwright") is None:
        return "Playwright not found: pip install playwright"
    from playwright._impl._driver import compute_driver_executable

    driver, *_ = compute_driver_executable()
    started = subprocess.run([driver, "--version"], capture_output=True, text=True)
    if started.returncode:  # a bare Debian lacks a library that its Node.js needs
        reason = started.stderr.strip().splitlines()[-1].rpartition(": error ")[2]
        return f"Playwright does not start ({reason}); on Debian: apt install libatomic1"
    return None


@contextlib.contextmanager
def started():
    """Playwright's browser, closed at the end."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_found(), args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()
