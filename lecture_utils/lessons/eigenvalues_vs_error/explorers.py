"""The explorers of notebook 04: a random-matrix Hessian, a live search, a spectrum in training."""

import threading
from functools import lru_cache, partial

import ipywidgets as widgets
import jax
import jax.numpy as jnp
import numpy as np

from lecture_utils.critical_points import CriticalPoints, find_critical_points
from lecture_utils.random_matrices import (
    critical_error,
    goe,
    index_of_error,
    wishart_wigner_density,
)
from lecture_utils.spectra import hessian_eigh
from lecture_utils.studio.live import LivePicture
from lecture_utils.studio.panel import AssembledExplorer, slider

from . import figures

__all__ = ["explore_critical_points", "explore_theory", "explore_training"]

# --- Wishart + Wigner -----------------------------------------------------------------------------

_SIZE = 200  # of the sampled matrix


@lru_cache(maxsize=1)
def _draws():
    samples = np.random.default_rng(4).standard_normal((_SIZE, 20 * _SIZE))
    return samples, goe(jax.random.key(4), _SIZE)


@lru_cache(maxsize=64)
def _wishart(phi):
    samples = _draws()[0][:, : max(1, round(_SIZE / phi))]
    return samples @ samples.T / samples.shape[1]


@figures.styled
def explore_theory() -> AssembledExplorer:
    """Two sliders, φ and ε: the spectrum of the random Hessian moves, and its index with it."""
    fig, (left, right) = figures.canvas(1, 2, size=(11, 4.2))
    z = np.linspace(-2.4, 6.4, 500)
    edges = np.linspace(-2.4, 6.4, 89)
    bars = left.bar(edges[:-1], 0 * edges[:-1], width=np.diff(edges), align="edge", color="#BBBBBB")
    up = left.fill_between(z, 0 * z, 0 * z, color=figures.BLUE, alpha=0.3, lw=0)
    (curve,) = left.plot(z, 0 * z, color=figures.BLACK, ls="-")
    (line,) = left.plot([0, 0], [0, 1.4], color=figures.GREEN, ls="--", lw=2, label="your mark z")
    (handle,) = left.plot([0], [1.2], "D", color=figures.GREEN, mec="white", ms=12)
    left.set(xlabel="eigenvalue λ", ylabel="density", xlim=(-2.4, 6.4), ylim=(0, 1.4))
    left.set_title("spectrum: theory (line), one sample (bars)")
    excess = np.logspace(-3, 5, 160)
    right.loglog(excess, 0.3 * excess**1.5, color=figures.GREY, ls=":", label="slope 3/2")
    (exact,) = right.plot(excess, excess, color=figures.BLACK, ls="-", label="exact α")
    (here,) = right.plot([], [], "o", color=figures.RED, mec="white", ms=12, label="your ε")
    right.set(xlabel="excess $ε/ε_c − 1$", ylabel="negative fraction α", xlim=(1e-3, 1e5))
    right.set(ylim=(1e-6, 1))
    right.set_title("the index above $ε_c$")
    right.legend(loc="lower right")
    picture = LivePicture(
        fig,
        "Left, the spectrum of a Wishart plus Wigner matrix with a movable mark; right, the "
        "fraction of negative eigenvalues against the excess of the error over its critical value.",
    )
    picture.animate(*bars, up, curve, line, handle, exact, here)

    def update(phi, epsilon, mark):
        density = wishart_wigner_density(z, epsilon, phi)
        curve.set_ydata(density)
        up.set_data(z, 0 * z, np.where(z < mark[0], density, 0))
        line.set_xdata([mark[0]] * 2)
        handle.set_data([mark[0]], [mark[1]])
        values = np.linalg.eigvalsh(_wishart(phi) + np.sqrt(2 * epsilon) * _draws()[1])
        heights = np.histogram(values, edges)[0] / _SIZE / (edges[1] - edges[0])
        for bar, height in zip(bars, heights, strict=True):
            bar.set_height(height)
        limit, share = float(critical_error(phi)), float(index_of_error(epsilon, phi))
        if limit > 0:
            exact.set_data(excess, index_of_error(limit * (1 + excess), phi))
            place = [epsilon / limit - 1], [share]
            here.set_data(*(place if share > 0 else ([], [])))
        else:
            exact.set_data([], [])
            here.set_data([], [])
        below = np.trapezoid(np.where(z < mark[0], density, 0), z) / np.trapezoid(density, z)
        where = (
            f"ε_c = {limit:.4f}, so ε = {epsilon / limit:.2f} ε_c"
            if limit > 0
            else "φ ≥ 1: ε_c = 0"
        )
        return (
            f"{where}. Negative: exact α = <b>{100 * share:.2f} %</b>, in "
            f"the sample {np.sum(values < 0)} of {_SIZE}. Below your mark z = {mark[0]:.2f}: "
            f"{100 * below:.0f} %"
        )

    def check(values):
        share = index_of_error(values["epsilon"], values["phi"])
        if values["epsilon"] >= 0.06 and 0 < share < 1e-3:
            return "a large error with almost only positive eigenvalues: many data per parameter."
        return None

    return AssembledExplorer(
        picture,
        update,
        {
            "phi": slider(0.5, 0.05, 1.5, 0.05, "φ, parameters per data point"),
            "epsilon": slider(0.2, 0.002, 0.6, 0.002, "error ε", readout_format=".3f"),
        },
        points={"mark": (left, (0.0, 1.2))},
        title="the spectrum of a random Hessian",
        goal="at an error ε of at least 0.06, get the negative fraction α below 0.1 %, but not 0.",
        presets={
            "the slides' picture": {"phi": 0.25, "epsilon": 0.2},
            "hardly any error": {"phi": 0.5, "epsilon": 0.002},
            "as many parameters as data": {"phi": 1.0, "epsilon": 0.1},
        },
        check=check,
    )


