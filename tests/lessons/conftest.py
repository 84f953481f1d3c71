"""What the tests of the lessons share: one test for each lesson, and explorers built once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# The modules beside this file are found under every import mode of pytest.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "studio"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from lecture_utils.lessons import all_lessons


def pytest_generate_tests(metafunc):
    if "lesson" in metafunc.fixturenames:
        only = metafunc.config.getoption("--lesson")
        lessons = [found for found in all_lessons() if only in (None, found.number)]
        metafunc.parametrize("lesson", lessons, ids=lambda found: found.notebook)


@pytest.fixture(scope="module")
def at_first():
    """A function that gives the example of a class as it is at first, built once in a file."""
    made = {}

    def at_first(kind):
        if kind not in made:
            made[kind] = kind.example()
        made[kind].reset()
        return made[kind]

    return at_first
