"""Replies that were not as they should be, counted over the last hour by endpoint. It judges none.

1. A kind of reply is told in all, and for the endpoints that have most of it; so a flood of forgeries makes
   neither memory nor heartbeat large.
2. What is an hour old counts no longer: a fault that was mended is soon no news.

Its figures are told with the health of a prober as ``lately_KIND`` and ``lately_KIND@ENDPOINT``
(``controlroom/report/stray_words.py`` reads them); nothing is told while there are none.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from typing import Final

LATE: Final = "late_replies"
DUPLICATE: Final = "duplicate_replies"
REORDERED: Final = "reordered_replies"
FORGED: Final = "forged_replies"

_SLOT_S: Final = 300.0
_SLOTS: Final = 12
_MOST_TOLD: Final = 16
_MOST_IN_A_SLOT: Final = 1024

_Key = tuple[str, str]


class Strays:
    """The counts of one prober."""

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        """Nothing was counted yet."""
        self._monotonic_s = monotonic_s
        self._slots: deque[tuple[int, Counter[_Key]]] = deque()

    def note(self, kind: str, endpoint_ids: Iterable[str] = (), count: int = 1) -> None:
        """Count a reply of a kind, for all in all and for the endpoints that it is about."""
        slot = self._let_go()
        if not self._slots or self._slots[-1][0] != slot:
            self._slots.append((slot, Counter()))
        counts = self._slots[-1][1]
        counts[kind, ""] += count
        for endpoint_id in endpoint_ids:
            if (kind, endpoint_id) in counts or len(counts) < _MOST_IN_A_SLOT:
                counts[kind, endpoint_id] += count

    def health(self) -> Mapping[str, float]:
        """Return the counts of the last hour."""
        self._let_go()
        if not self._slots:
            return {}
        whole: Counter[_Key] = Counter()
        for _slot, counts in self._slots:
            whole.update(counts)
        told = [pair for pair in whole.items() if not pair[0][1]]
        told += Counter({key: number for key, number in whole.items() if key[1]}).most_common(_MOST_TOLD)
        return {
            f"lately_{kind}@{endpoint_id}" if endpoint_id else f"lately_{kind}": float(number)
            for (kind, endpoint_id), number in told
        }

    def _let_go(self) -> int:
        """Forget what is too old, and return the present slot."""
        slot = int(self._monotonic_s() / _SLOT_S)
        while self._slots and self._slots[0][0] <= slot - _SLOTS:
            self._slots.popleft()
        return slot
