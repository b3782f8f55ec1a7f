"""Whether a data folder holds simulated or real measurements: the two never share one. It writes nothing.

A folder is bound by what first wrote into it, for good: the store keeps the view of the site that its engine
runs, and that says which of the two it is. A store without a site has measured nothing and is free.
"""

from __future__ import annotations

import json
from typing import Final

from controlroom.errors import EngineError, StoreError
from controlroom.store.folder import DataFolder
from controlroom.store.sqlite import open_read_store

FOLDER_REAL: Final = "folder-real"
FOLDER_SIMULATED: Final = "folder-simulated"


def holds_simulated(site_json: str | None) -> bool | None:
    """Tell what a store holds by the site it keeps; ``None`` where it has measured nothing.

    What cannot be read counts as real: nothing real is ever taken for a simulation.
    """
    if site_json is None:
        return None
    try:
        kept = json.loads(site_json)
    except (ValueError, RecursionError):
        return False
    return isinstance(kept, dict) and kept.get("simulated") is True


def refuse_other_kind(site_json: str | None, *, simulated: bool) -> None:
    """Raise ``EngineError`` where a store holds the other kind of measurements."""
    held = holds_simulated(site_json)
    if held is None or held is simulated:
        return
    if held:
        raise EngineError(
            FOLDER_SIMULATED,
            "The data folder holds SIMULATED measurements, and this site is a real one.",
            "Choose another data folder with --data; the two are never kept together.",
        )
    raise EngineError(
        FOLDER_REAL,
        "The data folder holds real measurements, and this site is simulated.",
        "Choose another data folder with --data; `controlroom demo` has one of its own.",
    )


def site_kept(folder: DataFolder) -> str | None:
    """Read the site that a folder's store keeps, leaving no trace; raise ``StoreError`` if it cannot."""
    if not folder.store_file.exists():
        return None
    store = open_read_store(folder, leave_no_trace=True)
    try:
        return store.site_json()
    finally:
        store.close()


def refuse_folder_of_other_kind(folder: DataFolder, *, simulated: bool) -> None:
    """Raise ``EngineError`` before anything is written where a folder holds the other kind.

    A store that cannot be read, such as one of an older format, is left to its engine, which looks again once
    it holds the store.
    """
    try:
        kept = site_kept(folder)
    except StoreError:
        return
    refuse_other_kind(kept, simulated=simulated)
