"""Every public function has an example in its docstring, and it prints what it says."""

import doctest
import inspect

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import lecture_utils as lu

NAMES = {"jax": jax, "jnp": jnp, "np": np, "lu": lu}  # what the package's docstring tells to import
FUNCTIONS = [name for name in lu.__all__ if inspect.isfunction(getattr(lu, name))]
METHODS = [
    f"LinearOperator.{name}"
    for name, method in vars(lu.LinearOperator).items()
    if inspect.isfunction(method) and not name.startswith("_") and name not in ("matvec", "rows")
]


def run(thing, name):
    """How many examples a docstring holds, and how many of them print something else."""
    found = doctest.DocTestFinder(recurse=False).find(thing, name, globs=dict(NAMES))
    runner = doctest.DocTestRunner(optionflags=doctest.FAIL_FAST)
    for test in found:
        runner.run(test)
    return sum(len(test.examples) for test in found), runner.failures


@pytest.mark.parametrize("name", [*FUNCTIONS, "LinearOperator", *METHODS])
def test_the_example_of_every_public_function_prints_what_it_says(name):
    thing = lu
    for part in name.split("."):
        thing = getattr(thing, part)
    count, failed = run(thing, name)
    assert count and not failed


def test_the_names_that_examples_use_are_told():
    for line in ("import jax", "import jax.numpy as jnp", "import numpy as np"):
        assert line in lu.__doc__, line


def test_an_example_that_prints_something_else_is_found():
    def wrong():
        """One and one.

        >>> 1 + 1
        3
        """

    assert run(wrong, "wrong") == (1, 1)
