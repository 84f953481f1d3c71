"""What the eigenvalues of a Hessian say: definiteness, index, density, and where zero begins.

Signs decide the nature of a critical point (slides 16-25), so the Hessian is taken in float64
here whatever the dtype of the parameters, and zero is a tolerance.  A model that fixes its own
precision (layers in float32, say) stays in it: then its eigenvalues carry that dtype, and zero
begins where its rounding does.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import matfree.decomp
import numpy as np
import scipy.linalg

from .bound import bind, compiled, value_of
from .derivatives import hessian, linearize
from .lanczos import extreme_pairs, most_extreme, one_run, rows_for
from .parallel import one_blas_thread
from .trees import check_count, check_finite, check_key


class Eigh(NamedTuple):
    """Eigenvalues (ascending unless said otherwise) and eigenvectors, one per *column*."""

    eigenvalues: np.ndarray
    eigenvectors: np.ndarray


def zero_tolerance(eigenvalues):
    """Below this an eigenvalue counts as zero: max(N, 32) · eps · max|λ|, over the last axis.

    ``eps`` is that of the eigenvalues' dtype, as in ``numpy.linalg.matrix_rank``.  Pass your own
    tolerance where the eigenvalues carry more error than rounding, for example because the
    gradient is only nearly zero.
    """
    eigenvalues = check_eigenvalues(eigenvalues)
    eps = float(jnp.finfo(eigenvalues.dtype).eps)
    return max(eigenvalues.shape[-1], 32) * eps * np.max(np.abs(eigenvalues), axis=-1)


def index(eigenvalues, tol=None):
    """The number of negative eigenvalues, λ < -tol: the index of a critical point.

    ``eigenvalues`` has shape (..., N); the result has shape (...), a plain int for one spectrum.

    >>> lu.index([-2.0, -1e-17, 3.0])  # what is zero but for rounding is no direction down
    1
    """
    return _count(eigenvalues, tol, lambda values, tol: values < -tol)


def nullity(eigenvalues, tol=None):
    """The number of eigenvalues that count as zero, |λ| ≤ tol.  Shapes as in :func:`index`.

    >>> lu.nullity([-2.0, 1e-17, 3.0])
    1
    """
    return _count(eigenvalues, tol, lambda values, tol: np.abs(values) <= tol)


def negative_fraction(eigenvalues, tol=None):
    """The fraction of negative eigenvalues, index / N (the α of slide 52).

    >>> lu.negative_fraction([-1.0, 0.0, 1.0, 2.0])
    0.25
    """
    return index(eigenvalues, tol) / np.shape(eigenvalues)[-1]


def positive_fraction(eigenvalues, tol=None):
    """The fraction of positive eigenvalues: slide 51's "degree of local minima".

    >>> lu.positive_fraction([-1.0, 0.0, 1.0, 2.0])
    0.5
    """
    positive = _count(eigenvalues, tol, lambda values, tol: values > tol)
    return positive / np.shape(eigenvalues)[-1]


def definiteness(matrix, tol=None) -> str:
    """Slide 16's five names, read off the eigenvalues of a symmetric ``matrix`` (N, N).

    Returns "positive definite", "positive semidefinite", "negative definite", "negative
    semidefinite", "indefinite", or "zero" when every eigenvalue is within ``tol`` of zero.

    >>> lu.definiteness(np.diag([2.0, 0.0])), lu.definiteness(np.diag([2.0, -1.0]))
    ('positive semidefinite', 'indefinite')
    """
    dtype = np.asarray(matrix).dtype  # below float32 its own rounding decides what is zero
    values = np.linalg.eigvalsh(check_symmetric(matrix))
    values = values.astype(dtype) if jnp.issubdtype(dtype, jnp.floating) else values
    size, zero, negative = len(values), nullity(values, tol), index(values, tol)
    if zero == size:
        return "zero"
    if 0 < negative < size - zero:
        return "indefinite"
    sign = "negative" if negative else "positive"
    return f"{sign} {'semidefinite' if zero else 'definite'}"


def curvature(matrix, direction):
    """vᵀHv for v = direction / ‖direction‖: the curvature along a line (slide 18).

    ``matrix`` is (N, N) and symmetric, ``direction`` (..., N), the result (...).

    >>> float(lu.curvature(np.diag([4.0, -2.0]), [1.0, 1.0]).round(6))
    1.0
    """
    matrix, direction = check_symmetric(matrix), np.asarray(direction, dtype=float)
    if direction.ndim == 0 or direction.shape[-1] != len(matrix):
        raise ValueError(
            f"direction must have shape (..., {len(matrix)}) like the matrix, "
            f"but has shape {direction.shape}."
        )
    length = np.linalg.norm(direction, axis=-1)
    if not np.all(np.isfinite(length) & (length > 0)):
        raise ValueError("direction must be finite and not the zero vector, which points nowhere.")
    return np.einsum("...i,ij,...j->...", direction, matrix, direction) / length**2


def fix_signs(vectors):
    """Flip each column so that its largest entry is positive: the same picture on every machine.

    Of entries that are equally large but for rounding, as in (1, -1)/√2, the first decides.
    """
    vectors = np.asarray(vectors)
    sizes = np.abs(vectors)
    first = np.argmax(sizes >= (1 - 1e-4) * np.max(sizes, axis=0), axis=0)
    largest = np.take_along_axis(vectors, first[None], axis=0)
    return vectors * np.where(largest < 0, -1.0, 1.0)


def eigh(matrix, eps: float | None = None) -> Eigh:
    """Ascending eigenvalues (N,) and sign-fixed eigenvectors (N, N) of a symmetric matrix.

    ``eps`` is the rounding of its entries, by default that of its dtype.
    """
    values, vectors = np.linalg.eigh(check_symmetric(matrix, eps=eps))
    return Eigh(values, fix_signs(vectors))


def hessian_eigh(loss, params, *, dtype=None) -> Eigh:
    """The full spectrum of the Hessian at ``params``, in float64.

    Returns ascending eigenvalues (N,) and eigenvectors (N, N), one per column, with fixed signs.
    Costs N Hessian-vector products and an O(N³) factorization: seconds at N = 2000.

    ``dtype``, here and below, is that of the parameters in the evaluation: by default float64
    wherever the loss can be evaluated so.  Where the loss is really computed in less, the
    eigenvalues come in that dtype, so that `index` and `nullity` know.

    >>> values, vectors = lu.hessian_eigh(lambda p: p[0] ** 2 - p[1] ** 2, jnp.ones(2))
    >>> values.tolist(), vectors[:, 0].tolist()
    ([-2.0, 2.0], [0.0, 1.0])
    """
    loss = bind(loss, params, dtype, double=True)
    matrix = np.asarray(hessian(loss, params), dtype=np.float64)
    values, vectors = eigh(matrix, loss.eps)
    rounded = values.astype(loss.precision)
    return Eigh(rounded if np.all(np.isfinite(rounded.astype(float))) else values, vectors)


def top_eigenpairs(
    loss, params, k: int, which: str = "magnitude", *, tol: float = 1e-9, dtype=None
) -> Eigh:
    """The k largest eigenvalues of the Hessian by Lanczos, without building it.

    Parameters
    ----------
    k : how many, 1 ≤ k ≤ N; an eigenvalue that is there m times counts m times.
    which : "magnitude" (largest |λ|), "largest" or "smallest" (algebraically).
    tol : ‖Hv - λv‖ is at most tol·max(|λ|, ‖H‖/100), or at rounding; where λ stands apart from
        the others, it is exact to about tol².
    dtype : of the parameters in the evaluation, by default float64 wherever the loss can be
        evaluated so; float32 takes half the time and keeps 6 digits.

    Returns
    -------
    Eigenvalues (k,), the most extreme first, and unit eigenvectors (N, k), in float64.

    Raises
    ------
    ValueError
        Also where it does not get that far in `lanczos.MOST` products, with what it has: an end of
        a spectrum where eigenvalues crowd.

    >>> found = lu.top_eigenpairs(lambda p: p[0] ** 2 - 3 * p[1] ** 2, jnp.ones(2), 1)
    >>> found.eigenvalues.tolist(), found.eigenvectors.tolist()
    ([-6.0], [[0.0], [1.0]])
    """
    kinds = ("magnitude", "largest", "smallest")
    if which not in kinds:
        raise ValueError(f"which must be one of {', '.join(kinds)}, but is {which!r}.")
    if not tol > 0:
        raise ValueError(f"tol must be positive, but is {tol}: try 1e-9, or 1e-4 with float32.")
    loss = bind(loss, params, dtype, double=True)
    check_count(k, "k", 1, loss.size)
    if loss.size <= 2 * rows_for(k):  # Lanczos needs room; so few are cheap exactly
        return _exactly(loss, k, which)
    small = loss.size <= SMALL
    found = extreme_pairs(loss, k, which, tol, *([loss.size] if small else []))
    if found.converged:
        return Eigh(found.values, fix_signs(found.vectors))
    if small:  # as many products as the matrix has rows have not sufficed: build it
        return _exactly(loss, k, which)
    raise ValueError(crowded(found, which, tol))


def crowded(found, which, tol) -> str:
    """What to say where a search was given up."""
    have = ", ".join(f"{value:.3g}" for value in found.values[:3])
    return (
        f"tol={tol:g} was not reached for the {which} eigenvalues, which crowd there: found so far "
        f"are {have}{', …' if len(found.values) > 3 else ''} to within {np.max(found.errors):.1g}; "
        "pass a larger tol."
    )


SMALL = 3000  # up to here the whole matrix takes seconds


def _exactly(loss, k, which) -> Eigh:
    values, vectors = hessian_eigh(loss, loss.params)
    order = most_extreme(values.astype(float), k, which)
    return Eigh(values[order].astype(float), vectors[:, order])


class Ends(NamedTuple):
    """The lowest and the highest eigenvalue of a Hessian, and the norm of the gradient there."""

    lowest: float
    highest: float
    grad_norm: float


def extreme_eigenvalues(loss, params, *args, num_steps: int = 40) -> Ends:
    """Both ends of the Hessian's spectrum from one compiled Lanczos run in float64.

    Lanczos finds first what stands apart: the highest eigenvalue of a network is exact to many
    digits, and so is a lowest one that is clearly negative.  Among many eigenvalues near zero the
    end is only estimated, from inside: where its digits count, take `top_eigenpairs`, which goes on
    until a tolerance is met.

    Parameters
    ----------
    loss : (params, *args) -> scalar.
    num_steps : Hessian-vector products; at most N are taken.

    >>> ends = lu.extreme_eigenvalues(lambda p: p[0] ** 2 - p[1] ** 2, jnp.array([3.0, 4.0]))
    >>> round(ends.lowest, 6), round(ends.highest, 6), ends.grad_norm
    (-2.0, 2.0, 10.0)
    """
    loss = bind(lambda p, loss=loss: value_of(loss, p, *args), params, double=True)
    num_steps = min(check_count(num_steps, "num_steps"), loss.size)
    slope, matrix = one_run(loss, num_steps)
    with one_blas_thread():
        values = np.linalg.eigvalsh(check_finite(matrix, "the Hessian of loss"))
    return Ends(float(values[0]), float(values[-1]), float(np.linalg.norm(slope)))


class Density(NamedTuple):
    """A spectral density on a ``grid`` (num_points,) of eigenvalues; its integral is 1."""

    grid: np.ndarray
    density: np.ndarray


def spectral_density(
    loss,
    params,
    key,
    *,
    num_probes: int = 8,
    num_steps: int = 80,
    num_points: int = 512,
    width: float | None = None,
    grid=None,
    dtype=None,
) -> Density:
    """The density of all N Hessian eigenvalues, estimated by stochastic Lanczos quadrature.

    Lanczos from a random vector v gives nodes and weights with Σ wₖ f(xₖ) ≈ vᵀf(H)v / vᵀv, whose
    mean over v is the mean of f over all eigenvalues (Ubaru, Chen & Saad 2017; Ghorbani,
    Krishnan & Xiao 2019).  Each node becomes a Gaussian.

    Parameters
    ----------
    key : of the random signs v.
    num_probes : vectors v; the statistical error falls as 1/√(N·num_probes).
    num_steps : Hessian-vector products for each, at most N; more resolve finer structure.
    num_points, width : of the grid and of the Gaussian (its standard deviation), in units of
        the eigenvalues; by default the spectrum's range / num_steps.
    grid : ascending points instead of the default, which reaches 5 widths beyond the spectrum.
    dtype : of the parameters in the evaluation, by default their own, because a smoothed density
        asks for less than a sign does.

    Returns
    -------
    Grid and density, in float64.

    >>> loss = lambda p: jnp.sum(jnp.repeat(jnp.array([1.0, 3.0]), 50) * p**2) / 2
    >>> found = lu.spectral_density(loss, jnp.ones(100), jax.random.key(0), width=0.1)
    >>> below = found.grid < 2
    >>> round(float(np.trapezoid(found.density[below], found.grid[below])), 1)  # half of them are 1
    0.5
    """
    loss = bind(loss, params, dtype)
    check_key(key)
    for name, value in {"num_probes": num_probes, "num_steps": num_steps}.items():
        check_count(value, name)
    check_smoothing(num_points, width, grid)
    small = _tridiagonals(
        loss, loss.weights, key, num_probes=num_probes, num_steps=min(num_steps, loss.size)
    )
    small = list(zip(*map(np.asarray, small), strict=True))
    for diagonal, _ in small:
        check_finite(diagonal[0], "the Hessian of loss")
    found = [quadrature(*pair) for pair in small]
    grid, densities = smoothed(found, num_steps, num_points, width, grid)
    return Density(grid, np.mean(densities, axis=0))


def check_smoothing(num_points, width, grid) -> None:
    """Raise a ValueError for a grid or a width on which no density can be drawn."""
    check_count(num_points, "num_points", 2)
    if grid is not None and (np.ndim(grid) != 1 or len(grid) < 2 or not np.all(np.diff(grid) > 0)):
        raise ValueError("grid must be two or more ascending points, shape (num_points,).")
    if width is not None and not width > 0:
        raise ValueError(f"width must be positive, but is {width}.")


def quadrature(diagonal, offdiagonal) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of Gauss quadrature from a tridiagonal matrix of Lanczos."""
    # Where the Krylov space is exhausted before its time, 0/0 follows: what stands is exact.
    end = np.argmin(np.append(np.isfinite(diagonal), False))
    values, vectors = scipy.linalg.eigh_tridiagonal(diagonal[:end], offdiagonal[: end - 1])
    return values, vectors[0] ** 2


