"""What to do about an endpoint, as the desk says it beside its figures. Pure.

Rules:
1. While it has an alarm, the steps of that alarm's card are told, so that both places say the same.
2. Else what the site says of the endpoint, then what its probes advise, then the card of its failure.
"""

from __future__ import annotations

from collections.abc import Sequence

from controlroom.alarms.card import card_of
from controlroom.site.alarm_rule import RuleCause
from controlroom.site.view import SiteView
from ui.desk.picture import EndpointPicture


def advice_words(endpoint: EndpointPicture, site: SiteView) -> str:
    """Return what to do; empty where nothing is known."""
    seen, alarm = endpoint.seen, endpoint.alarm
    steps = () if alarm is None else card_of(alarm, site).steps
    if steps:
        return _numbered(steps)
    usual = site.card_of(seen, RuleCause.DOWN)
    return seen.what_to_do or seen.usual_advice or ("" if usual is None else _numbered(usual.steps))


def _numbered(steps: Sequence[str]) -> str:
    return "\n".join(f"{place}. {step}" for place, step in enumerate(steps, 1))
