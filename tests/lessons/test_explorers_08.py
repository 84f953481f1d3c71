"""The explorers of notebook 08: what they compute, and what the artists then show."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from lecture_utils.lessons.batch_size_and_sharpness import explorers as room


@pytest.mark.nightly
def test_the_two_valleys_are_as_deep_and_as_sharp_as_said():
    for place, curvature in (room.FLAT, room.SHARP):
        assert room.two_valleys(place) == pytest.approx(0, abs=1e-3)
        assert jax.grad(room.two_valleys)(place) == pytest.approx(0, abs=1e-3)
        assert jax.hessian(room.two_valleys)(place) == pytest.approx(curvature, rel=0.01)


@pytest.mark.nightly
def test_walkers_in_one_valley_have_the_spread_that_theory_gives():
    place, curvature = room.SHARP
    rate, noise = 0.05, 0.5
    draws = np.random.default_rng(1).standard_normal((250, 4000)).astype(np.float32)
    ends, *_ = room._walk(*map(np.float32, (place, rate, noise, 0.4)), draws)
    expected = rate * noise**2 / (curvature * (2 - rate * curvature))
    assert np.var(ends) == pytest.approx(expected, rel=0.1)


@pytest.mark.nightly
def test_a_small_batch_leaves_the_sharp_valley_and_a_large_one_stays(at_first):
    explorer = at_first(room.Valleys)
    explorer.preset("large batch")
    assert "<b>0% end in the flat" in explorer.readout
    explorer.preset("small batch")
    share = float(explorer.readout.split("<b>")[1].split("%")[0])
    assert share > 60
    explorer.preset("no noise, η > 2/λ")
    assert "<b>100% end in the flat" in explorer.readout


def test_what_the_goal_asks_is_enough_for_it(at_first):
    explorer = at_first(room.Valleys)
    result = explorer.compute(8, -0.8, 4.0, 0.4, (1.0, 0.0))
    for share, test, reached in ((0.985, 0.094, True), (1.0, 0.096, False)):  # 0.096 reads 0.10
        shown = result._replace(share=share, test=np.array([1.0, test]))
        assert bool(explorer.goal(shown, 8, 4.0, 0.4, (1.0, 0.0), 250)) == reached
    shown = result._replace(test=np.array([1.0, 0.05]))
    for batch, noise, shift, x in ((7, 4, 0.4, 1), (8, 1.5, 0.4, 1), (8, 4, 0.35, 1), (8, 4, 1, 0)):
        assert not explorer.goal(shown, batch, noise, shift, (x, 0.0), 250)


def test_where_it_rests_the_sharpness_is_below_the_edge(at_first):
    explorer = at_first(room.Catapult)
    for rate in np.arange(0.02, 0.2, 0.01):
        path = room._descend((0.3, 3.4), rate)
        settled = np.abs(path[-1]).sum() < 1e3 and abs(1 - path[-1].prod()) < 1e-6
        if settled:
            assert room._sharpness(path)[-1] < 2 / rate
    explorer.preset("η far above: diverges")
    assert "Diverged at step 7" in explorer.readout
    explorer.set(shown=3)
    assert "At step 3" in explorer.readout


def test_nothing_has_come_to_rest_before_the_end(at_first):
    explorer = at_first(room.Catapult)
    explorer.set(shown=0, **explorer.answer)
    assert not explorer.goal_reached
    explorer.set(shown=room._SCRUB)
    assert explorer.goal_reached


@pytest.mark.nightly
def test_the_sharpness_is_the_hessian_s():
    path = np.array([[0.3, 3.4], [-1.0, 0.2], [1.0, 1.0]])
    hessian = jax.hessian(lambda w: (1 - w[0] * w[1]) ** 2)
    exact = [np.linalg.eigvalsh(hessian(jnp.asarray(w)))[-1] for w in path]
    np.testing.assert_allclose(room._sharpness(path), exact)
