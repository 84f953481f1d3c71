"""Open the course in JupyterLab, in a copy of your own, on every system.

What `make lab` does, and `python -m lecture_utils` without make.  A lesson that has changed since
the copy was made replaces one in which you have written nothing; beside one in which you have, it
is laid down as `new_…`, and what_is_new.md says so.  To write is to change, add, delete or move a
cell; to open, run and save a notebook is not, whatever JupyterLab then writes into the file.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import shutil
import socket
import sys
import tempfile
import webbrowser
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

__all__ = ["arguments", "open_at", "open_course", "renew", "set_environment"]

ROOT = Path(__file__).resolve().parents[1]
COURSE = ROOT / "notebooks"
MINE = ROOT / "my_notebooks"
SETTINGS = ROOT / ".jupyter"
GIVEN = ".course.json"  # in the copy: file -> digests of the original that was given last
NEWS = "what_is_new.md"  # in the copy; the page of JupyterLab tells of it
ANSWERS = ".answers"


# --- the copy ------------------------------------------------------------------------------------


def renew(course: Path, mine: Path) -> list[str]:
    """Make the copy, or bring it up to date; sentences about what is new, in Markdown.

    Raises OSError where the copy cannot be written.
    """
    given = _read_given(mine)
    first = not mine.exists()
    mine.mkdir(parents=True, exist_ok=True)
    news = []
    for original in _files(course):
        name = original.relative_to(course).as_posix()
        news += _give(original, mine, name, given)
    if (course / ANSWERS).is_dir() and not (mine / ANSWERS).exists():
        shutil.copytree(course / ANSWERS, mine / ANSWERS)  # from before there were copies
    _write(mine / GIVEN, json.dumps(given, indent=1, sort_keys=True) + "\n")
    news = [] if first else news
    if news:
        _tell(mine / NEWS, news)
    return news


class _State(NamedTuple):
    """A file as two digests: of all of it, and of what one writes in it; empty if unknown."""

    file: str = ""
    written: str = ""

    def worked_in(self, given: _State) -> bool:
        """Whether somebody has written in it since it was given."""
        return self.file != given.file and self.written != given.written


def _give(original: Path, mine: Path, name: str, given: dict[str, str]) -> list[str]:
    """Give one file of the course; what it says is news."""
    now, own = _state(original), mine / name
    known, before = name in given, _State(*given.get(name, "").split())
    given[name] = " ".join(now)
    if not own.exists():
        _copy(original, own)
        return [] if known else [f"[{name}]({name}) is new."]
    has = _state(own)
    if now.file in (before.file, has.file):
        return []
    if has.file != before.file and now.written in (before.written, has.written):
        return []  # only the outputs of the course are new, and here are the reader's own
    if not has.worked_in(before):
        _copy(original, own)
        return [f"[{name}]({name}) has changed; you had written nothing in it, so it is renewed."]
    beside = _free_name(mine, name, given)
    _copy(original, mine / beside)
    given[beside] = " ".join(now)
    return [
        f"[{name}]({name}) has changed. Yours is as it was; the new one is [{beside}]({beside})."
    ]


def _free_name(mine: Path, name: str, given: dict[str, str]) -> str:
    """`new_…` beside a file: one that is not there, or that nobody has worked in."""
    folder, _, file = name.rpartition("/")
    number = 1
    while True:
        beside = f"{folder}/" * bool(folder) + f"new{number if number > 1 else ''}_{file}"
        before = _State(*given.get(beside, "").split())
        if not (mine / beside).exists() or not _state(mine / beside).worked_in(before):
            return beside
        number += 1


def _files(course: Path) -> list[Path]:
    """What the course consists of, without hidden files and what tools have left."""
    found = sorted(path for path in course.rglob("*") if path.is_file())
    return [p for p in found if not any(x.startswith(".") for x in p.relative_to(course).parts)]


def _state(file: Path) -> _State:
    """Both digests; of a file that is no notebook they are one."""
    content = file.read_bytes()
    whole = hashlib.sha256(content).hexdigest()
    if file.suffix != ".ipynb":
        return _State(whole, whole)
    try:
        cells = [_written(cell) for cell in json.loads(content)["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return _State(whole, whole)
    # JupyterLab adds an empty cell below the last one that was run.
    text = json.dumps([cell for cell in cells if cell[1].strip()], sort_keys=True)
    return _State(whole, hashlib.sha256(text.encode()).hexdigest())


def _written(cell: dict) -> tuple:
    """What a reader writes in a cell: its kind, its text, and the pictures pasted into it."""
    source = cell["source"]
    text = source if isinstance(source, str) else "".join(source)
    return cell["cell_type"], text, cell.get("attachments") or {}


def _copy(original: Path, target: Path) -> None:
    """All or nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    shutil.copyfile(original, part)
    os.replace(part, target)


