"""Slide 74's concluding remarks, each with the claims that speak for and against it, weighed.

Nothing here knows a verdict: sides and weighing follow from the tables of claims in the notebooks.
"""

import html
import re
from pathlib import Path
from typing import NamedTuple

from lecture_utils.studio.claims import findings_in

__all__ = ["CONCLUSIONS", "Conclusion", "Page", "Weighed", "weigh"]


class Conclusion(NamedTuple):
    """A remark, what bears on it, and how far such evidence reaches.

    ``agree`` and ``differ`` hold claims as "number id": where a claim of ``agree`` stands, it
    speaks for the remark, where one of ``differ`` stands, against it; where it was not reproduced,
    the other way round.  ``reach`` must be true whatever the verdicts are.
    """

    remark: str
    agree: tuple[str, ...]
    differ: tuple[str, ...]
    reach: str

    @property
    def names(self) -> tuple[str, ...]:
        """All claims that bear on it."""
        return self.agree + self.differ


CONCLUSIONS = (
    Conclusion(
        "deep linear networks are not convex, but all their local minima are global",
        ("00 not-convex", "02 chain-minima", "02 matrix-minima"),
        ("02 wide-hidden-layers",),
        "The theorems hold for every size, under conditions on loss and widths; runs illustrate "
        "them.",
    ),
    Conclusion(
        "some saddles are hard to escape",
        (
            "02 flat-origin",
            "02 training-waits",
            "02 no-negative-eigenvalue",
            "02 hard-to-escape",
            "09 plateau",
        ),
        ("01 saddle-escape", "02 two-weights-escape", "02 stuck-with-probability-zero"),
        "Which saddle it is decides: a strict one costs steps in proportion to ln(1/distance), a "
        "flat one in proportion to a power of 1/distance.",
    ),
    Conclusion(
        "deep networks have local minima",
        ("03 bad-minimum", "03 bad-minima-common", "03 true-minima"),
        (),
        "To prove that some exist, one is enough. All of these have one hidden layer, and an "
        "example does not say how often training meets its like.",
    ),
    Conclusion(
        "conjecture: a larger network rarely meets local minima",
        (
            "03 one-more-unit",
            "03 two-more-units",
            "04 coins",
            "04 index-rises",
            "04 zero-gradient",
            "04 gradient-near-zero",
            "04 guess-of-the-surface",
            "04 wide-enough",
            "05 rare-minima",
        ),
        ("03 bad-minima-common",),
        "Random matrices count all points, and training does not pick among them by lot; only in "
        "03 and 04 were the points certified.",
    ),
    Conclusion(
        "conjecture: all local minima are almost as good as the global one",
        ("04 equally-good", "04 narrower-band", "04 wide-enough", "06 similar-loss"),
        (
            "03 b-is-better",
            "03 simple-task-difficult",
            "03 bad-minima-common",
        ),
        "It speaks of all minima, so a single bad one refutes it as it stands; a tendency of wide "
        "networks it may be all the same, and ends of training are not certified minima.",
    ),
    Conclusion(
        "pictures help to understand the error surface",
        ("06 two-directions", "06 filter-normalization", "06 skips-simple"),
        ("05 off-the-line", "06 random-misses-sharp", "06 random-walk", "06 scale"),
        "A picture has one or two directions of thousands, and is as good as their choice.",
    ),
    Conclusion(
        "the error surface is not as complex as imagined",
        (
            "05 no-hill",
            "05 no-hill-lstm",
            "05 other-start",
            "05 one-start",
            "05 bent-path",
            "06 one-start-no-barrier",
        ),
        ("05 large-steps", "05 hill", "06 starts-basins", "06 noise-raises-a-barrier"),
        "It depends on where one looks: on the way of a training, on the straight line between "
        "two solutions, or on the best path between them.",
    ),
)


class Weighed(NamedTuple):
    """A remark with its evidence: each of ``sides`` has (number, claim, verdict) of its claims."""

    remark: str
    sides: dict[str, list[tuple[str, str, str]]]
    sentence: str


