"""Every public instrument against every kind of input that once made trouble.

Each cell of the table (function × kind) expects a right value, or one sentence that names what is
wrong: never a raw error, a hang, a silent NaN or a stale number.
"""

import warnings

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from unit_helpers import refuses

import lecture_utils as lu

KEY = jax.random.key(0)
SCALES = np.array([4.0, 2.0, 1.0, 0.5])  # curvature of the bowl in its four directions


def bowl(p):
    """½ Σ sᵢ pᵢ² over all numbers of any pytree, in their dtype."""
    flat = jnp.concatenate([jnp.ravel(leaf) for leaf in jax.tree.leaves(p)])
    return jnp.sum(jnp.asarray(np.resize(SCALES, flat.size), flat.dtype) * flat**2) / 2


def numbers(tree):
    """All numbers of a result, as float64."""
    leaves = jax.tree.leaves(tree)
    return np.concatenate([np.ravel(np.asarray(leaf, dtype=float)) for leaf in leaves])


def one_direction(p):
    """A direction like ``p`` with ones."""
    return jax.tree.map(jnp.ones_like, p)


# function(loss, params) of every instrument that takes both.
TAKES_A_LOSS = {
    "gradient": lu.gradient,
    "hvp": lambda loss, p: lu.hvp(loss, p, one_direction(p)),
    "hessian": lu.hessian,
    "quadratic_model": lambda loss, p: lu.quadratic_model(loss, p)(one_direction(p)),
    "finite_difference_gradient": lu.finite_difference_gradient,
    "finite_difference_hessian": lu.finite_difference_hessian,
    "hessian_eigh": lambda loss, p: lu.hessian_eigh(loss, p).eigenvalues,
    "top_eigenpairs": lambda loss, p: lu.top_eigenpairs(loss, p, 1).eigenvalues,
    "spectral_density": lambda loss, p: lu.spectral_density(loss, p, KEY).density,
    "hessian_operator": lambda loss, p: lu.hessian_operator(loss, p) @ one_direction(p),
    "operator's pairs": lambda loss, p: lu.hessian_operator(loss, p).eigenpairs(1).eigenvalues,
    "operator's trace": lambda loss, p: lu.hessian_operator(loss, p).trace(KEY).value,
    "eigenvector_directions": lambda loss, p: lu.eigenvector_directions(loss, p, 1).directions,
    "newton_step": lu.newton_step,
    "saddle_free_newton_step": lambda loss, p: lu.saddle_free_newton_step(loss, p, 0.1),
    "escape_direction": lambda loss, p: lu.escape_direction(lambda q: -loss(q), p),
    "find_critical_points": lambda loss, p: (
        lu.find_critical_points(
            loss, jax.tree.map(lambda leaf: jnp.asarray(leaf)[None], p), 5
        ).eigenvalues
    ),
    "line_profile": lambda loss, p: lu.line_profile(loss, p, one_direction(p), [0.0, 0.5, 1.0]),
    "plane_profile": lambda loss, p: lu.plane_profile(
        loss, p, one_direction(p), one_direction(p), [0.0, 0.5]
    ),
    "losses_at": lambda loss, p: lu.losses_at(loss, p, [one_direction(p)], np.ones((3, 1))),
    "trajectory": lambda loss, p: lu.trajectory(loss, p, lu.gradient_descent(0.1), 3).losses,
    "trajectory with optax": lambda loss, p: lu.trajectory(loss, p, optax.adam(0.1), 3).losses,
    "trajectories": lambda loss, p: lu.trajectories(loss, p, lu.momentum, [0.1], 3).losses,
    "train": lambda loss, p: (
        lu.train(
            lambda q, batch: loss(q), p, np.zeros(4), lu.adam(0.1), epochs=2, batch_size=2, seed=0
        ).losses
    ),
    "sweep": lambda loss, p: (
        lu.sweep(
            lambda q, batch: loss(q),
            [p],
            np.zeros(4),
            lu.adam,
            [0.1],
            epochs=2,
            batch_size=2,
            seed=0,
        ).losses
    ),
    "report": lambda loss, p: lu.report(loss, p, learning_rate=0.1).eigenvalues,
    "over_batches": lambda loss, p: lu.gradient(
        lu.over_batches(lambda q, batch: loss(q), [np.ones(2), np.ones(2), np.ones(1)]), p
    ),
}
EXACT = {  # what the bowl gives at p, from its closed form
    "gradient": lambda p: SCALES * p,
    "over_batches": lambda p: SCALES * p,
    "hvp": lambda p: SCALES,
    "hessian": lambda p: np.diag(SCALES).ravel(),
    "quadratic_model": lambda p: [SCALES @ (p + 1) ** 2 / 2],
    "finite_difference_gradient": lambda p: SCALES * p,
    "finite_difference_hessian": lambda p: np.diag(SCALES).ravel(),
    "hessian_eigh": lambda p: SCALES[::-1],
    "top_eigenpairs": lambda p: SCALES[:1],
    "hessian_operator": lambda p: SCALES,
    "operator's pairs": lambda p: SCALES[:1],
    "operator's trace": lambda p: [SCALES.sum()],
    "eigenvector_directions": lambda p: np.eye(4)[0],
    "newton_step": lambda p: -p,
    "saddle_free_newton_step": lambda p: -SCALES * p / (SCALES + 0.1),
    "escape_direction": lambda p: np.eye(4)[0],
    "find_critical_points": lambda p: SCALES[::-1],
    "line_profile": lambda p: [SCALES @ (p + a * (1 - p)) ** 2 / 2 for a in (0, 0.5, 1)],
    "plane_profile": lambda p: [SCALES @ (p + a + b) ** 2 / 2 for b in (0, 0.5) for a in (0, 0.5)],
    "losses_at": lambda p: [SCALES @ (p + 1) ** 2 / 2] * 3,
    "trajectory": lambda p: [SCALES @ (p * (1 - 0.1 * SCALES) ** i) ** 2 / 2 for i in range(4)],
    "report": lambda p: SCALES[::-1],
}
POINT = np.array([0.5, -1.0, 0.25, 2.0])
DTYPES = {"float64": 1e-6, "float32": 2e-3, "float16": 0.05, "bfloat16": 0.2}


