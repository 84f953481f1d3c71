"""The book: the committed notebooks as pages that need no kernel, no server and no network.

lessons     a notebook becomes a page
explorers   which cells show one, and what it is called
wording     what is called otherwise in a notebook
cards       predictions and exercises as forms that commit and reveal
pictures    what the notebooks show, small, with its alt text
instruments the reference, from docstrings
others      contents, glossary, scorecard, references, progress
search      the sections that the search looks through
site        what the theme and MathJax need, and no more
packing     the course as a file to take along, and each notebook as one
printing    a PDF for each lesson
chromium    the browser that prints it, and that the tests look with
"""
