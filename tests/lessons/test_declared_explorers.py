"""What every declared explorer of every lesson must do; a new one is found without a line here."""

import importlib.util
import pkgutil
import re

import numpy as np
import pytest

from lecture_utils import lessons
from lecture_utils.studio.controls import Formula, NotingButton
from lecture_utils.studio.explorer import Explorer
from lecture_utils.studio.player import Film


def declared():
    """Every explorer class of every lesson, once; a name with _ is a base that others share."""
    for lesson in pkgutil.iter_modules(lessons.__path__, lessons.__name__ + "."):
        if importlib.util.find_spec(f"{lesson.name}.explorers"):
            module = importlib.import_module(f"{lesson.name}.explorers")
            for name, thing in vars(module).items():
                mine = isinstance(thing, type) and thing.__module__ == module.__name__
                if mine and issubclass(thing, Explorer) and thing.__name__ == name.lstrip("_"):
                    yield thing


def identity(explorer: type) -> str:
    return f"{explorer.__module__.split('.')[-2]}-{explorer.__name__}"


EXPLORERS = {identity(found): found for found in declared()}
# These take ten seconds and more to build; by day their own tests and the gallery build them.
DEAR = {"training_clinic-OneStep", "loss_surfaces_2d-Surface", "loss_profiles_1d-Bend"}


def params():
    for name in EXPLORERS:
        yield pytest.param(name, marks=[pytest.mark.nightly] if name in DEAR else [])


@pytest.fixture(scope="module", params=params())
def example(request):
    """The example of each class, built once: pytest runs all its tests one after another."""
    return EXPLORERS[request.param].example()


@pytest.fixture
def explorer(example):
    """The example as it is at first."""
    example.reset()
    example.wait()
    return example


def assert_it_answers(explorer):
    assert explorer.last_error is None
    assert explorer.readout
    assert "nan" not in explorer.readout


def move_over_the_range(explorer, name, values):
    """Move a control over so many values of its range, both ends included; each is one step."""
    control = explorer.controls[name]
    if isinstance(control, NotingButton):
        explorer.press(name)
        yield
        return
    if hasattr(control, "options"):
        values = control.options
    elif hasattr(control, "min"):
        values = np.linspace(control.min, control.max, values)
        values = 10.0**values if hasattr(control, "base") else map(type(control.value), values)
    elif isinstance(control.value, str):  # a function that is typed
        values = ("sin(3*x) + y^2", control.value)
    else:  # a checkbox or a switch
        values = (not control.value, control.value)
    for value in values:
        control.value = value
        yield


def typed():
    """Those in which a reader types a function; by day the one that computes least."""
    for name, kind in EXPLORERS.items():
        declared = kind.controls if isinstance(kind.controls, dict) else {}
        if any(isinstance(control, Formula) for control in declared.values()):
            by_day = name == "hessian_review-WalkAround"
            yield pytest.param(name, marks=[] if by_day else [pytest.mark.nightly])


@pytest.mark.parametrize("name", list(typed()))
def test_whatever_is_typed_is_answered_and_is_there_the_next_evening(
    name, tmp_path, monkeypatch, recwarn
):
    """No function, an infinite one, one with a kink: a picture or a sentence, and no warning."""
    monkeypatch.setenv("LECTURE_ANSWERS", str(tmp_path))
    made = EXPLORERS[name].example()
    own = next(n for n, control in made.declared.items() if isinstance(control, Formula))
    for text in ("", "2x", "1/0", "exp(exp(9*x))", "abs(x)", "1e400*x", "log(x)", "x×y + π"):
        made.controls[own].value = text
        assert made.values[own] == text
        works = made.last_error is None
        assert bool(made.readout) if works else made.status.endswith("or press Undo."), text
        assert works or (" eigenvalues holds" not in made.status and " z is" not in made.status)
        said = made.status
        made.set()  # as a page does that asks once more
        assert made.status == said and "nan" not in made.readout * works
        made.keeper.changed()
        made.keeper.write()
        again = EXPLORERS[name].example()
        readable = text not in ("", "2x")
        assert again.values[own] == (text if readable else again._initial[own])
        assert again.status == (made.status if readable else "")
        again.keeper.write()  # now, and not late, over the next
    assert not [str(warning) for warning in recwarn.list]


