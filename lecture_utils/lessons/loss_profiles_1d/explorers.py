"""The explorers of notebook 05: lines from starts and between solutions, bent and walked paths."""

from functools import cache, partial
from itertools import combinations
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from lecture_utils.datasets import digits
from lecture_utils.directions import align_neurons
from lecture_utils.evaluation import mlp_loss
from lecture_utils.networks import cross_entropy, mlp
from lecture_utils.optimizers import adam
from lecture_utils.parallel import in_threads
from lecture_utils.profiles import barrier, bezier, interpolate
from lecture_utils.studio.controls import Choice, Integer, Point, Slider, Switch
from lecture_utils.studio.explorer import Explorer
from lecture_utils.studio.numbers import counted
from lecture_utils.studio.player import Player
from lecture_utils.training import train
from lecture_utils.trees import norm

from . import experiments, figures

__all__ = ["Bend", "PathAndLine", "Profile", "TwoSolutions"]

_NET = mlp([64, 24, 24, 10])  # of the examples


def _loss(params, data):
    return cross_entropy(_NET.apply(params, data[0]), data[1])


def _trained(loss, params, **how):
    return train(loss, params, digits(), adam(0.01), **how).params


@cache
def _some_solutions(count: int = 3):
    """Parameters of small networks, each trained for a moment from a start of its own."""
    return [
        _trained(_loss, _NET.init(jax.random.key(k)), epochs=8, batch_size=64, seed=k)
        for k in range(count)
    ]


# --- between two solutions ------------------------------------------------------------------

_ALPHAS = np.linspace(0, 1, 51)
_SHOWN = (3, 4)  # rows and columns of digits
_LOOKS = [(figures.RED, "-", "as trained"), (figures.BLUE, "--", "units reordered")]


@partial(jax.jit, static_argnums=0)
def _scores(apply, a, b, x):
    """What the networks on the line answer: (places, images, classes)."""
    return jax.lax.map(lambda alpha: apply(interpolate(a, b, alpha), x), jnp.asarray(_ALPHAS))


class _Line:
    """Loss and answers at every place on the line from a to b."""

    def __init__(self, apply, a, b, data):
        scores = np.asarray(_scores(apply, a, b, data.x), dtype=float)
        labels = np.asarray(data.y)
        true = scores[:, np.arange(len(labels)), labels]
        highest = scores.max(-1, keepdims=True)
        logs = highest[..., 0] + np.log(np.exp(scores - highest).sum(-1))
        self.losses = np.mean(logs - true, axis=1)
        self.answers = scores.argmax(-1)
        self.right = self.answers == labels
        self.barrier = barrier(self.losses, _ALPHAS)


def _telling(right, labels):
    """Digits that both ends read right and the line between them gets wrong, of many classes."""
    lost = np.where(right[0] & right[-1], (~right).sum(0), -1)
    by_class = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    ranked = [members[np.argsort(-lost[members], kind="stable")][:12] for members in by_class]
    rank = np.concatenate([np.arange(len(members)) for members in ranked])
    members = np.concatenate(ranked)
    return members[np.lexsort((-lost[members], rank))][:12]


class _Place(NamedTuple):
    """One place on the line between two solutions, and what the network there reads."""

    curves: tuple[np.ndarray, np.ndarray]  # the losses of both lines: as trained, reordered
    alpha: float
    loss: float
    accuracies: tuple[float, float]  # of both lines there: as trained, reordered
    wrong: int
    barrier: float  # of the line taken
    images: np.ndarray  # (12, 64), the digits shown
    labels: np.ndarray
    answers: np.ndarray


