"""The arguments of ``controlroom maintenance``: list, plan, end and reclassify, and their help."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ui.terminal.parser import Commands, Parser

_WHEN: Final = "2026-11-29T02:30 by the clock of --zone, the same with an offset, or now"
_PLAN_MORE: Final = (
    "While a window is in force its endpoints are measured as ever and shown as in maintenance, and their "
    "alarms are out of service. What is not back at its end has its alarm at once. A recurring window keeps "
    "its wall clock over the changes of daylight-saving time. The engine must run."
)
_RECLASSIFY_MORE: Final = (
    "Availability then counts that down time as maintenance and says how much of it that is; the log keeps "
    "the outage as it was, and who counted it so and why."
)


@dataclass(frozen=True, slots=True)
class MaintenanceArguments:
    """How the program's parser makes a command and the options that several commands share."""

    command: Callable[..., Parser]
    add_data: Callable[[argparse.ArgumentParser], None]
    add_json: Callable[[argparse.ArgumentParser], None]
    whole: Callable[[int, int], Callable[[str], int]]


def add_maintenance(commands: Commands, means: MaintenanceArguments) -> None:
    """Add the command with all that can be done."""
    maintenance = means.command(
        commands,
        "maintenance",
        "plan maintenance, see what is planned, end it, or count down time as maintenance afterwards",
        "  controlroom maintenance list\n"
        "  controlroom maintenance plan 'New radio' --endpoint mast --from 2026-11-29T02:30 --length 2h \\\n"
        "      --reason 'Carrier ticket 48213'\n"
        "  controlroom maintenance end 3",
    )
    whats = maintenance.add_subparsers(dest="maintenance", metavar="WHAT", title="what", required=True)
    _add_list(whats, means)
    _add_plan(whats, means)
    _add_end(whats, means)
    _add_reclassify(whats, means)


def _add_list(whats: Commands, means: MaintenanceArguments) -> None:
    shown = means.command(
        whats,
        "list",
        "show the windows that are in force or ahead",
        "  controlroom maintenance list --all\n  controlroom maintenance list --json",
    )
    means.add_data(shown)
    shown.add_argument("--all", action="store_true", help="also those that are over or were cancelled")
    means.add_json(shown)


def _add_plan(whats: Commands, means: MaintenanceArguments) -> None:
    plan = means.command(
        whats,
        "plan",
        "plan a window: once, again and again, or from a failure on",
        "  controlroom maintenance plan 'New radio' --endpoint mast-north --from 2026-11-29T02:30 \\\n"
        "      --until 2026-11-29T04:30 --reason 'Carrier ticket 48213'\n"
        "  controlroom maintenance plan 'Backups' --group rack-1 --from 2026-11-29T02:30 --length 90m \\\n"
        "      --rrule 'FREQ=WEEKLY;BYDAY=SU' --zone Europe/Berlin --reason 'Weekly backup'\n"
        "  controlroom maintenance plan 'Restart' --endpoint crm --flexible --from 2026-11-29T00:00 \\\n"
        "      --until 2026-11-29T06:00 --length 30m --reason 'Restart after the update'",
        _PLAN_MORE,
    )
    plan.add_argument("title", metavar="TITLE", help="what is done, in a few words")
    means.add_data(plan)
    for option, what in (("endpoint", "an endpoint"), ("group", "all endpoints of a risk group")):
        plan.add_argument(
            f"--{option}",
            dest=f"{option}s",
            metavar="ID",
            action="append",
            default=[],
            help=f"{what}; may be repeated",
        )
    plan.add_argument("--from", dest="begins", metavar="TIME", required=True, help=f"from when: {_WHEN}")
    plan.add_argument(
        "--until", dest="ends", metavar="TIME", default="", help="until when, in the same forms"
    )
    plan.add_argument(
        "--length", metavar="SPAN", default="", help="how long, in place of --until: 90m, 2h, 1h30m"
    )
    plan.add_argument(
        "--rrule",
        dest="rule",
        metavar="RULE",
        default="",
        help="again and again, as RFC 5545 has it; its last day stands in it as UNTIL=20261231",
    )
    plan.add_argument("--zone", metavar="ZONE", help="whose clock the times are by; default: the site's")
    plan.add_argument(
        "--flexible",
        action="store_true",
        help="begin with the first failure from --from on, for --length, and be over by --until",
    )
    plan.add_argument("--reason", metavar="TEXT", required=True, help="why; it stands in the log")


def _add_end(whats: Commands, means: MaintenanceArguments) -> None:
    end = means.command(
        whats,
        "end",
        "end a window that is in force, or cancel it",
        "  controlroom maintenance end 3\n  controlroom maintenance end 3 --cancel --note 'moved to spring'",
        "Of a recurring window the next one comes all the same, unless it is cancelled.",
    )
    end.add_argument(
        "number",
        metavar="NUMBER",
        type=means.whole(1, 10**9 - 1),
        help="the window's number, as list shows it",
    )
    means.add_data(end)
    end.add_argument("--cancel", action="store_true", help="all of it, also what is still to come")
    end.add_argument("--note", metavar="TEXT", default="", help="a word for the log")


def _add_reclassify(whats: Commands, means: MaintenanceArguments) -> None:
    count = means.command(
        whats,
        "reclassify",
        "count past down time of an endpoint as maintenance",
        "  controlroom maintenance reclassify mast --from 2026-11-27T02:00 --until 2026-11-27T04:00 \\\n"
        "      --reason 'The carrier worked on it and told us a day later'",
        _RECLASSIFY_MORE,
    )
    count.add_argument("endpoint", metavar="ENDPOINT", help="its id")
    means.add_data(count)
    count.add_argument("--from", dest="begins", metavar="TIME", required=True, help=f"from when: {_WHEN}")
    count.add_argument("--until", dest="ends", metavar="TIME", required=True, help="until when")
    count.add_argument("--zone", metavar="ZONE", help="whose clock the times are by; default: the site's")
    count.add_argument("--reason", metavar="TEXT", required=True, help="why; it stands in the log")
