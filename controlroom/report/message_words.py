"""What a message says, in a sentence or two: the same on the tray, spoken, and on every channel to come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from controlroom.alarms.alarm import ENGINE, is_endpoint
from controlroom.alarms.message import Message, MessageKind
from controlroom.alarms.service_subject import service_of
from controlroom.report import wording

_OPENINGS: Final = {
    MessageKind.RAISED_AGAIN: "Again: ",
    MessageKind.JOINED: "A further fault: ",
    MessageKind.EASED: "Less urgent: ",
    MessageKind.RETURNED: "Over: ",
    MessageKind.ESCALATED: "Not acknowledged: ",
}


def message_words(message: Message, name_of: Callable[[str], str], *, more: bool = False) -> str:
    """Say what a message tells; ``more``: others were told just before it."""
    if message.kind is not MessageKind.DIGEST:
        return f"{_OPENINGS.get(message.kind, '')}{fault_sentence(message, name_of)}"
    calling, parts = sum(message.calling), []
    if calling:
        noun = "alarm" if calling == 1 else "alarms"
        parts.append(f"{calling} {'more ' if more else ''}{noun}. Worst: {fault_sentence(message, name_of)}")
    if message.easing:
        over = f"{message.easing} other {'change' if message.easing == 1 else 'changes'} for the better."
        parts.append(over if calling else f"{over} {fault_sentence(message, name_of)}")
    return " ".join(parts)


def fault_sentence(message: Message, name_of: Callable[[str], str]) -> str:
    """Say what is wrong with whom; of what several have in common also how many there are."""
    if service_of(message.subject) is not None:
        fault = wording.fault_words(message.cause, message.reason, name_of=name_of)
        return f"{name_of(message.subject)}: {fault}."
    if message.subject != ENGINE and not is_endpoint(message.subject):
        return f"{name_of(message.subject)}: {wording.reason_words(message.reason, name_of=name_of)}."
    about = "" if message.subject == ENGINE else f"{name_of(message.subject)} "
    words = wording.cause_words(message.cause)
    verb = "" if message.subject == ENGINE or words.startswith(("cannot", "not ")) else "is "
    return _capital(f"{about}{verb}{words}.")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
