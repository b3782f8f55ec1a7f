"""How a probe's answers usually fail to come: how often, for how long, and how late. It judges no silence.

A *silence* here is a row of lost questions between two answers. Its *span* is the time from the first
question that was asked on suspicion to the last one lost: 0 where the first quick question was answered.

Rules:
1. A silence that ended by itself within ``LONGEST_USUAL_S`` is usual; one that was told as an outage only
   where it was over within ``LONGEST_BURST_S``. A longer one is an outage: nothing is learnt of it, nor of
   what was lost in it. Three outages in a minute must not teach that this link is silent now and then.
2. Memory fades by beats, not by time: what was seen ``HALF_LIFE_BEATS`` ago counts half. While nothing is
   asked nothing is forgotten.
3. How often a silence begins is told by the whole memory and by the newest hundred beats; the worse holds,
   so that a link that turns bad is not judged by its better days.
4. Spans are kept as excesses over a few bounds (peaks over thresholds): how many silences passed each bound,
   and by how much together. Memory is so the same few numbers for every link.
5. The time that answers take is followed at its 99th percentile, by steps of a share of itself: up by much
   where an answer came later, down by a hundredth of that where it did not (stochastic approximation,
   H. Robbins and S. Monro, 1951).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

LONGEST_USUAL_S: Final = 18.0
"""Seconds of silence that are an outage whatever is usual on a link; shorter ones may be usual."""

LONGEST_BURST_S: Final = 3.0
"""Seconds of silence that was told as an outage and yet may have been a burst that nothing was known of.

A link in bursts of two seconds on average is known by its shorter ones, and waits for the longer ones then.
"""

HALF_LIFE_BEATS: Final = 40_000
"""Beats after which a silence counts half: half a day of a probe that is asked once a second."""

BOUNDS_S: Final = (0.1, 0.25, 0.6, 1.5, 4.0, 10.0)
"""The bounds over which excesses of spans are kept. Independent losses seldom reach the least."""

_FADE: Final = 0.5 ** (1.0 / HALF_LIFE_BEATS)
_RECENT_FADE: Final = 0.99
_ASSUMED_RATIO: Final = 0.05
_ASSUMED_BEATS: Final = 40.0
_QUANTILE: Final = 0.99
_UP: Final = 1.0 + 0.05 * _QUANTILE
_DOWN: Final = 1.0 - 0.05 * (1.0 - _QUANTILE)
_FIRST_ANSWERS: Final = 10
_ROUNDED: Final = 0.001


class UsualSilence:
    """What is usual on one link. Times are seconds, beats are questions on the beat."""

    __slots__ = ("_answers", "_beats", "_late_s", "_over", "_pending", "_recent", "_silences", "_time_over_s")

    def __init__(self) -> None:
        """Start without experience."""
        self._pending = 0
        self._beats = 0.0
        self._silences = 0.0
        self._recent = 0.0
        self._over = [0.0] * len(BOUNDS_S)
        self._time_over_s = [0.0] * len(BOUNDS_S)
        self._answers = 0
        self._late_s = 0.0

    def answered(self, took_s: float) -> None:
        """Note an answer on the beat, and how long it took from the sending until it was here."""
        self._pending += 1
        late_s = self._late_s
        if self._answers < _FIRST_ANSWERS:
            self._answers += 1
            self._late_s = max(late_s, took_s)
        else:
            self._late_s = late_s * _UP if took_s > late_s else late_s * _DOWN

    def answered_often(self, beats: int) -> None:
        """Note so many answers on the beat that took as long as usual."""
        self._pending += beats

    def silence_ended(self, span_s: float, *, told: bool = False) -> None:
        """Note that a silence of such a span ended with an answer, and whether it was told as an outage.

        One that was an outage is passed over (rule 1).
        """
        if span_s >= (LONGEST_BURST_S if told else LONGEST_USUAL_S):
            return
        self._pending += 1
        self._fold()
        self._silences += 1.0
        self._recent += 1.0 - _RECENT_FADE
        for place, bound_s in enumerate(BOUNDS_S):
            if span_s < bound_s:
                break
            self._over[place] += 1.0
            self._time_over_s[place] += span_s - bound_s

    @property
    def first_loss_ratio(self) -> float:
        """The share of beats on which a silence begins; of independent losses it is the loss ratio (rule 3).

        Without experience the ratio is that of a poor link, 5 %, and gives way to what is seen.
        """
        self._fold()
        seen = (self._silences + _ASSUMED_RATIO * _ASSUMED_BEATS) / (self._beats + _ASSUMED_BEATS)
        return max(seen, self._recent)

    def excesses(self) -> Sequence[tuple[float, float, float, float]]:
        """Return for each bound: itself, how many silences passed it, how many per beat, and by how much.

        The last is the mean excess over the bound in seconds; bounds that none passed are left out.
        """
        self._fold()
        return [
            (bound_s, over, over / self._beats, time_s / over)
            for bound_s, over, time_s in zip(BOUNDS_S, self._over, self._time_over_s, strict=True)
            if over > 0
        ]

    @property
    def late_s(self) -> float | None:
        """The time within which 99 of 100 answers are here; ``None`` before there were ten answers."""
        return self._late_s if self._answers >= _FIRST_ANSWERS else None

    def kept(self) -> dict[str, object]:
        """Return all that was learnt as plain numbers, to be kept over a restart."""
        self._fold()
        return {
            "beats": round(self._beats, 3),
            "silences": round(self._silences, 6),
            "recent": round(self._recent, 9),
            "over": [round(each, 6) for each in self._over],
            "time_over_s": [round(each, 6) for each in self._time_over_s],
            "answers": self._answers,
            "late_s": round(self._late_s, 6),
        }

    @classmethod
    def of(cls, kept: Mapping[str, object]) -> UsualSilence:
        """Make it again of what was kept; raise ``ValueError`` where that makes no sense."""
        usual = cls()
        over, time_over_s = _numbers(kept, "over"), _numbers(kept, "time_over_s")
        if len(over) != len(BOUNDS_S) or len(time_over_s) != len(BOUNDS_S):
            raise ValueError("the excesses are over other bounds")
        usual._over, usual._time_over_s = over, time_over_s
        usual._beats, usual._silences = _number(kept, "beats"), _number(kept, "silences")
        usual._recent, usual._late_s = min(1.0, _number(kept, "recent")), _number(kept, "late_s")
        usual._answers = min(_FIRST_ANSWERS, int(_number(kept, "answers")))
        if usual._silences > usual._beats + _ROUNDED or any(
            each > usual._silences + _ROUNDED for each in over
        ):
            raise ValueError("there are more silences than beats")
        return usual

    def _fold(self) -> None:
        """Let memory fade by the beats that were counted since (rule 2)."""
        pending = self._pending
        if not pending:
            return
        fade = _FADE**pending
        self._beats = self._beats * fade + pending
        self._silences *= fade
        self._recent *= _RECENT_FADE**pending
        for place, over in enumerate(self._over):
            if over:
                self._over[place] = over * fade
                self._time_over_s[place] *= fade
        self._pending = 0


def _number(kept: Mapping[str, object], key: str) -> float:
    return _finite(kept.get(key))


def _numbers(kept: Mapping[str, object], key: str) -> list[float]:
    values = kept.get(key)
    if not isinstance(values, list):
        raise ValueError(f"{key} is no list")
    return [_finite(value) for value in values]


def _finite(value: object) -> float:
    """Return a number that a count or a time can be."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.0 <= value < 1e12:
        raise ValueError(f"{value!r} is no count and no time")
    return float(value)
