"""The loss along lines, over planes and triangles, and how far a path leaves them.

Lines, planes and triangles only choose where to look; the looking is ``evaluation.losses_at``.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from .directions import flat_path
from .evaluation import losses_at
from .trees import check_count, check_like, check_params, is_float


def interpolate(a, b, alpha):
    """The pytree a + α (b - a): ``a`` at α = 0, ``b`` at α = 1 (slides 58-61), beyond outside.

    >>> lu.interpolate({"w": 0.0}, {"w": 8.0}, 0.25)["w"].item()
    2.0
    """
    a = check_params(a, "a")
    b = check_like(b, a, "b")
    if np.ndim(alpha) != 0:
        raise ValueError(f"alpha must be one number, but has shape {np.shape(alpha)}.")
    return jax.tree.map(
        lambda x, y: x + jnp.asarray(alpha, y.dtype) * (y - x) if is_float(x) else x, a, b
    )


def grid(radius: float = 1.0, resolution: int = 25) -> np.ndarray:
    """``resolution`` equally spaced numbers from -radius to radius, the middle one exactly 0.

    >>> lu.grid(2.0, 5).tolist()
    [-2.0, -1.0, 0.0, 1.0, 2.0]
    """
    if not radius > 0 or not np.isfinite(radius):
        raise ValueError(f"radius must be positive and finite, but is {radius}.")
    if check_count(resolution, "resolution", 3) % 2 == 0:
        raise ValueError(
            f"resolution must be odd and at least 3, so that the center is a grid point, but is "
            f"{resolution}."
        )
    half = resolution // 2
    return radius * (np.arange(-half, half + 1) / half)


def line_profile(loss, a, b, alphas=None, *, devices=None, dtype=None) -> np.ndarray:
    """loss(a + α (b - a)) for every α: shape (len(alphas),), by default at 51 points of [0, 1].

    ``devices`` and ``dtype``, here and below, are those of `losses_at`.

    >>> lu.line_profile(lambda p: p @ p, jnp.zeros(2), jnp.array([3.0, 4.0]), [0, 1, 2]).tolist()
    [0.0, 25.0, 100.0]
    """
    alphas = _axis(np.linspace(0, 1, 51) if alphas is None else alphas, "alphas")
    a = check_params(a, "a")
    step = _away(check_like(b, a, "b"), a)
    return losses_at(loss, a, [step], alphas[:, None], devices=devices, dtype=dtype)


def _away(b, a):
    """The direction from a to b."""
    return jax.tree.map(lambda y, x: y - x if is_float(x) else x, b, a)


def plane_profile(
    loss,
    center,
    d1,
    d2,
    alphas=None,
    betas=None,
    *,
    devices=None,
    progress: Callable | None = None,
    dtype=None,
) -> np.ndarray:
    """loss(center + α d1 + β d2) at [β, α]: shape (len(betas), len(alphas)).

    Parameters
    ----------
    d1, d2 : directions, pytrees like ``center``; not normalized here (see ``filter_normalize``).
    alphas, betas : by default ``grid()``, 25 numbers from -1 to 1; ``betas`` defaults to alphas.
    devices : None for threads on this CPU (or the one default device), or a list such as
        ``jax.devices()``: the points are spread over them by JAX's own sharding, and every process
        gets the whole plane.
    progress : called with (points done, points in all) now and then; what it raises stops the work.

    >>> d1, d2 = jnp.array([1.0, 0.0]), jnp.array([0.0, 2.0])
    >>> lu.plane_profile(lambda p: p @ p, jnp.zeros(2), d1, d2, [0, 1, 2], [0, 1]).tolist()
    [[0.0, 1.0, 4.0], [4.0, 5.0, 8.0]]
    """
    alphas = _axis(grid() if alphas is None else alphas, "alphas")
    betas = alphas if betas is None else _axis(betas, "betas")
    points = np.stack(np.meshgrid(alphas, betas), axis=-1).reshape(-1, 2)
    values = losses_at(
        loss, center, [d1, d2], points, devices=devices, progress=progress, dtype=dtype
    )
    return values.reshape(len(betas), len(alphas))


class Triangle(NamedTuple):
    """A plane through three points a, b, c, in coordinates that keep distances and angles.

    ``losses`` (n, n) with NaN where nothing was computed, ``weights`` (n, n, 3) of a, b and c,
    the grid's place ``x``, ``y`` (n, n) each, and the ``corners`` (3, 2).
    """

    losses: np.ndarray
    weights: np.ndarray
    x: np.ndarray
    y: np.ndarray
    corners: np.ndarray


def barycentric_profile(
    loss,
    a,
    b,
    c,
    resolution: int = 12,
    margin: float = 0.25,
    *,
    devices=None,
    progress=None,
    dtype=None,
) -> Triangle:
    """The loss at w_a a + w_b b + w_c c, weights summing to 1: the plane through three solutions.

    ``resolution`` steps along each side; the corners are grid points.  ``margin`` is how far to
    look beyond the triangle, as a share of it; what lies farther out stays NaN.

    >>> corners = jnp.array([[0.0, 0.0], [3.0, 0.0], [0.0, 4.0]])
    >>> found = lu.barycentric_profile(lambda p: p @ p, *corners, resolution=2, margin=0)
    >>> found.losses[0].tolist(), found.corners.tolist()  # along the side from a to b
    ([0.0, 2.25, 9.0], [[0.0, 0.0], [3.0, 0.0], [0.0, 4.0]])
    """
    check_count(resolution, "resolution", 2)
    if not 0 <= margin <= 2:
        raise ValueError(f"margin must be between 0 and 2 sides, but is {margin}.")
    a = check_params(a, "a")
    to_b, to_c = (_away(check_like(other, a, name), a) for other, name in ((b, "b"), (c, "c")))
    extra = round(margin * resolution)
    steps = np.arange(-extra, resolution + 2 * extra + 1) / resolution
    u, v = np.meshgrid(steps, steps)
    weights = np.stack([1 - u - v, u, v], axis=-1)
    inside = np.all(weights >= -(extra + 1e-9) / resolution, axis=-1)
    losses = np.full(u.shape, np.nan)
    points = weights[inside][:, 1:]
    losses[inside] = losses_at(
        loss, a, [to_b, to_c], points, devices=devices, progress=progress, dtype=dtype
    )
    sides = _flat_columns([to_b, to_c])
    _, frame = np.linalg.qr(sides)  # the two sides in an orthonormal frame of their plane
    frame = frame * np.where(np.diag(frame) < 0, -1.0, 1.0)[:, None]
    if not abs(frame[1, 1]) > 1e-6 * np.linalg.norm(frame[:, 1]):
        raise ValueError("a, b and c must not lie on one line: three such points span no plane.")
    x, y = np.moveaxis(weights[..., 1:] @ frame.T, -1, 0)
    corners = np.array([[0.0, 0.0], frame[:, 0], frame[:, 1]])
    return Triangle(losses, weights, x, y, corners)


def bezier(a, control, b, t):
    """The quadratic Bézier curve (1-t)² a + 2t(1-t) control + t² b, for 0 ≤ t ≤ 1.

    >>> float(lu.bezier(0.0, 1.0, 0.0, 0.5))  # half way up to the control point
    0.5
    """
    control, b = check_like(control, a, "control"), check_like(b, a, "b")
    weights = ((1 - t) ** 2, 2 * t * (1 - t), t**2)
    return jax.tree.map(
        lambda *leaves: (
            sum(jnp.asarray(w, leaf.dtype) * leaf for w, leaf in zip(weights, leaves, strict=True))
            if is_float(leaves[0])
            else leaves[0]
        ),
        check_params(a, "a"),
        control,
        b,
    )


def barrier(losses, alphas=None) -> float:
    """The largest height of ``losses`` (n,) above the straight line between its two ends, ≥ 0.

    ``alphas`` (n,), increasing, are the places on the line; equally spaced by default.

    >>> lu.barrier([1.0, 3.0, 2.0])  # in the middle the straight line is at 1.5
    1.5
    """
    losses = _axis(losses, "losses")
    if len(losses) < 2:
        raise ValueError("losses must hold both ends of the line, but holds one number.")
    alphas = np.linspace(0, 1, len(losses)) if alphas is None else _axis(alphas, "alphas")
    if alphas.shape != losses.shape or not np.all(np.diff(alphas) > 0):
        raise ValueError(
            f"alphas must be increasing, one for each of the {len(losses)} losses, but has "
            f"shape {alphas.shape}."
        )
    share = (alphas - alphas[0]) / (alphas[-1] - alphas[0])
    return float(np.max(losses - (losses[0] + share * (losses[-1] - losses[0]))))


class Projection(NamedTuple):
    """``coordinates`` (steps, 2) in units of d1 and d2; distance ``residual`` from the plane."""

    coordinates: np.ndarray
    residual: np.ndarray


def project(path, center, d1, d2) -> Projection:
    """Where the points of ``path`` fall on the plane center + α d1 + β d2, by least squares.

    ``path`` is a pytree like ``center`` with a leading axis of steps, as ``trajectory`` gives it.
    d1 and d2 need not be orthogonal.  ``residual`` is what no picture of the plane can show.

    >>> d1, d2 = jnp.array([1.0, 0.0, 0.0]), jnp.array([1.0, 1.0, 0.0])
    >>> found = lu.project(jnp.array([[3.0, 2.0, 5.0]]), jnp.zeros(3), d1, d2)
    >>> found.coordinates.round(6).tolist(), found.residual.round(6).tolist()
    ([[1.0, 2.0]], [5.0])
    """
    center = check_params(center, "center")
    basis = _flat_columns([check_like(d, center, name) for d, name in ((d1, "d1"), (d2, "d2"))])
    if np.linalg.matrix_rank(basis / np.maximum(np.linalg.norm(basis, axis=0), 1e-300)) < 2:
        raise ValueError("d1 and d2 must be two different directions, but they are parallel.")
    check_like(jax.tree.map(lambda leaf: leaf[0], path), center, "path")
    away = flat_path(path) - _flat_columns([center]).T
    coordinates = np.linalg.lstsq(basis, away.T)[0].T
    residual = np.linalg.norm(away - coordinates @ basis.T, axis=1)
    return Projection(coordinates, residual)


def _axis(values, name):
    values = np.asarray(values, dtype=float)
    if values.ndim != 1 or values.size == 0 or not np.all(np.isfinite(values)):
        raise ValueError(
            f"{name} must be finite numbers of shape (n,), but holds NaN or has another shape: "
            f"{values.shape}."
        )
    return values


def _flat_columns(trees) -> np.ndarray:
    return np.stack([flat_path(jax.tree.map(lambda leaf: leaf[None], t))[0] for t in trees], axis=1)
