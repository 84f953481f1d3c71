"""Yardsticks for a Hessian's spectrum: what the eigenvalues of *random* matrices do.

Coins give a minimum with probability 2^-N (slide 47); eigenvalues of a random symmetric matrix
repel each other, which makes it rarer still.  Pennington & Bahri (2017, *Geometry of neural
network loss surfaces via random matrix theory*) let the loss ε enter: a Wishart matrix, never
negative, plus a Wigner matrix whose strength grows with ε.  Everything here is closed form.
"""

import math

import jax
import numpy as np

from .trees import check_count, check_key

DEAN_MAJUMDAR_RATE = math.log(3) / 4
"""P(all N eigenvalues of a GOE matrix > 0) ~ exp(-rate·N²) for large N (Dean & Majumdar 2006)."""


def goe(key, n: int, num: int | None = None) -> np.ndarray:
    """Matrices from the Gaussian orthogonal ensemble, scaled to the semicircle on [-2, 2].

    Off the diagonal the entries are N(0, 1/n), on it N(0, 2/n).  Shape (n, n), or (num, n, n).

    >>> lu.goe(jax.random.key(0), 3, num=5).shape
    (5, 3, 3)
    """
    check_count(n, "n")
    shape = (n, n) if num is None else (check_count(num, "num"), n, n)
    draws = _normal(key, shape)
    return (draws + np.swapaxes(draws, -1, -2)) / math.sqrt(2 * n)


def wishart_wigner(key, n: int, epsilon: float, phi: float) -> np.ndarray:
    """One Hessian of Pennington & Bahri's model, (n, n): XXᵀ/m + √(2ε)·GOE, X of shape (n, m).

    ``phi`` = n/m (parameters per data point) is met as closely as an integer m ≥ 1 can.

    >>> lu.wishart_wigner(jax.random.key(0), 4, epsilon=0.5, phi=0.5).shape
    (4, 4)
    """
    epsilon, phi = _check_model(epsilon, phi)
    first, second = jax.random.split(check_key(key))
    m = max(1, round(check_count(n, "n") / float(phi)))
    x = _normal(first, (n, m))
    return x @ x.T / m + math.sqrt(2 * float(epsilon)) * goe(second, n)


def goe_positive_probability(n: int) -> float:
    """P(all n eigenvalues of a GOE matrix are positive), exactly: 1/2, (2-√2)/4, … for n ≤ 14.

    The eigenvalues' density is ∏|λᵢ-λⱼ|·exp(-Σλ²/2).  Its integral over λ > 0, and over all λ,
    is a Pfaffian, the root of a determinant of double integrals (de Bruijn 1955).

    >>> lu.goe_positive_probability(1), round(lu.goe_positive_probability(2), 3)
    (0.5, 0.146)
    """
    if check_count(n, "n") > 14:
        raise ValueError(
            f"n must be at most 14, where rounding takes over, but is {n}: beyond it use "
            "exp(-DEAN_MAJUMDAR_RATE·n²), which has the right exponent only."
        )
    nodes, weights = np.polynomial.legendre.leggauss(64)
    # sgn(y - x) over the quarter plane x, y > 0 and over the whole plane, in polar coordinates:
    # (from, to, sign) in multiples of π/4.
    quarter = [(0, 1, -1), (1, 2, 1)]
    plane = [(-3, -1, -1), (-1, 1, -1), (1, 3, 1), (3, 5, 1)]
    power = np.arange(n)

    def log_pfaffian(sectors, both_sides):
        angular = np.zeros((n, n))
        for low, high, sign in sectors:
            angle = np.pi / 8 * ((high - low) * nodes + high + low)
            x, y = np.cos(angle) ** power[:, None], np.sin(angle) ** power[:, None]
            angular += sign * np.pi / 8 * (high - low) * (x * weights) @ y.T
        total = np.add.outer(power, power) / 2
        matrix = angular * 2**total * _gamma(total + 1)
        if n % 2:  # an odd n needs one more row: the single integrals of λ^j
            single = 2 ** ((power - 1) / 2) * _gamma((power + 1) / 2)
            single = np.where(power % 2, 0, 2 * single) if both_sides else single
            matrix = np.block([[matrix, single[:, None]], [-single, np.zeros(1)]])
        return np.linalg.slogdet(matrix)[1] / 2

    return float(np.exp(log_pfaffian(quarter, False) - log_pfaffian(plane, True)))


def semicircle(z, sigma: float = 1.0) -> np.ndarray:
    """Wigner's density √(4σ²-z²)/2πσ², to which spectra of σ·GOE tend; shape of ``z``.

    >>> lu.semicircle([0.0, 2.0, 3.0]).round(3).tolist()
    [0.318, 0.0, 0.0]
    """
    if not sigma > 0:
        raise ValueError(f"sigma must be positive, but is {sigma}.")
    z = np.asarray(z, dtype=float)
    return np.sqrt(np.maximum(4 * sigma**2 - z**2, 0)) / (2 * np.pi * sigma**2)


