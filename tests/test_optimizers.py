"""The update rules: optax's own, step for step."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit_helpers import PARAMS, PROPERTY, net_loss, refuses

from lecture_utils import gradient, gradient_descent
from lecture_utils.trees import astype


@pytest.mark.parametrize("dtype", [jnp.float32, jnp.float64])
def test_gradient_descent_is_optax_s_sgd_step_for_step(dtype):
    ours, theirs = gradient_descent(0.3), optax.sgd(0.3)
    params = same = astype(PARAMS, dtype)
    state, other_state = ours.init(params), theirs.init(params)
    for _ in range(3):
        step, state = ours.update(gradient(net_loss, params), state, params)
        other, other_state = theirs.update(gradient(net_loss, same), other_state, same)
        for a, b in zip(jax.tree.leaves(step), jax.tree.leaves(other), strict=True):
            assert a.dtype == dtype
            np.testing.assert_allclose(a, b, rtol=1e-6 if dtype == jnp.float32 else 1e-15)
        params = optax.apply_updates(params, step)
        same = optax.apply_updates(same, other)


def test_it_chains_with_optax():
    chained = optax.chain(optax.clip_by_global_norm(1.0), optax.GradientTransformation(*DESCENT))
    slope = jnp.array([3.0, 4.0])
    step, _ = chained.update(slope, chained.init(slope), slope)
    np.testing.assert_allclose(step, [-0.06, -0.08])


DESCENT = gradient_descent(0.1)


@given(st.floats(1e-6, 1e3), st.lists(st.floats(-10, 10), min_size=1, max_size=3))
@PROPERTY
def test_the_step_is_minus_the_rate_times_the_gradient(rate, numbers):
    slope = jnp.array(numbers)
    step, _ = gradient_descent(rate).update(slope, gradient_descent(rate).init(slope))
    np.testing.assert_allclose(step, -rate * np.array(numbers), rtol=1e-15, atol=1e-300)


def test_the_rate_lives_in_the_state():
    slow, fast = gradient_descent(0.1), gradient_descent(1)
    assert slow.update is fast.update
    a, b = slow.init(jnp.ones(2)), fast.init(jnp.ones(2))
    assert jax.tree.structure(a) == jax.tree.structure(b)
    assert (a.learning_rate.dtype, a.learning_rate.weak_type) == (
        b.learning_rate.dtype,
        b.learning_rate.weak_type,
    )


@pytest.mark.parametrize("rate", [0, -0.1, float("nan")])
def test_a_rate_that_is_not_positive_is_refused(rate):
    with refuses("learning_rate"):
        gradient_descent(rate)
