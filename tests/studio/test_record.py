"""A recording: what it keeps of each state, how it is written down, its limits, its report."""

import json

import numpy as np
import pytest
from PIL import Image

from lecture_utils.studio import figures
from lecture_utils.studio.controls import Choice, Integer, Point, Slider, Switch
from lecture_utils.studio.explorer import Explorer
from lecture_utils.studio.packing import ALPHABET, Pool, factored, letters, vertices
from lecture_utils.studio.record import record, still_of, twin_of
from lecture_utils.studio.tracing import Tracer

X = np.linspace(-1, 1, 21)


class Hill(Explorer):
    """height · (1 - x²), a point that shifts it sideways, and a color behind."""

    title = "a hill"
    aim = "make it high."
    alt = "A hill whose height a slider sets."
    controls = {
        "height": Slider(1.0, 0.0, 2.0, 0.5, "height h"),
        "color": Choice(["white", "gray"]),
        "bold": Switch(False),
    }
    points = {"shift": Point("plot", start=(0.0, 0.5)), "top": Point("plot", y="height")}
    presets = {"low": {"height": 0.5, "shift": (0.3, 0.5)}}
    backdrop = ("color",)
    answer = {"height": 2.0}
    recorded = {"shift.x": (-0.5, 0.0, 0.5), "shift.y": (0.5,)}

    def paint(self):
        figure, self.plot = figures.canvas(size=(4, 3))
        self.plot.set(xlim=(-1, 1), ylim=(0, 3))
        (self.curve,) = self.plot.plot(X, X)
        (self.hand,) = self.plot.plot([0], [0], "o")
        self.word = self.plot.text(0, 2.5, "", ha="center")
        self.image = self.plot.imshow(np.zeros((2, 3)), extent=(-1, 1, 0, 3), vmin=0, vmax=2)
        return figure, [self.image, self.curve, self.hand, self.word]

    def compute(self, height, shift):
        return height * (1 - (X - shift[0]) ** 2)

    def draw(self, result, height, shift, bold):
        self.curve.set_ydata(result)
        self.curve.set_linewidth(4 if bold else 2)
        self.hand.set_data([shift[0]], [shift[1]])
        self.word.set_text("high" if height > 1 else "")
        self.image.set_data([[0, height, 2], [2, 0, height]])

    def draw_backdrop(self, result, color):
        with self.still(self.plot):
            self.plot.axvspan(-1, 1, color=color)

    def places(self, result, height):
        return {"top": (0.0, height)}

    def tell(self, result, height, shift):
        return f"Height {height:.2f}, shifted by {shift[0]:+.1f}."

    def goal(self, result, height):
        return "high enough." if height == 2 else None


@pytest.fixture(scope="module")
def hill():
    return Hill()


@pytest.fixture(scope="module")
def recording(hill):
    return record(hill)


# --- reading, as the player does it -------------------------------------------------------------


