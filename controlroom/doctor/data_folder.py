"""Whether the store can live in the data folder: its place, rights, owner and room. It makes nothing.

The rules are those of ``controlroom.store.folder``; here they are only asked after, so that a folder that
does not exist yet is judged by the place where a first start would make it.
"""

from __future__ import annotations

import os
import pwd
import shlex
import stat
from pathlib import Path, PurePosixPath
from typing import Final

from controlroom.finding import Finding, Health
from controlroom.report.figures import value_text
from controlroom.store.folder import DataFolder
from controlroom.store.mounts import NETWORK_FILE_SYSTEMS, file_system_of

FOLDER: Final = ("data-folder", "Data folder")
SPACE: Final = ("free-space", "Free space")

LEAST_FREE_BYTES: Final = 512 * 1024 * 1024
"""A large site (2,000 readings a second) writes about 400 MB a day; less than this is soon full."""
_LEAST_FREE_FILES: Final = 100
_ALL: Final = os.R_OK | os.W_OK | os.X_OK
_ELSEWHERE: Final = "Or choose another folder with --data."


def check_data_folder(folder: DataFolder, mountinfo: str) -> list[Finding]:
    """Judge the folder and the room on its disk; ``mountinfo`` is the system's mount table."""
    place = _nearest_existing(folder.path)
    return [_judge(folder, place, mountinfo), _judge_space(place)]


def mount_table() -> str:
    """Return the system's mount table, empty where the system has none."""
    try:
        return Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def _judge(folder: DataFolder, place: Path, mountinfo: str) -> Finding:
    path = folder.path
    kind = file_system_of(PurePosixPath(path.resolve()), mountinfo)
    if kind in NETWORK_FILE_SYSTEMS:
        found = f"{path} lies on a network file system ({kind}), where locks do not hold"
        return _trouble("network-share", found, "Choose a folder on a disk of this machine with --data.")
    closed = _closed_above(path)
    if closed is not None:
        found = f"{path} cannot be looked at: this account may not enter {closed}"
        return _trouble("folder-unreadable", found, _opened(closed, f"Ask {_owner(closed)} for the right."))
    if os.statvfs(place).f_flag & os.ST_RDONLY:
        return _judge_read_only(path, place)
    if not path.exists():
        return _judge_absent(path, place)
    if not path.is_dir():
        return _trouble("folder-confused", f"{path} is no folder", f"Move it away. {_ELSEWHERE}")
    return _judge_rights(folder)


def _judge_read_only(path: Path, place: Path) -> Finding:
    """No right helps there, so it is told before any right is looked at."""
    mount = next(each for each in (place.resolve(), *place.resolve().parents) if os.path.ismount(each))
    found = f"{path} lies on a disk that can only be read (mounted read-only at {mount})"
    cure = (
        f"sudo mount -o remount,rw {shlex.quote(str(mount))}\n"
        "If it was writable before, the disk may be failing; see the end of: sudo dmesg\n"
        "Or move the folder to another disk, and name it with --data."
    )
    return _trouble("disk-read-only", found, cure)


def _judge_absent(path: Path, place: Path) -> Finding:
    if not place.is_dir():
        return _trouble("folder-confused", f"{place} is no folder", f"Move it away. {_ELSEWHERE}")
    if not os.access(place, os.W_OK | os.X_OK):
        found = f"{path} does not exist, and this account may not make it in {place}"
        cure = f"sudo install -d -m 700 -o {os.geteuid()} -g {os.getegid()} {shlex.quote(str(path))}"
        return _trouble("folder-unwritable", found, _opened(place, cure))
    return Finding(
        *FOLDER, Health.OK, "not-there-yet", f"{path} does not exist yet; the first start makes it"
    )


