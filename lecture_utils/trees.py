"""Parameter pytrees: one place that looks at them, flattens them and refuses bad ones.

Everything in the course takes *any* loss of *any* pytree of floating arrays.  The flat order is
always that of ``jax.flatten_util.ravel_pytree``, so row i of a Hessian is entry i of ``ravel``.

What a library keeps beside the weights is *held*: fixed, and never counted among them.  That are,
in Flax, all collections but "params" (running means, caches, keys) and all variables but Param.
"""

import operator
from collections.abc import Mapping

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree


def is_traced(tree) -> bool:
    """True inside ``jit``, ``vmap`` or ``grad``, where values cannot be looked at."""
    return any(isinstance(leaf, jax.core.Tracer) for leaf in jax.tree.leaves(tree))


def check_params(params, name: str = "params"):
    """Return ``params`` with every leaf a JAX array, or say in one sentence what is wrong with it.

    Raises
    ------
    ValueError
        For an empty pytree, a leaf that is not a floating-point array, or a NaN or infinity.
    """
    leaves = [
        pair
        for pair, weight in zip(
            jax.tree_util.tree_leaves_with_path(params), are_weights(params), strict=True
        )
        if weight
    ]
    if sum(np.size(leaf) for _, leaf in leaves) == 0:
        raise ValueError(
            f"{name} is an empty pytree: pass at least one array of floating-point parameters."
        )
    for path, leaf in leaves:
        place = f"{name}{jax.tree_util.keystr(path)}"
        if callable(leaf):
            raise ValueError(
                f"{place} is a function: pass the arrays alone, in Equinox "
                "eqx.partition(model, eqx.is_inexact_array)[0]."
            )
        dtype = leaf.dtype if hasattr(leaf, "dtype") else np.asarray(leaf).dtype
        if not jnp.issubdtype(dtype, jnp.floating):
            raise ValueError(
                f"{place} has dtype {dtype}, but derivatives need floating-point parameters: "
                "convert it with jnp.asarray(value, dtype=float), or leave it out if it is no "
                "weight."
            )
        if not is_traced(leaf) and not np.all(np.isfinite(np.asarray(leaf))):
            raise ValueError(
                f"{place} holds NaN or infinity: derivatives only exist at finite parameters."
            )
    return jax.tree.map(_as_array, params)


def _as_array(leaf):
    # Naming the dtype makes a Python float as strong as an array: one compilation serves both.
    return jnp.asarray(leaf, dtype=jnp.result_type(leaf)) if is_float(leaf) else leaf


def is_float(leaf) -> bool:
    """Whether a leaf holds floating-point numbers."""
    dtype = leaf.dtype if hasattr(leaf, "dtype") else np.asarray(leaf).dtype
    return jnp.issubdtype(dtype, jnp.floating)


# --- weights and what is held beside them -----------------------------------------------------


def are_weights(params) -> list[bool]:
    """For each leaf whether it is a weight, or held."""
    if isinstance(params, Mapping) and "params" in params and len(params) > 1:
        order = jax.tree_util.tree_leaves_with_path(params)
        return [path[0].key == "params" for path, _ in order]
    marks = []
    for part in jax.tree.leaves(params, is_leaf=_is_state):
        marks += [not _is_state(part)] * len(jax.tree.leaves(part))
    return marks


def _is_state(part) -> bool:
    """Whether this is a variable of Flax nnx that is no weight, such as a running mean."""
    if not type(part).__module__.startswith("flax"):
        return False
    kinds = {kind.__name__ for kind in type(part).__mro__}
    return "Variable" in kinds and "Param" not in kinds


def weights_of(params) -> list:
    """The weights alone, a list of leaves."""
    return parts_of(params)[0]


def parts_of(params) -> tuple[list, list]:
    """The weights, and what is held beside them as far as it is floating: two lists of leaves."""
    weights, held = [], []
    for leaf, weight in zip(jax.tree.leaves(params), are_weights(params), strict=True):
        if weight:
            weights.append(leaf)
        elif is_float(leaf):
            held.append(leaf)
    return weights, held


def join(weights, params, held=None):
    """A pytree like ``params`` again: these ``weights``, and ``held`` or what it holds."""
    leaves, structure = jax.tree.flatten(params)
    weights = iter(weights)
    held = iter(parts_of(params)[1] if held is None else held)
    return jax.tree.unflatten(
        structure,
        [
            next(weights) if weight else next(held) if is_float(leaf) else leaf
            for leaf, weight in zip(leaves, are_weights(params), strict=True)
        ],
    )


def moving(weights, params):
    """A direction like ``params`` that moves the ``weights`` only: zero in what is held."""
    return join(weights, params, [jnp.zeros_like(leaf) for leaf in parts_of(params)[1]])


