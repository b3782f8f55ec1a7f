"""The files a newcomer looks for are there, and what they point to exists."""

from __future__ import annotations

import os
import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from controlroom import __version__
from tests.architecture.project import ROOT

REQUIRED = [
    *("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE", "Makefile", "constraints.txt"),
    *(".ci/run", "docs/glossary.md", "docs/dependencies.md"),
]
PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([0-9][0-9a-z.+!]*)( *; .+)?")


def pins() -> dict[str, Version]:
    """What constraints.txt pins; a line of any other form fails."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    matches = [PIN.fullmatch(line) for line in lines if line and not line.startswith("#")]
    assert all(matches), lines
    return {canonicalize_name(match[1]): Version(match[2]) for match in matches if match}


def requirements() -> list[Requirement]:
    """What pyproject.toml asks for, of the program and of its tests."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    texts = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("name", REQUIRED)
def test_a_required_file_is_there(name: str) -> None:
    """And says something."""
    assert len((ROOT / name).read_text()) > 100


@pytest.mark.parametrize("name", ["run", "set-up", "install-debian-packages", "shots"])
def test_a_script_can_be_run(name: str) -> None:
    """Its executable bit came along."""
    assert os.access(ROOT / ".ci" / name, os.X_OK)


def test_every_target_that_a_page_names_is_in_the_makefile() -> None:
    """`make run` in a page is a promise."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"run", "poll", "test", "lint", "bench", "soak", "clean", "help"} <= targets
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        assert set(re.findall(r"`make ([a-z]+)", page.read_text())) <= targets, page.name


def test_every_link_in_a_page_leads_somewhere() -> None:
    """To a file of the project; what leads outside is not tested."""
    lost = [
        f"{page.name}: {target}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert lost == []


def test_everything_installed_is_pinned() -> None:
    """No version is left to chance: neither what we ask for nor what comes along with it."""
    pinned = pins()
    for requirement in requirements():
        name = canonicalize_name(requirement.name)
        assert name in pinned, f"{name} is not in constraints.txt"
        assert requirement.specifier.contains(pinned[name]), requirement
    ours = {canonicalize_name(requirement.name) for requirement in requirements()}
    reached, waiting = set[str](), set(ours)
    while waiting:
        name = waiting.pop()
        reached.add(name)
        needed = [Requirement(text) for text in metadata.requires(name) or ()]
        wanted = [need for need in needed if need.marker is None or need.marker.evaluate({"extra": ""})]
        waiting |= {canonicalize_name(need.name) for need in wanted} - reached
    assert reached - set(pinned) == set()


def test_what_runs_is_what_is_pinned() -> None:
    """The environment that the tests run in was made from constraints.txt."""
    pinned = pins()
    for requirement in requirements():
        name = canonicalize_name(requirement.name)
        if requirement.marker is None or requirement.marker.evaluate():
            assert Version(metadata.version(name)) == pinned[name], name


def test_qt_stays_below_the_version_that_aborts() -> None:
    """PySide6 6.12.0 aborts on Python before 3.12."""
    assert pins()["pyside6-essentials"] < Version("6.12")


def test_every_dependency_is_explained() -> None:
    """docs/dependencies.md has a row for each, with the version that is pinned."""
    page = (ROOT / "docs" / "dependencies.md").read_text()
    rows = [row for row in page.splitlines() if row.startswith("|")]
    for requirement in requirements():
        version = str(pins()[canonicalize_name(requirement.name)])
        assert any(f"| {requirement.name} |" in row and version in row for row in rows), requirement.name


def test_the_version_is_the_same_everywhere() -> None:
    """In pyproject.toml and in the program."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == __version__


def test_package_data_is_data() -> None:
    """resources/ holds no code but its path helper."""
    assert [path.name for path in Path(ROOT / "resources").rglob("*.py")] == ["__init__.py"]
