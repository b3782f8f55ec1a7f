"""Whether an engine runs on the data folder, keeps its beat, and left a store that can be read.

It never takes the engine's lock, and where no engine runs it makes no file. Beside a store whose engine was
killed, SQLite refreshes the shared memory that lies there already; nothing else is touched.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Final

from controlroom.errors import StoreError
from controlroom.finding import Finding, Health
from controlroom.logbook.chain import first_break
from controlroom.report.escaping import printable
from controlroom.report.figures import duration_text, value_text
from controlroom.report.stray_words import stray_words, strays
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Heartbeat, ReadStore
from controlroom.store.lock import EngineLock

ENGINE: Final = ("engine", "Engine")
STORE: Final = ("store", "Store")

SILENT_AFTER_S: Final = 5.0
"""A heartbeat comes once a second, and a commit may wait a little for the disk."""
LATE_S: Final = 0.5
"""Questions later than this (99 of 100) or a loop that stood still for so long: the machine is too busy."""
_ENTRIES: Final = 200
_SHARED: Final = "snmp_shared_engine"
_SHARED_CURE: Final = (
    "Give each device an SNMP engine id of its own, unless both addresses are of one device."
)


def check_engine(
    folder: DataFolder, open_store: Callable[[DataFolder], ReadStore], utc_s: Callable[[], float]
) -> list[Finding]:
    """Judge engine and store; ``utc_s`` is the time that the heartbeat's age is measured by."""
    try:
        if not folder.store_file.exists():
            return [_without_store(folder), _ok(STORE, "not-there-yet", "nothing has been stored here yet")]
        store = open_store(folder)
        try:
            heartbeat = store.heartbeat()
            return [_judge_engine(folder, heartbeat, utc_s()), _judge_store(store)]
        finally:
            store.close()
    except PermissionError:
        return [_unseen(ENGINE), _unseen(STORE)]
    except StoreError as error:
        broken = Finding(*STORE, Health.TROUBLE, error.code, error.happened, error.advice)
        return [_by_lock_alone(folder), broken]


def _unseen(concern: tuple[str, str]) -> Finding:
    found = "this account may not look into the data folder"
    return Finding(*concern, Health.UNKNOWN, "folder-unreadable", found, "See to the data folder first.")


def _without_store(folder: DataFolder) -> Finding:
    pid = EngineLock.holder(folder)
    if pid is None:
        return _ok(ENGINE, "never-ran", "none has run in this data folder yet")
    found = f"process {pid} holds the data folder and has stored nothing yet"
    return Finding(*ENGINE, Health.UNKNOWN, "starting", found, "Look again in some seconds.")


def _by_lock_alone(folder: DataFolder) -> Finding:
    """What can be said of the engine when its store cannot be read."""
    try:
        pid = EngineLock.holder(folder)
    except StoreError as error:
        return Finding(*ENGINE, Health.UNKNOWN, error.code, error.happened, error.advice)
    if pid is None:
        return _stopped(folder, "none runs")
    if _is_suspended(pid):
        return _suspended(pid, "")
    found = f"process {pid} holds the store; its heartbeat cannot be read"
    return Finding(*ENGINE, Health.UNKNOWN, "heartbeat-unread", found, "See to the store first.")


def _judge_engine(folder: DataFolder, heartbeat: Heartbeat | None, now_utc_s: float) -> Finding:
    if heartbeat is None:
        return _by_lock_alone(folder)
    age_s = now_utc_s - heartbeat.at_utc_s
    pid = heartbeat.engine_pid
    if pid is None:
        return _stopped(folder, f"none runs; the last heartbeat was {_ago(age_s)}")
    if age_s > SILENT_AFTER_S and _is_suspended(pid):
        return _suspended(pid, f" and has been silent for {duration_text(age_s)}")
    if age_s > SILENT_AFTER_S:
        found = f"process {pid} has been silent for {duration_text(age_s)}"
        cure = f"See the end of {folder.log_file}; it may wait for its disk.\n{_restart(folder)}"
        return Finding(*ENGINE, Health.TROUBLE, "engine-silent", found, cure)
    if age_s < -SILENT_AFTER_S:
        found = f"process {pid}; its last heartbeat was {_ago(age_s)}: the clock was set back"
        return Finding(*ENGINE, Health.UNKNOWN, "clock-set-back", found, "See to the clock.")
    late_s = max(heartbeat.health.get("lateness_p99_s", 0.0), heartbeat.health.get("longest_stall_s", 0.0))
    if late_s > LATE_S:
        found = f"process {pid} is late by {value_text(late_s, 's')}: this machine is too busy"
        return Finding(*ENGINE, Health.TROUBLE, "engine-late", found, "See what is busy: top")
    odd = stray_words(strays(heartbeat.health))
    found = f"process {pid}, heartbeat {_ago(age_s)}, late by {value_text(late_s, 's')} at most"
    if odd:
        found += f"; odd replies: {odd}"
    shared = int(heartbeat.health.get(_SHARED, 0))
    if shared:
        pairs = (
            name.split("@", 2)[1:] for name in sorted(heartbeat.health) if name.startswith(f"{_SHARED}@")
        )
        told = [printable(" with ".join(pair), 120) for pair in pairs]
        more = f" and {shared - len(told)} more" if shared > len(told) else ""
        found += f"; one SNMP engine id for two addresses: {', '.join(told)}{more}"
        return Finding(*ENGINE, Health.OK, "engine-id-shared", found, _SHARED_CURE)
    return _ok(ENGINE, "ok", found)


def _judge_store(store: ReadStore) -> Finding:
    states, alarms = store.states(), store.alarms()
    entries = store.entries(newest=_ENTRIES)
    broken = first_break(entries, entries[0].previous_hash) if entries else None
    if broken is not None:
        found = f"the log does not fit together at entry {broken}: it was changed"
        cure = "Keep a copy of the data folder as evidence.\ncontrolroom export log --format json"
        return Finding(*STORE, Health.TROUBLE, "log-broken", found, cure)
    counts = ((len(states), "endpoint"), (len(alarms), "open alarm"))
    told = ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in counts)
    newest = "entry" if len(entries) == 1 else f"{len(entries)} entries"
    found = f"readable; {told}; the newest {newest} of the log fit{'s' if len(entries) == 1 else ''} together"
    return _ok(STORE, "ok", found)


def _stopped(folder: DataFolder, found: str) -> Finding:
    cure = f"Open the desk, or: controlroom engine --data {shlex.quote(str(folder.path))}"
    return Finding(*ENGINE, Health.TROUBLE, "engine-stopped", f"{found}: nothing is monitored", cure)


def _is_suspended(pid: int) -> bool:
    """Whether a process was stopped by a signal or a debugger, as far as this system tells."""
    try:
        about = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    state = about.rpartition(")")[2].split()[:1]  # what stands before it is the name, with any characters
    return state in (["T"], ["t"])


def _suspended(pid: int, since: str) -> Finding:
    found = f"process {pid} was stopped by a signal{since}: nothing is monitored"
    cure = f"Let it go on: kill -CONT {pid}\nOr end it, and the desk starts a new one: kill -9 {pid}"
    return Finding(*ENGINE, Health.TROUBLE, "engine-suspended", found, cure)


def _restart(folder: DataFolder) -> str:
    return f"controlroom stop --data {shlex.quote(str(folder.path))}"


def _ago(age_s: float) -> str:
    if age_s < 0:
        return f"{duration_text(-age_s)} ahead of this machine's clock"
    return f"{duration_text(age_s)} ago"


def _ok(concern: tuple[str, str], code: str, found: str) -> Finding:
    return Finding(*concern, Health.OK, code, found)
