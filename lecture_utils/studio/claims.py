"""Claims: what the lecture says, what theory predicts, what this run measured, and the verdict.

A lesson declares its claims; the notebook judges each of them right below the numbers that decide
it.  The line that is shown and the verdict come from the same comparison, so that no other
criterion can be printed than the one that was judged:

    lesson.claim("hill", {"barrier": measured(hills) > 0.3, "both ends": measured(ends) < 0.05})
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lecture_utils.intervals import Interval
from lecture_utils.studio.numbers import about, digits
from lecture_utils.studio.style import GREEN, GREY, ORANGE, RED

__all__ = [
    "Claim",
    "Finding",
    "Findings",
    "Measured",
    "findings_in",
    "measured",
    "of_this_run",
    "read_findings",
    "settled",
]

VERDICTS = {
    "confirmed": (GREEN, "✔"),
    "qualified": (ORANGE, "◐"),
    "not reproduced": (RED, "✘"),
    "slip": (ORANGE, "✎"),
    "open": (GREY, "?"),
    "not tested here": (GREY, "–"),
}
"""Every verdict with its color and its sign; a sign says what the color says."""

OURS = "ours"


@dataclass(frozen=True)
class Claim:
    """A statement that a notebook judges.

    ``says``: the statement, in our words.  ``lecture``: what the deck or the note says, beginning
    with its slide or section ("S13: …", "N2: …"), or, for a claim of
    the course's own, ``OURS`` and perhaps a paper: "ours (Lucas et al. 2021)".
    ``theory``: what theory predicts.

    The criteria decide between two outcomes.  Where all hold, the claim is *confirmed*, or
    *qualified* when ``qualified`` names the condition.  Where one fails it is *not reproduced*, or
    a *slip* when ``slip`` gives the correction of a misprint or a loose word.  Where one cannot be
    decided (its interval holds both answers) the claim is *open*.  With ``untested``, which says
    what would test it, it is *not tested here* and needs no evidence.

    ``fresh`` ("8 confirmed, 2 open") says what the fresh seeds gave, where that was not the verdict
    of SEED = 0 for all of them; the verdict that stands is then `settled`.
    """

    id: str
    says: str
    lecture: str
    theory: str
    qualified: str = ""
    slip: str = ""
    untested: str = ""
    fresh: str = ""

    def __post_init__(self):
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.id):
            raise ValueError(f"id must be words joined by hyphens, but is {self.id!r}.")
        for name in ("says", "lecture", "theory"):
            text = getattr(self, name)
            if not text.strip() or "\n" in text or "│" in text:
                raise ValueError(f"{name} of claim {self.id!r} must be one line, got {text!r}.")
        if self.fresh:
            try:
                _read_fresh(self.fresh)
            except ValueError:
                raise ValueError(
                    f"fresh of claim {self.id!r} must be such as '8 confirmed, 2 open', got "
                    f"{self.fresh!r}."
                ) from None
        if not self.ours and not re.match(r"[SN]\d", self.lecture):
            raise ValueError(
                f"lecture of claim {self.id!r} must begin with a slide or section ('S13: …') or "
                f"with {OURS!r}, got {self.lecture!r}."
            )

    @property
    def ours(self) -> bool:
        """Whether the course makes this claim and not the lecture."""
        return self.lecture.startswith(OURS)


# --- criteria ----------------------------------------------------------------------------------


class Measured:
    """Numbers, or an `Interval`, waiting to be compared; the comparison is a `Criterion`."""

    def __init__(self, values):
        self.values = values

    def __gt__(self, bound):
        return Criterion(self.values, ">", bound)

    def __ge__(self, bound):
        return Criterion(self.values, "≥", bound)

    def __lt__(self, bound):
        return Criterion(self.values, "<", bound)

    def __le__(self, bound):
        return Criterion(self.values, "≤", bound)

    def __eq__(self, bound):
        return Criterion(self.values, "=", bound)

    def between(self, low, high):
        """Neither below ``low`` nor above ``high``."""
        return Criterion(self.values, "in", (low, high))

    __hash__ = None


measured = Measured

_TESTS = {
    ">": np.greater,
    "≥": np.greater_equal,
    "<": np.less,
    "≤": np.less_equal,
    "=": np.equal,
    "in": lambda values, ends: (ends[0] <= values) & (values <= ends[1]),
}


class Criterion:
    """One comparison: its outcome, True, False or None (undecided), and its text."""

    def __init__(self, values, sign: str, bound):
        self.values, self.sign, self.bound = values, sign, bound
        if isinstance(values, Interval):
            if sign == "=":
                raise ValueError("an interval is not equal to a number: use between(low, high).")
            # A comparison that both ends pass, the interval passes; one that neither could pass
            # anywhere between them, it fails; everything else holds both answers.
            inside = [bool(_TESTS[sign](end, bound)) for end in (values.low, values.high)]
            apart = sign == "in" and (values.high < bound[0] or values.low > bound[1])
            one_sided = sign != "in" and not any(inside)
            self.holds = True if all(inside) else False if apart or one_sided else None
            return
        self.values = np.asarray(values)
        if self.values.size == 0 or self.values.dtype.kind not in "biuf":
            raise ValueError(f"measured takes numbers, at least one, got {values!r}.")
        self.passed = np.asarray(_TESTS[sign](self.values, bound))
        self.holds = bool(self.passed.all())

    def text(self, name: str) -> str:
        """``barrier > 0.3: 10 of 10 (≈ 0.61 to 0.92)``"""
        bound = self.bound
        told = f"{name} {self.sign} {digits(bound)}" if self.sign != "in" else (
            f"{name} from {digits(bound[0])} to {digits(bound[1])}"
        )  # fmt: skip
        if isinstance(self.values, Interval):
            low, high, middle = self.values
            return f"{told}: {about(middle)}, 95 % interval {about([low, high])}"
        if self.values.size == 1:
            exact = self.values.dtype.kind in "iu"
            return f"{told}: {self.values.item() if exact else about(self.values)}"
        spread = about(self.values)
        if self.values.dtype.kind in "iu":  # counts are exact
            spread = spread.removeprefix("≈ ")
        return f"{told}: {self.passed.sum()} of {self.passed.size} ({spread})"


class _Plain:
    """A bool, or an array of them: the name is the whole criterion."""

    def __init__(self, values):
        self.passed = np.asarray(values)
        if self.passed.dtype != bool or self.passed.size == 0:
            raise ValueError(f"a criterion must be a comparison, got {values!r}: compare it.")
        self.holds = bool(self.passed.all())

    def text(self, name: str) -> str:
        if self.passed.size == 1:
            return f"{name}: {'yes' if self.holds else 'no'}"
        return f"{name}: {self.passed.sum()} of {self.passed.size}"


# --- findings ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """A claim that this run has judged; the last value of a cell shows it as one line."""

    claim: Claim
    measured: str
    verdict: str

    @property
    def kind(self) -> str:
        """One of the six words of `VERDICTS`."""
        return self.verdict.split(":")[0]

    @property
    def _source(self) -> str:
        return "Our claim" if self.claim.ours else "Claim"

    def __repr__(self) -> str:
        _, sign = VERDICTS[self.kind]
        told = f"{self._source} {self.claim.id}: {self.claim.says}. {self.measured}."
        return f"{told} {sign} {self.verdict}"

    def _repr_html_(self) -> str:
        color, sign = VERDICTS[self.kind]
        says, measured, verdict = (
            html.escape(text, quote=False)
            for text in (self.claim.says, self.measured, self.verdict)
        )
        return (
            f'<details style="border-left:5px solid {color};padding:4px 4px 4px 12px;margin:4px 0;'
            'max-width:60em;font-size:max(15px,var(--jp-content-font-size1,15px))">'
            f"<summary><b>{self._source}:</b> {says}. "
            f'<b><span style="color:{color}">{sign}</span> {verdict}</b></summary>'
            f"{measured}.</details>"
        )


def judge(claim: Claim, criteria: Mapping[str, Any] | None, note: str = "") -> Finding:
    """The finding on ``claim``: a criterion is a `Criterion`, a bool or an array of bools.

    ``note`` is shown beside the criteria and judged by nothing.
    Raises ValueError where the criteria are missing, or are no comparisons.
    """
    if claim.untested:
        if criteria:
            raise ValueError(f"claim {claim.id!r} is not tested here: leave its criteria out.")
        return Finding(claim, note or "no evidence here", f"not tested here: {claim.untested}")
    if not criteria:
        raise ValueError(f"claim {claim.id!r} needs a criterion: pass {{name: comparison}}.")
    tests = {n: c if isinstance(c, Criterion) else _Plain(c) for n, c in criteria.items()}
    told = "; ".join([test.text(name) for name, test in tests.items()] + ([note] if note else []))
    outcomes = [test.holds for test in tests.values()]
    if False in outcomes:
        verdict = f"slip: {claim.slip}" if claim.slip else "not reproduced"
    elif None in outcomes:
        verdict = "open: the interval holds both answers"
    else:
        verdict = f"qualified: {claim.qualified}" if claim.qualified else "confirmed"
    verdict = settled(verdict, claim.fresh) if claim.fresh else verdict
    return Finding(claim, " ".join(told.replace("│", "|").split()), verdict)


# Of the fresh seeds: a verdict that fewer of them gave depends on the seed, and is open.
_MOST = 0.8


def _read_fresh(fresh: str) -> dict[str, int]:
    """ "8 confirmed, 2 open" as {"confirmed": 8, "open": 2}; ValueError for any other text."""
    counts = {word: int(count) for count, word in (p.split(" ", 1) for p in fresh.split(", "))}
    if unknown := counts.keys() - VERDICTS.keys():
        raise ValueError(f"no verdicts: {sorted(unknown)}.")
    return counts


def settled(verdict: str, fresh: str) -> str:
    """The verdict that stands where not all fresh seeds gave that of SEED = 0.

    What most of them gave stands, and is at best qualified; where no verdict has that many, it is
    open.  The word of this run is told with it: 'open: "confirmed" here; fresh seeds: 7 confirmed,
    3 open'.
    """
    here, _, condition = verdict.partition(": ")
    counts = _read_fresh(fresh)
    most = max(counts, key=counts.get)
    stands = most if counts[most] >= _MOST * sum(counts.values()) else "open"
    told = f'"{here}" here; fresh seeds: {fresh}'
    if condition and stands == here != "open":
        told = f"{condition}; {told}"
    return f"{'qualified' if stands == 'confirmed' else stands}: {told}"


def of_this_run(verdict: str) -> str:
    """One of the six words: what the criteria said in this run, whatever other seeds gave."""
    found = re.search(r'"([a-z ]+)" here; fresh seeds: ', verdict)
    return found[1] if found else verdict.split(":")[0]


_COLUMNS = ("id", "claim", "lecture", "theory", "measured", "verdict")
_HEADINGS = ("id", "claim", "lecture says", "theory predicts", "we measured", "verdict")
_BAR = " │ "  # not the ASCII bar: claims speak of |λ|


class Findings:
    """All claims of a lesson in one table, which `read_findings` reads back from its text."""

    def __init__(self, notebook: str, claims: Mapping[str, Claim], found: Mapping[str, Finding]):
        self.notebook = notebook
        self.rows = [
            {
                "id": claim.id,
                "claim": claim.says,
                "lecture": claim.lecture,
                "theory": claim.theory,
                "measured": found[name].measured if name in found else "not judged in this run yet",
                "verdict": found[name].verdict if name in found else NOT_JUDGED,
            }
            for name, claim in claims.items()
        ]

    def __repr__(self) -> str:
        lines = [_BAR.join(_HEADINGS), *(_BAR.join(row.values()) for row in self.rows)]
        return "\n".join([f"Claims of {self.notebook}: {self._summary()}", *lines])

    def _summary(self) -> str:
        kinds = [row["verdict"].split(":")[0] for row in self.rows]
        counts = [f"{kinds.count(kind)} {kind}" for kind in VERDICTS if kind in kinds]
        return ", ".join(
            counts + [f"{kinds.count(NOT_JUDGED)} {NOT_JUDGED}"] * (NOT_JUDGED in kinds)
        )

    def _repr_html_(self) -> str:
        cell = "text-align:left;vertical-align:top;white-space:normal;padding:6px 10px"
        head = "".join(f'<th scope="col" style="{cell}">{name}</th>' for name in _HEADINGS[1:])
        body = ""
        for row in self.rows:
            color, sign = VERDICTS.get(row["verdict"].split(":")[0], (GREY, "…"))
            texts = [html.escape(row[key], quote=False) for key in _COLUMNS[1:]]
            texts[-1] = f'<b style="color:{color}">{sign}</b> {texts[-1]}'
            body += "<tr>" + "".join(f'<td style="{cell}">{t}</td>' for t in texts) + "</tr>\n"
        return (
            '<table style="font-size:max(14px,var(--jp-content-font-size1,14px))">\n'
            f"<thead><tr>{head}</tr></thead>\n"
            f"<tbody>\n{body}</tbody>\n</table>\n<p>{self._summary()}</p>"
        )


NOT_JUDGED = "not judged yet"


def read_findings(output_text: str) -> list[dict[str, str]]:
    """The rows of a table of claims, from its ``text/plain`` output: id, claim, …, verdict.

    Raises ValueError if the text holds no such table.
    """
    lines = [line.split("│") for line in output_text.splitlines()]
    rows = [[cell.strip() for cell in line] for line in lines if len(line) == len(_COLUMNS)]
    if list(_HEADINGS) not in rows:
        raise ValueError(
            f"output_text holds no table of claims, got {output_text[:60]!r}: pass the text/plain "
            "of the cell that returns it."
        )
    return [dict(zip(_COLUMNS, row, strict=True)) for row in rows if row != list(_HEADINGS)]


def findings_in(path) -> list[dict[str, str]]:
    """The rows of the table of claims in an executed notebook; none where it has no such table."""
    cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    texts = ["".join(output.get("data", {}).get("text/plain", "")) for output in outputs]
    tables = [text for text in texts if text.startswith("Claims of ")]
    return read_findings(tables[-1]) if tables else []
