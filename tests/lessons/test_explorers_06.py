"""The explorers of notebook 06: every control over its range, what is shown, and cancelling."""

import threading

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from every_explorer import *  # noqa: F403
from every_explorer import settle

from lecture_utils import gradient_descent, grid, surfaces, trajectory
from lecture_utils.lessons.loss_surfaces_2d import explorers as loss_surfaces_2d
from lecture_utils.lessons.loss_surfaces_2d.explorers import KINDS, REACH, explore_surface, rescale
from lecture_utils.trees import ravel

BUILD = {name: getattr(loss_surfaces_2d, name) for name in loss_surfaces_2d.__all__}
REDRAWN = {"kind", "radius", "resolution", "trajectory"}


@pytest.fixture
def surface(explorers):
    found = explorers["explore_surface"]
    found.reset()
    settle(found)
    return found


@pytest.fixture
def rescaling(explorers):
    found = explorers["explore_rescaling"]
    found.reset()
    return found


def a_far_ball(surface):
    surface.set(kind="random", radius=15.0)
    surface.wait()
    surface.set(ball=(-14.0, -14.0))


def curvature_of_50(rescaling):
    near = min(np.arange(0.8, 1.0, 0.01), key=lambda a: abs(float(_top(a)) - 50))
    rescaling.set(a=round(near, 2))


GOALS = {"explore_surface": a_far_ball, "explore_rescaling": curvature_of_50}


def loss_at(explorer, kind, place):
    """The loss at a place of a plane, one point at a time."""
    flat, unravel = ravel(explorer.center)
    away = explorer._basis(kind) @ np.asarray(place)
    return float(explorer.loss(unravel(flat + jnp.asarray(away, flat.dtype))))


def test_a_surface_for_every_setting(surface):
    for settings in (*({"kind": kind} for kind in KINDS), {"radius": 3.0}, {"resolution": 11}):
        surface.set(**settings)
        surface.wait()
        assert surface.last_error is None and "computed" not in surface.readout
        values = surface.values
        assert surface.shown == (values["kind"], int(values["radius"]), values["resolution"])
        limits = surface.picture.figure.axes[0].get_xlim()
        assert limits == (-values["radius"], values["radius"])
    for trajectory_shown in (False, True):
        surface.set(trajectory=trajectory_shown)
        assert surface._path.get_visible() == trajectory_shown


def test_the_contours_and_the_path_are_those_of_the_loss(surface):
    for kind in ("PCA of the path", "random"):
        surface.set(kind=kind, resolution=11)
        surface.wait()
        pieces = list(surface._pieces(kind, 9, 11))
        plane = np.concatenate(pieces).reshape(11, 11)
        axis = grid(9, 11)
        for i, j in ((0, 0), (5, 5), (10, 3)):
            place = axis[j], axis[i]
            assert plane[i, j] == pytest.approx(loss_at(surface, kind, place), rel=1e-4)
    surface.set(kind="PCA of the path")
    surface.wait()
    drawn = np.transpose(surface._path.get_data())
    np.testing.assert_allclose(drawn, surface._away @ surface._basis("PCA of the path"))
    np.testing.assert_allclose(drawn[-1], 0)


def test_balls_start_together_and_the_bound_one_stays_in_the_plane(surface):
    for ball in ((0.0, 0.0), (9.0, -9.0), (-3.0, 4.0)):
        surface.set(ball=ball)
        (places, bound), (_, free), distance = surface._roll(ball)
        assert (
            bound[0] == free[0] == pytest.approx(loss_at(surface, surface.shown[0], ball), rel=1e-4)
        )
        np.testing.assert_allclose(places[0], ball, atol=1e-4)
        assert distance[0] < 1e-3
        assert loss_at(surface, surface.shown[0], places[-1]) == pytest.approx(bound[-1], rel=1e-2)
        assert np.all(np.linalg.norm(np.diff(places, axis=0), axis=1) < 0.2501)
        assert surface.last_error is None


def _top(a):
    loss, path, _ = loss_surfaces_2d._trained()
    params = jax.tree.map(lambda leaf: leaf[-1], path)
    raw = jax.tree.map(jnp.ones_like, params)
    return loss_surfaces_2d._scales(loss, params, raw, 10.0**a, 1.0)[2]


def test_cancelling_keeps_the_plane_that_is_shown(surface, monkeypatch):
    before, gate, seen = surface.shown, threading.Event(), []
    pieces = surface._pieces

    def slowly(*wanted):
        for part in pieces(*wanted):
            seen.append(surface.bar.value)
            yield part
            gate.wait(10)

    monkeypatch.setattr(surface, "_pieces", slowly)
    surface.set(resolution=51)
    job = surface._thread
    assert surface.bar.layout.visibility == "visible" and "being computed" in surface.readout
    surface.set(ball=(1.0, 1.0))  # the ball answers meanwhile
    assert surface._thread is job and surface.last_error is None
    surface.cancel()
    gate.set()
    job.join()
    assert len(seen) < 5
    assert surface.shown == before and surface.values["resolution"] == before[2]
    assert surface.bar.layout.visibility == "hidden"


def test_the_last_of_several_wishes_is_what_is_shown(surface):
    for radius in (5.0, 6.0, 7.0):
        surface.set(radius=radius)
    surface.wait()
    assert surface.shown[1] == 7 and surface.last_error is None


def test_an_error_on_the_way_becomes_a_sentence(surface, monkeypatch):
    def failing(*_):
        raise RuntimeError("out of memory")
        yield

    monkeypatch.setattr(surface, "_pieces", failing)
    surface.set(resolution=11)
    surface.wait()
    assert "out of memory" in surface.status
    monkeypatch.undo()
    surface.cancel()


def test_a_picture_is_saved(surface, tmp_path):
    surface.save(tmp_path / "picture.png")
    assert (tmp_path / "picture.png").read_bytes() == surface.picture.frame()
    assert "Saved" in surface.readout


def test_any_loss_of_any_pytree():
    bowl = surfaces.bowl
    run = trajectory(bowl, jnp.array([1.5, 1.0]), gradient_descent(0.1), 20)
    explorer = explore_surface(bowl, run.params)
    assert explorer.last_error is None
    explorer.set(ball=(0.5, 0.5))
    (_, bound), (_, free), distance = explorer._roll((0.5, 0.5))
    np.testing.assert_allclose(bound, free, rtol=1e-6)  # two dimensions: nothing is hidden
    np.testing.assert_allclose(distance, 0, atol=1e-9)
    with pytest.raises(ValueError, match="belong together"):
        explore_surface(bowl)


def test_rescaling_over_the_range(rescaling):
    loss, path, _ = loss_surfaces_2d._trained()
    params = jax.tree.map(lambda leaf: leaf[-1], path)
    grey, blue = rescaling.picture.figure.axes[1].lines[:2]
    draws = rescaling.picture.full_draws
    for a in (-1.0, -0.3, 0.5, 1.0):
        rescaling.set(a=a, b=-a / 2, step=(a, 3.0))
        assert rescaling.last_error is None and "<b>0</b> of 300" in rescaling.readout
        np.testing.assert_allclose(
            blue.get_ydata(), np.clip(grey.get_ydata(), 1e-3, 1e3), rtol=2e-3
        )
        same = rescale(params, 10.0**a, 10.0 ** (-a / 2))
        assert float(loss(same)) == pytest.approx(float(loss(params)), rel=1e-3)
    assert rescaling.picture.full_draws == draws
    assert len(REACH) == len(blue.get_ydata())
