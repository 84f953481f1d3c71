"""Gradient, Hessian and Taylor model of any loss, by automatic differentiation (slides 9-10).

Near a point θ, with g = ∇L(θ) and H = ∇²L(θ),

    L(θ + δ) = L(θ) + gᵀδ + ½ δᵀHδ + O(‖δ‖³).

A loss is looked at anew at each call, so changed data are seen, and compiled only when it computes
something else; a loop over many points is faster as one ``jax.jit`` of your own.
"""

import jax
import jax.numpy as jnp

from .bound import Bound, bind, compiled
from .trees import check_count, check_finite, check_like, inner, ravel_pytree, weights_of


def gradient(loss, params, *, dtype=None):
    """The gradient g of ``loss`` at ``params``, a pytree like ``params``.

    ``dtype``, here and below, is that of the parameters in the evaluation: by default their own.

    >>> lu.gradient(lambda p: p["a"] ** 2 + 3 * p["b"], {"a": 2.0, "b": 1.0})["a"].item()
    4.0
    """
    loss = bind(loss, params, dtype)
    return loss.moving(check_finite(_gradient(loss, loss.weights), "the gradient of loss"))


@compiled
def _gradient(loss, weights):
    return jax.grad(loss)(weights)


def hvp(loss, params, vector, *, dtype=None):
    """The Hessian-vector product H·vector, without ever building H.

    Forward over reverse: one derivative of the gradient along ``vector``, at about the price of
    two gradients, whatever the number of parameters.

    Parameters
    ----------
    loss : params -> scalar
    params, vector : pytrees of floating arrays with the same structure and shapes

    Returns
    -------
    A pytree like ``params``.

    >>> lu.hvp(lambda p: p[0] ** 2 * p[1], jnp.array([1.0, 2.0]), jnp.array([1.0, 0.0])).tolist()
    [4.0, 2.0]
    """
    loss = bind(loss, params, dtype)
    vector = _like(vector, loss, "vector")
    return loss.moving(check_finite(_hvp(loss, loss.weights, vector), "H·vector"))


@compiled
def _hvp(loss, weights, vector):
    return jax.jvp(jax.grad(loss), (weights,), (vector,))[1]


def _like(vector, loss: Bound, name) -> list:
    with loss.scope():
        return weights_of(check_like(vector, loss.params, name))


def linearize(loss, weights):
    """The flat weights, and the function v ↦ H·v with the forward pass already done.

    To be called where ``loss`` is being compiled: a third cheaper than starting anew for every v.
    """
    flat, unravel = ravel_pytree(weights)
    _, product = jax.linearize(jax.grad(lambda vector: loss(unravel(vector))), flat)
    return flat, product


def hessian(loss, params, batch_size: int = 16, *, dtype=None):
    """The dense Hessian H, shape (N, N), in the flat order of ``ravel_pytree``.

    Parameters
    ----------
    loss : params -> scalar
    params : pytree of floating arrays, N numbers in all; H has their dtype.
    batch_size : rows of H computed at a time; more is not faster once activations leave the cache.

    >>> lu.hessian(lambda p: p[0] ** 2 * p[1], jnp.array([1.0, 2.0])).tolist()
    [[4.0, 2.0], [2.0, 0.0]]
    """
    batch_size = check_count(batch_size, "batch_size")
    loss = bind(loss, params, dtype)
    return check_finite(
        _dense_hessian(loss, loss.weights, batch_size=batch_size), "the Hessian of loss"
    )


@compiled
def _dense_hessian(loss, weights, batch_size):
    # Linearizing once and mapping over the basis re-uses the forward pass that jax.hessian
    # would repeat for every row, and a batch bounds the memory (design: 1.8x, a quarter of it).
    flat, product = linearize(loss, weights)
    return each_row(product, jnp.eye(flat.size, dtype=flat.dtype), batch_size)


