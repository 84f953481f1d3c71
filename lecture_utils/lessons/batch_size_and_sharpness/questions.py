"""Predictions and exercises of notebook 08."""

import jax
import jax.numpy as jnp
import numpy as np
from scipy import stats

from lecture_utils.studio.lesson import Lesson
from lecture_utils.studio.questions import Exercise, Prediction

from .claims import CLAIMS, COVERS

PREDICTIONS = [
    Prediction(
        name="noise",
        question="You quadruple the batch size. What happens to the typical length of the "
        "gradient noise, the difference between the minibatch gradient and the full one?",
        options={
            "it stays": "A mean of more examples is less noisy.",
            "it halves": "The variance is divided by 4, the length is its root.",
            "it falls to a quarter": "That is the variance, the mean <i>squared</i> length.",
            "it falls to a sixteenth": "That would be two steps too many: variance ∝ 1/B.",
        },
        answer="it halves",
    ),
    Prediction(
        name="time",
        question="On this computer, how does the time for one <i>epoch</i> (every example once) "
        "with B = 1024 compare with that for B = 1?",
        options={
            "much shorter": "Two updates instead of 1797. Each costs more than one of those, but "
            "far less than 1024 of them: a few large matrix products are cheaper than many tiny "
            "ones.",
            "about the same": "Then an update would have to cost in proportion to B, all the way "
            "up to 1024.",
            "much longer": "The arithmetic per epoch is the same; there are only fewer updates.",
        },
        answer="much shorter",
    ),
    Prediction(
        name="shift",
        question="A parabola with curvature λ is shifted by s. By how much is it higher at the "
        "old minimum? And if λ is 16 times as large?",
        options={
            "λs², then 16 times that": "The factor is right. The parabola is ½λx², mind the ½.",
            "½λs², then 16 times that": "So for equal shifts the sharp valley pays 16 times as "
            "much.",
            "½λs², then 4 times that": "The width of the valley changes by 4, its height by 16.",
            "½λs², then the same": "Then the picture of flat and sharp minima would be empty.",
        },
        answer="½λs², then 16 times that",
    ),
    Prediction(
        name="batches",
        question="A net learns digits, 20 % of its labels wrong, with B = 10 or B = 200 and "
        "equally many steps. Compared with B = 10, how sharp is the end of B = 200 by λ_max, and "
        "how good on the test set?",
        options={
            "sharper, and worse on the test set by a point or more": "Sharper, yes. On the test "
            "set it is behind by a fraction of a point only.",
            "sharper, and less than a point apart on the test set": "λ_max is larger for every "
            "seed. The mean test accuracy is lower, but by less than a point, eight images of 797.",
            "as sharp, and as good": "λ_max differs for every seed.",
            "flatter": "It is the other way around.",
        },
        answer="sharper, and less than a point apart on the test set",
    ),
    Prediction(
        name="dinh",
        question="Multiplying the first layer of the ReLU network of notebook 06 by 10 and "
        "dividing the second by 10 raised λ_max some thirtyfold. Now a network of this notebook, "
        "and the other way: divide the first layer by 5 and multiply the second by 5. What does "
        "λ_max do?",
        options={
            "it falls about as much": "So it would if the second layer alone made it. With the "
            "second layer five times as large, the first becomes the sensitive one.",
            "it stays, as the function does": "relu(z/5) = relu(z)/5, so the function stays. But "
            "λ_max counts in weights, and these have new units.",
            "it grows as well": "The first weights are now 5 times smaller, so the same step in "
            "them does 5 times as much, and curvature along it is up to 25 times as large.",
        },
        answer="it grows as well",
    ),
    Prediction(
        name="edge",
        question="Full-batch gradient descent with learning rate η trains a network; λ_max is "
        "measured all the time and starts below 2/η. What will it do?",
        options={
            "fall, as the loss does": "The loss falls, but λ_max rises: <i>progressive "
            "sharpening</i>.",
            "rise until the run diverges": "On a parabola every step beyond 2/η would lead "
            "farther away. But a network is no parabola: it turns aside instead.",
            "rise to 2/η and stay there": "This is the edge of stability (Cohen et al. 2021).",
            "rise to a value that does not depend on η": "The height of the plateau is set by η.",
        },
        answer="rise to 2/η and stay there",
    ),
]

ROOM = [  # asked without a card
    Prediction(
        name="four_times_the_batch",
        question="Each batch size may now choose its own learning rate. From 256 to 1000 examples "
        "the batch is four times as large. How many steps to a loss of 0.1 does that save: three "
        "quarters of them, half, or hardly any?",
        options={
            "three quarters": "So the linear scaling rule would have it. It holds for small "
            "batches only, as long as noise is what limits a step.",
            "half": "From 4 to 16 examples it is more than half. From 256 on little noise is left "
            "to be averaged away.",
            "hardly any": "The steps hardly fall, and the best rate stops growing too: beyond the "
            "critical batch there is nothing left to gain.",
        },
        answer="hardly any",
    ),
]


# --- 1: how noisy is a minibatch? -----------------------------------------------------------------


def minibatch_noise(G, B):
    return np.sum(np.var(G, axis=0)) / B


def _gradients(seed, shape):
    G = np.random.default_rng(seed).standard_normal(shape) + np.arange(shape[1])
    return G.round(1)


_NOISE_INPUTS = [
    (np.array([[1.0, 0.0], [3.0, -4.0], [-0.5, 1.0]]), 2),
    (np.array([[2.0, -1.0], [0.0, 0.5], [1.0, 1.0], [5.0, 0.0]]), 3),
    (_gradients(0, (6, 3)), 4),
    (_gradients(1, (9, 2)), 1),
    (_gradients(2, (5, 4)), 16),
]


def _spread(G):
    return G - np.mean(G, axis=0)


def _lengths(G):
    return np.linalg.norm(_spread(G), axis=1)


