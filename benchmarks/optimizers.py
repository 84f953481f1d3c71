"""Whole training runs: `trajectory` and `train` against a PyTorch loop and an optax Python loop.

Two claims, each in the same run and on one core for every peer:

* 10 000 Adam steps on Rosenbrock's two variables, every iterate kept: `trajectory` takes under 5 ms
  and per step at least 1000 times less than a loop over ``torch.optim.Adam`` and 100 times less
  than a Python loop over a compiled optax step.
* A 64-32-10 tanh digits net, Adam, batch 64, 200 epochs: `train` is at least 4 times faster than
  the PyTorch loop on one thread.

All peers start alike and see the same batches, and must arrive alike.  Every measurement is a
process of its own; the order alternates from round to round, so that a busy machine disturbs all.
The exit status says whether both claims hold.

Run ``python benchmarks/optimizers.py [rounds]``.  Needs torch, which nothing else here does.
"""

import os

from _harness import (
    command_line,
    first_and_warm,
    measured,
    random_layers,
    read_digits,
    say,
    summary,
    torch_net,
    write_digits,
)

SIZES, BATCH, EPOCHS = (64, 32, 10), 64, 200
RATE_SURFACE, RATE_DIGITS = 0.01, 1e-3
START, STEPS, LOOP_STEPS = (-1.2, 1.0), 10_000, 2_000  # a Python loop is timed over fewer steps
LIMIT_MS, TORCH_RATIO, OPTAX_RATIO, DIGITS_RATIO = 5.0, 1000, 100, 4


# --- Adam on Rosenbrock: each returns (function () -> iterates, steps, warm calls) ----------------


def surface_ours(_):
    """One compiled scan that keeps all iterates."""
    import jax
    import jax.numpy as jnp
    import numpy as np

    from lecture_utils import adam, surfaces, trajectory

    jax.config.update("jax_enable_x64", True)
    start, optimizer = jnp.array(START), adam(RATE_SURFACE)
    run = lambda: np.asarray(trajectory(surfaces.rosenbrock, start, optimizer, STEPS).params)  # noqa: E731
    return run, STEPS, 30


def surface_optax(_):
    """A Python loop over one compiled step of optax."""
    import jax
    import jax.numpy as jnp
    import numpy as np
    import optax

    jax.config.update("jax_enable_x64", True)
    optimizer = optax.adam(RATE_SURFACE)

    @jax.jit
    def step(params, state):
        slope = jax.grad(_rosenbrock)(params)
        move, state = optimizer.update(slope, state, params)
        return optax.apply_updates(params, move), state

    def run():
        params = jnp.array(START)
        state, path = optimizer.init(params), [params]
        for _ in range(LOOP_STEPS):
            params, state = step(params, state)
            path.append(params)
        return np.asarray(path)

    return run, LOOP_STEPS, 2


def surface_torch(_):
    """The loop of every PyTorch tutorial."""
    import numpy as np
    import torch

    torch.set_num_threads(1)

    def run():
        params = torch.tensor(START, dtype=torch.float64, requires_grad=True)
        optimizer, path = torch.optim.Adam([params], lr=RATE_SURFACE), [START]
        for _ in range(LOOP_STEPS):
            optimizer.zero_grad()
            _rosenbrock(params).backward()
            optimizer.step()
            path.append(params.detach().numpy().copy())
        return np.asarray(path)

    return run, LOOP_STEPS, 2


def _rosenbrock(theta):
    x, y = theta[0], theta[1]
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


# --- Adam on digits: each returns (function () -> mean loss per epoch, steps, warm calls) ---------


