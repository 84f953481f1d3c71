"""Predictions, exercises and the ledger, with real widgets; test functions play the student."""

import contextlib
import json
import math
import time

import hypothesis.extra.numpy as hnp
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lessons import check_lesson

from lecture_utils.studio.attempts import within
from lecture_utils.studio.cards import solution_text
from lecture_utils.studio.grading import Feedback, compare, compare_on
from lecture_utils.studio.lesson import Lesson
from lecture_utils.studio.questions import Exercise, Prediction

# --- A small lesson -------------------------------------------------------------------------------

SIGN = "sign: your step climbs"
PRODUCT = "you multiplied by H; the step divides by it"


def newton_step(gradient, hessian):
    return -jnp.linalg.solve(hessian, gradient)


def climb(gradient, hessian):
    return -newton_step(gradient, hessian)


def multiply(gradient, hessian):
    return -hessian @ gradient


INPUTS = [
    (np.array([1.0, 2.0]), np.array([[2.0, 0.0], [0.0, 1.0]])),
    (np.array([1.0, -1.0]), np.array([[2.0, 1.0], [1.0, 3.0]])),
]


def newton_exercise(**changes) -> Exercise:
    settings = {
        "name": "newton",
        "title": "Newton's step",
        "task": "Solve <i>g + HΔ = 0</i> for $\\Delta$.",
        "hints": ("What is zero?", "Use <code>solve</code>.", "Mind the sign."),
        "solution": newton_step,
        "inputs": INPUTS,
        "mistakes": {SIGN: climb, PRODUCT: multiply},
    }
    return Exercise(**(settings | changes))


def number_exercise(**changes) -> Exercise:
    settings = {
        "name": "half",
        "title": "a number",
        "task": "What is ½·1²?",
        "hints": ("One half.", "Of one."),
        "solution": 0.5,
        "mistakes": {"you forgot the ½": 1.0, "the sign is wrong": -0.5},
    }
    return Exercise(**(settings | changes))


def saddle_prediction(**changes) -> Prediction:
    settings = {
        "name": "saddle",
        "question": "Where does <b>Newton</b> go if λ < 0?",
        "options": {
            "to the minimum": "There is no minimum where a curvature is negative.",
            "to the saddle": "It goes to the critical point, whatever its kind.",
        },
        "answer": "to the saddle",
        "reveal": "Run the next cell.",
    }
    return Prediction(**(settings | changes))


def a_lesson(predictions=(), exercises=(), claims=()) -> Lesson:
    """A lesson that asks and claims this."""
    return Lesson(
        "99_test",
        title="Test",
        question="Does it work?",
        minutes=(1, 2),
        sources="S1",
        predictions=predictions,
        exercises=exercises,
        claims=claims,
    )


@pytest.fixture
def lesson() -> Lesson:
    return a_lesson([saddle_prediction()], [newton_exercise(), number_exercise()])


