"""Products of curvature matrices over minibatches: our linear operators against curvlinops.

The claims, at N = 17610 (64-100-100-10, tanh, cross-entropy on all 1797 digits in batches of 256,
the last one shorter, float32): the Hessian, the generalized Gauss-Newton, the exact and the
empirical Fisher matrix give the products that curvlinops gives in float64, to 1e-5 of their size,
and no slower than curvlinops gives them, for one vector and for sixteen.  curvlinops has no exact
Fisher matrix; for a softmax it is the Gauss-Newton matrix, and is held against that.  The exit
status says whether the claims hold.

Every measurement is a process of its own; the order alternates from round to round, so that a
busy machine disturbs all alike.

Run ``python benchmarks/operators.py [rounds]``.  Needs benchmarks/requirements.txt.
"""

import itertools
import statistics

from _harness import (
    command_line,
    cores,
    first_and_warm,
    measured,
    random_layers,
    read_digits,
    say,
    torch_net,
    write_digits,
)

SIZES = (64, 100, 100, 10)
SIZE = sum((fan_in + 1) * fan_out for fan_in, fan_out in itertools.pairwise(SIZES))
BATCH, WARM_CALLS = 256, 3
ERROR_LIMIT = 1e-5
WIDTHS = {"1 vector": 1, "16 vectors": 16}
MATRICES = ("Hessian", "Gauss-Newton", "Fisher", "empirical Fisher")
OURS, RIVAL = "lecture_utils", "curvlinops"
NAMES = {f"{matrix}, {peer}": (matrix, peer) for matrix in MATRICES for peer in (OURS, RIVAL)}


# --- the peers: each gives a function of columns (N, width), in the flat order of PyTorch --------


def ours(matrix, x, y, layers):
    """lecture_utils."""
    import jax.numpy as jnp
    import numpy as np

    import lecture_utils as lu
    from lecture_utils.networks import cross_entropy, mlp

    net = mlp(SIZES, "tanh")
    params = [{name: jnp.asarray(value) for name, value in layer.items()} for layer in layers]
    batches = [(jnp.asarray(a), jnp.asarray(b)) for a, b in in_batches(x, y)]
    operator = {
        "Hessian": lambda: lu.hessian_operator(
            lambda p, batch: cross_entropy(net.apply(p, batch[0]), batch[1]), params, batches
        ),
        "Gauss-Newton": lambda: lu.gauss_newton_operator(net.apply, cross_entropy, params, batches),
        "Fisher": lambda: lu.fisher_operator(net.apply, params, batches),
        "empirical Fisher": lambda: lu.fisher_operator(
            net.apply, params, batches, kind="empirical"
        ),
    }[matrix]()
    # In our flat order a layer's weights are (fan_in, fan_out), in PyTorch's the other way round.
    places, begin = [], 0
    for fan_in, fan_out in itertools.pairwise(SIZES):
        weights = begin + np.arange(fan_in * fan_out).reshape(fan_out, fan_in)
        begin += (fan_in + 1) * fan_out
        places += [*weights.T.ravel(), *range(begin - fan_out, begin)]
    back = np.argsort(places)
    return lambda columns: np.asarray(operator @ columns[places])[back]


def curvlinops(matrix, x, y, layers):
    """curvlinops."""
    import curvlinops as peer
    import torch

    net = torch_net(layers)
    batches = [(torch.from_numpy(a), torch.from_numpy(b)) for a, b in in_batches(x, y)]
    kind = {
        "Hessian": peer.HessianLinearOperator,
        "Gauss-Newton": peer.GGNLinearOperator,
        "Fisher": peer.GGNLinearOperator,
        "empirical Fisher": peer.EFLinearOperator,
    }[matrix]
    operator = kind(
        net,
        torch.nn.CrossEntropyLoss(),
        list(net.parameters()),
        batches,
        check_deterministic=False,
    )
    return lambda columns: (operator @ torch.from_numpy(columns)).detach().numpy()


PEERS = {OURS: ours, RIVAL: curvlinops}


def in_batches(x, y):
    """Pairs of 256 examples, and what is left."""
    return [(x[i : i + BATCH], y[i : i + BATCH]) for i in range(0, len(x), BATCH)]


# --- one measurement, in a process of its own ---------------------------------------------------


def problem(folder, dtype):
    """Digits, random weights and vectors to multiply, by numpy alone."""
    import numpy as np

    rng = np.random.default_rng(0)
    layers = random_layers(rng, SIZES, dtype)
    columns = rng.standard_normal((SIZE, max(WIDTHS.values()))).astype("float32").astype(dtype)
    return *read_digits(folder, dtype), layers, columns


def prepare(folder):
    """Write the digits and the references: curvlinops' products in float64."""
    import numpy as np

    write_digits(folder)
    *data, columns = problem(folder, "float64")
    np.savez(folder / "reference.npz", **{m: curvlinops(m, *data)(columns) for m in MATRICES})


def measure(folder, name) -> dict:
    """For each number of vectors the seconds of the first and the warm calls, and the error."""
    import numpy as np

    matrix, peer = NAMES[name]
    *data, columns = problem(folder, "float32")
    reference = np.load(folder / "reference.npz")[matrix]
    product, found = PEERS[peer](matrix, *data), {}
    for label, width in WIDTHS.items():
        few = np.ascontiguousarray(columns[:, :width])
        times, result = first_and_warm(lambda few=few: product(few), WARM_CALLS)
        error = np.max(np.abs(result - reference[:, :width])) / np.max(np.abs(reference))
        found[label] = times | {"error": float(error)}
    return found


# --- the run ------------------------------------------------------------------------------------


def main(rounds: int) -> int:
    """Run both ``rounds`` times, print the table, and return 0 if the claims hold."""
    runs, load = measured(NAMES, rounds)
    print(
        f"Curvature matrices, N = {SIZE} (64-100-100-10 tanh), 1797 digits in batches of {BATCH},"
    )
    print(f"float32, {cores()} cores and as many threads for both; {load}.")
    print(
        f"Medians of {rounds} processes x {WARM_CALLS} warm calls; error: max |Mv - Mv in float64|"
    )
    print("of curvlinops, over max |Mv|.\n")
    print(
        f"{'':18}{'':12}{'ours ms':>9}{'curvlinops ms':>15}{'ratio':>7}{'CPU ratio':>11}"
        f"{'our error':>11}{'its error':>11}"
    )
    faster, worst = True, 0.0
    for matrix, label in itertools.product(MATRICES, WIDTHS):
        warm, processor, error = {}, {}, {}
        for peer in PEERS:
            results = [run[label] for run in runs[f"{matrix}, {peer}"]]
            warm[peer] = statistics.median(itertools.chain(*(r["warm"] for r in results)))
            processor[peer] = statistics.median(r["processor"] for r in results)
            error[peer] = max(r["error"] for r in results)
        ratio = warm[RIVAL] / warm[OURS]
        faster, worst = faster and ratio >= 1, max(worst, error[OURS])
        print(
            f"{matrix:18}{label:12}{1e3 * warm[OURS]:9.1f}{1e3 * warm[RIVAL]:15.1f}{ratio:7.1f}"
            f"{processor[RIVAL] / processor[OURS]:11.1f}{error[OURS]:11.0e}{error[RIVAL]:11.0e}"
        )
    print()
    held = say("no slower than curvlinops", faster)
    held &= say(f"within {ERROR_LIMIT:g} of its products in float64", worst < ERROR_LIMIT)
    return 0 if held else 1


if __name__ == "__main__":
    command_line(__doc__, main, measure, prepare)
