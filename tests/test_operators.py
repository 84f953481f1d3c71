"""Linear operators over minibatches: against dense matrices, closed forms and other libraries."""

import gc
import weakref
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.sparse.linalg
from jax.flatten_util import ravel_pytree
from scipy.stats import norm
from unit_helpers import NET, PARAMS, SIZE, X, Y, counted_compilations, net_loss, refuses

import lecture_utils as lu
from lecture_utils.networks import cross_entropy
from lecture_utils.operators import Estimate

KEY = jax.random.key(0)
BATCHES = [(X[:8], Y[:8]), (X[8:16], Y[8:16]), (X[16:], Y[16:])]  # the last one is shorter
FLAT, UNRAVEL = ravel_pytree(PARAMS)


def batch_loss(params, batch):
    """The mean cross-entropy of a batch."""
    return cross_entropy(NET.apply(params, batch[0]), batch[1])


def half_square(outputs, y):
    """Half the squared distance to one-hot labels, a mean over examples."""
    return jnp.mean(jnp.sum((outputs - jax.nn.one_hot(y, 3)) ** 2, axis=1)) / 2


def summed(function):
    """The same as a sum over the examples of a batch, their number the length of its y."""
    return lambda first, second: function(first, second) * len(jax.tree.leaves(second)[-1])


def jacobian():
    """Of all outputs: (20, 3, N)."""
    return np.asarray(jax.jacobian(lambda flat: NET.apply(UNRAVEL(flat), X))(FLAT))


def of_labels(labels):
    """The mean over examples and given labels (20, m) of ggᵀ, written out."""
    shares = np.asarray(jax.nn.softmax(NET.apply(PARAMS, X)))
    slopes = shares[:, None] - np.eye(3)[labels]  # (20, m, 3)
    g = np.einsum("nmc,nci->nmi", slopes, jacobian())
    return np.einsum("nmi,nmj->ij", g, g) / g.shape[0] / g.shape[1]


def gauss_newton_of_cross_entropy():
    """Jᵀ(diag p - ppᵀ)J, written out."""
    p = np.asarray(jax.nn.softmax(NET.apply(PARAMS, X)))
    middle = np.einsum("nc,cd->ncd", p, np.eye(3)) - np.einsum("nc,nd->ncd", p, p)
    return np.einsum("nci,ncd,ndj->ij", jacobian(), middle, jacobian()) / 20


OPERATORS = {
    "Hessian": lambda **k: lu.hessian_operator(batch_loss, PARAMS, BATCHES, **k),
    "Gauss-Newton": lambda **k: lu.gauss_newton_operator(
        NET.apply, cross_entropy, PARAMS, BATCHES, **k
    ),
    "Fisher": lambda **k: lu.fisher_operator(NET.apply, PARAMS, BATCHES, **k),
    "Gaussian": lambda **k: lu.fisher_operator(NET.apply, PARAMS, BATCHES, "gaussian", **k),
    "empirical": lambda **k: lu.fisher_operator(NET.apply, PARAMS, BATCHES, kind="empirical", **k),
}
DENSE = {
    "Hessian": lambda: np.asarray(lu.hessian(net_loss, PARAMS)),
    "Gauss-Newton": gauss_newton_of_cross_entropy,
    "Fisher": gauss_newton_of_cross_entropy,
    "Gaussian": lambda: np.einsum("nci,ncj->ij", jacobian(), jacobian()) / 20,
    "empirical": lambda: of_labels(Y[:, None]),
}
each = pytest.mark.parametrize("name", OPERATORS)


# --- the matrices ---


@pytest.mark.by_day("Hessian")
@each
def test_each_operator_is_its_matrix_written_out(name):
    operator, matrix = OPERATORS[name](), DENSE[name]()
    np.testing.assert_allclose(operator.dense(), matrix, atol=1e-12)
    assert operator.shape == (SIZE, SIZE) and operator.dtype == np.float64
    assert name.replace("Gaussian", "Fisher") in repr(operator)