_NOISE_MISTAKES = {
    "the lengths of the noise enter squared": lambda G, B: np.mean(_lengths(G)) / B,
    "square every length before you take the mean": lambda G, B: np.mean(_lengths(G)) ** 2 / B,
    "that is the noise of one batch, the first B rows; its mean over all batches is asked for": (
        lambda G, B: np.sum((G[:B].mean(axis=0) - G.mean(axis=0)) ** 2)
    ),
    "every batch is drawn anew from all n rows; you took the variance of the first B": (
        lambda G, B: np.sum(np.var(G[:B], axis=0)) / B
    ),
    "every batch is drawn anew from all n rows; you took the squared noise of the first B": (
        lambda G, B: np.mean(_lengths(G)[:B] ** 2) / B
    ),
    "np.cov wants one parameter a row and divides by n − 1: np.cov(G.T, bias=True)": (
        lambda G, B: np.trace(np.cov(G)) / B
    ),
    "the draws are with replacement, so no rows run out: no factor (n − B)/n": (
        lambda G, B: minibatch_noise(G, B) * (len(G) - B) / len(G)
    ),
    "every column has its own mean; you subtracted that of all numbers": (
        lambda G, B: np.mean(np.sum((G - G.mean()) ** 2, axis=1)) / B
    ),
    "subtract the mean of every column; you subtracted that of every row": (
        lambda G, B: np.mean(np.sum((G - G.mean(axis=1, keepdims=True)) ** 2, axis=1)) / B
    ),
    "subtract the mean gradient first, and take the mean over the rows": (
        lambda G, B: np.sum(G**2) / B
    ),
    "that is the mean gradient, squared; the noise is what differs from it": (
        lambda G, B: np.sum(G.mean(axis=0) ** 2) / B
    ),
    "square the deviations before you add them up: that gives the variances": (
        lambda G, B: np.sum(np.std(G, axis=0)) ** 2 / B
    ),
    "the variances add up as they are; np.linalg.norm squares them once more": (
        lambda G, B: np.linalg.norm(np.var(G, axis=0)) / B
    ),
    "the distances from the mean enter squared; you took the mean of their sizes": (
        lambda G, B: np.mean(np.abs(_spread(G))) / B
    ),
    "the distances from the mean enter squared; you added their sizes": (
        lambda G, B: np.sum(np.abs(_spread(G))) / len(G) / B
    ),
    "the variances of all parameters are added; you took the largest": (
        lambda G, B: np.max(np.var(G, axis=0)) / B
    ),
    "a variance is a square already: do not square it again": (
        lambda G, B: minibatch_noise(G, 1) ** 2 / B
    ),
    "np.linalg.norm takes a root: square it": (
        lambda G, B: np.linalg.norm(_spread(G)) / len(G) / B
    ),
    "that is a length divided by B; the squared length goes with 1/B": (
        lambda G, B: np.sqrt(minibatch_noise(G, 1)) / B
    ),
    "those are the lengths of the noise along every parameter, added; their squares add up": (
        lambda G, B: np.sum(np.std(G, axis=0)) / np.sqrt(B)
    ),
    "that is the mean length along a parameter; the squares add up": (
        lambda G, B: np.mean(np.std(G, axis=0)) / np.sqrt(B)
    ),
    "sum over the parameters, no mean; and the variance divides by n": (
        lambda G, B: np.mean(np.var(G, axis=0, ddof=1)) / B
    ),
    "the variance is taken over the rows; and it is divided by B, not by its square": (
        lambda G, B: np.sum(np.var(G, axis=1)) / B**2
    ),
    "that is the root of the squared noise; and the variance divides by n": (
        lambda G, B: np.sqrt(np.sum(np.var(G, axis=0, ddof=1)) / B)
    ),
}

# --- 2: is it luck? -------------------------------------------------------------------------------


def paired_difference(small, large):
    differences = large - small
    return np.mean(differences), np.std(differences, ddof=1) / np.sqrt(len(differences))


_PAIRED_INPUTS = [
    (np.array([91.0, 88.5, 93.0]), np.array([90.0, 88.0, 91.0])),
    (np.array([0.9, 0.5]), np.array([0.4, 0.8])),
    (np.array([2.0, 0.0, -1.5, 3.0, 0.7]), np.array([2.5, 1.0, 0.0, -2.0, 3.1])),
    (np.array([0.3, -0.2, 0.0, 1.1]), np.array([0.0, 0.4, 0.5, 1.3])),
]


def _error_by(error):
    """The right mean with another standard error, a function of the two samples."""
    return lambda small, large: (np.mean(large - small), error(small, large))


def _error_of(error):
    """The right mean with another standard error, a function of the differences and of n."""
    return _error_by(lambda small, large: error(large - small, len(small)))


def _deviation(x):
    return np.std(x, ddof=1)


def _mean_and_error(x):
    return np.mean(x), _deviation(x) / np.sqrt(len(x))


