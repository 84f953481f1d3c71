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
            "it climbs a hill first": "On this line there is none. (Training did not walk here, so "
            "this says nothing about the way that it took.)",
            "many small bumps": "So the picture in one's head often looks. A line through many "
            "dimensions sees little of that.",
            "it falls all the way": "It never climbs. That does not make it a bowl: it only means "
            "that no hill stands on this one line.",
            "flat, then a cliff": "That was the chain of deep linear layers in notebook 02, along "
            "its diagonal from the origin.",
        },
        answer="it falls all the way",
        reveal="We walk it next.",
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
            "less than a hundredth of it": "The hill belongs to the straight line. The descent "
            "could move C in 8970 directions, and found one in which the curve passes it by.",
            "about a tenth of it, as after reordering": "That was what another order of the units "
            "left. Here the units keep their order.",
            "about half of it": "One bend in a good direction is enough: the path then leaves the "
            "hill altogether, and not by half.",
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
    return (1 - alphas) * losses[0] + alphas * losses[-1]


def _at(place):
    """The height above the line at another place than that of the largest."""

    def attempt(losses, alphas):
        return (losses - _chord(losses, alphas))[place(losses, alphas)]

    return attempt


def _above(line):
    """The largest height above another line."""
    return lambda losses, alphas: np.max(losses - line(losses, alphas))


def _first_above(losses, alphas):
    heights = losses - _chord(losses, alphas)
    return next((height for height in heights if height > 0), 0.0)


def _loss_last_put_in(losses, alphas):
    best = 0.0
    for loss, height in zip(losses, _chord(losses, alphas), strict=True):
        best = loss if loss - height > best else best
    return best


_OTHER_BARRIERS = {
    "that is the sum of the heights above the line; the largest is asked for": (
        lambda losses, alphas: np.sum(losses - _chord(losses, alphas))
    ),
    "that is the median of the heights above the line; the largest is asked for": (
        lambda losses, alphas: np.median(losses - _chord(losses, alphas))
    ),
    "that is the largest height minus the lowest; what lies below the line does not count": (
        lambda losses, alphas: np.ptp(losses - _chord(losses, alphas))
    ),
    "do not square: the largest height above the line is asked for": (
        lambda losses, alphas: np.max((losses - _chord(losses, alphas)) ** 2)
    ),
    "that is the number of the place where the height is largest; the height is asked for": (
        lambda losses, alphas: np.argmax(losses - _chord(losses, alphas))
    ),
    "the height above the line is largest elsewhere than the loss: subtract the line first": (
        _at(lambda losses, alphas: np.argmax(losses))
    ),
    "that is the height halfway, next to α = ½; the largest of all is asked for": (
        _at(lambda losses, alphas: np.argmin(np.abs(alphas - 0.5)))
    ),
    "that is the first height above 0; the largest is asked for": _first_above,
    "that is the loss at a place above the line; its height above the line is asked for": (
        _loss_last_put_in
    ),
    "the line must end at losses[-1], you have losses[1]": (
        _above(lambda losses, alphas: (1 - alphas) * losses[0] + alphas * losses[1])
    ),
    "the line must be (1 − α) L(A) + α L(B), you have L(A) + α L(B)": (
        _above(lambda losses, alphas: losses[0] + alphas * losses[-1])
    ),
    "the line must begin at losses[0], one number; you have all losses there": (
        _above(lambda losses, alphas: (1 - alphas) * losses + alphas * losses[-1])
    ),
    "the line must go from losses[0] to losses[-1], you have the lowest and the highest loss": (
        _above(lambda losses, alphas: np.min(losses) + alphas * np.ptp(losses))
    ),
    "the line must go through the two end losses, you have fitted one to all": (
        _above(lambda losses, alphas: np.polyval(np.polyfit(alphas, losses, 1), alphas))
    ),
    "the line has a height at each place, you have subtracted its mean": (
        lambda losses, alphas: np.max(losses) - np.mean(_chord(losses, alphas))
    ),
    "the line must be subtracted at each place, you have subtracted the lowest loss": (
        lambda losses, alphas: np.max(losses) - np.min(losses)
    ),
    "the ends count as well: where no loss lies above the line, the barrier is 0": (
        lambda losses, alphas: np.max((losses - _chord(losses, alphas))[1:-1])
    ),
    "the line must be subtracted, you have divided by it": (
        lambda losses, alphas: np.max(losses / _chord(losses, alphas))
    ),
    "the height itself is asked for, you have divided it by the largest loss": (
        lambda losses, alphas: barrier(losses, alphas) / np.max(losses)
    ),
    "that is the area above the line; the largest height is asked for": (
        lambda losses, alphas: np.trapezoid(losses - _chord(losses, alphas), alphas)
    ),
    "that is the height above the last end": lambda losses, alphas: np.max(losses) - losses[-1],
}


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
    (*_layer(5, 4, 6, 1), np.array([1, 3, 0, 2])),
]


