"""The data folder of the demonstration: made, begun anew, and kept apart from real ones. It starts nothing.

1. The folder of real measurements is refused, whatever it holds, and so is any other folder that holds real
   measurements or the site of a real room.
2. The demonstration's site is copied into the folder on its first start and may be changed there.
3. Beginning anew removes what engine and desks wrote, by name, and nothing else; only from a folder that is
   shown to hold nothing real, and never under a running engine. Operators and a desk's settings stay.
4. A folder that holds something and nothing of this program belongs to somebody else: it is refused.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

from controlroom.engine.folder_kind import FOLDER_REAL, holds_simulated, site_kept
from controlroom.engine.site_file import read_site, write_starter
from controlroom.engine.site_versions import FOLDER as VERSIONS
from controlroom.errors import EngineError
from controlroom.probe import ProbeTypes
from controlroom.report.escaping import printable
from controlroom.site.profile import NO_PROFILES, Profiles
from controlroom.site.simulation import is_simulated
from controlroom.store.folder import DataFolder
from controlroom.store.lock import EngineLock

_BESIDE_STORE: Final = ("", "-wal", "-shm", "-journal")

_MAY_LIE_THERE: Final = frozenset({"inbox", "history", "desk.ini", "operators.json", "lost+found"})
"""What a start that was cut short, a desk or a file system leaves behind without a store."""


def prepare_demo(
    folder: DataFolder,
    real_folder: Path,
    demo_site: Path,
    probe_types: ProbeTypes,
    *,
    fresh: bool,
    profiles: Profiles = NO_PROFILES,
) -> None:
    """Make the folder ready for the demonstration's engine and desk; raise ``ControlroomError`` if it is not.

    ``real_folder`` is the default folder of real measurements. With ``fresh`` what an earlier demonstration
    wrote is removed first; a store that cannot be read is never removed.
    """
    if folder.path.resolve() == real_folder.resolve():
        raise _real(folder, "is where real measurements belong")
    _refuse_foreign(folder)
    if holds_simulated(site_kept(folder)) is False:
        raise _real(folder, "holds real measurements")
    if folder.site_file.exists() and not is_simulated(
        read_site(folder.site_file, probe_types, profiles).site, probe_types
    ):
        raise _real(folder, "holds the site file of a real control room")
    folder.prepare()
    if fresh:
        _begin_anew(folder)
    write_starter(folder.site_file, lambda: demo_site.read_text(encoding="utf-8"))


def _refuse_foreign(folder: DataFolder) -> None:
    try:
        names = set(os.listdir(folder.path))
    except (FileNotFoundError, NotADirectoryError):
        return  # it is made, or refused, when it is prepared
    except OSError as error:
        raise EngineError(
            "folder-unreadable",
            f"The folder {folder.path} cannot be read by this account: {error.strerror}.",
            "Leave --data out, or name an empty folder.",
        ) from error
    ours = {file.name for file in (folder.store_file, folder.lock_file, folder.site_file)}
    foreign = sorted(names - _MAY_LIE_THERE)
    if foreign and not names & ours:
        some = ", ".join(f"“{printable(name, 40)}”" for name in foreign[:3])
        more = f" and {len(foreign) - 3} more" if len(foreign) > 3 else ""
        raise EngineError(
            "folder-foreign",
            f"The folder {folder.path} is no data folder of this program: it holds {some}{more}.",
            "Leave --data out, or name an empty folder or one that does not exist yet.",
        )


def _begin_anew(folder: DataFolder) -> None:
    holder = EngineLock.holder(folder)
    if holder is not None:
        raise EngineError(
            "engine-running",
            f"A demonstration runs in {folder.path} (process {holder}).",
            "Close its desk, or end it with `controlroom stop` and this --data.",
        )
    try:
        for ending in _BESIDE_STORE:
            folder.store_file.with_name(folder.store_file.name + ending).unlink(missing_ok=True)
        for file in folder.history_files():
            file.unlink()
        folder.site_file.unlink(missing_ok=True)
        folder.reserve_file.unlink(missing_ok=True)
        folder.mark_file.unlink(missing_ok=True)
        for name in os.listdir(folder.inbox):
            if name.endswith(".jsonl"):
                (folder.inbox / name).unlink()
        shutil.rmtree(folder.path / VERSIONS, ignore_errors=True)
    except OSError as error:
        raise EngineError(
            "folder-unwritable",
            f"The demonstration in {folder.path} cannot be begun anew: {error.strerror}.",
            "Look at the folder and its rights, or choose another one with --data.",
        ) from error


def _real(folder: DataFolder, why: str) -> EngineError:
    return EngineError(
        FOLDER_REAL,
        f"The data folder {folder.path} {why}; the demonstration leaves it alone.",
        "Leave --data out, or name an empty folder.",
    )
