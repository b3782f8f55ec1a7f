"""The rules of an SNMP probe's parameters: what fits together and what does not."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from probes.snmp import SNMP, SnmpObject, SnmpParameters

COMMUNITY: dict[str, object] = {"community": "file:community"}
SIGNED: dict[str, object] = {
    "version": "3",
    "user": "watch",
    "auth_protocol": "SHA256",
    "auth": "keyring:snmp/a",
}
SEALED: dict[str, object] = {**SIGNED, "privacy_protocol": "AES128", "privacy": "keyring:snmp/p"}
SIGNAL: dict[str, object] = {"oid": ".1.3.6.1.4.1.1.1.0", "metric": "rsrp_dbm", "unit": "dBm"}


@pytest.mark.parametrize(
    "given",
    [
        COMMUNITY,
        {**COMMUNITY, "version": "1", "port": 1161},
        {"version": "3", "user": "watch"},
        SIGNED,
        SEALED,
        {**COMMUNITY, "objects": [SIGNAL, {**SIGNAL, "oid": "1.3.6.1.4.1.1.2.0", "metric": "rsrq_db"}]},
    ],
)
def test_what_fits_together(given: dict[str, object]) -> None:
    """Each version with what it needs is accepted."""
    assert SnmpParameters.model_validate(given).objects


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "community: version 2c needs one"),
        ({"version": "1"}, "community: version 1 needs one"),
        ({**COMMUNITY, "user": "watch"}, "user: belongs to version 3 only"),
        ({"version": "3"}, "user: version 3 needs one"),
        ({**SIGNED, **COMMUNITY}, "community: belongs to versions 1 and 2c only"),
        ({**SIGNED, "auth": None}, "auth: a signing protocol and its password come together"),
        ({"version": "3", "user": "w", "auth": "file:a"}, "auth: a signing protocol"),
        ({**SEALED, "privacy": None}, "privacy: an encryption protocol and its password"),
        (
            {**SEALED, "auth": None, "auth_protocol": "none"},
            "privacy_protocol: encryption needs signing as well",
        ),
        ({**COMMUNITY, "objects": [SIGNAL, SIGNAL]}, "objects: rsrp_dbm stands twice"),
        (
            {**COMMUNITY, "objects": [SIGNAL, {**SIGNAL, "oid": "1.3.6.1.4.1.1.1.0", "metric": "other_dbm"}]},
            "objects: 1.3.6.1.4.1.1.1.0 stands twice",
        ),
        ({**COMMUNITY, "version": "2"}, "version"),
        ({**COMMUNITY, "port": 0}, "port"),
        ({**COMMUNITY, "objects": []}, "objects"),
        ({"community": "public"}, "community"),
    ],
)
def test_what_does_not_fit_together(given: dict[str, object], told: str) -> None:
    """Each mistake is named with its parameter."""
    with pytest.raises(ValidationError) as raised:
        SnmpParameters.model_validate(given)
    assert told in str(raised.value)


def test_a_template_that_is_not_known_names_the_nearest_and_how_to_list_all() -> None:
    """One that is like none names none."""
    for name, told in (("ups-mob", "did you mean ups-mib?"), ("qqqqq", "there is no 'qqqqq'; ")):
        with pytest.raises(ValidationError) as raised:
            SnmpParameters.model_validate({**COMMUNITY, "template": name})
        assert told in str(raised.value)
        assert "controlroom snmp templates lists them all" in str(raised.value)


def test_more_than_a_probe_may_have_is_said_in_plain_words() -> None:
    """How many it may, and what to do; as many as it may are taken."""
    objects = [{"oid": f"1.3.6.1.{number}.0", "metric": f"m{number}_count"} for number in range(33)]
    rows = [f"interface/{number}" for number in range(65)]
    given: tuple[dict[str, object], ...] = ({"objects": objects}, {"template": "if-mib", "rows": rows})
    for more, told in zip(given, ("32 objects, and these are 33", "64 rows, and these are 65"), strict=True):
        with pytest.raises(ValidationError) as raised:
            SnmpParameters.model_validate({**COMMUNITY, **more})
        assert told in str(raised.value)
        assert "give the rest to a second one" in str(raised.value)
        assert "Tuple" not in str(raised.value)
    assert SnmpParameters.model_validate({**COMMUNITY, "objects": objects[:32]})


@pytest.mark.parametrize(
    "change",
    [
        {"oid": "sysUpTime.0"},
        {"oid": "1"},
        {"oid": "3.1.1"},
        {"oid": "1.40.1"},
        {"oid": "1.3.01"},
        {"oid": "1.3.4294967296"},
        {"oid": "1.3." + "1." * 80 + "0"},
        {"metric": "rsrp"},
        {"metric": "RSRP_dBm"},
        {"metric": "=cmd_x"},
        {"scale": 0},
        {"scale": float("nan")},
        {"title": "two\nlines"},
        {"set": 1},
    ],
)
def test_objects_that_are_none(change: dict[str, object]) -> None:
    """An identifier in words, a metric without unit, a scale of nothing: all refused."""
    with pytest.raises(ValidationError):
        SnmpObject.model_validate({**SIGNAL, **change})


def test_metrics_are_the_objects() -> None:
    """The site names what is measured; the agent's uptime stands where it names nothing."""
    (uptime,) = SNMP.metrics(SnmpParameters.model_validate(COMMUNITY))
    assert (uptime.name, uptime.unit) == ("uptime_s", "s")
    (signal,) = SNMP.metrics(SnmpParameters.model_validate({**COMMUNITY, "objects": [SIGNAL]}))
    assert (signal.name, signal.unit, signal.title) == ("rsrp_dbm", "dBm", "rsrp_dbm")
