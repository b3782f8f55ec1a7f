"""What a device tells, by its template: each value as a number, or why there is none. Pure.

Rules
1. A number that cannot be had is none, with the reason and what came: never 0.
2. Of several objects that a value may have, the first that the device has counts, row by row.
3. A row is told by its name (``rows``).
4. A derived value needs all that it is made of. A sum over rows is told once, for the rows that have it.
5. A number that is scaled by columns of its row is none where one of them is missing or means nothing.
6. A counter is told here as it stands; whoever asks twice makes a rate of it (``rates``).
7. A state that is at rest by another one of its row (a link that is switched off) is no fault.
"""

from __future__ import annotations

import enum
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from probes.snmp.client import RawValue
from probes.snmp.decoding import decoded
from probes.snmp.number_text import with_plain_minus
from probes.snmp.objects import Objects
from probes.snmp.rows import named_rows
from probes.snmp.template import Derived, Severity, State, Template, Value
from probes.snmp.values import number_of, plain, shown, text_of

_UNITS_SCALE: Final = 9
_NOTHING: Final = -1000
_SCALES: Final = range(1, 18)
_PRECISIONS: Final = range(-8, 10)


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

    @property
    def why_unknown(self) -> str:
        """Why there is no number, with what came; empty where there is one."""
        came = "" if self.raw is None else f": {shown(self.raw)}"
        return f"{self.lack}{came}" if self.number is None else ""

    def told(self) -> str:
        """Write it for a person, with what came where there is no number."""
        if self.number is None:
            return f"unknown ({self.why_unknown})"
        if self.state is not None:
            return f"{self.state.meaning} ({self.number:g})"
        return f"{self.number:.12g} {self.value.unit}".rstrip()


def figures(template: Template, objects: Objects) -> list[Figure]:
    """Return everything that a template finds in what a device answered, in the template's order."""
    rows = {name: named_rows(template, name, objects) for name in template.tables}
    found = []
    for value in template.values:
        if value.table:
            found += list(_of_rows(template, value, rows[value.table], objects))
        else:
            figure = _scalar(template, value, objects)
            if not (value.optional and figure.lack is Lack.NO_SUCH_OBJECT):
                found.append(figure)
    found = list(_at_rest(found))
    told = [each for each in found if isinstance(each.value, Derived) or not each.value.for_derived_alone]
    return [*told, *_derived(template, found)]


def _at_rest(found: Sequence[Figure]) -> Iterator[Figure]:
    """Take it that a state is no fault where another one of its row says so (rule 7)."""
    codes = {(each.index, each.name): each.number for each in found if each.state is not None}
    for each in found:
        wanted = each.value.at_rest if isinstance(each.value, Value) else {}
        rests = any(codes.get((each.index, name)) in resting for name, resting in wanted.items())
        if each.state is not None and rests:
            yield replace(each, state=each.state.model_copy(update={"severity": Severity.OK}))
        else:
            yield each


def _of_rows(template: Template, value: Value, rows: Mapping[str, str], objects: Objects) -> Iterator[Figure]:
    columns = {oid.removeprefix("."): objects.column(oid) for oid in value.oid}
    for index, row in rows.items():
        oid = next((oid for oid, column in columns.items() if index in column), None)
        if oid is not None:
            power = _power_of_ten(value, index, objects)
            yield _figure(template, value, f"{oid}.{index}", columns[oid][index], row, index, power)


def _scalar(template: Template, value: Value, objects: Objects) -> Figure:
    for oid in value.oid:
        raw = objects.get(oid)
        if raw is not None:
            return _figure(template, value, oid.removeprefix("."), raw)
    return Figure(value, lack=Lack.NO_SUCH_OBJECT)


def _power_of_ten(value: Value, index: str, objects: Objects) -> int | None:
    """Return by which power of ten a row's own columns scale its number (RFC 3433, EntitySensorDataScale)."""
    # A precision below 0 says how many digits are accurate; it moves no decimal point.
    scale = _whole(value.scale, index, objects, _UNITS_SCALE)
    precision = _whole(value.precision, index, objects, 0)
    if scale not in _SCALES or precision not in _PRECISIONS:
        return None
    return 3 * (scale - _UNITS_SCALE) - max(0, precision)


def _whole(column: str | None, index: str, objects: Objects, otherwise: int) -> int:
    """Return what a column says of a row; ``otherwise`` where none is named."""
    if column is None:
        return otherwise
    raw = objects.get(f"{column}.{index}")
    number = None if raw is None else number_of(raw)
    return _NOTHING if number is None else int(number)


def _figure(
    template: Template,
    value: Value,
    oid: str,
    raw: RawValue,
    row: str = "",
    index: str = "",
    power: int | None = 0,
) -> Figure:
    if value.states:
        state = state_of(template.states[value.states], value, raw)
        number = None if state is None else float(state.code)
        return Figure(value, row, index, oid, number, Lack.NONE if state else Lack.UNKNOWN_STATE, state, raw)
    number, lack = number_told(value, raw, power, value.divisor_of(oid))
    return Figure(value, row, index, oid, number, lack, None, raw)


def number_told(
    value: Value, raw: RawValue, power: int | None = 0, divisor: float | None = None
) -> tuple[float | None, Lack]:
    """Return a value's number, or why there is none. ``power``: of ten, by which its row scales it."""
    number = decoded(_part(value, raw), value.decode, value.bit)
    if number is None or power is None:
        return None, Lack.UNDECODABLE
    if number in value.none:
        return None, Lack.SENTINEL
    told = (number + value.add) * value.multiply / (divisor or value.divide)
    told = told * 10**power if power > 0 else told / 10**-power
    if not math.isfinite(told) or (value.valid and not value.valid[0] <= told <= value.valid[1]):
        return None, Lack.OUT_OF_RANGE
    return told, Lack.NONE


def state_of(states: Sequence[State], value: Value, raw: RawValue) -> State | None:
    """Return the state that a device tells, by its text where states have texts, else by its code."""
    said = plain(_part(value, raw)).strip().casefold()
    by_text = next((state for state in states if said in (text.casefold() for text in state.text)), None)
    if by_text is not None:
        return by_text
    number = decoded(_part(value, raw), value.decode, value.bit)
    return next((state for state in states if not state.text and number == state.code), None)


def _part(value: Value, raw: RawValue) -> RawValue:
    """Return what of a text is meant."""
    if not value.pattern or not isinstance(raw, bytes):
        return raw
    text = text_of(raw)
    found = re.search(value.pattern, with_plain_minus(text)) if text is not None else None
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
    if not second:
        return None
    return (first / second if each.how == "ratio" else 1 - first / second) * each.multiply
