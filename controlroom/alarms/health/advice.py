"""What to do about the alarms: a rule a kind, each with what it goes by. It words nothing.

Rules:
1. A source with a tenth of all alarms or more is worth a look at its limit, or at the link itself.
2. A source that chatters needs a delay. Where its alarms are gone within a minute, so does one that does not.
3. A stale alarm is shelved with a reason, repaired, or no alarm at all.
4. Where too many alarms are urgent, those endpoints are named whose alarms make them so.
5. What fell together in a flood may hang on one thing that the site does not know of.
6. What was hidden without authority is somebody's to answer for.
7. Few alarms call for nothing but the stale ones and what was hidden: below ``FEWEST`` no share is told.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from controlroom.alarms.health.floods import Flood
from controlroom.alarms.health.presented import StaleSpan, Unauthorised
from controlroom.alarms.health.source import Source
from controlroom.alarms.health.sources import Chatter, SourceCount
from controlroom.alarms.health.targets import FEWEST, Judged, Measure, Verdict

MUCH: Final = 0.10
FELL_TOGETHER: Final = 3
_MOST_SOURCES: Final = 3
_MOST_STALE: Final = 3
_MOST_FLEETING: Final = 3


class AdviceKind(enum.StrEnum):
    """What is advised."""

    BACKTEST = "backtest"
    LOOK_AT_LINK = "look_at_link"
    DELAY = "delay"
    FLEETING = "fleeting"
    STALE = "stale"
    TOO_URGENT = "too_urgent"
    FELL_TOGETHER = "fell_together"
    UNAUTHORISED = "unauthorised"


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice, and the figures that it goes by; what does not apply is ``None`` or empty.

    ``figure`` is the middle one of those that raised the limit; ``age_s`` how long an alarm has stood.
    """

    kind: AdviceKind
    source: Source | None = None
    sources: tuple[tuple[Source, int], ...] = ()
    more_sources: int = 0
    """How many there are beside those that are named."""
    count: int = 0
    share: float | None = None
    figure: float | None = None
    priority: int | None = None
    alarm: int | None = None
    age_s: float | None = None
    at_utc_s: float | None = None


@dataclass(frozen=True, slots=True)
class Grounds:
    """What advice goes by. ``by_priority`` names the sources with the most alarms of each priority."""

    until_utc_s: float
    presented: int
    judged: Sequence[Judged]
    top: Sequence[SourceCount]
    chattering: Sequence[Chatter]
    fleeting: Sequence[tuple[Source, int]]
    stale: Sequence[StaleSpan]
    floods: Sequence[Flood]
    by_priority: Mapping[int, Sequence[tuple[Source, int]]]
    unauthorised: Sequence[Unauthorised]


def advice_of(grounds: Grounds) -> tuple[Advice, ...]:
    """Advise, the most useful first."""
    found = [*_many(grounds), *_floods(grounds), *_chatter(grounds), *_fleeting(grounds)]
    return (*found, *_stale(grounds), *_urgent(grounds), *_unauthorised(grounds))


def _many(grounds: Grounds) -> Iterator[Advice]:
    """Advise on sources with many alarms (rule 1)."""
    if grounds.presented < FEWEST:
        return
    for each in grounds.top[:_MOST_SOURCES]:
        if each.share < MUCH:
            return
        kind = AdviceKind.BACKTEST if each.source.metric else AdviceKind.LOOK_AT_LINK
        figure = None if math.isnan(each.figure) else each.figure
        yield Advice(kind, each.source, count=each.count, share=each.share, figure=figure)


def _chatter(grounds: Grounds) -> Iterator[Advice]:
    for each in grounds.chattering[:_MOST_SOURCES]:
        yield Advice(AdviceKind.DELAY, each.source, count=each.count)


def _fleeting(grounds: Grounds) -> Iterator[Advice]:
    """Advise on sources of fleeting alarms that do not chatter (rule 2)."""
    chattering = {each.source for each in grounds.chattering}
    left = [each for each in grounds.fleeting if each[0] not in chattering]
    if left and grounds.presented >= FEWEST:
        count = sum(count for _, count in left)
        named = tuple(left[:_MOST_FLEETING])
        more = len(left) - len(named)
        yield Advice(AdviceKind.FLEETING, sources=named, more_sources=more, count=count)


def _stale(grounds: Grounds) -> Iterator[Advice]:
    for each in grounds.stale[:_MOST_STALE]:
        age_s = grounds.until_utc_s - each.raised_utc_s
        yield Advice(AdviceKind.STALE, each.source, alarm=each.number, age_s=age_s)


def _urgent(grounds: Grounds) -> Iterator[Advice]:
    """Name whose alarms make the split too urgent: of the most urgent priority that is too many (rule 4)."""
    verdicts = {each.measure: each for each in grounds.judged}
    for priority, measure in enumerate((Measure.CRITICAL, Measure.HIGH, Measure.MEDIUM), start=1):
        told = verdicts[measure]
        sources = tuple(grounds.by_priority.get(priority, ()))
        if told.verdict is Verdict.NOT_MET and sources:
            yield Advice(AdviceKind.TOO_URGENT, sources=sources, share=told.value, priority=priority)
            return


def _floods(grounds: Grounds) -> Iterator[Advice]:
    """Name what fell together in the worst flood (rule 5)."""
    together = [each for each in grounds.floods if each.sources >= FELL_TOGETHER]
    if together:
        worst = max(together, key=lambda each: each.count)
        yield Advice(
            AdviceKind.FELL_TOGETHER,
            sources=worst.named,
            more_sources=worst.sources - len(worst.named),
            count=worst.count,
            at_utc_s=worst.from_utc_s,
        )


def _unauthorised(grounds: Grounds) -> Iterator[Advice]:
    if grounds.unauthorised:
        newest = grounds.unauthorised[-1]
        yield Advice(
            AdviceKind.UNAUTHORISED,
            count=len(grounds.unauthorised),
            alarm=newest.number,
            at_utc_s=newest.at_utc_s,
        )
