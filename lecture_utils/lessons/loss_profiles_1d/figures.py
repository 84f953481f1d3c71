"""Drawings of notebook 05: a wall of digits with the label that a network reads on each."""

import numpy as np

from lecture_utils.studio.figures import *

_SIDE = 10  # pixels from one digit to the next: eight of the image, two of margin


@styled
def digit_wall(ax, rows: int, columns: int):
    """An empty wall for rows·columns digits of 8×8: its image, and a text under each digit."""
    # Between two rows of digits stands a row of texts, half as high.
    height, width = rows * (_SIDE + 5), columns * _SIDE
    image = ax.imshow(
        np.zeros((height, width)), cmap="Greys", vmin=0, vmax=1, interpolation="nearest"
    )
    ax.set_axis_off()
    texts = [
        ax.text(
            column * _SIDE + 4.5,
            row * (_SIDE + 5) + 11,
            "",
            ha="center",
            va="center",
            weight="bold",
            fontsize=FONT_SIZE + 3,
        )
        for row in range(rows)
        for column in range(columns)
    ]
    return image, texts


def fill_digit_wall(image, texts, pixels, labels, answers) -> None:
    """Put digits (n, 64) on a wall, each over what it was read as: blue right, orange wrong."""
    wall = np.zeros(image.get_array().shape)
    columns = wall.shape[1] // _SIDE
    reads = zip(texts, pixels, labels, answers, strict=False)  # a text may stay empty
    for k, (text, digit, label, answer) in enumerate(reads):
        row, column = divmod(k, columns)
        top, left = row * (_SIDE + 5), column * _SIDE + 1
        wall[top : top + 8, left : left + 8] = np.reshape(digit, (8, 8))
        good = answer == label
        text.set(text=str(label) if good else f"{answer}, is {label}", color=BLUE if good else RED)
    image.set_data(wall)
