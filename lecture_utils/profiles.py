"""The loss along lines, over planes and triangles, and how far a path leaves them.

Every picture here is the same computation: ``loss(center + c₁ d₁ + c₂ d₂ + …)`` at many rows of
coefficients c.  :func:`losses_at` does it for any loss of any pytree; lines, planes, triangles and
curves only choose the coefficients.

Speed, measured (``benchmarks/plane.py``): one point at a time in a compiled loop, because a batch
of points leaves the cache, and one Python thread per core on a CPU, because the products of a
small network are too small to be split.  A loss made by :func:`mlp_loss` is twice as fast again.
``devices=`` spreads the points over many devices, of one process or of several.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from .directions import flat_path
from .networks import ACTIVATIONS
from .trees import check_like, check_loss, check_params, is_traced, ravel_pytree


def interpolate(a, b, alpha):
    """The pytree a + α (b - a): ``a`` at α = 0, ``b`` at α = 1 (slides 58-61), beyond outside."""
    b = check_like(b, a, "b")
    return jax.tree.map(lambda x, y: x + jnp.asarray(alpha, y.dtype) * (y - x), a, b)


def grid(radius: float = 1.0, resolution: int = 25) -> np.ndarray:
    """``resolution`` equally spaced numbers from -radius to radius, the middle one exactly 0."""
    if not radius > 0 or not np.isfinite(radius):
        raise ValueError(f"radius must be positive and finite, but is {radius}.")
    if resolution < 3 or resolution % 2 == 0:
        raise ValueError(
            f"resolution must be odd and at least 3, so that the center is a grid point, but is "
            f"{resolution}."
        )
    half = resolution // 2
    return radius * np.arange(-half, half + 1) / half


def line_profile(loss, a, b, alphas=None, *, devices=None) -> np.ndarray:
    """loss(a + α (b - a)) for every α: shape (len(alphas),), by default at 51 points of [0, 1]."""
    alphas = _axis(np.linspace(0, 1, 51) if alphas is None else alphas, "alphas")
    a = check_params(a, "a")
    step = jax.tree.map(jnp.subtract, check_like(b, a, "b"), a)
    return losses_at(loss, a, [step], alphas[:, None], devices=devices)


def plane_profile(
    loss, center, d1, d2, alphas=None, betas=None, *, devices=None, progress: Callable | None = None
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
    """
    alphas = _axis(grid() if alphas is None else alphas, "alphas")
    betas = alphas if betas is None else _axis(betas, "betas")
    points = np.stack(np.meshgrid(alphas, betas), axis=-1).reshape(-1, 2)
    values = losses_at(loss, center, [d1, d2], points, devices=devices, progress=progress)
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
    loss, a, b, c, resolution: int = 12, margin: float = 0.25, *, devices=None, progress=None
) -> Triangle:
    """The loss at w_a a + w_b b + w_c c, weights summing to 1: the plane through three solutions.

    ``resolution`` steps along each side; the corners are grid points.  ``margin`` is how far to
    look beyond the triangle, as a share of it; what lies farther out stays NaN.
    """
    if resolution < 2:
        raise ValueError(f"resolution must be at least 2 steps along a side, but is {resolution}.")
    if not 0 <= margin <= 2:
        raise ValueError(f"margin must be between 0 and 2 sides, but is {margin}.")
    a = check_params(a, "a")
    to_b, to_c = (
        jax.tree.map(jnp.subtract, check_like(other, a, name), a)
        for other, name in ((b, "b"), (c, "c"))
    )
    extra = round(margin * resolution)
    steps = np.arange(-extra, resolution + 2 * extra + 1) / resolution
    u, v = np.meshgrid(steps, steps)
    weights = np.stack([1 - u - v, u, v], axis=-1)
    inside = np.all(weights >= -(extra + 1e-9) / resolution, axis=-1)
    losses = np.full(u.shape, np.nan)
    points = weights[inside][:, 1:]
    losses[inside] = losses_at(loss, a, [to_b, to_c], points, devices=devices, progress=progress)
    sides = _flat_columns([to_b, to_c])
    _, frame = np.linalg.qr(sides)  # the two sides in an orthonormal frame of their plane
    frame = frame * np.where(np.diag(frame) < 0, -1.0, 1.0)[:, None]
    if not abs(frame[1, 1]) > 1e-6 * np.linalg.norm(frame[:, 1]):
        raise ValueError("a, b and c must not lie on one line: three such points span no plane.")
    x, y = np.moveaxis(weights[..., 1:] @ frame.T, -1, 0)
    corners = np.array([[0.0, 0.0], frame[:, 0], frame[:, 1]])
    return Triangle(losses, weights, x, y, corners)


