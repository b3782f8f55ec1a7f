"""What is asked before each act on alarms, in words. It asks nothing itself and sends nothing."""

from __future__ import annotations

from ui.desk import figures
from ui.desk.alarm_list.strip import Question
from ui.desk.alarm_list.term import acknowledgement_terms, shelf_terms


def acknowledging(name: str, count: int, shift_left_s: float | None) -> Question:
    """Ask for a note, which nobody need give, and for how long an acknowledgement holds."""
    about = name if count == 1 else figures.counted(count, "alarm")
    return Question(
        send="Acknowledge" if count == 1 else f"Acknowledge {count}",
        hint="Note, if any, then Enter" if count == 1 else f"Note on {about}, if any, then Enter",
        spoken=f"Note for the acknowledgement of {about}, optional",
        terms=acknowledgement_terms(shift_left_s),
    )


def shelving(name: str, count: int, longest_s: float, why_not_longer: str) -> Question:
    """Ask why, and for how long, alarms are put away."""
    about = name if count == 1 else figures.counted(count, "alarm")
    return Question(
        send="Shelve" if count == 1 else f"Shelve {count}",
        hint=f"Reason for shelving {'it' if count == 1 else about}, then Enter",
        spoken=f"Reason for shelving {about}",
        needs_words=True,
        terms=shelf_terms(longest_s),
        offers_one_shot=True,
        longest_s=longest_s,
        why_not_longer=why_not_longer,
    )


def taking_out(name: str) -> Question:
    """Ask why something is taken out of service; it has no end of its own."""
    return Question(
        send="Take out of service",
        hint="Reason; it stays out until somebody puts it back",
        spoken=f"Reason for taking {name} out of service",
        needs_words=True,
    )


def putting_back(name: str, count: int = 1) -> Question:
    """Ask why something is put back into service."""
    about = name if count == 1 else figures.counted(count, "endpoint")
    return Question(
        send="Put back into service",
        hint="What was done, then Enter",
        spoken=f"Reason for putting {about} back into service",
        needs_words=True,
    )