def digits_ours(folder):
    """`train`: one compiled scan per epoch."""
    import jax.numpy as jnp

    from lecture_utils import adam, train
    from lecture_utils.networks import cross_entropy, mlp

    x, y, weights = _problem(folder)
    net, optimizer = mlp(SIZES, "tanh"), adam(RATE_DIGITS)
    params = [{name: jnp.asarray(value) for name, value in layer.items()} for layer in weights]

    def loss(params, batch):
        return cross_entropy(net.apply(params, batch[0]), batch[1])

    def run():
        arguments = {"epochs": EPOCHS, "batch_size": BATCH, "seed": 0}
        return train(loss, params, (x, y), optimizer, **arguments).losses

    return run, EPOCHS * (len(x) // BATCH), 2


def digits_torch(folder):
    """Modules, cross-entropy and Adam of PyTorch on one thread, batches by indexing."""
    import numpy as np
    import torch

    x, y, weights = _problem(folder)
    x, y = torch.from_numpy(x), torch.from_numpy(y)

    def run():
        net = torch_net(weights, threads=1)
        optimizer, losses = torch.optim.Adam(net.parameters(), lr=RATE_DIGITS), []
        rng = np.random.default_rng(0)
        for _ in range(EPOCHS):
            order = rng.permutation(len(x))[: len(x) - len(x) % BATCH].reshape(-1, BATCH)
            values = []
            for rows in torch.from_numpy(order):
                optimizer.zero_grad()
                loss = torch.nn.functional.cross_entropy(net(x[rows]), y[rows])
                loss.backward()
                optimizer.step()
                values.append(loss.detach())
            losses.append(float(torch.stack(values).mean()))
        return np.array(losses)

    return run, EPOCHS * (len(x) // BATCH), 1


def _problem(folder):
    import numpy as np

    layers = random_layers(np.random.default_rng(0), SIZES, "float32")
    return *read_digits(folder, "float32"), layers


PEERS = {
    "lecture_utils.trajectory": surface_ours,
    "Python loop, compiled optax step": surface_optax,
    "torch loop, two variables": surface_torch,
    "lecture_utils.train": digits_ours,
    "torch loop, digits, one thread": digits_torch,
}
OURS, OPTAX, TORCH, OURS_DIGITS, TORCH_DIGITS = PEERS


# --- one measurement, in a process of its own -----------------------------------------------------


def measure(folder, peer) -> dict:
    """Wall seconds of the first and of the warm calls, the steps of a call, and what it found."""
    import numpy as np

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    run, steps, calls = PEERS[peer](folder)
    times, result = first_and_warm(run, calls)
    values = np.asarray(result, float)
    found = values[LOOP_STEPS].tolist() if values.ndim == 2 else [values[0], values[9]]
    return times | {"steps": steps, "found": found}


# --- the run --------------------------------------------------------------------------------------


def main(rounds: int) -> int:
    """Run all peers ``rounds`` times, print the table, and return 0 if the claims hold."""
    runs, load = measured(PEERS, rounds)
    rows = {peer: summary(results) for peer, results in runs.items()}
    step = {peer: row["warm"] / row["steps"] for peer, row in rows.items()}
    ours = {peer: OURS if list(PEERS).index(peer) < 3 else OURS_DIGITS for peer in PEERS}
    ratio = {peer: step[peer] / step[ours[peer]] for peer in PEERS}
    print("Adam. Above: Rosenbrock, float64, every iterate kept. Below: digits, 64-32-10, float32.")
    print(f"One core for every peer; {load}.")
    print(f"Medians over {rounds} processes; ratio: time per step to ours.\n")
    print(f"{'':34}{'steps':>7}{'warm ms':>10}{'us/step':>9}{'ratio':>8}{'first s':>9}")
    for peer, row in rows.items():
        print(
            f"{peer:34}{row['steps']:7d}{1e3 * row['warm']:10.2f}{1e6 * step[peer]:9.2f}"
            f"{ratio[peer]:8.0f}{row['first']:9.2f}"
        )
    claims = {
        f"{STEPS} steps under {LIMIT_MS:g} ms": 1e3 * rows[OURS]["warm"] < LIMIT_MS,
        f"at least {TORCH_RATIO} times faster than the torch loop": ratio[TORCH] >= TORCH_RATIO,
        f"at least {OPTAX_RATIO} times faster than the optax loop": ratio[OPTAX] >= OPTAX_RATIO,
        f"digits: at least {DIGITS_RATIO} times faster than torch": (
            ratio[TORCH_DIGITS] >= DIGITS_RATIO
        ),
        "all arrive at the same place": _agree(runs, (OURS, OPTAX, TORCH), 1e-6)
        and _agree(runs, (OURS_DIGITS, TORCH_DIGITS), 1e-3),
    }
    print()
    held = [say(claim, holds) for claim, holds in claims.items()]
    return 0 if all(held) else 1


def _agree(runs, peers, tolerance) -> bool:
    found = [run["found"] for peer in peers for run in runs[peer]]
    return all(
        abs(one - other) <= tolerance * abs(one)
        for values in found
        for one, other in zip(found[0], values, strict=True)
    )


if __name__ == "__main__":
    command_line(__doc__, main, measure, write_digits)
