"""The questions of notebook 07: solvable, each typical mistake named, the solutions true."""

import jax.numpy as jnp
import numpy as np
import optax
import pytest

from lecture_utils import adam, optimizers, rms, surfaces, trajectory
from lecture_utils.lessons.optimizer_comparison.questions import (
    adam_step,
    largest_rate,
    lesson,
    running_rms,
    warm_up_cosine,
)


def test_other_ways_to_the_answer_are_accepted():
    def by_variance(sigma, i, g):
        return np.sqrt(sigma**2 + (g**2 - sigma**2) / (i + 1))

    def in_jax(theta, m, g, rate, decay):
        m = decay * jnp.asarray(m) - rate * jnp.asarray(g)
        return [theta + m, m]

    def by_optax(i, rate, warm, total):
        return optax.warmup_cosine_decay_schedule(0.0, rate, warm, total)(i)

    answers = {"running_rms": by_variance, "momentum_step": in_jax, "warm_up_cosine": by_optax}
    for name, answer in answers.items():
        assert lesson.check(name, answer).feedback.status == "correct", name


def test_what_hides_on_most_inputs_is_told():
    def the_lower_one(i, rate, warm, total):
        down = rate * (1 + np.cos(np.pi * (i - warm) / (total - warm))) / 2
        return min(rate * i / warm, down)

    def epsilon_outside(m, v, i, g, rate):
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        m_hat, v_hat = m / (1 - 0.9 ** (i + 1)), v / (1 - 0.999 ** (i + 1))
        return -rate * m_hat / np.sqrt(v_hat) + 1e-8, m, v

    def always_nine_tenths(H, decay):
        return 3.8 / np.linalg.eigvalsh(H)[-1]

    answers = {
        "warm_up_cosine": (the_lower_one, "before step warm the line counts alone"),
        "adam_step": (epsilon_outside, "ε belongs to the denominator"),
        "largest_rate": (always_nine_tenths, "never uses its argument `decay`"),
    }
    for name, (answer, words) in answers.items():
        assert words in lesson.check(name, answer).feedback.text


def test_the_solutions_are_what_the_package_computes():
    slopes = [np.array([4.0, -0.1]), np.array([2.0, 1.0]), np.array([-1.0, 2.0])]
    m, v, sigma = np.zeros(2), np.zeros(2), np.abs(slopes[0])
    ours, root = adam(0.01), rms(1.0)
    state, memory = ours.init(jnp.zeros(2)), root.init(jnp.zeros(2))
    for i, g in enumerate(slopes):
        step, m, v = adam_step(m, v, i, g, 0.01)
        expected, state = ours.update(jnp.asarray(g), state)
        np.testing.assert_allclose(step, expected, rtol=1e-9)
        sigma = running_rms(sigma, i, g) if i else sigma
        move, memory = root.update(jnp.asarray(g), memory)
        np.testing.assert_allclose(-g / np.asarray(move), sigma)
    schedule = optimizers.warm_up(10, optimizers.cosine_decay(0.3, 40))
    for i in (0, 4, 10, 23, 50):
        assert warm_up_cosine(i, 0.3, 10, 50) == pytest.approx(float(schedule(i)), abs=1e-12)


@pytest.mark.parametrize("decay", [0.0, 0.9])
def test_the_threshold_divides_convergence_from_divergence(decay):
    edge = largest_rate(np.array([[13.0, -12.0], [-12.0, 13.0]]), decay)
    ends = [
        trajectory(
            surfaces.rotated_ravine, jnp.ones(2) * jnp.array([1, -0.5]),
            optimizers.momentum(factor * edge, decay), 3000,
        )
        for factor in (0.99, 1.01)
    ]  # fmt: skip
    assert ends[0].losses[-1] < 1e-6 * ends[0].losses[0]
    assert ends[1].diverged_at > 0
