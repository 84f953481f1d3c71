"""Parameter pytrees: one place that looks at them, flattens them and refuses bad ones.

Everything in the course takes *any* loss of *any* pytree of floating arrays.  The flat order is
always that of ``jax.flatten_util.ravel_pytree``, so row i of a Hessian is entry i of ``ravel``.
"""

import operator
from collections.abc import Hashable

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
    leaves = jax.tree_util.tree_leaves_with_path(params)
    if sum(np.size(leaf) for _, leaf in leaves) == 0:
        raise ValueError(
            f"{name} is an empty pytree: pass at least one array of floating-point parameters."
        )
    for path, leaf in leaves:
        place = f"{name}{jax.tree_util.keystr(path)}"
        dtype = leaf.dtype if hasattr(leaf, "dtype") else np.asarray(leaf).dtype
        if callable(leaf):
            raise ValueError(
                f"{place} is a function: pass the arrays alone, in Equinox "
                "eqx.partition(model, eqx.is_inexact_array)[0]."
            )
        if not jnp.issubdtype(dtype, jnp.floating):
            raise ValueError(
                f"{place} has dtype {dtype}, but derivatives need floating-point parameters: "
                "convert it, for example with jnp.asarray(value, dtype=float)."
            )
        if not is_traced(leaf) and not np.all(np.isfinite(np.asarray(leaf))):
            raise ValueError(
                f"{place} holds NaN or infinity: derivatives only exist at finite parameters."
            )
    # Naming the dtype makes a Python float as strong as an array: one compilation serves both.
    return jax.tree.map(lambda leaf: jnp.asarray(leaf, dtype=jnp.result_type(leaf)), params)


def check_loss(loss, params, *args) -> None:
    """Raise a ValueError unless ``loss(params, *args)`` is one floating-point number.

    It is traced, not run, and only once per function object and shapes.
    """
    if not callable(loss):
        raise ValueError(
            f"loss must be a function of params, but is {type(loss).__name__}: "
            "pass the function itself, not its value."
        )
    if not isinstance(loss, Hashable):
        raise ValueError(
            f"loss must be hashable, to be compiled once, but is a {type(loss).__name__}: "
            "wrap it in a function."
        )
    try:
        out = jax.eval_shape(loss, params, *args)
    except Exception as error:  # the reader's own code: whatever it raises, say it in one sentence
        reason = _short(str(error).split("\n")[0], 150).rstrip(".")
        if "dtype" in reason:
            kind = jnp.result_type(*jax.tree.leaves(params))
            reason += f"; params are {kind} here, so convert your data: x.astype(jnp.{kind})"
        raise ValueError(f"loss fails at params with {type(error).__name__}: {reason}.") from error
    shape = getattr(out, "shape", None)
    if shape is None:
        raise ValueError(
            f"loss must return one number, but returns {type(out).__name__}: "
            "return the scalar alone, without auxiliary outputs."
        )
    if shape != () or not jnp.issubdtype(out.dtype, jnp.floating):
        raise ValueError(
            f"loss must return one floating-point number, but returns shape {shape} of "
            f"{out.dtype}: reduce it, for example with jnp.mean."
        )


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
            f"{name} must have the same structure as params, but has {_short(str(ours), 60)} "
            f"instead of {_short(str(theirs), 60)}."
        )
    leaves = jax.tree.leaves(vector)
    for (path, wanted), leaf in zip(
        jax.tree_util.tree_leaves_with_path(params), leaves, strict=True
    ):
        if np.shape(leaf) != np.shape(wanted):
            raise ValueError(
                f"{name}{jax.tree_util.keystr(path)} must have the shape of params there, "
                f"{np.shape(wanted)}, but has {np.shape(leaf)}."
            )
        if not is_traced(leaf) and not np.all(np.isfinite(np.asarray(leaf, dtype=float))):
            raise ValueError(f"{name}{jax.tree_util.keystr(path)} holds NaN or infinity.")
    # A float64 direction must not promote float32 parameters, nor an integer one stop jvp.
    return jax.tree.map(lambda v, p: jnp.asarray(v, dtype=jnp.asarray(p).dtype), vector, params)


def _short(text: str, length: int) -> str:
    # A network's structure fills a screen; its beginning is enough to recognize it.
    return text if len(text) <= length else text[: length - 1] + "…"


def ravel(params):
    """Flatten to (vector of shape (N,), function that undoes it)."""
    return ravel_pytree(check_params(params))


def norm(tree):
    """Euclidean norm over all leaves together."""
    return jnp.sqrt(sum(jnp.vdot(leaf, leaf) for leaf in jax.tree.leaves(tree)))


def astype(tree, dtype):
    """The same pytree with every leaf cast to ``dtype``."""
    return jax.tree.map(lambda leaf: jnp.asarray(leaf, dtype=dtype), tree)
