"""Which templates fit a device, by what it says of itself. It asks nobody.

Rules
1. A template fits where sysObjectID is one of its identifiers or below one, if it names any, is none of those
   that it excepts, and where every object that it names says what its pattern wants.
2. A template that names neither fits no device by itself; it is for a person to choose.
3. The most particular comes first: by the longest identifier that fits, then by how many objects do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from probes.snmp.objects import Objects
from probes.snmp.template import Template
from probes.snmp.template_library import templates
from probes.snmp.values import text_of

SYS_DESCR: Final = "1.3.6.1.2.1.1.1.0"
SYS_OBJECT_ID: Final = "1.3.6.1.2.1.1.2.0"
SYS_NAME: Final = "1.3.6.1.2.1.1.5.0"


def fitting(objects: Objects, among: Iterable[Template] | None = None) -> list[Template]:
    """Return the templates that fit, the most particular first."""
    known = templates().values() if among is None else among
    found = [(rank, each) for each in known if (rank := _rank(each, objects)) is not None]
    return [each for _, each in sorted(found, key=lambda pair: (pair[0], pair[1].id), reverse=True)]


def asked_for(among: Iterable[Template] | None = None) -> list[str]:
    """Return all objects that say which template fits: few, and asked in one go."""
    known = templates().values() if among is None else among
    own = {oid.removeprefix(".") for each in known for oid in each.match.objects}
    return [SYS_OBJECT_ID, SYS_DESCR, SYS_NAME, *sorted(own)]


def _rank(template: Template, objects: Objects) -> tuple[int, int] | None:
    match = template.match
    if not match.sys_object_id and not match.objects:
        return None
    device = str(objects.get(SYS_OBJECT_ID) or "").removeprefix(".")
    fits = _those_above(device, match.sys_object_id)
    if (match.sys_object_id and not fits) or _those_above(device, match.except_sys_object_id):
        return None
    for oid, pattern in match.objects.items():
        raw = objects.get(oid)
        text = (text_of(raw) if isinstance(raw, bytes) else str(raw)) if raw is not None else None
        if text is None or re.search(pattern, text) is None:
            return None
    return max(fits, default=0), len(match.objects)


def _those_above(device: str, identifiers: Iterable[str]) -> list[int]:
    """Return how long those identifiers are that a device's is, or is below."""
    return [len(oid) for oid in identifiers if f"{device}.".startswith(f"{oid.removeprefix('.')}.")]
