"""The set-up: one list of packages told three times, and a Makefile that says what is missing."""

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import tomllib
import urllib.request
from importlib.metadata import distribution
from pathlib import Path

import compat
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
CONDA_NAMES = {"matplotlib-base": "matplotlib"}
SETUP_FILES = {
    ".ci/run",
    ".jupyter/labextensions/lecture-slides/package.json",
    ".jupyter/overrides.json",
    "Makefile",
    "benchmarks/requirements.txt",
    "environment.yml",
    "pyproject.toml",
    "requirements.txt",
}


# --- one list of packages, told three times ------------------------------------------------------


def declared() -> dict[str, Requirement]:
    """What pyproject.toml asks for, for the book and the tests too, by canonical name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    lines = [line for group in groups for line in group]
    return {canonicalize_name(r.name): r for r in map(Requirement, lines)}


def build_tools() -> set[str]:
    """What the editable install needs, which `make` runs without build isolation."""
    system = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]
    return {canonicalize_name(Requirement(line).name) for line in system["requires"]}


def pinned() -> dict[str, Requirement]:
    """What requirements.txt installs, by canonical name."""
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(r.name): r for r in pins}


def conda() -> dict[str, Requirement]:
    """What environment.yml installs beside Python, pip and the course itself."""
    lines = re.findall(r"^ +- ([^\s:]+)$", (ROOT / "environment.yml").read_text(), re.MULTILINE)
    ours = [
        Requirement(line) for line in lines if not re.match(r"(python=|pip$|conda-|nodef)", line)
    ]
    return {CONDA_NAMES.get(r.name, canonicalize_name(r.name)): r for r in ours}


def exact_version(pin: Requirement) -> str:
    (specifier,) = pin.specifier
    assert specifier.operator == "==" and "*" not in specifier.version, f"{pin} is not a pin"
    return specifier.version


def test_every_requirement_is_an_exact_pin():
    assert all(exact_version(pin) for pin in pinned().values())


def test_every_dependency_is_pinned_within_its_bound():
    pins = pinned()
    for name, requirement in declared().items():
        assert name in pins, f"requirements.txt does not pin {name}, which pyproject.toml asks for"
        assert requirement.specifier.contains(exact_version(pins[name])), (
            f"{pins[name]} breaks {requirement}"
        )


def test_environment_yml_names_the_same_packages_with_the_same_bounds():
    bounds = {name: str(r.specifier) for name, r in declared().items()}
    assert {name: str(r.specifier) for name, r in conda().items()} == bounds


def test_each_package_stands_in_one_group_and_its_oldest_version_is_known():
    """What `make compat` reads; test_questions_00 compares notebook 00's check of versions."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    assert sum(map(len, groups)) == len(declared()), "a package is named twice"
    for line in compat.constraints("oldest"):
        name, _, version = line.partition("==")
        assert declared()[name].specifier.contains(version), line
    assert len(compat.constraints("oldest")) == len(project["dependencies"])
    with pytest.raises(ValueError, match="jax<1 needs one bound >="):
        compat.lower_bound(Requirement("jax<1"))


def test_compat_sets_the_pins_between_the_oldest_and_the_newest():
    names = [*compat.runtime(), "jaxlib", "python", "tests"]
    found = {end: dict.fromkeys(names, end) for end in ("newest", "oldest")}
    head, _, *rows = compat.table(found).splitlines()
    assert head == "| package | oldest | pinned | newest |"
    pin = exact_version(pinned()["jax"])
    assert f"| jax | oldest | {pin} | newest |" in rows and len(rows) == len(names)


def test_environment_yml_installs_the_course_itself():
    assert "      - -e .\n" in (ROOT / "environment.yml").read_text()


def test_every_package_that_is_needed_is_pinned():
    """requirements.txt is installed without resolving, so nothing may be left out of it."""
    pins, seen = pinned(), set()
    todo = [(name, frozenset()) for name in declared().keys() | build_tools()]
    assert build_tools() <= pins.keys()
    while todo:
        name, extras = todo.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        for need in map(Requirement, distribution(name).requires or []):
            needed = canonicalize_name(need.name)
            wanted = [
                need.marker is None or need.marker.evaluate({"extra": e}) for e in ["", *extras]
            ]
            if any(wanted):
                assert needed in pins, f"{name} needs {need}, but requirements.txt does not pin it"
                version = exact_version(pins[needed])
                assert need.specifier.contains(version, prereleases=True), f"{name} needs {need}"
                todo.append((needed, frozenset(need.extras)))


