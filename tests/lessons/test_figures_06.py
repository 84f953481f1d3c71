"""The drawings of notebook 06, through their artists."""

import jax.numpy as jnp
import numpy as np
import pytest
from unit_helpers import refuses

from lecture_utils import barycentric_profile
from lecture_utils.lessons.loss_surfaces_2d import figures

AXIS = np.linspace(-2, 2, 9)
PLANE = np.add.outer(3 * AXIS**2, AXIS**2) + 0.01
PATH = np.array([[2.0, 1.0], [1.0, 0.5], [0.0, 0.0]])


def test_a_landscape_has_decades_and_its_path_on_top():
    fig, ax = figures.canvas()
    filled = figures.landscape(ax, AXIS, AXIS, PLANE, path=PATH, top=10, floor=0.01, title="t")
    assert {-2, -1, 0, 1} <= set(np.round(filled.levels, 6))
    np.testing.assert_allclose(np.transpose(ax.lines[0].get_data()), PATH)
    assert ax.get_aspect() == 1 and ax.get_xlabel() and ax.get_ylabel()
    bar = figures.color_bar(fig, filled, ax)
    assert [text.get_text() for text in bar.ax.get_yticklabels()][-1] == "10"


def test_what_is_infinite_is_drawn_as_the_top_and_what_is_nan_hatched():
    _, ax = figures.canvas()
    wild = PLANE.copy()
    wild[0, 1] = np.inf
    filled = figures.landscape(ax, AXIS, AXIS, wild, top=10, floor=0.01, labels=False)
    assert np.isfinite(filled.get_array()).all() and len(ax.collections) == 2
    wild[8, 8] = np.nan
    figures.landscape(ax, AXIS, AXIS, wild, top=10, floor=0.01, labels=False)
    (hatched,) = (c for c in ax.collections if getattr(c, "hatches", [None])[0])
    assert hatched.get_paths()[0].get_extents().min == pytest.approx([1.5, 1.5], abs=1e-3)


def test_flat_and_negative_landscapes():
    _, ax = figures.canvas()
    for flat in (0 * PLANE, 0 * PLANE + 1e3):
        figures.landscape(ax, AXIS, AXIS, flat)
    with refuses("z"):
        figures.landscape(ax, AXIS, AXIS, PLANE - 1)
    fig, ax = figures.canvas(subplot_kw={"projection": "3d"})
    wild = PLANE.copy()
    wild[:2, :2] = np.nan
    figures.landscape3d(ax, AXIS, AXIS, wild, PATH, [1.0, np.nan, 0.01])
    fig.canvas.draw()
    with refuses("z"):
        figures.landscape3d(ax, AXIS, AXIS, -PLANE, PATH, [1.0, 0.1, 0.01])


def test_a_landscape_in_space_lifts_the_path_to_its_losses():
    fig, ax = figures.canvas(subplot_kw={"projection": "3d"})
    figures.landscape3d(ax, AXIS, AXIS, PLANE, PATH, [1.0, 0.1, 0.01], floor=0.01)
    *_, heights = ax.lines[0].get_data_3d()
    np.testing.assert_allclose(heights, [0, -1, -2])
    fig.canvas.draw()


def test_a_triangle_names_its_corners():
    _, ax = figures.canvas()
    corners = [jnp.array(v) for v in ([0.0, 0, 1], [2.0, 0, 1], [1.0, 2, 1])]
    profile = barycentric_profile(lambda v: jnp.sum(v**2), *corners, resolution=4)
    figures.triangle(ax, profile, ["one", "two", "three"])
    assert [text.get_text() for text in ax.texts] == ["one", "two", "three"]
    assert ax.get_aspect() == 1


@pytest.mark.parametrize("log", [True, False])
def test_strategies_have_a_row_and_a_look_each(log):
    _, ax = figures.canvas()
    values = {"SGD": [0.01, 0.02], "SGD → Adam at 25 %": [0.1, 0.2], "mine": [0.3, 0.4]}
    lines = figures.strategies(ax, values, xlabel="x", title="t", log=log, reference=0.3, note="n")
    for row, (line, value) in enumerate(zip(lines, values.values(), strict=False)):
        np.testing.assert_allclose(line.get_xdata(), value)
        np.testing.assert_allclose(line.get_ydata(), row)
    looks = {(line.get_color(), line.get_marker()) for line in lines[1:3]}
    assert len(looks) == 2 and all(marker != "None" for _, marker in looks)
    assert [text.get_text() for text in ax.get_yticklabels()] == list(values)
