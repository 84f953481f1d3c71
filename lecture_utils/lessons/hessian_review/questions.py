"""Predictions and exercises of notebook 01."""

from itertools import product

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.core import ClosedJaxpr, Jaxpr

from lecture_utils.studio.lesson import Lesson
from lecture_utils.studio.questions import Exercise, Prediction

from .claims import CLAIMS, COVERS

PREDICTIONS = [
    Prediction(
        name="taylor",
        question="Halving the distance divides the <i>tangent's</i> error by about 4. By what does "
        "it divide the error of the <i>parabola</i>?",
        options={
            "2": "That is the rate at which a constant guess, L(θ) ≈ L(θ₀), improves.",
            "4": "That is the tangent: it leaves out the triangle, whose area grows like t².",
            "8": "The parabola is right up to the triangle, so its error is cubic: 2³ = 8.",
            "16": "That needs the cubic term too: a model of third order.",
        },
        answer="8",
        reveal="What follows measures it, along one direction, at four distances.",
    ),
    Prediction(
        name="origin",
        question="At the origin the slopes are zero, and along both axes the loss does not curve. "
        "What does it do around the origin?",
        options={
            "it is flat in every direction": "The axes are only two directions of many. Try the "
            "point (t, t): its loss is (1 − t²)², below 1.",
            "it rises in every direction": "At (t, t) the loss is (1 − t²)², below 1: there it "
            "falls.",
            "it falls in every direction": "At (−t, t) the loss is (1 + t²)², above 1: there it "
            "rises.",
            "it rises in some directions and falls in others": "Between the axes it does both, and "
            "on the axes themselves the two cancel.",
        },
        answer="it rises in some directions and falls in others",
    ),
    Prediction(
        name="newton",
        question="Newton's method starts at w = (0.3, 0.1), where the loss is 0.94. What does the "
        "loss do in the next steps?",
        options={
            "it falls to 0, faster than with gradient descent": "Newton does not ask for "
            "down: it solves g + Hs = 0, and so seeks the flat place of the parabola, which is "
            "the saddle here.",
            "it falls to 0, as fast as with gradient descent": "Newton does not take small steps "
            "along the gradient, and it does not ask for down.",
            "it rises, and stays above 0.94": "The flat place of the parabola is the saddle, and "
            "Newton jumps to it, uphill.",
            "it grows without bound": "Near the saddle the parabola is a good model, and its flat "
            "place is close by.",
        },
        answer="it rises, and stays above 0.94",
    ),
    Prediction(
        name="degenerate",
        question="At the origin x² + y⁴ has a minimum and x² − y⁴ a saddle. Can their Hessians "
        "there tell the two apart?",
        options={
            "no, they are the same matrix": "Both are diag(2, 0): the second-order test is silent, "
            "and one must look at the loss itself, all around.",
            "yes, by a negative eigenvalue": "−y⁴ curves down, but its second derivative −12y² "
            "is zero at y = 0.",
            "yes, by a zero eigenvalue": "There is a zero eigenvalue, but in both.",
        },
        answer="no, they are the same matrix",
    ),
    Prediction(
        name="plateau",
        question="From 10⁻⁶ it takes k = 148 steps until L < ½. You start 10⁻¹² away instead, a "
        "million times closer. How long does it take now?",
        options={
            "the same k": "The gradient near a saddle is proportional to the distance, so the "
            "first steps are a million times smaller.",
            "about 2k": "The distance grows by a constant factor per step, so the time goes with "
            "the logarithm: log 10¹² is twice log 10⁶.",
            "about a million times k": "It would be so if every step had the same length. But the "
            "distance to the saddle grows exponentially.",
            "for ever": "Only from the saddle itself, or from exactly the wrong direction.",
        },
        answer="about 2k",
    ),
    Prediction(
        name="gradient_norm",
        question="A network is trained on digits of which 40 % carry a wrong label. The training "
        "loss falls for 120 epochs. What does the norm of the gradient over all the data do?",
        options={
            "it falls to zero": "So it would if the loss were flattening out near a critical "
            "point. Is that what slows training down?",
            "it stays about the same": "A natural guess. The measurement is more surprising.",
            "it rises": "And the loss falls all the same. What follows shows it, and then asks "
            "what it is that grows.",
        },
        answer="it rises",
        reveal="What follows trains with and without wrong labels, from several seeds.",
    ),
]


# --- in the core: three key lines -----------------------------------------------------------------


def forecast(g, H, delta):
    return g @ delta + 0.5 * delta @ H @ delta


_FORECAST_INPUTS = [
    (np.array([1.5, -3.0]), np.array([[0.5, -4.0], [-4.0, 2.0]]), np.array([0.2, -0.1])),
    (np.array([0.0, 0.0]), np.array([[0.0, -2.0], [-2.0, 0.0]]), np.array([0.3, 0.3])),
    (np.array([0.7]), np.array([[-1.5]]), np.array([-2.0])),
    (
        np.array([1.0, 2.0, -1.0]),
        np.array([[1.5, 0.5, 0.2], [0.5, -1.5, 1.0], [0.2, 1.0, 4.0]]),
        np.array([-0.5, 0.0, 0.25]),
    ),
]


def _diagonal_only(g, H, delta):
    return g @ delta + 0.5 * np.diag(H) @ delta**2


def curvature(lambdas, V, v):
    a = V.T @ v  # the share of each eigenvector in v
    return a**2 @ lambdas


def _frame(angle):
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s], [s, c]])


_Q3 = np.linalg.qr(np.array([[2.0, 1.0, 0.0], [1.0, -1.0, 3.0], [0.5, 2.0, 1.0]]))[0].round(12)
_CURVATURE_INPUTS = [
    (np.array([-2.0, 2.0]), _frame(np.pi / 4), np.array([1.0, 0.0])),
    (np.array([3.25, -1.0]), _frame(0.7), np.array([0.6, -0.8])),
    (np.array([0.0, -2.0, 5.5]), _Q3, np.array([2.0, -1.0, 2.0]) / 3),
    (np.array([4.0, -0.5, 4.0]), _Q3, np.array([0.0, 0.6, 0.8])),
]


def plateau_length(eta, lam, distance):
    return np.log(1 / distance) / np.log(1 + eta * abs(lam))


_PLATEAU_INPUTS = [(0.05, -2.0, 1e-6), (0.5, -0.243, 1e-3), (0.1, -1.0, 0.2), (0.01, -7.0, 1e-12)]

