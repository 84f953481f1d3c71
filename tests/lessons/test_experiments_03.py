"""The many runs of notebook 03: known losses, known minima, and Wilson's interval."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from lecture_utils import networks
from lecture_utils.intervals import wilson
from lecture_utils.lessons.relu_blind_spots import experiments
from lecture_utils.teacher_student import population_loss

GRADIENT = jax.grad(population_loss)


@pytest.mark.nightly
def test_trainings_differ_in_their_start_only():
    network, optimizer = networks.mlp([3, 4, 2], "relu"), optax.sgd(0.1)
    rng = np.random.default_rng(0)
    data = (rng.standard_normal((20, 3)).astype(np.float32), np.arange(20) % 2)
    batches, keys = rng.integers(0, 20, (5, 8)), jax.random.split(jax.random.key(1), 2)

    def loss(params, batch):
        return networks.cross_entropy(network.apply(params, batch[0]), batch[1])

    means, scale = np.float32([-0.3, 0.2]), np.float32(0.5)
    found = experiments.losses_after_training(
        network, loss, optimizer, keys, means, scale, data, batches
    )
    for key, mean, end in zip(keys, means, found, strict=True):
        params = network.init(key)
        for layer in params:
            layer["W"] = scale * layer["W"] + mean * np.sqrt(2 / len(layer["W"]))
        for rows in batches:
            slope = jax.grad(loss)(params, (data[0][rows], data[1][rows]))
            params = jax.tree.map(lambda p, g: p - 0.1 * g, params, slope)
        assert float(end) == pytest.approx(float(loss(params, data)), rel=1e-4)


def test_few_units_learn_from_as_many():
    ends = experiments.teach(population_loss, GRADIENT, 5, 5, seed=0, runs=20)
    assert ends.unfinished == 0
    assert len(ends.loss) == len(ends.curvature) == 0, "below six units no bad minimum is known"


@pytest.mark.nightly
def test_a_gradient_that_vanishes_at_once_is_a_bad_end():
    """Where nothing pulls, every start is an end, and its loss and curvature are told."""
    ends = experiments.teach(
        lambda W, V: jnp.sum(W**2), lambda W, V: jnp.zeros_like(W), 2, 3, seed=1, runs=5
    )
    starts = np.random.default_rng([1, 2, 3]).standard_normal((5, 3, 2)) / np.sqrt(2)
    np.testing.assert_allclose(ends.loss, np.sum(starts**2, axis=(1, 2)))
    curvature = [experiments.lowest_curvature(start) for start in starts]
    np.testing.assert_allclose(ends.curvature, curvature)


@pytest.mark.nightly
def test_the_padding_does_not_change_the_curvature():
    student = np.random.default_rng(2).standard_normal((3, 2))
    H = jax.jit(jax.hessian(population_loss))(student, np.eye(2)).reshape(6, 6)
    found = experiments.lowest_curvature(student)
    assert found == pytest.approx(np.linalg.eigvalsh(H)[0], abs=1e-12)


def test_standard_errors_say_what_wilson_s_interval_says():
    confidence = 0.9999366575163338  # of z = 4
    for hits in range(0, 41):
        for share in (0.01, 0.3, 0.6):
            low, high, _ = wilson(hits, 40, confidence)
            assert (experiments.standard_errors(hits, 40, share) <= 4) == (low <= share <= high)
