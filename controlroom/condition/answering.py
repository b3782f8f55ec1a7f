"""Whether one probe's endpoint answers: soft until confirmed, then hard. It asks nothing itself.

Rules of ``step``, in this order:
1. *Not run* says nothing of the endpoint: it neither confirms nor refutes silence. Two in a row
   make the probe *unknown*; one is enough where nothing was ever measured.
2. A refusal that the endpoint itself sends about our question (wrong credentials, no such object,
   its own error) shows that it lives but leaves it unmeasured: it counts as *not run* does.
3. A loss that was sent before the newest answered question is stale: it counts for the loss ratio,
   never for silence. So late deadlines of a slow link cannot add up to an outage.
4. An answer while the probe answers, and a loss while it is silent, clear what was suspected.
5. Silence is certain after so many losses in a row over so long as its ``Needs`` say, an answer after a
   silence after ``return_attempts`` in a row, or more where single answers came to nothing before, or after
   half of the newest questions (``silence_test.py``). From *unknown* the first answer is enough.
6. A certain state counts from the sending of the first reading that showed it.
7. Why it is silent follows the losses while they last (``why_silent.py``).
8. A loss that was told before its deadline counts once: its deadline adds nothing but its reason.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from controlroom.condition.silence_test import Needs, answers_half, answers_needed, lately_with
from controlroom.condition.why_silent import first_reason, reason_now, remembered
from controlroom.reading import ALIVE_BUT_UNMEASURED, Outcome, Reading, Telling

NOT_MEASURED_YET = "not_measured_yet"
"""The reason of an unknown that no reading has explained yet."""

_NOT_RUN_IN_A_ROW = 2


class Answering(enum.StrEnum):
    """Whether the endpoint answers this probe."""

    ANSWERS = "answers"
    SILENT = "silent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ProbeStatus:
    """The certain state of one probe, and what the newest readings suggest instead.

    ``suspect`` is ``SILENT`` or ``ANSWERS`` while that is not yet certain; ``attempts`` counts the
    readings in a row for it, ``suspect_since_utc_s`` and ``suspect_sent_s`` (monotonic) stamp the
    first of them and ``second_sent_s`` the second, which is the first that was asked on suspicion.
    ``newest_sent_s`` is when the newest question that was really asked was sent (monotonic),
    ``newest_reason`` why the newest one could not be, if it was not. ``told`` holds the reasons of the newest
    losses since the newest answer, the newest last. ``silent_asked`` and ``silent_answers`` count what was
    asked and answered within a certain silence, but for the answers in a row that may be its end;
    ``silent_lately`` holds which of its newest questions were answered, one bit each, the newest lowest.
    """

    answering: Answering
    since_utc_s: float
    reason: str
    suspect: Answering | None = None
    attempts: int = 0
    suspect_since_utc_s: float = 0.0
    suspect_sent_s: float = 0.0
    second_sent_s: float = 0.0
    not_run: int = 0
    newest_answer_sent_s: float = -math.inf
    newest_sent_s: float = -math.inf
    newest_reason: str = ""
    told: tuple[str, ...] = ()
    silent_asked: int = 0
    silent_answers: int = 0
    silent_lately: int = 0

    @property
    def undoubted(self) -> bool:
        """Whether it answers and nothing else is suspected."""
        return self.answering is Answering.ANSWERS and self.suspect is None


def unmeasured(since_utc_s: float, reason: str = NOT_MEASURED_YET) -> ProbeStatus:
    """Return the status of a probe that nothing is known of."""
    return ProbeStatus(Answering.UNKNOWN, since_utc_s, reason)


def in_new_time(status: ProbeStatus, step_s: float, given_utc_s: float | None) -> ProbeStatus:
    """Tell a status's times by a clock that was set by so much; the one that was given stays."""
    moved = 0.0 if status.since_utc_s == given_utc_s else step_s
    return replace(
        status,
        since_utc_s=status.since_utc_s + moved,
        suspect_since_utc_s=status.suspect_since_utc_s + step_s,
    )


def step(
    status: ProbeStatus, reading: Reading, *, needs: Callable[[], Needs], return_attempts: int
) -> ProbeStatus:
    """Fold one reading into the status. ``needs`` is asked only of a loss that may be a silence."""
    if reading.outcome is Outcome.REPLIED:
        return _answered(status, reading, return_attempts)
    if reading.outcome is Outcome.NOT_RUN or reading.reason in ALIVE_BUT_UNMEASURED:
        return _not_run(status, reading)
    sent_s = reading.sent_monotonic_s
    status = replace(status, newest_sent_s=max(status.newest_sent_s, sent_s), newest_reason="", not_run=0)
    if sent_s < status.newest_answer_sent_s:
        return status
    if reading.telling is Telling.AGAIN:
        return _told_again(status, reading)
    told = remembered(status.told, reading)
    if status.answering is Answering.SILENT:
        return _still_silent(status, told)
    status = replace(_count(status, Answering.SILENT, reading), told=told)
    if not needs().met(status.attempts, sent_s - status.second_sent_s):
        return status
    return _certain(status, Answering.SILENT, first_reason(told))


