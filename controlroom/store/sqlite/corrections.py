"""Which readings of a probe still stand, where some were told again as ``blind``. Pure: no SQL, no clock.

The journal only grows, and a chunk is never written anew for one reading. So what turns out to have been lost
by our own fault is told again, with the time at which it was sent and what was seen (``Reading.corrects``).

Rules
1. A reading told again takes the place of the one told last before it that was sent at the same time, on the
   beat or off it as that was, and of which the same was seen.
2. Where that one is gone, the reading told again stands alone: it is whole by itself.
3. Whoever puts a probe's readings together asks here: sealing, the rolling up of a day, and every read.
"""

from __future__ import annotations

import numpy as np

from controlroom.store.codes import correcting_codes
from controlroom.store.interface import BoolArray, CodeArray, IntArray


def standing(
    sent_us: IntArray, outcome: CodeArray, reason: CodeArray, beat: BoolArray | None = None
) -> BoolArray | None:
    """Tell which of one probe's readings stand, given in the order of telling; ``None`` where all do."""
    told_again = correcting_codes(outcome, reason)
    if not told_again.any():
        return None
    stands = np.ones(len(sent_us), dtype=np.bool_)
    alike = np.flatnonzero(np.isin(sent_us, sent_us[told_again]))
    open_places: dict[tuple[int, int, bool], list[int]] = {}
    for place in alike.tolist():
        on_beat = beat is None or bool(beat[place])
        same = open_places.setdefault((int(sent_us[place]), int(outcome[place]), on_beat), [])
        if not told_again[place]:
            same.append(place)
        elif same:
            stands[same.pop()] = False
    return stands
