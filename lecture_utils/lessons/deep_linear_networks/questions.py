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
            "any, if it starts close": "Close to a minimum the error along the steepest direction "
            "is multiplied by 1 − ηλ. Beyond η = 2/λ that is growth.",
            "η < 1/K": "The flattest minima have λ = 2K, at weights of size 1, so 2/λ = 1/K. "
            "Beyond it every minimum throws gradient descent out.",
            "η < 1, whatever K": "More weights make the valley steeper: λ grows with K.",
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
            "all three together": "Each mode grows at its own rate, 2s.",
            "the strongest first": "While small, a mode grows like e<sup>2st</sup>: the stronger, "
            "the sooner it is learned.",
            "the weakest first": "It is the closest to its goal, but also the slowest to grow.",
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
    (np.array([1.5, -0.5, 2.0]),),
    (np.array([0.0, 0.7, 1.2]),),
    (np.array([0.9, 0.0, 0.0, 1.1]),),
]


def _divides(w):
    with np.errstate(all="ignore"):
        return -2 * (1 - np.prod(w)) * np.prod(w) / w


# --- 2: the largest stable learning rate ----------------------------------------------------------


def largest_rate(w):
    rest = np.array([np.prod(np.delete(w, i)) for i in range(len(w))])
    top_eigenvalue = 2 * np.sum(rest**2)
    return 2 / top_eigenvalue


# --- 3: when a mode is learned --------------------------------------------------------------------


def time_to_learn(s, u0, share):
    return np.log(share / (1 - share) * (s / u0 - 1)) / (2 * s)


# --- 4: the index of a critical point of the autoencoder ------------------------------------------


def saddle_index(variances, kept, p):
    lost = [j for j in range(len(variances)) if j not in kept]
    swaps = sum(variances[j] > variances[i] for i in kept for j in lost)
    idle = p - len(kept)
    return int(swaps) + idle * len(lost)


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
        },
    ),
    Exercise(
        name="largest_rate",
        title="the largest stable learning rate (medium)",
        task="Given weights w with product 1, a minimum of the chain, return the learning rate "
        "beyond which gradient descent leaves it.",
        hints=(
            "Close to a minimum the error along an eigenvector shrinks by 1 − ηλ per step. When is "
            "that larger than 1 in absolute value?",
            "The limit is 2/λ for the largest λ. At a minimum the second term of the Hessian "
            "vanishes, and H = 2 r rᵀ with rᵢ the product of all weights but wᵢ.",
            "H = 2 r rᵀ has only one eigenvalue that is not zero: 2 ‖r‖².",
        ),
        solution=largest_rate,
        inputs=[
            (np.array([1.0, 1.0]),),
            (np.array([2.0, 0.5]),),
            (np.array([2.0, 2.0, 0.25]),),
            (np.array([-1.0, 0.5, -2.0, 1.0]),),
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
            "Σwᵢ² is right for two weights only: r holds products of the others, not wᵢ": (
                lambda w: 1 / np.sum(w**2)
            ),
        },
        why="As r = 1/w at a minimum, λ = 2 Σ 1/wᵢ², which is smallest, 2K, where all |wᵢ| = 1.",
    ),
    Exercise(
        name="time_to_learn",
        title="when a mode is learned (medium)",
        task="From u(t) = s e<sup>2st</sup> / (e<sup>2st</sup> − 1 + s/u₀), return the time at "
        "which u has reached the fraction <code>share</code> of s.",
        hints=(
            "Write E for e<sup>2st</sup> and solve share = E / (E − 1 + s/u₀) for E.",
            "Multiplying out: E (1 − share) = share (s/u₀ − 1). Then t = log(E) / (2s).",
        ),
        solution=time_to_learn,
        inputs=[(3.0, 1e-3, 0.5), (1.0, 1e-3, 0.9), (2.0, 0.3, 0.5), (2.0, 0.3, 0.8)],
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
        },
        why="The time goes like log(s/u₀)/(2s): a start a thousand times smaller costs little, "
        "a strength half as large costs twice the time.",
    ),
    Exercise(
        name="saddle_index",
        title="the index of a saddle (hard)",
        task="An autoencoder with <code>p</code> hidden units keeps the directions in the list "
        "<code>kept</code> (numbered from 0, at most p of them). Return the number of negative "
        "eigenvalues.",
        hints=(
            "Section 6 counts two kinds of ways down: swaps, and idle units.",
            "A swap is a pair (kept i, lost j) with <code>variances[j] > variances[i]</code>. "
            "The lost directions are those that are not in <code>kept</code>.",
            "Each of the p − len(kept) idle units can start to learn each of the lost directions, "
            "large or small.",
        ),
        solution=saddle_index,
        inputs=[
            (_SPECTRUM, [0, 1], 2),
            (_SPECTRUM, [0, 2], 2),
            (_SPECTRUM, [2, 3], 2),
            (_SPECTRUM, [3], 2),
            (_SPECTRUM, [], 3),
            (np.array([0.2, 0.9, 0.5]), [0], 2),
        ],
        mistakes={
            "you counted the swaps only: a unit that keeps nothing has ways down too": _swaps,
            "you counted the pairs in which the kept direction is the larger one: swapping those "
            "would raise the loss": _swaps_from_below,
            "an idle unit gains nothing from a direction that is kept already: count the lost "
            "ones": _idle_times_all,
            "you counted lost directions; each pair of a kept and a larger lost one is a way down "
            "of its own": _lost_and_better,
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
