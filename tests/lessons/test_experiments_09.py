"""The patients from several draws."""

import numpy as np

from lecture_utils.lessons.training_clinic import clinic, experiments


def test_runs_turn_the_knobs_they_are_told_for_every_draw():
    first, second = experiments.runs("E", [3, 4], width=16, steps=20)
    for seed, found in ((3, first), (4, second)):
        assert found.case == clinic.PATIENTS["E"].case._replace(width=16, steps=20)
        assert found is clinic.run(found.case, seed)
    assert first.train_loss[0] != second.train_loss[0]


def test_signs_are_those_of_the_start():
    (signs,) = experiments.signs_at_start("E", [3])
    assert signs.loss == clinic.examine(clinic.PATIENTS["E"].case, 3).loss


def test_only_the_dead_have_no_gradient_for_hidden_weights():
    assert experiments.hidden_gradient("D", 1) == 0
    assert experiments.hidden_gradient("C", 1) > 1e-3
    assert 0 < experiments.hidden_gradient("E", 1) < np.inf  # it has no inner layer
