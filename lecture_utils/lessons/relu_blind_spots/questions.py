"""Predictions and exercises of notebook 03."""

from types import SimpleNamespace

import numpy as np
from scipy.special import erfinv
from scipy.stats import norm

from lecture_utils.studio.lesson import Lesson
from lecture_utils.studio.questions import Exercise, Prediction

from .claims import CLAIMS, COVERS

PREDICTIONS = [
    Prediction(
        name="near_A",
        question="A has error 18, and 14 is possible. You move A's four numbers a little, by 0.01 "
        "in a random direction. What happens to the error?",
        options={
            "it falls in about half the directions": "So it would on a slope, or at a saddle along "
            "some of its directions. But A is no saddle.",
            "it falls in a few directions": "In four dimensions a narrow way down could hide, and "
            "tries alone cannot exclude it. A proof of two lines follows.",
            "it never falls": "Not once in thousands of tries, at any distance that the figure "
            "shows. Why it cannot fall, a proof of two lines says.",
        },
        answer="it never falls",
    ),
    Prediction(
        name="best_share",
        question="The four numbers start at random, from N(0, 1). What share of the starts does "
        "gradient descent lead to 14, the best possible?",
        options={
            "one in a thousand": "B is not that well hidden: it attracts a fair share of starts.",
            "about one in four": "Four endings share the starts in comparable parts.",
            "about three in four": "There are too many other endings for that: 18, a straight "
            "line, and a dead unit.",
            "nearly all": "That is our experience with large networks. This one has a single unit.",
        },
        answer="about one in four",
    ),
    Prediction(
        name="inactive",
        question="A unit's weighted sum is N(0, 1) over its random weights. You set its bias to "
        "−2. What is the chance that it is inactive on a given input?",
        options={
            "2 %": "That is Φ(−2), the chance that it is <i>active</i>: the sum must exceed +2.",
            "50 %": "That is a bias of 0.",
            "84 %": "That is Φ(1), a bias of −1.",
            "98 %": "It is active only if the weighted sum exceeds 2, so it is inactive with "
            "probability Φ(2) = 0.977.",
        },
        answer="98 %",
    ),
    Prediction(
        name="born_dead",
        question="A ReLU network has 20 hidden layers of 2 units each, He's initialization and "
        "zero biases. How likely is it constant before any training?",
        options={
            "about 2 %": "Each unit is off on a given input with a chance of ½, so a layer of 2 "
            "lets nothing of it through with a chance of ¼, and there are 20 layers.",
            "about 25 %": "That is about one layer's risk. The risks add up over 20 layers.",
            "about 60 %": "That is where 5 hidden layers stand.",
            "about 99 %": "Measured: 0.99. The upper bound is 1 − (¾)²⁰ = 0.997, one minus the "
            "twentieth power of three quarters, and nearly reached.",
        },
        answer="about 99 %",
    ),
    Prediction(
        name="bad_minima",
        question="A student of 10 ReLU units learns from a teacher of the same 10 units, with "
        "infinitely many inputs and no noise. How many runs end in a minimum that is not global?",
        options={
            "none": "The student can be perfect. But <i>can be</i> is not <i>will be</i>.",
            "about 1 in 100": "That lies between the figures for 6 units (0.3 %) and 7 (5 %).",
            "about 1 in 3": "And it grows with the number of units: a fact about the landscape, "
            "as there is no noise and no finite sample to blame.",
            "nearly all": "For 20 units, yes: Safran and Shamir report 94 %.",
        },
        answer="about 1 in 3",
        reveal="Then think what one more unit in the student would do.",
    ),
]

ROOM = [  # asked without a card
    Prediction(
        name="starts_that_learn_nothing",
        question="Which starts hold this network at the loss of guessing for 400 steps: large "
        "scale and any mean, small scale and any mean, any scale and mean below zero, or small "
        "scale and mean below zero?",
        options={
            "large scale and any mean": "With scales of 2 and 4 it learns. With 8 its loss is far "
            "above that of guessing after 400 steps, so it is not held there: it starts farther "
            "up, and its units are alive.",
            "small scale and any mean": "With a mean of zero about half of the weighted sums are "
            "positive, so there are units that learn, if slowly.",
            "any scale and mean below zero": "With a scale of 1 or 2 enough weighted sums are "
            "positive all the same, and those runs learn.",
            "small scale and mean below zero": "Then nearly every weighted "
            "sum is negative, and a layer that is off on all digits lets nothing through.",
        },
        answer="small scale and mean below zero",
    ),
    Prediction(
        name="kinds_of_data",
        question="On how many of the three is the training loss close to zero after 60 epochs: on "
        "all three, on two, or on one?",
        options={
            "on all three": "Given far more epochs it may get there: the other two curves are "
            "still falling. After 60 epochs they are far up.",
            "on two": "The shuffled pixels keep their labels, the shuffled labels keep their "
            "images; either way hardly a rule is left, and both are far up.",
            "on one": "On the digits. They alone have a rule that the network can learn.",
        },
        answer="on one",
    ),
]


# --- 1: is it dead? -------------------------------------------------------------------------------


def is_dead(w, b, x):
    return np.all(w * x + b <= 0)


