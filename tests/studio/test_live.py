"""The live picture: what it draws, what it answers, what the notebook keeps of it."""

import base64
import io
from importlib.metadata import version

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image

from lecture_utils.studio.live import LivePicture


def contour_figure():
    """A figure of two axes with a dot to move: (figure, left axes, right axes, dot)."""
    figure = Figure(figsize=(6, 3), dpi=100)
    left, right = figure.subplots(1, 2)
    x, y = np.meshgrid(np.linspace(-2, 2, 21), np.linspace(-1, 3, 21))
    left.contourf(x, y, x**2 + 3 * y**2)
    (dot,) = left.plot([0], [0], "wo")
    right.set(xscale="log", yscale="log", xlim=(1e-3, 1e1), ylim=(1, 1e4))
    return figure, left, right, dot


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)))


def place(picture, axes, x, y):
    """Where the page would see a point: fractions of the picture from its top left corner."""
    picture.frame()
    across, up = axes.transData.transform((x, y))
    return [across / picture.figure.bbox.width, 1 - up / picture.figure.bbox.height]


class Hand:
    """Sends what the page sends."""

    def __init__(self, picture):
        self.picture = picture
        self.sequence = 0
        self.gesture = 0

    def send(self, **event):
        self.sequence += 1
        event |= {"client": "test", "sequence": self.sequence}
        self.picture._handle_custom_msg(event, [])

    def press(self, at, box=0):
        self.gesture += 1
        self.origin, self.box = at, box
        self.drag(at)

    def drag(self, at):
        self.send(kind="point", box=self.box, gesture=self.gesture, origin=self.origin, at=at)

    def step(self, dx, dy):
        self.send(kind="step", dx=dx, dy=dy)


# --- drawing ----------------------------------------------------------------------------------


def test_update_equals_a_full_redraw():
    figure, _, _, dot = contour_figure()
    picture = LivePicture(figure, "A dot.")
    picture.animate(dot)
    picture.update()
    dot.set_data([1], [1])
    picture.update()
    quick = picture.frame()
    picture.redraw()
    assert picture.full_draws == 2
    assert picture.frame() == quick


def test_picture_equals_what_matplotlib_would_save():
    figure, _, _, dot = contour_figure()
    dot.set_data([1], [1])
    FigureCanvasAgg(figure)
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=100)
    figure, _, _, dot = contour_figure()
    picture = LivePicture(figure, "A dot.")
    picture.animate(dot)
    picture.update()
    dot.set_data([1], [1])
    picture.update()
    np.testing.assert_array_equal(pixels(picture.frame()), pixels(stream.getvalue())[..., :3])


def test_moving_draws_the_background_once_and_back_again_gives_the_same_png():
    figure, _, _, dot = contour_figure()
    picture = LivePicture(figure, "A dot.")
    picture.animate(dot)
    first = picture.frame()
    for x in (0.5, 1.0, 1.5):
        dot.set_data([x], [0])
        picture.update()
        assert picture.frame() != first
    dot.set_data([0], [0])
    picture.update()
    assert picture.frame() == first
    assert picture.full_draws == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda axes: axes.set_xlim(-1, 1),
        lambda axes: axes.set_title("new"),
        lambda axes: axes.plot([0, 1], [0, 1]),
        lambda axes: axes.set_yscale("symlog"),
        lambda axes: axes.collections[0].set_alpha(0.5),
        lambda axes: axes.figure.set_size_inches(7, 3),
    ],
)
def test_a_change_of_what_is_still_is_seen_without_being_told(change):
    figure, left, _, dot = contour_figure()
    picture = LivePicture(figure, "A dot.")
    picture.animate(dot)
    before = picture.frame()
    change(left)
    picture.update()
    assert picture.full_draws == 2
    quick = picture.frame()
    assert quick != before
    picture.redraw()
    assert picture.frame() == quick


def test_animated_artists_are_drawn_in_zorder_whatever_the_order_of_animate():
    figure = Figure(figsize=(2, 2), dpi=100)
    axes = figure.subplots()
    top = axes.add_patch(Rectangle((0, 0), 1, 1, color="red", zorder=5))
    below = axes.add_patch(Rectangle((0, 0), 1, 1, color="blue", zorder=4))
    picture = LivePicture(figure, "Two squares.")
    picture.animate(top, below)
    assert tuple(pixels(picture.frame())[100, 100]) == (255, 0, 0)
    below.set_zorder(6)
    picture.update()
    assert tuple(pixels(picture.frame())[100, 100]) == (0, 0, 255)


def test_animate_takes_lists_and_containers_and_only_once():
    figure = Figure()
    axes = figure.subplots()
    bars = axes.bar([0, 1], [1, 2])
    lines = axes.plot([0, 1], [[0, 1], [1, 0]])
    picture = LivePicture(figure, "Bars.")
    picture.animate(bars, lines, lines[0])
    assert len(picture._moving) == 4
    assert all(artist.get_animated() for artist in [*bars, *lines])


