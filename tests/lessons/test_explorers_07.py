"""The explorers of notebook 07 and their clock: every control, and what the artists then show."""

import jax.numpy as jnp
import numpy as np
import pytest
from every_explorer import *  # noqa: F403
from every_explorer import only
from ipywidgets import IntSlider
from matplotlib.figure import Figure

import lecture_utils as lu
from lecture_utils.lessons.optimizer_comparison import explorers as optimizer_comparison
from lecture_utils.lessons.optimizer_comparison.explorers import _RACERS, _RATES, _TRACKS
from lecture_utils.studio import player as playing
from lecture_utils.studio.player import Player, PlayingPicture

BUILD = {name: getattr(optimizer_comparison, name) for name in optimizer_comparison.__all__}
REDRAWN = {"surface"}
GOALS = {
    "explore_race": {"decay": 0.44, "rate of momentum": 0.11},
    "explore_energy": {"start": (1.7, 0.0), "decay": 0.89},
    "explore_quadratic": {"rate": 0.077, "decay": 0.0, "kappa": 25.0},
}


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
