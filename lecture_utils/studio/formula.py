"""A function of x and y that a reader types: read by a list of what is allowed, not run as Python.

Numbers, x, y, pi and e, + - * / and powers (** or ^, also x²), brackets, and the functions in
`FUNCTIONS`.  Whatever else is typed is answered by one sentence.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import lru_cache, partial

import jax.numpy as jnp

__all__ = ["FUNCTIONS", "Unreadable", "function"]

FUNCTIONS = {
    **{name: getattr(jnp, name) for name in ("sin", "cos", "tan", "exp", "log", "sqrt", "tanh")},
    "abs": jnp.abs,
    "max": jnp.maximum,
    "min": jnp.minimum,
}
TWO = ("max", "min")  # those that take two numbers
CONSTANTS = {"pi": jnp.pi, "e": jnp.e}
OPERATORS = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}
LONGEST = 200  # letters
HIGHEST = 12  # a whole exponent up to it is a product, which is defined for every x


class Unreadable(ValueError):
    """What was typed is no function of x and y; the message is one sentence for the reader."""

    cure = "Correct it, or press Undo."


@lru_cache(maxsize=32)  # the same text is the same function: what was compiled for it is used again
def function(text: str) -> Callable:
    """The function of x and y, numbers or arrays of one shape, that a text describes.

    Raises:
        Unreadable: one sentence that says what is wrong with the text.
    """
    if not text.strip():
        raise Unreadable("the function is empty: type one, for example x**2 + 3*y**2")
    if len(text) > LONGEST:
        raise Unreadable(f"the function has {len(text)} letters, more than {LONGEST}")
    plain = text.strip()
    for typed, meant in (("^", "**"), ("²", "**2"), ("³", "**3"), ("⁴", "**4"), ("−", "-"),
                         ("·", "*"), ("×", "*"), ("π", "pi")):  # fmt: skip
        plain = plain.replace(typed, meant)
    try:
        body = ast.parse(plain, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise Unreadable(
            f"{text!r} cannot be read: write products with *, as in 2*x*y, and close every bracket"
        ) from error
    check = partial(_value, x=jnp.array(0.5), y=jnp.array(0.25))
    check(body)

    def surface(x, y):
        value = _value(body, x, y)
        return value + 0.0 * x + 0.0 * y  # a constant has the shape of its arguments too

    surface.__name__ = "typed"
    return surface


def _value(node, x, y):
    """The value of a part of the formula."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value)
    if isinstance(node, ast.Name):
        known = {"x": x, "y": y} | CONSTANTS
        if node.id in known:
            return known[node.id]
        raise Unreadable(f"{node.id!r} is unknown here: {_allowed()}")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        value = _value(node.operand, x, y)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        return _power(_value(node.left, x, y), _value(node.right, x, y))
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        left, right = _value(node.left, x, y), _value(node.right, x, y)
        if isinstance(node.op, ast.Div):
            right = jnp.asarray(right)  # a division by zero is infinite, not an error
        return OPERATORS[type(node.op)](left, right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        name, given = node.func.id, [_value(part, x, y) for part in node.args]
        if name not in FUNCTIONS:
            raise Unreadable(f"{name!r} is unknown here: {_allowed()}")
        if len(given) != (2 if name in TWO else 1):
            wanted = "two numbers" if name in TWO else "one number"
            raise Unreadable(f"{name} takes {wanted}, got {len(given)}")
        return FUNCTIONS[name](*given)
    raise Unreadable(f"{ast.unparse(node)!r} cannot be used here: {_allowed()}")


def _power(base, exponent):
    if isinstance(exponent, float) and exponent.is_integer() and 0 <= exponent <= HIGHEST:
        return jnp.asarray(base) ** int(exponent)  # in JAX too much is infinite, not an error
    return jnp.power(jnp.asarray(base), exponent)


def _allowed() -> str:
    return f"use numbers, x, y, pi, e, + - * / **, brackets, {', '.join(FUNCTIONS)}"
