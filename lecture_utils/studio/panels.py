"""Where a narrow page can cut a picture into parts, so that its words stay large enough to read."""

from __future__ import annotations

import itertools

from matplotlib.figure import Figure

__all__ = ["panels_of"]


def panels_of(figure: Figure) -> list[list[float]]:
    """Parts [left, right] of the figure, in its pixels, that can stand one below another.

    A bar of colors stays with the axes on its left.
    """
    renderer, spans = figure.canvas.get_renderer(), []
    for axes in figure.axes:
        box = axes.get_tightbbox(renderer)
        if box is not None:  # else an axes that is not seen
            spans.append((box.x0, box.x1, axes.get_label() == "<colorbar>"))
    legends = (legend.get_window_extent(renderer) for legend in figure.legends)
    spans += [(box.x0, box.x1, False) for box in legends]
    merged: list[list[float]] = []
    for low, high, joined in sorted(spans):
        if merged and (joined or low < merged[-1][1] + 2):
            merged[-1][1] = max(high, merged[-1][1])
        else:
            merged.append([low, high])
    cuts = [(a[1] + b[0]) / 2 for a, b in itertools.pairwise(merged)]
    edges = [0.0, *cuts, float(figure.bbox.width)]
    return [list(part) for part in itertools.pairwise(edges)]
