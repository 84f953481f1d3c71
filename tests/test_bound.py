"""A reader's function, bound: never stale, never kept, compiled once, right under everything."""

import gc
import weakref

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from unit_helpers import counted_compilations, refuses

import lecture_utils as lu
from lecture_utils import bound

POINT = jnp.array([0.3, -1.0, 2.0])
DATA = np.random.default_rng(0).standard_normal((6, 3))


def gradient(loss, point=POINT):
    """By ours."""
    return np.asarray(lu.gradient(loss, point))


# --- never stale ---

rows = jnp.asarray(DATA)


def global_loss(p):
    """Reads a global."""
    return 0.5 * jnp.sum((rows @ p) ** 2)


class Model:
    """Reads an attribute."""

    def __init__(self):
        self.rows = jnp.asarray(DATA)

    def loss(self, p):
        """A bound method."""
        return 0.5 * jnp.sum((self.rows @ p) ** 2)


INSTRUMENTS = {
    "gradient": lambda loss: lu.gradient(loss, POINT),
    "hessian": lambda loss: lu.hessian(loss, POINT),
    "hvp": lambda loss: lu.hvp(loss, POINT, POINT),
    "quadratic_model": lambda loss: lu.quadratic_model(loss, POINT)(POINT),
    "finite_difference_gradient": lambda loss: lu.finite_difference_gradient(loss, POINT),
    "finite_difference_hessian": lambda loss: lu.finite_difference_hessian(loss, POINT),
    "hessian_eigh": lambda loss: lu.hessian_eigh(loss, POINT).eigenvalues,
    "top_eigenpairs": lambda loss: lu.top_eigenpairs(loss, POINT, 1).eigenvalues,
    "spectral_density": lambda loss: lu.spectral_density(loss, POINT, jax.random.key(0)).grid,
    "newton_step": lambda loss: lu.newton_step(lambda p: loss(p) + jnp.sum(p**4), POINT),
    "saddle_free_newton_step": lambda loss: lu.saddle_free_newton_step(loss, POINT, 0.1),
    "escape_direction": lambda loss: lu.escape_direction(lambda p: -loss(p) - jnp.sum(p**4), POINT),
    "find_critical_points": lambda loss: lu.find_critical_points(loss, POINT[None], 3).eigenvalues,
    "eigenvector_directions": lambda loss: lu.eigenvector_directions(loss, POINT).eigenvalues,
    "line_profile": lambda loss: lu.line_profile(loss, POINT, 2 * POINT),
    "plane_profile": lambda loss: lu.plane_profile(loss, POINT, POINT, POINT**2),
    "losses_at": lambda loss: lu.losses_at(loss, POINT, [POINT], np.ones((2, 1))),
    "barycentric_profile": lambda loss: np.nan_to_num(
        lu.barycentric_profile(loss, POINT, 2 * POINT, POINT**2).losses
    ),
    "trajectory": lambda loss: lu.trajectory(loss, POINT, lu.gradient_descent(1e-3), 3).losses,
    "trajectories": lambda loss: lu.trajectories(
        loss, POINT, lu.gradient_descent, [1e-3], 3
    ).losses,
    "train": lambda loss: lu.train(
        lambda p, batch: loss(p), POINT, np.zeros(4), lu.gradient_descent(1e-3),
        epochs=1, batch_size=2, seed=0,
    ).losses,
    "sweep": lambda loss: lu.sweep(
        lambda p, batch: loss(p), [POINT], np.zeros(4), lu.gradient_descent, [1e-3],
        epochs=1, batch_size=2, seed=0,
    ).losses,
    "report": lambda loss: lu.report(loss, POINT).plane,
}  # fmt: skip


@pytest.mark.by_day("hvp", "top_eigenpairs", "plane_profile", "trajectory")
@pytest.mark.parametrize("name", INSTRUMENTS)
def test_data_that_have_changed_are_seen(name, monkeypatch):
    instrument, model = INSTRUMENTS[name], Model()
    before = [np.asarray(instrument(loss)) for loss in (global_loss, model.loss)]
    monkeypatch.setitem(globals(), "rows", 10 * rows)
    model.rows = 10 * model.rows
    with counted_compilations() as made:
        after = [np.asarray(instrument(loss)) for loss in (global_loss, model.loss)]
    fresh = np.asarray(instrument(lambda p: 0.5 * jnp.sum((10 * jnp.asarray(DATA) @ p) ** 2)))
    for old, new in zip(before, after, strict=True):
        assert not np.allclose(old, new), "stale"
        np.testing.assert_allclose(new, fresh, rtol=1e-12)
    assert made == [], "other data are no reason to compile"