def smoothed(found, num_steps, num_points, width, grid) -> tuple[np.ndarray, np.ndarray]:
    """A grid, and on it the density of each of the quadratures ``found``: (probes, num_points)."""
    nodes = np.concatenate([nodes for nodes, _ in found])
    low, high = nodes.min(), nodes.max()
    if width is None:
        width = (high - low) / num_steps or max(abs(high), 1.0) / num_steps
    if grid is None:
        grid = np.linspace(low - 5 * width, high + 5 * width, num_points)
    grid = np.asarray(grid, dtype=float)
    densities = [
        np.exp(-(((grid[:, None] - nodes) / width) ** 2) / 2) @ weights for nodes, weights in found
    ]
    return grid, np.array(densities) / (width * np.sqrt(2 * np.pi))


@compiled
def _tridiagonals(loss, weights, key, num_probes, num_steps):
    flat, product = linearize(loss, weights)
    dtype = jnp.promote_types(flat.dtype, jnp.float32)
    # Lost orthogonality repeats nodes but keeps the sum of their weights: no need to pay for it.
    lanczos = matfree.decomp.tridiag_sym(
        num_steps, materialize=False, reortho="none", custom_vjp=False
    )
    probes = jax.random.rademacher(key, (num_probes, flat.size), dtype)
    return jax.lax.map(
        lambda probe: lanczos(lambda v: product(v.astype(flat.dtype)).astype(dtype), probe).J_small,
        probes,
    )


