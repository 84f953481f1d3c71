"""The explorers of notebook 04: a random-matrix Hessian, a live search, a spectrum in training."""

from functools import lru_cache, partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from lecture_utils import surfaces
from lecture_utils.critical_points import CriticalPoints, find_critical_points
from lecture_utils.random_matrices import (
    critical_error,
    goe,
    index_of_error,
    wishart_wigner_density,
)
from lecture_utils.spectra import hessian_eigh
from lecture_utils.studio.controls import Integer, Point, Slider
from lecture_utils.studio.explorer import Explorer
from lecture_utils.studio.packing import letters
from lecture_utils.studio.player import Player

from . import figures

__all__ = [
    "LiveSearch",
    "RandomHessian",
    "TrainingSpectrum",
]

# --- Wishart + Wigner -----------------------------------------------------------------------------

_SIZE = 200  # of the sampled matrix
_Z = np.linspace(-2.4, 6.4, 500)
_EDGES = np.linspace(-2.4, 6.4, 89)
_EXCESS = np.logspace(-3, 5, 160)


@lru_cache(maxsize=1)
def _draws():
    samples = np.random.default_rng(4).standard_normal((_SIZE, 20 * _SIZE))
    return samples, goe(jax.random.key(4), _SIZE)


@lru_cache(maxsize=64)
def _wishart(phi):
    samples = _draws()[0][:, : max(1, round(_SIZE / phi))]
    return samples @ samples.T / samples.shape[1]


class Spectrum(NamedTuple):
    """The spectrum of the random Hessian at one φ and ε."""

    density: np.ndarray  # in theory, on _Z
    heights: np.ndarray  # of one sample's histogram, on _EDGES
    negative: int  # eigenvalues of the sample
    limit: float  # the critical error, or 0
    share: float  # of negative eigenvalues, in theory
    shares: np.ndarray | None  # the same at ε = limit (1 + _EXCESS), where there is a limit


@lru_cache(maxsize=64)
def _spectrum(phi, epsilon) -> Spectrum:
    values = np.linalg.eigvalsh(_wishart(phi) + np.sqrt(2 * epsilon) * _draws()[1])
    limit = float(critical_error(phi))
    return Spectrum(
        wishart_wigner_density(_Z, epsilon, phi),
        np.histogram(values, _EDGES)[0] / _SIZE / (_EDGES[1] - _EDGES[0]),
        int(np.sum(values < 0)),
        limit,
        float(index_of_error(epsilon, phi)),
        index_of_error(limit * (1 + _EXCESS), phi) if limit > 0 else None,
    )