def each_row(function, rows, batch_size: int):
    """``function`` of every row of ``rows``, about ``batch_size`` at a time, where it is compiled.

    `jax.lax.map` would compile ``function`` twice, for the batches and for what is left over; here
    the last batch is filled up instead.
    """
    count = len(rows)
    batches = -(-count // batch_size)
    size = -(-count // batches)
    filled = jnp.resize(rows, (batches * size, *rows.shape[1:]))
    values = jax.lax.map(jax.vmap(function), filled.reshape(batches, size, *rows.shape[1:]))
    return values.reshape(-1, *values.shape[2:])[:count]


def quadratic_model(loss, params, *, dtype=None):
    """The second-order Taylor model of ``loss`` around ``params`` (slide 9).

    Returns
    -------
    A function of a step ``delta`` (a pytree like ``params``) giving the scalar
    L(θ) + gᵀδ + ½ δᵀHδ.  The ½ belongs there: the note's section 2 drops it by slip, slides
    18-19 on purpose.

    >>> model = lu.quadratic_model(lambda p: p**3, 1.0)
    >>> float(model(0.5))  # 1 + 3 · ½ + ½ · 6 · ¼, where p³ is 3.375
    3.25
    """
    loss = bind(loss, params, dtype)
    with loss.scope():
        value = check_finite(loss(loss.weights), "the loss")
    slope = check_finite(_gradient(loss, loss.weights), "the gradient of loss")

    def model(delta):
        delta = _like(delta, loss, "delta")
        with loss.scope():
            curved = _hvp(loss, loss.weights, delta)
            return value + inner(slope, delta) + 0.5 * inner(delta, curved)

    return model


def finite_difference_gradient(loss, params, step: float | None = None, *, dtype=None):
    """Central differences (L(θ+he) - L(θ-he)) / 2h; shape (N,), error O(step²) + O(eps/step).

    ``step`` is 1e-5 in float64 and eps^(1/3) where the loss computes in less.

    >>> lu.finite_difference_gradient(lambda p: p @ p, jnp.ones(2)).round(1).tolist()
    [2.0, 2.0]
    """
    loss, step = _check_differences(loss, params, step, dtype, 1e-5, 1 / 3)
    return check_finite(_first_differences(loss, loss.weights, step), "a difference of loss")


@compiled
def _first_differences(loss, weights, step):
    flat, unravel = ravel_pytree(weights)
    values = jax.vmap(lambda shift: loss(unravel(flat + shift)))
    step = jnp.asarray(step, flat.dtype)
    shifts = step * jnp.eye(flat.size, dtype=flat.dtype)
    return (values(shifts) - values(-shifts)) / (2 * step)


def finite_difference_hessian(loss, params, step: float | None = None, *, dtype=None):
    """Second differences of the *values* of ``loss``; shape (N, N), for checking autodiff.

    H_ij = [L(+i+j) - L(+i-j) - L(-i+j) + L(-i-j)] / 4h², error O(step²) + O(eps/step²).
    ``step`` is 1e-4 in float64 and eps^(1/4) where the loss computes in less.

    >>> H = lu.finite_difference_hessian(lambda p: p[0] * p[1], jnp.ones(2), step=0.25)
    >>> H.tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    loss, step = _check_differences(loss, params, step, dtype, 1e-4, 1 / 4)
    return check_finite(_second_differences(loss, loss.weights, step), "a difference of loss")


@compiled
def _second_differences(loss, weights, step):
    flat, unravel = ravel_pytree(weights)
    step = jnp.asarray(step, flat.dtype)
    shifts = step * jnp.eye(flat.size, dtype=flat.dtype)

    def entry(a, b):
        def value(s, t):
            return loss(unravel(flat + s * a + t * b))

        # In this order swapping a and b changes no rounding: the result is exactly symmetric.
        mixed = (value(1, 1) + value(-1, -1)) - (value(1, -1) + value(-1, 1))
        return mixed / (4 * step**2)

    return jax.vmap(lambda a: jax.vmap(lambda b: entry(a, b))(shifts))(shifts)


def _check_differences(loss, params, step, dtype, usual, power) -> tuple[Bound, float]:
    if step is not None and not step > 0:
        raise ValueError(f"step must be positive, but is {step}: try {usual:g}.")
    loss = bind(loss, params, dtype)
    if step is None:
        return loss, usual if loss.eps < 1e-12 else loss.eps**power
    if loss.form is not None and (rounding := loss.eps * max(map(_largest, loss.weights))) > step:
        raise ValueError(
            f"step must be larger than the rounding of params in {loss.precision}, "
            f"{rounding:.1g}, but is {step}: leave it out."
        )
    return loss, step


def _largest(leaf) -> float:
    return float(jnp.max(jnp.abs(leaf), initial=0))
