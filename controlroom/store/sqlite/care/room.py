"""Whether there is a place, and room enough, for what the care of a store is about to write."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from controlroom.errors import StoreError
from controlroom.store.folder import DataFolder

SPARE_BYTES: Final = 16 * 1024 * 1024
"""Left free beyond what is asked for: an engine on the same disk goes on writing."""

_ELSEWHERE: Final = "Name another folder with --output."


def free_bytes(place: Path) -> int:
    """Return the room that this account has on the disk of a place."""
    disk = os.statvfs(place)
    return disk.f_bavail * disk.f_frsize


def refuse_little_room(place: Path, wanted_bytes: int) -> None:
    """Raise ``StoreError`` ``no-room`` where so many bytes, and some to spare, are not free."""
    free = free_bytes(place)
    if free < wanted_bytes + SPARE_BYTES:
        raise StoreError(
            "no-room",
            f"{(wanted_bytes + SPARE_BYTES) / 1e6:,.0f} MB are needed on the disk of {place},"
            f" and {free / 1e6:,.0f} MB are free.",
            "Make room there, or choose another disk. Nothing was written.",
        )


def refuse_output(folder: DataFolder, output: Path) -> None:
    """Raise ``StoreError`` where a backup must not be put: ``output-unusable``, ``output-not-empty``."""
    if not output.parent.is_dir():
        raise _unusable(f"There is no folder {output.parent} to put the backup into.")
    if output.resolve().is_relative_to(folder.path.resolve()):
        raise _unusable(f"{output} lies in the data folder itself.")
    if not os.path.lexists(output):
        return
    if output.is_symlink() or not output.is_dir():
        raise _unusable(f"{output} is no folder.")
    if os.path.ismount(output):
        raise _unusable(
            f"{output} is a whole disk.", f"Name a folder on it, such as {output / 'controlroom'}."
        )
    if any(output.iterdir()):
        raise StoreError("output-not-empty", f"The folder {output} is not empty.", _ELSEWHERE)


def _unusable(happened: str, advice: str = _ELSEWHERE) -> StoreError:
    return StoreError("output-unusable", happened, advice)
