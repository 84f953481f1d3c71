"""Whole runs: against closed forms, plain Python loops, optax, and the compiler."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jax.flatten_util import ravel_pytree
from unit_helpers import (
    NET,
    PARAMS,
    PROPERTY,
    X,
    Y,
    counted_compilations,
    net_loss,
    refuses,
)

from lecture_utils import (
    adam,
    descend,
    diverged_at,
    gradient_descent,
    momentum,
    surfaces,
    sweep,
    train,
    trajectories,
    trajectory,
    weight_decay,
)
from lecture_utils.networks import cross_entropy
from lecture_utils.training import DIVERGENCE, kept_after
from lecture_utils.trees import astype

DATA = (X, Y)
DESCENT, SGD = gradient_descent(0.3), optax.sgd(0.3)


def batch_loss(params, batch):
    """The network's cross-entropy on one batch (x, y)."""
    x, y = batch
    return cross_entropy(NET.apply(params, x), y)


# --- trajectory ---


@pytest.mark.nightly
@given(st.floats(0.01, 0.3), st.floats(-2, 2), st.floats(-2, 2))
@PROPERTY
def test_on_a_quadratic_the_iterates_are_powers(rate, x, y):
    run = trajectory(surfaces.bowl, jnp.array([x, y]), gradient_descent(rate), 10)
    steps = np.arange(11)[:, None]
    expected = np.array([x, y]) * (1 - rate * np.array([2.0, 6.0])) ** steps
    np.testing.assert_allclose(run.params, expected, atol=1e-12)
    np.testing.assert_allclose(run.losses, expected**2 @ [1, 3], atol=1e-12)
    assert run.diverged_at == -1


@pytest.mark.by_day("ours")
@pytest.mark.parametrize("optimizer", [DESCENT, SGD, optax.adam(0.05)], ids=["ours", "sgd", "adam"])
def test_a_trajectory_is_the_plain_loop(optimizer):
    run = trajectory(net_loss, PARAMS, optimizer, 3)
    params, state, value_and_grad = PARAMS, optimizer.init(PARAMS), _value_and_grad
    for step in range(4):
        value, slope = value_and_grad(params)
        here = jax.tree.map(lambda leaf, step=step: leaf[step], run.params)
        np.testing.assert_allclose(ravel_pytree(here)[0], ravel_pytree(params)[0], atol=1e-13)
        assert float(run.losses[step]) == pytest.approx(float(value))
        move, state = optimizer.update(slope, state, params)
        params = optax.apply_updates(params, move)


_value_and_grad = jax.jit(jax.value_and_grad(net_loss))


@pytest.mark.nightly
def test_gradient_descent_and_optax_s_sgd_give_one_trajectory():
    ours, theirs = (trajectory(net_loss, PARAMS, rule, 3) for rule in (DESCENT, SGD))
    for a, b in zip(jax.tree.leaves(ours.params), jax.tree.leaves(theirs.params), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("num_steps", [1, 7])
def test_every_leaf_has_one_row_per_iterate(num_steps):
    params = {"x": jnp.float32(0.5), "y": jnp.ones((1, 2))}
    run = trajectory(
        lambda p: p["x"] ** 2 + jnp.sum(p["y"] ** 2), params, gradient_descent(0.1), num_steps
    )
    assert (run.params["x"].shape, run.params["x"].dtype) == ((num_steps + 1,), jnp.float32)
    assert run.params["y"].shape == (num_steps + 1, 1, 2)
    assert run.losses.shape == (num_steps + 1,)
    np.testing.assert_array_equal(run.params["y"][0], params["y"])


# --- divergence ---


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, DIVERGENCE, -2 * DIVERGENCE])
def test_the_first_loss_that_is_not_a_finite_and_bounded_number_is_found(bad):
    losses = np.array([1.0, 0.99 * DIVERGENCE, bad, 0.5, np.nan])
    assert diverged_at(losses) == 2 and isinstance(diverged_at(losses), int)
    assert diverged_at(losses[:2]) == -1
    assert diverged_at(losses, limit=0.9) == 0
    together = np.stack([losses, np.ones(5)])
    np.testing.assert_array_equal(diverged_at(together), [2, -1])
    np.testing.assert_array_equal(jax.jit(diverged_at)(together), [2, -1])


