"""The explorers of notebook 09: the guide as a tree, one step under the microscope, the clinic."""

import json
from functools import lru_cache, partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from lecture_utils.networks import cross_entropy
from lecture_utils.studio.controls import Choice, Integer, LogSlider, Point, Press, Slider
from lecture_utils.studio.explorer import Explorer
from lecture_utils.studio.numbers import counted, typeset
from lecture_utils.studio.packing import letters
from lecture_utils.studio.player import Player
from lecture_utils.trees import norm

from . import clinic, figures

__all__ = ["Clinic", "Guide", "OneStep"]

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


class _Way(NamedTuple):
    """The way of a case through the tree, and the box that is read."""

    nodes: list[str]
    box: str


class Guide(Explorer):
    """The note's general guide: four losses light a way through the tree; click a box."""

    title = "the general guide as a tree"
    aim = (
        "find four losses for which neither more images of the same kind nor a larger network "
        "would help, though the test loss is high; then click the box that names the trouble."
    )
    alt = (
        "A decision tree: high training loss leads to model bias or optimization, low training "
        "loss with high test loss to overfitting or mismatch; the way of the case is orange."
    )
    controls = {
        "train": Slider(2.3, 0, 3, 0.05, "training loss"),
        "smaller": Slider(0.4, 0, 3, 0.05, "a smaller network's"),
        "heldout": Slider(2.3, 0, 3, 0.05, "held-out loss"),
        "test": Slider(2.3, 0, 3, 0.05, "test loss"),
    }
    points = {"box": Point("tree", start=(0.59, 0.85))}
    presets = {
        "all high": {"train": 2.0, "smaller": 2.0, "heldout": 2.0, "test": 2.0},
        "a small one is better": {"train": 2.0, "smaller": 0.2, "heldout": 2.0, "test": 2.0},
        "low, then high": {"train": 0.1, "smaller": 0.2, "heldout": 1.2, "test": 1.2},
    }
    answer = {"train": 0.1, "heldout": 0.2, "test": 2.0, "box": NODES["mismatch"][:2]}

    def paint(self):
        fig, ax = figures.canvas(size=(10.4, 4.0))
        self.tree = ax
        self.boxes, self.lines = figures.tree(ax, NODES, EDGES)
        (self.hand,) = ax.plot([], [], "v", color=figures.GREEN, ms=13, mec="white", zorder=6)
        (self.cross,) = ax.plot([], [], "+", color=figures.BLACK, ms=11, zorder=7)  # the pointer
        self.case = ax.text(0.0, 0.99, "", transform=ax.transAxes, va="top", fontsize=10)
        return fig, [self.boxes.values(), self.lines.values(), ax.texts, self.hand, self.cross]

    def compute(self, train, smaller, heldout, test, box):
        x, y = box
        nearest = min(NODES, key=lambda n: np.hypot(NODES[n][0] - x, NODES[n][1] - y))
        return _Way(verdict(train, smaller, heldout, test), nearest)

    def twin_data(self):
        colors = {"lit": "#fbe3c0", "orange": figures.ORANGE.lower(), "grey": figures.GREY.lower()}
        limits = {"high": HIGH, "gap": GAP}
        return {"nodes": NODES, "edges": EDGES, "advice": ADVICE, "colors": colors} | limits

    def draw(self, result, train, smaller, heldout, test, box):
        way, (x, y, _) = result.nodes, NODES[result.box]
        for name, patch in self.boxes.items():
            patch.set_facecolor("#FBE3C0" if name in way else "white")
            patch.set_edgecolor(figures.ORANGE if name in way else figures.GREY)
        for (start, end), line in self.lines.items():
            on = start in way and end in way
            line.set(color=figures.ORANGE if on else figures.GREY, linewidth=4 if on else 1.5)
        self.hand.set_data([x], [y + 0.09])
        self.cross.set_data([box[0]], [box[1]])
        self.case.set_text(
            f"training {train:.2f}\nsmaller {smaller:.2f}\nheld out {heldout:.2f}\ntest {test:.2f}"
        )

    def tell(self, result):
        return (
            f"The guide ends at <b>{NODES[result.nodes[-1]][2]}</b>. Your box, <i>"
            f"{NODES[result.box][2]}</i>: {ADVICE[result.box]}"
        )

    def goal(self, result):
        if result.box == result.nodes[-1] == "mismatch":
            return "low on held-out images, high on the test: they come from different sources."
        return None


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


