"""A 51×51 plane of a digits net: `plane_profile` against loss-landscapes and a PyTorch loop.

The claim: for a 64-100-100-10 tanh net and all 1797 digits in float32, on all cores,
``plane_profile`` of an ``mlp_loss`` is at least 2.5 times faster than loss-landscapes' random plane
and 3 times faster than a loop over PyTorch, both in the same run, and agrees with a float64 loop
to 1e-5.  The exit status says whether it holds.

Every measurement is a process of its own, and the order alternates from round to round, so that a
busy machine disturbs all alike.  The share of the machine's matrix rate is nominal: 2 floating-
point operations for each weight, example and grid point, against NumPy's float32 product of two
matrices of 2000×2000 in the same process.  ``mlp_loss`` is spared a third of them by its algebra,
so its share may pass 1.

Run ``python benchmarks/plane.py [rounds]``.  Needs torch and loss-landscapes.
"""

import itertools
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

SIZES = (64, 100, 100, 10)
STEPS = 51
WARM_CALLS = 3
ERROR_LIMIT = 1e-5
OURS = "plane_profile, mlp_loss"
PACKAGE, LOOP = "loss_landscapes.random_plane", "torch loop"
WANTED = {PACKAGE: 2.5, LOOP: 3.0}
ROOT = pathlib.Path(__file__).resolve().parents[1]
OPERATIONS = 2 * 1797 * STEPS**2 * sum(a * b for a, b in itertools.pairwise(SIZES))


# --- the peers: each returns a function () -> numpy array (STEPS, STEPS), [β, α] ----------------


def ours_fast(x, y, weights, alphas):
    """The first layer made three times in all, examples as columns, one thread a core."""
    from lecture_utils import mlp_loss

    return _our_plane(mlp_loss(x, y, "tanh"), weights, alphas)


def ours_any(x, y, weights, alphas):
    """The same for a loss that is a function like any other."""
    return _our_plane(_any_loss(x, y), weights, alphas)


def ours_devices(x, y, weights, alphas):
    """The same spread over host devices, one a core, by JAX's own sharding."""
    import jax

    from lecture_utils import mlp_loss

    return _our_plane(mlp_loss(x, y, "tanh"), weights, alphas, devices=jax.devices())


def package(x, y, weights, alphas):
    """Its own random filter-normalized plane: the same work, not the same points."""
    import loss_landscapes
    import torch
    from loss_landscapes.metrics import Loss

    center, *_ = _torch_layers(weights)
    model = torch.nn.Sequential()
    for depth, (weight, bias) in enumerate(center):
        linear = torch.nn.Linear(weight.shape[1], weight.shape[0])
        linear.weight.data, linear.bias.data = weight, bias
        model.extend([linear, torch.nn.Tanh()] if depth < len(center) - 1 else [linear])
    metric = Loss(torch.nn.functional.cross_entropy, torch.from_numpy(x), torch.from_numpy(y))

    def compute():
        with torch.no_grad():
            return loss_landscapes.random_plane(model, metric, steps=STEPS, deepcopy_model=True)

    return compute


def torch_loop(x, y, weights, alphas):
    """One point after the other, PyTorch's own threads."""
    point = _torch_point(x, y, weights)
    return lambda: _matrix(map(point, _points(alphas)))


def torch_threads(x, y, weights, alphas):
    """The points split over one Python thread a core, as ours are: what PyTorch could do."""
    import torch

    point = _torch_point(x, y, weights)
    torch.set_num_threads(1)

    def compute():
        with ThreadPoolExecutor(_cores()) as pool:
            return _matrix(pool.map(point, _points(alphas)))

    return compute


PEERS = {
    OURS: ours_fast,
    "plane_profile, devices=": ours_devices,
    "plane_profile, any loss": ours_any,
    PACKAGE: package,
    LOOP: torch_loop,
    "torch loop, split by hand": torch_threads,
}


def _any_loss(x, y):
    import jax.numpy as jnp

    from lecture_utils.networks import cross_entropy, mlp

    net, x, y = mlp(SIZES, "tanh"), jnp.asarray(x), jnp.asarray(y)
    return lambda params: cross_entropy(net.apply(params, x), y)


def _our_plane(loss, weights, alphas, **options):
    from lecture_utils import plane_profile

    return lambda: plane_profile(loss, *weights, alphas, **options)


def _torch_layers(weights):
    import torch

    torch.set_num_threads(_cores())
    return [
        [(torch.from_numpy(layer["W"].T.copy()), torch.from_numpy(layer["b"])) for layer in net]
        for net in weights
    ]


def _torch_point(x, y, weights):
    import torch

    layers, x, y = _torch_layers(weights), torch.from_numpy(x), torch.from_numpy(y)

    def point(place):
        alpha, beta = place
        with torch.no_grad():
            z = x
            for depth, arrays in enumerate(zip(*layers, strict=True)):
                weight, bias = (c + alpha * a + beta * b for c, a, b in zip(*arrays, strict=True))
                z = torch.nn.functional.linear(torch.tanh(z) if depth else z, weight, bias)
            return float(torch.nn.functional.cross_entropy(z, y))

    return point


def _points(alphas):
    return [(float(alpha), float(beta)) for beta in alphas for alpha in alphas]


def _matrix(values):
    import numpy as np

    return np.reshape(list(values), (STEPS, STEPS))


# --- one measurement, in a process of its own ---------------------------------------------------


