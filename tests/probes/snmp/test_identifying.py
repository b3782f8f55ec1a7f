"""Devices asked what they are, over UDP: what fits, all that it would tell, rows as a site names them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from controlroom.errors import SecretError
from controlroom.identification import FoundValue, Identification, Stage, Step
from controlroom.probe import Inquiry
from controlroom.reading import Outcome, Reason
from controlroom.report.identification_words import remark_words
from probes.snmp.client import SnmpClient
from probes.snmp.device import Device
from probes.snmp.figures import figures
from probes.snmp.gufo_client import GufoClient
from probes.snmp.identifying import identify
from probes.snmp.identity import fitting
from probes.snmp.objects import Objects
from probes.snmp.parameters import SnmpParameters
from probes.snmp.plan import rows_told
from probes.snmp.rows import named_rows
from probes.snmp.template import Template, Value
from probes.snmp.template_library import templates
from tests.lab import snmpd
from tests.lab.recording import RECORDINGS
from tests.lab.snmp_agent import COMMUNITY, RecordedAgent, serving
from tests.lab.snmp_recording import (
    COUNTER32,
    IDENTIFIER,
    INTEGER,
    OCTETS,
    TICKS,
    Recorded,
    objects_of,
    read_recording,
)

BASE = "1.3.6.1.4.1.99999"
ROUTER: dict[str, Any] = {
    "format": 1,
    "id": "lab-router",
    "title": "Router of the lab",
    "maker": "Lab",
    "source": "this test",
    "match": {"sys_object_id": [BASE], "objects": {f"{BASE}.9.0": "^LR"}},
    "tables": {
        "modem": {"title": "Modem", "label": [f"{BASE}.2.1.2"]},
        "port": {"title": "Port", "label": [f"{BASE}.3.1.2"]},
    },
    "states": {
        "link": [{"code": 1, "meaning": "connected"}, {"code": 3, "meaning": "lost", "severity": "fault"}]
    },
    "bands": {"rsrp": {"excellent": -80, "good": -90, "fair": -100, "source": "the lab"}},
    "values": [
        {"name": "temperature_c", "title": "Temperature", "unit": "°C", "oid": [f"{BASE}.1.0"], "divide": 10},
        {"name": "voltage_v", "title": "Supply", "unit": "V", "oid": [f"{BASE}.4.0"]},
        {
            "name": "rsrp_dbm",
            "title": "RSRP",
            "unit": "dBm",
            "table": "modem",
            "oid": [f"{BASE}.2.1.3"],
            "none": [-9999],
            "bands": "rsrp",
        },
        {"name": "link_state", "title": "Link", "table": "modem", "oid": [f"{BASE}.2.1.4"], "states": "link"},
        {
            "name": "received_bit_per_s",
            "title": "Received",
            "unit": "bit/s",
            "table": "port",
            "oid": [f"{BASE}.3.1.3"],
            "counter": 32,
            "multiply": 8,
            "discontinuity": f"{BASE}.3.1.5",
            "line": "speed_bit_per_s",
        },
        {
            "name": "speed_bit_per_s",
            "title": "Speed",
            "unit": "bit/s",
            "table": "port",
            "oid": [f"{BASE}.3.1.4"],
        },
    ],
}
ANY: dict[str, Any] = {
    "format": 1,
    "id": "lab-any",
    "title": "Any device",
    "maker": "Any maker",
    "source": "this test",
}
DEVICE = [
    Recorded("1.3.6.1.2.1.1.1.0", OCTETS, b"Lab \x1b[31mrouter"),
    Recorded("1.3.6.1.2.1.1.2.0", IDENTIFIER, f"{BASE}.7"),
    Recorded("1.3.6.1.2.1.1.3.0", TICKS, 360_000),
    Recorded("1.3.6.1.2.1.1.5.0", OCTETS, b"mast-4"),
    Recorded(f"{BASE}.1.0", INTEGER, 415),
    Recorded(f"{BASE}.2.1.2.1", OCTETS, b"Modem A"),
    Recorded(f"{BASE}.2.1.2.2", OCTETS, b"Modem B"),
    Recorded(f"{BASE}.2.1.3.1", OCTETS, b"-85 dBm"),
    Recorded(f"{BASE}.2.1.3.2", INTEGER, -9999),
    Recorded(f"{BASE}.2.1.4.1", INTEGER, 1),
    Recorded(f"{BASE}.2.1.4.2", INTEGER, 3),
    Recorded(f"{BASE}.3.1.2.1", OCTETS, b"wan"),
    Recorded(f"{BASE}.3.1.3.1", COUNTER32, 1000),
    Recorded(f"{BASE}.3.1.4.1", INTEGER, 100_000_000),
    Recorded(f"{BASE}.3.1.5.1", TICKS, 0),
    Recorded(f"{BASE}.9.0", OCTETS, b"LR-7"),
]


@pytest.fixture
def _labs_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library holds the lab's templates alone."""
    known = {each["id"]: Template.model_validate(each) for each in (ANY, ROUTER)}
    for module in ("parameters", "identifying", "identity"):
        monkeypatch.setattr(f"probes.snmp.{module}.templates", lambda: known)


