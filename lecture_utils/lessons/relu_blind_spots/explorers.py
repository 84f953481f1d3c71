"""The explorers of notebook 03: one unit by hand, a descent that may die, networks born dead."""

from functools import lru_cache

import ipywidgets as widgets
import jax
import jax.numpy as jnp
import numpy as np

from lecture_utils.datasets import FIVE_POINTS
from lecture_utils.networks import ACTIVATIONS
from lecture_utils.studio.live import LivePicture
from lecture_utils.studio.panel import AssembledExplorer, slider
from lecture_utils.training import DIVERGENCE, diverged_at

from . import figures

__all__ = ["explore_born_dead", "explore_descent", "explore_one_unit"]

X, Y = FIVE_POINTS


def _squares(v, c, b, w):
    """Squared errors on the five points, along the last axis."""
    unit = np.maximum(np.multiply.outer(w, X) + np.asarray(b)[..., None], 0)
    return (v * unit + c - Y) ** 2


class _Plane:
    """The loss over (w, b) for given v and c, with the dead region hatched."""

    def __init__(self, ax, w, b, label="squared error L"):
        self.w, self.b = np.meshgrid(np.linspace(*w, 141), np.linspace(*b, 141))
        self.dead = np.all(np.multiply.outer(self.w, X) + self.b[..., None] <= 0, axis=-1)
        self.image = ax.imshow(
            self.w,
            origin="lower",
            extent=(*w, *b),
            aspect="auto",
            cmap="viridis",
            vmin=1.1,
            vmax=3.1,
            interpolation="nearest",
        )
        # Hatched once and for all: where the unit is dead the image is see-through.
        across = np.array([w[0], 0, w[1]])
        ax.fill_between(
            across, b[0], np.minimum(across, -5 * across), fc="#DDDDDD", ec=figures.GREY, hatch="//"
        )
        ax.set(xlabel="input weight w", ylabel="bias b", xlim=w, ylim=b)
        scale = ax.figure.colorbar(self.image, ax=ax, ticks=[np.log10(14), 2, 3], pad=0.02)
        scale.ax.set_yticklabels(["14", "100", "1000"])
        scale.set_label(label)

    def show(self, v, c):
        height = np.log10(np.maximum(_squares(v, c, self.b, self.w).sum(-1), 1e-9))
        self.image.set_data(np.ma.masked_where(self.dead, height))


@figures.styled
def explore_one_unit() -> AssembledExplorer:
    """Place the kink by hand: the fit, its squared errors, and the loss over (w, b)."""
    fig, (data, plan) = figures.canvas(1, 2, size=(10.6, 4.2))
    grid = np.linspace(-1.8, 5.6, 200)
    data.axhline(0, color="#CCCCCC", lw=1, ls="-")
    data.set(xlabel="input x", ylabel="target y", xlim=(-1.8, 5.6), ylim=(-4.2, 4.2))
    data.set_title("drag the kink (diamond)")
    (fit,) = data.plot(grid, grid, color=figures.BLUE, ls="-")
    (gaps,) = data.plot([], [], color=figures.RED, ls="-", lw=1.6)
    (active,) = data.plot([], [], "o", color=figures.BLACK, ms=9, label="unit active")
    (silent,) = data.plot([], [], "o", color=figures.BLACK, mfc="white", ms=9, label="inactive")
    (kink,) = data.plot([], [], "D", color=figures.BLUE, mec="white", ms=12)
    data.legend(loc="upper center", ncols=2, handlelength=1)
    plane = _Plane(plan, (-3, 3), (-17, 17))
    plan.set_title("the loss; hatched: dead")
    (here,) = plan.plot([], [], "D", color=figures.BLUE, mec="white", ms=12)
    picture = LivePicture(
        fig,
        "Left, five data points and the fit of one ReLU unit, whose kink can be dragged; right, "
        "the squared error over input weight and bias with the dead region hatched.",
    )
    picture.animate(plane.image, fit, gaps, active, silent, kink, here)

    def place(v, w, kink):
        """The parameters in the slide's order (v, c, b, w)."""
        return v, kink[1], -w * kink[0], w

    def update(v, w, kink_at):
        v, c, b, w = place(v, w, kink_at)
        squares, on = _squares(v, c, b, w), w * X + b > 1e-12
        plane.show(v, c)
        fit.set_ydata(v * np.maximum(w * grid + b, 0) + c)
        ends = np.stack([Y, v * np.maximum(w * X + b, 0) + c, np.full(5, np.nan)], axis=1)
        gaps.set_data(np.repeat(X, 3), ends.ravel())
        active.set_data(X[on], Y[on])
        silent.set_data(X[~on], Y[~on])
        kink.set_data([kink_at[0]], [c])
        here.set_data([w], [b])
        terms = " + ".join(f"{value:.2f}" for value in squares)
        total = sum(round(value, 2) for value in squares)
        state = f"active on {on.sum()} of 5 points" if on.any() else "<b>dead</b>"
        return (
            f"Kink at x = {kink_at[0]:.2f}, b = {b + 0.0:.2f}, unit {state}. "
            f"L = {terms} = <b>{total:.2f}</b>"
        )

    def check(values):
        if _squares(*place(values["v"], values["w"], values["kink_at"])).sum() < 14.1:
            return "the unit gives up three points, takes the far left one, and beats A by 4."
        return None

    return AssembledExplorer(
        picture,
        update,
        {
            "v": slider(1.0, -3, 3, 0.05, "output weight v"),
            "w": slider(0.5, -3, 3, 0.05, "input weight w"),
        },
        points={"kink_at": (data, (1.5, -1.0))},
        title="one hidden unit by hand",
        goal="reach a squared error below 14.1.",
        presets={
            "the slide's A": {"v": 1.0, "w": 1.0, "kink_at": (3.0, 0.0)},
            "facing left": {"v": 1.0, "w": -1.0, "kink_at": (3.0, -1.0)},
            "dead": {"v": 1.0, "w": 1.0, "kink_at": (5.3, 0.6)},
        },
        check=check,
    )


