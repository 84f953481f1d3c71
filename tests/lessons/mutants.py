"""Mutants of a solution: its source with one small thing wrong, as students get it wrong.

`mutants(function)` changes the syntax tree of a function in one place at a time (a sign, a factor,
a power, an axis, an order, the strictness of an inequality, a dropped term, another reduction, a
tolerance of its own, …) or bends one argument before the function sees it (only its first entry,
sorted, its absolute value, only the diagonal, a constant in its place).  Each mutant has a label
"before → after", and a number where the same change is made in several places.
"""

from __future__ import annotations

import ast
import copy
import inspect
import itertools
import linecache
import textwrap
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from lecture_utils.studio.grading import first_difference
from lecture_utils.studio.questions import Exercise
from lecture_utils.studio.values import copied


class Mutant(NamedTuple):
    """What was changed, and the changed function."""

    label: str
    function: Callable


def survivors(exercise: Exercise) -> tuple[list[str], int]:
    """The labels of the mutants that agree with the solution on every input; how many there are."""
    found = list(mutants(exercise.solution, exercise.inputs))
    with np.errstate(all="ignore"):
        alive = [m.label for m in found if first_difference(exercise, m.function) is None]
    return alive, len(found)


def mutants(function: Callable, inputs: Sequence[tuple] = ()) -> Iterator[Mutant]:
    """All mutants of the function, each label once."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    answers = [function(*map(copied, arguments)) for arguments in inputs]
    seen: set[str] = set()
    labels: Counter[str] = Counter()
    for label, changed in itertools.chain(
        _changed(tree), _with_bent_answer(tree, answers), _with_bent_arguments(tree, inputs)
    ):
        text = ast.unparse(ast.fix_missing_locations(changed))
        if text in seen or text == ast.unparse(tree):
            continue
        seen.add(text)
        labels[label] += 1
        place = f" ({labels[label]})" if labels[label] > 1 else ""
        yield Mutant(label + place, compiled(text, function))


def with_dots(function: Callable) -> Iterator[Mutant]:
    """The function with dots in the place of each of its expressions in turn: a half-filled one."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for path, node in _nodes(tree, indices=False):
        used = isinstance(node, ast.expr) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
        if used and not isinstance(node, (ast.Constant, ast.Slice)):
            changed = _replaced(tree, path, ast.Constant(value=...))
            text = ast.unparse(ast.fix_missing_locations(changed))
            yield Mutant(f"{ast.unparse(node)} → ...", compiled(text, function))


_count = itertools.count()


def compiled(text: str, function: Callable) -> Callable:
    """The function that ``text`` defines, where ``function`` lives; its source can be read."""
    name = f"<mutant {next(_count)}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    space = dict(function.__globals__)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # dots are called, and indexed
        exec(compile(text, name, "exec"), space)
    return space[function.__name__]


# --- one place of the tree at a time --------------------------------------------------------------


def _nodes(tree, path=(), indices=True) -> Iterator[tuple[tuple, ast.AST]]:
    """(path, node) of everything in the function's body, also in what indexes an array."""
    for name, value in ast.iter_fields(tree):
        if not indices and isinstance(tree, ast.Subscript) and name == "slice":
            continue
        if name in ("args", "decorator_list", "returns", "keywords") and isinstance(
            tree, ast.FunctionDef | ast.Lambda
        ):
            continue
        items = enumerate(value) if isinstance(value, list) else [(None, value)]
        for place, item in items:
            if isinstance(item, ast.AST):
                here = (*path, (name, place))
                yield here, item
                yield from _nodes(item, here, indices)


def _replaced(tree, path, new):
    """A copy of the tree with another node at the path."""
    changed = copy.deepcopy(tree)
    node = changed
    for name, place in path[:-1]:
        node = getattr(node, name) if place is None else getattr(node, name)[place]
    name, place = path[-1]
    if place is None:
        setattr(node, name, new)
    else:
        getattr(node, name)[place] = new
    return changed


def _changed(tree) -> Iterator[tuple[str, ast.AST]]:
    parameters = [a.arg for a in tree.body[0].args.args]
    for path, node in _nodes(tree):
        for new in _variants(node, parameters):
            label = f"{ast.unparse(node)} → {ast.unparse(new)}"
            yield label, _replaced(tree, path, new)


