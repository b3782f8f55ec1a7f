"""What the stories do not tell: restarts, acknowledgements in between, a site that changed."""

from __future__ import annotations

from controlroom.alarms.alarm import Alarm, AlarmState
from controlroom.engine.monitor import Monitor
from controlroom.logbook.entry import LogKind
from tests.controlroom.engine.restarted import restarted, states_of
from tests.stories.world import START_UTC_S, World, site_of


def down_mast() -> Monitor:
    """A room whose mast is down with alarm number one."""
    monitor = Monitor(site_of(["mast", "port"]), {"icmp": True}, START_UTC_S)
    World(monitor, {"mast": "RRTTTTTTT", "port": "RRRRRRRRR"}).run(9)
    return monitor


def test_an_alarm_survives_a_restart_as_it_was() -> None:
    """Still down after the restart: nothing is told again."""
    monitor = down_mast()
    monitor.alarms.acknowledge(1, "ann", "seen", START_UTC_S + 5)
    again = restarted(monitor, ["mast", "port"])
    world = World(again, {"mast": "TTTTT", "port": "RRRRR"})
    world.run(5)
    assert world.told == []
    alarm = again.alarms.alarms()[0]
    assert (alarm.number, alarm.state, alarm.note) == (1, AlarmState.ACKNOWLEDGED, "seen")


def test_a_return_after_a_restart_needs_as_many_answers_as_any() -> None:
    """It was down, one answer is no recovery, three are; the alarm returns once."""
    again = restarted(down_mast(), ["mast", "port"])
    world = World(again, {"mast": "RTTTRRRRR", "port": "RRRRRRRRR"})
    world.run(9)
    assert [line.split(" ", 1)[1] for line in world.told] == ["mast up", "mast alarm_returned down"]


def test_an_alarm_whose_endpoint_left_the_site_ends() -> None:
    """Nobody can mend what is not watched: the alarm ends, and the log says why."""
    again = restarted(down_mast(), ["port"])
    effects = again.begin(10.0)
    assert [(entry.kind, entry.facts["why"]) for entry in effects.entries] == [
        (LogKind.ALARM_ENDED, "site_changed")
    ]
    assert again.alarms.alarms() == []


def test_acknowledged_alarm_returns_and_is_over() -> None:
    """After acknowledgement the return of the link ends the alarm."""
    monitor = Monitor(site_of(["mast", "port"]), {"icmp": True}, START_UTC_S)
    world = World(monitor, {"mast": "RRTTTTRRRRR", "port": "RRRRRRRRRRR"})
    world.run(6)
    alarms: list[Alarm] = monitor.alarms.alarms()
    monitor.alarms.acknowledge(alarms[0].number, "ann", "", START_UTC_S + 5)
    later = World(monitor, {"mast": "RRRRRR", "port": "RRRRRR"})
    later.run(6)
    assert monitor.alarms.alarms() == []


def test_an_endpoint_that_left_and_came_back_silent_has_its_alarm() -> None:
    """Down, taken out of the site, put back: it is judged afresh and its alarm is raised."""
    without = restarted(down_mast(), ["port"])
    gone = without.begin(10.0).states["mast"]
    back = Monitor(site_of(["mast", "port"]), {"icmp": True}, START_UTC_S, states=[gone], next_alarm_number=2)
    back.begin(START_UTC_S)
    world = World(back, {"mast": "TTTTT", "port": "RRRRR"})
    world.run(5)
    assert [line.split(" ", 1)[1] for line in world.told] == ["mast down", "mast alarm_raised down"]


def test_a_fault_without_its_alarm_gets_it_at_the_start() -> None:
    """Whatever happened to the store, no endpoint is down in silence."""
    before = down_mast()
    again = Monitor(
        site_of(["mast", "port"]),
        {"icmp": True},
        START_UTC_S,
        states=states_of(before),
        next_alarm_number=2,
    )
    raised = again.begin(10.0).entries
    assert [(entry.subject, entry.kind) for entry in raised] == [("mast", LogKind.ALARM_RAISED)]


def test_a_slow_second_probe_does_not_hide_an_outage_after_a_restart() -> None:
    """Held as it was until all is measured, unless what is measured shows worse."""
    lines = ["mast", "mast/snmp@120", "port"]
    first = Monitor(site_of(lines), {"icmp": True}, START_UTC_S)
    World(first, {"mast": "RRR", "mast/snmp@120": "RRR", "port": "RRR"}).run(3)
    again = Monitor(site_of(lines), {"icmp": True}, START_UTC_S, states=states_of(first))
    world = World(again, {"mast": "TTTTTT", "mast/snmp@120": "TTTTTT", "port": "RRRRRR"})
    world.run(6)
    assert [line.split(" ", 1)[1] for line in world.told] == ["mast down", "mast alarm_raised down"]