_POINTS = np.array([-1.0, 1.0, 3.0, 4.0, 5.0])
_MIXED = np.array([1.5, -2.0, 0.0, 3.0, 1.5])
_DEAD_INPUTS = [
    (1.0, -3.0, _POINTS),
    (1.0, -6.0, _POINTS),
    (-7.0, -4.0, _POINTS),
    (1.0, -5.0, _POINTS),  # at the last point exactly on the kink
    (-1.0, 0.5, _POINTS),
    (0.0, 0.25, _POINTS),
    (0.0, 0.0, _POINTS),
    (-1.0, -1.5, _POINTS),
    (0.4, -0.5, _MIXED),
    (0.4, -1.5, _MIXED),
    (-0.4, -1.0, _MIXED),
    (-1.0, 0.5, np.array([1.0, 0.0, 2.0])),
    (0.5, -1.0, np.array([1.6, -3.0, 2.4])),
    (2.0, -5.0, np.array([1.0, -1.0, 3.0])),
    (-2.0, 1.0, np.array([0.5])),
    (0.5, 3.0, np.array([2.0, 4.0])),
    (1.0, -2.0, np.array([1.0, 7.0])),
    (1.0, 0.0, np.array([-1.0, 1e-30, -2.0])),  # on, but only just
    (1.0, -2.5, _MIXED),
    (-1.0, -1.5, _MIXED),
    (1.0, 0.5, np.array([-3.0, -1.0, -2.0])),
    (-1.0, -2.5, np.array([-2.0, -3.0, -1.0])),
]

# --- 2: the gradient by hand ----------------------------------------------------------------------


def unit_gradient(theta, x, y):
    v, c, b, w = theta
    z = w * x + b
    on = z > 0
    r = v * np.maximum(z, 0) + c - y
    return 2 * np.array([np.sum(r * z * on), np.sum(r), np.sum(r * v * on), np.sum(r * v * x * on)])


def _no_gate(theta, x, y):
    v, c, b, w = theta
    z = w * x + b
    r = v * np.maximum(z, 0) + c - y
    return 2 * np.array([np.sum(r * z), np.sum(r), np.sum(r * v), np.sum(r * v * x)])


def _gate_on_c(theta, x, y):
    v, c, b, w = theta
    z = w * x + b
    r = (v * np.maximum(z, 0) + c - y) * (z > 0)
    return 2 * np.array([np.sum(r * z), np.sum(r), np.sum(r * v), np.sum(r * v * x)])


_TARGETS = np.array([3.0, -3.0, 0.0, 1.0, 2.0])
_GRADIENT_INPUTS = [
    (np.array([1.0, 0.5, -2.5, 1.0]), _POINTS, _TARGETS),
    (np.array([-0.5, 1.0, 1.5, -2.0]), _POINTS, _TARGETS),
    (np.array([2.0, 0.0, -4.0, -0.5]), _POINTS, _TARGETS),
    (np.array([0.7, -0.2, 0.5, 1.3]), np.array([0.4, -1.2, 0.0, 0.4]), np.array([1.1, 0, -0.6, 2])),
    (np.array([-1.5, 0.3, 0.2, 0.8]), np.array([1.5, 0.6]), np.array([-0.4, 0.9])),
]


def _parts(theta, x, y):
    """The residual, the gate and the unit's output at all points."""
    v, c, b, w = theta
    z = w * x + b
    return v * np.maximum(z, 0) + c - y, z > 0, np.maximum(z, 0)


def _without_v(theta, x, y):
    r, on, out = _parts(theta, x, y)
    return 2 * np.array([np.sum(r * out), np.sum(r), np.sum(r * on), np.sum(r * x * on)])


def _without_x(theta, x, y):
    r, on, out = _parts(theta, x, y)
    sums = [np.sum(r * out), np.sum(r), np.sum(r * theta[0] * on), np.sum(r * theta[0] * on)]
    return 2 * np.array(sums)


def _without_residual(theta, x, y):
    _, on, out = _parts(theta, x, y)
    return 2 * np.array([np.sum(out), len(x), np.sum(theta[0] * on), np.sum(theta[0] * x * on)])


def _at_each_point(theta, x, y):
    r, on, out = _parts(theta, x, y)
    return 2 * np.array([r * out, r, r * theta[0] * on, r * theta[0] * x * on])


def _gate_for_relu(theta, x, y):
    r, on, _ = _parts(theta, x, y)
    sums = [np.sum(r * on), np.sum(r), np.sum(r * theta[0] * on), np.sum(r * theta[0] * x * on)]
    return 2 * np.array(sums)


def _no_gate_on_b_and_w(theta, x, y):
    r, _, out = _parts(theta, x, y)
    sums = [np.sum(r * out), np.sum(r), np.sum(r * theta[0]), np.sum(r * theta[0] * x)]
    return 2 * np.array(sums)


def _named_parts(theta, x, y):
    """The numbers of the unit, and at all points: x, y, z, the residual r, the gate, the output."""
    v, c, b, w = theta
    r, on, out = _parts(theta, x, y)
    return SimpleNamespace(v=v, c=c, b=b, w=w, x=x, y=y, z=w * x + b, r=r, on=on, out=out)


def _sums(theta, x, y, terms, parts=None):
    """Twice the sums over the points of the four terms."""
    p = parts or _named_parts(theta, x, y)
    return 2 * np.array([np.sum(term) for term in terms(p)])


def _right_terms(p):
    return p.r * p.out, p.r, p.r * p.v * p.on, p.r * p.v * p.on * p.x


