"""A message in words: who, what, and how many besides."""

from __future__ import annotations

from dataclasses import replace

from controlroom.alarms.alarm import ENGINE, Cause, Priority
from controlroom.alarms.message import Message, MessageKind
from controlroom.condition.cause_code import LostTogether
from controlroom.report.message_words import message_words
from tests.controlroom.store.outbox_contract import message

ONE = replace(message(1), subject="mast")


def words(told: Message, *, more: bool = False) -> str:
    """Say a message; every subject is a mast."""
    return message_words(told, lambda each: "Mast Three" if each == "mast-3" else "Mast Highmoor", more=more)


def test_one_transition_is_one_sentence() -> None:
    """By what it is and whom it concerns."""
    assert words(ONE) == "Mast Highmoor is down."
    assert words(replace(ONE, kind=MessageKind.RETURNED)) == "Over: Mast Highmoor is down."
    unmeasured = replace(ONE, kind=MessageKind.RAISED_AGAIN, cause=Cause.NOT_MEASURED)
    assert words(unmeasured) == "Again: Mast Highmoor cannot be measured."
    own = replace(ONE, subject=ENGINE, cause=Cause.STORE_FAILED)
    assert words(own) == "Measurements cannot be kept."


def test_a_common_cause_says_how_many() -> None:
    """The group by name, its members by number, and by name who was first."""
    together = LostTogether(12, "mast-3").code
    group = replace(ONE, subject="group:highmoor", cause=Cause.GROUP_LOST, reason=together)
    assert words(group) == "Mast Highmoor: 12 lost, Mast Three first."


def test_a_digest_counts_and_names_the_worst() -> None:
    """Alone, after others, and with what became better."""
    digest = replace(ONE, kind=MessageKind.DIGEST, calling=(1, 6, 0, 0), priority=Priority.CRITICAL)
    assert words(digest) == "7 alarms. Worst: Mast Highmoor is down."
    assert words(digest, more=True) == "7 more alarms. Worst: Mast Highmoor is down."
    both = replace(digest, easing=2)
    assert words(both) == "7 alarms. Worst: Mast Highmoor is down. 2 other changes for the better."
