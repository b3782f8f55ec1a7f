"""The options of ``controlroom probe`` as the probe types' own parameters. It checks none of them."""

from __future__ import annotations

import argparse

from controlroom.report.figures import unit_of
from ui.terminal.connection_arguments import CONNECTION_KEYS
from ui.terminal.icmp_arguments import ICMP_KEYS
from ui.terminal.service_arguments import OWN_KEYS
from ui.terminal.snmp_arguments import AUTO

_SAME_NAME = (
    "port",
    "community",
    "user",
    "auth_protocol",
    "auth",
    "privacy_protocol",
    "privacy",
)


def probe_parameters(chosen: argparse.Namespace) -> dict[str, object]:
    """Return the parameters that were given; what was not given is the probe type's default."""
    options = vars(chosen)
    given = {
        name: options[name]
        for name in dict.fromkeys((*_SAME_NAME, *ICMP_KEYS, *OWN_KEYS, *CONNECTION_KEYS))
        if options.get(name) is not None
    }
    if options.get("snmp_version"):
        given["version"] = options["snmp_version"]
    if options.get("template") != AUTO:
        # Of a template that is not known yet nothing can be said of its rows.
        given |= {name: options[name] for name in ("template", "rows") if options.get(name)}
    if options.get("objects"):
        given["objects"] = [
            {"oid": wanted.oid, "metric": wanted.metric, "unit": unit_of(wanted.metric)}
            for wanted in options["objects"]
        ]
    return given