def widgets_below(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from widgets_below(child)


def page_state(card) -> str:
    """All that a student could find in the browser."""
    states = [
        {key: str(value) for key, value in widget.get_state().items()}
        for widget in widgets_below(card)
    ]
    return json.dumps(states, ensure_ascii=False)


# --- Predictions ----------------------------------------------------------------------------------


@pytest.mark.parametrize("choice", ["to the minimum", "to the saddle"])
def test_a_prediction_is_committed_then_explained(lesson, choice):
    card = lesson.predict("saddle")
    options = lesson.predictions["saddle"].options
    assert card.radio.value is None and card.commit.disabled and card.feedback == ""
    card.commit.click()
    assert card.feedback == "", "a commit without a choice reveals nothing"
    card.radio.value = choice
    assert not card.commit.disabled and card.feedback == ""
    card.commit.click()
    right = choice == "to the saddle"
    assert options[choice] in card.feedback and options["to the saddle"] in card.feedback
    assert "Run the next cell." in card.feedback
    assert ("✔" in card.feedback, "✘" in card.feedback) == (right, not right)
    assert ("lecture-right" in card._dom_classes) == right
    assert ("lecture-wrong" in card._dom_classes) != right
    assert card.radio.disabled and card.last_error is None


def test_a_committed_prediction_stays(lesson):
    card = lesson.predict("saddle")
    card.radio.value = "to the minimum"
    card.commit.click()
    said = card.feedback
    card.radio.value = "to the saddle"
    card.commit.click()
    assert card.feedback == said
    assert lesson.predict("saddle").feedback == "", "running the cell again starts fresh"


def test_the_page_does_not_know_the_answer_before_the_commit(lesson):
    card = lesson.predict("saddle")
    card.radio.value = "to the minimum"
    static = json.dumps(card._repr_mimebundle_(), ensure_ascii=False, default=str)
    for hidden in [*lesson.predictions["saddle"].options.values(), "Run the next cell."]:
        assert hidden not in page_state(card) and hidden not in static
    assert page_state(card).count("to the saddle") == page_state(card).count("to the minimum")
    card.commit.click()
    assert "whatever its kind" in page_state(card)


def test_options_keep_their_order(lesson):
    assert lesson.predict("saddle").radio.options == ("to the minimum", "to the saddle")


def test_an_option_is_text_not_markup():
    options = {"x < <b>y": "A sentence of feedback here.", "other": "A sentence of feedback too."}
    card = a_lesson([saddle_prediction(options=options, answer="x < <b>y")]).predict("saddle")
    card.radio.value = "x < <b>y"
    card.commit.click()
    assert "x &lt; &lt;b&gt;y" in card.feedback and "<b>y" not in card.feedback


def test_static_forms_of_a_prediction(lesson):
    bundle, _ = lesson.predict("saddle")._repr_mimebundle_()
    assert bundle["text/plain"] == (
        "Prediction: Where does Newton go if λ < 0? Options: to the minimum / to the saddle "
        "(run the cell and commit an answer)"
    )
    assert "- to the minimum\n- to the saddle" in bundle["text/markdown"]
    assert "application/vnd.jupyter.widget-view+json" in bundle and "image/png" not in bundle


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"answer": "nowhere"}, "'nowhere' is none of the options"),
        ({"options": {"to the saddle": "Only one option."}}, "at least two"),
    ],
)
def test_a_prediction_without_choice_or_answer_is_refused(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        saddle_prediction(**changes)


# --- Exercises: what the check says ---------------------------------------------------------------


def says(lesson, attempt, name="newton") -> str:
    card = lesson.check(name, attempt)
    assert card.last_error is None
    return str(card.feedback)


def stub_dots(gradient, hessian): ...  # replace the dots


def stub_pass(gradient, hessian):
    """Only a docstring."""


def stub_returns_dots(gradient, hessian):
    step = ...
    return step


def stub_inside_an_expression(gradient, hessian):
    return -2.0 * ...


def stub_inside_an_array(gradient, hessian):
    return jnp.array(...)


def stub_in_a_list(gradient, hessian):
    return [..., ...]


def stub_in_a_call(gradient, hessian):
    return -np.linalg.solve(..., gradient)


def stub_half_filled(gradient, hessian):
    factor = ...
    return -gradient if factor else factor


def stub_unfinished(gradient, hessian):
    step = np.linalg.solve(hessian, gradient)  # noqa: F841
    ...


def stub_raises(gradient, hessian):
    raise NotImplementedError


@pytest.mark.parametrize(
    "attempt",
    [
        *(None, ..., stub_dots, stub_pass, stub_returns_dots, stub_inside_an_expression),
        *(stub_inside_an_array, stub_in_a_list, stub_raises, jax.jit(stub_dots)),
        *(stub_in_a_call, stub_half_filled, stub_unfinished, jax.jit(stub_in_a_call)),
        {"step": ...},
    ],
)
def test_an_untouched_stub(lesson, attempt):
    card = lesson.check("newton", attempt)
    assert card.feedback.status == "not attempted"
    assert repr(card) == "Exercise Newton's step: not attempted yet."
    assert not {"lecture-right", "lecture-wrong"} & set(card._dom_classes)


def leaves_the_dots(gradient, hessian):
    ...
    return newton_step(gradient, hessian)


def writes_into_its_arguments(gradient, hessian):
    gradient[:] = newton_step(gradient, hessian)
    return gradient


ONE_ARRAY = np.zeros(2)


def in_one_array(gradient, hessian):
    ONE_ARRAY[:] = newton_step(gradient, hessian)
    return ONE_ARRAY


@pytest.mark.parametrize(
    "attempt",
    [
        newton_step,
        jax.jit(newton_step),
        lambda g, H: np.linalg.solve(np.asarray(H), -np.asarray(g)),
        lambda g, H: newton_step(g, H).tolist(),
        lambda g, H: newton_step(g, H).astype(jnp.float32),
        lambda g, H: newton_step(g, H) + 0j,
        lambda g, H: newton_step(g, H) * (1 + 1e-6),
        lambda g, H: newton_step(g, H)[:, None],
        lambda g, H: newton_step(g, H)[None],
        lambda g, H: newton_step(g[..., None], H)[..., 0],
        lambda g, H: iter(newton_step(g, H)),
        leaves_the_dots,
        writes_into_its_arguments,
        in_one_array,
    ],
)
def test_right_answers_of_every_kind(lesson, attempt):
    card = lesson.check("newton", attempt)
    assert repr(card) == "Exercise Newton's step: correct."
    assert "lecture-right" in card._dom_classes


@pytest.mark.parametrize(("wrong", "sentence"), [(climb, SIGN), (multiply, PRODUCT)])
def test_known_mistakes_are_named(lesson, wrong, sentence):
    for attempt in (wrong, lambda g, H: np.asarray(wrong(g, H))):
        card = lesson.check("newton", attempt)
        assert card.feedback == Feedback.wrong(sentence)
        assert "lecture-wrong" in card._dom_classes


def test_a_mistake_must_explain_all_inputs(lesson):
    first_only = lambda g, H: climb(g, H) if g[1] == 2 else newton_step(g, H)  # noqa: E731
    assert says(lesson, first_only) == (
        "not yet: for `newton_step(np.array([1.0, 2.0]), np.array([[2.0, 0.0], [0.0, 1.0]]))` "
        "I expected [-0.5, -2] but got [0.5, 2] (1 of 2 inputs come out right)."
    )
    assert "the same for every input" in says(lesson, lambda g, H: np.array([-0.5, -2.0]))


def forgets_return(gradient, hessian):
    step = newton_step(gradient, hessian)  # noqa: F841


def divides_by_zero(gradient, hessian):
    scale = 1
    return scale / 0


def fails_deep_inside(gradient, hessian):
    return np.linalg.solve(hessian, np.ones(5))


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (forgets_return, "did you forget `return`?"),
        (divides_by_zero, "raised ZeroDivisionError: division by zero at line"),
        (divides_by_zero, "`return scale / 0`"),
        (fails_deep_inside, "`return np.linalg.solve(hessian, np.ones(5))`"),
        (lambda g: g, "takes 1 positional argument but 2 were given"),
        (lambda g, H: H + newton_step(g, H), "expected shape (2,) but got (2, 2)"),
        (lambda g, H: 3.0, "expected an array of shape (2,) but got a single number"),
        (lambda g, H: "down", "got the text 'down'"),
        (lambda g, H: ["1", "2"], "expected an array of shape (2,)"),
        (lambda g, H: [[1], [2, 3]], "expected an array of shape (2,)"),
        (lambda g, H: newton_step, "returns a function; its value is asked for: call it"),
        (lambda g, H: object(), "but got something of type object"),
        (lambda g, H: newton_step(g, H) + 1j, "but got [-0.5+1j, -2+1j]"),
        (lambda g, H: g * np.nan, "your answer contains NaN"),
        (lambda g, H: g * np.inf, "your answer contains infinity"),
        (np.array([-0.5, -2.0]), "pass the function's name alone"),
    ],
)
def test_other_wrong_answers_get_one_sentence(lesson, attempt, sentence):
    said = says(lesson, attempt)
    assert said.startswith("not yet: ") and sentence in said
    assert "\n" not in said and " at 0x" not in said and "Traceback" not in said


