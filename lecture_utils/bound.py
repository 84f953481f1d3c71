"""A reader's function, bound: traced afresh at each call, compiled once, its data passed along.

A compiled function normally belongs to a function *object*: it never notices that a global or an
attribute the object reads has changed, and it keeps the object, with its data, for ever.  Here a
function is looked at anew (traced, a millisecond or so) whenever an instrument is called.  What it
computes, without its data, is its *form*: a few of these are kept, with what was compiled for
them.  Its data are arguments of the compiled code.  So other data are seen, a function that is
gone is freed, and twenty closures over twenty data sets compile once.
"""

from collections import OrderedDict
from collections.abc import Callable
from contextlib import nullcontext
from copy import copy
from functools import cache, partial, wraps
from threading import Lock
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.core import ClosedJaxpr, Jaxpr, Literal

from .outlines import INLINED, Incomparable, function_of, outline
from .trees import (
    astype,
    check_params,
    is_traced,
    join,
    moving,
    parts_of,
    shorten,
    weights_of,
)

KEPT = 64  # forms, and for each of them this many compiled programs


def x64():
    """A scope in which JAX computes in float64 where it is asked to; outside nothing changes."""
    if jax.config.jax_enable_x64:
        return nullcontext()
    if hasattr(jax, "enable_x64"):
        return jax.enable_x64(True)
    from jax.experimental import enable_x64  # JAX before 0.8

    return enable_x64()


class Frozen:
    """A function as it was at one moment; called, it computes that, under transformations too.

    ``form`` is None inside the reader's own ``jit``, ``vmap`` or ``grad``, where their trace is
    the right one and nothing is compiled here.
    """

    def __init__(self, function: Callable, *examples, defaults=(), scope=nullcontext):
        """``examples`` of the arguments, values or shapes; the last ones have ``defaults``."""
        self.scope, self.form, self.constants = scope, None, ()
        self._call = function
        if is_traced(examples):
            return
        # A new lambda: the same object would be served from JAX's own cache, stale again.
        trace = jax.make_jaxpr(lambda *args: function(*args), return_shape=True)
        closed, shapes = trace(*examples, *defaults)
        constants = []
        try:
            key = (outline(closed, constants), jax.tree.structure(shapes))
        except Incomparable:
            constants, key = _constants(closed), None
        if any(isinstance(constant, jax.core.Tracer) for constant in constants):
            return
        self.constants = tuple(map(jnp.asarray, constants)), jax.tree.leaves(defaults)
        self.jaxpr = closed.jaxpr
        self.form = _form(key, closed.jaxpr, jax.tree.structure(shapes))
        self._call = partial(self.form.evaluate, self.constants)

    def __call__(self, *args):
        return self._call(*args)

    def on_host(self):
        """The same with its data as numpy arrays, which several processes can share."""
        here = copy(self)
        here.constants = jax.tree.map(np.asarray, self.constants)
        return here

    def run(self, *args):
        """Compiled."""
        return _itself(self, *args)


def compiled(function=None, *, options: Callable = dict):
    """Make ``function(f, *args, **static)`` compile once for the form of a `Frozen` f.

    ``options`` gives further arguments of ``jax.jit``.
    """
    if function is None:
        return partial(compiled, options=options)

    @wraps(function)
    def call(frozen, *args, **static):
        if frozen.form is None or is_traced(args):
            return function(frozen, *args, **static)
        with frozen.scope():
            return frozen.form.program(function, static, options)(frozen.constants, *args)

    return call


@compiled
def _itself(function, *args):
    return function(*args)


# --- losses -----------------------------------------------------------------------------------


class LossError(ValueError):
    """A loss that cannot be evaluated at these parameters, or gives no number."""


class Bound(Frozen):
    """A loss, checked where the reader's function comes in; what instruments hand each other.

    Called with a list of weights, it is the loss there.  ``weights`` are those of ``params``, in
    the dtype of the evaluation; ``precision`` is the dtype in which the loss is really computed:
    layers may have one of their own.
    """

    def __init__(self, loss, params, scope):
        self.source, self.params = loss, params
        self.weights, held = parts_of(params)
        super().__init__(
            lambda weights, held=held: value_of(loss, join(weights, params, held)),
            self.weights,
            defaults=[held],
            scope=scope,
        )
        if self.form is None:
            jax.eval_shape(self._call, self.weights)  # traced, not run
        self.size = sum(leaf.size for leaf in self.weights)

    def moving(self, weights):
        """A pytree like the parameters that moves these weights only."""
        with self.scope():
            return moving(weights, self.params)

    @property
    def precision(self):
        return precision_of(self, self.weights)

    @property
    def eps(self) -> float:
        """The relative rounding error of the precision."""
        return float(jnp.finfo(self.precision).eps)


