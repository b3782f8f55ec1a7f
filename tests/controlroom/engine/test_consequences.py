"""What follows from a state: what is shown and not told, and whose alarm it is."""

from __future__ import annotations

from controlroom.alarms.alarm import AlarmState
from controlroom.condition.state import Condition
from controlroom.engine.monitor import Monitor
from tests.controlroom.engine.restarted import restarted
from tests.stories.world import START_UTC_S, World, site_of

WITHOUT_WAY_OUT = {"mast": "RRRNNNNNN", "port": "RRRNNNNNN", "printer": "RRRRRRRRR"}


def no_way_out() -> Monitor:
    """A room whose default route is gone; the printer stands on its own network."""
    monitor = Monitor(site_of(list(WITHOUT_WAY_OUT)), {"icmp": True}, START_UTC_S)
    monitor.set_beyond(dict.fromkeys(WITHOUT_WAY_OUT, 4))
    World(monitor, WITHOUT_WAY_OUT).run(9)
    return monitor


def causes(monitor: Monitor) -> list[tuple[str, str, AlarmState]]:
    """Return what the alarms are about, and where they stand."""
    return [(alarm.subject, alarm.cause.value, alarm.state) for alarm in monitor.alarms.alarms()]


def test_a_missing_way_out_survives_a_restart_as_one_alarm() -> None:
    """Before anybody has looked for ways out it stays as it was; then it ends with the last that answers."""
    again = restarted(no_way_out(), list(WITHOUT_WAY_OUT))
    assert again.begin(START_UTC_S).entries == []
    standing = [("engine", "no_way_out_v4", AlarmState.UNACKNOWLEDGED)]
    assert causes(again) == standing
    again.set_beyond(dict.fromkeys(WITHOUT_WAY_OUT, 4))
    world = World(again, {"mast": "NNNNRRRR", "port": "NNNNNNRR", "printer": "RRRRRRRR"})
    world.run(6)
    assert causes(again) == standing
    world.run(8)
    assert causes(again) == [("engine", "no_way_out_v4", AlarmState.RETURNED_UNACKNOWLEDGED)]


def test_what_lacks_a_route_though_the_way_out_is_back_has_an_alarm_of_its_own() -> None:
    """A route of its own is missing: that is no longer the fault of all."""
    monitor = no_way_out()
    monitor.set_beyond({})
    World(monitor, {"mast": "NNNN", "port": "RRRR", "printer": "RRRR"}).run(4)
    assert causes(monitor) == [
        ("engine", "no_way_out_v4", AlarmState.RETURNED_UNACKNOWLEDGED),
        ("mast", "not_measured", AlarmState.UNACKNOWLEDGED),
    ]


def test_each_ip_version_has_its_own_way_out() -> None:
    """An alarm that stands for want of IPv6 hides no loss of the IPv4 one."""
    monitor = Monitor(site_of(["cloud", "mast", "printer"]), {"icmp": True}, START_UTC_S)
    monitor.set_beyond({"cloud": 6})
    World(monitor, {"cloud": "NNNN", "mast": "RRRR", "printer": "RRRR"}).run(4)
    assert causes(monitor) == [("engine", "no_way_out_v6", AlarmState.UNACKNOWLEDGED)]
    monitor.set_beyond({"cloud": 6, "mast": 4, "printer": 4})
    World(monitor, {"cloud": "NNNN", "mast": "NNNN", "printer": "RRRR"}).run(4)
    assert causes(monitor) == [
        ("engine", "no_way_out_v6", AlarmState.UNACKNOWLEDGED),
        ("engine", "no_way_out_v4", AlarmState.UNACKNOWLEDGED),
    ]


def test_a_missing_way_out_ends_with_the_last_endpoint_that_was_beyond() -> None:
    """The site was changed, at a start and under way: nobody is beyond any more."""
    returned = [("engine", "no_way_out_v4", AlarmState.RETURNED_UNACKNOWLEDGED)]
    again = restarted(no_way_out(), ["printer"])
    again.begin(START_UTC_S)
    assert causes(again) == returned
    monitor = no_way_out()
    monitor.adopt(site_of(["printer"]), {"icmp": True}, 9.0, START_UTC_S + 9)
    assert causes(monitor) == returned


def test_a_suspicion_is_shown_but_not_told() -> None:
    """A first loss marks the state as suspected and writes no log entry."""
    monitor = Monitor(site_of(["mast", "port"]), {"icmp": True}, START_UTC_S)
    world = World(monitor, {"mast": "RRRTT", "port": "RRRRR"})
    world.run(4.9)
    state = monitor.trackers["mast"].state
    assert (state.condition, state.suspected) == (Condition.UP, Condition.DOWN)
    assert world.told == []
