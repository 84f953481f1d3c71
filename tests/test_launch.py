"""The front door, ``python -m lecture_utils``: what ``make lab`` does, without make."""

import json
import re
import socket
import sys
from pathlib import Path

import pytest

from lecture_utils import launch
from lecture_utils.__main__ import main

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def course(tmp_path):
    (tmp_path / "notebooks").mkdir()
    for name in ("00_start.ipynb", "01_more.ipynb"):
        (tmp_path / "notebooks" / name).write_text("{}")
    return tmp_path


def test_the_notebooks_are_found_from_where_one_stands(course, monkeypatch):
    for place in (course, course / "notebooks"):
        monkeypatch.chdir(place)
        assert launch.find_notebooks() == course / "notebooks"
    (course / "elsewhere").mkdir()
    monkeypatch.chdir(course / "elsewhere")
    assert launch.find_notebooks() == ROOT / "notebooks"  # beside the package
    with pytest.raises(ValueError, match="--folder"):
        launch.find_notebooks(course)


def test_it_opens_on_the_first_notebook(course, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    call = launch.command(course / "notebooks", 9000)
    assert call[:3] == [sys.executable, "-m", "jupyterlab"]
    assert "--port=9000" in call and "--LabApp.default_url=/lab/tree/00_start.ipynb" in call
    assert ("--no-browser" in call) == sys.platform.startswith("linux")


def test_settings_are_those_of_the_course_as_in_the_makefile(course, monkeypatch):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in re.findall(r"\w+", " ".join(re.findall(r"^unexport (.*)$", makefile, re.M))):
        monkeypatch.setenv(name, "mine")
    given = launch.environment(course)
    for name, path in re.findall(r"^export (\w+) = \$\(LAB_HOME\)/(\w+)$", makefile, re.MULTILINE):
        assert given[name] == str(course / ".jupyter" / "home" / path)
    for name, value in re.findall(r"^export (\w+) = (\d+)$", makefile, re.MULTILINE):
        assert given[name] == value
    assert "JUPYTER_PATH" not in given and "JUPYTERLAB_SETTINGS_DIR" not in given
    assert given["PATH"]


def test_a_port_in_use_and_a_missing_jupyterlab_are_said(course, monkeypatch, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["lab", "--folder", str(course / "notebooks"), "--port", port]) == 1
    assert f"port {port} is in use" in capsys.readouterr().err
    monkeypatch.setattr(launch, "find_spec", lambda name: None)
    assert main(["lab", "--folder", str(course / "notebooks")]) == 1
    assert "pip install jupyterlab" in capsys.readouterr().err


def test_lab_is_what_is_done_without_a_command(course, monkeypatch):
    called = {}

    def run(call, env):
        called.update(call=call, env=env)
        return 0

    monkeypatch.setattr(launch.subprocess, "call", run)
    monkeypatch.setattr(launch, "find_spec", lambda name: True)
    monkeypatch.setattr(sys, "argv", ["lecture_utils", "--port", "9001"])
    monkeypatch.setattr(launch.socket.socket, "connect_ex", lambda self, place: 111)
    monkeypatch.chdir(course)
    assert main() == 0
    assert {f"--ServerApp.root_dir={course / 'notebooks'}", "--port=9001"} <= {*called["call"]}
    assert called["env"]["JUPYTER_PREFER_ENV_PATH"] == "1"


def test_a_room_is_tallied_into_a_picture_and_a_table(tmp_path, capsys):
    from lecture_utils.lessons import all_lessons

    lesson = all_lessons()[0]
    prediction = next(iter(lesson.predictions.values()))
    entries = {"predictions": {prediction.name: {"answer": prediction.answer, "right": True}}}
    answers = tmp_path / "answers"
    answers.mkdir()
    (answers / "one.json").write_text(json.dumps({lesson.notebook: entries}))
    assert main(["tally", str(answers), "--into", str(tmp_path / "made")]) == 0
    assert (tmp_path / "made" / "room.png").read_bytes().startswith(b"\x89PNG")
    table = (tmp_path / "made" / "room.md").read_text(encoding="utf-8")
    assert f"{prediction.answer} ✔ | 1 | 100%" in table and table.strip() in capsys.readouterr().out
    assert main(["tally", str(tmp_path / "made")]) == 1
    assert "holds no answers" in capsys.readouterr().err
