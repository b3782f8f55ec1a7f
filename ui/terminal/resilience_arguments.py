"""The arguments of ``controlroom resilience`` and ``controlroom audit``, and their help."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from controlroom.report.escaping import printable

if TYPE_CHECKING:
    from ui.terminal.parser import Commands, Parser

ALL_ORDERS: Final = 0
"""What ``--order all`` is read as."""
USUAL_ORDER: Final = 4
MOST_ORDER: Final = 12
FORMATS: Final = ("html", "pdf", "csv", "json")

_MORE: Final = (
    "How many further failures lose each service, which ones, and what would be if some had failed: of the "
    "site as it is laid out, or with --data as it stands now, with what can be expected of each service by "
    "what its parts did so far. A risk group that fails takes all its members with it. "
    "docs/audit.md explains the figures and the JSON."
)
_AUDIT_MORE: Final = (
    "What is monitored and who answers for it, single points of failure, shared risks, what nobody owns, "
    "reviews and agreements that are due, clocks, and with --data how well it was measured and what was "
    "practised. The findings are ranked, each with what to do. Nothing is asked and nothing is changed. "
    "docs/audit.md explains each finding and the JSON."
)


@dataclass(frozen=True, slots=True)
class ResilienceArguments:
    """How the program's parser makes a command and the options that several commands share."""

    command: Callable[..., Parser]
    add_data: Callable[[argparse.ArgumentParser], None]
    add_site: Callable[[argparse.ArgumentParser], None]
    add_json: Callable[[argparse.ArgumentParser], None]
    path: Callable[[str], object]


def add_resilience(commands: Commands, means: ResilienceArguments) -> None:
    """Add both commands."""
    resilience = means.command(
        commands,
        "resilience",
        "say how many failures each service is from loss, and which",
        "  controlroom resilience --site room.toml\n"
        "  controlroom resilience --site room.toml --fail mast-north --fail group:duct-west\n"
        "  controlroom resilience --data /srv/controlroom --order all --json",
        _MORE,
    )
    _add_sources(resilience, means)
    resilience.add_argument(
        "--fail",
        dest="failed",
        metavar="ID",
        action="append",
        default=[],
        help="suppose that this endpoint or risk group has failed; may be repeated",
    )
    resilience.add_argument(
        "--order",
        metavar="N",
        type=_order,
        default=USUAL_ORDER,
        help=f"list what loses a service together up to so many failures, or all; default {USUAL_ORDER}",
    )
    means.add_json(resilience)
    audit = means.command(
        commands,
        "audit",
        "write an audit of the site: inventory, ranked findings, quality of the data, training",
        "  controlroom audit --site room.toml --format html --output audit.html\n"
        "  controlroom audit --data /srv/controlroom --format pdf --output audit.pdf\n"
        "  controlroom audit --site room.toml --format json",
        _AUDIT_MORE,
    )
    _add_sources(audit, means)
    audit.add_argument("--format", choices=FORMATS, default="html", help="default html")
    audit.add_argument(
        "--output", metavar="F", type=means.path, help="the file to write; default: standard output"
    )


def _add_sources(parser: Parser, means: ResilienceArguments) -> None:
    means.add_site(parser)
    means.add_data(parser)


def _order(text: str) -> int:
    if text == "all":
        return ALL_ORDERS
    if text.isascii() and text.isdigit() and len(text) < 3 and 1 <= int(text) <= MOST_ORDER:
        return int(text)
    shown = printable(text, 60)
    raise argparse.ArgumentTypeError(f"“{shown}” is neither a whole number from 1 to {MOST_ORDER} nor all")