def test_the_line_is_the_students_own(lesson):
    line = divides_by_zero.__code__.co_firstlineno + 2
    assert f"at line {line}," in says(lesson, divides_by_zero)


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (0.5, "correct."),
        (jnp.array(0.5), "correct."),
        (1, "not yet: you forgot the ½."),
        (-0.5, "not yet: the sign is wrong."),
        (2, "not yet: I expected 0.5 but got 2."),
        ([0.5, 1], "not yet: I expected a single number but got an array of shape (2,)."),
        ([0.5], "correct."),
        (lambda: 0.5, "not yet: expected a value but got a function; call it and pass its result."),
        (None, "not attempted yet."),
    ],
)
def test_an_answer_that_is_a_number(lesson, attempt, sentence):
    assert says(lesson, attempt, "half") == sentence


def test_a_student_cannot_change_the_test_inputs(lesson):
    def in_place(gradient, hessian):
        gradient *= 0
        return gradient

    before = [[a.copy() for a in arguments] for arguments in INPUTS]
    says(lesson, in_place)
    jax.tree.map(np.testing.assert_array_equal, [list(i) for i in INPUTS], before)
    assert says(lesson, newton_step) == "correct."


def test_a_students_text_is_not_markup(lesson):
    def bold(gradient, hessian):
        raise ValueError("<script>alert(1)</script>")

    assert "<script>" not in page_state(lesson.check("newton", bold))
    assert "&lt;script&gt;" in page_state(lesson.check("newton", bold))


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        (None, "correct."),
        (Feedback.correct("both signs work"), "correct: both signs work."),
        ("that is uphill", "not yet: that is uphill."),
        (Feedback.wrong("why so?"), "not yet: why so?"),
    ],
)
def test_a_check_of_its_own(verdict, sentence):
    lesson = a_lesson(exercises=[newton_exercise(check=lambda attempt: verdict)])
    assert says(lesson, newton_step) == sentence


def test_a_check_of_its_own_meets_stubs_and_errors_too():
    def check(attempt):
        return None if attempt(*INPUTS[0])[0] < 0 else "uphill"

    lesson = a_lesson(exercises=[newton_exercise(check=check)])
    assert says(lesson, stub_dots) == "not attempted yet."
    assert "ZeroDivisionError" in says(lesson, divides_by_zero)
    assert says(lesson, climb) == "not yet: uphill."
    assert "the check could not use your answer (TypeError" in says(lesson, lambda g, H: 3)


def test_a_check_that_answers_with_a_bool_is_refused():
    lesson = a_lesson(exercises=[newton_exercise(check=lambda attempt: False)])
    with pytest.raises(ValueError, match="returned False: return None, a sentence or a Feedback"):
        lesson.check("newton", newton_step)


def test_names_that_do_not_exist_or_clash(lesson):
    with pytest.raises(ValueError, match=r"no exercise is called 'nweton': use one of \['newton'"):
        lesson.check("nweton", newton_step)
    with pytest.raises(ValueError, match="no prediction is called"):
        lesson.predict("newton")
    with pytest.raises(ValueError, match="share a name"):
        a_lesson(exercises=[newton_exercise(), newton_exercise()])
    with pytest.raises(ValueError, match="at least two"):
        newton_exercise(inputs=INPUTS[:1])


# --- Exercises: evidence --------------------------------------------------------------------------


def mean_above(values, rank, bound):
    kept = values[rank]
    return np.mean(kept[kept > bound])


RANKS = [
    (np.array([3.0, 1.0, 2.0, -5.0]), [1, 0, 3], 0.5),
    (np.array([0.5, -4.0, 2.5]), [2, 0, 1], -1.0),
]


def spoils_a_list(values, rank, bound):
    rank.sort()
    answer = mean_above(values, rank, bound)
    rank.clear()
    return answer


def test_a_list_among_the_inputs_is_copied_too():
    ranks = newton_exercise(solution=mean_above, inputs=RANKS)
    lesson = a_lesson(exercises=[ranks])
    for _ in range(2):
        assert says(lesson, spoils_a_list) == "correct."
    assert ranks.inputs[0][1] == [1, 0, 3]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda g, H: 2 * newton_step(g, H), "your answer is 2 times the right one on every input"),
        (lambda g, H: newton_step(g, H) / 3, "your answer is 1/3 times the right one"),
        (lambda g, H: newton_step(g, H)[::-1], "the right entries, but in the reverse order"),
        (lambda g, H: newton_step(g, H) + 1, "your answer is the right one plus 1 on every input"),
        (lambda g, H: abs(newton_step(g, H)), "the size of the right one: its sign counts"),
        (lambda g, H: np.linalg.norm(newton_step(g, H)), "an array is asked for, and yours is its"),
        (lambda g, H: g, "your answer is `gradient` itself, as it came in"),
        (lambda g, H: 0 * newton_step(g, H), "your answer is 0 for every input"),
        (lambda g, H: g - g + 7, "your answer is the same for every input"),
        (
            lambda g, H: H[0] * 3 + 1,
            "your function never uses its argument `gradient`; for `newton",
        ),
        (lambda g, H: newton_step(g, H) * np.sum(g**2) ** 0.7, "does not have the right length"),
        (lambda g, H: newton_step(g**2, H), "right one for `gradient ** 2` in place of `gradient`"),
        (lambda g, H: -g / np.diag(H), "for `np.diag(np.diag(hessian))` in place of `hessian`"),
    ],
)
def test_what_the_answers_have_in_common_is_told(lesson, wrong, sentence):
    feedback = lesson.check("newton", wrong).feedback
    assert sentence in feedback.text and feedback.specific
    assert says(lesson, newton_step) == "correct."


