"""Lay down a lesson that runs and passes: a folder of its own and a notebook, nothing else.

    make lesson NAME=10_my_question

What it holds is a small true example, to be replaced piece by piece.
"""

from __future__ import annotations

import re
import subprocess
import sys

import alone
import execute
import nbformat
import pages

LESSONS = pages.ROOT / "lecture_utils" / "lessons"

INIT = '''"""Lesson {number} · {title}."""

from . import explorers, figures
from .questions import lesson

__all__ = ["explorers", "figures", "lesson"]
'''
FIGURES = '''"""The drawings of this lesson: arrays and an Axes in, artists out."""

from lecture_utils.studio.figures import *
'''
CLAIMS = '''"""What lesson {number} claims, and which slides and sections it covers."""

from lecture_utils.studio.claims import Claim

CLAIMS = [
    Claim(
        id="slope",
        says="a parabola is twice as steep twice as far out",
        lecture="ours",
        theory="the slope of a x² is 2 a x",
    ),
]

COVERS = {{}}
'''
QUESTIONS = '''"""Predictions and exercises of notebook {number}."""

from lecture_utils.studio.lesson import Lesson
from lecture_utils.studio.questions import Exercise, Prediction

from .claims import CLAIMS, COVERS

PREDICTIONS = [
    Prediction(
        name="steepness",
        question="At x = 1 the parabola x² rises with slope 2. With which slope at x = 2?",
        options={{
            "2, the same": "A straight line has one slope. A parabola has another one everywhere.",
            "4, twice as much": "The slope of x² is 2x.",
            "8, four times as much": "The height is four times as large, the slope is not.",
        }},
        answer="4, twice as much",
    ),
]


def slope(a, x):
    return 2 * a * x


def forgets_the_factor(a, x):
    return 2 * x


def takes_the_height(a, x):
    return a * x**2


EXERCISES = [
    Exercise(
        name="slope",
        title="the slope (easy)",
        task="Write <code>slope(a, x)</code>, the slope of a x² at x.",
        hints=["What is the derivative of x²?", "A constant factor stays in front."],
        solution=slope,
        mistakes={{
            "the factor a is missing": forgets_the_factor,
            "this is the height, not the slope": takes_the_height,
        }},
        inputs=[(1.5, 2.0), (-2.0, 3.5), (0.5, -1.0)],
        why="d/dx (a x²) = 2 a x.",
    ),
]

lesson = Lesson(
    "{notebook}",
    title="{title}",
    question="How steep is a parabola?",
    minutes=(45, 90),
    needs="00",
    sources="beyond",
    covers=COVERS,
    predictions=PREDICTIONS,
    exercises=EXERCISES,
    claims=CLAIMS,
)
'''
EXPLORERS = '''"""The explorers of notebook {number}."""

import numpy as np

from lecture_utils.studio.controls import Point, Slider
from lecture_utils.studio.explorer import Explorer

from . import figures

__all__ = ["Parabola"]

X = np.linspace(-2, 2, 81)


class Parabola(Explorer):
    """A parabola and its tangent."""

    title = "a parabola and its tangent"
    aim = "find where the parabola rises with slope 4."
    alt = "A parabola with a movable point on it, and the tangent there."
    controls = {{"a": Slider(1.0, -2.0, 2.0, 0.1, "curvature a")}}
    points = {{"place": Point("plot", start=(0.5, 0.25))}}
    presets = {{"a line": {{"a": 0.0}}, "upside down": {{"a": -1.0}}}}
    answer = {{"a": 2.0, "place": (1.0, 2.0)}}

    def paint(self):
        figure, self.plot = figures.canvas()
        self.plot.set(xlabel="x", ylabel="loss L", xlim=(-2, 2), ylim=(-4, 4))
        self.plot.set_title("the tangent turns with the point")
        (self.curve,) = self.plot.plot(X, X, color=figures.BLACK, ls="-")
        (self.tangent,) = self.plot.plot(X, X, color=figures.RED, ls="--")
        (self.dot,) = self.plot.plot([0], [0], "o", color=figures.RED, ms=11, mec="white")
        return figure, [self.curve, self.tangent, self.dot]

    def compute(self, a, place):
        x = place[0]
        return a * X**2, a * x**2 + 2 * a * x * (X - x), 2 * a * x

    def draw(self, result, a, place):
        curve, tangent, _ = result
        self.curve.set_ydata(curve)
        self.tangent.set_ydata(tangent)
        self.dot.set_data([place[0]], [a * place[0] ** 2])

    def tell(self, result, place):
        return f"At x = {{place[0]:.2f}} the slope is <b>{{result[2]:.2f}}</b>."

    def goal(self, result):
        return "2 a x = 4." if abs(result[2] - 4) < 0.1 else None
'''


