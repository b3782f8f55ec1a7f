"""One link's changes, from its readings one at a time. It never sees the future, and judges no limit.

Rules:
1. Where readings come more often than every ``ROW_FROM_S`` seconds, single readings tell large changes within
   a minute (runs), and minutes tell smaller ones: a test of regimes on their medians, another on their
   spread. Where they come seldom, each reading is a row, and one test of regimes tells level and spread.
2. Thresholds follow from one wish: at most one false call of the link in so many days (``false_calls``).
3. Latency is judged by logarithms: twice as slow is as much at 5 ms as at 500 ms. A round-trip time that
   is not a finite number, or is below zero, is no reading; one below ``LEAST_RTT_S`` counts as that.
4. After a call all tests start over at the new level.
5. A level that most of the last weeks had at this hour of the week is a habit and no call, and neither is the
   return from it to what is usual.
6. What moved too slowly for the other tests is called when the regime lies a quarter off the learned
   normal, and outside what is usual, and no call has said so yet.
7. A gap, or a clock that was set back, ends all runs: what was not measured proves nothing.
"""

from __future__ import annotations

import math
import statistics
from collections import deque
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from controlroom.errors import ControlroomError
from controlroom.measure.detection import ChangeKind, ChangeSign, Detection
from controlroom.measure.false_calls import loss_log_probes, regime_threshold, run_threshold
from controlroom.measure.latency_cusum import LatencyCusum, Run
from controlroom.measure.learned_normal import Band, LearnedNormal
from controlroom.measure.loss_cusum import LossCusum
from controlroom.measure.minute import LEAST_SPREAD, MINUTE_S, Minute, MinuteFigures
from controlroom.measure.regime_test import RECENT_ROWS, FloatArray, RegimeTest

STATE_VERSION: Final = 1
ROW_FROM_S: Final = 30.0
LEAST_RTT_S: Final = 1e-5
LEAST_LEVEL_WIDTH: Final = 0.01
LEAST_SPREAD_WIDTH: Final = 0.25
CREEP: Final = math.log(1.25)
CREEP_ROWS: Final = 32
_GAP_READINGS: Final = 10
_LEAST_GAP_S: Final = 60.0
_RECENT_READINGS: Final = 64


