"""Real devices as they were recorded, served over UDP and polled as in a control room: every value and unit.

What no template tells on purpose stands in ``tests/lab/left_out`` with its reason.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from controlroom.probe import ProberContext, Question
from controlroom.reading import Outcome, ProbeKey, Reading
from probes.snmp.declaration import SNMP
from probes.snmp.figures import Figure, figures
from probes.snmp.gufo_client import GufoClient
from probes.snmp.identity import fitting
from probes.snmp.objects import Objects
from probes.snmp.parameters import MAXIMUM_ROWS, SnmpParameters
from probes.snmp.plan import Row
from probes.snmp.prober import SnmpProber
from probes.snmp.rows import named_rows
from probes.snmp.template import Template, Value
from tests.lab.recording import RECORDINGS
from tests.lab.snmp_agent import COMMUNITY, serving
from tests.lab.snmp_recording import Recorded, objects_of, read_recording
from tests.lab.snmp_recordings import Expected, LeftOut, expected_of, left_out_on_purpose, score

FOLDER = RECORDINGS / "snmp"
DEVICES = sorted(expected_of(FOLDER)) if FOLDER.exists() else []
pytestmark = pytest.mark.skipif(not DEVICES, reason=f"no recordings of devices in {FOLDER}")


@pytest.mark.parametrize("device", DEVICES)
def test_every_expected_value_is_right_or_left_out_for_a_reason(device: str) -> None:
    """By the templates that the device itself chooses."""
    found = score(FOLDER, device, expected_of(FOLDER)[device])
    assert found.templates
    reasons = left_out_on_purpose()
    wrong = [f"{each.title}: {told.told()}" for each, told in found.wrong if not _covered(each, reasons)]
    assert wrong == []
    assert [each.title for each in found.left_out if not _covered(each, reasons)] == []


@pytest.mark.parametrize("device", DEVICES)
def test_polled_over_udp_it_tells_the_same(device: str) -> None:
    """Each row under its name, as many rows as one probe takes; what is no number is named."""
    recording = read_recording(FOLDER / f"{device}.snmprec")
    objects = objects_of(recording)
    template = fitting(objects)[0]
    rows = [
        Row(table, name)
        for table in template.tables
        for name in named_rows(template, table, objects).values()
        if _is_told(template, table)
    ][:MAXIMUM_ROWS]
    told = {_metric(figure, rows): figure for figure in figures(template, objects)}
    reading = _polled(recording, template, rows)
    assert reading.outcome is Outcome.REPLIED
    wanted = {
        name: figure.number
        for name, figure in told.items()
        if name and figure.number is not None and not _is_counter(figure)
    }
    assert wanted
    assert {name: reading.values.get(name) for name in wanted} == pytest.approx(wanted)


def _covered(expected: Expected, reasons: list[LeftOut]) -> bool:
    return any(reason.covers(expected) for reason in reasons)


def _is_told(template: Template, table: str) -> bool:
    return any(value.table == table for value in template.values)


def _is_counter(figure: Figure) -> bool:
    return isinstance(figure.value, Value) and bool(figure.value.counter)


def _metric(figure: Figure, rows: list[Row]) -> str:
    """Return the metric under which a figure is told; the empty word where its row is not among these."""
    if not figure.index:
        return figure.name
    row = next((row for row in rows if row.name == figure.row), None)
    return "" if row is None else f"{row.prefix}{figure.name}"


def _polled(recording: list[Recorded], template: Template, rows: list[Row]) -> Reading:
    async def whole(port: int) -> Reading:
        came: asyncio.Queue[Reading] = asyncio.Queue()
        context = ProberContext(came.put_nowait, time.time, time.monotonic, lambda reference: COMMUNITY)
        parameters = SnmpParameters.model_validate(
            {
                "community": "file:community",
                "port": port,
                "template": template.id,
                "rows": [f"{row.table}/{row.name}" for row in rows],
            }
        )
        names = {metric.name for metric in SNMP.metrics(parameters)}
        prober = SnmpProber(context, GufoClient())
        await prober.start()
        prober.ask(Question(ProbeKey("device", "snmp"), "127.0.0.1", parameters, 5.0))
        reading = await asyncio.wait_for(came.get(), 10)
        await prober.stop()
        assert set(reading.values) <= names
        return reading

    with serving(recording) as agent:
        return asyncio.run(whole(agent.port))


def test_an_empty_device_tells_nothing() -> None:
    """No template fits what says nothing of itself."""
    assert fitting(Objects({})) == []
    assert Path(FOLDER).is_dir()
