"""Decides when the desk must sound, and for what. No Qt, no clock, no sound: alarms and times in, cues out.

Rules:
1. A new critical alarm sounds with the look that first sees it; so does an alarm that has become critical,
   and a critical one that is raised again: what it takes away is gone anew.
2. What is new while an alarm as urgent has begun to sound within the last second is covered by that
   sound: many alarms at once are one sound, of the worst. What is new and less urgent waits four seconds.
3. A high alarm sounds softer. Where others are acknowledged already, it is a further fault, and so is a
   medium one; a further fault is also what comes back, or grows worse, short of critical. Otherwise
   medium and low are shown only: there is time.
4. What nobody acknowledges is repeated, the worst of it for all: critical every 10 s in its first
   minute, then every 30 s; a further fault every 30 s, a high alarm every minute. A medium one is not.
5. A fault that is over is not repeated, though its alarm waits on screen.
6. A lost heartbeat sounds every 15 s until it is back.
7. Silencing ends what sounds and holds its repetitions back for five minutes. What is new sounds at
   once, and ends the silence.
8. A mute holds everything back but the lost heartbeat, for a time that was chosen, and then ends by
   itself; what is still unacknowledged by then sounds at once.
9. What is hidden never sounds: shelved, suppressed by design or out of service.
10. What is new and not critical sounds with the message that tells of it, which gathers a storm into a few;
    what no message told of within ``UNTOLD_S`` sounds all the same. What is critical waits for no message.
11. When the desk opens, what is acknowledged or over is not new; all else is one sound.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from controlroom.alarms.alarm import Alarm, AlarmState, Priority
from ui.desk.liveness import Liveness
from ui.desk.sound.waiting import Cue, Waiting, cue_of

GATHER_S = 1.0
"""What comes within this time of a sound as urgent is covered by it."""

GIVE_WAY_S = 4.0
"""How long a less urgent sound waits after a worse one, and a repetition after any."""

UNTOLD_S = 30.0
"""How long what is new waits for the message that tells of it."""

_SEEN_BY_SOMEBODY = frozenset({AlarmState.ACKNOWLEDGED, AlarmState.LATCHED_ACKNOWLEDGED, AlarmState.NORMAL})

HEARTBEAT_EVERY_S = 15.0
SILENCE_S = 300.0
MUTES_S = (300.0, 600.0, 1800.0)
"""The times that a mute may last."""


@dataclass(frozen=True, slots=True)
class Due:
    """A sound that is due now: the alarm that it is about, if any, and how many others wait beside it.

    ``repeated`` tells that it has sounded before: it says nothing new, so it ends no sound that plays.
    """

    cue: Cue
    alarm: Alarm | None = None
    others: int = 0
    repeated: bool = False


class Cues:
    """Keeps what was seen and what has sounded. All times are seconds of one monotonic clock."""

    def __init__(self) -> None:
        """Begin knowing nothing: the first look is the opening of the desk (rule 11)."""
        self._seen: dict[int, Alarm] | None = None
        self._waiting: dict[int, Waiting] = {}
        self._muted_until_s: float | None = None
        self._last: tuple[Cue, float] | None = None
        self._sounded_s: dict[Cue, float] = {}
        self._silent_until_s = 0.0
        self._heartbeat = _Heartbeat()
        self._untold_s: dict[int, float] = {}

    def look(
        self,
        alarms: Sequence[Alarm] | None,
        liveness: Liveness,
        now_s: float,
        was_told: Callable[[int], bool] = lambda _: True,
    ) -> Due | None:
        """Take what is known now and return the one sound that is due, if any; it counts as begun.

        ``alarms`` are all open ones, or ``None`` where the store has not been read yet. ``was_told`` says of
        an alarm's number whether a message told of it (rule 10).
        """
        if alarms is not None:
            shown = {alarm.number: alarm for alarm in alarms if not (alarm.ended or alarm.hidden)}
            self._take(self._due_to_be_seen(shown, was_told, now_s), now_s)
        self._heartbeat.take(liveness)
        if self._muted_until_s is not None and now_s >= self._muted_until_s:
            self.unmute()
        due = self._worst_due(now_s)
        if due is not None:
            self._begun(due.cue, now_s)
        return due

    def silence(self, now_s: float) -> None:
        """End what sounds, until something new comes (rule 7)."""
        self._last = None
        for waiting in self._waiting.values():
            waiting.sounded = True
        self._silent_until_s = now_s + SILENCE_S
        self._heartbeat.silent_until_s = now_s + SILENCE_S

    def silenced_s(self, now_s: float) -> float | None:
        """Seconds until what was silenced sounds again; ``None`` where nothing is held back by silencing."""
        held = [self._silent_until_s] if any(one.alarm.active for one in self._waiting.values()) else []
        if self._heartbeat.lost:
            held.append(self._heartbeat.silent_until_s)
        until_s = max(held, default=0.0)
        return until_s - now_s if until_s > now_s else None

    def mute(self, duration_s: float, now_s: float) -> None:
        """Hold all alarms back for a time, at most the longest that may be chosen (rule 8)."""
        self._muted_until_s = now_s + min(max(duration_s, 0.0), MUTES_S[-1])

    def unmute(self) -> None:
        """End the mute, and any silence; what waits sounds with the next look."""
        if self._muted_until_s is None:
            return
        self._muted_until_s, self._last, self._silent_until_s = None, None, 0.0
        for waiting in self._waiting.values():
            waiting.sounded = not waiting.alarm.active

    def muted_s(self, now_s: float) -> float | None:
        """Seconds until the mute ends by itself; ``None`` while nothing is muted."""
        if self._muted_until_s is None or now_s >= self._muted_until_s:
            return None
        return self._muted_until_s - now_s

    def _due_to_be_seen(
        self, alarms: dict[int, Alarm], was_told: Callable[[int], bool], now_s: float
    ) -> dict[int, Alarm]:
        """Leave out what is new and waits for its message (rule 10)."""
        if self._seen is None:
            return alarms
        untold = {
            number: self._untold_s.get(number, now_s)
            for number, alarm in alarms.items()
            if number not in self._seen and alarm.priority is not Priority.CRITICAL and not was_told(number)
        }
        self._untold_s = untold
        return {
            number: alarm
            for number, alarm in alarms.items()
            if number not in untold or now_s - untold[number] >= UNTOLD_S
        }

    def _take(self, alarms: dict[int, Alarm], now_s: float) -> None:
        acknowledged = {number for number, one in alarms.items() if one.state in _SEEN_BY_SOMEBODY}
        for number in [number for number in self._waiting if number not in alarms.keys() - acknowledged]:
            del self._waiting[number]
        for number in alarms.keys() - acknowledged:
            self._take_one(alarms[number], bool(acknowledged), now_s)
        self._seen = alarms

    def _take_one(self, alarm: Alarm, beside_acknowledged: bool, now_s: float) -> None:
        before = None if self._seen is None else self._seen.get(alarm.number)
        over_at_opening = self._seen is None and not alarm.active
        cue = None if over_at_opening else cue_of(alarm, before, beside_acknowledged)
        waiting = self._waiting.get(alarm.number)
        if cue is not None:
            self._waiting[alarm.number] = Waiting(alarm, cue, now_s)
        elif waiting is not None and not waiting.goes_on(alarm):
            del self._waiting[alarm.number]

    def _worst_due(self, now_s: float) -> Due | None:
        found = []
        if self.muted_s(now_s) is None:
            found = [self._fresh(now_s), self._repeated(now_s)]
        if self._heartbeat.due(now_s) and self._has_way(Cue.HEARTBEAT_LOST, now_s):
            found.append(Due(Cue.HEARTBEAT_LOST, repeated=self._heartbeat.sounded_s is not None))
        return min((due for due in found if due is not None), key=lambda due: due.cue, default=None)

    def _fresh(self, now_s: float) -> Due | None:
        """The worst of what has not sounded yet, unless it is covered or gives way (rule 2)."""
        last = self._last
        if last is not None and last[0] is not Cue.HEARTBEAT_LOST and now_s - last[1] < GATHER_S:
            self._cover(last[0])
        fresh = [waiting for waiting in self._waiting.values() if not waiting.sounded]
        worst = min(fresh, key=Waiting.urgency, default=None)
        if worst is None or not self._has_way(worst.cue, now_s):
            return None
        self._silent_until_s = 0.0
        return self._due(worst)

    def _repeated(self, now_s: float) -> Due | None:
        """The worst of what has sounded, if it is time again (rule 4)."""
        repeated = [waiting for waiting in self._waiting.values() if waiting.repeat_every_s(now_s)]
        worst = min(repeated, key=Waiting.urgency, default=None)
        every_s = None if worst is None else worst.repeat_every_s(now_s)
        if worst is None or every_s is None or now_s < self._silent_until_s:
            return None
        if self._last is not None and now_s - self._last[1] < GIVE_WAY_S:
            return None
        rested = all(now_s - at_s >= every_s for cue, at_s in self._sounded_s.items() if cue <= worst.cue)
        return replace(self._due(worst), repeated=True) if rested else None

    def _has_way(self, cue: Cue, now_s: float) -> bool:
        """Whether no worse sound has begun too short a while ago."""
        return self._last is None or cue <= self._last[0] or now_s - self._last[1] >= GIVE_WAY_S

    def _due(self, worst: Waiting) -> Due:
        others = sum(waiting.alarm.active for waiting in self._waiting.values() if waiting is not worst)
        return Due(worst.cue, worst.alarm, others)

    def _begun(self, cue: Cue, now_s: float) -> None:
        self._last = (cue, now_s)
        if cue is Cue.HEARTBEAT_LOST:
            self._heartbeat.sounded_s = now_s
        else:
            self._sounded_s[cue] = now_s
            self._cover(cue)

    def _cover(self, cue: Cue) -> None:
        for waiting in self._waiting.values():
            waiting.sounded = waiting.sounded or waiting.cue >= cue


@dataclass(slots=True)
class _Heartbeat:
    """Whether the engine's heartbeat is lost, and when that has sounded (rules 6, 7)."""

    lost: bool = False
    sounded_s: float | None = None
    silent_until_s: float = 0.0

    def take(self, liveness: Liveness) -> None:
        """Take how it is; one that is back begins anew."""
        if liveness is not Liveness.STOPPED:
            self.lost, self.sounded_s, self.silent_until_s = False, None, 0.0
        elif not self.lost:
            self.lost, self.silent_until_s = True, 0.0

    def due(self, now_s: float) -> bool:
        """Whether its loss is to sound now."""
        if not self.lost or now_s < self.silent_until_s:
            return False
        return self.sounded_s is None or now_s - self.sounded_s >= HEARTBEAT_EVERY_S
