"""The command ``check``: says in a terminal whether a site file is right. It starts and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TextIO

from controlroom.finding import Doubt
from controlroom.reading import ProbeKey
from controlroom.report.escaping import printable
from controlroom.site.mistakes import SiteError
from controlroom.site.model import Site

RIGHT: Final = 0
WRONG: Final = 2


def run_check(
    path: Path,
    load: Callable[[Path], Site],
    doubts: Callable[[Site], Iterable[tuple[ProbeKey, Doubt]]],
    out: TextIO,
    err: TextIO,
) -> int:
    """Check a site file; write a summary to ``out`` and return 0, or all mistakes to ``err`` and return 2.

    ``load`` reads the file and raises ``SiteError`` with every mistake. ``doubts`` are what is no mistake and
    had better be otherwise: a warning each.
    """
    try:
        site = load(path)
    except SiteError as error:
        print_mistakes(error, err)
        return WRONG
    out.write(f"{printable(str(path))}: no mistakes; {summary_of(site)}.\n")
    for key, doubt in doubts(site):
        out.write(f"Warning: {printable(str(key))}: {doubt.words} {doubt.cure}\n")
    return RIGHT


def print_mistakes(error: SiteError, err: TextIO) -> None:
    """Write each mistake on a line of its own."""
    for mistake in error.mistakes:
        err.write(f"{printable(str(mistake))}\n")


def summary_of(site: Site) -> str:
    """Say in a few words how much a site holds."""
    probes = sum(len(endpoint.probes) for endpoint in site.endpoints)
    counts = ((len(site.endpoints), "endpoint"), (probes, "probe"), (len(site.services), "service"))
    return ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in counts)
