"""The engine's end of the desks' inboxes: it reads what waits and clears what is done. It writes no line.

Rules
1. Only whole lines count; a line still being written waits.
2. A line that is no act is refused with the answer ``malformed`` under an id made from its place, so
   that it is answered once and the place goes on after it. A run of such lines is refused as one, with
   their count. A line of more than ``LINE_LIMIT`` bytes is one, in pieces where it is longer than one
   reading.
3. Blank lines are passed over without a word, and break no run. A whole reading of them is malformed,
   for the place has to go on.
4. One call reads at most ``READ_LIMIT`` bytes and ``LINES_PER_DESK`` lines of each desk, and gives at
   most ``ACTS_PER_DESK`` acts of each and ``ACTS`` in all; the rest waits for the next call.
5. What is no regular file is no inbox. An inbox that cannot be read is answered ``unreadable``.
6. An inbox is cleared when its desk is gone, all of it is taken, and nothing was put for an hour.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
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
LINES_PER_DESK: Final = 10_000
ACTS: Final = 1000
CLEAR_AFTER_S: Final = 3600.0
_EXCERPT: Final = 120
_BLANK_LINES: Final = re.compile(rb"(?:[ \t\r]*+\n)*+")
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
                    waiting.extend(islice(_acts(inbox), room))
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


@dataclass(slots=True)
class _OddLines:
    """A run of lines that are no acts: how many, where it starts and ends, and its first line."""

    start: int
    end: int
    first: bytes
    count: int = 1

    def refused(self, inbox: _Inbox) -> TakenAct:
        """Refuse the run as one, under an id that is the same however far the run has got."""
        start = Place(inbox.place.generation, self.start).number
        end = Place(inbox.place.generation, self.end).number
        own_id = _own_id("malformed", inbox.desk_id, start, self.first)
        act = _stand_in(own_id, inbox.changed_utc_s, self.first)
        return TakenAct(act, inbox.desk_id, end, accepted=False, answer="malformed", lines=self.count)


def _acts(inbox: _Inbox) -> Iterator[TakenAct]:
    start = inbox.place.offset
    if start >= inbox.size:
        return
    piece = os.pread(inbox.descriptor, READ_LIMIT, start)
    whole = start == 0 or os.pread(inbox.descriptor, 1, start - 1) == b"\n"
    odd: _OddLines | None = None
    passed_from = position = 0
    for _ in range(LINES_PER_DESK):
        position = _past_blanks(piece, position) if whole else position
        end = piece.find(b"\n", position) + 1
        if end == 0:
            break
        act = _act_in(piece[position : end - 1]) if whole else None
        if act is not None:
            if odd is not None:
                yield odd.refused(inbox)
            odd, passed_from = None, end
            yield TakenAct(act, inbox.desk_id, Place(inbox.place.generation, start + end).number)
        elif odd is None:
            odd = _OddLines(start + position, start + end, piece[position : end - 1])
        else:
            odd.end, odd.count = start + end, odd.count + 1
        whole, position = True, end
    if odd is None and passed_from == 0 and len(piece) == READ_LIMIT:
        odd = _OddLines(start, start + (position or len(piece)), piece[: position or len(piece)])
    if odd is not None:
        yield odd.refused(inbox)


def _past_blanks(piece: bytes, position: int) -> int:
    blank = _BLANK_LINES.match(piece, position)
    return position if blank is None else blank.end()


def _act_in(line: bytes) -> Act | None:
    try:
        return act_of(line)
    except MalformedActError:
        return None


def _unreadable(folder: DataFolder, desk_id: str, place: int) -> TakenAct:
    path = inbox_path(folder, desk_id)
    try:
        changed_utc_s = path.lstat().st_mtime
    except OSError as error:
        raise StoreError(
            "inbox-failed",
            f"The inbox {path} cannot be looked at: {error.strerror}.",
            "Check the data folder and its rights.",
        ) from error
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
    if now_utc_s - inbox.changed_utc_s < CLEAR_AFTER_S or not _all_taken(inbox, inbox.size):
        return False
    desk_is_gone = try_lock(inbox.descriptor)
    return desk_is_gone and _all_taken(inbox, os.fstat(inbox.descriptor).st_size)


def _all_taken(inbox: _Inbox, size: int) -> bool:
    """Whether nothing but blank lines stands after the place."""
    left = size - inbox.place.offset
    if left <= 0:
        return True
    if left > READ_LIMIT:
        return False
    rest = os.pread(inbox.descriptor, left, inbox.place.offset)
    whole = inbox.place.offset == 0 or os.pread(inbox.descriptor, 1, inbox.place.offset - 1) == b"\n"
    return whole and _BLANK_LINES.fullmatch(rest) is not None
