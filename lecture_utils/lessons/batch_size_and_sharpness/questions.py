"""Predictions and exercises of notebook 08."""

import numpy as np

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
            "much shorter": "Two updates instead of 1797: the overhead of an update and the tiny "
            "matrix products cost more than the arithmetic.",
            "about the same": "Then an update would have to cost in proportion to B even for tiny "
            "batches.",
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
        "equally many steps. Compared with B = 10, what do we find at the end of B = 200?",
        options={
            "sharper, and clearly worse on the test set": "Sharper, yes. The test set hardly "
            "notices here.",
            "sharper, but about as good on the test set": "λ_max is larger for every seed; the "
            "test accuracies differ by less than they vary from seed to seed.",
            "neither": "λ_max differs for every seed.",
            "flatter": "It is the other way around.",
        },
        answer="sharper, but about as good on the test set",
    ),
    Prediction(
        name="dinh",
        question="Multiply the first layer of a ReLU network by 10, divide the last one by 10. "
        "What happens to the function, and what to λ_max of the loss?",
        options={
            "neither changes": "relu(10z) = 10·relu(z), so the function stays. But λ_max counts "
            "in weights, and these have new units.",
            "the function stays, λ_max grows a lot": "One output weight is now 10 times as "
            "effective: curvature along it is up to 100 times as large.",
            "both change": "relu(10z) = 10·relu(z): the factor 10 passes through.",
        },
        answer="the function stays, λ_max grows a lot",
    ),
    Prediction(
        name="edge",
        question="Full-batch gradient descent with learning rate η trains a network; λ_max is "
        "measured all the time and starts below 2/η. What will it do?",
        options={
            "fall, as the loss does": "The loss falls, but λ_max rises: <i>progressive "
            "sharpening</i>.",
            "rise until the run diverges": "So a parabola would do. A network turns aside instead.",
            "rise to 2/η and stay there": "This is the edge of stability (Cohen et al. 2021).",
            "rise to a value that does not depend on η": "The height of the plateau is set by η.",
        },
        answer="rise to 2/η and stay there",
    ),
]


# --- 1: how noisy is a minibatch? -----------------------------------------------------------------


def minibatch_noise(G, B):
    return np.sum(np.var(G, axis=0)) / B


def _gradients(seed, shape):
    return np.random.default_rng(seed).standard_normal(shape) + np.arange(shape[1])


_NOISE_INPUTS = [
    (_gradients(0, (6, 3)), 4),
    (_gradients(1, (9, 2)), 1),
    (_gradients(2, (5, 4)), 16),
]

# --- 2: where does gradient descent diverge? ------------------------------------------------------


def divergence_threshold(H):
    return 2 / np.linalg.eigvalsh(H)[-1]


_HESSIANS = [
    (np.diag([1.0, 4.0]),),
    (np.array([[2.0, 1.0], [1.0, 2.0]]),),
    (np.array([[3.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.5]]),),
]

# --- 3: the price of a random shift ---------------------------------------------------------------


def mean_rise(H, s):
    return s**2 * np.trace(H) / 2


_RISE_INPUTS = [
    (np.diag([1.0, 4.0]), 0.5),
    (np.array([[2.0, 1.0], [1.0, 2.0]]), 0.1),
    (np.array([[3.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.5]]), 1.5),
]

# --- 4: Dinh's rescaling --------------------------------------------------------------------------


def rescale(W1, b1, W2, b2, a):
    return a * W1, a * b1, W2 / a, b2


_rng = np.random.default_rng(3)
_LAYERS = [_rng.standard_normal(shape) for shape in ((4, 5), (5,), (5, 3), (3,))]
_PROBE = _rng.standard_normal((7, 4))


def _outputs(W1, b1, W2, b2):
    return np.maximum(_PROBE @ W1 + b1, 0) @ W2 + b2


def check_rescale(attempt):
    """Any tuple that keeps the function and scales W1 by a will do."""
    for a in (0.5, 10.0):
        found = attempt(*_LAYERS, a)
        if not isinstance(found, tuple | list) or len(found) != 4:
            return "return four arrays: W1, b1, W2, b2"
        found = [np.asarray(part, dtype=float) for part in found]
        if any(new.shape != old.shape for new, old in zip(found, _LAYERS, strict=True)):
            return "each array must keep its shape"
        if not np.allclose(found[0], a * _LAYERS[0]):
            return f"for a = {a:g} the first layer's W1 must become {a:g}·W1"
        if np.allclose(found[1], _LAYERS[1]):
            return (
                "the bias b1 stands inside the ReLU beside x·W1, so it must be multiplied by a, too"
            )
        if np.allclose(found[3], _LAYERS[3] / a):
            return "b2 is added after everything: dividing it by a changes the function"
        gap = np.max(np.abs(_outputs(*found) - _outputs(*_LAYERS)))
        if gap > 1e-8:
            return f"for a = {a:g} the outputs change, by up to {gap:.2g}; divide W2 by a"
    return None


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


