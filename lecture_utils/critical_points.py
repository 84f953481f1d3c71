"""Where the gradient vanishes: naming the point, jumping to it, and getting away (slides 11-27)."""

from itertools import combinations
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from .bound import bind, compiled, x64
from .derivatives import each_row, gradient
from .parallel import one_blas_thread
from .spectra import check_eigenvalues, hessian_eigh, index, nullity
from .trees import (
    check_count,
    check_params,
    direction_of,
    flat_array,
    join,
    norm,
    ravel_pytree,
    weights_of,
)


def classify_critical_point(eigenvalues, grad_norm=0.0, tol=None, grad_tol: float = 1e-6) -> str:
    """The second-order test (slides 17-25), which is allowed to say that it does not know.

    Parameters
    ----------
    eigenvalues : (N,), of the Hessian at the point.
    grad_norm : ‖g‖ there; above ``grad_tol`` the point is "not critical".
    tol : below it an eigenvalue counts as zero (default: ``spectra.zero_tolerance``).

    Returns
    -------
    "minimum", "maximum", "saddle", "degenerate" or "not critical".  Mixed signs are a saddle
    whatever else is zero; otherwise one zero eigenvalue makes the test silent: "degenerate".

    >>> lu.classify_critical_point([-1.0, 2.0]), lu.classify_critical_point([0.0, 2.0])
    ('saddle', 'degenerate')
    """
    eigenvalues = check_eigenvalues(eigenvalues)
    if eigenvalues.ndim != 1:
        raise ValueError(
            f"eigenvalues must be one spectrum of shape (N,), but has shape {eigenvalues.shape}."
        )
    if not grad_norm <= grad_tol:
        return "not critical"
    negative, zero = index(eigenvalues, tol), nullity(eigenvalues, tol)
    positive = eigenvalues.size - negative - zero
    if negative and positive:
        return "saddle"
    if zero:
        return "degenerate"
    return "maximum" if negative else "minimum"


def newton_step(loss, params, *, dtype=None):
    """The step δ = -H⁻¹g that jumps to the critical point of the local quadratic (slide 12).

    It goes to a minimum, a maximum or a saddle, whichever is there.  A pytree like ``params``.
    ``dtype``, here and below, is that of the evaluation: float64 where the loss allows it.

    >>> lu.newton_step(lambda p: p[0] ** 2 - p[1] ** 2, jnp.array([3.0, 1.0])).tolist()
    [-3.0, -1.0]
    """
    slope, values, vectors = _slope_and_spectrum(loss, params, dtype)
    if nullity(values):
        raise ValueError(
            "the Hessian is singular at params, so the Newton step -H⁻¹g does not exist: "
            f"its smallest |eigenvalue| is {np.min(np.abs(values)):.2g}."
        )
    return direction_of(-vectors @ ((vectors.T @ slope) / values), check_params(params))


def saddle_free_newton_step(loss, params, damping: float = 0.0, *, dtype=None):
    """The step -(|H| + damping)⁻¹g, which divides by |λ| instead of λ: always downhill.

    |H| has the eigenvectors of H and the absolute values of its eigenvalues (Dauphin et al. 2014,
    arXiv 1406.2572), so a saddle repels where Newton's step is drawn to it.

    >>> lu.saddle_free_newton_step(lambda p: p[0] ** 2 - p[1] ** 2, jnp.array([3.0, 1.0])).tolist()
    [-3.0, 1.0]
    """
    slope, values, vectors = _slope_and_spectrum(loss, params, dtype)
    if not 0 <= damping < np.inf:
        raise ValueError(f"damping must be at least 0, but is {damping}.")
    if damping == 0 and nullity(values):
        raise ValueError(
            "the Hessian is singular at params, so |H|⁻¹ does not exist: pass damping > 0."
        )
    step = -vectors @ ((vectors.T @ slope) / (np.abs(values).astype(float) + damping))
    return direction_of(step, check_params(params))


