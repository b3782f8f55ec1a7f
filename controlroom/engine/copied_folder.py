"""A copy of what a desk reads besides the store, to leave no trace of looking. It copies no measurement."""

from __future__ import annotations

import shutil
from pathlib import Path

from controlroom.engine.roster_file import FILE
from controlroom.store.folder import DataFolder


def copy_for_looking(folder: DataFolder, place: Path) -> DataFolder:
    """Copy the site file and the list of operators, as far as they exist, into an empty place of our own."""
    copied = DataFolder(place)
    for file, copy in ((folder.site_file, copied.site_file), (folder.path / FILE, place / FILE)):
        if file.is_file():
            shutil.copy(file, copy)
    return copied
