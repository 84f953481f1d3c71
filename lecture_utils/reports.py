"""One page about any network: `report(loss, params)` reads all the course's instruments.

`compare` sets two points side by side, most often start and end of a training.  Both are pages of
text (``text``) and of HTML with drawings (``html``, and what a notebook shows).
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from . import pages
from .batches import over_batches
from .bound import bind, compiled
from .derivatives import hvp
from .layouts import as_units, names, unit_axes
from .pages import html_page
from .profiles import barrier, grid, line_profile, plane_profile
from .spectra import (
    Density,
    hessian_eigh,
    index,
    nullity,
    spectral_density,
    top_eigenpairs,
)
from .trees import (
    check_like,
    check_params,
    direction_of,
    flat_array,
    is_float,
    names_of_held,
    norm,
    ravel_pytree,
    weights_of,
)


class Report(NamedTuple):
    """What the instruments read at one point; ``sentences`` says it in words.

    ``eigenvalues`` holds all N, ascending, or, where N is large, the lowest and the highest only;
    then ``index`` and ``zeros`` are None and ``density`` is an estimate of the whole spectrum.
    ``silent`` counts, for each weight array, the units that get exactly no gradient: (silent, all).
    ``line`` (2, 61) holds t and loss(params - t·gradient).  ``plane`` (25, 25) is the loss at
    params + α·highest + β·lowest eigenvector, both from -radius to radius, at [β, α]; NaN where
    the loss is not defined.  ``held`` names what was kept fixed beside the weights, with its size;
    ``precision`` is the dtype in which the loss is really computed.
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
    held: dict[str, int] = {}
    precision: str = "float64"

    @property
    def sharpness(self) -> float:
        """The largest eigenvalue of the Hessian."""
        return float(self.eigenvalues[-1])

    @property
    def text(self) -> str:
        """The sentences, one a line."""
        return "\n".join(self.sentences)

    def html(self, title: str = "Report") -> str:
        """A page of HTML that needs nothing else: the sentences and three drawings."""
        return html_page(title, self.sentences, _drawings(self), _note(self))

    def _repr_html_(self):
        return self.html()

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
        broken = [
            f"{np.mean(~np.isfinite(losses)):.0%} of the {name}"
            for name, losses in (("line", self.line[1]), ("plane", self.plane))
            if not np.all(np.isfinite(losses))
        ]
        if broken:
            found.append(f"On {' and '.join(broken)} the loss is NaN or infinite.")
        if self.held:
            listed = ", ".join(f"{name} ({size} numbers)" for name, size in self.held.items())
            found.append(f"Held fixed, because they are no weights: {listed}.")
        if self.precision != "float64":
            found.append(
                f"The loss computes in {self.precision}: curvature below its rounding counts as "
                "zero."
            )
        return found


def _drawings(r: Report, prefix: str = "") -> list[str]:
    times, losses = r.line
    marks = [(times[0], losses[0], pages.BLUE, "here")]
    if r.learning_rate is not None:
        marks.append((r.learning_rate, r.after_step, pages.RED, "after one step"))
    if r.density is None:
        shown, ticks = pages.signed_logarithm(r.eigenvalues)
        ranks = np.arange(1, len(shown) + 1)
        spectrum = pages.curves(
            f"{prefix}Spectrum", "rank", "eigenvalue λ", [(ranks, shown, pages.BLACK)], (), ticks
        )
    else:
        density = np.maximum(r.density.density, 1e-5 * r.density.density.max())
        spectrum = pages.curves(
            f"{prefix}Spectrum", "eigenvalue λ", "log₁₀ of density",
            [(r.density.grid, np.log10(density), pages.BLACK)],
        )  # fmt: skip
    return [
        spectrum,
        pages.curves(
            f"{prefix}Down the gradient", "step t", "loss", [(times, losses, pages.BLACK)], marks
        ),
        pages.plane(
            f"{prefix}Change of the loss", "along the highest curvature", "along the lowest",
            r.plane - r.loss, r.radius,
        ),
    ]  # fmt: skip


