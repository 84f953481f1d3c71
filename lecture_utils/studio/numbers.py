"""How numbers are printed: few digits, and ≈ before what another machine would print differently.

The tests of the notebooks mask the numbers that stand after ≈ (tests/notebooks/sanitize.cfg), and
compare everything else strictly.
"""

import re

import numpy as np

__all__ = ["about", "counted", "digits", "typeset"]

_MINUS = re.compile(r"(?<![\w.\"'=−-])-(?=[\d.∞]|inf)")
_POWER = re.compile(r"(?<=\d)e([+-])0*(\d+)(?!\w)")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def typeset(text: str) -> str:
    """A sentence with its numbers as the axes write them: −0.5 for -0.5, 4 · 10⁻⁶ for 4e-06.

    recorded.js does the same in the book.
    """

    def power(found: re.Match) -> str:
        exponent = found[1].removeprefix("+") + found[2]
        return "" if found[2] == "0" else f" · 10{exponent.translate(_RAISED)}"

    return _POWER.sub(power, _MINUS.sub("−", text))


def counted(number: int, thing: str) -> str:
    """``1 epoch``, ``2 epochs``: so many things, a single one without its s."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def digits(value, count: int = 3) -> str:
    """A number with at most ``count`` significant digits: 0.0123, 12.3, 12300, 1.2e-08."""
    value = float(value)
    if not np.isfinite(value):
        return "NaN" if np.isnan(value) else ("∞" if value > 0 else "−∞")
    text = f"{value:.{count}g}"
    if "e" in text and 1 <= abs(value) < 10**9:
        text = f"{float(text):.0f}"
    return text.removeprefix("-") if float(text) == 0 else text


def about(values, count: int = 3) -> str:
    """``≈ 3.94`` for a number, ``≈ 0.61 to 0.92`` (least to largest) for several."""
    values = np.asarray(values, dtype=float)
    if values.size == 0:
        raise ValueError("values must hold at least one number, but is empty.")
    low, high = (digits(end, count) for end in (values.min(), values.max()))
    return f"≈ {low}" if low == high else f"≈ {low} to {high}"
