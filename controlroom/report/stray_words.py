"""What to say of replies that were not as they should be, out of the figures of a heartbeat. Pure.

1. Nothing is said while there are none: odd replies are news, their absence is not.
2. The figures are those of the last hour, as the probers tell them (``TYPE_lately_KIND``, and with
   ``@ENDPOINT`` behind it for the endpoints that have most).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

from controlroom.report.escaping import printable

_FIGURE: Final = re.compile(r"[a-z-]+_lately_(?P<kind>[a-z]+)_replies(?:@(?P<endpoint>[a-z0-9-]{1,63}))?")

_WORDS: Final[dict[str, str]] = {
    "late": "too late to count",
    "duplicate": "twice",
    "reordered": "out of order",
    "forged": "forged and not believed",
}


def strays(health: Mapping[str, float], endpoint_id: str = "") -> Mapping[str, int]:
    """Return how many replies of each kind there were: in all, or those of one endpoint."""
    counts: Counter[str] = Counter()
    for name, figure in health.items():
        found = _FIGURE.fullmatch(name)
        if found is not None and (found["endpoint"] or "") == endpoint_id and 0 < figure < float("inf"):
            counts[found["kind"]] += int(figure)
    return counts


def stray_words(counts: Mapping[str, int]) -> str:
    """Say it in one phrase; ``""`` where there is nothing to say."""
    known = [kind for kind in _WORDS if counts.get(kind)]
    unknown = sorted(kind for kind in counts if kind not in _WORDS and counts[kind])
    told = [f"{counts[kind]:,} {_WORDS.get(kind) or printable(kind, 40)}" for kind in (*known, *unknown)]
    return f"in the last hour {', '.join(told)}" if told else ""
