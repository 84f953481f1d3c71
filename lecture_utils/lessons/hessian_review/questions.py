"""Predictions and exercises of notebook 01."""

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.core import subjaxprs

from lecture_utils.studio.grading import compare_on
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
        reveal="The next cell measures it, along many random directions.",
    ),
    Prediction(
        name="origin",
        question="At the origin the slopes are zero, and along both axes the loss does not curve. "
        "What does it do around the origin?",
        options={
            "it is flat in every direction": "The axes are only two directions of many, and the "
            "matrix has entries beside its diagonal.",
            "it rises in every direction": "Along the axes it does not rise, to begin with.",
            "it falls in every direction": "Along the axes it does not fall, to begin with.",
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
            "it falls to 0, faster than with gradient descent": "Down is where the gradient points "
            "away from. Newton asks for something else.",
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
            "yes, by a negative eigenvalue": "−y⁴ curves down, but its second derivative −12y² "
            "is zero at y = 0.",
            "yes, by a zero eigenvalue": "There is a zero eigenvalue, but in both.",
            "no, they are the same matrix": "Both are diag(2, 0): the second-order test is silent, "
            "and one must look at the loss itself, all around.",
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
            "it rises": "And the loss falls all the same. The next cells show it, and then ask "
            "what it is that grows.",
        },
        answer="it rises",
        reveal="The next cell trains with and without wrong labels, from several seeds.",
    ),
]


# --- in the core: three key lines -----------------------------------------------------------------


def forecast(g, H, delta):
    return g @ delta + 0.5 * delta @ H @ delta


_FORECAST_INPUTS = [
    (np.array([1.5, -3.0]), np.array([[0.5, -4.0], [-4.0, 2.0]]), np.array([0.2, -0.1])),
    (np.array([0.0, 0.0]), np.array([[0.0, -2.0], [-2.0, 0.0]]), np.array([0.3, 0.3])),
    (np.array([1.0, 2.0, -1.0]), np.diag([1.0, -2.0, 4.0]) + 0.5, np.array([-0.5, 1.0, 0.25])),
]


def curvature(lambdas, V, v):
    a = V.T @ v  # the share of each eigenvector in v
    return a**2 @ lambdas


def _frame(angle):
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s], [s, c]])


_Q3 = np.linalg.qr(np.array([[2.0, 1.0, 0.0], [1.0, -1.0, 3.0], [0.5, 2.0, 1.0]]))[0]
_CURVATURE_INPUTS = [
    (np.array([-2.0, 2.0]), _frame(np.pi / 4), np.array([1.0, 0.0])),
    (np.array([-1.0, 3.0]), _frame(0.7), np.array([0.6, -0.8])),
    (np.array([-2.0, 0.0, 5.0]), _Q3, np.array([2.0, -1.0, 2.0]) / 3),
]


def plateau_length(eta, lam, distance):
    return np.log(1 / distance) / np.log(1 + eta * abs(lam))


_PLATEAU_INPUTS = [(0.05, -2.0, 1e-6), (0.5, -0.243, 1e-3), (0.1, -1.0, 0.2), (0.01, -7.0, 1e-12)]

# --- 1: Newton's step -----------------------------------------------------------------------------


def newton(g, H):
    return -np.linalg.solve(H, g)


