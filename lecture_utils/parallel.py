"""Work shared out over the cores of this computer, one Python thread each.

Compiled code lets go of Python's lock, so threads are enough; and small networks gain nothing from
XLA's own threads, so whole runs, or whole points of a surface, are what is shared out.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from threading import Lock

from threadpoolctl import ThreadpoolController

__all__ = ["cores", "in_threads", "one_blas_thread"]


def cores() -> int:
    """How many cores this process may use: not all of them on a shared machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def in_threads(function: Callable, items: Iterable, threads: int | None = None) -> Iterator:
    """Yield ``function(item)`` for every item, in order, computed by one thread per core.

    Whoever stops asking stops the work: what has not begun by then is not begun.
    """
    pool = ThreadPoolExecutor(threads or cores())
    try:
        yield from pool.map(function, items)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_limited = {"blocks": 0, "limit": None, "lock": Lock()}


@contextmanager
def one_blas_thread():
    """Within, numpy multiplies and factorizes by one thread.

    For matrices of a hundred rows a second thread costs more than it gives, and that twice: when
    its work is done it keeps a core busy for some 30 ms, waiting for more, which the compiled code
    that comes next does not have.  Ten eigenpairs of a net of 17610 took 1.6 times as long.

    The limit is the process's, and blocks may run in several threads: the first one sets it, the
    last one lifts it.
    """
    with _limited["lock"]:
        if _limited["blocks"] == 0:
            _limited["limit"] = _libraries().limit(limits=1, user_api="blas")
        _limited["blocks"] += 1
    try:
        yield
    finally:
        with _limited["lock"]:
            _limited["blocks"] -= 1
            if _limited["blocks"] == 0:
                _limited["limit"].restore_original_limits()


@cache
def _libraries():
    """What is loaded: numpy's BLAS and SciPy's.  To look for them takes milliseconds."""
    return ThreadpoolController()
