"""Looking at parameters: what is let in, what is refused, and the flat order."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit_helpers import NET, PARAMS, PROPERTY, SIZE, refuses

from lecture_utils import trees

NUMBERS = st.floats(-1e3, 1e3)
TREES = st.recursive(
    st.lists(NUMBERS, min_size=1, max_size=3).map(np.array) | NUMBERS,
    lambda children: (
        st.lists(children, min_size=1, max_size=3)
        | st.tuples(children, children)
        | st.dictionaries(st.sampled_from("abW"), children, min_size=1)
    ),
    max_leaves=5,
)


@pytest.mark.parametrize("dtype", [jnp.float64, jnp.float32, jnp.float16, jnp.bfloat16])
def test_floating_parameters_keep_their_dtype(dtype):
    checked = trees.check_params({"W": np.ones((2, 3), dtype)})
    assert isinstance(checked["W"], jax.Array)
    assert checked["W"].dtype == dtype


def test_a_python_float_is_a_float64_parameter():
    assert trees.check_params(0.4).dtype == jnp.float64


@pytest.mark.parametrize(
    "bad",
    [
        {},
        [],
        None,
        [None, {}],
        np.zeros((0, 3)),
        3,
        True,
        1j,
        "W",
        np.arange(3),
        jax.random.key(0),
        [jnp.ones(2), jnp.ones(2, dtype=int)],
        float("nan"),
        [1.0, float("inf")],
        np.array([1.0, -np.inf]),
    ],
    ids=str,
)
def test_bad_parameters_are_refused_in_one_sentence(bad):
    with refuses("params"):
        trees.check_params(bad)


def test_the_sentence_says_where_the_bad_leaf_is():
    with pytest.raises(ValueError, match=r"params\[1\]\['W'\] has dtype int"):
        trees.check_params([{"W": 1.0}, {"W": 1}])


def test_values_are_not_looked_at_while_tracing():
    assert jnp.isnan(jax.jit(trees.check_params)(jnp.nan))


@given(TREES)
@PROPERTY
def test_ravel_keeps_every_number_and_comes_back(tree):
    flat, unravel = trees.ravel(tree)
    leaves = jax.tree.leaves(tree)
    np.testing.assert_array_equal(flat, np.concatenate([np.ravel(leaf) for leaf in leaves]))
    back = unravel(flat)
    assert jax.tree.structure(back) == jax.tree.structure(tree)
    for ours, theirs in zip(jax.tree.leaves(back), leaves, strict=True):
        np.testing.assert_array_equal(ours, theirs)
        assert np.shape(ours) == np.shape(theirs)


@given(TREES)
@PROPERTY
def test_norm_is_the_norm_of_the_flat_vector(tree):
    assert np.isclose(trees.norm(tree), np.linalg.norm(trees.ravel(tree)[0]))


def test_astype_casts_every_leaf():
    cast = trees.astype(PARAMS, jnp.float32)
    assert {leaf.dtype for leaf in jax.tree.leaves(cast)} == {np.dtype("float32")}


def test_check_like_takes_the_dtype_of_the_parameters():
    vector = trees.check_like({"W": [1, 2]}, {"W": [1.0, 2.0]})
    assert [leaf.dtype for leaf in vector["W"]] == [jnp.float64, jnp.float64]
    assert trees.check_like(np.ones(2), jnp.ones(2, jnp.float32)).dtype == jnp.float32


@pytest.mark.parametrize(
    "bad",
    [
        jnp.ones(SIZE),
        PARAMS[:1],
        jax.tree.map(lambda leaf: leaf[..., None], PARAMS),
        jax.tree.map(jnp.transpose, PARAMS),
        jax.tree.map(lambda leaf: leaf * jnp.nan, PARAMS),
        {f"a rather long name {i}": 1.0 for i in range(50)},
    ],
    ids=["flat", "a layer short", "an axis more", "transposed", "NaN", "something else"],
)
def test_a_vector_unlike_the_parameters_is_refused_in_one_sentence(bad):
    with refuses("vector"):
        trees.check_like(bad, PARAMS)


def test_the_sentence_says_which_shape_is_wrong():
    wrong = [PARAMS[0], {"W": jnp.ones((3, 10)), "b": jnp.ones(3)}]
    with pytest.raises(ValueError, match=r"vector\[1\]\['W'\] .* \(10, 3\), but has \(3, 10\)"):
        trees.check_like(wrong, PARAMS)


def test_check_finite_looks_into_every_leaf():
    assert trees.check_finite([1.0, 2.0], "it") == [1.0, 2.0]
    with refuses("it"):
        trees.check_finite([1.0, {"a": jnp.nan}], "it")


def test_the_shared_network_has_the_size_the_tests_count_on():
    assert trees.ravel(NET.init(jax.random.key(1)))[0].shape == (SIZE,)


# --- counts ---


@pytest.mark.parametrize("value", [0, 4, 2.0, "2", None, np.nan])
def test_what_is_no_count_is_refused_in_one_sentence(value):
    with refuses("steps"):
        trees.check_count(value, "steps", 1, 3)


@pytest.mark.parametrize("value", [1, np.int64(3), jnp.array(2)])
def test_a_count_comes_back_as_an_int(value):
    assert type(trees.check_count(value, "steps", 1, 3)) is int


def test_a_model_with_functions_in_it_is_told_to_pass_its_arrays():
    with pytest.raises(ValueError, match=r"params\['activation'\] is a function: pass the arrays"):
        trees.check_params({"W": jnp.ones(2), "activation": jnp.tanh})
