"""Which probes of a site send their community in clear: those by SNMP version 1 or 2c. It asks no device."""

from __future__ import annotations

from controlroom.reading import ProbeKey
from controlroom.site.model import Site
from probes.snmp.client import Version
from probes.snmp.parameters import SnmpParameters


def asked_in_clear(site: Site) -> list[ProbeKey]:
    """Return them."""
    return [
        ProbeKey(endpoint.id, probe.name)
        for endpoint in site.endpoints
        for probe in endpoint.probes
        if isinstance(probe.parameters, SnmpParameters) and probe.parameters.version is not Version.V3
    ]
