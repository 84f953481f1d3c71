"""The explorers of notebook 02: the chain, equal minima, modes in time, an autoencoder."""

import ipywidgets as widgets
import jax
import jax.numpy as jnp
import numpy as np

from lecture_utils.critical_points import linear_autoencoder_points
from lecture_utils.optimizers import adam, gradient_descent, momentum
from lecture_utils.studio.live import LivePicture
from lecture_utils.studio.panel import AssembledExplorer, slider
from lecture_utils.training import diverged_at

from . import figures

__all__ = ["explore_chain", "explore_minima", "explore_modes", "explore_staircase"]

_RULES = {"gradient descent": gradient_descent, "momentum": momentum, "Adam": adam}
_STEPS = 2000
_MOST = 1.4  # half the width of the chain's landscape


def _power(x, exponent):
    """x^exponent for a traced whole exponent up to 6, also of negative x."""
    result = jnp.ones_like(x)
    for i in range(6):
        result = jnp.where(i < exponent, result * x, result)
    return result


def _chain_loss(a, b, depth):
    """(1 - w₁⋯w_K)² with the odd-numbered weights at a and the even-numbered ones at b."""
    return (1 - _power(a, (depth + 1) // 2) * _power(b, depth // 2)) ** 2


@jax.jit
def _chain_runs(start, depth, rate):
    """Iterates (3, steps + 1, 2) and losses (3, steps + 1) of the three methods."""
    m, n = (depth + 1) // 2, depth // 2

    def slope(theta):  # of one weight of each kind; equal weights stay equal
        a, b = theta
        error = 1 - _power(a, m) * _power(b, n)
        ones = jnp.stack([_power(a, m - 1) * _power(b, n), _power(a, m) * _power(b, n - 1)])
        return -2 * error * ones

    def run(rule):
        def step(carry, _):
            theta, state = carry
            move, state = rule.update(slope(theta), state, theta)
            return (theta + move, state), theta

        _, path = jax.lax.scan(step, (start, rule.init(start)), length=_STEPS + 1)
        return path, _chain_loss(path[:, 0], path[:, 1], depth)

    paths, losses = zip(*[run(rule(rate)) for rule in _RULES.values()], strict=True)
    return jnp.stack(paths), jnp.stack(losses)


_landscape = jax.jit(_chain_loss)


def _first(condition) -> int:
    """The first place where it holds, or -1."""
    return int(np.argmax(condition)) if np.any(condition) else -1


def _draw(path, trail, end) -> int:
    """Draw a path to its end, or to where it leaves the picture; the number of points drawn."""
    far = _first(~(np.abs(path) < 10).all(axis=1))
    stop = far if far > 0 else len(path)
    trail.set_data(path[:stop].T)
    end.set_data(path[stop - 1 : stop].T)
    return stop


@figures.styled
def explore_chain() -> AssembledExplorer:
    """Depth, initial scale and learning rate; drag the start; three methods on one plateau."""
    side, steps = np.linspace(-_MOST, _MOST, 141), np.arange(_STEPS + 1)
    fig, (plan, curve) = figures.canvas(1, 2, size=(10, 4.2), width_ratios=[1, 1.35])
    extent, (a, b) = (-_MOST, _MOST, -_MOST, _MOST), np.meshgrid(side, side)
    bands = figures.diverging_bands(plan, 0 * a, bound=1.0, bands=17, extent=extent)
    plan.set(xlabel="weights 1, 3, 5, …: a", ylabel="weights 2, 4, 6, …: b", aspect="equal")
    plan.set_title("white: L ≈ 1   blue: lower   red: higher", fontsize=11.5)
    curve.set(xlabel="step (log scale)", ylabel="loss L", xscale="log", ylim=(-0.03, 2.1))
    curve.set_xlim(1, _STEPS)
    curve.axhline(0.5, color=figures.GREY, ls=":", lw=1.2)
    curve.text(1.1, 0.53, "L = ½", color=figures.GREY)
    curve.set_title("the plateau is over when L < ½")
    trails, ends, losses_of = [], [], []
    for method, width in zip(_RULES, (4.5, 3, 1.8), strict=True):
        look = figures.METHODS[method] | {"marker": "", "lw": width}
        trails.append(plan.plot([], [], **look)[0])
        ends.append(plan.plot([], [], "*", ms=15, color=look["color"], mec="white")[0])
        losses_of.append(curve.plot([], [], label=method, **look)[0])
    curve.legend(loc="upper right")
    (dot,) = plan.plot([], [], "o", ms=12, mfc="white", mec="black", mew=2)
    picture = LivePicture(
        fig,
        "Left, the loss of a chain of weights over two groups of them, a white plateau around the "
        "origin, with the paths of three optimizers; right, their loss against the step.",
    )
    picture.animate(bands, trails, ends, losses_of, dot)
    shown, holder = {"scale": None, "depth": None}, []

    def settle(scale, start):
        """Slider and point say the same: whichever was moved, the other follows."""
        size = np.hypot(*start) / np.sqrt(2)
        if holder and scale != shown["scale"]:
            way = np.array(start) / size if size > 0.01 else np.ones(2)
            start = tuple(np.clip(scale * way, -_MOST, _MOST))
            holder[0].set(start=start)
        elif holder:
            scale = float(np.clip(round(size, 2), 0.05, _MOST))
            holder[0].set(scale=scale)
        shown["scale"] = scale
        return start

    def tell(losses) -> str:
        lost, left, done = diverged_at(losses), _first(losses < 0.5), _first(losses < 0.01)
        if lost >= 0:
            return f"<b>diverged at step {lost}</b>"
        if left < 0:
            return f"still on it after {_STEPS}"
        return f"<b>{left}</b>" + (f" (L < 0.01 at {done})" if done >= 0 else " (then no rest)")

    def update(depth, scale, rate, start):
        start = settle(scale, start)
        if depth != shown["depth"]:
            shown["depth"] = depth
            bands.set_data(np.clip(np.asarray(_landscape(a, b, depth)) - 1, -1, 1))
        paths, losses = map(np.asarray, _chain_runs(np.array(start), depth, rate))
        for path, loss, trail, end, line in zip(
            paths, losses, trails, ends, losses_of, strict=True
        ):
            stop = _draw(path, trail, end)
            line.set_data(steps[1:stop], np.minimum(loss[1:stop], 10.0))
        dot.set_data([start[0]], [start[1]])
        words = ", ".join(f"{name} {tell(loss)}" for name, loss in zip(_RULES, losses, strict=True))
        return f"Start: L = {losses[0, 0]:.4f}. Steps on the plateau: {words}."

    def check(values):
        _, losses = _chain_runs(np.array(values["start"]), values["depth"], values["rate"])
        loss = np.asarray(losses[0])
        done, on_plateau = _first(loss < 0.01), abs(loss[0] - 1) < 0.01
        if values["depth"] == 11 and on_plateau and 0 < done <= 60 and loss[-1] < 0.01:
            return f"{done} steps, from the edge of the plateau and close to the largest stable η."
        return None

    explorer = AssembledExplorer(
        picture,
        update,
        {
            "depth": widgets.IntSlider(value=6, min=2, max=11, description="weights K"),
            "scale": slider(0.6, 0.05, _MOST, 0.01, "initial scale"),
            "rate": slider(0.05, 0.005, 0.2, 0.005, "learning rate η", readout_format=".3f"),
        },
        points={"start": (plan, (0.75, 0.4))},
        title="the plateau of a chain",
        goal="with K = 11, start on the plateau (L within 0.01 of 1) and let gradient descent "
        "reach L < 0.01 in at most 60 steps.",
        presets={
            "two weights": {"depth": 2, "start": (0.75, 0.4), "rate": 0.05},
            "slide 32": {"depth": 11, "start": (0.55, 0.55), "rate": 0.02},
            "wrong side": {"depth": 5, "start": (-0.5, 0.8), "rate": 0.05},
            "η too large": {"depth": 11, "start": (0.8, 0.8), "rate": 0.12},
        },
        check=check,
    )
    holder.append(explorer)
    return explorer


@jax.jit
def _valley_run(start, rate):
    """300 gradient steps on (1 - w₁w₂)²: iterates (301, 2) and losses (301,)."""

    def step(theta, _):
        slope = -2 * (1 - theta[0] * theta[1]) * theta[::-1]
        return theta - rate * slope, theta

    _, path = jax.lax.scan(step, start, length=301)
    return path, (1 - path[:, 0] * path[:, 1]) ** 2


@figures.styled
def explore_minima() -> AssembledExplorer:
    """Slide along the minima w₁w₂ = 1 of two weights: which of them hold gradient descent?"""
    low, high, steps = 0.25, 2.75, np.arange(301)
    side = np.linspace(low, high, 121)
    curve = np.geomspace(0.37, 2.7, 200)
    fig, (plan, section) = figures.canvas(1, 2, size=(10, 4.2), width_ratios=[1, 1.35])
    x, y = np.meshgrid(side, side)
    figures.contours(plan, side, side, (1 - x * y) ** 2, log=True, labels=False, floor=1e-3)
    plan.set(xlabel="w₁", ylabel="w₂", xlim=(low, high), ylim=(low, high), aspect="equal")
    plan.set_title("all minima have w₁w₂ = 1")
    (held,) = plan.plot([], [], color=figures.SKY, ls="-", lw=5, label="stable at this η")
    (loose,) = plan.plot([], [], color=figures.RED, ls=":", lw=4, label="unstable")
    (trail,) = plan.plot([], [], color="white", ls="-", lw=1.4, marker="o", ms=3.5)
    (home,) = plan.plot([], [], "o", ms=12, mfc="white", mec="black", mew=2)
    (end,) = plan.plot([], [], "*", ms=16, color=figures.BLACK, mec="white")
    plan.legend(loc="upper right", frameon=True)
    (loss,) = section.plot(steps, steps + 1.0, color=figures.BLUE, ls="-")
    section.set(xlabel="step", ylabel="loss L", yscale="log", xlim=(0, 80), ylim=(1e-12, 1e2))
    section.set_title("descent from 0.05 beside the minimum")
    picture = LivePicture(
        fig,
        "Left, the valley of minima of two weights, its stable part marked, with a movable "
        "minimum and the descent from beside it; right, the loss against the step.",
    )
    picture.animate(held, loose, trail, home, end, loss)

    def run(rate, minimum):
        w1 = float(np.clip(np.sqrt(minimum[0] / minimum[1]), 0.4, 2.5))
        place = np.array([w1, 1 / w1])
        start = place - 0.05 * place[::-1] / np.linalg.norm(place)
        return place, *map(np.asarray, _valley_run(start, rate))

    def fate(place, path, losses):
        lost = diverged_at(losses)
        if lost >= 0:
            return f"<b>diverged at step {lost}</b>", False
        goal = path[-1]
        if losses[-1] > 1e-6:
            return "<b>finds no rest</b> in 300 steps", False
        if np.linalg.norm(goal - place) < 0.3 and losses.max() <= 1.01 * losses[0]:
            return "<b>comes back</b>", True
        sharp = 2 * goal @ goal
        return f"leaves, and settles at ({goal[0]:.2f}, {goal[1]:.2f}) where λ = {sharp:.2f}", False

    def update(rate, minimum):
        place, path, losses = run(rate, minimum)
        sharp, stable = 2 * place @ place, rate * (curve**2 + curve**-2.0) < 1
        held.set_data(np.where(stable, curve, np.nan), 1 / curve)
        loose.set_data(np.where(stable, np.nan, curve), 1 / curve)
        _draw(path, trail, end)
        home.set_data([place[0]], [place[1]])
        loss.set_ydata(np.clip(np.nan_to_num(losses, nan=1e9), 1e-30, 1e9))
        return (
            f"Minimum ({place[0]:.2f}, {place[1]:.2f}): λ = 2(w₁² + w₂²) = <b>{sharp:.2f}</b>, "
            f"2/λ = {2 / sharp:.3f}. With η = {rate:.2f} gradient descent "
            f"{fate(place, path, losses)[0]}."
        )

    def check(values):
        if fate(*run(**values))[1] and values["rate"] >= 0.45:
            return "only the flattest minima, near (1, 1), hold such a step; beyond ½ none does."
        return None

    return AssembledExplorer(
        picture,
        update,
        {"rate": slider(0.2, 0.02, 0.6, 0.01, "learning rate η")},
        points={"minimum": (plan, (1.8, 1 / 1.8))},
        title="equal minima, unequal sharpness",
        goal="find a minimum to which gradient descent comes back with η of at least 0.45.",
        presets={
            "(1, 1)": {"minimum": (1.0, 1.0), "rate": 0.3},
            "(2, ½), stable": {"minimum": (2.0, 0.5), "rate": 0.2},
            "(2, ½), unstable": {"minimum": (2.0, 0.5), "rate": 0.26},
            "none is stable": {"minimum": (1.0, 1.0), "rate": 0.55},
        },
        check=check,
    )


_MODE_STEPS, _LONGEST = 2000, 10.0


@jax.jit
def _mode_runs(target, weights, rate):
    """Gradient descent on ½‖S - W₂W₁‖²: diagonals of W₂W₁, (steps + 1, modes), and losses."""

    def step(weights, _):
        one, two = weights
        error = target - two @ one
        move = jnp.stack([two.T @ error, error @ one.T])
        return weights + rate * move, (jnp.diagonal(two @ one), jnp.sum(error**2) / 2)

    return jax.lax.scan(step, weights, length=_MODE_STEPS + 1)[1]


@figures.styled
def explore_modes() -> AssembledExplorer:
    """Two modes of a matrix, learned by gradient descent, on top of the exact solution."""
    rng = np.random.default_rng(0)
    noise = rng.standard_normal((2, 2, 2)) / np.sqrt(2)
    grid = np.linspace(0, _LONGEST, 400)
    fig, (plan, curve) = figures.canvas(1, 2, size=(10, 4.2), width_ratios=[1, 1.6])
    plan.set(xlabel="target strength s₁", ylabel="target strength s₂", xlim=(0.2, 4))
    plan.set(ylim=(0.2, 4), aspect="equal")
    plan.plot([0, 4], [0, 4], color=figures.GREY, ls=":", lw=1.5)
    plan.text(1.3, 3.4, "mode 2 first", ha="center", color=figures.RED)
    plan.text(2.9, 0.6, "mode 1 first", ha="center", color=figures.BLUE)
    plan.set_title("drag the targets")
    curve.set(xlabel="time t = steps · η", ylabel="strength u of the mode")
    curve.set(xlim=(0, _LONGEST), ylim=(-0.15, 4.6))
    curve.set_title("dots: measured   lines: formula")
    (dot,) = plan.plot([], [], "o", ms=13, color=figures.GREEN, mec="white")
    lines, dots = [], []
    for color, name, marker in ((figures.BLUE, "mode 1", "o"), (figures.RED, "mode 2", "s")):
        lines.append(curve.plot(grid, grid, color=color, ls="-", lw=2, label=name)[0])
        dots.append(curve.plot([], [], marker, color=color, ms=6, mfc="none", mew=1.6)[0])
    curve.legend(loc="upper right", ncols=2)
    picture = LivePicture(
        fig,
        "Left, the plane of two target strengths with a movable point; right, the strengths of "
        "two modes during training as dots on top of the S-shaped curves of the exact formula.",
    )
    picture.animate(dot, lines, dots)

    def measure(start, rate, mix, targets):
        weights = 10.0 ** (start / 2) * ((1 - mix) * np.eye(2) + mix * noise)
        return map(np.asarray, _mode_runs(np.diag(targets), weights, rate))

    def reach(strengths, rate, target, share):
        """The time at which a mode first has that share of its target, or None."""
        step = _first(strengths >= share * target)
        return step * rate if 0 <= step * rate <= _LONGEST and step >= 0 else None

    def update(start, rate, mix, targets):
        u0, s = 10.0**start, np.array(targets)
        measured, losses = measure(start, rate, mix, targets)
        lost = diverged_at(losses)
        times = rate * np.arange(len(measured))
        last = min(lost if lost >= 0 else len(times), int(_LONGEST / rate) + 1, len(times))
        every = max(1, last // 40)
        dot.set_data([s[0]], [s[1]])
        words = []
        for i in range(2):
            growth = np.exp(-2 * s[i] * grid)
            lines[i].set_ydata(s[i] / (1 + (s[i] / u0 - 1) * growth))
            dots[i].set_data(times[:last:every], measured[:last:every, i])
            half = reach(measured[:, i], rate, s[i], 0.5)
            words.append("not yet" if half is None else f"<b>{half:.2f}</b>")
        if lost >= 0:
            return f"Gradient descent <b>diverged at step {lost}</b>: η is larger than 1/s."
        if np.any(np.ptp(measured[last - 20 : last], axis=0) > 0.1) and rate * s.max() > 1:
            return f"<b>No rest</b>: η = {rate:.3f} is larger than 1/s = {1 / s.max():.3f}."
        half = [np.log(max(s[i] / u0 - 1, 1e-9)) / (2 * s[i]) for i in range(2)]
        return (
            f"Half learned at t: mode 1 {words[0]} (formula {max(half[0], 0):.2f}), mode 2 "
            f"{words[1]} (formula {max(half[1], 0):.2f}). Start u₀ = {u0:.1g}, η = {rate:.3f}."
        )

    def check(values):
        s, rate = np.array(values["targets"]), values["rate"]
        measured, _ = measure(**values)
        strong, weak = int(np.argmax(s)), int(np.argmin(s))
        done = reach(measured[:, strong], rate, s[strong], 0.95)
        begun = reach(measured[:, weak], rate, s[weak], 0.05)
        if done and begun and begun >= done and s[weak] >= 0.5 * s[strong]:
            return "a clean stage: the tinier the start, the sharper the steps."
        return None

    return AssembledExplorer(
        picture,
        update,
        {
            "start": slider(-2, -8, -0.5, 0.1, "log₁₀ of the start u₀", readout_format=".1f"),
            "rate": slider(0.02, 0.005, 0.4, 0.005, "learning rate η", readout_format=".3f"),
            "mix": slider(0, 0, 1, 0.05, "random part of the start"),
        },
        points={"targets": (plan, (3.0, 1.2))},
        title="two modes against the exact solution",
        goal="let the weaker mode begin (5 %) only after the stronger one is learned (95 %), "
        "with the weaker target at least half the stronger.",
        presets={
            "3 and 1.2": {"targets": (3.0, 1.2), "start": -3.0, "rate": 0.02, "mix": 0.0},
            "equal": {"targets": (2.0, 2.0), "start": -3.0, "rate": 0.02, "mix": 0.0},
            "random start": {"targets": (3.0, 1.2), "start": -3.0, "rate": 0.02, "mix": 1.0},
            "η too large": {"targets": (3.0, 1.2), "start": -3.0, "rate": 0.4, "mix": 0.0},
        },
        check=check,
    )


_DIRECTIONS = 6  # principal directions of what the autoencoder squeezes


@figures.styled
def explore_staircase() -> AssembledExplorer:
    """All critical points of a linear autoencoder: pick one, see what it keeps and its index."""
    fig, (bars, stairs) = figures.canvas(1, 2, size=(10, 4.2), width_ratios=[1, 1.5])
    names = np.arange(1, _DIRECTIONS + 1)
    bars.set(xlabel="principal direction", ylabel="share of the variance", ylim=(0, 0.75))
    bars.set(xlim=(0.4, _DIRECTIONS + 0.6), xticks=names)
    bars.set_title("blue: kept   orange: lost")
    columns = bars.bar(names, np.ones(_DIRECTIONS), width=0.7)
    stairs.set(xlabel="fraction of negative eigenvalues α", ylabel="loss / variance")
    stairs.set(xlim=(-0.02, 0.53), ylim=(-0.04, 1.06))
    stairs.set_title("every critical point; click one")
    (cloud,) = stairs.plot([], [], "o", color=figures.BLUE, ms=7, alpha=0.55)
    (ring,) = stairs.plot([], [], "o", ms=16, mfc="none", mec=figures.RED, mew=2.5)
    (hand,) = stairs.plot([], [], "+", ms=12, color=figures.GREEN, mew=2.5)
    picture = LivePicture(
        fig,
        "Left, the variances of six principal directions, kept ones and lost ones; right, loss "
        "against the fraction of negative eigenvalues for all critical points of an autoencoder.",
    )
    picture.animate(columns, cloud, ring, hand)

    def choose(width, ratio, pick):
        variances = ratio ** np.arange(_DIRECTIONS)
        variances /= variances.sum()
        points = linear_autoencoder_points(variances, width)
        places = np.array([[p.swaps + p.idle, p.loss] for p in points], dtype=float)
        places[:, 0] /= 2 * _DIRECTIONS * width
        near = int(np.argmin(np.hypot((places[:, 0] - pick[0]) / 0.55, places[:, 1] - pick[1])))
        return variances, places, near, points[near]

    def update(width, ratio, pick):
        variances, places, near, (kept, loss, swaps, idle) = choose(width, ratio, pick)
        for i, (column, height) in enumerate(zip(columns, variances, strict=True)):
            column.set(height=height, color=figures.BLUE if i in kept else figures.ORANGE)
        cloud.set_data(places.T)
        ring.set_data(places[near : near + 1].T)
        hand.set_data([pick[0]], [pick[1]])
        kind = "the global minimum" if swaps + idle == 0 else "a saddle"
        listed = ", ".join(str(i + 1) for i in kept) or "nothing"
        return (
            f"Keeps {listed}: loss {loss:.3f}, <b>{kind}</b>. Index {swaps + idle} = {swaps} "
            f"(a lost direction beats a kept one) + {idle} ({width - len(kept)} idle × "
            f"{_DIRECTIONS - len(kept)} lost), of {2 * _DIRECTIONS * width} eigenvalues."
        )

    def check(values):
        variances, _, _, (kept, loss, swaps, idle) = choose(**values)
        best = float(np.sort(variances)[: _DIRECTIONS - values["width"]].sum())
        if swaps + idle == 1 and loss < 1.05 * best and len(kept) == values["width"]:
            return "one way down among dozens, for a gain of less than 5 %: hard to notice."
        return None

    return AssembledExplorer(
        picture,
        update,
        {
            "width": widgets.IntSlider(value=2, min=1, max=5, description="hidden units p"),
            "ratio": slider(0.6, 0.4, 0.98, 0.01, "each variance / the one before"),
        },
        points={"pick": (stairs, (0.25, 0.6))},
        title="the staircase of a linear autoencoder",
        goal="find a saddle of index 1 whose loss is less than 5 % above the global minimum.",
        presets={
            "the minimum": {"pick": (0.0, 0.0), "width": 2, "ratio": 0.6},
            "the origin": {"pick": (0.5, 1.0), "width": 2, "ratio": 0.6},
            "worst full saddle": {"pick": (0.33, 0.87), "width": 2, "ratio": 0.6},
            "five units": {"pick": (0.2, 0.4), "width": 5, "ratio": 0.8},
        },
        check=check,
    )
