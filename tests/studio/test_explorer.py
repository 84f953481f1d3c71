"""The declared explorer: what it computes and when, points, backdrop, work beside, memory."""

import threading
from types import SimpleNamespace

import numpy as np
import pytest
from test_panel import buttons, click

from lecture_utils.studio import explorer as room
from lecture_utils.studio import figures, history
from lecture_utils.studio.controls import (
    Choice,
    Formula,
    Integer,
    LogSlider,
    Pick,
    Point,
    Press,
    Slider,
    Switch,
    Toggle,
    nearest,
)
from lecture_utils.studio.explorer import Explorer
from lecture_utils.studio.formula import function
from lecture_utils.studio.memory import Memory
from lecture_utils.studio.player import Player

X = np.linspace(-1, 1, 21)


class Parabola(Explorer):
    """a x² + shift, with a color that changes nothing but the backdrop."""

    title = "a parabola"
    aim = "make it steep."
    alt = "A parabola whose steepness a slider sets."
    controls = {
        "a": Slider(1.0, 0.0, 5.0, 0.5, "steepness a"),
        "color": Choice(["white", "gray"]),
        "marked": Switch(False),
    }
    points = {"shift": Point("plot", start=(0.0, 0.5)), "top": Point("plot", x="a")}
    presets = {"flat": {"a": 0.0}}
    backdrop = ("color",)
    answer = {"a": 5.0}

    def __init__(self):
        self.computed, self.painted = [], []
        super().__init__()

    def paint(self):
        figure, self.plot = figures.canvas()
        self.plot.set(xlim=(-1, 6), ylim=(-1, 6))
        (self.curve,) = self.plot.plot(X, X)
        (self.hand,) = self.plot.plot([0], [0], "o")
        return figure, [self.curve, self.hand]

    def compute(self, a, shift):
        self.computed.append((a, shift))
        if a == 4.5:
            raise ValueError("too steep for us")
        return a * X**2 + shift[1]

    def draw(self, result, marked):
        self.curve.set_ydata(result)
        self.curve.set_linewidth(4 if marked else 2)

    def draw_backdrop(self, result, color):
        self.painted.append(color)
        with self.still(self.plot):
            self.plot.axvspan(-1, 1, color=color)

    def places(self, result, a):
        return {"top": (a, result[-1])}

    def tell(self, result, a):
        return f"At the end {result[-1]:.1f}, with a = {a:.1f}."

    def goal(self, result, a):
        return "steep enough." if a > 4 else None


@pytest.fixture
def made():
    return Parabola()


def test_it_computes_anew_only_when_a_value_that_it_names_changed(made):
    assert made.computed == [(1.0, (0.0, 0.5))]
    made.set(marked=True)
    made.set(color="gray")
    assert len(made.computed) == 1
    made.set(a=2.0)
    made.set(a=1.0)
    assert len(made.computed) == 2, "a result that is kept was computed again"
    assert made.readout == "At the end 1.5, with a = 1.0."
    assert made.curve.get_ydata()[-1] == 1.5


def test_results_are_kept_in_bounds(made, monkeypatch):
    monkeypatch.setattr(room, "KEPT", 3)
    for a in (0.5, 1.5, 2, 2.5, 3):
        made.set(a=a)
    assert len(made._kept) == 3


def test_the_backdrop_is_drawn_when_its_values_change_and_takes_the_old_one_away(made):
    artists = len(made.plot.get_children())
    draws = made.picture.full_draws
    made.set(a=3.0, marked=True)
    assert made.picture.full_draws == draws
    made.set(color="gray")
    assert made.painted == ["white", "gray"]
    assert made.picture.full_draws == draws + 1
    assert len(made.plot.get_children()) == artists


def test_a_tied_point_sets_its_control_and_stands_where_places_says(made):
    assert "top" not in made.values
    made.set(shift=(5.5, -0.9))  # out of the way
    click(made, 3.26, 3.0)
    assert made.values["a"] == 3.5
    assert (made._tied["top"].x, made._tied["top"].y) == (3.5, made.curve.get_ydata()[-1])
    made.picture._handle_custom_msg({"kind": "next"}, [])
    made.set(a=1.0)
    assert made._tied["top"].x == 1.0


