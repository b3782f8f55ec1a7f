"""The engine's end of the desks' inboxes: it reads what waits and clears what is done. It writes no line.

Rules
1. Only whole lines count; a line still being written waits.
2. A line that is no act is refused with the answer ``malformed`` under an id made from its place, so
   that it is answered once and the place goes on after it. A line of more than ``LINE_LIMIT`` bytes
   is one, in pieces where it is longer than one reading.
3. One call reads at most ``READ_LIMIT`` bytes and ``ACTS_PER_DESK`` acts of each desk and ``ACTS``
   in all; the rest waits for the next call.
4. What is no regular file is no inbox. An inbox that cannot be read is answered ``unreadable``.
5. An inbox is cleared when its desk is gone, all of it is taken, and nothing was put for an hour.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from controlroom.errors import StoreError
from controlroom.logbook.act import Act, ActKind
from controlroom.store.act_text import MalformedActError, act_of
from controlroom.store.file_lock import try_lock
from controlroom.store.folder import DataFolder
from controlroom.store.inbox_file import HEADER_LIMIT, Header, Place, desk_id_of, inbox_path
from controlroom.store.interface import TakenAct

READ_LIMIT: Final = 1024 * 1024
ACTS_PER_DESK: Final = 100
ACTS: Final = 1000
CLEAR_AFTER_S: Final = 3600.0
_EXCERPT: Final = 120
_NO_INBOX: Final = frozenset({errno.ENOENT, errno.ELOOP, errno.ENXIO, errno.EISDIR})


@dataclass(frozen=True, slots=True)
class _Inbox:
    """An inbox opened for reading. ``place`` is where the waiting part begins."""

    descriptor: int
    desk_id: str
    place: Place
    size: int
    changed_utc_s: float


def read_waiting(folder: DataFolder, places: Mapping[str, int]) -> list[TakenAct]:
    """Return the acts after each desk's place, oldest first per desk; desks in order of their ids."""
    waiting: list[TakenAct] = []
    for desk_id in _desk_ids(folder):
        room = min(ACTS_PER_DESK, ACTS - len(waiting))
        if room <= 0:
            break
        try:
            with _opened(folder, desk_id, places.get(desk_id, 0)) as inbox:
                if inbox is not None:
                    waiting.extend(_acts(inbox, room))
        except OSError:
            waiting.append(_unreadable(folder, desk_id, places.get(desk_id, 0)))
    return waiting


def clear_taken(folder: DataFolder, places: Mapping[str, int], now_utc_s: float) -> list[str]:
    """Remove the inboxes that are done with; return their desks. Raise ``StoreError`` where one stays."""
    cleared = []
    for desk_id in _desk_ids(folder):
        path = inbox_path(folder, desk_id)
        try:
            with _opened(folder, desk_id, places.get(desk_id, 0)) as inbox:
                if inbox is not None and _done_with(inbox, now_utc_s):
                    os.unlink(path)
                    cleared.append(desk_id)
        except OSError as error:
            raise StoreError(
                "inbox-failed",
                f"The inbox {path} cannot be cleared away: {error.strerror}.",
                "Check the data folder and its rights.",
            ) from error
    return cleared


def refusal(taken: TakenAct, answer: str) -> TakenAct:
    """Refuse a line under an id of its own, made from its place: for an act whose id is not new."""
    act = taken.act
    renamed = Act(
        id=_own_id(answer, taken.desk_id, taken.place, act.id.encode()),
        kind=act.kind,
        at_utc_s=act.at_utc_s,
        operator=act.operator,
        subject=act.subject,
        alarm_number=act.alarm_number,
        note=act.note,
    )
    return TakenAct(renamed, taken.desk_id, taken.place, accepted=False, answer=answer)


def _desk_ids(folder: DataFolder) -> list[str]:
    try:
        names = os.listdir(folder.inbox)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(
            "inbox-failed",
            f"The inboxes in {folder.inbox} cannot be listed: {error.strerror}.",
            "Check the data folder and its rights.",
        ) from error
    return sorted(desk_id for desk_id in map(desk_id_of, names) if desk_id is not None)


@contextmanager
def _opened(folder: DataFolder, desk_id: str, taken: int) -> Iterator[_Inbox | None]:
    descriptor = _open(inbox_path(folder, desk_id))
    if descriptor is None:
        yield None
        return
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            yield None
            return
        header = Header.in_front_of(os.pread(descriptor, HEADER_LIMIT, 0))
        place = Place.of(taken)
        if place.generation != header.generation or place.offset < header.length:
            place = Place(header.generation, header.length)
        yield _Inbox(descriptor, desk_id, place, about.st_size, about.st_mtime)
    finally:
        os.close(descriptor)


def _open(path: Path) -> int | None:
    try:
        return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in _NO_INBOX:
            return None
        raise


def _acts(inbox: _Inbox, room: int) -> Iterator[TakenAct]:
    start = inbox.place.offset
    if start >= inbox.size:
        return
    piece = os.pread(inbox.descriptor, READ_LIMIT, start)
    whole = start == 0 or os.pread(inbox.descriptor, 1, start - 1) == b"\n"
    position = 0
    for _ in range(room):
        end = piece.find(b"\n", position) + 1
        if end == 0:
            break
        yield _taken(inbox, piece[position : end - 1], start + end, whole=whole)
        whole, position = True, end
    if position == 0 and len(piece) == READ_LIMIT:
        yield _taken(inbox, piece, start + len(piece), whole=False)


def _taken(inbox: _Inbox, line: bytes, offset: int, *, whole: bool) -> TakenAct:
    place = Place(inbox.place.generation, offset).number
    try:
        if not whole:
            raise MalformedActError("the line goes on from an earlier piece")
        return TakenAct(act_of(line), inbox.desk_id, place)
    except MalformedActError:
        own_id = _own_id("malformed", inbox.desk_id, place, line)
        act = _stand_in(own_id, inbox.changed_utc_s, line)
        return TakenAct(act, inbox.desk_id, place, accepted=False, answer="malformed")


def _unreadable(folder: DataFolder, desk_id: str, place: int) -> TakenAct:
    changed_utc_s = inbox_path(folder, desk_id).lstat().st_mtime
    act = _stand_in(_own_id("unreadable", desk_id, place, b""), changed_utc_s, b"")
    return TakenAct(act, desk_id, place, accepted=False, answer="unreadable")


def _stand_in(own_id: str, at_utc_s: float, line: bytes) -> Act:
    """Stand for a line that is no act: a note of its beginning, dated when the inbox last changed."""
    excerpt = ascii(line[:_EXCERPT].decode("utf-8", "backslashreplace"))
    return Act(own_id, ActKind.NOTE, at_utc_s, operator="", note=excerpt)


def _own_id(answer: str, desk_id: str, place: int, line: bytes) -> str:
    digest = hashlib.sha256(f"{desk_id}\n{place}\n".encode() + line).hexdigest()
    return f"{answer}-{digest[:32]}"


def _done_with(inbox: _Inbox, now_utc_s: float) -> bool:
    if now_utc_s - inbox.changed_utc_s < CLEAR_AFTER_S or inbox.place.offset < inbox.size:
        return False
    desk_is_gone = try_lock(inbox.descriptor)
    return desk_is_gone and inbox.place.offset >= os.fstat(inbox.descriptor).st_size
