"""A student's function: run in time, read for dots, and asked which arguments it uses."""

from __future__ import annotations

import ast
import contextvars
import ctypes
import dis
import inspect
import linecache
import re
import textwrap
import threading
import time
from collections.abc import Callable
from typing import Any

__all__ = ["dots_in", "draws", "is_stub", "line_of", "name_error", "unused", "within"]


class _TimeUp(BaseException):
    """Ends a function from outside, through every `except Exception`."""


_PATIENCE = 6  # times the limit by the clock on the wall: for what waits and computes nothing


def within(seconds: float, work: Callable[[], Any], patience: float = _PATIENCE) -> Any:
    """What ``work()`` returns or raises; TimeoutError if it has computed for ``seconds``.

    Computing time is counted, so that an answer is not wrong because the machine is busy;
    ``patience`` times ``seconds`` by the clock end what waits for something that never comes. It
    runs in a thread of its own, so that also a call that never comes back to Python lets go.
    """
    done: dict[str, Any] = {}
    context = contextvars.copy_context()
    spent: list[Callable[[], float]] = [_time_of_the_process()]

    def run():
        spent[0] = _time_of_this_thread() or spent[0]
        try:
            done["value"] = context.run(work)
        except BaseException as error:
            done["error"] = error

    thread = threading.Thread(target=run, daemon=True)
    end = time.monotonic() + patience * seconds
    thread.start()
    try:
        while thread.is_alive():
            left = min(seconds - spent[0](), end - time.monotonic())
            if left <= 0:
                break
            thread.join(max(left, 0.01))
    finally:  # also where the student has interrupted the kernel
        if thread.is_alive():
            stop = ctypes.pythonapi.PyThreadState_SetAsyncExc
            stop(ctypes.c_ulong(thread.ident), ctypes.py_object(_TimeUp))
    if isinstance(done.get("error"), _TimeUp) or not done:
        raise TimeoutError
    if "error" in done:
        raise done["error"]
    return done["value"]


def _time_of_this_thread() -> Callable[[], float] | None:
    """Asks, from any thread, how long the calling one has computed; None where nobody can tell."""
    try:
        clock = time.pthread_getclockid(threading.get_ident())
    except (AttributeError, OSError):
        return None

    def spent():
        try:
            return time.clock_gettime(clock)
        except OSError:  # the thread has ended
            return 0.0

    return spent


def _time_of_the_process() -> Callable[[], float]:
    """The same for all threads together, but no more than the clock on the wall says."""
    computed, began = time.process_time(), time.monotonic()
    return lambda: min(time.process_time() - computed, time.monotonic() - began)


def _code_of(function: Callable):
    return getattr(inspect.unwrap(function), "__code__", None)


def _definition(function: Callable):
    """The function's syntax tree, or None where its source is not to be had (a lambda, a C one)."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function))))
    except (OSError, TypeError, SyntaxError):
        return None
    found = tree.body[0] if tree.body else None
    return found if isinstance(found, ast.FunctionDef) else None


def dots_in(function: Callable) -> str:
    """Where the function still holds the dots of a template.

    "expression" (`2 * ...`), "statement" (a line of its own), "perhaps" (there is no source, and
    an Ellipsis among the constants), or "". The dots of an index, `x[..., 0]`, are none.
    """
    tree = _definition(function)
    if tree is None:
        return "perhaps" if Ellipsis in _constants(_code_of(function)) else ""
    finder = _Dots()
    for line in tree.body:
        finder.visit(line)
    return finder.found


class _Dots(ast.NodeVisitor):
    found = ""

    def visit_Subscript(self, node):
        self.visit(node.value)

    def visit_Expr(self, node):
        if isinstance(node.value, ast.Constant) and node.value.value is ...:
            self.found = self.found or "statement"
        else:
            self.generic_visit(node)

    def visit_Constant(self, node):
        if node.value is ...:
            self.found = "expression"


def _constants(code) -> set:
    found = set()
    for constant in code.co_consts if code is not None else ():
        if constant is ...:
            found.add(constant)
        elif inspect.iscode(constant):
            found |= _constants(constant)
    return found


def is_stub(function: Callable) -> bool:
    """Whether the body does nothing at all: dots, `pass`, or a bare docstring."""
    code = _code_of(function)
    if code is None:
        return False
    idle = {"RESUME", "NOP", "POP_TOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"}
    return {step.opname for step in dis.get_instructions(code)} <= idle


def unused(function: Callable) -> set[int]:
    """The places of the arguments that the function never reads; none where it takes *args."""
    code = _code_of(function)
    if code is None or code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS):
        return set()
    used = {
        name
        for step in dis.get_instructions(code)
        if step.opname.startswith(("LOAD_", "STORE_FAST_LOAD_FAST", "MAKE_CELL", "DELETE_"))
        for name in (step.argval if isinstance(step.argval, tuple) else (step.argval,))
        if isinstance(name, str)
    }
    # A comprehension or a function inside reads it through a cell.
    used |= set(code.co_cellvars)
    names = code.co_varnames[: code.co_argcount]
    return {place for place, name in enumerate(names) if name not in used}


def draws(function: Callable) -> bool:
    """Whether the function itself asks numpy, JAX or Python for random numbers."""
    names = set(getattr(_code_of(function), "co_names", ()))
    return bool(names & {"random", "default_rng"})


def line_of(function: Callable, error: BaseException) -> str:
    """ " at line 3, `…`": the last line of the student's own cell that the error came through."""
    code, trace, where = _code_of(function), error.__traceback__, ""
    while trace is not None and code is not None:
        if trace.tb_frame.f_code.co_filename == code.co_filename:
            source = linecache.getline(code.co_filename, trace.tb_lineno).strip()
            where = f" at line {trace.tb_lineno}" + (f", `{source:.60}`" if source else "")
        trace = trace.tb_next
    return where


def name_error(error: BaseException) -> str:
    """An error's kind and the first line of what it says."""
    first_line = (str(error).strip().splitlines() or [""])[0]
    first_line = re.sub(r" at 0x[0-9a-f]+", "", first_line)  # where something lies says nothing
    return f"{type(error).__name__}: {textwrap.shorten(first_line, 160)}".rstrip(": ")
