"""What the log tells of an alarm is found, however long the log is, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from controlroom.logbook.entry import Entry, LogKind
from controlroom.report.alarm_history import history_of
from tests.controlroom.report.memory_store import NOON_UTC_S, MemoryStore, view


@dataclass
class _Counting(MemoryStore):
    """Remembers how many entries were asked for."""

    looks: list[int] = field(default_factory=list)

    def entries(
        self,
        *,
        after_number: int = 0,
        since_utc_s: float | None = None,
        until_utc_s: float | None = None,
        kinds: frozenset[LogKind] | None = None,
        newest: int | None = None,
    ) -> Sequence[Entry]:
        """Remember ``newest``."""
        self.looks.append(newest or 0)
        return super().entries(kinds=kinds, newest=newest)


def store(notes: int) -> _Counting:
    """Alarm 6, then alarm 7 with a part of it, and many notes on others afterwards."""
    held = _Counting(view("mast-north", "mast-south"))
    held.tell(LogKind.NOTE, "mast-north", NOON_UTC_S, "ann", note="long ago", alarm=3)
    held.tell(LogKind.ALARM_RAISED, "mast-south", NOON_UTC_S, alarm=6)
    held.tell(LogKind.ALARM_RAISED, "mast-north", NOON_UTC_S, alarm=7)
    held.tell(LogKind.ALARM_SUPPRESSED, "mast-south", NOON_UTC_S, alarm=6, part_of=7)
    held.tell(LogKind.NOTE, "mast-north", NOON_UTC_S, "ann", note="seen", alarm=7)
    held.tell(LogKind.ALARM_ACKNOWLEDGED, "mast-north", NOON_UTC_S, "ann", alarm=7, note="called")
    for _ in range(notes):
        held.tell(LogKind.NOTE, "mast-south", NOON_UTC_S, "ann", note="other", alarm=6)
    return held


def test_its_entries_its_notes_and_its_parts() -> None:
    """In the order of the log."""
    history = history_of(store(3), 7)
    assert [entry.kind.value for entry in history.entries] == ["alarm_raised", "note", "alarm_acknowledged"]
    assert [entry.facts["note"] for entry in history.notes] == ["seen", "called"]
    assert [entry.subject for entry in history.joined] == ["mast-south"]


def test_a_long_log_is_read_back_until_it_began() -> None:
    """And no further; the raising of a smaller number says that it is far enough."""
    held = store(3000)
    assert len(history_of(held, 7).entries) == 3
    assert held.looks == [1000, 4000]
    held.looks.clear()
    for number in range(8, 1500):
        held.tell(LogKind.ALARM_RAISED, "mast-south", NOON_UTC_S, alarm=number)
    assert [entry.kind for entry in history_of(held, 1499).entries] == [LogKind.ALARM_RAISED]
    assert held.looks == [1000]


def test_of_an_alarm_that_never_was_there_is_nothing() -> None:
    """However it is asked for."""
    assert history_of(store(3), 99).entries == []