class TwoSolutions(Explorer):
    """Walk from one solution to another, in either order of the hidden units.

    ``solutions`` are parameters of MLPs with ReLU for the digits, 64-…-10, of one size, each from
    a start of its own.
    """

    title = "two solutions and the line between them"
    aim = "find the highest point of all the lines between these solutions, as trained."
    tallest = 570  # twelve digits need their height
    alt = (
        "Left, the loss on the straight line between two solutions, with the second as trained and "
        "with its units reordered; right, twelve of the digits that the line loses, with the label "
        "read at the chosen place."
    )
    points = {"at": Point("curve", x="alpha")}
    presets = {
        "the first solution": {"alpha": 0.0},
        "a quarter of the way": {"alpha": 0.24},
        "the second solution": {"alpha": 1.0},
    }

    def __init__(self, solutions):
        self.solutions, data = solutions, digits()
        self.images, self.labels = np.asarray(data.x), np.asarray(data.y)
        apply = mlp([leaf["W"].shape[0] for leaf in solutions[0]] + [10]).apply
        self.lines = {
            f"{i + 1} and {j + 1}": [_Line(apply, a, end, data) for end in (b, align_neurons(b, a))]
            for (i, a), (j, b) in combinations(enumerate(solutions), 2)
        }
        plain = {pair: line for pair, (line, _) in self.lines.items()}
        highest = max(plain, key=lambda pair: plain[pair].losses.max())
        self.summit = plain[highest].losses.max()
        # The same digits for both orders of the units: those that the plain line loses for longest.
        self.chosen = {pair: _telling(line.right, self.labels) for pair, line in plain.items()}
        self.controls = {
            "pair": Choice(list(self.lines), label="solutions"),
            "reorder": Switch(False, "reorder the units of the second"),
            "alpha": Slider(0.2, 0, 1, 0.02, "place α"),
        }
        top = float(_ALPHAS[plain[highest].losses.argmax()])
        self.answer = {"pair": highest, "alpha": round(top, 2)}
        super().__init__()

    @classmethod
    def example(cls):
        return cls(_some_solutions())

    def paint(self):
        fig, (self.curve, wall) = figures.canvas(1, 2, size=(10, 4.2), width_ratios=[1.15, 1])
        curve = self.curve
        curve.set(xlabel="place α on the line", ylabel="loss L", xlim=(-0.03, 1.03))
        curve.set_ylim(-0.06 * self.summit, 1.12 * self.summit)
        curve.set_title("from the first solution to the second")
        self.drawn = [
            curve.plot(_ALPHAS, _ALPHAS, color=color, ls=dash, label=label)[0]
            for color, dash, label in _LOOKS
        ]
        curve.legend(loc="upper right")
        (self.mark,) = curve.plot([], [], "o", ms=13, mec="white", mew=1.5)
        self.mosaic, self.texts = figures.digit_wall(wall, *_SHOWN)
        wall.set_title("twelve that the line loses: read as")
        return fig, [*self.drawn, self.mark, self.mosaic, *self.texts]

    def compute(self, pair, reorder, alpha):
        lines, shown = self.lines[pair], self.chosen[pair]
        line, k = lines[reorder], int(np.argmin(np.abs(_ALPHAS - alpha)))
        return _Place(
            curves=tuple(one.losses for one in lines),
            alpha=round(float(_ALPHAS[k]), 2),
            loss=float(line.losses[k]),
            accuracies=tuple(float(one.right[k].mean()) for one in lines),
            wrong=int(np.sum(~line.right[k])),
            barrier=line.barrier,
            images=self.images[shown],
            labels=self.labels[shown],
            answers=line.answers[k][shown],
        )

    def draw(self, result, reorder):
        for order, artist in enumerate(self.drawn):
            artist.set_ydata(result.curves[order])
            artist.set_alpha(1.0 if order == reorder else 0.45)
        self.mark.set_data([result.alpha], [result.loss])
        self.mark.set_color(_LOOKS[reorder][0])
        wall = result.images, result.labels, result.answers
        figures.fill_digit_wall(self.mosaic, self.texts, *wall)

    def places(self, result):
        return {"at": (result.alpha, result.loss)}

    def tell(self, result):
        trained, reordered = (100 * share for share in result.accuracies)
        return (
            f"At α = {result.alpha:.2f}: loss <b>{result.loss:.3f}</b>, {result.wrong} of "
            f"{len(self.labels)} digits wrong. Accuracy here: as trained <b>{trained:.1f} %</b>, "
            f"reordered <b>{reordered:.1f} %</b>. Barrier of this line: {result.barrier:.3f}."
        )

    def goal(self, result, reorder):
        if reorder or result.loss <= 0.995 * self.summit:
            return None
        return (
            f"L = {result.loss:.3f}, the summit of all {len(self.lines)} lines. "
            "Now reorder the units."
        )


# --- bending the path -----------------------------------------------------------------------

_TIMES = np.linspace(0, 1, 21)


@partial(jax.jit, static_argnums=0)
def _at_points(loss, prepared, points):
    return jax.lax.map(lambda c: loss.at(prepared, c), points)


