"""Predictions and exercises of notebook 05."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from lecture_utils.studio.lesson import Lesson
from lecture_utils.studio.questions import Exercise, Prediction

from .claims import CLAIMS, COVERS

PREDICTIONS = [
    Prediction(
        name="on_the_way",
        question="A network was trained with thousands of small random steps. Now walk from its "
        "start to its solution in a straight line. What does the loss do on the way?",
        options={
            "it falls all the way": "No hill, no bump: on this line one could not tell that the "
            "loss is not convex.",
            "it climbs a hill first": "If local minima were everywhere, a line from the start "
            "should soon meet one. Does it?",
            "many small bumps": "So the picture in one's head often looks. A line through many "
            "dimensions sees little of that.",
            "flat, then a cliff": "That was the chain of deep linear layers in notebook 02, along "
            "its diagonal from the origin.",
        },
        answer="it falls all the way",
        reveal="The next cell walks, for three seeds.",
    ),
    Prediction(
        name="beyond",
        question="Training stopped at α = 1. You keep walking in the same direction. Where is the "
        "lowest loss on the line?",
        options={
            "before α = 1": "Then training would have overshot. It can happen when the learning "
            "rate is large.",
            "exactly at α = 1": "At a minimum it would be so. But training was stopped, "
            "it did not arrive.",
            "a little beyond α = 1": "Cross-entropy rewards being more certain, so a longer step "
            "the same way helps, until the line leaves the valley.",
            "it falls for ever": "On the digits that are classified correctly it might. "
            "But soon some of them are not.",
        },
        answer="a little beyond α = 1",
    ),
    Prediction(
        name="between",
        question="Two networks, two random starts, both with over 99 % of the digits right. Take "
        "the <i>mean</i> of their parameters. What does this network do?",
        options={
            "about as well as the two": "For a convex loss it would do at least as well as the "
            "two on average.",
            "far worse than both": "The mean is a network that nobody trained: its units are "
            "mixtures of units with different tasks.",
            "no better than guessing": "Guessing would read 10 % of the digits. The mean still "
            "does much better than that.",
        },
        answer="far worse than both",
        reveal="For a convex loss the value at the mean never exceeds the mean of the values.",
    ),
    Prediction(
        name="how_much_is_order",
        question="Now reorder the hidden units of the second network so that they resemble those "
        "of the first. Its function stays the same. What is left of the hill between the two?",
        options={
            "all of it": "The function is the same, but the point in parameter space is another, "
            "and so is the line to it.",
            "about half": "A fair guess. Look at the next figure.",
            "a small part": "Most of the hill separates two orders of nearly the same units.",
            "nothing at all": "That is the conjecture for very wide networks, if one finds the "
            "best order. We find a good one.",
        },
        answer="a small part",
    ),
    Prediction(
        name="real_path",
        question="Training started at one end of the line and stopped at the other. How far from "
        "the line was it in between, measured in lengths of the line?",
        options={
            "less than 1 %": "Then the line would be a good map of the path. It is not that good.",
            "around a third": "The path is a bow. It goes one way first and turns later.",
            "more than the whole length": "Not even a random walk does that: its distance from "
            "the line to its end is about half of the line's length.",
        },
        answer="around a third",
    ),
]


# --- 1: curvature from a profile ------------------------------------------------------------------


def curvature_along(before, here, after, h, length):
    return (before - 2 * here + after) / (h * length) ** 2


_PROFILES = [(1.3, 1.0, 1.1, 0.1, 2.0), (0.02, 0.01, 0.05, 0.05, 3.0), (0.5, 0.6, 0.5, 0.2, 0.5)]

# --- 2: a control point -----------------------------------------------------------------------


def control_for(a, m, b):
    return 2 * m - (a + b) / 2


_rng = np.random.default_rng(5)
_CURVES = [
    (np.array([0.0, 0.0]), np.array([1.0, 1.0]), np.array([2.0, 0.0])),
    tuple(_rng.standard_normal((3, 4)).round(2)),
]

# --- 3: another order of the units ------------------------------------------------------------


def reordered(W1, b1, W2, order):
    return W1[:, order], b1[order], W2[order]


def _layer(inputs, units, outputs, seed):
    rng = np.random.default_rng(seed)
    sizes = ((inputs, units), (units,), (units, outputs))
    return (*(rng.standard_normal(size).round(2) for size in sizes), np.roll(np.arange(units), 1))


_LAYERS = [_layer(3, 4, 4, 2), _layer(4, 5, 5, 1), _layer(4, 4, 4, 3)]


def _check_reordered(attempt):
    for W1, b1, W2, order in _LAYERS:
        new = attempt(W1.copy(), b1.copy(), W2.copy(), order.copy())
        if not isinstance(new, (tuple, list)) or len(new) != 3:
            return "three arrays are asked for: the new W1, b1 and W2"
        V1, c1, V2 = map(np.asarray, new)
        shapes = [
            (array.shape, old.shape) for array, old in zip((V1, c1, V2), (W1, b1, W2), strict=True)
        ]
        if any(found != wanted for found, wanted in shapes):
            return (
                f"the shapes must stay {[w for _, w in shapes]}, but are {[f for f, _ in shapes]}"
            )
        if np.allclose(V1, W1[order, :] if W1.shape[0] == len(order) else V1 + 1):
            return "you permuted the rows of W1, that is its inputs; a unit is a column of W1"
        if np.allclose(V1, W1):
            return "W1 has not changed: the columns of W1 are the units"
        if not np.allclose(V1, W1[:, order]):
            return (
                f"column i of the new W1 must be column order[i] of the old one; order is {order}"
            )
        if np.allclose(c1, b1):
            return "the biases stayed where they were: each belongs to its unit"
        if np.allclose(V2, W2):
            return "W2 has not changed: its rows wait for the units in their old order"
        if np.allclose(V2, W2[:, order]):
            return "you permuted the columns of W2, that is the outputs; a unit feeds a row of W2"
        x = np.linspace(-1, 1, 5 * len(W1)).reshape(5, -1)
        before, after = np.tanh(x @ W1 + b1) @ W2, np.tanh(x @ V1 + c1) @ V2
        if not np.allclose(before, after):
            gap = np.abs(before - after).max()
            return f"the function has changed: for order {order} the outputs differ by {gap:.2g}"
    return None


# --- 4: orders and signs ----------------------------------------------------------------------


def match(likeness):
    _, order = linear_sum_assignment(np.abs(likeness), maximize=True)
    return order, np.sign(likeness[np.arange(len(order)), order])


_LIKENESS = [
    (np.array([[0.1, -3.0, 0.2], [0.3, -2.5, 2.0], [1.0, 0.2, 0.5]]),),
    (np.array([[3.0, 2.9, 0.1], [2.9, 0.5, -0.2], [0.3, 0.1, -1.0]]),),
    (np.random.default_rng(3).standard_normal((6, 6)).round(2),),
]


def _no_flip(likeness):
    _, order = linear_sum_assignment(likeness, maximize=True)
    return order, np.sign(likeness[np.arange(len(order)), order])


def _greedy(likeness):
    order = np.argmax(np.abs(likeness), axis=1)
    return order, np.sign(likeness[np.arange(len(order)), order])


def _cheapest(likeness):
    _, order = linear_sum_assignment(np.abs(likeness))
    return order, np.sign(likeness[np.arange(len(order)), order])


EXERCISES = [
    Exercise(
        name="curvature_along",
        title="what a profile says about the Hessian (easy)",
        task="A profile has the losses <code>before</code>, <code>here</code> and "
        "<code>after</code> at α = 1 − h, 1 and 1 + h, and the line from start to solution has the "
        "length ‖d‖ = <code>length</code>. Return the curvature vᵀHv at the solution along the "
        "<i>unit</i> vector v = d/‖d‖ (notebook 01), by a second difference.",
        hints=(
            "The second derivative of a function f is about (f(x − h) − 2f(x) + f(x + h))/h².",
            "A step of h in α is a step of h·‖d‖ along v.",
        ),
        solution=curvature_along,
        inputs=_PROFILES,
        mistakes={
            "that is the second derivative with respect to α: along v a step h has the length "
            "h·‖d‖": lambda before, here, after, h, length: (before - 2 * here + after) / h**2,
            "the length enters squared, as h does": lambda before, here, after, h, length: (
                (before - 2 * here + after) / (h**2 * length)
            ),
            "you multiplied by the squared length: divide by it": (
                lambda before, here, after, h, length: (
                    (before - 2 * here + after) / h**2 * length**2
                )
            ),
            "the middle loss counts twice: before − 2·here + after": (
                lambda before, here, after, h, length: (before - here + after) / (h * length) ** 2
            ),
            "that is a slope: a curvature needs the second difference": (
                lambda before, here, after, h, length: (after - before) / (2 * h * length)
            ),
        },
        why="One line gives one number of the Hessian, of N(N + 1)/2.",
    ),
    Exercise(
        name="control_for",
        title="bend the path by hand (easy)",
        task="Return the control point c for which the curve "
        "(1 − t)² a + 2t(1 − t) c + t² b passes through the point m at t = ½.",
        hints=(
            "Put t = ½ into the formula: which weights do a, c and b get?",
            "m = a/4 + c/2 + b/4. Solve it for c.",
        ),
        solution=control_for,
        inputs=_CURVES,
        mistakes={
            "the curve does not pass through its control point: at t = ½ that has weight ½ only": (
                lambda a, m, b: m
            ),
            "a and b have the weight ¼ each at t = ½, and dividing by ½ leaves ½": lambda a, m, b: (
                2 * m - (a + b)
            ),
            "you forgot to divide by the control point's weight ½": lambda a, m, b: m - (a + b) / 4,
        },
        why="So the curve swings out half as far as its control point.",
    ),
    Exercise(
        name="reordered",
        title="same function, another point (medium)",
        task="A layer computes σ(x W1 + b1) W2. Return (W1, b1, W2) with the units in another "
        "order: the new unit i is the old unit <code>order[i]</code>. The function must not "
        "change.",
        hints=(
            "One unit owns a column of W1, an entry of b1 and a row of W2.",
            "<code>W[:, order]</code> takes columns in a new order, <code>W[order]</code> rows.",
        ),
        solution=reordered,
        check=_check_reordered,
        mistakes={
            "b1 forgotten": lambda W1, b1, W2, order: (W1[:, order], b1, W2[order]),
            "W2 forgotten": lambda W1, b1, W2, order: (W1[:, order], b1[order], W2),
            "columns of W2": lambda W1, b1, W2, order: (W1[:, order], b1[order], W2[:, order]),
            "the inverse order": lambda W1, b1, W2, order: (
                W1[:, np.argsort(order)],
                b1[np.argsort(order)],
                W2[np.argsort(order)],
            ),
        },
        why="n units have n! orders: 64 units give more copies of one function than there are "
        "atoms in the universe.",
    ),
    Exercise(
        name="match",
        title="orders and signs (hard)",
        task="For tanh a unit may also be <i>flipped</i>: both its incoming and its outgoing "
        "weights change sign, and the function stays. <code>likeness[i, j]</code> is Σ of the "
        "products of unit i's weights in network A with unit j's in B. Return (order, signs): "
        "which unit of B takes place i, and whether it is flipped (−1) or not (+1), so that the "
        "total likeness Σ signs[i]·likeness[i, order[i]] is as large as possible.",
        hints=(
            "Flipping unit j turns the sign of its likeness with everyone. So how large can the "
            "likeness of a pair be made?",
            "<code>scipy.optimize.linear_sum_assignment(M, maximize=True)</code> returns (rows, "
            "columns) of the best pairing; np.abs makes every pair as good as a flip can.",
            "The sign is read at the chosen pairs: "
            "<code>np.sign(likeness[np.arange(n), order])</code>.",
        ),
        solution=match,
        inputs=_LIKENESS,
        mistakes={
            "a unit that resembles with the opposite sign is as good, after a flip: use np.abs": (
                _no_flip
            ),
            "taking the best partner for each unit alone uses a unit of B twice: it must be a "
            "one-to-one pairing": _greedy,
            "you paired the least similar units: the default of the assignment is to minimize": (
                _cheapest
            ),
            "the signs must be those of the chosen pairs, in the new order": lambda likeness: (
                match(likeness)[0],
                np.sign(np.diag(likeness)),
            ),
        },
        why="n units with tanh have n!·2ⁿ equivalent places (notebook 00).",
    ),
]

lesson = Lesson(
    "05_loss_profiles_1d",
    title="Loss profiles",
    question="Is there a hill on the way to a solution, or between two?",
    minutes=(45, 90),
    needs="01",
    sources="S56–S63",
    covers=COVERS,
    predictions=PREDICTIONS,
    exercises=EXERCISES,
    claims=CLAIMS,
)
