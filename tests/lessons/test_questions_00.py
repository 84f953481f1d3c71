"""The questions of notebook 00, and that its map and its check tell the truth."""

import itertools
import json
import math
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

from lecture_utils.lessons.start_here.questions import (
    bowl,
    flipped_copy,
    lesson,
    number_of_copies,
    violation,
    waves,
)

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "notebooks" / "00_start_here.ipynb"


def cells(path, kind):
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in found if cell["cell_type"] == kind]


def turned_in_place(w, b, v, i):
    for z in (w, b, v):
        z[i] *= -1
    return [w, b, v]


def test_a_flipped_copy_is_the_same_function():
    x = np.linspace(-2, 2, 9)[:, None]
    for w, b, v, i in lesson.exercises["flipped_copy"].inputs:
        w2, b2, v2 = flipped_copy(w, b, v, i)
        np.testing.assert_allclose(np.tanh(x * w2 + b2) @ v2, np.tanh(x * w + b) @ v)


def test_other_ways_to_the_answer_are_accepted():
    answers = {
        "mean_squared_error": lambda outputs, targets: sum((outputs - targets) ** 2) / len(targets),
        "flipped_copy": turned_in_place,
        "number_of_copies": lambda n: math.prod(2 * k for k in range(1, n + 1)),
        "violation": lambda loss, a, b, t: (
            loss(b + t * (a - b)) - loss(b) - t * (loss(a) - loss(b))
        ),
    }
    for name, answer in answers.items():
        assert lesson.check(name, answer).feedback.status == "correct", name


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_number_of_copies_is_that_of_different_parameters(n):
    units = np.arange(1.0, n + 1)
    signs = itertools.product([1, -1], repeat=n)
    orders = list(itertools.permutations(range(n)))
    found = {tuple((units * sign)[list(order)]) for sign in signs for order in orders}
    assert len(found) == number_of_copies(n)
    assert number_of_copies(10) == 3_715_891_200


def test_a_bowl_is_never_caught_and_waves_are():
    rng = np.random.default_rng(0)
    lines = [(*rng.normal(size=(2, 2)), rng.uniform()) for _ in range(100)]
    assert max(violation(bowl, *line) for line in lines) < 0
    assert max(violation(waves, *line) for line in lines) > 0


def test_the_plan_for_each_lesson_takes_fifty_minutes():
    *_, plan = "\n".join(cells(NOTEBOOK, "markdown")).partition("## 9. For teachers")
    shown = [row.split("|")[2] for row in plan.splitlines() if row.startswith("| **")]
    lessons = [part for row in shown for part in re.split(r"\*(?:first|Second|\d):\*", row)]
    minutes = [sum(map(int, re.findall(r"\((\d+)\)", part))) for part in lessons]
    assert [total for total in minutes if total] == [50] * (1 + 2 + 4)


def test_the_check_asks_for_what_the_package_needs():
    """The smallest versions of pyproject.toml, for all that runs in the kernel."""
    (check,) = [text for text in cells(NOTEBOOK, "code") if "def what_is_missing" in text]
    asked = {
        name: f"{major}.{minor}"
        for name, major, minor in re.findall(r'"([\w-]+)": \((\d+), (\d+)\)', check)
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = dict(
        re.match(r"([\w-]+)>=([\d.]+)", line).groups() for line in project["dependencies"]
    )
    server = {"ipykernel"}
    wanted = {
        name: ".".join(version.split(".")[:2])
        for name, version in needed.items()
        if name not in server
    }
    assert asked == wanted


def test_the_check_names_what_is_missing():
    """It has to work where the set-up cell has failed: with the standard library alone."""
    import sys
    from importlib import metadata

    (check,) = [text for text in cells(NOTEBOOK, "code") if "def what_is_missing" in text]

    class Installed:
        PackageNotFoundError = metadata.PackageNotFoundError

        @staticmethod
        def version(name):
            if name == "optax":
                raise metadata.PackageNotFoundError(name)
            return "0.5.3" if name == "jax" else metadata.version(name)

    class Old:
        version_info, modules = (3, 10, 1), {}

    def missing(**fakes):
        names = {"sys": sys, "metadata": metadata} | fakes
        exec(check.split("missing = what_is_missing()")[0], names)
        return names["what_is_missing"]()

    assert missing() == []
    assert missing(metadata=Installed) == ["jax 0.6", "optax 0.2"]
    assert missing(sys=Old) == ["Python 3.11", "lecture_utils"]
