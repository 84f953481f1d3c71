"""What lesson 06 does many times, on small cases whose answer is known."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.stats

from lecture_utils import gradient_descent, momentum, networks
from lecture_utils.datasets import Dataset
from lecture_utils.lessons.loss_surfaces_2d import experiments

NET = networks.mlp([2, 4, 2], "tanh")
X = np.random.default_rng(0).standard_normal((30, 2)).astype(np.float32)
DATA = Dataset(X, (X[:, 0] > 0).astype(int))
RULES = {"SGD": gradient_descent(0.1), "momentum": momentum(0.02)}
ORDER = np.random.default_rng(1).integers(30, size=(50, 8))


def loss(params):
    return networks.cross_entropy(NET.apply(params, DATA.x), DATA.y)


def same(a, b):
    jax.tree.map(lambda *leaves: np.testing.assert_allclose(*leaves, atol=1e-6), a, b)


def by_hand(rule, params, rows, cap=np.inf):
    """The end of a run, in a plain loop over the minibatches."""
    state = rule.init(params)
    for batch in rows:
        slope = jax.grad(
            lambda p, batch=batch: networks.cross_entropy(NET.apply(p, X[batch]), DATA.y[batch])
        )(params)
        length = np.sqrt(sum(np.sum(leaf**2) for leaf in jax.tree.leaves(slope)))
        slope = jax.tree.map(lambda g, length=length: g * min(1, cap / length), slope)
        move, state = rule.update(slope, state, params)
        params = jax.tree.map(jnp.add, params, move)
    return params


@pytest.mark.nightly
def test_a_run_takes_the_rule_that_it_is_told_and_switches():
    run, start = experiments.trainer(NET, DATA, RULES, keep=10), NET.init(jax.random.key(0))
    path = run(start, np.repeat([0, 1], 25), ORDER)
    assert [len(leaf) for leaf in jax.tree.leaves(path)] == [6] * 4  # 0, 10, …, 40 and the end
    same(jax.tree.map(lambda leaf: leaf[0], path), start)
    half = by_hand(RULES["SGD"], start, ORDER[:25])
    end = by_hand(RULES["momentum"], half, ORDER[25:])
    same(jax.tree.map(lambda leaf: leaf[-1], path), end)


@pytest.mark.nightly
def test_a_cut_gradient_is_at_most_so_long():
    start = NET.init(jax.random.key(0))
    for cap in (np.inf, 0.1):
        end = experiments.train_clipped(NET, RULES["momentum"], cap, start, ORDER, X, DATA.y)
        same(end, by_hand(RULES["momentum"], start, ORDER, cap))


def test_plans_differ_from_sgd_in_one_thing_each():
    kinds = {"SGD": np.zeros(50, int), "SGD → Adam at 50 %": np.repeat([0, 1], 25)}
    plans = experiments.plans(NET, kinds, ORDER, ORDER[::-1], jax.random.key(3))
    start, kind, order = plans["SGD"]
    assert order is ORDER and kind is kinds["SGD"]
    assert plans["SGD → Adam at 50 %"][0] is start
    assert plans["other init"][1:] == (kind, order)
    with pytest.raises(AssertionError):
        same(plans["other init"][0], start)
    assert plans["other order"][0] is start and plans["other order"][2][0].tolist() == (
        ORDER[-1].tolist()
    )
    mixed = plans["other order at 50 %"][2]
    np.testing.assert_array_equal(mixed, np.concatenate([ORDER[:25], ORDER[::-1][25:]]))
    assert {experiments.control_of(name) for name in kinds} <= plans.keys()


@pytest.mark.parametrize(
    ("strategy", "control"),
    [("SGD → Adam at 25 %", "other order at 25 %"), ("Adam → SGD at 25 %", "other order")],
)
def test_the_control_of_a_switch_from_sgd_leaves_chance_as_many_steps(strategy, control):
    assert experiments.control_of(strategy) == control


def test_ends_are_measured_against_sgd_and_adam():
    a, b = (NET.init(jax.random.key(k)) for k in (0, 1))
    found = experiments.measure(NET, loss, {"SGD": a, "Adam": b}, DATA)
    assert found["SGD"]["distance"] == found["SGD"]["disagreement"] == 0
    assert found["SGD"]["barrier"] == found["Adam"]["to Adam"] == pytest.approx(0, abs=1e-6)
    assert found["Adam"]["loss"] == pytest.approx(float(loss(b)))
    gaps = [np.sum((p - q) ** 2) for p, q in zip(*map(jax.tree.leaves, (a, b)), strict=True)]
    assert found["Adam"]["distance"] == pytest.approx(np.sqrt(sum(gaps)), rel=1e-6)
    guesses = [np.argmax(NET.apply(w, X), axis=1) for w in (a, b)]
    assert found["Adam"]["disagreement"] == np.mean(guesses[0] != guesses[1])
    assert found["Adam"]["accuracy"] == np.mean(guesses[1] == DATA.y)


def test_each_keeps_names_and_groups():
    groups = [{"a": 1, "b": 2}, {"a": 3}]
    assert experiments.each(lambda n: 10 * n, iter(groups), "numbers") == [
        {"a": 10, "b": 20},
        {"a": 30},
    ]


def test_ranks_do_not_mind_infinity():
    assert experiments.p_by_ranks(range(5), [*range(5, 9), np.inf]) == pytest.approx(1 / 252)
    assert experiments.p_by_ranks([1, 4, 6], [2, 3, 5]) == pytest.approx(
        scipy.stats.mannwhitneyu([1, 4, 6], [2, 3, 5], alternative="less").pvalue
    )


@pytest.mark.nightly
def test_curvature_and_width_of_a_bowl():
    def bowl(w):
        return jnp.sum(jnp.array([1.0, 4.0]) * w["W"] ** 2) / 2

    w = {"W": jnp.zeros((1, 2))}
    assert experiments.curvature(bowl, w, {"W": jnp.array([[0.0, 2.0]])}) == pytest.approx(16)

    def round_bowl(w):  # around ones, where a filter-normalized direction has length √2
        return jnp.sum((w["W"] - 1) ** 2) / 2

    wide = experiments.basin_widths(round_bowl, {"W": jnp.ones((1, 2))}, jax.random.key(0))
    np.testing.assert_allclose(wide, [0.1**0.5, 1.0], rtol=0.02)  # L rises by t², in 20 pieces


def test_changes_are_counted_as_logarithms():
    assert experiments.largest_change([1, 2, 4], [1, 1, 5]) == pytest.approx(np.log(2))


def test_minima_are_lower_than_all_their_neighbors():
    x = np.linspace(0, 4 * np.pi, 33)
    waves = np.add.outer(np.cos(x[:30]), np.cos(x))  # two minima along each axis
    assert experiments.local_minima(waves) == 4
    # a bowl whose lowest point lies on the border has no minimum that we could know of
    assert experiments.local_minima(np.add.outer(x[:6], np.cos(x))) == 0
    assert experiments.local_minima(np.zeros((5, 7))) == 0  # flat: no point is lower
    assert experiments.local_minima(np.full((5, 5), np.inf)) == 0


@pytest.mark.nightly
def test_nothing_is_seen_around_a_run_that_diverged():
    w = NET.init(jax.random.key(0))
    plane = experiments.random_plane(loss, w, jax.random.key(1), size=5)
    assert plane.shape == (5, 5) and plane[2, 2] == pytest.approx(float(loss(w)))
    lost = jax.tree.map(lambda leaf: leaf * np.nan, w)
    assert np.all(np.isinf(experiments.random_plane(loss, lost, jax.random.key(1), size=5)))


def test_a_random_walk_has_steps_of_the_same_lengths_and_no_direction():
    rng = np.random.default_rng(0)
    path = {"W": rng.standard_normal((41, 30, 10)).cumsum(0), "b": rng.standard_normal((41, 9))}
    walk = experiments.random_walk(path, 1)
    lengths = []
    for one in (path, walk):
        flat = np.concatenate([one["W"].reshape(41, -1), one["b"]], axis=1)
        lengths.append(np.linalg.norm(np.diff(flat, axis=0), axis=1))
    np.testing.assert_allclose(*lengths)
    np.testing.assert_array_equal(walk["b"][0], path["b"][0])
    steps = np.diff(np.concatenate([walk["W"].reshape(41, -1), walk["b"]], axis=1), axis=0)
    unit = steps / np.linalg.norm(steps, axis=1, keepdims=True)
    assert np.max(np.abs(unit @ unit.T - np.eye(40))) < 0.35  # nearly orthogonal, in 309 directions
