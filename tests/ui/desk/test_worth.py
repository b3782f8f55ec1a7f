"""What the detail of an endpoint says of its link: read from the store, as the engine judged it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

import resources
from controlroom.condition.assessment import Assessment
from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.profile_files import read_profiles
from controlroom.logbook.entry import Fact, LogKind
from controlroom.reading import SeriesKey
from controlroom.site.model import Codec, Voice
from controlroom.site.view import SeenEndpoint, SiteView
from controlroom.store.interface import BlindTime, Curve, Heartbeat, Resolution
from tests.controlroom.report.memory_store import NOON_UTC_S, MemoryStore, reading, view
from ui.desk.snapshot import Worked, Worth
from ui.desk.worth_reading import MONTH_S, SHIFT_S, read_worked, read_worth
from ui.desk.worth_words import availability_lines, figures_words, quality_words, voice_lines

PROFILE = read_profiles(resources.path("profiles"))["ptt-voice"]


@dataclass
class Room(MemoryStore):
    """A store with one endpoint, which was measured for five minutes."""

    found: Assessment | None = None

    def assessments(self) -> list[Assessment]:
        """The one that it was given."""
        return [] if self.found is None else [self.found]

    def curves(
        self, series: Sequence[SeriesKey], since_utc_s: float, until_utc_s: float, resolution: Resolution
    ) -> dict[SeriesKey, Curve]:
        """Each reading, at the beginning of its bucket."""
        step_s = float(resolution) or 1.0
        curves = {}
        for key in series:
            found = self.samples(key, since_utc_s, until_utc_s)
            at_utc_s = found.at_utc_s - (found.at_utc_s % step_s if resolution else 0.0)
            curves[key] = Curve(resolution, at_utc_s, found.value, np.zeros(len(at_utc_s), np.bool_))
        return curves


def room(profile: str = "ptt-voice", codec: Codec | None = None, rtt_s: float = 0.02) -> Room:
    """An endpoint of a use, answering for five minutes but for each hundredth question."""
    seen = view("mast")
    (endpoint,) = seen.endpoints
    changes = {"profile": profile, "voice": Voice(codec=codec), "objective": 0.999}
    site = seen.model_copy(
        update={
            "endpoints": (endpoint.model_copy(update=changes),),
            "profiles": (PROFILE,) if profile else (),
        }
    )
    store = Room(site=site, beat=Heartbeat(1, NOON_UTC_S, {}, 1))
    times = [NOON_UTC_S - 300 + each for each in range(300)]
    store.readings = [
        reading("mast", at_s, None if number % 100 == 50 else rtt_s) for number, at_s in enumerate(times)
    ]
    return store


def parts(store: Room) -> tuple[Worth, SiteView, SeenEndpoint]:
    """Read it as the desk does."""
    site = store.site
    assert site is not None
    (seen,) = site.endpoints
    worked = read_worked(store, seen, NOON_UTC_S)
    return read_worth(store, site, seen, NOON_UTC_S, worked), site, seen


def test_figures_stand_with_the_loss_that_they_show() -> None:
    """Three of 300 may be as little as a third of a per cent."""
    worth, _, _ = parts(room())
    assert figures_words(worth) == (
        "Median 20.0 ms, 95 % within 20.0 ms, 99 % within 20.0 ms; jitter 0 s; "
        "lost 3 of 300, so 0.341 % to 2.9 %."
    )


@pytest.mark.parametrize(
    ("rtt_s", "words"),
    [
        (0.02, "Good for Push-to-talk voice (MCPTT headroom)."),
        (0.2, "Fair for Push-to-talk voice (MCPTT headroom): half of the round trip of 95 % of packets is"),
    ],
)
def test_the_grade_is_told_with_its_reason(rtt_s: float, words: str) -> None:
    """A good one needs none."""
    worth, site, seen = parts(room(rtt_s=rtt_s))
    assert quality_words(worth, seen, site.profile_of(seen)).startswith(words)


def test_what_the_engine_judged_counts() -> None:
    """It knows of signs that figures do not show."""
    store = room()
    sign = "sign:signal_poor:rsrp_dbm"
    store.found = Assessment("mast", "icmp", NOON_UTC_S, 300.0, "fair", sign)
    worth, site, seen = parts(store)
    assert "the signal is poor" in quality_words(worth, seen, site.profile_of(seen))


def quality_beside(store: Room, condition: Condition, reason: str) -> str:
    """What is said of the link beside a condition."""
    worth, site, seen = parts(store)
    return quality_words(worth, seen, site.profile_of(seen), EndpointState("mast", condition, 0.0, reason))


def test_beside_a_degraded_endpoint_no_link_is_called_good() -> None:
    """Whatever the engine judged last, and where it judged nothing yet."""
    store, limit = room(), "limit:rtt_s:0.25"
    said = quality_beside(store, Condition.DEGRADED, limit)
    assert said.startswith("Fair for Push-to-talk voice (MCPTT headroom): round-trip time is 250 ms, beyond")
    store.found = Assessment("mast", "icmp", NOON_UTC_S, 300.0, "good", "profile_kept")
    assert quality_beside(store, Condition.DEGRADED, limit) == said
    assert "the endpoint is degraded, no reply" in quality_beside(store, Condition.DEGRADED, "deadline")
    assert quality_beside(store, Condition.UP, "none").startswith("Good for")
    store.found = Assessment("mast", "icmp", NOON_UTC_S, 300.0, "poor", "profile:loss_ratio:0.1:0.05")
    assert quality_beside(store, Condition.DEGRADED, limit).startswith("Poor for")


def test_a_condition_that_is_over_is_no_reason_any_more() -> None:
    """Though the engine's newest judgement is by it."""
    store = room()
    store.found = Assessment("mast", "icmp", NOON_UTC_S, 300.0, "fair", "sign:limit:rtt_s:0.25:route_changed")
    assert quality_beside(store, Condition.UP, "none").startswith("Good for")
    store.found = replace(store.found, reason="sign:degraded:deadline")
    assert quality_beside(store, Condition.UP, "none").startswith("Good for")
    store.found = replace(store.found, reason="sign:signal_poor:rsrp_dbm")
    assert "the signal is poor" in quality_beside(store, Condition.UP, "none")


