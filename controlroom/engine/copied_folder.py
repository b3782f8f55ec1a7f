"""A copy of what a desk reads besides the store, to leave no trace of looking. It copies no measurement."""

from __future__ import annotations

import shutil
from pathlib import Path

from controlroom.engine.roster_file import FILE as ROSTER
from controlroom.engine.running_site import FILE as RUNNING
from controlroom.store.folder import DataFolder


def copy_for_looking(folder: DataFolder, place: Path) -> DataFolder:
    """Copy the site file and the list of operators, as far as they exist, into an empty place of our own.

    Where the site file lies elsewhere, what the engine runs stands for it.
    """
    copied = DataFolder(place)
    running = folder.path / RUNNING
    site = folder.site_file if folder.site_file.is_file() else running
    for file, copy in (
        (site, copied.site_file),
        (running, place / RUNNING),
        (folder.path / ROSTER, place / ROSTER),
    ):
        if file.is_file():
            shutil.copy(file, copy)
    return copied
