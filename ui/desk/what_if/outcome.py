"""What a supposition comes to, as text and codes. Pure.

Rules:
1. The answer is one sentence; below it the services that would stand otherwise, worst first, then in the
   order of the site.
2. Services that would stand as now are counted and not listed.
3. Alarms are those that the engine would raise of services; what is ticked to fail has its own besides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from controlroom.alarms.transitions import Fault
from controlroom.report import service_state_words as words
from controlroom.report import wording
from controlroom.report.may_it_words import may_it_words
from controlroom.resilience.standing import Standing
from controlroom.site.view import SiteView
from ui.desk.services.face import ServiceFace, service_face
from ui.desk.what_if.trial import Supposed, Tried

MOST_ALARMS = 6


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
    site: SiteView, supposed: Supposed, tried: Tried, name_of: words.NameOf, order: Sequence[str]
) -> Outcome:
    """Tell what a supposition comes to; ``order`` is that in which the components were ticked."""
    found = tried.found
    ids = [service.id for service in site.services if service.id in found.after]
    names = [name_of(each) for each in order if each in supposed.ticked]
    titles = {service.id: service.name for service in site.services}
    before, after = [found.before[each] for each in ids], [found.after[each] for each in ids]
    down = [name_of(each) for each in order if each in supposed.ticked and found.down_already(site, each)]
    answer = may_it_words(names, before, after, titles.__getitem__, name_of, down)
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
    if not supposed.ticked:
        return Outcome(answer)
    return Outcome(answer, tuple(changes), _rest_words(rest, len(ids)), alarm_words(tried.faults, name_of))


def alarm_words(faults: Sequence[Fault], name_of: words.NameOf) -> str:
    """Tell of which services alarms would come, the most urgent first (rule 3)."""
    if not faults:
        return "No alarm of a service would come."
    ordered = sorted(faults, key=lambda fault: fault.priority)
    told = [
        f"priority {int(fault.priority)} {name_of(fault.subject)}, {wording.cause_words(fault.cause)}"
        for fault in ordered[:MOST_ALARMS]
    ]
    more = len(ordered) - MOST_ALARMS
    return f"Alarms of services that would come: {'; '.join(told)}{f' and {more} more' if more > 0 else ''}."


def _place(standing: Standing, face: ServiceFace) -> tuple[int, int]:
    return standing.margin.least, face.urgency or 5


def _rest_words(rest: int, count: int) -> str:
    if rest == count:
        return "Every service would stand as now."
    if rest == 0:
        return ""
    return f"The other {rest} would stand as now." if rest > 1 else "The other one would stand as now."
