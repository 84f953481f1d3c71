"""The book of one lesson, and of all of them, in Chromium."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

# The modules beside this file and in these folders are found under every import mode of pytest.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "book"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from lab import CHROMIUM_FLAGS, find_chromium, missing

pytest.importorskip("sphinx", reason="the book needs the packages of [book]")


@pytest.fixture(scope="module")
def one_lesson(tmp_path_factory) -> Path:
    """The site of lesson 00, the lightest: no explorer is recorded and no PDF printed for it."""
    import build

    out = tmp_path_factory.mktemp("book")
    return build.build(out, {"00"}, recordings=out / "none", pdf=False)


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium for one module: Playwright's loop and nbval's cannot share a thread."""
    lack = missing()
    if lack:
        lack = f"browser tests skipped: {lack}"
        pytest.fail(lack) if os.environ.get("CI") == "true" else pytest.skip(lack)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
