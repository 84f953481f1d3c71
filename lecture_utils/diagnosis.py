"""A guide for a training that disappoints: `diagnose` asks losses first, then the instruments.

The losses say *where* the trouble lies (optimization, model bias, overfitting, mismatch), readings
of the instruments at start and end say *why* an optimization fails.  Everything is measured in
units of what guessing costs, so that it means the same for a squared error, for ten classes and
for a thousand.
"""

import math
from typing import NamedTuple

import numpy as np

__all__ = ["Diagnosis", "Question", "Reading", "Suspect", "diagnose"]

DEAD = 0.9  # share of silent units from which a start counts as dead
DIED = 0.8  # the same at the end, where training killed them
SLOW = 3e-4  # a step that promises a smaller share of the loss of guessing is slow: 300 of them
# would not make a difference
BENT = 1e-2  # how far, in units of λ_max, λ_min must be below zero to count as a way down
NEAR = 0.05  # a loss this near to that of guessing, in its units, is still at guessing


class Reading(NamedTuple):
    """What the instruments read at one point of a training; a `Report` is read the same way.

    ``highest`` and ``lowest`` are the extreme eigenvalues of the Hessian, ``silent`` the share of
    units that get no gradient at all (ReLU units that are off on all data), ``learning_rate`` that
    of gradient descent, if it is known.
    """

    loss: float
    grad_norm: float
    highest: float
    lowest: float
    silent: float = 0.0
    learning_rate: float | None = None

    @property
    def edge(self) -> float | None:
        """η λ_max / 2: above 1 a step overshoots along the sharpest direction."""
        return None if self.learning_rate is None else self.learning_rate * self.highest / 2

    @property
    def promise(self) -> float | None:
        """η‖g‖²: by how much the slope promises that one step lowers the loss."""
        return None if self.learning_rate is None else self.learning_rate * self.grad_norm**2


class Question(NamedTuple):
    """One box of the guide: what it asks, the answer ("yes", "no", "not measured"), and why."""

    asks: str
    answer: str
    because: str


class Suspect(NamedTuple):
    """A cause that the instruments light up: its name, the numbers that do, and its cure."""

    name: str
    because: str
    cure: str


class Diagnosis(NamedTuple):
    """Where the guide ends, and how it came there.

    ``path``: the questions on the way.  ``answer``: "optimization", "model bias", "overfitting",
    "mismatch", "overfitting and mismatch", "nothing is wrong", or "undecided" where a number is
    missing.  ``suspects``: what the instruments light up, the strongest first; only where the
    trouble is, or may be, the optimization.  ``next``: the measurement to make now.  ``cure``:
    what helps against the answer, of the first suspect where there is one.
    """

    path: tuple[Question, ...]
    answer: str
    suspects: tuple[Suspect, ...]
    next: str
    cure: str

    @property
    def sentences(self) -> list[str]:
        """The diagnosis in plain words, one step each."""
        told = [f"{q.asks} {q.answer.capitalize()}: {q.because}." for q in self.path]
        told.append(f"The guide ends at: {self.answer}.")
        told += [f"Suspect: {s.name}, because {s.because}. Cure: {s.cure}." for s in self.suspects]
        if not self.suspects and self.cure:
            told.append(f"Cure: {self.cure}.")
        return [*told, f"Next: {self.next}."]

    def __str__(self) -> str:
        return "\n".join(self.sentences)


CURES = {
    "optimization": "another start, learning rate or optimizer; skip connections or "
    "normalization where the network is deep",
    "model bias": "more units, layers or inputs: no parameters of this network do better",
    "overfitting": "more or augmented data, right labels, weight decay, fewer steps, or a smaller "
    "network",
    "mismatch": "training data of the kind that the test has, even a few",
    "nothing is wrong": "none is needed",
    "undecided": "none before the next measurement",
}
CURES["overfitting and mismatch"] = f"{CURES['overfitting']}; and {CURES['mismatch']}"


