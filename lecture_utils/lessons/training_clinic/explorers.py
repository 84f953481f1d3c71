"""The explorers of notebook 09: the guide as a tree, one step under the microscope, the clinic."""

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

import ipywidgets as widgets
import jax
import jax.numpy as jnp
import numpy as np

from lecture_utils.networks import cross_entropy
from lecture_utils.studio.live import LivePicture
from lecture_utils.studio.panel import AssembledExplorer, slider
from lecture_utils.trees import norm

from . import clinic, figures

__all__ = ["explore_clinic", "explore_guide", "explore_step"]

# --- the guide ----------------------------------------------------------------------------------

HIGH, GAP = 0.5, 0.3  # a loss that counts as high, a difference that counts
NODES = {
    "train": (0.5, 0.89, "training loss high?"),
    "smaller": (0.23, 0.57, "is a smaller network\nbetter in training?"),
    "test": (0.74, 0.66, "test loss high?"),
    "heldout": (0.63, 0.38, "held-out loss\nhigh as well?"),
    "model bias": (0.12, 0.09, "model bias"),
    "optimization": (0.35, 0.09, "optimization"),
    "overfitting": (0.58, 0.09, "overfitting"),
    "mismatch": (0.82, 0.09, "mismatch"),
    "done": (0.89, 0.38, "nothing is wrong"),
}
EDGES = (
    ("train", "smaller", "yes"),
    ("train", "test", "no"),
    ("smaller", "model bias", "no"),
    ("smaller", "optimization", "yes"),
    ("test", "heldout", "yes"),
    ("test", "done", "no"),
    ("heldout", "overfitting", "yes"),
    ("heldout", "mismatch", "no"),
)
ADVICE = {
    "train": "look at the training loss first: a test can only be as good as the training.",
    "smaller": "train a smaller or shallower network on the same data and compare training losses.",
    "test": "the training is fine; now compare with images that were not used for it.",
    "heldout": "hold back some images of the training source and read the loss there.",
    "model bias": "no parameters of this network do better: more units, layers or inputs.",
    "optimization": "the larger network could do what the smaller one does, and does not find it: "
    "look at start, learning rate, curvature, dead units, skips.",
    "overfitting": "the network has learned its images by heart: more images, correct labels, "
    "weight decay, fewer steps, a smaller network.",
    "mismatch": "the test images are of another kind than the training images: train on such.",
    "done": "both losses are low: ship it.",
}


def verdict(train: float, smaller: float, heldout: float, test: float) -> list[str]:
    """The nodes that the guide passes through for these four losses, the last one its answer."""
    if train > HIGH:
        worse = smaller < train - GAP
        return ["train", "smaller", "optimization" if worse else "model bias"]
    if test <= train + GAP:
        return ["train", "test", "done"]
    return ["train", "test", "heldout", "overfitting" if heldout > train + GAP else "mismatch"]


