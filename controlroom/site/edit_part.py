"""One endpoint's part of a site file: written anew, or with only those keys changed that differ. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any, Final

import tomlkit
from tomlkit.items import AoT, InlineTable, Item

Document = MutableMapping[str, Any]

_PROBE_HEADER: Final = re.compile(r"^[ \t]*\[\[[ \t]*endpoints[ \t]*\.[ \t]*probes[ \t]*\]\]", re.MULTILINE)


def new_part(endpoint: Mapping[str, Any]) -> str:
    """Write an endpoint with its probes as tables under their own headers."""
    lines = ["[[endpoints]]", *_keys(endpoint, leave_out="probes")]
    for probe in endpoint.get("probes", []):
        lines += ["[[endpoints.probes]]", *_keys(probe)]
    return "\n".join(lines) + "\n"


def new_probe(probe: Mapping[str, Any]) -> str:
    """Write a probe as a table under its own header, to stand below its endpoint's."""
    return "\n".join(["[[endpoints.probes]]", *_keys(probe)]) + "\n"


def changed_part(part: str, endpoint: Mapping[str, Any]) -> str:
    """Change an endpoint's part so that it holds this endpoint; may raise ``ValueError`` where it cannot."""
    pieces = _pieces(part)
    head = _change(pieces[0], ("endpoints", 0), endpoint, leave_out="probes" if len(pieces) > 1 else "")
    if len(pieces) == 1:
        return head
    kept = [(_probe_name(piece), piece) for piece in pieces[1:]]
    written: list[str] = []
    for probe in endpoint.get("probes", []):
        name = str(probe.get("name", probe.get("type", "")))
        at = next((place for place, (known, _) in enumerate(kept) if known == name), None)
        if at is None:
            written.append(new_probe(probe))
        else:
            written.append(_change(kept.pop(at)[1], ("endpoints", "probes", 0), probe))
    # What ended the part (blank lines before the next) stays at its end, whichever probe is last now.
    tail = part[len(part.rstrip("\n")) + 1 :]
    body = "".join(f"{piece.rstrip(chr(10))}\n" for piece in (head, *written))
    return f"{body}{tail}"


def _pieces(part: str) -> list[str]:
    """Split an endpoint's part before each of its probes, each with the comment right above it."""
    lines = part.splitlines(keepends=True)
    starts = []
    offset = 0
    offsets = []
    for line in lines:
        offsets.append(offset)
        offset += len(line)
    for match in _PROBE_HEADER.finditer(part):
        at = offsets.index(match.start()) if match.start() in offsets else None
        if at is None:
            raise ValueError("a probe's header does not begin its line")
        while at > 0 and lines[at - 1].lstrip().startswith("#"):
            at -= 1
        starts.append(at)
    bounds = [0, *starts, len(lines)]
    return ["".join(lines[begin:end]) for begin, end in itertools.pairwise(bounds)]


def _probe_name(piece: str) -> str:
    probe = tomlkit.parse(piece).unwrap()["endpoints"]["probes"][0]
    return str(probe.get("name", probe.get("type", "")))


def _change(piece: str, path: Sequence[str | int], wanted: Mapping[str, Any], leave_out: str = "") -> str:
    document = tomlkit.parse(piece)
    table: Any = document
    for step in path:
        table = table[step]
    for key in [key for key in table if key not in wanted and key != leave_out]:
        del table[key]
    for key, value in wanted.items():
        if key != leave_out and (key not in table or _plain(table[key]) != value):
            _set(table, key, value)
    return tomlkit.dumps(document)


def _set(table: Document, key: str, value: object) -> None:
    old = table.get(key)
    if isinstance(old, AoT) and isinstance(value, list) and len(old) == len(value):
        for inner, fresh in zip(old, value, strict=True):
            _update(inner, fresh)
        return
    if isinstance(old, MutableMapping) and isinstance(value, Mapping):
        _update(old, value)
        return
    if isinstance(old, AoT):
        del table[key]
    table[key] = _item(value)


def _update(table: Document, wanted: Mapping[str, Any]) -> None:
    for key in [key for key in table if key not in wanted]:
        del table[key]
    for key, value in wanted.items():
        if key not in table or _plain(table[key]) != value:
            table[key] = _item(value)


def _plain(item: object) -> object:
    return item.unwrap() if isinstance(item, Item) else item


def _keys(table: Mapping[str, Any], leave_out: str = "") -> list[str]:
    return [f"{key} = {_item(value).as_string()}" for key, value in table.items() if key != leave_out]


def _may_be_multiline(value: str) -> bool:
    return "\n" in value and not value.startswith("\n") and "\r" not in value and '"""' not in value


def _item(value: object) -> Item:
    """Make an item of a plain value: lists of tables inline, a text of several lines on several lines.

    A text that begins with a line end stays on one line: TOML drops the first one after the quotes, and
    releases of the library differ in whether they write another to make up for it.
    """
    if isinstance(value, str) and _may_be_multiline(value):
        return tomlkit.string(value, multiline=True)
    if isinstance(value, list):
        array = tomlkit.array()
        for each in value:
            array.append(_item(each))
        return array.multiline(True) if any(isinstance(each, dict) for each in value) else array
    if isinstance(value, dict):
        inline: InlineTable = tomlkit.inline_table()
        for key, inner in value.items():
            inline.append(key, _item(inner))
        return inline
    return tomlkit.item(value)