class FallingSilent(RecordedAgent):
    """Answers so many messages, and then none."""

    answers = 3

    def _answer(self, datagram: bytes) -> bytes | None:
        return super()._answer(datagram) if self.asked < self.answers else None


class Forgetful(RecordedAgent):
    """Loses every second message."""

    heard = 0

    def _answer(self, datagram: bytes) -> bytes | None:
        self.heard += 1
        return super()._answer(datagram) if self.heard % 2 == 0 else None


@contextmanager
def at_work(kind: type[RecordedAgent], objects: Sequence[Recorded] = DEVICE) -> Iterator[RecordedAgent]:
    """An agent of a kind."""
    agent = kind(objects)
    agent.start()
    try:
        yield agent
    finally:
        agent.stop()


def identified(
    agent: RecordedAgent,
    client: Callable[[], SnmpClient] = GufoClient,
    community: str = COMMUNITY,
    steps: list[Step] | None = None,
    timeout_s: float = 1.0,
    **more: object,
) -> Identification:
    """Ask an agent what it is."""
    given = {"community": "file:x", "port": agent.port, **more}
    parameters = SnmpParameters.model_validate(given)
    told = steps.append if steps is not None else lambda _step: None
    inquiry = Inquiry("127.0.0.1", parameters, timeout_s, lambda _reference: community, told)
    return asyncio.run(identify(inquiry, client()))


def value(found: Identification, name: str, row: str = "") -> FoundValue:
    """Return one value."""
    return next(each for each in found.values if (each.name, each.row) == (name, row))


@pytest.mark.usefixtures("_labs_templates")
def test_a_device_is_known_and_all_of_it_told(stack: Callable[[], SnmpClient]) -> None:
    """What it says of itself, what fits, each value with its row, and settings that a site takes."""
    steps: list[Step] = []
    with serving(DEVICE) as agent:
        found = identified(agent, stack, steps=steps)
    assert (found.outcome, found.reason, found.text) == (Outcome.REPLIED, Reason.NONE, "")
    assert (found.description, found.name) == ("Lab \\x1b[31mrouter", "mast-4")
    assert ([kind.id for kind in found.fits], [kind.id for kind in found.offered]) == (
        ["lab-router"],
        ["lab-any"],
    )
    assert found.chosen == found.fits[0]
    assert not found.chosen.proven
    assert value(found, "temperature_c").number == 41.5
    assert value(found, "voltage_v").lack == "no such object"
    assert (
        value(found, "rsrp_dbm", "modem/Modem A").number,
        value(found, "rsrp_dbm", "modem/Modem A").grade,
    ) == (
        -85.0,
        "good",
    )
    none = value(found, "rsrp_dbm", "modem/Modem B")
    assert (none.number, none.raw, none.lack) == (None, "-9999", "the device says that it has none")
    lost = value(found, "link_state", "modem/Modem B")
    assert (lost.number, lost.meaning, lost.severity) == (3.0, "lost", "fault")
    assert value(found, "received_bit_per_s", "port/wan").number == 0.0
    assert value(found, "uptime_s").number == 3600.0
    assert found.rows == ("modem/Modem A", "modem/Modem B", "port/wan")
    settings = {each.key: each.value for each in found.settings}
    assert settings == {"template": "lab-router", "rows": ("modem/Modem A", "modem/Modem B", "port/wan")}
    SnmpParameters.model_validate({"community": "file:x", **settings})
    assert [step.stage for step in steps] == [Stage.ASKING, *[Stage.READING] * 6, Stage.COUNTING]