def _longest(line: Walk) -> float:
    """The longest step, without a jump over higher ground, after which the loss is lower."""
    higher = line.losses[1:] >= line.losses[0]
    return float(line.times[1:][np.argmax(higher) - 1]) if higher.any() else np.inf


class _OneStep(NamedTuple):
    """A patient's training, one moment of it, and one step from there."""

    learning_rate: float  # the patient's own
    train_loss: np.ndarray  # (steps + 1,)
    steps: int  # at the moment
    line: Walk
    after: float  # the loss after the step
    longest: float  # step that lowers the loss


class OneStep(Player):
    """One gradient step of any length from any moment of any patient's training."""

    title = "one step under the microscope"
    clock, speed = "moment", 2
    aim = (
        "patient C, moment 0: drag the red point to the longest step that still lowers the "
        "loss (within 10 %)."
    )
    alt = (
        "Left, the training loss after one gradient step against the length of the step, with the "
        "parabola that curvature predicts; right, the training curve with the moment marked."
    )
    controls = {
        "patient": Choice(list(clinic.PATIENTS), "C"),
        "moment": Integer(0, 0, clinic.MOMENTS, "moment (eighths of the training)"),
    }
    points = {"step": Point("along", start=(0.05, 2.5))}
    presets = {
        "C as treated": {"patient": "C", "moment": 0, "step": (3.0, 2.5)},
        "F at the start": {"patient": "F", "moment": 0, "step": (0.05, 2.5)},
        "B at its end": {"patient": "B", "moment": clinic.MOMENTS, "step": (0.2, 2.5)},
    }

    recorded = {"step.y": (2.5,)}

    def __init__(self):
        for patient in clinic.PATIENTS.values():
            walk(patient.case, 0)  # compile each shape now: a click that waits can get lost
        super().__init__()

    def answer(self):
        """A step nearly as long as the longest."""
        longest = _longest(walk(clinic.PATIENTS["C"].case, 0))
        self.set(patient="C", moment=0, step=(0.97 * longest, 1.0))

    def paint(self):
        fig, (self.along, curve) = figures.canvas(1, 2, size=(10.6, 4.0), width_ratios=[1.5, 1])
        along, black, blue, grey = self.along, figures.BLACK, figures.BLUE, figures.GREY
        along.set(xscale="log", xlim=(1e-3, 30), ylim=(0, 5))
        along.set(xlabel="learning rate of the step, η", ylabel="training loss after it")
        along.set_title("one step downhill: how long?")
        (self.model,) = along.plot([], [], color=blue, ls="--", lw=1.6, label="parabola")
        (self.true,) = along.plot([], [], color=black, ls="-", label="loss")
        (self.level,) = along.plot([1e-3, 30], [0, 0], color=grey, ls=":", lw=1.2, label="before")
        (self.own,) = along.plot(
            [1, 1], [0, 5], color=figures.ORANGE, ls="-.", lw=1.6, label="patient's η"
        )
        (self.land,) = along.plot([], [], "o", color=figures.RED, mec="white", ms=12)
        along.legend(loc="upper left", ncols=2)
        (self.losses,) = curve.plot([], [], color=black, ls="-")
        (self.now,) = curve.plot([], [], "o", color=blue, ms=10)
        curve.set(xscale="log", xlim=(1, clinic.MOST_STEPS), ylim=(0, 5))
        curve.set(xlabel="steps of training + 1", ylabel="training loss L")
        curve.set_title("the moment (blue)")
        moving = [self.model, self.true, self.level, self.own, self.land, self.losses, self.now]
        return fig, moving

    def compute(self, patient, moment, step):
        case = clinic.PATIENTS[patient].case
        line = walk(case, moment)
        return _OneStep(
            learning_rate=case.learning_rate,
            train_loss=clinic.run(case).train_loss,
            steps=clinic.step_of(case, moment),
            line=line,
            after=float(np.interp(np.log(step[0]), np.log(line.times[1:]), line.losses[1:])),
            longest=_longest(line),
        )

    def draw(self, result, step):
        times, line, run = result.line.times[1:], result.line, result.train_loss
        here = line.losses[0]
        self.true.set_data(times, np.clip(line.losses[1:], 0, 6))
        self.model.set_data(times, here - times * line.slope + times**2 * line.bend / 2)
        self.level.set_ydata([here, here])
        self.own.set_xdata([result.learning_rate] * 2)
        self.land.set_data([step[0]], [np.clip(result.after, 0, 4.95)])
        self.losses.set_data(np.arange(len(run)) + 1, np.clip(run, 0, 6))
        self.now.set_data([result.steps + 1], [np.clip(run[result.steps], 0, 4.95)])

    def tell(self, result, patient, step):
        line = result.line
        limit = (
            f"the parabola is back at its height at η = {2 * line.slope / line.bend:.3g}"
            if line.bend > 0 and line.slope > 0
            else "the loss does not curve up this way"
        )
        return (
            f"Patient {patient} after {counted(result.steps, 'step')}: a step with "
            f"η = {step[0]:.3g} takes the loss from {line.losses[0]:.3f} to "
            f"<b>{result.after:.3f}</b>; {limit}."
        )

    def goal(self, result, patient, moment, step):
        longest = result.longest
        if patient == "C" and moment == 0 and 0.9 * longest <= step[0] <= longest:
            return f"one step of up to {longest:.2g} still helps here; 400 of them do not."
        return None


