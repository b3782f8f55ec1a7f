"""What differs between two sites, in plain values and as lines of text. It decides nothing. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from controlroom.site.model import Endpoint, Site

MOST_LINES: Final = 2000
"""More lines of difference than these are cut off: nobody reads them."""

_LONGEST_VALUE: Final = 80


@dataclass(frozen=True, slots=True)
class ChangedKey:
    """One key whose value differs, as short texts; empty where there is none."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangedEndpoint:
    """An endpoint that is in both sites and not the same."""

    id: str
    name: str
    keys: tuple[ChangedKey, ...]


@dataclass(frozen=True, slots=True)
class SiteDifference:
    """What came, what went, what changed. Endpoints are named by id and name.

    ``other`` names the top-level keys that differ, such as ``services``.
    """

    added: tuple[tuple[str, str], ...] = ()
    removed: tuple[tuple[str, str], ...] = ()
    changed: tuple[ChangedEndpoint, ...] = ()
    other: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether both sites say the same, however differently it is written."""
        return not (self.added or self.removed or self.changed or self.other)


def difference(before: Site, after: Site) -> SiteDifference:
    """Compare two sites."""
    old = {endpoint.id: endpoint for endpoint in before.endpoints}
    new = {endpoint.id: endpoint for endpoint in after.endpoints}
    return SiteDifference(
        added=tuple((key, one.name) for key, one in new.items() if key not in old),
        removed=tuple((key, one.name) for key, one in old.items() if key not in new),
        changed=tuple(
            ChangedEndpoint(key, one.name, _changed_keys(old[key], one))
            for key, one in new.items()
            if key in old and old[key] != one
        ),
        other=tuple(
            key
            for key in Site.model_fields
            if key != "endpoints" and getattr(before, key) != getattr(after, key)
        ),
    )


def unified(before: str, after: str, before_name: str, after_name: str) -> tuple[str, ...]:
    """Compare two texts line by line, as ``diff -u`` does; at most ``MOST_LINES`` lines."""
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), before_name, after_name, lineterm="", n=2
    )
    found: list[str] = []
    for line in lines:
        if len(found) == MOST_LINES:
            found.append("… and more")
            break
        found.append(line)
    return tuple(found)


def _changed_keys(before: Endpoint, after: Endpoint) -> tuple[ChangedKey, ...]:
    old, new = dict(_flat(before.model_dump(mode="json"))), dict(_flat(after.model_dump(mode="json")))
    paths = dict.fromkeys([*old, *new])
    return tuple(
        ChangedKey(path, old.get(path, ""), new.get(path, ""))
        for path in paths
        if old.get(path) != new.get(path)
    )


def _flat(table: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        path = f"{above}{key}"
        if key == "probes" and isinstance(value, Sequence):
            for probe in value:
                yield from _flat(probe, f"{path}[{probe.get('name', '')}].")
        elif isinstance(value, Mapping):
            # A probe's own keys stand beside the common ones in the file.
            yield from _flat(value, above if key == "parameters" else f"{path}.")
        else:
            yield path, _short(value)


def _short(value: object) -> str:
    text = value if isinstance(value, str) else "" if value is None else str(value)
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_VALUE else f"{line[: _LONGEST_VALUE - 1]}…"
