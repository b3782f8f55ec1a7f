"""Tests of how rows of tables are told apart, chosen and scaled."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from probes.snmp.client import RawValue
from probes.snmp.figures import Lack, figures
from probes.snmp.identity import SYS_OBJECT_ID, fitting
from probes.snmp.objects import Objects
from probes.snmp.template import Derived, Match, Severity, Table, Template, Value
from probes.snmp.template_library import templates
from tests.probes.snmp.test_rows import rows_of

TYPE, SCALE, PRECISION, NUMBER, NAME, DESCRIPTION = (f"1.3.6.1.4.1.9.{arc}" for arc in range(1, 7))
KPN = "3.75.80.78.4.104.111.109.101"


def _template(value: Value, table: Table, *derived: Derived, match: Match | None = None) -> Template:
    more = () if not derived else (value.model_copy(update={"name": "second_count", "oid": (TYPE,)}),)
    return Template(
        format=1,
        id="kind",
        title="A kind",
        maker="Nobody",
        source="none",
        match=match or Match(),
        tables={"table": table},
        values=(value, *more),
        derived=derived,
    )


def _value(**more: object) -> Value:
    return Value.model_validate(
        {"name": "voltage_v", "title": "Voltage", "unit": "V", "table": "table", "oid": (NUMBER,), **more}
    )


def _told(table: Table, values: dict[str, RawValue], **more: object) -> list[tuple[str, float | None, Lack]]:
    found = figures(_template(_value(**more), table), Objects(values))
    return [(figure.row, figure.number, figure.lack) for figure in found]


@pytest.mark.parametrize(
    ("scale", "precision", "number"),
    [(9, 0, 2345.0), (9, 1, 234.5), (8, 0, 2.345), (10, 2, 23450.0), (9, -3, 2345.0), (8, 3, 0.002345)],
)
def test_a_rows_own_columns_scale_its_number(scale: int, precision: int, number: float) -> None:
    """RFC 3433: 9 is units, 8 milli, 10 kilo; a precision above 0 is decimals, one below moves nothing."""
    values: dict[str, RawValue] = {f"{SCALE}.7": scale, f"{PRECISION}.7": precision, f"{NUMBER}.7": 2345}
    assert _told(Table(title="T"), values, scale=SCALE, precision=PRECISION) == [("7", number, Lack.NONE)]


@pytest.mark.parametrize("scale", [None, 0, 18, b"units"])
def test_without_a_scale_that_means_something_there_is_no_number(scale: RawValue | None) -> None:
    """A number of unknown scale would be wrong by a thousand."""
    values: dict[str, RawValue] = {f"{NUMBER}.7": 2345} | ({} if scale is None else {f"{SCALE}.7": scale})
    assert _told(Table(title="T"), values, scale=SCALE) == [("7", None, Lack.UNDECODABLE)]


def test_a_scalar_has_no_row_that_scales_it() -> None:
    """Scale and precision are columns."""
    with pytest.raises(ValidationError, match="scale and precision are of tables"):
        _value(table="", scale=SCALE)


def test_rows_are_chosen_by_what_a_column_says_whether_they_have_a_label_or_not() -> None:
    """Of sensors of several kinds, those of the kind; one without a name goes by its index."""
    values: dict[str, RawValue] = {
        **{f"{TYPE}.{index}": kind for index, kind in ((1, 8), (2, 4), (3, 4))},
        **{f"{NUMBER}.{index}": 40 + index for index in (1, 2, 3)},
        f"{NAME}.1": b"Inlet",
        f"{NAME}.2": b"Rail",
    }
    table = Table(title="T", label=(NAME,), only={TYPE: "^4$"})
    assert _told(table, values) == [("Rail", 42, Lack.NONE), ("3", 43, Lack.NONE)]


def test_other_columns_name_the_rows_that_the_label_leaves_nameless() -> None:
    """A sensor without a name has a description."""
    values: dict[str, RawValue] = {
        f"{NAME}.1": b"Inlet",
        f"{NAME}.2": b"",
        f"{DESCRIPTION}.1": b"Sensor",
        f"{DESCRIPTION}.2": b"Sensor",
        f"{DESCRIPTION}.3": b"Outlet",
    }
    table = Table(title="T", label=(NAME,), label_otherwise=(DESCRIPTION,))
    assert rows_of(table, Objects(values)) == {"1": "Inlet", "2": "Sensor", "3": "Outlet"}


def test_texts_of_an_index_name_a_row_and_its_index_chooses_it() -> None:
    """A test's owner and name stand in its index, as length and letters; the last arc says of what it is."""
    values: dict[str, RawValue] = {f"{NUMBER}.{KPN}.1": 3, f"{NUMBER}.{KPN}.2": 5}
    table = Table(title="T", index=("text", "text", "number"), only_index=r"\.2$")
    assert _told(table, values) == [("KPN home", 5, Lack.NONE)]


