"""The one list of probe types. A new type is its own file or folder, and one line here."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from controlroom.probe import ProbeType, ProbeTypes
from probes.dns import DNS
from probes.host import HOST
from probes.http import HTTP
from probes.icmp import ICMP
from probes.ntp import NTP
from probes.simulated import SIMULATED
from probes.sip import SIP
from probes.snmp import SNMP
from probes.tcp import TCP
from probes.udp_echo import UDP_ECHO

_TYPES: Final[tuple[ProbeType, ...]] = (ICMP, SNMP, TCP, HTTP, DNS, NTP, SIP, UDP_ECHO, HOST, SIMULATED)

PROBE_TYPES: Final[ProbeTypes] = MappingProxyType({probe_type.name: probe_type for probe_type in _TYPES})
"""Every probe type by its name, in the order in which forms offer them."""
