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
    "on_a_grid",
    "other_arguments",
    "parts_of",
    "relation",
    "relation_by_parts",
    "renamed",
    "where_wrong",
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
    if all(map(callable, values)) and not any(map(callable, rights)):
        return "your function returns a function; its value is asked for: call it"
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
    if not all(map(_has_length(size), values)):
        return _of_one_for_several(values, rights)
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


def _has_length(size):
    return lambda value: (
        not isinstance(value, (str, dict)) and hasattr(value, "__len__") and len(value) == size
    )


_COMBINED: Sequence[tuple[str, Callable]] = (
    ("divided by", np.divide),
    ("plus", np.add),
    ("minus", np.subtract),
    ("times", np.multiply),
)


def _of_one_for_several(values, rights):
    """Where one result came that two of those asked for make: their quotient, sum, …"""
    size = len(rights[0])
    for one, two in itertools.permutations(range(size), 2):
        for words, function in _COMBINED:
            try:
                with np.errstate(all="ignore"):
                    made = [function(right[one], right[two]) for right in rights]
            except (TypeError, ValueError):
                continue
            if _all_same(values, made):
                return (
                    f"{_COUNTS[size]} results are asked for, and yours is the {_PLACES[one]} "
                    f"{words} the {_PLACES[two]}"
                )
    return None


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
    if all(isinstance(right, str) for right in rights) and all(map(_is_list_of_texts, values)):
        return "one word is asked for, and yours is a list of words"
    told = renamed(values, rights)
    if told is None:
        return None
    pairs = list(zip(values, rights, strict=True))
    if all(value.strip().lower() == right.lower() for value, right in pairs):
        return f"right but for the spelling: {told}"
    return f"{told}; all else is right" if any(v == r for v, r in pairs) else told


def _is_list_of_texts(value) -> bool:
    listed = isinstance(value, (list, tuple, np.ndarray)) and np.ndim(value) == 1
    return listed and all(isinstance(word, str) for word in value)


def renamed(values: Sequence, others: Sequence) -> str | None:
    """ "you answer 'up' wherever it is 'down'": words of which each always becomes the same one."""
    if not all(isinstance(word, str) for word in (*values, *others)):
        return None
    said: dict[str, set] = {}
    for value, other in zip(values, others, strict=True):
        said.setdefault(str(other), set()).add(str(value))
    changed = {other: words for other, words in said.items() if words != {other}}
    if not changed or any(len(words) > 1 for words in said.values()):
        return None
    told = [f"{words.pop()!r} wherever it is {other!r}" for other, words in changed.items()]
    return f"you answer {', and '.join(told)}"


def where_wrong(values: Sequence, rights: Sequence) -> str | None:
    """Where an answer is wrong, if that is the same on every input: a clause beside an example.

    The places are the results of several, the rows, columns and entries of arrays; with words, and
    True and False, it is what stands in place of what.
    """
    if all(isinstance(x, (str, bool, np.bool_)) for x in (*values, *rights)):
        return _one_way_round(values, rights)
    unfilled = _unfilled(values, rights)
    if unfilled:
        return unfilled
    cuts = [_pieces(value, right) for value, right in zip(values, rights, strict=True)]
    for word in cuts[0]:
        if all(word in cut for cut in cuts):
            told = _places(word, [[_same(v, r) for v, r in cut[word]] for cut in cuts])
            if told:
                return told
    return None


def _one_way_round(values, rights):
    plain = [x if isinstance(x, str) else bool(x) for x in (*values, *rights)]
    pairs = zip(plain[: len(values)], plain[len(values) :], strict=True)
    said, asked = map(set, zip(*(pair for pair in pairs if pair[0] != pair[1]), strict=True))
    if len(said) == 1:
        place = f" in place of {min(asked)!r}" if len(asked) == 1 else ""
        return f"where you are wrong, you always answer {min(said)!r}{place}"
    if len(asked) == 1:
        return f"you are wrong only where {min(asked)!r} is the right answer"
    return None


