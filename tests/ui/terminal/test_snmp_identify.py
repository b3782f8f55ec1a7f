"""What a device is, as lines for a person."""

from __future__ import annotations

import argparse
import io
import json

import pytest

from controlroom.identification import FoundValue, Identification, Kind, OnStep
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