@pytest.mark.parametrize("index", ["3.75.80", "3.75.80.78", "3.75.80.300.1.65.2", f"{KPN}.2.2"])
def test_an_index_that_is_made_otherwise_names_no_row(index: str) -> None:
    """Too short, a letter that is no octet, more than its table says: then the index itself is the name."""
    table = Table(title="T", index=("text", "text", "number"))
    assert _told(table, {f"{NUMBER}.{index}": 5}) == [(index, 5, Lack.NONE)]


def test_a_share_that_is_missing_is_what_was_sent_and_not_answered() -> None:
    """Of 20 sent 15 came back: 25 % are missing. Of none sent, no share can be told."""
    share = Derived(
        name="loss_percent",
        title="Loss",
        unit="%",
        how="missing",
        of=("voltage_v", "second_count"),
        multiply=100,
    )
    values: dict[str, RawValue] = {
        f"{NUMBER}.1": 15,
        f"{TYPE}.1": 20,
        f"{NUMBER}.2": 0,
        f"{TYPE}.2": 0,
    }
    found = figures(_template(_value(), Table(title="T"), share), Objects(values))
    assert [(each.row, each.number) for each in found if each.name == "loss_percent"] == [("1", 25.0)]


def test_an_object_of_32_bits_in_place_of_one_of_64_is_known_as_such() -> None:
    """How wide a counter is decides whether a fall is a wrap."""
    value = _value(oid=(NUMBER, TYPE), counter=64, counter_32=(TYPE,))
    assert value.counter_bits(f"{NUMBER}.7") == 64
    assert value.counter_bits(f"{TYPE}.7") == 32
    assert value.counter_bits(f"{TYPE}7.7") == 64
    with pytest.raises(ValidationError, match="counter_32: is not among oid"):
        _value(counter=64, counter_32=(TYPE,))


def test_a_template_fits_none_of_the_devices_that_it_excepts() -> None:
    """A device that is known to mean something else by a common object has a template of its own."""
    match = Match(objects={NUMBER: ""}, except_sys_object_id=("1.3.6.1.4.1.2254",))
    template = _template(_value(), Table(title="T"), match=match)
    for device, count in (("1.3.6.1.4.1.2254.2.5", 0), ("1.3.6.1.4.1.22540", 1)):
        objects = Objects({SYS_OBJECT_ID: device, NUMBER: 5})
        assert len(fitting(objects, [template])) == count


def test_objects_of_one_value_may_be_scaled_differently() -> None:
    """An old device tells whole volts where a newer one tells tenths."""
    value = {"oid": (NUMBER, TYPE), "divide": 10, "divide_of": {TYPE: 1}}
    told = _told(Table(title="T"), {f"{NUMBER}.1": 2304, f"{TYPE}.1": 230, f"{TYPE}.2": 231}, **value)
    assert told == [("1", 230.4, Lack.NONE), ("2", 231.0, Lack.NONE)]
    with pytest.raises(ValidationError, match="divide_of: is not among oid"):
        _value(divide_of={TYPE: 1})


