"""The figures through their artists: what is drawn, where, and large enough to read."""

import inspect
import io
import warnings
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.text import Text
from PIL import Image
from unit_helpers import refuses

from lecture_utils import surfaces
from lecture_utils.studio import figures

WORDS = {"xlabel": "step t", "ylabel": "loss L", "title": "It falls"}
ALT = "A loss falls over ten steps for five seeds."


def small_texts(fig):
    """The texts of a drawn figure that are smaller than ten points."""
    fig.canvas.draw()
    texts = [text for text in fig.findobj(Text) if text.get_visible() and text.get_text()]
    assert texts
    return [text.get_text() for text in texts if text.get_fontsize() < 10]


@pytest.fixture
def ax():
    """Axes in the course's style; every text on them must have ten points at the end."""
    fig, axes = figures.canvas()
    yield axes
    assert small_texts(fig) == []


# --- the canvas, its style and the finished picture ---


@pytest.mark.parametrize("rows, columns", [(1, 1), (1, 2), (2, 3)])
def test_a_canvas_has_the_axes_asked_for_and_the_course_s_style(rows, columns):
    fig, axes = figures.canvas(rows, columns)
    assert np.shape(axes) == {(1, 1): (), (1, 2): (2,), (2, 3): (2, 3)}[rows, columns]
    first = np.ravel(axes)[0]
    assert not first.spines["top"].get_visible()
    assert first.xaxis.label.get_fontsize() >= 12
    assert first.plot([0, 1])[0].get_color() == figures.BLUE
    assert small_texts(fig) == []


def test_the_style_stays_inside_the_figures():
    with mpl.rc_context({"font.size": 7, "lines.linewidth": 0.3}):
        _, axes = figures.canvas()
        (line,) = figures.bands(axes, [0, 1], {"loss": [1, 2]}, **WORDS)
        assert line.get_linewidth() > 2
        assert axes.xaxis.label.get_fontsize() >= 12
        assert axes.get_title(loc="left") == WORDS["title"]
        assert (mpl.rcParams["font.size"], mpl.rcParams["lines.linewidth"]) == (7, 0.3)


def test_ticks_do_not_depend_on_who_draws_the_figure():
    def ticks(size):
        figure, axes = figures.canvas(1, 2, size=(10, 4.3))
        axes[0].set(xlim=(-2, 2), aspect="equal")
        with mpl.rc_context({"xtick.labelsize": size, "ytick.labelsize": size}):
            figure.canvas.draw()
            return axes[0].get_xticks().tolist()

    assert ticks(4) == ticks(11) == ticks(30)


def test_a_canvas_may_be_a_mosaic():
    figure, axes = figures.canvas([["plan", "top"], ["plan", "low"]], size=(6, 3))
    assert list(axes) == ["plan", "top", "low"]
    assert figure.axes == list(axes.values())
    assert tuple(figure.get_size_inches()) == (6, 3)


def test_curves_differ_by_more_than_color():
    looks = list(figures.CYCLE)
    assert len({look["color"] for look in looks}) == len({str(look) for look in looks})
    assert len({str(look["linestyle"]) for look in looks}) == len(looks)
    methods = figures.METHODS.values()
    assert len({look["color"] for look in methods}) == len(methods)
    assert len({look["marker"] for look in methods}) == len(methods)


def test_a_shown_figure_is_a_picture_with_the_same_words_every_time():
    fig, axes = figures.canvas(size=(5, 3))
    axes.plot([0, 1])
    picture = figures.show(fig, ALT)
    data, metadata = picture._repr_mimebundle_()
    assert data["text/plain"] == repr(picture) == f"Figure: {ALT}"
    assert metadata["image/png"]["alt"] == ALT
    image = Image.open(io.BytesIO(data["image/png"]))
    assert (image.format, image.size) == ("PNG", (500, 300))
    assert len(np.unique(np.asarray(image.convert("RGB")).reshape(-1, 3), axis=0)) > 2
    again, _ = picture._repr_mimebundle_(include=None, exclude=None)
    assert again == data
    assert set(data) == {"text/plain", "image/png"}


@pytest.mark.parametrize("alt", ["", "a figure"])
def test_a_figure_without_words_is_refused(alt):
    with refuses("alt"):
        figures.show(figures.canvas()[0], alt)


def test_drawing_functions_keep_their_signature():
    assert list(inspect.signature(figures.contours).parameters)[:4] == ["ax", "x", "y", "z"]
    assert figures.contours.__doc__