_STEPS = 4000


def _loss(theta):
    v, c, b, w = theta
    return jnp.sum((v * jax.nn.relu(w * X + b) + c - Y) ** 2)


@jax.jit
def _descent(start, rate):
    """All iterates (steps + 1, 4) of gradient descent on the five points, and their losses."""

    def step(theta, _):
        value, slope = jax.value_and_grad(_loss)(theta)
        return theta - rate * slope, (theta, value)

    return jax.lax.scan(step, start, length=_STEPS + 1)[1]


def _end(theta, losses) -> str:
    """How a run ends, in words."""
    lost = diverged_at(losses)
    if lost >= 0:
        return f"diverged at step {lost}"
    off = ~np.any(theta[:, 3:] * X + theta[:, 2:3] > 0, axis=1)
    if off[-1]:
        born = "dead from the start" if off[0] else f"died at step {int(np.argmax(off))}"
        return f"<b>{born}</b>, L = {losses[-1]:.2f}"
    names = {14.0: "the best, B", 18.0: "stuck like A", 21.17: "a straight line"}
    for level, name in names.items():
        if abs(losses[-1] - level) < 0.004:
            return f"<b>{name}</b>, L = {losses[-1]:.2f}"
    return f"still on its way after {_STEPS} steps, L = {losses[-1]:.2f}"


