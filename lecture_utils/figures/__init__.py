"""The look of the course: arrays and an Axes in, artists out.  Nothing here computes a loss.

Style and drawings are all found here, so that a notebook needs one import: ``figures.canvas``,
``figures.RED``, ``figures.contours``.  A file beside ``basics`` holds the drawings of one topic.
"""

from ..style import (
    BLACK,
    BLUE,
    CYCLE,
    DPI,
    FONT_SIZE,
    GREEN,
    GREY,
    METHODS,
    ORANGE,
    PURPLE,
    RED,
    SKY,
    STYLE,
    YELLOW,
    Picture,
    canvas,
    show,
    styled,
)
from .basics import (
    around,
    bands,
    contours,
    curvature_histogram,
    curves,
    diverging,
    diverging_bands,
    heat_map,
    iterates,
    label,
    path,
    power_laws,
    short_number,
    surface3d,
)
from .batch_size_and_sharpness import (
    paired_dots,
    sharp_to_flat,
    to_the_edge,
)
from .eigenvalues_vs_error import (
    fit_band,
    index_against_loss,
)
from .loss_profiles_1d import (
    digit_wall,
    fill_digit_wall,
)
from .loss_surfaces_2d import (
    color_bar,
    landscape,
    landscape3d,
    strategies,
    trail,
    triangle,
)
from .optimizer_comparison import (
    compressed,
    energy_board,
    quadratic_board,
    race_board,
    race_track,
)
from .training_clinic import admission, chart, report_page, tree
