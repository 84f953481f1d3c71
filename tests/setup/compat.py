"""Run the fast tests with the oldest and with the newest packages that pyproject.toml allows.

    make compat                                  both
    python tests/setup/compat.py oldest          one of the two

`make test` holds the pinned versions in between.  *Oldest* is the lower bound of each runtime
dependency on the oldest Python that we allow; *newest* is whatever is newest on the newest Python
that is there.  Everything else (what these packages need, JupyterLab, the tools of the tests) is as
new as it may be.  The environments are kept in .compat, and built anew by each call.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".compat"
ENDS = ("oldest", "newest")
PYTHONS = [f"python3.{minor}" for minor in range(20, 10, -1)]
SELECTION = ["tests/test_*.py", "tests/studio/test_*.py", "tests/lessons/test_questions_*.py"]


def runtime() -> dict[str, Requirement]:
    """What runs in a student's kernel, by canonical name: the one place of the bounds."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {canonicalize_name(r.name): r for r in map(Requirement, project["dependencies"])}


def lower_bound(requirement: Requirement) -> str:
    """The version after >=; ValueError where there is not exactly one."""
    lowest = [bound.version for bound in requirement.specifier if bound.operator == ">="]
    if len(lowest) != 1:
        raise ValueError(f"{requirement} needs one bound >=, so that its oldest version is known.")
    return lowest[0]


def constraints(end: str) -> list[str]:
    """The lines that hold an installer at that end; the newest is what it takes by itself."""
    return [f"{n}=={lower_bound(r)}" for n, r in runtime().items()] if end == "oldest" else []


def python_for(end: str) -> str:
    """The oldest or newest Python from 3.11 on that can be called here."""
    for name in PYTHONS if end == "newest" else reversed(PYTHONS):
        try:
            said = subprocess.run([name, "-c", "import venv, ensurepip"], capture_output=True)
        except OSError:
            continue
        if said.returncode == 0:
            return name
    return sys.executable


def build(end: str) -> Path:
    """A fresh environment with the course in it; the path of its Python."""
    home = FOLDER / end
    subprocess.run([python_for(end), "-m", "venv", "--clear", home], check=True)
    held = home / "constraints.txt"
    held.write_text("\n".join([*constraints(end), ""]), encoding="utf-8")
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--constraint", held, "--editable", ".[lab,test]"], cwd=ROOT, check=True)
    return python


def versions(python: Path) -> dict[str, str]:
    """Python's own, and those of the runtime dependencies and of jaxlib."""
    ask = (
        "import json, platform, sys; from importlib.metadata import version;"
        "print(json.dumps({n: version(n) for n in sys.argv[1:]}"
        " | {'python': platform.python_version()}))"
    )
    names = [*runtime(), "jaxlib"]
    said = subprocess.run([python, "-c", ask, *names], capture_output=True, text=True, check=True)
    return json.loads(said.stdout)


def run(end: str, python: Path) -> str:
    """Run the selection there; how many tests passed, and which did not."""
    report = FOLDER / f"{end}.xml"
    files = sorted(str(path) for pattern in SELECTION for path in ROOT.glob(pattern))
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}"]
    command += ["--numprocesses=2", "--dist=loadfile"]
    subprocess.run([*command, *files], cwd=ROOT, env=os.environ | {"JAX_PLATFORMS": "cpu"})
    counts = next(ElementTree.parse(report).iter("testsuite")).attrib
    total, skipped = int(counts["tests"]), int(counts["skipped"])
    failed = int(counts["failures"]) + int(counts["errors"])
    return f"{total - failed - skipped} passed, {failed} failed"


def pinned() -> dict[str, str]:
    """What requirements.txt holds."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.partition(";")[0].split("==") for line in lines if "==" in line and line[0] != "#"]
    return {canonicalize_name(name): version.strip() for name, version in pins}


def table(found: dict[str, dict[str, str]]) -> str:
    """The versions, a column for each environment, as Markdown."""
    columns = {end: found[end] for end in ENDS[:1] if end in found}
    columns["pinned"] = pinned() | {"python": "", "tests": "make test"}
    columns |= {end: found[end] for end in ENDS[1:] if end in found}
    lines = ["| package | " + " | ".join(columns) + " |", "|:--" * (1 + len(columns)) + "|"]
    for name in ["python", *sorted([*runtime(), "jaxlib"]), "tests"]:
        lines.append(" | ".join([f"| {name}", *(c[name] for c in columns.values())]) + " |")
    return "\n".join(lines)


def main(ends: list[str]) -> int:
    if unknown := set(ends) - set(ENDS):
        print(f"choose from {', '.join(ENDS)}, not {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    found = {}
    for end in ends or ENDS:
        python = build(end)
        found[end] = versions(python)
        found[end]["tests"] = run(end, python)
    print(table(found))
    return int(any(not column["tests"].endswith(" 0 failed") for column in found.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
