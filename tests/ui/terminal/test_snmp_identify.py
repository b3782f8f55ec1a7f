"""What a device is, as lines for a person."""

from __future__ import annotations

import argparse
import io
import json
import tomllib

import pytest

from controlroom.identification import Beside, FoundValue, Identification, Kind, OnStep, Setting
from controlroom.reading import Outcome, Reason
from ui.terminal.snmp_identify import run_identify, run_probe

PORTS = 100
SHOWN = 24


def switch() -> Identification:
    """A device with many ports."""
    rows = tuple(f"interface/Port {number}" for number in range(PORTS))
    return Identification(
        outcome=Outcome.REPLIED,
        reason=Reason.NONE,
        chosen=Kind(id="if-mib", title="Network interfaces", maker="Any maker"),
        rows=rows,
        values=tuple(
            FoundValue(name="link_state", title="Link", unit="", row=row, number=1.0, raw="1", source="1.3")
            for row in rows
        ),
    )


def identified(*options: str) -> str:
    """Print what was found."""
    chosen = argparse.Namespace(target="192.0.2.1", json="--json" in options)
    out = io.StringIO()
    assert run_identify(lambda _on_step: switch(), chosen, {}, out=out, err=io.StringIO()) == 0
    return out.getvalue()


def test_of_very_many_rows_the_first_are_laid_out() -> None:
    """How many more there are is said; the JSON has them all."""
    lines = identified().splitlines()
    assert sum(line.startswith("interface/Port ") for line in lines) == SHOWN
    assert f"{PORTS - SHOWN} more rows of interface: --json has them all." in lines
    assert len(json.loads(identified("--json"))["values"]) == PORTS


@pytest.mark.parametrize("wanted", [("interface/Port 99",), tuple(f"interface/Port {n}" for n in range(50))])
def test_rows_that_are_asked_for_are_all_laid_out(wanted: tuple[str, ...]) -> None:
    """However many they are."""
    chosen = argparse.Namespace(target="192.0.2.1", json=False, rows=list(wanted), objects=[])
    out = io.StringIO()
    run_probe(lambda _on_step: switch(), chosen, out=out, err=io.StringIO())
    lines = out.getvalue().splitlines()
    assert [line for line in lines if line.startswith("interface/")] == list(wanted)


@pytest.mark.parametrize("vain", ["missing", "ambiguous"])
def test_a_row_that_is_wanted_in_vain_fails_the_probe(vain: str) -> None:
    """Whether it is not there or several have its name."""
    chosen = argparse.Namespace(target="192.0.2.1", json=False, rows=[], objects=[])
    for rows, code in (((), 0), (("interface/x",), 1)):
        found = switch().model_copy(update={vain: rows})

        def identify(_on_step: OnStep, found: Identification = found) -> Identification:
            return found

        assert run_probe(identify, chosen, out=io.StringIO(), err=io.StringIO()) == code


def test_a_second_template_that_fits_is_a_second_probe_with_a_name_of_its_own() -> None:
    """As a site file takes it: two probes of one type need names; asked in the same way, and without rows."""
    first, second = (Kind(id=name, title=name) for name in ("eaton-ups", "ups-mib"))
    found = switch().model_copy(
        update={
            "fits": (first, second),
            "chosen": first,
            "settings": (Setting(key="template", value="eaton-ups"), Setting(key="rows", value=("a/b",))),
        }
    )
    given: dict[str, object] = {"version": "3", "user": "watch", "port": 161}
    chosen = argparse.Namespace(target="192.0.2.1", json=False)
    out = io.StringIO()
    run_identify(lambda _on_step: found, chosen, given, out=out, err=io.StringIO())
    probes = tomllib.loads(
        out.getvalue()[out.getvalue().index("[[endpoints.probes]]") :].split("ups-mib fits")[0]
    )
    assert probes["endpoints"]["probes"][0]["rows"] == ["a/b"]
    more = tomllib.loads(out.getvalue()[out.getvalue().rindex("[[endpoints.probes]]") :])
    assert more["endpoints"]["probes"] == [
        {"name": "snmp-ups-mib", "type": "snmp", "version": "3", "user": "watch", "template": "ups-mib"}
    ]
    as_json = io.StringIO()
    chosen.json = True
    run_identify(lambda _on_step: found, chosen, given, out=as_json, err=io.StringIO())
    both = tomllib.loads(json.loads(as_json.getvalue())["site_file"])
    assert [each.get("name", "snmp") for each in both["endpoints"]["probes"]] == ["snmp", "snmp-ups-mib"]


def test_a_second_probe_is_printed_with_its_rows_and_only_where_it_would_watch_something() -> None:
    """One of which the device tells nothing but its uptime would only show that as up."""
    first, second, empty = (Kind(id=name, title=name) for name in ("ups-mib", "eaton-ups", "bgp4-mib"))
    rows = Setting(key="rows", value=("battery/1",))
    beside = (Beside(kind=second, watches=("Battery",), settings=(rows,)), Beside(kind=empty))
    found = switch().model_copy(
        update={
            "fits": (first, second, empty),
            "chosen": first,
            "beside": beside,
            "settings": (Setting(key="template", value="ups-mib"),),
        }
    )
    chosen = argparse.Namespace(target="192.0.2.1", json=False)
    out = io.StringIO()
    run_identify(lambda _on_step: found, chosen, {}, out=out, err=io.StringIO())
    told = " ".join(out.getvalue().split())
    assert "eaton-ups (eaton-ups) fits as well. Add a second probe for it: it would watch Battery." in told
    assert "bgp4-mib (bgp4-mib) fits as well, and tells nothing here now but its uptime" in told
    assert out.getvalue().count("[[endpoints.probes]]") == 2
    more = tomllib.loads(out.getvalue()[out.getvalue().rindex("[[endpoints.probes]]") :])
    (probe,) = more["endpoints"]["probes"]
    assert (probe["template"], probe["rows"]) == ("eaton-ups", ["battery/1"])