@pytest.mark.by_day("Hessian")
@each
def test_products_with_a_vector_a_matrix_and_a_pytree(name):
    operator, matrix = OPERATORS[name](), DENSE[name]()
    columns = np.random.default_rng(0).standard_normal((SIZE, 37))
    np.testing.assert_allclose(operator @ columns, matrix @ columns, atol=1e-12)
    for array in (np.asarray, jnp.asarray):
        np.testing.assert_allclose(operator @ array(columns[:, 0]), matrix @ columns[:, 0])
        np.testing.assert_allclose(array(columns[:, 0]) @ operator, matrix @ columns[:, 0])
        np.testing.assert_allclose(array(columns.T) @ operator, columns.T @ matrix, atol=1e-12)
    np.testing.assert_allclose(operator.T @ columns[:, 1], matrix.T @ columns[:, 1])
    tree = UNRAVEL(columns[:, 0])
    image = operator @ tree
    assert jax.tree.structure(image) == jax.tree.structure(PARAMS)
    np.testing.assert_allclose(ravel_pytree(image)[0], matrix @ columns[:, 0])


@pytest.mark.by_day("empirical")
@each
def test_a_sum_is_twenty_means(name):
    mean = OPERATORS[name]()
    if name == "Hessian":
        whole = lu.hessian_operator(summed(batch_loss), PARAMS, BATCHES, reduction="sum")
    elif name == "Gauss-Newton":
        whole = lu.gauss_newton_operator(
            NET.apply, summed(cross_entropy), PARAMS, BATCHES, reduction="sum"
        )
    else:
        whole = OPERATORS[name](reduction="sum")
    v = np.random.default_rng(0).standard_normal(SIZE)
    np.testing.assert_allclose(whole @ v, 20 * (mean @ v), atol=1e-11)


@pytest.mark.nightly
def test_gauss_newton_of_half_the_squared_error_is_the_gaussian_fisher_matrix():
    operator = lu.gauss_newton_operator(NET.apply, half_square, PARAMS, BATCHES)
    np.testing.assert_allclose(operator.dense(), DENSE["Gaussian"](), atol=1e-12)


@pytest.mark.nightly
def test_gauss_newton_of_a_linear_model_is_the_hessian_and_never_negative():
    W = jnp.asarray(np.random.default_rng(0).standard_normal((4, 3)))
    linear = lambda p, x: x @ p  # noqa: E731
    ours = lu.gauss_newton_operator(linear, cross_entropy, W, BATCHES).dense()
    hessian = lu.hessian_operator(lambda p, b: cross_entropy(b[0] @ p, b[1]), W, BATCHES).dense()
    np.testing.assert_allclose(ours, hessian, atol=1e-12)
    assert np.linalg.eigvalsh(OPERATORS["Gauss-Newton"]().dense())[0] > -1e-12
    assert np.linalg.eigvalsh(OPERATORS["Hessian"]().dense())[0] < -1e-3


@pytest.mark.nightly
def test_gauss_newton_of_outputs_in_a_pytree():
    def model(params, x):
        return {"logits": NET.apply(params, x), "square": x[:, 0] * params[0]["W"][0, 0]}

    def loss(out, y):
        return cross_entropy(out["logits"], y) + jnp.mean(out["square"] ** 2) / 2

    operator = lu.gauss_newton_operator(model, loss, PARAMS, BATCHES)
    matrix = gauss_newton_of_cross_entropy()
    place = int(
        np.argmax(np.asarray(ravel_pytree(lu.gradient(lambda p: p[0]["W"][0, 0], PARAMS))[0]))
    )
    matrix[place, place] += np.mean(X[:, 0] ** 2)
    np.testing.assert_allclose(operator.dense(), matrix, atol=1e-12)


@pytest.mark.nightly
def test_a_hessian_without_batches():
    np.testing.assert_allclose(
        lu.hessian_operator(net_loss, PARAMS).dense(), DENSE["Hessian"](), atol=1e-12
    )


