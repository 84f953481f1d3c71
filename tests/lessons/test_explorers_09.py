"""The explorers of notebook 09: what they compute, and what the artists then show."""

import itertools

import jax
import numpy as np
import pytest
from matplotlib.colors import to_hex

from lecture_utils.lessons.training_clinic import clinic, figures
from lecture_utils.lessons.training_clinic import explorers as training_clinic
from lecture_utils.lessons.training_clinic.explorers import NODES, verdict, walk
from lecture_utils.networks import cross_entropy


@pytest.mark.parametrize(
    ("losses", "answer"),
    [
        ((2.0, 0.2, 2.0, 2.0), "optimization"),
        ((2.0, 1.9, 2.0, 2.0), "model bias"),
        ((0.1, 0.1, 1.0, 1.0), "overfitting"),
        ((0.1, 0.1, 0.1, 1.0), "mismatch"),
        ((0.1, 0.1, 0.2, 0.2), "done"),
    ],
)
def test_the_guide_s_answers(losses, answer):
    way = verdict(*losses)
    assert way[-1] == answer
    edges = {edge[:2] for edge in training_clinic.EDGES}
    assert set(itertools.pairwise(way)) <= edges


def test_the_way_is_lit_and_a_click_reads_a_box(at_first):
    explorer = at_first(training_clinic.Guide)
    explorer.set(train=2.0, smaller=0.2, box=NODES["model bias"][:2])
    ax = explorer.picture.figure.axes[0]
    lit = [
        to_hex(line.get_color()) == figures.ORANGE.lower()
        for line in ax.lines[: len(training_clinic.EDGES)]
    ]
    assert sum(lit) == 2
    assert "ends at <b>optimization</b>" in explorer.readout
    assert training_clinic.ADVICE["model bias"] in explorer.readout


@pytest.mark.nightly
def test_the_walk_is_one_step_of_gradient_descent():
    case = clinic.PATIENTS["E"].case
    (x, y), params = clinic.data(case, 0)[0], clinic.initial(case, 0)
    loss = jax.jit(lambda p: cross_entropy(clinic.network(False)(p, x), y))
    line, slope = walk(case, 0), jax.grad(loss)(params)
    signs, eta = clinic.examine(case), line.times[60]
    assert line.slope == pytest.approx(signs.grad_norm**2, rel=1e-3)
    assert signs.lowest < line.bend / line.slope <= signs.highest * 1.001
    moved = jax.tree.map(lambda p, g: p - np.float32(eta) * g, params, slope)
    assert line.losses[60] == pytest.approx(float(loss(moved)), rel=1e-4)
    h, parabola = line.times[1], line.losses[0] - line.times[1] * line.slope
    assert line.losses[1] == pytest.approx(parabola + h**2 * line.bend / 2, abs=1e-5)


@pytest.mark.nightly
def test_the_curve_is_the_walk_and_the_point_lands_on_it(at_first):
    explorer = at_first(training_clinic.OneStep)
    explorer.set(patient="C", moment=0, step=(3.0, 0.0))
    line = walk(clinic.PATIENTS["C"].case, 0)
    after = np.interp(np.log(3), np.log(line.times[1:]), line.losses[1:])
    land = next(line for line in explorer.picture.figure.axes[0].lines if line.get_marker() == "o")
    assert land.get_xdata()[0] == pytest.approx(3.0)
    assert land.get_ydata()[0] == pytest.approx(min(after, 4.95), rel=0.01)
    assert f"<b>{after:.3f}</b>" in explorer.readout
    explorer.set(step=(1.5 * training_clinic._longest(line), 1.0))
    assert not explorer.goal_reached


def test_a_treatment_is_the_clinic_s_run(at_first):
    explorer = at_first(training_clinic.Clinic)
    explorer.set(patient="D")
    assert explorer.values["bias"] == -3.0, "a new patient brings its numbers along"
    assert "press <b>Treat</b>" in explorer.readout
    explorer.set(bias=0.0)
    explorer.press("treat")
    found = clinic.run(clinic.treat(clinic.PATIENTS["D"].case, bias=0.0))
    shown = [line for line in explorer.picture.figure.axes[0].lines if len(line.get_xdata()) == 401]
    assert len(shown) == 4
    np.testing.assert_allclose(shown[2].get_ydata(), found.train_loss, rtol=1e-6)
    assert f"<b>{found.test_accuracy[-1]:.2f}</b>" in explorer.readout
    explorer.set(bias=1.0)
    assert f"<b>{found.test_accuracy[-1]:.2f}</b>" in explorer.readout, "until it is pressed again"
    explorer.set(patient="A")
    assert "press <b>Treat</b>" in explorer.readout, "the old treatment is forgotten"


@pytest.mark.nightly
def test_divergence_is_said_not_drawn_as_nothing(at_first):
    explorer = at_first(training_clinic.Clinic)
    explorer.set(learning_rate=10.0, scale=10.0, probe_at=(1000.0, 1.0))
    explorer.press("treat")
    assert "Treated: <b>diverged at step" in explorer.readout
    assert explorer.last_error is None and not explorer.goal_reached


@pytest.mark.nightly
def test_more_steps_alone_or_two_knobs_are_not_the_goal(at_first):
    explorer = at_first(training_clinic.Clinic)
    explorer.set(patient="A", steps=1500)
    explorer.press("treat")
    assert not explorer.goal_reached
    explorer.set(patient="D", bias=0.0, learning_rate=0.3)
    explorer.press("treat")
    assert not explorer.goal_reached
