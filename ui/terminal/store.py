"""The command ``store``: runs the part that was chosen, shows how far it is, prints what came of it.

Rules
1. A data folder that is not there is refused, and so is one in which no engine has run; one whose store is
   gone while its history is there may be checked.
2. An interrupt ends a part at once, in good order, and says so.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from controlroom.errors import StoreError
from controlroom.store.care import BackupDone, Compacted, Observation, StoreStats, Tell
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Retention
from ui.terminal.data_folder import refuse_empty
from ui.terminal.exit_codes import FOUND_TROUBLE
from ui.terminal.store_backup import print_backup
from ui.terminal.store_check import run_store_check
from ui.terminal.store_compact import print_compacted
from ui.terminal.store_progress import ProgressLine
from ui.terminal.store_stats import print_stats

_INTERRUPTED = {
    "check": "Interrupted. Nothing was changed.",
    "backup": "Interrupted. There is no backup; what had been copied was removed.",
    "compact": "Interrupted. Every file is whole.",
    "stats": "Interrupted. Nothing was changed.",
}


@dataclass(frozen=True, slots=True)
class StoreMeans:
    """What the parts need: the care of one store, and what else is known of its folder."""

    folder: DataFolder
    check: Callable[[Tell], Sequence[Observation]]
    backup: Callable[[Path, Tell], BackupDone]
    compact: Callable[[Tell], Iterable[Compacted]]
    stats: Callable[[Tell], StoreStats]
    kept: Callable[[], Retention | None]
    """How much is kept, or ``None`` where no site file says so."""
    simulated: Callable[[], bool | None]
    """Whether what is stored is simulated; ``None`` where nothing is. May raise ``StoreError``."""
    monotonic_s: Callable[[], float]


def run_store(chosen: argparse.Namespace, means: StoreMeans, out: TextIO, err: TextIO) -> int:
    """Run one part and return its exit code; raise ``StoreError`` where it cannot be run."""
    folder = means.folder
    if chosen.part != "check" or not folder.history_files():
        refuse_empty(folder)
    try:
        with ProgressLine(err, means.monotonic_s) as tell:
            return _run(chosen, means, tell, out)
    except KeyboardInterrupt:
        err.write(f"{_INTERRUPTED[chosen.part]}\n")
        return FOUND_TROUBLE


def _run(chosen: argparse.Namespace, means: StoreMeans, tell: ProgressLine, out: TextIO) -> int:
    place = means.folder.path
    if chosen.part == "check":
        found = means.check(tell)
        tell.wipe()
        return run_store_check(found, place, simulated=_simulated(means), as_json=chosen.json, out=out)
    if chosen.part == "backup":
        done = means.backup(chosen.output, tell)
        tell.wipe()
        return print_backup(done, place, simulated=_simulated(means), out=out)
    if chosen.part == "compact":
        return print_compacted(_wiping(means.compact(tell), tell), out)
    stats = means.stats(tell)
    tell.wipe()
    return print_stats(stats, means.kept(), simulated=_simulated(means), as_json=chosen.json, out=out)


def _wiping(compacted: Iterable[Compacted], tell: ProgressLine) -> Iterable[Compacted]:
    for each in compacted:
        tell.wipe()
        yield each


def _simulated(means: StoreMeans) -> bool | None:
    try:
        return means.simulated()
    except StoreError:
        return None  # the store cannot say, and what was found says why