def _variants(node, parameters) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp):
        yield from _of_a_product(node)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from _of_a_comparison(node)
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield ast.BoolOp(op=other, values=node.values)
        yield from node.values
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
        yield ast.IfExp(test=node.test, body=node.orelse, orelse=node.body)
    elif isinstance(node, ast.If):
        for truth in (True, False):
            yield ast.If(test=ast.Constant(truth), body=node.body, orelse=node.orelse)
    elif isinstance(node, ast.Call):
        yield from _of_a_call(node)
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield from _of_an_index(node)
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        if node.attr == "T":
            yield node.value
        elif node.attr == "size":
            yield _parse(f"len({ast.unparse(node.value)})")
    elif isinstance(node, ast.Constant):
        yield from _of_a_constant(node)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from (ast.Name(p, ast.Load()) for p in parameters if p != node.id in parameters)
    elif isinstance(node, ast.comprehension):
        for place in range(len(node.ifs)):
            rest = [c for i, c in enumerate(node.ifs) if i != place]
            yield ast.comprehension(node.target, node.iter, rest, node.is_async)


def _parse(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


_OTHER = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div, ast.Add],
    ast.Div: [ast.Mult],
    ast.MatMult: [ast.Mult],
    ast.BitAnd: [ast.BitOr],
    ast.BitOr: [ast.BitAnd],
    ast.Pow: [ast.Mult],
}


def _of_a_product(node) -> Iterator[ast.expr]:
    left, right = node.left, node.right
    for other in _OTHER.get(type(node.op), []):
        yield ast.BinOp(left, other(), right)
    yield left
    yield right
    if isinstance(node.op, ast.Sub | ast.Div | ast.Pow | ast.MatMult):
        yield ast.BinOp(right, node.op, left)
    if isinstance(node.op, ast.Sub):
        yield ast.UnaryOp(ast.USub(), right)
        yield _parse(f"np.abs({ast.unparse(node)})")
    if isinstance(node.op, ast.Div):
        yield _parse(f"1 / ({ast.unparse(right)})")
        yield _parse(f"({ast.unparse(left)}) / np.sqrt(np.abs({ast.unparse(right)}))")
        yield _parse(f"({ast.unparse(left)}) // ({ast.unparse(right)})")
    if isinstance(node.op, ast.Pow):
        yield _parse(f"np.abs({ast.unparse(left)})")
        yield _parse(f"({ast.unparse(left)}) ** 3")
        yield _parse(f"({ast.unparse(left)}) ** 4")


def _of_a_comparison(node) -> Iterator[ast.expr]:
    left, right = node.left, node.comparators[0]
    kinds = [ast.Lt, ast.LtE, ast.Gt, ast.GtE]
    if type(node.ops[0]) in kinds:
        for kind in kinds:
            yield ast.Compare(left, [kind()], [right])
        yield _parse(f"np.abs({ast.unparse(left)}) > {ast.unparse(right)}")
        if not isinstance(right, ast.Constant):
            yield ast.Compare(left, node.ops, [ast.Constant(0)])
        yield _parse(f"{ast.unparse(left)} == {ast.unparse(right)}")
    elif isinstance(node.ops[0], ast.In | ast.NotIn):
        other = ast.NotIn() if isinstance(node.ops[0], ast.In) else ast.In()
        yield ast.Compare(left, [other], [right])


# Reductions of the same kind of argument, and functions that are taken for one another.
_TAKEN_FOR = [
    ("sum", "mean", "max", "min", "median", "prod", "std", "var"),
    ("any", "all"),
    ("argmax", "argmin"),
    ("maximum", "minimum"),
    ("log", "log10", "log2", "log1p"),
    ("sin", "cos"),
    ("trace", "sum", "diag"),
    ("cumsum", "cumprod"),
    ("eigh", "eig"),
    ("eigvalsh", "eigvals", "diag"),
    ("solve", "lstsq"),
    ("accumulate", "reduce"),
    ("ppf", "cdf", "pdf"),
    ("floor", "ceil"),
]


