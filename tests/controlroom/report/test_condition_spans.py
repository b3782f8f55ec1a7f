"""Spans from the log and the blind times: also of changes without an entry, and as they happened."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.alarms.alarm import ENGINE
from controlroom.alarms.rules import OWN_REASONS
from controlroom.condition.own_connection import OWN_CONNECTION_LOST
from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.condition_entry import condition_entry, is_told_otherwise
from controlroom.logbook.chain import Chain
from controlroom.logbook.entry import Draft, Entry, Fact, LogKind
from controlroom.measure.availability import (
    Availability,
    Spent,
    TimeSpan,
    availability_of,
    merged,
    with_blind,
)
from controlroom.measure.reclassification import Reclassification
from controlroom.report.condition_spans import (
    availability_in,
    condition_spans,
    known_from_utc_s,
    reclassifications,
)
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, BlindTime
from controlroom.store.sqlite import open_engine_store, open_read_store
from tests.controlroom.store.examples import START_UTC_S, lost, replied, second

MAST = "mast"
UP, DEGRADED, DOWN, UNKNOWN = Condition.UP, Condition.DEGRADED, Condition.DOWN, Condition.UNKNOWN


@dataclass
class Room:
    """A room that goes through conditions: it writes what an engine would, and remembers what was."""

    now_s: float = 0.0
    state: EndpointState = field(
        default_factory=lambda: EndpointState(MAST, UNKNOWN, 0.0, "not_measured_yet")
    )
    log: list[Entry] = field(default_factory=list)
    blind: list[BlindTime] = field(default_factory=list)
    truth: list[tuple[float, Condition]] = field(default_factory=list)
    alarmed: bool = False
    chain: Chain = field(default_factory=Chain)

    def turn(self, condition: Condition, reason: str = "deadline", *, counts_from_s: float = 0.0) -> None:
        """Change the condition now; it may count from earlier."""
        since_s = counts_from_s or self.now_s
        state = EndpointState(MAST, condition, since_s, reason)
        if condition is not self.state.condition and not is_told_otherwise(self.state, state):
            self.log.append(self.chain.append(condition_entry(self.state, state, self.now_s)))
        if self.alarmed and condition is UP:
            self.write(LogKind.ALARM_RETURNED)
        self.alarmed = condition is not UP and (self.alarmed or reason not in OWN_REASONS)
        self.state = state
        self.truth.append((since_s, condition))

    def write(self, kind: LogKind, subject: str = MAST, **facts: str) -> None:
        """Append an entry."""
        self.log.append(self.chain.append(Draft(self.now_s, kind, subject, facts=dict(facts))))

    def count_otherwise(self, subject: str, since: Fact, until: Fact) -> None:
        """Append an entry that counts down time as maintenance."""
        facts: dict[str, Fact] = {"from_utc_s": since, "until_utc_s": until, "note": "Power work"}
        draft = Draft(self.now_s, LogKind.DOWNTIME_RECLASSIFIED, subject, "anna", facts)
        self.log.append(self.chain.append(draft))

    def go_blind(self, for_s: float) -> None:
        """Lose our own connection and find it again."""
        begin_s = self.now_s
        self.turn(UNKNOWN, OWN_CONNECTION_LOST)
        self.now_s += for_s
        self.blind.append(BlindTime(begin_s, self.now_s, OWN_CONNECTION_LOST))

    def spans(self) -> list[TimeSpan]:
        """Return what the log tells."""
        return condition_spans(self.log, self.blind, MAST, self.state, 0.0, self.now_s)

    def lived(self) -> Availability:
        """Sum up what was."""
        ends = [since_s for since_s, _ in self.truth[1:]] + [self.now_s]
        spans = [
            TimeSpan(Spent(condition.value), since_s, end_s)
            for (since_s, condition), end_s in zip(self.truth, ends, strict=True)
        ]
        dark = [TimeSpan(Spent.BLIND, each.from_utc_s, each.until_utc_s) for each in self.blind]
        return availability_of(with_blind(spans, dark), 0.0, self.now_s)


def told(spans: Sequence[TimeSpan]) -> list[tuple[str, float, float]]:
    """Return spans as short rows."""
    return [(each.spent.value, each.since_utc_s, each.until_utc_s) for each in spans]


def test_a_condition_counts_from_when_it_was_first_shown() -> None:
    """Down from the first lost probe, not from the entry."""
    room = Room()
    room.turn(UP)
    room.now_s = 100.0
    room.turn(DOWN, counts_from_s=98.5)
    room.now_s = 160.0
    room.turn(UP, "none", counts_from_s=158.0)
    room.now_s = 200.0
    assert told(room.spans()) == [
        ("up", 0, 98.5),
        ("down", 98.5, 158),
        ("up", 158, 160),
        ("up", 160, 200),
    ]
    assert room.spans()[1].reason == "deadline"


def test_down_time_that_was_counted_otherwise_is_maintenance_and_keeps_what_it_was() -> None:
    """As the entry says, of this endpoint alone; what another entry says badly changes nothing."""
    room = Room()
    room.turn(UP)
    room.now_s = 100.0
    room.turn(DOWN)
    room.now_s = 160.0
    room.turn(UP, "none")
    room.now_s = 500.0
    room.count_otherwise(MAST, 90.0, 130.0)
    room.count_otherwise("roof", 0.0, 500.0)
    room.count_otherwise(MAST, "always", None)
    assert told(room.spans()) == [
        ("up", 0, 100),
        ("maintenance", 100, 130),
        ("down", 130, 160),
        ("up", 160, 500),
    ]
    assert (room.spans()[1].was, room.spans()[1].reason) == (Spent.DOWN, "deadline")
    found = next(reclassifications(room.log, MAST))
    assert found == Reclassification(MAST, 90.0, 130.0, "anna", "Power work", 500.0)


def test_an_endpoint_that_never_changed_is_what_it_is() -> None:
    """Its first answer has no entry."""
    room = Room()
    room.turn(UP)
    room.now_s = 50.0
    assert told(room.spans()) == [("up", 0, 50)]
    assert told(condition_spans([], [], MAST, None, 10.0, 20.0)) == [("up", 10, 20)]
    waiting = EndpointState(MAST, UNKNOWN, 12.0, "no_privilege")
    assert told(condition_spans([], [], MAST, waiting, 10.0, 20.0)) == [("up", 10, 12), ("unknown", 12, 20)]


def test_a_return_that_has_no_entry_is_found() -> None:
    """Down, blind, and then up without a word: its alarm's return tells it, or the state as it is now."""
    room = Room()
    room.turn(UP)
    room.now_s = 10.0
    room.turn(DOWN)
    room.now_s = 20.0
    room.go_blind(30)
    room.turn(UP, "none")
    room.now_s = 100.0
    expected = [("up", 0, 10), ("down", 10, 20), ("blind", 20, 50), ("up", 50, 100)]
    assert told(room.spans()) == expected
    without_alarms = [each for each in room.log if each.kind is LogKind.CONDITION_CHANGED]
    assert told(condition_spans(without_alarms, room.blind, MAST, room.state, 0.0, 100.0)) == expected


