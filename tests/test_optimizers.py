"""The update rules: optax's own, step for step."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit_helpers import PARAMS, PROPERTY, net_loss, refuses

from lecture_utils import adam, gradient, gradient_descent, momentum
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


# --- momentum and Adam ------------------------------------------------------------------------

RULES = {
    "momentum": (momentum(0.3, 0.9), optax.sgd(0.3, momentum=0.9)),
    "adam": (adam(0.3), optax.adam(0.3)),
    "adam, other constants": (adam(0.1, 0.8, 0.99, 1e-4), optax.adam(0.1, 0.8, 0.99, 1e-4)),
}
SLOPES = [4.0, 2.0, -1.0]


def steps(optimizer, slopes):
    """The steps it takes on a sequence of gradients of one parameter."""
    state, taken = optimizer.init(jnp.zeros(())), []
    for slope in slopes:
        step, state = optimizer.update(jnp.asarray(slope), state)
        taken.append(float(step))
    return taken


@pytest.mark.parametrize("dtype", [jnp.float32, jnp.float64])
@pytest.mark.parametrize("name", RULES)
def test_momentum_and_adam_are_optax_s_step_for_step(name, dtype):
    ours, theirs = RULES[name]
    params = same = astype(PARAMS, dtype)
    state, other_state = ours.init(params), theirs.init(params)
    for _ in range(5):
        step, state = ours.update(gradient(net_loss, params), state, params)
        other, other_state = theirs.update(gradient(net_loss, same), other_state, same)
        for a, b in zip(jax.tree.leaves(step), jax.tree.leaves(other), strict=True):
            assert a.dtype == dtype
            np.testing.assert_allclose(a, b, rtol=2e-4 if dtype == jnp.float32 else 1e-9, atol=1e-6)
        params, same = optax.apply_updates(params, step), optax.apply_updates(same, other)


def test_momentum_follows_the_note_s_recursion():
    np.testing.assert_allclose(steps(momentum(1, 0.9), SLOPES), [-4, -5.6, -4.04], rtol=1e-14)


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=6), st.floats(0, 0.99))
@PROPERTY
def test_momentum_weighs_past_gradients_by_powers_of_the_decay(slopes, decay):
    weights = decay ** np.arange(len(slopes))[::-1]
    last = steps(momentum(0.5, decay), slopes)[-1]
    np.testing.assert_allclose(last, -0.5 * weights @ np.array(slopes), rtol=1e-10, atol=1e-12)


def test_adam_s_first_steps():
    found = np.array(steps(adam(0.01), SLOPES)) / 0.01
    np.testing.assert_allclose(found, [-1, -0.9321796, -0.5636614], atol=1e-7)


def test_adam_s_first_step_has_the_size_of_the_rate_whatever_the_gradient():
    for slope in (1e-3, -1.0, 1e3):
        assert steps(adam(0.1), [slope])[0] == pytest.approx(-0.1 * np.sign(slope), rel=1e-4)
    assert steps(adam(0.1), [0.0]) == [0.0]


@pytest.mark.parametrize("rule", [momentum, adam])
def test_their_constants_live_in_the_state(rule):
    slow, fast = rule(0.1), rule(1)
    assert slow.update is fast.update
    a, b = slow.init(jnp.ones(2)), fast.init(jnp.ones(2))
    assert jax.tree.structure(a) == jax.tree.structure(b)
    assert a.learning_rate.dtype == b.learning_rate.dtype


def test_a_rate_may_be_traced():
    @jax.jit
    def first_step(rate):
        rule = momentum(rate, 0.5)
        return rule.update(jnp.ones(()), rule.init(jnp.ones(())))[0]

    assert float(first_step(0.25)) == -0.25


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (lambda: momentum(0), "learning_rate"),
        (lambda: momentum(0.1, 1.0), "decay"),
        (lambda: momentum(0.1, -0.1), "decay"),
        (lambda: adam(-1), "learning_rate"),
        (lambda: adam(0.1, decay_mean=1.0), "decay_mean"),
        (lambda: adam(0.1, decay_square=float("nan")), "decay_square"),
        (lambda: adam(0.1, epsilon=0), "epsilon"),
    ],
)
def test_bad_constants_are_refused(wrong, named):
    with refuses(named):
        wrong()
