"""What a surface shows at the pointer: what the page is told, and what it says of it."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from lecture_utils.studio import field, figures
from lecture_utils.studio import live as room
from lecture_utils.studio.live import LivePicture

SAY = """
const fs = require("fs");
const { page, fields, places, layouts } = JSON.parse(fs.readFileSync(0, "utf8"));
import("data:text/javascript," + encodeURIComponent(page)).then((live) => {
  const { makeField, arranged, share } = live;
  const made = fields.map((f) => makeField({ ...f, z: Uint8Array.from(f.z).buffer }));
  const told = made.map((f) => places.map((place) => f.tell(place)));
  const laid = layouts.map((given) => ({ ...arranged(...given), share: share(...given) }));
  console.log(JSON.stringify([told, laid]));
});
"""


def page(fields=(), places=(), layouts=()):
    """What live.js says of fields at places, and how it arranges panels."""
    if not (node := shutil.which("node")):
        driver = pytest.importorskip("playwright._impl._driver").compute_driver_executable()
        node = str(driver[0])
    text = Path(room.__file__).with_name("live.js").read_text(encoding="utf-8")
    sent = {"page": text, "fields": fields, "places": places, "layouts": layouts}
    done = subprocess.run([node, "-e", SAY], input=json.dumps(sent), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def said(picture, axes, *places):
    """What the page says at places in the coordinates of ``axes``, one list for each field."""
    picture.frame()
    told = [f | {"z": list(f["z"])} for f in picture._fields]
    width, height = picture.figure.bbox.size
    at = [axes.transData.transform(place) for place in places]
    return page(told, [[x / width, 1 - y / height] for x, y in at])[0]


def plots(columns=1):
    figure = Figure(figsize=(4 * columns, 3), dpi=100)
    return figure, figure.subplots(1, columns)


def test_the_page_says_the_value_of_a_surface():
    figure, ax = plots()
    x, y = np.linspace(-2, 2, 301), np.linspace(-1, 3, 81)
    figures.contours(ax, x, y, x**2 + 3 * y[:, None] ** 2)
    picture = LivePicture(figure, "A bowl.")
    ((one, two, edge),) = said(picture, ax, (0.5, -0.3), (1.234, 2.5), (-2, -1))
    assert one == "L ≈ 0.52 at (0.5, −0.3)"
    assert two == "L ≈ 20.3 at (1.23, 2.5)"
    assert edge.startswith("L ≈ 7 ")
    (told,) = picture._fields
    assert max(told["shape"]) <= field.MOST, "no more numbers than the page needs"


def test_logarithms_cuts_and_gaps():
    figure, (left, right) = plots(2)
    z = np.ma.masked_greater(np.linspace(0, 3, 31) * np.ones((31, 1)), 2.05)
    image = left.imshow(z, origin="lower", extent=(0, 3, 0, 3))
    field.note_image(image, "L", log=True)
    cut = right.imshow(np.minimum(z.data, 1), origin="lower", extent=(0, 3, 0, 3))
    field.note_image(cut, "H", most=1.0)
    picture = LivePicture(figure, "Two images.")
    logarithm, _ = said(picture, left, (2, 1.5), (2.7, 1.5))
    assert logarithm == ["L ≈ 100 at (2, 1.5)", None]
    _, cut_off = said(picture, right, (0.5, 1.5), (2.5, 1.5))
    assert cut_off == ["H ≈ 0.5 at (0.5, 1.5)", "H ≥ 1 at (2.5, 1.5)"]


def test_a_picture_tells_what_is_new_and_only_then():
    figure, ax = plots()
    image = figures.diverging_bands(ax, np.zeros((11, 11)), bound=1.0, name="½ vᵀHv")
    picture = LivePicture(figure, "Bands.")
    picture.animate(image)
    picture.update()
    told = picture._fields
    picture.update()
    assert picture._fields is told
    image.set_data(np.ones((11, 11)))
    picture.update()
    assert said(picture, ax, (0.2, 0.2)) == [["½ vᵀHv ≈ 1 at (0.2, 0.2)"]]


def test_an_uneven_grid_or_a_logarithmic_axis_says_nothing():
    _, (left, right) = plots(2)
    uneven, even = np.geomspace(1, 2, 5), np.linspace(1, 2, 5)
    figures.contours(left, uneven, even, np.outer(even, uneven))
    figures.contours(right, even, even, np.outer(even, even))
    right.set_xscale("log")
    assert [field.of(ax) for ax in (left, right)] == [None, None]


def test_parts_of_a_picture_stand_in_rows_where_words_would_be_too_small():
    size, panels = [1000, 450], [[0, 560], [560, 1000]]
    thirds = [[1040, 370], [[0, 340], [340, 680], [680, 1040]], 568, 500]
    layouts = [[size, panels, 900, 500], [size, panels, 570, 500], thirds]
    wide, narrow, three = page(layouts=layouts)[1]
    assert (wide["scale"], len(wide["slots"]), wide["share"]) == (0.9, 1, 1)
    assert [slot["top"] for slot in narrow["slots"]] == [0, 450]
    assert narrow["scale"] >= 0.73 and narrow["height"] * narrow["scale"] < 760
    assert [slot["top"] for slot in three["slots"]] == [0, 0, 370], "two share a row"
    assert three["width"] * three["scale"] <= 569
    # Laid out at the share of its height that it asks for, it keeps within what it may take.
    lower = [1000, 450 * narrow["share"]]
    (low,) = page(layouts=[[lower, panels, 570, 500]])[1]
    assert low["height"] * low["scale"] <= 500 < narrow["height"] * narrow["scale"]
    assert low["scale"] >= 0.73