def mean_and_size(values, power):
    return np.mean(values), np.sum(values**power)


def size(values, power):
    return np.sum(values**power)


SAMPLES = [(np.array([1.0, 2.5, -1.0]), 2), (np.array([0.7, 0.3]), 4), (np.array([2.0]), 2)]


@pytest.mark.parametrize(
    ("solution", "wrong", "sentence"),
    [
        (mean_and_size, lambda v, p: np.sum(v**p), "two results are asked for, and yours is the s"),
        (mean_and_size, lambda v, p: [3 * x for x in mean_and_size(v, p)], "of each result: your"),
        (size, lambda v, p: mean_and_size(v, p), "yours are 2: return the second alone"),
        (size, lambda v, p: round(size(v, p), 1), "rounded to 1 decimal: do not round"),
        (size, lambda v, p: size(v, p) * (1 + 0.01 * len(v)), "off by about 3 % at most"),
        (
            size,
            lambda v, p: size(v, p) + np.random.default_rng(0).random(len(v))[-1],
            "your function draws random numbers, and the exact answer needs none; for `size(",
        ),
        (size, lambda v, p: float(np.sum([math.pow(v, p)])), "functions of `math` take one number"),
    ],
)
def test_more_that_follows_from_the_answers(solution, wrong, sentence):
    lesson = a_lesson(exercises=[newton_exercise(solution=solution, inputs=SAMPLES, mistakes={})])
    feedback = lesson.check("newton", wrong).feedback
    assert sentence in feedback.text


def test_an_argument_left_out_comes_before_a_factor():
    exercise = newton_exercise(
        solution=size, inputs=SAMPLES, mistakes={"that is the mean": lambda v, p: np.mean(v)}
    )
    told = says(a_lesson(exercises=[exercise]), lambda v, p: 2 * np.mean(v))
    assert told.startswith("not yet: your function never uses its argument `power`; for `size(")


def table(a, b):
    return np.outer(a, b) + np.arange(len(b))


def two_parts(a, b):
    return a + b, (a - b, a * b)


def three_parts(a, b):
    return a + b, a - 2 * b, a @ b


VECTORS = [
    (np.array([1.0, -2.0, 0.5]), np.array([0.3, 4.0, 3.0])),
    (np.array([2.0, 0.7, -1.5, 6.0]), np.array([-1.0, 0.2, 5.0, 2.5])),
]


def but_for(where):
    def wrong(a, b):
        answer = table(a, b)
        answer[where] += 1 + np.arange(len(b))
        return answer

    return wrong


def only(where):
    def wrong(a, b):
        answer = table(a, b) + 1
        answer[where] -= 1
        return answer

    return wrong


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        (table, but_for(-1), "all rows are right but the last; for `table("),
        (table, but_for((slice(None), 0)), "all columns are right but the first"),
        (table, only(0), "of all rows, only the first is right"),
        (table, lambda a, b: table(a, b)[:-1], "the right one without its last row or entry"),
        (table, lambda a, b: table(a, b)[0], "the first row or entry of the right one alone"),
        (table, lambda a, b: table(a, b).ravel(), "but in an array of another shape"),
        (
            lambda a, b: 2 * a - b,
            lambda a, b: 2 * a + b / 2,
            "your answer gives `b` the weight 1/2, and that is not right",
        ),
        (
            two_parts,
            lambda a, b: two_parts(a, b)[0],
            "two results are asked for, and yours is the first alone",
        ),
        (
            two_parts,
            lambda a, b: (a + b, (a - b, 2 * a * b)),
            "all other parts are right; in part [1][1] your answer is 2 times the right one",
        ),
        (
            two_parts,
            lambda a, b: (a, [b, a * b]),
            "all other parts are right; in part [0] your answer is `a` itself, as it came in; in "
            "part [1][0] your answer is `b` itself",
        ),
        (
            three_parts,
            lambda a, b: (three_parts(a, b)[2], *three_parts(a, b)[:2]),
            "the right results, but in the wrong order",
        ),
        (
            three_parts,
            lambda a, b: (a + b, a, -(a @ b)),
            "the other result is right; of the second: your answer is `a` itself, as it came in; "
            "of the third: your answer has the wrong sign",
        ),
        (
            three_parts,
            lambda a, b: (a + b, None, a @ b),
            "are right but that at index 1; for `three",
        ),
    ],
)
def test_parts_and_places_are_told(right, wrong, sentence):
    exercise = newton_exercise(solution=right, inputs=VECTORS, mistakes={})
    feedback = a_lesson(exercises=[exercise]).check("newton", wrong).feedback
    assert sentence in feedback.text
    assert feedback.specific == ("None" not in sentence)


def test_an_argument_beside_the_right_answer_is_told():
    exercise = newton_exercise(solution=lambda a, b: a * b + 1, inputs=VECTORS, mistakes={})
    lesson = a_lesson(exercises=[exercise])
    for words, wrong in {
        "the right one minus `b`": lambda a, b: a * b + 1 - b,
        "the right one times `a`": lambda a, b: (a * b + 1) * a,
    }.items():
        assert words in lesson.check("newton", wrong).feedback.text