def _entry(theta, x, y, place, term):
    """The gradient with another term in one entry."""
    gradient = unit_gradient(theta, x, y)
    gradient[place] = 2 * np.sum(term(_named_parts(theta, x, y)))
    return gradient


def _with_residual(theta, x, y, residual):
    p = _named_parts(theta, x, y)
    p.r = residual(p)
    return _sums(theta, x, y, _right_terms, p)


def _with_gate(theta, x, y, gate):
    p = _named_parts(theta, x, y)
    p.on = gate(p)
    return _sums(theta, x, y, _right_terms, p)


def _products_of_sums(theta, x, y):
    p, r = _named_parts(theta, x, y), np.sum(_parts(theta, x, y)[0])
    return np.array([r * np.sum(p.out), r, np.sum(p.r * p.v * p.on), r * np.sum(p.v * p.on * x)])


# --- 3: a bias for a wanted activity --------------------------------------------------------------


def mean_bias(active):
    return norm.ppf(active)


# --- 4: what a gradient knows of a parity ---------------------------------------------------------


def parity_signal(X, g):
    d = X.shape[1]
    subsets = (np.arange(2**d)[:, None] >> np.arange(d)) & 1
    parities = np.prod(np.where(subsets[:, None, :] == 1, X[None, :, :], 1), axis=2)
    return np.mean((parities @ g / len(g)) ** 2)


def _single_coordinates(X, g):
    return np.mean((X.T @ g / len(g)) ** 2)


def _unsquared(X, g):
    d = X.shape[1]
    subsets = (np.arange(2**d)[:, None] >> np.arange(d)) & 1
    parities = np.prod(np.where(subsets[:, None, :] == 1, X[None, :, :], 1), axis=2)
    return np.mean(parities @ g / len(g))


def _signs(d):
    return 2.0 * ((np.arange(2**d)[:, None] >> np.arange(d)) & 1) - 1


_PARITY_INPUTS = [
    (_signs(1), np.array([0.5, -1.5])),
    (_signs(2), np.array([2.0, 0.0, -1.0, 0.5])),
    (_signs(2)[[2, 0, 3, 1]], np.array([0.3, 0.3, 1.2, -0.4])),
    (_signs(3), np.array([1.5, -0.5, 0.2, 0.0, -2.0, 1.0, 0.7, 0.1])),
    (_signs(5), np.maximum(_signs(5) @ np.linspace(-0.7, 1.1, 5) + 0.2, 0).round(2)),
]


def _subsets(X):
    """For each subset a row of 0 and 1: which columns it holds."""
    d = X.shape[1]
    return (np.arange(2**d)[:, None] >> np.arange(d)) & 1


def _correlations(X, g):
    """The correlation of g with the parity of every subset; the first one is the empty set."""
    d = X.shape[1]
    subsets = (np.arange(2**d)[:, None] >> np.arange(d)) & 1
    return np.prod(np.where(subsets[:, None, :] == 1, X[None, :, :], 1), axis=2) @ g / len(g)


