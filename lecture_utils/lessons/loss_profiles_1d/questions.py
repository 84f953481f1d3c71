"""Predictions and exercises of notebook 05."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from lecture_utils.studio.lesson import Lesson
from lecture_utils.studio.questions import Exercise, Prediction

from .claims import CLAIMS, COVERS

PREDICTIONS = [
    Prediction(
        name="on_the_way",
        question="The network was trained by 840 small steps, each on 64 digits. Now walk from "
        "its start θ₀ to its end A in a straight line. What does the loss do on the way?",
        options={
            "it climbs a hill first": "If hills were everywhere, a line from the start should soon "
            "meet one. Does it?",
            "many small bumps": "So the picture in one's head often looks. A line through many "
            "dimensions sees little of that.",
            "it falls all the way": "No hill, no bump: on this line one could not tell that the "
            "loss is anything but a bowl.",
            "flat, then a cliff": "That was the chain of deep linear layers in notebook 02, along "
            "its diagonal from the origin.",
        },
        answer="it falls all the way",
        reveal="The next cell walks.",
    ),
    Prediction(
        name="between",
        question="A and B both read more than 99 % of the digits. Take the <i>mean</i> of their "
        "parameters, the place halfway between them. What does this network do?",
        options={
            "about as well as the two": "So it would be if the loss were a bowl with both of them "
            "in it.",
            "somewhat worse: about 95 % right": "A mild loss. What if the two had divided the work "
            "among their units in different ways?",
            "far worse: between 50 and 90 % right": "The mean is a network that nobody trained, "
            "and its units are mixtures of units with different tasks.",
            "no better than guessing": "Guessing would read 10 % of the digits. The mean still "
            "does much better than that.",
        },
        answer="far worse: between 50 and 90 % right",
    ),
    Prediction(
        name="own_copy",
        question="The copy computes exactly the same function as A. What is the barrier on the "
        "straight line from A to its copy?",
        options={
            "none, since they are the same network": "The same function, but another point: the "
            "line between the two points passes through other networks.",
            "a tenth of that between A and B": "It depends on how many units moved, and nearly all "
            "of them have.",
            "about as high as between A and B": "For the line it makes no difference whether the "
            "other end is B or A itself under other names.",
            "ten times as high": "Halfway the network is a mixture of two solutions, as it is "
            "between A and B; there is no reason why it should be so much worse.",
        },
        answer="about as high as between A and B",
    ),
    Prediction(
        name="another_way",
        question="C is found by descent on the loss along the curve. How high is the barrier on "
        "the curve that is found, compared with that on the straight line from A to B?",
        options={
            "less than a hundredth of it": "Among 8970 directions there is one in which the curve "
            "passes the hill altogether.",
            "about a tenth of it, as after reordering": "That was what another order of the units "
            "left. Here the units keep their order.",
            "about half of it": "C can choose among 8970 directions, and a few of them might help "
            "somewhat.",
            "about as high": "So it would be if A and B lay in two valleys "
            "with a ridge between them that has no pass near by.",
        },
        answer="less than a hundredth of it",
    ),
    Prediction(
        name="another_start",
        question="Take the end of one run, and a random start which that run never saw. On "
        "the straight line from this start to this end, what does the loss do?",
        options={
            "it falls all the way": "What the line shows has little to do with where this "
            "training came from.",
            "it climbs a small hill": "Training from its own start would then be something "
            "special. On these lines it is not.",
            "it climbs as high as between A and B": "Between A and B two solutions are mixed. "
            "Here it is one solution, and weights that have no task yet.",
        },
        answer="it falls all the way",
    ),
    Prediction(
        name="which_chance",
        question="Train twice from <i>one</i> start, with the digits in different orders. What "
        "is the barrier between the two ends?",
        options={
            "next to nothing": "The start has already decided which unit will take which task.",
            "about half as high": "Then both kinds of chance would share the hill between them.",
            "about as high as between A and B": "Then the order of the digits alone would decide "
            "which unit takes which task.",
        },
        answer="next to nothing",
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


# --- in the core: a barrier, and another order of the units ---------------------------------------


def barrier(losses, alphas):
    return np.max(losses - ((1 - alphas) * losses[0] + alphas * losses[-1]))


_WAYS = [
    (np.array([0.3, 0.2, 1.1, 0.9, 0.5, 0.1]), np.linspace(0, 1, 6)),
    (np.array([0.1, 0.5, 1.2, 0.4, 0.9]), np.array([0.0, 0.1, 0.3, 0.6, 1.0])),
    (np.array([1.0, 0.1, 0.2, 0.75, 0.4]), np.linspace(0, 1, 5)),
    (np.array([1.0, 0.5, 0.3, 0.2, 0.1]), np.array([0.0, 0.2, 0.5, 0.7, 1.0])),
    (np.array([0.2, -0.6, 0.3, -1.5, -0.4]), np.array([0.0, 0.2, 0.5, 0.9, 1.0])),
    (np.array([0.0, 0.4, 0.0, 0.7, 0.0]), np.array([0.0, 0.25, 0.5, 0.75, 1.0])),
]


def _even(losses):
    return np.linspace(0, 1, len(losses))


def _chord(losses, alphas):
    return losses[0] + alphas * (losses[-1] - losses[0])


def reordered(W1, b1, W2, order):
    return W1[:, order], b1[order], W2[order]


def _layer(inputs, units, outputs, seed):
    rng = np.random.default_rng(seed)
    sizes = ((inputs, units), (units,), (units, outputs))
    W1, b1, W2 = (rng.standard_normal(size).round(1) for size in sizes)
    b1[0] = 0.0  # a unit without bias
    return W1, b1, W2


# More inputs and more outputs than units: an index on the wrong axis is wrong, but no error.
_LAYERS = [
    (*_layer(4, 3, 5, 2), np.array([2, 0, 1])),
    (*_layer(5, 4, 6, 1), np.array([3, 0, 1, 2])),
]


def _inverse(W1, b1, W2, order):
    back = np.argsort(order)
    return reordered(W1, b1, W2, back)


def bent(a, c, b, t):
    return (1 - t) ** 2 * a + 2 * t * (1 - t) * c + t**2 * b


# Three points of a plane, and three of a space; no t at which mistakes agree.
_BENDS = [
    (np.array([0.0, 0.0]), np.array([1.0, 2.0]), np.array([2.0, 0.0]), 0.5),
    (np.array([1.0, -1.0, 0.5]), np.array([0.3, 2.0, -0.4]), np.array([-2.0, 0.1, 1.0]), 0.3),
    (np.array([1.0, -1.0, 0.5]), np.array([0.3, 0.0, -0.4]), np.array([-2.0, 0.1, 1.0]), 0.8),
]


# --- behind it: the climb -------------------------------------------------------------------------


def climb(losses):
    lowest_so_far = np.minimum.accumulate(losses)
    return np.max(losses - lowest_so_far)


_DESCENTS = [
    (np.array([2.3, 1.0, 1.4, 0.3, 0.5, 0.9, 0.1]),),
    (np.array([0.5, 1.5, 0.2, 0.6, 0.9]),),
    (np.array([3.0, 2.0, 1.5, 0.4]),),
    (np.array([1.0, 0.2, 0.3, 0.8, 0.5]),),
    (np.array([0.8, 0.1, 0.4, 0.9]),),
    (np.array([0.3, 0.0, 0.4, -0.7, -0.2]),),
    (np.array([0.3, 0.0, 0.2, 0.1]),),
]


# --- 1: curvature from a profile ------------------------------------------------------------------


def curvature_along(before, here, after, h, length):
    return (before - 2 * here + after) / (h * length) ** 2


_PROFILES = [
    (1.3, 1.0, 1.1, 0.1, 2.0),
    (0.02, 0.01, 0.05, 0.05, 3.0),
    (0.5, 0.6, 0.5, 0.2, 0.5),
    (-0.5, -0.3, -0.2, 0.5, 2.5),
]

# --- 2: a control point -----------------------------------------------------------------------


def control_for(a, m, b):
    return 2 * m - (a + b) / 2


_rng = np.random.default_rng(5)
_CURVES = [
    (np.array([0.0, 1.0]), np.array([1.0, 0.0]), np.array([2.0, 0.5])),
    (np.array([1.0, 2.0]), np.array([0.5, 1.0]), np.array([0.0, 3.0])),
    tuple(_rng.standard_normal((3, 4)).round(2)),
]

# --- 3: orders and signs ----------------------------------------------------------------------


def match(likeness):
    _, order = linear_sum_assignment(np.abs(likeness), maximize=True)
    return order, np.sign(likeness[np.arange(len(order)), order])


_LIKENESS = [
    (np.array([[0.1, -3.0, 0.2], [0.3, -2.5, 2.0], [1.0, 0.2, 0.5]]),),
    (np.array([[3.0, 2.9, 0.1], [2.9, 0.5, -0.2], [0.3, 0.1, -1.0]]),),
    (np.random.default_rng(3).standard_normal((6, 6)).round(2),),
    (np.array([[3.0, -2.1, 0.1], [2.1, 0.1, 0.2], [0.2, 0.3, -1.5]]),),
    (np.array([[-9.0, 10.0], [0.5, 1.0]]),),
    (np.array([[1.0, -10.0], [0.5, 9.0]]),),
]


def _no_flip(likeness):
    _, order = linear_sum_assignment(likeness, maximize=True)
    return order, np.sign(likeness[np.arange(len(order)), order])


def _greedy(likeness):
    order = np.argmax(np.abs(likeness), axis=1)
    return order, np.sign(likeness[np.arange(len(order)), order])


def _greedy_for_B(likeness):
    order = np.argsort(np.argmax(np.abs(likeness), axis=0))
    return order, np.sign(likeness[np.arange(len(order)), order])


def _squared(likeness):
    _, order = linear_sum_assignment(likeness**2, maximize=True)
    return order, np.sign(likeness[np.arange(len(order)), order])


def _cheapest(likeness):
    _, order = linear_sum_assignment(np.abs(likeness))
    return order, np.sign(likeness[np.arange(len(order)), order])


EXERCISES = [
    Exercise(
        name="barrier",
        title="the barrier (in the lesson)",
        task="<code>losses</code> are the losses at the places <code>alphas</code>, from 0 to 1. "
        "Return the barrier, one number.",
        hints=(
            "At the place α the straight line between the end losses has the height "
            "(1 − α) L(A) + α L(B).",
            "<code>losses[0]</code> and <code>losses[-1]</code> are the end losses, and with "
            "<code>alphas</code> the line is an array like <code>losses</code>: how far above it "
            "is each loss?",
        ),
        solution=barrier,
        inputs=_WAYS,
        mistakes={
            "that is the largest loss: the barrier is measured from the line between the ends": (
                lambda losses, alphas: np.max(losses)
            ),
            "that is the height above the higher end; the barrier is measured from the line "
            "between the ends, at each place": lambda losses, alphas: (
                np.max(losses) - max(losses[0], losses[-1])
            ),
            "that is the height above the mean of the two ends, as some papers have it; ours is "
            "measured from the line between the ends, which is the mean only halfway": (
                lambda losses, alphas: np.max(losses) - (losses[0] + losses[-1]) / 2
            ),
            "that is the height above the first end": (
                lambda losses, alphas: np.max(losses) - losses[0]
            ),
            "that is the height above the lower end": (
                lambda losses, alphas: np.max(losses) - min(losses[0], losses[-1])
            ),
            "the ends are swapped: at α = 0 the line has the height losses[0]": (
                lambda losses, alphas: np.max(losses - _chord(losses, 1 - alphas))
            ),
            "the places need not be equally spaced: use alphas": (
                lambda losses, alphas: np.max(losses - _chord(losses, _even(losses)))
            ),
            "those are the heights above the line at every place; the largest is asked for": (
                lambda losses, alphas: losses - _chord(losses, alphas)
            ),
            "that is how far the loss sinks below the line": (
                lambda losses, alphas: np.max(_chord(losses, alphas) - losses)
            ),
            "a loss below the line is no barrier: no absolute value": (
                lambda losses, alphas: np.max(np.abs(losses - _chord(losses, alphas)))
            ),
            "that is where the barrier is; its height is asked for": (
                lambda losses, alphas: alphas[np.argmax(losses - _chord(losses, alphas))]
            ),
            "that is the climb: the rise above the lowest loss so far": (
                lambda losses, alphas: climb(losses)
            ),
            "that is the height in the middle of the way; the largest is asked for": (
                lambda losses, alphas: (
                    losses[len(losses) // 2] - _chord(losses, alphas)[len(losses) // 2]
                )
            ),
            "that is the mean height above the line; the largest is asked for": (
                lambda losses, alphas: np.mean(losses - _chord(losses, alphas))
            ),
            "that is the height of the line itself: subtract it from the losses": (
                lambda losses, alphas: np.max(_chord(losses, alphas))
            ),
        },
        equivalent={
            "α lies between 0 and 1": [
                "1 - alphas → np.abs(1 - alphas)",
                "alphas: unsigned",
                "alphas: without negative ones",
            ],
            "the places come in order, each once": ["alphas: sorted", "alphas: each once"],
            "at the ends the height is 0, so the largest is never negative": [
                "the answer → np.abs(…)",
                "the answer → np.maximum(…, 0)",
            ],
            "only differences of losses count": ["losses: its mean subtracted"],
        },
        why="Halfway the line is the mean of the two ends, elsewhere it is not.",
    ),
    Exercise(
        name="reordered",
        title="the same function (in the lesson)",
        task="A layer computes ReLU(x W1 + b1) W2. Return (W1, b1, W2) with the units in another "
        "order, the function unchanged: the new unit i is the old unit <code>order[i]</code>.",
        hints=(
            "One unit owns a column of W1, an entry of b1 and a row of W2.",
            "<code>W[:, order]</code> takes columns in a new order, <code>W[order]</code> rows.",
        ),
        solution=reordered,
        inputs=_LAYERS,
        mistakes={
            "W2 has not changed: its rows wait for the units in their old order": (
                lambda W1, b1, W2, order: (W1[:, order], b1[order], W2)
            ),
            "the biases stayed where they were: each belongs to its unit": (
                lambda W1, b1, W2, order: (W1[:, order], b1, W2[order])
            ),
            "W1 has not changed: the columns of W1 are the units": (
                lambda W1, b1, W2, order: (W1, b1[order], W2[order])
            ),
            "only W1 has changed: bias and outgoing weights have to move with their unit": (
                lambda W1, b1, W2, order: (W1[:, order], b1, W2)
            ),
            "you took columns of W2, that is outputs; a unit feeds a row of W2": (
                lambda W1, b1, W2, order: (W1[:, order], b1[order], W2[:, order])
            ),
            "you took rows of W1, that is inputs; a unit is a column of W1": (
                lambda W1, b1, W2, order: (W1[order], b1[order], W2[order])
            ),
            "rows and columns are exchanged: a unit is a column of W1 and a row of W2": (
                lambda W1, b1, W2, order: (W1[order], b1[order], W2[:, order])
            ),
            "the function is right, but in the inverse order: you put the old unit i at the place "
            "order[i]": _inverse,
            "W1 follows the order and W2 its inverse: both are read by the same index": (
                lambda W1, b1, W2, order: (W1[:, order], b1[order], W2[np.argsort(order)])
            ),
            "nothing has changed": lambda W1, b1, W2, order: (W1, b1, W2),
            "the biases follow the inverse order: all three are read by the same index": (
                lambda W1, b1, W2, order: (W1[:, order], b1[np.argsort(order)], W2[order])
            ),
            "W2 alone has changed: what goes into a unit has to move with it": (
                lambda W1, b1, W2, order: (W1, b1, W2[order])
            ),
            "that turns the units around, whatever the order says": (
                lambda W1, b1, W2, order: (W1[:, ::-1], b1[::-1], W2[::-1])
            ),
        },
        equivalent={
            "an order holds the numbers 0, 1, … once each": [
                "order: unsigned",
                "order: without negative ones",
                "order: rounded",
            ]
        },
        why="What goes into a unit, its bias and what comes out of it move together.",
    ),
    Exercise(
        name="bent",
        title="the bent path (in the lesson)",
        task="<code>a</code>, <code>c</code> and <code>b</code> are arrays, t is a number from 0 "
        "to 1. Return the place (1 − t)² a + 2t(1 − t) c + t² b on the path.",
        hints=(
            "Three terms, each a number times an array.",
            "In Python a square is <code>t**2</code>, and every product needs its <code>*</code>.",
        ),
        solution=bent,
        inputs=_BENDS,
        mistakes={
            "c has the weight 2t(1 − t): the three weights must add up to 1": (
                lambda a, c, b, t: (1 - t) ** 2 * a + t * (1 - t) * c + t**2 * b
            ),
            "the ends are swapped: at t = 0 the path is at a": (
                lambda a, c, b, t: bent(b, c, a, t)
            ),
            "that is the straight line from a to b: where is c?": (
                lambda a, c, b, t: (1 - t) * a + t * b
            ),
            "the weights of a and b are squared": (
                lambda a, c, b, t: (1 - t) * a + 2 * t * (1 - t) * c + t * b
            ),
            "that is the path with a kink, first to c and then to b": (
                lambda a, c, b, t: a + 2 * t * (c - a) if t < 0.5 else c + (2 * t - 1) * (b - c)
            ),
            "that is the place on the way from a to c only": (
                lambda a, c, b, t: (1 - t) * a + t * c
            ),
            "that is the place on the way from c to b only": (
                lambda a, c, b, t: (1 - t) * c + t * b
            ),
            "the weight of a is 1 − t², not (1 − t)²": (
                lambda a, c, b, t: (1 - t**2) * a + 2 * t * (1 - t) * c + t**2 * b
            ),
            "c has the weight 2t(1 − t), which is 0 at both ends": (
                lambda a, c, b, t: (1 - t) ** 2 * a + 2 * t * c + t**2 * b
            ),
            "the weight of c is missing": (lambda a, c, b, t: (1 - t) ** 2 * a + c + t**2 * b),
            "the weights of a and c are exchanged": lambda a, c, b, t: bent(c, a, b, t),
            "the weights of b and c are exchanged": lambda a, c, b, t: bent(a, b, c, t),
        },
        equivalent={
            "a square has no sign": ["1 - t → t - 1"],
            "t lies between 0 and 1": [
                "1 - t → np.abs(1 - t)",
                "1 - t → np.abs(1 - t) (2)",
                "t: unsigned",
            ],
        },
        why="The same as a walk from a place between a and c to a place between c and b.",
    ),
    Exercise(
        name="climb",
        title="the climb (in Going deeper)",
        task="Return the largest rise of the losses above the lowest one so far, one number.",
        hints=(
            "Both arrays have one entry for each place: how far is the loss above the lowest so "
            "far, there?",
            "Take the largest of these differences.",
        ),
        solution=climb,
        inputs=_DESCENTS,
        mistakes={
            "the lowest loss of all may come after the highest: only what was met before counts": (
                lambda losses: np.max(losses) - np.min(losses)
            ),
            "that is the largest rise from one place to the next; a climb may take several": (
                lambda losses: max(0.0, np.max(np.diff(losses)))
            ),
            "that is the largest step from one place to the next; a climb may take several, and is "
            "0 where the losses only fall": lambda losses: np.max(np.diff(losses)),
            "the lowest one so far is that before the place, not before the highest loss alone": (
                lambda losses: np.max(losses) - np.min(losses[: np.argmax(losses) + 1])
            ),
            "that is the rise above the start": lambda losses: np.max(losses) - losses[0],
            "that is the rise above the end": lambda losses: np.max(losses) - losses[-1],
            "those are all rises added up; the largest above the lowest so far is asked for": (
                lambda losses: np.sum(np.maximum(np.diff(losses), 0))
            ),
            "those are the rises at every place; the largest is asked for": lambda losses: (
                losses - np.minimum.accumulate(losses)
            ),
            "that is the rise that is left at the end": lambda losses: losses[-1] - np.min(losses),
            "that is the barrier, the height above the line between the ends": (
                lambda losses: barrier(losses, _even(losses))
            ),
            "that is the fall below the highest so far; the rise above the lowest is asked for": (
                lambda losses: np.max(np.maximum.accumulate(losses) - losses)
            ),
            "that is the lowest loss": lambda losses: np.min(losses),
            "that is the rise above the lowest loss, wherever it is, at the end": (
                lambda losses: losses[-1] - losses[0]
            ),
        },
        equivalent={
            "no loss lies below the lowest so far": [
                "losses - lowest_so_far → np.abs(losses - lowest_so_far)",
                "the answer → np.abs(…)",
                "the answer → np.maximum(…, 0)",
            ],
            "only differences of losses count": ["losses: its mean subtracted"],
        },
        why="A line that only falls has the climb 0.",
    ),
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
            "both h and the length enter squared": lambda before, here, after, h, length: (
                (before - 2 * here + after) / (h * length)
            ),
            "h enters squared, as the length does": lambda before, here, after, h, length: (
                (before - 2 * here + after) / (h * length**2)
            ),
            "you forgot h": lambda before, here, after, h, length: (
                (before - 2 * here + after) / length**2
            ),
            "you multiplied by h² where the second difference divides by it": (
                lambda before, here, after, h, length: (
                    (before - 2 * here + after) * h**2 / length**2
                )
            ),
            "the step on each side is h, not 2h": lambda before, here, after, h, length: (
                (before - 2 * here + after) / (2 * h * length) ** 2
            ),
            "the middle loss is subtracted, twice": lambda before, here, after, h, length: (
                (before + 2 * here + after) / (h * length) ** 2
            ),
        },
        equivalent={
            "h and the length enter squared": [
                "h: unsigned",
                "h: the other sign",
                "length: unsigned",
                "length: the other sign",
            ]
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
            "m is divided by the control point's weight ½ as well": lambda a, m, b: m - (a + b) / 2,
            "you multiplied by the weight ½ where it divides": (
                lambda a, m, b: (m - (a + b) / 4) / 2
            ),
            "at t = ½ the weights are ¼, ½ and ¼; yours are those of a mean of three": (
                lambda a, m, b: 3 * m - a - b
            ),
            "a and b lose their part in m: they are subtracted": lambda a, m, b: (
                2 * m + (a + b) / 2
            ),
            "that is the middle between the ends": lambda a, m, b: (a + b) / 2,
            "only a was subtracted; b has the same weight": lambda a, m, b: 2 * m - a / 2,
        },
        why="So the curve swings out half as far as its control point.",
    ),
    Exercise(
        name="match",
        title="orders and signs (hard)",
        task="For tanh a unit may also be <i>flipped</i>: its incoming weights, its bias and its "
        "outgoing weights all change sign, and the function stays. <code>likeness[i, j]</code> is "
        "the sum of the products of unit i's weights and bias in network A with unit j's in B. "
        "Return (order, signs): which unit of B takes place i, and whether it is flipped (−1) or "
        "not (+1), so that the total likeness Σ signs[i]·likeness[i, order[i]] is as large as "
        "possible.",
        hints=(
            "Flipping unit j turns the sign of its likeness with everyone. So how large can the "
            "likeness of a pair be made?",
            "<code>scipy.optimize.linear_sum_assignment(M, maximize=True)</code> returns (rows, "
            "columns) of the best pairing; np.abs makes every pair as good as a flip can.",
            "Whether a unit is flipped is decided by the sign of its likeness with the unit whose "
            "place it takes.",
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
            "squares prefer the large entries: the total adds |likeness|, not its square": (
                _squared
            ),
            "the signs must be those of the chosen pairs, in the new order": lambda likeness: (
                match(likeness)[0],
                np.sign(np.diag(likeness)),
            ),
            "that is the place that each unit of B takes; which unit of B takes place i is asked "
            "for": lambda likeness: (np.argsort(match(likeness)[0]), match(likeness)[1]),
            "taking the best partner for each unit of B alone fills a place twice: it must be a "
            "one-to-one pairing": _greedy_for_B,
            "the order is right; no unit was flipped, though some resemble with the opposite "
            "sign": lambda likeness: (match(likeness)[0], np.ones(len(likeness))),
            "the order is right; the second result are signs, not the likeness itself": (
                lambda likeness: (
                    match(likeness)[0],
                    likeness[np.arange(len(likeness)), match(likeness)[0]],
                )
            ),
            "the signs are turned around: −1 is for a unit that is flipped": (
                lambda likeness: (match(likeness)[0], -match(likeness)[1])
            ),
            "nothing was reordered": lambda likeness: (
                np.arange(len(likeness)),
                np.sign(np.diag(likeness)),
            ),
            "the signs are those of the pairs (order[i], i); the pairs are (i, order[i])": (
                lambda likeness: (
                    match(likeness)[0],
                    np.sign(likeness[match(likeness)[0], np.arange(len(likeness))]),
                )
            ),
        },
        equivalent={
            "an order has one axis": ["len(order) → np.shape(order)[-1]"],
            "an order holds whole numbers": [
                "result 0 → np.abs(…)",
                "result 0 → np.round(…)",
                "result 0 → np.maximum(…, 0)",
            ],
            "a sign is −1 or +1": ["result 1 → 1 / (…)", "result 1 → np.round(…)"],
        },
        why="n units with tanh have n!·2ⁿ equivalent places (notebook 00).",
    ),
]

lesson = Lesson(
    "05_loss_profiles_1d",
    title="Loss profiles",
    question="Is there a hill on the way to a solution, or between two?",
    minutes=(45, 100),
    needs="01",
    sources="S56–S63",
    covers=COVERS,
    predictions=PREDICTIONS,
    exercises=EXERCISES,
    claims=CLAIMS,
)
