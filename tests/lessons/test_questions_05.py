"""The questions of notebook 05: solvable, and each typical mistake is named."""

import itertools

import numpy as np
import pytest

from lecture_utils import align_neurons, bezier
from lecture_utils import barrier as library_barrier
from lecture_utils.lessons.loss_profiles_1d.experiments import climb as library_climb
from lecture_utils.lessons.loss_profiles_1d.questions import (
    barrier,
    bent,
    climb,
    control_for,
    curvature_along,
    lesson,
    match,
    reordered,
)


def test_other_ways_to_the_answer_are_accepted():
    def by_slopes(before, here, after, h, length):
        return ((after - here) / h - (here - before) / h) / h / length**2

    def by_matrix(W1, b1, W2, order):
        P = np.eye(len(order))[:, order]
        return W1 @ P, b1 @ P, P.T @ W2

    def by_trying_all(likeness):
        n = np.arange(len(likeness))
        orders = itertools.permutations(n)
        best = max(orders, key=lambda order: np.abs(likeness[n, order]).sum())
        return list(best), [1 if likeness[i, j] > 0 else -1 for i, j in enumerate(best)]

    def by_interpolation(losses, alphas):
        return (losses - np.interp(alphas, [0, 1], losses[[0, -1]])).max()

    def by_loop(losses):
        lowest, found = losses[0], 0.0
        for loss in losses:
            lowest = min(lowest, loss)
            found = max(found, loss - lowest)
        return found

    def by_walking_twice(a, c, b, t):
        first, second = a + t * (c - a), c + t * (b - c)
        return first + t * (second - first)

    answers = {
        "bent": [by_walking_twice, bezier],
        "barrier": [by_interpolation, library_barrier],
        "climb": [by_loop, library_climb],
        "curvature_along": [by_slopes],
        "reordered": [by_matrix, lambda *layer: list(reordered(*layer))],
        "match": [by_trying_all],
    }
    for name, ways in answers.items():
        for answer in ways:
            assert lesson.check(name, answer).feedback.status == "correct"


def test_the_two_measures_are_the_library_s():
    rng = np.random.default_rng(0)
    for losses, between in zip(rng.random((20, 9)), rng.random((20, 7)), strict=True):
        alphas = np.concatenate([[0], np.sort(between), [1]])
        assert barrier(losses, alphas) == pytest.approx(library_barrier(losses, alphas))
        assert climb(losses) == pytest.approx(library_climb(losses))


def test_climb_and_barrier_are_different_things():
    bump_on_the_way_down = np.array([2.0, 1.0, 1.3, 0.6, 0.3])
    assert climb(bump_on_the_way_down) == pytest.approx(0.3)
    assert barrier(bump_on_the_way_down, np.linspace(0, 1, 5)) == pytest.approx(0.15)
    up = np.array([0.0, 0.5, 1.0])
    assert (climb(up), barrier(up, np.linspace(0, 1, 3))) == (1.0, 0.0)


def test_the_curvature_is_the_hessian_s():
    H, d = np.array([[2.0, 0.5], [0.5, -1.0]]), np.array([3.0, 4.0])

    def profile(alpha):
        return 0.5 * alpha * d @ H @ d * alpha

    found = curvature_along(profile(0.9), profile(1.0), profile(1.1), 0.1, 5.0)
    assert found == pytest.approx(d @ H @ d / 25)


def test_the_bent_path_is_the_library_s():
    for a, c, b, t in lesson.exercises["bent"].inputs:
        np.testing.assert_allclose(bent(a, c, b, t), bezier(a, c, b, t), rtol=1e-6)


def test_the_control_point_is_the_library_s_curve_s():
    for a, m, b in lesson.exercises["control_for"].inputs:
        np.testing.assert_allclose(bezier(a, control_for(a, m, b), b, 0.5), m)


def test_the_library_undoes_a_reordering():
    rng = np.random.default_rng(0)
    W1, b1, W2 = rng.standard_normal((4, 6)), rng.standard_normal(6), rng.standard_normal((6, 3))
    net = [{"W": W1, "b": b1}, {"W": W2, "b": np.zeros(3)}]
    V1, c1, V2 = reordered(W1, b1, W2, rng.permutation(6))
    back = align_neurons([{"W": V1, "b": c1}, {"W": V2, "b": np.zeros(3)}], net)
    np.testing.assert_allclose(back[0]["W"], W1)
    np.testing.assert_allclose(back[1]["W"], W2)


def test_a_flipped_and_shuffled_network_is_found_again():
    rng = np.random.default_rng(1)
    W, order, signs = rng.standard_normal((4, 5)), rng.permutation(5), rng.choice([-1, 1], 5)
    found, flips = match(W.T @ (W * signs)[:, order])
    np.testing.assert_array_equal(order[found], np.arange(5))
    np.testing.assert_array_equal(flips, signs)


def test_each_place_left_open_is_not_attempted():
    for stub in (
        lambda W1, b1, W2, order: (..., ..., ...),
        lambda W1, b1, W2, order: (W1[:, order], b1[order], ...),
    ):
        assert lesson.check("reordered", stub).feedback.status == "not attempted"


def test_wrong_shapes_are_told():
    wrongs = {
        "expected 3 results": lambda W1, b1, W2, order: W1[0, 0],
        "all other results are right; of the first: your answer is the transpose": (
            lambda W1, b1, W2, order: (W1[:, order].T, b1[order], W2[order])
        ),
    }
    for words, wrong in wrongs.items():
        assert words in lesson.check("reordered", wrong).feedback.text
