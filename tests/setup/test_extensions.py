"""What the course adds to a page of JupyterLab."""

import hashlib
import json
import re

import pytest

from lecture_utils.launch import SETTINGS

EXTENSIONS = {"geometry-of-training": "container.js", "lecture-slides": "slides.js"}


@pytest.mark.parametrize("name", EXTENSIONS)
def test_the_address_of_an_extension_changes_with_what_it_says(name):
    """A browser keeps each file for a year under its address."""
    folder = SETTINGS / "labextensions" / name
    files = sorted(file for file in (folder / "static").iterdir() if file.suffix in (".js", ".css"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:10]
    build = json.loads((folder / "package.json").read_text())["jupyterlab"]["_build"]
    wanted = f"static/{EXTENSIONS[name]}?v={digest}"
    assert build["load"] == wanted, f'write "load": "{wanted}" into package.json'
    for file in files:  # an import without the version would be an old file
        assert not re.search(r"""^import |import\(["']""", file.read_text(), re.MULTILINE), file
