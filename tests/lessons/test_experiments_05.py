"""The measurements of notebook 05, on cases whose answer is known."""

from math import comb

import jax
import numpy as np
import pytest

from lecture_utils import networks
from lecture_utils.lessons.loss_profiles_1d import experiments
from lecture_utils.trees import norm


def distance(a, b):
    return float(norm(jax.tree.map(np.subtract, a, b)))


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