@figures.styled
def explore_guide() -> AssembledExplorer:
    """The note's general guide: four losses light a way through the tree; click a box."""
    fig, ax = figures.canvas(size=(10.4, 4.0))
    boxes, lines = figures.tree(ax, NODES, EDGES)
    (hand,) = ax.plot([], [], "v", color=figures.GREEN, ms=13, mec="white", zorder=6)
    picture = LivePicture(
        fig,
        "A decision tree: high training loss leads to model bias or optimization, low training "
        "loss with high test loss to overfitting or mismatch; the way of the case is orange.",
    )
    (cross,) = ax.plot([], [], "+", color=figures.BLACK, ms=11, zorder=7)  # where you point
    case = ax.text(0.0, 0.99, "", transform=ax.transAxes, va="top", fontsize=10)
    picture.animate(boxes.values(), lines.values(), ax.texts, hand, cross)

    def nearest(place):
        return min(NODES, key=lambda n: np.hypot(NODES[n][0] - place[0], NODES[n][1] - place[1]))

    def update(train, smaller, heldout, test, box):
        way, chosen = verdict(train, smaller, heldout, test), nearest(box)
        for name, patch in boxes.items():
            patch.set_facecolor("#FBE3C0" if name in way else "white")
            patch.set_edgecolor(figures.ORANGE if name in way else figures.GREY)
        for (start, end), line in lines.items():
            on = start in way and end in way
            line.set(color=figures.ORANGE if on else figures.GREY, linewidth=4 if on else 1.5)
        hand.set_data([NODES[chosen][0]], [NODES[chosen][1] + 0.09])
        cross.set_data([box[0]], [box[1]])
        case.set_text(
            f"training {train:.2f}\nsmaller {smaller:.2f}\nheld out {heldout:.2f}\ntest {test:.2f}"
        )
        return (
            f"The guide ends at <b>{NODES[way[-1]][2]}</b>. Your box, <i>"
            f"{NODES[chosen][2]}</i>: {ADVICE[chosen]}"
        )

    def check(values):
        box = nearest(values.pop("box"))
        if box == verdict(**values)[-1] == "mismatch":
            return "low on held-out images, high on the test: they come from different sources."
        return None

    def loss(value, text):
        return slider(value, 0, 3, 0.05, text)

    return AssembledExplorer(
        picture,
        update,
        {
            "train": loss(2.3, "training loss"),
            "smaller": loss(0.4, "a smaller network's"),
            "heldout": loss(2.3, "held-out loss"),
            "test": loss(2.3, "test loss"),
        },
        points={"box": (ax, (0.59, 0.85))},
        title="the general guide as a tree",
        goal="find four losses for which neither more images of the same kind nor a larger network "
        "would help, though the test loss is high; then click the box that names the trouble.",
        presets={
            "all high": {"train": 2.0, "smaller": 2.0, "heldout": 2.0, "test": 2.0},
            "a small one is better": {"train": 2.0, "smaller": 0.2, "heldout": 2.0, "test": 2.0},
            "low, then high": {"train": 0.1, "smaller": 0.2, "heldout": 1.2, "test": 1.2},
        },
        check=check,
    )


# --- one step under the microscope --------------------------------------------------------------


class Walk(NamedTuple):
    """The loss along the negative gradient: ``losses`` at params - t·gradient for ``times`` t.

    ``slope`` = |g|² and ``bend`` = gᵀHg make the parabola L - t·slope + t²·bend/2.
    """

    times: np.ndarray
    losses: np.ndarray
    slope: float
    bend: float


TIMES = np.concatenate([[0.0], np.logspace(-3, 1.5, 121)])


@lru_cache(maxsize=128)
def walk(case: clinic.Case, moment: int) -> Walk:
    """One gradient step from a moment of the run, for every learning rate from 0 to 30."""
    params, (x, y) = clinic.at(clinic.run(case), moment), clinic.data(case, 0)[0]
    losses, slope, bend = _walk(clinic.network(case.skip), params, x, y, TIMES)
    return Walk(TIMES, np.asarray(losses, dtype=float), float(slope), float(bend))


@partial(jax.jit, static_argnums=0)
def _walk(apply, params, x, y, times):
    def loss(params):
        return cross_entropy(apply(params, x), y)

    slope, turned = jax.jvp(jax.grad(loss), (params,), (jax.grad(loss)(params),))
    losses = jax.lax.map(
        lambda t: loss(jax.tree.map(lambda p, g: p - t.astype(p.dtype) * g, params, slope)), times
    )
    pairs = zip(jax.tree.leaves(slope), jax.tree.leaves(turned), strict=True)
    return losses, norm(slope) ** 2, sum(jnp.vdot(g, h) for g, h in pairs)


