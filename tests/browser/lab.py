"""A JupyterLab of our own on loopback, and a notebook in it driven like a student would."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import quote, urlsplit

import gallery

from lecture_utils import launch

ROOT = Path(__file__).resolve().parents[2]
SECOND = 1000  # Playwright counts in milliseconds
ANSWER = 60 * SECOND  # the picture never comes; how long it took is measured, not judged
RUN_ALL = 300 * SECOND


@contextlib.contextmanager
def serve(folder: Path, notebooks: Path = ROOT / "notebooks"):
    """JupyterLab serving a copy of ``notebooks`` from ``folder``; yields its address.

    Settings of the user stay out; it is called as the course calls it.
    """
    root = folder / "notebooks"
    shutil.copytree(
        notebooks, root, ignore=shutil.ignore_patterns(".ipynb_checkpoints", ".answers")
    )
    gallery.write(root / f"{gallery.GALLERY}.ipynb")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    # What was compiled once, here or by other tests of the same run, is not compiled again.
    environment = {"JAX_COMPILATION_CACHE_DIR": str(folder / "compiled")}
    environment |= {"JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0"}
    environment |= os.environ | own | {"IPYTHONDIR": str(folder / "IPYTHON")}
    environment |= {"JUPYTER_PREFER_ENV_PATH": "1", "PYTHONPATH": str(ROOT)}
    # What is answered here is remembered here, in the copy.
    for name in ("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "LECTURE_ANSWERS"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "jupyterlab", *launch.arguments(root, port, browser=False)]
    command += ["--ServerApp.port_retries=0", "--IdentityProvider.token="]
    command += ["--LabApp.expose_app_in_browser=True"]
    log = folder / "server.log"
    with log.open("w") as stream:
        server = subprocess.Popen(command, env=environment, stdout=stream, stderr=stream)
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while not _answers(f"{address}/api"):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()  # it shuts its kernels down first
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


def _answers(address: str) -> bool:
    with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=1):
        return True
    return False


class Notebook:
    """An open notebook: its page, what the page complained of, and its cells by place."""

    def __init__(self, page, address: str, name: str):
        self.page = page
        self.complaints: list[str] = []
        self.outside: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", self._on_error)
        page.on("request", self._on_request)
        page.on("requestfailed", self._on_failure)
        page.add_init_script(_STOPWATCH)
        # A workspace of its own: in a shared one JupyterLab would open the last notebook beside it.
        workspace = quote(Path(name).stem)
        page.goto(f"{address}/lab/workspaces/{workspace}/tree/{quote(name)}")
        page.wait_for_function(_READY, timeout=60 * SECOND)

    def _on_error(self, error) -> None:
        # anywidget's word for a model that took over 2 s on a busy machine, which then comes all
        # the same: whoever runs cells here waits for every picture.
        if "[anywidget] Failed to initialize model." not in str(error):
            self.complaints.append(f"uncaught: {error}")

    def _on_console(self, message) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _on_request(self, request) -> None:
        place = urlsplit(request.url)
        if place.scheme in ("http", "https", "ws", "wss") and place.hostname != "127.0.0.1":
            self.outside.append(request.url)

    def _on_failure(self, request) -> None:
        # JupyterLab itself gives up requests whose answer it no longer needs.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"request: {request.url} {request.failure}")

    # --- cells -----------------------------------------------------------------------------

    def outputs(self) -> list[dict]:
        """For each cell: its slide type and its outputs as pairs (kind, text)."""
        return self.page.evaluate(_OUTPUTS)

    def of_kind(self, kind: str) -> dict[int, str]:
        """Place to plain text of the cells whose output begins with ``kind``."""
        return {
            place: text
            for place, cell in enumerate(self.outputs())
            for _, text in cell["outputs"]
            if text.startswith(kind)
        }

    def cell(self, place: int):
        """The locator of a cell."""
        return self.page.locator(f'.jp-Notebook-cell[data-windowed-list-index="{place}"]')

    @property
    def active(self) -> int:
        """The place of the selected cell."""
        return self.page.evaluate(_ACTIVE)

    @active.setter
    def active(self, place: int) -> None:
        self.page.evaluate(_ACTIVATE, place)

    # --- running ---------------------------------------------------------------------------

    def command(self, name: str) -> None:
        """Give a JupyterLab command, without waiting for what it starts."""
        self.page.evaluate("(name) => { jupyterapp.commands.execute(name); }", name)

    def run_all(self) -> float:
        """Run all cells and wait until the kernel rests and every explorer shows; seconds."""
        start = time.perf_counter()
        self.page.evaluate(_FORGET_COUNTS)
        self.command("notebook:run-all-cells")
        self._wait_for(range(len(self.outputs())))
        return time.perf_counter() - start

    def run(self, *places: int) -> None:
        """Run these cells only, and wait as ``run_all`` does."""
        self.page.evaluate(_FORGET_COUNTS)
        for place in places:
            self.page.evaluate(_RUN, place)
        self._wait_for(places)

    def _wait_for(self, places) -> None:
        self.page.wait_for_function(_DONE, arg=list(places), timeout=RUN_ALL, polling=250)
        outputs = self.outputs()
        for kind, text in [output for place in places for output in outputs[place]["outputs"]]:
            if kind in ("error", "stderr"):
                raise AssertionError(f"{kind} in a cell's output: {text}")
        for place in self.of_kind("Explorer: ").keys() & set(places):
            painted = self.cell(place).locator("canvas[data-frame]")  # perhaps under a cover
            painted.wait_for(state="attached", timeout=60 * SECOND)

    def restart(self) -> None:
        """Give the notebook a fresh kernel."""
        self.page.evaluate(_RESTART)
        self.page.wait_for_function(_READY, timeout=60 * SECOND)

    def save(self) -> None:
        """Save the notebook, and wait until it is."""
        self.command("docmanager:save")
        self.page.wait_for_function(_SAVED, timeout=30 * SECOND)

    @property
    def dirty(self) -> bool:
        """Whether it holds a change that is not saved."""
        return not self.page.evaluate(_SAVED)

    def note(self, place: int, kind: str):
        """The locator of what the course says at a cell: "still", "cover", "order", "seconds"."""
        return self.cell(place).locator(f'.lecture-note[data-kind="{kind}"]')

    def shut_down(self) -> None:
        """End the notebook's kernel."""
        self.page.evaluate(_SHUT_DOWN)