def _inverse(W1, b1, W2, order):
    back = np.argsort(order)
    return reordered(W1, b1, W2, back)


def _overwritten(array, order):
    """What becomes of an array whose entries are moved one by one, in the array itself."""
    new = array.copy()
    for place, old in enumerate(order):
        new[place] = new[old]
    return new


def _all_overwritten(W1, b1, W2, order):
    return _overwritten(W1.T, order).T, _overwritten(b1, order), _overwritten(W2, order)


_OTHER_ORDERS = {
    "W1, b1 and W2 are written into while they are still read: put each into a new array": (
        _all_overwritten
    ),
    "W1 is written into while it is still read: put the columns into a new array": (
        lambda W1, b1, W2, order: (_overwritten(W1.T, order).T, b1[order], W2[order])
    ),
    "that moves each unit by one place, whatever the order says": (
        lambda W1, b1, W2, order: (np.roll(W1, 1, axis=1), np.roll(b1, 1), np.roll(W2, 1, axis=0))
    ),
    "np.take without an axis takes single numbers: take columns of W1 and rows of W2": (
        lambda W1, b1, W2, order: (np.take(W1, order), np.take(b1, order), np.take(W2, order))
    ),
    "you took columns of W2, that is outputs, and in the inverse order; a unit feeds a row of "
    "W2": lambda W1, b1, W2, order: (W1[:, order], b1[order], W2[:, np.argsort(order)]),
    "W1 follows the inverse order: all three are read by the same index": (
        lambda W1, b1, W2, order: (W1[:, np.argsort(order)], b1[order], W2[order])
    ),
}


def bent(a, c, b, t):
    first, second = a + t * (c - a), c + t * (b - c)
    return first + t * (second - first)


def _between(p, q, t):
    return p + t * (q - p)


def _walkers(first, second):
    """The place t of the way between two other walkers."""
    return lambda a, c, b, t: _between(first(a, c, b, t), second(a, c, b, t), t)


def _first(a, c, b, t):
    return _between(a, c, t)


def _second(a, c, b, t):
    return _between(c, b, t)


_OTHER_BENDS = {
    "the second walker must go from c to b, yours goes from b to c": (
        _walkers(_first, lambda a, c, b, t: _between(b, c, t))
    ),
    "the first walker must go from a to c, yours goes from c to a": (
        _walkers(lambda a, c, b, t: _between(c, a, t), _second)
    ),
    "the weights of c and b must be 2t(1 − t) and t², you have t(1 − t) and t: does the first "
    "walker go from a to c, and the second from c to b?": _walkers(_first, lambda a, c, b, t: b),
    "the first walker must go from a to c, yours stands at a": (
        _walkers(lambda a, c, b, t: a, _second)
    ),
    "both walkers move all the time; you look at the first one before t = ½ and at the second "
    "one after it": lambda a, c, b, t: _first(a, c, b, t) if t < 0.5 else _second(a, c, b, t),
    "the weights of a and c must be (1 − t)² and 2t(1 − t), you have 1 − t and t + t(1 − t): each "
    "way is the difference of two places": lambda a, c, b, t: (
        _first(a, c, b, t) + t * _second(a, c, b, t)
    ),
    "the way must be the second place minus the first, you have the first minus the second": (
        lambda a, c, b, t: (1 + t) * _first(a, c, b, t) - t * _second(a, c, b, t)
    ),
    "that is the way from the first walker to the second: go the fraction t of it, from the "
    "first": lambda a, c, b, t: _second(a, c, b, t) - _first(a, c, b, t),
    "that is the fraction t of the way: begin it at the first walker's place": (
        lambda a, c, b, t: t * (_second(a, c, b, t) - _first(a, c, b, t))
    ),
    "the weight of c must be 2t(1 − t), you have subtracted c once more": (
        lambda a, c, b, t: bent(a, c, b, t) - c
    ),
    "the weight of c must be 2t(1 − t), you have 2t²(1 − t)": (
        lambda a, c, b, t: (1 - t) ** 2 * a + 2 * t**2 * (1 - t) * c + t**2 * b
    ),
    "the last term must be t²(a − 2c + b), you have t²(b − a)": (
        lambda a, c, b, t: a + 2 * t * (c - a) + t**2 * (b - a)
    ),
}


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
    (np.array([0.5, 0.2, 1.0, 0.9, 2.0, 0.1]),),
    (np.array([1.0, 0.4, 0.9, 0.3, 0.6]),),
    (np.array([0.1, 0.5, 1.2, 0.3]),),
]


