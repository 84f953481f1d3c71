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
