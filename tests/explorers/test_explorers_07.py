"""The explorers of notebook 07 and their clock: every control, and what the artists then show."""

import jax.numpy as jnp
import numpy as np
import pytest
from ipywidgets import IntSlider, ToggleButton
from matplotlib.figure import Figure

import lecture_utils as lu
from lecture_utils.explorers import optimizer_comparison, playing
from lecture_utils.explorers.optimizer_comparison import _RACERS, _RATES, _TRACKS
from lecture_utils.explorers.playing import Player, PlayingPicture

BUILD = {name: getattr(optimizer_comparison, name) for name in optimizer_comparison.__all__}


@pytest.fixture(scope="module")
def explorers():
    return {name: build() for name, build in BUILD.items()}


@pytest.fixture
def explorer(explorers, request):
    found = explorers[f"explore_{request.param}"]
    found.reset()
    return found


each = pytest.mark.parametrize(
    "explorer", [name.removeprefix("explore_") for name in BUILD], indirect=True
)


def only(*names):
    return pytest.mark.parametrize("explorer", names, indirect=True)


def values_over_the_range(control):
    if isinstance(control, ToggleButton):
        return (not control.value, control.value)
    if hasattr(control, "base"):  # a log slider counts in exponents
        return 10.0 ** np.linspace(control.min, control.max, 5)
    return getattr(control, "options", None) or np.linspace(control.min, control.max, 5)


@each
def test_every_control_over_its_range(explorer):
    for name, control in explorer.controls.items():
        draws = explorer.picture.full_draws
        for value in values_over_the_range(control):
            control.value = value
            assert explorer.last_error is None
            assert explorer.readout
            assert "nan" not in explorer.readout
        if name != "surface":
            assert explorer.picture.full_draws == draws  # nothing rebuilt on a tick
        explorer.reset()


@each
def test_points_anywhere(explorer):
    for name, place in explorer.values.items():
        if isinstance(place, tuple):
            for x in (-3.0, 0.0, 1.0, 9.0):
                for y in (-4.0, 0.0, 2.0):
                    explorer.set(**{name: (x, y)})
                    assert explorer.last_error is None
                    assert "nan" not in explorer.readout


@each
def test_presets_and_reset(explorer):
    initial = explorer.values
    for label in explorer.presets:
        explorer.preset(label)
        assert explorer.last_error is None
        if "step" in explorer.values:
            explorer.set(step=explorer.controls["step"].max)
        assert not explorer.goal_reached, f"{label} gives the goal away"
    explorer.reset()
    assert explorer.values == initial


GOALS = {
    "explore_race": {"decay": 0.44, "rate of momentum": 0.11},
    "explore_energy": {"start": (1.7, 0.0), "decay": 0.89},
    "explore_quadratic": {"rate": 0.077, "decay": 0.0, "kappa": 25.0},
}


@pytest.mark.parametrize("name", BUILD)
def test_the_goal_is_open_at_first_and_can_be_reached(explorers, name):
    explorer = explorers[name]
    explorer.reset()
    assert not explorer.goal_reached
    explorer.set(**GOALS[name])
    assert explorer.goal_reached


# --- the race ---

OURS = {"gradient descent": lu.gradient_descent, "momentum": lu.momentum, "RMS": lu.rms,
        "RMSProp": lu.rmsprop, "Adam": lu.adam}  # fmt: skip


@only("race")
@pytest.mark.parametrize("track", ["rotated ravine", "Himmelblau"])
def test_the_race_is_the_package_s_own_trajectory(explorer, track):
    result = optimizer_comparison._Result(track, (1.0, 0.5), list(_RATES.values()), 0.9)
    for k, name in enumerate(_RACERS):
        if name in OURS:
            run = lu.trajectory(_TRACKS[track], jnp.array([1.0, 0.5]), OURS[name](_RATES[name]), 60)
            lost = run.diverged_at if run.diverged_at > 0 else 61
            np.testing.assert_allclose(result.points[:lost, k][:61], run.params[:lost], rtol=1e-6)


@only("race")
def test_trails_end_at_the_step_of_the_clock_and_only_the_chosen_race(explorer):
    explorer.set(step=40, Lion=True, Adam=False)
    trails = explorer.picture.figure.axes[0].lines
    lengths = {len(line.get_xdata()) for line in trails}
    assert {0, 41} <= lengths
    assert "Lion" in explorer.readout
    assert "Adam" not in explorer.readout


