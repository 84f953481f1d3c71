"""A progress bar for work of more than about three seconds, quiet where nobody watches."""

import ipywidgets as widgets
from IPython import get_ipython
from IPython.display import display


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


def progress(items, what: str):
    """Iterate over a list while a bar above the cell's output counts: ``progress(seeds, "…")``.

    Outside a notebook it only iterates.
    """
    items = list(items)
    bar = ProgressBar(len(items), what)
    if get_ipython() is not None:
        display(bar)
    for done, item in enumerate(items, 1):
        yield item
        bar(done)