@pytest.mark.parametrize(
    ("change", "stands"), [("latency-fall", False), ("loss-fall", True), ("latency-rise", True)]
)
def test_a_change_of_which_the_log_told_the_end_is_no_reason_any_more(change: str, *, stands: bool) -> None:
    """After "faster than usual" nobody says "slower than usual"."""
    store = room()
    sign = "sign:change:latency-rise:0.02:0.08"
    store.found = Assessment("mast", "icmp", NOON_UTC_S - 30, 300.0, "fair", sign)
    store.tell(LogKind.LINK_CHANGED, "mast", NOON_UTC_S - 40, change="latency-fall")
    store.tell(LogKind.LINK_CHANGED, "other", NOON_UTC_S - 10, change="latency-fall")
    worth, site, seen = parts(store)
    assert "slower than usual" in quality_words(worth, seen, site.profile_of(seen))
    store.tell(LogKind.LINK_CHANGED, "mast", NOON_UTC_S - 10, change=change)
    worth, site, seen = parts(store)
    assert ("slower than usual" in quality_words(worth, seen, site.profile_of(seen))) is stands


def test_without_a_use_nothing_is_said_of_quality_or_voice() -> None:
    """The figures stand all the same."""
    worth, site, seen = parts(room(profile=""))
    assert quality_words(worth, seen, site.profile_of(seen)) == ""
    assert voice_lines(worth) == ""
    assert figures_words(worth)


def test_voice_is_called_an_estimate_and_shows_what_it_assumes() -> None:
    """A codec without published values says what to set."""
    lines = voice_lines(parts(room(codec=Codec.G711_PLC))[0]).splitlines()
    assert lines[0].startswith("Estimated voice quality (MOS) 4.")
    assert lines[-1].startswith("Assumed: G.711 with concealment")
    assert "values are not published; set ie and bpl" in voice_lines(parts(room(codec=Codec.TETRA_ACELP))[0])


