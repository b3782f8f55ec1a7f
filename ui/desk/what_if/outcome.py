"""What a supposition comes to, as text and codes. Pure.

Rules:
1. The answer is one sentence; below it the services that would stand otherwise, worst first, then in the
   order of the site.
2. Services that would stand as now are counted and not listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from controlroom.report import service_state_words as words
from controlroom.resilience.standing import Standing
from controlroom.resilience.what_if import WhatIf
from controlroom.site.view import SiteView
from ui.desk.services.face import ServiceFace, service_face
from ui.desk.what_if.trial import Supposed


@dataclass(frozen=True, slots=True)
class Change:
    """One service now and then."""

    before: ServiceFace
    after: ServiceFace


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer, the services that would stand otherwise, and how many would not."""

    answer: str
    changes: tuple[Change, ...] = ()
    unchanged: str = ""
    alarms: str = ""


def outcome_of(
    site: SiteView, supposed: Supposed, found: WhatIf, name_of: words.NameOf, order: Sequence[str]
) -> Outcome:
    """Tell what a supposition comes to; ``order`` is that in which the components were ticked."""
    ids = [service.id for service in site.services if service.id in found.after]
    names = [name_of(each) for each in order if each in supposed.ticked]
    titles = {service.id: service.name for service in site.services}
    answer = words.may_it_words(
        names, [found.before[each] for each in ids], [found.after[each] for each in ids], titles.__getitem__
    )
    differing = {each for each in ids if found.before[each] != found.after[each]}
    changes = []
    for service in site.services:
        if service.id in differing:
            faces = (
                service_face(service, each[service.id], None, name_of, live=True)
                for each in (found.before, found.after)
            )
            changes.append(Change(*faces))
    changes.sort(key=lambda change: _place(found.after[change.after.service_id], change.after))
    rest = len(ids) - len(changes)
    return Outcome(answer, tuple(changes), _rest_words(rest, len(ids)) if supposed.ticked else "")


def _place(standing: Standing, face: ServiceFace) -> tuple[int, int]:
    return standing.margin.least, face.urgency or 5


def _rest_words(rest: int, count: int) -> str:
    if rest == count:
        return "Every service would stand as now."
    if rest == 0:
        return ""
    return f"The other {rest} would stand as now." if rest > 1 else "The other one would stand as now."
