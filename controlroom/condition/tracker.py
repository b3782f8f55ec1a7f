"""Follows one endpoint: its probes' statuses, their windows and limits. It knows no other endpoint.

After a restart an endpoint is held as it was last committed until each of its probes has been
measured again, unless what was measured shows worse; a probe with limits is measured when each of their
figures has come once, or so many answers came without one that it is lacking (rule 1); one that was down
stays silent until it answers as often as any silent endpoint must (rule 2); a limit that was raised is
cleared only by figures, not by the restart (rule 3). A figure with a limit that no answer holds any more
makes its endpoint unknown (rule 4). When the site changes, a probe that still asks the same keeps all it has
learnt; one that asks anew begins as after a restart (rule 5). When the clock is set, what was stamped since
this tracker was made is told in the time of the clock as it is now; what came from an earlier engine keeps
its stamp, for nobody knows by which clock it was made (rule 6). A state that was found to be a warning or a
fault counts as that until readings say how bad it is now (rule 7). A raised limit whose figure is told no
longer is neither judged nor released: it makes its endpoint unknown until enough readings hold the figure
again to judge it, through a restart as well, or until the site changes the limit (rule 8).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from controlroom.condition import answering
from controlroom.condition.answering import NOT_MEASURED_YET, Answering, ProbeStatus, unmeasured
from controlroom.condition.endpoint import Combined, ProbeView, combine, undecided
from controlroom.condition.limit_reason import LimitReason, figure_text
from controlroom.condition.silence import Silences
from controlroom.condition.state import Condition, EndpointState
from controlroom.measure import limits
from controlroom.measure.limits import DEFAULT_LOSS_LIMIT, LOSS_RATIO
from controlroom.measure.window import Window
from controlroom.reading import Reading, Reason, lacking_code, lacking_of
from controlroom.site.model import Endpoint, Limit, Probe

_WARNING, _FIGURE, _FAULT = 0, 1, 2
_WORSE_THAN_A_WARNING = 1.5
"""Between the severity of a warning, 1, and that of a fault, 2."""

_GRAVITY = {
    Condition.UP: 0,
    Condition.MAINTENANCE: 0,
    Condition.UNKNOWN: 1,
    Condition.UNREACHABLE: 1,
    Condition.DEGRADED: 2,
    Condition.DOWN: 3,
}


class ProbeTracker:
    """One probe of the endpoint: its status, its window and which limits it has raised."""

    def __init__(self, probe: Probe, reaches: bool, status: ProbeStatus) -> None:
        """Start from a status; nothing is in the window."""
        self.probe = probe
        self.reaches = reaches
        self.status = status
        self.silences = Silences(probe)
        self._limits = _limits_of(probe, reaches)
        self.window = Window(_longest(self._limits))
        self._raised: dict[int, float] = {}
        self._told: dict[int, LimitReason] = {}
        self._gone: dict[int, float] = {}
        """The raised limits whose figure is told no longer, and since when that is known (rule 8)."""
        self._turning_since_s: dict[int, float | None] = {}
        self._cleared_utc_s = 0.0
        self._lacking: tuple[str, ...] = ()
        # One that was silent is back once it answers: it is not held for a figure (rule 2).
        self._awaited = set() if status.answering is Answering.SILENT else self._needed()

    def take(self, reading: Reading, took_s: float | None = None) -> bool:
        """Fold in a reading: the status first, then the limits while it answers.

        ``took_s`` is how long after its sending the reading was here; where nobody looked at a clock it is
        the round-trip time. Return whether others may judge otherwise by it: not where all was well, and is.
        """
        before = self.status
        self.status = after = answering.step(
            before, reading, needs=self.silences.needs, return_attempts=self.probe.return_attempts
        )
        self.silences.follow(
            before, after, reading, reading.values.get("rtt_s", 0.0) if took_s is None else took_s
        )
        if before.answering is Answering.SILENT and after.answering is Answering.ANSWERS:
            self.window.clear()
        self.window.add(reading)
        was_well = self._is_well(before)
        if after.answering is Answering.ANSWERS and reading.beat:
            self._judge_limits(reading)
        return not (was_well and self._is_well(after))

    def _is_well(self, status: ProbeStatus) -> bool:
        """Whether it answers, nothing is suspected and no limit raised."""
        troubled = self._raised or self._lacking or self._awaited
        return status.undoubted and not (status.not_run or troubled)

    def adopt(self, probe: Probe) -> None:
        """Go on as a probe that asks the same with other settings: what is known stays (rule 5)."""
        raised = {self._limits[index].metric: (since, index) for index, since in self._raised.items()}
        told, gone, before = self._told, self._gone, self._limits
        self._turning_since_s = {}
        self.probe = probe
        self.silences.adopt(probe)
        self._limits = _limits_of(probe, self.reaches)
        self.window = self.window.resized(_longest(self._limits))
        self._awaited &= self._needed()
        known = [
            (index, *raised[limit.metric])
            for index, limit in enumerate(self._limits)
            if limit.metric in raised and not self._is_set_anew(limit, before, gone, raised[limit.metric][1])
        ]
        self._raised = {index: since_s for index, since_s, _ in known}
        self._told = {index: told[old] for index, _, old in known if old in told}
        self._gone = {index: gone[old] for index, _, old in known if old in gone}

    @staticmethod
    def _is_set_anew(limit: Limit, before: tuple[Limit, ...], gone: Mapping[int, float], old: int) -> bool:
        """Whether the site changed a limit of which nobody could say how it stands (rule 8)."""
        return old in gone and limit != before[old]

    @property
    def limited(self) -> frozenset[str]:
        """The metrics that limits are on."""
        return frozenset(limit.metric for limit in self._limits)

    def forget_raised(self, metrics: frozenset[str], from_utc_s: float) -> bool:
        """Drop the limits on such metrics that were raised since a time; return whether there were any."""
        dropped = [
            index
            for index, since_s in self._raised.items()
            if self._limits[index].metric in metrics and since_s >= from_utc_s
        ]
        for index in dropped:
            del self._raised[index]
            self._gone.pop(index, None)
            self._turning_since_s[index] = None
        return bool(dropped)

    def restore_raised(self, told: LimitReason, since_utc_s: float) -> None:
        """Hold a limit raised that was raised before a restart (rule 3)."""
        for index, limit in enumerate(self._limits):
            if limits.told_by(limit) == told.metric:
                self._raised[index], self._told[index] = since_utc_s, told

    def restore_gone(self, metric: str, since_utc_s: float) -> None:
        """Hold a limit raised whose figure was told no longer before a restart (rule 8).

        Not one that must be told: that it was lacking does not say that its limit had been raised.
        """
        for index, limit in enumerate(self._limits):
            if limits.told_by(limit) == metric and not limits.needs_figure(limit):
                self._raised[index] = self._gone[index] = since_utc_s

    def clock_stepped(self, step_s: float, given_utc_s: float | None) -> None:
        """Tell all times by a clock that was set by so much (rule 6)."""
        self.status = answering.in_new_time(self.status, step_s, given_utc_s)
        self._cleared_utc_s += step_s if self._cleared_utc_s else 0.0
        for times in (self._raised, self._gone):
            for index, since_s in times.items():
                times[index] = since_s if since_s == given_utc_s else since_s + step_s

    def view(self) -> ProbeView:
        """Show the probe to the judging of the endpoint."""
        status = self.status
        if (
            status.answering is Answering.UNKNOWN
            and status.reason == Reason.NO_SUCH_OBJECT
            and self._needed()
        ):
            status = replace(status, reason=lacking_code(sorted(self._needed())))
        raised = {index: since_s for index, since_s in self._raised.items() if index not in self._gone}
        gravest_first = sorted(raised, key=lambda index: (-self._gravity(index), raised[index]))
        return ProbeView(
            status=status,
            reaches=self.reaches,
            raised_reasons=tuple(self._reason(index).code for index in gravest_first),
            raised_since_utc_s=min(raised.values(), default=0.0),
            raised_gravity=self._gravity(gravest_first[0]) if gravest_first else 0,
            cleared_utc_s=self._cleared_utc_s,
            lacks=self._lacks(),
            lacks_since_utc_s=0.0 if self._lacking else min(self._gone.values(), default=0.0),
        )

    def _lacks(self) -> str:
        """Return the code of the limited figures that answers lack (rules 1, 4 and 8)."""
        if self.status.answering is not Answering.ANSWERS:
            return ""
        if self._lacking or self._gone:
            gone = (limits.told_by(self._limits[index]) for index in sorted(self._gone))
            return lacking_code([*self._lacking, *gone])
        return NOT_MEASURED_YET if self._awaited and not self._raised else ""

    def _needed(self) -> set[str]:
        """Return the figures without which it cannot be judged."""
        return {limit.metric for limit in self._limits if limits.needs_figure(limit)}

    def _reason(self, index: int) -> LimitReason:
        return self._told.get(index) or LimitReason(self._limits[index].metric)

    def _gravity(self, index: int) -> int:
        """Return how grave a raised limit is: a state's fault before a figure, a figure before a warning."""
        limit = self._limits[index]
        if limits.told_by(limit) == limit.metric:
            return _FIGURE
        return _WARNING if self._reason(index).warning else _FAULT

    def _judge_limits(self, reading: Reading) -> None:
        if self._awaited:
            self._awaited -= reading.values.keys()
        self._lacking = tuple(
            limit.metric for limit in self._limits if limits.lacks_figure(limit, self.window)
        )
        for index, limit in enumerate(self._limits):
            if not self._is_gone(index, limit, reading):
                self._judge(index, limit, reading)

    def _is_gone(self, index: int, limit: Limit, reading: Reading) -> bool:
        """Whether nobody can say how a raised limit stands, as its figure is told no longer (rule 8)."""
        if index not in self._raised:
            return False
        if limits.has_gone(limit, self.window):
            self._gone.setdefault(index, reading.sent_utc_s)
        elif index in self._gone and limits.claims(limit, self.window):
            del self._gone[index]
            self._raised[index] = reading.sent_utc_s
            self._told.pop(index, None)
        return index in self._gone

    def _judge(self, index: int, limit: Limit, reading: Reading) -> None:
        before = limits.Standing(index in self._raised, self._turning_since_s.get(index))
        standing = limits.step(limit, before, self.window, reading.sent_monotonic_s)
        self._turning_since_s[index] = standing.turning_since_s
        if not standing.raised:
            if self._raised.pop(index, None) is not None:
                self._cleared_utc_s = reading.sent_utc_s
            return
        figure, is_state = limits.figure_told(limit, self.window), limits.told_by(limit) != limit.metric
        if index not in self._raised or index not in self._told or (is_state and figure is not None):
            self._told[index] = self._tell(limit, figure, is_state)  # a state is told as it is now
        self._raised.setdefault(index, reading.sent_utc_s)

    def _tell(self, limit: Limit, figure: float | None, is_state: bool) -> LimitReason:
        if not is_state:
            return LimitReason(limit.metric, figure_text(figure))
        how_bad = limits.severity_told(limit, self.window)
        warning = how_bad is not None and how_bad < _WORSE_THAN_A_WARNING
        return LimitReason(limits.told_by(limit), figure_text(figure, 10), warning)


