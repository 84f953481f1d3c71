"""What decides a notebook's verdicts, as one number: a seed's result is good until it changes.

It is made of the statements on which the criteria of the claims depend, of the criteria themselves,
and of the lesson's own modules that compute.  Figures, texts, predictions, exercises, and the
wording of a claim are no part of it.
"""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "lecture_utils"
# Of a lesson's folder these compute nothing that a claim judges.
TEXTS = {"__init__", "questions", "explorers", "figures", "claims", "conclusions"}


def fingerprint(notebook) -> str:
    """Sixteen hexadecimal digits."""
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    parts = [*evidence("\n".join(cells)), *_modules(notebook)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _modules(notebook) -> list[str]:
    names = {
        name
        for cell in notebook.cells
        if cell.cell_type == "code"
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.ImportFrom) and node.module
        for name in node.module.removeprefix("lecture_utils.lessons.").split(".")
        if node.module.startswith("lecture_utils.lessons.")
    }
    files = [
        file
        for name in sorted(names)
        for file in sorted((PACKAGE / "lessons" / name).glob("*.py"))
        if file.stem not in TEXTS
    ]
    return [_plain(ast.parse(file.read_text(encoding="utf-8"))) for file in files]


def evidence(code: str) -> list[str]:
    """The statements of a notebook on which its claims depend, and their criteria."""
    statements = ast.parse(code).body
    claims = [c for s in statements for c in ast.walk(s) if _is_claim(c)]
    criteria = [value for call in claims for value in _criteria(call)]
    modules = {name for s in statements if isinstance(s, ast.Import | ast.ImportFrom)
               for name in _bound(s)}  # fmt: skip
    needed, taken = {n for value in criteria for n in _loaded(value)}, set()
    while True:
        more = [
            i
            for i, s in enumerate(statements)
            if i not in taken and (_bound(s) | (_touched(s) - modules)) & needed
        ]
        if not more:
            break
        for i in more:
            taken.add(i)
            needed |= _loaded(statements[i])
    kept = [_plain(statements[i]) for i in sorted(taken) if not _only_imports(statements[i])]
    return [text for text in kept if text] + [_plain(value) for value in criteria]


def _only_imports(statement) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _is_claim(node) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "claim"
        and getattr(node.func.value, "id", "") == "lesson"
    )


def _criteria(call) -> list[ast.expr]:
    """The comparisons of a claim, without the names they are printed under."""
    if len(call.args) < 2:
        return []
    told = call.args[1]
    return told.values if isinstance(told, ast.Dict) else [told]


def _loaded(node) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _bound(statement) -> set[str]:
    """Names that a statement gives a value, anywhere in it."""
    names = {
        n.id for n in ast.walk(statement)
        if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }  # fmt: skip
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        names = {statement.name}  # what is bound inside is its own
    if _only_imports(statement):
        names = {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
    return names


def _touched(statement) -> set[str]:
    """Names whose values a statement may change in place: x[...] = …, x.append(…)."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return set()
    found = set()
    for node in ast.walk(statement):
        target = None
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            target = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            target = node.func.value
        while isinstance(target, ast.Subscript | ast.Attribute | ast.Call):
            target = target.func if isinstance(target, ast.Call) else target.value
        if isinstance(target, ast.Name):
            found.add(target.id)
    return found


class _Plainer(ast.NodeTransformer):
    """Without docstrings, printing, and what a progress bar says."""

    def visit_Expr(self, node):
        self.generic_visit(node)
        if isinstance(node.value, ast.Constant):
            return None
        called = node.value.func if isinstance(node.value, ast.Call) else None
        return None if getattr(called, "id", "") == "print" else node

    def visit_Call(self, node):
        self.generic_visit(node)
        if getattr(node.func, "id", "") in ("progress", "parallel"):
            node.args = [a for a in node.args if not isinstance(a, ast.Constant)]
        return node


def _plain(node) -> str:
    node = _Plainer().visit(ast.parse(ast.unparse(node)))
    for inner in ast.walk(node):
        if hasattr(inner, "body") and isinstance(inner.body, list) and not inner.body:
            inner.body = [ast.Pass()]
    return "" if node.body == [] else ast.unparse(node)
