"""Predictions and exercises of notebook 06."""

import jax
import jax.numpy as jnp
import numpy as np

from lecture_utils.studio.lesson import Lesson
from lecture_utils.studio.questions import Exercise, Prediction

from .claims import CLAIMS, COVERS

PREDICTIONS = [
    Prediction(
        name="random_share",
        question="You draw a plane through the trained weights along two random directions, as "
        "surface plots often do. How much of the path of training lies in it? (Share of the "
        "squared distances from the end.)",
        options={
            "about 1 in 1000": "A plane has 2 directions, the space of weights 3466. What a random "
            "direction catches is of the order of their ratio.",
            "about half": "That is more than a thousand times too much.",
            "nearly all": "Then a random plane would be a faithful map. Count its directions: 2.",
        },
        answer="about 1 in 1000",
        reveal="The plane shows the surroundings of the end, not the way there.",
    ),
    Prediction(
        name="rescaled",
        question="You multiply the first layer of a ReLU network by 10 and divide the second by "
        "10. The function stays the same. What does the largest curvature λ_max at the minimum do?",
        options={
            "it stays the same": "The function stays, the coordinates do not: a step of the same "
            "length now means something else in each layer.",
            "it doubles at most": "A layer divided by 10 feels each step ten times as strongly, "
            "and curvature counts that twice.",
            "it grows more than tenfold": "Between 25 and 35 times in our runs: the second layer's "
            "part of the Hessian grows by 10², from a smaller part of the top curvature.",
        },
        answer="it grows more than tenfold",
        reveal="So λ_max alone says nothing about how well the network generalizes.",
    ),
    Prediction(
        name="optimizers",
        question="SGD and Adam start from the same weights and see the same minibatches. You walk "
        "straight from one end to the other. How high is the barrier, if the straight way between "
        "two different starts has a barrier between 1 and 2?",
        options={
            "exactly 0": "For momentum, nearly. Adam's way bends off early: a small rise remains.",
            "below 0.1: hardly a hill": "The ends lie almost 10 apart and still share one valley. "
            "The barrier stands between starts, not between optimizers.",
            "about as high": "That is the picture on slide 67, for CIFAR-10. On the digits we do "
            "not see it.",
        },
        answer="below 0.1: hardly a hill",
    ),
    Prediction(
        name="deep",
        question="16 layers of width 32 learn the digits for 600 steps, once plain and once with "
        "skip connections. Compare the training losses (medians of five runs).",
        options={
            "about the same": "through 16 layers the signal, and with it the gradient, comes out "
            "shrunk, blown up or garbled.",
            "with skips a little lower": "the direct way to the end makes more than a little "
            "difference.",
            "with skips more than ten times lower": "with skips each layer starts close to doing "
            "nothing, and the signal has a direct way to the end.",
        },
        answer="with skips more than ten times lower",
        reveal="The plain nets differ a lot from seed to seed. Look at all of them.",
    ),
]

ROOM = [  # asked without a card
    Prediction(
        name="a_barrier_from_noise",
        question="With these labels and the larger rates, how high is the barrier on the straight "
        "way between the ends of SGD and Adam: next to none, as before; a part of that to another "
        "start; or as high as that?",
        options={
            "next to none, as before": "With the old rates nearly so. The larger rates raise it "
            "above what chance does.",
            "a part of that to another start": "A quarter to two fifths of it: the harder and "
            "noisier the training, the more the strategy decides where it ends.",
            "as high as that": "That is how the lecture's pictures of CIFAR-10 look. On the digits "
            "the strategies stay closer together than two starts.",
        },
        answer="a part of that to another start",
    ),
]


# --- 1: filter normalization ----------------------------------------------------------------------


def normalized(D, W):
    return D * np.linalg.norm(W, axis=0) / np.linalg.norm(D, axis=0)


_RNG = np.random.default_rng(6)
_PAIRS = [
    tuple(_RNG.standard_normal((2, *shape)).round(2))
    for shape in ((1, 2), (3, 2), (3, 3), (2, 4), (4, 1))
]


def _ratio(D, W, **axis):
    return np.linalg.norm(W, **axis) / np.linalg.norm(D, **axis)


def _lengths(factor):
    """D with its columns divided by their lengths and multiplied by something else."""
    return lambda D, W: D / np.linalg.norm(D, axis=0) * factor(W)


