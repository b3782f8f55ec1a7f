"""The entry that a service stands otherwise, as one sentence. What it tells is the engine's affair."""

from __future__ import annotations

from typing import Final

from controlroom.report.escaping import printable
from controlroom.report.service_alarm_words import service_reason_words
from controlroom.report.told_entry import ToldEntry
from controlroom.resilience.standing import ServiceState

_STATES: Final[dict[str, str]] = {
    ServiceState.WORKING: "working",
    ServiceState.AT_RISK: "at risk",
    ServiceState.DEGRADED: "not good enough for its use",
    ServiceState.LOST: "lost",
    ServiceState.UNKNOWN: "unknown",
}


def service_state_words(state: str) -> str:
    """Name how a service is, so that it fits after "is"."""
    return _STATES.get(state) or printable(state)


def service_changed_sentence(told: ToldEntry) -> str:
    """Tell how a service is now, and how far from loss."""
    was, now = told.words("from"), told.words("to")
    before = f", was {service_state_words(was)}" if was and was != now else ""
    why = service_reason_words(told.words("reason"), told.name_of)
    return f"{told.subject} is {service_state_words(now)}{before}{_margin(told)}{f': {why}' if why else ''}."


def _margin(told: ToldEntry) -> str:
    """Say how many failures lose it: ``, 1 failure from loss (3 with nothing failed)``."""
    least, most, whole = told.number("margin_least"), told.number("margin_most"), told.number("whole")
    if least is None or most is None or most == 0:
        return ""
    count = f"{least:.0f}" if least == most else f"{least:.0f} to {most:.0f}"
    noun = "failure" if most == 1 else "failures"
    usually = f" ({whole:.0f} with nothing failed)" if whole is not None and whole != most else ""
    return f", {count} {noun} from loss{usually}"
