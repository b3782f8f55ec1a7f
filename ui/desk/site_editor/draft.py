"""What a form's fields add up to: plain tables for the site file, secrets apart, ids proposed. No widgets."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from controlroom.site.edit import endpoint_tables
from controlroom.site.form import FormField

Tables = dict[str, Any]

LONGEST_ID: Final = 63
COMMON_KEYS: Final = (
    "type",
    "name",
    "period_s",
    "timeout_s",
    "confirm_attempts",
    "return_attempts",
    "limits",
)


@dataclass(frozen=True, slots=True)
class ProbeDraft:
    """A probe as the form has it. ``secrets`` are typed and not yet kept, by key; never shown or logged."""

    tables: Tables
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """What the probe goes by: its name, else its type's."""
        return str(self.tables.get("name") or self.tables.get("type", ""))

    def parameters(self) -> Tables:
        """The type's own keys."""
        return {key: value for key, value in self.tables.items() if key not in COMMON_KEYS}


@dataclass(frozen=True, slots=True)
class EndpointDraft:
    """An endpoint as the form has it; ``in_place_of`` is the id it had, ``None`` for a new one."""

    tables: Tables
    probes: tuple[ProbeDraft, ...]
    in_place_of: str | None = None
    after: str | None = None

    def whole(self, references: Mapping[tuple[int, str], str]) -> Tables:
        """The endpoint's table with its probes, each typed secret replaced by its reference."""
        probes = []
        for place, probe in enumerate(self.probes):
            table = copy.deepcopy(probe.tables)
            for key in probe.secrets:
                table[key] = references[place, key]
            probes.append(table)
        return {**self.tables, "probes": probes}


def readable_tables(text: str) -> tuple[Tables, ...]:
    """Read a site file's endpoints; none where the text is no TOML, of which is complained elsewhere."""
    try:
        return endpoint_tables(text)
    except ValueError:
        return ()


def merged(before: Mapping[str, Any], fields: tuple[FormField, ...], values: Mapping[str, object]) -> Tables:
    """Put a form's values over a table: the keys' order stays, what is as by default is not added.

    A value of ``None`` means that the field is empty: its key goes.
    """
    known = {each.key: each for each in fields}
    found: Tables = {}
    for key, value in before.items():
        fresh = values.get(key) if key in known else value
        if fresh is not None:
            found[key] = fresh
    for key, each in known.items():
        value = values.get(key)
        if key not in found and value is not None and value != each.default:
            found[key] = value
    return found


def proposed_id(name: str, taken: Collection[str]) -> str:
    """Make an id of a name, that no other endpoint has: ``Mast Süd 3`` is ``mast-sud-3``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: LONGEST_ID - 4].strip("-") or "endpoint"
    number, found = 1, stem
    while found in taken:
        number += 1
        found = f"{stem}-{number}"
    return found


def duplicate_of(endpoint: Mapping[str, Any], taken: Collection[str]) -> Tables:
    """Copy an endpoint under a name and an id of its own."""
    copied = copy.deepcopy(dict(endpoint))
    copied["name"] = f"{endpoint.get('name', '')} (copy)"[:200]
    copied["id"] = proposed_id(str(copied["name"]), taken)
    return copied


def fresh_endpoint(probe_type: str) -> Tables:
    """Begin a new endpoint, with one probe."""
    return {"id": "", "name": "", "kind": "infrastructure", "address": "", "probes": [{"type": probe_type}]}
