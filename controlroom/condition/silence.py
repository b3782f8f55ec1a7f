"""One probe's silences: what each needs to be certain, and what it taught. It has no clock and no status.

Rules:
1. What a silence needs is settled at its first loss, by what was usual until then.
2. An answer that ends a silence teaches how long it was. One that ends in *unknown*, or while we ourselves
   were cut off, teaches nothing; nor does one that began under an earlier engine, for nobody knows its span.
3. How long answers take is learnt from beats that find the probe answering, and that nobody suspects. An
   answer that comes later than others makes patient at once, and for a few more.
4. A loss on the beat is followed by as many attempts as chance demands. One off the beat is so only where
   that was not done for ``OFF_BEAT_EVERY_S``: attempts are lost as often as beats, and would never end.
5. Once as many are lost others follow at growing distances, until the silence is too long to be a usual
   burst.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from controlroom.condition.answering import Answering, ProbeStatus
from controlroom.condition.silence_test import Needs, needs_of, patience_s
from controlroom.measure.usual_silence import UsualSilence
from controlroom.reading import Outcome, Reading, Telling
from controlroom.site.model import Probe

OFF_BEAT_EVERY_S: Final = 10.0
_CALMS: Final = 0.9


class Wanted(NamedTuple):
    """Attempts that are wanted to be sure: how many, how far apart, and after how long the first."""

    attempts: int
    spacing_s: float
    first_s: float = 0.0


class Silences:
    """What is usual for one probe, and how long the silence has lasted that goes on, if one does."""

    def __init__(self, probe: Probe, usual: UsualSilence | None = None) -> None:
        """Start with what was learnt before, if anything was."""
        self.usual = usual or UsualSilence()
        self._probe = probe
        self._needs: Needs | None = None
        self._asked_s = -math.inf
        self._lost_s = -math.inf
        self._wished_s = -math.inf
        self._lately_s = 0.0

    def adopt(self, probe: Probe) -> None:
        """Go on with other settings of the same question."""
        self._probe, self._needs = probe, None

    def needs(self) -> Needs:
        """Return what makes the silence certain that is suspected, or else the next one (rule 1)."""
        if self._needs is None:
            self._needs = needs_of(self.usual, self._probe.period_s, self._probe.confirm_attempts)
        return self._needs

    @property
    def patience_s(self) -> float | None:
        """After how long an answer that is not here counts as lost, on suspicion; ``None`` until learnt."""
        return patience_s(self.usual, self._probe.timeout_s, self._lately_s)

    def wanted(self, status: ProbeStatus, reading: Reading, now_s: float) -> Wanted | None:
        """Return what to ask while silence is suspected, after another loss (rules 4 and 5)."""
        needs = self.needs()
        missing = needs.attempts - status.attempts
        if missing <= 0:
            return Wanted(1, 0.0, needs.wait_s(now_s - status.second_sent_s))
        own_beat = reading.beat and reading.telling is not Telling.AGAIN
        if not own_beat and now_s < self._wished_s + OFF_BEAT_EVERY_S:
            return None
        self._wished_s = now_s
        return Wanted(missing, needs.spacing_s)

    def follow(self, before: ProbeStatus, after: ProbeStatus, reading: Reading, took_s: float) -> None:
        """Learn from a reading that led from one status to another, and took so long to be here."""
        if reading.outcome is not Outcome.REPLIED:
            self._lost(before, after, reading)
            return
        self._needs = None
        self._lately_s = max(took_s, self._lately_s * _CALMS)
        if before.answering is Answering.ANSWERS:
            if before.suspect is not None:
                self.usual.silence_ended(self._span_s)
            elif reading.beat:
                self.usual.answered(took_s)
        elif before.answering is Answering.SILENT and after.answering is Answering.ANSWERS:
            self.usual.silence_ended(self._span_s, told=True)

    def _lost(self, before: ProbeStatus, after: ProbeStatus, reading: Reading) -> None:
        if after.suspect is Answering.SILENT or after.answering is Answering.SILENT:
            if before.answering is not Answering.SILENT:
                self._asked_s = after.second_sent_s
            self._lost_s = max(self._lost_s, reading.sent_monotonic_s)

    @property
    def _span_s(self) -> float:
        return max(0.0, self._lost_s - self._asked_s)