def _sized(size):
    """D with each column brought to the size of W's, by another measure of size."""
    return lambda D, W: D * size(W, 0) / size(D, 0)


def _length(W, axis=0):
    return np.linalg.norm(W, axis=axis, keepdims=True)


_OTHER_NORMALIZED = {
    "each column must be multiplied by the length in W and divided by that in D; you have divided "
    "by W's": lambda D, W: D / _length(W),
    "the length must be the root of the sum of squares, you have the root of the sum of sizes": (
        _sized(lambda A, axis: np.sqrt(np.sum(np.abs(A), axis)))
    ),
    "the length must be the root of the sum of squares, you have the sum of the entries, "
    "or their mean": (_sized(np.sum)),
    "the length must be the root of the sum of squares, you have the standard deviation": (
        _sized(np.std)
    ),
    "only the lengths are to change, you have subtracted the mean of each column": (
        lambda D, W: (D - np.mean(D, axis=0)) / _length(D) * _length(W)
    ),
    "each column must get the length of its own column in W, you have that of the first for all": (
        _lengths(lambda W: np.linalg.norm(W[:, 0]))
    ),
    "each column must get the length of its own column in W, you have the mean of all lengths": (
        _lengths(lambda W: np.mean(_length(W)))
    ),
    "each column must get the length of its own column in W, you have the largest for all": (
        _lengths(lambda W: np.max(_length(W)))
    ),
    "both lengths must be those of columns, you have divided by those of D's rows": (
        lambda D, W: D / _length(D, 1) * _length(W)
    ),
    "both lengths must be those of columns, you have multiplied by those of W's rows": (
        lambda D, W: D / _length(D) * _length(W, 1)
    ),
    "W's lengths must enter once, you have them squared": _lengths(lambda W: _length(W) ** 2),
    "D's lengths must enter once, you have them squared: take the root": (
        lambda D, W: D / _length(D) ** 2 * _length(W)
    ),
    "the columns must be multiplied by the lengths in W, you have multiplied by W itself": (
        _lengths(lambda W: W)
    ),
    "D must be multiplied by the lengths in W, you have multiplied it by W, normalized": (
        lambda D, W: D * W / _length(W)
    ),
    "the scaled D itself is asked for, you have added W": (
        lambda D, W: W + D / _length(D) * _length(W)
    ),
}


# --- 2: the same function -------------------------------------------------------------------------


def rescaled(layers, a):
    (W1, b1), (W2, b2) = layers
    return (a * W1, a * b1), (W2 / a, b2)


def _net(inputs, units, outputs):
    shapes = ((inputs, units), (units,)), ((units, outputs), (outputs,))
    return tuple(tuple(_RNG.standard_normal(s).round(1) for s in layer) for layer in shapes)


_NETS = [(_net(1, 2, 1), 2.0), (_net(2, 2, 1), 0.1), (_net(3, 4, 2), 5.0)]


def _scaled(w1, b1, w2, b2):
    """The layers, each array times a power of a."""

    def attempt(layers, a):
        (W1, B1), (W2, B2) = layers
        return (W1 * a**w1, B1 * a**b1), (W2 * a**w2, B2 * a**b2)

    return attempt


def _changed(change):
    """The right layers, changed: ``change(layers, a)`` makes what is returned of them."""

    def attempt(layers, a):
        (W1, b1), (W2, b2) = layers
        return change(W1, b1, W2, b2, a)

    return attempt