def _note(r: Report) -> str:
    """How the heights of the spectrum are to be read, where its axis is none of the usual ones."""
    if r.density is not None:
        return ""
    return (
        "The eigenvalues are drawn over decades on both sides of zero: equal heights are equal "
        "factors, except within a thousandth of the largest |λ| around zero, where the axis is "
        "that of a ruler."
    )


def _spectrum(r: Report) -> str:
    low, high = r.eigenvalues[0], r.eigenvalues[-1]
    reach = f"Curvature runs from {low:.3g} to {high:.3g}"
    if r.index is None:
        below = low < -1e-6 * max(abs(high), 1e-30)
        bent = "some directions curve down" if below else "no direction found curves down"
        return f"{reach}: {bent}."
    return (
        f"{reach}: of {r.size} eigenvalues {r.index} are negative (the index), {r.zeros} zero and "
        f"{r.size - r.index - r.zeros} positive."
    )


def _step(r: Report) -> str:
    if not np.isfinite(r.after_step):
        kind = "NaN" if np.isnan(r.after_step) else "infinite"
        return f"After one gradient step of η = {r.learning_rate:g} the loss is {kind}."
    change = r.after_step - r.loss
    verdict = f"the loss falls by {-change:.2g}" if change < 0 else "the loss does not fall"
    if change > 0:
        verdict = f"the loss rises by {change:.2g}"
    if not r.sharpness > 0:
        return f"No direction curves up; a step of η = {r.learning_rate:g}: {verdict}."
    limit = 2 / r.sharpness
    side = "below" if r.learning_rate < limit else "ABOVE"
    return (
        f"Learning rate {r.learning_rate:g} is {side} 2/λ_max = {limit:.3g}; after one gradient "
        f"step {verdict}."
    )


def report(
    loss,
    params,
    learning_rate: float | None = None,
    *,
    unit_axis: int | None = None,
    most: int = 1600,
    seed: int = 0,
    batches=None,
    dtype=None,
) -> Report:
    """Read every instrument of the course at ``params``.

    Parameters
    ----------
    loss : params -> scalar; any pytree of floating arrays, so any library's model.  With
        ``batches``, (params, batch) -> scalar, the mean over the examples of a batch.
    learning_rate : of plain gradient descent, to be held against 2/λ_max.
    unit_axis : the axis of a weight array that counts the units: -1 where a layer is ``x @ W``
        (Flax and this course), 0 where it is ``W @ x`` (Equinox, PyTorch); by default found out
        from names and biases.
    most : up to so many parameters the whole spectrum is computed (seconds at 1600), beyond it
        only its two ends, to three digits, and a density.
    seed : of the random vectors behind the density.
    batches : an iterable of batches; the page is about the mean over all their examples, as
        `over_batches` makes it.
    dtype : of the parameters in the evaluation: float64 wherever the loss can be evaluated so.

    Returns
    -------
    A `Report`.

    >>> page = lu.report(lambda p: p[0] ** 2 - p[1] ** 2 + 2, jnp.array([1.0, 0.0]), 0.1)
    >>> print(page.text)
    2 parameters, loss 3, gradient norm 2.
    Curvature runs from -2 to 2: of 2 eigenvalues 1 are negative (the index), 0 zero and 1 positive.
    Learning rate 0.1 is below 2/λ_max = 1; after one gradient step the loss falls by 0.36.
    Every unit gets a gradient.
    """
    if batches is not None:
        loss = over_batches(loss, batches)
    if learning_rate is not None and not 0 < learning_rate < np.inf:
        raise ValueError(f"learning_rate must be positive and finite, but is {learning_rate}.")
    loss = bind(loss, params, dtype, double=True)
    with loss.scope():
        return _read(loss, learning_rate, unit_axes(loss.params, unit_axis), most, seed)


