"""Predictions and exercises of notebook 04."""

import numpy as np

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
        "the <i>spread</i> of the final test losses as the width grows?",
        options={
            "it shrinks": "So Choromanska et al. (2015) report, and so it is here.",
            "it stays": "Then width would not matter.",
            "it grows": "More parameters, more places to end. But these places have similar loss.",
        },
        answer="it shrinks",
    ),
]

# --- 1: coins -------------------------------------------------------------------------------------


def share_of_saddles(n, p):
    return 1 - p**n - (1 - p) ** n


# --- 2: the degree of a minimum -------------------------------------------------------------------


def minimum_degree(eigenvalues):
    scale = np.max(np.abs(eigenvalues))
    return np.mean(eigenvalues > 1e-10 * scale)


_SPECTRA = [
    (np.array([1.0, 2.0, -0.5, 3.0]),),
    (np.array([2.0, 1e-14, -1e-14, 1.0, 1.0]),),
    (np.array([-5e-13, 0.2, 0.3, -0.1, 0.5]),),
    (np.array([3e-15, 40.0, 0.0]),),
    (np.array([40.0, 3e-9, 1.0, 1.0]),),
    (np.array([6e-9, 40.0]),),
    (np.array([40.0, 39.0, 5e-9, 38.0]),),
    (np.array([1e-3, 5e-11, -1.0]),),
    (np.array([1.0, 1e-10]),),
    (np.array([2e-7, -1.0, 3.0]),),
    (np.array([-30.0, 2e-9, 4e-9, 5.0, 7.0]),),
]

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
    return np.linalg.norm(g) < 1e-8, int(np.linalg.det(H) < 0)


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
    (np.array([0.0, 0.0, 0.0]), np.array([[-1.0, 2.0, 0.0], [2.0, -1.0, 0.5], [0.0, 0.5, -4.0]])),
    (np.array([0.0, 5e-9, 0.0]), np.array([[-0.3, 0.0, 0.1], [0.0, -2.0, 0.0], [0.1, 0.0, -0.5]])),
    (np.array([1e-9, 0.0, 0.3]), np.array([[1.0, 3.0, 0.0], [3.0, 1.0, 0.0], [0.0, 0.0, 0.0]])),
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
            "you left out the maxima: all eigenvalues negative is no saddle either": lambda n, p: (
                1 - (1 - p) ** n
            ),
            "you left out the minima: all eigenvalues positive is no saddle either": lambda n, p: (
                1 - p**n
            ),
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
            "the shares of both are subtracted": lambda n, p: 1 - p**n + (1 - p) ** n,
            "that is the share of points with exactly one negative eigenvalue": (
                lambda n, p: n * p * (1 - p) ** (n - 1)
            ),
            "all n have to have the same sign: the power n is missing": (
                lambda n, p: 1 - p - (1 - p)
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
            "you counted rounding errors as positive: compare with the tolerance, not with 0": (
                lambda e: np.mean(e > 0)
            ),
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
        inputs=_POINTS,
        mistakes={
            "you certify points whose gradient is not zero: ‖g‖ decides": _mistaken(lambda g: True),
            "that is ‖g‖² below 10⁻⁸: take the root": _mistaken(lambda g: g @ g < 1e-8),
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
        },
        equivalent={
            "any way to the eigenvalues does": [
                "np.linalg.eigvalsh(H) → np.linalg.eigvals(H)",
            ],
            "rounding decides what is exactly at a bound": [
                "np.linalg.norm(g) < 1e-08 → np.linalg.norm(g) <= 1e-08",
                "eigenvalues < -1e-08 → eigenvalues <= -1e-08",
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
        why="Leaving out α = 0 is a choice, too: it throws away the minima, which is why the "
        "notebook fits α itself instead of its logarithm.",
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