# --- surfaces ---


@pytest.mark.parametrize("surface", surfaces.GALLERY, ids=lambda surface: surface.name)
def test_every_surface_of_the_gallery_has_contours(ax, surface):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures.contours(ax, *surface.grid(21))


def test_contours_span_the_values_evenly(ax):
    x, y, z = surfaces.bowl.grid(41)
    filled = figures.contours(ax, x, y, z, levels=9)
    np.testing.assert_allclose(filled.levels, np.linspace(z.min(), z.max(), 9))
    assert filled.get_cmap().name == "viridis"
    assert any(text.get_text() for text in ax.texts)


def test_logarithmic_contours_span_the_decades_evenly_and_are_labelled_in_losses(ax):
    x, y, z = surfaces.himmelblau.grid(61)
    filled = figures.contours(ax, x, y, z, log=True, levels=10)
    assert filled.levels[-1] == pytest.approx(np.log10(z.max()))
    np.testing.assert_allclose(np.diff(filled.levels), np.diff(filled.levels)[0])
    labels = [float(text.get_text()) for text in ax.texts]
    assert labels
    for label in labels:
        assert np.min(np.abs(filled.levels - np.log10(label))) < 0.03
    assert max(labels) > 10


def test_a_floor_cuts_the_decades_below_it(ax):
    x, y, z = surfaces.bowl.grid(41)
    filled = figures.contours(ax, x, y, z, log=True, floor=0.01)
    assert filled.levels[0] == pytest.approx(-2)


def test_y_runs_upwards_in_contours(ax):
    x, y = np.linspace(0, 1, 5), np.linspace(0, 2, 9)
    z = np.tile(y[:, None], (1, 5))  # grows along y only
    filled = figures.contours(ax, x, y, z, labels=False)
    low, high = (path.get_extents() for path in (filled.get_paths()[0], filled.get_paths()[-1]))
    assert low.y1 < high.y0
    assert (low.width, high.width) == (1, 1)


@pytest.mark.parametrize(
    "value, words",
    [
        (0, "0"),
        (0.0444, "0.044"),
        (1.26, "1.3"),
        (164, "160"),
        (-0.5, "-0.50"),
        (2e9, "2.0e+09"),
        (np.nan, "NaN"),
        (np.inf, "∞"),
    ],
)
def test_short_numbers(value, words):
    assert figures.short_number(value) == words


@pytest.mark.parametrize("scale", [1.0, -3.0, 0.0])
def test_a_diverging_map_is_white_at_zero(ax, scale):
    x = np.linspace(-1, 2, 7)
    filled = figures.diverging(ax, x, x, scale * np.outer(x, np.ones(7)))
    np.testing.assert_allclose(filled.levels, -filled.levels[::-1])
    np.testing.assert_allclose(filled.cmap(filled.norm(0.0))[:3], 1, atol=0.05)


def test_diverging_bands_are_symmetric_and_can_be_moved(ax):
    image = figures.diverging_bands(ax, np.eye(4), bound=2.0)
    assert image.get_clim() == (-2, 2)
    np.testing.assert_allclose(image.cmap(0.5)[:3], 1, atol=0.1)
    image.set_data(np.zeros((4, 4)))
    assert not np.any(image.get_array())


def test_a_surface_is_seen_from_above_with_named_axes():
    fig, axes = figures.canvas(subplot_kw={"projection": "3d"})
    x, y, z = surfaces.saddle.grid(11)
    figures.surface3d(axes, *np.meshgrid(x, y), z, "a saddle")
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_title()) == ("x", "y", "a saddle")
    assert 0 < axes.elev < 90
    assert small_texts(fig) == []


# --- curves ---


@pytest.mark.by_day("Newton", "Adam", "None")
@pytest.mark.parametrize("method", [*figures.METHODS, None])
def test_a_path_has_a_ring_at_its_start_and_a_star_at_its_end(ax, method):
    points = np.array([[0.0, 1.0], [0.5, 0.5], [1.0, 0.2]])
    line = figures.path(ax, points, method)
    np.testing.assert_array_equal(line.get_xydata(), points)
    _, ring, star = ax.lines
    np.testing.assert_array_equal(ring.get_xydata(), points[:1])
    np.testing.assert_array_equal(star.get_xydata(), points[-1:])
    assert (ring.get_marker(), ring.get_markerfacecolor(), star.get_marker()) == ("o", "none", "*")
    if method is not None:
        look = figures.METHODS[method]
        assert (line.get_color(), line.get_marker()) == (look["color"], look["marker"])
        assert ring.get_markeredgecolor() == star.get_color() == look["color"]
        assert line.get_label() == method


