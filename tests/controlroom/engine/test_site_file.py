"""The site file is read whole, and a starter appears whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import resources
from controlroom.engine.site_file import read_site, write_starter
from controlroom.errors import EngineError
from controlroom.site.mistakes import SiteError
from probes.registry import PROBE_TYPES


def test_the_digest_is_of_the_bytes_read() -> None:
    """The same file has the same digest, and it is a SHA-256."""
    path = resources.path("examples/minimal.toml")
    first, again = read_site(path, PROBE_TYPES), read_site(path, PROBE_TYPES)
    assert first.digest == again.digest
    assert len(first.digest) == 64


def test_an_unreadable_file_is_a_mistake_with_its_place(tmp_path: Path) -> None:
    """A folder in the place of the file is told as such."""
    with pytest.raises(SiteError, match="cannot be read"):
        read_site(tmp_path, PROBE_TYPES)


def test_a_starter_never_replaces_a_file(tmp_path: Path) -> None:
    """What somebody wrote stays, and no draft is left behind."""
    path = tmp_path / "site.toml"
    assert write_starter(path, lambda: "first")
    assert not write_starter(path, lambda: "second")
    assert path.read_text(encoding="utf-8") == "first"
    assert [file.name for file in tmp_path.iterdir()] == ["site.toml"]


def test_a_starter_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    """A file in the way of the folder is named, and nothing is left behind."""
    (tmp_path / "data").touch()
    with pytest.raises(EngineError, match="cannot be written") as caught:
        write_starter(tmp_path / "data" / "site.toml", lambda: "first")
    assert caught.value.code == "starter-unwritten"
    assert [file.name for file in tmp_path.iterdir()] == ["data"]


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    """A pipe that nobody writes to is not waited for."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path(os.devnull)):
        with pytest.raises(SiteError, match="no regular file"):
            read_site(path, PROBE_TYPES)
