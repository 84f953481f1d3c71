"""The house stands: who may import whom, how long a room may be, and that every name is told.

The rooms and their floors are the table of the design: a room imports only rooms on the floors
below it, or, on its own floor, one that stands before it in the table.
"""

import ast
import inspect
import pathlib

import pytest

import lecture_utils

PACKAGE = pathlib.Path(lecture_utils.__file__).parent
FLOORS = (
    ("trees", "outlines", "bound", "layouts"),
    ("derivatives", "surfaces", "networks", "datasets", "teacher_student"),
    (
        "lanczos",
        "spectra",
        "random_matrices",
        "critical_points",
        "optimizers",
        "directions",
        "walks",
        "profiles",
    ),
    ("training", "report", "clinic"),
    ("style", "figures"),
    ("explorers", "exercises"),
)
ORDER = [room for floor in FLOORS for room in floor]
EXPLICIT = {
    "style",
    "figures",
    "explorers",
    "exercises",
}  # imported by name, never by the package itself
DRAWING = {"matplotlib", "PIL", "ipywidgets", "anywidget", "traitlets", "IPython"}
LINES_IN_A_ROOM, LINES_IN_A_NOTEBOOK_S_FILE, LINES_IN_ALL = 350, 450, 5000

FILES = sorted(PACKAGE.rglob("*.py"))
each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))


def room_of(file):
    """The room a file belongs to: a module, or a folder with everything in it."""
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_modules(source, package):
    """Absolute names of everything that ``source``, a module of ``package``, imports anywhere."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - (node.level or 1) + 1]
            base = ".".join([*(parents if node.level else []), *filter(None, [node.module])])
            # "from .. import figures" names a room; "from ..spectra import eigh" names no module.
            yield from (f"{base}.{alias.name}" for alias in node.names)


def imports_of(file):
    """Absolute names of everything that a file of the package imports."""
    folder = file.relative_to(PACKAGE.parent).parent
    return list(imported_modules(file.read_text(encoding="utf-8"), ".".join(folder.parts)))


def test_imports_are_read_in_all_their_forms():
    source = (
        "import jax.numpy as jnp\nfrom .. import figures\nfrom ..spectra import eigh\n"
        "from .live import X\nfrom lecture_utils import surfaces\ndef f():\n    import torch\n"
    )
    assert set(imported_modules(source, "lecture_utils.explorers")) == {
        "jax.numpy",
        "lecture_utils.figures",
        "lecture_utils.spectra.eigh",
        "lecture_utils.explorers.live.X",
        "lecture_utils.surfaces",
        "torch",
    }


@each_file
def test_every_file_is_in_a_room_of_the_plan(file):
    assert room_of(file) in {*ORDER, "__init__"}


@each_file
def test_a_room_imports_only_rooms_below_it(file):
    room = room_of(file)
    for name in imports_of(file):
        if not name.startswith("lecture_utils."):
            continue
        other = name.split(".")[1]
        if room == "__init__":
            assert other not in EXPLICIT
            continue
        if other not in ORDER:  # `from lecture_utils import hessian`: ask where it lives
            other = inspect.getmodule(getattr(lecture_utils, other)).__name__.split(".")[1]
        assert other == room or ORDER.index(other) < ORDER.index(room), f"{room} imports {name}"


@each_file
def test_only_figures_and_what_stands_on_them_draw(file):
    if room_of(file) not in EXPLICIT:
        assert not {name.split(".")[0] for name in imports_of(file)} & DRAWING


def test_figures_compute_nothing():
    files = [PACKAGE / "style.py", *(PACKAGE / "figures").glob("*.py")]
    names = {name for file in files for name in imports_of(file)}
    assert not {name.split(".")[0] for name in names} & {"jax", "scipy", "sklearn"}
    ours = ("lecture_utils.style", "lecture_utils.figures")
    assert all(name.startswith(ours) for name in names if "lecture" in name)


@each_file
def test_nothing_uses_pyplot_or_needs_a_benchmark_s_dependency(file):
    for name in imports_of(file):
        assert not name.startswith(("matplotlib.pyplot", "torch"))


def belongs_to_a_notebook(file):
    """What one notebook asks and shows: data, not machinery, and more with every notebook."""
    notebooks = {path.stem.split("_", 1)[1] for path in PACKAGE.parent.glob("notebooks/*.ipynb")}
    return file.parent != PACKAGE and file.stem in notebooks


def length(file):
    """Lines that hold something: blank ones cost a reader nothing."""
    return sum(bool(line.strip()) for line in file.read_text(encoding="utf-8").splitlines())


@each_file
def test_no_room_is_crowded(file):
    limit = LINES_IN_A_NOTEBOOK_S_FILE if belongs_to_a_notebook(file) else LINES_IN_A_ROOM
    assert length(file) <= limit


def test_the_house_is_small():
    machinery = [file for file in FILES if not belongs_to_a_notebook(file)]
    assert sum(map(length, [*machinery, *PACKAGE.rglob("*.js")])) < LINES_IN_ALL


@pytest.mark.parametrize("name", lecture_utils.__all__)
def test_every_public_name_says_what_it_does(name):
    thing = getattr(lecture_utils, name)
    assert inspect.getmodule(thing).__name__.startswith("lecture_utils.")
    assert len(inspect.getdoc(thing) or "") > 30


def test_the_public_names_are_sorted_and_all_there():
    assert lecture_utils.__all__ == sorted(lecture_utils.__all__)
    promised = {
        "align_neurons",
        "barrier",
        "barycentric_profile",
        "bezier",
        "classify_critical_point",
        "eigenvector_directions",
        "critical_error",
        "escape_direction",
        "filter_normalize",
        "find_critical_points",
        "goe",
        "goe_positive_probability",
        "adam",
        "gradient_descent",
        "hessian",
        "hessian_eigh",
        "hvp",
        "index",
        "interpolate",
        "line_profile",
        "index_of_error",
        "marchenko_pastur",
        "negative_fraction",
        "momentum",
        "newton_step",
        "nullity",
        "pca_directions",
        "plane_profile",
        "population_loss",
        "positive_fraction",
        "project",
        "quadratic_model",
        "random_direction",
        "report",
        "rms",
        "rmsprop",
        "saddle_free_newton_step",
        "semicircle",
        "spectral_density",
        "top_eigenpairs",
        "trajectory",
        "wishart_wigner",
        "wishart_wigner_density",
    }
    assert promised <= set(lecture_utils.__all__)


@pytest.mark.parametrize("file", sorted(PACKAGE.glob("*.py")), ids=lambda file: file.name)
def test_every_public_function_and_class_has_a_docstring(file):
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the file itself"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name
