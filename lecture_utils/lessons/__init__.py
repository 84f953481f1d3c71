"""The lessons: one folder for each notebook, named like it.

Here, and nowhere else, is decided how JAX computes in the course.  The instruments change nothing
global; whoever imports a lesson gets the settings below.

* float64 is allowed: from then on the dtype of the parameters decides.  Surfaces and everything
  that reads the *sign* of an eigenvalue are float64, networks are trained in float32.
* Products of float32 matrices are made in float32.  A recent GPU would otherwise round their
  inputs to ten bits, and verdicts of the course move with that: with inputs rounded so on a CPU,
  none of 00's 384 minima has a loss below 1e-12, and 06's rescaled network gives outputs that
  differ by 0.03 instead of 1e-5.
* XLA compiles with LLVM's second level of optimization and not its third.  Compiling is most of
  what a class waits for; this way it takes a fifth less (a draw of random numbers: half), and no
  printed number of a notebook changes.
"""

import importlib
import os
import pkgutil

import jax

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_default_matmul_precision", "highest")
flags = os.environ.get("XLA_FLAGS", "")  # read by JAX when it first computes, which is later
if "xla_backend_optimization_level" not in flags:
    os.environ["XLA_FLAGS"] = f"{flags} --xla_backend_optimization_level=2".strip()


def all_lessons() -> list:
    """Every `Lesson` of the course, in the order of the notebooks."""
    names = [found.name for found in pkgutil.iter_modules(__path__) if found.ispkg]
    lessons = [importlib.import_module(f"{__name__}.{name}").lesson for name in names]
    return sorted(lessons, key=lambda lesson: lesson.notebook)


def explorers_of(lesson) -> dict[str, type]:
    """The explorers that a lesson declares, by name."""
    from lecture_utils.studio.explorer import Explorer  # widgets, only for who asks

    module = importlib.import_module(f"{__name__}.{lesson.name}.explorers")
    return {
        name: thing
        for name, thing in vars(module).items()
        if isinstance(thing, type)
        and issubclass(thing, Explorer)
        and (thing.__module__, thing.__name__) == (module.__name__, name)
        and not name.startswith("_")
    }


def progress_page():
    """The student's page: what is predicted, solved and reached, to export or to forget."""
    from lecture_utils.studio.progress_page import ProgressPage

    return ProgressPage([(lesson, list(explorers_of(lesson))) for lesson in all_lessons()])