def test_no_surface_starts_near_the_limit():
    everything = [thing for thing in vars(surfaces).values() if isinstance(thing, surfaces.Surface)]
    assert len(everything) > 5
    for surface in everything:
        *_, heights = surface.grid()
        assert np.max(np.abs(heights)) < DIVERGENCE / 100


@pytest.mark.parametrize("limit", [0, -1.0, np.nan])
def test_a_limit_that_is_not_positive_is_refused(limit):
    with refuses("limit"):
        diverged_at(np.ones(3), limit)


def test_divergence_is_dated():
    # Each step multiplies x by -3 and the loss by 9, and 9⁷ is the first power above 10⁶.
    run = trajectory(_square, jnp.array([1.0]), gradient_descent(2.0), 20)
    assert run.diverged_at == 7 and isinstance(run.diverged_at, int)
    assert diverged_at(run.losses, 1e5) == 6
    assert trajectory(_square, jnp.array([1.0]), gradient_descent(0.5), 20).diverged_at == -1


def _square(theta):
    return jnp.sum(theta**2)


def test_nan_and_minus_infinity_are_divergence_too():
    log = trajectory(lambda x: jnp.log(x) + x, 0.1, gradient_descent(0.1), 3)
    assert log.diverged_at == 1  # the first step lands at a negative x, where log is NaN
    fall = trajectory(surfaces.saddle, jnp.array([1.0, 0.0]), gradient_descent(50.0), 20)
    assert fall.diverged_at == 2  # each step multiplies x by 101, and 101⁴ > 10⁶
    assert isinstance(fall.diverged_at, int)


def test_changing_the_learning_rate_or_the_start_does_not_compile_again():
    def run(rate, start):
        trajectory(lambda theta: jnp.sum(theta**4), start, gradient_descent(rate), 5)

    run(0.1, jnp.ones(2))
    with counted_compilations() as made:
        for rate, start in [(0.2, jnp.ones(2)), (1, jnp.zeros(2)), (np.float32(0.3), np.ones(2))]:
            run(rate, start)
    assert made == []


@pytest.mark.nightly
def test_learning_rates_can_be_mapped():
    rates = jnp.array([0.1, 0.2, 2.0])
    run = jax.vmap(lambda rate: trajectory(_square, jnp.ones(1), gradient_descent(rate), 20))(rates)
    np.testing.assert_allclose(run.losses[:, 1], (1 - 2 * rates) ** 2)
    assert run.diverged_at.tolist() == [-1, -1, 7]


def test_a_bad_trajectory_is_refused_in_one_sentence():
    descent = gradient_descent(0.1)
    for params in ({}, jnp.arange(2), jnp.array([0, np.nan])):
        with refuses("params"):
            trajectory(_square, params, descent, 5)
    with refuses("loss"):
        trajectory(lambda theta: theta, jnp.ones(2), descent, 5)
    for num_steps in (0, 2.5):
        with refuses("num_steps"):
            trajectory(_square, jnp.ones(2), descent, num_steps)
    with refuses("optimizer"):
        trajectory(_square, jnp.ones(2), gradient_descent, 5)
    with refuses("rule"):
        trajectories(_square, jnp.ones(2), descent, [0.1], 5)


# --- train ---


def plain_training(params, optimizer, epochs, batch_size, seed):
    """What `train` promises, written as the loop it replaces."""
    state, rng = optimizer.init(params), np.random.default_rng(seed)
    losses, norms = [], []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        values, slopes = [], []
        for start in range(0, len(X) - batch_size + 1, batch_size):
            rows = order[start : start + batch_size]
            value, slope = _batch_value_and_grad(params, (X[rows], Y[rows]))
            values.append(float(value))
            slopes.append(float(jnp.linalg.norm(ravel_pytree(slope)[0])))
            move, state = optimizer.update(slope, state, params)
            params = optax.apply_updates(params, move)
        losses.append(np.mean(values))
        norms.append(np.mean(slopes))
    return params, losses, norms


