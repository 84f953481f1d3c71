"""Data: scikit-learn's own digits and what we make ourselves; MNIST and CIFAR-10 for who wants.

Nothing here needs the internet, except the first call of :func:`mnist` and of :func:`cifar10`.
"""

import hashlib
import os
import tarfile
import urllib.request
from pathlib import Path
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np

from .trees import check_count


class Dataset(NamedTuple):
    """Inputs x, (n, d) or (n,), and targets y: integer labels (n,) or values (n,)."""

    x: jnp.ndarray
    y: jnp.ndarray


FIVE_POINTS = Dataset(np.array([-1.0, 1.0, 3.0, 4.0, 5.0]), np.array([3.0, -3.0, 0.0, 1.0, 2.0]))
"""Slide 38: (-1,3), (1,-3), (3,0), (4,1), (5,2)."""


def digits(num: int | None = None, dtype=jnp.float32) -> Dataset:
    """1797 handwritten digits of 8×8 pixels, scaled to [0, 1], with labels 0-9.

    The first ``num`` in scikit-learn's order (all by default): x (num, 64) of ``dtype``, y (num,).
    """
    from sklearn.datasets import load_digits  # half a second that most imports do not need

    x, y = load_digits(return_X_y=True)
    num = len(y) if num is None else check_count(num, "num", 1, len(y))
    return Dataset(jnp.asarray(x[:num] / 16.0, dtype=dtype), jnp.asarray(y[:num]))


def noisy_labels(labels, fraction: float, seed: int, classes: int = 10):
    """Replace exactly round(fraction·n) of the integer labels (n,) by a different class each."""
    if not 0 <= fraction <= 1:
        raise ValueError(f"fraction must be between 0 and 1, but is {fraction}.")
    classes, labels = check_count(classes, "classes", 2), np.array(labels)
    if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            "labels must be integers of shape (n,), but has "
            f"shape {labels.shape} and dtype {labels.dtype}."
        )
    if not np.all((labels >= 0) & (labels < classes)):
        raise ValueError(f"labels must lie between 0 and classes - 1 = {classes - 1}.")
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(labels), size=round(fraction * len(labels)), replace=False)
    shift = rng.integers(1, classes, size=len(chosen))
    labels[chosen] = (labels[chosen] + shift) % classes
    return jnp.asarray(labels)


# --- larger data, from the internet -----------------------------------------------------------

# Where the data live, and the SHA-256 of the file: what is used is what its authors published.
_SOURCES = {
    "mnist.npz": (
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",
        "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
    ),
    "cifar-10-binary.tar.gz": (  # the binary version: nothing in it is ever executed
        "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
        "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    ),
}


class Unavailable(ConnectionError):
    """Data that had to be fetched and could not be."""


def mnist(split: str = "train", num: int | None = None, dtype=jnp.float32) -> Dataset:
    """70 000 handwritten digits of 28×28 pixels in [0, 1], with labels 0-9 (LeCun et al. 1998).

    ``split`` is ``"train"`` (60 000) or ``"test"`` (10 000); the first ``num`` of them, all by
    default: x (num, 784), y (num,).  The first call downloads 11 MB into the folder
    ``LECTURE_DATA`` of the environment, or ``~/.cache/lecture_utils``, and checks them.

    Raises
    ------
    Unavailable
        Offline, or when the server does not answer.
    ValueError
        For another ``split``, a bad ``num``, or a file whose checksum is wrong.
    """
    _check_split(split)
    with np.load(_fetch("mnist.npz"), allow_pickle=False) as arrays:
        return _images(arrays[f"x_{split}"], arrays[f"y_{split}"], num, dtype)


def cifar10(split: str = "train", num: int | None = None, dtype=jnp.float32) -> Dataset:
    """60 000 color photographs of 32×32 pixels in [0, 1] in ten classes (Krizhevsky 2009).

    ``split`` is ``"train"`` (50 000) or ``"test"`` (10 000); x (num, 3072) in the order row,
    column, color, as ``networks.deep_cnn((32, 32, 3))`` reads it, y (num,).  The first call
    downloads 170 MB.  Raises as :func:`mnist` does.
    """
    _check_split(split)
    names = [f"data_batch_{i}.bin" for i in range(1, 6)] if split == "train" else ["test_batch.bin"]
    with tarfile.open(_fetch("cifar-10-binary.tar.gz")) as archive:
        parts = [archive.extractfile(f"cifar-10-batches-bin/{name}").read() for name in names]
    # One record is a label and then three color planes.
    records = np.frombuffer(b"".join(parts), np.uint8).reshape(-1, 1 + 3072)
    images = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    return _images(images, records[:, 0], num, dtype)


def _check_split(split):
    if split not in ("train", "test"):
        raise ValueError(f"split must be 'train' or 'test', got {split!r}.")


def _images(images, labels, num, dtype) -> Dataset:
    num = len(labels) if num is None else check_count(num, "num", 1, len(labels))
    flat = images[:num].reshape(num, -1) / np.float32(255)
    return Dataset(jnp.asarray(flat, dtype=dtype), jnp.asarray(labels[:num], dtype=int))


def _fetch(name: str) -> Path:
    """The path of the checked file, downloaded unless it is there."""
    address, wanted = _SOURCES[name]
    folder = Path(os.environ.get("LECTURE_DATA") or Path.home() / ".cache" / "lecture_utils")
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                content = answer.read()
        except OSError as error:  # urllib's errors are such, and so are time-outs
            raise Unavailable(
                f"{name} is not on this computer and could not be fetched ({error}): connect to "
                "the internet once, or use datasets.digits(), which needs no connection."
            ) from error
        _require_checksum(content, wanted, name)
        part = path.with_name(f"{name}.{os.getpid()}.part")
        part.write_bytes(content)
        part.replace(path)  # at once, so that a download cut short leaves nothing behind
    else:
        _require_checksum(path.read_bytes(), wanted, name, f" at {path}: delete it and try again")
    return path


def _require_checksum(content: bytes, wanted: str, name: str, advice: str = ": try again later"):
    found = hashlib.sha256(content).hexdigest()
    if found != wanted:
        raise ValueError(
            f"{name} has the SHA-256 checksum {found[:8]}… instead of {wanted[:8]}…{advice}."
        )
