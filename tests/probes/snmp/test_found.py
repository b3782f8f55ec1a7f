"""What was read, as values for people."""

from __future__ import annotations

import pytest

from probes.snmp.figures import Figure
from probes.snmp.found import found_value
from probes.snmp.template import Template, Value


@pytest.mark.parametrize(
    ("unit", "number", "lack"),
    [
        ("packets/s", 3600.0, ""),
        ("bit/s", 3600.0, ""),
        ("events/h", None, "no rate: watched too briefly for one in /h"),
        ("errors/min", None, "no rate: watched too briefly for one in /min"),
    ],
)
def test_a_rate_is_told_where_it_was_watched_as_long_as_its_unit(
    unit: str, number: float | None, lack: str
) -> None:
    """Two seconds with one event are not 1,800 an hour."""
    value = Value.model_validate(
        {"name": "a_count", "title": "A", "unit": unit, "oid": ["1.3.6.1.4.1.9.0"], "counter": 32}
    )
    template = Template(format=1, id="kind", title="Kind", maker="Nobody", source="none", values=(value,))
    figure = Figure(value, oid="1.3.6.1.4.1.9.0", number=7.0, raw=7)
    found = found_value(template, figure, {"1.3.6.1.4.1.9.0": 3600.0})
    assert (found.number, found.lack) == (number, lack)
