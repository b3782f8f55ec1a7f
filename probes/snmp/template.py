"""What is known of a kind of device: which it fits, what it tells, and what that means. Data alone.

A template is a file in ``resources/templates``. It names objects to be read, never to be set.

Rules
1. A value is ``(decoded + add) * multiply / divide``, and only where it is none of ``none`` and within
   ``valid``: sentinels are compared with the decoded number, the valid range with the finished one. Where
   columns of its row say how it is scaled (``scale``, ``precision``), it is scaled by these as well.
2. A value of a table has one number a row; its rows are told apart by their label, never by their index.
3. A value with states is a code; each code has a meaning and a severity. A text is a state by what it says.
4. A counter is told as a rate a second, in the value's unit.
5. A limit or a band names its source. Where several bands judge a signal, the worst of them counts.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from probes.snmp.decoding import Decoding
from probes.snmp.identifiers import Label, MetricName, Oid

FORMAT: Final = 1
_ID: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Text = Annotated[str, Field(max_length=2000)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Severity(enum.StrEnum):
    """What a state asks for."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"
    UNKNOWN = "unknown"
    """It says nothing of whether all is well."""


class State(_Part):
    """One code, its meaning, and what it asks for. ``text`` is what a device writes that tells no code."""

    code: int
    meaning: Label
    severity: Severity = Severity.OK
    text: tuple[str, ...] = ()


class Bands(_Part):
    """From where on a figure is excellent, good and fair; below all of them it is poor."""

    excellent: float
    good: float
    fair: float
    source: Text

    def grade(self, value: float) -> int:
        """Return 4 for excellent, 3 good, 2 fair, 1 poor."""
        return 1 + sum(value >= edge for edge in (self.excellent, self.good, self.fair))


class ValueLimit(_Part):
    """When a value is judged degraded, and good again."""

    raise_above: float | None = None
    clear_below: float | None = None
    raise_below: float | None = None
    clear_above: float | None = None
    source: Text

    @model_validator(mode="after")
    def _one_direction(self) -> Self:
        above = self.raise_above is not None and self.clear_below is not None
        below = self.raise_below is not None and self.clear_above is not None
        if above == below or len(self.model_fields_set - {"source"}) != 2:
            raise ValueError("a limit has raise_above and clear_below, or raise_below and clear_above")
        return self


class Value(_Part):
    """One value that the device tells."""

    name: MetricName
    title: Label
    unit: Label = ""
    oid: tuple[Oid, ...] = Field(min_length=1)
    """The object with its instance, or the column of a table; of several, the first that the device has."""
    table: str = ""
    decode: Decoding = Decoding.NUMBER
    bit: int = Field(0, ge=0, le=511)
    add: float = 0.0
    multiply: float = 1.0
    divide: float = 1.0
    divide_of: Mapping[Oid, float] = Field(default_factory=dict)
    """The divisors of those of the objects that have another one."""
    none: tuple[float, ...] = ()
    valid: tuple[float, float] | None = None
    pattern: str = ""
    """What of a text is decoded: its first group."""
    counter: Literal[0, 32, 64] = 0
    counter_32: tuple[Oid, ...] = ()
    """Those of the objects of a counter of 64 bits that have 32 only."""
    discontinuity: Oid | None = None
    """The column that says when the row's counters began anew (ifCounterDiscontinuityTime)."""
    line: MetricName | None = None
    """The value of the same row that says how much there can be: the speed of a line."""
    scale: Oid | None = None
    """The column with the row's power of a thousand: 9 is 1, 10 is 1,000 (EntitySensorDataScale)."""
    precision: Oid | None = None
    """The column with how many of the row's digits are decimals (EntitySensorPrecision)."""
    states: str = ""
    at_rest: Mapping[MetricName, tuple[int, ...]] = Field(default_factory=dict)
    """States of the same row, with the codes under which this state is no fault, whatever it is."""
    bands: str = ""
    limit: ValueLimit | None = None
    optional: bool = False
    """Whether some devices of the kind have it not, and nothing is amiss then."""
    for_derived_alone: bool = False
    """Whether it is told by what is derived from it, and not by itself."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        mistakes = [
            *(["divide: may not be 0"] if not all([self.divide, *self.divide_of.values()]) else []),
            *(["divide_of: is not among oid"] if not set(self.divide_of) <= set(self.oid) else []),
            *(["multiply: may not be 0"] if not self.multiply else []),
            *(["a counter has no states"] if self.counter and self.states else []),
            *(["states and bands exclude each other"] if self.states and self.bands else []),
            *(["counter_32: is not among oid"] if not set(self.counter_32) <= set(self.oid) else []),
            *(
                ["discontinuity and line are of counters in tables"]
                if (self.discontinuity or self.line) and not (self.counter and self.table)
                else []
            ),
            *(["scale and precision are of tables"] if not self.table and self.is_scaled else []),
        ]
        if self.pattern and re.compile(self.pattern).groups != 1:
            mistakes.append("pattern: has exactly one group")
        if self.valid is not None and not self.valid[0] < self.valid[1]:
            mistakes.append("valid: goes from the lower to the higher")
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self

    @property
    def is_scaled(self) -> bool:
        """Whether columns of the row say how the number is scaled."""
        return self.scale is not None or self.precision is not None

    def counter_bits(self, oid: str) -> int:
        """Return how wide the counter is at one of its objects, with or without an instance."""
        return 32 if any(_is_at(each, oid) for each in self.counter_32) else self.counter

    def divisor_of(self, oid: str) -> float:
        """Return by what the number of one of its objects is divided."""
        return next((by for each, by in self.divide_of.items() if _is_at(each, oid)), self.divide)


def _is_at(identifier: str, oid: str) -> bool:
    """Whether an object is this one, or one of this column."""
    return f"{oid}.".startswith(f"{identifier.removeprefix('.')}.")


class Table(_Part):
    """A table: what its rows are, and how they are told apart."""

    title: Label
    label: tuple[Oid, ...] = ()
    """Columns whose texts, joined, name a row, what is said twice once; without any, the index does."""
    label_otherwise: tuple[Oid, ...] = ()
    """Columns that name the rows of which ``label`` says nothing."""
    label_index: tuple[str, str] | None = None
    """How a row's index comes from that of columns of another table: a pattern, and what it turns into."""
    index: tuple[Literal["text", "number"], ...] = ()
    """What the index is made of, where it holds texts: these then stand first in the row's name."""
    label_parts: Mapping[Oid, Annotated[int, Field(ge=1, le=16)]] = Field(default_factory=dict)
    """Columns of other tables that name a row by one number of its index: which one, counted from 1."""
    only: Mapping[Oid, str] = Field(default_factory=dict)
    """Columns with the pattern that a row's text must fit to count; without the object, the text is empty."""
    not_offered: Mapping[MetricName, tuple[int, ...]] = Field(default_factory=dict)
    """States with the codes under which a row is not taken into a site's settings by itself."""
    only_index: str = ""
    """The pattern that a row's index must fit to count."""


