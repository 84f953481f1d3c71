"""Losses at many points: against a plain loop, on threads, devices and processes."""

import functools
import json
import os
import pathlib
import socket
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit_helpers import PARAMS, PROPERTY, X, Y, net_loss, refuses

from lecture_utils import losses_at, mlp_loss, random_direction
from lecture_utils.evaluation import loss_pieces
from lecture_utils.networks import cross_entropy, mlp
from lecture_utils.trees import astype

DIRECTIONS = [random_direction(jax.random.key(k), PARAMS) for k in (1, 2)]
POINTS = np.random.default_rng(0).standard_normal((83, 2))
ROOT = pathlib.Path(__file__).resolve().parents[1]


def plainly(loss, center, directions, points):
    """The loop that everything here must equal."""
    loss = jax.jit(loss)
    places = [
        jax.tree.map(
            lambda x, *moves, c=c: np.asarray(x) + sum(map(np.multiply, c, moves)),
            center,
            *directions,
        )
        for c in points
    ]
    return np.array([float(loss(place)) for place in places])


@functools.cache
def expected():
    """What the network of the unit tests must give at POINTS."""
    return plainly(net_loss, PARAMS, DIRECTIONS, POINTS)


@pytest.mark.parametrize("loss", [net_loss, mlp_loss(X, Y, "tanh")], ids=["any", "mlp"])
@pytest.mark.parametrize("devices", [None, jax.devices()], ids=["threads", "devices"])
def test_every_way_gives_the_plain_loop(loss, devices):
    values = losses_at(loss, PARAMS, DIRECTIONS, POINTS, devices=devices)
    np.testing.assert_allclose(values, expected(), rtol=1e-12)


@given(st.integers(1, 90), st.integers(1, 3))
@PROPERTY
def test_any_number_of_points_and_directions(points, directions):
    places = np.random.default_rng(points).standard_normal((points, directions))
    steps = [jnp.eye(4)[k] for k in range(directions)]
    values = losses_at(squares, jnp.ones(4), steps, places)
    np.testing.assert_allclose(values, np.sum((1 + places) ** 2, 1) + 4 - directions, rtol=1e-12)


def squares(params):
    return jnp.sum(params**2)


@pytest.mark.nightly
@pytest.mark.parametrize(("activation", "bias"), [("relu", False), (jnp.sin, True)])
def test_the_fast_path_is_the_network_s_loss(activation, bias):
    # 600 examples: more than one block, the last one not full; labels of a class that is last.
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((600, 4)), rng.integers(0, 3, 600)
    net = mlp([4, 6, 5, 3], activation, bias=bias, dtype=jnp.float64)
    center, d1, d2 = (net.init(jax.random.key(k)) for k in range(3))
    fast = mlp_loss(x, y, activation)
    slow = lambda params: cross_entropy(net.apply(params, x), y)  # noqa: E731
    assert float(fast(center)) == pytest.approx(float(slow(center)), rel=1e-12)
    points = POINTS[:7]
    np.testing.assert_allclose(
        losses_at(fast, center, [d1, d2], points),
        plainly(slow, center, [d1, d2], points),
        rtol=1e-12,
    )
    slopes = [jax.jit(jax.grad(loss))(center) for loss in (fast, slow)]
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, atol=1e-12), *slopes)
    assert np.isnan(mlp_loss(x, y + 1, activation)(center))  # a label of no class


def test_single_precision_stays_within_1e_5_of_double():
    single = losses_at(
        mlp_loss(X.astype("float32"), Y, "tanh"),
        astype(PARAMS, jnp.float32),
        astype(DIRECTIONS, jnp.float32),
        0.3 * POINTS,
    )
    double = losses_at(net_loss, PARAMS, DIRECTIONS, 0.3 * POINTS)
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, double, atol=1e-5)


