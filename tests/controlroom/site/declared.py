"""Small probe types declared for the tests of the site file: they are never started."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Self

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator

from controlroom.probe import Metric, ProbeParameters, Prober, ProberContext, ProbeType
from controlroom.site.load import load_site
from controlroom.site.mistakes import Mistake, SiteError
from controlroom.site.secret import SecretReference


class EchoParameters(ProbeParameters):
    """A reachability test with one number."""

    payload_bytes: int = Field(56, ge=16, le=1472, description="Bytes in each request.")


class Item(BaseModel):
    """One thing read from a device."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    scale: float = 1.0
    unit: str = Field("", description="The unit of the value.")


class DeviceParameters(ProbeParameters):
    """A device with a secret and a list of things to read."""

    secret: SecretReference | None = Field(None, description="Where the password is kept.")
    user: str = ""
    items: tuple[Item, ...] = ()

    @model_validator(mode="after")
    def _together(self) -> Self:
        if self.user and self.secret is None:
            raise ValueError("secret: a user needs one; these two come together")
        return self


def _echo_metrics(_parameters: ProbeParameters) -> tuple[Metric, ...]:
    return (Metric("rtt_s", "s", "Round trip"),)


def _device_metrics(parameters: ProbeParameters) -> tuple[Metric, ...]:
    assert isinstance(parameters, DeviceParameters)
    return tuple(Metric(item.metric, item.unit, item.metric) for item in parameters.items)


def _machine_metrics(_parameters: ProbeParameters) -> tuple[Metric, ...]:
    return (Metric("cpu_ratio", "1", "Processor"),)


def _never(_context: ProberContext) -> Prober:
    raise AssertionError("loading a site starts nothing")


TYPES: Final[Mapping[str, ProbeType]] = {
    "icmp": ProbeType(
        "icmp",
        "Ping",
        "Echo.",
        EchoParameters,
        _echo_metrics,
        _never,
        default_period_s=1,
        default_timeout_s=1,
    ),
    "device": ProbeType(
        "device",
        "Device",
        "Reads.",
        DeviceParameters,
        _device_metrics,
        _never,
        default_period_s=10,
        default_timeout_s=2,
    ),
    "host": ProbeType(
        "host",
        "Machine",
        "Itself.",
        ProbeParameters,
        _machine_metrics,
        _never,
        default_period_s=5,
        default_timeout_s=2,
        reaches=False,
        addressed=False,
    ),
}

ENDPOINT: Final = """
[[endpoints]]
id = "mast"
name = "Mast"
kind = "radio-gateway"
address = "192.0.2.1"
"""

ROOM: Final = f"""
name = "Room"
{ENDPOINT}
[[endpoints.probes]]
type = "icmp"
"""


def mistakes_of(text: str) -> list[Mistake]:
    """Load a text that must be refused, and return its mistakes."""
    with pytest.raises(SiteError) as caught:
        load_site(text, "room.toml", TYPES)
    return list(caught.value.mistakes)


def codes_of(text: str) -> list[str]:
    """Return the codes of the mistakes of a text that must be refused."""
    return [mistake.code for mistake in mistakes_of(text)]