@pytest.mark.usefixtures("_labs_templates")
@pytest.mark.parametrize(
    ("meanwhile", "rate"),
    [
        ([Recorded(f"{BASE}.3.1.3.1", COUNTER32, 5000)], 4000 * 8 / 2.0),
        ([Recorded(f"{BASE}.3.1.3.1", COUNTER32, 5000), Recorded(f"{BASE}.3.1.5.1", TICKS, 360_050)], None),
        ([Recorded(f"{BASE}.3.1.3.1", COUNTER32, 4_000_000_000)], None),
    ],
    ids=["it grows", "it began anew", "more than its line carries"],
)
def test_a_counter_is_looked_at_twice(meanwhile: Sequence[Recorded], rate: float | None) -> None:
    """It is told a second; where it means nothing there is no rate, and that is said."""
    with serving(DEVICE) as agent:

        def grow(step: Step) -> None:
            # Between the walk and the first look, and between the two looks.
            if step.stage is Stage.COUNTING:
                for each in meanwhile:
                    asyncio.get_running_loop().call_later(1.0, agent.changed, each)

        parameters = SnmpParameters(community="file:x", port=agent.port)
        inquiry = Inquiry("127.0.0.1", parameters, 1.0, lambda _reference: COMMUNITY, grow)
        found = asyncio.run(identify(inquiry, GufoClient()))
    told = value(found, "received_bit_per_s", "port/wan")
    assert told.number == (None if rate is None else pytest.approx(rate, rel=0.05))
    assert ("no rate" in told.lack) is (rate is None)


@pytest.mark.usefixtures("_labs_templates")
def test_silence_is_told_as_silence(stack: Callable[[], SnmpClient]) -> None:
    """A wrong community looks like nobody there, and nothing is known then."""
    with serving(DEVICE) as agent:
        found = identified(agent, stack, community="wrong", timeout_s=0.2)
    assert (found.outcome, found.reason) == (Outcome.NO_REPLY, Reason.DEADLINE)
    assert not found.broke_off
    assert (found.fits, found.chosen, found.values) == ((), None, ())


@pytest.mark.usefixtures("_labs_templates")
def test_an_agent_that_stops_midway_is_told_as_far_as_it_came(stack: Callable[[], SnmpClient]) -> None:
    """What it said is kept, and that it broke off is said."""
    with at_work(FallingSilent) as agent:
        found = identified(agent, stack, timeout_s=0.2)
    assert (found.outcome, found.broke_off) == (Outcome.NO_REPLY, True)
    assert found.chosen is not None
    assert found.name == "mast-4"
    assert value(found, "uptime_s").number == 3600.0


@pytest.mark.usefixtures("_labs_templates")
def test_a_lost_message_is_asked_again(stack: Callable[[], SnmpClient]) -> None:
    """Every second one is lost, and all of the device is read all the same."""
    with at_work(Forgetful) as agent:
        found = identified(agent, stack, timeout_s=0.2)
    assert found.outcome is Outcome.REPLIED
    assert len(found.rows) == 3


@pytest.mark.usefixtures("_labs_templates")
def test_a_device_that_no_template_fits() -> None:
    """Nothing is chosen, and what a person may choose is offered."""
    with serving([each for each in DEVICE if each.oid != f"{BASE}.9.0"]) as agent:
        found = identified(agent)
    assert found.outcome is Outcome.REPLIED
    assert (found.fits, found.chosen, found.settings) == ((), None, ())
    assert [kind.id for kind in found.offered] == ["lab-any"]
    assert found.offered[0].general


