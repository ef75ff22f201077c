"""Everything that is installed is pinned, in one place."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from constraints import constraints
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name as canonical

ROOT = Path(__file__).parents[2]
ENVIRONMENT = (ROOT / "environment.yml").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUNTIME = [Requirement(line) for line in constraints(ENVIRONMENT)]
NEEDED = PROJECT["dependencies"]
FOR_TESTS = PROJECT["optional-dependencies"]["test"]
TESTS = [Requirement(line) for line in FOR_TESTS]
PINS = {
    canonical(pin.name): str(pin.specifier).removeprefix("==")
    for pin in [*RUNTIME, *TESTS]
    if pin.specifier
}
TOOLS = {canonical(pin.name) for pin in TESTS if pin.specifier}


def closure(lines: list[str]) -> set[str]:
    """Return the names of all that these requirements bring to this machine, and their own."""
    found: set[tuple[str, tuple[str, ...]]] = set()
    todo = [(Requirement(line), ("",)) for line in lines]
    while todo:
        need, extras = todo.pop()
        key = (canonical(need.name), tuple(sorted(need.extras)))
        applies = need.marker is None or any(need.marker.evaluate({"extra": e}) for e in extras)
        if key in found or not applies:
            continue
        found.add(key)
        needs = distribution(need.name).requires or []
        todo += [(Requirement(line), ("", *need.extras)) for line in needs]
    return {name for name, _ in found}


def test_the_pins_are_read():
    text = "  - python=3.11\n  - pip:\n      - --some-index x\n      # b==1\n      - a==1.0; c\n"
    assert constraints(text) == ["a==1.0; c"]
    assert len(RUNTIME) > 100


def test_every_line_of_the_pip_section_is_a_pin_or_the_index():
    lines = [line.strip() for line in ENVIRONMENT.partition("- pip:")[2].splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    assert lines[0] == "- --extra-index-url https://download.pytorch.org/whl/cpu"
    assert len(lines) - 1 == len(RUNTIME)


def test_a_version_stands_in_one_place_only():
    names = [canonical(pin.name) for pin in [*RUNTIME, *TESTS] if pin.specifier]
    assert len(names) == len(set(names))
    assert [line for line in NEEDED if re.search(r"[<>=~]", line)] == []


def test_all_that_is_needed_is_pinned_and_installed_at_its_pin():
    for name in closure(NEEDED + FOR_TESTS):
        assert name in PINS, f"{name} {distribution(name).version} is not pinned"
        assert distribution(name).version.partition("+")[0] == PINS[name], name


def test_every_pin_allows_every_python_that_the_readme_names():
    for name in closure(NEEDED + FOR_TESTS):
        allowed = SpecifierSet(distribution(name).metadata["Requires-Python"] or "")
        for python in ["3.11.0", "3.12.0", "3.13.0", "3.14.0", "3.14.1"]:
            assert python in allowed, f"{name} {PINS[name]} needs Python {allowed}"


def test_learners_get_no_test_tools():
    assert closure(NEEDED) & TOOLS == set()


def test_nothing_is_pinned_that_nothing_needs():
    unconditional = {canonical(pin.name) for pin in [*RUNTIME, *TESTS] if pin.marker is None}
    assert unconditional - closure(NEEDED + FOR_TESTS) == set()


def test_every_direct_dependency_is_imported_or_is_the_lab_itself():
    sources = [*(ROOT / "motiflab").rglob("*.py"), *(ROOT / "notebooks").rglob("*.ipynb")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    modules = {"scikit-learn": "sklearn"}
    for name in set(NEEDED) - {"jupyterlab", "ipykernel"}:
        assert re.search(rf"(import|from) {modules.get(name, name)}\b", text), name


def test_binder_has_the_same_environment():
    assert (ROOT / "binder/environment.yml").read_bytes() == (ROOT / "environment.yml").read_bytes()


@pytest.mark.parametrize("path", ["binder/postBuild", "binder/start", ".ci/run"])
def test_scripts_can_be_run(path):
    assert (ROOT / path).stat().st_mode & 0o111 == 0o111
    assert (ROOT / path).read_text(encoding="utf-8").startswith("#!")


def test_binder_starts_what_it_is_asked_to():
    lines = (ROOT / "binder/start").read_text(encoding="utf-8").splitlines()
    assert "export OMP_NUM_THREADS=1" in lines
    assert lines[-1] == 'exec "$@"'


def test_the_pins_that_were_checked_are_a_list_of_pins():
    # If they differ from those of environment.yml, .ci/run makes the fresh environment itself.
    checked = (ROOT / "tools/pins_checked.txt").read_text(encoding="utf-8").splitlines()
    assert len(checked) > 50 and all(re.fullmatch(r"[\w.-]+==\S+.*", pin) for pin in checked)
