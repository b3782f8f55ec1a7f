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
    [{"payload_bytes": 15}, {"payload_bytes": 1473}, {"ttl": 0}, {"ttl": 256}, {"dscp": 64}, {"size": 1}],
)
def test_parameters_are_bounded(wrong: dict[str, int]) -> None:
    """What cannot stand on the wire is refused when the site is read."""
    with pytest.raises(ValidationError):
        IcmpParameters.model_validate(wrong)