def test_an_arrow_key_moves_a_tied_point_by_a_step_of_its_control_at_least(made):
    made.set(shift=(5.5, -0.9), a=2.0)
    made.picture._active = made._tied["top"]
    made.picture._handle_custom_msg({"kind": "step", "dx": 1, "dy": 0}, [])
    assert made.values["a"] == 2.5
    made.picture._handle_custom_msg({"kind": "step", "dx": -1, "dy": 0}, [])
    assert made.values["a"] == 2.0


def test_a_free_point_is_a_value(made):
    made.set(shift=(0.25, 2.0))
    assert made.computed[-1] == (1.0, (0.25, 2.0))


def test_errors_of_every_part_are_sentences(made):
    made.set(a=4.5)
    assert made.status == "This does not work here: too steep for us. Press Reset."
    made.reset()
    assert (made.status, made.last_error) == ("", None)


def test_a_function_that_asks_for_what_is_not_there_is_named():
    class Wrong(Parabola):
        def tell(self, result, b):
            return str(b)

    assert "tell of Wrong asks for ['b']" in Wrong().status


def test_a_function_may_take_everything():
    class All(Parabola):
        def tell(self, result, **values):
            return ", ".join(sorted(values))

    assert All().readout == "a, color, marked, shift"


class Sum(Parabola):
    """Its b and c are one thing to the functions."""

    controls = Parabola.controls | {"first b": Integer(1, 0, 9), "second b": Integer(2, 0, 9)}
    groups = {"bs": ("first b", "second b")}

    def compute(self, a, shift, bs):
        self.computed.append(bs)
        return a * X**2 + sum(bs)

    def tell(self, result, bs):
        return f"{bs}"


def test_a_group_is_the_tuple_of_its_controls_values():
    made = Sum()
    assert made.readout == "(1, 2)"
    made.set(**{"second b": 5})
    made.set(marked=True)
    assert made.computed == [(1, 2), (1, 5)]
    assert made.curve.get_ydata()[-1] == 7


def test_a_group_is_set_at_once():
    made = Sum()
    made.set(bs=(3, 4), a=0.0)
    assert (made.values["first b"], made.values["second b"]) == (3, 4)
    assert "bs" not in made.values
    assert made.computed == [(1, 2), (3, 4)]
    with pytest.raises(ValueError, match="bs"):
        made.set(bs=(3, 4, 5))


def test_a_group_of_what_is_not_there_is_refused():
    class Wrong(Sum):
        groups = {"bs": ("first b", "third b")}

    with pytest.raises(ValueError, match="third b"):
        Wrong()


@pytest.mark.parametrize(
    ("control", "value"),
    [
        (Slider(1, 0, 2, 0.25, "s"), 1.0),
        (LogSlider(0.1, -3, 1, 0.1), 0.1),
        (LogSlider(0.102, -3, 1, 0.1), 0.1),
        (Formula("x*y", "kind"), "x*y"),
        (Integer(3, 1, 9), 3),
        (Choice(["a", "b"]), "a"),
        (Choice(["a", "b"], "b"), "b"),
        (Pick([1, 10, 100], 10), 10),
        (Switch(True, "on"), True),
        (Toggle(False, "down"), False),
        (Press("a", "note a"), None),
    ],
)
def test_every_declaration_makes_a_widget_of_its_own(control, value):
    one, two = control.widget(), control.widget()
    assert one is not two
    assert one.value == value
    assert one.description == control.label


@pytest.mark.parametrize(
    "control",
    [Slider(1, 0, 2, 0.25, "s", room=205), Integer(3, 1, 9, "i", room=205)],
)
def test_a_slider_with_little_room_shares_its_row(control):
    class Narrow(Parabola):
        controls = Parabola.controls | {"narrow": control}

    made = Narrow()
    assert made.controls["narrow"].layout.flex == "1 1 205px"
    assert made.controls["a"].layout.flex == "1 1 260px"
    assert Choice("ab", room=110).widget().layout.width == "110px"


@pytest.mark.parametrize(
    ("control", "wish", "value"),
    [
        (Slider(1, 0, 2, 0.25), 0.9, 1.0),
        (Slider(1, 0, 2, 0.25), 7, 2.0),
        (Slider(0.3, 0.1, 1, 0.1), 0.301, 0.3),
        (Integer(3, 1, 9, step=2), 6.2, 7),
        (Pick([1, 10, 100], 10), 40, 10),
        (LogSlider(0.1, -3, 1, 0.1), 1e-9, 1e-3),
    ],
)
def test_nearest_is_a_value_that_the_control_can_take(control, wish, value):
    widget = control.widget()
    widget.value = nearest(widget, wish)
    assert widget.value == pytest.approx(value)


