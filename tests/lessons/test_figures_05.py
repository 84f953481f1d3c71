"""The drawings of notebook 05, through their artists."""

import numpy as np

from lecture_utils.lessons.loss_profiles_1d import figures


def test_a_digit_stands_over_its_label():
    fig, ax = figures.canvas()
    image, texts = figures.digit_wall(ax, 2, 3)
    assert len(texts) == 6
    pixels = np.arange(1, 6)[:, None] / 10 * np.ones(64)
    figures.fill_digit_wall(image, texts, pixels, [1, 2, 3, 4, 5], [1, 2, 8, 4, 5])
    assert [text.get_text() for text in texts] == ["1", "2", "8, is 3", "4", "5", ""]
    assert [text.get_color() for text in texts[1:3]] == [figures.BLUE, figures.RED]
    fig.canvas.draw()
    shown = np.asarray(image.get_array())
    for k, text in enumerate(texts[:5]):
        x, y = text.get_position()
        above = shown[int(y) - 4, round(x)]
        assert above == pixels[k, 0]
        assert text.get_fontsize() >= figures.FONT_SIZE
    assert np.count_nonzero(shown) == 5 * 64