def test_two_mistakes_in_two_results_are_both_told():
    mistakes = {
        "the first is a sum": lambda a, b: (a - b, *three_parts(a, b)[1:]),
        "the third is a product of all": lambda a, b: (*three_parts(a, b)[:2], np.sum(a) ** 2),
        "two at once": lambda a, b: (a, b, 0.0),
    }
    exercise = newton_exercise(solution=three_parts, inputs=VECTORS, mistakes=mistakes)
    lesson = a_lesson(exercises=[exercise])
    said = lesson.check("newton", lambda a, b: (a - b, a - 2 * b, np.sum(a) ** 2)).feedback.text
    assert said == "the first is a sum; and beside this, the third is a product of all"


def test_a_slice_is_told_only_where_no_other_is_right():
    """Right but for the last of three columns is not: only the first is right."""
    inputs = [(np.ones((2, 3)), 1.0), (np.eye(2), 2.0)]

    def last_forgotten(A, x):
        return (A + x) * (1 + 2 * (np.arange(A.shape[1]) == A.shape[1] - 1))

    exercise = newton_exercise(solution=lambda A, x: A + x, inputs=inputs, mistakes={})
    said = a_lesson(exercises=[exercise]).check("newton", last_forgotten).feedback.text
    assert said.startswith("all columns are right but the last; for `")


def test_a_mistake_is_known_beside_a_factor(lesson):
    assert says(lesson, lambda g, H: 3 * multiply(g, H)) == (
        f"not yet: {PRODUCT}; and beside this your answer is 3 times as large."
    )
    assert says(lesson, lambda g, H: H @ g).endswith("your answer is of the other sign.")


def test_a_mistake_is_known_beside_simple_factors_only(lesson):
    assert PRODUCT not in says(lesson, lambda g, H: 1.443 * multiply(g, H))


def graded(attempt, right, inputs, mistakes=None) -> str:
    found = compare_on(attempt, right, inputs, mistakes or {})
    assert found.status == "wrong"
    return found.text if found.specific else "only an example"


def test_numbers_that_are_none_match_nothing_by_chance():
    root = graded(lambda x: x * np.nan, lambda x: np.sqrt(x), [(1.0,), (2.0,), (3.0,)])
    assert root.startswith("your answer contains NaN") and "in place of" not in root


def test_true_and_false_match_no_changed_argument_by_chance():
    inputs = [(np.array([1.0, 2.0]),), (np.array([-1.0, 3.0]),)]
    positive = lambda x: bool(np.all(x > 0))  # noqa: E731
    assert graded(lambda x: True, positive, inputs) == "your answer is the same for every input"
    either = [*inputs, (np.array([-2.0, 1.0]),), (np.array([-2.0, -1.0]),)]
    by_size = lambda x: bool(np.all(np.abs(x) > 0.9)) and x[1] > 0  # noqa: E731
    told = graded(by_size, positive, either)
    assert told.startswith("where you are wrong, you always answer True in place of False; for")


def name_of(x):
    return "flat" if x == 0 else "up" if x > 0 else "down"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda x: name_of(x).capitalize(), "spelling: you answer 'Down' wherever it is 'down'"),
        (
            lambda x: {"up": "rise"}.get(name_of(x), name_of(x)),
            "you answer 'rise' wherever it is 'up'; all else",
        ),
        (lambda x: "up" if x == 0 else name_of(x), "you answer 'up' wherever it is 'flat'"),
        (lambda x: "up" if x == -1 else name_of(x), "you always answer 'up' in place of 'down'"),
        (lambda x: name_of(-x), "'up' wherever it is 'down', and 'down' wherever it is 'up'"),
    ],
)
def test_what_the_wrong_words_have_in_common_is_told(wrong, sentence):
    assert sentence in graded(wrong, name_of, [(-2.0,), (-1.0,), (0.0,), (1.0,)])


def test_one_entry_that_is_always_wrong_is_told():
    right = lambda x: np.array([x, 2 * x, 3 * x, 4.0])  # noqa: E731
    attempt = lambda x: np.array([x, 2 * x, x**2 + 7, 4.0])  # noqa: E731
    told = graded(attempt, right, [(1.0,), (2.0,), (5.0,)])
    assert told.startswith("all entries are right but that at index 2; for `")


def root_plus(x):
    return np.sqrt(x + 0.37)


def first_half_only(x):
    return np.where(np.arange(4) < 1 + x % 3, vector(x), 0.0)


def vector(x):
    return np.array([x, 2 * x, 3.1 * x, x + 0.5])


def five(x):
    return np.append(vector(x), x**2)


NUMBERS = [(1.2,), (2.0,), (3.3,), (5.61,)]


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        (
            five,
            lambda x: five(x) * [1, 1, 3, 5, 2],
            "of all entries, only the first 2 are right; for",
        ),
        (vector, lambda x: vector(x) * [2, 1, 1, 1], "all entries are right but the first; for"),
        (vector, lambda x: vector(x) * [1, 1, 2, x < 5], "entries are right but the last 2; for"),
        (vector, first_half_only, "each entry of your answer is either right or 0: the others"),
        (vector, lambda x: vector, "your function returns a function; its value is asked for"),
        (
            root_plus,
            lambda x: round(2 * root_plus(x)) / 2,
            "answers are multiples of 0.5: the right",
        ),
        (root_plus, lambda x: int(7 * root_plus(x)), "your answers are whole numbers, and the"),
        (root_plus, lambda x: root_plus(x + 1e-3 * x) * 1e-3, "is about 0.001 times the right one"),
        (root_plus, lambda x: root_plus(x) > 1.3, "a number is asked for, and yours is True or F"),
        (root_plus, lambda x: 1e-16 * x, "your answer is 0 for every input"),
        (lambda x: x < 2.5, lambda x: max(x - 2.5, 0.0), "a number, 0 where the answer is True"),
        (lambda x: x < 2.5, lambda x: x - 2.5, "True or False is asked for, and yours is a numb"),
        (lambda x: (x, root_plus(x)), lambda x: x / root_plus(x), "first divided by the second"),
        (lambda x: (x, root_plus(x)), lambda x: x**3, "only an example"),
    ],
)
def test_more_kinds_are_told_by_what_came(right, wrong, sentence):
    assert sentence in graded(wrong, right, NUMBERS)


