"""The explorers of notebook 03: every control over its range, and what the artists then show."""

import jax.numpy as jnp
import numpy as np
import pytest
from every_explorer import *  # noqa: F403
from every_explorer import only

from lecture_utils.lessons.relu_blind_spots import explorers as relu_blind_spots
from lecture_utils.lessons.relu_blind_spots.explorers import X, Y

BUILD = {name: getattr(relu_blind_spots, name) for name in relu_blind_spots.__all__}
GOALS = {
    "explore_one_unit": {"v": 1.0, "w": -3.0, "kink_at": (0.0, 0.0)},
    "explore_descent": {"v": 1.0, "rate": -2.3, "start": (3.0, 4.4)},
    "explore_born_dead": {"network": (20, 7)},
}


@only("one_unit")
def test_the_readout_adds_up_and_the_fit_goes_through_the_kink(explorer):
    explorer.preset("the slide's A")
    assert "9.00 + 9.00 + 0.00 + 0.00 + 0.00 = <b>18.00</b>" in explorer.readout
    explorer.set(v=-1.3, w=0.7, kink_at=(2.0, 1.0))
    terms, total = explorer.readout.split("L = ")[1].split(" = ")
    assert sum(map(float, terms.split(" + "))) == pytest.approx(float(total[3:-4]))
    fit = explorer.picture.figure.axes[0].lines[1]
    assert np.interp(2.0, fit.get_xdata(), fit.get_ydata()) == pytest.approx(1.0, abs=0.03)


@only("one_unit", "descent")
def test_the_dead_region_is_see_through_and_the_rest_is_the_loss(explorer):
    explorer.set(v=1.5)
    (image,) = explorer.picture.figure.axes[1 if "kink_at" in explorer.values else 0].images
    shown, (left, right, low, high) = image.get_array(), image.get_extent()
    c = explorer.values.get("kink_at", (0, 0.0))[1]
    w, b = np.meshgrid(np.linspace(left, right, 141), np.linspace(low, high, 141))
    sums = np.multiply.outer(w, X) + b[..., None]
    np.testing.assert_array_equal(shown.mask, np.all(sums <= 0, axis=-1))
    true = np.log10(np.sum((1.5 * np.maximum(sums, 0) + c - Y) ** 2, axis=-1))
    np.testing.assert_allclose(shown[~shown.mask], true[~shown.mask])


@only("descent")
def test_the_four_endings_and_divergence(explorer):
    for label, words in {
        "ends like A": "stuck like A</b>, L = 18.00",
        "ends at B": "the best, B</b>, L = 14.00",
        "inside the dead region": "dead from the start",
        "η too large": "died at step",
    }.items():
        explorer.preset(label)
        assert words in explorer.readout
    # Above the stable rate with every point active and nothing to turn the unit off.
    theta = jnp.ones((3, 4))
    assert relu_blind_spots._end(theta, np.array([1.0, 1e9, np.nan])) == "diverged at step 1"


@only("born_dead")
def test_the_map_obeys_the_bound_and_only_relu_dies(explorer):
    image = explorer.picture.figure.axes[0].images[0].get_array()
    widths, depths = np.arange(1, 11)[:, None], np.arange(1, 21)
    bound = 1 - (1 - 0.5**widths) ** depths
    assert np.all(image <= bound + 4 * np.sqrt(bound * (1 - bound) / 100) + 0.01)
    assert np.all(image[:, 0] == 0)
    for activation in ("leaky_relu", "gelu", "tanh"):
        explorer.set(activation=activation, bias=0.0)
        assert "<b>0 of 100</b> born dead" in explorer.readout