def _write(target: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile(
        "w", dir=target.parent, delete=False, encoding="utf-8"
    ) as file:
        file.write(text)
    os.replace(file.name, target)


def _read_given(mine: Path) -> dict[str, str]:
    try:
        return dict(json.loads((mine / GIVEN).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _tell(target: Path, news: list[str]) -> None:
    """Write the news of today above those of before."""
    title = "# What is new in the course\n"
    before = target.read_text(encoding="utf-8") if target.exists() else title
    today = datetime.date.today().isoformat()
    lines = "\n".join(f"- {sentence}" for sentence in news)
    _write(target, f"{title}\n## {today}\n\n{lines}\n{before.removeprefix(title)}")


# --- JupyterLab ----------------------------------------------------------------------------------


FOREIGN = (
    "JUPYTER_PATH",
    "JUPYTER_CONFIG_PATH",
    "JUPYTER_RUNTIME_DIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
    "PYTHONHOME",
)


def set_environment(home: Path) -> None:
    """Jupyter's settings, history and kernels of this course, apart from the reader's own."""
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ["JUPYTER_CONFIG_DIR"] = str(home / "config")
    os.environ["JUPYTER_DATA_DIR"] = str(home / "data")
    os.environ["IPYTHONDIR"] = str(home / "ipython")
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    # What JAX has compiled once it keeps: the second opening is some ten seconds faster.
    os.environ["JAX_COMPILATION_CACHE_DIR"] = str(home / "jax")
    os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"


def open_at(folder: Path) -> str | None:
    """The address of a JupyterLab that serves this folder already, or None."""
    from jupyter_server.serverapp import list_running_servers

    for server in list_running_servers():
        if Path(server["root_dir"]).resolve() == folder.resolve():
            return f"{server['url']}lab?token={server['token']}"
    return None


def arguments(folder: Path, port: int, browser: bool) -> list[str]:
    """What JupyterLab is called with."""
    first = min((path.name for path in folder.glob("[0-9]*.ipynb")), default=None)
    options = [
        "--ip=127.0.0.1",
        f"--port={port}",
        f"--ServerApp.root_dir={folder}",
        "--log-level=WARN",
        f"--LabApp.default_url=/lab{f'/tree/{first}' if first else ''}",
        # From the checkout, so that they are of today: an installed copy is of the installation's.
        f"--LabApp.app_settings_dir={SETTINGS}",
        f"--LabApp.extra_labextensions_path={SETTINGS / 'labextensions'}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    return options if browser else [*options, "--no-browser"]


def has_display() -> bool:
    """Whether a browser can be opened here."""
    return not sys.platform.startswith("linux") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )


def open_course(
    what: str = "lab", port: int = 8888, folder: Path | None = None, home: Path | None = None
) -> int:
    """Run JupyterLab on the reader's copy ("lab") or on the originals ("edit"); the exit status.

    ``folder`` is where the copy is, my_notebooks if None; ``home`` where JupyterLab keeps what it
    writes.  Raises ValueError where something is missing or in use.
    """
    if find_spec("jupyterlab") is None:
        raise ValueError("JupyterLab is missing: pip install jupyterlab, and repeat the command.")
    if not any(COURSE.glob("00_*.ipynb")):
        raise ValueError(
            f"the notebooks of the course are not at {COURSE}: install the package from a checkout "
            "of the course, with pip install -e."
        )
    set_environment(home or SETTINGS / "home")
    folder = (COURSE if what == "edit" else folder or MINE).resolve()
    if address := open_at(folder):
        print(f"The course is open already, at {address}")
        print("Ctrl-C in the window where it was started stops it; then start it anew.")
        if has_display():
            webbrowser.open(address)
        return 0
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise ValueError(f"port {port} is in use: choose another one.")
    if what == "lab":
        try:
            news = renew(COURSE, folder)
        except OSError as error:
            raise ValueError(
                f"Your copy of the notebooks cannot be written to {folder} ({error}): free the "
                "disk or name another folder with --folder=NAME."
            ) from None
        print(f"Your own copy of the notebooks is {folder}.")
        if news:
            plain = [re.sub(r"\[(.*?)\]\(.*?\)", r"\1", sentence) for sentence in news]
            print("The course has changed since your copy was made:", *plain, sep="\n  ")
    print("Starting JupyterLab; Ctrl-C in this window stops it.", flush=True)
    from jupyterlab.labapp import LabApp

    LabApp.launch_instance(arguments(folder, port, has_display()))
    return 0
