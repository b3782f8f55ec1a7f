"""The desk's end of its inbox: durable lines, torn lines, a vanished file, a full disk."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from controlroom.errors import StoreError
from controlroom.store.act_text import text_of
from controlroom.store.folder import DataFolder
from controlroom.store.inbox import DeskInbox
from controlroom.store.inbox_file import inbox_path
from controlroom.store.waiting import read_waiting
from tests.controlroom.store.examples import act


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """Name a data folder that the desk makes."""
    return DataFolder(tmp_path / "data")


@pytest.fixture
def inbox(folder: DataFolder) -> Iterator[DeskInbox]:
    """Open a desk's inbox."""
    inbox = DeskInbox(folder, "desk-1")
    yield inbox
    inbox.close()


def notes(folder: DataFolder) -> list[str]:
    """Return the notes of all acts that wait."""
    return [taken.act.note for taken in read_waiting(folder, {}) if taken.accepted]


def fill(inbox: DeskInbox) -> tuple[int, str]:
    """Put acts until one is refused; return how many were kept, and the code."""
    for kept in range(200):
        try:
            inbox.put(act("x" * 3000))
        except StoreError as refused:
            return kept, refused.code
    raise AssertionError("the disk does not fill")


def test_an_act_is_one_line_for_the_owner_alone(folder: DataFolder, inbox: DeskInbox) -> None:
    """After ``put`` the act stands in the file as a line of its own."""
    first = act("first")
    inbox.put(first)
    path = inbox_path(folder, "desk-1")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes().splitlines()[1:] == [text_of(first).encode()]
    assert notes(folder) == ["first"]


def test_a_desk_that_comes_back_goes_on(folder: DataFolder, inbox: DeskInbox) -> None:
    """A desk opened again appends to what it had put before."""
    inbox.put(act("before"))
    inbox.close()
    with pytest.raises(StoreError, match="left its inbox"):
        inbox.put(act("between"))
    again = DeskInbox(folder, "desk-1")
    again.put(act("after"))
    again.close()
    assert notes(folder) == ["before", "after"]


def test_a_torn_line_is_removed(folder: DataFolder, inbox: DeskInbox) -> None:
    """A line that a power cut left half is dropped when the desk comes back; whole ones stay."""
    inbox.put(act("whole"))
    inbox.close()
    with inbox_path(folder, "desk-1").open("ab") as file:
        file.write(b'{"id": "torn')
    assert notes(folder) == ["whole"]
    again = DeskInbox(folder, "desk-1")
    again.put(act("next"))
    again.close()
    assert notes(folder) == ["whole", "next"]
    assert b"torn" not in inbox_path(folder, "desk-1").read_bytes()


def test_a_vanished_file_is_made_again(folder: DataFolder, inbox: DeskInbox) -> None:
    """An act is never written into a file that has been deleted under the desk."""
    inbox.put(act("gone with the file"))
    inbox_path(folder, "desk-1").unlink()
    inbox.put(act("kept"))
    assert notes(folder) == ["kept"]


def test_a_link_in_place_of_an_inbox_is_refused(folder: DataFolder, tmp_path: Path) -> None:
    """The desk never writes through a link."""
    folder.prepare()
    (tmp_path / "mine").write_text("mine")
    inbox_path(folder, "desk-1").symlink_to(tmp_path / "mine")
    with pytest.raises(StoreError) as refused:
        DeskInbox(folder, "desk-1")
    assert refused.value.code == "inbox-failed"
    assert (tmp_path / "mine").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_disk_is_told_and_leaves_no_half_line(tmp_path: Path) -> None:
    """Without room ``put`` says so and nothing is kept; with room again it works."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(disk)], check=False
    ).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        folder = DataFolder(disk / "data")
        inbox = DeskInbox(folder, "desk-1")
        kept, code = fill(inbox)
        assert code == "disk-full"
        path = inbox_path(folder, "desk-1")
        assert len(path.read_bytes().splitlines()) == kept + 1
        assert path.read_bytes().endswith(b"\n")
        subprocess.run(["mount", "-o", "remount,size=256k", str(disk)], check=True)
        inbox.put(act("again"))
        inbox.close()
        assert notes(folder)[-1] == "again"
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
