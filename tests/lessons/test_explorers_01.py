"""The explorers of notebook 01: what they compute, and that the artists show it."""

import jax
import numpy as np
import pytest

from lecture_utils import surfaces
from lecture_utils.lessons.hessian_review import explorers as rooms


def lines(axes, label):
    (line,) = [line for line in axes.lines if line.get_label() == label]
    return np.asarray(line.get_xdata()), np.asarray(line.get_ydata())


def test_taylor_is_the_tangent_and_the_parabola_of_the_surface():
    explorer = rooms.Taylor()
    result = explorer.compute(angle=30, point=(0.7, -0.4))
    theta, v = np.array([0.7, -0.4]), np.array([np.cos(np.pi / 6), 0.5])
    loss = surfaces.double_well
    g, H = jax.grad(loss)(theta), jax.hessian(loss)(theta)
    t = explorer.reach
    np.testing.assert_allclose(result.tangent, loss(theta) + (g @ v) * t, rtol=1e-9)
    bend = result.parabola - result.tangent
    np.testing.assert_allclose(bend, 0.5 * (v @ H @ v) * t**2, atol=1e-9)
    np.testing.assert_allclose(result.loss[0], loss(theta + t[0] * v), rtol=1e-9)

    explorer.set(point=(0.7, -0.4), angle=30)
    section = explorer.picture.figure.axes[1]
    for label in ("loss", "tangent", "parabola"):
        where, shown = lines(section, label)
        np.testing.assert_array_equal(where, t)
        np.testing.assert_array_equal(shown, getattr(result, label))


@pytest.mark.nightly
def test_taylor_takes_another_surface():
    explorer = rooms.Taylor(surfaces.saddle)
    result = explorer.compute(angle=0, point=(0.0, 0.0))
    assert result.curvature == pytest.approx(-2)
    assert explorer.goal(result)


def test_curvature_names_the_matrix_and_colors_by_sign():
    explorer = rooms.Curvature()
    wheel = explorer.picture.figure.axes[1]
    for label, word in [
        ("minimum", "positive definite"),
        ("saddle", "indefinite"),
        ("valley", "positive semidefinite"),
        ("dome", "negative definite"),
    ]:
        explorer.preset(label)
        assert f"<b>{word}</b>" in explorer.readout
        up, down = (
            np.isfinite(lines(wheel, name)[0]).any()
            for name in ("positive: curves up", "negative: down")
        )
        assert up == (label != "dome")
        assert down == (label in ("saddle", "dome"))


@pytest.mark.parametrize("v", [(0.3, -0.8), (0.0, 0.0)])
def test_curvature_along_v_is_shared_by_the_eigenvectors(v):
    result = rooms.Curvature().compute(a=2.0, b=0.5, c=-1.0, v=v)
    H, length = np.array([[2.0, 0.5], [0.5, -1.0]]), np.hypot(*v) or 1
    assert result.bend == pytest.approx(np.array(v) @ H @ np.array(v) / length**2)
    assert result.shares @ result.eigenvalues == pytest.approx(result.bend)
    assert result.shares.sum() == pytest.approx(1 if any(v) else 0)
    assert result.surface[150, 75] == pytest.approx(-0.5)  # at x = 0, y = 1
    assert result.surface[75, 150] == pytest.approx(1.0)  # at x = 1, y = 0


@pytest.mark.nightly
def test_newton_reports_where_both_went():
    explorer = rooms.Newton()
    explorer.preset("Newton: one step on a bowl")
    assert "Newton: <b>minimum</b> (0.00, 0.00), within 0.01 after 1 step." in explorer.readout
    explorer.preset("descent: η too large")
    assert "diverged at step" in explorer.readout
    explorer.set(surface="double well", start=(0.4, 0.5), rate=-0.7)
    assert "Newton: <b>saddle</b> (0.00, 0.00)" in explorer.readout
    assert "Gradient descent (η = 0.2): <b>minimum</b> (1.00, 0.00)" in explorer.readout


@pytest.mark.nightly
def test_newton_s_paths_are_the_two_rules_and_their_gradients():
    newton, descent = rooms.Newton().compute(surface="Himmelblau", rate=-2.0, start=(4.0, 3.5))
    loss, x, y = surfaces.himmelblau, np.array([4.0, 3.5]), np.array([4.0, 3.5])
    for k in range(5):
        np.testing.assert_allclose(newton.trail[k], x, rtol=1e-9)
        np.testing.assert_allclose(descent.trail[k], y, rtol=1e-9)
        np.testing.assert_allclose(newton.slopes[k], np.linalg.norm(jax.grad(loss)(x)), rtol=1e-6)
        x = x - np.linalg.solve(jax.hessian(loss)(x), jax.grad(loss)(x))
        y = y - 0.01 * np.asarray(jax.grad(loss)(y))


@pytest.mark.nightly
def test_newton_marks_the_critical_points_of_the_chosen_surface():
    explorer = rooms.Newton()
    plan = explorer.picture.figure.axes[0]
    counts = []
    for name in explorer.controls["surface"].options:
        explorer.set(surface=name)
        markers = [
            line for line in plan.lines if line.get_marker() in "vx^" and not line.get_animated()
        ]
        counts.append(len(markers))
    assert counts == [3, 1, 9, 0], "nobody knows those of a typed one"


