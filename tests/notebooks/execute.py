"""Run notebooks from the first cell to the last, and keep only what belongs into a commit.

    python tests/notebooks/execute.py [notebooks/01_hessian_review.ipynb ...]

Without a name it takes all of the course. Each notebook gets a fresh kernel in its own folder.
What is stored afterwards depends on the notebook alone, not on the machine: no timings, no
versions, no widget state.
"""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("[0-9]*.ipynb"))
METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}
CELL_METADATA = {"slideshow", "tags", "jupyter"}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
SEED_LINE = re.compile(r"^SEED = 0$", re.MULTILINE)


def run(notebook: str | Path, seed: int = 0) -> nbformat.NotebookNode:
    """The notebook at that path, executed in a fresh kernel and normalized; the file stays as is.

    ``seed`` takes the place of the 0 in the set-up cell's line ``SEED = 0``.
    Raises ValueError without exactly one such line, and nbclient's CellExecutionError when a
    cell fails.
    """
    path = Path(notebook)
    executed = nbformat.read(path, as_version=4)
    if seed != 0:
        set_seed(executed, seed)
    client(executed, path).execute()
    return normalize(executed)


def client(notebook: nbformat.NotebookNode, path: Path) -> NotebookClient:
    """A client for a kernel in the folder of ``path``, as JupyterLab would start it."""
    return NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=600,
        resources={"metadata": {"path": str(path.resolve().parent)}},
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],  # not its advice on encrypted loopback
        coalesce_streams=True,
    )


def set_seed(notebook: nbformat.NotebookNode, seed: int) -> None:
    """Put ``seed`` in place of 0 in the set-up cell, in place."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    lines = sum(len(SEED_LINE.findall(cell.source)) for cell in code)
    if lines != 1:
        raise ValueError(
            f"a notebook must hold the line 'SEED = 0' once, this one holds it {lines} times; "
            "write it in the set-up cell."
        )
    for cell in code:
        cell.source = SEED_LINE.sub(f"SEED = {int(seed)}", cell.source)


def normalize(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Drop in place whatever depends on the machine or the moment; returns the notebook."""
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    count = 0
    for cell in notebook.cells:
        cell.metadata = {k: v for k, v in cell.metadata.items() if k in CELL_METADATA}
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = count
            for part in (output.get("data", {}), output.get("metadata", {})):
                part.pop(WIDGET_VIEW, None)  # it names a model of a kernel that is gone
    return notebook


def write(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Store it with an indent of 1 and a newline at the end, as JupyterLab does."""
    nbformat.validate(notebook)
    text = nbformat.writes(notebook, indent=1, ensure_ascii=False)
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def main(paths: list[str | Path]) -> int:
    os.environ.setdefault("JAX_PLATFORMS", "cpu")  # committed numbers come from a CPU
    os.environ["LECTURE_ANSWERS"] = "off"  # and from nobody's answers
    failed = 0
    for path in map(Path, paths):
        start = time.perf_counter()
        try:
            notebook = run(path)
        except (CellExecutionError, DeadKernelError, ValueError) as error:
            failed += 1
            print(f"{path}: FAILED, file left as it was\n{error}", file=sys.stderr)
            continue
        write(notebook, path)
        size = path.stat().st_size / 1e6
        print(f"{path}: {time.perf_counter() - start:.1f} s, {size:.2f} MB", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or NOTEBOOKS))
