"""How good each endpoint's link is for its use, once a minute. It reads no clock and writes nothing.

Rules:
1. Judged is the first probe that measures a round-trip time, over the five minutes before: the figures, the
   estimate of voice and the grade of the endpoint's profile (``measure/quality.py``), with what else tells of
   the link beside it (``condition/grading.py``): a condition that is degraded, a change for the worse, a poor
   signal, a radio that stepped down.
2. Of the last minute alone is the grade where that shows a worse one. It begins a little earlier, so that as
   many outcomes are known as a minute has questions, and its figures are computed only where it stands out
   (``measure/standing_out.py``).
3. An endpoint for which nobody named a profile or a codec, neither its own nor a profile of a service with a
   path through it, and of which no sign but its condition tells, has no assessment. One that had a sign is
   told once more when that is over.
4. Each has its turn in the minute (``assessing_turns.py``), and a look at once when its condition or its
   route changes or a change of its link is found. At most ``MOST_AT_ONCE`` have theirs at a time: each takes
   the better part of a millisecond.
5. A grade is told in the log when it was found again, and is another than was told last: a worse one after
   ``WORSE_AFTER_S``, for which there is a look beside the turn, a better one after ``BETTER_AFTER_S``.
6. An endpoint that is down is not assessed: its outage says all. When it is back, what was lost in the outage
   counts no more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from controlroom.condition.assessment import Assessment
from controlroom.condition.grading import (
    SIGNAL_POOR,
    STEPPED_DOWN,
    condition_signs,
    grading,
    is_worse,
    worse_of,
)
from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.assessing_turns import AssessingTurns
from controlroom.engine.effects import Effects
from controlroom.engine.link_changes import LinkChanges
from controlroom.logbook.entry import Draft, Fact, LogKind
from controlroom.measure.asked import Asked, within
from controlroom.measure.figures import WindowLength, link_figures
from controlroom.measure.grade import Graded
from controlroom.measure.quality import Quality, quality_of
from controlroom.measure.recent import RecentReadings
from controlroom.measure.standing_out import stands_out
from controlroom.measure.step_down import StepDown, is_rate
from controlroom.measure.voice import VoiceEstimate
from controlroom.reading import Reading
from controlroom.report.link_quality import telling_probe
from controlroom.site.profile import Grade, Profile
from controlroom.site.view import SeenEndpoint, SeenProbe, SiteView

WINDOW: Final = WindowLength.FIVE_MINUTES
ROUTE_LASTS_S: Final = 3600.0
WORSE_AFTER_S: Final = 15.0
BETTER_AFTER_S: Final = 55.0
"""The next turn, also where one of the two was looked at some seconds late."""

MOST_AT_ONCE: Final = 2
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
    serving: Mapping[str, Profile] = field(default_factory=dict)
    """The profiles of the services with a path through it, by their ids."""
    signals: dict[str, float] = field(default_factory=dict)
    rates: dict[str, StepDown] = field(default_factory=dict)
    state: EndpointState | None = None
    found: str = ""
    found_utc_s: float = math.inf
    told: str = ""
    had_sign: bool = False
    route_changed_utc_s: float = -math.inf

    @property
    def is_wanted(self) -> bool:
        """Whether the site says what the link is for."""
        return self.profile is not None or self.seen.voice.codec is not None or bool(self.serving)

    @property
    def is_down(self) -> bool:
        """Whether its outage says all (rule 6)."""
        return self.state is not None and self.state.condition is Condition.DOWN

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

    def __init__(self, view: SiteView, now_utc_s: float, changes: LinkChanges) -> None:
        """Watch the site's endpoints; ``changes`` are those of their links."""
        self._changes = changes
        self._watched: dict[str, _Watched] = {}
        self._turns = AssessingTurns()
        self.adopt(view, now_utc_s)

    @property
    def due_utc_s(self) -> float:
        """When the next look is due: long ago where one is due at once."""
        self._hear()
        return self._turns.due_utc_s

    def adopt(self, view: SiteView, now_utc_s: float) -> None:
        """Go on with a changed site; what is measured as before keeps its readings."""
        before, self._watched = self._watched, {}
        serving = _serving(view)
        for seen in view.endpoints:
            probe = telling_probe(seen)
            if probe is None:
                continue
            known = before.get(seen.id)
            profile = view.profile_of(seen)
            if known is not None and known.probe == probe and known.seen.address == seen.address:
                known.seen, known.profile = seen, profile
            else:
                known = _Watched(seen, profile, probe, RecentReadings(_size(probe), probe.period_s))
            known.serving = serving.get(seen.id, {})
            self._watched[seen.id] = known
        self._turns.adopt(self._watched, now_utc_s)

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
        """Take the conditions of endpoints that changed (rules 4 and 6)."""
        for state in states:
            watched = self._watched.get(state.endpoint_id)
            if watched is None:
                continue
            if watched.is_down and state.condition in _WORKS:
                watched.recent.clear()
                watched.found = ""
            if _is_news(watched.state, state):
                self._turns.look_beside(state.endpoint_id)
            watched.state = state

    def told(self, entries: Iterable[Draft]) -> None:
        """Take what traces told: a change of the route stands beside a sign for ``ROUTE_LASTS_S``."""
        for entry in entries:
            watched = self._watched.get(entry.subject)
            if watched is not None and entry.kind is LogKind.ROUTE_CHANGED:
                watched.route_changed_utc_s = entry.at_utc_s
                self._turns.look_beside(entry.subject)

    def disbelieve(self, readings: Sequence[Reading]) -> None:
        """Take back losses that were our own."""
        for reading in readings:
            watched = self._watched.get(reading.probe.endpoint_id)
            if watched is not None and reading.probe.probe_name == watched.probe.name:
                watched.recent.disbelieve(reading)

    def clock_stepped(self, step_s: float, now_utc_s: float) -> None:
        """Tell all times by a clock that was set by so much, to what it tells now."""
        for watched in self._watched.values():
            watched.recent.shift(step_s)
            watched.found_utc_s += step_s
            watched.route_changed_utc_s += step_s
        self._turns.clock_stepped(step_s, now_utc_s)

    def look(self, now_utc_s: float) -> Effects:
        """Assess those whose look is due (rule 4)."""
        self._hear()
        effects = Effects()
        for _ in range(MOST_AT_ONCE):
            due = self._turns.next(now_utc_s)
            if due is None:
                break
            endpoint_id, as_of_utc_s = due
            self._assess(self._watched[endpoint_id], as_of_utc_s, effects)
        return effects

    def _hear(self) -> None:
        """Look at those at once of which a change of their link was found (rule 4)."""
        for endpoint_id in self._changes.news():
            self._turns.look_beside(endpoint_id)

    def _assess(self, watched: _Watched, now_utc_s: float, effects: Effects) -> None:
        signs = [*self._changes.signs(watched.seen.id, now_utc_s), *watched.signs()]
        if watched.is_down or not (watched.is_wanted or signs or watched.had_sign):
            return
        watched.had_sign = bool(signs)
        asked = watched.recent.asked()
        figures = link_figures(asked, *WINDOW.ending(now_utc_s))
        quality = quality_of(figures, watched.profile, watched.seen.voice)
        graded = _with_last_minute(watched, quality, asked, now_utc_s)
        if watched.is_wanted:
            signs = [*condition_signs(watched.state), *signs]
        route_changed = abs(now_utc_s - watched.route_changed_utc_s) < ROUTE_LASTS_S
        grade, reason = grading(graded, signs, route_changed=route_changed)
        effects.assessments.append(
            Assessment(
                endpoint_id=watched.seen.id,
                probe_name=watched.probe.name,
                at_utc_s=now_utc_s,
                window_s=float(WINDOW),
                grade=grade.value,
                reason=reason,
                figures=told_figures(quality),
                serving={
                    name: quality_of(figures, profile, watched.seen.voice).graded.grade.value
                    for name, profile in watched.serving.items()
                },
            )
        )
        self._tell(watched, grade, reason, now_utc_s, effects)

    def _tell(self, watched: _Watched, grade: Grade, reason: str, now_utc_s: float, effects: Effects) -> None:
        """Tell a grade that lasts, and have one that is worse looked at again soon (rule 5)."""
        if grade.value != watched.found:
            watched.found, watched.found_utc_s = grade.value, now_utc_s
        if grade is Grade.UNKNOWN or grade.value == watched.told:
            return
        worse = is_worse(grade, watched.told)
        lasts_utc_s = watched.found_utc_s + (WORSE_AFTER_S if worse else BETTER_AFTER_S)
        if now_utc_s >= lasts_utc_s:
            if watched.told or worse:  # a good link at the start is no news
                effects.entries.append(_entry(watched, grade, reason, now_utc_s))
            watched.told = grade.value
        elif worse:
            self._turns.look_beside(watched.seen.id, lasts_utc_s)