@pytest.mark.nightly
@pytest.mark.parametrize("likelihood", ["categorical", "gaussian"])
def test_monte_carlo_comes_to_the_exact_fisher_matrix(likelihood):
    exact = lu.fisher_operator(NET.apply, PARAMS, BATCHES, likelihood).dense()

    def gap(count):
        operator = lu.fisher_operator(
            NET.apply, PARAMS, [(X, Y)], likelihood, kind="monte_carlo", key=KEY, num_samples=count
        )
        found = operator.dense()
        np.testing.assert_allclose(found, found.T, atol=1e-12)  # the same labels in each product
        return np.linalg.norm(found - exact) / np.linalg.norm(exact)

    few, many = gap(2), gap(200)  # the second by the small matrices of the outputs
    assert 5 < few / many < 20 and many < 0.15  # √100 = 10


@pytest.mark.nightly
def test_monte_carlo_takes_any_likelihood():
    """Coins whose logit is the output: the mean of ggᵀ is p(1 - p)JᵀJ."""

    def nll(z, y):
        return jnp.sum(jnp.logaddexp(0, z) - y * z)

    def sample(key, z):
        return jax.random.bernoulli(key, jax.nn.sigmoid(z)).astype(z.dtype)

    operator = lu.fisher_operator(
        lambda p, x: x @ p, jnp.array([0.5, -1.0]), [(X[:, :2], Y)], (nll, sample),
        kind="monte_carlo", key=KEY, num_samples=4000,
    )  # fmt: skip
    p = 1 / (1 + np.exp(-X[:, :2] @ [0.5, -1.0]))
    exact = (X[:, :2] * (p * (1 - p))[:, None]).T @ X[:, :2] / 20
    each_label = X[:, :2, None] * X[:, None, :2] / 20  # its share in the matrix, times (p - y)²
    spread = np.sqrt(np.einsum("nij,n->ij", each_label**2, p * (1 - p) * (1 - 2 * p) ** 2 / 4000))
    assert np.all(np.abs(operator.dense() - exact) < 5 * spread)
    labels = (X[:, 0] > 0).astype(float)
    empirical = lu.fisher_operator(
        lambda p, x: x @ p, jnp.array([0.5, -1.0]), [(X[:, :2], labels)], (nll, sample),
        kind="empirical",
    )  # fmt: skip
    g = (p - labels)[:, None] * X[:, :2]
    np.testing.assert_allclose(empirical.dense(), g.T @ g / 20, atol=1e-12)


@pytest.mark.nightly
def test_many_classes():
    """As many as a vocabulary has: a product and a sum over them, fused, went wrong in XLA."""
    W = jnp.asarray(np.random.default_rng(0).standard_normal((2, 3000)))
    operator = lu.fisher_operator(lambda p, x: x @ p, W, [(X[:, :2], Y)])
    v = np.random.default_rng(1).standard_normal((6000, 2))
    p = np.asarray(jax.nn.softmax(X[:, :2] @ W))
    for image, column in zip((operator @ v).T, v.T, strict=True):
        along = X[:, :2] @ column.reshape(2, 3000)
        exact = X[:, :2].T @ (p * (along - np.sum(p * along, axis=1, keepdims=True))) / 20
        np.testing.assert_allclose(image, exact.ravel(), atol=1e-12)


@pytest.mark.nightly
def test_labels_of_a_poisson_model_are_drawn_by_a_loop_inside():
    nll = lambda z, y: jnp.exp(z) - y * z  # noqa: E731
    sample = lambda key, z: jax.random.poisson(key, jnp.exp(z)).astype(z.dtype)  # noqa: E731
    operator = lu.fisher_operator(
        lambda p, x: x @ p, jnp.array([0.3]), [(X[:, :1], Y)], (nll, sample),
        kind="monte_carlo", key=KEY, num_samples=4000,
    )  # fmt: skip
    exact = np.mean(np.exp(0.3 * X[:, 0]) * X[:, 0] ** 2)
    np.testing.assert_allclose(operator.dense(), exact, rtol=0.05)


