"""The arguments of ``controlroom backtest``, and their help. What is tried out is judged elsewhere."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from controlroom.report.range import TimePoint

if TYPE_CHECKING:
    from ui.terminal.parser import Commands, Parser

_MORE = (
    "What was measured goes through the very code that judges live, and nothing is written. A backtest asks "
    "nothing again: of a data folder the re-probes of that time are replayed, whereas an outage in a CSV is "
    "certain only as late as its rows allow. It begins knowing nothing of a link: begin some days before "
    "what is to be seen. A CSV has the columns time (ISO 8601, else UTC, or POSIX seconds), rtt_ms "
    "(empty: lost) and maybe status (ok, timeout, error: not run); its period is the median step, and a "
    "reply counts as lost after a second, or after --set timeout_s. Exit 2 names every wrong row. "
    "docs/backtest.md explains the JSON."
)
_SETTINGS = (
    "try this in the place of the site's: period_s, timeout_s, confirm_attempts, return_attempts, "
    "false_call_days, or a limit as METRIC.KEY (loss_ratio.raise_above=0.05); may be repeated"
)


@dataclass(frozen=True, slots=True)
class BacktestArguments:
    """How the program's parser makes a command and the options that several commands share."""

    command: Callable[..., Parser]
    add_data: Callable[[argparse.ArgumentParser], None]
    add_site: Callable[[argparse.ArgumentParser], None]
    add_json: Callable[[argparse.ArgumentParser], None]
    path: Callable[[str], object]
    time: Callable[[str], TimePoint]


def add_backtest(commands: Commands, means: BacktestArguments) -> None:
    """Add the command."""
    backtest = means.command(
        commands,
        "backtest",
        "replay history or a CSV, and say what settings would have alarmed on",
        "  controlroom backtest --since 30d --endpoint mast-north --set loss_ratio.raise_above=0.05\n"
        "  controlroom backtest --data /srv/controlroom --profile ptt-voice --since 7d --json\n"
        "  controlroom backtest --csv link.csv --set false_call_days=7",
        _MORE,
    )
    means.add_data(backtest)
    means.add_site(backtest)
    backtest.add_argument(
        "--csv", metavar="F", type=means.path, help="replay this file and no data folder; at most 1 GiB"
    )
    backtest.add_argument(
        "--endpoint",
        dest="endpoints",
        metavar="ID",
        action="append",
        default=[],
        help="only this one; may be repeated; default: all that something reaches",
    )
    backtest.add_argument("--profile", metavar="P", help="grade by this profile in the place of the site's")
    backtest.add_argument(
        "--set", dest="settings", metavar="KEY=VALUE", action="append", default=[], help=_SETTINGS
    )
    moment = "ISO 8601 (site's time zone where no offset is given; of a CSV UTC) or a span such as 2h, 7d"
    backtest.add_argument("--since", metavar="TIME", type=means.time, help=f"from when: {moment}")
    backtest.add_argument("--until", metavar="TIME", type=means.time, help="until when, in the same forms")
    means.add_json(backtest)
