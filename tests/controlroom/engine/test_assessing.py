"""How good a link is for its use, once a minute: told to the store, and to the log where it lasts."""

from __future__ import annotations

import pytest

import resources
from controlroom.condition.assessment import Assessment
from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.assessing import Assessing
from controlroom.engine.assessing_turns import EVERY_S
from controlroom.engine.link_changes import LinkChanges
from controlroom.engine.profile_files import read_profiles
from controlroom.logbook.entry import Draft, LogKind
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.site.criticality import Criticality
from controlroom.site.model import Codec, Voice
from controlroom.site.view import SeenEndpoint, SeenMetric, SeenPath, SeenProbe, SeenService, SiteView
from tests.controlroom.report.memory_store import view

START_UTC_S = 1_700_000_000.0
WORKS = EndpointState("mast", Condition.UP, 0.0, "none")
SLOW = EndpointState("mast", Condition.DEGRADED, 0.0, "limit:rtt_s:0.25")
PROFILES = read_profiles(resources.path("profiles"))
RADIO = SeenProbe(
    name="snmp",
    type="snmp",
    title="SNMP",
    period_s=1.0,
    timeout_s=1.0,
    metrics=(SeenMetric(name="signal_grade", unit="", title="Signal"),),
)


def site(profile: str = "ptt-voice", codec: Codec | None = None, name: str = "mast") -> SiteView:
    """One endpoint with a ping and a radio, for a use."""
    (endpoint,) = view(name).endpoints
    changes = {"profile": profile, "voice": Voice(codec=codec), "probes": (*endpoint.probes, RADIO)}
    endpoints: tuple[SeenEndpoint, ...] = (endpoint.model_copy(update=changes),)
    profiles = tuple(each for each in PROFILES.values() if each.id == profile)
    return view(name).model_copy(update={"endpoints": endpoints, "profiles": profiles})


class Room:
    """A site that is measured once a second."""

    def __init__(self, seen: SiteView) -> None:
        """Nothing is measured yet."""
        self.changes = LinkChanges(seen)
        self.assessing = Assessing(seen, START_UTC_S, self.changes)
        self.now_s = 0.0
        self.entries: list[Draft] = []

    def live(
        self, seconds: int, rtt_s: float | None, radio: dict[str, float] | None = None
    ) -> Assessment | None:
        """Measure for some time; return the last assessment of it."""
        last = None
        for _ in range(seconds):
            self.now_s += 1.0
            self._take("icmp", {} if rtt_s is None else {"rtt_s": rtt_s})
            if radio is not None:
                self._take("snmp", radio)
            effects = self.assessing.look(START_UTC_S + self.now_s)
            self.entries += effects.entries
            last = effects.assessments[-1] if effects.assessments else last
        return last

    def _take(self, probe: str, values: dict[str, float]) -> None:
        outcome = Outcome.REPLIED if values else Outcome.NO_REPLY
        reason = Reason.NONE if values else Reason.DEADLINE
        sent_utc_s = START_UTC_S + self.now_s
        self.assessing.take(Reading(ProbeKey("mast", probe), sent_utc_s, self.now_s, outcome, reason, values))


def test_a_link_is_graded_by_its_profile_once_a_minute() -> None:
    """With its figures; the first minute says too little for a profile that asks for sixty readings."""
    room = Room(site())
    first = room.live(60, 0.02)
    assert first is not None
    assert (first.grade, first.reason.split(":")[0]) == ("unknown", "profile_too_few")
    later = room.live(120, 0.02)
    assert later is not None
    assert (later.grade, later.reason, later.probe_name) == ("good", "profile_kept", "icmp")
    assert later.figures["rtt_median_s"] == 0.02
    assert later.figures["loss_ratio"] == 0.0
    assert room.entries == []


def test_a_link_is_graded_by_the_profiles_of_the_services_over_it_too() -> None:
    """Of 400 ms speech by radio is unusable, and bulk data does not mind; it needs no use of its own."""
    path = SeenPath(id="one", name="", endpoints=("mast",))
    services = tuple(
        SeenService(id=profile, name=profile, criticality=Criticality.HIGH, profile=profile, paths=(path,))
        for profile in ("ptt-voice", "bulk")
    )
    profiles = tuple(PROFILES[name] for name in ("ptt-voice", "bulk"))
    seen = site(profile="").model_copy(update={"services": services, "profiles": profiles})
    found = Room(seen).live(120, 0.4)
    assert found is not None
    assert found.grade == "unknown"
    assert found.serving["ptt-voice"] in {"poor", "unusable"}
    assert found.serving["bulk"] == "fair"


