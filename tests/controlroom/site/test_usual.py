"""Limits where the site is silent: they apply, give way to the site's own, and are told."""

from __future__ import annotations

from controlroom.measure.limits import lacks_figure
from controlroom.measure.window import Window
from controlroom.probe import UsualLimit
from controlroom.reading import Outcome, ProbeKey, Reading
from controlroom.site.load import load_site
from controlroom.site.usual import usual_words
from probes.registry import PROBE_TYPES

ROOM = """
name = "Room"

[[endpoints]]
id = "one"
name = "One"
kind = "infrastructure"
address = "192.0.2.1"

[[endpoints.probes]]
"""


def limits(text: str) -> list[tuple[str, float | None, float | None]]:
    """The limits of the one probe of a site."""
    (probe,) = load_site(ROOM + text, "room.toml", PROBE_TYPES).endpoints[0].probes
    return [(limit.metric, limit.raise_above, limit.raise_below) for limit in probe.limits]


def test_a_silent_site_has_the_usual_limits() -> None:
    """In both directions where the figure has a sign."""
    assert limits('type = "ntp"') == [("offset_s", 0.1, None), ("offset_s", None, -0.1)]
    assert limits('type = "icmp"') == []
    assert limits('type = "icmp"\nburst_count = 5') == [("burst_loss_ratio", 0.03, None)]


def test_a_limit_of_the_site_takes_their_place() -> None:
    """On its own figure, whatever its direction; one on another figure leaves them."""
    own = '[[endpoints.probes.limits]]\nmetric = "%s"\nraise_above = 9.0\nclear_below = 1.0\n'
    assert limits('type = "ntp"\n' + own % "offset_s") == [("offset_s", 9.0, None)]
    assert len(limits('type = "ntp"\n' + own % "rtt_s")) == 3


def test_only_what_a_probe_yields_is_limited() -> None:
    """A burst of one packet has no jitter, and nobody misses it."""
    assert [metric for metric, *_ in limits('type = "udp-echo"')] == ["burst_loss_ratio", "jitter_s"]
    assert [metric for metric, *_ in limits('type = "udp-echo"\npackets = 1')] == ["burst_loss_ratio"]


def test_each_interface_that_is_watched_by_name_is_limited() -> None:
    """One that is down, or that nobody has, must not pass for well."""
    found = limits('type = "host"\ninterfaces = ["eth0", "nosuch0"]')
    assert ("interface_eth0_up_ratio", None, 0.5) in found
    assert ("interface_nosuch0_up_ratio", None, 0.5) in found
    assert not [metric for metric, *_ in limits('type = "host"') if "interface_" in metric and "up" in metric]


def test_a_figure_that_not_everyone_has_is_not_missed() -> None:
    """A machine without a battery is well; one whose limit the site itself set must have the figure."""
    own = '[[endpoints.probes.limits]]\nmetric = "battery_ratio"\nraise_below = 0.5\nclear_above = 0.6\n'
    for text, missed in (('type = "host"\n', False), ('type = "host"\n' + own, True)):
        (probe,) = load_site(ROOM + text, "room.toml", PROBE_TYPES).endpoints[0].probes
        (limit,) = (limit for limit in probe.limits if limit.metric == "battery_ratio")
        window = Window(60)
        for second in range(30):
            window.add(
                Reading(ProbeKey("one", "host"), second, second, Outcome.REPLIED, values={"a_ratio": 1.0})
            )
        assert lacks_figure(limit, window) is missed


def test_they_are_told() -> None:
    """As the reference of the site file says them."""
    above = UsualLimit("rtt_s", raise_above=0.5, clear_below=0.25)
    below = UsualLimit("offset_s", raise_below=-0.5, clear_above=-0.25)
    assert usual_words(above) == "`rtt_s` above 0.5 (good again below 0.25)"
    assert usual_words(below) == "`offset_s` below -0.5 (good again above -0.25)"
