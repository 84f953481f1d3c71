"""The explorers of notebook 07: what they compute is what the package does, and what is shown."""

import jax.numpy as jnp
import numpy as np
import pytest

import lecture_utils as lu
from lecture_utils.lessons.optimizer_comparison import explorers as rooms
from lecture_utils.lessons.optimizer_comparison.explorers import _RACERS, _RATES, _TRACKS


@pytest.fixture(scope="module")
def made():
    return {kind: kind.example() for kind in (rooms.Race, rooms.Energy, rooms.Quadratic)}


@pytest.fixture
def race(made):
    made[rooms.Race].reset()
    return made[rooms.Race]


@pytest.fixture
def energy(made):
    made[rooms.Energy].reset()
    return made[rooms.Energy]


@pytest.fixture
def quadratic(made):
    made[rooms.Quadratic].reset()
    return made[rooms.Quadratic]


# --- the race ---

OURS = {"gradient descent": lu.gradient_descent, "momentum": lu.momentum, "RMS": lu.rms,
        "RMSProp": lu.rmsprop, "Adam": lu.adam}  # fmt: skip


@pytest.mark.by_day("Himmelblau")
@pytest.mark.parametrize("track", ["rotated ravine", "Himmelblau"])
def test_the_race_is_the_package_s_own_trajectory(race, track):
    result = race.compute(track, (1.0, 0.5), 0.9, tuple(_RATES.values()))
    for k, name in enumerate(_RACERS):
        if name in OURS:
            run = lu.trajectory(_TRACKS[track], jnp.array([1.0, 0.5]), OURS[name](_RATES[name]), 60)
            lost = run.diverged_at if run.diverged_at > 0 else 61
            np.testing.assert_allclose(result.points[:lost, k][:61], run.params[:lost], rtol=1e-6)


def test_trails_end_at_the_step_of_the_clock_and_only_the_chosen_race(race):
    race.set(step=40, Lion=True, Adam=False)
    trails = race.picture.figure.axes[0].lines
    lengths = {len(line.get_xdata()) for line in trails}
    assert {0, 41} <= lengths
    assert "Lion" in race.readout
    assert "Adam" not in race.readout


@pytest.mark.nightly
def test_another_surface_brings_rates_that_suit_it_and_a_start_in_sight(race):
    for surface in [*_TRACKS, "your own", "ravine"]:
        race.controls["surface"].value = surface
        assert "diverged" not in race.readout, surface
        across, up = rooms._shape(surface, race.values["own"]).domain
        x, y = race.values["start"]
        assert across[0] <= x <= across[1] and up[0] <= y <= up[1]
    race.set(surface="Rosenbrock", **{"rate of momentum": 0.01})
    assert race.values["rate of momentum"] == 0.01, "what is set at the same time stays"


@pytest.mark.nightly
def test_a_typed_surface_is_raced_on(race):
    race.set(own="x**2 + 2*y**2", start=(1.0, 1.0))
    assert race.values["surface"] == "your own"
    points = race.result(**race.values).points
    run = lu.trajectory(
        lambda p: p[0] ** 2 + 2 * p[1] ** 2, jnp.array([1.0, 1.0]),
        lu.gradient_descent(race.values["rate of gradient descent"]), 300,
    )  # fmt: skip
    np.testing.assert_allclose(points[:, 0], run.params, atol=1e-9)
    assert "below 10⁻⁶" in race.readout and "Outside" not in race.readout
    race.set(own="(x - 5)**2 + y**2", step=300)
    assert "Outside the picture, which ends at ±2: " in race.readout


def test_the_best_heavy_ball_shows_what_theory_says(quadratic):
    quadratic.preset("best heavy ball")
    assert quadratic.readout.count("<b>0.667</b>") == 2


def test_divergence_is_dated_just_above_2_over_L_and_not_below(race):
    race.preset("η just above 2/L")
    race.set(step=300)
    assert "gradient descent <b>diverged at step" in race.readout
    race.preset("η just below 2/L")
    race.set(step=300)
    assert "diverged" not in race.readout