_OTHER_RESCALINGS = {
    "the layers must be two pairs, ((W1, b1), (W2, b2)): you return the four arrays in a row": (
        _changed(lambda W1, b1, W2, b2, a: (a * W1, a * b1, W2 / a, b2))
    ),
    "each layer must be a pair of its weights and its biases, you have paired both weights and "
    "both biases": _changed(lambda W1, b1, W2, b2, a: ((a * W1, W2 / a), (a * b1, b2))),
    "the last bias is missing: the second layer must be the pair (W2, b2)": (
        _changed(lambda W1, b1, W2, b2, a: ((a * W1, a * b1), W2 / a))
    ),
    "the two layers are in the wrong order": (
        _changed(lambda W1, b1, W2, b2, a: ((W2 / a, b2), (a * W1, a * b1)))
    ),
    "the second weights must be W2/a, you have subtracted a": (
        _changed(lambda W1, b1, W2, b2, a: ((a * W1, a * b1), (W2 - a, b2)))
    ),
    "the second weights must be W2/a, you have 1/(a·W2)": (
        _changed(lambda W1, b1, W2, b2, a: ((a * W1, a * b1), (1 / (a * W2), b2)))
    ),
    "the second weights must undo the factor a, not all of W1: W2/a": (
        _changed(lambda W1, b1, W2, b2, a: ((a * W1, a * b1), (np.linalg.pinv(a * W1), b2)))
    ),
    "the first bias must be a·b1, you have added a": (
        _changed(lambda W1, b1, W2, b2, a: ((a * W1, b1 + a), (W2 / a, b2)))
    ),
    "the last bias must stay as it is, you have subtracted a": (
        _changed(lambda W1, b1, W2, b2, a: ((a * W1, a * b1), (W2 / a, b2 - a)))
    ),
    "the first bias must be a·b1, you have 0": (
        _changed(lambda W1, b1, W2, b2, a: ((a * W1, 0 * b1), (W2 / a, b2)))
    ),
    "the first bias must be a·b1, once, you have a²": _scaled(1, 2, -1, 0),
    "W2 must undo the factor, you have divided the last bias instead": _scaled(1, 1, 0, -1),
    "the second weights must have one row per unit, you have transposed them": (
        _changed(lambda W1, b1, W2, b2, a: ((a * W1, a * b1), (W2.T / a, b2)))
    ),
    "weights times a, biases divided by a: b1 must be multiplied too, W2 must be divided, b2 must "
    "stay": _scaled(1, -1, 1, -1),
}

_KEPT_FIRST_BIAS = {
    "two things: b1 must be multiplied too, and W2 must be divided by a once, you have a²": (
        _scaled(1, 0, -2, 0)
    ),
    "two things: b1 must be multiplied too, and W2 must be divided, not b2": _scaled(1, 0, 0, -1),
    "two things: b1 must be multiplied too, and W2 must be divided, not multiplied": (
        _scaled(1, 0, 1, 0)
    ),
    "two things: b1 must be multiplied, not divided, and W2 must be divided": _scaled(1, -1, 0, 0),
    "two things: b1 must be multiplied too, and b2 must stay as it is": _scaled(1, 0, -1, 1),
}


# --- 3: distance from a plane ---------------------------------------------------------------------


def off_plane(delta, d1, d2):
    basis = np.stack([d1, d2], axis=1)
    coordinates = np.linalg.lstsq(basis, delta, rcond=None)[0]
    return np.linalg.norm(delta - basis @ coordinates)


def _onto_unit_vectors(delta, d1, d2):
    d1, d2 = d1 / np.linalg.norm(d1), d2 / np.linalg.norm(d2)
    return np.linalg.norm(delta - (delta @ d1) * d1 - (delta @ d2) * d2)


def _off_the_first_only(delta, d1, d2):
    return np.linalg.norm(delta - (delta @ d1) / (d1 @ d1) * d1)


def _as_if_orthonormal(delta, d1, d2):
    return np.linalg.norm(delta - (delta @ d1) * d1 - (delta @ d2) * d2)


def _coordinates(delta, d1, d2):
    return np.linalg.lstsq(np.stack([d1, d2], axis=1), delta, rcond=None)[0]


def _what_sticks_out(delta, d1, d2):
    return delta - np.stack([d1, d2], axis=1) @ _coordinates(delta, d1, d2)


def _unit(d):
    return d / np.linalg.norm(d)


def _in_steps(u, second):
    """Two directions taken off one after the other: ``u`` of d1, ``second`` of d2 and u."""

    def attempt(delta, d1, d2):
        first = u(d1)
        other = second(d2, first)
        return np.linalg.norm(delta - (delta @ first) * first - (delta @ other) * other)

    return attempt


def _other_coordinates(of):
    """The distance from another point of the plane: ``of`` gives its coordinates."""

    def attempt(delta, d1, d2):
        x, y = of(delta, d1, d2)
        return np.linalg.norm(delta - x * d1 - y * d2)

    return attempt


def _one_after_the_other(delta, d1, d2):
    rest = delta - (delta @ d1) / (d1 @ d1) * d1
    return np.linalg.norm(rest - (rest @ d2) / (d2 @ d2) * d2)


def _on_units(delta, d1, d2):
    return np.array([delta @ _unit(d1), delta @ _unit(d2)])