def escape_direction(loss, params, *, dtype=None):
    """The unit direction of most negative curvature (note, section 2), a pytree like ``params``.

    From a saddle, θ + α·direction lowers the loss for small α of either sign.  Raises a
    ValueError where no eigenvalue is negative: second order then shows no way down.

    >>> lu.escape_direction(lambda p: p[0] ** 2 - p[1] ** 2, jnp.zeros(2)).tolist()
    [0.0, 1.0]
    """
    values, vectors = hessian_eigh(loss, params, dtype=dtype)
    if not index(values):
        raise ValueError(
            "the Hessian has no negative eigenvalue at params (the smallest is "
            f"{values[0]:.3g}), so there is no direction of negative curvature to follow."
        )
    return direction_of(vectors[:, 0], check_params(params))


class CriticalPoints(NamedTuple):
    """One row per start, none dropped.  ``eigenvalues`` is (starts, N), the rest (starts,).

    ``iterations`` counts the steps until ‖g‖ first fell below the threshold; a start that is not
    certified has used them all.
    """

    params: Any
    loss: np.ndarray
    grad_norm: np.ndarray
    index: np.ndarray
    certified: np.ndarray
    eigenvalues: np.ndarray
    iterations: np.ndarray


def find_critical_points(
    loss,
    starts,
    num_steps: int = 200,
    grad_tol: float = 1e-8,
    max_step: float = 0.1,
    tol=1e-8,
    rcond: float = 0.0,
    method: str = "newton",
    *,
    dtype=None,
) -> CriticalPoints:
    """Search a critical point from every start, in float64; compiled once for any number of them.

    Each start ends on its own: two steps after ‖g‖ < ``grad_tol``, or after ``num_steps``.

    Parameters
    ----------
    starts : pytree like ``params`` with a leading axis of starts.
    grad_tol : a point is *certified* when ‖g‖ is below it; the others are returned and marked.
    max_step : no step is longer than ``max_step``·max(‖θ‖, 1).
    tol : eigenvalues below -tol count as negative.
    rcond : of "newton": directions whose |λ| is at most rcond·max|λ| are left alone.  Set it (1e-9
        or so) where the loss has a continuous symmetry: its critical points are then whole
        surfaces, on which H⁻¹ does not exist.
    method : with gᵢ and λᵢ the gradient and the curvature along the i-th eigenvector,

        * "newton": the step -gᵢ/λᵢ.  Pure Newton is right here *because* it does not care about
          the sign of the curvature: it is drawn to saddles as much as to minima.
        * "rational": -2gᵢ/(λᵢ ± √(λᵢ² + 4gᵢ²)) with the sign of λᵢ.  Newton's step where gᵢ is
          small, yet never longer than 1 where λᵢ is (rational functions instead of parabolas, as
          chemists search transition states: Banerjee et al. 1985).
        * "gradient_norm": Levenberg-Marquardt on ½‖g‖², the textbook way to solve g = 0.  Kept to
          show how it misleads: it stops where ‖g‖ is smallest nearby, mostly not zero.
    dtype : of the evaluation, float64 where the loss allows it.

    >>> starts = jnp.array([[0.3, 0.1], [-0.9, 0.1]])
    >>> found = lu.find_critical_points(lambda p: (p[0] ** 2 - 1) ** 2 + p[1] ** 2, starts)
    >>> found.params.round(3).tolist(), [lu.index(values) for values in found.eigenvalues]
    ([[0.0, 0.0], [-1.0, 0.0]], [1, 0])
    """
    _check_search(num_steps, grad_tol, max_step, rcond, method)
    with x64():
        starts = check_params(starts, "starts")
    counts = {np.shape(leaf)[:1] for leaf in weights_of(starts)}
    if len(counts) != 1 or counts & {(), (0,)}:
        raise ValueError(
            "starts must be a pytree like params with one leading axis of starts, but its leaves "
            f"lead with {sorted(counts)}: stack the starts, even a single one."
        )
    weights = [np.asarray(leaf) for leaf in weights_of(starts)]  # numpy cuts without compiling
    first = join([leaf[0] for leaf in weights], starts)
    loss = bind(loss, first, dtype, double=True)
    limits = (num_steps, grad_tol, max_step, rcond)
    with one_blas_thread(), loss.scope():
        weights = [leaf.astype(jnp.result_type(*loss.weights)) for leaf in weights]
        step = "pseudo" if rcond else method
        weights, values, grad_norms, spectra, iterations = _in_blocks(
            lambda block, count: _searches(loss, block, count, method=step, limits=limits), weights
        )
    params = join(weights, starts)
    if jax.config.jax_enable_x64:  # outside the scope JAX would not know what float64 is
        params = jax.device_put(params)
    return CriticalPoints(
        params=params,
        loss=values,
        grad_norm=grad_norms,
        index=np.sum(spectra < -tol, axis=-1),
        certified=grad_norms < grad_tol,
        eigenvalues=spectra,
        iterations=iterations,
    )