EXERCISES = [
    Exercise(
        name="is_dead",
        title="is the unit dead? (easy)",
        task="Return True if the unit relu(w·x + b) has a zero gradient on <i>all</i> inputs of "
        "the array x. On the kink itself take the derivative 0, as JAX does.",
        hints=(
            "The unit passes a gradient at an input only where its pre-activation w·x + b is "
            "positive.",
            "A comparison of an array gives one answer for each input. Does one of them have to "
            "hold, or every one? And what about exactly 0?",
        ),
        solution=is_dead,
        inputs=_DEAD_INPUTS,
        mistakes={
            "a unit that is off at one input may be on at another; dead means off at all of them": (
                lambda w, b, x: np.any(w * x + b <= 0)
            ),
            "an input exactly on the kink gives no gradient either: compare with <= 0": (
                lambda w, b, x: np.all(w * x + b < 0)
            ),
            "that says whether it is on everywhere; the comparison is turned around": (
                lambda w, b, x: np.all(w * x + b > 0)
            ),
            "you looked at the weight or the bias alone; the sum w·x + b decides": (
                lambda w, b, x: np.bool_(b <= 0)
            ),
            "the bias is missing: the sum w·x + b decides": lambda w, b, x: np.all(w * x <= 0),
            "the weight is missing: the sum w·x + b decides": lambda w, b, x: np.all(x + b <= 0),
            "that asks the mean of the pre-activations; a unit may be on at a single input": (
                lambda w, b, x: np.mean(w * x + b) <= 0
            ),
            "you looked at the first input only": lambda w, b, x: w * x[0] + b <= 0,
            "you looked at the last input only": lambda w, b, x: w * x[-1] + b <= 0,
            "those are the answers for each input; combine them": lambda w, b, x: w * x + b <= 0,
            "that says whether it is on at some input: the opposite of dead": (
                lambda w, b, x: np.any(w * x + b > 0)
            ),
            "a pre-activation below 0 gives no gradient either, not only one that is 0": (
                lambda w, b, x: np.all(w * x + b == 0)
            ),
            "the bias is added to w·x, not subtracted": lambda w, b, x: np.all(w * x - b <= 0),
            "dividing by w turns the comparison around where w is negative: compare w·x + b "
            "itself": (lambda w, b, x: np.all(x <= -b / w)),
            "a kink outside of the inputs leaves the unit off at all of them, or on at all of "
            "them": (lambda w, b, x: -b / w < np.min(x) or -b / w > np.max(x)),
            "you looked at the first and the last input only, and x need not be sorted": (
                lambda w, b, x: (w * x[0] + b <= 0) & (w * x[-1] + b <= 0)
            ),
            "the comparison is turned around: dead means off, w·x + b <= 0, at all inputs": (
                lambda w, b, x: np.all(w * x + b >= 0)
            ),
            "w multiplies x alone, not the bias": (lambda w, b, x: np.all(w * (x + b) <= 0)),
            "the last input is missing: `range(n)` ends with n − 1 by itself": (
                lambda w, b, x: np.all(w * x[:-1] + b <= 0)
            ),
            "the first input is missing: inputs are numbered from 0": (
                lambda w, b, x: np.all(w * x[1:] + b <= 0)
            ),
            "x times the gate may add up to 0 with units on: ask whether any gate is open": (
                lambda w, b, x: np.sum((w * x + b > 0) * x) == 0
            ),
            "the bias belongs into the relu: w·x + b is what is compared with 0": (
                lambda w, b, x: np.all(np.maximum(w * x, 0) + b <= 0)
            ),
            "with w = 0 the output is the same at all inputs, but for b > 0 the unit is on, and "
            "not dead": (lambda w, b, x: np.ptp(np.maximum(w * x + b, 0)) == 0),
            "off at most of the inputs, or in the median, is not enough: a unit may be on at a "
            "single one": (lambda w, b, x: np.median(w * x + b) <= 0),
            "one input where it is on is one too many": (
                lambda w, b, x: np.sum(w * x + b > 0) <= 1
            ),
            "w and b are exchanged: w multiplies x, and on the kink it is off as well": (
                lambda w, b, x: np.all(w + b * x < 0)
            ),
            "do not round: a pre-activation just above 0 passes a gradient": (
                lambda w, b, x: np.all(np.round(w * x + b) <= 0)
            ),
            "a positive weight does not keep a unit alive: the sum w·x + b decides": (
                lambda w, b, x: np.all(w * x + b <= 0) & (w < 0)
            ),
            "a bias of 0 or more does not keep a unit alive: the sum w·x + b decides": (
                lambda w, b, x: np.all(w * x + b <= 0) & (b < 0)
            ),
            "no tolerance: a pre-activation above 0, however small, passes a gradient": (
                lambda w, b, x: np.all(w * x + b <= 1e-3)
            ),
            "the largest input is the decisive one for w > 0 only; for w < 0 it is the smallest": (
                lambda w, b, x: w * np.max(x) + b <= 0
            ),
            "the smallest input is the decisive one for w < 0 only; for w > 0 it is the largest": (
                lambda w, b, x: w * np.min(x) + b <= 0
            ),
            "the inputs keep their signs: yours takes |x|": (
                lambda w, b, x: np.all(w * np.abs(x) + b <= 0)
            ),
            "the largest |x| need not be an input: x keeps its sign": (
                lambda w, b, x: w * np.max(np.abs(x)) + b <= 0
            ),
            "that is enough for being dead, but not needed: x need not reach −max|x| and max|x|": (
                lambda w, b, x: b <= -abs(w) * np.max(np.abs(x))
            ),
            "two negative numbers do not decide it: w·x + b depends on the inputs": (
                lambda w, b, x: np.bool_((w <= 0) & (b <= 0))
            ),
            "the weight alone does not decide it: w·x + b depends on the inputs and on b": (
                lambda w, b, x: np.bool_(w <= 0)
            ),
            "the inputs alone do not decide it: the sum w·x + b does": (
                lambda w, b, x: np.all(x < 0)
            ),
            "the weight keeps its sign: yours takes |w|": (
                lambda w, b, x: np.all(np.abs(w) * x + b <= 0)
            ),
            "the bias keeps its sign: yours takes |b|": (
                lambda w, b, x: np.all(w * x + abs(b) <= 0)
            ),
            "it is off also below 0, not only on the kink, and all inputs count": (
                lambda w, b, x: np.any(w * x + b == 0)
            ),
            "dead means that it is on at no input, not at exactly one": (
                lambda w, b, x: np.sum(w * x + b > 0) == 1
            ),
            "you looked at one input in the middle only": (
                lambda w, b, x: w * x[len(x) // 2] + b <= 0
            ),
        },
        equivalent={
            "all inputs are asked, in whatever order": [
                "x: sorted",
                "x: reversed",
                "x: each once",
            ]
        },
    ),
    Exercise(
        name="unit_gradient",
        title="the gradient by hand (medium)",
        task="θ = (v, c, b, w). Return the gradient of L = Σ (v·relu(w·x + b) + c − y)² as an "
        "array of four numbers in this order.",
        hints=(
            "With the residual r = v·relu(z) + c − y and z = w·x + b, each derivative is a sum of "
            "2r times the derivative of r.",
            "∂relu(z)/∂z is 1 where z > 0 and 0 elsewhere: the gate. ∂z/∂b = 1 and ∂z/∂w = x.",
            "v multiplies relu(z), c stands alone, b and w act through z: which of the four need "
            "the gate, and which the factor v?",
        ),
        solution=unit_gradient,
        inputs=_GRADIENT_INPUTS,
        mistakes={
            "the 2 from the square is missing": lambda t, x, y: unit_gradient(t, x, y) / 2,
            "the gate is missing: where w·x + b <= 0 the unit's own numbers get no gradient": (
                _no_gate
            ),
            "you put the gate on c as well, but c reaches the output past the unit": _gate_on_c,
            "the entries for b and w are exchanged; the order is (v, c, b, w)": (
                lambda t, x, y: unit_gradient(t, x, y)[[0, 1, 3, 2]]
            ),
            "that is the mean over the points; L is their sum": (
                lambda t, x, y: unit_gradient(t, x, y) / len(x)
            ),
            "that is the mean over the points, and the 2 is missing; L is their sum": (
                lambda t, x, y: unit_gradient(t, x, y) / len(x) / 2
            ),
            "the gradient has the wrong sign: r = v·relu(z) + c − y, and no minus before it": (
                lambda t, x, y: -unit_gradient(t, x, y)
            ),
            "the entries for b and w are multiplied by v: what the unit gives is v·relu(z)": (
                _without_v
            ),
            "the entry for w has the factor x more than that for b": _without_x,
            "the residual is missing: the derivative of r² is 2r times that of r": (
                _without_residual
            ),
            "the entry for v is multiplied by relu(z), not by the gate": _gate_for_relu,
            "the gate is missing for b and w: where w·x + b <= 0 they get no gradient": (
                _no_gate_on_b_and_w
            ),
            "the order is (v, c, b, w); yours is the reverse": (
                lambda t, x, y: unit_gradient(t, x, y)[::-1]
            ),
            "the entries for v and c are exchanged; the order is (v, c, b, w)": (
                lambda t, x, y: unit_gradient(t, x, y)[[1, 0, 2, 3]]
            ),
            "those are the gradients of every point; L is their sum": _at_each_point,
            "the entry for v is multiplied by relu(z), not by z: where the unit is off, it "
            "gives 0": (lambda t, x, y: _entry(t, x, y, 0, lambda p: p.r * p.z)),
            "the entry for v is multiplied by relu(z), what v is multiplied with, not by v": (
                lambda t, x, y: _entry(t, x, y, 0, lambda p: p.r * p.v)
            ),
            "the entry for v is multiplied by relu(z), not by x": (
                lambda t, x, y: _entry(t, x, y, 0, lambda p: p.r * p.x)
            ),
            "the entry for c is the sum of 2r: c stands alone, so its factor is 1 and not c": (
                lambda t, x, y: _entry(t, x, y, 1, lambda p: p.r * p.c)
            ),
            "the entry for c is the sum of 2r over the points, not 2": (
                lambda t, x, y: _entry(t, x, y, 1, lambda p: 1 / len(p.x) + 0 * p.x)
            ),
            "the entry for c is the sum of 2r over the points: c counts, though it stands alone": (
                lambda t, x, y: _entry(t, x, y, 1, lambda p: 0 * p.x)
            ),
            "∂z/∂b is 1, not b": (
                lambda t, x, y: _entry(t, x, y, 2, lambda p: p.r * p.v * p.on * p.b)
            ),
            "∂z/∂b is 1; the factor x belongs to w alone": (
                lambda t, x, y: _entry(t, x, y, 2, lambda p: p.r * p.v * p.on * p.x)
            ),
            "the factor v is missing in the entry for b": (
                lambda t, x, y: _entry(t, x, y, 2, lambda p: p.r * p.on)
            ),
            "the factor v is missing in the entry for w": (
                lambda t, x, y: _entry(t, x, y, 3, lambda p: p.r * p.on * p.x)
            ),
            "∂z/∂w is x, not w": (
                lambda t, x, y: _entry(t, x, y, 3, lambda p: p.r * p.v * p.on * p.w)
            ),
            "in the entry for w multiply by x at each point, before you add them up": (
                lambda t, x, y: _entry(t, x, y, 3, lambda p: p.r * p.v * p.on * np.sum(p.x))
            ),
            "x keeps its sign in the entry for w": (
                lambda t, x, y: _entry(t, x, y, 3, lambda p: p.r * p.v * p.on * np.abs(p.x))
            ),
            "v keeps its sign in the entries for b and w": (
                lambda t, x, y: _sums(
                    t,
                    x,
                    y,
                    lambda p: (
                        p.r * p.out,
                        p.r,
                        p.r * abs(p.v) * p.on,
                        p.r * abs(p.v) * p.on * p.x,
                    ),
                )
            ),
            "the derivative of relu is the gate, 0 or 1, and not relu itself": (
                lambda t, x, y: _sums(
                    t,
                    x,
                    y,
                    lambda p: (p.r * p.out, p.r, p.r * p.v * p.out, p.r * p.v * p.out * p.x),
                )
            ),
            "multiply at each point, and add up last: a sum of products is no product of sums": (
                lambda t, x, y: 2 * _products_of_sums(t, x, y)
            ),
            "the residual enters once: the derivative of r² is 2r times that of r": (
                lambda t, x, y: _with_residual(t, x, y, lambda p: p.r**2)
            ),
            "that is the gradient of Σ|r|, with the signs of the residuals: L squares them": (
                lambda t, x, y: _with_residual(t, x, y, lambda p: np.sign(p.r) / 2)
            ),
            "c is missing in the residual: r = v·relu(z) + c − y": (
                lambda t, x, y: _with_residual(t, x, y, lambda p: p.r - p.c)
            ),
            "v is missing in the residual: r = v·relu(z) + c − y": (
                lambda t, x, y: _with_residual(t, x, y, lambda p: p.out + p.c - p.y)
            ),
            "relu is missing in the residual: r = v·relu(z) + c − y": (
                lambda t, x, y: _with_residual(t, x, y, lambda p: p.v * p.z + p.c - p.y)
            ),
            "y is missing in the residual: r = v·relu(z) + c − y": (
                lambda t, x, y: _with_residual(t, x, y, lambda p: p.r + p.y)
            ),
            "the gate asks whether z = w·x + b is positive, not x": (
                lambda t, x, y: _with_gate(t, x, y, lambda p: p.x > 0)
            ),
            "the gate asks whether z is positive, not what comes out, v·relu(z) + c": (
                lambda t, x, y: _with_gate(t, x, y, lambda p: p.r + p.y > 0)
            ),
            "the gate is turned around: it is 1 where z > 0": (
                lambda t, x, y: _with_gate(t, x, y, lambda p: p.z < 0)
            ),
            "θ = (v, c, b, w) has been taken apart as (v, c, w, b)": (
                lambda t, x, y: unit_gradient(t[[0, 1, 3, 2]], x, y)
            ),
            "θ = (v, c, b, w) has been taken apart in the reverse order": (
                lambda t, x, y: unit_gradient(t[::-1], x, y)
            ),
            "that is the first point alone: L is a sum over all of them": (
                lambda t, x, y: unit_gradient(t, x[:1], y[:1])
            ),
            "that is the last point alone: is there = in place of +=?": (
                lambda t, x, y: unit_gradient(t, x[-1:], y[-1:])
            ),
            "the last point is missing: `range(n)` ends with n − 1 by itself": (
                lambda t, x, y: unit_gradient(t, x[:-1], y[:-1])
            ),
            "theta is (v, c, b, w), in this order; you took it for (v, w, b, c)": (
                lambda t, x, y: unit_gradient(t[[0, 3, 2, 1]], x, y)
            ),
            "theta is (v, c, b, w), in this order; you took it for (w, b, v, c)": (
                lambda t, x, y: unit_gradient(t[[2, 3, 1, 0]], x, y)
            ),
            "the derivative of relu is 0 where z is negative, not −1: the gate is 0 or 1": (
                lambda t, x, y: _with_gate(t, x, y, lambda p: np.sign(p.z))
            ),
            "multiply at every point, and add up then: yours multiplies the sums": (
                lambda t, x, y: (
                    2
                    * np.sum(_parts(t, x, y)[0])
                    * np.array(
                        [
                            np.sum(_parts(t, x, y)[2]),
                            1.0,
                            t[0] * np.sum(_parts(t, x, y)[1]),
                            t[0] * np.sum(_parts(t, x, y)[1] * x),
                        ]
                    )
                )
            ),
        },
        equivalent={
            "exactly on the kink there is no derivative": ["z > 0 → z >= 0"],
            "the larger of two is the same in both orders": ["np.maximum(z, 0) → np.maximum(0, z)"],
        },
        why="For a dead unit all gates are 0: only c still moves, and c cannot wake the unit up.",
    ),
    Exercise(
        name="mean_bias",
        title="a bias for a wanted activity (medium)",
        task="A unit's weighted sum is N(0, 1). Return the bias μ with which it is "
        "<i>active</i> with probability <code>active</code>. <code>norm.cdf</code> is Φ, "
        "<code>norm.ppf</code> its inverse.",
        hints=(
            "The unit is active when sum + μ > 0, so when the sum exceeds −μ.",
            "P(sum > −μ) = 1 − Φ(−μ). The bell curve is symmetric: what is that in terms of Φ(μ)?",
        ),
        solution=mean_bias,
        inputs=[(0.5,), (0.9,), (0.0228,), (0.3085,), (0.75,)],
        mistakes={
            "the sign is turned around: a rarer activity needs a more negative bias": (
                lambda active: norm.ppf(1 - active)
            ),
            "that is Φ itself; you need its inverse": lambda active: norm.cdf(active),
            "you return a probability; the bias with that probability was asked for": (
                lambda active: 1 - norm.cdf(active)
            ),
            "that is the density; the inverse of Φ is asked for": lambda active: norm.pdf(active),
            "1/Φ is not the inverse function of Φ": lambda active: 1 / norm.cdf(active),
            "that is `active` itself: the inverse of Φ undoes Φ, and the other way round": (
                lambda active: norm.ppf(norm.cdf(active))
            ),
            "only the size is right: rare activity needs a negative bias": (
                lambda active: np.abs(norm.ppf(active))
            ),
            "a probability has two tails only where both count; here the sum must exceed −μ": (
                lambda active: norm.ppf(1 - active / 2)
            ),
            "that counts from the middle, on both sides; the unit is active when the sum "
            "exceeds −μ": (lambda active: norm.ppf((1 + active) / 2)),
            "halves belong to two tails, and only one counts: the unit is active when the sum "
            "exceeds −μ": (lambda active: norm.ppf(active / 2)),
            "that is the inverse of the logistic function; the sum is normal, so take that of Φ": (
                lambda active: np.log(active / (1 - active))
            ),
            "the inverse of Φ takes the probability as it is, not 2p − 1": (
                lambda active: norm.ppf(2 * active - 1)
            ),
            "active is a probability already, not a percentage": (
                lambda active: norm.ppf(active / 100)
            ),
            "Φ is no straight line: the inverse of Φ is asked for": (lambda active: active - 0.5),
            "the inverse of Φ takes the probability as it is; take no ½ away": (
                lambda active: norm.ppf(active - 0.5)
            ),
            "that is the logarithm of Φ; its inverse is asked for": (
                lambda active: norm.logcdf(active)
            ),
            "Φ(z) = (1 + erf(z/√2))/2, so its inverse is √2 · erfinv(2p − 1): the −1 is missing": (
                lambda active: np.sqrt(2) * erfinv(2 * active)
            ),
            "the inverse of Φ takes the probability; do not take the density before": (
                lambda active: norm.ppf(norm.pdf(active))
            ),
            "that is √2 times too small: erfinv(2p − 1) has to be multiplied by √2": (
                lambda active: norm.ppf(active) / np.sqrt(2)
            ),
        },
        equivalent={"a probability is not negative": ["active: unsigned"]},
        why="By symmetry 1 − Φ(−μ) = Φ(μ). For a chance of 2 % to be active on a given "
        "input, over the random weights, μ must be −2.",
    ),
    Exercise(
        name="parity_signal",
        title="what a gradient knows about a parity (hard)",
        task="X holds all 2<sup>d</sup> sign vectors, one per row; g one value per row, say the "
        "derivative of a network's output by one of its weights. The parity of a subset S of "
        "columns is h<sub>S</sub>(x) = Π<sub>i∈S</sub> x<sub>i</sub> (1 for the empty set). Return "
        "the mean, over all 2<sup>d</sup> subsets, of (mean over x of h<sub>S</sub>(x) g(x))².",
        hints=(
            "For one subset S, <code>h = np.prod(X[:, list(S)], axis=1)</code>; its correlation "
            "with g is <code>np.mean(h * g)</code>.",
            "<code>itertools.combinations(range(d), size)</code>, for size 0 to d, lists all "
            "subsets; or let the bits of the numbers 0 … 2<sup>d</sup> − 1 choose the columns.",
            "Square each correlation first, then take the mean over all 2<sup>d</sup> of them.",
        ),
        solution=parity_signal,
        inputs=_PARITY_INPUTS,
        mistakes={
            "you took the d single columns only; there are 2^d subsets": _single_coordinates,
            "square each correlation before the mean, or they cancel": _unsquared,
            "that is 2^d times the right one, mean(g²): take the mean over the subsets, and "
            "square after the mean over x": (lambda X, g: parity_signal(X, g) * len(X)),
            "the empty set belongs to the subsets: its parity is 1 everywhere": (
                lambda X, g: np.mean(_correlations(X, g)[1:] ** 2)
            ),
            "the empty set is missing in the sum, though it is counted": (
                lambda X, g: np.sum(_correlations(X, g)[1:] ** 2) / len(X)
            ),
            "the correlation is a mean over x; yours is a sum, or 2^d multiplies where it "
            "divides": (lambda X, g: parity_signal(X, g) * len(X) ** 2),
            "square the correlation, not only its sign away": (
                lambda X, g: np.mean(np.abs(_correlations(X, g)))
            ),
            "that is the mean of g, squared: the parities are missing": (
                lambda X, g: np.mean(g) ** 2
            ),
            "that is the largest; the mean over the subsets was asked for": (
                lambda X, g: np.max(_correlations(X, g) ** 2)
            ),
            "that is the root of the mean; the mean of the squares was asked for": (
                lambda X, g: np.sqrt(parity_signal(X, g))
            ),
            "those are the squares for each subset; take their mean": (
                lambda X, g: _correlations(X, g) ** 2
            ),
            "that is the one parity of all columns; there are 2^d subsets": (
                lambda X, g: np.mean(np.prod(X, axis=1) * g) ** 2
            ),
            "that is the variance of g: the parities are missing": (lambda X, g: np.var(g)),
            "square each correlation, and take the mean last: yours squares the mean": (
                lambda X, g: np.mean(_correlations(X, g)) ** 2
            ),
            "the set of all columns belongs to the subsets": (
                lambda X, g: np.mean(_correlations(X, g)[:-1] ** 2)
            ),
            "the set of all columns is missing in the sum: sizes go from 0 to d, `range(d + 1)`": (
                lambda X, g: np.sum(_correlations(X, g)[:-1] ** 2) / len(X)
            ),
            "a parity is the product of its columns, not their sum": (
                lambda X, g: np.mean((_subsets(X) @ X.T @ g / len(g)) ** 2)
            ),
            "those are the pairs of columns; all sizes from 0 to d count": (
                lambda X, g: np.mean(_correlations(X, g)[_subsets(X).sum(axis=1) == 2] ** 2)
            ),
            "those are the empty set and the single columns; all sizes from 0 to d count": (
                lambda X, g: np.mean(_correlations(X, g)[_subsets(X).sum(axis=1) <= 1] ** 2)
            ),
            "those are the first columns, 0 to d of them; every subset counts": (
                lambda X, g: np.mean(
                    [np.mean(np.prod(X[:, :k], axis=1) * g) ** 2 for k in range(X.shape[1] + 1)]
                )
            ),
            "there are 2^d subsets, not d": (lambda X, g: np.mean(g**2) / X.shape[1]),
            "there are 2^d subsets: divide by 2 ** d": (
                lambda X, g: np.mean(g**2) / 2 * X.shape[1]
            ),
            "there are 2^d subsets, not d²": (lambda X, g: np.mean(g**2) / X.shape[1] ** 2),
            "the mean of g² enters as it is, without a root": (
                lambda X, g: np.sqrt(np.mean(g**2)) / len(X)
            ),
            "the mean of the squares of g is no square of its mean": (
                lambda X, g: np.mean(g) ** 2 / len(X)
            ),
            "the squares of g, not of its sizes' mean": (
                lambda X, g: np.mean(np.abs(g)) ** 2 / len(X)
            ),
            "the mean over x is squared; yours is the root of a mean of squares": (
                lambda X, g: np.sqrt(np.mean(g**2))
            ),
            "square each correlation as a whole, and on its own: not g alone, and not their sum": (
                lambda X, g: np.mean(_correlations(X, g**2))
            ),
            "that is the variance over x; the square of the mean over x is asked for": (
                lambda X, g: np.mean(np.mean(g**2) - _correlations(X, g) ** 2)
            ),
            "that is the variance over the subsets; the mean of the squares is asked for": (
                lambda X, g: np.var(_correlations(X, g))
            ),
            "that is the median; the mean is asked for": (
                lambda X, g: np.median(_correlations(X, g) ** 2)
            ),
            "that is a squared error between h and g; their correlation is a mean of h · g": (
                lambda X, g: np.mean(1 + np.mean(g**2) - 2 * _correlations(X, g))
            ),
            "only the last subset, of all columns, counts in it: is there = in place of +=?": (
                lambda X, g: _correlations(X, g)[-1] ** 2 / len(X)
            ),
            "the mean over x divides by the number of rows, not by that of columns, and comes "
            "before the square": (
                lambda X, g: np.mean((len(g) * _correlations(X, g)) ** 2 / X.shape[1])
            ),
            "each correlation is squared, and the mean over x is taken once": (
                lambda X, g: np.mean(_correlations(X, g)) / len(g)
            ),
            "the mean over x keeps the mean of g: the empty set has a correlation too, and n "
            "divides, not n − 1": (
                lambda X, g: np.sum((_correlations(X, g)[1:] * len(g) / (len(g) - 1)) ** 2) / len(g)
            ),
            "the mean over the subsets divides by 2^d, not by one less": (
                lambda X, g: np.sum(_correlations(X, g) ** 2) / (len(g) - 1)
            ),
            "you took the d single columns only, and did not square their correlations": (
                lambda X, g: np.mean(X.T @ g / len(g))
            ),
            "that is the one parity of all columns, and it is not squared": (
                lambda X, g: np.mean(np.prod(X, axis=1) * g)
            ),
            "only the single columns are in the sum; there are 2^d subsets": (
                lambda X, g: np.sum((X.T @ g / len(g)) ** 2) / len(X)
            ),
            "that is the mean of g, the correlation with the empty set alone, and it is not "
            "squared": (lambda X, g: np.mean(g)),
            "the squares of g are added, not its sizes": (lambda X, g: np.mean(np.abs(g)) / len(g)),
            "divide by the 2^d subsets and by the number of x; yours has 2 to the power of the "
            "latter": (lambda X, g: np.sum(g**2) / 2.0 ** len(g)),
            "the correlation is the mean over x, the rows; yours is taken over the columns": (
                lambda X, g: np.mean((X * g[:, None]).mean(axis=1) ** 2)
            ),
            "those are the pairs of columns alone; every subset counts, of any size": (
                lambda X, g: (
                    sum(
                        np.mean(X[:, i] * X[:, j] * g) ** 2
                        for i in range(X.shape[1])
                        for j in range(i + 1, X.shape[1])
                    )
                    / 2.0 ** X.shape[1]
                )
            ),
        },
        equivalent={
            "the parities are orthonormal: their order, signs and repetitions do not count": [
                "parities @ g → g @ parities",
                "2 → 4",
                "1 → 0 (2)",
                "1 → -1 (3)",
                "X: rows reversed",
                "X: columns reversed",
                "X: its mean row subtracted",
                "g: sorted",
                "g: reversed",
                "g: unsigned",
            ],
            "X holds signs, one row for each value of g": [
                "X: rounded",
                "g → X (2)",
                "len(g) → np.shape(g)[-1]",
                "X.shape[1] → X.shape[-1]",
                "X[None, :, :] → X",
                "np.prod(np.where(subsets[:, None, :] == 1, X[None, :, :], 1), axis=2) → "
                "np.prod(np.where(subsets[:, None, :] == 1, X[None, :, :], 1), axis=-1)",
            ],
            "a square is not negative": ["the answer → np.abs(…)", "the answer → np.maximum(…, 0)"],
        },
        why="The 2<sup>d</sup> parities are orthonormal, so the result is mean(g²)/2<sup>d</sup> "
        "whatever the network: the gradient hardly depends on which parity it should learn. At "
        "d = 30 the difference is some 2<sup>−15</sup> of the gradient's size, and the noise of a "
        "minibatch hides it (after Shalev-Shwartz, Shamir and Shammah 2017).",
    ),
]

lesson = Lesson(
    "03_relu_blind_spots",
    title="ReLU blind spots",
    question="Do bad minima exist?",
    minutes=(45, 90),
    needs="01",
    sources="S36–S44",
    covers=COVERS,
    predictions=PREDICTIONS,
    exercises=EXERCISES,
    claims=CLAIMS,
)
