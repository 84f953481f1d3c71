"""The explorers of notebook 08: walkers between two valleys, and a run that must flatten."""

import ipywidgets as widgets
import jax
import jax.numpy as jnp
import numpy as np

from lecture_utils.studio.live import LivePicture
from lecture_utils.studio.panel import AssembledExplorer, slider
from lecture_utils.training import DIVERGENCE, diverged_at

from . import figures

__all__ = ["explore_catapult", "explore_valleys"]

# --- two valleys of the same depth, one sixteen times as sharp -----------------------------------

FLAT, SHARP = (-2.0, 1.0), (1.0, 16.0)  # (place, curvature)
_STEPS, _WALKERS, _SOFT = 250, 1500, 0.3
_EDGES = np.linspace(-5.5, 3.5, 91)


def two_valleys(x):
    """-T log(exp(-a/T) + exp(-b/T)): the lower of two parabolas a and b, with a rounded top."""
    a, b = (curvature * (x - place) ** 2 / 2 for place, curvature in (FLAT, SHARP))
    return -_SOFT * jnp.logaddexp(-a / _SOFT, -b / _SOFT)


@jax.jit
def _walk(start, rate, noise, shift, draws):
    """Ends (walkers,), and after each step the mean training and mean shifted loss."""
    slope = jax.vmap(jax.grad(two_valleys))

    def step(x, xi):
        x = x - rate * (slope(x) + noise * xi)
        return x, (jnp.mean(two_valleys(x)), jnp.mean(two_valleys(x - shift)))

    ends, means = jax.lax.scan(step, jnp.full(draws.shape[1], start, draws.dtype), draws)
    return ends, *means


def _narrow(control):
    """Let four sliders share a row."""
    control.layout = widgets.Layout(width="auto", flex="1 1 205px", max_width="300px")
    return control