# --- the live search ------------------------------------------------------------------------------


@partial(jax.jit, static_argnums=0)
def _along(loss, theta, direction, distances):
    return jax.lax.map(lambda t: loss(theta + t * direction), distances)


class _LiveExplorer(AssembledExplorer):
    """Two threads move it, the reader's and the search's: one at a time."""

    lock = threading.RLock()

    def set(self, **values) -> None:
        with self.lock:
            super().set(**values)

    def _refresh(self) -> None:
        with self.lock:
            super()._refresh()

    def _on_control(self, change) -> None:
        with self.lock:
            super()._on_control(change)


class _Search(threading.Thread):
    """Searches one start after the other; ``land(point)`` is called for each until ``stop``."""

    def __init__(self, loss, starts, num_steps, land, done):
        super().__init__(daemon=True)
        self.stop = threading.Event()
        self.work = loss, starts, num_steps
        self.land, self.done = land, done

    def run(self):
        """Never raises: an error ends the search and is handed over."""
        loss, starts, num_steps = self.work
        try:
            for row in range(len(starts)):
                if self.stop.is_set():
                    return
                found = find_critical_points(loss, starts[row : row + 1], num_steps)
                if not self.stop.is_set():
                    self.land(found)
        except Exception as error:
            self.done(error)
        else:
            self.done(None)