class AutoencoderPoint(NamedTuple):
    """A critical point of a linear autoencoder: ``kept`` directions and the rest of the story.

    Its index is ``swaps + idle``.
    """

    kept: tuple[int, ...]
    loss: float
    swaps: int
    idle: int


def linear_autoencoder_points(variances, width: int) -> list[AutoencoderPoint]:
    """All critical points of tr((I - AB) Σ (I - AB)ᵀ) in closed form; A (n, width), B (width, n).

    AB projects onto the principal directions in ``kept``, any ``width`` of them or fewer (Baldi &
    Hornik 1989); each choice is one smooth surface of critical points.  The loss is the variance
    of the others.  A negative eigenvalue comes with each *swap* (a kept direction and a larger one
    that is lost) and with each pair of an *idle* hidden unit and a lost direction.

    Parameters
    ----------
    variances : (n,), the eigenvalues of the covariance Σ: positive, all different.
    width : number of hidden units, at least 1.

    >>> points = lu.linear_autoencoder_points([4.0, 1.0], width=1)
    >>> sorted((point.kept, float(point.loss)) for point in points)
    [((), 5.0), ((0,), 1.0), ((1,), 4.0)]
    """
    variances = np.asarray(variances, dtype=float)
    if variances.ndim != 1 or not np.all(variances > 0) or len(set(variances)) < variances.size:
        raise ValueError(
            f"variances must be positive and all different, shape (n,), but are {variances}."
        )
    check_count(width, "width")
    points, size = [], len(variances)
    for kept in (c for r in range(min(width, size) + 1) for c in combinations(range(size), r)):
        lost = [j for j in range(size) if j not in kept]
        swaps = sum(int(variances[j] > variances[i]) for i in kept for j in lost)
        idle = (width - len(kept)) * len(lost)
        points.append(AutoencoderPoint(kept, float(variances[lost].sum()), swaps, idle))
    return points


def _newton(matrix, slope, rcond):
    return -jnp.linalg.solve(matrix, slope)


def _pseudo_newton(matrix, slope, rcond):
    values, vectors = jnp.linalg.eigh(matrix)
    kept = jnp.abs(values) > rcond * jnp.max(jnp.abs(values))
    return -vectors @ jnp.where(kept, vectors.T @ slope / jnp.where(kept, values, 1.0), 0.0)


def _rational(matrix, slope, rcond):
    values, vectors = jnp.linalg.eigh(matrix)
    shares = vectors.T @ slope
    reach = jnp.abs(values) + jnp.sqrt(values**2 + 4 * shares**2)
    return -vectors @ jnp.where(reach > 0, jnp.sign(values) * 2 * shares / reach, 0.0)


_STEPS = {"newton": _newton, "pseudo": _pseudo_newton, "rational": _rational}
_METHODS = ("newton", "rational", "gradient_norm")


BLOCK = 32  # starts that one call of the compiled program takes at most


def _in_blocks(searches, weights):
    """``searches(block, count)`` of all starts, the leading axis of ``weights``, block by block.

    Every block has the same shape, of which ``count`` rows are starts: what is compiled for it
    fits any number of starts, and thousands of results need no program that joins them.
    """
    parts, total = [], len(weights[0])
    for begin in range(0, total, BLOCK):
        count = min(BLOCK, total - begin)
        rows = [leaf[begin : begin + count] for leaf in weights]
        block = [np.resize(leaf, (BLOCK, *leaf.shape[1:])) for leaf in rows]
        found = jax.device_get(searches(block, count))
        parts.append(jax.tree.map(lambda leaf, count=count: leaf[:count], found))
    return jax.tree.map(lambda *leaves: np.concatenate(leaves), *parts)