def test_no_file_names_a_registry():
    # Spelled in pieces, so that this file is not its own first finding.
    needles = ["index" + "-url", "find" + "-links", "/sim" + "ple/", "pypi" + ".org"]
    needles += ["python" + "hosted.", "anaconda" + ".org", "trusted" + "-host"]
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout
    files = set(tracked.splitlines()) | SETUP_FILES  # a downloaded archive has no list of its files
    for file in files:
        path = ROOT / file
        if path.is_file() and b"\0" not in path.read_bytes()[:1024]:
            text = path.read_text(errors="ignore")
            assert not [n for n in needles if n in text], f"{file} names a package registry"
    assert not {"uv.lock", "pylock.toml", "poetry.lock"} & {Path(f).name for f in files}


# --- make says in one sentence what is missing ---------------------------------------------------


def run_make(folder: Path, *arguments: str, path: str | None = None) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["/usr/bin/env", f"PATH={path or os.environ['PATH']}", shutil.which("make"), *arguments],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )


def clean_environment() -> dict[str, str]:
    """The environment of a fresh shell: nothing of the make that runs these tests."""
    ours = ("MAKE", "MFLAGS", "JUPYTER", "IPYTHON", "PYTEST", "DISPLAY", "WAYLAND", "LAB_HOME")
    return {k: v for k, v in os.environ.items() if not k.startswith((*ours, "PYTHON"))}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the set-up's files, without a .venv, in a folder whose name has a space."""
    folder = tmp_path / "my course"
    folder.mkdir()
    for name in ["Makefile", "pyproject.toml", "requirements.txt"]:
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture
def fake(tmp_path: Path):
    """fake(script) writes a `python3` and returns a PATH on which it is the only Python."""

    def write(script: str) -> str:
        tools = tmp_path / "bin"
        tools.mkdir(exist_ok=True)
        for tool in ["sh", "mkdir", "touch", "cat", "uname", "id", "chmod", "rm"]:
            if not (tools / tool).exists():
                (tools / tool).symlink_to(shutil.which(tool))
        python = tools / "python3"
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(python.stat().st_mode | stat.S_IXUSR)
        return str(tools)

    return write


def sentences(result: subprocess.CompletedProcess) -> list[str]:
    """What make said, without its own closing line `make: *** ... Error 1`."""
    assert result.returncode != 0
    lines = (result.stdout + result.stderr).splitlines()
    return [line for line in lines if not line.startswith("make")]


OLD = 'case "$*" in -V) echo Python 3.9.2;; *version_info*) exit 1;; esac'
WITHOUT_VENV = 'case "$*" in *ensurepip*) exit 1;; esac'
# Stands in for a whole Python: `-m venv` makes a .venv whose python logs what pip is asked.
WORKING = """case "$*" in
-V) echo Python 3.12.0;;
"-m venv --clear .venv") rm -rf .venv; mkdir -p .venv/bin; cat "$0" > .venv/bin/python
    chmod +x .venv/bin/python; echo venv >> calls;;
*"pip "*install*) echo pip >> calls; if [ -e broken ]; then exit 1; fi;;
esac"""


@pytest.mark.parametrize("target", ["lab", "edit", "test", "seeds", "notebooks", "bench", "lint"])
def test_a_python_that_is_too_old_is_named(checkout, fake, target):
    (said,) = sentences(run_make(checkout, target, path=fake(OLD)))
    assert "Python 3.11 or newer is missing (python3 is Python 3.9.2)" in said


def test_no_python_at_all(checkout, fake):
    (said,) = sentences(run_make(checkout, "lab", "PYTHON=python9", path=fake(WORKING)))
    assert "Python 3.11 or newer is missing (python9 is not there)" in said


@pytest.mark.parametrize("target", ["lab", "test"])
def test_a_missing_venv_module_is_named(checkout, fake, target):
    (said,) = sentences(run_make(checkout, target, path=fake(WITHOUT_VENV)))
    assert "apt install python3-venv" in said