def _gram_not_inverted(delta, d1, d2):
    basis = np.stack([d1, d2], axis=1)
    return basis.T @ basis @ (basis.T @ delta)


def _by_cross_product(delta, d1, d2):
    normal = np.cross(d1[:3], d2[:3])
    return abs(delta[:3] @ normal) / np.linalg.norm(normal)


_OTHER_DISTANCES = {
    "lengths do not subtract: the distance is the length of the difference": (
        lambda delta, d1, d2: (
            np.linalg.norm(delta) - np.linalg.norm(delta - _what_sticks_out(delta, d1, d2))
        )
    ),
    "the cross product knows three dimensions only, and delta may have more": _by_cross_product,
    "the second direction must be divided by its length after d1's part was taken off": (
        _in_steps(_unit, lambda d2, u: d2 - (d2 @ u) * u)
    ),
    "divide the second direction by its length once more, when d1's part has been taken off": (
        _in_steps(_unit, lambda d2, u: _unit(d2) - (_unit(d2) @ u) * u)
    ),
    "d1 must have length 1 before you take its part off d2": (
        lambda delta, d1, d2: _as_if_orthonormal(delta, _unit(d1), _unit(d2 - (d2 @ d1) * d1))
    ),
    "the part along d1 is (delta·d1)/‖d1‖² times d1: you have divided by ‖d1‖ once": (
        _other_coordinates(
            lambda delta, d1, d2: (
                delta @ d1 / np.linalg.norm(d1),
                delta @ d2 / np.linalg.norm(d2),
            )
        )
    ),
    "Pythagoras asks for a right angle, and d1 and d2 have none between them": (
        lambda delta, d1, d2: np.sqrt(delta @ delta - np.sum(_on_units(delta, d1, d2) ** 2))
    ),
    "that is the distance from the point d1 + d2; the nearest point of the plane counts": (
        _other_coordinates(lambda delta, d1, d2: (1, 1))
    ),
    "that is the distance from the nearer of the points d1 and d2; the whole plane counts": (
        lambda delta, d1, d2: min(np.linalg.norm(delta - d1), np.linalg.norm(delta - d2))
    ),
    "the length of a vector is the root of its sum of squares, not its largest entry": (
        lambda delta, d1, d2: np.max(np.abs(_what_sticks_out(delta, d1, d2)))
    ),
    "that is the squared share outside the plane; the distance itself is asked for": (
        lambda delta, d1, d2: (off_plane(delta, d1, d2) / np.linalg.norm(delta)) ** 2
    ),
    "after d2's part has gone there is a part along d1 again: make d2 orthogonal to d1 first": (
        _one_after_the_other
    ),
    "d2's part must be subtracted too, you have added it": (
        lambda delta, d1, d2: np.linalg.norm(
            delta - (delta @ _unit(d1)) * _unit(d1) + (delta @ _unit(d2)) * _unit(d2)
        )
    ),
    "the matrix of the products d1·d1, d1·d2, d2·d2 must be inverted": (
        _other_coordinates(_gram_not_inverted)
    ),
    "those are the two parts in the plane, added up; what sticks out is asked for": (
        lambda delta, d1, d2: np.sum(np.abs(_on_units(delta, d1, d2)))
    ),
    "those are parts in the plane, as if d1 and d2 made a right angle; what sticks out is asked "
    "for": (lambda delta, d1, d2: np.linalg.norm(_on_units(delta, d1, d2))),
    "the second direction itself was subtracted; delta's part along it must be": (
        lambda delta, d1, d2: np.linalg.norm(
            delta - (delta @ _unit(d1)) * _unit(d1) - (d2 - (d2 @ _unit(d1)) * _unit(d1))
        )
    ),
    "that is the distance from the line along d1 + d2; a plane has two directions": (
        lambda delta, d1, d2: _off_the_first_only(delta, d1 + d2, d2)
    ),
    "that is the distance from the line along d2; the plane has a second direction": (
        lambda delta, d1, d2: _off_the_first_only(delta, d2, d1)
    ),
}


_PLANES = [
    (np.array([1.0, 0.0, 2.0]), np.array([1.0, 0.0, 0.0]), np.array([1.0, 3.0, 0.0])),
    (np.array([0.5, -1.0, 0.0, 2.0]), np.array([0.0, 2.0, 1.0, 0.0]), np.array([1.5, 1, 0, -0.5])),
    *(tuple(_RNG.standard_normal((3, n)).round(1)) for n in (3, 5)),
]