@pytest.mark.usefixtures("_labs_templates")
def test_a_template_and_rows_that_are_wished_for() -> None:
    """They are taken as they are; a row that is not there is missing, and other rows are not told."""
    with serving(DEVICE) as agent:
        found = identified(agent, template="lab-router", rows=("modem/Modem B", "modem/Modem C"))
    assert found.rows == ("modem/Modem B",)
    assert (found.missing, found.ambiguous) == (("modem/Modem C",), ())


@pytest.mark.usefixtures("_labs_templates")
def test_a_row_whose_name_several_have_is_not_taken_for_one_that_is_not_there() -> None:
    """Whether the template is wished for or found out; the words tell the two apart."""
    double = [Recorded(f"{BASE}.2.1.2.7", OCTETS, b"Modem B"), Recorded(f"{BASE}.2.1.3.7", INTEGER, -70)]
    with serving([*DEVICE, *double]) as agent:
        wished = identified(agent, template="lab-router", rows=("modem/Modem B", "modem/Modem C"))
        found_out = identified(agent).only(("modem/Modem B", "modem/Modem C"))
    for found in (wished, found_out):
        assert (found.missing, found.ambiguous) == (("modem/Modem C",), ("modem/Modem B",))
        assert wished.only(("modem/Modem B",)).ambiguous == ("modem/Modem B",)
        words = " ".join(remark_words(found))
        assert "Not there: modem/Modem C." in words
        assert "Several have this name, so none of them is told: modem/Modem B." in words


@pytest.mark.usefixtures("_labs_templates")
def test_a_table_of_which_the_device_has_no_row_is_named() -> None:
    """A modem that is gone leaves nothing behind but that; who wishes for rows is told of those alone."""
    without = [each for each in DEVICE if not each.oid.startswith(f"{BASE}.2.")]
    with serving(without) as agent:
        gone, wished = identified(agent), identified(agent, template="lab-router", rows=("port/wan",))
    assert (gone.empty, wished.empty, gone.only(("port/wan",)).empty) == (("Modem",), (), ())
    assert "The device has no row now of: Modem." in remark_words(gone)
    with serving(DEVICE) as agent:
        assert identified(agent).empty == ()


@pytest.mark.usefixtures("_labs_templates")
def test_rows_that_no_probe_can_tell_apart_are_left_out() -> None:
    """Two names become the same metrics: the second is not named, for the site would be refused."""
    doubled = [
        *DEVICE,
        Recorded(f"{BASE}.2.1.2.3", OCTETS, b"Modem-A"),
        Recorded(f"{BASE}.2.1.3.3", INTEGER, -70),
    ]
    with serving(doubled) as agent:
        found = identified(agent)
    assert found.left_out == ("modem/Modem-A",)
    assert value(found, "rsrp_dbm", "modem/Modem-A").number == -70.0


def test_a_secret_that_cannot_be_had_is_about_us() -> None:
    """Nobody is asked then."""

    def refuse(_reference: str) -> str:
        raise SecretError("secret-missing", "There is no secret file x.", "Write it.")

    inquiry = Inquiry("127.0.0.1", SnmpParameters(community="file:x"), 1.0, refuse, lambda _step: None)
    found = asyncio.run(identify(inquiry, GufoClient()))
    assert (found.outcome, found.reason) == (Outcome.NOT_RUN, Reason.NO_SECRET)
    assert "There is no secret file x." in found.text


@pytest.mark.usefixtures("_labs_templates")
def test_it_travels_as_json_whole() -> None:
    """The form's process writes it, and the form reads the same."""
    with serving(DEVICE) as agent:
        found = identified(agent)
    assert Identification.model_validate_json(found.model_dump_json()) == found


@pytest.mark.usefixtures("_labs_templates")
def test_a_row_beside_others_without_a_value_is_named() -> None:
    """The site has to name it: only a row that is alone can be told without a name."""
    silent = [each for each in DEVICE if not each.oid.startswith((f"{BASE}.2.1.3.2", f"{BASE}.2.1.4.2"))]
    with serving(silent) as agent:
        found = identified(agent)
    assert found.rows == ("modem/Modem A", "port/wan")
    assert {each.key: each.value for each in found.settings}["rows"] == ("modem/Modem A", "port/wan")


