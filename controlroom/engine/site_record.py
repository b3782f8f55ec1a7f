"""What the engine notes of each site text that it is given: that it runs, and a version. It reads no file.

That something cannot be noted, as on a full disk, is no reason to leave a room unwatched: it is logged.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from controlroom.engine.running_site import RunningSite
from controlroom.engine.site_file import LoadedSite
from controlroom.engine.site_keeper import FileSiteKeeper
from controlroom.errors import ControlroomError
from controlroom.probe import ProbeTypes
from controlroom.site.keeping import Author
from controlroom.site.profile import NO_PROFILES, Profiles

log = logging.getLogger("controlroom.engine")


class SiteRecord:
    """The record of one data folder."""

    def __init__(
        self,
        site_file: Path,
        data_folder: Path,
        probe_types: ProbeTypes,
        utc_s: Callable[[], float] = time.time,
        profiles: Profiles = NO_PROFILES,
    ) -> None:
        """Name the file and the folder; nothing is written yet."""
        self._keeper = FileSiteKeeper(site_file, data_folder, probe_types, utc_s, profiles)
        self._running = RunningSite(data_folder)

    def given(self, loaded: LoadedSite) -> LoadedSite:
        """Note what the engine goes on with, so that a later change can be shown beside it; return it."""
        _try(lambda: self._running.give(loaded.text))
        _try(lambda: self._keeper.note_found(loaded.text))
        return loaded

    def started(self, text: str) -> None:
        """Note a starter site that this program wrote."""
        by, lead = Author(program=True), "Starter site of this very machine"
        _try(lambda: self._keeper.note(text, by=by, lead=lead))


def _try(note: Callable[[], None]) -> None:
    try:
        note()
    except ControlroomError as error:
        log.warning("%s", error)
