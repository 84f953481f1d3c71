"""A few extreme eigenpairs of a large symmetric operator, copies included.

Lanczos with full reorthogonalization and thick restarts (Wu & Simon 2000), on the device; only the
small projected matrix comes to the host.  From one vector it sees an eigenvalue that is there
several times only once.  So when it has what was asked for, it goes on from a new random vector
beside that, until it finds nothing better there: then no copy is missing.
"""

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree

from .bound import Bound, compiled
from .derivatives import linearize
from .parallel import one_blas_thread

MOST = 6000  # products before it gives up


class Pairs(NamedTuple):
    """``values`` (k,), the most extreme first, unit ``vectors`` (N, k), and ``errors`` ‖Hv - λv‖.

    ``converged`` is False where the search was given up.
    """

    values: np.ndarray
    vectors: np.ndarray
    errors: np.ndarray
    converged: bool


def rows_for(k: int) -> int:
    """How many basis vectors a search for k pairs holds at most."""
    return max(40, 4 * k + 8)


def most_extreme(values, k: int, which: str):
    """The places of the k values that are largest in the sense of ``which``, in that order."""
    rank = {"magnitude": -np.abs(values), "largest": -values, "smallest": values}[which]
    return np.argsort(rank, kind="stable")[:k]


def extreme_pairs(loss: Bound, k: int, which: str, tol: float, most: int = MOST) -> Pairs:
    """The k most extreme eigenpairs of the Hessian where ``loss`` is bound.

    Each has ‖Hv - λv‖ ≤ tol·max(|λ|, ‖H‖/100), or is as good as rounding allows.
    """
    grow = partial(_grow, loss, loss.weights)
    with loss.scope():
        return search(grow, loss.size, _working(loss), loss.eps, k, which, tol, most)


def search(grow, size, dtype, eps, k, which, tol, most=MOST) -> Pairs:
    """The k most extreme eigenpairs of the symmetric (size, size) matrix that ``grow`` multiplies.

    ``grow(basis, noise, begin, end, rows=)`` goes from row to row as :func:`_grow` does; ``eps`` is
    the rounding of the products, ``dtype`` that of the basis.
    """
    rows = rows_for(k)
    small, filled, products, before = np.zeros((rows, rows)), 0, 0, None
    noise = _noise(size, 0, dtype)
    basis = _begun(noise, rows + 1)
    goal = 4 * k + 2
    while True:
        basis, along, rest = grow(basis, noise, filled, goal, rows=rows)
        small[filled:goal] = np.asarray(along, dtype=float)[filled:goal]  # up to the diagonal
        small = np.tril(small) + np.tril(small, -1).T
        products, filled = products + goal - filled, goal
        if not np.all(np.isfinite(small)):
            raise ValueError(
                "the Hessian of loss is NaN or infinite at this point: move params to where the "
                "loss is smooth."
            )
        with one_blas_thread():
            values, turn = np.linalg.eigh(small[:filled, :filled])
        order = most_extreme(values, filled, which)
        values, turn = values[order], turn[:, order]
        errors, scale = float(rest) * np.abs(turn[-1]), np.max(np.abs(values))
        allowed = np.maximum(tol * np.maximum(np.abs(values), scale / 100), 10 * eps * scale)
        good = errors <= allowed
        done = bool(np.all(good[:k])) and _nothing_hides(values, errors, good, k, before, which)
        if done and (k == 1 or _same(before, values[:k], allowed[:k])):
            break
        if products >= most:
            done = False
            break
        if done:  # as far as one vector sees; is there more beside it?
            kept, before = k, values[:k]
        elif filled == rows:
            kept = k + (rows - k) // 3
        else:
            kept = None
        if done:
            noise = _noise(size, products, dtype)
        if kept is not None:
            turn = _padded(turn[:, :kept], rows + 1)
            basis = _restart(basis, turn, filled, kept, noise, done)
            small[:], filled = 0, kept
            small[range(kept), range(kept)] = values[:kept]
        goal = min(rows, filled + (_look(size) if done else max(filled, 12)))
    vectors = np.asarray(_turned(basis, _padded(turn[:, :k], rows + 1)), dtype=float)[:k].T
    return Pairs(values[:k], vectors / np.linalg.norm(vectors, axis=0), errors[:k], done)


def one_run(loss: Bound, num_steps: int):
    """The gradient (N,) and the Hessian in ``num_steps`` ≤ N Krylov vectors, by one program."""
    with loss.scope():
        noise = _noise(loss.size, 0, _working(loss))
        slope, along = map(np.asarray, _first_rows(loss, loss.weights, noise, num_steps=num_steps))
    return slope.astype(float), np.tril(along) + np.tril(along, -1).T


def _working(loss):
    """The dtype of a basis."""
    return jnp.promote_types(jnp.result_type(*loss.weights), jnp.float32)


def _look(size) -> int:
    """So many steps from a random vector show what stands apart: it starts with 1/√N of it."""
    return int(2 * np.log(size)) + 1