SIDES = ("for", "against", "silent")
NOT_HERE = "not here yet"


def weigh(conclusion: Conclusion, rows: dict[str, dict[str, str]]) -> Weighed:
    """Put the claims of a remark on their sides; ``rows``: "number id" -> row of its table."""
    sides = {side: [] for side in SIDES}
    limited = 0
    for name in conclusion.names:
        number, id = name.split()
        row = rows.get(name, {"claim": id, "verdict": NOT_HERE})
        kind = row["verdict"].split(":")[0]
        stands = {"confirmed": True, "qualified": True, "not reproduced": False}.get(kind)
        limited += kind == "qualified"
        agrees = name in conclusion.agree
        side = "silent" if stands is None else "for" if stands == agrees else "against"
        sides[side].append((number, row["claim"], row["verdict"]))
    return Weighed(conclusion.remark, sides, f"{_balance(sides, limited)} {conclusion.reach}")


def _balance(sides, limited: int) -> str:
    yes, no = len(sides["for"]), len(sides["against"])
    if yes + no == 0:
        return "Nothing that was measured decides it."
    if yes + no == 1:
        side = "for" if yes else "against"
        condition = ", under a condition" if limited else ""
        return f"The one claim that could decide speaks {side} it{condition}."
    if yes and no:
        told = f"{yes} of {yes + no} claims speak for it, {no} against"
    else:
        told = f"All {yes + no} claims that could decide speak {'for' if yes else 'against'} it"
    return f"{told}; {limited} of them only under a condition." if limited else f"{told}."


NO_THEOREM = re.compile(r"(no theorem|no prediction|none|–)")


class Page:
    """The whole lecture on one page, read from the notebooks in ``folder``.

    A notebook that is not there, or that has no such claim, leaves its claims silent.
    """

    def __init__(self, folder=None):
        paths = sorted(Path(folder or _notebooks()).glob("[0-9][0-9]_*.ipynb"))
        rows = {f"{path.name[:2]} {row['id']}": row for path in paths for row in findings_in(path)}
        self.remarks = [weigh(conclusion, rows) for conclusion in CONCLUSIONS]
        without = sum(bool(NO_THEOREM.match(row["theory"])) for row in rows.values())
        self.theory = (
            f"we need more theory: for {without} of the {len(rows)} claims of this course no "
            "theorem says what to expect"
        )

    def __repr__(self) -> str:
        lines = []
        for remark, sides, sentence in self.remarks:
            counts = ", ".join(f"{len(found)} {side}" for side, found in sides.items() if found)
            lines.append(f"{remark} ({counts}). {sentence}")
            for side, found in sides.items():
                lines += [f"  {side}: {number} {says}: {word}" for number, says, word in found]
        return "\n".join([*lines, self.theory])

    def _repr_html_(self) -> str:
        return "\n".join([*map(_fold, self.remarks), f"<p>{html.escape(self.theory)}.</p>"])


def _fold(weighed: Weighed) -> str:
    parts = []
    for side, found in weighed.sides.items():
        items = "".join(
            f"<li>{number}: {html.escape(says)} (<i>{html.escape(word)}</i>)</li>"
            for number, says, word in found
        )
        parts.append(f"<b>{side}</b><ul style='margin:0 0 4px'>{items}</ul>" if found else "")
    return (
        "<details style='margin:4px 0;max-width:60em;"
        "font-size:max(15px,var(--jp-content-font-size1,15px))'>"
        f"<summary><b>{html.escape(weighed.remark)}.</b> {html.escape(weighed.sentence)}</summary>"
        f"{''.join(parts)}</details>"
    )


def _notebooks() -> Path:
    """The folder of the notebooks, also where a kernel was started above it."""
    for folder in (Path("."), Path("notebooks")):
        if any(folder.glob("00_*.ipynb")):
            return folder
    return Path(".")
