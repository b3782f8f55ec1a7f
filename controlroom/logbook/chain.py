"""The chain of hashes that makes a changed, removed or reordered entry show. It stores nothing.

    hash(n) = SHA-256( hash(n-1) + canonical JSON of entry n without its hashes )

Canonical: keys sorted, no blanks, UTF-8, the time as whole microseconds, so that the same entry
has the same hash on every machine. The first entry follows ``ORIGIN``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from controlroom.logbook.entry import Draft, Entry

ORIGIN = "0" * 64
"""What the first entry of a log names as the hash before it."""


def entry_hash(previous_hash: str, number: int, draft: Draft) -> str:
    """Compute the hash of one entry after the one before it."""
    content = json.dumps(
        {
            "number": number,
            "at_us": round(draft.at_utc_s * 1e6),
            "kind": draft.kind.value,
            "subject": draft.subject,
            "operator": draft.operator,
            "facts": dict(draft.facts),
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256((previous_hash + content).encode()).hexdigest()


class Chain:
    """Gives entries their numbers and hashes, in order, after the last entry already kept."""

    def __init__(self, last_number: int = 0, last_hash: str = ORIGIN) -> None:
        """Go on after the last entry of the log, or start a new one."""
        self._number = last_number
        self._hash = last_hash

    def append(self, draft: Draft) -> Entry:
        """Put an entry at the end of the chain."""
        number = self._number + 1
        digest = entry_hash(self._hash, number, draft)
        entry = Entry(
            number=number,
            at_utc_s=draft.at_utc_s,
            kind=draft.kind,
            subject=draft.subject,
            operator=draft.operator,
            facts=dict(draft.facts),
            previous_hash=self._hash,
            hash=digest,
        )
        self._number, self._hash = number, digest
        return entry


def first_break(entries: Iterable[Entry], previous_hash: str = ORIGIN) -> int | None:
    """Return the number of the first entry that does not fit the chain, or ``None``."""
    expected_number: int | None = None
    for entry in entries:
        draft = Draft(entry.at_utc_s, entry.kind, entry.subject, entry.operator, entry.facts)
        follows = entry.previous_hash == previous_hash
        intact = entry.hash == entry_hash(previous_hash, entry.number, draft)
        in_order = expected_number in (None, entry.number)
        if not (follows and intact and in_order):
            return entry.number
        previous_hash, expected_number = entry.hash, entry.number + 1
    return None
