"""Predictions and exercises of notebook 00."""

import math

import jax
import jax.numpy as jnp
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
    (np.array([0.2, 0.1, 0.0, 1.0]), np.array([1.0, -1.0, 0.0, 0.3])),
    (np.array([2.0]), np.array([3.5])),
]

# --- 2: a copy of a network -----------------------------------------------------------------------


def flipped_copy(w, b, v, i):
    signs = np.ones(len(w))
    signs[i] = -1
    return signs * w, signs * b, signs * v


_UNITS = [
    (np.array([1.0, 2.0, 3.0]), np.array([0.1, -0.2, 0.3]), np.array([-1.0, 0.5, 2.0]), 1),
    (
        np.array([1.5, -0.4, 0.0, -2.0]),
        np.array([0.0, 0.7, 0.7, 1.2]),
        np.array([2, -3, 1, 0.5]),
        3,
    ),
    (np.array([-0.6, 1.3]), np.array([0.4, -0.9]), np.array([1.1, 0.0]), 0),
]


def _turned(signs_of):
    """The three arrays times the signs that ``signs_of(signs)`` gives to each of them."""

    def attempt(w, b, v, i):
        signs = flipped_copy(np.ones(len(w)), b, v, i)[0]
        return tuple(s * z for s, z in zip(signs_of(signs), (w, b, v), strict=True))

    return attempt


def _with(arrays, which, i, value):
    """The three arrays, in one of them another value for unit i."""
    arrays = [np.array(z, float) for z in arrays]
    arrays[which][i] = value
    return tuple(arrays)


def _written(w, b, v, units, change):
    """The three arrays where ``change`` was made to the entries of ``units``."""
    arrays = [np.array(z, float) for z in (w, b, v)]
    for z in arrays:
        z[units] = change(z[units])
    return tuple(arrays)


# --- 3: how many copies ---------------------------------------------------------------------------


def number_of_copies(n):
    return math.factorial(n) * 2**n


# --- 4: a test of convexity -----------------------------------------------------------------------


def violation(loss, a, b, t):
    return loss(t * a + (1 - t) * b) - (t * loss(a) + (1 - t) * loss(b))


@jax.jit
def bowl(z):
    """A convex loss."""
    return jnp.sum(z**2)


@jax.jit
def waves(z):
    """A loss that is not convex."""
    return jnp.sum(jnp.cos(3 * z) + 0.1 * z)