class RandomHessian(Explorer):
    """Two sliders, φ and ε: the spectrum of the random Hessian moves, and its index with it."""

    title = "the spectrum of a random Hessian"
    aim = "at an error ε of at least 0.06, get the negative fraction α below 0.1 %, but not 0."
    alt = (
        "Left, the spectrum of a Wishart plus Wigner matrix with a movable mark; right, the "
        "fraction of negative eigenvalues against the excess of the error over its critical value."
    )
    controls = {
        "phi": Slider(0.5, 0.05, 1.5, 0.05, "φ, parameters per data point"),
        "epsilon": Slider(0.2, 0.002, 0.6, 0.002, "error ε", ".3f"),
    }
    points = {"mark": Point("left", start=(0.0, 1.2))}
    presets = {
        "φ = ¼, far above the critical error": {"phi": 0.25, "epsilon": 0.2},
        "hardly any error": {"phi": 0.5, "epsilon": 0.002},
        "as many parameters as data": {"phi": 1.0, "epsilon": 0.1},
    }

    def answer(self):
        """Just above the critical error, at the slider's next value."""
        self.set(phi=0.15, epsilon=float(np.ceil(critical_error(0.15) / 0.002) * 0.002))

    def paint(self):
        fig, (left, right) = figures.canvas(1, 2, size=(11, 4.2))
        self.left = left
        self.bars = left.bar(
            _EDGES[:-1], 0 * _EDGES[:-1], width=np.diff(_EDGES), align="edge", color="#BBBBBB"
        )
        self.below = left.fill_between(_Z, 0 * _Z, 0 * _Z, color=figures.BLUE, alpha=0.3, lw=0)
        (self.curve,) = left.plot(_Z, 0 * _Z, color=figures.BLACK, ls="-")
        green = {"color": figures.GREEN}
        (self.line,) = left.plot([0, 0], [0, 1.4], ls="--", lw=2, label="your mark z", **green)
        (self.handle,) = left.plot([0], [1.2], "D", mec="white", ms=12, **green)
        left.set(xlabel="eigenvalue λ", ylabel="density", xlim=(-2.4, 6.4), ylim=(0, 1.4))
        left.set_title("spectrum: theory (line), one sample (bars)")
        right.loglog(_EXCESS, 0.3 * _EXCESS**1.5, color=figures.GREY, ls=":", label="slope 3/2")
        (self.exact,) = right.plot(_EXCESS, _EXCESS, color=figures.BLACK, ls="-", label="exact α")
        red = {"color": figures.RED, "mec": "white", "ms": 12}
        (self.here,) = right.plot([], [], "o", label="your ε", **red)
        right.set(xlabel="excess $ε/ε_c − 1$", ylabel="negative fraction α", xlim=(1e-3, 1e5))
        right.set(ylim=(1e-6, 1))
        right.set_title("the index above $ε_c$")
        right.legend(loc="lower right")
        moving = [*self.bars, self.below, self.curve, self.line, self.handle]
        return fig, [*moving, self.exact, self.here]

    def compute(self, phi, epsilon, mark):
        """The spectrum, its density left of the mark, and the share that this is of all."""
        spectrum = _spectrum(phi, epsilon)
        below = np.where(mark[0] > _Z, spectrum.density, 0)
        return spectrum, below, np.trapezoid(below, _Z) / np.trapezoid(spectrum.density, _Z)

    def twin_data(self):
        """The one sample at every φ and at some ε; the theory needs no data."""
        phis = [round(0.05 * k, 2) for k in range(1, 31)]
        epsilons = sorted(
            {
                round(0.002 * k, 3)
                for k in [*range(1, 10, 2), *range(10, 40, 3), *range(40, 301, 20)]
            }
            | {self.declared["epsilon"].value}
            | {values["epsilon"] for values in self.presets.values()}
            | {round(float(np.ceil(critical_error(phi) / 0.002) * 0.002), 3) for phi in (0.1, 0.15)}
        )
        samples = []
        for phi in phis:
            for epsilon in epsilons:
                found = _spectrum(phi, epsilon)
                counts = np.round(found.heights * _SIZE * (_EDGES[1] - _EDGES[0]))
                samples.append(letters([found.negative, *counts]))
        return {"values": {"phi": phis, "epsilon": epsilons}, "samples": samples, "size": _SIZE}

    def draw(self, result, epsilon, mark):
        spectrum, below, _ = result
        self.curve.set_ydata(spectrum.density)
        self.below.set_data(_Z, 0 * _Z, below)
        self.line.set_xdata([mark[0]] * 2)
        self.handle.set_data([mark[0]], [mark[1]])
        for bar, height in zip(self.bars, spectrum.heights, strict=True):
            bar.set_height(height)
        self.exact.set_data(([], []) if spectrum.shares is None else (_EXCESS, spectrum.shares))
        shown = spectrum.limit > 0 and spectrum.share > 0
        place = ([epsilon / spectrum.limit - 1], [spectrum.share]) if shown else ([], [])
        self.here.set_data(place)

    def tell(self, result, epsilon, mark):
        spectrum, _, share_below = result
        limit = spectrum.limit
        where = (
            f"ε_c = {limit:.4f}, so ε = {epsilon / limit:.2f} ε_c"
            if limit > 0
            else "φ ≥ 1: ε_c = 0"
        )
        return (
            f"{where}. Negative: exact α = <b>{100 * spectrum.share:.2f} %</b>, in "
            f"the sample {spectrum.negative} of {_SIZE}. Below your mark z = {mark[0]:.2f}: "
            f"{100 * share_below:.0f} %"
        )

    def goal(self, result, epsilon):
        if epsilon >= 0.06 and 0 < result[0].share < 1e-3:
            return "a large error with almost only positive eigenvalues: many data per parameter."
        return None


# --- the live search ------------------------------------------------------------------------------

_DISTANCES = np.linspace(-4, 4, 81)
_PLAN = 355  # pixels on a side of the plan, which is square


@partial(jax.jit, static_argnums=0)
def _along(loss, theta, direction):
    return jax.lax.map(lambda t: loss(theta + t * direction), jnp.asarray(_DISTANCES))


