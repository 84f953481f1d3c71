"""Predictions and exercises of notebook 04."""

import math

import numpy as np
from scipy.optimize import curve_fit

from lecture_utils.studio.lesson import Lesson
from lecture_utils.studio.questions import Exercise, Prediction

from .claims import CLAIMS, COVERS

PREDICTIONS = [
    Prediction(
        name="coins",
        question="Each of N = 5 eigenvalues is positive or negative with probability ½. With coins "
        "all five are positive once in 32. How often in a random symmetric 5 × 5 matrix?",
        options={
            "once in about 7000": "Eigenvalues of one matrix repel each other. Five of them hardly "
            "fit on one side of zero.",
            "once in 32": "So it would be if the eigenvalues did not know of each other.",
            "more often than once in 32": "Then the eigenvalues would like the same sign. They "
            "keep their distance instead.",
        },
        answer="once in about 7000",
    ),
    Prediction(
        name="below",
        question="Take φ = ¼, four data points per parameter, and the error ε = 0.02. The Wigner "
        "part alone then has eigenvalues from −0.4 to 0.4. How many eigenvalues of H are negative?",
        options={
            "none": "The Wishart part keeps a distance from zero, and so small a Wigner part "
            "cannot bridge it.",
            "a quarter": "That happens at much larger errors only.",
            "half": "That is the Wigner part alone, without any data.",
        },
        answer="none",
    ),
    Prediction(
        name="certified",
        question="You minimize ‖g‖² instead, from ordinary starting weights, until it no longer "
        "falls. Then you plot index against loss of <i>all</i> the end points. What do you see?",
        options={
            "a cloud without order": "One would hope so: it would be a warning. But the index "
            "follows the loss even at points that are not critical.",
            "a rising curve, and it is right": "Look at ‖g‖ before you believe it.",
            "a rising curve of points that mostly are not critical": "That is the trap: a "
            "beautiful curve proves nothing about critical points.",
        },
        answer="a rising curve of points that mostly are not critical",
    ),
    Prediction(
        name="exponent",
        question="The theory says α ∝ (ε/ε_c − 1) to the power 3/2. We fit α ∝ (L/L_c − 1) to the "
        "power p to all points, up to ten times L_c. What will p be?",
        options={
            "below 1": "An index cannot go on rising like a power above 1: it saturates. The "
            "theory's own exact curve does so as well.",
            "about 1": "A straight line. The points bend.",
            "about 3/2": "That is the behavior next to ε_c. Most of our range lies far from it.",
        },
        answer="below 1",
    ),
    Prediction(
        name="width",
        question="We train networks of hidden width 3 to 100 from 16 starts each. What happens to "
        "the <i>spread</i> of the final training losses as the width grows?",
        options={
            "it shrinks": "So it is here, and on the test images too, of which Choromanska et al. "
            "(2015) report it.",
            "it stays": "Then width would not matter.",
            "it grows": "More parameters, more places to end. But these places have similar loss.",
        },
        answer="it shrinks",
    ),
]

# --- 1: coins -------------------------------------------------------------------------------------


def share_of_saddles(n, p):
    return 1 - p**n - (1 - p) ** n


def _counted(n, p, numbers, ways=math.comb):
    """The share of points with one of these numbers of negative eigenvalues."""
    return sum(ways(n, k) * p**k * (1 - p) ** (n - k) for k in numbers)


_OTHER_SHARES = {
    "n·p·(1 − p) is how much the number of negative eigenvalues spreads, its variance": (
        lambda n, p: n * p * (1 - p)
    ),
    "that is how many negative eigenvalues there are on average": lambda n, p: n * p,
    "probabilities of independent signs multiply: pⁿ and (1 − p)ⁿ, not n·p and n·(1 − p)": (
        lambda n, p: 1 - n * p - n * (1 - p)
    ),
    "the share of maxima must be pⁿ, you have n·p": lambda n, p: 1 - (1 - p) ** n - n * p,
    "the share of minima must be (1 − p)ⁿ, you have n·(1 − p)": (
        lambda n, p: 1 - p**n - n * (1 - p)
    ),
    "the share of minima must be (1 − p)ⁿ, you have 1 − p": lambda n, p: 1 - p**n - (1 - p),
    "the share of maxima must be pⁿ, you have p": lambda n, p: 1 - (1 - p) ** n - p,
    "the share of minima must be (1 − p)ⁿ, you have p to the power 1 − n": (
        lambda n, p: 1 - p**n - p ** (1 - n)
    ),
    "base and exponent are exchanged: the shares must be pⁿ and (1 − p)ⁿ": (
        lambda n, p: 1 - n**p - n ** (1 - p)
    ),
    "both shares must be subtracted whole, you have subtracted half of them": (
        lambda n, p: 1 - (p**n + (1 - p) ** n) / 2
    ),
    "both shares must be subtracted, you have subtracted the larger one only": (
        lambda n, p: 1 - max(p, 1 - p) ** n
    ),
    "to be no minimum and to be no maximum are not independent: do not multiply the two": (
        lambda n, p: (1 - p**n) * (1 - (1 - p) ** n)
    ),
    "in the sum over the number of negative eigenvalues the term n − 1 is missing": (
        lambda n, p: _counted(n, p, range(1, n - 1))
    ),
    "in the sum over the number of negative eigenvalues the term 1 is missing": (
        lambda n, p: _counted(n, p, range(2, n))
    ),
    "k negative eigenvalues out of n can be chosen in many ways: the number of ways is missing": (
        lambda n, p: _counted(n, p, range(1, n), lambda n, k: 1)
    ),
    "two eigenvalues can make a saddle too: one positive, one negative": (
        lambda n, p: share_of_saddles(n, p) if n > 2 else 0.0
    ),
}