@only("race")
def test_divergence_is_dated_just_above_2_over_L_and_not_below(explorer):
    explorer.preset("η just above 2/L")
    explorer.set(step=300)
    assert "gradient descent <b>diverged at step" in explorer.readout
    explorer.preset("η just below 2/L")
    explorer.set(step=300)
    assert "diverged" not in explorer.readout


@only("race")
def test_momentum_crosses_the_hill_and_gradient_descent_does_not(explorer):
    explorer.preset("over the hill")
    explorer.set(step=300)
    assert "momentum below 10⁻⁶" in explorer.readout
    assert "gradient descent 0.3" in explorer.readout


@only("race")
def test_another_surface_or_rate_compiles_nothing(explorer):
    size = optimizer_comparison._race._cache_size()
    for track in _TRACKS:
        explorer.set(surface=track, **{"rate of Adam": 0.5}, decay=0.3)
    assert optimizer_comparison._race._cache_size() == size


# --- the ball and the quadratic ---


@only("energy")
def test_the_energy_falls_and_decides(explorer):
    explorer.set(rate=0.005, decay=0.95, start=(1.7, 0.0), tilt=0.15)
    energy = explorer.picture.figure.axes[1].lines[0].get_ydata()
    assert np.all(np.diff(energy) < 1e-3)
    explorer.set(start=(1.05, 0.0), decay=0.99)
    assert np.max(explorer.picture.figure.axes[1].lines[0].get_ydata()) < 0
    assert not optimizer_comparison._ends_left(1.05, 0.005, 0.99, 0.15)


@only("quadratic")
def test_both_views_show_one_path(explorer):
    explorer.set(rate=0.03, start=(1.0, -1.0))
    views = explorer.picture.figure.axes[:2]
    plan, basis = (next(line for line in ax.lines if line.get_marker() == ".") for ax in views)
    turned = optimizer_comparison._TURN @ basis.get_xydata().T
    np.testing.assert_allclose(plan.get_xydata().T, turned, atol=1e-12)
    run = lu.trajectory(
        lu.surfaces.quadratic(1.0, 0.0, 25.0), jnp.array(basis.get_xydata()[0]),
        lu.gradient_descent(0.03), 100,
    )  # fmt: skip
    np.testing.assert_allclose(basis.get_xydata(), run.params, atol=1e-10)


@only("quadratic")
def test_it_tells_when_it_diverges(explorer):
    explorer.set(rate=0.2)
    assert "Diverged at step" in explorer.readout


# --- the clock ---


@pytest.fixture
def film(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(playing.time, "monotonic", lambda: now[0])
    figure = Figure(figsize=(2, 2))
    (line,) = figure.subplots().plot([0, 1])
    picture = PlayingPicture(figure, "a line that moves")
    picture.animate(line)
    player = Player(
        picture, lambda step: f"step {step}", {"step": IntSlider(min=0, max=20)},
        clock="step", speed=10, title="a film", goal="none",
    )  # fmt: skip

    def tick(seconds):
        now[0] += seconds
        picture._on_message(None, {"kind": "tick", "client": "page", "sequence": 7}, [])
        assert picture._ack == ["page", 7]
        return player.values["step"]

    return player, tick


def test_the_clock_follows_time_and_waits_for_whole_steps(film):
    player, tick = film
    assert tick(0.1) == 0  # not playing yet
    player.playing = True
    frames = player.picture.frames
    assert tick(0.05) == 0
    assert player.picture.frames == frames  # nothing is due, nothing is drawn
    assert tick(0.06) == 1
    assert tick(0.1) == 2
    assert player.picture._playing


def test_a_long_silence_of_the_page_does_not_skip_the_film(film):
    player, tick = film
    player.playing = True
    assert tick(60.0) == 2


def test_it_stops_at_its_end_and_starts_again_from_the_first_step(film):
    player, tick = film
    player.playing = True
    for _ in range(12):
        tick(0.2)
    assert player.values["step"] == 20
    assert not player.playing
    assert not player.picture._playing
    player.playing = True
    assert player.values["step"] == 0


def test_step_preset_and_reset_stop_it(film):
    player, tick = film
    for act in (player._step, player.reset):
        player.playing = True
        act()
        assert not player.playing
    player._step()
    assert tick(1.0) == 1


def test_frames_of_a_film_are_quick_and_the_one_that_stays_is_exact(film):
    player, tick = film
    player.playing = True
    tick(0.2)
    assert player.picture.frame().startswith(b"\xff\xd8")  # JPEG
    player.playing = False
    assert player.picture.frame().startswith(b"\x89PNG")
