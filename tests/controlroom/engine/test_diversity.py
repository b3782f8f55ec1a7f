"""Routes that begin to share what they did not: raised once, over when apart, the same after a restart."""

from __future__ import annotations

from controlroom.alarms.alarm import Alarm, Cause, Priority
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.service_reason import ServiceReason
from controlroom.engine.diversity import Diversity
from controlroom.engine.effects import Effects
from controlroom.engine.monitor import Monitor
from controlroom.resilience.live import Resilience
from controlroom.route.kept import KeptRoute, RouteKind
from controlroom.site.view import SiteView
from tests.controlroom.resilience.test_diversity import BT, need, site
from tests.controlroom.route.routes import kept, route
from tests.stories.world import START_UTC_S, seen, site_of, with_services

SUBJECT = "service:s:diversity"
VIEW = site(need(1, "a", "b"), "a", "b", groups=(BT,))


class Room:
    """Two paths, with what they were traced to be before."""

    def __init__(self, *before: KeptRoute, alarms: AlarmRegister | None = None) -> None:
        """Begin where an earlier engine ended."""
        self.alarms = alarms or AlarmRegister()
        self.diversity = Diversity(self.alarms, before)
        self.adopt(VIEW)

    def adopt(self, view: SiteView) -> None:
        """Go on with a site."""
        self.diversity.adopt(Resilience(view), 1.0, Effects())

    def trace(self, endpoint_id: str, *places: str, kind: RouteKind = RouteKind.GOOD) -> list[str]:
        """Trace a route, and return what that brought about."""
        effects = Effects()
        self.diversity.traced([kept(endpoint_id, kind, route(*places))], 2.0, effects)
        return [entry.kind.value for entry in effects.entries]

    @property
    def alarm(self) -> Alarm | None:
        """The alarm that paths are apart no longer."""
        found = self.alarms.of(SUBJECT)
        return found if found is not None and found.active else None


def good(endpoint_id: str, *places: str) -> KeptRoute:
    """A route that was kept."""
    return kept(endpoint_id, RouteKind.GOOD, route(*places))


def test_what_is_shared_from_the_first_trace_on_is_given() -> None:
    """Nobody is called for how the site was built."""
    room = Room()
    assert room.trace("a", "x", "h1") == []
    assert room.trace("b", "x", "h2") == []
    assert room.alarm is None


def test_a_route_that_moves_onto_the_other_is_told_once_until_it_is_apart() -> None:
    """With both paths and the hop."""
    room = Room(good("a", "x", "h1"), good("b", "y", "h2"))
    assert room.trace("a", "x", "h2") == ["alarm_raised"]
    assert room.alarm is not None
    assert (room.alarm.cause, room.alarm.priority) == (Cause.DIVERSITY_LOST, Priority.LOW)
    told = ServiceReason.read(room.alarm.reason)
    assert told is not None
    assert told.paths.names == ("service:s:path:a", "service:s:path:b")
    assert told.shared.names == ("hop:h2",)
    assert room.trace("a", "x", "h2") == []
    assert room.trace("b", "y", "h2", "h3") == []
    assert room.trace("b", "y", "h4") == ["alarm_returned"]


def test_a_carrier_that_takes_over_the_other_way_is_told() -> None:
    """Though no address is the same."""
    room = Room(good("a", "192.0.2.1"), good("b", "203.0.113.1"))
    assert room.trace("b", "192.0.2.200") == ["alarm_raised"]
    assert room.alarm is not None
    assert "group:bt" in room.alarm.reason


def test_another_gateway_of_our_own_is_no_news_of_anybody() -> None:
    """It is the first hop of all routes, one after the other; as a carrier's router it would be."""
    room = Room(good("a", "x", "h1"), good("b", "x", "h2"))
    assert room.trace("a", "w", "h1") == []
    assert room.trace("b", "w", "h2") == []
    assert room.alarm is None


def test_what_everybody_shares_by_now_is_our_own_side() -> None:
    """Told at first, and over as the others move there too."""
    others = ("c", "d", "e", "f")
    room = Room(good("a", "x", "h1"), good("b", "x", "h2"), *(good(each, "x", each * 2) for each in others))
    room.adopt(site(need(1, "a", "b"), "a", "b", *others))
    room.trace("a", "x", "new", "h1")
    assert room.trace("b", "x", "new", "h2") == ["alarm_raised"]
    for each in others[:-1]:
        room.trace(each, "x", "new", each * 2)
    assert room.alarm is None


def test_a_trace_that_fails_tells_no_route_and_one_that_reaches_it_otherwise_does() -> None:
    """Where it takes the usual way, what is known of that stands."""
    before = good("a", "x/z", "h1"), good("b", "y", "h2")
    room = Room(*before)
    assert room.trace("a", "x", "h1", kind=RouteKind.NEWEST) == []
    assert room.trace("a", "x/z", "h1") == []
    assert room.trace("a", "w", "h2", kind=RouteKind.NEWEST) == ["alarm_raised"]


def test_a_restart_knows_what_was_new_and_what_was_given() -> None:
    """By the routes that are kept, and the alarm that stands."""
    before = Room(good("a", "x", "h1"), good("b", "x", "h2"))
    before.trace("a", "x", "h2")
    kept_alarms = AlarmRegister(before.alarms.alarms(), 2)
    after = Room(good("a", "x", "h2"), good("b", "x", "h2"), alarms=kept_alarms)
    assert before.alarm is not None
    assert after.alarm == before.alarm
    assert after.trace("a", "x", "h1") == ["alarm_returned"]
    quiet = Room(good("a", "x"), good("b", "x"))
    assert quiet.alarm is None


def test_an_alarm_ends_with_a_site_in_which_they_need_not_be_apart() -> None:
    """For nobody waits for that any more."""
    room = Room(good("a", "x", "h1"), good("b", "y", "h2"))
    room.trace("a", "x", "h2")
    assert room.alarm is not None
    room.adopt(site(need(2, "a", "b"), "a", "b"))
    assert room.alarm is None


def test_the_engine_goes_by_the_routes_that_were_kept() -> None:
    """From its start on."""
    room = with_services(site_of(["a", "b"]), {"s": {"ways": ["a", "b"]}})
    routes = (good("a", "x", "h1"), good("b", "y", "h2"))
    monitor = Monitor(room, {"icmp": True}, START_UTC_S, view=seen(room), routes=routes)
    monitor.begin(START_UTC_S)
    effects = monitor.traced([good("a", "x", "h2")], START_UTC_S + 5)
    assert [alarm.subject for alarm in effects.alarms.values()] == [SUBJECT]
