"""A 51×51 plane of a digits net: `plane_profile` against loss-landscapes and a PyTorch loop.

The claim: for a 64-100-100-10 tanh net and all 1797 digits in float32, on all cores,
``plane_profile`` of an ``mlp_loss`` is at least 3 times faster than loss-landscapes' random plane
and than a loop over PyTorch, both in the same run, takes at most 1/0.85 of the least that its
arithmetic costs here, and agrees with a float64 loop to 1e-5.  The exit status says whether it
holds.

Every measurement is a process of its own, and the order alternates from round to round, so that a
busy machine disturbs all alike.  The least is measured in the same run, on one core: NumPy's
products of the very shapes that ``mlp_loss`` multiplies, XLA's tanh for each unit, the first
layer's sum of three arrays; their sum over the cores.  It leaves out softmax, the weights of each
point and all memory between the parts.

Run ``python benchmarks/plane.py [rounds]``.  Needs torch and loss-landscapes.
"""

import os
import statistics
from concurrent.futures import ThreadPoolExecutor

from _harness import (
    best_of,
    command_line,
    cores,
    first_and_warm,
    jax_loss,
    measured,
    random_layers,
    read_digits,
    rounded,
    say,
    summary,
    torch_net,
    write_digits,
)

SIZES = (64, 100, 100, 10)
STEPS = 51
WARM_CALLS = 3
ERROR_LIMIT = 1e-5
OURS, DEVICES = "plane_profile, mlp_loss", "plane_profile, devices="
PACKAGE, LOOP = "loss_landscapes.random_plane", "torch loop"
LIMIT = "the least, by its arithmetic"
WANTED = {PACKAGE: 3.0, LOOP: 3.0}
WANTED_SHARE = 0.85


# --- the peers: each returns a function () -> numpy array (STEPS, STEPS), [β, α] ----------------


def ours_fast(x, y, weights, alphas):
    """The first layer made three times in all, examples as columns, one thread a core."""
    from lecture_utils import mlp_loss

    return _our_plane(mlp_loss(x, y, "tanh"), weights, alphas)


def ours_any(x, y, weights, alphas):
    """The same for a loss that is a function like any other."""
    return _our_plane(jax_loss(x, y, weights[0])[0], weights, alphas)


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

    model = torch_net(weights[0])
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
        with ThreadPoolExecutor(cores()) as pool:
            return _matrix(pool.map(point, _points(alphas)))

    return compute


PEERS = {
    OURS: ours_fast,
    DEVICES: ours_devices,
    "plane_profile, any loss": ours_any,
    PACKAGE: package,
    LOOP: torch_loop,
    "torch loop, split by hand": torch_threads,
}


def _our_plane(loss, weights, alphas, **options):
    from lecture_utils import plane_profile

    return lambda: plane_profile(loss, *weights, alphas, **options)


def _torch_layers(weights):
    import torch

    torch.set_num_threads(cores())
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

    rng = np.random.default_rng(0)
    center, *directions = (random_layers(rng, SIZES, "float64") for _ in range(3))
    for direction in directions:
        for d, c in zip(direction, center, strict=True):
            d["W"] *= np.linalg.norm(c["W"], axis=0) / np.linalg.norm(d["W"], axis=0)
            d["b"] *= 0
    x, y = read_digits(folder, dtype)
    weights = [rounded(net, dtype) for net in (center, *directions)]
    return x, y, weights, np.linspace(-1, 1, STEPS)


def prepare(folder):
    """Write the digits and the reference: a NumPy loop in float64."""
    import numpy as np

    write_digits(folder)
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
    """Seconds of the first and the warm calls, and the error."""
    if peer == LIMIT:
        return least_seconds()
    if peer == DEVICES:  # read by JAX when it is imported, which is later
        os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={cores()}"
    import numpy as np

    times, plane = first_and_warm(PEERS[peer](*problem(folder, "float32")), WARM_CALLS)
    error = np.max(np.abs(plane - np.load(folder / "reference.npy")))
    return times | {"error": float(error)}