def bezier(a, control, b, t):
    """The quadratic Bézier curve (1-t)² a + 2t(1-t) control + t² b, for 0 ≤ t ≤ 1."""
    control, b = check_like(control, a, "control"), check_like(b, a, "b")
    weights = ((1 - t) ** 2, 2 * t * (1 - t), t**2)
    return jax.tree.map(
        lambda *leaves: sum(
            jnp.asarray(w, leaf.dtype) * leaf for w, leaf in zip(weights, leaves, strict=True)
        ),
        check_params(a, "a"),
        control,
        b,
    )


def barrier(losses, alphas=None) -> float:
    """The largest height of ``losses`` (n,) above the straight line between its two ends, ≥ 0.

    ``alphas`` (n,), increasing, are the places on the line; equally spaced by default.
    """
    losses = np.asarray(losses, dtype=float)
    if losses.ndim != 1 or len(losses) < 2:
        raise ValueError(f"losses must have shape (n,) with n ≥ 2, but has shape {losses.shape}.")
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


# --- the one computation behind all of them -----------------------------------------------------


def losses_at(
    loss, center, directions, coefficients, *, devices=None, progress: Callable | None = None
) -> np.ndarray:
    """loss(center + Σₖ cₖ dₖ) for every row c of ``coefficients`` (M, K): shape (M,).

    ``devices`` and ``progress`` are those of :func:`plane_profile`.
    """
    if is_traced((center, directions, coefficients)):
        prepare, at = _walk(loss)
        return _map(at, prepare(center, directions), jnp.asarray(coefficients))
    total, done, parts = len(coefficients), 0, []
    for values in loss_chunks(loss, center, directions, coefficients, devices=devices):
        parts.append(values)
        done += len(values)
        if progress is not None:
            progress(done, total)
    return np.concatenate(parts)


