"""The pattern of sanitize.cfg, for tests that compare outputs themselves."""

import configparser
import re
from pathlib import Path

_PATTERNS = configparser.RawConfigParser()
_PATTERNS.read(Path(__file__).with_name("sanitize.cfg"), encoding="utf-8")
MASK = re.compile(_PATTERNS["about"]["regex"])
