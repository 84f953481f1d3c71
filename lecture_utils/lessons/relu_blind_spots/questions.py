"""Predictions and exercises of notebook 03."""

import numpy as np
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
            "it never falls": "Near A the points at −1 and 1 stay inactive. They see only the "
            "constant c, and c = 0 is their best: 9 + 9.",
            "it falls in about half the directions": "So it would on a slope, or at a saddle along "
            "some of its directions. But A is no saddle.",
            "it falls in a few directions": "In four dimensions a narrow way down could hide. Here "
            "a two-line proof excludes it.",
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
            "about 2 %": "A layer of 2 dies with a chance of up to ¼, and there are 20 of them.",
            "about 25 %": "That is about one layer's risk. The risks add up over 20 layers.",
            "about 60 %": "That is where 5 hidden layers stand.",
            "about 99 %": "Measured: 0.99. The upper bound, 1 − ¾ to the power of 20, is 0.997 and "
            "nearly reached.",
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
            "the residual is turned around: r = v·relu(z) + c − y": (
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
            "the inverse of Φ wants a probability: do not take Φ before": (
                lambda active: norm.ppf(norm.cdf(active))
            ),
            "only the size is right: rare activity needs a negative bias": (
                lambda active: np.abs(norm.ppf(active))
            ),
            "a probability has two tails only where both count; here the sum must exceed −μ": (
                lambda active: norm.ppf(1 - active / 2)
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
            "that is the sum over the subsets; the mean was asked for": (
                lambda X, g: parity_signal(X, g) * len(X)
            ),
            "the empty set belongs to the subsets: its parity is 1 everywhere": (
                lambda X, g: np.mean(_correlations(X, g)[1:] ** 2)
            ),
            "the empty set is missing in the sum, though it is counted": (
                lambda X, g: np.sum(_correlations(X, g)[1:] ** 2) / len(X)
            ),
            "the correlation is a mean over x; yours is a sum": (
                lambda X, g: parity_signal(X, g) * len(X) ** 2
            ),
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
