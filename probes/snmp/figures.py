"""What a device tells, by its template: each value as a number, or why there is none. Pure.

Rules
1. A number that cannot be had is none, with the reason and what came: never 0.
2. Of several objects that a value may have, the first that the device has counts, row by row.
3. A row whose label is empty is told by its index; rows that share a label too, in brackets behind it.
4. A derived value needs all that it is made of. A sum over rows is told once, for the rows that have it.
5. A counter is told here as it stands; whoever asks twice makes a rate of it (``rates``).
"""

from __future__ import annotations

import enum
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from probes.snmp.client import RawValue
from probes.snmp.decoding import decoded
from probes.snmp.objects import Objects
from probes.snmp.template import Derived, State, Table, Template, Value
from probes.snmp.values import shown, text_of

_LONGEST_LABEL: Final = 60


class Lack(enum.StrEnum):
    """Why a value has no number."""

    NONE = ""
    NO_SUCH_OBJECT = "no such object"
    UNDECODABLE = "cannot be decoded"
    SENTINEL = "the device says that it has none"
    OUT_OF_RANGE = "outside of what is possible"
    UNKNOWN_STATE = "a state that the template does not know"


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of one row. ``row`` is empty for what is of the device as a whole."""

    value: Value | Derived
    row: str = ""
    index: str = ""
    oid: str = ""
    """The object that it was taken from; empty for what is derived."""
    number: float | None = None
    lack: Lack = Lack.NONE
    state: State | None = None
    raw: RawValue | None = None

    @property
    def name(self) -> str:
        """The value's name."""
        return self.value.name

    def told(self) -> str:
        """Write it for a person, with what came where there is no number."""
        if self.number is None:
            came = "" if self.raw is None else f": {shown(self.raw)}"
            return f"unknown ({self.lack}{came})"
        if self.state is not None:
            return f"{self.state.meaning} ({self.number:g})"
        return f"{self.number:.12g} {self.value.unit}".rstrip()


def figures(template: Template, objects: Objects) -> list[Figure]:
    """Return everything that a template finds in what a device answered, in the template's order."""
    rows = {name: rows_of(table, objects) for name, table in template.tables.items()}
    found = []
    for value in template.values:
        if value.table:
            found += list(_of_rows(template, value, rows[value.table], objects))
        else:
            figure = _scalar(template, value, objects)
            if not (value.optional and figure.lack is Lack.NO_SUCH_OBJECT):
                found.append(figure)
    return [*found, *_derived(template, found)]


def rows_of(table: Table, objects: Objects) -> dict[str, str]:
    """Return the rows of a table: their labels by their indexes (rule 3)."""
    columns = [objects.column(oid) for oid in table.label]
    indexes = dict.fromkeys(index for column in columns for index in column)
    labels = {
        index: " ".join(filter(None, (_label(column.get(index)) for column in columns))) for index in indexes
    }
    for oid, pattern in table.only.items():
        column = objects.column(oid)
        for index in list(column) if not columns else list(labels):
            fits = index in column and re.search(pattern, _plain(column[index])) is not None
            if fits and not columns:
                labels[index] = ""
            elif not fits:
                labels.pop(index, None)
    shared = Counter(labels.values())
    return {
        index: f"{label} ({index})" if label and shared[label] > 1 else label or index
        for index, label in labels.items()
    }


def _of_rows(template: Template, value: Value, rows: Mapping[str, str], objects: Objects) -> Iterator[Figure]:
    columns = {oid.removeprefix("."): objects.column(oid) for oid in value.oid}
    indexes = dict.fromkeys(rows)
    if not template.tables[value.table].only:
        indexes |= dict.fromkeys(index for column in columns.values() for index in column)
    for index in indexes:
        oid = next((oid for oid, column in columns.items() if index in column), None)
        if oid is not None:
            raw = columns[oid][index]
            yield _figure(template, value, f"{oid}.{index}", raw, rows.get(index) or index, index)


def _scalar(template: Template, value: Value, objects: Objects) -> Figure:
    for oid in value.oid:
        raw = objects.get(oid)
        if raw is not None:
            return _figure(template, value, oid.removeprefix("."), raw)
    return Figure(value, lack=Lack.NO_SUCH_OBJECT)


def _figure(
    template: Template, value: Value, oid: str, raw: RawValue, row: str = "", index: str = ""
) -> Figure:
    if value.states:
        state = state_of(template.states[value.states], value, raw)
        number = None if state is None else float(state.code)
        return Figure(value, row, index, oid, number, Lack.NONE if state else Lack.UNKNOWN_STATE, state, raw)
    number, lack = number_told(value, raw)
    return Figure(value, row, index, oid, number, lack, None, raw)


def number_told(value: Value, raw: RawValue) -> tuple[float | None, Lack]:
    """Return a value's number, or why there is none."""
    number = decoded(_part(value, raw), value.decode, value.bit)
    if number is None:
        return None, Lack.UNDECODABLE
    if number in value.none:
        return None, Lack.SENTINEL
    told = (number + value.add) * value.multiply / value.divide
    if not math.isfinite(told) or (value.valid and not value.valid[0] <= told <= value.valid[1]):
        return None, Lack.OUT_OF_RANGE
    return told, Lack.NONE


def state_of(states: Sequence[State], value: Value, raw: RawValue) -> State | None:
    """Return the state that a device tells, by its text where states have texts, else by its code."""
    plain = _plain(_part(value, raw)).strip().casefold()
    by_text = next((state for state in states if plain in (text.casefold() for text in state.text)), None)
    if by_text is not None:
        return by_text
    number = decoded(_part(value, raw), value.decode, value.bit)
    return next((state for state in states if not state.text and number == state.code), None)


def _part(value: Value, raw: RawValue) -> RawValue:
    """Return what of a text is meant."""
    if not value.pattern or not isinstance(raw, bytes):
        return raw
    text = text_of(raw)
    found = re.search(value.pattern, text) if text is not None else None
    return found[1].encode() if found is not None and found[1] is not None else b""


def _derived(template: Template, found: Sequence[Figure]) -> Iterator[Figure]:
    for each in template.derived:
        by_row: dict[str, list[Figure]] = {}
        for figure in found:
            if figure.name in each.of and figure.number is not None:
                by_row.setdefault("" if each.over_rows else figure.row, []).append(figure)
        for row, parts in by_row.items():
            number = _made(each, parts)
            if number is not None:
                yield Figure(each, row, "" if each.over_rows else parts[0].index, number=number)


def _made(each: Derived, parts: Sequence[Figure]) -> float | None:
    """Return a derived number; ``None`` where a part is missing (rule 4)."""
    numbers = [[part.number or 0.0 for part in parts if part.name == name] for name in each.of]
    if not all(numbers):
        return None
    if each.how == "sum":
        return sum(map(sum, numbers)) * each.multiply
    (first, *_), (second, *_) = numbers
    if each.how == "difference":
        return (first - second) * each.multiply
    return first / second * each.multiply if second else None


def _label(raw: RawValue | None) -> str:
    return "" if raw is None else " ".join(_plain(raw).split())[:_LONGEST_LABEL]


def _plain(raw: RawValue) -> str:
    if isinstance(raw, bytes):
        return text_of(raw) or raw.hex()
    return str(raw)
