"""The explorers of notebook 01: every control over its range, and what the artists then show."""

import jax
import numpy as np
from every_explorer import *  # noqa: F403
from every_explorer import only

from lecture_utils import surfaces
from lecture_utils.lessons.hessian_review import explorers as hessian_review

BUILD = {name: getattr(hessian_review, name) for name in hessian_review.__all__}
GOALS = {
    "explore_taylor": {"point": (0.0, 0.0), "angle": 0.0},
    "explore_curvature": {"a": 1.0, "b": 2.0, "c": 1.0},
    "explore_newton": {"surface": "double well", "start": (0.4, 0.5)},
    "explore_escape": {"a": 1.99, "point": (1.0, 1.0)},
}
REDRAWN = {"surface"}


def lines(axes, label):
    (line,) = [line for line in axes.lines if line.get_label() == label]
    return np.asarray(line.get_xdata()), np.asarray(line.get_ydata())


@only("taylor")
def test_taylor_draws_the_tangent_and_the_parabola(explorer):
    explorer.set(point=(0.7, -0.4), angle=30)
    theta, v = np.array([0.7, -0.4]), np.array([np.cos(np.pi / 6), 0.5])
    loss = surfaces.double_well
    g, H = jax.grad(loss)(theta), jax.hessian(loss)(theta)
    section = explorer.picture.figure.axes[1]
    t, tangent = lines(section, "tangent")
    np.testing.assert_allclose(tangent, loss(theta) + (g @ v) * t, rtol=1e-9)
    _, parabola = lines(section, "parabola")
    np.testing.assert_allclose(parabola - tangent, 0.5 * (v @ H @ v) * t**2, atol=1e-9)
    _, true = lines(section, "loss")
    np.testing.assert_allclose(true[0], loss(theta + t[0] * v), rtol=1e-9)


@only("curvature")
def test_curvature_names_the_matrix_and_colors_by_sign(explorer):
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


@only("newton")
def test_newton_reports_where_both_went(explorer):
    explorer.preset("one step on a bowl")
    assert "Newton: <b>minimum</b> (0.00, 0.00), within 0.01 after 1 step." in explorer.readout
    explorer.preset("η too large")
    assert "diverged at step" in explorer.readout
    explorer.set(surface="double well", start=(0.4, 0.5), rate=-0.7)
    assert "Newton: <b>saddle</b> (0.00, 0.00)" in explorer.readout
    assert "Gradient descent (η = 0.2): <b>minimum</b> (1.00, 0.00)" in explorer.readout


@only("newton")
def test_newton_marks_the_critical_points_of_the_chosen_surface(explorer):
    plan = explorer.picture.figure.axes[0]
    counts = []
    for name in explorer.controls["surface"].options:
        explorer.set(surface=name)
        markers = [
            line for line in plan.lines if line.get_marker() in "vx^" and not line.get_animated()
        ]
        counts.append(len(markers))
    assert counts == [3, 1, 9]


@only("escape")
def test_escape_compares_the_forecast_with_the_loss(explorer):
    explorer.preset("along u")
    assert "<b>0.766</b>, forecast 0.750" in explorer.readout
    explorer.preset("the wrong way")
    assert "vᵀHv = +2.00" in explorer.readout
