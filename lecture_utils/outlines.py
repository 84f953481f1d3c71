"""When two functions compute the same: an outline of a jaxpr that compares equal.

JAX's printed form would nearly do, but it shortens long arrays and does not show the derivatives
that a function was given; so this reads the jaxpr itself.
"""

from collections.abc import Mapping
from functools import partial
from types import FunctionType

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.core import ClosedJaxpr, Jaxpr, Literal, jaxpr_as_fun

LARGEST = 2**16  # bytes of data that an outline may hold, where they cannot be taken out of it
INLINED = ("jit", "pjit")  # a jit inside the reader's function is no border for us
RULES = ("custom_jvp_call", "custom_vjp_call", "custom_vjp_call_jaxpr")


class Incomparable(Exception):
    """Something inside cannot be compared by value, such as a callback."""


def outline(closed, constants: list | None = None, rules: bool = True):
    """What a closed jaxpr computes, as something that is equal when it is the same.

    Its data are appended to ``constants`` and enter with shape and dtype only; without that list,
    they enter themselves.
    """
    jaxpr = closed.jaxpr
    numbers = {var: k for k, var in enumerate([*jaxpr.constvars, *jaxpr.invars])}
    if constants is None:
        data = [_outline_of(value) for value in closed.consts]
    else:
        constants += closed.consts
        data = [var.aval for var in jaxpr.constvars]

    def name(atom):
        return _outline_of(atom.val) if isinstance(atom, Literal) else numbers[atom]

    steps = []
    for eqn in jaxpr.eqns:
        steps += [eqn.primitive, *map(name, eqn.invars)]
        if eqn.primitive.name in INLINED:
            steps.append(outline(eqn.params["jaxpr"], constants, rules))
        elif eqn.primitive.name in RULES:
            inner = eqn.params.get("call_jaxpr") or eqn.params["fun_jaxpr"]
            steps += [outline(inner, None, rules), _rules_of(eqn, jaxpr) if rules else None]
        else:
            steps += [(key, _outline_of(value, rules)) for key, value in eqn.params.items()]
        for var in eqn.outvars:
            numbers[var] = len(numbers)
            steps.append(var.aval)
    inputs = [var.aval for var in jaxpr.invars]
    return (*data, "|", *inputs, "|", *steps, "|", *map(name, jaxpr.outvars))


def _outline_of(value, rules: bool = True):
    if value is None or isinstance(value, str | bytes | bool | int | float | complex | type):
        return type(value), value
    if isinstance(value, ClosedJaxpr):
        return outline(value, None, rules)
    if isinstance(value, Jaxpr):
        return outline(ClosedJaxpr(value, ()), None, rules)
    if isinstance(value, jax.core.Tracer):
        raise Incomparable
    if isinstance(value, tuple | list):
        return (type(value).__name__, *(_outline_of(part, rules) for part in value))
    if isinstance(value, Mapping):
        return tuple((key, _outline_of(part, rules)) for key, part in value.items())
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        if jnp.issubdtype(value.dtype, jax.dtypes.prng_key):
            value = jax.random.key_data(value)
        array = np.asarray(value)
        if array.nbytes > LARGEST:
            raise Incomparable
        return array.dtype, array.shape, getattr(value, "weak_type", False), array.tobytes()
    if isinstance(value, FunctionType):
        if not _of_jax(value) or "<locals>" in value.__qualname__:
            raise Incomparable
    elif (
        hasattr(value, "call_wrapped")
        or type(value).__hash__ is None
        or (type(value).__hash__ is object.__hash__ and not _of_jax(type(value)))
    ):
        raise Incomparable
    return value


def _has_value(kind) -> bool:
    """Whether objects of this type compare by value, or belong to JAX and do not change."""
    return kind.__hash__ is not None and (kind.__hash__ is not object.__hash__ or _of_jax(kind))


def _of_jax(thing) -> bool:
    return (getattr(thing, "__module__", None) or "").split(".")[0] in ("jax", "jaxlib")


def _rules_of(eqn, jaxpr):
    """The derivatives that a reader gave a function, up to the second, which is all we take."""
    if known := _rules_of_jax(list(eqn.params.values())):
        return known
    function = function_of(eqn, jaxpr)
    inputs = [jax.ShapeDtypeStruct(atom.aval.shape, atom.aval.dtype) for atom in eqn.invars]
    floats = [k for k, x in enumerate(inputs) if jnp.issubdtype(x.dtype, jnp.floating)]

    def call(given, inputs):
        inputs = list(inputs)
        for k, value in zip(floats, given, strict=True):
            inputs[k] = value
        return [value for value in function(*inputs) if jnp.issubdtype(value.dtype, jnp.floating)]

    def slope(given, inputs, weights):
        return jax.vjp(lambda given: call(given, inputs), given)[1](weights)

    def curve(given, inputs, weights):
        return jax.jvp(lambda *at: slope(at[0], inputs, at[1]), (given, weights), (given, weights))

    given = [inputs[k] for k in floats]
    try:
        weights = jax.eval_shape(call, given, inputs)
        return outline(jax.make_jaxpr(curve)(given, inputs, weights), None, rules=False)
    except Exception:  # a rule that cannot be differentiated twice, or not in this direction
        raise Incomparable from None


_PLUMBING = ("linear_util", "partial_eval", "custom_derivatives", "api_util", "core")


def _rules_of_jax(values) -> tuple | None:
    """JAX's own rules behind the parameters of an equation, or None if others are among them.

    They are functions of JAX's modules and never change, so that no one has to look into them:
    half the time for a network with ReLU.
    """
    found, seen = [], set()
    while values:
        value = values.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, FunctionType):
            if not _of_jax(value):
                return None
            if value.__module__.rsplit(".")[-1] not in _PLUMBING:
                if value.__closure__:
                    return None
                found.append(value)
            for cell in value.__closure__ or ():
                try:
                    values.append(cell.cell_contents)
                except ValueError:  # empty
                    continue
        elif isinstance(value, tuple | list):
            values += value
        elif isinstance(value, partial):
            values += [value.func, *value.args]
        elif hasattr(value, "call_wrapped"):
            values.append(value.f)
        elif isinstance(value, jax.custom_jvp | jax.custom_vjp):
            values.append(value.fun)
        elif hasattr(value, "__wrapped__"):
            values.append(value.__wrapped__)
        elif callable(value) and not _of_jax(type(value)):
            return None
    return tuple(found) or None


def function_of(eqn, jaxpr):
    """One equation as a function of its inputs that gives the list of its outputs."""
    inputs = [atom for atom in eqn.invars if not isinstance(atom, Literal)]
    places = [k for k, atom in enumerate(eqn.invars) if not isinstance(atom, Literal)]
    alone = jaxpr.replace(constvars=(), invars=inputs, outvars=eqn.outvars, eqns=[eqn])
    function = jaxpr_as_fun(ClosedJaxpr(alone, ()))
    return lambda *values: function(*(values[k] for k in places))
