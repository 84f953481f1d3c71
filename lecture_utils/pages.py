"""A report as a page of HTML that needs nothing else: words, and small drawings in SVG.

Arrays in, text out; no library for pictures.  What is not finite is hatched or left out, and what
is constant is a straight line.
"""

from html import escape

import numpy as np

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BELOW = 300, 200, 62, 26, 12, 40
BLUE, RED, BLACK = "#0072B2", "#D55E00", "#000000"
STYLE = (
    "font-family:sans-serif;font-size:14px;line-height:1.5;color:#000;background:#fff;"
    "max-width:1000px;padding:0.5em"
)


def html_page(title: str, sentences, drawings, note: str = "") -> str:
    """One ``<div>``: a title, a list of sentences, drawings side by side, and a note on them."""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return (
        f'<div style="{STYLE}"><h3>{escape(title)}</h3><ul>{items}</ul>'
        f'<div style="display:flex;flex-wrap:wrap">{"".join(drawings)}</div>'
        f"{f'<p>{escape(note)}</p>' if note else ''}</div>"
    )


def curves(title, xlabel, ylabel, lines, marks=(), ticks=None) -> str:
    """Curves as one SVG: ``lines`` of (x, y, color), ``marks`` of (x, y, color, text).

    ``ticks`` (places, texts) are those of y; by default its two ends.
    """
    x = np.concatenate([np.ravel(x) for x, _, _ in lines]).astype(float)
    y = np.concatenate([np.ravel(y) for _, y, _ in lines]).astype(float)
    (left, right), (low, high) = _limits(x), _limits(y)
    parts = []
    for xs, ys, color in lines:
        places = _places(xs, left, right, WIDTH - LEFT - RIGHT, LEFT)
        heights = _places(ys, high, low, HEIGHT - TOP - BELOW, TOP)
        for piece in _pieces(places, heights):
            points = " ".join(f"{a:.1f},{b:.1f}" for a, b in piece)
            parts.append(
                f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2"/>'
                if len(piece) > 1
                else f'<circle cx="{piece[0][0]:.1f}" cy="{piece[0][1]:.1f}" r="2" fill="{color}"/>'
            )
    for mark_x, mark_y, color, text in marks:
        if not (np.isfinite(mark_x) and np.isfinite(mark_y)):
            continue
        a = _places(np.clip(mark_x, left, right), left, right, WIDTH - LEFT - RIGHT, LEFT)
        b = _places(np.clip(mark_y, low, high), high, low, HEIGHT - TOP - BELOW, TOP)
        parts.append(
            f'<circle cx="{a:.1f}" cy="{b:.1f}" r="5" fill="{color}"><title>{escape(text)}'
            "</title></circle>"
        )
    if not np.any(np.isfinite(x) & np.isfinite(y)):
        parts.append(f'<text x="{LEFT + 10}" y="{HEIGHT // 2}">no finite value</text>')
    places, texts = ticks or ([low, high], [_short(low), _short(high)])
    ends = [_places(place, high, low, HEIGHT - TOP - BELOW, TOP) for place in places]
    alt = f"{title}: {ylabel} from {texts[0]} to {texts[-1]} over {xlabel}"
    sides = [_short(left), _short(right)]
    return _framed(parts, title, xlabel, ylabel, sides, zip(ends, texts, strict=True), alt)


