"""What an export holds: its columns and its rows, one after another. It writes no format.

Rules:
1. Nothing is invented: a row is a reading, a log entry, an alarm or a blind span that the store has.
2. A lost or refused probe is a row with an empty value; so is one that could not be asked (*not run*).
   What was lost before it was known that we were blind is told as *not run* as well, with the reason
   ``blind``: whoever counts the losses of a file finds those that count.
3. Blind time is no reading. It stands in ``events`` as rows of the kind ``blind_span``, and its total
   is said beside every export.
4. The log is always checked from its first entry to its last, whatever part of it is exported; an
   exported part is contiguous.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from controlroom.alarms.alarm import Alarm
from controlroom.errors import ControlroomError
from controlroom.logbook.chain import first_break
from controlroom.logbook.entry import ALARM_KINDS, Entry, Fact
from controlroom.reading import Outcome, Reason, SeriesKey
from controlroom.report import wording
from controlroom.report.escaping import printable
from controlroom.report.figures import utc_text
from controlroom.report.log_sentences import log_sentence
from controlroom.report.range import Span
from controlroom.site.view import SiteView
from controlroom.store.codes import OUTCOMES, REASONS
from controlroom.store.interface import BlindTime, ReadStore, Samples

BLIND_SPAN = "blind_span"
"""The kind of the rows in ``events`` that are no log entries but spans without measurement."""

Cell = str | int | float | bool | None | Mapping[str, Fact]
Row = tuple[Cell, ...]


_SLICE_S = 86400.0
"""Samples are read a day at a time, so that a long range never stands in memory as a whole."""


def chosen_series(store: ReadStore, patterns: Sequence[str], view: SiteView | None) -> list[SeriesKey]:
    """All series that were ever measured, and for a probe that never yielded a value its outcomes alone."""
    measured = list(store.series())
    with_values = {series.probe for series in measured}
    silent = [
        SeriesKey(
            probe.endpoint_id, probe.probe_name, _first_metric(probe.endpoint_id, probe.probe_name, view)
        )
        for probe in store.probes()
        if probe not in with_values
    ]
    known = sorted([*measured, *silent], key=str)
    chosen = [series for series in known if not patterns or any(_fits(series, text) for text in patterns)]
    if patterns:
        _refuse_strangers(patterns, [text for text in patterns if not any(_fits(key, text) for key in known)])
    return chosen


def _first_metric(endpoint_id: str, probe_name: str, view: SiteView | None) -> str:
    for endpoint in view.endpoints if view is not None else ():
        for probe in endpoint.probes:
            if (endpoint.id, probe.name) == (endpoint_id, probe_name) and probe.metrics:
                return probe.metrics[0].name
    return ""


def _fits(series: SeriesKey, pattern: str) -> bool:
    """A pattern of fewer parts fits everything below it."""
    parts = (series.endpoint_id, series.probe_name, series.metric)
    wanted = pattern.split("/")
    return len(wanted) <= len(parts) and all(map(fnmatchcase, parts, wanted))


def chosen_subjects(store: ReadStore, patterns: Sequence[str], view: SiteView | None) -> set[str] | None:
    """The endpoints that the patterns name, or ``None`` for everything."""
    if not patterns:
        return None
    known = {probe.endpoint_id for probe in store.probes()}
    known |= {endpoint.id for endpoint in view.endpoints} if view is not None else set()
    fits = {
        text: {subject for subject in known if fnmatchcase(subject, text.split("/")[0])} for text in patterns
    }
    _refuse_strangers(patterns, [text for text, subjects in fits.items() if not subjects])
    return set[str]().union(*fits.values())


def _refuse_strangers(patterns: Sequence[str], strangers: Sequence[str]) -> None:
    if strangers:
        shown = ", ".join(printable(text, 200) for text in strangers)
        raise ControlroomError(
            "no-such-series",
            f"Nothing that was ever measured fits {shown}.",
            "Give ENDPOINT, ENDPOINT/PROBE or ENDPOINT/PROBE/METRIC by the ids of the site file.",
        )


def samples(
    store: ReadStore, chosen: Sequence[SeriesKey], span: Span, view: SiteView | None
) -> Iterator[Row]:
    """Every reading of the chosen series in a range that is bounded on both sides, series by series."""
    units = _units(view)
    for series in chosen:
        since_utc_s, until_utc_s = span.since_utc_s or 0.0, span.until_utc_s or 0.0
        while since_utc_s <= until_utc_s:
            slice_end_s = min(since_utc_s + _SLICE_S, until_utc_s)
            part = store.samples(series, since_utc_s, slice_end_s)
            yield from _sample_rows(series, units.get(series, ""), part)
            since_utc_s = math.nextafter(slice_end_s, math.inf)


def _sample_rows(series: SeriesKey, unit: str, samples: Samples) -> Iterator[Row]:
    columns = (samples.at_utc_s, samples.value, samples.outcome, samples.reason, samples.beat)
    for at_utc_s, value, outcome, reason, beat in zip(*(column.tolist() for column in columns), strict=True):
        yield (
            utc_text(at_utc_s, digits=6),
            series.endpoint_id,
            series.probe_name,
            series.metric,
            None if math.isnan(value) else value,
            unit,
            _outcome(OUTCOMES[outcome], REASONS[reason]).value,
            REASONS[reason].value,
            beat,
        )


def _outcome(seen: Outcome, reason: Reason) -> Outcome:
    return Outcome.NOT_RUN if reason is Reason.BLIND else seen


def _units(view: SiteView | None) -> dict[SeriesKey, str]:
    return {
        SeriesKey(endpoint.id, probe.name, metric.name): metric.unit
        for endpoint in (view.endpoints if view is not None else ())
        for probe in endpoint.probes
        for metric in probe.metrics
    }


def alarms(store: ReadStore, subjects: set[str] | None, span: Span, view: SiteView | None) -> Iterator[Row]:
    """Alarms that stood at some time in the range, oldest first."""
    for alarm in sorted(store.alarms(ended_since_utc_s=0.0), key=lambda alarm: alarm.number):
        if (subjects is None or alarm.subject in subjects) and _stood_in(alarm, span):
            yield _alarm_row(alarm, view)


def _stood_in(alarm: Alarm, span: Span) -> bool:
    over_utc_s = None if alarm.active else alarm.returned_utc_s
    if over_utc_s is None and alarm.ended:  # it was out of service, and there never was a fault
        over_utc_s = alarm.raised_utc_s
    too_early = span.since_utc_s is not None and over_utc_s is not None and over_utc_s < span.since_utc_s
    too_late = span.until_utc_s is not None and alarm.since_utc_s > span.until_utc_s
    return not (too_early or too_late)


def _alarm_row(alarm: Alarm, view: SiteView | None) -> Row:
    return (
        alarm.number,
        alarm.subject,
        wording.subject_words(alarm.subject, view),
        alarm.cause.value,
        alarm.reason,
        wording.fault_words(
            alarm.cause,
            alarm.reason,
            wording.seen_endpoint(alarm.subject, view),
            lambda other: wording.subject_words(other, view),
        ),
        int(alarm.priority),
        alarm.state.value,
        alarm.occurrences,
        utc_text(alarm.since_utc_s, digits=6),
        utc_text(alarm.raised_utc_s, digits=6),
        _time_or_none(alarm.acknowledged_utc_s),
        alarm.acknowledged_by,
        _time_or_none(alarm.returned_utc_s),
        alarm.note,
        alarm.shown_state.value,
        _time_or_none(alarm.acknowledged_until_utc_s),
        alarm.owner,
        alarm.steps_done,
        *_hiding(alarm),
    )


def _hiding(alarm: Alarm) -> Row:
    """Tell what hides an alarm: by codes, with who, why and until when."""
    return (
        _time_or_none(alarm.shelved_utc_s),
        _time_or_none(alarm.shelved_until_utc_s),
        alarm.shelved_by,
        alarm.shelved_why,
        alarm.one_shot,
        alarm.suppressed_by,
        alarm.part_of,
        alarm.out_of_service,
        alarm.out_of_service_by,
        alarm.out_of_service_why,
    )


def _time_or_none(at_utc_s: float | None) -> str | None:
    return None if at_utc_s is None else utc_text(at_utc_s, digits=6)


def events(
    store: ReadStore, subjects: set[str] | None, span: Span, view: SiteView | None, now_utc_s: float
) -> Iterator[Row]:
    """Log entries that tell of no alarm, in their order, each blind span before what came after it."""
    since_utc_s = 0.0 if span.since_utc_s is None else span.since_utc_s
    until_utc_s = now_utc_s if span.until_utc_s is None else span.until_utc_s
    blind = sorted(store.blind_time(since_utc_s, until_utc_s), key=lambda blind: -blind.from_utc_s)
    for entry in store.entries(since_utc_s=span.since_utc_s, until_utc_s=span.until_utc_s):
        if entry.kind in ALARM_KINDS or not (subjects is None or entry.subject in subjects):
            continue
        while blind and blind[-1].from_utc_s <= entry.at_utc_s:
            yield _blind_row(blind.pop())
        yield _event_row(entry, view)
    for rest in reversed(blind):
        yield _blind_row(rest)


def _event_row(entry: Entry, view: SiteView | None) -> Row:
    note = entry.facts.get("note")
    return (
        entry.number,
        utc_text(entry.at_utc_s, digits=6),
        None,
        entry.kind.value,
        entry.subject,
        wording.subject_words(entry.subject, view),
        entry.operator,
        log_sentence(entry, view),
        None if note is None else str(note),
    )


def _blind_row(blind: BlindTime) -> Row:
    return (
        None,
        utc_text(blind.from_utc_s, digits=6),
        utc_text(blind.until_utc_s, digits=6),
        BLIND_SPAN,
        "engine",
        wording.MONITORING,
        "",
        f"Nothing could be measured: {wording.blind_cause_words(blind.cause)}.",
        None,
    )


def log(
    store: ReadStore, patterns: Sequence[str], span: Span, view: SiteView | None
) -> tuple[Iterator[Row], int | None]:
    """The log or a contiguous part of it, and the number of its first entry that breaks the chain."""
    if patterns:
        raise ControlroomError(
            "log-is-whole",
            "The log cannot be exported for some endpoints only, for its chain would be broken.",
            "Export events instead, or leave --series out.",
        )
    entries = store.entries()
    inside = [place for place, entry in enumerate(entries) if span.holds(entry.at_utc_s)]
    part = entries[inside[0] : inside[-1] + 1] if inside else ()
    return (_log_row(entry, view) for entry in part), first_break(entries)


def _log_row(entry: Entry, view: SiteView | None) -> Row:
    return (
        entry.number,
        utc_text(entry.at_utc_s, digits=6),
        round(entry.at_utc_s * 1e6),
        entry.kind.value,
        entry.subject,
        wording.subject_words(entry.subject, view),
        entry.operator,
        log_sentence(entry, view),
        entry.facts,
        entry.previous_hash,
        entry.hash,
    )
