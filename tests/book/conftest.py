"""The book of one lesson, and of all of them, in Chromium."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# The modules beside this file and in these folders are found under every import mode of pytest.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "book"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

pytest.importorskip("sphinx", reason="the book needs the packages of [book]")


@pytest.fixture(scope="module")
def one_lesson(tmp_path_factory) -> Path:
    """The site of lesson 00, the lightest: one explorer is recorded and no PDF printed for it."""
    import build
    import recordings

    from lecture_utils.lessons.start_here.explorers import ByHand

    out = tmp_path_factory.mktemp("book")
    (out / "recordings").mkdir()
    recordings.write("00-ByHand", ByHand(), out / "recordings", mark="")
    return build.build(out, {"00"}, recordings=out / "recordings", pdf=False)
