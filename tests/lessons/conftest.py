"""Each file here names a notebook's explorers in BUILD and the way to each goal in GOALS."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

# The modules beside this file are found under every import mode of pytest.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "studio"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from every_explorer import settle

from lecture_utils.lessons import all_lessons


def pytest_generate_tests(metafunc):
    if "lesson" in metafunc.fixturenames:
        only = metafunc.config.getoption("--lesson")
        lessons = [found for found in all_lessons() if only in (None, found.number)]
        metafunc.parametrize("lesson", lessons, ids=lambda found: found.notebook)
    if "any_explorer" in metafunc.fixturenames:
        names = [name.removeprefix("explore_") for name in metafunc.module.BUILD]
        metafunc.parametrize("any_explorer", names, indirect=True)


@pytest.fixture(scope="module")
def explorers(request):
    """All explorers of the notebook, built once."""
    return {name: build() for name, build in request.module.BUILD.items()}


@pytest.fixture
def explorer(explorers, request):
    """The explorer whose name, without ``explore_``, the test asks for by ``only``."""
    found = explorers[f"explore_{request.param}"]
    found.reset()
    settle(found)
    return found


any_explorer = explorer