def test_another_start_rate_or_surface_compiles_nothing():
    explorer = rooms.Newton()
    for name in explorer.controls["surface"].options:
        explorer.set(surface=name)
    compiled = rooms._paths._cache_size()
    for name in explorer.controls["surface"].options:
        explorer.set(surface=name, start=(0.1, 0.2), rate=-1.5)
    assert rooms._paths._cache_size() == compiled


@pytest.mark.nightly
def test_newton_starts_where_the_two_part_and_its_aim_is_the_border():
    explorer = rooms.Newton()
    assert "Newton: <b>saddle</b>" in explorer.readout
    assert "minimum" in explorer.readout and not explorer.goal_reached
    explorer.set(start=(0.44, 0.9))
    assert explorer.reached
    explorer.set(start=(0.46, 0.9))
    assert not explorer.reached, "beyond 1/√5 it goes elsewhere"


@pytest.mark.nightly
@pytest.mark.parametrize("kind", [rooms.Newton, rooms.WalkAround])
def test_a_typed_surface_is_that_function(kind):
    explorer = kind()
    explorer.set(own="x**2 + 3*y**2 + x")
    assert explorer.last_error is None
    typed = rooms._typed("x**2 + 3*y**2 + x", 2.0)
    np.testing.assert_allclose(typed(np.array([0.5, -1.0])), 3.75)
    if kind is rooms.Newton:
        assert "Newton: <b>minimum</b> (-0.50, 0.00), within 0.01 after 1 step" in explorer.readout
    else:  # its middle is no critical point, and the parabola is the function
        assert "not critical" in explorer.readout
        result = explorer.result(**explorer.values)
        np.testing.assert_allclose(result.forecasts, result.heights, atol=1e-12)


@pytest.mark.nightly
def test_escape_compares_the_forecast_with_the_loss():
    explorer = rooms.Escape()
    explorer.preset("along u, the eigenvector of −2")
    assert "<b>0.766</b>, forecast 0.750" in explorer.readout
    explorer.preset("along the eigenvector of +2")
    assert "vᵀHv = +2.00" in explorer.readout
    result = explorer.compute(a=1.99, rate=0.1, point=(1.0, 1.0))
    assert result.value == pytest.approx((1 - 1.99**2 / 2) ** 2)
    np.testing.assert_allclose(result.forecast, 1 - explorer.reach**2, atol=1e-12)


@pytest.mark.nightly
def test_escape_follows_the_descent_until_it_is_down_or_lost():
    explorer = rooms.Escape()
    result = explorer.compute(a=0.5, rate=0.1, point=(1.2, 1.2))
    w = np.array([0.5, 0.5]) / np.sqrt(2)
    for there in result.trail:
        np.testing.assert_allclose(there, w, rtol=1e-9)
        w = w - 0.1 * np.asarray(jax.grad(surfaces.linear_chain)(w))
    assert (len(result.trail), result.lost) == (result.length, -1)
    assert surfaces.linear_chain(w) < 0.01 <= surfaces.linear_chain(result.trail[-1])
    never = explorer.compute(a=0.5, rate=0.1, point=(1.0, -1.0))  # back into the saddle
    assert (never.length, never.lost, len(never.trail)) == (-1, -1, 401)
    far = explorer.compute(a=2.4, rate=0.3, point=(1.0, -0.9))
    assert far.lost > 0
    assert np.abs(far.trail).max() < 10


def test_the_hand_walks_on_the_circle_and_an_arrow_key_leads_it_to_the_top():
    walk = rooms.WalkAround()
    for _ in range(80):  # as the arrow up does, which stops at the edge of the picture
        x, y = walk.values["hand"]
        walk._mover("hand")(x, min(y + 0.05, 1.0))
    x, y = walk.values["hand"]
    assert np.hypot(x, y) == pytest.approx(walk.values["radius"])
    assert abs(x) < 0.05 * y


def test_the_window_follows_a_function_that_is_typed():
    explorer = rooms.WalkAround()
    assert explorer.around.get_ylim() == (-1.2, 1.2)
    for text, highest in (("30*x*y", 15.0), ("0.01*x**2 + y**2/50", 0.02)):
        explorer.set(own=text)
        assert explorer.last_error is None
        bottom, top = explorer.around.get_ylim()
        assert bottom == -top
        for radius in (0.5, 1.0):
            explorer.set(radius=radius)
            assert np.abs(explorer.loss.get_ydata()).max() <= top
        assert top == pytest.approx(highest, rel=0.1)
    explorer.set(surface="monkey saddle")
    assert explorer.around.get_ylim() == (-1.2, 1.2)


def test_it_says_who_leaves_the_picture_of_a_typed_surface():
    explorer = rooms.Newton()
    explorer.set(own="(x - 5)**2 + y**2", start=(0.5, 0.5))
    assert explorer.readout.endswith("Both leave the picture, which ends at ±2.")
    explorer.set(own="(x - 1)**2 + y**2", start=(0.5, 0.5))
    assert "picture" not in explorer.readout
