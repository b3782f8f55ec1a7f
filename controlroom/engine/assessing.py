"""How good each endpoint's link is for its use, once a minute. It reads no clock and writes nothing.

Rules:
1. Judged is the first probe that measures a round-trip time, over the five minutes before: the figures, the
   estimate of voice and the grade of the endpoint's profile (``measure/quality.py``), with what else tells of
   the link beside it (``condition/grading.py``): a change for the worse, a poor signal, a radio that stepped
   down.
2. An endpoint for which nobody named a profile or a codec, and of which no sign tells, has no assessment. One
   that had a sign is told once more when that is over.
3. Their turns are spread over the minute, and at most ``MOST_AT_ONCE`` have theirs in one look: each takes
   the better part of a millisecond.
4. A grade is told in the log when it was found twice in a row, and another than was told last.
5. An endpoint that is down is not assessed: its outage says all. When it is back, what was lost in the outage
   counts no more.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from controlroom.condition.assessment import Assessment
from controlroom.condition.grading import SIGNAL_POOR, STEPPED_DOWN, grading
from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.effects import Effects
from controlroom.engine.link_changes import LinkChanges
from controlroom.logbook.entry import Draft, Fact, LogKind
from controlroom.measure.figures import WindowLength, link_figures
from controlroom.measure.quality import Quality, quality_of
from controlroom.measure.recent import RecentReadings
from controlroom.measure.step_down import StepDown, is_rate
from controlroom.measure.voice import VoiceEstimate
from controlroom.reading import Reading
from controlroom.report.link_quality import telling_probe
from controlroom.site.profile import Grade, Profile
from controlroom.site.view import SeenEndpoint, SeenProbe, SiteView

WINDOW: Final = WindowLength.FIVE_MINUTES
EVERY_S: Final = 60.0
ROUTE_LASTS_S: Final = 3600.0
MOST_AT_ONCE: Final = 2
_GOLDEN: Final = (math.sqrt(5) - 1) / 2
_FEWEST, _MOST = 30, 1500
SIGNAL_GRADE: Final = "signal_grade"
_POOR: Final = 1.0
_WORKS: Final = (Condition.UP, Condition.DEGRADED)


@dataclass(slots=True)
class _Watched:
    """One endpoint, with what its last minutes brought."""

    seen: SeenEndpoint
    profile: Profile | None
    probe: SeenProbe
    recent: RecentReadings
    due_s: float
    signals: dict[str, float] = field(default_factory=dict)
    rates: dict[str, StepDown] = field(default_factory=dict)
    found: str = ""
    told: str = ""
    had_sign: bool = False
    down: bool = False
    route_changed_utc_s: float = -math.inf

    @property
    def is_wanted(self) -> bool:
        """Whether the site says what the link is for."""
        return self.profile is not None or self.seen.voice.codec is not None

    def signs(self) -> Iterator[str]:
        """Yield what else tells of the link, the weightiest first."""
        for metric, signal in self.signals.items():
            if signal == _POOR:
                yield f"{SIGNAL_POOR}:{metric}"
        for metric, rate in self.rates.items():
            stepped = rate.stepped()
            if stepped is not None:
                yield f"{STEPPED_DOWN}:{metric}:{stepped[0]:.6g}:{stepped[1]:.6g}"


class Assessing:
    """Assesses the endpoints of a site in turn."""

    def __init__(self, view: SiteView, now_s: float, changes: LinkChanges) -> None:
        """Watch the site's endpoints; ``changes`` are those of their links. ``now_s`` is monotonic."""
        self._changes = changes
        self._watched: dict[str, _Watched] = {}
        self._turns: deque[_Watched] = deque()
        self.adopt(view, now_s)

    def adopt(self, view: SiteView, now_s: float) -> None:
        """Go on with a changed site; what is measured as before keeps its readings."""
        before, self._watched = self._watched, {}
        for place, seen in enumerate(view.endpoints):
            probe = telling_probe(seen)
            if probe is None:
                continue
            due_s = now_s + EVERY_S * ((place + 1) * _GOLDEN % 1)
            known = before.get(seen.id)
            profile = view.profile_of(seen)
            if known is not None and known.probe == probe and known.seen.address == seen.address:
                known.seen, known.profile = seen, profile
                self._watched[seen.id] = known
            else:
                recent = RecentReadings(_size(probe), probe.period_s)
                self._watched[seen.id] = _Watched(seen, profile, probe, recent, due_s)
        self._turns = deque(sorted(self._watched.values(), key=lambda each: each.due_s))

    def take(self, reading: Reading) -> None:
        """Take a reading as it is believed."""
        watched = self._watched.get(reading.probe.endpoint_id)
        if watched is None or not reading.beat:
            return
        if reading.probe.probe_name == watched.probe.name:
            watched.recent.take(reading)
            return
        for metric, value in reading.values.items():
            if metric.endswith(SIGNAL_GRADE):
                watched.signals[metric] = value
            elif is_rate(metric):
                watched.rates.setdefault(metric, StepDown()).take(value, reading.sent_monotonic_s)

    def saw(self, states: Iterable[EndpointState]) -> None:
        """Take the conditions of endpoints that changed (rule 5)."""
        for state in states:
            watched = self._watched.get(state.endpoint_id)
            if watched is None:
                continue
            if watched.down and state.condition in _WORKS:
                watched.recent.clear()
            watched.down = state.condition is Condition.DOWN

    def told(self, entries: Iterable[Draft]) -> None:
        """Take what traces told: a change of the route stands beside a sign for ``ROUTE_LASTS_S``."""
        for entry in entries:
            watched = self._watched.get(entry.subject)
            if watched is not None and entry.kind is LogKind.ROUTE_CHANGED:
                watched.route_changed_utc_s = entry.at_utc_s

    def disbelieve(self, readings: Sequence[Reading]) -> None:
        """Take back losses that were our own."""
        for reading in readings:
            watched = self._watched.get(reading.probe.endpoint_id)
            if watched is not None and reading.probe.probe_name == watched.probe.name:
                watched.recent.disbelieve(reading)

    def clock_stepped(self, step_s: float) -> None:
        """Tell all times by a clock that was set by so much."""
        for watched in self._watched.values():
            watched.recent.shift(step_s)

    def look(self, now_s: float, now_utc_s: float) -> Effects:
        """Assess those whose turn it is (rule 3)."""
        effects = Effects()
        for _ in range(MOST_AT_ONCE):
            if not self._turns or self._turns[0].due_s > now_s:
                break
            watched = self._turns.popleft()
            # Turns that were missed in a long sleep are not made up for: the order stays.
            watched.due_s = max(watched.due_s, now_s - EVERY_S) + EVERY_S
            self._turns.append(watched)
            self._assess(watched, now_utc_s, effects)
        return effects

    def _assess(self, watched: _Watched, now_utc_s: float, effects: Effects) -> None:
        signs = [*self._changes.signs(watched.seen.id, now_utc_s), *watched.signs()]
        if watched.down or not (watched.is_wanted or signs or watched.had_sign):
            return
        watched.had_sign = bool(signs)
        figures = link_figures(watched.recent.asked(), *WINDOW.ending(now_utc_s))
        quality = quality_of(figures, watched.profile, watched.seen.voice)
        route_changed = abs(now_utc_s - watched.route_changed_utc_s) < ROUTE_LASTS_S
        grade, reason = grading(quality.graded, signs, route_changed=route_changed)
        effects.assessments.append(
            Assessment(
                endpoint_id=watched.seen.id,
                probe_name=watched.probe.name,
                at_utc_s=now_utc_s,
                window_s=float(WINDOW),
                grade=grade.value,
                reason=reason,
                figures=told_figures(quality),
            )
        )
        if grade is not Grade.UNKNOWN and grade.value == watched.found != watched.told:
            if watched.told or grade is not Grade.GOOD:  # a good link at the start is no news
                effects.entries.append(_entry(watched, grade, reason, now_utc_s))
            watched.told = grade.value
        watched.found = grade.value