@pytest.mark.usefixtures("_labs_templates")
def test_the_only_row_of_a_table_is_named_where_it_has_a_name() -> None:
    """Not by its index: that is no name, and the next start of the device may give it another one."""
    one = [each for each in DEVICE if not each.oid.startswith(f"{BASE}.2.1.") or each.oid.endswith(".1")]
    nameless = [each for each in one if each.oid != f"{BASE}.3.1.2.1"]
    for objects, rows in ((one, ("modem/Modem A", "port/wan")), (nameless, ("modem/Modem A",))):
        with serving(objects) as agent:
            found = identified(agent)
        assert {each.key: each.value for each in found.settings}["rows"] == rows
        assert len(found.rows) == 2
        assert not found.left_out


@pytest.mark.usefixtures("_labs_templates")
def test_a_device_of_version_1_is_read_as_well(stack: Callable[[], SnmpClient]) -> None:
    """What it has not costs a message each, and nothing else is lost by it."""
    with serving(DEVICE) as agent:
        found = identified(agent, stack, version="1")
    assert found.outcome is Outcome.REPLIED
    assert [doubt.code for doubt in found.doubts] == ["snmp-version-1"]
    assert len(found.rows) == 3


@pytest.mark.usefixtures("_labs_templates")
def test_a_table_without_end_is_cut_and_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a table is shown as half a table."""
    monkeypatch.setattr("probes.snmp.survey.MOST_OF_A_COLUMN", 2)
    with serving(DEVICE) as agent:
        assert identified(agent).cut
    monkeypatch.setattr("probes.snmp.survey.MOST_OF_A_COLUMN", 3)
    with serving(DEVICE) as agent:
        assert not identified(agent).cut


@pytest.mark.lab
def test_a_real_agent_is_identified_by_version_3(stack: Callable[[], SnmpClient], tmp_path: Path) -> None:
    """Signed and encrypted, through a real Net-SNMP agent; a wrong password is told as such."""
    missing = snmpd.why_not()
    if missing is not None:
        pytest.skip(missing)
    given = {
        "version": "3",
        "user": "sealed-sha-aes",
        "auth_protocol": "SHA1",
        "auth": "file:auth",
        "privacy_protocol": "AES128",
        "privacy": "file:privacy",
    }
    secrets = {"file:auth": snmpd.AUTH_PASSWORD, "file:privacy": snmpd.PRIVACY_PASSWORD}

    def ask(port: int, secrets: dict[str, str]) -> Identification:
        parameters = SnmpParameters.model_validate({**given, "port": port})
        inquiry = Inquiry(snmpd.ADDRESS, parameters, 2.0, secrets.__getitem__, lambda _step: None)
        return asyncio.run(identify(inquiry, stack()))

    with snmpd.running_agent(tmp_path) as agent:
        found = ask(agent.port, secrets)
        refused = ask(agent.port, {**secrets, "file:auth": "another-password"})
    assert found.outcome is Outcome.REPLIED
    assert found.object_id.startswith("1.3.6.1.4.1.8072.3.2")
    assert found.chosen is not None
    assert found.values
    assert found.doubts == ()
    assert (refused.outcome, refused.reason) == (Outcome.REFUSED, Reason.AUTHENTICATION_FAILED)


FOLDER = RECORDINGS / "snmp"
DEVICES = sorted(file.stem for file in FOLDER.glob("*.snmprec")) or [""]


@pytest.mark.parametrize("device", DEVICES)
def test_a_recorded_device_is_read_over_udp_as_from_its_file(
    device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of every real device the same values come over the network, and a site takes the settings."""
    if not device:
        pytest.skip(f"there are no recordings in {FOLDER}; CONTROLROOM_DATA names the folder of recordings")
    monkeypatch.setattr("probes.snmp.survey.APART_S", 0.0)
    recording = read_recording(Path(FOLDER) / f"{device}.snmprec")
    objects = objects_of(recording)
    template = max(fitting(objects), key=lambda each: len(told_names(each, objects)))
    with serving(recording) as agent:
        found = identified(agent)
    assert found.chosen is not None
    assert found.fits[0] == found.chosen
    assert {each.kind.id for each in found.beside} == {each.id for each in fitting(objects)} - {template.id}
    assert (found.outcome, found.chosen.id) == (Outcome.REPLIED, template.id)
    expected = {
        (figure.name, figure.row): figure.number
        for figure in figures(template, objects_of(recording))
        if not (isinstance(figure.value, Value) and figure.value.counter)
    }
    told = {(each.name, each.row.partition("/")[2]): each.number for each in found.values}
    assert {key: told[key] for key in expected} == expected
    settings = {each.key: each.value for each in found.settings}
    parameters = SnmpParameters.model_validate({"community": "file:x", **settings})
    assert set(found.rows) - set(found.left_out) <= polled(recording, parameters)