# --- data ---


class Loader:
    """Batches made anew in each pass, and how many of them are alive at once."""

    def __init__(self, count, change=0.0):
        self.count, self.change, self.passes, self.alive, self.most = count, change, 0, [], 0

    def __iter__(self):
        self.passes += 1
        for k in range(self.count):
            x = np.random.default_rng(k).standard_normal((8, 4)) + self.change * self.passes
            self.alive = [ref for ref in self.alive if ref() is not None]
            self.alive.append(weakref.ref(x))
            self.most = max(self.most, len(self.alive))
            yield x, np.arange(8) % 3


@pytest.mark.nightly
def test_one_pass_over_the_data_for_each_product_with_one_batch_in_memory():
    loader = Loader(6)
    operator = lu.hessian_operator(batch_loss, PARAMS, loader)
    assert loader.passes == 2  # is it the same twice?
    operator @ np.ones(SIZE)
    operator @ np.ones((SIZE, 3))
    assert loader.passes == 4
    assert loader.most <= 3  # in the making, in use, and the one that is let go


def test_data_that_change_from_pass_to_pass_are_refused():
    with refuses("batches"):
        lu.hessian_operator(batch_loss, PARAMS, Loader(2, change=0.1))
    order = iter([[0, 1, 2], [2, 0, 1], [1, 2, 0], [0, 2, 1]])

    class Shuffled:
        def __iter__(self):
            return iter([BATCHES[k] for k in next(order)])

    operator = lu.hessian_operator(batch_loss, PARAMS, Shuffled())  # another order is no change
    np.testing.assert_allclose(operator @ FLAT, DENSE["Hessian"]() @ FLAT, atol=1e-12)


@each
def test_compiled_once_for_each_shape_of_a_batch(name):
    def use(scale, batches):
        params = jax.tree.map(lambda leaf: scale * leaf, PARAMS)
        if name == "Hessian":
            operator = lu.hessian_operator(batch_loss, params, batches)
        elif name == "Gauss-Newton":
            operator = lu.gauss_newton_operator(NET.apply, cross_entropy, params, batches)
        else:
            kind = "empirical" if name == "empirical" else "exact"
            likelihood = "gaussian" if name == "Gaussian" else "categorical"
            operator = lu.fisher_operator(NET.apply, params, batches, likelihood, kind=kind)
        return operator @ np.ones(SIZE)

    use(1.0, BATCHES)
    with counted_compilations() as made:
        use(2.0, [(2 * x, y) for x, y in BATCHES * 3])
    assert made == []


@pytest.mark.nightly
def test_a_closure_over_data_is_seen_anew_and_let_go():
    class Scale:
        def __init__(self, value):
            self.value = np.asarray([value])

    def make(value):
        scale = Scale(value)
        operator = lu.hessian_operator(
            lambda p, b: jnp.mean(scale.value[0] * (b @ p) ** 2) / 2, jnp.ones(4), [X]
        )
        return weakref.ref(scale), (operator @ np.ones(4))

    (_, first), (second_ref, second) = make(1.0), make(2.0)
    np.testing.assert_allclose(second, 2 * first)
    gc.collect()
    assert second_ref() is None


def test_what_is_held_stays_and_the_product_does_not_move_it():
    params = {"params": {"w": jnp.array([1.0, 2.0])}, "stats": {"mean": jnp.array([3.0])}}

    def loss(p, x):
        return jnp.mean((x @ p["params"]["w"]) ** 2) * p["stats"]["mean"][0]

    operator = lu.hessian_operator(loss, params, [X[:, :2]])
    assert operator.shape == (2, 2)
    np.testing.assert_allclose(operator.dense(), 6 * X[:, :2].T @ X[:, :2] / 20)
    image = operator @ params
    assert image["stats"]["mean"] == 0
    np.testing.assert_allclose(image["params"]["w"], operator.dense() @ [1.0, 2.0])


