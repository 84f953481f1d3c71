"""The pages that are made from what the lessons say of themselves and what the notebooks found.

    make pages

writes notebooks/SCORECARD.md, notebooks/TEACHING.md, notebooks/coverage.csv, the map in README.md
and in notebook 00, the headline and the links for other hosts in README.md, the cell of every
notebook that fetches the course (alone.py), the tags of the cells that answer a prediction
(covers.py), and the pictures in notebooks/images.  A test compares them.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from collections import Counter
from pathlib import Path

import alone
import covers
import execute
import nbformat
from findings import findings
from fingerprint import fingerprint
from teaching import teaching

from lecture_utils.lessons import all_lessons
from lecture_utils.studio.claims import OURS, VERDICTS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
SEEDS = FOLDER / "seeds.json"
FRESH = range(1000, 1010)  # run once, after the criteria were frozen
COLUMNS = {
    "claim": "claim",
    "lecture": "lecture",
    "theory": "theory",
    "measured": "measured",
    "verdict": "verdict",
    "developed": "seeds 0–9",
    "fresh": "fresh seeds",
}
MEANING = {
    "confirmed": "every criterion held, and the claim names no condition",
    "qualified": "every criterion held, under the condition that is named",
    "not reproduced": "a criterion failed",
    "slip": "the sentence as printed failed, a misprint or a loose word; the correction is given",
    "open": "no criterion failed, but an interval holds both answers: too little data to decide",
    "not tested here": "no test of ours could decide it; the setting that would is named",
}


# --- seeds ------------------------------------------------------------------------------------


def record(path: Path, seed: int, moved: dict[str, str]) -> None:
    """Keep in seeds.json that ``seed`` was run, and which claims had what other verdict."""
    runs = json.loads(SEEDS.read_text(encoding="utf-8")) if SEEDS.exists() else {}
    code = fingerprint(nbformat.read(path, as_version=4))
    entry = runs.get(path.stem, {})
    if entry.get("code") != code:
        entry = {"code": code, "moved": {}}
    entry["moved"][str(seed)] = dict(sorted(moved.items()))
    entry["moved"] = dict(sorted(entry["moved"].items(), key=lambda item: int(item[0])))
    text = json.dumps(dict(sorted((runs | {path.stem: entry}).items())), indent=1)
    SEEDS.write_text(text + "\n", encoding="utf-8")


def seeds_of(path: Path, notebook) -> dict[int, dict[str, str]]:
    """Seed to the claims that moved, and what to; SEED = 0 is the committed run itself."""
    runs = json.loads(SEEDS.read_text(encoding="utf-8")) if SEEDS.exists() else {}
    entry = runs.get(path.stem, {})
    moved = entry.get("moved", {}) if entry.get("code") == fingerprint(notebook) else {}
    return {0: {}} | {int(seed): claims for seed, claims in moved.items()}


def spans(numbers) -> str:
    """[0, 1, 2, 5] as "0–2, 5"."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in runs)


def stood(seeds: dict[int, dict[str, str]], claim: str, fresh: bool) -> str:
    """For how many of the fresh, or of the other seeds, the verdict of a claim was the same."""
    run = {seed: claims for seed, claims in seeds.items() if (seed in FRESH) == fresh}
    if not run:
        return "not run"
    moved = [seed for seed, claims in run.items() if claim in claims]
    return f"{len(run) - len(moved)} of {len(run)}" + (f" (not {spans(moved)})" if moved else "")


def fresh_verdicts(seeds: dict[int, dict[str, str]], claim: str, here: str) -> str:
    """What the fresh seeds gave, as "8 confirmed, 2 open"; "" where all gave that of SEED = 0."""
    gave = Counter(moved.get(claim, here) for seed, moved in seeds.items() if seed in FRESH)
    told = ", ".join(f"{gave[word]} {word}" for word in VERDICTS if gave[word])
    return "" if gave.keys() <= {here} else told


# --- the scorecard ----------------------------------------------------------------------------


