"""Runs all checks at once and waits for them only so long. It knows none of them.

1. A check that gives no answer in time (a disk or a service that hangs) is *unknown*; the others stand.
2. A check that fails in a way it did not foresee is *unknown* too, and Python's own report goes to stderr.
3. Findings come in the order of the checks, whichever ended first.
"""

from __future__ import annotations

import shlex
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from controlroom.errors import ControlroomError
from controlroom.finding import Finding, Health

ANSWERS_WITHIN_S = 2.5
"""How long all checks together may take."""


@dataclass(frozen=True, slots=True)
class Check:
    """One look: what it looks at (name and title of each finding it owes), and how.

    ``cure_of_hanging`` is what to do when it gives no answer.
    """

    owes: Sequence[tuple[str, str]]
    look: Callable[[], Iterable[Finding]]
    cure_of_hanging: str = "Run the doctor again. What waits for a disk: ps -eo stat,pid,args | grep ^D"


class _Look(threading.Thread):
    """One check under way; nobody waits for it in the end."""

    def __init__(self, check: Check) -> None:
        super().__init__(name=f"doctor-{check.owes[0][0]}", daemon=True)
        self.check = check
        self.findings: list[Finding] = []
        self.failure = ""
        self.cure = ""
        self.ended_well = False

    def run(self) -> None:
        try:
            for finding in self.check.look():
                self.findings.append(finding)
            self.ended_well = True
        except ControlroomError as error:
            self.failure, self.cure = error.happened, error.advice
        except OSError as error:
            self.failure, self.cure = _refusal(error)


def examine(
    checks: Sequence[Check], monotonic_s: Callable[[], float], within_s: float = ANSWERS_WITHIN_S
) -> list[Finding]:
    """Return the findings of all checks, at the latest after so many seconds."""
    until_s = monotonic_s() + within_s
    looks = [_Look(check) for check in checks]
    for look in looks:
        look.start()
    findings: list[Finding] = []
    for look in looks:
        look.join(max(0.0, until_s - monotonic_s()))
        findings.extend(_told(look, late=look.is_alive()))
    return findings


def _told(look: _Look, *, late: bool) -> list[Finding]:
    told = list(look.findings)
    if look.ended_well:
        return told
    cure = look.cure
    if late:
        code, found = "no-answer", "It gave no answer in time: a disk or a service of this machine hangs."
        cure = look.check.cure_of_hanging
    else:
        code, found = "not-looked", f"It could not be looked at: {look.failure or 'the check itself failed.'}"
    names = {finding.name for finding in told}
    owed = [(name, title) for name, title in look.check.owes if name not in names]
    return told + [Finding(name, title, Health.UNKNOWN, code, found, cure) for name, title in owed]


def _refusal(error: OSError) -> tuple[str, str]:
    """Put the system's refusal into words for people, and say where to look."""
    why = error.strerror or type(error).__name__
    if not isinstance(error.filename, str):
        return f"{why}.", ""
    return f"{error.filename}: {why}.", f"See its rights: ls -ld {shlex.quote(error.filename)}"
