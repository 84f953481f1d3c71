"""The house stands: three layers and a front door, no circles, and every public name is told.

The instruments (``lecture_utils/*.py``) know neither studio nor lessons; the studio knows the
instruments' threads and intervals only; a lesson knows both, and no other lesson; the front door
(``python -m lecture_utils``) stands above them.
"""

import ast
import inspect
import json
import pathlib
import re
import subprocess
import sys

import pytest

import lecture_utils

PACKAGE = pathlib.Path(lecture_utils.__file__).parent
ROOT = PACKAGE.parent
FILES = sorted(PACKAGE.rglob("*.py"))
STUDIO_MAY_USE = {"lecture_utils.parallel", "lecture_utils.intervals"}
SCREEN = {"matplotlib", "PIL", "ipywidgets", "anywidget", "traitlets", "IPython"}


def module_of(file):
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(file): file for file in FILES}


def imported_modules(source, package):
    """Absolute names of everything that ``source``, a module of ``package``, imports anywhere."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - (node.level or 1) + 1]
            base = ".".join([*(parents if node.level else []), *filter(None, [node.module])])
            # "from .. import figures" names a module; "from ..spectra import eigh" names none.
            names = (f"{base}.{alias.name}" for alias in node.names)
            yield from (name if name in MODULES else base for name in names)


def imports_of(file):
    """Absolute names of everything that a file of the package imports."""
    folder = file.relative_to(ROOT).parent
    return set(imported_modules(file.read_text(encoding="utf-8"), ".".join(folder.parts)))


def layer_of(module):
    """("instruments",), ("studio",), ("lessons", name), or the front door above all of them."""
    parts = module.split(".")[1:]
    if parts in (["__main__"], ["launch"]):  # python -m lecture_utils
        return ("lessons", "front door")
    if parts[:1] == ["lessons"]:
        return tuple(parts[:2])
    return ("studio",) if parts[:1] == ["studio"] else ("instruments",)


def test_imports_are_read_in_all_their_forms():
    source = (
        "import jax\nfrom . import report\nfrom .spectra import eigh\n"
        "def f():\n    from ..parallel import cores\n"
    )
    assert set(imported_modules(source, "lecture_utils.studio")) == {
        "jax",
        "lecture_utils.studio",
        "lecture_utils.studio.spectra",
        "lecture_utils.parallel",
    }


def test_a_layer_imports_only_what_is_below_it():
    for module, file in MODULES.items():
        layer = layer_of(module)
        for name in imports_of(file):
            if not name.startswith("lecture_utils"):
                outside = name.split(".")[0]
                assert outside != "torch" and name != "matplotlib.pyplot", f"{module}: {name}"
                assert layer != ("instruments",) or outside not in SCREEN, f"{module}: {name}"
                continue
            other = layer_of(name)
            assert (
                other == layer
                or (layer == ("studio",) and name in STUDIO_MAY_USE)
                or (layer[0] == "lessons" and other[0] != "lessons")
                or (layer == ("lessons", "front door") and other == ("lessons",))
            ), f"{module} imports {name}"


def test_figures_compute_nothing():
    for module, file in MODULES.items():
        if module.endswith((".figures", ".style")):
            for name in imports_of(file):
                assert name.split(".")[0] not in {"jax", "scipy", "sklearn"}, f"{module}: {name}"
                assert not name.startswith("lecture_utils") or "studio" in name, f"{module}: {name}"


def test_there_is_no_circle():
    """Also not one that an import inside a function would hide."""
    below = {m: {n for n in imports_of(f) if n in MODULES and n != m} for m, f in MODULES.items()}
    # What a package's own __init__ gathers is no use of it.
    gathered = {m for m, f in MODULES.items() if f.name == "__init__.py"}
    free = set(gathered)
    while True:
        more = {m for m in MODULES if m not in free and below[m] <= free}
        if not more:
            break
        free |= more
    assert free == set(MODULES), f"in a circle or above one: {sorted(set(MODULES) - free)}"


def test_no_module_is_hidden_by_a_name_of_its_package():
    for module, file in MODULES.items():
        if file.name != "__init__.py":
            continue
        for inner in MODULES:
            if inner.rpartition(".")[0] == module and inner in sys.modules:
                name = inner.rpartition(".")[2]
                found = getattr(sys.modules[module], name)
                assert inspect.ismodule(found), f"{module}.{name} hides a module"


def test_every_lesson_is_a_folder_named_like_its_notebook():
    notebooks = {path.stem[3:] for path in ROOT.glob("notebooks/[0-9]*.ipynb")}
    folders = {p.parent.name for p in (PACKAGE / "lessons").glob("*/__init__.py")}
    assert folders == notebooks
    for name in folders:
        files = {path.stem for path in (PACKAGE / "lessons" / name).glob("*.py")}
        assert {"questions", "claims", "explorers", "figures"} <= files, name


def test_importing_the_instruments_changes_nothing_and_loads_no_widget():
    code = (
        (
            "import json, sys, jax\n"
            "before = dict(jax.config.values)\n"
            "import lecture_utils\n"
            "changed = [k for k, v in jax.config.values.items() if before.get(k) != v]\n"
            f"print(json.dumps([changed, sorted({sorted(SCREEN)!r} & sys.modules.keys())]))\n"
        )
        .replace("sorted(['", "sorted({'")
        .replace("'] &", "'} &")
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert json.loads(done.stdout) == [[], []], done.stderr


def test_one_place_decides_how_jax_computes_in_the_course():
    """float64 allowed, float32 products in full: a GPU would round their inputs to ten bits."""
    setters = {m for m, f in MODULES.items() if "config.update" in f.read_text(encoding="utf-8")}
    assert setters == {"lecture_utils.lessons"}
    code = (
        "import jax\nimport lecture_utils.lessons\n"
        "print(jax.config.jax_enable_x64, jax.config.jax_default_matmul_precision)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.split() == ["True", "highest"], done.stderr
    for notebook in ROOT.glob("notebooks/[0-9]*.ipynb"):
        assert "config.update" not in notebook.read_text(encoding="utf-8"), notebook.name


def test_every_public_name_says_what_it_does():
    assert lecture_utils.__all__ == sorted(lecture_utils.__all__)
    for name in lecture_utils.__all__:
        thing = getattr(lecture_utils, name)
        assert inspect.getmodule(thing).__name__.startswith("lecture_utils."), name
        assert len(inspect.getdoc(thing) or "") > 30, name
    for module, file in MODULES.items():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), f"{module} itself"
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                told = ast.get_docstring(node) or "questions" in module
                assert told, f"{module}.{node.name}"


PROMISED = [
    "hvp",
    "hessian",
    "quadratic_model",
    "gradient",
    "hessian_eigh",
    "top_eigenpairs",
    "spectral_density",
    "index",
    "nullity",
    "negative_fraction",
    "positive_fraction",
    "classify_critical_point",
    "newton_step",
    "saddle_free_newton_step",
    "escape_direction",
    "find_critical_points",
    "gradient_descent",
    "momentum",
    "rms",
    "rmsprop",
    "adam",
    "trajectory",
    "interpolate",
    "line_profile",
    "plane_profile",
    "barycentric_profile",
    "barrier",
    "project",
    "random_direction",
    "filter_normalize",
    "pca_directions",
    "eigenvector_directions",
    "align_neurons",
    "population_loss",
    "report",
]


def test_the_promised_names_are_there():
    assert set(PROMISED) <= set(lecture_utils.__all__)


STUDIO, LAB = "lecture_utils/studio", ".jupyter/labextensions"
TOLD_TWICE = [  # a constant, and the files that cannot import each other and both need it
    ("FINE", f"{STUDIO}/live.js", f"{STUDIO}/recorded.js"),
    ("ARROWS", f"{STUDIO}/live.js", f"{STUDIO}/recorded.js"),
    ("FINEST", f"{STUDIO}/live.js", f"{STUDIO}/live.py"),
    ("LONGEST", f"{STUDIO}/player.py", f"{STUDIO}/recorded.js"),
    ("ALPHABET", f"{STUDIO}/packing.py", f"{STUDIO}/recorded.js"),
    ("LINES", f"{LAB}/lecture-slides/static/slides.js", "tests/notebooks/teaching.py"),
    ("NEWS", f"{LAB}/geometry-of-training/static/news.js", "lecture_utils/launch.py"),
]


@pytest.mark.parametrize(("name", "one", "other"), TOLD_TWICE)
def test_a_constant_in_two_languages_is_the_same(name, one, other):
    told = rf"^\s*(?:const )?_?{name} = (.+?)(?:\.0)?;?(?:\s+(?://|#) .*)?$"
    values = [
        re.findall(told, (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
        for file in (one, other)
    ]
    assert values[0] == values[1] and len(values[0]) == 1, values


def test_the_live_and_the_recorded_picture_explain_their_keys_alike():
    told = re.compile(r'"( (?:Arrow keys|The space bar) [^"]*)"')
    live, recorded = ((ROOT / STUDIO / f"{name}.js").read_text() for name in ("live", "recorded"))
    assert told.findall(live) == told.findall(recorded) != []


def test_no_test_asserts_a_wall_clock_time():
    """A busy machine would turn it red; times are printed in the summary."""
    clock = re.compile(r"assert\b.*[<>].*(\bms\b|milliseconds|seconds\b|perf_counter|elapsed|took)")
    for file in ROOT.joinpath("tests").rglob("*.py"):
        if file == pathlib.Path(__file__):
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            assert not clock.search(line), f"{file.name}: {line.strip()}"
