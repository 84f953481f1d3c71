"""Record the explorers of the course for the book: one script, one still, one report each.

    python book/recordings.py --out book/_build/recordings [--only 01 --only 05] [--force]

Of each notebook those cells are run that its explorers need, in their order and in one process, so
that an explorer has the lesson's own data; then every explorer that a cell shows is recorded
(`lecture_utils.studio.record`).  What is in the folder already stays while nothing has changed
that it depends on: those cells, the lesson, the studio's recorder, the instruments, and the
versions of the libraries that compute and draw.

An explorer that cannot be recorded leaves a still and a report that says why.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import hashlib
import io
import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path

from lecture_book.explorers import explorers_shown

os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ["LECTURE_ANSWERS"] = "off"  # nobody's answers, nobody's reached goals

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
PACKAGE = ROOT / "lecture_utils"
# The studio's parts that decide what a recording holds; the player is loaded by the page itself.
RECORDER = ("controls", "explorer", "figures", "live", "packing", "panel", "player", "record",
            "style", "tracing")  # fmt: skip
LIBRARIES = ("jax", "matplotlib", "numpy", "optax", "pillow", "scipy")


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "book" / "_build" / "recordings")
    parser.add_argument("--only", action="append", default=[], help="a notebook's two digits")
    parser.add_argument("--force", action="store_true", help="record again what is there")
    told = parser.parse_args(arguments)
    wanted = {digits for entry in told.only for digits in entry.split(",")}
    paths = sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))
    if unknown := wanted - {path.name[:2] for path in paths}:
        parser.error(f"--only names no notebook: {sorted(unknown)}; use two digits, such as 05.")
    told.out.mkdir(parents=True, exist_ok=True)
    for path in paths:
        if not wanted or path.name[:2] in wanted:
            record_notebook(path, told.out.resolve(), force=told.force)
    return 0


def record_notebook(path: Path, out: Path, force: bool = False) -> int:
    """Record all explorers of a notebook; how many answered with nothing but a still."""
    cells = code_cells(path)
    shown = explorers_shown(cells, path.name[:2])
    mark = fingerprint(path, cells, [*shown])
    if not force and all(up_to_date(out, name, mark) for name in shown.values()):
        print(f"{path.stem}: {len(shown)} explorers as they were", flush=True)
        return 0
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    stills, begun = 0, time.perf_counter()
    found = run(cells, [*shown], path)
    print(f"{path.stem}: cells run in {time.perf_counter() - begun:.0f} s", flush=True)
    for name, explorer in zip(shown.values(), found, strict=True):
        report = write(name, explorer, out, mark)
        stills += report["answers"] == "still"
        print(
            f"  {name}: {report['answers']}, {report['states']} states, "
            f"{report['bytes'] / 1e3:.0f} kB, {report['seconds']:.0f} s"
            + (f", limited by {report['limited by']}" if report["limited by"] else ""),
            flush=True,
        )
    return stills


def write(name: str, explorer, out: Path, mark: str) -> dict:
    """Record one explorer into the folder; its report."""
    from lecture_utils.studio.record import record, still_of

    for ending in ("js", "webp", "json"):
        out.joinpath(f"{name}.{ending}").unlink(missing_ok=True)
    try:
        found = record(explorer)
    except Exception as error:  # the page then has a still, and says so
        still = still_of(explorer)
        report = {"title": explorer.title, "answers": "still", "states": 1, "grid": {}, "bytes": 0}
        report |= {"still bytes": len(still), "seconds": 0.0, "limited by": "", "why": str(error)}
    else:
        still, report = found.still, found.report()
        out.joinpath(f"{name}.js").write_text(found.script(name), encoding="utf-8")
    out.joinpath(f"{name}.webp").write_bytes(still)
    report |= {"name": name, "alt": explorer.alt, "fingerprint": mark}
    told = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    out.joinpath(f"{name}.json").write_text(told, encoding="utf-8")
    return report


# --- the notebook ---------------------------------------------------------------------------------


def code_cells(path: Path) -> list[str]:
    """The sources of a notebook's code cells."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def needed(cells: list[str], shown: list[int]) -> list[int]:
    """The cells that those shown depend on, themselves included, in order.

    A cell is needed where it gives a value to a name that a later needed cell reads, or may change
    the value of such a name in place.
    """
    trees = [ast.parse(source) for source in cells]
    taken, names = set(shown), set()
    for k in range(len(cells) - 1, -1, -1):
        if k in taken or (_bound(trees[k]) | _touched(trees[k])) & names:
            taken.add(k)
            names |= {n.id for n in ast.walk(trees[k]) if isinstance(n, ast.Name)}
    return sorted(taken)


def _bound(tree) -> set[str]:
    names = {
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return names


def _touched(tree) -> set[str]:
    """Names of what may be changed in place: x[...] = …, x.append(…)."""
    found = set()
    for node in ast.walk(tree):
        changed = isinstance(node, ast.Subscript | ast.Attribute) and isinstance(
            node.ctx, ast.Store
        )
        if changed:
            target = node.value
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            target = node.value.func
        else:
            continue
        while isinstance(target, ast.Subscript | ast.Attribute | ast.Call):
            target = target.func if isinstance(target, ast.Call) else target.value
        if isinstance(target, ast.Name):
            found.add(target.id)
    return found - {"lesson", "print", "explorers", "figures"}


def run(cells: list[str], shown: list[int], path: Path) -> list:
    """Run what is needed, as a notebook would; the explorers that the cells end in."""
    space, found, old = {"__name__": "__main__"}, [], Path.cwd()
    os.chdir(path.parent)
    try:
        for k in needed(cells, shown):
            tree = ast.parse(cells[k])
            last = tree.body.pop() if k in shown else None
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(tree, f"{path.name}, cell {k}", "exec"), space)
                if last is not None:
                    code = compile(ast.Expression(last.value), f"{path.name}, cell {k}", "eval")
                    found.append(eval(code, space))
    finally:
        os.chdir(old)
    return found


# --- what has changed -----------------------------------------------------------------------------


def fingerprint(path: Path, cells: list[str], shown: list[int]) -> str:
    """Sixteen hexadecimal digits of all that a notebook's recordings depend on."""
    lesson = PACKAGE / "lessons" / path.stem[3:]
    texts = {"questions", "claims", "conclusions"}
    doors = {"__main__", "launch"}  # they open the course and compute nothing
    files = [file for file in sorted(PACKAGE.glob("*.py")) if file.stem not in doors]
    files += [PACKAGE / "lessons" / "__init__.py"]  # how JAX computes in the course
    files += [PACKAGE / "studio" / f"{part}.py" for part in RECORDER]
    files += [file for file in sorted(lesson.rglob("*.py")) if file.stem not in texts]
    files += sorted(lesson.rglob("twins/*.js"))
    parts = [cells[k] for k in needed(cells, shown)]
    parts += [file.read_text(encoding="utf-8") for file in files]
    parts += [f"{library} {version(library)}" for library in LIBRARIES]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def up_to_date(out: Path, name: str, mark: str) -> bool:
    """Whether the folder holds this recording, made from what is there today."""
    report = out / f"{name}.json"
    if not report.exists() or not out.joinpath(f"{name}.webp").exists():
        return False
    told = json.loads(report.read_text(encoding="utf-8"))
    there = told["answers"] == "still" or out.joinpath(f"{name}.js").exists()
    return there and told["fingerprint"] == mark


if __name__ == "__main__":
    sys.exit(main())
