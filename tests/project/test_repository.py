"""Required and forbidden content of the repository."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOP = set(
    [
        ".ci",
        ".github",
        ".gitignore",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "Makefile",
        "README.md",
    ]
    + [
        "binder",
        "environment.yml",
        "lite",
        "motiflab",
        "notebooks",
        "pyproject.toml",
        "tests",
        "tools",
    ]
)
BINARY = (".npz", ".gz", ".png", ".webp")

# Spelled so that this file does not hold what it forbids.
FORBIDDEN = {
    "a package registry": r"p[y]pi\.(org|python)|[p]ythonhosted|[c]onda\.anaconda|[n]pmjs",
    "a path of one machine": r"(?<![\w.])/([w]ork|[r]oot|[h]ome|[U]sers|[o]pt)/[\w.]",
}


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    """Every file of the repository, as git has them."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a git clone")
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True)
    return [path for path in listing.stdout.decode().splitlines() if (ROOT / path).is_file()]


def test_the_top_level_holds_only_what_is_listed(tracked):
    assert {path.partition("/")[0] for path in tracked} <= TOP


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(tracked, what):
    found = [
        f"{path}:{number}: {line.strip()}"
        for path in tracked
        if not path.endswith(BINARY)
        for number, line in enumerate(text(path).splitlines(), 1)
        if re.search(FORBIDDEN[what], line)
    ]
    assert found == []


def test_only_pytorchs_own_wheel_index_is_named():
    indexes = {
        url
        for path in ["environment.yml", "Makefile", "pyproject.toml", ".ci/run", "binder/postBuild"]
        for url in re.findall(r"https?://[^\s\"')]+", text(path))
    }
    assert indexes == {"https://download.pytorch.org/whl/cpu"}


def test_the_readme_gives_only_commands_that_exist():
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.M))
    for page in ["README.md", "CONTRIBUTING.md"]:
        used = set(re.findall(r"(?:^ {4}|`)make ([a-z-]+)", text(page), re.M))
        assert used, page
        assert used <= targets, page


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_every_file_that_a_page_names_is_there(page):
    named = re.findall(r"\]\(([^)#:]+)\)|`([\w./-]+/[\w.*-]+|[\w-]+\.(?:md|py|yml|toml|ipynb))`",
                       text(page))  # fmt: skip
    missing = [a or b for a, b in named if not list(ROOT.glob((a or b).rstrip("/")))]
    assert missing == []
