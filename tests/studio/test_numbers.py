"""Printed numbers: few digits, and everything behind ≈ is masked by the notebooks' tests."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sanitize import MASK
from unit_helpers import PROPERTY

from lecture_utils.studio.numbers import about, counted, digits, typeset


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.012345, "0.0123"),
        (12.345, "12.3"),
        (12345, "12300"),
        (1.234e-8, "1.23e-08"),
        (1e12, "1e+12"),
        (-0.0, "0"),
        (-2, "-2"),
        (np.inf, "∞"),
        (np.nan, "NaN"),
    ],
)
def test_digits(value, text):
    assert digits(value) == text


def test_about_several_numbers_names_the_least_and_the_largest():
    assert about([0.9191, 0.61, 0.7]) == "≈ 0.61 to 0.919"
    assert about(3.94159) == "≈ 3.94"
    assert about([2.0001, 2.0]) == "≈ 2"
    with pytest.raises(ValueError, match="values must hold"):
        about([])


@PROPERTY
@given(st.lists(st.floats(), min_size=1, max_size=3))
def test_the_mask_takes_all_of_it_and_nothing_more(values):
    text = f"λ = {about(values)}, 51 times as large"
    assert MASK.sub("≈", text) == "λ = ≈, 51 times as large"


@pytest.mark.parametrize("text", ["≈ 3.9 ± 0.2", "≈ 84 %", "≈ 3–5", "≈ -0.5 to 0.5", "≈12"])
def test_other_forms_are_masked_too(text):
    assert MASK.sub("≈", f"{text} units, 3 of 3") == "≈ units, 3 of 3"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("at (-1.35, 0.75): <b>-0.4</b>", "at (−1.35, 0.75): <b>−0.4</b>"),
        ("4.1e-06 and 2e+10, 3.0e+00", "4.1 · 10⁻⁶ and 2 · 10¹⁰, 3.0"),
        ("x-1, a two-stage film, 3-4, from -inf", "x-1, a two-stage film, 3-4, from −inf"),
    ],
)
def test_a_sentence_has_its_numbers_as_the_axes_write_them(written, text):
    assert typeset(written) == text
    assert typeset(text) == text


def test_a_single_thing_has_no_s():
    assert [counted(k, "epoch") for k in (0, 1, 2)] == ["0 epochs", "1 epoch", "2 epochs"]