# --- 1: Newton's step -----------------------------------------------------------------------------


def newton(g, H):
    return -np.linalg.solve(H, g)


def _eigenvectors(H):
    return np.linalg.eigh(H)[1]


_NEWTON_INPUTS = [
    (np.array([2.0, -1.0]), np.array([[4.0, 1.0], [1.0, 3.0]])),
    (np.array([1.5, 0.0]), np.array([[-2.0, 0.5], [0.5, 1.0]])),
    (np.array([1.0, 2.25, 3.0]), np.diag([1.0, -2.0, 4.0]) + 0.5),
]

# --- 2: naming a critical point -------------------------------------------------------------------


def name_critical_point(eigenvalues, tol):
    negative = np.any(eigenvalues < -tol)
    positive = np.any(eigenvalues > tol)
    if negative and positive:
        return "saddle"
    if np.any(np.abs(eigenvalues) <= tol):
        return "degenerate"
    return "maximum" if negative else "minimum"


def _ignores_zeros(eigenvalues, tol):
    negative, positive = np.any(eigenvalues < 0), np.any(eigenvalues > 0)
    if negative and positive:
        return "saddle"
    return "maximum" if negative else "minimum"


def _zero_beats_saddle(eigenvalues, tol):
    if np.any(np.abs(eigenvalues) <= tol):
        return "degenerate"
    return _ignores_zeros(eigenvalues, tol)


def _own_tolerance(tol):
    return lambda eigenvalues, _: name_critical_point(eigenvalues, tol)


def _saddle_by_one_negative(eigenvalues, tol):
    negative = np.any(eigenvalues < -tol)
    return "saddle" if negative else name_critical_point(eigenvalues, tol)


def _first_and_last(eigenvalues, tol):
    return name_critical_point(eigenvalues[[0, -1]], tol)


def _all_zero(eigenvalues, tol):
    if np.all(np.abs(eigenvalues) <= tol):
        return "degenerate"
    return name_critical_point(eigenvalues[np.abs(eigenvalues) > tol], tol)


def _zero_without_abs(eigenvalues, tol):
    if np.any(eigenvalues > tol) and np.any(eigenvalues < -tol):
        return "saddle"
    return "degenerate" if np.any(eigenvalues <= tol) else "minimum"


def _zero_is_no_matter(eigenvalues, tol):
    if np.all(eigenvalues >= -tol):
        return "minimum"
    return "maximum" if np.all(eigenvalues <= tol) else "saddle"


def _any_decides(eigenvalues, tol):
    if np.any(eigenvalues > tol):
        return "minimum"
    return "maximum" if np.any(eigenvalues < -tol) else "degenerate"


def _no_maximum_by_determinant(eigenvalues, tol):
    determinant = np.prod(eigenvalues)
    if abs(determinant) <= tol:
        return "degenerate"
    return "saddle" if determinant < 0 else "minimum"


def _below_tol_is_zero(eigenvalues, tol):
    return "degenerate" if np.any(eigenvalues <= tol) else "minimum"


def _tol_turned(eigenvalues, tol):
    if np.all(eigenvalues > -tol):
        return "minimum"
    if np.all(eigenvalues < tol):
        return "maximum"
    return "saddle" if np.all(np.abs(eigenvalues) > tol) else "degenerate"


def _zero_is_less_than_tol(eigenvalues, tol):
    return name_critical_point(eigenvalues, np.nextafter(tol, 0))


def _exchanged(eigenvalues, tol):
    names = {"minimum": "maximum", "maximum": "minimum"}
    name = name_critical_point(eigenvalues, tol)
    return names.get(name, name)


def _by_determinant(eigenvalues, tol):
    determinant = np.prod(eigenvalues)
    if abs(determinant) <= tol:
        return "degenerate"
    if determinant < 0:
        return "saddle"
    return "minimum" if eigenvalues[0] > 0 else "maximum"


def _by_ends(low, high, negative, positive, tol):
    """The name from the lowest and the highest eigenvalue and whether there are both signs."""
    if negative and positive:
        return "saddle"
    if low > tol:
        return "minimum"
    return "maximum" if high < -tol else "degenerate"


def _any_negative_is_a_saddle(eigenvalues, tol):
    if np.all(eigenvalues < -tol):
        return "maximum"
    return "saddle" if np.any(eigenvalues < -tol) else name_critical_point(eigenvalues, tol)


def _as_if_sorted(eigenvalues, tol):
    first, last = eigenvalues[0], eigenvalues[-1]
    return _by_ends(first, last, first < -tol, last > tol, tol)


def _below_tol_is_negative(eigenvalues, tol):
    low, high = np.min(eigenvalues), np.max(eigenvalues)
    if high < tol:
        return "maximum"
    return _by_ends(low, high, low < tol, high > tol, tol)


def _degenerate_only_if_all(eigenvalues, tol):
    if np.all(np.abs(eigenvalues) <= tol):
        return "degenerate"
    name = name_critical_point(eigenvalues, tol)
    return "saddle" if name == "degenerate" else name


def _product_of_the_ends(eigenvalues, tol):
    low, high = np.min(eigenvalues), np.max(eigenvalues)
    return _by_ends(low, high, low * high < -tol, True, tol)


def _saddle_without_tol(eigenvalues, tol):
    low, high = np.min(eigenvalues), np.max(eigenvalues)
    return _by_ends(low, high, low < 0, high > 0, tol)


def _extremes_without_tol(eigenvalues, tol):
    low, high = np.min(eigenvalues), np.max(eigenvalues)
    if low < -tol and high > tol:
        return "saddle"
    return _by_ends(low, high, False, False, 0)


def _closed_above(eigenvalues, tol):
    name = name_critical_point(eigenvalues, tol)
    return "minimum" if name == "degenerate" and np.all(eigenvalues >= tol) else name


def _closed_below(eigenvalues, tol):
    name = name_critical_point(eigenvalues, tol)
    return "maximum" if name == "degenerate" and np.all(eigenvalues <= -tol) else name


def _majority(eigenvalues, tol):
    up, down = np.sum(eigenvalues > tol), np.sum(eigenvalues < -tol)
    if up == down:
        return "saddle" if up else "degenerate"
    return "minimum" if up > down else "maximum"


