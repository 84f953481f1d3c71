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


@pytest.mark.parametrize("surface", [surfaces.beale, surfaces.hill])
def test_a_track_marks_its_critical_points_and_fills_its_domain(surface):
    board = figures.race_board(["Adam"], 50, 1e-6)
    before = set(board.plan.lines)
    figures.race_track(board.plan, surface, log=surface is surfaces.beale)
    marks = [line.get_xydata()[0] for line in board.plan.lines if line not in before]
    np.testing.assert_allclose(marks, [place for place, _ in surface.critical_points])
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


def test_step_lengths_has_one_curve_for_each_rule():
    lengths = {name: np.full(500, k + 1.0) for k, name in enumerate(["RMS", "Adam"])}
    (ax,) = figures.step_lengths(lengths).figure.axes
    assert [line.get_ydata()[0] for line in ax.lines] == [1, 2]


def test_momentum_s_weights_are_drawn_by_age_and_the_share_over_the_starts():
    weights = {decay: decay ** np.arange(3)[::-1] for decay in (0.5, 0.9, 0.97)}
    crossed = {rate: np.array([[0, 0], [0, 1]], bool) for rate in (0.001, 0.01, 0.1)}
    left_at = {"gradient descent": [50, 90], "momentum": [20, 30]}
    fig = figures.what_momentum_does(weights, [0, 0.9], crossed, [1e-1, 1e-2], left_at).figure
    left, middle, right = fig.axes
    for line, decay in zip(left.lines, weights, strict=True):
        np.testing.assert_allclose(line.get_ydata(), decay ** line.get_xdata())
    assert middle.lines[0].get_ydata().tolist() == [0, 0.5]
    assert [list(line.get_ydata()) for line in right.lines] == list(left_at.values())


def test_paces_draw_theory_as_lines_and_what_was_measured_as_markers():
    rates = {decay: np.array([0.01, 0.02]) for decay in (0.0, 0.67, 0.9)}
    found, says = ({decay: np.array([0.9, x]) for decay in rates} for x in (0.95, 0.94))
    counts, laws = ({"gradient descent": np.array([10, x]), "momentum": [5, 7]} for x in (40, 39))
    left, right = figures.paces(rates, found, says, np.array([4.0, 16.0]), counts, laws).figure.axes
    lines, markers = left.lines[0:6:2], left.lines[1:6:2]
    assert {line.get_ydata()[1] for line in lines} == {0.94}
    assert {(line.get_ydata()[1], line.get_linestyle()) for line in markers} == {(0.95, "None")}
    assert [line.get_ydata()[1] for line in right.lines[:2]] == [40, 39]


def test_the_turning_ravine_has_one_curve_for_each_method():
    (ax,) = figures.turning_ravine([0, 45], {"RMS": [30, 240], "Adam": [80, 85]}).figure.axes
    assert [list(line.get_ydata()) for line in ax.lines] == [[30, 240], [80, 85]]


def test_the_ranking_puts_the_lowest_median_on_top():
    names = [name for name in figures.METHODS if name not in ("Newton", "saddle-free Newton")][:9]
    names[-1] = "Muon"  # one of the four against the clock
    scores = {name: np.array([k, k + 1.0, k + 2.0]) for k, name in enumerate(names, 1)}
    worst = {name: np.array([1.0, 30.0]) for name in names}
    fresh = {name: np.ones((3, 20)) for name in names}
    seconds = dict.fromkeys(names, 40e-6)
    fig = figures.sweep_and_ranking(np.array([0.1, 1.0]), worst, fresh, scores, seconds).figure
    left, right, rank, clock = fig.axes
    assert [len(left.lines), len(right.lines), len(clock.lines)] == [5, 4, 4]
    assert left.lines[0].get_ydata().tolist() == [1, 20]
    assert rank.get_yticklabels()[-1].get_text() == f"{names[0]}  (40 µs/step)"
    assert clock.lines[0].get_xdata()[-1] == pytest.approx(20 * 28 * 40e-6)


def test_the_schedules_show_their_shapes_and_the_medians_of_the_runs():
    first = {"at once": np.ones((5, 41)), "warmed up": np.full((5, 41), 2.0)}
    ended = {"cosine": np.array([[1.0, 2.0, 6.0], [3.0, 4.0, 5.0]])}
    fig = figures.schedule_figure({"step": np.ones(11)}, first, [0.1, 0.2], ended).figure
    left, middle, right = fig.axes
    assert len(left.lines[0].get_xdata()) == 11
    assert [line.get_ydata()[0] for line in middle.lines] == [1, 2]
    assert right.lines[0].get_ydata().tolist() == [2, 4]