@figures.styled
def explore_valleys() -> AssembledExplorer:
    """Where does noisy descent settle, and what does a shifted test loss say of it?"""
    draws = np.random.default_rng(0).standard_normal((_STEPS, _WALKERS)).astype(np.float32)
    draws = jnp.asarray(draws)  # moved to the device once
    fig, (plan, curve) = figures.canvas(1, 2, size=(10.6, 3.9), width_ratios=[1.35, 1])
    grid = np.linspace(_EDGES[0], _EDGES[-1], 400)
    heights = np.asarray(two_valleys(grid))
    plan.plot(grid, heights, color=figures.BLACK, ls="-", label="training loss")
    (moved,) = plan.plot(grid, heights, color=figures.RED, ls="--", label="test loss (shifted)")
    # One outline, drawn ten times as fast as ninety bars; the curve behind it shows through.
    ends_at = plan.stairs(0 * _EDGES[1:], _EDGES, fill=True, color=figures.SKY, alpha=0.7)
    (dot,) = plan.plot([], [], "o", ms=13, mfc="white", mec=figures.BLUE, mew=3, clip_on=False)
    plan.set(xlabel="parameter x", ylabel="loss L", xlim=(-5.5, 3.5), ylim=(0, 4.6))
    plan.set_title("drag the start; bars: where the walkers end")
    plan.legend(loc="upper center", bbox_to_anchor=(0.47, 1.0), handlelength=1.2)
    steps = np.arange(1, _STEPS + 1)
    (train,) = curve.plot(steps, steps, color=figures.BLACK, ls="-", label="training")
    (test,) = curve.plot(steps, steps, color=figures.RED, ls="--", label="test")
    curve.set(xlabel="step", ylabel="mean loss of all walkers", xlim=(1, _STEPS))
    curve.set(yscale="log", ylim=(1e-3, 20))
    curve.set_title("what they pay")
    curve.legend(loc="upper right", ncols=2, handlelength=1.6)
    picture = LivePicture(
        fig,
        "Left, a loss with a flat and a sharp valley, the same loss shifted, and the places where "
        "1500 noisy descents from a movable start end; right, their mean losses against the step.",
    )
    picture.animate(ends_at, moved, dot, train, test)

    latest = [None, None]  # ends and mean test losses, for the check that follows an update

    def update(batch, rate, noise, shift, start):
        spread = np.float32(noise / np.sqrt(2.0**batch))
        place = np.float32(np.clip(start[0], -5.5, 3.5))
        results = _walk(place, np.float32(10**rate), spread, np.float32(shift), draws)
        ends, training, shifted = map(np.asarray, results)
        latest[:] = ends, shifted
        counts = np.histogram(ends, _EDGES)[0]
        ends_at.set_data(counts / counts.max() * 1.6)
        moved.set_ydata(two_valleys(grid - shift))
        dot.set_data([start[0]], [two_valleys(start[0])])
        train.set_ydata(np.maximum(training, 1e-9))
        test.set_ydata(np.maximum(shifted, 1e-9))
        share = np.mean(ends < 0.4)  # the top between the valleys
        return (
            f"B = {2**batch}, η = {10**rate:.3g} (2/λ is {2 / SHARP[1]:.3g} in the sharp valley, "
            f"{2 / FLAT[1]:.3g} in the flat one): <b>{share:.0%} end in the flat valley</b>; mean "
            f"training loss {training[-1]:.2f}, mean test loss <b>{shifted[-1]:.2f}</b>."
        )

    def check(values):
        ends, shifted = latest
        big, shaken = values["batch"] >= 8 and values["shift"] >= 0.4, values["noise"] >= 2
        sharp = abs(values["start"][0] - SHARP[0]) < 0.4
        if big and shaken and sharp and np.mean(ends < 0.4) > 0.99 and shifted[-1] < 0.1:
            return "with little noise left, a step beyond 2/λ is what the sharp valley cannot hold."
        return None

    return AssembledExplorer(
        picture,
        update,
        {
            "batch": _narrow(widgets.IntSlider(1, 0, 10, description="log₂ B")),
            "rate": _narrow(slider(-1.3, -2.5, -0.3, 0.05, "log₁₀ η")),
            "noise": _narrow(slider(6.0, 0, 10, 0.5, "noise σ")),
            "shift": _narrow(slider(0.4, 0, 1, 0.05, "shift s")),
        },
        points={"start": (plan, (1.0, 0.0))},
        title="a flat and a sharp valley",
        goal="with B ≥ 256, noise ≥ 2 and shift ≥ 0.4, start in the sharp valley and reach a mean "
        "test loss below 0.1.",
        presets={
            "small batch": {"batch": 0, "rate": -1.3, "noise": 6.0, "start": (1.0, 0.0)},
            "large batch": {"batch": 8, "rate": -1.3, "noise": 6.0, "start": (1.0, 0.0)},
            "no noise, η > 2/λ": {"batch": 8, "rate": -0.75, "noise": 0.0, "start": (1.3, 0.0)},
        },
        check=check,
    )


# --- (1 - w₁w₂)²: a valley that is flat in the middle and sharp at its ends -----------------------

_SCRUB = 150


def _descend(start, rate):
    """Iterates (steps + 1, 2) of gradient descent on (1 - w₁w₂)²; stops where it diverges."""
    (a, b), path = start, [start]
    for _ in range(_SCRUB):
        pull = 2 * rate * (1 - a * b)
        a, b = a + pull * b, b + pull * a
        path.append((a, b))
        if not (1 - a * b) ** 2 < DIVERGENCE:
            break
    return np.array(path)


def _sharpness(path):
    """λ_max of the Hessian [[2b², 4ab - 2], [4ab - 2, 2a²]] at each point."""
    a, b = path.T
    return a**2 + b**2 + np.hypot(a**2 - b**2, 4 * a * b - 2)


