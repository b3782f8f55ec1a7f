"""Finds the alarms and endpoints that somebody named in a terminal, and refuses what there is not.

A number that no alarm ever had, and an endpoint that the site has not, are mistakes of whoever typed: then
nothing is done at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from controlroom.alarms.alarm import Alarm
from controlroom.errors import ControlroomError
from controlroom.report.escaping import printable
from controlroom.site.mistakes import nearest
from controlroom.site.view import SiteView
from controlroom.store.interface import ReadStore


def named_alarms(store: ReadStore, numbers: Sequence[int]) -> Mapping[int, Alarm]:
    """Return the alarms of these numbers, also such as have ended; raise ``no-such-alarm``."""
    found = {alarm.number: alarm for alarm in store.alarms()}
    if not found.keys() >= set(numbers):
        found = {alarm.number: alarm for alarm in store.alarms(ended_since_utc_s=0.0)}
    strangers = sorted(set(numbers) - found.keys())
    if strangers:
        named = ", ".join(map(str, strangers))
        raise ControlroomError(
            "no-such-alarm",
            f"There never was an alarm {named}; nothing was done.",
            "`controlroom alarm list --all` shows those that stand.",
        )
    return {number: found[number] for number in numbers}


def refuse_unknown_step(number: int, steps: Sequence[str], step: int) -> None:
    """Raise ``no-such-step`` where an action card has not so many."""
    if step <= len(steps):
        return
    count = f"{len(steps) or 'no'} step{'' if len(steps) == 1 else 's'}"
    raise ControlroomError(
        "no-such-step",
        f"The action card of alarm {number} has {count}; nothing was done.",
        f"`controlroom alarm show {number}` numbers them.",
    )


def refuse_unknown_endpoint(view: SiteView | None, endpoint_id: str) -> None:
    """Raise ``no-such-endpoint`` where the site that the engine runs has it not."""
    known = [endpoint.id for endpoint in view.endpoints] if view is not None else []
    if endpoint_id in known:
        return
    meant = nearest(endpoint_id, known)
    raise ControlroomError(
        "no-such-endpoint",
        f"The site has no endpoint “{printable(endpoint_id, 60)}”; nothing was done.",
        f"Did you mean {printable(meant, 60)}?" if meant else "Name it by its id in the site file.",
    )