def test_bands_are_the_median_and_the_range_over_seeds(ax):
    x, y = np.arange(4), np.array([[1.0, 2, 3, 4], [2, 3, 4, 5], [9, 9, 9, 9]])
    (line,) = figures.bands(ax, x, {"with noise": y}, **WORDS)
    np.testing.assert_array_equal(line.get_xydata(), np.column_stack([x, [2, 3, 4, 9 - 4]]))
    (band,) = ax.collections
    corners = band.get_paths()[0].vertices
    for column, (low, high) in enumerate(zip(y.min(0), y.max(0), strict=True)):
        assert [column, low] in corners.tolist()
        assert [column, high] in corners.tolist()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["with noise"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == (WORDS["xlabel"], WORDS["ylabel"])
    assert ax.get_title(loc="left") == WORDS["title"]


def test_four_bands_are_told_apart_and_methods_keep_their_look(ax):
    series = {name: np.ones((2, 3)) * k for k, name in enumerate("abcd")}
    lines = figures.bands(ax, np.arange(3), series, legend=False, **WORDS)
    assert len(lines) == 4
    assert len({line.get_color() for line in lines}) == 4
    assert len({line.get_linestyle() for line in lines}) == 4
    assert ax.get_legend() is None
    (newton,) = figures.bands(ax, np.arange(3), {"Newton": np.ones(3)}, **WORDS)
    assert newton.get_color() == figures.METHODS["Newton"]["color"]


def test_power_laws_are_straight_on_logarithmic_axes(ax):
    x = np.array([0.01, 0.1, 1.0])
    samples = np.array([1.0, 2.0, 3.0, 4.0, 100.0])[:, None] * x**3
    line, cubic = figures.power_laws(ax, x, {"linear": x**2, "quadratic": samples}, **WORDS)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    np.testing.assert_allclose(line.get_ydata(), x**2)
    np.testing.assert_allclose(cubic.get_ydata(), 3 * x**3)
    (band,) = ax.collections
    heights = band.get_paths()[0].get_extents()
    np.testing.assert_allclose([heights.y0, heights.y1], [2 * 0.01**3, 4])


def test_iterates_are_numbered_in_order_on_the_curve(ax):
    points = [0.4, -0.25, 0.04]
    line = figures.iterates(
        ax, surfaces.double_well_1d, points, span=(-1.5, 1.5), title="Newton falls uphill"
    )
    expected = np.column_stack([points, surfaces.double_well_1d(np.array(points))])
    np.testing.assert_allclose(line.get_xydata(), expected)
    assert [note.get_text() for note in ax.texts] == ["0", "1", "2"]
    assert [note.xy[0] for note in ax.texts] == points
    assert ax.get_xlabel() == "parameter x"


def test_around_a_saddle_some_angles_rise_and_some_fall(ax):
    angles = np.linspace(0, 2 * np.pi, 61)
    line = figures.around(ax, angles, np.cos(2 * angles), "up and down")
    np.testing.assert_allclose(line.get_xdata(), np.degrees(angles))
    up, down = ax.collections
    assert up.get_paths()[0].vertices[:, 1].min() >= -1e-9
    assert down.get_paths()[0].vertices[:, 1].max() <= 1e-9


def test_the_histogram_of_curvatures_counts_all_and_marks_the_eigenvalues(ax):
    curvatures = np.linspace(-2, 2, 200)
    bars = figures.curvature_histogram(ax, curvatures, [-2.0, 0.5], "most are mild")
    assert sum(bar.get_height() for bar in bars) == 200
    (ticks,) = (c for c in ax.collections if hasattr(c, "get_segments"))
    assert [segment[0][0] for segment in ticks.get_segments()] == [-2, 0.5]
    assert all(height < 0 for segment in ticks.get_segments() for _, height in segment)


def test_curves_have_their_own_looks_and_labels(ax):
    line, dots = figures.curves(
        ax,
        {"a": ([0, 1], [1, 2]), "b": ([0, 1], [2, 1], {"ls": "", "marker": "o"})},
        **WORDS,
        legend="upper left",
        ylim=(0, 3),
    )
    assert (line.get_label(), dots.get_marker(), dots.get_linestyle()) == ("a", "o", "None")
    assert line.get_linewidth() > 2
    assert ax.get_title(loc="left") == WORDS["title"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b"]
    assert ax.get_ylim() == (0, 3)


def test_a_label_is_in_the_style_and_needs_no_legend(ax):
    figures.label(ax, **WORDS)
    assert ax.get_xlabel() == WORDS["xlabel"]
    assert ax.get_legend() is None


def test_a_heat_map_shows_each_number_and_the_marked_cells(ax):
    z, marked = np.array([[0.2, 2.3], [30.0, 0.5]]), np.array([[False, True], [False, False]])
    image = figures.heat_map(
        ax, [-0.1, 0.1], [1.0, 2.0], z, value="loss", marked=marked, mark="dead", **WORDS
    )
    assert [text.get_text() for text in ax.texts] == ["0.20", "dead", "30", "0.50"]
    np.testing.assert_allclose(image.get_array(), np.log10(z))
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["-0.10", "0.10"]


# --- planes, lines and profiles that are constant, zero, negative, NaN or infinite ---

SIDE = np.linspace(-1, 1, 9)
HEIGHT = 1 + SIDE**2 + SIDE[:, None] ** 2
HOLE = SIDE**2 + SIDE[:, None] ** 2 < 0.2
PLANES = {
    "constant": np.ones((9, 9)),
    "zero": np.zeros((9, 9)),
    "constant but for rounding": 1 + 1e-16 * SIDE + 0 * HEIGHT,
    "negative": -HEIGHT,
    "partly zero": np.maximum(SIDE, 0) + 0 * HEIGHT,
    "NaN somewhere": np.where(HOLE, np.nan, HEIGHT),
    "infinite somewhere": np.where(HOLE, np.inf, HEIGHT),
    "minus infinite somewhere": np.where(HOLE, -np.inf, HEIGHT),
    "NaN everywhere": np.full((9, 9), np.nan),
    "infinite everywhere": np.full((9, 9), np.inf),
    "huge": 1e299 * HEIGHT,
    "tiny": 1e-310 * HEIGHT,
}
DRAWINGS = {
    "contours": lambda ax, z: figures.contours(ax, SIDE, SIDE, z),
    "logarithmic contours": lambda ax, z: figures.contours(ax, SIDE, SIDE, z, log=True),
    "from a floor": lambda ax, z: figures.contours(ax, SIDE, SIDE, z, log=True, floor=1e-3),
    "all below the floor": lambda ax, z: figures.contours(ax, SIDE, SIDE, z, log=True, floor=1e3),
    "diverging": lambda ax, z: figures.diverging(ax, SIDE, SIDE, z),
    "bands of a plane": lambda ax, z: figures.diverging_bands(ax, z, bound=1.0),
    "surface": lambda ax, z: figures.surface3d(ax, *np.meshgrid(SIDE, SIDE), z, "t"),
    "heat map": lambda ax, z: figures.heat_map(
        ax, SIDE[3:6], SIDE[3:6], z[3:6, 3:6], value="v", **WORDS
    ),
    "path": lambda ax, z: figures.path(ax, np.stack([SIDE, z[4]], axis=1)),
    "power laws": lambda ax, z: figures.power_laws(ax, SIDE + 2, {"a": z, "b": z[4]}, **WORDS),
    "bands": lambda ax, z: figures.bands(ax, SIDE, {"a": z, "b": z[4]}, **WORDS),
    "curves": lambda ax, z: figures.curves(ax, {"a": (SIDE, z[4])}, **WORDS, legend="best"),
    "iterates": lambda ax, z: figures.iterates(
        ax, lambda x: np.interp(x, SIDE, z[4]), [-0.5, 0.1], span=(-1, 1), title="t"
    ),
    "around": lambda ax, z: figures.around(ax, SIDE, z[4], "t"),
}
REFUSED = {  # what cannot be drawn, and the argument that says so
    ("contours", "everywhere"): "z",
    ("diverging", "everywhere"): "z",
    ("floor", "everywhere"): "z",
    ("surface", "everywhere"): "z",
    ("logarithmic", "negative"): "z",
    ("floor", "negative"): "z",
    ("heat map", "negative"): "z",
    ("power laws", "negative"): "series",
    ("power laws", "everywhere"): "series",
    ("power laws", "zero"): "series",
    ("iterates", "everywhere"): "function",
}


@pytest.mark.nightly
@pytest.mark.parametrize("name", DRAWINGS)
def test_a_flat_or_broken_plane_gives_a_picture_or_one_sentence(name):
    for kind, z in PLANES.items():
        named = [
            argument
            for (drawing, plane), argument in REFUSED.items()
            if drawing in name and kind.endswith(plane) and (plane != "zero" or kind == plane)
        ]
        fig, axes = figures.canvas(subplot_kw={"projection": "3d"} if name == "surface" else {})
        fig.set_layout_engine("none")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.simplefilter("ignore", DeprecationWarning)  # of what matplotlib stands on
            if named:
                with refuses(named[0]):
                    DRAWINGS[name](axes, z)
            else:
                DRAWINGS[name](axes, z)
                fig.canvas.draw()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["contours", "from a floor", "diverging"])
def test_no_finite_loss_has_a_hatching_of_its_own(ax, name, bad):
    DRAWINGS[name](ax, np.where(HOLE, bad, HEIGHT))
    (hatched,) = (c for c in ax.collections if getattr(c, "hatches", [None])[0])
    (outline,) = (path for path in hatched.get_paths() if len(path.vertices))
    holes = np.argwhere(HOLE)
    assert all(outline.contains_point((SIDE[column], SIDE[row])) for row, column in holes)
    touched = SIDE[holes.min()] - (SIDE[1] - SIDE[0])  # as far as the next grid point, no farther
    np.testing.assert_allclose(outline.get_extents().min, touched, atol=1e-5)


def test_pixels_without_a_number_are_grey_not_white(ax):
    image = figures.diverging_bands(ax, np.where(HOLE, np.nan, HEIGHT), bound=2.0)
    np.testing.assert_allclose(
        image.to_rgba(image.get_array())[4, 4], mpl.colors.to_rgba("#6B6B6B")
    )
    image.set_data(np.where(HOLE, np.inf, HEIGHT))
    np.testing.assert_allclose(
        image.to_rgba(image.get_array())[4, 4], mpl.colors.to_rgba("#6B6B6B")
    )
    with refuses("bound"):
        figures.diverging_bands(ax, HEIGHT, bound=0)


@pytest.mark.parametrize("log", [True, False])
def test_a_constant_plane_has_one_color_and_no_lines(ax, log):
    filled = figures.contours(ax, SIDE, SIDE, np.full((9, 9), 3.0), log=log)
    assert len(ax.collections) == 1
    assert len(filled.levels) == 2 and filled.levels[0] < filled.get_array()[0] < filled.levels[1]


@pytest.mark.parametrize("z", [np.ones((9, 8)), np.ones((8, 9)), np.ones(9)])
def test_a_plane_that_does_not_fit_its_axes_is_refused(ax, z):
    for draw in (figures.contours, figures.diverging):
        with refuses("z"):
            draw(ax, SIDE, SIDE, z)


def test_a_heat_map_says_what_is_no_number(ax):
    z = np.array([[np.nan, np.inf], [0.0, 2.0]])
    figures.heat_map(ax, [1, 2], [1, 2], z, value="loss", **WORDS)
    assert [text.get_text() for text in ax.texts] == ["NaN", "∞", "0", "2.0"]


def test_a_curve_of_samples_has_a_gap_where_one_is_not_finite(ax):
    y = np.array([[1.0, 2.0, 3.0], [1.0, np.inf, 5.0]])
    (line,) = figures.power_laws(ax, [1, 2, 3], {"a": y}, **WORDS)
    np.testing.assert_array_equal(line.get_ydata(), [1, np.nan, 4])


@pytest.mark.nightly
def test_surfaces_in_space_are_laid_out_without_a_complaint():
    """Matplotlib 3.10 asks where they lie before it has drawn them; what it says goes to stderr."""
    fig, axes = figures.canvas(2, 4, size=(11, 4.8), subplot_kw={"projection": "3d"})
    x = np.linspace(-1, 1, 9)
    for ax in axes.flat:
        figures.surface3d(ax, *np.meshgrid(x, x), np.add.outer(x**2, 3 * x**2), "a bowl\nin space")
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        figures.show(fig, "Eight bowls in space, one beside the other.").png()
    assert not any(
        a.get_tightbbox().overlaps(b.get_tightbbox()) for a, b in combinations(axes.flat, 2)
    )