def least_seconds() -> dict:
    """Processor seconds of one core for each part of a plane."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read by NumPy when it is imported, which is now
    import jax
    import jax.numpy as jnp
    import numpy as np

    from lecture_utils.evaluation import BLOCK

    blocks = -(-1797 // BLOCK)
    block = -(-1797 // blocks)
    rng = np.random.default_rng(0)
    calls, times = 100, STEPS**2 * blocks

    def product(rows, columns):
        weights, inputs, out = (
            rng.standard_normal(shape).astype("float32")
            for shape in ((rows, columns), (columns, block), (rows, block))
        )
        return best_of(lambda: [np.matmul(weights, inputs, out=out) for _ in range(calls)]) / calls

    def loop(step, *arrays):
        """Of one ``step`` in a compiled loop, which cannot be left out: each takes the last."""
        many = jax.jit(
            lambda first, *rest: jax.lax.fori_loop(0, calls, lambda _, h: step(h, *rest), first)
        )
        return best_of(lambda: jax.block_until_ready(many(*arrays))) / calls

    units = [jnp.asarray(rng.standard_normal((SIZES[1], block)), "float32") for _ in range(3)]
    whole = [jnp.tile(array, (blocks, 1, 1)) for array in units]
    return {
        "products": times * (product(SIZES[2], SIZES[1]) + product(SIZES[3], SIZES[2])),
        "tanh": 2 * times * loop(lambda h, bias: jnp.tanh(h + bias), units[0], units[1][:, :1]),
        "first layer": STEPS**2 * loop(lambda h, a, b: 0.5 * (a + 0.5 * b + 0.5 * h), *whole),
    }


# --- the run ------------------------------------------------------------------------------------


def summary_of_parts(results) -> dict:
    """The median of each part."""
    return {part: statistics.median(r[part] for r in results) for part in results[0]}


def main(rounds: int) -> int:
    """Run all peers ``rounds`` times, print the table, and return 0 if the claim holds."""
    runs, load = measured([*PEERS, LIMIT], rounds)
    parts = summary_of_parts(runs.pop(LIMIT))
    rows = {peer: summary(results) for peer, results in runs.items()}
    least = sum(parts.values())
    print(f"A {STEPS}x{STEPS} plane, 64-100-100-10 tanh, 1797 digits, float32, {cores()} cores.")
    print(f"{load[0].upper()}{load[1:]}.")
    print(f"Medians of {rounds} processes x {WARM_CALLS} warm calls; times: how often our")
    print(f"{OURS} runs in that time; CPU s: processor seconds of a warm call over all")
    print("cores; error: max |L - L in float64|.\n")
    print(f"{'':34}{'warm s':>8}{'times':>7}{'CPU s':>7}{'times':>7}{'first s':>9}{'error':>12}")
    for peer, row in rows.items():
        error = "other plane" if peer == PACKAGE else f"{row['error']:.1e}"
        print(
            f"{peer:34}{row['warm']:8.2f}{row['warm'] / rows[OURS]['warm']:7.2f}"
            f"{row['processor']:7.2f}{row['processor'] / rows[OURS]['processor']:7.2f}"
            f"{row['first']:9.2f}{error:>12}"
        )
    print(f"{LIMIT:34}{least / cores():8.2f}{'':7}{least:7.2f}")
    print(f"  = {' + '.join(f'{name} {seconds:.2f}' for name, seconds in parts.items())} CPU s")
    share = least / cores() / rows[OURS]["warm"]
    print(
        f"Share of it in our time: {share:.2f}; in our CPU s: {least / rows[OURS]['processor']:.2f}"
    )
    print()
    held = [
        say(
            f"at least {wanted:g} times faster than {rival}",
            rows[rival]["warm"] >= wanted * rows[OURS]["warm"],
        )
        for rival, wanted in WANTED.items()
    ]
    worst = max(row["error"] for peer, row in rows.items() if peer.startswith("plane_"))
    held.append(say(f"within {ERROR_LIMIT:g} of the float64 loop", worst < ERROR_LIMIT))
    held.append(say(f"at least {WANTED_SHARE:.0%} of the limit", share >= WANTED_SHARE))
    return 0 if all(held) else 1


if __name__ == "__main__":
    command_line(__doc__, main, measure, prepare)
