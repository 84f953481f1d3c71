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
from lecture_utils.studio.numbers import counted, typeset

HERE = Path(__file__).parent
PLAYER = Path(room.__file__).with_name("recorded.js")
NEAR = 0.6  # pixels
RANDOM = 3  # states, beside the first, the presets and the answer
# These compute in single precision; a shift of this control does at every step what rounding does.
SINGLE = {"Valleys": "rate"}


# By day one of each kind: one unit, a matrix, a descent.  The others, some of
# which need data that takes long to compute, by night.
BY_DAY = {"ByHand", "Curvature", "Quadratic"}


def twins(only):
    for lesson in all_lessons():
        if only not in (None, lesson.number):
            continue
        for kind in explorers_of(lesson).values():
            if room.twin_of(kind):
                late = [] if kind.__name__ in BY_DAY else [pytest.mark.nightly]
                yield pytest.param(kind, marks=late, id=kind.__name__)


def pytest_generate_tests(metafunc):
    if "kind" in metafunc.fixturenames:
        metafunc.parametrize("kind", [*twins(metafunc.config.getoption("--lesson"))])


def node() -> str:
    """A Node.js: the machine's own, or the one that comes with Playwright."""
    if found := shutil.which("node"):
        return found
    driver = pytest.importorskip("playwright._impl._driver").compute_driver_executable()
    return str(driver[0])


def states_of(stage, known):
    """The first state, the presets, the answer, and some at random, of the values ``known``."""
    wanted = [{}, *map(stage._flat, stage.explorer.presets.values()), room._answered(stage)]
    rng = np.random.default_rng(0)
    for _ in range(RANDOM):
        state = {}
        for name, control in stage.controls.items():
            if not isinstance(control, Press):
                options = known.get(name) or room._options(control)
                state[name] = options[rng.integers(len(options))]
        stage.show(stage.initial | state)  # for the limits of the axes
        for name, point in stage.explorer.points.items():
            if not point.tied:
                axes = getattr(stage.explorer, point.axes)
                place = axes.transAxes.transform(rng.uniform(0.03, 0.97, 2))
                state[name] = tuple(map(float, axes.transData.inverted().transform(place)))
        wanted.append(state)
    return [stage.initial | state for state in wanted]


def clipped(values, low=-900, high=1900):
    """Pixels, NaN where they are too far away to matter."""
    values = np.array([np.nan if v is None else v for v in values], dtype=float)
    return np.where((values > low - 50) & (values < high + 50), values, np.nan)


def seen(operations):
    """Operations with anything to be seen; a vertex without a number has neither x nor y."""
    kept = []
    for operation in operations:
        left, top, right, bottom = operation["style"].get("clip", (-900, -900, 1900, 1900))
        x, y = clipped(operation["x"], left, right), clipped(operation["y"], top, bottom)
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


