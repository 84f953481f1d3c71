"""The dense Hessian of a small digits net: `hessian` against JAX's own and PyTorch's two ways.

The claim: at N = 1930 (64-20-20-10, tanh, cross-entropy on all 1797 digits, float32) `hessian` is
faster than ``torch.func.jacrev(grad, chunk_size=64)`` in the same run, with the same cores, and
peaks under 700 MB.  The exit status says whether it holds.

Every measurement is a process of its own, so that peak memory is its own and compiling is seen;
the order alternates from round to round, so that a busy machine disturbs all alike.

Run ``python benchmarks/hessian.py [rounds]``.  Needs torch, which nothing else here does.
"""

import itertools
import resource
import sys

from _harness import (
    command_line,
    cores,
    first_and_warm,
    jax_loss,
    measured,
    random_layers,
    read_digits,
    say,
    summary,
    write_digits,
)

SIZES = (64, 20, 20, 10)
SIZE = sum((fan_in + 1) * fan_out for fan_in, fan_out in itertools.pairwise(SIZES))
WARM_CALLS = 3
PEAK_LIMIT_MB = 700
ERROR_LIMIT = 1e-5
OURS, RIVAL = "lecture_utils.hessian", "torch jacrev(grad, chunk_size=64)"


# --- the peers: each returns a function () -> numpy array (N, N) --------------------------------


def lecture_utils_hessian(x, y, weights):
    """Linearize the gradient once, then its products with the basis, 16 at a time."""
    import numpy as np

    from lecture_utils import hessian

    loss, params = jax_loss(x, y, weights)
    return lambda: np.asarray(hessian(loss, params))


def jax_hessian(x, y, weights):
    """jax.hessian on the flat parameters, compiled."""
    import jax
    import numpy as np
    from jax.flatten_util import ravel_pytree

    loss, params = jax_loss(x, y, weights)
    flat, unravel = ravel_pytree(params)
    dense = jax.jit(jax.hessian(lambda vector: loss(unravel(vector))))
    return lambda: np.asarray(dense(flat))


def torch_jacrev(x, y, weights):
    """Reverse over reverse, 64 rows at a time: the fastest that PyTorch offers for this size."""
    import torch

    loss, flat = _torch_loss(x, y, weights)
    dense = torch.func.jacrev(torch.func.grad(loss), chunk_size=64)
    return lambda: dense(flat).detach().numpy()


def torch_hessian(x, y, weights):
    """torch.func.hessian on the flat parameters."""
    import torch

    loss, flat = _torch_loss(x, y, weights)
    dense = torch.func.hessian(loss)
    return lambda: dense(flat).detach().numpy()


PEERS = {
    OURS: lecture_utils_hessian,
    "jax.hessian, compiled": jax_hessian,
    RIVAL: torch_jacrev,
    "torch.func.hessian": torch_hessian,
}


def _torch_loss(x, y, weights):
    import torch

    torch.set_num_threads(cores())
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    leaves = [torch.from_numpy(layer[name]) for layer in weights for name in ("W", "b")]
    flat = torch.cat([leaf.reshape(-1) for leaf in leaves])

    def loss(vector):
        pieces = zip(vector.split([leaf.numel() for leaf in leaves]), leaves, strict=True)
        w1, b1, w2, b2, w3, b3 = (piece.view(leaf.shape) for piece, leaf in pieces)
        hidden = torch.tanh(torch.tanh(x @ w1 + b1) @ w2 + b2)
        return torch.nn.functional.cross_entropy(hidden @ w3 + b3, y)

    return loss, flat


# --- one measurement, in a process of its own ---------------------------------------------------


def problem(folder, dtype):
    """Digits and random weights, by numpy alone: no peer carries another's libraries."""
    import numpy as np

    layers = random_layers(np.random.default_rng(0), SIZES, dtype)
    return *read_digits(folder, dtype), layers


def prepare(folder):
    """Write the digits and the reference Hessian: PyTorch's, in float64."""
    import numpy as np

    write_digits(folder)
    np.save(folder / "reference.npy", torch_jacrev(*problem(folder, "float64"))())


def measure(folder, peer) -> dict:
    """Wall seconds of the first and the warm calls, processor seconds, peak memory, error."""
    import numpy as np

    compute = PEERS[peer](*problem(folder, "float32"))
    times, matrix = first_and_warm(compute, WARM_CALLS)
    # Read before the reference is loaded, which is not the peer's to carry.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    error = np.max(np.abs(matrix - np.load(folder / "reference.npy")))
    return times | {
        "peak": peak / (1e6 if sys.platform == "darwin" else 1e3),
        "error": float(error),
    }


# --- the run ------------------------------------------------------------------------------------


def main(rounds: int) -> int:
    """Run all peers ``rounds`` times, print the table, and return 0 if the claim holds."""
    runs, load = measured(PEERS, rounds)
    rows = {peer: summary(results) for peer, results in runs.items()}
    print(f"Dense Hessian, N = {SIZE} (64-20-20-10 tanh), 1797 digits, float32.")
    print(f"{cores()} cores and as many threads for every peer; {load}.")
    print(f"Medians of {rounds} processes x {WARM_CALLS} warm calls; ratio to {RIVAL};")
    print(
        "CPU s: processor seconds of a warm call over all cores; error: max |H - H in float64|.\n"
    )
    print(f"{'':34}{'warm s':>7}{'ratio':>7}{'CPU s':>7}{'first s':>9}{'peak MB':>9}{'error':>9}")
    for peer, row in rows.items():
        ratio = row["warm"] / rows[RIVAL]["warm"]
        print(
            f"{peer:34}{row['warm']:7.2f}{ratio:7.2f}{row['processor']:7.2f}"
            f"{row['first']:9.2f}{row['peak']:9.0f}{row['error']:9.1e}"
        )
    print()
    ours = rows[OURS]
    held = [
        say(f"faster than {RIVAL}", ours["warm"] < rows[RIVAL]["warm"]),
        say(f"peak under {PEAK_LIMIT_MB} MB", ours["peak"] < PEAK_LIMIT_MB),
        say(f"within {ERROR_LIMIT:g} of the float64 Hessian", ours["error"] < ERROR_LIMIT),
    ]
    return 0 if all(held) else 1


if __name__ == "__main__":
    command_line(__doc__, main, measure, prepare)
