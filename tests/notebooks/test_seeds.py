"""Every verdict stands for other seeds too: `make seeds`.

Seeds 1 to 9 are those with which criteria were developed; the fresh ones (`make seeds FRESH=1`) are
run once after the criteria were frozen, and what comes is recorded, whatever comes.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import execute
import nbformat
import pages
import pytest
from findings import verdicts

pytestmark = pytest.mark.seeds

AT_ONCE = 2  # kernels; each run is mostly one core's work
SEEDS = pages.FRESH if os.environ.get("FRESH") else range(1, 10)


@pytest.fixture(scope="module")
def runs(request):
    """One future per selected (notebook, seed); all are under way, two at a time."""
    selected = [
        (item.callspec.params["notebook"], item.callspec.params["seed"])
        for item in request.session.items
        if item.path == request.path
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {key: pool.submit(execute.run, *key) for key in selected}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_verdicts_stand(notebook, seed, runs):
    committed = verdicts(nbformat.read(notebook, as_version=4))
    found = verdicts(runs[notebook, seed].result())
    assert committed, f"{notebook.stem} has no table of claims"
    moved = {c: found.get(c, "gone") for c in committed if committed[c] != found.get(c)}
    pages.record(notebook, seed, moved)
    changed = [
        f"{notebook.stem}, claim {claim}: {committed.get(claim, 'no such claim')!r} with "
        f"SEED = 0, {found.get(claim, 'no such claim')!r} with SEED = {seed}"
        for claim in committed | found
        if committed.get(claim) != found.get(claim)
    ]
    assert not changed, "\n".join(changed)
