"""What is to be written: the second that is open, what happened meanwhile, the chain of the log's entries.

It writes nothing itself: what it gathers goes to the committer in batches.

Rules:
1. Readings, states, assessments and what was learnt wait for the end of their second; what happened (entries,
   alarms, blind time) goes at once, and takes the states along.
2. Losses that are told again as blind take their own place in the open second, and stand behind where their
   second was closed before.
3. What an answer did not tell goes along with its second where it is not what the answer before did not
   tell; what is silent or was not asked says nothing of that.
4. Each transition of an alarm goes with its messages (``outbox.py``).
5. After the last entry of the log nothing is handed over any more.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from controlroom.alarms.moved import Moved
from controlroom.condition.assessment import Assessment
from controlroom.condition.state import EndpointState
from controlroom.engine.committer import Committer
from controlroom.engine.effects import Effects
from controlroom.engine.outbox import Posted
from controlroom.logbook.chain import Chain
from controlroom.logbook.entry import Draft, Entry
from controlroom.measure.learnt import Learnt
from controlroom.measure.remark import Remark, unknown_of
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.store.interface import NOTHING_LEFT, Batch, BlindTime, LeftOver, Second, TakenAct

LAST_COMMIT_S: Final = 1.4
"""How long the end waits for the last commit."""

log = logging.getLogger("controlroom.engine")


class Scribe:
    """Gathers what was measured and what happened, and hands it over in the order in which it came."""

    def __init__(
        self,
        committer: Committer,
        chain: Chain,
        remarks: Sequence[Remark] = (),
        tell: Callable[[Sequence[tuple[Moved, Entry]]], Posted] = lambda _: Posted(),
    ) -> None:
        """Go on with the chain of an earlier engine's log and with its remarks; nothing is gathered yet.

        ``tell`` makes the messages of transitions.
        """
        self._committer, self._tell = committer, tell
        self._unknown = {remark.probe: remark.unknown for remark in remarks}
        self._remarks: dict[ProbeKey, Remark] = {}
        self._chain = chain
        self._readings: list[Reading] = []
        self._states: dict[str, EndpointState] = {}
        self._assessments: list[Assessment] = []
        self._learnt: list[Learnt] = []
        self._ended = False
        self.left_over: LeftOver | None = None
        """What could not be committed, known after ``end``; ``None`` where nobody can tell."""

    @property
    def readings(self) -> int:
        """How many readings the open second has."""
        return len(self._readings)

    def keep(self, reading: Reading) -> None:
        """Keep a reading in the open second."""
        self._readings.append(reading)
        self._remark(reading)

    def note(self, effects: Effects) -> None:
        """Note states, and losses that are to be told again; both wait for the second (rules 1 and 2)."""
        self._tell_again(effects.disbelieved)
        self._states.update(effects.states)
        self._assessments += effects.assessments
        self._learnt += effects.learnt

    def submit(
        self,
        effects: Effects,
        taken: Sequence[TakenAct] = (),
        site_json: str | None = None,
        posted: Posted | None = None,
    ) -> None:
        """Hand over what happened, with the acts that it answers and the site that runs from now on (rule 1).

        States are those that were noted, not those of the effects. ``posted`` is of the outbox, besides what
        the effects' own transitions make.
        """
        if self._ended:
            return
        entries = self._chained(effects.entries)
        told = self._told(effects, entries)
        also = posted or Posted()
        batch = Batch(
            states=tuple(self._states.values()),
            alarms=tuple(effects.alarms.values()),
            entries=entries,
            acts=tuple(taken),
            blind=tuple(effects.blind),
            site_json=site_json,
            routes=tuple(effects.routes),
            maintenance=tuple(effects.maintenance.values()),
            messages=(*also.messages.values(), *told.messages.values()),
            deliveries=(*also.deliveries, *told.deliveries),
        )
        self._states.clear()
        self._committer.submit(batch)

    def close_second(self, now_utc_s: float, figures: Mapping[str, float], blind: BlindTime | None) -> None:
        """Hand over the open second with the engine's own figures and the blind time that grows, if any."""
        batch = Batch(
            second=Second(now_utc_s, tuple(self._readings), figures),
            states=tuple(self._states.values()),
            blind=() if blind is None else (blind,),
            assessments=tuple(self._assessments),
            learnt=tuple(self._learnt),
            remarks=tuple(self._remarks.values()),
        )
        self._readings, self._states, self._remarks = [], {}, {}
        self._assessments, self._learnt = [], []
        self._committer.submit(batch)

    def end(self, entry: Draft, figures: Mapping[str, float]) -> bool:
        """Hand over the last second and the last entry, and wait for them; return whether all is committed.

        It blocks: nothing else is left to do in this process.
        """
        second = Second(entry.at_utc_s, tuple(self._readings), figures)
        last = Batch(
            second=second,
            states=tuple(self._states.values()),
            entries=self._chained([entry]),
            assessments=tuple(self._assessments),
            learnt=tuple(self._learnt),
            remarks=tuple(self._remarks.values()),
        )
        self._committer.submit(last)
        self._ended = True
        committed = self._committer.stop(LAST_COMMIT_S)
        if not committed:
            lost = (
                "Monitoring ended, but %d seconds of readings and %d log entries could not be committed (%s)."
            )
            left = self._committer.left_over()
            log.error(lost, left.seconds, left.entries, left.why or "in time")
            self.left_over = None if left.is_nothing else left  # what else was in a batch is not counted
        else:
            self.left_over = NOTHING_LEFT
        return committed

    def _remark(self, reading: Reading) -> None:
        """Note what an answer did not tell, where that is new (rule 3)."""
        if reading.outcome is not Outcome.REPLIED or not reading.beat:
            return
        unknown = unknown_of(reading.detail)
        if unknown != self._unknown.get(reading.probe, {}):
            self._unknown[reading.probe] = unknown
            self._remarks[reading.probe] = Remark(reading.probe, unknown)

    def _chained(self, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
        return tuple(self._chain.append(draft) for draft in drafts)

    def _told(self, effects: Effects, entries: Sequence[Entry]) -> Posted:
        """Make the messages of the effects' transitions (rule 4)."""
        if not effects.transitions:
            return Posted()
        by_draft = {id(draft): entry for draft, entry in zip(effects.entries, entries, strict=True)}
        return self._tell([(moved, by_draft[id(moved.entry)]) for moved in effects.transitions])

    def _tell_again(self, disbelieved: Sequence[Reading]) -> None:
        """Tell losses again as blind (rule 2)."""
        places = {id(reading): place for place, reading in enumerate(self._readings)} if disbelieved else {}
        for reading in disbelieved:
            blind, place = replace(reading, reason=Reason.BLIND), places.get(id(reading))
            if place is None:
                self._readings.append(blind)
            else:
                self._readings[place] = blind
