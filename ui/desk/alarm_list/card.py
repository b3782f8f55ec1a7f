"""The action card of an alarm: what to do step by step, what is lost, whom to call, in what time. No Qt here.

This is the one place that knows where the site's view keeps it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from controlroom.alarms.alarm import Alarm
from controlroom.site.view import SeenEndpoint, SiteView

_NUMBERED: Final = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•])\s+")
MOST_STEPS: Final = 50
"""The engine ticks no step beyond this one."""


@dataclass(frozen=True, slots=True)
class Card:
    """``time_to_respond_s`` counts from the raising; ``None`` where nobody said."""

    steps: tuple[str, ...] = ()
    consequence: str = ""
    contact: str = ""
    time_to_respond_s: float | None = None


def card_of(alarm: Alarm, view: SiteView | None) -> Card:
    """Return the card of an alarm; an empty one where the site has none for it."""
    endpoints = view.endpoints if view is not None else ()
    seen = next((endpoint for endpoint in endpoints if endpoint.id == alarm.subject), None)
    return Card() if seen is None else _card_of_endpoint(seen)


def _card_of_endpoint(seen: SeenEndpoint) -> Card:
    return Card(
        steps=steps_of(seen.what_to_do or seen.usual_advice),
        consequence=seen.consequence,
        contact=seen.contact,
        time_to_respond_s=seen.time_to_respond_s,
    )


def steps_of(text: str) -> tuple[str, ...]:
    """Return each line of an advice as one step, without a number or a bullet of its own."""
    lines = (_NUMBERED.sub("", line).strip() for line in text.splitlines())
    return tuple(line for line in lines if line)[:MOST_STEPS]
