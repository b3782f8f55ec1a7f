"""A file is written as a whole, for its owner alone, or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TextIO

import pytest

from controlroom.errors import ControlroomError
from controlroom.report.whole_file import write_whole


def hello(out: TextIO) -> int:
    """Write a line."""
    return out.write("hello\r\n")


def test_a_file_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    """Line ends stay as given, and nobody else may read it, whatever stood there before."""
    target = tmp_path / "log.csv"
    target.write_text("old")
    target.chmod(0o644)
    assert write_whole(target, hello) == 7
    assert target.read_bytes() == b"hello\r\n"
    assert target.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["log.csv"]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    """Half an export never takes the name, and no scrap is left."""
    target = tmp_path / "log.csv"
    target.write_text("old")

    def fail(out: TextIO) -> int:
        out.write("half")
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - the very error of the line above
        write_whole(target, fail)
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["log.csv"]


def test_a_folder_is_refused(tmp_path: Path) -> None:
    """An export is a file."""
    with pytest.raises(ControlroomError, match="is a folder"):
        write_whole(tmp_path, hello)


def test_a_device_is_refused() -> None:
    """Replacing a device by a file would do harm."""
    with pytest.raises(ControlroomError, match="no ordinary file"):
        write_whole(Path("/dev/null"), hello)


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    """The sentence names the file and what to check."""
    with pytest.raises(ControlroomError) as caught:
        write_whole(tmp_path / "nowhere" / "log.csv", hello)
    assert caught.value.code == "not-written"
    assert "log.csv" in str(caught.value)
