"""The explorers of notebook 04: what they compute and tell, and the search in its thread."""

import threading

import jax.numpy as jnp
import numpy as np
import pytest

from lecture_utils import find_critical_points, surfaces
from lecture_utils.lessons.eigenvalues_vs_error import explorers as rooms
from lecture_utils.random_matrices import critical_error, index_of_error


def loss(theta):
    """That of the example."""
    return surfaces.himmelblau(theta) + 10


def starts(num):
    side = jnp.linspace(-4, 4, num)
    return jnp.stack(jnp.meshgrid(side, side), axis=-1).reshape(-1, 2)


@pytest.fixture(scope="module")
def made():
    return {
        kind: kind.example()
        for kind in (rooms.RandomHessian, rooms.LiveSearch, rooms.TrainingSpectrum)
    }


@pytest.fixture
def theory(made):
    made[rooms.RandomHessian].reset()
    return made[rooms.RandomHessian]


@pytest.fixture
def live(made):
    made[rooms.LiveSearch].reset()
    return made[rooms.LiveSearch]


@pytest.fixture
def training(made):
    made[rooms.TrainingSpectrum].reset()
    return made[rooms.TrainingSpectrum]


# --- theory ---


@pytest.mark.nightly
def test_the_readout_is_the_theory_s(theory):
    for phi, epsilon in ((0.25, 0.1), (0.05, 0.09), (1.2, 0.3)):
        theory.set(phi=phi, epsilon=epsilon)
        share = 100 * index_of_error(epsilon, phi)
        assert f"exact α = <b>{share:.2f} %</b>" in theory.readout
        in_sample = int(theory.readout.split("sample ")[1].split()[0])
        assert in_sample / 2 == pytest.approx(share, abs=2)
        if phi < 1:
            assert f"= {critical_error(phi):.4f}" in theory.readout
    heights = [bar.get_height() for bar in theory.picture.figure.axes[0].patches]
    assert sum(heights) * 0.1 == pytest.approx(1, abs=0.01)


@pytest.mark.nightly
def test_the_largest_excess_is_still_on_the_axis(theory):
    theory.set(phi=0.95, epsilon=0.6)
    axis = theory.picture.figure.axes[1]
    ((excess, share),) = axis.lines[-1].get_xydata()
    assert axis.get_xlim()[0] < excess < axis.get_xlim()[1]
    assert share == pytest.approx(index_of_error(0.6, 0.95))


def test_what_is_below_the_mark_grows_to_all(theory):
    shares = [theory.compute(0.5, 0.2, (z, 0.0))[2] for z in (-2.4, 0.0, 1.0, 6.5)]
    assert shares[0] == 0
    assert shares[1] == pytest.approx(index_of_error(0.2, 0.5), abs=0.01)
    assert shares[1] < shares[2] < shares[3] == 1


def test_the_goal_needs_a_large_error(theory):
    theory.set(phi=0.25, epsilon=1.005 * float(critical_error(0.25)))
    assert theory.values["epsilon"] < 0.06
    assert 0 < theory.result(**theory.values)[0].share < 1e-3
    assert not theory.goal_reached


# --- the search ---


def search(explorer):
    """Press the button and wait until the thread is done."""
    explorer.controls["search"].value = True
    explorer.wait()
    assert not explorer.controls["search"].value, "the search did not end"


def test_a_search_lands_its_points_and_the_goal_can_be_reached(live):
    assert "Searched" not in live.readout and not live.legend.get_visible()
    search(live)
    assert live.legend.get_visible(), "what it has found is explained"
    assert live.last_error is None
    assert "Searched 9 of 9, <b>9 certified</b>" in live.readout
    assert live.controls["search"].description == "search more"
    fresh = live.picture.figure.axes[0].lines[1].get_xydata()
    assert len(fresh) == 9
    known = np.array([float(loss(jnp.array(p))) for p, _ in surfaces.himmelblau.critical_points])
    assert np.max(np.min(np.abs(fresh[:, :1] - known), axis=1)) < 1e-6
    saddle = tuple(fresh[fresh[:, 1] == 0.5][0])
    live.set(pick=saddle, eigenvector=2)
    live.goal_reached = False  # a new one may have landed on the one that was picked
    live.set(eigenvector=2)
    assert "a saddle of index 1 of 2" in live.readout
    assert not live.goal_reached  # the second eigenvector bends up
    live.set(eigenvector=1)
    assert live.goal_reached