@figures.styled
def explore_critical_points(
    loss, starts, found: CriticalPoints, num_steps: int = 120
) -> AssembledExplorer:
    """Search more critical points live, click one, look at its spectrum and along an eigenvector.

    ``loss`` takes a flat vector (N,); ``starts`` (searches, N) are tried one after the other by
    the button; ``found`` are the points known at first, with ``params`` (points, N).
    """
    known = [(np.asarray(found.params)[k], found.loss[k], found.index[k], False)
             for k in np.flatnonzero(found.certified)]  # fmt: skip
    if not known:
        raise ValueError("found must hold at least one certified point, but holds none.")
    size, known = starts.shape[1], sorted(known, key=lambda point: point[1])
    landed, lock, running = [], _LiveExplorer.lock, [None]
    distances = np.linspace(-4, 4, 81)

    fig, axes = figures.canvas(size=(11.4, 4.3))
    axes.remove()
    axes = fig.subplot_mosaic(
        [["plan", "spectrum", "profile"], ["plan", "entries", "profile"]],
        width_ratios=[1.3, 1, 1],
    )
    plan, spectrum, profile, entries = (axes[n] for n in ("plan", "spectrum", "profile", "entries"))
    losses = np.array([point[1] for point in known])
    floor = losses.min() * 0.97
    plan.set(xscale="log", xlabel="loss L", ylabel="negative fraction α = index / N")
    plan.set(
        xlim=(floor, losses.max() * 1.15),
        ylim=(-0.03, 1.2 * max(p[2] for p in known) / size + 0.05),
    )
    plan.set_title("click a point")
    plan.minorticks_off()
    ticks = np.geomspace(losses.min(), losses.max(), 4)
    plan.set_xticks(ticks, [figures.short_number(tick) for tick in ticks])
    (old,) = plan.plot([], [], "o", color=figures.BLUE, ms=6, label="known")
    (new,) = plan.plot([], [], "o", color=figures.ORANGE, mec="black", ms=8, label="new, certified")
    (lost,) = plan.plot([], [], "x", color=figures.GREY, ms=7, label="not certified")
    (ring,) = plan.plot([], [], "o", mfc="none", mec=figures.RED, mew=2.5, ms=15)
    plan.legend(loc="upper left", handlelength=1, labelspacing=0.2)
    rank = np.arange(1, size + 1)
    stems = spectrum.vlines(rank, 0, 0 * rank, color=figures.GREY, lw=1.5)
    (mark,) = spectrum.plot([], [], "o", color=figures.GREEN, mec="white", ms=9)
    spectrum.axhline(0, color="black", lw=0.8)
    spectrum.set(xlabel="rank", ylabel="eigenvalue λ", xlim=(0, size + 1))
    spectrum.set_yscale("symlog", linthresh=0.01)
    spectrum.set(
        ylim=(-10, 10), yticks=[-1, -0.01, 0.01, 1], yticklabels=["−1", "−.01", ".01", "1"]
    )
    spectrum.set_title("its spectrum")
    bars = entries.vlines(rank, 0, 0 * rank, color=figures.GREEN, lw=1.5)
    entries.set(xlabel="parameter", ylabel="entry of v", xlim=(0, size + 1), ylim=(-1, 1))
    (curve,) = profile.plot(distances, distances, color=figures.BLACK, ls="-")
    (bowl,) = profile.plot(distances, distances, color=figures.GREEN, ls="--")
    profile.set(
        xlabel="distance t along v", ylabel="L(θ + t v) − L(θ)", xlim=(-4, 4), ylim=(-0.25, 0.25)
    )
    profile.axhline(0, color="#CCCCCC", lw=1, ls="-")
    profile.set_title("loss along v, dashed: ½λt²")
    picture = LivePicture(
        fig,
        "Left, critical points by loss and fraction of negative eigenvalues, to be clicked; then "
        "the chosen one's spectrum, one eigenvector, and the loss along it.",
    )
    (hand,) = plan.plot([], [], "+", color=figures.BLACK, ms=11)  # where the reader points
    picture.animate(old, new, lost, ring, hand, stems, mark, bars, curve, bowl)
    button = widgets.ToggleButton(value=False, description="search more", icon="search")
    progress = widgets.IntProgress(0, 0, len(starts), description="searched")

    @lru_cache(maxsize=16)
    def eigenpairs(key):
        return hessian_eigh(loss, jnp.asarray(np.frombuffer(key)))

    def points():
        certified = [(p.params[0], p.loss[0], p.index[0], True) for p in landed if p.certified[0]]
        return [(np.asarray(a), *rest) for a, *rest in certified] + known  # new ones on top

    def nearest(place):
        def pixels(x, y):
            return plan.transData.transform((np.maximum(x, 1e-9), y))

        return min(
            points(), key=lambda p: round(np.hypot(*(pixels(p[1], p[2] / size) - pixels(*place))))
        )

    def land(point):
        with lock:
            if running[0] is threading.current_thread():
                landed.append(point)
                progress.value = len(landed)  # a control: the picture follows

    def done(error):
        with lock:
            if running[0] is threading.current_thread():
                running[0] = None
                button.value = False
                if error is not None:
                    explorer._fail(error)

    def follow(search):
        """Start or stop the thread as the button says; Reset forgets what it found."""
        with lock:
            if progress.value < len(landed):
                del landed[progress.value :]
                search = button.value = False
            if search and running[0] is None and len(landed) < len(starts):
                running[0] = _Search(loss, starts[len(landed) :], num_steps, land, done)
                running[0].start()
            elif not search and running[0] is not None:
                running[0].stop.set()
                running[0] = None
        button.description = "stop" if running[0] else "search more"

    def update(search, searched, eigenvector, pick):
        follow(search)
        old.set_data([p[1] for p in known], [p[2] / size for p in known])
        fresh = [p for p in points() if p[3]]
        new.set_data([p[1] for p in fresh], [p[2] / size for p in fresh])
        missed = [p for p in landed if not p.certified[0]]
        lost.set_data([p.loss[0] for p in missed], [p.index[0] / size for p in missed])
        theta, value, index, _ = nearest(pick)
        ring.set_data([value], [index / size])
        hand.set_data([pick[0]], [pick[1]])
        values, vectors = eigenpairs(np.asarray(theta, dtype=float).tobytes())
        k = eigenvector - 1
        stems.set_segments([[(r, 0), (r, v)] for r, v in zip(rank, values, strict=True)])
        stems.set_color([figures.BLUE if v < -1e-8 else figures.RED for v in values])
        mark.set_data([k + 1], [values[k]])
        direction = vectors[:, k]
        bars.set_segments([[(r, 0), (r, e)] for r, e in zip(rank, direction, strict=True)])
        heights = np.asarray(_along(loss, jnp.asarray(theta), direction, distances)) - value
        curve.set_ydata(heights)
        bowl.set_ydata(0.5 * values[k] * distances**2)
        kind = "a minimum" if index == 0 else "a saddle"
        step = f"t = {distances[np.argmin(heights)]:+.2f}"
        falls = f"lowest at {step}" if heights.min() < -1e-9 else "nowhere lower"
        return (
            f"L = {value:.3f}, {kind} of index {index} of {size}. Eigenvector {k + 1}: λ = "
            f"<b>{values[k]:+.2g}</b>, {falls}. Searched {len(landed)} of {len(starts)}, "
            f"<b>{len(fresh)} certified</b>"
        )

    def check(values):
        point = nearest(values["pick"])
        if point[3] and point[2] >= 1 and values["eigenvector"] == point[2]:
            return "your search found it, and this is its last direction that bends down."
        return None

    steep = [point for point in known if point[2] >= 2] or known
    first = steep[len(steep) // 2]
    explorer = _LiveExplorer(
        picture,
        update,
        {
            "search": button,
            "searched": progress,
            "eigenvector": widgets.IntSlider(
                value=1, min=1, max=size, description="eigenvector, from the lowest"
            ),
        },
        points={"pick": (plan, (float(first[1]), float(first[2] / size)))},
        title="critical points of a real network, live",
        goal="let the search find a new saddle (orange), click it, and turn to the last of its "
        "eigenvectors that bends down.",
        presets={
            "lowest loss": {"pick": (float(losses.min()), 0.0), "eigenvector": 1},
            "highest index": {"pick": (float(losses.max()), 1.0), "eigenvector": 1},
        },
        check=check,
    )
    return explorer


# --- a spectrum in training -----------------------------------------------------------------------


@figures.styled
def explore_training(steps, losses, eigenvalues, outputs: int) -> AssembledExplorer:
    """Slide through the training: all eigenvalues by rank, and a bar that cuts off the outliers.

    ``steps`` (T,), ``losses`` (T,), ``eigenvalues`` (T, N) ascending, ``outputs`` the number of
    classes.
    """
    spectra = np.asarray(eigenvalues)[:, ::-1]
    size, top = spectra.shape[1], min(30, spectra.shape[1])
    fig, (left, right) = figures.canvas(1, 2, size=(11, 4.2))
    bound = 1.1 * np.abs(spectra).max()
    edges = np.linspace(-bound, bound, 61)
    bars = left.bar(edges[:-1], 0 * edges[:-1], width=np.diff(edges), align="edge")
    for bar, edge in zip(bars, edges[1:], strict=False):
        bar.set_color(figures.BLUE if edge <= 1e-9 else figures.RED)
    (cut,) = left.plot([0, 0], [0.3, 3 * size], color=figures.BLACK, ls="--", lw=2)
    left.set(xlabel="eigenvalue λ", ylabel="how many", yscale="log", ylim=(0.5, 2 * size))
    left.set(xlim=(-bound, bound))
    left.set_title("all eigenvalues: drag the cut")
    rank = np.arange(1, top + 1)
    (inside,) = right.plot(rank, rank, "o", color=figures.GREY, label="bulk")
    (outside,) = right.plot(
        [], [], "o", color=figures.RED, mec="black", ms=8, label="right of the cut"
    )
    (level,) = right.plot([0, top + 1], [0, 0], color=figures.BLACK, ls="--", lw=2)
    right.axvline(outputs + 0.5, color=figures.SKY, lw=2, ls=":", label=f"{outputs} classes")
    right.set(xlabel="rank from the top", ylabel="eigenvalue λ", xlim=(0, top + 1))
    right.set(ylim=(0, bound))
    right.set_title("the largest ones")
    right.legend(loc="upper right")
    picture = LivePicture(
        fig,
        "Left, a histogram of all Hessian eigenvalues at one step of the training with a movable "
        "cut; right, the largest eigenvalues by rank.",
    )
    picture.animate(*bars, cut, inside, outside, level)

    def gap(time, cut):
        """How many eigenvalues lie right of the cut, and the ratio across it."""
        values = spectra[time]
        count = int(np.sum(values > cut))
        if not 0 < count < size or values[count] <= 0:  # a ratio is of positive neighbors
            return count, 1.0
        return count, float(values[count - 1] / values[count])

    def update(time, mark):
        values, (count, ratio) = spectra[time], gap(time, mark[0])
        for bar, height in zip(bars, np.histogram(values, edges)[0], strict=True):
            bar.set_height(height)
        cut.set_xdata([mark[0]] * 2)
        level.set_ydata([mark[0]] * 2)
        inside.set_ydata(values[:top])
        outside.set_data(rank[:count][:top], values[: min(count, top)])
        words = f"the gap there is a factor {ratio:.2f}" if ratio > 1 else "no gap there"
        return (
            f"Step {steps[time]}: loss {losses[time]:.2f}, {np.sum(values < -1e-9)} of "
            f"{size} eigenvalues negative, largest {values[0]:.2f}. Right of the cut "
            f"λ = {mark[0]:.3f}: <b>{count}</b>; {words}"
        )

    def check(values):
        count, ratio = gap(values["time"], values["mark"][0])
        if abs(count - outputs) <= 1 and ratio >= 1.2:
            return f"{count} outliers for {outputs} classes, and a gap below them."
        return None

    return AssembledExplorer(
        picture,
        update,
        {
            "time": widgets.IntSlider(
                value=0, max=len(steps) - 1, description="stage of the training"
            )
        },
        points={"mark": (left, (0.6 * bound, size**0.5))},
        title="the spectrum along training",
        goal=f"find a stage and a cut with {outputs - 1} to {outputs + 1} eigenvalues on its right "
        "and a gap of at least a factor 1.2 just there.",
        presets={
            "before training": {"time": 0, "mark": (0.0, size**0.5)},
            "at the end": {"time": len(steps) - 1, "mark": (0.0, size**0.5)},
        },
        check=check,
    )
