"""INSTRUMENTS.md runs, from top to bottom, where the libraries it names are installed."""

import importlib.util
import pathlib
import re

import numpy as np
import pytest

TEXT = pathlib.Path(__file__).parents[1].joinpath("INSTRUMENTS.md").read_text(encoding="utf-8")
SECTIONS = {
    part.partition("\n")[0]: re.findall(r"^```python\n(.*?)^```", part, flags=re.M | re.S)
    for part in re.split(r"^#+ ", TEXT, flags=re.M)
    if part
}
FIRST, *OTHERS = [name for name, blocks in SECTIONS.items() if blocks]
IMPORTS = re.compile(r"^(?:import|from) (\w+)", flags=re.M)


def missing(code):
    """The libraries that a block needs and that are not here."""
    return [name for name in IMPORTS.findall(code) if importlib.util.find_spec(name) is None]


CHEAP = ("Parameters of your own",)  # the others compile for half a minute


@pytest.mark.parametrize(
    "section",
    [pytest.param(name, marks=[] if name in CHEAP else [pytest.mark.nightly]) for name in OTHERS],
)
def test_the_guide_s_code_runs(section, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(SECTIONS[FIRST][0], names)
    if section == "Dropout and other chance":  # goes on from Flax
        exec("from flax import linen as nn", names)
    ran = 0
    for code in SECTIONS[section]:
        if missing(code):
            continue
        if "weights.npz" in code and not pathlib.Path("weights.npz").exists():
            np.savez("weights.npz", **as_from_pytorch(names["x"]))
        exec(compile(code, f"INSTRUMENTS.md, {section}", "exec"), names)
        ran += 1
    if not ran:
        pytest.skip(f"not installed: {', '.join(missing(SECTIONS[section][0]))}")


def as_from_pytorch(x):
    """What the block before would have saved, under PyTorch's names, by its formula."""
    rng = np.random.default_rng(0)
    first, second = rng.standard_normal((5, 4)), rng.standard_normal((3, 5))
    hidden = np.tanh(np.einsum("ni,oi->no", x, first) + 0.1)
    arrays = {
        "0.weight": first, "0.bias": np.full(5, 0.1), "2.weight": second, "2.bias": np.zeros(3),
        "inputs": x, "outputs": np.einsum("ni,oi->no", hidden, second),
    }  # fmt: skip
    return {name: array.astype("float32") for name, array in arrays.items()}


def test_the_guide_has_a_section_for_every_kind_of_model():
    wanted = ("Parameters of your own", "Flax, linen", "Flax, nnx", "Equinox", "Haiku", "Dropout",
              "Minibatches", "A model in PyTorch")  # fmt: skip
    for name in wanted:
        assert any(section.startswith(name) for section in OTHERS), name
