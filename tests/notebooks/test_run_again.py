"""Run All, and Run All again in the same kernel: the second time shows what the first one showed.

Slow, so it runs in `make nightly`; how long each run took stands in the summary.
"""

from __future__ import annotations

import re
import time
from copy import deepcopy

import execute
import nbformat
import pytest
from sanitize import MASK

pytestmark = pytest.mark.nightly


def test_run_all_twice(notebook, record_property):
    first = nbformat.read(notebook, as_version=4)
    second = deepcopy(first)
    kernel = execute.client(first, notebook)
    start = time.perf_counter()
    with kernel.setup_kernel():
        times = _run(kernel, first)
        cold = time.perf_counter() - start
        warm = sum(_run(kernel, second).values())
    # A cell that works for long shows a bar.
    silent = {p: t for p, t in times.items() if not _has_bar(first.cells[p])}
    slowest = max(silent, key=silent.get)
    record_property(
        "notebook time",
        f"{notebook.stem}: cold {cold:.1f} s, slowest cell without a bar {slowest} "
        f"{times[slowest]:.1f} s, again {warm:.1f} s",
    )
    for one, two in zip(first.cells, second.cells, strict=True):
        assert _text(one) == _text(two), f"the second Run All differs:\n{one.source}"


def _has_bar(cell) -> bool:
    return bool(re.search(r"\b(progress|parallel|experiments)\b", cell.source))


def _run(kernel, notebook) -> dict[int, float]:
    """Execute every code cell in the running kernel; seconds by the cell's place."""
    kernel.nb = notebook
    times = {}
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            start = time.perf_counter()
            kernel.execute_cell(cell, place)  # raises when the cell does
            times[place] = time.perf_counter() - start
    return times


def _text(cell) -> list:
    """What a reader reads of the outputs: all but pictures, names of widgets, and what is after ≈.

    A stream counts as a whole: in how many pieces it came is the machine's business.
    """
    streams, shown = {}, []
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            streams[output.name] = streams.get(output.name, "") + output.text
        data = output.get("data", {})
        shown += [(mime, MASK.sub("≈", data[mime])) for mime in sorted(data) if "text/" in mime]
    return [*sorted((name, MASK.sub("≈", text)) for name, text in streams.items()), *shown]
