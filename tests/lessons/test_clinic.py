"""The clinic: runs are gradient descent, instruments read the truth, patients are ill."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from lecture_utils import hessian, hessian_eigh
from lecture_utils.lessons.training_clinic import clinic
from lecture_utils.lessons.training_clinic.clinic import PATIENTS, Case, treat
from lecture_utils.networks import accuracy, cross_entropy

SMALL = Case(width=2, depth=3, examples=60, steps=24)


def loss_of(case, seed=0):
    (x, y), _ = clinic.data(case, seed)
    apply = clinic.network(case.skip)
    return lambda params: cross_entropy(apply(params, x), y)


@pytest.mark.parametrize("skip", [False, True])
def test_the_network_is_a_relu_network(skip):
    case = Case(width=5, depth=4, skip=skip, bias=0.1)
    params = clinic.initial(case, 3)
    (x, _), _ = clinic.data(case, 3)
    h = np.maximum(x @ params["first"]["W"] + 0.1, 0)
    for weights in params["inner"]["W"]:
        z = np.maximum(h @ weights + 0.1, 0)
        h = h + z if skip else z
    expected = h @ params["last"]["W"]
    np.testing.assert_allclose(clinic.network(skip)(params, x), expected, rtol=1e-4, atol=1e-5)
    on = clinic.activity(case, params, x)
    assert len(on) == 3 and all(layer.shape == (500, 5) for layer in on)
    np.testing.assert_array_equal(on[0], x @ params["first"]["W"] + 0.1 > 0)


def test_the_start_has_he_s_variance():
    params = clinic.initial(Case(width=64, depth=12, scale=2.0), 0)
    assert params["first"]["W"].std() == pytest.approx(2 * (2 / 64) ** 0.5, rel=0.05)
    assert params["inner"]["W"].std() == pytest.approx(2 * (2 / 64) ** 0.5, rel=0.05)
    skipped = clinic.initial(Case(width=64, depth=12, skip=True), 0)
    assert skipped["inner"]["W"].std() == pytest.approx((2 / 64 / 10) ** 0.5, rel=0.05)


def test_a_run_is_gradient_descent_with_weight_decay():
    case = SMALL._replace(decay=0.01)
    found, loss = clinic.run(case), loss_of(case)
    params = clinic.initial(case, 0)
    for k in range(4):
        value, slope = jax.value_and_grad(loss)(params)
        assert found.train_loss[k] == pytest.approx(float(value), rel=1e-4)
        params = {
            name: {
                "W": layer["W"] - 0.2 * (slope[name]["W"] + 0.01 * layer["W"]),
                "b": layer["b"] - 0.2 * slope[name]["b"],
            }
            for name, layer in params.items()
        }
    kept = clinic.at(found, 1)  # after 3 of 24 steps
    assert clinic.step_of(case, 1) == 3
    assert loss(kept) == pytest.approx(found.train_loss[3], rel=1e-4)
    end = clinic.at(found, clinic.MOMENTS)
    (x, y), test = clinic.data(case, 0)
    assert loss(end) == pytest.approx(found.train_loss[-1], rel=1e-4)
    apply = clinic.network(False)
    assert cross_entropy(apply(end, test[0]), test[1]) == pytest.approx(found.test_loss[-1], 1e-4)
    assert accuracy(apply(end, test[0]), test[1]) == pytest.approx(found.test_accuracy[-1])
    assert accuracy(apply(end, x), y) == pytest.approx(found.train_accuracy[-1])
    assert len(found.train_loss) == len(found.grad_norm) == 25


def test_training_and_test_images_are_different_and_test_labels_right():
    case = Case(wrong_labels=0.3, examples=1200)
    (x, y), (x_test, y_test) = clinic.data(case, 2)
    images, labels = clinic._digits()
    assert {bytes(row) for row in x}.isdisjoint({bytes(row) for row in x_test})
    truth = {bytes(row): label for row, label in zip(images, labels, strict=True)}
    assert all(truth[bytes(row)] == label for row, label in zip(x_test, y_test, strict=True))
    wrong = sum(truth[bytes(row)] != label for row, label in zip(x, y, strict=True))
    assert wrong == 360


def test_the_instruments_agree_with_the_whole_spectrum():
    loss, signs = loss_of(SMALL), clinic.examine(SMALL)
    params = clinic.initial(SMALL, 0)
    values = hessian_eigh(loss, params).eigenvalues
    assert signs.highest == pytest.approx(values[-1], rel=1e-3)
    assert signs.lowest == pytest.approx(values[0], rel=1e-3)
    slope = jnp.concatenate([leaf.ravel() for leaf in jax.tree.leaves(jax.grad(loss)(params))])
    assert signs.grad_norm == pytest.approx(float(jnp.linalg.norm(slope)), rel=1e-3)


def test_dead_units_are_dead_and_their_spectrum_has_no_noise():
    signs = clinic.examine(PATIENTS["D"].case)
    assert signs.dead == 1 and not signs.active.any()
    assert abs(signs.lowest) < 1e-9 and 0.05 < signs.highest < 0.2  # of the output biases alone


def test_the_hessian_is_symmetric_where_units_are_at_exactly_zero():
    params = clinic.initial(SMALL._replace(bias=-3.0, depth=4), 0)
    params["inner"]["b"] *= 0
    H = hessian(loss_of(SMALL), params)
    assert abs(H).max() > 0.01
    np.testing.assert_allclose(H, H.T, atol=1e-9)


def test_divergence_is_reported_at_its_step():
    found = clinic.run(Case(examples=60, steps=24, learning_rate=100.0))
    first = found.diverged_at
    assert first > 0 and not clinic.healed(found)
    assert not found.train_loss[first] < clinic.LOST and np.all(
        found.train_loss[:first] < clinic.LOST
    )


@pytest.mark.parametrize("name", PATIENTS)
def test_patients_are_ill_and_their_remedies_work(name):
    case, _, remedy = PATIENTS[name]
    assert not clinic.healed(clinic.run(case))
    assert clinic.healed(clinic.run(treat(case, **remedy)))


@pytest.mark.parametrize(
    ("treatment", "words"),
    [
        ({"width": 0}, "between 1 and 64"),
        ({"width": 2.5}, "whole number"),
        ({"learning_rate": float("nan")}, "between"),
        ({"skip": 1}, "True or False"),
        ({"depth": True}, "must be a number"),
        ({"dropout": 0.5}, "no knob"),
    ],
)
def test_bad_treatments_are_refused_in_one_sentence(treatment, words):
    with pytest.raises(ValueError, match=words):
        treat(Case(), **treatment)
    with pytest.raises(ValueError, match="moment"):
        clinic.at(clinic.run(SMALL), 9)
