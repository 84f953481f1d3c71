"""What every test shares: JAX stays on the CPU, whatever machine runs it."""

import os

os.environ["JAX_PLATFORMS"] = "cpu"


def pytest_make_parametrize_id(config, val, argname):
    """A function by its name: its repr holds an address, and two test processes must agree."""
    return getattr(val, "__name__", type(val).__name__) if callable(val) else None
