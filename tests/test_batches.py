"""One loss of many batches, and the reports and pages about it."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from unit_helpers import NET, PARAMS, SIZE, X, Y, counted_compilations, net_loss, refuses

import lecture_utils as lu
from lecture_utils import pages
from lecture_utils.networks import cross_entropy

BATCHES = [(X[:8], Y[:8]), (X[8:16], Y[8:16]), (X[16:], Y[16:])]  # the last one is shorter


def batch_loss(params, batch):
    """The mean cross-entropy of a batch."""
    return cross_entropy(NET.apply(params, batch[0]), batch[1])


@pytest.mark.nightly
def test_the_loss_of_all_batches_is_that_of_all_data():
    whole = lu.over_batches(batch_loss, BATCHES)
    assert float(whole(PARAMS)) == pytest.approx(float(net_loss(PARAMS)), rel=1e-12)
    for ours, exact in zip(
        *(jax.tree.leaves(lu.gradient(loss, PARAMS)) for loss in (whole, net_loss)), strict=True
    ):
        np.testing.assert_allclose(ours, exact, atol=1e-12)
    np.testing.assert_allclose(lu.hessian(whole, PARAMS), lu.hessian(net_loss, PARAMS), atol=1e-12)
    line = [lu.line_profile(loss, PARAMS, jax.tree.map(jnp.zeros_like, PARAMS), [0.0, 0.5])
            for loss in (whole, net_loss)]  # fmt: skip
    np.testing.assert_allclose(*line, rtol=1e-12)
    summed = lu.over_batches(lambda p, b: batch_loss(p, b) * len(b[1]), BATCHES, reduction="sum")
    assert float(summed(PARAMS)) == pytest.approx(20 * float(net_loss(PARAMS)), rel=1e-12)


@pytest.mark.nightly
def test_keys_and_generators_are_batches_and_empty_ones_count_nothing():
    keys = jax.random.split(jax.random.key(0), 6)
    loss = lu.over_batches(
        lambda p, keys: p * jnp.mean(jax.vmap(jax.random.normal)(keys)), [keys[:4], keys[4:]]
    )
    assert float(loss(1.0)) == pytest.approx(float(jnp.mean(jax.vmap(jax.random.normal)(keys))))
    batches = [*BATCHES, (X[:0], Y[:0])]
    assert float(lu.over_batches(batch_loss, batches)(PARAMS)) == pytest.approx(
        float(net_loss(PARAMS))
    )


def test_activations_of_one_batch_are_kept_and_not_of_all():
    """By XLA's own count of what the gradient needs beside its arguments."""
    net = lambda p, x: jnp.mean(jnp.tanh(jnp.tanh(x @ p) @ p.T) ** 2)  # noqa: E731
    p, x = jnp.ones((4, 512)), np.ones((64, 32, 4))

    def needed(loss):
        return jax.jit(jax.grad(loss)).lower(p).compile().memory_analysis().temp_size_in_bytes

    at_once = needed(lambda p: net(p, x.reshape(-1, 4)))
    assert needed(lu.over_batches(net, list(x))) < at_once / 10


def test_other_data_of_the_same_shapes_compile_nothing():
    def use(scale):
        batches = [(scale * x, y) for x, y in BATCHES]
        return lu.gradient(lu.over_batches(batch_loss, batches), PARAMS)[0]["W"]

    first = use(1.0)
    with counted_compilations() as made:
        second = use(2.0)
    assert made == [] and not np.allclose(first, second)


@pytest.mark.parametrize(
    "batches", [3, "text", X, [], iter(BATCHES), [("a", "b")], [np.float64(1.0)], [X[:0]]],
    ids=["number", "text", "array", "empty", "iterator", "strings", "no axis", "no example"],
)  # fmt: skip
def test_what_are_no_batches_is_refused(batches):
    with refuses("batches"):
        lu.over_batches(batch_loss, batches)
    with refuses("batches"):
        lu.report(batch_loss, PARAMS, batches=batches)


def test_a_loss_of_a_batch_that_is_none_is_refused():
    for bad in (lambda p, b: b[0][:, 0] * p[0]["W"][0, 0], lambda p: 0.0, 3):
        with refuses("loss"):
            lu.gradient(lu.over_batches(bad, BATCHES), PARAMS)
    with refuses("reduction"):
        lu.over_batches(batch_loss, BATCHES, reduction="none")


