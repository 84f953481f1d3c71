"""A few extreme eigenpairs of a large symmetric operator, copies included.

Block Lanczos with full reorthogonalization and thick restarts (Wu & Simon 2000), on the device; only
the small projected matrix comes to the host.  A block of two vectors finds an eigenvalue at most
twice.  So where every one is found once, no copy was missed; where one is found twice, the search
goes on from new random vectors beside what was found, until that finds nothing better.
"""

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from .bound import Bound, compiled
from .derivatives import linearize

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
    with loss.scope():
        return _search(loss, k, which, tol, most)


def _search(loss, k, which, tol, most):
    block, rows = (1 if k == 1 else 2), rows_for(k)
    rows += rows % block
    small = np.zeros((rows, rows))  # the operator in the basis
    basis, filled, kept = _start(loss.weights, rows=rows, block=block), 0, 0
    products, before, round_ends, found = 0, None, 0, None
    goal = min(rows, 4 * k + 4)
    while True:
        blocks = (goal - filled) // block
        basis, along, coupling = _grow(
            loss, loss.weights, basis, filled, blocks, block=block, rows=rows
        )
        new = slice(filled, filled + blocks * block)
        filled, products = new.stop, products + blocks * block
        small[new] = np.asarray(along, dtype=float)[new]
        small[:, new] = small[new].T
        if not np.all(np.isfinite(small)):
            raise ValueError(
                "the Hessian of loss is NaN or infinite at this point: move params to where the "
                "loss is smooth."
            )
        values, turn = np.linalg.eigh(small[:filled, :filled])
        order = most_extreme(values, len(values), which)
        values, turn = values[order], turn[:, order]
        scale = np.max(np.abs(values))
        errors = np.linalg.norm(turn[-block:, :k].T @ np.asarray(coupling, dtype=float), axis=1)
        allowed = np.maximum(tol * np.maximum(np.abs(values[:k]), scale / 100), 10 * loss.eps * scale)
        done = bool(np.all(errors <= allowed))
        near = np.maximum(10 * allowed, 1e-7 * scale)
        if done and products >= round_ends:
            if not _may_hide_copies(values[:k], near, block) or (
                before is not None and np.all(np.abs(values[:k] - before) <= near)
            ):
                break
            before, fresh = values[:k], True
            round_ends = products + max(products // 2, rows - k - block)
        elif products >= most:
            break
        else:
            fresh = False
        if filled + block > rows - block or fresh:
            kept = min(filled - block, k + max(block, (filled - k) // 3))
            kept = k if fresh else kept
            basis = _restart(basis, _padded(turn[:, :kept], rows + block), filled, kept, block=block)
            if fresh:
                basis = _fresh(basis, kept, products, block=block)
            small[:] = 0
            small[range(kept), range(kept)] = values[:kept]
            filled = kept
        goal = filled + (rows - filled) // block * block
    vectors = np.asarray(_turned(basis, _padded(turn[:, :k], rows + block)), dtype=float)
    vectors = vectors[:k].T
    return Pairs(values[:k], vectors / np.linalg.norm(vectors, axis=0), errors, done)


def _may_hide_copies(values, near, block) -> bool:
    """Whether some value was found as often as the block allows, and is not the last one."""
    if block == 1:
        return False
    twice = np.abs(np.diff(values)) <= near[1:]
    return bool(np.any(twice & (np.abs(values[:-1] - values[-1]) > near[1:])))


def _padded(turn, rows):
    return np.pad(turn.T, ((0, rows - turn.shape[1]), (0, rows - turn.shape[0])))


# --- on the device ----------------------------------------------------------------------------


@partial(jax.jit, static_argnames=("rows", "block"))
def _start(weights, rows, block):
    size = sum(leaf.size for leaf in weights)
    dtype = jnp.promote_types(jnp.result_type(*weights), jnp.float32)
    return _with_random_rows(jnp.zeros((rows + block, size), dtype), 0, block, 0)


def _with_random_rows(basis, place, block, seed):
    for k in range(block):
        row = _random_row(basis, seed + k)
        basis = jax.lax.dynamic_update_slice(basis, row[None], (place + k, 0))
    return basis


def _random_row(basis, seed):
    row = jax.random.normal(jax.random.fold_in(jax.random.key(0), seed), basis.shape[1:], basis.dtype)
    row = row / jnp.linalg.norm(row)
    for _ in range(3):  # orthogonal to all rows; those not yet filled are zero
        row = row - (basis @ row) @ basis
        row = row / jnp.linalg.norm(row)
    return row


@partial(jax.jit, static_argnames="block", donate_argnums=0)
def _fresh(basis, place, seed, block):
    return _with_random_rows(_cleared(basis, place), place, block, seed + 1_000_003)


def _cleared(basis, place):
    return jnp.where(jnp.arange(len(basis))[:, None] < place, basis, 0)


@jax.jit
def _turned(basis, turn):
    return jnp.asarray(turn, basis.dtype) @ basis


@partial(jax.jit, static_argnames="block", donate_argnums=0)
def _restart(basis, turn, filled, kept, block):
    """The kept Ritz vectors, then the block that continues the recurrence."""
    new = jax.lax.dynamic_slice(basis, (filled, 0), (block, basis.shape[1]))
    basis = _cleared(_turned(basis, turn), kept)
    return jax.lax.dynamic_update_slice(basis, new, (kept, 0))


@compiled
def _grow(loss, weights, basis, filled, blocks, block, rows):
    """Multiply block after block: basis, its products in the basis, and the last coupling."""
    flat, product = linearize(loss, weights)
    tiny = 4 * jnp.finfo(flat.dtype).eps

    def multiply(vectors):
        given = vectors.astype(flat.dtype)
        out = product(given[0])[None] if block == 1 else jax.vmap(product)(given)
        return out.astype(basis.dtype)

    def step(j, carry):
        basis, along, _, scale = carry
        place = filled + j * block
        new = multiply(jax.lax.dynamic_slice(basis, (place, 0), (block, basis.shape[1])))
        scale = jnp.maximum(scale, jnp.max(jnp.linalg.norm(new, axis=1)))
        shares = new @ basis.T
        new = new - shares @ basis
        again = new @ basis.T  # twice is enough
        new = new - again @ basis
        along = jax.lax.dynamic_update_slice(along, (shares + again)[:, :rows], (place, 0))
        basis, coupling = _append(basis, new, place + block, tiny * scale)
        return basis, along, coupling, scale

    along = jnp.zeros((rows, rows), basis.dtype)
    coupling, scale = jnp.zeros((block, block), basis.dtype), jnp.zeros((), basis.dtype)
    return jax.lax.fori_loop(0, blocks, step, (basis, along, coupling, scale))[:3]


def _append(basis, new, place, tiny):
    """Put the rows ``new`` in, orthonormal; where one vanishes, a random one goes on instead."""
    coupling = jnp.zeros((len(new), len(new)), basis.dtype)
    for k, row in enumerate(new):
        for _ in range(2):
            for j in range(k):
                earlier = basis[place + j]
                share = earlier @ row
                row, coupling = row - share * earlier, coupling.at[k, j].add(share)
        length = jnp.linalg.norm(row)
        lost = ~(length > tiny)
        row = jax.lax.cond(
            lost & jnp.isfinite(length),
            lambda row, basis: _random_row(basis, place + k),
            lambda row, basis: row / length,
            row,
            basis,
        )
        coupling = coupling.at[k, k].set(jnp.where(lost, 0, length))
        basis = jax.lax.dynamic_update_slice(basis, row[None], (place + k, 0))
    return basis, coupling