def read_letters(text):
    found, value, shift = [], 0, 0
    for letter in text:
        digit = ALPHABET.index(letter)
        value += (digit & 31) << shift
        shift += 5
        if not digit & 32:
            found.append(-(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    return found


def read_vertices(text):
    order, rest = int(text[0]), text[1:]
    gaps = [k for k, letter in enumerate(rest) if letter == "~"]
    assert not gaps, "only for lines without gaps"
    numbers = np.array(read_letters(rest))
    for _ in range(order):
        numbers = np.cumsum(numbers)
    return numbers / 4


class Reader:
    def __init__(self, recording):
        self.told = recording.data["recorded"]
        self.shape = [len(dim["values"]) for dim in self.told["dims"]]

    def field(self, told, index):
        if isinstance(told, int):
            return told
        axes, text = told
        numbers = np.cumsum(read_letters(text)).reshape([self.shape[axis] for axis in axes])
        return int(numbers[tuple(index[axis] for axis in axes)])

    def index(self, **values):
        def wanted(dim):
            value = values[dim["name"]]
            return value if dim["part"] is None else value[dim["part"]]

        return [dim["values"].index(wanted(dim)) for dim in self.told["dims"]]

    def tell(self, index):
        words = self.told["strings"][self.field(self.told["tell"], index)].split("\0")
        numbers = [self.field(told, index) for told in self.told["numbers"]]
        tokens = [self.told["strings"][k] for k in numbers[: len(words) - 1]]
        return "".join(a + b for a, b in zip(words, [*tokens, ""], strict=True))

    def operations(self, index):
        for told in self.told["operations"]:
            style = self.field(told["style"], index)
            if style >= 0:
                x, y = (self.told["arrays"][self.field(told[axis], index)] for axis in "xy")
                text = (
                    self.told["strings"][self.field(told["text"], index)] if "text" in told else ""
                )
                yield told["kind"], json.loads(self.told["strings"][style]), x, y, text


STATES = [
    {"height": 1.0, "color": "white", "bold": False, "shift": (0.0, 0.5)},
    {"height": 2.0, "color": "gray", "bold": True, "shift": (0.5, 0.5)},
    {"height": 0.5, "color": "white", "bold": True, "shift": (0.3, 0.5)},
]


@pytest.mark.parametrize("state", STATES)
def test_a_recorded_state_is_what_the_explorer_shows_there(hill, recording, state):
    reader = Reader(recording)
    index = reader.index(**state)
    hill.set(**state)
    assert reader.tell(index) == hill.readout
    goal = reader.told["strings"][reader.field(reader.told["goal"], index)]
    assert goal == (hill.reached or "")
    tracer = Tracer(hill.picture.figure)
    found = list(reader.operations(index))
    shown = [o for artist in sorted(hill.picture._moving, key=lambda a: a.zorder)
             for o in tracer.trace(artist)]  # fmt: skip
    assert [kind for kind, *_ in found] == [o.kind for o in shown]
    for (_, style, x, y, text), operation in zip(found, shown, strict=True):
        assert style == json.loads(operation.style)
        assert np.allclose(read_vertices(x), operation.x, atol=0.13)
        assert np.allclose(read_vertices(y), operation.y, atol=0.13)
        assert text.startswith("data:image") or text == operation.text


def test_what_the_page_needs_besides_states(hill, recording):
    told = recording.data
    assert [told["title"], told["aim"], told["alt"]] == [hill.title, hill.aim, hill.alt]
    assert told["size"] == [400, 300]
    assert [control["kind"] for control in told["controls"]] == ["Slider", "Choice", "Switch"]
    assert [point["name"] for point in told["points"]] == ["shift", "top"]
    assert told["initial"]["shift"] == [0.0, 0.5]
    assert told["presets"] == {"low": {"height": 0.5, "shift": [0.3, 0.5]}}
    json.dumps(told, allow_nan=False)


def test_the_grid_holds_first_values_presets_and_answer(recording):
    dims = {
        dim["name"] + str(dim["part"]): dim["values"] for dim in recording.data["recorded"]["dims"]
    }
    assert dims["heightNone"] == [0.0, 0.5, 1.0, 1.5, 2.0]
    assert dims["shift0"] == [-0.5, 0.0, 0.3, 0.5]
    assert dims["shift1"] == [0.5]


def test_the_still_behind_is_kept_once_for_each_of_its_values(recording):
    backs = recording.data["recorded"]["backs"]
    assert backs["names"] == ["color"] and sorted(k[0] for k in backs["keys"]) == ["gray", "white"]
    assert len(set(backs["pictures"])) == 2


def test_a_part_does_not_depend_on_what_leaves_it_alone(recording):
    told = recording.data["recorded"]
    heights, shifts = 0, 3
    assert [dim["name"] for dim in told["dims"]] == ["height", "color", "bold", "shift", "shift"]
    assert told["goal"][0] == [heights]
    assert told["numbers"][0][0] == [heights] and told["numbers"][1][0] == [shifts]


def test_the_still_is_a_picture_of_the_start(recording, hill):
    import io

    image = Image.open(io.BytesIO(recording.still))
    assert image.format == "WEBP" and image.size == (640, 480)
    assert still_of(hill)[:4] == b"RIFF"


def test_the_script_is_classic_and_hands_over_its_name(recording):
    script = recording.script("00-Hill")
    assert script.startswith('luExplorer("00-Hill", {') and script.endswith(");\n")
    assert "import" not in script[:200] and "</script" not in script


def test_the_report_says_how_much_and_how(recording):
    report = recording.report()
    assert report["answers"] == "recorded" and report["states"] == 5 * 2 * 2 * 4
    assert report["grid"] == {"height": 5, "color": 2, "bold": 2, "shift.x": 4, "shift.y": 1}
    assert report["bytes"] == len(recording.script("").encode())
    assert report["limited by"] == ""


def test_recording_leaves_the_explorer_as_it_was(hill):
    hill.set(height=2.0)
    hill.goal_reached = False
    record(hill)
    assert hill.values["height"] == 1.0
    assert not hill.goal_reached
    frames = hill.picture.frames
    hill.set(height=1.5)
    assert hill.picture.frames == frames + 1


def test_fewer_states_make_a_coarser_grid_that_keeps_what_must_be_there(hill):
    found = record(hill, states=70)
    assert found.states <= 70 and found.report()["limited by"] == "states"
    heights = found.data["recorded"]["dims"][0]["values"]
    assert {0.0, 0.5, 1.0, 2.0} <= {*heights} and 1.5 not in heights


@pytest.mark.nightly
def test_fewer_bytes_make_a_coarser_grid(hill):
    whole = record(hill)
    less = record(hill, size=whole.report()["bytes"] - 40)
    assert less.report()["bytes"] < whole.report()["bytes"]
    assert less.report()["limited by"] == "bytes" and less.states < whole.states


def test_limits_that_cannot_be_kept_say_so(hill):
    with pytest.raises(ValueError, match="bytes even on its coarsest grid"):
        record(hill, size=1000)
    with pytest.raises(ValueError, match="seconds"):
        record(hill, seconds=1e-9)
    with pytest.raises(ValueError, match="more than 20 states even on its coarsest grid"):
        record(hill, states=20)
    with pytest.raises(ValueError, match="states must be positive"):
        record(hill, states=0)


def test_an_error_of_the_explorer_is_not_recorded():
    class Broken(Hill):
        def compute(self, height, shift):
            if height == 1.5:
                raise ValueError("no such hill")
            return super().compute(height, shift)

    with pytest.raises(ValueError, match="no such hill"):
        record(Broken())


def test_there_is_no_twin_without_a_file():
    assert twin_of(Hill) is None


# --- packing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("numbers", [[], [0], [15, -15, 16, -16, 1000, -100000, 2**30]])
def test_letters_come_back(numbers):
    assert read_letters(letters(numbers)) == numbers


@pytest.mark.parametrize("values", [[3.25], [0.0, 0.25, 0.5, 0.75], [10.0, -20.5, 400.75, 0.0]])
def test_vertices_come_back(values):
    assert read_vertices(vertices(values)).tolist() == values


def test_a_gap_is_a_gap():
    assert vertices([np.nan, 1.0, np.nan]) in ("1~I~", "2~I~")


def test_a_pool_knows_what_it_holds():
    pool = Pool()
    assert [pool.number(thing) for thing in "abca"] == [0, 1, 2, 0]
    assert pool.things == ["a", "b", "c"]


def test_only_the_axes_on_which_something_depends_are_kept():
    numbers = np.broadcast_to(np.array([[1], [5]]), (2, 3))
    assert factored(numbers) == [[0], letters([1, 4])]
    assert factored(np.full((2, 3), 7)) == 7


def test_integers_and_choices_are_recorded_in_full():
    class Count(Hill):
        controls = {**Hill.controls, "n": Integer(2, 1, 4, "n")}

        def tell(self, result, n):
            return f"n is {n}"

    found = record(Count(), states=400)
    assert next(d for d in found.data["recorded"]["dims"] if d["name"] == "n")["values"] == [
        1,
        2,
        3,
        4,
    ]
