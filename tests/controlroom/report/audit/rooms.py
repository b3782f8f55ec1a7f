"""A small room to audit: two gateways in one duct, a partner, and a recorder that stands alone."""

from __future__ import annotations

from datetime import date
from typing import Any

from controlroom.site.endpoint_kind import EndpointKind
from controlroom.site.model import Criticality
from controlroom.site.view import SeenNeed, SeenPath, SeenRiskGroup, SeenService, SiteView
from tests.controlroom.report.memory_store import view

TODAY = date(2027, 1, 15)
ENTERED: dict[str, Any] = {
    "owner": "Radio",
    "contact": "Radio desk, ext. 1",
    "what_to_do": "Use the other one.",
    "review_date": date(2027, 6, 1),
    "kind": EndpointKind.RADIO_GATEWAY,
}


def room(**changes: dict[str, Any]) -> SiteView:
    """The room with everything entered; ``changes`` are of endpoints, by their ids with ``_`` for ``-``."""
    plain = view("gate-a", "gate-b", "recorder", "partner")
    own = {
        "partner": {"kind": EndpointKind.PARTNER, "agreement": "DSA 1", "agreement_expires": date(2029, 1, 1)}
    }
    endpoints = tuple(
        each.model_copy(
            update={**ENTERED, **own.get(each.id, {}), **changes.get(each.id.replace("-", "_"), {})}
        )
        for each in plain.endpoints
    )
    groups = (
        SeenRiskGroup(id="duct", name="Duct", kind="duct", members=("gate-a", "gate-b"), contact="Carrier"),
        SeenRiskGroup(id="feed", name="Feed", kind="power", members=("gate-a",), contact="Grid"),
    )
    return plain.model_copy(
        update={"endpoints": endpoints, "risk_groups": groups, "services": (talk(), record())}
    )


def talk(**changes: Any) -> SeenService:  # noqa: ANN401 - whatever a path may have
    """Two ways to talk, of which one is enough."""
    return SeenService(
        id="talk",
        name="Talk to crews",
        criticality=Criticality.CRITICAL,
        owner="Radio",
        contact="Radio desk",
        what_to_do="Use mobiles.",
        paths=(
            SeenPath(id="a", name="Gate A", endpoints=("gate-a",)),
            SeenPath(id="b", name="Gate B", endpoints=("gate-b",), **changes),
        ),
        needs=SeenNeed(at_least=1, of=("a", "b")),
    )


def record() -> SeenService:
    """A service with one path only, of little weight."""
    return SeenService(
        id="record",
        name="Record calls",
        criticality=Criticality.LOW,
        owner="ICT",
        contact="ICT desk",
        what_to_do="Write it down.",
        paths=(SeenPath(id="only", name="Recorder", endpoints=("recorder",)),),
        needs=SeenNeed(at_least=1, of=("only",)),
    )