class Comparison(NamedTuple):
    """Two reports, and what lies between the points: ``line`` (2, 51) holds α and the loss there.

    ``distance`` is that of the weights, ``length`` the norm of those at the start.
    """

    start: Report
    end: Report
    line: np.ndarray
    distance: float
    length: float

    @property
    def text(self) -> str:
        """The sentences, one a line."""
        return "\n".join(self.sentences)

    def html(self, title: str = "Start and end") -> str:
        """A page of HTML that needs nothing else: the sentences and the drawings of both."""
        drawings = [
            pages.curves(
                "From start to end", "place α", "loss", [(*self.line, pages.BLACK)],
                [
                    (0, self.line[1, 0], pages.BLUE, "start"),
                    (1, self.line[1, -1], pages.RED, "end"),
                ],
            ),
            *_drawings(self.start, "Start: "),
            *_drawings(self.end, "End: "),
        ]  # fmt: skip
        return html_page(title, self.sentences, drawings, _note(self.start))

    def _repr_html_(self):
        return self.html()

    @property
    def sentences(self) -> list[str]:
        """What has changed, in plain words, one finding each."""
        a, b = self.start, self.end
        found = [
            f"The loss {_changed(a.loss, b.loss)}, the gradient norm "
            f"{_changed(a.grad_norm, b.grad_norm)}.",
            f"The weights moved by {self.distance:.2g}; their norm was {self.length:.2g}.",
            f"The largest eigenvalue {_changed(a.sharpness, b.sharpness)}, the lowest "
            f"{_changed(float(a.eigenvalues[0]), float(b.eigenvalues[0]))}.",
        ]
        if a.index is not None:
            found.append(
                f"Negative eigenvalues: {a.index} of {a.size} at the start, {b.index} at the end."
            )
        silent = [sum(few for few, _ in page.silent.values()) for page in (a, b)]
        if any(silent):
            found.append(
                f"Units without a gradient: {silent[0]} at the start, {silent[1]} at the end."
            )
        if not np.all(np.isfinite(self.line[1])):
            found.append("On the straight line between them the loss is not finite everywhere.")
        else:
            hill = barrier(self.line[1])
            scale = max(abs(a.loss), abs(b.loss), 1e-30)
            found.append(
                f"On the straight line between them the loss rises {hill:.2g} above its ends' "
                "connection."
                if hill > 1e-6 * scale
                else "On the straight line between them is no hill."
            )
        return found


def _changed(before: float, after: float) -> str:
    if f"{before:.3g}" == f"{after:.3g}":
        return f"stayed at {after:.3g}"
    return f"{'fell' if after < before else 'rose'} from {before:.3g} to {after:.3g}"


def compare(loss, start, end, learning_rate: float | None = None, *, batches=None, **options):
    """The reports at two points, most often start and end of a training, and the line between.

    Arguments as in `report`, whose ``options`` go to both; a `Comparison` comes back.

    >>> found = lu.compare(lambda p: jnp.sum(p**4), jnp.array([1.0, -1.0]), jnp.array([0.5, 0.0]))
    >>> print(found.text)
    The loss fell from 2 to 0.0625, the gradient norm fell from 5.66 to 0.5.
    The weights moved by 1.1; their norm was 1.4.
    The largest eigenvalue fell from 12 to 3, the lowest fell from 12 to 0.
    Negative eigenvalues: 0 of 2 at the start, 0 at the end.
    On the straight line between them is no hill.
    """
    if batches is not None:
        loss = over_batches(loss, batches)
    check_like(check_params(end, "end"), check_params(start, "start"), "end")
    pages_of = [report(loss, params, learning_rate, **options) for params in (start, end)]
    places = np.linspace(0, 1, 51)
    line = line_profile(loss, start, end, places, dtype=options.get("dtype"))
    weights = [flat_array(weights_of(params)) for params in (start, end)]
    return Comparison(
        *pages_of,
        line=np.stack([places, line]),
        distance=float(np.linalg.norm(weights[1] - weights[0])),
        length=float(np.linalg.norm(weights[0])),
    )