def _pieces(value, right) -> dict[str, list[tuple]]:
    """The pairs of what belongs together, by the name of such a piece."""
    if isinstance(right, tuple):
        fits = isinstance(value, (tuple, list)) and len(value) == len(right)
        return {"results": list(zip(value, right, strict=True))} if fits else {}
    if _shape(value) != np.shape(right) or not 1 <= np.ndim(right) <= 2:
        return {}
    value, right = np.asarray(value), np.asarray(right)
    firsts = list(zip(value, right, strict=True))
    if right.ndim == 1:
        return {"entries": firsts}
    return {"rows": firsts, "columns": list(zip(value.T, right.T, strict=True))}


_MOST_PLACES = 4


def _places(word, found):
    """The places that are wrong, or right: the first or last few, or the one at an index."""
    found = [flags for flags in found if len(flags) > 1]  # of one place each name is true
    wrong = [flags for flags in found if not all(flags)]
    if len(wrong) < 2:
        return None
    most = 1 if word == "results" else _MOST_PLACES
    for n in range(1, min(min(map(len, found)), most + 1)):
        places = list(_some_places(min(map(len, found)), n, word == "results"))
        for words, some in places:
            each_wrong = not any(map(all, zip(*(f[some] for f in wrong), strict=True)))
            if each_wrong and all(all(_without(flags, some)) for flags in wrong):
                return f"all {word} are right but {words}"
        for words, some in places:
            if all(all(f[some]) and not any(_without(f, some)) for f in wrong):
                return f"of all {word}, only {words} {'is' if n == 1 else 'are'} right"
    return None


def _without(flags, some: slice) -> list:
    return [flag for i, flag in enumerate(flags) if i not in range(len(flags))[some]]


def _some_places(size, n, by_index):
    """(words, slice): the first n and the last n, and for one alone that at each index."""
    if not by_index:
        yield f"the first {n}" if n > 1 else "the first", slice(0, n)
        yield f"the last {n}" if n > 1 else "the last", slice(-n, None)
    for i in range(size) if n == 1 else ():
        yield f"that at index {i}", slice(i, i + 1)


def _unfilled(values, rights):
    """Where each entry is right or 0, though not all are 0."""
    unfilled = right_ones = 0
    for value, right in zip(values, rights, strict=True):
        parts = parts_of(value, right)
        for _, v, r in parts or [("", None, None)]:
            if _shape(v) != np.shape(r) or np.ndim(r) == 0:
                return None
            v, r = np.asarray(v), np.asarray(r)
            if not _same(v, np.where(v == 0, 0.0, r)):
                return None
            empty = (v == 0) & (np.abs(r) > _CLOSE * np.max(np.abs(r), initial=0.0))
            unfilled += bool(empty.any())
            right_ones += bool(empty.any() and np.any(v != 0))
    if unfilled < 2 or right_ones < 2:
        return None
    return "each entry of your answer is either right or 0: the others were not filled"


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
        one, other = _numbers(one).astype(float), _numbers(other).astype(float)
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
            _of_bools(values, rights)
            or _constant(values, rights)
            or _multiple(values, rights, inputs, names)
            or _transformed(values, rights)
            or _rearranged(values, rights)
            or _beside_an_argument(values, rights, inputs, names)
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
    there = [right for right in rights if np.max(np.abs(right), initial=0) > _CLOSE]
    told = all(value.dtype != bool for value in values) and len(there) > 1
    if told and _all_same(values, [np.zeros(value.shape) for value in values]):
        return "your answer is 0 for every input"
    if len(shapes) != 1 or not _all_same(values, [values[0]] * len(values)):
        return None
    if _all_same(rights, [rights[0]] * len(rights)):
        return None
    return "your answer is the same for every input"


