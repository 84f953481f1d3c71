"""Predictions and exercises of notebook 02."""

import numpy as np

from lecture_utils.studio.lesson import Lesson
from lecture_utils.studio.questions import Exercise, Prediction

from .claims import CLAIMS, COVERS

PREDICTIONS = [
    Prediction(
        name="closer",
        question="Three weights start at 0.01 each, and gradient descent needs k steps to leave "
        "the plateau. Now they start at 0.001 each, ten times closer to the origin. How long?",
        options={
            "about the same": "The slope near the origin is tiny, and the closer the tinier.",
            "k plus a constant": "That is the strict saddle of two weights, where the distance "
            "grows by a fixed factor per step.",
            "about 10k": "The slope is about 2t², so a step gains 2ηt²: the time is about "
            "1/(2ηt), ten times as long.",
            "about 100k": "That is four weights: the slope is then about 2t³.",
        },
        answer="about 10k",
    ),
    Prediction(
        name="depth",
        question="All weights start near ½. From 2 to 11 weights the plateau gets longer and "
        "longer for gradient descent. Which method hardly notices?",
        options={
            "momentum": "It sums up tiny gradients, which gains a factor of about 1/(1 − 0.9) = "
            "10. Ten times faster, but growing just the same.",
            "Adam": "Adam divides the gradient by its own recent size. A tiny gradient that "
            "keeps its direction still makes steps of about η.",
            "neither": "One of them does not care how small a gradient is.",
        },
        answer="Adam",
    ),
    Prediction(
        name="rate",
        question="All minima of a chain of K weights have the same loss, L = 0. For which "
        "learning rates can gradient descent settle at one of them?",
        options={
            "η < 1/K": "The flattest minima have λ = 2K, at weights of size 1, so 2/λ = 1/K. "
            "Beyond it every minimum throws gradient descent out.",
            "η < 1, whatever K": "More weights make the valley steeper: λ grows with K.",
            "any, if it starts close": "Close to a minimum the error along the steepest direction "
            "is multiplied by 1 − ηλ. Beyond η = 2/λ that is growth.",
        },
        answer="η < 1/K",
    ),
    Prediction(
        name="matrices",
        question="With how many weight matrices can a linear network have a saddle whose Hessian "
        "shows no negative eigenvalue?",
        options={
            "two (one hidden layer)": "With two matrices every saddle shows a negative "
            "eigenvalue (Baldi & Hornik; Kawaguchi).",
            "three (two hidden layers)": "With two hidden layers the way down can be a cubic one, "
            "which no Hessian shows.",
            "four (three hidden layers)": "That is what the slide's wording says: more than two "
            "hidden layers. We shall see.",
        },
        answer="three (two hidden layers)",
        reveal="The slide itself gave an example with two hidden layers: three weights at zero.",
    ),
    Prediction(
        name="modes",
        question="A matrix network starts tiny and is to learn a map with the strengths 3, 2 and "
        "1 in three directions. How does it learn?",
        options={
            "the strongest first": "While small, a mode grows like e<sup>2st</sup>: the stronger, "
            "the sooner it is learned.",
            "the weakest first": "It is the closest to its goal, but also the slowest to grow.",
            "all three together": "Each mode grows at its own rate, 2s.",
        },
        answer="the strongest first",
    ),
]


# --- 1: the gradient of a chain, by hand ----------------------------------------------------------


def chain_gradient(w):
    rest = np.array([np.prod(np.delete(w, i)) for i in range(len(w))])
    return -2 * (1 - np.prod(w)) * rest


def _rest(w):
    return np.array([np.prod(np.delete(w, i)) for i in range(len(w))])


_CHAIN_INPUTS = [
    (np.array([0.5, 0.8]),),
    (np.array([3.0]),),
    (np.array([2.0, 1.5]),),
    (np.array([1.5, -0.5, 2.0]),),
    (np.array([0.0, 0.7, 1.2]),),
    (np.array([0.9, 0.0, 0.0, 1.1]),),
    (np.array([0.9, 0.9, -1.3, 0.5, 2.0]),),
]


def _divides(w):
    with np.errstate(all="ignore"):
        return -2 * (1 - np.prod(w)) * np.prod(w) / w


# --- in the lesson: the largest stable learning rate ----------------------------------------------


def largest_rate(w):
    sharpness = 2 * np.sum(1 / w**2)
    return 2 / sharpness


# --- 2: when a mode is learned --------------------------------------------------------------------


def time_to_learn(s, u0, share):
    return np.log(share / (1 - share) * (s / u0 - 1)) / (2 * s)


