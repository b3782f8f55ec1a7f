"""The list of operators on a real disk: its owner's alone, whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from controlroom.engine.roster_file import FILE, RosterFile
from controlroom.errors import ControlroomError
from controlroom.operators.role import Role
from controlroom.operators.roster import Operator, Roster

ROSTER = Roster((Operator("Ann", Role.CONFIGURE, "hash"), Operator("Ben", Role.ACT)))


def test_none_yet_is_an_empty_list(tmp_path: Path) -> None:
    """A new data folder has nobody in it, and looking leaves nothing behind."""
    assert RosterFile(tmp_path).load() == Roster()
    assert list(tmp_path.iterdir()) == []


def test_what_was_saved_is_its_owners_alone(tmp_path: Path) -> None:
    """The same list again, mode 0600 whatever the umask, and no draft left."""
    before = os.umask(0)
    try:
        RosterFile(tmp_path).save(ROSTER)
    finally:
        os.umask(before)
    assert RosterFile(tmp_path).load() == ROSTER
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_file_that_others_may_write_is_not_trusted(tmp_path: Path) -> None:
    """Or anybody of the group could make themselves an operator."""
    RosterFile(tmp_path).save(ROSTER)
    (tmp_path / FILE).chmod(0o660)
    with pytest.raises(ControlroomError) as caught:
        RosterFile(tmp_path).load()
    assert caught.value.code == "roster-unusable"
    assert "chmod 600" in caught.value.advice


def test_neither_link_nor_pipe_nor_folder_is_a_list(tmp_path: Path) -> None:
    """Each is refused, and none makes the desk wait."""
    path = tmp_path / FILE
    (tmp_path / "elsewhere").write_text("{}")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ControlroomError):
        RosterFile(tmp_path).load()
    path.unlink()
    os.mkfifo(path, 0o600)
    with pytest.raises(ControlroomError):
        RosterFile(tmp_path).load()
    path.unlink()
    path.mkdir()
    with pytest.raises(ControlroomError):
        RosterFile(tmp_path).load()


def test_a_damaged_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    """Whoever looks into it finds what stood there."""
    path = tmp_path / FILE
    path.write_bytes(b"\xff\xfe{")
    path.chmod(0o600)
    with pytest.raises(ControlroomError) as caught:
        RosterFile(tmp_path).load()
    assert caught.value.code == "roster-wrong"
    assert str(path) in caught.value.happened
    assert "Put a good copy in its place" in caught.value.advice
    assert path.read_bytes() == b"\xff\xfe{"


def test_a_list_that_cannot_be_saved_leaves_the_one_before(tmp_path: Path) -> None:
    """A folder in the draft's place stands for a disk that does not take it."""
    RosterFile(tmp_path).save(ROSTER)
    (tmp_path / f".{FILE}.{os.getpid()}").mkdir()
    with pytest.raises(ControlroomError) as caught:
        RosterFile(tmp_path).save(Roster())
    assert caught.value.code == "roster-unusable"
    assert RosterFile(tmp_path).load() == ROSTER


def test_a_planted_draft_is_not_followed(tmp_path: Path) -> None:
    """A link in the draft's place leads nowhere."""
    victim = tmp_path / "victim"
    victim.write_text("kept")
    (tmp_path / f".{FILE}.{os.getpid()}").symlink_to(victim)
    with pytest.raises(ControlroomError):
        RosterFile(tmp_path).save(ROSTER)
    assert victim.read_text() == "kept"