def bind(loss, params, dtype=None, *, double: bool = False, name: str = "params") -> Bound:
    """Check ``loss`` and ``params`` and bind them.

    Parameters
    ----------
    dtype : of the parameters in the evaluation; by default their own.
    double : by default float64 instead, where the loss can be evaluated so: a model that fixes
        its own precision stays in it.

    A loss that is bound already comes back, with the point where it was bound.
    """
    if isinstance(loss, Bound):
        return loss
    if dtype is not None:
        return _bind(loss, params, _floating(dtype), name)
    if double and not is_traced(params):
        try:
            return _bind(loss, params, np.dtype("float64"), name)
        except LossError:
            return _bind(loss, params, None, name)
    return _bind(loss, params, None, name)


def _bind(loss, params, dtype, name):
    scope = x64 if dtype == np.float64 else nullcontext
    with scope():
        params = check_params(params, name)
        return Bound(loss, params if dtype is None else astype(params, dtype), scope)


def _floating(dtype):
    try:
        if jnp.issubdtype(np.dtype(dtype), jnp.floating):
            return np.dtype(dtype)
    except TypeError:
        pass
    raise ValueError(f"dtype must be a floating-point type such as jnp.float32, but is {dtype!r}.")


class Point(NamedTuple):
    """Parameters, checked, as a function is evaluated there; ``working`` is what sums are kept in.

    ``weights`` and ``held`` are lists of leaves, ``size`` the number of weights in all.
    """

    params: object
    weights: list
    held: list
    scope: Callable
    size: int
    dtype: np.dtype
    working: np.dtype


def point_of(params, dtype=None) -> Point:
    """Check ``params`` and take them apart; ``dtype`` as in `bind`."""
    dtype = None if dtype is None else _floating(dtype)
    scope = x64 if dtype == np.float64 else nullcontext
    with scope():
        params = check_params(params)
        params = params if dtype is None else astype(params, dtype)
        weights, held = parts_of(params)
        own = jnp.result_type(*weights)
        working = jnp.promote_types(own, jnp.float32)
    return Point(params, weights, held, scope, sum(leaf.size for leaf in weights), own, working)


def precision_of(frozen: Frozen, weights) -> np.dtype:
    """The coarsest dtype on the way from ``weights``, the first argument of ``frozen``."""
    kinds = {leaf.dtype for leaf in weights}
    if frozen.form is not None:
        kinds |= _kinds(frozen.jaxpr, [k < len(weights) for k in range(len(frozen.jaxpr.invars))])
    return max(kinds, key=lambda kind: float(jnp.finfo(kind).eps))


def called(function, params, *args, name: str = "loss", where: str = "params"):
    """``function(params, *args)``, or in one sentence why the reader's code fails."""
    if not callable(function):
        raise LossError(
            f"{name} must be a function of {where}, but is {type(function).__name__}: "
            "pass the function itself, not its value."
        )
    try:
        return function(params, *args)
    except LossError:
        raise
    except Exception as error:  # the reader's own code: whatever it raises, say it in one sentence
        reason = shorten(str(error).split("\n")[0], 150).rstrip(".")
        if "dtype" in reason and where == "params":
            kind = jnp.result_type(*weights_of(params))
            reason += f"; params are {kind} here, so convert your data: x.astype(jnp.{kind})"
        if "required positional argument" in reason:
            reason += "; a loss of (params, batch) needs batches= or over_batches(loss, batches)"
        raise LossError(
            f"{name} fails at {where} with {type(error).__name__}: {reason}."
        ) from error


def value_of(loss, params, *batch, where: str = "params"):
    """``loss(params, *batch)``, or what is wrong with it in one sentence."""
    out = called(loss, params, *batch, where=where)
    if isinstance(out, float):
        out = jnp.asarray(out)
    shape = getattr(out, "shape", None)
    if shape is None:
        raise LossError(
            f"loss must return one number, but returns {type(out).__name__}: "
            "return the scalar alone, without auxiliary outputs."
        )
    if shape != () or not jnp.issubdtype(out.dtype, jnp.floating):
        raise LossError(
            f"loss must return one floating-point number, but returns shape {shape} of "
            f"{out.dtype}: reduce it, for example with jnp.mean."
        )
    return out


def _kinds(jaxpr, varies) -> set:
    """The floating dtypes of everything on the way from the inputs that vary."""
    varying = {var for var, yes in zip(jaxpr.invars, varies, strict=True) if yes}
    found = set()
    for eqn in jaxpr.eqns:
        inputs = [not isinstance(a, Literal) and a in varying for a in eqn.invars]
        if not any(inputs):
            continue
        varying.update(eqn.outvars)
        dtypes = [getattr(var.aval, "dtype", None) for var in eqn.outvars]
        found.update(d for d in dtypes if d is not None and jnp.issubdtype(d, jnp.floating))
        for inner in _inner(tuple(eqn.params.values())):
            count = len(inner.invars)
            given = [True] * (count - len(inputs)) + inputs[len(inputs) - count :]
            if eqn.primitive.name == "scan":
                begin, end = _carried(eqn, inner)
                given[begin:end] = [True] * (end - begin)
            elif eqn.primitive.name == "while":
                given = [True] * count
            found |= _kinds(inner, given)
    return found


