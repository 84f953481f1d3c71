"""Every verdict of every ledger stands for other seeds too: `make seeds`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import execute
import nbformat
import pytest
import scorecard
from ledgers import verdicts

pytestmark = pytest.mark.seeds

AT_ONCE = 2  # kernels; each run is mostly one core's work


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


@pytest.mark.parametrize("seed", range(1, 10))
def test_verdicts_stand(notebook, seed, runs):
    committed = verdicts(nbformat.read(notebook, as_version=4))
    found = verdicts(runs[notebook, seed].result())
    moved = [claim for claim in committed if committed[claim] != found.get(claim)]
    scorecard.record(notebook, seed, moved)
    changed = [
        f"{notebook.stem}, claim {claim!r}: {committed.get(claim, 'no such claim')!r} with "
        f"SEED = 0, {found.get(claim, 'no such claim')!r} with SEED = {seed}"
        for claim in committed | found
        if committed.get(claim) != found.get(claim)
    ]
    assert not changed, "\n".join(changed)
    assert committed, f"{notebook.stem} has no ledger"
