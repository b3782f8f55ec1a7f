"""Traffic classes by name and number, in every type of probe that has one."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from probes.icmp import IcmpParameters
from probes.registry import PROBE_TYPES
from probes.udp_echo.parameters import UdpEchoParameters

CLASSED = [each for each in PROBE_TYPES.values() if "dscp" in each.parameters.model_fields]


def test_the_types_that_have_one() -> None:
    """Those that send packets of their own."""
    assert {each.name for each in CLASSED} == {"icmp", "udp-echo"}


@pytest.mark.parametrize(
    ("given", "number"), [("EF", 46), ("ef", 46), ("46", 46), (46, 46), ("AF41", 34), (0, 0)]
)
def test_names_and_numbers_alike(given: int | str, number: int) -> None:
    """Whatever the type."""
    for each in CLASSED:
        parameters = each.parameters.model_validate({"dscp": given})
        assert isinstance(parameters, (IcmpParameters, UdpEchoParameters))
        assert parameters.dscp_number == number


@pytest.mark.parametrize("given", ["VOICE", 64, -1, "64", ""])
def test_what_is_no_class_is_refused(given: int | str) -> None:
    """Whatever the type."""
    for each in CLASSED:
        with pytest.raises(ValidationError):
            each.parameters.model_validate({"dscp": given})