# --- 2: the degree of a minimum -------------------------------------------------------------------


def minimum_degree(eigenvalues):
    scale = np.max(np.abs(eigenvalues))
    return np.mean(eigenvalues > 1e-10 * scale)


_SPECTRA = [
    (np.array([1.0, 2.0, -0.5, 3.0]),),
    (np.array([2.0, 1e-14, -1e-14, 1.0, 1.0]),),
    (np.array([-5e-13, 0.2, 0.3, -0.1, 0.5]),),
    (np.array([3e-15, 40.0, 0.0]),),
    (np.array([40.0, 3e-9, 1.3e-9, 1.0, 1.0]),),
    (np.array([6e-9, 40.0]),),
    (np.array([40.0, 39.0, 5e-9, 38.0]),),
    (np.array([1e-3, 5e-11, -1.0]),),
    (np.array([1.0, 1e-10]),),
    (np.array([2e-7, -1.0, 3.0]),),
    (np.array([-30.0, 2e-9, 3.3e-9, 5.0, 7.0]),),
    (np.array([5e-11, -2e-11, 3e-13]),),
    (np.array([2e-7, 40.0, -1.0]),),
    (np.array([1.0, 3e-11, 5e-12, 0.9]),),
    (np.array([-4e-9, 2e-9, 3e-10, 1e-20]),),
]


def _above(scale):
    """The share above 10⁻¹⁰ times another scale."""
    return lambda e: np.mean(e > 1e-10 * scale(e))


_OTHER_DEGREES = {
    "that is 1 or 0, whether all eigenvalues are positive; the fraction of them is asked for": (
        lambda e: float(np.all(e > 1e-10 * np.max(np.abs(e))))
    ),
    "that is the fraction of eigenvalues below 0: not the positive ones, and without a "
    "tolerance": lambda e: np.mean(e < 0),
    "you counted zeros, and rounding errors above them, as positive": lambda e: np.mean(e >= 0),
    "divide by the number of all eigenvalues, you have divided by that of the negative ones": (
        lambda e: np.sum(e > 1e-10 * np.max(np.abs(e))) / np.sum(e < -1e-10 * np.max(np.abs(e)))
    ),
    "the tolerance must go with the largest |λ|, you have the mean |λ|": (
        _above(lambda e: np.mean(np.abs(e)))
    ),
    "the tolerance must go with the largest |λ|, you have the median of |λ|": (
        _above(lambda e: np.median(np.abs(e)))
    ),
    "the tolerance must go with the largest |λ|, you have the standard deviation": _above(np.std),
    "the tolerance must go with the largest |λ|, you have the last eigenvalue": (
        _above(lambda e: e[-1])
    ),
    "the tolerance must go with the largest |λ|, you have the size of the last one": (
        _above(lambda e: abs(e[-1]))
    ),
    "the tolerance must go with the largest |λ|, you have the first eigenvalue": (
        _above(lambda e: e[0])
    ),
    "the tolerance must go with the largest |λ|, you have the size of the first one": (
        _above(lambda e: abs(e[0]))
    ),
    "the tolerance must go with the largest |λ|, you have its square": (
        _above(lambda e: np.max(e**2))
    ),
    "the tolerance must go with the largest |λ|, you have the largest λ minus the smallest": (
        _above(np.ptp)
    ),
    "the tolerance must go with the largest |λ|, also where that is below 1": (
        _above(lambda e: max(np.max(np.abs(e)), 1))
    ),
    "that is the mean of the positive eigenvalues; which fraction is positive is asked for": (
        lambda e: np.mean(e[e > 1e-10 * np.max(np.abs(e))])
    ),
    "that is the positive eigenvalues' share of the sum of |λ|; their share of the number is "
    "asked for": lambda e: np.sum(e[e > 0]) / np.sum(np.abs(e)),
    "the tolerance is relative: 10⁻¹⁰ times the largest |λ|, not ten digits, nor 10⁻¹⁰ itself": (
        lambda e: np.mean(np.round(e, 10) > 0)
    ),
    "the tolerance is relative: 10⁻¹⁰ times the largest |λ|, not 10⁻⁸ itself": (
        lambda e: np.mean(e > 1e-8)
    ),
    "the tolerance is relative: 10⁻¹⁰ times the largest |λ|, not 10⁻¹² itself": (
        lambda e: np.mean(e > 1e-12)
    ),
    "your tolerance is 10⁻¹² times the largest |λ|": (
        lambda e: np.mean(e > 1e-12 * np.max(np.abs(e)))
    ),
}

