"""Gradient, Hessian and Taylor model of any loss, by automatic differentiation (slides 9-10).

Near a point θ, with g = ∇L(θ) and H = ∇²L(θ),

    L(θ + δ) = L(θ) + gᵀδ + ½ δᵀHδ + O(‖δ‖³).

Everything here is compiled once per loss *object* and shape: define a loss outside the loop that
uses it.
"""

from functools import partial

import jax
import jax.numpy as jnp

from .trees import check_count, check_finite, check_like, check_loss, check_params, ravel_pytree


def gradient(loss, params):
    """The gradient g of ``loss`` at ``params``, a pytree like ``params``."""
    params = check_params(params)
    check_loss(loss, params)
    return check_finite(_gradient(loss, params), "the gradient of loss")


@partial(jax.jit, static_argnums=0)
def _gradient(loss, params):
    return jax.grad(loss)(params)


def hvp(loss, params, vector):
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
    """
    params = check_params(params)
    check_loss(loss, params)
    vector = check_like(vector, params)
    return check_finite(_hvp(loss, params, vector), "H·vector")


@partial(jax.jit, static_argnums=0)
def _hvp(loss, params, vector):
    return jax.jvp(jax.grad(loss), (params,), (vector,))[1]


@partial(jax.jit, static_argnums=(0, 2))
def _dense_hessian(loss, params, batch_size):
    flat, unravel = ravel_pytree(params)
    # Linearizing once and mapping over the basis re-uses the forward pass that jax.hessian
    # would repeat for every row, and a batch bounds the memory (design: 1.8x, a quarter of it).
    _, product = jax.linearize(jax.grad(lambda vector: loss(unravel(vector))), flat)
    basis = jnp.eye(flat.size, dtype=flat.dtype)
    if flat.size <= batch_size:
        return jax.vmap(product)(basis)
    return jax.lax.map(product, basis, batch_size=batch_size)


def hessian(loss, params, batch_size: int = 16):
    """The dense Hessian H, shape (N, N), in the flat order of ``ravel_pytree``.

    Parameters
    ----------
    loss : params -> scalar
    params : pytree of floating arrays, N numbers in all; H has their dtype.
    batch_size : rows of H computed at a time; more is not faster once activations leave the cache.
    """
    batch_size = check_count(batch_size, "batch_size")
    params = check_params(params)
    check_loss(loss, params)
    return check_finite(_dense_hessian(loss, params, batch_size), "the Hessian of loss")


def quadratic_model(loss, params):
    """The second-order Taylor model of ``loss`` around ``params`` (slide 9).

    Returns
    -------
    A function of a step ``delta`` (a pytree like ``params``) giving the scalar
    L(θ) + gᵀδ + ½ δᵀHδ.  The ½ belongs there: the note's section 2 drops it by slip, slides
    18-19 on purpose.
    """
    params = check_params(params)
    check_loss(loss, params)
    value = check_finite(loss(params), "the loss")
    slope, _ = ravel_pytree(gradient(loss, params))

    def model(delta):
        delta = check_like(delta, params, "delta")
        step, _ = ravel_pytree(delta)
        curved, _ = ravel_pytree(_hvp(loss, params, delta))
        return value + slope @ step + 0.5 * step @ curved

    return model


def finite_difference_gradient(loss, params, step: float = 1e-5):
    """Central differences (L(θ+he) - L(θ-he)) / 2h; shape (N,), error O(step²) + O(eps/step)."""
    params = _check_differences(loss, params, step)
    return _first_differences(loss, params, step)


@partial(jax.jit, static_argnums=0)
def _first_differences(loss, params, step):
    flat, unravel = ravel_pytree(params)
    values = jax.vmap(lambda shift: loss(unravel(flat + shift)))
    shifts = step * jnp.eye(flat.size, dtype=flat.dtype)
    return (values(shifts) - values(-shifts)) / (2 * step)


def finite_difference_hessian(loss, params, step: float = 1e-4):
    """Second differences of the *values* of ``loss``; shape (N, N), for checking autodiff.

    H_ij = [L(+i+j) - L(+i-j) - L(-i+j) + L(-i-j)] / 4h², error O(step²) + O(eps/step²).
    """
    params = _check_differences(loss, params, step)
    return _second_differences(loss, params, step)


@partial(jax.jit, static_argnums=0)
def _second_differences(loss, params, step):
    flat, unravel = ravel_pytree(params)
    shifts = step * jnp.eye(flat.size, dtype=flat.dtype)

    def entry(a, b):
        def value(s, t):
            return loss(unravel(flat + s * a + t * b))

        # In this order swapping a and b changes no rounding: the result is exactly symmetric.
        mixed = (value(1, 1) + value(-1, -1)) - (value(1, -1) + value(-1, 1))
        return mixed / (4 * step**2)

    return jax.vmap(lambda a: jax.vmap(lambda b: entry(a, b))(shifts))(shifts)


def _check_differences(loss, params, step):
    if not step > 0:
        raise ValueError(f"step must be positive, but is {step}: try 1e-5.")
    params = check_params(params)
    check_loss(loss, params)
    return params
