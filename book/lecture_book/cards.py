"""Predictions and exercises as forms: book.js commits, reveals and remembers.

Without JavaScript an answer, the hints and a solution stand below in a fold.
"""

from __future__ import annotations

import html
import json

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from lecture_utils.studio.cards import solution_text
from lecture_utils.studio.lesson import Lesson
from lecture_utils.studio.questions import Exercise, Prediction

from .wording import in_book

__all__ = ["answers", "exercise", "prediction", "python"]


def prediction(lesson: Lesson, asked: Prediction) -> str:
    """The form of a prediction; what it reveals travels beside it as JSON."""
    name = f"{lesson.notebook}-{asked.name}"
    options = "\n".join(
        f'<label><input type="radio" name="{name}" value="{html.escape(label)}"> '
        f"<span>{html.escape(label)}</span></label>"
        for label in asked.options
    )
    told = {label: in_book(text) for label, text in asked.options.items()}
    hidden = {"answer": asked.answer, "options": told, "reveal": in_book(asked.reveal)}
    return f"""<form class="lu-card lu-prediction" data-name="{asked.name}">
<fieldset><legend><b>Predict.</b> {in_book(asked.question)}</legend>
{options}
</fieldset>
<button type="submit" class="lu-button" disabled>Commit</button>
<div class="lu-message" role="status"></div>
{_json(hidden)}
<noscript><details><summary>The answer</summary>{_revealed(asked)}</details></noscript>
</form>"""


def exercise(lesson: Lesson, asked: Exercise) -> str:
    """The card of an exercise: hints one by one, the solution on a second press."""
    hidden = {"hints": [*map(in_book, asked.hints)], "solution": _solution(asked)}
    return f"""<div class="lu-card lu-exercise" data-name="{asked.name}">
<p><b>Exercise: {asked.title}.</b> {in_book(asked.task)}</p>
<p class="lu-note">The check runs your lines, and for that it needs Python:
take <a href="notebooks.html">the notebook</a> and run this cell there.
Here are the hints, and the solution when you ask twice.</p>
<div class="lu-row">
<button type="button" class="lu-button lu-hint">Hint 1 of {len(asked.hints)}</button>
<button type="button" class="lu-button lu-show">Show solution</button>
<label class="lu-done"><input type="checkbox"> I have solved it</label>
</div>
<div class="lu-message" role="status"></div>
<div class="lu-solution" hidden></div>
{_json(hidden)}
<noscript><details><summary>Hints and solution</summary>{_told(asked)}</details></noscript>
</div>"""


def answers(predictions: list[Prediction], exercises: list[Exercise]) -> str:
    """What stands at the end of a printed lesson, where nothing can be pressed."""
    parts = [f"<p><b>{in_book(p.question)}</b></p><p>{_revealed(p)}</p>" for p in predictions]
    parts += [f"<p><b>Exercise: {e.title}.</b></p>{_told(e)}" for e in exercises]
    return "\n".join(parts)


def python(code: str) -> str:
    """Python in the colors of the page."""
    return highlight(code, PythonLexer(), HtmlFormatter(cssclass="highlight"))


def _revealed(asked: Prediction) -> str:
    told = f"<b>{html.escape(asked.answer)}</b>: {asked.options[asked.answer]}"
    return in_book(" ".join(filter(None, [told, asked.reveal])))


def _told(asked: Exercise) -> str:
    hints = "".join(f"<li>{in_book(hint)}</li>" for hint in asked.hints)
    return f"<ol>{hints}</ol>{_solution(asked)}"


def _solution(asked: Exercise) -> str:
    why = f"<p>{in_book(asked.why)}</p>" if asked.why else ""
    return python(solution_text(asked)) + why


def _json(data: dict) -> str:
    text = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/json" class="lu-hidden">{text}</script>'
