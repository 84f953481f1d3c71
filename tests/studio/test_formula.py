"""A function that a reader types: what is read, and what is answered by a sentence."""

import jax
import numpy as np
import pytest

from lecture_utils.studio.formula import FUNCTIONS, Unreadable, function

X, Y = np.meshgrid(np.linspace(-2, 2, 5), np.linspace(0.5, 1, 4))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("x**2 + 3*y**2", lambda x, y: x**2 + 3 * y**2),
        ("x^2 − x·y³", lambda x, y: x**2 - x * y**3),
        ("-x**2/4 + 1e-1", lambda x, y: -(x**2) / 4 + 0.1),
        ("sin(pi*x) * exp(-y) + log(y)", lambda x, y: np.sin(np.pi * x) * np.exp(-y) + np.log(y)),
        ("max(x, y) + abs(x) - min(x, 0)", lambda x, y: np.maximum(x, y) + abs(x) - x * (x < 0)),
        ("e**y - y**0.5", lambda x, y: np.exp(y) - np.sqrt(y)),
        (" 3 ", lambda x, y: 3 + 0 * x),
    ],
)
def test_it_is_the_function_that_is_meant(text, meant):
    np.testing.assert_allclose(function(text)(X, Y), meant(X, Y), rtol=1e-6, atol=1e-6)


def test_powers_have_derivatives_everywhere():
    H = jax.hessian(lambda p: function("x**2*y + x**1 - y**4")(p[0], p[1]))(np.zeros(2))
    np.testing.assert_allclose(H, 0)
    H = jax.hessian(lambda p: function("x**2*y")(p[0], p[1]))(np.array([-1.0, 2.0]))
    np.testing.assert_allclose(H, [[4, -2], [-2, 0]])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "type one"),
        ("2x", "products with \\*"),
        ("(x + 1", "every bracket"),
        ("x + z", "'z' is unknown"),
        ("sinus(x)", "'sinus' is unknown"),
        ("max(x)", "takes two numbers"),
        ("x.real", "cannot be used"),
        ("__import__('os')", "cannot be used"),
        ("(lambda: x)()", "cannot be used"),
        ("[x for x in y]", "cannot be used"),
        ("x if y else 1", "cannot be used"),
        ("x < y", "cannot be used"),
        ("'x'", "cannot be used"),
        ("True", "cannot be used"),
        ("sin(x, axis=0)", "cannot be used"),
        ("x" + "+x" * 200, "more than 200"),
        ("(" * 150, "every bracket"),
        ("x\x00", "cannot be read"),
    ],
)
def test_whatever_else_is_one_sentence(text, said):
    with pytest.raises(Unreadable, match=said) as raised:
        function(text)
    assert "\n" not in str(raised.value)


def test_too_large_is_infinite_and_takes_no_time():
    assert np.isinf(function("9**9**9**9**9")(0.0, 0.0))
    assert np.isinf(function("1/0")(0.0, 0.0))
    assert np.isinf(function("1e300**12*1e300")(0.0, 0.0))


def test_the_same_text_is_the_same_function():
    assert function("x + y") is function("x + y")
    assert {"sin", "exp"} <= FUNCTIONS.keys()