_batch_value_and_grad = jax.jit(jax.value_and_grad(batch_loss))


@pytest.mark.by_day("leaves two out")
@pytest.mark.parametrize(
    "optimizer, batch_size",
    [(gradient_descent(0.3), 6), (gradient_descent(0.3), 20), (optax.adam(0.05), 6)],
    ids=["leaves two out", "full batch", "optax"],
)
def test_training_is_the_plain_loop(optimizer, batch_size):
    run = train(batch_loss, PARAMS, DATA, optimizer, epochs=3, batch_size=batch_size, seed=5)
    params, losses, norms = plain_training(PARAMS, optimizer, 3, batch_size, 5)
    np.testing.assert_allclose(ravel_pytree(run.params)[0], ravel_pytree(params)[0], atol=1e-13)
    np.testing.assert_allclose(run.losses, losses)
    np.testing.assert_allclose(run.grad_norms, norms)


def test_the_seed_decides_the_order():
    def run(seed):
        return train(
            batch_loss, PARAMS, DATA, gradient_descent(0.3), epochs=2, batch_size=6, seed=seed
        ).losses

    np.testing.assert_array_equal(run(0), run(0))
    assert not np.allclose(run(0), run(1))


@pytest.mark.nightly
def test_training_keeps_float32():
    data = (X.astype("float32"), Y)
    run = train(
        batch_loss, astype(PARAMS, jnp.float32), data, gradient_descent(0.3),
        epochs=1, batch_size=6, seed=0,
    )  # fmt: skip
    assert {leaf.dtype for leaf in jax.tree.leaves(run.params)} == {np.dtype("float32")}


def test_progress_is_told_after_every_epoch():
    told = []
    train(
        batch_loss, PARAMS, DATA, gradient_descent(0.3),
        epochs=3, batch_size=6, seed=0, on_epoch=lambda epoch, _: told.append(epoch),
    )  # fmt: skip
    assert told == [1, 2, 3]


def test_other_rates_seeds_and_labels_do_not_compile_again():
    def run(rate, seed, labels):
        train(
            lambda params, batch: jnp.mean((batch[0] @ params - batch[1]) ** 2),
            jnp.zeros(4), (X, labels), gradient_descent(rate), epochs=2, batch_size=6, seed=seed,
        )  # fmt: skip

    run(0.1, 0, np.ones(20))
    with counted_compilations() as made:
        run(0.2, 1, np.zeros(20))
    assert made == []


def test_bad_training_is_refused_in_one_sentence():
    def attempt(loss=batch_loss, params=PARAMS, data=DATA, epochs=1, batch_size=6):
        descent = gradient_descent(0.1)
        train(loss, params, data, descent, epochs=epochs, batch_size=batch_size, seed=0)

    for batch_size in (0, -1, 21):
        with refuses("batch_size"):
            attempt(batch_size=batch_size)
    for data in ((X, Y[:5]), (X, 3.0), ()):
        with refuses("data"):
            attempt(data=data)
    for params in ({}, jnp.arange(3), [jnp.nan]):
        with refuses("params"):
            attempt(params=params)
    for loss in (lambda params, batch: batch[0], lambda params: 0.0, 1.0):
        with refuses("loss"):
            attempt(loss=loss)
    with refuses("epochs"):
        attempt(epochs=0)


# --- the whole batch, measured at every step ---

BEYOND = {"x": X[:7] + 0.1, "y": Y[:7]}


def whole_loss(params, data):
    """`batch_loss` on the first entry of the data."""
    return batch_loss(params, data[0])


def beyond(params, data):
    """A loss on other examples, and the largest weight: two numbers in a dict."""
    other = batch_loss(params, (data[1]["x"], data[1]["y"]))
    return {"other": other, "largest": jnp.max(ravel_pytree(params)[0])}


