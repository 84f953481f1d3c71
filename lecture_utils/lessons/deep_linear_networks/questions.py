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
            "about 10 · k": "The slope is about 2t², so a step gains 2ηt²: the time is about "
            "1/(2ηt), ten times as long.",
            "about 100 · k": "That is four weights: the slope is then about 2t³.",
        },
        answer="about 10 · k",
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
        question="The saddle of two matrices W<sub>i</sub> = √2 diag(1, 0) and that of three, "
        "∛2 diag(1, 0), both have a way down. At a distance of 0.01 from that of two about one "
        "random direction in twenty lies lower. And at this distance from that of three?",
        options={
            "about as many": "With two matrices the loss falls along its way like −2a², so that a "
            "whole cone of directions lies lower, at every distance. With three it falls like "
            "−2a³.",
            "about one in 400": "As if each matrix cost the same factor. But with three the share "
            "depends on the distance: the nearer, the smaller.",
            "fewer than one in a thousand": "Along its way the loss falls like −2a³, in other "
            "directions it rises like a². So close by nearly every direction has enough of the "
            "rise to lie higher.",
        },
        answer="fewer than one in a thousand",
        reveal="Such a way down is seen by no eigenvalue, and hardly found by chance.",
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


def _each(w, others):
    """For each weight i the product of the weights that ``others(i)`` gives."""
    return np.array([np.prod(others(i)) for i in range(len(w))])


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


def _pairs(variances, kept, candidates, without=None):
    """Pairs of a kept direction and a larger one among the candidates that are not ``without``."""
    without = kept if without is None else without
    found = [j for j in candidates if j not in without]
    return int(sum(variances[j] > variances[i] for i in kept for j in found))


def _once_per_kept(variances, kept):
    lost = [j for j in range(len(variances)) if j not in kept]
    return sum(any(variances[j] > variances[i] for j in lost) for i in kept)


