"""The explorers of notebook 02: what they compute, and what the artists then show."""

import jax.numpy as jnp
import numpy as np
import pytest

import lecture_utils as lu
from lecture_utils.critical_points import linear_autoencoder_points
from lecture_utils.lessons.deep_linear_networks import explorers as deep_linear_networks


def line(axes, label):
    (found,) = [line for line in axes.lines if line.get_label() == label]
    return np.asarray(found.get_xdata()), np.asarray(found.get_ydata())


@pytest.mark.by_day("6")
@pytest.mark.parametrize("depth", [2, 3, 6, 11])
def test_the_chain_runs_as_all_its_weights_would(at_first, depth):
    explorer = at_first(deep_linear_networks.Chain)
    explorer.set(depth=depth, start=(0.7, 0.55), rate=0.03)
    w = jnp.where(jnp.arange(depth) % 2 == 0, 0.7, 0.55)
    for name, rule in (("momentum", lu.momentum(0.03)), ("Adam", lu.adam(0.03))):
        run = lu.trajectory(lambda w: (1 - jnp.prod(w)) ** 2, w, rule, 200)
        steps, loss = line(explorer.picture.figure.axes[1], name)
        np.testing.assert_allclose(loss[:200], run.losses[1:], rtol=1e-6, atol=1e-9)
        assert steps[0] == 1


def test_scale_and_start_follow_each_other(at_first):
    explorer = at_first(deep_linear_networks.Chain)
    explorer.set(start=(0.8, 0.8))
    assert explorer.values["scale"] == pytest.approx(0.8)
    explorer.set(scale=0.4)
    np.testing.assert_allclose(explorer.values["start"], (0.4, 0.4), atol=1e-9)
    explorer.set(start=(0.0, 0.0))
    assert explorer.last_error is None
    explorer.reset()
    assert explorer.values["start"] == (0.75, 0.4)
    assert explorer.values["scale"] == 0.6


def test_below_one_hundredth_for_a_moment_is_not_the_goal_of_the_chain(at_first):
    explorer = at_first(deep_linear_networks.Chain)
    result = explorer.compute(11, 0.085, (0.616, 0.616))
    descent, end = result.runs[0], explorer.values["frame"]
    assert explorer.goal(result, 11, end)
    for other in ({"last": 0.02}, {"done": 61}, {"done": 0}):
        runs = (descent._replace(**other), *result.runs[1:])
        assert not explorer.goal(result._replace(runs=runs), 11, end), other
    assert not explorer.goal(result, 10, end)


def test_the_chain_says_who_diverges(at_first):
    explorer = at_first(deep_linear_networks.Chain)
    explorer.preset("η too large")
    assert "momentum <b>diverged at step" in explorer.readout
    explorer.set(depth=11, start=(1.4, 1.4), rate=0.2)
    assert "gradient descent <b>diverged at step" in explorer.readout


@pytest.mark.nightly
def test_the_edge_of_stability_is_at_two_over_lambda(at_first):
    explorer = at_first(deep_linear_networks.EqualMinima)
    explorer.set(minimum=(2.0, 0.5))
    assert "λ = 2(w₁² + w₂²) = <b>8.50</b>, 2/λ = 0.235" in explorer.readout
    explorer.set(rate=0.22)
    assert "comes back" in explorer.readout
    explorer.set(rate=0.26)
    assert "leaves, and settles" in explorer.readout
    explorer.preset("η too large for all")
    assert "finds no rest" in explorer.readout
    assert not np.isfinite(line(explorer.picture.figure.axes[0], "stable at this η")[0]).any()


@pytest.mark.nightly
def test_measured_modes_lie_on_the_formula(at_first):
    explorer = at_first(deep_linear_networks.Modes)
    explorer.set(targets=(3.0, 1.2), start=-3.0, rate=0.005, mix=0.0)
    curve = explorer.picture.figure.axes[1]
    t, u = line(curve, "mode 1")
    at_one = np.interp(1.0, t, u)
    assert at_one == pytest.approx(0.3556749, abs=5e-3)
    dots = [d for d in curve.lines if d.get_linestyle() == "None" and d.get_label() != "_ghost"]
    for label, measured in zip(("mode 1", "mode 2"), dots, strict=True):
        x, y = measured.get_data()
        assert np.max(np.abs(np.interp(x, *line(curve, label)) - y)) < 0.06
    explorer.preset("η too large")
    assert "No rest" in explorer.readout
    result = explorer.result(**explorer.values)
    staged = result._replace(restless=False, done=1.0, begun=2.0)
    assert explorer.goal(staged, (3.0, 2.0), 100)
    assert not explorer.goal(staged._replace(restless=True), (3.0, 2.0), 100), (
        "it is told as no rest"
    )
    assert not explorer.goal(staged._replace(lost=9), (3.0, 2.0), 100), "it is told as diverged"


@pytest.mark.nightly
def test_the_staircase_is_that_of_the_hessian(at_first):
    explorer = at_first(deep_linear_networks.Staircase)
    explorer.preset("the minimum")
    assert "Keeps 1, 2" in explorer.readout
    assert "the global minimum" in explorer.readout
    variances = np.array([bar.get_height() for bar in explorer.picture.figure.axes[0].patches])

    def loss(w):
        return jnp.sum((jnp.eye(6) - w["A"] @ w["B"]) ** 2 * variances)

    explorer.set(pick=(0.25, 0.85))
    kept = [int(i) - 1 for i in explorer.readout.split("Keeps ")[1].split(":")[0].split(",")]
    A = np.zeros((6, 2))
    A[kept, range(len(kept))] = 1
    H = lu.hessian(loss, {"A": jnp.array(A), "B": jnp.array(A.T)})
    found = int(np.sum(np.linalg.eigvalsh(H) < -1e-9))
    assert f"Index {found} =" in explorer.readout


def test_the_worst_full_saddle_uses_both_units_for_the_two_weakest_directions(at_first):
    explorer = at_first(deep_linear_networks.Staircase)
    explorer.preset("both units, weakest directions")
    assert "Keeps 5, 6" in explorer.readout
    assert "8 (a lost direction beats a kept one) + 0" in explorer.readout
    result = explorer.result(**explorer.values)
    full = [p for p in linear_autoencoder_points(result.variances, 2) if p.idle == 0]
    assert result.picked.loss == max(point.loss for point in full)
