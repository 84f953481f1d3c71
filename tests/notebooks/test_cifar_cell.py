"""Notebook 06's optional CIFAR-10 cell, on a small file of our own in CIFAR's binary format."""

import hashlib
import io
import tarfile
from pathlib import Path

import nbformat
import numpy as np
import pytest

from lecture_utils import datasets

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "06_loss_surfaces_2d.ipynb"
# Cells by their first words; in them, what would take hours is made short.
NEEDED = ("import jax\n", "RULES =", "def batches", "def schedule", "CIFAR =")
SHORTER = {
    "STEPS = datasets.digits(), 1500": "STEPS = datasets.digits(), 8",
    "CIFAR = False": "CIFAR = True",
    "= 20_000": "= 4",
    "deep_cnn((32, 32, 3), 32)": "deep_cnn((32, 32, 3), 2)",
    '"test", 2000': '"test", 20',
    "photos.x[:2000]": "photos.x[:20]",
    "photos.y[:2000]": "photos.y[:20]",
}


@pytest.fixture
def archive(monkeypatch, tmp_path):
    """Twenty random photographs in each of the six files."""
    rng, stream = np.random.default_rng(0), io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as files:
        for name in (*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"):
            records = rng.integers(0, 256, (20, 1 + 3072), np.uint8)
            records[:, 0] %= 10
            member = tarfile.TarInfo(f"cifar-10-batches-bin/{name}.bin")
            member.size = records.size
            files.addfile(member, io.BytesIO(records.tobytes()))
    content, name = stream.getvalue(), "cifar-10-binary.tar.gz"
    (tmp_path / name).write_bytes(content)
    monkeypatch.setenv("LECTURE_DATA", str(tmp_path))
    source = ("https://example.org/" + name, hashlib.sha256(content).hexdigest())
    monkeypatch.setitem(datasets._SOURCES, name, source)


def test_the_cifar_cell_runs_and_prints_every_strategy(archive, capsys):
    sources = [c.source for c in nbformat.read(NOTEBOOK, as_version=4).cells]
    found = [source for source in sources if source.startswith(NEEDED)]
    assert len(found) == len(NEEDED)
    code = "\n".join(found)
    for long, short in SHORTER.items():
        assert code.count(long) == 1, long
        code = code.replace(long, short)
    names = {}
    exec(code, names)
    lines = capsys.readouterr().out.splitlines()[-len(names["photo_ends"]) :]
    assert [line[:12].strip() for line in lines[:3]] == ["SGD", "momentum", "Adam"]
    for line in lines:
        assert {"loss", "disagreement", "barrier", "accuracy"} <= set(line.split()), line
        assert "nan" not in line and "inf" not in line
