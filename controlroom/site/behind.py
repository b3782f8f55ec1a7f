"""What an endpoint stands behind: how an entry of ``behind`` is read. It knows no other endpoint.

Every entry is needed; an entry names one endpoint, or several with ``|`` between them, of which one that
works is enough: ``["core-router", "uplink-a | uplink-b"]``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from controlroom.site.model import Endpoint

OR: Final = "|"
"""Between those of which one is enough."""

Requirements = tuple[tuple[str, ...], ...]
"""Of each one endpoint must work: the entries of ``behind``, taken apart."""


def alternatives(entry: str) -> tuple[str, ...]:
    """Take an entry apart."""
    return tuple(name.strip() for name in entry.split(OR))


def requirements(endpoints: Iterable[Endpoint]) -> Mapping[str, Requirements]:
    """Return what each endpoint stands behind, of those that stand behind anything."""
    return {one.id: tuple(map(alternatives, one.behind)) for one in endpoints if one.behind}


def renamed(entry: str, before: str, now: str) -> str:
    """Write an entry with another name for an endpoint; as it was where it does not name it."""
    names = alternatives(entry)
    return f" {OR} ".join(now if name == before else name for name in names) if before in names else entry