def check_symmetric(matrix, name: str = "matrix", eps: float | None = None) -> np.ndarray:
    """Return a square symmetric float matrix, exactly symmetrized, or raise a ValueError."""
    matrix = np.asarray(matrix)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.size == 0:
        raise ValueError(f"{name} must be square, shape (N, N), but has shape {matrix.shape}.")
    if not jnp.issubdtype(matrix.dtype, jnp.floating):
        if not np.issubdtype(matrix.dtype, np.integer):
            raise ValueError(f"{name} must hold real numbers, but has dtype {matrix.dtype}.")
        matrix = matrix.astype(float)
    eps = float(jnp.finfo(matrix.dtype).eps) if eps is None else eps
    if matrix.dtype.itemsize < 4:  # numpy factorizes nothing below float32
        matrix = matrix.astype(np.float32)
    if not np.all(np.isfinite(matrix)):
        raise ValueError(f"{name} holds NaN or infinity: eigenvalues need finite entries.")
    gap = np.max(np.abs(matrix - matrix.T))
    scale = np.max(np.abs(matrix))
    # Half the digits: rounding in a product or a difference passes, a forgotten transpose does not.
    if gap > eps**0.5 * scale:
        raise ValueError(
            f"{name} must be symmetric, but differs from its transpose by up to {gap:.3g}: "
            "a Hessian is symmetric; otherwise use (A + A.T) / 2."
        )
    return (matrix + matrix.T) / 2


