"""The first code cell of every notebook: where one is opened without its course, it fetches that.

The cell is folded, does nothing where the course is installed, and cannot import anything of it.
`make pages` lays it into the notebooks.  The address of the repository stands in one place,
``Repository`` in pyproject.toml's [project.urls]; as long as it is not there, the cell says so.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import execute
import nbformat

ROOT = Path(__file__).resolve().parents[2]
ID = "alone"  # of the cell
SOURCE = """\
# Does nothing where the course is installed. A notebook that was opened alone fetches it.
from importlib.util import find_spec


def fetch_the_course(address):
    import importlib
    import site
    import subprocess
    import sys
    from importlib.metadata import version
    from pathlib import Path

    class Stop(Exception):
        def _render_traceback_(self):  # one sentence, and the cells below do not run
            return [str(self)]

    around = [p for p in Path.cwd().parents if (p / "lecture_utils" / "lessons").is_dir()]
    source = str(around[0]) if around else address and f"git+{address}"
    if not source:
        raise Stop("This notebook was opened without its course and knows no address to fetch it "
                   "from: put it back into the folder notebooks of the course and open it there.")
    print("Fetching the course and what it needs: a minute or two.")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", source]
    done = subprocess.run(pip, capture_output=True, text=True)
    if site.ENABLE_USER_SITE:  # pip's way out where it may not write, made after Python started
        site.addsitedir(site.getusersitepackages())
    importlib.invalidate_caches()
    if done.returncode or find_spec("lecture_utils") is None:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        reason = errors[-1] if errors else "pip gave no reason"
        raise Stop(f"The course could not be installed from {source} ({reason}): mend that, "
                   "and run this cell again.")
    used = ["numpy", "scipy", "matplotlib", "jax", "anywidget", "ipywidgets", "traitlets"]
    old = [name for name in used if name in sys.modules
           and sys.modules[name].__version__ != version(name)]
    if old:
        raise Stop(f"The course is here; {', '.join(old)} was renewed while in use: restart the "
                   "kernel (or session) once, and run all cells.")
    print("The course is here.")


if find_spec("lecture_utils") is None:
    fetch_the_course("ADDRESS")"""


def address() -> str:
    """Where the repository can be fetched from, or ""."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project.get("urls", {}).get("Repository", "").rstrip("/")


def source() -> str:
    """The cell's text, with the present address."""
    return SOURCE.replace("ADDRESS", address())


def lay(notebook: nbformat.NotebookNode) -> None:
    """Put the present cell below the title, in place, and count the cells again."""
    cell = nbformat.v4.new_code_cell(source(), id=ID)
    cell.metadata |= {"jupyter": {"source_hidden": True}, "slideshow": {"slide_type": "skip"}}
    first = next(place for place, c in enumerate(notebook.cells) if c.cell_type == "code")
    notebook.cells[first : first + (notebook.cells[first].id == ID)] = [cell]
    execute.normalize(notebook)