def test_a_point_is_free_or_tied():
    for wrong in ({}, {"start": (0, 0), "x": "a"}):
        with pytest.raises(ValueError, match="either free"):
            Point("plot", **wrong)


# --- values that follow others, and a button that takes note ---------------------------------


class Following(Sum):
    """Another color brings another a along; a button keeps what the bs were."""

    controls = Sum.controls | {"note": Press("bs", "Note")}

    def follow(self, changed):
        if "color" not in changed:
            return {}
        return {"a": 2.0, "note": None, "shift": (0.5, 0.5)}

    def compute(self, a, note):
        self.computed.append((a, note))
        return a * X**2

    def tell(self, result, note):
        return f"noted {note}"


def test_what_follows_is_set_with_one_answer_and_one_frame():
    made = Following()
    assert made.computed == [(1.0, None)]
    frames = made.picture.frames
    made.controls["color"].value = "gray"
    assert made.computed == [(1.0, None), (2.0, None)]
    assert made.picture.frames == frames + 1
    assert made.values["shift"] == (0.5, 0.5)
    made.controls["a"].value = 3.0
    assert made.values["a"] == 3.0, "nothing follows a"


def test_what_is_set_at_the_same_time_does_not_follow():
    made = Following()
    made.set(color="gray", a=0.5)
    assert made.values["a"] == 0.5
    assert made.values["shift"] == (0.5, 0.5)
    made.reset()
    assert made.values["a"] == 1.0
    assert made.values["shift"] == (0.0, 0.5)


def test_an_error_in_what_follows_is_a_sentence():
    class Broken(Following):
        def follow(self, changed):
            return {"a": 99.0}

    made = Broken()
    made.set(color="gray")
    assert "a cannot be set to 99.0" in made.status


def test_a_press_notes_what_the_values_are_until_the_next():
    made = Following()
    made.set(bs=(3, 4))
    assert made.readout == "noted None"
    buttons(made)["Note"].click()
    assert made.readout == "noted (3, 4)"
    made.set(bs=(5, 6))
    assert made.readout == "noted (3, 4)"
    made.press("note")
    assert made.values["note"] == (5, 6)
    made.reset()
    assert made.readout == "noted None"
    with pytest.raises(ValueError, match="'bs' is no button"):
        made.press("bs")


# --- work beside ------------------------------------------------------------------------------


class Slow(Parabola):
    """Its parabola is prepared beside, in steps that a test lets happen."""

    backdrop = ("a",)

    def __init__(self):
        self.go, self.broken = threading.Event(), False
        self.go.set()
        super().__init__()

    def prepare(self, a):
        for share in (0.25, 0.5):
            yield share
            self.go.wait(10)
        if self.broken:
            raise ValueError("no such plane")
        return a * X**2

    def compute(self, prepared, shift):
        return prepared + shift[1]

    def draw_backdrop(self, result):
        self.painted.append(round(float(result[-1] - 0.5), 3))
        with self.still(self.plot):
            self.plot.axhline(result[-1])


def test_the_first_picture_is_waited_for_and_the_next_comes_beside():
    made = Slow()
    assert made.curve.get_ydata()[-1] == 1.5
    made.go.clear()
    made.set(a=5.0)
    assert made.readout.startswith("A new picture is being computed…")
    assert made.curve.get_ydata()[-1] == 1.5, "the old one stays meanwhile"
    assert not made.goal_reached, "a goal is judged on what is shown"
    made.set(shift=(0.0, 1.0))
    assert made.curve.get_ydata()[-1] == 2.0, "and goes on answering"
    made.go.set()
    made.wait()
    assert made.curve.get_ydata()[-1] == 6.0
    assert made.goal_reached
    assert made.painted == [1.0, 5.5]


def test_cancel_goes_back_to_what_is_shown():
    made = Slow()
    made.go.clear()
    made.set(a=4.0)
    buttons(made)["Cancel"].click()
    made.go.set()
    made.wait()
    assert made.values["a"] == 1.0
    assert made.curve.get_ydata()[-1] == 1.5
    assert buttons(made)["Cancel"].layout.visibility == "hidden"


def test_only_the_newest_wish_is_shown():
    made = Slow()
    made.go.clear()
    for a in (2.0, 3.0, 4.0):
        made.set(a=a)
    made.go.set()
    made.wait()
    assert made.curve.get_ydata()[-1] == 4.5
    assert made.painted == [1.0, 4.0]


