"""Why a probe is silent: the reason that its losses show, told steadily. It judges no silence itself.

Rules:
1. A loss with a word of its own (a router's, the service's, our own link's) tells more than silence: where
   any of the losses that made a silence certain had one, the newest of those is its reason.
2. What was lost off the beat without a word, or is only overdue, tells nothing: routers send few words a
   second, and our own quick questions use them up.
3. While the silence lasts a word takes its place when it was told ``WORDS`` times since the one that holds;
   two that take turns so change nothing. Mere silence gives way to the first word of the service itself,
   which shows that the way there is good.
4. A word gives way to mere silence after so many losses without any: ``SILENT_ROUTER`` where a router or our
   own link told it, which may keep quiet, ``SILENT_SERVICE`` where the service did, which never does.
5. Of losses further back than ``SILENT_ROUTER`` nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from controlroom.reading import SERVICE_FAILED, Reading, Reason, Telling, reason_code

WORDS: Final = 2
"""How often another reason must be told before it holds."""

SILENT_ROUTER: Final = 12
"""Losses without a word after which a router's word holds no longer."""

SILENT_SERVICE: Final = 3
"""Losses without a word after which a service's word holds no longer."""

_OF_THE_SERVICE: Final = SERVICE_FAILED | {Reason.PORT_UNREACHABLE, Reason.UNDECODABLE}


def remembered(told: tuple[str, ...], reading: Reading) -> tuple[str, ...]:
    """Return the reasons of the newest losses, the newest last, after one more (rules 2 and 5)."""
    if reading.reason is Reason.DEADLINE and (not reading.beat or reading.telling is Telling.OVERDUE):
        return told
    return (*told, reason_code(reading.reason, reading.values))[-SILENT_ROUTER:]


def first_reason(told: tuple[str, ...]) -> str:
    """Return the reason of a silence that has just become certain (rule 1)."""
    return next((reason for reason in reversed(told) if is_word(reason)), Reason.DEADLINE.value)


def reason_now(held: str, told: tuple[str, ...]) -> str:
    """Return the reason of a silence that lasts, given the one that held (rules 3 and 4)."""
    if not told or told[-1] == held:
        return held
    newest = told[-1]
    if not is_word(newest):
        newest_of_all = told[-_patience(held) :]
        wordless = len(newest_of_all) == _patience(held) and not any(map(is_word, newest_of_all))
        return newest if wordless else held
    if not is_word(held):
        return newest if _is_of_the_service(newest) or told.count(newest) >= WORDS else held
    return newest if _since(held, told).count(newest) >= WORDS else held


def most_telling(reasons: Iterable[str]) -> str:
    """Return the first of some reasons that tells more than silence, or the first of all."""
    known = list(reasons)
    return next((reason for reason in known if is_word(reason)), known[0])


def is_word(reason: str) -> bool:
    """Whether a reason tells more than that nothing came back."""
    return reason != Reason.DEADLINE


def _is_of_the_service(reason: str) -> bool:
    return reason in _OF_THE_SERVICE


def _patience(held: str) -> int:
    return SILENT_SERVICE if _is_of_the_service(held) else SILENT_ROUTER


def _since(held: str, told: tuple[str, ...]) -> tuple[str, ...]:
    """The reasons told after the one that holds was told last."""
    back = next((place for place, reason in enumerate(reversed(told)) if reason == held), len(told))
    return told[len(told) - back :]