# --- the clinic ---------------------------------------------------------------------------------


class _Course(NamedTuple):
    """What the picture shows of one run; its curves have shape (steps + 1,)."""

    train_loss: np.ndarray
    test_loss: np.ndarray
    grad_norm: np.ndarray
    accuracy: float  # on the test images, at the end
    dead: tuple[float, float]  # share of the hidden units, at the start and at the end
    diverged_at: int  # the step, or -1
    healed: bool

    def words(self, who: str, step: int) -> str:
        """How it does at that step, in one sentence."""
        step = int(np.clip(step, 0, len(self.train_loss) - 1))
        if 0 <= self.diverged_at <= step:
            return f"{who}: <b>diverged at step {self.diverged_at}</b>."
        return (
            f"{who}, step {step}: loss {self.train_loss[step]:.2f} in training, "
            f"{self.test_loss[step]:.2f} in the test; at the end <b>{self.accuracy:.2f}</b> "
            f"of the test images are right; units dead at the start {100 * self.dead[0]:.0f} %, "
            f"at the end {100 * self.dead[1]:.0f} %."
        )


@lru_cache(maxsize=128)
def _course(case: clinic.Case) -> _Course:
    found = clinic.run(case)
    curves = found.train_loss, found.test_loss, found.grad_norm
    dead = tuple(_dead(case, clinic.at(found, moment)) for moment in (0, clinic.MOMENTS))
    end = float(found.test_accuracy[-1])
    return _Course(*curves, end, dead, found.diverged_at, clinic.healed(found))


def _dead(case: clinic.Case, params) -> float:
    on = clinic.activity(case, params, clinic.data(case, 0)[0][0])
    return float(np.mean([~layer.any(axis=0) for layer in on]))


def _turned(patient: str, knobs) -> dict:
    """The knobs that are not where the patient's own numbers are."""
    case = clinic.PATIENTS[patient].case
    named = dict(zip(clinic.Case._fields, knobs, strict=True))
    return {n: v for n, v in named.items() if not np.isclose(v, getattr(case, n), rtol=0.02)}


class _Chart(NamedTuple):
    """The patient's own run, the treated one, and which knobs the treatment turned."""

    before: _Course
    after: _Course | None
    turned: tuple[str, ...]


