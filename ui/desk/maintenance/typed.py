"""What is typed into the planner, as a wish for a window, and its preview in words. It sends nothing."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from controlroom.condition.maintenance.occurrences import occurrences
from controlroom.condition.maintenance.planning import refuse_unknown_targets
from controlroom.condition.maintenance.refusal import PlanRefusedError, Refusal
from controlroom.condition.maintenance.wall_clock import local_of, zone_of
from controlroom.condition.maintenance.window import MaintenanceWindow
from controlroom.condition.maintenance.wish import Wish, moment_of, typed_start, window_of_wish
from controlroom.report.escaping import printable
from controlroom.report.maintenance_words import as_typed, occurrence_words, plan_words, targets_words
from controlroom.report.plan_refusals import plan_refusal_words
from controlroom.site.view import SiteView

SHOWN_AHEAD: Final = 5
_LOOK_AHEAD_S: Final = 5 * 366 * 86_400.0
_CODES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class Often(enum.Enum):
    """How often a window comes, as the form offers it."""

    ONCE = "once"
    DAILY = "every day"
    WORKDAYS = "Monday to Friday"
    WEEKLY = "every week, on that weekday"
    MONTHLY = "every month, on that day"
    NTH_WEEKDAY = "every month, on that weekday of the month"
    RULE = "by a rule (RRULE)"
    FLEXIBLE = "once, from the first failure on"


_RULES: Final[Mapping[Often, str]] = MappingProxyType(
    {
        Often.DAILY: "FREQ=DAILY",
        Often.WORKDAYS: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        Often.WEEKLY: "FREQ=WEEKLY",
        Often.MONTHLY: "FREQ=MONTHLY",
    }
)


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of the form as they are."""

    title: str = ""
    reason: str = ""
    often: Often = Often.ONCE
    begins: str = ""
    ends: str = ""
    length: str = ""
    rule: str = ""
    zone_name: str = "UTC"
    endpoint_ids: tuple[str, ...] = ()
    group_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a plan would be: the window where it can be planned, and lines that say so or why not."""

    window: MaintenanceWindow | None
    lines: tuple[str, ...]


def preview(typed: Typed, view: SiteView, now_utc_s: float) -> Preview:
    """Say what would be planned, with the next times in the site's zone, or what is missing or wrong."""
    if missing := _missing(typed):
        return Preview(None, (f"Still needed: {', '.join(missing)}.",))
    try:
        wish = _wish(typed, now_utc_s)
        window, start = window_of_wish(wish, now_utc_s), typed_start(wish)
        endpoint_ids, group_ids = ({each.id for each in some} for some in (view.endpoints, view.risk_groups))
        refuse_unknown_targets(window, endpoint_ids, group_ids)
    except PlanRefusedError as error:
        named = f" (“{printable(error.what, 60)}”)" if error.what else ""
        words = plan_refusal_words(error.code)
        cure = " “Count past down time” does that." if error.code is Refusal.OVER_ALREADY else ""
        return Preview(None, (f"{words[:1].upper()}{words[1:]}{named}.{cure}",))
    about = f"{targets_words(window, view)}: {plan_words(window, view.time_zone)}."
    found = occurrences(window, now_utc_s, now_utc_s + _LOOK_AHEAD_S, SHOWN_AHEAD)
    ahead = [as_typed(each, window, start) for each in found]
    zone = zone_of(window.zone_name)
    return Preview(window, (about, *(occurrence_words(each, zone, view.time_zone) for each in ahead)))


def _missing(typed: Typed) -> list[str]:
    named = {
        "a title": typed.title,
        "a reason": typed.reason,
        "an endpoint or a risk group": "".join((*typed.endpoint_ids, *typed.group_ids)),
        "from when": typed.begins,
        "how long": typed.length,
        "a rule": typed.rule if typed.often is Often.RULE else "-",
        "by when it is over": typed.ends if typed.often is Often.FLEXIBLE else "-",
    }
    return [what for what, words in named.items() if not words.strip()]


def _wish(typed: Typed, now_utc_s: float) -> Wish:
    often = typed.often
    rule = _nth_weekday(typed, now_utc_s) if often is Often.NTH_WEEKDAY else _RULES.get(often, "")
    if often is Often.RULE:
        rule = typed.rule.strip()
    flexible = often is Often.FLEXIBLE
    return Wish(
        title=typed.title,
        reason=typed.reason,
        zone_name=typed.zone_name,
        begins=typed.begins,
        ends=typed.ends if flexible else "",
        length=typed.length,
        rule=rule,
        flexible=flexible,
        endpoint_ids=typed.endpoint_ids,
        group_ids=typed.group_ids,
    )


def _nth_weekday(typed: Typed, now_utc_s: float) -> str:
    """Return the rule of a weekday's place in the month; the fifth is the last."""
    zone = zone_of(typed.zone_name)
    day = local_of(moment_of(typed.begins, zone, now_utc_s), zone)
    place = (day.day - 1) // 7 + 1
    return f"FREQ=MONTHLY;BYDAY={-1 if place == 5 else place}{_CODES[day.weekday()]}"
