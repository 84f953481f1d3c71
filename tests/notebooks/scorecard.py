"""The course on one page: `make scorecard` writes notebooks/SCORECARD.md and README's headline.

The rows come from the ledgers of the committed notebooks; which random seeds a verdict stood for
comes from notebooks/seeds.json, which `make seeds` keeps.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import execute
import nbformat
from ledgers import ledger

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
PAGE, SEEDS, README = FOLDER / "SCORECARD.md", FOLDER / "seeds.json", FOLDER.parent / "README.md"
SIGNS = {"confirmed": "✔", "qualified": "◐", "not reproduced": "✘"}
COLUMNS = ("claim", "lecture", "theory", "measured", "verdict", "seeds")
MARKED = re.compile(r"(<!-- scorecard -->\n).*?(\n<!-- /scorecard -->)", re.DOTALL)


def fingerprint(notebook: nbformat.NotebookNode) -> str:
    """Of the code alone: a seed's result is good until the code changes."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return hashlib.sha256(code.encode()).hexdigest()[:16]


def record(path: Path, seed: int, moved: list[str]) -> None:
    """Keep in seeds.json that ``seed`` was run, and which claims then had another verdict."""
    runs = json.loads(SEEDS.read_text(encoding="utf-8")) if SEEDS.exists() else {}
    code = fingerprint(nbformat.read(path, as_version=4))
    entry = runs.get(path.stem, {})
    if entry.get("code") != code:
        entry = {"code": code, "moved": {}}
    entry["moved"][str(seed)] = sorted(moved)
    entry["moved"] = dict(sorted(entry["moved"].items(), key=lambda item: int(item[0])))
    text = json.dumps(dict(sorted((runs | {path.stem: entry}).items())), indent=1)
    SEEDS.write_text(text + "\n", encoding="utf-8")


def seeds_of(path: Path, notebook: nbformat.NotebookNode) -> dict[int, list[str]]:
    """Seed to the claims that moved; SEED = 0 is the committed run itself."""
    runs = json.loads(SEEDS.read_text(encoding="utf-8")) if SEEDS.exists() else {}
    entry = runs.get(path.stem, {})
    moved = entry.get("moved", {}) if entry.get("code") == fingerprint(notebook) else {}
    return {0: []} | {int(seed): claims for seed, claims in moved.items()}


def spans(numbers) -> str:
    """[0, 1, 2, 5] as "0–2, 5"."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in runs)


def headline(counts: Counter) -> str:
    """How many claims, and what became of them."""
    return (
        f"Of the **{sum(counts.values())} claims** that the course measures, "
        f"**{counts['confirmed']}** are confirmed, **{counts['qualified']}** hold with a "
        f"qualification, and **{counts['not reproduced']}** could not be reproduced."
    )


def page() -> tuple[str, str]:
    """The text of SCORECARD.md, and the headline."""
    counts, parts = Counter(), []
    for path in execute.NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        title = notebook.cells[0].source.splitlines()[0].lstrip("# ")
        seeds, rows = seeds_of(path, notebook), []
        for row in ledger(notebook):
            kind, _, why = row["verdict"].partition(": ")
            counts[kind] += 1
            moved = [seed for seed, claims in seeds.items() if row["claim"] in claims]
            stood = spans(set(seeds) - set(moved))
            cells = row | {
                "verdict": f"{SIGNS[kind]} {kind}" + (f": {why}" if why else ""),
                "seeds": stood + (f" (not {spans(moved)})" if moved else ""),
            }
            rows.append("| " + " | ".join(cells[key].replace("|", "∣") for key in COLUMNS) + " |")
        table = [f"| {' | '.join(COLUMNS)} |", "|" + "---|" * len(COLUMNS), *rows]
        parts.append(f"## [{title}]({path.name})\n\n" + "\n".join(table))
    first = headline(counts)
    text = (
        "# The scorecard\n\n"
        f"{first}\n\n"
        "Each row is a claim of the lecture: what it says (S: slide, N: section of the note), what "
        "theory predicts, what the notebook measured when it was last run with SEED = 0, and the "
        "verdict. The last column names the seeds for which that verdict stood with the present "
        "code. This page is made by `make scorecard`.\n\n"
    )
    return text + "\n\n".join(parts) + "\n", first


def readme(first: str) -> str:
    """README.md with the present headline between its two marks."""
    text = README.read_text(encoding="utf-8")
    assert MARKED.search(text), "README.md has lost the marks <!-- scorecard -->"
    return MARKED.sub(lambda found: found[1] + first + found[2], text)


if __name__ == "__main__":
    written, line = page()
    PAGE.write_text(written, encoding="utf-8")
    README.write_text(readme(line), encoding="utf-8")
    print(line.replace("**", ""))
