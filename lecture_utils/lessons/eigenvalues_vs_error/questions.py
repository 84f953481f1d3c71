"""Predictions and exercises of notebook 04."""

from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np

from lecture_utils.studio.grading import compare_on
from lecture_utils.studio.lesson import Lesson
from lecture_utils.studio.questions import Exercise, Prediction

from .claims import CLAIMS, COVERS

PREDICTIONS = [
    Prediction(
        name="coins",
        question="Each of N = 5 eigenvalues is positive or negative with probability ½. With coins "
        "all five are positive once in 32. How often in a random symmetric 5 × 5 matrix?",
        options={
            "more often than once in 32": "Then the eigenvalues would like the same sign. They "
            "keep their distance instead.",
            "once in 32": "So it would be if the eigenvalues did not know of each other.",
            "once in about 7000": "Eigenvalues of one matrix repel each other. Five of them hardly "
            "fit on one side of zero.",
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
            "about 3/2": "That is the behavior next to ε_c. Most of our range lies far from it.",
            "about 1": "A straight line. The points bend.",
            "below 1": "An index cannot go on rising like a power above 1: it saturates. The "
            "theory's own exact curve does so as well.",
        },
        answer="below 1",
    ),
    Prediction(
        name="width",
        question="We train networks of hidden width 3 to 100 from 16 starts each. What happens to "
        "the <i>spread</i> of the final test losses as the width grows?",
        options={
            "it grows": "More parameters, more places to end. But these places have similar loss.",
            "it stays": "Then width would not matter.",
            "it shrinks": "So Choromanska et al. (2015) report, and so it is here.",
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
    (np.array([2.0, 1e-14, -1e-14, 1.0]),),
    (np.array([-5e-13, 0.2, 0.3, -0.1, 0.5]),),
    (np.array([3e-15, 40.0]),),
    (np.array([40.0, 3e-9, 1.0]),),
    (np.array([1e-3, 5e-11, -1.0]),),
]

# --- 3: certify -----------------------------------------------------------------------------------


def certify(loss, theta):
    slope = jax.grad(loss)(theta)
    eigenvalues = jnp.linalg.eigvalsh(jax.hessian(loss)(theta))
    return bool(jnp.linalg.norm(slope) < 1e-8), int(jnp.sum(eigenvalues < -1e-8))


@lru_cache
def _look(loss, theta):
    """Gradient and Hessian eigenvalues at a tuple of numbers: all mistakes look at the same."""
    theta = jnp.array(theta)
    return jax.grad(loss)(theta), jnp.linalg.eigvalsh(jax.hessian(loss)(theta))


def _mistaken(critical=lambda g: jnp.linalg.norm(g) < 1e-8, count=lambda e: jnp.sum(e < -1e-8)):
    """A `certify` with another idea of critical, or of what to count."""

    def certify(loss, theta):
        slope, eigenvalues = _look(loss, tuple(theta.tolist()))
        return bool(critical(slope)), count(eigenvalues).item()

    return certify


def _minimum_only(loss, theta):
    fine, count = _mistaken()(loss, theta)
    return fine and count == 0, count


def _bowl(theta):
    return jnp.sum(theta**2)


def _pass(theta):
    return theta[0] ** 2 - theta[1] ** 2 - 3 * theta[2] ** 2


def _gutter(theta):
    return theta[0] ** 2 - 1e-9 * theta[1] ** 2


def _well(theta):
    return theta[0] ** 4 / 4 - theta[0] ** 2 / 2 + theta[1] ** 2


_POINTS = [
    (_bowl, jnp.array([2e-5, 0.0])),  # ‖g‖² is below 10⁻⁸, ‖g‖ is not
    (_bowl, jnp.full(2, 4e-9)),  # nor is ‖g‖ here, though each entry is
    (_gutter, jnp.zeros(2)),
    (_pass, jnp.zeros(3)),
    (_pass, jnp.array([0.0, 0.1, 0.0])),
    (_well, jnp.array([0.0, 0.0])),
    (_well, jnp.array([1.0, 0.0])),
]

# --- 4: an exponent -------------------------------------------------------------------------------


def exponent(loss, alpha, critical):
    keep = (alpha > 0) & (loss > critical)
    x, y = np.log(loss[keep] / critical - 1), np.log(alpha[keep])
    return np.polyfit(x, y, 1)[0]


def _no_excess(loss, alpha, critical):
    keep = (alpha > 0) & (loss > critical)
    return np.polyfit(np.log(loss[keep] / critical), np.log(alpha[keep]), 1)[0]


def _not_logarithmic(loss, alpha, critical):
    keep = (alpha > 0) & (loss > critical)
    return np.polyfit(loss[keep] / critical - 1, alpha[keep], 1)[0]


def _swapped(loss, alpha, critical):
    keep = (alpha > 0) & (loss > critical)
    return np.polyfit(np.log(alpha[keep]), np.log(loss[keep] / critical - 1), 1)[0]


def _through_origin(loss, alpha, critical):
    keep = (alpha > 0) & (loss > critical)
    x, y = np.log(loss[keep] / critical - 1), np.log(alpha[keep])
    return x @ y / (x @ x)


def _power(p, c, critical, wobble):
    loss = critical * np.array([0.9, 1.05, 1.2, 1.5, 2.0, 3.0])
    excess = np.maximum(loss / critical - 1, 0)
    return loss, c * excess**p * np.array([1, 1 + wobble, 1, 1 - wobble, 1, 1]), critical


_CURVES = [_power(1.5, 0.1, 0.2, 0.0), _power(0.7, 0.2, 1.0, 0.05), _power(1.0, 0.05, 0.3, 0.02)]


def _check_exponent(attempt):
    for loss, alpha, critical in _CURVES:
        with np.errstate(all="ignore"):
            try:
                value = attempt(loss, alpha, critical)
            except Exception as error:
                if not isinstance(error.__cause__, np.linalg.LinAlgError):
                    raise
                value = np.nan  # polyfit's way to say that it was handed one
        if np.shape(value) == () and not np.isfinite(np.asarray(value, dtype=float)):
            return (
                "the logarithm of 0, or of a negative number, went into your fit: leave out the "
                "points with α = 0 or L ≤ L_c"
            )
    return compare_on(attempt, exponent, _CURVES, _EXPONENT_MISTAKES)


_EXPONENT_MISTAKES = {
    "you took the logarithm of L/L_c; the power law is in the excess L/L_c − 1": _no_excess,
    "that is the slope on plain axes: take the logarithm of both sides first": _not_logarithmic,
    "that is 1/p: the excess belongs on the x axis, α on the y axis": _swapped,
    "your line goes through the origin; it needs an intercept, the log of a factor": (
        _through_origin
    ),
}


def _all_points(loss, alpha, critical):
    with np.errstate(all="ignore"):
        return float(np.log(alpha[0]) / np.log(loss[0] / critical - 1))


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
        inputs=[(1, 0.5), (2, 0.5), (10, 0.5), (3, 0.1), (84, 0.02)],
        mistakes={
            "you left out the maxima: all eigenvalues negative is no saddle either": lambda n, p: (
                1 - (1 - p) ** n
            ),
            "you left out the minima: all eigenvalues positive is no saddle either": lambda n, p: (
                1 - p**n
            ),
            "that is the share of minima; the task asks for saddles": lambda n, p: (1 - p) ** n,
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
        },
        why="Where no eigenvalue is zero, α = 1 − degree: slides 51 and 52 show the same thing.",
    ),
    Exercise(
        name="certify",
        title="certify before you plot (medium)",
        task="Write <code>certify(loss, theta)</code>, which returns two things: whether θ is a "
        "certified critical point (gradient norm below 10⁻⁸), and its index (the number of Hessian "
        "eigenvalues below −10⁻⁸).",
        hints=(
            "<code>jax.grad(loss)(theta)</code> and <code>jax.hessian(loss)(theta)</code> give g "
            "and H.",
            "<code>jnp.linalg.eigvalsh</code> gives the eigenvalues; return a pair.",
        ),
        solution=certify,
        inputs=_POINTS,
        mistakes={
            "you certify points whose gradient is not zero: ‖g‖ decides": _mistaken(lambda g: True),
            "that is ‖g‖² below 10⁻⁸: take the root": _mistaken(lambda g: g @ g < 1e-8),
            "the norm of the gradient decides, not its largest entry": (
                _mistaken(lambda g: jnp.max(jnp.abs(g)) < 1e-8)
            ),
            "an eigenvalue of −2·10⁻⁹ counts as zero: compare with −10⁻⁸": (
                _mistaken(count=lambda e: jnp.sum(e < 0))
            ),
            "a saddle is a critical point too: certification asks for ‖g‖ only": _minimum_only,
            "the index is a number of eigenvalues, not their fraction": (
                _mistaken(count=lambda e: jnp.mean(e < -1e-8))
            ),
            "you counted positive eigenvalues: the index counts the negative ones": (
                _mistaken(count=lambda e: jnp.sum(e > 1e-8))
            ),
        },
    ),
    Exercise(
        name="exponent",
        title="an exponent from a log–log plot (hard)",
        task="Write <code>exponent(loss, alpha, critical)</code>: the slope p of a straight line "
        "fitted to log α against log(L/L_c − 1), where <code>critical</code> is L_c. Points "
        "without logarithm (α = 0, or L ≤ L_c) are left out.",
        hints=(
            "Select first: <code>keep = (alpha > 0) & (loss > critical)</code>.",
            "<code>np.polyfit(x, y, 1)[0]</code> is the slope of the line through (x, y).",
        ),
        solution=exponent,
        check=_check_exponent,
        mistakes=_EXPONENT_MISTAKES
        | {"every point counts, also those without logarithm": _all_points},
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