def test_a_hidden_artist_is_not_drawn():
    figure, _, _, dot = contour_figure()
    picture = LivePicture(figure, "A dot.")
    picture.animate(dot)
    shown = picture.frame()
    dot.set_visible(False)
    picture.update()
    assert picture.frame() != shown
    dot.set_visible(True)
    picture.update()
    assert picture.frame() == shown


def test_the_natural_size_does_not_depend_on_the_resolution():
    for dpi in (100, 200):
        picture = LivePicture(Figure(figsize=(9, 4.5), dpi=dpi), "Nothing.")
        assert picture._size == [900, 450]
        assert pixels(picture.frame()).shape == (4.5 * dpi, 9 * dpi, 3)


def test_a_frame_that_changes_nothing_is_not_sent_again():
    figure, _, _, dot = contour_figure()
    picture = LivePicture(figure, "A dot.")
    picture.animate(dot)
    picture.update()
    sent = []
    picture.observe(lambda change: sent.append(change.new), names="_png")
    picture.update()
    picture.redraw()
    assert sent == []
    dot.set_data([1], [1])
    picture.update()
    assert len(sent) == 1


# --- the hand -----------------------------------------------------------------------------------


def answering(axes_name="left", **options):
    """A picture whose named axes answers: (picture, axes, places told, hand)."""
    figure, left, right, dot = contour_figure()
    axes = {"left": left, "right": right}[axes_name]
    picture = LivePicture(figure, "A dot.")
    picture.animate(dot)
    told = []
    picture.on_point(axes, lambda x, y: told.append((x, y)), **options)
    return picture, axes, told, Hand(picture)


LINEAR, LOG = answering("left"), answering("right", start=(1, 10))


@settings(max_examples=40, deadline=None)
@given(st.floats(-2, 2), st.floats(-1, 3))
def test_a_click_tells_the_place_on_linear_axes(x, y):
    picture, axes, told, hand = LINEAR
    hand.press(place(picture, axes, x, y))
    assert picture.last_error is None
    np.testing.assert_allclose(told[-1], (x, y), atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.floats(-3, 1), st.floats(0, 4))
def test_a_click_tells_the_place_on_log_axes(log_x, log_y):
    picture, axes, told, hand = LOG
    hand.press(place(picture, axes, 10**log_x, 10**log_y))
    assert picture.last_error is None
    np.testing.assert_allclose(told[-1], (10**log_x, 10**log_y), rtol=1e-9)


def test_the_boxes_tell_the_page_which_axes_answer():
    figure, left, right, _ = contour_figure()
    picture = LivePicture(figure, "Two axes.")
    picture.frame()
    assert picture._boxes == []
    picture.on_point(right, lambda x, y: None)
    picture.update()
    box = right.get_position()
    np.testing.assert_allclose(
        picture._boxes, [[box.x0, 1 - box.y1, box.x1, 1 - box.y0]], atol=1e-5
    )
    picture.on_point(left, lambda x, y: None)
    picture.update()
    assert len(picture._boxes) == 2


def test_boxes_follow_an_equal_aspect():
    figure = Figure(figsize=(8, 2))
    axes = figure.subplots()
    axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    picture = LivePicture(figure, "A square.")
    picture.on_point(axes, lambda x, y: None)
    picture.frame()
    left, top, right, bottom = picture._boxes[0]
    assert (right - left) * 8 == pytest.approx((bottom - top) * 2, rel=1e-3)


def test_each_axes_tells_its_own_callback():
    figure, left, right, _ = contour_figure()
    picture = LivePicture(figure, "Two axes.")
    told = []
    picture.on_point(left, lambda x, y: told.append("left"))
    picture.on_point(right, lambda x, y: told.append("right"))
    hand = Hand(picture)
    hand.press(place(picture, right, 0.1, 10), box=1)
    hand.press(place(picture, left, 0, 0), box=0)
    assert told == ["right", "left"]


def test_a_drag_out_of_the_axes_stops_at_its_limits():
    for name, low, high in (("left", (-2, -1), (2, 3)), ("right", (1e-3, 1), (10, 1e4))):
        picture, axes, told, hand = answering(name)
        hand.press(place(picture, axes, 1, 2))
        hand.drag([-5, 9])
        hand.drag([5, -9])
        np.testing.assert_allclose(told[1:], [low, high], rtol=1e-12)
        assert np.all((low <= np.array(told)) & (np.array(told) <= high))