def test_a_sign_is_told_only_where_it_is_wrong():
    """Divided by a negative number, an answer has the sign that it should have."""
    told = graded(lambda x: -root_plus(x) / (x - 9), root_plus, NUMBERS)
    assert "sign" not in told
    told = graded(lambda x: root_plus(x) / (1 - x), root_plus, [(0.2,), (0.5,), (0.9,)])
    assert told == "your answer is the right one divided by `1 - x` on every input"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda x: [name_of(x)] * 2, "one word is asked for, and yours is a list of words"),
        (lambda x: "up" if x == -1 or x == 0.5 else name_of(x), "in place of 'down'"),
        (lambda x: {-2: "up", -1: "flat"}.get(x, name_of(x)), "wrong only where 'down' is the rig"),
        (lambda x: "up" if x in (-1, 0) else name_of(x), "wrong, you always answer 'up'; for"),
    ],
)
def test_what_stands_in_place_of_what_is_told(wrong, sentence):
    assert sentence in graded(wrong, name_of, [(-2.0,), (-1.0,), (0.0,), (0.0,), (1.0,)])


def test_other_words_do_not_hide_a_mistake():
    inputs = [(-2.0,), (-1.0,), (0.0,), (1.0,), (3.0,), (0.2,)]
    rough = {"up begins at 0.5": lambda x: name_of(x if abs(x) > 0.5 else 0.0)}
    short = lambda x: {"up": "u", "down": "d", "flat": "f"}[name_of(round(x))]  # noqa: E731
    told = graded(short, name_of, inputs, rough)
    assert told.startswith("up begins at 0.5; and beside this you answer 'd' wherever it is 'down'")


def test_the_last_entries_of_all_arguments_may_be_missing():
    total = lambda a, b: np.sum(a * b)  # noqa: E731
    short = lambda a, b: sum(a[i] * b[i] for i in range(len(a) - 1))  # noqa: E731
    told = graded(short, total, [*VECTORS, (np.array([2.0]), np.array([3.0]))])
    assert told == "the last entry of `a` and `b` has no part in your answer; the rest is right"
    matrices = [(np.eye(2) + 1,), (np.diag([3.0, 1.0, 5.0]),), (2 * np.eye(4),)]
    told = graded(lambda A: np.trace(A[1:, 1:]), lambda A: np.trace(A), matrices)
    assert told == "the first entry of `A` has no part in your answer; the rest is right"
    listed = [(a, list(b)) for a, b in VECTORS]
    assert graded(lambda a, b: a @ b + b[0], lambda a, b: a @ b, listed) == "only an example"


def test_a_part_of_the_entries_is_seen():
    inputs = [(np.array([1.0, 2.0, 5.0]),), (np.array([3.0, 1.0]),), (np.array([2.0, 2.0, 7.0]),)]
    total = lambda w: np.sum(w**2)  # noqa: E731
    assert "`w[:-1]` in place of `w`" in graded(lambda w: np.sum(w[:-1] ** 2), total, inputs)


def test_an_error_on_one_input_does_not_hide_a_mistake():
    inputs = [(np.array([2.0]),), (np.array([1.0, 3.0]),), (np.array([4.0, 1.0]),),
              (np.array([5.0, 7.0, 1.0]),)]  # fmt: skip
    ends = lambda x: x[0] + float(x[1]) + 0 * len(x)  # noqa: E731
    mistakes = {"only the first two count in it": lambda x: np.sum(x[:2])}
    told = graded(ends, lambda x: np.prod(x), inputs, mistakes)
    assert told == ("only the first two count in it; and `<lambda>(np.array([2.0]))` raised "
                    "IndexError")  # fmt: skip
    few = graded(ends, lambda x: np.prod(x), inputs[:3], mistakes)
    assert "only the first two" not in few


def test_whole_numbers_too_large_for_a_float_are_compared():
    mistakes = {"a tower": lambda n: 9**10**n}
    assert graded(lambda n: 9 ** (10**n), lambda n: 9**n, [(1,), (3,)], mistakes) == "a tower"
    assert graded(lambda n: -(9 ** (10**n)), lambda n: 9**n, [(1,), (3,)], mistakes) != "a tower"


def test_the_sign_that_is_no_power_is_told(lesson):
    assert "`^` is no power in Python, ** is" in says(lesson, lambda g, H: (g @ H) ^ 2)


def test_a_relation_must_hold_on_every_input(lesson):
    twice_once = lambda g, H: newton_step(g, H) * (2 if g[1] == 2 else 1)  # noqa: E731
    feedback = lesson.check("newton", twice_once).feedback
    assert not feedback.specific and "expected" in feedback.text


def on_the_wrong_axis(gradient, hessian):
    return hessian[:, len(gradient) - 2 :][gradient.astype(int)].sum(axis=1)


def test_a_mistake_that_raises_is_known_by_its_errors():
    """Where it answers it agrees, and where it fails the attempt fails in the same way."""
    names = {"that is the wrong axis": on_the_wrong_axis, PRODUCT: multiply}
    copy = lambda g, H: 1.0 * on_the_wrong_axis(g, H)  # noqa: E731
    inputs = [(np.array([1.0, 0.0]), np.eye(2) + 1), (np.array([1.0, 2.0]), np.eye(2) + 1)]
    lesson = a_lesson(exercises=[newton_exercise(mistakes=names, inputs=inputs)])
    assert says(lesson, copy) == "not yet: that is the wrong axis."
    inputs = [(np.array([1.0, 3.0]), np.eye(2) + 1), (np.array([1.0, 2.0]), np.eye(2) + 1)]
    lesson = a_lesson(exercises=[newton_exercise(mistakes=names, inputs=inputs)])
    assert says(lesson, copy).startswith("not yet: your function raised IndexError")