def told_names(template: Template, objects: Objects) -> set[str]:
    """Return which values have a number."""
    told = (each.name for each in figures(template, objects) if each.number is not None)
    return {name for name in told if name != "uptime_s"}


@pytest.mark.skipif(not (FOLDER / "eatonupsm2_9px.snmprec").exists(), reason=f"not in {FOLDER}")
def test_of_two_templates_that_fit_the_one_that_tells_more_comes_first() -> None:
    """The maker's own tells one value of this device; whether it runs on its battery the other one tells."""
    recording = read_recording(FOLDER / "eatonupsm2_9px.snmprec")
    assert [each.id for each in fitting(objects_of(recording))] == ["eaton-ups", "ups-mib"]
    with serving(recording) as agent:
        found, wished = identified(agent), identified(agent, template="eaton-ups")
    assert found.chosen is not None
    assert (found.chosen.id, [each.id for each in found.fits]) == ("ups-mib", ["ups-mib", "eaton-ups"])
    assert "output_source_state" in {each.name for each in found.values}
    (beside,) = found.beside
    assert (beside.kind.id, len(beside.watches)) == ("eaton-ups", 1)
    words = f"Add a second probe for it: it would watch {beside.watches[0]}."
    assert [said for said in remark_words(found) if words in said]
    assert wished.chosen is not None
    assert (wished.chosen.id, [each.kind.id for each in wished.beside]) == ("eaton-ups", ["ups-mib"])


@pytest.mark.usefixtures("_labs_templates")
def test_a_template_of_which_the_device_has_no_row_would_watch_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It fits, and is said to tell nothing: its uptime alone is no watch."""
    neighbours = {
        "id": "lab-neighbours",
        "match": {"objects": {f"{BASE}.9.0": "^LR"}},
        "tables": {"peer": {"title": "Peer", "label": [f"{BASE}.5.1.2"]}},
        "values": [
            {"name": "peer_state", "title": "State", "table": "peer", "oid": [f"{BASE}.5.1.3"]},
            {"name": "uptime_s", "title": "Up for", "oid": ["1.3.6.1.2.1.1.3.0"]},
        ],
    }
    known = [Template.model_validate(each) for each in (ROUTER, ANY | neighbours)]
    for module in ("parameters", "identifying", "identity"):
        monkeypatch.setattr(f"probes.snmp.{module}.templates", lambda: {each.id: each for each in known})
    with serving(DEVICE) as agent:
        found = identified(agent)
    assert found.chosen is not None
    assert found.chosen.id == "lab-router"
    assert [(each.kind.id, each.watches) for each in found.beside] == [("lab-neighbours", ())]
    assert [said for said in remark_words(found) if "tells nothing here now but its uptime" in said]


def polled(recording: list[Recorded], parameters: SnmpParameters) -> set[str]:
    """Return the rows that a probe with such parameters finds at a device."""
    template = templates()[parameters.template]
    device = Device(template, rows_told(template, parameters.rows))
    objects = objects_of(recording)
    device.search.walked(objects)
    found = set()
    for name in template.tables:
        by_index = named_rows(template, name, objects)
        for row, index in device.search.indexes.items():
            if row.table == name:
                found.add(f"{name}/{by_index[index]}")
    return found