def _from_the_lowest(losses):
    place = np.argmin(losses)
    return np.max(losses[place:]) - losses[place]


def _up_to_the_highest(losses):
    place = np.argmax(losses)
    return losses[place] - np.min(losses[: place + 1])


def _unbroken(losses):
    best = rise = 0.0
    for step in np.diff(losses):
        rise = rise + step if step > 0 else 0.0
        best = max(best, rise)
    return best


def _first_rise(losses):
    return next((step for step in np.diff(losses) if step > 0), 0.0)


def _from_inner_minima(losses):
    low = [i for i in range(1, len(losses) - 1) if losses[i - 1] > losses[i] < losses[i + 1]]
    return max((np.max(losses[i:]) - losses[i] for i in low), default=0.0)


_OTHER_CLIMBS = {
    "a small fall does not end a climb: what counts is the lowest loss so far": _unbroken,
    "those are the rises added up over all places; the largest is asked for": (
        lambda losses: np.sum(losses - np.minimum.accumulate(losses))
    ),
    "that is the median of the rises at all places; the largest is asked for": (
        lambda losses: np.median(losses - np.minimum.accumulate(losses))
    ),
    "that is the rise above the mean; the rise above the lowest so far is asked for": (
        lambda losses: np.max(losses) - np.mean(losses)
    ),
    "that is the mean of the rises at all places; the largest is asked for": (
        lambda losses: np.mean(losses - np.minimum.accumulate(losses))
    ),
    "that is the place of the largest rise; the rise itself is asked for": (
        lambda losses: np.argmax(losses - np.minimum.accumulate(losses))
    ),
    "a climb may come before the lowest loss of all, you have looked after it only": (
        _from_the_lowest
    ),
    "a climb may come before the lowest loss, you have looked after the lowest of all but the "
    "last": lambda losses: max(
        0.0, np.max(losses[np.argmin(losses[:-1]) + 1 :]) - np.min(losses[:-1])
    ),
    "a climb need neither begin at the lowest loss of all nor end at the highest": (
        lambda losses: max(_from_the_lowest(losses), _up_to_the_highest(losses))
    ),
    "where the lowest loss comes after the highest there may be a climb too, you have 0": (
        lambda losses: np.ptp(losses) if np.argmin(losses) < np.argmax(losses) else 0.0
    ),
    "a climb need neither begin at the start nor end at the end": (
        lambda losses: max(0.0, np.max(losses) - losses[0], losses[-1] - np.min(losses))
    ),
    "the lowest of all may come after the highest, also without the first and the last loss": (
        lambda losses: np.max(losses[1:]) - np.min(losses[:-1])
    ),
    "that is the first loss, the largest of the lowest so far: subtract them from the losses": (
        lambda losses: losses[0]
    ),
    "the lowest so far must begin with the first loss, you have begun with 0": (
        lambda losses: np.max(losses - np.minimum(np.minimum.accumulate(losses), 0))
    ),
    "that is the first rise; the largest above the lowest so far is asked for": _first_rise,
    "that is the largest step, up or down; only what rises above the lowest so far counts": (
        lambda losses: np.max(np.abs(np.diff(losses)))
    ),
    "the place itself belongs to the lowest so far: where the losses only fall the climb is 0": (
        lambda losses: np.max(losses[1:] - np.minimum.accumulate(losses)[:-1])
    ),
    "the rise itself is asked for, you have divided it by the lowest loss": (
        lambda losses: climb(losses) / np.min(losses)
    ),
    "the lowest so far must include the place just before, you have left it out": (
        lambda losses: max(
            0.0, *(losses[i] - np.min(losses[: max(i - 1, 1)]) for i in range(1, len(losses)))
        )
    ),
    "a climb may also begin at the first place, you look at minima inside only": (
        _from_inner_minima
    ),
}


