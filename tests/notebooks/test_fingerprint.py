"""A recorded seed stays good when words and figures change, and only then."""

import nbformat
import pytest
from fingerprint import evidence, fingerprint

CODE = '''
import numpy as np
from lecture_utils.lessons.start_here import experiments, figures, lesson
SEED = 0
def squared(x):
    """The square."""
    return x**2
values = np.array([1.0, 2.0])
values[0] = 3
out = {}
for k in range(3):
    print(f"run {k}")
    out[k] = squared(k)
runs = parallel(squared, range(4), "four runs")
fig, ax = figures.canvas()
ax.plot(values, label="the values")
figures.show(fig, "A line through two points.")
lesson.predict("p")
lesson.claim("a", {"the largest": measured(values) > 1, "runs": measured(out[2]) < len(runs)})
'''


def of(code):
    return fingerprint(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"the largest"', '"the greatest of them"'),
        ('"the values"', '"values by k"'),
        ("ax.plot", "ax.semilogy"),
        ("A line through two points.", "Two points and the line through them."),
        ('"""The square."""', '"""The square of x."""'),
        ('print(f"run {k}")', 'print(f"{k} is run")'),
        ('"four runs"', '"runs"'),
        ('lesson.predict("p")', 'lesson.predict("q")'),
        ("SEED = 0\n", "SEED = 0\nunused = 3\n"),
    ],
)
def test_words_and_figures_do_not_count(old, new):
    assert CODE.count(old) == 1
    assert of(CODE.replace(old, new)) == of(CODE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("> 1,", "> 2,"),
        ("x**2", "x**3"),
        ("values[0] = 3", "values[0] = 4"),
        ("range(3)", "range(4)"),
        ("squared, range(4)", "squared, range(5)"),
    ],
)
def test_evidence_and_criteria_count(old, new):
    assert CODE.count(old) == 1
    assert of(CODE.replace(old, new)) != of(CODE)


def test_the_evidence_of_a_real_notebook_holds_no_figure():
    from execute import NOTEBOOKS

    for path in NOTEBOOKS:
        cells = nbformat.read(path, as_version=4).cells
        code = "\n".join(c.source for c in cells if c.cell_type == "code")
        taken = evidence(code)
        assert len(taken) >= 3, path.stem
        assert not any("figures.show(" in text for text in taken), path.stem
