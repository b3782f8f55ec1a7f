"""The card of an alarm: the endpoint's, the group's, the monitoring's own, and what is left without one."""

from __future__ import annotations

import pytest

from controlroom.alarms.alarm import ENGINE, SERVICE_CAUSES, Alarm, AlarmState, Cause, Priority
from controlroom.alarms.card import card_of
from controlroom.site.load import load_site
from controlroom.site.own_cards import OWN_CARDS
from controlroom.site.view import SiteView, view_of
from tests.controlroom.site.declared import ROOM, TYPES

GROUP = '[[risk_groups]]\nid = "hill"\nname = "Hill"\nwhat_to_do = "Look at the hill."\n'
TOLD = ROOM.replace('kind = "radio', 'what_to_do = "1. Move them."\ncontact = "Ann"\nkind = "radio')


def alarm(subject: str = "mast", cause: Cause = Cause.DOWN) -> Alarm:
    """An alarm that stands."""
    return Alarm(1, subject, cause, "deadline", Priority.CRITICAL, AlarmState.UNACKNOWLEDGED, 1.0, 2.0)


def view(text: str = TOLD + GROUP) -> SiteView:
    """The room as desks see it."""
    return view_of(load_site(text, "room.toml", TYPES), TYPES)


def test_an_endpoint_has_the_card_of_its_fault() -> None:
    """Another fault has another."""
    assert card_of(alarm(), view()).steps == ("Move them.",)
    degraded = card_of(alarm(cause=Cause.DEGRADED), view())
    assert degraded.steps[1:] == ("Move them.",)
    assert degraded.call == "Ann"


def test_what_several_have_in_common_has_a_card() -> None:
    """A risk group its own, everything else the one for an inferred cause."""
    assert card_of(alarm("group:hill", Cause.GROUP_LOST), view()).steps == ("Look at the hill.",)
    for subject in ("location:North", "subnet:192.0.2.0/24", "group:gone"):
        card = card_of(alarm(subject, Cause.GROUP_LOST), view())
        assert card == view().card_at(view().inferred_card)
        assert card.steps


@pytest.mark.parametrize("cause", [cause for cause in Cause if cause.value in OWN_CARDS])
def test_the_monitorings_own_faults_have_cards(cause: Cause) -> None:
    """Whatever the site says."""
    assert card_of(alarm(ENGINE, cause), view()) is OWN_CARDS[cause.value]


def test_every_own_fault_has_a_card() -> None:
    """All causes but those of endpoints, groups and services, and what has no fault."""
    others = {
        Cause.DOWN,
        Cause.DEGRADED,
        Cause.NOT_MEASURED,
        Cause.UNSTABLE,
        Cause.GROUP_LOST,
        Cause.NO_FAULT,
        *SERVICE_CAUSES,
    }
    assert {cause.value for cause in Cause} - {cause.value for cause in others} == set(OWN_CARDS)


def test_without_a_card_the_endpoint_speaks_for_itself() -> None:
    """An older engine tells none, a rule may have made it an event, and what is gone has an empty one."""
    site = view()
    bare = tuple(each.model_copy(update={"cards": {}}) for each in site.endpoints)
    older = site.model_copy(update={"cards": (), "endpoints": bare, "inferred_card": None})
    assert (card_of(alarm(), older).steps, card_of(alarm(), older).call) == (("Move them.",), "Ann")
    event = view(TOLD + '[[alarm_rules]]\nid = "e"\nas = "event"\n')
    assert card_of(alarm(), event).steps == ("Move them.",)
    assert card_of(alarm("gone"), site).steps == ()
    assert card_of(alarm("subnet:192.0.2.0/24", Cause.GROUP_LOST), older).steps == ()
