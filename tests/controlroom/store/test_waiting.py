"""The engine's end of the inboxes: whole lines only, bounded, odd lines answered, done ones cleared."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controlroom.errors import StoreError
from controlroom.store.act_text import LINE_LIMIT, text_of
from controlroom.store.folder import DataFolder
from controlroom.store.inbox import DeskInbox
from controlroom.store.inbox_file import inbox_path
from controlroom.store.interface import TakenAct
from controlroom.store.waiting import (
    ACTS,
    ACTS_PER_DESK,
    CLEAR_AFTER_S,
    LINES_PER_DESK,
    READ_LIMIT,
    clear_taken,
    read_waiting,
    refusal,
)
from tests.controlroom.store.examples import act


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """Make a data folder."""
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    return folder


def write(folder: DataFolder, content: bytes, desk_id: str = "desk-1") -> None:
    """Write an inbox by hand, without a first line."""
    inbox_path(folder, desk_id).write_bytes(content)


def line(note: str) -> bytes:
    """An act's line with its end."""
    return text_of(act(note)).encode() + b"\n"


def take_all(folder: DataFolder, places: dict[str, int] | None = None) -> list[TakenAct]:
    """Take whatever waits, call by call, until nothing does."""
    places = {} if places is None else places
    found: list[TakenAct] = []
    for _ in range(100):
        waiting = read_waiting(folder, places)
        if not waiting:
            return found
        found += waiting
        places.update({taken.desk_id: taken.place for taken in waiting})
    raise AssertionError("the places do not go on")


def test_nothing_waits_where_nothing_is(tmp_path: Path) -> None:
    """Without an inbox folder nothing waits."""
    assert read_waiting(DataFolder(tmp_path / "none"), {}) == []


def test_a_line_still_being_written_waits(folder: DataFolder) -> None:
    """Only with its end does a line count, and then once."""
    whole, half = line("whole"), line("half")
    write(folder, whole + half[:-1])
    places: dict[str, int] = {}
    assert [taken.act.note for taken in take_all(folder, places)] == ["whole"]
    write(folder, whole + half)
    assert [taken.act.note for taken in take_all(folder, places)] == ["half"]
    assert take_all(folder, places) == []


ODD = [b"no json", b"\xff\x00\x1b[31m", b"{}", b"[" * 5000, b"x" * (LINE_LIMIT + 1)]


def test_odd_lines_are_answered_and_passed(folder: DataFolder) -> None:
    """Between good acts every odd line is refused under an id of its own, and the place goes on."""
    write(folder, line("first") + b"".join(odd + b"\n" + line("next") for odd in ODD))
    found = take_all(folder)
    assert [taken.accepted for taken in found] == [True, *[False, True] * len(ODD)]
    refused = found[1::2]
    assert {(taken.answer, taken.lines) for taken in refused} == {("malformed", 1)}
    assert len({taken.act.id for taken in refused}) == len(ODD)
    assert all(taken.act.note.isascii() and taken.act.note.isprintable() for taken in refused)
    for taken in refused:
        text_of(taken.act)  # the stand-in is itself an act that can be kept


def test_a_run_of_odd_lines_is_one_refusal(folder: DataFolder) -> None:
    """However long, it is one answer with a count; a blank line in it breaks nothing."""
    write(folder, line("first") + b"\n\n".join(ODD[:4] * 50) + b"\n" + line("last"))
    found = take_all(folder)
    assert [taken.accepted for taken in found] == [True, False, True]
    assert found[1].lines == 200


def test_a_run_that_grows_is_not_told_twice(folder: DataFolder) -> None:
    """Looked at again before it was taken, it has the same id; taken, the rest of it has another."""
    write(folder, b"odd\n" * 3)
    (early,) = read_waiting(folder, {})
    write(folder, b"odd\n" * 5)
    (later,) = read_waiting(folder, {})
    assert later.act.id == early.act.id
    (rest,) = read_waiting(folder, {"desk-1": early.place})
    assert (rest.lines, rest.act.id != early.act.id) == (2, True)


def test_blank_lines_are_passed_over_in_silence(folder: DataFolder) -> None:
    """Nobody put them; the acts among them are taken, and they keep no inbox from being cleared."""
    write(folder, b"\n \r\n\t\n" + line("one") + b"\n\n" + line("two") + b" \n" * 200)
    places: dict[str, int] = {}
    assert [(taken.accepted, taken.act.note) for taken in take_all(folder, places)] == [
        (True, "one"),
        (True, "two"),
    ]
    assert clear_taken(folder, places, 4e9) == ["desk-1"]


def test_a_sea_of_blank_lines_hides_no_act(folder: DataFolder) -> None:
    """More of them than one reading takes are one refusal, and the act after them is taken whole."""
    write(folder, b"\n" * (READ_LIMIT - 40) + line("after") + b" " * (READ_LIMIT * 2) + b"\n" + line("end"))
    found = take_all(folder)
    assert [taken.act.note for taken in found if taken.accepted] == ["after", "end"]
    assert len(found) <= 6


def test_the_answer_to_an_odd_line_is_the_same_each_time(folder: DataFolder) -> None:
    """Read again before it was taken, an odd line has the same id."""
    write(folder, b"no json\n")
    assert [taken.act.id for taken in read_waiting(folder, {})] == [
        taken.act.id for taken in read_waiting(folder, {})
    ]


