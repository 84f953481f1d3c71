"""For every call of pytest, a plain ``pytest --nbval notebooks`` included."""

import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
SANITIZE = ROOT / "tests" / "notebooks" / "sanitize.cfg"

# Kernels inherit these.  Committed numbers come from a CPU, and a GPU's driver writes to stderr.
os.environ["JAX_PLATFORMS"] = "cpu"
# What somebody has answered in this folder is theirs, and no part of what is tested.
os.environ["LECTURE_ANSWERS"] = "off"
# Where the home cannot be written, IPython and matplotlib complain on stderr, which is compared.
if not os.access(Path.home(), os.W_OK):
    for name in ("IPYTHONDIR", "MPLCONFIGDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"):
        os.environ.setdefault(name, tempfile.mkdtemp(prefix="lecture-"))


def pytest_addoption(parser):
    parser.addoption("--lesson", help="of what runs for every lesson, only this one, such as 05")


def pytest_configure(config):
    """Numbers after ≈ are not compared; who names another file with patterns gets that."""
    if getattr(config.option, "nbval_sanitize_with", "no nbval") is None:
        config.option.nbval_sanitize_with = str(SANITIZE)