@pytest.mark.nightly
def test_a_report_over_batches_is_that_of_all_data():
    ours, exact = (
        lu.report(batch_loss, PARAMS, 0.1, batches=BATCHES),
        lu.report(net_loss, PARAMS, 0.1),
    )
    np.testing.assert_allclose(ours.eigenvalues, exact.eigenvalues, atol=1e-10)
    np.testing.assert_allclose(ours.plane, exact.plane, rtol=1e-9)
    assert ours.sentences == exact.sentences and ours.size == SIZE


# --- start against end, and pages ---


def test_start_and_end_are_set_side_by_side():
    loss = lambda p: (p[0] ** 2 - 1) ** 2 + p[1] ** 2  # noqa: E731
    found = lu.compare(loss, jnp.array([-1.0, 3.0]), jnp.array([1.0, 0.0]), 0.1)
    assert found.start.loss == 9 and found.end.loss == 0 and found.start.learning_rate == 0.1
    assert found.distance == pytest.approx(np.sqrt(13))
    np.testing.assert_allclose(found.line[1][[0, -1]], [9, 0])
    text = found.text
    assert "The loss fell from 9 to 0" in text and "moved by 3.6" in text
    hill = lu.compare(loss, jnp.array([-1.0, 0.0]), jnp.array([1.0, 0.0]))
    assert "rises 1 above" in hill.text and "loss stayed at 0" in hill.text
    broken = lu.compare(lambda p: jnp.log(p[0] ** 2), jnp.array([-1.0]), jnp.array([1.0]))
    assert "not finite everywhere" in broken.text
    for end in (jnp.ones(2) * np.nan, jnp.ones(3), {}):
        with refuses("end"):
            lu.compare(loss, jnp.ones(2), end)
    with refuses("start"):
        lu.compare(loss, jnp.ones(2, int), jnp.ones(2))


PAGES = {
    "whole": lambda: lu.report(lambda p: p[0] ** 2 - p[1] ** 2, jnp.ones(2), 0.1),
    "broken": lambda: lu.report(lambda p: p[0] ** 2 - jnp.log(p[1]), jnp.array([1.0, 0.3]), 10.0),
    "flat": lambda: lu.report(lambda p: 0 * jnp.sum(p), jnp.ones(2)),
    "density": lambda: lu.report(lambda p: jnp.sum(p**4), jnp.ones(4), most=2),
}


@pytest.mark.by_day("whole", "broken")
@pytest.mark.parametrize("kind", PAGES)
def test_a_page_of_html_holds_its_sentences_and_drawings(kind):
    page = PAGES[kind]()
    html = page.html("<title>")
    assert page.text.split("\n") == page.sentences
    assert html.count("<svg") == html.count("</svg>") == html.count("aria-label=") == 3
    assert html.count("<li>") == len(page.sentences)
    assert "&lt;title&gt;" in html and "<title>" not in html.replace("<title>here", "").replace(
        "<title>after", ""
    )
    assert "nan" not in html and "inf," not in html and "http" not in html
    assert ("url(#none)" in html) == (kind == "broken")
    assert page._repr_html_() == page.html()


def test_a_comparison_shows_both():
    loss = lambda p: jnp.sum(p**4)  # noqa: E731
    html = lu.compare(loss, jnp.ones(2), 0.5 * jnp.ones(2)).html()
    assert html.count("<svg") == 7 and "Start: " in html and "End: " in html


@pytest.mark.parametrize(
    "y", [[1, 2, 4], [1, 1, 1], [0, 0, 0], [np.nan, 1, 2], [np.inf, 1, -np.inf], [np.nan] * 3]
)
def test_drawn_lines_leave_out_what_is_not_finite(y):
    svg = pages.curves("t", "x", "y", [([0, 1, 2], y, "#000000")], [(1, y[1], "#000000", "here")])
    assert "nan" not in svg and "inf" not in svg.replace("no finite value", "")
    finite = np.isfinite(np.asarray(y, dtype=float))
    assert ("no finite value" in svg) == (not finite.any())
    assert svg.count("<polyline") == (1 if finite.sum() > 1 else 0)


def test_cells_of_a_plane_are_red_above_and_blue_below():
    svg = pages.plane("t", "x", "y", [[-1.0, 0.0], [np.inf, 1.0]], 1.0)
    assert svg.count("#2166ac") == svg.count("#b2182b") == svg.count("#ffffff") == 1
    assert svg.count("url(#none)") == 1
    assert svg.index("#2166ac") < svg.index("url(#none)")