def test_inside_the_reader_s_own_vmap():
    scaled = jax.vmap(
        lambda s: losses_at(squares, s * jnp.ones(2), [jnp.eye(2)[0]], POINTS[:3, :1])
    )
    exact = [(s + POINTS[:3, 0]) ** 2 + s**2 for s in (1.0, 2.0)]
    np.testing.assert_allclose(scaled(jnp.array([1.0, 2.0])), exact)


def test_progress_counts_to_the_end_and_what_it_raises_stops_the_work():
    seen = []
    losses_at(
        squares, jnp.ones(2), [jnp.ones(2)], POINTS[:, :1], progress=lambda *n: seen.append(n)
    )
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert seen[-1] == (83, 83) and len(seen) > 20

    def stop(done, total):
        seen.append(done)
        if done > 10:
            raise KeyboardInterrupt

    seen.clear()
    with pytest.raises(KeyboardInterrupt):
        losses_at(squares, jnp.ones(2), [jnp.ones(2)], POINTS[:, :1], progress=stop)
    assert seen[-1] < 20


def test_pieces_come_in_order_and_can_be_left_early():
    pieces = loss_pieces(squares, jnp.zeros(1), [jnp.ones(1)], np.arange(50.0)[:, None])
    np.testing.assert_allclose(np.concatenate([next(pieces), next(pieces)]), np.arange(4.0) ** 2)
    pieces.close()
    assert list(pieces) == []


# --- many devices, many processes ---

SCRIPT = """
import json, sys, jax
if len(sys.argv) > 1:
    jax.distributed.initialize(f"127.0.0.1:{sys.argv[1]}", num_processes=2,
                               process_id=int(sys.argv[2]))
import numpy as np, jax.numpy as jnp
from unit_helpers import PARAMS, X, Y, net_loss
from test_evaluation import DIRECTIONS, POINTS
from lecture_utils import losses_at, mlp_loss
def values(loss):
    return losses_at(loss, PARAMS, DIRECTIONS, POINTS, devices=jax.devices()).tolist()
print(json.dumps([jax.device_count(), values(net_loss), values(mlp_loss(X, Y, "tanh"))]))
"""


def start(devices, *arguments):
    paths = [str(ROOT / "tests"), str(ROOT), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "XLA_FLAGS": f"--xla_force_host_platform_device_count={devices}",
        "JAX_PLATFORMS": "cpu",
    }
    command = [sys.executable, "-c", SCRIPT, *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.nightly
def test_four_devices_and_two_processes_give_what_one_device_gives():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    runs = [start(4), start(1, port, "0"), start(1, port, "1")]
    try:
        outputs = [run.communicate(timeout=120)[0] for run in runs]
    finally:
        for run in runs:
            run.kill()
    for output, devices in zip(outputs, (4, 2, 2), strict=True):
        count, *planes = json.loads(output.splitlines()[-1])  # after what Gloo has to say
        assert count == devices
        np.testing.assert_allclose(planes, [expected(), expected()], rtol=1e-12)


# --- bad input ---


def test_bad_input_is_refused_in_one_sentence():
    one = np.zeros((3, 1))
    with refuses("center"):
        losses_at(squares, jnp.arange(3), [jnp.ones(3)], one)
    with refuses("d1"):
        losses_at(squares, jnp.ones(3), [jnp.ones(2)], one)
    with refuses("coefficients"):
        losses_at(squares, jnp.ones(3), [jnp.ones(3)], np.zeros(3))
    with refuses("coefficients"):
        losses_at(squares, jnp.ones(3), [jnp.ones(3)], np.zeros((0, 1)))
    with refuses("coefficients"):
        losses_at(squares, jnp.ones(3), [jnp.ones(3)], np.full((1, 1), np.nan))
    with refuses("loss"):
        losses_at(lambda params: params, jnp.ones(3), [jnp.ones(3)], one)
    with refuses("devices"):
        losses_at(squares, jnp.ones(3), [jnp.ones(3)], one, devices=[])
    with refuses("y"):
        mlp_loss(X, Y[:-1])
    with refuses("y"):
        mlp_loss(X, Y.astype(float))
    with refuses("activation"):
        mlp_loss(X, Y, "no such")