_LINES = [
    (waves, np.array([0.0, 2.0]), np.array([1.0, -1.0]), 0.25),
    (bowl, np.array([1.0, 2.0]), np.array([-1.0, 0.5]), 0.3),
    (waves, np.array([-1.0, 0.3]), np.array([2.0, 0.5]), 0.8),
    (waves, np.array([0.4]), np.array([1.7]), 0.5),
    (waves, np.array([0.7, 0.7, -1.2]), np.array([0.0, 1.5, 0.6]), 0.4),
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
            "First the differences, then their squares, and the mean last. The other button shows "
            "the solution, if you press it twice.",
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
            "that is the mean of the differences, where plus and minus cancel: square them": (
                lambda outputs, targets: np.mean(outputs - targets)
            ),
            "that is the mean of the differences, where plus and minus cancel: square them, and "
            "take outputs − targets": lambda outputs, targets: np.mean(targets - outputs),
            "that is the root of it: there is no root in this loss": (
                lambda outputs, targets: np.sqrt(np.mean((outputs - targets) ** 2))
            ),
            "that is the length of the vector of differences: take the mean of the squares": (
                lambda outputs, targets: np.linalg.norm(outputs - targets)
            ),
            "that is half of the sum; the mean divides by the number of points": (
                lambda outputs, targets: np.sum((outputs - targets) ** 2) / 2
            ),
            "the difference is squared, not each of the two": (
                lambda outputs, targets: np.mean(outputs**2 - targets**2)
            ),
            "outputs and targets are subtracted, not added": (
                lambda outputs, targets: np.mean((outputs + targets) ** 2)
            ),
            "those are the squares; take their mean": (
                lambda outputs, targets: (outputs - targets) ** 2
            ),
            "that is the sum of the differences, squared: square each of them": (
                lambda outputs, targets: np.sum(outputs - targets) ** 2
            ),
            "the mean divides by the number of points, not by one less": (
                lambda outputs, targets: (
                    np.sum((outputs - targets) ** 2) / np.float64(len(outputs) - 1)
                )
            ),
            "those are the sizes of the differences, added up: square them, and take the mean": (
                lambda outputs, targets: np.sum(np.abs(outputs - targets))
            ),
            "that is the square of the mean size; square each difference first": (
                lambda outputs, targets: np.mean(np.abs(outputs - targets)) ** 2
            ),
            "that is the median; the mean is asked for": (
                lambda outputs, targets: np.median((outputs - targets) ** 2)
            ),
            "that is the variance of the differences; their own mean counts too": (
                lambda outputs, targets: np.var(outputs - targets)
            ),
            "that is the largest square; the mean is asked for": (
                lambda outputs, targets: np.max((outputs - targets) ** 2)
            ),
            "the difference is squared, not the targets alone: put it in brackets": (
                lambda outputs, targets: np.mean(outputs - targets**2)
            ),
            "the difference is squared; yours squares outputs, and the mean of the targets, "
            "each alone": (lambda outputs, targets: np.mean(outputs**2) - np.mean(targets) ** 2),
            "those are third powers; the square is **2": (
                lambda outputs, targets: np.mean((outputs - targets) ** 3)
            ),
            "the length of a vector is a root: square it before you divide by the number of "
            "points": (lambda outputs, targets: np.linalg.norm(outputs - targets) / len(outputs)),
            "only the first point counts in it: does `return` stand inside of the loop?": (
                lambda outputs, targets: (outputs - targets)[0] ** 2 / len(outputs)
            ),
            "only the last point counts in it: is there = in place of +=?": (
                lambda outputs, targets: (outputs - targets)[-1] ** 2 / len(outputs)
            ),
            "the last point is missing in the sum: `range(n)` ends with n − 1 by itself": (
                lambda outputs, targets: np.sum((outputs - targets)[:-1] ** 2) / len(outputs)
            ),
            "the first point is missing in the sum: points are numbered from 0": (
                lambda outputs, targets: np.sum((outputs - targets)[1:] ** 2) / len(outputs)
            ),
            "times 2 is not the square: z**2, and not z*2": (
                lambda outputs, targets: np.mean((outputs - targets) * 2)
            ),
            "that is the standard deviation: there is no root, and the differences' own mean "
            "counts": (lambda outputs, targets: np.std(outputs - targets)),
            "the last point is missing, in the mean too": (
                lambda outputs, targets: np.mean((outputs - targets)[:-1] ** 2)
            ),
        },
        equivalent={
            "a square does not know the sign": [
                "outputs - targets → targets - outputs",
                "outputs - targets → np.abs(outputs - targets)",
            ],
            "a mean of squares is not negative": [
                "the answer → np.abs(…)",
                "the answer → np.maximum(…, 0)",
            ],
        },
    ),
    Exercise(
        name="flipped_copy",
        title="a copy of a network (easy)",
        task="A network f(x) = Σ v·tanh(w·x + b) has the arrays w, b and v, one entry for each "
        "hidden unit. Return the arrays (w, b, v) of the copy in which unit <code>i</code> has "
        "turned its signs, and the function is the same.",
        hints=(
            "tanh(−z) = −tanh(z). The unit gives v·tanh(w·x + b): what has to change its sign, so "
            "that two minus signs cancel?",
            "The whole z = w·x + b has to turn, for every x, and then what is made of it. "
            "<code>w.copy()</code> is an array that you may write into.",
        ),
        solution=flipped_copy,
        inputs=_UNITS,
        mistakes={
            "the output weight v has to turn too, or the unit gives the opposite": (
                _turned(lambda s: (s, s, 1))
            ),
            "the bias b has to turn too: z = w·x + b turns as a whole": (
                _turned(lambda s: (s, 1, s))
            ),
            "the weight w has to turn too: z = w·x + b turns as a whole": (
                _turned(lambda s: (1, s, s))
            ),
            "only w has turned: what the unit gives is another function of x": (
                _turned(lambda s: (s, 1, 1))
            ),
            "only v has turned: the unit gives the opposite": _turned(lambda s: (1, 1, s)),
            "nothing has changed": _turned(lambda s: (1, 1, 1)),
            "all units have turned; only unit i was to": _turned(lambda s: (-1, -1, -1)),
            "all units have turned but unit i": _turned(lambda s: (-s, -s, -s)),
            "a unit turns around its sign, it does not vanish": (
                _turned(lambda s: ((s + 1) / 2, (s + 1) / 2, (s + 1) / 2))
            ),
            "units are numbered from 0: unit i is w[i]": lambda w, b, v, i: flipped_copy(
                w, b, v, i - 1
            ),
            "the copy is (w, b, v), in this order": lambda w, b, v, i: flipped_copy(w, b, v, i)[
                ::-1
            ],
            "a number that is negative already turns too: −z, and not −|z|": (
                lambda w, b, v, i: _written(w, b, v, i, lambda z: -abs(z))
            ),
            "the copy is (w, b, v), in this order; yours is (v, w, b)": (
                lambda w, b, v, i: tuple(np.roll(flipped_copy(w, b, v, i), 1, axis=0))
            ),
            "those are the three numbers of unit i; the whole arrays are asked for": (
                lambda w, b, v, i: (-w[i], -b[i], -v[i])
            ),
            "all units before i have turned; only unit i was to": (
                lambda w, b, v, i: _written(w, b, v, slice(0, i), np.negative)
            ),
            "all units from i on have turned; only unit i was to": (
                lambda w, b, v, i: _written(w, b, v, slice(i, None), np.negative)
            ),
            "unit 0 has turned; only unit i was to": (lambda w, b, v, i: flipped_copy(w, b, v, 0)),
            "two units have changed places, which is another copy; here unit i turns its signs": (
                lambda w, b, v, i: _written(w, b, v, [i, (i + 1) % len(w)], lambda z: z[::-1])
            ),
            "all of w and b have turned; only unit i was to": (
                lambda w, b, v, i: (-w, -b, flipped_copy(w, b, v, i)[2])
            ),
            "b turns its sign, as w does: nothing multiplies the one by the other": (
                lambda w, b, v, i: _with(flipped_copy(w, b, v, i), 1, i, w[i] * b[i])
            ),
            "v of the unit has become 0: z − z is 0, and −z is z − 2z": (
                lambda w, b, v, i: _with(flipped_copy(w, b, v, i), 2, i, 0.0)
            ),
            "unit i was taken out; it stays, with its signs turned": (
                lambda w, b, v, i: (np.delete(w, i), np.delete(b, i), np.delete(v, i))
            ),
            "unit i has turned, and all others have become 0; they stay as they are": (
                _turned(lambda s: ((s - 1) / 2, (s - 1) / 2, (s - 1) / 2))
            ),
        },
        equivalent={
            "the three arrays have one length": ["len(w) → np.shape(w)[-1]", "w → b", "w → v"],
            "i counts from 0": ["i: unsigned"],
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
            "For each of these orders, each unit may keep or turn its signs. How many choices are "
            "that for two units?",
        ),
        solution=number_of_copies,
        inputs=[(1,), (2,), (3,), (4,), (10,)],
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
            "each unit has two choices of signs: 2ⁿ, not n²": lambda n: math.factorial(n) * n**2,
            "n units can be put in a row in n · (n − 1) · … · 1 ways, not in nⁿ": (
                lambda n: n**n * 2**n
            ),
            "n units can be put in a row in n! ways, not in n": lambda n: n * 2**n,
            "n units can be put in a row in n! ways; yours counts the pairs": (
                lambda n: n * (n - 1) // 2 * 2**n
            ),
            "the signs are a choice for each unit, 2ⁿ in all; you let them be placed like units": (
                lambda n: math.factorial(2 * n)
            ),
            "each unit has two choices of signs, not four": lambda n: math.factorial(n) * 4**n,
            "that is the square of n!: the orders count once, the signs 2ⁿ": (
                lambda n: math.factorial(n) ** 2
            ),
            "that is 2 · n! + n: the factor is 2ⁿ, and `^` is no power in Python, 2**n is": (
                lambda n: math.factorial(n) * 2 ^ n
            ),
            "a unit has two choices, to keep or to turn its signs, not three": (
                lambda n: math.factorial(n) * 3**n
            ),
            "w, b and v of a unit turn together: that is one choice of two, not 2 · 2 · 2": (
                lambda n: math.factorial(n) * 8**n
            ),
            "the orders and the signs are multiplied, n! · 2ⁿ; yours is a power of n!": (
                lambda n: math.factorial(n) ** 2**n
            ),
            "the power belongs to the 2 alone: n! · 2ⁿ, not (n! · 2)ⁿ": (
                lambda n: (math.factorial(n) * 2) ** n
            ),
            "each unit chooses its signs: 2ⁿ in all; yours counts pairs of units": (
                lambda n: math.factorial(n) * n * (n - 1) / 2
            ),
            "that is a choice of n out of 2n; each of the n! orders has 2ⁿ choices of signs": (
                lambda n: math.comb(2 * n, n)
            ),
            "each of the n units has two choices, 2ⁿ; the exponent is n, not n!": (
                lambda n: math.factorial(n) * 2 ** math.factorial(n)
            ),
            "the exponent is n, not n!, and the orders are missing": (
                lambda n: 2 ** math.factorial(n)
            ),
            "n! multiplies 1 · 2 · … · n; yours adds them up": (
                lambda n: sum(range(1, n + 1)) * 2**n
            ),
            "the signs are a choice for each unit, 2ⁿ: yours places n of 2n things in a row": (
                lambda n: math.factorial(2 * n) // math.factorial(n)
            ),
            "that is (2n)! divided by 2ⁿ; n units have n! orders, times 2ⁿ": (
                lambda n: math.factorial(2 * n) // 2**n
            ),
            "which units have turned counts, not only how many: 2ⁿ, not n + 1": (
                lambda n: math.factorial(n) * (n + 1)
            ),
            "any number of units may turn, not only half of them": (
                lambda n: math.factorial(n) * math.comb(n, n // 2)
            ),
            "no unit turned is a choice of the signs too: 2ⁿ, not 2ⁿ − 1": (
                lambda n: math.factorial(n) * (2**n - 1)
            ),
            "the order as it is counts as one of the n!": (
                lambda n: (math.factorial(n) - 1) * 2**n
            ),
            "that is (2n − 1)!; the n! orders are multiplied by 2ⁿ choices of signs": (
                lambda n: math.factorial(2 * n - 1)
            ),
            "n units can be put in a row in n! ways, not in n²": (lambda n: n**2 * 2**n),
            "yours is two choices for each unit, added up: multiply them, 2ⁿ, and count the "
            "orders": (lambda n: 2 * n),
            "the choices of the signs multiply the orders, they do not divide them": (
                lambda n: math.factorial(n) / 2**n
            ),
        },
        equivalent={
            "numbers of copies are whole and positive": [
                "the answer → np.abs(…)",
                "the answer → np.round(…)",
                "the answer → np.maximum(…, 0)",
                "n: unsigned",
            ]
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
            "that is the left side alone": lambda loss, a, b, t: loss(t * a + (1 - t) * b),
            "that is the right side alone": lambda loss, a, b, t: t * loss(a) + (1 - t) * loss(b),
            "a minus before a bracket turns both terms: t L(a) + (1 − t) L(b) is subtracted as a "
            "whole": lambda loss, a, b, t: (
                loss(t * a + (1 - t) * b) - t * loss(a) + (1 - t) * loss(b)
            ),
            "the left side calls the loss once, at the mixed point": lambda loss, a, b, t: (
                loss(t * a) + loss((1 - t) * b) - (t * loss(a) + (1 - t) * loss(b))
            ),
            "the chord mixes L(a) and L(b) with t and 1 − t": lambda loss, a, b, t: (
                loss(t * a + (1 - t) * b) - (loss(a) + loss(b)) / 2
            ),
            "the chord mixes the two values; you added them": lambda loss, a, b, t: (
                loss(t * a + (1 - t) * b) - (loss(a) + loss(b))
            ),
            "the weights are t and 1 − t, not t twice": lambda loss, a, b, t: (
                loss(t * a + t * b) - (t * loss(a) + t * loss(b))
            ),
            "the difference itself is asked for, also where it is negative": lambda loss, a, b, t: (
                np.maximum(violation(loss, a, b, t), 0)
            ),
            "the difference keeps its sign": lambda loss, a, b, t: np.abs(violation(loss, a, b, t)),
            "t belongs to a and 1 − t to b, at the mixed point too": (
                lambda loss, a, b, t: loss((1 - t) * a + t * b) - (t * loss(a) + (1 - t) * loss(b))
            ),
            "the bracket is (1 − t) · b at the mixed point, not 1 − t · b": (
                lambda loss, a, b, t: loss(t * a + (1 - t * b)) - (t * loss(a) + (1 - t) * loss(b))
            ),
            "the difference of the two sides is asked for, not their ratio": (
                lambda loss, a, b, t: loss(t * a + (1 - t) * b) / (t * loss(a) + (1 - t) * loss(b))
            ),
            "on the right side t multiplies the value L(a), not a": (
                lambda loss, a, b, t: loss(t * a + (1 - t) * b) - loss(t * a) - loss((1 - t) * b)
            ),
            "the mixed point is t a + (1 − t) b; yours is a + t b": (
                lambda loss, a, b, t: loss(a + t * b) - (t * loss(a) + (1 - t) * loss(b))
            ),
            "the weight of b at the mixed point is 1 − t, not 1 + t": (
                lambda loss, a, b, t: loss(t * a + (1 + t) * b) - (t * loss(a) + (1 - t) * loss(b))
            ),
            "the weight of L(b) is 1 − t, not 1 + t": (
                lambda loss, a, b, t: loss(t * a + (1 - t) * b) - (t * loss(a) + (1 + t) * loss(b))
            ),
            "only L(a) is subtracted; the right side mixes L(a) and L(b)": (
                lambda loss, a, b, t: loss(t * a + (1 - t) * b) - loss(a)
            ),
            "only L(b) is subtracted; the right side mixes L(a) and L(b)": (
                lambda loss, a, b, t: loss(t * a + (1 - t) * b) - loss(b)
            ),
            "t multiplies L(a) alone, not the whole bracket": (
                lambda loss, a, b, t: loss(t * a + (1 - t) * b) - t * (loss(a) + (1 - t) * loss(b))
            ),
            "the right side has a second term, (1 − t) L(b)": (
                lambda loss, a, b, t: loss(t * a + (1 - t) * b) - t * loss(a)
            ),
            "the right side is subtracted, not added": (
                lambda loss, a, b, t: loss(t * a + (1 - t) * b) + t * loss(a) + (1 - t) * loss(b)
            ),
            "the right side is a sum: t L(a) + (1 − t) L(b), not a product": (
                lambda loss, a, b, t: loss(t * a + (1 - t) * b) - t * loss(a) * (1 - t) * loss(b)
            ),
            "1 − t needs brackets before it multiplies: 1 - t * b is 1 − (t b)": (
                lambda loss, a, b, t: loss(t * a + 1 - t * b) - (t * loss(a) + 1 - t * loss(b))
            ),
            "the left side is the loss at the mixed point; yours is the point itself, without the "
            "loss": (lambda loss, a, b, t: t * a + (1 - t) * b - (t * loss(a) + (1 - t) * loss(b))),
        },
        equivalent={
            "t lies between 0 and 1": [
                "1 - t → np.abs(1 - t)",
                "1 - t → np.abs(1 - t) (2)",
                "t: unsigned",
            ],
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
