"""The card of a service's alarm: its own words, those of what failed, and what is usual."""

from __future__ import annotations

import pytest

from controlroom.alarms.alarm import SERVICE_CAUSES, Alarm, AlarmState, Cause, Priority
from controlroom.alarms.card import card_of
from controlroom.alarms.service_reason import Named, ServiceReason
from controlroom.site.criticality import Criticality
from controlroom.site.endpoint_kind import EndpointKind
from controlroom.site.view import SeenEndpoint, SeenRiskGroup, SeenService, SiteView

ROUTER = SeenEndpoint(
    id="router",
    name="Router A",
    kind=EndpointKind.INFRASTRUCTURE,
    address="192.0.2.1",
    criticality=Criticality.HIGH,
    contact="Bob",
)
CALLS = SeenService(
    id="calls",
    name="Calls",
    criticality=Criticality.CRITICAL,
    contact="Ann",
    consequence="Nobody can call us.",
    what_to_do="1. Go to the other room.",
)
VIEW = SiteView(
    name="Room",
    endpoints=(ROUTER,),
    services=(CALLS, SeenService(id="bare", name="Bare", criticality=Criticality.LOW)),
    risk_groups=(SeenRiskGroup(id="duct", name="Duct", contact="BT"),),
)


def alarm(cause: Cause, subject: str = "service:calls", **lists: Named) -> Alarm:
    """An alarm that stands."""
    reason = ServiceReason(**lists, was_lost=None).code
    return Alarm(1, subject, cause, reason, Priority.HIGH, AlarmState.UNACKNOWLEDGED, 1.0, 2.0)


def test_a_lost_service_has_its_own_words_and_the_contacts_of_what_failed() -> None:
    """Each with what to call about."""
    card = card_of(alarm(Cause.SERVICE_LOST, failed=Named(("router", "gone"))), VIEW)
    assert (card.consequence, card.steps) == ("Nobody can call us.", ("Go to the other room.",))
    assert card.call == "Calls: Ann; Router A: Bob"
    shared = card_of(
        alarm(Cause.DIVERSITY_LOST, "service:calls:diversity", shared=Named(("group:duct",))), VIEW
    )
    assert shared.call == "Calls: Ann; Duct: BT"


def test_while_it_works_its_loss_is_got_ready_for() -> None:
    """What failed is mended first, and what is left is spared."""
    card = card_of(alarm(Cause.SERVICE_AT_RISK), VIEW)
    assert card.consequence.endswith("When it is lost: Nobody can call us.")
    assert card.steps[-1] == "Get ready: Go to the other room."
    assert len(card.steps) == 3


@pytest.mark.parametrize("cause", sorted(SERVICE_CAUSES))
def test_a_service_that_says_nothing_has_steps_all_the_same(cause: Cause) -> None:
    """Also one that the site has no longer."""
    for subject in ("service:bare", "service:gone"):
        card = card_of(alarm(cause, subject), VIEW)
        assert card.steps
        assert card.consequence
        assert card.call
    urgent = card_of(alarm(Cause.SERVICE_LOST), VIEW).time_to_respond_s
    assert urgent <= card_of(alarm(cause), VIEW).time_to_respond_s