def _plane(a, b, control):
    """Two axes with a at (0, 0) and b at (1, 0), in units of the line's length, and the control."""
    across = jax.tree.map(lambda x, y: y - x, a, b)
    away = jax.tree.map(jnp.subtract, control, a)
    overlap = sum(map(jnp.vdot, jax.tree.leaves(away), jax.tree.leaves(across)))
    share = overlap / norm(across) ** 2
    up = jax.tree.map(lambda v, w: v - share * w, away, across)
    height = norm(up) / norm(across)
    return [across, jax.tree.map(lambda v: v / height, up)], (float(share), float(height))


def _curve(control) -> np.ndarray:
    """The curve from (0, 0) to (1, 0) with a control point: (times, 2)."""
    half, late = 2 * _TIMES * (1 - _TIMES), _TIMES**2
    return np.stack([half * control[0] + late, half * control[1]], axis=1)


class _Bent(NamedTuple):
    """A path over the plane: its places (times, 2), the losses there, and where it is highest."""

    points: np.ndarray
    losses: np.ndarray
    highest: int

    def at(self, t: float):
        """Time, point and loss of the place nearest to t."""
        k = int(np.argmin(np.abs(_TIMES - t)))
        return _TIMES[k], self.points[k], self.losses[k]


class Bend(Explorer):
    """Drag the control point of a curve from solution A to solution B over the loss.

    The plane shown holds A, B and ``control``, all of them parameters of one MLP for the digits;
    its unit is the length of the line from A to B.
    """

    title = "bending the path between two solutions"
    alt = (
        "Left, the loss over a plane through two solutions A and B with a curve from one to the "
        "other and its movable control point, and the trained curve; right, the loss along curve "
        "and straight line."
    )
    controls = {"t": Slider(0.5, 0, 1, 0.05, "place t on the path")}

    def __init__(self, a, b, control):
        self.trained = a, b, control
        data = digits()
        loss = mlp_loss(data.x, data.y)
        axes, self.place = _plane(a, b, control)
        self.reach = reach = float(np.clip(self.place[1] + 0.25, 0.6, 2.0))
        self.along = partial(_at_points, loss, loss.prepare(a, axes))
        self.straight = np.asarray(self.along(np.stack([_TIMES, 0 * _TIMES], axis=1)))
        self.limit = max(self.straight[[0, -1]]) + 0.01 * barrier(self.straight)
        x, y = np.linspace(-0.3, 1.3, 42), np.linspace(-reach, reach, 35)
        # The same compiled function for the map as for a path: as many points at a time.
        points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, len(_TIMES), 2)
        heights = np.concatenate(list(in_threads(self.along, points)))
        self.map = x, y, heights.reshape(len(y), len(x))
        self.aim = f"bend the path so that its highest loss is below {self.limit:.3f}."
        self.points = {"control": Point("plan", start=(0.5, 0.25 * reach))}
        self.presets = {
            "the straight line": {"control": (0.5, 0.0)},
            "the other way": {"control": (0.5, -0.8 * reach)},
            "to the side": {"control": (1.25, 0.0)},
        }
        super().__init__()

    @classmethod
    def example(cls):
        """Two small solutions, and a control point trained for a moment."""
        a, b = _some_solutions()[:2]

        def on_the_way(control, data):
            return sum(_loss(bezier(a, control, b, t), data) for t in np.linspace(0.1, 0.9, 5))

        middle = interpolate(a, b, 0.5)
        return cls(a, b, _trained(on_the_way, middle, epochs=20, batch_size=200, seed=0))

    def paint(self):
        fig, (self.plan, curve) = figures.canvas(1, 2, size=(10, 4.3), width_ratios=[1.2, 1])
        plan = self.plan
        floor = 10 ** np.floor(np.log10(self.map[2].min()))  # so that whole decades are labelled
        figures.contours(plan, *self.map, log=True, floor=floor)
        plan.set(xlabel="along the line from A to B", ylabel="away from it, in its lengths")
        plan.set_title("loss (brighter is higher); drag the diamond")
        trained = _curve(self.place)
        plan.plot(*trained.T, color="black", ls=":", lw=2, label="trained path")
        for place, name in (((0, 0), "A"), ((1, 0), "B"), (self.place, "C")):
            plan.plot(*place, "*", ms=15, color="white", mec="black")
            plan.annotate(name, place, xytext=(9, 8), textcoords="offset points", color="white")
        top = 1.5 * self.straight.max()
        curve.set(xlabel="place t on the path", ylabel="loss L", xlim=(-0.02, 1.02))
        curve.set_ylim(-top / 25, top)
        curve.set_title("the loss on the way from A to B")
        curve.plot(_TIMES, self.straight, color=figures.RED, ls="--", label="straight line")
        (self.bent,) = curve.plot(_TIMES, _TIMES, color=figures.BLUE, ls="-", label="your path")
        curve.legend(loc="upper right")
        (self.ball,) = curve.plot([], [], "o", color=figures.BLUE, ms=11, mec="white")
        (self.trail,) = plan.plot([], [], color="white", ls="-", lw=3, label="your path")
        plan.legend(loc="lower right", fontsize=figures.FONT_SIZE, facecolor=figures.GREY)
        (self.handle,) = plan.plot([], [], "D", color=figures.ORANGE, mec="white", ms=11)
        (self.place_on,) = plan.plot([], [], "o", color=figures.BLUE, mec="white", ms=11)
        return fig, [self.trail, self.place_on, self.handle, self.bent, self.ball]

    def compute(self, control):
        points = _curve(control)
        losses = np.asarray(self.along(points))
        return _Bent(points, losses, int(np.argmax(losses)))

    def draw(self, result, t, control):
        time, point, loss = result.at(t)
        self.trail.set_data(result.points.T)
        self.handle.set_data([control[0]], [control[1]])
        self.bent.set_ydata(result.losses)
        self.place_on.set_data([point[0]], [point[1]])
        self.ball.set_data([time], [loss])

    def tell(self, result, t):
        time, _, loss = result.at(t)
        top, when = result.losses[result.highest], _TIMES[result.highest]
        return (
            f"Highest loss on your path: <b>{top:.3f}</b> at t = {when:.2f}; "
            f"on the straight line {self.straight.max():.3f}. At t = {time:.2f}: {loss:.3f}."
        )

    def goal(self, result):
        top = result.losses[result.highest]
        if top < self.limit:
            return f"the path never rises above {top:.3f}."
        return None

    def answer(self):
        """Drag the control up until the path is low enough."""
        for up in np.linspace(0, self.reach, 40):
            if not self.goal_reached:
                self.set(control=(0.5, up))


