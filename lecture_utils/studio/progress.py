"""A progress bar for work of more than about three seconds, quiet where nobody watches."""

from collections.abc import Callable, Iterable, Iterator

import ipywidgets as widgets
from IPython import get_ipython
from IPython.display import display

from lecture_utils.parallel import in_threads

__all__ = ["ProgressBar", "parallel", "progress"]


class ProgressBar(widgets.HBox):
    """``bar(done)`` moves it.  Its plain text is fixed, so re-runs compare equal."""

    def __init__(self, total: int, what: str):
        self.what = what
        self._bar = widgets.IntProgress(max=total, layout=widgets.Layout(width="260px"))
        self._label = widgets.Label(f"{what}: 0 of {total}")
        super().__init__([self._bar, self._label])

    def __call__(self, done: int) -> None:
        self._bar.value = done
        self._label.value = f"{self.what}: {done} of {self._bar.max}"
        if done >= self._bar.max:
            self._bar.bar_style = "success"

    def __repr__(self):
        return f"Progress: {self.what}."

    def _repr_mimebundle_(self, **kwargs):
        return super()._repr_mimebundle_(**kwargs) | {"text/plain": repr(self)}


def progress(items: Iterable, what: str, total: int | None = None) -> Iterator:
    """Iterate while a bar above the cell's output counts: ``progress(seeds, "runs")``.

    ``total`` is for what has no length.  Outside a notebook it only iterates.
    """
    if total is None:
        items = list(items)
        total = len(items)
    bar = ProgressBar(total, what)
    if get_ipython() is not None:
        display(bar)
    for done, item in enumerate(items, 1):
        yield item
        bar(done)


def parallel(function: Callable, items: Iterable, what: str) -> list:
    """``[function(item) for item in items]``, one thread per core, while a bar counts."""
    items = list(items)
    return list(progress(in_threads(function, items), what, len(items)))
