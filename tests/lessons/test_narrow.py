"""On a narrow page the parts of a picture stand one below another, lower than on a wide one."""

from importlib import import_module

import pytest

from lecture_utils.lessons import all_lessons, explorers_of

LOWEST = 0.7  # of its natural height: what the highest of them are asked for

MADE = [
    pytest.param(lesson.name, name, id=f"{lesson.notebook[:2]}-{name}")
    for lesson in all_lessons()
    for name in explorers_of(lesson)
]


@pytest.mark.nightly
@pytest.mark.parametrize(("place", "name"), MADE)
def test_a_lower_picture_has_the_same_parts(place, name):
    """No title reaches into the part beside it, where the cut between them would go through it."""
    module = import_module(f"lecture_utils.lessons.{place}.explorers")
    picture = getattr(module, name).example().picture
    before = len(picture._panels)
    picture._flatten(LOWEST)
    assert len(picture._panels) == before
