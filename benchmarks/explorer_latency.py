"""How long the live picture takes to answer, against rebuilding the figure on every tick.

Two measurements with the same picture, a contour plot with a moving point and line beside a
second axes (9 x 4.5 in at 100 dpi):

* kernel side: new values -> PNG bytes, in this process;
* browser: input event -> new picture on the screen, in JupyterLab in headless Chromium, from the
  page's first sight of the input to the browser frame after the picture was painted;

and a burst: 200 pointer moves in one second, which must never queue more than the newest.

Run ``python benchmarks/explorer_latency.py`` on a quiet machine. Needs Playwright and Chromium.
"""

from __future__ import annotations

import contextlib
import io
import os
import pathlib
import sys
import tempfile
import time

import ipywidgets as widgets
import nbformat
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests" / "browser"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "book"))
from lab import Notebook, serve
from lecture_book.chromium import missing, started

from lecture_utils.studio.controls import Point, Slider
from lecture_utils.studio.explorer import Explorer
from lecture_utils.studio.style import styled

REPEATS = 40


# --- the two competitors ----------------------------------------------------------------------


@styled
def drawn_figure(point: tuple[float, float], curvature: float):
    """The picture drawn from nothing; returns it with what moves."""
    figure = Figure(figsize=(9, 4.5), dpi=100)
    plane, section = figure.subplots(1, 2)
    grid = np.linspace(-2, 2, 81)
    x, y = np.meshgrid(grid, grid)
    loss = x**2 + 3 * y**2
    plane.contourf(x, y, loss, levels=20, cmap="cividis")
    lines = plane.contour(x, y, loss, levels=8, colors="k", linewidths=0.5)
    plane.clabel(lines, fontsize=10)
    plane.set(xlabel="parameter x", ylabel="parameter y", title="The loss x² + 3y²")
    section.plot(grid, grid**2, lw=1)
    section.set(xlabel="step", ylabel="loss L", ylim=(-1, 13), title="Along the line")
    (line,) = plane.plot([0, point[0]], [0, point[1]], "w-")
    (dot,) = plane.plot([point[0]], [point[1]], "wo", ms=9)
    (parabola,) = section.plot(grid, curvature * grid**2, "--", lw=2)
    return figure, plane, (line, dot, parabola)


class LiveExplorer(Explorer):
    """The picture that updates in place."""

    title = "benchmark"
    aim = "answer quickly"
    alt = "A bowl seen from above, with a point that can be dragged."
    controls = {"curvature": Slider(1.0, 0, 3, 0.01)}
    points = {"point": Point("plane", start=(1.0, 0.5))}

    def paint(self):
        figure, self.plane, moving = drawn_figure((1.0, 0.5), 1.0)
        self.line, self.dot, self.parabola = moving
        return figure, moving

    def compute(self, curvature):
        return curvature * self.parabola.get_xdata() ** 2

    def draw(self, result, point):
        self.line.set_data([0, point[0]], [0, point[1]])
        self.dot.set_data([point[0]], [point[1]])
        self.parabola.set_ydata(result)

    def tell(self, result, point):
        return f"x = {point[0]:.4f}, y = {point[1]:.4f}"


def rebuilt_png(point: tuple[float, float], curvature: float) -> bytes:
    """The picture as most notebooks draw it: a new figure for each value."""
    figure, _, _ = drawn_figure(point, curvature)
    FigureCanvasAgg(figure)
    stream = io.BytesIO()
    figure.savefig(stream, format="png")
    return stream.getvalue()


def rebuilt_explorer() -> widgets.VBox:
    """The same controls over an Image. An Image reports no clicks, so a button stands for one."""
    slider = widgets.FloatSlider(1.0, min=0, max=3, step=0.01, description="curvature")
    button = widgets.Button(description="move")
    image = widgets.Image(value=rebuilt_png((1.0, 0.5), 1.0))
    x = [1.0]

    def redraw(_):
        image.value = rebuilt_png((x[0], 0.5), slider.value)

    def move(_):
        x[0] = -1.0 if x[0] > 1.5 else x[0] + 0.02
        redraw(None)

    slider.observe(redraw, names="value")
    button.on_click(move)
    return widgets.VBox([slider, button, image])


# --- kernel side ------------------------------------------------------------------------------