@pytest.mark.nightly
def test_lists_and_arrays_of_other_libraries_are_batches():
    class Tensor:  # as PyTorch's loaders give them: a list of things that numpy reads
        def __init__(self, array):
            self.array = array

        def __array__(self, dtype=None, copy=None):
            return np.asarray(self.array, dtype)

    batches = [[Tensor(x), Tensor(y)] for x, y in BATCHES]
    np.testing.assert_allclose(
        lu.hessian_operator(batch_loss, PARAMS, batches).dense(), DENSE["Hessian"](), atol=1e-12
    )


def test_empty_batches_count_nothing():
    batches = [BATCHES[0], (X[:0], Y[:0]), *BATCHES[1:]]
    for make in (
        lambda: lu.hessian_operator(batch_loss, PARAMS, batches),
        lambda: lu.gauss_newton_operator(NET.apply, cross_entropy, PARAMS, batches),
    ):
        assert np.all(np.isfinite(make() @ FLAT))


@pytest.mark.nightly
@pytest.mark.parametrize("dtype, close", [("float32", 1e-5), ("float16", 0.02), ("bfloat16", 0.1)])
@each
def test_every_precision(name, dtype, close):
    params = jax.tree.map(lambda leaf: leaf.astype(dtype), PARAMS)
    batches = [(x.astype(dtype), y) for x, y in ((jnp.asarray(x), y) for x, y in BATCHES)]
    model = lambda p, x: NET.apply(p, x)  # noqa: E731
    if name == "Hessian":
        operator = lu.hessian_operator(batch_loss, params, batches)
    elif name == "Gauss-Newton":
        operator = lu.gauss_newton_operator(model, cross_entropy, params, batches)
    else:
        operator = lu.fisher_operator(
            model, params, batches, "gaussian" if name == "Gaussian" else "categorical",
            kind="empirical" if name == "empirical" else "exact",
        )  # fmt: skip
    assert operator.dtype == np.float32  # sums are kept in no less
    v = np.random.default_rng(0).standard_normal(SIZE)
    exact = DENSE[name]() @ v
    np.testing.assert_allclose(operator @ v, exact, atol=close * np.abs(exact).max())


def test_the_dtype_can_be_asked_for():
    params = jax.tree.map(lambda leaf: leaf.astype(np.float32), PARAMS)
    operator = lu.hessian_operator(batch_loss, params, BATCHES, dtype=jnp.float64)
    assert operator.dtype == np.float64 and (operator @ np.ones(SIZE)).dtype == np.float64


@pytest.mark.nightly
def test_inside_the_reader_s_own_jit():
    product = jax.jit(
        lambda p, v: lu.hessian_operator(lambda q: jnp.sum(q**4), p) @ v
    )(jnp.array([1.0, 2.0]), jnp.ones(2))  # fmt: skip
    np.testing.assert_allclose(product, [12.0, 48.0])
    batched = jax.jit(lambda p, v: lu.hessian_operator(batch_loss, p, BATCHES) @ v)
    np.testing.assert_allclose(
        ravel_pytree(batched(PARAMS, PARAMS))[0], DENSE["Hessian"]() @ FLAT, atol=1e-12
    )


# --- what is read off products ---


def spectrum(values, seed=0):
    """An operator with these eigenvalues, and its matrix."""
    values = np.asarray(values, dtype=float)
    shape = len(values), len(values)
    basis, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal(shape))
    matrix = (basis * values) @ basis.T
    half = jnp.asarray(matrix) / 2
    return lu.hessian_operator(lambda p: p @ half @ p, jnp.zeros(len(values))), matrix


MEASURES = {
    "trace": np.trace,
    "frobenius_norm": np.linalg.norm,
    "diagonal": np.diag,
}
DECAYING = 1 / np.arange(1, 201.0) ** 2