def test_momentum_crosses_the_hill_and_gradient_descent_does_not(race):
    race.preset("over the hill")
    race.set(step=300)
    assert "momentum arrived" in race.readout
    assert "gradient descent 0.3" in race.readout


def test_who_has_arrived_stays_below(race):
    gap = np.array([[1.0, 1e-7, 1e-3, 1e-7, 1e-8], [1.0, 1.0, 1.0, 1.0, np.nan]]).T
    runs = rooms.Runs(None, None, None, gap, [-1, 4])
    assert [runs.arrived(0, step) for step in range(5)] == [-1, 1, -1, 3, 3]
    assert [runs.arrived(1, step) for step in range(5)] == [-1] * 5


def test_another_surface_or_rate_compiles_nothing(race):
    size = rooms._race._cache_size()
    for track in _TRACKS:
        race.set(surface=track, **{"rate of Adam": 0.5}, decay=0.3)
    assert rooms._race._cache_size() == size


def test_a_step_of_the_clock_draws_and_computes_nothing(race, monkeypatch):
    race.set(step=0)
    monkeypatch.setattr(rooms, "_race", None)
    race.advance(7)
    race.set(Lion=True)
    assert race.last_error is None
    assert race.readout.startswith("Step 7,")


# --- the ball and the quadratic ---


def test_the_energy_falls_and_decides(energy):
    energy.set(rate=0.005, decay=0.95, start=(1.7, 0.0), tilt=0.15)
    drawn = energy.picture.figure.axes[1].lines[0].get_ydata()
    assert np.all(np.diff(drawn) < 1e-3)
    trapped = energy.compute((1.05, 0.0), 0.005, 0.99, 0.15)
    assert np.max(trapped.energies) < 0
    assert trapped.places[-1, 1] > trapped.summit[0]


def test_the_energy_is_that_of_the_package_s_own_momentum(energy):
    result = energy.compute((1.7, 0.0), 0.02, 0.9, 0.15)
    run = lu.trajectory(
        lambda x: rooms._well(x[0], 0.15), jnp.array([1.7]), lu.momentum(0.02, 0.9), 250
    )
    np.testing.assert_allclose(result.places[:, 1], run.params[:, 0], atol=1e-10)
    np.testing.assert_allclose(result.losses[:, 1], run.losses, atol=1e-10)


def test_what_is_enough_brings_the_ball_across_and_one_step_less_does_not(energy):
    for start, rate, tilt in ((1.7, 0.02, 0.15), (1.5, 0.02, 0.1)):
        enough = energy.compute((start, 0.0), rate, 0.5, tilt).enough
        with_it, below = (
            energy.compute((start, 0.0), rate, enough - less, tilt) for less in (0.0, 0.01)
        )
        assert with_it.places[-1, 1] < with_it.summit[0] < below.places[-1, 1]
    assert np.isnan(energy.compute((1.05, 0.0), 0.005, 0.99, 0.15).enough)


def test_both_views_show_one_path(quadratic):
    quadratic.set(rate=0.03, start=(1.0, -1.0))
    views = quadratic.picture.figure.axes[:2]
    plan, basis = (next(line for line in ax.lines if line.get_marker() == ".") for ax in views)
    turned = rooms._TURN @ basis.get_xydata().T
    np.testing.assert_allclose(plan.get_xydata().T, turned, atol=1e-12)
    run = lu.trajectory(
        lu.surfaces.quadratic(1.0, 0.0, 25.0), jnp.array(basis.get_xydata()[0]),
        lu.gradient_descent(0.03), 100,
    )  # fmt: skip
    np.testing.assert_allclose(basis.get_xydata(), run.params, atol=1e-10)


def test_it_tells_when_it_diverges(quadratic):
    quadratic.set(rate=0.2)
    assert "Diverged at step" in quadratic.readout
