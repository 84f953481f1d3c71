"""What the unit tests share: the contract of an error message, and one small network problem."""

import re
from contextlib import contextmanager

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import settings

from lecture_utils.networks import cross_entropy, mlp

_LOWERED = "jaxpr_to_mlir_module_duration"
PROPERTY = settings(max_examples=20, deadline=None, derandomize=True, database=None)


@contextmanager
def refuses(named: str):
    """The block raises a ValueError: one short sentence that names the argument ``named``."""
    with pytest.raises(ValueError) as caught:
        yield
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert len(sentence) <= 250, sentence
    assert sentence.endswith("."), sentence
    assert not re.search(r"[.!?]\s+[A-Z]", sentence), f"more than one sentence: {sentence}"
    assert re.search(rf"\b{re.escape(named)}\b", sentence), f"{named!r} is not named: {sentence}"


_compiled = []
jax.monitoring.register_event_duration_secs_listener(
    lambda event, *_, **__: _compiled.append(event) if event.endswith(_LOWERED) else None
)


@contextmanager
def counted_compilations():
    """The block's list of programs that JAX had to make; known ones do not count."""
    before, found = len(_compiled), []
    yield found
    found += _compiled[before:]


# With biases, large enough for Lanczos (N > 64) and for a batch with a remainder.
SIZE = 83
NET = mlp([4, 10, 3], "tanh", dtype=jnp.float64)
PARAMS = jax.tree.map(
    lambda leaf: leaf + 0.1 * np.random.default_rng(leaf.size).standard_normal(leaf.shape),
    NET.init(jax.random.key(0)),
)
X = np.random.default_rng(1).standard_normal((20, 4))
Y = np.arange(20) % 3


def net_loss(params):
    """Cross-entropy of NET on 20 random examples."""
    return cross_entropy(NET.apply(params, X), Y)
