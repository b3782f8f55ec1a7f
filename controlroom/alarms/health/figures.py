"""All figures of alarm health over a range, each beside its target where there is one. It reads no log.

A figure is for one operator position; so many positions share the alarms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from controlroom.alarms.alarm import Alarm, Priority
from controlroom.alarms.health.advice import Advice, Grounds, advice_of
from controlroom.alarms.health.answered import Answered, answered_of
from controlroom.alarms.health.authority import LONGEST_SHELF_S
from controlroom.alarms.health.floods import Flood, floods_of
from controlroom.alarms.health.fold import AlarmFold
from controlroom.alarms.health.monitored import Monitored
from controlroom.alarms.health.presented import (
    Columns,
    Hidden,
    Shelved,
    StaleSpan,
    Told,
    Unauthorised,
    columns_of,
)
from controlroom.alarms.health.rates import Rates, rates_of
from controlroom.alarms.health.source import Source
from controlroom.alarms.health.sources import (
    Chatter,
    SourceCount,
    chattering,
    fleeting,
    most_often,
    top_sources,
)
from controlroom.alarms.health.stale import most_at_once, still_stale
from controlroom.alarms.health.targets import (
    FULL_RANGE_S,
    Judged,
    Measure,
    judged,
    judged_share,
    judged_split,
)
from controlroom.logbook.entry import Entry

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class AlarmHealth:
    """What the operators were given over a range, and how that stands to the targets.

    ``presented`` are all alarms put before them, of which ``again`` were known already; ``reminded`` tells
    how often one was told once more without anything new. ``kept`` counts what was raised while hidden.
    """

    ran: Monitored
    positions: int
    presented: int
    again: int
    reminded: int
    kept: Mapping[Hidden, int]
    judged: tuple[Judged, ...]
    rates: Rates
    floods: tuple[Flood, ...]
    flood_s: float
    sources: int
    top: tuple[SourceCount, ...]
    chattering: tuple[Chatter, ...]
    fleeting: tuple[tuple[Source, int], ...]
    stale_now: tuple[StaleSpan, ...]
    priorities: Mapping[int, int]
    answered: Answered
    shelvings: int
    taken_out: int
    shelved_now: tuple[Shelved, ...]
    hidden_now: Mapping[Hidden, int]
    unauthorised: tuple[Unauthorised, ...]
    advice: tuple[Advice, ...]

    @property
    def short(self) -> bool:
        """Whether the targets are meant for a longer range than this one."""
        return self.ran.until_utc_s - self.ran.since_utc_s < FULL_RANGE_S - 1.0

    def told(self, measure: Measure) -> Judged:
        """Return one of the figures."""
        return next(each for each in self.judged if each.measure is measure)


def health_of(
    entries: Iterable[Entry],
    ran: Monitored,
    *,
    positions: int = 1,
    before: Iterable[Alarm] = (),
    longest_shelf_s: float = LONGEST_SHELF_S,
) -> AlarmHealth:
    """Tell the health of the range in which monitoring ``ran``, from the log's entries in order of number.

    Entries from before the range tell what was hidden and stood when it began; ``before`` are alarms that
    stand since before the first entry.
    """
    fold = AlarmFold(ran.since_utc_s, ran.until_utc_s, before, longest_shelf_s)
    for entry in entries:
        fold.take(entry)
    return figures_of(fold.told(), ran, positions)


def figures_of(told: Told, ran: Monitored, positions: int = 1) -> AlarmHealth:
    """Make figures of what the log told."""
    shown = columns_of(told.rows)
    rates, floods = rates_of(shown.at_utc_s, ran, positions), floods_of(shown, ran.until_utc_s, positions)
    flood_s = ran.overlap_s((each.from_utc_s, each.until_utc_s) for each in floods)
    priorities = {int(each): int((shown.priority == each).sum()) for each in Priority}
    flood_share = flood_s / ran.length_s if ran.length_s else None
    judged_all = (*_rated(rates, flood_share), *_counted(shown, told, ran), *judged_split(priorities))
    grounds = _grounds(shown, told, ran, judged_all, floods)
    return AlarmHealth(
        ran=ran,
        positions=positions,
        presented=len(shown),
        again=int(shown.again.sum()),
        reminded=told.reminded,
        kept=Counter(row.hidden for row in told.kept if row.hidden is not None),
        judged=judged_all,
        rates=rates,
        floods=floods,
        flood_s=flood_s,
        sources=len(shown.sources),
        top=tuple(grounds.top),
        chattering=tuple(grounds.chattering),
        fleeting=tuple(grounds.fleeting),
        stale_now=tuple(grounds.stale),
        priorities=priorities,
        answered=answered_of(shown),
        shelvings=told.shelvings,
        taken_out=told.taken_out,
        shelved_now=tuple(told.shelved_now),
        hidden_now=Counter(told.hidden_now),
        unauthorised=tuple(told.unauthorised),
        advice=advice_of(grounds),
    )


def _grounds(
    shown: Columns, told: Told, ran: Monitored, figures: Sequence[Judged], floods: Sequence[Flood]
) -> Grounds:
    return Grounds(
        until_utc_s=ran.until_utc_s,
        presented=len(shown),
        judged=figures,
        top=top_sources(shown),
        chattering=chattering(shown),
        fleeting=most_often(shown, fleeting(shown), len(shown.sources)),
        stale=still_stale(told.stale, ran.until_utc_s),
        floods=floods,
        by_priority={int(each): most_often(shown, shown.priority == each, _MOST_NAMED) for each in Priority},
        unauthorised=told.unauthorised,
    )


def _counted(shown: Columns, told: Told, ran: Monitored) -> Sequence[Judged]:
    counts = {
        Measure.CHATTERING: len(chattering(shown)),
        Measure.FLEETING: int(fleeting(shown).sum()),
        Measure.STALE: most_at_once(told.stale),
        Measure.UNAUTHORISED: len(told.unauthorised),
    }
    # None of what nobody watched is no good news.
    told_of = {each: count if count or ran.length_s else None for each, count in counts.items()}
    top = judged_share(Measure.TOP_TEN, sum(each.count for each in top_sources(shown)), len(shown))
    return (top, *(judged(each, count) for each, count in told_of.items()))


def _rated(rates: Rates, flood_share: float | None) -> Sequence[Judged]:
    windows = rates.windows_over / rates.windows if rates.windows else None
    hours = rates.hours_over / rates.hours if rates.hours else None
    return (
        judged(Measure.PER_10_MIN, rates.per_10_min),
        judged(Measure.PER_HOUR, rates.per_hour),
        judged(Measure.PER_DAY, rates.per_day),
        judged(Measure.WINDOWS_OVER, windows),
        judged(Measure.HOURS_OVER, hours),
        judged(Measure.MOST_IN_10_MIN, rates.most_in_10_min),
        judged(Measure.FLOOD_TIME, flood_share),
    )