@figures.styled
def explore_descent() -> AssembledExplorer:
    """Drop a start on the loss over (w, b): gradient descent finds 14, 18, a line, or death."""
    fig, (plan, curve) = figures.canvas(1, 2, size=(10.6, 4.2))
    plane = _Plane(plan, (-4, 4), (-7, 7), label="")
    plan.set_title("drag the start; color: the loss L")
    (trail,) = plan.plot([], [], color="white", ls="-", lw=2.2)
    (start_dot,) = plan.plot([], [], "o", ms=13, mfc="white", mec="black", mew=2)
    (end,) = plan.plot([], [], "*", ms=18, color=figures.RED, mec="white")
    shown = np.unique(np.round(np.logspace(0, np.log10(_STEPS), 120)).astype(int))
    (line,) = curve.plot(shown, shown, color=figures.BLUE, ls="-")
    for level, name in [(14, "B: 14"), (18, "A: 18"), (21.2, "dead or a line: 21.2")]:
        curve.axhline(level, color=figures.GREY, ls=":", lw=1.2)
        curve.text(1.1, level - 0.15, name, color=figures.GREY, va="top", fontsize=11)
    curve.set(
        xlabel="step", ylabel="squared error L", xscale="log", xlim=(1, _STEPS), ylim=(12.5, 32)
    )
    curve.set_title("where does it end?")
    picture = LivePicture(
        fig,
        "Left, the squared error over input weight and bias with the dead region hatched and the "
        "path of gradient descent from a movable start; right, the error against the step.",
    )
    picture.animate(plane.image, trail, start_dot, end, line)

    def run(v, rate, start):
        theta, losses = _descent(np.array([v, 0.0, start[1], start[0]]), 10.0**rate)
        return np.asarray(theta), np.asarray(losses)

    def update(v, rate, start):
        theta, losses = run(v, rate, start)
        plane.show(v, 0.0)
        inside = np.all(np.abs(theta) < 1e3, axis=1)  # not too far away to be drawn
        path = theta[: int(np.argmin(inside))] if not inside.all() else theta
        trail.set_data(path[:, 3], path[:, 2])
        start_dot.set_data([start[0]], [start[1]])
        end.set_data(path[-1:, 3], path[-1:, 2])
        heights = losses[shown]
        line.set_ydata(np.where(heights < DIVERGENCE, heights, np.nan))
        on = int(np.sum(start[0] * X + start[1] > 0))
        return (
            f"The unit starts active on {on} of 5 points, at L = {losses[0]:.2f}. Gradient descent "
            f"(η = {10**rate:.2g}): {_end(theta, losses)}."
        )

    def check(values):
        theta, losses = run(values["v"], values["rate"], values["start"])
        all_on = np.all(values["start"][0] * X + values["start"][1] > 0)
        if all_on and "died" in _end(theta, losses):
            return "alive on all five points at the start, and trained to death."
        return None

    return AssembledExplorer(
        picture,
        update,
        {
            "v": slider(1.0, -3, 3, 0.05, "output weight v at the start"),
            "rate": slider(-2.3, -3.5, -1.0, 0.05, "log₁₀ of the learning rate η"),
        },
        points={"start": (plan, (1.5, -1.0))},
        title="one descent, four endings",
        goal="start with a unit active on all five points, and let gradient descent kill it.",
        presets={
            "ends like A": {"v": 1.0, "rate": -2.3, "start": (1.5, -1.0)},
            "ends at B": {"v": 1.0, "rate": -2.3, "start": (-2.0, 0.0)},
            "inside the dead region": {"v": 1.0, "rate": -2.3, "start": (0.0, -4.0)},
            "η too large": {"v": 1.0, "rate": -1.3, "start": (1.5, -1.0)},
        },
        check=check,
    )


_NETS, _WIDTH, _DEPTH = 100, 10, 20
_INPUTS = np.linspace(-2, 2, 17)
_DRAWS = np.random.default_rng(0).standard_normal((_DEPTH, _NETS, _WIDTH, _WIDTH))
_READOUTS = np.random.default_rng(1).standard_normal((_NETS, _WIDTH))


@jax.jit
def _responses(kind, bias, draws, readouts):
    """Outputs (width, depth, net, input) of random networks, all widths and depths at once."""

    def of_width(width):
        real = jnp.arange(_WIDTH) < width
        first = jnp.zeros((_NETS, len(_INPUTS), _WIDTH)).at[..., 0].set(_INPUTS)

        def layer(carry, weights):
            hidden, fan_in = carry
            sums = hidden @ weights * jnp.sqrt(2 / fan_in) + bias
            hidden = jax.lax.switch(kind, [ACTIVATIONS[name] for name in _KINDS], sums) * real
            outputs = jnp.einsum("nxw,nw->nx", hidden, readouts) / jnp.sqrt(width)
            return (hidden, 1.0 * width), (outputs, jnp.max(jnp.ptp(hidden, axis=1), axis=-1))

        return jax.lax.scan(layer, (first, 1.0), draws)[1]

    return jax.vmap(of_width)(jnp.arange(1, _WIDTH + 1))


_KINDS = ("relu", "leaky_relu", "gelu", "tanh")


@lru_cache(maxsize=32)
def _survey(kind: str, bias: float):
    """Outputs (10, 20, 100, 17) and which of the networks are constant (10, 20, 100)."""
    outputs, spread = _responses(_KINDS.index(kind), bias, _DRAWS, _READOUTS)
    return np.asarray(outputs), np.asarray(spread) == 0


