"""What of an alarm goes out, and what a digest says of what it gathered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controlroom.alarms import handling, hiding, transitions
from controlroom.alarms.alarm import Cause, Priority
from controlroom.alarms.hiding import Shelf
from controlroom.alarms.message import (
    DESK,
    MOST_NAMED,
    Message,
    MessageKind,
    digest_of,
    gathered,
    kind_of,
    message_of,
)
from controlroom.alarms.moved import Moved
from controlroom.alarms.transitions import Fault
from controlroom.logbook.chain import Chain

FAULT = Fault("mast", Cause.DOWN, "deadline", Priority.HIGH, 99.0)
RAISED = transitions.raised(1, FAULT, 100.0)


def told(moved: Moved | None) -> MessageKind | None:
    """Return what a transition is to a recipient; there must be one."""
    assert moved is not None
    return kind_of(moved)


def message(
    number: int, priority: Priority = Priority.HIGH, kind: MessageKind = MessageKind.RAISED
) -> Message:
    """The message of an alarm that was just raised, or of what is told of it."""
    moved = transitions.raised(number, replace(FAULT, subject=f"e{number}", priority=priority), 100.0)
    return message_of(kind, moved.alarm, Chain(number).append(moved.entry), DESK, number)


def test_what_calls_and_what_ends_goes_out() -> None:
    """Raising, a worse fault, one that comes back, easing and the end."""
    alarm = RAISED.alarm
    worse = transitions.renewed(alarm, replace(FAULT, priority=Priority.CRITICAL), 101.0)
    milder = transitions.renewed(alarm, replace(FAULT, cause=Cause.DEGRADED, priority=Priority.LOW), 101.0)
    over = transitions.returned(alarm, 101.0)
    assert over is not None
    assert told(RAISED) is MessageKind.RAISED
    assert told(worse) is MessageKind.RAISED_AGAIN
    assert told(milder) is MessageKind.EASED
    assert told(over) is MessageKind.RETURNED
    assert told(transitions.renewed(over.alarm, FAULT, 102.0)) is MessageKind.RAISED_AGAIN
    assert told(transitions.withdrawn(alarm, "site_changed", 102.0)) is MessageKind.RETURNED


def test_what_operators_do_and_a_mere_reason_are_no_news() -> None:
    """Acknowledging, giving it into other hands, ticking a step, another reason: nobody is called."""
    alarm = RAISED.alarm
    assert told(handling.acknowledged(alarm, "ann", "", 101.0)) is None
    assert told(handling.assigned(alarm, "bo", "ann", "", 101.0)) is None
    assert told(handling.ticked(alarm, 1, "call", "ann", 101.0, done=True)) is None
    assert told(transitions.renewed(alarm, replace(FAULT, reason="prohibited"), 101.0)) is None


def test_nothing_of_a_hidden_alarm_goes_out_until_it_calls_again() -> None:
    """Shelved, worse or over on the shelf: silence; off the shelf with its fault: it calls anew."""
    away = hiding.shelved(RAISED.alarm, Shelf(60.0, "ann", "works"), 101.0)
    assert away is not None
    assert told(away) is None
    assert told(transitions.returned(away.alarm, 102.0)) is None
    assert told(hiding.unshelved(away.alarm, "", hiding.TIME_OVER, 161.0)) is MessageKind.RAISED_AGAIN
    hidden = hiding.suppressed(None, RAISED.alarm, "behind:router", 7, 101.0)
    assert told(hidden) is None
    assert told(hiding.released(hidden.alarm, 103.0)) is MessageKind.RAISED_AGAIN


def test_what_was_over_while_hidden_calls_nobody_when_it_is_shown() -> None:
    """Out of service by an operator, fault over, back in service: nothing to tell."""
    out = hiding.taken_out(RAISED.alarm, RAISED.alarm, "operator", "ann", "works", 101.0)
    over = transitions.returned(out.alarm, 102.0)
    assert over is not None
    assert told(hiding.put_back(over.alarm, "ann", "done", 103.0)) is None


def test_what_calls_anew_by_time_or_by_a_further_fault_goes_out() -> None:
    """An acknowledgement that is over, and a further fault in an acknowledged incident."""
    seen = handling.acknowledged(RAISED.alarm, "ann", "", 101.0, 60.0)
    assert seen is not None
    assert told(handling.called_anew(seen.alarm, handling.EXPIRED, 161.0)) is MessageKind.RAISED_AGAIN
    assert told(handling.joined(seen.alarm, "mast-2", 162.0)) is MessageKind.JOINED


def test_a_key_is_that_of_the_entry_and_the_channel() -> None:
    """The same entry gives the same key; another channel or another store's entry another."""
    entry, other = Chain(4).append(RAISED.entry), Chain(4, "1" * 64).append(RAISED.entry)
    made = [
        message_of(MessageKind.RAISED, RAISED.alarm, each, channel, number).key
        for number, (each, channel) in enumerate(
            [(entry, DESK), (entry, DESK), (entry, "mail"), (other, DESK)]
        )
    ]
    assert made[0] == made[1]
    assert len(set(made)) == 3
    assert digest_of(message(1)).key != message(1).key


def test_a_digest_counts_all_and_names_the_worst() -> None:
    """The most urgent that calls is named, whatever came first; what eases never is beside it."""
    digest = digest_of(message(1, Priority.LOW, MessageKind.RETURNED))
    assert digest.kind is MessageKind.RETURNED
    for more in (message(2, Priority.MEDIUM), message(3, Priority.HIGH), message(4, Priority.HIGH)):
        digest = gathered(digest, more)
    digest = gathered(digest, message(3, Priority.CRITICAL, MessageKind.RETURNED))
    assert (digest.kind, digest.alarm, digest.subject) == (MessageKind.DIGEST, 3, "e3")
    assert (digest.calling, digest.easing, digest.count, digest.others) == ((0, 2, 1, 0), 2, 5, 4)
    assert digest.alarms == (1, 2, 3, 4)
    assert digest.gathering


def test_a_digest_of_a_storm_counts_all_and_knows_some_by_number() -> None:
    """Two thousand alarms are two thousand in the count, and a text that can be kept."""
    digest = digest_of(message(1))
    for number in range(2, 2001):
        digest = gathered(digest, message(number))
    assert (digest.count, len(digest.alarms)) == (2000, MOST_NAMED)


@pytest.mark.parametrize("priority", list(Priority))
def test_a_single_message_counts_as_one(priority: Priority) -> None:
    """What calls is counted under its priority; what eases is counted apart."""
    assert message(1, priority).calling[int(priority) - 1] == 1
    assert message(1, priority).count == 1
    over = message(1, priority, MessageKind.RETURNED)
    assert (over.calling, over.easing, over.others, over.calls) == ((0, 0, 0, 0), 1, 0, False)
