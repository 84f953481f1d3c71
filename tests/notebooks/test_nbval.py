"""Strict nbval is as strict as we think: what it compares, what it lets pass, where it runs."""

from __future__ import annotations

import os
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import execute
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

ROOT = Path(__file__).resolve().parents[2]
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


@pytest.mark.by_day("text/plain", "stderr")
@pytest.mark.parametrize("change", CHANGES)
def test_strict(outcome, change):
    objected = [line for line in outcome[change] if line.startswith("FAILED")]
    assert bool(objected) == CHANGES[change], "\n".join(outcome[change])


@pytest.mark.nightly
def test_a_plain_nbval_works_from_anywhere(tmp_path):
    """Another folder, no home, a GPU asked for, and a python3 that is somebody else's."""
    foreign = tmp_path / "jupyter" / "kernels" / "python3"
    foreign.mkdir(parents=True)
    (foreign / "kernel.json").write_text(
        '{"argv": ["false"], "display_name": "x", "language": "python"}'
    )
    source = "import os\nprint(os.environ['JAX_PLATFORMS'], os.environ['LECTURE_ANSWERS'], '≈ 4')"
    cell = new_code_cell(source, execution_count=1)
    cell.outputs = [new_output("stream", name="stdout", text="cpu off ≈ 3\n")]
    notebook = new_notebook(cells=[cell], metadata=execute.METADATA)
    execute.write(notebook, tmp_path / "plain.ipynb")
    mine = ("JAX", "JUPYTER", "IPYTHON", "LECTURE", "PYTEST")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(mine)}
    environment |= {"JAX_PLATFORMS": "cuda", "HOME": "/nonexistent"}
    environment |= {"JUPYTER_PATH": str(foreign.parents[1]), "PYTHONPATH": str(ROOT)}
    # "-p conftest" stands in for lying below it, as the notebooks do.
    command = [sys.executable, "-m", "pytest", "--nbval", "-p", "conftest", "-q", "--color=no"]
    command += ["-p", "no:cacheprovider", str(tmp_path / "plain.ipynb")]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd="/", env=environment, timeout=120
    )
    assert "1 passed" in done.stdout, done.stdout + done.stderr