_FIRST = clinic.PATIENTS["B"].case
# What the book's clinic has trained beforehand: of the sliders these values, of the rest all.
_KEPT = {
    "learning_rate": (0.01, 0.05, 0.2, 0.5, 1.0, 3.0, 10.0),
    "scale": (0.03, 0.3, 1.0, 3.0),
    "bias": (-1.0, 0.0, 1.0),
}
_FINE = 200  # parts of one to which it keeps a loss


def _told(turned: dict) -> str:
    """The knobs that are turned, as JavaScript writes them."""
    pairs = [[n, int(v) if isinstance(v, float) and v == int(v) else v] for n, v in turned.items()]
    return json.dumps(pairs, separators=(",", ":"))


def _written(course: _Course) -> dict:
    """A run for the book: its curves as differences in letters, the gradient's on a log scale."""

    def small(values, ceiling):
        values = np.where(np.isfinite(values), np.clip(values, -7, ceiling), ceiling)
        return letters(np.diff(np.round(values * _FINE), prepend=0))

    with np.errstate(divide="ignore"):
        slope = np.log10(np.maximum(course.grad_norm, 1e-7))
    return {
        "train": small(course.train_loss, 9.0),
        "test": small(course.test_loss, 9.0),
        "slope": small(slope, 3.0),
        "accuracy": course.accuracy,
        "dead": course.dead,
        "lost": int(course.diverged_at),
        "healed": bool(course.healed),
    }


