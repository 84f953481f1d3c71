"""Where a narrow page can cut a picture into parts, so that its words stay large enough to read."""

from __future__ import annotations

import itertools

from matplotlib.figure import Figure

__all__ = ["panels_of"]


def panels_of(figure: Figure) -> list[list[float]]:
    """Parts [left, right] of the figure, in its pixels, that can stand one below another."""
    renderer, spans = figure.canvas.get_renderer(), []
    for axes in figure.axes:
        box = axes.get_tightbbox(renderer)
        if box is None:  # an axes that is not seen
            continue
        joined = spans and axes.get_label() == "<colorbar>"
        spans.append([spans.pop()[0] if joined else box.x0, box.x1])
    spans += [[b.x0, b.x1] for b in (g.get_window_extent(renderer) for g in figure.legends)]
    merged: list[list[float]] = []
    for low, high in sorted(spans):
        if merged and low < merged[-1][1] + 2:
            merged[-1][1] = max(high, merged[-1][1])
        else:
            merged.append([low, high])
    cuts = [(a[1] + b[0]) / 2 for a, b in itertools.pairwise(merged)]
    edges = [0.0, *cuts, float(figure.bbox.width)]
    return [list(part) for part in itertools.pairwise(edges)]
