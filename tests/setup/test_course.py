"""A student's copy of the notebooks: made once, never overwritten, told what is new."""

import hashlib
import json
import re
import subprocess
import sys

import pytest

from lecture_utils import launch as course
from lecture_utils.__main__ import main

ROOT = course.ROOT


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
        if path.is_file() and path.name not in (course.GIVEN, course.NEWS)
    }


def test_the_copy_holds_what_the_course_holds(original, mine):
    assert course.renew(original, mine) == [], "nothing is new in a first copy"
    names = ["00_a.ipynb", "01_b.ipynb", "GLOSSARY.md", "images/x.png"]
    assert contents(mine) == {name: f"first {name}" for name in names}
    assert course.renew(original, mine) == []
    assert not (mine / course.NEWS).exists()


def test_what_a_student_has_written_is_never_overwritten(original, mine):
    course.renew(original, mine)
    (mine / "00_a.ipynb").write_text("mine")
    assert course.renew(original, mine) == []
    (original / "00_a.ipynb").write_text("second")
    (said,) = course.renew(original, mine)
    assert "Yours is as it was; the new one is [new_00_a.ipynb](new_00_a.ipynb)" in said
    assert said in (mine / course.NEWS).read_text()
    assert course.renew(original, mine) == [], "it is told once"
    (original / "00_a.ipynb").write_text("third")
    course.renew(original, mine)
    assert (mine / "new_00_a.ipynb").read_text() == "third", "nobody had worked in the second"
    (mine / "new_00_a.ipynb").write_text("mine too")
    (original / "00_a.ipynb").write_text("fourth")
    course.renew(original, mine)
    found = contents(mine)
    assert [found[f"{new}00_a.ipynb"] for new in ("", "new_", "new2_")] == [
        "mine",
        "mine too",
        "fourth",
    ]
    assert len(re.findall("^# ", (mine / course.NEWS).read_text(), re.MULTILINE)) == 1


def test_what_nobody_has_touched_is_renewed(original, mine):
    course.renew(original, mine)
    for name in ("01_b.ipynb", "GLOSSARY.md"):
        (original / name).write_text("second")
    (original / "02_c.ipynb").write_text("another lesson")
    assert len(course.renew(original, mine)) == 3
    given = {n: t for n, t in contents(original).items() if "checkpoint" not in n}
    assert contents(mine) == given


def test_a_copy_that_was_interrupted_is_completed(original, mine):
    course.renew(original, mine)
    (mine / course.GIVEN).unlink()
    (mine / "01_b.ipynb").unlink()
    (mine / "00_a.ipynb").write_text("mine")
    assert course.renew(original, mine) != [], "whose it is nobody knows: it is kept"
    assert (mine / "00_a.ipynb").read_text() == "mine"
    assert (mine / "01_b.ipynb").read_text() == "first 01_b.ipynb"


def test_answers_from_before_there_were_copies_come_along(original, mine):
    (original / ".answers").mkdir()
    (original / ".answers" / "00_a.json").write_text("{}")
    course.renew(original, mine)
    assert (mine / ".answers" / "00_a.json").read_text() == "{}"
    (original / ".answers" / "00_a.json").write_text('{"goals": {}}')
    course.renew(original, mine)
    assert (mine / ".answers" / "00_a.json").read_text() == "{}"


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path, capsys, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(course, "open_at", lambda folder: None)
    monkeypatch.setattr(course, "set_environment", lambda home: None)
    assert main(["lab", f"--folder={tmp_path / 'file' / 'copy'}"]) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert said.startswith("Your copy of the notebooks cannot be written to")


def test_a_second_lab_on_the_same_folder_says_so(tmp_path, capsys, monkeypatch):
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(runtime))
    monkeypatch.setattr(course, "set_environment", lambda home: None)
    monkeypatch.setattr(course, "has_display", lambda: False)
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
    assert course.open_at(tmp_path) is None, "a server that has ended is no server"


def test_git_ignores_the_copy_and_make_clean_leaves_it():
    assert f"/{course.MINE.name}/" in (ROOT / ".gitignore").read_text().splitlines()
    assert course.MINE.name not in (ROOT / "Makefile").read_text().partition("\nclean:")[2]


# --- what the course adds to a page of JupyterLab ------------------------------------------------


EXTENSIONS = {"geometry-of-training": "container.js", "lecture-slides": "slides.js"}


@pytest.mark.parametrize("name", EXTENSIONS)
def test_the_address_of_an_extension_changes_with_what_it_says(name):
    """A browser keeps each file for a year under its address."""
    folder = ROOT / ".jupyter" / "labextensions" / name
    files = sorted(file for file in (folder / "static").iterdir() if file.suffix in (".js", ".css"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:10]
    build = json.loads((folder / "package.json").read_text())["jupyterlab"]["_build"]
    wanted = f"static/{EXTENSIONS[name]}?v={digest}"
    assert build["load"] == wanted, f'write "load": "{wanted}" into package.json'
    for file in files:  # an import without the version would be an old file
        assert not re.search(r"""^import |import\(["']""", file.read_text(), re.MULTILINE), file
