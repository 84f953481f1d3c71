"""What a wrong answer has in common with the right one, on every input of an exercise.

A sentence from here is a measured fact about this answer (twice the right one on every input, its
root, the same numbers in another order), so it can be told without knowing what was thought.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

__all__ = [
    "factor_between",
    "nearly",
    "only_wrong_in",
    "other_arguments",
    "parts_of",
    "relation",
    "relation_by_parts",
]

_CLOSE = 1e-6


def relation(
    values: Sequence, rights: Sequence, inputs: Sequence[tuple], names: Sequence[str]
) -> str | None:
    """A sentence that holds for all pairs of a value and the right one, or None.

    ``inputs`` are the argument tuples that led to them, ``names`` those of the arguments.
    """
    if len(values) < 2:
        return None
    if all(isinstance(right, tuple) for right in rights):
        return _of_tuples(values, rights, inputs, names)
    if any(isinstance(right, (str, dict, tuple)) for right in rights):
        return _of_texts(values, rights)
    told = _one_of_several(values, rights)
    if told:
        return told
    try:
        arrays = [_numbers(value) for value in values]
    except (TypeError, ValueError):
        return None
    numbers = [_numbers(right) for right in rights]
    with np.errstate(all="ignore"):
        return _of_arrays(arrays, numbers, inputs, names)


def _numbers(value) -> np.ndarray:
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise TypeError
    return array if array.dtype == bool else array.astype(float)


_PLACES = ("first", "second", "third", "fourth", "fifth")


def _of_tuples(values, rights, inputs, names):
    size = len(rights[0])
    if size > len(_PLACES) or any(len(right) != size for right in rights):
        return None
    for place in range(size):
        if size > 1 and _all_same(values, [right[place] for right in rights]):
            return f"{_COUNTS[size]} results are asked for, and yours is the {_PLACES[place]} alone"
    for value in values:
        if isinstance(value, (str, dict)) or not hasattr(value, "__len__") or len(value) != size:
            return None
    if size > 1 and _all_same([value[::-1] for value in values], rights):
        return "the right results, but in the wrong order"
    for order in itertools.permutations(range(size)) if 2 < size < 5 else ():
        if _all_same([[value[i] for i in order] for value in values], rights):
            return "the right results, but in the wrong order"
    if any(isinstance(part, tuple) for part in rights[0]):
        return _of_nested(values, rights, inputs, names, most=1)
    wrong = [
        i for i in range(size) if not _all_same([v[i] for v in values], [r[i] for r in rights])
    ]
    if len(wrong) == size > 1:
        parts = {
            relation([v[i] for v in values], [r[i] for r in rights], inputs, names) for i in wrong
        }
        told = parts.pop()
        return f"of each result: {told}" if told and not parts else None
    if len(wrong) != 1 or size == 1:
        return None
    return _of_parts(wrong, values, rights, inputs, names)


def _of_parts(wrong, values, rights, inputs, names):
    size = len(rights[0])
    parts = [relation([v[i] for v in values], [r[i] for r in rights], inputs, names) for i in wrong]
    if not all(parts):
        return None
    told = [f"of the {_PLACES[i]}: {part}" for i, part in zip(wrong, parts, strict=True)]
    if len(wrong) < size:
        others = "the other result is" if size - len(wrong) == 1 else "all other results are"
        told.insert(0, f"{others} right")
    return "; ".join(told)


def _of_nested(values, rights, inputs, names, most):
    flat = [parts_of(value, right) for value, right in zip(values, rights, strict=True)]
    if None in flat or len(set(map(len, flat))) > 1:
        return None
    parts = list(zip(*flat, strict=True))
    wrong = [part for part in parts if not all(_same(v, r) for _, v, r in part)]
    told = []
    for part in wrong if len(wrong) <= most else ():
        said = relation([v for _, v, _ in part], [r for _, _, r in part], inputs, names)
        told.append(f"in part {part[0][0]} {said}" if said else "")
    if not told or not all(told):
        return None
    others = ["all other parts are right"] if len(wrong) < len(parts) else []
    return "; ".join([*others, *told])


def parts_of(value, right, label=""):
    """[(label, part, right part)] of several results; None where they do not have one form."""
    if not isinstance(right, tuple):
        return [(label, value, right)]
    if not isinstance(value, (tuple, list)) or len(value) != len(right):
        return None
    pairs = enumerate(zip(value, right, strict=True))
    found = [parts_of(v, r, f"{label}[{i}]") for i, (v, r) in pairs]
    return None if None in found else [part for parts in found for part in parts]


def relation_by_parts(
    values: Sequence, rights: Sequence, inputs: Sequence[tuple], names: Sequence[str]
) -> str | None:
    """`relation` where several of the results are wrong, each in a way of its own."""
    size = len(rights[0]) if all(isinstance(right, tuple) for right in rights) else 0
    if not 1 < size <= len(_PLACES) or not all(
        isinstance(v, (tuple, list)) and len(v) == size for v in values
    ):
        return None
    if any(isinstance(part, tuple) for part in rights[0]):
        return _of_nested(values, rights, inputs, names, most=3)
    pairs = list(zip(values, rights, strict=True))
    wrong = [i for i in range(size) if not all(_same(v[i], r[i]) for v, r in pairs)]
    return _of_parts(wrong, values, rights, inputs, names)


_COUNTS = ("no", "one", "two", "three", "four", "five")


def _one_of_several(values, rights):
    """A tuple or list of as many results on every input, one of which is the answer."""
    sizes = {len(value) if isinstance(value, (tuple, list)) else 0 for value in values}
    size = sizes.pop()
    if sizes or not 2 <= size <= len(_PLACES) or all(np.shape(r) == (size,) for r in rights):
        return None
    for place in range(size):
        if _all_same([value[place] for value in values], rights):
            return (
                f"one result is asked for, and yours are {size}: return the {_PLACES[place]} alone"
            )
    return None


def _of_texts(values, rights):
    if len(set(map(str, rights))) > 1 and len(set(map(str, values))) == 1:
        return "your answer is the same for every input"
    if not all(isinstance(text, str) for text in (*values, *rights)):
        return None
    said, asked = map(str, values), map(str, rights)
    pairs = list(zip(said, asked, strict=True))
    if all(value.strip().lower() == right.lower() for value, right in pairs):
        value, right = next(pair for pair in pairs if pair[0] != pair[1])
        return f"right but for the spelling: the word is {right!r}, and yours is {value!r}"
    wrong = {pair for pair in pairs if pair[0] != pair[1]}
    if len(wrong) == 1:
        ((value, right),) = wrong
        if all(one != right for one, _ in pairs):
            return f"you never answer {right!r}, but {value!r} in its place; all others are right"
    return None


def only_wrong_in(values: Sequence, rights: Sequence) -> str | None:
    """What is wrong, where it is one thing: one way round of a few words, one of several results.

    It narrows the search, without saying what to do: an example belongs beside it.
    """
    if all(isinstance(right, tuple) for right in rights):
        size = len(rights[0])
        if not all(isinstance(value, (tuple, list)) and len(value) == size for value in values):
            return None
        wrong = [i for i in range(size) if not _all_same([v[i] for v in values],
                                                         [r[i] for r in rights])]  # fmt: skip
        return f"all results are right but that at index {wrong[0]}" if len(wrong) == 1 else None
    kinds = (str, bool, np.bool_)
    if not all(isinstance(x, kinds) for x in (*values, *rights)):
        return None
    pairs = {(v, r) if isinstance(r, str) else (bool(v), bool(r))
             for v, r in zip(values, rights, strict=True) if v != r}  # fmt: skip
    if len(pairs) != 1:
        return None
    ((value, right),) = pairs
    return f"where you are wrong, you always answer {value!r} in place of {right!r}"


def _same(one, other) -> bool:
    if isinstance(other, (tuple, list)) and any(
        isinstance(x, (tuple, list)) or np.ndim(x) for x in other
    ):
        listed = isinstance(one, (tuple, list)) or getattr(one, "ndim", 0) > 0
        return (
            bool(listed)
            and len(one) == len(other)
            and all(_same(x, y) for x, y in zip(one, other, strict=True))
        )
    try:
        one, other = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    except (TypeError, ValueError):
        return False
    if one.shape != other.shape:
        return False
    scale = np.max(np.abs(other[np.isfinite(other)]), initial=0.0)
    near = np.abs(one - other) <= 1e-12 + _CLOSE * scale
    return bool(np.all(near | (one == other)))


def _all_same(some, others) -> bool:
    return all(_same(one, other) for one, other in zip(some, others, strict=True))


def _of_arrays(values, rights, inputs, names):
    returned = _returned_argument(values, inputs, names)
    if returned:
        return returned
    if all(value.shape == right.shape for value, right in zip(values, rights, strict=True)):
        return (
            _constant(values, rights)
            or _of_bools(values, rights)
            or _multiple(values, rights, inputs, names)
            or _transformed(values, rights)
            or _rearranged(values, rights)
            or _beside_an_argument(values, rights, inputs, names)
            or _partly(values, rights)
            or _one_entry(values, rights)
            or _weights(values, rights, inputs, names)
        )
    return _of_other_shape(values, rights)


def _returned_argument(values, inputs, names):
    for place, name in enumerate(names):
        given = [arguments[place] for arguments in inputs if place < len(arguments)]
        complete = len(given) == len(values) and not any(map(callable, given))
        if complete and _all_same(values, given):
            return f"your answer is `{name}` itself, as it came in"
    return None


def _constant(values, rights):
    shapes = {value.shape for value in values}
    if len(shapes) != 1 or not _all_same(values, [values[0]] * len(values)):
        return None
    if _all_same(rights, [rights[0]] * len(rights)):
        return None
    if not np.any(values[0]) and values[0].dtype != bool:
        return "your answer is 0 for every input"
    return "your answer is the same for every input"


def _of_bools(values, rights):
    if not all(right.dtype == bool for right in rights):
        return None
    told = np.concatenate([right.ravel() for right in rights])
    said = np.concatenate([np.asarray(value, float).ravel() for value in values])
    if told.any() and not told.all() and np.array_equal(said, 1.0 - told):
        return "your answer is the opposite of the right one: True and False are exchanged"
    return None


def _multiple(values, rights, inputs, names):
    """Values that are the right ones times a number, the same one or one that the input gives."""
    factors = []
    for value, right in zip(values, rights, strict=True):
        if right.dtype == bool or not np.all(np.isfinite(value)) or not np.all(np.isfinite(right)):
            return None
        square = np.sum(right**2)
        factor = np.sum(value * right) / square if square > 0 else np.nan
        if not _same(value, factor * right if square > 0 else right):
            return None
        factors.append(factor)
    known = np.isfinite(factors)
    if known.sum() < 2:
        return None
    found = np.array(factors)[known]
    if np.ptp(found) <= _CLOSE * np.max(np.abs(found)):
        factor = float(found[0])
        if abs(factor) < _CLOSE:
            return "your answer is 0 for every input"
        if abs(factor + 1) < _CLOSE:
            return "your answer has the wrong sign, and is right apart from that"
        turned = ", and has the wrong sign" if factor < 0 else ""
        return f"your answer is {_number(abs(factor))} times the right one on every input{turned}"
    for label, numbers in _sizes(inputs, names):
        if numbers is None:
            continue
        sizes = np.array(numbers, float)[known]
        for text, powers in (
            (f"the right one times {label}", sizes),
            (f"the right one divided by {label}", 1 / sizes),
            (f"the right one times the square of {label}", sizes**2),
            (f"the right one divided by the square of {label}", 1 / sizes**2),
            (f"the right one divided by the root of {label}", sizes**-0.5),
            (f"the right one times the root of {label}", sizes**0.5),
        ):
            for sign, words in ((1, ""), (-1, ", and has the wrong sign")):
                if _same(found, sign * powers):
                    return f"your answer is {text} on every input{words}"
    other = np.all(found > 0) and np.all(np.abs(found - 1) > _CLOSE)
    if other and all(right.size > 1 for right in rights):
        return "your answer points the right way, but does not have the right length"
    return None


def _shape(argument) -> tuple | None:
    """The shape of a number or an array; None for what is no array, such as nested pairs."""
    try:
        return np.shape(argument)
    except ValueError:
        return None


def factor_between(values: Sequence, others: Sequence) -> str | None:
    """ "2 times as large", "of the other sign": what two lists of numbers differ by on every input.

    None where it is no factor, where it is 1 or 0, or no whole number nor one over it: a mistake
    beside which something is multiplied by 1.443 is another mistake.
    """
    try:
        values, others = [_numbers(v) for v in values], [_numbers(o) for o in others]
    except (TypeError, ValueError):
        return None
    if any(v.shape != o.shape for v, o in zip(values, others, strict=True)):
        return None
    value, other = (np.concatenate([np.ravel(x) for x in xs]) for xs in (values, others))
    if value.dtype == bool or not np.all(np.isfinite(value)) or not np.all(np.isfinite(other)):
        return None
    square = np.sum(other**2)
    factor = float(np.sum(value * other) / square) if square > 0 else 0.0
    if abs(factor) < _CLOSE or abs(factor - 1) < _CLOSE or not _is_simple(abs(factor)):
        return None
    # Input by input: a large one must not hide a small one.
    if not _all_same(values, [factor * o for o in others]):
        return None
    if factor > 0:
        return f"{_number(factor)} times as large"
    size = "" if abs(factor + 1) < _CLOSE else f"{_number(-factor)} times as large, and "
    return f"{size}of the other sign"


def _is_simple(x: float) -> bool:
    return abs(x - round(x)) < _CLOSE * x or abs(1 / x - round(1 / x)) < _CLOSE / x


def _number(x: float) -> str:
    if abs(x - round(x)) < _CLOSE * x:
        return f"{round(x)}"
    if abs(1 / x - round(1 / x)) < _CLOSE / x:
        return f"1/{round(1 / x)}"
    return f"{x:.4g}"


def _sizes(inputs, names):
    """(label, one number for each input): numbers among the arguments, and lengths of arrays."""
    for place, name in enumerate(names):
        given = [arguments[place] for arguments in inputs if place < len(arguments)]
        if len(given) < len(inputs) or any(map(callable, given)):
            continue
        if all(isinstance(x, (int, float, np.number)) for x in given):
            yield f"`{name}`", given
            for shift in (-1, 1):
                yield f"`{name} {'-' if shift < 0 else '+'} 1`", [x + shift for x in given]
        else:
            shapes = [_shape(x) for x in given]
            if None not in shapes and all(len(shape) == len(shapes[0]) for shape in shapes):
                for axis in range(len(shapes[0])):
                    label = f"len({name})" if axis == 0 else f"{name}.shape[{axis}]"
                    yield f"`{label}`", [shape[axis] for shape in shapes]
    return


_OF_THE_RIGHT: Sequence[tuple[str, Callable[[np.ndarray], Any]]] = (
    ("the square of the right one: take the root", lambda r: r**2),
    ("the root of the right one: do not take the root", lambda r: np.sqrt(np.abs(r))),
    ("one over the right one: turn the fraction around", lambda r: 1 / r),
    ("minus one over the right one", lambda r: -1 / r),
    ("the size of the right one: its sign counts", np.abs),
    ("minus the size of the right one: its sign counts", lambda r: -np.abs(r)),
    ("e to the power of the right one: take the logarithm", np.exp),
    ("the logarithm of the right one: do not take the logarithm", np.log),
    ("one minus the right one", lambda r: 1 - r),
    ("the right one, rounded: do not round", np.round),
    *(
        (
            f"the right one, rounded to {n} decimal{'s' * (n > 1)}: do not round",
            lambda r, n=n: np.round(r, n),
        )
        for n in (1, 2, 3, 4)
    ),
    ("the right one, rounded down: do not round", np.floor),
    ("the right one, rounded up: do not round", np.ceil),
    ("minus the square of the right one", lambda r: -(r**2)),
    ("the right one, but never below 0: leave the negative ones", lambda r: np.maximum(r, 0)),
)


def _transformed(values, rights):
    if any(right.dtype == bool for right in rights):
        return None
    for words, function in _OF_THE_RIGHT:
        if _all_same(values, [function(right) for right in rights]):
            return f"your answer is {words}"
    shifts = [np.ravel(value - right) for value, right in zip(values, rights, strict=True)]
    flat = np.concatenate(shifts)
    if np.all(np.isfinite(flat)) and np.ptp(flat) <= 1e-9 + _CLOSE * np.max(np.abs(flat)):
        return f"your answer is the right one plus {flat[0]:.4g} on every input"
    return None


def nearly(values: Sequence, rights: Sequence) -> str | None:
    """A clause where no number is off by more than a twentieth, and at least two are off.

    It is for what nothing else explains: a grid, a loop that ended early.
    """
    try:
        pairs = [(float(v), float(r)) for v, r in zip(values, rights, strict=True)]
    except (TypeError, ValueError, OverflowError):  # as a whole number beyond all floats
        return None
    if any(r == 0 or not np.isfinite(v) for v, r in pairs):
        return None
    off = sorted(abs(v / r - 1) for v, r in pairs)
    if len(off) < 2 or off[-2] <= _CLOSE or off[-1] > 0.05:
        return None
    return (
        f"your answer is near the right one on every input, off by about {100 * off[-1]:.1g} % at "
        "most, but not exact (a grid, a rounding, a loop that ends too early?)"
    )


def _rearranged(values, rights):
    square = all(right.ndim == 2 and right.shape == right.T.shape for right in rights)
    if square and _all_same(values, [right.T for right in rights]):
        return "your answer is the transpose of the right one"
    if not any(right.size > 1 for right in rights):
        return None
    if _all_same(values, [right[::-1] if right.ndim else right for right in rights]):
        return "the right entries, but in the reverse order"
    if _all_same([np.sort(v, axis=None) for v in values], [np.sort(r, axis=None) for r in rights]):
        return "the right entries, but not in their places"
    return None


def _one_entry(values, rights):
    """Arrays of one shape that are right everywhere but in one place, the same on every input."""
    shape = rights[0].shape
    if rights[0].size < 3 or len(shape) != 1 or any(right.shape != shape for right in rights):
        return None
    scales = [np.max(np.abs(right), initial=0.0) for right in rights]
    near = [
        np.abs(value - right) <= 1e-12 + _CLOSE * scale
        for value, right, scale in zip(values, rights, scales, strict=True)
    ]
    wrong = np.flatnonzero(~np.all(near, axis=0))
    return f"all entries are right but that at index {wrong[0]}" if len(wrong) == 1 else None


_BESIDE: Sequence[tuple[str, Callable]] = (
    ("plus", lambda right, x: right + x),
    ("minus", lambda right, x: right - x),
    ("times", lambda right, x: right * x),
    ("divided by", lambda right, x: right / x),
)


def _beside_an_argument(values, rights, inputs, names):
    """Where an argument was added to the right answer, or multiplied with it, entry by entry."""
    for place, name in enumerate(names):
        given = [arguments[place] for arguments in inputs if place < len(arguments)]
        if len(given) < len(inputs) or any(
            isinstance(x, (str, bool)) or callable(x) for x in given
        ):
            continue
        shapes = [_shape(x) for x in given]
        fits = [s is not None and s in ((), r.shape) for s, r in zip(shapes, rights, strict=True)]
        if not all(fits) or any(right.dtype == bool for right in rights):
            continue
        numbers = [np.asarray(x, dtype=float) for x in given]
        for words, function in _BESIDE:
            others = [function(r, x) for r, x in zip(rights, numbers, strict=True)]
            if _all_same(values, others):
                return f"your answer is the right one {words} `{name}`"
    return None


_SLICES = (("entry", 1, 0), ("row", 2, 0), ("column", 2, 1))


def _partly(values, rights):
    """Where all is right but one row, column or entry, the same one on every input; or it alone."""
    for words, dimensions, axis in _SLICES:
        if any(right.ndim != dimensions for right in rights):
            continue
        told = [
            list(map(_same, np.moveaxis(value, axis, 0), np.moveaxis(right, axis, 0)))
            for value, right in zip(values, rights, strict=True)
            if right.shape[axis] > 1
        ]
        if len(told) < 2:
            continue
        for place, where in ((0, "first"), (-1, "last")):
            rest = [flags[1:] if place == 0 else flags[:-1] for flags in told]
            alone = [flags[place] for flags in told]
            if not any(alone) and all(map(all, rest)):
                return f"your answer is right but for its {where} {words}"
            if all(alone) and not any(map(any, rest)):
                return f"only the {where} {words} of your answer is right"
    return None


def _weights(values, rights, inputs, names):
    """Where both are sums of the arguments with fixed weights: the weights that differ."""
    if len(names) < 2 or any(map(callable, itertools.chain(*inputs))):
        return None
    shapes = [{_shape(x) for x in arguments} for arguments in inputs]
    fits = all(shape == {right.shape} for shape, right in zip(shapes, rights, strict=True))
    if not fits or any(right.dtype == bool for right in rights):
        return None
    table = np.concatenate([np.stack([np.ravel(x) for x in xs], 1) for xs in inputs]).astype(float)
    told = []
    for answers in (values, rights):
        flat = np.concatenate([np.ravel(answer) for answer in answers]).astype(float)
        if len(table) < len(names) + 2 or not np.all(np.isfinite(flat)):
            return None
        weights, _, rank, _ = np.linalg.lstsq(table, flat, rcond=None)
        if rank < len(names) or not _same(table @ weights, flat):
            return None
        told.append(weights)
    wrong = [
        f"`{name}` the weight {_signed(mine)}"
        for name, mine, right in zip(names, *told, strict=True)
        if abs(mine - right) > _CLOSE
    ]
    return f"your answer gives {', '.join(wrong)}, and that is not right" if wrong else None


def _signed(x: float) -> str:
    if abs(x) < _CLOSE:
        return "0"
    return f"{'-' if x < 0 else ''}{_number(abs(x))}"


def _of_other_shape(values, rights):
    pairs = list(zip(values, rights, strict=True))
    if all(r.ndim == 0 and v.ndim > 0 and v.size for v, r in pairs):
        for words, function in (
            ("add them up", np.sum),
            ("take their mean", np.mean),
            ("the largest of them is the answer", np.max),
            ("the smallest of them is the answer", np.min),
            ("the length of this vector is the answer", np.linalg.norm),
            ("the first of them is the answer", lambda v: v.ravel()[0]),
            ("the last of them is the answer", lambda v: v.ravel()[-1]),
            ("the sum of its diagonal is the answer", lambda v: np.trace(v) if v.ndim == 2 else 0),
        ):
            if _all_same([function(v) for v in values], rights):
                return f"one number is asked for, and yours is an array: {words}"
    if all(v.ndim == 0 and r.ndim > 0 and r.size for v, r in pairs):
        for words, function in (
            ("the sum of its entries", np.sum),
            ("their mean", np.mean),
            ("its length", np.linalg.norm),
            ("its first entry", lambda r: r.ravel()[0]),
            ("its largest entry", np.max),
        ):
            if _all_same(values, [function(r) for r in rights]):
                return f"an array is asked for, and yours is {words}"
    if all(v.shape == r.T.shape for v, r in pairs) and _all_same(values, [r.T for r in rights]):
        return "your answer is the transpose of the right one"
    if all(r.ndim > 0 for r in rights):
        for words, function in _PARTS:
            if _all_same(values, [function(r) for r in rights]):
                return f"your answer is {words}"
        if _all_same([v.ravel() for v in values], [r.ravel() for r in rights]):
            return "the right entries, but in an array of another shape"
    return None


_PARTS: Sequence[tuple[str, Callable[[np.ndarray], Any]]] = (
    ("the right one without its last row or entry", lambda r: r[:-1]),
    ("the right one without its first row or entry", lambda r: r[1:]),
    ("the first row or entry of the right one alone", lambda r: r[0]),
    ("the first row or entry of the right one alone", lambda r: r[:1]),
    ("the last row or entry of the right one alone", lambda r: r[-1]),
    ("the right one without its last column", lambda r: r[:, :-1] if r.ndim == 2 else r),
    ("the right one without its first column", lambda r: r[:, 1:] if r.ndim == 2 else r),
    ("the first column of the right one alone", lambda r: r[:, 0] if r.ndim == 2 else r),
    ("the diagonal of the right one alone", lambda r: np.diag(r) if r.ndim == 2 else r),
)


_FOR_NUMBERS = ("-{0}", "abs({0})", "2 * {0}", "{0} / 2", "{0} + 1", "{0} - 1", "{0} ** 2",
                "abs({0}) ** 0.5", "1 / {0}", "1 - {0}", "0", "1")  # fmt: skip
_FOR_ARRAYS = ("-{0}", "np.abs({0})", "2 * {0}", "{0} / 2", "{0} ** 2", "1 / {0}",
               "np.sign({0})", "{0} - np.mean({0})", "{0} / np.linalg.norm({0})", "0 * {0}",
               "np.maximum({0}, 0)")  # fmt: skip
_FOR_VECTORS = (*_FOR_ARRAYS, "np.sort({0})", "{0}[::-1]", "np.full_like({0}, {0}[0])",
                "{0}[:1]", "{0}[-1:]", "{0}[1:]", "{0}[:-1]", "{0}[:2]",
                "{0}[[0, -1]]")  # fmt: skip
_FOR_MATRICES = (*_FOR_ARRAYS, "{0}.T", "np.diag(np.diag({0}))", "{0}[::-1]", "{0}[:, ::-1]",
                 "np.linalg.inv({0})")  # fmt: skip


_SAID = {"np.full_like({0}, {0}[0])": "an array that holds `{0}[0]` everywhere"}


def other_arguments(inputs: Sequence[tuple], names: Sequence[str], changed: bool = True):
    """(sentence, inputs): what a wrong answer may be the right answer to.

    One argument is replaced (its square, its absolute value, only its diagonal, …) if ``changed``,
    or two are exchanged.  Nothing is tried where functions are among the arguments: those calls are
    slow.
    """
    if any(callable(argument) for arguments in inputs for argument in arguments):
        return
    for place, name in enumerate(names if changed else ()):
        given = [arguments[place] for arguments in inputs]
        for form in _forms(given):
            words = form.format(name)
            new = [_evaluated(words, name, x) for x in given]
            if all(x is not None for x in new):
                said = _SAID.get(form, "`" + form + "`").format(name)
                yield (
                    f"your answer is the right one for {said} in place of `{name}`",
                    [_put(args, {place: x}) for args, x in zip(inputs, new, strict=True)],
                )
    for one in range(len(names)):
        for two in range(one + 1, len(names)):
            if all(_shape(a[one]) == _shape(a[two]) is not None for a in inputs):
                yield (
                    f"your answer is the right one with `{names[one]}` and `{names[two]}` "
                    "exchanged",
                    [_put(args, {one: args[two], two: args[one]}) for args in inputs],
                )


def _forms(given) -> Sequence[str]:
    if any(isinstance(x, (str, bool, list, tuple, dict)) for x in given):
        return ()
    dimensions = {len(_shape(x)) for x in given}
    if dimensions == {1} and all(np.array_equal(np.sort(x), np.arange(len(x))) for x in given):
        return ("np.argsort({0})", "{0}[{0}]", "{0}[::-1]")  # an order
    kinds = {0: _FOR_NUMBERS, 1: _FOR_VECTORS, 2: _FOR_MATRICES}
    return kinds.get(dimensions.pop(), ()) if len(dimensions) == 1 else ()


def _evaluated(words: str, name: str, value):
    try:
        with np.errstate(all="ignore"):
            changed = eval(words, {"np": np, name: value})
    except Exception:  # no inverse, no square matrix, …
        return None
    return changed if np.all(np.isfinite(changed)) else None


def _put(arguments: tuple, new: dict) -> tuple:
    return tuple(new.get(place, argument) for place, argument in enumerate(arguments))