def test_an_error_beside_is_a_sentence():
    made = Slow()
    made.broken = True
    made.set(a=2.0)
    made.wait()
    assert "no such plane" in made.status
    made.broken = False
    made.reset()
    made.wait()
    assert made.status == ""


class Digging(Parabola):
    """Finds the numbers 0 to 3, each when the test lets it."""

    searches = 4

    def __init__(self):
        self.go = threading.Event()
        self.go.set()
        super().__init__()

    def search(self, done):
        for number in range(done, 4):
            self.go.wait(10)
            yield number

    def compute(self, a, shift, found):
        return a * X**2 + shift[1]

    def tell(self, result, found):
        return f"{found} found: {self.findings()}"


def test_a_search_finds_one_after_another_and_reset_forgets():
    made = Digging()
    assert made.readout == "0 found: []"
    made.set(search=True)
    made.wait()
    assert made.readout == "4 found: [0, 1, 2, 3]"
    assert made.values["search"] is False
    made.reset()
    assert made.readout == "0 found: []"


def test_what_was_computed_from_one_search_is_not_shown_for_the_next():
    class Luck(Digging):
        luck = 10

        def search(self, done):
            self.luck += 1
            yield self.luck

        def compute(self, found):
            return X + sum(self.findings())

    made = Luck()
    for total in (11, 12):
        made.set(search=True)
        made.wait()
        assert made.curve.get_ydata()[-1] == 1 + total
        made.reset()


def test_a_search_that_is_stopped_goes_on_where_it_was():
    made = Digging()
    made.go.clear()
    made.set(search=True)
    assert made.controls["search"].description == "stop"
    made.set(search=False)
    made.go.set()
    made.wait()
    assert made.readout == "0 found: []", "what was told to stop adds nothing"
    made.set(search=True)
    made.wait()
    assert made.readout == "4 found: [0, 1, 2, 3]"


# --- taking back ------------------------------------------------------------------------------


def drag(made, *places):
    """One drag over places of the plot, in its coordinates."""
    picture, hand = made.picture, object()
    for x, y in places:
        across, up = made.plot.transData.transform((x, y))
        at = [across / picture.figure.bbox.width, 1 - up / picture.figure.bbox.height]
        event = {"kind": "point", "box": 0, "gesture": hand, "origin": at, "at": at}
        picture._handle_custom_msg(event, [])


def test_a_drag_a_slider_and_a_preset_are_one_move_each(made, monkeypatch):
    before = made.values
    drag(made, (0, 1), (0, 1.5), (0, 2))
    dragged = made.values
    for a in (1.5, 2, 2.5):  # pulled along
        made.controls["a"].value = a
    pulled = made.values
    buttons(made)["flat"].click()
    assert len(made.history) == 3
    for state in (pulled, dragged, before):
        made.picture._handle_custom_msg({"kind": "undo"}, [])  # Ctrl+Z
        assert made.values == state
        assert made.last_error is None
    assert buttons(made)["Undo"].disabled
    made.undo()
    assert made.values == before, "there is nothing to take back"