_NEWTON_INPUTS = [
    (np.array([2.0, -1.0]), np.array([[4.0, 1.0], [1.0, 3.0]])),
    (np.array([1.0, 1.0]), np.array([[-2.0, 0.5], [0.5, 1.0]])),
    (np.array([1.0, 2.0, 3.0]), np.diag([1.0, -2.0, 4.0]) + 0.1),
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


def _exact_zero(eigenvalues, tol):
    return name_critical_point(eigenvalues, 0.0)


_NAMING_INPUTS = [
    (np.array([3.0, -1.0, 0.0, 5.0]), 1e-6),
    (np.array([-1.0, -2.0, 0.0]), 1e-3),
    (np.array([0.02, 4.0]), 0.1),
    (np.array([0.02, 4.0]), 0.01),
    (np.array([5.0]), 1e-6),
    (np.array([0.5, -0.5]), 0.5),
    (np.array([2.0, 6.0]), 1e-6),
    (np.array([-2.0, 6.0]), 1e-6),
    (np.array([-3.0, -1.0]), 1e-6),
    (np.array([0.0, 2.0]), 1e-6),
    (np.array([-2.0, 0.0, 2.0]), 1e-6),
    (np.array([1e-9, 2.0]), 1e-6),
    (np.array([-1e-9, 2.0]), 1e-6),
]

# --- 3: the way out of a saddle -------------------------------------------------------------------


def way_out(H):
    _eigenvalues, eigenvectors = np.linalg.eigh(H)
    return eigenvectors[:, 0]


_SADDLES = (
    np.array([[0.0, -2.0], [-2.0, 0.0]]),
    np.array([[1.0, 2.0, 0.0], [2.0, -1.0, 0.5], [0.0, 0.5, 3.0]]),
)


def _check_way_out(attempt):
    """An escape direction is right whichever way it points."""
    found = []
    for H in _SADDLES:
        v = np.asarray(attempt(H.copy()), dtype=float)
        if v.shape != (len(H),):
            return f"the direction needs one entry per parameter, shape ({len(H)},), not {v.shape}"
        found.append((H, v, np.linalg.norm(v), np.linalg.eigh(H)[1]))

    def along(pick):
        return all(abs(abs(v @ pick(V)) - length) < 1e-6 for _, v, length, V in found)

    unit = all(abs(length - 1) < 1e-6 for _, _, length, _ in found)
    if along(lambda V: V[:, 0]):
        return None if unit else "the direction is right, but its length is not 1"
    if along(lambda V: V[:, -1]):
        return (
            "that is the eigenvector of the largest eigenvalue, along which the loss climbs; "
            "`eigh` sorts the eigenvalues in ascending order"
        )
    if along(lambda V: V[0]):
        return "you took a row of the eigenvector matrix; `eigh` returns one eigenvector per column"
    for H, v, length, _ in found:
        bend = v @ H @ v / length**2 if length else 0.0
        lowest = np.linalg.eigvalsh(H)[0]
        if bend > lowest + 1e-6:
            return (
                f"for H = {H.tolist()} the curvature along your direction is {bend:.3g}, but there "
                f"is a direction with {lowest:.3g}"
            )


# --- 4: Hessian times vector ----------------------------------------------------------------------


def my_hvp(loss, params, v):
    return jax.jvp(jax.grad(loss), (params,), (v,))[1]


def _rosenbrock(p):
    return jnp.sum(10 * (p[1:] - p[:-1] ** 2) ** 2 + (1 - p[:-1]) ** 2)


def _quartic(p):
    return jnp.sum(p**4) + p[0] * p[1]


_HVP_INPUTS = [
    (_rosenbrock, jnp.array([0.5, -1.0, 2.0]), jnp.array([1.0, 2.0, 0.5])),
    (_quartic, jnp.array([1.0, 2.0, -1.0]), jnp.array([0.3, -0.7, 1.0])),
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
}


def _check_hvp(attempt):
    verdict = compare_on(attempt, my_hvp, _HVP_INPUTS, _HVP_MISTAKES)
    if verdict.status == "correct" and _largest_array(attempt, 50) >= 50**2:
        return (
            "the numbers are right, but you built H on the way: with N = 20 000 parameters it "
            "would hold 4·10⁸ numbers"
        )
    return verdict


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
        for inner in subjaxprs(jaxpr):
            yield from sizes(inner)

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
        },
        why="A rectangle of height gᵀδ, and the triangle ½ δᵀHδ on top of it.",
    ),
    Exercise(
        name="curvature",
        title="curvature from eigenvalues (easy)",
        task="Return vᵀHv for a unit vector v, from eigenvalues and eigenvectors alone.",
        hints=(
            "The shares of the eigenvectors in v are <code>V.T @ v</code>.",
            "Every eigenvalue counts with the square of its share.",
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
        },
        why="Solving costs O(N³) and never forms H⁻¹, which would be slower and less accurate.",
    ),
    Exercise(
        name="name_critical_point",
        title="an honest name (in the lesson)",
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
            "it compares with exact zero: 1e-9 is rounding error here, use tol": _exact_zero,
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
        check=_check_way_out,
        mistakes={
            "the largest eigenvalue": lambda H: np.linalg.eigh(H)[1][:, -1],
            "a row": lambda H: np.linalg.eigh(H)[1][0],
            "no unit vector": lambda H: 3 * np.linalg.eigh(H)[1][:, 0],
            "a coordinate axis": lambda H: np.eye(len(H))[0],
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
            "f at x along v).",
            "So: f is <code>jax.grad(loss)</code>, x is <code>params</code>, and you want the "
            "second of the two results.",
        ),
        solution=my_hvp,
        check=_check_hvp,
        mistakes=_HVP_MISTAKES
        | {"H was built on the way": lambda loss, params, v: jax.hessian(loss)(params) @ v},
        why="It costs about two gradients whatever N is, where H costs N of them and N² numbers.",
    ),
]

lesson = Lesson(
    "01_hessian_review",
    title="Hessian review",
    question="What does the loss look like where the gradient vanishes?",
    minutes=(45, 120),
    needs="00",
    sources="S7–S27, N2",
    covers=COVERS,
    pictures={"explorer.png": "Left, a loss surface with the paths of Newton's method"},
    predictions=PREDICTIONS,
    exercises=EXERCISES,
    claims=CLAIMS,
)
