"""The explorer: controls, points, presets, reset, goal, and what becomes of errors."""

import base64

import ipywidgets as widgets
import numpy as np
import pytest
from matplotlib.figure import Figure

from lecture_utils.studio.live import LivePicture
from lecture_utils.studio.panel import Panel


class Answering(Panel):
    """A panel that answers by the two functions it is given."""

    def __init__(self, picture, update, controls, *, check=None, **rest):
        self.update, self.check = update, check
        super().__init__(picture, controls, **rest)

    def _answer(self, values):
        return self.update(**values), self.check(values) if self.check else None


def explorer(update=None, check=None, **options):
    """A line with a slope and a dot to drag, and a list of the values `update` was called with."""
    figure = Figure(figsize=(4, 3))
    axes = figure.subplots()
    axes.set(xlim=(-2, 2), ylim=(-2, 2))
    (line,) = axes.plot([-2, 2], [0, 0])
    (dot,) = axes.plot([0], [0], "o")
    picture = LivePicture(figure, "A line and a dot.")
    picture.animate(line, dot)
    calls = []

    def move(slope, steps, kind, point):
        calls.append({"slope": slope, "steps": steps, "kind": kind, "point": point})
        line.set_ydata([-slope, slope])
        dot.set_data([point[0]], [point[1]])
        return f"The slope is <b>{slope:.1f}</b>."

    made = Answering(
        picture,
        update or move,
        {
            "slope": widgets.FloatSlider(0.5, min=-1, max=1, step=0.1),
            "steps": widgets.IntSlider(3, min=0, max=9, description="number of steps"),
            "kind": widgets.Dropdown(options=["plain", "fancy"]),
        },
        title="a line",
        goal="make it steep.",
        presets={"steep": {"slope": 1.0, "steps": 9, "point": (1, 1)}, "flat": {"slope": 0}},
        points={"point": (axes, (0.5, -0.5))},
        check=check,
        **options,
    )
    return made, calls, line, dot


def buttons(made):
    """The explorer's buttons by label."""
    found, queue = {}, [made]
    while queue:
        widget = queue.pop()
        queue += getattr(widget, "children", [])
        if isinstance(widget, widgets.Button):
            found[widget.description] = widget
    return found


def click(made, x, y):
    """Click at a place given in data coordinates."""
    picture = made.picture
    across, up = picture.figure.axes[0].transData.transform((x, y))
    at = [across / picture.figure.bbox.width, 1 - up / picture.figure.bbox.height]
    event = {"kind": "point", "box": 0, "gesture": object(), "origin": at, "at": at}
    picture._handle_custom_msg(event, [])


def test_it_starts_with_its_first_frame_and_readout():
    made, calls, *_ = explorer()
    assert calls == [{"slope": 0.5, "steps": 3, "kind": "plain", "point": (0.5, -0.5)}]
    assert made.values == calls[0]
    assert made.readout == "The slope is <b>0.5</b>."
    assert made.status == ""
    assert made.picture.frames == 1


def test_every_control_over_its_range():
    made, calls, line, _ = explorer()
    for name, control in made.controls.items():
        choices = control.options if name == "kind" else (control.min, control.max, control.min)
        for value in choices:
            control.value = value
            assert made.values[name] == calls[-1][name] == value
            assert made.last_error is None
    assert list(line.get_ydata()) == [1, -1]
    assert made.picture.full_draws == 1


def test_one_tick_is_one_update_and_one_frame():
    made, calls, *_ = explorer()
    made.controls["slope"].value = 0.7
    assert (len(calls), made.picture.frames) == (2, 2)


def test_click_and_arrow_keys_move_the_point():
    made, calls, _, dot = explorer()
    click(made, 1.25, -1.5)
    np.testing.assert_allclose(made.values["point"], (1.25, -1.5))
    np.testing.assert_allclose(dot.get_xydata(), [(1.25, -1.5)])
    made.picture._handle_custom_msg({"kind": "step", "dx": -1, "dy": 0}, [])
    np.testing.assert_allclose(made.values["point"], (1.25 - 0.02 * 4, -1.5))
    assert (len(calls), made.picture.frames) == (3, 3)
    assert made.last_error is None


def test_a_preset_is_one_update_and_one_frame():
    made, calls, *_ = explorer()
    buttons(made)["steep"].click()
    assert calls[1:] == [{"slope": 1.0, "steps": 9, "kind": "plain", "point": (1, 1)}]
    assert made.picture.frames == 2
    made.picture._handle_custom_msg({"kind": "step", "dx": 0, "dy": -1}, [])
    np.testing.assert_allclose(made.values["point"], (1, 1 - 0.02 * 4))  # from the preset's place


def test_reset_goes_back_to_the_first_picture():
    made, calls, *_ = explorer()
    first = made.picture.frame()
    made.set(slope=-1, kind="fancy", point=(-1, 1))
    assert made.picture.frame() != first
    buttons(made)["Reset"].click()
    assert made.values == calls[0]
    assert made.picture.frame() == first
    assert len(calls) == 3


