"""The explorers of notebook 05: every control over its range, and what the artists then show."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from every_explorer import *  # noqa: F403
from every_explorer import only

import lecture_utils as lu
from lecture_utils import datasets, networks
from lecture_utils.lessons.loss_profiles_1d import explorers as loss_profiles_1d

BUILD = loss_profiles_1d.__all__
DIGITS = datasets.digits()
NET = networks.mlp([64, 24, 24, 10])


def loss(params, data):
    return networks.cross_entropy(NET.apply(params, data[0]), data[1])


@pytest.fixture(scope="module")
def solutions():
    adam = lu.adam(0.01)
    return [
        lu.train(
            loss, NET.init(jax.random.key(k)), DIGITS, adam, epochs=8, batch_size=64, seed=k
        ).params
        for k in range(3)
    ]


@pytest.fixture(scope="module")
def control(solutions):
    """A control point trained for a short while, as in the notebook."""
    a, b = solutions[:2]
    rule = optax.adam(0.01)

    def step(carry, draw):
        (c, state), (t, rows) = carry, draw
        batch = DIGITS.x[rows], DIGITS.y[rows]
        slope = jax.grad(lambda c: loss(lu.bezier(a, c, b, t), batch))(c)
        move, state = rule.update(slope, state)
        return (optax.apply_updates(c, move), state), None

    middle = lu.interpolate(a, b, 0.5)
    rng = np.random.default_rng(0)
    draws = rng.random(600, dtype="float32"), rng.integers(0, 1797, (600, 200))
    return jax.jit(lambda c: jax.lax.scan(step, (c, rule.init(c)), draws)[0][0])(middle)


@pytest.fixture(scope="module")
def explorers(solutions, control):
    return {
        "explore_two_solutions": loss_profiles_1d.explore_two_solutions(solutions),
        "explore_bend": loss_profiles_1d.explore_bend(*solutions[:2], control),
    }


def highest_point(explorer):
    """The way to the first goal: to the top of the highest of all curves."""

    def heights(pair):
        explorer.set(pair=pair)
        return explorer.picture.figure.axes[0].lines[0].get_ydata().copy()

    curves = {pair: heights(pair) for pair in explorer.controls["pair"].options}
    best = max(curves, key=lambda pair: curves[pair].max())
    explorer.set(pair=best, alpha=float(np.linspace(0, 1, 51)[curves[best].argmax()]))


def around_the_hill(explorer):
    """The way to the second: drag the control up until the path is low enough."""
    highest = explorer.picture.figure.axes[0].get_ylim()[1]
    for up in np.linspace(0, highest, 40):
        if not explorer.goal_reached:
            explorer.set(control=(0.0, up))


GOALS = {"explore_two_solutions": highest_point, "explore_bend": around_the_hill}


@only("two_solutions")
def test_the_summit_is_the_highest_of_all_lines(explorer, solutions):
    full = lu.mlp_loss(*DIGITS)
    grid = np.linspace(0, 1, 51)
    pairs = {"1 and 2": (0, 1), "1 and 3": (0, 2), "2 and 3": (1, 2)}
    heights = {
        name: lu.line_profile(full, solutions[i], solutions[j], grid)
        for name, (i, j) in pairs.items()
    }
    best = max(heights, key=lambda name: heights[name].max())
    explorer.set(pair=best, alpha=0.1)
    shown = explorer.picture.figure.axes[0].lines[0].get_ydata()
    np.testing.assert_allclose(shown, heights[best], atol=1e-4)
    assert not explorer.goal_reached
    explorer.set(alpha=float(grid[heights[best].argmax()]))
    assert explorer.goal_reached


@only("two_solutions")
def test_slider_and_point_move_one_another(explorer):
    explorer.set(alpha=0.4)
    assert explorer.values["at"][0] == pytest.approx(0.4)
    explorer.picture._move(explorer._points["at"], 0.75, 0.5)  # as a click does
    place = explorer.values["alpha"]
    assert place == pytest.approx(explorer.values["at"][0])
    assert place > 0.5
    assert f"α = {place:.2f}" in explorer.readout


@only("two_solutions")
def test_reordering_keeps_the_ends_and_lowers_the_middle(explorer):
    plain, aligned = (explorer.picture.figure.axes[0].lines[k].get_ydata() for k in (0, 1))
    np.testing.assert_allclose(plain[[0, -1]], aligned[[0, -1]], atol=1e-5)
    assert aligned[25] < plain[25]


@only("two_solutions")
def test_the_wall_reads_what_the_network_answers(explorer, solutions):
    explorer.set(alpha=0.5)
    wall = explorer.picture.figure.axes[1]
    image = np.asarray(wall.images[0].get_array())
    params = lu.interpolate(*solutions[:2], 0.5)
    for k, text in enumerate(wall.texts):
        row, column = divmod(k, 4)
        pixels = image[15 * row : 15 * row + 8, 10 * column + 1 : 10 * column + 9].reshape(1, 64)
        answer = int(jnp.argmax(NET.apply(params, jnp.float32(pixels))))
        assert text.get_text().split(",")[0] == str(answer)
    explorer.set(alpha=0.0)
    assert all(len(text.get_text()) == 1 for text in wall.texts)  # both ends read them right


@only("bend")
def test_the_curve_is_the_library_s(explorer, solutions, control):
    explorer.set(control=(0.0, 0.0))
    plan, curve = explorer.picture.figure.axes[:2]
    straight, bent = (line.get_ydata() for line in curve.lines[:2])
    full = lu.mlp_loss(*DIGITS)
    times = np.linspace(0, 1, 21)
    # With the control in the middle the path is the line, walked at another pace.
    np.testing.assert_allclose(straight[[0, 10, 20]], bent[[0, 10, 20]], atol=1e-4)
    a, b = solutions[:2]
    away = jax.tree.map(jnp.subtract, control, lu.interpolate(a, b, 0.5))
    path = jax.tree.map(lambda leaf: leaf[None], control)
    across = jax.tree.map(lambda x, y: (y - x) / 2, a, b)
    where = lu.project(path, lu.interpolate(a, b, 0.5), across, away).coordinates[0]
    np.testing.assert_allclose(where, [0, 1], atol=1e-4)
    length = np.sqrt(sum(jnp.vdot(v, v) for v in jax.tree.leaves(across)))
    overlap = sum(map(jnp.vdot, jax.tree.leaves(away), jax.tree.leaves(across))) / length**2
    up = np.sqrt(sum(jnp.vdot(v, v) for v in jax.tree.leaves(away)) / length**2 - overlap**2)
    explorer.set(control=(float(overlap), float(up)))
    expected = [full(lu.bezier(a, control, b, t)) for t in times]
    np.testing.assert_allclose(curve.lines[1].get_ydata(), expected, atol=1e-3)
    assert explorer.goal_reached
    assert plan.get_ylim()[1] >= up
