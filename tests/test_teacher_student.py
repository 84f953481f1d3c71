"""The population loss: Monte Carlo, the closed-form gradient, differences, and where units meet."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit_helpers import PROPERTY, refuses

from lecture_utils import finite_difference_gradient, finite_difference_hessian, population_loss

RNG = np.random.default_rng(0)
TEACHER = jnp.asarray(RNG.standard_normal((3, 4)))
STUDENT = jnp.asarray(RNG.standard_normal((5, 4)))
# Coincident, opposite, parallel and antiparallel to a teacher's unit, and a twin in the student.
MEETING = jnp.stack(
    [TEACHER[0], -TEACHER[1], 2.5 * TEACHER[2], -0.3 * TEACHER[0], 2.5 * TEACHER[2]]
)


def of(teacher):
    return lambda student: population_loss(student, teacher)


LOSS = of(TEACHER)
SLOPE, HESSIAN = jax.jit(jax.grad(LOSS)), jax.jit(jax.hessian(LOSS))


def closed_form_gradient(student, teacher):
    """Safran and Shamir's formula, unit by unit, in numpy."""

    def pull(w, v):
        w_unit, lengths = w / np.linalg.norm(w), np.linalg.norm(w) * np.linalg.norm(v)
        theta = np.arccos(np.clip(w @ v / lengths, -1, 1))
        return (np.linalg.norm(v) * np.sin(theta) * w_unit + (np.pi - theta) * v) / (2 * np.pi)

    return np.array(
        [sum(pull(w, u) for u in student) - sum(pull(w, v) for v in teacher) for w in student]
    )


@pytest.mark.nightly
def test_it_is_the_mean_over_random_inputs():
    x = np.random.default_rng(1).standard_normal((400_000, 4))
    errors = np.maximum(x @ STUDENT.T, 0).sum(1) - np.maximum(x @ TEACHER.T, 0).sum(1)
    spread = np.std(errors**2 / 2) / np.sqrt(len(x))
    assert abs(np.mean(errors**2) / 2 - LOSS(STUDENT)) < 4 * spread


@pytest.mark.by_day("generic")
@pytest.mark.parametrize("student", [STUDENT, MEETING], ids=["generic", "meeting"])
def test_gradient_is_the_closed_form_and_matches_differences(student):
    slope = SLOPE(student)
    np.testing.assert_allclose(slope, closed_form_gradient(student, TEACHER), atol=1e-7)
    np.testing.assert_allclose(
        slope.ravel(), finite_difference_gradient(LOSS, student), rtol=1e-6, atol=1e-8
    )


@pytest.mark.parametrize(
    "student, step", [(STUDENT, 1e-6), (MEETING, 1e-7)], ids=["generic", "meeting"]
)
def test_hessian_matches_differences_of_the_gradient(student, step):
    """Where units meet the third derivative jumps: there the error falls with the step only."""
    matrix = HESSIAN(student).reshape(student.size, -1)
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-12)
    shifts = np.eye(student.size).reshape(-1, *student.shape) * step
    columns = [(SLOPE(student + s) - SLOPE(student - s)).ravel() / (2 * step) for s in shifts]
    np.testing.assert_allclose(matrix, columns, atol=1e-6)


@pytest.mark.nightly
def test_hessian_matches_differences_of_the_loss():
    np.testing.assert_allclose(
        HESSIAN(STUDENT).reshape(STUDENT.size, -1),
        finite_difference_hessian(LOSS, STUDENT),
        atol=1e-6,
    )


def test_known_values():
    """f(w, w) = ½‖w‖², f(w, -w) = 0, f = ‖w‖‖v‖/2π at a right angle."""
    w = jnp.array([[3.0, 4.0]])
    assert population_loss(w, -w) == pytest.approx(25 / 2)
    assert population_loss(w, 2 * w) == pytest.approx(25 / 4)
    right_angle = jnp.array([[-4.0, 3.0]])
    assert population_loss(w, right_angle) == pytest.approx(25 / 2 - 25 / (2 * np.pi))


@pytest.mark.nightly
def test_the_solution_is_a_strict_minimum_with_loss_zero():
    identity = jnp.eye(4)
    matrix = jax.hessian(of(identity))(identity).reshape(16, 16)
    assert population_loss(identity, identity) == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(jax.grad(of(identity))(identity), 0, atol=1e-12)
    np.testing.assert_allclose(np.linalg.eigvalsh(matrix)[0], 0.25 - 1 / (2 * np.pi), atol=1e-9)


@pytest.mark.nightly
@given(seed=st.integers(0, 1000), scale=st.floats(0.1, 10), units=st.integers(1, 4))
@PROPERTY
def test_invariances(seed, scale, units):
    rng = np.random.default_rng(seed)
    w, v = rng.standard_normal((units, 3)), rng.standard_normal((2, 3))
    rotation, _ = np.linalg.qr(rng.standard_normal((3, 3)))
    value = population_loss(w, v)
    assert value >= -1e-12
    np.testing.assert_allclose(population_loss(w[::-1], v[::-1]), value, atol=1e-10)
    np.testing.assert_allclose(population_loss(w @ rotation, v @ rotation), value, atol=1e-10)
    np.testing.assert_allclose(population_loss(scale * w, scale * v), scale**2 * value, rtol=1e-6)
    np.testing.assert_allclose(population_loss(v, w), value, atol=1e-10)


@pytest.mark.nightly
def test_a_split_unit_leaves_the_loss_at_zero():
    split = jnp.concatenate([0.3 * TEACHER[:1], 0.7 * TEACHER[:1], TEACHER[1:]])
    assert LOSS(split) == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(SLOPE(split), 0, atol=1e-12)


@pytest.mark.nightly
def test_a_unit_of_length_zero_has_a_value_and_a_finite_gradient():
    student = STUDENT.at[0].set(0.0)
    assert LOSS(student) == pytest.approx(float(LOSS(STUDENT[1:])))
    assert np.all(np.isfinite(jax.grad(LOSS)(student)))


@pytest.mark.nightly
def test_a_lost_run_does_not_look_like_a_small_loss():
    for bad in (np.nan, np.inf):
        assert np.isnan(LOSS(STUDENT.at[1, 0].set(bad)))


@pytest.mark.nightly
def test_float32_stays_float32_and_vmap_works():
    students = jnp.stack([STUDENT, MEETING]).astype(jnp.float32)
    values = jax.vmap(of(TEACHER.astype(jnp.float32)))(students)
    assert values.dtype == jnp.float32
    np.testing.assert_allclose(values, [LOSS(STUDENT), LOSS(MEETING)], rtol=1e-5)


@pytest.mark.parametrize(
    "student, teacher, named",
    [
        (np.ones(3), np.ones((2, 3)), "student"),
        (np.ones((2, 3)), np.ones((2, 3, 1)), "teacher"),
        (np.ones((0, 3)), np.ones((2, 3)), "student"),
        (np.ones((2, 3)), np.ones((2, 4)), "teacher"),
        (1j * np.ones((2, 3)), np.ones((2, 3)), "student"),
    ],
)
def test_bad_shapes(student, teacher, named):
    with refuses(named):
        population_loss(student, teacher)
