"""What is amiss with how a device is asked, although it answers. It asks no device.

1. The community ``public`` is what devices are delivered with, so everybody knows it.
2. Version 1 sends its community in clear, as 2c does, and counts in 32 bits only: a busy line counts round
   within minutes. A device that speaks nothing newer cannot be helped, so this is no trouble.
3. A probe that names no rows, by a template that has all its values in tables, watches what stands alone in
   its table, and otherwise nothing but the uptime: it is up for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from controlroom.errors import SecretError
from controlroom.finding import Doubt
from controlroom.probe import ProbeParameters
from probes.snmp.client import Version
from probes.snmp.parameters import UPTIME, SnmpParameters
from probes.snmp.template_library import templates

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


NO_ROWS: Final = Doubt(
    "snmp-no-rows",
    "No row is named, and the template tells nothing but rows: of a table with several rows none is watched.",
    "Name the rows that matter: Identify in the form, or controlroom snmp identify, lists them.",
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
    doubts += [VERSION_1] if parameters.version is Version.V1 else []
    return (*doubts, *([NO_ROWS] if _needs_rows(parameters) else []))


def _needs_rows(parameters: SnmpParameters) -> bool:
    """Whether a probe has neither a row that it names nor another value than rows have (rule 3)."""
    template = templates().get(parameters.template)
    if template is None or parameters.rows:
        return False
    own = [each for each in parameters.asked_objects if each != UPTIME]
    others = [each for each in template.values if not each.table and each.name != UPTIME.metric]
    return bool(template.tables) and not (own or others)
