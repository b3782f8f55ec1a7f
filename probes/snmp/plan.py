"""What a probe tells by its template: which metrics, of which rows, and how they are limited. Pure.

Rules
1. Names depend on the site alone, never on what a device happens to answer: so charts, limits and exports
   know them before the first answer, and they stay when a device numbers its rows anew.
2. A row is named ``TABLE/NAME``; its metrics have the name in front, in letters and digits. Of a table of
   which the site names no row, the only row is told under the plain names; of several, none.
3. A row that is named has a state of its own: whether the device has it (``RowState``). So has the only row
   of a table; that is told from when it was there once, for a device need not have such a row at all.
4. A state has a second metric, its severity: 0 well, 1 a warning, 2 a fault. A limit on it is told by the
   state. A signal has a grade, that of its worst band: 4 excellent, 3 good, 2 fair, 1 poor.
5. A value with bands is limited where it is poor, and good again a fifth of the way from fair to good.
   A level is judged by the median of its last ten readings, a state by that of three.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from controlroom.probe import Metric, UsualLimit
from probes.snmp.template import Derived, Severity, Template, Value

GRADE: Final = "signal_grade"
_GRADE_TITLE: Final = "Signal"
_GRADES: Final = ((4, "excellent", ""), (3, "good", ""), (2, "fair", ""), (1, "poor", ""))
_POOR: Final = "signal poor"
ROW_STATE: Final = "row_state"
_SEVERITY_TITLE: Final = "severity (0 well, 1 warning, 2 fault)"
_BETTER_THAN_POOR: Final = 0.2
_SEVERITY: Final = {Severity.OK: 0.0, Severity.WARNING: 1.0, Severity.FAULT: 2.0}
_BAD: Final = (Severity.WARNING, Severity.FAULT)
_NO_LETTERS: Final = re.compile(r"[^a-z0-9]+")
_SOON: Final = {"window_readings": 3, "minimum_readings": 2}
"""States change seldom, and are told at once."""
_LEVEL_WINDOW: Final = 10
_LEVEL_MINIMUM: Final = 5
"""Levels waver; a device is asked every ten seconds to a minute, so that this is a minute or some."""


class RowState(enum.IntEnum):
    """How a row that a site names, or the only one of a table, stands in the device."""

    THERE = 1
    NOT_THERE = 2
    SEVERAL = 3
    NOT_SOUGHT = 4


_ROW_STATES: Final = {
    RowState.THERE: ("there", Severity.OK),
    RowState.NOT_THERE: ("not there", Severity.FAULT),
    RowState.SEVERAL: ("several have this name", Severity.FAULT),
    RowState.NOT_SOUGHT: ("the device does not let it be looked for", Severity.WARNING),
}
_SEVERAL_UNNAMED: Final = "several, and the site names none"


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is told. ``name`` is empty for the only row of a table."""

    table: str
    name: str = ""

    @property
    def prefix(self) -> str:
        """What its metrics have in front."""
        return f"{slug(self.name)}_" if self.name else ""

    @property
    def title(self) -> str:
        """What people read in front of its values."""
        return f"{self.name}: " if self.name else ""


DEVICE: Final = Row("")
"""What is no row: the device as a whole."""


def slug(name: str) -> str:
    """Turn a row's name into letters and digits."""
    plain = _NO_LETTERS.sub("_", name.casefold()).strip("_")
    return plain if plain[:1].isalpha() else f"row_{plain}".rstrip("_")


def rows_told(template: Template, named: Iterable[str]) -> list[Row]:
    """Return the rows of all tables that are told: those that are named, else the only one (rule 2)."""
    rows: dict[str, list[Row]] = {name: [] for name in template.tables}
    for text in named:
        table, _, name = text.partition("/")
        rows[table].append(Row(table, name))
    return [row for name, found in rows.items() for row in found or [Row(name)]]


def metrics_told(template: Template, rows: Sequence[Row]) -> tuple[Metric, ...]:
    """Return all metrics (rules 1, 3 and 4), those of which a limit watches the value first.

    The first one stands for the device: that is never whether it has a row, unless it has nothing else.
    """
    limited = (limit.told_by or limit.metric for limit in limits_told(template, rows))
    watched = {name for name in limited if not name.endswith(ROW_STATE)}
    told = (metric for row in (DEVICE, *rows) for metric in _told_of(template, row))
    return tuple(sorted(told, key=lambda metric: not watched & {metric.name, metric.judges}))