def _nothing_hides(values, errors, good, k, before, which) -> bool:
    """Whether the best value beside the first k has settled, or cannot come up to them."""
    if before is None or len(values) == k or good[k]:
        return True
    sign = {"magnitude": np.sign(values[k]), "largest": 1, "smallest": -1}[which]
    last = np.abs(values[k - 1]) if which == "magnitude" else sign * values[k - 1]
    return bool(sign * values[k] + errors[k] <= last)


def _same(before, values, allowed) -> bool:
    return before is not None and bool(np.all(np.abs(values - before) <= 10 * allowed))


def _padded(turn, rows):
    return np.pad(turn.T, ((0, rows - turn.shape[1]), (0, rows - turn.shape[0])))


def _noise(size, seed, dtype):
    """A random row from the host: a generator inside would be most of what there is to compile."""
    return jnp.asarray(np.random.default_rng(seed).standard_normal(size), dtype)


def _begun(noise, rows):
    """A basis with its first row, made on the host: it compiles nothing."""
    basis = np.zeros((rows, noise.size), noise.dtype)
    basis[0] = noise
    basis[0] /= np.linalg.norm(basis[0])
    return jnp.asarray(basis)


def stepwise(products, eps, basis, noise, begin, end, rows):
    """Go from row to row like :func:`_grow` where the products come from outside."""
    along, scale = jnp.zeros((rows, rows), basis.dtype), jnp.zeros((), basis.dtype)
    tiny = jnp.asarray(4 * eps, basis.dtype)
    for j in range(begin, end):
        new = products(_row(basis, j)[None])[0]
        basis, along, rest, scale = _append(basis, along, scale, new, noise, j, tiny)
    return basis, along, rest


# --- on the device ----------------------------------------------------------------------------


def _orthonormal(basis, row):
    def clean(_, row):
        row = row - (basis @ row) @ basis
        return row / jnp.linalg.norm(row)

    return jax.lax.fori_loop(0, 3, clean, row / jnp.linalg.norm(row))


@jax.jit
def _turned(basis, turn):
    return jnp.asarray(turn, basis.dtype) @ basis


@partial(jax.jit, donate_argnums=0)
def _restart(basis, turn, filled, kept, noise, anew):
    """The kept Ritz vectors, then the row that continues the recurrence, or a random one."""
    vectors = jnp.where(jnp.arange(len(basis))[:, None] < kept, _turned(basis, turn), 0)
    row = jnp.where(anew, _orthonormal(vectors, noise), basis[filled])
    return vectors.at[kept].set(row)


@compiled
def _grow(loss, weights, basis, noise, begin, end, rows):
    """Multiply row after row: the basis, the products in it (rows, rows), what is left of the last.

    One basis vector per *row* keeps the projections contiguous, a quarter faster than columns.
    """
    flat, product = linearize(loss, weights)
    return _all_rows(product, flat.dtype, basis, noise, begin, end, rows)


@compiled
def _first_rows(loss, weights, noise, num_steps):
    """The gradient, and the products in as many Krylov vectors."""
    flat, unravel = ravel_pytree(weights)
    slope, product = jax.linearize(jax.grad(lambda vector: loss(unravel(vector))), flat)
    basis = jnp.zeros((num_steps + 1, flat.size), noise.dtype)
    basis = basis.at[0].set(noise / jnp.linalg.norm(noise))
    return slope, _all_rows(product, flat.dtype, basis, noise, 0, num_steps, num_steps)[1]


def _all_rows(product, dtype, basis, noise, begin, end, rows):
    tiny = 4 * jnp.finfo(dtype).eps

    def step(j, carry):
        basis, along, _, scale = carry
        new = product(basis[j].astype(dtype)).astype(basis.dtype)
        return _appended(basis, along, scale, new, noise, j, tiny)

    along, zero = jnp.zeros((rows, rows), basis.dtype), jnp.zeros((), basis.dtype)
    return jax.lax.fori_loop(begin, end, step, (basis, along, zero, zero))[:3]


def _appended(basis, along, scale, new, noise, j, tiny):
    """Put the product of row j, made orthogonal to all rows, behind them."""
    scale = jnp.maximum(scale, jnp.linalg.norm(new))
    shares = basis @ new
    new = new - shares @ basis
    again = basis @ new  # twice is enough
    new = new - again @ basis
    length = jnp.linalg.norm(new)
    lost = length <= tiny * scale  # all is found from here: a random row goes on instead
    row = jax.lax.cond(
        lost,
        lambda: _orthonormal(basis, jnp.roll(noise, j + 1)),
        lambda: new / length,
    )
    along = along.at[j].set((shares + again)[: len(along)])
    return basis.at[j + 1].set(row), along, jnp.where(lost, 0, length), scale


@partial(jax.jit, donate_argnums=(0, 1))
def _append(basis, along, scale, new, noise, j, tiny):
    return _appended(basis, along, scale, new, noise, j, tiny)


@jax.jit
def _row(basis, j):
    return basis[j]