def test_an_array_changed_in_place_is_seen():
    data = DATA.copy()
    loss = lambda p: jnp.sum(jnp.asarray(data) @ p)  # noqa: E731
    first = gradient(loss)
    data *= 2
    np.testing.assert_allclose(gradient(loss), 2 * first)


def test_a_number_and_a_branch_that_have_changed_are_seen():
    setting = {"power": 2, "sign": 1.0}
    loss = lambda p: setting["sign"] * jnp.sum(p ** setting["power"])  # noqa: E731
    np.testing.assert_allclose(gradient(loss), 2 * POINT)
    setting["power"] = 3
    np.testing.assert_allclose(gradient(loss), 3 * POINT**2)
    setting["sign"] = -1.0
    np.testing.assert_allclose(gradient(loss), -3 * POINT**2)


# --- never kept ---


def plain(data):
    """A closure."""
    return lambda p: jnp.sum(jnp.tanh(data @ p))


def with_a_rule(data):
    """With a custom derivative of JAX's own."""
    return lambda p: jnp.sum(jax.nn.relu(data @ p) ** 2)


def jitted(data):
    """Jitted by the reader."""
    return jax.jit(lambda p: jnp.sum((data @ p) ** 2))


def jit_inside(data):
    """With a jitted part."""
    part = jax.jit(lambda p: jnp.tanh(data @ p))
    return lambda p: jnp.sum(part(p)) + jnp.sum(part(2 * p))


def in_a_loop(data):
    """With a scan over the data."""
    return lambda p: jax.lax.scan(lambda c, x: (c + (x @ p) ** 2, None), 0.0, data)[0]


def printing(data):
    """With an effect."""

    def loss(p):
        jax.debug.callback(lambda x: None, p[0])
        return jnp.sum((data @ p) ** 2)

    return loss


BY_NIGHT = [
    pytest.param(kind, marks=pytest.mark.nightly) for kind in (jit_inside, in_a_loop, jitted)
]


@pytest.mark.by_day("with_a_rule")
@pytest.mark.parametrize("kind", [plain, with_a_rule, printing, *BY_NIGHT])
def test_a_loss_that_is_gone_is_freed_with_its_data(kind):
    alive = []
    for seed in range(5):
        data = jnp.asarray(np.random.default_rng(seed).standard_normal((100, 3)))
        loss = kind(data)
        expected = jax.grad(loss)(POINT)
        np.testing.assert_allclose(gradient(loss), expected, rtol=1e-12)
        lu.line_profile(loss, POINT, 2 * POINT)
        alive += [weakref.ref(loss), weakref.ref(data)]
        del loss, data
    gc.collect()
    assert sum(ref() is not None for ref in alive) == 0


@pytest.mark.parametrize("kind", [plain, with_a_rule, jitted, jit_inside, in_a_loop])
def test_closures_over_other_data_compile_once(kind):
    def use(seed):
        data = jnp.asarray(np.random.default_rng(seed).standard_normal((100, 3)))
        loss = kind(data)
        return gradient(loss), lu.hessian(loss, POINT), lu.top_eigenpairs(loss, POINT, 1)

    use(0)
    with counted_compilations() as made:
        first, second = use(1), use(2)
    assert made == []
    assert not np.allclose(first[0], second[0])


@pytest.mark.nightly
def test_forms_are_few_and_so_are_their_programs():
    for k in range(bound.KEPT + 10):
        gradient(lambda p, k=k: (k + 0.5) * jnp.sum(p**2))
    assert len(bound._forms) <= bound.KEPT
    loss = bound.bind(lambda p: jnp.sum(p**2), POINT)
    for k in range(1, bound.KEPT + 10):
        lu.hessian(loss, POINT, k)
    assert len(loss.form.programs) <= bound.KEPT


# --- custom derivatives ---