def limits_told(template: Template, rows: Sequence[Row]) -> tuple[UsualLimit, ...]:
    """Return the limits that a template brings: its own, of severities and of grades."""
    return tuple(limit for row in (DEVICE, *rows) for limit in _limits_of(template, row))


def figures_of_row(template: Template, row: Row) -> list[str]:
    """Return what a row tells, without what judges it or says how the row stands."""
    values = list(_values_of(template, row))
    names = [value.name for value in values]
    graded = any(isinstance(value, Value) and value.bands for value in values)
    return [f"{row.prefix}{name}" for name in [*names, *([GRADE] if graded else [])]]


def severity_metric(name: str) -> str:
    """Name the severity of a state."""
    return f"{name}_severity"


def row_state_metric(row: Row) -> str:
    """Name the state of a row; with its table, as rows of several tables may have one name."""
    return f"{row.prefix}{slug(row.table)}_{ROW_STATE}"


def row_state_told(row: Row, state: RowState) -> dict[str, float]:
    """Return the values of how a row stands (rule 3)."""
    name = row_state_metric(row)
    return {name: float(state), severity_metric(name): _SEVERITY[_ROW_STATES[state][1]]}


def severity_of(severity: Severity) -> float | None:
    """Return the number of a severity; ``None`` for one that says nothing."""
    return _SEVERITY.get(severity)


def _told_of(template: Template, row: Row) -> Iterator[Metric]:
    values = list(_values_of(template, row))
    for value in values:
        name, title = f"{row.prefix}{value.name}", f"{row.title}{value.title}"
        if isinstance(value, Derived):
            yield Metric(name, value.unit, title)
            continue
        poor = f"{row.title}{_POOR}: {value.title} {{figure}}" if value.bands else ""
        yield Metric(name, value.unit, title, when_low=poor, meanings=_meanings(template, value))
        if value.states:
            yield Metric(severity_metric(name), "", f"{title}, {_SEVERITY_TITLE}", judges=name)
    if any(isinstance(value, Value) and value.bands for value in values):
        yield Metric(f"{row.prefix}{GRADE}", "", f"{row.title}{_GRADE_TITLE}", meanings=_GRADES)
    if row.table and values:
        name, title = row_state_metric(row), f"{row.title}{template.tables[row.table].title}"
        yield Metric(name, "", title, meanings=_meanings_of_row(row))
        yield Metric(severity_metric(name), "", f"{title}, {_SEVERITY_TITLE}", judges=name)


def _meanings_of_row(row: Row) -> tuple[tuple[int, str, str], ...]:
    """Say what each state of a row means, and how bad that is."""
    words = {} if row.name else {RowState.SEVERAL: _SEVERAL_UNNAMED}
    return tuple(
        (state.value, words.get(state, meaning), severity.value if severity in _BAD else "")
        for state, (meaning, severity) in _ROW_STATES.items()
    )


def _meanings(template: Template, value: Value) -> tuple[tuple[int, str, str], ...]:
    """Say what each code of a state means, and how bad that is."""
    states = template.states[value.states] if value.states else ()
    return tuple(
        (state.code, state.meaning, state.severity.value if state.severity in _BAD else "")
        for state in states
    )


def _limits_of(template: Template, row: Row) -> Iterator[UsualLimit]:
    values = [value for value in _values_of(template, row) if isinstance(value, Value)]
    for value in values:
        name = f"{row.prefix}{value.name}"
        level = UsualLimit(
            name, window_readings=_LEVEL_WINDOW, minimum_readings=_LEVEL_MINIMUM, where_present=True
        )
        if value.limit is not None:
            yield replace(level, **value.limit.model_dump(exclude={"source"}, exclude_none=True))
        if value.states:
            yield _limit_of_state(name)
        if value.bands and value.limit is None:
            bands = template.bands[value.bands]
            better = bands.fair + _BETTER_THAN_POOR * (bands.good - bands.fair)
            yield replace(level, raise_below=bands.fair, clear_above=better)
    if row.table and values:
        yield _limit_of_state(row_state_metric(row))


def _limit_of_state(name: str) -> UsualLimit:
    severity = severity_metric(name)
    return UsualLimit(severity, raise_above=0.5, clear_below=0.4, where_present=True, told_by=name, **_SOON)


def _values_of(template: Template, row: Row) -> Iterator[Value | Derived]:
    tables = {value.name: value.table for value in template.values}
    yield from (value for value in template.values if value.table == row.table)
    for each in template.derived:
        table = "" if each.over_rows else tables[each.of[0]]
        if table == row.table:
            yield each
