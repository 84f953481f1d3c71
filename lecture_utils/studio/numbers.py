"""How numbers are printed: few digits, and ≈ before what another machine would print differently.

The tests of the notebooks mask the numbers that stand after ≈ (tests/notebooks/sanitize.cfg), and
compare everything else strictly.
"""

import numpy as np

__all__ = ["about", "digits"]


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
