"""Which cells of a notebook show an explorer, and what each is called in the book."""

from __future__ import annotations

import ast

__all__ = ["explorers_shown"]


def explorers_shown(sources: list[str], number: str) -> dict[int, str]:
    """Place of each cell that ends in a call of explorers.<Class>(…) -> its name, NN-Class.

    A class that comes again is numbered.  Of a cell of text the source is "".
    """
    found: dict[int, str] = {}
    for place, source in enumerate(sources):
        last = (ast.parse(source).body or [None])[-1]
        call = last.value if isinstance(last, ast.Expr) else None
        kind = call.func if isinstance(call, ast.Call) else None
        if isinstance(kind, ast.Attribute) and getattr(kind.value, "id", "") == "explorers":
            name, again = f"{number}-{kind.attr}", 2
            while name in found.values():
                name, again = f"{number}-{kind.attr}-{again}", again + 1
            found[place] = name
    return found
