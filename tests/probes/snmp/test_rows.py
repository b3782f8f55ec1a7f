"""Rows of a table are told apart by what their label columns say."""

from __future__ import annotations

from probes.snmp.objects import Objects
from probes.snmp.rows import named_rows
from probes.snmp.template import Table, Template

_NAME, _ALIAS = "1.3.6.1.4.1.99999.1.2", "1.3.6.1.2.1.31.1.1.1.1"


def rows_of(table: Table, objects: Objects) -> dict[str, str]:
    """Name the rows of one table."""
    template = Template(format=1, id="lab", title="Lab", maker="Lab", source="a test", tables={"t": table})
    return named_rows(template, "t", objects)


def test_a_label_that_two_columns_say_is_written_once() -> None:
    """A name that a maker's own table and the interface table both hold names the row once."""
    objects = Objects({f"{_NAME}.1": b"lte1", f"{_ALIAS}.1": b"lte1"})

    assert rows_of(Table(title="Modem", label=(_NAME, _ALIAS)), objects) == {"1": "lte1"}


def test_either_column_names_a_row_where_the_other_is_missing() -> None:
    """Of devices that have one of both tables alone, the row has the same name."""
    table = Table(title="Modem", label=(_NAME, _ALIAS))

    assert rows_of(table, Objects({f"{_NAME}.3": b"lte1"})) == {"3": "lte1"}
    assert rows_of(table, Objects({f"{_ALIAS}.9": b"lte1"})) == {"9": "lte1"}


def test_columns_that_say_different_things_are_joined() -> None:
    """What only both columns tell apart keeps both."""
    objects = Objects({f"{_NAME}.1": b"Modem", f"{_ALIAS}.1": b"internal"})

    assert rows_of(Table(title="Modem", label=(_NAME, _ALIAS)), objects) == {"1": "Modem internal"}
