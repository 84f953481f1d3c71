"""The measurements of notebook 05, on cases whose answer is known."""

from math import comb

import jax
import numpy as np
import pytest

from lecture_utils import datasets, networks
from lecture_utils.lessons.loss_profiles_1d import experiments
from lecture_utils.trees import norm


def distance(a, b):
    return float(norm(jax.tree.map(np.subtract, a, b)))


@pytest.mark.nightly
def test_barriers_of_every_pair_before_and_after_reordering():
    net = networks.mlp([3, 6, 2])
    a, b = (net.init(jax.random.key(seed)) for seed in range(2))
    order = np.array([3, 0, 5, 1, 4, 2])
    copy = [
        {"W": a[0]["W"][:, order], "b": a[0]["b"][order]},
        {"W": a[1]["W"][order], "b": a[1]["b"]},
    ]
    trained, reordered = experiments.pair_barriers(distance, [a, b, copy]).T
    assert trained == pytest.approx([distance(a, b), distance(a, copy), distance(b, copy)])
    assert trained[1] > 0.5
    assert reordered[1] == 0  # the copy is put into its old order
    assert reordered[0] <= trained[0]
    assert reordered[2] == pytest.approx(reordered[0])  # a and its copy are equally far from b


def test_the_chance_of_a_split_counts_the_ways_to_deal_it():
    # Of 3 + 4 values the 3 above the bound all lie in the second group: one deal of the least
    # likely kind, out of C(7, 3).
    few, many = [0.0, 0.1, 0.2], [0.3, 5.0, 6.0, 7.0]
    assert experiments.chance_of_split(few, many, 1.0) == pytest.approx(comb(4, 3) / comb(7, 3))
    assert experiments.chance_of_split(many, few, 1.0) == pytest.approx(1)
    assert experiments.chance_of_split(few, few, 1.0) == pytest.approx(1)


@pytest.mark.nightly
def test_another_order_is_the_same_function():
    net = networks.mlp([5, 6, 7, 2])
    params = net.init(jax.random.key(0))
    x = np.random.default_rng(0).standard_normal((4, 5)).astype(np.float32)
    other = experiments.shuffled(params, 3)
    assert distance(params, other) > 0.5
    np.testing.assert_allclose(net.apply(other, x), net.apply(params, x), atol=1e-5)
    order = np.array([2, 0, 1, 6, 5, 4, 3])
    back = experiments.reorder(experiments.reorder(params, 1, order), 1, np.argsort(order))
    assert distance(params, back) == 0
    np.testing.assert_array_equal(
        experiments.reorder(params, 1, order)[2]["W"], params[2]["W"][order]
    )


def test_a_climb_counts_only_what_came_before():
    assert experiments.climb([3.0, 2.0, 2.5, 1.0]) == 0.5
    assert experiments.climb([0.0, 5.0, 0.0]) == 5.0
    np.testing.assert_array_equal(experiments.climb([[3.0, 2.0], [2.0, 3.0]]), [0.0, 1.0])


def test_a_bow_beside_its_line():
    # A half circle over the line from (0, 0) to (2, 0).
    turn = np.linspace(np.pi, 0, 5)
    points = np.stack([1 + np.cos(turn), np.sin(turn)], axis=1)
    place, away, share = experiments.off_the_line(points)
    np.testing.assert_allclose(place, points[:, 0] / 2, atol=1e-12)
    np.testing.assert_allclose(away, points[:, 1] / 2, atol=1e-12)
    assert share == pytest.approx(1 - np.sum(points[:, 1] ** 2) / np.sum(points**2))
    assert experiments.off_the_line([[0.0, 0.0], [1.0, 2.0], [2.0, 4.0]])[2] == pytest.approx(1)


def test_a_random_walk_is_half_a_length_away_in_the_middle():
    place, away, share = experiments.random_walk(0)
    np.testing.assert_allclose(away, np.sqrt(np.maximum(place * (1 - place), 0)), atol=0.06)
    assert share == pytest.approx(2 / 3, abs=0.03)


@pytest.fixture(scope="module")
def short():
    """Three runs of the MLP, of two epochs each."""
    net, rule = experiments.NETWORKS["MLP"], experiments._rule("MLP")
    starts = [net.init(jax.random.key(k)) for k in range(3)]
    return [experiments._run(net, rule, start, k, epochs=2) for k, start in enumerate(starts)]


def digits_loss(params):
    digits = datasets.digits()
    net = networks.mlp([64, 64, 64, 10])
    return float(networks.cross_entropy(net.apply(params, digits.x), digits.y))


@pytest.mark.nightly
def test_a_line_holds_its_ends_and_goes_beyond(short):
    found = experiments.profiles({"MLP": short})
    assert found.losses["MLP"].shape == found.accuracies["MLP"].shape == (3, 101)
    assert found.way("MLP").shape == (3, 51)
    for k, run in enumerate(short):
        assert found.losses["MLP"][k, 0] == pytest.approx(digits_loss(run[0]), rel=1e-4)
        assert found.way("MLP")[k, -1] == pytest.approx(digits_loss(run[-1]), rel=1e-4)
    assert len(short[0]) == 3  # the start, and after each epoch
    assert digits_loss(short[0][-1]) < digits_loss(short[0][0])


@pytest.mark.nightly
def test_a_walk_beside_its_line(short):
    ((walk, *_),) = experiments.walks({"MLP": short}).values()
    np.testing.assert_allclose(walk.distance[[0, -1]], 0, atol=1e-6)
    np.testing.assert_allclose(walk.place[[0, -1]], [0, 1], atol=1e-6)
    np.testing.assert_allclose(walk.on_path[[0, -1]], walk.on_line[[0, -1]], rtol=1e-3)
    assert walk.on_path[1] == pytest.approx(digits_loss(short[0][1]), rel=1e-4)


@pytest.mark.nightly
def test_three_ways_share_their_ends(short, monkeypatch):
    monkeypatch.setattr(experiments.control_point, "__defaults__", (3,))
    ways = experiments.pairs_three_ways([run[-1] for run in short], 0)
    assert [found.shape for found in ways.values()] == [(3, 51)] * 3
    first = next(iter(ways.values()))
    for found in ways.values():
        np.testing.assert_allclose(found[:, [0, -1]], first[:, [0, -1]], rtol=1e-3)
