"""What waits for its second, what goes at once, and what is told again in its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from controlroom.alarms.alarm import ENGINE, Cause, Priority
from controlroom.alarms.transitions import Fault, raised
from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.committer import Committer
from controlroom.engine.effects import Effects
from controlroom.engine.outbox import Outbox
from controlroom.engine.scribe import Scribe
from controlroom.logbook.chain import ORIGIN, Chain, first_break
from controlroom.logbook.entry import Draft, LogKind
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.store.interface import (
    NOTHING_LEFT,
    Batch,
    EngineMemory,
    LeftOver,
    Retention,
    TakenAct,
)

LOST = Reading(ProbeKey("mast", "icmp"), 1.0, 1.0, Outcome.NO_REPLY, Reason.DEADLINE)
ANSWER = replace(LOST, outcome=Outcome.REPLIED, reason=Reason.NONE)
DOWN = EndpointState("mast", Condition.DOWN, 1.0, "deadline")


class Pile:
    """A store that only piles up what it is given."""

    def __init__(self) -> None:
        """Nothing was given yet."""
        self.batches: list[Batch] = []

    def remember(self) -> EngineMemory:
        """Know of no earlier engine."""
        return EngineMemory((), (), 1, 0, ORIGIN, None, ended_orderly=True)

    def commit(self, batch: Batch) -> None:
        """Take a batch."""
        self.batches.append(batch)

    def waiting_acts(self) -> list[TakenAct]:
        """Nobody acts."""
        return []

    def tend(self, retention: Retention) -> bool:
        """Need no tending."""
        return False

    def close(self, left_over: LeftOver | None = NOTHING_LEFT) -> None:
        """Give nothing back."""


def written(tell: Callable[[Scribe], None]) -> list[Batch]:
    """Let a scribe be told, and return what was handed over; the last batch is the end."""
    store = Pile()
    committer = Committer(
        store,
        on_acts=lambda _: None,
        on_trouble=lambda _: None,
        on_found=lambda _: None,
        retention=Retention,
    )
    scribe = Scribe(committer, Chain())
    committer.start()
    tell(scribe)
    assert scribe.end(Draft(9.0, LogKind.ENGINE_STOPPED, ENGINE), {"readings": 1.0})
    assert scribe.left_over == NOTHING_LEFT
    scribe.submit(Effects(entries=[Draft(10.0, LogKind.NOTE, ENGINE)]))
    assert first_break(entry for batch in store.batches for entry in batch.entries) is None
    assert store.batches[-1].entries[-1].kind is LogKind.ENGINE_STOPPED
    return store.batches


def test_what_happened_goes_at_once_and_takes_the_states_along() -> None:
    """Readings wait for the end of their second."""

    def tell(scribe: Scribe) -> None:
        scribe.keep(ANSWER)
        scribe.note(Effects(states={"mast": DOWN}))
        scribe.submit(Effects(entries=[Draft(1.0, LogKind.CONDITION_CHANGED, "mast")]))
        assert scribe.readings == 1
        scribe.close_second(2.0, {}, None)
        assert scribe.readings == 0

    first, second, last = written(tell)
    assert (first.second, list(first.states), len(first.entries)) == (None, [DOWN], 1)
    assert second.second is not None
    assert (list(second.second.readings), list(second.states)) == ([ANSWER], [])
    assert last.second is not None
    assert last.second.health == {"readings": 1.0}


def test_a_loss_of_the_open_second_is_told_again_in_its_place() -> None:
    """It is the very reading that counts, not one like it."""
    other = replace(LOST)

    def tell(scribe: Scribe) -> None:
        for reading in (LOST, ANSWER, other):
            scribe.keep(reading)
        scribe.note(Effects(disbelieved=[other]))

    (last,) = written(tell)
    assert last.second is not None
    assert list(last.second.readings) == [LOST, ANSWER, replace(LOST, reason=Reason.BLIND)]


def test_a_loss_of_a_closed_second_is_told_again_behind() -> None:
    """What went to the store is not changed there."""

    def tell(scribe: Scribe) -> None:
        scribe.keep(LOST)
        scribe.close_second(2.0, {}, None)
        scribe.keep(ANSWER)
        scribe.note(Effects(disbelieved=[LOST]))

    closed, last = written(tell)
    assert closed.second is not None
    assert last.second is not None
    assert list(closed.second.readings) == [LOST]
    assert list(last.second.readings) == [ANSWER, replace(LOST, reason=Reason.BLIND)]


def test_what_an_answer_did_not_tell_is_written_when_it_changes() -> None:
    """Once with its second, and once more when all is told again; silence and re-probes say nothing of it."""
    strange = replace(ANSWER, detail='rsrp_dbm: unknown (cannot be decoded: "N/A?"); 1.3.6.1 = 7')
    again = replace(strange, detail=strange.detail.replace("= 7", "= 8"))

    def tell(scribe: Scribe) -> None:
        for reading in (ANSWER, strange, again, LOST, replace(ANSWER, beat=False), ANSWER, ANSWER):
            scribe.keep(reading)
            scribe.close_second(2.0, {}, None)
        scribe.keep(strange)

    remarks = [[dict(each.unknown) for each in batch.remarks] for batch in written(tell)]
    unknown = {"rsrp_dbm": 'cannot be decoded: "N/A?"'}
    assert remarks == [[], [unknown], [], [], [], [{}], [], [unknown]]


def test_a_transition_and_its_message_are_one_batch() -> None:
    """Whatever else was told before it, the message is that of the transition's own entry."""
    moved = raised(1, Fault("mast", Cause.DOWN, "deadline", Priority.HIGH, 1.0), 2.0)
    outbox = Outbox(lambda: 0.0)
    store = Pile()
    committer = Committer(
        store,
        on_acts=lambda _: None,
        on_trouble=lambda _: None,
        on_found=lambda _: None,
        retention=Retention,
    )
    scribe = Scribe(committer, Chain(), (), outbox.told)
    effects = Effects(entries=[Draft(1.0, LogKind.CONDITION_CHANGED, "mast")])
    effects.moved(moved)
    effects.entries.insert(0, Draft(1.0, LogKind.NOTE, ENGINE))
    committer.start()
    scribe.submit(effects)
    assert scribe.end(Draft(9.0, LogKind.ENGINE_STOPPED, ENGINE), {})
    first = store.batches[0]
    (message,) = first.messages
    assert [entry.kind for entry in first.entries][2] is LogKind.ALARM_RAISED
    assert (message.first_entry, message.alarm) == (3, 1)
    assert first.entries[2].hash.startswith(message.key.rpartition(":")[2])
