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

__all__ = ["MATHJAX", "PARTS", "bring_mathjax", "trim"]

# Its parts, as it loads them one by one; its bundles bring a menu that is half as large again.
MATHJAX = "mathjax/startup.js"
PARTS = ["core", "input/tex", "output/chtml", "a11y/assistive-mml"]
_FONTS = "output/chtml/fonts"


def bring_mathjax(static: Path) -> None:
    """Copy the parts of MathJax that the pages load, and its fonts, into ``static``."""
    source = Path(str(files("sphinx-mathjax-offline"))) / "static" / "mathjax"
    target = static / "mathjax"
    fonts = (font.relative_to(source) for font in (source / _FONTS).rglob("*.woff"))
    for part in [*(f"{name}.js" for name in ("startup", *PARTS, f"{_FONTS}/tex")), *fonts]:
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / part, target / part)


def trim(site: Path) -> None:
    """Take out of a built site what no page needs."""
    for file in site.rglob("*.map"):
        file.unlink()
    for file in (".buildinfo", "objects.inv", "searchindex.js"):
        (site / file).unlink(missing_ok=True)
    for file in ("searchtools", "language_data", "base-stemmer", "english-stemmer"):
        (site / "_static" / f"{file}.js").unlink(missing_ok=True)  # search.js searches
    lighten(site)
    script = site / "_static" / "scripts" / "fontawesome.js"
    drawn = script.read_text(encoding="utf-8")
    used = sorted({name for page in site.glob("*.html") for name in _icons(page)})
    icons = {name: found for name in used if (found := _drawing(drawn, name))}
    script.write_text(_ICONS.replace("ICONS", json.dumps(icons)), encoding="utf-8")
    shutil.rmtree(site / "_static" / "vendor" / "fontawesome", ignore_errors=True)


_TOKEN = re.compile(r'<span class="(\w+)">([^<]*)</span>')
_COLOR = re.compile(r'^html\[data-theme="(\w+)"\] \.highlight( \.\w+)? \{ (.*?) \}', re.MULTILINE)
_THEME = ("bootstrap", "pydata-sphinx-theme", "sphinx-book-theme", "doctools", "sphinx_highlight")
_SCRIPT = re.compile(rf'<script (?:defer )?src="([^"]*/(?:{"|".join(_THEME)})\.js[^"]*)"></script>')


def lighten(site: Path) -> None:
    """Make the pages faster to open: fewer elements, and the theme's scripts only after explorers.

    More than half of the elements of a page are names and brackets of code that look like all code.
    """
    plain = plain_tokens((site / "_static" / "pygments.css").read_text(encoding="utf-8"))

    def bare(found: re.Match) -> str:
        return found[2] if found[1] in plain else found[0]

    for page in site.glob("*.html"):
        text = _TOKEN.sub(bare, page.read_text(encoding="utf-8"))
        text = _SCRIPT.sub(r'<script type="text/plain" class="lu-later" src="\1"></script>', text)
        page.write_text(text, encoding="utf-8")


def plain_tokens(style: str) -> set[str]:
    """The classes of code that look in no theme other than code does anyway."""
    looks: dict[str, dict[str, str]] = {}
    for theme, token, look in _COLOR.findall(style):
        looks.setdefault(token.strip(" ."), {})[theme] = look
    own = {theme: look.split("; ")[-1] for theme, look in looks.pop("", {}).items()}
    return {token for token, look in looks.items() if look == own}


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

# The theme's own script puts drawings in place of the class fa-…; so does this one, for those used.
_ICONS = """(() => {
  const icons = ICONS;
  const draw = (i) => {
    const name = [...i.classList].map((c) => c.slice(3)).find((c) => icons[c]);
    if (!name) return;
    const [width, height, path] = icons[name];
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const { name, value } of i.attributes) svg.setAttribute(name, value);
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const kept = [...i.classList].filter((c) => !/^fa-(solid|regular|brands)$/.test(c));
    svg.setAttribute("class", ["svg-inline--fa", ...kept].join(" "));
    svg.setAttribute("aria-hidden", "true");
    svg.innerHTML = `<path fill="currentColor" d="${path}"></path>`;
    i.replaceWith(svg);
  };
  const all = () => document.querySelectorAll("[class*='fa-']").forEach(draw);
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", all); else all();
})();
"""