def test_between_two_losses_of_our_connection_nothing_is_down() -> None:
    """An alarm that was withdrawn told no return: what came between is unknown; down has an entry."""
    room = Room()
    room.turn(UP)
    room.now_s = 10.0
    room.turn(DOWN)
    room.now_s, room.alarmed = 20.0, False
    room.go_blind(10)
    room.turn(UP, "none")
    room.now_s = 50.0
    room.go_blind(10)
    room.turn(UP, "none")
    room.now_s = 100.0
    found = availability_of(room.spans(), 0.0, 100.0)
    assert [found.time_s(each) for each in (Spent.UP, Spent.DOWN, Spent.UNKNOWN)] == [50, 10, 20]


def test_what_was_silently_up_before_a_fault_is_up() -> None:
    """Blind, and then an entry from unknown: never was it down meanwhile, nor up."""
    room = Room()
    room.turn(UP)
    room.now_s = 10.0
    room.go_blind(30)
    room.now_s = 60.0
    room.turn(DOWN, counts_from_s=45.0)
    room.now_s = 100.0
    assert told(room.spans()) == [
        ("up", 0, 10),
        ("blind", 10, 40),
        ("unknown", 40, 45),
        ("down", 45, 100),
    ]


def test_being_asleep_changes_no_condition() -> None:
    """Time that the machine slept through is blind, and what was down before it is down after it."""
    room = Room()
    room.turn(DOWN)
    room.blind.append(BlindTime(10.0, 40.0, "asleep"))
    room.now_s = 100.0
    assert told(room.spans()) == [("down", 0, 10), ("blind", 10, 40), ("down", 40, 100)]


def test_a_clock_that_was_set_back_turns_no_time_around() -> None:
    """The log's order holds."""
    room = Room()
    room.turn(UP)
    room.now_s = 1000.0
    room.turn(DOWN)
    room.now_s = 500.0
    room.turn(UP, "none")
    room.now_s = 2000.0
    assert told(room.spans()) == [("up", 0, 1000), ("up", 1000, 2000)]


