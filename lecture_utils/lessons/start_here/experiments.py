"""What notebook 00 computes beside its argument: the best of one unit, a copy of a network."""

import numpy as np

__all__ = ["lowest_loss_of_one_unit", "random_copy"]


def lowest_loss_of_one_unit(x, y) -> float:
    """The smallest mean squared error of v·tanh(w(x − c)) on the data x, y (points,).

    200 steepnesses w and 161 centers c are tried, each with its best height v, which is a
    least-squares problem in one number.
    """
    x, y = np.asarray(x), np.asarray(y)
    w, c = np.meshgrid(np.geomspace(0.05, 50, 200), np.linspace(-4, 4, 161))
    h = np.tanh(w[..., None] * (x - c[..., None]))
    explained = (h @ y) ** 2 / np.sum(h**2, axis=-1)
    return float(np.mean(y**2) - np.max(explained) / len(x))


def random_copy(theta, rng: np.random.Generator) -> np.ndarray:
    """The same function elsewhere: ``theta`` (3, units) in another order, signs turned at random.

    A unit v·tanh(wx + b) stays what it is when w, b and v all change their sign.
    """
    theta = np.asarray(theta)
    signs = rng.choice([1, -1], theta.shape[1])
    return (theta * signs)[:, rng.permutation(theta.shape[1])]
