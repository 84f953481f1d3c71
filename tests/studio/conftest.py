"""What the tests of lessons and of notebooks share is used here too."""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "lessons"), str(TESTS / "notebooks")]