def _of_a_call(node) -> Iterator[ast.expr]:
    called = node.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    for family in _TAKEN_FOR:
        for other in family if name in family and isinstance(called, ast.Attribute) else ():
            if other != name:
                func = ast.Attribute(called.value, other, ast.Load())
                yield ast.Call(func, node.args, node.keywords)
    if node.args:
        if len(node.args) == 1 or name in ("norm", "diag", "sum", "mean", "argsort"):
            yield node.args[0]
            yield _parse(f"({ast.unparse(node.args[0])})[0]")
        if len(node.args) == 2:
            yield ast.Call(called, node.args[::-1], node.keywords)
    if name == "norm":
        for order in ("1", "np.inf"):
            yield ast.Call(called, [node.args[0], _parse(order)], node.keywords)
        yield _parse(f"{ast.unparse(node)} ** 2")
    if name == "eigvalsh":
        (matrix,) = map(ast.unparse, node.args)
        for form in ("norm({}, 1)", "norm({})", "norm({}, np.inf)"):
            yield _parse(f"[np.linalg.{form.format(matrix)}]")
        yield _parse(f"[np.trace({matrix})]")
        yield _parse(f"np.sum({matrix}, axis=0)")
    if name in ("var", "std") and all(keyword.arg != "ddof" for keyword in node.keywords):
        yield ast.Call(called, node.args, [*node.keywords, ast.keyword("ddof", ast.Constant(1))])
    if name == "len":
        yield _parse(f"({ast.unparse(node)} - 1)")
        yield _parse(f"({ast.unparse(node)} + 1)")
        yield _parse(f"np.shape({ast.unparse(node.args[0])})[-1]")
    for place, keyword in enumerate(node.keywords):
        rest = [k for i, k in enumerate(node.keywords) if i != place]
        yield ast.Call(called, node.args, rest)
        if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant):
            for axis in {0, 1, -1} - {keyword.value.value}:
                new = ast.keyword("axis", ast.Constant(axis))
                yield ast.Call(called, node.args, [*rest, new])
        if keyword.arg in ("maximize", "reverse", "keepdims"):
            new = ast.keyword(keyword.arg, ast.Constant(not keyword.value.value))
            yield ast.Call(called, node.args, [*rest, new])


def _of_an_index(node) -> Iterator[ast.expr]:
    whole, place = ast.unparse(node.value), ast.unparse(node.slice)
    yield node.value
    if isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
        first, second = (ast.unparse(part) for part in node.slice.elts)
        for text in (f"{whole}[{second}, {first}]", f"{whole}[{second}]", f"{whole}[{first}]"):
            yield _parse(text)
    elif isinstance(node.slice, ast.Name):
        yield _parse(f"{whole}[:, {place}]")
        yield _parse(f"{whole}[np.argsort({place})]")
        yield _parse(f"{whole}[{place}[::-1]]")
    elif isinstance(node.slice, ast.Slice):
        yield _parse(f"{whole}[::-1]")
    for text in ("[0]", "[-1]", "[1]"):
        yield _parse(whole + text)


def _of_a_constant(node) -> Iterator[ast.expr]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        near = {value + 1, value - 1, 2 * value, value / 2, 0, -value}
        if isinstance(value, float):
            near = {10 * value, value / 10, 2 * value, value / 2, 0, 1.0, 1 - value}
            if abs(value) < 1e-3:
                near |= {1e-12, 1e-6, 1e-4}
        for other in near - {value}:
            yield ast.Constant(other)


# --- the answer bent ------------------------------------------------------------------------------

_OF_NUMBERS_ANSWERED = (
    "-({})",
    "2 * ({})",
    "({}) / 2",
    "({}) ** 2",
    "np.sqrt(np.abs({}))",
    "np.abs({})",
    "1 / ({})",
    "({}) + 1",
    "({}) - 1",
    "np.round({})",
    "np.maximum({}, 0)",
    "np.log(np.abs({}))",
    "np.exp({})",
)
_OF_ARRAYS_ANSWERED = ("np.sum({})", "np.mean({})", "np.max({})", "np.sort({}, axis=0)", "{}[::-1]")


def _with_bent_answer(tree, answers) -> Iterator[tuple[str, ast.AST]]:
    for path, node in _nodes(tree):
        if not isinstance(node, ast.Return):
            continue
        if isinstance(node.value, ast.Tuple):
            parts = node.value.elts
            yield "the results, reversed", _replaced(tree, path, _returned(parts[::-1]))
            for place, part in enumerate(parts):
                for form, new in _bent(part, [answer[place] for answer in answers]):
                    changed = [*parts[:place], new, *parts[place + 1 :]]
                    label = f"result {place} → {form.format('…')}"
                    yield label, _replaced(tree, path, _returned(changed))
        else:
            for form, new in _bent(node.value, answers):
                label = f"the answer → {form.format('…')}"
                yield label, _replaced(tree, path, ast.Return(value=new))