@pytest.mark.nightly
@pytest.mark.each_value
@pytest.mark.parametrize("method", ["hutch++", "hutchinson"])
@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("values", [DECAYING, np.linspace(-1, 2, 200)], ids=["decaying", "flat"])
def test_estimates_are_within_their_errors_as_often_as_they_should(measure, method, values):
    operator, matrix = spectrum(values)
    exact = MEASURES[measure](matrix)
    within = []
    for seed in range(25):
        found = getattr(operator, measure)(jax.random.key(seed), 60, method)
        assert np.all(np.asarray(found.error) > 0)
        within.append(np.abs(found.value - exact) <= 2 * found.error)
    share = np.mean(within)
    # 95 % would be 2 errors of a normal mean of many; 20 probes and a spread of their own: less.
    assert share >= 0.8, share


def test_hutchpp_is_far_better_where_few_eigenvalues_stand_out():
    operator, matrix = spectrum(DECAYING)
    plain, better = (operator.trace(KEY, 60, method) for method in ("hutchinson", "hutch++"))
    assert better.error < plain.error / 30
    assert abs(better.value - np.trace(matrix)) < 5 * better.error


@pytest.mark.nightly
@pytest.mark.parametrize("measure", MEASURES)
def test_estimates_are_exact_where_they_can_be(measure):
    for values in (np.arange(20.0), np.r_[[5.0, -3.0, 2.0], np.zeros(100)], np.zeros(100)):
        operator, matrix = spectrum(values)
        found = getattr(operator, measure)(KEY)
        np.testing.assert_allclose(found.value, MEASURES[measure](matrix), atol=1e-6)
        np.testing.assert_allclose(found.error, 0, atol=1e-6)
        assert isinstance(found, Estimate)


@pytest.mark.nightly
@each
def test_each_operator_has_trace_norm_diagonal_density_and_pairs(name):
    operator, matrix = OPERATORS[name](), DENSE[name]()
    values = np.linalg.eigvalsh(matrix)
    for measure, exact in MEASURES.items():
        found = getattr(operator, measure)(KEY, SIZE)
        np.testing.assert_allclose(found.value, exact(matrix), atol=1e-10)
    found = operator.density(KEY, num_probes=2, num_steps=20, width=0.1)
    half = jnp.asarray(matrix) / 2
    same = lu.hessian_operator(lambda p: p @ half @ p, jnp.zeros(SIZE))
    again = same.density(KEY, num_probes=2, num_steps=20, width=0.1)
    np.testing.assert_allclose(found.grid, again.grid, atol=1e-6)
    np.testing.assert_allclose(found.density, again.density, atol=1e-4)
    top, bottom = operator.eigenpairs(3), operator.eigenpairs(2, "smallest")
    np.testing.assert_allclose(top.eigenvalues, values[:-4:-1], atol=1e-9)
    np.testing.assert_allclose(bottom.eigenvalues, values[:2], atol=1e-9)
    np.testing.assert_allclose(
        matrix @ top.eigenvectors, top.eigenvectors * top.eigenvalues, atol=1e-6
    )


@pytest.mark.nightly
def test_a_density_is_within_its_errors():
    operator, _ = spectrum(np.linspace(-1, 2, 200))
    width = 0.2
    found = operator.density(KEY, num_probes=40, width=width)
    exact = norm.pdf(found.grid[:, None], np.linspace(-1, 2, 200), width).mean(axis=1)
    inside = exact > 0.01
    gap = np.abs(found.density - exact)[inside]
    assert np.mean(gap < 3 * found.error[inside]) > 0.95
    assert np.max(found.error[inside]) < 0.1 * np.max(exact)


