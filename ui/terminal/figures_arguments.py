"""The arguments of ``controlroom figures``, and their help. What the window holds is read elsewhere."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from controlroom.measure.figures import WindowLength
from controlroom.report.range import TimePoint

if TYPE_CHECKING:
    from ui.terminal.parser import Commands, Parser

WINDOWS: Final = {
    "1min": WindowLength.MINUTE,
    "5min": WindowLength.FIVE_MINUTES,
    "1h": WindowLength.HOUR,
    "shift": WindowLength.SHIFT,
}
USUAL_WINDOW: Final = "5min"

_MORE: Final = (
    "The worst endpoint comes first, the loss stands beside every round trip, and what was not measured "
    "beside both. Up to a day single readings are read; beyond it whole hours tell counts, loss, least, "
    "greatest and percentiles. Voice is an estimate and shows what it assumes. Budgets and burn rates are "
    "those of the thirty days that end with the window. docs/figures.md explains each figure and the JSON."
)


@dataclass(frozen=True, slots=True)
class FiguresArguments:
    """How the program's parser makes a command and the options that several commands share."""

    command: Callable[..., Parser]
    add_data: Callable[[argparse.ArgumentParser], None]
    add_json: Callable[[argparse.ArgumentParser], None]
    time: Callable[[str], TimePoint]


def add_figures(commands: Commands, means: FiguresArguments) -> None:
    """Add the command."""
    figures = means.command(
        commands,
        "figures",
        "show the figures of links over a window: round trips, loss, jitter, order, voice, availability",
        "  controlroom figures --window 1h\n"
        "  controlroom figures --endpoint mast-north --since 2026-03-29T06:00 --until 2026-03-29T18:00\n"
        "  controlroom figures --window shift --profile ptt-voice --json",
        _MORE,
    )
    means.add_data(figures)
    figures.add_argument(
        "--endpoint",
        dest="endpoints",
        metavar="ID",
        action="append",
        default=[],
        help="only this one, with the services through it; may be repeated; default: all",
    )
    figures.add_argument(
        "--probe", metavar="NAME", help="by this one, in place of the first that times round trips"
    )
    figures.add_argument(
        "--window",
        choices=tuple(WINDOWS),
        help=f"the window, ending now; shift: 12 h; default {USUAL_WINDOW}",
    )
    moment = "ISO 8601 (site's time zone where no offset is given) or a span back from now such as 2h, 7d"
    figures.add_argument(
        "--since", metavar="TIME", type=means.time, help=f"a window of your own, from when: {moment}"
    )
    figures.add_argument(
        "--until", metavar="TIME", type=means.time, help="until when, in the same forms; default: now"
    )
    figures.add_argument("--profile", metavar="P", help="grade by this profile in the place of the site's")
    means.add_json(figures)
