"""What every explorer of every notebook must pass.

A test file imports these tests beside its own: ``from every_explorer import *``.  In it, BUILD
names the explorers, GOALS the way to each goal: the values to set, or a function of the explorer
that goes it.  REDRAWN names the controls that may draw a whole new figure, UNTOUCHED those that a
test of the file's own moves.
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


def settle(explorer):
    """Wait for what an explorer may compute in a thread."""
    getattr(explorer, "wait", lambda: None)()


def assert_it_answers(explorer):
    assert explorer.last_error is None
    assert explorer.readout
    assert "nan" not in explorer.readout


def over_the_range(control):
    """Values of a control, both ends included."""
    if hasattr(control, "options"):
        return control.options
    if not hasattr(control, "min"):  # a checkbox or a button
        return (not control.value, control.value)
    values = np.linspace(control.min, control.max, 7)
    return 10.0**values if hasattr(control, "base") else map(type(control.value), values)


def test_every_control_over_its_range(any_explorer, request):
    file = request.module
    for name in any_explorer.controls.keys() - getattr(file, "UNTOUCHED", ()):
        control, draws = any_explorer.controls[name], any_explorer.picture.full_draws
        for value in over_the_range(control):
            control.value = value
            assert_it_answers(any_explorer)
        settle(any_explorer)
        assert_it_answers(any_explorer)
        if name not in getattr(file, "REDRAWN", ()):
            assert any_explorer.picture.full_draws == draws, f"{name}: all was drawn again"
        any_explorer.reset()
        settle(any_explorer)


def test_points_anywhere(any_explorer):
    points = [name for name, value in any_explorer.values.items() if isinstance(value, tuple)]
    assert points, "no movable point"
    for name, axes in zip(points, [p.axes for p in any_explorer.picture._points], strict=False):
        for x in np.linspace(*axes.get_xlim(), 4):
            for y in np.linspace(*axes.get_ylim(), 4):
                any_explorer.set(**{name: (x, y)})
                assert_it_answers(any_explorer)


def test_presets_and_reset(any_explorer):
    initial = any_explorer.values
    for label in any_explorer.presets:
        any_explorer.preset(label)
        settle(any_explorer)
        if hasattr(any_explorer, "advance"):  # a film: to its end
            any_explorer.advance(10**6)
        assert_it_answers(any_explorer)
        assert not any_explorer.goal_reached, f"preset {label!r} gives the goal away"
    any_explorer.reset()
    settle(any_explorer)
    assert any_explorer.values == initial


def test_the_goal_is_open_at_first_and_can_be_reached(any_explorer, request):
    (name,) = [n for n, e in request.getfixturevalue("explorers").items() if e is any_explorer]
    assert not any_explorer.goal_reached
    way = request.module.GOALS[name]
    way(any_explorer) if callable(way) else any_explorer.set(**way)
    assert any_explorer.goal_reached, any_explorer.readout