# --- 3: certify -----------------------------------------------------------------------------------


def certify(g, H):
    eigenvalues = np.linalg.eigvalsh(H)
    return np.linalg.norm(g) < 1e-8, np.sum(eigenvalues < -1e-8)


def _mistaken(critical=lambda g: np.linalg.norm(g) < 1e-8, count=lambda e: np.sum(e < -1e-8)):
    """A `certify` with another idea of critical, or of what to count."""
    return lambda g, H: (critical(g), count(np.linalg.eigvalsh(H)))


def _minimum_only(g, H):
    fine, count = certify(g, H)
    return fine and count == 0, count


def _of_the_diagonal(g, H):
    return np.linalg.norm(g) < 1e-8, np.sum(np.diag(H) < -1e-8)


def _by_the_determinant(g, H):
    return np.linalg.norm(g) < 1e-8, int(np.linalg.det(H) < -1e-8)


def _whether(answer, g, H):
    """1 and 0 do for True and False."""
    critical, index = answer
    known = np.ndim(critical) == 0 and float(critical) in (0.0, 1.0)
    return (bool(critical), index) if known else answer


def _with_index(index):
    return lambda g, H: (np.linalg.norm(g) < 1e-8, index(np.linalg.norm(g) < 1e-8, H))


def _index(H):
    return np.sum(np.linalg.eigvalsh(H) < -1e-8)


def _bound(bound):
    return _mistaken(lambda g: np.linalg.norm(g) < bound)


_OTHER_CERTIFICATES = {
    "the bound for ‖g‖ must be 10⁻⁸, you have 10⁻⁶": _bound(1e-6),
    "the bound for ‖g‖ must be 10⁻⁸, you have 10⁻⁷": _bound(1e-7),
    "the bound for ‖g‖ must be 10⁻⁸, you have 10⁻⁹": _bound(1e-9),
    "the bound for ‖g‖ must be 10⁻⁸, you have 10⁻¹⁰": _bound(1e-10),
    "the norm is the root of the sum of squares, not the root of their mean": (
        _mistaken(lambda g: np.sqrt(np.mean(g**2)) < 1e-8)
    ),
    "the norm is the root of the sum of squares, not the mean of the sizes": (
        _mistaken(lambda g: np.mean(np.abs(g)) < 1e-8)
    ),
    "the sum of the entries may be small, even negative, where the norm is not": (
        _mistaken(lambda g: np.sum(g) < 1e-8)
    ),
    "all entries of g count, you have looked at the first one only": (
        _mistaken(lambda g: np.abs(g[0]) < 1e-8)
    ),
    "first whether ‖g‖ is below 10⁻⁸, True or False; you return ‖g‖ itself": (
        _mistaken(np.linalg.norm)
    ),
    "the bound for ‖g‖ is the number 10⁻⁸ itself, not relative to the size of H": (
        lambda g, H: (np.linalg.norm(g) < 1e-8 * np.linalg.norm(H), _index(H))
    ),
    "the index counts eigenvalues, not negative entries of H": (
        _with_index(lambda fine, H: np.sum(H < -1e-8))
    ),
    "the index is asked for at all points, also where ‖g‖ is too large; you have 0 there": (
        _with_index(lambda fine, H: _index(H) if fine else 0)
    ),
    "the index is asked for at all points, also where ‖g‖ is too large; you have None there": (
        _with_index(lambda fine, H: _index(H) if fine else None)
    ),
    "those are the eigenvalues: count how many are below −10⁻⁸": (
        _with_index(lambda fine, H: np.linalg.eigvalsh(H))
    ),
    "you counted eigenvalues of both signs: the index counts the negative ones": (
        _mistaken(count=lambda e: np.sum(np.abs(e) > 1e-8))
    ),
    "you counted the eigenvalues that count as zero: the index counts the negative ones": (
        _mistaken(count=lambda e: np.sum(np.abs(e) < 1e-8))
    ),
    "you counted those above −10⁻⁸: the index counts those below": (
        _mistaken(count=lambda e: np.sum(e > -1e-8))
    ),
    "you counted those that are not below −10⁻⁸: the index counts those that are": (
        _mistaken(count=lambda e: np.sum(e >= -1e-8))
    ),
    "that is the lowest eigenvalue: count how many are below −10⁻⁸": _mistaken(count=np.min),
    "you added up the negative eigenvalues: the index is their number": (
        _mistaken(count=lambda e: np.sum(e[e < -1e-8]))
    ),
    "an eigenvalue of exactly −10⁻⁸ is not below it": (
        _mistaken(count=lambda e: np.sum(e <= -1e-8))
    ),
    "the bound for eigenvalues must be −10⁻⁸, you have −10⁻⁶": (
        _mistaken(count=lambda e: np.sum(e < -1e-6))
    ),
    "the bound for eigenvalues must be −10⁻⁸, you have −10⁻⁷": (
        _mistaken(count=lambda e: np.sum(e < -1e-7))
    ),
    "the bound for eigenvalues is the number −10⁻⁸ itself, not relative to the largest one": (
        _mistaken(count=lambda e: np.sum(e < -1e-8 * np.max(np.abs(e))))
    ),
    "two things: that is ‖g‖² below 10⁻⁸, and an eigenvalue of −7·10⁻⁹ counts as zero": (
        _mistaken(lambda g: g @ g < 1e-8, lambda e: np.sum(e < 0))
    ),
}