# --- 4: the grid ----------------------------------------------------------------------------------


def plane(f, center, d1, d2, alphas, betas):
    return np.array([[f(center + a * d1 + b * d2) for a in alphas] for b in betas])


@jax.jit
def _bowl(theta):
    return jnp.sum(theta**2 + jnp.array([1.0, 3.0, 0.5]) * theta)


@jax.jit
def _waves(theta):
    return jnp.cos(theta[0]) + theta[1] * jnp.sin(theta[0] + 0.3) - theta[1]


_GRIDS = [
    (
        _waves, np.array([0.4, -1.5]), np.array([1.0, 0.5]), np.array([0.0, 2.0]),
        np.array([0.5, -1.2]), np.array([0.3, -0.7, 1.1]),
    ),
    (_bowl, np.array([0.5, -1.25, 0.0]), np.eye(3)[0], np.eye(3)[1], np.array([-1.0, 0.0, 0.5]),
     np.array([0.5, 1.5])),
    (_bowl, np.array([-0.3, 0.8, 1.5]), *_RNG.standard_normal((2, 3)).round(1),
     np.array([0.7, -0.4, 0.7]), np.array([0.2, 0.0, 0.2, -1.0])),
]  # fmt: skip


def _placed(place):
    """f at other places: ``place`` of center, d1, d2, α and β."""

    def attempt(f, center, d1, d2, alphas, betas):
        return np.array([[f(place(center, d1, d2, a, b)) for a in alphas] for b in betas])

    return attempt


def _summed(height):
    """Other heights, made of f at several places."""

    def attempt(f, center, d1, d2, alphas, betas):
        return np.array([[height(f, center, d1, d2, a, b) for a in alphas] for b in betas])

    return attempt


def _indices_exchanged(f, center, d1, d2, alphas, betas):
    return plane(f, center, d1, d2, np.resize(alphas, len(betas)), np.resize(betas, len(alphas))).T


def _walked_on(f, center, d1, d2, alphas, betas):
    steps = np.array([[a * d1 + b * d2 for a in alphas] for b in betas])
    places = center + np.cumsum(steps.reshape(-1, len(center)), axis=0)
    return np.reshape([f(place) for place in places], steps.shape[:2])


_OTHER_PLANES = {
    "α belongs to d1 and to the columns, β to d2 and to the rows; yours are exchanged throughout": (
        lambda f, c, d1, d2, al, be: plane(f, c, d1, d2, be, al)
    ),
    "one value for each pair of a β and an α is asked for, you take them side by side": (
        lambda f, c, d1, d2, al, be: np.diag(plane(f, c, d1, d2, al, be))
    ),
    "α·d1 + β·d2 must be added to center, inside f; you have added it to f's value": (
        _summed(lambda f, c, d1, d2, a, b: f(c) + a * d1 + b * d2)
    ),
    "d1 and d2 must stay as they are, you have given them the length 1": (
        _placed(
            lambda c, d1, d2, a, b: c + a * d1 / np.linalg.norm(d1) + b * d2 / np.linalg.norm(d2)
        )
    ),
    "β·d2 must be added, you have subtracted it": (
        _placed(lambda c, d1, d2, a, b: c + a * d1 - b * d2)
    ),
    "α·d1 must be added, you have subtracted it": (
        _placed(lambda c, d1, d2, a, b: c - a * d1 + b * d2)
    ),
    "the row has the number of β, the column that of α; yours are exchanged": _indices_exchanged,
    "d1 and d2 are directions, not places: center must enter whole, not with the weight "
    "1 − α − β": (_placed(lambda c, d1, d2, a, b: (1 - a - b) * c + a * d1 + b * d2)),
    "α belongs to d1 and β to d2, you have multiplied α by β": (
        _placed(lambda c, d1, d2, a, b: c + a * b * (d1 + d2))
    ),
    "α belongs to d1 and β to d2, you have α for both": (
        _placed(lambda c, d1, d2, a, b: c + a * d1 + a * d2)
    ),
    "α belongs to d1 and β to d2, you have β for both": (
        _placed(lambda c, d1, d2, a, b: c + b * d1 + b * d2)
    ),
    "α·d1 + β·d2 must be added to center, you have multiplied": (
        _placed(lambda c, d1, d2, a, b: c * (1 + a * d1 + b * d2))
    ),
    "f of a sum is not the sum of two values of f: add inside f": (
        _summed(lambda f, c, d1, d2, a, b: f(c) + f(a * d1 + b * d2))
    ),
    "f is not linear: α and β must be inside f": (
        _summed(lambda f, c, d1, d2, a, b: f(c) + a * f(d1) + b * f(d2))
    ),
    "two profiles do not make the plane: both directions must be inside one f": (
        _summed(lambda f, c, d1, d2, a, b: f(c + a * d1) + f(c + b * d2) - f(c))
    ),
    "each row must be complete before it is appended: yours are appended once for every α": (
        lambda *a: np.repeat(plane(*a), len(a[4]), axis=0)
    ),
    "the list of rows ends too early: as many rows as there are α, not as there are β": (
        lambda *a: plane(*a)[: len(a[4])]
    ),
    "reshape to one row for each β, you have one for each α": (
        lambda *a: plane(*a).reshape(len(a[4]), len(a[5]))
    ),
    "center must stay where it is, you have walked on from place to place": _walked_on,
}


