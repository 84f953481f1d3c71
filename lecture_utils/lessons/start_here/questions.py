"""Predictions and exercises of notebook 00."""

import math

import numpy as np

from lecture_utils.studio.lesson import Lesson
from lecture_utils.studio.questions import Exercise, Prediction

from .claims import CLAIMS, COVERS

PREDICTIONS = [
    Prediction(
        name="one_unit",
        question="One unit v·tanh(w(x − c)) has three numbers: height, steepness and center. Can "
        "it trace a hill: up, then down again?",
        options={
            "yes, with the right three numbers": "tanh only rises. Times a positive v it rises, "
            "times a negative v it falls: it never turns.",
            "no, whatever the numbers": "tanh only rises, so the unit rises everywhere or falls "
            "everywhere. A hill takes two units.",
        },
        answer="no, whatever the numbers",
        reveal="This is how each prediction works: choose, commit, read. A guess on record makes "
        "the answer stick, right or wrong.",
    ),
    Prediction(
        name="found",
        question="A network of 4 units has made the data, so 4 units can fit them exactly. We "
        "train networks of 4 and of 16 units by gradient descent, each from 40 random starts. "
        "Which size finds a good fit more often?",
        options={
            "4 units: the exact solution is theirs, and there is less to search": "The solution is "
            "there. But from most starts the way down ends elsewhere.",
            "16 units: there is more to search, but more ways to go": "Nearly every start "
            "succeeds. With 4 units most do not, although the solution is known to exist.",
            "both always find it": "With 16 units nearly so. With 4 units most starts fail.",
        },
        answer="16 units: there is more to search, but more ways to go",
    ),
    Prediction(
        name="midpoint",
        question="Exchange two hidden units of a good network: another point in parameter space, "
        "the same function. Now take the mean of the two points, number by number. How good is "
        "it?",
        options={
            "just as good": "It would be at most as bad as the ends if the loss were convex. It "
            "is not.",
            "better than both": "Averaging the <i>outputs</i> of two networks often helps. "
            "Averaging their <i>parameters</i> is something else.",
            "worse than both": "The two units become the same average unit, which is neither of "
            "them.",
        },
        answer="worse than both",
    ),
]


# --- 1: the loss ----------------------------------------------------------------------------------


def mean_squared_error(outputs, targets):
    return np.mean((outputs - targets) ** 2)


_PAIRS = [
    (np.array([1.0, 2.0, 3.0]), np.array([1.0, 0.0, 0.0])),
    (np.array([0.5, -1.5]), np.array([-0.5, 2.0])),
    (np.array([0.2, 0.1, -0.4, 1.0]), np.array([1.0, -1.0, 0.0, 0.3])),
]

# --- 2: a copy of a network -----------------------------------------------------------------------


def permuted_copy(w, b, v, order):
    return w[order], b[order], v[order]


_UNITS = [
    (np.array([1.0, 2.0, 3.0]), np.array([0.1, 0.2, 0.3]), np.array([-1.0, 0.5, 2.0]), order)
    for order in ([1, 2, 0], [2, 1, 0], [0, 2, 1])
]

# --- 3: how many copies ---------------------------------------------------------------------------


def number_of_copies(n):
    return math.factorial(n) * 2**n


# --- 4: a test of convexity -----------------------------------------------------------------------


def violation(loss, a, b, t):
    return loss(t * a + (1 - t) * b) - (t * loss(a) + (1 - t) * loss(b))


def bowl(z):
    """A convex loss."""
    return np.sum(z**2)


def waves(z):
    """A loss that is not convex."""
    return np.sum(np.cos(3 * z) + 0.1 * z)


_LINES = [
    (waves, np.array([0.0, 2.0]), np.array([1.0, -1.0]), 0.25),
    (bowl, np.array([1.0, 2.0]), np.array([-1.0, 0.5]), 0.3),
    (waves, np.array([-1.0, 0.3]), np.array([2.0, 0.5]), 0.8),
]


