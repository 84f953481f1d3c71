"""The patients from several draws."""

import numpy as np
import pytest

from lecture_utils.lessons.training_clinic import clinic, experiments


def test_runs_turn_the_knobs_they_are_told_for_every_draw():
    first, second = experiments.runs("E", [3, 4], width=16, steps=20)
    for seed, found in ((3, first), (4, second)):
        assert found.case == clinic.PATIENTS["E"].case._replace(width=16, steps=20)
        assert found is clinic.run(found.case, seed)
    assert first.train_loss[0] != second.train_loss[0]


@pytest.mark.nightly
def test_signs_are_those_of_the_start():
    (signs,) = experiments.signs_at_start("E", [3])
    assert signs.loss == clinic.examine(clinic.PATIENTS["E"].case, 3).loss


@pytest.mark.nightly
def test_only_the_dead_have_no_gradient_for_hidden_weights():
    assert experiments.hidden_gradient("D", 1) == 0
    assert experiments.hidden_gradient("C", 1) > 1e-3
    assert 0 < experiments.hidden_gradient("E", 1) < np.inf  # it has no inner layer


@pytest.mark.nightly
def test_g_is_the_healthy_network_before_other_images():
    healthy, g = clinic.admit("healthy", 5), clinic.admit("G", 5)
    np.testing.assert_array_equal(healthy.train_loss, g.train_loss)
    assert healthy.test_loss[0] != g.test_loss[0]
    asked = clinic.losses("G", 5)
    assert asked["training"] == healthy.train_loss[-1] and asked["test"] == g.test_loss[-1]
    assert np.isclose(asked["held_out"], healthy.test_loss[-1], rtol=1e-5)
    assert clinic.reading("G", 5) == clinic.reading("healthy", 5)


def test_the_other_scanner_moves_every_image_by_one_pixel():
    (x, y), (x_test, y_test) = clinic.data(clinic.Case(), 3)
    (mixed, labels), (moved, same) = clinic.data(clinic.Case(), 3, other=0.5)
    images = x_test.reshape(-1, 8, 8)
    np.testing.assert_array_equal(moved.reshape(-1, 8, 8)[:, :, 1:], images[:, :, :-1])
    assert not moved.reshape(-1, 8, 8)[:, :, 0].any()
    np.testing.assert_array_equal(mixed[250:], x[250:])
    np.testing.assert_array_equal(mixed[:250], clinic.other_scanner(x[:250]))
    np.testing.assert_array_equal(labels, y)
    np.testing.assert_array_equal(same, y_test)


def test_what_is_held_out_is_labeled_like_the_training_images():
    case = clinic.PATIENTS["B"].case
    x, y = clinic.held_out(case, 3)
    _, (x_test, y_test) = clinic.data(case, 3)
    np.testing.assert_array_equal(x, x_test)
    assert np.mean(y != y_test) == pytest.approx(0.3, abs=0.01)


def test_every_patient_has_a_twin_that_differs_in_one_number_and_works():
    for name, patient in clinic.PATIENTS.items():
        twin = clinic.treat(patient.case, **clinic.TWINS[name])
        changed = [a != b for a, b in zip(twin, patient.case, strict=True)]
        assert sum(changed) == 1, name
    assert clinic.healed(clinic.run(clinic.treat(clinic.PATIENTS["E"].case, **clinic.TWINS["E"])))


@pytest.mark.nightly
def test_the_guide_alone_takes_a_shared_fault_for_a_model_that_is_too_small():
    alone = experiments.diagnosed("D", 4, instruments=False)
    assert alone.answer == "model bias" and not experiments.named_rightly("D", alone)
    assert experiments.named_rightly("D", experiments.diagnosed("D", 4))
    assert set(experiments.RIGHT) == set(clinic.NAMES)


@pytest.mark.nightly
def test_the_reference_holds_every_draw_it_is_made_of():
    seeds = [3, 4]
    low, high = experiments.reference(seeds)["end"]
    for seed in seeds:
        read = clinic.reading("healthy", seed, clinic.MOMENTS)
        assert all(a <= b <= c for a, b, c in zip(low, read, high, strict=True))
    assert low.edge <= high.edge and low.learning_rate == 0.2


def test_g_is_treated_with_some_images_of_the_other_kind():
    (run,) = experiments.with_other_images([5], 0.5)
    assert run.test_accuracy[-1] > clinic.admit("G", 5).test_accuracy[-1]
    assert run.case == clinic.Case()