def test_while_the_site_had_it_not_nothing_is_known() -> None:
    """Taken out at 100, put back at 300, and up again without an entry."""
    room = Room()
    room.turn(UP)
    room.now_s = 50.0
    room.turn(DEGRADED)
    room.now_s = 100.0
    room.write(LogKind.SITE_CHANGED, ENGINE, removed_ids=f"other, {MAST}")
    room.now_s = 300.0
    room.write(LogKind.SITE_CHANGED, ENGINE, added_ids=MAST)
    room.state = EndpointState(MAST, UP, 300.5, "none")
    room.now_s = 400.0
    found = availability_of(room.spans(), 0.0, 400.0)
    assert [found.time_s(each) for each in (Spent.UP, Spent.DEGRADED, Spent.UNKNOWN)] == [150, 50, 200]


def test_only_its_own_entries_count_and_only_its_range() -> None:
    """Another endpoint's fault is not ours; a range that begins in an outage begins with it."""
    room = Room()
    room.turn(UP)
    room.now_s = 10.0
    room.log.append(
        room.chain.append(Draft(10.0, LogKind.CONDITION_CHANGED, "other", facts={"from": "up", "to": "down"}))
    )
    room.now_s = 20.0
    room.turn(DOWN)
    room.now_s = 90.0
    assert told(room.spans()) == [("up", 0, 20), ("down", 20, 90)]
    assert told(condition_spans(room.log, [], MAST, room.state, 30.0, 40.0)) == [("down", 30, 40)]


STEPS = st.lists(
    st.tuples(st.sampled_from(["up", "degraded", "down", "unknown", "blind"]), st.integers(1, 1000)),
    max_size=25,
)


@given(STEPS, st.lists(st.floats(0, 1), max_size=4))
def test_the_log_gives_the_same_availability_as_the_life_it_tells_of(
    steps: list[tuple[str, int]], cuts: list[float]
) -> None:
    """Every way of spending time, every outage, to the microsecond; and whatever parts it is read in."""
    room = Room()
    room.turn(UP)
    room.now_s = 10.0
    for what, length_s in steps:
        if what == "blind":
            room.go_blind(length_s)
            # The first that is known after it: some condition at once.
            room.turn(UP, "none")
        else:
            room.turn(Condition(what), "no_secret" if what == "unknown" else "deadline")
        room.now_s += length_s
    lived = room.lived()
    assert availability_of(room.spans(), 0.0, room.now_s) == lived
    edges = [0.0, *sorted(cut * room.now_s for cut in cuts), room.now_s]
    parts = [
        availability_of(condition_spans(room.log, room.blind, MAST, room.state, begin, end), begin, end)
        for begin, end in pairwise(edges)
    ]
    assert merged(parts) == lived


def test_it_is_read_from_a_store(tmp_path: Path) -> None:
    """What was before the first answer is unknown, and what comes after the last sign of life is blind."""
    folder, chain = DataFolder(tmp_path / "data"), Chain()
    start_s = START_UTC_S + 90
    with closing(open_engine_store(folder)) as engine:
        for turn in range(300):
            at_s = start_s + turn
            reading = lost(at_s) if 100 <= turn < 160 else replied(at_s)
            engine.commit(Batch(second(at_s, reading)))
        up = EndpointState("gateway", UP, start_s, "none")
        down = EndpointState("gateway", DOWN, start_s + 100, "deadline")
        back = EndpointState("gateway", UP, start_s + 160, "none")
        entries = [
            chain.append(condition_entry(up, down, start_s + 101)),
            chain.append(condition_entry(down, back, start_s + 163)),
        ]
        blind = [BlindTime(start_s + 200, start_s + 230, "asleep")]
        engine.commit(Batch(states=[back], entries=entries, blind=blind))
    with closing(open_read_store(folder)) as store:
        begin_s, end_s = START_UTC_S - 7200, start_s + 1000
        assert known_from_utc_s(store, "gateway", begin_s, end_s) == start_s
        assert known_from_utc_s(store, "gateway", start_s + 120.5, end_s) == start_s + 120.5
        assert known_from_utc_s(store, "gateway", begin_s, start_s - 1) is None
        found = availability_in(store, "gateway", begin_s, end_s)
        assert found.time_s(Spent.DOWN) == 60
        assert found.time_s(Spent.BLIND) == pytest.approx(30 + 701, abs=1)
        assert found.time_s(Spent.UP) == pytest.approx(100 + 40 + 69, abs=1)
        assert sum(found.spent_us) == found.until_us - found.since_us
        assert (found.outages, found.ongoing) == (1, False)
        inside = availability_in(store, "gateway", start_s + 110, start_s + 150)
        assert (inside.ratio, inside.time_s(Spent.DOWN)) == (0, 40)
        stranger = availability_in(store, "stranger", begin_s, end_s)
        assert stranger.ratio is None
        assert stranger.time_s(Spent.UNKNOWN) == end_s - begin_s
