"""The spans of conditions of all endpoints of a site, read from a store at one go. It sums up nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from controlroom.logbook.entry import Entry, LogKind
from controlroom.measure.availability import TimeSpan
from controlroom.report.condition_spans import ConditionFacts, spans_of
from controlroom.site.view import SiteView
from controlroom.store.interface import ReadStore

SiteSpans = Mapping[str, Sequence[TimeSpan]]
"""By the endpoint, in order of time."""

YEAR_S: Final = 366 * 86_400.0
"""How far back a long view looks: what is older says little of what is used today."""


def site_spans(store: ReadStore, view: SiteView, since_utc_s: float, until_utc_s: float) -> SiteSpans:
    """Read them, by the endpoint; each endpoint's share of the log is looked for once for all."""
    facts = ConditionFacts.of(store)
    own = _by_subject(facts.entries)
    return {
        each.id: spans_of(
            store,
            each.id,
            since_utc_s,
            until_utc_s,
            replace(facts, entries=_merged(own.get(each.id, ()), own.get("", ()))),
        )
        for each in view.endpoints
    }


def _by_subject(entries: Sequence[Entry]) -> Mapping[str, Sequence[Entry]]:
    """Sort entries by their endpoint; changes of the site, which may name any, stand under nothing."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        of_site = entry.kind is LogKind.SITE_CHANGED
        found.setdefault("" if of_site else entry.subject, []).append(entry)
    return found


def _merged(one: Sequence[Entry], other: Sequence[Entry]) -> Sequence[Entry]:
    return sorted([*one, *other], key=lambda entry: entry.number)