def _answered(status: ProbeStatus, reading: Reading, return_attempts: int) -> ProbeStatus:
    sent_s = reading.sent_monotonic_s
    newest_sent_s = max(status.newest_sent_s, sent_s)
    newest_answer_sent_s = max(status.newest_answer_sent_s, sent_s)
    if status.answering is Answering.ANSWERS:
        # This is what happens to nearly every reading: made anew, which is quicker than a copy.
        return ProbeStatus(
            Answering.ANSWERS,
            status.since_utc_s,
            status.reason,
            suspect_since_utc_s=status.suspect_since_utc_s,
            suspect_sent_s=status.suspect_sent_s,
            second_sent_s=status.second_sent_s,
            newest_answer_sent_s=newest_answer_sent_s,
            newest_sent_s=newest_sent_s,
        )
    status = replace(
        status,
        newest_sent_s=newest_sent_s,
        newest_answer_sent_s=newest_answer_sent_s,
        newest_reason="",
        not_run=0,
    )
    silent = status.answering is Answering.SILENT
    lately = lately_with(status.silent_lately, answered=True)
    status = replace(_count(status, Answering.ANSWERS, reading), silent_lately=lately)
    needed = answers_needed(status.silent_asked, status.silent_answers, return_attempts)
    if silent and status.attempts < needed and not answers_half(lately):
        return status  # a single answer in a silence does not end it, nor what its losses told
    return _certain(replace(status, told=()), Answering.ANSWERS, reading.reason.value)


def _not_run(status: ProbeStatus, reading: Reading) -> ProbeStatus:
    reason = reading.reason.value
    status = replace(status, newest_reason=reason)
    if status.answering is Answering.UNKNOWN:
        second_sent_s = reading.sent_monotonic_s if reason != status.reason else status.second_sent_s
        return replace(status, reason=reason, not_run=status.not_run + 1, second_sent_s=second_sent_s)
    if status.not_run + 1 < _NOT_RUN_IN_A_ROW:
        return replace(status, not_run=status.not_run + 1)
    return replace(
        unmeasured(reading.sent_utc_s, reason),
        newest_answer_sent_s=status.newest_answer_sent_s,
        second_sent_s=reading.sent_monotonic_s,
        newest_sent_s=status.newest_sent_s,
        newest_reason=reason,
        not_run=status.not_run + 1,
    )


def _certain(status: ProbeStatus, answering: Answering, reason: str) -> ProbeStatus:
    """What was suspected holds, and counts from its first reading (rule 6)."""
    return ProbeStatus(
        answering=answering,
        since_utc_s=status.suspect_since_utc_s,
        reason=reason,
        suspect_sent_s=status.suspect_sent_s,
        second_sent_s=status.second_sent_s,
        newest_answer_sent_s=status.newest_answer_sent_s,
        newest_sent_s=status.newest_sent_s,
        told=status.told,
    )


def _still_silent(status: ProbeStatus, told: tuple[str, ...]) -> ProbeStatus:
    """Go on in silence: answers that came to nothing are counted, and the reason follows (rule 7)."""
    return replace(
        status,
        suspect=None,
        attempts=0,
        told=told,
        reason=reason_now(status.reason, told),
        silent_asked=status.silent_asked + status.attempts + 1,
        silent_answers=status.silent_answers + status.attempts,
        silent_lately=lately_with(status.silent_lately, answered=False),
    )


def _told_again(status: ProbeStatus, reading: Reading) -> ProbeStatus:
    """Take the reason of a loss that was counted before (rule 8)."""
    told = remembered(status.told, reading)
    if status.answering is Answering.SILENT:
        return replace(status, told=told, reason=reason_now(status.reason, told))
    return replace(status, told=told) if status.suspect is Answering.SILENT else status


def _count(status: ProbeStatus, seen: Answering, reading: Reading) -> ProbeStatus:
    sent_s = reading.sent_monotonic_s
    if seen is not status.suspect:
        return replace(
            status,
            suspect=seen,
            attempts=1,
            suspect_since_utc_s=reading.sent_utc_s,
            suspect_sent_s=sent_s,
            second_sent_s=sent_s,
            not_run=0,
        )
    second_sent_s = sent_s if status.attempts == 1 else status.second_sent_s
    return replace(status, attempts=status.attempts + 1, second_sent_s=second_sent_s, not_run=0)