@pytest.mark.nightly
@pytest.mark.parametrize("optimizer", [gradient_descent(0.3), optax.adam(0.05)])
def test_a_descent_is_the_trajectory_of_the_whole_batch(optimizer):
    run = descend(whole_loss, PARAMS, (DATA, BEYOND), optimizer, 11, measure=beyond, moments=4)
    path = trajectory(net_loss, PARAMS, optimizer, 11)
    np.testing.assert_allclose(run.losses, path.losses, rtol=1e-12)
    assert kept_after(11, 4).tolist() == [0, 3, 6, 9, 11]
    for kept, every in zip(*map(jax.tree.leaves, (run.params, path.params)), strict=True):
        np.testing.assert_allclose(kept, every[kept_after(11, 4)], rtol=1e-9, atol=1e-12)
    for k in (0, 5, 11):
        here = jax.tree.map(lambda leaf, k=k: leaf[k], path.params)
        slope = ravel_pytree(jax.grad(net_loss)(here))[0]
        assert run.grad_norms[k] == pytest.approx(float(jnp.linalg.norm(slope)))
        for name, number in beyond(here, (DATA, BEYOND)).items():
            assert run.measured[name][k] == pytest.approx(float(number))
    assert run.diverged_at == -1 and len(run.grad_norms) == len(run.measured["other"]) == 12


@pytest.mark.parametrize(
    "num_steps, moments, steps",
    [(24, 8, range(0, 25, 3)), (3, 8, [0, 1, 1, 2, 2, 2, 3, 3, 3]), (1, 1, [0, 1])],
)
def test_what_is_kept_is_the_iterate_of_its_step(num_steps, moments, steps):
    assert kept_after(num_steps, moments).tolist() == list(steps)
    run = descend(_line, jnp.float32(0), (), gradient_descent(1.0), num_steps, moments=moments)
    np.testing.assert_array_equal(run.params, np.float32(list(steps)))
    assert run.params.dtype == np.float32
    assert run.measured is None
    np.testing.assert_array_equal(run.losses, -np.arange(num_steps + 1.0))


def _line(params, data):
    return -params  # so that a step adds the learning rate


def test_a_descent_dates_its_divergence():
    run = descend(lambda p, data: data * jnp.sum(p**2), jnp.ones(1), 1.0, gradient_descent(2.0), 20)
    assert run.diverged_at == 7  # as its trajectory


def test_other_steps_rates_starts_and_data_do_not_compile_again():
    def loss(params, data):
        return jnp.mean((X @ params - data) ** 2)

    def run(rate, start, labels, num_steps, decay):
        rule = weight_decay(gradient_descent(rate), decay)
        return descend(loss, start, labels, rule, num_steps, most_steps=30)

    run(0.1, np.zeros(4), np.ones(20), 30, 0.0)
    start = jnp.ones(4)
    with counted_compilations() as made:
        last = run(0.2, start, np.zeros(20), 7, 0.1)
    assert not made
    assert last.losses.shape == (8,)


def test_a_bad_descent_is_refused_in_one_sentence():
    def attempt(loss=_line, params=0.5, optimizer=DESCENT, num_steps=3, **rest):
        descend(loss, params, (), optimizer, num_steps, **rest)

    for params in ({}, 1, np.nan):
        with refuses("params"):
            attempt(params=params)
    for loss in (lambda p, data: (p, p), lambda p: p, 1.0):
        with refuses("loss"):
            attempt(loss=loss)
    for num_steps in (0, 2.5, 6):
        with refuses("num_steps"):
            attempt(num_steps=num_steps, most_steps=5)
    with refuses("optimizer"):
        attempt(optimizer=gradient_descent)
    with refuses("moments"):
        attempt(moments=0)
    with refuses("measure"):
        attempt(measure=lambda p, data: jnp.ones(2))


# --- sweeps ---

RATES = np.array([0.03, 0.3])