def test_a_click_takes_the_nearest_point_as_the_eye_sees_it(live):
    live.picture.frame()
    plan, (x, y) = live.picture.figure.axes[0], np.transpose([live._place(p) for p in live.known])
    pixels = plan.transData.transform(np.stack([x, y], axis=1))
    for across, up in np.random.default_rng(0).uniform(0.02, 0.98, (30, 2)):
        here = plan.transAxes.transform((across, up))
        away = np.hypot(*(pixels - here).T)
        place = plan.transData.inverted().transform(here)
        taken = live.compute(tuple(place), 1, 0).point
        row = [point is taken for point in live.known].index(True)
        assert away[row] <= away.min() + 4  # the plan is square to 2 %


@pytest.mark.nightly
def test_a_search_can_be_stopped_and_reset_forgets_it(live, monkeypatch):
    go, find = threading.Event(), rooms.find_critical_points

    def slowly(*args):
        go.wait(10)
        return find(*args)

    monkeypatch.setattr(rooms, "find_critical_points", slowly)
    live.controls["search"].value = True
    assert live.controls["search"].description == "stop"
    live.controls["search"].value = False
    assert live.controls["search"].description == "search more"
    go.set()
    live.wait()
    assert live.controls["found"].value == 0  # a stopped search lands nothing
    search(live)
    assert "Searched 9 of 9" in live.readout
    live.reset()
    assert "Searched" not in live.readout
    search(live)
    assert "Searched 9 of 9" in live.readout


@pytest.mark.nightly
def test_an_error_in_the_thread_is_one_sentence():
    def broken(theta):
        if broken.on:
            raise RuntimeError("no luck\nsecond line")
        return loss(theta)

    broken.on = False
    known = find_critical_points(broken, starts(2), 50)
    explorer = rooms.LiveSearch(broken, jnp.array([[0.1, 0.2]]), known, num_steps=7)
    broken.on = True
    search(explorer)
    assert "no luck" in explorer.status
    assert "no luck" in str(explorer.last_error)
    assert "second line" not in explorer.status


def test_points_without_a_certificate_are_refused():
    lost = find_critical_points(lambda theta: jnp.exp(-theta[0]), jnp.ones((1, 1)), 3)
    with pytest.raises(ValueError, match="found"):
        rooms.LiveSearch(loss, starts(2), lost)


@pytest.mark.nightly
def test_what_is_not_certified_is_a_cross_and_cannot_be_chosen():
    known = find_critical_points(loss, starts(2), 100)
    explorer = rooms.LiveSearch(loss, starts(3), known, num_steps=1)
    search(explorer)
    result = explorer.result(**explorer.values)
    assert len(result.new) + len(result.missed) == 9
    assert len(result.missed) >= 8
    assert not result.point.new
    crosses = explorer.picture.figure.axes[0].lines[2]
    np.testing.assert_array_equal(crosses.get_xydata(), result.missed)


def test_spectrum_and_curve_are_those_of_the_point(live):
    live.preset("lowest loss")
    figure = live.picture.figure
    curve, bowl = figure.axes[2].lines[:2]
    assert curve.get_ydata().min() >= -1e-9  # a minimum: nowhere lower
    np.testing.assert_allclose(curve.get_ydata()[40], 0, atol=1e-9)
    lam = 2 * bowl.get_ydata()[-1] / 16
    assert f"λ = <b>{lam:+.2g}</b>" in live.readout


# --- training ---


def test_the_cut_counts_and_the_goal_is_the_gap(training):
    spectra = training.spectra[:, ::-1]
    training.set(time=1, mark=(0.6, 5.0))
    assert "<b>9</b>" in training.readout
    assert training.goal_reached
    training.reset()
    training.set(time=0, mark=(0.0, 5.0))
    assert f"{np.sum(spectra[0] < 0)} of 60 eigenvalues negative" in training.readout
    assert not training.goal_reached
    lowest = spectra[0][:2]
    training.set(mark=(lowest.mean(), 5.0))  # a ratio of negative neighbors would say nothing
    assert "<b>59</b>; no gap there" in training.readout
