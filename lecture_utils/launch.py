"""Open the course in JupyterLab, on every system: what ``make lab`` does, without make."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

__all__ = ["command", "environment", "find_notebooks", "lab"]


def find_notebooks(folder: Path | None = None) -> Path:
    """The folder of the notebooks: the one given, ./notebooks, here, or beside the package.

    Raises ValueError where no notebook of the course is found.
    """
    here, beside = Path.cwd(), Path(__file__).resolve().parents[1]
    places = [folder] if folder else [here / "notebooks", here, beside / "notebooks"]
    for place in places:
        if any(place.glob("00_*.ipynb")):
            return place.resolve()
    raise ValueError(
        f"folder must hold the notebooks of the course, but {places[0]} does not: change into the "
        "folder of the course, or name one with --folder."
    )


def environment(course: Path) -> dict[str, str]:
    """The variables under which JupyterLab runs, as in the Makefile.

    Settings and compiled code stay inside the course, and the user's own settings outside of it.
    """
    home = course / ".jupyter" / "home"
    own = {
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "IPYTHONDIR": home / "ipython",
        "JAX_COMPILATION_CACHE_DIR": home / "jax",
    }
    kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
    return (
        kept
        | {name: str(path) for name, path in own.items()}
        | {"JUPYTER_PREFER_ENV_PATH": "1", "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0"}
    )


_FOREIGN = {
    "JUPYTER_PATH",
    "JUPYTER_CONFIG_PATH",
    "JUPYTER_RUNTIME_DIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
    "PYTHONHOME",
}


def command(notebooks: Path, port: int) -> list[str]:
    """The call of JupyterLab that opens the first notebook of ``notebooks``."""
    first = min(path.name for path in notebooks.glob("*.ipynb"))
    call = [sys.executable, "-m", "jupyterlab", "--ip=127.0.0.1", f"--port={port}"]
    call += [f"--ServerApp.root_dir={notebooks}", "--log-level=WARN"]
    call += [f"--LabApp.default_url=/lab/tree/{first}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        call.append("--allow-root")
    if sys.platform.startswith("linux") and not os.environ.keys() & {"DISPLAY", "WAYLAND_DISPLAY"}:
        call.append("--no-browser")
    return call


def lab(folder: Path | None = None, port: int = 8888) -> int:
    """Run JupyterLab on the course until it is stopped; its exit status.

    Raises ValueError without JupyterLab, without notebooks, and where the port is taken.
    """
    if find_spec("jupyterlab") is None:
        raise ValueError("JupyterLab is missing: pip install jupyterlab, and repeat the command.")
    notebooks = find_notebooks(folder)
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise ValueError(
                f"port {port} is in use, perhaps by the course in another window: go there, or "
                "choose another one with --port."
            )
    print("Starting JupyterLab; Ctrl-C in this window stops it.", flush=True)
    try:
        return subprocess.call(command(notebooks, port), env=environment(notebooks.parent))
    except KeyboardInterrupt:
        return 0
