"""Threads over the cores: order, errors, and an end when nobody asks any more."""

import threading

import pytest

from lecture_utils.parallel import cores, in_threads
from lecture_utils.studio.progress import parallel, progress


def test_results_come_in_order():
    assert list(in_threads(lambda x: x * x, range(20), threads=3)) == [x * x for x in range(20)]
    assert parallel(str, [1, 2], "words") == ["1", "2"]
    assert cores() >= 1


def test_an_error_reaches_whoever_asks():
    def fail(x):
        if x == 2:
            raise ValueError("two")
        return x

    found = in_threads(fail, range(4), threads=1)
    assert [next(found), next(found)] == [0, 1]
    with pytest.raises(ValueError, match="two"):
        next(found)


def test_who_stops_asking_stops_the_work():
    begun, go = [], threading.Event()

    def work(x):
        begun.append(x)
        if x:
            go.wait(10)
        return x

    found = in_threads(work, range(100), threads=1)
    assert next(found) == 0
    go.set()
    found.close()
    assert len(begun) < 100


def test_progress_counts_what_has_no_length():
    assert list(progress(iter("abc"), "letters", 3)) == ["a", "b", "c"]
    assert list(progress(["a"], "letters")) == ["a"]
