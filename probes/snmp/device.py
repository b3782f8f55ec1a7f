"""One device as a probe sees it: what to ask it next, and what its answers mean. Pure: it asks nobody.

Rules
1. Rows are found by their names, once by walking the columns that name them; then one object of each row's
   name is asked along, and where it says something else the rows are sought again: a device that numbers its
   rows anew loses no row and mixes none up.
2. Of several objects that a value may have, all are asked until one answered; then that one alone, until it
   is gone.
3. Counters become rates (``rates``); after a restart of the agent none is told until it was seen twice.
4. Until rows were sought once, what they would tell is not missing: it is being sought.
5. What is known is kept from question to question, and nothing of it outlives the probe's parameters.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from probes.snmp.client import RawValue
from probes.snmp.counters import Counter, counter_of, line_speeds
from probes.snmp.figures import Figure, figures
from probes.snmp.objects import Objects
from probes.snmp.plan import DEVICE, GRADE, Row, severity_metric, severity_of
from probes.snmp.rates import Rates
from probes.snmp.rows import named_rows, naming_columns, showing_columns
from probes.snmp.template import Template, Value

UPTIME: Final = "1.3.6.1.2.1.1.3.0"
SEEK_AGAIN_S: Final = 60.0
"""How soon rows that were not found are sought again."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a device's answers come to: numbers by metric, and what has none, for people."""

    values: Mapping[str, float]
    lacking: Sequence[str]
    states: Sequence[str] = ()


NOTHING_TOLD: Final = Told({}, ())


