"""The lecture's loss surfaces of two variables: name, formula, domain, known critical points.

Each is callable on an array of shape (2,) and returns a scalar, so everything that takes a loss
takes a surface.
"""

from collections.abc import Callable
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np

from .trees import check_count


@dataclass(frozen=True)
class Surface:
    """A function of θ = (x, y), written elementwise, so that it takes whole grids too.

    ``critical_points`` lists ((x, y), nature); the nature is the truth, which the second-order
    test may be unable to see.  Surfaces that are critical along whole curves list the points the
    lecture looks at.
    """

    name: str
    formula: str
    function: Callable
    domain: tuple[tuple[float, float], tuple[float, float]] = ((-1.5, 1.5), (-1.5, 1.5))
    critical_points: tuple = ()

    def __call__(self, theta):
        if len(theta) != 2:
            raise ValueError(f"theta must hold two numbers, x and y, but holds {len(theta)}.")
        return self.function(theta[0], theta[1])

    def grid(self, points: int = 121):
        """x (points,), y (points,) and the values [y, x] over the domain, for a contour plot."""
        points = check_count(points, "points", 2)
        (left, right), (low, high) = self.domain
        x, y = np.linspace(left, right, points), np.linspace(low, high, points)
        return x, y, np.asarray(self.function(*np.meshgrid(x, y)))


def quadratic(a: float, b: float, c: float) -> Surface:
    """½ (a x² + 2b xy + c y²), whose Hessian is [[a, b], [b, c]] everywhere."""
    return Surface(
        "quadratic",
        r"\tfrac12(a x^2 + 2b\,xy + c y^2)",
        lambda x, y: 0.5 * (a * x**2 + 2 * b * x * y + c * y**2),
    )


ORIGIN = (0.0, 0.0)

bowl = Surface(
    "bowl", "x^2+3y^2", lambda x, y: x**2 + 3 * y**2, critical_points=((ORIGIN, "minimum"),)
)
saddle = Surface(
    "saddle", "-x^2+3y^2", lambda x, y: -(x**2) + 3 * y**2, critical_points=((ORIGIN, "saddle"),)
)
quartic_valley = Surface(
    "quartic valley", "x^2+y^4", lambda x, y: x**2 + y**4, critical_points=((ORIGIN, "minimum"),)
)
quartic_saddle = Surface(
    "quartic saddle", "x^2-y^4", lambda x, y: x**2 - y**4, critical_points=((ORIGIN, "saddle"),)
)
quartic_dome = Surface(
    "quartic dome", "-x^4-y^4", lambda x, y: -(x**4) - y**4, critical_points=((ORIGIN, "maximum"),)
)
plain = Surface("plain", "0", lambda x, y: 0.0 * x * y, critical_points=((ORIGIN, "flat"),))
monkey_saddle = Surface(
    "monkey saddle",
    "x^3-3xy^2",
    lambda x, y: x**3 - 3 * x * y**2,
    critical_points=((ORIGIN, "saddle"),),
)

GALLERY = (
    bowl,
    saddle,
    quartic_valley,
    quartic_saddle,
    quartic_dome,
    plain,
    monkey_saddle,
)
"""The critical points of slides 20-25, all at the origin, in the lecture's order."""

linear_chain = Surface(
    "two weights in a row",
    "(1-w_1w_2)^2",
    lambda x, y: (1 - x * y) ** 2,
    domain=((-2.0, 2.0), (-2.0, 2.0)),
    critical_points=((ORIGIN, "saddle"), ((1.0, 1.0), "minimum"), ((-1.0, -1.0), "minimum")),
)

double_well = Surface(
    "double well",
    r"\tfrac14x^4-\tfrac12x^2+\tfrac12y^2",
    lambda x, y: x**4 / 4 - x**2 / 2 + y**2 / 2,
    domain=((-1.8, 1.8), (-1.3, 1.3)),
    critical_points=((ORIGIN, "saddle"), ((1.0, 0.0), "minimum"), ((-1.0, 0.0), "minimum")),
)

himmelblau = Surface(
    "Himmelblau",
    "(x^2+y-11)^2+(x+y^2-7)^2",
    lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    critical_points=(
        ((3.0, 2.0), "minimum"),
        ((-2.805118086953, 3.131312518251), "minimum"),
        ((-3.779310253378, -3.283185991286), "minimum"),
        ((3.584428340330, -1.848126526964), "minimum"),
        ((-0.270844590667, -0.923038556480), "maximum"),
        ((-3.073025750764, -0.081353044288), "saddle"),
        ((-0.127961346731, -1.953714980245), "saddle"),
        ((0.086677504555, 2.884254701175), "saddle"),
        ((3.385154183607, 0.073851879838), "saddle"),
    ),
)


# --- the surfaces that optimizers race on ---------------------------------------------------------

ravine = Surface(
    "ravine",
    r"\tfrac12(x^2+25y^2)",
    lambda x, y: 0.5 * (x**2 + 25 * y**2),
    domain=((-2.2, 2.2), (-1.8, 1.8)),
    critical_points=((ORIGIN, "minimum"),),
)
"""An ill-conditioned quadratic along the axes: μ = 1, L = 25."""

rotated_ravine = Surface(
    "rotated ravine",
    r"\tfrac12(13x^2-24xy+13y^2)",
    lambda x, y: 0.5 * (13 * x**2 - 24 * x * y + 13 * y**2),
    domain=((-2.2, 2.2), (-1.8, 1.8)),
    critical_points=((ORIGIN, "minimum"),),
)
"""The same ravine turned by 45°: no coordinate axis is steep or flat any more."""

rosenbrock = Surface(
    "Rosenbrock",
    "(1-x)^2+100(y-x^2)^2",
    lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    domain=((-2.0, 2.0), (-1.0, 3.0)),
    critical_points=(((1.0, 1.0), "minimum"),),
)

beale = Surface(
    "Beale",
    "(1.5-x+xy)^2+(2.25-x+xy^2)^2+(2.625-x+xy^3)^2",
    lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2,
    domain=((-4.5, 4.5), (-2.5, 2.0)),
    critical_points=(((3.0, 0.5), "minimum"), ((0.0, 1.0), "saddle")),
)

cliff = Surface(
    "plateau and cliff",
    "(1-a^6b^5)^2",
    lambda x, y: (1 - x**6 * y**5) ** 2,
    domain=((0.0, 1.4), (0.0, 1.4)),
    critical_points=(((1.0, 1.0), "minimum"),),
)
"""Notebook 02's chain of eleven weights, the odd-numbered at a and the even-numbered at b."""

hill = Surface(
    "hill",
    r"\tfrac14x^4-\tfrac12x^2+0.15x+\tfrac12y^2",
    lambda x, y: x**4 / 4 - x**2 / 2 + 0.15 * x + y**2 / 2,
    domain=((-1.8, 1.8), (-1.3, 1.3)),
    critical_points=(
        ((-1.067923013690, 0.0), "minimum"),
        ((0.153625697823, 0.0), "saddle"),
        ((0.914297315866, 0.0), "minimum"),
    ),
)
"""A shallow well on the right, a deeper one on the left, and a small hill between them."""


def double_well_1d(x):
    """x⁴/4 - x²/2: minima at ±1, a maximum at 0, inflections at ±1/√3."""
    return x**4 / 4 - x**2 / 2


def square_root_bowl(x):
    """√(1+x²): one minimum, convex, yet Newton's step is x → -x³ exactly."""
    return jnp.sqrt(1 + x**2)


def quartic(x):
    """x⁴: its Hessian vanishes at the minimum, so Newton only contracts by 2/3 a step."""
    return x**4
