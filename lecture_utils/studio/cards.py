"""The cards a cell returns: a prediction, an exercise."""

from __future__ import annotations

import html
import inspect
import re
import textwrap
from collections.abc import Callable, Sequence

import anywidget
import ipywidgets as widgets
import traitlets

from lecture_utils.studio.attempts import name_error
from lecture_utils.studio.grading import Feedback, sentence
from lecture_utils.studio.live import view_of
from lecture_utils.studio.memory import Memory
from lecture_utils.studio.questions import Exercise, Prediction
from lecture_utils.studio.style import GREEN, RED
from lecture_utils.studio.values import code


class _Page(anywidget.AnyWidget):
    """The cards' style, and radio buttons that answer the arrow keys.

    ipywidgets leaves its radio buttons without a common name, so that the browser does not know
    them as a group, and JupyterLab takes an arrow key as a move to the next cell.
    What was committed is told to whoever hosts the page by the event ``lecture-committed``.
    Where the kernel computes a cell and answers later, the card says at once that it waits.
    """

    committed = traitlets.Unicode().tag(sync=True)
    verdict = traitlets.Unicode().tag(sync=True)  # the same judged, as plain text
    answered = traitlets.Int().tag(sync=True)  # how often the kernel has done what was asked

    _esm = """
    const prepare = (el, model) => {
      const card = el.closest(".lecture-card");
      if (!card) return requestAnimationFrame(() => prepare(el, model));
      const tell = () => {
        const detail = { answer: model.get("committed"), verdict: model.get("verdict") };
        if (detail.answer)
          el.dispatchEvent(new CustomEvent("lecture-committed", { bubbles: true, detail }));
      };
      model.on("change:committed", tell);
      tell();
      const waits = document.createElement("div");
      waits.className = "lecture-waits";
      waits.setAttribute("role", "status");
      el.append(waits);
      const ask = (event) => {
        if (!event.target.closest(event.type === "click" ? "button" : "input[type=radio]")) return;
        const before = model.get("answered");
        setTimeout(() => {
          if (model.get("answered") === before) waits.textContent =
            "Waiting: the kernel is computing a cell. This is done as soon as it is free.";
        }, 400);
      };
      card.addEventListener("click", ask);
      card.addEventListener("change", ask);
      model.on("change:answered", () => { waits.textContent = ""; });
      const name = "lecture-" + Math.random().toString(36).slice(2);
      card.addEventListener("focusin", () => {
        card.querySelectorAll("input[type=radio]").forEach((radio) => {
          radio.name = name;
          radio.dataset.lmSuppressShortcuts = "true";
        });
      });
    };
    export default { render: ({ el, model }) => prepare(el, model) };
    """
    _css = f"""
    .lecture-card {{ border-left: 5px solid var(--jp-border-color1, #9e9e9e); margin: 6px 0;
      padding: 6px 4px 6px 14px; max-width: 50em; overflow: visible;
      font-size: max(15px, var(--jp-content-font-size1, 15px)); }}
    .lecture-right {{ border-left-color: {GREEN}; }}
    .lecture-wrong {{ border-left-color: {RED}; }}
    .lecture-card .widget-htmlmath {{ height: auto; }}
    .lecture-card .widget-htmlmath-content, .lecture-card label, .lecture-card button {{
      font-size: max(15px, var(--jp-content-font-size1, 15px)) !important;
      line-height: 1.5 !important; white-space: normal;
      color: var(--jp-content-font-color1, inherit); }}
    .lecture-card .widget-radio-box label {{ display: flex; flex-direction: row-reverse;
      justify-content: flex-end; align-items: flex-start; height: auto; padding: 2px 0; }}
    .lecture-card .widget-radio-box input {{ flex: none; height: 1.5em; margin-right: 8px; }}
    .lecture-waits {{ padding: 4px 0; }}
    .lecture-waits:empty {{ display: none; }}
    .lecture-card > button {{ align-self: flex-start; }}
    .lecture-card pre {{ background: var(--jp-layout-color2, rgba(128, 128, 128, 0.15));
      color: inherit; padding: 8px; overflow-x: auto; line-height: 1.4;
      font-size: 14px !important; }}
    """


