"""The care of one data folder, with what belongs to it beside the store. It prints nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from controlroom.engine.folder_kind import holds_simulated, site_kept
from controlroom.engine.given_site import FILE as GIVEN
from controlroom.engine.retention import retention_in
from controlroom.engine.roster_file import FILE as ROSTER
from controlroom.engine.running_site import FILE as RUNNING
from controlroom.engine.site_versions import FOLDER as VERSIONS
from controlroom.probe import ProbeTypes
from controlroom.site.profile import Profiles
from controlroom.store.care import BackupDone, Compacted, Observation, StoreStats, Tell
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Retention
from controlroom.store.sqlite import care


class FolderCare:
    """Looks after a folder's store; ``also`` are files of its desks that a backup takes with it."""

    def __init__(self, folder: DataFolder, also: Sequence[str] = ()) -> None:
        """Name the folder; nothing is opened yet."""
        self._folder, self._also = folder, also

    def check(self, tell: Tell) -> Sequence[Observation]:
        """Look all of it through."""
        return care.check_store(self._folder, tell)

    def backup(self, output: Path, tell: Tell) -> BackupDone:
        """Copy the store and what belongs to it."""
        files = (self._folder.site_file.name, GIVEN, RUNNING, VERSIONS, ROSTER, *self._also)
        return care.backup_store(self._folder, output, care.Belongings(files, ("sounds",)), tell)

    def compact(self, tell: Tell) -> Iterable[Compacted]:
        """Make its files smaller."""
        return care.compact_store(self._folder, tell)

    def stats(self, tell: Tell) -> StoreStats:
        """Say what it holds."""
        return care.store_stats(self._folder, tell)

    def kept(self, site_file: Path | None, probe_types: ProbeTypes, profiles: Profiles) -> Retention | None:
        """Return how much is kept, or ``None`` where no site file says so."""
        return retention_in(self._folder, site_file, probe_types, profiles)

    def simulated(self) -> bool | None:
        """Whether what is stored is simulated; ``None`` where nothing is."""
        return holds_simulated(site_kept(self._folder))
