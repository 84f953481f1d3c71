"""Read what an executed notebook found."""

from __future__ import annotations

from lecture_utils.studio.claims import of_this_run, read_findings


def texts(cell, mime: str = "text/plain") -> list[str]:
    """The outputs of a cell in one format."""
    return [out.data[mime] for out in cell.get("outputs", []) if mime in out.get("data", {})]


def findings(notebook) -> list[dict[str, str]]:
    """The rows of the notebook's table of claims: id, claim, lecture, theory, measured, verdict."""
    shown = [t for cell in notebook.cells for t in texts(cell) if t.startswith("Claims of ")]
    return read_findings(shown[-1]) if shown else []


def verdicts(notebook) -> dict[str, str]:
    """Id of each claim to one of the six words: what this run says."""
    return {row["id"]: of_this_run(row["verdict"]) for row in findings(notebook)}
