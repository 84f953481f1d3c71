"""Work that goes on beside an explorer: one picture being prepared, or a search without end.

Both run in a thread of their own and touch the explorer only while they hold its lock.
"""

from __future__ import annotations

import threading

import ipywidgets as widgets

__all__ = ["Preparation", "Search"]


class Preparation:
    """The slow part of an explorer's picture: what is shown, and what is being made.

    ``shown`` are the values of the product at hand; ``busy`` says whether another is being made.
    """

    def __init__(self, explorer):
        self.explorer = explorer
        self.shown = self._product = self._wanted = self._thread = None
        self._stop = threading.Event()
        self.bar = widgets.IntProgress(max=100, layout={"width": "180px"})
        self.button = widgets.Button(description="Cancel", layout={"width": "auto"})
        self.button.on_click(lambda _: self.cancel())
        self.widgets = (self.button, self.bar)
        self._show(False)

    @property
    def busy(self) -> bool:
        """Whether something else than what is shown is being made."""
        return self._wanted is not None

    def get(self, values: dict) -> tuple[tuple, object]:
        """What is at hand, its values and the product; starts to make what is asked for."""
        wanted = tuple(values.items())
        if self.shown is None:  # the first comes with the explorer
            _, self._product = _run(self.explorer.prepare(**values), lambda share: True)
            self.shown = wanted
        elif wanted == self.shown:
            self._end()
        elif wanted != self._wanted:
            self._end()
            self._wanted, self._stop = wanted, threading.Event()
            self.bar.value = 0
            self._show(True)
            self._thread = threading.Thread(
                target=self._make, args=(wanted, self._stop), daemon=True
            )
            self._thread.start()
        return self.shown, self._product

    def _make(self, wanted, stop):
        def go_on(share):
            self.bar.value = round(100 * share)
            return not stop.is_set()

        try:
            finished, product = _run(self.explorer.prepare(**dict(wanted)), go_on)
        except Exception as error:
            with self.explorer.lock:
                if not stop.is_set():
                    self._end()
                    self.explorer._fail(error)
            return
        with self.explorer.lock:
            if finished and not stop.is_set():
                self._end()
                self.shown, self._product = wanted, product
                self.explorer._refresh()

    def cancel(self) -> None:
        """Stop, and set the controls back to what is shown."""
        with self.explorer.lock:
            self._end()
            self.explorer.set(**dict(self.shown))

    def _end(self):
        self._stop.set()
        self._wanted = None
        self._show(False)

    def _show(self, busy):
        for widget in self.widgets:
            widget.layout.visibility = "visible" if busy else "hidden"

    def wait(self) -> None:
        """Until nothing runs any more."""
        thread = None
        while thread is not self._thread:  # what has ended may have started another
            thread = self._thread
            thread.join()


def _run(generator, go_on) -> tuple[bool, object]:
    """Run a generator of shares to its end, or until ``go_on(share)`` says no."""
    while True:
        try:
            share = next(generator)
        except StopIteration as end:
            return True, end.value
        if not go_on(share):
            generator.close()
            return False, None


class Search:
    """A search that the control ``search`` starts and stops; the control ``found`` counts."""

    def __init__(self, explorer, total: int):
        self.explorer, self.total = explorer, total
        self._found: list = []
        self._thread = None  # the search that is on
        self._last = None  # also when it was told to stop
        self.button = widgets.ToggleButton(value=False, description="search more", icon="search")
        self.bar = widgets.IntProgress(0, 0, total, description="searched")
        self.controls = {"search": self.button, "found": self.bar}

    def findings(self) -> list:
        """What was found, as far as ``found`` counts it."""
        return self._found[: self.bar.value]

    def follow(self, wanted: bool) -> None:
        """Start or stop as the button says; called with the explorer's lock."""
        if wanted and self._thread is None and len(self._found) < self.total:
            self._thread = self._last = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
        elif not wanted:
            self._thread = None
        self.button.description = "stop" if self._thread else "search more"

    def _run(self):
        me, error = threading.current_thread(), None
        try:
            for finding in self.explorer.search(len(self._found)):
                with self.explorer.lock:
                    if self._thread is not me:
                        return
                    self._found.append(finding)
                    self.bar.value = len(self._found)  # a control: the picture follows
        except Exception as raised:
            error = raised
        with self.explorer.lock:
            if self._thread is me:
                self._thread = None
                self.button.value = False
                if error is not None:
                    self.explorer._fail(error)

    def forget(self) -> None:
        """Stop, and lose what was found."""
        with self.explorer.lock:
            self._thread = None
            self._found.clear()

    def wait(self) -> None:
        """Until the last search has ended."""
        if self._last is not None:
            self._last.join()
