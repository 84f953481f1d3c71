"""Strict nbval is as strict as we think: what it compares, what it lets pass, where it runs."""

from __future__ import annotations

import subprocess
import sys
from copy import deepcopy

import execute
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

BUNDLE = f"""class Shown:
    def _repr_mimebundle_(self, **kwargs):
        return {{"text/plain": "a", "text/html": "b", "text/markdown": "c", "image/png": "UE5H",
                "{execute.WIDGET_VIEW}": {{"model_id": "d"}}}}
Shown()"""
PLACE = """import os
from pathlib import Path
os.environ["JAX_PLATFORMS"], Path.cwd().name"""
WARNING = "import sys\nprint('careful', file=sys.stderr)"

# What is changed in the stored output, and whether nbval must object.
CHANGES = {
    "nothing": False,
    "text/plain": True,
    "text/html": True,
    "text/markdown": True,
    "image/png": False,
    "stderr": True,
}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory) -> dict[str, str]:
    """For each change: nbval's failures on a notebook that was changed in this way."""
    folder = tmp_path_factory.mktemp("strict")
    paths = {change: folder / f"{change.replace('/', '-')}.ipynb" for change in CHANGES}
    cells = [new_code_cell(source) for source in (BUNDLE, PLACE, WARNING)]
    nbformat.write(new_notebook(cells=cells), paths["nothing"])
    executed = execute.run(paths["nothing"])
    assert executed.cells[1].outputs[0].data["text/plain"] == f"('cpu', '{folder.name}')"
    for change, path in paths.items():
        changed = deepcopy(executed)
        if "/" in change:
            changed.cells[0].outputs[0].data[change] = "QUJD"
        elif change == "stderr":
            changed.cells[2].outputs[0].text = "calm\n"
        execute.write(changed, path)
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-rA", "-q"]
    command += ["-p", "no:cacheprovider", "--color=no", *map(str, paths.values())]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=300)
    lines = [line for line in done.stdout.splitlines() if line.startswith(("PASSED", "FAILED"))]
    found = {
        change: [line for line in lines if f"{path.name}::" in line]
        for change, path in paths.items()
    }
    assert all(len(cells) == 3 for cells in found.values()), done.stdout + done.stderr
    return found


@pytest.mark.parametrize("change", CHANGES)
def test_strict(outcome, change):
    objected = [line for line in outcome[change] if line.startswith("FAILED")]
    assert bool(objected) == CHANGES[change], "\n".join(outcome[change])
