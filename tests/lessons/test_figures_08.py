"""The drawings of notebook 08."""

import numpy as np

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
