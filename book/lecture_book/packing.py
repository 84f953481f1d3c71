"""The course as one file to take along, and each notebook as one: a browser saves a .zip.

A browser that follows a link to an .ipynb shows its text, also where the link says `download` but
the page was opened from disk.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

__all__ = ["COURSE", "course", "notebook"]

FOLDER = "geometry-of-training"  # what unpacking makes
# Of the checkout, what makes the course run and what its README speaks of.
COURSE = (
    "README.md", "INSTRUMENTS.md", "CONTRIBUTING.md", "Makefile", "conftest.py", "environment.yml",
    "pyproject.toml", "requirements.txt", ".jupyter/overrides.json", ".jupyter/labextensions",
    "notebooks", "lecture_utils", "book", "tests", "benchmarks",
)  # fmt: skip
# Built, cached, or somebody's own.
_LEFT = {"_build", "__pycache__", "my_answers.json"}
_WHEN = (1980, 1, 1, 0, 0, 0)  # the same files make the same bytes


def notebook(path: Path, folder: Path) -> Path:
    """A notebook as folder/NAME.zip."""
    target = folder / f"{path.stem}.zip"
    with zipfile.ZipFile(target, "w") as packed:
        _add(packed, path, path.name)
    return target


def course(root: Path, folder: Path) -> Path:
    """The course in ``root`` as folder/course.zip; nothing that was built, or answered."""
    target = folder / "course.zip"
    with zipfile.ZipFile(target, "w") as packed:
        for name in COURSE:
            for file in _files(root / name):
                _add(packed, file, f"{FOLDER}/{file.relative_to(root).as_posix()}")
    return target


def _files(place: Path) -> list[Path]:
    """The files below a place, or the place itself where it is one; hidden ones are left."""
    if place.is_file():
        return [place]
    found = []
    for inner in sorted(place.iterdir()) if place.is_dir() else []:
        if inner.name not in _LEFT and not inner.name.startswith("."):
            found += _files(inner)
    return found


def _add(packed: zipfile.ZipFile, file: Path, name: str) -> None:
    told = zipfile.ZipInfo(name, _WHEN)
    told.compress_type = zipfile.ZIP_DEFLATED
    told.external_attr = 0o644 << 16  # readable once unpacked
    packed.writestr(told, file.read_bytes())
