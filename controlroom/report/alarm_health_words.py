"""Alarm health in words: what each figure is, its target, and what to do. It counts and judges nothing."""

from __future__ import annotations

from typing import Final

from controlroom.alarms.health.floods import Flood
from controlroom.alarms.health.presented import Doubt, Hidden, Shelved, Unauthorised
from controlroom.alarms.health.source import Source
from controlroom.alarms.health.sources import Chatter
from controlroom.alarms.health.targets import FULL_RANGE_S, TARGETS, Judged, Measure, Verdict
from controlroom.report import wording
from controlroom.report.alarm_health import HealthRead
from controlroom.report.escaping import printable
from controlroom.report.figures import duration_text, local_text, value_text
from controlroom.site.view import SiteView

PUBLISHED: Final = "Targets: ISA-18.2-2016 table 7 and IEC 62682, for one operator position."

MEASURES: Final[dict[Measure, tuple[str, str]]] = {
    Measure.PER_10_MIN: ("Alarms in 10 min, on average", "new ones and those that came again"),
    Measure.PER_HOUR: ("Alarms an hour, on average", "over the time that was monitored"),
    Measure.PER_DAY: ("Alarms a day, on average", "over the time that was monitored"),
    Measure.WINDOWS_OVER: ("10-min windows with more than 10", "of those that were monitored"),
    Measure.HOURS_OVER: ("Hours with more than 30", "of those that were monitored"),
    Measure.MOST_IN_10_MIN: ("Most in any 10 min", "wherever the ten minutes begin"),
    Measure.FLOOD_TIME: ("Time in flood", "from more than 10 in 10 min until fewer than 5"),
    Measure.TOP_TEN: ("Share of the ten worst sources", "a source is an endpoint and what is wrong with it"),
    Measure.CHATTERING: ("Chattering sources", "3 alarms or more within 60 s"),
    Measure.FLEETING: ("Fleeting alarms", "over within 60 s, without any act of an operator"),
    Measure.STALE: ("Stale alarms at one time", "standing for more than 24 h"),
    Measure.UNAUTHORISED: ("Hidden without authority", "nobody signed in, or longer than permitted"),
    Measure.CRITICAL: ("Priority 1, critical", "share of all alarms"),
    Measure.HIGH: ("Priority 2, high", "share of all alarms"),
    Measure.MEDIUM: ("Priority 3, medium", "share of all alarms"),
    Measure.LOW: ("Priority 4, low", "share of all alarms"),
}
"""What each figure is called, and what it counts."""

_VERDICTS: Final[dict[Verdict, str]] = {
    Verdict.MET: "met",
    Verdict.MANAGEABLE: "manageable",
    Verdict.NOT_MET: "not met",
    Verdict.UNKNOWN: "unknown",
    Verdict.TOO_FEW: "too few",
}
_HIDDEN: Final[dict[Hidden, str]] = {
    Hidden.SUPPRESSED: "suppressed by design",
    Hidden.OUT_OF_SERVICE: "out of service",
    Hidden.SHELVED: "shelved",
}
_DOUBTS: Final[dict[Doubt, str]] = {
    Doubt.NOBODY_SIGNED_IN: "nobody was signed in",
    Doubt.TOO_LONG: "longer than permitted, without a justification",
}
_NAMED: Final = 3
_SPLIT: Final = frozenset({Measure.HIGH, Measure.MEDIUM, Measure.LOW})


def verdict_words(verdict: Verdict) -> str:
    """Say how a figure stands to its target."""
    return _VERDICTS[verdict]


def value_words(judged: Judged) -> str:
    """Write a figure; a share in per cent."""
    return figure_text(judged.value, share=judged.target.is_share)


def figure_text(value: float | None, *, share: bool = False) -> str:
    """Write a number of alarms, or a share."""
    if value is None or value == int(value):
        return value_text(value, "ratio") if value is None or share else f"{value:,.0f}"
    return value_text(value, "ratio" if share else "")


def target_words(measure: Measure) -> str:
    """Write a target: ``6, at most 12``."""
    target = TARGETS[measure]
    most = figure_text(target.most, share=target.is_share)
    if measure in _SPLIT:
        return f"about {most}"
    if target.manageable is not None:
        return f"{most}, at most {figure_text(target.manageable)}"
    if not target.most:
        return "none"
    return f"below {most}" if target.below else f"at most {most}"


def source_words(source: Source, view: SiteView | None) -> str:
    """Name a source: ``Mast North: round-trip time beyond its limit``."""
    subject = wording.subject_words(source.subject, view)
    if source.metric:
        seen = wording.seen_endpoint(source.subject, view)
        return f"{subject}: {wording.metric_words(source.metric, seen)} beyond its limit"
    return f"{subject}: {wording.cause_words(source.cause)}"


def range_words(read: HealthRead, zone_name: str) -> str:
    """Say from when until when, and how long of it monitoring ran."""
    ran = read.health.ran
    since = local_text(ran.since_utc_s, zone_name, with_zone=False)
    until = local_text(ran.until_utc_s, zone_name)
    monitored = f"monitored for {duration_text(ran.length_s)} of it"
    if ran.unmonitored_s < 1:
        monitored = "monitored all the time"
    return f"{duration_text(ran.until_utc_s - ran.since_utc_s)}, {since} until {until}; {monitored}."