# --- from a start to an end, and beyond -------------------------------------------------------


class _OnProfile(NamedTuple):
    """One place on one line from a start through its end, and the whole line."""

    losses: np.ndarray  # (places,)
    others: list[np.ndarray]  # the lines of the other kinds, of the same start
    k: int
    alpha: float
    loss: float
    accuracy: float


class Profile(Explorer):
    """Choose a network and a start, and walk to the end of its training and as far again.

    ``lines`` are `experiments.profiles`: losses and accuracies (starts, places) of each kind.
    """

    title = "from the start to the end of training, and beyond"
    aim = "of all these lines, find the one that goes on falling farthest, and its lowest place."
    alt = (
        "Left, the loss on the straight line from the start of training through its end at α = 1 "
        "to α = 2, with a movable place; right, the same on a logarithmic axis."
    )
    points = {"at": Point("curve", x="alpha"), "below": Point("logs", x="alpha")}
    presets = {
        "the start": {"alpha": 0.0},
        "a quarter of the way": {"alpha": 0.24},
        "as far again": {"alpha": 2.0},
    }

    def __init__(self, lines):
        self.lines, self.alphas = lines, np.asarray(lines.alphas)
        names = list(lines.losses)
        starts = min(len(found) for found in lines.losses.values())
        step = float(self.alphas[1] - self.alphas[0])
        self.controls = {
            "network": Choice(names, label="network"),
            "start": Integer(1, 1, starts, "start"),
            "alpha": Slider(0.52, 0, float(self.alphas[-1]), step, "place α"),
        }
        lowest = {
            (name, k): int(lines.losses[name][k].argmin()) for name in names for k in range(starts)
        }
        self.farthest = max(lowest.values())
        name, k = next(line for line, place in lowest.items() if place == self.farthest)
        self.answer = {
            "network": name,
            "start": k + 1,
            "alpha": round(float(self.alphas[self.farthest]), 2),
        }
        super().__init__()

    @classmethod
    def example(cls):
        """Three made-up kinds, three starts each: a fall, a rise again, and a minimum between."""
        alphas = np.linspace(0, 2, 51)

        def fall(steep, low):
            return 2.3 * np.exp(-steep * alphas**2) + 0.02 * np.maximum(0, alphas - low) ** 2

        losses = {
            name: np.array([fall(steep + 0.3 * k, low - 0.1 * k) for k in range(3)])
            for name, steep, low in (("MLP", 6.0, 1.0), ("CNN", 4.0, 1.2), ("LSTM", 5.0, 0.9))
        }
        accuracies = {name: np.exp(-curves) for name, curves in losses.items()}
        return cls(experiments.Profiles(alphas, losses, accuracies))

    def paint(self):
        fig, (self.curve, self.logs) = figures.canvas(1, 2, size=(10, 4.1))
        every = np.concatenate([found.ravel() for found in self.lines.losses.values()])
        low, high = every.min(), every.max()
        self.curve.set(xlabel="place α on the line", ylabel="loss L")
        self.curve.set_ylim(-0.04 * high, 1.06 * high)
        self.logs.set(xlabel="place α on the line", ylabel="loss L (log axis)", yscale="log")
        self.logs.set_ylim(0.6 * low, 2 * high)
        self.curve.set_title("α = 0 the start, α = 1 the end of training")
        self.logs.set_title("the same line, looked at closely")
        others = max(len(self.lines.losses) - 1, 0)
        self.drawn, self.faint, self.marks = [], [], []
        for ax in (self.curve, self.logs):
            ax.set_xlim(-0.05, 1.025 * self.alphas[-1])
            ax.axvline(1, color=figures.GREY, lw=1, ls=":")
            faint = [ax.plot([], [], color=figures.GREY, lw=1, ls="-") for _ in range(others)]
            self.faint.append([line for (line,) in faint])
            self.drawn += ax.plot([], [], color=figures.BLUE, ls="-")
            self.marks += ax.plot([], [], "o", color=figures.BLUE, ms=13, mec="white", mew=1.5)
        self.drawn[0].set_label("the network chosen")
        if others:
            self.faint[0][0].set_label("the others")
        self.curve.plot([], [], color=figures.GREY, lw=1, ls=":", label="end of training")
        self.curve.legend(loc="upper right")
        return fig, [*self.faint[0], *self.faint[1], *self.drawn, *self.marks]

    def compute(self, network, start, alpha):
        losses = self.lines.losses[network][start - 1]
        k = int(np.argmin(np.abs(self.alphas - alpha)))
        others = [v[start - 1] for name, v in self.lines.losses.items() if name != network]
        accuracy = self.lines.accuracies[network][start - 1, k]
        return _OnProfile(losses, others, k, float(self.alphas[k]), losses[k], accuracy)

    def draw(self, result):
        for line, mark, faint in zip(self.drawn, self.marks, self.faint, strict=True):
            line.set_data(self.alphas, result.losses)
            mark.set_data([result.alpha], [result.loss])
            for other, losses in zip(faint, result.others, strict=True):
                other.set_data(self.alphas, losses)

    def places(self, result):
        here = result.alpha, result.loss
        return {"at": here, "below": here}

    def tell(self, result, network, start):
        end = result.losses[int(np.argmin(np.abs(self.alphas - 1)))]
        return (
            f"{network}, start {start}, α = {result.alpha:.2f}: loss <b>{result.loss:.3g}</b>, "
            f"accuracy {100 * result.accuracy:.1f} %. At the end of training: {end:.3g}."
        )

    def goal(self, result):
        lowest = int(result.losses.argmin())
        if result.k != lowest or lowest != self.farthest:
            return None
        return f"α = {result.alpha:.2f}: no other of these lines falls for so long."


