"""Random-matrix yardsticks: known constants, exact identities, and sampled matrices beside them."""

import math

import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit_helpers import PROPERTY, refuses

from lecture_utils import (
    critical_error,
    goe,
    goe_positive_probability,
    index_of_error,
    marchenko_pastur,
    semicircle,
    wishart_wigner,
    wishart_wigner_density,
)
from lecture_utils.random_matrices import DEAN_MAJUMDAR_RATE

KEY = jax.random.key(0)
PHI = 0.25


# --- how rare a minimum is ---


def test_the_probability_of_a_minimum_for_one_to_five_parameters():
    known = [0.5, (2 - math.sqrt(2)) / 4, (math.pi - 2 * math.sqrt(2)) / (4 * math.pi)]
    found = [goe_positive_probability(n) for n in range(1, 6)]
    assert found[:3] == pytest.approx(known, rel=1e-12)
    assert found[3:] == pytest.approx([0.0024567, 1.4011e-4], rel=1e-4)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_probability_is_what_samples_say(n):
    num = 40_000
    positive = np.linalg.eigvalsh(goe(jax.random.key(n), n, num))[:, 0] > 0
    exact = goe_positive_probability(n)
    assert np.mean(positive) == pytest.approx(exact, abs=4 * math.sqrt(exact / num))


def test_the_probability_approaches_dean_and_majumdar_s_rate_slowly():
    rates = [
        -math.log(goe_positive_probability(n + 1) / goe_positive_probability(n)) / (2 * n + 1)
        for n in range(1, 14)
    ]
    gaps = np.abs(np.subtract(rates, DEAN_MAJUMDAR_RATE))
    assert np.all(np.diff(gaps) < 0)
    assert gaps[-1] < 0.02


def test_goe_has_the_scale_it_names():
    matrices = goe(KEY, 50, 400)
    assert matrices.shape == (400, 50, 50)
    assert np.array_equal(matrices, np.swapaxes(matrices, 1, 2))
    assert np.var(matrices[:, 0, 1:]) == pytest.approx(1 / 50, rel=0.05)
    assert np.var(np.diagonal(matrices, axis1=1, axis2=2)) == pytest.approx(2 / 50, rel=0.05)
    assert goe(KEY, 3).shape == (3, 3)


# --- densities ---


@pytest.mark.nightly
@given(st.floats(0.0, 5.0), st.floats(0.05, 3.0))
@PROPERTY
def test_densities_integrate_to_one(epsilon, phi):
    reach = 2 * math.sqrt(2 * epsilon)
    z = np.linspace(-reach - 0.1, (1 + math.sqrt(phi)) ** 2 + reach + 0.1, 200_001)
    total = np.trapezoid(wishart_wigner_density(z, epsilon, phi), z)
    if epsilon < 1e-3 and phi > 0.8:  # a peak of width √ε at zero, which no grid resolves
        return
    assert total == pytest.approx(1, abs=2e-3)


def test_the_limits_are_marchenko_pastur_and_the_semicircle():
    z = np.linspace(-3, 5, 801)
    pure = wishart_wigner_density(z, 0.0, PHI)
    assert pure == pytest.approx(marchenko_pastur(z, PHI), abs=1e-7)
    noisy = wishart_wigner_density(z, 0.5, 1e-9)
    assert noisy == pytest.approx(semicircle(z - 1, 1.0), abs=1e-4)
    assert np.trapezoid(semicircle(z, 1.2), z) == pytest.approx(1, abs=1e-3)


def test_marchenko_pastur_leaves_room_for_its_atom():
    z = np.linspace(0, 8, 200_001)
    assert np.trapezoid(marchenko_pastur(z, 2.0), z) == pytest.approx(0.5, abs=1e-3)


def test_sampled_matrices_have_the_density():
    values = np.linalg.eigvalsh(wishart_wigner(KEY, 800, 0.3, PHI))
    counts, edges = np.histogram(values, bins=25, density=True)
    middle = (edges[1:] + edges[:-1]) / 2
    assert np.trapezoid(np.abs(counts - wishart_wigner_density(middle, 0.3, PHI)), middle) < 0.06
    assert np.mean(values < 0) == pytest.approx(index_of_error(0.3, PHI), abs=0.005)


# --- the index against the error ---


def test_the_critical_error():
    assert critical_error(PHI) == pytest.approx(0.0435095, abs=1e-7)
    assert critical_error(np.array([1e-9, 1.0, 2.0])) == pytest.approx([1 / 8, 0, 0], abs=1e-6)


@pytest.mark.parametrize("phi", [0.05, 0.25, 0.7])
def test_the_index_vanishes_up_to_the_critical_error_and_grows_beyond(phi):
    ratios = np.array([0, 0.5, 0.999999, 1.000001, 1.01, 2, 10, 1e6])
    shares = index_of_error(ratios * critical_error(phi), phi)
    assert np.all(shares[:3] == 0)
    assert np.all(np.diff(shares[2:]) > 0)
    assert shares[-1] == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("epsilon", [0.05, 0.2, 1.0])
def test_the_index_is_the_density_below_zero(epsilon):
    z = np.linspace(-6, 0, 400_001)
    area = np.trapezoid(wishart_wigner_density(z, epsilon, PHI), z)
    assert index_of_error(epsilon, PHI) == pytest.approx(area, abs=1e-4)


@pytest.mark.parametrize(
    "ratio, local, doubled", [(1.005, 1.496, 1.49), (1.1, 1.426, 1.40), (1.5, 1.213, 1.13)]
)
def test_the_exponent_falls_below_three_halves_away_from_the_critical_error(ratio, local, doubled):
    """``local`` at the point; ``doubled`` from ε - ε_c to twice that, the course's numbers."""

    def slope(factor):
        excess = (ratio - 1) * np.array([1, factor])
        share = index_of_error(critical_error(PHI) * (1 + excess), PHI)
        return np.log(share[1] / share[0]) / np.log(factor)

    assert slope(1 + 1e-5) == pytest.approx(local, abs=1e-3)
    assert slope(2.0) == pytest.approx(doubled, abs=5e-3)


def test_next_to_the_critical_error_the_exponent_is_three_halves():
    excess = np.array([1e-8, 1e-7])
    share = index_of_error(critical_error(PHI) * (1 + excess), PHI)
    assert np.log10(share[1] / share[0]) == pytest.approx(1.5, abs=1e-3)


# --- bad input ---


@pytest.mark.parametrize(
    "name, call",
    [
        ("n", lambda: goe(KEY, 0)),
        ("n", lambda: goe(KEY, 2.5)),
        ("key", lambda: goe(0, 2)),
        ("num", lambda: goe(KEY, 2, 0)),
        ("n", lambda: goe_positive_probability(15)),
        ("n", lambda: goe_positive_probability(0)),
        ("sigma", lambda: semicircle(0.0, -1)),
        ("phi", lambda: marchenko_pastur(0.0, 0)),
        ("phi", lambda: critical_error(-1)),
        ("epsilon", lambda: wishart_wigner_density(0.0, -0.1, PHI)),
        ("epsilon", lambda: index_of_error(math.nan, PHI)),
        ("phi", lambda: wishart_wigner(KEY, 5, 0.1, 0.0)),
    ],
)
def test_bad_input_is_refused_in_one_sentence(name, call):
    with refuses(name):
        call()


@pytest.mark.parametrize("phi", [0.25, 0.5, 1.0, 1.5])
def test_without_error_nothing_lies_below_zero(phi):
    assert index_of_error(0.0, phi) == 0
