"""What no file of the project says: unfinished business, somebody's machine, a package registry."""

from __future__ import annotations

import re

import pytest

from tests.architecture.project import ROOT, text_files

FORBIDDEN = {
    "a mark of unfinished business": re.compile(r"\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b"),
    "a path of one machine": re.compile(r"(?<![\w.])/(w[o]rk|r[o]ot)/"),
    "the host of a package registry": re.compile(
        r"\b(pypi|pythonhosted|npmjs|anaconda|deb\.debian|security\.debian)\.(org|com|io)\b"
    ),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_says(what: str) -> None:
    """Each hit is named with its file and line."""
    pattern = FORBIDDEN[what]
    hits = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in text_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert hits == []


def test_the_files_are_found() -> None:
    """The search looks where it should, so that it cannot pass by looking nowhere."""
    names = {str(path.relative_to(ROOT)) for path in text_files()}
    assert {"main.py", "Makefile", ".ci/run", "docs/glossary.md", "controlroom/errors.py"} <= names
    assert not [name for name in names if name.startswith((".venv", ".git/"))]
