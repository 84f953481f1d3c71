"""The explorers of notebook 04: every control over its range, and the search in its thread."""

import time

import jax.numpy as jnp
import numpy as np
import pytest
from every_explorer import *  # noqa: F403
from every_explorer import only

from lecture_utils import find_critical_points, surfaces
from lecture_utils.lessons.eigenvalues_vs_error import explorers as rooms
from lecture_utils.random_matrices import critical_error, index_of_error

STEPS = (0, 10, 100)


def loss(theta):
    """Himmelblau's function, lifted off zero for the logarithmic axis."""
    return surfaces.himmelblau(theta) + 10


def starts(num):
    side = jnp.linspace(-4, 4, num)
    return jnp.stack(jnp.meshgrid(side, side), axis=-1).reshape(-1, 2)


def spectra():
    values = np.sort(0.1 * np.random.default_rng(0).standard_normal((3, 60)), axis=1)
    values[1, -9:] += 1
    return values


def critical_points():
    known = find_critical_points(loss, starts(3)[:4], 100)
    return rooms.explore_critical_points(loss, starts(3), known)


BUILD = {
    "explore_theory": rooms.explore_theory,
    "explore_critical_points": critical_points,
    "explore_training": lambda: rooms.explore_training(STEPS, [2.0, 1.0, 0.1], spectra(), 10),
}
UNTOUCHED = {"search", "searched"}


def search(explorer, seconds=60):
    """Press the button and wait until the thread is done."""
    explorer.controls["search"].value = True
    end = time.monotonic() + seconds
    while explorer.controls["search"].value and time.monotonic() < end:
        time.sleep(0.02)
    assert not explorer.controls["search"].value, "the search did not end"


def first_saddle(explorer):
    """The way to the second goal: search, pick a saddle and its direction down."""
    search(explorer)
    fresh = explorer.picture.figure.axes[0].lines[1].get_xydata()
    explorer.set(pick=tuple(fresh[fresh[:, 1] == 0.5][0]), eigenvector=1)


ABOVE = float(np.ceil(critical_error(0.15) / 0.002) * 0.002)  # the slider's next value
GOALS = {
    "explore_theory": {"phi": 0.15, "epsilon": ABOVE},
    "explore_critical_points": first_saddle,
    "explore_training": {"time": 1, "mark": (0.6, 5.0)},
}


# --- theory ---


@only("theory")
def test_the_readout_is_the_theory_s(explorer):
    for phi, epsilon in ((0.25, 0.1), (0.05, 0.09), (1.2, 0.3)):
        explorer.set(phi=phi, epsilon=epsilon)
        share = 100 * index_of_error(epsilon, phi)
        assert f"exact α = <b>{share:.2f} %</b>" in explorer.readout
        in_sample = int(explorer.readout.split("sample ")[1].split()[0])
        assert in_sample / 2 == pytest.approx(share, abs=2)
        if phi < 1:
            assert f"= {critical_error(phi):.4f}" in explorer.readout
    heights = [bar.get_height() for bar in explorer.picture.figure.axes[0].patches]
    assert sum(heights) * 0.1 == pytest.approx(1, abs=0.01)


@only("theory")
def test_the_largest_excess_is_still_on_the_axis(explorer):
    explorer.set(phi=0.95, epsilon=0.6)
    axis = explorer.picture.figure.axes[1]
    ((excess, share),) = axis.lines[-1].get_xydata()
    assert axis.get_xlim()[0] < excess < axis.get_xlim()[1]
    assert share == pytest.approx(index_of_error(0.6, 0.95))


@only("theory")
def test_the_goal_needs_many_data(explorer):
    explorer.set(phi=0.15, epsilon=1.005 * float(critical_error(0.15)))
    assert not explorer.goal_reached or explorer.values["epsilon"] >= 0.06


# --- the search ---