@pytest.mark.nightly
@pytest.mark.parametrize("rule", [momentum, optax.adam], ids=["ours", "optax"])
def test_trajectories_are_one_trajectory_for_each_rate(rule):
    start = jnp.array([1.0, -0.5])
    runs = trajectories(surfaces.bowl, start, rule, RATES, 20)
    for place, rate in enumerate(RATES):
        run = trajectory(surfaces.bowl, start, rule(rate), 20)
        np.testing.assert_allclose(runs.params[place], run.params, rtol=1e-6, atol=1e-12)
        np.testing.assert_allclose(runs.losses[place], run.losses, rtol=1e-6, atol=1e-12)


def test_trajectories_date_each_divergence():
    runs = trajectories(_square, jnp.ones(1), gradient_descent, [0.1, 2.0], 20)
    assert runs.diverged_at.tolist() == [-1, 7]


def batch_sweep(**changes):
    arguments = {"epochs": 2, "batch_size": 6, "seed": 5} | changes
    loss, rates = arguments.pop("loss", batch_loss), arguments.pop("rates", RATES)
    starts, rule = arguments.pop("starts", STARTS), arguments.pop("rule", adam)
    return sweep(loss, starts, DATA, rule, rates, **arguments)


STARTS = [PARAMS, jax.tree.map(lambda leaf: 2 * leaf, PARAMS)]


@pytest.mark.nightly
@pytest.mark.parametrize("rule", [adam, optax.adam], ids=["ours", "optax"])
def test_a_sweep_is_train_for_each_rate_and_start(rule):
    runs = batch_sweep(rule=rule)
    assert runs.losses.shape == (2, 2, 2)
    for r, optimizer in enumerate(map(rule, RATES)):
        for s, start in enumerate(STARTS):
            run = train(batch_loss, start, DATA, optimizer, epochs=2, batch_size=6, seed=5 + s)
            np.testing.assert_allclose(runs.losses[r, s], run.losses, rtol=1e-6)
            last = jax.tree.map(lambda leaf, r=r, s=s: leaf[r, s], runs.params)
            np.testing.assert_allclose(
                ravel_pytree(last)[0], ravel_pytree(run.params)[0], rtol=1e-5, atol=1e-8
            )


@pytest.mark.nightly
@pytest.mark.by_day("adam")
@pytest.mark.parametrize("rule", [momentum, optax.adam, optax.contrib.muon])
def test_a_sweep_keeps_float32(rule):
    starts = [astype(PARAMS, jnp.float32)]
    runs = batch_sweep(starts=starts, rule=rule, epochs=1)
    assert {leaf.dtype for leaf in jax.tree.leaves(runs.params)} == {np.dtype("float32")}


def blow_up(params, batch):
    """A quadratic that the rate 2 multiplies by 9 a step: 9⁷ is the first power above 10⁶."""
    return jnp.sum(params**2) + 0 * jnp.sum(batch[0])


def test_training_and_sweeps_date_divergence_too():
    start = jnp.ones(1)
    for rate, step in ((0.1, -1), (2.0, 7)):
        run = train(blow_up, start, DATA, gradient_descent(rate), epochs=4, batch_size=6, seed=0)
        assert run.diverged_at == step
    runs = batch_sweep(
        loss=blow_up, starts=[start, 2 * start], rule=gradient_descent, rates=[0.1, 2.0], epochs=4
    )
    assert runs.diverged_at.tolist() == [[-1, -1], [7, 6]]


def test_a_sweep_over_other_rates_does_not_compile_again():
    def loss(params, batch):
        return jnp.mean((batch[0] @ params - batch[1]) ** 2)

    starts = [jnp.zeros(4)] * 2
    batch_sweep(loss=loss, starts=starts, rates=[0.1, 0.2])
    with counted_compilations() as made:
        batch_sweep(loss=loss, starts=starts, rates=[0.3, 0.4], seed=1)
    assert made == []


def test_a_bad_sweep_is_refused_in_one_sentence():
    for rates in ([], 0.1, [0.1, -1.0], [np.nan]):
        with refuses("rates"):
            batch_sweep(rates=rates)
        with refuses("rates"):
            trajectories(_square, jnp.ones(1), gradient_descent, rates, 5)
    for starts in ([], [PARAMS, PARAMS[:1]]):
        with refuses("starts"):
            batch_sweep(starts=starts)
