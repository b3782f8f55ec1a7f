"""The action card of an alarm, from the site as desks see it. It judges nothing.

1. The monitoring's own faults have cards of the program (``site/own_cards.py``).
2. An endpoint has the card of its fault, a risk group its own, and a common cause that was only inferred one
   for all. That of a service is put together from what failed of it (``service_card.py``).
3. Where the view has no card (it is of an older engine, or a rule has since made the fault an event), the
   card is what the endpoint says of itself.
"""

from __future__ import annotations

from controlroom.alarms.alarm import ENGINE, Alarm
from controlroom.alarms.rules import GROUP
from controlroom.alarms.service_card import service_card
from controlroom.site.action_card import ActionCard, steps_of
from controlroom.site.own_cards import OWN_CARDS
from controlroom.site.view import SeenEndpoint, SiteView

_EMPTY = ActionCard()


def card_of(alarm: Alarm, site: SiteView) -> ActionCard:
    """Return what an operator needs in order to act on an alarm."""
    if alarm.subject == ENGINE:
        return OWN_CARDS.get(alarm.cause.value, _EMPTY)
    of_service = service_card(alarm, site)
    if of_service is not None:
        return of_service
    if alarm.subject.startswith(GROUP):
        group = site.risk_group(alarm.subject.removeprefix(GROUP))
        return site.card_at(site.inferred_card if group is None else group.card) or _EMPTY
    endpoint = next((each for each in site.endpoints if each.id == alarm.subject), None)
    if endpoint is None:
        return site.card_at(site.inferred_card) or _EMPTY if ":" in alarm.subject else _EMPTY
    return site.card_of(endpoint, alarm.cause.value) or _own(endpoint)


def _own(endpoint: SeenEndpoint) -> ActionCard:
    return ActionCard(
        consequence=endpoint.consequence,
        steps=steps_of(endpoint.what_to_do or endpoint.usual_advice),
        call=endpoint.contact,
        time_to_respond_s=endpoint.time_to_respond_s,
    )
