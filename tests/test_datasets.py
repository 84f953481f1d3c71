"""The data: scikit-learn's digits as they are, and noise that is exactly as much as asked for."""

import hashlib
import io
import tarfile
import urllib.error
import urllib.request

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_digits
from unit_helpers import PROPERTY, refuses

from lecture_utils import datasets


def test_all_digits():
    x, y = datasets.digits()
    original = load_digits()
    assert x.shape == (1797, 64)
    assert x.dtype == jnp.float32
    assert (float(x.min()), float(x.max())) == (0, 1)
    np.testing.assert_array_equal(16 * x, original.data)
    np.testing.assert_array_equal(y, original.target)
    assert jnp.issubdtype(y.dtype, jnp.integer)


@pytest.mark.parametrize("num, dtype", [(1, jnp.float32), (300, jnp.float64), (1797, jnp.float32)])
def test_the_first_digits(num, dtype):
    x, y = datasets.digits(num, dtype)
    assert (x.shape, x.dtype, y.shape) == ((num, 64), dtype, (num,))
    assert int(y[0]) == 0


@pytest.mark.parametrize("num", [0, -1, 1798, 2.5, "all"])
def test_too_few_or_too_many_digits_are_refused(num):
    with refuses("num"):
        datasets.digits(num)


def test_the_five_points_of_slide_38():
    points = list(zip(*datasets.FIVE_POINTS, strict=True))
    assert points == [(-1, 3), (1, -3), (3, 0), (4, 1), (5, 2)]


@given(st.lists(st.integers(0, 9), max_size=40), st.floats(0, 1), st.integers(0, 2**32))
@PROPERTY
def test_exactly_the_asked_fraction_of_labels_becomes_another_class(labels, fraction, seed):
    labels = np.array(labels, dtype=int)
    before = labels.copy()
    noisy = np.asarray(datasets.noisy_labels(labels, fraction, seed))
    assert np.sum(noisy != labels) == round(fraction * len(labels))
    assert set(noisy.tolist()) <= set(range(10))
    np.testing.assert_array_equal(labels, before)
    np.testing.assert_array_equal(datasets.noisy_labels(labels, fraction, seed), noisy)


def test_every_other_class_is_equally_likely():
    noisy = np.asarray(datasets.noisy_labels(np.full(9000, 3), 1.0, seed=0))
    counts = np.bincount(noisy, minlength=10)
    assert counts[3] == 0
    assert np.all(np.abs(np.delete(counts, 3) - 1000) < 150)  # five standard deviations


@pytest.mark.parametrize("fraction", [-0.1, 1.1, float("nan")])
def test_a_fraction_beyond_its_range_is_refused(fraction):
    with refuses("fraction"):
        datasets.noisy_labels([0, 1], fraction, seed=0)


@pytest.mark.parametrize("labels", [np.array([0.5, 1.0]), np.zeros((2, 3), int), [0, 10]])
def test_labels_that_are_not_a_list_of_classes_are_refused(labels):
    with refuses("labels"):
        datasets.noisy_labels(labels, 0.5, seed=0)


@pytest.mark.parametrize("classes", [1, 2.5])
def test_one_class_has_no_other(classes):
    with refuses("classes"):
        datasets.noisy_labels([0, 0], 0.5, seed=0, classes=classes)


# --- downloads: a small file of our own in place of the internet -------------------------------


def mnist_file():
    """Three training and two test images as the real file stores them."""
    stream, rng = io.BytesIO(), np.random.default_rng(0)
    sizes = {"train": 3, "test": 2}
    images = {f"x_{s}": rng.integers(0, 256, (n, 28, 28), np.uint8) for s, n in sizes.items()}
    np.savez(stream, **images, **{f"y_{s}": np.arange(n, dtype="uint8") for s, n in sizes.items()})
    return stream.getvalue()


def cifar_file():
    """Each of the six members holds one image whose red plane is its label and blue plane 255."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for label, name in enumerate([*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"]):
            planes = np.repeat(np.array([label, 0, 255], np.uint8), 1024)
            content = np.insert(planes, 0, label).tobytes()
            member = tarfile.TarInfo(f"cifar-10-batches-bin/{name}.bin")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


FILES = {"mnist.npz": mnist_file(), "cifar-10-binary.tar.gz": cifar_file()}


@pytest.fixture
def web(monkeypatch, tmp_path):
    """An internet of two files; returns the list of addresses that were opened."""
    opened = []

    def urlopen(address, timeout):
        opened.append(address)
        return io.BytesIO(FILES[address.rsplit("/", 1)[1]])

    sources = {
        name: (f"https://example.org/{name}", hashlib.sha256(content).hexdigest())
        for name, content in FILES.items()
    }
    monkeypatch.setattr(datasets, "_SOURCES", sources)
    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    monkeypatch.setenv("LECTURE_DATA", str(tmp_path / "data"))
    return opened


def test_mnist_is_fetched_once_and_scaled(web):
    x, y = datasets.mnist()
    assert (x.shape, x.dtype, y.tolist()) == ((3, 784), jnp.float32, [0, 1, 2])
    assert (float(x.min()), float(x.max())) == (0, 1)
    test = datasets.mnist("test", num=1, dtype=jnp.float64)
    assert (test.x.shape, test.x.dtype, test.y.tolist()) == ((1, 784), jnp.float64, [0])
    assert len(web) == 1


def test_cifar10_puts_the_colors_last(web):
    x, y = datasets.cifar10()
    assert (x.shape, y.tolist()) == ((5, 3072), [0, 1, 2, 3, 4])
    image = np.asarray(x[3]).reshape(32, 32, 3)
    np.testing.assert_allclose(image, np.broadcast_to([3 / 255, 0, 1], (32, 32, 3)), rtol=1e-6)
    assert datasets.cifar10("test").y.tolist() == [5]


@pytest.mark.parametrize("load", [datasets.mnist, datasets.cifar10])
def test_offline_is_one_sentence_and_leaves_nothing_behind(load, web, monkeypatch, tmp_path):
    def urlopen(address, timeout):
        raise urllib.error.URLError("Name or service not known")

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    with pytest.raises(ConnectionError, match=r"use datasets\.digits\(\).*\.$") as caught:
        load()
    assert "\n" not in str(caught.value)
    assert not list((tmp_path / "data").iterdir())


def test_a_wrong_file_is_never_used(web, monkeypatch, tmp_path):
    datasets.mnist()
    (tmp_path / "data" / "mnist.npz").write_bytes(b"cut short")
    with refuses("checksum"):
        datasets.mnist()
    monkeypatch.setitem(FILES, "cifar-10-binary.tar.gz", b"an error page")
    with refuses("checksum"):
        datasets.cifar10()
    assert not (tmp_path / "data" / "cifar-10-binary.tar.gz").exists()


@pytest.mark.parametrize("load", [datasets.mnist, datasets.cifar10])
def test_other_splits_and_numbers_are_refused(load, web):
    with refuses("split"):
        load("valid")
    assert not web
    for num in (0, 6):
        with refuses("num"):
            load(num=num)


def test_the_real_addresses_are_secure_and_each_has_a_checksum():
    for name, (address, checksum) in datasets._SOURCES.items():
        assert address.startswith("https://")
        assert address.endswith(name)
        assert len(bytes.fromhex(checksum)) == 32
