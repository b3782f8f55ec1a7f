"""The words for what hides an alarm. It knows the codes of ``controlroom.alarms`` and judges none."""

from __future__ import annotations

from controlroom.alarms.alarm import BY_OPERATOR
from controlroom.report import wording
from controlroom.report.escaping import printable
from controlroom.site.view import SiteView


def suppression_words(code: str, view: SiteView | None = None) -> str:
    """Say by what an alarm is suppressed, so that it fits after "is": ``behind Core router``."""
    how, _, what = code.partition(":")
    if how == "behind":
        return f"behind {wording.subject_words(what, view)}, which is down"
    if how == "part_of":
        return f"part of {wording.subject_words(what, view)}"
    return printable(code) or "suppressed"


def service_words(code: str) -> str:
    """Say by what an alarm is out of service, so that it fits after "is"."""
    how, _, number = code.partition(":")
    if how == "maintenance":
        return f"in maintenance {printable(number, 20)}".rstrip()
    return "taken out of service" if code == BY_OPERATOR else printable(code)