@figures.styled
def explore_step() -> AssembledExplorer:
    """One gradient step of any length from any moment of any patient's training."""
    fig, (along, curve) = figures.canvas(1, 2, size=(10.6, 4.0), width_ratios=[1.5, 1])
    along.set(xscale="log", xlim=(1e-3, 30), ylim=(0, 5))
    along.set(xlabel="learning rate of the step, η", ylabel="training loss after it")
    along.set_title("one step downhill: how long?")
    times = TIMES[1:]
    (model,) = along.plot([], [], color=figures.BLUE, ls="--", lw=1.6, label="parabola")
    (true,) = along.plot([], [], color=figures.BLACK, ls="-", label="loss")
    (level,) = along.plot([1e-3, 30], [0, 0], color=figures.GREY, ls=":", lw=1.2, label="before")
    (own,) = along.plot([1, 1], [0, 5], color=figures.ORANGE, ls="-.", lw=1.6, label="patient's η")
    (land,) = along.plot([], [], "o", color=figures.RED, mec="white", ms=12)
    along.legend(loc="upper left", ncols=2)
    (losses,) = curve.plot([], [], color=figures.BLACK, ls="-")
    (now,) = curve.plot([], [], "o", color=figures.BLUE, ms=10)
    curve.set(xscale="log", xlim=(1, clinic.MOST_STEPS), ylim=(0, 5))
    curve.set(xlabel="steps of training + 1", ylabel="training loss L")
    curve.set_title("the moment (blue)")
    picture = LivePicture(
        fig,
        "Left, the training loss after one gradient step against the length of the step, with the "
        "parabola that curvature predicts; right, the training curve with the moment marked.",
    )
    picture.animate(model, true, level, own, land, losses, now)

    def place(patient, moment):
        case = clinic.PATIENTS[patient].case
        return case, clinic.run(case), walk(case, moment)

    for name in clinic.PATIENTS:  # compile each shape now: a click that waits can get lost
        place(name, 0)

    def update(patient, moment, step):
        case, found, line = place(patient, moment)
        eta = step[0]
        here = line.losses[0]
        after = float(np.interp(np.log(eta), np.log(times), line.losses[1:]))
        true.set_data(times, np.clip(line.losses[1:], 0, 6))
        model.set_data(times, here - times * line.slope + times**2 * line.bend / 2)
        level.set_ydata([here, here])
        own.set_xdata([case.learning_rate] * 2)
        land.set_data([eta], [np.clip(after, 0, 4.95)])
        losses.set_data(np.arange(len(found.train_loss)) + 1, np.clip(found.train_loss, 0, 6))
        steps = clinic.step_of(case, moment)
        now.set_data([steps + 1], [np.clip(found.train_loss[steps], 0, 4.95)])
        limit = (
            f"the parabola is back at its height at η = {2 * line.slope / line.bend:.3g}"
            if line.bend > 0 and line.slope > 0
            else "the loss does not curve up this way"
        )
        return (
            f"Patient {patient} after {steps} steps: a step with η = {eta:.3g} takes the loss from "
            f"{here:.3f} to <b>{after:.3f}</b>; {limit}."
        )

    def check(values):
        if values["patient"] != "C" or values["moment"] != 0:
            return None
        longest = _longest(place("C", 0)[2])
        if 0.9 * longest <= values["step"][0] <= longest:
            return f"one step of up to {longest:.2g} still helps here; 400 of them do not."
        return None

    return AssembledExplorer(
        picture,
        update,
        {
            "patient": widgets.Dropdown(options=list(clinic.PATIENTS), value="C"),
            "moment": widgets.IntSlider(
                value=0, min=0, max=clinic.MOMENTS, description="moment (eighths of the training)"
            ),
        },
        points={"step": (along, (0.05, 2.5))},
        title="one step under the microscope",
        goal="patient C, moment 0: drag the red point to the longest step that still lowers the "
        "loss (within 10 %).",
        presets={
            "C as treated": {"patient": "C", "moment": 0, "step": (3.0, 2.5)},
            "F at the start": {"patient": "F", "moment": 0, "step": (0.05, 2.5)},
            "B at its end": {"patient": "B", "moment": clinic.MOMENTS, "step": (0.2, 2.5)},
        },
        check=check,
    )


