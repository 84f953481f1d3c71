"""The guide: the same answers in units of guessing, whatever the loss; and what lights them."""

import doctest
import itertools
import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import lecture_utils as lu
from lecture_utils import diagnosis, networks
from lecture_utils.diagnosis import CURES, Reading, diagnose

# Guessing costs ln 10, ln 1000, or the variance of some targets.
UNITS = {"ten classes": math.log(10), "a thousand classes": math.log(1000), "variance": 0.037}
HEALTHY = Reading(1.0, 1.0, 4.0, -0.3, 0.02, 0.2)  # in units of guessing

LOSSES = [  # training, smaller, held out, test; all in units of what guessing costs
    ((0.8, 0.1, None, None), "optimization"),
    ((0.8, 0.75, None, None), "model bias"),
    ((0.8, None, None, None), "undecided"),
    ((math.nan, 0.1, None, None), "optimization"),
    ((math.inf, math.nan, None, None), None),
    ((0.01, None, 0.5, 0.5), "overfitting"),
    ((0.01, None, 0.5, None), "overfitting"),
    ((0.01, None, 0.05, 0.6), "mismatch"),
    ((0.01, None, 0.3, 0.9), "overfitting and mismatch"),
    ((0.01, None, None, 0.6), "undecided"),
    ((0.01, None, 0.05, None), "undecided"),
    ((0.01, None, None, None), "undecided"),
    ((0.01, None, None, 0.06), "nothing is wrong"),
]


def scaled(losses, unit, base=0.0):
    training, *others = [None if loss is None else base + unit * loss for loss in losses]
    return (training, base + unit), dict(zip(("smaller", "held_out", "test"), others, strict=True))


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
@pytest.mark.parametrize(("losses", "answer"), LOSSES)
def test_the_answer_does_not_depend_on_the_unit(losses, answer, unit):
    args, named = scaled(losses, unit)
    if answer is None:
        with pytest.raises(ValueError, match="smaller must be finite"):
            diagnose(*args, **named)
        return
    found = diagnose(*args, **named)
    assert found.answer == answer and found.answer in CURES
    assert found.cure and found.next and found.path[0].asks == "Is the training loss high?"
    args, named = scaled(losses, unit, base=5.0)  # the best loss need not be zero
    assert diagnose(*args, **named, best=5.0).answer == answer


def test_what_is_missing_is_what_is_measured_next():
    assert "smaller" in diagnose(2.0, 2.3).next
    assert "test data" in diagnose(0.1, 2.3).next
    assert "held back" in diagnose(0.1, 2.3, test=2.0).next
    assert "start and at the end" in diagnose(2.0, 2.3, smaller=0.2).next
    found = diagnose(2.0, 2.3, smaller=0.2, start=HEALTHY)
    assert "at the end" in found.next and "start" not in found.next
    assert "twice as wide" in diagnose(2.0, 2.3, smaller=1.9).next


SUSPECTS = {
    "dead units": ({"start": Reading(1.0, 0.05, 0.1, 0.0, 1.0, 0.2)}, "biases"),
    "learning rate": ({"start": HEALTHY._replace(learning_rate=3.0)}, "smaller learning rate"),
    "plateau of a saddle": ({"start": Reading(1.0, 0.02, 0.1, -0.1, 0.1, 0.2)}, "patience"),
    "units killed by training": (
        {"start": HEALTHY, "end": Reading(1.0, 0.0, 0.1, 0.0, 0.97, 0.2)},
        "shorter steps",
    ),
    "no critical point": ({"end": Reading(0.8, 1.0, 4.0, -0.3, 0.0, 0.2)}, "shorter steps"),
    "saddle": ({"end": Reading(0.8, 1e-3, 4.0, -0.3, 0.0, 0.2)}, "patience"),
    "flat place or minimum": ({"end": Reading(0.8, 1e-3, 4.0, -1e-3, 0.0, 0.2)}, "wider"),
}


@pytest.mark.parametrize("name", SUSPECTS)
@pytest.mark.parametrize("unit", [1.0, math.log(1000), 0.037])
def test_the_instruments_name_a_suspect_and_its_cure(name, unit):
    readings, cure = SUSPECTS[name]
    # θ in other units would change ‖g‖ and λ; the loss times c changes ‖g‖, λ and 1/η by c.
    readings = {
        key: at._replace(
            loss=unit * at.loss,
            grad_norm=unit * at.grad_norm,
            highest=unit * at.highest,
            lowest=unit * at.lowest,
            learning_rate=at.learning_rate / unit,
        )
        for key, at in readings.items()
    }
    found = diagnose(0.8 * unit, unit, smaller=0.1 * unit, **readings)
    assert found.suspects[0].name == name
    assert cure in found.cure == found.suspects[0].cure
    assert "first cure alone" in found.next


def test_a_healthy_start_is_no_suspect():
    assert diagnose(0.8, 1.0, smaller=0.1, start=HEALTHY).suspects == ()


