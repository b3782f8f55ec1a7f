"""Reads the figures of the range that the graph shows, for the endpoint that it shows. It draws nothing.

Rules
1. The probe is the one whose series is drawn where that measures round trips, else the one that tells of the
   link. How finely it is read, ``window_figures.py`` says: thirty days cost no more than their hours.
2. A range that goes on until now is read again after a part of its length; one in the past never changes.
"""

from __future__ import annotations

import math
from typing import Final

from controlroom.measure.availability import availability_of
from controlroom.report.condition_spans import spans_of
from controlroom.report.endpoint_figures import measuring_probe
from controlroom.report.window_figures import window_figures
from controlroom.site.view import SiteView
from controlroom.store.interface import ReadStore
from ui.desk.snapshot import RangeTold, RangeWish

_OFTENEST_S: Final = 5.0
_SELDOM_S: Final = 300.0
_PARTS: Final = 300


def read_range(store: ReadStore, site: SiteView, wish: RangeWish, now_utc_s: float) -> RangeTold | None:
    """Read what is wished for; ``None`` where the site has no such endpoint any more."""
    seen = next((each for each in site.endpoints if each.id == wish.endpoint_id), None)
    if seen is None:
        return None
    end_utc_s = now_utc_s if wish.until_utc_s is None else wish.until_utc_s
    since_utc_s, until_utc_s = end_utc_s - wish.length_s, min(end_utc_s, now_utc_s)
    probe = measuring_probe(seen, wish.probe_name) or measuring_probe(seen)
    figures = None
    if probe is not None and since_utc_s < until_utc_s:
        profile = site.profile_of(seen)
        figures = window_figures(store, seen, probe, profile, since_utc_s, until_utc_s)
    spans = spans_of(store, seen.id, since_utc_s, until_utc_s)
    return RangeTold(wish, figures, availability_of(spans, since_utc_s, max(since_utc_s, until_utc_s)))


def read_range_every_s(wish: RangeWish, now_utc_s: float) -> float:
    """Return after how long a range is worth reading again (rule 2)."""
    if wish.until_utc_s is not None and wish.until_utc_s <= now_utc_s:
        return math.inf
    return min(max(wish.length_s / _PARTS, _OFTENEST_S), _SELDOM_S)
