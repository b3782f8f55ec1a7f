"""Brings a copied file of the history back to the moment at which its store was copied.

Numbers and keys only grow, so all that came later is above what the store knew at that moment.
"""

from __future__ import annotations

import sqlite3
from typing import Final, NamedTuple

from controlroom.store.sqlite.day_file import forget_behind
from controlroom.store.sqlite.rollup_file import forget_numbers_behind


class Known(NamedTuple):
    """What a store knew at a moment: the key behind what was sealed, and its highest numbers."""

    below_key: int
    probe: int
    series: int


NOTHING: Final = Known(0, 0, 0)


def known_of(store: sqlite3.Connection) -> Known:
    """Read it in the copied store."""
    row = store.execute(
        """SELECT below_key, (SELECT coalesce(max(id), 0) FROM probe),
            (SELECT coalesce(max(id), 0) FROM series) FROM sealing"""
    ).fetchone()
    return Known(*map(int, row))


def forget_later(day: sqlite3.Connection, known: Known) -> None:
    """Drop from a copied day the chunks of windows that were not sealed whole, and names given since."""
    forget_behind(day, known.below_key, known.probe, known.series)


def forget_later_series(rollups: sqlite3.Connection, known: Known) -> None:
    """Drop from copied rollups those of series that were first measured since, and their names."""
    forget_numbers_behind(rollups, known.probe, known.series)
