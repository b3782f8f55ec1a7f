"""What follows from a state: what is shown and not told, and whose alarm it is."""

from __future__ import annotations

from controlroom.alarms.alarm import AlarmState
from controlroom.condition.state import Condition
from controlroom.engine.monitor import Monitor
from controlroom.logbook.entry import LogKind
from controlroom.site.alarm_rule import AlarmRule
from controlroom.site.model import Site
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


def ruled(**rule: object) -> Site:
    """A room of two with one rule."""
    room = site_of(["mast", "port"])
    return room.model_copy(update={"alarm_rules": (AlarmRule.model_validate({"id": "own", **rule}),)})


def events(world: World) -> list[str]:
    """Return what was told as an event, in order."""
    told = (words.split() for words in world.told)
    return [cause for _, _, kind, *more in told if kind == LogKind.EVENT.value for cause in more]


def test_what_the_site_tells_as_an_event_has_no_alarm_and_is_told_once() -> None:
    """Each time it begins; a fault that the rule is not for has its alarm."""
    monitor = Monitor(ruled(causes=["down"], **{"as": "event"}), {"icmp": True}, START_UTC_S)
    world = World(monitor, {"mast": "RRRRTTTTTTTTTTTTTTTTRRRRRRRRTTTTTTTTTTTTTTTT", "port": "R" * 44})
    world.run(44)
    assert causes(monitor) == []
    assert events(world) == ["down", "down"]


def test_an_event_ends_the_alarm_of_what_was_before_and_never_by_being_unmeasured() -> None:
    """What cannot be measured any more is no better than it was."""
    monitor = Monitor(ruled(causes=["not_measured"], **{"as": "event"}), {"icmp": True}, START_UTC_S)
    world = World(monitor, {"mast": "RRRRTTTTTTTTTTTTTTTT" + "N" * 20, "port": "R" * 40})
    world.run(40)
    assert causes(monitor) == [("mast", "down", AlarmState.UNACKNOWLEDGED)]


def test_a_changed_rule_holds_at_once_for_what_is_wrong_already() -> None:
    """The alarm of what has become an event is over, and comes back with the rule gone."""
    monitor = Monitor(site_of(["mast", "port"]), {"icmp": True}, START_UTC_S)
    World(monitor, {"mast": "RRRR" + "T" * 16, "port": "R" * 20}).run(20)
    assert causes(monitor) == [("mast", "down", AlarmState.UNACKNOWLEDGED)]
    monitor.adopt(ruled(**{"as": "event"}), {"icmp": True}, 20.0, START_UTC_S + 20)
    assert causes(monitor) == [("mast", "down", AlarmState.RETURNED_UNACKNOWLEDGED)]
    monitor.adopt(ruled(latching=True), {"icmp": True}, 21.0, START_UTC_S + 21)
    (alarm,) = monitor.alarms.alarms()
    assert (alarm.state, alarm.latching) == (AlarmState.UNACKNOWLEDGED, True)
