"""The rows of a device's tables, and what each is called: by what the device says, not by its place. Pure.

Rules
1. A row's name is made, in this order, of what other tables say of parts of its index, of the texts that its
   index holds, and of its labels; what would be said twice is said once.
2. A row of which nothing is said is called by its index; rows of one name have their index in brackets behind
   it. An index that is made otherwise than its table says tells no text.
3. Rows that do not fit the table's patterns do not count. Of a table with patterns only rows with such
   columns do; of any other also those that only a value shows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from probes.snmp.client import RawValue
from probes.snmp.objects import Objects
from probes.snmp.template import Table, Template
from probes.snmp.values import plain

_LONGEST_LABEL: Final = 60
_LARGEST_OCTET: Final = 255


def named_rows(template: Template, name: str, objects: Objects) -> dict[str, str]:
    """Return a table's rows: their names by their indexes."""
    table = template.tables[name]
    labels = [_by_rows(table, oid, objects) for oid in table.label]
    others = [_by_rows(table, oid, objects) for oid in table.label_otherwise]
    parts = [(objects.column(oid), place) for oid, place in table.label_parts.items()]
    names = {}
    for index in _indexes(template, name, [*labels, *others], objects):
        own = [_label(column.get(index)) for column in labels]
        if not any(own):
            own = [_label(column.get(index)) for column in others]
        said = [*_parts_of(index, parts), *dict.fromkeys([*_texts_of(index, table.index), *own])]
        names[index] = " ".join(filter(None, said)) or index
    shared = Counter(names.values())
    return {
        index: _with_index(called, index) if shared[called] > 1 and called != index else called
        for index, called in names.items()
    }


def naming_columns(template: Template, name: str) -> list[str]:
    """Return the columns that say what a table's rows are called."""
    table = template.tables[name]
    named = (*table.label, *table.label_otherwise, *table.label_parts, *table.only)
    return list(dict.fromkeys(oid.removeprefix(".") for oid in named))


def showing_columns(template: Template, name: str) -> list[str]:
    """Return the columns that show rows which nothing names: those of the table's values."""
    if template.tables[name].only:
        return []
    oids = (oid for value in template.values if value.table == name for oid in value.oid)
    return list(dict.fromkeys(oid.removeprefix(".") for oid in oids))


def place_of(name: str, names: Mapping[str, str]) -> str | None:
    """Return the index of the row of a name, of the only one where no name is given; ``None`` without one.

    A row that had its index behind its name, as there was another one, has it no more once it is alone.
    """
    if not name:
        return next(iter(names)) if len(names) == 1 else None
    exact = next((index for index, called in names.items() if called == name), None)
    alone = (index for index, called in names.items() if _with_index(called, index) == name)
    return exact if exact is not None else next(alone, None)


def is_ambiguous(name: str, names: Mapping[str, str]) -> bool:
    """Whether several rows have that name (rule 2), or any where none is given."""
    if not name:
        return len(names) > 1
    return sum(called == _with_index(name, index) for index, called in names.items()) > 1


def naming_object(table: Table, index: str, objects: Objects) -> str | None:
    """Return an object that names a row, of those that are there; ``None`` for a row that none names."""
    arcs = index.split(".")
    labels = (*table.label, *table.label_otherwise)
    own = [f"{oid}.{place}" for oid in labels for place in _places_in(table, oid, index, objects)]
    parts = [f"{oid}.{arcs[at - 1]}" for oid, at in table.label_parts.items() if at <= len(arcs)]
    there = (oid.removeprefix(".") for oid in (*own, *parts) if objects.get(oid) is not None)
    return next(there, None)


def _places_in(table: Table, oid: str, index: str, objects: Objects) -> list[str]:
    """Return the indexes that a row has in a column that names it."""
    if table.label_index is None:
        return [index]
    pattern, replacement = table.label_index
    found = ((re.fullmatch(pattern, place), place) for place in objects.column(oid))
    return [place for match, place in found if match is not None and match.expand(replacement) == index]


def _with_index(name: str, index: str) -> str:
    return f"{name} ({index})"


def _by_rows(table: Table, oid: str, objects: Objects) -> dict[str, RawValue]:
    """Return a column that names rows, by the rows' indexes."""
    column = objects.column(oid)
    if table.label_index is None:
        return column
    pattern, replacement = table.label_index
    found = ((re.fullmatch(pattern, index), raw) for index, raw in column.items())
    return {match.expand(replacement): raw for match, raw in found if match is not None}


def _indexes(
    template: Template, name: str, columns: Sequence[Mapping[str, RawValue]], objects: Objects
) -> list[str]:
    """Return the indexes of the rows that count (rule 3)."""
    table = template.tables[name]
    wanted = {oid: objects.column(oid) for oid in table.only}
    shown: list[Mapping[str, RawValue]] = [*columns, *wanted.values()]
    if not table.only:
        oids = dict.fromkeys(oid for value in template.values if value.table == name for oid in value.oid)
        shown += [objects.column(oid) for oid in oids]
    return [
        index
        for index in dict.fromkeys(index for column in shown for index in column)
        if re.search(table.only_index, index)
        and all(_fits(column.get(index), table.only[oid]) for oid, column in wanted.items())
    ]


def _fits(raw: RawValue | None, pattern: str) -> bool:
    return re.search(pattern, "" if raw is None else plain(raw)) is not None


def _texts_of(index: str, made_of: Sequence[str]) -> list[str]:
    """Return the texts that an index holds: each is its length, and its letters (RFC 2578, 7.7)."""
    arcs, texts = [int(arc) for arc in index.split(".")], []
    for part in made_of:
        if not arcs:
            return []
        count = arcs.pop(0)
        if part == "text":
            letters, arcs = arcs[:count], arcs[count:]
            if len(letters) != count or any(letter > _LARGEST_OCTET for letter in letters):
                return []
            texts.append(_label(bytes(letters)))
    return texts if not arcs else []


def _parts_of(index: str, parts: Sequence[tuple[Mapping[str, RawValue], int]]) -> list[str]:
    """Return what other tables say of single numbers of an index."""
    arcs = index.split(".")
    return [_label(names.get(arcs[place - 1])) for names, place in parts if place <= len(arcs)]


def _label(raw: RawValue | None) -> str:
    return "" if raw is None else " ".join(plain(raw).split())[:_LONGEST_LABEL]
