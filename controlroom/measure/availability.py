"""How much of the measured time something worked, weighted by time. It reads no store and no clock.

Rules:
1. Availability is the time that it worked over the time that was measured: working, degraded and down.
   Blind time, maintenance and what is unknown for any other reason stand apart and never in the
   denominator.
2. Only confirmed conditions count: a lost probe is no down time. Degraded is working, and told apart.
3. An outage is down time without working time in between. Time that was not measured neither ends it nor
   counts into it: its length is the down time alone. One that has not ended yet counts as an outage so
   far.
4. Time of which no span tells is unknown. Where spans overlap, the earlier one counts.
5. Down time that was counted as maintenance afterwards is maintenance, and told apart.
6. Times are whole microseconds, so that sums are exact: ranges that follow each other, merged in any
   order of merging, give the same as one whole.
"""

from __future__ import annotations

import enum
import functools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

MICROSECONDS: Final = 1_000_000


class Spent(enum.StrEnum):
    """How a stretch of time was spent."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    BLIND = "blind"
    MAINTENANCE = "maintenance"
    UNKNOWN = "unknown"


WORKING: Final = frozenset({Spent.UP, Spent.DEGRADED})
MEASURED: Final = WORKING | {Spent.DOWN}


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A stretch of time and how it was spent; ``reason`` is the code of the condition's reason.

    ``was`` is how it counted before somebody re-classified it (``reclassification.py``), else ``None``.
    """

    spent: Spent
    since_utc_s: float
    until_utc_s: float
    reason: str = ""
    was: Spent | None = None


