"""The drawings of notebook 09: what they show is what they were given."""

import jax.numpy as jnp
import numpy as np
import pytest
from matplotlib.colors import to_hex

import lecture_utils as lu
from lecture_utils.diagnosis import Reading
from lecture_utils.lessons.training_clinic import figures


def test_admission_shows_both_losses_of_each_patient():
    _, axes = figures.canvas(2, 3)
    curves = {name: (np.full(5, k), np.full(5, k + 1)) for k, name in enumerate("ABCDEF")}
    figures.admission(axes, curves)
    for k, (ax, name) in enumerate(zip(axes.ravel(), curves, strict=True)):
        assert ax.get_title(loc="left") == name
        train, test, guess = ax.lines
        assert train.get_ydata()[0] == k and test.get_ydata()[0] == k + 1
        assert guess.get_ydata()[0] == pytest.approx(np.log(10))


def test_chart_holds_every_text():
    _, ax = figures.canvas()
    table = figures.chart(ax, {"A": ["1", "2"], "B": ["3", "4"]}, ["x", "y"])
    texts = {place: cell.get_text().get_text() for place, cell in table.get_celld().items()}
    assert texts[0, 1] == "y" and texts[1, 0] == "1" and texts[2, 1] == "4" and texts[2, -1] == "B"


def test_vital_signs_are_one_row_a_patient_and_the_range_of_the_healthy():
    start = Reading(2.3, 0.05, 4.0, -1e-12, 0.0, 3.0)
    end = Reading(0.1, 1e-4, 7.0, -0.2, 1.0, 3.0)
    low, high = start._replace(learning_rate=0.2), end._replace(learning_rate=0.2)
    fig = figures.vital_signs(
        {"A": start, "healthy": start},
        {"A": end, "healthy": end},
        {"start": (low, high), "end": (low, high)},
    ).figure
    cells = fig.axes[0].tables[0].get_celld()
    first, reach = ([cells[k, j].get_text().get_text() for j in range(-1, 9)] for k in (1, 3))
    assert first == ["A", "2.30", "0.10", "0.05", "0.0001", "4", "6", "0", "0 %", "100 %"]
    assert reach[0] == "healthy range" and reach[6] == "0.4 to\n0.7"
    # What is wrong with a patient is not in the chart: neither its rate, nor layers, nor units.
    heads = " ".join(cells[0, column].get_text().get_text() for column in range(9))
    assert "layers" not in heads and "units" not in heads and "η\n" not in heads


def test_tree_connects_its_boxes():
    _, ax = figures.canvas()
    nodes = {"a": (0.5, 0.8, "question?"), "b": (0.2, 0.2, "answer")}
    boxes, lines = figures.tree(ax, nodes, [("a", "b", "yes")])
    assert set(boxes) == set(nodes) and set(lines) == {("a", "b")}
    np.testing.assert_allclose(lines["a", "b"].get_xydata(), [[0.5, 0.8], [0.2, 0.2]])
    assert {text.get_text() for text in ax.texts} == {"question?", "answer", "yes"}


@pytest.mark.nightly
@pytest.mark.parametrize(("rate", "color"), [(0.1, figures.GREEN), (5.0, figures.RED)])
def test_report_page_shows_curve_step_and_sentences(rate, color):
    page = lu.report(lambda p: (p[0] ** 2 - p[1] ** 2 / 4) + 1, np.array([1.0, 0.5]), rate)
    fig = figures.report_page(page, "a saddle").figure
    spectrum, line, _, *rest = fig.axes
    landed = line.lines[-1]
    np.testing.assert_allclose(landed.get_xydata(), [[rate, page.after_step]])
    assert to_hex(landed.get_color()) == color.lower()
    shown = "".join(text.get_text() for ax in rest for text in ax.texts)
    assert "2 parameters" in shown and "1 are negative" in shown
    low, high = (line for line in spectrum.lines if line.get_marker() == ".")
    assert low.get_ydata() == pytest.approx([-0.5]) and high.get_ydata() == pytest.approx([2.0])
    fig.canvas.draw()


@pytest.mark.nightly
def test_report_page_draws_a_density_too():
    page = lu.report(lambda p: np.sum(np.arange(1, 5) * p**2), np.ones(4), most=2)
    fig = figures.report_page(page, "a bowl").figure
    assert fig.axes[0].get_yscale() == "log"
    fig.canvas.draw()


@pytest.mark.nightly
def test_report_page_hatches_where_there_is_no_loss_and_says_so():
    page = lu.report(lambda p: jnp.sum(p**2) - jnp.log(p[0]), np.array([1.5, 1.0]), 10.0)
    assert not np.all(np.isfinite(page.plane)) and not np.isfinite(page.after_step)
    fig = figures.report_page(page, "a hole").figure
    _, line, plane, *rest = fig.axes
    hatched = [c for c in plane.collections if getattr(c, "hatches", [None])[0]]
    assert len(hatched) == 1 and "hatched" in plane.get_title(loc="left")
    assert "one step: no finite loss" in [text.get_text() for text in line.get_legend().get_texts()]
    shown = "".join(text.get_text() for ax in rest for text in ax.texts)
    assert "of the plane the loss is NaN or infinite" in shown
    fig.canvas.draw()


@pytest.mark.nightly
def test_report_page_of_a_flat_loss():
    fig = figures.report_page(lu.report(lambda p: 0 * jnp.sum(p), np.ones(2), 0.1), "flat").figure
    fig.canvas.draw()
