"""A loss at many points near one: the one computation behind every profile, made fast.

``loss(center + c₁ d₁ + c₂ d₂ + …)`` for many rows of coefficients c, for any loss of any pytree,
on one CPU, one GPU, or whatever ``jax.devices()`` offers.  ``benchmarks/plane.py`` measures it.

On a CPU three things count.  One point at a time in a compiled loop: a batch of points leaves the
cache.  One Python thread per core, each with XLA's own threads switched off: the products of a
small network are too small to be split, so the *points* are.  And, for fully connected networks,
:func:`mlp_loss`.
"""

from collections.abc import Callable, Iterator
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from .bound import Frozen, bind, compiled
from .networks import activation_of
from .parallel import cores, in_threads
from .trees import check_like, is_float, is_traced, parts_of

PIECES = 40  # a call is split into about so many: enough to share out, to show progress, to stop
BLOCK = 256  # examples at a time on a CPU: a layer's activations then stay in the nearest cache


def losses_at(
    loss,
    center,
    directions,
    coefficients,
    *,
    devices=None,
    progress: Callable | None = None,
    dtype=None,
) -> np.ndarray:
    """loss(center + Σₖ cₖ dₖ) for every row c of ``coefficients`` (M, K): shape (M,).

    Parameters
    ----------
    directions : list of K pytrees like ``center``.
    devices : None for threads on this CPU (or the one default device), or a list such as
        ``jax.devices()``: JAX's own sharding spreads the points over them, and every process gets
        all the losses.
    progress : called with (points done, points in all) now and then; what it raises stops the work.
    dtype : of the parameters in the evaluation, by default their own.

    >>> directions = [jnp.array([1.0, 0.0]), jnp.array([0.0, 1.0])]
    >>> lu.losses_at(lambda p: p @ p, jnp.zeros(2), directions, [[3.0, 4.0], [0.0, 1.0]]).tolist()
    [25.0, 1.0]
    """
    here = not is_traced((center, directions, coefficients))
    bound = bind(loss, center, dtype, name="center") if here else None
    if bound is None or bound.form is None:  # inside the reader's own jit or vmap
        if isinstance(loss, _MLPLoss):
            return _map(loss.at, loss.prepare(center, directions), jnp.asarray(coefficients))
        prepared = (center,), [(direction,) for direction in directions]
        return _map(partial(_at_point, loss), prepared, jnp.asarray(coefficients))
    done, parts = 0, []
    pieces = loss_pieces(bound, center, directions, coefficients, devices=devices)
    for values in pieces:
        parts.append(values)
        done += len(values)
        if progress is not None:
            progress(done, len(coefficients))
    return np.concatenate(parts)