ENDS = 1e-3  # tolerance of the two ends of a large spectrum: three digits and more of a page


def _read(loss, learning_rate, layout, most, seed) -> Report:
    params = loss.params
    value, slope = _value_and_slope(loss, loss.weights)
    value = float(value)
    for what, number in (("loss", value), ("gradient of loss", float(norm(slope)))):
        if not np.isfinite(number):
            kind = "NaN" if np.isnan(number) else "infinite"
            raise ValueError(f"the {what} is {kind} at params: move to where it is finite.")
    slope, density, count, zeros = loss.moving(slope), None, None, None
    if loss.size <= most:
        values, vectors = hessian_eigh(loss, params)
        count, zeros = index(values), nullity(values)
        values, highest, lowest = values.astype(float), vectors[:, -1], vectors[:, 0]
    else:
        tol = max(ENDS, 10 * loss.eps)
        top, bottom = (
            top_eigenpairs(loss, params, 2, which, tol=tol) for which in ("largest", "smallest")
        )
        values = np.concatenate([bottom.eigenvalues, top.eigenvalues[::-1]])
        highest, lowest = top.eigenvectors[:, 0], bottom.eigenvectors[:, 0]
        density = spectral_density(loss, params, jax.random.key(seed))
    reach = _reach(loss, slope, learning_rate)
    times = np.linspace(0, reach, 61)
    line = line_profile(loss, params, _downhill(params, slope, reach), times / reach)
    after = None
    if learning_rate is not None:
        there = weights_of(_downhill(params, slope, learning_rate))
        after = float(loss.run(there))
    length = float(norm(loss.weights)) or 1.0
    radius = float(np.clip(np.sqrt(2 * abs(value) / max(values[-1], 1e-12)), 1e-3, length))
    directions = [direction_of(vector, params) for vector in (highest, lowest)]
    plane = plane_profile(loss, params, *directions, grid(radius, 25))
    return Report(
        size=loss.size,
        loss=value,
        grad_norm=float(norm(weights_of(slope))),
        eigenvalues=values,
        index=count,
        zeros=zeros,
        density=density,
        silent=_silent(slope, layout),
        learning_rate=learning_rate,
        after_step=after,
        line=np.stack([times, line]),
        plane=plane,
        radius=radius,
        held=names_of_held(params),
        precision=str(loss.precision),
    )


@compiled
def _value_and_slope(loss, weights):
    return jax.value_and_grad(loss)(weights)


def _downhill(params, slope, far):
    return jax.tree.map(
        lambda p, g: p - jnp.asarray(far, p.dtype) * g if is_float(p) else p, params, slope
    )


def _reach(loss, slope, learning_rate) -> float:
    """How far to follow the gradient: past the step taken, to the valley if it is not too far."""
    flat, _ = ravel_pytree(weights_of(slope))
    length, bend = float(norm(flat)), 0.0
    if length > 0:
        unit = direction_of(flat / length, loss.params)
        turned, _ = ravel_pytree(weights_of(hvp(loss, loss.params, unit)))
        bend = float(flat @ turned) / length
    valley = 2.5 / bend if bend > 1e-9 else 0.0
    if learning_rate is not None:  # the step has to be seen beside where it starts
        return min(max(1.3 * learning_rate, valley), 10 * learning_rate)
    return min(valley, 1e3) or 1.0


def _silent(slope, layout) -> dict[str, tuple[int, int]]:
    """For each weight array how many units get no gradient at all, of how many."""
    found = {}
    for name, leaf, axes in zip(names(slope), jax.tree.leaves(slope), layout, strict=True):
        if axes is not None:
            units = as_units(leaf, axes)
            found[name] = int(np.sum(~np.any(units, axis=1))), len(units)
    return found
