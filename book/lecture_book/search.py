"""What the search looks through: the sections of the built pages, as one script.

A page from disk may fetch nothing, so the index is a script that the page of the search alone
loads; search.js looks through it.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

__all__ = ["index", "sections"]

_SKIPPED = {"button", "noscript", "pre", "script", "style"}
_SKIPPED_CLASSES = {"headerlink", "lu-folded", "lu-offers", "lu-print", "lu-progress"}
_APART = {"br", "dd", "div", "dt", "figure", "label", "li", "p", "section", "summary", "td", "th"}
_SIGNS = {
    "theta": "θ", "eta": "η", "lambda": "λ", "nabla": "∇", "sigma": "σ", "beta": "β", "kappa": "κ",
    "delta": "δ", "alpha": "α", "varepsilon": "ε", "pi": "π", "le": "≤", "ge": "≥", "ne": "≠",
    "cdot": "·", "times": "×", "approx": "≈", "to": "→", "top": "ᵀ", "infty": "∞", "in": "∈",
    "max": "max", "min": "min", "tanh": "tanh", "log": "log", "quad": " ", "pm": "±", "sum": "Σ",
}  # fmt: skip


class _Sections(HTMLParser):
    """[anchor, title, text] of each section of a page, in order."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[list[str]] = []
        self.open: list[list[str]] = []
        self.titled = False  # inside a heading
        self.math = False
        self.skipped = ""  # the tag that hides what is inside it, and how deep it is nested
        self.depth = 0
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        classes = set((told.get("class") or "").split())
        if self.skipped:
            self.depth += tag == self.skipped
        elif tag in _SKIPPED or classes & _SKIPPED_CLASSES:
            self.skipped, self.depth = tag, 1
        elif tag == "section" and told.get("id"):
            self.open.append([told["id"], "", ""])
            self.found.append(self.open[-1])
        elif re.fullmatch("h[1-6]", tag):
            self.titled = True
        self.math = "math" in classes
        if tag in _APART:
            self.handle_data(" ")

    def handle_endtag(self, tag):
        if self.skipped:
            self.depth -= tag == self.skipped
            if not self.depth:
                self.skipped = ""
        elif tag == "section" and self.open:
            self.open.pop()
        elif re.fullmatch("h[1-6]", tag):
            self.titled = False
        elif tag in _APART:
            self.handle_data(" ")
        self.math = False

    def handle_data(self, data):
        if self.open and not self.skipped:
            self.open[-1][1 if self.titled else 2] += _plain(data) if self.math else data


def _plain(formula: str) -> str:
    """A short formula as a line of text; "…" for one that is none."""
    text = re.sub(r"\\[()\[\]]|\\[,;! ]", "", formula)
    text = _COMMAND.sub(_sign, text)
    text = _APART_FROM_LINE.sub(_small, text)
    return "…" if re.search(r"[\\^{}&]", text) else text.strip()


_COMMAND = re.compile(r"\\([a-zA-Z]+)( ?)")
_APART_FROM_LINE = re.compile(r"([_^])(?:\{([^{}]*)\}|(.))")  # x_1, x_{max}, e^{-t}
_UP = dict(zip("0123456789+-=()nitᵀ*", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵗᵀ*", strict=True))
_DOWN = dict(zip("0123456789+-=()aehijklmnoprstuvx",
                 "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))  # fmt: skip


def _sign(found: re.Match) -> str:
    """What a command writes; a name such as max keeps the blank behind it."""
    sign = _SIGNS.get(found[1])
    return found[0] if sign is None else sign + (found[2] if len(sign) > 1 else "")


def _small(found: re.Match) -> str:
    """What stands above or below the line in such letters, where there are some."""
    signs, inner = (_UP if found[1] == "^" else _DOWN), found[2] or found[3] or ""
    word = len(inner) > 1 and inner.isalpha()
    if not word and all(sign in signs for sign in inner):
        return "".join(signs[sign] for sign in inner)
    return f"_{inner}" if found[1] == "_" and inner.isalpha() else found[0]  # λ_max


def sections(page: str) -> list[tuple[str, str, str]]:
    """(anchor, title, text) of the sections of a page's HTML; the first is the page itself."""
    return [
        (anchor, " ".join(title.split()), " ".join(text.split()))
        for anchor, title, text in _Sections(page).found
    ]


def index(site: Path) -> str:
    """The script: window.luSections = [[page, its title, anchor, title, text], …]."""
    rows = []
    for page in sorted(site.glob("*.html")):
        if page.stem == "search" or not (found := sections(page.read_text(encoding="utf-8"))):
            continue
        top = found[0][1]
        for anchor, title, text in found:
            rows.append([page.name, top, anchor, "" if title == top else title, text])
    return f"window.luSections = {json.dumps(rows, ensure_ascii=False)};\n"
