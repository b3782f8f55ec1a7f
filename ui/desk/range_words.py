"""The figures of the range that the graph shows, as the detail of an endpoint says them. It reads nothing.

It is short: the command ``figures`` tells all of them. What single readings alone tell is left out beyond a
day, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from controlroom.measure.figures import LinkFigures, WindowLength
from controlroom.measure.quality import Quality
from controlroom.measure.rolled_figures import RolledFigures
from controlroom.measure.voice import VoiceEstimate
from controlroom.report.availability_words import availability_sentence
from controlroom.report.figures import duration_text, value_text
from controlroom.report.grade_words import grade_reason_words, grade_words
from controlroom.report.voice_words import estimate_words
from controlroom.site.view import SeenEndpoint
from ui.desk import time_text
from ui.desk.figures import counted
from ui.desk.snapshot import RangeTold, RangeWish
from ui.desk.worth_words import figures_sentence


def range_lines(told: RangeTold, seen: SeenEndpoint, has_profile: bool, zone: ZoneInfo) -> str:
    """Say from when until when, and the figures of it; empty where the last five minutes are shown anyway."""
    if told.wish.until_utc_s is None and told.wish.length_s == WindowLength.FIVE_MINUTES:
        return ""
    lines: list[str] = []
    if told.figures is not None:
        lines += _figures_lines(told.figures.told)
        if told.figures.quality is not None:
            lines += _quality_lines(told.figures.quality, seen, has_profile)
    lines.append(f"Worked: {availability_sentence(told.worked)}")
    return "\n".join((f"{range_words(told.wish, zone)}:", *lines))


def range_words(wish: RangeWish, zone: ZoneInfo) -> str:
    """Name a range: ``Last 6 h``, or from when until when."""
    if wish.until_utc_s is None:
        return f"Last {duration_text(wish.length_s)}"
    since_s, until_s = wish.until_utc_s - wish.length_s, wish.until_utc_s
    first, last = time_text.day(since_s, zone), time_text.day(until_s, zone)
    until = time_text.clock(until_s, zone)
    return f"{first} {time_text.clock(since_s, zone)} to {until if first == last else f'{last} {until}'}"


def _figures_lines(figures: LinkFigures | RolledFigures) -> Iterator[str]:
    latency = figures.latency
    yield figures_sentence(figures) or "Nothing was asked."
    if latency.count:
        yield f"From {value_text(latency.min_s, 's')} to {value_text(latency.max_s, 's')}."
    if isinstance(figures, LinkFigures):
        yield from _single_lines(figures)
    if figures.unmeasured:
        yield f"Not measured: {figures.unmeasured:,} of {figures.asked + figures.unmeasured:,} probes."
    if isinstance(figures, RolledFigures):
        buckets = "hours" if figures.bucket_s >= WindowLength.HOUR else "minutes"
        yield f"By whole {buckets}: jitter, grade and voice need a shorter range, of which readings are kept."


def _single_lines(figures: LinkFigures) -> Iterator[str]:
    """Tell what single readings alone tell, where there is anything of it to tell."""
    varied, losses = figures.jitter.round_trip_delay_variation, figures.losses
    if varied.count > 1:
        yield f"99 % came within {value_text(varied.p99_s, 's')} after the quickest."
    if losses.longest_run is not None and losses.longest_run > 1:
        yield f"Lost in {counted(losses.runs, 'run')}, the longest {losses.longest_run:,} in a row."
    if figures.arrivals.reordered:
        yield f"{figures.arrivals.reordered:,} came out of order."


def _quality_lines(quality: Quality, seen: SeenEndpoint, has_profile: bool) -> Iterator[str]:
    if has_profile:
        reason = grade_reason_words(quality.graded.reason, seen=seen)
        yield f"Grade: {grade_words(quality.graded.grade)}, {reason}."
    if isinstance(quality.voice, VoiceEstimate):
        yield f"{estimate_words(quality.voice)}."