# --- the path that training walks -------------------------------------------------------------


class _Moment(NamedTuple):
    """A run beside its line, and one moment of it."""

    walk: experiments.Walk
    place: float
    distance: float
    on_path: float
    on_line: float


class PathAndLine(Player):
    """Follow training epoch by epoch, beside the straight line from its start to its end.

    ``walks`` are `experiments.walks`: some runs of each kind.
    """

    title = "the path of training, and the straight line"
    clock, speed = "epoch", 6
    aim = (
        "find the first epoch after which the line is lower than the path. (The slider moves the "
        "epoch, and so does dragging in the right picture.)"
    )
    alt = (
        "Left, the distance of a training run from the straight line between its start and its "
        "end, a bow; right, the loss after each epoch on the path and on the line beside it."
    )
    points = {"moment": Point("falling", x="epoch")}
    presets = {"the start": {"epoch": 0}, "half of the epochs": {"epoch": 15}}

    def __init__(self, walks):
        self.walks = walks
        runs = min(len(found) for found in walks.values())
        last = len(next(iter(walks.values()))[0].place) - 1
        self.controls = {
            "network": Choice(list(walks), label="network"),
            "start": Integer(1, 1, runs, "start"),
            "epoch": Integer(1, 0, last, "epoch"),
        }
        self.presets = {"the start": {"epoch": 0}, "half of the epochs": {"epoch": last // 2}}
        self.answer = {"epoch": self._turn(next(iter(walks.values()))[0])}
        super().__init__()

    @classmethod
    def example(cls):
        """Two made-up kinds, two runs each: a bow, and a loss that falls below the line late."""
        place = np.linspace(0, 1, 11)
        bow, on_line = np.sqrt(place * (1 - place)) / 1.5, 2.3 * np.exp(-5 * place)
        share = 0.9

        def made(turn):
            on_path = on_line * np.where(np.arange(11) < turn, 0.7, 1.4)
            on_path[[0, -1]] = on_line[[0, -1]]
            return experiments.Walk(place, bow, on_path, on_line, share)

        return cls({"MLP": [made(4), made(3)], "CNN": [made(6), made(2)]})

    @staticmethod
    def _turn(walk) -> int:
        """The first epoch, between start and end, after which the line is lower than the path."""
        below = np.flatnonzero(walk.on_line[1:-1] < walk.on_path[1:-1])
        return int(below[0]) + 1 if len(below) else -1

    def paint(self):
        fig, (bow, self.falling) = figures.canvas(1, 2, size=(10, 4.1))
        runs = [walk for found in self.walks.values() for walk in found]
        t = np.linspace(0, 1, 101)
        bow.plot(t, np.sqrt(t * (1 - t)), color=figures.GREY, ls="--", lw=1.4, label="random walk")
        bow.axhline(0, color=figures.RED, ls="-", lw=2, label="the straight line")
        (self.bow,) = bow.plot([], [], color=figures.BLUE, ls="-", marker="o", ms=4, label="path")
        bow.set(xlabel="place α along the line", ylabel="distance, in its lengths")
        bow.set(xlim=(-0.05, 1.05), ylim=(-0.03, 0.72))
        bow.set_title("how far from the line")
        bow.legend(loc="upper right")
        losses = np.concatenate([[*walk.on_path, *walk.on_line] for walk in runs])
        falling = self.falling
        falling.set(xlabel="epoch", ylabel="loss L (log axis)", yscale="log")
        falling.set(xlim=(-0.5, len(runs[0].place) - 0.5))
        falling.set_ylim(0.6 * losses.min(), 2 * losses.max())
        falling.set_title("how high")
        (self.path,) = falling.plot([], [], color=figures.BLUE, ls="-", label="on the path")
        (self.line,) = falling.plot([], [], color=figures.RED, ls="--", label="on the line")
        falling.legend(loc="upper right")
        look = {"ms": 12, "mec": "white", "mew": 1.5}
        (self.here,) = bow.plot([], [], "o", color=figures.BLUE, **look)
        (self.foot,) = bow.plot([], [], color=figures.GREY, ls=":", lw=1.5)
        (self.above,) = falling.plot([], [], "o", color=figures.BLUE, **look)
        (self.below,) = falling.plot([], [], "s", color=figures.RED, **look)
        moving = [self.bow, self.path, self.line, self.foot, self.here, self.above, self.below]
        return fig, moving

    def compute(self, network, start, epoch):
        walk = self.walks[network][start - 1]
        return _Moment(walk, *(float(values[epoch]) for values in walk[:4]))

    def draw(self, result, epoch):
        walk = result.walk
        self.bow.set_data(walk.place, walk.distance)
        epochs = np.arange(len(walk.place))
        self.path.set_data(epochs, walk.on_path)
        self.line.set_data(epochs, walk.on_line)
        self.here.set_data([result.place], [result.distance])
        self.foot.set_data([result.place, result.place], [0, result.distance])
        self.above.set_data([epoch], [result.on_path])
        self.below.set_data([epoch], [result.on_line])

    def places(self, result, epoch):
        return {"moment": (epoch, result.on_path)}

    def tell(self, result, network, start, epoch):
        return (
            f"{network}, start {start}, after {counted(epoch, 'epoch')}: at "
            f"α = {result.place:.2f}, <b>{result.distance:.2f}</b> lengths from the line. Loss "
            f"<b>{result.on_path:.3g}</b> on the path, {result.on_line:.3g} on the line."
        )

    def goal(self, result, epoch):
        if epoch != self._turn(result.walk):
            return None
        return f"after {counted(epoch, 'epoch')} the line, where nobody walked, is the lower way."
