"""The explorers of notebook 01: Taylor, the 2x2 Hessian, Newton against descent, escape."""

from functools import partial

import ipywidgets as widgets
import jax
import jax.numpy as jnp
import numpy as np
from matplotlib.patheffects import withStroke

from .. import figures, surfaces
from ..critical_points import classify_critical_point
from ..spectra import definiteness, eigh
from ..training import diverged_at
from .explorer import Explorer, slider
from .live import LivePicture

__all__ = ["explore_curvature", "explore_escape", "explore_newton", "explore_taylor"]


@partial(jax.jit, static_argnums=0)
def _local_shape(surface, theta):
    """Value, gradient (2,) and Hessian (2, 2) of a surface at θ."""
    value, slope = jax.value_and_grad(surface)(theta)
    return value, slope, jax.hessian(surface)(theta)


@partial(jax.jit, static_argnums=0)
def _values(surface, points):
    return jax.vmap(surface)(points)


@figures.styled
def explore_taylor(surface=surfaces.double_well) -> Explorer:
    """Drag θ₀ and turn the direction v: the loss along v with its tangent and its parabola."""
    reach = np.linspace(-1.5, 1.5, 121)
    fig, (plan, section) = figures.canvas(1, 2, size=(10, 4.5))
    figures.contours(plan, *surface.grid(), labels=False)
    plan.set(xlabel="x", ylabel="y", xlim=surface.domain[0], ylim=surface.domain[1])
    plan.set_title("drag the point θ₀")
    section.set(xlabel="distance t along v", ylabel="loss L", xlim=(-1.5, 1.5), ylim=(-0.6, 1.6))
    section.set_title("the loss along v, and two models of it")
    (line,) = plan.plot([], [], color="white", linestyle="-", linewidth=2)
    (dot,) = plan.plot([], [], "o", color=figures.RED, mec="white", ms=13)
    (loss,) = section.plot(reach, reach, color=figures.BLACK, linestyle="-", label="loss")
    (tangent,) = section.plot(reach, reach, color=figures.BLUE, ls="--", label="tangent")
    (parabola,) = section.plot(reach, reach, color=figures.RED, ls="-.", label="parabola")
    (center,) = section.plot([0], [0], "o", color=figures.RED, mec="white", ms=13)
    fig.legend(loc="outside lower right", ncols=3, fontsize=11, handlelength=1.8)
    picture = LivePicture(
        fig,
        "Left, a loss surface with a movable point and a direction; right, the loss along that "
        "direction with its tangent line and its parabola.",
    )
    picture.animate(line, dot, loss, tangent, parabola, center)

    def update(angle, point):
        theta, v = np.array(point), np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        value, slope, matrix = map(np.asarray, _local_shape(surface, theta))
        first, second = slope @ v, v @ matrix @ v
        places = theta + reach[:, None] * v
        line.set_data(places.T)
        dot.set_data([theta[0]], [theta[1]])
        loss.set_ydata(_values(surface, places))
        tangent.set_ydata(value + first * reach)
        parabola.set_ydata(value + first * reach + 0.5 * second * reach**2)
        center.set_ydata([value])
        return (
            f"At θ₀ = ({theta[0]:.2f}, {theta[1]:.2f}): ‖g‖ = <b>{np.linalg.norm(slope):.2f}</b>. "
            f"Along v: slope gᵀv = <b>{first:+.2f}</b>, curvature vᵀHv = <b>{second:+.2f}</b>"
        )

    def check(values):
        angle = np.radians(values["angle"])
        v = np.array([np.cos(angle), np.sin(angle)])
        _, slope, matrix = map(np.asarray, _local_shape(surface, np.array(values["point"])))
        if np.linalg.norm(slope) < 0.06 and v @ matrix @ v < -0.3:
            return "flat to first order, and the parabola opens downward: you stand on a saddle."
        return None

    return Explorer(
        picture,
        update,
        {"angle": slider(35, 0, 180, 1, "direction v, degrees", readout_format=".0f")},
        points={"point": (plan, (-1.35, 0.75))},
        title="tangent and parabola along any direction",
        goal="find a point where the gradient vanishes and a direction along which the parabola "
        "opens downward.",
        presets={
            "on the slope": {"point": (-1.35, 0.75), "angle": 35},
            "at a minimum": {"point": (1.0, 0.0), "angle": 90},
            "where the curvature along x is 0": {"point": (1 / np.sqrt(3), 0.0), "angle": 0},
        },
        check=check,
    )