@dataclass(frozen=True, slots=True)
class DetectorSettings:
    """How far apart the readings are, and how often a false call may happen."""

    period_s: float
    false_call_days: float = 30.0

    @property
    def rows(self) -> bool:
        """Whether each reading is a row of its own (rule 1)."""
        return self.period_s >= ROW_FROM_S

    @property
    def row_s(self) -> float:
        """Return how far apart rows are."""
        return self.period_s if self.rows else MINUTE_S


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual on a link at a time; ``of_hour`` where the hour of the week is known by itself.

    ``spread_s`` is the median distance of a round-trip time from the median of its minute, or regime.
    """

    rtt_s: float
    lowest_rtt_s: float
    highest_rtt_s: float
    of_hour: bool
    loss_ratio: float
    spread_s: float


@dataclass(frozen=True, slots=True)
class Learning:
    """What is still to be learned of a link's normal: rows, ``row_s`` seconds apart at least.

    ``single`` where each reading is a row; else a row is a minute with answers. ``usual_known`` where the
    first rows were enough to know what is usual, though not yet by a whole day.
    """

    rows: int
    row_s: float
    single: bool
    usual_known: bool

    @property
    def length_s(self) -> float:
        """How long that takes at least."""
        return self.rows * self.row_s


class UnknownStateError(ControlroomError):
    """What was kept of a detector is not its own: another version, other rows, or damaged."""


class ChangeDetector:
    """The tests of one link, and its learned normal."""

    def __init__(self, settings: DetectorSettings) -> None:
        """Start with nothing known of the link."""
        days, row_s = settings.false_call_days, settings.row_s
        self._settings = settings
        self._gap_s = max(_GAP_READINGS * settings.period_s, _LEAST_GAP_S)
        self._loss = LossCusum(loss_log_probes(days, settings.period_s))
        self._runs = LatencyCusum(run_threshold(days, settings.period_s))
        self._minute = None if settings.rows else Minute(settings.period_s)
        self._level_test = RegimeTest(
            regime_threshold(days, row_s, parts=2 if settings.rows else 1), LEAST_LEVEL_WIDTH
        )
        self._spread_test = RegimeTest(regime_threshold(days, row_s), LEAST_SPREAD_WIDTH)
        self._normal = LearnedNormal(row_s)
        self._recent: deque[float] = deque(maxlen=_RECENT_READINGS)
        self._row_times_s: deque[float] = deque(maxlen=RECENT_ROWS)
        self._level: float | None = None
        self._last_at_s: float | None = None
        self._told = False
        self._habit = False

    @property
    def settings(self) -> DetectorSettings:
        """The settings that it was made with."""
        return self._settings

    def step(self, at_s: float, rtt_s: float | None) -> tuple[Detection, ...]:
        """Take in one reading on the beat, at a wall-clock time; return what it made certain, mostly nothing.

        ``rtt_s`` is ``None`` for a lost probe. What was not run is not handed in.
        """
        if rtt_s is not None and not 0.0 <= rtt_s < math.inf:
            return ()
        if self._last_at_s is not None and not 0.0 <= at_s - self._last_at_s <= self._gap_s:
            self._loss.restart()
            self._runs.restart()
        self._last_at_s = at_s
        found = self._step_loss(at_s, rtt_s is None)
        if rtt_s is None:
            return found
        value = math.log(rtt_s if rtt_s > LEAST_RTT_S else LEAST_RTT_S)
        if self._minute is None:
            return found + self._step_row(at_s, value)
        return found + self._step_reading(self._minute, at_s, value)

    def usual(self, at_s: float) -> Usual | None:
        """Return what is usual on this link at a time; ``None`` while too little is known."""
        band: Band | None = self._normal.band(at_s)
        if band is None:
            return None
        level, low, high = math.exp(band.level), math.exp(band.low), math.exp(band.high)
        spread_s = level * self._normal.spread
        return Usual(level, low, high, band.of_hour, self._loss.usual_ratio, spread_s)

    @property
    def learning(self) -> Learning | None:
        """What is still to be learned of the normal; ``None`` where it is settled."""
        rows, settings = self._normal.rows_to_learn, self._settings
        return Learning(rows, settings.row_s, settings.rows, self._normal.known) if rows else None

    def kept(self) -> dict[str, Any]:
        """Return all it knows, as numbers, texts and lists of them, for :meth:`restored`."""
        return {
            "version": STATE_VERSION,
            "row_s": self._settings.row_s,
            "loss": self._loss.kept(),
            "runs": self._runs.kept(),
            "minute": self._minute.kept() if self._minute else None,
            "level_test": self._level_test.kept(),
            "spread_test": self._spread_test.kept(),
            "normal": self._normal.kept(),
            "recent": list(self._recent),
            "row_times_s": list(self._row_times_s),
            "level": self._level,
            "last_at_s": self._last_at_s,
            "told": self._told,
            "habit": self._habit,
        }

    @classmethod
    def restored(cls, settings: DetectorSettings, kept: dict[str, Any]) -> ChangeDetector:
        """Go on from what :meth:`kept` returned, maybe with another wish or period.

        Raises:
            UnknownStateError: it is of another version, of rows of another length, or damaged.
        """
        if kept.get("version") != STATE_VERSION:
            raise UnknownStateError("detector-state-version", "The kept state is of another version.")
        if kept.get("row_s") != settings.row_s:
            raise UnknownStateError("detector-state-rows", "The kept state is of rows of another length.")
        detector = cls(settings)
        try:
            detector._restore(kept)
        except (KeyError, TypeError, ValueError) as error:
            raise UnknownStateError("detector-state-damaged", "The kept state is damaged.") from error
        return detector

    def _restore(self, kept: dict[str, Any]) -> None:
        self._loss.restore(kept["loss"])
        self._runs.restore(kept["runs"])
        if self._minute is not None:
            self._minute.restore(kept["minute"])
        self._level_test.restore(kept["level_test"])
        self._spread_test.restore(kept["spread_test"])
        self._normal.restore(kept["normal"])
        self._recent.extend(kept["recent"])
        self._row_times_s.extend(kept["row_times_s"])
        self._level, self._last_at_s = kept["level"], kept["last_at_s"]
        self._told, self._habit = kept["told"], kept["habit"]

    def _step_loss(self, at_s: float, lost: bool) -> tuple[Detection, ...]:
        change = self._loss.step(at_s, lost)
        if change is None:
            return ()
        kind = ChangeKind.LOSS_RISE if change.after > change.before else ChangeKind.LOSS_FALL
        return (
            Detection(kind, ChangeSign.RUN, at_s, change.since_s, change.before, change.after, change.probes),
        )

    def _step_reading(self, minute: Minute, at_s: float, value: float) -> tuple[Detection, ...]:
        """Judge a single reading, and the minute that it ended."""
        found: tuple[Detection, ...] = ()
        ended = minute.step(at_s, value)
        if ended is not None:
            found = self._step_minute(at_s, ended)
        self._recent.append(value)
        if self._level is not None:
            run = self._runs.step(at_s, value, self._level)
            if run is not None:
                found += self._end_run(at_s, run, self._level)
        return found

    def _end_run(self, at_s: float, run: Run, before: float) -> tuple[Detection, ...]:
        """Call a run, and start everything over at its level (rule 4)."""
        after = statistics.median(list(self._recent)[-run.readings :])
        self._level = after
        self._level_test.restart(0)
        self._spread_test.restart(0)
        if self._minute is not None:
            self._minute.drop()
        return self._latency(ChangeSign.RUN, at_s, run.since_s, before, after, run.readings)

    def _step_minute(self, at_s: float, ended: MinuteFigures) -> tuple[Detection, ...]:
        within = max(math.exp(ended.log_spread) - LEAST_SPREAD, 0.0)
        found = self._step_row(at_s, ended.level, ended.begin_s, within)
        newest = self._spread_test.step(ended.log_spread)
        if newest is None:
            return found
        older, newer = self._ended_regime(self._spread_test, newest)
        before, after = (max(math.exp(middle(part)) - LEAST_SPREAD, 0.0) for part in (older, newer))
        if found or after == before:
            return found
        scale_s = math.exp(ended.level)
        kind = ChangeKind.SPREAD_RISE if after > before else ChangeKind.SPREAD_FALL
        since_s = self._row_times_s[-newest]
        return (Detection(kind, ChangeSign.REGIME, at_s, since_s, before * scale_s, after * scale_s, newest),)

    def _step_row(
        self, at_s: float, value: float, begin_s: float | None = None, spread_within: float | None = None
    ) -> tuple[Detection, ...]:
        """Judge a row that began at ``begin_s``, and learn from it; by itself its spread is its distance."""
        self._row_times_s.append(at_s if begin_s is None else begin_s)
        newest = self._level_test.step(value)
        found = () if newest is None else self._end_regime(at_s, newest)
        level = middle(self._level_test.values)
        self._level = level
        within = abs(value - level) if spread_within is None else spread_within
        self._normal.step(at_s, value, level, within)
        return found + self._step_creep(at_s, level)

    def _end_regime(self, at_s: float, newest: int) -> tuple[Detection, ...]:
        older, newer = self._ended_regime(self._level_test, newest)
        self._runs.restart()
        self._spread_test.restart(0)
        since_s = self._row_times_s[-newest]
        before, after = middle(older), middle(newer)
        spread_before, spread_after = spread(older), spread(newer)
        if abs(after - before) >= max(spread_before, spread_after, LEAST_LEVEL_WIDTH / 2):
            return self._latency(ChangeSign.REGIME, at_s, since_s, before, after, newest)
        kind = ChangeKind.SPREAD_RISE if spread_after > spread_before else ChangeKind.SPREAD_FALL
        scale_s = math.exp(before)
        return (
            Detection(
                kind,
                ChangeSign.REGIME,
                at_s,
                since_s,
                spread_before * scale_s,
                spread_after * scale_s,
                newest,
            ),
        )

    @staticmethod
    def _ended_regime(test: RegimeTest, newest: int) -> tuple[FloatArray, FloatArray]:
        """Return the values of the regime that ended and of the new one, with which the test goes on."""
        values = test.values
        test.restart(newest)
        return values[:-newest], values[-newest:]

    def _latency(
        self, sign: ChangeSign, at_s: float, since_s: float, before: float, after: float, readings: int
    ) -> tuple[Detection, ...]:
        """Tell a change of the level, given as logarithms, but for what is usual at this hour (rule 5)."""
        self._told = True
        habit, ended = self._normal.habit(at_s, after), self._habit and self._normal.within(after)
        self._habit = habit
        if habit or ended:
            return ()
        kind = ChangeKind.LATENCY_RISE if after > before else ChangeKind.LATENCY_FALL
        return (Detection(kind, sign, at_s, since_s, math.exp(before), math.exp(after), readings),)

    def _step_creep(self, at_s: float, level: float) -> tuple[Detection, ...]:
        """Call what no moment shows (rule 6)."""
        rows = len(self._level_test.values)
        if not self._normal.settled or rows < CREEP_ROWS:
            return ()
        usual = self._normal.level
        if self._normal.within(level) or abs(level - usual) < CREEP:
            self._told = self._told and not self._normal.within(level)
            return ()
        if self._told:
            return ()
        since_s = at_s - rows * self._settings.row_s
        return self._latency(ChangeSign.CREEP, at_s, since_s, usual, level, rows)


def middle(values: FloatArray) -> float:
    """Return the median."""
    return float(np.median(values))


def spread(values: FloatArray) -> float:
    """Return the median distance from the median."""
    return float(np.median(np.abs(values - np.median(values))))
