"""Notebook 04's drawings, through their artists."""

import numpy as np
from test_figures import small_texts

from lecture_utils.lessons.eigenvalues_vs_error import figures

LOSS, ALPHA = np.array([0.2, 0.5, 1.8]), np.array([0.0, 0.1, 0.3])


def test_a_landscape_has_all_points_and_ticks_in_losses():
    fig, ax = figures.canvas()
    points = figures.index_against_loss(ax, LOSS, ALPHA, title="Rising", note="3 points")
    np.testing.assert_array_equal(points.get_xydata(), np.column_stack([LOSS, ALPHA]))
    assert ax.get_xscale() == "log"
    labels = [text.get_text() for text in ax.get_xticklabels()]
    assert (labels[0], labels[-1]) == ("0.20", "1.8")
    assert ax.texts[0].get_text() == "3 points"
    assert small_texts(fig) == []


def test_the_band_is_the_middle_of_the_fits_and_holds_the_best():
    fig, ax = figures.canvas()
    grid = np.linspace(0, 1, 5)
    samples = np.linspace(0.5, 1.5, 101)[:, None] * grid
    line = figures.fit_band(ax, grid, samples, grid, LOSS, ALPHA)
    np.testing.assert_allclose(line.get_ydata(), grid)
    heights = ax.collections[0].get_paths()[0].vertices[:, 1]
    np.testing.assert_allclose([heights.min(), heights.max()], [0, 1.475])
    assert len(ax.lines) == 2
    assert small_texts(fig) == []


def test_dips_are_labeled_with_the_index_beside_them():
    fig, ax = figures.canvas()
    moments, loss = np.array([0, 9, 99]), np.array([[2.0, 1.0], [0.5, 0.4], [0.3, 0.2]])
    at = np.array([1, 1]), np.array([0, 1])
    figures.falling(ax, moments, loss, ["one", "two"], at, [7, -1])
    assert [text.get_text() for text in ax.texts] == ["7", "?"]
    np.testing.assert_array_equal(ax.lines[0].get_xydata()[:, 0], [1, 10, 100])
    np.testing.assert_array_equal(ax.lines[2].get_xydata(), [[10, 0.5]])
    assert small_texts(fig) == []


def test_levels_tell_minima_from_saddles():
    fig, ax = figures.canvas()
    figures.levels(ax, LOSS, np.array([0, 3, 9]), LOSS[:1], [0])
    saddles, minima, met = (line.get_xydata() for line in ax.lines)
    assert len(ax.child_axes[0].lines) == 3
    np.testing.assert_array_equal(saddles, [[3, 0.5], [9, 1.8]])
    np.testing.assert_array_equal(minima, [[0, 0.2]])
    np.testing.assert_array_equal(met, [[0, 0.2]])
    assert small_texts(fig) == []