def scorecard() -> tuple[str, str]:
    """The text of SCORECARD.md, and its headline."""
    counts, ours, parts, fallen, tried = Counter(), Counter(), [], 0, 0
    for path in execute.NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        title = notebook.cells[0].source.splitlines()[0].lstrip("# ")
        seeds, rows = seeds_of(path, notebook), []
        for row in findings(notebook):
            kind, _, why = row["verdict"].partition(": ")
            counts[kind] += 1
            ours[kind] += row["lecture"].startswith(OURS)
            fresh = [claims for seed, claims in seeds.items() if seed in FRESH]
            tried += bool(fresh)
            fallen += any(row["id"] in claims for claims in fresh)
            cells = row | {
                "verdict": f"{VERDICTS[kind][1]} {kind}" + (f": {why}" if why else ""),
                "developed": stood(seeds, row["id"], fresh=False),
                "fresh": stood(seeds, row["id"], fresh=True),
            }
            rows.append("| " + " | ".join(cells[key].replace("|", "∣") for key in COLUMNS) + " |")
        table = [f"| {' | '.join(COLUMNS.values())} |", "|" + "---|" * len(COLUMNS), *rows]
        parts.append(f"## [{title}]({path.name})\n\n" + "\n".join(table))
    found = ", ".join(f"**{counts[kind]}** {kind}" for kind in VERDICTS if counts[kind])
    headline = (
        f"The course judges **{counts.total()} claims**: {counts.total() - ours.total()} of the "
        f"lecture and {ours.total()} of its own. {found}."
    )
    kinds = "\n".join(
        f"| {VERDICTS[kind][1]} {kind} | {MEANING[kind]} | {counts[kind] - ours[kind]} | "
        f"{ours[kind]} |"
        for kind in VERDICTS
    )
    luck = (
        f"{tried} of the {counts.total()} claims have been run with fresh seeds; {fallen} of them "
        "had another verdict for at least one of these."
        if tried
        else "No claim has been run with them since the code last changed."
    )
    text = (
        f"# The scorecard\n\n{headline}\n\n"
        "Each row below is a claim: what the lecture says (S: slide, N: section of the note), or "
        "*ours* where the claim is the course's own; what theory predicts; what the notebook "
        "measured when it was last run with SEED = 0; and the verdict. The notebook reaches it by "
        "the criteria that it prints below the numbers, and nothing else:\n\n"
        "| verdict | reached when | of the lecture | ours |\n|:--|:--|:-:|:-:|\n"
        f"{kinds}\n\n"
        "**Seeds.** The last two columns say for how many seeds the verdict was that of SEED = 0, "
        "with the present code. With seeds 0 to 9 the criteria were developed: they were looked at "
        "and revised, so that agreement there is no evidence. The fresh seeds, "
        f"{FRESH[0]} to {FRESH[-1]}, are run once, after the criteria are frozen; whatever comes "
        f"is recorded. {luck} Where they did not all agree, what at least eight in ten of them "
        "gave stands, and is at best *qualified*; what fewer gave is *open*. No criterion was "
        "moved. "
        "(This rule was written when the first of these runs had come in.)\n\n"
        "This page is made by `make pages`.\n\n"
    )
    return text + "\n\n".join(parts) + "\n", headline


# --- maps and coverage ------------------------------------------------------------------------


def course_map(prefix: str = "", here: str = "") -> str:
    """The table of all lessons; ``here`` is the notebook in which it stands."""
    lines = [
        "| notebook | its question | minutes: class, alone | know first | slides |",
        "|:--|:--|:-:|:--|:--|",
    ]
    for lesson in all_lessons():
        name = f"{lesson.number} {lesson.title}"
        link = (
            f"**{name}**"
            if lesson.notebook == here
            else f"[{name}]({prefix}{lesson.notebook}.ipynb)"
        )
        minutes = ", ".join(map(str, lesson.minutes))
        lines.append(
            f"| {link} | {lesson.question} | {minutes} | {lesson.needs or '–'} | {lesson.sources} |"
        )
    return "\n".join(lines)


