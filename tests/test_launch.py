"""The front door, ``python -m lecture_utils``: what ``make lab`` does, without make."""

import json
import os
import re
import socket
from pathlib import Path

import pytest

from lecture_utils import launch
from lecture_utils.__main__ import main

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    """What the command sets is gone after the test."""
    for name in list(os.environ):
        monkeypatch.setenv(name, os.environ[name])
    before = dict(os.environ)
    yield
    for name in os.environ.keys() - before.keys():
        del os.environ[name]


def test_it_opens_on_the_first_notebook(tmp_path, monkeypatch):
    for name in ("00_start.ipynb", "01_more.ipynb", "what_is_new.md"):
        (tmp_path / name).write_text("{}")
    call = launch.arguments(tmp_path, 9000, browser=False)
    assert {"--port=9000", "--LabApp.default_url=/lab/tree/00_start.ipynb"} <= {*call}
    assert f"--ServerApp.root_dir={tmp_path}" in call and "--no-browser" in call
    assert "--no-browser" not in launch.arguments(tmp_path, 9000, browser=True)


def test_settings_are_those_of_the_course_as_in_the_makefile(tmp_path, monkeypatch):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in re.findall(r"\w+", " ".join(re.findall(r"^unexport (.*)$", makefile, re.M))):
        if name != "PYTHONPATH":  # of Python itself, which runs by now
            monkeypatch.setenv(name, "mine")
    launch.set_environment(tmp_path)
    for name, path in re.findall(r"^export (\w+) = \$\(LAB_HOME\)/(\w+)$", makefile, re.MULTILINE):
        assert os.environ[name] == str(tmp_path / path)
    for name, value in re.findall(r"^export (\w+) = (\d+)$", makefile, re.MULTILINE):
        assert os.environ[name] == value
    assert "mine" not in [os.environ.get(name) for name in launch.FOREIGN]


def test_a_port_in_use_and_a_missing_jupyterlab_are_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(launch, "open_at", lambda folder: None)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["lab", "--folder", str(tmp_path / "copy"), "--port", port]) == 1
    assert f"port {port} is in use" in capsys.readouterr().err
    assert not (tmp_path / "copy").exists(), "nothing is written before"
    monkeypatch.setattr(launch, "find_spec", lambda name: None)
    assert main(["edit"]) == 1
    assert "pip install jupyterlab" in capsys.readouterr().err
    monkeypatch.undo()
    monkeypatch.setattr(launch, "COURSE", tmp_path / "nowhere")
    assert main([]) == 1
    assert "checkout" in capsys.readouterr().err


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