@figures.styled
def explore_curvature() -> Explorer:
    """Three sliders make a symmetric 2×2 Hessian: its surface, its curvatures, its name."""
    side = np.linspace(-1, 1, 151)
    x, y = np.meshgrid(side, side)
    angles = np.linspace(0, 2 * np.pi, 361)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    fig, (plan, wheel) = figures.canvas(1, 2, size=(10, 4.6))
    bands = figures.diverging_bands(plan, x * 0 + 1, bound=4.0)
    plan.set(xlabel="x", ylabel="y", aspect="equal", xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    plan.set_title("½ vᵀHv: red is up, blue is down")
    wheel.set(xlim=(-5.2, 5.2), ylim=(-5.2, 5.2), aspect="equal")
    wheel.set_axis_off()
    wheel.set_title("curvature |vᵀHv| in every direction")
    for radius in (1, 3, 5):
        wheel.plot(*(radius * circle.T), color="#BBBBBB", lw=0.8, ls="-")
        wheel.text(0.15, radius - 0.1, str(radius), color=figures.GREY, va="top", fontsize=11)
    (up,) = wheel.plot([], [], color=figures.RED, ls="-", lw=2.5, label="positive: curves up")
    (down,) = wheel.plot([], [], color=figures.BLUE, ls="--", lw=2.5, label="negative: down")
    wheel.plot([], [], color=figures.GREEN, marker="D", ls="-", label="your direction v")
    fig.legend(loc="outside right upper", handlelength=1.8, title="curvature")
    arrows = [
        plan.plot([], [], color=color, ls="-", lw=3, marker=marker, ms=9, mec="white")[0]
        for color, marker in ((figures.BLACK, "o"), (figures.GREY, "s"))
    ]
    outline = [withStroke(linewidth=3, foreground="white")]
    tags = [
        plan.text(0, 0, "", fontsize=12, weight="bold", ha="center", path_effects=outline)
        for _ in arrows
    ]
    (probe,) = plan.plot([], [], color=figures.GREEN, ls="-", lw=2, marker="D", ms=10, mec="white")
    (probe_wheel,) = wheel.plot([], [], color=figures.GREEN, marker="D", ms=10, mec="white", ls="-")
    picture = LivePicture(
        fig,
        "Left, the quadratic surface of a 2 by 2 Hessian with its two eigenvectors and a probe "
        "direction; right, the curvature in every direction as a closed curve.",
    )
    picture.animate(bands, up, down, *arrows, *tags, probe, probe_wheel)

    def update(a, b, c, v):
        matrix = np.array([[a, b], [b, c]])
        values, vectors = eigh(matrix)
        bands.set_data(0.5 * (a * x**2 + 2 * b * x * y + c * y**2))
        curvatures = np.einsum("ni,ij,nj->n", circle, matrix, circle)
        curve = np.abs(curvatures)[:, None] * circle
        up.set_data(np.where(curvatures[:, None] >= 0, curve, np.nan).T)
        down.set_data(np.where(curvatures[:, None] < 0, curve, np.nan).T)
        for arrow, tag, vector, value in zip(arrows, tags, vectors.T, values, strict=True):
            arrow.set_data([0, 0.7 * vector[0]], [0, 0.7 * vector[1]])
            tag.set(
                position=0.7 * vector + [0, 0.08 if vector[1] >= 0 else -0.15],
                text=f"λ = {value:.2f}",
            )
        direction = np.array(v) / (np.hypot(*v) or 1.0)
        bend = direction @ matrix @ direction
        shares = (vectors.T @ direction) ** 2
        probe.set_data([0, v[0]], [0, v[1]])
        probe_wheel.set_data(*np.stack([[0, 0], abs(bend) * direction], axis=1))
        return (
            f"H = [[{a:.1f}, {b:.1f}], [{b:.1f}, {c:.1f}]] is <b>{definiteness(matrix)}</b>. "
            f"Along the green v: vᵀHv = {shares[0]:.3f}·({values[0]:.2f}) + "
            f"{shares[1]:.3f}·({values[1]:.2f}) = <b>{bend:.2f}</b>"
        )

    def check(values):
        lowest = eigh(np.array([[values["a"], values["b"]], [values["b"], values["c"]]]))[0][0]
        if values["a"] > 0 and values["c"] > 0 and lowest < -0.05:
            return "both axes curve up, yet between them the surface falls: b² > ac."
        return None

    return Explorer(
        picture,
        update,
        {
            "a": slider(2.0, -3, 3, 0.1, "a = ∂²L/∂x²"),
            "b": slider(0.5, -2, 2, 0.1, "b = ∂²L/∂x∂y"),
            "c": slider(1.0, -3, 3, 0.1, "c = ∂²L/∂y²"),
        },
        points={"v": (plan, (0.35, -0.35 * np.sqrt(3)))},
        title="a 2 by 2 Hessian and its curvatures",
        goal="keep a and c positive, so that both axes curve up, and still make the surface a "
        "saddle.",
        presets={
            "minimum": {"a": 1.0, "b": 0.0, "c": 3.0},
            "saddle": {"a": -1.0, "b": 0.0, "c": 3.0},
            "valley": {"a": 2.0, "b": 0.0, "c": 0.0},
            "dome": {"a": -2.0, "b": 0.5, "c": -1.0},
        },
        check=check,
    )


_STEPS = 60
_RACES = {
    "double well": surfaces.double_well,
    "bowl x²+3y²": surfaces.bowl,
    "Himmelblau": surfaces.himmelblau,
}
_RATES = {"double well": 0.2, "bowl x²+3y²": 0.1, "Himmelblau": 0.01}


@partial(jax.jit, static_argnums=0)
def _paths(surface, start, rate):
    """Newton's and gradient descent's iterates, each (steps + 1, 2), and their losses."""
    slope, matrix = jax.grad(surface), jax.hessian(surface)

    def run(step):
        _, points = jax.lax.scan(lambda p, _: (step(p), p), start, length=_STEPS + 1)
        return points, jax.vmap(surface)(points)

    newton = run(lambda p: p - jnp.linalg.solve(matrix(p), slope(p)))
    return newton, run(lambda p: p - rate * slope(p))


def _destination(surface, points, losses) -> str:
    """Where a path ends, in words."""
    lost = diverged_at(losses)
    if lost >= 0:
        return f"diverged at step {lost}"
    _, slope, matrix = map(np.asarray, _local_shape(surface, points[-1]))
    kind = classify_critical_point(np.linalg.eigvalsh(matrix), np.linalg.norm(slope), grad_tol=1e-3)
    place = f"({points[-1][0] + 0.0:.2f}, {points[-1][1] + 0.0:.2f})".replace("-0.00", "0.00")
    if kind == "not critical":
        return f"still on its way after {_STEPS} steps, at {place}"
    arrived = int(np.argmax(np.linalg.norm(points - points[-1], axis=1) < 1e-2))
    return f"<b>{kind}</b> {place}, within 0.01 after {arrived} step{'s' * (arrived != 1)}"


@figures.styled
def explore_newton() -> Explorer:
    """Newton's method against gradient descent from any start."""
    fig, (plan, curve) = figures.canvas(1, 2, size=(10, 4.5))
    steps = np.arange(_STEPS + 1)
    looks = figures.METHODS
    trails, ends, errors = [], [], []
    for method in ("Newton", "gradient descent"):
        trails.append(plan.plot([], [], ms=5, lw=1.8, label=method, **looks[method])[0])
        ends.append(plan.plot([], [], "*", ms=17, color=looks[method]["color"], mec="white")[0])
        errors.append(curve.plot(steps, steps + 1.0, ms=4, label=method, **looks[method])[0])
    (start_dot,) = plan.plot([], [], "o", ms=13, mfc="white", mec="black", mew=2)
    plan.set(xlabel="x", ylabel="y")
    plan.set_title("▼ min   ✕ saddle   ▲ max   ○ start   ★ end")
    curve.set(xlabel="step", ylabel="gradient norm ‖g‖", yscale="log", ylim=(5e-11, 1e3))
    curve.set_title("a small ‖g‖ means critical, not minimal")
    curve.legend(loc="upper right")
    picture = LivePicture(
        fig,
        "Left, a loss surface with the paths of Newton's method and of gradient descent from one "
        "movable start; right, their gradient norms against the step on a log axis.",
    )
    picture.animate(*trails, *ends, *errors, start_dot)
    shown = []

    def draw_background(name):
        surface = _RACES[name]
        while shown:
            shown.pop().remove()
        before = set(plan.get_children())
        figures.contours(plan, *surface.grid(), log=name == "Himmelblau", labels=False)
        markers = {"minimum": "v", "saddle": "x", "maximum": "^"}
        for (x, y), nature in surface.critical_points:
            plan.plot(x, y, markers[nature], color="white", ms=9, mew=2.5, mec="white")
        shown.extend(artist for artist in plan.get_children() if artist not in before)
        plan.set(xlim=surface.domain[0], ylim=surface.domain[1])
        picture.invalidate()

    drawn = [None]

    def update(surface, rate, start):
        if drawn[0] != surface:
            drawn[0] = surface
            draw_background(surface)
        function = _RACES[surface]
        results = _paths(function, np.array(start), 10.0**rate)
        words = []
        for (points, losses), trail, end, error in zip(results, trails, ends, errors, strict=True):
            points, losses = np.asarray(points), np.asarray(losses)
            inside = np.all(np.abs(points) < 1e3, axis=1)  # not too far away to be drawn
            visible = points[: int(np.argmin(inside))] if not inside.all() else points
            trail.set_data(visible.T)
            end.set_data(visible[-1:].T)
            slopes = np.asarray(_slopes(function, points))
            error.set_ydata(np.maximum(slopes, 1e-10))  # an exact zero sits at the bottom
            words.append(_destination(function, points, losses))
        start_dot.set_data([start[0]], [start[1]])
        return f"Newton: {words[0]}. Gradient descent (η = {10**rate:.3g}): {words[1]}."

    def check(values):
        function = _RACES[values["surface"]]
        runs = _paths(function, np.array(values["start"]), 10.0 ** values["rate"])
        ends = [_destination(function, np.asarray(p), np.asarray(v)) for p, v in runs]
        if ("saddle" in ends[0] or "maximum" in ends[0]) and "minimum" in ends[1]:
            return "same start, same loss: Newton went to a critical point, descent went down."
        return None

    return Explorer(
        picture,
        update,
        {
            "surface": widgets.Dropdown(options=list(_RACES), description="surface"),
            "rate": slider(-0.7, -3, 0.2, 0.05, "log₁₀ of the learning rate η"),
        },
        points={"start": (plan, (1.4, 0.9))},
        title="Newton against gradient descent",
        goal="find a start from which Newton ends at a saddle or a maximum while gradient descent "
        "ends at a minimum.",
        presets={
            "one step on a bowl": {"surface": "bowl x²+3y²", "start": (-1.2, 1.0), "rate": -1.0},
            "near the ridge": {"surface": "double well", "start": (0.5, 0.8), "rate": -0.7},
            "nine critical points": {"surface": "Himmelblau", "start": (4.0, 3.5), "rate": -2.0},
            "η too large": {"surface": "Himmelblau", "start": (0.5, 0.5), "rate": -1.4},
        },
        check=check,
    )


@partial(jax.jit, static_argnums=0)
def _slopes(surface, points):
    return jnp.linalg.norm(jax.vmap(jax.grad(surface))(points), axis=1)


@jax.jit
def _descent_length(start, rate):
    """400 gradient steps on (1-w₁w₂)²: iterates, losses, and the first loss < 0.01 (or -1)."""
    chain = surfaces.linear_chain

    def step(point, _):
        return point - rate * jax.grad(chain)(point), (point, chain(point))

    _, (points, losses) = jax.lax.scan(step, start, length=401)
    return points, losses, jnp.where(jnp.any(losses < 0.01), jnp.argmax(losses < 0.01), -1)


@figures.styled
def explore_escape() -> Explorer:
    """Step off the saddle of (1-w₁w₂)² by a, in any direction, and compare with the forecast."""
    chain, reach = surfaces.linear_chain, np.linspace(0, 2.4, 97)
    fig, (plan, section) = figures.canvas(1, 2, size=(10, 4.3))
    figures.contours(plan, *chain.grid(361), log=True, floor=0.01)
    plan.set(xlabel="w₁", ylabel="w₂", aspect="equal")
    plan.set_title("one step from the saddle, then descent")
    section.set(xlabel="step a", ylabel="loss L", xlim=(0, 2.4), ylim=(-1.5, 3.0))
    section.set_title("forecast 1 + ½ a² vᵀHv against the loss")
    section.axhline(1.0, color=figures.GREY, ls=":", lw=1.2)
    section.text(1.2, 1.03, "loss at the saddle", ha="center", va="bottom", color=figures.GREY)
    (loss,) = section.plot(reach, reach, color=figures.BLACK, ls="-", label="loss")
    (forecast,) = section.plot(reach, reach, color=figures.RED, ls="-.", label="quadratic forecast")
    (mark,) = section.plot([], [], "o", color=figures.BLACK, ms=11, mec="white")
    (mark_forecast,) = section.plot([], [], "s", color=figures.RED, ms=10, mec="white")
    section.legend(loc="upper left")
    (trail,) = plan.plot([], [], color=figures.BLUE, ls="-", lw=2, marker="o", ms=4, zorder=2.5)
    (arrow,) = plan.plot([], [], color="white", ls="-", lw=3, zorder=3)
    (handle,) = plan.plot([], [], "D", color=figures.GREEN, mec="white", ms=10, zorder=4)
    (landing,) = plan.plot([], [], "o", color=figures.RED, mec="white", ms=12, zorder=4)
    picture = LivePicture(
        fig,
        "Left, the loss of two weights in a row with a step away from the saddle at the origin and "
        "the descent that follows; right, the loss along the step beside its quadratic forecast.",
    )
    picture.animate(loss, forecast, mark, mark_forecast, arrow, trail, handle, landing)
    _, _, matrix = map(np.asarray, _local_shape(chain, np.zeros(2)))

    def land(a, point):
        """The unit direction towards the point, and the place a along it."""
        length = np.hypot(*point)
        v = np.array(point) / length if length > 0 else np.array([1.0, 1.0]) / np.sqrt(2)
        return v, a * v

    def update(a, rate, point):
        v, there = land(a, point)
        bend = v @ matrix @ v
        value = float(_values(chain, there[None])[0])
        points, losses, length = _descent_length(there, rate)
        loss.set_ydata(_values(chain, reach[:, None] * v))
        forecast.set_ydata(1 + 0.5 * bend * reach**2)
        mark.set_data([a], [value])
        mark_forecast.set_data([a], [1 + 0.5 * bend * a**2])
        arrow.set_data([0, there[0]], [0, there[1]])
        landing.set_data([there[0]], [there[1]])
        handle.set_data([point[0]], [point[1]])
        points = np.asarray(points)
        outside = ~(np.abs(points) < 10).all(axis=1)  # of the picture
        trail.set_data(points[: int(np.argmax(outside | (np.arange(401) == length))) or 401].T)
        descent = f"takes <b>{int(length)} steps</b> to reach 0.01"
        if length < 0:
            descent = "has not reached 0.01 after <b>400 steps</b>"
        lost = diverged_at(losses)
        if lost >= 0:
            descent = f"<b>diverges at step {lost}</b>"
        return (
            f"vᵀHv = {bend + 0.0:+.2f}. Loss after the step: <b>{value:.3f}</b>, forecast "
            f"{1 + 0.5 * bend * a**2:.3f}. Descent then {descent}."
        )

    def check(values):
        _, there = land(values["a"], values["point"])
        if values["a"] >= 1.98 and float(_values(chain, there[None])[0]) < 1:
            return "just below a = 2 the loss is still under 1; beyond it, (1 - a²/2)² exceeds 1."
        return None

    return Explorer(
        picture,
        update,
        {
            "a": slider(0.5, 0, 2.4, 0.01, "step a"),
            "rate": slider(0.1, 0.01, 0.3, 0.01, "learning rate η of the descent"),
        },
        points={"point": (plan, (1.2, 1.2))},
        title="stepping off a saddle",
        goal="find the longest step that still lands below the saddle's loss of 1. "
        "Drag the green point to turn the direction.",
        presets={
            "along u": {"a": 0.5, "point": (1.2, 1.2)},
            "a tiny step": {"a": 0.01, "point": (1.2, 1.2)},
            "the wrong way": {"a": 0.5, "point": (1.2, -1.2)},
            "a flat direction": {"a": 0.5, "point": (0.0, 1.2)},
        },
        check=check,
    )