@compiled
def _searches(loss, starts, count, method, limits):
    """From the first ``count`` of the starts, one after the other; the other rows stay zero."""

    def search(start):
        return _search(loss, start, method, limits)

    def one(i, found):
        return jax.tree.map(
            lambda rows, row: rows.at[i].set(row), found, search([leaf[i] for leaf in starts])
        )

    row = jax.eval_shape(search, [leaf[0] for leaf in starts])
    empty = jax.tree.map(lambda leaf: jnp.zeros((BLOCK, *leaf.shape), leaf.dtype), row)
    return jax.lax.fori_loop(0, count, one, empty)


def _search(loss, start, method, limits):
    num_steps, grad_tol, max_step, rcond = limits
    first, unravel = ravel_pytree(start)
    dtype = jnp.promote_types(first.dtype, jnp.float32)

    def flat_loss(theta):
        return loss(unravel(theta.astype(first.dtype))).astype(dtype)

    slope_at = jax.grad(flat_loss)

    def matrix_at(theta):  # row by row: a third of jax.hessian's time on one thread
        _, product = jax.linearize(slope_at, theta)
        return each_row(product, jnp.eye(theta.size, dtype=dtype), 16)

    def capped(theta, delta):
        cap = max_step * jnp.maximum(norm(theta), 1.0)
        delta = delta * jnp.minimum(1.0, cap / norm(delta))
        return jnp.where(jnp.all(jnp.isfinite(delta)), theta + delta, theta)

    def step(state):
        theta, slope, damping, taken, iterations = state
        matrix = matrix_at(theta)
        if method == "gradient_norm":  # accept only what lowers ‖g‖, and adapt the damping
            square = matrix @ matrix
            normal = square + damping * jnp.trace(square) / theta.size * jnp.eye(
                theta.size, dtype=dtype
            )
            there = capped(theta, -jnp.linalg.solve(normal, matrix @ slope))
            better = norm(slope_at(there)) < norm(slope)
            damping = jnp.clip(jnp.where(better, damping / 5, damping * 3), 1e-14, 1e6)
            theta = jnp.where(better, there, theta)
        else:
            theta = capped(theta, _STEPS[method](matrix, slope, rcond))
        searching = norm(slope) >= grad_tol
        return theta, slope_at(theta), damping, taken + 1, iterations + searching

    def unfinished(state):
        _, slope, _, taken, iterations = state
        polished = (norm(slope) < grad_tol) & (taken >= iterations + 2)
        return (taken < num_steps) & ~polished

    theta = first.astype(dtype)
    state = (theta, slope_at(theta), jnp.asarray(1e-3, dtype), 0, 0)
    theta, slope, _, _, iterations = jax.lax.while_loop(unfinished, step, state)
    spectrum = jnp.linalg.eigvalsh(matrix_at(theta))
    return unravel(theta), flat_loss(theta), norm(slope), spectrum, iterations


def _check_search(num_steps, grad_tol, max_step, rcond, method):
    if method not in _METHODS:
        raise ValueError(f"method must be one of {', '.join(_METHODS)}, but is {method!r}.")
    check_count(num_steps, "num_steps")
    for name, value in {"grad_tol": grad_tol, "max_step": max_step}.items():
        if not value > 0:
            raise ValueError(f"{name} must be positive, but is {value}.")
    if not 0 <= rcond < 1:
        raise ValueError(f"rcond must be at least 0 and below 1, but is {rcond}.")
    if rcond and method != "newton":
        raise ValueError(f"rcond belongs to method 'newton', but method is {method!r}: drop one.")


def _slope_and_spectrum(loss, params, dtype):
    """g (N,), and the eigenvalues and eigenvectors of H, as numpy arrays."""
    loss = bind(loss, params, dtype, double=True)
    slope = flat_array(weights_of(gradient(loss, params)))
    return slope, *hessian_eigh(loss, params)
