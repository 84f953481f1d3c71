"""What the benchmarks share: how a measurement is made, and the net that most of them measure.

Every measurement is a process of its own, so that no peer carries another's libraries, memory or
compiled code; the order alternates from round to round, so that a busy machine disturbs all alike.
A script hands `command_line` its ``main``, which prints the table and returns the exit status, and
what its processes do: ``prepare(folder)`` once, then ``measure(folder, name)``.
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

ROOT = pathlib.Path(__file__).resolve().parents[1]


# --- the run --------------------------------------------------------------------------------------


def command_line(usage, main, measure, prepare) -> None:
    """Do what the command line says: ``[rounds]``, or one of the processes that this starts."""
    match sys.argv[1:]:
        case ["prepare", folder]:
            prepare(pathlib.Path(folder))
        case ["measure", folder, name]:
            print(json.dumps(measure(pathlib.Path(folder), name)))
        case []:
            sys.exit(main(rounds=3))
        case [rounds] if rounds.isdigit() and int(rounds):
            sys.exit(main(int(rounds)))
        case _:
            sys.exit(usage)


def measured(names, rounds: int) -> tuple[dict[str, list[dict]], str]:
    """What ``measure`` gave for each name in each round, and how busy the machine was."""
    runs = {name: [] for name in names}
    with tempfile.TemporaryDirectory() as folder:
        _in_its_own_process("prepare", folder)
        before = os.getloadavg()[0]
        for turn in range(rounds):
            for name in list(runs)[:: 1 if turn % 2 == 0 else -1]:
                runs[name].append(json.loads(_in_its_own_process("measure", folder, name)))
                print(".", end="", flush=True, file=sys.stderr)
    print(file=sys.stderr)
    return runs, f"load average {before:.1f} before, {os.getloadavg()[0]:.1f} after"


def _in_its_own_process(*arguments) -> str:
    paths = filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "JAX_PLATFORMS": "cpu"}
    command = [sys.executable, sys.argv[0], *arguments]
    return subprocess.run(
        command, env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def cores() -> int:
    """What this process may use, which is what all libraries then take."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def timed(compute):
    """Wall seconds of a call, and what it returned."""
    start = time.perf_counter()
    result = compute()
    return time.perf_counter() - start, result


def best_of(compute, calls: int = 8) -> float:
    """Processor seconds of the fastest of some calls, after one that warms up."""
    compute()
    seconds = []
    for _ in range(calls):
        start = time.process_time()
        compute()
        seconds.append(time.process_time() - start)
    return min(seconds)


def first_and_warm(compute, calls: int):
    """Seconds of the first and the warm calls, processor seconds of a warm one; and the result."""
    first, result = timed(compute)
    start = time.process_time()
    warm = [timed(compute)[0] for _ in range(calls)]
    processor = (time.process_time() - start) / calls
    return {"first": first, "warm": warm, "processor": processor}, result


def summary(results) -> dict:
    """Medians of the times; of all else (errors, peaks) the largest."""
    found = {key: max(result[key] for result in results) for key in results[0]}
    for key in ("first", "processor"):
        found[key] = statistics.median(result[key] for result in results)
    return found | {"warm": statistics.median(itertools.chain(*(r["warm"] for r in results)))}


def say(claim: str, holds) -> bool:
    """Print the verdict on a claim, and hand it back."""
    print(f"{claim}: {'yes' if holds else 'NO'}")
    return bool(holds)


# --- digits and a tanh net, by numpy alone; then for JAX and for PyTorch --------------------------


def write_digits(folder) -> None:
    """Keep all 1797 digits in ``folder``, so that no measurement imports scikit-learn."""
    import numpy as np
    from sklearn.datasets import load_digits

    x, y = load_digits(return_X_y=True)
    np.savez(folder / "digits.npz", x=x / 16, y=y.astype(np.int64))


def read_digits(folder, dtype):
    """Pixels (1797, 64) and labels (1797,)."""
    import numpy as np

    with np.load(folder / "digits.npz") as digits:
        return digits["x"].astype(dtype), digits["y"]


def random_layers(rng, sizes, dtype) -> list[dict]:
    """Weights (fan_in, fan_out) and biases; the same numbers, float32's, in either precision."""
    layers = [
        {"W": rng.standard_normal((i, o)) / i**0.5, "b": 0.1 * rng.standard_normal(o)}
        for i, o in itertools.pairwise(sizes)
    ]
    return rounded(layers, dtype)


def rounded(layers, dtype) -> list[dict]:
    """The nearest float32 numbers, stored as ``dtype``."""
    return [{k: v.astype("float32").astype(dtype) for k, v in layer.items()} for layer in layers]


def jax_loss(x, y, layers):
    """Cross-entropy as a function of the parameters of `mlp`, and such parameters."""
    import jax
    import jax.numpy as jnp

    from lecture_utils.networks import cross_entropy, mlp

    jax.config.update("jax_enable_x64", True)  # the references are float64
    net = mlp((len(layers[0]["W"]), *(len(layer["b"]) for layer in layers)), "tanh")
    x, y = jnp.asarray(x), jnp.asarray(y)
    params = [{name: jnp.asarray(value) for name, value in layer.items()} for layer in layers]
    return lambda params: cross_entropy(net.apply(params, x), y), params


def torch_net(layers, threads: int | None = None):
    """The same net of PyTorch's modules, on all cores or on so many threads."""
    import torch

    torch.set_num_threads(threads or cores())
    modules = []
    for layer in layers:
        linear = torch.nn.Linear(*layer["W"].shape)
        linear.weight.data = torch.from_numpy(layer["W"].T.copy())
        linear.bias.data = torch.from_numpy(layer["b"].copy())
        modules += [linear, torch.nn.Tanh()]
    return torch.nn.Sequential(*modules[:-1])