def cells(notebook: str, name: str, title: str) -> list:
    """The notebook's cells: (kind of slide, text), code where the text is a list."""
    return [
        (
            "slide",
            f"# {notebook[:2]} · {title}\n\n**How steep is a parabola?**\n\nAfterwards you can\n\n"
            "1. say the slope of a parabola anywhere,\n2. draw its tangent,\n3. tell slope from "
            "height.\n\n45 min of class, 90 alone. Know first: 00. Goes beyond the lecture.",
        ),
        (
            "skip",
            [
                "import numpy as np",
                "",
                f"from lecture_utils.lessons.{name} import explorers, figures, lesson",
                "from lecture_utils.studio.claims import measured",
                "",
                "SEED = 0",
            ],
        ),
        ("slide", "## 1. A slope at every point"),
        ("", ['lesson.predict("steepness")']),
        (
            "",
            [
                "x = np.array([1.0, 2.0])",
                "h = 1e-4",
                "slopes = ((x + h) ** 2 - (x - h) ** 2) / (2 * h)",
                'print("slope at 1 and at 2:", slopes.round(3))',
            ],
        ),
        (
            "notes",
            "A small step $h$ to both sides changes $x^2$ by $4xh$, so the slope is $2x$: twice as "
            "far out the parabola is twice as steep.",
        ),
        (
            "skip",
            [
                'lesson.claim("slope", {',
                '    "slope at 2 over slope at 1": measured(slopes[1] / slopes[0]).between(',
                "        1.999, 2.001),",
                "})",
            ],
        ),
        ("slide", ["explorers.Parabola()"]),
        (
            "skip",  # homework; a blank of a lesson's core may stand on a slide
            ["def slope(a, x):", "    return ...", "", 'lesson.check("slope", slope)'],
        ),
        ("slide", "## Summary\n\nThe slope of $a x^2$ is $2 a x$."),
        ("skip", "## What the lecture says\n\nNothing of this; the claim is ours."),
        ("skip", ["lesson.claims()"]),
    ]


def main(notebook: str) -> int:
    if not re.fullmatch(r"\d\d_[a-z][a-z0-9_]*", notebook):
        print(f"NAME must be like 10_my_question, not {notebook!r}.", file=sys.stderr)
        return 1
    name = notebook[3:]
    title = name.replace("_", " ").capitalize()
    folder, path = LESSONS / name, pages.FOLDER / f"{notebook}.ipynb"
    taken = [p for p in (folder, *pages.FOLDER.glob(f"{notebook[:2]}_*.ipynb")) if p.exists()]
    if taken:
        print(f"{taken[0].name} is there already: choose another NAME.", file=sys.stderr)
        return 1
    folder.mkdir()
    texts = {
        "__init__": INIT,
        "figures": FIGURES,
        "claims": CLAIMS,
        "questions": QUESTIONS,
        "explorers": EXPLORERS,
    }
    for file, text in texts.items():
        text = text.format(number=notebook[:2], notebook=notebook, title=title)
        (folder / f"{file}.py").write_text(text, encoding="utf-8")
    made = nbformat.v4.new_notebook()
    for number, (kind, text) in enumerate(cells(notebook, name, title)):
        if isinstance(text, list):
            cell = nbformat.v4.new_code_cell("\n".join(text))
            if "lesson.claim" in cell.source:
                cell.metadata["jupyter"] = {"source_hidden": True}
        else:
            cell = nbformat.v4.new_markdown_cell(text)
        cell.id = f"c{number:02d}"
        cell.metadata["slideshow"] = {"slide_type": kind}
        made.cells.append(cell)
    alone.lay(made)
    execute.write(made, path)
    if execute.main([path]):
        return 1
    # A new process: this one counted the notebooks before there was another.
    subprocess.run([sys.executable, pages.__file__], check=True)
    print(f"Made {path.relative_to(pages.ROOT)} and {folder.relative_to(pages.ROOT)}/.")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or [""]))
