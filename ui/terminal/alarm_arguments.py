"""The arguments of ``controlroom alarm``, and their help. What they bring about stands elsewhere."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from controlroom.report.alarm_health import USUAL_DAYS
from controlroom.report.range import TimePoint
from ui.terminal.alarm_act_arguments import add_acts, add_list, add_show

if TYPE_CHECKING:
    from ui.terminal.parser import Commands, Parser

MOST_DAYS: Final = 3660
MOST_POSITIONS: Final = 100

_HEALTH: Final = (
    "Each figure stands beside the published target of ISA-18.2 and IEC 62682, and whether it is met. They "
    "are for one operator position and for 30 days or more. Time without monitoring is left out. Advice "
    "names the sources that are worth a look, with the backtest to run. docs/alarm-health.md explains each "
    "figure and the JSON."
)


@dataclass(frozen=True, slots=True)
class AlarmArguments:
    """How the program's parser makes a command and the options that several commands share."""

    command: Callable[..., Parser]
    add_data: Callable[[argparse.ArgumentParser], None]
    add_json: Callable[[argparse.ArgumentParser], None]
    time: Callable[[str], TimePoint]
    whole: Callable[[int, int], Callable[[str], int]]


def add_alarm(commands: Commands, means: AlarmArguments) -> None:
    """Add the command with all that can be wanted of alarms."""
    alarm = means.command(
        commands,
        "alarm",
        "look at alarms, do something about them, and tell how healthy they are",
        "  controlroom alarm list\n"
        "  controlroom alarm ack 12 --note 'carrier called'\n"
        "  controlroom alarm shelve 12 --for 2h --reason 'technician on site'\n"
        "  controlroom alarm health --days 7",
    )
    means.add_data(alarm)
    wanted = alarm.add_subparsers(dest="alarm_command", metavar="WHAT", title="what", required=True)
    add_list(wanted, means)
    add_show(wanted, means)
    add_acts(wanted, means)
    add_health(wanted, means)


def add_health(wanted: Commands, means: AlarmArguments) -> None:
    """Add ``alarm health``."""
    health = means.command(
        wanted,
        "health",
        "show how many alarms the operators were given, beside the published targets, and what to do",
        "  controlroom alarm health\n"
        "  controlroom alarm health --days 7 --positions 2\n"
        "  controlroom alarm health --since 2026-03-01 --until 2026-03-31 --json",
        _HEALTH,
    )
    means.add_data(health)
    health.add_argument(
        "--days",
        metavar="N",
        type=means.whole(1, MOST_DAYS),
        help=f"so many days, ending now; default {USUAL_DAYS}",
    )
    moment = "ISO 8601 (site's time zone where no offset is given) or a span back from now such as 2h, 7d"
    health.add_argument(
        "--since", metavar="TIME", type=means.time, help=f"a range of your own, from when: {moment}"
    )
    health.add_argument(
        "--until", metavar="TIME", type=means.time, help="until when, in the same forms; default: now"
    )
    health.add_argument(
        "--positions",
        metavar="N",
        type=means.whole(1, MOST_POSITIONS),
        default=1,
        help="how many operator positions share the alarms; default 1",
    )
    means.add_json(health)