# --- 1: curvature from a profile ------------------------------------------------------------------


def curvature_along(before, here, after, h, length):
    return (before - 2 * here + after) / (h * length) ** 2


_PROFILES = [
    (1.3, 1.0, 1.1, 0.1, 2.0),
    (0.02, 0.01, 0.05, 0.05, 3.0),
    (0.5, 0.6, 0.5, 0.2, 0.5),
    (-0.5, -0.3, -0.2, 0.5, 2.5),
]


def _second_difference(scale):
    """The second difference times another factor than 1/(h·length)²."""
    return lambda before, here, after, h, length: (before - 2 * here + after) * scale(h, length)


_OTHER_CURVATURES = {
    "the length must divide, squared; you have multiplied by it": (
        _second_difference(lambda h, length: length / h**2)
    ),
    "that is the root of the curvature: h and the length are squared, the difference is not": (
        lambda before, here, after, h, length: np.sqrt(before - 2 * here + after) / (h * length)
    ),
    "h · length² must be in one bracket, squared: you divide by h and multiply by length²": (
        _second_difference(lambda h, length: length**2 / h)
    ),
    "h² · length² must divide, you have multiplied by both": (
        _second_difference(lambda h, length: (h * length) ** 2)
    ),
    "the length must enter squared, you have its root": (
        _second_difference(lambda h, length: 1 / (h**2 * np.sqrt(length)))
    ),
    "h² and length² must be multiplied, you have added them": (
        _second_difference(lambda h, length: 1 / (h**2 + length**2))
    ),
    "all three losses must be divided, you have divided the last one only: set a bracket": (
        lambda before, here, after, h, length: after - 2 * here + before / (h * length) ** 2
    ),
    "all three losses must be divided; without a bracket it is `after` alone": (
        lambda before, here, after, h, length: before - 2 * here + after / (h * length) ** 2
    ),
    "the mean of the two sides minus `here` is half of the difference, and all of it must be "
    "divided": lambda before, here, after, h, length: (
        (before + after) / 2 / (h * length) ** 2 - here
    ),
}


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
    (
        np.array(
            [
                [6.0, -5.0, -7.0, -4.0],
                [-2.0, 6.0, -1.0, -8.0],
                [-3.0, 2.0, 6.0, 4.0],
                [9.0, -6.0, 7.0, -8.0],
            ]
        ),
    ),
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


def _paired(order_of, signs_of=None):
    """A `match` with another order, its signs those of the pairs or of a rule of their own."""

    def attempt(likeness):
        order = np.asarray(order_of(likeness))
        pairs = likeness[np.arange(len(order)), order]
        return order, np.sign(pairs) if signs_of is None else signs_of(likeness, order)

    return attempt


def _with_signs(signs_of):
    return _paired(lambda likeness: match(likeness)[0], signs_of)


def _row_by_row(likeness):
    order = []
    for row in np.abs(likeness):
        free = [j for j in range(len(row)) if j not in order]
        order.append(free[np.argmax(row[free])])
    return order


def _largest_first(likeness):
    left, order = np.abs(likeness), np.zeros(len(likeness), int)
    for _ in order:
        i, j = np.unravel_index(np.argmax(left), left.shape)
        order[i], left[i], left[:, j] = j, -1, -1
    return order


def _one_sweep(likeness):
    size, order = np.abs(likeness), np.arange(len(likeness))
    for i in order.copy():
        for j in range(i):
            swapped = size[i, order[j]] + size[j, order[i]]
            if swapped > size[i, order[i]] + size[j, order[j]]:
                order[i], order[j] = order[j], order[i]
    return order


def _all_or_none(likeness):
    rows = np.arange(len(likeness))
    plain, turned = (linear_sum_assignment(s * likeness, maximize=True)[1] for s in (1, -1))
    better = likeness[rows, plain].sum() >= -likeness[rows, turned].sum()
    return (plain, np.ones(len(rows))) if better else (turned, -np.ones(len(rows)))


