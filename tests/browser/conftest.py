"""The server; tests/conftest.py says in the summary what was found."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

# The modules beside this file are found under every import mode of pytest.
sys.path.insert(0, str(Path(__file__).resolve().parent))
from gallery import GALLERY
from lab import ROOT, serve


def pytest_generate_tests(metafunc):
    if "opened" in metafunc.fixturenames:
        names = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"))
        nightly = [pytest.param(name, marks=pytest.mark.nightly) for name in names]
        metafunc.parametrize("opened", [GALLERY, *nightly], indirect=True, scope="module")


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
