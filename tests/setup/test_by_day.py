"""What runs by day of a table of parameters: enough that each value is met, and less than all."""

from pathlib import Path

pytest_plugins = ["pytester"]
TESTS = Path(__file__).resolve().parents[1]
TABLES = """
import pytest

@pytest.mark.each_value
@pytest.mark.parametrize("letter", "abcde")
@pytest.mark.parametrize("size", [1, 2])
def test_diagonal(letter, size): pass

@pytest.mark.by_day("x", "z")
@pytest.mark.parametrize("letter", "xyz")
def test_chosen(letter): pass

@pytest.mark.by_turns("letter", 2)
@pytest.mark.parametrize("letter", "abc")
def test_first(letter): pass

@pytest.mark.by_turns("letter", 2)
@pytest.mark.parametrize("letter", "abc")
@pytest.mark.parametrize("size", [1, 2])
def test_second(letter, size): pass
"""


def collected(pytester, which):
    """The ids that pytest would run of TABLES, without the module's name."""
    pytester.makeconftest(TESTS.joinpath("conftest.py").read_text(encoding="utf-8"))
    pytester.makepyprojecttoml(TESTS.parent.joinpath("pyproject.toml").read_text(encoding="utf-8"))
    pytester.makepyfile(TABLES)
    found = pytester.runpytest_inprocess("--collect-only", "-q", "-m", which, ".")
    return {line.partition("::")[2] for line in found.outlines if "::" in line}


def test_by_day_each_value_is_met_and_by_night_the_rest(pytester):
    day = collected(pytester, "not nightly")
    assert {name for name in day if "diagonal" in name} == {
        f"test_diagonal[{size}-{letter}]" for size, letter in zip("12121", "abcde", strict=True)
    }
    assert {name for name in day if "chosen" in name} == {"test_chosen[x]", "test_chosen[z]"}
    turns = {name for name in day if "first" in name or "second" in name}
    assert turns == {"test_first[a]", "test_first[c]", "test_second[1-b]", "test_second[2-b]"}
    night = collected(pytester, "nightly")
    assert len(day | night) == 10 + 3 + 3 + 6 and not day & night