def plane(title, xlabel, ylabel, heights, radius) -> str:
    """Signed ``heights`` (n, n) as cells, red above zero, blue below, hatched where not finite."""
    heights = np.asarray(heights, dtype=float)
    there = np.isfinite(heights)
    bound = np.max(np.abs(heights[there]), initial=0.0) or 1.0
    rows, columns = heights.shape
    wide, high = (WIDTH - LEFT - RIGHT) / columns, (HEIGHT - TOP - BELOW) / rows
    parts = [
        '<defs><pattern id="none" width="4" height="4" patternUnits="userSpaceOnUse">'
        '<rect width="4" height="4" fill="#ddd"/><path d="M0,4 L4,0" stroke="#6b6b6b"/>'
        "</pattern></defs>"
    ]
    for (row, column), height in np.ndenumerate(heights):
        fill = _color(height / bound) if there[row, column] else "url(#none)"
        parts.append(
            f'<rect x="{LEFT + column * wide:.1f}" y="{TOP + (rows - 1 - row) * high:.1f}" '
            f'width="{wide + 0.1:.1f}" height="{high + 0.1:.1f}" fill="{fill}" '
            'shape-rendering="crispEdges"/>'
        )
    ends = [(HEIGHT - BELOW, _short(-radius)), (TOP, _short(radius))]
    hatched = ", hatched where there is none" if not np.all(there) else ""
    alt = f"{title}: changes of up to {_short(bound)}, red up and blue down{hatched}"
    sides = [_short(-radius), _short(radius)]
    return _framed(parts, title, xlabel, ylabel, sides, ends, alt)


def signed_logarithm(values):
    """Values of both signs over decades, and where their lowest, 0 (if between) and highest stand.

    Linear up to a thousandth of the largest, and logarithmic beyond.
    """
    values = np.asarray(values, dtype=float)
    largest = float(np.max(np.abs(values), initial=0)) or 1.0
    shown = np.sign(values) * np.log10(1 + 1e3 * np.abs(values) / largest)
    low, high = float(np.min(values)), float(np.max(values))
    ends = sorted({low, high} | ({0.0} if low < 0 < high else set()))
    places = [float(np.sign(end) * np.log10(1 + 1e3 * abs(end) / largest)) for end in ends]
    return shown, (places, [_short(end) for end in ends])


def _framed(parts, title, xlabel, ylabel, sides, ends, alt) -> str:
    right, bottom = WIDTH - RIGHT, HEIGHT - BELOW
    texts = [
        f'<text x="{LEFT}" y="16" font-weight="bold">{escape(title)}</text>',
        f'<text x="{LEFT}" y="{bottom + 15}">{sides[0]}</text>',
        f'<text x="{right}" y="{bottom + 15}" text-anchor="end">{sides[1]}</text>',
        f'<text x="{(LEFT + right) / 2}" y="{bottom + 32}" text-anchor="middle">'
        f"{escape(xlabel)}</text>",
        f'<text transform="translate(12,{(TOP + bottom) / 2}) rotate(-90)" text-anchor="middle">'
        f"{escape(ylabel)}</text>",
    ]
    texts += [
        f'<text x="{LEFT - 4}" y="{place + 4:.1f}" text-anchor="end">{text}</text>'
        for place, text in ends
    ]
    return (
        f'<svg width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{escape(alt)}" '
        f'font-family="sans-serif" font-size="12">{"".join(parts)}'
        f'<path d="M{LEFT},{TOP} V{bottom} H{right}" fill="none" stroke="{BLACK}"/>'
        f"{''.join(texts)}</svg>"
    )


def _limits(values) -> tuple[float, float]:
    values = values[np.isfinite(values)]
    if values.size == 0:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    if high - low > 1e-12 * max(abs(low), abs(high)):
        return low, high
    return low - (abs(low) or 1.0) / 2, high + (abs(high) or 1.0) / 2


def _places(values, low, high, length, begin):
    return begin + length * (np.asarray(values, dtype=float) - low) / (high - low)


def _pieces(x, y) -> list:
    """The runs of finite points."""
    pieces, open_piece = [], []
    for a, b in zip(np.ravel(x), np.ravel(y), strict=True):
        if np.isfinite(a) and np.isfinite(b):
            open_piece.append((a, b))
        elif open_piece:
            pieces.append(open_piece)
            open_piece = []
    return [*pieces, open_piece] if open_piece else pieces


def _color(share) -> str:
    """White at 0, red at 1, blue at -1."""
    end = np.array([178, 24, 43] if share > 0 else [33, 102, 172])
    mixed = (255 + np.sqrt(min(abs(share), 1)) * (end - 255)).astype(int)
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _short(value) -> str:
    return f"{value:.2g}"
