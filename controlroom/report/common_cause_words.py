"""The words for the codes of common causes (``controlroom.condition.cause_code``). It judges nothing."""

from __future__ import annotations

from collections.abc import Callable

from controlroom.condition.cause_code import LostTogether, behind_of, falls_of
from controlroom.report.escaping import printable


def common_cause_words(reason: str, name_of: Callable[[str], str] = printable) -> str:
    """Say what a code tells, in a short phrase; empty for a code of something else.

    ``name_of`` names an endpoint by its id.
    """
    cause, falls, together = behind_of(reason), falls_of(reason), LostTogether.read(reason)
    if cause is not None:
        return f"behind {name_of(cause)}, which is down"
    if falls is not None:
        return f"fell {falls} times" if falls != 1 else "fell once"
    if together is not None:
        first = f", {name_of(together.first)} first" if together.first else ""
        return f"{together.count:,} lost{first}"
    return ""
