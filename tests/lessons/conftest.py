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
        dear = metafunc.definition.get_closest_marker("nightly_for")
        params = [
            pytest.param(
                found, marks=[pytest.mark.nightly] * bool(dear and found.number in dear.args)
            )
            for found in lessons
        ]
        metafunc.parametrize("lesson", params, ids=[found.notebook for found in lessons])


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
