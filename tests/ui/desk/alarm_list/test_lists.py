"""Each open alarm stands in one list, in its order; what is suppressed stands with what leads it."""

from __future__ import annotations

from dataclasses import replace

from controlroom.alarms.alarm import BY_OPERATOR, Alarm, AlarmState, Cause, Priority
from ui.desk.alarm_list.lists import AlarmLists, ListKind

PLAIN = Alarm(
    1,
    "a",
    Cause.DOWN,
    "deadline",
    Priority.MEDIUM,
    AlarmState.UNACKNOWLEDGED,
    since_utc_s=90,
    raised_utc_s=100,
)


def _numbers(lists: AlarmLists, kind: ListKind) -> list[int]:
    return [alarm.number for alarm in lists.of(kind)]


def test_what_hides_an_alarm_decides_its_list() -> None:
    """Out of service before suppressed before shelved; what has ended is in none."""
    shelved = replace(PLAIN, number=2, shelved_utc_s=100, shelved_until_utc_s=200)
    suppressed = replace(shelved, number=3, suppressed_by="behind:x")
    out = replace(suppressed, number=4, out_of_service=BY_OPERATOR)
    ended = replace(PLAIN, number=5, state=AlarmState.NORMAL)
    lists = AlarmLists([PLAIN, shelved, suppressed, out, ended])
    assert {kind: _numbers(lists, kind) for kind in ListKind} == {
        ListKind.ACTIVE: [1],
        ListKind.SHELVED: [2],
        ListKind.SUPPRESSED: [3],
        ListKind.OUT_OF_SERVICE: [4],
    }
    assert lists.numbered(5) is None
    assert lists.kind_of(out) is ListKind.OUT_OF_SERVICE


def test_active_alarms_stand_worst_first_and_what_is_over_last() -> None:
    """Of equals the newest first; a held one is over."""
    worse = replace(PLAIN, number=2, priority=Priority.CRITICAL)
    newer = replace(PLAIN, number=3, raised_utc_s=150)
    held = replace(PLAIN, number=4, priority=Priority.CRITICAL, state=AlarmState.LATCHED_UNACKNOWLEDGED)
    assert _numbers(AlarmLists([held, PLAIN, newer, worse]), ListKind.ACTIVE) == [2, 3, 1, 4]


def test_shelved_alarms_stand_in_the_order_in_which_they_come_back() -> None:
    """The next one first."""
    late = replace(PLAIN, number=1, shelved_utc_s=1, shelved_until_utc_s=900)
    soon = replace(PLAIN, number=2, shelved_utc_s=1, shelved_until_utc_s=300)
    assert _numbers(AlarmLists([late, soon]), ListKind.SHELVED) == [2, 1]


def test_members_stand_with_the_alarm_that_leads_them_as_they_failed() -> None:
    """By its number, or where none is told by the endpoint that they are behind."""
    lead = replace(PLAIN, subject="router")
    late = replace(PLAIN, number=2, subject="b", suppressed_by="behind:router", part_of=1, since_utc_s=95)
    early = replace(PLAIN, number=3, subject="c", suppressed_by="behind:router", since_utc_s=92)
    lists = AlarmLists([late, lead, early])
    (incident,) = lists.incidents
    assert incident.lead == lead
    assert [alarm.number for alarm in incident.members] == [3, 2]
    assert lists.led_by(1) is incident
    assert lists.led_by(2) is None
    assert incident.first_out is None, "the router itself failed first"


def test_a_common_cause_has_a_first_out_and_a_fault_of_its_own_may_have() -> None:
    """The place did not fail; of an endpoint that leads, a member may have failed before it."""
    place = replace(PLAIN, subject="location:Mast", since_utc_s=92)
    one = replace(PLAIN, number=2, suppressed_by="part_of:location:Mast", part_of=1, since_utc_s=92)
    (incident,) = AlarmLists([place, one]).incidents
    assert incident.first_out == one
    (led,) = AlarmLists([replace(place, subject="router"), replace(one, since_utc_s=91)]).incidents
    assert led.first_out is not None


def test_what_nothing_leads_any_more_stands_by_what_it_is_suppressed_by() -> None:
    """And is not lost because its leading alarm ended."""
    orphan = replace(PLAIN, suppressed_by="behind:gone", part_of=99)
    (incident,) = AlarmLists([orphan]).incidents
    assert (incident.lead, incident.key) == (None, "behind:gone")


def test_two_ways_of_suppression_under_one_lead_are_one_incident() -> None:
    """What is behind a member of an incident is part of the incident."""
    lead = replace(PLAIN, subject="group:ring")
    member = replace(PLAIN, number=2, subject="b", suppressed_by="part_of:group:ring", part_of=1)
    behind = replace(PLAIN, number=3, subject="c", suppressed_by="behind:b", part_of=1)
    (incident,) = AlarmLists([lead, behind, member]).incidents
    assert (incident.code, len(incident.members)) == ("part_of:group:ring", 2)