# Gradients just below and above the bound, by one entry and by all of them together; Hessians with
# two and three negative eigenvalues, with signs that the diagonal does not show, and with
# eigenvalues just inside and outside the tolerance.
_POINTS = [
    (np.array([0.0, 0.0]), np.array([[2.0, 0.0], [0.0, 2.0]])),
    (np.array([2e-5, 0.0]), np.array([[1.0, 2.0], [2.0, 1.0]])),
    (np.array([8e-9, 8e-9]), np.array([[2.0, 0.5], [0.5, 1.0]])),
    (np.array([6e-9, -6e-9]), np.array([[0.0, 3.0], [3.0, 0.0]])),
    (np.array([-1.5e-8]), np.array([[-0.5]])),
    (np.array([7e-9]), np.array([[-1.5e-8]])),
    (np.array([-2e-3, 2e-3]), np.array([[-7e-9, 0.0], [0.0, 1.0]])),
    (np.array([0.0, 0.0, 4e-13]), np.array([[-1.0, 2.0, 0.0], [2.0, -1.0, 0.5], [0.0, 0.5, -4.0]])),
    (np.array([0.0, 5e-10, 0.0]), np.array([[-0.3, 0.0, 0.1], [0.0, -2.0, 0.0], [0.1, 0.0, -0.5]])),
    (np.array([1e-9, 0.0, 0.3]), np.array([[1.0, 3.0, 0.0], [3.0, 1.0, 0.0], [0.0, 0.0, 0.0]])),
    (np.array([1.3e-8, 0.0]), np.array([[1.0, -2.0], [-2.0, 1.0]])),
    (np.array([0.0, 1.8e-8]), np.array([[100.0, 0.0], [0.0, -5e-7]])),
    (np.array([0.0, 4e-11]), np.array([[3.0, 0.0], [0.0, -5e-8]])),
    (np.array([3e-9, 2e-9]), np.array([[1.0, 0.0], [0.0, 4.0]])),
    (np.array([3e-8, 0.0]), np.array([[-3e-6, 0.0], [0.0, 0.3]])),
    (np.array([2e-7, -3e-7]), np.array([[2.0, -3.0], [-3.0, 2.0]])),
    (np.array([4e-3]), np.array([[-1e-8]])),
]

# --- 4: an exponent -------------------------------------------------------------------------------


def exponent(loss, alpha, critical):
    keep = (alpha > 0) & (loss > critical)
    x, y = np.log(loss[keep] / critical - 1), np.log(alpha[keep])
    return np.polyfit(x, y, 1)[0]


def _kept(loss, alpha, critical):
    keep = (alpha > 0) & (loss > critical)
    return loss[keep], alpha[keep]


def _slope(x, y):
    if not np.all(np.isfinite(x + y)):
        raise np.linalg.LinAlgError("as polyfit says it, after LAPACK has complained")
    return np.polyfit(x, y, 1)[0]


def _no_excess(loss, alpha, critical):
    loss, alpha = _kept(loss, alpha, critical)
    return _slope(np.log(loss / critical), np.log(alpha))


def _not_logarithmic(loss, alpha, critical):
    loss, alpha = _kept(loss, alpha, critical)
    return _slope(loss / critical - 1, alpha)


def _half_logarithmic(loss, alpha, critical):
    loss, alpha = _kept(loss, alpha, critical)
    return _slope(loss / critical - 1, np.log(alpha))


def _logarithm_of_the_excess_alone(loss, alpha, critical):
    loss, alpha = _kept(loss, alpha, critical)
    return _slope(np.log(loss / critical - 1), alpha)


def _swapped(loss, alpha, critical):
    loss, alpha = _kept(loss, alpha, critical)
    return _slope(np.log(alpha), np.log(loss / critical - 1))


def _through_origin(loss, alpha, critical):
    loss, alpha = _kept(loss, alpha, critical)
    x, y = np.log(loss / critical - 1), np.log(alpha)
    return x @ y / (x @ x)


def _intercept(loss, alpha, critical):
    loss, alpha = _kept(loss, alpha, critical)
    return np.polyfit(np.log(loss / critical - 1), np.log(alpha), 1)[1]


def _both_coefficients(loss, alpha, critical):
    loss, alpha = _kept(loss, alpha, critical)
    return np.polyfit(np.log(loss / critical - 1), np.log(alpha), 1)