@figures.styled
def explore_born_dead() -> AssembledExplorer:
    """Which share of random networks is constant before any training, by depth and width."""
    fig, (plan, curve) = figures.canvas(1, 2, size=(10.6, 4.2))
    image = plan.imshow(
        np.zeros((_WIDTH, _DEPTH)),
        origin="lower",
        extent=(0.5, _DEPTH + 0.5, 0.5, _WIDTH + 0.5),
        aspect="auto",
        cmap="cividis",
        vmin=0,
        vmax=1,
        interpolation="nearest",
    )
    plan.set(xlabel="hidden layers", ylabel="units per layer", xticks=[1, 5, 10, 15, 20])
    plan.set_yticks([1, 2, 4, 6, 8, 10])
    plan.set_title("share born dead: click a network")
    fig.colorbar(image, ax=plan, ticks=[0, 0.5, 1], pad=0.02)
    (here,) = plan.plot([], [], "s", ms=13, mfc="none", mec=figures.RED, mew=3)
    (hand,) = plan.plot([], [], "o", ms=5, color=figures.RED, mec="white", mew=0.7)
    curve.set(xlabel="input x", ylabel="output minus its mean", xlim=(-2, 2), ylim=(-2.5, 2.5))
    curve.set_title("100 networks before training")
    (live,) = curve.plot([], [], color=figures.BLUE, ls="-", lw=0.7)
    (dead,) = curve.plot([], [], color=figures.RED, ls="-", lw=3)
    curve.plot([], [], color=figures.BLUE, ls="-", lw=1.5, label="alive")
    curve.plot([], [], color=figures.RED, ls="-", lw=3, label="constant")
    curve.legend(loc="lower right", ncols=2, framealpha=0.9, frameon=True)
    picture = LivePicture(
        fig,
        "Left, the share of random networks that are constant, over depth and width, with a "
        "movable choice; right, the outputs of a hundred networks of that size.",
    )
    picture.animate(image, live, dead, here, hand)

    def choice(network):
        depth, width = (round(value) for value in network)
        return int(np.clip(depth, 1, _DEPTH)), int(np.clip(width, 1, _WIDTH))

    def joined(outputs):
        gap = np.full((len(outputs), 1), np.nan)
        return np.tile([*_INPUTS, np.nan], len(outputs)), np.hstack([outputs, gap]).ravel()

    def update(activation, bias, network):
        outputs, constant = _survey(activation, round(bias, 2))
        depth, width = choice(network)
        image.set_data(constant.mean(axis=2))
        here.set_data([depth], [width])
        hand.set_data([network[0]], [network[1]])  # an arrow key may stay within a cell
        chosen, off = outputs[width - 1, depth - 1], constant[width - 1, depth - 1]
        chosen = chosen - chosen.mean(axis=1, keepdims=True)
        live.set_data(*joined(chosen[~off]))
        dead.set_data(*joined(chosen[off]))
        layers = f"{depth} hidden layer{'s' * (depth > 1)} of {width}"
        text = f"{layers}: <b>{off.sum()} of 100</b> born dead"
        if activation == "relu" and bias == 0:
            text += f" (bound {1 - (1 - 2.0**-width) ** depth:.2f})"
        nearly = np.ptp(outputs[width - 1, depth - 1], axis=1)[~off] < 1e-3
        return f"{text}; {nearly.sum()} more vary by less than 0.001 over all inputs shown."

    def check(values):
        if values["activation"] != "relu" or values["bias"] != 0:
            return None
        depth, width = choice(values["network"])
        share = _survey("relu", 0.0)[1].mean(axis=2)[:, depth - 1]
        if depth == _DEPTH and width > 1 and share[width - 1] < 0.1 <= share[width - 2]:
            return f"{width} units per layer keep 20 layers alive; one unit less does not."
        return None

    return AssembledExplorer(
        picture,
        update,
        {
            "activation": widgets.Dropdown(options=list(_KINDS), description="activation"),
            "bias": slider(0.0, -1, 1, 0.05, "bias of every unit"),
        },
        points={"network": (plan, (10.0, 2.0))},
        title="networks born dead",
        goal="with ReLU and bias 0, find the narrowest network of 20 hidden layers of which fewer "
        "than 10 in 100 are born dead.",
        presets={
            "width 2, depth 10": {"activation": "relu", "bias": 0.0, "network": (10, 2)},
            "a little bias": {"activation": "relu", "bias": 0.3, "network": (10, 2)},
            "leaky": {"activation": "leaky_relu", "bias": 0.0, "network": (20, 2)},
            "tanh": {"activation": "tanh", "bias": 0.0, "network": (20, 2)},
        },
        check=check,
    )
