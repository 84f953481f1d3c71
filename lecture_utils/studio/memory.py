"""Remembered answers: what a student has committed, solved, reached and moved survives the kernel.

One small file a lesson, in the folder ``.answers`` beside the notebooks and never in them.  A
process that runs no notebook (a test, a script) remembers nothing.  LECTURE_ANSWERS names another
folder, or "off".
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from IPython import get_ipython

__all__ = ["FOLDER", "KINDS", "Keeper", "Memory", "export", "folder", "forget"]

FOLDER = ".answers"
KINDS = ("predictions", "exercises", "goals", "explorers")
MOMENT = 0.5  # s; what moves all the time is written no more often


def folder() -> Path | None:
    """Where answers are kept, or None where nothing is remembered."""
    wanted = os.environ.get("LECTURE_ANSWERS", "")
    if wanted == "off":
        return None
    if wanted:
        return Path(wanted)
    # A kernel's working directory is its notebook's folder.
    return Path.cwd() / FOLDER if hasattr(get_ipython(), "kernel") else None


_writing = threading.Lock()  # explorers write from threads of their own


class Memory:
    """What is remembered of one lesson: kind -> name -> entry (a JSON object)."""

    def __init__(self, notebook: str):
        self.notebook = notebook

    @property
    def path(self) -> Path | None:
        """The file, which need not exist, or None."""
        return None if folder() is None else folder() / f"{self.notebook}.json"

    def all(self) -> dict[str, dict[str, dict]]:
        """Everything, freshly read: another tab may have written.  A broken file is empty."""
        entries = {kind: {} for kind in KINDS}
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stored = json.loads(self.path.read_text(encoding="utf-8"))
            for kind in KINDS:
                found = stored.get(kind, {})
                entries[kind] = {n: e for n, e in found.items() if isinstance(e, dict)}
        return entries

    def get(self, kind: str, name: str) -> dict:
        """An entry; empty where there is none."""
        return self.all()[kind].get(name, {})

    def put(self, kind: str, name: str, **entry) -> bool:
        """Keep an entry in place of the old one; False where the folder cannot be written."""
        if self.path is None:
            return False
        with _writing:
            entries = self.all()
            if entries[kind].get(name) == entry:
                return True
            entries[kind][name] = entry
            text = json.dumps(entries, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                _replace(self.path, text)
            except OSError:
                return False
        return True


class Keeper:
    """Keeps an entry that changes with every move: a moment later, as it is then.

    Args:
        entry: gives the entry when it is written.
    """

    def __init__(self, memory: Memory, kind: str, name: str, entry: Callable[[], dict]):
        self.memory, self.kind, self.name, self.entry = memory, kind, name, entry
        self._timer: threading.Timer | None = None

    def changed(self) -> None:
        """The entry has changed, or may have."""
        if self._timer is None and self.memory.path is not None:
            self._timer = threading.Timer(MOMENT, self.write)
            self._timer.daemon = True
            self._timer.start()

    def write(self) -> None:
        """Write now what waits to be written."""
        waiting, self._timer = self._timer, None
        if waiting is not None:
            waiting.cancel()
            self.memory.put(self.kind, self.name, **self.entry())


def _replace(path: Path, text: str) -> None:
    """Write all or nothing: a kernel that is ended meanwhile leaves the old file."""
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def export(target: Path | str = "my_answers.json") -> Path:
    """Write everything that is remembered into one file that a student can hand in."""
    stored = {path.stem: Memory(path.stem).all() for path in _files()}
    target = Path(target)
    text = json.dumps(stored, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    target.write_text(text, encoding="utf-8")
    return target


def forget(notebook: str | None = None) -> None:
    """Forget one lesson, or all of them."""
    for path in _files():
        if notebook in (None, path.stem):
            path.unlink(missing_ok=True)


def _files() -> list[Path]:
    return sorted(folder().glob("*.json")) if folder() is not None else []
