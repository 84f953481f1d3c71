"""Data that needs no network connection: scikit-learn's own digits, and what we make ourselves."""

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np


class Dataset(NamedTuple):
    """Inputs x, (n, d) or (n,), and targets y: integer labels (n,) or values (n,)."""

    x: jnp.ndarray
    y: jnp.ndarray


FIVE_POINTS = Dataset(np.array([-1.0, 1.0, 3.0, 4.0, 5.0]), np.array([3.0, -3.0, 0.0, 1.0, 2.0]))
"""Slide 38: (-1,3), (1,-3), (3,0), (4,1), (5,2)."""


def digits(num: int | None = None, dtype=jnp.float32) -> Dataset:
    """1797 handwritten digits of 8×8 pixels, scaled to [0, 1], with labels 0-9.

    The first ``num`` in scikit-learn's order (all by default): x (num, 64) of ``dtype``, y (num,).
    """
    from sklearn.datasets import load_digits  # half a second that most imports do not need

    x, y = load_digits(return_X_y=True)
    if num is not None and not 1 <= num <= len(y):
        raise ValueError(f"num must be between 1 and {len(y)}, the number of digits, got {num}.")
    return Dataset(jnp.asarray(x[:num] / 16.0, dtype=dtype), jnp.asarray(y[:num]))


def noisy_labels(labels, fraction: float, seed: int, classes: int = 10):
    """Replace exactly round(fraction·n) of the integer labels (n,) by a different class each."""
    if not 0 <= fraction <= 1:
        raise ValueError(f"fraction must be between 0 and 1, but is {fraction}.")
    if classes < 2:
        raise ValueError(f"classes must be at least 2 for a label to be wrong, but is {classes}.")
    labels = np.array(labels)
    if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            "labels must be integers of shape (n,), but has "
            f"shape {labels.shape} and dtype {labels.dtype}."
        )
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(labels), size=round(fraction * len(labels)), replace=False)
    shift = rng.integers(1, classes, size=len(chosen))
    labels[chosen] = (labels[chosen] + shift) % classes
    return jnp.asarray(labels)