_PAIRED_MISTAKES = {
    "those are the t and the p of a test; the mean and its error are asked for": (
        lambda small, large: tuple(stats.ttest_rel(large, small))
    ),
    "the deviation is that of the differences; yours is that of `large` alone": _error_by(
        lambda small, large: _deviation(large) / np.sqrt(len(large))
    ),
    "the deviation is that of the differences; yours is that of `small` alone": _error_by(
        lambda small, large: _deviation(small) / np.sqrt(len(small))
    ),
    "n − 1 is in the deviation already: divide it by √n": _error_of(
        lambda d, n: _deviation(d) / (n - 1)
    ),
    "the differences themselves are asked for; yours are divided by `small`": (
        lambda small, large: _mean_and_error((large - small) / small)
    ),
    "sorting tears the pairs apart": lambda small, large: _mean_and_error(
        np.sort(large) - np.sort(small)
    ),
    "n is the number of pairs that come in, not always 8": _error_of(
        lambda d, n: _deviation(d) / np.sqrt(8)
    ),
    "n is the number of pairs, not that of the images": _error_of(
        lambda d, n: _deviation(d) / np.sqrt(1797)
    ),
    "a deviation is one from the mean: subtract the mean first": _error_of(
        lambda d, n: np.sqrt(np.sum(d**2) / (n - 1) / n)
    ),
    "that is how many errors the mean is away from zero; the error itself is asked for": _error_of(
        lambda d, n: np.mean(d) / (_deviation(d) / np.sqrt(n))
    ),
    "those are the ends of an interval; the mean and its error are asked for one by one": (
        lambda small, large: (
            paired_difference(small, large)[0] - paired_difference(small, large)[1],
            paired_difference(small, large)[0] + paired_difference(small, large)[1],
        )
    ),
    "the deviations of the two samples do not add up to that of the differences": _error_by(
        lambda small, large: (_deviation(small) + _deviation(large)) / np.sqrt(len(small))
    ),
    "that is the mean size of the deviations; a standard deviation squares them": _error_of(
        lambda d, n: np.mean(np.abs(d - np.mean(d))) / np.sqrt(n)
    ),
    "you put all runs into one sample; what a pair shares drops out of its difference": _error_by(
        lambda small, large: _deviation(np.concatenate([small, large])) / np.sqrt(2 * len(small))
    ),
    "you took the mean variance of the two samples; that of the differences is asked for": (
        _error_by(
            lambda small, large: np.sqrt(
                (np.var(small, ddof=1) + np.var(large, ddof=1)) / (2 * len(small))
            )
        )
    ),
    "a standard deviation is a root already; yours is under a second one": _error_of(
        lambda d, n: np.sqrt(_deviation(d) / n)
    ),
    "that is the first difference; the mean of all is asked for": lambda small, large: (
        (large - small)[0],
        paired_difference(small, large)[1],
    ),
    "the squared mean is subtracted once from the sum of squares; it counts n times": _error_of(
        lambda d, n: np.sqrt(np.sum(d**2) - np.mean(d) ** 2) / np.sqrt(n * (n - 1))
    ),
    "the range, largest minus smallest, is no standard deviation": _error_of(
        lambda d, n: np.ptp(d) / np.sqrt(n)
    ),
    "you divided the mean by √n; the standard deviation is divided": _error_of(
        lambda d, n: np.mean(d) / np.sqrt(n)
    ),
    "a mean divides by n; only the deviation has n − 1": lambda small, large: (
        np.sum(large - small) / (len(small) - 1),
        paired_difference(small, large)[1],
    ),
    "n is the number of pairs, not that of the runs; and the deviation divides by n − 1": _error_of(
        lambda d, n: np.std(d) / np.sqrt(2 * n)
    ),
    "the differences are large − small; and your deviation divides by n, not by n − 1": (
        lambda small, large: (np.mean(small - large), np.std(large - small) / np.sqrt(len(small)))
    ),
    "that is the half width of an interval; and your deviation divides by n, not by n − 1": (
        _error_of(lambda d, n: 1.96 * np.std(d) / np.sqrt(n))
    ),
    "the differences are large − small; and the pairs were torn apart": lambda small, large: (
        np.mean(small - large),
        np.sqrt((np.var(small, ddof=1) + np.var(large, ddof=1)) / len(small)),
    ),
    "the pairs were torn apart; and a deviation divides by n − 1": _error_by(
        lambda small, large: np.sqrt((np.var(small) + np.var(large)) / len(small))
    ),
    "the root is missing; and a deviation divides by n − 1": _error_of(lambda d, n: np.var(d) / n),
    "divide by √n, not by n; and a deviation divides by n − 1": _error_of(
        lambda d, n: np.std(d) / n
    ),
}

# --- 3: the price of a random shift ---------------------------------------------------------------


def mean_rise(H, s):
    return s**2 * np.trace(H) / 2


_RISE_INPUTS = [
    (np.diag([1.0, 4.0]), 0.5),
    (np.array([[2.0, -1.0], [-1.0, 2.5]]), 0.1),
    (np.array([[0.7]]), 2.0),
    (np.array([[3.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.5]]), 1.5),
]


def _rise_by(size):
    """The rise with something else in place of the trace."""
    return lambda H, s: s**2 * size(H) / 2


def _ends(H):
    return np.linalg.eigvalsh(H)[[0, -1]]


_RISE_MISTAKES = {
    "that is the mean of all entries of H; the sum of its diagonal counts": _rise_by(np.mean),
    "the curvatures add up as they are, not their squares": _rise_by(lambda H: np.sum(H**2)),
    "only s is squared, the sum of the curvatures is not": _rise_by(lambda H: np.trace(H) ** 2),
    "all eigenvalues count; you added the smallest and the largest": _rise_by(
        lambda H: np.sum(_ends(H))
    ),
    "the mean rise has no root in it: it goes with s² and with the sum of the curvatures": (
        lambda H, s: s * np.sqrt(np.trace(H))
    ),
    "the sum of the curvatures enters as it is: take no root": _rise_by(
        lambda H: np.sqrt(np.trace(H))
    ),
    "that is the rise along the first parameter; all are shifted": _rise_by(lambda H: H[0, 0]),
    "terms off the diagonal average out; yours has those above it": _rise_by(
        lambda H: np.sum(np.triu(H))
    ),
    "that is the rise along the one parameter that costs most; all are shifted": _rise_by(
        lambda H: np.max(np.diag(H))
    ),
    "the more curvature, the higher the rise: do not divide by it": _rise_by(
        lambda H: 1 / np.trace(H)
    ),
    "terms off the diagonal average out; yours has the sizes of all entries": _rise_by(
        lambda H: np.sum(np.abs(H))
    ),
    "those are sums of columns; one number is asked for, the sum of the diagonal": _rise_by(
        lambda H: np.sum(H, axis=0)
    ),
    "s² multiplies all curvatures, and all count": lambda H, s: (
        (_ends(H)[1] * s**2 + _ends(H)[0] * s) / 2
    ),
    "that is the median of the curvatures; their sum counts": _rise_by(
        lambda H: np.median(np.linalg.eigvalsh(H))
    ),
    "the curvatures add up; you took the difference of two": _rise_by(
        lambda H: _ends(H)[1] - _ends(H)[0]
    ),
    "the rise goes with s², and all directions are shifted, not only the sharpest": (
        lambda H, s: s * _ends(H)[1] / 2
    ),
    "the rise goes with s²/2, and terms off the diagonal average out": lambda H, s: s * np.sum(H),
}

