"""The words for services in alarms and in the log: their names, and the code of why. It judges nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from controlroom.alarms.service_reason import Named, ServiceReason
from controlroom.alarms.service_subject import PATH, part_of_service, service_of
from controlroom.report.escaping import printable
from controlroom.report.figures import duration_text
from controlroom.site.view import SiteView

_SEVERAL: Final = 2


def joint_of(reason: str) -> str:
    """Return what stands between a cause and such a reason: a colon, where the reason is a list of names."""
    told = ServiceReason.read(reason)
    return ": " if told is not None and (told.next or told.planned or told.paths) else ", "


def service_reason_words(reason: str, name_of: Callable[[str], str] = printable) -> str:
    """Say why: ``BT duct, or Router B; Router A failed; left: Radio``; empty for a code of something else.

    What would lose the service comes first. ``name_of`` names endpoints, risk groups and paths.
    """
    told = ServiceReason.read(reason)
    return "" if told is None else "; ".join(_parts(told, name_of))


def service_name(subject: str, view: SiteView | None) -> str:
    """Name the service, or its path, that a subject is about; by its id where the site has it no longer."""
    service_id, part = service_of(subject) or "", part_of_service(subject)
    services = view.services if view is not None else ()
    seen = next((service for service in services if service.id == service_id), None)
    how, _, path_id = part.partition(":")
    if how == PATH:
        paths = () if seen is None else seen.paths
        return printable(next((path.name for path in paths if path.id == path_id), "") or path_id)
    return printable(service_id if seen is None else seen.name)


def _parts(told: ServiceReason, name_of: Callable[[str], str]) -> Iterator[str]:
    if told.next:
        yield _listed(told.next, name_of, "or", comma=True)
    if told.planned:
        yield f"it rests on what is in maintenance: {_listed(told.planned, name_of)}"
    if told.paths:
        shared = f" share {_listed(told.shared, name_of)}" if told.shared else ""
        yield f"{_listed(told.paths, name_of)}{shared}"
    if told.failed:
        yield f"{_listed(told.failed, name_of)} failed"
    if told.left:
        yield f"left: {_listed(told.left, name_of)}"
    if told.poor:
        yield f"poor: {_listed(told.poor, name_of)}"
    if told.unknown:
        yield f"it may be worse, for nothing is known of {_listed(told.unknown, name_of)}"
    if told.was_lost:
        yield f"it was lost before, for {duration_text(told.was_lost.lasted_s)}"


def _listed(named: Named, name_of: Callable[[str], str], last: str = "and", *, comma: bool = False) -> str:
    """List names: ``Router A, Router B and 3 more``."""
    words = [name_of(name) for name in named.names]
    words += [f"{named.more:,} more"] if named.more else []
    if len(words) < _SEVERAL:
        return "".join(words)
    return f"{', '.join(words[:-1])}{',' if comma else ''} {last} {words[-1]}"
