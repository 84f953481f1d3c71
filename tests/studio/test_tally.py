"""The answers of a room: exports of several students become one table and one picture."""

import json

import pytest
from matplotlib.colors import to_hex

from lecture_utils.studio import style
from lecture_utils.studio.lesson import Lesson
from lecture_utils.studio.questions import Exercise, Prediction
from lecture_utils.studio.tally import draw_room, read_room, room_table


def lesson(number="01", **more):
    return Lesson(
        f"{number}_hills",
        title="Hills",
        question="?",
        minutes=(45, 90),
        sources="S1",
        predictions=[
            Prediction("up", "Up <i>or</i> down?", {"up": "yes.", "down": "no."}, answer="up"),
            Prediction("far", "How far?", {"near": "no.", "far": "yes."}, answer="far"),
        ],
        exercises=[Exercise("two", "two | three", "2", [], 2, {})],
        **more,
    )


def student(folder, name, **kinds):
    export = {"01_hills": {"predictions": {}, "exercises": {}, "goals": {}} | kinds}
    (folder / f"{name}.json").write_text(json.dumps(export), encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    up = {"up": {"answer": "up", "right": True}}
    student(tmp_path, "a", predictions=up, exercises={"two": {"solved": True}})
    student(tmp_path, "b", predictions=up, goals={"Climb": {"reached": True}})
    student(tmp_path, "c", predictions={"up": {"answer": "down", "right": False}})
    student(tmp_path, "d", exercises={"two": {"solved": False}})
    student(tmp_path, "e")  # opened nothing: not counted
    return tmp_path


def test_a_room_is_counted(folder):
    (room,) = read_room(folder, [lesson(), lesson("02")])
    assert room.people == 4
    assert room.chosen == {"up": {"up": 2, "down": 1}, "far": {"near": 0, "far": 0}}
    assert room.solved == {"two": 1} and room.reached == {"Climb": 1}


def test_the_files_of_one_student_beside_the_notebooks_count_too(tmp_path):
    kept = tmp_path / "anna" / ".answers"
    kept.mkdir(parents=True)
    entries = {"predictions": {"up": {"answer": "down"}}, "exercises": {}, "goals": {}}
    (kept / "01_hills.json").write_text(json.dumps(entries))
    (room,) = read_room(tmp_path, [lesson()])
    assert room.people == 1 and room.chosen["up"] == {"up": 0, "down": 1}


def test_an_option_that_no_longer_exists_is_counted_nowhere(folder):
    student(folder, "f", predictions={"up": {"answer": "sideways"}})
    (room,) = read_room(folder, [lesson()])
    assert sum(room.chosen["up"].values()) == 3


def test_the_table_names_each_option_and_no_student(folder):
    text = room_table(read_room(folder, [lesson()]))
    assert "| Up or down? | up ✔ | 2 | 67% |" in text
    assert "| How far? | near | 0 | – |" in text
    assert "| two ∣ three | solved | 1 |" in text
    assert "4 took part" in text and ".json" not in text


def test_the_picture_has_a_bar_for_each_option_of_what_was_asked(folder):
    figure = draw_room(read_room(folder, [lesson()]))
    (axes,) = figure.axes  # nobody answered the second question
    assert [bar.get_width() for bar in axes.patches] == [2, 1]
    colors = [to_hex(bar.get_facecolor()).upper() for bar in axes.patches]
    assert colors == [style.GREEN, style.GREY]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["✔ up", "down"]


@pytest.mark.parametrize(
    ("content", "said"),
    [("{", "cannot be read as JSON"), ("[1]", "no export"), ('{"01_hills": 3}', "no export")],
)
def test_a_file_that_is_no_export_is_named(folder, content, said):
    (folder / "bad.json").write_text(content)
    with pytest.raises(ValueError, match=rf"bad\.json.*{said}"):
        read_room(folder, [lesson()])


def test_no_answers_and_no_folder_are_said(tmp_path):
    with pytest.raises(ValueError, match="0 JSON files"):
        read_room(tmp_path, [lesson()])
    with pytest.raises(ValueError, match="is none"):
        read_room(tmp_path / "nowhere", [lesson()])
