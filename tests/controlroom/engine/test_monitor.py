"""What the stories do not tell: restarts, acknowledgements in between, a site that changed."""

from __future__ import annotations

from controlroom.alarms.alarm import Alarm, AlarmState
from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.monitor import Monitor
from controlroom.logbook.entry import LogKind
from tests.stories.world import START_UTC_S, World, site_of


def states_of(monitor: Monitor) -> list[EndpointState]:
    """Take what the store would hold."""
    return [tracker.state for tracker in monitor.trackers.values()]


def restarted(monitor: Monitor, endpoint_ids: list[str]) -> Monitor:
    """Start a new engine's monitor from what the old one had committed."""
    return Monitor(
        site_of(endpoint_ids),
        {"icmp": True},
        START_UTC_S,
        states=states_of(monitor),
        alarms=monitor.alarms.alarms(),
        next_alarm_number=2,
    )


def down_mast() -> Monitor:
    """A room whose mast is down with alarm number one."""
    monitor = Monitor(site_of(["mast", "port"]), {"icmp": True}, START_UTC_S)
    World(monitor, {"mast": "RRTTTTTTT", "port": "RRRRRRRRR"}).run(9)
    return monitor


def test_an_alarm_survives_a_restart_as_it_was() -> None:
    """Still down after the restart: nothing is told again."""
    monitor = down_mast()
    monitor.alarms.acknowledge(1, "ann", "seen", 5.0)
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
    monitor.alarms.acknowledge(alarms[0].number, "ann", "", 5.0)
    later = World(monitor, {"mast": "RRRRRR", "port": "RRRRRR"})
    later.run(6)
    assert monitor.alarms.alarms() == []


def test_a_suspicion_is_shown_but_not_told() -> None:
    """A first loss marks the state as suspected and writes no log entry."""
    monitor = Monitor(site_of(["mast", "port"]), {"icmp": True}, START_UTC_S)
    world = World(monitor, {"mast": "RRRTT", "port": "RRRRR"})
    world.run(4.9)
    state = monitor.trackers["mast"].state
    assert (state.condition, state.suspected) == (Condition.UP, Condition.DOWN)
    assert world.told == []


def test_two_hundred_endpoints_lost_with_us_are_one_alarm() -> None:
    """A pulled cable in a large room: one alarm, every endpoint unknown, within the re-probe budget."""
    ids = [f"e{number}" for number in range(200)]
    site = site_of([*ids, "gateway"], anchors=["gateway"])
    monitor = Monitor(site, {"icmp": True}, START_UTC_S)
    world = World(monitor, dict.fromkeys([*ids, "gateway"], "RRTTTT"))
    world.run(6)
    assert len(monitor.alarms.alarms()) == 1
    assert {state.condition for state in states_of(monitor)} == {Condition.UNKNOWN}
    assert world.asked < 6 * 201 + 400 * 6


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


def test_after_a_restart_everything_is_asked_once_without_its_beat() -> None:
    """A probe with a beat of minutes is measured at once."""
    monitor = Monitor(site_of(["mast/icmp@120"]), {"icmp": True}, START_UTC_S)
    assert [str(wish.probe) for wish in monitor.begin(0.0).reprobes] == ["mast/icmp"]


def test_four_hundred_that_fail_together_are_sure_within_seconds() -> None:
    """The witnesses answer for all of them and do not eat the budget."""
    ids = [f"e{number}" for number in range(400)]
    site = site_of([*[f"{key}/icmp@5" for key in ids], "gateway"], anchors=["gateway"])
    monitor = Monitor(site, {"icmp": True}, START_UTC_S)
    letters = dict.fromkeys([f"{key}/icmp@5" for key in ids], "RRRRRTTTTTTTTTTT")
    world = World(monitor, {**letters, "gateway": "R" * 16})
    world.run(16)
    downs = [float(line.split()[0]) for line in world.told if line.endswith(" down")]
    assert len([line for line in world.told if line.endswith(" alarm_raised down")]) == 400
    assert max(downs) < 5.5 + 1.0 + 3.0
