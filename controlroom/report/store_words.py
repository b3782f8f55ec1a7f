"""Why the store could not keep or show something, as phrases, and what can be done about each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from controlroom.store.interface import LeftOver

_MISTAKE: Final = "This is a mistake of the program: please report it, with engine.log from the data folder."
_DISK: Final = "Check the disk and the data folder; engine.log there has the details."

STORE_REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "disk-full": (
        "no room is left on the disk",
        "Make room on it. Nothing is lost while the next 15 minutes are kept in memory.",
    ),
    "store-damaged": ("a file is damaged", "It is being mended; look at the log."),
    "store-mended": (
        "a file could not be used and has been set aside",
        "What could be read of it was saved. The log says which file, why, and what was lost.",
    ),
    "disk-read-only": (
        "the disk is mounted read-only",
        "The system does so after an error of the disk: look at dmesg, and mount it for writing again.",
    ),
    "store-missing": (
        "the store was missing and has been begun anew",
        "What was measured is there. If you have a backup, stop the engine and put it in place.",
    ),
    "store-behind": (
        "the store is older than its history, as when a backup was put back",
        "What was measured is there. If a newer store.db exists, stop the engine and put it in place.",
    ),
    "rows-damaged": (
        "some measurements could not be read and have been set aside",
        "All else is shown. The log says which. Check the disk.",
    ),
    "store-cut-short": (
        "the end of the store was lost while no engine ran",
        "The log says how much. If you have the newer store.db, stop the engine and put it in place.",
    ),
    "rollups-waiting": (
        "the minutes and hours of a day cannot be made",
        "Charts of that day are made of its readings. If the next start tells it again, please report it.",
    ),
    "history-missing": (
        "a file of the history was deleted or moved away",
        "The log says which. If you have it, stop the engine, put it in place, and start again.",
    ),
    "store-replaced": (
        "a file was deleted, moved or overwritten while the engine ran, and has been put back",
        "Leave the data folder alone while the engine runs.",
    ),
    "folder-gone": ("the data folder was deleted or moved away", "Put it back."),
    "store-read-only": (
        "the data folder cannot be written",
        "Give the account that runs the engine the right to write there.",
    ),
    "store-busy": ("another program holds the store", "Find out which program has it open, and end it."),
    "store-failed": ("the disk reports an error", _DISK),
    "store-newer": ("a file is of a newer program", "Install that program again."),
    "store-foreign": ("a file is of another program", "Move that file out of the data folder."),
    "inbox-failed": ("what desks ask for cannot be read", _DISK),
    "batch-refused": ("the store refused what it was given", _MISTAKE),
    "chunk-too-large": ("there is more than can be packed", "Probe less often."),
    "second-too-large": ("there is more than one second can hold", "Probe less often."),
}
"""By the code of the error."""


def left_over_words(left_over: LeftOver | None) -> str:
    """Say what an engine that has ended could not keep; ``None`` is an engine that did not say."""
    if left_over is None:
        return "Monitoring has ended without saying whether everything was kept."
    seconds, entries, why = left_over
    lost = [f"{seconds} {'second' if seconds == 1 else 'seconds'} of readings"] if seconds else []
    lost += [f"{entries} {'entry' if entries == 1 else 'entries'} of the log"] if entries else []
    reason, _ = STORE_REASONS.get(why, ("see engine.log in the data folder for why", ""))
    return f"Monitoring has ended, but {' and '.join(lost)} could not be kept: {reason}."
