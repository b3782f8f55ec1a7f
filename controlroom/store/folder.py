"""The data folder: where the store's files lie, and whether they can lie there. It opens none of them.

Rules
1. The folder is created for its owner alone (0700); parents as the system's mask says.
2. A folder on a network file system is refused: locks and shared memory do not hold there.
3. A folder that cannot be written, or that every account may write, is refused.
4. The folder may be reached through a symbolic link and counts as the place the link leads to, so that
   one store has one lock. Inside it every file is a regular file, and ``inbox`` and ``history`` are
   real folders.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from controlroom.errors import StoreError
from controlroom.store.mounts import NETWORK_FILE_SYSTEMS, file_system_of

_HISTORY: Final = re.compile(r"(raw|minutes|hours)-[0-9-]+(\.(damaged|newer|replaced)-\d+)?\.db(-wal|-shm)?")
_MOUNTINFO: Final = Path("/proc/self/mountinfo")
_OWNER_ONLY: Final = 0o700
_CHOOSE: Final = "Choose another data folder with --data."


@dataclass(frozen=True, slots=True)
class DataFolder:
    """One store's folder. ``path`` need not exist before ``prepare`` has been called."""

    path: Path

    @property
    def store_file(self) -> Path:
        """The database that the engine writes."""
        return self.path / "store.db"

    @property
    def lock_file(self) -> Path:
        """The file whose lock the engine holds while it lives."""
        return self.path / "engine.lock"

    @property
    def log_file(self) -> Path:
        """Where a detached engine writes its own diagnostics."""
        return self.path / "engine.log"

    @property
    def history(self) -> Path:
        """The folder with what was measured, a file for each day, month or year."""
        return self.path / "history"

    @property
    def reserve_file(self) -> Path:
        """The room that is kept back for telling that the disk is full."""
        return self.path / "reserve"

    @property
    def mark_file(self) -> Path:
        """How far the store was committed."""
        return self.path / "committed"

    @property
    def inbox(self) -> Path:
        """The folder with one file of acts per desk."""
        return self.path / "inbox"

    @property
    def site_file(self) -> Path:
        """The site file that a first start writes here."""
        return self.path / "site.toml"

    def history_files(self) -> list[Path]:
        """Return every file of measurements, those that were set aside and their logs among them."""
        try:
            return [each for each in sorted(self.history.iterdir()) if _HISTORY.fullmatch(each.name)]
        except FileNotFoundError:
            return []

    def prepare(self, mountinfo: str | None = None) -> None:
        """Create what is missing and raise ``StoreError`` where the store cannot live here.

        ``mountinfo`` is the system's mount table; ``None`` reads it from the running kernel, and a
        system without one is not asked.
        """
        self._refuse_network(_mount_table() if mountinfo is None else mountinfo)
        _make_folder(self.path)
        self._refuse_unwritable()
        for folder in (self.inbox, self.history):
            _make_folder(folder, link_allowed=False)
        beside = (self.lock_file, self.log_file, self.site_file, self.reserve_file, self.mark_file)
        for file in (self.store_file, *beside):
            _refuse_other_than_file(file)

    def _refuse_network(self, mountinfo: str) -> None:
        kind = file_system_of(PurePosixPath(self.path.resolve()), mountinfo)
        if kind in NETWORK_FILE_SYSTEMS:
            raise StoreError(
                "network-share",
                f"The data folder {self.path} lies on a network file system ({kind}),"
                " where two engines could not keep out of each other's way.",
                "Choose a folder on a disk of this machine with --data.",
            )

    def _refuse_unwritable(self) -> None:
        if os.statvfs(self.path).f_flag & os.ST_RDONLY:
            raise StoreError(
                "disk-read-only",
                f"The data folder {self.path} lies on a disk that is mounted read-only.",
                "After an error of the disk the system does that by itself: look into its log (dmesg), and"
                " mount it for writing again.",
            )
        if not os.access(self.path, os.R_OK | os.W_OK | os.X_OK):
            raise StoreError(
                "folder-unwritable",
                f"The data folder {self.path} cannot be written by this account.",
                f"Give this account the right to write there. {_CHOOSE}",
            )
        if stat.S_IMODE(self.path.stat().st_mode) & stat.S_IWOTH:
            raise StoreError(
                "folder-open-to-all",
                f"Every account of this machine may write in the data folder {self.path}.",
                f"Take that right away (chmod o-w). {_CHOOSE}",
            )


def _mount_table() -> str:
    try:
        return _MOUNTINFO.read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return ""


def _make_folder(path: Path, *, link_allowed: bool = True) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=_OWNER_ONLY, exist_ok=True)
        mode = path.stat().st_mode if link_allowed else path.lstat().st_mode
    except (FileExistsError, NotADirectoryError) as error:
        raise _confused(path, "is no folder, or lies below something that is none") from error
    except OSError as error:
        raise StoreError(
            "folder-unwritable",
            f"The folder {path} cannot be made or read: {error.strerror}.",
            _CHOOSE,
        ) from error
    if not stat.S_ISDIR(mode):
        raise _confused(path, "is no folder")


def _refuse_other_than_file(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise _confused(path, "is no regular file")


def _confused(path: Path, what: str) -> StoreError:
    return StoreError(
        "folder-confused", f"{path} {what}.", f"Move it away, so that the program can use its name. {_CHOOSE}"
    )