def loss_chunks(loss, center, directions, coefficients, *, devices=None) -> Iterator[np.ndarray]:
    """What :func:`losses_at` gives, in pieces, in order: stop asking, and the work stops."""
    center = check_params(center, "center")
    names = [f"d{k}" for k in range(1, len(directions) + 1)]
    directions = [check_like(d, center, name) for d, name in zip(directions, names, strict=True)]
    check_loss(loss, center)
    coefficients = np.asarray(coefficients, dtype=float)
    if devices is not None:
        yield _on_devices(loss, tuple(devices), center, directions, coefficients)
        return
    prepare, at = _walk(loss)
    prepared = _jit(prepare)(center, directions)
    # About 40 pieces of one length, so that all run the same compiled loop; the last is padded.
    length = max(1, -(-len(coefficients) // 40))
    pieces = [coefficients[i : i + length] for i in range(0, len(coefficients), length)]

    def run(piece):
        padded = np.resize(piece, (length, piece.shape[1]))
        return np.asarray(_compiled(at, prepared, padded))[: len(piece)]

    yield run(pieces[0])  # compiles, once, before the threads ask for the same
    threads = _cores() if jax.default_backend() == "cpu" else 1
    pool = ThreadPoolExecutor(threads)
    try:
        yield from pool.map(run, pieces[1:])
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _on_devices(loss, devices, center, directions, coefficients):
    if not devices:
        raise ValueError("devices must list at least one device, for example jax.devices().")
    # The same numbers on every process, as numpy arrays, are what JAX spreads over a global mesh.
    center, directions = jax.tree.map(np.asarray, (center, directions))
    share = -(-len(coefficients) // len(devices))
    padded = np.resize(coefficients, (share * len(devices), coefficients.shape[1]))
    values = _sharded(loss, devices)(center, directions, padded)
    return np.asarray(values)[: len(coefficients)]


@lru_cache(maxsize=16)
def _sharded(loss, devices):
    mesh = Mesh(np.array(devices), ("points",))
    spread, everywhere = PartitionSpec("points"), PartitionSpec()
    prepare, at = _walk(loss)

    def share(center, directions, points):
        return _map(at, prepare(center, directions), points)

    spreading = jax.shard_map(
        share, mesh=mesh, in_specs=(everywhere, everywhere, spread), out_specs=spread
    )
    return jax.jit(spreading, out_shardings=NamedSharding(mesh, everywhere))


def _map(at, prepared, points):
    return jax.lax.map(lambda c: at(prepared, c), points)


_compiled = jax.jit(_map, static_argnums=0)


@lru_cache(maxsize=64)
def _jit(function):
    return jax.jit(function)


@lru_cache(maxsize=64)
def _walk(loss):
    """(prepare(center, directions) -> anything, at(that, coefficients) -> loss): how to walk."""
    if isinstance(loss, _MLPLoss):
        return loss.prepare, loss.at

    def prepare(center, directions):
        return center, directions

    def at(prepared, c):
        return loss(_point(*prepared, c))

    return prepare, at


def _point(center, directions, c):
    def add(leaf, *moves):
        for k, move in enumerate(moves):
            leaf = leaf + c[k].astype(leaf.dtype) * move
        return leaf

    return jax.tree.map(add, center, *directions)


# --- the fast path for fully connected networks -------------------------------------------------


def mlp_loss(x, y, activation="relu"):
    """The mean cross-entropy of an ``mlp`` on (x, y), as a loss that knows how to walk fast.

    Called, it is ``cross_entropy(net.apply(params, x), y)``.  Along center + α d1 + β d2 the first
    layer's pre-activations are themselves affine, Z₀ + α Z₁ + β Z₂, so its matrix products are
    made three times in all and not once per point; and examples are columns (Wᵀ xᵀ), which keeps
    the products in the layout that CPUs like.

    Parameters
    ----------
    x : (n, d).  y : integer labels (n,).  activation : a name of ``networks.ACTIVATIONS`` or a
        function; the last layer is linear.
    """
    x, y = jnp.asarray(x), jnp.asarray(y)
    if x.ndim != 2 or y.shape != x.shape[:1] or not jnp.issubdtype(y.dtype, jnp.integer):
        raise ValueError(
            f"y must be integer labels, one for each row of x, but x has shape {x.shape} and y "
            f"shape {y.shape} of {y.dtype}."
        )
    return _MLPLoss(x, y, ACTIVATIONS.get(activation, activation))


class _MLPLoss:
    # Hashed by identity: one compilation per loss object, as for any function.
    def __init__(self, x, y, activation):
        self.columns, self.labels, self.activation = x.T, y, activation

    def __call__(self, params):
        return self.at(self.prepare(params, []), [])

    def prepare(self, center, directions):
        points = [[_transposed(layer) for layer in point] for point in (center, *directions)]
        first = [weights @ self.columns + bias for (weights, bias), *_ in points]
        return first, [point[1:] for point in points]

    def at(self, prepared, c):
        first, (center, *moves) = prepared
        z = _point(first[0], first[1:], c)
        for weights, bias in _point(center, moves, c):
            z = weights @ self.activation(z) + bias
        true = jnp.take_along_axis(z, self.labels[None], axis=0)[0]
        return jnp.mean(jax.nn.logsumexp(z, axis=0) - true)


def _transposed(layer):
    weights = layer["W"].T
    return weights, layer["b"][:, None] if "b" in layer else jnp.zeros((), weights.dtype)


# --- small helpers ------------------------------------------------------------------------------


def _axis(values, name):
    values = np.asarray(values, dtype=float)
    if values.ndim != 1 or values.size == 0 or not np.all(np.isfinite(values)):
        raise ValueError(
            f"{name} must be a list of finite numbers, shape (n,), but has shape {values.shape}."
        )
    return values


def _flat_columns(trees) -> np.ndarray:
    return np.stack([np.asarray(ravel_pytree(tree)[0], dtype=float) for tree in trees], axis=1)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
