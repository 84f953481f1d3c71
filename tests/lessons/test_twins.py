"""A twin in JavaScript shows what its explorer shows: every artist, the sentence, the goal."""

import json
import re
import shutil
import subprocess
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from lecture_utils.lessons import all_lessons, explorers_of
from lecture_utils.studio import record as room
from lecture_utils.studio.controls import Press

HERE = Path(__file__).parent
PLAYER = Path(room.__file__).with_name("recorded.js")
NEAR = 0.6  # pixels
RANDOM = 5  # states, beside the first, the presets and the answer


def twins():
    return [
        kind
        for lesson in all_lessons()
        for kind in explorers_of(lesson).values()
        if room.twin_of(kind)
    ]


def node() -> str:
    """A Node.js: the machine's own, or the one that comes with Playwright."""
    if found := shutil.which("node"):
        return found
    driver = pytest.importorskip("playwright._impl._driver").compute_driver_executable()
    return str(driver[0])


def states_of(stage):
    """The first state, the presets, the answer, and some at random."""
    wanted = [{}, *map(stage._flat, stage.explorer.presets.values()), room._answered(stage)]
    rng = np.random.default_rng(0)
    for _ in range(RANDOM):
        state = {}
        for name, control in stage.explorer.declared.items():
            if not isinstance(control, Press):
                options = room._options(control)
                state[name] = options[rng.integers(len(options))]
        stage.show(stage.initial | state)  # for the limits of the axes
        for name, point in stage.explorer.points.items():
            if not point.tied:
                axes = getattr(stage.explorer, point.axes)
                place = axes.transAxes.transform(rng.uniform(0.03, 0.97, 2))
                state[name] = tuple(map(float, axes.transData.inverted().transform(place)))
        wanted.append(state)
    return [stage.initial | state for state in wanted]


def clipped(values):
    return np.clip(np.array([np.nan if v is None else v for v in values], dtype=float), -900, 1900)


def seen(operations):
    """Operations with anything to be seen; a vertex without a number has neither x nor y."""
    kept = []
    for operation in operations:
        x, y = clipped(operation["x"]), clipped(operation["y"])
        gap = np.isnan(x) | np.isnan(y)
        if not gap.all():
            kept.append(operation | {"x": np.where(gap, np.nan, x), "y": np.where(gap, np.nan, y)})
    return kept


def plain(operation):
    return {
        "kind": operation.kind, "style": json.loads(operation.style), "text": operation.text,
        "x": operation.x.tolist(), "y": operation.y.tolist(), "pixels": operation.pixels,
    }  # fmt: skip


def same_words(ours, theirs):
    """The same sentence, where a number may differ by one in its last place."""
    number = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]\d+)?")
    if number.split(ours) != number.split(theirs):
        return False
    for a, b in zip(number.findall(ours), number.findall(theirs), strict=True):
        head = a.partition("e")[0]
        last = 10.0 ** -len(head.partition(".")[2]) * 10.0 ** int(a.partition("e")[2] or 0)
        if abs(float(a) - float(b)) > 1.01 * last:
            return False
    return True


@pytest.mark.parametrize("kind", twins())
def test_a_twin_shows_what_its_explorer_shows(kind, tmp_path):
    explorer = kind.example()
    script = tmp_path / "twin.js"
    script.write_text(room.record(explorer).script("twin"), encoding="utf-8")
    with room._quiet(explorer):
        stage = room._Stage(explorer)
        states = states_of(stage)
        done = subprocess.run(
            [node(), HERE / "twin_frames.js", PLAYER, script],
            input=json.dumps([room._plain(state) for state in states]),
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        told = json.loads(done.stdout)
        names = room._names(explorer)
        for state, page in zip(states, told, strict=True):
            stage.show(state)
            assert same_words(explorer.readout, page["tell"]), (
                state,
                explorer.readout,
                page["tell"],
            )
            assert same_words(explorer.reached or "", page["goal"]), state
            for name, point in explorer._tied.items():
                assert np.allclose(page["places"][name], (point.x, point.y), rtol=1e-6), state
            for artist, ours, theirs in zip(
                stage.artists, stage.operations(), page["operations"], strict=True
            ):
                ours, theirs = seen([plain(o) for o in ours]), seen(theirs)
                where = f"{names.get(id(artist))} at {state}"
                assert [o["kind"] for o in ours] == [o["kind"] for o in theirs], where
                for one, other in zip(ours, theirs, strict=True):
                    assert one["style"] == other["style"], where
                    assert one["text"] == other["text"], where
                    for axis in "xy":
                        a, b = one[axis], other[axis]
                        assert a.shape == b.shape, f"{where}: {axis} has {a.shape}, {b.shape}"
                        assert np.allclose(a, b, atol=NEAR, equal_nan=True), f"{where}: {axis}"
                    if one["kind"] == "image":
                        pixels = np.array(other["pixels"]).reshape(one["pixels"].shape)
                        same = np.all(pixels == one["pixels"], axis=-1)
                        assert same.mean() > 0.995, f"{where}: {same.mean():.3f} of the pixels"


def test_every_twin_belongs_to_an_explorer():
    for lesson in all_lessons():
        module = import_module(f"lecture_utils.lessons.{lesson.name}.explorers")
        files = Path(module.__file__).parent.joinpath("twins").glob("*.js")
        assert {file.stem for file in files} <= {*explorers_of(lesson)}, lesson.name
