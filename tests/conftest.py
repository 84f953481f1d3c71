"""What every test shares: JAX on the CPU, a browser; and the summary of what was measured."""

import json
import os
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "book"))
from lecture_book.chromium import missing, started

os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["JAX_ENABLE_X64"] = "1"  # as the lessons set it; the library itself changes nothing
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=2")  # likewise


def pytest_make_parametrize_id(config, val, argname):
    """A function by its name: its repr holds an address, and two test processes must agree."""
    return getattr(val, "__name__", type(val).__name__) if callable(val) else None


@pytest.hookimpl(tryfirst=True)  # before the nightly ones are taken out
def pytest_collection_modifyitems(items):
    """Of a table of parameters only a part runs by day, and all of it by night.

    Marked `by_day`, those whose ids hold one of the words given; marked `each_value`, a diagonal
    along the longest side, which holds each value of each parameter; marked `by_turns(name, n)`,
    where several tests of a module go through the same values, each value in every n-th test.
    """
    for item in items:
        words = [word for mark in item.iter_markers("by_day") for word in mark.args]
        if words and not any(word in item.callspec.id for word in words):
            item.add_marker(pytest.mark.nightly)
    _take_turns(items)
    tables = defaultdict(list)
    for item in items:
        if item.get_closest_marker("each_value") and hasattr(item, "callspec"):
            tables[item.path, item.originalname].append(item)
    for cells in tables.values():
        # Not callspec.indices: they count along the table, and not along each of its sides.
        values = {name: {} for name in cells[0].callspec.params}
        places = [
            {
                name: values[name].setdefault(id(value), len(values[name]))
                for name, value in item.callspec.params.items()
            }
            for item in cells
        ]
        longest = max(values, key=lambda name: len(values[name]))
        for item, place in zip(cells, places, strict=True):
            if any(
                place[name] != place[longest] % len(values[name])
                for name in values.keys() - {longest}
            ):
                item.add_marker(pytest.mark.nightly)


def _take_turns(items):
    """Nightly is where (place of the test + place of the value) is no multiple of n."""
    tests, values = defaultdict(dict), defaultdict(dict)
    for item in items:
        if mark := item.get_closest_marker("by_turns"):
            name, n = mark.args
            test = tests[item.path].setdefault(item.originalname, len(tests[item.path]))
            seen = values[item.path, item.originalname]
            value = seen.setdefault(id(item.callspec.params[name]), len(seen))
            if (test + value) % n:
                item.add_marker(pytest.mark.nightly)


@pytest.fixture(autouse=True, scope="module")
def compiled_quickly(request):
    """By day the unit tests are compiled with few optimizations: a quarter less to wait for.

    Notebooks and lessons are compiled as everybody's are, by night the unit tests too.
    """
    import jax

    by_day = "nightly" not in request.config.getoption("markexpr").replace("not nightly", "")
    unit = request.path.parent == Path(__file__).parent
    jax.config.update("jax_disable_most_optimizations", by_day and unit)
    yield
    jax.config.update("jax_disable_most_optimizations", False)


SKIPPED = "browser tests skipped: "


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium for one module.

    Not for the session: while Playwright's event loop runs in this thread, nbval's cannot.
    """
    if lack := missing():
        lack = SKIPPED + lack
        pytest.fail(lack) if os.environ.get("CI") == "true" else pytest.skip(lack)
    with started() as browser:
        yield browser


def _layer(nodeid: str) -> str:
    """notebooks, tests/lessons, …; the unit tests lie in tests itself."""
    parts = nodeid.partition("::")[0].split("/")
    return "/".join(parts[:2]) if len(parts) > 2 else parts[0]


def _write_layers(terminalreporter):
    """Seconds of test processes, and tests, by layer; nothing is judged by them."""
    seconds, counts = Counter(), Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if hasattr(report, "duration") and hasattr(report, "nodeid"):
                seconds[_layer(report.nodeid)] += report.duration
                counts[_layer(report.nodeid)] += report.when == "call"
    if seconds.total() < 60:
        return
    terminalreporter.section("seconds by layer")
    for layer, spent in seconds.most_common():
        terminalreporter.write_line(f"{spent:7.0f} s {counts[layer]:6} tests  {layer}")


def pytest_terminal_summary(terminalreporter):
    """How long each notebook takes, what the browser measured, or why it did not.

    Here, because only this file is loaded in the process that two test processes report to.
    """
    write = terminalreporter.write_line
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    reasons = {
        SKIPPED + text.partition(SKIPPED)[2].rstrip("')") for text in skipped if SKIPPED in text
    }
    for reason in sorted(reasons):
        terminalreporter.section("browser")
        write(reason)
    _write_layers(terminalreporter)
    found = {"notebook time": [], "run all": [], "frames": [], "slides": []}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) == "call":
                for key, value in report.user_properties:
                    found.get(key, []).append(value)
    if found["notebook time"]:
        terminalreporter.section("notebooks: Run All")
    for line in found["notebook time"]:
        write(line)
    if found["run all"] or found["frames"] or found["slides"]:
        terminalreporter.section("browser: milliseconds from input to picture (median)")
    for line in found["run all"]:
        write(line)
    if found["frames"]:
        write(f"{'click':>7}{'key':>7}{'slider':>7}  explorer")
    for row in map(json.loads, found["frames"]):
        times = (row.get(kind, float("nan")) for kind in ("click", "key", "slider"))
        write("".join(f"{time:7.0f}" for time in times) + f"  {row['name']}")
    for line in found["slides"]:
        write(line)
