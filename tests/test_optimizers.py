"""The update rules: optax's own, step for step."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit_helpers import PARAMS, PROPERTY, counted_compilations, net_loss, refuses

from lecture_utils import (
    adam,
    gradient,
    gradient_descent,
    momentum,
    rms,
    rmsprop,
    trajectory,
    weight_decay,
)
from lecture_utils import optimizers as schedules
from lecture_utils.trees import astype


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


# --- weight decay -----------------------------------------------------------------------------


@pytest.mark.nightly
@pytest.mark.parametrize(
    "rule, other",
    [(momentum(0.3), optax.sgd(0.3, momentum=0.9)), (adam(0.3), optax.adam(0.3))],
    ids=["momentum", "adam"],
)
def test_weights_decay_and_biases_do_not(rule, other):
    ours = weight_decay(rule, 0.1)
    theirs = optax.chain(
        optax.add_decayed_weights(0.1, mask=lambda p: jax.tree.map(lambda leaf: leaf.ndim > 1, p)),
        other,
    )
    ours, theirs = (trajectory(net_loss, PARAMS, each, 5) for each in (ours, theirs))
    plain = trajectory(net_loss, PARAMS, rule, 5)
    for a, b in zip(jax.tree.leaves(ours.params), jax.tree.leaves(theirs.params), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-6)
    assert not np.allclose(ours.losses, plain.losses, rtol=1e-4)


def test_a_mask_chooses_what_decays():
    params = {"W": jnp.ones((2, 2)), "b": jnp.ones((3, 2)), "flat": jnp.ones(2)}
    mask = lambda params: {"W": False, "b": False, "flat": True}  # noqa: E731
    rule = weight_decay(gradient_descent(1.0), 0.25, mask)
    zeros = jax.tree.map(jnp.zeros_like, params)
    step, _ = rule.update(zeros, rule.init(params), params)
    assert {name: float(leaf.sum()) for name, leaf in step.items()} == {
        "W": 0, "b": 0, "flat": -0.5,
    }  # fmt: skip


@pytest.mark.nightly
def test_the_decay_lives_in_the_state_and_keeps_the_precision():
    some, none = weight_decay(DESCENT, 0.1), weight_decay(DESCENT, 0)
    assert some.update is none.update
    params = astype(PARAMS, jnp.float32)
    step, _ = some.update(params, some.init(params), params)
    assert {leaf.dtype for leaf in jax.tree.leaves(step)} == {np.dtype("float32")}
    for decay in (-0.1, float("nan")):
        with refuses("decay"):
            weight_decay(DESCENT, decay)


# --- momentum and Adam ------------------------------------------------------------------------

# Ours, optax's, and how far apart they may be in float64.
EXACT, CLOSE = {"rtol": 1e-15}, {"rtol": 1e-9, "atol": 1e-6}
RULES = {
    "gradient descent": (gradient_descent(0.3), optax.sgd(0.3), EXACT),
    "momentum": (momentum(0.3, 0.9), optax.sgd(0.3, momentum=0.9), CLOSE),
    "adam": (adam(0.3), optax.adam(0.3), CLOSE),
    "adam, other constants": (adam(0.1, 0.8, 0.99, 1e-4), optax.adam(0.1, 0.8, 0.99, 1e-4), CLOSE),
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
def test_they_are_optax_s_step_for_step(name, dtype):
    ours, theirs, near = RULES[name]
    params = same = astype(PARAMS, dtype)
    state, other_state = ours.init(params), theirs.init(params)
    near = {"rtol": 2e-4, "atol": 1e-6} if dtype == jnp.float32 else near
    for _ in range(5):
        step, state = ours.update(gradient(net_loss, params), state, params)
        other, other_state = theirs.update(gradient(net_loss, same), other_state, same)
        for a, b in zip(jax.tree.leaves(step), jax.tree.leaves(other), strict=True):
            assert a.dtype == dtype
            np.testing.assert_allclose(a, b, **near)
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


@pytest.mark.parametrize("rule", [momentum, rms, rmsprop, adam])
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
        (lambda: rms(-0.1), "learning_rate"),
        (lambda: rmsprop(0.1, decay=1.0), "decay"),
        (lambda: schedules.constant(0), "learning_rate"),
        (lambda: schedules.cosine_decay(-1, 10), "learning_rate"),
        (lambda: schedules.step_decay(0.1, 0), "num_steps"),
        (lambda: schedules.exponential_decay(0.1, 10, 1.5), "factor"),
        (lambda: schedules.warm_up(0, 0.1), "num_steps"),
        (lambda: schedules.warm_up(10, -0.1), "learning_rate"),
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


# --- the note's σ, and what the libraries do instead ----------------------------------------------

SEQUENCES = st.lists(st.floats(-10, 10).filter(lambda g: abs(g) > 1e-3), min_size=1, max_size=8)


def sigmas(optimizer, slopes):
    """The σ by which each gradient was divided, at learning rate 1."""
    return -np.array(slopes) / np.array(steps(optimizer, slopes))


def note_rms(slopes):
    return [np.sqrt(np.mean(np.square(slopes[: i + 1]))) for i in range(len(slopes))]


def note_rmsprop(slopes, k):
    sigma = [abs(slopes[0])]
    for g in slopes[1:]:
        sigma.append(np.sqrt(k * sigma[-1] ** 2 + (1 - k) * g**2))
    return sigma


def test_the_sigmas_of_the_gradients_4_2_minus_1():
    np.testing.assert_allclose(sigmas(rms(1), SLOPES), [4, 3.1622777, 2.6457513], rtol=1e-7)
    np.testing.assert_allclose(sigmas(rmsprop(1), SLOPES), [4, 3.8470768, 3.6633318], rtol=1e-7)
    adagrad = rms(lambda i: 1 / jnp.sqrt(i + 1))
    np.testing.assert_allclose(sigmas(adagrad, SLOPES), [4, 4.472136, 4.5825757], rtol=1e-7)
    library = optax.rmsprop(1.0, decay=0.9, eps=0.0)
    np.testing.assert_allclose(
        sigmas(library, SLOPES), [1.2649111, 1.3564660, 1.3251415], rtol=1e-6
    )


@given(SEQUENCES, st.floats(0.01, 0.99))
@PROPERTY
def test_rms_and_rmsprop_follow_the_note_s_recursions(slopes, k):
    np.testing.assert_allclose(sigmas(rms(1), slopes), note_rms(slopes), rtol=1e-9)
    np.testing.assert_allclose(sigmas(rmsprop(1, k), slopes), note_rmsprop(slopes, k), rtol=1e-9)


@given(SEQUENCES)
@PROPERTY
def test_rms_with_a_rate_that_falls_like_a_root_is_adagrad(slopes):
    ours = steps(rms(lambda i: 0.3 / jnp.sqrt(i + 1)), slopes)
    theirs = steps(optax.adagrad(0.3, initial_accumulator_value=0.0, eps=0.0), slopes)
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


@given(SEQUENCES)
@PROPERTY
def test_a_library_s_rmsprop_differs_by_its_start_alone(slopes):
    # Started at g₀² it is the note's; started at zero its first step is √10 times longer.
    for start, factor in ((slopes[0] ** 2, 1.0), (0.0, np.sqrt(10))):
        library = optax.rmsprop(0.3, decay=0.9, eps=0.0, initial_scale=start)
        theirs, ours = steps(library, slopes), steps(rmsprop(0.3, 0.9), slopes)
        assert theirs[0] == pytest.approx(factor * ours[0])
        if factor == 1:
            np.testing.assert_allclose(theirs, ours, rtol=1e-9)


@pytest.mark.parametrize("rule", [rms, rmsprop])
def test_their_first_step_has_the_size_of_the_rate_and_zeros_do_no_harm(rule):
    assert steps(rule(0.1), [1e-3])[0] == pytest.approx(-0.1)
    taken = steps(rule(0.1), [0.0, 0.0, 2.0])
    assert taken[:2] == [0.0, 0.0]
    assert np.isfinite(taken[2])


@pytest.mark.parametrize("rule", [rms, rmsprop])
def test_each_parameter_has_its_own_sigma_and_keeps_its_precision(rule):
    slopes = {"a": jnp.array([4.0, -0.1], jnp.float32), "b": jnp.ones((1, 2), jnp.float64)}
    optimizer = rule(0.5)
    step, _ = optimizer.update(slopes, optimizer.init(slopes))
    np.testing.assert_allclose(step["a"], [-0.5, 0.5], rtol=1e-6)
    np.testing.assert_allclose(step["b"], [[-0.5, -0.5]])
    assert (step["a"].dtype, step["b"].dtype) == (jnp.float32, jnp.float64)


# --- schedules ------------------------------------------------------------------------------------

SCHEDULES = {
    "constant": (schedules.constant(0.3), optax.constant_schedule(0.3)),
    "step": (
        schedules.step_decay(0.3, 10, 0.5),
        optax.exponential_decay(0.3, 10, 0.5, staircase=True),
    ),
    "exponential": (
        schedules.exponential_decay(0.3, 10, 0.5),
        optax.exponential_decay(0.3, 10, 0.5),
    ),
    "cosine": (schedules.cosine_decay(0.3, 40), optax.cosine_decay_schedule(0.3, 40)),
    "warm-up, cosine": (
        schedules.warm_up(10, schedules.cosine_decay(0.3, 40)),
        optax.warmup_cosine_decay_schedule(0.0, 0.3, 10, 50),
    ),
    "warm-up": (schedules.warm_up(10, 0.3), optax.linear_schedule(0.0, 0.3, 10)),
    "warm-up, optax's": (
        schedules.warm_up(10, optax.cosine_decay_schedule(0.3, 40)),
        optax.warmup_cosine_decay_schedule(0.0, 0.3, 10, 50),
    ),
}
RULES_BY_NAME = {
    "gradient descent": gradient_descent, "momentum": momentum, "rms": rms, "rmsprop": rmsprop,
    "adam": adam,
}  # fmt: skip


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules_are_optax_s(name):
    ours, theirs = SCHEDULES[name]
    i = jnp.arange(60)
    np.testing.assert_allclose(jax.vmap(ours)(i), jax.vmap(theirs)(i), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("rule", RULES_BY_NAME.values(), ids=RULES_BY_NAME)
def test_a_constant_schedule_is_the_number(rule):
    for schedule in (schedules.constant(0.3), lambda i: 0.3):
        np.testing.assert_allclose(steps(rule(schedule), SLOPES), steps(rule(0.3), SLOPES))


@pytest.mark.by_day("warm-up, cosine", "warm-up, optax's-adam")
@pytest.mark.parametrize("name", ["gradient descent", "adam"])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_schedule_drives_ours_as_it_drives_optax_s(name, schedule):
    library = {"gradient descent": optax.sgd, "adam": optax.adam}[name]
    ours, theirs = SCHEDULES[schedule]
    slopes = np.sin(np.arange(15) + 1.0)
    taken = steps(RULES_BY_NAME[name](ours), slopes)
    np.testing.assert_allclose(taken, steps(library(theirs), slopes), rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose(taken, steps(library(ours), slopes), rtol=1e-5, atol=1e-8)


def test_the_note_s_momentum_weighs_each_gradient_by_the_rate_of_its_own_day():
    slopes, rates = np.array([4.0, 2.0, -1.0]), 0.3 * 0.5 ** np.array([0, 1, 2])
    taken = steps(momentum(schedules.exponential_decay(0.3, 1, 0.5), 0.9), slopes)
    assert taken[-1] == pytest.approx(-(0.9 ** np.array([2, 1, 0])) @ (rates * slopes))


def test_another_schedule_of_the_same_kind_does_not_compile_again():
    start = jnp.ones(2)

    def run(rate, warm, total):
        schedule = schedules.warm_up(warm, schedules.cosine_decay(rate, total))
        return trajectory(lambda theta: jnp.sum(theta**4), start, adam(schedule), 50).losses

    first = run(0.1, 5, 45)
    with counted_compilations() as made:
        second = run(0.2, 10, 40)
    assert made == []
    assert not np.allclose(first, second)