class Derived(_Part):
    """A value made of others of the same row.

    Their sum; the first by the second; the first less the second; or the share of the second that the first
    lacks (``missing``: what was sent and not answered).
    """

    name: MetricName
    title: Label
    unit: Label = ""
    how: Literal["sum", "ratio", "difference", "missing"]
    of: tuple[MetricName, ...] = Field(min_length=1)
    over_rows: bool = False
    """Whether the sum is over all rows of a table."""
    multiply: float = 1.0

    @model_validator(mode="after")
    def _has_its_parts(self) -> Self:
        if self.how != "sum" and (len(self.of) != 2 or self.over_rows):
            raise ValueError("all but a sum is made of two values of one row")
        return self


class Match(_Part):
    """Which devices a template fits: by sysObjectID, by what objects say, or both."""

    sys_object_id: tuple[Oid, ...] = ()
    """Of these, or below them."""
    except_sys_object_id: tuple[Oid, ...] = ()
    """But not of these, or below them: devices known to mean something else by the same objects."""
    objects: Mapping[Oid, str] = Field(default_factory=dict)
    """Objects and the patterns that what they say must fit, all of them."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        for pattern in self.objects.values():
            re.compile(pattern)
        return self


class Template(_Part):
    """One kind of device."""

    format: Literal[1]
    id: Annotated[str, Field(pattern=_ID, max_length=63)]
    title: Label
    maker: Label
    about: Text = ""
    source: Text
    proven: bool = False
    """Whether it was checked with what a real device answered, and not only against its maker's MIB."""
    what_to_do: Text = ""
    match: Match = Match()
    tables: Mapping[str, Table] = Field(default_factory=dict)
    states: Mapping[str, tuple[State, ...]] = Field(default_factory=dict)
    bands: Mapping[str, Bands] = Field(default_factory=dict)
    values: tuple[Value, ...] = ()
    derived: tuple[Derived, ...] = ()

    @model_validator(mode="after")
    def _refers_to_what_is_there(self) -> Self:
        mistakes = []
        for value in self.values:
            for kind, name, there in (
                ("table", value.table, self.tables),
                ("states", value.states, self.states),
                ("bands", value.bands, self.bands),
            ):
                if name and name not in there:
                    mistakes.append(f"{value.name}: there is no {kind} {name}")
        names = [value.name for value in self.values] + [each.name for each in self.derived]
        mistakes += [f"{name} stands twice" for name in sorted(set(names)) if names.count(name) > 1]
        known = {value.name for value in self.values}
        mistakes += [
            f"{each.name}: there is no {name}"
            for each in self.derived
            for name in each.of
            if name not in known
        ]
        needed = [(value.name, name) for value in self.values for name in value.at_rest]
        needed += [(table, name) for table, each in self.tables.items() for name in each.not_offered]
        lines = [(value.name, value.line) for value in self.values if value.line is not None]
        mistakes += [f"{of}: there is no {name}" for of, name in lines if name not in names]
        states_told = {value.name for value in self.values if value.states}
        mistakes += [f"{of}: there is no state {name}" for of, name in needed if name not in states_told]
        for name, states in self.states.items():
            codes = [state.code for state in states]
            if len(set(codes)) != len(codes):
                mistakes.append(f"states {name}: a code stands twice")
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self