def test_a_grade_that_lasts_is_told_and_one_that_does_not_is_not() -> None:
    """Found again after a while; the reason names figure and number, and so does the way back."""
    room = Room(site())
    room.live(600, 0.02)
    room.assessing.saw([SLOW])
    room.live(5, 0.02)
    room.assessing.saw([WORKS])
    room.live(120, 0.02)
    assert room.entries == []
    room.live(600, 0.45)
    room.live(600, 0.02)
    told = [(each.facts["from"], each.facts["to"]) for each in room.entries]
    assert all(each.kind is LogKind.GRADE_CHANGED for each in room.entries)
    assert told[0] == ("good", "poor")
    assert told[-1][1] == "good"
    assert str(room.entries[0].facts["reason"]).startswith("profile:rtt_p95_s:0.225:0.15:one_way")


def test_voice_is_estimated_where_a_codec_is_named() -> None:
    """Also without a profile."""
    found = Room(site(profile="", codec=Codec.G711_PLC)).live(120, 0.02)
    assert found is not None
    assert (found.grade, found.reason) == ("unknown", "no_profile")
    assert 4.0 < found.figures["mos"] < 4.5


def test_without_a_use_only_signs_are_told_and_their_end_once() -> None:
    """A link of which nobody said what it is for costs nothing."""
    room = Room(site(profile=""))
    assert room.live(300, 0.02) is None
    found = room.live(120, 0.02, {"signal_grade": 1.0})
    assert found is not None
    assert found.reason == "sign:signal_poor:signal_grade"
    assert room.live(61, 0.02, {"signal_grade": 3.0}) is not None
    assert room.live(300, 0.02, {"signal_grade": 3.0}) is None


@pytest.mark.parametrize("sign", ["signal", "rate"])
def test_a_sign_makes_a_good_link_fair(sign: str) -> None:
    """A poor signal, or a radio that carries less while all figures are good."""
    good = {"signal_grade": 3.0, "tx_capacity_bit_per_s": 400e6}
    bad = good | ({"signal_grade": 1.0} if sign == "signal" else {"tx_capacity_bit_per_s": 100e6})
    room = Room(site())
    before = room.live(300, 0.02, good)
    after = room.live(120, 0.02, bad)
    assert before is not None
    assert after is not None
    assert (before.grade, after.grade) == ("good", "fair")
    words = {"signal": "signal_poor:signal_grade", "rate": "stepped_down:tx_capacity_bit_per_s:4e+08:1e+08"}
    assert after.reason == f"sign:{words[sign]}"


def test_an_outage_is_not_graded_and_counts_no_more_when_it_is_over() -> None:
    """Down says all; the link is judged by what it does afterwards."""
    room = Room(site())
    room.live(300, 0.02)
    room.assessing.saw([EndpointState("mast", Condition.DOWN, 0.0, "deadline")])
    assert room.live(200, None) is None
    room.assessing.saw([EndpointState("mast", Condition.UP, 0.0, "none")])
    found = room.live(150, 0.02)
    assert found is not None
    assert found.figures["loss_ratio"] == 0.0
    assert room.entries == []


def test_turns_are_spread_and_few_at_once() -> None:
    """Two hundred endpoints do not have theirs in one second, and each has it every minute."""
    names = [f"mast-{number}" for number in range(200)]
    seen = view(*names)
    wanted = tuple(each.model_copy(update={"profile": "ptt-voice"}) for each in seen.endpoints)
    profiles = (PROFILES["ptt-voice"],)
    whole = seen.model_copy(update={"endpoints": wanted, "profiles": profiles})
    assessing = Assessing(whole, START_UTC_S, LinkChanges(whole))
    counts: dict[str, int] = {}
    for tick in range(1, 100 * 180):
        found = assessing.look(START_UTC_S + tick / 100).assessments
        assert len(found) <= 2
        for each in found:
            counts[each.endpoint_id] = counts.get(each.endpoint_id, 0) + 1
    assert set(counts) == set(names)
    assert set(counts.values()) <= {2, 3}
    assert EVERY_S == 60.0


def test_what_is_asked_as_before_keeps_its_readings_when_the_site_changes() -> None:
    """Another profile is judged at once by what was measured."""
    room = Room(site())
    room.live(300, 0.1)
    room.assessing.adopt(site("5qi-69"), START_UTC_S + room.now_s)
    found = room.live(61, 0.1)
    assert found is not None
    assert found.figures["asked"] == 300.0
    assert found.grade != "unknown"


def test_a_changed_route_is_told_beside_a_sign() -> None:
    """By itself it is none: another way may be as good."""
    room = Room(site())
    room.assessing.told([Draft(START_UTC_S, LogKind.ROUTE_CHANGED, "mast")])
    good = room.live(300, 0.02, {"signal_grade": 3.0})
    assert good is not None
    assert (good.grade, good.reason) == ("good", "profile_kept")
    fair = room.live(120, 0.02, {"signal_grade": 1.0})
    assert fair is not None
    assert fair.reason == "sign:signal_poor:signal_grade:route_changed"