class Card(widgets.VBox):
    """A box with a left border that becomes green or vermillion, and a fixed static form."""

    last_error: Exception | None = None

    def __init__(self, rows: Sequence[widgets.Widget]):
        self._page = _Page()
        super().__init__([*rows, self._page])
        self.add_class("lecture-card")

    def _color_border(self, right: bool):
        self.add_class("lecture-right" if right else "lecture-wrong")

    def _say(self, *lines: str):
        """Show lines of HTML below the buttons; they are read aloud to those who do not see."""
        self._message.value = _html(*lines)

    def _button(self, label: str, act: Callable[[], None], **settings) -> widgets.Button:
        button = widgets.Button(description=label, layout={"width": "auto"}, **settings)

        def press(_):
            try:
                act()
            except Exception as error:  # a widget never shows a traceback
                self.last_error = error
                self._say(f"Something went wrong ({name_error(error)}).")
            self._page.answered += 1

        button.on_click(press)
        return button

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = view_of(self, self._page)
        return {**data, "text/plain": repr(self), "text/markdown": self._markdown()}, metadata

    _ipython_display_ = None  # see LivePicture


class PredictionCard(Card):
    """Choose, commit, read why. The answer reaches the page only with the commit."""

    def __init__(self, prediction: Prediction, memory: Memory):
        self._prediction, self._memory = prediction, memory
        self._said: list[str] = []  # HTML, once committed
        self._message = widgets.HTMLMath()
        self.radio = widgets.RadioButtons(
            options=list(prediction.options), value=None, layout={"width": "auto"}
        )
        self.commit = self._button("Commit", self._commit, disabled=True)
        self.radio.observe(self._chosen, "value")
        question = widgets.HTMLMath(f"<b>Predict.</b> {prediction.question}")
        super().__init__([question, self.radio, self.commit, self._message])
        before = memory.get("predictions", prediction.name).get("answer")
        if before in prediction.options:  # an option that was reworded since is asked again
            self.radio.value = before
            self._commit()

    @property
    def feedback(self) -> str:
        """The HTML below the button, empty before the commit."""
        return self._message.value

    def _chosen(self, _):
        self.commit.disabled = self.radio.value is None
        self._page.answered += 1

    def _commit(self):
        given, p = self.radio.value, self._prediction
        if given is None or self.radio.disabled:
            return
        self.radio.disabled = True
        self.commit.description = "Committed"  # not disabled: the keyboard focus would be lost
        right = given == p.answer
        self._memory.put("predictions", p.name, answer=given, right=right)
        self._page.verdict = "✔ correct" if right else f"✘ the right answer: {_plain(p.answer)}"
        self._page.committed = given
        sign = _mark("correct" if right else "wrong")
        lines = [f"{sign} <b>{html.escape(given)}</b>: {p.options[given]}"]
        if not right:
            lines.append(f"The right answer: <b>{html.escape(p.answer)}</b>. {p.options[p.answer]}")
        self._color_border(right)
        self._said = [*lines, p.reveal]
        self._say(*self._said)

    def __repr__(self) -> str:
        options = " / ".join(self._prediction.options)
        question = _plain(self._prediction.question)
        return f"Prediction: {question} Options: {options} (run the cell and commit an answer)"

    def _markdown(self) -> str:
        options = "\n".join(f"- {html.escape(label)}" for label in self._prediction.options)
        said = "\n\n".join(self._said) or "*Run the cell, choose and commit.*"
        return f"**Predict.** {self._prediction.question}\n\n{options}\n\n{said}"