class EndpointTracker:
    """One endpoint with its probes and its last certain state."""

    def __init__(
        self,
        endpoint: Endpoint,
        reaches: Mapping[str, bool],
        now_utc_s: float,
        restored: EndpointState | None = None,
    ) -> None:
        """Start as last committed, or as not measured yet. ``reaches`` is told per probe type."""
        self.endpoint = endpoint
        self.state = restored or EndpointState(endpoint.id, Condition.UNKNOWN, now_utc_s, NOT_MEASURED_YET)
        self._held = restored is not None
        self._given_utc_s = None if restored is None else restored.since_utc_s
        self.probes = {
            probe.name: ProbeTracker(probe, reaches[probe.type], self._first_status(reaches[probe.type]))
            for probe in endpoint.probes
        }
        told = LimitReason.read(self.state.reason)
        if told is not None:
            for tracker in self.probes.values():
                tracker.restore_raised(told, self.state.since_utc_s)
        for metric in lacking_of(self.state.reason):
            for tracker in self.probes.values():
                tracker.restore_gone(metric, self.state.since_utc_s)

    def adopt(self, endpoint: Endpoint, reaches: Mapping[str, bool]) -> list[ProbeTracker]:
        """Go on as the endpoint that the site has now; return the probes that ask anew (rule 5)."""
        before, known = self.endpoint, self.probes
        self.endpoint, self.probes = endpoint, {}
        anew = []
        for probe in endpoint.probes:
            tracker = known.get(probe.name)
            if tracker is not None and asks_the_same(before, tracker.probe, endpoint, probe):
                tracker.adopt(probe)
            else:
                tracker = ProbeTracker(probe, reaches[probe.type], self._first_status(reaches[probe.type]))
                anew.append(tracker)
            self.probes[probe.name] = tracker
        # Without evidence of its own nobody knows of a change for the better.
        self._held = self._held or bool(anew)
        return anew

    def take(self, reading: Reading, took_s: float | None = None) -> bool:
        """Fold in a reading of one of the endpoint's probes, as ``ProbeTracker.take`` does."""
        return self.probes[reading.probe.probe_name].take(reading, took_s)

    def combined(self) -> Combined:
        """Judge the endpoint from its probes, or hold it as restored (rule 1)."""
        views = self._views()
        if not self._held:
            return combine(views)
        measured = [view for view in views if view.is_measured]
        found = combine(measured)
        worse = bool(measured) and _GRAVITY[found.condition] > _GRAVITY[self.state.condition]
        if len(measured) < len(views) and not worse:
            return Combined(self.state.condition, self.state.since_utc_s, self.state.reason)
        self._held = False
        return combine(views)

    def undecided(self) -> bool:
        """Whether answers that are on their way may yet change the verdict."""
        return not self._held and undecided(self._views(), self.state.condition)

    def _views(self) -> list[ProbeView]:
        return [tracker.view() for tracker in self.probes.values()]

    @property
    def reaches(self) -> bool:
        """Whether any of its probes shows that it can be reached."""
        return any(tracker.reaches for tracker in self.probes.values())

    def forget_raised(self, metrics: frozenset[str], from_utc_s: float) -> bool:
        """Drop what probes that reach nobody say by such metrics since a time; return whether any was."""
        ours = [tracker for tracker in self.probes.values() if not tracker.reaches]
        dropped = [tracker.forget_raised(metrics, from_utc_s) for tracker in ours]
        return any(dropped)

    def suspected(self) -> Condition | None:
        """Return the condition in the air that is not yet certain."""
        suspects = {tracker.status.suspect for tracker in self.probes.values() if tracker.reaches}
        if Answering.SILENT in suspects and self.state.condition is not Condition.DOWN:
            return Condition.DOWN
        if Answering.ANSWERS in suspects and self.state.condition is Condition.DOWN:
            return Condition.UP
        return None

    def suspicion_arose_s(self) -> float:
        """Return when the newest silence was first asked about on suspicion (monotonic seconds)."""
        silent = [
            tracker.status.second_sent_s
            for tracker in self.probes.values()
            if tracker.reaches and tracker.status.answering is not Answering.ANSWERS
        ]
        return max(silent, default=0.0)

    def clock_stepped(self, step_s: float) -> bool:
        """Tell all times by a clock that was set by so much; return whether the state's is among them."""
        for tracker in self.probes.values():
            tracker.clock_stepped(step_s, self._given_utc_s)
        if self.state.since_utc_s == self._given_utc_s:
            return False
        self.state = replace(self.state, since_utc_s=self.state.since_utc_s + step_s)
        return True

    def forget(self, reason: str, now_s: float, now_utc_s: float) -> None:
        """Drop what is known of silence: it was learnt while we ourselves could not be trusted.

        Losses of questions sent before ``now_s`` (monotonic) will not count for silence either.
        """
        self._held = False
        for tracker in self.probes.values():
            if tracker.reaches:
                fresh = unmeasured(now_utc_s, reason)
                tracker.status = replace(fresh, newest_answer_sent_s=now_s)
                tracker.window.clear()

    def _first_status(self, reaches: bool) -> ProbeStatus:
        since_utc_s = self.state.since_utc_s
        if reaches and self.state.condition is Condition.DOWN:
            return ProbeStatus(Answering.SILENT, since_utc_s, self.state.reason)
        return unmeasured(since_utc_s)


def asks_the_same(before: Endpoint, old: Probe, now: Endpoint, new: Probe) -> bool:
    """Whether what was learnt by one probe holds for another: the same question to the same address."""
    return (before.address, old.type, old.parameters) == (now.address, new.type, new.parameters)


def _longest(limits: tuple[Limit, ...]) -> int:
    return max((limit.window_readings for limit in limits), default=60)


def _limits_of(probe: Probe, reaches: bool) -> tuple[Limit, ...]:
    own = probe.limits
    if reaches and not any(limit.metric == LOSS_RATIO for limit in own):
        return (*own, DEFAULT_LOSS_LIMIT)
    return own