def _serving(view: SiteView) -> Mapping[str, Mapping[str, Profile]]:
    """Return for each endpoint the profiles of the services with a path through it."""
    found: dict[str, dict[str, Profile]] = {}
    for service in view.services:
        profile = view.profile_of_service(service)
        if profile is not None:
            for endpoint_id in {name for path in service.paths for name in path.endpoints}:
                found.setdefault(endpoint_id, {})[profile.id] = profile
    return found


def _is_news(before: EndpointState | None, state: EndpointState) -> bool:
    """Whether a condition changed in a way that a grade may follow; that it works at first is none."""
    if before is None or state.condition not in _WORKS:
        return False
    if before.condition is Condition.UNKNOWN and state.condition is Condition.UP:
        return False
    return (before.condition, before.reason) != (state.condition, state.reason)


def _with_last_minute(watched: _Watched, quality: Quality, asked: Asked, now_utc_s: float) -> Graded:
    """Return the grade by the figures of the window, or by those of its last minute (rule 2)."""
    if watched.profile is None:
        return quality.graded
    since_utc_s = now_utc_s - WindowLength.MINUTE - watched.probe.timeout_s - watched.probe.period_s / 2
    minute = within(asked, since_utc_s, now_utc_s)
    if not stands_out(minute, quality.figures):
        return quality.graded
    figures = link_figures(minute, since_utc_s, now_utc_s)
    return worse_of(quality.graded, quality_of(figures, watched.profile, watched.seen.voice).graded)


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