def test_a_twin_shows_what_its_explorer_shows(kind, tmp_path):
    explorer = kind.example()
    script, recording = tmp_path / "twin.js", room.record(explorer)
    script.write_text(recording.script("twin"), encoding="utf-8")
    known = recording.data["twin"]["data"].get("values", {})
    with room._quiet(explorer):
        stage = room._Stage(explorer)
        states = states_of(stage, known)
        done = subprocess.run(
            [node(), HERE / "twin_frames.js", PLAYER, script],
            input=json.dumps([room._plain(state) for state in states]),
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        told = json.loads(done.stdout)
        for state, page in zip(states, told, strict=True):
            differs = difference(stage, state, page)
            if differs:  # rounding decides the picture of a chaotic run, in Python too
                beside = plain_frame(stage, nudged(stage, state))
                assert plain_frame(stage, state) != beside, f"{state}: {differs}"


def nudged(stage, state):
    """The state with its points shifted by what rounding might do."""
    free = {point for point, told in stage.explorer.points.items() if not told.tied}
    if control := SINGLE.get(type(stage.explorer).__name__):
        return state | {control: state[control] * (1 + 2e-7)}
    return state | {name: tuple(v * (1 + 1e-13) for v in state[name]) for name in free}


def plain_frame(stage, state):
    """What is seen at a state, to a pixel and without what is far away."""
    stage.show(state)
    seen_here = [
        (o["kind"], o["text"], np.nan_to_num(np.round(o["x"])).tolist(),
         np.nan_to_num(np.round(o["y"])).tolist())
        for found in stage.operations() for o in seen([plain(o) for o in found])
    ]  # fmt: skip
    return stage.explorer.readout, seen_here


def difference(stage, state, page) -> str:
    """Where the page shows something else than the explorer at this state, or nothing."""
    explorer, names = stage.explorer, room._names(stage.explorer)
    stage.show(state)
    if not same_words(explorer.readout, page["tell"]):
        return f"{explorer.readout!r} is not {page['tell']!r}"
    if not same_words(explorer.reached or "", page["goal"]):
        return f"the goal {explorer.reached!r} is not {page['goal']!r}"
    for name, point in explorer._tied.items():
        if not np.allclose(page["places"][name], (point.x, point.y), rtol=1e-6):
            return f"the place of {name}"
    for artist, ours, theirs in zip(
        stage.artists, stage.operations(), page["operations"], strict=True
    ):
        where = names.get(id(artist))
        ours, theirs = seen([plain(o) for o in ours]), seen(theirs)
        if [o["kind"] for o in ours] != [o["kind"] for o in theirs]:
            return f"{where}: {len(ours)} operations are not {len(theirs)}"
        for one, other in zip(ours, theirs, strict=True):
            for part in ("style", "text"):
                if one[part] != other[part]:
                    return f"{where}: {part} {one[part]} is not {other[part]}"
            for axis in "xy":
                a, b = one[axis], other[axis]
                if a.shape != b.shape:
                    return f"{where}: {axis} has {a.shape}, not {b.shape}"
                same = np.isclose(a, b, rtol=0, atol=NEAR, equal_nan=True)
                if same.mean() < 0.99:  # a vertex where a sign changes may fall on either side
                    return f"{where}: {axis} {a[~same][:9]} is not {b[~same][:9]}"
            if one["kind"] == "image":
                pixels = np.array(other["pixels"]).reshape(one["pixels"].shape)
                same = np.all(pixels == one["pixels"], axis=-1)
                if same.mean() < 0.995:
                    return f"{where}: only {same.mean():.3f} of the pixels"
    return ""


def test_every_twin_belongs_to_an_explorer():
    for lesson in all_lessons():
        module = import_module(f"lecture_utils.lessons.{lesson.name}.explorers")
        files = Path(module.__file__).parent.joinpath("twins").glob("*.js")
        assert {file.stem for file in files} <= {*explorers_of(lesson)}, lesson.name


SENTENCES = [
    "at (-1.35, 0.75): <b>-0.4</b>, η = 4.1e-06",
    "2e+10, 3.0e+00 and x-1, a two-stage film, 3-4, from -inf, ≈-2",
]


def test_the_page_sets_the_numbers_of_a_sentence_as_the_notebook_does():
    script = f"""
      globalThis.window = globalThis;
      globalThis.matchMedia = () => ({{}});
      globalThis.document = {{ readyState: "loading", addEventListener() {{}} }};
      (0, eval)(require("fs").readFileSync({json.dumps(str(PLAYER))}, "utf8"));
      const {{ typeset, counted }} = luHelp;
      const counts = [0, 1, 2].map((k) => counted(k, "epoch"));
      console.log(JSON.stringify([{json.dumps(SENTENCES)}.map(typeset), counts]));
    """
    told = subprocess.run([node(), "-e", script], capture_output=True, text=True, check=True)
    assert json.loads(told.stdout) == [
        [typeset(sentence) for sentence in SENTENCES],
        [counted(k, "epoch") for k in (0, 1, 2)],
    ]