def _carried(scan, body) -> tuple[int, int]:
    """From where to where the inputs of a scan's body are carried from step to step.

    What is scanned has one dimension more outside; JAX says it under names that change.
    """

    def scanned(outside, inside) -> int:
        return sum(a.aval.ndim != b.aval.ndim for a, b in zip(outside, inside, strict=True))

    end = len(body.invars) - scanned(scan.invars, body.invars)
    return end - len(body.outvars) + scanned(scan.outvars, body.outvars), end


def _inner(values):
    """The jaxprs among the parameters of an equation."""
    for value in values:
        if isinstance(value, ClosedJaxpr):
            yield value.jaxpr
        elif isinstance(value, Jaxpr):
            yield value
        elif isinstance(value, tuple | list):
            yield from _inner(value)


# --- forms ------------------------------------------------------------------------------------


class _Form:
    """What a function computes, without its data, and the programs compiled for it."""

    def __init__(self, jaxpr, out_tree):
        self.code, self.out_tree = _code(jaxpr), out_tree
        self.programs, self.lock = OrderedDict(), Lock()

    def evaluate(self, constants, *args):
        constants, defaults = constants
        args = jax.tree.leaves(args)
        args += defaults[len(args) - len(self.code.inputs) + len(defaults) :]
        out = _evaluate(self.code, iter(constants), args)
        return jax.tree.unflatten(self.out_tree, out)

    def program(self, function, static, options):
        key = (function, *sorted(static.items()))
        with self.lock:
            if key not in self.programs:
                given = options()
                given["compiler_options"] = _right() | given.get("compiler_options", {})
                self.programs[key] = jax.jit(
                    lambda constants, *args: function(
                        partial(self.evaluate, constants), *args, **static
                    ),
                    **given,
                )
            return _used(self.programs, key)


@cache
def _right() -> dict:
    """Options with which XLA computes on a CPU what it is asked for.

    XLA of JAX 0.10 gives a sum, together with what is summed, to another library (YNNPACK).  Where
    a matrix product is repeated along the axis of the sum, as in Σₘ Sₙₘ (x v)ₙ for several v at
    once, the result is wrong, and not by rounding.  With products alone, that library is right.
    """
    if jax.default_backend() != "cpu":
        return {}
    options = {"xla_cpu_experimental_ynn_fusion_type": "LIBRARY_FUSION_TYPE_INDIVIDUAL_DOT"}
    try:
        jax.jit(lambda: 0, compiler_options=options).lower().compile()
    except Exception:  # an XLA without that library, whatever it raises
        return {}
    return options


_forms, _lock = OrderedDict(), Lock()


def _form(key, jaxpr, out_tree) -> _Form:
    if key is None:  # nothing to recognize it by: compiled for this call alone
        return _Form(jaxpr, out_tree)
    with _lock:
        if key not in _forms:
            _forms[key] = _Form(jaxpr, out_tree)
        return _used(_forms, key)


def _used(cache, key):
    cache.move_to_end(key)
    while len(cache) > KEPT:
        cache.popitem(last=False)
    return cache[key]


class _Code(NamedTuple):
    """A jaxpr without its data: steps of (what to call or inner `_Code`, inputs, outputs)."""

    constants: list
    inputs: list
    steps: list
    outputs: list


def _code(jaxpr) -> _Code:
    steps = []
    for eqn in jaxpr.eqns:
        inner = eqn.primitive.name in INLINED
        call = _code(eqn.params["jaxpr"].jaxpr) if inner else function_of(eqn, jaxpr)
        steps.append((call, eqn.invars, eqn.outvars))
    return _Code(jaxpr.constvars, jaxpr.invars, steps, jaxpr.outvars)


def _evaluate(code, constants, args):
    """The outputs of ``code``, whose data come from the iterator ``constants``, in order."""
    values = dict(zip(code.constants, constants, strict=False))
    values.update(zip(code.inputs, args, strict=True))

    def read(atom):
        return atom.val if isinstance(atom, Literal) else values[atom]

    for call, inputs, outputs in code.steps:
        inputs = list(map(read, inputs))
        out = _evaluate(call, constants, inputs) if isinstance(call, _Code) else call(*inputs)
        values.update(zip(outputs, out, strict=True))
    return [
        jnp.asarray(atom.val, atom.aval.dtype) if isinstance(atom, Literal) else values[atom]
        for atom in code.outputs
    ]


def _constants(closed):
    """All data of a closed jaxpr in the order in which `_evaluate` asks for them."""
    found = list(closed.consts)
    for eqn in closed.jaxpr.eqns:
        if eqn.primitive.name in INLINED:
            found += _constants(eqn.params["jaxpr"])
    return found