# --- 4: one of Dinh's copies ----------------------------------------------------------------------


def balanced(W1, b1, W2):
    first = np.sum(W1**2) + np.sum(b1**2)
    return (np.sum(W2**2) / first) ** 0.25


def _layer_sizes(seed, inputs, units, outputs):
    rng = np.random.default_rng(seed)
    shapes = ((inputs, units), (units,), (units, outputs))
    return tuple(rng.standard_normal(shape).round(1) for shape in shapes)


_LAYERS = [
    (np.array([[3.0, 0.5]]), np.array([1.0, 1.0]), np.array([[0.5], [-0.2]])),
    _layer_sizes(3, 2, 3, 1),
    _layer_sizes(4, 3, 2, 3),
    tuple(part * 3 for part in _layer_sizes(5, 1, 2, 4)),
]


_ARRANGED = ("transposed", "unsigned", "rows reversed", "columns reversed")


def _squares(x):
    return np.sum(x**2)


def _scaled_by(ratio):
    """The fourth root of a wrong ratio."""
    return lambda W1, b1, W2: ratio(W1, b1, W2) ** 0.25


def _of_sums(formula):
    """A formula of the two sums of squares, A of the first layer and B of the last."""
    return lambda W1, b1, W2: formula(_squares(W1) + _squares(b1), _squares(W2))


_BALANCED_MISTAKES = {
    "`** 1 / 4` is the first power, divided by 4: write `** (1 / 4)`": _of_sums(
        lambda A, B: B / A / 4
    ),
    "norms do not add up: their squares do": lambda W1, b1, W2: np.sqrt(
        _length(W2) / (_length(W1) + _length(b1))
    ),
    "norms do not add up, their squares do; and a⁴ is that ratio": lambda W1, b1, W2: (
        _length(W2) / (_length(W1) + _length(b1))
    ),
    "norms do not add up, their squares do; and one root is that of their sum alone": (
        lambda W1, b1, W2: np.sqrt(_length(W2) / np.sqrt(_length(W1) + _length(b1)))
    ),
    "that is the smallest sum of squares; the a that gives it is asked for": _of_sums(
        lambda A, B: 2 * np.sqrt(A * B)
    ),
    "a⁴ = B/A asks for the fourth root; yours is the third": _of_sums(
        lambda A, B: (B / A) ** (1 / 3)
    ),
    "b1 enters squared, as W1 does": _scaled_by(
        lambda W1, b1, W2: _squares(W2) / (_squares(W1) + np.sum(b1))
    ),
    "b1 is scaled with W1: its squares belong to the first layer": _scaled_by(
        lambda W1, b1, W2: (_squares(W2) + _squares(b1)) / _squares(W1)
    ),
    "the squares are missing: you added the entries": _scaled_by(
        lambda W1, b1, W2: np.sum(W2) / (np.sum(W1) + np.sum(b1))
    ),
    "one a is asked for, for the whole layer; yours has one for every unit": _scaled_by(
        lambda W1, b1, W2: np.sum(W2**2, axis=1) / (np.sum(W1**2, axis=0) + b1**2)
    ),
    "that is the copy; the a that makes it is asked for": lambda W1, b1, W2: (
        balanced(W1, b1, W2) * W1,
        balanced(W1, b1, W2) * b1,
        W2 / balanced(W1, b1, W2),
    ),
    "a⁴ = B/A asks for a root; you took the square": _of_sums(lambda A, B: (B / A) ** 2),
    "square the entries of W2 first, then add": _scaled_by(
        lambda W1, b1, W2: np.sum(W2) ** 2 / (_squares(W1) + _squares(b1))
    ),
    "square the entries of W1 and b1 first, then add": _scaled_by(
        lambda W1, b1, W2: _squares(W2) / np.sum(W1 + b1) ** 2
    ),
    "the squares of W1 and b1 are added; you multiplied the sums": _scaled_by(
        lambda W1, b1, W2: _squares(W2) / (_squares(W1) * _squares(b1))
    ),
    "W1 and b1 are squared apart; you squared their sum": _scaled_by(
        lambda W1, b1, W2: _squares(W2) / _squares(W1 + b1)
    ),
    "the ratio is turned around, and a⁴ is that ratio, not a²": _of_sums(
        lambda A, B: (A / B) ** 0.5
    ),
    "a compares the two sums: take their ratio, not their difference": _of_sums(
        lambda A, B: np.abs(B - A) ** 0.25
    ),
    "b1 is counted once for every row of W1: add its squares apart": _scaled_by(
        lambda W1, b1, W2: _squares(W2) / np.sum(W1**2 + b1**2)
    ),
    "brackets are missing: the squares of W1 and b1 together divide": _scaled_by(
        lambda W1, b1, W2: _squares(W2) / _squares(W1) + _squares(b1)
    ),
    "all entries count; you took those of the first row": _scaled_by(
        lambda W1, b1, W2: _squares(W2[0]) / (_squares(W1[0]) + b1[0] ** 2)
    ),
    "the sum of W Wᵀ is not the sum of the squares: that is its trace": _scaled_by(
        lambda W1, b1, W2: np.sum(W2 @ W2.T) / (np.sum(W1 @ W1.T) + _squares(b1))
    ),
}


# --- 5: sharpness-aware minimization --------------------------------------------------------------


