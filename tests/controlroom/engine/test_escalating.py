"""Passing on, look by look: once each, over restarts, clocks that are set, reloads and storms."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.alarms.alarm import Alarm, AlarmState, Cause, Priority
from controlroom.alarms.moved import Moved
from controlroom.engine.escalating import MOST_AT_ONCE, MOST_PLANNED, Escalating
from controlroom.engine.monitor import Monitor
from controlroom.logbook.entry import LogKind
from controlroom.site.duty import Contact, Escalation
from controlroom.site.model import Site
from tests.stories.world import START_UTC_S, World, site_of


def room(*after_s: float, to: str = "ann") -> Site:
    """A room that tells Ann of priority 1 after so many seconds."""
    steps = [{"after_s": one, "to": to} for one in after_s]
    escalation = Escalation.model_validate({"id": "e", "priorities": [1], "steps": steps})
    return Site(
        name="Room",
        contacts=(Contact(id="ann", name="Ann Ek", phone="01632 960123"),),
        escalations=(escalation,),
    )


def escalating(site: Site, told_until_utc_s: float = 1000.0) -> Escalating:
    """Begin with a site."""
    return Escalating(site, told_until_utc_s)


ALARM = Alarm(1, "mast", Cause.DOWN, "deadline", Priority.CRITICAL, AlarmState.UNACKNOWLEDGED, 1000.0, 1000.0)


def steps_told(found: list[Moved]) -> list[int]:
    """Which steps were told."""
    return [int(str(moved.entry.facts["step"])) for moved in found]


def test_each_step_is_told_once_when_it_is_due() -> None:
    """By the name that people know, and the alarm stays as it is."""
    following = escalating(room(60, 120))
    assert following.look([ALARM], 1060.0) == []
    (moved,) = following.look([ALARM], 1061.0)
    assert (moved.alarm, moved.entry.kind) == (ALARM, LogKind.ALARM_ESCALATED)
    assert (moved.entry.facts["to"], moved.entry.facts["to_name"]) == ("ann", "Ann Ek, 01632 960123")
    assert following.look([ALARM], 1062.0) == []
    assert steps_told(following.look([ALARM], 1200.0)) == [2]


def test_an_acknowledgement_ends_it_and_a_new_raising_begins_anew() -> None:
    """Whatever was told before."""
    following = escalating(room(60))
    assert steps_told(following.look([ALARM], 1070.0)) == [1]
    acknowledged = replace(ALARM, state=AlarmState.ACKNOWLEDGED)
    assert following.look([acknowledged], 1100.0) == []
    again = replace(ALARM, raised_utc_s=1100.0)
    assert following.look([again], 1150.0) == []
    assert steps_told(following.look([again], 1161.0)) == [1]
    early = escalating(room(60))
    early.look([ALARM], 1030.0)
    early.look([acknowledged], 1040.0)
    assert early.look([acknowledged], 1100.0) == []


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 1000), min_size=1, max_size=6).map(sorted),
    st.lists(
        st.tuples(st.floats(0, 1200), st.sampled_from(["look", "restart", "reload", "clock"])), max_size=12
    ),
)
def test_each_is_told_once_whatever_happens_in_between(
    after_s: list[int], happened: list[tuple[float, str]]
) -> None:
    """Looks at any time, restarts after any look, a site loaded anew, a clock set by an hour."""
    site, alarm, shift_s, seen = room(*after_s), ALARM, 0.0, list[int]()
    following, alive_utc_s = escalating(site), 1000.0
    for at_s, what in [*sorted(happened), (2000.0, "look")]:
        now_utc_s = 1000.0 + at_s + shift_s
        if what == "restart":
            following = escalating(site, alive_utc_s)
        elif what == "reload":
            following.adopt(site)
        elif what == "clock":
            following.clock_stepped(-3600.0)
            shift_s -= 3600.0
            alarm = replace(alarm, raised_utc_s=alarm.raised_utc_s - 3600.0)
            now_utc_s, alive_utc_s = now_utc_s - 3600.0, alive_utc_s - 3600.0
        seen.extend(steps_told(following.look([alarm], now_utc_s)))
        alive_utc_s = max(alive_utc_s, now_utc_s)
    assert seen == list(range(1, len(after_s) + 1))


def test_in_a_storm_so_many_are_told_at_a_look_the_most_urgent_first() -> None:
    """Nobody is left out."""
    site = room(60)
    escalation = site.escalations[0].model_copy(update={"priorities": (1, 2)})
    following = escalating(site.model_copy(update={"escalations": (escalation,)}))
    alarms = [
        replace(ALARM, number=number, priority=Priority.HIGH if number <= MOST_AT_ONCE else Priority.CRITICAL)
        for number in range(1, 2 * MOST_AT_ONCE + 1)
    ]
    first, second = following.look(alarms, 1100.0), following.look(alarms, 1101.0)
    assert {moved.alarm.priority for moved in first} == {Priority.CRITICAL}
    assert {moved.alarm.priority for moved in second} == {Priority.HIGH}
    assert len(first) == len(second) == MOST_AT_ONCE
    assert following.look(alarms, 1102.0) == []


def test_what_waits_in_a_storm_is_told_after_a_reload_as_well() -> None:
    """And after the clock was set."""
    site = room(60)
    following = escalating(site)
    alarms = [replace(ALARM, number=number) for number in range(1, 3 * MOST_AT_ONCE + 1)]
    told = following.look(alarms, 1100.0)
    following.adopt(site)
    told += following.look(alarms, 1101.0)
    following.clock_stepped(3600.0)
    later = [replace(alarm, raised_utc_s=alarm.raised_utc_s + 3600.0) for alarm in alarms]
    told += following.look(later, 4702.0)
    assert sorted(moved.alarm.number for moved in told) == [alarm.number for alarm in alarms]
    assert following.look(later, 4703.0) == []


def test_of_a_storm_of_thousands_none_is_left_out_though_plans_take_several_looks() -> None:
    """The first step of the last alarm is told although its plan was made after it fell due."""
    following = escalating(room(0))
    alarms = [replace(ALARM, number=number) for number in range(1, 3 * MOST_PLANNED + 1)]
    told = [moved for at_s in range(1, 20) for moved in following.look(alarms, 1000.0 + at_s)]
    assert sorted(moved.alarm.number for moved in told) == [alarm.number for alarm in alarms]


def test_less_urgent_is_another_plan_and_tells_nothing_of_the_past() -> None:
    """Priority 2 has no escalation here; back at priority 1 only what is to come is told."""
    following = escalating(room(60, 300))
    following.look([ALARM], 1070.0)
    eased = replace(ALARM, priority=Priority.HIGH)
    assert following.look([eased], 1200.0) == []
    assert steps_told(following.look([ALARM], 1301.0)) == [2]


def test_the_monitor_passes_on_what_nobody_acknowledges() -> None:
    """By the site's escalation, until somebody does; after a restart it goes on."""
    told = room(5, 30)
    site = site_of(["mast", "port"]).model_copy(
        update={"contacts": told.contacts, "escalations": told.escalations}
    )
    monitor = Monitor(site, {"icmp": True}, START_UTC_S)
    world = World(monitor, {"mast": "RRRR" + "T" * 12, "port": "R" * 16})
    world.run(16)
    assert [words.split()[2] for words in world.told if "escalated" in words] == ["alarm_escalated"]
    alarms = monitor.alarms.alarms()
    again = Monitor(
        site,
        {"icmp": True},
        START_UTC_S + 60,
        alarms=alarms,
        next_alarm_number=2,
        last_alive_utc_s=START_UTC_S + 16,
    )
    found = again.tick(0.0, START_UTC_S + 61)
    assert [entry.facts["step"] for entry in found.entries if entry.kind is LogKind.ALARM_ESCALATED] == [2]