EXERCISES = [
    Exercise(
        name="mean_squared_error",
        title="your first exercise: the loss (easy)",
        task="Return the mean of the squared differences between the arrays outputs and targets. "
        "<code>np.mean</code> takes a mean.",
        hints=(
            "This is a hint; press again for the next. The differences of two arrays are "
            "<code>outputs - targets</code>, the square of z is <code>z**2</code>.",
            "Take the mean last: <code>return np.mean((...)**2)</code>, with the differences in "
            "place of the dots. The next button shows the solution, if you press it twice.",
        ),
        solution=mean_squared_error,
        inputs=_PAIRS,
        mistakes={
            "that is the sum; the mean divides it by the number of points": (
                lambda outputs, targets: np.sum((outputs - targets) ** 2)
            ),
            "square each difference before you take the mean, or plus and minus cancel": (
                lambda outputs, targets: np.mean(outputs - targets) ** 2
            ),
            "the differences are not squared": (
                lambda outputs, targets: np.mean(np.abs(outputs - targets))
            ),
            "that is half of it: there is no ½ in this loss": (
                lambda outputs, targets: np.mean((outputs - targets) ** 2) / 2
            ),
        },
    ),
    Exercise(
        name="permuted_copy",
        title="a copy of a network (easy)",
        task="A network has the arrays w, b and v, one entry for each hidden unit. Return the "
        "arrays (w, b, v) of its copy in which the unit at place i is the old unit "
        "<code>order[i]</code>.",
        hints=(
            "numpy picks several entries at once: <code>w[[2, 0, 1]]</code> is "
            "<code>[w[2], w[0], w[1]]</code>.",
            "A unit moves as a whole: its input weight, its bias and its output weight. Return "
            "three arrays.",
        ),
        solution=permuted_copy,
        inputs=_UNITS,
        mistakes={
            "the output weights v have to move with their units": (
                lambda w, b, v, order: (w[order], b[order], v)
            ),
            "the biases b have to move with their units": (
                lambda w, b, v, order: (w[order], b, v[order])
            ),
            "that is the other way around: place i gets the old unit order[i]": (
                lambda w, b, v, order: tuple(z[np.argsort(order)] for z in (w, b, v))
            ),
        },
    ),
    Exercise(
        name="number_of_copies",
        title="how many copies? (medium)",
        task="Return the number of copies of a network with one hidden layer of n tanh units: all "
        "orders of the units, and for each unit the choice of turning its signs. The network "
        "itself counts as one of them. <code>math.factorial</code> is n!.",
        hints=(
            "How many ways are there to put n different units in a row?",
            "For each of these orders, each unit may keep or turn its signs: two choices, n "
            "times, independently.",
        ),
        solution=number_of_copies,
        inputs=[(1,), (2,), (4,), (10,)],
        mistakes={
            "you counted the orders only; each unit may also turn its signs": (
                lambda n: math.factorial(n)
            ),
            "you counted the signs only; the units may also change places": lambda n: 2**n,
            "every unit chooses its signs for itself: 2 · 2 · … · 2, not once 2": (
                lambda n: 2 * math.factorial(n)
            ),
            "the choices multiply, they do not add": lambda n: math.factorial(n) + 2**n,
            "n choices of two are 2 · 2 · … · 2 = 2ⁿ, not 2n": lambda n: math.factorial(n) * 2 * n,
            "the network itself is one of them": lambda n: number_of_copies(n) - 1,
        },
        why="For n = 10 this is 3 715 891 200. All of them have the same loss.",
    ),
    Exercise(
        name="violation",
        title="a test of convexity (medium)",
        task="A function is convex if on every line it lies on or below its chord: L(t a + "
        "(1 − t) b) ≤ t L(a) + (1 − t) L(b). Return the left side minus the right side. A positive "
        "result proves that the loss is not convex.",
        hints=(
            "loss is a function: <code>loss(a)</code> is its value at a, and a, b are arrays, so "
            "<code>t * a</code> just works.",
            "The left side calls the loss once, at the mixed point. The right side mixes two "
            "values of the loss with the same t and 1 − t.",
        ),
        solution=violation,
        inputs=_LINES,
        mistakes={
            "the sign is turned around: left side minus right side": (
                lambda loss, a, b, t: -violation(loss, a, b, t)
            ),
            "that is always the midpoint; use t and 1 − t": (
                lambda loss, a, b, t: violation(loss, a, b, 0.5)
            ),
            "t belongs to a and 1 − t to b, on both sides": (
                lambda loss, a, b, t: violation(loss, b, a, t)
            ),
            "t belongs to a and 1 − t to b, in the chord too": (
                lambda loss, a, b, t: loss(t * a + (1 - t) * b) - (t * loss(b) + (1 - t) * loss(a))
            ),
            "return the difference of the two sides, not a comparison": (
                lambda loss, a, b, t: violation(loss, a, b, t) > 0
            ),
            "only the mixed point is right; the chord mixes the two values, not the largest": (
                lambda loss, a, b, t: loss(t * a + (1 - t) * b) - max(loss(a), loss(b))
            ),
        },
        why="One positive result is a proof. No number of negative ones proves that a loss is "
        "convex.",
    ),
]

lesson = Lesson(
    "00_start_here",
    title="Start here",
    question="Why should this work at all?",
    minutes=(25, 50),
    needs="",
    sources="S1–S6",
    covers=COVERS,
    predictions=PREDICTIONS,
    exercises=EXERCISES,
    claims=CLAIMS,
)
