"""The ledger: lecture says, theory predicts, we measured, verdict."""

from __future__ import annotations

import html
import re
from typing import Any

import numpy as np

from lecture_utils.studio.cards import GREEN, ORANGE, VERMILLION
from lecture_utils.studio.grading import show

_COLUMNS = {  # key in a row: heading in the table
    "claim": "claim",
    "lecture": "lecture says",
    "theory": "theory predicts",
    "measured": "we measured",
    "verdict": "verdict",
}
_BAR = " │ "  # not the ASCII bar: claims speak of |λ|
_SIGNS = {
    "confirmed": (GREEN, "✔"),
    "qualified": (ORANGE, "◐"),
    "not reproduced": (VERMILLION, "✘"),
}


class Ledger:
    """The notebook's claims, each with a verdict that this run computed.

    Returned by a cell it is a table (``text/html``, where ``$...$`` is typeset) and aligned
    rows of text that `parse_ledger` reads back.
    """

    def __init__(self, notebook: str):
        self.notebook = notebook
        self.rows: list[dict[str, str]] = []

    def add(
        self,
        claim: str,
        lecture: str,
        theory: str,
        measured: str,
        holds: Any,
        qualified: str | None = None,
    ) -> None:
        """Enter a claim; the same claim again replaces its row, so a cell may be run twice.

        ``holds`` is the bool computed from this run's numbers (Python's, numpy's or jax's);
        ``qualified`` says under which reservation it holds. All texts are one line.
        Raises ValueError for an empty text and for a ``holds`` that is no bool.
        """
        texts = {"claim": claim, "lecture": lecture, "theory": theory, "measured": measured}
        if qualified is not None:
            texts["qualified"] = qualified
        for name, text in texts.items():
            if not isinstance(text, str) or not text.strip():
                raise ValueError(f"{name} must be a non-empty text, got {text!r}: write one.")
        truth = np.asarray(holds)
        if truth.shape != () or truth.dtype != bool:
            raise ValueError(
                f"holds must be one bool computed by the run, got {show(holds)}: "
                "pass the result of a comparison."
            )
        verdict = "not reproduced"
        if truth:
            verdict = "confirmed" if qualified is None else f"qualified: {qualified}"
        texts = texts | {"verdict": verdict}
        row = {key: " ".join(texts[key].replace("│", "|").split()) for key in _COLUMNS}
        claims = [old["claim"] for old in self.rows]
        if row["claim"] in claims:
            self.rows[claims.index(row["claim"])] = row
        else:
            self.rows.append(row)

    @property
    def verdicts(self) -> dict[str, str]:
        """Claim to verdict, for comparing runs with different seeds."""
        return {row["claim"]: row["verdict"] for row in self.rows}

    def __repr__(self) -> str:
        if not self.rows:
            return f"Ledger {self.notebook}: empty, no claim has been entered yet."
        table = [list(_COLUMNS.values()), *(list(row.values()) for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = [
            _BAR.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
            for cells in table
        ]
        return "\n".join([f"Ledger {self.notebook}: {self._summary()}", *lines])

    def _summary(self) -> str:
        kinds = [row["verdict"].split(":")[0] for row in self.rows]
        return ", ".join(f"{kinds.count(kind)} {kind}" for kind in _SIGNS)

    def _repr_html_(self) -> str:
        if not self.rows:
            return f"<p>{html.escape(repr(self))}</p>"
        cell = "text-align:left;vertical-align:top;white-space:normal;padding:6px 10px"
        head = "".join(f'<th scope="col" style="{cell}">{name}</th>' for name in _COLUMNS.values())
        body = ""
        for row in self.rows:
            color, sign = _SIGNS[row["verdict"].split(":")[0]]
            texts = [html.escape(row[key], quote=False) for key in _COLUMNS]
            texts[-1] = f'<b style="color:{color}">{sign}</b> {texts[-1]}'
            body += "<tr>" + "".join(f'<td style="{cell}">{t}</td>' for t in texts) + "</tr>\n"
        return (
            '<table style="font-size:max(14px,var(--jp-content-font-size1,14px))">\n'
            f"<thead><tr>{head}</tr></thead>\n"
            f"<tbody>\n{body}</tbody>\n</table>\n<p>{self._summary()}</p>"
        )


def parse_ledger(output_text: str) -> list[dict[str, str]]:
    """The rows of a ledger's ``text/plain`` output: claim, lecture, theory, measured, verdict.

    Other lines around it do not matter. Raises ValueError if there is no ledger in the text.
    """
    lines = [line.split("│") for line in output_text.splitlines()]
    rows = [[cell.strip() for cell in line] for line in lines if len(line) == len(_COLUMNS)]
    heading = list(_COLUMNS.values())
    if heading not in rows:
        if re.search(r"^Ledger .*: empty", output_text, re.MULTILINE):
            return []
        raise ValueError(
            f"output_text holds no ledger, got {output_text[:60]!r}: pass the text/plain of the "
            "cell that returns it."
        )
    return [dict(zip(_COLUMNS, row, strict=True)) for row in rows if row != heading]