def test_the_same_slider_moved_later_is_another_move(made, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(history.time, "monotonic", lambda: now[0])
    for a in (2.0, 3.0):
        made.controls["a"].value = a
        now[0] += 2 * history.PAUSE
    buttons(made)["Undo"].click()
    assert made.values["a"] == 2.0


def test_reset_and_an_error_are_taken_back_and_the_goal_stays_reached(made):
    made.set(a=5.0)
    assert made.goal_reached
    made.reset()
    assert not made.goal_reached
    made.undo()
    assert (made.values["a"], made.goal_reached) == (5.0, True)
    made.set(a=4.5)
    assert "too steep" in made.status
    made.undo()
    assert (made.values["a"], made.status) == (5.0, "")


def test_what_was_taken_back_is_done_again_until_another_move(made):
    states = [made.values]
    for y in (0.8, 1.2, 2.0):
        drag(made, (0, y))
        states.append(made.values)
    for state in states[-2::-1]:
        made.undo()
        assert made.values == state
    assert not buttons(made)["Redo"].disabled
    for state in states[1:3]:
        made.picture._handle_custom_msg({"kind": "redo"}, [])  # Ctrl+Shift+Z, Ctrl+Y
        assert made.values == state
    made.undo()
    buttons(made)["Redo"].click()
    assert made.values == states[2] and len(made.history) == 2
    made.set(a=1.7)
    assert buttons(made)["Redo"].disabled, "another way was taken"
    made.redo()
    assert made.values["a"] == 1.7


def test_moves_before_a_goal_are_taken_back_too(made):
    first = made.values
    drag(made, (0, 1))
    made.set(a=5.0)
    assert made.goal_reached
    made.undo(), made.undo()
    assert made.values == first and not made.history
    assert made.goal_reached, "it stays reached"


def test_what_follows_a_value_is_taken_back_with_it():
    made = Following()
    made.set(color="gray")
    assert made.values["a"] == 2.0
    made.undo()
    assert (made.values["a"], made.values["color"]) == (1.0, "white")


@pytest.mark.nightly
def test_only_so_many_moves_are_kept(made):
    for k in range(2 * history.MOST):
        drag(made, (0, (k % 9) / 3))
    assert len(made.history) == history.MOST


# --- the last run -----------------------------------------------------------------------------


class Haunted(Parabola):
    """Its curve stays where it was before the last move."""

    ghosts = ("curve",)

    @property
    def ghost(self):
        (found,) = self.ghost_of.values()
        return list(found.get_ydata())


def test_the_run_before_the_last_move_stays_paler_until_reset():
    made = Haunted()
    first, picture = list(made.curve.get_ydata()), made.picture.frame()
    assert made.ghost == []
    for a in (1.5, 2.0, 3.0):  # one move
        made.controls["a"].value = a
    assert made.ghost == first
    (pale,) = made.ghost_of.values()
    assert pale.get_color() == made.curve.get_color() and pale.get_alpha() < 0.5
    made.set(marked=True)
    assert made.ghost == first, "what is no run leaves it"
    second = list(made.curve.get_ydata())
    made.undo(), made.undo()
    assert made.ghost == second, "what was taken back can be compared with"
    made.comparing = False
    assert made.ghost == []
    made.comparing = True
    made.reset()
    assert made.ghost == []
    assert made.picture.frame() == picture


def test_the_next_kernel_draws_the_last_run_again(tmp_path, monkeypatch):
    monkeypatch.setenv("LECTURE_ANSWERS", str(tmp_path))
    monkeypatch.setattr(room, "memory_of", lambda _: Memory("99_test"))
    made = Haunted()
    made.set(a=2.0)
    made.set(a=3.0, shift=(0.25, 1.0))
    made.keeper.write()
    again = Haunted()
    assert again.ghost == made.ghost != []
    assert again.picture.frame() == made.picture.frame()
    assert not again.history
    again.reset()
    again.keeper.write()
    assert Haunted().ghost == []
    for nonsense in ({"gone": 1}, {"a": "steep", "color": "white", "shift": 3}, "nothing"):
        Memory("99_test").put("explorers", "Haunted", values={}, before=nonsense)
        again = Haunted()
        assert again.ghost == [] and again.status == ""


def test_no_ghost_over_another_backdrop():
    made = Haunted()
    made.set(a=2.0, color="gray")
    assert made.ghost == []


def test_ghosts_are_lines():
    class Wrong(Parabola):
        ghosts = ("plot",)

    with pytest.raises(ValueError, match="ghosts must name lines"):
        Wrong()


# --- the state as code ------------------------------------------------------------------------


def test_the_code_of_a_state_gives_the_same_picture(made):
    assert made.code == "explorers.Parabola()"
    made.set(a=2.5, marked=True, shift=(0.123456789012, 1.0))
    assert made.code == (
        "explorers.Parabola().at({'a': 2.5, 'marked': True, 'shift': (0.12345679, 1)})"
    )
    assert made.picture.code == made.code
    again = eval(made.code, {"explorers": SimpleNamespace(Parabola=Parabola)})
    assert again.readout == made.readout and again.picture.frame() == made.picture.frame()
    assert not again.history, "it is where it begins"
    assert again.at({}).values == Parabola().values
    with pytest.raises(ValueError, match="no control or point: \\['b'\\]"):
        again.at({"b": 1})


def test_the_code_holds_the_call_of_the_cell(monkeypatch):
    cell = "data = 3\nrooms.Parabola(data, also=[1, 2])  # play"
    monkeypatch.setattr(room, "get_ipython", lambda: SimpleNamespace(user_ns={"In": ["", cell]}))
    assert room._call_of("Parabola") == "rooms.Parabola(data, also=[1, 2])"
    assert room._call_of("Sum") == "explorers.Sum()"


# --- a function that is typed -----------------------------------------------------------------


class Typed(Parabola):
    """Its curve is what was typed, where the list says so."""

    controls = Parabola.controls | {
        "which": Choice(["x", "your own"]),
        "own": Formula("x**2", "which"),
    }

    def compute(self, which, own):
        return function(own)(X, X) if which == "your own" else X


def test_whoever_types_a_function_sees_it_and_a_wrong_one_is_a_sentence():
    made = Typed()
    assert made.controls["own"].continuous_update is False
    made.controls["own"].value = "2*x + 1"
    assert made.values["which"] == "your own"
    np.testing.assert_allclose(made.curve.get_ydata(), 2 * X + 1)
    made.controls["own"].value = "2x"
    assert "write products with *" in made.status
    made.undo()
    assert (made.values["own"], made.values["which"], made.status) == ("x**2", "x", "")


class Centered(Typed):
    """It cannot draw what is finite nowhere, and says so in words of its own."""

    def compute(self, which, own):
        heights = np.asarray(super().compute(which, own))
        heights = heights - heights[0]
        if not np.isfinite(heights).any():
            raise ValueError("z is NaN or infinite everywhere: there is nothing to draw.")
        return heights


def test_a_function_that_is_infinite_is_told_in_words_and_warns_of_nothing(recwarn):
    """A warning of numpy's would stand in red in the output of the cell."""
    made = Centered()
    for text in ("1/0", "log(0*x) - log(0*x)"):
        made.controls["own"].value = text
        assert made.status == (
            f"This does not work here: {text!r} is infinite or undefined at places that the "
            "picture needs. Correct it, or press Undo."
        )
    made.set(which="x")
    assert made.status == "" and not recwarn.list


# --- what the page is told --------------------------------------------------------------------


def test_the_page_hears_of_work_and_of_its_end_and_of_nothing_that_is_kept(made, monkeypatch):
    heard = []
    monkeypatch.setattr(made.picture, "computing", heard.append)
    made.set(a=2.0)
    made.set(marked=True)
    assert heard == [True, False], "what is only drawn is no work"
    made.set(a=1.0)
    assert heard == [True, False], "it is kept"
    made.set(a=4.5)
    assert made.last_error is not None
    assert heard == 2 * [True, False], "an error ends it too"
    made.set(a=2.0, color="gray")
    assert heard == 3 * [True, False], "a backdrop is work"


def test_room_is_kept_for_the_longest_sentence_on_the_goal(made):
    def told(n):
        if n > 1:
            return "short" if n > 2 else "a longer one"
        return f"with {n} of them, " + "more."

    assert room.longest_said(told) == len("with ") + 4 + len(" of them, ") + len("more.")
    assert room.longest_said(print) == 0
    assert made._room == len("steep enough.")


# --- the clock --------------------------------------------------------------------------------


class Film(Player):
    """A dot that walks; the run is computed once."""

    title, aim, alt = "a film", "walk.", "A dot that walks along a line."
    controls = {"step": Integer(0, 0, 10), "slope": Slider(1, 0, 2, 0.1)}
    speed = 20

    def __init__(self):
        self.runs = 0
        super().__init__()

    def paint(self):
        figure, plot = figures.canvas()
        (self.dot,) = plot.plot([0], [0], "o")
        return figure, [self.dot]

    def compute(self, slope):
        self.runs += 1
        return slope * np.arange(11)

    def draw(self, result, step):
        self.dot.set_data([step], [result[step]])

    def tell(self, result, step):
        return f"Step {step}: {result[step]:.1f}"


def test_a_film_computes_its_run_once():
    made = Film()
    for _ in range(12):
        made.advance(1)
    assert made.readout == "Step 10: 10.0"
    assert made.runs == 1
    made.playing = True
    assert made.values["step"] == 0
    made.reset()
    assert not made.playing


# --- memory -----------------------------------------------------------------------------------


def test_a_goal_once_reached_is_remembered(tmp_path, monkeypatch):
    monkeypatch.setenv("LECTURE_ANSWERS", str(tmp_path))
    monkeypatch.setattr(room, "memory_of", lambda _: Memory("99_test"))
    made = Parabola()
    assert "✔" not in made._goal_line.value
    made.set(a=5.0)
    assert Memory("99_test").get("goals", "Parabola") == {"reached": "steep enough."}
    assert "✔ Reached before." in Parabola()._goal_line.value