class Clinic(Explorer):
    """Choose a patient, turn the knobs, press Treat: the network is trained again."""

    title = "the clinic"
    aim = (
        "cure a patient by turning one knob, and not the number of steps: read "
        f"{100 * clinic.HEALED:.0f} % of the test images."
    )
    alt = (
        "Left, training and test loss of a patient as it came (gray) and after the treatment "
        "(colored) against the steps; right, the gradient norms of the two runs."
    )
    controls = {
        "patient": Choice(list(clinic.PATIENTS), "B", "patient", room=110),
        "learning_rate": LogSlider(
            _FIRST.learning_rate, -2, 1, 0.01, "learning rate η", format=".3g"
        ),
        "scale": LogSlider(_FIRST.scale, -2, 1, 0.01, "scale of the start", format=".3g"),
        "bias": Slider(_FIRST.bias, -3, 3, 0.1, "bias at the start"),
        "width": Choice([2, 4, 8, 16, 32], _FIRST.width, "width", room=110),
        "depth": Choice([2, 3, 5, 10, 20], _FIRST.depth, "depth", room=110),
        "skip": Choice([False, True], _FIRST.skip, "skips", room=120),
        "decay": Choice([0.0, 0.005, 0.02, 0.1], _FIRST.decay, "weight decay", room=185),
        "wrong_labels": Choice([0.0, 0.1, 0.3], _FIRST.wrong_labels, "wrong labels", room=160),
        "examples": Choice([300, 500, 1200], _FIRST.examples, "images", room=130),
        "steps": Choice([120, 400, 1500], _FIRST.steps, "steps", room=120),
        "treat": Press("knobs", "Treat"),
    }
    groups = {"knobs": clinic.Case._fields}
    points = {"probe_at": Point("left", start=(100.0, 2.0))}
    presets = {"all knobs as in a healthy network": clinic.Case()._asdict()}

    def answer(self):
        """Patient D: turn *bias at the start* to 0, press *Treat*."""
        self.set(patient="D", bias=0.0)
        self.press("treat")

    def paint(self):
        fig, (self.left, right) = figures.canvas(1, 2, size=(10.8, 3.5))
        left = self.left
        for ax in (left, right):
            ax.set(xscale="log", xlim=(1, clinic.MOST_STEPS), xlabel="steps of training + 1")
        left.set(ylim=(0, 4), ylabel="loss L")
        left.set_title("gray: as it came   color: treated")
        right.set(yscale="log", ylim=(1e-6, 1e3), ylabel="gradient norm |∇L|")
        right.set_title("is there a way down at all?")
        looks = (("before", figures.GREY, 1.6), ("after", None, 2.2))
        self.curves = {}
        for who, color, lw in looks:
            for name, own, dash in (("train", figures.BLUE, "-"), ("test", figures.RED, "--")):
                (self.curves[who, name],) = left.plot([], [], color=color or own, ls=dash, lw=lw)
            (self.curves[who, "slope"],) = right.plot(
                [], [], color=color or figures.BLACK, ls="-", lw=lw
            )
        (self.probe,) = left.plot([1, 1], [0, 4], color=figures.GREEN, ls=":", lw=1.6)
        treated = [self.curves["after", "train"], self.curves["after", "test"]]
        left.legend(treated, ["training loss", "test loss"], loc="upper right")
        self.plan = left.text(0.02, 0.03, "", transform=left.transAxes, fontsize=10)
        return fig, [self.curves.values(), self.probe, self.plan]

    def follow(self, changed, patient):
        """A new patient brings its numbers along; the old one's treatment is forgotten."""
        if "patient" in changed:
            return clinic.PATIENTS[patient].case._asdict() | {"treat": None}
        return {}

    def compute(self, patient, treat):
        case = clinic.PATIENTS[patient].case
        if treat is None:
            return _Chart(_course(case), None, ())
        turned = _turned(patient, treat)
        return _Chart(_course(case), _course(clinic.treat(case, **turned)), tuple(turned))

    def twin_data(self):
        """Every patient as it came, with one knob turned, and with all as in a healthy network."""
        fields, patients = clinic.Case._fields, {n: p.case for n, p in clinic.PATIENTS.items()}
        values = {
            name: sorted({*_KEPT[name], *(getattr(case, name) for case in patients.values())})
            for name in _KEPT
        }
        options = {n: values.get(n) or list(self.declared[n].options) for n in fields}
        healthy, runs = clinic.Case()._asdict(), {}
        for patient, case in patients.items():
            one_knob = [case._asdict() | {n: v} for n in fields for v in options[n]]
            for knobs in [case._asdict(), healthy, *one_knob]:
                turned = _turned(patient, knobs.values())
                key = f"{patient} {_told(turned)}" if turned else patient
                if key not in runs:
                    runs[key] = _written(_course(clinic.treat(case, **turned)))
        told = {"fields": fields, "patients": {n: list(c) for n, c in patients.items()}}
        return told | {"runs": runs, "fine": _FINE, "values": values}

    def draw(self, result, probe_at, learning_rate, scale, bias):
        self._show("before", result.before)
        self._show("after", result.after)
        self.probe.set_xdata([probe_at[0]] * 2)
        self.plan.set_text(
            typeset(f"next: η {learning_rate:.3g}, scale {scale:.3g}, bias {bias:.1f}")
        )

    def _show(self, who, found):
        parts = (("train", "train_loss"), ("test", "test_loss"), ("slope", "grad_norm"))
        for name, part in parts:
            y = np.array([]) if found is None else getattr(found, part)
            ceiling = 1e3 if name == "slope" else 4.2
            y = np.where(np.isfinite(y), np.clip(y, 1e-7, ceiling), ceiling)
            self.curves[who, name].set_data(np.arange(len(y)) + 1, y)

    def tell(self, result, patient, knobs, probe_at):
        step = round(probe_at[0]) - 1
        came = result.before.words("As it came", step)
        if result.after is not None:
            return f"{came}<br>{result.after.words('Treated', step)}"
        turned = len(_turned(patient, knobs)) or "none"
        return f"{came}<br>Knobs turned: {turned}; press <b>Treat</b> to train."

    def goal(self, result):
        if result.after is None or not result.after.healed:
            return None
        if len(result.turned) == 1 and result.turned != ("steps",):
            return (
                f"{result.turned[0]} alone took the test accuracy from "
                f"{result.before.accuracy:.2f} to {result.after.accuracy:.2f}."
            )
        return None