@only("critical_points")
def test_a_search_lands_its_points_and_the_goal_can_be_reached(explorer):
    assert "Searched 0 of 9, <b>0 certified</b>" in explorer.readout
    search(explorer)
    assert explorer.last_error is None
    assert "Searched 9 of 9, <b>9 certified</b>" in explorer.readout
    assert explorer.controls["search"].description == "search more"
    plan = explorer.picture.figure.axes[0]
    fresh = plan.lines[1].get_xydata()
    assert len(fresh) == 9
    known = np.array([float(loss(jnp.array(p))) for p, _ in surfaces.himmelblau.critical_points])
    assert np.max(np.min(np.abs(fresh[:, :1] - known), axis=1)) < 1e-6
    saddle = tuple(fresh[fresh[:, 1] == 0.5][0])
    explorer.set(pick=saddle, eigenvector=2)
    explorer.goal_reached = False
    explorer.set(eigenvector=2)
    assert "a saddle of index 1 of 2" in explorer.readout
    assert not explorer.goal_reached  # the second eigenvector bends up
    explorer.set(eigenvector=1)
    assert explorer.goal_reached


@only("critical_points")
def test_a_search_can_be_stopped_and_reset_forgets_it(explorer):
    explorer.controls["search"].value = True
    assert explorer.controls["search"].description == "stop"
    explorer.controls["search"].value = False
    assert explorer.controls["search"].description == "search more"
    time.sleep(0.3)
    landed = explorer.controls["searched"].value
    time.sleep(0.3)
    assert explorer.controls["searched"].value == landed  # a stopped search lands nothing
    explorer.reset()
    assert "Searched 0 of 9" in explorer.readout
    search(explorer)
    assert "Searched 9 of 9" in explorer.readout


def test_an_error_in_the_thread_is_one_sentence():
    def broken(theta):
        if broken.on:
            raise RuntimeError("no luck\nsecond line")
        return loss(theta)

    broken.on = False
    known = find_critical_points(broken, starts(2), 50)
    explorer = rooms.explore_critical_points(broken, jnp.array([[0.1, 0.2]]), known, num_steps=7)
    broken.on = True
    search(explorer)
    end = time.monotonic() + 10  # the button is up a moment before the sentence is there
    while not explorer.status and time.monotonic() < end:
        time.sleep(0.02)
    assert "no luck" in explorer.status
    assert "no luck" in str(explorer.last_error)
    assert "second line" not in explorer.status


def test_points_without_a_certificate_are_refused():
    lost = find_critical_points(lambda theta: jnp.exp(-theta[0]), jnp.ones((1, 1)), 3)
    with pytest.raises(ValueError, match="found"):
        rooms.explore_critical_points(loss, starts(2), lost)


@only("critical_points")
def test_spectrum_and_curve_are_those_of_the_point(explorer):
    explorer.preset("lowest loss")
    figure = explorer.picture.figure
    curve, bowl = figure.axes[2].lines[:2]
    assert curve.get_ydata().min() >= -1e-9  # a minimum: nowhere lower
    np.testing.assert_allclose(curve.get_ydata()[40], 0, atol=1e-9)
    lam = 2 * bowl.get_ydata()[-1] / 16
    assert f"λ = <b>{lam:+.2g}</b>" in explorer.readout


# --- training ---


@only("training")
def test_the_cut_counts_and_the_goal_is_the_gap(explorer):
    explorer.set(time=1, mark=(0.6, 5.0))
    assert "<b>9</b>" in explorer.readout
    assert explorer.goal_reached
    explorer.reset()
    explorer.set(time=0, mark=(0.0, 5.0))
    assert f"{np.sum(spectra()[0] < 0)} of 60 eigenvalues negative" in explorer.readout
    assert not explorer.goal_reached
    lowest = spectra()[0][:2]
    explorer.set(mark=(lowest.mean(), 5.0))  # a ratio of negative neighbors would say nothing
    assert "<b>59</b>; no gap there" in explorer.readout
