"""What every explorer of every notebook must pass.

A test file imports these tests beside its own: ``from every_explorer import *``.
"""

import numpy as np
import pytest

__all__ = [
    "only",
    "test_every_control_over_its_range",
    "test_points_anywhere",
    "test_presets_and_reset",
    "test_the_goal_is_open_at_first_and_can_be_reached",
]


def only(*names):
    """Run a test with these explorers of the file, as its argument ``explorer``."""
    return pytest.mark.parametrize("explorer", names, indirect=True)


def test_every_control_over_its_range(any_explorer):
    for control in any_explorer.controls.values():
        options = getattr(control, "options", None)
        values = np.linspace(control.min, control.max, 7) if options is None else options
        draws = any_explorer.picture.full_draws
        for value in values:
            control.value = type(control.value)(value) if options is None else value
            assert any_explorer.last_error is None
            assert any_explorer.readout
        moved = any_explorer.picture.full_draws - draws
        assert not moved or options is not None, "the whole figure was drawn again on a slider tick"
        any_explorer.reset()


def test_points_anywhere(any_explorer):
    points = [name for name, value in any_explorer.values.items() if isinstance(value, tuple)]
    assert points, "no movable point"
    for name, axes in zip(points, [p.axes for p in any_explorer.picture._points], strict=False):
        for x in np.linspace(*axes.get_xlim(), 4):
            for y in np.linspace(*axes.get_ylim(), 4):
                any_explorer.set(**{name: (x, y)})
                assert any_explorer.last_error is None
                assert "nan" not in any_explorer.readout


def test_presets_and_reset(any_explorer):
    initial = any_explorer.values
    for label in any_explorer.presets:
        any_explorer.preset(label)
        assert any_explorer.last_error is None
        assert any_explorer.readout
        assert not any_explorer.goal_reached, f"preset {label!r} gives the goal away"
    any_explorer.reset()
    assert any_explorer.values == initial


def test_the_goal_is_open_at_first_and_can_be_reached(any_explorer, request):
    (name,) = [n for n, e in request.getfixturevalue("explorers").items() if e is any_explorer]
    assert not any_explorer.goal_reached
    any_explorer.set(**request.module.GOALS[name])
    assert any_explorer.goal_reached, any_explorer.readout