@dataclass(slots=True)
class Device:
    """One device of one probe."""

    template: Template
    rows: Sequence[Row]
    _named: Objects = field(default_factory=lambda: Objects({}))
    """What names and picks out rows, as it was walked."""
    _indexes: dict[Row, str] = field(default_factory=dict)
    _sought_s: float = -math.inf
    _sought: bool = False
    _found: dict[tuple[Row, str], str] = field(default_factory=dict)
    _unstamped: set[Row] = field(default_factory=set)
    """The rows that do not say when their counters began anew."""
    _rates: Rates = field(default_factory=Rates)

    def columns_to_walk(self, now_s: float) -> list[str]:
        """Return the columns by which rows are found, where that has to be done now (rule 1)."""
        if now_s - self._sought_s < SEEK_AGAIN_S:
            return []
        found = {name: naming_columns(self.template, name) for name in self._tables_with_rows_missing()}
        wanted = {name: columns or showing_columns(self.template, name) for name, columns in found.items()}
        return list(dict.fromkeys(oid for columns in wanted.values() for oid in columns))

    def sought(self) -> None:
        """Take it that the search for rows has ended, whatever it found."""
        self._sought = True

    @property
    def is_seeking(self) -> bool:
        """Whether rows are sought for the first time, or anew (rule 4)."""
        return not self._sought and bool(self._tables_with_rows_missing())

    def columns_left(self) -> list[str]:
        """Return further columns, where those that name rows did not show all of them."""
        tables = self._tables_with_rows_missing()
        return list(dict.fromkeys(oid for name in tables for oid in showing_columns(self.template, name)))

    def walked(self, objects: Objects, now_s: float) -> None:
        """Take what the columns said; rows that were found before stay, until they say otherwise (rule 1)."""
        self._named, self._sought_s = self._named.joined(objects.items()), now_s
        for row in self._rows_told():
            if row in self._indexes:
                continue
            index = _index_of(row, named_rows(self.template, row.table, objects))
            if index is not None:
                self._indexes[row] = index

    def objects_to_ask(self) -> list[str]:
        """Return all objects of the next question, each once."""
        asked = [UPTIME]
        for row in (DEVICE, *self.rows):
            index = self._indexes.get(row)
            if row is not DEVICE and index is None:
                continue
            for value in self.template.values:
                if value.table == row.table:
                    asked += self._objects_of(value, row, index)
            if index is not None:
                asked += self._check(row, index)
        return list(dict.fromkeys(asked))

    def take(self, answered: Mapping[str, RawValue], now_s: float) -> Told:
        """Return what an answer comes to."""
        if self._moved(answered):
            self._named = Objects({})
            self._indexes.clear()
            self._found.clear()
            self._unstamped.clear()
            self._sought_s, self._sought = -math.inf, False
            return Told({}, ["the device numbers its rows anew: they are sought again"])
        restarted = self._rates.restarted(_whole(answered.get(UPTIME)), now_s)
        objects = self._named.joined(answered.items())
        values: dict[str, float] = {}
        lacking = ["the agent started again"] if restarted else []
        states: list[str] = []
        by_index = {(row.table, index): row for row, index in self._indexes.items()}
        told = figures(self.template, objects)
        speeds = line_speeds(told)
        for figure in told:
            row = (
                DEVICE if not figure.index else by_index.get((_table_of(self.template, figure), figure.index))
            )
            if row is None:
                continue
            if figure.oid and figure.oid in answered:
                self._found[row, figure.name] = figure.oid
            if isinstance(figure.value, Value) and figure.value.counter and figure.number is not None:
                metric = f"{row.prefix}{figure.name}"
                rate = self._rate(counter_of(figure, speeds), metric, row, answered, now_s)
                values |= {} if rate is None else {metric: rate}
                continue
            self._tell(figure, row, values, lacking, states)
        self._forget_what_is_gone(answered)
        self._grade(values)
        missing = "its row is being sought" if self.is_seeking else "no such row"
        lacking += [
            f"{row.table} {row.name}".rstrip() + f": {missing}"
            for row in self._rows_told()
            if row not in self._indexes
        ]
        return Told(values, lacking, states)

    def _tell(
        self,
        figure: Figure,
        row: Row,
        values: dict[str, float],
        lacking: list[str],
        states: list[str],
    ) -> None:
        metric, number = f"{row.prefix}{figure.name}", figure.number
        if number is None:
            lacking.append(f"{metric}: {figure.told()}")
            return
        values[metric] = number
        if figure.state is not None:
            states.append(f"{row.title}{figure.value.title}: {figure.state.meaning}")
            severity = severity_of(figure.state.severity)
            if severity is not None:
                values[severity_metric(metric)] = severity

    def _rate(
        self, counter: Counter | None, metric: str, row: Row, answered: Mapping[str, RawValue], now_s: float
    ) -> float | None:
        if counter is None:
            return None
        stamp = None if counter.stamp is None else _whole(answered.get(counter.stamp))
        if counter.stamp is not None and stamp is None:
            self._unstamped.add(row)  # it is not asked for again
        rate = self._rates.rate(metric, counter.count, counter.bits, now_s, stamp=stamp, line=counter.most)
        return None if rate is None else rate * counter.by

    def _grade(self, values: dict[str, float]) -> None:
        """Add the grade of each row's signal: that of its worst band."""
        for row in (DEVICE, *self.rows):
            grades = [
                self.template.bands[value.bands].grade(values[f"{row.prefix}{value.name}"])
                for value in self.template.values
                if value.bands and value.table == row.table and f"{row.prefix}{value.name}" in values
            ]
            if grades:
                values[f"{row.prefix}{GRADE}"] = float(min(grades))

    def _objects_of(self, value: Value, row: Row, index: str | None) -> Iterable[str]:
        known = self._found.get((row, value.name))
        oids = [oid.removeprefix(".") for oid in value.oid]
        if index is None:
            return oids if known is None else [known]
        stamp = None if row in self._unstamped else value.discontinuity
        beside = (value.scale, value.precision, stamp)
        scaled = [oid.removeprefix(".") for oid in beside if oid is not None]
        told = [f"{oid}.{index}" for oid in oids] if known is None else [known]
        return [*told, *(f"{oid}.{index}" for oid in scaled)]

    def _check(self, row: Row, index: str) -> Iterable[str]:
        """Return an object that names the row, to see whether it still does."""
        table = self.template.tables[row.table]
        named = [f"{oid.removeprefix('.')}.{index}" for oid in (*table.label, *table.label_otherwise)]
        return [oid for oid in named if self._named.get(oid) is not None][:1]

    def _moved(self, answered: Mapping[str, RawValue]) -> bool:
        """Whether a row is named otherwise than when it was found (rule 1)."""
        checks = [oid for row, index in self._indexes.items() for oid in self._check(row, index)]
        return any(answered.get(oid) != self._named.get(oid) for oid in checks)

    def _forget_what_is_gone(self, answered: Mapping[str, RawValue]) -> None:
        for key, oid in list(self._found.items()):
            if oid not in answered:
                del self._found[key]

    def _tables_with_rows_missing(self) -> list[str]:
        return list(dict.fromkeys(row.table for row in self._rows_told() if row not in self._indexes))

    def _rows_told(self) -> list[Row]:
        with_values = {value.table for value in self.template.values}
        return [row for row in self.rows if row.table in with_values]


def _index_of(row: Row, names: Mapping[str, str]) -> str | None:
    """Find a row by its name; without one, where it is the only row."""
    if not row.name:
        return next(iter(names)) if len(names) == 1 else None
    return next((index for index, name in names.items() if name == row.name), None)


def _table_of(template: Template, figure: Figure) -> str:
    if isinstance(figure.value, Value):
        return figure.value.table
    first = figure.value.of[0]
    return next(value.table for value in template.values if value.name == first)


def _whole(raw: RawValue | None) -> int | None:
    return raw if isinstance(raw, int) else None