def test_a_port_that_is_no_number_is_named(checkout, fake):
    said = sentences(run_make(checkout, "lab", "PORT=here", path=fake(WORKING)))
    assert said[-1] == "PORT must be a number such as 8888, not 'here'."


def test_an_interrupted_installation_is_started_afresh(checkout, fake):
    path = fake(WORKING)
    (checkout / "broken").touch()
    assert "Installing the packages failed" in sentences(run_make(checkout, "test", path=path))[-1]
    (checkout / "broken").unlink()
    assert run_make(checkout, "test", path=path).returncode == 0
    assert (checkout / "calls").read_text().split() == ["venv", "pip", "venv", "pip", "pip"]


def test_the_venv_is_built_once_and_again_only_when_stale(checkout, fake):
    path, calls = fake(WORKING), checkout / "calls"

    def built(*arguments: str) -> list[str]:
        calls.write_text("")
        assert run_make(checkout, "test", *arguments, path=path).returncode == 0
        return calls.read_text().split()

    assert built() == ["venv", "pip", "pip"]
    assert built() == []
    later = (checkout / ".venv/.ready").stat().st_mtime + 10
    os.utime(checkout / "pyproject.toml", (later, later))
    assert built() == ["pip"], "a change of pyproject.toml reinstalls the course only"
    os.utime(checkout / "pyproject.toml", (0, 0))
    os.utime(checkout / "requirements.txt", (later, later))
    assert built() == ["venv", "pip", "pip"], "new pins need a new .venv"
    os.utime(checkout / "requirements.txt", (0, 0))
    (checkout / ".venv/.ready").write_text("/somewhere/else\n")
    assert built() == ["venv", "pip", "pip"], "a .venv that was moved is rebuilt"


def test_help_is_the_default_and_lists_every_target():
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (help .*)$", makefile, re.MULTILINE).group(1).split()
    said = run_make(ROOT).stdout.splitlines()
    assert [line.split()[1] for line in said] == phony


# --- the course opens ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address that `make lab` prints, with a fresh Jupyter home and no display."""
    if run_make(ROOT, "-q", ".venv/.ready").returncode != 0:
        if os.environ.get("CI") == "true":
            pytest.fail(".venv is missing or stale: run the tests by `make test`")
        pytest.skip(".venv is missing or stale: run the tests by `make test`")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path_factory.mktemp("home")
    server = subprocess.Popen(
        ["make", "lab", f"PORT={port}", f"LAB_HOME={home}", f"MINE={home / 'mine'}"],
        cwd=ROOT,
        env=clean_environment(),
        text=True,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        said = ""
        while not (found := re.search(r"http://127\.0\.0\.1:\d+/\S*token=\S+", said)):
            line = server.stdout.readline()
            assert line, f"make lab ended without printing an address:\n{said}"
            said += line
        assert "Setting up" not in said
        wait_until_open(port)  # the address is printed a moment before the door is opened
        yield found.group()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)


def wait_until_open(port: int, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, f"nothing listens on port {port}"
            time.sleep(0.1)


def test_make_lab_serves_and_opens_on_the_course(address):
    first = min((p.name for p in ROOT.glob("notebooks/*.ipynb")), default=None)
    assert f"/lab/tree/{first}" in address if first else "/lab?" in address
    with urllib.request.urlopen(address, timeout=60) as page:
        assert page.status == 200 and "jupyter-config-data" in page.read().decode()


@pytest.mark.browser
def test_the_first_start_asks_nothing(address, chromium):
    page = chromium.new_page()
    hosts = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2].split(":")[0]))
    page.goto(address)
    opened = ".jp-Notebook .jp-Cell" if "/lab/tree/" in address else ".jp-Launcher"
    page.wait_for_selector(opened, timeout=60_000)
    page.wait_for_timeout(4_000)  # news and kernel questions come after the page has settled
    questions = page.locator(".jp-Dialog, .Toastify__toast").all_inner_texts()
    page.close()
    assert questions == []
    assert hosts - {""} == {"127.0.0.1"}, "JupyterLab called somebody at its first start"


def test_the_tests_run_on_the_course_itself():
    """An editable install: what is tested is this checkout, not a copy of it."""
    import lecture_utils

    assert Path(lecture_utils.__file__).parents[1] == ROOT, sys.path