def kernel_side() -> dict[str, list[float]]:
    """Milliseconds from new values to PNG bytes."""
    explorer = LiveExplorer()
    draws = explorer.picture.full_draws
    places = [(0.04 * i - 1, 0.5) for i in range(REPEATS)]
    live = [_milliseconds(lambda p=p: explorer.set(point=p)) for p in places]
    if explorer.last_error or explorer.picture.full_draws != draws:
        raise RuntimeError(f"the live picture did not update in place: {explorer.last_error}")
    rebuilt = [_milliseconds(lambda p=p: rebuilt_png(p, 1.0)) for p in places]
    return {"live": live, "rebuilt": rebuilt}


def _milliseconds(action) -> float:
    start = time.perf_counter()
    action()
    return 1e3 * (time.perf_counter() - start)


# --- JupyterLab and Chromium ------------------------------------------------------------------


@contextlib.contextmanager
def running(name: str, cells: list[str], *scripts: str):
    """A notebook of these cells after Run All, as an open `lab.Notebook`.

    ``scripts`` run before the page's own, so that nothing stands between them and the browser.
    """
    if lack := missing():
        raise SystemExit(lack)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    # With a kernelspec, so that JupyterLab does not ask for one.
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    with tempfile.TemporaryDirectory() as folder, started() as browser:
        made = pathlib.Path(folder) / "made"
        made.mkdir()
        nbformat.write(notebook, made / f"{name}.ipynb")
        with serve(pathlib.Path(folder), made) as address:
            page = browser.new_page(viewport={"width": 1400, "height": 1000})
            for script in scripts:
                page.add_init_script(script)
            opened = Notebook(page, address, f"{name}.ipynb")
            opened.run_all()
            page.wait_for_timeout(2000)
            yield opened


# Counts the pointer events sent and answered on the wire.  (`lab` notes when an input is seen.)
_WIRE = """
const wire = window.wire = { sent: 0, answered: 0, most: 0 };
const text = (data) => typeof data === "string" ? data : new TextDecoder().decode(data);
window.WebSocket = class extends WebSocket {
  constructor(...args) {
    super(...args);
    this.addEventListener("message", ({ data }) => {
      if (/"_ack"/.test(text(data))) wire.answered += 1;
    });
  }
  send(data) {
    if (/"kind": ?"point"/.test(text(data))) {
      wire.sent += 1;
      wire.most = Math.max(wire.most, wire.sent - wire.answered);
    }
    super.send(data);
  }
};
"""
# Notes when the picture after an input is on the screen.
_STOPWATCH = """() => {
  const shown = () => requestAnimationFrame(() => setTimeout(() => {
    window.took?.(performance.now() - window.inputAt);
  }));
  const canvas = document.querySelector(".lecture-picture canvas");
  const image = document.querySelector("img.widget-image");
  new MutationObserver(shown).observe(canvas, { attributeFilter: ["data-frame"] });
  new MutationObserver(() => image.decode().then(shown))
    .observe(image, { attributeFilter: ["src"] });
}"""
_ARM = "() => { window.answer = new Promise((resolve) => { window.took = resolve; }); }"


def answer_time(page, act) -> float:
    """Milliseconds from the input that ``act`` makes to the next picture."""
    page.evaluate(_ARM)
    act()
    took = page.evaluate(
        "() => Promise.race([window.answer, new Promise((r) => setTimeout(r, 5000, -1))])"
    )
    if took < 0:
        raise RuntimeError("no new picture within 5 s")
    page.wait_for_timeout(30)
    return took


def browser_side(page) -> dict[tuple[str, str], list[float]]:
    """Milliseconds from input to picture for each kind of input and each competitor."""
    page.evaluate(_STOPWATCH)
    canvas = page.locator(".lecture-picture canvas")
    live_slider = page.locator(".lecture-explorer .noUi-handle")
    rebuilt_slider = page.locator(".noUi-handle").last
    button = page.get_by_role("button", name="move", exact=True)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()

    sideways = ("ArrowLeft", "ArrowRight")  # never into the edge, where the picture stays as it is

    def click(i):
        page.mouse.click(box["x"] + (0.2 + 0.005 * i) * box["width"], box["y"] + box["height"] / 2)

    inputs = {
        ("slider tick", "live"): (live_slider, lambda i: page.keyboard.press("ArrowRight")),
        ("click", "live"): (canvas, click),
        ("key", "live"): (canvas, lambda i: page.keyboard.press(sideways[i % 2])),
        ("slider tick", "rebuilt"): (rebuilt_slider, lambda i: page.keyboard.press("ArrowRight")),
        ("click", "rebuilt"): (button, lambda i: page.keyboard.press("Enter")),
    }
    times = {}
    for what, (target, act) in inputs.items():
        target.scroll_into_view_if_needed()
        target.focus()
        answer_time(page, lambda act=act: act(-1))  # warm up
        times[what] = [answer_time(page, lambda i=i, act=act: act(i)) for i in range(REPEATS)]
    times["key", "rebuilt"] = times["slider tick", "rebuilt"]  # an Image has no keys of its own
    return times


