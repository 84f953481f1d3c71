"""The front door, ``python -m lecture_utils``, and what it lays down: a copy of the notebooks.

The copy is made once, never overwritten, and told what is new; `make lab` goes through this door.
"""

import json
import os
import re
import socket
import subprocess
import sys

import pytest

from lecture_utils import launch
from lecture_utils.__main__ import main


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
    assert f"--LabApp.app_settings_dir={launch.SETTINGS}" in call
    assert (launch.SETTINGS / "overrides.json").is_file(), "JupyterLab finds it by this name"


def test_settings_are_those_of_the_course_as_in_the_makefile(tmp_path, monkeypatch):
    makefile = (launch.ROOT / "Makefile").read_text(encoding="utf-8")
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


# --- the copy ------------------------------------------------------------------------------------


@pytest.fixture
def original(tmp_path):
    folder = tmp_path / "notebooks"
    (folder / "images").mkdir(parents=True)
    (folder / ".ipynb_checkpoints").mkdir()
    for name in ("00_a.ipynb", "01_b.ipynb", "GLOSSARY.md", "images/x.png"):
        (folder / name).write_text(f"first {name}")
    (folder / ".ipynb_checkpoints" / "00_a-checkpoint.ipynb").write_text("left by a tool")
    return folder


@pytest.fixture
def mine(tmp_path):
    return tmp_path / "my copy"


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in (launch.GIVEN, launch.NEWS)
    }


def test_the_copy_holds_what_the_course_holds(original, mine):
    assert launch.renew(original, mine) == [], "nothing is new in a first copy"
    names = ["00_a.ipynb", "01_b.ipynb", "GLOSSARY.md", "images/x.png"]
    assert contents(mine) == {name: f"first {name}" for name in names}
    assert launch.renew(original, mine) == []
    assert not (mine / launch.NEWS).exists()


def test_what_a_student_has_written_is_never_overwritten(original, mine):
    launch.renew(original, mine)
    (mine / "00_a.ipynb").write_text("mine")
    assert launch.renew(original, mine) == []
    (original / "00_a.ipynb").write_text("second")
    (said,) = launch.renew(original, mine)
    assert "Yours is as it was; the new one is [new_00_a.ipynb](new_00_a.ipynb)" in said
    assert said in (mine / launch.NEWS).read_text()
    assert launch.renew(original, mine) == [], "it is told once"
    (original / "00_a.ipynb").write_text("third")
    launch.renew(original, mine)
    assert (mine / "new_00_a.ipynb").read_text() == "third", "nobody had worked in the second"
    (mine / "new_00_a.ipynb").write_text("mine too")
    (original / "00_a.ipynb").write_text("fourth")
    launch.renew(original, mine)
    found = contents(mine)
    assert [found[f"{new}00_a.ipynb"] for new in ("", "new_", "new2_")] == [
        "mine",
        "mine too",
        "fourth",
    ]
    assert len(re.findall("^# ", (mine / launch.NEWS).read_text(), re.MULTILINE)) == 1


def test_what_nobody_has_touched_is_renewed(original, mine):
    launch.renew(original, mine)
    for name in ("01_b.ipynb", "GLOSSARY.md"):
        (original / name).write_text("second")
    (original / "02_c.ipynb").write_text("another lesson")
    assert len(launch.renew(original, mine)) == 3
    given = {n: t for n, t in contents(original).items() if "checkpoint" not in n}
    assert contents(mine) == given


def a_notebook(*sources, outputs=(), kernel="python", **more):
    """A notebook of code cells, as a file holds it."""
    cells = [
        {"cell_type": "code", "execution_count": None, "id": f"c{place}", "metadata": {}}
        | {"outputs": list(outputs), "source": source} | more
        for place, source in enumerate(sources)
    ]  # fmt: skip
    told = {"language_info": {"name": kernel}}
    return json.dumps({"cells": cells, "metadata": told, "nbformat": 4, "nbformat_minor": 5})


PRINTED = {"name": "stdout", "output_type": "stream", "text": "3"}
BY_JUPYTERLAB = {  # of a notebook whose cells are "a = 1" and "b = 2"
    "kernel and indentation": json.dumps(json.loads(a_notebook("a = 1", "b = 2", kernel="x"))),
    "a source as lines": a_notebook(["a = 1"], ["b = 2"]),
    "outputs and counts": a_notebook("a = 1", "b = 2", outputs=[PRINTED], execution_count=7),
    "what was committed": a_notebook("a = 1", "b = 2", metadata={"lecture": {"committed": "x"}}),
    "an empty cell below": a_notebook("a = 1", "b = 2", ""),
}
BY_A_STUDENT = {
    "changed": a_notebook("a = 1", "b = 3"),
    "added": a_notebook("a = 1", "b = 2", "c = 3"),
    "deleted": a_notebook("a = 1"),
    "moved": a_notebook("b = 2", "a = 1"),
    "another kind": a_notebook("a = 1", "b = 2", cell_type="markdown"),
    "a picture": a_notebook("a = 1", "b = 2", attachments={"x.png": {"image/png": "AA"}}),
    "no notebook any more": "{",
}