def diagnose(
    training: float,
    guessing: float,
    *,
    smaller: float | None = None,
    held_out: float | None = None,
    test: float | None = None,
    start=None,
    end=None,
    best: float = 0.0,
    high: float = 0.2,
    gap: float = 0.15,
) -> Diagnosis:
    """Where does the trouble lie, what shows it, what to measure next, and what helps?

    >>> found = lu.diagnose(1.4, np.log(10), smaller=0.3)  # of ten classes
    >>> found.answer
    'optimization'
    >>> print(found.next)
    report(loss, params, learning_rate) at the start and at the end of the training

    Give what you have; what is missing and needed is named in ``next``.

    Parameters
    ----------
    training : the loss on the training data, at the end; NaN or infinite after a divergence.
    guessing : the loss of the best constant answer: ln C for C equally frequent classes, the
        variance of the targets for a mean squared error.
    smaller : the training loss of a smaller or shallower network on the same data.
    held_out : the loss on data from the source of the training data, not used for training.
    test : the loss on the data that count.
    start, end : a `Report` or a `Reading` at the first and at the last parameters.
    best : the lowest loss that can be hoped for (noise in the targets; wrong labels).
    high, gap : which share of (guessing - best) counts as a high loss, and as a difference.

    Returns
    -------
    A `Diagnosis`; ``print`` it to read it.  Raises ValueError for a loss that is no number.
    """
    training = _number("training", training, finite=False)
    guessing, best = _number("guessing", guessing), _number("best", best)
    others = {"smaller": smaller, "held_out": held_out, "test": test}
    smaller, held_out, test = (
        None if value is None else _number(name, value) for name, value in others.items()
    )
    for name, share in {"high": high, "gap": gap}.items():
        if not 0 < share < 1:
            raise ValueError(f"{name} must be a share between 0 and 1, but is {share!r}.")
    span = guessing - best
    if not span > 0:
        raise ValueError(
            f"guessing must cost more than best, but {guessing:g} is not above {best:g}: pass the "
            "loss of the best constant answer."
        )
    first, last = _reading("start", start), _reading("end", end)
    if not training - best <= high * span:  # NaN is high too
        return _high(training, guessing, span, high, gap, smaller, first, last)
    share = (training - best) / span
    low = Question(
        "Is the training loss high?",
        "no",
        f"≈ {training:.3g}, ≈ {max(100 * share, 0):.2g} % of the way from the best to guessing",
    )
    return _low(low, training, span, gap, held_out, test)


# --- the training loss is high ------------------------------------------------------------------


def _high(training, guessing, span, high, gap, smaller, first, last) -> Diagnosis:
    finite = math.isfinite(training)
    limit = guessing - span + high * span
    why = (
        f"≈ {training:.3g}, and guessing costs ≈ {guessing:.3g}; from ≈ {limit:.3g} on it is high"
        if finite
        else f"it is {training}, the training diverged"
    )
    path = [Question("Is the training loss high?", "yes", why)]
    suspects = tuple(_suspects(training, guessing, span, first, last))
    goal = training - gap * span
    better = smaller is not None and not training - smaller <= gap * span
    asks = "Does a smaller network train better?"
    if smaller is None:
        path.append(Question(asks, "not measured", "only this tells a fault from a limit"))
    else:
        path.append(
            Question(
                asks,
                "yes" if better else "no",
                f"it reaches ≈ {smaller:.3g}, and ≈ {goal:.3g} would be a difference",
            )
        )
    if better:
        return _optimization(path, suspects, goal, first, last)
    # A smaller network may carry the same fault: only clean instruments leave the model as cause.
    asks = "Do the instruments show a fault of the training?"
    read = [name for name, at in (("start", first), ("end", last)) if at is not None]
    strong = [suspect for suspect in suspects if suspect.name in _STRONG]
    if strong or (smaller is None and suspects):
        found = strong or suspects
        path.append(Question(asks, "yes", f"{found[0].name}: {found[0].because}"))
        return _optimization(path, suspects, goal, first, last)
    if read:
        path.append(Question(asks, "no", f"nothing lights up at the {' or the '.join(read)}"))
    if smaller is None:
        needed = (
            "train a smaller or shallower network on the same data, and pass its training loss as "
            "smaller"
        )
        return Diagnosis(tuple(path), "undecided", (), needed, CURES["undecided"])
    wanted = (
        f"the training loss of a network twice as wide: it should be below ≈ {goal:.3g}; if it is "
        "not, look at the data and at the labels"
    )
    if not read:
        path.append(Question(asks, "not measured", "the smaller network may share a fault"))
        wanted += "; and report(loss, params, learning_rate) at the start, to exclude a fault"
    return Diagnosis(tuple(path), "model bias", (), wanted, CURES["model bias"])


def _optimization(path, suspects, goal, first, last) -> Diagnosis:
    missing = [name for name, at in (("start", first), ("end", last)) if at is None]
    if suspects:
        wanted = (
            f"the training loss after the first cure alone: below ≈ {goal:.3g} it was the cause"
        )
    elif missing:
        wanted = "report(loss, params, learning_rate) at the " + " and at the ".join(missing)
        wanted += " of the training"
    else:
        wanted = (
            "the training loss with one thing changed at a time: a third and three times the "
            "learning rate, another scale of the start, skips"
        )
    cure = suspects[0].cure if suspects else CURES["optimization"]
    return Diagnosis(tuple(path), "optimization", suspects, wanted, cure)


_STRONG = ("dead units", "learning rate", "plateau of a saddle", "units killed by training")