_READY = """() => {
  const panel = window.jupyterapp?.shell?.currentWidget;
  return panel?.content?.widgets?.length && panel.context?.isReady
    && panel.sessionContext?.session?.kernel?.status === "idle";
}"""
_OUTPUTS = """() => jupyterapp.shell.currentWidget.content.widgets.map(({ model }) => ({
  slide: model.getMetadata("slideshow")?.slide_type ?? "",
  outputs: Array.from({ length: model.outputs?.length ?? 0 }, (_, i) => {
    const output = model.outputs.get(i).toJSON();
    const kind = output.name ?? output.output_type;
    const text = output.text ?? output.data?.["text/plain"] ?? output.evalue ?? "";
    return [kind, [text].flat().join("")];
  }),
}))"""
_FORGET_COUNTS = """() => {
  for (const { model } of jupyterapp.shell.currentWidget.content.widgets)
    if (model.type === "code") model.executionCount = null;
}"""
# Done also when a cell failed: the cells after it then never get a count.
_DONE = """(places) => {
  const panel = jupyterapp.shell.currentWidget;
  const models = places.map((i) => panel.content.widgets[i].model).filter((m) => m.type === "code");
  const failed = (model) => Array.from({ length: model.outputs.length },
    (_, i) => model.outputs.get(i).type).includes("error");
  return panel.sessionContext.session.kernel.status === "idle"
    && (models.every((m) => m.executionCount !== null) || models.some(failed));
}"""
_SAVED = "() => !jupyterapp.shell.currentWidget.context.model.dirty"
_ACTIVE = "() => jupyterapp.shell.currentWidget.content.activeCellIndex"
_ACTIVATE = "(place) => { jupyterapp.shell.currentWidget.content.activeCellIndex = place; }"
_RUN = """(place) => {
  jupyterapp.shell.currentWidget.content.activeCellIndex = place;
  return jupyterapp.commands.execute("notebook:run-cell");
}"""
_RESTART = "() => jupyterapp.shell.currentWidget.sessionContext.restartKernel()"
_SHUT_DOWN = "() => jupyterapp.shell.currentWidget.sessionContext.shutdown()"