# --- 3: the index of a critical point of the autoencoder ------------------------------------------


def saddle_index(variances, kept, p):
    lost = [j for j in range(len(variances)) if j not in kept]
    swaps = sum(variances[j] > variances[i] for i in kept for j in lost)
    idle = p - len(kept)
    return int(swaps) + idle * len(lost)


def _idle_ways(variances, kept, p):
    return (p - len(kept)) * (len(variances) - len(kept))


def _all_pairs(variances, kept, p):
    return len(kept) * (len(variances) - len(kept)) + _idle_ways(variances, kept, p)


def _idle_once(variances, kept, p):
    return saddle_index(variances, kept, len(kept)) + p - len(kept)


def _idle_is_lost_once(variances, kept, p):
    lost = len(variances) - len(kept)
    return saddle_index(variances, kept, len(kept)) + (lost if p > len(kept) else 0)


def _swaps(variances, kept, p):
    return saddle_index(variances, kept, len(kept))


def _swaps_from_below(variances, kept, p):
    return saddle_index(-np.asarray(variances), kept, p)


def _idle_times_all(variances, kept, p):
    return _swaps(variances, kept, p) + (p - len(kept)) * len(variances)


def _lost_and_better(variances, kept, p):
    lost = [j for j in range(len(variances)) if j not in kept]
    better = sum(any(variances[j] > variances[i] for i in kept) for j in lost)
    return better + (p - len(kept)) * len(lost)


_SPECTRUM = np.array([0.7, 0.6, 0.5, 0.4])