def test_a_column_of_another_table_names_rows_by_what_its_index_turns_into() -> None:
    """The name of output 8 stands at sensor 1, kind 6, point 8; its current at distributor 1, output 8."""
    values: dict[str, RawValue] = {
        f"{NUMBER}.1.8": 1424,
        f"{NAME}.1.6.8": b"Router",
        f"{NAME}.1.2.8": b"Door",
    }
    table = Table(title="T", label=(NAME,), label_index=(r"(\d+)\.6\.(\d+)", r"\1.\2"))
    assert _told(table, values) == [("Router", 1424, Lack.NONE)]


def test_a_row_without_the_column_that_chooses_has_an_empty_text_there() -> None:
    """Old software has no such column: a pattern that fits an empty text takes its rows."""
    values: dict[str, RawValue] = {
        **{f"{NAME}.{index}": b"Link" for index in (1, 2)},
        **{f"{NUMBER}.{index}": 5 for index in (1, 2)},
        f"{TYPE}.2": 2,
    }
    for pattern, rows in (("^1?$", ["Link"]), ("^2$", ["Link"]), ("", ["Link (1)", "Link (2)"])):
        told = _told(Table(title="T", label=(NAME,), only={TYPE: pattern}), values)
        assert [row for row, _, _ in told] == rows


def test_what_is_there_for_a_derived_value_alone_is_not_told_by_itself() -> None:
    """Blocks used of blocks there are is a share; the blocks say nothing to a person."""
    share = Derived(name="used_percent", title="Used", how="ratio", of=("voltage_v", "second_count"))
    template = _template(_value(for_derived_alone=True), Table(title="T"), share)
    found = figures(template, Objects({f"{NUMBER}.1": 15, f"{TYPE}.1": 20}))
    assert [(each.name, each.number) for each in found] == [("used_percent", 0.75)]


@pytest.mark.parametrize(("admin", "severity"), [(1, Severity.FAULT), (2, Severity.OK)])
def test_a_link_that_is_switched_off_is_no_fault(admin: int, severity: Severity) -> None:
    """It is down all the same, and says so; another interface's switch does not count."""
    column = "1.3.6.1.2.1.2.2.1"
    objects: dict[str, RawValue] = {}
    for index, name, on, link in ((1, b"wan", 3 - admin, 1), (2, b"lan", admin, 2)):
        objects |= {f"{column}.2.{index}": name, f"{column}.3.{index}": 6}
        objects |= {f"{column}.7.{index}": on, f"{column}.8.{index}": link}
    told = {(each.row, each.name): each for each in figures(templates()["if-mib"], Objects(objects))}
    lan = told["lan", "link_state"]
    assert (lan.number, lan.state and lan.state.meaning) == (2, "down")
    assert lan.state is not None
    assert lan.state.severity is severity


def test_what_lets_a_state_rest_is_a_state() -> None:
    """Of the same template; else the template is refused."""
    with pytest.raises(ValueError, match="there is no state no_where"):
        _template(_value(at_rest={"no_where": (2,)}), Table(title="Row"))


@pytest.mark.parametrize(("source", "severity"), [(1, Severity.WARNING), (3, Severity.OK)])
def test_gps_that_is_not_meant_to_lock_is_no_warning(source: int, severity: Severity) -> None:
    """An ePMP that runs by its own clock as set."""
    objects = Objects(
        {"1.3.6.1.4.1.17713.21.1.1.7.0": 2, "1.3.6.1.4.1.17713.21.3.8.2.14.0": source},
    )
    told = {each.name: each.state for each in figures(templates()["cambium-epmp"], objects)}
    state = told["sync_state"]
    assert state is not None
    assert (state.meaning, state.severity) == ("GPS, not locked", severity)
