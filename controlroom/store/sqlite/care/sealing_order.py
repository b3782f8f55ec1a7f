"""Whether journal and chunks meet: every second lies in the one or in the other. It changes nothing.

Rules
1. The history is looked at before this: what was sealed is on disk before the store says so, so what the
   history holds by then must not go further than the store says.
2. The journal holds every second from ``below_key`` on, and ``below_key`` goes no further than the second
   that comes next, or than the history.
3. Seconds that left the journal and lie in no file are told as unknown where more of them are missing than
   slow probes explain: nothing may have been measured then, or a file may be gone. What lies before the
   oldest chunk went by retention.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

from pydantic import ValidationError

from controlroom.finding import Health
from controlroom.site.view import SiteView
from controlroom.store.care import Aspect, Observation
from controlroom.store.sqlite.care.measured import Window
from controlroom.store.sqlite.window import WINDOW_SECONDS

_SLOWEST_PERIOD_S: Final = 86_400
_STATE: Final = """SELECT below_key, end_key,
    (SELECT coalesce(max(key), 0) FROM journal),
    (SELECT count(*) FROM journal WHERE key >= below_key),
    (SELECT json FROM site)
    FROM sealing"""


def look_at_sealing(connection: sqlite3.Connection, file: str, windows: Iterable[Window]) -> Observation:
    """Judge the store's marks against the windows that were found in the history before."""
    row = connection.execute(_STATE).fetchone()
    if row is None:
        return Observation(file, Aspect.SEALING, Health.TROUBLE, "sealing-lost")
    below_key, end_key, newest, kept, site_json = row
    known = sorted(windows)
    behind = max((end for _, end in known), default=0)
    if behind > max(below_key, end_key or 0):
        return _trouble(file, "history-ahead", seconds=behind - below_key)
    if below_key > max(newest + 1, behind):
        return _trouble(file, "sealed-ahead", seconds=below_key - newest - 1)
    missing = newest + 1 - below_key - kept
    if missing > 0:
        return _trouble(file, "seconds-missing", seconds=missing)
    gap = _gap(known, below_key, _explained(site_json))
    if gap is not None:
        facts = {"seconds": gap[1] - gap[0], "key": gap[0], "newest": int(gap[1] == below_key)}
        return Observation(file, Aspect.SEALING, Health.UNKNOWN, "history-gap", facts)
    facts = {"sealed": max(below_key - known[0][0], 0) if known else 0, "waiting": kept}
    return Observation(file, Aspect.SEALING, Health.OK, "sealing-meets", facts)


def _trouble(file: str, code: str, **facts: int) -> Observation:
    return Observation(file, Aspect.SEALING, Health.TROUBLE, code, facts)


def _gap(windows: Iterable[Window], below_key: int, newest_explained: int) -> Window | None:
    """Return the first stretch without a chunk that nothing explains; at the end the site's probes say."""
    reached: int | None = None
    for first, end in windows:
        if reached is not None and first - reached > _SLOWEST_PERIOD_S + WINDOW_SECONDS:
            return reached, first
        reached = max(reached or 0, end)
    if reached is not None and below_key - reached > newest_explained:
        return reached, below_key
    return None


def _explained(site_json: str | None) -> int:
    """Return how many sealed seconds may be without any reading while the site is as it is."""
    try:
        view = SiteView.model_validate_json(site_json or "")
    except ValidationError:
        return _SLOWEST_PERIOD_S + WINDOW_SECONDS
    periods = [probe.period_s for endpoint in view.endpoints for probe in endpoint.probes]
    return round(2 * min(periods, default=_SLOWEST_PERIOD_S)) + 2 * WINDOW_SECONDS
