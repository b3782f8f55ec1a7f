"""Each finding of an audit: it is found where it is, and not where it is not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from controlroom.finding import Doubt
from controlroom.reading import ProbeKey, Reason
from controlroom.report.audit.finding import Area, AuditFinding, Seriousness, ranked
from controlroom.report.audit.record_findings import asking_findings, record_findings
from controlroom.report.audit.route_findings import hops_of, route_findings
from controlroom.report.audit.structure_findings import structure_findings
from controlroom.resilience.live import Resilience
from controlroom.route.trace import Hop, HopAddress, Trace, TraceEnd
from controlroom.site.view import SeenNeed, SeenPath, SiteView
from tests.controlroom.report.audit.rooms import TODAY, room, talk


def by_code(found: Iterable[AuditFinding]) -> dict[str, AuditFinding]:
    """The findings by their codes; here each comes once."""
    listed = list(found)
    told = {each.code: each for each in listed}
    assert len(told) == len(listed)
    return told


def of_structure(of: SiteView) -> list[AuditFinding]:
    """What its structure gives away."""
    return list(structure_findings(of, Resilience(of).structures, str, TODAY))


def with_talk(**changes: object) -> SiteView:
    """The room with another second path."""
    return room().model_copy(update={"services": (talk(**changes),)})


def test_a_room_that_lacks_nothing_has_no_finding_of_its_records() -> None:
    """Empty is empty."""
    assert list(record_findings(room(), TODAY)) == []


def test_what_alone_loses_a_service_is_named_with_the_services() -> None:
    """The duct is worse than the recorder: a critical service hangs on it."""
    single = [each for each in of_structure(room()) if each.code == "single_point_of_failure"]
    assert [(each.where, each.seriousness) for each in single] == [
        (("group:duct", "talk"), Seriousness.SERIOUS),
        (("recorder", "record"), Seriousness.IMPORTANT),
    ]


def test_what_loses_a_service_alone_says_itself_that_paths_share_it() -> None:
    """The duct; it is not told twice. Of the recorder there is one path only."""
    found = of_structure(room())
    assert [each for each in found if each.code == "shared_risk"] == []
    duct, recorder = [each for each in found if each.code == "single_point_of_failure"]
    assert "share it: “Talk to crews”" in duct.why
    assert duct.advice.startswith("Ask the carriers for separate routes")
    assert "share" not in recorder.why


@pytest.mark.parametrize(
    ("kind", "advice"),
    [
        ("staff", "Train a second person"),
        ("power", "another feed"),
        ("mast", "mast"),
        ("other", "second way"),
    ],
)
def test_what_is_shared_and_needs_one_other_failure_is_a_shared_risk(kind: str, advice: str) -> None:
    """The third path does not share it. The advice is by the kind."""
    plain = room()
    three = talk().model_copy(
        update={
            "paths": (*talk().paths, SeenPath(id="c", name="Recorder", endpoints=("recorder",))),
            "needs": SeenNeed(at_least=1, of=("a", "b", "c")),
        }
    )
    groups = [each.model_copy(update={"kind": kind}) for each in plain.risk_groups]
    found = of_structure(plain.model_copy(update={"services": (three,), "risk_groups": tuple(groups)}))
    (shared,) = [each for each in found if each.code == "shared_risk"]
    assert shared.where == ("talk", "group:duct")
    assert "together with one other failure" in shared.why
    assert advice in shared.advice


def test_paths_that_are_all_needed_share_no_risk() -> None:
    """Nothing of them was meant to stand in."""
    both = talk()
    needed = both.model_copy(update={"needs": both.needs.model_copy(update={"at_least": 2})})
    found = of_structure(room().model_copy(update={"services": (needed,)}))
    assert {each.code for each in found} == {"single_point_of_failure"}


@pytest.mark.parametrize(
    ("exercised", "code"),
    [
        (None, "standby_never_exercised"),
        (date(2026, 1, 14), "standby_exercised_long_ago"),
        (date(2026, 1, 15), None),
    ],
)
def test_a_standby_path_is_told_until_it_was_exercised_within_a_year(
    exercised: date | None, code: str | None
) -> None:
    """To the day; the year is 365 days long."""
    found = {each.code for each in of_structure(with_talk(standby=True, exercised=exercised))}
    assert {each for each in found if each.startswith("standby")} == ({code} if code else set())


def test_a_site_without_a_service_says_so() -> None:
    """An empty part is a finding of its own."""
    assert [each.code for each in of_structure(room().model_copy(update={"services": ()}))] == ["no_service"]


@pytest.mark.parametrize(
    ("changes", "code", "seriousness"),
    [
        ({"owner": ""}, "no_owner", Seriousness.IMPORTANT),
        ({"contact": ""}, "no_contact", Seriousness.IMPORTANT),
        ({"what_to_do": ""}, "no_own_card", Seriousness.MINOR),
        ({"review_date": None}, "no_review_date", Seriousness.MINOR),
        ({"review_date": date(2027, 1, 14)}, "review_overdue", Seriousness.IMPORTANT),
        ({"review_date": TODAY}, None, None),
        ({"agreement_expires": date(2027, 1, 14)}, "agreement_expired", Seriousness.SERIOUS),
        ({"agreement_expires": TODAY}, "agreement_expires_soon", Seriousness.IMPORTANT),
        ({"agreement_expires": date(2027, 3, 16)}, "agreement_expires_soon", Seriousness.IMPORTANT),
        ({"agreement_expires": date(2027, 3, 17)}, None, None),
        ({"agreement": "", "agreement_expires": None}, "no_agreement", Seriousness.IMPORTANT),
        ({"agreement_expires": None}, "agreement_without_end", Seriousness.MINOR),
    ],
)
def test_what_is_missing_or_due_of_an_endpoint(
    changes: dict[str, object], code: str | None, seriousness: Seriousness | None
) -> None:
    """One finding, that names it; days count to the day."""
    found = list(record_findings(room(partner=changes), TODAY))
    expected = [(code, seriousness, ("partner",))] if code else []
    assert [(each.code, each.seriousness, each.where) for each in found] == expected


def test_what_many_lack_is_one_finding() -> None:
    """With all of them named by their ids."""
    found = by_code(record_findings(room(gate_a={"owner": ""}, gate_b={"owner": ""}), TODAY))
    assert found["no_owner"].where == ("gate-a", "gate-b")
    assert "2 endpoints" in found["no_owner"].what


def test_how_it_asks_is_judged_by_the_doubts_of_its_probes() -> None:
    """A community that everybody knows is serious; what is not grave is minor; clear text is told."""
    key = ProbeKey("gate-a", "snmp")
    doubts = [
        (key, Doubt("community-well-known", "Everybody knows it.", "Set another.")),
        (key, Doubt("snmp-version-1", "Version 1.", "Use 3.", grave=False)),
    ]
    found = by_code(asking_findings(room(), doubts, [key]))
    assert found["community_well_known"].seriousness is Seriousness.SERIOUS
    assert found["snmp_version_1"].seriousness is Seriousness.MINOR
    assert found["snmp_in_clear"].where == ("gate-a/snmp",)
    assert "no_time_source_watched" in found


def test_an_endpoint_of_which_no_probe_reaches_it_is_told() -> None:
    """And clocks are watched once something asks by NTP."""
    plain = room()
    probe = plain.endpoints[0].probes[0]
    blind = room(
        recorder={"probes": (probe.model_copy(update={"reaches": False}),)},
        partner={"probes": (probe, probe.model_copy(update={"name": "ntp", "type": "ntp"}))},
    )
    found = by_code(asking_findings(blind, ()))
    assert found["no_reaching_probe"].where == ("recorder",)
    assert "no_time_source_watched" not in found


def trace(address: str, *hops: str) -> Trace:
    """A route through these routers to an address."""
    told = [
        Hop(place, 3, (HopAddress(each, 3, 0.001, 0.001, 0.002, Reason.TTL_EXCEEDED),))
        for place, each in enumerate(hops, 1)
    ]
    return Trace(address, 0.0, TraceEnd.REACHED, tuple(told))


def test_a_router_that_both_ways_go_through_is_told_and_the_rooms_own_is_not() -> None:
    """The first hop is our own gateway; and what is configured as shared is no news."""
    apart = Resilience(room().model_copy(update={"risk_groups": ()}))
    routes = {
        "gate-a": hops_of(trace("192.0.2.1", "10.0.0.1", "10.9.0.1")),
        "gate-b": hops_of(trace("192.0.2.2", "10.0.0.1", "10.9.0.1")),
        "recorder": hops_of(trace("192.0.2.3", "10.0.0.1")),
        "partner": hops_of(trace("192.0.2.4", "10.0.0.1", "10.7.0.1")),
    }
    assert [each.where for each in route_findings(apart, routes, str)] == [("talk", "10.9.0.1")]
    assert list(route_findings(Resilience(room()), routes, str)) == []
    other = {**routes, "gate-b": hops_of(trace("192.0.2.2", "10.0.0.1", "10.8.0.1"))}
    assert list(route_findings(apart, other, str)) == []


def test_the_most_serious_comes_first_then_what_the_structure_gives_away() -> None:
    """Then what names the most places."""

    def finding(seriousness: Seriousness, area: Area, *where: str) -> AuditFinding:
        return AuditFinding("code", seriousness, area, "", where, "", "")

    minor = finding(Seriousness.MINOR, Area.STRUCTURE)
    few = finding(Seriousness.SERIOUS, Area.RECORDS, "a")
    many = finding(Seriousness.SERIOUS, Area.RECORDS, "a", "b")
    first = finding(Seriousness.SERIOUS, Area.STRUCTURE)
    assert ranked([minor, few, many, first]) == [first, many, few, minor]
