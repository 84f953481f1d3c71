"""The browser, the server, and what the summary says of them."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

# The modules beside this file are found under every import mode of pytest.
sys.path.insert(0, str(Path(__file__).resolve().parent))
from lab import CHROMIUM_FLAGS, ROOT, find_chromium, missing, serve

SKIPPED = "browser tests skipped: "


def pytest_generate_tests(metafunc):
    if "opened" in metafunc.fixturenames:
        names = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"))
        metafunc.parametrize("opened", names, indirect=True, scope="module")


def pytest_collection_modifyitems(config, items):
    """What says more about JupyterLab than about a notebook is tried with the first one only."""
    first, dropped = {}, []
    for item in items:
        if item.get_closest_marker("once"):
            name = item.callspec.params["opened"]
            if first.setdefault(item.originalname, name) != name:
                dropped.append(item)
    if dropped:
        items[:] = [item for item in items if item not in dropped]
        config.hook.pytest_deselected(items=dropped)


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium for one module.

    Not for the session: while Playwright's event loop runs in this thread, nbval's cannot.
    """
    lack = missing()
    if lack and os.environ.get("CI") == "true":
        pytest.fail(f"CI=true, and the browser tests cannot run: {lack}")
    if lack:
        pytest.skip(SKIPPED + lack)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(chromium, tmp_path_factory):
    """Where JupyterLab serves a copy of the notebooks."""
    with serve(tmp_path_factory.mktemp("lab")) as found:
        yield found


@pytest.fixture(scope="session")
def shots() -> Path | None:
    """The folder that BROWSER_SHOTS names: screenshots are kept there, and only then taken."""
    if not os.environ.get("BROWSER_SHOTS"):
        return None
    folder = Path(os.environ["BROWSER_SHOTS"]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pytest_terminal_summary(terminalreporter):
    """Frame times and slides that are too tall, or why there is neither."""
    write = terminalreporter.write_line
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    reasons = {
        SKIPPED + text.partition(SKIPPED)[2].rstrip("')") for text in skipped if SKIPPED in text
    }
    for reason in sorted(reasons):
        terminalreporter.section("browser")
        write(reason)
    found = {"run all": [], "frames": [], "slides": []}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) == "call":
                for key, value in report.user_properties:
                    found.get(key, []).append(value)
    if any(found.values()):
        terminalreporter.section("browser: milliseconds from input to picture (median)")
    for line in found["run all"]:
        write(line)
    if found["frames"]:
        write(f"{'click':>7}{'key':>7}{'slider':>7}  explorer")
    for row in map(json.loads, found["frames"]):
        times = (row.get(kind, float("nan")) for kind in ("click", "key", "slider"))
        write("".join(f"{time:7.0f}" for time in times) + f"  {row['name']}")
    for line in found["slides"]:
        write(line)