@pytest.mark.parametrize("saved", BY_JUPYTERLAB.values(), ids=BY_JUPYTERLAB)
def test_a_notebook_that_was_only_opened_and_run_is_renewed(original, mine, saved):
    """Whoever has written nothing gets the newer lesson in its place."""
    (original / "00_a.ipynb").write_text(a_notebook("a = 1", "b = 2"))
    launch.renew(original, mine)
    (mine / "00_a.ipynb").write_text(saved)
    assert launch.renew(original, mine) == [], "the course has not changed"
    (original / "00_a.ipynb").write_text(a_notebook("a = 1", "b = 2", outputs=[PRINTED]))
    assert launch.renew(original, mine) == [], "nothing to read is new"
    assert (mine / "00_a.ipynb").read_text() == saved, "the reader's own outputs stay"
    (original / "00_a.ipynb").write_text(a_notebook("a = 1", "b = 20"))
    (said,) = launch.renew(original, mine)
    assert "you had written nothing in it, so it is renewed" in said
    assert (mine / "00_a.ipynb").read_text() == a_notebook("a = 1", "b = 20")
    assert not (mine / "new_00_a.ipynb").exists()


@pytest.mark.parametrize("saved", BY_A_STUDENT.values(), ids=BY_A_STUDENT)
def test_a_notebook_in_which_somebody_wrote_stays(original, mine, saved):
    (original / "00_a.ipynb").write_text(a_notebook("a = 1", "b = 2"))
    launch.renew(original, mine)
    (mine / "00_a.ipynb").write_text(saved)
    (original / "00_a.ipynb").write_text(a_notebook("a = 1", "b = 20"))
    (said,) = launch.renew(original, mine)
    assert "the new one is [new_00_a.ipynb]" in said
    assert (mine / "00_a.ipynb").read_text() == saved
    assert (mine / "new_00_a.ipynb").read_text() == a_notebook("a = 1", "b = 20")


def test_a_copy_of_last_year_knows_one_digest_and_keeps_what_it_cannot_judge(original, mine):
    """Then the file alone was remembered, so a notebook that was opened may hold work."""
    (original / "00_a.ipynb").write_text(a_notebook("a = 1"))
    launch.renew(original, mine)
    given = json.loads((mine / launch.GIVEN).read_text())
    old = {name: digests.split()[0] for name, digests in given.items()}
    (mine / launch.GIVEN).write_text(json.dumps(old))
    (mine / "00_a.ipynb").write_text(a_notebook("a = 1", outputs=[PRINTED]))
    (original / "00_a.ipynb").write_text(a_notebook("a = 2"))
    (original / "01_b.ipynb").write_text("second")
    kept, renewed = launch.renew(original, mine)
    assert "the new one is" in kept and "so it is renewed" in renewed
    assert json.loads((mine / launch.GIVEN).read_text()).keys() == old.keys() | {"new_00_a.ipynb"}


def test_a_copy_that_was_interrupted_is_completed(original, mine):
    launch.renew(original, mine)
    (mine / launch.GIVEN).unlink()
    (mine / "01_b.ipynb").unlink()
    (mine / "00_a.ipynb").write_text("mine")
    assert launch.renew(original, mine) != [], "whose it is nobody knows: it is kept"
    assert (mine / "00_a.ipynb").read_text() == "mine"
    assert (mine / "01_b.ipynb").read_text() == "first 01_b.ipynb"


def test_answers_from_before_there_were_copies_come_along(original, mine):
    (original / ".answers").mkdir()
    (original / ".answers" / "00_a.json").write_text("{}")
    launch.renew(original, mine)
    assert (mine / ".answers" / "00_a.json").read_text() == "{}"
    (original / ".answers" / "00_a.json").write_text('{"goals": {}}')
    launch.renew(original, mine)
    assert (mine / ".answers" / "00_a.json").read_text() == "{}"


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path, capsys, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(launch, "open_at", lambda folder: None)
    monkeypatch.setattr(launch, "set_environment", lambda home: None)
    assert main(["lab", f"--folder={tmp_path / 'file' / 'copy'}"]) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("Your copy of the notebooks cannot be written to")


def test_a_second_lab_on_the_same_folder_says_so(tmp_path, capsys, monkeypatch):
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(runtime))
    monkeypatch.setattr(launch, "set_environment", lambda home: None)
    monkeypatch.setattr(launch, "has_display", lambda: False)
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        there = {"root_dir": str(tmp_path), "url": "http://127.0.0.1:1/", "token": "t"}
        there |= {"pid": process.pid, "port": 1}
        (runtime / "jpserver-1.json").write_text(json.dumps(there))
        assert main(["lab", f"--folder={tmp_path}"]) == 0
    finally:
        process.communicate()
    said = capsys.readouterr().out
    assert "open already, at http://127.0.0.1:1/lab?token=t" in said
    assert launch.open_at(tmp_path) is None, "a server that has ended is no server"


def test_git_ignores_the_copy_and_make_clean_leaves_it():
    assert f"/{launch.MINE.name}/" in (launch.ROOT / ".gitignore").read_text().splitlines()
    assert launch.MINE.name not in (launch.ROOT / "Makefile").read_text().partition("\nclean:")[2]