def _numbered_from_1(variances, kept):
    lost = [j for j in range(len(variances)) if j + 1 not in kept]
    return int(sum(variances[j] > variances[i - 1] for i in kept for j in lost))


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
            "the derivative with respect to each weight is asked for; yours is one number, "
            "without ∂P/∂wᵢ": (lambda w: -2 * (1 - np.prod(w))),
            "only the weights before wᵢ are in it; those after it belong to ∂P/∂wᵢ too": (
                lambda w: -2 * (1 - np.prod(w)) * _each(w, lambda i: w[:i])
            ),
            "only the weights after wᵢ are in it; those before it belong to ∂P/∂wᵢ too": (
                lambda w: -2 * (1 - np.prod(w)) * _each(w, lambda i: w[i + 1 :])
            ),
            "0/0 is not 0: where one weight is zero, the product of the others need not be": (
                lambda w: np.nan_to_num(_divides(w), posinf=0, neginf=0)
            ),
            "the error 1 − P holds all weights; only ∂P/∂wᵢ leaves one out": (
                lambda w: -2 * (1 - _rest(w)) * _rest(w)
            ),
            "the entries reversed are the product of the others for two weights only": (
                lambda w: -2 * (1 - np.prod(w)) * w[::-1]
            ),
            "the last entry is missing: there is one for each weight": (
                lambda w: chain_gradient(w)[:-1]
            ),
            "the weights are multiplied, not added up": (
                lambda w: 2 * (np.sum(w) - 1) * np.ones(len(w))
            ),
            "the square is around the whole 1 − P: its derivative is −2 (1 − P) · ∂P/∂wᵢ, not "
            "−2 P · ∂P/∂wᵢ": (lambda w: -2 * np.prod(w) * _rest(w)),
            "only wᵢ is left out; yours leaves out the one before it too": (
                lambda w: -2 * (1 - np.prod(w)) * _each(w, lambda i: np.delete(w, [i, i - 1]))
            ),
            "those are second derivatives, the diagonal of H": (lambda w: 2 * _rest(w) ** 2),
            "∂P/∂wᵢ is the product of the others, not their mean": (
                lambda w: (
                    -2
                    * (1 - np.prod(w))
                    * np.array([np.mean(np.delete(w, i)) for i in range(len(w))])
                )
            ),
            "the weights keep their signs in the product of the others": (
                lambda w: -2 * (1 - np.prod(w)) * np.abs(_rest(w))
            ),
            "that is the loss; its gradient is asked for": (lambda w: (1 - np.prod(w)) ** 2),
            "wᵢ is left out of the product; yours subtracts it": (
                lambda w: -2 * (1 - np.prod(w)) * (np.prod(w) - w)
            ),
            "the product starts again from 1 for each i; yours goes on with the last one": (
                lambda w: -2 * (1 - np.prod(w)) * np.cumprod(_rest(w))
            ),
            "a logarithm takes positive numbers only, and a weight may be negative or zero": (
                lambda w: -2 * (1 - np.prod(w)) * np.exp(np.sum(np.log(w)) - np.log(w))
            ),
            "a weight is left out by its place; yours leaves out all weights of the same value": (
                lambda w: -2 * (1 - np.prod(w)) * _each(w, lambda i: w[w != w[i]])
            ),
            "the square around 1 − P is missing: its derivative brings the factor 2 (1 − P)": (
                lambda w: -_rest(w)
            ),
            "the loss without wᵢ is no derivative: the chain rule gives −2 (1 − P) · ∂P/∂wᵢ": (
                lambda w: (1 - _rest(w)) ** 2
            ),
            "∂P/∂wᵢ is the product of all the others, not the weight before it": (
                lambda w: -2 * (1 - np.prod(w)) * np.roll(w, 1)
            ),
            "the error is 1 − P with the product; yours has the sum of the weights": (
                lambda w: -2 * (1 - np.sum(w)) * _rest(w)
            ),
            "∂P/∂wᵢ is the product of all the others; yours is one number, with all weights in "
            "it": (lambda w: -2 * (1 - np.prod(w)) * np.prod(w)),
            "np.cumprod multiplies the first weights up to wᵢ; ∂P/∂wᵢ is the product of all the "
            "others": (lambda w: -2 * (1 - np.prod(w)) * np.cumprod(w)),
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
            "that is half of it: at 1/λ the error is gone in one step, and up to 2/λ it shrinks": (
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
            "that is twice the limit, 4/λ: λ has a factor 2, and the limit is 2/λ": lambda w: (
                2 / np.sum(1 / w**2)
            ),
            "the inverse of a sum is not the sum of the inverses": lambda w: np.sum(w**2),
            "each of the inverse weights is squared, not their sum": (
                lambda w: 1 / np.sum(1 / w) ** 2
            ),
            "the weights enter λ by their inverse squares, and all of them, not the first two": (
                lambda w: 1 / (w[0] ** 2 + w[1] ** 2)
            ),
            "the limit is 2/λ, without a root": (lambda w: 2 / np.sqrt(2 * np.sum(1 / w**2))),
            "λ is a sum of inverse squares; a norm is the root of that: square it": (
                lambda w: 2 / np.linalg.norm(1 / w)
            ),
            "the first weight is missing: weights are numbered from 0": (
                lambda w: 1 / np.sum(1 / w[1:] ** 2)
            ),
            "the last weight is missing: `range(n)` ends with n − 1 by itself": (
                lambda w: 1 / np.sum(1 / w[:-1] ** 2)
            ),
            "only the first weight counts in it; λ is a sum over all of them": (
                lambda w: w[0] ** 2
            ),
            "the weights enter λ by their inverse squares, and all of them, not only the ends": (
                lambda w: 1 / (w[0] ** 2 + w[-1] ** 2)
            ),
            "the inverse weights enter squared, and there is no root": (
                lambda w: 2 / np.sqrt(np.sum(2 / w))
            ),
            "λ is a sum of inverse squares; yours has the length of w itself": (
                lambda w: 1 / np.linalg.norm(w)
            ),
            "λ is a sum of inverse squares; yours has the weights' sizes themselves": (
                lambda w: 1 / np.sum(np.abs(w))
            ),
            "the number of weights alone does not decide, and it stands below": (
                lambda w: len(w) / 2
            ),
            "those are the limits for every weight alone; λ is a sum over all of them": (
                lambda w: w**2
            ),
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
            "the sign beside s/u₀ is a minus: E − 1 + s/u₀ stands below": (
                lambda s, u0, share: np.log(share / (1 - share) * (s / u0 + 1)) / (2 * s)
            ),
            "the exponent is 2st: divide by 2s, do not multiply": (
                lambda s, u0, share: np.log(share / (1 - share) * (s / u0 - 1)) * 2 * s
            ),
            "share is missing above: the logarithm holds share / (1 − share)": (
                lambda s, u0, share: np.log((s / u0 - 1) / (1 - share)) / (2 * s)
            ),
            "it is share / (1 − share), with a minus": (
                lambda s, u0, share: np.log(share / (1 + share) * (s / u0 - 1)) / (2 * s)
            ),
            "u does not grow evenly in time: share enters the logarithm as share / (1 − share)": (
                lambda s, u0, share: np.log(s / u0) / (2 * s) * share
            ),
            "u does not grow evenly in time: twice the time of a half times share is no solution": (
                lambda s, u0, share: np.log(s / u0) / s * share
            ),
            "the logarithm of a product is the sum of the logarithms, not their product": (
                lambda s, u0, share: np.log(share / (1 - share)) * np.log(s / u0 - 1) / (2 * s)
            ),
            "it is s/u₀ − 1; yours is s − u₀": (
                lambda s, u0, share: np.log(share / (1 - share) * (s - u0)) / (2 * s)
            ),
            "the strength s stands in the exponent, not u₀": (
                lambda s, u0, share: np.log(share / (1 - share) * (s / u0 - 1)) / (2 * u0)
            ),
            "that is u at the time share; the time at which u is share · s is asked for": (
                lambda s, u0, share: (
                    s * np.exp(2 * s * share) / (np.exp(2 * s * share) - 1 + s / u0)
                )
            ),
            "share is a fraction already, not a percentage": (
                lambda s, u0, share: (
                    np.log(share / 100 / (1 - share / 100) * (s / u0 - 1)) / (2 * s)
                )
            ),
            "u = share · s stands against a factor s above, so s cancels: yours has one s too "
            "many": (lambda s, u0, share: np.log(s * share / (1 - share) * (s / u0 - 1)) / (2 * s)),
            "what undoes an exponential is the logarithm; yours takes e to the power": (
                lambda s, u0, share: np.exp(share / (1 - share) * (s / u0 - 1)) / (2 * s)
            ),
            "the logarithm is missing: that is E / (2s)": (
                lambda s, u0, share: share / (1 - share) * (s / u0 - 1) / (2 * s)
            ),
            "share / (1 − share) multiplies the whole bracket (s/u₀ − 1), also its −1": (
                lambda s, u0, share: np.log(share / (1 - share) * s / u0 - 1) / (2 * s)
            ),
            "the logarithm is divided by 2s as it is: there is no root": (
                lambda s, u0, share: np.sqrt(np.log(share / (1 - share) * (s / u0 - 1))) / (2 * s)
            ),
            "the logarithm of s/u₀ − 1 is added, not subtracted": (
                lambda s, u0, share: (np.log(share / (1 - share)) - np.log(s / u0 - 1)) / (2 * s)
            ),
            "time counts in t as it is here, not in steps of a learning rate 10⁻³": (
                lambda s, u0, share: time_to_learn(s, u0, share) / 1e-3
            ),
            "divide by (2 * s) in brackets: / 2 * s multiplies by s": (
                lambda s, u0, share: np.log(share / (1 - share) * (s / u0 - 1)) / 2 * s
            ),
            "e has the natural logarithm, np.log, not that to the base 2": (
                lambda s, u0, share: np.log2(share / (1 - share) * (s / u0 - 1)) / (2 * s)
            ),
            "that is the logarithm of pure growth, 2st: near s the growth slows down, and 2s "
            "divides": (lambda s, u0, share: np.log(share * s / u0)),
            "share enters the logarithm, as share / (1 − share); it is no factor": (
                lambda s, u0, share: share * np.log(s / u0 - 1) / (2 * s)
            ),
            "u reaches share · s, and not share; and near s the growth slows down": (
                lambda s, u0, share: np.log(share / u0) / (2 * s)
            ),
            "1 − share stands below, and share above": (
                lambda s, u0, share: np.log((1 - share) * (s / u0 - 1)) / (2 * s)
            ),
            "share is a fraction of s already, u/s: it is not multiplied by s": (
                lambda s, u0, share: np.log(share * s * (s / u0 - 1) / (1 - share * s)) / (2 * s)
            ),
            "1 − share belongs into the logarithm too: a bracket closes too early": (
                lambda s, u0, share: np.log(share * (s / u0 - 1)) / (1 - share) / (2 * s)
            ),
            "brackets are missing: share · (s/u₀ − 1) is divided by (1 − share)": (
                lambda s, u0, share: np.log(share * s / u0 - 1 / (1 - share)) / (2 * s)
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
            "every pair of a unit and a lost direction is counted; a unit that keeps something "
            "gains by a larger one only": _all_pairs,
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
            "each idle unit goes with each lost direction: multiply these two numbers, do not "
            "add them": (
                lambda variances, kept, p: (
                    _swaps(variances, kept, p) + p - len(kept) + len(variances) - len(kept)
                )
            ),
            "only the idle units start anew, p − len(kept) of them, not all p": (
                lambda variances, kept, p: (
                    _swaps(variances, kept, p) + p * (len(variances) - len(kept))
                )
            ),
            "a kept direction counts one swap for each larger lost one, not one in all": (
                lambda variances, kept, p: (
                    _once_per_kept(variances, kept) + _idle_ways(variances, kept, p)
                )
            ),
            "the directions are numbered from 0: direction i has variances[i]": (
                lambda variances, kept, p: (
                    _numbered_from_1(variances, kept) + _idle_ways(variances, kept, p)
                )
            ),
            "lost directions beyond the first p are lost too": (
                lambda variances, kept, p: (
                    _pairs(variances, kept, range(p)) + _idle_ways(variances, kept, p)
                )
            ),
            "a kept direction is swapped with lost ones only; you count the kept ones too": (
                lambda variances, kept, p: (
                    _pairs(variances, kept, range(len(variances)), ())
                    + _idle_ways(variances, kept, p)
                )
            ),
            "a kept direction is swapped with lost ones only; you count the kept ones, and "
            "itself, too": (
                lambda variances, kept, p: sum(i + 1 for i in kept) + _idle_ways(variances, kept, p)
            ),
            "the lost directions are those not kept, not len(variances) − p of them": (
                lambda variances, kept, p: (
                    _swaps(variances, kept, p) + (p - len(kept)) * (len(variances) - p)
                )
            ),
            "the two kinds of ways down are added, not subtracted": (
                lambda variances, kept, p: (
                    _swaps(variances, kept, p) - _idle_ways(variances, kept, p)
                )
            ),
            "the two kinds of ways down are added, not multiplied": (
                lambda variances, kept, p: (
                    _swaps(variances, kept, p) * _idle_ways(variances, kept, p)
                )
            ),
            "direction 0 may be lost too: you begin at 1": (
                lambda variances, kept, p: (
                    _pairs(variances, kept, range(1, len(variances)))
                    + _idle_ways(variances, kept, p)
                )
            ),
            "an idle unit may start with any lost direction, the last one too: one is missing": (
                lambda variances, kept, p: (
                    _pairs(variances, kept, range(len(variances) - 1))
                    + (p - len(kept)) * (len(variances) - 1 - len(kept))
                )
            ),
            "a swap is one way down, not two": (
                lambda variances, kept, p: (
                    2 * _swaps(variances, kept, p) + _idle_ways(variances, kept, p)
                )
            ),
            "a unit is idle if it keeps nothing, p − len(kept) of them, and p may be less than "
            "the number of directions": (
                lambda variances, kept, p: (
                    _swaps(variances, kept, p) + (len(variances) - p) * (len(variances) - len(kept))
                )
            ),
            "which directions are larger counts, not how far beyond p a kept one lies": (
                lambda variances, kept, p: (
                    sum(max(0, i - p + 1) for i in kept) + _idle_ways(variances, kept, p)
                )
            ),
            "a direction kept wrongly has one swap for each larger lost one, not one in all": (
                lambda variances, kept, p: (
                    sum(i >= p for i in kept) + _idle_ways(variances, kept, p)
                )
            ),
            "idle units have ways down also where others keep something": (
                lambda variances, kept, p: (
                    _swaps(variances, kept, p) if kept else _idle_ways(variances, kept, p)
                )
            ),
            "a missing direction counts once for each smaller kept one, not once in all": (
                lambda variances, kept, p: (
                    sum(j not in kept for j in range(p)) + _idle_ways(variances, kept, p)
                )
            ),
            "with directions numbered from 0 there are i larger ones than i; yours has one too "
            "many for each": (
                lambda variances, kept, p: (
                    _swaps(variances, kept, p) + len(kept) + _idle_ways(variances, kept, p)
                )
            ),
            "the idle units are p − len(kept); yours are p − 1": (
                lambda variances, kept, p: (
                    _swaps(variances, kept, p) + (p - 1) * (len(variances) - len(kept))
                )
            ),
            "the first kept direction has none below it that are kept: count them from 0, not "
            "from 1": (
                lambda variances, kept, p: (
                    sum(i - k for k, i in enumerate(sorted(kept), 1))
                    + (p - len(kept)) * (len(variances) - len(kept))
                )
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
