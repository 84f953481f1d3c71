"""One page about any network: `report(loss, params)` reads all the course's instruments."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from .derivatives import hvp
from .profiles import grid, line_profile, plane_profile
from .spectra import (
    Density,
    hessian_eigh,
    index,
    nullity,
    spectral_density,
    top_eigenpairs,
)
from .trees import astype, check_loss, check_params, norm, ravel_pytree


class Report(NamedTuple):
    """What the instruments read at one point; ``sentences`` says it in words.

    ``eigenvalues`` holds all N, ascending, or, where N is large, the lowest and the highest only;
    then ``index`` and ``zeros`` are None and ``density`` is an estimate of the whole spectrum.
    ``silent`` counts, for each weight array, the units that get exactly no gradient: (silent, all).
    ``line`` (2, 61) holds t and loss(params - t·gradient).  ``plane`` (25, 25) is the loss at
    params + α·highest + β·lowest eigenvector, both from -radius to radius, at [β, α].
    """

    size: int
    loss: float
    grad_norm: float
    eigenvalues: np.ndarray
    index: int | None
    zeros: int | None
    density: Density | None
    silent: dict[str, tuple[int, int]]
    learning_rate: float | None
    after_step: float | None
    line: np.ndarray
    plane: np.ndarray
    radius: float

    @property
    def sharpness(self) -> float:
        """The largest eigenvalue of the Hessian."""
        return float(self.eigenvalues[-1])

    @property
    def sentences(self) -> list[str]:
        """The report in plain words, one finding each."""
        found = [
            f"{self.size} parameters, loss {self.loss:.3g}, gradient norm {self.grad_norm:.2g}.",
            _spectrum(self),
        ]
        if self.learning_rate is not None:
            found.append(_step(self))
        silent = {name: counts for name, counts in self.silent.items() if counts[0]}
        listed = ", ".join(f"{few} of {many} in {name}" for name, (few, many) in silent.items())
        found.append(
            f"Units that get no gradient at all: {listed}."
            if silent
            else "Every unit gets a gradient."
        )
        return found


def _spectrum(r: Report) -> str:
    low, high = r.eigenvalues[0], r.eigenvalues[-1]
    reach = f"Curvature runs from {low:.2g} to {high:.2g}"
    if r.index is None:
        below = low < -1e-6 * max(abs(high), 1e-30)
        bent = "some directions curve down" if below else "no direction found curves down"
        return f"{reach}: {bent}."
    return (
        f"{reach}: of {r.size} eigenvalues {r.index} are negative (the index), {r.zeros} zero and "
        f"{r.size - r.index - r.zeros} positive."
    )


def _step(r: Report) -> str:
    change = r.after_step - r.loss
    verdict = f"the loss falls by {-change:.2g}" if change < 0 else "the loss does not fall"
    if change > 0:
        verdict = f"the loss rises by {change:.2g}"
    if not r.sharpness > 0:
        return f"No direction curves up; a step of η = {r.learning_rate:g}: {verdict}."
    limit = 2 / r.sharpness
    side = "below" if r.learning_rate < limit else "ABOVE"
    return (
        f"Learning rate {r.learning_rate:g} is {side} 2/λ_max = {limit:.2g}; after one gradient "
        f"step {verdict}."
    )


def report(
    loss,
    params,
    learning_rate: float | None = None,
    *,
    unit_axis: int = -1,
    most: int = 1600,
    seed: int = 0,
) -> Report:
    """Read every instrument of the course at ``params``.

    Parameters
    ----------
    loss : params -> scalar; any pytree of floating arrays, so any library's model.
    learning_rate : of plain gradient descent, to be held against 2/λ_max.
    unit_axis : the axis of a weight array that counts the units: -1 where a layer is ``x @ W``
        (Flax and this course), 0 where it is ``W @ x`` (Equinox, PyTorch).
    most : up to so many parameters the whole spectrum is computed (seconds at 1600), beyond it
        only its two ends and a density.
    seed : of the random vectors behind the density.

    Returns
    -------
    A `Report`; all is computed in float64.
    """
    params = astype(check_params(params), jnp.float64)
    check_loss(loss, params)
    if learning_rate is not None and not 0 < learning_rate < np.inf:
        raise ValueError(f"learning_rate must be positive and finite, but is {learning_rate}.")
    if unit_axis not in (-1, 0):
        raise ValueError(f"unit_axis must be -1 or 0, but is {unit_axis!r}.")
    flat, unravel = ravel_pytree(params)
    value, slope = jax.jit(jax.value_and_grad(loss))(params)
    density = count = zeros = None
    if flat.size <= most:
        values, vectors = hessian_eigh(loss, params)
        count, zeros = index(values), nullity(values)
        highest, lowest = vectors[:, -1], vectors[:, 0]
    else:
        top, bottom = (top_eigenpairs(loss, params, 2, which) for which in ("largest", "smallest"))
        values = np.concatenate([bottom.eigenvalues, top.eigenvalues[::-1]])
        highest, lowest = top.eigenvectors[:, 0], bottom.eigenvectors[:, 0]
        density = spectral_density(loss, params, jax.random.key(seed))
    reach = _reach(loss, params, slope, learning_rate)
    times = np.linspace(0, reach, 61)
    downhill = jax.tree.map(lambda p, g: p - reach * g, params, slope)
    line = line_profile(loss, params, downhill, times / reach)
    after = None
    if learning_rate is not None:
        after = float(loss(jax.tree.map(lambda p, g: p - learning_rate * g, params, slope)))
    radius = float(
        np.clip(np.sqrt(2 * abs(value) / max(values[-1], 1e-12)), 1e-3, float(norm(params)) or 1.0)
    )
    directions = [unravel(jnp.asarray(v)) for v in (highest, lowest)]
    plane = plane_profile(loss, params, *directions, grid(radius, 25))
    return Report(
        flat.size,
        float(value),
        float(norm(slope)),
        values,
        count,
        zeros,
        density,
        _silent(slope, unit_axis),
        learning_rate,
        after,
        np.stack([times, line]),
        plane,
        radius,
    )


def _reach(loss, params, slope, learning_rate) -> float:
    """How far to follow the gradient: past the step taken, to the valley if it is not too far."""
    length = float(norm(slope))
    bend = 0.0
    if length > 0:
        unit = jax.tree.map(lambda g: g / length, slope)
        turned = hvp(loss, params, unit)
        bend = float(ravel_pytree(unit)[0] @ ravel_pytree(turned)[0])
    valley = 2.5 / bend if bend > 1e-9 else 0.0
    if learning_rate is not None:  # the step has to be seen beside where it starts
        return min(max(1.3 * learning_rate, valley), 10 * learning_rate)
    return min(valley, 1e3) or 1.0


def _silent(slope: Any, unit_axis: int) -> dict[str, tuple[int, int]]:
    found = {}
    for path, leaf in jax.tree_util.tree_leaves_with_path(slope):
        if leaf.ndim > 1:
            units = np.moveaxis(np.asarray(leaf), unit_axis, 0)
            dead = ~np.any(units.reshape(len(units), -1), axis=1)
            found[jax.tree_util.keystr(path, simple=True, separator="/")] = (
                int(dead.sum()),
                len(dead),
            )
    return found