def _by_two_points(loss, alpha, critical):
    loss, alpha = _kept(loss, alpha, critical)
    x, y = np.log(loss / critical - 1), np.log(alpha)
    return (y[-1] - y[0]) / (x[-1] - x[0])


def _all_points(loss, alpha, critical):
    return _slope(np.log(loss / critical - 1), np.log(alpha))


def _alpha_only(loss, alpha, critical):
    keep = alpha > 0
    return _slope(np.log(loss[keep] / critical - 1), np.log(alpha[keep]))


def _loss_only(loss, alpha, critical):
    keep = loss > critical
    return _slope(np.log(loss[keep] / critical - 1), np.log(alpha[keep]))


def _on_logs(fit):
    """Another number than the slope from the right points, on the right axes."""

    def attempt(loss, alpha, critical):
        loss, alpha = _kept(loss, alpha, critical)
        return fit(np.log(loss / critical - 1), np.log(alpha))

    return attempt


def _on_axes(x, y=lambda loss, alpha, critical: np.log(alpha)):
    """The slope from the right points, on other axes."""

    def attempt(loss, alpha, critical):
        loss, alpha = _kept(loss, alpha, critical)
        return _slope(x(loss, alpha, critical), y(loss, alpha, critical))

    return attempt


def _clipped(loss, alpha, critical):
    x, y = np.maximum(loss / critical - 1, 1e-9), np.maximum(alpha, 1e-9)
    return _slope(np.log(x), np.log(y))


def _unsigned_excess(loss, alpha, critical):
    keep = (alpha > 0) & (loss != critical)
    return _slope(np.log(np.abs(loss[keep] / critical - 1)), np.log(alpha[keep]))


def _between_the_extremes(x, y):
    first, last = np.argmin(x), np.argmax(x)
    return (y[last] - y[first]) / (x[last] - x[first])


def _power_fitted_itself(loss, alpha, critical):
    loss, alpha = _kept(loss, alpha, critical)
    x = loss / critical - 1
    return curve_fit(lambda x, c, p: c * x**p, x, alpha, p0=(0.1, 1))[0][1]


_OTHER_EXPONENTS = {
    "points without logarithm must be left out, you have put a tiny number in their place": (
        _clipped
    ),
    "points with L < L_c must be left out, you have kept them with the size of their excess": (
        _unsigned_excess
    ),
    "that is the mean of the ratios of the logarithms; a line has an intercept as well": (
        _on_logs(lambda x, y: np.mean(y / x))
    ),
    "that is the correlation of the two logarithms; the slope is asked for": (
        _on_logs(lambda x, y: np.corrcoef(x, y)[0, 1])
    ),
    "np.cov divides by n − 1 and np.var by n: both must divide by the same": (
        _on_logs(lambda x, y: np.cov(x, y)[0, 1] / np.var(x))
    ),
    "that is the mean of the slopes from point to point; one line is to be fitted to all": (
        _on_logs(lambda x, y: np.mean(np.gradient(y, x)))
    ),
    "that is the mean of the steps' slopes; one line is to be fitted to all": (
        _on_logs(lambda x, y: np.mean(np.diff(y) / np.diff(x)))
    ),
    "that is the median of the steps' slopes; one line is to be fitted to all": (
        _on_logs(lambda x, y: np.median(np.diff(y) / np.diff(x)))
    ),
    "that is the slope from the lowest loss to the highest; a fit uses all": (
        _on_logs(_between_the_extremes)
    ),
    "the ratio of the two spreads is the slope only where all points are on the line": (
        _on_logs(lambda x, y: np.std(y) / np.std(x))
    ),
    "in the formula of the slope x² must be without its mean as well": (
        _on_logs(lambda x, y: np.sum((x - np.mean(x)) * y) / np.sum(x**2))
    ),
    "that is the first coefficient of a parabola; a straight line is asked for": (
        _on_logs(lambda x, y: np.polyfit(x, y, 2)[0])
    ),
    "that is the slope of a parabola; a straight line is asked for": (
        _on_logs(lambda x, y: np.polyfit(x, y, 2)[1])
    ),
    "the points must count alike, you have given them the weights α": (
        _on_logs(lambda x, y: np.polyfit(x, y, 1, w=np.exp(y))[0])
    ),
    "that is the intercept against log(L − L_c); the slope is asked for": (
        lambda loss, alpha, critical: np.polyfit(
            np.log(_kept(loss, alpha, critical)[0] - critical),
            np.log(_kept(loss, alpha, critical)[1]),
            1,
        )[1]
    ),
    "the excess must be L/L_c − 1, you have 1 − L_c/L": (
        _on_axes(lambda loss, alpha, critical: np.log(1 - critical / loss))
    ),
    "the excess must be L/L_c − 1, you have L/L_c + 1": (
        _on_axes(lambda loss, alpha, critical: np.log(loss / critical + 1))
    ),
    "on the y axis must be log α, you have log(1 − α)": (
        _on_axes(
            lambda loss, alpha, critical: np.log(loss / critical - 1),
            lambda loss, alpha, critical: np.log(1 - alpha),
        )
    ),
    "that is the power fitted to α itself; a straight line fitted to the logarithms is asked "
    "for": _power_fitted_itself,
}