def _returned(parts) -> ast.Return:
    return ast.Return(value=ast.Tuple(parts, ast.Load()))


def _bent(node, answers) -> Iterator[tuple[str, ast.expr]]:
    arrays = [np.asarray(answer) for answer in answers if not isinstance(answer, tuple)]
    if not arrays or any(array.dtype.kind not in "biuf" for array in arrays):
        return
    dimensions = {array.ndim for array in arrays}
    forms = ["~np.asarray({})"] if arrays[0].dtype == bool else list(_OF_NUMBERS_ANSWERED)
    forms += _OF_ARRAYS_ANSWERED if 0 not in dimensions else []
    forms += ["np.asarray({}).T", "({})[:, ::-1]"] if dimensions == {2} else []
    for form in forms:
        yield form, _parse(form.format(ast.unparse(node)))


# --- one argument bent ----------------------------------------------------------------------------

_OF_VECTORS = {
    "only its first entry": "{0}[:1]",
    "without its last entry": "{0}[:-1]",
    "without its first entry": "{0}[1:]",
    "only two entries": "{0}[:2]",
    "sorted": "np.sort({0})",
    "reversed": "{0}[::-1]",
    "unsigned": "np.abs({0})",
    "without negative ones": "np.maximum({0}, 0)",
    "signs only": "np.sign({0})",
    "its mean subtracted": "{0} - np.mean({0})",
    "normalized": "{0} / np.linalg.norm({0})",
    "each once": "np.unique({0})",
    "its zeros left out": "{0}[{0} != 0]",
    "rounded": "np.round({0})",
    "as if equal": "np.full_like({0}, {0}[0])",
}
_OF_MATRICES = {
    "transposed": "{0}.T",
    "its diagonal only": "np.diag(np.diag({0}))",
    "without its diagonal": "{0} - np.diag(np.diag({0}))",
    "its upper triangle": "np.triu({0})",
    "symmetrized": "({0} + {0}.T) / 2",
    "unsigned": "np.abs({0})",
    "without negative ones": "np.maximum({0}, 0)",
    "rows reversed": "{0}[::-1]",
    "columns reversed": "{0}[:, ::-1]",
    "rows normalized": "{0} / np.linalg.norm({0}, axis=1, keepdims=True)",
    "columns normalized": "{0} / np.linalg.norm({0}, axis=0)",
    "its first row only": "{0}[:1]",
    "its mean row subtracted": "{0} - np.mean({0}, axis=0)",
    "rounded": "np.round({0})",
}
_OF_NUMBERS = {
    "unsigned": "abs({0})",
    "rounded": "round({0})",
    "one less": "{0} - 1",
    "one more": "{0} + 1",
    "twice": "2 * {0}",
    "half": "{0} / 2",
    "squared": "{0} ** 2",
    "its root": "abs({0}) ** 0.5",
    "the other sign": "-{0}",
}
_OF_LISTS = {
    "only its first entry": "{0}[:1]",
    "without its last entry": "{0}[:-1]",
    "sorted": "sorted({0})",
    "reversed": "{0}[::-1]",
}


def _with_bent_arguments(tree, inputs) -> Iterator[tuple[str, ast.AST]]:
    definition = tree.body[0]
    for place, argument in enumerate(definition.args.args):
        given = [arguments[place] for arguments in inputs if place < len(arguments)]
        for what, form in _bends(given):
            yield f"{argument.arg}: {what}", _with_first_line(tree, argument.arg, form)


def _bends(given) -> Iterator[tuple[str, str]]:
    if not given or any(map(callable, given)):
        return
    dimensions = {np.ndim(x) for x in given if not isinstance(x, list | tuple)}
    if all(isinstance(x, list) for x in given):
        yield from _OF_LISTS.items()
    elif dimensions == {1}:
        yield from _OF_VECTORS.items()
    elif dimensions == {2}:
        yield from _OF_MATRICES.items()
    elif dimensions == {0} and not isinstance(given[0], str | bool):
        whole = all(isinstance(x, int) for x in given)
        yield from (bend for bend in _OF_NUMBERS.items() if not (whole and bend[0] == "rounded"))
        for value in sorted({float(x) for x in given})[:8]:
            yield f"always {value:g}", repr(int(value) if value == int(value) else value)


def _with_first_line(tree, name, form):
    changed = copy.deepcopy(tree)
    changed.body[0].body.insert(0, ast.parse(f"{name} = {form.format(name)}").body[0])
    return changed
