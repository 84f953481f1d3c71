"""For every call of pytest, a plain ``pytest --nbval notebooks`` from anywhere included."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
SANITIZE = ROOT / "tests" / "notebooks" / "sanitize.cfg"

# Kernels inherit these.  Committed numbers come from a CPU, and a GPU's driver writes to stderr.
os.environ["JAX_PLATFORMS"] = "cpu"
# What somebody has answered in this folder is theirs, and no part of what is tested.
os.environ["LECTURE_ANSWERS"] = "off"


def set_home_aside():
    """Somebody's settings of IPython would print otherwise; a home may not take what is written.

    `make` has named folders of its own; those stay.
    """
    aside = tempfile.mkdtemp(prefix="lecture-")
    atexit.register(shutil.rmtree, aside, ignore_errors=True)
    names = ["IPYTHONDIR", "JUPYTER_CONFIG_DIR"]
    try:
        tempfile.TemporaryFile(dir=Path.home()).close()
    except (OSError, RuntimeError):  # not there, not ours, or not known
        names += ["MPLCONFIGDIR", "JUPYTER_RUNTIME_DIR"]
    for name in names:
        os.environ.setdefault(name, aside)


set_home_aside()


def pytest_addoption(parser):
    parser.addoption("--lesson", help="of what runs for every lesson, only this one, such as 05")


def pytest_configure(config):
    """Numbers after ≈ are not compared, and the kernel is this Python, whatever is called python3.

    Who names another file with patterns or another kernel gets that.
    """
    given = config.option
    if getattr(given, "nbval_sanitize_with", "no nbval") is None:
        given.nbval_sanitize_with = str(SANITIZE)
    if getattr(given, "nbval_kernel_name", "no nbval") is None:
        given.nbval_current_env = True
