"""The arguments of ``controlroom store``: check, backup, compact and stats, and their help."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.terminal.parser import Commands, Parser

_CHECK_MORE = (
    "It may run beside a live engine; nothing is changed and no file is made. Of store.db and every file of "
    "the history: the pages, the format, which store it is of, every chunk and rollup, the log's chain from "
    "its first entry, and whether every second lies in the journal or in a chunk. Exit 1 where anything is "
    "in trouble or cannot be told. Ctrl-C ends it."
)
_BACKUP_MORE = (
    "It may run beside a live engine, and the copy is of one moment. Besides the store it holds the site "
    "file, its versions, the operators, the desk's settings and acts that wait; never a secret. DIR must not "
    "exist or be empty, on a disk with enough room; its parent must exist. To restore: end the engine, move "
    "the data folder away, copy DIR to its place, and start again."
)
_COMPACT_MORE = (
    "No engine may run. Each file is checked, then written anew without its gaps, which needs about twice "
    "its size of free room for the while. Ctrl-C leaves every file whole."
)
_STATS_MORE = (
    "It may run beside a live engine, and nothing is changed. Sizes, what is held of each resolution, how "
    "much a reading takes, what waits, and for how long the room on the disk lasts at the present rate."
)


@dataclass(frozen=True, slots=True)
class Means:
    """How the program's parser makes a command and the options that several commands share."""

    command: Callable[..., Parser]
    add_data: Callable[[argparse.ArgumentParser], None]
    add_site: Callable[[argparse.ArgumentParser], None]
    add_json: Callable[[argparse.ArgumentParser], None]
    path: Callable[[str], object]


def add_store(commands: Commands, means: Means) -> None:
    """Add the command with its four parts; ``chosen.part`` says which."""
    store = means.command(
        commands,
        "store",
        "look a store through, copy it, make it smaller, say what it holds",
        "  controlroom store check\n"
        "  controlroom store backup --output /media/backup/controlroom-2026-03-29\n"
        "  controlroom store compact --data /srv/controlroom\n"
        "  controlroom store stats --json",
    )
    means.add_data(store)
    parts = store.add_subparsers(dest="part", metavar="PART", title="parts", required=True)
    check = _part(means, parts, "check", "look whether all that is stored can be read", _CHECK_MORE)
    backup = _part(means, parts, "backup", "copy the data folder, and read the copy again", _BACKUP_MORE)
    compact = _part(
        means, parts, "compact", "give the room of what was dropped back to the disk", _COMPACT_MORE
    )
    stats = _part(means, parts, "stats", "say what is stored, and how long the disk lasts", _STATS_MORE)
    backup.add_argument(
        "--output", metavar="DIR", type=means.path, required=True, help="the folder that becomes the backup"
    )
    means.add_site(stats)
    for part in (check, stats):
        means.add_json(part)
    for part in (check, backup, compact, stats):
        means.add_data(part)


def _part(means: Means, parts: Commands, name: str, summary: str, more: str) -> Parser:
    output = " --output /media/backup/controlroom" if name == "backup" else ""
    example = f"  controlroom store {name} --data /srv/controlroom{output}"
    return means.command(parts, name, summary, example, more)
