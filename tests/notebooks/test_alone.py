"""A notebook that was opened without its course fetches it, or says in one sentence what to do."""

from __future__ import annotations

import os
import subprocess
import sys

import alone
import execute
import nbformat
import pytest
from fingerprint import fingerprint

# Runs the cell as a kernel does, in a Python that has not found the course until pip has run.
SHELL = """
import importlib.util, sys, traitlets
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(history_length=0)
traitlets.__version__ = "0.1" if RENEWED else traitlets.__version__
tries = iter([None, None if FAILS else "found"])
importlib.util.find_spec = lambda name: next(tries)
done = shell.run_cell(sys.stdin.read())
print("ok" if done.success else "stopped")
"""
# Stands in for pip: what it was asked, and whether it can.
PIP = """
import os, sys
open(os.environ["ASKED"], "w").write(" ".join(sys.argv[1:]))
sys.exit(os.environ.get("PIP_FAILS") and "ERROR: no network")
"""


@pytest.fixture
def opened(tmp_path):
    """opened(folder, address) runs the cell there; what it said, and what pip was asked."""

    def run(folder, address="", fails=False, renewed=False) -> tuple[list[str], str]:
        folder.mkdir(parents=True, exist_ok=True)
        (tmp_path / "fake").mkdir()
        (tmp_path / "fake" / "pip.py").write_text(PIP)
        environment = os.environ | {
            "PYTHONPATH": str(tmp_path / "fake"),
            "ASKED": str(tmp_path / "asked"),
            "IPYTHONDIR": str(tmp_path / "ipython"),
        }
        said = subprocess.run(
            [
                sys.executable,
                "-c",
                SHELL.replace("FAILS", str(fails)).replace("RENEWED", str(renewed)),
            ],
            input=alone.SOURCE.replace("ADDRESS", address),
            env=environment | ({"PIP_FAILS": "1"} if fails else {}),
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=60,
        )
        asked = tmp_path / "asked"
        return said.stdout.splitlines(), asked.read_text() if asked.exists() else ""

    return run


def test_in_the_folder_of_the_course_it_installs_that(opened, tmp_path):
    course = tmp_path / "my course"
    (course / "lecture_utils" / "lessons").mkdir(parents=True)
    said, asked = opened(course / "notebooks")
    assert asked == f"--disable-pip-version-check install --quiet {course}"
    assert said == [
        "Fetching the course and what it needs: a minute or two.",
        "The course is here.",
        "ok",
    ]


def test_elsewhere_it_fetches_the_course_from_its_address(opened, tmp_path):
    said, asked = opened(tmp_path / "content", "https://example.org/course")
    assert asked == "--disable-pip-version-check install --quiet git+https://example.org/course"
    assert said[-1] == "ok"


def test_without_an_address_it_says_what_to_do(opened, tmp_path):
    (sentence, end), asked = opened(tmp_path / "content")
    assert asked == "" and end == "stopped", "the cells below do not run"
    assert sentence.endswith("the folder notebooks of the course and open it there.")


def test_what_pip_could_not_is_one_sentence(opened, tmp_path):
    (_, sentence, end), _ = opened(tmp_path / "content", "https://example.org/course", fails=True)
    assert end == "stopped"
    assert "from git+https://example.org/course (ERROR: no network): mend that" in sentence


def test_what_was_renewed_while_in_use_asks_for_one_restart(opened, tmp_path):
    (_, sentence, end), _ = opened(tmp_path / "content", "https://example.org/c", renewed=True)
    assert end == "stopped"
    assert "The course is here; traitlets was renewed while in use: restart" in sentence


def test_it_is_no_evidence_and_the_seed_is_set_below_it():
    """A recorded seed stays good, and `make seeds` finds its line."""
    notebook = nbformat.read(execute.NOTEBOOKS[0], as_version=4)
    without = nbformat.from_dict(notebook | {"cells": []})
    without.cells = [cell for cell in notebook.cells if cell.id != alone.ID]
    assert len(without.cells) == len(notebook.cells) - 1
    assert fingerprint(without) == fingerprint(notebook)
    execute.set_seed(notebook, 3)
    assert "SEED = 3" in "\n".join(cell.source for cell in notebook.cells)