@pytest.mark.nightly
def test_the_density_is_that_of_the_instrument_for_a_loss():
    operator = lu.hessian_operator(net_loss, PARAMS)
    ours = operator.density(KEY, num_probes=4)
    theirs = lu.spectral_density(net_loss, PARAMS, KEY, num_probes=4)
    np.testing.assert_allclose(ours.grid, theirs.grid, atol=1e-8)
    np.testing.assert_allclose(ours.density, theirs.density, atol=1e-6)
    one = operator.density(KEY, num_probes=1)
    assert np.all(np.isnan(one.error)) and np.all(np.isfinite(one.density))


SPECTRA = {
    "copies at the top": np.r_[np.full(7, 3.0), np.linspace(-1, 1, 113)],
    "zeros": np.zeros(120),
    "one value": np.ones(120),
    "singular": np.r_[np.zeros(100), np.linspace(1, 2, 20)],
    "negative semidefinite": -np.r_[np.zeros(100), np.linspace(1, 2, 20)],
    "tiny": 1e-9 * np.linspace(-1, 2, 120),
    "huge": 1e9 * np.linspace(-1, 2, 120),
}


@pytest.mark.by_day("smallest-negative", "magnitude-tiny")
@pytest.mark.parametrize("kind", SPECTRA)
@pytest.mark.parametrize("which", ["largest", "smallest", "magnitude"])
def test_pairs_of_degenerate_spectra(kind, which):
    operator, matrix = spectrum(SPECTRA[kind])
    values = SPECTRA[kind]
    rank = {"largest": -values, "smallest": values, "magnitude": -np.abs(values)}[which]
    expected = values[np.argsort(rank, kind="stable")][:9]
    scale = np.max(np.abs(values)) or 1.0
    found, vectors = operator.eigenpairs(9, which)
    np.testing.assert_allclose(np.abs(found), np.abs(expected), atol=1e-6 * scale)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(9), atol=1e-6)
    np.testing.assert_allclose(matrix @ vectors, vectors * found, atol=1e-5 * scale)
    if which == "largest":
        grid = operator.density(KEY, num_probes=2)
        assert np.trapezoid(grid.density, grid.grid) == pytest.approx(1, abs=0.01)


@pytest.mark.nightly
def test_scipy_s_solvers_take_an_operator():
    operator, matrix = spectrum(np.linspace(1, 2, 50))
    linear = scipy.sparse.linalg.aslinearoperator(operator)
    solution, failed = scipy.sparse.linalg.cg(linear, np.ones(50), rtol=1e-10)
    assert not failed
    np.testing.assert_allclose(matrix @ solution, 1, atol=1e-8)
    largest = scipy.sparse.linalg.eigsh(linear, 1, return_eigenvectors=False)
    np.testing.assert_allclose(largest, 2)


def test_small_and_scalar_parameters():
    operator = lu.hessian_operator(lambda p: p**3, 2.0)
    assert operator.shape == (1, 1)
    np.testing.assert_allclose(operator @ 1.0, 12.0)
    np.testing.assert_allclose(operator @ np.ones(1), [12.0])
    assert operator.trace(KEY) == (12.0, 0.0)
    np.testing.assert_allclose(operator.eigenpairs(1).eigenvalues, [12.0])


# --- bad input ---


@pytest.mark.parametrize(
    "batches",
    [
        3, "text", {}, X, jnp.ones((4, 2)), [], iter(BATCHES), (b for b in BATCHES),
        [("a", "b")], [(None, None)], [(np.float64(1.0), 2)], [(X[:0], Y[:0])],
    ],
    ids=["number", "text", "dict", "numpy", "jax", "empty", "iterator", "generator", "strings",
         "None", "no axis", "no example"],
)  # fmt: skip
def test_what_are_no_batches_is_refused(batches):
    with refuses("batches"):
        lu.hessian_operator(batch_loss, PARAMS, batches)


@pytest.mark.parametrize("batches", [[X], [(X,)], [(X, Y, Y)], X])
def test_what_are_no_pairs_is_refused(batches):
    with refuses("batches"):
        lu.fisher_operator(NET.apply, PARAMS, batches)
    with refuses("batches"):
        lu.gauss_newton_operator(NET.apply, cross_entropy, PARAMS, batches)