def _downhill(grad, theta, rate, rho):
    g = grad(theta)
    return theta - rate * grad(theta - rho * g / np.linalg.norm(g))


def _slope(theta):
    return np.array([4.0, 1.0]) * theta + np.sin(theta[::-1])


_SAM_INPUTS = [
    (_slope, np.array([1.0, 2.0]), 0.1, 0.05),
    (_slope, np.array([-0.3, 0.8]), 0.02, 0.5),
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
            "That is the sum over the columns of their variances: <code>np.var(G, axis=0)</code>.",
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
        },
        why="Nothing about networks was used: it is the law of a mean. The network enters through "
        "the variance at B = 1, which changes along the training.",
    ),
    Exercise(
        name="divergence_threshold",
        title="predict the divergence threshold (easy)",
        task="H is the Hessian of a quadratic loss with a minimum. Return the learning rate above "
        "which gradient descent diverges.",
        hints=(
            "Along an eigenvector each step multiplies the distance by 1 − ηλ.",
            "|1 − ηλ| > 1 happens first for the largest eigenvalue.",
            "1 − ηλ = −1 at η = 2/λ. <code>np.linalg.eigvalsh</code> gives eigenvalues ascending.",
        ),
        solution=divergence_threshold,
        inputs=_HESSIANS,
        mistakes={
            "at 1/λ the step lands exactly on the minimum; the limit is twice that": (
                lambda H: 1 / np.linalg.eigvalsh(H)[-1]
            ),
            "that is the smallest eigenvalue; the largest one diverges first": (
                lambda H: 2 / np.linalg.eigvalsh(H)[0]
            ),
            "the trace is the sum of all eigenvalues; only the largest counts": (
                lambda H: 2 / np.trace(H)
            ),
            "the largest diagonal entry is no eigenvalue unless H is diagonal": (
                lambda H: 2 / np.max(np.diag(H))
            ),
        },
        why="Read backwards: with learning rate η gradient descent can stay only in valleys with "
        "λ_max < 2/η. A large learning rate chooses flat ones.",
    ),
    Exercise(
        name="mean_rise",
        title="the price of a random shift (medium)",
        task="At a minimum with Hessian H every parameter is shifted by its own N(0, s²). Return "
        "the mean rise of the (quadratic) loss.",
        hints=(
            "For one shift d the rise is ½ dᵀHd.",
            "E d<sub>i</sub>d<sub>j</sub> is s² for i = j, and 0 otherwise.",
            "So only the diagonal of H survives: ½ s² times its sum.",
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
        },
        why="In many dimensions the price is set by the sum of all eigenvalues, not by the largest "
        "one: a third way to measure sharpness, beside λ_max and Keskar's.",
    ),
    Exercise(
        name="rescale",
        title="same function, other sharpness (medium)",
        task="The network is relu(x·W1 + b1)·W2 + b2. Return new (W1, b1, W2, b2) with W1 "
        "multiplied by a > 0 that compute the same function.",
        hints=(
            "relu(a·z) = a·relu(z) for a > 0. What is z here?",
            "z = x·W1 + b1 must be multiplied as a whole.",
            "The hidden layer is now a times as large; who has to undo that?",
        ),
        solution=rescale,
        mistakes={
            "the bias": lambda W1, b1, W2, b2, a: (a * W1, b1, W2 / a, b2),
            "b2": lambda W1, b1, W2, b2, a: (a * W1, a * b1, W2 / a, b2 / a),
            "W2 not": lambda W1, b1, W2, b2, a: (a * W1, a * b1, W2, b2),
        },
        check=check_rescale,
        why="No measurement on data can tell the two networks apart, but λ_max can: it is a "
        "property of the parameters, not of the function (Dinh et al. 2017).",
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
            "The worst neighbor is <code>theta + rho * g / np.linalg.norm(g)</code>.",
            "Only its gradient is used: <code>theta - rate * grad(worst)</code>.",
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
        },
        why="The gradient at the worst neighbor is that of the highest loss nearby, so the step "
        "leaves narrow valleys. It costs two gradients.",
    ),
]

lesson = Lesson(
    "08_batch_size_and_sharpness",
    title="Batch size and sharpness",
    question="Does a small batch find flatter minima, and are they better?",
    minutes=(45, 90),
    needs="01, 07",
    sources="N3.1",
    covers=COVERS,
    predictions=PREDICTIONS,
    exercises=EXERCISES,
    claims=CLAIMS,
)
