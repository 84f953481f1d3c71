"""Every test here with an argument ``notebook`` runs once for each file in notebooks/."""

from __future__ import annotations

import sys
from pathlib import Path

# The modules beside this file are found under every import mode of pytest.
sys.path.insert(0, str(Path(__file__).resolve().parent))
from execute import NOTEBOOKS


def pytest_generate_tests(metafunc):
    if "notebook" in metafunc.fixturenames:
        metafunc.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
