"""Which data folder is meant, and whether it can be looked at. It makes and changes nothing.

Rules:
1. A folder that is not there, that may not be read or that holds nothing of ours is most likely a
   mistyped ``--data``: it is refused, for an empty picture of it would look like an answer.
2. A folder that was prepared, on which no engine has run yet, can be looked at.
"""

from __future__ import annotations

import argparse
import os
import stat
from typing import Final

import platformdirs

from controlroom.errors import StoreError
from controlroom.report.escaping import printable
from controlroom.store.folder import DataFolder

NO_FOLDER: Final = "no-data-folder"
UNREADABLE: Final = "folder-unreadable"
NEVER_RAN: Final = "engine-never-ran"
NOTHING_TO_SHOW: Final = "nothing-to-show"

_CHECK: Final = "Check --data; `controlroom engine` or `controlroom poll` starts monitoring in a folder."


def folder_of(chosen: argparse.Namespace) -> DataFolder:
    """Return the folder that was typed, else the platform's for this user's data."""
    name = "controlroom-demo" if chosen.command == "demo" else "controlroom"
    return DataFolder(chosen.data or platformdirs.user_data_path(name, appauthor=False))


def folder_to_read(chosen: argparse.Namespace) -> DataFolder:
    """Return the same where there is something to be read in it; raise ``StoreError`` where not."""
    folder = folder_of(chosen)
    refuse_unreadable(folder)
    return folder


def refuse_unreadable(folder: DataFolder) -> None:
    """Raise ``StoreError`` (``NO_FOLDER``, ``UNREADABLE``) where there is nothing to be read."""
    shown = printable(str(folder.path), 300)
    try:
        mode = folder.path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise StoreError(NO_FOLDER, f"There is no data folder {shown}.", _CHECK) from None
    except OSError as error:
        raise _unreadable(shown, error.strerror or type(error).__name__) from None
    if not stat.S_ISDIR(mode):
        raise StoreError(NO_FOLDER, f"{shown} is no folder.", _CHECK)
    if not os.access(folder.path, os.R_OK | os.X_OK):
        raise _unreadable(shown, "Permission denied")
    ours = (folder.store_file, folder.lock_file, folder.inbox, folder.history, folder.site_file)
    if not any(os.path.lexists(path) for path in ours):
        raise StoreError(NO_FOLDER, f"The folder {shown} holds no store of this program.", _CHECK)
    if os.path.lexists(folder.store_file) and not os.access(folder.store_file, os.R_OK):
        raise _unreadable(shown, "Permission denied")


def refuse_empty(folder: DataFolder) -> None:
    """Raise ``StoreError`` (``NEVER_RAN``) where no engine has ever written."""
    if not folder.store_file.exists():
        shown = printable(str(folder.path), 300)
        raise StoreError(NEVER_RAN, f"No engine has run in the data folder {shown} yet.", _CHECK)


def refuse_nothing_to_show(folder: DataFolder) -> None:
    """Raise ``StoreError`` (``NOTHING_TO_SHOW``) where a picture would be empty."""
    if not folder.store_file.exists():
        shown = printable(str(folder.path), 300)
        happened = f"No engine has run in the data folder {shown} yet: there is nothing to show."
        raise StoreError(NOTHING_TO_SHOW, happened, _CHECK)


def _unreadable(shown: str, reason: str) -> StoreError:
    return StoreError(
        UNREADABLE,
        f"The data folder {shown} cannot be read by this account: {reason}.",
        "Look at it from the account that it belongs to, or check --data.",
    )
