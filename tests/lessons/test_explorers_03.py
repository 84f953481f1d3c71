"""The explorers of notebook 03: what they compute, and what the artists then show."""

import jax.numpy as jnp
import numpy as np
import pytest

from lecture_utils.lessons.relu_blind_spots import explorers as relu_blind_spots
from lecture_utils.lessons.relu_blind_spots.explorers import X, Y


@pytest.mark.nightly
def test_the_readout_adds_up_and_the_fit_goes_through_the_kink(at_first):
    explorer = at_first(relu_blind_spots.OneUnit)
    explorer.preset("the slide's A")
    assert "9.00 + 9.00 + 0.00 + 0.00 + 0.00 = <b>18.00</b>" in explorer.readout
    explorer.set(v=-1.3, w=0.7, kink_at=(2.0, 1.0))
    terms, total = explorer.readout.split("L = ")[1].split(" = ")
    assert sum(map(float, terms.split(" + "))) == pytest.approx(float(total[3:-4]))
    fit = explorer.picture.figure.axes[0].lines[1]
    assert np.interp(2.0, fit.get_xdata(), fit.get_ydata()) == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize("kind", [relu_blind_spots.OneUnit, relu_blind_spots.Descent])
def test_the_dead_region_is_see_through_and_the_rest_is_the_loss(at_first, kind):
    explorer = at_first(kind)
    explorer.set(v=1.5)
    shown, (left, right, low, high) = explorer.image.get_array(), explorer.image.get_extent()
    c = explorer.values.get("kink_at", (0, 0.0))[1]
    w, b = np.meshgrid(np.linspace(left, right, 141), np.linspace(low, high, 141))
    sums = np.multiply.outer(w, X) + b[..., None]
    np.testing.assert_array_equal(shown.mask, np.all(sums <= 0, axis=-1))
    true = np.log10(np.sum((1.5 * np.maximum(sums, 0) + c - Y) ** 2, axis=-1))
    np.testing.assert_allclose(shown[~shown.mask], true[~shown.mask])


def test_the_four_endings_and_divergence(at_first):
    explorer = at_first(relu_blind_spots.Descent)
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


def test_the_map_obeys_the_bound_and_only_relu_dies(at_first):
    explorer = at_first(relu_blind_spots.BornDead)
    image = explorer.picture.figure.axes[0].images[0].get_array()
    widths, depths = np.arange(1, 11)[:, None], np.arange(1, 21)
    bound = 1 - (1 - 0.5**widths) ** depths
    assert np.all(image <= bound + 4 * np.sqrt(bound * (1 - bound) / 100) + 0.01)
    assert np.all(image[:, 0] == 0)
    for activation in ("leaky_relu", "gelu", "tanh"):
        explorer.set(activation=activation, bias=0.0)
        assert "<b>0 of 100</b> born dead" in explorer.readout