# One curve is clean; in the others one condition fails, or the other, or both at different points.
_CURVES = [
    (np.array([0.25, 0.21, 0.3, 0.9]), np.array([0.012, 0.003, 0.035, 0.16]), 0.2),
    (np.array([1.3, 2.0, 1.1, 5.0, 1.6]), np.array([0.1, 0.0, 0.05, 0.3, 0.14]), 1.0),
    (np.array([1.3, 0.9, 1.1, 0.0, 4.0]), np.array([0.1, 0.02, 0.06, 0.0, 0.3]), 1.0),
    (np.array([0.5, 0.3, 0.9, 1.4]), np.array([0.3, 0.04, 0.15, 0.1]), 0.3),
    (np.array([0.2, 0.6, 0.5, 2.4, 0.9]), np.array([0.05, 0.0, 0.02, 0.3, 0.1]), 0.4),
]


EXERCISES = [
    Exercise(
        name="share_of_saddles",
        title="the share of saddles (easy)",
        task="Write <code>share_of_saddles(n, p)</code>: the probability that a critical point is "
        "a saddle, if each of its n eigenvalues is negative with probability p, as independently "
        "as coins. (Every eigenvalue is either positive or negative.)",
        hints=(
            "A point that is no saddle has eigenvalues of one sign only.",
            "There are two ways to have one sign: all positive, with probability (1 − p)ⁿ, …",
        ),
        solution=share_of_saddles,
        inputs=[(1, 0.5), (2, 0.5), (10, 0.5), (3, 0.1), (5, 0.8), (12, 0.02)],
        mistakes={
            "the maxima are still counted: all eigenvalues negative is no saddle "
            "either": lambda n, p: 1 - (1 - p) ** n,
            "the minima are still counted: all eigenvalues positive is no saddle "
            "either": lambda n, p: 1 - p**n,
            "that is the share of minima; the task asks for saddles": lambda n, p: (1 - p) ** n,
            "that is the share of maxima; the task asks for saddles": lambda n, p: p**n,
            "that is the share of the others: the points with eigenvalues of one sign": (
                lambda n, p: p**n + (1 - p) ** n
            ),
            "that is right for p = ½ only": lambda n, p: 1 - 2 * 0.5**n,
            "the two kinds of one sign have different shares, pⁿ and (1 − p)ⁿ": (
                lambda n, p: 1 - 2 * p**n
            ),
            "no point is a minimum and a maximum at once: their shares add, they do not multiply": (
                lambda n, p: 1 - p**n * (1 - p) ** n
            ),
            "the share of minima, (1 − p)ⁿ, must be subtracted, you have added it": (
                lambda n, p: 1 - p**n + (1 - p) ** n
            ),
            "that is the share of points with exactly one negative eigenvalue": (
                lambda n, p: n * p * (1 - p) ** (n - 1)
            ),
            "your answer is always 0, but pⁿ and (1 − p)ⁿ add up to 1 for n = 1 only: look at each "
            "power and its brackets": lambda n, p: 1 - p - (1 - p),
            **_OTHER_SHARES,
            "the share of minima is (1 − p)ⁿ; yours has (p − 1)ⁿ, which is negative for odd n": (
                lambda n, p: 1 - p**n - (p - 1) ** n
            ),
            "no point is a minimum and a maximum at once: take both shares from 1": (
                lambda n, p: p**n * (1 - p) ** n
            ),
            "half of them negative is one way to be a saddle; every number from 1 to n − 1 is": (
                lambda n, p: _counted(n, p, [n // 2])
            ),
        },
        equivalent={
            "p and all shares lie between 0 and 1": [
                "1 - p ** n - (1 - p) ** n → np.abs(1 - p ** n - (1 - p) ** n)",
                "1 - p ** n → np.abs(1 - p ** n)",
                "1 - p → np.abs(1 - p)",
                "the answer → np.maximum(…, 0)",
                "p: unsigned",
            ],
            "n counts": ["n: unsigned"],
        },
        why="With n = 84 and p = 0.02 four of five critical points are still saddles. A small p "
        "alone does not make minima frequent, but p falls to zero with the error.",
    ),
    Exercise(
        name="minimum_degree",
        title="the degree of a minimum (easy)",
        task="Write <code>minimum_degree(eigenvalues)</code>: slide 51's “degree of local minima”, "
        "the fraction of positive eigenvalues. An eigenvalue up to 10⁻¹⁰ times the largest |λ| "
        "counts as zero, not as positive.",
        hints=(
            "The tolerance is <code>1e-10 * np.max(np.abs(eigenvalues))</code>.",
            "The mean of a boolean array is the fraction of True.",
        ),
        solution=minimum_degree,
        inputs=_SPECTRA,
        mistakes={
            "you counted rounding errors as positive: what is up to 10⁻¹⁰ times the largest |λ| "
            "counts as zero": (lambda e: np.mean(e > 0)),
            "the tolerance is relative: 10⁻¹⁰ times the largest |λ|, not 10⁻¹⁰ itself": (
                lambda e: np.mean(e > 1e-10)
            ),
            "the largest |λ| may belong to a negative eigenvalue: take the absolute values": (
                lambda e: np.mean(e > 1e-10 * np.max(e))
            ),
            "that is the fraction of negative eigenvalues, the α of slide 52": lambda e: np.mean(
                e < -1e-10 * np.max(np.abs(e))
            ),
            "that is the number of positive eigenvalues: divide by how many there are": (
                lambda e: np.sum(e > 1e-10 * np.max(np.abs(e)))
            ),
            "zero is not positive: count only what lies above the tolerance": lambda e: np.mean(
                e > -1e-10 * np.max(np.abs(e))
            ),
            "what is exactly at the tolerance counts as zero": lambda e: np.mean(
                e >= 1e-10 * np.max(np.abs(e))
            ),
            "the tolerance goes with the largest |λ|, not with the sum of all": lambda e: np.mean(
                e > 1e-10 * np.sum(np.abs(e))
            ),
            "the tolerance goes with the largest |λ|, not with the norm of all": lambda e: np.mean(
                e > 1e-10 * np.linalg.norm(e)
            ),
            "a negative eigenvalue is not positive: no absolute value there": lambda e: np.mean(
                np.abs(e) > 1e-10 * np.max(np.abs(e))
            ),
            "the fraction is that of all eigenvalues, those that count as zero included": (
                lambda e: (
                    np.sum(e > 1e-10 * np.max(np.abs(e)))
                    / np.sum(np.abs(e) > 1e-10 * np.max(np.abs(e)))
                )
            ),
            "your tolerance is 10⁻⁸ times the largest |λ|": lambda e: np.mean(
                e > 1e-8 * np.max(np.abs(e))
            ),
            "your tolerance is 10⁻⁶ times the largest |λ|": lambda e: np.mean(
                e > 1e-6 * np.max(np.abs(e))
            ),
            **_OTHER_DEGREES,
            "that is the share of the positive ones minus that of the negative ones": (
                lambda e: np.mean(np.sign(e))
            ),
            "the tolerance goes with the largest |λ|; yours with the smallest eigenvalue": (
                _above(np.min)
            ),
            "that is the fraction of zeros; that of the positive ones is asked for": (
                lambda e: np.mean(np.abs(e) <= 1e-10 * np.max(np.abs(e)))
            ),
        },
        equivalent={
            "a fraction is not negative": [
                "the answer → np.abs(…)",
                "the answer → np.maximum(…, 0)",
            ],
            "the order does not count": ["eigenvalues: sorted", "eigenvalues: reversed"],
            "the tolerance is relative": ["eigenvalues: normalized"],
        },
        why="Where no eigenvalue is zero, α = 1 − degree: slides 51 and 52 show the same thing.",
    ),
    Exercise(
        name="certify",
        title="certify before you plot (medium)",
        task="A search has ended at a point with gradient g and Hessian H. Return two things: "
        "whether it is a certified critical point (gradient norm below 10⁻⁸), and its index (the "
        "number of Hessian eigenvalues below −10⁻⁸).",
        hints=(
            "<code>np.linalg.norm</code> is the length of a vector, and "
            "<code>np.linalg.eigvalsh</code> gives the eigenvalues of a symmetric matrix.",
            "A comparison of an array with a number is an array of True and False, and a sum "
            "counts what is True.",
        ),
        solution=certify,
        canonical=_whether,
        inputs=_POINTS,
        mistakes={
            "you certify points whose gradient is not zero: ‖g‖ decides": _mistaken(lambda g: True),
            "that is ‖g‖² below 10⁻⁸, or ‖g‖ below 10⁻⁴: it is ‖g‖ that must be below 10⁻⁸": (
                _mistaken(lambda g: g @ g < 1e-8)
            ),
            "the norm of the gradient decides, not its largest entry": (
                _mistaken(lambda g: np.max(np.abs(g)) < 1e-8)
            ),
            "the norm is the root of the sum of squares, not the sum of the sizes": (
                _mistaken(lambda g: np.sum(np.abs(g)) < 1e-8)
            ),
            "no search ends at a gradient of exactly zero: compare its norm with 10⁻⁸": (
                _mistaken(lambda g: np.all(g == 0))
            ),
            "entries of both signs would cancel in the sum: take the norm": (
                _mistaken(lambda g: abs(np.sum(g)) < 1e-8)
            ),
            "a negative entry is below 10⁻⁸ whatever its size: take the norm": (
                _mistaken(lambda g: np.all(g < 1e-8))
            ),
            "the comparison of ‖g‖ is turned around": (
                _mistaken(lambda g: np.linalg.norm(g) >= 1e-8)
            ),
            "an eigenvalue of −7·10⁻⁹ counts as zero: compare with −10⁻⁸": (
                _mistaken(count=lambda e: np.sum(e < 0))
            ),
            "the bound for eigenvalues is −10⁻⁸; below +10⁻⁸ there are zeros as well": (
                _mistaken(count=lambda e: np.sum(e < 1e-8))
            ),
            "a saddle is a critical point too: certification asks for ‖g‖ only": _minimum_only,
            "the index is a number of eigenvalues, not their fraction": (
                _mistaken(count=lambda e: np.mean(e < -1e-8))
            ),
            "the index counts; whether there is a negative eigenvalue is less": (
                _mistaken(count=lambda e: int(np.any(e < -1e-8)))
            ),
            "you counted positive eigenvalues: the index counts the negative ones": (
                _mistaken(count=lambda e: np.sum(e > 1e-8))
            ),
            "the diagonal of H does not show its eigenvalues": _of_the_diagonal,
            "the sign of the determinant tells whether the index is odd, not what it is": (
                _by_the_determinant
            ),
            "first whether it is critical, then the index": lambda g, H: certify(g, H)[::-1],
            **_OTHER_CERTIFICATES,
        },
        equivalent={
            "any way to the eigenvalues does": [
                "np.linalg.eigvalsh(H) → np.linalg.eigvals(H)",
            ],
            "rounding decides which norm is exactly at the bound": [
                "np.linalg.norm(g) < 1e-08 → np.linalg.norm(g) <= 1e-08",
            ],
            "a number of eigenvalues is whole and not negative": [
                "result 1 → np.abs(…)",
                "result 1 → np.round(…)",
                "result 1 → np.maximum(…, 0)",
            ],
            "H is symmetric": ["H: transposed", "H: symmetrized"],
            "the norm knows no signs and no order": [
                "g: unsigned",
                "g: sorted",
                "g: reversed",
                "g: its zeros left out",
            ],
        },
    ),
    Exercise(
        name="exponent",
        title="an exponent from a log–log plot (hard)",
        task="Write <code>exponent(loss, alpha, critical)</code>: the slope p of a straight line "
        "fitted to log α against log(L/L_c − 1), where <code>critical</code> is L_c. Points "
        "without logarithm (α = 0, or L ≤ L_c) are left out.",
        hints=(
            "Select first: a comparison of an array gives True and False, <code>&amp;</code> joins "
            "two of them, and <code>loss[keep]</code> are the entries where <code>keep</code> is "
            "True.",
            "<code>np.polyfit(x, y, 1)</code> is (slope, intercept) of the line through the points "
            "(x, y). Which logarithm belongs on which axis?",
        ),
        solution=exponent,
        inputs=_CURVES,
        probe=False,
        mistakes={
            "you took the logarithm of L itself; the power law is in the excess L/L_c − 1": (
                _no_excess
            ),
            "that is the slope on plain axes: take the logarithm of both sides first": (
                _not_logarithmic
            ),
            "the excess needs a logarithm too": _half_logarithmic,
            "α needs a logarithm too": _logarithm_of_the_excess_alone,
            "that is 1/p: the excess belongs on the x axis, α on the y axis": _swapped,
            "your line goes through the origin; it needs an intercept, the log of a factor": (
                _through_origin
            ),
            "that is the intercept, the log of the factor; the slope is asked for": _intercept,
            "those are slope and intercept; the slope alone is asked for": _both_coefficients,
            "that is the slope from the first point to the last; a fit uses all": _by_two_points,
            "the logarithm of 0, or of a negative number, went into your fit: leave out the points "
            "with α = 0 and those with L ≤ L_c": _all_points,
            "the points with L ≤ L_c went into your fit: they have no logarithm": _alpha_only,
            "the points with α = 0 went into your fit: the logarithm of 0 is −∞": _loss_only,
            **_OTHER_EXPONENTS,
        },
        equivalent={
            "a fraction and a loss are not negative": [
                "alpha > 0 → np.abs(alpha) > 0",
                "loss > critical → np.abs(loss) > critical",
                "critical: unsigned",
                "loss: unsigned",
                "loss: without negative ones",
                "alpha: unsigned",
                "alpha: without negative ones",
            ],
            "what is kept has a positive excess": [
                "loss[keep] / critical - 1 → np.abs(loss[keep] / critical - 1)"
            ],
            "a factor of α moves the line, and leaves its slope": ["alpha: normalized"],
        },
        why="Leaving out α = 0 is a choice, too: it throws away the minima, which is why "
        "section 4 fits α itself instead of its logarithm.",
    ),
]

lesson = Lesson(
    "04_eigenvalues_vs_error",
    title="Eigenvalues against error",
    question="Which critical points does training meet?",
    minutes=(45, 90),
    needs="01",
    sources="S45–S55",
    covers=COVERS,
    pictures={"index_against_loss.png": "Left, certified critical points: the negative"},
    predictions=PREDICTIONS,
    exercises=EXERCISES,
    claims=CLAIMS,
)