def doubts_of_range(read: HealthRead) -> list[str]:
    """Say what the range itself leaves in doubt: short, younger than was asked for, not monitored."""
    said, health = [], read.health
    if not health.ran.length_s:
        return ["Nothing was monitored in this range, so nothing can be said of it."]
    if read.log_is_younger:
        said.append("The log begins within the range that was asked for.")
    if health.short:
        said.append(f"The targets are meant for {duration_text(FULL_RANGE_S)} or more; this is less.")
    if health.ran.unmonitored_s >= 1:
        left_out = duration_text(health.ran.unmonitored_s)
        said.append(f"{left_out} without monitoring are left out of all averages and shares.")
    return said


def count_words(read: HealthRead) -> str:
    """Say how many alarms there were, and what is not among them."""
    health = read.health
    said = [f"{_counted(health.presented, 'alarm')} from {_counted(health.sources, 'source')}"]
    if health.again:
        said.append(f"{health.again:,} of them came again")
    if health.reminded:
        said.append(f"{_counted(health.reminded, 'reminder')} besides")
    kept = [f"{health.kept[each]:,} {words}" for each, words in _HIDDEN.items() if health.kept.get(each)]
    hidden = f" Raised while hidden and not counted: {', '.join(kept)}." if kept else ""
    return f"{', '.join(said)}.{hidden}"


def answered_words(read: HealthRead) -> str:
    """Say how many alarms were acknowledged, and how soon."""
    answered, count = read.health.answered, read.health.presented
    if not count:
        return "There was nothing to acknowledge."
    middle = f", half of them within {value_text(answered.median_s, 's')}" if answered.acknowledged else ""
    first = (
        f" {_were(answered.returned_first)} over before that, or without it."
        if answered.returned_first
        else ""
    )
    of_all = f"{answered.acknowledged:,} of {count:,} {'was' if answered.acknowledged == 1 else 'were'}"
    return f"{of_all} acknowledged{middle}.{first}"


def hiding_words(read: HealthRead) -> str:
    """Say how often alarms were shelved or taken out of service, and how many are hidden at the end."""
    health = read.health
    now = [
        f"{health.hidden_now[each]:,} {words}"
        for each, words in _HIDDEN.items()
        if health.hidden_now.get(each)
    ]
    acts = [f"shelved {_times(health.shelvings)}"] if health.shelvings else []
    acts += [f"taken out of service {_times(health.taken_out)}"] if health.taken_out else []
    done = f"Alarms were {' and '.join(acts)}." if acts else "Nothing was shelved or taken out of service."
    return f"{done} Hidden at the end: {', '.join(now) or 'none'}."


def shelved_words(shelved: Shelved, until_utc_s: float, view: SiteView | None) -> str:
    """Tell an alarm on the shelf, with the time that is left."""
    left = "until its fault has ended"
    if shelved.until_utc_s is not None:
        left = f"for another {duration_text(max(0.0, shelved.until_utc_s - until_utc_s))}"
    by = f" by {printable(shelved.by, 100)}" if shelved.by else ""
    why = f": “{printable(shelved.why, 300)}”" if shelved.why else ""
    return f"Alarm {shelved.number}, {source_words(shelved.source, view)}; shelved{by} {left}{why}"


def unauthorised_words(told: Unauthorised, view: SiteView | None, zone_name: str) -> str:
    """Tell what was hidden without authority."""
    which = "" if told.number is None else f"Alarm {told.number}, "
    subject = wording.subject_words(told.subject, view)
    at = local_text(told.at_utc_s, zone_name, with_zone=False)
    return f"{at}  {which}{subject}, by {printable(told.by, 100) or 'nobody'}: {_DOUBTS[told.doubt]}"


def flood_words(flood: Flood, view: SiteView | None, zone_name: str) -> str:
    """Tell a flood: when, how long, how many, and who had the most."""
    begun = local_text(flood.from_utc_s, zone_name, with_zone=False)
    lasted = duration_text(flood.until_utc_s - flood.from_utc_s)
    until = f"for {lasted} so far" if flood.ongoing else f"for {lasted}"
    subjects = list(dict.fromkeys(wording.subject_words(source.subject, view) for source, _ in flood.named))
    more = f" and {flood.sources - _NAMED:,} more" if flood.sources > _NAMED else ""
    count = f"{_counted(flood.count, 'alarm')}, {flood.most_in_10_min:,} in 10 min"
    return f"{begun}  {until}, {count}: {'; '.join(subjects[:_NAMED])}{more}"


def chatter_words(chatter: Chatter, view: SiteView | None) -> str:
    """Tell a source that chattered."""
    bursts = f"in {_counted(chatter.bursts, 'burst')}"
    return f"{source_words(chatter.source, view)}: {_counted(chatter.count, 'alarm')} {bursts}"


def share_text(share: float) -> str:
    """Write a share of all alarms."""
    return f"{share * 100:.0f} %"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _were(count: int) -> str:
    return f"{count:,} {'was' if count == 1 else 'were'}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")
