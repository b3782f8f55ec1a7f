"""One device as a probe sees it: what to ask it next, and what its answers mean. Pure: it asks nobody.

Rules
1. Rows are found by their names, once by walking the columns that name them, and sought again where they are
   lost (``row_search``): a device that numbers its rows anew loses no row and mixes none up.
2. Of several objects that a value may have, all are asked until one answered; then that one alone, until it
   is gone.
3. Counters become rates (``rates``); after a restart of the agent none is told until it was seen twice.
4. A row that the site names is told to be there, to be missing, or to share its name with another one; not
   while it is being sought. A row that came to share its name is told no more (``RowSearch.looked``).
5. Of a table of which the site names no row, each value is unknown where the device has no row of it, or
   several, so that what it told before is missed; and once its only row was there, its state is told like
   that of a row that is named: it is a fault that it is gone, or alone no longer.
6. What is known is kept from question to question, and nothing of it outlives the probe's parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from probes.snmp.client import RawValue
from probes.snmp.counters import Counter, counter_of, line_speeds
from probes.snmp.figures import Figure, figures
from probes.snmp.objects import Objects
from probes.snmp.plan import (
    DEVICE,
    GRADE,
    Row,
    RowState,
    figures_of_row,
    row_state_told,
    severity_metric,
    severity_of,
)
from probes.snmp.rates import Rates
from probes.snmp.row_search import RowSearch
from probes.snmp.template import Template, Value

UPTIME: Final = "1.3.6.1.2.1.1.3.0"

_LOST: Final = "it is not where it was: it is sought again"
_SOUGHT: Final = "its row is being sought"
_NOT_SOUGHT: Final = "the device does not let it be looked for"
_MISSING: Final = {
    RowState.NOT_THERE: "no such row",
    RowState.SEVERAL: "several rows have this name",
    RowState.NOT_SOUGHT: _NOT_SOUGHT,
}
_NO_ONLY_ROW: Final = {
    RowState.NOT_THERE: "no row of {table}",
    RowState.SEVERAL: "several rows of {table}, and the site names none",
    RowState.NOT_SOUGHT: _NOT_SOUGHT,
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a device's answers come to: numbers by metric, why others have none, and words for people."""

    values: Mapping[str, float] = field(default_factory=dict)
    unknown: Mapping[str, str] = field(default_factory=dict)
    remarks: Sequence[str] = ()
    states: Sequence[str] = ()


NOTHING_TOLD: Final = Told()


@dataclass(slots=True)
class Device:
    """One device of one probe."""

    template: Template
    rows: Sequence[Row]
    share: float = 1.0
    """When it is looked again at the names of its rows (``RowSearch.share``)."""
    search: RowSearch = field(init=False)
    _found: dict[tuple[Row, str], str] = field(default_factory=dict)
    _unstamped: set[Row] = field(default_factory=set)
    """The rows that do not say when their counters began anew."""
    _rates: Rates = field(default_factory=Rates)
    _was_there: set[Row] = field(default_factory=set)
    """The rows that were found once."""

    def __post_init__(self) -> None:
        """Know no row yet."""
        self.search = RowSearch(self.template, self.rows, self.share)

    def objects_to_ask(self) -> list[str]:
        """Return all objects of the next question, each once."""
        asked = [UPTIME]
        for row in (DEVICE, *self.rows):
            index = self.search.indexes.get(row)
            if row is not DEVICE and index is None:
                continue
            for value in self.template.values:
                if value.table == row.table:
                    asked += self._objects_of(value, row, index)
            if index is not None:
                asked += self.search.check(row)
        return list(dict.fromkeys(asked))

    def take(self, answered: Mapping[str, RawValue], now_s: float) -> Told:
        """Return what an answer comes to."""
        lost = self.search.lost(answered, self._known_objects())
        self._forget_rows(lost)
        restarted = self._rates.restarted(_whole(answered.get(UPTIME)), now_s)
        objects = self.search.named.joined(answered.items())
        values: dict[str, float] = {}
        unknown: dict[str, str] = {}
        remarks = ["the agent started again"] if restarted else []
        states: list[str] = []
        by_index = {(row.table, index): row for row, index in self.search.indexes.items()}
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
            self._tell(figure, row, values, unknown, states)
        self._forget_what_is_gone(answered)
        self._grade(values)
        self._tell_rows(lost, values, unknown, remarks)
        return Told(values, unknown, remarks, states)

    def looked(self, now_s: float, objects: Objects | None) -> None:
        """Take what names the rows that are told, as it was walked again; ``None`` where that failed."""
        self._forget_rows(self.search.looked(now_s, objects))

    def _tell_rows(
        self, lost: Sequence[Row], values: dict[str, float], unknown: dict[str, str], remarks: list[str]
    ) -> None:
        """Tell how the rows stand that the site names, and of which nothing is told (rules 4 and 5)."""
        self._was_there |= self.search.indexes.keys()
        for row in self.rows:
            state = self.search.state_of(row)
            if (row.name or row in self._was_there) and state is not None:
                values |= row_state_told(row, state)
        for row in self.search.missing():
            state = self.search.state_of(row)
            called = f"{row.table} {row.name}".rstrip()
            if state is None:
                remarks.append(f"{called}: {_LOST if row in lost else _SOUGHT}")
            elif row.name:
                remarks.append(f"{called}: {_MISSING[state]}")
            else:
                why = _NO_ONLY_ROW[state].format(table=self.template.tables[row.table].title)
                unknown |= dict.fromkeys(figures_of_row(self.template, row), why)

    def _tell(
        self,
        figure: Figure,
        row: Row,
        values: dict[str, float],
        unknown: dict[str, str],
        states: list[str],
    ) -> None:
        metric, number = f"{row.prefix}{figure.name}", figure.number
        if number is None:
            unknown[metric] = figure.why_unknown
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

    def _known_objects(self) -> dict[Row, list[str]]:
        """Return the objects of each row that were answered before."""
        known: dict[Row, list[str]] = {}
        for (row, _), oid in self._found.items():
            known.setdefault(row, []).append(oid)
        return known

    def _forget_rows(self, lost: Sequence[Row]) -> None:
        for row in lost:
            self._unstamped.discard(row)
            of_row = (value for value in self.template.values if value.table == row.table)
            self._rates.forget(f"{row.prefix}{value.name}" for value in of_row)
        for key in [key for key in self._found if key[0] in lost]:
            del self._found[key]

    def _forget_what_is_gone(self, answered: Mapping[str, RawValue]) -> None:
        for key, oid in list(self._found.items()):
            if oid not in answered:
                del self._found[key]


def _table_of(template: Template, figure: Figure) -> str:
    if isinstance(figure.value, Value):
        return figure.value.table
    first = figure.value.of[0]
    return next(value.table for value in template.values if value.name == first)


def _whole(raw: RawValue | None) -> int | None:
    return raw if isinstance(raw, int) else None
