"""The room that is kept back: there while there is room, given when it is needed, made again later."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from controlroom.store.sqlite.reserve import LARGEST, Reserve

DISK = 4 * 1024 * 1024


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a small disk."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path, left: int) -> Path:
    """Leave so many bytes of a disk."""
    free = os.statvfs(disk)
    filler = disk / "filler"
    filler.write_bytes(bytes(max(free.f_bavail * free.f_frsize - left, 0)))
    return filler


def test_it_is_real_room_for_the_owner_alone_and_no_more_than_a_sixteenth(disk: Path) -> None:
    """And once it is there it is not made again."""
    reserve = Reserve(disk / "reserve")
    assert reserve.keep()
    about = (disk / "reserve").stat()
    assert about.st_blocks * 512 == DISK // 16
    assert about.st_mode & 0o777 == 0o600
    assert Reserve(disk / "reserve").keep()
    assert (disk / "reserve").stat().st_ino == about.st_ino


def test_given_it_leaves_its_room_in_portions_and_comes_back_only_with_some_to_spare(disk: Path) -> None:
    """A disk at its limit does not go back and forth, and whoever fills it again takes a portion alone."""
    reserve = Reserve(disk / "reserve")
    assert reserve.keep()
    portions = 0
    fill(disk, 0)
    while reserve.give():
        portions += 1
        free = os.statvfs(disk)
        assert free.f_bavail * free.f_frsize == portions * DISK // 64
        assert not reserve.keep()
    assert portions == 4
    assert not (disk / "reserve").exists()
    filler = fill(disk, 0)
    filler.unlink()
    assert reserve.keep()


def test_it_is_never_larger_than_needed(tmp_path: Path) -> None:
    """However large the disk is."""
    assert Reserve(tmp_path / "reserve").keep()
    assert (tmp_path / "reserve").stat().st_size <= LARGEST


def test_a_place_where_none_can_be_made_holds_nothing_up(tmp_path: Path) -> None:
    """A link in its place is not followed, and readings are committed all the same."""
    (tmp_path / "elsewhere").write_bytes(b"theirs")
    (tmp_path / "reserve").symlink_to(tmp_path / "elsewhere")
    assert Reserve(tmp_path / "reserve").keep()
    assert (tmp_path / "elsewhere").read_bytes() == b"theirs"
