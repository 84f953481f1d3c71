"""Read the ledger of an executed notebook."""

from __future__ import annotations

from lecture_utils.studio.claims import parse_ledger

VERDICTS = {"confirmed", "qualified", "not reproduced"}


def texts(cell, mime: str = "text/plain") -> list[str]:
    """The outputs of a cell in one format."""
    return [out.data[mime] for out in cell.get("outputs", []) if mime in out.get("data", {})]


def ledger(notebook) -> list[dict[str, str]]:
    """The rows of the notebook's last ledger: claim, lecture, theory, measured, verdict."""
    shown = [text for cell in notebook.cells for text in texts(cell) if text.startswith("Ledger ")]
    return parse_ledger(shown[-1]) if shown else []


def verdicts(notebook) -> dict[str, str]:
    """Claim to one of the three words."""
    return {row["claim"]: row["verdict"].split(":")[0] for row in ledger(notebook)}
