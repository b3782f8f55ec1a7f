"""Where a data folder's engine takes its site from: what was named, or the folder's own (``given_site.py``).

Rules:
1. Only the file in the folder is ever written, as a starter of this very machine, where there is none yet.
2. A site of the other kind (simulated or real) than the folder holds is refused before anything is started.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from controlroom.engine.folder_kind import refuse_folder_of_other_kind
from controlroom.engine.given_site import note_given, site_file_of
from controlroom.engine.site_file import LoadedSite, read_site, write_starter
from controlroom.engine.site_record import SiteRecord
from controlroom.errors import EngineError
from controlroom.probe import ProbeTypes
from controlroom.site.profile import Profiles
from controlroom.site.simulation import is_simulated
from controlroom.site.starter import MachineFacts, starter_toml
from controlroom.store.folder import DataFolder

log = logging.getLogger("controlroom.engine")


class SiteSource:
    """The site file of one data folder, and the record of what the engine was given."""

    def __init__(
        self, folder: DataFolder, named: Path | None, probe_types: ProbeTypes, profiles: Profiles
    ) -> None:
        """Take the file that was named, else the folder's; no site is read or written yet.

        Raise ``EngineError`` ``site-not-named`` where nobody knows which file is the folder's.
        """
        self.path = site_file_of(folder) if named is None else named
        self._may_write = self.path == folder.site_file and named is None
        self._folder = folder
        self._types, self._profiles = probe_types, profiles
        self._record = SiteRecord(self.path, folder.path, probe_types, profiles=profiles)

    def write_starter(self, facts: Callable[[], MachineFacts]) -> bool:
        """Write a starter site where there is none (rule 1); return whether one was written."""
        if not self._may_write:
            return False
        self._folder.prepare()
        known = facts()
        starter = starter_toml(known, known.host_name)
        written = write_starter(self.path, lambda: starter)
        if written:
            self._record.started(starter)
        return written

    def read(self) -> LoadedSite:
        """Read the file; raise ``SiteError`` with every mistake, ``EngineError`` by rule 2."""
        loaded = read_site(self.path, self._types, self._profiles)
        refuse_folder_of_other_kind(self._folder, simulated=is_simulated(loaded.site, self._types))
        return loaded

    def given(self, loaded: LoadedSite) -> LoadedSite:
        """Note what the engine goes on with, and from where, and return it."""
        try:
            note_given(self._folder, self.path)
        except EngineError as error:
            log.warning("%s", error)
        return self._record.given(loaded)