def custom_jvp(factor):
    """sin with a wrong derivative."""
    sin = jax.custom_jvp(jnp.sin)
    sin.defjvp(lambda at, move: (jnp.sin(at[0]), factor * at[0] * move[0]))
    return lambda p: jnp.sum(sin(p))


def custom_vjp(factor):
    """The same from the other side."""
    sin = jax.custom_vjp(jnp.sin)
    sin.defvjp(lambda x: (jnp.sin(x), x), lambda x, weight: (factor * x * weight,))
    return lambda p: jnp.sum(sin(p))


def rule_in_a_loop(factor):
    """A rule inside a scan."""
    one = custom_jvp(factor)
    return lambda p: jax.lax.scan(lambda c, x: (c + one(x), None), 0.0, p[:, None])[0]


@pytest.mark.parametrize("make", [custom_jvp, custom_vjp, rule_in_a_loop])
def test_functions_that_differ_in_a_derivative_only_are_told_apart(make):
    for factor in (1.0, 2.0, 3.0, np.float64(4.0)):
        np.testing.assert_allclose(gradient(make(factor)), factor * POINT)
        np.testing.assert_allclose(lu.hessian(make(factor), POINT), factor * np.eye(3))


def with_much_data_in_its_rule(big):
    """A sum whose derivative is the mean of an array."""
    total = jax.custom_jvp(lambda x: x @ jnp.ones(3))
    total.defjvp(lambda at, move: (total(at[0]), move[0] @ jnp.ones(3) * jnp.mean(big)))
    return total


def test_a_rule_that_holds_data_is_told_apart_too():
    for factor in (np.arange(3.0), np.arange(1.0, 4.0)):
        np.testing.assert_allclose(gradient(custom_jvp(factor)), factor * POINT)
    for scale in (1.0, 2.0):  # too much to keep
        big = np.full(20_000, scale)
        np.testing.assert_allclose(gradient(custom_jvp(big.mean())), scale * POINT)
        np.testing.assert_allclose(gradient(with_much_data_in_its_rule(big)), scale)


def test_a_rule_does_not_compile_again():
    lu.hessian(custom_jvp(5.0), POINT)
    with counted_compilations() as made:
        lu.hessian(custom_jvp(5.0), POINT)
    assert made == []


def test_long_arrays_inside_are_told_apart():
    # Printed, a long array is shortened: 2000 zeros look like 1999 zeros and a one in the middle.
    for place in (700, 1300):
        table = np.zeros(2000)
        table[place] = 1.0
        inner = jax.jit(lambda x, table=table: jnp.sum(jnp.asarray(table)[600:1000]) * x)

        def loss(p, inner=inner):
            return jax.lax.fori_loop(0, 2, lambda _, c: c + inner(p[0]), 0.0) + jnp.sum(p**2)

        np.testing.assert_allclose(gradient(loss), jax.grad(loss)(POINT))


# --- where it stands aside ---


@pytest.mark.nightly
def test_inside_the_reader_s_own_transformations():
    def outer(scale):
        return lu.gradient(lambda p: jnp.sum((scale * jnp.asarray(DATA) @ p) ** 2), POINT)

    exact = 2 * DATA.T @ DATA @ np.asarray(POINT)
    np.testing.assert_allclose(jax.jit(outer)(2.0), 4 * exact)
    np.testing.assert_allclose(jax.vmap(outer)(jnp.array([1.0, 3.0])), [exact, 9 * exact])
    np.testing.assert_allclose(jax.jacfwd(outer)(2.0), 4 * exact)
    np.testing.assert_allclose(jax.jacrev(outer)(2.0), 4 * exact)
    line = jax.jit(lambda s: lu.line_profile(lambda p: s * jnp.sum(p**2), POINT, 2 * POINT, [0, 1]))
    np.testing.assert_allclose(line(3.0), [3 * POINT @ POINT, 12 * POINT @ POINT])


def test_a_third_derivative_through_the_instruments():
    third = jax.grad(lambda p: jnp.sum(lu.hvp(lambda q: jnp.sum(q**4), p, jnp.ones(3))))(POINT)
    np.testing.assert_allclose(third, 24 * POINT)


def test_a_callable_needs_no_hash():
    class Unhashable:
        __hash__ = None

        def __call__(self, params):
            return jnp.sum(params**2)

    np.testing.assert_allclose(gradient(Unhashable()), 2 * POINT)