def told_figures(quality: Quality) -> dict[str, float]:
    """Return the figures of an assessment by their names, those that are known."""
    figures, voice = quality.figures, quality.voice
    latency, losses, jitter = figures.latency, figures.losses, figures.jitter
    told: dict[str, float | None] = {
        "asked": float(figures.asked),
        "unmeasured": float(figures.unmeasured),
        "rtt_median_s": latency.median_s,
        "rtt_p95_s": latency.p95_s,
        "rtt_p99_s": latency.p99_s,
        "rtt_least_s": latency.min_s,
        "rtt_greatest_s": latency.max_s,
        "rtt_deviation_s": latency.deviation_s,
        "loss_ratio": losses.loss.ratio,
        "loss_low_ratio": losses.loss.low if figures.asked else None,
        "loss_high_ratio": losses.loss.high if figures.asked else None,
        "jitter_s": jitter.jitter_s,
        "delay_variation_p99_s": jitter.round_trip_delay_variation.p99_s,
        "mos": voice.score if isinstance(voice, VoiceEstimate) else None,
        "rating": voice.rating if isinstance(voice, VoiceEstimate) else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _size(probe: SeenProbe) -> int:
    return min(_MOST, max(_FEWEST, math.ceil(WINDOW / probe.period_s) + 2))


def _entry(watched: _Watched, grade: Grade, reason: str, now_utc_s: float) -> Draft:
    facts: dict[str, Fact] = {
        "from": watched.told,
        "to": grade.value,
        "reason": reason,
        "profile": watched.profile.id if watched.profile is not None else "",
    }
    return Draft(now_utc_s, LogKind.GRADE_CHANGED, watched.seen.id, facts=facts)