def _of_bools(values, rights):
    asked = {right.dtype == bool for right in rights}
    if asked == {False} and all(value.dtype == bool for value in values):
        return "a number is asked for, and yours is True or False, what a comparison gives"
    if asked != {True}:
        return None
    if all(value.dtype != bool for value in values):
        head = "True or False is asked for, and yours is a number"
        zero = _all_same([value == 0 for value in values], rights)
        return f"{head}, 0 where the answer is True: compare it with 0" if zero else head
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
                if (sign > 0 or np.all(sizes > 0)) and _same(found, sign * powers):
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
            yield f"`1 - {name}`", [1 - x for x in given]
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
    """A clause where an answer is off by little, or about a multiple of the right one.

    No entry is off by more than a twentieth of the largest one, and two inputs at least are off. It
    is for what nothing else explains: a grid, a coarse difference, a loop that ended early.
    """
    try:
        pairs = [(_numbers(v).astype(float), _numbers(r).astype(float))
                 for v, r in zip(values, rights, strict=True)]  # fmt: skip
    except (TypeError, ValueError, OverflowError):  # as a whole number beyond all floats
        return None
    if any(v.shape != r.shape or not np.any(r) or not np.all(np.isfinite(v)) for v, r in pairs):
        return None
    ratios = [np.sum(v * r) / np.sum(r * r) for v, r in pairs]
    for factor in (1.0, float(np.median(ratios))):
        scales = [np.max(np.abs(factor * r)) for _, r in pairs]
        off = sorted(
            np.max(np.abs(v - factor * r)) / scale if scale > 0 else np.inf
            for (v, r), scale in zip(pairs, scales, strict=True)
        )
        if len(off) < 2 or off[-2] <= _CLOSE or off[-1] > 0.05:
            continue
        if factor == 1:
            return (
                "your answer is near the right one on every input, off by about "
                f"{100 * off[-1]:.1g} % at most, but not exact (a grid, a rounding, a coarse "
                "difference, a loop that ends too early?)"
            )
        if len(off) > 2 and not 0.8 < abs(factor) < 1.2:
            return f"your answer is about {factor:.2g} times the right one, on every input"
    return None


def on_a_grid(values: Sequence, rights: Sequence, inputs: Sequence[tuple]) -> str | None:
    """A clause where all numbers are multiples of 1, 1/2 or 1/10, the right ones are not, and
    neither are the arguments that they came from."""
    try:
        answers = [float(v) for v in values]
        asked = [float(r) for r in rights]
    except (TypeError, ValueError, OverflowError):
        return None
    if len(answers) < 3 or not np.all(np.isfinite(answers)) or not any(answers):
        return None
    given = [np.concatenate([[], *(np.ravel(x) for x in arguments if _is_numbers(x))]).astype(float)
             for arguments in inputs]  # fmt: skip
    for step in (1.0, 0.5, 0.1):
        elsewhere = sum(not _are_multiples(arguments, step) for arguments in given)
        between = sum(not _are_multiples(right, step) for right in asked)
        if _are_multiples(answers, step) and min(elsewhere, between) > 1:
            if step == 1:
                return "your answers are whole numbers, and the right ones are not"
            return f"your answers are multiples of {step:g}: the right ones lie between (a grid?)"
    return None


def _is_numbers(x) -> bool:
    return not callable(x) and _shape(x) is not None and np.asarray(x).dtype.kind in "biuf"


def _are_multiples(x, step) -> bool:
    count = np.asarray(x, dtype=float) / step
    return bool(np.all(np.abs(count - np.round(count)) < 1e-9))


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
    mine, right = told
    off = np.flatnonzero(np.abs(mine - right) > _CLOSE)
    if len(off) == 2 and np.allclose(mine[off], right[off[::-1]], rtol=0, atol=_CLOSE):
        return _exchanged(*(names[i] for i in off))
    wrong = [f"`{names[i]}` the weight {_signed(mine[i])}" for i in off]
    return f"your answer gives {', '.join(wrong)}, and that is not right" if wrong else None


def _exchanged(one: str, other: str) -> str:
    return f"your answer is the right one with `{one}` and `{other}` exchanged"


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
    yield from _shortened(inputs, names if changed else ())
    for one in range(len(names)):
        for two in range(one + 1, len(names)):
            if all(_shape(a[one]) == _shape(a[two]) is not None for a in inputs):
                yield (
                    _exchanged(names[one], names[two]),
                    [_put(args, {one: args[two], two: args[one]}) for args in inputs],
                )


def _shortened(inputs, names):
    """All vectors, and all square matrices, without their last entries, or without the first."""
    places = []
    for place in range(len(names)):
        shapes = {getattr(arguments[place], "shape", None) for arguments in inputs}  # no lists
        if None not in shapes and all(0 < len(s) < 3 and len(set(s)) == 1 for s in shapes):
            places.append(place)
    for words, kept in (("last", slice(None, -1)), ("first", slice(1, None))) if places else ():
        yield (
            f"the {words} entry of {' and '.join(f'`{names[i]}`' for i in places)} has no part in "
            "your answer; the rest is right",
            [_put(args, {i: args[i][(kept,) * args[i].ndim] for i in places}) for args in inputs],
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