_BURST = """async ({ moves, seconds }) => {
  const canvas = document.querySelector(".lecture-picture canvas");
  const box = canvas.getBoundingClientRect();
  const fire = (kind, t) => canvas.dispatchEvent(new PointerEvent(kind, {
    bubbles: true, cancelable: true, button: 0, pointerId: 1,
    clientX: box.left + (0.15 + 0.3 * t) * box.width, clientY: box.top + 0.5 * box.height }));
  const before = Number(canvas.dataset.frame);
  const start = performance.now();
  fire("pointerdown", 0);
  for (let i = 1; i <= moves; i++) {
    while (performance.now() < start + 1000 * seconds * i / moves)
      await new Promise((r) => setTimeout(r));
    fire("pointermove", i / moves);
  }
  fire("pointerup", 1);
  const took = performance.now() - start;
  await new Promise((r) => setTimeout(r, 1500));
  return { took, frames: Number(canvas.dataset.frame) - before, ...window.wire };
}"""


def burst(page, moves: int = 200, seconds: float = 1.0) -> dict:
    """A fast drag: events sent, frames shown, the most in flight at once, and where it ended."""
    page.locator(".lecture-picture canvas").click(position={"x": 300, "y": 100})
    page.wait_for_timeout(500)
    page.evaluate("() => Object.assign(window.wire, { sent: 0, answered: 0, most: 0 })")
    counts = page.evaluate(_BURST, {"moves": moves, "seconds": seconds})
    counts["shown"] = page.locator(".lecture-picture-caption").inner_text()
    explorer = LiveExplorer()
    explorer.picture._on_message(
        None,
        {"kind": "point", "box": 0, "gesture": 1, "origin": [0.45, 0.5], "at": [0.45, 0.5]},
        [],
    )
    counts["expected"] = explorer.readout
    return counts


# --- the table ------------------------------------------------------------------------------


def _row(name: str, live: list[float], rebuilt: list[float]) -> str:
    cells = [np.median(live), np.percentile(live, 90), np.median(rebuilt)]
    cells += [np.percentile(rebuilt, 90), np.median(rebuilt) / np.median(live)]
    return f"{name:<28}" + "".join(f"{cell:>12.1f}" for cell in cells)


def main() -> None:
    load = os.getloadavg()
    kernel = kernel_side()
    here = str(pathlib.Path(__file__).parent)
    load_module = f"import sys; sys.path.append({here!r}); import explorer_latency as module"
    cells = [load_module, "module.LiveExplorer()", "module.rebuilt_explorer()"]
    with running("latency", cells, _WIRE) as notebook:
        browser = browser_side(notebook.page)
        drag = burst(notebook.page)
    heads = ("live", "p90", "rebuilt", "p90", "ratio")
    print("milliseconds, median and 90th percentile of", REPEATS)
    print(f"{'':<28}" + "".join(f"{head:>12}" for head in heads))
    print(_row("kernel: values -> PNG", kernel["live"], kernel["rebuilt"]))
    for what in ("slider tick", "click", "key"):
        print(_row(f"browser: {what} -> picture", browser[what, "live"], browser[what, "rebuilt"]))
    print("(an Image reports neither clicks nor keys: a button and the slider's keys stand in)")
    print(
        f"drag burst: 200 moves in {drag['took'] / 1e3:.2f} s -> {drag['sent']} events sent, "
        f"{drag['frames']} frames shown, at most {drag['most']} in flight"
    )
    print(f"  the point ends at {drag['shown']}; the pointer was at {drag['expected']}")
    print(
        f"load average {load[0]:.2f} before, {os.getloadavg()[0]:.2f} after; "
        f"{os.cpu_count()} cores; nothing here computes with JAX"
    )


if __name__ == "__main__":
    main()
