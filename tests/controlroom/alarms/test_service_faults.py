"""Which fault a service has by how it stands: certain, planned, unknown, poor, and how urgent."""

from __future__ import annotations

import pytest

from controlroom.alarms.alarm import Cause, Priority
from controlroom.alarms.service_faults import fault_of, faults_of, service_priority
from controlroom.alarms.service_reason import Named, ServiceReason
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed
from controlroom.resilience.standing import Standing
from controlroom.resilience.structure import ServiceStructure
from controlroom.site.criticality import Criticality
from controlroom.site.endpoint_kind import EndpointKind
from controlroom.site.view import (
    SeenEndpoint,
    SeenNeed,
    SeenPath,
    SeenRiskGroup,
    SeenService,
    SiteView,
)

SOME = frozenset


def site(names: str, need: int = 1, criticality: Criticality = Criticality.CRITICAL) -> SiteView:
    """A service of which so many of its paths are needed, each of one endpoint."""
    endpoints = (
        SeenEndpoint(
            id=name,
            name=name.upper(),
            kind=EndpointKind.CLOUD,
            address="192.0.2.1",
            criticality=Criticality.HIGH,
        )
        for name in names
    )
    paths = tuple(SeenPath(id=f"by-{name}", name=f"By {name}", endpoints=(name,)) for name in names)
    needs = SeenNeed(at_least=need, of=tuple(path.id for path in paths))
    service = SeenService(id="calls", name="Calls", criticality=criticality, paths=paths, needs=needs)
    return SiteView(name="Room", endpoints=tuple(endpoints), services=(service,))


def looked(
    view: SiteView, failed: str = "", unknown: str = "", planned: str = "", poor: str = ""
) -> tuple[Standing, ServiceStructure]:
    """Look at the service with so much known of its endpoints."""
    resilience = Resilience(view)
    seen = Observed(SOME(failed), SOME(unknown), SOME(planned), SOME(poor))
    return resilience.look(seen)["calls"], resilience.structures["calls"]


def cause(view: SiteView, known: Cause | None = None, down: str = "", **seen: str) -> Cause | None:
    """Return the cause of the fault, if there is any."""
    fault = fault_of(*looked(view, **seen), planned_down=SOME(down), known=known)
    return None if fault is None else fault.cause


def test_a_further_single_point_is_at_risk_though_the_margin_was_one_before() -> None:
    """Two paths over one carrier: either may fail for the carrier's sake; with one lost the other may not."""
    carrier = SeenRiskGroup(id="carrier", name="Carrier", members=("a", "b"))
    shared = site("ab").model_copy(update={"risk_groups": (carrier,)})
    assert cause(shared) is None
    assert cause(shared, failed="a") is Cause.SERVICE_AT_RISK
    assert cause(shared, unknown="a") is None
    assert cause(shared, known=Cause.SERVICE_AT_RISK, unknown="a") is Cause.SERVICE_AT_RISK
    assert cause(shared, known=Cause.SERVICE_AT_RISK) is None
    assert cause(shared, planned="a") is None, "a plan puts nothing at risk by itself"


def test_a_margin_that_falls_is_at_risk_and_then_lost() -> None:
    """Two of three may fail: at the second it is one failure from loss."""
    three = site("abc")
    assert cause(three) is None
    assert cause(three, failed="a") is None
    assert cause(three, failed="ab") is Cause.SERVICE_AT_RISK
    assert cause(three, failed="abc") is Cause.SERVICE_LOST
    assert cause(site("ab", need=2)) is None, "one that a single failure loses by design is not at risk"
    assert cause(site("ab", need=2), failed="b") is Cause.SERVICE_LOST


def test_quality_alone_is_degraded_and_the_last_leg_goes_before_it() -> None:
    """And only where nothing that is left is good enough."""
    assert cause(site("ab"), poor="a") is None
    assert cause(site("ab"), poor="ab") is Cause.SERVICE_DEGRADED
    assert cause(site("ab"), failed="a", poor="b") is Cause.SERVICE_AT_RISK