pytestmark = pytest.mark.each_value


def each_function(test):
    """Every instrument; of all these tables together a fourth by day (see by_turns)."""
    return pytest.mark.by_turns("name", 4)(pytest.mark.parametrize("name", TAKES_A_LOSS)(test))


def call(name, loss, params):
    """The result of an instrument, with every warning an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return numbers(TAKES_A_LOSS[name](loss, params))


# --- low precision on the way ---


@each_function
@pytest.mark.parametrize("dtype", DTYPES)
def test_parameters_of_every_precision(name, dtype):
    found = call(name, bowl, jnp.asarray(POINT, dtype))
    assert np.all(np.isfinite(found))
    if name in EXACT:
        expected = np.ravel(EXACT[name](POINT))
        # What computes in float64 by itself is exact even where the parameters are coarse.
        scale = np.max(np.abs(expected))
        np.testing.assert_allclose(found, expected, atol=DTYPES[dtype] * scale)


@each_function
@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_a_loss_that_computes_in_less_than_its_parameters(name, dtype):
    def low(p):
        return bowl(p.astype(dtype)).astype(p.dtype)

    if name == "newton_step" and dtype == "bfloat16":  # 0.5 beside 4 may be rounding there
        with refuses("Hessian"):
            call(name, low, jnp.asarray(POINT))
        return
    found = call(name, low, jnp.asarray(POINT))
    assert np.all(np.isfinite(found))
    if name in EXACT and not name.startswith("finite_difference"):
        expected = np.ravel(EXACT[name](POINT))
        scale = np.max(np.abs(expected))
        np.testing.assert_allclose(found, expected, atol=DTYPES[dtype] * scale)


@each_function
def test_parameters_of_mixed_precision(name):
    mixed = {"a": jnp.asarray(POINT[:2], jnp.float32), "b": jnp.asarray(POINT[2:])}
    found = call(name, bowl, mixed)
    if name in EXACT:
        expected = np.ravel(EXACT[name](POINT))
        np.testing.assert_allclose(found, expected, atol=2e-3 * np.max(np.abs(expected)))


@pytest.mark.nightly
@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_rounding_is_no_curvature(dtype):
    """A singular Hessian, computed coarsely: its zeros are not counted as signs."""
    x = np.random.default_rng(0).standard_normal((5, 12))

    def loss(p):
        out = jnp.asarray(x, dtype) @ p.astype(dtype)
        return jnp.sum(out**2).astype(p.dtype) / 2

    values = lu.hessian_eigh(loss, jnp.zeros(12)).eigenvalues
    assert str(values.dtype) == dtype
    assert lu.index(values) == 0
    assert lu.nullity(values) >= 7
    page = lu.report(loss, jnp.zeros(12))
    assert (page.index, page.zeros) == (lu.index(values), lu.nullity(values))
    with refuses("Hessian"):
        lu.newton_step(loss, jnp.ones(12))
    with refuses("Hessian"):
        lu.escape_direction(loss, jnp.ones(12))


# --- empty, single, not finite, not weights ---

BAD_PARAMS = {
    "nothing": {},
    "no numbers": jnp.zeros((0, 3)),
    "None": None,
    "integers": jnp.arange(4),
    "an integer among them": {"W": jnp.ones(2), "step": 3},
    "a mask": {"W": jnp.ones(2), "mask": jnp.ones(2, bool)},
    "a key": {"W": jnp.ones(2), "key": KEY},
    "a function": {"W": jnp.ones(2), "act": jnp.tanh},
    "complex": jnp.ones(2, complex),
    "text": "W",
    "NaN": jnp.array([1.0, np.nan]),
    "infinity": jnp.array([np.inf, 1.0]),
    "half infinity": jnp.array([np.inf, 1.0], jnp.float16),
}


@each_function
@pytest.mark.parametrize("kind", BAD_PARAMS)
def test_parameters_that_are_none_are_refused_in_one_sentence(name, kind):
    argument = {"find_critical_points": "starts", "line_profile": "a", "plane_profile": "center",
                "losses_at": "center"}.get(name, "params")  # fmt: skip

    def function():
        params = BAD_PARAMS[kind]
        if name in ("line_profile", "plane_profile", "losses_at", "hvp"):
            getattr(lu, name)(bowl, params, *_ones_for(name))
        elif name == "find_critical_points":
            lu.find_critical_points(bowl, params, 2)
        elif name == "quadratic_model":
            lu.quadratic_model(bowl, params)
        else:
            TAKES_A_LOSS[name](bowl, params)

    with refuses(argument):
        function()


def _ones_for(name):
    ones = jnp.ones(2)
    return {
        "hvp": (ones,),
        "line_profile": (ones, [0.0, 1.0]),
        "plane_profile": (ones, ones, [0.0, 1.0]),
        "losses_at": ([ones], np.ones((2, 1))),
    }[name]


@each_function
@pytest.mark.parametrize(
    "value", [0.7, jnp.array(0.7), jnp.array([[[0.7]]])], ids=["float", "()", "(1,1,1)"]
)
def test_a_single_parameter(name, value):
    found = call(name, lambda p: jnp.sum(jnp.asarray(p) ** 2), value)
    assert np.all(np.isfinite(found))
    if name in ("hessian", "hessian_eigh", "top_eigenpairs", "report", "find_critical_points"):
        np.testing.assert_allclose(found, 2)


@each_function
@pytest.mark.parametrize(
    "loss",
    [
        lambda p: jnp.nan * bowl(p),
        lambda p: jnp.sum(jnp.log(-(p**2))),
        lambda p: jnp.inf + bowl(p),
        lambda p: jnp.inf * bowl(p),
    ],
    ids=["NaN", "log of a negative", "infinite", "infinite with its slope"],
)
def test_a_loss_that_is_not_finite_says_so_or_shows_it(name, loss):
    point = jnp.asarray(POINT)
    shows_it = {"line_profile", "plane_profile", "losses_at", "trajectory", "trajectories",
                "trajectory with optax", "train", "sweep"}  # fmt: skip
    if name in shows_it:  # curves may hold NaN, and runs date it
        assert not np.all(np.isfinite(numbers(TAKES_A_LOSS[name](loss, point))))
    elif name == "find_critical_points":  # which returns every start, and certifies those it can
        found = lu.find_critical_points(loss, point[None], 5)
        assert not np.isfinite(found.loss[0])
    elif np.all(np.isfinite(jax.grad(loss)(point))) and name not in NEEDS_THE_VALUE:
        sign = -1 if name == "escape_direction" and loss(point) != jnp.inf else 1
        found = TAKES_A_LOSS[name](lambda p: sign * loss(p), point)  # no number beside a slope
        assert np.all(np.isfinite(numbers(found)))
    elif name == "escape_direction":
        with refuses("loss"):
            lu.escape_direction(loss, point)
    else:
        with refuses("loss"):
            TAKES_A_LOSS[name](loss, point)


NEEDS_THE_VALUE = {
    "report",
    "quadratic_model",
    "finite_difference_gradient",
    "finite_difference_hessian",
}


BAD_LOSSES = {
    "a vector": lambda p: p,
    "two results": lambda p: (bowl(p), p),
    "an integer": lambda p: jnp.argmax(p),
    "complex": lambda p: 1j * bowl(p),
    "nothing": lambda p: None,
    "a bug": lambda p: undefined,  # noqa: F821
    "no function": 3.0,
}


@each_function
@pytest.mark.parametrize("kind", BAD_LOSSES)
def test_what_is_no_loss_is_refused_in_one_sentence(name, kind):
    loss = BAD_LOSSES[kind]
    if name == "escape_direction":
        with refuses("loss"):
            lu.escape_direction(loss, jnp.asarray(POINT))
    elif name in ("train", "sweep") and kind == "no function":
        more = ([0.1],) if name == "sweep" else ()
        rule = lu.adam if name == "sweep" else lu.adam(0.1)
        start = [jnp.ones(2)] if name == "sweep" else jnp.ones(2)
        with refuses("loss"):
            getattr(lu, name)(loss, start, np.zeros(4), rule, *more, epochs=1, batch_size=2, seed=0)
    else:
        with refuses("loss"):
            TAKES_A_LOSS[name](loss, jnp.asarray(POINT))


# --- equal, collinear, constant, exact; multiplicity and rank deficiency ---


@each_function
def test_a_constant_loss(name):
    loss = lambda p: 0.0 * jnp.sum(p) + 3.0  # noqa: E731
    if name in ("newton_step", "escape_direction"):
        with refuses("Hessian"):
            TAKES_A_LOSS[name](loss, jnp.asarray(POINT))
        return
    found = call(name, loss, jnp.asarray(POINT))
    assert np.all(np.isfinite(found))
    zero = ("gradient", "hvp", "hessian", "hessian_eigh", "top_eigenpairs", "report",
            "find_critical_points", "saddle_free_newton_step")  # fmt: skip
    if name in zero or name.startswith("finite_difference"):
        np.testing.assert_allclose(found, 0, atol=1e-9)
    if name.endswith(("profile", "losses_at")) or name in ("trajectory", "train", "sweep"):
        np.testing.assert_allclose(found, 3)


@each_function
def test_a_loss_that_ignores_its_parameters(name):
    if name in ("newton_step", "escape_direction"):
        with refuses("Hessian"):
            TAKES_A_LOSS[name](lambda p: jnp.asarray(1.5), jnp.asarray(POINT))
        return
    assert np.all(np.isfinite(call(name, lambda p: jnp.asarray(1.5), jnp.asarray(POINT))))


@each_function
def test_an_exact_minimum(name):
    if name == "escape_direction":
        return
    found = call(name, bowl, jnp.zeros(4))
    assert np.all(np.isfinite(found))
    if name in ("gradient", "newton_step", "saddle_free_newton_step"):
        np.testing.assert_array_equal(found, 0)


SPECTRA = {
    "one value": np.ones(120),
    "zeros": np.zeros(120),
    "copies at the top": np.r_[np.full(7, 3.0), np.linspace(-1, 1, 113)],
    "copies everywhere": np.repeat([-2.0, 0.0, 1.0, 4.0], 30),
    "singular": np.r_[np.zeros(100), np.linspace(1, 2, 20)],
    "negative semidefinite": -np.r_[np.zeros(100), np.linspace(1, 2, 20)],
    "rank one": np.r_[5.0, np.zeros(119)],
    "pairs of both signs": np.r_[3.0, -3.0, 3.0, -3.0, np.linspace(-1, 1, 116)],
    "tiny": 1e-9 * np.linspace(-1, 2, 120),
    "huge": 1e9 * np.linspace(-1, 2, 120),
    "six decades": np.r_[np.geomspace(1e-6, 1, 119), -1e-3],
}
ORDERS = {"magnitude": lambda v: -np.abs(v), "largest": lambda v: -v, "smallest": lambda v: v}


def rotated(values):
    """A quadratic whose Hessian has these eigenvalues, and that Hessian."""
    rng = np.random.default_rng(len(values))
    basis, _ = np.linalg.qr(rng.standard_normal((len(values), len(values))))
    matrix = (basis * values) @ basis.T
    half = jnp.asarray(matrix) / 2
    return lambda p: p @ half @ p, matrix


@pytest.mark.parametrize("kind", SPECTRA)
@pytest.mark.parametrize("which", ORDERS)
@pytest.mark.parametrize("k", [1, 2, 9])
def test_extreme_eigenvalues_copies_included(kind, which, k):
    values = SPECTRA[kind]
    loss, matrix = rotated(values)
    expected = values[np.argsort(ORDERS[which](values), kind="stable")][:k]
    scale = np.max(np.abs(values)) or 1.0
    for tol in (1e-9, 1e-4):
        found, vectors = lu.top_eigenpairs(loss, jnp.ones(120), k, which, tol=tol)
        if which == "magnitude":  # λ and -λ are equally large
            found, expected = np.abs(found), np.abs(expected)
        np.testing.assert_allclose(found, expected, atol=max(tol, 1e-12) * scale)
        np.testing.assert_allclose(vectors.T @ vectors, np.eye(k), atol=1e-6)
        image = np.linalg.norm(matrix @ vectors, axis=0)
        np.testing.assert_allclose(image, np.abs(found), atol=2 * tol * scale)


@pytest.mark.nightly
def test_a_search_that_cannot_end_says_so_with_what_it_has(monkeypatch):
    monkeypatch.setattr(lu.spectra, "SMALL", 10)
    monkeypatch.setattr(lu.spectra.extreme_pairs, "__defaults__", (60,))
    # A spectrum without a gap at its lower end.
    values = jnp.asarray(np.linspace(0, 1, 2000) ** 3)
    with refuses("tol"):
        _search_a_crowd(values)
    with pytest.raises(ValueError, match=r"the smallest eigenvalues, .* found so far are \d"):
        _search_a_crowd(values)


def _search_a_crowd(values):
    lu.top_eigenpairs(
        lambda p: jnp.sum(values * p**2) / 2, jnp.ones(len(values)), 2, "smallest", tol=1e-12
    )


@pytest.mark.parametrize("kind", SPECTRA)
def test_what_is_read_off_a_spectrum(kind):
    values = np.sort(SPECTRA[kind])
    zero = np.max(np.abs(values)) * 1e-12
    assert lu.index(values) == np.sum(values < -zero)
    assert lu.nullity(values) == np.sum(np.abs(values) <= zero)
    assert lu.negative_fraction(values) + lu.positive_fraction(values) <= 1
    loss, matrix = rotated(SPECTRA[kind])
    found = lu.hessian_eigh(loss, jnp.ones(120)).eigenvalues
    np.testing.assert_allclose(found, values, atol=1e-12 * (np.max(np.abs(values)) or 1))
    density = lu.spectral_density(loss, jnp.ones(120), KEY)
    assert np.trapezoid(density.density, density.grid) == pytest.approx(1, abs=0.01)
    name = lu.definiteness(matrix)
    signs = {bool(lu.index(values)), bool(lu.positive_fraction(values))}
    assert ("indefinite" in name) == (bool(lu.index(values)) and lu.positive_fraction(values) > 0)
    assert ("zero" in name) == (signs == {False})


@pytest.mark.parametrize("dtype", DTYPES)
def test_spectra_of_every_precision_are_read(dtype):
    values = jnp.asarray([-1.0, 0.0, 0.5, 2.0], dtype)
    assert (lu.index(values, tol=0.01), lu.nullity(values, tol=0.01)) == (1, 1)
    assert lu.classify_critical_point(values) == "saddle" or dtype in ("float16", "bfloat16")
    matrix = np.diag(np.asarray(values))
    assert lu.definiteness(matrix, tol=0.01) == "indefinite"
    assert lu.curvature(matrix, [0, 0, 1, 0]) == 0.5


@pytest.mark.parametrize("function", [lu.index, lu.nullity, lu.classify_critical_point])
@pytest.mark.parametrize(
    "bad", [[], 3.0, [np.nan], [np.inf, 1.0], [1j], "text"],
    ids=["empty", "a number", "NaN", "infinite", "complex", "text"],
)  # fmt: skip
def test_what_is_no_spectrum_is_refused(function, bad):
    with refuses("eigenvalues"):
        function(bad)


# --- directions and profiles of degenerate points ---


@pytest.mark.nightly
def test_directions_of_degenerate_points():
    zeros = {"W": jnp.zeros((3, 2)), "b": jnp.zeros(2)}
    direction = lu.filter_normalize(lu.random_direction(KEY, zeros), zeros)
    assert not np.any(numbers(direction))  # a unit of length 0 moves nowhere
    ones = {"W": jnp.ones((3, 2)), "b": jnp.ones(2)}
    assert not np.any(numbers(lu.filter_normalize(zeros, ones)))  # nor does a direction of length 0
    for dtype in DTYPES:
        params = {"W": jnp.full((40, 3), 300.0, dtype)}  # squares leave the range of float16
        direction = lu.filter_normalize(lu.random_direction(KEY, params), params)
        assert direction["W"].dtype == dtype
        lengths = np.linalg.norm(np.asarray(direction["W"], float), axis=0)
        np.testing.assert_allclose(lengths, 300 * np.sqrt(40), rtol=DTYPES[dtype])


@pytest.mark.nightly
def test_profiles_of_degenerate_points():
    p = jnp.asarray(POINT)
    assert np.ptp(lu.line_profile(bowl, p, p)) == 0  # from a point to itself
    same = lu.plane_profile(bowl, p, p, p, [0.0, 1.0])
    assert same[0, 1] == same[1, 0]  # along one direction twice
    with refuses("c"):
        lu.barycentric_profile(bowl, p, 2 * p, 3 * p)
    with refuses("c"):
        lu.barycentric_profile(bowl, p, p, p)
    for bad in ((p, p), (0 * p, p)):
        with refuses("d2"):
            lu.project(jnp.stack([p, 2 * p]), p, *bad)
    for path in (jnp.stack([p, p]), jnp.stack([p])):
        with refuses("path" if len(path) > 1 else "k"):
            lu.pca_directions(path, 1)
    line = lu.pca_directions(jnp.stack([p, 2 * p, 3 * p]), 1)
    np.testing.assert_allclose(line.explained, 1)
    assert lu.barrier([1.0, 1.0, 1.0]) == 0
    for empty in ([], [1.0], [1.0, np.nan]):
        with refuses("losses"):
            lu.barrier(empty)
    for dtype in DTYPES:
        a, b = jnp.asarray(POINT, dtype), jnp.zeros(4, dtype)
        assert lu.interpolate(a, b, 0.5).dtype == dtype
        assert lu.bezier(a, b, a, 0.5).dtype == dtype
        np.testing.assert_allclose(numbers(lu.interpolate(a, b, 0.0)), numbers(a))


@pytest.mark.nightly
def test_optimizers_on_every_precision_and_on_zero_gradients():
    for make in (lu.gradient_descent, lu.momentum, lu.rms, lu.rmsprop, lu.adam):
        for dtype in DTYPES:
            run = lu.trajectory(bowl, jnp.asarray(POINT, dtype), make(0.01), 4)
            assert run.params.dtype == dtype
            assert np.all(np.isfinite(numbers(run.losses)))
            assert float(run.losses[-1]) < float(run.losses[0])
        still = lu.trajectory(bowl, jnp.zeros(4), make(0.1), 4)
        assert not np.any(numbers(still.params))