def never_ends(gradient, hessian):
    while True:
        with contextlib.suppress(Exception):
            gradient = gradient + 0


def sleeps(gradient, hessian):
    time.sleep(30)


@pytest.mark.parametrize("attempt", [never_ends, sleeps])
def test_what_does_not_end_is_told(attempt):
    lesson = a_lesson(exercises=[newton_exercise(seconds=0.2)])
    said = says(lesson, attempt)
    assert said.startswith("not yet: your function had not answered `newton_step(np.array([1.0, ")
    assert said.endswith("after 0.2 s: does a loop never end, or go through more cases than it has "
                         "to?")  # fmt: skip
    assert says(lesson, newton_step) == "correct."


def test_time_is_what_the_answer_itself_has_used():
    """Waiting, as on a busy machine, is not held against it; without end, it is."""
    waits = lambda: (time.sleep(0.4), 7)[1]  # noqa: E731
    assert within(0.05, waits, patience=1e4) == 7
    with pytest.raises(TimeoutError):
        within(0.05, lambda: time.sleep(20), patience=2)
    with pytest.raises(TimeoutError):
        within(0.1, lambda: never_ends(0, 0), patience=1e4)
    with pytest.raises(ZeroDivisionError):
        within(1.0, lambda: 1 / 0)


def test_an_answer_in_another_form_and_one_more_question():
    def either_way(v, H):
        return np.abs(np.asarray(v))

    def told(attempt):
        return None if attempt(*INPUTS[0])[0] < 0 else "now with the right sign"

    asked = newton_exercise(canonical=lambda v, g, H: either_way(v, H), afterwards=told)
    lesson = a_lesson(exercises=[asked])
    assert says(lesson, newton_step) == "correct."
    assert says(lesson, climb) == "not yet: now with the right sign."
    assert says(lesson, multiply) == f"not yet: {PRODUCT}."


# --- Exercises: the card --------------------------------------------------------------------------


def test_hints_come_one_by_one(lesson):
    card = lesson.check("newton", None)
    hints = lesson.exercises["newton"].hints
    for shown in range(3):
        assert card.hint.description == f"Hint {shown + 1} of 3"
        state = page_state(card)
        assert [hint in state for hint in hints] == [i < shown for i in range(3)]
        card.hint.click()
    card.hint.click()
    assert card.hint.description == "No more hints"
    assert all(hint in page_state(card) for hint in hints) and card.last_error is None


def test_the_solution_takes_two_presses_and_a_third_hides_it(lesson):
    card = lesson.check("newton", climb)
    source = "return -jnp.linalg.solve(hessian, gradient)"
    for label, visible in [
        ("Show solution", False),
        ("Sure? Press again", False),
        ("Hide solution", True),
        ("Show solution", False),
    ]:
        assert card.solution.description == label
        assert (source in page_state(card)) == visible
        card.solution.click()
    assert card.last_error is None


def test_a_callbacks_error_becomes_a_sentence(lesson):
    unsourced = eval("lambda gradient, hessian: -hessian @ gradient")
    card = a_lesson(exercises=[newton_exercise(solution=unsourced)]).check("newton", None)
    card.solution.click()
    card.solution.click()
    assert isinstance(card.last_error, OSError)
    assert "Something went wrong (OSError" in page_state(card)


def test_solution_text():
    assert solution_text(number_exercise()) == "0.5"
    assert solution_text(number_exercise(solution="saddle")) == "'saddle'"
    cure = {"cause": "too deep", "depth": 3, "bias": np.float64(0.5)}
    assert eval(solution_text(number_exercise(solution=cure))) == cure
    assert solution_text(newton_exercise()).startswith("def newton_step(gradient, hessian):\n    ")


def test_static_forms_of_an_exercise(lesson):
    bundle, _ = lesson.check("newton", climb)._repr_mimebundle_()
    assert bundle["text/plain"] == f"Exercise Newton's step: not yet: {SIGN}."
    assert bundle["text/markdown"].startswith("**Exercise: Newton's step.** Solve <i>g")
    assert "application/vnd.jupyter.widget-view+json" in bundle and "image/png" not in bundle
    assert "solve(hessian" not in str(bundle)
    for attempt, line in [(climb, "✘ not yet: "), (newton_step, "✔ correct."), (None, "○ not att")]:
        bundle, _ = lesson.check("newton", attempt)._repr_mimebundle_()
        assert f"\n\n{line}" in bundle["text/markdown"]


# --- compare --------------------------------------------------------------------------------------

finite = st.floats(-1e6, 1e6)
arrays = hnp.arrays(float, hnp.array_shapes(min_dims=0, max_dims=3, max_side=4), elements=finite)


@settings(deadline=None, max_examples=50)
@given(arrays)
def test_an_array_equals_itself_in_numpy_jax_and_lists(right):
    for value in (right, jnp.asarray(right), right.tolist(), right * (1 + 1e-7)):
        assert compare(value, right).status == "correct"
        assert compare(value, jnp.asarray(right)).status == "correct"


@settings(deadline=None, max_examples=50)
@given(arrays, st.integers(0, 10**6), st.sampled_from([np.nan, np.inf, -np.inf, None]))
def test_one_wrong_entry_is_enough(right, place, intruder):
    wrong = np.array(right)
    place %= wrong.size
    bump = 1e-3 * np.max(np.abs(right)) + 1e-3
    wrong.flat[place] = wrong.flat[place] + bump if intruder is None else intruder
    plain, jaxed = compare(wrong, right), compare(jnp.asarray(wrong), jnp.asarray(right))
    assert plain.status == "wrong" and not plain.specific and plain == jaxed
    assert compare(wrong, right, {"an intruder": wrong}) == Feedback.wrong("an intruder")


