"""The drawings of notebook 07: what the boards hold, and what the arrows mean."""

import numpy as np
import pytest

from lecture_utils import surfaces
from lecture_utils.lessons.optimizer_comparison import figures


def test_the_race_board_has_a_trail_a_ball_and_a_curve_for_each_racer():
    names = ["gradient descent", "Adam", "Lion"]
    board = figures.race_board(names, 50, 1e-6)
    for name, trail, dot, gap in zip(names, board.trails, board.dots, board.gaps, strict=True):
        color = figures.METHODS[name]["color"]
        assert {trail.get_color(), dot.get_color(), gap.get_color()} == {color}
        assert dot.get_marker() == figures.METHODS[name]["marker"]
    assert [text.get_text() for text in board.fig.legends[0].get_texts()] == names
    board.fig.canvas.draw()


def test_a_track_can_be_taken_away_again():
    board = figures.race_board(["Adam"], 50, 1e-6)
    still = set(board.plan.get_children())
    for surface in (surfaces.beale, surfaces.hill):
        for artist in figures.race_track(board.plan, surface, log=surface is surfaces.beale):
            artist.remove()
        assert set(board.plan.get_children()) == still
        assert board.plan.get_xlim() == surface.domain[0]


def test_compressed_arrows_keep_their_direction_and_order():
    vectors = np.array([[3.0, 4.0], [0.03, -0.04], [0.0, 0.0], [1e-9, 0.0], [1e9, 0.0]])
    shown = figures.compressed(vectors, 2.0)
    sizes = np.linalg.norm(shown, axis=1)
    np.testing.assert_allclose(shown[0] / sizes[0], [0.6, 0.8])
    np.testing.assert_allclose(shown[1] / sizes[1], [0.6, -0.8])
    assert sizes[2] == 0
    assert sizes[0] == pytest.approx(0.16 * 2)
    assert sizes[3] < sizes[1] < sizes[0]
    assert sizes[4] == pytest.approx(sizes[0])


@pytest.mark.parametrize("board", [
    lambda: figures.energy_board(np.linspace(-1, 1, 5), 10),
    lambda: figures.quadratic_board(np.eye(2), 10),
    lambda: figures.race_board(figures.METHODS, 10, 1e-6),
], ids=["energy", "quadratic", "race"])  # fmt: skip
def test_boards_are_labelled_in_words_and_readable(board):
    fig = board().fig
    fig.canvas.draw()
    for ax in fig.axes:
        assert ax.get_xlabel()
        assert ax.get_ylabel()
        assert ax.get_title(loc="left")
        for text in [*ax.get_xticklabels(), *ax.get_yticklabels(), *ax.texts]:
            assert text.get_fontsize() >= figures.FONT_SIZE