def problem(folder, dtype):
    """Digits, random weights and two filter-normalized directions, by numpy alone."""
    import numpy as np

    with np.load(folder / "digits.npz") as digits:
        x, y = digits["x"].astype(dtype), digits["y"]
    rng = np.random.default_rng(0)

    def net():
        return [
            {"W": rng.standard_normal((i, o)) / i**0.5, "b": 0.1 * rng.standard_normal(o)}
            for i, o in itertools.pairwise(SIZES)
        ]

    center, *directions = net(), net(), net()
    for direction in directions:
        for d, c in zip(direction, center, strict=True):
            d["W"] *= np.linalg.norm(c["W"], axis=0) / np.linalg.norm(d["W"], axis=0)
            d["b"] *= 0
    weights = [
        [{k: v.astype("float32").astype(dtype) for k, v in layer.items()} for layer in net]
        for net in (center, *directions)
    ]
    return x, y, weights, np.linspace(-1, 1, STEPS)


def prepare(folder):
    """Write the digits and the reference: a NumPy loop in float64."""
    import numpy as np
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    np.savez(folder / "digits.npz", x=x / 16, y=y.astype(np.int64))
    x, y, weights, alphas = problem(folder, "float64")

    def loss(place):
        z = x
        for depth, (c, a, b) in enumerate(zip(*weights, strict=True)):
            layer = {k: c[k] + place[0] * a[k] + place[1] * b[k] for k in c}
            z = (np.tanh(z) if depth else z) @ layer["W"] + layer["b"]
        top = z.max(axis=1)
        log_sum = top + np.log(np.exp(z - top[:, None]).sum(axis=1))
        return np.mean(log_sum - z[np.arange(len(y)), y])

    np.save(folder / "reference.npy", _matrix(map(loss, _points(alphas))))


def measure(folder, peer) -> dict:
    """Seconds of the first and the warm calls, the machine's matrix rate, the error."""
    import numpy as np

    square = np.ones((2000, 2000), np.float32)
    rate = 2 * 2000**3 / min(_timed(lambda: square @ square)[0] for _ in range(4))
    compute = PEERS[peer](*problem(folder, "float32"))
    first, plane = _timed(compute)
    warm = [_timed(compute)[0] for _ in range(WARM_CALLS)]
    error = np.max(np.abs(plane - np.load(folder / "reference.npy")))
    return {"first": first, "warm": warm, "rate": rate, "error": float(error)}


def _timed(compute):
    start = time.perf_counter()
    result = compute()
    return time.perf_counter() - start, result


# --- the run ------------------------------------------------------------------------------------


def main(rounds: int) -> int:
    """Run all peers ``rounds`` times, print the table, and return 0 if the claim holds."""
    runs = {peer: [] for peer in PEERS}
    with tempfile.TemporaryDirectory() as folder:
        _in_its_own_process("prepare", folder)
        load_before = os.getloadavg()[0]
        for turn in range(rounds):
            for peer in list(PEERS)[:: 1 if turn % 2 == 0 else -1]:
                runs[peer].append(json.loads(_in_its_own_process("measure", folder, peer)))
                print(".", end="", flush=True, file=sys.stderr)
    print(file=sys.stderr)

    results = list(itertools.chain.from_iterable(runs.values()))
    rate = statistics.median(result["rate"] for result in results)
    warm = {
        peer: statistics.median(second for result in runs[peer] for second in result["warm"])
        for peer in PEERS
    }
    print(f"A {STEPS}x{STEPS} plane, 64-100-100-10 tanh, 1797 digits, float32, {_cores()} cores.")
    print(f"Load average {load_before:.1f} before, {os.getloadavg()[0]:.1f} after.")
    print(f"Medians of {rounds} processes x {WARM_CALLS} warm calls; times: how often our")
    print(f"{OURS} runs in that time; share: of {rate / 1e9:.0f} GFLOP/s, the rate of")
    print("a large matrix product here; error: max |L - L in float64|.\n")
    print(f"{'':34}{'warm s':>8}{'times':>7}{'share':>7}{'first s':>9}{'error':>10}")
    errors = {}
    for peer, seconds in warm.items():
        first = statistics.median(result["first"] for result in runs[peer])
        errors[peer] = max(result["error"] for result in runs[peer])
        error = "other plane" if peer == PACKAGE else f"{errors[peer]:.1e}"
        print(
            f"{peer:34}{seconds:8.2f}{seconds / warm[OURS]:7.2f}"
            f"{OPERATIONS / seconds / rate:7.2f}{first:9.2f}{error:>12}"
        )
    print()
    fast = True
    for rival, wanted in WANTED.items():
        held = warm[rival] >= wanted * warm[OURS]
        fast = fast and held
        print(f"at least {wanted:g} times faster than {rival}: {'yes' if held else 'NO'}")
    exact = max(errors[peer] for peer in PEERS if peer.startswith("plane_")) < ERROR_LIMIT
    print(f"within {ERROR_LIMIT:g} of the float64 loop: {'yes' if exact else 'NO'}")
    return 0 if fast and exact else 1


def _in_its_own_process(*arguments) -> str:
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "JAX_PLATFORMS": "cpu",
    }
    if arguments[-1] == "plane_profile, devices=":
        environment["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={_cores()}"
    command = [sys.executable, __file__, *arguments]
    return subprocess.run(
        command, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def _cores() -> int:
    # What this process may use, which is what all libraries then take.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["prepare", folder]:
            prepare(pathlib.Path(folder))
        case ["measure", folder, peer]:
            print(json.dumps(measure(pathlib.Path(folder), peer)))
        case [] | [_]:
            sys.exit(main(rounds=int(sys.argv[1]) if sys.argv[1:] else 3))
        case _:
            sys.exit(__doc__)
