"""The explorers of notebook 05: every control over its range, and what the artists then show."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import lecture_utils as lu
from lecture_utils import datasets, networks
from lecture_utils.explorers import loss_profiles_1d

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
        "two_solutions": loss_profiles_1d.explore_two_solutions(solutions),
        "bend": loss_profiles_1d.explore_bend(*solutions[:2], control),
    }


@pytest.fixture
def explorer(explorers, request):
    found = explorers[request.param]
    found.reset()
    return found


each = pytest.mark.parametrize("explorer", ["two_solutions", "bend"], indirect=True)


def only(name):
    return pytest.mark.parametrize("explorer", [name], indirect=True)


def test_every_explorer_is_tested(explorers):
    assert {f"explore_{name}" for name in explorers} == set(loss_profiles_1d.__all__)


@each
def test_every_control_over_its_range(explorer):
    draws = explorer.picture.full_draws
    for control in explorer.controls.values():
        values = getattr(control, "options", None)
        if values is None:
            values = np.linspace(control.min, control.max, 7) if hasattr(control, "min") else (0, 1)
        for value in values:
            control.value = value
            assert explorer.last_error is None
            assert explorer.readout
        explorer.reset()
    assert explorer.picture.full_draws == draws  # nothing rebuilt on a tick


@each
def test_points_anywhere(explorer):
    for name, place in explorer.values.items():
        if isinstance(place, tuple):
            for x in (-1.6, 0.0, 0.51, 1.6):
                for y in (-3.0, 0.0, 3.0):
                    explorer.set(**{name: (x, y)})
                    assert explorer.last_error is None
                    assert "nan" not in explorer.readout


@each
def test_presets_and_reset(explorer):
    initial = explorer.values
    for label in explorer.presets:
        explorer.preset(label)
        assert explorer.last_error is None
        assert not explorer.goal_reached, f"{label} gives the goal away"
    explorer.reset()
    assert explorer.values == initial


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