def shows_a_whole_run(explorer):
    """Whether it is a film that stands at its end at first; others turn the pages of a training."""
    return isinstance(explorer, Film) and (
        explorer._initial[explorer.clock] == explorer.controls[explorer.clock].max
    )


def fresh_frame(explorer):
    """The picture of the values as they are, with nothing remembered."""
    explorer._kept.clear()
    explorer.set()
    explorer.wait()
    return explorer.picture.frame()


def test_each_lesson_s_explorers_are_found():
    assert {"hessian_review-Newton", "hessian_review-Taylor"} <= EXPLORERS.keys()


@pytest.mark.by_turns("example", 3)
@pytest.mark.parametrize("values", [2, pytest.param(5, marks=pytest.mark.nightly)])
def test_every_control_over_its_range(explorer, values):
    work = {"search", "found"} if explorer.searches else set()
    for name in explorer.controls.keys() - work:
        draws = explorer.picture.full_draws
        for _ in move_over_the_range(explorer, name, values):
            assert_it_answers(explorer)
        explorer.wait()
        assert_it_answers(explorer)
        if name not in (*explorer.backdrop, *explorer.redraws):
            assert explorer.picture.full_draws == draws, f"{name}: all was drawn again"
        explorer.reset()
        explorer.wait()


@pytest.mark.by_turns("example", 3)
def test_points_anywhere(explorer):
    assert explorer.points, "no movable point"
    for name in explorer.points:
        point = explorer._tied.get(name) or explorer._points[name]
        for across in (0.0, 0.5, 1.0):
            for up in (0.0, 0.5, 1.0):
                explorer.picture._move(point, across, up)  # as a click there does
                assert_it_answers(explorer)
        explorer.wait()
        assert_it_answers(explorer)


@pytest.mark.by_turns("example", 3)
def test_presets_and_reset(explorer):
    initial, picture = explorer.values, fresh_frame(explorer)
    for label in explorer.presets:
        explorer.preset(label)
        explorer.wait()
        if isinstance(explorer, Film):  # a film: to its end
            explorer.advance(10**6)
        assert_it_answers(explorer)
        assert not explorer.goal_reached, f"preset {label!r} gives the goal away"
    explorer.reset()
    explorer.wait()
    assert explorer.values == initial
    assert fresh_frame(explorer) == picture, "the picture depends on more than the values"


@pytest.mark.by_turns("example", 3)
def test_the_goal_is_open_at_first_and_can_be_reached(explorer):
    assert not explorer.goal_reached
    explorer.answer() if callable(explorer.answer) else explorer.set(**explorer.answer)
    explorer.wait()
    assert explorer.goal_reached, explorer.readout
    if shows_a_whole_run(explorer):
        explorer.set(**{explorer.clock: explorer.controls[explorer.clock].min})
        assert "Reached:" not in explorer.children[0].value, "nothing is reached at step 0"


@pytest.mark.by_turns("example", 3)
def test_a_film_is_computed_once_and_each_part_of_it_is_another_picture(explorer):
    if not shows_a_whole_run(explorer):
        pytest.skip("no film of a run")
    whole, (run, _) = fresh_frame(explorer), explorer._run
    clock = explorer.controls[explorer.clock]
    seen = {whole}
    for step in (clock.min, clock.max // 8):
        explorer.set(**{explorer.clock: step})
        assert explorer._run[0] is run, "a step computed the run again"
        seen.add(explorer.picture.frame())
    assert len(seen) == 3
    explorer.advance(10**6)
    assert explorer.picture.frame() == whole


ENDS = r"diverge|settle|comes back|takes <b>|rest\b|f\*|died|dead|end in|stuck|is at|within 0\.01"


def test_a_film_that_has_just_begun_does_not_say_how_it_ends(explorer):
    """What the room is asked to guess, the sentence below the picture must not tell it."""
    if not isinstance(explorer, Film):
        pytest.skip("nothing runs here")
    clock = explorer.controls[explorer.clock]
    for values in ({}, *explorer.presets.values()):
        explorer.set(**values)
        told = []
        for step in (clock.max, clock.min + 1):
            explorer.set(**{explorer.clock: step})
            explorer.wait()
            assert_it_answers(explorer)
            told.append(explorer.readout)
        early = re.search(ENDS, told[1].replace("is at step", ""))
        assert not early, f"at the first step it says {early.group()!r}: {told[1]}"
