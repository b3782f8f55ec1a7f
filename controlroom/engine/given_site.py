"""Which site file a folder's engine was last given, where that is not the folder's own. It reads no site.

Rules:
1. Whoever opens a folder without naming a site goes by the folder's own file. Where it has none, or while an
   engine runs there on another, it is the file that the engine was last given: a desk that starts a dead
   engine again may not put another room in its place.
2. Where the folder has neither, and an engine ran there on a file of which nobody knows the place, no site is
   taken and none is written: it has to be named.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from controlroom.engine import owner_only_file
from controlroom.engine.running_site import FILE as RUNNING
from controlroom.errors import EngineError, StoreError
from controlroom.store.folder import DataFolder
from controlroom.store.lock import EngineLock

FILE: Final = "given-site.txt"
_MOST: Final = 4096


def site_file_of(folder: DataFolder) -> Path:
    """Return the site file of a folder for which none was named (rules 1 and 2)."""
    own, given = folder.site_file, _given(folder)
    if given is not None and (not own.exists() or _is_run(folder)):
        return given
    if given is None and not own.exists() and (folder.path / RUNNING).exists():
        raise EngineError(
            "site-not-named",
            f"An engine ran on {folder.path} with a site file from elsewhere.",
            f"Name that file with --site; what it said lies there as {RUNNING}.",
        )
    return own


def note_given(folder: DataFolder, site_file: Path) -> None:
    """Note which file the engine of a folder was given; raise ``EngineError`` where it cannot be noted."""
    place = folder.path / FILE
    try:
        if site_file.absolute() == folder.site_file.absolute():
            place.unlink(missing_ok=True)
        else:
            owner_only_file.put(place, str(site_file.absolute()).encode())
    except OSError as error:
        raise EngineError(
            "given-site-unwritable",
            f"Which site file the engine was given cannot be noted in {place}: {error.strerror}.",
            "Check the folder, its rights and its space.",
        ) from error


def _given(folder: DataFolder) -> Path | None:
    try:
        text = (folder.path / FILE).read_bytes()[: _MOST + 1].decode()
    except (OSError, UnicodeDecodeError):
        return None
    path = Path(text)
    return path if 0 < len(text) <= _MOST and text.isprintable() and path.is_absolute() else None


def _is_run(folder: DataFolder) -> bool:
    with suppress(StoreError):
        return EngineLock.holder(folder) is not None
    return True  # something holds the store and does not say who it is
