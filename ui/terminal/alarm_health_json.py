"""Alarm health as JSON, whose keys stay. It computes nothing; docs/alarm-health.md explains each.

    {"at", "site", "simulated", "asked_since", "since", "until", "length_s", "monitored_s", "unmonitored_s",
     "short", "positions", "presented", "new", "again", "reminded", "raised_hidden": {…},
     "figures": [{"figure", "value", "target", "target_is_below", "manageable", "verdict"}],
     "acknowledged": {…}, "sources": [S], "floods": [F], "chattering": [C], "fleeting": [{…}], "stale": [{…}],
     "shelved": [{…}], "hidden_now": {…}, "unauthorised": [{…}], "hours": {"since", "counts", "watched"},
     "advice": [{"advice", "source", "sentence", "command", …}]}

What is not known is ``null``, never 0. Times are ISO 8601 in UTC with the offset, units stand in the keys.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from controlroom.alarms.health.advice import Advice
from controlroom.alarms.health.figures import AlarmHealth
from controlroom.alarms.health.floods import Flood
from controlroom.alarms.health.presented import Hidden, Shelved, StaleSpan, Unauthorised
from controlroom.alarms.health.source import Source
from controlroom.alarms.health.sources import SourceCount
from controlroom.alarms.health.targets import Judged
from controlroom.report.alarm_advice_words import Saying, advice_words
from controlroom.report.alarm_health import HealthRead
from controlroom.report.figures import utc_text
from controlroom.site.view import SiteView

Item = Mapping[str, object]


def as_json(read: HealthRead, view: SiteView | None, now_utc_s: float) -> Item:
    """Return all that was found as JSON's own types."""
    health = read.health
    return {
        "at": utc_text(now_utc_s),
        "site": None if view is None else view.name,
        "simulated": view is not None and view.simulated,
        "asked_since": utc_text(read.asked_since_utc_s),
        **_range(health),
        "positions": health.positions,
        "presented": health.presented,
        "new": health.presented - health.again,
        "again": health.again,
        "reminded": health.reminded,
        "raised_hidden": {each.value: health.kept.get(each, 0) for each in Hidden},
        "figures": [_judged(each) for each in health.judged],
        "acknowledged": _answered(health),
        "source_count": health.sources,
        "sources": [_counted(each) for each in health.top],
        "flood_s": round(health.flood_s, 3),
        "floods": [_flood(each) for each in health.floods],
        "chattering": [
            {**_source(each.source), "bursts": each.bursts, "alarms": each.count}
            for each in health.chattering
        ],
        "fleeting": [{**_source(source), "alarms": count} for source, count in health.fleeting],
        "stale": [_stale(each, health.ran.until_utc_s) for each in health.stale_now],
        "shelvings": health.shelvings,
        "taken_out_of_service": health.taken_out,
        "shelved": [_shelved(each, health.ran.until_utc_s) for each in health.shelved_now],
        "hidden_now": {each.value: health.hidden_now.get(each, 0) for each in Hidden},
        "unauthorised": [_unauthorised(each) for each in health.unauthorised],
        "hours": _hours(health),
        "advice": [_advice(each, health, view) for each in health.advice],
    }


def _range(health: AlarmHealth) -> Item:
    ran = health.ran
    return {
        "since": utc_text(ran.since_utc_s),
        "until": utc_text(ran.until_utc_s),
        "length_s": round(ran.until_utc_s - ran.since_utc_s, 3),
        "monitored_s": round(ran.length_s, 3),
        "unmonitored_s": round(ran.unmonitored_s, 3),
        "short": health.short,
    }


def _judged(each: Judged) -> Item:
    target = each.target
    return {
        "figure": each.measure.value,
        "value": each.value,
        "target": target.most,
        "target_is_below": target.below,
        "manageable": target.manageable,
        "verdict": each.verdict.value,
    }


def _answered(health: AlarmHealth) -> Item:
    answered = health.answered
    return {
        "count": answered.acknowledged,
        "not_acknowledged": answered.not_acknowledged,
        "over_before": answered.returned_first,
        "median_s": answered.median_s,
    }


def _source(source: Source) -> Item:
    return {"subject": source.subject, "cause": source.cause, "metric": source.metric or None}


def _counted(each: SourceCount) -> Item:
    return {
        **_source(each.source),
        "alarms": each.count,
        "share": each.share,
        "priority": each.priority,
        "median_figure": None if math.isnan(each.figure) else each.figure,
    }


def _flood(flood: Flood) -> Item:
    return {
        "since": utc_text(flood.from_utc_s),
        "until": utc_text(flood.until_utc_s),
        "ongoing": flood.ongoing,
        "alarms": flood.count,
        "most_in_10_min": flood.most_in_10_min,
        "source_count": flood.sources,
        "sources": [{**_source(source), "alarms": count} for source, count in flood.named],
    }


def _stale(span: StaleSpan, until_utc_s: float) -> Item:
    return {
        "alarm": span.number,
        **_source(span.source),
        "raised": utc_text(span.raised_utc_s),
        "age_s": round(until_utc_s - span.raised_utc_s, 3),
    }


def _shelved(each: Shelved, until_utc_s: float) -> Item:
    ends = each.until_utc_s
    return {
        "alarm": each.number,
        **_source(each.source),
        "priority": each.priority,
        "since": utc_text(each.since_utc_s),
        "until": None if ends is None else utc_text(ends),
        "left_s": None if ends is None else round(max(0.0, ends - until_utc_s), 3),
        "by": each.by,
        "why": each.why,
    }


def _unauthorised(each: Unauthorised) -> Item:
    return {
        "at": utc_text(each.at_utc_s),
        "alarm": each.number,
        "subject": each.subject,
        "by": each.by,
        "why": each.doubt.value,
    }


def _hours(health: AlarmHealth) -> Item:
    hourly = health.rates.hourly
    return {
        "since": utc_text(hourly.first_utc_s),
        "counts": list(hourly.counts),
        "watched": list(hourly.watched),
    }


def _advice(each: Advice, health: AlarmHealth, view: SiteView | None) -> Item:
    ran = health.ran
    zone_name = "UTC" if view is None else view.time_zone
    said = advice_words(each, Saying(view, zone_name, ran.until_utc_s - ran.since_utc_s))
    return {
        "advice": each.kind.value,
        "source": None if each.source is None else _source(each.source),
        "sources": [{**_source(source), "alarms": count} for source, count in each.sources],
        "alarms": each.count,
        "share": each.share,
        "figure": each.figure,
        "priority": each.priority,
        "alarm": each.alarm,
        "sentence": said.sentence,
        "command": said.command or None,
    }
