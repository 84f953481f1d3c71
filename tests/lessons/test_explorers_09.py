"""The explorers of notebook 09: every control over its range, and what the artists then show."""

import itertools

import jax
import numpy as np
import pytest
from every_explorer import *  # noqa: F403
from every_explorer import only
from matplotlib.colors import to_hex

from lecture_utils.lessons.training_clinic import clinic, figures
from lecture_utils.lessons.training_clinic import explorers as training_clinic
from lecture_utils.lessons.training_clinic.explorers import NODES, verdict, walk
from lecture_utils.networks import cross_entropy

BUILD = {name: getattr(training_clinic, name) for name in training_clinic.__all__}
LONGEST = training_clinic._longest(walk(clinic.PATIENTS["C"].case, 0))
GOALS = {
    "explore_guide": {"train": 0.1, "heldout": 0.2, "test": 2.0, "box": NODES["mismatch"][:2]},
    "explore_step": {"patient": "C", "moment": 0, "step": (0.97 * LONGEST, 1.0)},
    "explore_clinic": {"patient": "D", "bias": 0.0, "treat": "Treat"},
}


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


@only("guide")
def test_the_way_is_lit_and_a_click_reads_a_box(explorer):
    explorer.set(train=2.0, smaller=0.2, box=NODES["model bias"][:2])
    ax = explorer.picture.figure.axes[0]
    lit = [
        to_hex(line.get_color()) == figures.ORANGE.lower()
        for line in ax.lines[: len(training_clinic.EDGES)]
    ]
    assert sum(lit) == 2
    assert "ends at <b>optimization</b>" in explorer.readout
    assert training_clinic.ADVICE["model bias"] in explorer.readout


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


@only("step")
def test_the_curve_is_the_walk_and_the_point_lands_on_it(explorer):
    explorer.set(patient="C", moment=0, step=(3.0, 0.0))
    line = walk(clinic.PATIENTS["C"].case, 0)
    after = np.interp(np.log(3), np.log(line.times[1:]), line.losses[1:])
    land = next(line for line in explorer.picture.figure.axes[0].lines if line.get_marker() == "o")
    assert land.get_xdata()[0] == pytest.approx(3.0)
    assert land.get_ydata()[0] == pytest.approx(min(after, 4.95), rel=0.01)
    assert f"<b>{after:.3f}</b>" in explorer.readout
    explorer.set(step=(1.5 * LONGEST, 1.0))
    assert not explorer.goal_reached


@only("clinic")
def test_a_treatment_is_the_clinic_s_run(explorer):
    explorer.set(patient="D")
    assert explorer.values["bias"] == -3.0, "a new patient brings its numbers along"
    assert "press <b>Treat</b>" in explorer.readout
    explorer.set(bias=0.0, treat="Treat")
    assert explorer.values["treat"] is None
    found = clinic.run(clinic.treat(clinic.PATIENTS["D"].case, bias=0.0))
    shown = [line for line in explorer.picture.figure.axes[0].lines if len(line.get_xdata()) == 401]
    assert len(shown) == 4
    np.testing.assert_allclose(shown[2].get_ydata(), found.train_loss, rtol=1e-6)
    assert f"<b>{found.test_accuracy[-1]:.2f}</b>" in explorer.readout
    explorer.set(patient="A")
    assert "press <b>Treat</b>" in explorer.readout, "the old treatment is forgotten"


@only("clinic")
def test_divergence_is_said_not_drawn_as_nothing(explorer):
    explorer.set(learning_rate=10.0, scale=10.0, treat="Treat", probe_at=(1000.0, 1.0))
    assert "Treated: <b>diverged at step" in explorer.readout
    assert explorer.last_error is None and not explorer.goal_reached


@only("clinic")
def test_more_steps_alone_or_two_knobs_are_not_the_goal(explorer):
    explorer.set(patient="A", steps=1500, treat="Treat")
    assert not explorer.goal_reached
    explorer.set(patient="D", bias=0.0, learning_rate=0.3, treat="Treat")
    assert not explorer.goal_reached
