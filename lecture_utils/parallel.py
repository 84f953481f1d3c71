"""Work shared out over the cores of this computer, one Python thread each.

Compiled code lets go of Python's lock, so threads are enough; and small networks gain nothing from
XLA's own threads, so whole runs, or whole points of a surface, are what is shared out.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

__all__ = ["cores", "in_threads"]


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
