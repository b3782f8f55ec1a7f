"""What must hang together in what endpoints stand behind. It reads no file.

1. Each name is an endpoint's, and not the endpoint's own; an entry names none twice, and none stands twice.
2. Nothing stands behind itself by way of others, whichever alternatives are taken: the ring is named.
"""

from __future__ import annotations

from collections.abc import Collection
from graphlib import CycleError, TopologicalSorter
from typing import Final

from controlroom.site.behind import alternatives
from controlroom.site.mistakes import MistakeList
from controlroom.site.place import Place

_MOST_RINGS: Final = 50
_MOST_NAMED: Final = 8
_LONGEST_NAME: Final = 63


def check_behind(mistakes: MistakeList, site: Place, endpoint_ids: Collection[str]) -> None:
    """Note every entry of ``behind`` that cannot hold."""
    needed: dict[str, set[str]] = {}
    places: dict[str, Place] = {}
    for endpoint in site.items("endpoints"):
        name = endpoint.at("id").text
        if name is None:
            continue
        places.setdefault(name, endpoint.at("behind"))
        known = _check_entries(mistakes, endpoint, name, endpoint_ids)
        needed.setdefault(name, set()).update(known)
    _check_rings(mistakes, needed, places)


def _check_entries(
    mistakes: MistakeList, endpoint: Place, own_name: str, endpoint_ids: Collection[str]
) -> set[str]:
    """Check each name of each entry (rule 1); return those that are right."""
    right: set[str] = set()
    entries: set[frozenset[str]] = set()
    for place, entry in endpoint.texts("behind"):
        names = alternatives(entry)
        for name in names:
            if name == own_name:
                happened = "names the endpoint itself, which cannot stand behind itself."
                mistakes.add("cycle", place.path, happened, "Take it out.")
            elif name and name not in endpoint_ids:
                happened = f'names the endpoint "{_shown(name)}", which there is not.'
                advice = "Configure this endpoint, or name another."
                mistakes.add("unknown-reference", place.path, happened, advice, word=name, known=endpoint_ids)
            elif name:
                right.add(name)
        if len(set(names)) < len(names) or frozenset(names) in entries:
            happened = "names the same a second time."
            mistakes.add("duplicate-reference", place.path, happened, "Take one out.")
        entries.add(frozenset(names))
    return right


def _check_rings(mistakes: MistakeList, needed: dict[str, set[str]], places: dict[str, Place]) -> None:
    """Note each ring once, at one of its members, and go on without that ring (rule 2)."""
    for _ in range(_MOST_RINGS):
        try:
            TopologicalSorter(needed).prepare()
        except CycleError as error:
            # The library names each behind the one that needs it, and the first again at the end.
            ring = [*reversed(error.args[1])][:-1]
            first = ring.index(min(ring))
            ring = [*ring[first:], *ring[:first]]
            named = " → ".join(
                map(_shown, [*ring[:_MOST_NAMED], *(["…"] if len(ring) > _MOST_NAMED else [])])
            )
            happened = f"leads back to the endpoint itself: {named} → {_shown(ring[0])}."
            advice = "One of these must not stand behind the next."
            mistakes.add("cycle", places[ring[0]].path, happened, advice)
            for name in ring:
                needed[name] = set()
        else:
            return


def _shown(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
