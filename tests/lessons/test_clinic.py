"""The clinic: runs are gradient descent, instruments read the truth, patients are ill."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from lecture_utils import hessian, hessian_eigh
from lecture_utils.lessons.training_clinic import clinic
from lecture_utils.lessons.training_clinic.clinic import PATIENTS, Case, treat
from lecture_utils.networks import accuracy, cross_entropy
from lecture_utils.training import DIVERGENCE

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
    first, inner, last = params
    h = np.maximum(x @ first["W"] + 0.1, 0)
    for weights in inner["W"]:
        z = np.maximum(h @ weights + 0.1, 0)
        h = h + z if skip else z
    expected = h @ last["W"]
    np.testing.assert_allclose(clinic.network(skip)(params, x), expected, rtol=1e-4, atol=1e-5)
    on = clinic.activity(case, params, x)
    assert len(on) == 3 and all(layer.shape == (500, 5) for layer in on)
    np.testing.assert_array_equal(on[0], x @ first["W"] + 0.1 > 0)


def test_the_start_has_he_s_variance():
    first, inner, _ = clinic.initial(Case(width=64, depth=12, scale=2.0), 0)
    assert first["W"].std() == pytest.approx(2 * (2 / 64) ** 0.5, rel=0.05)
    assert inner["W"].std() == pytest.approx(2 * (2 / 64) ** 0.5, rel=0.05)
    _, skipped, _ = clinic.initial(Case(width=64, depth=12, skip=True), 0)
    assert skipped["W"].std() == pytest.approx((2 / 64 / 10) ** 0.5, rel=0.05)


def test_the_start_is_numpy_s_draw_of_that_seed():
    case = Case(width=3, depth=4, scale=0.5, bias=-1.0)
    rng = np.random.default_rng([7, 1])
    first, inner, last = clinic.initial(case, 7)
    for layer, variance in ((first, 2 / 64), (inner, 2 / 3), (last, 1 / 3)):
        normal = rng.standard_normal(layer["W"].shape)
        np.testing.assert_array_equal(layer["W"], np.float32(0.5 * variance**0.5 * normal))
    np.testing.assert_array_equal(inner["b"], -np.ones((2, 3)))
    assert not np.any(last["b"]) and np.all(first["b"] == -1)


@pytest.mark.nightly
def test_a_run_is_gradient_descent_with_weight_decay():
    case = SMALL._replace(decay=0.01)
    found, loss = clinic.run(case), loss_of(case)
    params = clinic.initial(case, 0)
    for k in range(4):  # weights decay, biases do not
        value, slope = jax.value_and_grad(loss)(params)
        assert found.train_loss[k] == pytest.approx(float(value), rel=1e-4)
        params = [
            {
                "W": layer["W"] - 0.2 * (g["W"] + 0.01 * layer["W"]),
                "b": layer["b"] - 0.2 * g["b"],
            }
            for layer, g in zip(params, slope, strict=True)
        ]
    kept = clinic.at(found, 1)  # after 3 of 24 steps
    assert clinic.step_of(case, 1) == 3
    assert loss(kept) == pytest.approx(found.train_loss[3], rel=1e-4)
    end = clinic.at(found, clinic.MOMENTS)
    _, test = clinic.data(case, 0)
    assert loss(end) == pytest.approx(found.train_loss[-1], rel=1e-4)
    apply = clinic.network(False)
    assert cross_entropy(apply(end, test[0]), test[1]) == pytest.approx(found.test_loss[-1], 1e-4)
    assert accuracy(apply(end, test[0]), test[1]) == pytest.approx(found.test_accuracy[-1])
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


@pytest.mark.nightly
def test_the_instruments_agree_with_the_whole_spectrum():
    loss, signs = loss_of(SMALL), clinic.examine(SMALL)
    params = clinic.initial(SMALL, 0)
    values = hessian_eigh(loss, params).eigenvalues
    assert signs.highest == pytest.approx(values[-1], rel=1e-3)
    assert signs.lowest == pytest.approx(values[0], rel=1e-3)
    slope = jnp.concatenate([leaf.ravel() for leaf in jax.tree.leaves(jax.grad(loss)(params))])
    assert signs.grad_norm == pytest.approx(float(jnp.linalg.norm(slope)), rel=1e-3)


@pytest.mark.nightly
def test_dead_units_are_dead_and_their_spectrum_has_no_noise():
    signs = clinic.examine(PATIENTS["D"].case)
    assert signs.dead == 1 and not signs.active.any()
    assert abs(signs.lowest) < 1e-9 and 0.05 < signs.highest < 0.2  # of the output biases alone


@pytest.mark.nightly
def test_the_hessian_is_symmetric_where_units_are_at_exactly_zero():
    params = clinic.initial(SMALL._replace(bias=-3.0, depth=4), 0)
    params[1]["b"] *= 0
    H = hessian(loss_of(SMALL), params)
    assert abs(H).max() > 0.01
    np.testing.assert_allclose(H, H.T, atol=1e-9)


@pytest.mark.nightly
def test_divergence_is_reported_at_its_step():
    found = clinic.run(Case(examples=60, steps=24, learning_rate=100.0))
    first = found.diverged_at
    assert first > 0 and not clinic.healed(found)
    assert not found.train_loss[first] < DIVERGENCE
    assert np.all(found.train_loss[:first] < DIVERGENCE)


@pytest.mark.nightly
def test_a_high_start_that_comes_down_is_no_divergence():
    found = clinic.run(Case(depth=2, scale=10.0, bias=3.0))
    assert found.train_loss[0] > 100 and found.train_loss[-1] < 1
    assert found.diverged_at == -1


@pytest.mark.nightly
def test_a_run_that_left_the_finite_numbers_has_no_curvature():
    case = Case(depth=20, scale=10.0, learning_rate=100.0, examples=60, steps=24)
    assert clinic.run(case).diverged_at == 0
    signs = clinic.examine(case, 0, clinic.MOMENTS)
    assert np.isnan([signs.loss, signs.highest, signs.lowest]).all()


@pytest.mark.nightly
def test_no_knob_but_a_shape_compiles_again(compilations):
    def all_of(case):
        clinic.run(case), clinic.examine(case, moment=clinic.MOMENTS)

    all_of(SMALL)
    before = len(compilations)
    turned = {"learning_rate": 0.3, "scale": 0.5, "bias": 0.2, "decay": 0.01, "steps": 31}
    for knob, value in turned.items():
        all_of(treat(SMALL, **{knob: value}))
    all_of(treat(SMALL, **turned, wrong_labels=0.2))
    assert len(compilations) == before
    all_of(treat(SMALL, width=3))
    # One for the run, one for the instruments, and casts of the new shapes.
    assert before + 2 <= len(compilations) <= before + 8


@pytest.fixture
def compilations():
    """What XLA has compiled so far in this process, one entry each."""
    found = []

    def listen(event, *_, **__):
        if event == "/jax/core/compile/backend_compile_duration":
            found.append(event)

    jax.monitoring.register_event_duration_secs_listener(listen)
    yield found
    jax.monitoring.unregister_event_duration_listener(listen)


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