_OTHER_MATCHES = {
    "one unit after the other takes the best that is left; the total can be larger": (
        _paired(_row_by_row)
    ),
    "the most similar pair first, then the best that is left; the total can be larger": (
        _paired(_largest_first)
    ),
    "one sweep of exchanges does not find the best order; use linear_sum_assignment": (
        _paired(_one_sweep)
    ),
    "each unit has a sign of its own; yours are all turned or none": _all_or_none,
    "the total adds |likeness| pair by pair; you have made the size of the sum large": (
        _paired(lambda likeness: _all_or_none(likeness)[0])
    ),
    "two things: similar with the opposite sign is as good, use np.abs; and no unit was flipped": (
        _paired(lambda x: _no_flip(x)[0], lambda x, order: np.ones(len(order)))
    ),
    "two things: each unit for itself uses a unit of B twice; and no unit was flipped": (
        _paired(lambda x: np.argmax(x, axis=1), lambda x, order: np.ones(len(order)))
    ),
    "for each unit of B you looked for the best one of A, and a unit may be taken twice": (
        _paired(lambda x: np.argmax(np.abs(x), axis=0))
    ),
    "sorting the units by their largest likeness pairs none of them": (
        _paired(lambda x: np.argsort(-np.max(np.abs(x), axis=1)))
    ),
    "the second result must be the signs −1 and +1, not the size of the likeness": (
        _with_signs(lambda x, order: np.abs(x[np.arange(len(order)), order]))
    ),
    "the signs must be one for each place, you have those of all pairs": (
        _with_signs(lambda x, order: np.sign(x))
    ),
    "the signs must be one for each place: take them at the pairs (i, order[i])": (
        _with_signs(lambda x, order: np.sign(x)[order])
    ),
    "the signs must be −1 and +1, you have True and False": (
        _with_signs(lambda x, order: x[np.arange(len(order)), order] < 0)
    ),
    "the signs must be −1 and +1, you have True where +1 belongs": (
        _with_signs(lambda x, order: x[np.arange(len(order)), order] > 0)
    ),
    "a unit that is not flipped has the sign +1, you have 0": (
        _with_signs(lambda x, order: np.where(x[np.arange(len(order)), order] < 0, -1, 0))
    ),
    "the signs must be those of the pairs (i, order[i]), you have those of the first column": (
        _with_signs(lambda x, order: np.sign(x[:, 0]))
    ),
    "the signs must be those of the pairs (i, order[i]), you have (order[i], order[i])": (
        _with_signs(lambda x, order: np.sign(x[order, order]))
    ),
    "the signs must be those of the pairs (i, order[i]), you have those of the sums of the "
    "rows": _with_signs(lambda x, order: np.sign(x.sum(axis=1))),
    "the signs are those of the pairs (order[i], i), and in another order": (
        _with_signs(lambda x, order: np.sign(x[order, np.arange(len(order))])[order])
    ),
    "the order is that of the places, 0, 1, …: the columns are the second result of "
    "linear_sum_assignment": lambda likeness: (np.arange(len(likeness)), match(likeness)[1]),
}


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
            **_OTHER_BARRIERS,
            "the line begins at losses[0]: that is missing in it": (
                _above(lambda losses, alphas: alphas * (losses[-1] - losses[0]))
            ),
            "the line goes from losses[0] to losses[-1]; yours has the opposite slope": (
                _above(lambda losses, alphas: losses[0] - alphas * (losses[-1] - losses[0]))
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
            **_OTHER_ORDERS,
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
        "to 1. One walker is the fraction t of the way from a to c, a second one the fraction t of "
        "the way from c to b. Return the place that is the fraction t of the way from the first "
        "to the second.",
        hints=(
            "Where is the first walker at time t? It is on a straight line, and so is the second.",
            "Then walk once more in a straight line, between these two places.",
        ),
        solution=bent,
        inputs=_BENDS,
        mistakes={
            "the weight of c must be 2t(1 − t), you have t(1 − t)": (
                lambda a, c, b, t: (1 - t) ** 2 * a + t * (1 - t) * c + t**2 * b
            ),
            "that is halfway between the two walkers: at time t, go the fraction t": (
                lambda a, c, b, t: (a + t * (c - a) + c + t * (b - c)) / 2
            ),
            "the way must go from the first walker to the second, yours goes from the second to "
            "the first, or both of them walk backwards": (
                lambda a, c, b, t: bent(a, c, b, t) + (1 - 2 * t) * (c - a + t * (b - 2 * c + a))
            ),
            "that is where the second walker is, on the way from c to b": (
                lambda a, c, b, t: c + t * (b - c)
            ),
            "the ends are swapped: at t = 0 the path is at a": (
                lambda a, c, b, t: bent(b, c, a, t)
            ),
            "that is the straight line from a to b: where is c?": (
                lambda a, c, b, t: (1 - t) * a + t * b
            ),
            "the weights of a and b must be (1 − t)² and t², you have 1 − t and t": (
                lambda a, c, b, t: (1 - t) * a + 2 * t * (1 - t) * c + t * b
            ),
            "that is the path with a kink, first to c and then to b": (
                lambda a, c, b, t: a + 2 * t * (c - a) if t < 0.5 else c + (2 * t - 1) * (b - c)
            ),
            "that is where the first walker is, on the way from a to c": (
                lambda a, c, b, t: (1 - t) * a + t * c
            ),
            "the weight of a must be (1 − t)², you have 1 − t²": (
                lambda a, c, b, t: (1 - t**2) * a + 2 * t * (1 - t) * c + t**2 * b
            ),
            "the weight of c must be 2t(1 − t), you have 2t": (
                lambda a, c, b, t: (1 - t) ** 2 * a + 2 * t * c + t**2 * b
            ),
            "the weight of c must be 2t(1 − t), you have 1": (
                lambda a, c, b, t: (1 - t) ** 2 * a + c + t**2 * b
            ),
            "the weights of a and c are exchanged": lambda a, c, b, t: bent(c, a, b, t),
            "the weights of b and c are exchanged": lambda a, c, b, t: bent(a, b, c, t),
            **_OTHER_BENDS,
            "the path is of degree 2: (1 − t)², 2t(1 − t) and t² are its weights, no third "
            "powers": (lambda a, c, b, t: (1 - t) ** 3 * a + 3 * t * (1 - t) * c + t**3 * b),
            "that is the parabola through c; the path here is only drawn towards c": (
                lambda a, c, b, t: (
                    (1 - t) * (1 - 2 * t) * a + 4 * t * (1 - t) * c + t * (2 * t - 1) * b
                )
            ),
        },
        equivalent={"t lies between 0 and 1": ["t: unsigned"]},
        why="Multiplied out it is (1 − t)² a + 2t(1 − t) c + t² b: the weights add up to 1.",
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
            "that is the last loss minus the first; what lies between them counts": (
                lambda losses: losses[-1] - losses[0]
            ),
            **_OTHER_CLIMBS,
            "that is the number of rises; the largest rise above the lowest so far is asked for": (
                lambda losses: np.sum(np.diff(losses) > 0)
            ),
            "the lowest so far is subtracted, you have divided by it": (
                lambda losses: np.max(losses / np.minimum.accumulate(losses))
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
            **_OTHER_CURVATURES,
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
            "that is where the curve is at t = ½ if m is its control point; solve for c": (
                lambda a, m, b: m / 2 + (a + b) / 4
            ),
            "a and b have the weight ¼ each at t = ½, and dividing by ½ leaves ½, not ¼": (
                lambda a, m, b: 2 * m - (a + b) / 4
            ),
            "c has the weight ½ at t = ½, you have divided by ¼, and m only": (
                lambda a, m, b: 4 * m - (a + b) / 4
            ),
            "the mean of a and b is a point, (a + b)/2; you have the mean over the coordinates": (
                lambda a, m, b: 2 * m - np.mean(a + b)
            ),
            "a and b are added, (a + b)/2, not multiplied": lambda a, m, b: 2 * m - a * b / 2,
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
            "no unit was flipped, though some resemble with the opposite sign": lambda likeness: (
                match(likeness)[0],
                np.ones(len(likeness)),
            ),
            "the second result must be signs, −1 or +1, not the likeness itself": (
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
            **_OTHER_MATCHES,
            "a negative likeness is as good as a positive one, after a flip: take np.abs, not the "
            "positive ones alone": (
                _paired(
                    lambda likeness: linear_sum_assignment(np.maximum(likeness, 0), maximize=True)[
                        1
                    ]
                )
            ),
            "that is the total likeness; the order and the signs are asked for": (
                lambda likeness: np.sum(
                    np.abs(likeness)[np.arange(len(likeness)), match(likeness)[0]]
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
    minutes=(45, 150),
    needs="01",
    sources="S56–S63",
    covers=COVERS,
    predictions=PREDICTIONS,
    exercises=EXERCISES,
    claims=CLAIMS,
)