def test_a_raised_limit_makes_a_good_link_fair_at_once_and_no_longer_than_it_stands() -> None:
    """In the look after the condition changed, whoever's turn it is."""
    room = Room(site())
    room.assessing.saw([WORKS])
    room.live(300, 0.02)
    room.assessing.saw([SLOW])
    fair = room.live(1, 0.02)
    assert fair is not None
    assert (fair.grade, fair.reason) == ("fair", "sign:limit:rtt_s:0.25")
    room.assessing.saw([WORKS])
    good = room.live(1, 0.02)
    assert good is not None
    assert (good.grade, good.reason) == ("good", "profile_kept")


def test_a_condition_alone_is_no_use_of_a_link() -> None:
    """Where nobody said what a link is for, its condition says all."""
    room = Room(site(profile=""))
    room.assessing.saw([WORKS])
    room.live(60, 0.02)
    room.assessing.saw([SLOW])
    assert room.live(120, 0.02) is None


def test_a_link_that_begins_to_work_is_looked_at_in_its_turn() -> None:
    """A start of two thousand endpoints is no reason for two thousand looks."""
    room = Room(site())
    room.assessing.saw([EndpointState("mast", Condition.UNKNOWN, 0.0, "not_measured_yet")])
    room.assessing.saw([WORKS])
    assert room.assessing.due_utc_s > START_UTC_S


def test_a_change_of_the_link_and_of_its_route_are_looked_at_at_once() -> None:
    """The sign of a change for the worse is in the very next look, and so is its end."""
    room = Room(site())
    room.live(300, 0.02)
    sent_utc_s = START_UTC_S + room.now_s
    for place in range(2000):
        rtt_s = (0.02 if place < 1000 else 0.08) + place % 7 * 1e-4
        values = {"rtt_s": rtt_s}
        told = Reading(
            ProbeKey("mast", "icmp"), sent_utc_s + place - 2000, 0.0, Outcome.REPLIED, Reason.NONE, values
        )
        if room.changes.find(told, Condition.UP):
            break
    (found,) = room.assessing.look(sent_utc_s).assessments
    assert found.reason.startswith("sign:change:latency-rise:")
    assert room.assessing.look(sent_utc_s).assessments == []
    room.assessing.told([Draft(sent_utc_s, LogKind.ROUTE_CHANGED, "mast")])
    (found,) = room.assessing.look(sent_utc_s).assessments
    assert found.reason.endswith(":route_changed")


def test_the_last_minute_counts_where_it_shows_a_worse_grade() -> None:
    """Three of ten lost are told within two minutes and a bit, and the minute is named."""
    room = Room(site())
    room.live(600, 0.02)
    for _ in range(12):
        room.live(7, 0.02)
        room.live(3, None)
    (told,) = room.entries[:1]
    assert told.facts["from"] == "good"
    assert told.facts["to"] in ("poor", "unusable")
    assert str(told.facts["reason"]).endswith(":last_minute")
    assert told.at_utc_s - START_UTC_S - 600.0 <= 60.0 + 60.0 + 15.0


def test_one_loss_in_a_minute_lowers_no_grade() -> None:
    """The five minutes show no more than they did."""
    room = Room(site())
    room.live(600, 0.02)
    room.live(1, None)
    found = room.live(60, 0.02)
    assert found is not None
    assert (found.grade, found.reason) == ("good", "profile_kept")


def test_a_worse_grade_is_looked_at_again_soon_and_a_better_one_in_its_turn() -> None:
    """Fifteen seconds are waited for the one, a minute for the other."""
    room = Room(site())
    room.assessing.saw([WORKS])
    room.live(300, 0.02)
    began_s = room.now_s
    room.assessing.saw([SLOW])
    room.live(60, 0.02)
    (worse,) = room.entries
    assert (worse.facts["from"], worse.facts["to"]) == ("good", "fair")
    assert 15.0 <= worse.at_utc_s - START_UTC_S - began_s <= 18.0
    began_s = room.now_s
    room.assessing.saw([WORKS])
    room.live(180, 0.02)
    (better,) = room.entries[1:]
    assert (better.facts["from"], better.facts["to"]) == ("fair", "good")
    assert 55.0 <= better.at_utc_s - START_UTC_S - began_s <= 121.0


def test_a_clock_that_is_set_leaves_looks_and_what_was_found() -> None:
    """An hour back; the worse grade is told as soon as without."""
    room = Room(site())
    room.assessing.saw([WORKS])
    room.live(300, 0.02)
    room.assessing.saw([SLOW])
    room.live(1, 0.02)
    now_utc_s = START_UTC_S + room.now_s - 3600.0
    room.assessing.clock_stepped(-3600.0, now_utc_s)
    (found,) = [each for tick in range(18) for each in room.assessing.look(now_utc_s + tick).entries]
    assert found.facts["to"] == "fair"
