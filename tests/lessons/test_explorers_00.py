"""The explorers of notebook 00: what they compute, and what the artists then show."""

import numpy as np
import pytest

from lecture_utils.lessons.start_here import explorers as start_here
from lecture_utils.lessons.start_here.explorers import TARGET, X


def line(axes, label):
    (found,) = [line for line in axes.lines if line.get_label() == label]
    return np.asarray(found.get_xdata()), np.asarray(found.get_ydata())


def loss(explorer):
    return float(explorer.readout.split("<b>")[1].split("</b>")[0])


def test_the_curve_and_the_loss_are_those_of_the_unit(at_first):
    explorer = at_first(start_here.ByHand)
    explorer.set(w=1.7, center=(-0.4, 1.1))
    data = explorer.picture.figure.axes[0]
    x, y = line(data, "your unit")
    np.testing.assert_allclose(y, 1.1 * np.tanh(1.7 * (x + 0.4)))
    x, y = line(data, "data")
    assert loss(explorer) == pytest.approx(
        np.mean((1.1 * np.tanh(1.7 * (x + 0.4)) - y) ** 2), abs=1e-4
    )


def test_both_signs_fit_the_step_and_nothing_fits_the_hill(at_first):
    explorer = at_first(start_here.ByHand)
    for sign in (1, -1):
        explorer.set(w=2.5 * sign, center=(0.7, 0.8 * sign))
        assert loss(explorer) == 0
    explorer.set(target="hill and valley")
    losses = []
    for w in (-6.0, -2.0, -1.0, 0.5, 3.0):
        for center in [(0.0, 0.4), (0.0, 0.7), (-1.5, 0.5), (1.0, -0.5)]:
            explorer.set(w=w, center=center)
            losses.append(loss(explorer))
    assert min(losses) > 0.095  # the notebook says so


def test_the_target_is_a_hill_at_minus_one_and_a_half_and_a_valley_opposite():
    y = start_here._network(TARGET, X)
    assert X[np.argmax(y)] == pytest.approx(-1.5)
    np.testing.assert_allclose(y, -y[::-1], atol=1e-12)
    np.testing.assert_allclose(start_here._two_humps(np.array(-1.5), np.array(1.5), X), y)


def test_the_path_goes_down_the_gradient():
    path, losses = start_here._descent(0.3, 1.1)

    def value(p, q):
        y = start_here._network(TARGET, X)
        return np.mean((start_here._two_humps(np.array(p), np.array(q), X) - y) ** 2)

    step, h = path[1] - path[0], 1e-5
    by_differences = [
        (value(0.3 + h, 1.1) - value(0.3 - h, 1.1)) / (2 * h),
        (value(0.3, 1.1 + h) - value(0.3, 1.1 - h)) / (2 * h),
    ]
    np.testing.assert_allclose(step, np.multiply(-start_here._RATE, by_differences), atol=1e-8)
    assert losses[0] == pytest.approx(value(0.3, 1.1))
    assert np.all(np.diff(losses) <= 1e-9)


@pytest.mark.nightly
def test_the_presets_end_as_their_names_promise(at_first):
    explorer = at_first(start_here.TwoHumps)
    ends = {
        "a lucky start": "it finds f*",
        "both on the left": "does not find f*",
        "hill right, valley left": "does not find f*",
    }
    assert ends.keys() == explorer.presets.keys()
    for label, words in ends.items():
        explorer.preset(label)
        assert words in explorer.readout
    explorer.set(steps=0)
    data = explorer.picture.figure.axes[1]
    np.testing.assert_array_equal(line(data, "now")[1], line(data, "at the start")[1])


def test_nothing_is_missed_before_the_end(at_first):
    explorer = at_first(start_here.TwoHumps)
    explorer.set(steps=0, **explorer.answer)
    assert not explorer.goal_reached
    explorer.set(steps=start_here._STEPS)
    assert explorer.goal_reached


@pytest.mark.nightly
def test_every_corner_of_the_cube_is_as_good_and_every_middle_is_worse(at_first):
    explorer = at_first(start_here.Copies)
    for sign in (1.0, -1.0):
        for corner in [(0, 0), (0, 1), (1, 0), (1, 1)]:
            explorer.set(sign=sign, place=corner)
            assert loss(explorer) == 0
            _, y = line(explorer.picture.figure.axes[1], "network")
            np.testing.assert_allclose(y[::6], start_here._network(TARGET, X), atol=1e-12)
    for middle in [(0.5, 0), (0, 0.5), (0.5, 1), (0.5, 0.5)]:
        explorer.set(place=middle)
        assert loss(explorer) > 0.1
    explorer.set(sign=0.0, place=(0, 0))
    assert loss(explorer) == pytest.approx(np.mean(start_here._network(TARGET, X) ** 2), abs=1e-4)
