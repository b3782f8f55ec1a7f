"""When a silence is certain, and when its end is: sequential tests on what is usual. It keeps nothing.

What counts as truth: a silence of ``LONGEST_USUAL_S`` (18 s) or more is an outage on every link; a shorter
one is where it is beyond the link's usual losses. An outage told by chance or by a usual burst is *false*.
Usual is what did not come to an outage, and outages of less than ``LONGEST_BURST_S`` (3 s).

Rules of ``needs_of``; both must be met, as the likelihood of what is usual must become too small:
1. Losses by chance: so many in a row that independent losses at the link's usual ratio (A. Wald's test of all
   lost against usual, 1945: each loss multiplies the odds by the ratio) reach them ``FALSE_BY_CHANCE_PER_S``
   times a second: seven at 5 %. Never fewer than ``LEAST_ATTEMPTS``, whatever a clean link has shown.
2. Losses in bursts: a silence so long that the tail of the usual spans reaches it ``FALSE_BY_BURSTS_PER_S``
   times a second. The tail beyond each bound is taken for exponential with the mean excess that was seen
   (peaks over a threshold), enlarged for how few were seen; the longest of all bounds holds. A bound counts
   from the third silence on: one or two are no habit. No tail is followed beyond ``LONGEST_USUAL_S``.
3. A link without experience is taken for one that loses 5 % at random. But a first short silence, below
   ``SHORT_S``, is taken for a habit until it was so long ago that it is a rare one (``RARE_RATIO``): so a
   bursty link tells one false outage, not three, before it is known.
4. The attempts leave within ``BURST_S``, at most ``SPACING_S`` apart: the more are needed, the denser. While
   both are not met, others follow at growing distances, the last when the span is reached.
5. Where the site sets a number, so many losses in a row are certain, ``SPACING_S`` apart, whatever is usual.

Rule of ``answers_needed``:
6. One lucky answer is no return. Those within a silence that came to nothing tell how often an endpoint
   that is down answers; then so many in a row are needed that these come ``FALSE_RETURNS_PER_ASKING`` times
   an asking, ``MOST_ANSWERS`` at most. ``ASSUMED_ASKED`` askings without an answer temper the first.
7. One that answers ``ANSWERED_LATELY`` of the newest ``ASKED_LATELY`` questions is back, in whatever order
   they came: it loses much, and is not down. One of which chance answers 5 % comes to that once in two years.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from controlroom.measure.usual_silence import LONGEST_USUAL_S, UsualSilence

FALSE_BY_CHANCE_PER_S: Final = 1e-9
"""False outages by independent losses that a link may have: one in thirty years."""

FALSE_BY_BURSTS_PER_S: Final = 2e-7
"""False outages by usual bursts that a link may have: one in two months."""

FALSE_RETURNS_PER_ASKING: Final = 1e-8
"""How seldom lucky answers alone may end a silence."""

ASSUMED_ASKED: Final = 20

ASKED_LATELY: Final = 20
ANSWERED_LATELY: Final = 10
"""Answers to the newest questions that end a silence, though not in a row (rule 7)."""

LEAST_ATTEMPTS: Final = 5
MOST_ATTEMPTS: Final = 30
MOST_ANSWERS: Final = 12

HABIT: Final = 2.5
"""Silences beyond a bound that are a habit of the link: three, of which memory has faded a little."""

SHORT_S: Final = 4.0
RARE_RATIO: Final = 1 / 600
"""Silences on fewer beats than this are rare: one in ten minutes of a probe that is asked once a second."""

SPACING_S: Final = 0.08
"""The longest distance between attempts after a first loss; they overlap."""

BURST_S: Final = 0.4
"""The time in which the attempts leave that chance demands."""

_LEAST_WAIT_S: Final = 0.1
_MOST_WAIT_S: Final = 1.0
_WAIT_SHARE: Final = 0.25
_CLOCK_S: Final = 1e-3

LEAST_PATIENCE_S: Final = 0.15
_PATIENCE_BEYOND_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Needs:
    """What makes a silence certain: losses in a row, asked over so many seconds of suspicion.

    ``spacing_s`` is how far apart the first attempts leave.
    """

    attempts: int
    span_s: float
    spacing_s: float

    def met(self, attempts: int, span_s: float) -> bool:
        """Whether so many losses in a row, the first on suspicion so long before the last, are enough."""
        return attempts >= self.attempts and span_s >= self.span_s - _CLOCK_S

    def wait_s(self, span_s: float) -> float:
        """Return how long to wait with the next attempt, where those so far have not decided (rule 4)."""
        wait_s = min(_MOST_WAIT_S, max(_LEAST_WAIT_S, _WAIT_SHARE * span_s))
        return max(0.0, min(wait_s, self.span_s - span_s))


def needs_of(usual: UsualSilence, period_s: float, attempts: int | None = None) -> Needs:
    """Return what makes a silence of a link certain; ``attempts`` is what the site sets, if any (rule 5)."""
    if attempts is not None:
        return Needs(attempts, 0.0, SPACING_S)
    needed = _in_a_row(FALSE_BY_CHANCE_PER_S * period_s, usual.first_loss_ratio)
    needed = max(LEAST_ATTEMPTS, min(MOST_ATTEMPTS, needed))
    return Needs(needed, _span_s(usual, period_s), min(SPACING_S, BURST_S / (needed - 2)))


def answers_needed(asked: int, answered: int, least: int) -> int:
    """Return how many answers in a row end a silence in which so many were asked and answered (rule 6)."""
    if not answered:
        return least
    ratio = answered / (asked + ASSUMED_ASKED)
    return max(least, min(MOST_ANSWERS, _in_a_row(FALSE_RETURNS_PER_ASKING, ratio)))


def lately_with(lately: int, *, answered: bool) -> int:
    """Return which of the newest questions were answered, one bit each, with one more."""
    return (lately << 1 | answered) & ((1 << ASKED_LATELY) - 1)


def answers_half(lately: int) -> bool:
    """Whether so many of the newest questions were answered that a silence is over (rule 7)."""
    return lately.bit_count() >= ANSWERED_LATELY


def patience_s(usual: UsualSilence, timeout_s: float, lately_s: float = 0.0) -> float | None:
    """Return after how long an answer that is not here counts as lost on suspicion; ``None`` until learnt.

    Twice the time of 99 of 100 answers, or a tenth of a second beyond it: so at most 250 ms where those take
    up to 150 ms, and never longer than the site's own deadline. ``lately_s`` is how late answers came just
    now, and counts as well: a link that has become slower is not silent.
    """
    if usual.late_s is None:
        return None
    late_s = max(usual.late_s, lately_s)
    return min(timeout_s, max(LEAST_PATIENCE_S, min(2 * late_s, late_s + _PATIENCE_BEYOND_S)))


def _in_a_row(chance: float, ratio: float) -> int:
    """Return how many independent events of such a ratio in a row have at most such a chance."""
    if ratio >= 1.0:
        return MOST_ATTEMPTS
    return math.ceil(math.log(chance) / math.log(ratio)) if ratio > 0.0 else 1


def _span_s(usual: UsualSilence, period_s: float) -> float:
    longest_s = 0.0
    excesses = usual.excesses()
    least = 0.0 if _are_a_young_habit(excesses) else HABIT
    for bound_s, seen, per_beat, excess_s in excesses:
        if seen < least:
            continue
        odds = per_beat / (FALSE_BY_BURSTS_PER_S * period_s)
        enlarged_s = excess_s * (1.0 + 1.0 / math.sqrt(seen))
        longest_s = max(longest_s, bound_s + enlarged_s * math.log(max(1.0, odds)))
    return min(LONGEST_USUAL_S, longest_s)


def _are_a_young_habit(excesses: Sequence[tuple[float, float, float, float]]) -> bool:
    """Whether so few beats have been seen that even one silence is not rare, and one was short (rule 3)."""
    if not excesses or excesses[0][2] < RARE_RATIO:
        return False
    longer = sum(seen for bound_s, seen, _, _ in excesses if bound_s == SHORT_S)
    return excesses[0][1] - longer > 0.5