def loss_pieces(
    loss, center, directions, coefficients, *, devices=None, dtype=None
) -> Iterator[np.ndarray]:
    """What :func:`losses_at` gives, in pieces, in order: stop asking, and the work stops."""
    bound = bind(loss, center, dtype, name="center")
    with bound.scope():
        center = check_like(center, bound.params, "center") if bound is loss else bound.params
        directions = [check_like(d, center, f"d{k}") for k, d in enumerate(directions, 1)]
    coefficients = np.asarray(coefficients, dtype=float)
    if coefficients.ndim != 2 or coefficients.shape[1] != len(directions) or not coefficients.size:
        raise ValueError(
            f"coefficients must have shape (M, {len(directions)}), one column for each direction, "
            f"but has shape {coefficients.shape}."
        )
    if not np.all(np.isfinite(coefficients)):
        raise ValueError("coefficients holds NaN or infinity.")
    with bound.scope():
        loss = bound.source
        if isinstance(loss, _MLPLoss):
            first = Frozen(loss.prepare, center, directions, scope=bound.scope)
            prepared = first.run(center, directions)
            walk, at = _walk_fast, Frozen(loss.at, prepared, coefficients[0], scope=bound.scope)
        else:
            walk, at = _walk, bound
            prepared = parts_of(center), [parts_of(direction) for direction in directions]
        if devices is not None:
            yield _on_devices(walk, at, tuple(devices), prepared, coefficients)
            return
    # All pieces have one length, so that all run the same compiled loop; the last is filled up.
    length = -(-len(coefficients) // PIECES)
    pieces = [coefficients[i : i + length] for i in range(0, len(coefficients), length)]

    def run(piece):
        return np.asarray(walk(at, prepared, _filled(piece, length), devices=None))[: len(piece)]

    yield run(pieces[0])  # compiles, once, before the threads ask for the same
    yield from in_threads(run, pieces[1:], cores() if _on_cpu() else 1)


def _on_devices(walk, at, devices, prepared, coefficients):
    if not devices:
        raise ValueError("devices must list at least one device, for example jax.devices().")
    # numpy arrays, the same on every process, are what JAX spreads over a mesh of many processes.
    prepared, at = jax.tree.map(np.asarray, prepared), at.on_host()
    share = -(-len(coefficients) // len(devices))
    points = _filled(coefficients, share * len(devices))
    return np.asarray(walk(at, prepared, points, devices=devices))[: len(coefficients)]


def _filled(points, length):
    return np.resize(points, (length, points.shape[1]))


def _one_thread() -> dict:
    return {"compiler_options": {"xla_cpu_multi_thread_eigen": False}} if _on_cpu() else {}


@compiled(options=_one_thread)
def _walk(loss, prepared, points, devices):
    return _walk_fast.__wrapped__(partial(_at_point, loss), prepared, points, devices)


@compiled(options=_one_thread)
def _walk_fast(at, prepared, points, devices):
    if devices is None:
        return _map(at, prepared, points)
    mesh = Mesh(np.array(devices), ("points",))
    shared, everywhere = PartitionSpec("points"), PartitionSpec()
    spread = jax.shard_map(
        partial(_map, at),
        mesh=mesh,
        in_specs=(everywhere, shared),
        out_specs=shared,
        check_vma=False,  # a loss that was traced outside does not say which axes vary
    )
    values = spread(prepared, points)
    return jax.lax.with_sharding_constraint(values, NamedSharding(mesh, everywhere))


def _map(at, prepared, points):
    # A GPU, unlike a CPU, is only busy with many points at once.
    batch_size = None if _on_cpu() else 64
    return jax.lax.map(lambda c: at(prepared, c), points, batch_size=batch_size)


def _at_point(loss, prepared, c):
    center, directions = prepared
    return loss(*_point(center, directions, c))


def _point(center, directions, c):
    def add(leaf, *moves):
        if not is_float(leaf):
            return leaf
        for k, move in enumerate(moves):
            leaf = leaf + c[k].astype(leaf.dtype) * move
        return leaf

    return jax.tree.map(add, center, *directions)


# --- the fast path for fully connected networks -------------------------------------------------


def mlp_loss(x, y, activation="relu"):
    """The mean cross-entropy of an ``mlp`` on (x, y), as a loss that can be walked fast.

    Called, it is ``cross_entropy(net.apply(params, x), y)``.  Along center + α d1 + β d2 the first
    layer's pre-activations are themselves affine, Z₀ + α Z₁ + β Z₂, so its products are made three
    times in all and not once per point; examples are columns (W^T x^T), the layout CPUs like, and
    pass in blocks that stay in the cache.

    Parameters
    ----------
    x : (n, d).  y : integer labels (n,).  activation : a name of ``networks.ACTIVATIONS`` or a
        function; the last layer is linear.

    >>> loss = lu.mlp_loss(jnp.ones((3, 2)), jnp.array([0, 1, 1]))
    >>> at_zero = [{"W": jnp.zeros((2, 2)), "b": jnp.zeros(2)}]
    >>> round(float(loss(at_zero)), 3)  # ln 2: two classes, guessed
    0.693
    """
    x, y = jnp.asarray(x), jnp.asarray(y)
    if x.ndim != 2 or y.shape != x.shape[:1] or not jnp.issubdtype(y.dtype, jnp.integer):
        raise ValueError(
            f"y must be integer labels, one for each row of x, but x has shape {x.shape} and y "
            f"shape {y.shape} of {y.dtype}."
        )
    return _MLPLoss(x, y, activation_of(activation))


class _MLPLoss:
    def __init__(self, x, y, activation):
        self.columns, self.labels, self.activation = x.T, y, activation

    def __call__(self, params):
        first, *rest = map(_by_columns, params)
        return self._sum(first[0] @ self.columns + first[1], rest, self.labels) / len(self.labels)

    def prepare(self, center, directions):
        """The first layer's (blocks, units, block) for center and directions; all later layers."""
        size = len(self.labels)
        blocks = -(-size // BLOCK) if _on_cpu() else 1
        block = -(-size // blocks)
        fill = blocks * block - size
        columns = jnp.pad(self.columns, ((0, 0), (0, fill)))
        labels = jnp.pad(self.labels, (0, fill), constant_values=-1).reshape(-1, block)
        points = [[_by_columns(layer) for layer in point] for point in (center, *directions)]
        affine = [weights @ columns + bias for (weights, bias), *_ in points]
        affine = [jnp.moveaxis(z.reshape(len(z), -1, block), 1, 0) for z in affine]
        return affine, labels, [point[1:] for point in points]

    def at(self, prepared, c):
        affine, labels, (center, *moves) = prepared
        layers = _point(center, moves, c)

        def one(block):
            (start, *steps), labels = block
            return self._sum(_point(start, steps, c), layers, labels)

        return jnp.sum(jax.lax.map(one, (affine, labels))) / len(self.labels)

    def _sum(self, z, layers, labels):
        for weights, bias in layers:
            z = weights @ self.activation(z) + bias
        true = jnp.take_along_axis(z, jnp.maximum(labels, 0)[None], axis=0)[0]
        return jnp.sum(jnp.where(labels >= 0, jax.nn.logsumexp(z, axis=0) - true, 0))


def _by_columns(layer):
    weights = layer["W"].T
    return weights, layer["b"][:, None] if "b" in layer else jnp.zeros((), weights.dtype)


def _on_cpu() -> bool:
    return jax.default_backend() == "cpu"
