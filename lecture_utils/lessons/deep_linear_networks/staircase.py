"""The staircase: every critical point of a linear autoencoder, its loss and its index."""

import ipywidgets as widgets
import numpy as np

from lecture_utils.critical_points import linear_autoencoder_points
from lecture_utils.studio.live import LivePicture
from lecture_utils.studio.panel import AssembledExplorer, slider

from . import figures

__all__ = ["explore_staircase"]

_DIRECTIONS = 6


@figures.styled
def explore_staircase() -> AssembledExplorer:
    """All critical points of a linear autoencoder: pick one, see what it keeps and its index."""
    fig, (bars, stairs) = figures.canvas(1, 2, size=(10, 4.2), width_ratios=[1, 1.5])
    names = np.arange(1, _DIRECTIONS + 1)
    bars.set(xlabel="principal direction", ylabel="share of the variance", ylim=(0, 0.75))
    bars.set(xlim=(0.4, _DIRECTIONS + 0.6), xticks=names)
    bars.set_title("blue: kept   orange: lost")
    columns = bars.bar(names, np.ones(_DIRECTIONS), width=0.7)
    stairs.set(xlabel="fraction of negative eigenvalues α", ylabel="loss / variance")
    stairs.set(xlim=(-0.02, 0.53), ylim=(-0.04, 1.06))
    stairs.set_title("every critical point; click one")
    (cloud,) = stairs.plot([], [], "o", color=figures.BLUE, ms=7, alpha=0.55)
    (ring,) = stairs.plot([], [], "o", ms=16, mfc="none", mec=figures.RED, mew=2.5)
    (hand,) = stairs.plot([], [], "+", ms=12, color=figures.GREEN, mew=2.5)
    picture = LivePicture(
        fig,
        "Left, the variances of six principal directions, kept ones and lost ones; right, loss "
        "against the fraction of negative eigenvalues for all critical points of an autoencoder.",
    )
    picture.animate(columns, cloud, ring, hand)

    def choose(width, ratio, pick):
        variances = ratio ** np.arange(_DIRECTIONS)
        variances /= variances.sum()
        points = linear_autoencoder_points(variances, width)
        places = np.array([[p.swaps + p.idle, p.loss] for p in points], dtype=float)
        places[:, 0] /= 2 * _DIRECTIONS * width
        near = int(np.argmin(np.hypot((places[:, 0] - pick[0]) / 0.55, places[:, 1] - pick[1])))
        return variances, places, near, points[near]

    def update(width, ratio, pick):
        variances, places, near, (kept, loss, swaps, idle) = choose(width, ratio, pick)
        for i, (column, height) in enumerate(zip(columns, variances, strict=True)):
            column.set(height=height, color=figures.BLUE if i in kept else figures.ORANGE)
        cloud.set_data(places.T)
        ring.set_data(places[near : near + 1].T)
        hand.set_data([pick[0]], [pick[1]])
        kind = "the global minimum" if swaps + idle == 0 else "a saddle"
        listed = ", ".join(str(i + 1) for i in kept) or "nothing"
        return (
            f"Keeps {listed}: loss {loss:.3f}, <b>{kind}</b>. Index {swaps + idle} = {swaps} "
            f"(a lost direction beats a kept one) + {idle} ({width - len(kept)} idle × "
            f"{_DIRECTIONS - len(kept)} lost), of {2 * _DIRECTIONS * width} eigenvalues."
        )

    def check(values):
        variances, _, _, (kept, loss, swaps, idle) = choose(**values)
        best = float(np.sort(variances)[: _DIRECTIONS - values["width"]].sum())
        if swaps + idle == 1 and loss < 1.05 * best and len(kept) == values["width"]:
            return "one way down among dozens, for a gain of less than 5 %: hard to notice."
        return None

    return AssembledExplorer(
        picture,
        update,
        {
            "width": widgets.IntSlider(value=2, min=1, max=5, description="hidden units p"),
            "ratio": slider(0.6, 0.4, 0.98, 0.01, "each variance / the one before"),
        },
        points={"pick": (stairs, (0.25, 0.6))},
        title="the staircase of a linear autoencoder",
        goal="find a saddle of index 1 whose loss is less than 5 % above the global minimum.",
        presets={
            "the minimum": {"pick": (0.0, 0.0), "width": 2, "ratio": 0.6},
            "the origin": {"pick": (0.5, 1.0), "width": 2, "ratio": 0.6},
            "worst full saddle": {"pick": (0.33, 0.87), "width": 2, "ratio": 0.6},
            "five units": {"pick": (0.2, 0.4), "width": 5, "ratio": 0.8},
        },
        check=check,
    )