def check_eigenvalues(eigenvalues) -> np.ndarray:
    """Return finite real eigenvalues as a floating array (..., N), or raise a ValueError."""
    eigenvalues = np.asarray(eigenvalues)
    if eigenvalues.dtype.kind in "OSU":
        raise ValueError(f"eigenvalues must be numbers, but has dtype {eigenvalues.dtype}.")
    if np.iscomplexobj(eigenvalues):
        raise ValueError(
            f"eigenvalues must be real, but has dtype {eigenvalues.dtype}: "
            "use np.linalg.eigvalsh, which is for symmetric matrices."
        )
    if not jnp.issubdtype(eigenvalues.dtype, jnp.floating):
        eigenvalues = np.asarray(eigenvalues, dtype=float)
    if eigenvalues.ndim == 0 or eigenvalues.shape[-1] == 0:
        raise ValueError(
            f"eigenvalues must have shape (..., N) with N ≥ 1, but has shape {eigenvalues.shape}."
        )
    if not np.all(np.isfinite(eigenvalues)):
        raise ValueError("eigenvalues holds NaN or infinity: check the Hessian they came from.")
    return eigenvalues


def _count(eigenvalues, tol, test):
    eigenvalues = check_eigenvalues(eigenvalues)
    tol = zero_tolerance(eigenvalues) if tol is None else tol
    if not np.all(np.asarray(tol) >= 0):
        raise ValueError(f"tol must be at least 0, but is {tol}.")
    counts = np.sum(test(eigenvalues, np.asarray(tol)[..., None]), axis=-1)
    return int(counts) if counts.ndim == 0 else counts