def test_a_drag_keeps_the_point_it_started_with():
    figure, left, _, _ = contour_figure()
    picture = LivePicture(figure, "Two points.")
    told = {"a": [], "b": []}
    for name, start in (("a", (-1, 0)), ("b", (1, 0))):
        picture.on_point(left, lambda x, y, name=name: told[name].append((x, y)), start=start)
    hand = Hand(picture)
    hand.press(place(picture, left, -0.9, 0.1))
    hand.drag(place(picture, left, 1.5, 0.1))  # across b
    hand.drag(place(picture, left, 1.6, 0.1))
    assert (len(told["a"]), len(told["b"])) == (3, 0)
    hand.press(place(picture, left, 0.9, 0))  # b is nearest now
    assert (len(told["a"]), len(told["b"])) == (3, 1)


def test_arrow_keys_move_by_a_fraction_of_the_axes():
    _, _, told, hand = answering(start=(0.5, 1), step=0.05)
    hand.step(1, 0)
    hand.step(0, -1)
    hand.step(-0.2, 0)
    np.testing.assert_allclose(told, [(0.7, 1), (0.7, 0.8), (0.66, 0.8)], atol=1e-9)


def test_arrow_keys_are_even_on_log_axes_and_right_is_right_on_reversed_ones():
    _, _, told, hand = answering("right", start=(0.01, 100), step=(0.25, 0.5))
    hand.step(1, 0)
    hand.step(0, 1)
    np.testing.assert_allclose(told, [(0.1, 100), (0.1, 1e4)], rtol=1e-9)
    picture, axes, told, hand = answering(start=(0, 0), step=0.25)
    axes.invert_xaxis()
    hand.step(1, 0)
    np.testing.assert_allclose(told, [(-1, 0)], atol=1e-9)
    assert picture.last_error is None


def test_arrow_keys_stop_at_the_edge():
    _, _, told, hand = answering(start=(1.99, 0), step=0.5)
    hand.step(1, 0)
    hand.step(1, 0)
    assert [x for x, _ in told] == [2, 2]


def test_arrow_keys_go_on_from_the_click_and_from_set_point():
    picture, axes, told, hand = answering(step=0.25)
    hand.press(place(picture, axes, -1, 0))
    hand.step(1, 0)
    picture.set_point(picture._points[0], 1, 2)
    hand.step(0, -1)
    np.testing.assert_allclose(told[1:], [(0, 0), (1, 1)], atol=1e-9)


def test_the_space_bar_passes_on_to_the_next_point():
    figure, left, right, _ = contour_figure()
    picture = LivePicture(figure, "Two points.")
    told = []
    picture.on_point(left, lambda x, y: told.append("first"))
    picture.on_point(right, lambda x, y: told.append("second"))
    assert picture._choices == 2
    hand = Hand(picture)
    for _ in range(3):
        hand.step(1, 0)
        hand.send(kind="next")
    assert told == ["first", "second", "first"]


def test_without_a_point_an_arrow_key_moves_nothing():
    picture = LivePicture(contour_figure()[0], "No point.")
    hand = Hand(picture)
    hand.step(1, 0)
    hand.send(kind="next")
    assert picture.last_error is None


def test_every_event_is_acknowledged_whatever_becomes_of_it():
    picture, axes, _, hand = answering()
    told = []
    picture.on_point(axes, lambda x, y: told.append(1 / 0), start=(0, 0))
    hand.press(place(picture, axes, 0, 0))
    assert isinstance(picture.last_error, ZeroDivisionError)
    assert picture._ack == ["test", 1]
    hand.send(kind="point", box=7, gesture=9, origin=[0, 0], at=[0, 0])
    assert picture._ack == ["test", 2]
    hand.send(kind="unknown")
    assert picture._ack == ["test", 3]


@pytest.mark.skipif(
    version("ipywidgets").startswith("7."),
    reason="ipywidgets 7 sends nothing where no kernel runs",
)
def test_the_acknowledgement_travels_with_its_frame():
    picture, axes, _, hand = answering()
    picture.frame()
    (dot,) = picture._moving
    picture._points[0].callback = lambda x, y: dot.set_data([x], [y])
    messages = []
    picture.comm.send = lambda data=None, **_: messages.append(data)
    hand.press(place(picture, axes, 1, 1))
    assert len(messages) == 1
    assert set(messages[0]["state"]) >= {"_ack"}
    assert ["_png"] in messages[0]["buffer_paths"]


@pytest.mark.skipif(
    version("ipywidgets").startswith("7."),
    reason="ipywidgets 7 sends nothing where no kernel runs",
)
def test_that_it_computes_is_told_at_once():
    picture, *_ = answering()
    messages = []
    picture.comm.send = lambda data=None, **_: messages.append(data)
    with picture.hold_sync():
        picture.caption = "done"
        picture.computing(True)
        assert [m["content"] for m in messages] == [{"kind": "computing", "on": True}]