_NAMING_INPUTS = [
    (np.array([5.0]), 1e-6),
    (np.array([-2.0, 0.0]), 1e-6),
    (np.array([0.0, 2.0]), 1e-6),
    (np.array([2.0, 6.0]), 1e-6),
    (np.array([-2.0, 6.0]), 1e-6),
    (np.array([-1.0, -3.0]), 1e-6),
    (np.array([-2.0, 0.0, 2.0]), 1e-6),
    (np.array([3.0, -1.0, 0.0, 5.0]), 1e-6),
    (np.array([0.0, 3.0, -1.0, 0.0]), 1e-6),
    (np.array([2.0, -1.0, 4.0]), 1e-6),
    (np.array([3.0, 0.0, 4.0]), 1e-6),
    (np.array([-1.0, 0.0, -2.0]), 1e-3),
    (np.array([1e-9, 2.0]), 1e-6),
    (np.array([-1e-9, 2.0]), 1e-6),
    (np.array([-3.0, 1e-9]), 1e-6),
    (np.array([1e-7, 2.0]), 1e-9),
    (np.array([0.02, 4.0]), 0.1),
    (np.array([4.0, 0.02]), 0.01),
    (np.array([4.0, -0.02]), 0.1),
    (np.array([-0.02, 4.0]), 0.01),
    (np.array([-4.0, 0.05]), 0.1),
    (np.array([0.5, -0.5]), 0.5),
    (np.array([-0.5, 3.0]), 0.5),
    (np.array([-3.0, 0.5]), 0.5),
    (np.array([0.5, 3.0]), 0.5),
    (np.array([-3.0, -0.5]), 0.5),
]

# --- 3: the way out of a saddle -------------------------------------------------------------------


def way_out(H):
    _eigenvalues, eigenvectors = np.linalg.eigh(H)
    return eigenvectors[:, 0]


_SADDLES = [
    (np.array([[0.5, -2.0], [-2.0, 0.0]]),),
    (np.array([[1.0, 0.5], [0.5, -2.0]]),),
    (np.array([[1.0, 2.0, 0.0], [2.0, -1.0, 0.5], [0.0, 0.5, 3.0]]),),
    (np.array([[-1.0, 0.0, 0.5], [0.0, 6.0, 1.0], [0.5, 1.0, -2.0]]),),
    (np.array([[1.0, -2.0, 0.0], [-2.0, -3.0, 1.5], [0.0, 1.5, -3.5]]),),
]


def _either_way(v, H):
    """A direction, turned so that its first entry of a notable size is positive."""
    v = np.asarray(v, dtype=float)
    notable = np.abs(v.ravel()) > 0.1 * np.max(np.abs(v))
    return v * np.sign(v.ravel()[np.argmax(notable)])


def _flattest(H):
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    return eigenvectors[:, np.argmin(np.abs(eigenvalues))]


def _smallest_negative(H):
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    return eigenvectors[:, np.sum(eigenvalues < 0) - 1]


def _sum_of_ways_down(H):
    eigenvalues, eigenvectors = np.linalg.eigh(H)
    total = eigenvectors[:, eigenvalues < 0].sum(axis=1)
    return total / np.linalg.norm(total)


def _best_of_a_few(H):
    tried = map(np.array, product([-1, 0, 1], repeat=len(H)))
    best = min(tried, key=lambda direction: direction @ H @ direction)
    return best / np.linalg.norm(best)


# --- 4: Hessian times vector ----------------------------------------------------------------------


def my_hvp(loss, params, v):
    return jax.jvp(jax.grad(loss), (params,), (v,))[1]


@jax.jit
def _rosenbrock(p):
    return jnp.sum(10 * (p[1:] - p[:-1] ** 2) ** 2 + (1 - p[:-1]) ** 2)


@jax.jit
def _quartic(p):
    return jnp.sum(p**4) + p[0] * p[1]


_HVP_INPUTS = [
    (_rosenbrock, jnp.array([0.5, -1.0, 2.0]), jnp.array([1.0, 2.0, 0.5])),
    (_quartic, jnp.array([1.0, 0.0, -1.0]), jnp.array([0.3, -0.7, 1.0])),
    (_quartic, jnp.array([0.5, -1.5]), jnp.array([-2.0, 0.0])),
]
_HVP_MISTAKES = {
    "that is the number vᵀHv; the vector Hv was asked for": lambda loss, params, v: (
        v @ my_hvp(loss, params, v)
    ),
    "you multiplied the gradient by v; the derivative of the gradient is needed": (
        lambda loss, params, v: jax.grad(loss)(params) * v
    ),
    "you differentiated at v; the point is params, v is the direction": (
        lambda loss, params, v: my_hvp(loss, v, v)
    ),
    "that is the gradient itself": lambda loss, params, v: jax.grad(loss)(params),
    "that is the slope of the loss along v; how the gradient changes along v is asked for": (
        lambda loss, params, v: jax.grad(loss)(params) @ v
    ),
    "that is the change of the gradient over a whole step v; the rate of change at params is "
    "asked for": lambda loss, params, v: jax.grad(loss)(params + v) - jax.grad(loss)(params),
    "you multiplied only the diagonal of H by v": (
        lambda loss, params, v: jnp.diag(jax.hessian(loss)(params)) * v
    ),
    "that is H itself, and not H·v": lambda loss, params, v: jax.hessian(loss)(params),
    "those are both results of `jax.jvp`; the second alone is H·v": (
        lambda loss, params, v: tuple(jax.jvp(jax.grad(loss), (params,), (v,)))
    ),
    "those are the sums of H's rows, times v; the entries of a row are multiplied by v before they "
    "are added up": lambda loss, params, v: my_hvp(loss, params, jnp.ones_like(v)) * v,
    "params and v are exchanged: the point is params, v is the direction": (
        lambda loss, params, v: my_hvp(loss, v, params)
    ),
    "do not square the product of gradient and v before you differentiate it": (
        lambda loss, params, v: 2 * (jax.grad(loss)(params) @ v) * my_hvp(loss, params, v)
    ),
    "that is the gradient, times the sum of v: the derivative of the gradient is needed": (
        lambda loss, params, v: jax.grad(loss)(params) * jnp.sum(v)
    ),
    "H·v is the change of the gradient alone; yours has the gradient added": (
        lambda loss, params, v: jax.grad(loss)(params) + my_hvp(loss, params, v)
    ),
    "a product of gradients is no H: the curvature is how the gradient changes": (
        lambda loss, params, v: jax.grad(loss)(params) * (jax.grad(loss)(params) @ v)
    ),
    "that divides by H, as Newton's step does; H·v multiplies": (
        lambda loss, params, v: jnp.linalg.solve(jax.hessian(loss)(params), v)
    ),
}