class ExerciseCard(Card):
    """The verdict on an attempt, staged hints, and the solution on a second press."""

    def __init__(self, exercise: Exercise, feedback: Feedback, memory: Memory):
        self.exercise, self.feedback, self._memory = exercise, feedback, memory
        kept = self._kept()
        self._message, self._solution = widgets.HTMLMath(), widgets.HTMLMath()
        self.hint = self._button("", self._next_hint)
        self.solution = self._button("Show solution", self._ask_or_show)
        self.hints_shown = min(_count(kept.get("hints")), len(exercise.hints))
        self._label_hint()
        before = kept.get("solved", False)
        self._before = "✔ Solved before." if before and feedback.status != "correct" else ""
        verdict = widgets.HTMLMath(
            _html(f"{_mark(feedback.status)} {_inline(feedback)}", self._before)
        )
        task = widgets.HTMLMath(f"<b>Exercise: {exercise.title}.</b> {exercise.task}")
        buttons = widgets.HBox([self.hint, self.solution])
        super().__init__([task, verdict, buttons, self._message, self._solution])
        if feedback.status != "not attempted":
            right = feedback.status == "correct"
            self._color_border(right)
            # Once solved it stays so: a later try that fails takes nothing away.
            self._keep(solved=right or before)
        if feedback.status != "correct":
            self._say_hints()  # those that were asked for before this try

    def _kept(self) -> dict:
        return self._memory.get("exercises", self.exercise.name)

    def _keep(self, **news):
        self._memory.put("exercises", self.exercise.name, **self._kept() | news)

    def _label_hint(self):
        total = len(self.exercise.hints)
        more = self.hints_shown < total
        self.hint.description = (
            f"Hint {self.hints_shown + 1} of {total}" if more else "No more hints"
        )

    def _next_hint(self):
        self.hints_shown = min(self.hints_shown + 1, len(self.exercise.hints))
        self._say_hints()
        self._label_hint()
        self._keep(hints=self.hints_shown)

    def _say_hints(self):
        shown = self.exercise.hints[: self.hints_shown]
        self._say(*(f"<b>Hint {i}.</b> {h}" for i, h in enumerate(shown, 1)))

    def _ask_or_show(self):
        """Two presses to show, a third hides again."""
        solved = self.feedback.status == "correct"
        if self.solution.description == "Show solution" and not solved:
            self.solution.description = "Sure? Press again"
        elif self.solution.description in ("Show solution", "Sure? Press again"):
            self.solution.description = "Hide solution"
            code = html.escape(solution_text(self.exercise))
            self._solution.value = f"<pre>{code}</pre>" + _html(self.exercise.why)
        else:
            self.solution.description = "Show solution"
            self._solution.value = ""

    def __repr__(self) -> str:
        return f"Exercise {_plain(self.exercise.title)}: {self.feedback}"

    def _markdown(self) -> str:
        status = html.escape(str(self.feedback), quote=False)
        _, sign = _MARKS[self.feedback.status]
        lines = [f"**Exercise: {self.exercise.title}.** {self.exercise.task}", f"{sign} {status}"]
        return "\n\n".join(filter(None, [*lines, self._before]))


def _count(kept) -> int:
    """What a file says how many there were; nothing where it says nonsense."""
    return max(0, kept) if isinstance(kept, int) else 0


_MARKS = {"correct": (GREEN, "✔"), "wrong": (RED, "✘"), "not attempted": ("inherit", "○")}


def solution_text(exercise: Exercise) -> str:
    """The source of the solution, or code for its value where it is no function."""
    if callable(exercise.solution):
        return textwrap.dedent(inspect.getsource(exercise.solution)).rstrip()
    return code(exercise.solution)


def _mark(status: str) -> str:
    """Color and symbol together; the text beside them keeps the page's own color."""
    color, sign = _MARKS[status]
    return f'<b style="color:{color}">{sign}</b>'


def _html(*lines: str) -> str:
    return (
        '<div role="status">' + "".join(f"<div>{line}</div>" for line in lines if line) + "</div>"
    )


def _inline(feedback: Feedback) -> str:
    """The verdict line: the student's own text escaped, `backticks` as code."""
    text = str(feedback)
    if feedback.status == "not attempted":
        text = sentence(f"not attempted yet: {feedback.text}")
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))


def _plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"</?[a-zA-Z][^>]*>", "", text)).split())
