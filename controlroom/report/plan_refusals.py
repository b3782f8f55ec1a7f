"""Why a maintenance window cannot be planned as it was asked for, in words. It judges no plan."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from controlroom.condition.maintenance.refusal import Refusal
from controlroom.report.escaping import printable

PLAN_REFUSED: Final = "plan_"
"""What the engine's code of a refused plan begins with."""

_REFUSALS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Refusal.NO_TITLE: "it needs a title of at most 200 characters, in one line",
        Refusal.NO_REASON: "it needs a reason",
        Refusal.NO_TARGET: "it names nothing: choose an endpoint or a risk group",
        Refusal.NO_SUCH_TARGET: "the site has no such endpoint or risk group",
        Refusal.TOO_MANY_TARGETS: "it names too much: choose a risk group in the place of its endpoints",
        Refusal.NO_SUCH_ZONE: "there is no such time zone; write it as Europe/Berlin",
        Refusal.BAD_TIME: "a time in it cannot be read; write it as 2026-11-28T02:30",
        Refusal.BAD_LENGTH: "its length cannot be read; write it as 90m, 2h or 1h 30m",
        Refusal.NO_END: "it needs an end or a length",
        Refusal.NO_LATEST_END: "a flexible one needs the time by which it is over, beside its length",
        Refusal.FLEXIBLE_RECURS: "it cannot wait for a failure and come by a rule too; choose one of the two",
        Refusal.LENGTH_AND_END_DIFFER: (
            "its length and its end do not agree; give only one of them. Until when a rule repeats stands in "
            "the rule, as UNTIL=20261231"
        ),
        Refusal.ENDS_BEFORE_IT_BEGINS: "it ends before it begins",
        Refusal.OVER_ALREADY: "it is over already; what is past can be counted as maintenance afterwards",
        Refusal.TOO_LONG: "it is too long: a year at most, and 31 days where it recurs",
        Refusal.LONGER_THAN_ITS_ROOM: "its length must be above 0 and fit between its beginning and its end",
        Refusal.BAD_RULE: "its rule cannot be read; write it as FREQ=WEEKLY;BYDAY=SU",
        Refusal.RULE_TOO_FINE: "its rule comes more often than once an hour",
        Refusal.RULE_NOT_SUPPORTED: "its rule combines what cannot be combined here; plan two windows",
        Refusal.RULE_COUNTS_TOO_FAR: "its rule counts beyond 1,000; leave the count out, or name an end",
        Refusal.NEVER_BEGINS: "it never begins: no day to come fits its rule",
        Refusal.OVERLAPS_ITSELF: "it is longer than the time until it comes again",
    }
)


def plan_refusal_words(code: str) -> str:
    """Say why a window cannot be planned so, after "because", and what to do."""
    return _REFUSALS.get(code) or printable(code)
