"""Ids that must be unique, and references that must lead somewhere. It knows no table."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from controlroom.site.mistakes import MistakeList
from controlroom.site.place import Place


def unique(mistakes: MistakeList, places: Iterable[Place], key: str, kind: str) -> frozenset[str]:
    """Note each id that stood before; return all of them."""
    seen: set[str] = set()
    for place in places:
        name = place.at(key).text
        if name is not None and name in seen:
            happened = f"stands a second time; it must be unique among every {kind}."
            mistakes.add("duplicate-id", place.at(key).path, happened, "Give each its own.")
        elif name is not None:
            seen.add(name)
    return frozenset(seen)


def check_references(
    mistakes: MistakeList, place: Place, key: str, known: Collection[str], kind: str
) -> None:
    """Note each name in a list that leads nowhere, or stood in it before."""
    seen: set[str] = set()
    for reference, name in place.texts(key):
        if name not in known:
            unknown_reference(mistakes, reference, name, known, kind)
        elif name in seen:
            duplicate_reference(mistakes, reference, name)
        seen.add(name)


def duplicate_reference(mistakes: MistakeList, place: Place, name: str) -> None:
    """Note a name that stands in its list a second time."""
    happened = f'names "{name[:63]}" a second time.'
    mistakes.add("duplicate-reference", place.path, happened, "Take one out.")


def unknown_reference(
    mistakes: MistakeList, reference: Place, name: str, known: Collection[str], kind: str
) -> None:
    """Note a name that leads nowhere, with the nearest that does not."""
    shown = name if len(name) <= 63 else f"{name[:63]}…"
    happened = f'names the {kind} "{shown}", which there is not.'
    advice = f"Configure this {kind}, or name another."
    mistakes.add("unknown-reference", reference.path, happened, advice, word=name, known=known)