EXERCISES = [
    Exercise(
        name="chain_gradient",
        title="a gradient by hand (easy)",
        task="Return the gradient of L(w) = (1 − w₁⋯w_K)² for any number of weights, some of which "
        "may be zero.",
        hints=(
            "The chain rule gives ∂L/∂wᵢ = −2 (1 − P) · ∂P/∂wᵢ. What is left of the product P when "
            "wᵢ is taken away?",
            "P / wᵢ fails where a weight is zero. <code>np.delete(w, i)</code> is w without its "
            "entry i, and <code>np.prod</code> multiplies what is left.",
        ),
        solution=chain_gradient,
        inputs=_CHAIN_INPUTS,
        mistakes={
            "dividing the product by wᵢ gives 0/0 where a weight is zero: multiply the others": (
                _divides
            ),
            "the sign is wrong: raising the product lowers the loss while P < 1": (
                lambda w: -chain_gradient(w)
            ),
            "the factor 2 of the square is missing": lambda w: chain_gradient(w) / 2,
            "the error (1 − P) is missing: at a minimum the gradient has to vanish": (
                lambda w: -2 * _rest(w)
            ),
            "the chain rule multiplies by ∂P/∂wᵢ, the product of all the others: it is missing": (
                lambda w: -2 * (1 - np.prod(w)) * np.ones(len(w))
            ),
            "∂P/∂wᵢ is the product of all the others, not wᵢ": (
                lambda w: -2 * (1 - np.prod(w)) * w
            ),
            "∂P/∂wᵢ is the product of all the others; yours has wᵢ in it": (
                lambda w: -2 * (1 - np.prod(w)) * np.prod(w) * np.ones(len(w))
            ),
            "∂P/∂wᵢ is the product of the others, not their sum": (
                lambda w: -2 * (1 - np.prod(w)) * (np.sum(w) - w)
            ),
            "the error is 1 − P; yours is 1 + P": lambda w: -2 * (1 + np.prod(w)) * _rest(w),
            "the error enters once: the derivative of a square has no square": (
                lambda w: -2 * (1 - np.prod(w)) ** 2 * _rest(w)
            ),
            "that is the gradient of the product, without the loss around it": _rest,
        },
        equivalent={"w has one axis": ["len(w) → np.shape(w)[-1]"]},
    ),
    Exercise(
        name="largest_rate",
        title="the largest stable learning rate (in the lesson)",
        task="w are the weights of a minimum, so their product is 1. Return the learning rate "
        "beyond which gradient descent leaves it.",
        hints=(
            "Close to the minimum each step multiplies the error along the sharp direction by "
            "1 − ηλ. When does that make it larger?",
            "1 − ηλ falls with η and reaches −1 at the limit. The sharpness λ of the minimum is in "
            "the formula above.",
        ),
        solution=largest_rate,
        inputs=[
            (np.array([1.0, 1.0]),),
            (np.array([1.0]),),
            (np.array([2.0, 0.5]),),
            (np.array([2.0, 2.0, 0.25]),),
            (np.array([-1.0, 0.5, -2.0, 1.0]),),
            (np.array([4.0, 0.5, 1.0, 0.5, 1.0]),),
        ],
        mistakes={
            "that is 1/λ, where the error vanishes in one step; it still shrinks up to 2/λ": (
                lambda w: largest_rate(w) / 2
            ),
            "that is λ itself; the limit of the learning rate is 2/λ": (
                lambda w: 2 / largest_rate(w)
            ),
            "1/K is right at weights of size 1 only: elsewhere the valley is steeper": (
                lambda w: 1 / len(w)
            ),
            "Σwᵢ² is right for two weights only: λ holds the inverse squares": (
                lambda w: 1 / np.sum(w**2)
            ),
            "the inverse weights enter squared": lambda w: 1 / np.sum(1 / np.abs(w)),
            "the inverse weights enter squared, or those of both signs cancel": (
                lambda w: 1 / np.sum(1 / w)
            ),
            "the flattest weight does not decide: λ is a sum over all of them": (
                lambda w: np.max(w**2)
            ),
            "the steepest weight alone does not decide: λ is a sum over all of them": (
                lambda w: np.min(w**2)
            ),
            "a mean instead of the sum: λ grows with the number of weights": (
                lambda w: 1 / np.mean(1 / w**2)
            ),
            "the factor 2 of λ is missing": lambda w: 2 / np.sum(1 / w**2),
            "the inverse of a sum is not the sum of the inverses": lambda w: np.sum(w**2),
        },
        equivalent={
            "λ is positive": ["the answer → np.abs(…)", "the answer → np.maximum(…, 0)"],
            "λ does not know order and signs of the weights": [
                "w: sorted",
                "w: reversed",
                "w: unsigned",
            ],
            "no weight of a minimum is zero": ["w: its zeros left out"],
        },
        why="λ is smallest, 2K, where all |wᵢ| = 1: beyond η = 1/K every minimum of the chain "
        "throws gradient descent out.",
    ),
    Exercise(
        name="time_to_learn",
        title="when a mode is learned (medium)",
        task="From u(t) = s e<sup>2st</sup> / (e<sup>2st</sup> − 1 + s/u₀), return the time at "
        "which u has reached the fraction <code>share</code> of s.",
        hints=(
            "Write E for e<sup>2st</sup> and solve share = E / (E − 1 + s/u₀) for E.",
            "Multiply out, and bring everything with E to one side. E is an exponential: what "
            "undoes it?",
        ),
        solution=time_to_learn,
        inputs=[
            (3.0, 1e-3, 0.5),
            (1.0, 1e-3, 0.9),
            (1.5, 0.3, 0.5),
            (2.2, 0.3, 0.8),
            (0.4, 0.1, 0.3),
        ],
        mistakes={
            "the exponent is 2st: you forgot to divide by the 2": (
                lambda s, u0, share: 2 * time_to_learn(s, u0, share)
            ),
            "that is pure exponential growth u₀e^(2st); near s the growth slows down": (
                lambda s, u0, share: np.log(share * s / u0) / (2 * s)
            ),
            "your answer does not depend on share": (
                lambda s, u0, share: time_to_learn(s, u0, 0.5)
            ),
            "that is e^(2st); take its logarithm and divide by 2s": (
                lambda s, u0, share: share / (1 - share) * (s / u0 - 1)
            ),
            "that is about when the mode is half learned; share is missing": (
                lambda s, u0, share: np.log(s / u0) / (2 * s)
            ),
            "the −1 beside s/u₀ is missing; it may be left out for a tiny start only": (
                lambda s, u0, share: np.log(share / (1 - share) * s / u0) / (2 * s)
            ),
            "E stands on both sides of the equation: multiply out, and collect what has E in it": (
                lambda s, u0, share: np.log(share * (s / u0 - 1)) / (2 * s)
            ),
            "share / (1 − share) is turned around": (
                lambda s, u0, share: np.log((1 - share) / share * (s / u0 - 1)) / (2 * s)
            ),
            "u reaches share · s; you let it reach share": (
                lambda s, u0, share: np.log(share / (s - share) * (s / u0 - 1)) / (2 * s)
            ),
            "e has the natural logarithm, np.log": (
                lambda s, u0, share: np.log10(share / (1 - share) * (s / u0 - 1)) / (2 * s)
            ),
            "the exponent is 2st: divide by s too": (
                lambda s, u0, share: np.log(share / (1 - share) * (s / u0 - 1)) / 2
            ),
            "that is E's logarithm, 2st: divide it by 2s": (
                lambda s, u0, share: np.log(share / (1 - share) * (s / u0 - 1))
            ),
        },
        equivalent={
            "s and u₀ are positive, and share lies between u₀/s and 1": [
                "1 - share → np.abs(1 - share)",
                "s / u0 - 1 → np.abs(s / u0 - 1)",
                "the answer → np.abs(…)",
                "the answer → np.maximum(…, 0)",
                "s: unsigned",
                "u0: unsigned",
                "share: unsigned",
            ]
        },
        why="The time goes like log(s/u₀)/(2s): a start a thousand times smaller costs little, "
        "a strength half as large costs twice the time.",
    ),
    Exercise(
        name="saddle_index",
        title="the index of a saddle (hard)",
        task="An autoencoder with <code>p</code> hidden units keeps the directions in the list "
        "<code>kept</code> (numbered from 0, at most p of them, in any order). "
        "<code>variances</code> falls, as in section 6. Return the number of negative eigenvalues.",
        hints=(
            "Section 6 counts two kinds of ways down: swaps, and idle units.",
            "A swap is a pair (kept i, lost j) with <code>variances[j] > variances[i]</code>. "
            "The lost directions are those that are not in <code>kept</code>.",
            "A unit that keeps nothing is idle, and can start to learn any lost direction, large "
            "or small. How many such pairs are there?",
        ),
        solution=saddle_index,
        inputs=[
            (_SPECTRUM, [0, 1], 2),
            (_SPECTRUM, [0, 2], 2),
            (_SPECTRUM, [3, 2], 2),
            (_SPECTRUM, [3, 1], 3),
            (_SPECTRUM, [3], 2),
            (_SPECTRUM, [], 3),
            (np.array([5.0, 3.0, 0.2]), [2], 3),
            (np.array([0.9, 0.4]), [], 1),
            (np.array([1.3, 0.9, 0.4, 0.3, 0.1, 0.05]), [2, 0, 4], 3),
        ],
        mistakes={
            "you counted the swaps only: a unit that keeps nothing has ways down too": _swaps,
            "you counted the pairs in which the kept direction is the larger one: swapping those "
            "would raise the loss": _swaps_from_below,
            "an idle unit gains nothing from a direction that is kept already: count the lost "
            "ones": _idle_times_all,
            "you counted lost directions; each pair of a kept and a larger lost one is a way down "
            "of its own": _lost_and_better,
            "you counted the idle units' ways only; swaps are ways down too": _idle_ways,
            "a swap lowers the loss only if the lost direction is the larger one": _all_pairs,
            "you counted each idle unit once; it can start with any lost direction": _idle_once,
            "you counted the lost directions once; each idle unit can start with any of them": (
                _idle_is_lost_once
            ),
            "that is the number of lost directions": (
                lambda variances, kept, p: len(variances) - len(kept)
            ),
            "that is the number of idle units": lambda variances, kept, p: p - len(kept),
            "that is the loss, the sum of the lost variances": (
                lambda variances, kept, p: sum(variances) - sum(variances[i] for i in kept)
            ),
        },
        equivalent={
            "the order of the kept ones does not count": ["kept: sorted", "kept: reversed"],
            "variances are positive, and different": [
                "variances[j] > variances[i] → variances[j] >= variances[i]",
                "variances[j] > variances[i] → np.abs(variances[j]) > variances[i]",
                "variances: unsigned",
                "variances: without negative ones",
                "variances: its zeros left out",
            ],
            "only comparisons of variances count": [
                "variances: its mean subtracted",
                "variances: normalized",
            ],
            "lists have one axis": [
                "len(variances) → np.shape(variances)[-1]",
                "len(kept) → np.shape(kept)[-1]",
                "len(lost) → np.shape(lost)[-1]",
            ],
            "numbers of ways are whole and not negative": [
                "p - len(kept) → np.abs(p - len(kept))",
                "int(swaps) → swaps",
                "the answer → np.abs(…)",
                "the answer → np.round(…)",
                "the answer → np.maximum(…, 0)",
                "p: unsigned",
            ],
        },
        why="Only keeping the p largest gives 0. Every other critical point is a strict saddle.",
    ),
]

lesson = Lesson(
    "02_deep_linear_networks",
    title="Deep linear networks",
    question="Full of saddles, and yet no bad minimum?",
    minutes=(45, 90),
    needs="01",
    sources="S28–S35",
    covers=COVERS,
    predictions=PREDICTIONS,
    exercises=EXERCISES,
    claims=CLAIMS,
)