class Explorer:
    """One explorer on the page: touch it, and learn how long its picture took to answer."""

    def __init__(self, notebook: Notebook, place: int):
        self.notebook, self.page = notebook, notebook.page
        self.cell = notebook.cell(place)
        self.canvas = self.cell.locator(".lecture-picture canvas").first
        self.slider = self.cell.locator(".noUi-handle").first

    def slide(self, times: int) -> list[float]:
        """Move the first slider by arrow keys; milliseconds from key to picture."""
        self.slider.scroll_into_view_if_needed()
        self.slider.focus()
        at_end = self.slider.evaluate("(s) => s.ariaValueNow === s.ariaValueMax")
        return self._sideways(times, first=1 if at_end else 0)

    def step(self, times: int) -> list[float]:
        """Move the point by arrow keys; milliseconds from key to picture."""
        self.canvas.scroll_into_view_if_needed()
        self.canvas.focus()
        return self._sideways(times, first=0)

    def click(self, times: int) -> list[float]:
        """Click into the picture, each time elsewhere; milliseconds from click to picture."""
        self.canvas.scroll_into_view_if_needed()
        spots = self.canvas.evaluate(_SPOTS, times)
        assert len(spots) == times, f"the picture has room for {len(spots)} clicks of {times}"
        return [self._timed(lambda spot=spot: self.page.mouse.click(*spot)) for spot in spots]

    @property
    def pixels(self) -> str:
        """What the canvas shows, to compare."""
        return self.canvas.evaluate("(canvas) => canvas.toDataURL()")

    @property
    def readout(self) -> str:
        """The sentence under the picture."""
        return self.cell.locator(".lecture-picture-caption").inner_text().strip()

    @property
    def status(self) -> str:
        """The complaint under the picture, empty when all is well."""
        return self.cell.locator(".lecture-picture-status").inner_text().strip()

    def _sideways(self, times: int, first: int) -> list[float]:
        keys = ("ArrowRight", "ArrowLeft")  # to and fro, so that it never stays at an edge
        presses = [keys[(i + first) % 2] for i in range(times)]
        return [self._timed(lambda key=key: self.page.keyboard.press(key)) for key in presses]

    def _timed(self, act) -> float:
        """Milliseconds from the input that ``act`` makes until the next picture is painted."""
        self.canvas.evaluate(_ARM)
        act()
        took = self.page.evaluate(_TOOK, ANSWER)
        assert took >= 0, f"no new picture within {ANSWER / SECOND:.0f} s ({self.status})"
        return took


# Before any other script: whoever listens first hears an event that another one stops.
_STOPWATCH = """
for (const kind of ["keydown", "pointerdown"])
  window.addEventListener(kind, () => { window.inputAt = performance.now(); }, true);
"""
_ARM = """(canvas) => {
  window.answer = new Promise((resolve) => {
    const watch = new MutationObserver(() => {
      watch.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - window.inputAt)));
    });
    watch.observe(canvas, { attributeFilter: ["data-frame"] });
  });
}"""
_TOOK = "(most) => Promise.race([window.answer, new Promise((r) => setTimeout(r, most, -1))])"
# The cursor becomes a crosshair where a click counts: find a row with enough such places, and
# take those in its middle.
_SPOTS = """(canvas, wanted) => {
  const box = canvas.getBoundingClientRect();
  const counts = ([clientX, clientY]) => {
    canvas.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY }));
    return canvas.style.cursor === "crosshair";
  };
  for (const down of [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8]) {
    const row = Array.from({ length: 60 }, (_, i) =>
      [box.left + box.width * (i + 0.5) / 60, box.top + box.height * down]).filter(counts);
    if (row.length >= wanted)
      return Array.from({ length: wanted }, (_, i) => {
        // The last one in the middle: from there an arrow key can move both ways.
        const turned = (i + Math.floor(wanted / 2) + 1) % wanted;
        return row[Math.floor((turned + 0.5) * row.length / wanted)];
      });
  }
  return [];
}"""
