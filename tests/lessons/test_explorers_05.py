"""The explorers of notebook 05: what they compute, and that the artists show it."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import lecture_utils as lu
from lecture_utils import datasets, networks
from lecture_utils.lessons.loss_profiles_1d import explorers as rooms

DIGITS = datasets.digits()
FULL = lu.mlp_loss(*DIGITS)
GRID = np.linspace(0, 1, 51)


@pytest.fixture(scope="module")
def example():
    return rooms.TwoSolutions.example()


@pytest.fixture
def two(example):
    example.reset()
    return example


@pytest.fixture(scope="module")
def bend():
    return rooms.Bend.example()


def lines(explorer):
    return [line.get_ydata() for line in explorer.picture.figure.axes[0].lines]


@pytest.mark.nightly
def test_the_summit_is_the_highest_of_all_lines(two):
    pairs = {"1 and 2": (0, 1), "1 and 3": (0, 2), "2 and 3": (1, 2)}
    assert list(two.controls["pair"].options) == list(pairs)
    heights = {
        name: lu.line_profile(FULL, two.solutions[i], two.solutions[j], GRID)
        for name, (i, j) in pairs.items()
    }
    best = max(heights, key=lambda name: heights[name].max())
    two.set(pair=best, alpha=0.1)
    np.testing.assert_allclose(lines(two)[0], heights[best], atol=1e-4)
    assert not two.goal_reached
    top = float(GRID[heights[best].argmax()])
    two.set(alpha=top, reorder=True)
    assert not two.goal_reached
    two.set(reorder=False)
    assert two.goal_reached
    assert two.answer == {"pair": best, "alpha": pytest.approx(top)}


def test_slider_and_point_move_one_another(two):
    point = two._tied["at"]
    two.set(alpha=0.4)
    assert point.x == pytest.approx(0.4)
    two.picture._move(point, 0.75, 0.5)  # as a click does
    place = two.values["alpha"]
    assert place == pytest.approx(point.x)
    assert place > 0.5
    assert f"α = {place:.2f}" in two.readout
    ((x, y),) = two.mark.get_xydata()
    assert (point.x, point.y) == (x, y)


def test_reordering_keeps_the_ends_and_lowers_the_middle(two):
    plain, aligned = two.compute(pair="1 and 2", reorder=True, alpha=0.5).curves
    np.testing.assert_allclose(plain[[0, -1]], aligned[[0, -1]], atol=1e-5)
    assert aligned[25] < plain[25]
    np.testing.assert_array_equal(lines(two)[:2], [plain, aligned])


@pytest.mark.by_day("True")
@pytest.mark.parametrize("reorder", [False, True])
def test_a_place_is_the_network_there(two, reorder):
    a, b = two.solutions[0], two.solutions[2]
    there = lu.interpolate(a, lu.align_neurons(b, a) if reorder else b, 0.3)
    result = two.compute(pair="1 and 3", reorder=reorder, alpha=0.3)
    net = networks.mlp([64, 24, 24, 10])
    answers = np.argmax(net.apply(there, DIGITS.x), axis=1)
    assert result.loss == pytest.approx(float(FULL(there)), abs=1e-4)
    assert result.wrong == np.sum(answers != DIGITS.y)
    assert result.accuracies[reorder] == pytest.approx(np.mean(answers == DIGITS.y))
    assert result.barrier == lu.barrier(result.curves[reorder], GRID)


def test_the_wall_reads_what_the_network_answers(two):
    two.set(alpha=0.5)
    wall = two.picture.figure.axes[1]
    image = np.asarray(wall.images[0].get_array())
    params = lu.interpolate(*two.solutions[:2], 0.5)
    net = networks.mlp([64, 24, 24, 10])
    for k, text in enumerate(wall.texts):
        row, column = divmod(k, 4)
        pixels = image[15 * row : 15 * row + 8, 10 * column + 1 : 10 * column + 9].reshape(1, 64)
        answer = int(jnp.argmax(net.apply(params, jnp.float32(pixels))))
        assert text.get_text().split(",")[0] == str(answer)
    two.set(alpha=0.0)
    assert all(len(text.get_text()) == 1 for text in wall.texts)  # both ends read them right


@pytest.mark.nightly
def test_the_curve_is_the_library_s(bend):
    a, b, control = bend.trained
    middle = bend.compute(control=(0.5, 0.0))
    # With the control in the middle the path is the line, walked at another pace.
    np.testing.assert_allclose(bend.straight[[0, 10, 20]], middle.losses[[0, 10, 20]], atol=1e-4)
    times = np.linspace(0, 1, 21)
    away = jax.tree.map(jnp.subtract, control, a)
    path = jax.tree.map(lambda leaf: leaf[None], control)
    across = jax.tree.map(lambda x, y: y - x, a, b)
    where = lu.project(path, a, across, away).coordinates[0]
    np.testing.assert_allclose(where, [0, 1], atol=1e-4)
    length = np.sqrt(sum(jnp.vdot(v, v) for v in jax.tree.leaves(across)))
    overlap = sum(map(jnp.vdot, jax.tree.leaves(away), jax.tree.leaves(across))) / length**2
    up = np.sqrt(sum(jnp.vdot(v, v) for v in jax.tree.leaves(away)) / length**2 - overlap**2)
    place = (float(overlap), float(up))
    assert bend.place == pytest.approx(place, abs=1e-4)
    expected = [FULL(lu.bezier(a, control, b, t)) for t in times]
    result = bend.compute(control=place)
    np.testing.assert_allclose(result.losses, expected, atol=1e-3)
    assert result.highest == np.argmax(expected)

    bend.set(control=place)
    plan, curve = bend.picture.figure.axes[:2]
    np.testing.assert_array_equal(curve.lines[0].get_ydata(), bend.straight)
    np.testing.assert_array_equal(curve.lines[1].get_ydata(), result.losses)
    assert bend.goal_reached
    assert plan.get_ylim()[1] >= up


@pytest.mark.nightly
def test_the_place_on_the_path_computes_nothing_anew(bend, monkeypatch):
    bend.reset()
    monkeypatch.setattr(bend, "along", None)
    for t in (0.0, 0.35, 1.0):
        bend.set(t=t)
        assert bend.last_error is None
        assert bend.ball.get_xdata() == [pytest.approx(t)]
        assert f"At t = {t:.2f}" in bend.readout


# --- lines from starts ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def profile():
    return rooms.Profile.example()


@pytest.mark.nightly
def test_a_profile_shows_the_line_that_was_chosen(profile):
    profile.reset()
    profile.set(network="CNN", start=2, alpha=0.5)
    curve, logs = profile.drawn
    wanted = profile.lines.losses["CNN"][1]
    for line in (curve, logs):
        np.testing.assert_array_equal(line.get_xdata(), profile.alphas)
        np.testing.assert_array_equal(line.get_ydata(), wanted)
    others = [line.get_ydata() for line in profile.faint[0]]
    np.testing.assert_array_equal(others, [profile.lines.losses[k][1] for k in ("MLP", "LSTM")])
    k = int(np.argmin(np.abs(profile.alphas - 0.5)))
    assert profile.marks[0].get_ydata() == [wanted[k]]
    accuracy = 100 * profile.lines.accuracies["CNN"][1, k]
    assert f"accuracy {accuracy:.1f} %" in profile.readout


def test_both_marks_move_the_place(profile):
    profile.reset()
    for name in ("at", "below"):
        profile.picture._move(profile._tied[name], 0.9, 0.5)
        assert profile.values["alpha"] > 1.5
        profile.set(alpha=0.2)
        assert profile._tied[name].x == pytest.approx(profile.result(**profile.values).alpha)


def test_only_the_lowest_place_of_the_farthest_line_is_the_goal(profile):
    profile.reset()
    lowest = {
        (name, k): profile.alphas[found[k].argmin()]
        for name, found in profile.lines.losses.items()
        for k in range(3)
    }
    name, k = max(lowest, key=lowest.get)
    other = next(line for line in lowest if lowest[line] < lowest[name, k])
    profile.set(network=other[0], start=other[1] + 1, alpha=lowest[other])
    assert not profile.goal_reached
    profile.set(network=name, start=k + 1, alpha=lowest[name, k] - 0.2)
    assert not profile.goal_reached
    profile.set(alpha=lowest[name, k])
    assert profile.goal_reached


# --- the path of training ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def path():
    return rooms.PathAndLine.example()


@pytest.mark.nightly
def test_a_moment_of_the_path_stands_beside_its_place_on_the_line(path):
    path.reset()
    path.set(network="CNN", start=2, epoch=4)
    walk = path.walks["CNN"][1]
    assert path.here.get_xydata().tolist() == [[walk.place[4], walk.distance[4]]]
    np.testing.assert_array_equal(path.line.get_ydata(), walk.on_line)
    np.testing.assert_array_equal(path.path.get_ydata(), walk.on_path)
    assert path.above.get_ydata() == [walk.on_path[4]]
    assert path.below.get_ydata() == [walk.on_line[4]]
    assert "after 4 epochs" in path.readout


def test_the_goal_is_the_first_epoch_with_a_lower_line(path):
    path.reset()
    for epoch in (1, 2, 3, 5, 6):
        path.set(epoch=epoch)
        assert not path.goal_reached
    path.set(epoch=4)
    assert path.goal_reached
