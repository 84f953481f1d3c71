"""Sphinx: the pages that build.py wrote become a site.  `make book` is the command."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from lecture_book import site

project = "The geometry of training"
author = "the course"
language = "en"
extensions = ["myst_parser", "sphinx.ext.mathjax"]
source_suffix = {".md": "markdown"}

# The pages are notebooks: what JupyterLab does not know as syntax is none here either.
myst_enable_extensions = ["dollarmath"]
myst_disable_syntax = ["myst_line_comment", "myst_target", "myst_block_break", "myst_role"]
myst_dmath_double_inline = True
suppress_warnings = ["myst.header"]

html_theme = "sphinx_book_theme"
html_title = project
templates_path = [str(Path(__file__).resolve().parent / "templates")]
html_static_path = [str(Path(__file__).resolve().parent / "static")]
html_css_files = ["book.css"]
html_js_files = [(name, {"defer": "defer"}) for name in ("words.js", "tasks.js", "book.js")]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_show_sphinx = False
html_show_search_summary = False  # it would fetch each page, which no page from disk may
html_use_index = False
html_context = {"default_mode": "auto"}
html_theme_options = {
    "navbar_persistent": [],
    "use_download_button": False,
    "use_fullscreen_button": False,
    "home_page_in_toc": True,
    "footer_content_items": [],
    "show_toc_level": 2,
    "show_navbar_depth": 1,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}

mathjax_path = site.MATHJAX
mathjax_options = {"type": "text/plain", "class": "lu-mathjax"}  # book.js begins it
mathjax3_config = {
    "loader": {"load": site.PARTS},
    "options": {"ignoreHtmlClass": ".*", "processHtmlClass": "math"},
}
myst_update_mathjax = False
