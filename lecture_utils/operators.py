"""Curvature as linear operators over data in minibatches: Hessian, Gauss-Newton, Fisher.

A matrix (N, N) that is never built, known by its products with vectors: ``operator @ vector``.  One
product goes once over all batches and keeps one of them in memory; the mean over examples is exact
also where the last batch is shorter.  From products alone come the trace, the Frobenius norm, the
diagonal, the density of eigenvalues and the extreme eigenpairs, each with its standard error where
it is an estimate.

Three matrices for three questions: the *Hessian* is the curvature of the loss; *Gauss-Newton*
leaves out the curvature of the model, JᵀBJ with B the curvature of the loss as a function of the
model's outputs, and is never negative when that loss is convex; the *Fisher* matrix is the mean of
ggᵀ over labels that the *model* draws, equal to Gauss-Newton for cross-entropy and for half the
squared error.  The *empirical* Fisher matrix takes the labels of the data instead and is in general
no curvature.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree

from .batches import EMPTY, Batches, Nothing, Pairs, length_of, shape_of
from .bound import Frozen, called, compiled, point_of, precision_of, value_of
from .derivatives import each_row
from .lanczos import most_extreme, rows_for, search, stepwise
from .spectra import Eigh, check_smoothing, crowded, eigh, fix_signs, quadrature, smoothed
from .trees import (
    check_count,
    check_finite,
    check_key,
    check_like,
    is_float,
    is_traced,
    join,
    moving,
    weights_of,
)

TOGETHER = 16  # vectors in one go: more leave the cache on a CPU


class Estimate(NamedTuple):
    """A ``value`` and its standard ``error`` from the spread over probes; 0 where it is exact.

    The error is itself an estimate, from some twenty probes: where a few directions dominate what
    is left, three errors are not rare.
    """

    value: float | np.ndarray
    error: float | np.ndarray


class DensityEstimate(NamedTuple):
    """A spectral ``density`` on a ``grid`` (num_points,), with its standard ``error`` there."""

    grid: np.ndarray
    density: np.ndarray
    error: np.ndarray


class LinearOperator:
    """A symmetric matrix (N, N) known by its products, as `hessian_operator` and others make it.

    ``operator @ x`` takes a vector (N,), a matrix (N, k) or a pytree like the parameters, and gives
    the same kind; the flat order is that of ``jax.flatten_util.ravel_pytree``.  ``shape`` is (N, N)
    and ``dtype`` that of the products.  A ``scipy.sparse.linalg`` solver takes
    ``aslinearoperator(operator)``.

    >>> H = lu.hessian_operator(lambda p: p[0] ** 2 + p[0] * p[1], jnp.ones(2))
    >>> H.shape, (H @ jnp.array([1.0, 0.0])).tolist()
    ((2, 2), [2.0, 1.0])
    """

    __array_ufunc__ = None  # so that an array on the left leaves the product to us

    def __init__(self, products: Callable, point, name: str, eps: float):
        """``products`` takes rows (k, N) to rows (k, N); ``point`` is where it was bound."""
        self._products, self._point, self._eps = products, point, eps
        self.name, self.dtype, self.shape = name, point.working, (point.size, point.size)

    def __repr__(self):
        return f"LinearOperator({self.shape[0]}, {self.shape[1]}): {self.name} in {self.dtype}"

    @property
    def T(self) -> "LinearOperator":
        """Itself, for it is symmetric."""
        return self

    def __matmul__(self, x):
        with self._point.scope():
            if getattr(x, "ndim", None) in (1, 2) and x.shape[0] == self.shape[0]:
                x = jnp.asarray(x, self.dtype)
                if not is_traced(x):
                    check_finite(x, "the vector beside the operator")
                return self.rows(x[None])[0] if x.ndim == 1 else self.rows(x.T).T
            params = self._point.params
            flat, unravel = ravel_pytree(weights_of(check_like(x, params, "vector")))
            image = self.rows(flat[None].astype(self.dtype))[0]
            return moving(unravel(image.astype(flat.dtype)), params)

    def __rmatmul__(self, x):
        x = jnp.asarray(x)
        return self @ x if x.ndim == 1 else (self @ x.T).T

    def matvec(self, vector) -> np.ndarray:
        """The product with a vector (N,), as scipy calls it."""
        return np.asarray(self @ jnp.ravel(jnp.asarray(vector)))

    def rows(self, vectors):
        """The products with the rows of ``vectors`` (k, N), one pass over the data: (k, N)."""
        with self._point.scope():
            return self._products(jnp.asarray(vectors, self.dtype))

    def dense(self) -> np.ndarray:
        """The matrix itself, (N, N), by N products; memory for it is needed.

        >>> lu.hessian_operator(lambda p: p[0] ** 2 + p[0] * p[1], jnp.ones(2)).dense().tolist()
        [[2.0, 1.0], [1.0, 0.0]]
        """
        size = self.shape[0]
        step = min(size, 8 * TOGETHER)
        parts = []
        for begin in range(0, size, step):
            basis = np.zeros((step, size))
            few = min(step, size - begin)
            basis[range(few), range(begin, begin + few)] = 1
            parts.append(np.asarray(self.rows(basis))[:few])
        return np.concatenate(parts)

    def trace(self, key, num_products: int = 60, method: str = "hutch++") -> Estimate:
        """The trace, the sum of all eigenvalues, with its standard error.

        Parameters
        ----------
        key : of the random signs v; exact instead, and without chance, where N ≤ num_products.
        num_products : matrix-vector products in all.
        method : "hutchinson", the mean of vᵀAv, error ~ ‖A‖_F √(2/num_products); or "hutch++"
            (Meyer, Musco, Musco & Woodruff 2021), which first takes out the dominant directions and
            is far better where few eigenvalues stand out.

        >>> H = lu.hessian_operator(lambda p: jnp.sum(jnp.arange(100) * p**2) / 2, jnp.ones(100))
        >>> H.trace(jax.random.key(0), method="hutchinson")  # exact for a diagonal matrix
        Estimate(value=4950.0, error=0.0)
        """
        seen = self._probed(key, num_products, method)
        return _summed(np.sum(seen.q * seen.image), np.sum(seen.rest * seen.turned, axis=1))

    def frobenius_norm(self, key, num_products: int = 60, method: str = "hutch++") -> Estimate:
        """The Frobenius norm, √(Σλ²), with its standard error; arguments as in `trace`.

        >>> H = lu.hessian_operator(lambda p: 3 * p[0] ** 2 + 4 * p[1] ** 2, jnp.ones(2))
        >>> norm = H.frobenius_norm(jax.random.key(0))
        >>> norm.value, norm.error
        (10.0, 0.0)
        """
        seen = self._probed(key, num_products, method)
        square, error = _summed(np.sum(seen.image**2), np.sum(seen.turned**2, axis=1))
        norm = float(np.sqrt(square))
        return Estimate(norm, error / (2 * norm) if norm > 0 else 0.0)

    def diagonal(self, key, num_products: int = 60, method: str = "hutch++") -> Estimate:
        """The diagonal (N,), with its standard errors (N,); arguments as in `trace`.

        >>> H = lu.hessian_operator(lambda p: 3 * p[0] ** 2 + p[0] * p[1], jnp.ones(2))
        >>> H.diagonal(jax.random.key(0)).value.tolist()
        [6.0, 0.0]
        """
        seen = self._probed(key, num_products, method)
        return _summed(np.sum(seen.q * seen.image, axis=0), seen.signs * seen.turned)

    def _probed(self, key, num_products, method) -> "_Probes":
        size = self.shape[0]
        check_count(num_products, "num_products", 6)
        if method not in ("hutch++", "hutchinson"):
            raise ValueError(f'method must be "hutch++" or "hutchinson", but is {method!r}.')
        check_key(key)
        none = np.zeros((0, size))
        if size <= num_products:
            return _Probes(np.eye(size), self.dense().astype(float), none, none, none)
        few = num_products // 3 if method == "hutch++" else 0
        first, second = jax.random.split(key)
        with self._point.scope():
            q = image = jnp.zeros((0, size), self.dtype)
            if few:
                sketch = self.rows(jax.random.rademacher(first, (few, size), self.dtype))
                q = jnp.linalg.qr(sketch.T)[0].T
                image = self.rows(q)
            shape = num_products - 2 * few, size
            signs = jax.random.rademacher(second, shape, self.dtype)
            rest = signs - (signs @ q.T) @ q
            found = q, image, signs, rest, self.rows(rest)
            return _Probes(*(np.asarray(part, dtype=float) for part in found))

    def density(
        self,
        key,
        *,
        num_probes: int = 8,
        num_steps: int = 80,
        num_points: int = 512,
        width: float | None = None,
        grid=None,
    ) -> DensityEstimate:
        """The density of all N eigenvalues by stochastic Lanczos quadrature.

        Arguments as in `spectral_density`; all probes take a step in one pass over the data.

        >>> H = lu.hessian_operator(lambda p: jnp.sum(jnp.arange(100) * p**2) / 2, jnp.ones(100))
        >>> found = H.density(jax.random.key(0), num_steps=20)
        >>> round(float(jnp.trapezoid(found.density, found.grid)), 3)  # a share: its integral is 1
        1.0
        """
        check_key(key)
        check_count(num_probes, "num_probes")
        check_smoothing(num_points, width, grid)
        steps = min(check_count(num_steps, "num_steps"), self.shape[0])
        with self._point.scope():
            start = jax.random.rademacher(key, (num_probes, self.shape[0]), self.dtype)
            diagonals, lengths = _tridiagonals(self.rows, start, steps)
        check_finite(diagonals[:, 0], f"a product of {self.name}")
        found = [quadrature(*pair) for pair in zip(diagonals, lengths, strict=True)]
        grid, densities = smoothed(found, num_steps, num_points, width, grid)
        spread = np.std(densities, axis=0, ddof=1) if num_probes > 1 else np.nan + 0 * grid
        return DensityEstimate(grid, np.mean(densities, axis=0), spread / np.sqrt(num_probes))

    def eigenpairs(self, k: int, which: str = "largest", *, tol: float = 1e-6) -> Eigh:
        """The k extreme eigenvalues (k,), the most extreme first, and unit eigenvectors (N, k).

        ``which`` is "largest", "smallest" or "magnitude".  Lanczos with restarts as in
        `top_eigenpairs`, in the operator's dtype: ‖Av - λv‖ ≤ tol·max(|λ|, ‖A‖/100), or rounding.

        >>> H = lu.hessian_operator(lambda p: jnp.sum(jnp.arange(100) * p**2) / 2, jnp.ones(100))
        >>> H.eigenpairs(2).eigenvalues.round(3).tolist()
        [99.0, 98.0]
        """
        kinds = ("magnitude", "largest", "smallest")
        if which not in kinds:
            raise ValueError(f"which must be one of {', '.join(kinds)}, but is {which!r}.")
        if not tol > 0:
            raise ValueError(f"tol must be positive, but is {tol}: try 1e-6.")
        size = self.shape[0]
        check_count(k, "k", 1, size)
        if size <= 2 * rows_for(k):  # Lanczos needs room; so few are cheap exactly
            values, vectors = eigh(self.dense(), self._eps)
            order = most_extreme(values, k, which)
            return Eigh(values[order].astype(float), vectors[:, order].astype(float))
        with self._point.scope():
            grow = partial(stepwise, self.rows, self._eps)
            found = search(grow, size, self.dtype, self._eps, k, which, tol)
        if not found.converged:
            raise ValueError(crowded(found, which, tol))
        return Eigh(found.values, fix_signs(found.vectors))


class _Probes(NamedTuple):
    """Rows: orthonormal ``q``, ``image`` A q; ``signs``, ``rest`` of them beside q, A of that."""

    q: np.ndarray
    image: np.ndarray
    signs: np.ndarray
    rest: np.ndarray
    turned: np.ndarray


def _summed(exact, samples) -> Estimate:
    """What is known, and the mean over the samples of the rest."""
    if len(samples) == 0:
        value, error = exact, 0.0 * exact
    else:
        value = exact + np.mean(samples, axis=0)
        error = np.std(samples, axis=0, ddof=1) / np.sqrt(len(samples))
    return Estimate(value, error) if np.ndim(value) else Estimate(float(value), float(error))


def _tridiagonals(products, start, num_steps):
    """Lanczos from the rows of ``start``: diagonals and off-diagonals (probes, num_steps)."""
    # Lost orthogonality repeats nodes but keeps the sum of their weights: no need to pay for it.
    v = start / jnp.linalg.norm(start, axis=1, keepdims=True)
    before, length, found = jnp.zeros_like(v), jnp.zeros(len(v), v.dtype), []
    for _ in range(num_steps):
        along, after, length = _recurrence(v, before, length, products(v))
        found.append((np.asarray(along, dtype=float), np.asarray(length, dtype=float)))
        before, v = v, after
    diagonals, lengths = np.moveaxis(np.array(found), 0, -1)
    return diagonals, lengths[:, :-1]


@jax.jit
def _recurrence(v, before, length, image):
    along = jnp.sum(v * image, axis=1)
    rest = image - along[:, None] * v - length[:, None] * before
    length = jnp.linalg.norm(rest, axis=1)
    return along, rest / length[:, None], length


# --- the three matrices -----------------------------------------------------------------------


def hessian_operator(loss, params, batches=None, *, reduction="mean", dtype=None):
    """The Hessian of a loss over minibatches as a `LinearOperator`.

    Parameters
    ----------
    loss : (params, batch) -> scalar, the mean over the examples of a batch; or params -> scalar
        where there are no batches.
    params : pytree of floating arrays, N numbers in all.
    batches : an iterable of batches that can be gone through again and again, such as a list or a
        data loader, with the same data each time; a batch is any pytree of arrays with the examples
        on the first axis of its first one.
    reduction : "mean" for the mean over all examples, each batch counting by its length; "sum"
        where the loss sums over its batch, for the sum over all.
    dtype : of the parameters in the evaluation, by default their own.

    The loss is looked at once, here, and compiled once for each shape of a batch.

    >>> x, y = jnp.arange(5.0)[:, None], jnp.ones(5)
    >>> loss = lambda p, batch: jnp.mean((batch[0] @ p - batch[1]) ** 2) / 2
    >>> H = lu.hessian_operator(loss, jnp.ones(1), [(x[:3], y[:3]), (x[3:], y[3:])])
    >>> (H @ jnp.ones(1)).tolist()  # the mean of x², as if there were one batch
    [6.0]
    """
    point = point_of(params, dtype)

    def call(weights, args, held):
        return value_of(loss, join(weights, point.params, held), *args)

    given = Nothing() if batches is None else Batches(batches)
    return _operator("the Hessian", point, given, reduction, call, _hessian_rows, length_of)


def gauss_newton_operator(model, loss, params, batches, *, reduction="mean", dtype=None):
    """The generalized Gauss-Newton matrix over minibatches as a `LinearOperator`.

    JᵀBJ, with J the derivative of the model's outputs and B the Hessian of the loss as a function
    of those outputs: what is left of the Hessian when the model is replaced by its linearization.

    Parameters
    ----------
    model : (params, x) -> outputs, with the examples on the first axis.
    loss : (outputs, y) -> scalar, the mean over the examples of a batch.
    batches : an iterable of pairs (x, y), as in `hessian_operator`, as are the other arguments.

    >>> x, y = jnp.arange(1.0, 4.0), jnp.ones(3)
    >>> model = lambda p, x: (p[0] * p[1] * x)[:, None]
    >>> loss = lambda z, y: jnp.mean((z[:, 0] - y) ** 2) / 2
    >>> G = lu.gauss_newton_operator(model, loss, jnp.array([1.0, 2.0]), [(x, y)])
    >>> (G.dense() / jnp.mean(x**2)).round(3).tolist()  # JᵀJ with J = (p₁, p₀) x
    [[4.0, 2.0], [2.0, 1.0]]
    """
    point = point_of(params, dtype)

    def outputs(weights, args, held):
        return called(model, join(weights, point.params, held), args[0], name="model")

    def both(weights, args, shift, held):
        out = outputs(weights, args, held)
        shifted = jax.tree.map(jnp.add, out, shift)
        return value_of(loss, shifted, args[1], where="the model's outputs"), out

    def shape(args):
        return jax.eval_shape(outputs, point.weights, args, point.held)

    return _operator(
        "the Gauss-Newton matrix",
        point,
        Pairs(batches),
        reduction,
        both,
        _gauss_newton_rows,
        lambda args: _examples(shape(args)),
        lambda args, k: jax.tree.map(lambda leaf: jnp.zeros(leaf.shape, leaf.dtype), shape(args)),
    )


def fisher_operator(
    model,
    params,
    batches,
    likelihood="categorical",
    *,
    kind: str = "exact",
    key=None,
    num_samples: int = 1,
    reduction="mean",
    dtype=None,
):
    """The Fisher information matrix over minibatches as a `LinearOperator`.

    The mean over examples, and over labels y that the model itself draws, of ggᵀ with
    g = ∇ log p(y | x).

    Parameters
    ----------
    model : (params, x) -> outputs, one row for each example.
    batches : an iterable of pairs (x, y), as in `hessian_operator`; y is read by "empirical" only.
    likelihood : "categorical", outputs (n, classes) as logits of a softmax; "gaussian", outputs as
        means of unit variance, -log p = ½‖outputs - y‖²; or a pair of functions of one example,
        ``(nll, sample)`` with ``nll(outputs, y) -> scalar`` and ``sample(key, outputs) -> y``.
    kind : "exact", for the two named likelihoods, where the mean over labels has a closed form;
        "monte_carlo", with ``num_samples`` labels drawn for each example from ``key``, the same in
        every product; "empirical", with the labels of the data: another matrix, which is no
        estimate of the first.
    reduction : "mean" over all examples, or their "sum".

    >>> x, y = jnp.ones((4, 1)), jnp.zeros(4, int)
    >>> model = lambda p, x: x @ p  # at p = 0 both classes have probability ½
    >>> lu.fisher_operator(model, jnp.zeros((1, 2)), [(x, y)]).dense().tolist()
    [[0.25, -0.25], [-0.25, 0.25]]
    """
    point = point_of(params, dtype)
    nll, sample, rows = _likelihood(likelihood, kind)
    if kind == "monte_carlo":
        check_count(num_samples, "num_samples")
        if key is None:
            raise ValueError('key must be a random key where kind is "monte_carlo".')
        check_key(key)

    def both(weights, args, key, held):
        """The outputs, and the slopes of -log p in them for each label: (n, labels, …)."""
        out = called(model, join(weights, point.params, held), args[0], name="model")
        shape = np.shape(out)
        if likelihood == "categorical" and len(shape) != 2:
            raise ValueError(
                f"model must return logits of shape (n, classes), but returns shape {shape}: "
                "reshape them so that every row is one distribution."
            )
        if kind == "exact":
            return out, ()
        fixed, slope = jax.lax.stop_gradient(out), jax.grad(nll)
        if kind == "empirical":
            labels = args[1]
            if np.shape(labels)[:1] != shape[:1]:
                raise ValueError(
                    f"batches must hold a label for each of {shape[0]} outputs, but y has shape "
                    f"{np.shape(labels)}."
                )
            return out, jax.vmap(slope)(fixed, labels)[:, None]

        def of_one(key, z):
            keys = jax.random.split(key, num_samples)
            return jax.vmap(lambda key: slope(z, sample(key, z)))(keys)

        return out, jax.vmap(of_one)(jax.random.split(key, len(out)), fixed)

    def drawn(args, k):
        return jax.random.key(0) if key is None else jax.random.fold_in(key, k)

    def examples(args):
        return _examples(jax.eval_shape(both, point.weights, args, drawn(args, 0), point.held)[0])

    named = {"exact": "", "monte_carlo": "Monte Carlo ", "empirical": "empirical "}[kind]
    return _operator(
        f"the {named}Fisher matrix",
        point,
        Pairs(batches),
        reduction,
        both,
        rows,
        examples,
        drawn,
        averages=True,
    )


def _likelihood(likelihood, kind):
    """(nll, sample) of one example, and what multiplies rows."""
    kinds = ("exact", "monte_carlo", "empirical")
    if kind not in kinds:
        raise ValueError(f"kind must be one of {', '.join(kinds)}, but is {kind!r}.")
    if isinstance(likelihood, str) and likelihood in _NAMED:
        return *_NAMED[likelihood], _EXACT[likelihood] if kind == "exact" else _sampled_rows
    if isinstance(likelihood, tuple) and len(likelihood) == 2 and all(map(callable, likelihood)):
        if kind == "exact":
            raise ValueError(
                'kind must be "monte_carlo" or "empirical" with a pair of functions, for only '
                "named likelihoods have a closed form."
            )
        return *likelihood, _sampled_rows
    raise ValueError(
        f'likelihood must be "categorical", "gaussian" or a pair of functions (nll, sample), but '
        f"is {likelihood!r}."
    )


_NAMED = {
    "categorical": (
        lambda z, y: jax.nn.logsumexp(z) - z[y],
        lambda key, z: jax.random.categorical(key, z),
    ),
    "gaussian": (
        lambda z, y: jnp.sum((z - y) ** 2) / 2,
        lambda key, z: z + jax.random.normal(key, jnp.shape(z), z.dtype),
    ),
}


# --- one pass over the data -------------------------------------------------------------------


def _examples(outputs) -> int:
    """How many examples the outputs of a model belong to."""
    shapes = [np.shape(leaf) for leaf in jax.tree.leaves(outputs)]
    if not shapes or not shapes[0] or not all(is_float(leaf) for leaf in jax.tree.leaves(outputs)):
        raise ValueError(
            "model must return floating-point outputs with the examples on the first axis, but "
            f"returns {f'shape {shapes[0]}' if shapes else 'nothing'}."
        )
    return shapes[0][0]


def _operator(
    name, point, batches, reduction, function, rows, count, extra=None, averages=False
) -> LinearOperator:
    """The operator whose product with some rows is the mean or sum of ``rows`` over the batches.

    ``function(weights, args, *extra, held)`` is the reader's code, frozen once for each shape of a
    batch; ``extra(args, k)`` is what else it gets for batch k, ``count(args)`` its examples.
    ``averages`` says that ``rows`` gives a mean over a batch in any case.
    """
    if reduction not in ("mean", "sum"):
        raise ValueError(f'reduction must be "mean" or "sum", but is {reduction!r}.')
    counts = reduction == "mean" or averages
    known, rounding = {}, [float(jnp.finfo(point.dtype).eps)]

    def frozen(args, more):
        key = shape_of(args)
        if key not in known:
            inputs = point.weights, args, *more

            def call(*given):  # inside the reader's own jit, nobody adds what is held
                return function(*given, *([] if len(given) > len(inputs) else [point.held]))

            examples = count(args) if counts else 1
            new = Frozen(call, *inputs, defaults=[point.held], scope=point.scope)
            known[key] = new, examples
            rounding[0] = max(rounding[0], float(jnp.finfo(precision_of(new, point.weights)).eps))
        return known[key]

    def products(vectors):
        total, seen = jnp.zeros_like(vectors), 0
        for k, args in enumerate(batches):
            more = () if extra is None else (extra(args, k),)
            program, examples = frozen(args, more)
            if examples:
                part = rows(program, point.weights, args, *more, vectors)
                before, total = total, _added(total, part, examples)
                seen += examples
                if not is_traced(before):  # or batches would queue up in memory
                    jax.block_until_ready(before)
        if not seen:
            raise ValueError(EMPTY)
        return total / seen if reduction == "mean" else total

    if not is_traced(point.weights):
        _check_passes(products, point, name, isinstance(batches, Nothing))
    return LinearOperator(products, point, name, rounding[0])


@jax.jit
def _added(total, part, weight):
    return total + jnp.asarray(weight, total.dtype) * part


def _check_passes(products, point, name, once):
    """A product is finite, and the same when the data are gone through again."""
    probe = np.random.default_rng(0).standard_normal((1, point.size)) / np.sqrt(point.size)
    with point.scope():
        probe = jnp.asarray(probe, point.working)
        first = check_finite(np.asarray(products(probe), dtype=float), f"a product of {name}")
        if once:
            return
        again = np.asarray(products(probe), dtype=float)
    change, length = np.linalg.norm(again - first), np.linalg.norm(first)
    if not change <= float(jnp.finfo(point.dtype).eps) ** 0.5 * length:
        raise ValueError(
            f"batches must hold the same data at every pass, but {name} changed by "
            f"{change / max(length, 1e-300):.2g} of itself: turn off augmentation, dropout and the "
            "dropping of a random rest."
        )


# --- compiled ---------------------------------------------------------------------------------


@compiled
def _hessian_rows(loss, weights, args, rows):
    flat, unravel = ravel_pytree(weights)
    _, product = jax.linearize(jax.grad(lambda vector: loss(unravel(vector), args)), flat)
    return _each_row(product, flat.dtype, rows)


@compiled
def _gauss_newton_rows(both, weights, args, shift, rows):
    flat, unravel = ravel_pytree(weights)
    _, along = jax.linearize(lambda vector: both(unravel(vector), args, shift)[1], flat)
    _, curved = jax.linearize(jax.grad(lambda shift: both(weights, args, shift)[0]), shift)
    back = jax.linear_transpose(along, flat)
    return _each_row(lambda row: back(curved(along(row)))[0], flat.dtype, rows)


def _fisher_rows(middle):
    """Jᵀ M J with M the Fisher matrix of the outputs, the function ``middle(outputs, slopes)``."""

    @compiled
    def fisher_rows(both, weights, args, key, rows):
        flat, unravel = ravel_pytree(weights)
        outputs, along, slopes = jax.linearize(
            lambda vector: both(unravel(vector), args, key), flat, has_aux=True
        )
        multiply = middle(outputs, slopes)
        back = jax.linear_transpose(along, flat)

        def product(row):
            return back(multiply(along(row)) / len(outputs))[0]

        return _each_row(product, flat.dtype, rows)

    return fisher_rows


def _categorical(outputs, slopes):
    shares = jax.nn.softmax(outputs, axis=-1)
    return lambda image: shares * (image - jnp.sum(shares * image, axis=-1, keepdims=True))


def _sampled(outputs, slopes):
    # Not by products and sums: XLA's CPU compiler of JAX 0.10 fuses a matrix product into such a
    # sum over a thousand terms and more, and gets it wrong.
    count, num_labels = slopes.shape[:2]
    flat = slopes.reshape(count, num_labels, -1)
    if flat.shape[2] <= num_labels:  # few outputs: their own small matrices, once
        small = jnp.einsum("nmf,nmg->nfg", flat, flat) / num_labels

        def multiply(image):
            return jnp.einsum("nfg,ng->nf", small, image.reshape(count, -1)).reshape(image.shape)

    else:

        def multiply(image):
            along = jnp.einsum("nmf,nf->nm", flat, image.reshape(count, -1))
            return (jnp.einsum("nmf,nm->nf", flat, along) / num_labels).reshape(image.shape)

    return multiply


_sampled_rows = _fisher_rows(_sampled)
_EXACT = {
    "categorical": _fisher_rows(_categorical),
    "gaussian": _fisher_rows(lambda outputs, slopes: lambda image: image),
}


def _each_row(product, dtype, rows):
    def one(row):
        return product(row.astype(dtype)).astype(rows.dtype)

    if len(rows) == 1:
        return one(rows[0])[None]
    return each_row(one, rows, TOGETHER)
