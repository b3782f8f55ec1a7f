"""What was read, as values for people: named, with unit, meaning and what came. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from controlroom.identification import FoundValue
from probes.snmp.client import RawValue
from probes.snmp.figures import Figure
from probes.snmp.parameters import SnmpObject
from probes.snmp.survey import APART_S
from probes.snmp.template import Derived, Template, Value
from probes.snmp.values import number_of, shown

_GRADES: Final = {4: "excellent", 3: "good", 2: "fair", 1: "poor"}
_NO_RATE: Final = "no rate: the counter began anew, or was not read twice"
_TOO_BRIEF: Final = "no rate: watched too briefly for one"
_PER: Final = {"/min": 60.0, "/h": 3600.0, "/d": 86_400.0}
"""Over how long a rate in such a unit goes, in seconds."""
_NO_OBJECT: Final = "no such object"
_NO_NUMBER: Final = "no number"


def found_value(template: Template, figure: Figure, rates: Mapping[str, float]) -> FoundValue:
    """Return a figure as a value; of a counter, its rate, where it was watched as long as that goes over."""
    number, lack = figure.number, str(figure.lack)
    value = figure.value
    if isinstance(value, Value) and value.counter and number is not None:
        number, lack = _rate(value.unit, rates.get(figure.oid))
    state = figure.state
    return FoundValue(
        name=figure.name,
        title=value.title,
        unit=value.unit,
        row=row_of(template, figure),
        number=number,
        meaning="" if state is None else state.meaning,
        severity="" if state is None else state.severity.value,
        grade=_grade(template, value, number),
        raw="" if figure.raw is None else shown(figure.raw),
        lack=lack,
        source=figure.oid,
    )


def _rate(unit: str, rate: float | None) -> tuple[float | None, str]:
    """Return a rate, or why there is none: two seconds do not tell how many come in an hour."""
    goes_over_s = next((seconds for end, seconds in _PER.items() if unit.endswith(end)), 0.0)
    if goes_over_s > APART_S:
        return None, f"{_TOO_BRIEF} in {unit[unit.rindex('/') :]}"
    return rate, _NO_RATE if rate is None else ""


def found_objects(objects: Sequence[SnmpObject], answered: Mapping[str, RawValue]) -> Iterator[FoundValue]:
    """Return the objects that a probe names itself."""
    for each in objects:
        raw = answered.get(each.name)
        number = None if raw is None else number_of(raw)
        yield FoundValue(
            name=each.metric,
            title=each.title or each.metric,
            unit=each.unit,
            number=None if number is None else number * each.scale,
            raw="" if raw is None else shown(raw),
            lack=_NO_OBJECT if raw is None else _NO_NUMBER if number is None else "",
            source=each.name,
        )


def row_of(template: Template, figure: Figure) -> str:
    """Name a figure's row as a site does: TABLE/NAME; empty for the device as a whole."""
    value = figure.value
    if isinstance(value, Derived):
        first = next(each for each in template.values if each.name == value.of[0])
        table = "" if value.over_rows else first.table
    else:
        table = value.table
    return f"{table}/{figure.row}" if table else ""


def _grade(template: Template, value: Value | Derived, number: float | None) -> str:
    if number is None or not isinstance(value, Value) or not value.bands:
        return ""
    return _GRADES[template.bands[value.bands].grade(number)]
