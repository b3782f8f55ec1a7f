"""Who is watched, who lies outside, and what a changed site makes of them."""

from __future__ import annotations

from controlroom.condition.tracker import EndpointTracker
from controlroom.engine.watched import Watched
from controlroom.reading import ProbeKey
from controlroom.site.model import Site
from tests.stories.world import site_of

REACHES = {"icmp": True}


def watched(site: Site) -> Watched:
    """Watch a site from now on."""
    return Watched({item.id: EndpointTracker(item, REACHES, 0.0) for item in site.endpoints})


def test_what_is_outside_is_watched_and_not_on_this_machine() -> None:
    """An endpoint that nobody watches is neither."""
    room = watched(site_of(["mast", "loopback"]))
    room.local = frozenset({"loopback"})
    assert [room.is_outside(each) for each in ("mast", "loopback", "gone")] == [True, False, False]
    assert [tracker.endpoint.id for tracker in room.outside()] == ["mast"]
    assert room.find(ProbeKey("mast", "snmp")) is None
    assert room.find(ProbeKey("gone", "icmp")) is None


def test_a_changed_site_keeps_who_did_not_change() -> None:
    """The very same tracker goes on; who has one more probe asks by that alone; who is new by all."""
    room = watched(site_of(["mast", "port", "gone"]))
    before = dict(room.trackers)
    followed, gone = room.adopt(site_of(["new", "mast", "port", "port/snmp@60"]), REACHES, 5.0)
    assert gone == ["gone"]
    assert list(room.trackers) == ["new", "mast", "port"]
    assert [room.trackers[each] is before[each] for each in ("mast", "port")] == [True, True]
    told = [(one.is_new, one.is_changed, [probe.probe.name for probe in one.anew]) for one in followed]
    assert told == [(True, True, ["icmp"]), (False, False, []), (False, True, ["snmp"])]