def _built_H(attempt):
    if _largest_array(attempt, 50) >= 50**2:
        return (
            "the numbers are right, but you built H on the way: with N = 20 000 parameters it "
            "would hold 4·10⁸ numbers"
        )
    return None


def _largest_array(attempt, size):
    """The number of entries of the largest array that ``attempt`` makes with N = ``size``."""
    start = jnp.linspace(-1, 1, size)
    try:
        traced = jax.make_jaxpr(lambda p, v: attempt(_rosenbrock, p, v))(start, start)
    except Exception:  # numpy inside: it runs, but cannot be traced
        return 0

    def sizes(jaxpr):
        for equation in jaxpr.eqns:
            yield from (np.prod(out.aval.shape, dtype=int) for out in equation.outvars)
            for inside in jax.tree.leaves(equation.params):  # of a jit, a scan, a cond
                if isinstance(inside, Jaxpr | ClosedJaxpr):
                    yield from sizes(getattr(inside, "jaxpr", inside))

    return max(sizes(traced.jaxpr))


EXERCISES = [
    Exercise(
        name="forecast",
        title="the parabola's forecast (in the lesson)",
        task="Return what the parabola forecasts for L(θ₀ + δ) − L(θ₀), one number.",
        hints=(
            "Two terms: what the slopes contribute, and what the curvatures contribute.",
            "The area of the triangle has a ½.",
        ),
        solution=forecast,
        inputs=_FORECAST_INPUTS,
        mistakes={
            "the ½ of the triangle is missing": lambda g, H, delta: g @ delta + delta @ H @ delta,
            "that is the tangent alone; the curvatures are missing": lambda g, H, d: g @ d,
            "the slopes are missing: g is zero at a critical point only": (
                lambda g, H, d: 0.5 * d @ H @ d
            ),
            "the ½ belongs to the second term alone": lambda g, H, d: 0.5 * (g @ d + d @ H @ d),
            "that is the change of the gradient, g + Hδ, and not of the loss": (
                lambda g, H, d: g + H @ d
            ),
            "H was multiplied only once with δ; what is asked for is one number": (
                lambda g, H, d: g @ d + 0.5 * H @ d
            ),
            "the entries of H beside its diagonal are missing": _diagonal_only,
            "the curvatures have the wrong sign: their term is added": (
                lambda g, H, d: g @ d - 0.5 * d @ H @ d
            ),
            "the slopes have the wrong sign: a step against the gradient goes down": (
                lambda g, H, d: -g @ d + 0.5 * d @ H @ d
            ),
            "g * δ multiplies entry by entry; the sum over the entries is g @ δ": (
                lambda g, H, d: g * d + 0.5 * d @ H @ d
            ),
            "H * δ multiplies entry by entry; H @ δ is the matrix times the vector": (
                lambda g, H, d: g @ d + 0.5 * np.sum(H * d * d)
            ),
            "the area of the triangle has a ½, not a third": (
                lambda g, H, d: g @ d + d @ H @ d / 3
            ),
            "* multiplies entry by entry; @ multiplies and adds up": (
                lambda g, H, d: g * d + 0.5 * d * H * d
            ),
            "the step stands on both sides of H: δᵀHδ, not gᵀHδ": (
                lambda g, H, d: g @ d + 0.5 * g @ H @ d
            ),
            "the trace of H does not know the direction of δ: δᵀHδ does": (
                lambda g, H, d: g @ d + 0.5 * np.trace(H) * d @ d
            ),
            "gᵀδ is no product of two lengths: the angle between g and δ counts, and the sign": (
                lambda g, H, d: np.linalg.norm(g) * np.linalg.norm(d) + 0.5 * d @ H @ d
            ),
            "δᵀHδ holds δ twice already: do not square it": (
                lambda g, H, d: g @ d + 0.5 * (d @ H @ d) ** 2
            ),
            "the largest eigenvalue is the curvature of one direction alone; δᵀHδ knows that of "
            "δ": (lambda g, H, d: g @ d + 0.5 * np.max(np.linalg.eigvalsh(H)) * d @ d),
            "the entries of Hδ are multiplied by those of δ before they are added up: δᵀHδ": (
                lambda g, H, d: g @ d + 0.5 * np.sum(H @ d)
            ),
            "the slopes are multiplied by the step: gᵀδ": (
                lambda g, H, d: np.sum(g) + 0.5 * d @ H @ d
            ),
            "δᵀHδ holds the length of δ twice already: yours has it once more": (
                lambda g, H, d: g @ d + 0.5 * np.linalg.norm(d) * (d @ H @ d)
            ),
            "that is the square of the length of Hδ; what is asked for is δᵀHδ": (
                lambda g, H, d: g @ d + 0.5 * np.linalg.norm(H @ d) ** 2
            ),
            "that is the first weight alone; all of them count, and their products too": (
                lambda g, H, d: g[0] * d[0] + 0.5 * H[0, 0] * d[0] ** 2
            ),
            "each entry beside the diagonal stands in H twice, so δ₁δ₂ counts twice; and there "
            "may be more or fewer weights than two": (
                lambda g, H, d: (
                    g @ d
                    + 0.5 * (H[0, 0] * d[0] ** 2 + H[0, 1] * d[0] * d[1] + H[1, 1] * d[1] ** 2)
                )
            ),
            "each entry beside the diagonal stands in H twice; yours counts it once": (
                lambda g, H, d: g @ d + 0.5 * d @ np.triu(H) @ d
            ),
            "those are two terms, gᵀδ and ½ δᵀHδ, not one product gᵀHδ": (
                lambda g, H, d: g @ H @ d
            ),
            "a negative curvature counts with its sign": (
                lambda g, H, d: g @ d + 0.5 * abs(d @ H @ d)
            ),
            "the determinant of H does not know the direction of δ: δᵀHδ does": (
                lambda g, H, d: g @ d + 0.5 * np.linalg.det(H) * d @ d
            ),
            "the smallest eigenvalue is the curvature of one direction alone; δᵀHδ knows that "
            "of δ": (lambda g, H, d: g @ d + 0.5 * np.min(np.linalg.eigvalsh(H)) * d @ d),
            "the length of g does not do: multiply g by the step, gᵀδ": (
                lambda g, H, d: np.linalg.norm(g) + 0.5 * d @ H @ d
            ),
            "the ½ belongs to the second term, not to the first": (
                lambda g, H, d: 0.5 * g @ d + d @ H @ d
            ),
            "H * δ multiplies entry by entry; δᵀHδ is delta @ H @ delta, one number": (
                lambda g, H, d: g @ d + d.T * H * d / 2
            ),
            "the second term is divided by 2, not by 6: that belongs to the third one": (
                lambda g, H, d: g @ d + d @ H @ d / 6
            ),
            "δᵀHδ holds the length of δ twice: yours has it once, the triangle's height is "
            "missing": (lambda g, H, d: g @ d + 0.5 * d @ H @ d / np.linalg.norm(d)),
            "gᵀδ counts once; yours adds it once for every column: it stands in the inner loop": (
                lambda g, H, d: len(g) * (g @ d) + 0.5 * d @ H @ d
            ),
        },
        equivalent={
            "both orders are the same number": [
                "g @ delta → delta @ g",
                "0.5 * delta @ H @ delta → delta @ (0.5 * delta @ H)",
            ],
            "H is symmetric": [
                "0.5 * delta @ H → H @ (0.5 * delta)",
                "H: transposed",
                "H: symmetrized",
            ],
        },
        why="A rectangle of height gᵀδ, and the triangle ½ δᵀHδ on top of it.",
    ),
    Exercise(
        name="curvature",
        title="curvature from eigenvalues (in the lesson)",
        task="Return vᵀHv for a unit vector v, from eigenvalues and eigenvectors alone.",
        hints=(
            "The shares of the eigenvectors in v are <code>V.T @ v</code>.",
            "If v is an eigenvector, one share is 1 and the answer its eigenvalue. Between two, at "
            "45°, both shares are 0.71, and the answer is the mean of the two eigenvalues.",
        ),
        solution=curvature,
        inputs=_CURVATURE_INPUTS,
        mistakes={
            "the shares must be squared": lambda lambdas, V, v: (V.T @ v) @ lambdas,
            "the plain mean of the eigenvalues: how much of each is in v does not count in it": (
                lambda lambdas, V, v: np.mean(lambdas)
            ),
            "the squares add up to 1, so there is nothing to divide by": (
                lambda lambdas, V, v: (V.T @ v) ** 2 @ lambdas / len(v)
            ),
            "those are the terms; add them up": lambda lambdas, V, v: (V.T @ v) ** 2 * lambdas,
            "the eigenvectors are the columns of V, so the shares are V.T @ v": (
                lambda lambdas, V, v: (V @ v) ** 2 @ lambdas
            ),
            "the eigenvalues keep their signs": lambda lambdas, V, v: (
                (V.T @ v) ** 2 @ np.abs(lambdas)
            ),
            "that is the largest eigenvalue alone; every one counts with its share": (
                lambda lambdas, V, v: np.max(lambdas)
            ),
            "the sum of the eigenvalues does not know v: every one counts with its share": (
                lambda lambdas, V, v: np.sum(lambdas)
            ),
            "V.T @ v holds the shares; the entries of v itself belong to the axes": (
                lambda lambdas, V, v: v**2 @ lambdas
            ),
            "the size of a share does not do; take its square": (
                lambda lambdas, V, v: np.abs(V.T @ v) @ lambdas
            ),
            "a share counts with its square, the eigenvalue as it is": (
                lambda lambdas, V, v: (V.T @ v) ** 2 @ lambdas**2
            ),
            "the shares are squared, not the eigenvalues": (
                lambda lambdas, V, v: lambdas**2 @ (V.T @ v)
            ),
            "square each share before the sum": (lambda lambdas, V, v: (lambdas @ (V.T @ v)) ** 2),
            "that is the vector Hv; multiply it by v once more": (
                lambda lambdas, V, v: V @ np.diag(lambdas) @ V.T @ v
            ),
            "that is the first eigenvector's term alone; add those of all": (
                lambda lambdas, V, v: lambdas[0] * (V[:, 0] @ v) ** 2
            ),
            "that is the last eigenvector's term alone; add those of all": (
                lambda lambdas, V, v: lambdas[-1] * (V[:, -1] @ v) ** 2
            ),
            "the last eigenvector's term is missing": (
                lambda lambdas, V, v: lambdas[:-1] @ (V.T @ v)[:-1] ** 2
            ),
            "the first eigenvector's term is missing": (
                lambda lambdas, V, v: lambdas[1:] @ (V.T @ v)[1:] ** 2
            ),
            "that is the length of Hv; vᵀHv is asked for": (
                lambda lambdas, V, v: np.linalg.norm(lambdas * (V.T @ v))
            ),
            "the weights of this mean are the squares of the shares, not their sizes": (
                lambda lambdas, V, v: np.average(lambdas, weights=np.abs(V.T @ v))
            ),
            "the shares are squared, and they are V.T @ v: the eigenvectors are the columns": (
                lambda lambdas, V, v: lambdas @ V @ v
            ),
            "the shares are V.T @ v, with @; * multiplies entry by entry": (
                lambda lambdas, V, v: np.sum(lambdas * V.T * v**2)
            ),
            "the shares are V.T @ v, with @; V * v multiplies entry by entry, and nothing is "
            "added up before the square": (lambda lambdas, V, v: np.sum(lambdas @ (V * v) ** 2)),
            "the shares use all of V, not its first row alone": (
                lambda lambdas, V, v: lambdas @ (V[0] * v) ** 2
            ),
            "that is the eigenvalue of the closest eigenvector; every one counts with its share": (
                lambda lambdas, V, v: lambdas[np.argmax(np.abs(V.T @ v))]
            ),
            "the squares of the shares add up to 1: do not divide by the sum of the eigenvalues": (
                lambda lambdas, V, v: (V.T @ v) ** 2 @ lambdas / np.sum(lambdas)
            ),
            "that is the smallest eigenvalue alone; every one counts with its share": (
                lambda lambdas, V, v: np.min(lambdas)
            ),
            "a share is squared, not raised to the power 3": (
                lambda lambdas, V, v: (V.T @ v) ** 3 @ lambdas
            ),
            "`**` comes before `@`: put V.T @ v in brackets, then square it": (
                lambda lambdas, V, v: np.sum((V.T @ v**2) * lambdas)
            ),
        },
        equivalent={
            "both orders are the same number": ["a ** 2 @ lambdas → lambdas @ a ** 2"],
            "V is orthogonal": ["V: rows normalized", "V: columns normalized"],
            "v has length 1": ["v: normalized"],
        },
        why="H stretches every eigenvector by its eigenvalue, and they stand at right angles.",
    ),
    Exercise(
        name="plateau_length",
        title="the length of a plateau (in the lesson)",
        task="Return the number of steps (not rounded) from <code>distance</code> to a distance "
        "of 1, for a learning rate <code>eta</code> and a negative eigenvalue <code>lam</code>.",
        hints=(
            "After n steps the distance is distance · (1 + η|λ|)ⁿ. When is that 1?",
            "Take logarithms on both sides; <code>np.log</code> is the natural one.",
        ),
        solution=plateau_length,
        inputs=_PLATEAU_INPUTS,
        mistakes={
            "λ is negative, so 1 + ηλ shrinks; the way out grows by 1 − ηλ = 1 + η|λ|": (
                lambda eta, lam, distance: np.log(1 / distance) / np.log(1 + eta * lam)
            ),
            "the sign is turned around: ln(distance) is negative": (
                lambda eta, lam, distance: np.log(distance) / np.log(1 + eta * abs(lam))
            ),
            "the growth is a factor per step, so its logarithm is ln(1 + η|λ|), not η|λ|; the two "
            "agree only for small steps": (
                lambda eta, lam, distance: np.log(1 / distance) / (eta * abs(lam))
            ),
            "every step would have to be equally long for that; the distance grows by a factor": (
                lambda eta, lam, distance: 1 / (distance * eta * abs(lam))
            ),
            "that is the factor for one factor of 10; the distance is missing": (
                lambda eta, lam, distance: np.log(10) / np.log(1 + eta * abs(lam))
            ),
            "the learning rate is missing: one step multiplies by 1 + η|λ|": (
                lambda eta, lam, distance: np.log(1 / distance) / np.log(1 + abs(lam))
            ),
            "one step multiplies by 1 + η|λ|: the 1 is missing": (
                lambda eta, lam, distance: np.log(1 / distance) / np.log(eta * abs(lam))
            ),
            "divide by the logarithm of the factor, not by the factor": (
                lambda eta, lam, distance: np.log(1 / distance) / (1 + eta * abs(lam))
            ),
            "1 − η|λ| is the factor of a direction that curves upward; here it is 1 + η|λ|": (
                lambda eta, lam, distance: np.log(distance) / np.log(1 - eta * abs(lam))
            ),
            "one logarithm is to the base 10, the other to the base e": (
                lambda eta, lam, distance: np.log10(1 / distance) / np.log(1 + eta * abs(lam))
            ),
            "the logarithms are divided, not multiplied": (
                lambda eta, lam, distance: np.log(1 / distance) * np.log(1 + eta * abs(lam))
            ),
            "the logarithm of a quotient is a difference; what is asked for is a quotient of "
            "logarithms": (
                lambda eta, lam, distance: np.log((1 / distance) / (1 + eta * abs(lam)))
            ),
            "that is the quotient itself: the logarithms are missing": (
                lambda eta, lam, distance: (1 / distance) / (1 + eta * abs(lam))
            ),
            "0.71 is the share along one eigenvector of an example; here the distance is given": (
                lambda eta, lam, distance: (
                    np.log(1 / (0.71 * distance)) / np.log(1 + eta * abs(lam))
                )
            ),
            "the growth asked for is the ratio 1 / distance, not the difference 1 − distance": (
                lambda eta, lam, distance: np.log(1 - distance) / np.log(1 + eta * abs(lam))
            ),
            "the eigenvalue enters as it is, |λ|, without a square": (
                lambda eta, lam, distance: np.log(1 / distance) / np.log(1 - eta * lam**2)
            ),
            "the eigenvalue enters as it is, |λ|, not as λ²": (
                lambda eta, lam, distance: np.log(1 / distance) / np.log(1 + eta * lam**2)
            ),
            "the distance grows by a factor with every step, so it is no division of lengths": (
                lambda eta, lam, distance: (1 - distance) / (eta * abs(lam))
            ),
            "one step multiplies by 1 + η|λ|, not by 2 + η|λ|": (
                lambda eta, lam, distance: np.log(1 / distance) / np.log(2 + eta * abs(lam))
            ),
            "the eigenvalue is multiplied by η, not divided; and it is negative": (
                lambda eta, lam, distance: np.log(1 / distance) / np.log(1 + lam / eta)
            ),
            "the distance grows by a factor with every step; yours lets it grow by equal pieces": (
                lambda eta, lam, distance: (1 - distance) / (distance * eta * abs(lam))
            ),
        },
        equivalent={
            "the distance is below 1, so the number is positive": [
                "the answer → np.abs(…)",
                "the answer → np.maximum(…, 0)",
            ],
            "η and the distance are positive, and λ is negative": [
                "eta: unsigned",
                "distance: unsigned",
                "lam: unsigned",
                "lam: the other sign",
            ],
        },
        why="distance · (1 + η|λ|)ⁿ = 1, solved for n.",
    ),
    Exercise(
        name="newton",
        title="Newton's step (easy)",
        task="Return the step δ that makes the gradient of the parabola, g + Hδ, vanish.",
        hints=(
            "g + Hδ = 0 is a linear system for δ.",
            "<code>np.linalg.solve(A, b)</code> solves Ax = b without inverting A. Mind the sign.",
        ),
        solution=newton,
        inputs=_NEWTON_INPUTS,
        mistakes={
            "the sign is wrong: your step makes the gradient of the model 2g instead of 0": (
                lambda g, H: np.linalg.solve(H, g)
            ),
            "you multiplied by H where the step divides by it": lambda g, H: -H @ g,
            "you multiplied by H where the step divides by it, and the sign is wrong": (
                lambda g, H: H @ g
            ),
            "numpy's g / H divides entry by entry; H δ = −g is a linear system": (
                lambda g, H: -g / H
            ),
            "1 / H turns around every entry; the inverse of a matrix is something else": (
                lambda g, H: -(1 / H) @ g
            ),
            "* multiplies entry by entry; the matrix times the vector is @": (
                lambda g, H: -np.linalg.inv(H) * g
            ),
            "that is the inverse of H alone: where is g?": lambda g, H: np.linalg.inv(H),
            "that is minus the inverse of H alone: where is g?": lambda g, H: -np.linalg.inv(H),
            "you divided by the largest eigenvalue; every direction has its own": (
                lambda g, H: -g / np.linalg.eigvalsh(H)[-1]
            ),
            "you divided by the norm of H: it is a linear system": (
                lambda g, H: -g / np.linalg.norm(H)
            ),
            "you divided by the diagonal of H only; its other entries couple the parameters": (
                lambda g, H: -g / np.diag(H)
            ),
            "that is the gradient step -g: it ignores the curvature": lambda g, H: -g,
            "you divided by |λ|: that is the saddle-free step; Newton keeps the signs": (
                lambda g, H: (
                    -np.linalg.solve(
                        (lambda w, Q: Q @ np.diag(np.abs(w)) @ Q.T)(*np.linalg.eigh(H)), g
                    )
                )
            ),
            "you divided by H twice; the system is H δ = −g": (
                lambda g, H: -np.linalg.solve(H @ H, g)
            ),
            "each eigenvalue belongs to a direction, its eigenvector, and not to an entry of g": (
                lambda g, H: -g / np.linalg.eigvalsh(H)
            ),
            "you divided by the trace of H: H δ = −g is a linear system": (
                lambda g, H: -g / np.trace(H)
            ),
            "you divided by the determinant of H: H δ = −g is a linear system": (
                lambda g, H: -g / np.linalg.det(H)
            ),
            "the shares of g are V.T @ g, and V brings them back; yours exchanges V and V.T": (
                lambda g, H: -_eigenvectors(H).T @ ((_eigenvectors(H) @ g) / np.linalg.eigvalsh(H))
            ),
            "those are the shares along the eigenvectors; multiply by V to come back": (
                lambda g, H: -(_eigenvectors(H).T @ g) / np.linalg.eigvalsh(H)
            ),
            "you added the identity to H: that is a damped step": (
                lambda g, H: -np.linalg.solve(H + np.eye(len(g)), g)
            ),
            "that is a number, −gᵀH⁻¹g; the step is a vector": (
                lambda g, H: -np.linalg.solve(H, g) @ g
            ),
            "that is the best step along −g; Newton's step has another direction": (
                lambda g, H: -(g @ g) / (g @ H @ g) * g
            ),
            "the step alone is asked for, −H⁻¹g; yours has g added to it": (
                lambda g, H: g - np.linalg.solve(H, g)
            ),
            "the inverse times g is inv(H) @ g; with * the rows are multiplied, and not added up": (
                lambda g, H: -np.linalg.inv(H) * g[:, None]
            ),
        },
        equivalent={"H is symmetric": ["H: transposed", "H: symmetrized"]},
        why="Solving costs O(N³) and never forms H⁻¹, which would be slower and less accurate.",
    ),
    Exercise(
        name="name_critical_point",
        title="an honest name (in Going deeper)",
        task="Return <code>'minimum'</code>, <code>'maximum'</code>, <code>'saddle'</code> or "
        "<code>'degenerate'</code> for eigenvalues of which those with |λ| ≤ tol count as zero.",
        hints=(
            "Start with the certain case: what do eigenvalues of both signs say, whatever else is "
            "zero?",
            "Then ask whether any eigenvalue counts as zero. Only if none does is the answer "
            "a minimum or a maximum.",
        ),
        solution=name_critical_point,
        inputs=_NAMING_INPUTS,
        mistakes={
            "it never answers 'degenerate': [0, 2] may be a minimum or a saddle, and the Hessian "
            "cannot know": _ignores_zeros,
            "a zero eigenvalue does not undo a saddle: [-2, 0, 2] has a way up and a way down": (
                _zero_beats_saddle
            ),
            "it compares with exact zero: 1e-9 is rounding error here, use tol": (
                _own_tolerance(0.0)
            ),
            "it has a tolerance of its own, 10⁻⁶: use tol": _own_tolerance(1e-6),
            "it has a tolerance of its own, 10⁻⁸: use tol": _own_tolerance(1e-8),
            "a saddle needs eigenvalues of both signs; negative ones alone may be a maximum": (
                _saddle_by_one_negative
            ),
            "it looks at the first and the last eigenvalue only, but they need not be sorted": (
                _first_and_last
            ),
            "where there is no saddle, one eigenvalue that counts as zero is enough for "
            "'degenerate'": _all_zero,
            "a negative eigenvalue is not zero: it is |λ| that is compared with tol": (
                _zero_without_abs
            ),
            "|λ| = tol counts as zero too": _zero_is_less_than_tol,
            "'minimum' and 'maximum' are exchanged": _exchanged,
            "a sum of eigenvalues forgets their signs: a saddle may have any sum": (
                lambda e, tol: (
                    "minimum" if np.sum(e) > tol else "maximum" if np.sum(e) < -tol else "saddle"
                )
            ),
            "the mean of the eigenvalues forgets their signs: a saddle may have any mean": (
                lambda e, tol: (
                    "minimum"
                    if np.mean(e) > tol
                    else "maximum"
                    if np.mean(e) < -tol
                    else "degenerate"
                )
            ),
            "their product, the determinant, does not tell how many are negative": _by_determinant,
            "an eigenvalue that counts as zero is no way up: [-2, 0] is 'degenerate', and no "
            "saddle": _any_negative_is_a_saddle,
            "it takes the eigenvalues for sorted, and looks at the first and the last only": (
                _as_if_sorted
            ),
            "negative means below −tol; yours takes all that is below tol for negative": (
                _below_tol_is_negative
            ),
            "one eigenvalue that counts as zero, with no saddle, is 'degenerate'; you wait until "
            "all do": _degenerate_only_if_all,
            "the product of the two ends has another size than tol: compare each with tol": (
                _product_of_the_ends
            ),
            "a saddle's signs are compared with 0; use tol there too": _saddle_without_tol,
            "a minimum and a maximum are compared with 0; use tol there too": _extremes_without_tol,
            "|λ| = tol counts as zero, on the positive side too": _closed_above,
            "|λ| = tol counts as zero, on the negative side too": _closed_below,
            "the more frequent sign does not decide: one of each is a saddle": _majority,
            "it looks at the first two eigenvalues only": lambda e, tol: name_critical_point(
                e[:2], tol
            ),
            "it looks at the first eigenvalue only: does the loop return too early?": (
                lambda e, tol: name_critical_point(e[:1], tol)
            ),
            "it looks at the last eigenvalue only": lambda e, tol: name_critical_point(e[-1:], tol),
            "the eigenvalues keep their signs: yours takes the sizes of all": lambda e, tol: (
                name_critical_point(np.abs(e), tol)
            ),
            "tol is a size of its own; yours multiplies it by the largest eigenvalue": (
                lambda e, tol: name_critical_point(e, tol * np.max(np.abs(e)))
            ),
            "it never answers 'degenerate': an eigenvalue that counts as zero passes in it for "
            "one of the right sign": (_zero_is_no_matter),
            "one eigenvalue of a sign decides in it; a minimum and a maximum need all of them": (
                _any_decides
            ),
            "the product, the determinant, is positive for two negative eigenvalues too, and so "
            "for a maximum": (_no_maximum_by_determinant),
            "negative ones count as zero in it: compare |λ| with tol, or maxima and saddles are "
            "lost": (_below_tol_is_zero),
            "the tolerance has the wrong sign: positive means above +tol, negative below −tol": (
                _tol_turned
            ),
            "|λ| = tol counts as zero too; and a zero eigenvalue does not undo a saddle": (
                lambda e, tol: _zero_beats_saddle(e, np.nextafter(tol, 0))
            ),
        },
        equivalent={
            "what counts is which signs there are": [
                "eigenvalues: sorted",
                "eigenvalues: reversed",
                "eigenvalues: each once",
            ],
            "a tolerance is positive": ["tol: unsigned"],
        },
    ),
    Exercise(
        name="way_out",
        title="the way out of a saddle (medium)",
        task="Return the unit vector along which a symmetric H has its most negative curvature.",
        hints=(
            "The curvature along an eigenvector is its eigenvalue; which eigenvalue do you want?",
            "<code>np.linalg.eigh</code> returns ascending eigenvalues, and the eigenvectors as "
            "columns.",
        ),
        solution=way_out,
        inputs=_SADDLES,
        canonical=_either_way,
        mistakes={
            "that is the eigenvector of the largest eigenvalue, along which the loss climbs; "
            "`eigh` sorts the eigenvalues in ascending order": lambda H: np.linalg.eigh(H)[1][
                :, -1
            ],
            "you took a row of the eigenvector matrix; `eigh` returns one eigenvector per column": (
                lambda H: np.linalg.eigh(H)[1][0]
            ),
            "you took the last row of the eigenvector matrix; its columns are the eigenvectors": (
                lambda H: np.linalg.eigh(H)[1][-1]
            ),
            "`eig` does not sort its eigenvalues: use `eigh`, or look for the lowest": (
                lambda H: np.linalg.eig(H)[1][:, 0]
            ),
            "that is the eigenvalue; the direction is asked for": (
                lambda H: np.linalg.eigh(H)[0][0]
            ),
            "those are the eigenvalues; `eigh` returns the eigenvectors as its second result": (
                lambda H: np.linalg.eigh(H)[0]
            ),
            "those are all eigenvectors: which column is asked for?": (
                lambda H: np.linalg.eigh(H)[1]
            ),
            "that is the flattest direction, with the smallest |λ|; the lowest λ is asked for": (
                _flattest
            ),
            "that is the negative eigenvalue closest to zero; the most negative is asked for": (
                _smallest_negative
            ),
            "the lowest entry of the diagonal names an axis; between the axes the loss may curve "
            "down more": lambda H: np.eye(len(H))[np.argmin(np.diag(H))],
            "that is a column of H, not an eigenvector": lambda H: H[:, 0],
            "`eig` does not sort its eigenvalues, and its last is not the lowest: use `eigh`": (
                lambda H: np.linalg.eig(H)[1][:, -1]
            ),
            "`eig` returns eigenvectors as columns; you took a row": (
                lambda H: np.linalg.eig(H)[1][np.argmin(np.linalg.eig(H)[0])]
            ),
            "that is the second eigenvector; `eigh` has the lowest eigenvalue first": (
                lambda H: np.linalg.eigh(H)[1][:, 1]
            ),
            "that is the diagonal of the example; another H has another way out": (
                lambda H: np.ones(len(H)) / np.sqrt(len(H))
            ),
            "that is the direction with the largest |λ|; the lowest λ is asked for": (
                lambda H: _eigenvectors(H)[:, np.argmax(np.abs(np.linalg.eigvalsh(H)))]
            ),
            "that is a sum of eigenvectors; the most negative curvature is along one of them": (
                lambda H: _sum_of_ways_down(H)
            ),
            "the direction alone is asked for, without the eigenvalue": (
                lambda H: (np.linalg.eigvalsh(H)[0], _eigenvectors(H)[:, 0])
            ),
            "the best of the axes and diagonals is not yet the best of all directions": (
                lambda H: _best_of_a_few(H)
            ),
            "the entries of an eigenvector have signs against each other; only all together may "
            "turn": (lambda H: np.abs(_eigenvectors(H)[:, 0])),
            "you took the second row of the eigenvector matrix; its columns are the eigenvectors": (
                lambda H: np.linalg.eigh(H)[1][1]
            ),
            "those are all eigenvectors, one per row; only one of them is asked for": (
                lambda H: _eigenvectors(H).T
            ),
            "those are both results of `eigh`, eigenvalues and eigenvectors: one column is asked "
            "for": (lambda H: tuple(np.linalg.eigh(H))),
        },
        equivalent={
            "both ways are right": ["the answer → -(…)"],
            "H is symmetric": ["H: transposed", "H: symmetrized"],
        },
        why="Its negative is as good: a parabola opens downward both ways.",
    ),
    Exercise(
        name="my_hvp",
        title="curvature without a matrix (hard)",
        task="Return H·v for a JAX loss without ever building H.",
        hints=(
            "H·v is how the gradient changes when the parameters move along v: a directional "
            "derivative of the function <code>jax.grad(loss)</code>.",
            "<code>jax.jvp(f, (x,), (v,))</code> returns the pair (f(x), directional derivative of "
            "f at x along v). Which function is f here?",
        ),
        solution=my_hvp,
        inputs=_HVP_INPUTS,
        afterwards=_built_H,
        mistakes=_HVP_MISTAKES,
        equivalent={
            "the second of two results is the last": [
                "jax.jvp(jax.grad(loss), (params,), (v,))[1] → "
                "jax.jvp(jax.grad(loss), (params,), (v,))[-1]",
            ]
        },
        why="It costs about two gradients whatever N is, where H costs N of them and N² numbers.",
    ),
]

lesson = Lesson(
    "01_hessian_review",
    title="Hessian review",
    question="What does the loss look like where the gradient vanishes?",
    minutes=(45, 150),
    needs="00",
    sources="S7–S27, N2",
    covers=COVERS,
    pictures={"explorer.png": "Left, a loss surface with the paths of Newton's method"},
    predictions=PREDICTIONS,
    exercises=EXERCISES,
    claims=CLAIMS,
)