def marchenko_pastur(z, phi: float) -> np.ndarray:
    """Density of the spectrum of XXᵀ/m, X of shape (n, m) with n/m → ``phi``; shape of ``z``.

    For φ > 1 this is the part beside the atom of weight 1 - 1/φ at zero.

    >>> float(lu.marchenko_pastur(5.0, 1.0))  # the spectrum ends at (1 + √φ)² = 4
    0.0
    """
    _, phi = _check_model(0.0, phi)
    z = np.asarray(z, dtype=float)
    inside = (z - (1 - np.sqrt(phi)) ** 2) * ((1 + np.sqrt(phi)) ** 2 - z)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(inside > 0, np.sqrt(np.maximum(inside, 0)) / (2 * np.pi * phi * z), 0.0)


def critical_error(phi):
    """ε_c(φ): below this loss the model's spectrum has no negative eigenvalue.  Zero for φ ≥ 1.

    >>> float(lu.critical_error(1.0)) == 0, float(lu.critical_error(0.25)) > 0
    (True, True)
    """
    _, phi = _check_model(0.0, phi)
    value = (1 - 20 * phi - 8 * phi**2 + (1 + 8 * phi) ** 1.5) / 16
    return np.where(phi < 1, np.maximum(value, 0), 0.0)[()]


def wishart_wigner_density(z, epsilon: float, phi: float) -> np.ndarray:
    """The model's spectral density at ``z``, from (2εg² + 1 - zg)(1 - φg) + g = 0; shape of z.

    The resolvent g is complex where there are eigenvalues, and the density is |Im g|/π.

    >>> z = np.linspace(-5, 10, 2001)
    >>> round(float(np.trapezoid(lu.wishart_wigner_density(z, 0.5, 0.5), z)), 2)
    1.0
    """
    epsilon, phi = _check_model(epsilon, phi)
    return np.abs(_resolvent(np.asarray(z, dtype=float), epsilon, phi).imag) / np.pi


def index_of_error(epsilon, phi):
    """α(ε): the model's share of negative eigenvalues, exact, broadcast over ``epsilon``, ``phi``.

    The cubic, solved for z, is z(g) = 1/g + 2εg + 1/(1-φg), so ∫ρ dz below zero is the imaginary
    part of -∫z dg/π = [log(1-φg)/φ - log(-g) - εg²]/π at g(z=0); at the edge it is real.  z = 0
    makes the bracket stationary in g, so that even next to ε_c no digits are lost in g.

    >>> float(lu.index_of_error(0.0, 0.5)), 0 < float(lu.index_of_error(1.0, 0.5)) < 0.5
    (0.0, True)
    """
    epsilon, phi = _check_model(epsilon, phi)
    g = _resolvent(0.0, epsilon, phi)
    bracket = np.log(1 - phi * g) / phi - np.log(-g) - epsilon * g**2
    inside = (g.imag != 0) & (epsilon > 0)  # without error H is Wishart: nothing below zero
    return np.where(inside, np.abs(bracket.imag) / np.pi, 0.0)[()]


def _normal(key, shape):
    # Drawn by numpy from the key's bits: jax.random would compile anew for every shape.
    return np.random.default_rng(np.asarray(jax.random.key_data(check_key(key)))).standard_normal(
        shape
    )


def _resolvent(z, epsilon, phi):
    # In w = 1/g the cubic is monic: w³ + (1-z-φ)w² + (2ε+φz)w - 2εφ = 0.  Cardano's formula gives
    # its complex pair; where there is none, any real number will do.
    a, b, c = 1 - z - phi, 2 * epsilon + phi * z, -2 * epsilon * phi
    p, q = b - a**2 / 3, 2 * a**3 / 27 - a * b / 3 + c
    inside = (q / 2) ** 2 + (p / 3) ** 3
    u = -np.copysign(np.cbrt(np.abs(q) / 2 + np.sqrt(np.maximum(inside, 0))), q)
    v = np.divide(-p, 3 * u, out=np.zeros_like(u), where=u != 0)
    w = -(u + v) / 2 - a / 3 + 1j * np.where(inside > 0, np.sqrt(3) / 2 * (u - v), 0)
    return np.where(inside > 0, 1 / np.where(inside > 0, w, 1), -1.0)


def _gamma(values):
    return np.vectorize(math.gamma)(values)


def _check_model(epsilon, phi):
    epsilon, phi = np.asarray(epsilon, dtype=float), np.asarray(phi, dtype=float)
    if not np.all((epsilon >= 0) & np.isfinite(epsilon)):
        raise ValueError(f"epsilon must be a finite loss of at least 0, but is {epsilon}.")
    if not np.all((phi > 0) & np.isfinite(phi)):
        raise ValueError(f"phi must be a positive ratio n/m, but is {phi}.")
    return epsilon, phi