def test_a_smaller_network_with_the_same_fault_does_not_acquit_the_training():
    """Where all units are dead, a smaller network is dead too and trains no better."""
    dead = SUSPECTS["dead units"][0]
    assert diagnose(1.0, 1.0, smaller=1.0).answer == "model bias"
    found = diagnose(1.0, 1.0, smaller=1.0, **dead)
    assert found.answer == "optimization" and found.suspects[0].name == "dead units"
    assert [question.answer for question in found.path] == ["yes", "no", "yes"]
    assert diagnose(1.0, 1.0, **dead).answer == "optimization"
    # A training that has merely come to rest is no excuse for a model that is too small.
    rest = SUSPECTS["flat place or minimum"][0]
    assert diagnose(0.8, 1.0, smaller=0.85, **rest).answer == "model bias"


def test_a_divergence_is_high_and_the_learning_rate_its_suspect():
    found = diagnose(math.nan, 1.0, start=HEALTHY)
    assert found.answer == "optimization" and found.suspects[0].name == "learning rate"
    assert "diverged" in found.path[0].because


def test_the_sentences_tell_the_whole_way():
    found = diagnose(0.8, 1.0, smaller=0.1, start=HEALTHY._replace(learning_rate=3.0))
    text = str(found)
    for part in (*(q.asks for q in found.path), found.answer, found.suspects[0].cure, found.next):
        assert part in text
    assert "η λ_max / 2 ≈ 6 " in text and "2/λ_max ≈ 0.5," in text
    assert all(sentence.endswith(".") for sentence in found.sentences)
    assert "Cure: more units" in str(diagnose(0.8, 1.0, smaller=0.75))


def test_a_limit_keeps_three_digits():
    """2/1.9 is 1.05, and neither 1 nor 1.1 where it is printed."""
    found = diagnose(0.8, 1.0, smaller=0.1, start=HEALTHY._replace(highest=1.9, learning_rate=3.0))
    assert "2/λ_max ≈ 1.05," in found.cure


def test_the_thresholds_are_the_reader_s():
    assert diagnose(0.3, 1.0, smaller=0.05).answer == "optimization"
    assert diagnose(0.3, 1.0, smaller=0.05, high=0.4).answer == "undecided"
    assert diagnose(0.3, 1.0, smaller=0.05, gap=0.5).answer == "model bias"


def test_every_way_through_the_losses_ends():
    grid = [0.0, 0.15, 0.5, 1.0, 2.0]
    some = [None, *grid]
    for training, smaller, held_out, test in itertools.product(grid, some, some, some):
        found = diagnose(training, 1.0, smaller=smaller, held_out=held_out, test=test)
        assert found.answer in CURES and found.sentences
        assert ("high" in found.path[0].asks) and (found.path[0].answer == "yes") == (
            training > 0.2
        )


# --- a report is a reading ----------------------------------------------------------------------


@pytest.mark.nightly
def test_a_report_is_read_like_a_reading():
    net = networks.mlp([3, 4, 2], jax.nn.relu)
    x, y = jax.random.normal(jax.random.key(0), (20, 3)), jnp.arange(20) % 2

    def loss(params):
        return networks.cross_entropy(net.apply(params, x), y)

    params = net.init(jax.random.key(1))
    page = lu.report(loss, params, 50.0)
    guessing = math.log(2)
    found = diagnose(guessing, guessing, smaller=0.1, start=page)
    assert found.suspects[0].name == "learning rate"
    assert f"2/λ_max ≈ {2 / page.sharpness:.3g}," in found.cure
    dead = [{**layer, "b": layer["b"] - 100} for layer in params[:-1]] + [params[-1]]
    found = diagnose(guessing, guessing, smaller=guessing, start=lu.report(loss, dead, 0.1))
    assert found.suspects[0].name == "dead units"


def test_squared_error_of_a_linear_fit():
    """The variance of the targets is what guessing costs; a model without the input is biased."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal(200)
    y = 0.3 * x**2 + 0.01 * rng.standard_normal(200)
    line, parabola = (np.mean((np.polyval(np.polyfit(x, y, k), x) - y) ** 2) for k in (1, 2))
    assert diagnose(line, np.var(y), smaller=np.var(y)).answer == "model bias"
    assert diagnose(parabola, np.var(y), test=1.1 * parabola).answer == "nothing is wrong"


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: diagnose("low", 2.3), "training must be one number"),
        (lambda: diagnose([1.0, 2.0], 2.3), "training must be one number"),
        (lambda: diagnose(True, 2.3), "training must be one number"),
        (lambda: diagnose(1.0, math.nan), "guessing must be finite"),
        (lambda: diagnose(1.0, 0.0), "guessing must cost more than best"),
        (lambda: diagnose(1.0, 2.3, test=math.inf), "test must be finite"),
        (lambda: diagnose(1.0, 2.3, high=1.5), "high must be a share"),
        (lambda: diagnose(1.0, 2.3, start=0.5), "start must be what report"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_any_kind_of_number_will_do():
    for kind in (np.float32, np.float64, jnp.float32, jnp.bfloat16, np.asarray, jnp.asarray):
        assert diagnose(kind(2.0), kind(2.3), smaller=kind(0.25)).answer == "optimization"


def test_the_example_runs():
    assert doctest.testmod(diagnosis, extraglobs={"lu": lu}) == (0, 3)