def test_worked_is_told_over_a_shift_and_a_month_with_blind_time_apart() -> None:
    """An outage of a minute, and an hour in which nobody watched."""
    store = room()
    store.readings = [reading("mast", NOON_UTC_S - SHIFT_S, 0.02), *store.readings]
    down_s, up_s = NOON_UTC_S - 7200, NOON_UTC_S - 7140
    change: dict[str, Fact] = {"from": "up", "to": "down", "reason": "deadline", "since_utc_s": down_s}
    store.tell(LogKind.CONDITION_CHANGED, "mast", down_s + 1, **change)
    back: dict[str, Fact] = {"from": "down", "to": "up", "reason": "none", "since_utc_s": up_s}
    store.tell(LogKind.CONDITION_CHANGED, "mast", up_s, **back)
    store.endpoint_states = [EndpointState("mast", Condition.UP, up_s, "none")]
    store.blind = [BlindTime(NOON_UTC_S - 20_000, NOON_UTC_S - 16_400, "asleep")]
    worth, _, _ = parts(store)
    assert [length_s for length_s, _ in worth.worked.availability] == [SHIFT_S, MONTH_S]
    shift, month, repair, objective, spending = availability_lines(worth).splitlines()
    assert shift.startswith("Last 12 h: 99.848 % of 11 h measured; 1 outage of 1 min")
    assert "not counted: 1 h" in shift
    assert month.startswith("Last 30 d: 99.848 % of 11 h measured")
    assert repair == "1 min to repair (MTTR); after one failure no time between failures (MTBF) is known."
    assert objective == "Objective 99.9 %: 1 min of 43 min 12 s are spent, 42 min 12 s are left."
    assert (
        spending
        == "Being spent: 3.3 times as fast as allowed over 6 h, 0.0 times as fast as allowed over 30 min."
    )


def test_an_outage_that_was_counted_as_maintenance_afterwards_is_told_as_that() -> None:
    """The objective is spared, and the sentence says what was done."""
    store = room()
    store.readings = [reading("mast", NOON_UTC_S - SHIFT_S, 0.02), *store.readings]
    down_s, up_s = NOON_UTC_S - 7200, NOON_UTC_S - 7140
    change: dict[str, Fact] = {"from": "up", "to": "down", "reason": "deadline", "since_utc_s": down_s}
    store.tell(LogKind.CONDITION_CHANGED, "mast", down_s + 1, **change)
    back: dict[str, Fact] = {"from": "down", "to": "up", "reason": "none", "since_utc_s": up_s}
    store.tell(LogKind.CONDITION_CHANGED, "mast", up_s, **back)
    otherwise: dict[str, Fact] = {"from_utc_s": down_s - 60, "until_utc_s": up_s, "note": "Power work"}
    store.tell(LogKind.DOWNTIME_RECLASSIFIED, "mast", NOON_UTC_S - 100, "anna", **otherwise)
    store.endpoint_states = [EndpointState("mast", Condition.UP, up_s, "none")]
    shift, _, objective, _ = availability_lines(parts(store)[0]).splitlines()
    assert (
        "no outage; not counted: 1 min in maintenance (all of it down time, counted so afterwards)." in shift
    )
    assert objective == "Objective 99.9 %: 0 s of 43 min 12 s are spent, 43 min 12 s are left."


def test_after_an_outage_only_what_followed_it_counts() -> None:
    """Neither its losses nor what was judged before it."""
    store = room()
    store.found = Assessment("mast", "icmp", NOON_UTC_S - 250, 300.0, "unusable", "profile_kept")
    back: dict[str, Fact] = {"from": "down", "to": "up", "reason": "none", "since_utc_s": NOON_UTC_S - 100}
    store.tell(LogKind.CONDITION_CHANGED, "mast", NOON_UTC_S - 98, **back)
    worth, site, seen = parts(store)
    assert worth.assessment is None
    assert worth.quality is not None
    assert worth.quality.figures.asked == 100
    assert quality_words(worth, seen, site.profile_of(seen)).startswith("Good for")


def test_an_endpoint_without_round_trips_has_no_quality() -> None:
    """Such as a device that is asked by SNMP alone."""
    store = room()
    site = store.site
    assert site is not None
    (seen,) = site.endpoints
    bare = seen.model_copy(update={"probes": ()})
    worth = read_worth(store, site, bare, NOON_UTC_S, Worked())
    assert worth.quality is None
    assert quality_words(replace(worth, assessment=None), bare, PROFILE) == figures_words(worth) == ""