def _suspects(training, guessing, span, first, last):
    """What lights up, the strongest first."""
    if first is not None and first.silent >= DEAD:
        yield Suspect(
            "dead units",
            f"≈ {100 * first.silent:.3g} % of the units get no gradient at the start",
            "start with biases at zero or above and weights of He's scale",
        )
        return  # nothing else can be read where nothing moves
    if not math.isfinite(training) or (first is not None and (first.edge or 0) > 1):
        why = "the training diverged" if not math.isfinite(training) else ""
        if first is not None and first.edge is not None:
            why += (" and " if why else "") + f"η λ_max / 2 ≈ {first.edge:.3g} at the start"
        longest = f" below 2/λ_max ≈ {2 / first.highest:.3g}" if first and first.highest > 0 else ""
        yield Suspect("learning rate", why, f"a smaller learning rate{longest}, or a warm-up")
    if last is not None and last.silent >= DIED and (first is None or first.silent < DIED):
        before = "" if first is None else f", ≈ {100 * first.silent:.3g} % at the start"
        yield Suspect(
            "units killed by training",
            f"≈ {100 * last.silent:.3g} % of the units get no gradient at the end{before}",
            "shorter steps: one that is too long throws units off all data",
        )
        return
    at_guessing = first is not None and abs(first.loss - guessing) <= NEAR * span
    if at_guessing and _still(first, span) and _bent(first):
        yield Suspect(
            "plateau of a saddle",
            f"the start is at the loss of guessing, one step promises ≈ {first.promise:.2g}, "
            f"and λ_min ≈ {first.lowest:.2g} is a way down",
            "larger initial weights (He's scale); or patience, momentum, Adam",
        )
        return
    if last is None or last.promise is None:
        return
    if not _still(last, span):
        yield Suspect(
            "no critical point",
            f"at the end the gradient is still ≈ {last.grad_norm:.2g}: training has not arrived, "
            "or jumps about",
            "shorter steps toward the end, or more of them; where the network is deep, skip "
            "connections, normalization or fewer layers",
        )
    elif _bent(last):
        yield Suspect(
            "saddle",
            f"at the end the gradient is ≈ {last.grad_norm:.2g}, and λ_min ≈ {last.lowest:.2g} is "
            "a way down",
            "patience, momentum or noise",
        )
    else:
        yield Suspect(
            "flat place or minimum",
            f"at the end the gradient is ≈ {last.grad_norm:.2g} and no direction found curves down",
            "other starts; a wider network",
        )


def _still(at: Reading, span: float) -> bool:
    return at.promise is not None and at.promise < SLOW * span


def _bent(at: Reading) -> bool:
    return at.lowest < -BENT * abs(at.highest)


# --- the training loss is low -------------------------------------------------------------------


def _low(low, training, span, gap, held_out, test) -> Diagnosis:
    path, apart = [low], gap * span

    def ask(what, loss, above):
        return Question(
            f"Is the {what} high?",
            "yes" if loss - above > apart else "no",
            f"≈ {loss:.3g}, and from ≈ {above + apart:.3g} on it is high",
        )

    def end(answer, wanted):
        return Diagnosis(tuple(path), answer, (), wanted, CURES[answer])

    if test is None:
        path.append(Question("Is the test loss high?", "not measured", "it is what counts"))
    else:
        path.append(ask("test loss", test, training))
        if path[-1].answer == "no":
            return end("nothing is wrong", "none; ship it")
    if held_out is None:
        if test is None:
            return end("undecided", "the loss on the test data")
        path.append(
            Question("Is the held-out loss high?", "not measured", "it tells the two apart")
        )
        return end("undecided", "the loss on data held back from the source of the training data")
    path.append(ask("held-out loss", held_out, training))
    learned_by_heart = path[-1].answer == "yes"
    if test is None:
        if not learned_by_heart:
            return end("undecided", "the loss on the test data")
        return end("overfitting", _CURVE)
    elsewhere = test - held_out > apart
    if learned_by_heart and elsewhere:
        path.append(
            Question("Is the test loss higher still?", "yes", f"by ≈ {test - held_out:.2g}")
        )
        return end("overfitting and mismatch", _CURVE)
    if learned_by_heart:
        return end("overfitting", _CURVE)
    return end(
        "mismatch",
        "the test examples with the largest losses: what have they that no training example has?",
    )


_CURVE = (
    "the held-out loss with half of the data and along the training: where it falls with more "
    "data, collect; where it had been lower, stop earlier"
)


# --- what is passed -----------------------------------------------------------------------------


def _number(name: str, value, finite: bool = True) -> float:
    array = np.asarray(value)
    if array.size != 1 or array.dtype.kind in "bcOSUmM":
        raise ValueError(f"{name} must be one number, got {value!r}: pass a loss.")
    number = float(array.reshape(()))
    if finite and not math.isfinite(number):
        raise ValueError(f"{name} must be finite, but is {number}: leave it out where it diverged.")
    return number


def _reading(name: str, at) -> Reading | None:
    if at is None or isinstance(at, Reading):
        return at
    try:
        units = [sum(counts) for counts in zip(*at.silent.values(), strict=True)] or [0, 1]
        return Reading(
            loss=at.loss,
            grad_norm=at.grad_norm,
            highest=float(at.eigenvalues[-1]),
            lowest=float(at.eigenvalues[0]),
            silent=units[0] / units[1],
            learning_rate=at.learning_rate,
        )
    except AttributeError:
        raise ValueError(
            f"{name} must be what report(loss, params) returns, or a Reading, got {type(at)}."
        ) from None