def _with_plus(f, center, d1, d2, alphas, betas):
    return np.array([[f(center + (a + b) * (d1 + d2)) for a in alphas] for b in betas])


EXERCISES = [
    Exercise(
        name="normalized",
        title="normalize the filters (easy)",
        task="W holds the weights of a layer, one <i>column</i> per unit, and D a random direction "
        "of the same shape. Return D with each column scaled to the length of W's column.",
        hints=(
            "<code>np.linalg.norm(W, axis=0)</code> gives one length per column.",
            "Which length has a column that was divided by its own? And which one should it have?",
        ),
        solution=normalized,
        inputs=_PAIRS,
        mistakes={
            "that scales the whole matrix at once; each column has a length of its own": (
                lambda D, W: D * np.linalg.norm(W) / np.linalg.norm(D)
            ),
            "columns now have length 1; multiply by the lengths in W": (
                lambda D, W: D / np.linalg.norm(D, axis=0)
            ),
            "that normalizes rows; a unit's incoming weights are a column": (
                lambda D, W: (
                    D
                    * np.linalg.norm(W, axis=1, keepdims=True)
                    / np.linalg.norm(D, axis=1, keepdims=True)
                )
            ),
            "the ratio of the lengths is turned around": (
                lambda D, W: D * np.linalg.norm(D, axis=0) / np.linalg.norm(W, axis=0)
            ),
            "each column of D is divided by its own length, not by that of all of D": (
                lambda D, W: D * np.linalg.norm(W, axis=0) / np.linalg.norm(D)
            ),
            "each column gets the length of W's column, not that of all of W": (
                lambda D, W: D * np.linalg.norm(W) / np.linalg.norm(D, axis=0)
            ),
            "D still has its own lengths in it: divide by them": (
                lambda D, W: D * np.linalg.norm(W, axis=0)
            ),
            "that is W, scaled to the lengths of D; D keeps its directions": (
                lambda D, W: W / _ratio(D, W, axis=0)
            ),
            "the lengths enter once, not squared": lambda D, W: D * _ratio(D, W, axis=0) ** 2,
            "the length of a column is the root of its sum of squares, not its largest entry": (
                lambda D, W: D * np.max(np.abs(W), axis=0) / np.max(np.abs(D), axis=0)
            ),
            "the length of a column is the root of its sum of squares, not the sum of the sizes": (
                lambda D, W: D * np.sum(np.abs(W), axis=0) / np.sum(np.abs(D), axis=0)
            ),
            "those are the lengths that the columns should have": (
                lambda D, W: np.linalg.norm(W, axis=0)
            ),
            "those are the factors of the columns: multiply D by them": (
                lambda D, W: _ratio(D, W, axis=0)
            ),
            "every entry has become as large as in W; only the columns' lengths should": (
                lambda D, W: np.sign(D) * np.abs(W)
            ),
            **_OTHER_NORMALIZED,
        },
        equivalent={
            "only the direction of a column of D counts": ["D: columns normalized"],
            "only the lengths of the columns of W count": ["W: unsigned", "W: rows reversed"],
        },
    ),
    Exercise(
        name="rescaled",
        title="another point, the same function (medium)",
        task="<code>layers</code> is ((W1, b1), (W2, b2)) of a ReLU network "
        "relu(x·W1 + b1)·W2 + b2. Return the layers of the <i>same function</i> whose first "
        "weights are a·W1, for any a &gt; 0.",
        hints=(
            "relu(a·z) = a·relu(z) for a &gt; 0: a factor passes through the unit unharmed.",
            "The whole pre-activation is to become a times as large. Which arrays are in it, and "
            "which one comes after it and can undo the factor?",
        ),
        solution=rescaled,
        inputs=_NETS,
        mistakes={
            "the first bias must be multiplied too, or relu(a·xW1 + b1) is another function": (
                _scaled(1, 0, -1, 0)
            ),
            "the first bias must be multiplied, not divided: it stands beside x·W1": (
                _scaled(1, -1, -1, 0)
            ),
            "the last bias is added after the hidden layer: it must stay as it is": (
                _scaled(1, 1, -1, -1)
            ),
            "the second weights must undo the factor: divide, do not multiply": (
                _scaled(1, 1, 1, 0)
            ),
            "the second weights must undo the factor: the outputs are now a times as large": (
                _scaled(1, 1, 0, 0)
            ),
            "only the first weights have changed, and with them the function": _scaled(1, 0, 0, 0),
            "everything is multiplied: that is another function": _scaled(1, 1, 1, 1),
            "the hidden layer is a times as large, so W2 is divided by a once": (
                _scaled(1, 1, -2, 0)
            ),
            "b1 is multiplied, as W1 is, and b2 stays; yours leaves b1, and divides b2": _scaled(
                1, 0, -1, -1
            ),
            "nothing has changed: the first weights must be a·W1": _scaled(0, 0, 0, 0),
            "a and 1/a are exchanged: the first weights must be a·W1": _scaled(-1, -1, 1, 0),
            "the last bias must not be multiplied: it is added after the second weights": (
                _scaled(1, 1, -1, 1)
            ),
            **_OTHER_RESCALINGS,
            **_KEPT_FIRST_BIAS,
            "layers holds the pairs (W1, b1) and (W2, b2); you unpacked (W1, W2) and (b1, b2)": (
                lambda layers, a: (
                    (a * layers[0][0], a * layers[1][0]),
                    (layers[0][1] / a, layers[1][1]),
                )
            ),
        },
        equivalent={"a is positive": ["a: unsigned"]},
        why="One minimum is a whole curve of minima, for every unit, and their curvatures differ "
        "as much as you like (Dinh et al. 2017).",
    ),
    Exercise(
        name="off_plane",
        title="what the picture cannot show (medium)",
        task="<code>delta</code> = θ − θ* as a vector. Return its distance from the plane spanned "
        "by d1 and d2. They need be neither of length 1 nor orthogonal.",
        hints=(
            "<code>np.linalg.lstsq(B, delta)</code> returns several things; the first are the "
            "coordinates of the nearest point of the plane, if the columns of B are d1 and d2.",
            "The way from the nearest point to delta stands at right angles on the plane.",
        ),
        solution=off_plane,
        inputs=_PLANES,
        mistakes={
            "d1 and d2 are not orthogonal: what they share is subtracted twice": (
                _onto_unit_vectors
            ),
            "that is the squared distance": lambda *a: off_plane(*a) ** 2,
            "that is the distance within the plane; the part that sticks out was asked for": (
                lambda delta, d1, d2: np.sqrt(max(delta @ delta - off_plane(delta, d1, d2) ** 2, 0))
            ),
            "d1 and d2 have neither length 1 nor a right angle between them": _as_if_orthonormal,
            "that is the distance from the line along d1; the plane has a second direction": (
                _off_the_first_only
            ),
            "those are the coordinates of the nearest point": _coordinates,
            "that is the vector from the plane to delta; its length is asked for": _what_sticks_out,
            "that is delta's length: the part in the plane belongs to the picture": (
                lambda delta, d1, d2: np.linalg.norm(delta)
            ),
            "that is the share outside the plane; the distance itself is asked for": (
                lambda delta, d1, d2: off_plane(delta, d1, d2) / np.linalg.norm(delta)
            ),
            "the length of the coordinates is no distance unless d1 and d2 are orthonormal": (
                lambda delta, d1, d2: np.linalg.norm(_coordinates(delta, d1, d2))
            ),
            "the size of a vector is the root of its sum of squares, not the sum of the sizes": (
                lambda delta, d1, d2: np.sum(np.abs(_what_sticks_out(delta, d1, d2)))
            ),
            **_OTHER_DISTANCES,
            "what d2 shares with d1 is subtracted from it, you have added it": (
                _in_steps(_unit, lambda d2, u: _unit(d2 + (d2 @ u) * u))
            ),
            "the nearest point of the plane is subtracted from delta, you have added it": (
                lambda delta, d1, d2: np.linalg.norm(2 * delta - _what_sticks_out(delta, d1, d2))
            ),
            "by Pythagoras the square within the plane is subtracted, you have added it": (
                lambda delta, d1, d2: np.sqrt(
                    delta @ delta + np.sum((delta - _what_sticks_out(delta, d1, d2)) ** 2)
                )
            ),
        },
        equivalent={
            "two vectors side by side": [
                "np.stack([d1, d2], axis=1) → np.stack([d1, d2], axis=-1)",
                "np.linalg.lstsq(basis, delta, rcond=None) → np.linalg.lstsq(basis, delta)",
            ],
            "a length does not know the sign of the way": [
                "delta - basis @ coordinates → basis @ coordinates - delta",
                "delta - basis @ coordinates → np.abs(delta - basis @ coordinates)",
                "the answer → np.abs(…)",
                "the answer → np.maximum(…, 0)",
            ],
            "the plane is the same for directions of any length": [
                "d1: normalized",
                "d2: normalized",
            ],
        },
    ),
    Exercise(
        name="plane",
        title="the plane itself (medium)",
        task="Return the array of f(center + α·d1 + β·d2) with one <i>row</i> per β and one "
        "<i>column</i> per α, as <code>contourf(alphas, betas, plane)</code> wants it.",
        hints=(
            "Two loops: the outer one runs over the rows.",
            "Which of the two numbers is the same in the whole row, and which in the whole column?",
        ),
        solution=plane,
        inputs=_GRIDS,
        mistakes={
            "that is the transposed plane: rows belong to β, columns to α": (
                lambda *a: plane(*a).T
            ),
            "α belongs to d1 and β to d2; they are exchanged": (
                lambda f, c, d1, d2, al, be: plane(f, c, d2, d1, al, be)
            ),
            "start from center: the loss at α = β = 0 is that of the trained weights": (
                lambda f, c, *a: plane(lambda v: f(v - c), c, *a)
            ),
            "that is the height above the center; f itself is asked for": (
                lambda f, c, *a: plane(f, c, *a) - f(c)
            ),
            "both directions get both numbers; α belongs to d1 and β to d2": _with_plus,
            "only α·d1 was added": lambda f, c, d1, d2, al, be: plane(f, c, d1, 0 * d2, al, be),
            "only β·d2 was added": lambda f, c, d1, d2, al, be: plane(f, c, 0 * d1, d2, al, be),
            "the numbers are multiplied by the directions and added, not subtracted": (
                lambda f, c, d1, d2, al, be: plane(f, c, -d1, -d2, al, be)
            ),
            "f is asked at one place for each pair; yours adds what it says at two": (
                lambda f, c, d1, d2, al, be: np.array(
                    [[f(c + a * d1) + f(c + b * d2) for a in al] for b in be]
                )
            ),
            "the values stand in one long row: one row for each β": lambda *a: plane(*a).ravel(),
            "the rows are in the reverse order: the first row belongs to the first β": (
                lambda *a: plane(*a)[::-1]
            ),
            **_OTHER_PLANES,
            "the directions are multiplied by the values in alphas and betas; yours by their "
            "numbers, 0, 1, …": (
                lambda f, center, d1, d2, alphas, betas: plane(
                    f, center, d1, d2, np.arange(len(alphas)), np.arange(len(betas))
                )
            ),
        },
        equivalent={
            "a list of rows is an array": [
                "np.array([[f(center + a * d1 + b * d2) for a in alphas] for b in betas]) → "
                "[[f(center + a * d1 + b * d2) for a in alphas] for b in betas]",
            ]
        },
    ),
]

lesson = Lesson(
    "06_loss_surfaces_2d",
    title="Loss surfaces",
    question="What does the error surface look like?",
    minutes=(45, 90),
    needs="01, 05",
    sources="S57, S64–S72",
    covers=COVERS,
    pictures={"surface.png": "The PCA plane from above and in space"},
    predictions=PREDICTIONS,
    exercises=EXERCISES,
    claims=CLAIMS,
)