class Known(NamedTuple):
    """One critical point, and whether the search has found it or it was known before."""

    params: np.ndarray  # (N,)
    loss: float
    index: int
    new: bool


class Chosen(NamedTuple):
    """The point that the reader chose, the loss along one eigenvector of it, and what is new."""

    point: Known
    eigenvalues: np.ndarray  # (N,), ascending
    eigenvalue: float
    direction: np.ndarray  # (N,), its eigenvector
    heights: np.ndarray  # the loss over that of the point, at _DISTANCES
    new: np.ndarray  # loss and share of negative eigenvalues (points, 2), certified
    missed: np.ndarray  # the same, not certified


def _points(found: CriticalPoints, new: bool, certified: bool = True) -> list[Known]:
    return [
        Known(np.asarray(found.params[k]), found.loss[k], found.index[k], new)
        for k in np.flatnonzero(found.certified == certified)
    ]


class LiveSearch(Explorer):
    """Search more critical points live, click one, look at its spectrum and along an eigenvector.

    ``loss`` takes a flat vector (N,); ``starts`` (searches, N) are tried one after the other by
    the button; ``found`` are the points known at first, with ``params`` (points, N).
    """

    title = "critical points of a real network, live"
    aim_searches = True
    aim = (
        "let the search find a new saddle (orange), click it, and turn to the last of its "
        "eigenvectors that bends down."
    )
    alt = (
        "Left, critical points by loss and fraction of negative eigenvalues, to be clicked; then "
        "the chosen one's spectrum, one eigenvector, and the loss along it."
    )

    def __init__(self, loss, starts, found: CriticalPoints, num_steps: int = 120):
        self.known = sorted(_points(found, new=False), key=lambda point: point.loss)
        if not self.known:
            raise ValueError("found must hold at least one certified point, but holds none.")
        self.loss, self.starts, self.num_steps = loss, starts, num_steps
        self.size, self.searches = starts.shape[1], len(starts)
        self._eigenpairs = lru_cache(maxsize=16)(
            lambda key: hessian_eigh(loss, jnp.asarray(np.frombuffer(key)))
        )
        low, high = self.known[0].loss, self.known[-1].loss
        highest = max(point.index for point in self.known) / self.size
        self.limits = (low * 0.97, high * 1.15), (-0.03, 1.2 * highest + 0.05)
        self.controls = {"eigenvector": Integer(1, 1, self.size, "eigenvector, from the lowest")}
        steep = [point for point in self.known if point.index >= 2] or self.known
        self.points = {"pick": Point("plan", start=self._place(steep[len(steep) // 2]))}
        self.presets = {
            "lowest loss": {"pick": (float(low), 0.0), "eigenvector": 1},
            "highest index": {"pick": (float(high), 1.0), "eigenvector": 1},
        }
        super().__init__()

    @classmethod
    def example(cls):
        """Himmelblau's function, lifted off zero for the logarithmic axis."""

        def loss(theta):
            return surfaces.himmelblau(theta) + 10

        side = np.linspace(-4, 4, 3)
        starts = jnp.stack(jnp.meshgrid(side, side), axis=-1).reshape(-1, 2)
        return cls(loss, starts, find_critical_points(loss, starts[:4], 100))

    def answer(self):
        """Search, pick the first new saddle, and turn to its last direction down."""
        self.set(search=True)
        self.wait()
        saddle = next(p for found in self.findings() for p in _points(found, True) if p.index)
        self.set(pick=self._place(saddle), eigenvector=int(saddle.index))

    def _place(self, point):
        """Where a point is on the plan: its loss, its share of negative eigenvalues."""
        return float(point.loss), float(point.index / self.size)

    def _on_plan(self, points) -> np.ndarray:
        return np.array([self._place(point) for point in points]).reshape(-1, 2)

    def paint(self):
        mosaic = [["plan", "spectrum", "profile"], ["plan", "entries", "profile"]]
        fig, axes = figures.canvas(mosaic, size=(11.4, 4.3), width_ratios=[1.3, 1, 1])
        self.plan, spectrum = axes["plan"], axes["spectrum"]
        profile, entries = axes["profile"], axes["entries"]
        plan, (losses, shares) = self.plan, self.limits
        plan.set(xscale="log", xlabel="loss L", ylabel="negative fraction α")
        plan.set(xlim=losses, ylim=shares)
        plan.set_title("click a point")
        plan.minorticks_off()
        ticks = np.geomspace(self.known[0].loss, self.known[-1].loss, 4)
        plan.set_xticks(ticks, [figures.short_number(tick) for tick in ticks])
        blue, orange = {"color": figures.BLUE}, {"color": figures.ORANGE, "mec": "black"}
        (old,) = plan.plot(*self._on_plan(self.known).T, "o", ms=6, label="known", **blue)
        (self.new,) = plan.plot([], [], "o", ms=8, label="new, certified", **orange)
        (self.lost,) = plan.plot([], [], "x", color=figures.GREY, ms=7, label="not certified")
        (self.ring,) = plan.plot([], [], "o", mfc="none", mec=figures.RED, mew=2.5, ms=15)
        # What the search finds is explained once there is some: elsewhere there never is.
        self.legend = plan.legend(loc="upper left", handlelength=1, labelspacing=0.2)
        self.rank = rank = np.arange(1, self.size + 1)
        self.stems = spectrum.vlines(rank, 0, 0 * rank, color=figures.GREY, lw=1.5)
        (self.mark,) = spectrum.plot([], [], "o", color=figures.GREEN, mec="white", ms=9)
        spectrum.axhline(0, color="black", lw=0.8)
        spectrum.set(xlabel="rank", ylabel="eigenvalue λ", xlim=(0, self.size + 1))
        spectrum.set_yscale("symlog", linthresh=0.01)
        spectrum.set(
            ylim=(-10, 10), yticks=[-1, -0.01, 0.01, 1], yticklabels=["−1", "−.01", ".01", "1"]
        )
        spectrum.set_title("its spectrum")
        self.bars = entries.vlines(rank, 0, 0 * rank, color=figures.GREEN, lw=1.5)
        entries.set(xlabel="parameter", ylabel="entry of v", ylim=(-1, 1))
        entries.set(xlim=(0, self.size + 1))
        (self.curve,) = profile.plot(_DISTANCES, _DISTANCES, color=figures.BLACK, ls="-")
        (self.bowl,) = profile.plot(_DISTANCES, _DISTANCES, color=figures.GREEN, ls="--")
        profile.set(xlabel="distance t along v", ylabel="L(θ + t v) − L(θ)")
        profile.set(xlim=(-4, 4), ylim=(-0.25, 0.25))
        profile.axhline(0, color="#CCCCCC", lw=1, ls="-")
        profile.set_title("loss along v, dashed: ½λt²")
        (self.hand,) = plan.plot([], [], "+", color=figures.BLACK, ms=11)  # where the reader points
        moving = [old, self.new, self.lost, self.ring, self.hand, self.legend]
        return fig, [*moving, self.stems, self.mark, self.bars, self.curve, self.bowl]

    def search(self, done):
        for row in range(done, len(self.starts)):
            yield find_critical_points(self.loss, self.starts[row : row + 1], self.num_steps)

    def _nearest(self, points, pick) -> Known:
        """The point that is nearest on the plan, to a pixel; the first of several."""
        (left, right), (bottom, top) = self.limits

        def pixels(places):
            across = np.log(np.maximum(places[:, 0], 1e-9) / left) / np.log(right / left)
            return _PLAN * np.stack([across, (places[:, 1] - bottom) / (top - bottom)])

        away = pixels(self._on_plan(points)) - pixels(np.array([pick]))
        return points[int(np.argmin(np.round(np.hypot(*away))))]

    def compute(self, pick, eigenvector, found):
        landed = self.findings()
        new = [point for one in landed for point in _points(one, new=True)]
        missed = [point for one in landed for point in _points(one, new=True, certified=False)]
        point = self._nearest(new + self.known, pick)  # new ones on top
        theta = np.asarray(point.params, dtype=float)
        values, vectors = self._eigenpairs(theta.tobytes())
        value, direction = values[eigenvector - 1], vectors[:, eigenvector - 1]
        heights = np.asarray(_along(self.loss, theta, direction)) - point.loss
        places = self._on_plan(new), self._on_plan(missed)
        return Chosen(point, values, value, direction, heights, *places)

    def twin_data(self):
        """The known points, without a search: spectra, eigenvectors and losses along them."""
        known = []
        for point in self.known:
            theta = np.asarray(point.params, dtype=float)
            values, vectors = self._eigenpairs(theta.tobytes())
            rises = [np.asarray(_along(self.loss, theta, v)) - point.loss for v in vectors.T]
            known.append(
                {
                    "loss": float(point.loss),
                    "index": int(point.index),
                    "values": [float(f"{value:.5g}") for value in values],
                    "directions": [_small(v) for v in vectors.T],
                    "heights": [_small(np.clip(rise, -2, 2)) for rise in rises],
                    "lowest": [int(r.argmin()) if r.min() < -1e-9 else None for r in rises],
                }
            )
        sizes = {"size": self.size, "plan": _PLAN, "fine": _FINE}
        return {"known": known, "limits": self.limits} | sizes

    def draw(self, result, pick, eigenvector, found):
        self.legend.set_visible(found > 0)
        self.new.set_data(result.new.T)
        self.lost.set_data(result.missed.T)
        self.ring.set_data(np.array([self._place(result.point)]).T)
        self.hand.set_data([pick[0]], [pick[1]])
        for stems, heights in ((self.stems, result.eigenvalues), (self.bars, result.direction)):
            stems.set_segments([[(r, 0), (r, h)] for r, h in zip(self.rank, heights, strict=True)])
        down = result.eigenvalues < -1e-8
        self.stems.set_color([figures.BLUE if d else figures.RED for d in down])
        self.mark.set_data([eigenvector], [result.eigenvalue])
        self.curve.set_ydata(result.heights)
        self.bowl.set_ydata(0.5 * result.eigenvalue * _DISTANCES**2)

    def tell(self, result, eigenvector, found):
        index, heights = result.point.index, result.heights
        kind = "a minimum" if index == 0 else "a saddle"
        step = f"t = {_DISTANCES[np.argmin(heights)]:+.2f}"
        falls = f"lowest at {step}" if heights.min() < -1e-9 else "nowhere lower"
        told = (
            f"L = {result.point.loss:.3f}, {kind} of index {index} of {self.size}. Eigenvector "
            f"{eigenvector}: λ = <b>{result.eigenvalue:+.2g}</b>, {falls}."
        )
        if not found:
            return told
        certified = f"<b>{len(result.new)} certified</b>"
        return f"{told} Searched {found} of {self.searches}, {certified}."

    def goal(self, result, eigenvector):
        if result.point.new and result.point.index >= 1 and eigenvector == result.point.index:
            return "your search found it, and this is its last direction that bends down."
        return None


_FINE = 500  # parts of one that the book keeps


def _small(numbers) -> str:
    """Numbers to a five-hundredth, as the differences of neighbors, in letters."""
    return letters(np.diff(np.round(numbers * _FINE), prepend=0))


# --- a spectrum in training -----------------------------------------------------------------------

_TOP = 30  # of the eigenvalues are shown one by one


class Cut(NamedTuple):
    """A spectrum, largest first, cut in two."""

    values: np.ndarray  # (N,)
    heights: np.ndarray  # of its histogram
    negative: int
    count: int  # right of the cut
    ratio: float  # of the two eigenvalues beside the cut, or 1 where that says nothing


class TrainingSpectrum(Player):
    """Slide through the training: all eigenvalues by rank, and a bar that cuts off the outliers.

    ``steps`` (T,), ``losses`` (T,), ``eigenvalues`` (T, N) ascending, ``outputs`` the number of
    classes.
    """

    title = "the spectrum along training"
    clock, speed = "time", 3
    alt = (
        "Left, a histogram of all Hessian eigenvalues at one step of the training with a movable "
        "cut; right, the largest eigenvalues by rank."
    )

    def __init__(self, steps, losses, eigenvalues, outputs: int):
        self.steps, self.losses, self.outputs = steps, losses, outputs
        self.spectra = np.asarray(eigenvalues)[:, ::-1]
        self.size = self.spectra.shape[1]
        self.bound = 1.1 * np.abs(self.spectra).max()
        self.edges = np.linspace(-self.bound, self.bound, 61)
        self.aim = (
            f"find a stage and a cut with {outputs - 1} to {outputs + 1} eigenvalues on its right "
            "and a gap of at least a factor 1.2 just there."
        )
        self.controls = {"time": Integer(0, 0, len(steps) - 1, "stage of the training")}
        self.points = {"mark": Point("left", start=(0.6 * self.bound, self.size**0.5))}
        self.presets = {
            "before training": {"time": 0, "mark": (0.0, self.size**0.5)},
            "at the end": {"time": len(steps) - 1, "mark": (0.0, self.size**0.5)},
        }
        super().__init__()

    @classmethod
    def example(cls):
        """Three stages with 60 eigenvalues, of which nine stand out at the second."""
        values = np.sort(0.1 * np.random.default_rng(0).standard_normal((3, 60)), axis=1)
        values[1, -9:] += 1
        return cls((0, 10, 100), (2.0, 1.0, 0.1), values, 10)

    def answer(self):
        """At the first stage where so many stand out, drag the cut into the gap below them."""
        for time, values in enumerate(self.spectra):
            for count in range(self.outputs - 1, self.outputs + 2):
                self.set(time=time, mark=(float(values[count - 1 : count + 1].mean()), 5.0))
                if self.goal_reached:
                    return

    def paint(self):
        fig, (left, right) = figures.canvas(1, 2, size=(11, 4.2))
        self.left, edges, black = left, self.edges, {"color": figures.BLACK, "ls": "--", "lw": 2}
        self.bars = left.bar(edges[:-1], 0 * edges[:-1], width=np.diff(edges), align="edge")
        for bar, edge in zip(self.bars, edges[1:], strict=True):
            bar.set_color(figures.BLUE if edge <= 1e-9 else figures.RED)
        (self.cut,) = left.plot([0, 0], [0.3, 3 * self.size], **black)
        left.set(xlabel="eigenvalue λ", ylabel="how many", yscale="log", ylim=(0.5, 2 * self.size))
        left.set(xlim=(-self.bound, self.bound))
        left.set_title("all eigenvalues: drag the cut")
        self.rank = rank = np.arange(1, min(_TOP, self.size) + 1)
        (self.inside,) = right.plot(rank, rank, "o", color=figures.GREY, label="bulk")
        red = {"color": figures.RED, "mec": "black", "ms": 8}
        (self.outside,) = right.plot([], [], "o", label="right of the cut", **red)
        (self.level,) = right.plot([0, len(rank) + 1], [0, 0], **black)
        edge = {"color": figures.SKY, "lw": 2, "ls": ":", "label": f"{self.outputs} classes"}
        right.axvline(self.outputs + 0.5, **edge)
        right.set(xlabel="rank from the top", ylabel="eigenvalue λ", xlim=(0, len(rank) + 1))
        right.set(ylim=(0, self.bound))
        right.set_title("the largest ones")
        right.legend(loc="upper right")
        return fig, [*self.bars, self.cut, self.inside, self.outside, self.level]

    def compute(self, time, mark):
        values = self.spectra[time]
        count, ratio = int(np.sum(values > mark[0])), 1.0
        if 0 < count < self.size and values[count] > 0:  # a ratio is of positive neighbors
            ratio = float(values[count - 1] / values[count])
        heights = np.histogram(values, self.edges)[0]
        return Cut(values, heights, int(np.sum(values < -1e-9)), count, ratio)

    def twin_data(self):
        return {
            "steps": [int(step) for step in self.steps],
            "losses": [float(loss) for loss in self.losses],
            "spectra": [[float(f"{value:.5g}") for value in row] for row in self.spectra],
            "outputs": self.outputs,
            "bound": float(self.bound),
            "top": _TOP,
        }

    def draw(self, result, mark):
        for bar, height in zip(self.bars, result.heights, strict=True):
            bar.set_height(height)
        self.cut.set_xdata([mark[0]] * 2)
        self.level.set_ydata([mark[0]] * 2)
        top, outside = len(self.rank), min(result.count, len(self.rank))
        self.inside.set_ydata(result.values[:top])
        self.outside.set_data(self.rank[:outside], result.values[:outside])

    def tell(self, result, time, mark):
        ratio = result.ratio
        words = f"the gap there is a factor {ratio:.2f}" if ratio > 1 else "no gap there"
        return (
            f"Step {self.steps[time]}: loss {self.losses[time]:.2f}, {result.negative} of "
            f"{self.size} eigenvalues negative, largest {result.values[0]:.2f}. Right of the cut "
            f"λ = {mark[0]:.3f}: <b>{result.count}</b>; {words}."
        )

    def goal(self, result):
        if abs(result.count - self.outputs) <= 1 and result.ratio >= 1.2:
            return f"{result.count} outliers for {self.outputs} classes, and a gap below them."
        return None