def sam_step(grad, theta, rate, rho):
    g = grad(theta)
    worst = theta + rho * g / np.linalg.norm(g)
    return theta - rate * grad(worst)


def _from_worst(grad, theta, rate, rho):
    g = grad(theta)
    worst = theta + rho * g / np.linalg.norm(g)
    return worst - rate * grad(worst)


def _not_normalized(grad, theta, rate, rho):
    return theta - rate * grad(theta + rho * grad(theta))


def _length(g):
    return np.linalg.norm(g)


def _normalized_step(grad, theta, rate, rho):
    g = grad(theta)
    there = grad(theta + rho * g / _length(g))
    return theta - rate * there / _length(there)


def _downhill(grad, theta, rate, rho):
    g = grad(theta)
    return theta - rate * grad(theta - rho * g / np.linalg.norm(g))


def _looking(shift):
    """SAM with another shift, of g, theta and rho."""

    def wrong(grad, theta, rate, rho):
        return theta - rate * grad(theta + shift(grad(theta), theta, rho))

    return wrong


def _stepping(step):
    """A formula of theta, g, the gradient at the worst neighbor, the shift there, rate and rho."""

    def wrong(grad, theta, rate, rho):
        g = grad(theta)
        shift = rho * g / _length(g)
        return step(theta, g, grad(theta + shift), shift, rate, rho)

    return wrong


def _five_looks(grad, theta, rate, rho):
    worst = theta
    for _ in range(5):
        worst = worst + rho * grad(worst) / _length(grad(worst))
    return theta - rate * grad(worst)


def _unnormalized_from_worst(grad, theta, rate, rho):
    worst = theta + rho * grad(theta)
    return worst - rate * grad(worst)


def _downhill_and_from_there(grad, theta, rate, rho):
    there = theta - rho * grad(theta) / _length(grad(theta))
    return there - rate * grad(there)


_SAM_MISTAKES = {
    "divide g by its length, the root of the sum of squares; you took the sum of the sizes": (
        _looking(lambda g, theta, rho: rho * g / np.sum(np.abs(g)))
    ),
    "divide g by its length; you took its largest entry": _looking(
        lambda g, theta, rho: rho * g / np.max(np.abs(g))
    ),
    "divide g by its length; you took the mean size of its entries": _looking(
        lambda g, theta, rho: rho * g / np.mean(np.abs(g))
    ),
    "divide g by its length, the root of the sum of squares; you took that of their mean": (
        _looking(lambda g, theta, rho: rho * g / np.sqrt(np.mean(g**2)))
    ),
    "the shift has the length rho where g is divided by its norm, with nothing added to it": (
        _looking(lambda g, theta, rho: rho * g / (_length(g) + 1))
    ),
    "np.linalg.norm is the length already: take no root of it": _looking(
        lambda g, theta, rho: rho * g / np.sqrt(_length(g))
    ),
    "divide g by its own norm, not by that of theta": _looking(
        lambda g, theta, rho: rho * g / _length(theta)
    ),
    "uphill is along the gradient; you looked along theta": _looking(
        lambda g, theta, rho: rho * theta / _length(theta)
    ),
    "uphill is along g; you shifted every entry by the same number, the norm": _looking(
        lambda g, theta, rho: rho * _length(g)
    ),
    "the shift has the length rho, not its square": _looking(
        lambda g, theta, rho: rho**2 * g / _length(g)
    ),
    "the neighbor is theta plus the shift; yours is the shift alone": _looking(
        lambda g, theta, rho: rho * g / _length(g) - theta
    ),
    "rho belongs to the unit vector along g; you multiplied theta": _looking(
        lambda g, theta, rho: (rho - 1) * theta + g / _length(g)
    ),
    "only the gradient at the worst neighbor counts; you took the mean of both": _stepping(
        lambda theta, g, there, shift, rate, rho: theta - rate * (g + there) / 2
    ),
    "only the gradient at the worst neighbor counts; you added that at theta": _stepping(
        lambda theta, g, there, shift, rate, rho: theta - rate * (g + there)
    ),
    "the gradient at the worst neighbor is the step's; you subtracted that at theta from it": (
        _stepping(lambda theta, g, there, shift, rate, rho: theta - rate * (there - g))
    ),
    "that is the step; the new theta is asked for": _stepping(
        lambda theta, g, there, shift, rate, rho: -rate * there
    ),
    "one look uphill is enough; yours takes five": _five_looks,
    "the norm belongs to the shift: divide g there, not the gradient of the step": (
        lambda grad, theta, rate, rho: (
            theta - rate * grad(theta + rho * grad(theta)) / _length(grad(theta))
        )
    ),
    "the step is not divided by the norm: that is for the shift alone": _stepping(
        lambda theta, g, there, shift, rate, rho: theta - rate * there / _length(g)
    ),
    "the step goes along the gradient at the worst neighbor; yours goes along the shift": (
        _stepping(lambda theta, g, there, shift, rate, rho: theta - rate * shift)
    ),
    "take the new gradient and start from theta; you took the old one, from the neighbor": (
        _stepping(lambda theta, g, there, shift, rate, rho: theta + shift - rate * g)
    ),
    "a longer step along g is not SAM's: take the gradient at the worst neighbor": _stepping(
        lambda theta, g, there, shift, rate, rho: theta - rate * (1 + rho) * g
    ),
    "the gradient at the worst neighbor is the whole step; you multiplied it by g": _stepping(
        lambda theta, g, there, shift, rate, rho: theta - rate * there * g
    ),
    "go back by the shift you took, with the norm in it (or start from theta)": _stepping(
        lambda theta, g, there, shift, rate, rho: theta + shift - rate * there - rho * g
    ),
    "everything is exchanged: uphill by rho first, then down by rate": (
        lambda grad, theta, rate, rho: (
            theta + rho * grad(theta - rate * grad(theta) / _length(grad(theta)))
        )
    ),
    "you looked downhill, and without the norm: the shift is +rho g divided by the norm": _looking(
        lambda g, theta, rho: -rho * g
    ),
    "the shift needs the norm, and the step starts from theta": _unnormalized_from_worst,
    "look uphill, and start the step from theta": _downhill_and_from_there,
    "rate and rho are exchanged, and the step starts from theta": (
        lambda grad, theta, rate, rho: _from_worst(grad, theta, rho, rate)
    ),
    "the step goes down, and the shift needs the norm": (
        lambda grad, theta, rate, rho: theta + rate * grad(theta + rho * grad(theta))
    ),
    "rate and rho are exchanged, and the shift needs the norm": (
        lambda grad, theta, rate, rho: _not_normalized(grad, theta, rho, rate)
    ),
}