@settings(deadline=None, max_examples=50)
@given(arrays, arrays)
def test_shapes_never_broadcast(value, right):
    long = [tuple(n for n in array.shape if n != 1) for array in (value, right)]
    if long[0] != long[1] or (value.shape != right.shape and right.ndim > 1):
        said = compare(value, right)
        assert said.status == "wrong" and str(value.shape) in said.text.replace(
            "a single number", "()"
        )


@settings(deadline=None, max_examples=100)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.text(), st.floats(), st.complex_numbers()),
        lambda inner: st.one_of(
            st.lists(inner), st.tuples(inner, inner), st.dictionaries(st.text(), inner)
        ),
        max_leaves=8,
    )
)
@pytest.mark.filterwarnings("error")
def test_any_object_gets_a_verdict(value):
    for right in (0.5, np.ones(2), "saddle", True, (1.0, np.ones(2)), {"a": 1.0}):
        said = compare(value, right)
        assert said.status in {"correct", "wrong", "not attempted"}
        assert " at 0x" not in said.text


@pytest.mark.parametrize(
    ("value", "right", "verdict"),
    [
        (np.nan, np.nan, None),
        ([np.nan, 1.0], np.array([np.nan, 1.0]), None),
        (0.0, np.nan, "expected nan but got 0"),
        (np.inf, -np.inf, "expected -inf but got inf"),
        (1.00004, 1.0, None),
        (1.001, 1.0, "expected 1 but got 1.001"),
        (1.0002, 1.0, "expected 1 but got 1.0002"),
        ([1.0, 1e-5], np.array([1.0, 0.0]), None),
        (1e-4, 0.0, "expected 0 but got 0.0001"),
        ("saddle", "saddle", None),
        ("minimum", "saddle", "expected the text 'saddle' but got the text 'minimum'"),
        (2, "saddle", "expected the text 'saddle' but got 2"),
        (True, True, None),
        (np.bool_(False), True, "expected True but got False"),
        (1, True, "expected True or False but got 1"),
        ((1, [2, 3]), (1.0, np.array([2.0, 3.0])), None),
        ([1, [2, 4]], (1.0, np.array([2.0, 3.0])), "expected [2, 3] but got [2, 4] in part [1]"),
        (1.0, (1.0, 2.0), "expected 2 results but got 1"),
        ({"a": 1}, {"a": 1.0}, None),
        ({"a": 2}, {"a": 1.0}, "expected 1 but got 2 in part ['a']"),
        ({"b": 1}, {"a": 1.0}, "expected a dict with the keys ['a'] but got {'b': 1}"),
        (np.eye(5) * 2, np.eye(5), "expected 1 at index [0, 0] but got 2"),
        (np.zeros(20) * np.nan, np.ones(20), "expected an array of shape (20,) but your answer"),
    ],
)
def test_compare_by_hand(value, right, verdict):
    said = compare(value, right)
    if verdict is None:
        assert said == Feedback.correct()
    else:
        assert said.status == "wrong" and verdict in said.text


def test_a_right_answer_is_never_called_a_mistake():
    """On one input ½ and 1 may agree; what is right is asked first."""
    assert compare(0.0, 0.0, {"you forgot the ½": 0.0}).status == "correct"


def a_bowl(z):
    """A loss of one line can be pasted."""
    return z**2 + 1


def test_a_function_among_the_inputs_is_quoted_by_its_formula():
    def slope(loss, x):
        return loss(x + 1) - loss(x)

    said = compare_on(lambda loss, x: loss(x), slope, [(a_bowl, 0.5), (a_bowl, 2.5)])
    assert said.text.startswith("for `slope(lambda z: z ** 2 + 1, 0.5)` I expected 2 but got 1.25")


def test_functions_among_the_inputs_have_no_address():
    said = compare_on(
        lambda loss, x: 0.3 * loss(x) ** 2 * x,
        lambda loss, x: loss(x),
        [(math.cos, 0.0), (math.cos, 2.0)],
    )
    assert said.text == "for `<lambda>(cos, 0.0)` I expected 1 but got 0"


# --- check_lesson ---------------------------------------------------------------------------------


def test_check_lesson_accepts_a_complete_lesson(lesson):
    check_lesson(lesson)


@pytest.mark.parametrize(
    ("changes", "lack"),
    [
        ({"hints": ("Only one.",)}, "fewer than two hints"),
        ({"mistakes": {SIGN: climb}}, "fewer than two mistakes"),
        ({"mistakes": {SIGN: climb, PRODUCT: newton_step}}, "is not named but gets correct"),
        ({"mistakes": {SIGN: climb, PRODUCT: lambda g, H: climb(g, H)}}, "the same sentence"),
        ({"check": lambda f: "never right"}, "the solution is not accepted: never right"),
        ({"check": lambda f: None if f(*INPUTS[0])[0] < 0 else "up"}, "a constant passes"),
        ({"check": lambda f: None}, "a stub gets 'correct'"),
        ({"check": lambda f: compare(f(*INPUTS[0]), newton_step(*INPUTS[0]))}, "is not named"),
        ({"solution": lambda gradient, hessian: newton_step(gradient, hessian)}, "no `def`"),
    ],
)
def test_check_lesson_finds_what_an_exercise_lacks(changes, lack):
    with pytest.raises(AssertionError, match=lack):
        check_lesson(a_lesson(exercises=[newton_exercise(**changes)]))


def test_check_lesson_finds_a_prediction_without_feedback():
    short = {"to the saddle": "Yes.", "to the minimum": "No, it does not go there."}
    with pytest.raises(AssertionError, match="on 'to the saddle' is shorter than 20"):
        check_lesson(a_lesson([saddle_prediction(options=short)]))