def test_what_is_unknown_raises_nothing_and_ends_nothing() -> None:
    """A fault is certain in the best case, and over in the worst."""
    two = site("ab")
    assert cause(two, unknown="ab") is None
    assert cause(two, failed="a", unknown="b") is Cause.SERVICE_AT_RISK, "at risk at best"
    for known in (Cause.SERVICE_LOST, Cause.SERVICE_AT_RISK, Cause.SERVICE_DEGRADED):
        assert cause(two, known, unknown="ab") is known
    assert cause(two, Cause.SERVICE_LOST, failed="a") is Cause.SERVICE_AT_RISK
    assert cause(two, Cause.SERVICE_LOST, unknown="a") is Cause.SERVICE_AT_RISK, "no worse than that now"
    assert cause(two, Cause.SERVICE_LOST) is None


@pytest.mark.parametrize(
    ("names", "failed", "planned", "down", "found"),
    [
        ("ab", "", "a", "", None),
        ("ab", "", "a", "a", None),
        ("abc", "a", "b", "", Cause.SERVICE_AT_RISK),
        ("abc", "", "ab", "ab", None),
        ("ab", "a", "b", "", Cause.SERVICE_AT_RISK),
        ("ab", "a", "b", "b", Cause.SERVICE_LOST),
        ("ab", "", "ab", "", None),
        ("ab", "", "ab", "ab", Cause.SERVICE_LOST),
    ],
)
def test_a_plan_raises_nothing_and_hides_no_loss(
    names: str, failed: str, planned: str, down: str, found: Cause | None
) -> None:
    """``down`` are those of the planned that have truly failed."""
    assert cause(site(names), down=down, failed=failed, planned=planned) is found


def test_an_alarm_ends_when_what_failed_is_taken_into_maintenance() -> None:
    """What is planned is at risk for nobody."""
    assert cause(site("ab"), Cause.SERVICE_AT_RISK, planned="a", down="a") is None


def test_the_reason_names_what_failed_what_is_left_and_what_is_next() -> None:
    """A risk group is next like an endpoint."""
    view = site("abc")
    group = SeenRiskGroup(id="duct", name="Duct", members=("b", "c"))
    view = view.model_copy(update={"risk_groups": (group,)})
    fault = fault_of(*looked(view, failed="a"), since_utc_s=5.0)
    assert fault is not None
    assert (fault.subject, fault.since_utc_s) == ("service:calls", 5.0)
    assert ServiceReason.read(fault.reason) == ServiceReason(
        failed=Named(("a",)),
        next=Named(("group:duct",)),
        left=Named(("service:calls:path:by-b", "service:calls:path:by-c")),
    )


def test_what_would_come_is_what_is_new_or_worse() -> None:
    """As of a what-if: an alarm that stands already does not come."""
    view = site("abc")
    at_risk, structure = looked(view, failed="ab")
    lost, _ = looked(view, failed="abc")
    well, _ = looked(view)
    assert [fault.cause for fault in faults_of(well, at_risk, structure)] == [Cause.SERVICE_AT_RISK]
    assert [fault.cause for fault in faults_of(at_risk, lost, structure)] == [Cause.SERVICE_LOST]
    assert [fault.cause for fault in faults_of(None, lost, structure)] == [Cause.SERVICE_LOST]
    assert faults_of(at_risk, at_risk, structure) == ()
    assert faults_of(lost, at_risk, structure) == ()


def test_urgency_follows_the_service() -> None:
    """One step less at risk, two for what is only prepared for."""
    assert service_priority(Criticality.CRITICAL, Cause.SERVICE_LOST) is Priority.CRITICAL
    assert service_priority(Criticality.CRITICAL, Cause.SERVICE_AT_RISK) is Priority.HIGH
    assert service_priority(Criticality.CRITICAL, Cause.STANDBY_DEAD) is Priority.MEDIUM
    assert service_priority(Criticality.MEDIUM, Cause.DIVERSITY_LOST) is Priority.LOW