def spent_in(condition: str) -> Spent:
    """Tell how time in a condition counts.

    What is behind something that is down (``unreachable``) was not seen to fail, and what this program
    does not know was not seen either: both are unknown.
    """
    return next((spent for spent in Spent if spent.value == condition), Spent.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Availability:
    """The sums over one range of time, which is all that two ranges need to become one.

    Times are whole microseconds, POSIX where they are moments. ``inner_outages`` lie between working
    times of the range; ``head_us`` and ``tail_us`` are the down time before the first and after the last
    working time, the same where there is none. ``reclassified_us`` is the part of the maintenance that was
    down time (rule 5).
    """

    since_us: int
    until_us: int
    spent_us: tuple[int, ...] = (0,) * len(Spent)
    worked: bool = False
    inner_outages: int = 0
    longest_inner_us: int = 0
    head_us: int = 0
    tail_us: int = 0
    reclassified_us: int = 0

    @classmethod
    def begun(cls, since_utc_s: float) -> Availability:
        """Begin with a range of no length."""
        at_us = _us(since_utc_s)
        return cls(at_us, at_us)

    def time_s(self, *spent: Spent) -> float:
        """Return the time spent in one way or several."""
        return sum(self._of(each) for each in spent) / MICROSECONDS

    @property
    def reclassified_s(self) -> float:
        """How much of the maintenance was down time that was counted so afterwards."""
        return self.reclassified_us / MICROSECONDS

    @property
    def measured_s(self) -> float:
        """The denominator."""
        return self.time_s(*MEASURED)

    @property
    def ratio(self) -> float | None:
        """The share of the measured time that it worked; ``None`` where nothing was measured."""
        return None if self.measured_s == 0 else 1 - self.bad_ratio

    @property
    def bad_ratio(self) -> float:
        """The share of the measured time that it was down, 0 where nothing was measured."""
        return self.time_s(Spent.DOWN) / self.measured_s if self.measured_s else 0.0

    @property
    def measured_ratio(self) -> float:
        """The share of the range that was measured; 0 for a range of no length."""
        length_s = (self.until_us - self.since_us) / MICROSECONDS
        return self.measured_s / length_s if length_s else 0.0

    @property
    def outages(self) -> int:
        """How many outages lie in the range, in whole or in part."""
        ends = (self.head_us > 0) + (self.tail_us > 0) if self.worked else int(self.head_us > 0)
        return self.inner_outages + ends

    @property
    def ongoing(self) -> bool:
        """Whether the range ends in an outage."""
        return self.tail_us > 0

    @property
    def longest_outage_s(self) -> float:
        """The longest outage, as far as it lies in the range; 0 without any."""
        return max(self.longest_inner_us, self.head_us, self.tail_us) / MICROSECONDS

    @property
    def mttr_s(self) -> float | None:
        """Mean time to repair: down time an outage, an ongoing one so far; ``None`` without any."""
        return self.time_s(Spent.DOWN) / self.outages if self.outages else None

    @property
    def mttf_s(self) -> float | None:
        """Mean time to failure: working time an outage, repair left out; ``None`` without any."""
        return self.time_s(*WORKING) / self.outages if self.outages else None

    @property
    def mtbf_s(self) -> float | None:
        """Mean time between failures, repair **included**: working and down time an outage."""
        return self.measured_s / self.outages if self.outages else None

    @property
    def between_failures_s(self) -> float | None:
        """The mean time between failures where there were two: after a single one none is known."""
        return self.mtbf_s if self.outages > 1 else None

    def extended(self, span: TimeSpan) -> Availability:
        """Go on with a span; time before it is unknown, what lies before the end so far is passed over."""
        since_us = max(_us(span.since_utc_s), self.until_us)
        until_us = max(_us(span.until_utc_s), since_us)
        return self.merged(_of_span(span, since_us, until_us))

    def until(self, until_utc_s: float) -> Availability:
        """Go on to a moment with time of which nothing is known."""
        return self.extended(TimeSpan(Spent.UNKNOWN, until_utc_s, until_utc_s))

    def merged(self, later: Availability) -> Availability:
        """Join a range that begins at this one's end or after it; a gap between them is unknown."""
        if later.since_us < self.until_us:
            raise ValueError("a range can only be joined with one that does not begin before its end")
        spent_us = [one + other for one, other in zip(self.spent_us, later.spent_us, strict=True)]
        spent_us[_PLACE[Spent.UNKNOWN]] += later.since_us - self.until_us
        between_us = self.tail_us + later.head_us
        whole = self.worked and later.worked and between_us > 0
        return replace(
            self,
            until_us=later.until_us,
            spent_us=tuple(spent_us),
            worked=self.worked or later.worked,
            inner_outages=self.inner_outages + later.inner_outages + whole,
            longest_inner_us=max(self.longest_inner_us, later.longest_inner_us, between_us if whole else 0),
            head_us=self.head_us if self.worked else self.head_us + later.head_us,
            tail_us=later.tail_us if later.worked else self.tail_us + later.tail_us,
            reclassified_us=self.reclassified_us + later.reclassified_us,
        )

    def _of(self, spent: Spent) -> int:
        return self.spent_us[_PLACE[spent]]


_PLACE: Final[Mapping[Spent, int]] = {spent: place for place, spent in enumerate(Spent)}


def availability_of(spans: Iterable[TimeSpan], since_utc_s: float, until_utc_s: float) -> Availability:
    """Sum up the parts of spans, in order of time, that lie within a range."""
    found = Availability.begun(since_utc_s)
    for span in spans:
        cut = replace(span, until_utc_s=min(span.until_utc_s, until_utc_s))
        found = found.extended(cut) if cut.since_utc_s < until_utc_s else found
    return found.until(until_utc_s)


def merged(parts: Iterable[Availability]) -> Availability:
    """Join ranges, at least one, in order of time."""
    return functools.reduce(lambda earlier, later: earlier.merged(later), parts)


def with_blind(spans: Iterable[TimeSpan], blind: Iterable[TimeSpan]) -> list[TimeSpan]:
    """Put blind time in the place of whatever spans say of it; both are in order of time.

    While blind nothing was measured, however the condition before it lasted on the screen.
    """
    found: list[TimeSpan] = []
    dark = joined(blind)
    for span in spans:
        since_s = span.since_utc_s
        for each in dark:
            if each.until_utc_s <= since_s or each.since_utc_s >= span.until_utc_s:
                continue
            if each.since_utc_s > since_s:
                found.append(replace(span, since_utc_s=since_s, until_utc_s=each.since_utc_s))
            since_s = each.until_utc_s
        if since_s < span.until_utc_s:
            found.append(replace(span, since_utc_s=since_s))
    return sorted([*found, *dark], key=lambda each: each.since_utc_s)


def joined(spans: Iterable[TimeSpan]) -> list[TimeSpan]:
    """Join spans of one kind that touch or overlap; the first's reason stands for all."""
    found: list[TimeSpan] = []
    for span in sorted(spans, key=lambda each: each.since_utc_s):
        if span.until_utc_s <= span.since_utc_s:
            continue
        if found and span.since_utc_s <= found[-1].until_utc_s:
            found[-1] = replace(found[-1], until_utc_s=max(found[-1].until_utc_s, span.until_utc_s))
        else:
            found.append(span)
    return found


def steady_availability(mttf_s: float, mttr_s: float) -> float:
    """Return the availability of what fails after so long (repair left out) and is repaired in so long."""
    return mttf_s / (mttf_s + mttr_s)


def in_series(ratios: Iterable[float]) -> float:
    """Return the availability of what needs all of its parts, **only if they fail independently**."""
    return math.prod(ratios)


def in_parallel(ratios: Iterable[float]) -> float:
    """Return the availability of what needs one of its parts, **only if they fail independently**.

    A power feed, a duct or a carrier that they share breaks it: then this says far too much.
    """
    return 1 - math.prod(1 - ratio for ratio in ratios)


def _of_span(span: TimeSpan, since_us: int, until_us: int) -> Availability:
    length_us, spent = until_us - since_us, span.spent
    down_us = length_us if spent is Spent.DOWN else 0
    return Availability(
        since_us,
        until_us,
        tuple(length_us if each is spent else 0 for each in Spent),
        worked=spent in WORKING and length_us > 0,
        head_us=down_us,
        tail_us=down_us,
        reclassified_us=length_us if spent is Spent.MAINTENANCE and span.was is Spent.DOWN else 0,
    )


def _us(at_utc_s: float) -> int:
    return round(at_utc_s * MICROSECONDS)
