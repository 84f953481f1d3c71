"""Teacher and student: two layers of ReLU units on Gaussian inputs, their loss in closed form.

The student is x ↦ Σᵢ relu(wᵢ·x), the teacher x ↦ Σⱼ relu(vⱼ·x), and x ~ N(0, I).  The mean over
all inputs has a closed form (Cho & Saul 2009; Safran & Shamir 2017, arXiv 1712.08968), so there
is neither a sample nor noise in it: what goes wrong on it is the landscape's fault alone.
"""

import jax
import jax.numpy as jnp
import numpy as np


def population_loss(student, teacher):
    """½ E[(Σᵢ relu(wᵢ·x) - Σⱼ relu(vⱼ·x))²] over x ~ N(0, I), exactly.

    With f(w, v) = ‖w‖‖v‖(sin θ + (π-θ) cos θ)/2π, where θ is the angle between w and v, it is
    ½ Σ f(wᵢ, wⱼ) - Σ f(wᵢ, vⱼ) + ½ Σ f(vᵢ, vⱼ).

    Parameters
    ----------
    student : (n, d), one unit's weights per row.
    teacher : (k, d), likewise.

    Returns
    -------
    A scalar.  Value, gradient and Hessian are exact and finite also where two units coincide or
    point in opposite directions.  A unit of length zero has a kink: the value is right there, the
    gradient finite, the Hessian meaningless.

    >>> units = jnp.array([[1.0, 0.0], [0.0, 1.0]])
    >>> round(abs(float(lu.population_loss(units[::-1], units))), 6)  # the order is no matter
    0.0
    """
    student, teacher = _units(student, "student"), _units(teacher, "teacher")
    if student.shape[1] != teacher.shape[1]:
        raise ValueError(
            "student and teacher must have inputs of the same dimension, one unit per row, but "
            f"have shapes {student.shape} and {teacher.shape}."
        )
    own = 0.5 * (_correlations(student, student) + _correlations(teacher, teacher))
    return own - _correlations(student, teacher)


def _units(weights, name: str):
    if np.ndim(weights) != 2 or 0 in np.shape(weights):
        raise ValueError(
            f"{name} must be an array (units, inputs) with one unit per row, but has "
            f"shape {np.shape(weights)}."
        )
    weights = jnp.asarray(weights)
    if jnp.iscomplexobj(weights):
        raise ValueError(f"{name} must be real, but has dtype {weights.dtype}.")
    return weights if jnp.issubdtype(weights.dtype, jnp.floating) else weights.astype(float)


def _correlations(left, right):
    """Σᵢⱼ f(lᵢ, rⱼ), the sum of E[relu(lᵢ·x) relu(rⱼ·x)] over all pairs."""
    return jnp.sum(_pair(left[:, None, :], right[None, :, :]))


@jax.custom_jvp
def _pair(w, v):
    """f(w, v) over the last axis; the other axes broadcast."""
    theta = _angle(w, v)
    kernel = jnp.sin(theta) + (jnp.pi - theta) * jnp.cos(theta)
    return _length(w)[..., 0] * _length(v)[..., 0] * kernel[..., 0] / (2 * jnp.pi)


@_pair.defjvp
def _pair_jvp(primals, tangents):
    # ∇_w f = (‖v‖ sin θ ŵ + (π-θ) v)/2π.  Autodiff of the formula above would reach it only after
    # two divergent terms cancel, which they do not where θ is 0 or π.
    (w, v), (dw, dv) = primals, tangents
    theta = _angle(w, v)
    sine, rest = jnp.sin(theta), jnp.pi - theta
    along_w = _length(v) * sine * _unit(w) + rest * v
    along_v = _length(w) * sine * _unit(v) + rest * w
    change = jnp.sum(along_w * dw, axis=-1) + jnp.sum(along_v * dv, axis=-1)
    return _pair(w, v), change / (2 * jnp.pi)


@jax.custom_jvp
def _angle(w, v):
    """The angle between w and v, (…, 1), accurate to rounding also near 0 and π (Kahan)."""
    w, v = _unit(w), _unit(v)
    return 2 * jnp.arctan2(_length(w - v), _length(w + v))


@_angle.defjvp
def _angle_jvp(primals, tangents):
    # The angle has a kink at 0 and at π, but wherever f needs its derivative it is multiplied by
    # something that vanishes there: any finite value, such as 0, gives the right Hessian.
    (w, v), (dw, dv) = primals, tangents
    theta = _angle(w, v)
    a, b, cosine = _unit(w), _unit(v), jnp.cos(theta)
    toward_v = jax.lax.stop_gradient(_unit(b - cosine * a))
    toward_w = jax.lax.stop_gradient(_unit(a - cosine * b))
    slope = _dot(toward_v, dw) * _inverse(_length(w)) + _dot(toward_w, dv) * _inverse(_length(v))
    return theta, -slope


def _dot(a, b):
    return jnp.sum(a * b, axis=-1, keepdims=True)


def _length(w):
    # The masked double keeps the derivative of the square root at 0 finite.  A NaN stays one.
    square = _dot(w, w)
    return jnp.where(square == 0, 0.0, jnp.sqrt(jnp.where(square == 0, 1.0, square)))


def _inverse(length):
    return jnp.where(length > 0, 1.0 / jnp.where(length > 0, length, 1.0), 0.0)


def _unit(w):
    return w * _inverse(_length(w))
