"""The drawings of notebook 08."""

import numpy as np
import pytest

from lecture_utils.lessons.batch_size_and_sharpness import figures


def test_sharp_is_red_and_flat_is_blue():
    flat, sharp = figures.sharp_to_flat([1.0, 100.0], 1.0, 100.0)
    assert flat[2] > flat[0]
    assert sharp[0] > sharp[2]


def test_paired_dots_show_every_seed_and_the_means():
    _, ax = figures.canvas()
    groups = {"clean": ([1.0, 2.0], [3.0, 5.0]), "noisy": ([4.0, 4.0], [0.0, 1.0])}
    figures.paired_dots(ax, groups, ylabel="λ", title="t")
    marked = [line for line in ax.lines if line.get_marker() in ("o", "s")]
    assert [list(line.get_ydata()) for line in marked] == [[1, 2], [3, 5], [4, 4], [0, 1]]
    bars = [line.get_ydata()[0] for line in ax.lines if line.get_linewidth() == 2.5]
    np.testing.assert_allclose(bars, [1.5, 4, 4, 0.5])
    assert [text.get_text() for text in ax.get_xticklabels()] == ["clean", "noisy"]


def test_to_the_edge_draws_the_run_and_its_limit():
    _, ax = figures.canvas()
    line = figures.to_the_edge(ax, np.arange(50), np.linspace(0, 2, 50), 2.0, "red", "η", "o")
    assert line.get_ydata()[-1] == 2
    assert ax.lines[1].get_ydata()[0] == 2


def test_noise_and_time_draw_the_laws_and_what_was_measured():
    sizes, update = np.array([1, 64]), np.array([1e-5, 1e-4])
    noises = np.array([[2.0, 1.0], [0.2, 0.1]])
    left, right = figures.noise_and_time(sizes, noises, 16.0, 1797, update).figure.axes
    law, less, again, once = left.lines
    np.testing.assert_allclose(law.get_ydata() * law.get_xdata(), 16)
    assert np.all(less.get_ydata() <= law.get_ydata())
    np.testing.assert_array_equal([again.get_ydata(), once.get_ydata()], noises.T)
    np.testing.assert_allclose(right.lines[1].get_ydata(), [0.01 * 1797, 0.1 * 1797 / 64])


def test_two_valleys_show_the_rise_at_each_minimum():
    x, shifts = np.linspace(-4, 2, 5), np.array([0, 0.2])
    minima, rises = {"flat": -2.0, "sharp": 1.0}, {"flat": 0.045, "sharp": 0.72}
    price = {name: rise * shifts for name, rise in rises.items()}
    left, right = figures.two_valleys(
        x, x**2, x**2, minima, rises, shifts, price, price
    ).figure.axes
    assert {text.get_text() for text in left.texts} == {"+0.045", "+0.720"}
    assert {tuple(line.get_ydata()) for line in left.lines[2::2]} == {(0, 0.045), (0, 0.72)}
    assert len(right.lines) == 4


def test_pairs_of_runs_has_one_panel_for_each_measure():
    groups = {"clean": (np.ones(8), np.full(8, 2.0))}
    axes = figures.pairs_of_runs(*[groups] * 4).figure.axes
    assert len({ax.get_title(loc="left") for ax in axes}) == 4
    assert [ax.get_ylabel() for ax in axes][::3] == ["largest eigenvalue λ_max", "test accuracy, %"]


def test_rescaled_copies_carry_their_numbers():
    (ax,) = figures.rescaled_copies(np.array([1, 10]), np.array([2.6, 140.0])).figure.axes
    assert [text.get_text() for text in ax.texts] == ["2.6", "140"]


def test_the_edge_is_drawn_at_two_over_eta_for_each_run():
    steps = 20 * np.arange(1, 201)
    runs = {rate: np.stack([np.full(200, 0.01), np.full(200, rate)]) for rate in (0.8, 1.2, 1.8)}
    left, right = figures.edge_of_stability(steps, runs).figure.axes
    edges = [line.get_ydata()[0] for line in left.lines if line.get_linestyle() == "--"]
    assert edges == pytest.approx([2.5, 2 / 1.2, 2 / 1.8])
    assert left.lines[0].get_ydata()[0] == 0.8 and right.lines[0].get_ydata()[0] == 0.01


def test_steps_against_batch_carry_their_rates_and_the_law_of_small_batches():
    (ax,) = figures.steps_against_batch(
        [4, 16, 64], [400, 150, 100], [0.4, 0.8, 0.8], 30.0
    ).figure.axes
    law, steps, scale = ax.lines
    np.testing.assert_allclose(law.get_ydata() * law.get_xdata(), 1600)
    assert list(steps.get_ydata()) == [400, 150, 100] and scale.get_xdata()[0] == 30
    assert [text.get_text() for text in ax.texts] == ["η = 0.4", "η = 0.8", "η = 0.8"]