def _longest(line: Walk) -> float:
    """The longest step, without a jump over higher ground, after which the loss is lower."""
    higher = line.losses[1:] >= line.losses[0]
    return float(line.times[1:][np.argmax(higher) - 1]) if higher.any() else np.inf


# --- the clinic ---------------------------------------------------------------------------------


@dataclass
class _Chart:
    """What the picture shows: the patient's own run and the last treated one."""

    before: clinic.Run
    after: clinic.Run | None = None


def _log_slider(value, low, high, description):
    return widgets.FloatLogSlider(
        value=value, min=low, max=high, step=0.01, description=description, readout_format=".3g"
    )


def _choice(options, value, description, width="150px"):
    return widgets.Dropdown(
        options=options, value=value, description=description, layout={"width": width}
    )


@figures.styled
def explore_clinic() -> AssembledExplorer:
    """Choose a patient, turn the knobs, press Treat: the network is trained again."""
    fig, (left, right) = figures.canvas(1, 2, size=(10.8, 3.5))
    for ax in (left, right):
        ax.set(xscale="log", xlim=(1, clinic.MOST_STEPS), xlabel="steps of training + 1")
    left.set(ylim=(0, 4), ylabel="loss L")
    left.set_title("gray: as it came   color: treated")
    right.set(yscale="log", ylim=(1e-6, 1e3), ylabel="gradient norm |∇L|")
    right.set_title("is there a way down at all?")
    looks = (("before", figures.GREY, 1.6), ("after", None, 2.2))
    curves = {}
    for who, color, width in looks:
        for name, own, dash in (("train", figures.BLUE, "-"), ("test", figures.RED, "--")):
            (curves[who, name],) = left.plot([], [], color=color or own, ls=dash, lw=width)
        (curves[who, "slope"],) = right.plot([], [], color=color or figures.BLACK, ls="-", lw=width)
    (probe,) = left.plot([1, 1], [0, 4], color=figures.GREEN, ls=":", lw=1.6)
    treated = [curves["after", "train"], curves["after", "test"]]
    left.legend(treated, ["training loss", "test loss"], loc="upper right")
    picture = LivePicture(
        fig,
        "Left, training and test loss of a patient as it came (gray) and after the treatment "
        "(colored) against the steps; right, the gradient norms of the two runs.",
    )
    plan = left.text(0.02, 0.03, "", transform=left.transAxes, fontsize=10)
    picture.animate(curves.values(), probe, plan)
    knobs = [name for name in clinic.Case._fields if name != "wrong_labels"]
    first = clinic.PATIENTS["B"].case
    chart = _Chart(clinic.run(first))

    def turned(values):
        case = clinic.PATIENTS[values["patient"]].case
        return {
            name: values[name]
            for name in (*knobs, "wrong_labels")
            if not np.isclose(values[name], getattr(case, name), rtol=0.02)
        }

    def show(who, found):
        steps = 0 if found is None else len(found.train_loss)
        x = np.arange(steps) + 1
        for name, part in (("train", "train_loss"), ("test", "test_loss"), ("slope", "grad_norm")):
            y = np.array([]) if found is None else getattr(found, part)
            ceiling = 1e3 if name == "slope" else 4.2
            y = np.where(np.isfinite(y), np.clip(y, 1e-7, ceiling), ceiling)
            curves[who, name].set_data(x, y)

    def update(probe_at, **values):
        case = clinic.PATIENTS[values["patient"]].case
        if chart.before.case != case:
            chart.before, chart.after = clinic.run(case), None
        if values.pop("treat"):
            explorer.set(treat=None)
            chart.after = clinic.run(clinic.treat(case, **turned(values)))
        show("before", chart.before)
        show("after", chart.after)
        probe.set_xdata([probe_at[0]] * 2)
        rate, scale, bias = (values[name] for name in ("learning_rate", "scale", "bias"))
        plan.set_text(f"next: η {rate:.3g}, scale {scale:.3g}, bias {bias:.1f}")
        step = round(probe_at[0]) - 1
        return f"{_told('As it came', chart.before, step)}<br>" + (
            _told("Treated", chart.after, step)
            if chart.after is not None
            else f"Knobs turned: {len(turned(values)) or 'none'}; press <b>Treat</b> to train."
        )

    def check(values):
        if chart.after is None or not clinic.healed(chart.after):
            return None
        changed = [
            name
            for name in clinic.Case._fields
            if getattr(chart.after.case, name) != getattr(chart.before.case, name)
        ]
        if len(changed) == 1 and chart.after.case.steps == chart.before.case.steps:
            return (
                f"{changed[0]} alone took the test accuracy from "
                f"{chart.before.test_accuracy[-1]:.2f} to {chart.after.test_accuracy[-1]:.2f}."
            )
        return None

    controls = {
        "patient": _choice(list(clinic.PATIENTS), "B", "patient", "110px"),
        "learning_rate": _log_slider(first.learning_rate, -2, 1, "learning rate η"),
        "scale": _log_slider(first.scale, -2, 1, "scale of the start"),
        "bias": slider(first.bias, -3, 3, 0.1, "bias at the start"),
        "width": _choice([2, 4, 8, 16, 32], first.width, "width", "110px"),
        "depth": _choice([2, 3, 5, 10, 20], first.depth, "depth", "110px"),
        "skip": _choice([False, True], first.skip, "skips", "120px"),
        "decay": _choice([0.0, 0.005, 0.02, 0.1], first.decay, "weight decay", "160px"),
        "wrong_labels": _choice([0.0, 0.1, 0.3], first.wrong_labels, "wrong labels", "160px"),
        "examples": _choice([300, 500, 1200], first.examples, "images", "130px"),
        "steps": _choice([120, 400, 1500], first.steps, "steps", "120px"),
        "treat": widgets.ToggleButtons(
            options=["Treat"], value=None, description=" ", button_style="success"
        ),
    }
    # Before the explorer's own answer: a new patient brings its numbers along.
    controls["patient"].observe(
        lambda change: explorer.set(**_numbers(change["new"])), names="value"
    )
    explorer = AssembledExplorer(
        picture,
        update,
        controls,
        points={"probe_at": (left, (100.0, 2.0))},
        title="the clinic",
        goal="cure a patient by turning one knob, and not the number of steps: read "
        f"{100 * clinic.HEALED:.0f} % of the test images.",
        presets={"all knobs as in a healthy network": clinic.Case()._asdict()},
        check=check,
    )
    return explorer


def _numbers(patient: str) -> dict:
    return clinic.PATIENTS[patient].case._asdict()


def _told(who: str, found: clinic.Run, step: int) -> str:
    step = int(np.clip(step, 0, found.case.steps))
    if 0 <= found.diverged_at <= step:
        return f"{who}: <b>diverged at step {found.diverged_at}</b>."
    dead = [_dead(found.case, moment) for moment in (0, clinic.MOMENTS)]
    return (
        f"{who}, step {step}: loss {found.train_loss[step]:.2f} in training, "
        f"{found.test_loss[step]:.2f} in the test; at the end <b>{found.test_accuracy[-1]:.2f}</b> "
        f"of the test images are right; units dead at the start {100 * dead[0]:.0f} %, at the end "
        f"{100 * dead[1]:.0f} %."
    )


@lru_cache(maxsize=128)
def _dead(case: clinic.Case, moment: int) -> float:
    on = clinic.activity(case, clinic.at(clinic.run(case), moment), clinic.data(case, 0)[0][0])
    return float(np.mean([~layer.any(axis=0) for layer in on]))
