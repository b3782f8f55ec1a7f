"""What holds of the health of any log: the counts add up, whatever the order, wherever the range is cut."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from controlroom.alarms.health.figures import AlarmHealth, health_of
from controlroom.alarms.health.floods import floods_of
from controlroom.alarms.health.monitored import monitored
from controlroom.alarms.health.presented import Row, columns_of
from controlroom.alarms.health.source import Source
from controlroom.logbook.entry import Entry, Fact, LogKind
from tests.controlroom.alarms.health.told_log import HOUR_S, START_S

_LENGTH_S = 6 * 3600
_LIVES = st.lists(
    st.tuples(
        st.integers(0, _LENGTH_S - 1),
        st.sampled_from(["mast", "gateway", "partner"]),
        st.integers(1, 4),
        st.lists(
            st.tuples(
                st.integers(1, 900),
                st.sampled_from(
                    [
                        LogKind.ALARM_RETURNED,
                        LogKind.ALARM_ACKNOWLEDGED,
                        LogKind.ALARM_RAISED_AGAIN,
                        LogKind.ALARM_EASED,
                        LogKind.ALARM_ENDED,
                    ]
                ),
            ),
            max_size=5,
        ),
    ),
    max_size=30,
)


@st.composite
def logs(draw: st.DrawFn) -> list[Entry]:
    """Entries of some alarms, in the order of time."""
    told: list[Entry] = []
    for number, (at_s, subject, priority, steps) in enumerate(draw(_LIVES), start=1):
        facts: dict[str, Fact] = {
            "alarm": number,
            "cause": "down",
            "reason": "deadline",
            "priority": priority,
        }
        told.append(_entry(START_S + at_s, LogKind.ALARM_RAISED, subject, facts))
        for after_s, kind in steps:
            at_s += after_s
            told.append(_entry(START_S + at_s, kind, subject, facts))
    return sorted(told, key=lambda each: (each.at_utc_s, each.facts["alarm"] or 0))


def _entry(at_utc_s: float, kind: LogKind, subject: str, facts: dict[str, Fact]) -> Entry:
    return Entry(0, at_utc_s, kind, subject, "", facts, "", "")


def told(entries: Sequence[Entry], since_s: float = 0.0, until_s: float = _LENGTH_S) -> AlarmHealth:
    """The health of a range in which monitoring ran."""
    return health_of(entries, monitored(START_S + since_s, START_S + until_s, ()))


@given(logs())
def test_the_counts_add_up(entries: list[Entry]) -> None:
    """However they are counted, they are as many."""
    found = told(entries)
    inside = [each for each in entries if each.at_utc_s < START_S + _LENGTH_S]
    raised = sum(each.kind in (LogKind.ALARM_RAISED, LogKind.ALARM_RAISED_AGAIN) for each in inside)
    assert found.presented == raised
    assert sum(found.priorities.values()) == raised
    assert sum(found.rates.hourly.counts) == raised
    assert sum(each.count for each in found.top) == raised
    assert found.answered.acknowledged + found.answered.not_acknowledged == raised
    assert sum(each.count for each in found.floods) <= raised
    assert 0 <= found.flood_s <= found.ran.length_s


@given(logs(), st.randoms(use_true_random=False))
def test_the_order_of_different_alarms_does_not_matter(entries: list[Entry], chance: object) -> None:
    """Only that of the entries of one."""
    shuffled = entries[:]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    by_alarm: dict[object, list[Entry]] = {}
    for each in entries:
        by_alarm.setdefault(each.facts["alarm"], []).append(each)
    places = {number: iter(own) for number, own in by_alarm.items()}
    other = [next(places[each.facts["alarm"]]) for each in shuffled]
    assert repr(told(other)) == repr(told(entries))


@given(logs(), st.integers(0, 6))
def test_a_range_that_is_cut_has_as_many_in_both_parts(entries: list[Entry], hour: int) -> None:
    """Cut at a full hour its windows add up too."""
    cut_s = hour * HOUR_S
    whole, parts = told(entries), (told(entries, 0.0, cut_s), told(entries, cut_s))
    assert sum(each.presented for each in parts) == whole.presented
    assert sum(each.again for each in parts) == whole.again
    assert sum(each.answered.acknowledged for each in parts) >= whole.answered.acknowledged - whole.presented
    for count in ("windows", "windows_over", "hours", "hours_over"):
        assert sum(getattr(each.rates, count) for each in parts) == getattr(whole.rates, count)


@given(st.lists(st.integers(0, 4000), max_size=60), st.integers(1, 2))
def test_floods_are_those_of_a_clock_that_looks_every_second(times: list[int], positions: int) -> None:
    """Which knows nothing but how many came within the last ten minutes."""
    times.sort()
    source = Source("mast", "down")
    rows = [Row(float(at_s), 1, source, 1, again=False) for at_s in times]
    found = floods_of(columns_of(rows), 10_000.0, positions)
    seen: list[tuple[int, int]] = []
    first, last_end = -1, -1
    for now_s in range(10_000):
        here = [at_s for at_s in times if now_s - 600 < at_s <= now_s]
        if first < 0 and len(here) > 10 * positions and here[-1] == now_s:
            first = next(at_s for at_s in here if at_s > last_end)
        elif first >= 0 and len(here) < 5 * positions:
            seen.append((first, now_s))
            first, last_end = -1, max((at_s for at_s in times if at_s <= now_s), default=-1)
    assert [(each.from_utc_s, each.until_utc_s) for each in found] == seen
