"""The explorers of notebook 06: what is computed, what is shown of it, and the work beside."""

import threading

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from lecture_utils import gradient_descent, grid, surfaces, trajectory
from lecture_utils.lessons.loss_surfaces_2d import explorers as rooms
from lecture_utils.lessons.loss_surfaces_2d.explorers import KINDS, REACH, rescale
from lecture_utils.trees import ravel


@pytest.fixture(scope="module")
def made():
    return {kind: kind.example() for kind in (rooms.Surface, rooms.Rescaling)}


@pytest.fixture
def surface(made):
    found = made[rooms.Surface]
    found.reset()
    found.wait()
    return found


@pytest.fixture
def rescaling(made):
    made[rooms.Rescaling].reset()
    return made[rooms.Rescaling]


def shown(surface):
    """What the picture shows: a Rolled."""
    return surface.result(**surface.values)


def loss_at(surface, plane, place):
    """The loss at a place of a plane, one point at a time."""
    flat, unravel = ravel(surface.center)
    away = plane.basis @ np.asarray(place)
    return float(surface.loss(unravel(flat + jnp.asarray(away, flat.dtype))))


@pytest.mark.nightly
def test_a_surface_for_every_setting(surface):
    for settings in (*({"kind": kind} for kind in KINDS), {"radius": 3.0}, {"resolution": 11}):
        surface.set(**settings)
        surface.wait()
        assert surface.last_error is None
        assert "computed" not in surface.readout
        values, plane = surface.values, shown(surface).plane
        np.testing.assert_allclose(plane.axis, grid(values["radius"], values["resolution"]))
        assert plane.kind == values["kind"]
        assert surface.plan.get_title(loc="left") == KINDS[plane.kind]
        assert surface.plan.get_xlim() == (-values["radius"], values["radius"])
    for trajectory_shown in (False, True):
        surface.set(trajectory=trajectory_shown)
        assert [line.get_visible() for line in surface.run] == 2 * [trajectory_shown]


@pytest.mark.nightly
def test_the_contours_and_the_path_are_those_of_the_loss(surface):
    for kind in ("PCA of the path", "random"):
        surface.set(kind=kind, resolution=11)
        surface.wait()
        plane = shown(surface).plane
        for i, j in ((0, 0), (5, 5), (10, 3)):
            place = plane.axis[j], plane.axis[i]
            assert plane.losses[i, j] == pytest.approx(loss_at(surface, plane, place), rel=1e-4)
    surface.set(kind="PCA of the path")
    surface.wait()
    drawn = surface.run[0].get_xydata()
    np.testing.assert_allclose(drawn, surface.away @ shown(surface).plane.basis)
    np.testing.assert_allclose(drawn[-1], 0)


@pytest.mark.nightly
def test_balls_start_together_and_the_bound_one_stays_in_the_plane(surface):
    for ball in ((0.0, 0.0), (9.0, -9.0), (-3.0, 4.0)):
        surface.set(ball=ball)
        plane, bound, free, distance = shown(surface)
        assert bound.losses[0] == free.losses[0]
        assert bound.losses[0] == pytest.approx(loss_at(surface, plane, ball), rel=1e-4)
        np.testing.assert_allclose(bound.places[0], ball, atol=1e-4)
        assert distance[0] < 1e-3
        there = loss_at(surface, plane, bound.places[-1])
        assert there == pytest.approx(bound.losses[-1], rel=1e-2)
        assert np.all(np.linalg.norm(np.diff(bound.places, axis=0), axis=1) < 0.2501)
        assert surface.last_error is None


@pytest.mark.nightly
def test_cancelling_keeps_the_plane_that_is_shown(surface, monkeypatch):
    before, gate, seen = shown(surface).plane, threading.Event(), []
    pieces = rooms.loss_pieces

    def slowly(*wanted):
        for part in pieces(*wanted):
            seen.append(part)
            yield part
            gate.wait(10)

    monkeypatch.setattr(rooms, "loss_pieces", slowly)
    surface.set(resolution=51)
    assert "being computed" in surface.readout
    surface.set(ball=(1.0, 1.0))  # the ball answers meanwhile
    assert surface.last_error is None
    assert surface.dot.get_xydata().tolist() == [[1.0, 1.0]]
    cancel = next(b for row in surface.children for b in getattr(row, "children", ())
                  if getattr(b, "description", "") == "Cancel")  # fmt: skip
    assert cancel.layout.visibility == "visible"
    cancel.click()
    gate.set()
    surface.wait()
    assert len(seen) < 5
    np.testing.assert_array_equal(shown(surface).plane.losses, before.losses)
    assert surface.values["resolution"] == len(before.axis)
    assert cancel.layout.visibility == "hidden"


def test_an_error_on_the_way_becomes_a_sentence(surface, monkeypatch):
    def failing(*_):
        raise RuntimeError("out of memory")
        yield

    monkeypatch.setattr(rooms, "loss_pieces", failing)
    surface.set(resolution=11)
    surface.wait()
    assert "out of memory" in surface.status


def test_a_picture_is_saved(surface, tmp_path):
    surface.save(tmp_path / "picture.png")
    assert (tmp_path / "picture.png").read_bytes() == surface.picture.frame()
    assert "Saved" in surface.picture.caption


def test_any_loss_of_any_pytree():
    bowl = surfaces.bowl
    run = trajectory(bowl, jnp.array([1.5, 1.0]), gradient_descent(0.1), 20)
    explorer = rooms.Surface(bowl, run.params)
    assert explorer.last_error is None
    explorer.set(ball=(0.5, 0.5))
    _, bound, free, distance = shown(explorer)
    np.testing.assert_allclose(bound.losses, free.losses, rtol=1e-6)  # two dimensions: all is seen
    np.testing.assert_allclose(distance, 0, atol=1e-9)
    with pytest.raises(ValueError, match="belong together"):
        rooms.Surface(bowl)


def test_rescaling_over_the_range(rescaling):
    loss, path, _ = rooms._trained()
    params = jax.tree.map(lambda leaf: leaf[-1], path)
    grey, blue = rescaling.picture.figure.axes[1].lines[:2]
    draws = rescaling.picture.full_draws
    for a in (-1.0, -0.3, 0.5, 1.0):
        rescaling.set(a=a, b=-a / 2, step=(a, 3.0))
        assert rescaling.last_error is None
        assert "<b>0</b> of 300" in rescaling.readout
        np.testing.assert_allclose(
            blue.get_ydata(), np.clip(grey.get_ydata(), 1e-3, 1e3), rtol=2e-3
        )
        same = rescale(params, 10.0**a, 10.0 ** (-a / 2))
        assert float(loss(same)) == pytest.approx(float(loss(params)), rel=1e-3)
    assert rescaling.picture.full_draws == draws
    assert len(REACH) == len(blue.get_ydata())


def test_the_step_along_the_direction_computes_no_network(rescaling, monkeypatch):
    monkeypatch.setattr(rooms, "_scales", None)
    rescaling.set(step=(-0.7, 1.0))
    assert rescaling.last_error is None
    assert "At t = −0.70" in rescaling.readout