# --- what is let in ---


@pytest.mark.parametrize(
    "bad",
    [
        3.0,
        lambda params: params,
        lambda params: params[:1],
        lambda params: (jnp.sum(params), params),
        lambda params: None,
        lambda params: jnp.argmax(params),
        lambda params: 1j * jnp.sum(params),
        lambda params: params @ jnp.ones(7),
        lambda params: params["W"],
        lambda params: np.sum(np.asarray(params)),
        lambda params: undefined_name,  # noqa: F821
    ],
    ids=[
        "a number",
        "a vector",
        "shape (1,)",
        "with auxiliary output",
        "no return",
        "an integer",
        "complex",
        "wrong shapes inside",
        "wrong structure inside",
        "numpy inside",
        "a bug inside",
    ],
)
def test_bad_losses_are_refused_in_one_sentence(bad):
    with refuses("loss"):
        bound.bind(bad, jnp.ones(3))
    with refuses("loss"):
        jax.jit(lambda p: bound.bind(bad, p).size)(jnp.ones(3))


def test_the_cause_of_a_failing_loss_is_kept():
    with pytest.raises(ValueError, match="KeyError") as caught:
        bound.bind(lambda params: params["W"], {"b": 1.0})
    assert isinstance(caught.value.__cause__, KeyError)


def test_data_of_another_dtype_are_named_as_the_cause():
    image, kernel = jnp.ones((1, 1, 4), jnp.float32), jnp.ones((1, 1, 3))

    def loss(kernel):
        return jnp.sum(jax.lax.conv_general_dilated(image, kernel, (1,), "VALID"))

    with pytest.raises(ValueError, match=r"params are float64 here, .* x\.astype\(jnp\.float64\)"):
        bound.bind(loss, kernel)


def test_a_loss_is_looked_at_once_on_its_way_through_the_report():
    seen = []

    def loss(params):
        seen.append(1)
        return jnp.sum(params**2)

    lu.report(loss, jnp.ones(3), learning_rate=0.1)
    assert len(seen) == 1


def test_a_loss_that_draws_its_batch_is_one_loss_on_one_page():
    rng = np.random.default_rng(0)

    def loss(p):
        return jnp.mean((DATA[rng.integers(0, 6, 3)] @ p) ** 2)

    page = lu.report(loss, POINT, learning_rate=0.1)
    assert page.line[1, 0] == pytest.approx(page.loss)
    assert page.plane[12, 12] == pytest.approx(page.loss)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (lambda p: jnp.sum(p**2), "float64"),
        (lambda p: jnp.sum((p @ jnp.ones((3, 2), jnp.float32)) ** 2), "float64"),
        (lambda p: jnp.sum(p.astype(jnp.float32) ** 2), "float32"),
        (lambda p: jnp.sum(p.astype(jnp.bfloat16).astype(float) ** 2), "bfloat16"),
        (lambda p: jnp.sum(jax.jit(lambda q: q.astype(jnp.float16))(p)), "float16"),
        (
            lambda p: jax.lax.scan(
                lambda c, x: (c + p[0] * x.astype(float), None), 0.0, jnp.ones(3, jnp.float32)
            )[0],
            "float64",
        ),
        (
            lambda p: jax.lax.scan(
                lambda c, x: ((c + x).astype(jnp.float32), None), jnp.float32(0), p
            )[0],
            "float32",
        ),
    ],
)
def test_the_precision_is_the_coarsest_on_the_way_from_the_parameters(inside, expected):
    assert str(bound.bind(inside, POINT).precision) == expected


@pytest.mark.parametrize("wrong", ["no such", int, 3, "int32", complex])
def test_a_dtype_that_is_none_is_refused(wrong):
    for function in (lu.gradient, lu.hessian_eigh, lu.report):
        with refuses("dtype"):
            function(lambda p: jnp.sum(p**2), POINT, dtype=wrong)


def test_a_loss_of_a_batch_alone_is_told_what_it_needs():
    with pytest.raises(ValueError, match=r"a loss of \(params, batch\) needs batches= or over_bat"):
        lu.report(lambda params, batch: params @ params, jnp.ones(2))
