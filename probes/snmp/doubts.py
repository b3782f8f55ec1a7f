"""What is amiss with how a device is asked, although it answers. It asks no device.

1. The community ``public`` is what devices are delivered with, so everybody knows it.
2. Version 1 sends its community in clear, as 2c does, and counts in 32 bits only: a busy line counts round
   within minutes. A device that speaks nothing newer cannot be helped, so this is no trouble.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from controlroom.errors import SecretError
from controlroom.finding import Doubt
from controlroom.probe import ProbeParameters
from probes.snmp.client import Version
from probes.snmp.parameters import SnmpParameters

_WELL_KNOWN: Final = frozenset({"public", "private"})

COMMUNITY_KNOWN: Final = Doubt(
    "community-well-known",
    "The community is one that devices are delivered with: anybody who reaches the device can read it, and "
    "change it where it allows that.",
    "Set a community of your own on the device and in the secret, or use version 3.",
)
VERSION_1: Final = Doubt(
    "snmp-version-1",
    "SNMP version 1 is asked: its community travels in clear, and its counters have 32 bits only.",
    "Use version 3, or at least 2c, where the device speaks it.",
    grave=False,
)


def doubts_of(parameters: ProbeParameters, resolve_secret: Callable[[str], str]) -> tuple[Doubt, ...]:
    """Judge the parameters of a probe; a secret that cannot be had is judged elsewhere."""
    if not isinstance(parameters, SnmpParameters):
        raise TypeError("these are not the parameters of an SNMP probe")
    doubts = []
    if parameters.community is not None:
        try:
            community = resolve_secret(parameters.community)
        except SecretError:
            community = ""
        doubts += [COMMUNITY_KNOWN] if community.casefold() in _WELL_KNOWN else []
    return (*doubts, *([VERSION_1] if parameters.version is Version.V1 else []))