@figures.styled
def explore_catapult() -> AssembledExplorer:
    """Gradient descent in a valley of varying sharpness: it stays only where λ_max < 2/η."""
    fig, (plan, curve) = figures.canvas(1, 2, size=(10.6, 4.2), width_ratios=[1, 1.15])
    axis = np.linspace(-4.2, 4.2, 211)
    loss = (1 - np.multiply.outer(axis, axis)) ** 2
    figures.contours(plan, axis, axis, loss, log=True, floor=0.1, labels=False)
    valley = np.geomspace(1 / 4.2, 4.2, 160)
    colors = figures.sharp_to_flat(_sharpness(np.stack([valley, 1 / valley], axis=1)), 2.0, 36.0)
    for sign in (1, -1):
        plan.scatter(sign * valley, sign / valley, c=colors, s=14, zorder=2)
    (trail,) = plan.plot([], [], color="white", ls="-", lw=1.2, marker=".", ms=5, zorder=3)
    (dot,) = plan.plot([], [], "o", ms=13, mfc="white", mec=figures.BLUE, mew=3, zorder=4)
    (end,) = plan.plot([], [], "*", ms=18, color=figures.ORANGE, mec="black", zorder=5)
    plan.set(xlabel="weight w₁", ylabel="weight w₂", xlim=(-4.2, 4.2), ylim=(-4.2, 4.2))
    plan.set_title("valley w₁w₂ = 1: red sharp, blue flat")
    (line,) = curve.plot([], [], color=figures.BLACK, ls="-", marker=".", ms=4, lw=1)
    edge = curve.axhline(1, color=figures.RED, ls="--", label="the edge 2/η")
    (rest,) = curve.plot([], [], "*", ms=16, color=figures.ORANGE, mec="black")
    curve.set(xlabel="step", ylabel="largest eigenvalue λ_max", xlim=(0, 155), ylim=(0, 50))
    curve.set_title("sharpness along the run")
    curve.legend(loc="upper right")
    picture = LivePicture(
        fig,
        "Left, the loss over two weights with a valley that is flat in the middle and sharp at its "
        "ends, and gradient descent from a movable start; right, λ_max against the step and 2/η.",
    )
    picture.animate(trail, dot, end, line, edge, rest)

    def update(rate, shown, start):
        path = _descend(start, rate)
        diverged = diverged_at((1 - path.prod(axis=1)) ** 2) >= 0
        last = min(shown, len(path) - 1)
        sharp = _sharpness(path)
        trail.set_data(*np.clip(path[: last + 1], -9, 9).T)
        dot.set_data([start[0]], [start[1]])
        end.set_data(path[last : last + 1, 0], path[last : last + 1, 1])
        line.set_data(np.arange(last + 1), np.minimum(sharp[: last + 1], 999))
        rest.set_data([last], [min(sharp[last], 999)])
        edge.set_ydata([2 / rate] * 2)
        text = f"η = {rate:.3f}, so 2/η = {2 / rate:.2f}. "
        if diverged and last == len(path) - 1:
            return f"{text}<b>Diverged at step {last}.</b>"
        a, b = path[last]
        return (
            f"{text}At step {last}: w = ({a:.2f}, {b:.2f}), L = {(1 - a * b) ** 2:.2g}, "
            f"λ_max = <b>{sharp[last]:.2f}</b>."
        )

    def check(values):
        path = _descend(values["start"], values["rate"])
        flat = _sharpness(path)[-1] < 5
        settled = abs(1 - path[-1].prod()) < 1e-3
        a, b = values["start"]
        near = (1 - a * b) ** 2 < 0.1 and a**2 + b**2 > 9
        if near and flat and settled and values["shown"] == _SCRUB:
            return "thrown out of the sharp part, it came to rest in the flat one."
        return None

    return AssembledExplorer(
        picture,
        update,
        {
            "rate": slider(0.1, 0.02, 0.3, 0.005, "learning rate η", readout_format=".3f"),
            "shown": widgets.IntSlider(_SCRUB, 0, _SCRUB, description="show up to step"),
        },
        points={"start": (plan, (0.3, 3.4))},
        title="a sharp valley throws gradient descent out",
        goal="start where L < 0.1 and w₁² + w₂² > 9, and come to rest where λ_max < 5.",
        presets={
            "η < 2/λ: stays": {"rate": 0.06, "shown": _SCRUB, "start": (0.3, 3.4)},
            "η just above": {"rate": 0.1, "shown": _SCRUB, "start": (0.3, 3.4)},
            "diverges": {"rate": 0.22, "shown": _SCRUB, "start": (0.3, 3.4)},
        },
        check=check,
    )