def test_a_line_without_end_cannot_stop_a_desk(folder: DataFolder) -> None:
    """A line longer than one reading is refused in pieces, its last piece too, and the next act is taken."""
    write(folder, b"x" * (READ_LIMIT * 2) + line("a piece that looks like an act") + line("next"))
    found = take_all(folder)
    assert [taken.accepted for taken in found] == [False, False, False, True]
    assert found[-1].act.note == "next"


def test_one_call_is_bounded(folder: DataFolder) -> None:
    """No desk gets more than its share of a call, nor all of them more than the whole."""
    for desk in range(ACTS // ACTS_PER_DESK + 2):
        write(folder, b"".join(line("x") for _ in range(ACTS_PER_DESK + 5)), f"desk-{desk:02}")
    first = read_waiting(folder, {})
    assert len(first) == ACTS
    assert len([taken for taken in first if taken.desk_id == "desk-00"]) == ACTS_PER_DESK
    assert len(take_all(folder)) == (ACTS // ACTS_PER_DESK + 2) * (ACTS_PER_DESK + 5)


def test_odd_lines_are_bounded_as_well(folder: DataFolder) -> None:
    """One call judges so many lines of a desk and no more."""
    write(folder, b"x\n" * (LINES_PER_DESK + 5))
    assert [taken.lines for taken in take_all(folder)] == [LINES_PER_DESK, 5]


def test_an_inbox_that_cannot_even_be_looked_at(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a trouble of the store, with a code, and no end of the thread that looks."""
    write(folder, line("x"))

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", forbidden)
    monkeypatch.setattr(Path, "lstat", forbidden)
    with pytest.raises(StoreError) as caught:
        read_waiting(folder, {})
    assert caught.value.code == "inbox-failed"


def test_what_is_no_inbox_is_passed_over(folder: DataFolder, tmp_path: Path) -> None:
    """Links, folders, pipes and other names are no inboxes, and no reading waits for them."""
    (tmp_path / "outside").write_bytes(line("outside"))
    (folder.inbox / "link.jsonl").symlink_to(tmp_path / "outside")
    (folder.inbox / "folder.jsonl").mkdir()
    os.mkfifo(folder.inbox / "pipe.jsonl")
    (folder.inbox / "notes.txt").write_bytes(line("notes"))
    (folder.inbox / ".hidden.jsonl").write_bytes(line("hidden"))
    assert read_waiting(folder, {}) == []
    assert clear_taken(folder, {}, 4e9) == []


def test_a_refusal_keeps_all_but_the_id() -> None:
    """A refused act stands at its place under a new id that fits the rules."""
    taken = TakenAct(act("again"), "desk-1", 77)
    refused = refusal(taken, "duplicate")
    assert (refused.place, refused.accepted, refused.answer) == (77, False, "duplicate")
    assert refused.act.note == "again"
    assert refused.act.id != taken.act.id
    text_of(refused.act)


def test_an_inbox_is_cleared_only_when_done_with(folder: DataFolder) -> None:
    """The desk gone, all taken, an hour quiet: with one of the three missing the file stays."""
    inbox = DeskInbox(folder, "desk-1")
    inbox.put(act())
    path = inbox_path(folder, "desk-1")
    later = path.stat().st_mtime + CLEAR_AFTER_S + 1
    places = {taken.desk_id: taken.place for taken in read_waiting(folder, {})}
    assert clear_taken(folder, places, later) == []  # the desk lives
    inbox.close()
    assert clear_taken(folder, {}, later) == []  # an act waits
    assert clear_taken(folder, places, later - 60) == []  # too soon
    assert clear_taken(folder, places, later) == ["desk-1"]
    assert not path.exists()


def test_an_inbox_never_used_is_cleared(folder: DataFolder) -> None:
    """A desk that did nothing leaves nothing behind."""
    DeskInbox(folder, "desk-1").close()
    assert clear_taken(folder, {}, 4e9) == ["desk-1"]


def test_an_old_place_hides_no_act_in_a_new_file(folder: DataFolder) -> None:
    """After clearing, a place that was not forgotten does not swallow the next file's acts."""
    old = DeskInbox(folder, "desk-1", random_bits=lambda _: 5)
    for _ in range(3):
        old.put(act("old"))
    old.close()
    places = {taken.desk_id: taken.place for taken in read_waiting(folder, {})}
    assert clear_taken(folder, places, 4e9) == ["desk-1"]
    new = DeskInbox(folder, "desk-1", random_bits=lambda _: 6)
    new.put(act("new"))
    new.close()
    assert [taken.act.note for taken in read_waiting(folder, places)] == ["new"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(content=st.binary(max_size=400), place=st.integers(0, 2**63 - 1))
def test_any_file_and_any_place_are_read(folder: DataFolder, content: bytes, place: int) -> None:
    """Whatever stands in a file, from wherever: every line but blank ones is answered once, none fails."""
    write(folder, content)
    read_waiting(folder, {"desk-1": place})
    whole_lines = content.split(b"\n")[:-1]
    told = sum(taken.lines for taken in take_all(folder))
    assert told == sum(bool(part.strip(b" \t\r")) for part in whole_lines)
