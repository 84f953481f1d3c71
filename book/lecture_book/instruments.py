"""The reference: every public name with its signature, its docstring and its example."""

from __future__ import annotations

import inspect
import re
from types import ModuleType

import lecture_utils as lu

__all__ = ["reference"]


def reference() -> str:
    """The page, by module, in the order in which the package names them."""
    modules: dict[str, list[str]] = {}
    for name in lu.__all__:
        modules.setdefault(getattr(lu, name).__module__, []).append(name)
    parts = [
        "# Reference of the instruments",
        "Every public name of `lecture_utils`. The tests run each example and compare what it "
        "prints. The examples begin with",
        "```python\nimport jax\nimport jax.numpy as jnp\nimport numpy as np\n"
        "import lecture_utils as lu\n```",
        'How they are pointed at a model of your own is told in <a href="instruments.html">The '
        "instruments on your own model</a>.",
    ]
    for module in sorted(modules):
        parts += _module(inspect.importlib.import_module(module), modules[module])
    return "\n\n".join(parts) + "\n"


def _module(module: ModuleType, names: list[str]) -> list[str]:
    told = inspect.getdoc(module) or ""
    parts = [f"## {module.__name__.rpartition('.')[2].replace('_', ' ')}", _prose(told)]
    for name in names:
        thing = getattr(lu, name)
        parts += [f"### {name}", _signature(name, thing), _prose(inspect.getdoc(thing) or "")]
        if inspect.isclass(thing):
            parts += _methods(thing)
    return parts


def _methods(thing: type) -> list[str]:
    parts = []
    for name, member in vars(thing).items():
        call = member.fget if isinstance(member, property) else member
        told = inspect.getdoc(call) if inspect.isfunction(call) else None
        # A named tuple or a data class writes methods of its own; they have no line in the source.
        if not told or name.startswith("_"):
            continue
        title = f"**{thing.__name__}.{name}**"
        own = title if isinstance(member, property) else _signature(f".{name}", call)
        parts += [own, _prose(told)]
    return parts


def _signature(name: str, thing) -> str:
    try:
        signature = str(inspect.signature(thing, eval_str=False))
    except (TypeError, ValueError):
        return ""
    signature = re.sub(r"<function (?:\w+\.)*(\w+) at [^>]*>", r"\1", signature)
    signature = re.sub(r"<object object at [^>]*>", "…", signature)
    signature = re.sub(r"'([\w.| \[\],]+)'", r"\1", signature) if "'" in signature else signature
    return f"```python\n{_folded(name.rpartition('.')[2], signature)}\n```"


def _folded(name: str, signature: str) -> str:
    """On one line where it fits, else one argument a line."""
    if len(name + signature) <= 88:
        return name + signature
    arguments, result = re.fullmatch(r"\((.*)\)( -> .*)?", signature, re.DOTALL).groups()
    lines, depth, start = [], 0, 0
    for place, character in enumerate(arguments):
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            lines.append(arguments[start:place].strip())
            start = place + 1
    lines.append(arguments[start:].strip())
    return f"{name}(\n" + "".join(f"    {line},\n" for line in lines) + f"){result or ''}"


def _prose(docstring: str) -> str:
    """A docstring as Markdown: examples as code, ``names`` as names, references as links."""
    parts, example, told = [], [], []

    def end():
        if told:
            parts.append(_inline("\n".join(told)))
            told.clear()
        if example:
            parts.append("```pycon\n" + "\n".join(example) + "\n```")
            example.clear()

    for line in docstring.splitlines():
        if line.startswith(">>>") and not example:
            end()
        if line.startswith(">>>") or (example and line.strip()):
            example.append(line)
        elif line.startswith("    ") and not re.match(r" +[*-] ", line) and not told:
            parts.append(f"```text\n{line.strip()}\n```")
        elif line.strip():
            told.append(line)
        else:
            end()
    end()
    return "\n\n".join(parts)


def _inline(text: str) -> str:
    pieces = re.split(r"(``[^`]+``|`[^`]+`|:\w+:`[^`]+`)", text)
    return "".join(_piece(piece) for piece in pieces)


def _piece(piece: str) -> str:
    if found := re.fullmatch(r":\w+:`~?\.?([^`]+)`", piece):
        name = found[1].rpartition(".")[2]
        anchor = name.lower().replace("_", "-")
        return f'<a href="#{anchor}"><code>{name}</code></a>' if name in lu.__all__ else f"`{name}`"
    if piece.startswith("`"):
        return f"`{piece.strip('`')}`"
    return piece.replace("<", "&lt;").replace("$", r"\$")