def test_an_error_in_a_callback_reaches_the_hook_and_nothing_else(capsys):
    picture, axes, _, hand = answering()
    picture._points[0].callback = lambda x, y: [][0]
    heard = []
    picture.on_error = heard.append
    hand.press(place(picture, axes, 0, 0))
    assert heard == [picture.last_error]
    assert isinstance(picture.last_error, IndexError)
    assert capsys.readouterr() == ("", "")


def test_a_callback_that_updates_is_not_updated_twice():
    picture, axes, _, hand = answering()
    place_ = place(picture, axes, 0, 0)
    frames = picture.frames
    hand.press(place_)
    assert picture.frames == frames + 1
    picture._points[0].callback = lambda x, y: picture.update()
    hand.press(place_)
    assert picture.frames == frames + 2


def test_a_page_that_has_no_frame_yet_asks_for_one():
    picture, *_, hand = answering()
    assert picture._png == b""
    hand.send(kind="hello")
    assert picture._png.startswith(b"\x89PNG")


# --- what the notebook shows ----------------------------------------------------------------------


def test_a_finer_screen_gets_a_finer_picture_of_the_same_size():
    figure, left, _, dot = contour_figure()
    picture = LivePicture(figure, "A bowl and a dot.")
    picture.animate(dot)
    got = []
    picture.on_point(left, lambda x, y: got.append((x, y)))
    picture.settle()
    coarse, boxes = pixels(picture.frame()), picture._boxes
    hand = Hand(picture)
    hand.send(kind="hello", scale=2)
    fine = pixels(picture._png)
    assert fine.shape[:2] == (2 * coarse.shape[0], 2 * coarse.shape[1])
    assert picture._size == [600, 300], "on the page it is as large as before"
    np.testing.assert_allclose(picture._boxes, boxes, atol=1e-3)
    hand.send(kind="hello", scale=1)
    assert pixels(picture._png).shape == fine.shape, "another screen still shows it finely"
    hand.send(kind="hello", scale=50)
    assert pixels(picture._png).shape == fine.shape
    hand.press(place(picture, left, 1.0, 2.0))
    np.testing.assert_allclose(got[-1], (1.0, 2.0), atol=0.02)


def test_a_narrow_page_gets_a_lower_picture_that_answers_where_it_shows():
    figure = Figure(figsize=(8, 4), dpi=100, layout="constrained")
    left, right = figure.subplots(1, 2)
    left.set(xlim=(-1, 1), ylim=(-1, 1), aspect="equal", title="a title longer than its axes are")
    words = right.set_title("what came of it")
    picture, told = LivePicture(figure, "Two axes."), []
    picture.on_point(left, lambda x, y: told.append((x, y)))
    picture.update()
    picture.settle()
    places = [axes.get_position().bounds for axes in figure.axes]
    hand, size = Hand(picture), words.get_window_extent().height
    hand.send(kind="room", share=0.75)
    assert picture._size == [800, 300] and pixels(picture.frame()).shape[:2] == (300, 800)
    assert picture._natural["height"] == 400 and len(picture._panels) == 2
    assert words.get_window_extent().height == size, "the letters are as large as before"
    hand.press(place(picture, left, 0.5, -0.25))
    assert told[-1] == pytest.approx((0.5, -0.25))
    hand.send(kind="room", share=1.0)
    np.testing.assert_allclose([axes.get_position().bounds for axes in figure.axes], places)
    assert picture._size == [800, 400]


def test_a_picture_that_has_not_settled_keeps_its_height():
    picture = LivePicture(contour_figure()[0], "A bowl.")
    Hand(picture).send(kind="room", share=0.5)
    assert picture._size == [600, 300]


def test_the_output_has_a_fixed_text_a_still_picture_and_the_view():
    picture, *_ = answering()
    data, metadata = picture._repr_mimebundle_()
    assert data["text/plain"] == repr(picture) == "Live picture: A dot."
    assert base64.b64decode(data["image/png"]) == picture.frame()
    assert metadata["image/png"]["alt"] == "A dot."
    view = data["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == picture.model_id


# --- bad input ------------------------------------------------------------------------------------


def test_bad_input_is_one_clear_sentence():
    figure, left, _, _ = contour_figure()
    other = Figure().subplots()
    picture = LivePicture(figure, "A dot.")
    for wrong in ("", "  ", None):
        with pytest.raises(ValueError, match="alt must be a sentence"):
            LivePicture(figure, wrong)
    with pytest.raises(ValueError, match="figure must be a matplotlib Figure, got Axes"):
        LivePicture(left, "A dot.")
    with pytest.raises(ValueError, match="axes must belong"):
        picture.on_point(other, print)
    for wrong in (0, -1, (0.1, 0)):
        with pytest.raises(ValueError, match="step must be"):
            picture.on_point(left, print, step=wrong)
    with pytest.raises(ValueError, match="call on_point first"):
        picture.set_point(left, 0, 0)
