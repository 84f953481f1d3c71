"""What the theme and MathJax need, and no more: the site opens from disk and asks for nothing else.

MathJax comes from a package, one script and its fonts.  The theme's icons are a script of 1.6 MB
with 2000 drawings; the pages use some twenty of them, and only these stay.
"""

from __future__ import annotations

import json
import re
import shutil
from importlib.resources import files
from pathlib import Path

__all__ = ["MATHJAX", "bring_mathjax", "trim"]

MATHJAX = "mathjax/tex-chtml.js"
_FONTS = "output/chtml/fonts/woff-v2"


def bring_mathjax(static: Path) -> None:
    """Copy MathJax's one script and its fonts into ``static``."""
    source = Path(str(files("sphinx-mathjax-offline"))) / "static" / "mathjax"
    target = static / "mathjax"
    (target / _FONTS).mkdir(parents=True, exist_ok=True)
    shutil.copy(source / "tex-chtml.js", target / "tex-chtml.js")
    for font in (source / _FONTS).glob("*.woff"):
        shutil.copy(font, target / _FONTS / font.name)


def trim(site: Path) -> None:
    """Take out of a built site what no page needs."""
    for file in site.rglob("*.map"):
        file.unlink()
    for file in (".buildinfo", "objects.inv"):
        (site / file).unlink(missing_ok=True)
    script = site / "_static" / "scripts" / "fontawesome.js"
    drawn = script.read_text(encoding="utf-8")
    used = sorted({name for page in site.glob("*.html") for name in _icons(page)})
    icons = {name: found for name in used if (found := _drawing(drawn, name))}
    script.write_text(_ICONS.replace("ICONS", json.dumps(icons)), encoding="utf-8")
    shutil.rmtree(site / "_static" / "vendor" / "fontawesome", ignore_errors=True)


def _icons(page: Path) -> set[str]:
    return set(re.findall(r"\bfa-([a-z][a-z0-9-]+)", page.read_text(encoding="utf-8")))


def _drawing(script: str, name: str) -> list | None:
    """[width, height, path] of an icon."""
    for place in (name, *_ALIASES.get(name, [])):
        found = re.search(
            rf'[,{{]"?{re.escape(place)}"?:\[(\d+),(\d+),\[[^\]]*\],"[0-9a-f]+","([^"]+)"\]', script
        )
        if found:
            return [int(found[1]), int(found[2]), found[3]]
    return None


_ALIASES = {"pencil-alt": ["pencil"]}

# The theme's own script replaces <i class="fa-…"> by drawings; this one does that for those used.
_ICONS = """(() => {
  const icons = ICONS;
  const draw = (i) => {
    const name = [...i.classList].map((c) => c.slice(3)).find((c) => icons[c]);
    if (!name) return;
    const [width, height, path] = icons[name];
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("class", `svg-inline--fa ${i.className}`);
    svg.setAttribute("aria-hidden", "true");
    svg.innerHTML = `<path fill="currentColor" d="${path}"></path>`;
    i.replaceWith(svg);
  };
  const all = () => document.querySelectorAll("i[class*='fa-']").forEach(draw);
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", all); else all();
})();
"""