def coverage() -> str:
    """The text of coverage.csv: every slide and section, in the order of the sources."""
    rows = [(*row, lesson.notebook) for lesson in all_lessons() for row in lesson.covers]
    rows.sort(key=lambda row: (row[0][0] != "S", [int(n) for n in row[0][1:].split(".")]))
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["source", "idea", "notebook", "section"])
    writer.writerows((source, idea, notebook, heading) for source, idea, heading, notebook in rows)
    return stream.getvalue()


def between(text: str, mark: str, new: str) -> str:
    """``text`` with ``new`` between its two marks <!-- mark --> and <!-- /mark -->."""
    pattern = re.compile(rf"(<!-- {mark} -->\n).*?(\n<!-- /{mark} -->)", re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"the marks <!-- {mark} --> are gone: write them around what is made.")
    return pattern.sub(lambda found: found[1] + new + found[2], text)


def readme() -> str:
    """README.md with the present headline and map."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    text = between(text, "scorecard", scorecard()[1])
    text = between(text, "hosts", hosts(alone.address()))
    return between(text, "map", course_map("notebooks/"))


def hosts(address: str) -> str:
    """Where the course opens on servers of others; templates as long as it has no address."""
    where = address or "https://github.com/OWNER/NAME"
    name = where.rpartition("/")[2]
    path = where.partition("github.com/")[2] or "OWNER/NAME"
    first = "notebooks/00_start_here.ipynb"
    rows = {
        "Binder (from environment.yml)": "https://mybinder.org/v2/gh/"
        f"{path}/HEAD?urlpath=lab/tree/{first}",
        "a JupyterHub with nbgitpuller": "https://HUB/hub/user-redirect/git-pull?"
        f"repo={where}&urlpath=lab/tree/{name}/{first}",
        "Colab": f"https://colab.research.google.com/github/{path}/blob/HEAD/{first}",
    }
    lines = ["| where | link |", "|:--|:--|", *(f"| {k} | `{v}` |" for k, v in rows.items())]
    return "\n".join(lines)


def start_here(notebook) -> None:
    """Put the present map into notebook 00, in place."""
    (cell,) = [c for c in notebook.cells if "<!-- map -->" in c.source]
    cell.source = between(cell.source, "map", course_map(here="00_start_here"))


def renew(notebook, path: Path) -> None:
    """Put what is made into the notebook of that path, in place."""
    alone.lay(notebook)
    covers.tag(notebook)
    if path.stem == "00_start_here":
        start_here(notebook)


def pictures() -> dict[Path, bytes]:
    """The pictures that pages show, from the outputs of the notebooks."""
    found = {}
    for lesson in all_lessons():
        path = FOLDER / f"{lesson.notebook}.ipynb"
        for name, alt in lesson.pictures.items():
            images = [
                output.data["image/png"]
                for cell in nbformat.read(path, as_version=4).cells
                for output in cell.get("outputs", [])
                if output.get("metadata", {}).get("image/png", {}).get("alt", "").startswith(alt)
            ]
            if len(images) != 1:
                raise ValueError(f"{len(images)} pictures of {path.name} begin with {alt!r}.")
            found[FOLDER / "images" / name] = base64.b64decode(images[0])
    return found


def main() -> None:
    for path in execute.NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        renew(notebook, path)
        execute.write(notebook, path)
    text, headline = scorecard()
    (FOLDER / "SCORECARD.md").write_text(text, encoding="utf-8")
    (FOLDER / "coverage.csv").write_text(coverage(), encoding="utf-8")
    (FOLDER / "TEACHING.md").write_text(teaching(), encoding="utf-8")
    (ROOT / "README.md").write_text(readme(), encoding="utf-8")
    for path, png in pictures().items():
        path.write_bytes(png)
    print(headline.replace("**", ""))


if __name__ == "__main__":
    main()
