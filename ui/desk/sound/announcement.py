"""The words that are spoken after a tone. It speaks nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from controlroom.alarms.alarm import ENGINE
from controlroom.alarms.message import Message
from controlroom.report import wording
from controlroom.report.message_words import message_words
from ui.desk.sound.cues import Due
from ui.desk.sound.waiting import Cue

TEST_WORDS = "This is a test of the alarm sound."

_SAID = 2

_OPENINGS = {
    Cue.NEW_CRITICAL: "Critical alarm.",
    Cue.FURTHER_FAULT: "Further fault.",
    Cue.NEW_HIGH: "Alarm.",
    Cue.HEARTBEAT_LOST: "Monitoring has stopped. The screen shows old figures.",
}


def announcement(
    due: Due,
    name: str,
    *,
    simulated: bool = False,
    told: Sequence[Message] = (),
    name_of: Callable[[str], str] = str,
) -> str:
    """Say what has happened in a few words; ``name`` is that of the alarm's subject.

    ``told`` are the messages that it is to tell, the worst first: the first two are said, others are counted.
    """
    said = ["Simulated." if simulated else "", _OPENINGS[due.cue]]
    if due.alarm is not None and told:
        said += [message_words(each, name_of, more=place > 0) for place, each in enumerate(told[:_SAID])]
        more = sum(sum(each.calling) for each in told[_SAID:])
        said += [f"And {more} more."] if more else []
    elif due.alarm is not None:
        about = f"{name} " if due.alarm.subject != ENGINE else ""
        verb = "" if due.alarm.subject == ENGINE else "is "
        words = f"{about}{_predicate(verb, due.alarm.cause)}."
        said.append(words[0].upper() + words[1:])
        if due.others:
            said.append(f"And {due.others} more.")
    return " ".join(said).strip()


def _predicate(verb: str, cause: str) -> str:
    words = wording.cause_words(cause)
    return words if words.startswith(("cannot", "not ")) else f"{verb}{words}"