def test_the_goal_stays_visible_and_is_marked_until_reset():
    made, *_ = explorer(check=lambda values: "it is steep." if values["slope"] > 0.8 else None)
    goal = made.children[0]
    empty = goal.value
    assert "<b>Goal:</b> make it steep.<div" in empty and "<span></span>" in empty
    made.set(slope=0.9)
    assert made.goal_reached
    assert "<span>✔ <b>Reached:</b> it is steep.</span>" in goal.value
    said = goal.value.replace("✔ <b>Reached:</b> it is steep.", "")
    assert said == empty, "its room was there before"
    made.set(slope=0)
    assert "<span>✔ Reached before.</span>" in goal.value
    made.reset()
    assert not made.goal_reached
    assert goal.value == empty


def test_a_gray_button_says_why_it_is_gray():
    made, *_ = explorer()
    undo, redo = (buttons(made)[name] for name in ("Undo", "Redo"))
    assert undo.disabled and "before a restart are not kept" in undo.tooltip
    assert redo.disabled and redo.tooltip == "nothing was taken back"
    made.set(slope=0.9)
    assert not undo.disabled and undo.tooltip == "take the last move back (Ctrl+Z)"
    made.undo()
    assert undo.disabled and not redo.disabled and redo.tooltip.startswith("do it again")


def test_an_error_is_a_sentence_and_reset_removes_it(capsys):
    def update(slope, steps, kind, point):
        if slope > 0.8 or point[0] > 1:
            raise ValueError("the slope is too large\nsecond line")
        return "fine"

    made, *_ = explorer(update)
    for disturb in (
        lambda: setattr(made.controls["slope"], "value", 0.9),
        buttons(made)["steep"].click,
        lambda: click(made, 1.5, 0),
    ):
        disturb()
        assert isinstance(made.last_error, ValueError)
        assert made.status == "This does not work here: the slope is too large. Press Reset."
        made.reset()
        assert made.last_error is None
        assert (made.status, made.readout) == ("", "fine")
    assert capsys.readouterr() == ("", "")


def test_an_error_in_the_check_or_in_drawing_is_caught_too():
    made, *_ = explorer(check=lambda values: 1 / values["steps"] and None)
    made.set(steps=0)
    assert isinstance(made.last_error, ZeroDivisionError)
    made, _, line, _ = explorer(lambda **_: line.set_ydata([1, 2, 3]))  # x has only two
    made.set(slope=0)
    assert made.last_error is not None
    assert made.status.endswith("Press Reset.")


def test_a_preset_that_cannot_be_set_shows_a_sentence():
    made, *_ = explorer()
    made.presets["steep"]["slope"] = 7
    buttons(made)["steep"].click()
    assert "slope cannot be set to 7" in made.status


def test_invalidate_in_update_makes_a_full_draw():
    def update(slope, steps, kind, point):
        if kind == "fancy":
            made.picture.invalidate()
        return ""

    made, *_ = explorer(update)
    made.set(slope=0.1)
    assert made.picture.full_draws == 1
    made.set(kind="fancy")
    assert made.picture.full_draws == 2


def test_the_output_has_a_fixed_text_and_a_still_picture():
    made, *_ = explorer()
    data, metadata = made._repr_mimebundle_()
    assert data["text/plain"] == repr(made) == "Explorer: a line. Run the cell to make it live."
    assert base64.b64decode(data["image/png"]) == made.picture.frame()
    assert metadata["image/png"]["alt"] == made.picture.alt
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == made.model_id


def test_descriptions_are_whole_and_every_control_is_shown():
    made, *_ = explorer()
    assert made.controls["slope"].description == "slope"
    assert made.controls["steps"].description == "number of steps"
    assert all(c.style.description_width == "initial" for c in made.controls.values())
    assert list(made.children[2].children) == list(made.controls.values())
    assert list(buttons(made)) and set(buttons(made)) == {"steep", "flat", "Undo", "Redo", "Reset"}
    assert made.children[1] is made.picture, "the Tab key comes to the picture first"
    assert "lecture-explorer" in made._dom_classes


def test_bad_input_is_one_clear_sentence():
    figure = Figure()
    axes = figure.subplots()
    picture = LivePicture(figure, "Nothing.")
    words = {"title": "t", "goal": "g"}
    slider = widgets.FloatSlider()
    with pytest.raises(ValueError, match=r"must not share names, got \['a'\]"):
        Answering(picture, print, {"a": slider}, points={"a": (axes, (0, 0))}, **words)
    with pytest.raises(ValueError, match=r"preset 'p' names no control or point: \['b'\]"):
        Answering(picture, print, {"a": slider}, presets={"p": {"b": 1}}, **words)
    with pytest.raises(ValueError, match=r"widgets with a value, got \['a'\]"):
        Answering(picture, print, {"a": widgets.Button()}, **words)
    made, *_ = explorer()
    for values, words in (
        ({"sloep": 1}, "names no control or point"),
        ({"slope": 7}, "out of range"),
        ({"kind": "odd"}, "kind cannot be set to 'odd'"),
    ):
        with pytest.raises(ValueError, match=words):
            made.set(**values)
    with pytest.raises(ValueError, match="label must name a preset, got 'stepe'"):
        made.preset("stepe")