def test_other_bad_input_is_refused_in_one_sentence():
    operator = lu.hessian_operator(net_loss, PARAMS)
    calls = {
        "vector": [lambda: operator @ np.ones(5), lambda: operator @ {"a": 1.0}],
        "operator": [lambda: operator @ np.full(SIZE, np.nan)],
        "key": [
            lambda: operator.trace(0),
            lambda: operator.density(None),
            lambda: OPERATORS["Fisher"](kind="monte_carlo"),
        ],
        "num_products": [lambda: operator.trace(KEY, 5), lambda: operator.diagonal(KEY, 7.5)],
        "method": [lambda: operator.frobenius_norm(KEY, method="xtrace")],
        "num_probes": [lambda: operator.density(KEY, num_probes=0)],
        "num_steps": [lambda: operator.density(KEY, num_steps=0)],
        "width": [lambda: operator.density(KEY, width=0)],
        "grid": [lambda: operator.density(KEY, grid=[1.0])],
        "k": [lambda: operator.eigenpairs(0), lambda: operator.eigenpairs(SIZE + 1)],
        "which": [lambda: operator.eigenpairs(1, "top")],
        "tol": [lambda: operator.eigenpairs(1, tol=0)],
        "reduction": [partial(make, reduction="none") for make in OPERATORS.values()],
        "dtype": [partial(make, dtype=int) for make in OPERATORS.values()],
        "kind": [
            lambda: OPERATORS["Fisher"](kind="true"),
            lambda: lu.fisher_operator(NET.apply, PARAMS, BATCHES, (max, max)),
        ],
        "likelihood": [
            lambda: lu.fisher_operator(NET.apply, PARAMS, BATCHES, "poisson"),
            lambda: lu.fisher_operator(NET.apply, PARAMS, BATCHES, (max,)),
        ],
        "num_samples": [
            lambda: OPERATORS["Fisher"](kind="monte_carlo", key=KEY, num_samples=0)
        ],
        "model": [
            lambda: lu.fisher_operator(3, PARAMS, BATCHES),
            lambda: lu.fisher_operator(lambda p, x: undefined, PARAMS, BATCHES),  # noqa: F821
            lambda: lu.fisher_operator(lambda p, x: p[0]["W"][0, 0], PARAMS, BATCHES),
            lambda: lu.fisher_operator(lambda p, x: NET.apply(p, x)[:, 0], PARAMS, BATCHES),
            lambda: lu.gauss_newton_operator(
                lambda p, x: jnp.argmax(NET.apply(p, x), 1), cross_entropy, PARAMS, BATCHES
            ),
        ],
        "loss": [
            lambda: lu.hessian_operator(3, PARAMS),
            lambda: lu.hessian_operator(net_loss, PARAMS, BATCHES),
            lambda: lu.gauss_newton_operator(NET.apply, lambda z, y: z, PARAMS, BATCHES),
            lambda: lu.gauss_newton_operator(NET.apply, 3, PARAMS, BATCHES),
        ],
        "params": [
            lambda: lu.hessian_operator(net_loss, {}),
            lambda: lu.fisher_operator(NET.apply, jnp.arange(3), BATCHES),
        ],
        "Hessian": [lambda: lu.hessian_operator(lambda p: jnp.sum(p**1.5), jnp.zeros(3))],
        "batches": [
            lambda: lu.fisher_operator(NET.apply, PARAMS, [(X, Y[:5])], kind="empirical"),
        ],
    }  # fmt: skip
    for named, all_calls in calls.items():
        for call in all_calls:
            with refuses(named):
                call()


def test_a_search_that_cannot_end_says_so(monkeypatch):
    operator, _ = spectrum(np.linspace(0, 1, 200) ** 3)
    monkeypatch.setattr(lu.operators.search, "__defaults__", (30,))
    with refuses("tol"):
        operator.eigenpairs(2, "smallest", tol=1e-13)