def direction_of(vector, params):
    """A flat vector (N,), such as an eigenvector, as a pytree like ``params``, in their dtype.

    N counts the weights, in the order of `ravel_pytree`: what is held beside them (statistics,
    counters, keys) gets a direction of zero.

    >>> lu.direction_of([1.0, 2.0, 3.0], {"W": jnp.zeros(2), "b": jnp.zeros(1)})["W"].tolist()
    [1.0, 2.0]
    """
    params = check_params(params)
    flat, unravel = ravel_pytree(weights_of(params))
    if np.shape(vector) != flat.shape:
        raise ValueError(
            f"vector must have one number for each weight of params, shape {flat.shape}, but has "
            f"shape {np.shape(vector)}: of a matrix of eigenvectors take one column."
        )
    return moving(unravel(jnp.asarray(vector, flat.dtype)), params)


def names_of_held(params) -> dict[str, int]:
    """What is held: its name and how many numbers it has."""
    found = {}
    for (path, leaf), weight in zip(
        jax.tree_util.tree_leaves_with_path(params), are_weights(params), strict=True
    ):
        if not weight:
            name = jax.tree_util.keystr(path[:1], simple=True, separator="/")
            found[name] = found.get(name, 0) + np.size(leaf)
    return found


def check_count(value, name: str, least: int = 1, most: int | None = None) -> int:
    """Return a whole number from ``least`` to ``most`` as an int, or raise a ValueError."""
    try:
        count = operator.index(value)
    except TypeError:
        count = None
    if count is None or count < least or (most is not None and count > most):
        limits = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} must be a whole number {limits}, but is {value!r}.")
    return count


def check_key(key):
    """Return ``key`` if it is one random key of JAX's, or raise a ValueError."""
    dtype, shape = getattr(key, "dtype", None), getattr(key, "shape", None)
    new = dtype is not None and jnp.issubdtype(dtype, jax.dtypes.prng_key) and shape == ()
    if not new and not (dtype == np.uint32 and shape == (2,)):  # the old form of a key
        raise ValueError("key must be one random key, such as jax.random.key(0).")
    return key


def check_finite(value, what: str):
    """Return ``value`` unless it is known and not finite."""
    if not is_traced(value) and not all(
        np.all(np.isfinite(np.asarray(leaf))) for leaf in jax.tree.leaves(value)
    ):
        raise ValueError(
            f"{what} is NaN or infinite at this point: move params to where the loss is smooth."
        )
    return value


def check_like(vector, params, name: str = "vector"):
    """Return ``vector`` as finite arrays with the structure, shapes and dtypes of ``params``."""
    ours, theirs = jax.tree.structure(vector), jax.tree.structure(params)
    if ours != theirs:
        raise ValueError(
            f"{name} must have the same structure as params, but has {shorten(str(ours), 60)} "
            f"instead of {shorten(str(theirs), 60)}."
        )
    leaves = jax.tree.leaves(vector)
    for (path, wanted), leaf in zip(
        jax.tree_util.tree_leaves_with_path(params), leaves, strict=True
    ):
        place = f"{name}{jax.tree_util.keystr(path)}"
        if not is_float(wanted):
            continue
        if np.shape(leaf) != np.shape(wanted):
            raise ValueError(
                f"{place} must have the shape of params there, {np.shape(wanted)}, but has "
                f"{np.shape(leaf)}."
            )
        if not is_traced(leaf) and not np.all(np.isfinite(np.asarray(leaf, dtype=float))):
            raise ValueError(f"{place} holds NaN or infinity.")
    # A float64 direction must not promote float32 parameters, nor an integer one stop jvp.
    return jax.tree.map(
        lambda v, p: jnp.asarray(v, dtype=jnp.asarray(p).dtype) if is_float(p) else p,
        vector,
        params,
    )


def shorten(text: str, length: int) -> str:
    """The beginning of a text: a network's structure would fill a screen."""
    return text if len(text) <= length else text[: length - 1] + "…"


def ravel(params):
    """Flatten the weights to (vector of shape (N,), function that undoes it)."""
    params = check_params(params)
    flat, unravel = ravel_pytree(weights_of(params))
    return flat, lambda vector: join(unravel(vector), params)


def norm(tree):
    """Euclidean norm over all leaves together."""
    return jnp.sqrt(inner(tree, tree))


def inner(a, b):
    """The inner product of two trees of arrays, over all leaves together."""
    return sum(map(jnp.vdot, jax.tree.leaves(a), jax.tree.leaves(b)))


def flat_array(tree) -> np.ndarray:
    """All leaves behind one another as a float64 array of numpy, whatever JAX allows."""
    return np.concatenate([np.ravel(np.asarray(leaf, dtype=float)) for leaf in tree])


def astype(tree, dtype):
    """The same pytree with every leaf of floating-point numbers cast to ``dtype``."""
    return jax.tree.map(
        lambda leaf: jnp.asarray(leaf, dtype=dtype) if is_float(leaf) else leaf, tree
    )
