"""Predictions and exercises of notebook 06."""

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
            "nearly all": "Then a random plane would be a faithful map. Count its directions: 2.",
            "about half": "That is more than a thousand times too much.",
            "about 1 in 1000": "A plane has 2 directions, the space of weights 3466. What a random "
            "direction catches is of the order of their ratio.",
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
            "about as high": "That is the picture on slide 67, for CIFAR-10. On the digits we do "
            "not see it.",
            "below 0.1: hardly a hill": "The ends lie almost 10 apart and still share one valley. "
            "The barrier stands between starts, not between optimizers.",
            "exactly 0": "For momentum, nearly. Adam's way bends off early: a small rise remains.",
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
            "with skips more than ten times lower": "with skips each layer starts close to doing "
            "nothing, and the signal has a direct way to the end.",
            "with skips a little lower": "the direct way to the end makes more than a little "
            "difference.",
        },
        answer="with skips more than ten times lower",
        reveal="The plain nets differ a lot from seed to seed. Look at all of them.",
    ),
]


# --- 1: filter normalization ----------------------------------------------------------------------


def normalized(D, W):
    return D * np.linalg.norm(W, axis=0) / np.linalg.norm(D, axis=0)


_RNG = np.random.default_rng(6)
_PAIRS = [tuple(_RNG.standard_normal((2, *shape))) for shape in ((3, 2), (4, 4), (2, 5))]

# --- 2: the same function -------------------------------------------------------------------------


def rescaled(layers, a):
    (W1, b1), (W2, b2) = layers
    return (a * W1, a * b1), (W2 / a, b2)


def _forward(layers, x):
    for depth, (W, b) in enumerate(layers):
        x = (np.maximum(x, 0) if depth else x) @ np.asarray(W) + np.asarray(b)
    return x


_NET = tuple(
    (_RNG.standard_normal((i, o)), 0.5 * _RNG.standard_normal(o)) for i, o in ((3, 4), (4, 2))
)
_X = _RNG.standard_normal((6, 3))


def _check_rescaled(attempt):
    for a in (2.0, 0.1):
        try:
            (W1, b1), (W2, b2) = attempt(_NET, a)
            shapes = [np.shape(v) for v in (W1, b1, W2, b2)]
        except (TypeError, ValueError):
            return "return two pairs, ((W1, b1), (W2, b2)), like the argument"
        if shapes != [np.shape(v) for layer in _NET for v in layer]:
            return f"the shapes changed to {shapes}; only scale the arrays"
        if not np.allclose(W1, a * _NET[0][0]):
            return f"for a = {a:g} the first weights must be a·W1"
        if np.allclose(b1, _NET[0][1]):
            return "the first bias must be multiplied too, or relu(a·xW1 + b1) is another function"
        if np.allclose(b2, _NET[1][1] / a):
            return "the last bias is added after the hidden layer: it must stay as it is"
        if np.allclose(W2, a * _NET[1][0]):
            return "the second weights must undo the factor: divide, do not multiply"
        gap = np.max(np.abs(_forward(((W1, b1), (W2, b2)), _X) - _forward(_NET, _X)))
        if not gap < 1e-9:
            return f"for a = {a:g} the outputs change by up to {gap:.2g}"
    return None


# --- 3: distance from a plane ---------------------------------------------------------------------


def off_plane(delta, d1, d2):
    basis = np.stack([d1, d2], axis=1)
    coordinates = np.linalg.lstsq(basis, delta, rcond=None)[0]
    return np.linalg.norm(delta - basis @ coordinates)


def _as_if_orthogonal(delta, d1, d2):
    return np.linalg.norm(delta - (delta @ d1) / (d1 @ d1) * d1 - (delta @ d2) / (d2 @ d2) * d2)


_PLANES = [tuple(_RNG.standard_normal((3, n))) for n in (3, 5, 8)]

# --- 4: the grid ----------------------------------------------------------------------------------


def plane(f, center, d1, d2, alphas, betas):
    return np.array([[f(center + a * d1 + b * d2) for a in alphas] for b in betas])


def _bowl(theta):
    return float(theta @ np.array([1.0, 3.0, 0.5]) + theta @ theta)


_GRIDS = [
    (_bowl, np.zeros(3), np.eye(3)[0], np.eye(3)[1], np.linspace(-1, 1, 3), np.linspace(0, 1, 2)),
    (_bowl, np.ones(3), *_RNG.standard_normal((2, 3)), np.linspace(0, 1, 2), np.linspace(0, 2, 4)),
]

EXERCISES = [
    Exercise(
        name="normalized",
        title="normalize the filters (easy)",
        task="W holds the weights of a layer, one <i>column</i> per unit, and D a random direction "
        "of the same shape. Return D with each column scaled to the length of W's column.",
        hints=(
            "<code>np.linalg.norm(W, axis=0)</code> gives one length per column.",
            "Divide each column by its own length and multiply by that of W.",
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
            "All of the pre-activation x·W1 + b1 must be multiplied, and W2 must undo it.",
        ),
        solution=rescaled,
        check=_check_rescaled,
        mistakes={
            "the first bias must be multiplied too, or relu(a·xW1 + b1) is another function": (
                lambda layers, a: (
                    (a * layers[0][0], layers[0][1]),
                    (layers[1][0] / a, layers[1][1]),
                )
            ),
            "the last bias is added after the hidden layer: it must stay as it is": (
                lambda layers, a: (
                    (a * layers[0][0], a * layers[0][1]),
                    (layers[1][0] / a, layers[1][1] / a),
                )
            ),
            "the second weights must undo the factor: divide, do not multiply": (
                lambda layers, a: (
                    (a * layers[0][0], a * layers[0][1]),
                    (a * layers[1][0], layers[1][1]),
                )
            ),
        },
        why="One minimum is a whole curve of minima, for every unit, and their curvatures differ "
        "as much as you like (Dinh et al. 2017).",
    ),
    Exercise(
        name="off_plane",
        title="what the picture cannot show (medium)",
        task="<code>delta</code> = θ − θ* as a vector. Return its distance from the plane spanned "
        "by d1 and d2. They need be neither of length 1 nor orthogonal.",
        hints=(
            "<code>np.linalg.lstsq(B, delta)</code> finds the coordinates of the nearest point of "
            "the plane, where the two columns of B are d1 and d2.",
            "Subtract that point, B @ coordinates, from delta and take the norm of the rest.",
        ),
        solution=off_plane,
        inputs=_PLANES,
        mistakes={
            "d1 and d2 are not orthogonal: what they share is subtracted twice": _as_if_orthogonal,
            "that is the squared distance": lambda *a: off_plane(*a) ** 2,
            "that is the distance within the plane; the part that sticks out was asked for": (
                lambda delta, d1, d2: np.sqrt(max(delta @ delta - off_plane(delta, d1, d2) ** 2, 0))
            ),
        },
    ),
    Exercise(
        name="plane",
        title="the plane itself (medium)",
        task="Return the array of f(center + α·d1 + β·d2) with one <i>row</i> per β and one "
        "<i>column</i> per α, as <code>contourf(alphas, betas, plane)</code> wants it.",
        hints=(
            "Two loops: the outer one runs over the rows.",
            "<code>np.array([[… for a in alphas] for b in betas])</code>.",
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
