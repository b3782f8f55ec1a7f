"""The command ``store backup``: says what was copied, what was not, and how to put it back."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Final, TextIO

from controlroom.report.escaping import printable
from controlroom.report.figures import value_text
from controlroom.store.care import BackupDone, RowsLeftOut
from ui.terminal.exit_codes import FOUND_TROUBLE
from ui.terminal.store_progress import SIMULATED_LINE

_LONGEST: Final = 300
_MOST_NAMES: Final = 12
_SITE: Final = "site.toml"
_ROWS: Final = {
    "journal": ("second", "seconds"),
    "chunk": ("chunk (ten minutes of a probe)", "chunks (ten minutes of a probe each)"),
    "minutes": ("day of minutes", "days of minutes"),
    "hours": ("day of hours", "days of hours"),
}
_WHY: Final = {
    "store-damaged": "it is damaged",
    "store-foreign": "it belongs to another store",
    "store-newer": "a newer program wrote it",
    "store-older": "an older program wrote it",
}


def print_backup(done: BackupDone, folder: Path, *, simulated: bool | None, out: TextIO) -> int:
    """Say what a backup holds; return 1 where measurements had to be left out."""
    shown = printable(str(done.folder), _LONGEST)
    size = value_text(float(done.bytes), "B")
    lines = [SIMULATED_LINE] if simulated else []
    lines.append(f"{shown} is a backup of {printable(str(folder), _LONGEST)}: {size}, read again and sound.")
    lines.append(f"It holds {_files(done)}.")
    for left in done.left_out:
        why = _WHY.get(left.code, printable(left.code, 40))
        lines.append(f"LEFT OUT: {printable(left.file, 80)}, for {why}. See: {_command('check', folder)}")
    lines += [f"LEFT OUT: {_rows(left)}. See: {_command('check', folder)}" for left in done.rows_left_out]
    if _SITE not in done.other_files:
        lines.append(
            "The data folder has no site file of its own: keep the one that the engine is given too."
        )
    if done.not_copied:
        lines.append(f"Not copied, for they are no part of a store: {_listed(done)}.")
    lines.append("Secrets that the site file names are not in it.")
    lines.append(
        "To restore: end the engine, move the data folder away, copy the backup to its place, and start."
    )
    out.write("".join(f"{line}\n" for line in lines))
    return FOUND_TROUBLE if done.left_out or done.rows_left_out else 0


def _rows(left: RowsLeftOut) -> str:
    one, several = _ROWS.get(left.table, ("row", "rows"))
    what = f"{left.rows} {one if left.rows == 1 else several}"
    damaged = "that does not fit its checksum" if left.rows == 1 else "that do not fit their checksum"
    return f"{what} of {printable(left.file, 80)} {damaged}; the rest of that file is in the backup"


def _files(done: BackupDone) -> str:
    history = done.databases - 1
    told = f"store.db and {history} file{'' if history == 1 else 's'} of history"
    kinds = dict.fromkeys(name.split("/")[0] for name in done.other_files)
    return f"{told}; {', '.join(printable(kind, 80) for kind in kinds)}" if kinds else told


def _listed(done: BackupDone) -> str:
    names = [printable(name, 80) for name in done.not_copied[:_MOST_NAMES]]
    more = len(done.not_copied) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _command(part: str, folder: Path) -> str:
    return printable(f"controlroom store {part} --data {shlex.quote(str(folder))}", _LONGEST)
