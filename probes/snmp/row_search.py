"""Where the rows of one device lie, by their names, and when they are sought. Pure: it asks nobody.

Rules
1. One object of each row's name is asked along. Where it says something else, or nothing, that row is not
   known any more and is sought at once; the others stay. A row that has no such object is gone when nothing
   of it is answered any more.
2. What was not found is sought again, soon at first and then ever more seldom, up to ``SELDOM_S``.
3. A row is said to be missing when the columns of its table were walked to their end and showed none of that
   name, or several. While it is sought for the first time or anew, nothing is said of it; where the search
   fails ``FAILED_OFTEN`` times in a row, that is said. Of a device that answers nothing at all that is no
   failure: it is sought there again soon.
4. A search that was under way when a row was lost says nothing of its table: it may have come too early.
5. That other rows came to have a row's name, its own object does not show. So what names the rows that were
   found is walked again every ``LOOK_AGAIN_S``, of each device at another moment. A row whose name several
   have then is told no more, and is sought at once and then like any that is missing, until it is alone.
   Nothing else follows from such a look: one that fails says nothing, nor does it of a table of which a row
   was lost meanwhile; and that a row is gone its own object says (rule 1).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from probes.snmp.client import RawValue
from probes.snmp.objects import Objects
from probes.snmp.plan import Row, RowState
from probes.snmp.rows import (
    is_ambiguous,
    named_rows,
    naming_columns,
    naming_object,
    place_of,
    showing_columns,
)
from probes.snmp.template import Template

SOON_S: Final = 5.0
SELDOM_S: Final = 60.0
"""How soon rows that were not found are sought again: at first, and at last."""
FAILED_OFTEN: Final = 3
LOOK_AGAIN_S: Final = 600.0
"""How often it is looked whether the name of a row that was found has become that of several."""


@dataclass(slots=True)
class RowSearch:
    """The rows of one device. Times are monotonic seconds."""

    template: Template
    rows: Sequence[Row]
    share: float = 1.0
    """After which share of ``LOOK_AGAIN_S`` it is looked for the first time: each device's own (rule 5)."""
    named: Objects = field(default_factory=lambda: Objects({}))
    """What names and picks out rows, as it was walked; no value, which would be told though it is gone."""
    indexes: dict[Row, str] = field(default_factory=dict)
    _names: dict[Row, tuple[str, RawValue]] = field(default_factory=dict)
    """An object that names a row, and what it said when the row was found."""
    _from_s: float = -math.inf
    _pause_s: float = SOON_S
    _in_vain: set[Row] = field(default_factory=set)
    """The rows that were sought to the end (rule 3)."""
    _look_from_s: float = math.inf
    """When it is looked again at the names of what was found (rule 5)."""
    _ambiguous: set[Row] = field(default_factory=set)
    _lost: set[str] = field(default_factory=set)
    """The tables of which rows were lost since the search began (rule 4)."""
    _failures: int = 0
    _answered: bool = False
    """Whether the device has answered anything since the search began (rule 3)."""

    def columns_to_walk(self, now_s: float) -> list[str]:
        """Return the columns by which rows are found, where that has to be done now."""
        if now_s < self._from_s:
            return []
        found = {name: naming_columns(self.template, name) for name in self._tables_with_rows_missing()}
        wanted = {name: columns or showing_columns(self.template, name) for name, columns in found.items()}
        return list(dict.fromkeys(oid for columns in wanted.values() for oid in columns))

    def columns_left(self) -> list[str]:
        """Return further columns, where those that name rows did not show all of them."""
        tables = self._tables_with_rows_missing()
        return list(dict.fromkeys(oid for name in tables for oid in showing_columns(self.template, name)))

    def begun(self) -> None:
        """Take it that a search has begun."""
        self._lost.clear()
        self._answered = False

    def walked(self, objects: Objects, columns: Collection[str] = ()) -> None:
        """Take what these columns said, in the place of what they said before; rows found before stay."""
        naming = {oid for name in self.template.tables for oid in naming_columns(self.template, name)}
        self.named = self.named.without(columns).joined(objects.below(naming))
        self._ambiguous.clear()
        for name in self._tables_with_rows_missing():
            names = named_rows(self.template, name, objects)
            for row in self._told_rows():
                if row.table != name or row in self.indexes:
                    continue
                index = place_of(row.name, names)
                if index is not None:
                    self._found(row, index, objects)
                elif is_ambiguous(row.name, names):
                    self._ambiguous.add(row)

    def ended(self, now_s: float, *, whole: bool) -> None:
        """Take it that a search has ended: ``whole`` where all columns were walked (rules 2 to 4)."""
        if whole:
            self._failures = 0
            self._in_vain |= {row for row in self.missing() if row.table not in self._lost}
            self._look_from_s = min(self._look_from_s, now_s + self.share * LOOK_AGAIN_S)
        elif self._answered:
            self._failures += 1
        if self._lost:
            return
        self._from_s = now_s + self._pause_s
        if whole or self._answered:
            self._pause_s = min(2 * self._pause_s, SELDOM_S)

    def columns_to_look_at(self, now_s: float) -> list[str]:
        """Return the columns that show whether the name of a row that was found is still its own (rule 5)."""
        if now_s < self._look_from_s or self.is_seeking:
            return []
        columns = (oid for row, index in self.indexes.items() for oid in self._columns_naming(row, index))
        return list(dict.fromkeys(columns))

    def looked(self, now_s: float, objects: Objects | None) -> list[Row]:
        """Take what these columns said, ``None`` where they were not walked to their end.

        Return the rows that are told no more, as several have their name now (rule 5).
        """
        missed = max(0.0, now_s - self._look_from_s) // LOOK_AGAIN_S
        self._look_from_s += LOOK_AGAIN_S * (1 + missed)  # at its own moments, also after this machine slept
        if objects is None:
            return []
        tables = {row.table for row in self.indexes} - self._lost
        names = {name: named_rows(self.template, name, objects) for name in tables}
        double = [row for row in self.indexes if is_ambiguous(row.name, names.get(row.table, {}))]
        for row in double:
            self._forget(row)
        self._ambiguous |= set(double)
        self._in_vain |= set(double)
        if double:
            self._from_s, self._pause_s = now_s, SOON_S
        return double

    def check(self, row: Row) -> list[str]:
        """Return an object that names a row, to see whether it still does; none where nothing names it."""
        return [self._names[row][0]] if row in self._names else []

    def lost(self, answered: Mapping[str, RawValue], known: Mapping[Row, Collection[str]]) -> list[Row]:
        """Forget the rows that an answer no longer shows, and return them (rule 1).

        ``known`` has the objects of each row that were answered before.
        """
        self._answered = True
        gone = [row for row in self.indexes if not self._is_there(row, answered, known.get(row, ()))]
        for row in gone:
            self._forget(row)
            self._lost.add(row.table)
        self._in_vain -= {row for row in self._in_vain if row.table in {each.table for each in gone}}
        if gone:
            self._from_s, self._pause_s, self._failures = -math.inf, SOON_S, 0
        return gone

    @property
    def is_seeking(self) -> bool:
        """Whether rows are sought for the first time, or anew."""
        return self._failures < FAILED_OFTEN and bool(set(self.missing()) - self._in_vain)

    def missing(self) -> list[Row]:
        """Return the rows that are not known."""
        return [row for row in self._told_rows() if row not in self.indexes]

    def state_of(self, row: Row) -> RowState | None:
        """Return how a row stands; ``None`` while it is being sought (rule 3)."""
        if row in self.indexes:
            return RowState.THERE
        if row in self._in_vain:
            return RowState.SEVERAL if row in self._ambiguous else RowState.NOT_THERE
        return RowState.NOT_SOUGHT if self._failures >= FAILED_OFTEN else None

    def _found(self, row: Row, index: str, objects: Objects) -> None:
        self.indexes[row] = index
        oid = naming_object(self.template.tables[row.table], index, objects)
        said = None if oid is None else objects.get(oid)
        if oid is not None and said is not None:
            self._names[row] = oid, said

    def _forget(self, row: Row) -> None:
        del self.indexes[row]
        self._names.pop(row, None)

    def _columns_naming(self, row: Row, index: str) -> list[str]:
        """Return the columns that show which rows have a row's name; none where that is its place."""
        if row.name == index:
            return []
        table = self.template.tables[row.table]
        labels = tuple(f"{oid.removeprefix('.')}." for oid in (*table.label, *table.label_otherwise))
        is_labelled = row in self._names and self._names[row][0].startswith(labels)
        showing = [] if is_labelled else showing_columns(self.template, row.table)
        return [*naming_columns(self.template, row.table), *showing]

    def _is_there(self, row: Row, answered: Mapping[str, RawValue], known: Collection[str]) -> bool:
        if row in self._names:
            oid, said = self._names[row]
            return answered.get(oid) == said
        return not known or any(oid in answered for oid in known)

    def _tables_with_rows_missing(self) -> list[str]:
        return list(dict.fromkeys(row.table for row in self.missing()))

    def _told_rows(self) -> list[Row]:
        with_values = {value.table for value in self.template.values}
        return [row for row in self.rows if row.table in with_values]