@jax.jit
def _slope(theta):
    return jnp.arange(1.0, len(theta) + 1) * theta + jnp.sin(theta[::-1])


_SAM_INPUTS = [
    (_slope, np.array([1.0, 2.0]), 0.1, 0.05),
    (_slope, np.array([-0.3, 0.8]), 0.02, 0.5),
    (_slope, np.array([0.6, 0.0, -1.4, -1.4]), 0.3, 0.8),
    (_slope, np.array([-2.0]), 0.5, 1.0),
]

EXERCISES = [
    Exercise(
        name="minibatch_noise",
        title="how noisy is a minibatch? (easy)",
        task="G holds the gradient of one example per row, shape (n, N). A minibatch draws B rows "
        "at random <i>with replacement</i> and takes their mean g<sub>B</sub>. Return the expected "
        "squared noise, E‖g<sub>B</sub> − ḡ‖², with ḡ the mean of all rows.",
        hints=(
            "For B = 1 it is the mean of ‖g<sub>i</sub> − ḡ‖² over the n rows.",
            "A squared length is a sum over the columns. Which number of a column is the mean of "
            "its squared distances from its mean?",
            "The variance of a mean of B independent draws is 1/B of that of one draw.",
        ),
        solution=minibatch_noise,
        inputs=_NOISE_INPUTS,
        mistakes={
            "the division by B is missing": lambda G, B: minibatch_noise(G, 1),
            "divide by B, not by its root: the length goes with 1/√B, its square with 1/B": (
                lambda G, B: minibatch_noise(G, 1) / np.sqrt(B)
            ),
            "that is the root; the squared noise was asked for": (
                lambda G, B: np.sqrt(minibatch_noise(G, B))
            ),
            "sum the variances over the parameters, do not take their mean": (
                lambda G, B: minibatch_noise(G, B) / G.shape[1]
            ),
            "subtract the mean gradient first: noise is what is left": (
                lambda G, B: np.mean(np.sum(G**2, axis=1)) / B
            ),
            "n rows are all there is, so their variance divides by n, not by n − 1": (
                lambda G, B: np.sum(np.var(G, axis=0, ddof=1)) / B
            ),
            "the division is by B, not by its square: a variance goes with 1/B": (
                lambda G, B: minibatch_noise(G, B) / B
            ),
            "a larger batch is less noisy: divide by B": lambda G, B: minibatch_noise(G, 1) * B,
            "that divides by the number of rows; the batch has B of them": (
                lambda G, B: minibatch_noise(G, 1) / len(G)
            ),
            "that is the sum over the rows; the mean over them is asked for": (
                lambda G, B: minibatch_noise(G, B) * len(G)
            ),
            "those are the variances of the parameters: their sum is asked for": (
                lambda G, B: np.var(G, axis=0) / B
            ),
            "a column of G is one parameter: the variance is taken over the rows": (
                lambda G, B: np.sum(np.var(G, axis=1)) / B
            ),
            "that is the variance of all numbers in G together; each parameter has its own mean": (
                lambda G, B: np.var(G) / B
            ),
            "that is a standard deviation; its square, the variance, is asked for": (
                lambda G, B: np.sum(np.std(G, axis=0)) / B
            ),
            "a batch drawn with replacement may be larger than n: no rows run out": (
                lambda G, B: minibatch_noise(G, B) * (len(G) - B) / max(len(G) - 1, 1)
            ),
            **_NOISE_MISTAKES,
        },
        equivalent={
            "a variance is not negative": [
                "the answer → np.abs(…)",
                "the answer → np.maximum(…, 0)",
            ],
            "rows and columns of G have no order, and their mean drops out": [
                "G: rows reversed",
                "G: columns reversed",
                "G: its mean row subtracted",
            ],
            "B counts": ["B: unsigned"],
        },
        why="Nothing about networks was used: it is the law of a mean. The network enters through "
        "the variance at B = 1, which changes along the training.",
    ),
    Exercise(
        name="paired_difference",
        title="is it luck? (medium)",
        task="small[i] and large[i] are the test accuracies of two runs with a small and a large "
        "batch that share start and data. Return the mean of the differences large − small, and "
        "its standard error: their standard deviation (with n − 1) divided by √n.",
        hints=(
            "A pair shares what is hard in its data, and that drops out of its difference: first "
            "subtract, then everything else.",
            "<code>np.std(x)</code> divides by n; its argument <code>ddof</code> is what it "
            "subtracts from n.",
        ),
        solution=paired_difference,
        inputs=_PAIRED_INPUTS,
        mistakes={
            "the differences are large − small": lambda small, large: (
                -paired_difference(small, large)[0],
                paired_difference(small, large)[1],
            ),
            "your deviation divides by n, not by n − 1 (np.std does so, unless ddof=1)": _error_by(
                lambda small, large: np.std(large - small) / np.sqrt(len(small))
            ),
            "that is the deviation of a single pair; that of the mean is √n times smaller": (
                _error_by(lambda small, large: np.std(large - small, ddof=1))
            ),
            "that is the deviation of a single pair, with n; the mean's is √n times smaller": (
                _error_by(lambda small, large: np.std(large - small))
            ),
            "a standard deviation is divided by √n, a variance by n": _error_by(
                lambda small, large: np.std(large - small, ddof=1) / len(small)
            ),
            "that is the square: the root is missing": _error_by(
                lambda small, large: np.var(large - small, ddof=1) / len(small)
            ),
            "that is a variance; a standard deviation is its root": _error_by(
                lambda small, large: np.var(large - small, ddof=1) / np.sqrt(len(small))
            ),
            "the pairs were torn apart: what a pair shares drops out of its difference": (
                _error_by(
                    lambda small, large: np.sqrt(
                        (np.var(small, ddof=1) + np.var(large, ddof=1)) / len(small)
                    )
                )
            ),
            "the deviation of one sample minus that of the other is not that of the differences": (
                _error_by(
                    lambda small, large: (
                        (np.std(large, ddof=1) - np.std(small, ddof=1)) / np.sqrt(len(small))
                    )
                )
            ),
            "that is the half width of an interval, some twice the standard error": _error_by(
                lambda small, large: 1.96 * np.std(large - small, ddof=1) / np.sqrt(len(small))
            ),
            "differences of both signs count: no absolute value": lambda small, large: (
                paired_difference(0 * small, np.abs(large - small))
            ),
            "that is the median; the mean is asked for": lambda small, large: (
                np.median(large - small),
                paired_difference(small, large)[1],
            ),
            "the number of pairs is n, not n − 1, under the root": _error_by(
                lambda small, large: np.std(large - small, ddof=1) / np.sqrt(len(small) - 1)
            ),
            **_PAIRED_MISTAKES,
        },
        equivalent={
            "a deviation is not negative": ["result 1 → np.abs(…)", "result 1 → np.maximum(…, 0)"],
            "there is one axis": ["len(differences) → np.shape(differences)[-1]"],
        },
        why="If the mean is less than about two standard errors from zero, the runs do not say "
        "which batch is better (with few pairs it takes more).",
    ),
    Exercise(
        name="mean_rise",
        title="the price of a random shift (medium)",
        task="At a minimum with Hessian H every parameter is shifted by its own N(0, s²). Return "
        "the mean rise of the (quadratic) loss.",
        hints=(
            "For one shift d the rise is ½ dᵀHd.",
            "E d<sub>i</sub>d<sub>j</sub> is s² for i = j, and 0 otherwise.",
            "dᵀHd is a sum over all i and j. Which of its terms have a mean other than 0?",
        ),
        solution=mean_rise,
        inputs=_RISE_INPUTS,
        mistakes={
            "the ½ of the Taylor expansion is missing": lambda H, s: 2 * mean_rise(H, s),
            "that counts the sharpest direction only; all directions are shifted": (
                lambda H, s: s**2 * np.linalg.eigvalsh(H)[-1] / 2
            ),
            "the rise goes with s², not with s": lambda H, s: s * np.trace(H) / 2,
            "every entry of H enters your sum; those off the diagonal average out": (
                lambda H, s: s**2 * np.sum(H) / 2
            ),
            "that is the mean over the directions; every one of them is shifted": (
                lambda H, s: s**2 * np.mean(np.diag(H)) / 2
            ),
            "the determinant multiplies the eigenvalues; the rises add up": (
                lambda H, s: s**2 * np.linalg.det(H) / 2
            ),
            "the rises of all directions add up, not their squares": (
                lambda H, s: s**2 * np.linalg.norm(H) / 2
            ),
            "the shift is missing: the rise goes with s²": lambda H, s: np.trace(H) / 2,
            "that is the flattest direction only; all directions are shifted": (
                lambda H, s: s**2 * np.linalg.eigvalsh(H)[0] / 2
            ),
            "those are the rises in each direction; add them up": (
                lambda H, s: s**2 * np.diag(H) / 2
            ),
            **_RISE_MISTAKES,
            "the curvatures are missing: yours counts the parameters only": (
                lambda H, s: s**2 * len(H) / 2
            ),
        },
        equivalent={
            "a minimum has no negative curvature": [
                "the answer → np.abs(…)",
                "the answer → np.maximum(…, 0)",
            ],
            "what lies beside the diagonal averages out": [
                "H: transposed",
                "H: its diagonal only",
                "H: its upper triangle",
                "H: symmetrized",
                "H: unsigned",
                "H: without negative ones",
            ],
            "s enters squared": ["s: unsigned", "s: the other sign"],
        },
        why="In many dimensions the price is set by the sum of all eigenvalues, not by the largest "
        "one: a third way to measure sharpness, beside λ_max and Keskar's.",
    ),
    Exercise(
        name="balanced",
        title="which of the copies? (medium)",
        task="A ReLU network has the same function for all a > 0 with a·W1, a·b1 and W2/a. Return "
        "the a for which the sum of the squares of these three is smallest: the copy that weight "
        "decay likes best.",
        hints=(
            "With A the sum of the squares of W1 and b1, and B that of W2, the sum is a²A + B/a².",
            "Where it is smallest its derivative with respect to a vanishes; or ask when the two "
            "terms, whose product does not depend on a, are equal.",
        ),
        solution=balanced,
        inputs=_LAYERS,
        mistakes={
            "the first layer has its bias too: b1 is scaled with W1": lambda W1, b1, W2: balanced(
                W1, 0 * b1, W2
            ),
            "the ratio is turned around: a large W2 calls for a large a": (
                lambda W1, b1, W2: 1 / balanced(W1, b1, W2)
            ),
            "the two terms are a²A and B/a², so a⁴ = B/A": (
                lambda W1, b1, W2: balanced(W1, b1, W2) ** 2
            ),
            "that is a⁴": lambda W1, b1, W2: balanced(W1, b1, W2) ** 4,
            "that is the fourth root of a ratio of norms; the squares of the norms stand in the "
            "sum": lambda W1, b1, W2: np.sqrt(balanced(W1, b1, W2)),
            "a sum of squares is asked for, not a mean": lambda W1, b1, W2: (
                (np.mean(W2**2) / (np.mean(W1**2) + np.mean(b1**2))) ** 0.25
            ),
            "the squares are missing: sizes are added": lambda W1, b1, W2: (
                (np.sum(np.abs(W2)) / (np.sum(np.abs(W1)) + np.sum(np.abs(b1)))) ** 0.5
            ),
            "that makes the largest entries equal, not the sums of squares": lambda W1, b1, W2: (
                np.sqrt(np.max(np.abs(W2)) / max(np.max(np.abs(W1)), np.max(np.abs(b1))))
            ),
            "entries of both signs cancel in a sum: take their squares": lambda W1, b1, W2: np.sqrt(
                np.abs(np.sum(W2) / (np.sum(W1) + np.sum(b1)))
            ),
            "a norm of a matrix that is no root of its sum of squares": lambda W1, b1, W2: np.sqrt(
                np.linalg.norm(W2, 2) / np.hypot(np.linalg.norm(W1, 2), _length(b1))
            ),
            **_BALANCED_MISTAKES,
            "the squares are missing: the entries themselves are added, and the signs cancel": (
                lambda W1, b1, W2: np.sqrt(np.sum(W2) / (np.sum(W1) + np.sum(b1)))
            ),
        },
        equivalent={
            "a is positive": ["the answer → np.abs(…)", "the answer → np.maximum(…, 0)"],
            "a sum of squares knows neither order nor signs": [
                *(f"{W}: {bend}" for W in ("W1", "W2") for bend in _ARRANGED),
                *(
                    f"b1: {bend}"
                    for bend in ("sorted", "reversed", "unsigned", "its zeros left out")
                ),
            ],
        },
        why="No measurement on data can tell these copies apart, but the sum of squares can, and "
        "so can λ_max: both belong to the parameters, not to the function (Dinh et al. 2017).",
    ),
    Exercise(
        name="sam_step",
        title="sharpness-aware minimization in a few lines (hard)",
        task="One step of SAM (Foret et al. 2021): go uphill by a step of length rho along the "
        "normalized gradient, take the gradient <i>there</i>, and use it for a gradient step of "
        "learning rate <code>rate</code> from where you were. <code>grad</code> is a function of "
        "theta; return the new theta.",
        hints=(
            "<code>g = grad(theta)</code>; uphill is along +g.",
            "A step of length rho along g needs g with the length 1: divide by "
            "<code>np.linalg.norm(g)</code>.",
            "Nobody stays at the worst neighbor: only its gradient is taken along.",
        ),
        solution=sam_step,
        inputs=_SAM_INPUTS,
        mistakes={
            "the step must start from theta; the uphill move is only a look around": _from_worst,
            "the uphill step must have length rho: divide g by its norm": _not_normalized,
            "you looked downhill; SAM takes the gradient at the worst neighbor, uphill": _downhill,
            "that is plain gradient descent: take the gradient at the shifted point": (
                lambda grad, theta, rate, rho: theta - rate * grad(theta)
            ),
            "the step goes down: subtract the gradient": (
                lambda grad, theta, rate, rho: 2 * theta - sam_step(grad, theta, rate, rho)
            ),
            "rho is a length of its own; yours is multiplied by the learning rate too": (
                lambda grad, theta, rate, rho: sam_step(grad, theta, rate, rate * rho)
            ),
            "the learning rate is missing": (
                lambda grad, theta, rate, rho: sam_step(grad, theta, 1.0, rho)
            ),
            "rate and rho are exchanged": (
                lambda grad, theta, rate, rho: sam_step(grad, theta, rho, rate)
            ),
            "that is the worst neighbor; the step down is missing": (
                lambda grad, theta, rate, rho: theta + rho * grad(theta) / _length(grad(theta))
            ),
            "that is the gradient at the worst neighbor; the new theta is asked for": (
                lambda grad, theta, rate, rho: grad(
                    theta + rho * grad(theta) / _length(grad(theta))
                )
            ),
            "the gradient is normalized for the look uphill only, not for the step": (
                _normalized_step
            ),
            "the sign of every entry gives another direction; divide g by its norm": (
                lambda grad, theta, rate, rho: (
                    theta - rate * grad(theta + rho * np.sign(grad(theta)))
                )
            ),
            "divide g by its norm; `np.sum(g**2)` is the square of it": (
                lambda grad, theta, rate, rho: (
                    theta - rate * grad(theta + rho * grad(theta) / _length(grad(theta)) ** 2)
                )
            ),
            **_SAM_MISTAKES,
            "the gradient is divided by its norm for the look uphill, not for the step; yours "
            "does the opposite": (
                lambda grad, theta, rate, rho: (
                    theta
                    - rate
                    * grad(theta + rho * grad(theta))
                    / _length(grad(theta + rho * grad(theta)))
                )
            ),
            "SAM looks uphill first, by rho, and steps down from theta; yours steps down, and "
            "then by rho once more": (
                lambda grad, theta, rate, rho: (
                    theta
                    - rate * grad(theta)
                    - rho
                    * grad(theta - rate * grad(theta))
                    / _length(grad(theta - rate * grad(theta)))
                )
            ),
            "divide g by its norm; you multiplied by it": (
                _looking(lambda g, theta, rho: rho * g * _length(g))
            ),
        },
        equivalent={"rate and rho are positive": ["rate: unsigned", "rho: unsigned"]},
        why="The gradient at the worst neighbor is that of the highest loss nearby, so the step "
        "leaves narrow valleys. It costs two gradients.",
    ),
]

lesson = Lesson(
    "08_batch_size_and_sharpness",
    title="Batch size and sharpness",
    question="Does a small batch find flatter minima, and are they better?",
    minutes=(45, 90),
    needs="01, 06, 07",
    sources="N3.1",
    covers=COVERS,
    predictions=PREDICTIONS,
    exercises=EXERCISES,
    claims=CLAIMS,
)