def _judge_rights(folder: DataFolder) -> Finding:
    path, about = folder.path, folder.path.stat()
    quoted = shlex.quote(str(path))
    owner = _account(about.st_uid)
    chown = f"sudo chown -R {os.geteuid()} {quoted}"
    if not os.access(path, _ALL):
        found = f"{path} belongs to {owner} and cannot be written by this account"
        if about.st_uid == os.geteuid():
            mode = stat.S_IMODE(about.st_mode)
            found = f"{path} belongs to this account, but its rights ({mode:03o}) do not let it write there"
            return _trouble("folder-unwritable", found, _opened(path, chown))
        cure = (
            f"Run the doctor, the engine and the desk as {owner}, whose folder it is. Only where no engine"
            f" runs on it, and it is to belong to {_account(os.geteuid())} from now on: {chown}"
        )
        return _trouble("folder-unwritable", found, cure)
    if stat.S_IMODE(about.st_mode) & stat.S_IWOTH:
        found = f"Every account of this machine may write in {path}"
        return _trouble("folder-open-to-all", found, f"chmod o-w {quoted}")
    if os.geteuid() == 0 and about.st_uid != 0:
        found = f"{path} belongs to {owner}, and root may do everything: this says nothing about {owner}"
        return Finding(*FOLDER, Health.UNKNOWN, "asked-as-root", found, "Run the doctor as that account.")
    foreign = [file for file in _files(folder) if os.path.lexists(file) and not _usable(file)]
    if foreign:
        names = ", ".join(file.name for file in foreign)
        found = f"{names} in {path} cannot be written by this account"
        ours = all(file.lstat().st_uid == os.geteuid() for file in foreign)
        return _trouble("file-unwritable", found, f"chmod -R u+rwX {quoted}" if ours else chown)
    return Finding(*FOLDER, Health.OK, "ok", f"{path}, writable, belongs to {owner}")


def _judge_space(place: Path) -> Finding:
    room = os.statvfs(place)
    free_bytes = room.f_bavail * room.f_frsize
    said = f"{value_text(float(free_bytes), 'B')} free on the disk of {place}"
    cure = f"Make room: du -xh -d 2 {shlex.quote(str(place))} | sort -h | tail\n{_ELSEWHERE}"
    if free_bytes < LEAST_FREE_BYTES:
        least = value_text(float(LEAST_FREE_BYTES), "B")
        return Finding(*SPACE, Health.TROUBLE, "disk-nearly-full", f"{said}, less than {least}", cure)
    if room.f_files and room.f_favail < _LEAST_FREE_FILES:
        found = f"{said}, but only {room.f_favail} more files fit"
        return Finding(*SPACE, Health.TROUBLE, "no-files-left", found, cure)
    return Finding(*SPACE, Health.OK, "ok", said)


def _nearest_existing(path: Path) -> Path:
    absolute = path.absolute()
    return next(place for place in (absolute, *absolute.parents) if os.path.lexists(place))


def _closed_above(path: Path) -> Path | None:
    """Return the folder above that this account may not enter, where one hides whether ``path`` is there."""
    try:
        path.absolute().lstat()
    except PermissionError:
        parents = path.absolute().parents
        return next((each for each in parents if os.path.lexists(each)), None)
    except (OSError, ValueError):
        return None
    return None


def _opened(path: Path, otherwise: str) -> str:
    """Say how to get the right to write in a folder: of one's own it is a chmod."""
    ours = path.stat().st_uid == os.geteuid()
    return f"chmod u+rwx {shlex.quote(str(path))}\n{_ELSEWHERE}" if ours else f"{otherwise}\n{_ELSEWHERE}"


def _owner(path: Path) -> str:
    return _account(path.stat().st_uid)


def _files(folder: DataFolder) -> tuple[Path, ...]:
    store = folder.store_file
    beside = tuple(store.with_name(store.name + ending) for ending in ("-wal", "-shm"))
    return (store, *beside, folder.lock_file, folder.log_file, folder.inbox, folder.history)


def _usable(path: Path) -> bool:
    return os.access(path, _ALL if path.is_dir() else os.R_OK | os.W_OK)


def _account(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def _trouble(code: str, found: str, cure: str) -> Finding:
    return Finding(*FOLDER, Health.TROUBLE, code, found, cure)
