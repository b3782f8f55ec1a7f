"""What the rest of the house is told about the ping probe."""

from __future__ import annotations

import time

import pytest
from pydantic import ValidationError

from controlroom.probe import ProberContext
from probes.icmp import ICMP, IcmpParameters, IcmpProber
from tests.probes.icmp.asking import never_resolve


def test_declaration_is_complete() -> None:
    """The name, the beat, what silence means, and the one metric."""
    assert (ICMP.name, ICMP.default_period_s, ICMP.default_timeout_s) == ("icmp", 1.0, 1.0)
    assert ICMP.reaches
    assert ICMP.addressed
    assert [metric.name for metric in ICMP.metrics(IcmpParameters())] == ["rtt_s"]
    context = ProberContext(lambda _reading: None, time.time, time.monotonic, never_resolve)
    assert isinstance(ICMP.create(context), IcmpProber)


def test_every_parameter_has_a_default_and_a_description() -> None:
    """Forms and help are made from them."""
    assert ICMP.parameters() == IcmpParameters(payload_bytes=56, ttl=64, dscp=0)
    assert all(each.description for each in ICMP.parameters.model_fields.values())


@pytest.mark.parametrize(
    "wrong",
    [
        {"payload_bytes": 15},
        {"payload_bytes": 8973},
        {"ttl": 0},
        {"ttl": 256},
        {"dscp": 64},
        {"size": 1},
        {"dscp": "GOLD"},
        {"dscp": "64"},
        {"source_address": "eth0"},
        {"ip_version": "ipv5"},
        {"burst_count": 0},
        {"burst_count": 21},
        {"interface": "a-name-of-too-many-letters"},
    ],
)
def test_parameters_are_bounded(wrong: dict[str, object]) -> None:
    """What cannot stand on the wire is refused when the site is read."""
    with pytest.raises(ValidationError):
        IcmpParameters.model_validate(wrong)


@pytest.mark.parametrize(
    ("given", "number"),
    [(0, 0), (46, 46), ("EF", 46), ("ef", 46), ("CS5", 40), ("AF41", 34), ("46", 46), ("LE", 1), ("VA", 44)],
)
def test_traffic_classes_go_by_name_or_number(given: int | str, number: int) -> None:
    """As people call them, as a form returns them, and as old site files have them."""
    assert IcmpParameters(dscp=given).dscp_number == number


def test_a_burst_yields_more_than_a_ping() -> None:
    """What several pings of one beat can tell: loss, jitter and spread within the beat."""
    names = [metric.name for metric in ICMP.metrics(IcmpParameters(burst_count=5))]
    assert names == ["rtt_s", "burst_loss_ratio", "burst_jitter_s", "burst_spread_s"]
