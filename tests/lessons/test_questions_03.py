"""The questions of notebook 03: solvable, and each typical mistake is named."""

from itertools import combinations

import jax
import numpy as np
from scipy.stats import norm

from lecture_utils.lessons.relu_blind_spots.questions import lesson, unit_gradient


def test_other_ways_to_the_answer_are_accepted():
    def by_subsets(X, g):
        d = X.shape[1]
        subsets = [list(s) for size in range(d + 1) for s in combinations(range(d), size)]
        return np.mean([np.mean(np.prod(X[:, s], axis=1) * g) ** 2 for s in subsets])

    def by_parseval(X, g):
        return np.mean(g**2) / len(g)

    for answer in (by_subsets, by_parseval):
        assert lesson.check("parity_signal", answer).feedback.status == "correct"
    right = lesson.check("mean_bias", lambda active: -norm.ppf(1 - active))
    assert right.feedback.status == "correct"
    python = lesson.check("is_dead", lambda w, b, x: bool(max(w * x + b) <= 0))
    assert python.feedback.status == "correct"


def test_the_gradient_by_hand_is_autodiff_s():
    exercise = lesson.exercises["unit_gradient"]

    def loss(theta, x, y):
        v, c, b, w = theta
        return ((v * jax.nn.relu(w * x + b) + c - y) ** 2).sum()

    for arguments in exercise.inputs:
        np.testing.assert_allclose(unit_gradient(*arguments), jax.grad(loss)(*arguments))
